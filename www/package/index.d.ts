/// <reference lib="esnext.disposable" />

/**
 * S/MIME 4.0 (RFC 8551) in the browser.
 *
 * Every verb takes one object of options and returns a promise; whatever goes wrong rejects it with
 * an {@link SmimeError}. Nothing runs at import: the first call starts a worker. An option that a verb
 * does not know is refused, as are options this version does not serve yet
 * (`unsupported/feature`).
 */

/**
 * Bytes. A JavaScript string is never accepted: text has no bytes before it is encoded. A buffer is
 * copied, a large one in several turns: leave it alone until the call has ended, or give it away
 * with `transfer`. A Blob is read where it is used, which is best for large messages.
 */
export type Bytes = Uint8Array | ArrayBuffer | Blob;

/** Bytes that the package gives: Blobs and `fetch` take them in every version of TypeScript. */
export type OutputBytes = ReturnType<Uint8Array['slice']>;

/** A password. As bytes it is UTF-8; bytes can be overwritten afterwards, strings can't. */
export type Password = string | Uint8Array;

/** A certificate, or its DER. What is PEM goes through `parseCertificates`. */
export type CertificateLike = Certificate | Uint8Array | ArrayBuffer;

/**
 * Where trust begins: certificates of authorities, or of single people, and in the place of one or of
 * all `'mozilla'`, which stands for the authorities that Mozilla trusts for e-mail. Of two anchors for
 * one certificate the first counts. Text is PEM, as bytes may be, with any number of certificates.
 *
 * Mozilla's are in `mozilla-roots.json`, beside the module. It is fetched when a call first names them;
 * where that fails, the call rejects with `internal/load` and the next tries again.
 */
export type TrustAnchors = 'mozilla' | (CertificateLike | TrustAnchor | 'mozilla' | `-----BEGIN ${string}`)[];

/** A certificate that is trusted for something only. */
export interface TrustAnchor {
  /** Of an authority, or of one person. */
  certificate: CertificateLike;
  /** Trusted for these e-mail addresses only, and for those at `domains`. */
  addresses?: string[] | undefined;
  /**
   * Trusted for addresses at these hosts only, and for `addresses`. `'example.com'` is that host alone,
   * `'.example.com'` all hosts below it.
   */
  domains?: string[] | undefined;
  /**
   * Trusted for certificates that sign or encrypt e-mail only: with `checkCertificate`'s purpose `'any'`
   * it is not (`path/anchor-purpose`). By default false.
   */
  emailOnly?: boolean | undefined;
  /** Certificates of people that were issued after this moment are not trusted. */
  distrustAfter?: Date | undefined;
}

/** What every verb takes. */
export interface CommonOptions {
  /** Ends the call: the promise rejects at once with `aborted`, the work stops at its next pause. */
  signal?: AbortSignal | undefined;
  /** Told now and then, in bytes or rounds. A verb of several passes begins anew with each. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** The moment to answer for. By default the clock's. */
  now?: Date | undefined;
  /** Caps on the input other than the usual ones. */
  limits?: { [cap in keyof Limits]?: Limits[cap] | undefined } | undefined;
  /**
   * Gives the buffers away instead of copying them: they may be empty afterwards. A view of a part of
   * a buffer is copied all the same. By default false.
   */
  transfer?: boolean | undefined;
  /**
   * Whether to work in a worker. By default where there are workers; false works in place, which
   * holds up the page for about 10 ms at a time, and longer with large messages. Identities stay
   * where they were made, and calls that use them go there.
   */
  worker?: boolean | undefined;
}

export interface Progress {
  done: number;
  total: number;
}

/** Caps on hostile input. Reaching one rejects with the code in brackets. */
export interface Limits {
  /** Bytes of one input (`limit/input-bytes`, 256 MiB). */
  inputBytes: number;
  /** Nesting of ASN.1 values (`limit/asn1-depth`, 32). The stack ends somewhere above 1,000. */
  asn1Depth: number;
  /** Values in one ASN.1 input (`limit/asn1-values`, 1,048,576). */
  asn1Values: number;
  /** Nested MIME parts (`limit/mime-depth`, 16). */
  mimeDepth: number;
  /** S/MIME layers of one message (`limit/layers`, 8). */
  layers: number;
  /** MIME parts of one message, at all depths (`limit/mime-parts`, 10,000). */
  mimeParts: number;
  /** Header fields of one part (`limit/header-fields`, 1,000). */
  headerFields: number;
  /** Recipients of one message (`limit/recipients`, 5,000). */
  recipients: number;
  /** Certificates in one message, P12 or bundle (`limit/certificates`, 1,000). */
  certificates: number;
  /** Signers of one message (`limit/signers`, 32). */
  signers: number;
  /** Certificates in one path, without the trust anchor (`path/budget`, 10). */
  pathLength: number;
  /** Signature checks in the searches for paths of one call (`path/budget`, 200). */
  pathSignatures: number;
  /** Certificates put on a path in these searches, checked or not (`path/budget`, 5,000). */
  pathSteps: number;
  /**
   * Comparisons of names with name constraints in these searches; long names count as several
   * (`path/budget`, 1,048,576).
   */
  pathNames: number;
  /** Certificate policies, and mappings of them, in these searches (`path/budget`, 65,536). */
  pathPolicies: number;
  /** Certificates whose issuer is asked for in these searches (16). */
  pathQuestions: number;
  /** Bytes of one CRL (`limit/crl-bytes`, 64 MiB). */
  crlBytes: number;
  /** Bytes of one OCSP response (`limit/ocsp-bytes`, 1 MiB). */
  ocspBytes: number;
  /** CRLs and OCSP responses of one message that are looked into (32). */
  revocations: number;
  /** Requests of one call, redirects too, half of them at most for issuers (`fetch/failed`, 16). */
  fetches: number;
  /** Redirects in a row (`fetch/failed`, 3). */
  fetchRedirects: number;
  /** Bytes fetched in one call (`fetch/failed`, 128 MiB). */
  fetchBytes: number;
  /** Milliseconds for each request (`fetch/failed`, 10,000). */
  fetchMillis: number;
  /** Bytes fetched for the certificates of an issuer (`fetch/failed`, 256 KiB). */
  issuerBytes: number;
  /** Iterations of one key derivation (`limit/kdf-iterations`, 6,000,000). */
  kdfIterations: number;
  /** Bytes of memory of one key derivation, which scrypt and Argon2id take much of (`limit/kdf-memory`, 256 MiB). */
  kdfMemory: number;
  /** Bytes that compressed content becomes, in all layers together (`limit/decompressed-bytes`, 256 MiB). */
  decompressedBytes: number;
  /**
   * How many times as large as itself compressed content may become, beyond 16 MiB that are always
   * free (`limit/compression-ratio`, 250).
   */
  compressionRatio: number;
}

/** A certificate (RFC 5280). */
export class Certificate {
  private constructor();
  /** The encoding as it was received. */
  readonly der: OutputBytes;
  /**
   * The subject's name as RFC 4514 writes it. Texts are given as they are, characters that are not seen or
   * turn others round among them: `certificateDetails` tells where.
   */
  readonly subject: string;
  /** The issuer's name as RFC 4514 writes it. */
  readonly issuer: string;
  /** In lower-case hexadecimal, as encoded. */
  readonly serialNumber: string;
  /** SHA-256 over `der`, in lower-case hexadecimal. */
  readonly fingerprint: string;
  /** The e-mail addresses it stands for (RFC 8550, 3). */
  readonly addresses: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /**
   * `'rsa'`, `'p-256'` and other curves, `'ed25519'`, `'x25519'`, `'dsa'`, `'ml-dsa-44'` …; of a kind that
   * can't be used the name or the object identifier. The size in bits.
   */
  readonly publicKey: { readonly algorithm: string; readonly bits?: number };
  /** Whether its usages allow to sign mail with it. */
  readonly canSign: boolean;
  /** Whether its usages allow to encrypt mail to it. */
  readonly canEncrypt: boolean;
  /** Whether it may issue certificates. */
  readonly isCa: boolean;
}

/**
 * A private key, which stays in the module, and its certificates. It lasts until it is closed, the
 * module has to be restarted (`identity/lost`), or it is locked (`identity/locked`). For keys outside of
 * the module see `externalIdentity`.
 */
export class Identity {
  private constructor();
  readonly certificate: Certificate;
  /** The issuers that came with it. */
  readonly chain: readonly Certificate[];
  /** Drops the key; calls that already use it finish. */
  close(): Promise<void>;
  [Symbol.dispose](): void;
}

/**
 * A CRL (RFC 5280, 5) that was read, and stays read in the module: worth it for a large one that many
 * calls use. It lasts until it is closed, or the module is restarted or locked (`crl/lost`).
 */
export class Crl {
  private constructor();
  /** The issuer's name as RFC 4514 writes it. */
  readonly issuer: string;
  readonly thisUpdate: Date;
  /** When the next one is due at the latest. */
  readonly nextUpdate?: Date;
  /** Drops it; calls that already use it finish. */
  close(): Promise<void>;
  [Symbol.dispose](): void;
}

/** Why a verb could not answer. A bad signature is none: it is an answer. */
export class SmimeError extends Error {
  private constructor();
  readonly name: 'SmimeError';
  /** Stable. */
  readonly code: ErrorCode;
  /** The evidence. */
  readonly details: Details;
  /** What was behind it, such as the `reason` of an abort. */
  readonly cause?: unknown;
}

/** Evidence by its names. Which there are depends on the code; `docs/CODES.md` lists what sentences use. */
export interface Details {
  /** Of `usage/…`: which option it is about. */
  option?: string;
  /** Of `usage/wrong-option`: what it has to be, in English. */
  expected?: string;
  /** Whom it is about: of `refused/no-certificate` those without a certificate that can be used. */
  addresses?: string[];
  address?: string;
  /** Of `refused/no-certificate` of a mailer, for each of the `addresses`: where it stands, and the code of the problem. */
  fields?: string[];
  reasons?: string[];
  /** Why, in a few words of English or as the code of a problem. */
  reason?: string;
  /** Of `limit/…`: the cap, and what would have been needed. */
  allowed?: number;
  required?: number;
  [name: string]: unknown;
}

export type ErrorCode =
  | 'malformed/asn1'
  | 'malformed/cms'
  | 'malformed/mime'
  | 'malformed/truncated'
  | 'malformed/certificate'
  | 'malformed/crl'
  | 'malformed/ocsp'
  | 'malformed/key'
  | 'malformed/p12'
  | 'malformed/evidence'
  | 'malformed/record'
  | 'malformed/backup'
  | 'malformed/shared-account'
  | 'unsupported/algorithm'
  | 'unsupported/structure'
  | 'unsupported/feature'
  | 'limit/input-bytes'
  | 'limit/asn1-depth'
  | 'limit/asn1-values'
  | 'limit/mime-depth'
  | 'limit/layers'
  | 'limit/mime-parts'
  | 'limit/header-fields'
  | 'limit/recipients'
  | 'limit/certificates'
  | 'limit/signers'
  | 'limit/crl-bytes'
  | 'limit/ocsp-bytes'
  | 'limit/kdf-iterations'
  | 'limit/kdf-memory'
  | 'limit/decompressed-bytes'
  | 'limit/compression-ratio'
  /** The options of a method of the mailer, besides messages and other bytes (1 MiB). */
  | 'limit/options'
  | 'p12/wrong-password'
  /** Where certificates are read: the file is one for `importP12`. */
  | 'p12/key-file'
  | 'decrypt/failed'
  | 'decrypt/no-recipient'
  | 'decrypt/not-encrypted'
  | 'decrypt/not-mail'
  | 'decompress/not-compressed'
  | 'refused/signer'
  | 'refused/recipient'
  /** Nobody can encrypt to the `addresses`. */
  | 'refused/no-certificate'
  | 'refused/archive'
  /** What answers an encrypted message was to go unencrypted. */
  | 'refused/must-encrypt'
  /** Nobody can sign as this sender, or encrypt a copy for them: the detail `reason` is the code of a problem. */
  | 'refused/sender'
  /** Something was to be encrypted and not signed, which the settings forbid. */
  | 'refused/unsigned-encryption'
  /** A private key is among the attachments. */
  | 'refused/private-key'
  /** The administrator chose the setting (`smime-wasm/mailer`). */
  | 'refused/setting-locked'
  /** A signature covers what is encrypted, and would not hold with other recipients. */
  | 'refused/outer-signature'
  /** No key at hand would open the message any more. */
  | 'refused/last-recipient'
  /** The key is elsewhere and was asked for what it does not do (`externalIdentity`). */
  | 'refused/external-key'
  | 'crl/closed'
  | 'identity/closed'
  | 'identity/locked'
  /** The callback of an external identity failed: its exception is the `cause`. */
  | 'identity/external-failed'
  | 'usage/unknown-option'
  | 'usage/missing-option'
  | 'usage/wrong-option'
  | 'usage/unknown-verb'
  | 'aborted'
  | 'store/wrong-passphrase'
  /** A passkey or a device key opens nothing that is stored. */
  | 'store/wrong-key'
  /** The only way to unlock an identity stays. */
  | 'store/last-way'
  /** The administrator of the shared account did not sign it, or it was altered. */
  | 'shared/not-authentic'
  /** A newer epoch of the shared account is known, or another state of the same. */
  | 'shared/rolled-back'
  /** The shared account is new here, and nobody has said who administers it. */
  | 'shared/unknown-administrator'
  /** Another certificate administers the shared account, as far as is known here. */
  | 'shared/other-administrator'
  | 'shared/not-administrator'
  /** It opens with the own identities of members, and in no way of its own. */
  | 'shared/not-own'
  | 'shared/member-key-exists'
  | 'store/seal-broken'
  | 'store/conflict'
  | 'store/not-found'
  | 'store/no-identity'
  | 'store/newer-schema'
  /** The browser has no room left, and nothing was changed. */
  | 'store/quota'
  /** Another tab keeps the database from being opened. */
  | 'store/blocked'
  /** There is no IndexedDB here. */
  | 'store/unavailable'
  /** The store or the mailer was closed. */
  | 'store/closed'
  /** IndexedDB failed in another way: its exception is the `cause`. */
  | 'store/failed'
  /** There is no WebAuthn here, or the passkey lacks its extension PRF. */
  | 'passkey/unsupported'
  /** Cancelled, or the passkey is not there. */
  | 'passkey/not-given'
  /** The function `pull` or `push` of the host failed: its exception is the `cause`. */
  | 'sync/failed'
  /** The instance of the module that held the key is gone. */
  | 'identity/lost'
  /** The instance of the module that had read the CRL is gone. Read it again. */
  | 'crl/lost'
  | 'internal/fault'
  /** The module, its worker or the list of roots could not be loaded. The next call tries again. */
  | 'internal/load'
  /** The module trapped. The next call gets a new one. */
  | 'internal/trap';

/** Something an answer has to tell: a reason, a weakness, a deviation that was read all the same. */
export interface Problem {
  /** Stable. */
  code: ProblemCode;
  /** The evidence. */
  details: Details;
}

/** What the badge beside a sender and the lock beside a subject say (`smime-wasm/mailer`). */
export type StateCode =
  | 'badge/verified'
  | 'badge/not-verified'
  | 'badge/altered'
  | 'badge/unsigned'
  | 'badge/unknown'
  | 'badge/unchecked'
  | 'lock/none'
  | 'lock/encrypted'
  | 'lock/weak'
  | 'lock/no-integrity'
  | 'lock/unreadable'
  | 'lock/locked'
  | 'lock/unknown';

export type ProblemCode =
  | 'p12/no-mac'
  | 'p12/weak-cipher'
  | 'p12/no-key'
  | 'p12/key-without-certificate'
  | 'p12/unsupported-key'
  | 'p12/bag-skipped'
  | 'certificate/unreadable'
  | 'archive/added'
  | 'archive/not-added'
  | 'reminder/ends-soon'
  | 'reminder/ended'
  | 'import/no-account'
  | 'import/untrusted'
  | 'import/expired'
  | 'store/unreadable-record'
  | 'store/not-learned'
  | 'store/too-many-certificates'
  | 'store/backup-due'
  | 'backup/locked-keys'
  | 'store/not-persistent'
  | 'store/vanished'
  | 'store/partitioned'
  | 'cipher/no-integrity'
  | 'cipher/weak'
  | 'cipher/weak-key'
  | 'decrypt/key-locked'
  | 'decrypt/for-certificates'
  | 'decrypt/key-removed'
  | 'decrypt/shared-without-key'
  | 'cipher/gcm-in-enveloped-data'
  | 'signature/content-altered'
  | 'signature/invalid'
  | 'signature/no-certificate'
  | 'signature/weak-digest'
  | 'signature/unsupported-algorithm'
  | 'signature/weak-key'
  | 'signature/malformed-attributes'
  | 'signature/time-outside-validity'
  | 'signature/date-differs'
  | 'signature/line-ends-converted'
  | 'signature/content-type'
  | 'signature/embedded-content'
  | 'signature/removed'
  | 'signature/countersignature-unreadable'
  | 'path/unknown-issuer'
  | 'path/no-anchors'
  | 'path/expired'
  | 'path/not-yet-valid'
  | 'path/bad-signature'
  | 'path/not-a-ca'
  | 'path/too-long'
  | 'path/key-usage'
  | 'path/extended-key-usage'
  | 'path/critical-extension'
  | 'path/algorithm'
  | 'path/budget'
  | 'path/name-constraints'
  | 'path/policy'
  | 'path/malformed-extension'
  | 'path/anchor-purpose'
  | 'path/anchor-address'
  | 'path/anchor-distrusted'
  | 'revocation/revoked'
  | 'revocation/unknown'
  | 'revocation/stale'
  | 'revocation/not-yet-valid'
  | 'revocation/bad-signature'
  | 'revocation/algorithm'
  | 'revocation/signer'
  | 'revocation/not-covered'
  | 'revocation/critical-extension'
  | 'revocation/unreadable'
  | 'revocation/responder-error'
  | 'revocation/not-known'
  | 'revocation/nonce'
  | 'trust/new-certificate'
  | 'trust/changed-certificate'
  | 'trust/no-answer'
  | 'fetch/withheld'
  | 'fetch/failed'
  | 'certificate/other-address'
  | 'certificate/assigned'
  | 'certificate/no-address'
  | 'trust/distrusted'
  | 'mime/legacy-type'
  | 'mime/type-by-file-name'
  | 'mime/unknown-smime-type'
  | 'mime/no-protocol'
  | 'header/from-mismatch'
  | 'header/from-not-author'
  | 'header/too-many-addresses'
  | 'header/altered-in-transit'
  | 'header/only-outside'
  | 'draft/quote-left-out'
  | 'draft/quotes-decrypted'
  | 'draft/headers-left-out'
  | 'author/mismatch'
  | 'author/unclear'
  | 'author/case-differs'
  | 'author/sender-differs'
  | 'author/unknown'
  | 'layer/outside-encryption'
  | 'layer/nested-signatures'
  | 'layer/encrypted-part'
  | 'layer/signed-part'
  | 'diagnosis/mailing-list'
  | 'diagnosis/gateway'
  | 'diagnosis/wrapped'
  | 'diagnosis/footer'
  | 'diagnosis/transfer-encoding'
  | 'diagnosis/white-space'
  | 'diagnosis/line-ends'
  | 'diagnosis/line-starts'
  | 'diagnosis/header'
  | 'diagnosis/charset'
  | 'diagnosis/winmail'
  | 'diagnosis/renamed'
  | 'diagnosis/truncated'
  | 'recipient/no-address'
  | 'recipient/no-certificate'
  | 'recipient/not-for-encryption'
  | 'recipient/not-yet-valid'
  | 'recipient/expired'
  | 'recipient/distrusted'
  | 'recipient/untrusted'
  | 'recipient/no-answer'
  | 'recipient/not-accepted'
  | 'recipient/newest-excluded'
  | 'recipient/assigned'
  | 'sender/no-certificate'
  | 'sender/not-for-signing'
  | 'sender/not-yet-valid'
  | 'sender/expired'
  | 'sender/untrusted'
  | 'sender/distrusted'
  | 'sender/revoked'
  | 'sender/locked'
  | 'sender/archive-unusable'
  | 'sender/no-encryption-certificate'
  | 'sending/archived'
  | 'sending/unsigned'
  | 'sending/unencrypted'
  | 'sending/exempt'
  | 'sending/left-out'
  | 'store/altered'
  | 'store/unbound'
  | 'store/adopted'
  | 'shared/rekey-suggested'
  | 'shared/not-a-member'
  | 'view/too-complex';

/**
 * Reads a PKCS#12 file (RFC 7292). One without a key that can be used opens too: its certificates are
 * there, and a problem says what is missing (`p12/no-key`, `p12/unsupported-key`).
 *
 * @throws {SmimeError} `p12/wrong-password`, `malformed/p12`, `limit/kdf-iterations`
 */
export function importP12(
  options: CommonOptions & { data: Bytes; password: Password },
): Promise<ImportResult>;

export interface ImportResult {
  /** One for each key; the first certificate in the file need not be the first key's. */
  identities: Identity[];
  /** The other certificates, issuers among them. */
  certificates: Certificate[];
  problems: Problem[];
}

/**
 * Writes a PKCS#12 file with the identity's key and certificates.
 *
 * @throws {SmimeError} `refused/external-key`, `usage/wrong-option`
 */
export function exportP12(
  options: CommonOptions & {
    identity: Identity;
    /** Not empty. */
    password: Password;
    /**
     * - `'modern'` (the default): AES-256, PBKDF2 with 600,000 iterations, HMAC-SHA-256.
     * - `'pbmac1'`: the same with the newer PBMAC1 (RFC 9879), which only software of the last years
     *   reads.
     * - `'compatible'`: 3DES and SHA-1, what Windows Server 2016, macOS and old devices read; it
     *   protects badly, so choose a long password.
     */
    profile?: 'modern' | 'pbmac1' | 'compatible' | undefined;
  },
): Promise<OutputBytes>;

/**
 * Reads certificates: DER, PEM, a `.p7b` / `.p7c` bundle, or the KEY of vCards. A key file (`.p12`, `.pfx`) is for
 * `importP12`, with its password.
 *
 * @throws {SmimeError} `malformed/certificate`, `p12/key-file`
 */
export function parseCertificates(options: CommonOptions & { data: Bytes }): Promise<Certificate[]>;

/**
 * The authorities that Mozilla trusts for e-mail, as `trustAnchors: 'mozilla'` has them: for an
 * application that shows or filters them, or wants to know how old the list is.
 *
 * @throws {SmimeError} `internal/load`
 */
export function mozillaRoots(options?: CommonOptions): Promise<MozillaRoots>;

export interface MozillaRoots {
  /** Which list it is. */
  source: string;
  /** A day on which it was the newest, as `YYYY-MM-DD`. */
  date: string;
  /** Of the list, as SPDX writes it. */
  licence: string;
  /** Its roots. `distrustAfter` is there where Mozilla phases one out. */
  anchors: { certificate: Certificate; emailOnly: true; distrustAfter?: Date }[];
}

/**
 * What a certificate says, for a view of its details. Whether it is to be believed is not asked here.
 * An extension that can't be read is listed as such, and the rest is told all the same.
 *
 * @throws {SmimeError} `malformed/certificate`
 */
export function certificateDetails(
  options: CommonOptions & { certificate: CertificateLike },
): Promise<CertificateDetails>;

/**
 * Signs a whole message (RFC 5322). Its content headers move inside, the others stay outside. What
 * would not survive transport, such as 8-bit text, long lines, white space at their end or `From ` at
 * their start, is encoded first, as quoted-printable or base64; nothing else is touched.
 *
 * @throws {SmimeError} `malformed/mime`, `refused/signer`
 */
export function sign(
  options: CommonOptions & {
    message: Bytes;
    signers: Identity[];
    /** `'detached'` (the default): readable without S/MIME. `'opaque'`: survives any gateway. */
    form?: 'detached' | 'opaque' | undefined;
    /** By default `'sha-256'`, `'sha-384'` with P-384, `'sha-512'` with P-521. Ed25519 has no choice. */
    digest?: 'sha-256' | 'sha-384' | 'sha-512' | undefined;
    /** How RSA keys sign, unless they are for PSS alone. By default `'rsassa-pkcs1-v1_5'`. */
    scheme?: 'rsassa-pkcs1-v1_5' | 'rsassa-pss' | undefined;
    /** Certificates to send along: `'chain'` (the default), only the signers' own, or none. */
    include?: 'chain' | 'certificate' | 'none' | undefined;
    /**
     * The certificate for which answers are to be encrypted, where the signers' own are for signing alone (RFC
     * 8551, 2.5.3). It goes along.
     */
    encryptionCertificate?: Certificate | undefined;
    /**
     * `'clear'` (the default): header fields are signed too, in a copy inside (RFC 9788); mail programs
     * that don't know of it show the message as ever. `'off'`: the signature says nothing of them.
     */
    protectHeaders?: 'clear' | 'off' | undefined;
  },
): Promise<OutputBytes>;

/**
 * Encrypts a whole message. Its content headers move inside, the others are copied there and stay
 * outside, readable but for those that `protectHeaders` hides. To sign it too use `protectMessage`,
 * because header fields are hidden for good only where they are signed inside.
 *
 * @throws {SmimeError} `malformed/mime`, `refused/recipient`
 */
export function encrypt(
  options: CommonOptions & {
    message: Bytes;
    /**
     * Include yourself, or you can't read what you sent. Each a certificate, or one with what is known
     * of its owner's mail program.
     */
    recipients: RecipientLike[];
    /** By default `'aes-256-cbc'`, because Outlook can't read GCM. */
    cipher?: 'aes-128-cbc' | 'aes-256-cbc' | 'aes-128-gcm' | 'aes-256-gcm' | undefined;
    /**
     * For recipients with RSA keys; other keys leave no choice. By default OAEP for those whose key or
     * capabilities ask for it, else `'rsaes-pkcs1-v1_5'`.
     */
    keyTransport?: 'rsaes-pkcs1-v1_5' | 'rsaes-oaep' | undefined;
    /**
     * Compresses before encrypting (RFC 3274). By default false: not every mail program reads it, and
     * the size of the result tells of the content.
     */
    compress?: boolean | undefined;
  } & HeaderOptions,
): Promise<OutputBytes>;

/** Somebody to encrypt to. */
export type RecipientLike =
  | CertificateLike
  | {
      certificate: CertificateLike;
      /** Take the place of what the certificate itself says (`Signature.capabilities`). */
      capabilities?: Bytes | undefined;
      /**
       * Whether this person's mail program is known to read RFC 9788: mail of theirs had protected header
       * fields, say. By default false.
       */
      protectedHeaders?: boolean | undefined;
    };

/** How the header fields of an encrypted message are protected (RFC 9788). */
export interface HeaderOptions {
  /**
   * - `'auto'` (the default): as `'baseline'` if all recipients are known to read it, else as `'clear'`.
   * - `'clear'`: they are copied inside, and stay readable outside.
   * - `'baseline'`: outside, the Subject is `[...]`, and Keywords, Comments and Thread-Topic are left out.
   * - `'shy'`: also the names of people and the time zone.
   * - `'off'`: they are not copied inside.
   */
  protectHeaders?: 'auto' | 'clear' | 'baseline' | 'shy' | 'off' | undefined;
  /** Names of further fields that must not be readable outside (`Draft.confidentialHeaders`). */
  confidentialHeaders?: string[] | undefined;
  /**
   * Whether what is hidden is repeated at the beginning of the text, for mail programs that would not
   * show it. Those that know leave it out. By default unless all recipients are known to know.
   */
  legacyDisplay?: boolean | undefined;
}

/**
 * The layers of a message and whom they are for, from the bytes alone: nothing is decrypted or
 * checked.
 */
export function inspect(options: CommonOptions & { message: Bytes }): Promise<Structure>;

/**
 * Opens the outermost layer of a message, which has to be encrypted: a whole message, or bare CMS as
 * DER or PEM.
 *
 * @throws {SmimeError} `decrypt/no-recipient`, `decrypt/failed`, `decrypt/not-encrypted`,
 *   `malformed/cms`, `unsupported/algorithm`
 */
export function decrypt(
  options: CommonOptions & {
    message: Bytes;
    /** Every one that the message names is tried. Optional where passwords or keys are given. */
    identities?: Identity[] | undefined;
    /** For messages that open by password. Each is tried, up to 32 with all else that is. */
    passwords?: Password[] | undefined;
    /** Key-encryption keys that the sender had before, and the identifiers messages name them by. */
    keys?: { id: Bytes; key: Bytes }[] | undefined;
  },
): Promise<DecryptResult>;

/**
 * Opens the outermost layer of a message, which has to be compressed (RFC 3274): a whole message, or
 * bare CMS as DER or PEM. `decrypt` gives such a message where the sender compressed before encrypting;
 * `inspect` tells. As with `decrypt`, the answer is the entity inside, without the fields of the message
 * around it.
 *
 * @throws {SmimeError} `decompress/not-compressed`, `malformed/cms`, `limit/decompressed-bytes`,
 *   `limit/compression-ratio`
 */
export function decompress(
  options: CommonOptions & { message: Bytes },
): Promise<{ message: OutputBytes }>;

/**
 * Checks the signatures of a message: a whole message, or bare CMS. A bad signature is an answer, not
 * an error.
 *
 * By itself it makes no request. With `fetch` it asks for what is missing: certificates of issuers, OCSP
 * responses, CRLs. Whoever sent the message chose these addresses, and learns that it was opened. So
 * nothing is fetched, and the problem `fetch/withheld` says so, for a `message` that `decrypt` gave with
 * `integrity: 'none'`, or that was inside of one: who altered it could learn from the requests what it
 * says.
 *
 * @throws {SmimeError} `malformed/mime`, `malformed/cms`, `malformed/crl`, `malformed/ocsp`
 */
export function verify(
  options: CommonOptions &
    RevocationOptions & {
      message: Bytes;
      /** What was signed, where `message` is a bare detached signature (`.p7s`). */
      content?: Bytes | undefined;
      /** Whom you trust. Without any, trust stays `'unchecked'`. */
      trustAnchors?: TrustAnchors | undefined;
      /** Issuers that the message may lack. */
      intermediates?: CertificateLike[] | undefined;
      /** The author's address, where it is not the `From` of `message`. */
      from?: string | undefined;
      /** When the message arrived, for the answer `then`. What the message says of itself proves nothing. */
      receivedAt?: Date | undefined;
    },
): Promise<VerifyResult>;

/**
 * Checks a certificate: whether a path leads from it to one you trust (RFC 5280), and whether it was
 * revoked.
 *
 * @throws {SmimeError} `malformed/certificate`, `malformed/crl`, `malformed/ocsp`
 */
export function checkCertificate(
  options: CommonOptions &
    RevocationOptions & {
      certificate: CertificateLike;
      /** Whom you trust. */
      trustAnchors: TrustAnchors;
      /** Issuers that may be needed. */
      intermediates?: CertificateLike[] | undefined;
      /** What it is to be used for. By default `'signing'`, unless its usages allow `'encryption'` only. */
      purpose?: 'signing' | 'encryption' | 'any' | undefined;
      /** The address it has to stand for. */
      address?: string | undefined;
      /** The moment to answer for, by default `now`. */
      at?: Date | undefined;
      /** Certificate policies (RFC 5280, 6.1.1), by their object identifiers. */
      policies?: {
        /** The policies that are good enough; by default any. */
        initial?: string[] | undefined;
        /** Whether the path has to be valid for one of them. */
        requireExplicit?: boolean | undefined;
        inhibitMapping?: boolean | undefined;
        inhibitAny?: boolean | undefined;
      } | undefined;
    },
): Promise<CertificateCheck>;

/** Reads a CRL, in DER or PEM, to be used by many calls. */
export function parseCrl(options: CommonOptions & { data: Bytes }): Promise<Crl>;

/** What tells of revocation, and who fetches it. */
export interface RevocationOptions {
  /** CRLs that are at hand. */
  crls?: (Bytes | Crl)[] | undefined;
  /** OCSP responses that are at hand. */
  ocspResponses?: Bytes[] | undefined;
  /**
   * - `'off'`: revocation is not looked at. The default, also with `fetch` alone, which then fetches
   *   issuers.
   * - `'soft'`: a certificate nothing is known about counts as not revoked, with a problem; where a limit
   *   kept it from being known (`path/budget`), it is not good. The default where `crls` or
   *   `ocspResponses` are given.
   * - `'hard'`: a certificate nothing is known about is not good.
   */
  revocation?: 'off' | 'soft' | 'hard' | undefined;
  /**
   * Fetches what is missing. Without it there are no requests. CRLs and OCSP responses that a message
   * brings do not stand in for it: the sender may have chosen older ones. They serve where nothing can be
   * fetched, and a revocation that they tell of always counts.
   */
  fetch?: Fetch | undefined;
  /**
   * Whether `fetch` may be used. By default true, but false for a message or content that `decrypt` gave with
   * `integrity: 'none'`, for what `decompress`, `verify`, `openMessage` or another `decrypt` found inside of one,
   * and for the certificates that were found there, be they the `message`, the `content`, the `certificate` or
   * among the `intermediates`. These very objects are remembered: for a copy or a Blob of one say false
   * yourself. Say true only when the user asked for it, and knows that the sender may see it.
   */
  mayFetch?: boolean | undefined;
  /** Where to keep what was fetched, `store.revocationCache` for one. */
  cache?: RevocationCache | undefined;
}

/**
 * Fetches what is at an address that a certificate names. It runs where you call from, never in the
 * worker. Browsers keep pages from reading other servers, so usually it asks a relay of yours, which has
 * to refuse names that lead to addresses of your own network: literal private addresses and local names
 * are refused before, but what a name resolves to is for the relay to see.
 *
 * It must not follow redirects: the new address is looked at first. `null`, an exception, taking longer
 * than `limits.fetchMillis` and more than `maxBytes` are all the same to the verb: there is nothing. The
 * problem `fetch/failed` says which it was, also of an answer of another type.
 *
 * ```ts
 * const viaRelay: Fetch = async (url, { method, body, headers, signal }) => {
 *   const relay = `/relay?url=${encodeURIComponent(url)}`;
 *   const response = await fetch(relay, { method, body, headers, signal });
 *   const redirect = response.headers.get('X-Redirect');
 *   if (redirect) return { redirect };
 *   return response.ok ? response.blob() : null;
 * };
 * ```
 */
export type Fetch = (
  url: string,
  request: FetchRequest,
) => FetchAnswer | Promise<FetchAnswer>;

export interface FetchRequest {
  method: 'GET' | 'POST';
  /** What to post. */
  body?: OutputBytes;
  /** Accept, and Content-Type where there is a body. */
  headers: Record<string, string>;
  /** More is of no use: stop there. */
  maxBytes: number;
  /** Aborted when it takes too long, or nobody waits for it any more. */
  signal: AbortSignal;
}

/**
 * What was found: bytes, best as a Blob, which costs the page no copy; another address as an absolute
 * URL; or nothing.
 */
export type FetchAnswer = Bytes | { redirect: string } | null;

/**
 * Keeps CRLs and OCSP responses from one call to the next. What it gives is checked anew, so it need
 * not be trusted; if it fails or is slow, the call goes on without it.
 */
export interface RevocationCache {
  /** What was put, unless it expired. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keeps data until then, if there is room. */
  put(key: string, data: OutputBytes, until: Date): Promise<void>;
}

/** Writes a message (RFC 5322), from its text and files, that `sign`, `encrypt` or a mail server takes. */
export function composeMessage(
  options: CommonOptions & {
    from: AddressLike;
    to?: AddressLike[] | undefined;
    cc?: AddressLike[] | undefined;
    subject?: string | undefined;
    text?: string | undefined;
    html?: string | undefined;
    /**
     * Files. What has a `contentId`, which is written without brackets, can be shown by the HTML as
     * `<img src="cid:...">`. `inline`: shown among the text; by default what has a `contentId`.
     */
    attachments?:
      | {
          name: string;
          type?: string | undefined;
          data: Bytes;
          contentId?: string | undefined;
          inline?: boolean | undefined;
        }[]
      | undefined;
    /** Further header fields. */
    headers?: Record<string, string> | undefined;
  },
): Promise<OutputBytes>;

/**
 * Opens a whole message, layer by layer, and sums up what a badge and a lock say of it. What keeps a
 * layer from being opened is told with the layer (`error`), and is no exception.
 *
 * - Only what covers the whole message counts. A signed or encrypted part beside others and an attached
 *   mail are content: they lend no status, are not opened, and a problem names them.
 * - Only signatures inside all encryption count. The outermost of them gives the status; those inside can
 *   only lower it.
 * - The author is the one address of the outermost `From`, or `from`. In `headers` no `From` of anybody else
 *   is `signed`, and `problems` name him (`header/from-not-author`, `header/from-mismatch`).
 *
 * @throws {SmimeError} `limit/input-bytes`, `limit/header-fields`
 */
export function openMessage(
  options: CommonOptions & RevocationOptions & {
    message: Bytes;
    /** What was signed, where `message` is a bare detached signature (`.p7s`). */
    content?: Bytes | undefined;
    /** What may decrypt, as for `decrypt`. */
    identities?: Identity[] | undefined;
    passwords?: Password[] | undefined;
    keys?: { id: Bytes; key: Bytes }[] | undefined;
    /**
     * How signatures are checked, as for `verify`. Below a layer whose `integrity` is `'none'` nothing is
     * fetched, unless `mayFetch` is true: say so only if somebody asks for it, for it tells others that
     * the message decrypted.
     */
    trustAnchors?: TrustAnchors | undefined;
    intermediates?: CertificateLike[] | undefined;
    from?: string | undefined;
    receivedAt?: Date | undefined;
  },
): Promise<OpenedMessage>;

/**
 * Tells what a message seems to be, for a list of mails, before anything of it is fetched or decrypted.
 * It is the sender's word, and no status: nothing is checked.
 *
 * @throws {SmimeError} `malformed/mime`, `limit/mime-depth`, `limit/mime-parts`
 */
export function classify(
  options: CommonOptions &
    (
      | {
          /** The header, with or without what follows. */
          headers: Bytes;
        }
      | {
          /** What an IMAP server answers to `FETCH … BODYSTRUCTURE`, as it stands there. */
          bodyStructure: string | Bytes;
        }
    ),
): Promise<Classification>;

/**
 * Reads what a list shows of a mail, from its header alone: encoded words decoded, and the people read before
 * that. Anybody may have written it, and what is hidden in an encrypted mail shows once it is opened.
 *
 * @throws {SmimeError} `malformed/mime`, `limit/…`
 */
export function summarize(
  options: CommonOptions & {
    /** The header, with or without what follows. */
    headers: Bytes;
  },
): Promise<Summary>;

/**
 * Signs and encrypts a message for all who are to get it: one copy for To and Cc, and one for each in
 * Bcc, so that no copy tells of others; and one to be kept, in which Bcc is shown. A message that is
 * only signed goes to all in one copy. Where the message lacks a Date or Message-ID, all copies get the
 * same.
 *
 * Header fields are protected as `encrypt` and `sign` do it, inside of what is signed.
 *
 * @throws {SmimeError} `refused/no-certificate` with the `addresses` that have none, `refused/recipient`,
 *   `refused/signer`, `refused/must-encrypt`, `malformed/mime`
 */
export function protectMessage(
  options: CommonOptions & {
    /**
     * A whole message. Its Bcc does not go out; in what is signed already there must be none, and it must
     * be readable.
     */
    message: Bytes;
    /** By default the message's `From`; the others its `To`, `Cc` and `Bcc`. */
    from?: AddressLike | undefined;
    to?: AddressLike[] | undefined;
    cc?: AddressLike[] | undefined;
    bcc?: AddressLike[] | undefined;
    /** Without any, the message is only encrypted. Without `recipients` there have to be some. */
    signers?: Identity[] | undefined;
    form?: 'detached' | 'opaque' | undefined;
    digest?: 'sha-256' | 'sha-384' | 'sha-512' | undefined;
    scheme?: 'rsassa-pkcs1-v1_5' | 'rsassa-pss' | undefined;
    include?: 'chain' | 'certificate' | 'none' | undefined;
    /**
     * The certificate for which answers are to be encrypted, where the signers' own are for signing alone (RFC
     * 8551, 2.5.3). It goes along.
     */
    encryptionCertificate?: Certificate | undefined;
    /**
     * Certificates, at least one for each address; every one that stands for the address and can be used
     * now is used, and no others. Without it, the message is only signed.
     */
    recipients?: RecipientLike[] | undefined;
    /**
     * The sender's own certificates, for the copy to be kept. By default the signers'. With none at all,
     * `[]`, there is no such copy.
     */
    own?: RecipientLike[] | undefined;
    cipher?: 'aes-128-cbc' | 'aes-256-cbc' | 'aes-128-gcm' | 'aes-256-gcm' | undefined;
    keyTransport?: 'rsaes-pkcs1-v1_5' | 'rsaes-oaep' | undefined;
    compress?: boolean | undefined;
    /** Refuses to send unencrypted (`Draft.mustEncrypt`). */
    mustEncrypt?: boolean | undefined;
  } & HeaderOptions,
): Promise<{
  outgoing: { envelope: { from: string; to: string[] }; message: OutputBytes }[];
  /** Absent only if a message is encrypted and `own` is empty. */
  sentCopy?: OutputBytes;
}>;

/**
 * The draft of an answer to a message that was opened. It keeps confidential what was: pass its
 * `mustEncrypt`, `protectHeaders` and `confidentialHeaders` on to `protectMessage`.
 *
 * It goes to the `Reply-To`, else to the `From` that `opened.headers` shows. Where the protected `From`
 * names another, or there is none and no verified signature, nothing that was encrypted is in it
 * (`draft/quote-left-out`, `draft/headers-left-out`).
 *
 * ```ts
 * const opened = await openMessage({ message: mail, identities: [me], trustAnchors });
 * const { to, cc, subject, headers, text, mustEncrypt, protectHeaders, confidentialHeaders } =
 *   await replyTo({ opened, own: [myAddress], attribution: 'You wrote:' });
 * const message = await composeMessage({ from: { address: myAddress }, to, cc, subject, headers, text });
 * const { outgoing } = await protectMessage({
 *   message, signers: [me], recipients, mustEncrypt, protectHeaders, confidentialHeaders,
 * });
 * ```
 */
export function replyTo(
  options: CommonOptions & {
    opened: Answerable;
    /** Whether it goes to all that the message went to. By default false. */
    all?: boolean | undefined;
    /** Your addresses, which get no answer. */
    own?: string[] | undefined;
    /** Whether it will be encrypted. By default if the message was. */
    encrypted?: boolean | undefined;
    /**
     * Whether the text is quoted. By default unless that could give away what was encrypted. The details of
     * `draft/quote-left-out` say so: `reason` is `'unencrypted'` in an answer that is not encrypted;
     * `'other-sender'` where it goes to a `From` that the protected header does not name; `'no-integrity'`
     * where somebody may have changed the message, or sent it once more in his own name (no verified
     * signature, and a cipher without integrity or no protected header); `'other-recipients'` where it goes
     * to people besides the author and `own` whom only the unprotected `To`, `Cc` or `Reply-To` names.
     * Ask before you set it for the last two: the user may know that all in `to` and `cc` may read the text.
     */
    quote?: boolean | undefined;
    /** A line before the quoted text: `'On Monday Ann wrote:'`. */
    attribution?: string | undefined;
  },
): Promise<Draft>;

/**
 * The draft of a forward, with the text inline. See `replyTo`. Who forwards says to whom: by default the text
 * is left out only where it would go unencrypted (`'unencrypted'`).
 */
export function forward(
  options: CommonOptions & {
    opened: Answerable;
    encrypted?: boolean | undefined;
    quote?: boolean | undefined;
    attribution?: string | undefined;
    /** What `From`, `Date`, `Subject`, `To` and `Cc` are called before the text, in the user's language: `{ From: 'Von' }`. */
    fieldNames?: Partial<Record<'From' | 'Date' | 'Subject' | 'To' | 'Cc', string | undefined>> | undefined;
  },
): Promise<Draft>;

/**
 * Lets more people open an encrypted message, without decrypting its content: the message as it is, with
 * RecipientInfos for them. Everything else stays byte for byte; base64 is written anew from there on, in the
 * lines it was in. Who is among the recipients already changes nothing; if that is all of them, the
 * message comes back as it was.
 *
 * The key is tried first, so that a wrong one is never passed on: authenticated content by its tag,
 * content under CBC by its end, which has to be padded, and its beginning, which has to be a header
 * field's. What does not begin so under CBC, because it is no mail, is `decrypt/failed` here, though
 * `decrypt` may open it. Only the outermost layer is changed, and no key inside it is seen.
 *
 * @throws {SmimeError} `decrypt/not-encrypted`, `decrypt/no-recipient`, `decrypt/failed`,
 *   `refused/outer-signature`, `refused/recipient`, `unsupported/structure` for CMS in an unusual
 *   transfer encoding
 */
export function addRecipients(
  options: CommonOptions & {
    /** A whole message, or bare CMS. */
    message: Bytes;
    /** Whoever may open it now. */
    identities: Identity[];
    /** Who shall be able to. */
    recipients: RecipientLike[];
    /**
     * Whether those who are named already get the key anew. That somebody is named shows nothing: whoever
     * wrote the message may have put nonsense beside the name. By default false.
     */
    renew?: boolean | undefined;
  },
): Promise<OutputBytes>;

/**
 * The same the other way round: these certificates are named no more. That takes no knowledge from
 * anybody: whoever had the message, or its key, has it still. One of `identities` has to be among those that
 * stay, and is tried as in `addRecipients`.
 *
 * @throws {SmimeError} those of `addRecipients`, and `refused/last-recipient` where none of `identities`
 *   would open the message any more
 */
export function removeRecipients(
  options: CommonOptions & {
    message: Bytes;
    identities: Identity[];
    /** Who shall not be named any more. */
    recipients: RecipientLike[];
  },
): Promise<OutputBytes>;

/**
 * An identity whose private key is elsewhere: on a smartcard, in an HSM, with a server. `sign` and
 * `decrypt` use it as any other. Its callbacks run where you call from, never in the worker; the
 * module keeps nothing of it, so that `lock` and `terminate` leave it alone and close is all that
 * ends it. It can't be exported or stored (`refused/external-key`). Throws at once if an option is
 * wrong; all else shows when it is used.
 *
 * ```ts
 * const [certificate] = await parseCertificates({ data: der });
 * const identity = externalIdentity({
 *   certificate,
 *   sign: async ({ data, algorithm, signal }) =>
 *     new Uint8Array(await card.sign(algorithm.name, algorithm.digest, data, { signal })),
 * });
 * await sign({ message, signers: [identity] });
 * ```
 */
export function externalIdentity(options: {
  certificate: Certificate;
  /** Its issuers, the nearest first. */
  chain?: readonly Certificate[] | undefined;
  /** Without it the identity can't sign (`refused/external-key`). */
  sign?: ((request: ExternalSignRequest) => ExternalBytes | Promise<ExternalBytes>) | undefined;
  /** Without it the identity can't decrypt (`refused/external-key`). */
  decrypt?: ((request: ExternalDecryptRequest) => ExternalBytes | null | Promise<ExternalBytes | null>) | undefined;
}): Identity;

/** What a callback gives. */
export type ExternalBytes = Uint8Array | ArrayBuffer;

/**
 * Asks for a signature. It is checked with the certificate: another, no bytes, or an exception rejects
 * the call with `identity/external-failed`, whose `cause` is the exception.
 */
export interface ExternalSignRequest {
  /**
   * What is to be signed: the DER of the signed attributes. Hash it with `algorithm.digest` first where
   * your key takes a digest. For ECDSA both forms of a signature are taken: DER, and the two numbers
   * side by side, as WebCrypto gives them.
   */
  data: OutputBytes;
  algorithm:
    | { name: 'rsassa-pkcs1-v1_5'; digest: string }
    | { name: 'rsassa-pss'; digest: string; mgfDigest: string; saltLength: number }
    | { name: 'ecdsa'; digest: string; curve: string }
    | { name: 'ed25519' };
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
}

/**
 * Asks for a content-encryption key, or for the secret that leads to one.
 *
 * Whether a message decrypts must not be told apart from why it does not, or whoever sends damaged
 * messages learns something of the key. So `null`, or whatever else is no bytes, or an exception counts
 * as a bad padding, and bytes that fit nothing do too: the message ends in `decrypt/failed`, or in
 * content that makes no sense. Only an exception named `AbortError` (the user gave up) or
 * `NotAllowedError` (a wrong PIN, no card) rejects the call with `identity/external-failed`: throw these
 * for nothing that depends on the message, and let your device answer in the same time whatever the
 * padding.
 */
export type ExternalDecryptRequest =
  /** RSA: give the decrypted content-encryption key. */
  | {
      algorithm:
        | { name: 'rsaes-pkcs1-v1_5' }
        | { name: 'rsaes-oaep'; digest: string; mgfDigest: string; label: OutputBytes };
      encryptedKey: OutputBytes;
      signal: AbortSignal;
    }
  /**
   * Elliptic curves: give the secret that your key and the sender's agree on, the x-coordinate of the
   * shared point as WebCrypto's `deriveBits` does. `publicKey` is the sender's: the uncompressed point,
   * or 32 bytes.
   */
  | {
      algorithm: { name: 'ecdh'; curve: string } | { name: 'x25519' };
      publicKey: OutputBytes;
      signal: AbortSignal;
    };

/**
 * Wipes every key of this page: running calls and all identities answer `identity/locked` from now on. New
 * ones can be imported at once. Mailers that are open here are locked too, in all tabs, as their own `lock`
 * does; a mailer that was closed, and is open in another tab, stays unlocked there.
 */
export function lock(): Promise<void>;

/**
 * Ends the worker and forgets the module: running calls reject with `aborted`, identities answer
 * `identity/lost`. The next call starts anew.
 */
export function terminate(): Promise<void>;

/**
 * A certificate in detail (RFC 5280, 4; sections below are of it unless they say otherwise). Numbers of
 * any length, keys and fingerprints are in lower-case hexadecimal. A field is absent where the certificate
 * does not have it. Texts are given as they are: those with `hidden` hold characters that are not seen or
 * change the direction of others (control characters, bidirectional marks, zero-width and
 * default-ignorable ones), and must not be shown without making that plain.
 */
export interface CertificateDetails {
  /** 1, 2 or 3 (4.1.2.1). */
  version: number;
  /** As encoded (4.1.2.2). */
  serialNumber: string;
  /** 4.1.2.6 */
  subject: DistinguishedName;
  /** 4.1.2.4 */
  issuer: DistinguishedName;
  /** The addresses it stands for, and where each stands (RFC 8550, 3; RFC 9598). */
  addresses: { address: string; source: AddressSource }[];
  /**
   * What stands where addresses stand and is none; the certificate does not stand for it, and `verify`
   * never matches it. `'encoding'`: not of the type that stands there, such as an rfc822Name that is not
   * ASCII; `'characters'`: white space, control characters or such that are not seen; `'form'`: not one
   * local part and one host. May well hold hidden characters.
   */
  refusedAddresses: {
    text: string;
    source: AddressSource;
    reason: 'encoding' | 'characters' | 'form';
  }[];
  /** Alternative names of the subject, of every kind (4.2.1.6). */
  alternativeNames: GeneralName[];
  notBefore: Date;
  notAfter: Date;
  /** As in {@link Certificate.publicKey}. */
  publicKey: { algorithm: string; bits?: number };
  /** As in {@link Signature.algorithm}; the object identifier of one that is not known. */
  signatureAlgorithm: string;
  /** Over the encoding. SHA-1 is for comparing with what older software shows. */
  fingerprints: { sha256: string; sha1: string };
  /** Absent where the certificate does not limit them (4.2.1.3). */
  keyUsages?: KeyUsage[];
  /** Absent where the certificate does not limit them (4.2.1.12). Such as `'emailProtection'`. */
  extendedKeyUsages?: NamedIdentifier[];
  /** 4.2.1.9 */
  basicConstraints?: { isCa: boolean; pathLength?: number };
  /** 4.2.1.2 */
  subjectKeyIdentifier?: string;
  /** 4.2.1.1 */
  authorityKeyIdentifier?: { keyIdentifier?: string; issuer: GeneralName[]; serialNumber?: string };
  /** Certificate policies with their qualifiers (4.2.1.4). `cps` are addresses of documents. */
  policies: (NamedIdentifier & {
    cps: string[];
    notices: { text?: string; organization?: string; hidden?: true }[];
  })[];
  /**
   * Whom the issuer says to have checked, in the words of the CA/Browser Forum's S/MIME Baseline
   * Requirements: that mail to the address arrives (`'mailbox'`), an organization, an organization that
   * vouches for the person (`'sponsor'`), or the person (`'individual'`). By the policies that the Forum
   * reserves (7.1.6.1), which tell the generation too; else by the attributes of the subject (7.1.4.2.3
   * to 7.1.4.2.6): that is what the certificate claims, by whatever rules. Absent for a CA, where two
   * levels are named, where there is no address, and where a commonName stands alone that is neither an
   * address nor the organization.
   */
  validation?: {
    type: 'mailbox' | 'organization' | 'sponsor' | 'individual';
    generation?: 'legacy' | 'multipurpose' | 'strict';
    source: 'policy' | 'subject';
  };
  /**
   * The "Class n" or "Klasse n" that a policy or the subject names, and the text where it stands. Issuers
   * mean different things by it. Absent where neither does, or one names several.
   */
  class?: { number: number; source: 'policy' | 'subject'; text: string };
  /** What the owner's software says to read, best first (RFC 4262), by the names of docs/SUPPORT.md. */
  capabilities?: NamedIdentifier[];
  /** Where certificates of the issuer are (4.2.2.1). Nothing is fetched. */
  caIssuers: string[];
  /** Where OCSP is asked (4.2.2.1). */
  ocsp: string[];
  /** Where CRLs are (4.2.1.13). */
  crls: CrlDistributionPoint[];
  /** Where delta CRLs are (4.2.1.15). */
  deltaCrls: CrlDistributionPoint[];
  /** Which names certificates below a CA may have (4.2.1.10). */
  nameConstraints?: { permitted: GeneralName[]; excluded: GeneralName[] };
  /** Statements of a qualified certificate (RFC 3739, 3.2.6; ETSI EN 319 412-5); `types` of `'qcType'`. */
  qcStatements: (NamedIdentifier & { types: NamedIdentifier[] })[];
  /**
   * All extensions, in order. `'unknown-critical'`: nobody may accept the certificate who does not know
   * the extension, and this package does not (4.2); `'unreadable'`: nothing of it is told here.
   */
  extensions: (NamedIdentifier & { critical: boolean; fault?: 'unknown-critical' | 'unreadable' })[];
}

/** An object identifier in numbers, and its name where one is known. */
export interface NamedIdentifier {
  oid: string;
  name?: string;
}

/** A name by its attributes (4.1.2.4). Single fields have the last attribute of their kind. */
export interface DistinguishedName {
  /** All, in the order of the encoding: one relative distinguished name has one attribute or more. */
  relativeNames: NameAttribute[][];
  commonName?: string;
  organization?: string;
  organizationalUnit?: string;
  organizationIdentifier?: string;
  givenName?: string;
  surname?: string;
  pseudonym?: string;
  title?: string;
  emailAddress?: string;
  serialNumber?: string;
  locality?: string;
  state?: string;
  country?: string;
  userId?: string;
}

export interface NameAttribute {
  /** As X.520 names it, `'commonName'`, `'organizationName'`, …; else the object identifier. */
  type: string;
  /** Of a value that is no text, `#` and its DER in hexadecimal (RFC 4514, 2.4). */
  value: string;
  /** See {@link CertificateDetails}. */
  hidden?: true;
}

/** A GeneralName (4.2.1.6). */
export interface GeneralName {
  type:
    | 'otherName'
    | 'smtpUtf8Mailbox'
    | 'rfc822Name'
    | 'dNSName'
    | 'x400Address'
    | 'directoryName'
    | 'ediPartyName'
    | 'uniformResourceIdentifier'
    | 'iPAddress'
    | 'registeredID'
    /** Only in distribution points. */
    | 'nameRelativeToCRLIssuer';
  /** Its text; of what has none, `#` and its DER in hexadecimal. In constraints a mask follows a slash. */
  value: string;
  /** Of an `otherName`. */
  oid?: string;
  /** See {@link CertificateDetails}. */
  hidden?: true;
}

/** A place of CRLs (4.2.1.13). */
export interface CrlDistributionPoint {
  /** Names of one place. */
  names: GeneralName[];
  /** Such as `'key-compromise'`; absent for all. */
  reasons?: string[];
  /** Who signs it, where it is not the certificate's issuer. */
  crlIssuer: GeneralName[];
}

/** Where an address stands: among the alternative names in two forms, or in the subject. */
export type AddressSource = 'rfc822Name' | 'smtpUtf8Mailbox' | 'subject';

export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

export interface Structure {
  /** The outermost first, down to what is plain or encrypted. */
  layers: Layer[];
}

export type Layer =
  | { kind: 'plain'; contentType: string }
  | {
      kind: 'signed';
      form: 'detached' | 'opaque';
      /** One for each signer. */
      algorithms: string[];
      /** How many certificates go along. */
      certificates: number;
    }
  | { kind: 'encrypted'; integrity: 'protected' | 'none'; cipher: string; recipients: Recipient[] }
  /** See `decompress`. */
  | { kind: 'compressed' }
  /** A kind of CMS that this version does not open; its object identifier. */
  | { kind: 'other'; contentType: string };

/** What a message tells of a recipient. */
export interface Recipient {
  kind: 'key-transport' | 'key-agreement' | 'key-encryption-key' | 'password' | 'kem' | 'other';
  issuer?: string;
  /** In lower-case hexadecimal. */
  serialNumber?: string;
  /** In lower-case hexadecimal. */
  subjectKeyIdentifier?: string;
  /** Of one of `decrypt`'s `keys`, in lower-case hexadecimal. */
  keyIdentifier?: string;
  algorithm?: string;
}

export interface DecryptResult {
  /**
   * The decrypted MIME entity, exactly. The header fields of the message around it, `From` among them,
   * are not part of it: pass the address on to `verify` as `from`.
   */
  message: OutputBytes;
  /**
   * `'protected'`: nobody changed the ciphertext (GCM). `'none'`: somebody may have (CBC); do nothing
   * outward because of it.
   */
  integrity: 'protected' | 'none';
  /** Such as `'aes-256-cbc'`. */
  cipher: string;
  /** Whose key opened it; `undefined` if it was one of `passwords` or `keys`. */
  decryptedWith?: Identity;
  problems: Problem[];
}

export interface VerifyResult {
  /** Exactly the signed octets: show these, and nothing else. */
  content: OutputBytes;
  /**
   * - `'verified'`: the author's signature is intact and trusted, and nothing speaks against it.
   * - `'failed'`: a signature is altered or malformed, by the author's certificate or an unknown one.
   * - `'unsigned'`: there is no signer.
   * - `'unverified'`: everything else; the signatures' problems say why.
   */
  status: 'verified' | 'unverified' | 'failed' | 'unsigned';
  signatures: Signature[];
  problems: Problem[];
}

export interface Signature {
  /** Whether the content is what was signed. */
  integrity: 'intact' | 'altered' | 'unchecked';
  /** Whether the certificate leads to a trust anchor. */
  trust: 'trusted' | 'untrusted' | 'unchecked';
  /** Whether the certificate stands for the author's address. */
  author: 'match' | 'mismatch' | 'unchecked';
  /**
   * Whether the signer's certificate, or one above it, is revoked: at `receivedAt`, or now without it.
   * `'unchecked'` where it is not asked for, or there is no path to a trust anchor.
   */
  revocation: 'good' | 'revoked' | 'unknown' | 'unchecked';
  /** The verdict on the certificate at `receivedAt`. */
  then: 'valid' | 'invalid' | 'unchecked';
  /** The verdict on the certificate at `now`. */
  now: 'valid' | 'invalid';
  /** The signer's certificate, if it is known. */
  signer?: Certificate;
  /** From the signer's certificate to the trust anchor, as far as it was found. */
  chain: Certificate[];
  /** What the signer claims. */
  signingTime?: Date;
  /** Such as `'rsassa-pkcs1-v1_5-sha-256'`, `'rsassa-pss-sha-256'`, `'ecdsa-sha-384'`, `'ed25519'`. */
  algorithm: string;
  /**
   * What the signer says to be able to read: SMIMECapabilities in DER (RFC 8551, 2.5.2), to be handed to
   * `encrypt` with the recipient. Only of an intact signature by a trusted signer.
   */
  capabilities?: OutputBytes;
  /**
   * The certificate for which the signer wants to get encrypted mail (RFC 8551, 2.5.3). Only of an
   * intact signature by a trusted signer, and only if it is trusted too and has an address of the
   * signer's.
   */
  encryptionCertificate?: Certificate;
  /** Signatures over this signature (RFC 5652, 11.4). They lend no status. */
  countersignatures: Signature[];
  problems: Problem[];
}

/** What a certificate is worth. */
export interface CertificateCheck {
  /** Whether it leads to a trust anchor, and every rule holds. */
  trust: 'trusted' | 'untrusted' | 'unchecked';
  revocation: 'good' | 'revoked' | 'unknown' | 'unchecked';
  /** From the certificate to the trust anchor, as far as it was found. */
  chain: Certificate[];
  /** The policies the path is valid for, by their object identifiers. */
  policies: string[];
  problems: Problem[];
}

export interface OpenedMessage {
  /**
   * As with `verify`. `'unknown'`: the message could not be opened far enough to tell; `error` says why.
   */
  status: 'verified' | 'unverified' | 'failed' | 'unsigned' | 'unknown';
  /**
   * - `'none'`: the message was not encrypted, or only parts of it.
   * - `'protected'`: it was, and nobody changed it on its way.
   * - `'unprotected'`: it was, and somebody may have changed it on its way (EFAIL). Fetch, send and reply
   *   nothing because of it without asking.
   * - `'locked'`: it is, and could not be opened.
   */
  encryption: 'none' | 'protected' | 'unprotected' | 'locked';
  /** The status in the words of RFC 9219, for JMAP. */
  smimeStatus:
    | 'unknown'
    | 'signed'
    | 'signed/verified'
    | 'signed/failed'
    | 'encrypted+signed/verified'
    | 'encrypted+signed/failed'
    | null;
  /** The MIME entity that all of this speaks of, exactly. Absent where it could not be reached. */
  content?: OutputBytes;
  /** The header fields, protected ones first: show these, and not those of `message`. */
  headers: HeaderField[];
  /**
   * By which rules header fields are protected. `'clear'` and `'cipher'` are RFC 9788's: who wrote so, is
   * known to read it (`RecipientLike.protectedHeaders`).
   */
  headerProtection: 'none' | 'clear' | 'cipher' | 'protected-headers-v1' | 'rfc8551';
  /** What of the content there is to show: show nothing else. Absent where it is too complex. */
  view?: View;
  /** The signatures that the status comes from. */
  signatures: Signature[];
  /** Every layer, the outermost first. */
  layers: OpenedLayer[];
  /**
   * What there is to tell of the whole. Layers have their own, such as why a signature broke
   * (`diagnosis/…`), and signatures too.
   */
  problems: Problem[];
  /** Why the last layer could not be opened. */
  error?: SmimeError;
}

export type OpenedLayer =
  | {
      kind: 'signed';
      form: 'detached' | 'opaque';
      /** By itself: whether it counts for the whole is another question. */
      status: 'verified' | 'unverified' | 'failed' | 'unsigned';
      signatures: Signature[];
      problems: Problem[];
      error?: undefined;
    }
  | {
      kind: 'encrypted';
      integrity: 'protected' | 'none';
      cipher: string;
      decryptedWith?: Identity;
      problems: Problem[];
      error?: undefined;
    }
  | { kind: 'compressed'; error?: undefined }
  /** Certificates and nothing else. */
  | { kind: 'certificates'; certificates: Certificate[]; error?: undefined }
  /** Could not be opened. */
  | {
      kind: 'signed' | 'encrypted' | 'compressed' | 'other';
      form?: 'detached' | 'opaque';
      error: SmimeError;
    };

/** What there is to show of a content, in its order. */
export interface View {
  /** Each text is a document of its own: don't join them. */
  bodies: {
    /** As plain text in any case. */
    text: string;
    /** Whether `text` was made of the HTML. */
    isFromHtml: boolean;
    html?: {
      /** As the sender wrote it, scripts and all. Sanitize it, and show it in a frame without rights. */
      unsafe: string;
      /**
       * What it would fetch or send to when shown, as far as that is found. To ask people before; it makes
       * nothing safe.
       */
      remoteReferences: string[];
    };
  }[];
  attachments: Attachment[];
}

export interface Attachment {
  /** As the sender wrote it: no safe path. */
  name?: string;
  /** The media type in lower case. */
  type: string;
  /** How `cid:` in HTML names it. */
  contentId?: string;
  /** Whether it is meant to be seen within the text. */
  isInline: boolean;
  /**
   * `'message'`: a mail; give its bytes to `openMessage` for a status of its own. `'encrypted'`: not
   * opened, because it must not be shown beside what somebody else put around it. `'signature'`: of
   * another part.
   */
  kind: 'file' | 'message' | 'encrypted' | 'signed' | 'signature' | 'smime';
  /** In bytes, decoded. */
  size: number;
  /** Its bytes, decoded now. Throws `malformed/mime` if they can't be. */
  data(): Promise<OutputBytes>;
}

export interface Address {
  name?: string | undefined;
  address: string;
}

/** Somebody by their address alone, or with a name. */
export type AddressLike = string | Address;

/** What a list shows of a mail. */
export interface Summary {
  from: Address[];
  to: Address[];
  cc: Address[];
  bcc: Address[];
  /** To be shown. */
  subject: string;
  /** If there is one that can be read. */
  date?: Date;
}

/** What `classify` tells. */
export interface Classification {
  kind: MessageKind;
  /** What an `'unknown'` one may be. */
  mayBe: MessageKind[];
  /** What parts of a `'plain'` one seem to be: a mailing list may have put the message among others. */
  contains: MessageKind[];
  /** As it stands there. */
  smimeType?: string;
  fileName?: string;
  problems: Problem[];
}

export type MessageKind =
  /** multipart/signed. */
  | 'signed'
  | 'encrypted'
  /** AuthEnvelopedData. */
  | 'encrypted-authenticated'
  | 'opaque-signed'
  /** Certificates and nothing else. */
  | 'certificates'
  | 'compressed'
  | 'plain'
  /** S/MIME of a kind that only its bytes tell. */
  | 'unknown';

/** A header field, as it is to be shown. */
export interface HeaderField {
  name: string;
  /**
   * To be shown: the protected value, where there is one. Never parse it: encoded words are decoded in it,
   * and a name like `=?utf-8?q?v=40example.com=3E=2C?=` then reads like an address. `inner` and `outer` are
   * unfolded, and else as they stand.
   */
  value: string;
  /**
   * Of `From`, `Sender`, `Reply-To`, `To`, `Cc`, `Bcc` and their `Resent-` fields: the people in `value`,
   * read before anything was decoded. What is no address is left out; empty for more than
   * 5,000 in all (`header/too-many-addresses`). Names are the sender's word, without characters that
   * are not seen.
   */
  addresses?: Address[];
  /** The protected value as it stands inside. Absent if the field only stands outside. */
  inner?: string;
  /** The value as it stands outside. */
  outer?: string;
  /**
   * What protects `value` (RFC 9788, 4.3): its author signed it, nobody could read it on the way, both, or
   * anybody on the way may have written it.
   */
  protection: 'signed-and-encrypted' | 'encrypted' | 'signed' | 'none';
  /** Whether the values inside and outside are two. */
  differs: boolean;
}

/**
 * What an answer needs of an `OpenedMessage`: pass it as it is. The texts of its `view` are quoted. One that is
 * locked has no answer: unlock first, and open it again.
 */
export interface Answerable {
  headers: HeaderField[];
  status?: 'verified' | 'unverified' | 'failed' | 'unsigned' | 'unknown' | undefined;
  encryption?: 'none' | 'protected' | 'unprotected' | 'locked' | undefined;
  view?: { bodies: { text: string }[] } | undefined;
}

/**
 * The fields up to `text` are for `composeMessage`; `mustEncrypt`, `protectHeaders` and
 * `confidentialHeaders` are for `protectMessage`, and `protect` of a mailer. None takes the whole.
 */
export interface Draft {
  to: Address[];
  cc: Address[];
  subject: string;
  /** `In-Reply-To` and `References`. */
  headers: Record<string, string>;
  /** What is quoted. */
  text: string;
  /** It holds what was encrypted, and must not go unencrypted. */
  mustEncrypt: boolean;
  /** Header fields have to be hidden at least so. */
  protectHeaders?: 'baseline' | 'shy';
  /** Header fields that must not be readable outside. */
  confidentialHeaders: string[];
  /** What was left out, or should be said (`draft/…`). */
  problems: Problem[];
}
