//! Private keys of every kind (RFC 5958).

use zeroize::Zeroizing;

use super::algorithms::{EC_PUBLIC_KEY, ED25519, X25519, refused_name};
use super::ec::{self, EcPrivateKey};
use super::ed25519::{self, Ed25519PrivateKey};
use super::ml_kem::{self, MlKemPrivateKey};
use super::public_key::PublicKey;
use super::rsa::{self, KeyTransport, RsaPrivateKey};
use super::signature::SignatureAlgorithm;
use super::x25519::{self, X25519PrivateKey};
use crate::asn1::{AlgorithmIdentifier, Reader, tag};
use crate::env::Env;
use crate::error::{Error, Result};

/// A private key. It keeps its PKCS#8 beside the numbers, for sealing and export.
pub struct PrivateKey {
    secret: Secret,
    public: PublicKey,
    pkcs8: Zeroizing<Vec<u8>>,
}

/// The numbers.
pub(super) enum Secret {
    Rsa(RsaPrivateKey),
    Ec(EcPrivateKey),
    Ed25519(Ed25519PrivateKey),
    X25519(X25519PrivateKey),
    MlKem(MlKemPrivateKey),
}

pub(super) const UNREADABLE: Error = Error::MalformedKey { rule: "its ASN.1 can't be read" };
pub(super) const CONTRADICTION: Error =
    Error::MalformedKey { rule: "its numbers do not belong together" };

pub(super) fn unsupported(algorithm: String) -> Error {
    Error::UnsupportedAlgorithm { role: "a private key", algorithm }
}

impl core::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// From PKCS#8 in DER, with or without the public key that RFC 5958 added.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` for a key of a kind, on a curve or of a size that we can't use,
    /// `malformed/key` for one that can't be read or whose numbers do not belong together.
    pub fn from_pkcs8(der: &[u8]) -> Result<PrivateKey> {
        let info = PrivateKeyInfo::read(der).map_err(|_| UNREADABLE)?;
        let (secret, public) = match info.algorithm.oid {
            EC_PUBLIC_KEY => {
                let (secret, public) = ec::read_private(&info)?;
                (Secret::Ec(secret), PublicKey::Ec(public))
            }
            ED25519 => {
                let (secret, public) = ed25519::read_private(&info)?;
                (Secret::Ed25519(secret), PublicKey::Ed25519(public))
            }
            X25519 => {
                let (secret, public) = x25519::read_private(&info)?;
                (Secret::X25519(secret), PublicKey::X25519(public))
            }
            other => {
                if let Some((secret, public)) = rsa::read_private(&info)? {
                    (Secret::Rsa(secret), PublicKey::Rsa(public))
                } else if let Some((secret, public)) = ml_kem::read_private(&info)? {
                    (Secret::MlKem(secret), PublicKey::MlKem(public))
                } else {
                    return Err(unsupported(refused_name(other)));
                }
            }
        };
        Ok(PrivateKey { secret, public, pkcs8: Zeroizing::new(der.to_vec()) })
    }

    /// The PKCS#8 this key was made from.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    pub(super) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Whether `other` is the same key, whatever else its PKCS#8 says.
    pub fn is_same(&self, other: &PrivateKey) -> bool {
        self.belongs_to(&other.public)
    }

    /// Whether this is the private half of `public`.
    pub fn belongs_to(&self, public: &PublicKey) -> bool {
        self.public.is_same(public)
    }

    /// Signs `message`. RSA is blinded; ECDSA takes its nonce from the key, the message and
    /// randomness together (RFC 6979, 3.6).
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if this key can't sign so.
    pub async fn sign(
        &self,
        env: &mut Env,
        algorithm: &SignatureAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>> {
        #[cfg(target_arch = "wasm32")]
        if let Secret::Rsa(_) = &self.secret
            && let Some(signature) =
                super::webcrypto::sign_rsa(&self.pkcs8, algorithm, message).await
        {
            return Ok(signature);
        }
        let signature = match (&self.secret, algorithm) {
            (Secret::Rsa(key), SignatureAlgorithm::RsaPkcs1v15(digest)) => {
                key.sign_pkcs1v15(env, *digest, message)
            }
            (Secret::Rsa(key), SignatureAlgorithm::RsaPss(parameters)) => {
                key.sign_pss(env, parameters, message)
            }
            (Secret::Ec(key), SignatureAlgorithm::Ecdsa(digest)) => key.sign(env, *digest, message),
            (Secret::Ed25519(key), SignatureAlgorithm::Ed25519) => Some(key.sign(message)),
            _ => None,
        };
        signature.ok_or_else(|| self.public.cannot("a signature"))
    }

    /// The content-encryption key of `key_size` bytes that was encrypted for this key.
    ///
    /// With PKCS#1 v1.5 there is always an answer, right or pseudo-random. With OAEP a bad padding or
    /// length is pseudo-random too, so that it surfaces where a wrong key does: when the content
    /// does not decrypt.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if this is no RSA key, which depends on public facts only.
    pub async fn decrypt_key(
        &self,
        env: &mut Env,
        transport: &KeyTransport,
        encrypted: &[u8],
        key_size: usize,
    ) -> Result<Zeroizing<Vec<u8>>> {
        match &self.secret {
            Secret::Rsa(key) => Ok(key.decrypt_key(env, transport, encrypted, key_size)),
            _ => Err(self.public.cannot("key transport")),
        }
    }
}

/// A PrivateKeyInfo as slices of its DER.
///
/// ```text
/// OneAsymmetricKey ::= SEQUENCE {
///   version INTEGER,
///   privateKeyAlgorithm AlgorithmIdentifier,
///   privateKey OCTET STRING,
///   attributes [0] IMPLICIT Attributes OPTIONAL,
///   publicKey [1] IMPLICIT BIT STRING OPTIONAL }
/// ```
pub(super) struct PrivateKeyInfo<'a> {
    pub(super) algorithm: AlgorithmIdentifier<'a>,
    pub(super) private_key: &'a [u8],
    /// The octets of the BIT STRING, its first included.
    pub(super) public_key: Option<&'a [u8]>,
}

impl<'a> PrivateKeyInfo<'a> {
    fn read(der: &'a [u8]) -> Result<PrivateKeyInfo<'a>> {
        let mut reader = Reader::only(der, tag::SEQUENCE)?.contents();
        if reader.expect(tag::INTEGER)?.uint()? > 1 {
            return Err(UNREADABLE);
        }
        let algorithm = AlgorithmIdentifier::read(&mut reader)?;
        let private_key = reader.expect(tag::OCTET_STRING)?.value;
        let _attributes = reader.optional(tag::context_constructed(0))?;
        let public_key = reader.optional(tag::context(1))?.map(|bits| bits.value);
        reader.finish()?;
        Ok(PrivateKeyInfo { algorithm, private_key, public_key })
    }

    /// Whether the public key beside the private one, if there is one, is this.
    pub(super) fn agrees_with(&self, public_key: &[u8]) -> bool {
        self.public_key.is_none_or(|found| found.split_first() == Some((&0, public_key)))
    }
}
