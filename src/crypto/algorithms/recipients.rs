//! How recipients get the content-encryption key: transport, agreement, wrap, derivation (RFC 8017,
//! 3370, 3565, 5753, 8418).

use der::asn1::ObjectIdentifier;

use super::{DigestAlgorithm, RSA_ENCRYPTION, Row, Section, Support, X25519};

/// `id-RSAES-OAEP` (RFC 8017, A.2.1).
pub const RSAES_OAEP: ObjectIdentifier = oid!("1.2.840.113549.1.1.7");
/// `id-mgf1` (RFC 8017, B.2.1).
pub const MGF1: ObjectIdentifier = oid!("1.2.840.113549.1.1.8");
/// `id-pSpecified` (RFC 8017, A.2.1): the label of OAEP.
pub const P_SPECIFIED: ObjectIdentifier = oid!("1.2.840.113549.1.1.9");

/// `id-PBKDF2` (RFC 8018, A.2).
pub const PBKDF2: ObjectIdentifier = oid!("1.2.840.113549.1.5.12");
/// `id-alg-PWRI-KEK` (RFC 3211, 2.3).
pub const PWRI_KEK: ObjectIdentifier = oid!("1.2.840.113549.1.9.16.3.9");
/// `id-alg-hkdf-with-sha256` and its brothers (RFC 8619, 2).
pub const HKDF: [(ObjectIdentifier, DigestAlgorithm); 3] = [
    (oid!("1.2.840.113549.1.9.16.3.28"), DigestAlgorithm::Sha256),
    (oid!("1.2.840.113549.1.9.16.3.29"), DigestAlgorithm::Sha384),
    (oid!("1.2.840.113549.1.9.16.3.30"), DigestAlgorithm::Sha512),
];

/// What wraps a content-encryption key (RFC 3565, 2.3.2; RFC 3370, 4.3.1). RC2 key wrap is refused:
/// nothing ever wrote it but with keys for RC2, which its own users gave up before CMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyWrap {
    /// AES key wrap with a key of 16 bytes.
    Aes128,
    /// AES key wrap with a key of 24 bytes.
    Aes192,
    /// AES key wrap with a key of 32 bytes.
    Aes256,
    /// Triple-DES key wrap.
    TripleDes,
}

impl KeyWrap {
    /// Every one there is.
    pub const ALL: [KeyWrap; 4] =
        [KeyWrap::Aes128, KeyWrap::Aes192, KeyWrap::Aes256, KeyWrap::TripleDes];

    /// Its identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            KeyWrap::Aes128 => oid!("2.16.840.1.101.3.4.1.5"),
            KeyWrap::Aes192 => oid!("2.16.840.1.101.3.4.1.25"),
            KeyWrap::Aes256 => oid!("2.16.840.1.101.3.4.1.45"),
            KeyWrap::TripleDes => oid!("1.2.840.113549.1.9.16.3.6"),
        }
    }

    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            KeyWrap::Aes128 => "aes-128-wrap",
            KeyWrap::Aes192 => "aes-192-wrap",
            KeyWrap::Aes256 => "aes-256-wrap",
            KeyWrap::TripleDes => "3des-wrap",
        }
    }

    /// What we do with it. 192 bits are read only, as everywhere.
    pub fn support(self) -> Support {
        match self {
            KeyWrap::Aes128 | KeyWrap::Aes256 => Support::Write,
            KeyWrap::Aes192 => Support::Read,
            KeyWrap::TripleDes => Support::ReadLegacy,
        }
    }

    /// Bytes of the key-encryption key.
    pub fn key_size(self) -> usize {
        match self {
            KeyWrap::Aes128 => 16,
            KeyWrap::Aes192 | KeyWrap::TripleDes => 24,
            KeyWrap::Aes256 => 32,
        }
    }

    /// By its identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<KeyWrap> {
        Self::ALL.into_iter().find(|wrap| wrap.oid() == oid)
    }

    /// The one we write for a content-encryption key of this size.
    pub fn for_content_key(size: usize) -> KeyWrap {
        if size > 16 { KeyWrap::Aes256 } else { KeyWrap::Aes128 }
    }
}

/// Makes a key-encryption key of a shared secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyDerivation {
    /// The function of ANSI X9.63.
    X963(DigestAlgorithm),
    /// HKDF.
    Hkdf(DigestAlgorithm),
}

/// How an ephemeral and a static elliptic curve key agree on a key-encryption key (RFC 5753, 7.1.4;
/// RFC 8418, 2). The cofactor methods give what the standard ones give: all curves we know have
/// cofactor 1 or, as X25519, clear it by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyAgreement {
    /// Its identifier.
    pub oid: ObjectIdentifier,
    /// Its name in the JavaScript interface: the standard's, in lower case.
    pub name: &'static str,
    /// What makes the key of the shared secret.
    pub derivation: KeyDerivation,
    /// What we do with it. SHA-1 is as good as any digest here: nothing depends on its collisions.
    pub support: Support,
}

impl KeyAgreement {
    /// Every one there is.
    #[rustfmt::skip]
    pub const ALL: [KeyAgreement; 13] = [
        agreement("1.3.133.16.840.63.0.2", "dhsinglepass-stddh-sha1kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha1), Support::Read),
        agreement("1.3.132.1.11.0", "dhsinglepass-stddh-sha224kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha224), Support::Read),
        agreement("1.3.132.1.11.1", "dhsinglepass-stddh-sha256kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha256), Support::Write),
        agreement("1.3.132.1.11.2", "dhsinglepass-stddh-sha384kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha384), Support::Write),
        agreement("1.3.132.1.11.3", "dhsinglepass-stddh-sha512kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha512), Support::Write),
        agreement("1.3.133.16.840.63.0.3", "dhsinglepass-cofactordh-sha1kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha1), Support::Read),
        agreement("1.3.132.1.14.0", "dhsinglepass-cofactordh-sha224kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha224), Support::Read),
        agreement("1.3.132.1.14.1", "dhsinglepass-cofactordh-sha256kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha256), Support::Read),
        agreement("1.3.132.1.14.2", "dhsinglepass-cofactordh-sha384kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha384), Support::Read),
        agreement("1.3.132.1.14.3", "dhsinglepass-cofactordh-sha512kdf-scheme", KeyDerivation::X963(DigestAlgorithm::Sha512), Support::Read),
        agreement("1.2.840.113549.1.9.16.3.19", "dhsinglepass-stddh-hkdf-sha256-scheme", KeyDerivation::Hkdf(DigestAlgorithm::Sha256), Support::Write),
        agreement("1.2.840.113549.1.9.16.3.20", "dhsinglepass-stddh-hkdf-sha384-scheme", KeyDerivation::Hkdf(DigestAlgorithm::Sha384), Support::Read),
        agreement("1.2.840.113549.1.9.16.3.21", "dhsinglepass-stddh-hkdf-sha512-scheme", KeyDerivation::Hkdf(DigestAlgorithm::Sha512), Support::Read),
    ];

    /// By its identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<KeyAgreement> {
        Self::ALL.into_iter().find(|agreement| agreement.oid == oid)
    }

    /// The one we write with this derivation.
    pub fn written_with(derivation: KeyDerivation) -> Option<KeyAgreement> {
        Self::ALL.into_iter().find(|agreement| {
            agreement.support == Support::Write && agreement.derivation == derivation
        })
    }
}

const fn agreement(
    text: &str,
    name: &'static str,
    derivation: KeyDerivation,
    support: Support,
) -> KeyAgreement {
    KeyAgreement { oid: ObjectIdentifier::new_unwrap(text), name, derivation, support }
}

/// ML-KEM (FIPS 203; RFC 9936), read only: nobody's mail depends on it yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "they are the standard's names")]
pub enum MlKem {
    MlKem512,
    MlKem768,
    MlKem1024,
}

impl MlKem {
    /// Every one there is.
    pub const ALL: [MlKem; 3] = [MlKem::MlKem512, MlKem::MlKem768, MlKem::MlKem1024];

    /// Its identifier (RFC 9935, 3).
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            MlKem::MlKem512 => oid!("2.16.840.1.101.3.4.4.1"),
            MlKem::MlKem768 => oid!("2.16.840.1.101.3.4.4.2"),
            MlKem::MlKem1024 => oid!("2.16.840.1.101.3.4.4.3"),
        }
    }

    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            MlKem::MlKem512 => "ml-kem-512",
            MlKem::MlKem768 => "ml-kem-768",
            MlKem::MlKem1024 => "ml-kem-1024",
        }
    }

    /// Bytes of an encapsulation key (FIPS 203, table 3).
    pub fn public_key_size(self) -> usize {
        match self {
            MlKem::MlKem512 => 800,
            MlKem::MlKem768 => 1_184,
            MlKem::MlKem1024 => 1_568,
        }
    }

    /// By its identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<MlKem> {
        Self::ALL.into_iter().find(|kem| kem.oid() == oid)
    }
}

pub(super) fn rows() -> impl Iterator<Item = Row> {
    let transports = [
        Row {
            section: Section::KeyTransport,
            name: "rsaes-pkcs1-v1_5".to_owned(),
            oid: RSA_ENCRYPTION,
            parameters: "",
            support: Support::Write,
            note: "bad padding looks like a wrong key",
        },
        Row {
            section: Section::KeyTransport,
            name: "rsaes-oaep".to_owned(),
            oid: RSAES_OAEP,
            parameters: "digest, digest of MGF1 and label, each on its own: SHA-1, SHA-2",
            support: Support::Write,
            note: "written with SHA-256 for both",
        },
    ];
    let agreements = KeyAgreement::ALL.into_iter().map(|agreement| Row {
        section: Section::KeyAgreement,
        name: agreement.name.to_owned(),
        oid: agreement.oid,
        parameters: "key wrap",
        support: agreement.support,
        note: "",
    });
    let wraps = KeyWrap::ALL.into_iter().map(|wrap| Row {
        section: Section::KeyWrap,
        name: wrap.name().to_owned(),
        oid: wrap.oid(),
        parameters: "",
        support: wrap.support(),
        note: "",
    });
    let encapsulations = MlKem::ALL.into_iter().map(|kem| Row {
        section: Section::KeyEncapsulation,
        name: kem.name().to_owned(),
        oid: kem.oid(),
        parameters: "",
        support: Support::Read,
        note: "in KEMRecipientInfo, with HKDF",
    });
    let x25519 = Row {
        section: Section::Curves,
        name: "x25519".to_owned(),
        oid: X25519,
        parameters: "",
        support: Support::Write,
        note: "for key agreement",
    };
    let pwri_kek = Row {
        section: Section::KeyWrap,
        name: "pwri-kek".to_owned(),
        oid: PWRI_KEK,
        parameters: "AES-CBC or 3DES-CBC with its IV",
        support: Support::Read,
        note: "for passwords",
    };
    let pbkdf2 = Row {
        section: Section::KeyDerivation,
        name: "pbkdf2".to_owned(),
        oid: PBKDF2,
        parameters: "salt, iterations, key length, HMAC with SHA-1 or SHA-2",
        support: Support::Read,
        note: "for passwords",
    };
    let hkdf = HKDF.into_iter().map(|(oid, digest)| Row {
        section: Section::KeyDerivation,
        name: format!("hkdf with {}", digest.name()),
        oid,
        parameters: "",
        support: Support::Read,
        note: "in KEMRecipientInfo",
    });
    transports
        .into_iter()
        .chain(agreements)
        .chain(encapsulations)
        .chain(wraps)
        .chain([x25519, pwri_kek, pbkdf2])
        .chain(hkdf)
}
