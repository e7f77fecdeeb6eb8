//! Password-based encryption: PBES2 (RFC 8018, 6.2) and PKCS#12's own schemes (RFC 7292, C).

use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use super::password::Secret;
use crate::asn1::{Tlv, tag};
use crate::crypto::algorithms::{
    CbcCipher, DigestAlgorithm, PBES2, PBES2_CIPHERS, PasswordKdf, PbeScheme, unsupported,
};
use crate::crypto::{Pkcs12Purpose, pbkdf2, pkcs12_kdf};
use crate::env::Env;
use crate::error::{Error, Result};

/// How something is encrypted, all but the password.
#[derive(Debug)]
pub(super) struct Scheme {
    pub(super) cipher: CbcCipher,
    pub(super) iterations: u64,
    key_size: usize,
    salt: Vec<u8>,
    derivation: Derivation,
}

#[derive(Debug)]
enum Derivation {
    Pbkdf2 {
        prf: DigestAlgorithm,
        iv: Vec<u8>,
    },
    /// Derives the IV too. The hash is SHA-1.
    Pkcs12,
}

/// A key and an IV of the sizes the cipher wants.
pub(super) struct Keys {
    pub(super) key: Secret,
    pub(super) iv: Secret,
}

impl Scheme {
    /// From an AlgorithmIdentifier.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm`, `malformed/asn1`, `malformed/p12`.
    pub(super) fn read(algorithm: Tlv<'_>) -> Result<Scheme> {
        let (oid, parameters) = algorithm_identifier(algorithm)?;
        if oid == PBES2 { pbes2(parameters?) } else { pkcs12_pbe(oid, parameters) }
    }

    /// The name of the cipher if it no longer protects.
    pub(super) fn weak_cipher(&self) -> Option<&'static str> {
        match self.cipher {
            CbcCipher::Aes128 | CbcCipher::Aes192 | CbcCipher::Aes256 => None,
            CbcCipher::TripleDes => Some("3des-cbc"),
            CbcCipher::Rc2 { effective_bits: 40 } => Some("rc2-40-cbc"),
            CbcCipher::Rc2 { effective_bits: 64 } => Some("rc2-64-cbc"),
            CbcCipher::Rc2 { .. } => Some("rc2-128-cbc"),
        }
    }

    /// Whether the password goes in as a BMPString, not as octets.
    pub(super) fn takes_bmp_string(&self) -> bool {
        matches!(self.derivation, Derivation::Pkcs12)
    }

    /// # Errors
    ///
    /// `limit/kdf-iterations`, `malformed/p12`, `aborted`.
    pub(super) async fn derive(&self, env: &mut Env, password: &[u8]) -> Result<Keys> {
        match &self.derivation {
            Derivation::Pbkdf2 { prf, iv } => {
                let (salt, size) = (&self.salt, self.key_size);
                let key = pbkdf2(env, *prf, password, salt, self.iterations, size).await?;
                Ok(Keys { key, iv: Zeroizing::new(iv.clone()) })
            }
            Derivation::Pkcs12 => {
                let key = self.pkcs12(env, password, Pkcs12Purpose::EncryptionKey, self.key_size);
                let key = two_keys_as_three(self.cipher, key.await?);
                let iv_size = self.cipher.block_size();
                let iv = self.pkcs12(env, password, Pkcs12Purpose::Iv, iv_size).await?;
                Ok(Keys { key, iv })
            }
        }
    }

    async fn pkcs12(
        &self,
        env: &mut Env,
        password: &[u8],
        purpose: Pkcs12Purpose,
        size: usize,
    ) -> Result<Secret> {
        let (digest, salt) = (DigestAlgorithm::Sha1, &self.salt);
        pkcs12_kdf(env, digest, password, salt, purpose, self.iterations, size).await
    }
}

/// The identifier and the parameters, which most of the algorithms here need.
pub(super) fn algorithm_identifier(
    algorithm: Tlv<'_>,
) -> Result<(ObjectIdentifier, Result<Tlv<'_>>)> {
    if algorithm.tag != tag::SEQUENCE {
        return Err(Error::MalformedP12 { rule: "an algorithm is no SEQUENCE" });
    }
    let mut reader = algorithm.contents();
    Ok((reader.expect(tag::OBJECT_IDENTIFIER)?.oid()?, reader.any()))
}

const AES: [CbcCipher; 3] = [CbcCipher::Aes128, CbcCipher::Aes192, CbcCipher::Aes256];

/// ```text
/// PBES2-params  ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, encryptionScheme AlgorithmIdentifier }
/// PBKDF2-params ::= SEQUENCE {
///   salt CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
///   iterationCount INTEGER, keyLength INTEGER OPTIONAL,
///   prf AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }
/// ```
///
/// Where keyLength contradicts an AES identifier, it is right: old versions of NSS wrote AES-128 and
/// encrypted with a key of 32 octets.
fn pbes2(parameters: Tlv<'_>) -> Result<Scheme> {
    let mut reader = parameters.contents();
    let (kdf, kdf_parameters) = algorithm_identifier(reader.any()?)?;
    let encryption = reader.any()?;
    if PasswordKdf::by_oid(kdf) != Some(PasswordKdf::Pbkdf2) {
        return Err(unsupported("key derivation", kdf));
    }
    let mut reader = kdf_parameters?.contents();
    let salt = reader.expect(tag::OCTET_STRING)?.value.to_vec();
    let iterations = iteration_count(reader.expect(tag::INTEGER)?)?;
    let key_length = reader.optional(tag::INTEGER)?.map(|tlv| tlv.uint()).transpose()?;
    let prf = match reader.optional(tag::SEQUENCE)? {
        Some(prf) => {
            let (oid, _) = algorithm_identifier(prf)?;
            DigestAlgorithm::by_hmac_oid(oid).ok_or_else(|| unsupported("key derivation", oid))?
        }
        None => DigestAlgorithm::Sha1,
    };
    let (cipher, iv) = encryption_scheme(encryption)?;
    let stated = AES.into_iter().find(|aes| key_length == Some(aes.key_size() as u64));
    let cipher = if AES.contains(&cipher) { stated.unwrap_or(cipher) } else { cipher };
    let key_size = match (cipher, key_length) {
        // RFC 2268, 2: keys have 1 to 128 octets.
        (CbcCipher::Rc2 { .. }, Some(length @ 1..=128)) => length as usize,
        _ => cipher.key_size(),
    };
    Ok(Scheme { cipher, iterations, key_size, salt, derivation: Derivation::Pbkdf2 { prf, iv } })
}

/// The cipher and its IV (RFC 8018, B.2). RC2's parameter is
/// `SEQUENCE { rc2ParameterVersion INTEGER OPTIONAL, iv OCTET STRING }`.
fn encryption_scheme(algorithm: Tlv<'_>) -> Result<(CbcCipher, Vec<u8>)> {
    let (oid, parameters) = algorithm_identifier(algorithm)?;
    let cipher = PBES2_CIPHERS.into_iter().find(|cipher| cipher.oid() == oid);
    let (cipher, iv) = match cipher.ok_or_else(|| unsupported("encryption", oid))? {
        CbcCipher::Rc2 { .. } => {
            let mut reader = parameters?.contents();
            let version = reader.expect(tag::INTEGER)?.uint()?;
            let cipher = CbcCipher::rc2(version).ok_or_else(|| unsupported("encryption", oid))?;
            (cipher, reader.expect(tag::OCTET_STRING)?)
        }
        cipher => (cipher, parameters?),
    };
    if iv.tag != tag::OCTET_STRING || iv.value.len() != cipher.block_size() {
        return Err(Error::MalformedP12 { rule: "an IV is not one block" });
    }
    Ok((cipher, iv.value.to_vec()))
}

/// `pkcs-12PbeParams ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }`
fn pkcs12_pbe(oid: ObjectIdentifier, parameters: Result<Tlv<'_>>) -> Result<Scheme> {
    let scheme = PbeScheme::by_oid(oid).ok_or_else(|| unsupported("encryption", oid))?;
    let (cipher, key_size) = (scheme.cipher(), scheme.key_size());
    let mut reader = parameters?.contents();
    let salt = reader.expect(tag::OCTET_STRING)?.value.to_vec();
    let iterations = iteration_count(reader.expect(tag::INTEGER)?)?;
    Ok(Scheme { cipher, iterations, key_size, salt, derivation: Derivation::Pkcs12 })
}

/// An iteration count. One that does not fit is as good as endless, and refused as such.
///
/// # Errors
///
/// `malformed/p12` if it is negative.
pub(super) fn iteration_count(tlv: Tlv<'_>) -> Result<u64> {
    if tlv.value.first().is_none_or(|&octet| octet >= 0x80) {
        return Err(Error::MalformedP12 { rule: "an iteration count is negative" });
    }
    Ok(tlv.value.iter().fold(0_u64, |sum, &octet| {
        sum.checked_mul(256).map_or(u64::MAX, |sum| sum.saturating_add(u64::from(octet)))
    }))
}

/// Two-key 3DES uses its first key again as the third.
fn two_keys_as_three(cipher: CbcCipher, key: Secret) -> Secret {
    let mut whole = Zeroizing::new(Vec::with_capacity(24));
    whole.extend_from_slice(&key);
    if cipher == CbcCipher::TripleDes && key.len() == 16 {
        whole.extend(key.iter().take(8));
    }
    whole
}
