// What npm would publish, installed where nothing else is.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';

const run = promisify(execFile);
const pkg = fileURLToPath(new URL('../../pkg/', import.meta.url));

let home;
let installed;

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'smime-wasm-'));
  installed = join(home, 'node_modules', 'smime-wasm');
  await mkdir(installed, { recursive: true });
  const { stdout } = await run('npm', ['pack', pkg, '--pack-destination', home, '--json']);
  const [{ filename }] = Object.values(JSON.parse(stdout));
  await run('tar', ['-xzf', join(home, filename), '-C', installed, '--strip-components=1']);
});

after(() => rm(home, { recursive: true, force: true }));

const inHome = (code) => run(process.execPath, ['--input-type=module', '--eval', code], { cwd: home });

test('every file of the export map is in it, and the documents a user looks for', async () => {
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const named = JSON.stringify(manifest.exports).match(/(?<=")\.\/[^"]+\.\w+(?=")/g);
  const files = new Set(await readdir(installed));
  for (const path of named) {
    assert.ok(files.has(path.slice(2)), path);
  }
  const documents = ['README.md', 'CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'THIRD-PARTY-NOTICES'];
  for (const name of ['worker.js', ...documents]) {
    assert.ok(files.has(name), name);
  }
  const notices = await readFile(join(installed, 'THIRD-PARTY-NOTICES'), 'utf8');
  for (const name of ['rsa', 'cms', 'wasm-bindgen', 'idb']) {
    assert.match(notices, new RegExp(`^${name} \\d`, 'm'));
  }
  assert.match(notices, /^mozilla-roots\.json, .*: MPL-2\.0$/m);
  assert.equal(manifest.dependencies, undefined);
});

test('types come first in every condition', async () => {
  const { exports } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  for (const [name, conditions] of Object.entries(exports)) {
    if (typeof conditions === 'object') assert.equal(Object.keys(conditions)[0], 'types', name);
  }
});

test('Node imports it by its name and runs the module', async () => {
  const { stdout } = await inHome(`
    const { inspect } = await import('smime-wasm');
    const message = new TextEncoder().encode('From: a@example.com\\r\\n\\r\\nHello\\r\\n');
    console.log(JSON.stringify(await inspect({ message })));
  `);
  assert.equal(typeof JSON.parse(stdout), 'object');
});

test('the texts need nothing of the rest', async () => {
  const { stdout } = await inHome(`
    const { explain } = await import('smime-wasm/texts');
    console.log(explain({ code: 'p12/wrong-password', details: {} }, 'de'));
  `);
  assert.match(stdout, /^Das Kennwort passt nicht zur Datei\./);
  const code = await readFile(join(installed, 'texts.js'), 'utf8');
  assert.doesNotMatch(code, /^import\b|\bimport\(/m);
});

test('the module has an address of its own, for hosts that load it themselves', async () => {
  const { stdout } = await inHome("console.log(import.meta.resolve('smime-wasm/smime_wasm_bg.wasm'))");
  const bytes = await readFile(fileURLToPath(stdout.trim()));
  assert.ok(WebAssembly.validate(bytes));
});

test("Mozilla's roots come along, and are loaded where they are", async () => {
  const { stdout } = await inHome(`
    const { mozillaRoots } = await import('smime-wasm');
    console.log((await mozillaRoots()).anchors.length);
  `);
  const path = fileURLToPath((await inHome("console.log(import.meta.resolve('smime-wasm/mozilla-roots.json'))")).stdout.trim());
  assert.equal(Number(stdout), JSON.parse(await readFile(path, 'utf8')).roots.length);
});

test('a bundler finds every import, and the worker and module keep their place beside the code', async () => {
  const page = join(home, 'page.js');
  await writeFile(page, "export { sign } from 'smime-wasm';\nexport { openStore } from 'smime-wasm/store';\n");
  const { outputFiles, metafile } = await build({
    entryPoints: [page],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    outdir: home,
  });
  const [{ text }] = outputFiles;
  assert.match(text, /new URL\("\.\/worker\.js", import\.meta\.url\)/);
  assert.match(text, /new URL\("\.\/smime_wasm_bg\.wasm", import\.meta\.url\)/);
  assert.match(text, /new URL\("\.\/mozilla-roots\.json", import\.meta\.url\)/);
  const bundled = Object.keys(metafile.inputs).filter((name) => !name.endsWith('page.js'));
  assert.ok(bundled.every((name) => name.includes('node_modules/smime-wasm/')), bundled.join());
});
