// Settings: what holds, and what the user chooses. What the administrator locked can't be changed.

/** For everything, for an `account`, or for mail to a `contact`. */
export async function settingsFor(mailer, { account, contact } = {}) {
  const { values, locked } = await mailer.settings({ account, contact });
  return { values, locked };
}

/** `null` takes a choice back, so that what is chosen for more holds again. */
export async function choose(mailer, { account, contact, values }) {
  return mailer.changeSettings({ account, contact, values });
}
