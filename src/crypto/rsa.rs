//! RSA keys: signatures and key transport (RFC 8017).
//!
//! No oracle: PKCS#1 v1.5 decryption never fails. The crate answers bad padding with pseudo-random
//! bytes of pseudo-random length (implicit rejection); whatever has not the length of a
//! content-encryption key is replaced here by a key derived from a secret of the private key and the
//! encrypted key, so that one bad message always gives the same bytes.

use der::Decode;
use der::asn1::ObjectIdentifier;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use spki::SubjectPublicKeyInfoRef;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use super::algorithms::{DigestAlgorithm, RSA_ENCRYPTION};
use super::digest::{Digester, Hmac};
use crate::env::Env;
use crate::error::{Error, Result};

/// Modulus sizes in bits. Below 1,024 a signature proves nothing; above 8,192 a check takes longer
/// than a mail is worth.
const MODULUS_BITS: core::ops::RangeInclusive<u32> = 1_024..=8_192;

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
    /// The digests that OAEP is read with. MD5 has no place there (RFC 8017, B.1), and the truncated
    /// ones would double its code for parameters nobody writes.
    pub const DIGESTS: [DigestAlgorithm; 5] = [
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha224,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];
}

/// Runs `$body` with `$D` standing for the type of a digest, `$none` for one that has no place here.
macro_rules! with_digest {
    ($algorithm:expr, $D:ident => $body:expr, $none:expr) => {
        match $algorithm {
            DigestAlgorithm::Md5 | DigestAlgorithm::Sha512_224 | DigestAlgorithm::Sha512_256 => {
                $none
            }
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

/// What checking a signature found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// The signature is this key's over these bytes.
    Holds,
    /// It is not.
    Fails,
}

/// A public key, as far as we can use it.
#[derive(Clone, Debug)]
pub enum PublicKey {
    /// An RSA key of acceptable size.
    Rsa(RsaPublicKey),
    /// An RSA key outside the sizes we accept; its modulus in bits.
    RsaOutOfBounds(u32),
    /// A key of another kind.
    Unsupported(ObjectIdentifier),
}

impl PublicKey {
    /// From a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
    ///
    /// # Errors
    ///
    /// `malformed/certificate` if an RSA key can't be read.
    pub fn from_spki(spki: &SubjectPublicKeyInfoRef<'_>) -> Result<PublicKey> {
        const UNREADABLE: Error = Error::MalformedCertificate { rule: "its RSA key can't be read" };
        if spki.algorithm.oid != RSA_ENCRYPTION {
            return Ok(PublicKey::Unsupported(spki.algorithm.oid));
        }
        let bytes = spki.subject_public_key.as_bytes().ok_or(UNREADABLE)?;
        let key = RsaPublicKeyRef::from_der(bytes).map_err(|_| UNREADABLE)?;
        let modulus = BoxedUint::from_be_slice_vartime(key.modulus.as_bytes());
        let exponent = BoxedUint::from_be_slice_vartime(key.public_exponent.as_bytes());
        let bits = modulus.bits_vartime();
        if !MODULUS_BITS.contains(&bits) {
            return Ok(PublicKey::RsaOutOfBounds(bits));
        }
        let sizes = *MODULUS_BITS.start() as usize..=*MODULUS_BITS.end() as usize;
        RsaPublicKey::new_with_size_limits(modulus, exponent, sizes)
            .map(PublicKey::Rsa)
            .map_err(|_| UNREADABLE)
    }

    /// Its kind and size in bits, for people: `("rsa", 2048)`.
    pub fn describe(&self) -> (String, Option<u32>) {
        match self {
            PublicKey::Rsa(key) => ("rsa".to_owned(), Some(key.n().bits_vartime())),
            PublicKey::RsaOutOfBounds(bits) => ("rsa".to_owned(), Some(*bits)),
            PublicKey::Unsupported(oid) => (oid.to_string(), None),
        }
    }

    /// Checks a PKCS#1 v1.5 signature over a digest: the whole padded DigestInfo is made anew and
    /// compared (RFC 8017, 8.2.2). `None` if this key is none we can check with.
    pub fn verify_pkcs1v15(
        &self,
        algorithm: DigestAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Option<SignatureCheck> {
        let PublicKey::Rsa(key) = self else { return None };
        let scheme = pkcs1v15_scheme(algorithm);
        Some(match key.verify(scheme, digest, signature) {
            Ok(()) => SignatureCheck::Holds,
            Err(_) => SignatureCheck::Fails,
        })
    }

    /// Encrypts a content-encryption key for the owner of this key.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if this key can't encrypt, or is too short for the parameters.
    pub fn encrypt_key(
        &self,
        env: &mut Env,
        transport: &KeyTransport,
        content_key: &[u8],
    ) -> Result<Vec<u8>> {
        let PublicKey::Rsa(key) = self else { return Err(self.cannot("key transport")) };
        let rng = env.rng();
        match transport {
            KeyTransport::Pkcs1v15 => key.encrypt(rng, Pkcs1v15Encrypt, content_key),
            KeyTransport::Oaep(parameters) => {
                with_oaep!(parameters, padding => key.encrypt(rng, padding, content_key))
            }
        }
        .map_err(|_| self.cannot("key transport"))
    }

    fn cannot(&self, role: &'static str) -> Error {
        let (name, bits) = self.describe();
        let algorithm = match bits {
            Some(bits) => format!("{name}-{bits}"),
            None => name,
        };
        Error::UnsupportedAlgorithm { role, algorithm }
    }
}

/// A private key. It keeps its PKCS#8 (RFC 5958) beside the numbers, for sealing and export.
pub struct PrivateKey {
    key: RsaPrivateKey,
    pkcs8: Zeroizing<Vec<u8>>,
    /// Takes the place of a content-encryption key that is none.
    rejection: Hmac,
}

impl core::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PrivateKey")
            .field("bits", &self.key.n().bits_vartime())
            .finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// From PKCS#8 in DER.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` for a key that is not RSA or out of bounds, `malformed/key` for one
    /// that can't be read or whose numbers do not belong together.
    pub fn from_pkcs8(der: &[u8]) -> Result<PrivateKey> {
        const UNREADABLE: Error = Error::MalformedKey { rule: "its ASN.1 can't be read" };
        const CONTRADICTION: Error =
            Error::MalformedKey { rule: "its numbers do not belong together" };
        let info = PrivateKeyInfoRef::from_der(der).map_err(|_| UNREADABLE)?;
        if info.algorithm.oid != RSA_ENCRYPTION {
            return Err(Error::UnsupportedAlgorithm {
                role: "a private key",
                algorithm: info.algorithm.oid.to_string(),
            });
        }
        let numbers =
            RsaPrivateKeyRef::from_der(info.private_key.as_bytes()).map_err(|_| UNREADABLE)?;
        if numbers.other_prime_infos.is_some() {
            return Err(Error::UnsupportedAlgorithm {
                role: "a private key",
                algorithm: "multi-prime RSA".to_owned(),
            });
        }
        let number = |bytes: pkcs1::UintRef<'_>| BoxedUint::from_be_slice_vartime(bytes.as_bytes());
        let modulus = number(numbers.modulus);
        if !MODULUS_BITS.contains(&modulus.bits_vartime()) {
            return Err(Error::UnsupportedAlgorithm {
                role: "a private key",
                algorithm: format!("rsa-{}", modulus.bits_vartime()),
            });
        }
        let key = RsaPrivateKey::from_components(
            modulus,
            number(numbers.public_exponent),
            number(numbers.private_exponent),
            vec![number(numbers.prime1), number(numbers.prime2)],
        )
        .map_err(|_| CONTRADICTION)?;
        // The crate computes the three numbers below by itself. Whoever gets the PKCS#8 may trust
        // them, and one signature made with a wrong one gives the key away.
        let is_whole = key.dp() == Some(&number(numbers.exponent1))
            && key.dq() == Some(&number(numbers.exponent2))
            && key.crt_coefficient() == Some(number(numbers.coefficient));
        if !is_whole {
            return Err(CONTRADICTION);
        }
        let secret =
            Digester::digest(DigestAlgorithm::Sha256, &Zeroizing::new(key.d().to_be_bytes()));
        let rejection = Hmac::new(DigestAlgorithm::Sha256, &Zeroizing::new(secret))
            .ok_or(Error::Internal { what: "HMAC-SHA-256 is missing" })?;
        Ok(PrivateKey { key, pkcs8: Zeroizing::new(der.to_vec()), rejection })
    }

    /// The PKCS#8 this key was made from.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// Whether `other` is the same key, whatever else its PKCS#8 says.
    pub fn is_same(&self, other: &PrivateKey) -> bool {
        self.key.n() == other.key.n() && self.key.e() == other.key.e()
    }

    /// Whether this is the private half of `public`.
    pub fn belongs_to(&self, public: &PublicKey) -> bool {
        match public {
            PublicKey::Rsa(public) => self.key.n() == public.n() && self.key.e() == public.e(),
            PublicKey::RsaOutOfBounds(_) | PublicKey::Unsupported(_) => false,
        }
    }

    /// Signs `message` with RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.1), blinded.
    ///
    /// # Errors
    ///
    /// `internal/fault` if the key refuses, which a checked key does not.
    pub async fn sign_pkcs1v15(
        &self,
        env: &mut Env,
        algorithm: DigestAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>> {
        #[cfg(target_arch = "wasm32")]
        if let Some(signature) =
            super::webcrypto::sign_pkcs1v15(&self.pkcs8, algorithm, message).await
        {
            return Ok(signature);
        }
        let digest = Digester::digest(algorithm, message);
        self.key
            .sign_with_rng(env.rng(), pkcs1v15_scheme(algorithm), &digest)
            .map_err(|_| Error::Internal { what: "an RSA key does not sign" })
    }

    /// The content-encryption key of `key_size` bytes that was encrypted for this key.
    ///
    /// With PKCS#1 v1.5 there is always an answer, right or pseudo-random. With OAEP a bad padding or
    /// length is pseudo-random too, so that it surfaces where a wrong key does: when the content
    /// does not decrypt.
    pub async fn decrypt_key(
        &self,
        env: &mut Env,
        transport: &KeyTransport,
        encrypted: &[u8],
        key_size: usize,
    ) -> Zeroizing<Vec<u8>> {
        let rng = env.rng();
        let found = match transport {
            KeyTransport::Pkcs1v15 => self.key.decrypt_blinded(rng, Pkcs1v15Encrypt, encrypted),
            KeyTransport::Oaep(parameters) => {
                with_oaep!(parameters, padding => self.key.decrypt_blinded(rng, padding, encrypted))
            }
        };
        let found = Zeroizing::new(found.unwrap_or_default());
        let mut key = self.rejected_key(encrypted, key_size);
        let fits = (found.len() as u64).ct_eq(&(key_size as u64));
        for (position, byte) in key.iter_mut().enumerate() {
            let candidate = found.get(position).copied().unwrap_or_default();
            byte.conditional_assign(&candidate, fits);
        }
        key
    }

    /// HMAC in counter mode over the encrypted key, under a key only the owner can compute.
    fn rejected_key(&self, encrypted: &[u8], key_size: usize) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(Vec::with_capacity(key_size + 32));
        let mut input = vec![0];
        input.extend_from_slice(encrypted);
        while key.len() < key_size {
            key.extend_from_slice(&self.rejection.code(&input));
            if let Some(counter) = input.first_mut() {
                *counter = counter.wrapping_add(1);
            }
        }
        key.truncate(key_size);
        key
    }
}

fn pkcs1v15_scheme(algorithm: DigestAlgorithm) -> Pkcs1v15Sign {
    match algorithm {
        DigestAlgorithm::Md5 => Pkcs1v15Sign::new::<md5::Md5>(),
        DigestAlgorithm::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
        DigestAlgorithm::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
        DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        DigestAlgorithm::Sha512_224 => Pkcs1v15Sign::new::<Sha512_224>(),
        DigestAlgorithm::Sha512_256 => Pkcs1v15Sign::new::<Sha512_256>(),
    }
}
