//! ASN.1 (X.690): BER to DER, a cursor over DER values, and a writer that puts them together.
//!
//! Structures of the standards come from the crates (`cms`, `x509-cert`, `spki`, `pkcs12`). What they
//! leave open is here: reading BER, and reaching large or signed parts as slices of the input, where
//! the crates would copy or encode them anew.

mod algorithm;
mod ber;
pub mod oids;
mod reader;
mod time;
mod writer;

pub use self::algorithm::{AlgorithmIdentifier, NULL, algorithm_der, oid_der};
pub use self::ber::{BerHeader, ber_header, ber_len, is_whole, to_der};
pub use self::reader::{Reader, Tlv};
pub use self::time::read_time;
pub use self::writer::{constructed, header, primitive};

/// Identifier octets of the types we name (X.690, 8.1.2). All tags in CMS and X.509 are below 31.
#[allow(missing_docs, reason = "they are the standard's names")]
pub mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OBJECT_IDENTIFIER: u8 = 0x06;
    pub const ENUMERATED: u8 = 0x0a;
    pub const UTF8_STRING: u8 = 0x0c;
    pub const NUMERIC_STRING: u8 = 0x12;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const TELETEX_STRING: u8 = 0x14;
    pub const IA5_STRING: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const VISIBLE_STRING: u8 = 0x1a;
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    pub const BMP_STRING: u8 = 0x1e;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;

    /// `[n]` of a primitive type, tagged implicitly.
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[n]` of a constructed type, or tagged explicitly.
    pub const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}
