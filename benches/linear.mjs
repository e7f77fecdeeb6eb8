// How time and memory grow with the message: 1, 10 and 100 MB through the package in Node, on one
// thread. `cargo xtask bench` runs this. Ratios only: machines differ and are busy.
//
// Time is that of a megabyte against a megabyte of the smallest message. Memory is the highest sum of
// what linear memory, which never shrinks, grew by over that of an idle module, and of all living
// buffers of JavaScript, the caller's message and the result among them; here against the larger of
// these two, of which it may be three times, and what the smallest mail takes beside it.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import * as smime from 'smime-wasm';

import { makeIdentities } from '../tests/support/identities.mjs';

const sizes = [1, 10, 100];
const allowed = 3;
/** What memory grows by at least: dlmalloc asks for a page, and rounds up. */
const granularity = 128 << 10;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
/** Bytes in living buffers; what one collection finds, only the next one gives back. */
const living = () => {
  gc();
  gc();
  return process.memoryUsage().arrayBuffers;
};

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
const tooMuch = [];
for (const form of ['detached', 'opaque']) {
  const sign = (options, { alice }) => smime.sign({ ...options, signers: [alice], form });
  await measure(`sign, ${form}`, sign);
  await measure(
    `verify, ${form}`,
    async (options, { trustAnchors }) => (await smime.verify({ ...options, trustAnchors })).content,
    sign,
  );
}
for (const cipher of ['aes-256-cbc', 'aes-256-gcm']) {
  const encrypt = (options, { alice }) =>
    smime.encrypt({ ...options, recipients: [alice.certificate], cipher });
  await measure(`encrypt, ${cipher}`, encrypt);
  await measure(
    `decrypt, ${cipher}`,
    async (options, { alice }) => (await smime.decrypt({ ...options, identities: [alice] })).message,
    encrypt,
  );
}
if (tooMuch.length > 0) throw new Error(`more than ${allowed} times the message: ${tooMuch.join(', ')}`);

async function measure(name, verb, prepare = ({ message }) => message) {
  const cells = [];
  let first;
  for (const size of sizes) {
    const message = await prepare({ message: mail(size * 1_000_000) }, await start());
    const time = (await timed(verb, message)) / size;
    first ??= time;
    const { peak, larger } = await weighed(verb, message, prepare);
    if (peak > allowed * larger + granularity) tooMuch.push(`${name} of ${size} MB`);
    cells.push('', (time / first).toFixed(2), (peak / larger).toFixed(2));
  }
  row(name, ...cells);
}

async function timed(verb, message) {
  const people = await start();
  const begin = performance.now();
  await verb({ message }, people);
  return performance.now() - begin;
}

async function weighed(verb, message, prepare) {
  // A new module, whose memory has never been larger than it is when idle.
  const people = await start();
  await verb({ message: await prepare({ message: mail(1_000) }, people) }, people);
  const idle = memory.buffer.byteLength;
  const others = living() - message.buffer.byteLength;
  let peak = 0;
  const weigh = () => {
    peak = Math.max(peak, memory.buffer.byteLength - idle + living() - others);
  };
  const result = await verb({ message, onProgress: weigh }, people);
  weigh();
  return { peak, larger: Math.max(message.length, result.length) };
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
