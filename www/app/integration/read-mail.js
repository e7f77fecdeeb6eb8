// Reading: decrypts with whatever key fits, checks the signature as of the arrival, and keeps the
// certificates of verified senders, so that one can answer encrypted.

/**
 * @param {object} mail
 * @param {Blob} mail.source the message as it was received, byte for byte
 * @param {string} mail.account the address of the mailbox that it lies in
 * @param {Date} mail.receivedAt by your clock or your server's
 * @param {boolean} mail.isSent
 */
export async function readMail(mailer, { source, account, receivedAt, isSent }, { signal, onProgress } = {}) {
  const opened = await mailer.open({
    message: source,
    account,
    receivedAt,
    direction: isSent ? 'sent' : 'received',
    signal,
    onProgress,
  });
  // Show `opened.view` and `opened.headers`, `opened.badge` beside the sender, `opened.lock` beside the
  // subject. Keep `opened.verdict` for the list.
  return opened;
}

/** The yellow bar: somebody's certificate is kept because the user says so. */
export async function acceptOffer(mailer, offer) {
  return mailer.acceptCertificate({ offer });
}
