//! Attributes of a signer (RFC 5652, 5.3 and 11; RFC 8551, 2.5; RFC 5035).
//!
//! ```text
//! Attribute ::= SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF AttributeValue }
//! ```

use der::asn1::ObjectIdentifier;

use super::encode::{algorithm_der, oid_der, set_of};
use crate::asn1::{Reader, Tlv, constructed, header, oids, primitive, tag};
use crate::cert::Certificate;
use crate::crypto::algorithms::{CbcCipher, ContentCipher, DigestAlgorithm, GcmCipher};
use crate::crypto::{Digester, ct_eq};
use crate::env::Time;
use crate::error::{Error, Result};

/// `[n] IMPLICIT SET OF Attribute`, as received.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attributes<'a> {
    field: Tlv<'a>,
}

impl<'a> Attributes<'a> {
    pub(super) fn new(field: Tlv<'a>) -> Attributes<'a> {
        Attributes { field }
    }

    /// The values of the one attribute of this type; `None` if there is none.
    ///
    /// # Errors
    ///
    /// `malformed/cms` if the attribute stands twice, `malformed/asn1`.
    fn values(&self, wanted: ObjectIdentifier) -> Result<Option<Reader<'a>>> {
        let mut found = None;
        let mut list = self.field.contents();
        while !list.is_empty() {
            let mut attribute = list.sequence()?;
            let oid = attribute.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
            let values = attribute.expect(tag::SET)?.contents();
            attribute.finish()?;
            if oid == wanted && found.replace(values).is_some() {
                return Err(Error::MalformedCms { rule: "a signed attribute stands twice" });
            }
        }
        Ok(found)
    }

    /// The one value of the one attribute of this type.
    fn single(&self, wanted: ObjectIdentifier) -> Result<Option<Tlv<'a>>> {
        let Some(mut values) = self.values(wanted)? else { return Ok(None) };
        let value = values.any()?;
        values
            .finish()
            .map_err(|_| Error::MalformedCms { rule: "an attribute with two values" })?;
        Ok(Some(value))
    }

    /// `content-type` (RFC 5652, 11.1).
    pub(super) fn content_type(&self) -> Result<Option<ObjectIdentifier>> {
        self.single(oids::CONTENT_TYPE)?.map(|value| value.oid()).transpose()
    }

    /// `message-digest` (RFC 5652, 11.2).
    pub(super) fn message_digest(&self) -> Result<Option<&'a [u8]>> {
        let Some(value) = self.single(oids::MESSAGE_DIGEST)? else { return Ok(None) };
        if value.tag != tag::OCTET_STRING {
            return Err(Error::MalformedCms { rule: "a message digest that is no OCTET STRING" });
        }
        Ok(Some(value.value))
    }

    /// `signing-time` (RFC 5652, 11.3).
    pub(super) fn signing_time(&self) -> Result<Option<Time>> {
        let Some(value) = self.single(oids::SIGNING_TIME)? else { return Ok(None) };
        let time = value.decode::<x509_cert::time::Time>()?;
        Ok(Some(Time::from_secs(time.to_unix_duration().as_secs() as i64)))
    }

    /// Whether `signingCertificateV2` or `signingCertificate`, where present, name this certificate
    /// (RFC 5035, 3 and 5.4).
    pub(super) fn names_certificate(&self, certificate: &Certificate) -> Result<bool> {
        if let Some(value) = self.single(oids::SIGNING_CERTIFICATE_V2)? {
            let mut id = value.contents().sequence()?.sequence()?;
            let digest = match id.optional(tag::SEQUENCE)? {
                Some(algorithm) => {
                    let oid = algorithm.contents().expect(tag::OBJECT_IDENTIFIER)?.oid()?;
                    DigestAlgorithm::by_oid(oid)
                        .ok_or(Error::MalformedCms { rule: "an unknown digest of a certificate" })?
                }
                None => DigestAlgorithm::Sha256,
            };
            return Ok(has_digest(certificate, digest, id.expect(tag::OCTET_STRING)?.value));
        }
        if let Some(value) = self.single(oids::SIGNING_CERTIFICATE)? {
            let mut id = value.contents().sequence()?.sequence()?;
            let hash = id.expect(tag::OCTET_STRING)?.value;
            return Ok(has_digest(certificate, DigestAlgorithm::Sha1, hash));
        }
        Ok(true)
    }

    /// What is signed: the SET OF in DER (RFC 5652, 5.4). Two readings where the attributes were not
    /// sent in the order of DER, which some writers sign nevertheless.
    pub(super) fn signed_octets(&self) -> Result<Vec<Vec<u8>>> {
        let received = constructed(tag::SET, &[self.field.value]);
        let sorted = set_of(&values_raw(self.field.contents())?);
        Ok(if sorted == received { vec![sorted] } else { vec![sorted, received] })
    }
}

fn has_digest(certificate: &Certificate, digest: DigestAlgorithm, expected: &[u8]) -> bool {
    ct_eq(&Digester::digest(digest, certificate.der()), expected)
}

fn values_raw(mut reader: Reader<'_>) -> Result<Vec<&[u8]>> {
    let mut values = Vec::new();
    while !reader.is_empty() {
        values.push(reader.any()?.raw);
    }
    Ok(values)
}

/// Whether content without signed attributes could be taken for signed attributes: then a signature
/// over one could be passed off as a signature over the other
/// (draft-ietf-lamps-cms-euf-cma-signeddata). No mail begins like a SET, so whatever is one is taken
/// for attributes, however they look.
pub(super) fn looks_like_attributes(content: &[u8]) -> bool {
    Reader::only(content, tag::SET).is_ok()
}

/// The attributes we sign, as a SET OF in DER.
pub(super) fn build(
    digest: DigestAlgorithm,
    content_digest: &[u8],
    signing_time: Time,
    certificate: &Certificate,
) -> Result<Vec<u8>> {
    Ok(set_of(&[
        attribute(oids::CONTENT_TYPE, &oid_der(oids::DATA)),
        attribute(oids::MESSAGE_DIGEST, &primitive(tag::OCTET_STRING, content_digest)),
        attribute(oids::SIGNING_TIME, &time_der(signing_time)?),
        attribute(oids::SMIME_CAPABILITIES, &capabilities()),
        attribute(oids::SIGNING_CERTIFICATE_V2, &signing_certificate_v2(digest, certificate)),
    ]))
}

fn attribute(oid: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    constructed(tag::SEQUENCE, &[&oid_der(oid), &constructed(tag::SET, &[value])])
}

/// UTCTime up to 2049, then GeneralizedTime (RFC 5652, 11.3).
fn time_der(time: Time) -> Result<Vec<u8>> {
    const OUTSIDE: Error =
        Error::UsageWrongOption { option: "now", expected: "a date in 1970-9999" };
    use der::Encode;
    let seconds = u64::try_from(time.as_secs()).map_err(|_| OUTSIDE)?;
    let moment = der::DateTime::from_unix_duration(core::time::Duration::from_secs(seconds));
    Ok(x509_cert::time::Time::from(moment.map_err(|_| OUTSIDE)?).to_der()?)
}

/// What we read, the strongest first (RFC 8551, 2.5.2).
fn capabilities() -> Vec<u8> {
    let ciphers = [
        ContentCipher::Gcm(GcmCipher::Aes256),
        ContentCipher::Gcm(GcmCipher::Aes128),
        ContentCipher::Cbc(CbcCipher::Aes256),
        ContentCipher::Cbc(CbcCipher::Aes128),
    ];
    let list: Vec<Vec<u8>> = ciphers
        .iter()
        .map(|cipher| constructed(tag::SEQUENCE, &[&oid_der(cipher.oid())]))
        .collect();
    let mut bytes = header(tag::SEQUENCE, list.iter().map(Vec::len).sum());
    list.iter().for_each(|capability| bytes.extend_from_slice(capability));
    bytes
}

/// ```text
/// SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies … OPTIONAL }
/// ESSCertIDv2 ::= SEQUENCE {
///   hashAlgorithm AlgorithmIdentifier DEFAULT {algorithm id-sha256},
///   certHash OCTET STRING,
///   issuerSerial IssuerSerial OPTIONAL }
/// ```
fn signing_certificate_v2(digest: DigestAlgorithm, certificate: &Certificate) -> Vec<u8> {
    let hash = primitive(tag::OCTET_STRING, &Digester::digest(digest, certificate.der()));
    let algorithm = match digest {
        DigestAlgorithm::Sha256 => Vec::new(),
        other => algorithm_der(other.oid(), &[]),
    };
    let general_names = constructed(
        tag::SEQUENCE,
        &[&constructed(tag::context_constructed(4), &[certificate.issuer()])],
    );
    let serial_number = primitive(tag::INTEGER, certificate.serial_number());
    let issuer_serial = constructed(tag::SEQUENCE, &[&general_names, &serial_number]);
    let id = constructed(tag::SEQUENCE, &[&algorithm, &hash, &issuer_serial]);
    constructed(tag::SEQUENCE, &[&constructed(tag::SEQUENCE, &[&id])])
}
