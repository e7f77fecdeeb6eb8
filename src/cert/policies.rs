//! What a certificate says about certificate policies (RFC 5280, 4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14).

use std::collections::BTreeSet;

use der::asn1::ObjectIdentifier;

use crate::asn1::{Reader, oids, tag};
use crate::error::{Error, Result};

/// The four extensions, as far as they are there. Qualifiers are not kept: they decide nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// certificatePolicies: each once, in the order of the certificate.
    pub policies: Option<Vec<ObjectIdentifier>>,
    /// policyMappings: pairs of an issuer's policy and one of the subject's that equals it.
    pub mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
    /// policyConstraints, `requireExplicitPolicy`: certificates after which a policy is needed.
    pub require_explicit: Option<u64>,
    /// policyConstraints, `inhibitPolicyMapping`: certificates after which nothing is mapped.
    pub inhibit_mapping: Option<u64>,
    /// inhibitAnyPolicy: certificates after which anyPolicy stands for nothing.
    pub inhibit_any: Option<u64>,
}

impl Policies {
    /// Takes one of the four extensions; says whether it is one.
    ///
    /// # Errors
    ///
    /// `malformed/asn1` if it can't be read.
    pub(super) fn take(&mut self, oid: ObjectIdentifier, value: &[u8]) -> Result<bool> {
        match oid {
            oids::CERTIFICATE_POLICIES => self.policies = Some(policies(value)?),
            oids::POLICY_MAPPINGS => self.mappings = mappings(value)?,
            oids::POLICY_CONSTRAINTS => {
                let mut fields = Reader::only(value, tag::SEQUENCE)?.contents();
                self.require_explicit = skip_certs(&mut fields, 0)?;
                self.inhibit_mapping = skip_certs(&mut fields, 1)?;
                fields.finish()?;
            }
            oids::INHIBIT_ANY_POLICY => {
                self.inhibit_any = Some(Reader::only(value, tag::INTEGER)?.uint()?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// `SEQUENCE SIZE (1..MAX) OF SEQUENCE { policyIdentifier OBJECT IDENTIFIER, policyQualifiers OPTIONAL }`
fn policies(value: &[u8]) -> Result<Vec<ObjectIdentifier>> {
    let mut list = Reader::only(value, tag::SEQUENCE)?.contents();
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    while !list.is_empty() {
        let policy = list.sequence()?.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        if !seen.insert(policy) {
            return Err(Error::MalformedAsn1 { rule: "a policy stands twice" });
        }
        found.push(policy);
    }
    if found.is_empty() {
        Err(Error::MalformedAsn1 { rule: "an empty SEQUENCE" })
    } else {
        Ok(found)
    }
}

/// `SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy OBJECT IDENTIFIER }`
fn mappings(value: &[u8]) -> Result<Vec<(ObjectIdentifier, ObjectIdentifier)>> {
    let mut list = Reader::only(value, tag::SEQUENCE)?.contents();
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut pair = list.sequence()?;
        let issuer = pair.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let subject = pair.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        pair.finish()?;
        found.push((issuer, subject));
    }
    if found.is_empty() {
        Err(Error::MalformedAsn1 { rule: "an empty SEQUENCE" })
    } else {
        Ok(found)
    }
}

/// `SkipCerts ::= INTEGER (0..MAX)`, tagged implicitly.
fn skip_certs(fields: &mut Reader<'_>, number: u8) -> Result<Option<u64>> {
    let Some(field) = fields.optional(tag::context(number))? else { return Ok(None) };
    // What has more octets than any path has certificates never runs out.
    match field.value {
        [] => Err(Error::MalformedAsn1 { rule: "an empty INTEGER" }),
        [first, ..] if first & 0x80 != 0 => {
            Err(Error::MalformedAsn1 { rule: "a negative number of certificates" })
        }
        octets if octets.len() > 8 => Ok(Some(u64::MAX)),
        octets => Ok(Some(octets.iter().fold(0, |sum, &octet| sum << 8 | u64::from(octet)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_count_certificates() {
        let mut read = Policies::default();
        assert_eq!(
            read.take(oids::POLICY_CONSTRAINTS, b"\x30\x07\x80\x01\x00\x81\x02\x00\xff"),
            Ok(true)
        );
        assert_eq!((read.require_explicit, read.inhibit_mapping), (Some(0), Some(255)));
        assert_eq!(read.take(oids::INHIBIT_ANY_POLICY, b"\x02\x01\x02"), Ok(true));
        assert_eq!(read.inhibit_any, Some(2));
        assert!(read.take(oids::POLICY_CONSTRAINTS, b"\x30\x03\x80\x01\xff").is_err());
        assert_eq!(read.take(oids::KEY_USAGE, b""), Ok(false));
    }

    #[test]
    fn a_policy_stands_once() {
        assert!(policies(b"\x30\x06\x30\x04\x06\x02\x2a\x03").is_ok());
        assert!(policies(b"\x30\x0c\x30\x04\x06\x02\x2a\x03\x30\x04\x06\x02\x2a\x03").is_err());
        assert!(policies(b"\x30\x00").is_err());
    }
}
