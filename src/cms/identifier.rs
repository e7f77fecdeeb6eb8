//! SignerIdentifier and RecipientIdentifier (RFC 5652, 5.3 and 6.2.1): two names for one choice.
//!
//! ```text
//! CHOICE {
//!   issuerAndSerialNumber IssuerAndSerialNumber,
//!   subjectKeyIdentifier [0] SubjectKeyIdentifier }
//! ```

use spki::SubjectPublicKeyInfoRef;

use crate::asn1::{Reader, Tlv, constructed, primitive, tag};
use crate::cert::Certificate;
use crate::crypto::Digester;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::error::{Error, Result};

/// Says whose certificate is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityIdentifier<'a> {
    /// By the issuer's Name in DER and the contents octets of the serial number.
    IssuerAndSerialNumber {
        /// DER.
        issuer: &'a [u8],
        /// Contents octets.
        serial_number: &'a [u8],
    },
    /// By the key.
    SubjectKeyIdentifier(&'a [u8]),
}

impl<'a> EntityIdentifier<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<EntityIdentifier<'a>> {
        let tlv = reader.any()?;
        Self::from_tlv(tlv)
    }

    fn from_tlv(tlv: Tlv<'a>) -> Result<EntityIdentifier<'a>> {
        const SKI: u8 = tag::context(0);
        match tlv.tag {
            tag::SEQUENCE => Self::read_issuer_and_serial_number(tlv.contents()),
            SKI => Ok(EntityIdentifier::SubjectKeyIdentifier(tlv.value)),
            _ => Err(Error::MalformedCms { rule: "an unknown way to name a signer or recipient" }),
        }
    }

    /// The fields of IssuerAndSerialNumber (RFC 5652, 10.2.4).
    pub(super) fn read_issuer_and_serial_number(
        mut reader: Reader<'a>,
    ) -> Result<EntityIdentifier<'a>> {
        let issuer = reader.expect(tag::SEQUENCE)?.raw;
        let serial_number = reader.expect(tag::INTEGER)?.value;
        reader.finish()?;
        Ok(EntityIdentifier::IssuerAndSerialNumber { issuer, serial_number })
    }

    /// Whether this certificate is meant. A key identifier is compared with the certificate's extension
    /// and with SHA-1 of its key: some clients compute it where the extension says something else.
    pub fn matches(&self, certificate: &Certificate) -> bool {
        match *self {
            EntityIdentifier::IssuerAndSerialNumber { issuer, serial_number } => {
                certificate.issuer() == issuer && certificate.serial_number() == serial_number
            }
            EntityIdentifier::SubjectKeyIdentifier(identifier) => {
                certificate.subject_key_identifier() == Some(identifier)
                    || key_digest(certificate).is_some_and(|digest| digest == identifier)
            }
        }
    }
}

/// The same, kept when the message is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnedIdentifier {
    /// By the issuer's Name in DER and the contents octets of the serial number.
    IssuerAndSerialNumber {
        /// DER.
        issuer: Vec<u8>,
        /// Contents octets.
        serial_number: Vec<u8>,
    },
    /// By the key.
    SubjectKeyIdentifier(Vec<u8>),
}

impl From<EntityIdentifier<'_>> for OwnedIdentifier {
    fn from(identifier: EntityIdentifier<'_>) -> OwnedIdentifier {
        match identifier {
            EntityIdentifier::IssuerAndSerialNumber { issuer, serial_number } => {
                OwnedIdentifier::IssuerAndSerialNumber {
                    issuer: issuer.to_vec(),
                    serial_number: serial_number.to_vec(),
                }
            }
            EntityIdentifier::SubjectKeyIdentifier(identifier) => {
                OwnedIdentifier::SubjectKeyIdentifier(identifier.to_vec())
            }
        }
    }
}

impl OwnedIdentifier {
    /// As [`EntityIdentifier::matches`].
    pub fn matches(&self, certificate: &Certificate) -> bool {
        let identifier = match self {
            OwnedIdentifier::IssuerAndSerialNumber { issuer, serial_number } => {
                EntityIdentifier::IssuerAndSerialNumber { issuer, serial_number }
            }
            OwnedIdentifier::SubjectKeyIdentifier(identifier) => {
                EntityIdentifier::SubjectKeyIdentifier(identifier)
            }
        };
        identifier.matches(certificate)
    }
}

/// Method 1 of RFC 5280, 4.2.1.2.
fn key_digest(certificate: &Certificate) -> Option<Vec<u8>> {
    use der::Decode;
    let spki = SubjectPublicKeyInfoRef::from_der(certificate.spki()).ok()?;
    Some(Digester::digest(DigestAlgorithm::Sha1, spki.subject_public_key.raw_bytes()))
}

/// What we write: issuer and serial number, which every client reads.
pub(super) fn issuer_and_serial_number(certificate: &Certificate) -> Vec<u8> {
    let serial_number = primitive(tag::INTEGER, certificate.serial_number());
    constructed(tag::SEQUENCE, &[certificate.issuer(), &serial_number])
}
