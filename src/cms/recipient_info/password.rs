//! PasswordRecipientInfo (RFC 5652, 6.2.4; RFC 3211) with PBKDF2 and PWRI-KEK.
//!
//! ```text
//! PasswordRecipientInfo ::= SEQUENCE {
//!   version CMSVersion,
//!   keyDerivationAlgorithm [0] KeyDerivationAlgorithmIdentifier OPTIONAL,
//!   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
//!   encryptedKey OCTET STRING }
//! ```

use zeroize::Zeroizing;

use super::unsupported;
use crate::asn1::{AlgorithmIdentifier, Reader, tag};
use crate::crypto::algorithms::{CbcCipher, DigestAlgorithm, PBKDF2, PWRI_KEK};
use crate::crypto::{SecretBytes, pbkdf2, pwri_unwrap};
use crate::env::Env;
use crate::error::{Error, Result};

#[derive(Clone, Copy, Debug)]
pub(super) struct PasswordRecipientInfo<'a> {
    derivation: Option<AlgorithmIdentifier<'a>>,
    algorithm: AlgorithmIdentifier<'a>,
    encrypted_key: &'a [u8],
}

impl<'a> PasswordRecipientInfo<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<PasswordRecipientInfo<'a>> {
        let _version = reader.expect(tag::INTEGER)?;
        let derivation = reader.optional(tag::context_constructed(0))?;
        let derivation = derivation.map(|field| AlgorithmIdentifier::read_fields(field.contents()));
        let algorithm = AlgorithmIdentifier::read(&mut reader)?;
        let encrypted_key = reader.expect(tag::OCTET_STRING)?.value;
        reader.finish()?;
        Ok(PasswordRecipientInfo { derivation: derivation.transpose()?, algorithm, encrypted_key })
    }

    pub(super) fn algorithm_name(&self) -> String {
        match self.algorithm.oid {
            PWRI_KEK => "pwri-kek".to_owned(),
            other => other.to_string(),
        }
    }

    pub(super) fn derivation<'o>(&self, password: &'o SecretBytes) -> Result<Derivation<'a, 'o>> {
        let Some(derivation) = self.derivation else {
            // RFC 5652, 6.2.4: the key then comes from elsewhere, such as a smart card.
            let structure = "a password recipient without key derivation";
            return Err(Error::UnsupportedStructure { structure });
        };
        let (cipher, iv) = inner_cipher(self.algorithm)?;
        let Pbkdf2 { salt, iterations, prf } = Pbkdf2::read(derivation, cipher)?;
        let encrypted_key = self.encrypted_key;
        Ok(Derivation { password, salt, iterations, prf, cipher, iv, encrypted_key })
    }
}

/// PWRI-KEK's parameter is the cipher it uses, with its IV (RFC 3211, 2.3).
fn inner_cipher(algorithm: AlgorithmIdentifier<'_>) -> Result<(CbcCipher, &[u8])> {
    const CIPHERS: [CbcCipher; 4] =
        [CbcCipher::Aes128, CbcCipher::Aes192, CbcCipher::Aes256, CbcCipher::TripleDes];
    const MALFORMED: Error = Error::MalformedCms { rule: "PWRI-KEK without a cipher and its IV" };
    if algorithm.oid != PWRI_KEK {
        return Err(unsupported("key encryption", algorithm.oid));
    }
    let parameters = algorithm.parameters.ok_or(MALFORMED)?;
    let inner = AlgorithmIdentifier::read(&mut Reader::new(parameters.raw))?;
    let cipher = CIPHERS
        .into_iter()
        .find(|cipher| cipher.oid() == inner.oid)
        .ok_or_else(|| unsupported("key encryption", inner.oid))?;
    let iv = inner.parameters.filter(|iv| iv.tag == tag::OCTET_STRING).ok_or(MALFORMED)?.value;
    if iv.len() != cipher.block_size() {
        return Err(MALFORMED);
    }
    Ok((cipher, iv))
}

struct Pbkdf2<'a> {
    salt: &'a [u8],
    iterations: u64,
    prf: DigestAlgorithm,
}

impl<'a> Pbkdf2<'a> {
    /// ```text
    /// PBKDF2-params ::= SEQUENCE {
    ///   salt CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
    ///   iterationCount INTEGER (1..MAX),
    ///   keyLength INTEGER (1..MAX) OPTIONAL,
    ///   prf AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }
    /// ```
    fn read(algorithm: AlgorithmIdentifier<'a>, cipher: CbcCipher) -> Result<Pbkdf2<'a>> {
        const MALFORMED: Error = Error::MalformedCms { rule: "unusable parameters of PBKDF2" };
        if algorithm.oid != PBKDF2 {
            return Err(unsupported("key derivation", algorithm.oid));
        }
        let parameters = algorithm.parameters.ok_or(MALFORMED)?;
        let mut reader = Reader::only(parameters.raw, tag::SEQUENCE)?.contents();
        let salt = reader.expect(tag::OCTET_STRING)?.value;
        let iterations = reader.expect(tag::INTEGER)?.uint()?;
        let key_length = reader.optional(tag::INTEGER)?.map(|length| length.uint()).transpose()?;
        let prf = if reader.is_empty() {
            DigestAlgorithm::Sha1
        } else {
            let oid = AlgorithmIdentifier::read(&mut reader)?.oid;
            DigestAlgorithm::by_hmac_oid(oid).ok_or_else(|| unsupported("key derivation", oid))?
        };
        reader.finish()?;
        if iterations == 0 || key_length.is_some_and(|length| length != cipher.key_size() as u64) {
            return Err(MALFORMED);
        }
        Ok(Pbkdf2 { salt, iterations, prf })
    }
}

pub(super) struct Derivation<'a, 'o> {
    password: &'o SecretBytes,
    salt: &'a [u8],
    iterations: u64,
    prf: DigestAlgorithm,
    cipher: CbcCipher,
    iv: &'a [u8],
    encrypted_key: &'a [u8],
}

impl Derivation<'_, '_> {
    /// Each digest of key takes all iterations.
    pub(super) fn iterations(&self) -> u64 {
        let digests = self.cipher.key_size().div_ceil(self.prf.size()) as u64;
        self.iterations.saturating_mul(digests)
    }

    pub(super) async fn content_key(&self, env: &mut Env) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let (password, size) = (self.password.as_bytes(), self.cipher.key_size());
        let kek = pbkdf2(env, self.prf, password, self.salt, self.iterations, size).await?;
        Ok(pwri_unwrap(self.cipher, &kek, self.iv, self.encrypted_key))
    }
}
