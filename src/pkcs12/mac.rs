//! The MAC over a PFX (RFC 7292, 4 and B).

use super::password::Secret;
use super::scheme::{algorithm_identifier, iteration_count};
use crate::asn1::{Tlv, tag};
use crate::crypto::algorithms::{DigestAlgorithm, P12Mac, unsupported};
use crate::crypto::{Hmac, Pkcs12Purpose, ct_eq, pkcs12_kdf};
use crate::env::Env;
use crate::error::Result;

/// What a MAC is made with.
#[derive(Debug)]
pub(super) struct MacParameters {
    pub(super) digest: DigestAlgorithm,
    pub(super) salt: Vec<u8>,
    pub(super) iterations: u64,
}

impl MacParameters {
    /// The authentication code of the contents of authSafe.
    ///
    /// # Errors
    ///
    /// `limit/kdf-iterations`, `malformed/p12`, `unsupported/algorithm`, `aborted`.
    pub(super) async fn code(
        &self,
        env: &mut Env,
        password: &[u8],
        bytes: &[u8],
    ) -> Result<Secret> {
        let MacParameters { digest, salt, iterations } = self;
        let (purpose, size) = (Pkcs12Purpose::Mac, digest.size());
        let key = pkcs12_kdf(env, *digest, password, salt, purpose, *iterations, size).await?;
        let mac = Hmac::new(*digest, &key).ok_or_else(|| unsupported(ROLE, digest.oid()))?;
        Ok(mac.code(bytes))
    }
}

/// A MAC as read.
#[derive(Debug)]
pub(super) struct Mac {
    pub(super) parameters: MacParameters,
    code: Vec<u8>,
}

const ROLE: &str = "the MAC of a PKCS#12 file";

impl Mac {
    /// ```text
    /// MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 }
    /// DigestInfo ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING }
    /// ```
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` (PBMAC1, RFC 9879, among them), `malformed/asn1`, `malformed/p12`.
    pub(super) fn read(mac_data: Tlv<'_>) -> Result<Mac> {
        let mut reader = mac_data.contents();
        let mut digest_info = reader.sequence()?;
        let (oid, _) = algorithm_identifier(digest_info.any()?)?;
        let Some(P12Mac::Pkcs12(digest)) = P12Mac::by_oid(oid) else {
            return Err(unsupported(ROLE, oid));
        };
        let code = digest_info.expect(tag::OCTET_STRING)?.value.to_vec();
        let salt = reader.expect(tag::OCTET_STRING)?.value.to_vec();
        let iterations = reader.optional(tag::INTEGER)?.map_or(Ok(1), iteration_count)?;
        Ok(Mac { parameters: MacParameters { digest, salt, iterations }, code })
    }

    /// Whether the MAC over `bytes` was made with this password.
    ///
    /// # Errors
    ///
    /// As [`MacParameters::code`].
    pub(super) async fn holds(&self, env: &mut Env, password: &[u8], bytes: &[u8]) -> Result<bool> {
        Ok(ct_eq(&self.parameters.code(env, password, bytes).await?, &self.code))
    }
}
