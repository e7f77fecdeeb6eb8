//! Algorithms that the field knows and we refuse, so that the answer can name them and
//! docs/SUPPORT.md can say why.

use der::asn1::ObjectIdentifier;

use super::{Row, Section, Support};

const NO_CRATE: &str = "no crate of our generation of crates has it";
const UNAUDITED: &str = "its crate is a pre-release that says it is unaudited";
const NOT_SMIME: &str = "in no version of S/MIME";
const BROKEN: &str = "broken";
const SHAKE: &str = "RFC 8702, which no version of S/MIME asks for";
const PREHASHED: &str = "RFC 9882 takes the message itself";
const SHORT: &str = "shorter than any version of S/MIME asks for";

#[rustfmt::skip]
const REFUSED: &[(Section, &str, &str, &str)] = &[
    (Section::Digests, "1.2.840.113549.2.2", "md2", BROKEN),
    (Section::Digests, "1.2.840.113549.2.4", "md4", BROKEN),
    (Section::Digests, "1.3.36.3.2.1", "ripemd-160", NOT_SMIME),
    (Section::Digests, "1.2.643.7.1.1.2.2", "gost-r-34.11-2012-256", NOT_SMIME),
    (Section::Digests, "1.2.643.7.1.1.2.3", "gost-r-34.11-2012-512", NOT_SMIME),
    (Section::Digests, "1.2.156.10197.1.401", "sm3", NOT_SMIME),

    (Section::Digests, "2.16.840.1.101.3.4.2.11", "shake-128", SHAKE),
    (Section::Digests, "2.16.840.1.101.3.4.2.12", "shake-256", SHAKE),

    (Section::Signatures, "1.3.101.113", "ed448", UNAUDITED),
    (Section::Signatures, "1.3.6.1.5.5.7.6.30", "rsassa-pss with shake-128", SHAKE),
    (Section::Signatures, "1.3.6.1.5.5.7.6.31", "rsassa-pss with shake-256", SHAKE),
    (Section::Signatures, "1.3.6.1.5.5.7.6.32", "ecdsa with shake-128", SHAKE),
    (Section::Signatures, "1.3.6.1.5.5.7.6.33", "ecdsa with shake-256", SHAKE),
    (Section::Signatures, "2.16.840.1.101.3.4.3.32", "hash-ml-dsa-44 with sha-512", PREHASHED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.33", "hash-ml-dsa-65 with sha-512", PREHASHED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.34", "hash-ml-dsa-87 with sha-512", PREHASHED),
    (Section::Curves, "1.3.36.3.3.2.8.1.1.13", "brainpool-p512r1", NO_CRATE),
    (Section::Curves, "1.3.36.3.3.2.8.1.1.9", "brainpool-p320r1", NO_CRATE),
    (Section::Curves, "1.3.36.3.3.2.8.1.1.5", "brainpool-p224r1", NO_CRATE),
    (Section::Curves, "1.3.132.0.33", "p-224", SHORT),
    (Section::Curves, "1.2.840.10045.3.1.1", "p-192", SHORT),
    (Section::Curves, "1.3.132.0.16", "k-283", NO_CRATE),
    (Section::Curves, "1.3.132.0.10", "secp256k1", NOT_SMIME),
    (Section::Signatures, "1.2.643.7.1.1.1.1", "gost-r-34.10-2012-256", NO_CRATE),
    (Section::Signatures, "1.2.643.7.1.1.1.2", "gost-r-34.10-2012-512", NO_CRATE),
    (Section::Signatures, "1.2.156.10197.1.501", "sm2 with sm3", NOT_SMIME),
    (Section::Signatures, "2.16.840.1.101.3.4.3.20", "slh-dsa-sha2-128s", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.21", "slh-dsa-sha2-128f", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.22", "slh-dsa-sha2-192s", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.23", "slh-dsa-sha2-192f", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.24", "slh-dsa-sha2-256s", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.25", "slh-dsa-sha2-256f", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.26", "slh-dsa-shake-128s", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.27", "slh-dsa-shake-128f", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.28", "slh-dsa-shake-192s", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.29", "slh-dsa-shake-192f", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.30", "slh-dsa-shake-256s", UNAUDITED),
    (Section::Signatures, "2.16.840.1.101.3.4.3.31", "slh-dsa-shake-256f", UNAUDITED),

    (Section::KeyAgreement, "1.3.101.111", "x448", UNAUDITED),
    (Section::KeyAgreement, "1.2.840.10046.2.1", "Diffie-Hellman (X9.42)", NO_CRATE),
    (Section::KeyAgreement, "1.2.840.113549.1.9.16.3.5", "Diffie-Hellman, ephemeral-static (RFC 2631)", NO_CRATE),
    (Section::KeyAgreement, "1.2.840.113549.1.9.16.3.10", "Diffie-Hellman, static-static (RFC 2631)", NO_CRATE),
    (Section::KeyAgreement, "1.3.133.16.840.63.0.16", "ECMQV, one pass, sha-1", NO_CRATE),

    (Section::KeyWrap, "1.2.840.113549.1.9.16.3.7", "rc2-wrap", BROKEN),

    (Section::ContentEncryption, "1.3.14.3.2.7", "des-cbc", BROKEN),
    (Section::ContentEncryption, "1.2.840.113549.3.4", "rc4", BROKEN),
    (Section::ContentEncryption, "1.2.840.113549.3.9", "rc5-cbc", NOT_SMIME),
    (Section::ContentEncryption, "1.3.6.1.4.1.188.7.1.1.2", "idea-cbc", NOT_SMIME),
    (Section::ContentEncryption, "1.2.840.113533.7.66.10", "cast5-cbc", NOT_SMIME),
    (Section::ContentEncryption, "1.2.392.200011.61.1.1.1.2", "camellia-128-cbc", "RFC 3657, which no version of S/MIME asks for"),
    (Section::ContentEncryption, "1.2.392.200011.61.1.1.1.3", "camellia-192-cbc", "RFC 3657, which no version of S/MIME asks for"),
    (Section::ContentEncryption, "1.2.392.200011.61.1.1.1.4", "camellia-256-cbc", "RFC 3657, which no version of S/MIME asks for"),
    (Section::ContentEncryption, "1.2.410.200004.1.4", "seed-cbc", "RFC 4010, which no version of S/MIME asks for"),
    (Section::ContentEncryption, "1.2.643.2.2.21", "gost-28147-89", NOT_SMIME),

    (Section::P12Encryption, "1.2.840.113549.1.12.1.1", "pbeWithSHAAnd128BitRC4", BROKEN),
    (Section::P12Encryption, "1.2.840.113549.1.12.1.2", "pbeWithSHAAnd40BitRC4", BROKEN),
    (Section::P12Encryption, "1.2.840.113549.1.5.3", "pbeWithMD5AndDES-CBC", BROKEN),
    (Section::P12Encryption, "1.2.840.113549.1.5.10", "pbeWithSHA1AndDES-CBC", BROKEN),
    (Section::P12Mac, "1.2.840.113549.2.5", "hmac with md5", BROKEN),
];

pub(super) fn rows() -> impl Iterator<Item = Row> {
    REFUSED.iter().map(|&(section, identifier, name, reason)| Row {
        section,
        name: name.to_owned(),
        oid: ObjectIdentifier::new_unwrap(identifier),
        parameters: "",
        support: Support::Refuse(reason),
        note: "",
    })
}

/// The name of a refused algorithm.
pub(super) fn name(identifier: ObjectIdentifier) -> Option<&'static str> {
    let identifier = identifier.to_string();
    let found = REFUSED.iter().find(|(_, refused, ..)| *refused == identifier);
    found.map(|(_, _, name, _)| *name)
}
