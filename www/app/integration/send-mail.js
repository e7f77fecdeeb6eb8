// Sending: from what was typed to the bytes for the mail server.

import { composeMessage } from 'smime-wasm';
import { toBlob } from '../blobs.js';

/** A whole message. Files go in as they are, and are read where the work is done. */
export async function composed(draft, { signal, onProgress } = {}) {
  const { from, to, cc, subject, text, files, headers } = draft;
  const attachments = files.map((file) => ({ name: file.name, type: file.type || undefined, data: file }));
  const message = await composeMessage({ from, to, cc, subject, text, attachments, headers, signal, onProgress });
  return toBlob(message);
}

/**
 * Signed and encrypted as the settings and the user say.
 *
 * @param {object} draft what `composed` takes, and
 * @param {AddressLike[]} draft.bcc
 * @param {boolean} [draft.sign] by default as the settings say
 * @param {boolean} [draft.encrypt] by default as the settings say
 * @param {'everyone-unencrypted' | 'leave-out'} [draft.without] what the user chose for those who can't read
 *   encrypted mail, after `refused/no-certificate` named them
 * @param {boolean} [draft.mustEncrypt] as an answer says, and so
 * @param {string[]} [draft.confidentialHeaders]
 * @param {'baseline' | 'shy'} [draft.protectHeaders]
 */
export async function protectedMail(mailer, draft, { signal, onProgress, onComposed } = {}) {
  const message = await composed(draft, { signal, onProgress });
  onComposed?.();
  const { bcc, sign, encrypt, without, mustEncrypt, confidentialHeaders, protectHeaders } = draft;
  const { outgoing, sentCopy, archiveCopy, isSigned, isEncrypted, problems } = await mailer.protect({
    ...{ message, bcc, sign, encrypt, without, mustEncrypt, confidentialHeaders, protectHeaders, signal, onProgress },
  });
  // Submit each `message` of `outgoing` with its `envelope`, unchanged. `sentCopy` is for Sent.
  return { outgoing, sentCopy, archiveCopy, isSigned, isEncrypted, problems };
}

/** Signed mail that asks people for their certificates, one for each, with a ready text in the user's language. */
export async function certificateRequests(mailer, { from, to, language, signal }) {
  const { messages } = await mailer.requestCertificate({ from, to, language, signal });
  return Promise.all(messages.map(({ message }) => mailer.protect({ message, sign: true, encrypt: false, signal })));
}
