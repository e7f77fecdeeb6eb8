//! SignedData (RFC 5652, 5).
//!
//! ```text
//! SignedData ::= SEQUENCE {
//!   version CMSVersion,
//!   digestAlgorithms SET OF DigestAlgorithmIdentifier,
//!   encapContentInfo SEQUENCE { eContentType OBJECT IDENTIFIER,
//!                               eContent [0] EXPLICIT OCTET STRING OPTIONAL },
//!   certificates [0] IMPLICIT CertificateSet OPTIONAL,
//!   crls [1] IMPLICIT RevocationInfoChoices OPTIONAL,
//!   signerInfos SET OF SignerInfo }
//! ```

use der::asn1::ObjectIdentifier;

use super::encode::oid_der;
use super::signer_info::SignerInfo;
use crate::asn1::{Reader, Tlv, oids, tag};
use crate::bytes::sort_by_key;
use crate::cert::Certificate;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::error::{Error, Limit, Problem, ProblemCode, Result};
use crate::limits::Limits;

/// A SignedData as slices of its DER.
#[derive(Debug)]
pub struct SignedData<'a> {
    /// What the content is; `id-data` for mail.
    pub content_type: ObjectIdentifier,
    /// The content, unless the signature is detached.
    pub content: Option<&'a [u8]>,
    /// The certificates that came along and can be read.
    pub certificates: Vec<Certificate>,
    /// CRLs that came along, unread (RFC 5652, 10.2.1).
    pub crls: Vec<&'a [u8]>,
    /// OCSP responses that came along, unread (RFC 5940).
    pub ocsp_responses: Vec<&'a [u8]>,
    /// The signers.
    pub signers: Vec<SignerInfo<'a>>,
    /// Certificates that can't be read.
    pub problems: Vec<Problem>,
}

impl<'a> SignedData<'a> {
    pub(super) fn read(content: Tlv<'a>, limits: &Limits) -> Result<SignedData<'a>> {
        let mut reader = content.contents();
        let _version = reader.expect(tag::INTEGER)?;
        let digests = reader.expect(tag::SET)?;
        let mut encapsulated = reader.sequence()?;
        let content_type = encapsulated.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let content = match encapsulated.optional(tag::context_constructed(0))? {
            // PKCS#7 has other types here; their octets are what is signed (RFC 5652, 5.2.1).
            Some(explicit) => {
                let mut inside = explicit.contents();
                let octets = inside.any()?.value;
                inside.finish()?;
                Some(octets)
            }
            None => None,
        };
        let (mut certificates, mut problems) = (Vec::new(), Vec::new());
        if let Some(set) = reader.optional(tag::context_constructed(0))? {
            read_certificates(set, limits, &mut certificates, &mut problems)?;
        }
        let revocations = reader.optional(tag::context_constructed(1))?;
        let (crls, ocsp_responses) =
            revocations.map(|set| read_revocations(set, limits)).unwrap_or_default();
        let mut set = reader.expect(tag::SET)?.contents();
        reader.finish()?;
        let mut signers = Vec::new();
        while !set.is_empty() {
            if signers.len() >= limits.signers {
                return Err(too_many(Limit::Signers, limits.signers));
            }
            signers.push(SignerInfo::read(set.expect(tag::SEQUENCE)?)?);
        }
        if digests.value.is_empty() && !signers.is_empty() {
            // RFC 5652, 5.1 lets a verifier refuse digests that are not announced here.
            return Err(Error::MalformedCms { rule: "no digest algorithm is announced" });
        }
        Ok(SignedData {
            content_type,
            content,
            certificates,
            crls,
            ocsp_responses,
            signers,
            problems,
        })
    }

    /// The digest algorithms of the signatures we can check, each once.
    pub fn digests(&self) -> Vec<DigestAlgorithm> {
        let mut digests: Vec<DigestAlgorithm> =
            self.signers.iter().filter_map(SignerInfo::content_digest).collect();
        sort_by_key(&mut digests, |digest| digest.name());
        digests.dedup();
        digests
    }
}

fn too_many(limit: Limit, allowed: usize) -> Error {
    Error::Limit { limit, required: allowed as u64 + 1, allowed: allowed as u64 }
}

fn read_certificates(
    set: Tlv<'_>,
    limits: &Limits,
    certificates: &mut Vec<Certificate>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let mut reader = set.contents();
    while !reader.is_empty() {
        let choice = reader.any()?;
        // Attribute certificates and other formats are tagged; nothing of ours is in them.
        if choice.tag != tag::SEQUENCE {
            continue;
        }
        if certificates.len() + problems.len() >= limits.certificates {
            return Err(too_many(Limit::Certificates, limits.certificates));
        }
        match Certificate::from_der(choice.raw) {
            Ok(certificate) => certificates.push(certificate),
            Err(error) => problems.push(
                Problem::new(ProblemCode::CertificateUnreadable)
                    .with_text("reason", &error.to_string()),
            ),
        }
    }
    Ok(())
}

/// CRLs and OCSP responses, as many as are looked into. What can't be read counts as absent: that it
/// came along was never sure.
///
/// ```text
/// RevocationInfoChoices ::= SET OF CHOICE {
///   crl   CertificateList,
///   other [1] IMPLICIT SEQUENCE { otherRevInfoFormat OBJECT IDENTIFIER, otherRevInfo ANY } }
/// ```
fn read_revocations<'a>(set: Tlv<'a>, limits: &Limits) -> (Vec<&'a [u8]>, Vec<&'a [u8]>) {
    let (mut crls, mut ocsp_responses) = (Vec::new(), Vec::new());
    let mut reader = set.contents();
    while crls.len() + ocsp_responses.len() < limits.revocations
        && !reader.is_empty()
        && let Ok(choice) = reader.any()
    {
        match choice.tag {
            tag::SEQUENCE => crls.push(choice.raw),
            OTHER => ocsp_responses.extend(ocsp_response(choice)),
            _ => {}
        }
    }
    (crls, ocsp_responses)
}

const OTHER: u8 = tag::context_constructed(1);

fn ocsp_response(other: Tlv<'_>) -> Option<&[u8]> {
    let mut fields = other.contents();
    let format = fields.expect(tag::OBJECT_IDENTIFIER).and_then(|format| format.oid()).ok()?;
    (format == oids::RI_OCSP_RESPONSE).then_some(fields.any().ok()?.raw)
}

/// Whether the ContentInfo that begins so, in BER, is SignedData with its content; also `false` where the
/// beginning does not tell.
pub fn brings_content(start: &[u8]) -> bool {
    let content = || {
        let content_info = inside(start, tag::SEQUENCE)?;
        let content = content_info.strip_prefix(oid_der(oids::SIGNED_DATA).as_slice())?;
        let signed_data = inside(inside(content, tag::context_constructed(0))?, tag::SEQUENCE)?;
        let after_version = after(signed_data, tag::INTEGER)?;
        let encapsulated = inside(after(after_version, tag::SET)?, tag::SEQUENCE)?;
        after(encapsulated, tag::OBJECT_IDENTIFIER)
    };
    content().is_some_and(|next| next.first() == Some(&tag::context_constructed(0)))
}

/// What follows the identifier and the length of a value of which the end may be missing.
fn inside(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (&length, rest) = bytes.strip_prefix(&[tag])?.split_first()?;
    rest.get(usize::from(length.saturating_sub(0x80))..)
}

/// What follows a value that is all there.
fn after(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    bytes.get(Reader::new(bytes).expect(tag).ok()?.raw.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_tells_whether_content_follows() {
        // ContentInfo and SignedData of indefinite length, version, one digest algorithm, id-data.
        let start =
            b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\
            \x31\x02\x30\x00\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
        assert!(brings_content(&[start, &b"\xa0\x80"[..]].concat()));
        assert!(brings_content(&[start, &b"\xa0\x82\x01"[..]].concat()));
        assert!(!brings_content(&[start, &b"\x00\x00"[..]].concat()));
        assert!(!brings_content(start));
        let mut enveloped = [start, &b"\xa0\x80"[..]].concat();
        enveloped[12] = 3;
        assert!(!brings_content(&enveloped));
        let mut long = [start, &b"\xa0\x80"[..]].concat();
        long.splice(1..2, [0x83, 1, 0, 0]);
        assert!(brings_content(&long));
    }
}
