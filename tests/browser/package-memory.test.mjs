// As tests/package/memory.test.mjs, for a mail of 25 MB on a page.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { makeIdentities } from '../support/identities.mjs';
import { launch } from './support/chromium.mjs';

/** Pieces that are worked on, and what rounding up to pages adds. */
const BESIDE = 1_000_000;

const identities = await makeIdentities();
const support = fileURLToPath(new URL('../support/', import.meta.url));
const chromium = await launch({
  folders: { '/files/': identities.folder + '/', '/support/': support },
});
after(async () => {
  await chromium.close();
  await identities.remove();
});

test('a mail of 25 MB is in linear memory once', () =>
  chromium.page(async (page) => {
    const found = await page.evaluate(async (size) => {
      const { growths } = await import('/support/memory.js');
      const smime = await import('/smime-wasm/index.js');
      const file = async (name) => (await fetch(`/files/${name}`)).blob();
      const files = {};
      for (const name of ['alice.p12', 'bob.pem', 'ca.pem']) files[name] = await file(name);
      return growths(smime, files, size);
    }, 25_000_000);
    assert.equal(found.length, 13);
    for (const { name, growth, larger } of found) {
      assert.ok(growth <= larger + BESIDE, `${name}: ${growth} of ${larger}`);
    }
  }));
