// What npm would publish, installed where nothing else is. tests/browser/bundlers.test.mjs runs it in a browser.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';

import { installTarball, listed, pkg } from '../support/tarball.mjs';

const run = promisify(execFile);

const { home, installed, remove } = await installTarball();
after(remove);

const inHome = (code) => run(process.execPath, ['--input-type=module', '--eval', code], { cwd: home });

/** What a user gets; beside it are only chunks, which the entries share. */
const DOCS = ['CODES', 'FEATURES', 'INTEGRATION', 'INTEROP', 'SETTINGS', 'SHARED', 'STATUS', 'SUPPORT', 'TRUST'];
const FILES = [
  'CHANGELOG.md', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'SECURITY.md', 'THIRD-PARTY-NOTICES',
  ...DOCS.map((name) => `docs/${name}.md`), 'docs/mailer.webp', 'docs/examples/invoices.mjs', 'docs/examples/relay.mjs',
  'index.d.ts', 'index.js', 'mailer.d.ts', 'mailer.js', 'mozilla-roots.json', 'node.js', 'package.json',
  'smime_wasm_bg.wasm', 'store.d.ts', 'store.js', 'texts.d.ts', 'texts.js', 'worker.js',
];

const isChunk = (name) => /^chunk-[A-Z0-9]{8}\.js$/.test(name);

test('what would be published is what is meant to be, and every chunk is needed', async () => {
  const [{ files }] = listed(await run('npm', ['publish', pkg, '--dry-run', '--offline', '--json']));
  const names = files.map(({ path }) => path).sort();
  assert.deepEqual(names.filter((name) => !isChunk(name)), [...FILES].sort());
  // The file that was installed is the same.
  const there = await readdir(installed, { recursive: true, withFileTypes: true });
  const paths = there.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  assert.deepEqual(paths.map((path) => relative(installed, path)).sort(), names);
  const imported = new Set();
  for (const name of names.filter((name) => name.endsWith('.js'))) {
    const code = await readFile(join(installed, name), 'utf8');
    for (const [, other] of code.matchAll(/from "\.\/([^"]+)"/g)) imported.add(other);
  }
  assert.deepEqual([...imported].sort(), names.filter(isChunk));
});

test('every link of its documents leads to a file of the package', async () => {
  const broken = [];
  for (const name of FILES.filter((name) => name.endsWith('.md'))) {
    const text = await readFile(join(installed, name), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      if (!FILES.includes(join(dirname(name), target))) broken.push(`${name}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('the export map names every entry, and the notices everything that is in it', async () => {
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const named = JSON.stringify(manifest.exports).match(/(?<=")\.\/[^"]+\.\w+(?=")/g);
  const entries = FILES.filter((name) => /^[^/]+\.(js|ts|wasm|json)$/.test(name) && name !== 'worker.js');
  assert.deepEqual([...new Set(named)].sort(), entries.map((name) => `./${name}`).sort());
  const notices = await readFile(join(installed, 'THIRD-PARTY-NOTICES'), 'utf8');
  for (const name of ['rsa', 'cms', 'wasm-bindgen', 'idb']) {
    assert.match(notices, new RegExp(`^${name} \\d`, 'm'));
  }
  assert.match(notices, /^mozilla-roots\.json, .*: MPL-2\.0$/m);
  assert.equal(manifest.dependencies, undefined);
});

// In 5.7 arrays of bytes became generic: what is written for both has to compile with both.
for (const [compiler, resolution, module] of [
  ['typescript', 'bundler', 'esnext'],
  ['typescript', 'nodenext', 'nodenext'],
  ['typescript-5.6', 'bundler', 'esnext'],
]) {
  test(`types hold: right calls compile and wrong ones don't (${compiler}, ${resolution})`, async () => {
    const names = ['types.test-d.ts', 'mailer.test-d.ts'];
    for (const name of names) await copyFile(new URL(name, import.meta.url), join(home, name));
    const tsc = fileURLToPath(new URL(`../../www/node_modules/${compiler}/bin/tsc`, import.meta.url));
    const strictness = ['--strict', '--exactOptionalPropertyTypes'];
    const flags = ['--noEmit', ...strictness, '--module', module, '--moduleResolution', resolution];
    const surroundings = ['--target', 'es2022', '--typeRoots', 'none'];
    await run(tsc, [...flags, ...surroundings, ...names], { cwd: home }).catch(({ stdout }) => assert.fail(stdout));
  });
}

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
