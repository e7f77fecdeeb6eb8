/** Results about signatures, from the module's plain data. */
import { Certificate } from './values.js';

export const certificatesOf = (list) => list.map((data) => new Certificate(data));

/** A `Signature`, from plain data. */
export function signatureOf({ signer, chain, encryptionCertificate, countersignatures, ...signature }) {
  return {
    ...signature,
    ...(signer && { signer: new Certificate(signer) }),
    chain: certificatesOf(chain),
    ...(encryptionCertificate && {
      encryptionCertificate: new Certificate(encryptionCertificate),
    }),
    countersignatures: countersignatures.map(signatureOf),
  };
}

/** Every certificate that a `Signature` brings. */
export const certificatesIn = ({ signer, chain, encryptionCertificate, countersignatures }) =>
  [signer ?? [], chain, encryptionCertificate ?? [], countersignatures.flatMap(certificatesIn)].flat();
