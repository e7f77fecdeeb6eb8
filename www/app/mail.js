// The walk through a mail: what is encrypted is decrypted, what is signed is verified, until the content.

import { decompress, decrypt, inspect, verify } from 'smime-wasm';
import { toBlob } from './reading.js';

/** More layers than anybody writes; a mail that has more is shown as far as this. */
const maxLayers = 8;

/**
 * Opens a mail.
 *
 * Its status is `verify`'s answer for the outermost signature inside all encryption. A signature outside
 * encryption says nothing about who wrote what is inside: it is listed among the layers and lends no
 * status. A mail that can't be opened to its content gives `error` and the layers up to there.
 *
 * @param {object} options
 * @param {Blob} options.message the raw mail
 * @param {string} [options.from] the one address in its From, with which signers are compared
 * @param {Identity[]} options.identities the keys at hand
 * @param {import('smime-wasm').TrustAnchors} options.trustAnchors
 * @param {Certificate[]} [options.intermediates]
 * @param {AbortSignal} [options.signal]
 * @param {function} [options.onProgress]
 * @returns {Promise<Opened>}
 *
 * @typedef {object} Opened
 * @property {'verified' | 'unverified' | 'failed' | 'unsigned' | undefined} status `undefined`: not known,
 *   because the mail could not be opened
 * @property {'none' | 'protected' | 'no-integrity' | 'weak' | 'locked'} encryption
 * @property {Blob} [content] the innermost MIME entity, exactly the signed octets where it is signed
 * @property {object[]} signatures those of `verify`'s result that made the status
 * @property {Problem[]} problems
 * @property {object[]} layers outermost first: `{ type: 'encrypted', cipher, decryptedWith }` or
 *   `{ type: 'signed', status, signatures }`
 * @property {SmimeError} [error]
 */
export async function openMail({ message, from, identities, trustAnchors, intermediates, signal, onProgress }) {
  const layers = [];
  let content = message;
  let error;
  try {
    while (layers.length < maxLayers) {
      const kind = await outermost(content, signal);
      if (kind === 'plain') break;
      if (kind === 'compressed') {
        layers.push({ type: 'compressed' });
        content = await toBlob((await decompress({ message: content, signal, onProgress })).message);
        continue;
      }
      const layer = kind === 'encrypted' ? { type: 'encrypted', isLocked: true } : { type: 'signed' };
      layers.push(layer);
      if (kind === 'encrypted') {
        const { message: inside, decryptedWith, ...rest } = await decrypt({
          message: content,
          identities,
          signal,
          onProgress,
        });
        Object.assign(layer, rest, { isLocked: false, decryptedWith: decryptedWith.certificate });
        content = await toBlob(inside);
      } else {
        // What was decrypted has no From of its own. What was not is compared with its own From.
        const author = content === message ? {} : { from };
        const { content: inside, ...rest } = await verify({
          message: content,
          trustAnchors,
          intermediates,
          ...author,
          signal,
          onProgress,
        });
        Object.assign(layer, rest);
        content = await toBlob(inside);
      }
    }
  } catch (reason) {
    if (signal?.aborted || !reason.code) throw reason;
    error = reason;
  }
  return summary(layers, error ? undefined : content, error);
}

/** What the outermost layer is. Layers that the package can't open are left to `verify`, which says so. */
async function outermost(message, signal) {
  const { layers } = await inspect({ message, signal });
  return layers[0].kind;
}

function summary(layers, content, error) {
  const innermostEncryption = layers.findLastIndex(({ type }) => type === 'encrypted');
  const outside = layers.filter(({ type }, index) => type === 'signed' && index < innermostEncryption);
  const counted = layers.find(({ type, status }, index) => type === 'signed' && status && index > innermostEncryption);
  const encrypted = layers.filter(({ type }) => type === 'encrypted');
  // An inner signature that holds shows that nobody changed the content on its way.
  const isVouchedFor = counted?.status === 'verified';
  const problems = [
    ...encrypted.flatMap((layer) => layer.problems ?? []),
    ...(counted ? [...counted.problems, ...counted.signatures.flatMap((signature) => signature.problems)] : []),
    ...outside.map(() => ({ code: 'layer/outside-encryption', details: {} })),
  ];
  return {
    status: counted?.status ?? (error ? undefined : 'unsigned'),
    encryption: encryptionOf(encrypted, isVouchedFor),
    content,
    signatures: counted?.signatures ?? [],
    problems: problems.filter(({ code }) => !(isVouchedFor && code === 'cipher/no-integrity')),
    layers: layers.filter(({ type, isLocked, signatures }) => (type === 'encrypted' ? !isLocked : signatures)),
    error,
  };
}

function encryptionOf(encrypted, isVouchedFor) {
  if (!encrypted.length) return 'none';
  if (encrypted.some(({ isLocked }) => isLocked)) return 'locked';
  if (encrypted.some(({ problems }) => problems.some(({ code }) => code === 'cipher/weak'))) return 'weak';
  return isVouchedFor || encrypted.every(({ integrity }) => integrity === 'protected') ? 'protected' : 'no-integrity';
}
