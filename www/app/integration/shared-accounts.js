// Mailboxes of several people (docs/SHARED.md): an administrator signs who the members are, and the file that
// comes of it carries the keys, encrypted for each. You bring it to all of them; nobody else can read it.

/** Shares a mailbox whose key the administrator has imported. Bring `data` to all members. */
export async function shareAccount(mailer, { account, administrator, ids, members }) {
  const { data, problems } = await mailer.sharedAccounts.create({ account, administrator, ids, members });
  return { data, problems };
}

/**
 * Takes what was brought. The first time the user confirms the `administrator`, and another one later
 * (`isNewAdministrator`); after that it is known. Who is no member any more loses the keys by it.
 */
export async function acceptShared(mailer, { data, administrator, isNewAdministrator }) {
  return mailer.sharedAccounts.accept({ data, administrator, isNewAdministrator });
}

/** Who signed, whoever that is: the user compares `administrator.fingerprint` with what they were told. */
export async function claimOf(mailer, { data }) {
  const { administrator } = await mailer.sharedAccounts.inspect({ data });
  return { administrator };
}

/** A member becomes the administrator. Bring `data` to all members: each has to confirm it. */
export async function administer(mailer, { account, administrator }) {
  const { entries } = await mailer.sharedAccounts.list();
  const { identities, members } = entries.find((one) => one.account === account);
  return shareAccount(mailer, { account, administrator, ids: identities.map(({ id }) => id), members });
}

/** The administrator adds somebody, or removes somebody. Bring `data` to all who are or were members. */
export async function changeMembers(mailer, { account, add, remove }) {
  const { data, problems } = add
    ? await mailer.sharedAccounts.addMembers({ account, members: [add] })
    : await mailer.sharedAccounts.removeMembers({ account, members: [remove] });
  return { data, problems };
}
