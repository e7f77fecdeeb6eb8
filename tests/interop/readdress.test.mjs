// Peers open messages that got other recipients: what the package encrypted for somebody else, and what
// they encrypted themselves. tests/interop/readdress.rs asks OpenSSL in more forms.
//
// INTEROP_PEERS=openssl,gpgsm asks these alone.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import * as smime from 'smime-wasm';

import { Absent } from './matrix/execute.mjs';
import { asEntity, content, messageFrom, takeApart } from './matrix/mail.mjs';
import { makePki, other, password } from './matrix/pki.mjs';

const asked = process.env.INTEROP_PEERS?.split(',') ?? ['openssl', 'nss', 'gpgsm'];

const pki = await makePki();
after(() => pki.remove());

const open = async (kind) => {
  const data = await pki.read(`${kind}.p12`);
  return (await smime.importP12({ data, password })).identities[0];
};
/** Whose key the peers have, and whose they don't have. */
const [theirs, ours] = await Promise.all(['rsa', other].map(open));

// All of them before the first test, since what is made for the tests goes when the last one is done.
const peers = [];
for (const module of asked) {
  const { setUp, ...about } = await import(`./peers/${module}.mjs`);
  const folder = join(pki.folder, module);
  await mkdir(folder);
  peers.push({ ...about, ...(await setUp(pki, folder).catch((error) => ({ error }))) });
}
peers.forEach(ask);

function ask(peer) {
  const { error } = peer;
  if (error) {
    test(peer.name, { skip: error instanceof Absent && error.message }, () => Promise.reject(error));
    return;
  }
  after(() => peer.close?.());
  const reads = async (message) => assert.deepEqual(await peer.decrypt({ key: 'rsa' }, takeApart(message)), content);

  for (const cipher of ['AES-128-CBC', 'AES-256-CBC', 'AES-256-GCM']) {
    const cannot = ([verb, pattern]) => verb.split(' ').includes('decrypt') && pattern.test(cipher);
    const skip = peer.cannot.find(cannot)?.[2];
    test(`${peer.name} ${peer.version} is added to what we encrypted with ${cipher}`, { skip }, async () => {
      const message = await smime.encrypt({
        message: messageFrom(other),
        recipients: [ours.certificate],
        cipher: cipher.toLowerCase(),
        protectHeaders: 'off',
      });
      await assert.rejects(reads(Buffer.from(message)));
      const recipients = [theirs.certificate];
      const more = await smime.addRecipients({ message, identities: [ours], recipients });
      await reads(Buffer.from(more));
      const fewer = await smime.removeRecipients({
        message: more,
        identities: [theirs],
        recipients: [ours.certificate],
      });
      await reads(Buffer.from(fewer));
      const again = await smime.removeRecipients({ message: more, identities: [ours], recipients });
      assert.deepEqual(again, message);
    });
  }

  test(`${peer.name} ${peer.version} goes on opening what it encrypted when others are added`, async () => {
    const encrypted = await peer.encrypt({ key: 'rsa', cipher: 'AES-128-CBC' }, content);
    const message = asEntity({ ...encrypted, type: 'enveloped-data' });
    const recipients = [ours.certificate];
    const more = await smime.addRecipients({ message, identities: [theirs], recipients });
    await reads(Buffer.from(more));
    const opened = await smime.decrypt({ message: more, identities: [ours] });
    assert.deepEqual(Buffer.from(opened.message), content);
  });
}
