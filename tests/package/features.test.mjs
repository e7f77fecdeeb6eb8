// docs/FEATURES.md has every row of the list of features once, with methods that exist and tests that are
// named by the row.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
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

test('every test that a row names has a test of this name; those in the browser work on a page, one of them in Chromium', async () => {
  for (const { row, tests } of rows) {
    const inBrowser = [];
    for (const file of quoted(tests)) {
      const source = await read(file);
      if (!file.endsWith('.mjs')) continue;
      const named = testsIn(source).filter((one) => one.row === row);
      assert.ok(named.length > 0, `${file} has no test “${row}: …”`);
      if (file.startsWith('tests/browser/')) inBrowser.push(...named);
    }
    const isOnPage = ({ source }) => /\b(chromium\.page|browser\.newPage|browser\.ownPage)\(/.test(source);
    const isInChromium = ({ source }) => /\b(chromium\.page|browser\.newPage)\(/.test(source);
    for (const one of inBrowser) assert.ok(isOnPage(one), `${row} has a test without a page: ${one.source.slice(0, 100)}`);
    assert.ok(inBrowser.some(isInChromium), `${row} has no test in Chromium`);
  }
});

test('every test that is named by a row is found by its row', async () => {
  const names = (await readdir(new URL('tests/browser', root))).filter((name) => /^mailer\b.*\.test\.mjs$/.test(name));
  assert.ok(names.length > 15, 'the tests are no longer found');
  for (const name of names) {
    const file = `tests/browser/${name}`;
    const titles = testsIn(await read(file)).flatMap(({ row }) => row ?? []);
    for (const title of new Set(titles)) {
      const { tests } = rows.find(({ row }) => row === title) ?? assert.fail(`${file}: ${title} is no row`);
      assert.ok(quoted(tests).includes(file), `${title} does not name ${file}`);
    }
  }
});

/** Of a file: each with the row that it is named by, if any, up to where the next one begins. */
const testsIn = (source) =>
  source.split(/^ *test(?=\()/m).slice(1).map((source) => ({ row: source.match(/^\(\s*['"`]([A-Z]\d+): /)?.[1], source }));
