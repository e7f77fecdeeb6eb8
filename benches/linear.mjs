// How time and memory grow with the message: 1, 10 and 100 MB through the package in Node, on one
// thread. `cargo xtask bench` runs this. Ratios only: machines differ and are busy.
//
// Time is that of a megabyte against a megabyte of the smallest message. Memory is what the linear
// memory grew by over that of an idle module, which never shrinks, plus the caller's message and the
// result, against the larger of these two; it may be three times that.

import * as smime from 'smime-wasm';

import { makeIdentities } from '../tests/support/identities.mjs';

const sizes = [1, 10, 100];
const allowed = 3;

const made = await makeIdentities();
const files = await made.all();
await made.remove();

const { instantiate } = WebAssembly;
let memory;
WebAssembly.instantiate = async (...given) => {
  const instantiated = await instantiate(...given);
  memory = (instantiated.instance ?? instantiated).exports.memory;
  return instantiated;
};

row('', ...sizes.flatMap((size) => [`${size} MB`, 'time', 'memory']));
let worst = 0;
await measure('sign', (message, { alice }) => smime.sign({ message, signers: [alice], form: 'detached' }));
await measure('sign, opaque', (message, { alice }) =>
  smime.sign({ message, signers: [alice], form: 'opaque' }),
);
for (const form of ['detached', 'opaque']) {
  await measure(
    `verify, ${form}`,
    async (message, { trustAnchors }) => (await smime.verify({ message, trustAnchors })).content,
    (message, { alice }) => smime.sign({ message, signers: [alice], form }),
  );
}
for (const cipher of ['aes-256-cbc', 'aes-256-gcm']) {
  const encrypt = (message, { alice }) =>
    smime.encrypt({ message, recipients: [alice.certificate], cipher });
  await measure(`encrypt, ${cipher}`, encrypt);
  await measure(
    `decrypt, ${cipher}`,
    async (message, { alice }) => (await smime.decrypt({ message, identities: [alice] })).message,
    encrypt,
  );
}
if (worst > allowed) throw new Error(`${worst.toFixed(2)} times the message is more than ${allowed}`);

async function measure(name, verb, prepare = (message) => message) {
  const cells = [];
  let first;
  for (const size of sizes) {
    const message = await prepare(mail(size * 1_000_000), await start());
    // A new module, whose memory has never been larger than it is when idle.
    const people = await start();
    await verb(await prepare(mail(1_000), people), people);
    const idle = memory.buffer.byteLength;
    const begin = performance.now();
    const result = await verb(message, people);
    const time = (performance.now() - begin) / size;
    const live = memory.buffer.byteLength - idle + message.length + result.length;
    const ratio = live / Math.max(message.length, result.length);
    first ??= time;
    worst = Math.max(worst, ratio);
    cells.push('', (time / first).toFixed(2), ratio.toFixed(2));
  }
  row(name, ...cells);
}

/** A new module, and who is in it. */
async function start() {
  await smime.terminate();
  const { identities } = await smime.importP12({ data: files['alice.p12'], password: 'secret' });
  const trustAnchors = await smime.parseCertificates({ data: files['ca.pem'] });
  return { alice: identities[0], trustAnchors };
}

function row(name, ...cells) {
  console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(8)).join(''));
}

/** A mail with an attachment, of about `size` bytes. */
function mail(size) {
  const line = `${'U01JTUUg'.repeat(9)}AAAA\r\n`;
  return new TextEncoder().encode(
    [
      'From: Alice <alice@example.com>',
      'To: Alice <alice@example.com>',
      'Subject: Minutes',
      'MIME-Version: 1.0',
      'Content-Type: application/octet-stream; name=minutes.bin',
      'Content-Transfer-Encoding: base64',
      '',
      line.repeat(Math.ceil(size / line.length)),
    ].join('\r\n'),
  );
}
