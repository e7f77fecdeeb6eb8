//! Whom the issuer says to have checked: the levels of the CA/Browser Forum's "Baseline Requirements for
//! the Issuance and Management of Publicly-Trusted S/MIME Certificates".

use der::asn1::ObjectIdentifier;

use crate::cert::{AddressMatch, Certificate, DistinguishedName, match_address};

/// What was checked, by whose word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validation {
    /// What was checked.
    pub level: ValidationLevel,
    /// How strict the rules were; only policies tell.
    pub generation: Option<Generation>,
    /// Where that stands.
    pub source: ValidationSource,
}

/// Whose identity was checked (1.1, 3.2 of the requirements).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationLevel {
    /// Nobody's: only that mail to the address arrives.
    Mailbox,
    /// An organization's.
    Organization,
    /// An organization's, which vouches for the person.
    Sponsor,
    /// A person's.
    Individual,
}

/// How strict the rules for its contents are (1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the document's names")]
pub enum Generation {
    Legacy,
    Multipurpose,
    Strict,
}

/// Where the level was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationSource {
    /// A certificate policy that the CA/Browser Forum reserves (7.1.6.1).
    Policy,
    /// The attributes of the subject. What the certificate claims then, not by which rules.
    Subject,
}

impl ValidationLevel {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            ValidationLevel::Mailbox => "mailbox",
            ValidationLevel::Organization => "organization",
            ValidationLevel::Sponsor => "sponsor",
            ValidationLevel::Individual => "individual",
        }
    }
}

impl Generation {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            Generation::Legacy => "legacy",
            Generation::Multipurpose => "multipurpose",
            Generation::Strict => "strict",
        }
    }
}

impl ValidationSource {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            ValidationSource::Policy => "policy",
            ValidationSource::Subject => "subject",
        }
    }
}

impl Validation {
    /// Of an end-entity certificate. `None` for a CA, where it says nothing, and where it names two
    /// levels: exactly one of these policies is allowed (7.1.6.4).
    pub(super) fn of(certificate: &Certificate, subject: &DistinguishedName) -> Option<Validation> {
        if certificate.basic_constraints().is_some_and(|basic| basic.ca) {
            return None;
        }
        let policies = certificate.policies().policies.as_deref().unwrap_or_default();
        let mut reserved = policies.iter().filter_map(by_policy);
        match (reserved.next(), reserved.next()) {
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) => None,
            (None, _) => by_subject(certificate, subject),
        }
    }
}

/// `2.23.140.1.5.level.generation` (7.1.6.1)
fn by_policy(policy: &ObjectIdentifier) -> Option<Validation> {
    let arcs: Vec<u32> = policy.arcs().collect();
    let [2, 23, 140, 1, 5, level, generation] = arcs[..] else { return None };
    let level = match level {
        1 => ValidationLevel::Mailbox,
        2 => ValidationLevel::Organization,
        3 => ValidationLevel::Sponsor,
        4 => ValidationLevel::Individual,
        _ => return None,
    };
    let generation = match generation {
        1 => Generation::Legacy,
        2 => Generation::Multipurpose,
        3 => Generation::Strict,
        _ => return None,
    };
    let source = ValidationSource::Policy;
    Some(Validation { level, generation: Some(generation), source })
}

/// By the attributes that each level has (7.1.4.2.3 to 7.1.4.2.6):
///
/// | organization | person | level |
/// |---|---|---|
/// | no | no | mailbox |
/// | yes | no | organization |
/// | yes | yes | sponsor |
/// | no | yes | individual |
///
/// An organization is organizationName or organizationIdentifier, a person is givenName, surname or
/// pseudonym. A commonName alone may be a person's, a department's or a device's: without a person there
/// is no level unless it is an address of the certificate or the organization's name. Neither is there
/// one without an address, or where a commonName stands twice, which is not allowed (7.1.4.2.1).
fn by_subject(certificate: &Certificate, subject: &DistinguishedName) -> Option<Validation> {
    let has = |names: &[&str]| {
        subject.attributes().any(|one| one.name().is_some_and(|name| names.contains(&name)))
    };
    let has_organization = has(&["organizationName", "organizationIdentifier"]);
    let has_person = has(&["givenName", "surname", "pseudonym"]);
    let level = match (has_organization, has_person) {
        (false, false) => ValidationLevel::Mailbox,
        (true, false) => ValidationLevel::Organization,
        (true, true) => ValidationLevel::Sponsor,
        (false, true) => ValidationLevel::Individual,
    };
    let organization = subject.get("organizationName");
    let is_known = |name: &str| {
        let is_it = |address: &String| match_address(name, address) != AddressMatch::Different;
        Some(name) == organization || certificate.addresses().iter().any(is_it)
    };
    let mut common_names = subject.attributes().filter(|one| one.name() == Some("commonName"));
    let is_clear = match (common_names.next(), common_names.next()) {
        (None, _) => true,
        (Some(only), None) => has_person || is_known(&only.value),
        (Some(_), Some(_)) => false,
    };
    (is_clear && !certificate.addresses().is_empty()).then_some(Validation {
        level,
        generation: None,
        source: ValidationSource::Subject,
    })
}
