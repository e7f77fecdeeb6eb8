//! The MAC over a PFX: PKCS#12's own (RFC 7292, 4 and B) and PBMAC1 (RFC 9879).

use super::kdf::{Kdf, count, hmac};
use super::password::Secret;
use super::scheme::algorithm_identifier;
use crate::asn1::{Tlv, tag};
use crate::crypto::algorithms::{DigestAlgorithm, P12Mac, unsupported};
use crate::crypto::{Hmac, Pkcs12Purpose, ct_eq, pkcs12_kdf};
use crate::env::Env;
use crate::error::{Error, Result};

/// What a MAC is made with.
#[derive(Debug)]
pub(super) enum MacParameters {
    Pkcs12 { digest: DigestAlgorithm, salt: Vec<u8>, iterations: u64 },
    Pbmac1 { digest: DigestAlgorithm, kdf: Kdf, key_size: usize },
}

impl MacParameters {
    /// Whether the password goes in as a BMPString, not as octets.
    pub(super) fn takes_bmp_string(&self) -> bool {
        matches!(self, MacParameters::Pkcs12 { .. })
    }

    /// What its key costs, in iterations.
    pub(super) fn cost(&self) -> u64 {
        match self {
            MacParameters::Pkcs12 { iterations, .. } => *iterations,
            MacParameters::Pbmac1 { kdf, key_size, .. } => kdf.cost(*key_size),
        }
    }

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
        let (digest, key) = match self {
            MacParameters::Pkcs12 { digest, salt, iterations } => {
                let (purpose, size) = (Pkcs12Purpose::Mac, digest.size());
                let key =
                    pkcs12_kdf(env, *digest, password, salt, purpose, *iterations, size).await?;
                (digest, key)
            }
            MacParameters::Pbmac1 { digest, kdf, key_size } => {
                (digest, kdf.derive(env, password, *key_size).await?)
            }
        };
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
    /// With PBMAC1 the salt and the iterations are in the algorithm, and these here mean nothing.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm`, `malformed/asn1`, `malformed/p12`.
    pub(super) fn read(mac_data: Tlv<'_>) -> Result<Mac> {
        let mut reader = mac_data.contents();
        let mut digest_info = reader.sequence()?;
        let (oid, algorithm_parameters) = algorithm_identifier(digest_info.any()?)?;
        let code = digest_info.expect(tag::OCTET_STRING)?.value.to_vec();
        let salt = reader.expect(tag::OCTET_STRING)?.value.to_vec();
        let iterations = reader.optional(tag::INTEGER)?.map_or(Ok(1), count)?;
        let parameters = match P12Mac::by_oid(oid) {
            Some(P12Mac::Pkcs12(digest)) => MacParameters::Pkcs12 { digest, salt, iterations },
            Some(P12Mac::Pbmac1) => pbmac1(algorithm_parameters?)?,
            None => return Err(unsupported(ROLE, oid)),
        };
        Ok(Mac { parameters, code })
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

/// Bytes of PBMAC1's key. With less a forger need not know the password (RFC 9879, 9); more than the
/// longest digest gains nothing.
const PBMAC1_KEY: core::ops::RangeInclusive<u64> = 20..=64;

/// ```text
/// PBMAC1-params ::= SEQUENCE {
///   keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }
/// ```
///
/// The key length has to be there (RFC 9879, 4).
fn pbmac1(parameters: Tlv<'_>) -> Result<MacParameters> {
    let mut reader = parameters.contents();
    let derivation = reader.any()?;
    let kdf = Kdf::read(derivation)?;
    if !kdf.is_pbkdf2() {
        return Err(unsupported(ROLE, algorithm_identifier(derivation)?.0));
    }
    let digest = hmac(reader.any()?, ROLE)?;
    let key_length = kdf.key_length.filter(|length| PBMAC1_KEY.contains(length));
    let key_size = key_length.ok_or(Error::MalformedP12 { rule: "the key length of PBMAC1" })?;
    Ok(MacParameters::Pbmac1 { digest, kdf, key_size: key_size as usize })
}
