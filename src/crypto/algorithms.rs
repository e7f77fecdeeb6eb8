//! The table of algorithms: object identifier, name, parameters, and what we do with each.
//!
//! Names are those of the JavaScript interface. The enums below are what the code chooses by, and
//! [`rows`] is made of them: an algorithm that is added to its enum is in docs/SUPPORT.md, which
//! `tests/support.rs` holds equal to this table.

use der::asn1::ObjectIdentifier;

use crate::error::Error;

/// An identifier that is parsed, and found well formed, while the crate is compiled.
macro_rules! oid {
    ($text:literal) => {
        const { der::asn1::ObjectIdentifier::new_unwrap($text) }
    };
}

mod ciphers;
mod compression;
mod digests;
mod pkcs12;
mod recipients;
mod refused;
mod signatures;

pub use self::ciphers::{
    AeadCipher, CEK_HKDF_SHA256, CbcCipher, CcmCipher, ContentCipher, GCM_NONCE, GCM_TAG,
    GcmCipher, RC2_CBC,
};
pub use self::compression::ZLIB_COMPRESS;
pub use self::digests::DigestAlgorithm;
pub use self::pkcs12::{P12Mac, PBES2, PBES2_CIPHERS, PBMAC1, PasswordKdf, PbeScheme};
pub use self::recipients::{
    HKDF, KeyAgreement, KeyDerivation, KeyWrap, MGF1, MlKem, P_SPECIFIED, PBKDF2, PWRI_KEK,
    RSAES_OAEP,
};
pub use self::signatures::{
    Curve, DSA, EC_PUBLIC_KEY, ED25519, MlDsa, RSA_ENCRYPTION, RSASSA_PSS, X25519,
};

/// What becomes of an algorithm that is met or asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Written and read.
    Write,
    /// Read without complaint.
    Read,
    /// Read, and said in the answer's problems. A signature with it never counts as verified.
    ReadLegacy,
    /// Refused, for the reason given.
    Refuse(&'static str),
}

/// What an algorithm is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each has its title")]
pub enum Section {
    Digests,
    Signatures,
    Curves,
    KeyTransport,
    KeyAgreement,
    KeyEncapsulation,
    KeyWrap,
    KeyDerivation,
    ContentEncryption,
    Compression,
    P12Encryption,
    P12KeyDerivation,
    P12Mac,
}

impl Section {
    /// Every one there is, in the order of the page.
    pub const ALL: [Section; 13] = [
        Section::Digests,
        Section::Signatures,
        Section::Curves,
        Section::KeyTransport,
        Section::KeyAgreement,
        Section::KeyEncapsulation,
        Section::KeyWrap,
        Section::KeyDerivation,
        Section::ContentEncryption,
        Section::Compression,
        Section::P12Encryption,
        Section::P12KeyDerivation,
        Section::P12Mac,
    ];

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Section::Digests => "Digests",
            Section::Signatures => "Signatures",
            Section::Curves => "Elliptic curves, for signatures and key agreement",
            Section::KeyTransport => "Key transport",
            Section::KeyAgreement => "Key agreement",
            Section::KeyEncapsulation => "Key encapsulation",
            Section::KeyWrap => "Key wrap",
            Section::KeyDerivation => "Key derivation",
            Section::ContentEncryption => "Content encryption",
            Section::Compression => "Compression",
            Section::P12Encryption => "PKCS#12: encryption",
            Section::P12KeyDerivation => "PKCS#12: key derivation of PBES2 and PBMAC1",
            Section::P12Mac => "PKCS#12: integrity",
        }
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is for.
    pub section: Section,
    /// As in the JavaScript interface where it has a name there.
    pub name: String,
    /// Its identifier. Several lines may share one where the parameters decide.
    pub oid: ObjectIdentifier,
    /// The parameters that are read or written; empty for none, and for NULL.
    pub parameters: &'static str,
    /// What we do with it.
    pub support: Support,
    /// What else there is to know; may be empty.
    pub note: &'static str,
}

/// The whole table.
pub fn rows() -> impl Iterator<Item = Row> {
    DigestAlgorithm::rows()
        .chain(signatures::rows())
        .chain(recipients::rows())
        .chain(ContentCipher::rows())
        .chain(compression::rows())
        .chain(pkcs12::rows())
        .chain(refused::rows())
}

/// The error for an algorithm that is met and not supported: with its name where the table has a
/// line that refuses it, else with its identifier in dotted form.
pub fn unsupported(role: &'static str, oid: ObjectIdentifier) -> Error {
    Error::UnsupportedAlgorithm { role, algorithm: refused_name(oid) }
}

/// The name of an algorithm that is met and not supported, or its identifier in dotted form.
pub fn refused_name(oid: ObjectIdentifier) -> String {
    refused::name(oid).map_or_else(|| oid.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn identifiers_and_names_are_unique_and_found() {
        let mut oids = HashSet::new();
        for digest in DigestAlgorithm::ALL {
            assert!(oids.insert(digest.oid()) && oids.insert(digest.rsa_signature_oid()));
            assert_eq!(DigestAlgorithm::by_oid(digest.oid()), Some(digest));
            assert_eq!(DigestAlgorithm::by_name(digest.name()), Some(digest));
        }
        let mut names = HashSet::new();
        for cipher in ContentCipher::ALL {
            assert!(names.insert(cipher.name()));
            assert_eq!(ContentCipher::by_name(cipher.name()), Some(cipher));
            if cipher.oid() == RC2_CBC {
                assert_eq!(ContentCipher::by_oid(cipher.oid()), None);
            } else {
                assert!(oids.insert(cipher.oid()));
                assert_eq!(ContentCipher::by_oid(cipher.oid()), Some(cipher));
            }
        }
    }

    #[test]
    fn no_two_rows_say_the_same_and_none_both_reads_and_refuses() {
        let mut names = HashSet::new();
        for row in rows() {
            assert!(names.insert((row.section, row.name.clone())), "{row:?}");
            assert!(Section::ALL.contains(&row.section), "{row:?}");
            assert!(row.support != Support::Refuse(""), "{row:?} has no reason");
        }
        for refused in rows().filter(|row| matches!(row.support, Support::Refuse(_))) {
            let other = rows().find(|row| {
                row.oid == refused.oid && row.section == refused.section && *row != refused
            });
            assert_eq!(other, None, "{refused:?}");
        }
    }

    #[test]
    fn what_is_refused_is_named() {
        let error = unsupported("a public key", oid!("1.3.101.111"));
        assert_eq!(
            error,
            Error::UnsupportedAlgorithm { role: "a public key", algorithm: "x448".to_owned() }
        );
        let error = unsupported("a public key", oid!("1.2.3"));
        assert!(error.to_string().contains("1.2.3"));
    }
}
