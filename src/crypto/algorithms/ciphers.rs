//! What encrypts content (RFC 3370, 3565, 5084, 8103).

use der::asn1::ObjectIdentifier;

use super::{Row, Section, Support};

/// A block cipher in CBC mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CbcCipher {
    /// AES with a key of 16 bytes.
    Aes128,
    /// AES with a key of 24 bytes.
    Aes192,
    /// AES with a key of 32 bytes.
    Aes256,
    /// Triple DES with three keys. Read only, but for PFX files in the `compatible` profile.
    TripleDes,
    /// RC2 with its effective key size in bits (RFC 2268). Read only.
    Rc2 {
        /// 40, 64, 128, or 256 and more.
        effective_bits: u16,
    },
}

impl CbcCipher {
    /// Bytes of a key. RC2 keys are as long as their effective size says, as all writers make them.
    pub fn key_size(self) -> usize {
        match self {
            CbcCipher::Aes128 => 16,
            CbcCipher::Aes192 | CbcCipher::TripleDes => 24,
            CbcCipher::Aes256 => 32,
            CbcCipher::Rc2 { effective_bits } => usize::from(effective_bits).div_ceil(8),
        }
    }

    /// RC2 by its rc2ParameterVersion (RFC 2268, 6), which hides small sizes behind a table. Of that
    /// table only the three sizes that mail has used are read.
    pub fn rc2(version: u64) -> Option<CbcCipher> {
        let effective_bits = match version {
            160 => 40,
            120 => 64,
            58 => 128,
            256..=1024 => version as u16,
            _ => return None,
        };
        Some(CbcCipher::Rc2 { effective_bits })
    }

    /// Bytes of a block and of the IV.
    pub fn block_size(self) -> usize {
        match self {
            CbcCipher::Aes128 | CbcCipher::Aes192 | CbcCipher::Aes256 => 16,
            CbcCipher::TripleDes | CbcCipher::Rc2 { .. } => 8,
        }
    }

    /// Its identifier. RC2's says nothing about the effective size: that is a parameter.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            CbcCipher::Aes128 => oid!("2.16.840.1.101.3.4.1.2"),
            CbcCipher::Aes192 => oid!("2.16.840.1.101.3.4.1.22"),
            CbcCipher::Aes256 => oid!("2.16.840.1.101.3.4.1.42"),
            CbcCipher::TripleDes => oid!("1.2.840.113549.3.7"),
            CbcCipher::Rc2 { .. } => RC2_CBC,
        }
    }
}

/// AES in Galois/Counter Mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GcmCipher {
    /// With a key of 16 bytes.
    Aes128,
    /// With a key of 24 bytes.
    Aes192,
    /// With a key of 32 bytes.
    Aes256,
}

impl GcmCipher {
    /// Bytes of a key.
    pub fn key_size(self) -> usize {
        match self {
            GcmCipher::Aes128 => 16,
            GcmCipher::Aes192 => 24,
            GcmCipher::Aes256 => 32,
        }
    }

    /// Its identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            GcmCipher::Aes128 => oid!("2.16.840.1.101.3.4.1.6"),
            GcmCipher::Aes192 => oid!("2.16.840.1.101.3.4.1.26"),
            GcmCipher::Aes256 => oid!("2.16.840.1.101.3.4.1.46"),
        }
    }
}

/// Bytes of the nonce we write.
pub const GCM_NONCE: usize = 12;
/// Bytes of the tag we write. Reading allows 12 to 16, as RFC 5084 does.
pub const GCM_TAG: usize = 16;

/// AES in Counter with CBC-MAC mode (RFC 3610). Read only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CcmCipher {
    /// With a key of 16 bytes.
    Aes128,
    /// With a key of 24 bytes.
    Aes192,
    /// With a key of 32 bytes.
    Aes256,
}

impl CcmCipher {
    /// Bytes of a key.
    pub fn key_size(self) -> usize {
        match self {
            CcmCipher::Aes128 => 16,
            CcmCipher::Aes192 => 24,
            CcmCipher::Aes256 => 32,
        }
    }

    /// Its identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            CcmCipher::Aes128 => oid!("2.16.840.1.101.3.4.1.7"),
            CcmCipher::Aes192 => oid!("2.16.840.1.101.3.4.1.27"),
            CcmCipher::Aes256 => oid!("2.16.840.1.101.3.4.1.47"),
        }
    }
}

/// Encryption that notices changes (RFC 5116).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AeadCipher {
    /// RFC 5084.
    Gcm(GcmCipher),
    /// RFC 5084.
    Ccm(CcmCipher),
    /// RFC 8103.
    ChaCha20Poly1305,
}

impl AeadCipher {
    /// Bytes of a key.
    pub fn key_size(self) -> usize {
        match self {
            AeadCipher::Gcm(cipher) => cipher.key_size(),
            AeadCipher::Ccm(cipher) => cipher.key_size(),
            AeadCipher::ChaCha20Poly1305 => 32,
        }
    }

    /// Its identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            AeadCipher::Gcm(cipher) => cipher.oid(),
            AeadCipher::Ccm(cipher) => cipher.oid(),
            AeadCipher::ChaCha20Poly1305 => oid!("1.2.840.113549.1.9.16.3.18"),
        }
    }

    /// Whether it is read with a nonce and a tag of these lengths in bytes. Shorter tags would protect
    /// too little. PKI.js writes GCM with 16 bytes of nonce.
    pub fn allows(self, nonce_len: usize, tag_len: usize) -> bool {
        match self {
            AeadCipher::Gcm(_) => {
                nonce_len == 12 && (12..=16).contains(&tag_len) || nonce_len == 16 && tag_len == 16
            }
            AeadCipher::Ccm(_) => (7..=13).contains(&nonce_len) && matches!(tag_len, 12 | 14 | 16),
            AeadCipher::ChaCha20Poly1305 => nonce_len == 12 && tag_len == 16,
        }
    }
}

/// What encrypts the content of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentCipher {
    /// In EnvelopedData: changes go unnoticed.
    Cbc(CbcCipher),
    /// In AuthEnvelopedData.
    Aead(AeadCipher),
}

impl ContentCipher {
    /// Every one that a message may use.
    pub const ALL: [ContentCipher; 14] = [
        ContentCipher::Cbc(CbcCipher::Aes128),
        ContentCipher::Cbc(CbcCipher::Aes192),
        ContentCipher::Cbc(CbcCipher::Aes256),
        ContentCipher::Cbc(CbcCipher::TripleDes),
        ContentCipher::Cbc(CbcCipher::Rc2 { effective_bits: 40 }),
        ContentCipher::Cbc(CbcCipher::Rc2 { effective_bits: 64 }),
        ContentCipher::Cbc(CbcCipher::Rc2 { effective_bits: 128 }),
        ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes128)),
        ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes192)),
        ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes256)),
        ContentCipher::Aead(AeadCipher::Ccm(CcmCipher::Aes128)),
        ContentCipher::Aead(AeadCipher::Ccm(CcmCipher::Aes192)),
        ContentCipher::Aead(AeadCipher::Ccm(CcmCipher::Aes256)),
        ContentCipher::Aead(AeadCipher::ChaCha20Poly1305),
    ];

    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            ContentCipher::Cbc(CbcCipher::Aes128) => "aes-128-cbc",
            ContentCipher::Cbc(CbcCipher::Aes192) => "aes-192-cbc",
            ContentCipher::Cbc(CbcCipher::Aes256) => "aes-256-cbc",
            ContentCipher::Cbc(CbcCipher::TripleDes) => "3des-cbc",
            ContentCipher::Cbc(CbcCipher::Rc2 { effective_bits: 40 }) => "rc2-40-cbc",
            ContentCipher::Cbc(CbcCipher::Rc2 { effective_bits: 64 }) => "rc2-64-cbc",
            ContentCipher::Cbc(CbcCipher::Rc2 { effective_bits: 128 }) => "rc2-128-cbc",
            ContentCipher::Cbc(CbcCipher::Rc2 { .. }) => "rc2-cbc",
            ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes128)) => "aes-128-gcm",
            ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes192)) => "aes-192-gcm",
            ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes256)) => "aes-256-gcm",
            ContentCipher::Aead(AeadCipher::Ccm(CcmCipher::Aes128)) => "aes-128-ccm",
            ContentCipher::Aead(AeadCipher::Ccm(CcmCipher::Aes192)) => "aes-192-ccm",
            ContentCipher::Aead(AeadCipher::Ccm(CcmCipher::Aes256)) => "aes-256-ccm",
            ContentCipher::Aead(AeadCipher::ChaCha20Poly1305) => "chacha20-poly1305",
        }
    }

    /// What we do with it.
    pub fn support(self) -> Support {
        match self {
            ContentCipher::Cbc(CbcCipher::TripleDes | CbcCipher::Rc2 { .. }) => Support::ReadLegacy,
            // Nobody asks for 192 bits; whoever wants more than 128 takes 256. Nobody writes the
            // others into mail by itself.
            ContentCipher::Cbc(CbcCipher::Aes192)
            | ContentCipher::Aead(
                AeadCipher::Gcm(GcmCipher::Aes192)
                | AeadCipher::Ccm(_)
                | AeadCipher::ChaCha20Poly1305,
            ) => Support::Read,
            ContentCipher::Cbc(CbcCipher::Aes128 | CbcCipher::Aes256)
            | ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes128 | GcmCipher::Aes256)) => {
                Support::Write
            }
        }
    }

    /// Bytes of a key.
    pub fn key_size(self) -> usize {
        match self {
            ContentCipher::Cbc(cipher) => cipher.key_size(),
            ContentCipher::Aead(cipher) => cipher.key_size(),
        }
    }

    /// Its identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            ContentCipher::Cbc(cipher) => cipher.oid(),
            ContentCipher::Aead(cipher) => cipher.oid(),
        }
    }

    /// By its identifier, if that alone tells which it is: RC2's does not.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<ContentCipher> {
        let is_rc2 = |cipher| matches!(cipher, ContentCipher::Cbc(CbcCipher::Rc2 { .. }));
        Self::ALL.into_iter().find(|&cipher| cipher.oid() == oid && !is_rc2(cipher))
    }

    /// By its name in the JavaScript interface.
    pub fn by_name(name: &str) -> Option<ContentCipher> {
        Self::ALL.into_iter().find(|cipher| cipher.name() == name)
    }

    pub(super) fn rows() -> impl Iterator<Item = Row> {
        let bound = Row {
            section: Section::ContentEncryption,
            name: "cek-hkdf-sha256".to_owned(),
            oid: CEK_HKDF_SHA256,
            parameters: "another of these",
            support: Support::Write,
            note: "written when every recipient is known to read it",
        };
        let ciphers = Self::ALL.into_iter().map(|cipher| Row {
            section: Section::ContentEncryption,
            name: cipher.name().to_owned(),
            oid: cipher.oid(),
            parameters: match cipher {
                ContentCipher::Cbc(CbcCipher::Rc2 { .. }) => "effective key size, IV",
                ContentCipher::Cbc(_) => "IV",
                ContentCipher::Aead(AeadCipher::Gcm(_)) => {
                    "nonce of 12 bytes, tag of 12 to 16; or both of 16"
                }
                ContentCipher::Aead(AeadCipher::Ccm(_)) => {
                    "nonce of 7 to 13 bytes, tag of 12, 14 or 16"
                }
                ContentCipher::Aead(AeadCipher::ChaCha20Poly1305) => "nonce of 12 bytes",
            },
            support: cipher.support(),
            note: match cipher {
                ContentCipher::Cbc(_) => "",
                ContentCipher::Aead(AeadCipher::Gcm(_)) => {
                    "in AuthEnvelopedData; read in EnvelopedData and said so"
                }
                ContentCipher::Aead(_) => "in AuthEnvelopedData",
            },
        });
        ciphers.chain([bound])
    }
}

/// `id-alg-cek-hkdf-sha256` (RFC 9709, 3), whose parameters are another content cipher.
pub const CEK_HKDF_SHA256: ObjectIdentifier = oid!("1.2.840.113549.1.9.16.3.31");

/// `rc2CBC` (RFC 8018, B.2.3), whose parameters say the effective key size.
pub const RC2_CBC: ObjectIdentifier = oid!("1.2.840.113549.3.2");
