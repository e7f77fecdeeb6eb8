//! The table of algorithms: object identifier, name, sizes, and what we do with each.
//!
//! Names are those of the JavaScript interface. Sources: RFC 8017 (RSA), RFC 8018 (PKCS#5), RFC 7292
//! (PKCS#12), RFC 3370, 3565, 5084, 5754 (CMS), NIST's registry of hash functions.

use der::asn1::ObjectIdentifier;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// Read in old signatures, which never count as verified.
    Md5,
    /// Read in old signatures, which never count as verified; fine inside HMAC and OAEP.
    Sha1,
    /// Read only: nobody's default.
    Sha224,
    /// Our default.
    Sha256,
    /// Written on request.
    Sha384,
    /// Written on request.
    Sha512,
    /// Read only (FIPS 180-4, 5.3.6).
    Sha512_224,
    /// Read only (FIPS 180-4, 5.3.6).
    Sha512_256,
}

impl DigestAlgorithm {
    /// Every one there is.
    pub const ALL: [DigestAlgorithm; 8] = [
        DigestAlgorithm::Md5,
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha224,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
        DigestAlgorithm::Sha512_224,
        DigestAlgorithm::Sha512_256,
    ];

    /// Its own identifier.
    pub fn oid(self) -> ObjectIdentifier {
        self.row().0
    }

    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Its `micalg` (RFC 8551, 3.5.3.2).
    pub fn micalg(self) -> &'static str {
        match self {
            DigestAlgorithm::Md5 => "md5",
            DigestAlgorithm::Sha1 => "sha-1",
            DigestAlgorithm::Sha224 => "sha-224",
            DigestAlgorithm::Sha256 => "sha-256",
            DigestAlgorithm::Sha384 => "sha-384",
            DigestAlgorithm::Sha512 => "sha-512",
            DigestAlgorithm::Sha512_224 => "sha-512-224",
            DigestAlgorithm::Sha512_256 => "sha-512-256",
        }
    }

    /// Bytes of a digest.
    pub fn size(self) -> usize {
        self.row().2
    }

    /// Bytes of a block of its compression function.
    pub fn block_size(self) -> usize {
        match self {
            DigestAlgorithm::Md5
            | DigestAlgorithm::Sha1
            | DigestAlgorithm::Sha224
            | DigestAlgorithm::Sha256 => 64,
            DigestAlgorithm::Sha384
            | DigestAlgorithm::Sha512
            | DigestAlgorithm::Sha512_224
            | DigestAlgorithm::Sha512_256 => 128,
        }
    }

    /// The identifier of the RSA PKCS#1 v1.5 signature with this digest (RFC 8017, A.2.4).
    pub fn rsa_signature_oid(self) -> ObjectIdentifier {
        self.row().3
    }

    /// The identifier of HMAC with this digest (RFC 8018, B.1.2). MD5 has none there.
    pub fn hmac_oid(self) -> Option<ObjectIdentifier> {
        self.row().4
    }

    /// Whether a signature with this digest may count as verified.
    pub fn is_collision_resistant(self) -> bool {
        !matches!(self, DigestAlgorithm::Md5 | DigestAlgorithm::Sha1)
    }

    /// By its own identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<DigestAlgorithm> {
        Self::ALL.into_iter().find(|digest| digest.oid() == oid)
    }

    /// By the identifier of HMAC with it.
    pub fn by_hmac_oid(oid: ObjectIdentifier) -> Option<DigestAlgorithm> {
        Self::ALL.into_iter().find(|digest| digest.hmac_oid() == Some(oid))
    }

    /// By the identifier of the RSA signature with it.
    pub fn by_rsa_signature_oid(oid: ObjectIdentifier) -> Option<DigestAlgorithm> {
        Self::ALL.into_iter().find(|digest| digest.rsa_signature_oid() == oid)
    }

    /// By its name in the JavaScript interface.
    pub fn by_name(name: &str) -> Option<DigestAlgorithm> {
        Self::ALL.into_iter().find(|digest| digest.name() == name)
    }

    #[rustfmt::skip]
    fn row(self) -> (ObjectIdentifier, &'static str, usize, ObjectIdentifier, Option<ObjectIdentifier>) {
        match self {
            DigestAlgorithm::Md5 => (oid("1.2.840.113549.2.5"), "md5", 16, oid("1.2.840.113549.1.1.4"), None),
            DigestAlgorithm::Sha1 => (oid("1.3.14.3.2.26"), "sha-1", 20, oid("1.2.840.113549.1.1.5"), Some(oid("1.2.840.113549.2.7"))),
            DigestAlgorithm::Sha224 => (oid("2.16.840.1.101.3.4.2.4"), "sha-224", 28, oid("1.2.840.113549.1.1.14"), Some(oid("1.2.840.113549.2.8"))),
            DigestAlgorithm::Sha256 => (oid("2.16.840.1.101.3.4.2.1"), "sha-256", 32, oid("1.2.840.113549.1.1.11"), Some(oid("1.2.840.113549.2.9"))),
            DigestAlgorithm::Sha384 => (oid("2.16.840.1.101.3.4.2.2"), "sha-384", 48, oid("1.2.840.113549.1.1.12"), Some(oid("1.2.840.113549.2.10"))),
            DigestAlgorithm::Sha512 => (oid("2.16.840.1.101.3.4.2.3"), "sha-512", 64, oid("1.2.840.113549.1.1.13"), Some(oid("1.2.840.113549.2.11"))),
            DigestAlgorithm::Sha512_224 => (oid("2.16.840.1.101.3.4.2.5"), "sha-512-224", 28, oid("1.2.840.113549.1.1.15"), Some(oid("1.2.840.113549.2.12"))),
            DigestAlgorithm::Sha512_256 => (oid("2.16.840.1.101.3.4.2.6"), "sha-512-256", 32, oid("1.2.840.113549.1.1.16"), Some(oid("1.2.840.113549.2.13"))),
        }
    }
}

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

/// What becomes of an algorithm that is met or asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Written and read.
    Write,
    /// Read without complaint.
    Read,
    /// Read, and said in the answer's problems.
    ReadLegacy,
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
}

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
            KeyWrap::Aes128 => oid("2.16.840.1.101.3.4.1.5"),
            KeyWrap::Aes192 => oid("2.16.840.1.101.3.4.1.25"),
            KeyWrap::Aes256 => oid("2.16.840.1.101.3.4.1.45"),
            KeyWrap::TripleDes => oid("1.2.840.113549.1.9.16.3.6"),
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
    KeyAgreement { oid: oid(text), name, derivation, support }
}

/// `id-PBKDF2` (RFC 8018, A.2).
pub const PBKDF2: ObjectIdentifier = oid("1.2.840.113549.1.5.12");
/// `id-alg-PWRI-KEK` (RFC 3211, 2.3).
pub const PWRI_KEK: ObjectIdentifier = oid("1.2.840.113549.1.9.16.3.9");
/// `id-alg-hkdf-with-sha256` and its brothers (RFC 8619, 2).
pub const HKDF: [(ObjectIdentifier, DigestAlgorithm); 3] = [
    (oid("1.2.840.113549.1.9.16.3.28"), DigestAlgorithm::Sha256),
    (oid("1.2.840.113549.1.9.16.3.29"), DigestAlgorithm::Sha384),
    (oid("1.2.840.113549.1.9.16.3.30"), DigestAlgorithm::Sha512),
];
/// `rsaEncryption`: keys, PKCS#1 v1.5 key transport, and signatures that name the digest elsewhere.
pub const RSA_ENCRYPTION: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
/// `id-RSAES-OAEP` (RFC 8017, A.2.1).
pub const RSAES_OAEP: ObjectIdentifier = oid("1.2.840.113549.1.1.7");
/// `id-RSASSA-PSS` (RFC 8017, A.2.3).
pub const RSASSA_PSS: ObjectIdentifier = oid("1.2.840.113549.1.1.10");
/// `id-mgf1` (RFC 8017, B.2.1).
pub const MGF1: ObjectIdentifier = oid("1.2.840.113549.1.1.8");
/// `id-pSpecified` (RFC 8017, A.2.1): the label of OAEP.
pub const P_SPECIFIED: ObjectIdentifier = oid("1.2.840.113549.1.1.9");

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
        for cipher in ContentCipher::ALL {
            assert!(oids.insert(cipher.oid()));
            assert_eq!(ContentCipher::by_oid(cipher.oid()), Some(cipher));
            assert_eq!(ContentCipher::by_name(cipher.name()), Some(cipher));
        }
    }
}
