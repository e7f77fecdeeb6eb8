//! DSA (FIPS 186-4, 4; keys as RFC 3279, 2.3.2 has them): checking old signatures, nothing else.
//!
//! Keys that take their parameters from the issuer's certificate count on certification paths alone
//! (`PublicKey::inherit`): nobody writes them, and elsewhere a key should mean the same wherever it stands.

use der::Decode;
use der::asn1::UintRef;
use dsa::signature::hazmat::PrehashVerifier;
use dsa::{BoxedUint, Components, Signature, VerifyingKey};

use super::public_key::{PublicKey, UNREADABLE};
use crate::asn1::{AlgorithmIdentifier, Reader, tag};
use crate::error::Result;

/// Bits of p and q (FIPS 186-4, 4.2).
const SIZES: [(u32, u32); 4] = [(1_024, 160), (2_048, 224), (2_048, 256), (3_072, 256)];

/// A public key for signatures. Whether y has the order q is only found when a signature is checked: it
/// takes as long as a signature, and a message can bring a thousand such keys.
#[derive(Clone, Debug)]
pub struct DsaPublicKey {
    components: Components,
    y: BoxedUint,
}

impl DsaPublicKey {
    /// Bits of p.
    pub fn bits(&self) -> u32 {
        self.components.p().bits()
    }

    /// Checks a signature in DER over a digest, which is cut to the length of q.
    pub(super) fn verify(&self, digest: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::try_from(signature) else { return false };
        let key = VerifyingKey::from_components(self.components.clone(), self.y.clone());
        key.is_ok_and(|key| key.verify_prehash(digest, &signature).is_ok())
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
    let (components, y) = (components.map_err(|_| UNREADABLE)?, wide(y, p_bits)?);
    Ok(PublicKey::Dsa(DsaPublicKey { components, y }))
}

/// An INTEGER's octets, without a zero in front.
fn number<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8]> {
    let number = UintRef::from_der(reader.expect(tag::INTEGER)?.raw)?;
    Ok(number.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{algorithm_der, constructed, primitive};
    use crate::crypto::algorithms::DSA;

    /// RFC 4134 has no key that misbehaves: these do.
    fn key(p: &[u8], q: &[u8], g: &[u8], y: &[u8]) -> Result<PublicKey> {
        let integer = |octets: &[u8]| primitive(tag::INTEGER, &[&[0], octets].concat());
        let numbers = [integer(p), integer(q), integer(g)];
        let numbers = numbers.each_ref().map(Vec::as_slice);
        let algorithm = algorithm_der(DSA, &constructed(tag::SEQUENCE, &numbers));
        let bits = primitive(tag::BIT_STRING, &[&[0], &integer(y)[..]].concat());
        let spki = constructed(tag::SEQUENCE, &[&algorithm, &bits]);
        PublicKey::from_spki(Reader::only(&spki, tag::SEQUENCE).unwrap())
    }

    fn number(bits: usize, last: u8) -> Vec<u8> {
        let mut octets = vec![0xa5; bits / 8];
        *octets.last_mut().unwrap() = last;
        octets
    }

    /// No y here has the order q, which is found where a signature is checked.
    #[test]
    fn keys_are_checked_when_they_are_used() {
        let (p, q) = (number(3_072, 0xff), number(256, 0xff));
        for last in [1, 2, 0xff] {
            let y = number(3_064, last);
            let Ok(PublicKey::Dsa(key)) = key(&p, &q, &[0x82], &y) else { panic!("no key") };
            assert_eq!(key.bits(), 3_072);
            assert!(!key.verify(&[1; 32], &[0x30, 6, 2, 1, 1, 2, 1, 1]));
        }
    }

    #[test]
    fn no_numbers_make_it_panic() {
        let small = |number: u8| vec![0x80 | number];
        for (p_bits, q_bits) in SIZES {
            let (p_bits, q_bits) = (p_bits as usize, q_bits as usize);
            for (p, q) in [(0xff, 0xff), (0xfe, 0xff), (0xff, 0xfe)] {
                let (p, q) = (number(p_bits, p), number(q_bits, q));
                for g in [small(1), p.clone(), number(p_bits, 0xf1), number(p_bits + 64, 1)] {
                    for y in [small(1), p.clone(), number(p_bits, 0xf3), number(p_bits + 64, 1)] {
                        let Ok(PublicKey::Dsa(key)) = key(&p, &q, &g, &y) else { continue };
                        assert!(!key.verify(&[1; 32], &[0x30, 6, 2, 1, 1, 2, 1, 1]));
                    }
                }
            }
        }
        assert!(matches!(
            key(&number(4_096, 1), &number(256, 1), &small(2), &small(3)),
            Ok(PublicKey::Unsupported(DSA))
        ));
        assert!(matches!(
            key(&number(512, 1), &number(160, 1), &small(2), &small(3)),
            Ok(PublicKey::Unsupported(DSA))
        ));
    }
}
