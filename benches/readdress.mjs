// What it costs to let somebody else open stored mail: `addRecipients` beside decrypting and encrypting
// again, over 1,000 messages of 1 MB, through the package in Node, on one thread. `cargo xtask bench` runs
// this; MESSAGES=100 takes fewer. Ratios are from one run, message by message in turn.

import * as smime from 'smime-wasm';

import { makeIdentities } from '../tests/support/identities.mjs';
import { mail } from '../tests/support/memory.js';

const count = Number(process.env.MESSAGES ?? 1_000);
/** With AES-CBC, what the second is at least of the first, by the owner's key. */
const promised = { 'RSA-2048': 2, 'P-256': 4.5 };
/**
 * Milliseconds for a megabyte beside the private operation. To check the tag of GCM, SubtleCrypto is given a copy and
 * makes a pass over it.
 */
const allowed = { 'aes-256-cbc': 3, 'aes-256-gcm': 4 };

const made = await makeIdentities();
const files = await made.all();
await made.remove();
const open = async (name) => {
  const { identities } = await smime.importP12({ data: files[`${name}.p12`], password: 'secret' });
  return identities[0];
};
const [alice, bob, carol] = [await open('alice'), await open('bob'), await open('carol')];

const missed = [];
console.log(`milliseconds, mean of ${count} messages of 1 MB`);
row('', 'add', 'again', 'ratio', 'key', 'per MB');
for (const cipher of ['aes-256-cbc', 'aes-256-gcm']) {
  for (const [kind, owner] of [['RSA-2048', alice], ['P-256', carol]]) await compare(cipher, kind, owner);
}
if (missed.length > 0) throw new Error(`less than promised: ${missed.join(', ')}`);

async function compare(cipher, kind, owner) {
  const recipients = [owner.certificate];
  const encrypt = (message, recipients) => smime.encrypt({ message, recipients, cipher, protectHeaders: 'off' });
  const message = await encrypt(mail(1_000_000), recipients);
  const tiny = await encrypt(mail(1_000), recipients);
  const identities = [owner];
  const added = [bob.certificate];
  const both = [owner.certificate, bob.certificate];
  const times = { add: 0, again: 0, key: 0 };
  const timed = async (name, work) => {
    const begin = performance.now();
    await work();
    times[name] += performance.now() - begin;
  };
  for (let done = -3; done < count; done += 1) {
    if (done === 0) Object.assign(times, { add: 0, again: 0, key: 0 });
    await timed('add', () => smime.addRecipients({ message, identities, recipients: added }));
    await timed('again', async () => {
      const opened = await smime.decrypt({ message, identities });
      await encrypt(opened.message, both);
    });
    // The same for a message of nothing: what the keys cost.
    await timed('key', () => smime.addRecipients({ message: tiny, identities, recipients: added }));
  }
  const [add, again, key] = [times.add, times.again, times.key].map((time) => time / count);
  row(`${kind}, ${cipher}`, add.toFixed(2), again.toFixed(2), (again / add).toFixed(2), key.toFixed(2), (add - key).toFixed(2));
  const name = `${kind}, ${cipher}`;
  if (add - key > allowed[cipher]) missed.push(`${name}: ${(add - key).toFixed(1)} ms for a megabyte`);
  // GCM is native, to decrypt and to encrypt again too: besides the private operation that is two fast passes
  // where adding makes one, to check the tag, and no ratio can be promised.
  if (cipher === 'aes-256-cbc' && again / add < promised[kind]) {
    missed.push(`${name}: ${(again / add).toFixed(2)} times as fast`);
  }
}

function row(name, ...cells) {
  console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(9)).join(''));
}
