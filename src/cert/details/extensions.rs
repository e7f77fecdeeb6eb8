//! The extensions, one after the other.

use std::collections::BTreeSet;

use der::asn1::ObjectIdentifier;

use super::names::{ConstrainedNames, CrlPlace, NameText, crl_places, names, names_in};
use super::policies::{PolicyDetails, policies};
use super::smime_capabilities::{CapabilityDetails, smime_capabilities};
use crate::asn1::{Reader, Tlv, oids, tag};
use crate::cert::extension_list::{Extension, extensions_of};
use crate::cert::identifiers::{Identifier, Names};
use crate::cert::{Certificate, access_addresses};
use crate::error::{Error, Result};

/// An extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionDetails {
    /// Which.
    pub id: Identifier,
    /// Whether who does not process it has to reject the certificate (RFC 5280, 4.2).
    pub critical: bool,
    /// What is wrong with it.
    pub fault: Option<ExtensionFault>,
}

/// What is wrong with an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtensionFault {
    /// It is critical and not processed: paths with this certificate are not valid.
    UnknownCritical,
    /// It can't be read. Nothing of it is in the details.
    Unreadable,
}

impl ExtensionFault {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            ExtensionFault::UnknownCritical => "unknown-critical",
            ExtensionFault::Unreadable => "unreadable",
        }
    }
}

/// How the issuer's key is named (RFC 5280, 4.2.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKey {
    /// `keyIdentifier`
    pub identifier: Option<Vec<u8>>,
    /// `authorityCertIssuer`
    pub issuer: Vec<NameText>,
    /// `authorityCertSerialNumber`, the contents octets.
    pub serial_number: Option<Vec<u8>>,
}

/// `QCStatement ::= SEQUENCE { statementId OBJECT IDENTIFIER, statementInfo ANY OPTIONAL }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QcStatement {
    /// Which.
    pub id: Identifier,
    /// What QcType says the certificate is for.
    pub types: Vec<Identifier>,
}

/// What the extensions of a certificate say. A field stays empty where its extension can't be read.
#[derive(Debug, Default)]
pub(super) struct ReadExtensions {
    pub(super) extensions: Vec<ExtensionDetails>,
    pub(super) alternative_names: Vec<NameText>,
    pub(super) extended_key_usages: Option<Vec<Identifier>>,
    pub(super) authority_key: AuthorityKey,
    pub(super) policies: Vec<PolicyDetails>,
    pub(super) smime_capabilities: Option<Vec<CapabilityDetails>>,
    pub(super) crls: Vec<CrlPlace>,
    pub(super) delta_crls: Vec<CrlPlace>,
    pub(super) name_constraints: Option<ConstrainedNames>,
    pub(super) qc_statements: Vec<QcStatement>,
}

impl ReadExtensions {
    pub(super) fn of(certificate: &Certificate, field: Option<Tlv<'_>>) -> ReadExtensions {
        let mut read = ReadExtensions::default();
        let twice = Error::MalformedCertificate { rule: "an extension stands twice" };
        let list = field.map(|field| extensions_of(field, twice)).and_then(Result::ok);
        let set = |oids: &[ObjectIdentifier]| oids.iter().copied().collect::<BTreeSet<_>>();
        let unknown = set(certificate.unknown_critical_extensions());
        let malformed = set(certificate.malformed_extensions());
        for Extension { oid, critical, value } in list.unwrap_or_default() {
            let is_unreadable = read.take(oid, value).is_err() || malformed.contains(&oid);
            let fault = if unknown.contains(&oid) {
                Some(ExtensionFault::UnknownCritical)
            } else {
                is_unreadable.then_some(ExtensionFault::Unreadable)
            };
            let id = Identifier::new(oid, EXTENSIONS);
            read.extensions.push(ExtensionDetails { id, critical, fault });
        }
        read
    }

    fn take(&mut self, oid: ObjectIdentifier, value: &[u8]) -> Result<()> {
        match oid {
            oids::SUBJECT_ALT_NAME => self.alternative_names = names_in(value)?,
            oids::EXTENDED_KEY_USAGE => {
                self.extended_key_usages = Some(identifiers(value, EXTENDED_KEY_USAGES)?);
            }
            oids::AUTHORITY_KEY_IDENTIFIER => self.authority_key = authority_key(value)?,
            oids::CERTIFICATE_POLICIES => self.policies = policies(value)?,
            oids::SMIME_CAPABILITIES => self.smime_capabilities = Some(smime_capabilities(value)?),
            oids::CRL_DISTRIBUTION_POINTS => self.crls = crl_places(value)?,
            oids::FRESHEST_CRL => self.delta_crls = crl_places(value)?,
            oids::NAME_CONSTRAINTS => self.name_constraints = Some(ConstrainedNames::read(value)?),
            oids::QC_STATEMENTS => self.qc_statements = qc_statements(value)?,
            // The certificate tells its addresses; here it only counts whether they could be read.
            oids::AUTHORITY_INFORMATION_ACCESS => {
                access_addresses(value, oids::OCSP)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// ```text
/// AuthorityKeyIdentifier ::= SEQUENCE {
///   keyIdentifier             [0] OCTET STRING OPTIONAL,
///   authorityCertIssuer       [1] GeneralNames OPTIONAL,
///   authorityCertSerialNumber [2] INTEGER OPTIONAL }
/// ```
fn authority_key(value: &[u8]) -> Result<AuthorityKey> {
    let mut fields = Reader::only(value, tag::SEQUENCE)?.contents();
    let identifier = fields.optional(tag::context(0))?;
    let issuer = fields.optional(tag::context_constructed(1))?;
    let serial_number = fields.optional(tag::context(2))?;
    fields.finish()?;
    Ok(AuthorityKey {
        identifier: identifier.map(|field| field.value.to_vec()),
        issuer: issuer.map(names).transpose()?.unwrap_or_default(),
        serial_number: serial_number.map(|field| field.value.to_vec()),
    })
}

fn qc_statements(value: &[u8]) -> Result<Vec<QcStatement>> {
    let mut list = Reader::only(value, tag::SEQUENCE)?.contents();
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        let oid = fields.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let types = match oid {
            oids::QC_TYPE => identifiers(fields.any()?.raw, QC_TYPES)?,
            _ => Vec::new(),
        };
        found.push(QcStatement { id: Identifier::new(oid, QC_STATEMENTS), types });
    }
    Ok(found)
}

/// `SEQUENCE OF OBJECT IDENTIFIER`
fn identifiers(value: &[u8], names: Names) -> Result<Vec<Identifier>> {
    let mut list = Reader::only(value, tag::SEQUENCE)?.contents();
    let mut found = Vec::new();
    while !list.is_empty() {
        let oid = list.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        found.push(Identifier::new(oid, names));
    }
    Ok(found)
}

/// RFC 5280, 4.2; RFC 3739, 3.2.6; RFC 4262; RFC 6960, 4.2.2.2.1; RFC 6962, 3.3; RFC 9310; and what
/// others put into certificates for mail.
const EXTENSIONS: Names = names! {
    "2.5.29.9" "subjectDirectoryAttributes"
    "2.5.29.14" "subjectKeyIdentifier"
    "2.5.29.15" "keyUsage"
    "2.5.29.16" "privateKeyUsagePeriod"
    "2.5.29.17" "subjectAltName"
    "2.5.29.18" "issuerAltName"
    "2.5.29.19" "basicConstraints"
    "2.5.29.30" "nameConstraints"
    "2.5.29.31" "cRLDistributionPoints"
    "2.5.29.32" "certificatePolicies"
    "2.5.29.33" "policyMappings"
    "2.5.29.35" "authorityKeyIdentifier"
    "2.5.29.36" "policyConstraints"
    "2.5.29.37" "extKeyUsage"
    "2.5.29.46" "freshestCRL"
    "2.5.29.54" "inhibitAnyPolicy"
    "1.2.840.113549.1.9.15" "smimeCapabilities"
    "1.3.6.1.4.1.11129.2.4.2" "signedCertificateTimestampList"
    "1.3.6.1.5.5.7.1.1" "authorityInfoAccess"
    "1.3.6.1.5.5.7.1.3" "qcStatements"
    "1.3.6.1.5.5.7.1.11" "subjectInfoAccess"
    "1.3.6.1.5.5.7.1.12" "logotype"
    "1.3.6.1.5.5.7.48.1.5" "ocspNoCheck"
    "2.16.840.1.113730.1.1" "netscapeCertType"
    "2.16.840.1.113730.1.13" "netscapeComment"
    "2.23.140.3.1" "cabfOrganizationIdentifier"
};

/// RFC 5280, 4.2.1.12; RFC 6960, 4.2.2.2; RFC 9336; and those of others that mail users meet.
const EXTENDED_KEY_USAGES: Names = names! {
    "2.5.29.37.0" "anyExtendedKeyUsage"
    "1.3.6.1.5.5.7.3.1" "serverAuth"
    "1.3.6.1.5.5.7.3.2" "clientAuth"
    "1.3.6.1.5.5.7.3.3" "codeSigning"
    "1.3.6.1.5.5.7.3.4" "emailProtection"
    "1.3.6.1.5.5.7.3.8" "timeStamping"
    "1.3.6.1.5.5.7.3.9" "OCSPSigning"
    "1.3.6.1.5.5.7.3.36" "documentSigning"
    "1.2.840.113583.1.1.5" "adobeAuthenticDocumentsTrust"
    "1.3.6.1.4.1.311.10.3.4" "microsoftEncryptedFileSystem"
    "1.3.6.1.4.1.311.10.3.12" "microsoftDocumentSigning"
    "1.3.6.1.4.1.311.20.2.2" "microsoftSmartcardLogon"
};

/// ETSI EN 319 412-5, 4; RFC 3739, 3.2.6.1.
const QC_STATEMENTS: Names = names! {
    "0.4.0.1862.1.1" "qcCompliance"
    "0.4.0.1862.1.2" "qcLimitValue"
    "0.4.0.1862.1.3" "qcRetentionPeriod"
    "0.4.0.1862.1.4" "qcSSCD"
    "0.4.0.1862.1.5" "qcPDS"
    "0.4.0.1862.1.6" "qcType"
    "0.4.0.1862.1.7" "qcCClegislation"
    "1.3.6.1.5.5.7.11.1" "qcSyntax-v1"
    "1.3.6.1.5.5.7.11.2" "qcSyntax-v2"
};

/// ETSI EN 319 412-5, 4.2.3.
const QC_TYPES: Names = names! {
    "0.4.0.1862.1.6.1" "esign"
    "0.4.0.1862.1.6.2" "eseal"
    "0.4.0.1862.1.6.3" "web"
};
