//! RSASSA-PSS (RFC 8017, 8.1 and 9.1; RFC 4055, 3.1).
//!
//! The crate knows one digest for the message and the mask; writers of mail may choose two. So it
//! signs, where we choose one, and does the arithmetic of checking; the encoding is checked here.

use rsa::hazmat::rsa_encrypt;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pss};
use sha2::{Sha256, Sha384, Sha512};

use super::{RsaPrivateKey, RsaPublicKey};
use crate::asn1::{
    AlgorithmIdentifier, NULL, Reader, Tlv, algorithm_der, constructed, primitive, tag,
};
use crate::crypto::algorithms::{DigestAlgorithm, MGF1};
use crate::crypto::{Digester, ct_eq};
use crate::env::Env;
use crate::error::{Error, Result};

/// Parameters of RSASSA-PSS, each on its own (RFC 8017, A.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PssParameters {
    /// Hashes the message.
    pub digest: DigestAlgorithm,
    /// Drives the mask generation function.
    pub mgf_digest: DigestAlgorithm,
    /// Bytes of the salt.
    pub salt_length: usize,
}

/// No salt is longer than the largest modulus.
const MAX_SALT: u64 = 1_024;

impl PssParameters {
    /// What we write: one digest for both, and a salt as long as it (RFC 8017, 9.1, note 4).
    pub fn new(digest: DigestAlgorithm) -> PssParameters {
        PssParameters { digest, mgf_digest: digest, salt_length: digest.size() }
    }

    /// From an AlgorithmIdentifier; absent fields, or none at all, mean SHA-1 and 20 bytes.
    ///
    /// ```text
    /// RSASSA-PSS-params ::= SEQUENCE {
    ///   hashAlgorithm     [0] HashAlgorithm    DEFAULT sha1,
    ///   maskGenAlgorithm  [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
    ///   saltLength        [2] INTEGER          DEFAULT 20,
    ///   trailerField      [3] INTEGER          DEFAULT 1 }
    /// ```
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` for a digest or mask that we don't know, `malformed/asn1`.
    pub fn read(parameters: Option<Tlv<'_>>) -> Result<PssParameters> {
        let mut found = PssParameters::new(DigestAlgorithm::Sha1);
        let Some(parameters) = parameters else { return Ok(found) };
        let mut fields = Reader::only(parameters.raw, tag::SEQUENCE)?.contents();
        if let Some(field) = fields.optional(tag::context_constructed(0))? {
            found.digest = digest(&mut field.contents())?;
        }
        if let Some(field) = fields.optional(tag::context_constructed(1))? {
            let mask = AlgorithmIdentifier::read(&mut field.contents())?;
            let Some(parameters) = mask.parameters.filter(|_| mask.oid == MGF1) else {
                return Err(unsupported(mask.oid.to_string()));
            };
            found.mgf_digest = digest(&mut Reader::new(parameters.raw))?;
        }
        if let Some(field) = fields.optional(tag::context_constructed(2))? {
            let length = field.contents().expect(tag::INTEGER)?.uint()?;
            if length > MAX_SALT {
                return Err(unsupported(format!("a salt of {length} bytes")));
            }
            found.salt_length = length as usize;
        }
        if let Some(field) = fields.optional(tag::context_constructed(3))?
            && field.contents().expect(tag::INTEGER)?.uint()? != 1
        {
            return Err(unsupported("another trailer field".to_owned()));
        }
        fields.finish()?;
        Ok(found)
    }

    /// In DER, which leaves defaults out (X.690, 11.5).
    pub(in crate::crypto) fn to_der(self) -> Vec<u8> {
        let explicit =
            |number, value: &[u8]| constructed(tag::context_constructed(number), &[value]);
        let mut fields = Vec::new();
        if self.digest != DigestAlgorithm::Sha1 {
            fields.extend(explicit(0, &algorithm_der(self.digest.oid(), NULL)));
        }
        if self.mgf_digest != DigestAlgorithm::Sha1 {
            let hash = algorithm_der(self.mgf_digest.oid(), NULL);
            fields.extend(explicit(1, &algorithm_der(MGF1, &hash)));
        }
        if self.salt_length != DigestAlgorithm::Sha1.size() {
            // Up to two octets, and one more where the first bit would be taken for a sign.
            let [high, low] = (self.salt_length as u16).to_be_bytes();
            let octets: &[u8] = match (high, low) {
                (0, 0..=0x7f) => &[low],
                _ => &[high, low],
            };
            fields.extend(explicit(2, &primitive(tag::INTEGER, octets)));
        }
        primitive(tag::SEQUENCE, &fields)
    }
}

fn digest(reader: &mut Reader<'_>) -> Result<DigestAlgorithm> {
    let algorithm = AlgorithmIdentifier::read(reader)?;
    DigestAlgorithm::by_oid(algorithm.oid)
        .filter(|_| algorithm.has_no_parameters())
        .ok_or_else(|| unsupported(algorithm.oid.to_string()))
}

fn unsupported(algorithm: String) -> Error {
    Error::UnsupportedAlgorithm { role: "RSASSA-PSS", algorithm }
}

impl RsaPublicKey {
    /// Checks a signature over a digest (RFC 8017, 8.1.2); `None` if the key is not for it.
    pub(in crate::crypto) fn verify_pss(
        &self,
        parameters: &PssParameters,
        digest: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
        if !self.usage.allows_pss(parameters) {
            return None;
        }
        let encoded = self.encoded_message(signature);
        Some(encoded.is_some_and(|mut encoded| {
            is_consistent(parameters, digest, &mut encoded, self.bits()).unwrap_or(false)
        }))
    }

    /// Steps 1 and 2: the encoded message, of `ceil((bits - 1) / 8)` octets.
    fn encoded_message(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let key = self.key()?;
        if signature.len() != key.size() {
            return None;
        }
        let number = BoxedUint::from_be_slice(signature, key.n().bits_precision()).ok()?;
        if number >= **key.n() {
            return None;
        }
        let octets = rsa_encrypt(key, &number).ok()?.to_be_bytes();
        let length = (self.bits() as usize - 1).div_ceil(8);
        let (zeros, encoded) = octets.split_at_checked(octets.len().checked_sub(length)?)?;
        zeros.iter().all(|&octet| octet == 0).then(|| encoded.to_vec())
    }
}

/// EMSA-PSS-VERIFY (RFC 8017, 9.1.2), step by step; `None` where a length does not work out.
fn is_consistent(
    parameters: &PssParameters,
    digest: &[u8],
    encoded: &mut [u8],
    modulus_bits: u32,
) -> Option<bool> {
    let size = parameters.digest.size();
    // Steps 4 and 5.
    let (&mut trailer, rest) = encoded.split_last_mut()?;
    let (block, hash) = rest.split_at_mut_checked(rest.len().checked_sub(size)?)?;
    if trailer != 0xbc || digest.len() != size {
        return Some(false);
    }
    // Step 6. The encoded message has one bit less than the modulus.
    let unused_bits = 7 - (modulus_bits + 6) % 8;
    let first = block.first_mut()?;
    if u32::from(*first) >> (8 - unused_bits) != 0 {
        return Some(false);
    }
    // Steps 7 to 9.
    let mask = mgf1(parameters.mgf_digest, hash, block.len());
    block.iter_mut().zip(mask).for_each(|(octet, mask)| *octet ^= mask);
    *block.first_mut()? &= 0xff >> unused_bits;
    // Step 10.
    let (padding, salt) =
        block.split_at_checked(block.len().checked_sub(parameters.salt_length)?)?;
    let (&one, zeros) = padding.split_last()?;
    if one != 1 || zeros.iter().any(|&octet| octet != 0) {
        return Some(false);
    }
    // Steps 12 to 14.
    let mut digester = Digester::new(parameters.digest);
    digester.update(&[0; 8]);
    digester.update(digest);
    digester.update(salt);
    Some(ct_eq(&digester.finish(), hash))
}

/// MGF1 (RFC 8017, B.2.1).
fn mgf1(algorithm: DigestAlgorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + algorithm.size());
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        let mut digester = Digester::new(algorithm);
        digester.update(seed);
        digester.update(&counter.to_be_bytes());
        mask.extend(digester.finish());
    }
    mask.truncate(length);
    mask
}

impl RsaPrivateKey {
    /// Signs, blinded; `None` for parameters that we don't write, that the key is not for or too short
    /// for.
    pub(in crate::crypto) fn sign_pss(
        &self,
        env: &mut Env,
        parameters: &PssParameters,
        message: &[u8],
    ) -> Option<Vec<u8>> {
        if *parameters != PssParameters::new(parameters.digest)
            || !self.usage.allows_pss(parameters)
        {
            return None;
        }
        let digest = Digester::digest(parameters.digest, message);
        let rng = env.rng();
        match parameters.digest {
            DigestAlgorithm::Sha256 => self.key.sign_with_rng(rng, Pss::<Sha256>::new(), &digest),
            DigestAlgorithm::Sha384 => self.key.sign_with_rng(rng, Pss::<Sha384>::new(), &digest),
            DigestAlgorithm::Sha512 => self.key.sign_with_rng(rng, Pss::<Sha512>::new(), &digest),
            _ => return None,
        }
        .ok()
    }
}
