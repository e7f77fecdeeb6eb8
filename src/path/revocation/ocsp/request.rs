//! OCSP requests (RFC 6960, 4.1).

use super::CertId;
use crate::asn1::{constructed, oid_der, oids, primitive, tag};
use crate::cert::Certificate;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::env::Env;

/// Octets of a nonce: what responders have to take and are recommended to get (RFC 9654, 2.1).
pub(super) const NONCE: usize = 32;

/// A request about one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspRequest {
    der: Vec<u8>,
    certificate_id: Vec<u8>,
    nonce: [u8; NONCE],
}

impl OcspRequest {
    /// With a fresh nonce, unsigned. The certificate is named by SHA-1, which all responders know; that
    /// somebody finds collisions of SHA-1 helps nobody here.
    ///
    /// ```text
    /// OCSPRequest ::= SEQUENCE { tbsRequest TBSRequest, optionalSignature [0] OPTIONAL }
    /// TBSRequest ::= SEQUENCE {
    ///   version           [0] EXPLICIT INTEGER DEFAULT v1,
    ///   requestorName     [1] EXPLICIT GeneralName OPTIONAL,
    ///   requestList       SEQUENCE OF SEQUENCE { reqCert CertID, … },
    ///   requestExtensions [2] EXPLICIT Extensions OPTIONAL }
    /// ```
    pub fn new(env: &mut Env, certificate: &Certificate, issuer: &Certificate) -> OcspRequest {
        let nonce = *env.random::<NONCE>();
        let id = CertId::new(DigestAlgorithm::Sha1, certificate, issuer);
        let certificate_id = id.to_der().unwrap_or_default();
        let sequence = |parts: &[&[u8]]| constructed(tag::SEQUENCE, parts);
        let list = sequence(&[&sequence(&[&certificate_id])]);
        let value = primitive(tag::OCTET_STRING, &primitive(tag::OCTET_STRING, &nonce));
        let extensions = sequence(&[&sequence(&[&oid_der(oids::OCSP_NONCE), &value])]);
        let extensions = constructed(tag::context_constructed(2), &[&extensions]);
        let der = sequence(&[&sequence(&[&list, &extensions])]);
        OcspRequest { der, certificate_id, nonce }
    }

    /// What to send, as `application/ocsp-request`.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The CertID in DER: the same for every request about the certificate.
    pub fn certificate_id(&self) -> &[u8] {
        &self.certificate_id
    }

    /// The nonce, to compare with the response's.
    pub fn nonce(&self) -> &[u8; NONCE] {
        &self.nonce
    }
}
