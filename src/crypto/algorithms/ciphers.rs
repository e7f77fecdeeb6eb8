//! What encrypts content (RFC 3370, 3565, 5084).

use der::asn1::ObjectIdentifier;

use super::{Row, Section, Support, oid};

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
        /// 40, 64 or 128.
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
            CbcCipher::Aes128 => oid("2.16.840.1.101.3.4.1.2"),
            CbcCipher::Aes192 => oid("2.16.840.1.101.3.4.1.22"),
            CbcCipher::Aes256 => oid("2.16.840.1.101.3.4.1.42"),
            CbcCipher::TripleDes => oid("1.2.840.113549.3.7"),
            CbcCipher::Rc2 { .. } => oid("1.2.840.113549.3.2"),
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
            GcmCipher::Aes128 => oid("2.16.840.1.101.3.4.1.6"),
            GcmCipher::Aes192 => oid("2.16.840.1.101.3.4.1.26"),
            GcmCipher::Aes256 => oid("2.16.840.1.101.3.4.1.46"),
        }
    }
}

/// Bytes of the nonce we write, and the only length we read.
pub const GCM_NONCE: usize = 12;
/// Bytes of the tag we write. Reading allows 12 to 16, as RFC 5084 does.
pub const GCM_TAG: usize = 16;

/// What encrypts the content of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentCipher {
    /// In EnvelopedData: changes go unnoticed.
    Cbc(CbcCipher),
    /// In AuthEnvelopedData.
    Gcm(GcmCipher),
}

impl ContentCipher {
    /// Every one that a message may use.
    pub const ALL: [ContentCipher; 7] = [
        ContentCipher::Cbc(CbcCipher::Aes128),
        ContentCipher::Cbc(CbcCipher::Aes192),
        ContentCipher::Cbc(CbcCipher::Aes256),
        ContentCipher::Cbc(CbcCipher::TripleDes),
        ContentCipher::Gcm(GcmCipher::Aes128),
        ContentCipher::Gcm(GcmCipher::Aes192),
        ContentCipher::Gcm(GcmCipher::Aes256),
    ];

    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            ContentCipher::Cbc(CbcCipher::Aes128) => "aes-128-cbc",
            ContentCipher::Cbc(CbcCipher::Aes192) => "aes-192-cbc",
            ContentCipher::Cbc(CbcCipher::Aes256) => "aes-256-cbc",
            ContentCipher::Cbc(CbcCipher::TripleDes) => "3des-cbc",
            ContentCipher::Cbc(CbcCipher::Rc2 { .. }) => "rc2-cbc",
            ContentCipher::Gcm(GcmCipher::Aes128) => "aes-128-gcm",
            ContentCipher::Gcm(GcmCipher::Aes192) => "aes-192-gcm",
            ContentCipher::Gcm(GcmCipher::Aes256) => "aes-256-gcm",
        }
    }

    /// What we do with it.
    pub fn support(self) -> Support {
        match self {
            ContentCipher::Cbc(CbcCipher::TripleDes | CbcCipher::Rc2 { .. }) => Support::ReadLegacy,
            // Nobody asks for 192 bits; whoever wants more than 128 takes 256.
            ContentCipher::Cbc(CbcCipher::Aes192) | ContentCipher::Gcm(GcmCipher::Aes192) => {
                Support::Read
            }
            ContentCipher::Cbc(CbcCipher::Aes128 | CbcCipher::Aes256)
            | ContentCipher::Gcm(GcmCipher::Aes128 | GcmCipher::Aes256) => Support::Write,
        }
    }

    /// Bytes of a key.
    pub fn key_size(self) -> usize {
        match self {
            ContentCipher::Cbc(cipher) => cipher.key_size(),
            ContentCipher::Gcm(cipher) => cipher.key_size(),
        }
    }

    /// Its identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            ContentCipher::Cbc(cipher) => cipher.oid(),
            ContentCipher::Gcm(cipher) => cipher.oid(),
        }
    }

    /// By its identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<ContentCipher> {
        Self::ALL.into_iter().find(|cipher| cipher.oid() == oid)
    }

    /// By its name in the JavaScript interface.
    pub fn by_name(name: &str) -> Option<ContentCipher> {
        Self::ALL.into_iter().find(|cipher| cipher.name() == name)
    }

    pub(super) fn rows() -> impl Iterator<Item = Row> {
        Self::ALL.into_iter().map(|cipher| Row {
            section: Section::ContentEncryption,
            name: cipher.name().to_owned(),
            oid: cipher.oid(),
            parameters: match cipher {
                ContentCipher::Cbc(CbcCipher::Rc2 { .. }) => "effective key size, IV",
                ContentCipher::Cbc(_) => "IV",
                ContentCipher::Gcm(_) => "nonce of 12 bytes, tag of 12 to 16",
            },
            support: cipher.support(),
            note: match cipher {
                ContentCipher::Cbc(_) => "",
                ContentCipher::Gcm(_) => "in AuthEnvelopedData",
            },
        })
    }
}
