//! How PBES2 and PBMAC1 make a key of a password: PBKDF2 (RFC 8018, A.2) and scrypt (RFC 7914, 7.1).

use super::password::Secret;
use super::scheme::algorithm_identifier;
use crate::asn1::{Reader, Tlv, tag};
use crate::crypto::algorithms::{DigestAlgorithm, PasswordKdf, unsupported};
use crate::crypto::{ScryptCost, pbkdf2, scrypt};
use crate::env::Env;
use crate::error::{Error, Result};

/// A key derivation, all but the password.
#[derive(Debug)]
pub(super) struct Kdf {
    salt: Vec<u8>,
    function: Function,
    /// In bytes, where the parameters say so.
    pub(super) key_length: Option<u64>,
}

#[derive(Debug)]
enum Function {
    Pbkdf2 { prf: DigestAlgorithm, iterations: u64 },
    Scrypt(ScryptCost),
}

impl Kdf {
    /// PBKDF2.
    pub(super) fn pbkdf2(prf: DigestAlgorithm, salt: Vec<u8>, iterations: u64) -> Kdf {
        Kdf { salt, function: Function::Pbkdf2 { prf, iterations }, key_length: None }
    }

    /// From an AlgorithmIdentifier.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm`, `malformed/asn1`, `malformed/p12`.
    pub(super) fn read(algorithm: Tlv<'_>) -> Result<Kdf> {
        let (oid, parameters) = algorithm_identifier(algorithm)?;
        match PasswordKdf::by_oid(oid) {
            Some(PasswordKdf::Pbkdf2) => read_pbkdf2(parameters?.contents()),
            Some(PasswordKdf::Scrypt) => read_scrypt(parameters?.contents()),
            None => Err(unsupported(ROLE, oid)),
        }
    }

    /// Whether this is PBKDF2.
    pub(super) fn is_pbkdf2(&self) -> bool {
        matches!(self.function, Function::Pbkdf2 { .. })
    }

    /// What a key of this size costs, in iterations.
    pub(super) fn cost(&self, key_size: usize) -> u64 {
        match &self.function {
            Function::Pbkdf2 { prf, iterations } => {
                iterations.saturating_mul(key_size.div_ceil(prf.size()) as u64)
            }
            Function::Scrypt(cost) => cost.iterations(),
        }
    }

    /// # Errors
    ///
    /// `limit/kdf-iterations`, `limit/kdf-memory`, `malformed/p12`, `aborted`.
    pub(super) async fn derive(
        &self,
        env: &mut Env,
        password: &[u8],
        key_size: usize,
    ) -> Result<Secret> {
        match &self.function {
            Function::Pbkdf2 { prf, iterations } => {
                pbkdf2(env, *prf, password, &self.salt, *iterations, key_size).await
            }
            Function::Scrypt(cost) => scrypt(env, password, &self.salt, *cost, key_size).await,
        }
    }
}

const ROLE: &str = "key derivation";

/// ```text
/// PBKDF2-params ::= SEQUENCE {
///   salt CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
///   iterationCount INTEGER, keyLength INTEGER OPTIONAL,
///   prf AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }
/// ```
fn read_pbkdf2(mut reader: Reader<'_>) -> Result<Kdf> {
    let salt = reader.expect(tag::OCTET_STRING)?.value.to_vec();
    let iterations = count(reader.expect(tag::INTEGER)?)?;
    let key_length = reader.optional(tag::INTEGER)?.map(count).transpose()?;
    let prf = match reader.optional(tag::SEQUENCE)? {
        Some(prf) => hmac(prf, ROLE)?,
        None => DigestAlgorithm::Sha1,
    };
    Ok(Kdf { key_length, ..Kdf::pbkdf2(prf, salt, iterations) })
}

/// ```text
/// scrypt-params ::= SEQUENCE {
///   salt OCTET STRING, costParameter INTEGER, blockSize INTEGER,
///   parallelizationParameter INTEGER, keyLength INTEGER OPTIONAL }
/// ```
fn read_scrypt(mut reader: Reader<'_>) -> Result<Kdf> {
    let salt = reader.expect(tag::OCTET_STRING)?.value.to_vec();
    let mut number = || count(reader.expect(tag::INTEGER)?);
    let cost = ScryptCost { n: number()?, r: number()?, p: number()? };
    let key_length = reader.optional(tag::INTEGER)?.map(count).transpose()?;
    Ok(Kdf { salt, function: Function::Scrypt(cost), key_length })
}

/// The digest of the HMAC that an AlgorithmIdentifier names.
pub(super) fn hmac(algorithm: Tlv<'_>, role: &'static str) -> Result<DigestAlgorithm> {
    let (oid, _) = algorithm_identifier(algorithm)?;
    DigestAlgorithm::by_hmac_oid(oid).ok_or_else(|| unsupported(role, oid))
}

/// A count. One that does not fit is as good as endless, and refused as such.
///
/// # Errors
///
/// `malformed/p12` if it is negative.
pub(super) fn count(tlv: Tlv<'_>) -> Result<u64> {
    if tlv.value.first().is_none_or(|&octet| octet >= 0x80) {
        return Err(Error::MalformedP12 { rule: "a count is negative" });
    }
    Ok(tlv.value.iter().fold(0_u64, |sum, &octet| {
        sum.checked_mul(256).map_or(u64::MAX, |sum| sum.saturating_add(u64::from(octet)))
    }))
}
