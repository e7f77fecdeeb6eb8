//! The attribute multiple-signatures (RFC 5752): a signer who signs with several algorithms names in
//! each signature all the others, so that nobody can take the strong ones away unnoticed.
//!
//! ```text
//! MultipleSignatures ::= SEQUENCE {
//!   bodyHashAlg DigestAlgorithmIdentifier,
//!   signAlg SignatureAlgorithmIdentifier,
//!   signAttrsHash SEQUENCE { algID DigestAlgorithmIdentifier, hash OCTET STRING },
//!   cert ESSCertIDv2 OPTIONAL }
//! ```

use der::asn1::ObjectIdentifier;

use super::attributes::{Attributes, is_same_algorithm};
use super::encode::set_of;
use super::signer_info::SignerInfo;
use crate::asn1::{Reader, Tlv, constructed, oids, primitive, tag};
use crate::crypto::Digester;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::error::Result;

/// Whether all signatures that this one names are among `others`, the other signatures of the same
/// signer, and no more (RFC 5752, 4.6). True of a signature without the attribute.
///
/// # Errors
///
/// `malformed/…` if the attributes can't be read.
pub(super) fn names_all(signature: &SignerInfo<'_>, others: &[&SignerInfo<'_>]) -> Result<bool> {
    let Some(attributes) = signature.attributes() else { return Ok(true) };
    let Some(mut values) = attributes.values(oids::MULTIPLE_SIGNATURES)? else { return Ok(true) };
    let mut named = Vec::new();
    while !values.is_empty() {
        // There can be a value for every few octets of a message: no more are read than can fit.
        if named.len() == others.len() {
            return Ok(false);
        }
        named.push((Named::read(values.sequence()?)?, false));
    }
    if named.len() != others.len() {
        return Ok(false);
    }
    for other in others {
        let Some(attributes) = other.attributes() else { return Ok(false) };
        let mut hashes = Hashes { octets: without_hashes(attributes)?, found: Vec::new() };
        for (named, is_found) in &mut named {
            *is_found |= named.means(other, &mut hashes)?;
        }
    }
    Ok(named.iter().all(|(_, is_found)| *is_found))
}

/// A MultipleSignatures, as far as it says which signature it means.
struct Named<'a> {
    digest: Tlv<'a>,
    signature: Tlv<'a>,
    hash_algorithm: ObjectIdentifier,
    hash: &'a [u8],
}

impl<'a> Named<'a> {
    fn read(mut value: Reader<'a>) -> Result<Named<'a>> {
        let digest = value.expect(tag::SEQUENCE)?;
        let signature = value.expect(tag::SEQUENCE)?;
        let mut attributes_hash = value.sequence()?;
        let hash_algorithm = attributes_hash.sequence()?.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let hash = attributes_hash.expect(tag::OCTET_STRING)?.value;
        Ok(Named { digest, signature, hash_algorithm, hash })
    }

    fn means(&self, other: &SignerInfo<'_>, hashes: &mut Hashes) -> Result<bool> {
        let (digest, signature) = other.algorithms();
        let Some(algorithm) = DigestAlgorithm::by_oid(self.hash_algorithm) else {
            return Ok(false);
        };
        Ok(is_same_algorithm(self.digest, digest)?
            && is_same_algorithm(self.signature, signature)?
            && hashes.by(algorithm) == self.hash)
    }
}

/// What a signature's attributes hash to, each hash computed once, however often it is asked for.
struct Hashes {
    octets: Vec<u8>,
    found: Vec<(DigestAlgorithm, Vec<u8>)>,
}

impl Hashes {
    fn by(&mut self, algorithm: DigestAlgorithm) -> Vec<u8> {
        if let Some((_, hash)) = self.found.iter().find(|(found, _)| *found == algorithm) {
            return hash.clone();
        }
        let hash = Digester::digest(algorithm, &self.octets);
        self.found.push((algorithm, hash.clone()));
        hash
    }
}

/// The signed attributes as they are hashed: signatures name each other, so the hash of every
/// signAttrsHash is empty there (RFC 5752, 4.4.1).
fn without_hashes(attributes: &Attributes<'_>) -> Result<Vec<u8>> {
    let mut emptied = Vec::new();
    let mut list = attributes.list();
    while !list.is_empty() {
        let attribute = list.expect(tag::SEQUENCE)?;
        let mut fields = attribute.contents();
        let oid = fields.expect(tag::OBJECT_IDENTIFIER)?;
        if oid.oid()? != oids::MULTIPLE_SIGNATURES {
            emptied.push(attribute.raw.to_vec());
            continue;
        }
        let (mut values, mut set) = (Vec::new(), fields.expect(tag::SET)?.contents());
        while !set.is_empty() {
            values.push(without_hash(set.sequence()?)?);
        }
        emptied.push(constructed(tag::SEQUENCE, &[oid.raw, &set_of(&values)]));
    }
    Ok(set_of(&emptied))
}

fn without_hash(mut value: Reader<'_>) -> Result<Vec<u8>> {
    let digest = value.expect(tag::SEQUENCE)?.raw;
    let signature = value.expect(tag::SEQUENCE)?.raw;
    let algorithm = value.sequence()?.expect(tag::SEQUENCE)?.raw;
    let empty = constructed(tag::SEQUENCE, &[algorithm, &primitive(tag::OCTET_STRING, &[])]);
    let certificate = value.optional(tag::SEQUENCE)?.map_or(&[][..], |id| id.raw);
    value.finish()?;
    Ok(constructed(tag::SEQUENCE, &[digest, signature, &empty, certificate]))
}
