// While somebody types: who can get the mail encrypted, whether it can be signed, and why not.

/** Fetches nothing, and needs no key to be unlocked. */
export async function readinessOf(mailer, { from, to, cc, bcc }) {
  return mailer.recipients({ from, to, cc, bcc });
}
