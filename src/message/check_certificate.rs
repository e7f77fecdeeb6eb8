//! `checkCertificate`: is a certificate good for a use, at a moment?

use der::asn1::ObjectIdentifier;

use super::problems::settle;
use super::trust::{Question, RevocationOptions, RevocationVerdict, Trust};
use super::verify::TrustVerdict;
use crate::cert::{AddressMatch, Certificate, match_address};
use crate::env::{Env, Time};
use crate::error::{Detail, Problem, ProblemCode, Result};
use crate::path::{PolicyInputs, Pool, Purpose, TrustAnchor};

/// What `check_certificate` needs.
#[derive(Clone, Copy, Debug)]
pub struct CheckOptions<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// Where paths may end.
    pub trust_anchors: &'a [TrustAnchor],
    /// Issuers that may be missing.
    pub intermediates: &'a [Certificate],
    /// The use; without one to sign mail or, by a certificate that can't, to read it.
    pub purpose: Option<Purpose>,
    /// The address it is to be used for.
    pub address: Option<&'a str>,
    /// The moment; without one, now.
    pub at: Option<Time>,
    /// What is asked about policies.
    pub policies: PolicyInputs<'a>,
    /// How revocation is asked for, and what may be fetched.
    pub revocation: RevocationOptions<'a>,
}

impl<'a> CheckOptions<'a> {
    /// With nothing asked beyond whether it is good now.
    pub fn new(certificate: &'a Certificate, trust_anchors: &'a [TrustAnchor]) -> CheckOptions<'a> {
        CheckOptions {
            certificate,
            trust_anchors,
            intermediates: &[],
            purpose: None,
            address: None,
            at: None,
            policies: PolicyInputs::default(),
            revocation: RevocationOptions::default(),
        }
    }
}

/// What `check_certificate` answers.
#[derive(Debug)]
pub struct CheckResult {
    /// Whether it is good.
    pub trust: TrustVerdict,
    /// Whether it, or one above it, is revoked.
    pub revocation: RevocationVerdict,
    /// From the certificate towards the anchor, as far as it leads.
    pub chain: Vec<Certificate>,
    /// The policies its path is good for (RFC 5280, 6.1.6), in the terms of the anchor; `anyPolicy`
    /// alone if all are.
    pub policies: Vec<ObjectIdentifier>,
    /// The reasons, what weighs most first.
    pub problems: Vec<Problem>,
}

/// Looks for a path from a certificate to a trust anchor (RFC 5280, 6.1; RFC 8550). One that is no good
/// is an answer, not an error.
///
/// # Errors
///
/// `aborted`.
pub async fn check_certificate(env: &mut Env, options: CheckOptions<'_>) -> Result<CheckResult> {
    let anchors = options.trust_anchors.iter().cloned();
    let intermediates = options.intermediates.iter().cloned();
    let mut checker = CertificateChecker::new(env, anchors, intermediates, &options.revocation);
    checker.check(env, &options).await
}

/// Checks many certificates against the same anchors and issuers. What was found out about one helps
/// with the next; the limits on work hold for each.
#[derive(Debug)]
pub struct CertificateChecker<'a> {
    trust: Trust<'a>,
}

impl<'a> CertificateChecker<'a> {
    /// With where paths may end, and issuers that may be missing.
    pub fn new(
        env: &Env,
        trust_anchors: impl IntoIterator<Item = TrustAnchor>,
        intermediates: impl IntoIterator<Item = Certificate>,
        revocation: &RevocationOptions<'a>,
    ) -> CertificateChecker<'a> {
        let pool = Pool::new(trust_anchors, intermediates);
        CertificateChecker { trust: Trust::new(env, pool, revocation) }
    }

    /// Adds issuers.
    pub fn add_intermediates(&mut self, intermediates: impl IntoIterator<Item = Certificate>) {
        self.trust.add_intermediates(intermediates);
    }

    /// As [`check_certificate`]; the anchors, issuers and revocation of the options count for nothing.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn check(
        &mut self,
        env: &mut Env,
        options: &CheckOptions<'_>,
    ) -> Result<CheckResult> {
        let CheckOptions { certificate, address, policies, .. } = *options;
        let default =
            if certificate.allows_signing() { Purpose::Signing } else { Purpose::Encryption };
        let question = Question {
            target: certificate,
            at: options.at.unwrap_or(env.now()),
            purpose: options.purpose.unwrap_or(default),
            address,
            policies,
            may_fetch: true,
        };
        self.trust.refill();
        let decision = self.trust.decide(env, question).await?;
        let mut problems: Vec<Problem> = other_address(certificate, address).into_iter().collect();
        let is_trusted = decision.is_trusted() && problems.is_empty();
        problems.extend(decision.verdict.problems);
        problems.extend(decision.notes);
        problems.extend(self.trust.take_problems());
        settle(&mut problems);
        Ok(CheckResult {
            trust: if is_trusted { TrustVerdict::Trusted } else { TrustVerdict::Untrusted },
            revocation: decision.revocation,
            chain: decision.verdict.chain,
            policies: decision.verdict.policies,
            problems,
        })
    }
}

/// The problem that it is if the certificate does not stand for the address.
fn other_address(certificate: &Certificate, address: Option<&str>) -> Option<Problem> {
    let address = address?;
    let own = certificate.addresses();
    let is_own = own.iter().any(|own| match_address(own, address) != AddressMatch::Different);
    (!is_own).then(|| {
        Problem::new(ProblemCode::CertificateAddress)
            .with_text("address", address)
            .with("addresses", Detail::List(own.to_vec()))
    })
}
