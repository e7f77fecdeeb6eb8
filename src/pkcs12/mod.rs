//! PFX files (RFC 7292, PKCS#12): `.p12` and `.pfx`, read as the field writes them and written as the
//! field reads them.
//!
//! Read: password integrity with a MAC of SHA-1 or SHA-2, with PBMAC1 (RFC 9879), or none; safes and
//! keys sealed with PBES2 (RFC 8018: PBKDF2 or scrypt; AES, 3DES or RC2 in CBC mode) or with PKCS#12's
//! own schemes (3DES, RC2), or not at all. Refused with a code: RC4, and the modes that need a public
//! key. Bags that hold no certificate and no key are skipped and said in the problems.

mod export;
mod import;
mod kdf;
mod mac;
mod opener;
mod password;
mod scheme;

pub use self::export::{Profile, export};
pub use self::import::{Imported, import};
pub use self::password::Password;
