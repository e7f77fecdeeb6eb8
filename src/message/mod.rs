//! The verbs on whole messages. This room joins `mime`, `cms` and `path`, which do not know each other.

mod author;
mod blind;
mod certificates;
mod check_certificate;
mod classify;
mod compose;
mod decompress;
mod decrypt;
mod diagnosis;
mod encrypt;
mod headers;
mod input;
mod inspect;
mod open;
mod problems;
mod protect;
mod readdress;
mod reply;
mod sign;
mod summary;
mod trust;
mod vcard;
mod verify;

pub use self::author::AuthorVerdict;
pub use self::certificates::parse_certificates;
pub use self::check_certificate::{
    CertificateChecker, CheckOptions, CheckResult, check_certificate,
};
pub use self::classify::{Classification, Described, MessageKind, classify};
pub use self::compose::{Attachment, ComposeOptions, Mailbox, compose};
pub use self::decompress::decompress;
pub use self::decrypt::{DecryptOptions, DecryptResult, Integrity, decrypt, decrypt_in_place};
pub use self::encrypt::{EncryptOptions, EncryptionParameters, Recipient, encrypt, encrypt_to};
pub use self::headers::{
    ConfidentialityPolicy, FieldProtection, HeaderField, HeaderOptions, HeaderProtection,
    HeaderScheme, MessageHeaders, PayloadFacts, has_legacy_display, is_legacy_display_part,
    read_headers, without_legacy_display,
};
pub use self::inspect::{Layer, RecipientSummary, Structure, inspect};
pub(crate) use self::open::attachment_name;
pub use self::open::{
    AttachedPart, Body, Encryption, Html, OpenOptions, OpenedLayer, OpenedMessage, PartKind,
    TransferEncoding, UnopenedKind, View, decode_part, open, open_and_keep_signed,
};
pub use self::protect::{
    Envelope, People, ProtectOptions, Protected, ProtectedCopy, protect_message, send_unprotected,
};
pub use self::readdress::{
    ReaddressOptions, Readdressed, named_recipients, readdress, readdress_to,
};
pub use self::reply::{Draft, Original, ReplyOptions, forward, reply};
pub use self::sign::{Form, Include, SignOptions, SignatureParameters, sign, sign_to};
pub use self::summary::{Summary, summarize};
pub use self::trust::{
    CrlShelf, FetchKind, FetchRequest, Fetched, Fetcher, Fetching, RevocationOptions,
    RevocationPolicy, RevocationVerdict, parse_crl,
};
pub use self::verify::{
    Moment, SignatureResult, Status, TrustVerdict, VerifyOptions, VerifyResult, take_off_base64,
    verify,
};

pub use crate::cms::{
    Capabilities, KeyEncryptionKey, Opener, Openers, OwnedIdentifier, Signature, certificates_only,
};
