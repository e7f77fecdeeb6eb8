//! Elliptic curves: ECDSA (FIPS 186-5, 6) and ECDH (SP 800-56A, 5.7.1.2), with keys as RFC 5480 and
//! RFC 5915 have them.
//!
//! All generic code of the curves' crates is instantiated here. A curve is known by its name only:
//! parameters written out could be those of a curve on which everybody knows everybody's key.

use core::ops::Add;

use der::asn1::ObjectIdentifier;
use ecdsa::EcdsaCurve;
use ecdsa::der::MaxOverhead;
use ecdsa::hazmat::sign_prehashed_rfc6979;
use ecdsa::signature::hazmat::PrehashVerifier;
use elliptic_curve::array::ArraySize;
use elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use elliptic_curve::{CurveArithmetic, Generate, PublicKey as Point, SecretKey};
use sha2::Sha512;
use zeroize::Zeroizing;

use super::algorithms::{self, Curve, DigestAlgorithm};
use super::digest::Digester;
use super::private_key::{CONTRADICTION, PrivateKeyInfo, UNREADABLE, unsupported};
use super::public_key::{self, PublicKey};
use crate::asn1::{
    AlgorithmIdentifier, Reader, algorithm_der, constructed, oid_der, primitive, tag,
};
use crate::env::Env;
use crate::error::Result;

/// What the crates ask of a curve's type, in one word.
trait Implementation:
    EcdsaCurve<
        FieldBytesSize: ModulusSize + Add<Output: Add<MaxOverhead, Output: ArraySize> + ArraySize>,
    > + CurveArithmetic<AffinePoint: FromSec1Point<Self> + ToSec1Point<Self>>
{
}

impl Implementation for p256::NistP256 {}
impl Implementation for p384::NistP384 {}
impl Implementation for p521::NistP521 {}
impl Implementation for bp256::BrainpoolP256r1 {}
impl Implementation for bp384::BrainpoolP384r1 {}

/// Calls a generic function with the type of a curve.
macro_rules! on_curve {
    ($curve:expr, $function:ident($($argument:expr),*)) => {
        match $curve {
            Curve::P256 => $function::<p256::NistP256>($($argument),*),
            Curve::P384 => $function::<p384::NistP384>($($argument),*),
            Curve::P521 => $function::<p521::NistP521>($($argument),*),
            Curve::BrainpoolP256r1 => $function::<bp256::BrainpoolP256r1>($($argument),*),
            Curve::BrainpoolP384r1 => $function::<bp384::BrainpoolP384r1>($($argument),*),
        }
    };
}

/// A point on a curve, which is not at infinity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EcPublicKey {
    curve: Curve,
    point: Vec<u8>,
}

impl EcPublicKey {
    /// From SEC 1's octets (2.3.4), compressed or not; `None` for what is no point of the curve.
    pub fn from_sec1(curve: Curve, octets: &[u8]) -> Option<EcPublicKey> {
        let point = on_curve!(curve, uncompressed(octets))?;
        Some(EcPublicKey { curve, point })
    }

    /// The curve it lies on.
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// SEC 1's octets, uncompressed.
    pub fn point(&self) -> &[u8] {
        &self.point
    }

    /// Checks a signature in DER over a digest, which is cut to the length of the curve's order.
    pub(super) fn verify(&self, digest: &[u8], signature: &[u8]) -> bool {
        on_curve!(self.curve, verify(&self.point, digest, signature)).is_some()
    }
}

/// A secret number for a curve, in as many bytes as its order.
pub(super) struct EcPrivateKey {
    curve: Curve,
    scalar: Zeroizing<Vec<u8>>,
}

impl EcPrivateKey {
    /// A new key.
    pub(super) fn generate(env: &mut Env, curve: Curve) -> Option<(EcPrivateKey, EcPublicKey)> {
        EcPrivateKey::from_scalar(curve, &on_curve!(curve, generate(env)))
    }

    /// PKCS#8 (RFC 5958) around an ECPrivateKey (RFC 5915).
    pub(super) fn to_pkcs8(&self, public: &EcPublicKey) -> Zeroizing<Vec<u8>> {
        let version = |number| primitive(tag::INTEGER, &[number]);
        let point = primitive(tag::BIT_STRING, &[&[0], public.point()].concat());
        let point = constructed(tag::context_constructed(1), &[&point]);
        let scalar = Zeroizing::new(primitive(tag::OCTET_STRING, &self.scalar));
        let key = Zeroizing::new(constructed(tag::SEQUENCE, &[&version(1), &scalar, &point]));
        let key = Zeroizing::new(primitive(tag::OCTET_STRING, &key));
        let algorithm = algorithm_der(algorithms::EC_PUBLIC_KEY, &oid_der(self.curve.oid()));
        Zeroizing::new(constructed(tag::SEQUENCE, &[&version(0), &algorithm, &key]))
    }

    fn from_scalar(curve: Curve, octets: &[u8]) -> Option<(EcPrivateKey, EcPublicKey)> {
        let (scalar, point) = on_curve!(curve, expand(octets))?;
        Some((EcPrivateKey { curve, scalar }, EcPublicKey { curve, point }))
    }

    pub(super) fn sign(
        &self,
        env: &mut Env,
        digest: DigestAlgorithm,
        message: &[u8],
    ) -> Option<Vec<u8>> {
        let digest = Digester::digest(digest, message);
        let randomness = env.random::<32>();
        on_curve!(self.curve, sign(&self.scalar, &digest, randomness.as_ref()))
    }

    /// The x-coordinate of the shared point; `None` for a key on another curve. The orders of our
    /// curves are prime and their cofactors one, so that every point in a key is as good as any.
    pub(super) fn agree(&self, public: &EcPublicKey) -> Option<Zeroizing<Vec<u8>>> {
        if public.curve != self.curve {
            return None;
        }
        on_curve!(self.curve, agree(&self.scalar, &public.point))
    }
}

/// From a SubjectPublicKeyInfo with `id-ecPublicKey`.
pub(super) fn read_public(algorithm: &AlgorithmIdentifier<'_>, key: &[u8]) -> Result<PublicKey> {
    let Some(name) = curve_name(algorithm) else {
        return Ok(PublicKey::Unsupported(algorithm.oid));
    };
    let Some(curve) = Curve::by_oid(name) else { return Ok(PublicKey::Unsupported(name)) };
    EcPublicKey::from_sec1(curve, key).map(PublicKey::Ec).ok_or(public_key::UNREADABLE)
}

/// ```text
/// ECPrivateKey ::= SEQUENCE {
///   version INTEGER { ecPrivkeyVer1(1) },
///   privateKey OCTET STRING,
///   parameters [0] ECParameters {{ NamedCurve }} OPTIONAL,
///   publicKey [1] BIT STRING OPTIONAL }
/// ```
pub(super) fn read_private(info: &PrivateKeyInfo<'_>) -> Result<(EcPrivateKey, EcPublicKey)> {
    let name = curve_name(&info.algorithm)
        .ok_or_else(|| unsupported("a curve that is not named".to_owned()))?;
    let curve = Curve::by_oid(name).ok_or_else(|| unsupported(algorithms::refused_name(name)))?;
    let mut reader =
        Reader::only(info.private_key, tag::SEQUENCE).map_err(|_| UNREADABLE)?.contents();
    let mut fields = || {
        let _version = reader.expect(tag::INTEGER)?;
        let scalar = reader.expect(tag::OCTET_STRING)?.value;
        let parameters = reader.optional(tag::context_constructed(0))?;
        let point = reader.optional(tag::context_constructed(1))?;
        let named = parameters.map(|field| field.contents().any()?.oid()).transpose()?;
        let point = point.map(|field| field.contents().expect(tag::BIT_STRING)).transpose()?;
        Ok::<_, crate::error::Error>((scalar, named, point.map(|bits| bits.value)))
    };
    let (scalar, named, point) = fields().map_err(|_| UNREADABLE)?;
    reader.finish().map_err(|_| UNREADABLE)?;
    let (key, public) = EcPrivateKey::from_scalar(curve, scalar).ok_or(CONTRADICTION)?;
    let is_public = |bits: &[u8]| match bits.split_first() {
        Some((0, octets)) => EcPublicKey::from_sec1(curve, octets).as_ref() == Some(&public),
        _ => false,
    };
    let is_whole = named.is_none_or(|named| named == name)
        && [point, info.public_key].into_iter().flatten().all(is_public);
    if !is_whole {
        return Err(CONTRADICTION);
    }
    Ok((key, public))
}

/// `ECParameters ::= CHOICE { namedCurve OBJECT IDENTIFIER }` (RFC 5480, 2.1.1).
fn curve_name(algorithm: &AlgorithmIdentifier<'_>) -> Option<ObjectIdentifier> {
    algorithm.parameters?.oid().ok()
}

fn uncompressed<C: Implementation>(octets: &[u8]) -> Option<Vec<u8>> {
    let point = Point::<C>::from_sec1_bytes(octets).ok()?;
    Some(point.to_sec1_point(false).as_bytes().to_vec())
}

fn verify<C: Implementation>(point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let key = ecdsa::VerifyingKey::<C>::from_sec1_bytes(point).ok()?;
    let signature = ecdsa::Signature::<C>::from_der(signature).ok()?;
    key.verify_prehash(digest, &signature).ok()
}

fn generate<C: Implementation>(env: &mut Env) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(SecretKey::<C>::generate_from_rng(env.rng()).to_bytes().to_vec())
}

fn expand<C: Implementation>(octets: &[u8]) -> Option<(Zeroizing<Vec<u8>>, Vec<u8>)> {
    let key = SecretKey::<C>::from_slice(octets).ok()?;
    let point = key.public_key().to_sec1_point(false).as_bytes().to_vec();
    Some((Zeroizing::new(key.to_bytes().to_vec()), point))
}

fn sign<C: Implementation>(scalar: &[u8], digest: &[u8], randomness: &[u8]) -> Option<Vec<u8>> {
    let key = SecretKey::<C>::from_slice(scalar).ok()?;
    // The digest here only drives the generator of nonces: a large one for every curve.
    let (signature, _) =
        sign_prehashed_rfc6979::<C, Sha512>(&key.to_nonzero_scalar(), digest, randomness);
    Some(signature.to_der().as_bytes().to_vec())
}

fn agree<C: Implementation>(scalar: &[u8], point: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let key = SecretKey::<C>::from_slice(scalar).ok()?;
    let point = Point::<C>::from_sec1_bytes(point).ok()?;
    Some(Zeroizing::new(key.diffie_hellman(&point).raw_secret_bytes().to_vec()))
}
