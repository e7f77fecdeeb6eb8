// Writing a mail: composed, then signed, then encrypted, each only if wanted.

import { composeMessage, encrypt, sign } from 'smime-wasm';
import { addressParser } from 'postal-mime';
import { toBlob } from './reading.js';

/**
 * Makes a mail.
 *
 * @param {object} draft
 * @param {{ name?: string, address: string }} draft.from
 * @param {{ name?: string, address: string }[]} draft.to
 * @param {{ name?: string, address: string }[]} draft.cc
 * @param {string} draft.subject
 * @param {string} draft.text
 * @param {File[]} draft.attachments
 * @param {Identity} [draft.signer] signs with this key, if given
 * @param {Certificate[]} [draft.recipients] encrypts to these, if given; the sender's own among them, or
 *   the sender can't read it
 * @param {{ signal: AbortSignal, onProgress: function, step: function }} tools
 * @returns {Promise<Blob>}
 */
export async function writeMail({ signer, recipients, attachments, ...fields }, { signal, onProgress, step }) {
  let message = await composeMessage({
    ...fields,
    attachments: attachments.map((file) => ({
      name: file.name,
      type: file.type || 'application/octet-stream',
      data: file,
    })),
    signal,
    onProgress,
  });
  if (signer) {
    step('compose.working.sign');
    message = await sign({ message, signers: [signer], transfer: true, signal, onProgress });
  }
  if (recipients) {
    step('compose.working.encrypt');
    message = await encrypt({ message, recipients, transfer: true, signal, onProgress });
  }
  return toBlob(message);
}

/** The addresses in what somebody typed: `[{ name, address }]`. */
export function parseAddresses(text) {
  return addressParser(text.replaceAll(';', ','), { flatten: true }).map(({ name, address }) => ({
    name: name === address ? '' : name,
    address: address || name,
  }));
}
