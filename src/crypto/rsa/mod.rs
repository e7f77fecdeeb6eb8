//! RSA keys (RFC 8017, RFC 4055): signatures and key transport.

mod key_transport;
mod pss;

use std::sync::OnceLock;

use der::Decode;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, Pkcs1v15Sign};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};
use zeroize::Zeroizing;

pub(super) use self::key_transport::Rejection;
pub use self::key_transport::{KeyTransport, OaepParameters};
pub use self::pss::PssParameters;
use super::algorithms::{DigestAlgorithm, RSA_ENCRYPTION, RSAES_OAEP, RSASSA_PSS};
use super::digest::Digester;
use super::private_key::{CONTRADICTION, PrivateKeyInfo, UNREADABLE, unsupported};
use super::public_key::{self, PublicKey};
use super::signature::{RsaScheme, SignatureAlgorithm};
use crate::asn1::AlgorithmIdentifier;
use crate::env::Env;
use crate::error::{Error, Result};

/// Modulus sizes in bits. Below 1,024 a signature proves nothing; above 8,192 a check takes longer
/// than a mail is worth.
const MODULUS_BITS: core::ops::RangeInclusive<u32> = 1_024..=8_192;

/// Sizes of public exponents in bits: from 3 on, and as large as the crate takes them, so that a check
/// stays short.
const EXPONENT_BITS: core::ops::RangeInclusive<u32> = 2..=33;

/// What the algorithm of an RSA key allows (RFC 4055, 1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RsaUsage {
    /// `rsaEncryption`: everything.
    Any,
    /// `id-RSASSA-PSS`: signatures of this scheme; where parameters are given, with these digests and
    /// a salt that is at least as long.
    Pss(Option<PssParameters>),
    /// `id-RSAES-OAEP`: key transport of this scheme; where parameters are given, with these.
    Oaep(Option<OaepParameters>),
}

impl RsaUsage {
    /// `None` for the algorithm of another kind of key.
    fn read(algorithm: &AlgorithmIdentifier<'_>) -> Result<Option<RsaUsage>> {
        let parameters = algorithm.parameters;
        Ok(match algorithm.oid {
            RSA_ENCRYPTION => Some(RsaUsage::Any),
            RSASSA_PSS => {
                let read = parameters.map(|parameters| PssParameters::read(Some(parameters)));
                Some(RsaUsage::Pss(read.transpose()?))
            }
            RSAES_OAEP => {
                let read = parameters.map(|parameters| OaepParameters::read(Some(parameters)));
                Some(RsaUsage::Oaep(read.transpose()?))
            }
            _ => None,
        })
    }

    fn allows_pkcs1v15(&self) -> bool {
        *self == RsaUsage::Any
    }

    fn allows_pss(&self, parameters: &PssParameters) -> bool {
        match self {
            RsaUsage::Any | RsaUsage::Pss(None) => true,
            RsaUsage::Pss(Some(own)) => {
                own.digest == parameters.digest
                    && own.mgf_digest == parameters.mgf_digest
                    && own.salt_length <= parameters.salt_length
            }
            RsaUsage::Oaep(_) => false,
        }
    }

    fn allows_transport(&self, transport: &KeyTransport) -> bool {
        match (self, transport) {
            (RsaUsage::Any, _) | (RsaUsage::Oaep(None), KeyTransport::Oaep(_)) => true,
            (RsaUsage::Oaep(Some(own)), KeyTransport::Oaep(parameters)) => own == parameters,
            (RsaUsage::Oaep(Some(_) | None), KeyTransport::Pkcs1v15) | (RsaUsage::Pss(_), _) => {
                false
            }
        }
    }
}

/// An RSA key of acceptable size, and what it says it is for.
#[derive(Clone, Debug)]
pub struct RsaPublicKey {
    modulus: BoxedUint,
    exponent: BoxedUint,
    usage: RsaUsage,
    /// Made when it is first used. That takes up to a tenth of a millisecond, and of all the certificates
    /// that a path might go through few are on one.
    key: OnceLock<Option<rsa::RsaPublicKey>>,
}

impl RsaPublicKey {
    fn new(modulus: BoxedUint, exponent: BoxedUint, usage: RsaUsage) -> RsaPublicKey {
        RsaPublicKey { modulus, exponent, usage, key: OnceLock::new() }
    }

    /// `None` for numbers that [`read_public`] would not have let through.
    fn key(&self) -> Option<&rsa::RsaPublicKey> {
        let sizes = *MODULUS_BITS.start() as usize..=*MODULUS_BITS.end() as usize;
        let make = || {
            let (modulus, exponent) = (self.modulus.clone(), self.exponent.clone());
            rsa::RsaPublicKey::new_with_size_limits(modulus, exponent, sizes).ok()
        };
        self.key.get_or_init(make).as_ref()
    }

    /// Bits of its modulus.
    pub fn bits(&self) -> u32 {
        self.modulus.bits_vartime()
    }

    /// What it says it is for.
    pub fn usage(&self) -> &RsaUsage {
        &self.usage
    }

    pub(super) fn signature_algorithm(
        &self,
        scheme: RsaScheme,
        digest: Option<DigestAlgorithm>,
    ) -> Option<SignatureAlgorithm> {
        let fitting = match self.usage {
            RsaUsage::Pss(Some(parameters)) => parameters.digest,
            RsaUsage::Any | RsaUsage::Pss(None) | RsaUsage::Oaep(_) => DigestAlgorithm::Sha256,
        };
        let digest = digest.unwrap_or(fitting);
        if scheme == RsaScheme::Pkcs1v15 && self.usage.allows_pkcs1v15() {
            return Some(SignatureAlgorithm::RsaPkcs1v15(digest));
        }
        let parameters = PssParameters::new(digest);
        self.usage.allows_pss(&parameters).then_some(SignatureAlgorithm::RsaPss(parameters))
    }

    pub(super) fn is_same(&self, other: &RsaPublicKey) -> bool {
        self.modulus == other.modulus && self.exponent == other.exponent
    }

    /// Checks a PKCS#1 v1.5 signature over a digest: the whole padded DigestInfo is made anew and
    /// compared (RFC 8017, 8.2.2). `None` if the key is not for it.
    pub(super) fn verify_pkcs1v15(
        &self,
        algorithm: DigestAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
        if !self.usage.allows_pkcs1v15() {
            return None;
        }
        let scheme = pkcs1v15_scheme(algorithm);
        Some(self.key().is_some_and(|key| key.verify(scheme, digest, signature).is_ok()))
    }
}

/// A private key. The crate wipes its numbers.
pub(super) struct RsaPrivateKey {
    key: rsa::RsaPrivateKey,
    usage: RsaUsage,
    rejection: Rejection,
}

impl RsaPrivateKey {
    /// Signs with RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.1), blinded. `None` if the key is not for it.
    pub(super) fn sign_pkcs1v15(
        &self,
        env: &mut Env,
        algorithm: DigestAlgorithm,
        message: &[u8],
    ) -> Option<Vec<u8>> {
        if !self.usage.allows_pkcs1v15() {
            return None;
        }
        let digest = Digester::digest(algorithm, message);
        self.key.sign_with_rng(env.rng(), pkcs1v15_scheme(algorithm), &digest).ok()
    }
}

/// From a SubjectPublicKeyInfo; `None` for another kind of key.
pub(super) fn read_public(
    algorithm: &AlgorithmIdentifier<'_>,
    key: &[u8],
) -> Result<Option<PublicKey>> {
    let usage = match RsaUsage::read(algorithm) {
        Ok(Some(usage)) => usage,
        Ok(None) => return Ok(None),
        // A hash function that we don't know, say: the certificate can still be shown.
        Err(Error::UnsupportedAlgorithm { .. }) => {
            return Ok(Some(PublicKey::Unsupported(algorithm.oid)));
        }
        Err(error) => return Err(error),
    };
    let key = RsaPublicKeyRef::from_der(key).map_err(|_| public_key::UNREADABLE)?;
    let modulus = BoxedUint::from_be_slice_vartime(key.modulus.as_bytes());
    let exponent = BoxedUint::from_be_slice_vartime(key.public_exponent.as_bytes());
    let bits = modulus.bits_vartime();
    if !MODULUS_BITS.contains(&bits) {
        return Ok(Some(PublicKey::RsaOutOfBounds(bits)));
    }
    let is_odd = |number: pkcs1::UintRef<'_>| number.as_bytes().last().is_some_and(|o| o & 1 == 1);
    let is_exponent = EXPONENT_BITS.contains(&exponent.bits_vartime());
    if !is_exponent || !is_odd(key.modulus) || !is_odd(key.public_exponent) {
        return Err(public_key::UNREADABLE);
    }
    Ok(Some(PublicKey::Rsa(RsaPublicKey::new(modulus, exponent, usage))))
}

/// From PKCS#8; `None` for another kind of key.
pub(super) fn read_private(
    info: &PrivateKeyInfo<'_>,
) -> Result<Option<(RsaPrivateKey, RsaPublicKey)>> {
    let Some(usage) = RsaUsage::read(&info.algorithm)? else { return Ok(None) };
    let numbers = RsaPrivateKeyRef::from_der(info.private_key).map_err(|_| UNREADABLE)?;
    if numbers.other_prime_infos.is_some() {
        return Err(unsupported("multi-prime RSA".to_owned()));
    }
    let number = |bytes: pkcs1::UintRef<'_>| BoxedUint::from_be_slice_vartime(bytes.as_bytes());
    let modulus = number(numbers.modulus);
    if !MODULUS_BITS.contains(&modulus.bits_vartime()) {
        return Err(unsupported(format!("rsa-{}", modulus.bits_vartime())));
    }
    let key = rsa::RsaPrivateKey::from_components(
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
    let secret = Digester::digest(DigestAlgorithm::Sha256, &Zeroizing::new(key.d().to_be_bytes()));
    let rejection = Rejection::new(&Zeroizing::new(secret))?;
    let public = RsaPublicKey::new((**key.n()).clone(), key.e().clone(), usage.clone());
    Ok(Some((RsaPrivateKey { key, usage, rejection }, public)))
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
        DigestAlgorithm::Sha3_224 => Pkcs1v15Sign::new::<Sha3_224>(),
        DigestAlgorithm::Sha3_256 => Pkcs1v15Sign::new::<Sha3_256>(),
        DigestAlgorithm::Sha3_384 => Pkcs1v15Sign::new::<Sha3_384>(),
        DigestAlgorithm::Sha3_512 => Pkcs1v15Sign::new::<Sha3_512>(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::asn1::{Reader, algorithm_der, constructed, tag};

    /// A key of these numbers, as a certificate has it.
    pub(in crate::crypto) fn read(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey> {
        let integer = |octets: &[u8]| constructed(tag::INTEGER, &[octets]);
        let key = constructed(tag::SEQUENCE, &[&integer(modulus), &integer(exponent)]);
        let algorithm = algorithm_der(RSA_ENCRYPTION, &[5, 0]);
        let key = constructed(tag::BIT_STRING, &[&[0], &key]);
        let spki = constructed(tag::SEQUENCE, &[&algorithm, &key]);
        PublicKey::from_spki(Reader::only(&spki, tag::SEQUENCE)?)
    }

    #[test]
    fn numbers_that_make_no_key_are_refused_when_they_are_read() {
        let mut modulus = [0; 257];
        (modulus[1], modulus[256]) = (0x80, 1);
        for exponent in [&[3][..], &[1, 0, 1], &[1, 0xff, 0xff, 0xff, 0xff]] {
            let key = read(&modulus, exponent).unwrap();
            let PublicKey::Rsa(key) = key else { panic!("{key:?}") };
            assert!(key.key().is_some(), "{exponent:?}");
        }
        for exponent in [&[0][..], &[1], &[2], &[1, 0, 0], &[2, 0, 0, 0, 1]] {
            assert!(read(&modulus, exponent).is_err(), "{exponent:?}");
        }
        modulus[256] = 0;
        assert!(read(&modulus, &[3]).is_err());
    }
}
