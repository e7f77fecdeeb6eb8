/**
 * The rules of a mail module over a store in IndexedDB: whose certificates there are, whom one may
 * encrypt to, and what to say when not.
 *
 * Every method returns a promise; whatever goes wrong rejects it with an {@link SmimeError}. Besides the
 * errors named, each may reject with those of the store (`smime-wasm/store`), and with `store/closed`
 * after `close`.
 */
import type { CommonOptions, Fetch, Password, TrustAnchors } from './index.js';
import type { StoredIdentity } from './store.js';

export { SmimeError } from './index.js';

/** Opens a mailer, and makes its database if there is none. */
export function openMailer(options: {
  /** The mailboxes of the user. */
  accounts: Account[];
  /** The name of the database, by default `'smime-wasm'`. Each user of a browser needs their own. */
  database?: string;
  /** Whom to trust besides what the user trusts by hand; by default `'mozilla'`. */
  trustAnchors?: TrustAnchors;
  /** Fetches OCSP responses, CRLs and missing issuers, where the settings want them. */
  fetch?: Fetch;
  /** As of the verbs: false works in place. */
  worker?: boolean;
}): Promise<Mailer>;

/** A mailbox. */
export interface Account {
  /** Its address, under which its settings are kept. */
  address: string;
  /** Other addresses that it sends from. */
  aliases?: string[];
  /** Whose it is, in words. */
  name?: string;
  /** By default `'personal'`. */
  kind?: 'personal' | 'shared';
}

export interface Mailer {
  /** The identities, the oldest first. */
  identities(options?: MailerOptions): Promise<OwnIdentity[]>;

  /**
   * Unlocks every identity that the passphrase opens.
   *
   * @throws {SmimeError} `store/wrong-passphrase` if it opens none, `store/not-found` if there is none
   */
  unlock(
    options: MailerOptions & {
      passphrase: Password;
      /**
       * After how many milliseconds everything locks itself, by default a quarter of an hour. It is
       * one moment for all identities and tabs: the latest call says when.
       */
      lockAfter?: number;
    },
  ): Promise<{
    /** The ids of what was unlocked. */
    unlocked: string[];
  }>;

  /** As of the store: locks all tabs. */
  lock(): Promise<void>;

  /** As of the store. */
  on(
    type: 'change' | 'locked' | 'blocked' | 'versionchange',
    listener: () => void,
  ): () => void;

  /** Stops listening. What was unlocked stays so. */
  close(): void;
}

/** What most methods take. */
export type MailerOptions = Pick<CommonOptions, 'signal' | 'limits' | 'now'>;

export interface OwnIdentity extends StoredIdentity {
  /** Whether it can be used now. */
  readonly isUnlocked: boolean;
}
