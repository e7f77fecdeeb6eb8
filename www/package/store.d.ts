/**
 * Certificates and sealed private keys, kept in IndexedDB.
 *
 * A private key is stored sealed and leaves the worker never. Every method returns a promise;
 * whatever goes wrong rejects it with an {@link SmimeError}. Besides the errors named, each may reject
 * with `store/unavailable` (there is no IndexedDB here), `store/quota` (no room left; nothing was
 * changed), `store/blocked` (another tab keeps the database from being opened, or does not end what it began
 * there; try again),
 * `store/newer-schema` (written by a newer version of this package; nothing was touched),
 * `store/conflict` (other tabs were faster, time and again), `store/closed` or `store/failed`.
 */
import type {
  Certificate,
  CertificateLike,
  CommonOptions,
  Identity,
  Password,
  Problem,
  RevocationCache,
} from './index.js';

export { SmimeError } from './index.js';

/** Opens the store, and makes its database if there is none. */
export function openStore(options?: {
  /** The name of the database, by default `'smime-wasm'`. */
  database?: string | undefined;
  /** As of the verbs: false works in place. Identities can be added only from where they are. */
  worker?: boolean | undefined;
}): Promise<Store>;

export interface Store {
  /**
   * Keeps what `verify` and `checkCertificate` fetch about revocation, for their option `cache`: up to
   * 64 MiB and 1,000 entries, each until it expires; the oldest go first. It is not sealed, and tells
   * which authorities' certificates were checked, as the database tells whose are stored.
   */
  readonly revocationCache: RevocationCache;

  /**
   * Stores an identity, its private key sealed by a passphrase (Argon2id, AES-256-GCM). One that is
   * stored already is sealed anew by this passphrase: who has the key needs no old one. A key that is
   * elsewhere (`externalIdentity`) stays there: `refused/external-key`.
   */
  addIdentity(
    options: StoreOptions & {
      identity: Identity;
      /** Not empty. As a string it is normalized (NFC), so that all keyboards write the same. */
      passphrase: Password;
      /** Where it comes from, in words of your own; replaces what was said before. */
      origin?: string | undefined;
    },
  ): Promise<StoredIdentity>;

  /**
   * Stores certificates, all of them or, if that fails, none. One that is stored already is not
   * stored twice: its `lastSeen` is updated.
   */
  addCertificates(
    options: StoreOptions & {
      certificates: CertificateLike[];
      /** Where they come from, in words of your own; replaces what was said before. */
      origin?: string | undefined;
    },
  ): Promise<StoredCertificate[]>;

  /**
   * The identities, the oldest first; with `address` those for it. Records that can't be read are left
   * out, here and of the certificates.
   */
  identities(options?: StoreOptions & { address?: string | undefined }): Promise<StoredIdentity[]>;

  /** The certificates, the oldest first; with `address` those for it. */
  certificates(options?: StoreOptions & { address?: string | undefined }): Promise<StoredCertificate[]>;

  /**
   * `store/unreadable-record` with their `count`, if there are records that can't be read: they are
   * damaged, or of a newer version of this package. They stay as they are.
   */
  problems(options?: StoreOptions): Promise<Problem[]>;

  /**
   * Opens the seal of an identity. Until the store is locked, in this tab or another, the identity is
   * like one of `importP12`; then it answers `identity/locked`. The state of the lock is read from
   * the database before each use; if it can't be read, the identity is locked.
   *
   * @throws {SmimeError} `store/wrong-passphrase`, `store/seal-broken`, `store/not-found`
   */
  unlock(
    options: StoreOptions & {
      id: string;
      passphrase: Password;
      /**
       * After how many milliseconds the store locks itself, by default a quarter of an hour. It is
       * one moment for all identities and tabs: the latest call says when.
       */
      lockAfter?: number | undefined;
    },
  ): Promise<Identity>;

  /**
   * @throws {SmimeError} `store/wrong-passphrase`, `store/seal-broken`, `store/not-found`;
   *   `store/conflict` if the identity was changed in the meantime
   */
  changePassphrase(
    options: StoreOptions & { id: string; passphrase: Password; newPassphrase: Password },
  ): Promise<void>;

  /**
   * Locks all tabs. Wherever it is heard every key is wiped at once, those that never were stored
   * too: running calls and all identities answer `identity/locked`. A tab that sleeps, and can't
   * hear it, finds its identities locked when it wakes.
   */
  lock(): Promise<void>;

  /**
   * Removes an identity and its private key. Nothing else ever does: an expired key reads old mail.
   *
   * @throws {SmimeError} `store/not-found`
   */
  removeIdentity(options: StoreOptions & { id: string }): Promise<void>;

  /** @throws {SmimeError} `store/not-found` */
  removeCertificate(options: StoreOptions & { id: string }): Promise<void>;

  /**
   * Listens, until the function that is returned is called.
   *
   * - `'change'`: identities or certificates were added or removed, in this tab or another.
   * - `'locked'`: by `lock`, here or in another tab, or because the time was over.
   * - `'blocked'`: the database can't be opened or used because another tab holds it. Ask to close it.
   * - `'versionchange'`: another tab upgrades or deletes the database, which was closed for that. If a
   *   newer version of your application does it, ask to reload the page.
   */
  on(
    type: 'change' | 'locked' | 'blocked' | 'versionchange',
    listener: () => void,
  ): () => void;

  /** Stops listening. What was unlocked stays so, and `lock` is of no use any more. */
  close(): void;
}

/** What most methods take. */
export type StoreOptions = Pick<CommonOptions, 'signal' | 'limits'>;

export interface StoredCertificate {
  /** The certificate's SHA-256 fingerprint. */
  readonly id: string;
  readonly certificate: Certificate;
  /** The e-mail addresses it stands for. */
  readonly addresses: readonly string[];
  readonly origin?: string;
  /** When it was first added. */
  readonly firstSeen: Date;
  /** When it was last added. */
  readonly lastSeen: Date;
}

export interface StoredIdentity extends StoredCertificate {
  /** The issuers that came with it. */
  readonly chain: readonly Certificate[];
}
