// What the tests of the mailer do on a page.

import { importP12, parseCertificates } from '/smime-wasm/index.js';
import { openMailer } from '/smime-wasm/mailer.js';
import { openStore } from '/smime-wasm/store.js';

export { openMailer, openStore };
export { certificates, deleteDatabase, restoreVersion1, rows, upgrade, write } from '/store-page/tab.js';

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
export async function storeAlice() {
  const store = await openStore();
  const { identities } = await importP12({ data: await file('alice.p12'), password: 'secret' });
  const { id } = await store.addIdentity({ identity: identities[0], passphrase });
  store.close();
  return id;
}

/** Those of problems. */
export const codes = (problems) => problems.map(({ code }) => code);

/** The code a promise rejects with, or `fulfilled`. */
export const code = (promise, fulfilled = 'done') =>
  promise.then(() => fulfilled, (error) => error.code ?? String(error));
