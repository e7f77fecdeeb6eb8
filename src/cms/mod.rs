//! Cryptographic Message Syntax (RFC 5652, RFC 5083): building and opening, one file per structure.
//! Knows no MIME.
//!
//! Large parts, signed content and encrypted content, are slices of the input or go through a
//! [`Sink`](crate::bytes::Sink) in pieces; they are never values of a structure that would be encoded
//! as a whole.

mod attributes;
mod auth_enveloped_data;
mod capabilities;
mod certificates_only;
mod compressed_data;
mod content_digests;
mod content_encryption;
mod content_info;
mod encode;
mod enveloped_data;
mod identifier;
mod key_check;
mod multiple_signatures;
mod readdressing;
mod recipient_info;
mod signed_data;
mod signer_info;
mod signing;

pub use self::capabilities::Capabilities;
pub use self::certificates_only::certificates_only;
pub use self::compressed_data::{CompressedData, compress};
pub use self::content_digests::{ContentDigests, HashedContent, content_digests};
pub use self::content_info::{Content, ContentInfo, announced_content_type};
pub use self::enveloped_data::{Decrypted, EncryptedContent, Encryption, Sealed, Typed, Unlocked};
pub use self::identifier::{EntityIdentifier, OwnedIdentifier};
pub use self::readdressing::{AnnouncedRecipients, Readdressing};
pub use self::recipient_info::{KeyEncryptionKey, Opener, Openers, RecipientInfo, RecipientName};
pub use self::signed_data::{SignedData, brings_content};
pub use self::signer_info::{Signature, SignerCheck, SignerInfo};
pub use self::signing::{Signer, Signing};
