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
