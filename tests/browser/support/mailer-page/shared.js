// What the tests of shared accounts do on a page: users with a database each.

import { composeMessage, encrypt, parseCertificates } from '/smime-wasm/index.js';
import { certificateOf, code, codes, file, openMailer } from './tab.js';

export { certificateOf, code, codes, file, openMailer, parseCertificates };
export { trap } from './tab.js';

export const team = 'team@example.com';

/** A user with a mailer, and with the identities of these files, unlocked. */
export async function user(name, { own = [name], options } = {}) {
  const mailer = await mailerOf(name, options);
  const ids = {};
  for (const file of own) ids[file] = await bring(mailer, file);
  if (own.length > 0) await mailer.unlock({ passphrase: name });
  const certificate = own.length > 0 ? await certificateOf(own[0]) : undefined;
  return { name, mailer, ids, certificate };
}

/** The mailer of a user, whose database has their name. */
export async function mailerOf(name, options) {
  const trustAnchors = await parseCertificates({ data: await file('ca.der') });
  const accounts = [{ address: `${name}@example.com` }, { address: team, kind: 'shared' }];
  return openMailer({ accounts, trustAnchors, database: name, ...options });
}

/** Imports the identity of a file under the passphrase that is the user's name; its id. */
export async function bring(mailer, name, passphrase) {
  const files = [{ data: await file(`${name}.p12`), password: 'secret' }];
  const [{ identities, error }] = await mailer.importP12({ files, seal: { passphrase: passphrase ?? name } });
  if (error) throw error;
  return identities[0].id;
}

/** A member of an account. */
export const member = ({ name, certificate }) => ({ name, certificate });

/** Shares the team's account; the administrator is the first. */
export async function shared(administrator, members, { own = 'team' } = {}) {
  const { mailer, ids, name } = administrator;
  ids[own] ??= await bring(mailer, own, name);
  await mailer.unlock({ passphrase: name });
  return mailer.sharedAccounts.create({
    account: team,
    administrator: ids[name],
    ids: [ids[own]],
    members: members.map(member),
  });
}

/** A mail that is encrypted to the owner of a certificate. */
export const mailToTeam = async (name = 'team', text = 'to the team') =>
  encrypt({
    message: await composeMessage({
      from: { address: 'dora@example.com' },
      to: [{ address: team }],
      subject: 'plan',
      text,
    }),
    recipients: [await certificateOf(name)],
    cipher: 'aes-256-gcm',
  });

/** A mail from an address. */
export const compose = (from, to = 'anna@example.com', text = 'from the team') =>
  composeMessage({ from: { address: from }, to: [{ address: to }], subject: 'plan', text });
