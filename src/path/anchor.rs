//! Where a path may end, and for what.

use super::{Purpose, Request, about};
use crate::cert::{AddressMatch, Certificate, a_labels, match_address};
use crate::env::Time;
use crate::error::{Detail, Problem, ProblemCode};

/// A certificate that is trusted because the caller says so: a CA's, or that of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustAnchor {
    /// The certificate.
    pub certificate: Certificate,
    /// How far the trust goes.
    pub limits: AnchorLimits,
}

impl From<Certificate> for TrustAnchor {
    fn from(certificate: Certificate) -> TrustAnchor {
        TrustAnchor { certificate, limits: AnchorLimits::default() }
    }
}

/// How far the trust in an anchor goes. By default as far as its own certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorLimits {
    /// Good for mail only, not for a search without a purpose.
    pub email_only: bool,
    /// Good to encrypt for, and for nothing else: somebody's own certificate that is used for addresses
    /// which it does not name.
    pub encryption_only: bool,
    /// Addresses (`a@example.com`), hosts (`example.com`: addresses at this host only) and domains
    /// (`.example.com`: addresses at hosts below it) that it is good for, as rfc822Name constraints write
    /// them (RFC 5280, 4.2.1.10). `None` are all.
    pub permitted: Option<Vec<String>>,
    /// End-entity certificates whose notBefore is later are not good: Mozilla phases roots out by such a
    /// date (CKA_NSS_EMAIL_DISTRUST_AFTER).
    pub distrust_after: Option<Time>,
    /// Whether the anchor's own certificate counts: validity, basicConstraints, key usages, name and
    /// policy constraints, and critical extensions. RFC 5280, 6.1.1 (d) takes of an anchor its name
    /// and key only; RFC 5937 takes the constraints too, and so does what people expect of a root
    /// that has expired or is constrained.
    pub own_constraints: bool,
}

impl Default for AnchorLimits {
    fn default() -> AnchorLimits {
        AnchorLimits {
            email_only: false,
            encryption_only: false,
            permitted: None,
            distrust_after: None,
            own_constraints: true,
        }
    }
}

/// Addresses that a problem names. A certificate has as many as fit into it.
const MAX_TOLD: usize = 16;

impl TrustAnchor {
    /// What these limits have against the use of a certificate below the anchor. They are about the
    /// certificates of people: who tells of revocation has no address, and a new certificate every few
    /// weeks.
    pub(super) fn limit_problems(&self, request: &Request<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        if matches!(request.purpose, Purpose::CrlSigning | Purpose::OcspSigning) {
            return problems;
        }
        let anchored = |code| {
            about(code, request.target).with_text("anchor", &self.certificate.subject_text())
        };
        let is_email_only = self.limits.email_only && request.purpose == Purpose::Any;
        if is_email_only || (self.limits.encryption_only && request.purpose != Purpose::Encryption)
        {
            problems.push(anchored(ProblemCode::PathAnchorPurpose));
        }
        if let Some(after) = self.limits.distrust_after
            && request.target.not_before() > after
        {
            problems.push(
                anchored(ProblemCode::PathAnchorDistrusted)
                    .with("after", Detail::Time(after))
                    .with("notBefore", Detail::Time(request.target.not_before())),
            );
        }
        if let Some(permitted) = &self.limits.permitted {
            let addresses: Vec<&str> = match request.address {
                Some(address) => vec![address],
                None => request.target.addresses().iter().map(String::as_str).collect(),
            };
            let is_permitted = |address: &&str| permitted.iter().any(|base| lies_in(address, base));
            if addresses.is_empty() || !addresses.iter().all(is_permitted) {
                let told = addresses.iter().take(MAX_TOLD);
                let addresses = told.map(|&address| address.to_owned()).collect();
                problems.push(
                    anchored(ProblemCode::PathAnchorAddress)
                        .with("addresses", Detail::List(addresses))
                        .with("permitted", Detail::List(permitted.clone())),
                );
            }
        }
        problems
    }
}

/// Whether an address is the permitted one, at the permitted host or below the permitted domain. Who
/// permits an address means the mailbox, whatever the case its provider writes it in.
fn lies_in(address: &str, permitted: &str) -> bool {
    if permitted.contains('@') {
        return match_address(address, permitted) != AddressMatch::Different;
    }
    let Some((_, host)) = address.rsplit_once('@') else { return false };
    let lower = |host| a_labels(host).map(|host| host.to_ascii_lowercase());
    let (Some(host), Some(permitted)) = (lower(host), lower(permitted)) else { return false };
    match permitted.starts_with('.') {
        true => host.strip_suffix(&permitted).is_some_and(|below| !below.is_empty()),
        false => !host.is_empty() && host == permitted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_permits_itself_a_domain_what_is_below_and_an_address_itself() {
        for (address, permitted) in [
            ("a@example.com", "Example.com"),
            ("a@mail.example.com", ".example.com"),
            ("a@a.b.example.com", ".Example.com"),
            ("a@b\u{fc}cher.example", "xn--bcher-kva.example"),
            ("a@xn--bcher-kva.example", "b\u{fc}cher.example"),
            ("a@example.com", "a@EXAMPLE.com"),
            ("A@example.com", "a@example.com"),
        ] {
            assert!(lies_in(address, permitted), "{address} in {permitted}");
        }
        for (address, permitted) in [
            ("a@mail.example.com", "example.com"),
            ("a@example.com", ".example.com"),
            ("a@badexample.com", "example.com"),
            ("a@badexample.com", ".example.com"),
            ("a@example.com", "mail.example.com"),
            ("\u{212a}@example.com", "k@example.com"),
            ("a@example.com", ""),
            ("a@example.com", "."),
            ("example.com", "example.com"),
        ] {
            assert!(!lies_in(address, permitted), "{address} in {permitted}");
        }
    }
}
