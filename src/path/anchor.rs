//! Where a path may end, and for what.

use super::{Purpose, Request, about};
use crate::cert::{AddressMatch, Certificate, match_address};
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
    /// Domains (`example.com`, with the hosts below it) and addresses (`a@example.com`) it is good for.
    /// `None` are all.
    pub permitted: Option<Vec<String>>,
    /// Nothing that begins to be valid after this moment is good, as root programmes put it.
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
            permitted: None,
            distrust_after: None,
            own_constraints: true,
        }
    }
}

impl TrustAnchor {
    /// What these limits have against the use of a certificate below the anchor.
    pub(super) fn limit_problems(&self, request: &Request<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        let anchored = |code| {
            about(code, request.target).with_text("anchor", &self.certificate.subject_text())
        };
        if self.limits.email_only && request.purpose == Purpose::Any {
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
                let addresses = addresses.iter().map(|&address| address.to_owned()).collect();
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

/// Whether an address is the permitted one or at a permitted domain.
fn lies_in(address: &str, permitted: &str) -> bool {
    if permitted.contains('@') {
        return match_address(address, permitted) == AddressMatch::Same;
    }
    let Some((_, host)) = address.rsplit_once('@') else { return false };
    let below = host.len().checked_sub(permitted.len()).and_then(|at| host.split_at_checked(at));
    !permitted.is_empty()
        && below.is_some_and(|(below, end)| {
            end.eq_ignore_ascii_case(permitted) && (below.is_empty() || below.ends_with('.'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_permits_its_hosts_and_an_address_itself() {
        assert!(lies_in("a@example.com", "Example.com"));
        assert!(lies_in("a@mail.example.com", "example.com"));
        assert!(lies_in("a@example.com", "a@EXAMPLE.com"));
        for (address, permitted) in [
            ("a@badexample.com", "example.com"),
            ("a@example.com", "mail.example.com"),
            ("A@example.com", "a@example.com"),
            ("a@example.com", ""),
            ("example.com", "example.com"),
        ] {
            assert!(!lies_in(address, permitted), "{address} in {permitted}");
        }
    }
}
