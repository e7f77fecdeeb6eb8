// The walk through a mail: what is encrypted is decrypted, what is signed is verified, until the content.

import { decrypt, inspect, verify } from 'smime-wasm';

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
 * @param {Blob | Uint8Array} options.message the raw mail
 * @param {string} [options.from] the one address in its From, with which signers are compared
 * @param {Identity[]} options.identities the keys at hand
 * @param {Certificate[]} options.trustAnchors
 * @param {Certificate[]} [options.intermediates]
 * @param {AbortSignal} [options.signal]
 * @param {function} [options.onProgress]
 * @returns {Promise<Opened>}
 *
 * @typedef {object} Opened
 * @property {'verified' | 'unverified' | 'failed' | 'unsigned' | undefined} status `undefined`: not known,
 *   because the mail could not be opened
 * @property {'none' | 'protected' | 'no-integrity' | 'weak' | 'locked'} encryption
 * @property {Blob | Uint8Array} [content] the innermost MIME entity, exactly the signed octets where it is signed
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
    for (let kind = await kindOf(content, signal); kind && layers.length < maxLayers; kind = await kindOf(content, signal)) {
      if (kind === 'encrypted') {
        layers.push({ type: 'encrypted', locked: true });
        const { message: inner, ...rest } = await decrypt({ message: content, identities, signal, onProgress });
        layers[layers.length - 1] = { type: 'encrypted', ...rest };
        content = inner;
      } else {
        const { content: inner, ...rest } = await verify({
          message: content,
          from,
          trustAnchors,
          intermediates,
          signal,
          onProgress,
        });
        layers.push({ type: 'signed', ...rest });
        content = inner;
      }
    }
  } catch (reason) {
    if (signal?.aborted || !reason.code) throw reason;
    error = reason;
  }
  return summary(layers, error ? undefined : content, error);
}

/** 'encrypted', 'signed', or nothing more to open. */
async function kindOf(message, signal) {
  const { kind } = await inspect({ message, signal });
  return kind === 'encrypted' || kind === 'signed' ? kind : undefined;
}

function summary(layers, content, error) {
  const innermostEncryption = layers.findLastIndex(({ type }) => type === 'encrypted');
  const counted = layers.find(({ type }, index) => type === 'signed' && index > innermostEncryption);
  const encrypted = layers.filter(({ type }) => type === 'encrypted');
  const status = counted?.status ?? (error ? undefined : 'unsigned');
  // An inner signature that holds shows that nobody changed the content on its way.
  const vouched = status === 'verified';
  const problems = [...encrypted.flatMap((layer) => layer.problems ?? []), ...(counted ? reasons(counted) : [])].filter(
    ({ code }) => !(vouched && code === 'cipher/no-integrity'),
  );
  if (layers.some(({ type }, index) => type === 'signed' && index < innermostEncryption)) {
    problems.push({ code: 'layer/outside-encryption', details: {} });
  }
  return {
    status,
    encryption: encryptionOf(encrypted, vouched),
    content,
    signatures: counted?.signatures ?? [],
    problems,
    layers: layers.filter(({ locked }) => !locked),
    error,
  };
}

function reasons({ signatures }) {
  return signatures.flatMap(({ problems }) => problems);
}

function encryptionOf(encrypted, vouched) {
  if (!encrypted.length) return 'none';
  if (encrypted.some(({ locked }) => locked)) return 'locked';
  if (encrypted.some(({ problems }) => problems.some(({ code }) => code === 'cipher/weak'))) return 'weak';
  return vouched || encrypted.every(({ integrity }) => integrity === 'protected') ? 'protected' : 'no-integrity';
}
