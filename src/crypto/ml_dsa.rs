//! ML-DSA (FIPS 204; keys as RFC 9881 has them): checking, not signing.

use ml_dsa::{EncodedVerifyingKey, MlDsaParams, Signature, VerifyingKey};

use super::algorithms::MlDsa;
use super::public_key::UNREADABLE;
use crate::asn1::AlgorithmIdentifier;
use crate::error::Result;

/// A public key for signatures.
#[derive(Clone, PartialEq, Eq)]
pub struct MlDsaPublicKey {
    parameters: MlDsa,
    octets: Vec<u8>,
}

impl core::fmt::Debug for MlDsaPublicKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("MlDsaPublicKey")
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

impl MlDsaPublicKey {
    /// Its parameter set.
    pub fn parameters(&self) -> MlDsa {
        self.parameters
    }

    /// Checks a signature over a message, with no context (FIPS 204, 5.3).
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.parameters {
            MlDsa::MlDsa44 => verify::<ml_dsa::MlDsa44>(&self.octets, message, signature),
            MlDsa::MlDsa65 => verify::<ml_dsa::MlDsa65>(&self.octets, message, signature),
            MlDsa::MlDsa87 => verify::<ml_dsa::MlDsa87>(&self.octets, message, signature),
        }
        .unwrap_or(false)
    }
}

/// Any octets of the right number are a key.
pub(super) fn read_public(
    parameters: MlDsa,
    algorithm: &AlgorithmIdentifier<'_>,
    key: &[u8],
) -> Result<MlDsaPublicKey> {
    let length = match parameters {
        MlDsa::MlDsa44 => 1_312,
        MlDsa::MlDsa65 => 1_952,
        MlDsa::MlDsa87 => 2_592,
    };
    if key.len() != length || algorithm.parameters.is_some() {
        return Err(UNREADABLE);
    }
    Ok(MlDsaPublicKey { parameters, octets: key.to_vec() })
}

fn verify<P: MlDsaParams>(key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    let key = VerifyingKey::<P>::decode(&EncodedVerifyingKey::<P>::try_from(key).ok()?);
    let signature = Signature::<P>::try_from(signature).ok()?;
    Some(key.verify_with_context(message, &[], &signature))
}
