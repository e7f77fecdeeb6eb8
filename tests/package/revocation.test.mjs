// Revocation in Node, with an authority whose servers are real.

import { after, test } from 'node:test';

import * as smime from 'smime-wasm';

import { makeAuthority, serveAuthority } from '../support/authority.mjs';
import { revocation } from './revocation.js';

const authority = await makeAuthority();
const server = await serveAuthority(authority);
after(async () => {
  await server.close();
  await authority.remove();
});

const files = await authority.all();
const relay = server.origin;

for (const [name, run] of Object.entries(revocation)) {
  test(name, async () => {
    await fetch(`${relay}/requests`);
    await run({ smime, files, relay, options: {} });
    await smime.terminate();
  });
}
