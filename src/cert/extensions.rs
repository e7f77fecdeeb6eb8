//! The extensions of RFC 5280, 4.2 that decide something here.

use der::Decode;
use der::asn1::{ObjectIdentifier, OctetStringRef, Utf8StringRef};
use x509_cert::ext::pkix;
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};

use crate::asn1::{Tlv, oids, tag};
use crate::error::{Error, Result};

/// Whether this is a CA, and how many more may follow it (RFC 5280, 4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// `cA`.
    pub ca: bool,
    /// `pathLenConstraint`.
    pub path_length: Option<u8>,
}

/// What a key may be used for (RFC 5280, 4.2.1.3); the usages that mean something in mail.
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
}

#[derive(Default)]
pub(super) struct Extensions {
    pub(super) subject_key_identifier: Option<Vec<u8>>,
    pub(super) authority_key_identifier: Option<Vec<u8>>,
    pub(super) key_usages: Option<KeyUsages>,
    pub(super) extended_key_usages: Option<Vec<ObjectIdentifier>>,
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) has_name_constraints: bool,
    pub(super) addresses: Vec<String>,
    pub(super) unknown_critical: Vec<ObjectIdentifier>,
}

impl Extensions {
    /// From `[3] EXPLICIT SEQUENCE OF Extension`.
    pub(super) fn read(field: Tlv<'_>) -> Result<Extensions> {
        let mut extensions = Extensions::default();
        let mut seen = Vec::new();
        let mut list = field.contents().sequence()?;
        while !list.is_empty() {
            let mut extension = list.sequence()?;
            let oid = extension.any()?.oid()?;
            let critical = match extension.optional(tag::BOOLEAN)? {
                Some(flag) => flag.value != [0],
                None => false,
            };
            let value = extension.expect(tag::OCTET_STRING)?.value;
            if seen.contains(&oid) {
                // RFC 5280, 4.2: else two readers could see two certificates.
                return Err(Error::MalformedCertificate { rule: "an extension stands twice" });
            }
            seen.push(oid);
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
                });
            }
            oids::EXTENDED_KEY_USAGE => {
                self.extended_key_usages = Some(pkix::ExtendedKeyUsage::from_der(value)?.0);
            }
            oids::BASIC_CONSTRAINTS => {
                let constraints = pkix::BasicConstraints::from_der(value)?;
                self.basic_constraints = Some(BasicConstraints {
                    ca: constraints.ca,
                    path_length: constraints.path_len_constraint,
                });
            }
            oids::SUBJECT_ALT_NAME => {
                // A name of a kind that can't be read must not hide the addresses beside it.
                for name in GeneralNames::from_der(value).unwrap_or_default() {
                    match name {
                        GeneralName::Rfc822Name(address) => {
                            self.addresses.push(address.to_string())
                        }
                        GeneralName::OtherName(other)
                            if other.type_id == oids::SMTP_UTF8_MAILBOX =>
                        {
                            let address = other.value.decode_as::<Utf8StringRef<'_>>();
                            self.addresses.extend(address.map(|address| address.to_string()));
                        }
                        _ => {}
                    }
                }
            }
            oids::NAME_CONSTRAINTS => self.has_name_constraints = true,
            // Policies limit nothing until a policy is asked for.
            oids::CERTIFICATE_POLICIES | oids::CRL_DISTRIBUTION_POINTS => {}
            _ if critical => self.unknown_critical.push(oid),
            _ => {}
        }
        Ok(())
    }
}
