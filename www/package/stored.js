/** What the store and the mailer have in common: passphrases, and what is stored. */
import { Certificate } from './values.js';

/** Keyboards and systems differ in how they write one and the same passphrase. */
export function normalized(options) {
  const normal = (value) => (typeof value === 'string' ? value.normalize('NFC') : value);
  const { passphrase, newPassphrase, ...rest } = options ?? {};
  return { ...rest, passphrase: normal(passphrase), newPassphrase: normal(newPassphrase) };
}

/** A `StoredCertificate` or, with a chain, a `StoredIdentity`. */
export function stored({ certificate, chain, ...entry }) {
  return Object.freeze({
    ...entry,
    certificate: new Certificate(certificate),
    ...(chain && { chain: Object.freeze(chain.map((data) => new Certificate(data))) }),
  });
}

/** A `CertificateView`. */
export const certificateView = ({ certificate, chain, ...view }) =>
  frozen({
    ...view,
    certificate: new Certificate(certificate),
    chain: chain.map((data) => new Certificate(data)),
  });

/** Plain data that nobody changes. */
export function frozen(value) {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (ArrayBuffer.isView(value) || value instanceof Date) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}
