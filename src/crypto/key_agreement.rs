//! Key agreement of an ephemeral with a static key (RFC 5753, RFC 8418), and the key encapsulation
//! that takes its place after quantum computers (RFC 9629).

use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use super::algorithms::{Curve, EC_PUBLIC_KEY, X25519};
use super::ec::{EcPrivateKey, EcPublicKey};
use super::private_key::{PrivateKey, Secret};
use super::public_key::PublicKey;
use super::x25519::{X25519PrivateKey, X25519PublicKey};
use crate::asn1::AlgorithmIdentifier;
use crate::env::Env;
use crate::error::Result;

/// The public half of a key that was made for one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EphemeralKey {
    /// Its algorithm, which stands without parameters (RFC 5753, 3.1.1; RFC 8418, 3.1).
    pub algorithm: ObjectIdentifier,
    /// A point as SEC 1 writes it uncompressed, or 32 octets.
    pub octets: Vec<u8>,
}

impl PublicKey {
    /// Agrees with the owner of this key on a secret, by a new key for this once.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if this key is for something else, or of small order.
    pub fn agree(&self, env: &mut Env) -> Result<(EphemeralKey, Zeroizing<Vec<u8>>)> {
        match self {
            PublicKey::Ec(key) => ephemeral_point(env, key),
            PublicKey::X25519(key) => {
                let (ephemeral, public) = X25519PrivateKey::generate(env);
                let octets = public.as_bytes().to_vec();
                ephemeral
                    .agree(key)
                    .map(|secret| (EphemeralKey { algorithm: X25519, octets }, secret))
            }
            _ => None,
        }
        .ok_or_else(|| self.cannot("key agreement"))
    }
}

fn ephemeral_point(env: &mut Env, key: &EcPublicKey) -> Option<(EphemeralKey, Zeroizing<Vec<u8>>)> {
    let (ephemeral, public) = EcPrivateKey::generate(env, key.curve())?;
    let secret = ephemeral.agree(key)?;
    let octets = public.point().to_vec();
    Some((EphemeralKey { algorithm: EC_PUBLIC_KEY, octets }, secret))
}

impl PrivateKey {
    /// The secret that the sender and this key agree on. `None` for whatever is no public key of the
    /// same kind and curve, and for a secret of zeros (RFC 7748, 6.1).
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if this key is for something else; `identity/locked`,
    /// `refused/external-key`, `identity/external-failed`.
    pub async fn agree(
        &self,
        env: &mut Env,
        algorithm: &AlgorithmIdentifier<'_>,
        octets: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.check_use(env).await?;
        match (self.secret(), self.public_key()) {
            (Secret::Ec(key), PublicKey::Ec(own)) => {
                Ok(point(own.curve(), algorithm, octets).and_then(|public| key.agree(&public)))
            }
            (Secret::X25519(key), _) => {
                Ok(x25519(algorithm, octets).and_then(|public| key.agree(&public)))
            }
            (Secret::External(key), PublicKey::Ec(own)) => {
                let Some(public) = point(own.curve(), algorithm, octets) else { return Ok(None) };
                key.agree(self.public_key(), public.point()).await
            }
            (Secret::External(key), PublicKey::X25519(_)) => {
                let Some(public) = x25519(algorithm, octets) else { return Ok(None) };
                key.agree(self.public_key(), public.as_bytes()).await
            }
            _ => Err(self.public_key().cannot("key agreement")),
        }
    }

    /// The secret that was encapsulated for this key. A damaged ciphertext gives another secret; `None`
    /// for one of a wrong length.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if this key is for something else; `identity/locked`.
    pub async fn decapsulate(
        &self,
        env: &mut Env,
        ciphertext: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.check_use(env).await?;
        match self.secret() {
            Secret::MlKem(key) => Ok(key.decapsulate(ciphertext)),
            _ => Err(self.public_key().cannot("key encapsulation")),
        }
    }
}

/// The sender's point. With it stands the curve, NULL from old writers, or nothing (RFC 5753, 3.1.1).
fn point(curve: Curve, algorithm: &AlgorithmIdentifier<'_>, octets: &[u8]) -> Option<EcPublicKey> {
    let named = || algorithm.parameters.and_then(|curve| curve.oid().ok());
    let is_ours = algorithm.oid == EC_PUBLIC_KEY
        && (algorithm.has_no_parameters() || named() == Some(curve.oid()));
    EcPublicKey::from_sec1(curve, octets).filter(|_| is_ours)
}

fn x25519(algorithm: &AlgorithmIdentifier<'_>, octets: &[u8]) -> Option<X25519PublicKey> {
    let octets = octets.try_into().ok().filter(|_| algorithm.oid == X25519);
    octets.map(X25519PublicKey::from_bytes)
}
