//! X25519 (RFC 7748, 5; keys as RFC 8410 has them).

use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::private_key::{CONTRADICTION, PrivateKeyInfo, UNREADABLE};
use super::public_key;
use crate::asn1::{AlgorithmIdentifier, Reader, tag};
use crate::env::Env;
use crate::error::Result;

/// A public key for key agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct X25519PublicKey(PublicKey);

impl X25519PublicKey {
    /// Any 32 bytes are one.
    pub fn from_bytes(bytes: [u8; 32]) -> X25519PublicKey {
        X25519PublicKey(PublicKey::from(bytes))
    }

    /// The bytes that stand in keys and messages.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

/// A private key. The crate wipes it.
pub(super) struct X25519PrivateKey(StaticSecret);

impl X25519PrivateKey {
    /// A new key, as the sender of a message makes one for it.
    pub(super) fn generate(env: &mut Env) -> (X25519PrivateKey, X25519PublicKey) {
        let key = StaticSecret::from(*env.random::<32>());
        let public = PublicKey::from(&key);
        (X25519PrivateKey(key), X25519PublicKey(public))
    }

    /// The shared secret; `None` if it is zero because `public` has a small order (RFC 7748, 6.1).
    pub(super) fn agree(&self, public: &X25519PublicKey) -> Option<Zeroizing<Vec<u8>>> {
        let shared = self.0.diffie_hellman(&public.0);
        shared.was_contributory().then(|| Zeroizing::new(shared.as_bytes().to_vec()))
    }
}

pub(super) fn read_public(
    algorithm: &AlgorithmIdentifier<'_>,
    key: &[u8],
) -> Result<X25519PublicKey> {
    let key = key.try_into().ok().filter(|_| algorithm.parameters.is_none());
    key.map(X25519PublicKey::from_bytes).ok_or(public_key::UNREADABLE)
}

pub(super) fn read_private(
    info: &PrivateKeyInfo<'_>,
) -> Result<(X25519PrivateKey, X25519PublicKey)> {
    let key = StaticSecret::from(*seed(info).ok_or(UNREADABLE)?);
    let public = PublicKey::from(&key);
    if !info.agrees_with(public.as_bytes()) {
        return Err(CONTRADICTION);
    }
    Ok((X25519PrivateKey(key), X25519PublicKey(public)))
}

/// `CurvePrivateKey ::= OCTET STRING` (RFC 8410, 7), of 32 octets.
pub(super) fn seed(info: &PrivateKeyInfo<'_>) -> Option<Zeroizing<[u8; 32]>> {
    let seed = Reader::only(info.private_key, tag::OCTET_STRING).ok()?.value;
    seed.try_into().ok().filter(|_| info.algorithm.parameters.is_none()).map(Zeroizing::new)
}
