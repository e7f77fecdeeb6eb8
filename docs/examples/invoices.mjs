// Mail that a server sends, signed in Node: there is no IndexedDB, so identity and certificates come from
// wherever the server keeps them, and the verbs do the rest.

import { composeMessage, importP12, parseCertificates, protectMessage } from 'smime-wasm';

/**
 * Signs invoices one after the other, and encrypts those whose recipients have a certificate. One that
 * can't be sent comes with its error, and the rest goes on.
 *
 * @param {object} options
 * @param {Uint8Array} options.p12  the sender's identity
 * @param {string} options.password
 * @param {AsyncIterable<Invoice> | Iterable<Invoice>} options.invoices
 * @param {AbortSignal} [options.signal]  ends the job
 *
 * @typedef {object} Invoice
 * @property {{ name?: string, address: string }} from
 * @property {{ name?: string, address: string }} to
 * @property {string} number
 * @property {Uint8Array} pdf
 * @property {Uint8Array} [certificate]  the recipient's, in DER or PEM
 */
export async function* signInvoices({ p12, password, invoices, signal }) {
  const { identities } = await importP12({ data: p12, password });
  const [identity] = identities;
  try {
    for await (const { from, to, number, pdf, certificate } of invoices) {
      try {
        const message = await composeMessage({
          from,
          to: [to],
          subject: `Invoice ${number}`,
          text: `Please find invoice ${number} attached.\n`,
          attachments: [{ name: `${number}.pdf`, type: 'application/pdf', data: pdf }],
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        const recipients = certificate && (await parseCertificates({ data: certificate }));
        const { outgoing } = await protectMessage({ message, signers: [identity], recipients, signal });
        yield { number, outgoing };
      } catch (error) {
        if (signal?.aborted) throw error;
        yield { number, error };
      }
    }
  } finally {
    await Promise.all(identities.map((identity) => identity.close()));
  }
}
