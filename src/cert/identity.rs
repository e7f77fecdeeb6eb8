//! A certificate with its private key.

use std::sync::Arc;

use super::Certificate;
use crate::crypto::PrivateKey;
use crate::error::{Error, Result};

/// A certificate, its private key, and the certificates that lead from it to a trust anchor. Cloning
/// shares the key.
#[derive(Clone, Debug)]
pub struct Identity {
    certificate: Certificate,
    chain: Vec<Certificate>,
    key: Arc<PrivateKey>,
}

impl Identity {
    /// Joins the three. `chain` holds issuers in any order and need not be complete.
    ///
    /// # Errors
    ///
    /// `malformed/key` if the key is not the certificate's.
    pub fn new(
        certificate: Certificate,
        chain: Vec<Certificate>,
        key: Arc<PrivateKey>,
    ) -> Result<Identity> {
        if !key.belongs_to(certificate.public_key()) {
            return Err(Error::MalformedKey { rule: "it is not the certificate's" });
        }
        Ok(Identity { certificate, chain, key })
    }

    /// The end-entity certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Issuers, the nearest first where they were given so.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The private key.
    pub fn key(&self) -> &PrivateKey {
        &self.key
    }
}
