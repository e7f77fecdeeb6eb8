// The messages of tests/cases, opened in Node and in Chromium: each comes out as its file says.
// tests/security/cases.rs makes them and does the same natively.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { openPlaces } from './places.mjs';

const folder = fileURLToPath(new URL('../cases', import.meta.url));
const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.case')).sort();

const { places, close } = await openPlaces(folder);
after(close);
for (const [place, run] of Object.entries(places)) {
  test(`every message in ${place} comes out as its case says`, async () => {
    assert.ok(files.length > 50, 'the cases are no longer found');
    const found = await run('cases.js', files);
    const wrong = [];
    for (const [i, file] of files.entries()) {
      const [head] = (await readFile(join(folder, file), 'utf8')).split('\n\n');
      const broken = head.split('\n').filter((line) => !holds(line, found[i]));
      if (broken.length > 0) wrong.push({ file, broken, found: found[i] });
    }
    assert.deepEqual(wrong, []);
  });
}

function holds(line, { line: outcome, text, fetches, fields }) {
  const [, name, value] = /^(\w+): (.*)$/.exec(line);
  const checks = {
    comment: () => true,
    expect: () => outcome === value,
    shows: () => text.includes(value),
    hides: () => !text.includes(value),
    fetches: () => fetches.includes(value),
    field: () => fields.includes(value),
  };
  return checks[name]();
}
