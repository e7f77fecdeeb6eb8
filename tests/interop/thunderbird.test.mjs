// Thunderbird's own test mails, in Node and in Chromium: what it calls good is verified here, what it
// calls bad is not. tests/conformance/thunderbird.rs does the same natively;
// tests/conformance/left.tsv lists what only a later version will agree with, and why.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { openPlaces } from './places.mjs';
import { left } from './tables.mjs';

const vectors = process.env.SMIME_VECTORS;
if (vectors) await compare(join(vectors, 'thunderbird'));
else test("Thunderbird's mails", { skip: 'SMIME_VECTORS is not set' });

async function compare(folder) {
  const { cases } = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8'));
  const known = await left();

  const { places, close } = await openPlaces(folder);
  after(close);
  for (const [place, run] of Object.entries(places)) {
    test(`verdicts in ${place} are Thunderbird's`, async () => {
      const found = await run('thunderbird.js', cases.map(({ file }) => file));
      for (const [i, expected] of cases.entries()) {
        const differs = difference(expected, found[i]);
        if (known.has(`thunderbird/${expected.file}`)) assert.ok(differs, `${expected.file} agrees: take it from the list`);
        else assert.equal(differs, undefined, expected.file);
      }
    });
  }
}

/** What keeps the finding from being what Thunderbird expects, if anything does. */
function difference(expected, found) {
  if (found.error) return found.error;
  if (found.encrypted !== expected.encrypted) return 'encrypted';
  if ((found.status !== 'unsigned') !== expected.signature_reported) return 'signature_reported';
  const good = expected.signature_good;
  if (good !== null && (found.status === 'verified') !== good) return 'signature_good';
  const { outer_signer: signer, must_contain: text } = expected;
  if (signer !== null && !found.signers.includes(signer)) return 'outer_signer';
  if (text !== null && !found.content.includes(text)) return 'must_contain';
  return undefined;
}
