//! Hash functions, and what is built on them: HMAC and RSA PKCS#1 v1.5 signatures (RFC 8017, 8018;
//! NIST's registry of hash functions).

use der::asn1::ObjectIdentifier;

use super::{Row, Section, Support};

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
    /// Read only (FIPS 202).
    Sha3_224,
    /// Read only (FIPS 202).
    Sha3_256,
    /// Read only (FIPS 202).
    Sha3_384,
    /// Read only (FIPS 202).
    Sha3_512,
}

impl DigestAlgorithm {
    /// Every one there is.
    pub const ALL: [DigestAlgorithm; 12] = [
        DigestAlgorithm::Md5,
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha224,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
        DigestAlgorithm::Sha512_224,
        DigestAlgorithm::Sha512_256,
        DigestAlgorithm::Sha3_224,
        DigestAlgorithm::Sha3_256,
        DigestAlgorithm::Sha3_384,
        DigestAlgorithm::Sha3_512,
    ];

    /// Its own identifier.
    pub fn oid(self) -> ObjectIdentifier {
        self.entry().0
    }

    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Its `micalg` (RFC 8551, 3.5.3.2), which our names follow.
    pub fn micalg(self) -> &'static str {
        self.name()
    }

    /// Bytes of a digest.
    pub fn size(self) -> usize {
        self.entry().2
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
            DigestAlgorithm::Sha3_224 => 144,
            DigestAlgorithm::Sha3_256 => 136,
            DigestAlgorithm::Sha3_384 => 104,
            DigestAlgorithm::Sha3_512 => 72,
        }
    }

    /// The identifier of the RSA PKCS#1 v1.5 signature with this digest (RFC 8017, A.2.4; NIST's
    /// registry for SHA-3).
    pub fn rsa_signature_oid(self) -> ObjectIdentifier {
        self.entry().3
    }

    /// The identifier of HMAC with this digest (RFC 8018, B.1.2). MD5 and SHA-3 have none there.
    pub fn hmac_oid(self) -> Option<ObjectIdentifier> {
        self.entry().4
    }

    /// Whether a signature with this digest may count as verified.
    pub fn is_collision_resistant(self) -> bool {
        !matches!(self, DigestAlgorithm::Md5 | DigestAlgorithm::Sha1)
    }

    /// What we do with a signature or content digest of it.
    pub fn support(self) -> Support {
        match self {
            DigestAlgorithm::Md5 | DigestAlgorithm::Sha1 => Support::ReadLegacy,
            DigestAlgorithm::Sha224
            | DigestAlgorithm::Sha512_224
            | DigestAlgorithm::Sha512_256
            | DigestAlgorithm::Sha3_224
            | DigestAlgorithm::Sha3_256
            | DigestAlgorithm::Sha3_384
            | DigestAlgorithm::Sha3_512 => Support::Read,
            DigestAlgorithm::Sha256 | DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512 => {
                Support::Write
            }
        }
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

    pub(super) fn rows() -> impl Iterator<Item = Row> {
        Self::ALL.into_iter().map(|digest| Row {
            section: Section::Digests,
            name: digest.name().to_owned(),
            oid: digest.oid(),
            parameters: "",
            support: digest.support(),
            note: "",
        })
    }

    #[rustfmt::skip]
    fn entry(self) -> (ObjectIdentifier, &'static str, usize, ObjectIdentifier, Option<ObjectIdentifier>) {
        match self {
            DigestAlgorithm::Md5 => (oid!("1.2.840.113549.2.5"), "md5", 16, oid!("1.2.840.113549.1.1.4"), None),
            DigestAlgorithm::Sha1 => (oid!("1.3.14.3.2.26"), "sha-1", 20, oid!("1.2.840.113549.1.1.5"), Some(oid!("1.2.840.113549.2.7"))),
            DigestAlgorithm::Sha224 => (oid!("2.16.840.1.101.3.4.2.4"), "sha-224", 28, oid!("1.2.840.113549.1.1.14"), Some(oid!("1.2.840.113549.2.8"))),
            DigestAlgorithm::Sha256 => (oid!("2.16.840.1.101.3.4.2.1"), "sha-256", 32, oid!("1.2.840.113549.1.1.11"), Some(oid!("1.2.840.113549.2.9"))),
            DigestAlgorithm::Sha384 => (oid!("2.16.840.1.101.3.4.2.2"), "sha-384", 48, oid!("1.2.840.113549.1.1.12"), Some(oid!("1.2.840.113549.2.10"))),
            DigestAlgorithm::Sha512 => (oid!("2.16.840.1.101.3.4.2.3"), "sha-512", 64, oid!("1.2.840.113549.1.1.13"), Some(oid!("1.2.840.113549.2.11"))),
            DigestAlgorithm::Sha512_224 => (oid!("2.16.840.1.101.3.4.2.5"), "sha-512-224", 28, oid!("1.2.840.113549.1.1.15"), Some(oid!("1.2.840.113549.2.12"))),
            DigestAlgorithm::Sha512_256 => (oid!("2.16.840.1.101.3.4.2.6"), "sha-512-256", 32, oid!("1.2.840.113549.1.1.16"), Some(oid!("1.2.840.113549.2.13"))),
            DigestAlgorithm::Sha3_224 => (oid!("2.16.840.1.101.3.4.2.7"), "sha3-224", 28, oid!("2.16.840.1.101.3.4.3.13"), None),
            DigestAlgorithm::Sha3_256 => (oid!("2.16.840.1.101.3.4.2.8"), "sha3-256", 32, oid!("2.16.840.1.101.3.4.3.14"), None),
            DigestAlgorithm::Sha3_384 => (oid!("2.16.840.1.101.3.4.2.9"), "sha3-384", 48, oid!("2.16.840.1.101.3.4.3.15"), None),
            DigestAlgorithm::Sha3_512 => (oid!("2.16.840.1.101.3.4.2.10"), "sha3-512", 64, oid!("2.16.840.1.101.3.4.3.16"), None),
        }
    }
}
