// docs/FEATURES.md has every row of the list of features once, with methods that exist and tests that are
// named by the row.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const read = (path) => readFile(new URL(path, root), 'utf8');

const numbered = (letter, last) => Array.from({ length: last }, (_, at) => `${letter}${at + 1}`);

/** Keys, sending, reading, running it in a company. */
const features = [...numbered('K', 12), ...numbered('S', 13), ...numbered('R', 11), ...numbered('C', 3)];

const rows = [...(await read('docs/FEATURES.md')).matchAll(/^\| ([A-Z]\d+) \| (.*) \| (.*) \| (.*) \|$/gm)].map(
  ([, row, what, api, tests]) => ({ row, what, api, tests }),
);
const quoted = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text);

test('every feature has one row, in the order of the list', () => {
  assert.deepEqual(rows.map(({ row }) => row), features);
});

test('what a row names of the interface exists', async () => {
  const types = (await Promise.all(['mailer', 'index', 'texts'].map((name) => read(`www/package/${name}.d.ts`)))).join('\n');
  for (const { row, api } of rows) {
    const names = quoted(api);
    assert.ok(names.length > 0, `${row} names nothing`);
    for (const name of names.filter((name) => !name.startsWith('smime-wasm'))) {
      const isCode = /^'?[a-z-]+(\/[a-z-]+)?'$|\//.test(name);
      const declared = isCode ? `'${name.replaceAll("'", '')}'` : new RegExp(`\\b${name.split('.').pop()}\\??[(<:]`);
      assert.ok(isCode ? types.includes(declared) : declared.test(types), `${row}: ${name}`);
    }
  }
});

test('every test that a row names has a test of this name', async () => {
  for (const { row, tests } of rows) {
    const files = quoted(tests);
    assert.ok(files.some((file) => file.startsWith('tests/browser/')), `${row} has no test in a browser`);
    for (const file of files) {
      const source = await read(file);
      if (file.endsWith('.mjs')) assert.match(source, new RegExp(`test\\(\\s*['"\`]${row}: `), `${file} has no test “${row}: …”`);
    }
  }
});

test('every test that is named by a row is found by its row', async () => {
  const names = ['store', 'keys', 'certificates', 'binding', 'sending', 'reading', 'backup', 'readdress', 'external', 'promises'];
  for (const name of names) {
    const file = `tests/browser/mailer-${name}.test.mjs`;
    const titles = [...(await read(file)).matchAll(/test\(\s*['"`]([A-Z]\d+): /g)].map(([, row]) => row);
    for (const title of new Set(titles)) {
      const { tests } = rows.find(({ row }) => row === title) ?? assert.fail(`${file}: ${title} is no row`);
      assert.ok(quoted(tests).includes(file), `${title} does not name ${file}`);
    }
  }
});
