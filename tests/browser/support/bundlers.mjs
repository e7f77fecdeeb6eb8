// The application of tests/browser/bundlers, built as docs/INTEGRATION.md says, with the installed package.

import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { build as esbuild } from 'esbuild';

const source = fileURLToPath(new URL('../bundlers/', import.meta.url));
const tools = fileURLToPath(new URL('../../../target/bundlers/', import.meta.url));

/** Each builds `<home>/src` into a folder, which is served as it is. */
export const bundlers = {
  async vite(home, outDir) {
    const { build } = await tool('vite');
    await build({ root: join(home, 'src'), base: './', logLevel: 'warn', configFile: false, build: { outDir, emptyOutDir: true } });
  },

  async webpack(home, path) {
    const { default: webpack } = await tool('webpack');
    const entry = join(home, 'src', 'main.js');
    const compiler = webpack({ mode: 'production', context: home, entry, output: { path }, performance: { hints: false } });
    const stats = await promisify(compiler.run.bind(compiler))();
    await promisify(compiler.close.bind(compiler))();
    if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
    await cp(join(home, 'src', 'index.html'), join(path, 'index.html'));
  },

  /** It leaves `new URL(…, import.meta.url)` as it is: the worker is one more entry, the rest is copied. */
  async esbuild(home, outdir) {
    const installed = join(home, 'node_modules', 'smime-wasm');
    await esbuild({
      entryPoints: [join(home, 'src', 'main.js'), join(home, 'src', 'sw.js'), join(installed, 'worker.js')],
      entryNames: '[name]',
      bundle: true,
      splitting: true,
      format: 'esm',
      minify: true,
      outdir,
    });
    for (const name of ['smime_wasm_bg.wasm', 'mozilla-roots.json']) {
      await cp(join(installed, name), join(outdir, name));
    }
    await cp(join(home, 'src', 'index.html'), join(outdir, 'index.html'));
  },

  /** None: the package lies beside the application, and an import map says where. */
  async bare(home, outdir) {
    await cp(join(home, 'node_modules', 'smime-wasm'), join(outdir, 'smime-wasm'), { recursive: true });
    await cp(join(home, 'src', 'main.js'), join(outdir, 'main.js'));
    await cp(join(home, 'src', 'bare.html'), join(outdir, 'index.html'));
    // Import maps are not for service workers.
    const script = await readFile(join(home, 'src', 'sw.js'), 'utf8');
    await writeFile(join(outdir, 'sw.js'), script.replace("'smime-wasm'", "'./smime-wasm/index.js'"));
  },
};

/** The application's sources, beside the package that it has installed. */
export async function copySources(home) {
  await cp(source, join(home, 'src'), { recursive: true, filter: (path) => !/package|npmrc/.test(path.slice(source.length)) });
}

/**
 * Installs what `tests/browser/bundlers/package-lock.json` names, once, into target/bundlers. It is not among
 * the tools of www/: with what makes the package that is published, no 40 others shall run that don't make it.
 * All of it takes 12 s and 73 MB the first time, and nothing from then on, which is little enough for every
 * `cargo xtask test`. The builds take 1 s (Vite 8) and 7 s (webpack 5).
 */
export async function installBundlers() {
  const lock = 'package-lock.json';
  const read = (folder) => readFile(join(folder, lock), 'utf8').catch(() => undefined);
  const stamp = join(tools, 'node_modules', '.installed');
  if ((await readFile(stamp, 'utf8').catch(() => undefined)) === (await read(source))) return;
  await mkdir(tools, { recursive: true });
  for (const name of ['package.json', lock, '.npmrc']) await cp(join(source, name), join(tools, name));
  await promisify(execFile)('npm', ['ci'], { cwd: tools });
  await writeFile(stamp, await read(source));
}

/** An installed tool, by the name that it is imported by. */
const tool = (name) => import(pathToFileURL(createRequire(join(tools, 'package.json')).resolve(name)));
