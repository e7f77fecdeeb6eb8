// What tests of sending do on a page.

import { composeMessage, importP12, parseCertificates, sign } from '/smime-wasm/index.js';

import { accounts as ofAlice, file, openMailer, openStore, passphrase } from './tab.js';

export { composeMessage, importP12, parseCertificates };

/**
 * A mailer with what is stored in it: `own` are the names of `.p12` files, `known` of `.der` files.
 */
export async function sender({ own = ['alice'], known = [], isLocked = false, accounts = ofAlice, ...options } = {}) {
  const store = await openStore(options.database && { database: options.database });
  for (const name of own) {
    const { identities } = await importP12({ data: await file(`${name}.p12`), password: 'secret' });
    await store.addIdentity({ identity: identities[0], passphrase });
  }
  await remember(known, store);
  const trustAnchors = await parseCertificates({ data: await file('ca.der') });
  const mailer = await openMailer({ accounts, trustAnchors, ...options });
  if (!isLocked && own.length > 0) await mailer.unlock({ passphrase });
  return mailer;
}

/** Stores certificates; their ids. */
export async function remember(names, given) {
  const store = given ?? (await openStore());
  const ids = [];
  for (const name of names) {
    const certificates = await parseCertificates({ data: await file(`${name}.der`) });
    ids.push((await store.addCertificates({ certificates }))[0].id);
  }
  store.close();
  return ids;
}

/** A mail from Alice. */
export const mail = (options) =>
  composeMessage({ from: { address: 'alice@example.com' }, subject: 'plan', text: 'hello', ...options });

/** A mail to Alice that the owner of a `.p12` file signed. */
export async function mailBy(name, from) {
  const { identities: signers } = await importP12({ data: await file(`${name}.p12`), password: 'secret' });
  const message = new TextEncoder().encode(`From: ${from}\r\nTo: alice@example.com\r\nSubject: x\r\n\r\nHello\r\n`);
  return sign({ message, signers });
}

export const to = (...addresses) => addresses.map((address) => ({ address }));

export const text = (bytes) => new TextDecoder().decode(bytes);

/** For Node. */
export const base64 = (bytes) => {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

/** What `protect` answered, for Node. */
export const sent = ({ outgoing, sentCopy, archiveCopy, ...rest }) => ({
  ...rest,
  outgoing: outgoing.map(({ envelope, message }) => ({ envelope, message: base64(message) })),
  sentCopy: base64(sentCopy),
  ...(archiveCopy && { archiveCopy: text(archiveCopy.message), visibility: archiveCopy.visibility }),
});
