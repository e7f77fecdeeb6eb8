//! Public keys of every kind (RFC 5280, 4.1.2.7).
//!
//! A key that can be read but not used is a value too, so that its certificate can be shown; one whose
//! numbers are damaged makes its certificate unreadable.

use der::asn1::ObjectIdentifier;

use super::ec::EcPublicKey;
use super::ed25519::Ed25519PublicKey;
use super::rsa::{KeyTransport, RsaPublicKey};
use super::signature::{SignatureAlgorithm, SignatureCheck, Signed};
use super::x25519::X25519PublicKey;
use super::{ec, ed25519, rsa, x25519};
use crate::asn1::{AlgorithmIdentifier, Reader, Tlv, tag};
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
    /// A key of another kind; for one on another named curve, that curve.
    Unsupported(ObjectIdentifier),
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
        let known = match rsa::read_public(&algorithm, key)? {
            Some(key) => Some(key),
            None => match algorithm.oid {
                ec::EC_PUBLIC_KEY => Some(ec::read_public(&algorithm, key)?),
                ed25519::ED25519 => {
                    Some(PublicKey::Ed25519(ed25519::read_public(&algorithm, key)?))
                }
                x25519::X25519 => Some(PublicKey::X25519(x25519::read_public(&algorithm, key)?)),
                _ => None,
            },
        };
        Ok(known.unwrap_or(PublicKey::Unsupported(algorithm.oid)))
    }

    /// Its kind and size in bits, for people: `("rsa", 2048)`, `("p-256", 256)`.
    pub fn describe(&self) -> (String, Option<u32>) {
        match self {
            PublicKey::Rsa(key) => ("rsa".to_owned(), Some(key.bits())),
            PublicKey::RsaOutOfBounds(bits) => ("rsa".to_owned(), Some(*bits)),
            PublicKey::Ec(key) => (key.curve().name().to_owned(), Some(key.curve().bits())),
            PublicKey::Ed25519(_) => ("ed25519".to_owned(), Some(256)),
            PublicKey::X25519(_) => ("x25519".to_owned(), Some(256)),
            PublicKey::Unsupported(oid) => (oid.to_string(), None),
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
