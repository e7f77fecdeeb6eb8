//! RSA key transport (RFC 8017, 7) and the parameters of OAEP (RFC 8017, A.2.1).
//!
//! No oracle: PKCS#1 v1.5 decryption never fails. The crate answers bad padding with pseudo-random
//! bytes of pseudo-random length (implicit rejection); whatever has not the length of a
//! content-encryption key is replaced here by a key derived from a secret of the private key and the
//! encrypted key, so that one bad message always gives the same bytes. OAEP fails in one way, whatever
//! is wrong: nobody makes a good padding by chance, so its failure tells nothing.

use der::asn1::ObjectIdentifier;
use rsa::{Oaep, Pkcs1v15Encrypt};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use super::{RsaPrivateKey, RsaPublicKey};
use crate::asn1::{
    AlgorithmIdentifier, NULL, Reader, Tlv, algorithm_der, constructed, primitive, tag,
};
use crate::crypto::algorithms::{DigestAlgorithm, MGF1, P_SPECIFIED};
use crate::crypto::digest::Hmac;
use crate::env::Env;
use crate::error::{Error, Result};

/// How a content-encryption key reaches its recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyTransport {
    /// RSAES-PKCS1-v1_5 (RFC 8017, 7.2).
    Pkcs1v15,
    /// RSAES-OAEP (RFC 8017, 7.1).
    Oaep(OaepParameters),
}

/// Parameters of RSAES-OAEP, each on its own (RFC 8017, A.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OaepParameters {
    /// Hashes the label.
    pub digest: DigestAlgorithm,
    /// Drives the mask generation function.
    pub mgf_digest: DigestAlgorithm,
    /// Nearly always empty.
    pub label: Vec<u8>,
}

impl OaepParameters {
    /// The digests that OAEP is read with. MD5 has no place there (RFC 8017, B.1); the truncated ones
    /// and SHA-3 would multiply its code for parameters nobody writes.
    pub const DIGESTS: [DigestAlgorithm; 5] = [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha224,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];

    /// What we write: SHA-256 for both (RFC 8551, 2.3), and no label.
    pub fn sha256() -> OaepParameters {
        let digest = DigestAlgorithm::Sha256;
        OaepParameters { digest, mgf_digest: digest, label: Vec::new() }
    }

    /// From an AlgorithmIdentifier; absent fields, or none at all, mean SHA-1 and no label.
    ///
    /// ```text
    /// RSAES-OAEP-params ::= SEQUENCE {
    ///   hashAlgorithm     [0] HashAlgorithm    DEFAULT sha1,
    ///   maskGenAlgorithm  [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
    ///   pSourceAlgorithm  [2] PSourceAlgorithm DEFAULT pSpecifiedEmpty }
    /// ```
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` for a digest or mask that we don't know, `malformed/asn1`.
    pub fn read(parameters: Option<Tlv<'_>>) -> Result<OaepParameters> {
        let mut found = OaepParameters {
            digest: DigestAlgorithm::Sha1,
            mgf_digest: DigestAlgorithm::Sha1,
            label: Vec::new(),
        };
        let Some(parameters) = parameters.filter(|parameters| parameters.raw != NULL) else {
            return Ok(found);
        };
        let mut fields = Reader::only(parameters.raw, tag::SEQUENCE)?.contents();
        if let Some(field) = fields.optional(tag::context_constructed(0))? {
            found.digest = digest(&mut field.contents())?;
        }
        if let Some(field) = fields.optional(tag::context_constructed(1))? {
            let mask = AlgorithmIdentifier::read(&mut field.contents())?;
            let Some(parameters) = mask.parameters.filter(|_| mask.oid == MGF1) else {
                return Err(unsupported("a mask generation function", mask.oid));
            };
            found.mgf_digest = digest(&mut Reader::new(parameters.raw))?;
        }
        if let Some(field) = fields.optional(tag::context_constructed(2))? {
            let source = AlgorithmIdentifier::read(&mut field.contents())?;
            let Some(label) = source.parameters.filter(|_| source.oid == P_SPECIFIED) else {
                return Err(unsupported("the label of OAEP", source.oid));
            };
            found.label = Reader::only(label.raw, tag::OCTET_STRING)?.value.to_vec();
        }
        fields.finish()?;
        Ok(found)
    }

    /// In DER, which leaves defaults out (X.690, 11.5).
    pub fn to_der(&self) -> Vec<u8> {
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
        if !self.label.is_empty() {
            let label = primitive(tag::OCTET_STRING, &self.label);
            fields.extend(explicit(2, &algorithm_der(P_SPECIFIED, &label)));
        }
        primitive(tag::SEQUENCE, &fields)
    }
}

fn digest(reader: &mut Reader<'_>) -> Result<DigestAlgorithm> {
    let oid = AlgorithmIdentifier::read(reader)?.oid;
    DigestAlgorithm::by_oid(oid)
        .filter(|digest| OaepParameters::DIGESTS.contains(digest))
        .ok_or_else(|| unsupported("OAEP", oid))
}

fn unsupported(role: &'static str, oid: ObjectIdentifier) -> Error {
    Error::UnsupportedAlgorithm { role, algorithm: oid.to_string() }
}

/// Runs `$body` with `$D` standing for the type of a digest, `$none` for one that has no place here.
macro_rules! with_digest {
    ($algorithm:expr, $D:ident => $body:expr, $none:expr) => {
        match $algorithm {
            DigestAlgorithm::Md5
            | DigestAlgorithm::Sha512_224
            | DigestAlgorithm::Sha512_256
            | DigestAlgorithm::Sha3_224
            | DigestAlgorithm::Sha3_256
            | DigestAlgorithm::Sha3_384
            | DigestAlgorithm::Sha3_512 => $none,
            DigestAlgorithm::Sha1 => {
                type $D = Sha1;
                $body
            }
            DigestAlgorithm::Sha224 => {
                type $D = Sha224;
                $body
            }
            DigestAlgorithm::Sha256 => {
                type $D = Sha256;
                $body
            }
            DigestAlgorithm::Sha384 => {
                type $D = Sha384;
                $body
            }
            DigestAlgorithm::Sha512 => {
                type $D = Sha512;
                $body
            }
        }
    };
}

/// Runs `$body` with `$padding` being OAEP with these parameters.
macro_rules! with_oaep {
    ($parameters:expr, $padding:ident => $body:expr) => {
        with_digest!($parameters.digest, D => with_digest!($parameters.mgf_digest, M => {
            let $padding = Oaep::<D, M>::new_with_mgf_hash_and_label($parameters.label.clone());
            $body
        }, Err(rsa::Error::InvalidPaddingScheme)), Err(rsa::Error::InvalidPaddingScheme))
    };
}

impl RsaPublicKey {
    /// `None` if the key is not for this, or too short for it.
    pub(in crate::crypto) fn encrypt_key(
        &self,
        env: &mut Env,
        transport: &KeyTransport,
        content_key: &[u8],
    ) -> Option<Vec<u8>> {
        if !self.usage.allows_transport(transport) {
            return None;
        }
        let (key, rng) = (self.key()?, env.rng());
        match transport {
            KeyTransport::Pkcs1v15 => key.encrypt(rng, Pkcs1v15Encrypt, content_key),
            KeyTransport::Oaep(parameters) => {
                with_oaep!(parameters, padding => key.encrypt(rng, padding, content_key))
            }
        }
        .ok()
    }
}

impl RsaPrivateKey {
    /// See [`PrivateKey::decrypt_key`](crate::crypto::PrivateKey::decrypt_key).
    pub(in crate::crypto) fn decrypt_key(
        &self,
        env: &mut Env,
        transport: &KeyTransport,
        encrypted: &[u8],
        key_size: usize,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let rng = env.rng();
        let found = match transport {
            KeyTransport::Pkcs1v15 => self.key.decrypt_blinded(rng, Pkcs1v15Encrypt, encrypted),
            KeyTransport::Oaep(parameters) => {
                let found = with_oaep!(parameters, padding => self.key.decrypt_blinded(rng, padding, encrypted));
                return found.ok().map(Zeroizing::new).filter(|key| key.len() == key_size);
            }
        };
        let found = Zeroizing::new(found.unwrap_or_default());
        Some(self.rejection.key(&found, encrypted, key_size))
    }
}

/// What takes the place of a content-encryption key that is none.
pub(in crate::crypto) struct Rejection(Hmac);

impl Rejection {
    /// `secret` is the private key's owner's alone.
    pub(in crate::crypto) fn new(secret: &[u8]) -> Result<Rejection> {
        let hmac = Hmac::new(DigestAlgorithm::Sha256, secret);
        hmac.map(Rejection).ok_or(Error::Internal { what: "HMAC-SHA-256 is missing" })
    }

    /// `found` if it is as long as it has to be, else a pseudo-random key; which of the two, the time
    /// does not tell.
    pub(in crate::crypto) fn key(
        &self,
        found: &[u8],
        encrypted: &[u8],
        key_size: usize,
    ) -> Zeroizing<Vec<u8>> {
        let mut key = self.rejected_key(encrypted, key_size);
        let fits = (found.len() as u64).ct_eq(&(key_size as u64));
        for (position, byte) in key.iter_mut().enumerate() {
            let candidate = found.get(position).copied().unwrap_or_default();
            byte.conditional_assign(&candidate, fits);
        }
        key
    }

    /// HMAC in counter mode over the size and the encrypted key, so that the key for one cipher is no
    /// part of that for another.
    fn rejected_key(&self, encrypted: &[u8], key_size: usize) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(Vec::with_capacity(key_size + 32));
        let mut input = vec![0, key_size as u8];
        input.extend_from_slice(encrypted);
        while key.len() < key_size {
            key.extend_from_slice(&self.0.code(&input));
            if let Some(counter) = input.first_mut() {
                *counter = counter.wrapping_add(1);
            }
        }
        key.truncate(key_size);
        key
    }
}
