//! What seals a PFX (RFC 7292, 8018, 7914, 9879).

use der::asn1::ObjectIdentifier;

use super::{CbcCipher, ContentCipher, DigestAlgorithm, PBKDF2, Row, Section, Support};

/// `id-PBES2` (RFC 8018, A.4).
pub const PBES2: ObjectIdentifier = oid!("1.2.840.113549.1.5.13");
/// `id-PBMAC1` (RFC 8018, A.5).
pub const PBMAC1: ObjectIdentifier = oid!("1.2.840.113549.1.5.14");

/// An encryption scheme of PKCS#12 itself (RFC 7292, C): a key derivation of its own with SHA-1, and
/// a cipher in CBC mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the standard's names")]
pub enum PbeScheme {
    ShaAnd3KeyTripleDes,
    ShaAnd2KeyTripleDes,
    ShaAnd128BitRc2,
    ShaAnd40BitRc2,
}

impl PbeScheme {
    const ALL: [PbeScheme; 4] = [
        PbeScheme::ShaAnd3KeyTripleDes,
        PbeScheme::ShaAnd2KeyTripleDes,
        PbeScheme::ShaAnd128BitRc2,
        PbeScheme::ShaAnd40BitRc2,
    ];

    /// Its identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            PbeScheme::ShaAnd3KeyTripleDes => oid!("1.2.840.113549.1.12.1.3"),
            PbeScheme::ShaAnd2KeyTripleDes => oid!("1.2.840.113549.1.12.1.4"),
            PbeScheme::ShaAnd128BitRc2 => oid!("1.2.840.113549.1.12.1.5"),
            PbeScheme::ShaAnd40BitRc2 => oid!("1.2.840.113549.1.12.1.6"),
        }
    }

    /// By its identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<PbeScheme> {
        Self::ALL.into_iter().find(|scheme| scheme.oid() == oid)
    }

    /// Its cipher.
    pub fn cipher(self) -> CbcCipher {
        match self {
            PbeScheme::ShaAnd3KeyTripleDes | PbeScheme::ShaAnd2KeyTripleDes => CbcCipher::TripleDes,
            PbeScheme::ShaAnd128BitRc2 => CbcCipher::Rc2 { effective_bits: 128 },
            PbeScheme::ShaAnd40BitRc2 => CbcCipher::Rc2 { effective_bits: 40 },
        }
    }

    /// Bytes of the key that is derived.
    pub fn key_size(self) -> usize {
        match self {
            PbeScheme::ShaAnd3KeyTripleDes => 24,
            PbeScheme::ShaAnd2KeyTripleDes | PbeScheme::ShaAnd128BitRc2 => 16,
            PbeScheme::ShaAnd40BitRc2 => 5,
        }
    }

    fn name(self) -> &'static str {
        match self {
            PbeScheme::ShaAnd3KeyTripleDes => "pbeWithSHAAnd3-KeyTripleDES-CBC",
            PbeScheme::ShaAnd2KeyTripleDes => "pbeWithSHAAnd2-KeyTripleDES-CBC",
            PbeScheme::ShaAnd128BitRc2 => "pbeWithSHAAnd128BitRC2-CBC",
            PbeScheme::ShaAnd40BitRc2 => "pbeWithSHAAnd40BitRC2-CBC",
        }
    }

    fn row(self) -> Row {
        let is_written = self == PbeScheme::ShaAnd3KeyTripleDes;
        Row {
            section: Section::P12Encryption,
            name: self.name().to_owned(),
            oid: self.oid(),
            parameters: "salt, iterations",
            support: if is_written { Support::Write } else { Support::ReadLegacy },
            note: if is_written {
                "written by the profile `compatible`; read as legacy"
            } else {
                ""
            },
        }
    }
}

/// The ciphers of PBES2. RC2's effective key size is a parameter.
pub const PBES2_CIPHERS: [CbcCipher; 5] = [
    CbcCipher::Aes128,
    CbcCipher::Aes192,
    CbcCipher::Aes256,
    CbcCipher::TripleDes,
    CbcCipher::Rc2 { effective_bits: 128 },
];

/// How PBES2 and PBMAC1 make a key of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordKdf {
    /// RFC 8018, 5.2. PBMAC1 knows no other.
    Pbkdf2,
    /// RFC 7914, in PBES2 only.
    Scrypt,
}

impl PasswordKdf {
    const ALL: [PasswordKdf; 2] = [PasswordKdf::Pbkdf2, PasswordKdf::Scrypt];

    /// Its identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            PasswordKdf::Pbkdf2 => PBKDF2,
            PasswordKdf::Scrypt => oid!("1.3.6.1.4.1.11591.4.11"),
        }
    }

    /// By its identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<PasswordKdf> {
        Self::ALL.into_iter().find(|kdf| kdf.oid() == oid)
    }

    fn row(self) -> Row {
        let (name, parameters, support, note) = match self {
            PasswordKdf::Pbkdf2 => {
                ("pbkdf2", "salt, iterations, key length, HMAC", Support::Write, "")
            }
            PasswordKdf::Scrypt => {
                ("scrypt", "salt, N, r, p, key length", Support::Read, "in PBES2 only")
            }
        };
        let (section, oid) = (Section::P12KeyDerivation, self.oid());
        Row { section, name: name.to_owned(), oid, parameters, support, note }
    }
}

/// How the integrity of a PFX is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum P12Mac {
    /// HMAC with a key from PKCS#12's own derivation (RFC 7292, B); the digest for both.
    Pkcs12(DigestAlgorithm),
    /// RFC 9879, which replaces RFC 9579.
    Pbmac1,
}

impl P12Mac {
    /// Every one there is.
    fn all() -> impl Iterator<Item = P12Mac> {
        let digests = DigestAlgorithm::ALL.into_iter();
        let digests = digests.filter(|digest| digest.hmac_oid().is_some());
        digests.map(P12Mac::Pkcs12).chain([P12Mac::Pbmac1])
    }

    /// Its identifier in MacData.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            P12Mac::Pkcs12(digest) => digest.oid(),
            P12Mac::Pbmac1 => PBMAC1,
        }
    }

    /// By its identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<P12Mac> {
        Self::all().find(|mac| mac.oid() == oid)
    }

    fn row(self) -> Row {
        let (name, parameters, support, note) = match self {
            P12Mac::Pkcs12(digest) => {
                let (support, note) = match digest {
                    DigestAlgorithm::Sha256 => (Support::Write, "written by the profile `modern`"),
                    DigestAlgorithm::Sha1 => {
                        (Support::Write, "written by the profile `compatible`")
                    }
                    _ => (Support::Read, ""),
                };
                (format!("hmac with {}", digest.name()), "salt, iterations", support, note)
            }
            P12Mac::Pbmac1 => (
                "pbmac1".to_owned(),
                "PBKDF2 with its key length, HMAC",
                Support::Write,
                "written by the profile `pbmac1`, with HMAC-SHA-256",
            ),
        };
        Row { section: Section::P12Mac, name, oid: self.oid(), parameters, support, note }
    }
}

pub(super) fn rows() -> impl Iterator<Item = Row> {
    let pbes2 = PBES2_CIPHERS.into_iter().map(|cipher| Row {
        section: Section::P12Encryption,
        name: match cipher {
            CbcCipher::Rc2 { .. } => "pbes2 with rc2-cbc".to_owned(),
            _ => format!("pbes2 with {}", ContentCipher::Cbc(cipher).name()),
        },
        oid: cipher.oid(),
        parameters: match cipher {
            CbcCipher::Rc2 { .. } => "effective key size, IV",
            _ => "IV",
        },
        support: match cipher {
            CbcCipher::Aes256 => Support::Write,
            CbcCipher::Aes128 | CbcCipher::Aes192 => Support::Read,
            CbcCipher::TripleDes | CbcCipher::Rc2 { .. } => Support::ReadLegacy,
        },
        note: "",
    });
    let hmacs = DigestAlgorithm::ALL.into_iter().filter_map(|digest| {
        Some(Row {
            section: Section::P12KeyDerivation,
            name: format!("hmac with {}", digest.name()),
            oid: digest.hmac_oid()?,
            parameters: "",
            support: match digest {
                DigestAlgorithm::Sha256 => Support::Write,
                _ => Support::Read,
            },
            note: "inside pbkdf2 and pbmac1",
        })
    });
    pbes2
        .chain(PbeScheme::ALL.map(PbeScheme::row))
        .chain(PasswordKdf::ALL.map(PasswordKdf::row))
        .chain(hmacs)
        .chain(P12Mac::all().map(P12Mac::row))
}
