// The files of shared mailboxes, as they were brought: taken over where a key is unlocked, and kept for the user
// to look at where somebody signed whom nobody here has confirmed.

import { acceptShared, claimOf } from './integration/shared-accounts.js';
import { mailbox } from './mailbox.js';

export class SharedFiles {
  /** What was looked at already, by mailer and account. */
  #seen = new WeakMap();
  #claims = new WeakMap();

  /**
   * Takes what the administrators changed.
   *
   * @returns {Promise<{ changed: { account: string, isMember: boolean }[], claimed: string[], failed: Error[] }>}
   *   `claimed`: accounts with somebody new to be confirmed
   */
  async take(mailer, accounts) {
    const news = { changed: [], claimed: [], failed: [] };
    for (const { address: account, kind } of accounts) {
      const data = kind === 'shared' && (await mailbox.sharedFile(account));
      if (!data || this.#seen.get(mailer)?.[account] === fingerprintOf(data)) continue;
      let known;
      try {
        const { entries } = await mailer.sharedAccounts.list();
        known = entries.find((one) => one.account === account);
        const { epoch, isMember } = await acceptShared(mailer, { data });
        if (known?.epoch !== epoch) news.changed.push({ account, isMember });
      } catch (error) {
        if (error.code === 'identity/locked') continue;
        if (await this.#claim(mailer, { account, data, known, error })) news.claimed.push(account);
        else news.failed.push(error);
      }
      this.#seen.set(mailer, { ...this.#seen.get(mailer), [account]: fingerprintOf(data) });
    }
    return news;
  }

  /**
   * Who says that they administer an account, and waits for the user's word.
   *
   * @returns {{ account: string, administrator: Certificate, isNew: boolean }[]}
   */
  claims(mailer) {
    return [...(this.#claims.get(mailer)?.values() ?? [])];
  }

  async confirm(mailer, { account, administrator, data, isNew }) {
    await acceptShared(mailer, { data, administrator, isNewAdministrator: isNew });
    this.drop(mailer, { account });
  }

  /** Not now: after the next start it is asked again. */
  drop(mailer, { account }) {
    this.#claims.get(mailer)?.delete(account);
  }

  /** Whether the file was refused only because somebody else signed it: then the user is asked about them. */
  async #claim(mailer, { account, data, known, error }) {
    if (!['shared/unknown-administrator', 'shared/not-authentic'].includes(error.code)) return false;
    const { administrator } = await claimOf(mailer, { data }).catch(() => ({}));
    if (!administrator || administrator.fingerprint === known?.administrator.fingerprint) return false;
    if (!this.#claims.has(mailer)) this.#claims.set(mailer, new Map());
    this.#claims.get(mailer).set(account, { account, administrator, data, isNew: known !== undefined });
    return true;
  }
}

/** Tells one file from another. */
const fingerprintOf = (data) => `${data.length} ${data.slice(-32).join(' ')}`;
