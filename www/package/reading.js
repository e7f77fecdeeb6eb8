/** What the mailer gives of mail: from the module's plain data, and from what a mail list knows. */
import { aborted, SmimeError, wrongOption } from './errors.js';
import { openedMessage } from './opened.js';
import { certificatesOf } from './signatures.js';
import { stored } from './stored.js';
import { markUnprotected } from './unprotected.js';
import { Certificate } from './values.js';

/** An `OpenedMail`. */
export function openedMail({ message, identities, ...found }, given, decode) {
  const opened = openedMessage(message, { ...given, identities }, decode);
  const { badge, lock, locked, recipients, offered } = found;
  const offers = offered.map(offerOf);
  // As the certificates of signatures are: what is fetched because of them tells that the mail was opened.
  if (opened.encryption === 'unprotected') {
    for (const { certificate, issuers } of offers) [certificate, ...issuers].forEach(markUnprotected);
  }
  return {
    ...opened,
    ...found,
    ...(opened.view && { view: withoutSmime(opened.view) }),
    locked: locked.map(stored),
    recipients: recipients.map(withCertificate),
    learned: learnedOf(found.learned),
    offered: offers,
    verdict: { version: 1, isOpened: true, badge: badge.code, lock: lock.code },
  };
}

export const learnedOf = (list) => list.map(withCertificate);

/**
 * An `ArchivedMail`. Who looks at the copy can't see any more that it was decrypted without integrity, so it
 * says so itself.
 */
export const archivedMail = ({ message, ...archived }, given, decode) => {
  const opened = openedMail(archived.opened, given, decode);
  const isUnprotected = opened.layers.some(({ integrity }) => integrity === 'none');
  if (message && isUnprotected) markUnprotected(message);
  return { ...archived, opened, message, ...(message && isUnprotected && { mayFetch: false }) };
};

/** A `CheckedArchive`. */
export const checkedArchive = ({ message, ...checked }, given, decode) => {
  const { view, ...opened } = openedMessage(message, { message: given.evidence }, decode);
  return { ...opened, ...(view && { view: withoutSmime(view) }), ...checked };
};

/** The options of `acceptCertificate` as the module has them. */
export function acceptance({ offer, ...options }) {
  if (offer === undefined && options.id !== undefined) return options;
  if (options.id !== undefined) throw wrongOption('id', 'given without an offer');
  if (!(offer?.certificate instanceof Certificate)) throw wrongOption('offer', 'one that `open` made');
  const { certificate, issuers, address } = offer;
  return { ...options, certificate, issuers, address };
}

/** What a mail list shows before anything is opened, from what `classify` says. */
export function listVerdict({ kind, mayBe }) {
  const signs = {
    signed: ['badge/unchecked', 'lock/none'],
    'opaque-signed': ['badge/unchecked', 'lock/none'],
    encrypted: ['badge/unknown', 'lock/encrypted'],
    'encrypted-authenticated': ['badge/unknown', 'lock/encrypted'],
    compressed: ['badge/unknown', 'lock/none'],
    certificates: ['badge/unsigned', 'lock/none'],
    plain: ['badge/unsigned', 'lock/none'],
  };
  const mayBeEncrypted = mayBe.some((one) => one.startsWith('encrypted'));
  const [badge, lock] = signs[kind] ?? ['badge/unknown', mayBeEncrypted ? 'lock/unknown' : 'lock/none'];
  return { version: 1, isOpened: false, badge, lock };
}

/**
 * Opens one mail after the other. One that can't be opened is told and stops nothing; a signal does, and a
 * mailer that was closed.
 */
export async function* openEach({ messages, onProgress, signal, ...shared }, open) {
  const total = messages.length ?? messages.size;
  let done = 0;
  for await (const item of messages) {
    if (signal?.aborted) throw aborted(signal.reason);
    const { id, ...mail } = Object(item);
    yield await opened(id, () => open({ ...shared, ...mail, signal }), signal);
    done += 1;
    onProgress?.({ done, total });
  }
}

async function opened(id, open, signal) {
  try {
    return { id, opened: await open() };
  } catch (error) {
    const endsAll = signal?.aborted || error?.code === 'store/closed' || !(error instanceof SmimeError);
    if (endsAll) throw error;
    return { id, error };
  }
}

const withCertificate = ({ certificate, ...rest }) => ({
  ...rest,
  ...(certificate && { certificate: new Certificate(certificate) }),
});

const offerOf = ({ certificate, issuers, ...offer }) =>
  Object.freeze({
    ...offer,
    certificate: new Certificate(certificate),
    issuers: Object.freeze(certificatesOf(issuers)),
  });

/** Signatures and envelopes are no files to be read, but mail to be opened. */
function withoutSmime({ attachments, ...view }) {
  const isFile = ({ kind }) => kind === 'file' || kind === 'message';
  return {
    ...view,
    attachments: attachments.filter(isFile),
    smimeParts: attachments.filter((part) => !isFile(part)),
  };
}
