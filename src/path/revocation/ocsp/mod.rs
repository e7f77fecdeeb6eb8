//! The Online Certificate Status Protocol (RFC 6960; RFC 9654 for the nonce, RFC 5019 for what most
//! responders do): requests for one certificate, and responses.

mod request;
mod response;
mod status;

pub use self::request::OcspRequest;
pub use self::response::{CertStatus, OcspResponse, ResponseStatus};
pub(super) use self::status::{accept, check};

use super::crl::minimal;
use super::signer::bit_string;
use crate::asn1::{AlgorithmIdentifier, NULL, Reader, algorithm_der, constructed, primitive, tag};
use crate::cert::Certificate;
use crate::crypto::Digester;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::error::Result;

/// Which certificate is meant (RFC 6960, 4.1.1).
///
/// ```text
/// CertID ::= SEQUENCE {
///   hashAlgorithm  AlgorithmIdentifier,
///   issuerNameHash OCTET STRING,
///   issuerKeyHash  OCTET STRING,
///   serialNumber   CertificateSerialNumber }
/// ```
#[derive(Clone, Debug)]
struct CertId {
    /// `None` for a hash that we don't know: it is nobody's then.
    digest: Option<DigestAlgorithm>,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
    serial_number: Vec<u8>,
}

impl CertId {
    fn new(digest: DigestAlgorithm, certificate: &Certificate, issuer: &Certificate) -> CertId {
        CertId {
            digest: Some(digest),
            name_hash: Digester::digest(digest, certificate.issuer()),
            key_hash: key_hash(digest, issuer),
            serial_number: certificate.serial_number().to_vec(),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<CertId> {
        let mut fields = reader.sequence()?;
        let algorithm = AlgorithmIdentifier::read(&mut fields)?;
        let name_hash = fields.expect(tag::OCTET_STRING)?.value.to_vec();
        let key_hash = fields.expect(tag::OCTET_STRING)?.value.to_vec();
        let serial_number = fields.expect(tag::INTEGER)?.value.to_vec();
        fields.finish()?;
        let digest = DigestAlgorithm::by_oid(algorithm.oid);
        Ok(CertId { digest, name_hash, key_hash, serial_number })
    }

    /// Whether it means this certificate of this issuer.
    fn is_of(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        minimal(&self.serial_number) == minimal(certificate.serial_number())
            && self.digest.is_some_and(|digest| {
                let expected = CertId::new(digest, certificate, issuer);
                self.name_hash == expected.name_hash && self.key_hash == expected.key_hash
            })
    }

    /// `None` for a hash that we don't know.
    fn to_der(&self) -> Option<Vec<u8>> {
        Some(constructed(
            tag::SEQUENCE,
            &[
                // RFC 5754, 2 would have no parameters; responders compare bytes with what they know.
                &algorithm_der(self.digest?.oid(), NULL),
                &primitive(tag::OCTET_STRING, &self.name_hash),
                &primitive(tag::OCTET_STRING, &self.key_hash),
                &primitive(tag::INTEGER, &self.serial_number),
            ],
        ))
    }
}

/// Over the octets of the certificate's public key, without tag, length and unused bits. Empty if it has
/// none, which is no hash.
fn key_hash(digest: DigestAlgorithm, certificate: &Certificate) -> Vec<u8> {
    let key = || {
        let mut fields = Reader::only(certificate.spki(), tag::SEQUENCE)?.contents();
        fields.sequence()?;
        bit_string(fields.expect(tag::BIT_STRING)?)
    };
    key().map(|key| Digester::digest(digest, key)).unwrap_or_default()
}
