// What a list shows of a mail: who, what and when.

import { summarize } from 'smime-wasm';

/** Header fields end within this, or the mail is none that can be listed properly. */
const headerBytes = 256 * 1024;

/**
 * What anybody can read of a raw message, from its header alone.
 *
 * @param {Blob} message
 * @returns {Promise<import('smime-wasm').Summary>}
 */
export async function readSummary(message) {
  return summarize({ headers: await headerOf(message) });
}

/**
 * The same of a mail that was opened, with what was hidden.
 *
 * @param {HeaderField[]} headers
 * @returns {import('smime-wasm').Summary}
 */
export function summaryOf(headers) {
  const fields = (wanted) => {
    const named = headers.filter(({ name }) => name.toLowerCase() === wanted);
    // What was added outside does not stand beside what the author has protected.
    const inner = named.filter((field) => field.inner !== undefined);
    return inner.length ? inner : named;
  };
  const text = (wanted) => fields(wanted).map(({ value }) => value).join(', ');
  // The values of these must not be parsed: an encoded name may read like further addresses.
  const people = (wanted) => fields(wanted).flatMap(({ addresses }) => addresses ?? []);
  const date = new Date(text('date'));
  return {
    from: people('from'),
    to: people('to'),
    cc: people('cc'),
    bcc: people('bcc'),
    subject: text('subject'),
    date: Number.isNaN(date.getTime()) ? undefined : date,
  };
}

/** The bytes up to the first empty line. */
export async function headerOf(message) {
  const LF = 10;
  const CR = 13;
  const bytes = new Uint8Array(await message.slice(0, headerBytes).arrayBuffer());
  for (let i = bytes.indexOf(LF); i >= 0; i = bytes.indexOf(LF, i + 1)) {
    const next = bytes[i + 1] === CR ? i + 2 : i + 1;
    if (bytes[next] === LF) return bytes.slice(0, next + 1);
  }
  return bytes;
}

/** Names, or addresses where there are none. A name that looks like an address is no name. */
export function namesOf(people) {
  return people.map(({ name, address }) => (name && !name.includes('@') ? name : address)).join(', ');
}
