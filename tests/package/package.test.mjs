// The package in Node, where it works in place.

import { after, test } from 'node:test';

import * as smime from 'smime-wasm';

import { makeIdentities } from '../support/identities.mjs';
import { anchors } from './anchors.js';
import { attacks } from './attacks.js';
import { behaviour } from './behaviour.js';
import { external } from './external.js';
import { headers } from './headers.js';
import { mail } from './mail.js';
import { opening } from './opening.js';

const identities = await makeIdentities();
after(() => identities.remove());

const files = await identities.all();

const all = { ...anchors, ...attacks, ...behaviour, ...external, ...headers, ...mail, ...opening };
for (const [name, run] of Object.entries(all)) {
  test(name, () => run({ smime, files, options: {} }));
}
