//! The signature of what is signed as certificates are (RFC 5280, 4.1.1): CRLs and OCSP responses too.

use der::asn1::ObjectIdentifier;

use crate::asn1::{AlgorithmIdentifier, Tlv};
use crate::crypto::SignatureAlgorithm;
use crate::error::{Error, Result};

/// `signatureAlgorithm` and `signatureValue`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureValue {
    oid: ObjectIdentifier,
    algorithm: Option<SignatureAlgorithm>,
    octets: Vec<u8>,
}

impl SignatureValue {
    /// From the two fields, of which the latter is a BIT STRING of whole octets.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn read(algorithm: &AlgorithmIdentifier<'_>, value: Tlv<'_>) -> Result<SignatureValue> {
        let Some((0, octets)) = value.value.split_first() else {
            return Err(Error::MalformedAsn1 { rule: "a BIT STRING is not whole octets" });
        };
        Ok(SignatureValue {
            oid: algorithm.oid,
            algorithm: SignatureAlgorithm::read(algorithm, None),
            octets: octets.to_vec(),
        })
    }

    /// The algorithm's name, or its identifier where we have no name for it.
    pub fn name(&self) -> String {
        self.algorithm.as_ref().map_or_else(|| self.oid.to_string(), SignatureAlgorithm::name)
    }

    /// The algorithm; `None` if we don't know it.
    pub fn algorithm(&self) -> Option<&SignatureAlgorithm> {
        self.algorithm.as_ref()
    }

    /// The signature itself.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }
}
