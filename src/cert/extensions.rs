//! The extensions of RFC 5280, 4.2 that decide something here.

use der::Decode;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use x509_cert::ext::pkix;

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
    pub(super) smime_capabilities: Option<Vec<u8>>,
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
            extension.finish()?;
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
                self.addresses = addresses(value).unwrap_or_else(|_| vec![UNREADABLE]);
            }
            oids::SMIME_CAPABILITIES => self.smime_capabilities = Some(value.to_vec()),
            oids::NAME_CONSTRAINTS => self.has_name_constraints = true,
            // Policies limit nothing until a policy is asked for.
            oids::CERTIFICATE_POLICIES | oids::CRL_DISTRIBUTION_POINTS => {}
            _ if critical => self.unknown_critical.push(oid),
            _ => {}
        }
        Ok(())
    }
}

/// Stands for an address that can't be read. It is no address, and will be left out, but the subject's
/// do not take its place.
const UNREADABLE: String = String::new();

/// The addresses among GeneralNames: `rfc822Name [1] IA5String`, and
/// `otherName [0] SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }` of the type
/// SmtpUTF8Mailbox (RFC 5280, 4.2.1.6; RFC 9598, 3). Names of other kinds hide none of them, whether
/// they can be read or not.
fn addresses(value: &[u8]) -> Result<Vec<String>> {
    let mut addresses = Vec::new();
    let mut names = Reader::only(value, tag::SEQUENCE)?.contents();
    while !names.is_empty() {
        let name = names.any()?;
        match name.tag {
            RFC822_NAME => {
                let text = core::str::from_utf8(name.value).ok().filter(|text| text.is_ascii());
                addresses.push(text.map_or(UNREADABLE, str::to_owned));
            }
            OTHER_NAME => {
                let mut other = name.contents();
                if other.expect(tag::OBJECT_IDENTIFIER)?.oid()? == oids::SMTP_UTF8_MAILBOX {
                    let value = other.expect(tag::context_constructed(0))?.contents().any()?;
                    let text = core::str::from_utf8(value.value).ok();
                    let text = text.filter(|_| value.tag == tag::UTF8_STRING);
                    addresses.push(text.map_or(UNREADABLE, str::to_owned));
                }
            }
            _ => {}
        }
    }
    Ok(addresses)
}

const OTHER_NAME: u8 = tag::context_constructed(0);
const RFC822_NAME: u8 = tag::context(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_be_read_hide_no_address() {
        // x400Address [3], which is no ORAddress, before rfc822Name.
        assert_eq!(addresses(b"\x30\x09\xa3\x02\x05\x00\x81\x03a@b"), Ok(vec!["a@b".to_owned()]));
        assert_eq!(addresses(b"\x30\x05\x81\x03\xfc@b"), Ok(vec![UNREADABLE]));
        assert!(addresses(b"\x30\x05\x81\x04a@b").is_err());
    }
}
