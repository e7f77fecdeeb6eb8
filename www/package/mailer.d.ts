/**
 * The rules of a mail module over a store in IndexedDB: whose certificates there are, whom one may
 * encrypt to, and what to say when not.
 *
 * Methods return promises; whatever goes wrong rejects them with an {@link SmimeError}. Those that work on many
 * messages (`protectMany`, `openMany`, `readdressMany`) are async generators, which reject when they are read.
 * `on` answers, or throws, at once; `close` never fails. Besides the errors named, each may reject with those of
 * the store (`smime-wasm/store`), and with `store/closed` after `close`.
 */
import type {
  AddressLike,
  Attachment,
  Bytes,
  Certificate,
  Classification,
  CertificateDetails,
  CommonOptions,
  Fetch,
  Identity,
  OpenedLayer,
  OpenedMessage,
  OutputBytes,
  Password,
  Problem,
  RecipientLike,
  RevocationOptions,
  SmimeError,
  StateCode,
  TrustAnchors,
  View,
} from './index.js';
import type { StoredCertificate, StoredIdentity } from './store.js';

export { SmimeError } from './index.js';
export type { AddressLike } from './index.js';

/** Opens a mailer, and makes its database if there is none. */
export function openMailer(options: {
  /** The mailboxes of the user. */
  accounts: Account[];
  /** The name of the database, by default `'smime-wasm'`. Each user of a browser needs their own. */
  database?: string | undefined;
  /** Whom to trust besides what the user trusts by hand; by default `'mozilla'`. */
  trustAnchors?: TrustAnchors | undefined;
  /** What the administrator says about settings (C1). */
  policy?: Policy | null | undefined;
  /**
   * Fetches OCSP responses, CRLs and missing issuers, where the settings want them. Without it nobody is asked,
   * whatever `onlineValidation` says, and what is not known stays so (`revocation/unknown`).
   */
  fetch?: Fetch | undefined;
  /**
   * The user's identities whose keys are on a smartcard, in an HSM or with a server (C3), as `externalIdentity`
   * makes them. They sign, decrypt and are listed as those of the store are, and no lock holds them: whoever
   * does the work asks the user. Their certificates are stored; the identities are given each time.
   */
  identities?: Identity[] | undefined;
  /** The `storeId` of before, where the host kept it (C2): it tells whether this is the same database. */
  storeId?: string | null | undefined;
  /** What the user's devices have in common (K12), see `sync` of the mailer. */
  sync?: Sync | undefined;
  /** As of the verbs: false works in place. */
  worker?: boolean | undefined;
}): Promise<Mailer>;

/** A mailbox. */
export interface Account {
  /** Its address, under which its settings are kept: `name@example.com` and nothing beside. */
  address: string;
  /** Other addresses that it sends from. */
  aliases?: string[] | undefined;
  /** Whose it is, in words. Of the first personal one it stands beside what the user decides. */
  name?: string | undefined;
  /** By default `'personal'`. */
  kind?: 'personal' | 'shared' | undefined;
}

export interface Mailer {
  /**
   * Random, made with the database. The host keeps it, for each user and device, and gives it to
   * `openMailer` the next time.
   */
  readonly storeId: string;

  /**
   * What was to be said about the database when it was opened: `store/vanished` (it is another than the
   * host knows), `store/partitioned` (the page is embedded in another site), `store/not-persistent` (the
   * browser may clear it).
   */
  readonly problems: readonly Problem[];

  /** The state of the database now, for a settings page (C2). It reads every record. */
  storage(options?: MailerOptions): Promise<Storage>;

  /**
   * Stores the identities in key files, and the certificates that come with them (K1). One result for
   * each file, in their order; a file that can't be read does not keep the others out. What is stored already
   * is sealed anew. The keys are unlocked then, in all tabs, as by `unlock`. Asks the browser
   * to keep the database, the first time and until it says yes.
   *
   * @throws {SmimeError} `store/quota` if the browser says that the files will not fit, and then nothing
   *   was done; `aborted`. What is wrong with one file is the `error` of its result:
   *   `p12/wrong-password`, `malformed/p12`, `limit/input-bytes`, `store/quota`, …
   */
  importP12(
    options: MailerOptions & {
      /** What an `<input type="file">` has in its `files` will do, too. */
      files: Iterable<KeyFile | Blob> | ArrayLike<KeyFile | Blob>;
      /** For files without one of their own; by default empty. */
      password?: Password | undefined;
      /** How the keys are sealed in the database. */
      seal: Seal;
      /** False leaves what was locked locked. */
      unlock?: boolean | undefined;
    },
  ): Promise<ImportedFile[]>;

  /**
   * Everything in the store as one file (K12): identities with their sealed keys, certificates with all
   * that is known of them, decisions, settings, shared accounts. It is sealed by the passphrase (Argon2id
   * and AES-256-GCM), which also opens the keys that are unlocked now; those that are not open only as
   * they do here, and `backup/locked-keys` says how many.
   */
  backup(
    options: MailerOptions & { passphrase: Password },
  ): Promise<{ data: OutputBytes; problems: Problem[] }>;

  /**
   * Takes in a backup, all of it or nothing. What is not here is added. What is in both is merged so that
   * nothing gives way to something older: of decisions and of the settings of a scope the later ones
   * count, keys stay as they are here. Nothing is removed, and what was removed since the backup was made
   * comes back (`returned`), on all devices: who does not want that removes it again. `store/altered` says how many decisions and
   * settings were left out because nobody who has the keys made them, also those that were made here before
   * the first key came with the backup.
   *
   * @throws {SmimeError} `store/wrong-passphrase`; `malformed/backup` if the file is none, is damaged or
   *   not all there; `store/newer-schema`; `identity/locked` if there are identities here and none
   *   is unlocked; `store/quota`. Nothing was changed then.
   */
  restore(
    options: MailerOptions & {
      data: Bytes;
      passphrase: Password;
    },
  ): Promise<Restored>;

  /**
   * Merges what the user's other devices left by the `sync` that the mailer was opened with, and leaves
   * there what they don't know yet. The file is a backup, and its passphrase has to be the same on all
   * devices. What was removed on one device goes from the others too, unless it was added again or somebody
   * decided about it there later; identities with their keys. Where there are identities, that is believed only of who
   * had unlocked one: what is removed while everything is locked comes back. Once the host has taken it, it counts as a
   * backup.
   *
   * @throws {SmimeError} as `restore`, and `sync/failed`; `store/conflict` if others were faster, time and
   *   again
   */
  sync(options: MailerOptions & { passphrase: Password }): Promise<{
    added: number;
    updated: number;
    /** What other devices had removed. */
    removed: number;
    /** Whether anything was left for the other devices. */
    pushed: boolean;
    problems: Problem[];
  }>;

  /** The identities, the oldest first. */
  identities(options?: MailerOptions): Promise<OwnIdentity[]>;

  /**
   * A page of everything that was ever received or imported (FEATURES K2), in the order of the first
   * address or name. Own ones are among them.
   *
   * @throws {SmimeError} `usage/wrong-option`
   */
  certificates(options?: MailerOptions & CertificateFilter): Promise<{
    entries: CertificateRow[];
    /** Give it as `after` to get the next page. Absent on the last one. */
    after?: string;
    /** How many there are on all pages. */
    total: number;
  }>;

  /**
   * One certificate in full, and whether it is good now by what is at hand (K3): nobody is asked. Those of
   * `trustAnchors` have one too.
   *
   * @throws {SmimeError} `store/not-found`
   */
  certificate(options: MailerOptions & { id: string }): Promise<CertificateView>;

  /**
   * Asks whether the certificate was revoked, through the `fetch` of `openMailer`, and stores the answer and
   * its time (K3). With `online: false` by what is at hand alone. That it was revoked is never
   * forgotten.
   *
   * @throws {SmimeError} `store/not-found`
   */
  checkCertificate(
    options: MailerOptions & Pick<RevocationOptions, 'crls' | 'ocspResponses'> & {
      id: string;
      /** By default true. */
      online?: boolean | undefined;
    },
  ): Promise<CertificateView>;

  /**
   * Takes in certificates of others by hand (K4): `.cer`, `.crt`, `.pem`, `.p7b`, `.p7c`, and the KEY of a
   * `.vcf`. What can't be read is left out if something else can.
   *
   * @throws {SmimeError} `malformed/certificate`, `p12/key-file`, `limit/…`, `identity/locked` with `assign`
   */
  importCertificates(
    options: MailerOptions & {
      data: Bytes;
      /** Where they come from, in your words; by default `'file'`. */
      origin?: string | undefined;
      /**
       * Whom to encrypt to with those that are no authority's, whether they name these addresses or not:
       * the certificates of gateways and domains. They are trusted for that, and for nothing else. At
       * least one address or domain; `.example.com` are the hosts below it. `by` as of `setTrust`.
       */
      assign?: { addresses?: string[] | undefined; domains?: string[] | undefined; by?: string | undefined } | undefined;
    },
  ): Promise<
    {
      entry: CertificateRow;
      /** Whether it was not stored before. */
      isNew: boolean;
      /** What keeps it from being used now, and what else there is to say. */
      problems: Problem[];
    }[]
  >;

  /**
   * Trusts an authority or somebody's certificate by hand, distrusts it, or leaves it to the issuers again
   * (K9). It counts for mail only. With identities in the store, one has to be unlocked.
   *
   * @throws {SmimeError} `store/not-found`; `identity/locked`; `usage/wrong-option`, also where distrust is
   *   limited to what the certificate does not name
   */
  setTrust(
    options: MailerOptions & {
      id: string;
      trust: 'trusted' | 'distrusted' | 'automatic';
      /** For these addresses only. */
      addresses?: string[] | undefined;
      /** For addresses at these hosts only, and with a period in front, at those below. */
      domains?: string[] | undefined;
      /** Who decides, in your words; by default the name or address of the first personal account. */
      by?: string | undefined;
    },
  ): Promise<CertificateRow>;

  /**
   * A certificate as a file, never with its key (K5). `'p7b'` has the chain with it, as far as it is known.
   *
   * @throws {SmimeError} `store/not-found`
   */
  exportCertificate(
    options: MailerOptions & { id: string; format: 'der' | 'pem' | 'p7b' },
  ): Promise<OutputBytes>;

  /**
   * An identity with its key as a `.p12` (K5). It has to be unlocked, and the password may not be empty.
   *
   * @throws {SmimeError} `identity/locked`, `store/not-found`, `usage/wrong-option`
   */
  exportP12(
    options: MailerOptions & {
      id: string;
      password: Password;
      /** As with `exportP12` of the package. */
      profile?: 'modern' | 'pbmac1' | 'compatible' | undefined;
    },
  ): Promise<OutputBytes>;

  /**
   * What to tell before something is removed (K6): the addresses and the period it served. How many mails are
   * encrypted for it the host can count by what `inspect` tells of them, see docs/INTEGRATION.md.
   *
   * @throws {SmimeError} `store/not-found`
   */
  removal(options: MailerOptions & { id: string }): Promise<{
    addresses: string[];
    /** Its validity. */
    from: Date;
    until: Date;
    firstSeen: Date;
    lastSeen: Date;
    /** Whether it is an identity's: mail that was encrypted for it can't be read any more. */
    isOwn: boolean;
    /** Whether its certificate stays in the list, as of an identity, until it is removed too. */
    keepsCertificate: boolean;
  }>;

  /**
   * Removes a certificate of somebody's. Whatever was encrypted for you opens without it.
   *
   * @throws {SmimeError} `store/not-found`; `usage/wrong-option` for that of an identity, which `removeIdentity`
   *   removes; `identity/locked` where somebody decided about it
   */
  removeCertificate(options: MailerOptions & { id: string }): Promise<void>;

  /**
   * Removes an identity and its key. Its certificate stays in the list, with all that is known of it and
   * `'own'` as its origin, so that old mail can be checked: `removeCertificate` removes that too.
   *
   * @throws {SmimeError} `store/not-found`
   */
  removeIdentity(options: MailerOptions & { id: string }): Promise<void>;

  /** Whom is trusted: the `trustAnchors` of `openMailer`, and those that were trusted by hand (K10). */
  trustAnchors(options?: MailerOptions): Promise<{
    /** Which of Mozilla's lists it is, where it is used. */
    mozilla?: { source: string; date: string };
    entries: CertificateRow[];
    /** `store/altered` for each decision that does not count, `store/unbound` where only another key could tell. */
    problems: Problem[];
  }>;

  /**
   * Own certificates that end soon or have ended, the most urgent first (K11). A newer one for the same
   * addresses and uses ends the reminders; the old key stays.
   *
   * @throws {SmimeError} `usage/wrong-option`
   */
  reminders(
    options?: MailerOptions & {
      /** How many days before the end to remind; by default those of the setting `remindDays`. */
      days?: number[] | undefined;
    },
  ): Promise<Reminder[]>;

  /**
   * Unlocks every identity that a way opens, in all tabs of the database, also those opened later, and
   * through a restart of the module (FEATURES R1, C2). What was unlocked before stays so.
   *
   * Tabs share what is unlocked where there are the browser's SubtleCrypto and locks (`navigator.locks`),
   * which is in secure contexts; elsewhere each tab is unlocked by itself. A reload of the only tab locks.
   *
   * @throws {SmimeError} `store/no-identity` if there is none; if it opens none `store/wrong-passphrase`,
   *   `store/wrong-key` (a passkey, the device) or `store/seal-broken`; `passkey/not-given`,
   *   `passkey/unsupported`; `identity/locked` if somebody locks meanwhile
   */
  unlock(
    options: MailerOptions &
      (
        | { passphrase: Password; passkey?: undefined; device?: undefined }
        /** Any passkey that opens something, or the one with this id. It needs a click of the user's. */
        | { passkey: true | Partial<Passkey>; passphrase?: undefined; device?: undefined }
        | { device: true; passphrase?: undefined; passkey?: undefined }
      ) & {
        /**
         * After how many milliseconds without use everything locks itself, from a minute to a week; by default
         * as the setting `lockAfter` says, and never later where the administrator locked that (C1). Calls
         * that may need a key are uses, to look (`identities`, `lockState`) is none. It is one moment for all
         * identities and tabs: the latest call says when.
         */
        lockAfter?: number | undefined;
      },
  ): Promise<{
    /** The ids of what was unlocked. */
    unlocked: string[];
  }>;

  /**
   * Who is ready for signed and encrypted mail: what a compose window shows while somebody types (S2).
   * Nothing is fetched, and nothing has to be unlocked.
   *
   * A recipient that is no address yet is one who is not ready (`recipient/no-address`).
   *
   * @throws {SmimeError} `usage/wrong-option` for a sender that is none of this mailer's
   */
  recipients(
    options: MailerOptions & {
      from: AddressLike;
      to?: AddressLike[] | undefined;
      cc?: AddressLike[] | undefined;
      bcc?: AddressLike[] | undefined;
      /** By default `'mail'`. */
      kind?: MailKind | undefined;
      /** Further identities of the user's, for this call alone, such as `externalIdentity` makes (C3). */
      identities?: Identity[] | undefined;
    },
  ): Promise<Readiness>;

  /**
   * Signs and encrypts a message as the settings and the user say (S1 to S11): the bytes to submit, with
   * the envelope of each, and what to keep.
   *
   * @throws {SmimeError} `refused/private-key` if one is attached; `refused/no-certificate` with the
   *   `addresses` of those who can't read encrypted mail, where `without` does not say what to do with them,
   *   and beside each the field (`fields`: `'to'`, `'cc'` or `'bcc'`) and the code of a problem (`reasons`);
   *   `refused/archive` if a certificate of `archiveRecipients` can't be used;
   *   `refused/sender`, whose detail `reason` is the code of a problem; `refused/must-encrypt`,
   *   `refused/unsigned-encryption`; `refused/setting-locked` for what the administrator does not allow;
   *   `identity/locked`, also where something was chosen or trusted and nothing is unlocked that could tell
   *   by whom; those of `protectMessage`
   */
  protect(options: MailerOptions & SendOptions): Promise<Sent>;

  /**
   * The same for many messages, one after the other: those that could not be sent come with an `error`,
   * and the rest goes on (S13). By default they are signed, and `'bulk'`. What would befall every message,
   * such as a locked key, rejects. `onProgress` is told how many are done; `signal` ends the job.
   */
  protectMany(
    options: Omit<MailerOptions, 'onProgress'> &
      Omit<SendOptions, 'message'> & {
        /** What each has by itself; it is asked for one message at a time. */
        messages: Iterable<SendOptions> | AsyncIterable<SendOptions>;
        onProgress?: ((done: number, total: number | undefined) => void) | undefined;
      },
  ): AsyncGenerator<{ index: number; error?: SmimeError } & Partial<Sent>>;

  /**
   * Encrypts a draft to the sender's own current certificates (S12). Nothing has to be unlocked.
   *
   * @throws {SmimeError} `refused/sender` where there is none
   */
  protectDraft(
    options: MailerOptions & { message: Bytes; from: AddressLike },
  ): Promise<OutputBytes>;

  /**
   * Mail that asks people for their certificates, to be shown, changed and given to `protect` with
   * `sign: true, encrypt: false` (S3). Each gets one of their own, so that nobody learns of the others. As long
   * as it says what it says here and nothing else, it goes unencrypted also where everything has to be encrypted.
   */
  requestCertificate(
    options: MailerOptions & {
      from: AddressLike;
      to: AddressLike[];
      /** `'de'` or `'en'`. */
      language?: string;
    },
  ): Promise<{
    subject: string;
    text: string;
    messages: { to: string; message: OutputBytes }[];
  }>;

  /**
   * What holds now: for everything, for an account, for mail from an account to a contact.
   *
   * @throws {SmimeError} `usage/wrong-option` for an account that is none of this mailer's
   */
  settings(
    options?: MailerOptions & {
      /** An address of one of the accounts. */
      account?: string | undefined;
      /** The address of somebody who is written to. */
      contact?: string | undefined;
    },
  ): Promise<{
    /** Every setting; see docs/SETTINGS.md for what they do. */
    values: Settings;
    /** Those that only the administrator changes. */
    locked: (keyof Settings)[];
    /** `store/altered` for what was not chosen here, `store/unbound` where only another key could tell: it counts for nothing. */
    problems: Problem[];
  }>;

  /**
   * Chooses values for everything, for an account or for a contact; `null` takes a choice back, so that
   * what is chosen for more holds again.
   *
   * @throws {SmimeError} `refused/setting-locked` for what the administrator locked, `identity/locked`
   *   where there are identities and none is unlocked,
   *   `usage/unknown-option` and `usage/wrong-option` for what can't be chosen (so); nothing is changed
   */
  changeSettings(
    options: MailerOptions & {
      account?: string | undefined;
      contact?: string | undefined;
      values: { [setting in keyof Settings]?: Settings[setting] | null | undefined };
    },
  ): Promise<void>;

  /** Whether something is unlocked, and until when if nothing is used before. */
  lockState(options?: MailerOptions): Promise<{ isLocked: boolean; expires?: Date }>;

  /**
   * Makes a passkey that can seal. It needs a click of the user's, and a domain that is the page's.
   *
   * @throws {SmimeError} `passkey/unsupported` if it lacks WebAuthn's extension PRF, `passkey/not-given`
   */
  createPasskey(options: {
    /** Whose it is, as the browser shows it: an address. */
    name: string;
    displayName?: string | undefined;
    /** By default the page's host. */
    rpId?: string | undefined;
    signal?: AbortSignal | undefined;
  }): Promise<Passkey>;

  /**
   * Puts a new passphrase in the place of one, for all identities that it opens, at once, or for those
   * with these ids. The private keys are not sealed anew, so that this helps nobody whose database was
   * copied while the passphrase was known: `renewKey` does.
   *
   * @throws {SmimeError} as `unlock`; `store/not-found`
   */
  changePassphrase(
    options: MailerOptions & { passphrase: Password; newPassphrase: Password; ids?: string[] | undefined },
  ): Promise<{
    /** The ids of what it was changed for. */
    changed: string[];
  }>;

  /**
   * Adds a way to unlock an identity, which has to be unlocked.
   *
   * @throws {SmimeError} `identity/locked`, `store/not-found`, `store/conflict`
   */
  addUnlock(options: MailerOptions & { id: string; seal: Seal }): Promise<void>;

  /**
   * Removes a way to unlock an identity, which has to be unlocked.
   *
   * @throws {SmimeError} `store/last-way`, `identity/locked`, `store/not-found`, `store/conflict`
   */
  removeUnlock(
    options: MailerOptions & {
      id: string;
      /** The `id` of one of its `ways`. */
      way: string;
    },
  ): Promise<void>;

  /**
   * Seals an identity, which has to be unlocked, by a new key, for when somebody may have had the database
   * and what opens it. All ways to unlock it but this one are gone, here: backups and other devices keep
   * theirs, so renew it there too. Who already took the private key still has it: have the certificate
   * revoked.
   *
   * @throws {SmimeError} as `addUnlock`
   */
  renewKey(options: MailerOptions & { id: string; seal: Seal }): Promise<void>;

  /**
   * As of the verbs, by whatever is unlocked (R8).
   *
   * @throws {SmimeError} those of the verb; `refused/recipient` also for a certificate that is distrusted or
   *   known to be revoked; `identity/locked` where nothing is unlocked
   */
  addRecipients(
    options: MailerOptions & { message: Bytes; recipients: RecipientLike[]; renew?: boolean | undefined },
  ): Promise<OutputBytes>;

  /** As of the verbs, by whatever is unlocked (R8). */
  removeRecipients(
    options: MailerOptions & { message: Bytes; recipients: RecipientLike[] },
  ): Promise<OutputBytes>;

  /**
   * Stored mail gets other recipients, without its content being decrypted (R8): when a certificate is
   * replaced, or somebody leaves. In one step per message: what is to be removed may be what opens it, if
   * what is added opens it from then on and is unlocked too.
   *
   * ```ts
   * for await (const { id, error } of mailer.readdressMany({ messages, read, write, add: [next], remove: [old] })) {
   *   if (error) failed.push([id, error.code]);
   *   await saveCursor(id);
   * }
   * ```
   *
   * To cancel, leave the loop or abort the signal. To resume, begin after the last id that came: those
   * before it are written. Doing one again does no harm. What is wrong with one message is told beside its
   * id; what is wrong with all (`aborted`, `identity/locked`, `store/…`, `usage/…`) ends the loop.
   */
  readdressMany<Id>(
    options: Omit<MailerOptions, 'onProgress'> & {
      /** `{ id, message }` of each, or with `read` `{ id }`, in the order they come. */
      messages:
        | Iterable<{ id: Id; message?: Bytes | undefined }>
        | AsyncIterable<{ id: Id; message?: Bytes | undefined }>;
      /** Gives the message of an id, where the item has none. */
      read?: ((id: Id) => Promise<Bytes> | Bytes) | undefined;
      /** Stores a message that changed, in the place of the one before; awaited before its id comes. */
      write?: ((id: Id, message: OutputBytes) => Promise<unknown> | unknown) | undefined;
      add?: RecipientLike[] | undefined;
      remove?: RecipientLike[] | undefined;
      /**
       * As of `addRecipients`: for archives, so that no message only seems to be for them. Each message is
       * written anew then.
       */
      renew?: boolean | undefined;
      /** Called after each message; `total` is known of an array alone. */
      onProgress?: ((progress: { done: number; total?: number }) => void) | undefined;
    },
  ): AsyncGenerator<ReaddressedMessage<Id>, void, void>;

  /** Accounts that several people share (FEATURES K7). */
  readonly sharedAccounts: SharedAccounts;

  /**
   * Opens a mail with every key that is unlocked, also those of expired, replaced and revoked certificates
   * (FEATURES R1, R7: also a bare `.p7m`, or a `.p7s` with `content`). Signatures are checked by the
   * settings of the account, for the moment when the mail arrived (R4); what the mail teaches about
   * certificates is kept as the settings say (R2, R3, `docs/TRUST.md`). Whatever keeps it from being
   * opened is an answer, and no error.
   *
   * @throws {SmimeError} `limit/…`, `usage/…`
   */
  open(options: OpenMailOptions): Promise<OpenedMail>;

  /**
   * Opens one mail after the other, as the answer is read. One that can't be opened is told with its error
   * and stops nothing; `signal` stops all. What an item says goes before what is said for all.
   */
  openMany<Id = unknown>(
    options: Omit<OpenMailOptions, 'message' | 'content' | 'onProgress'> & {
      messages:
        | Iterable<OpenMailOptions & { id?: Id | undefined }>
        | AsyncIterable<OpenMailOptions & { id?: Id | undefined }>;
      /** After each. `total` is known of arrays and sets. */
      onProgress?: ((progress: { done: number; total?: number }) => void) | undefined;
    },
  ): AsyncGenerator<
    { id: Id; opened: OpenedMail; error?: undefined } | { id: Id; opened?: undefined; error: SmimeError }
  >;

  /**
   * Keeps a certificate that `open` offered (the yellow bar, R2). It is known from then on; whether it is
   * trusted stays a question of its path and of `setTrust`. By its id, one that was kept without being
   * trusted and waits to be accepted (`recipient/not-accepted`).
   *
   * @throws {SmimeError} `store/not-found`, `usage/wrong-option`
   */
  acceptCertificate(
    options: MailerOptions &
      ({ offer: CertificateOffer; id?: undefined } | { id: string; offer?: undefined }),
  ): Promise<Learned[]>;

  /**
   * Opens a mail, and makes what there is to archive of it (R6): where the account's setting `keepCopies` is
   * `'decrypted'`, a decrypted copy, beside the original and never instead of it; and the evidence of its
   * signature.
   *
   * @throws {SmimeError} as `open`; `identity/locked`, `decrypt/…` where it could not be decrypted
   */
  archive(options: OpenMailOptions): Promise<ArchivedMail>;

  /**
   * Checks archived evidence again, for the moment when the mail arrived, and asks nobody (R6).
   *
   * @throws {SmimeError} `malformed/evidence`
   */
  checkArchived(options: MailerOptions & { evidence: Bytes }): Promise<CheckedArchive>;

  /**
   * As the verb `classify`, with what a mail list shows before anything is opened (R10).
   */
  classify(
    options: MailerOptions & ({ headers: Bytes } | { bodyStructure: string | Bytes }),
  ): Promise<Classification & { verdict: ListVerdict }>;

  /**
   * As of the store: locks all tabs. What runs and may need a key rejects (`identity/locked`), though what it
   * was just writing may have been written; what only reads goes on.
   */
  lock(): Promise<void>;

  /**
   * As of the store; and `'unlocked'`: by `unlock`, here or in another tab.
   *
   * @throws {SmimeError} at once: `usage/wrong-option`, `store/closed`
   */
  on(
    type: 'change' | 'locked' | 'unlocked' | 'blocked' | 'versionchange',
    listener: () => void,
  ): () => void;

  /** Stops listening. What was unlocked stays so. */
  close(): void;
}

/**
 * Where the user's devices leave what they have in common: one sealed file for each user, with a version
 * that differs after each change. What throws here is the `cause` of a `sync/failed`.
 */
export interface Sync {
  /** The file, and which version it is; nothing if there is none yet. */
  pull(): Promise<{ data: Bytes; version: string | number } | undefined | null>;
  /** Keeps a file in the place of a version; false, and keeps nothing, if another version is there now. */
  push(file: { data: OutputBytes; replaces?: string | number }): Promise<boolean | void>;
}

/** What a backup brought. */
export interface Restored {
  /** Records that were not there: identities, certificates, settings, shared accounts. */
  added: number;
  /** Records that were there and know more now. */
  updated: number;
  /** Records that stay as they were. */
  kept: number;
  /** How many of the added ones had been removed here since the backup was made. */
  returned: number;
  /** Records of the backup that can't be read. */
  unreadable: number;
  /** `store/altered` with the `count` of decisions and settings that nobody known had made. */
  problems: Problem[];
}

/** A key file. */
export interface KeyFile {
  data: Bytes;
  /** For the result alone. */
  name?: string | undefined;
  /** By default the one for all. */
  password?: Password | undefined;
}

/** What became of a key file. */
export interface ImportedFile {
  name?: string;
  /**
   * The identities that are stored now. Their problems are `import/no-account` (none of the accounts has
   * its address: it is used once there is one), `import/untrusted` (self-signed, or by an authority that
   * is not trusted: nothing is signed with it by itself), `import/expired`, and with the first identity
   * `store/adopted`: the `count` of records in the store with decisions and settings from before, which count from now on.
   */
  identities: (StoredIdentity & { readonly problems: Problem[] })[];
  /** The other certificates of the file, issuers among them, which are stored too. */
  certificates: StoredCertificate[];
  /**
   * What was weak or left out in the file (`p12/…`). With the first file of which identities were stored also
   * `store/backup-due`, and `store/not-persistent` if the browser does not promise to keep them.
   */
  problems: Problem[];
  /** Why not everything of it, or nothing, is stored. */
  error?: SmimeError;
}

/** The state of the database. */
export interface Storage {
  storeId: string;
  /** When `backup` was last called. */
  lastBackup?: Date;
  /** Whether the browser keeps the database until the user clears it, where it tells. */
  isPersistent?: boolean;
  /** Bytes that this site uses and may use, about, where the browser tells. */
  usage?: number;
  quota?: number;
  /**
   * As of the mailer, and `store/backup-due` (there are keys that are in no backup) and
   * `store/unreadable-record` (records that are damaged, or of a newer version: they are left out of all
   * lists, and stay as they are).
   */
  problems: Problem[];
}

/** What most methods take. */
export type MailerOptions = Omit<CommonOptions, 'worker'>;

/** Which certificates a list shows; all of it where nothing is said. */
export interface CertificateFilter {
  /** Text in an address or a name of the subject, in whatever case. */
  filter?: string | undefined;
  /** The address they stand for or are assigned to. */
  address?: string | undefined;
  state?: CertificateState | undefined;
  /** Only own ones, or only those of others. */
  own?: boolean | undefined;
  /** Only those of authorities, or only others. */
  authorities?: boolean | undefined;
  /** What the page before gave. */
  after?: string | undefined;
  /** Rows of a page: 1 to 1,000, by default 100. */
  limit?: number | undefined;
}

/**
 * Whether a certificate may be used, leaving aside who issued it. `'revoked'` as far as that was asked
 * before. The first that fits: distrusted, revoked, expired, not yet valid.
 */
export type CertificateState = 'valid' | 'expired' | 'not-yet' | 'revoked' | 'distrusted';

/** A certificate as a list shows it. */
export interface CertificateRow {
  /** SHA-256 over the certificate, in hexadecimal. */
  readonly id: string;
  /** The addresses it stands for. */
  readonly addresses: readonly string[];
  /** Addresses, and domains with an `@` in front, that somebody assigned it to: to encrypt only. */
  readonly assigned: readonly string[];
  /** Whose it is, in a few words. */
  readonly name?: string;
  /** Who issued it, in a few words. */
  readonly issuer?: string;
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly state: CertificateState;
  /** Whether its key is here, locked or not. */
  readonly isOwn: boolean;
  /** Whether it is for an account of several people. */
  readonly isShared: boolean;
  /** Whether it is a CA's. */
  readonly isAuthority: boolean;
  /** The addresses of the accounts that it is for. */
  readonly accounts: readonly string[];
  /** Whether its usages let it sign mail. */
  readonly canSign: boolean;
  /** Whether its usages let mail be encrypted for it. */
  readonly canEncrypt: boolean;
  /** Where it came from. */
  readonly origin?: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** What somebody decided by hand, who and when. Without addresses and domains it is about all. */
  readonly decision?: {
    readonly trust: 'trusted' | 'distrusted';
    readonly addresses: readonly string[];
    readonly domains: readonly string[];
    readonly by: string;
    readonly at: Date;
  };
  /** What was last found out about revocation, and when. */
  readonly revocation: {
    readonly status: 'good' | 'revoked' | 'unknown' | 'unchecked';
    readonly checked?: Date;
  };
}

/** A certificate in full. */
export interface CertificateView extends CertificateRow {
  readonly certificate: Certificate;
  /** As `certificateDetails` tells. */
  readonly details: CertificateDetails;
  /** From the certificate towards the trust anchor, as far as it leads. */
  readonly chain: readonly Certificate[];
  /** Whether it is good now. */
  readonly trust: 'trusted' | 'untrusted' | 'unchecked';
  /** What this call found out about revocation. */
  readonly asked: 'good' | 'revoked' | 'unknown' | 'unchecked';
  /** Why, what weighs most first. */
  readonly problems: readonly Problem[];
}

/**
 * What seals a private key (FEATURES K1): a passphrase (Argon2id), a passkey (WebAuthn's extension PRF), or
 * this browser's profile. The last protects against other origins only: the browser keeps what opens it
 * beside it, and who has the profile has the key.
 */
export type Seal =
  | { passphrase: Password; passkey?: undefined; device?: undefined }
  | { passkey: Passkey; passphrase?: undefined; device?: undefined }
  | { device: true; passphrase?: undefined; passkey?: undefined };

/** A passkey. */
export interface Passkey {
  /** Its id in base64url. */
  readonly id: string;
  /** As it was made with. */
  readonly rpId?: string | undefined;
}

/** A way to unlock that is set up. */
export interface Way {
  /** For `removeUnlock`. It changes when the way is set up anew, as by another passphrase. */
  readonly id: string;
  readonly kind: 'passphrase' | 'passkey' | 'device';
  /** Of a passkey: its id. */
  readonly passkey?: string;
}

/**
 * Accounts that several people share ("Gruppen-E-Mail-Konten", FEATURES K7). An administrator signs who the
 * members are and what the account's identities are, with their keys encrypted for each member. The host carries
 * these bytes (`data`) from one to the next, after every change and to everybody who was a member; no server
 * sees the keys. `docs/SHARED.md` tells what this protects from whom.
 *
 * What was accepted is used by itself: unlocking a member's own identity unlocks the account's identities too.
 * They stand among `identities()` and `certificates()` with `isShared`, and mail is signed, encrypted and
 * opened with them as with any other. Nobody but an unlocked user accepts, changes or shares.
 */
export interface SharedAccounts {
  /**
   * Shares an account. Where it is shared already, the user takes it over: who accepts that has to confirm the
   * new administrator.
   *
   * @throws {SmimeError} `identity/locked`, `store/not-found`; `usage/wrong-option` for identities that do not
   *   name the address;
   *   `refused/recipient` for a member who can't be encrypted to, `refused/signer`
   */
  create(
    options: MailerOptions & {
      /** The address. */
      account: string;
      /** The id of the user's own identity that signs. It is none of the account's. */
      administrator: string;
      /** The ids of the account's identities, imported by `importP12`, the newest first. */
      ids: string[];
      members: SharedMember[];
    },
  ): Promise<SharedChange>;

  /**
   * What somebody says of an account, whoever that is: the user compares `administrator.fingerprint` with what
   * they were told, before the first `accept`. Nothing is stored.
   *
   * @throws {SmimeError} `shared/not-authentic`, `malformed/shared-account`
   */
  inspect(options: MailerOptions & { data: Bytes }): Promise<SharedAccount>;

  /**
   * Takes what an administrator signed. The first time `administrator` says who that has to be; later it is
   * known, and stays the same. Accepting the same again changes nothing. Where the user is no member any more, the
   * keys of the account are dropped here, in all tabs.
   *
   * @throws {SmimeError} `identity/locked`; `shared/unknown-administrator`, `shared/other-administrator`,
   *   `shared/not-authentic`, `shared/rolled-back`, `malformed/shared-account`. Nothing was changed then.
   */
  accept(
    options: MailerOptions & {
      data: Bytes;
      /** The certificate that the user, or whoever set up the host, has confirmed. */
      administrator?: Certificate | Bytes | undefined;
      /** Whether it takes the place of another one: somebody has confirmed that too. */
      isNewAdministrator?: boolean | undefined;
    },
  ): Promise<SharedAccount>;

  /** The accounts that were accepted or created. */
  list(options?: MailerOptions): Promise<{
    entries: SharedAccount[];
    /** `store/altered` with a `count`: as many in the database are not what the user accepted, and left out. */
    problems: Problem[];
  }>;

  /**
   * Adds members, or gives those with the same certificate another name.
   *
   * @throws {SmimeError} `identity/locked`, `store/not-found`, `shared/not-administrator`, `refused/recipient`
   */
  addMembers(
    options: MailerOptions & { account: string; members: SharedMember[] },
  ): Promise<SharedChange>;

  /**
   * Removes members. They can't unknow the key: `shared/rekey-suggested` says so.
   *
   * @throws {SmimeError} as `addMembers`; `store/not-found` also for somebody who is no member,
   *   `refused/last-recipient` if nobody would be left
   */
  removeMembers(
    options: MailerOptions & { account: string; members: (Certificate | Bytes)[] },
  ): Promise<SharedChange>;

  /**
   * Puts new identities in the place of the account's. Those before stay, so that old mail can be read.
   *
   * @throws {SmimeError} as `create` and `addMembers`
   */
  replaceIdentities(
    options: MailerOptions & {
      account: string;
      /** Their ids, imported by `importP12`. */
      ids: string[];
    },
  ): Promise<SharedChange>;

  /** The key that the module made for the user, if it did. */
  memberKey(options?: MailerOptions): Promise<MemberKey | undefined>;

  /**
   * Makes a key for a user who has no certificate. It opens shared accounts and is for nothing else: it signs
   * nothing, stands for no address and in no list. The host brings its certificate to the administrator,
   * who confirms its fingerprint with the user, not with the server, before adding it. `removeIdentity` removes
   * it.
   *
   * @throws {SmimeError} `shared/member-key-exists`
   */
  createMemberKey(
    options: MailerOptions & {
      seal: Seal;
      /** Whose it is, in at most 64 characters; it stands in the certificate. */
      name?: string | undefined;
    },
  ): Promise<MemberKey>;
}

/** Somebody who can use a shared account. */
export interface SharedMember {
  /** Who, as the host calls them. */
  readonly name?: string | undefined;
  /** Whose key opens the account: an S/MIME certificate, or that of a `MemberKey`. */
  readonly certificate: Certificate | Bytes;
}

/** A key for shared accounts. */
export interface MemberKey {
  readonly id: string;
  readonly certificate: Certificate;
}

/** A shared account. */
export interface SharedAccount {
  /** Its address. */
  readonly account: string;
  /** Rises with every change, and never falls. */
  readonly epoch: number;
  /** Whose signature counts. */
  readonly administrator: Certificate;
  readonly members: readonly { readonly name: string; readonly certificate: Certificate }[];
  /** Its identities, the newest first, by their ids among `identities()`. */
  readonly identities: readonly { readonly id: string; readonly certificate: Certificate }[];
  /** Whether one of the user's own identities is a member's. */
  readonly isMember: boolean;
  /** Whether one of the user's own identities signs for it. */
  readonly isAdministrator: boolean;
  /** `shared/not-a-member`. */
  readonly problems: readonly Problem[];
}

/** What came of a change to a shared account. */
export interface SharedChange {
  /** What the host carries to all members, and to those who were. */
  readonly data: OutputBytes;
  /** As it is now. */
  readonly account: SharedAccount;
  /** `shared/rekey-suggested`. */
  readonly problems: readonly Problem[];
}

/** What became of a message in `readdressMany`. */
export interface ReaddressedMessage<Id> {
  readonly id: Id;
  /** Whether it has other recipients now. */
  readonly isChanged: boolean;
  /** The new message, if there is one and no `write`. */
  readonly message?: OutputBytes;
  /** Why it stayed as it was: an `SmimeError`, or what `read` or `write` threw. */
  readonly error?: Error;
}

/**
 * An identity that is stored. It is a description: its key stays in the mailer, and the verbs of the package,
 * which want an `Identity`, do not take it.
 */
export interface OwnIdentity extends StoredIdentity {
  /** Whether it can be used now. */
  readonly isUnlocked: boolean;
  /** Whether it came with a shared account, or one of its accounts is several people's. */
  readonly isShared: boolean;
  /** The addresses of the user's accounts that it stands for. */
  readonly accounts: readonly string[];
  /** Whether its key is elsewhere (C3): there is nothing to unlock, and `ways` is empty. */
  readonly isExternal: boolean;
  /** Whether it is for signing mail; of one whose key is elsewhere, whether that signs. */
  readonly canSign: boolean;
  /** The same for decrypting. */
  readonly canDecrypt: boolean;
  /** The ways to unlock it. */
  readonly ways: readonly Way[];
}

/** What a mail is; by default invitations, bulk and automatic mail go as they are (S1). */
export type MailKind = 'mail' | 'invitation' | 'bulk' | 'automatic';

/** A message to be sent. */
export interface SendOptions {
  /** A whole message. Its Bcc does not go out. */
  message: Bytes;
  /** The sender; by default the message's From. It has to be an address of one of the accounts. */
  from?: AddressLike | undefined;
  /** By default those of the message. */
  to?: AddressLike[] | undefined;
  cc?: AddressLike[] | undefined;
  bcc?: AddressLike[] | undefined;
  /**
   * By default recognised from the message: `text/calendar` with a method that is the message or an
   * alternative to its text, `Auto-Submitted`, list fields.
   */
  kind?: MailKind | undefined;
  /** By default as the settings say. */
  sign?: boolean | undefined;
  /** By default as the settings say. True never becomes false by itself. */
  encrypt?: boolean | undefined;
  /**
   * What the user chose for those who can't read encrypted mail (S3): nobody gets it encrypted, or they
   * don't get it and the header does not name them. To leave them out is to encrypt for the others.
   */
  without?: 'everyone-unencrypted' | 'leave-out' | undefined;
  /** Whether each recipient gets an encrypted copy of their own (S13). */
  separately?: boolean | undefined;
  /** As a draft of `replyTo` says. */
  mustEncrypt?: boolean | undefined;
  /** As a draft of `replyTo` says. */
  confidentialHeaders?: string[] | undefined;
  /** As a draft of `replyTo` says: what is encrypted hides at least that, whatever the setting is. */
  protectHeaders?: 'baseline' | 'shy' | undefined;
  /** As of `recipients`. */
  identities?: Identity[] | undefined;
}

/** What to submit, and what to keep. */
export interface Sent {
  /** Submit these bytes with this envelope. */
  outgoing: { envelope: { from: string; to: string[] }; message: OutputBytes }[];
  /** For the folder of sent mail. */
  sentCopy: OutputBytes;
  /** Not encrypted, where `keepCopies` says so (R6): for the user alone, unless they say otherwise. */
  archiveCopy?: { message: OutputBytes; visibility: 'private' };
  isSigned: boolean;
  isEncrypted: boolean;
  /** What it was taken for. */
  kind: MailKind | 'certificate-request';
  /** The certificates of the archive that it was encrypted to besides (R8): `sending/archived` says so in words. */
  archive: Certificate[];
  /**
   * Whom it did not reach, or how (`sending/…`), and what is to be said of the sender's certificates
   * (`sender/…`): also why it went unsigned or unencrypted where they can't be used any more.
   */
  problems: Problem[];
}

/** Who is ready. */
export interface Readiness {
  sender: {
    address: string;
    /** The account that sends as this address. */
    account: string;
    /** What would be signed with. */
    signer?: ChosenCertificate;
    /** Whether its key has to be unlocked first. */
    isLocked: boolean;
    /** Those of the account to which the sender's copy is encrypted (S5). */
    own: ChosenCertificate[];
    problems: Reason[];
  };
  /** In the order of To, Cc, Bcc. */
  recipients: {
    address: string;
    field: 'to' | 'cc' | 'bcc';
    isReady: boolean;
    /** What would be encrypted to. */
    certificates: ChosenCertificate[];
    /** Why not, or what is to be said of it. */
    problems: Reason[];
  }[];
  canSign: boolean;
  /** Whether the sender and all recipients are ready. */
  canEncrypt: boolean;
  /** What `protect` does where nobody says otherwise. */
  sign: boolean;
  encrypt: boolean;
  /** The certificates of the archive, which can read what is encrypted (R8): tell who writes. */
  archive: Certificate[];
  /** `sending/archived` where there are such; `store/altered` and `store/unbound` for settings that do not count. */
  problems: Problem[];
}

/** A certificate that was chosen. */
export interface ChosenCertificate {
  id: string;
  certificate: Certificate;
  /** It does not name the address: somebody assigned it by hand (K4). */
  isAssigned: boolean;
}

/** What would help; `label` of `smime-wasm/texts` says it in words. */
export type Help =
  | 'ask-for-certificate'
  | 'wait'
  | 'trust-certificate'
  | 'check-certificate'
  | 'accept-certificate'
  | 'use-newest'
  | 'import-own'
  | 'unlock'
  | 'tell-administrator';

/** A problem, and what would help. */
export type Reason = Problem & { help?: Help };

/** That an own certificate ends: `explain` and `label(help)` of `smime-wasm/texts` say it in words (K11). */
export type Reminder = Reason & {
  code: 'reminder/ends-soon' | 'reminder/ended';
  entry: CertificateRow;
  /** Whole days; negative once it has ended. */
  daysLeft: number;
  /** The nearest of `days` that has come, so that each reminder is shown once; 0 once it has ended. */
  stage: number;
};

/** What the administrator says: a proposal or, `locked`, the only value (C1). */
export type Policy = {
  [setting in keyof Settings]?: { value: Settings[setting]; locked?: boolean | undefined } | undefined;
};

/** What can be chosen. docs/SETTINGS.md has a row for each: for what it can be chosen, and its default. */
export interface Settings {
  /** Sign every mail (S1); by default from the first valid certificate of the account's own on. */
  alwaysSign: boolean;
  /** When to encrypt where nobody says so (S2, S3). */
  encrypt: 'on-request' | 'when-possible' | 'always';
  /** Encrypt only what is signed too (S6). */
  encryptOnlySigned: boolean;
  /** Treat meeting invitations, bulk mail and automatic mail as other mail (S1). */
  protectInvitations: boolean;
  protectBulk: boolean;
  protectAutomatic: boolean;
  /** Which of somebody's usable certificates to encrypt to (S7). */
  encryptTo: 'newest' | 'next-newest' | 'all';
  /** Which algorithms (S8). */
  profile: 'default' | 'edi-energy' | 'compatible';
  /** As of `protectMessage` (S9). */
  protectHeaders: 'auto' | 'off' | 'clear' | 'baseline' | 'shy';
  /** Repeat hidden subjects in the text, where somebody may not see them otherwise (S9). */
  legacyDisplay: boolean;
  /** Ask the issuers whether certificates are revoked (R4). */
  onlineValidation: boolean;
  /** Trust where the issuer was asked and nobody answered (R3). */
  trustWithoutAnswer: boolean;
  /** Trust certificates of known authorities by themselves (R3). */
  trustNew: boolean;
  /** Trust another certificate of somebody who has one already (R3). */
  trustNewOfKnown: boolean;
  /** Which certificates to take from signed mail (R2). */
  harvest: 'always' | 'valid' | 'ask' | 'never';
  /** Keep a decrypted copy beside encrypted mail (R6). */
  keepCopies: 'encrypted' | 'decrypted';
  /** Give the text of encrypted mail to the search index (R11). */
  searchText: boolean;
  /**
   * Certificates that every encrypted mail is encrypted to besides (R8): ids of stored ones, or
   * certificates in PEM or base64.
   */
  archiveRecipients: string[];
  /** Add the archive to mail that arrived for one person alone, when it is opened first (R8). */
  archiveOnOpening: boolean;
  /** After how many milliseconds keys lock themselves (R1). */
  lockAfter: number;
  /** How many days before a certificate of one's own ends to remind of it (K11). */
  remindDays: number[];
}

export interface OpenMailOptions extends MailerOptions {
  /** A whole message, or bare CMS. */
  message: Bytes;
  /** The signed content, for a `.p7s` that comes alone. */
  content?: Bytes | undefined;
  /** The address of the account that it came to or was sent from: its settings count. */
  account?: string | undefined;
  /** The author's address, where the message does not say it. */
  from?: string | undefined;
  /** When it arrived, by a clock that you trust. Without it, certificates have to be good now. */
  receivedAt?: Date | undefined;
  /** By default `'received'`. Nothing is learned from mail that one's own account sent. */
  direction?: 'received' | 'sent' | undefined;
  /**
   * `true`: somebody wants the issuers asked, though the mail might have been altered on its way, and they
   * learn that it was opened. `false`: nobody is asked, and nothing is kept.
   */
  mayFetch?: boolean | undefined;
}

/** A mail as somebody is to see it. Its `status` and `problems` tell of the user's rules too. */
export interface OpenedMail extends Omit<OpenedMessage, 'view' | 'layers'> {
  /** Every layer; `decryptedWith` is the id of an identity. */
  layers: (OpenedLayer extends infer Layer
    ? Layer extends { kind: 'encrypted'; integrity: unknown }
      ? Omit<Layer, 'decryptedWith'> & { decryptedWith?: string }
      : Layer
    : never)[];
  view?: MailView;
  /** For beside the sender (R5). */
  badge: Sign;
  /** For beside the subject (R5). */
  lock: Sign;
  /** The identities that are locked and would open it: unlock them and open it again (R1). */
  locked: StoredIdentity[];
  /** Which certificates it is encrypted for, where no key of theirs is here. */
  recipients: Addressee[];
  /** What came of asking the issuers, where the settings want them asked (R4), and when. */
  validation?: { revocation: 'good' | 'revoked' | 'unknown' | 'unchecked'; at: Date };
  /** What the store learned. */
  learned: Learned[];
  /** Certificates for somebody to accept: the yellow bar. */
  offered: CertificateOffer[];
  /** Subject, text and file names of an encrypted mail for your search index, by setting (R11). */
  searchText?: string;
  /**
   * The mail with the archive among those who can read it (R8), where the setting `archiveOnOpening` wants that
   * and the archive was not named: store it in the place of the one that was opened. `archive/added` among the
   * problems tells the user. Only of mail for the user alone, besides its sender, that nobody can have changed
   * on its way; for any other `archive/not-added` says why, and `addRecipients` is somebody's explicit act.
   */
  readdressed?: OutputBytes;
  /** What a mail list shows of it, to be cached (R10). */
  verdict: ListVerdict;
}

/** A badge or a lock. `label` and `explain` of `smime-wasm/texts` have words for its code. */
export interface Sign {
  code: StateCode;
  /** Why: what weighs most first. */
  reasons: Problem[];
}

export interface MailView extends Omit<View, 'attachments'> {
  /** Files and mails. A `smime.p7s` or `smime.p7m` is never among them. */
  attachments: Attachment[];
  /** Signed and encrypted parts. Each can be opened by itself, as a mail of its own. */
  smimeParts: Attachment[];
}

/** A certificate that a mail is encrypted for, as it is named there. */
export interface Addressee {
  /** As RFC 4514 writes it. */
  issuer?: string;
  /** In hexadecimal. */
  serialNumber?: string;
  /** In hexadecimal. */
  subjectKeyIdentifier?: string;
  /** Yours, and its key was removed here. */
  isOwn: boolean;
  /** If it is known here. */
  certificate?: Certificate;
}

export interface Learned {
  /** Of the stored certificate. */
  id: string;
  certificate: Certificate;
  /**
   * - `'certificate'`: it was taken from the mail
   * - `'confirmed'`: it had been, without being trusted, and now is
   * - `'capabilities'`, `'headers'`: what its holder's software reads and protects
   * - `'revocation'`: whether it is revoked
   */
  news: ('certificate' | 'confirmed' | 'capabilities' | 'headers' | 'revocation')[];
}

/** A certificate that was not kept by itself. It can't be cached: open the mail again. */
export interface CertificateOffer {
  readonly certificate: Certificate;
  /** Certificates of the authorities above it. */
  readonly issuers: readonly Certificate[];
  /** The author's address, for which it stands. */
  readonly address: string;
  /** Whether another one is known for the address. */
  readonly isChanged: boolean;
  /** Why it is not trusted, if it is not. */
  readonly reasons: Problem[];
}

export interface ArchivedMail {
  opened: OpenedMail;
  /** Widen it where more people may read the copy. */
  visibility: 'private';
  direction: 'received' | 'sent';
  /**
   * The mail without its encryption: its signature, where it has one, still holds. Absent where it was not
   * encrypted, or where `keepCopies` is `'encrypted'`.
   */
  message?: OutputBytes;
  /**
   * Beside a `message` that was decrypted without integrity: keep it with the copy and give it to `open`, so
   * that nobody is asked because of it and nothing is learned from it.
   */
  mayFetch?: false;
  /**
   * Of a signed mail: the signed entity byte for byte, the certificates, CRLs and OCSP responses that were
   * used, and the times, in DER (`src/mailer/archive.rs` has its ASN.1).
   */
  evidence?: OutputBytes;
}

export interface CheckedArchive extends Omit<OpenedMessage, 'view'> {
  view?: MailView;
  badge: Sign;
  /** By the evidence. */
  receivedAt?: Date;
  /** When the evidence was taken. */
  checkedAt: Date;
  /**
   * Whether the evidence, with its times, is as it was taken with these keys. Absent where none is unlocked.
   */
  isGenuine?: boolean;
}

/** What a mail list shows of a mail. Plain data: keep it as JSON. */
export interface ListVerdict {
  version: 1;
  /** Whether it comes from the mail itself or from its header alone. */
  isOpened: boolean;
  badge: StateCode;
  lock: StateCode;
}
