// What npm would publish, installed where nothing else is.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const pkg = fileURLToPath(new URL('../../pkg/', import.meta.url));

/**
 * Packs pkg/ and installs the file with npm, as an application does. The network is not needed: there are no
 * dependencies.
 *
 * @returns the folder of the application, that of the package in it, and what removes all of it
 */
export async function installTarball() {
  const home = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  await writeFile(join(home, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const [{ filename }] = listed(await run('npm', ['pack', pkg, '--pack-destination', home, '--json']));
  const options = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', join(home, filename), ...options], { cwd: home });
  return {
    home,
    installed: join(home, 'node_modules', 'smime-wasm'),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

/** What `npm pack` and `npm publish` tell as JSON: of one package or a list, by name in newer versions. */
export function listed({ stdout }) {
  const told = JSON.parse(stdout);
  return told.files ? [told] : Object.values(told);
}
