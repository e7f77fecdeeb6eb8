//! Signature algorithms as messages and certificates name them.

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;

use super::algorithms::{DigestAlgorithm, RSA_ENCRYPTION, RSASSA_PSS};
use super::digest::Digester;
use super::ed25519::ED25519;
use super::rsa::PssParameters;
use crate::asn1::{AlgorithmIdentifier, NULL, algorithm_der};

/// How something is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2; RFC 5754, 3.2).
    RsaPkcs1v15(DigestAlgorithm),
    /// RSASSA-PSS (RFC 8017, 8.1; RFC 4056).
    RsaPss(PssParameters),
    /// ECDSA (FIPS 186-5, 6; RFC 5753, 2; RFC 5754, 3.3).
    Ecdsa(DigestAlgorithm),
    /// Ed25519 (RFC 8032, 5.1; RFC 8419).
    Ed25519,
}

impl SignatureAlgorithm {
    /// From an AlgorithmIdentifier. `digest` is the one a signer names beside it: `rsaEncryption`
    /// leaves the choice to it (RFC 3370, 3.2), the combined identifiers have to agree with it.
    /// `None` for an algorithm or parameters that we don't know.
    pub fn read(
        algorithm: &AlgorithmIdentifier<'_>,
        digest: Option<DigestAlgorithm>,
    ) -> Option<SignatureAlgorithm> {
        let agrees = |named: &DigestAlgorithm| digest.is_none_or(|digest| digest == *named);
        match algorithm.oid {
            RSA_ENCRYPTION => {
                let digest = digest.filter(|_| algorithm.has_no_parameters())?;
                Some(SignatureAlgorithm::RsaPkcs1v15(digest))
            }
            RSASSA_PSS => PssParameters::read(algorithm.parameters)
                .ok()
                .filter(|parameters| agrees(&parameters.digest))
                .map(SignatureAlgorithm::RsaPss),
            ED25519 => algorithm.parameters.is_none().then_some(SignatureAlgorithm::Ed25519),
            other if algorithm.has_no_parameters() => {
                let by_rsa = DigestAlgorithm::by_rsa_signature_oid(other).filter(agrees);
                let by_ecdsa = || ecdsa_digest(other).filter(agrees);
                by_rsa
                    .map(SignatureAlgorithm::RsaPkcs1v15)
                    .or_else(|| by_ecdsa().map(SignatureAlgorithm::Ecdsa))
            }
            _ => None,
        }
    }

    /// Its AlgorithmIdentifier in DER; `None` for what is only read.
    pub fn to_der(&self) -> Option<Vec<u8>> {
        Some(match self {
            SignatureAlgorithm::RsaPkcs1v15(digest) => {
                algorithm_der(digest.rsa_signature_oid(), NULL)
            }
            SignatureAlgorithm::RsaPss(parameters) => {
                algorithm_der(RSASSA_PSS, &parameters.to_der())
            }
            SignatureAlgorithm::Ecdsa(digest) => algorithm_der(ecdsa_oid(*digest)?, &[]),
            SignatureAlgorithm::Ed25519 => algorithm_der(ED25519, &[]),
        })
    }

    /// Its name in the JavaScript interface, such as `rsassa-pkcs1-v1_5-sha-256`.
    pub fn name(&self) -> String {
        match self {
            SignatureAlgorithm::RsaPkcs1v15(digest) => {
                format!("rsassa-pkcs1-v1_5-{}", digest.name())
            }
            SignatureAlgorithm::RsaPss(parameters) => {
                format!("rsassa-pss-{}", parameters.digest.name())
            }
            SignatureAlgorithm::Ecdsa(digest) => format!("ecdsa-{}", digest.name()),
            SignatureAlgorithm::Ed25519 => "ed25519".to_owned(),
        }
    }

    /// The digest that the scheme puts in the message's place; `None` if it hashes in its own way.
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        match self {
            SignatureAlgorithm::RsaPkcs1v15(digest) | SignatureAlgorithm::Ecdsa(digest) => {
                Some(*digest)
            }
            SignatureAlgorithm::RsaPss(parameters) => Some(parameters.digest),
            SignatureAlgorithm::Ed25519 => None,
        }
    }

    /// Whether a signature so made may count as verified.
    pub fn is_strong(&self) -> bool {
        self.digest().is_none_or(DigestAlgorithm::is_collision_resistant)
    }
}

/// What a signature is over.
#[derive(Clone, Copy, Debug)]
pub enum Signed<'a> {
    /// The message itself, for any algorithm.
    Message(&'a [u8]),
    /// Its digest, by the algorithm's own [`digest`](SignatureAlgorithm::digest), where that is known.
    Digest(&'a [u8]),
}

impl<'a> Signed<'a> {
    pub(super) fn digest(self, algorithm: DigestAlgorithm) -> Cow<'a, [u8]> {
        match self {
            Signed::Message(message) => Cow::Owned(Digester::digest(algorithm, message)),
            Signed::Digest(digest) => Cow::Borrowed(digest),
        }
    }

    pub(super) fn message(self) -> Option<&'a [u8]> {
        match self {
            Signed::Message(message) => Some(message),
            Signed::Digest(_) => None,
        }
    }
}

/// What checking a signature found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// The signature is this key's over these bytes.
    Holds,
    /// It is not.
    Fails,
}

/// The identifier of ECDSA with this digest (RFC 5758, 3.2). MD5 and the truncated ones have none.
fn ecdsa_oid(digest: DigestAlgorithm) -> Option<ObjectIdentifier> {
    let oid = match digest {
        DigestAlgorithm::Sha1 => "1.2.840.10045.4.1",
        DigestAlgorithm::Sha224 => "1.2.840.10045.4.3.1",
        DigestAlgorithm::Sha256 => "1.2.840.10045.4.3.2",
        DigestAlgorithm::Sha384 => "1.2.840.10045.4.3.3",
        DigestAlgorithm::Sha512 => "1.2.840.10045.4.3.4",
        DigestAlgorithm::Md5 | DigestAlgorithm::Sha512_224 | DigestAlgorithm::Sha512_256 => {
            return None;
        }
    };
    Some(ObjectIdentifier::new_unwrap(oid))
}

fn ecdsa_digest(oid: ObjectIdentifier) -> Option<DigestAlgorithm> {
    DigestAlgorithm::ALL.into_iter().find(|digest| ecdsa_oid(*digest) == Some(oid))
}
