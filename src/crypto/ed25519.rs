//! Ed25519 (RFC 8032, 5.1; keys as RFC 8410 has them).
//!
//! Checking is strict: keys and nonces of small order, and numbers that are not in their shortest
//! form, are refused, so that a signature can't be valid for one reader and invalid for the next.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::private_key::{CONTRADICTION, PrivateKeyInfo, UNREADABLE};
use super::public_key;
use super::x25519::seed;
use crate::asn1::AlgorithmIdentifier;
use crate::error::Result;

/// A public key for signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ed25519PublicKey(VerifyingKey);

impl Ed25519PublicKey {
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        self.0.verify_strict(message, &signature).is_ok()
    }
}

/// A private key. The crate wipes it.
pub(super) struct Ed25519PrivateKey(SigningKey);

impl Ed25519PrivateKey {
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).to_vec()
    }
}

pub(super) fn read_public(
    algorithm: &AlgorithmIdentifier<'_>,
    key: &[u8],
) -> Result<Ed25519PublicKey> {
    let key = key.try_into().ok().filter(|_| algorithm.parameters.is_none());
    key.and_then(|key| VerifyingKey::from_bytes(key).ok())
        .map(Ed25519PublicKey)
        .ok_or(public_key::UNREADABLE)
}

pub(super) fn read_private(
    info: &PrivateKeyInfo<'_>,
) -> Result<(Ed25519PrivateKey, Ed25519PublicKey)> {
    let key = SigningKey::from_bytes(&*seed(info).ok_or(UNREADABLE)?);
    let public = key.verifying_key();
    if !info.agrees_with(public.as_bytes()) {
        return Err(CONTRADICTION);
    }
    Ok((Ed25519PrivateKey(key), Ed25519PublicKey(public)))
}
