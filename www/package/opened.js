/** What `openMessage` gives, from the module's plain data. */
import { fromWire } from './errors.js';
import { certificatesIn, certificatesOf, signatureOf } from './signatures.js';
import { inherit, markUnprotected } from './unprotected.js';

/**
 * @param {object} opened as the module has it
 * @param {{ message: object, identities?: Identity[] }} given the caller's
 * @param {(part: { data: Uint8Array, encoding: string }) => Promise<Uint8Array>} decode
 */
export function openedMessage({ content, view, signatures, layers, error, ...opened }, given, decode) {
  const revived = layers.map((layer) => layerOf(layer, given.identities));
  const all = { signatures: signatures.map(signatureOf), layers: revived };
  const isNone = ({ integrity }) => integrity === 'none';
  const inside = revived.slice(revived.findIndex(isNone) + 1);
  const doubtful = [
    ...(content ? [content] : []),
    ...inside.flatMap((layer) => [...(layer.certificates ?? []), ...(layer.signatures ?? []).flatMap(certificatesIn)]),
    ...all.signatures.flatMap(certificatesIn),
  ];
  if (revived.some(isNone)) doubtful.forEach(markUnprotected);
  for (const source of [given.message, given.content]) inherit(source, ...doubtful);
  return {
    ...opened,
    ...all,
    ...(content && { content }),
    ...(view && { view: viewOf(view, content, decode) }),
    ...(error && { error: fromWire(error) }),
  };
}

function layerOf({ decryptedWith, signatures, certificates, error, ...layer }, identities) {
  return {
    ...layer,
    ...(decryptedWith !== undefined && { decryptedWith: identities?.[decryptedWith] }),
    ...(signatures && { signatures: signatures.map(signatureOf) }),
    ...(certificates && { certificates: certificatesOf(certificates) }),
    ...(error && { error: fromWire(error) }),
  };
}

/** Attachments are cut out of the content, and decoded, when somebody asks for them. */
function viewOf({ bodies, attachments }, content, decode) {
  const attachmentOf = ({ start, end, encoding, ...attachment }) => ({
    ...attachment,
    async data() {
      const data = await decode({ data: content.subarray(start, end), encoding });
      inherit(content, data);
      return data;
    },
  });
  return { bodies, attachments: attachments.map(attachmentOf) };
}
