//! OCSP responses (RFC 6960, 4.2).

use std::sync::Arc;

use der::asn1::ObjectIdentifier;

use super::request::{NONCE, OcspRequest};
use super::{CertId, key_hash};
use crate::asn1::{AlgorithmIdentifier, Reader, Tlv, oids, read_time, tag};
use crate::cert::{Certificate, ComparableName, Extension, SignatureValue, extensions_of};
use crate::crypto::algorithms::DigestAlgorithm;
use crate::crypto::{PublicKey, SignatureCheck, Signed};
use crate::env::Time;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;
use crate::path::revocation::Reason;

/// A response. Cloning shares it.
#[derive(Clone, Debug)]
pub struct OcspResponse {
    pub(super) outcome: Arc<core::result::Result<Basic, ResponseStatus>>,
    /// The nonce of the request it answers, where that is known.
    pub(super) expected_nonce: Option<[u8; NONCE]>,
}

impl OcspResponse {
    /// From DER.
    ///
    /// # Errors
    ///
    /// `limit/ocsp-bytes`, `malformed/ocsp`.
    pub fn from_der(der: &[u8], limits: &Limits) -> Result<OcspResponse> {
        let (required, allowed) = (der.len() as u64, limits.ocsp_bytes as u64);
        if required > allowed {
            return Err(Error::Limit { limit: Limit::OcspBytes, required, allowed });
        }
        let outcome = read(der).map_err(|error| match error {
            Error::MalformedOcsp { .. } => error,
            _ => Error::MalformedOcsp { rule: "its ASN.1 can't be read" },
        })?;
        Ok(OcspResponse { outcome: Arc::new(outcome), expected_nonce: None })
    }

    /// Says which request it answers. A nonce of another request speaks against it; none at all does
    /// not, since most responders sign in advance (RFC 5019, 4).
    #[must_use]
    pub fn answering(self, request: &OcspRequest) -> OcspResponse {
        OcspResponse { expected_nonce: Some(*request.nonce()), ..self }
    }

    /// Whether the responder answered at all.
    pub fn status(&self) -> ResponseStatus {
        match &*self.outcome {
            Ok(_) => ResponseStatus::Successful,
            Err(status) => *status,
        }
    }

    /// Until when what it says is to be kept: the earliest `nextUpdate`. `None` if it is not to be kept.
    pub fn next_update(&self) -> Option<Time> {
        let basic = self.outcome.as_ref().as_ref().ok()?;
        let all: Option<Vec<Time>> = basic.responses.iter().map(|one| one.next_update).collect();
        all?.into_iter().min()
    }
}

/// Whether a responder answered.
///
/// ```text
/// OCSPResponseStatus ::= ENUMERATED {
///   successful (0), malformedRequest (1), internalError (2), tryLater (3), sigRequired (5),
///   unauthorized (6) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the standard's names")]
pub enum ResponseStatus {
    Successful,
    MalformedRequest,
    InternalError,
    TryLater,
    SigRequired,
    Unauthorized,
}

impl ResponseStatus {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            ResponseStatus::Successful => "successful",
            ResponseStatus::MalformedRequest => "malformed-request",
            ResponseStatus::InternalError => "internal-error",
            ResponseStatus::TryLater => "try-later",
            ResponseStatus::SigRequired => "sig-required",
            ResponseStatus::Unauthorized => "unauthorized",
        }
    }
}

/// BasicOCSPResponse, and in it ResponseData.
#[derive(Debug)]
pub(super) struct Basic {
    tbs: Vec<u8>,
    pub(super) signature: SignatureValue,
    pub(super) responder: ResponderId,
    pub(super) produced_at: Time,
    pub(super) responses: Vec<SingleResponse>,
    pub(super) nonce: Option<Vec<u8>>,
    pub(super) unknown_critical: Option<ObjectIdentifier>,
    pub(super) certificates: Vec<Certificate>,
}

impl Basic {
    /// Checks its signature. `None` if this key can't check with its algorithm.
    pub(super) fn verify(&self, key: &PublicKey) -> Option<SignatureCheck> {
        let signed = Signed::Message(&self.tbs);
        key.verify(self.signature.algorithm()?, signed, self.signature.octets())
    }
}

/// `ResponderID ::= CHOICE { byName [1] Name, byKey [2] KeyHash }`, the latter SHA-1 over the key.
#[derive(Debug)]
pub(super) enum ResponderId {
    ByName(ComparableName),
    ByKey(Vec<u8>),
}

impl ResponderId {
    pub(super) fn is_of(&self, certificate: &Certificate) -> bool {
        match self {
            ResponderId::ByName(name) => name == certificate.comparable_subject(),
            ResponderId::ByKey(hash) => *hash == key_hash(DigestAlgorithm::Sha1, certificate),
        }
    }
}

/// What a response says of one certificate.
#[derive(Debug)]
pub(super) struct SingleResponse {
    pub(super) id: CertId,
    pub(super) status: CertStatus,
    pub(super) this_update: Time,
    pub(super) next_update: Option<Time>,
    /// Certificates that expired at this moment or later are still known (RFC 6960, 4.4.4).
    pub(super) archive_cutoff: Option<Time>,
    pub(super) invalidity_date: Option<Time>,
    pub(super) unknown_critical: Option<ObjectIdentifier>,
}

/// ```text
/// CertStatus ::= CHOICE {
///   good    [0] IMPLICIT NULL,
///   revoked [1] IMPLICIT SEQUENCE {
///     revocationTime   GeneralizedTime,
///     revocationReason [0] EXPLICIT CRLReason OPTIONAL },
///   unknown [2] IMPLICIT NULL }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertStatus {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// Since when.
        at: Time,
        /// Why; unspecified if absent.
        reason: Reason,
    },
    /// The responder does not know the certificate.
    Unknown,
}

/// Certificates of one response that are looked at. A responder needs to send its own.
const MAX_CERTIFICATES: usize = 16;

/// ```text
/// OCSPResponse ::= SEQUENCE {
///   responseStatus ENUMERATED,
///   responseBytes  [0] EXPLICIT SEQUENCE {
///     responseType OBJECT IDENTIFIER,
///     response     OCTET STRING } OPTIONAL }
/// ```
fn read(der: &[u8]) -> Result<core::result::Result<Basic, ResponseStatus>> {
    let mut fields = Reader::only(der, tag::SEQUENCE)?.contents();
    let status = fields.expect(tag::ENUMERATED)?.value;
    let bytes = fields.optional(tag::context_constructed(0))?;
    fields.finish()?;
    match status {
        [0] => {}
        [1] => return Ok(Err(ResponseStatus::MalformedRequest)),
        [2] => return Ok(Err(ResponseStatus::InternalError)),
        [3] => return Ok(Err(ResponseStatus::TryLater)),
        [5] => return Ok(Err(ResponseStatus::SigRequired)),
        [6] => return Ok(Err(ResponseStatus::Unauthorized)),
        _ => return Err(Error::MalformedOcsp { rule: "it has a status that does not exist" }),
    }
    let bytes = bytes.ok_or(Error::MalformedOcsp { rule: "it is successful and says nothing" })?;
    let mut bytes = Reader::only(bytes.value, tag::SEQUENCE)?.contents();
    if bytes.expect(tag::OBJECT_IDENTIFIER)?.oid()? != oids::OCSP_BASIC {
        return Err(Error::MalformedOcsp { rule: "it is of another type than basic" });
    }
    let basic = bytes.expect(tag::OCTET_STRING)?.value;
    bytes.finish()?;
    read_basic(basic).map(Ok)
}

/// ```text
/// BasicOCSPResponse ::= SEQUENCE {
///   tbsResponseData    ResponseData,
///   signatureAlgorithm AlgorithmIdentifier,
///   signature          BIT STRING,
///   certs              [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
/// ResponseData ::= SEQUENCE {
///   version            [0] EXPLICIT INTEGER DEFAULT v1,
///   responderID        ResponderID,
///   producedAt         GeneralizedTime,
///   responses          SEQUENCE OF SingleResponse,
///   responseExtensions [1] EXPLICIT Extensions OPTIONAL }
/// ```
fn read_basic(der: &[u8]) -> Result<Basic> {
    let mut outer = Reader::only(der, tag::SEQUENCE)?.contents();
    let tbs = outer.expect(tag::SEQUENCE)?;
    let algorithm = AlgorithmIdentifier::read(&mut outer)?;
    let signature = SignatureValue::read(&algorithm, outer.expect(tag::BIT_STRING)?)?;
    let certificates = outer.optional(tag::context_constructed(0))?;
    outer.finish()?;

    let mut data = tbs.contents();
    if let Some(version) = data.optional(tag::context_constructed(0))?
        && Reader::only(version.value, tag::INTEGER)?.uint()? != 0
    {
        return Err(Error::MalformedOcsp { rule: "it is of an unknown version" });
    }
    let responder = read_responder(data.any()?)?;
    let produced_at = read_time(data.expect(tag::GENERALIZED_TIME)?)?;
    let mut list = data.sequence()?;
    let mut responses = Vec::new();
    while !list.is_empty() {
        responses.push(read_single(list.sequence()?)?);
    }
    let extensions = data.optional(tag::context_constructed(1))?;
    data.finish()?;

    let mut nonce = None;
    let mut unknown_critical = None;
    each_extension(extensions, |oid, critical, value| {
        match oid {
            oids::OCSP_NONCE => nonce = Some(nonce_octets(value)),
            oids::OCSP_EXTENDED_REVOKE => {}
            _ if critical => unknown_critical = Some(oid),
            _ => {}
        }
        Ok(())
    })?;
    Ok(Basic {
        tbs: tbs.raw.to_vec(),
        signature,
        responder,
        produced_at,
        responses,
        nonce,
        unknown_critical,
        certificates: certificates.map(read_certificates).transpose()?.unwrap_or_default(),
    })
}

/// `Nonce ::= OCTET STRING`; before RFC 6960 gave it a type, some put the bare octets.
fn nonce_octets(value: &[u8]) -> Vec<u8> {
    Reader::only(value, tag::OCTET_STRING).map_or(value, |nonce| nonce.value).to_vec()
}

fn read_responder(id: Tlv<'_>) -> Result<ResponderId> {
    const BY_NAME: u8 = tag::context_constructed(1);
    const BY_KEY: u8 = tag::context_constructed(2);
    match id.tag {
        BY_NAME => {
            ComparableName::read(Reader::only(id.value, tag::SEQUENCE)?).map(ResponderId::ByName)
        }
        BY_KEY => {
            let hash = Reader::only(id.value, tag::OCTET_STRING)?;
            Ok(ResponderId::ByKey(hash.value.to_vec()))
        }
        _ => Err(Error::MalformedOcsp { rule: "its responder can't be read" }),
    }
}

/// ```text
/// SingleResponse ::= SEQUENCE {
///   certID           CertID,
///   certStatus       CertStatus,
///   thisUpdate       GeneralizedTime,
///   nextUpdate       [0] EXPLICIT GeneralizedTime OPTIONAL,
///   singleExtensions [1] EXPLICIT Extensions OPTIONAL }
/// ```
fn read_single(mut fields: Reader<'_>) -> Result<SingleResponse> {
    let id = CertId::read(&mut fields)?;
    let status = read_status(fields.any()?)?;
    let this_update = read_time(fields.expect(tag::GENERALIZED_TIME)?)?;
    let next_update = fields.optional(tag::context_constructed(0))?;
    let extensions = fields.optional(tag::context_constructed(1))?;
    fields.finish()?;
    let generalized = |value| read_time(Reader::only(value, tag::GENERALIZED_TIME)?);
    let mut single = SingleResponse {
        id,
        status,
        this_update,
        next_update: next_update.map(|next| generalized(next.value)).transpose()?,
        archive_cutoff: None,
        invalidity_date: None,
        unknown_critical: None,
    };
    each_extension(extensions, |oid, critical, value| {
        match oid {
            oids::OCSP_ARCHIVE_CUTOFF => single.archive_cutoff = Some(generalized(value)?),
            // CRL entry extensions may stand here too (RFC 6960, 4.4.5).
            oids::INVALIDITY_DATE => single.invalidity_date = Some(generalized(value)?),
            oids::CRL_REASON | oids::OCSP_CRL => {}
            _ if critical => single.unknown_critical = Some(oid),
            _ => {}
        }
        Ok(())
    })?;
    Ok(single)
}

fn read_status(status: Tlv<'_>) -> Result<CertStatus> {
    const GOOD: u8 = tag::context(0);
    const REVOKED: u8 = tag::context_constructed(1);
    const UNKNOWN: u8 = tag::context(2);
    match status.tag {
        GOOD if status.value.is_empty() => Ok(CertStatus::Good),
        REVOKED => {
            let mut fields = status.contents();
            let at = read_time(fields.expect(tag::GENERALIZED_TIME)?)?;
            let reason = fields.optional(tag::context_constructed(0))?;
            fields.finish()?;
            let reason = reason.map(|reason| Reader::only(reason.value, tag::ENUMERATED));
            let reason = reason.transpose()?.map(Reason::read).transpose()?;
            Ok(CertStatus::Revoked { at, reason: reason.unwrap_or(Reason::Unspecified) })
        }
        UNKNOWN if status.value.is_empty() => Ok(CertStatus::Unknown),
        _ => Err(Error::MalformedOcsp { rule: "a status can't be read" }),
    }
}

/// Goes through an explicitly tagged Extensions.
fn each_extension<'a>(
    field: Option<Tlv<'a>>,
    mut take: impl FnMut(ObjectIdentifier, bool, &'a [u8]) -> Result<()>,
) -> Result<()> {
    let Some(field) = field else { return Ok(()) };
    let twice = Error::MalformedOcsp { rule: "an extension stands twice" };
    extensions_of(field, twice)?
        .into_iter()
        .try_for_each(|Extension { oid, critical, value }| take(oid, critical, value))
}

/// Those that can be read: the others are nobody's.
fn read_certificates(field: Tlv<'_>) -> Result<Vec<Certificate>> {
    let mut list = Reader::only(field.value, tag::SEQUENCE)?.contents();
    let mut certificates = Vec::new();
    while !list.is_empty() && certificates.len() < MAX_CERTIFICATES {
        certificates.extend(Certificate::from_der(list.any()?.raw).ok());
    }
    Ok(certificates)
}
