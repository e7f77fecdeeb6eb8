//! Public keys of every kind (RFC 5280, 4.1.2.7).
//!
//! A key that can be read but not used is a value too, so that its certificate can be shown; one whose
//! numbers are damaged makes its certificate unreadable.

use der::asn1::ObjectIdentifier;

use super::algorithms::{
    Curve, DSA, DigestAlgorithm, EC_PUBLIC_KEY, ED25519, MlDsa, MlKem, X25519, refused_name,
};
use super::dsa::DsaPublicKey;
use super::ec::EcPublicKey;
use super::ed25519::Ed25519PublicKey;
use super::ml_dsa::MlDsaPublicKey;
use super::ml_kem::MlKemPublicKey;
use super::rsa::{KeyTransport, RsaPublicKey, RsaUsage};
use super::signature::{RsaScheme, SignatureAlgorithm, SignatureCheck, Signed};
use super::x25519::X25519PublicKey;
use super::{dsa, ec, ed25519, ml_dsa, ml_kem, rsa, x25519};
use crate::asn1::{AlgorithmIdentifier, Reader, Tlv, algorithm_der, constructed, tag};
use crate::env::Env;
use crate::error::{Error, Result};

/// A public key, as far as we can use it.
#[derive(Clone, Debug)]
pub enum PublicKey {
    /// An RSA key of acceptable size.
    Rsa(RsaPublicKey),
    /// An RSA key outside the sizes we accept; its modulus in bits.
    RsaOutOfBounds(u32),
    /// A point on one of our curves, for ECDSA and ECDH.
    Ec(EcPublicKey),
    /// For signatures (RFC 8410).
    Ed25519(Ed25519PublicKey),
    /// For key agreement (RFC 8410).
    X25519(X25519PublicKey),
    /// For signatures, which are only checked (RFC 3279, 2.3.2).
    Dsa(DsaPublicKey),
    /// For signatures, which are only checked (RFC 9881).
    MlDsa(MlDsaPublicKey),
    /// For key encapsulation (RFC 9935).
    MlKem(MlKemPublicKey),
    /// A key of another kind; for one on another named curve, that curve.
    Unsupported(ObjectIdentifier),
}

/// How content-encryption keys reach the owner of a key (RFC 5652, 6.2.1 and 6.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyManagement {
    /// They are encrypted with it.
    Transport,
    /// A key of the sender and it make a key for them.
    Agreement,
}

/// What a SubjectPublicKeyInfo that can't be read makes of its certificate.
pub(super) const UNREADABLE: Error =
    Error::MalformedCertificate { rule: "its public key can't be read" };

impl PublicKey {
    /// From a SubjectPublicKeyInfo.
    ///
    /// ```text
    /// SubjectPublicKeyInfo ::= SEQUENCE {
    ///   algorithm AlgorithmIdentifier,
    ///   subjectPublicKey BIT STRING }
    /// ```
    ///
    /// # Errors
    ///
    /// `malformed/certificate` if a key of a kind we know can't be read, `malformed/asn1`.
    pub fn from_spki(spki: Tlv<'_>) -> Result<PublicKey> {
        let mut reader = Reader::only(spki.raw, tag::SEQUENCE)?.contents();
        let algorithm = AlgorithmIdentifier::read(&mut reader)?;
        let key = reader.expect(tag::BIT_STRING)?.value;
        reader.finish()?;
        let Some((0, key)) = key.split_first() else { return Err(UNREADABLE) };
        if let Some(key) = rsa::read_public(&algorithm, key)? {
            return Ok(key);
        }
        if let Some(parameters) = MlDsa::by_oid(algorithm.oid) {
            return ml_dsa::read_public(parameters, &algorithm, key).map(PublicKey::MlDsa);
        }
        if let Some(parameters) = MlKem::by_oid(algorithm.oid) {
            return ml_kem::read_public(parameters, &algorithm, key).map(PublicKey::MlKem);
        }
        match algorithm.oid {
            EC_PUBLIC_KEY => ec::read_public(&algorithm, key),
            ED25519 => ed25519::read_public(&algorithm, key).map(PublicKey::Ed25519),
            X25519 => x25519::read_public(&algorithm, key).map(PublicKey::X25519),
            DSA => dsa::read_public(&algorithm, key),
            other => Ok(PublicKey::Unsupported(other)),
        }
    }

    /// The key of a SubjectPublicKeyInfo that takes its parameters from the key of the certificate's
    /// issuer, and that SubjectPublicKeyInfo with them in it: a DSA key without its own (RFC 3279, 2.3.2;
    /// RFC 5280, 6.1.4 (f)). `None` for all others.
    pub fn inherit(spki: &[u8], issuer_spki: &[u8]) -> Option<(PublicKey, Vec<u8>)> {
        fn parts(spki: &[u8]) -> Result<(AlgorithmIdentifier<'_>, Tlv<'_>)> {
            let mut reader = Reader::only(spki, tag::SEQUENCE)?.contents();
            Ok((AlgorithmIdentifier::read(&mut reader)?, reader.expect(tag::BIT_STRING)?))
        }
        let (algorithm, key) = parts(spki).ok()?;
        let (issuer, _) = parts(issuer_spki).ok()?;
        if algorithm.oid != DSA || issuer.oid != DSA || !algorithm.has_no_parameters() {
            return None;
        }
        let algorithm = algorithm_der(DSA, issuer.parameters?.raw);
        let spki = constructed(tag::SEQUENCE, &[&algorithm, key.raw]);
        let key = PublicKey::from_spki(Reader::only(&spki, tag::SEQUENCE).ok()?).ok()?;
        Some((key, spki))
    }

    /// Its kind and size in bits, for people: `("rsa", 2048)`, `("p-256", 256)`.
    pub fn describe(&self) -> (String, Option<u32>) {
        match self {
            PublicKey::Rsa(key) => ("rsa".to_owned(), Some(key.bits())),
            PublicKey::RsaOutOfBounds(bits) => ("rsa".to_owned(), Some(*bits)),
            PublicKey::Ec(key) => (key.curve().name().to_owned(), Some(key.curve().bits())),
            PublicKey::Ed25519(_) => ("ed25519".to_owned(), Some(256)),
            PublicKey::X25519(_) => ("x25519".to_owned(), Some(256)),
            PublicKey::Dsa(key) => ("dsa".to_owned(), Some(key.bits())),
            PublicKey::MlDsa(key) => (key.parameters().name().to_owned(), None),
            PublicKey::MlKem(key) => (key.parameters().name().to_owned(), None),
            PublicKey::Unsupported(oid) => (refused_name(*oid), None),
        }
    }

    /// Whether keys of this kind sign, be it in a way that we can't check.
    pub fn may_sign(&self) -> bool {
        match self {
            PublicKey::Rsa(key) => !matches!(key.usage(), RsaUsage::Oaep(_)),
            PublicKey::X25519(_) | PublicKey::MlKem(_) => false,
            PublicKey::RsaOutOfBounds(_)
            | PublicKey::Ec(_)
            | PublicKey::Ed25519(_)
            | PublicKey::Dsa(_)
            | PublicKey::MlDsa(_)
            | PublicKey::Unsupported(_) => true,
        }
    }

    /// How the owner of this key signs: RSA by this scheme unless the key is for one alone, other keys
    /// in their own way. `digest` counts where the way leaves a choice, and is by default SHA-256, or
    /// as long as the curve's order asks for (RFC 5480, 4). `None` if such keys don't sign, or we don't
    /// write it.
    pub fn signature_algorithm(
        &self,
        scheme: RsaScheme,
        digest: Option<DigestAlgorithm>,
    ) -> Option<SignatureAlgorithm> {
        match self {
            PublicKey::Rsa(key) => key.signature_algorithm(scheme, digest),
            PublicKey::Ec(key) => {
                let fitting = match key.curve() {
                    Curve::P256 | Curve::BrainpoolP256r1 => DigestAlgorithm::Sha256,
                    Curve::P384 | Curve::BrainpoolP384r1 => DigestAlgorithm::Sha384,
                    Curve::P521 => DigestAlgorithm::Sha512,
                };
                Some(SignatureAlgorithm::Ecdsa(digest.unwrap_or(fitting)))
            }
            PublicKey::Ed25519(_) => Some(SignatureAlgorithm::Ed25519),
            PublicKey::RsaOutOfBounds(_)
            | PublicKey::X25519(_)
            | PublicKey::Dsa(_)
            | PublicKey::MlDsa(_)
            | PublicKey::MlKem(_)
            | PublicKey::Unsupported(_) => None,
        }
    }

    /// How content keys are sent to its owner; `None` for a key that is for something else, or that we
    /// don't encrypt to.
    pub fn key_management(&self) -> Option<KeyManagement> {
        match self {
            PublicKey::Rsa(key) if matches!(key.usage(), RsaUsage::Pss(_)) => None,
            PublicKey::Rsa(_) => Some(KeyManagement::Transport),
            PublicKey::Ec(_) | PublicKey::X25519(_) => Some(KeyManagement::Agreement),
            PublicKey::RsaOutOfBounds(_)
            | PublicKey::Ed25519(_)
            | PublicKey::Dsa(_)
            | PublicKey::MlDsa(_)
            | PublicKey::MlKem(_)
            | PublicKey::Unsupported(_) => None,
        }
    }

    /// Checks a signature. `None` if this key can't check with this algorithm, or only over the whole
    /// message when a digest was given.
    pub fn verify(
        &self,
        algorithm: &SignatureAlgorithm,
        signed: Signed<'_>,
        signature: &[u8],
    ) -> Option<SignatureCheck> {
        let holds = match (self, algorithm) {
            (PublicKey::Rsa(key), SignatureAlgorithm::RsaPkcs1v15(digest)) => {
                key.verify_pkcs1v15(*digest, &signed.digest(*digest), signature)?
            }
            (PublicKey::Rsa(key), SignatureAlgorithm::RsaPss(parameters)) => {
                key.verify_pss(parameters, &signed.digest(parameters.digest), signature)?
            }
            (PublicKey::Ec(key), SignatureAlgorithm::Ecdsa(digest)) => {
                key.verify(&signed.digest(*digest), signature)
            }
            (PublicKey::Ed25519(key), SignatureAlgorithm::Ed25519) => {
                key.verify(signed.message()?, signature)
            }
            (PublicKey::Dsa(key), SignatureAlgorithm::Dsa(digest)) => {
                key.verify(&signed.digest(*digest), signature)
            }
            (PublicKey::MlDsa(key), SignatureAlgorithm::MlDsa(parameters))
                if key.parameters() == *parameters =>
            {
                key.verify(signed.message()?, signature)
            }
            _ => return None,
        };
        Some(if holds { SignatureCheck::Holds } else { SignatureCheck::Fails })
    }

    /// Encrypts a content-encryption key for the owner of this key.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if this key can't encrypt, or is too short for the parameters.
    pub fn encrypt_key(
        &self,
        env: &mut Env,
        transport: &KeyTransport,
        content_key: &[u8],
    ) -> Result<Vec<u8>> {
        let encrypted = match self {
            PublicKey::Rsa(key) => key.encrypt_key(env, transport, content_key),
            _ => None,
        };
        encrypted.ok_or_else(|| self.cannot("key transport"))
    }

    /// Whether `other` is the same key, whatever it says it is for.
    pub fn is_same(&self, other: &PublicKey) -> bool {
        match (self, other) {
            (PublicKey::Rsa(key), PublicKey::Rsa(other)) => key.is_same(other),
            (PublicKey::Ec(key), PublicKey::Ec(other)) => key == other,
            (PublicKey::Ed25519(key), PublicKey::Ed25519(other)) => key == other,
            (PublicKey::X25519(key), PublicKey::X25519(other)) => key == other,
            (PublicKey::MlDsa(key), PublicKey::MlDsa(other)) => key == other,
            (PublicKey::MlKem(key), PublicKey::MlKem(other)) => key == other,
            _ => false,
        }
    }

    /// What this key has no part in.
    pub(super) fn cannot(&self, role: &'static str) -> Error {
        let (name, bits) = self.describe();
        let algorithm = match (self, bits) {
            (PublicKey::Rsa(_) | PublicKey::RsaOutOfBounds(_), Some(bits)) => {
                format!("{name}-{bits}")
            }
            _ => name,
        };
        Error::UnsupportedAlgorithm { role, algorithm }
    }
}
