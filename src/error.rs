//! [`Error`]: why a verb could not answer. [`Problem`]: what an answer has to tell besides.
//!
//! A broken *input* is an error; a bad *signature* is an answer with its problems. Both carry a stable
//! code for JavaScript and the evidence as details; sentences for people are made from these. The
//! part of an error's code before the slash says whose fault it is: `malformed` and `unsupported` the
//! input's, `limit` and `refused` a rule's, `usage` the caller's, `internal` ours; the rest name the
//! verb or object that answers.
//!
//! One enum serves all rooms: every error ends in the same promise, and one exhaustive map to codes
//! is easier to keep stable than ten.

use core::fmt;

/// The crate's result.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// One value of evidence in an error or problem.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Words, an address, an OID in dotted form.
    Text(String),
    /// A count or a size.
    Number(u64),
    /// A moment.
    Time(crate::env::Time),
    /// A list of words.
    List(Vec<String>),
    /// Yes or no.
    Flag(bool),
}

/// Named evidence, in a stable order.
pub type Details = Vec<(&'static str, Detail)>;

/// Which cap of [`Limits`](crate::limits::Limits) was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is documented at the field of Limits it names")]
pub enum Limit {
    InputBytes,
    Asn1Depth,
    Asn1Values,
    MimeDepth,
    MimeParts,
    Layers,
    HeaderFields,
    Recipients,
    Certificates,
    Signers,
    CrlBytes,
    OcspBytes,
    KdfIterations,
    KdfMemory,
    DecompressedBytes,
    CompressionRatio,
}

impl Limit {
    fn code(self) -> &'static str {
        match self {
            Limit::InputBytes => "limit/input-bytes",
            Limit::Asn1Depth => "limit/asn1-depth",
            Limit::Asn1Values => "limit/asn1-values",
            Limit::MimeDepth => "limit/mime-depth",
            Limit::MimeParts => "limit/mime-parts",
            Limit::Layers => "limit/layers",
            Limit::HeaderFields => "limit/header-fields",
            Limit::Recipients => "limit/recipients",
            Limit::Certificates => "limit/certificates",
            Limit::Signers => "limit/signers",
            Limit::CrlBytes => "limit/crl-bytes",
            Limit::OcspBytes => "limit/ocsp-bytes",
            Limit::KdfIterations => "limit/kdf-iterations",
            Limit::KdfMemory => "limit/kdf-memory",
            Limit::DecompressedBytes => "limit/decompressed-bytes",
            Limit::CompressionRatio => "limit/compression-ratio",
        }
    }
}

/// Why a verb could not answer.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// The bytes are no BER. `rule` names what they break.
    MalformedAsn1 {
        /// The violated rule of X.690, in a few words.
        rule: &'static str,
    },
    /// The ASN.1 is no CMS structure (RFC 5652), or one that contradicts itself.
    MalformedCms {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// The message breaks RFC 5322, RFC 2045 or RFC 1847 where it has to be exact.
    MalformedMime {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// The message is not all there.
    MalformedTruncated {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// No certificate (RFC 5280) could be read from the bytes.
    MalformedCertificate {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// No CertificateList (RFC 5280, 5.1) could be read from the bytes.
    MalformedCrl {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// No OCSPResponse (RFC 6960, 4.2.1) could be read from the bytes.
    MalformedOcsp {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// The private key could not be read (PKCS#8, PKCS#1), or its numbers do not belong together.
    MalformedKey {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// The PFX (RFC 7292) is damaged: the password was right or was never reached.
    MalformedP12 {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// What was archived of a mail cannot be read.
    MalformedEvidence {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// A record of the store cannot be read.
    MalformedRecord {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// The file is no backup of a store, not all of one, or was altered.
    MalformedBackup {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// What was signed for a shared account cannot be read.
    MalformedShared {
        /// The violated rule, in a few words.
        rule: &'static str,
    },
    /// An algorithm that is not in the table, or not for this use.
    UnsupportedAlgorithm {
        /// What it was to be used for.
        role: &'static str,
        /// Its object identifier in dotted form, or its name where the caller gave a name.
        algorithm: String,
    },
    /// A structure that CMS or MIME defines and this version does not read.
    UnsupportedStructure {
        /// Its name in the standard.
        structure: &'static str,
    },
    /// Something the interface names and this version does not do yet.
    UnsupportedFeature {
        /// Its name in the interface.
        feature: String,
    },
    /// A cap was reached.
    Limit {
        /// Which.
        limit: Limit,
        /// What the input asks for, at least.
        required: u64,
        /// What is allowed.
        allowed: u64,
    },
    /// The password does not open the PFX.
    P12WrongPassword,
    /// Where certificates are read: the file is a PFX, which opens with a password.
    P12KeyFile,
    /// The message could not be decrypted, and nothing more is told on purpose.
    DecryptFailed,
    /// None of the identities given is a recipient of this message.
    DecryptNoRecipient {
        /// How many recipients the message names.
        recipients: u64,
    },
    /// The message is not encrypted.
    DecryptNotEncrypted,
    /// What is encrypted are keys (RFC 5958), as those of shared accounts, and no mail: nobody is shown
    /// them.
    DecryptNotMail,
    /// The message is not compressed.
    DecompressNotCompressed,
    /// The certificate of a signer does not allow it to sign.
    SignerUnusable {
        /// Position among the signers.
        index: u64,
        /// Why.
        reason: &'static str,
    },
    /// The certificate of a recipient does not allow to encrypt to it.
    RecipientUnusable {
        /// Position among the recipients.
        index: u64,
        /// Why.
        reason: &'static str,
    },
    /// Nobody can encrypt to these addresses: no certificate was given that stands for them.
    RecipientWithoutCertificate {
        /// Those without.
        addresses: Vec<String>,
        /// Beside each, where it stands: `to`, `cc` or `bcc`. Empty where nobody looked.
        fields: Vec<&'static str>,
        /// Beside each, the code of the problem. Empty where nobody looked.
        reasons: Vec<&'static str>,
    },
    /// A certificate that everything has to be encrypted to besides can't be used.
    ArchiveUnready {
        /// Its subject, or its id if it is not there.
        subject: String,
        /// Why: the code of a problem.
        reason: &'static str,
    },
    /// The message answers an encrypted one and was to be sent in the clear.
    MustEncrypt,
    /// Nobody can sign as this sender, or encrypt the sender's copy.
    SenderUnready {
        /// The sender.
        address: String,
        /// Why: the code of a problem.
        reason: &'static str,
    },
    /// The message was to be encrypted and not signed, which the settings forbid.
    EncryptionUnsigned,
    /// A private key is among the attachments.
    PrivateKeyAttached {
        /// The name of the file.
        name: String,
    },
    /// The administrator chose the setting.
    SettingLocked {
        /// Its name.
        setting: &'static str,
    },
    /// A signature outside covers what is encrypted, and would not hold with other recipients.
    RefusedOuterSignature,
    /// Without this recipient, none of the keys at hand would open the message any more.
    RefusedLastRecipient,
    /// The key is elsewhere, and what was asked needs it here, or a holder that does it.
    RefusedExternalKey {
        /// `sign`, `decrypt` or `export`.
        operation: &'static str,
    },
    /// The holder of a key that is elsewhere failed.
    ExternalFailed {
        /// `sign` or `decrypt`.
        operation: &'static str,
        /// How, in a few words.
        reason: &'static str,
    },
    /// The handle was closed.
    IdentityClosed,
    /// The handle of a CRL was closed.
    CrlClosed,
    /// The store that holds the key has been locked.
    IdentityLocked,
    /// An option the verb does not know.
    UsageUnknownOption {
        /// Its name.
        option: String,
        /// The names of its own that it knows, if they are said.
        takes: Vec<String>,
    },
    /// An option the verb needs and did not get.
    UsageMissingOption {
        /// Its name.
        option: &'static str,
    },
    /// An option of the wrong type, or a value it cannot have.
    UsageWrongOption {
        /// Its name.
        option: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
    /// A verb that does not exist.
    UsageUnknownVerb {
        /// Its name.
        verb: String,
    },
    /// Ended by the caller.
    Aborted,
    /// The passphrase does not open the sealed key.
    StoreWrongPassphrase,
    /// A passkey or a device key opens nothing that is stored.
    StoreWrongKey,
    /// There is no other way to unlock the identity, so this one stays.
    StoreLastWay,
    /// The sealed key was altered, or its record belongs to another key.
    StoreSealBroken,
    /// Another tab changed the record in the meantime; nothing was written.
    StoreConflict,
    /// There is no such record.
    StoreNotFound,
    /// No identity is stored yet.
    StoreNoIdentity,
    /// The database was written by a newer version of this package.
    StoreNewerSchema {
        /// The version found.
        found: u64,
        /// The newest version this package knows.
        known: u64,
    },
    /// The administrator of the shared account did not sign it, or it was altered.
    SharedNotAuthentic,
    /// A newer state of the shared account is known than this, or another of the same number.
    SharedRolledBack {
        /// Its epoch.
        found: u64,
        /// The one that is known.
        known: u64,
    },
    /// The account is new here, and nobody has said who administers it.
    SharedUnknownAdministrator,
    /// Another certificate administers the account, as far as is known here.
    SharedOtherAdministrator {
        /// Fingerprint of the one that was given, SHA-256 in hexadecimal.
        found: String,
        /// Of the one that is known.
        known: String,
    },
    /// The user does not administer the shared account.
    SharedNotAdministrator,
    /// The identity is a shared account's: it opens with those of its members, and in no way of its own.
    SharedNotOwn,
    /// The user has a key for shared accounts, and there is one at most.
    SharedMemberKeyExists,
    /// The backend failed: its own code goes through.
    StoreBackend {
        /// The backend's code, such as `store/quota`.
        code: String,
        /// The backend's words.
        message: String,
    },
    /// A fault of this crate.
    Internal {
        /// Where.
        what: &'static str,
    },
}

impl Error {
    /// Nobody can encrypt to these addresses, for a caller who knows no more.
    pub fn without_certificate(addresses: Vec<String>) -> Error {
        Error::RecipientWithoutCertificate { addresses, fields: Vec::new(), reasons: Vec::new() }
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        match self {
            Error::MalformedAsn1 { .. } => "malformed/asn1",
            Error::MalformedCms { .. } => "malformed/cms",
            Error::MalformedMime { .. } => "malformed/mime",
            Error::MalformedTruncated { .. } => "malformed/truncated",
            Error::MalformedCertificate { .. } => "malformed/certificate",
            Error::MalformedCrl { .. } => "malformed/crl",
            Error::MalformedOcsp { .. } => "malformed/ocsp",
            Error::MalformedKey { .. } => "malformed/key",
            Error::MalformedP12 { .. } => "malformed/p12",
            Error::MalformedEvidence { .. } => "malformed/evidence",
            Error::MalformedRecord { .. } => "malformed/record",
            Error::MalformedBackup { .. } => "malformed/backup",
            Error::MalformedShared { .. } => "malformed/shared-account",
            Error::UnsupportedAlgorithm { .. } => "unsupported/algorithm",
            Error::UnsupportedStructure { .. } => "unsupported/structure",
            Error::UnsupportedFeature { .. } => "unsupported/feature",
            Error::Limit { limit, .. } => limit.code(),
            Error::P12WrongPassword => "p12/wrong-password",
            Error::P12KeyFile => "p12/key-file",
            Error::DecryptFailed => "decrypt/failed",
            Error::DecryptNoRecipient { .. } => "decrypt/no-recipient",
            Error::DecryptNotEncrypted => "decrypt/not-encrypted",
            Error::DecryptNotMail => "decrypt/not-mail",
            Error::DecompressNotCompressed => "decompress/not-compressed",
            Error::SignerUnusable { .. } => "refused/signer",
            Error::RecipientUnusable { .. } => "refused/recipient",
            Error::RecipientWithoutCertificate { .. } => "refused/no-certificate",
            Error::ArchiveUnready { .. } => "refused/archive",
            Error::MustEncrypt => "refused/must-encrypt",
            Error::SenderUnready { .. } => "refused/sender",
            Error::EncryptionUnsigned => "refused/unsigned-encryption",
            Error::PrivateKeyAttached { .. } => "refused/private-key",
            Error::SettingLocked { .. } => "refused/setting-locked",
            Error::RefusedOuterSignature => "refused/outer-signature",
            Error::RefusedLastRecipient => "refused/last-recipient",
            Error::RefusedExternalKey { .. } => "refused/external-key",
            Error::ExternalFailed { .. } => "identity/external-failed",
            Error::IdentityClosed => "identity/closed",
            Error::CrlClosed => "crl/closed",
            Error::IdentityLocked => "identity/locked",
            Error::UsageUnknownOption { .. } => "usage/unknown-option",
            Error::UsageMissingOption { .. } => "usage/missing-option",
            Error::UsageWrongOption { .. } => "usage/wrong-option",
            Error::UsageUnknownVerb { .. } => "usage/unknown-verb",
            Error::Aborted => "aborted",
            Error::StoreWrongPassphrase => "store/wrong-passphrase",
            Error::StoreWrongKey => "store/wrong-key",
            Error::StoreLastWay => "store/last-way",
            Error::StoreSealBroken => "store/seal-broken",
            Error::StoreConflict => "store/conflict",
            Error::StoreNotFound => "store/not-found",
            Error::StoreNoIdentity => "store/no-identity",
            Error::StoreNewerSchema { .. } => "store/newer-schema",
            Error::SharedNotAuthentic => "shared/not-authentic",
            Error::SharedRolledBack { .. } => "shared/rolled-back",
            Error::SharedUnknownAdministrator => "shared/unknown-administrator",
            Error::SharedOtherAdministrator { .. } => "shared/other-administrator",
            Error::SharedNotAdministrator => "shared/not-administrator",
            Error::SharedNotOwn => "shared/not-own",
            Error::SharedMemberKeyExists => "shared/member-key-exists",
            Error::StoreBackend { code, .. } => code,
            Error::Internal { .. } => "internal/fault",
        }
    }

    /// The evidence.
    pub fn details(&self) -> Details {
        match self {
            Error::MalformedAsn1 { rule }
            | Error::MalformedCms { rule }
            | Error::MalformedMime { rule }
            | Error::MalformedTruncated { rule }
            | Error::MalformedCertificate { rule }
            | Error::MalformedCrl { rule }
            | Error::MalformedOcsp { rule }
            | Error::MalformedKey { rule }
            | Error::MalformedP12 { rule }
            | Error::MalformedEvidence { rule }
            | Error::MalformedRecord { rule }
            | Error::MalformedBackup { rule }
            | Error::MalformedShared { rule } => vec![("rule", text(rule))],
            Error::UnsupportedAlgorithm { role, algorithm } => {
                vec![("role", text(role)), ("algorithm", text(algorithm))]
            }
            Error::UnsupportedStructure { structure } => vec![("structure", text(structure))],
            Error::UnsupportedFeature { feature } => vec![("feature", text(feature))],
            Error::Limit { limit: _, required, allowed } => {
                vec![("required", Detail::Number(*required)), ("allowed", Detail::Number(*allowed))]
            }
            Error::DecryptNoRecipient { recipients } => {
                vec![("recipients", Detail::Number(*recipients))]
            }
            Error::SignerUnusable { index, reason }
            | Error::RecipientUnusable { index, reason } => {
                vec![("index", Detail::Number(*index)), ("reason", text(reason))]
            }
            Error::RecipientWithoutCertificate { addresses, fields, reasons } => {
                let mut details = vec![("addresses", Detail::List(addresses.clone()))];
                for (name, list) in [("fields", fields), ("reasons", reasons)] {
                    let list: Vec<String> = list.iter().map(|word| (*word).to_owned()).collect();
                    details.extend((!list.is_empty()).then_some((name, Detail::List(list))));
                }
                details
            }
            Error::ArchiveUnready { subject, reason } => {
                vec![("subject", text(subject)), ("reason", text(reason))]
            }
            Error::SenderUnready { address, reason } => {
                vec![("address", text(address)), ("reason", text(reason))]
            }
            Error::PrivateKeyAttached { name } => vec![("name", text(name))],
            Error::SettingLocked { setting } => vec![("setting", text(setting))],
            Error::RefusedExternalKey { operation } => vec![("operation", text(operation))],
            Error::ExternalFailed { operation, reason } => {
                vec![("operation", text(operation)), ("reason", text(reason))]
            }
            Error::UsageUnknownOption { option, takes: _ } => vec![("option", text(option))],
            Error::UsageMissingOption { option } => vec![("option", text(option))],
            Error::UsageWrongOption { option, expected } => {
                vec![("option", text(option)), ("expected", text(expected))]
            }
            Error::UsageUnknownVerb { verb } => vec![("verb", text(verb))],
            Error::SharedOtherAdministrator { found, known } => {
                vec![("found", text(found)), ("known", text(known))]
            }
            Error::StoreNewerSchema { found, known } | Error::SharedRolledBack { found, known } => {
                vec![("found", Detail::Number(*found)), ("known", Detail::Number(*known))]
            }
            Error::StoreBackend { code: _, message } => vec![("message", text(message))],
            Error::Internal { what } => vec![("what", text(what))],
            Error::P12WrongPassword
            | Error::P12KeyFile
            | Error::MustEncrypt
            | Error::EncryptionUnsigned
            | Error::RefusedOuterSignature
            | Error::RefusedLastRecipient
            | Error::DecryptFailed
            | Error::DecryptNotEncrypted
            | Error::DecryptNotMail
            | Error::DecompressNotCompressed
            | Error::IdentityClosed
            | Error::CrlClosed
            | Error::IdentityLocked
            | Error::Aborted
            | Error::StoreWrongPassphrase
            | Error::StoreWrongKey
            | Error::StoreLastWay
            | Error::StoreSealBroken
            | Error::StoreConflict
            | Error::StoreNotFound
            | Error::StoreNoIdentity
            | Error::SharedNotAuthentic
            | Error::SharedUnknownAdministrator
            | Error::SharedNotAdministrator
            | Error::SharedNotOwn
            | Error::SharedMemberKeyExists => Vec::new(),
        }
    }
}

/// One English sentence, for logs.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::MalformedAsn1 { rule } => write!(f, "The ASN.1 is malformed: {rule}."),
            Error::MalformedCms { rule } => write!(f, "The CMS is malformed: {rule}."),
            Error::MalformedMime { rule } => write!(f, "The message is malformed: {rule}."),
            Error::MalformedTruncated { rule } => {
                write!(f, "The message is not all there: {rule}.")
            }
            Error::MalformedCertificate { rule } => {
                write!(f, "The certificate is malformed: {rule}.")
            }
            Error::MalformedCrl { rule } => write!(f, "The CRL is malformed: {rule}."),
            Error::MalformedOcsp { rule } => write!(f, "The OCSP response is malformed: {rule}."),
            Error::MalformedKey { rule } => write!(f, "The private key is malformed: {rule}."),
            Error::MalformedP12 { rule } => write!(f, "The PKCS#12 file is damaged: {rule}."),
            Error::MalformedEvidence { rule } => {
                write!(f, "The archived evidence is damaged: {rule}.")
            }
            Error::MalformedRecord { rule } => write!(f, "The stored record is damaged: {rule}."),
            Error::MalformedBackup { rule } => write!(f, "The backup can't be read: {rule}."),
            Error::MalformedShared { rule } => {
                write!(f, "The shared account can't be read: {rule}.")
            }
            Error::UnsupportedAlgorithm { role, algorithm } => {
                write!(f, "The algorithm {algorithm} is not supported for {role}.")
            }
            Error::UnsupportedStructure { structure } => {
                write!(f, "{structure} is not supported.")
            }
            Error::UnsupportedFeature { feature } => write!(f, "{feature} is not supported yet."),
            Error::Limit { limit, required, allowed } => write!(
                f,
                "The input needs {required} where {allowed} are allowed ({}).",
                limit.code()
            ),
            Error::P12WrongPassword => f.write_str("The password does not open the PKCS#12 file."),
            Error::P12KeyFile => f.write_str("It is a PKCS#12 file: `importP12` reads it."),
            Error::DecryptFailed => f.write_str("The message could not be decrypted."),
            Error::DecryptNoRecipient { .. } => {
                f.write_str("The message was not encrypted for any of these identities.")
            }
            Error::DecryptNotEncrypted => f.write_str("The message is not encrypted."),
            Error::DecryptNotMail => f.write_str("What is encrypted are keys, and no mail."),
            Error::DecompressNotCompressed => f.write_str("The message is not compressed."),
            Error::SignerUnusable { index, reason } => {
                write!(f, "The certificate of signer {index} can't be used: {reason}.")
            }
            Error::RecipientUnusable { index, reason } => {
                write!(f, "The certificate of recipient {index} can't be used: {reason}.")
            }
            Error::ArchiveUnready { subject, reason } => {
                write!(f, "The certificate {subject} of the archive can't be used: {reason}.")
            }
            Error::RecipientWithoutCertificate { addresses, .. } => {
                write!(f, "There is no certificate for {}.", addresses.join(", "))
            }
            Error::MustEncrypt => {
                f.write_str("The message answers an encrypted one and must not go unencrypted.")
            }
            Error::SenderUnready { address, reason } => {
                write!(f, "The mail can't be protected as {address}: {reason}.")
            }
            Error::EncryptionUnsigned => {
                f.write_str("The message was to be encrypted without a signature.")
            }
            Error::PrivateKeyAttached { name } => {
                write!(f, "The attachment {name:?} holds a private key.")
            }
            Error::SettingLocked { setting } => {
                write!(f, "The administrator chose the setting {setting}.")
            }
            Error::RefusedOuterSignature => f.write_str(
                "A signature covers the encrypted content: with other recipients it would not hold.",
            ),
            Error::RefusedLastRecipient => {
                f.write_str("No key at hand would open the message any more.")
            }
            Error::RefusedExternalKey { operation } => {
                write!(f, "The key of this identity is elsewhere and can't be used to {operation}.")
            }
            Error::ExternalFailed { operation, reason } => {
                write!(f, "The holder of the key failed to {operation}: {reason}.")
            }
            Error::IdentityClosed => f.write_str("The identity was closed."),
            Error::CrlClosed => f.write_str("The CRL was closed."),
            Error::IdentityLocked => f.write_str("The identity is locked."),
            Error::UsageUnknownOption { option, takes } if takes.is_empty() => {
                write!(f, "Unknown option {option:?}.")
            }
            Error::UsageUnknownOption { option, takes } => {
                let takes = takes.join(", ");
                write!(f, "Unknown option {option:?}. It takes {takes}, and what all calls take.")
            }
            Error::UsageMissingOption { option } => write!(f, "The option {option:?} is missing."),
            Error::UsageWrongOption { option, expected } => {
                write!(f, "The option {option:?} has to be {expected}.")
            }
            Error::UsageUnknownVerb { verb } => write!(f, "Unknown verb {verb:?}."),
            Error::Aborted => f.write_str("Aborted."),
            Error::StoreWrongPassphrase => f.write_str("The passphrase is wrong."),
            Error::StoreWrongKey => f.write_str("The key opens nothing that is stored."),
            Error::StoreLastWay => f.write_str("It is the only way to unlock the identity."),
            Error::StoreSealBroken => f.write_str("The sealed key was altered."),
            Error::StoreConflict => f.write_str("The record was changed elsewhere."),
            Error::StoreNotFound => f.write_str("There is no such record."),
            Error::StoreNoIdentity => f.write_str("There is no identity yet."),
            Error::SharedNotAuthentic => {
                f.write_str("The administrator of the shared account did not sign this.")
            }
            Error::SharedRolledBack { found, known } => write!(
                f,
                "Epoch {known} of the shared account is known, and this is epoch {found}."
            ),
            Error::SharedUnknownAdministrator => {
                f.write_str("Nobody has said who administers the shared account.")
            }
            Error::SharedOtherAdministrator { found, known } => {
                write!(f, "{known} administers the shared account, not {found}.")
            }
            Error::SharedNotAdministrator => {
                f.write_str("Somebody else administers the shared account.")
            }
            Error::SharedNotOwn => {
                f.write_str("The identity is a shared account's and opens with its members' own.")
            }
            Error::SharedMemberKeyExists => {
                f.write_str("There is a key for shared accounts already.")
            }
            Error::StoreNewerSchema { found, known } => write!(
                f,
                "The database has version {found}; this package knows versions up to {known}."
            ),
            Error::StoreBackend { message, .. } => f.write_str(message),
            Error::Internal { what } => write!(f, "Internal fault: {what}."),
        }
    }
}

impl core::error::Error for Error {}

/// The rule that ASN.1 breaks which is not all there.
pub const ENDS_EARLY: &str = "it ends too early";
/// The rule that a multipart breaks which is not all there.
pub const IS_NOT_CLOSED: &str = "multipart/signed is not closed";
/// The rule that base64 breaks which is not all there.
pub const BREAKS_OFF: &str = "base64 that breaks off";

impl Error {
    /// Whether the input may once have been longer.
    pub fn is_truncated(&self) -> bool {
        matches!(
            self,
            Error::MalformedAsn1 { rule: ENDS_EARLY }
                | Error::MalformedMime { rule: IS_NOT_CLOSED | BREAKS_OFF }
        )
    }
}

fn text(words: &str) -> Detail {
    Detail::Text(words.to_owned())
}

/// Something an answer has to tell: a reason against a signature, a weakness, a deviation that was
/// read all the same. The room that finds it makes it; `codes` in `tests/` keeps the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The stable code, such as `chain/expired`.
    pub code: ProblemCode,
    /// The evidence.
    pub details: Details,
}

impl Problem {
    /// A problem that needs no evidence.
    pub fn new(code: ProblemCode) -> Problem {
        Problem { code, details: Vec::new() }
    }

    /// Adds evidence.
    #[must_use]
    pub fn with(mut self, name: &'static str, detail: Detail) -> Problem {
        self.details.push((name, detail));
        self
    }

    /// Adds words as evidence.
    #[must_use]
    pub fn with_text(self, name: &'static str, words: &str) -> Problem {
        self.with(name, text(words))
    }
}

macro_rules! problem_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident => $code:literal,)+) => {
        /// What a [`Problem`] can be.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ProblemCode {
            /// Every code there is.
            pub const ALL: &'static [ProblemCode] = &[$(ProblemCode::$variant,)+];

            /// The stable code.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(ProblemCode::$variant => $code,)+
                }
            }

            /// Whether it tells of a revocation, or why nothing is known of one.
            pub fn is_revocation(self) -> bool {
                self.as_str().starts_with("revocation/")
            }
        }
    };
}

problem_codes! {
    /// The PFX has no MAC: nothing shows that it is whole (RFC 7292, 4).
    P12NoMac => "p12/no-mac",
    /// The PFX, or a bag in it, is sealed with a cipher that no longer protects (RC2, 3DES).
    P12WeakCipher => "p12/weak-cipher",
    /// The PFX holds no private key, only certificates.
    P12NoKey => "p12/no-key",
    /// A private key without a certificate was left out.
    P12KeyWithoutCertificate => "p12/key-without-certificate",
    /// A key of a kind that is not supported was left out.
    P12UnsupportedKey => "p12/unsupported-key",
    /// A bag that could not be read, or is of a kind that holds nothing for mail, was left out.
    P12BagSkipped => "p12/bag-skipped",
    /// A certificate could not be read and was left out.
    CertificateUnreadable => "certificate/unreadable",
    /// The archive was added to those who can read a mail that arrived.
    ArchiveAdded => "archive/added",
    /// The archive was not added; the detail `reason` is an error's code, or `for-others` (it is for others too)
    /// or `no-integrity` (it could have been changed on its way).
    ArchiveNotAdded => "archive/not-added",
    /// An own certificate ends soon.
    ReminderEndsSoon => "reminder/ends-soon",
    /// An own certificate has ended.
    ReminderEnded => "reminder/ended",
    /// None of the user's accounts has an address of the imported certificate: it is stored, and used
    /// once there is one.
    ImportNoAccount => "import/no-account",
    /// Nobody who is trusted vouches for the imported certificate: nothing is signed with it unless the
    /// user says so.
    ImportUntrusted => "import/untrusted",
    /// The imported certificate has expired: it decrypts and does not sign.
    ImportExpired => "import/expired",
    /// Records of the store that can't be read were left out; the detail `count` says how many.
    StoreUnreadableRecord => "store/unreadable-record",
    /// What a mail teaches could not be stored; the detail `reason` is an error's code.
    StoreNotLearned => "store/not-learned",
    /// The certificate was not kept: there are enough for the address that nobody trusts.
    StoreTooManyCertificates => "store/too-many-certificates",
    /// There are keys in the store that are in no backup.
    StoreBackupDue => "store/backup-due",
    /// Some keys were locked when the backup was made: they open with what opened them before only.
    BackupLockedKeys => "backup/locked-keys",
    /// The browser may clear the database when room is short.
    StoreNotPersistent => "store/not-persistent",
    /// The database is another than the host knows: the one before was cleared.
    StoreVanished => "store/vanished",
    /// The page is embedded in another site, so its database is not that of the site's own pages.
    StorePartitioned => "store/partitioned",
    /// The message is encrypted without protection against changes (CBC).
    CipherNoIntegrity => "cipher/no-integrity",
    /// The cipher is no longer considered strong.
    CipherWeak => "cipher/weak",
    /// The key that the message is encrypted for is too short to be relied on.
    CipherWeakKey => "cipher/weak-key",
    /// The message is encrypted for a key of this store that is locked.
    DecryptKeyLocked => "decrypt/key-locked",
    /// The message is encrypted for these certificates, whose keys are not here.
    DecryptForCertificates => "decrypt/for-certificates",
    /// The message is encrypted for a certificate of the user's whose key is not here any more.
    DecryptKeyRemoved => "decrypt/key-removed",
    /// The message came to a shared account that has no key.
    DecryptSharedWithoutKey => "decrypt/shared-without-key",
    /// AES-GCM stands in EnvelopedData, where it does not belong (RFC 5084, 1): other software may not
    /// open the message. Its tag was checked all the same.
    CipherGcmInEnvelopedData => "cipher/gcm-in-enveloped-data",
    /// The signed content is not what was signed.
    SignatureContentAltered => "signature/content-altered",
    /// The signature does not belong to the signed attributes or the certificate's key.
    SignatureInvalid => "signature/invalid",
    /// The signer's certificate is not in the message and was not given.
    SignatureNoCertificate => "signature/no-certificate",
    /// The digest algorithm is no longer considered safe.
    SignatureWeakDigest => "signature/weak-digest",
    /// The algorithm of the signature is not supported, so it was not checked.
    SignatureUnsupportedAlgorithm => "signature/unsupported-algorithm",
    /// The signer's key is too short to be relied on.
    SignatureWeakKey => "signature/weak-key",
    /// The signed attributes break RFC 5652 or RFC 5035.
    SignatureMalformedAttributes => "signature/malformed-attributes",
    /// The signing time lies outside the certificate's validity.
    SignatureTimeOutsideValidity => "signature/time-outside-validity",
    /// The signing time and the message's Date are more than an hour apart: the Date, or the whole
    /// header, may be from another moment than the signature.
    SignatureDateDiffers => "signature/date-differs",
    /// The content matched only after its line ends were made CRLF.
    SignatureLineEnds => "signature/line-ends-converted",
    /// What is signed is not mail by its content type: a time stamp, a receipt or other data.
    SignatureContentType => "signature/content-type",
    /// A detached signature comes with content of its own that is not the message's.
    SignatureEmbeddedContent => "signature/embedded-content",
    /// The signer has signed with several algorithms, and one of these signatures is gone (RFC 5752).
    SignatureRemoved => "signature/removed",
    /// A countersignature can't be read.
    CountersignatureUnreadable => "signature/countersignature-unreadable",
    /// No path leads to a trust anchor.
    PathUnknownIssuer => "path/unknown-issuer",
    /// No trust anchor was given.
    PathNoAnchors => "path/no-anchors",
    /// A certificate of the path is expired.
    PathExpired => "path/expired",
    /// A certificate of the path is not valid yet.
    PathNotYetValid => "path/not-yet-valid",
    /// A certificate of the path was not signed by its issuer.
    PathBadSignature => "path/bad-signature",
    /// An issuer in the path is not a CA (RFC 5280, 4.2.1.9).
    PathNotCa => "path/not-a-ca",
    /// The path is longer than one of its CAs allows.
    PathTooLong => "path/too-long",
    /// A key usage does not allow what the certificate is used for.
    PathKeyUsage => "path/key-usage",
    /// An extended key usage does not include e-mail protection.
    PathExtendedKeyUsage => "path/extended-key-usage",
    /// A critical extension is not understood.
    PathCriticalExtension => "path/critical-extension",
    /// A certificate of the path is signed with an algorithm that is not accepted.
    PathAlgorithm => "path/algorithm",
    /// The path search reached a limit; the detail `limit` names it.
    PathBudget => "path/budget",
    /// A name in a certificate of the path lies where an issuer above must not certify, or it can't be
    /// told (RFC 5280, 4.2.1.10).
    PathNameConstraints => "path/name-constraints",
    /// The path is not good for an acceptable certificate policy, though one is required (RFC 5280,
    /// 6.1.5 (g)).
    PathPolicy => "path/policy",
    /// An extension that decides about paths can't be read.
    PathMalformedExtension => "path/malformed-extension",
    /// The trust anchor is trusted for mail only, and this is another use.
    PathAnchorPurpose => "path/anchor-purpose",
    /// The trust anchor is not trusted for this address.
    PathAnchorAddress => "path/anchor-address",
    /// The trust anchor is not trusted for certificates that began to be valid after a date.
    PathAnchorDistrusted => "path/anchor-distrusted",
    /// The certificate is revoked.
    RevocationRevoked => "revocation/revoked",
    /// Nothing is there that tells about the certificate's revocation.
    RevocationUnknown => "revocation/unknown",
    /// A CRL or OCSP response is out of date: newer ones exist (RFC 5280, 5.1.2.5; RFC 6960, 4.2.2.1).
    RevocationStale => "revocation/stale",
    /// A CRL or OCSP response is from the future.
    RevocationNotYetValid => "revocation/not-yet-valid",
    /// The signature of a CRL or OCSP response does not hold.
    RevocationBadSignature => "revocation/bad-signature",
    /// A CRL or OCSP response is signed with an algorithm that is not accepted.
    RevocationAlgorithm => "revocation/algorithm",
    /// A CRL or OCSP response is by a signer who is not known or may not tell about the certificate.
    RevocationSigner => "revocation/signer",
    /// CRLs or OCSP responses don't tell about this certificate, or only about some reasons.
    RevocationNotCovered => "revocation/not-covered",
    /// A CRL or OCSP response has a critical extension that is not understood.
    RevocationCriticalExtension => "revocation/critical-extension",
    /// A CRL can't be read.
    RevocationUnreadable => "revocation/unreadable",
    /// The OCSP responder did not answer the question.
    RevocationResponderError => "revocation/responder-error",
    /// The OCSP responder does not know the certificate.
    RevocationNotKnown => "revocation/not-known",
    /// The OCSP response answers another request (RFC 9654, 2.1).
    RevocationNonce => "revocation/nonce",
    /// The certificate is new, and new ones are not trusted by themselves.
    TrustNewCertificate => "trust/new-certificate",
    /// The sender has another certificate, and a changed one is not trusted by itself.
    TrustChangedCertificate => "trust/changed-certificate",
    /// The issuer was asked about the certificate and did not answer, and that is not trusted.
    TrustNoAnswer => "trust/no-answer",
    /// Something that was needed was not fetched, because nothing may be: it could tell somebody
    /// that content without integrity was opened.
    FetchWithheld => "fetch/withheld",
    /// Something that was needed could not be fetched, or was of no use; the detail `reason` says why.
    FetchFailed => "fetch/failed",
    /// The certificate is not for the address it was asked for.
    CertificateAddress => "certificate/other-address",
    /// Somebody assigned the certificate to addresses it does not name: it is used to encrypt for them, and
    /// for nothing else.
    CertificateAssigned => "certificate/assigned",
    /// The certificate names no address: it is used once somebody assigns it to one.
    CertificateNoAddress => "certificate/no-address",
    /// Somebody decided by hand not to trust the certificate, or an authority above it.
    TrustDistrusted => "trust/distrusted",
    /// The media type is an old name for what is written otherwise today (RFC 8551, 3.2).
    MimeLegacyType => "mime/legacy-type",
    /// That the message is S/MIME shows by the file name alone: a gateway exchanged the media type.
    MimeTypeByFileName => "mime/type-by-file-name",
    /// There is no smime-type, or one that is not known: what the message is shows when it is read.
    MimeUnknownSmimeType => "mime/unknown-smime-type",
    /// A multipart/signed does not say by which protocol (RFC 1847, 2.1).
    MimeNoProtocol => "mime/no-protocol",
    /// The From inside, which is protected, names somebody else than the From outside (RFC 9788, 4.4):
    /// the one outside counts.
    HeaderFromMismatch => "header/from-mismatch",
    /// A From, inside or outside, names somebody else than the caller says is the author.
    HeaderFromNotAuthor => "header/from-not-author",
    /// Address fields hold more addresses than are read: none of them are told.
    HeaderTooManyAddresses => "header/too-many-addresses",
    /// Header fields outside are not as their author let them stand there.
    HeaderAltered => "header/altered-in-transit",
    /// Header fields that people see stand outside only: their author did not write them there.
    HeaderOnlyOutside => "header/only-outside",
    /// The text of an encrypted message was not quoted; the detail `reason` says why.
    DraftQuoteLeftOut => "draft/quote-left-out",
    /// The draft quotes decrypted text, as was asked for, and may go unencrypted.
    DraftQuotesDecrypted => "draft/quotes-decrypted",
    /// Confidential header fields were left out of a draft that may go unencrypted, or to somebody else.
    DraftHeadersLeftOut => "draft/headers-left-out",
    /// The From address is none of the certificate's.
    AuthorMismatch => "author/mismatch",
    /// The message has no From, several, or one with several addresses.
    AuthorUnclear => "author/unclear",
    /// The From address matches the certificate's but for ASCII case in the local part.
    AuthorCaseDiffers => "author/case-differs",
    /// The Sender differs from the From.
    AuthorSenderDiffers => "author/sender-differs",
    /// No From is known to compare with.
    AuthorUnknown => "author/unknown",
    /// A signature stands outside encryption: it says nothing of who wrote what is inside.
    LayerOutsideEncryption => "layer/outside-encryption",
    /// A signature stands around another one that counts against it.
    LayerNestedSignatures => "layer/nested-signatures",
    /// A part of the message is encrypted, not all of it: it was not opened, lest it be mixed with what
    /// somebody else has put around it.
    LayerEncryptedPart => "layer/encrypted-part",
    /// A part of the message is signed, not all of it: that says nothing of the rest.
    LayerSignedPart => "layer/signed-part",
    /// The message came over a mailing list, which may have changed it.
    DiagnosisMailingList => "diagnosis/mailing-list",
    /// The message came through programs that are known to change mail.
    DiagnosisGateway => "diagnosis/gateway",
    /// A signed or encrypted mail is a part of this message: something seems to have been put around it.
    DiagnosisWrapped => "diagnosis/wrapped",
    /// Text or a part was added to what was signed.
    DiagnosisFooter => "diagnosis/footer",
    /// Transfer encodings were converted within what was signed.
    DiagnosisTransferEncoding => "diagnosis/transfer-encoding",
    /// White space was taken away or added within what was signed.
    DiagnosisWhiteSpace => "diagnosis/white-space",
    /// Line ends were changed within what was signed.
    DiagnosisLineEnds => "diagnosis/line-ends",
    /// Lines that begin with From or a dot were changed within what was signed.
    DiagnosisLineStarts => "diagnosis/line-starts",
    /// Header fields were written anew within what was signed.
    DiagnosisHeader => "diagnosis/header",
    /// Texts were written in another character set within what was signed, or are said to be.
    DiagnosisCharset => "diagnosis/charset",
    /// A winmail.dat (TNEF): Outlook has sent the mail in a form of its own.
    DiagnosisWinmail => "diagnosis/winmail",
    /// Signed or encrypted data under a name and type that do not say so.
    DiagnosisRenamed => "diagnosis/renamed",
    /// The message ends too early.
    DiagnosisTruncated => "diagnosis/truncated",
    /// It is no address, or not yet.
    RecipientNoAddress => "recipient/no-address",
    /// There is no certificate for the address to encrypt to.
    RecipientNoCertificate => "recipient/no-certificate",
    /// The certificate is not for encryption by mail.
    RecipientNotForEncryption => "recipient/not-for-encryption",
    /// The certificate is not valid yet.
    RecipientNotYetValid => "recipient/not-yet-valid",
    /// The certificate is expired.
    RecipientExpired => "recipient/expired",
    /// Somebody decided by hand not to trust the certificate for the address.
    RecipientDistrusted => "recipient/distrusted",
    /// Nobody the user trusts vouches for the certificate.
    RecipientUntrusted => "recipient/untrusted",
    /// The issuer was asked about the certificate and did not answer, and that is not trusted.
    RecipientNoAnswer => "recipient/no-answer",
    /// The user wants to accept new certificates by hand, and did not accept this one.
    RecipientNotAccepted => "recipient/not-accepted",
    /// There is only one certificate, and the newest is not to be used.
    RecipientNewestExcluded => "recipient/newest-excluded",
    /// The certificate does not name the address: it was assigned to it by hand.
    RecipientAssigned => "recipient/assigned",
    /// There is no certificate of one's own for the address.
    SenderNoCertificate => "sender/no-certificate",
    /// One's own certificate is not for signing mail.
    SenderNotForSigning => "sender/not-for-signing",
    /// One's own certificate is not valid yet.
    SenderNotYetValid => "sender/not-yet-valid",
    /// One's own certificate is expired.
    SenderExpired => "sender/expired",
    /// Nobody the user trusts vouches for their own certificate.
    SenderUntrusted => "sender/untrusted",
    /// Somebody decided by hand not to trust one's own certificate.
    SenderDistrusted => "sender/distrusted",
    /// One's own certificate is revoked.
    SenderRevoked => "sender/revoked",
    /// One's own key is locked.
    SenderLocked => "sender/locked",
    /// A certificate of the archive, which all has to be encrypted to besides, can't be used.
    SenderArchive => "sender/archive-unusable",
    /// There is no current certificate of one's own to encrypt the sender's copy to.
    SenderNoEncryption => "sender/no-encryption-certificate",
    /// The message is encrypted for the archive besides.
    SendingArchived => "sending/archived",
    /// The message was not signed, though all are to be.
    SendingUnsigned => "sending/unsigned",
    /// The message was not encrypted, because some can't read that.
    SendingUnencrypted => "sending/unencrypted",
    /// The message goes as it is because of what it is: an invitation, bulk or automatic mail.
    SendingExempt => "sending/exempt",
    /// Some did not get the message, because they can't read it encrypted.
    SendingLeftOut => "sending/left-out",
    /// A decision or a setting in the database was changed by somebody else: it counts as not there.
    StoreAltered => "store/altered",
    /// What is unlocked can't tell whether a decision or a setting in the database was changed by somebody
    /// else, only another identity can: it counts as not there.
    StoreUnbound => "store/unbound",
    /// Decisions and settings from before there was any identity are bound to the first one from now on.
    StoreAdopted => "store/adopted",
    /// Who was a member of a shared account knows its keys: only another identity keeps them out.
    SharedRekeySuggested => "shared/rekey-suggested",
    /// The user is no member of the shared account, or not any more.
    SharedNotMember => "shared/not-a-member",
    /// The content has more parts, or deeper ones, than are looked at: it is there, but no view of it.
    ViewTooComplex => "view/too-complex",
}

impl From<der::Error> for Error {
    fn from(error: der::Error) -> Error {
        use der::ErrorKind;
        let rule = match error.kind() {
            ErrorKind::Incomplete { .. } => ENDS_EARLY,
            ErrorKind::Overlength | ErrorKind::Length { .. } => "a length does not fit",
            ErrorKind::TagUnexpected { .. } => "an unexpected tag",
            ErrorKind::TrailingData { .. } => "bytes follow the end",
            _ => "a value breaks its type",
        };
        Error::MalformedAsn1 { rule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn problem_codes_are_unique_and_lower_kebab() {
        let codes: HashSet<_> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), ProblemCode::ALL.len());
        for code in codes {
            let (room, reason) = code.split_once('/').expect("room/reason");
            for part in [room, reason] {
                assert!(
                    part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                );
            }
        }
    }
}
