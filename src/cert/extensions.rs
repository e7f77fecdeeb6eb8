//! The extensions of RFC 5280, 4.2 that decide something here.

use der::Decode;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use x509_cert::ext::pkix;

use super::addresses::Addresses;
use super::distribution_point::{RevocationPointers, access_addresses};
use super::extension_list::{Extension, extensions_of};
use super::general_name::{GeneralName, NameConstraints, general_names};
use super::policies::Policies;
use crate::asn1::{Reader, Tlv, oids, tag};
use crate::error::{Error, Result};

/// Whether this is a CA, and how many more may follow it (RFC 5280, 4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// `cA`.
    pub ca: bool,
    /// `pathLenConstraint`.
    pub path_length: Option<u8>,
}

/// What a key may be used for (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the standard's names")]
pub struct KeyUsages {
    pub digital_signature: bool,
    pub non_repudiation: bool,
    pub key_encipherment: bool,
    pub data_encipherment: bool,
    pub key_agreement: bool,
    pub key_cert_sign: bool,
    pub crl_sign: bool,
    pub encipher_only: bool,
    pub decipher_only: bool,
}

impl KeyUsages {
    /// The names of those it has, as the standard writes them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (self.digital_signature, "digitalSignature"),
            (self.non_repudiation, "nonRepudiation"),
            (self.key_encipherment, "keyEncipherment"),
            (self.data_encipherment, "dataEncipherment"),
            (self.key_agreement, "keyAgreement"),
            (self.key_cert_sign, "keyCertSign"),
            (self.crl_sign, "cRLSign"),
            (self.encipher_only, "encipherOnly"),
            (self.decipher_only, "decipherOnly"),
        ]
        .into_iter()
        .filter_map(|(is_there, name)| is_there.then_some(name))
    }
}

#[derive(Default)]
pub(super) struct Extensions {
    pub(super) subject_key_identifier: Option<Vec<u8>>,
    pub(super) authority_key_identifier: Option<Vec<u8>>,
    pub(super) key_usages: Option<KeyUsages>,
    pub(super) extended_key_usages: Option<Vec<ObjectIdentifier>>,
    pub(super) basic_constraints: Option<BasicConstraints>,
    /// The subject's alternative names.
    pub(super) names: Vec<GeneralName>,
    pub(super) name_constraints: Option<NameConstraints>,
    pub(super) policies: Policies,
    pub(super) pointers: RevocationPointers,
    /// Where certificates of the issuer are.
    pub(super) ca_issuers: Vec<String>,
    pub(super) smime_capabilities: Option<Vec<u8>>,
    pub(super) addresses: Addresses,
    pub(super) unknown_critical: Vec<ObjectIdentifier>,
    /// Those that can't be read though the rest can.
    pub(super) malformed: Vec<ObjectIdentifier>,
}

impl Extensions {
    /// From `[3] EXPLICIT SEQUENCE OF Extension`.
    pub(super) fn read(field: Tlv<'_>) -> Result<Extensions> {
        let mut extensions = Extensions::default();
        let twice = Error::MalformedCertificate { rule: "an extension stands twice" };
        for Extension { oid, critical, value } in extensions_of(field, twice)? {
            extensions.take(oid, critical, value)?;
        }
        Ok(extensions)
    }

    fn take(&mut self, oid: ObjectIdentifier, critical: bool, value: &[u8]) -> Result<()> {
        match oid {
            oids::SUBJECT_KEY_IDENTIFIER => {
                let identifier = <&OctetStringRef>::from_der(value)?;
                self.subject_key_identifier = Some(identifier.as_bytes().to_vec());
            }
            oids::AUTHORITY_KEY_IDENTIFIER => {
                // Only a hint for building paths: one that can't be read gives none.
                let identifier = pkix::AuthorityKeyIdentifier::from_der(value).ok();
                self.authority_key_identifier = identifier
                    .and_then(|identifier| identifier.key_identifier)
                    .map(|identifier| identifier.as_bytes().to_vec());
            }
            oids::KEY_USAGE => {
                let usages = pkix::KeyUsage::from_der(value)?;
                self.key_usages = Some(KeyUsages {
                    digital_signature: usages.digital_signature(),
                    non_repudiation: usages.non_repudiation(),
                    key_encipherment: usages.key_encipherment(),
                    data_encipherment: usages.data_encipherment(),
                    key_agreement: usages.key_agreement(),
                    key_cert_sign: usages.key_cert_sign(),
                    crl_sign: usages.crl_sign(),
                    encipher_only: usages.encipher_only(),
                    decipher_only: usages.decipher_only(),
                });
            }
            oids::EXTENDED_KEY_USAGE => {
                self.extended_key_usages = Some(pkix::ExtendedKeyUsage::from_der(value)?.0);
            }
            oids::BASIC_CONSTRAINTS => {
                self.basic_constraints = Some(basic_constraints(value)?);
            }
            oids::SUBJECT_ALT_NAME => match general_names(value) {
                Ok(names) => {
                    self.addresses = Addresses::of_names(&names, value);
                    self.names = names;
                }
                Err(_) => {
                    self.addresses = Addresses::unreadable();
                    self.malformed.push(oid);
                }
            },
            oids::NAME_CONSTRAINTS => match NameConstraints::read(value) {
                Ok(constraints) => self.name_constraints = Some(constraints),
                Err(_) => self.malformed.push(oid),
            },
            oids::SMIME_CAPABILITIES => self.smime_capabilities = Some(value.to_vec()),
            // A place that can't be found out is as good as none.
            oids::CRL_DISTRIBUTION_POINTS | oids::FRESHEST_CRL | oids::OCSP_NO_CHECK => {
                if self.pointers.take(oid, value).is_err() && critical {
                    self.malformed.push(oid);
                }
            }
            _ => match self.policies.take(oid, value) {
                Ok(true) => {}
                Ok(false) if critical => self.unknown_critical.push(oid),
                Ok(false) if oid == oids::AUTHORITY_INFORMATION_ACCESS => {
                    let addresses = |method| access_addresses(value, method).unwrap_or_default();
                    self.ca_issuers = addresses(oids::CA_ISSUERS);
                    self.pointers.ocsp = addresses(oids::OCSP);
                }
                Ok(false) => {}
                Err(_) => self.malformed.push(oid),
            },
        }
        Ok(())
    }
}

/// ```text
/// BasicConstraints ::= SEQUENCE {
///   cA BOOLEAN DEFAULT FALSE,
///   pathLenConstraint INTEGER (0..MAX) OPTIONAL }
/// ```
fn basic_constraints(value: &[u8]) -> Result<BasicConstraints> {
    let mut fields = Reader::only(value, tag::SEQUENCE)?.contents();
    let ca = fields.optional(tag::BOOLEAN)?.is_some_and(|flag| flag.value != [0]);
    let path_length = fields.optional(tag::INTEGER)?.map(|length| length.uint()).transpose()?;
    fields.finish()?;
    // No path is longer than 255.
    let path_length = path_length.map(|length| u8::try_from(length).unwrap_or(u8::MAX));
    Ok(BasicConstraints { ca, path_length })
}
