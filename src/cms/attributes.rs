//! Attributes of a signer (RFC 5652, 5.3 and 11; RFC 8551, 2.5; RFC 5035).
//!
//! ```text
//! Attribute ::= SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF AttributeValue }
//! ```

use der::asn1::ObjectIdentifier;

use super::capabilities;
use super::encode::{algorithm_der, oid_der, retag, set_of};
use super::identifier::{EntityIdentifier, issuer_and_serial_number};
use crate::asn1::{Reader, Tlv, constructed, oids, primitive, tag};
use crate::cert::Certificate;
use crate::crypto::algorithms::DigestAlgorithm;
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

    /// All of them, each a SEQUENCE.
    pub(super) fn list(&self) -> Reader<'a> {
        self.field.contents()
    }

    /// The values of the one attribute of this type; `None` if there is none.
    ///
    /// # Errors
    ///
    /// `malformed/cms` if the attribute stands twice, `malformed/asn1`.
    pub(super) fn values(&self, wanted: ObjectIdentifier) -> Result<Option<Reader<'a>>> {
        let mut found = None;
        let mut list = self.list();
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

    /// `contentIdentifier` (RFC 2634, 2.7).
    pub(super) fn content_identifier(&self) -> Result<Option<&'a [u8]>> {
        let value = self.single(oids::CONTENT_IDENTIFIER)?;
        Ok(value.filter(|value| value.tag == tag::OCTET_STRING).map(|value| value.value))
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

    /// Whether `signingCertificateV2` and `signingCertificate`, where present, name this certificate
    /// (RFC 5035, 3 and 5.4).
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` for a hash we can't compute, `malformed/asn1`.
    pub(super) fn names_certificate(&self, certificate: &Certificate) -> Result<bool> {
        let mut names = true;
        if let Some(value) = self.single(oids::SIGNING_CERTIFICATE_V2)? {
            let mut id = value.contents().sequence()?.sequence()?;
            let digest = match id.optional(tag::SEQUENCE)? {
                Some(algorithm) => {
                    let oid = algorithm.contents().expect(tag::OBJECT_IDENTIFIER)?.oid()?;
                    DigestAlgorithm::by_oid(oid).ok_or_else(|| Error::UnsupportedAlgorithm {
                        role: "the hash of a certificate",
                        algorithm: oid.to_string(),
                    })?
                }
                None => DigestAlgorithm::Sha256,
            };
            names &= has_digest(certificate, digest, id.expect(tag::OCTET_STRING)?.value);
        }
        if let Some(value) = self.single(oids::SIGNING_CERTIFICATE)? {
            let hash = value.contents().sequence()?.sequence()?.expect(tag::OCTET_STRING)?.value;
            names &= has_digest(certificate, DigestAlgorithm::Sha1, hash);
        }
        Ok(names)
    }

    /// Whether `CMSAlgorithmProtection`, where present, names the algorithms that stand beside the
    /// attributes, where nothing protects them (RFC 6211, 3).
    pub(super) fn protects(&self, digest: Tlv<'_>, signature: Tlv<'_>) -> Result<bool> {
        let Some(value) = self.single(oids::CMS_ALGORITHM_PROTECTION)? else { return Ok(true) };
        let mut reader = Reader::only(value.raw, tag::SEQUENCE)?.contents();
        let named_digest = reader.expect(tag::SEQUENCE)?;
        let named_signature = reader.expect(tag::context_constructed(1))?;
        reader.finish()?;
        Ok(is_same_algorithm(named_digest, digest)?
            && is_same_algorithm(named_signature, signature)?)
    }

    /// `SMIMECapabilities` in DER (RFC 8551, 2.5.2), unread.
    pub(super) fn capabilities(&self) -> Result<Option<&'a [u8]>> {
        let value = self.single(oids::SMIME_CAPABILITIES)?;
        Ok(value.filter(|value| value.tag == tag::SEQUENCE).map(|value| value.raw))
    }

    /// The certificate for which the signer wants to get encrypted mail (RFC 8551, 2.5.3).
    ///
    /// ```text
    /// SMIMEEncryptionKeyPreference ::= CHOICE {
    ///   issuerAndSerialNumber [0] IssuerAndSerialNumber,
    ///   receipentKeyId [1] RecipientKeyIdentifier,
    ///   subjectAltKeyIdentifier [2] SubjectKeyIdentifier }
    /// ```
    pub(super) fn encryption_key_preference(&self) -> Result<Option<EntityIdentifier<'a>>> {
        const ISSUER: u8 = tag::context_constructed(0);
        const RECIPIENT: u8 = tag::context_constructed(1);
        const KEY: u8 = tag::context(2);
        let Some(value) = self.single(oids::ENCRYPTION_KEY_PREFERENCE)? else { return Ok(None) };
        match value.tag {
            ISSUER => EntityIdentifier::read_issuer_and_serial_number(value.contents()).map(Some),
            RECIPIENT => {
                let key = value.contents().expect(tag::OCTET_STRING)?.value;
                Ok(Some(EntityIdentifier::SubjectKeyIdentifier(key)))
            }
            KEY => Ok(Some(EntityIdentifier::SubjectKeyIdentifier(value.value))),
            _ => Err(Error::MalformedCms { rule: "an unknown way to prefer a key" }),
        }
    }

    /// Whether an attribute is here that only means something where it is signed (RFC 5652, 11.1 to
    /// 11.3).
    pub(super) fn has_one_to_be_signed(&self) -> Result<bool> {
        for oid in [oids::CONTENT_TYPE, oids::MESSAGE_DIGEST, oids::SIGNING_TIME] {
            if self.values(oid)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The SignerInfos of the countersignatures among unsigned attributes (RFC 5652, 11.4): any number
    /// of attributes with any number of values.
    pub(super) fn countersignatures(&self) -> Result<Vec<Tlv<'a>>> {
        let (mut found, mut list) = (Vec::new(), self.list());
        while !list.is_empty() {
            let mut attribute = list.sequence()?;
            if attribute.expect(tag::OBJECT_IDENTIFIER)?.oid()? != oids::COUNTERSIGNATURE {
                continue;
            }
            let mut values = attribute.expect(tag::SET)?.contents();
            while !values.is_empty() {
                found.push(values.expect(tag::SEQUENCE)?);
            }
        }
        Ok(found)
    }

    /// What is signed: the SET OF in DER (RFC 5652, 5.4). Two readings where the attributes were not
    /// sent in the order of DER, which some writers sign nevertheless.
    pub(super) fn signed_octets(&self) -> Result<Vec<Vec<u8>>> {
        let received = constructed(tag::SET, &[self.field.value]);
        let sorted = set_of(&values_raw(self.list())?);
        Ok(if sorted == received { vec![sorted] } else { vec![sorted, received] })
    }
}

/// Absent parameters and NULL say the same (RFC 5754, 2).
pub(super) fn is_same_algorithm(a: Tlv<'_>, b: Tlv<'_>) -> Result<bool> {
    Ok(meaning(a)? == meaning(b)?)
}

fn meaning(algorithm: Tlv<'_>) -> Result<(ObjectIdentifier, Option<&[u8]>)> {
    let mut reader = algorithm.contents();
    let oid = reader.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
    let parameters = if reader.is_empty() { None } else { Some(reader.any()?) };
    reader.finish()?;
    Ok((oid, parameters.filter(|found| found.tag != tag::NULL).map(|found| found.raw)))
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

/// The attributes we sign, as a SET OF in DER. `algorithms` are the AlgorithmIdentifiers of digest and
/// signature that will stand beside them. Of the certificates the first is the signer's, and mail is to be
/// encrypted for the second.
pub(super) fn build(
    content_type: ObjectIdentifier,
    digest: DigestAlgorithm,
    algorithms: [&[u8]; 2],
    content_digest: &[u8],
    signing_time: Time,
    [certificate, encryption_certificate]: [&Certificate; 2],
) -> Result<Vec<u8>> {
    let mut attributes = vec![
        attribute(oids::CONTENT_TYPE, &oid_der(content_type)),
        attribute(oids::MESSAGE_DIGEST, &primitive(tag::OCTET_STRING, content_digest)),
        attribute(oids::SIGNING_TIME, &time_der(signing_time)?),
        attribute(oids::SMIME_CAPABILITIES, &capabilities::written()),
        attribute(oids::CMS_ALGORITHM_PROTECTION, &algorithm_protection(algorithms)),
        attribute(oids::SIGNING_CERTIFICATE_V2, &signing_certificate_v2(digest, certificate)),
    ];
    if encryption_certificate != certificate {
        let preferred = issuer_and_serial_number(encryption_certificate);
        let preferred = retag(preferred, tag::context_constructed(0));
        attributes.push(attribute(oids::ENCRYPTION_KEY_PREFERENCE, &preferred));
    }
    Ok(set_of(&attributes))
}

/// What is authenticated with content of another type than mail (RFC 5083, 2.1), as a SET OF in DER.
pub(super) fn of_content(content_type: ObjectIdentifier, identifier: &[u8]) -> Vec<u8> {
    set_of(&[
        attribute(oids::CONTENT_TYPE, &oid_der(content_type)),
        attribute(oids::CONTENT_IDENTIFIER, &primitive(tag::OCTET_STRING, identifier)),
    ])
}

fn attribute(oid: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    constructed(tag::SEQUENCE, &[&oid_der(oid), &constructed(tag::SET, &[value])])
}

/// ```text
/// CMSAlgorithmProtection ::= SEQUENCE {
///   digestAlgorithm DigestAlgorithmIdentifier,
///   signatureAlgorithm [1] SignatureAlgorithmIdentifier OPTIONAL,
///   macAlgorithm [2] MessageAuthenticationCodeAlgorithm OPTIONAL }
/// ```
fn algorithm_protection([digest, signature]: [&[u8]; 2]) -> Vec<u8> {
    let signature = retag(signature.to_vec(), tag::context_constructed(1));
    constructed(tag::SEQUENCE, &[digest, &signature])
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
