// Opening a mail, what the page shows of it, and what a list shows before it is opened.

import { openMessage } from 'smime-wasm';

/** Header fields end within this, or the mail is none that can be listed properly. */
const headerBytes = 256 * 1024;

/**
 * Opens a mail as far as the keys at hand allow.
 *
 * @param {object} options those of `openMessage`
 * @returns {Promise<Opened>}
 *
 * @typedef {object} Opened
 * @property {'verified' | 'unverified' | 'failed' | 'unsigned' | undefined} status `undefined`: not known,
 *   because the mail could not be opened
 * @property {'none' | 'protected' | 'unprotected' | 'weak' | 'locked'} encryption
 * @property {boolean} links whether links may be followed: they could carry off what was encrypted where
 *   somebody may have changed it
 * @property {Summary} summary the header fields to show, protected ones alone where there are any
 * @property {HeaderField[]} headers all of them, with what protects each
 * @property {boolean} isSmime whether there is anything to say of protection at all
 * @property {View} [view] what there is to read
 * @property {Signature[]} signatures those that made the status
 * @property {Problem[]} problems of whatever status and encryption come from
 * @property {OpenedLayer[]} layers those that were opened, the outermost first
 * @property {Answerable} answerable what `replyTo` and `forward` need
 * @property {SmimeError} [error]
 */
export async function openMail(options) {
  const opened = await openMessage(options);
  const { status, encryption, headers, view, signatures, layers, problems, error } = opened;
  const openedLayers = layers.filter((layer) => !layer.error);
  const ofLayers = (wanted) => openedLayers.filter(({ kind }) => kind === wanted).flatMap((layer) => layer.problems);
  const ofEncryption = ofLayers('encrypted');
  const isWeak = encryption !== 'locked' && ofEncryption.some(({ code }) => code === 'cipher/weak');
  // An inner signature that holds shows that nobody changed the content on its way.
  const isNews = ({ code }) => code !== 'cipher/no-integrity' || encryption === 'unprotected';
  return {
    status: status === 'unknown' ? undefined : status,
    encryption: isWeak ? 'weak' : encryption,
    links: encryption !== 'unprotected',
    summary: summaryOf(headers),
    headers,
    isSmime: layers.length > 0,
    view,
    signatures,
    problems: [
      ...ofEncryption.filter(isNews),
      ...signatures.flatMap((signature) => signature.problems),
      // What happened to a signed layer on its way.
      ...ofLayers('signed'),
      ...problems,
    ],
    layers: openedLayers,
    answerable: { headers, status, encryption, view },
    error,
  };
}

/**
 * What a list shows of a raw message, from its header alone.
 *
 * @param {Blob} message
 * @returns {Promise<Summary>}
 */
export async function readSummary(message) {
  const { headers } = await openMessage({ message: await headerOf(message) });
  return summaryOf(headers);
}

/**
 * @typedef {object} Summary
 * @property {Address[]} from
 * @property {Address[]} to
 * @property {Address[]} cc
 * @property {Address[]} bcc
 * @property {string} subject
 * @property {Date} [date]
 *
 * @param {HeaderField[]} headers
 * @returns {Summary}
 */
function summaryOf(headers) {
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
async function headerOf(message) {
  const LF = 10;
  const CR = 13;
  const bytes = new Uint8Array(await message.slice(0, headerBytes).arrayBuffer());
  for (let i = bytes.indexOf(LF); i >= 0; i = bytes.indexOf(LF, i + 1)) {
    const next = bytes[i + 1] === CR ? i + 2 : i + 1;
    if (bytes[next] === LF) return bytes.slice(0, next + 1);
  }
  return bytes;
}
