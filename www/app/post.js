// The post: what takes a mail server and the way between two of them in other places. Mail for somebody
// of this browser goes into their inbox; for others there is nobody to submit it to.

import { toBlob } from './blobs.js';
import { mailbox } from './mailbox.js';
import { accountAt } from './people.js';
import { readSummary } from './summary.js';

/**
 * Delivers each message by its envelope, and keeps the sender's copies.
 *
 * @param {{ outgoing, sentCopy, archiveCopy }} sent what `protect` gave
 * @param {object} sender
 * @param {string} sender.account the account that it is sent from
 * @param {object[]} sender.people everybody here
 * @param {(source: Blob) => Promise<Record<string, ListVerdict>>} sender.verdictsOf
 * @returns {Promise<{ delivered: Account[], elsewhere: string[], sentId: number }>}
 */
export async function deliver({ outgoing, sentCopy, archiveCopy }, { account, people, verdictsOf }) {
  const receivedAt = new Date();
  const delivered = [];
  const elsewhere = [];
  const arrive = async (source, where) => {
    const [summary, verdicts] = await Promise.all([readSummary(source), verdictsOf(source)]);
    return mailbox.add({ ...where, source, summary, verdicts, receivedAt });
  };
  const sentId = await arrive(await toBlob(sentCopy), {
    account,
    folder: 'sent',
    isRead: true,
    ...(archiveCopy && { copy: await toBlob(archiveCopy.message) }),
  });
  for (const { envelope, message } of outgoing) {
    // One message may go into several mailboxes.
    const source = await toBlob(message);
    for (const address of envelope.to) {
      const found = accountAt(people, address);
      if (found) {
        await arrive(source, { account: found.address, folder: 'inbox' });
        delivered.push(found);
      } else {
        elsewhere.push(address);
      }
    }
  }
  return { delivered, elsewhere, sentId };
}
