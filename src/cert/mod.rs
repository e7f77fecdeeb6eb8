//! What a certificate says (RFC 5280, 4): names, addresses, usages, validity, key. Whether it is to be
//! believed is the business of `path`.
//!
//! A certificate is read leniently where nothing depends on it (serial numbers of any length, unknown
//! attributes and extensions) and keeps its own bytes: names are compared and signatures are checked
//! over what was received, never over a new encoding.

#[macro_use]
mod identifiers;

mod address;
mod addresses;
mod details;
mod distinguished_name;
mod distribution_point;
mod extension_list;
mod extensions;
mod general_name;
mod host;
mod identity;
mod name;
mod pem;
mod policies;
mod self_signed;
mod signature_value;
mod text;

use std::sync::Arc;

use der::Decode;
use der::asn1::ObjectIdentifier;
use x509_cert::name::Name;

pub use self::address::{AddressFault, AddressMatch, address_key, check_address, match_address};
pub use self::addresses::{AddressSource, RefusedAddress};
pub use self::details::{
    AuthorityKey, CapabilityDetails, CertificateClass, CertificateDetails, ClassSource,
    ConstrainedNames, CrlPlace, ExtensionDetails, ExtensionFault, Generation, NameText,
    PolicyDetails, QcStatement, UserNotice, Validation, ValidationLevel, ValidationSource,
};
pub use self::distinguished_name::{Attribute, DistinguishedName};
pub use self::distribution_point::{
    DistributionPoint, DistributionPointName, ReasonFlags, RevocationPointers, access_addresses,
    distribution_points,
};
pub use self::extension_list::{Extension, extensions_of};
pub use self::extensions::{BasicConstraints, KeyUsages};
pub use self::general_name::{
    GeneralName, GeneralSubtree, NameConstraints, NameKind, general_names,
};
pub use self::host::a_labels;
pub use self::identifiers::Identifier;
pub use self::identity::Identity;
pub use self::name::ComparableName;
pub use self::pem::{PemBlock, pem_blocks};
pub use self::policies::Policies;
pub use self::self_signed::self_signed;
pub use self::signature_value::SignatureValue;
pub use self::text::{has_hidden_characters, without_hidden_characters};

use self::addresses::Addresses;
use self::extensions::Extensions;
use crate::asn1::{AlgorithmIdentifier, Reader, oids, read_time, tag};
use crate::crypto::algorithms::DigestAlgorithm;
use crate::crypto::{Digester, KeyManagement, PublicKey, SignatureAlgorithm};
use crate::env::Time;
use crate::error::{Error, Result};

/// A certificate. Cloning shares it.
#[derive(Clone)]
pub struct Certificate(Arc<Fields>);

struct Fields {
    der: Vec<u8>,
    tbs: Vec<u8>,
    serial_number: Vec<u8>,
    signature: SignatureValue,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    comparable_issuer: ComparableName,
    comparable_subject: ComparableName,
    not_before: Time,
    not_after: Time,
    spki: Vec<u8>,
    public_key: PublicKey,
    extensions: Extensions,
    addresses: Addresses,
    fingerprint: [u8; 32],
}

impl Certificate {
    /// From DER.
    ///
    /// # Errors
    ///
    /// `malformed/certificate`.
    pub fn from_der(der: &[u8]) -> Result<Certificate> {
        read(der).map(|fields| Certificate(Arc::new(fields))).map_err(|error| match error {
            Error::MalformedCertificate { .. } => error,
            _ => Error::MalformedCertificate { rule: "its ASN.1 can't be read" },
        })
    }

    /// The encoding as it was received.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// What the issuer signed: the encoding of the TBSCertificate.
    pub fn tbs(&self) -> &[u8] {
        &self.0.tbs
    }

    /// The name of the issuer's signature algorithm, or its identifier where we have no name for it.
    pub fn signature_name(&self) -> String {
        self.0.signature.name()
    }

    /// The algorithm of the issuer's signature; `None` if we don't know it.
    pub fn signature_algorithm(&self) -> Option<&SignatureAlgorithm> {
        self.0.signature.algorithm()
    }

    /// The issuer's signature.
    pub fn signature(&self) -> &[u8] {
        self.0.signature.octets()
    }

    /// The contents octets of the serial number, as encoded.
    pub fn serial_number(&self) -> &[u8] {
        &self.0.serial_number
    }

    /// The issuer's Name in DER.
    pub fn issuer(&self) -> &[u8] {
        &self.0.issuer
    }

    /// The subject's Name in DER.
    pub fn subject(&self) -> &[u8] {
        &self.0.subject
    }

    /// The issuer's name in the form in which names compare.
    pub fn comparable_issuer(&self) -> &ComparableName {
        &self.0.comparable_issuer
    }

    /// The subject's name in the form in which names compare.
    pub fn comparable_subject(&self) -> &ComparableName {
        &self.0.comparable_subject
    }

    /// The issuer's name as RFC 4514 writes it.
    pub fn issuer_text(&self) -> String {
        name_text(&self.0.issuer)
    }

    /// The subject's name as RFC 4514 writes it.
    pub fn subject_text(&self) -> String {
        name_text(&self.0.subject)
    }

    /// Valid from this moment on.
    pub fn not_before(&self) -> Time {
        self.0.not_before
    }

    /// Valid up to and including this moment.
    pub fn not_after(&self) -> Time {
        self.0.not_after
    }

    /// Whether the certificate is within its validity. It ends with the whole second of `notAfter`.
    pub fn is_current(&self, at: Time) -> bool {
        self.0.not_before <= at && at.as_secs() <= self.0.not_after.as_secs()
    }

    /// The SubjectPublicKeyInfo in DER.
    pub fn spki(&self) -> &[u8] {
        &self.0.spki
    }

    /// The key.
    pub fn public_key(&self) -> &PublicKey {
        &self.0.public_key
    }

    /// SHA-256 over the encoding.
    pub fn fingerprint(&self) -> &[u8; 32] {
        &self.0.fingerprint
    }

    /// The e-mail addresses it stands for: rfc822Name and SmtpUTF8Mailbox, or, where the alternative
    /// names hold none, emailAddress in the subject (RFC 8550, 3). What is no address is left out (see
    /// [`check_address`]), but where it stands among the alternative names, those of the subject don't
    /// take its place.
    pub fn addresses(&self) -> &[String] {
        &self.0.addresses.accepted
    }

    /// The same, each with where it stands.
    pub fn addresses_and_sources(&self) -> impl Iterator<Item = (&str, AddressSource)> {
        let Addresses { accepted, sources, .. } = &self.0.addresses;
        accepted.iter().map(String::as_str).zip(sources.iter().copied())
    }

    /// What stands where its addresses stand and is none. The certificate does not stand for these.
    pub fn refused_addresses(&self) -> &[RefusedAddress] {
        &self.0.addresses.refused
    }

    /// What stands in the subject as an address, whether the certificate stands for it or not.
    pub fn subject_addresses(&self) -> Vec<String> {
        let Addresses { accepted, refused, .. } = Addresses::of_subject(&self.0.subject);
        accepted.into_iter().chain(refused.into_iter().map(|refused| refused.text)).collect()
    }

    /// The subject key identifier, if the certificate has that extension (RFC 5280, 4.2.1.2).
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.0.extensions.subject_key_identifier.as_deref()
    }

    /// The key identifier of the issuer, if the certificate names it (RFC 5280, 4.2.1.1).
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.0.extensions.authority_key_identifier.as_deref()
    }

    /// The key usages, if the certificate limits them (RFC 5280, 4.2.1.3).
    pub fn key_usages(&self) -> Option<KeyUsages> {
        self.0.extensions.key_usages
    }

    /// The extended key usages, if the certificate limits them (RFC 5280, 4.2.1.12).
    pub fn extended_key_usages(&self) -> Option<&[ObjectIdentifier]> {
        self.0.extensions.extended_key_usages.as_deref()
    }

    /// Whether it is for e-mail, as far as extended key usages say (RFC 8550, 4.4.4).
    pub fn allows_email(&self) -> bool {
        self.extended_key_usages().is_none_or(|usages| {
            usages.iter().any(|&usage| {
                usage == oids::EMAIL_PROTECTION || usage == oids::ANY_EXTENDED_KEY_USAGE
            })
        })
    }

    /// Whether it may sign mail, by the kind of its key and as far as key usages say (RFC 8550, 4.4.2).
    pub fn allows_signing(&self) -> bool {
        self.public_key().may_sign()
            && self
                .key_usages()
                .is_none_or(|usages| usages.digital_signature || usages.non_repudiation)
    }

    /// Whether we can send its owner a content key, by the kind of its key and as far as key usages say
    /// (RFC 8550, 4.4.2; RFC 8410, 5).
    pub fn allows_encryption(&self) -> bool {
        let Some(management) = self.public_key().key_management() else { return false };
        self.key_usages().is_none_or(|usages| match management {
            KeyManagement::Transport => usages.key_encipherment,
            KeyManagement::Agreement => usages.key_agreement,
        })
    }

    /// SMIMECapabilities in DER, if the certificate has that extension (RFC 4262).
    pub fn smime_capabilities(&self) -> Option<&[u8]> {
        self.0.extensions.smime_capabilities.as_deref()
    }

    /// The basic constraints, if it has them (RFC 5280, 4.2.1.9).
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.0.extensions.basic_constraints
    }

    /// The alternative names of the subject, of every kind (RFC 5280, 4.2.1.6).
    pub fn alternative_names(&self) -> &[GeneralName] {
        &self.0.extensions.names
    }

    /// The name constraints, if it has them (RFC 5280, 4.2.1.10).
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        self.0.extensions.name_constraints.as_ref()
    }

    /// What it says of certificate policies.
    pub fn policies(&self) -> &Policies {
        &self.0.extensions.policies
    }

    /// Where certificates of its issuer are to be had (`id-ad-caIssuers`, RFC 5280, 4.2.2.1), as the
    /// certificate says.
    pub fn ca_issuers(&self) -> &[String] {
        &self.0.extensions.ca_issuers
    }

    /// Where its revocation is told, as the certificate says.
    pub fn revocation_pointers(&self) -> &RevocationPointers {
        &self.0.extensions.pointers
    }

    /// Extensions that can't be read, of those that decide about paths.
    pub fn malformed_extensions(&self) -> &[ObjectIdentifier] {
        &self.0.extensions.malformed
    }

    /// Critical extensions that this crate does not process.
    pub fn unknown_critical_extensions(&self) -> &[ObjectIdentifier] {
        &self.0.extensions.unknown_critical
    }

    /// Whether issuer and subject are one name.
    pub fn is_self_issued(&self) -> bool {
        self.0.comparable_issuer == self.0.comparable_subject
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Certificate) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl core::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Certificate").field(&self.subject_text()).finish()
    }
}

/// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING }
fn read(der: &[u8]) -> Result<Fields> {
    let outer = Reader::only(der, tag::SEQUENCE)?;
    let mut reader = outer.contents();
    let tbs = reader.expect(tag::SEQUENCE)?;
    let algorithm = AlgorithmIdentifier::read(&mut reader)?;
    let signature = SignatureValue::read(&algorithm, reader.expect(tag::BIT_STRING)?)?;
    reader.finish()?;

    let mut reader = tbs.contents();
    let _version = reader.optional(tag::context_constructed(0))?;
    let serial_number = reader.expect(tag::INTEGER)?.value.to_vec();
    if AlgorithmIdentifier::read(&mut reader)? != algorithm {
        // RFC 5280, 4.1.1.2: else the signed one could be exchanged.
        return Err(Error::MalformedCertificate { rule: "it names two signature algorithms" });
    }
    let issuer = reader.expect(tag::SEQUENCE)?;
    let mut validity = reader.sequence()?;
    let (not_before, not_after) = (read_time(validity.any()?)?, read_time(validity.any()?)?);
    let subject = reader.expect(tag::SEQUENCE)?;
    let spki = reader.expect(tag::SEQUENCE)?;
    let public_key = PublicKey::from_spki(spki)?;
    let _issuer_unique_id = reader.optional(tag::context(1))?;
    let _subject_unique_id = reader.optional(tag::context(2))?;
    let extensions = reader.optional(tag::context_constructed(3))?;
    let mut extensions = extensions.map(Extensions::read).transpose()?.unwrap_or_default();
    reader.finish()?;
    let mut addresses = core::mem::take(&mut extensions.addresses);
    if !addresses.hides_subject() {
        addresses = Addresses::of_subject(subject.raw);
    }

    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(&Digester::digest(DigestAlgorithm::Sha256, der));
    Ok(Fields {
        der: der.to_vec(),
        tbs: tbs.raw.to_vec(),
        serial_number,
        signature,
        issuer: issuer.raw.to_vec(),
        subject: subject.raw.to_vec(),
        comparable_issuer: ComparableName::read(issuer)?,
        comparable_subject: ComparableName::read(subject)?,
        not_before,
        not_after,
        spki: spki.raw.to_vec(),
        public_key,
        extensions,
        addresses,
        fingerprint,
    })
}

/// A Name in DER as RFC 4514 writes it; empty if it can't be read.
pub fn name_text(name: &[u8]) -> String {
    Name::from_der(name).map(|name| name.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::constructed;

    /// A certificate whose TBSCertificate goes on with `more`. Nobody checks its signature here.
    fn with_more(more: &[u8]) -> Result<Certificate> {
        let der = include_bytes!("../store/testdata/erika.certificate.der");
        let mut parts = Reader::only(der, tag::SEQUENCE).unwrap().contents();
        let tbs = parts.any().unwrap();
        let (algorithm, signature) = (parts.any().unwrap(), parts.any().unwrap());
        let tbs = constructed(tag::SEQUENCE, &[tbs.value, more]);
        Certificate::from_der(&constructed(tag::SEQUENCE, &[&tbs, algorithm.raw, signature.raw]))
    }

    #[test]
    fn extensions_that_stand_twice_are_refused() {
        assert!(with_more(&[]).is_ok());
        for more in [&[0xa3, 2, 0x30, 0][..], &[0x05, 0]] {
            assert_eq!(with_more(more).unwrap_err().code(), "malformed/certificate");
        }
    }

    #[test]
    fn garbage_is_refused_with_a_code() {
        for bytes in [&b""[..], b"0", &[0x30, 0], &[0x30, 0x80, 0, 0]] {
            let error = Certificate::from_der(bytes).unwrap_err();
            assert_eq!(error.code(), "malformed/certificate");
        }
    }

    /// Every PEM certificate of the outside vectors can be read, and keeps its bytes.
    #[test]
    fn real_certificates_are_read() {
        let Ok(vectors) = std::env::var("SMIME_VECTORS") else {
            println!("skipped: SMIME_VECTORS is not set");
            return;
        };
        let mut count = 0;
        for file in
            ["mozilla-roots/nss-builtins-2.92/email-roots.pem", "thunderbird/smime/TestCA.pem"]
        {
            let text = std::fs::read(format!("{vectors}/{file}")).unwrap();
            for block in pem_blocks(&text) {
                let certificate = Certificate::from_der(&block.bytes).unwrap();
                assert!(certificate.basic_constraints().unwrap().ca, "{certificate:?}");
                assert!(!certificate.subject_text().is_empty());
                count += 1;
            }
        }
        assert!(count > 80);
    }
}
