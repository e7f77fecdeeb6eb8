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

use super::attributes::{Attributes, is_same_algorithm};
use super::encode::set_of;
use super::signer_info::SignerInfo;
use crate::asn1::{Reader, constructed, oids, primitive, tag};
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
    let mut count = 0;
    while !values.is_empty() {
        let value = values.sequence()?;
        let mut found = false;
        for other in others {
            found = found || names(value, other)?;
        }
        if !found {
            return Ok(false);
        }
        count += 1;
    }
    Ok(count == others.len())
}

/// Whether a MultipleSignatures means this signature.
fn names(mut value: Reader<'_>, other: &SignerInfo<'_>) -> Result<bool> {
    let (digest_algorithm, signature_algorithm) = other.algorithms();
    let digest = value.expect(tag::SEQUENCE)?;
    let signature = value.expect(tag::SEQUENCE)?;
    let mut attributes_hash = value.sequence()?;
    let oid = attributes_hash.sequence()?.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
    let hash = attributes_hash.expect(tag::OCTET_STRING)?.value;
    let (Some(attributes), Some(algorithm)) = (other.attributes(), DigestAlgorithm::by_oid(oid))
    else {
        return Ok(false);
    };
    Ok(is_same_algorithm(digest, digest_algorithm)?
        && is_same_algorithm(signature, signature_algorithm)?
        && Digester::digest(algorithm, &without_hashes(attributes)?) == hash)
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
