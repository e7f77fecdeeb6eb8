// Bundles the JavaScript. `cargo xtask` calls this after it has made the WebAssembly:
//
//   node www/build.mjs link            lets imports find the package and the tools
//   node www/build.mjs package         www/package -> pkg
//   node www/build.mjs demo <folder>   www/app     -> folder, with the package beside it

import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const www = dirname(fileURLToPath(import.meta.url));
const root = dirname(www);
const pkg = join(root, 'pkg');

const shared = {
  bundle: true,
  format: 'esm',
  // What every browser of the last three years runs.
  target: ['es2022', 'chrome111', 'firefox111', 'safari16.4', 'node20'],
  logLevel: 'warning',
  charset: 'utf8',
};

/** What the demo does not copy: what is bundled, and what only made the samples. */
const unserved = /\.(js|sh)$|\/\.[^/]*$|\/app\/(components|integration|texts)$/;

const [what, folder] = process.argv.slice(2);
if (what === 'link') {
  await linkPackage();
} else if (what === 'package') {
  await bundlePackage();
} else if (what === 'demo' && folder) {
  await bundleDemo(folder);
} else {
  throw new Error('usage: node www/build.mjs link | package | demo <folder>');
}

/** Lets `import 'smime-wasm'` and the tools of www/ be found from everywhere in the checkout. */
async function linkPackage() {
  await link(pkg, join(www, 'node_modules', 'smime-wasm'));
  await link(join(www, 'node_modules'), join(root, 'node_modules'));
}

async function link(target, path) {
  await rm(path, { force: true });
  await symlink(relative(dirname(path), target), path, 'junction');
}

/**
 * One file per entry of the export map, the worker, and chunks for what they have in common, so that
 * there is one `SmimeError` and one worker whichever entries a page imports. All files lie side by
 * side: esbuild leaves `new URL('./worker.js', import.meta.url)` as it is, for the bundler of whoever
 * uses the package.
 */
async function bundlePackage() {
  const source = join(www, 'package');
  const entries = new Set(['./worker.js']);
  for (const targets of Object.values(await exportMap())) {
    for (const target of [targets].flatMap((t) => (typeof t === 'string' ? t : Object.values(t)))) {
      if (target.endsWith('.js')) entries.add(target);
    }
  }
  await build({
    ...shared,
    entryPoints: [...entries].map((entry) => join(source, entry)),
    outdir: pkg,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    external: ['node:*'],
  });
  for (const name of await readdir(source)) {
    if (/\.(d\.ts|wasm|json)$/.test(name)) {
      await cp(join(source, name), join(pkg, name));
    }
  }
  await printSizes();
}

async function exportMap() {
  return JSON.parse(await readFile(join(pkg, 'package.json'), 'utf8')).exports;
}

async function printSizes() {
  const row = (...cells) => console.log(cells.map((cell, i) => (i ? cell.padStart(11) : cell.padEnd(24))).join(''));
  row('pkg/', 'raw', 'gzip', 'brotli');
  for (const name of (await readdir(pkg)).sort()) {
    if (!['.js', '.wasm'].includes(extname(name)) && name !== 'mozilla-roots.json') continue;
    const bytes = await readFile(join(pkg, name));
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    row(name, ...[bytes, gzipSync(bytes, { level: 9 }), brotli].map((b) => b.length.toLocaleString('en')));
  }
}

/**
 * Bundles main.js, keeper.js (a worker) and sw.js; everything else of www/app is copied. The package is
 * not bundled in but served as it is in `smime-wasm/`, where its worker and module find each other.
 */
async function bundleDemo(outdir) {
  const source = join(www, 'app');
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  await cp(source, outdir, { recursive: true, filter: (path) => !unserved.test(path) });
  const isServed = (path) => !/\.d\.ts$|\.md$/.test(path) && path !== join(pkg, 'docs');
  await cp(pkg, join(outdir, 'smime-wasm'), { recursive: true, filter: isServed });
  await build({
    ...shared,
    entryPoints: ['main.js', 'keeper.js'].map((entry) => join(source, entry)),
    outdir,
    minify: true,
    legalComments: 'none',
    plugins: [
      { name: 'smime-wasm', setup: servePackage },
      { name: 'source', setup: showSource },
    ],
  });
  const files = await filesIn(outdir);
  const version = createHash('sha256');
  for (const file of files) version.update(file).update(await readFile(join(outdir, file)));
  await build({
    ...shared,
    entryPoints: [join(source, 'sw.js')],
    outdir,
    define: { VERSION: JSON.stringify(version.digest('hex').slice(0, 12)), FILES: JSON.stringify(files) },
  });
}

/** The files in a folder and those below, with slashes between. */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** `import text from './x.js?source'` gives a file as it stands: the demo shows code that it runs. */
function showSource({ onResolve, onLoad }) {
  onResolve({ filter: /\?source$/ }, ({ path, resolveDir }) => ({
    path: join(resolveDir, path.replace('?source', '')),
    namespace: 'source',
  }));
  onLoad({ filter: /.*/, namespace: 'source' }, async ({ path }) => ({
    contents: await readFile(path, 'utf8'),
    loader: 'text',
  }));
}

/** Rewrites the public names of the package to the addresses its export map gives them. */
async function servePackage({ onResolve }) {
  const exports = await exportMap();
  onResolve({ filter: /^smime-wasm(\/|$)/ }, ({ path }) => {
    const entry = exports[path.replace('smime-wasm', '.')];
    if (!entry) return { errors: [{ text: `the package does not export ${path}` }] };
    return { path: `./smime-wasm/${(entry.default ?? entry).slice(2)}`, external: true };
  });
}
