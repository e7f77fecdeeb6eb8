//! Signature algorithms and the keys they take (RFC 8017, 4056, 5754, 5758, 8419, 9882; NIST's registry
//! of object identifiers).

use der::asn1::ObjectIdentifier;

use super::{DigestAlgorithm, Row, Section, Support};

/// `rsaEncryption`: keys, PKCS#1 v1.5 key transport, and signatures that name the digest elsewhere.
pub const RSA_ENCRYPTION: ObjectIdentifier = oid!("1.2.840.113549.1.1.1");
/// `id-RSASSA-PSS` (RFC 8017, A.2.3): signatures, and keys that make no others.
pub const RSASSA_PSS: ObjectIdentifier = oid!("1.2.840.113549.1.1.10");
/// `id-ecPublicKey` (RFC 5480, 2.1.1).
pub const EC_PUBLIC_KEY: ObjectIdentifier = oid!("1.2.840.10045.2.1");
/// `id-dsa` (RFC 3279, 2.3.2).
pub const DSA: ObjectIdentifier = oid!("1.2.840.10040.4.1");
/// `id-Ed25519` (RFC 8410, 3): keys and signatures.
pub const ED25519: ObjectIdentifier = oid!("1.3.101.112");
/// `id-X25519` (RFC 8410, 3): keys.
pub const X25519: ObjectIdentifier = oid!("1.3.101.110");

/// A parameter set of ML-DSA (FIPS 204, 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MlDsa {
    /// Security category 2.
    MlDsa44,
    /// Security category 3.
    MlDsa65,
    /// Security category 5.
    MlDsa87,
}

impl MlDsa {
    /// Every one there is.
    pub const ALL: [MlDsa; 3] = [MlDsa::MlDsa44, MlDsa::MlDsa65, MlDsa::MlDsa87];

    /// The identifier of its keys and signatures (RFC 9881, 2).
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            MlDsa::MlDsa44 => oid!("2.16.840.1.101.3.4.3.17"),
            MlDsa::MlDsa65 => oid!("2.16.840.1.101.3.4.3.18"),
            MlDsa::MlDsa87 => oid!("2.16.840.1.101.3.4.3.19"),
        }
    }

    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            MlDsa::MlDsa44 => "ml-dsa-44",
            MlDsa::MlDsa65 => "ml-dsa-65",
            MlDsa::MlDsa87 => "ml-dsa-87",
        }
    }

    /// By its identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<MlDsa> {
        Self::ALL.into_iter().find(|parameters| parameters.oid() == oid)
    }
}

/// A named curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256, secp256r1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
    /// NIST P-521, secp521r1.
    P521,
    /// RFC 5639, 3.4.
    BrainpoolP256r1,
    /// RFC 5639, 3.6.
    BrainpoolP384r1,
}

impl Curve {
    /// Every one there is.
    pub const ALL: [Curve; 5] =
        [Curve::P256, Curve::P384, Curve::P521, Curve::BrainpoolP256r1, Curve::BrainpoolP384r1];

    /// Its identifier (RFC 5480, 2.1.1.1; RFC 5639, 4.1).
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Curve::P256 => oid!("1.2.840.10045.3.1.7"),
            Curve::P384 => oid!("1.3.132.0.34"),
            Curve::P521 => oid!("1.3.132.0.35"),
            Curve::BrainpoolP256r1 => oid!("1.3.36.3.3.2.8.1.1.7"),
            Curve::BrainpoolP384r1 => oid!("1.3.36.3.3.2.8.1.1.11"),
        }
    }

    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            Curve::P256 => "p-256",
            Curve::P384 => "p-384",
            Curve::P521 => "p-521",
            Curve::BrainpoolP256r1 => "brainpool-p256r1",
            Curve::BrainpoolP384r1 => "brainpool-p384r1",
        }
    }

    /// Bits of its field and of its order.
    pub fn bits(self) -> u32 {
        match self {
            Curve::P256 | Curve::BrainpoolP256r1 => 256,
            Curve::P384 | Curve::BrainpoolP384r1 => 384,
            Curve::P521 => 521,
        }
    }

    /// By its identifier.
    pub fn by_oid(oid: ObjectIdentifier) -> Option<Curve> {
        Self::ALL.into_iter().find(|curve| curve.oid() == oid)
    }
}

impl DigestAlgorithm {
    /// The identifier of ECDSA with this digest (RFC 5758, 3.2). MD5 and the truncated ones have none.
    pub fn ecdsa_oid(self) -> Option<ObjectIdentifier> {
        Some(match self {
            DigestAlgorithm::Sha1 => oid!("1.2.840.10045.4.1"),
            DigestAlgorithm::Sha224 => oid!("1.2.840.10045.4.3.1"),
            DigestAlgorithm::Sha256 => oid!("1.2.840.10045.4.3.2"),
            DigestAlgorithm::Sha384 => oid!("1.2.840.10045.4.3.3"),
            DigestAlgorithm::Sha512 => oid!("1.2.840.10045.4.3.4"),
            DigestAlgorithm::Sha3_224 => oid!("2.16.840.1.101.3.4.3.9"),
            DigestAlgorithm::Sha3_256 => oid!("2.16.840.1.101.3.4.3.10"),
            DigestAlgorithm::Sha3_384 => oid!("2.16.840.1.101.3.4.3.11"),
            DigestAlgorithm::Sha3_512 => oid!("2.16.840.1.101.3.4.3.12"),
            DigestAlgorithm::Md5 | DigestAlgorithm::Sha512_224 | DigestAlgorithm::Sha512_256 => {
                return None;
            }
        })
    }

    /// By the identifier of ECDSA with it.
    pub fn by_ecdsa_oid(oid: ObjectIdentifier) -> Option<DigestAlgorithm> {
        Self::ALL.into_iter().find(|digest| digest.ecdsa_oid() == Some(oid))
    }

    /// The identifier of DSA with this digest (RFC 5758, 3.1). MD5 and the truncated ones have none.
    pub fn dsa_oid(self) -> Option<ObjectIdentifier> {
        Some(match self {
            DigestAlgorithm::Sha1 => oid!("1.2.840.10040.4.3"),
            DigestAlgorithm::Sha224 => oid!("2.16.840.1.101.3.4.3.1"),
            DigestAlgorithm::Sha256 => oid!("2.16.840.1.101.3.4.3.2"),
            DigestAlgorithm::Sha384 => oid!("2.16.840.1.101.3.4.3.3"),
            DigestAlgorithm::Sha512 => oid!("2.16.840.1.101.3.4.3.4"),
            DigestAlgorithm::Sha3_224 => oid!("2.16.840.1.101.3.4.3.5"),
            DigestAlgorithm::Sha3_256 => oid!("2.16.840.1.101.3.4.3.6"),
            DigestAlgorithm::Sha3_384 => oid!("2.16.840.1.101.3.4.3.7"),
            DigestAlgorithm::Sha3_512 => oid!("2.16.840.1.101.3.4.3.8"),
            DigestAlgorithm::Md5 | DigestAlgorithm::Sha512_224 | DigestAlgorithm::Sha512_256 => {
                return None;
            }
        })
    }

    /// By the identifier of DSA with it.
    pub fn by_dsa_oid(oid: ObjectIdentifier) -> Option<DigestAlgorithm> {
        Self::ALL.into_iter().find(|digest| digest.dsa_oid() == Some(oid))
    }
}

pub(super) fn rows() -> impl Iterator<Item = Row> {
    let row = |name: String, oid, support, note| Row {
        section: Section::Signatures,
        name,
        oid,
        parameters: "",
        support,
        note,
    };
    let digests = || DigestAlgorithm::ALL.into_iter();
    let rsa = digests().map(move |digest| {
        let note = "also read where the signature says only rsaEncryption";
        let name = format!("rsassa-pkcs1-v1_5 with {}", digest.name());
        row(name, digest.rsa_signature_oid(), digest.support(), note)
    });
    let pss = Row {
        parameters: "digest, digest of MGF1 and length of the salt, each on its own",
        ..row(
            "rsassa-pss".to_owned(),
            RSASSA_PSS,
            Support::Write,
            "written with SHA-256, SHA-384 or SHA-512 for both; with MD5 or SHA-1 read as legacy",
        )
    };
    let ecdsa = digests().filter_map(move |digest| {
        let name = format!("ecdsa with {}", digest.name());
        Some(row(name, digest.ecdsa_oid()?, digest.support(), ""))
    });
    let note = "written with SHA-512 for the content; read strictly: no point of small order";
    let ed25519 = row("ed25519".to_owned(), ED25519, Support::Write, note);
    let dsa = digests().filter_map(move |digest| {
        let support = match digest.support() {
            Support::Write => Support::Read,
            other => other,
        };
        let note = "1024, 2048 or 3072 bits, with the parameters in the certificate";
        Some(row(format!("dsa with {}", digest.name()), digest.dsa_oid()?, support, note))
    });
    let ml_dsa = MlDsa::ALL.into_iter().map(move |parameters| {
        row(parameters.name().to_owned(), parameters.oid(), Support::Read, "pure, not pre-hashed")
    });
    let curves = Curve::ALL.into_iter().map(|curve| Row {
        section: Section::Curves,
        name: curve.name().to_owned(),
        oid: curve.oid(),
        parameters: "",
        support: Support::Write,
        note: "",
    });
    rsa.chain([pss]).chain(ecdsa).chain([ed25519]).chain(dsa).chain(ml_dsa).chain(curves)
}
