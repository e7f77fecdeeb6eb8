//! A raw message as exact ranges of bytes (RFC 5322, RFC 2045, RFC 1847), and as little of a writer as
//! the verbs need. Knows no ASN.1.
//!
//! What is signed is split exactly or refused; nothing is repaired here.

mod address;
mod entity;
mod field;
mod multipart;
mod outgoing;
mod part;
mod transfer;

pub use self::address::{AddressList, parse_address_list};
pub use self::entity::{Entity, canonical, is_canonical};
pub use self::field::{ContentType, Field, parse_date};
pub use self::multipart::{SignedParts, Split, has_delimiter, split_multipart, split_signed};
pub use self::outgoing::Outgoing;
pub use self::part::{Inside, Multipart, Part};
pub use self::transfer::decode_body;
