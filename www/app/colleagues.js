// What people do for each other: share a mailbox, and take over that of somebody who leaves.

import { handOver } from './integration/departure.js';
import { acceptShared, administer, shareAccount } from './integration/shared-accounts.js';
import { mailbox } from './mailbox.js';
import { sharing } from './people.js';

/**
 * Shares the mailbox of the samples, the first time: who sets up this host knows the administrator.
 *
 * @param {object[]} people
 * @param {Map<string, Mailer>} mailers by the people's ids, all of them unlocked
 */
export async function shareMailbox(people, mailers) {
  const { account, administrator, members } = sharing;
  const identities = await mailers.get(administrator).identities();
  const owns = new Map();
  for (const id of members) owns.set(id, currentOf(await mailers.get(id).identities(), personAt(people, id)));
  const { data } = await shareAccount(mailers.get(administrator), {
    account,
    administrator: owns.get(administrator).id,
    ids: identities.filter(({ certificate }) => certificate.addresses.includes(account)).map(({ id }) => id),
    members: members.map((id) => ({ name: personAt(people, id).name, certificate: owns.get(id).certificate })),
  });
  await mailbox.keepSharedFile(account, data);
  for (const id of members) {
    if (id !== administrator) {
      await acceptShared(mailers.get(id), { data, administrator: owns.get(administrator).certificate });
    }
  }
}

/**
 * Encrypts the mailbox of somebody who leaves for a successor too, as far as the keys at hand open it.
 *
 * @returns {Promise<{ changed: number, closed: number }>}
 */
export async function handOverMailbox(mailer, { leaving, successor, signal, onProgress }) {
  const { certificate } = currentOf(await mailer.identities(), successor);
  const mails = await mailbox.list(personal(leaving));
  const encrypted = mails.filter(({ verdicts }) => verdicts[leaving.id]?.lock !== 'lock/none');
  return handOver(mailer, {
    messages: encrypted.map(({ id, source }) => ({ id, message: source })),
    successor: certificate,
    write: (id, message) => {
      const source = new Blob([message]);
      return mailbox.change(id, () => ({ source }));
    },
    signal,
    onProgress,
  });
}

/** Makes somebody the administrator of a shared mailbox that they are a member of. */
export async function administerMailbox(mailer, { account, person }) {
  const { id } = currentOf(await mailer.identities(), person);
  const { data } = await administer(mailer, { account, administrator: id });
  await mailbox.keepSharedFile(account, data);
}

/** The accounts of somebody that nobody shares. */
export const personal = ({ accounts }) => accounts.filter(({ kind }) => kind === 'personal');

const personAt = (people, wanted) => people.find(({ id }) => id === wanted);

/** The identity of a person's own that is valid the longest. */
function currentOf(identities, { accounts: [{ address }] }) {
  const own = identities.filter(({ certificate }) => certificate.addresses.includes(address));
  return own.sort((a, b) => b.certificate.notAfter - a.certificate.notAfter)[0];
}
