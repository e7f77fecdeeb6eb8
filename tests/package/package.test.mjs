// The package in Node, where it works in place.

import assert from 'node:assert/strict';
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

test('content that was altered ends the call, and not the process, while its tag is checked beside', async () => {
  const { identities: [alice] } = await smime.importP12({ data: files['alice.p12'], password: 'secret' });
  const line = `${'x'.repeat(62)}\r\n`;
  const content = new TextEncoder().encode(`Content-Type: text/plain\r\n\r\n${line.repeat(80_000)}`);
  const recipients = [alice.certificate];
  const encrypted = await smime.encrypt({ message: content, recipients, cipher: 'aes-256-gcm', protectHeaders: 'off' });
  const message = encrypted.slice();
  const at = message.indexOf('A'.charCodeAt(0), message.length >> 1);
  message[at] = 'B'.charCodeAt(0);
  const [added] = await smime.parseCertificates({ data: files['bob.der'] });
  // The test runner takes a rejection that nobody waits for as a failure.
  for (let i = 0; i < 3; i += 1) {
    const call = smime.addRecipients({ message, identities: [alice], recipients: [added] });
    await assert.rejects(call, { code: 'decrypt/failed' });
  }
});
