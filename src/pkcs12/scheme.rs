//! Password-based encryption: PBES2 (RFC 8018, 6.2) and PKCS#12's own schemes (RFC 7292, C).

use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use super::kdf::{Kdf, count};
use super::password::Secret;
use crate::asn1::{Tlv, tag};
use crate::crypto::algorithms::{
    CbcCipher, DigestAlgorithm, PBES2, PBES2_CIPHERS, PbeScheme, unsupported,
};
use crate::crypto::{Pkcs12Purpose, pkcs12_kdf};
use crate::env::Env;
use crate::error::{Error, Result};

/// How something is encrypted, all but the password.
#[derive(Debug)]
pub(super) struct Scheme {
    pub(super) cipher: CbcCipher,
    key_size: usize,
    derivation: Derivation,
}

#[derive(Debug)]
enum Derivation {
    Pbes2 {
        kdf: Kdf,
        iv: Vec<u8>,
    },
    /// Derives the IV too. The hash is SHA-1.
    Pkcs12 {
        salt: Vec<u8>,
        iterations: u64,
    },
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
        matches!(self.derivation, Derivation::Pkcs12 { .. })
    }

    /// What key and IV cost, in iterations.
    pub(super) fn cost(&self) -> u64 {
        match &self.derivation {
            Derivation::Pbes2 { kdf, .. } => kdf.cost(self.key_size),
            Derivation::Pkcs12 { iterations, .. } => {
                let blocks = |size: usize| size.div_ceil(DigestAlgorithm::Sha1.size()) as u64;
                let blocks = blocks(self.key_size) + blocks(self.cipher.block_size());
                iterations.saturating_mul(blocks)
            }
        }
    }

    /// # Errors
    ///
    /// `limit/kdf-iterations`, `limit/kdf-memory`, `malformed/p12`, `aborted`.
    pub(super) async fn derive(&self, env: &mut Env, password: &[u8]) -> Result<Keys> {
        match &self.derivation {
            Derivation::Pbes2 { kdf, iv } => {
                let key = kdf.derive(env, password, self.key_size).await?;
                Ok(Keys { key, iv: Zeroizing::new(iv.clone()) })
            }
            Derivation::Pkcs12 { salt, iterations } => {
                let (sha1, iterations) = (DigestAlgorithm::Sha1, *iterations);
                let purpose = Pkcs12Purpose::EncryptionKey;
                let key = pkcs12_kdf(env, sha1, password, salt, purpose, iterations, self.key_size);
                let key = two_keys_as_three(self.cipher, key.await?);
                let iv_size = self.cipher.block_size();
                let purpose = Pkcs12Purpose::Iv;
                let iv = pkcs12_kdf(env, sha1, password, salt, purpose, iterations, iv_size);
                Ok(Keys { key, iv: iv.await? })
            }
        }
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

/// `PBES2-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier,
/// encryptionScheme AlgorithmIdentifier }`
///
/// Where keyLength contradicts an AES identifier, it is right: old versions of NSS wrote AES-128 and
/// encrypted with a key of 32 octets.
fn pbes2(parameters: Tlv<'_>) -> Result<Scheme> {
    let mut reader = parameters.contents();
    let kdf = Kdf::read(reader.any()?)?;
    let (cipher, iv) = encryption_scheme(reader.any()?)?;
    let stated = AES.into_iter().find(|aes| kdf.key_length == Some(aes.key_size() as u64));
    let cipher = if AES.contains(&cipher) { stated.unwrap_or(cipher) } else { cipher };
    let key_size = match (cipher, kdf.key_length) {
        // RFC 2268, 2: keys have 1 to 128 octets.
        (CbcCipher::Rc2 { .. }, Some(length @ 1..=128)) => length as usize,
        _ => cipher.key_size(),
    };
    Ok(Scheme { cipher, key_size, derivation: Derivation::Pbes2 { kdf, iv } })
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
    let iterations = count(reader.expect(tag::INTEGER)?)?;
    Ok(Scheme { cipher, key_size, derivation: Derivation::Pkcs12 { salt, iterations } })
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
