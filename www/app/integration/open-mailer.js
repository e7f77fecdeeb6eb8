// A mailer: the user's mailboxes, a database of their own, and whom to trust.

import { openMailer } from 'smime-wasm/mailer';
import { askThroughRelay } from './online.js';

/**
 * @param {object} user
 * @param {string} user.database
 * @param {Account[]} user.accounts
 * @param {Policy} [user.policy] what the administrator says about settings
 * @param {string} [user.storeId] as it was the last time: it tells when the browser cleared the database
 * @param {Sync} [user.sync] what the user's devices have in common, see sync.js
 * @param {Certificate[]} roots authorities of your own, beside those that Mozilla trusts for e-mail
 */
export async function openMailerOf({ database, accounts, policy, storeId, sync }, roots = []) {
  return openMailer({
    ...{ database, accounts, policy, storeId, sync },
    trustAnchors: [...roots, 'mozilla'],
    fetch: askThroughRelay,
  });
}
