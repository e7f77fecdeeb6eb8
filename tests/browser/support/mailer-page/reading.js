// What the tests of reading do on a page.

import { explain, label } from '/smime-wasm/texts.js';
import { importP12 } from '/smime-wasm/index.js';
import { aliceMailer, file, openStore, passphrase, storeAlice } from './tab.js';

export { explain, label };

/** Alice's mailer, unlocked, with what the settings shall be. */
export async function ready(settings, options) {
  await storeAlice();
  const mailer = await mailerWith(settings, options);
  await mailer.unlock({ passphrase });
  return mailer;
}

/** Another mailer of Alice's, with other settings. */
export function mailerWith(settings, options) {
  const policy = Object.fromEntries(Object.entries(settings ?? {}).map(([name, value]) => [name, { value }]));
  return aliceMailer({ policy, ...options });
}

/** Stores the identity of a file under a passphrase. */
export async function storeIdentity(name, passphrase) {
  const store = await openStore();
  const { identities } = await importP12({ data: await file(name), password: 'secret' });
  const { id } = await store.addIdentity({ identity: identities[0], passphrase });
  store.close();
  return id;
}

/** The origins of the stored certificates of an address. */
export async function known(address) {
  const store = await openStore();
  const found = await store.certificates({ address });
  store.close();
  return found.map(({ origin }) => origin);
}

export const text = (opened) => opened.view?.bodies.map((body) => body.text.trim()).join('\n');

export const codes = (problems) => problems.map(({ code }) => code);

/** A mail in short. */
export const inShort = ({ status, badge, lock, learned, offered }) => ({
  status,
  badge: badge.code,
  lock: lock.code,
  learned: learned.map(({ news }) => news.join('+')),
  offered: offered.map(({ isChanged, reasons }) => [isChanged, ...codes(reasons)].join(' ')),
});
