// Whole mails through the package in Node, on one thread. `cargo xtask bench` runs this.
//
// Machines differ and are busy, so each figure stands beside a ratio: to what SubtleCrypto needs, in the
// same run, to hash as many bytes with SHA-256.

import * as smime from 'smime-wasm';

import { makeIdentities } from '../tests/support/identities.mjs';
import { mail } from '../tests/support/memory.js';

const MIB = 1 << 20;
const runs = 5;

const made = await makeIdentities();
const files = await made.all();
await made.remove();

const { identities } = await smime.importP12({ data: files['alice.p12'], password: 'secret' });
const [alice] = identities;
const trustAnchors = await smime.parseCertificates({ data: files['ca.pem'] });

console.log(`milliseconds, median of ${runs}`);
row('', '1 MiB', 'ratio', '25 MiB', 'ratio');
const [small, large] = [mail(MIB), mail(25 * MIB)];
await compare('sign', (message) => smime.sign({ message, signers: [alice] }));
await compare(
  'verify',
  (message) => smime.verify({ message, trustAnchors }),
  (message) => smime.sign({ message, signers: [alice] }),
);
for (const cipher of ['aes-256-cbc', 'aes-256-gcm']) {
  const encrypt = (message) => smime.encrypt({ message, recipients: [alice.certificate], cipher });
  await compare(`encrypt, ${cipher}`, encrypt);
  await compare(
    `decrypt, ${cipher}`,
    (message) => smime.decrypt({ message, identities: [alice] }),
    encrypt,
  );
}
for (const cipher of ['aes-256-cbc', 'aes-256-gcm']) await compareOpening(cipher);

/**
 * What the walk through the layers of a signed and encrypted mail costs; the ratio is to `decrypt` and `verify`,
 * which it is made of. At most 1.3 is promised.
 */
async function compareOpening(cipher) {
  const cells = [];
  for (const message of [small, large]) {
    const signed = await smime.sign({ message, signers: [alice] });
    const encrypted = await smime.encrypt({ message: signed, recipients: [alice.certificate], cipher });
    const [opened, apart] = await medians(
      [
        (message) => smime.openMessage({ message, identities: [alice], trustAnchors }),
        async (message) => {
          const decrypted = await smime.decrypt({ message, identities: [alice] });
          await smime.verify({ message: decrypted.message, trustAnchors, from: 'alice@example.com' });
        },
      ],
      encrypted,
    );
    cells.push(opened.toFixed(1), (opened / apart).toFixed(2));
  }
  row(`openMessage, ${cipher}`, ...cells);
}

async function compare(name, verb, prepare = (message) => message) {
  const cells = [];
  for (const message of [small, large]) {
    const time = await median(verb, await prepare(message));
    const hash = await median((bytes) => crypto.subtle.digest('SHA-256', bytes), message);
    cells.push(time.toFixed(1), (time / hash).toFixed(1));
  }
  row(name, ...cells);
}

async function median(verb, message) {
  const [time] = await medians([verb], message);
  return time;
}

/** In turns, so that what else the machine does hits all of them. */
async function medians(verbs, message) {
  const times = verbs.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, verb] of verbs.entries()) {
      const start = performance.now();
      await verb(message);
      times[i].push(performance.now() - start);
    }
  }
  return times.map((all) => all.sort((a, b) => a - b)[Math.floor(runs / 2)]);
}

function row(name, ...cells) {
  console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(10)).join(''));
}
