// The cases of tests/conformance/cases.tsv, in Node and in Chromium. tests/conformance/cases.rs does the
// same natively; tests/conformance/left.tsv lists the cases that come out otherwise, and why.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { openPlaces } from './places.mjs';
import { left, rows } from './tables.mjs';

const list = (column) => column.split('; ').filter((entry) => entry);

const vectors = process.env.SMIME_VECTORS;
if (vectors) await compare();
else test('the cases of other projects', { skip: 'SMIME_VECTORS is not set' });

async function compare() {
  const cases = (await rows('cases.tsv')).map(([id, verb, given, expected]) => ({
    id,
    file: id.split('#')[0],
    verb,
    arguments: Object.fromEntries(list(given).map((entry) => /^(.*?)=(.*)$/.exec(entry).slice(1))),
    expected: list(expected),
  }));
  const known = await left();
  const { places, close } = await openPlaces(vectors);
  after(close);
  for (const [place, run] of Object.entries(places)) {
    test(`outcomes in ${place} are what the origin says`, async () => {
      const found = await run('conformance.js', cases);
      const wrong = [];
      for (const [i, one] of cases.entries()) {
        const differs = await difference(one.expected, found[i]);
        if (known.has(one.id) && !differs) wrong.push(`${one.id} agrees: take it from left.tsv`);
        if (!known.has(one.id) && differs) wrong.push(`${one.id}: ${differs}`);
      }
      assert.deepEqual(wrong, []);
    });
  }
}

/** What keeps the outcome from being the expected one, if anything does. */
async function difference(expected, found) {
  if (found.error?.startsWith('internal/') || found.error?.includes('/') === false) return found.error;
  for (const condition of expected) {
    const [, name, operator, text] = /^(\w+)(=|!=|~)(.*)$/.exec(condition);
    const value = text.startsWith('@')
      ? await readFile(join(vectors, text.slice(1)))
      : Buffer.from(text.replaceAll('\\r', '\r').replaceAll('\\n', '\n'));
    const got = name === 'sha256' ? sha256(bytes(found.content)) : bytes(found[name]);
    const is = text === 'any' ? got !== undefined : got?.equals(value) === true;
    const holds = { '=': is, '!=': !is, '~': got?.includes(value) === true }[operator];
    if (!holds) return `not ${condition}, but ${JSON.stringify(found).slice(0, 300)}`;
  }
  return undefined;
}

const sha256 = (content) => content && Buffer.from(createHash('sha256').update(content).digest('hex'));

function bytes(value) {
  if (value === undefined) return undefined;
  return value.base64 === undefined ? Buffer.from(value) : Buffer.from(value.base64, 'base64');
}
