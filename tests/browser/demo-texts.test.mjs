// Every text of the demo exists in both languages, and every code of the core has a sentence.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { catalogue } from '../../www/app/texts.js';

const root = new URL('../../', import.meta.url);
const read = (path) => readFile(new URL(path, root), 'utf8');

test('every text is there in German and English and takes the same values', () => {
  const values = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [key, texts] of Object.entries(catalogue)) {
    assert.deepEqual(Object.keys(texts), ['de', 'en'], key);
    assert.ok(texts.de.trim() && texts.en.trim(), key);
    assert.deepEqual(values(texts.de), values(texts.en), key);
  }
});

test('every code of an error or a problem has a sentence', async () => {
  const source = await read('src/error.rs');
  const codes = (pattern) => [...source.matchAll(pattern)].map(([, code]) => code);
  const problems = codes(/^ {4}\w+ => "([a-z0-9/-]+)",$/gm);
  const errors = codes(/^ +(?:Error|Limit)::\w+(?: \{[^}]*\})? => "([a-z0-9/-]+)",$/gm);
  assert.ok(problems.length > 30 && errors.length > 30, 'the codes are no longer found in src/error.rs');
  const missing = [
    ...problems.map((code) => `problem.${code}`),
    ...errors.map((code) => `error.${code}`),
  ].filter((key) => !catalogue[key]);
  assert.deepEqual(missing, []);
});

test('every text that the sources name exists, and every text is used', async () => {
  const folder = new URL('www/app/', root);
  const files = (await readdir(fileURLToPath(folder), { recursive: true })).filter(
    (name) => name.endsWith('.js') && name !== 'texts.js',
  );
  const sources = (await Promise.all(files.map((name) => read(`www/app/${name}`)))).join('\n');
  const rooms = new Set(Object.keys(catalogue).map((key) => key.split('.')[0]));
  const named = [...sources.matchAll(/'([a-z]+\.[a-z0-9.-]+)'/g)]
    .map(([, key]) => key)
    .filter((key) => rooms.has(key.split('.')[0]) && !/\.(js|css)$/.test(key));
  assert.deepEqual(named.filter((key) => !catalogue[key]), []);

  // Keys made at run time: `detail.${axis}` names every key that begins so.
  const prefixes = [...sources.matchAll(/`([a-z]+\.[a-z.-]*)\$\{/g)].map(([, prefix]) => prefix);
  const made = (key) => prefixes.some((prefix) => key.startsWith(prefix)) || /^(error|problem)\./.test(key);
  const unused = Object.keys(catalogue).filter((key) => !named.includes(key) && !made(key));
  assert.deepEqual(unused, []);
});

test('every sample says what it shows', async () => {
  const samples = JSON.parse(await read('www/app/samples/index.json'));
  for (const { id } of samples) {
    assert.ok(catalogue[`sample.${id}`], id);
  }
});
