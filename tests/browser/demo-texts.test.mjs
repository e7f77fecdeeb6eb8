// Every text of the demo exists in both languages. The sentences for codes are the package's own, see
// tests/package/texts.test.mjs.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { settingGroups, settingKinds } from '../../www/app/setting-kinds.js';
import { catalogue } from '../../www/app/texts/index.js';

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

test('every text that the sources name exists, and every text is used', async () => {
  const folder = new URL('www/app/', root);
  const files = (await readdir(fileURLToPath(folder), { recursive: true })).filter(
    (name) => name.endsWith('.js') && !name.startsWith('texts/') && !name.startsWith('integration/'),
  );
  const sources = (await Promise.all(files.map((name) => read(`www/app/${name}`)))).join('\n');
  const rooms = new Set(Object.keys(catalogue).map((key) => key.split('.')[0]));
  const named = [...sources.matchAll(/'([a-z]+\.[a-z0-9.-]+)'/g)]
    .map(([, key]) => key)
    .filter((key) => rooms.has(key.split('.')[0]) && !/\.(js|css)$/.test(key));
  assert.deepEqual(named.filter((key) => !catalogue[key]), []);

  // Keys made at run time: `detail.${axis}` names every key that begins so.
  const prefixes = [...sources.matchAll(/`([a-z]+\.[a-z.-]*)\$\{/g)].map(([, prefix]) => prefix);
  const made = (key) => prefixes.some((prefix) => key.startsWith(prefix));
  const unused = Object.keys(catalogue).filter((key) => !named.includes(key) && !made(key));
  assert.deepEqual(unused, []);
});

test('every sample says what it shows', async () => {
  const samples = JSON.parse(await read('www/app/samples/index.json'));
  for (const { id } of samples) {
    assert.ok(catalogue[`sample.${id}`], id);
  }
});

test('every setting of the package is on the page, with words for all that it can be', async () => {
  const page = await read('docs/SETTINGS.md');
  const names = [...page.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, name, values]) => ({ name, values }));
  assert.deepEqual(Object.values(settingGroups).flat().sort(), names.map(({ name }) => name).sort());
  for (const { name, values } of names) {
    assert.ok(catalogue[`setting.${name}`] && catalogue[`setting.${name}.hint`], name);
    const words = [...values.matchAll(/`([a-z-]+)`/g)].map(([, word]) => word);
    if (settingKinds[name].kind !== 'choice') continue;
    assert.deepEqual([...settingKinds[name].values].sort(), words.sort(), name);
    for (const word of words) assert.ok(catalogue[`setting.${name}.${word}`], `${name}: ${word}`);
  }
});
