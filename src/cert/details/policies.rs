//! Certificate policies with their qualifiers (RFC 5280, 4.2.1.4).

use crate::asn1::{Reader, Tlv, oids, tag};
use crate::cert::identifiers::{Identifier, Names};
use crate::cert::text::display_text;
use crate::error::Result;

/// ```text
/// PolicyInformation ::= SEQUENCE {
///   policyIdentifier OBJECT IDENTIFIER,
///   policyQualifiers SEQUENCE OF PolicyQualifierInfo OPTIONAL }
/// PolicyQualifierInfo ::= SEQUENCE { policyQualifierId OBJECT IDENTIFIER, qualifier ANY }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDetails {
    /// Which.
    pub id: Identifier,
    /// Where the certification practice statement is (`id-qt-cps`).
    pub cps: Vec<String>,
    /// What is to be shown (`id-qt-unotice`).
    pub notices: Vec<UserNotice>,
}

/// ```text
/// UserNotice ::= SEQUENCE {
///   noticeRef    SEQUENCE { organization DisplayText, noticeNumbers SEQUENCE OF INTEGER } OPTIONAL,
///   explicitText DisplayText OPTIONAL }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserNotice {
    /// `explicitText`
    pub text: Option<String>,
    /// The organization whose notice is meant.
    pub organization: Option<String>,
}

pub(super) fn policies(value: &[u8]) -> Result<Vec<PolicyDetails>> {
    let mut list = Reader::only(value, tag::SEQUENCE)?.contents();
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        let id = Identifier::new(fields.expect(tag::OBJECT_IDENTIFIER)?.oid()?, POLICIES);
        let mut policy = PolicyDetails { id, cps: Vec::new(), notices: Vec::new() };
        if let Some(qualifiers) = fields.optional(tag::SEQUENCE)? {
            // Nothing depends on them: those that can't be read are left out.
            let _ = policy.take(qualifiers);
        }
        found.push(policy);
    }
    Ok(found)
}

impl PolicyDetails {
    fn take(&mut self, qualifiers: Tlv<'_>) -> Result<()> {
        let mut list = qualifiers.contents();
        while !list.is_empty() {
            let mut fields = list.sequence()?;
            let kind = fields.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
            let qualifier = fields.any()?;
            match kind {
                oids::CPS_QUALIFIER => self.cps.extend(display_text(qualifier)),
                oids::USER_NOTICE_QUALIFIER => self.notices.extend(user_notice(qualifier).ok()),
                _ => {}
            }
        }
        Ok(())
    }
}

fn user_notice(qualifier: Tlv<'_>) -> Result<UserNotice> {
    let mut fields = qualifier.contents();
    let reference = fields.optional(tag::SEQUENCE)?;
    let organization = reference.map(|reference| reference.contents().any()).transpose()?;
    let text = if fields.is_empty() { None } else { Some(fields.any()?) };
    Ok(UserNotice {
        text: text.and_then(display_text),
        organization: organization.and_then(display_text),
    })
}

/// CA/Browser Forum, S/MIME Baseline Requirements, 7.1.6.1, TLS Baseline Requirements, 7.1.6.1;
/// ETSI EN 319 411-1, 5.3 and 411-2, 5.3; VeriSign Trust Network.
const POLICIES: Names = names! {
    "2.5.29.32.0" "anyPolicy"
    "2.23.140.1.5.1.1" "cabf-smime-mailbox-validated-legacy"
    "2.23.140.1.5.1.2" "cabf-smime-mailbox-validated-multipurpose"
    "2.23.140.1.5.1.3" "cabf-smime-mailbox-validated-strict"
    "2.23.140.1.5.2.1" "cabf-smime-organization-validated-legacy"
    "2.23.140.1.5.2.2" "cabf-smime-organization-validated-multipurpose"
    "2.23.140.1.5.2.3" "cabf-smime-organization-validated-strict"
    "2.23.140.1.5.3.1" "cabf-smime-sponsor-validated-legacy"
    "2.23.140.1.5.3.2" "cabf-smime-sponsor-validated-multipurpose"
    "2.23.140.1.5.3.3" "cabf-smime-sponsor-validated-strict"
    "2.23.140.1.5.4.1" "cabf-smime-individual-validated-legacy"
    "2.23.140.1.5.4.2" "cabf-smime-individual-validated-multipurpose"
    "2.23.140.1.5.4.3" "cabf-smime-individual-validated-strict"
    "2.23.140.1.1" "cabf-tls-extended-validated"
    "2.23.140.1.2.1" "cabf-tls-domain-validated"
    "2.23.140.1.2.2" "cabf-tls-organization-validated"
    "2.23.140.1.2.3" "cabf-tls-individual-validated"
    "0.4.0.2042.1.1" "etsi-ncp"
    "0.4.0.2042.1.2" "etsi-ncp-plus"
    "0.4.0.2042.1.3" "etsi-lcp"
    "0.4.0.194112.1.0" "etsi-qcp-natural"
    "0.4.0.194112.1.1" "etsi-qcp-legal"
    "0.4.0.194112.1.2" "etsi-qcp-natural-qscd"
    "0.4.0.194112.1.3" "etsi-qcp-legal-qscd"
    "2.16.840.1.113733.1.7.23.1" "vtn-class-1"
    "2.16.840.1.113733.1.7.23.2" "vtn-class-2"
    "2.16.840.1.113733.1.7.23.3" "vtn-class-3"
};
