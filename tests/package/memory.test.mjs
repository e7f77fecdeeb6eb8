// Large mails take as much linear memory as the larger of message and result, and no more: there is one
// copy of a message in it, and results leave it while they are made.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as smime from 'smime-wasm';

import { makeIdentities } from '../support/identities.mjs';
import { growths } from '../support/memory.js';

/** Pieces that are worked on, and what rounding up to pages adds. */
const BESIDE = 1_000_000;

const identities = await makeIdentities();
const files = await identities.all();
await identities.remove();

for (const size of [10_000_000, 20_000_000]) {
  test(`a mail of ${size / 1_000_000} MB is in linear memory once`, async () => {
    for (const { name, growth, larger } of await growths(smime, files, size)) {
      assert.ok(growth <= larger + BESIDE, `${name}: ${growth} of ${larger}`);
    }
  });
}
