//! What a view of a certificate's details shows (RFC 5280, 4), beyond what [`Certificate`] tells.
//!
//! Nothing is decided here: an extension that can't be read is listed as such, and the rest is told all
//! the same. Texts are given as they are; where they hold characters that are not seen,
//! [`has_hidden_characters`](super::has_hidden_characters) says so.

mod class;
mod extensions;
mod names;
mod policies;
mod smime_capabilities;
mod validation;

pub use self::class::{CertificateClass, ClassSource};
pub use self::extensions::{AuthorityKey, ExtensionDetails, ExtensionFault, QcStatement};
pub use self::names::{ConstrainedNames, CrlPlace, NameText};
pub use self::policies::{PolicyDetails, UserNotice};
pub use self::smime_capabilities::CapabilityDetails;
pub use self::validation::{Generation, Validation, ValidationLevel, ValidationSource};

use self::extensions::ReadExtensions;
use super::identifiers::Identifier;
use super::{Certificate, DistinguishedName};
use crate::asn1::{Reader, Tlv, tag};
use crate::crypto::Digester;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::error::Result;

/// What a certificate says, for people to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateDetails {
    /// 1, 2 or 3 (RFC 5280, 4.1.2.1); another number where the certificate has one that does not exist.
    pub version: u64,
    /// The subject's name (4.1.2.6).
    pub subject: DistinguishedName,
    /// The issuer's name (4.1.2.4).
    pub issuer: DistinguishedName,
    /// SHA-1 over the encoding, as older software shows it. It proves nothing.
    pub sha1: Vec<u8>,
    /// The subject's alternative names (4.2.1.6), in order.
    pub alternative_names: Vec<NameText>,
    /// The extended key usages, if they are limited (4.2.1.12).
    pub extended_key_usages: Option<Vec<Identifier>>,
    /// How the issuer's key is named (4.2.1.1).
    pub authority_key: AuthorityKey,
    /// The certificate policies (4.2.1.4), in order.
    pub policies: Vec<PolicyDetails>,
    /// What the owner's software reads (RFC 4262), best first.
    pub smime_capabilities: Option<Vec<CapabilityDetails>>,
    /// Where CRLs are (4.2.1.13).
    pub crls: Vec<CrlPlace>,
    /// Where delta CRLs are (4.2.1.15).
    pub delta_crls: Vec<CrlPlace>,
    /// Which names certificates below this one may have (4.2.1.10).
    pub name_constraints: Option<ConstrainedNames>,
    /// Statements of a qualified certificate (RFC 3739, 3.2.6; ETSI EN 319 412-5).
    pub qc_statements: Vec<QcStatement>,
    /// All extensions, in order.
    pub extensions: Vec<ExtensionDetails>,
    /// Whom the issuer says to have checked; `None` if neither policies nor subject say it.
    pub validation: Option<Validation>,
    /// The "class" that the issuer puts it in, where it is named.
    pub class: Option<CertificateClass>,
}

impl CertificateDetails {
    /// Of a certificate.
    pub fn of(certificate: &Certificate) -> CertificateDetails {
        let subject = DistinguishedName::from_der(certificate.subject()).unwrap_or_default();
        let issuer = DistinguishedName::from_der(certificate.issuer()).unwrap_or_default();
        let (version, extensions) = frame(certificate.tbs()).unwrap_or((1, None));
        let read = ReadExtensions::of(certificate, extensions);
        CertificateDetails {
            version,
            sha1: Digester::digest(DigestAlgorithm::Sha1, certificate.der()),
            validation: Validation::of(certificate, &subject),
            class: CertificateClass::find(&read.policies, &subject),
            subject,
            issuer,
            alternative_names: read.alternative_names,
            extended_key_usages: read.extended_key_usages,
            authority_key: read.authority_key,
            policies: read.policies,
            smime_capabilities: read.smime_capabilities,
            crls: read.crls,
            delta_crls: read.delta_crls,
            name_constraints: read.name_constraints,
            qc_statements: read.qc_statements,
            extensions: read.extensions,
        }
    }
}

/// The version and the field of extensions of a TBSCertificate, which was read before.
fn frame(tbs: &[u8]) -> Result<(u64, Option<Tlv<'_>>)> {
    let mut fields = Reader::only(tbs, tag::SEQUENCE)?.contents();
    let version = fields.optional(tag::context_constructed(0))?;
    let version = version.map(|version| Reader::only(version.value, tag::INTEGER)?.uint());
    let version = version.and_then(Result::ok).unwrap_or(0).saturating_add(1);
    let mut extensions = None;
    while !fields.is_empty() {
        extensions = Some(fields.any()?);
    }
    let is_extensions = |field: &Tlv<'_>| field.tag == tag::context_constructed(3);
    Ok((version, extensions.filter(is_extensions)))
}
