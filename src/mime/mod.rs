//! A raw message as exact ranges of bytes (RFC 5322, RFC 2045, RFC 1847), and the writer that makes what
//! is signed survive transport (RFC 8551, 3.1). Knows no ASN.1.
//!
//! What is signed is split exactly or refused; nothing that is read is repaired here.

mod address;
mod body_structure;
mod encoded_words;
mod entity;
mod field;
mod field_writer;
mod multipart;
mod outgoing;
mod part;
mod quoted_printable;
mod transfer;
mod transport;

pub use self::address::{AddressList, is_address_field, parse_address_list};
pub use self::body_structure::BodyStructure;
pub use self::encoded_words::{decode_encoded_words, has_endless_words};
pub use self::entity::{Entity, canonical, is_canonical};
pub use self::field::{ContentType, Field, parse_date};
pub use self::multipart::{SignedParts, Split, random_boundary, split_multipart, split_signed};
pub use self::outgoing::{Outgoing, check_length};
pub use self::part::{Inside, Multipart, Part};
pub use self::quoted_printable::decode as decode_quoted_printable;
pub use self::transfer::decode_body;
pub use self::transport::transportable;
