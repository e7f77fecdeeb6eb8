// Opening a mail, and what the page shows of it.

import { openMessage } from 'smime-wasm';

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
 * @property {{ text: string, fromHtml: boolean, attachments: Attachment[] }} [body] what there is to read
 * @property {Signature[]} signatures those that made the status
 * @property {Problem[]} problems of whatever status and encryption come from
 * @property {OpenedLayer[]} layers those that were opened, the outermost first
 * @property {SmimeError} [error]
 */
export async function openMail(options) {
  const { status, encryption, view, signatures, layers, problems, error } = await openMessage(options);
  const openedLayers = layers.filter((layer) => !layer.error);
  const ofEncryption = openedLayers.filter(({ kind }) => kind === 'encrypted').flatMap((layer) => layer.problems);
  const isWeak = encryption !== 'locked' && ofEncryption.some(({ code }) => code === 'cipher/weak');
  // An inner signature that holds shows that nobody changed the content on its way.
  const isNews = ({ code }) => code !== 'cipher/no-integrity' || encryption === 'unprotected';
  return {
    status: status === 'unknown' ? undefined : status,
    encryption: isWeak ? 'weak' : encryption,
    body: view && bodyOf(view),
    signatures,
    problems: [...ofEncryption.filter(isNews), ...signatures.flatMap((signature) => signature.problems), ...problems],
    layers: openedLayers,
    error,
  };
}

function bodyOf({ bodies, attachments }) {
  return {
    text: bodies.map(({ text }) => text.trim()).join('\n\n'),
    fromHtml: bodies.some(({ isFromHtml }) => isFromHtml),
    // The signature of what is shown is no file for people.
    attachments: attachments.filter(({ kind }) => kind !== 'signature'),
  };
}
