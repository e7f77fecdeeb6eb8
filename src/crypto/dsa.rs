//! DSA (FIPS 186-4, 4; keys as RFC 3279, 2.3.2 has them): checking old signatures, nothing else.
//!
//! Keys that take their parameters from the issuer's certificate are refused: nobody writes them, and
//! a key should mean the same wherever it stands.

use der::Decode;
use der::asn1::UintRef;
use dsa::signature::hazmat::PrehashVerifier;
use dsa::{BoxedUint, Components, Signature, VerifyingKey};

use super::public_key::{PublicKey, UNREADABLE};
use crate::asn1::{AlgorithmIdentifier, Reader, tag};
use crate::error::Result;

/// Bits of p and q (FIPS 186-4, 4.2).
const SIZES: [(u32, u32); 4] = [(1_024, 160), (2_048, 224), (2_048, 256), (3_072, 256)];

/// A public key for signatures.
#[derive(Clone, Debug)]
pub struct DsaPublicKey(VerifyingKey);

impl DsaPublicKey {
    /// Bits of p.
    pub fn bits(&self) -> u32 {
        self.0.components().p().bits()
    }

    /// Checks a signature in DER over a digest, which is cut to the length of q.
    pub(super) fn verify(&self, digest: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::try_from(signature) else { return false };
        self.0.verify_prehash(digest, &signature).is_ok()
    }
}

/// From a SubjectPublicKeyInfo.
///
/// ```text
/// Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
/// DSAPublicKey ::= INTEGER -- y
/// ```
pub(super) fn read_public(algorithm: &AlgorithmIdentifier<'_>, key: &[u8]) -> Result<PublicKey> {
    let Some(parameters) = algorithm.parameters.filter(|p| p.tag == tag::SEQUENCE) else {
        return Ok(PublicKey::Unsupported(algorithm.oid));
    };
    let mut fields = parameters.contents();
    let (p, q, g) = (number(&mut fields)?, number(&mut fields)?, number(&mut fields)?);
    fields.finish()?;
    let y = number(&mut Reader::new(key))?;
    let bits = |number: &[u8]| BoxedUint::from_be_slice_vartime(number).bits_vartime();
    let Some(&(p_bits, q_bits)) = SIZES.iter().find(|size| **size == (bits(p), bits(q))) else {
        return Ok(PublicKey::Unsupported(algorithm.oid));
    };
    // The crate takes q for a prime and y for a number below p, as wide as p.
    let is_odd = q.last().is_some_and(|last| last & 1 == 1);
    let is_below = (y.len(), y) < (p.len(), p);
    if !is_odd || !is_below {
        return Err(UNREADABLE);
    }
    let wide = |number: &[u8], bits| BoxedUint::from_be_slice(number, bits).map_err(|_| UNREADABLE);
    let components =
        Components::from_components(wide(p, p_bits)?, wide(q, q_bits)?, wide(g, p_bits)?);
    let key = VerifyingKey::from_components(components.map_err(|_| UNREADABLE)?, wide(y, p_bits)?);
    Ok(PublicKey::Dsa(DsaPublicKey(key.map_err(|_| UNREADABLE)?)))
}

/// An INTEGER's octets, without a zero in front.
fn number<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8]> {
    let number = UintRef::from_der(reader.expect(tag::INTEGER)?.raw)?;
    Ok(number.as_bytes())
}
