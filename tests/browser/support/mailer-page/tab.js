// What the tests of the mailer do on a page.

import { decrypt, encrypt, importP12, parseCertificates } from '/smime-wasm/index.js';
import { openMailer } from '/smime-wasm/mailer.js';
import { openStore } from '/smime-wasm/store.js';

export { openMailer, openStore };
export { certificates, deleteDatabase, holdTable, restoreVersion1, rows, upgrade, versionAndTables, write } from '/store-page/tab.js';

export const passphrase = 'correct horse battery staple';

export const accounts = [{ address: 'alice@example.com' }];

/** The bytes of a file of the test's. */
export const file = async (name) =>
  new Uint8Array(await (await fetch(`/files/${name}`)).arrayBuffer());

/** A mailer of Alice's that trusts the CA of the test's files. */
export async function aliceMailer(options) {
  const trustAnchors = await parseCertificates({ data: await file('ca.der') });
  return openMailer({ accounts, trustAnchors, ...options });
}

/** Stores Alice's identity; its id. */
export const storeAlice = () => storeIdentity('alice.p12');

/** Stores the identity of a file of the test's; its id. */
export async function storeIdentity(name, sealedBy = passphrase) {
  const store = await openStore();
  const { identities } = await importP12({ data: await file(name), password: 'secret' });
  const { id } = await store.addIdentity({ identity: identities[0], passphrase: sealedBy });
  store.close();
  return id;
}

/** Those of problems. */
export const codes = (problems) => problems.map(({ code }) => code);

/** Ends the worker by a trap: values nested four million deep overflow the module's stack. */
export function trap() {
  const data = new Uint8Array(8_000_000).fill(0x80);
  for (let i = 0; i < data.length; i += 2) data[i] = 0x30;
  return importP12({ data, password: 'x', limits: { asn1Depth: 1e9, asn1Values: 1e9 } });
}

/** Lets time pass so many times as fast for what works on this page, and not in its worker. */
export function hurry(times) {
  const [now, wait] = [Date.now, setTimeout];
  const began = now();
  Date.now = () => began + (now() - began) * times;
  window.setTimeout = (work, ms = 0, ...rest) => wait(work, ms / times, ...rest);
}

/** The code a promise rejects with, or `fulfilled`. */
export const code = (promise, fulfilled = 'done') =>
  promise.then(() => fulfilled, (error) => error.code ?? String(error));

/** A person's certificate. */
export async function certificateOf(name) {
  const [certificate] = await parseCertificates({ data: await file(`${name}.der`) });
  return certificate;
}

/** A mail with this text, encrypted to the owners of certificates. */
export const sealedTo = (recipients, text) =>
  encrypt({
    message: new TextEncoder().encode(`Subject: Tea\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`),
    recipients,
    protectHeaders: 'off',
  });

/** The text of a mail that a person opens, or the code of why not. */
export async function opensFor(name, message) {
  const { identities } = await importP12({ data: await file(`${name}.p12`), password: 'secret' });
  try {
    const opened = await decrypt({ message, identities });
    return new TextDecoder().decode(opened.message).split('\r\n\r\n')[1].trim();
  } catch (error) {
    return error.code;
  }
}
