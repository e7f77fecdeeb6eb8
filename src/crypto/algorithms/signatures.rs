//! Signature algorithms, and the keys they take (RFC 8017, 5754).

use der::asn1::ObjectIdentifier;

use super::{DigestAlgorithm, Row, Section, oid};

/// `rsaEncryption`: keys, PKCS#1 v1.5 key transport, and signatures that name the digest elsewhere.
pub const RSA_ENCRYPTION: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
/// `id-RSASSA-PSS` (RFC 8017, A.2.3).
pub const RSASSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");

pub(super) fn rows() -> impl Iterator<Item = Row> {
    DigestAlgorithm::ALL.into_iter().map(|digest| Row {
        section: Section::Signatures,
        name: format!("rsassa-pkcs1-v1_5 with {}", digest.name()),
        oid: digest.rsa_signature_oid(),
        parameters: "",
        support: digest.support(),
        note: "also read where the signature says only rsaEncryption",
    })
}
