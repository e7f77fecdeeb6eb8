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
import { linearMemory, mail, start, verbs } from '../tests/support/memory.js';

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

row('', ...sizes.flatMap((size) => [`${size} MB`, 'time', 'memory']));
const tooMuch = [];
for (const verb of verbs(smime)) await measure(verb);
if (tooMuch.length > 0) throw new Error(`more than ${allowed} times the message: ${tooMuch.join(', ')}`);

async function measure({ name, run, prepare }) {
  const cells = [];
  let first;
  for (const size of sizes) {
    const message = await prepare({ message: mail(size * 1_000_000) }, await start(smime, files));
    const time = (await timed(run, message)) / size;
    first ??= time;
    const { peak, larger } = await weighed(run, message, prepare);
    if (peak > allowed * larger + granularity) tooMuch.push(`${name} of ${size} MB`);
    cells.push('', (time / first).toFixed(2), (peak / larger).toFixed(2));
  }
  row(name, ...cells);
}

async function timed(run, message) {
  const people = await start(smime, files);
  const begin = performance.now();
  await run({ message }, people);
  return performance.now() - begin;
}

async function weighed(run, message, prepare) {
  // A new module, whose memory has never been larger than it is when idle.
  const people = await start(smime, files);
  await run({ message: await prepare({ message: mail(1_000) }, people) }, people);
  const idle = linearMemory();
  const others = living() - message.buffer.byteLength;
  let peak = 0;
  const weigh = () => {
    peak = Math.max(peak, linearMemory() - idle + living() - others);
  };
  const result = await run({ message, onProgress: weigh }, people);
  weigh();
  return { peak, larger: Math.max(message.length, result.length) };
}

function row(name, ...cells) {
  console.log(name.padEnd(24) + cells.map((cell) => cell.padStart(8)).join(''));
}
