//! Is this certificate revoked? CRLs (RFC 5280, 5 and 6.3) and OCSP responses (RFC 6960, RFC 9654, RFC
//! 5019) that are at hand, and what to fetch for want of them. Does no I/O.
//!
//! [`check_chain`] answers for a path and one moment, [`check_at`] and [`check`] for one certificate of it. A
//! revocation told by any source that holds counts. Without one, an OCSP response that says "good" or
//! CRLs for all reasons make the certificate good, and otherwise nothing is known, for the most specific
//! reason found. What "nothing is known" means is for the caller to decide.
//!
//! About moments in the past:
//!
//! - What was issued later tells about them too, since it has the dates of revocation. Only about a
//!   certificate that had expired before it was issued does it tell nothing, if it does not say so.
//! - A certificate revoked later was good then, if the reason is not that its key, or that of its
//!   issuer, is in wrong hands: nobody knows since when, unless an invalidity date is given.
//! - What was out of date then tells nothing, but for a revocation, which lasts, unless it was a hold.
//!
//! Refused: CRLs and responses with critical extensions that are not processed; signatures over MD5 and
//! SHA-1; responders that are known by configuration alone; `unknown` as an answer.

mod chain;
mod crl;
mod fetch;
mod ocsp;
mod signer;

pub use self::chain::{ChainRequest, accepts_crl, accepts_ocsp, check_at, check_chain};
pub use self::crl::{Crl, CrlNumber, Entry, IssuingDistributionPoint, OnlyContains};
pub use self::fetch::{NeedRevocation, crl_places, is_fetchable};
pub use self::ocsp::{CertStatus, OcspRequest, OcspResponse, ResponseStatus};
pub use self::signer::{IssuerOnly, Signers};

use crate::asn1::{Tlv, tag};
use crate::cert::Certificate;
use crate::crypto::PublicKey;
use crate::env::Time;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// About this certificate.
    pub certificate: &'a Certificate,
    /// Its issuer, the next on a path that holds.
    pub issuer: &'a Certificate,
    /// The issuer's key as it counts on that path.
    pub issuer_key: &'a PublicKey,
    /// At this moment.
    pub at: Time,
    /// The present: nothing is issued later.
    pub now: Time,
    /// CRLs, in any order, of anybody.
    pub crls: &'a [Crl],
    /// OCSP responses, in any order, about anything.
    pub ocsp_responses: &'a [OcspResponse],
    /// Whether signatures over MD5 and SHA-1 count. Anybody may be able to make them; for old test
    /// vectors only.
    pub accept_weak_digests: bool,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub enum RevocationStatus {
    /// Not revoked at that moment.
    Good,
    /// Revoked at that moment.
    Revoked(Revocation),
    /// Nothing is known, for this reason, the most specific of those found.
    Unknown(Problem),
}

impl RevocationStatus {
    /// The problem it is, if it is one.
    pub fn problem(&self, certificate: &Certificate) -> Option<Problem> {
        let problem = match self {
            RevocationStatus::Good => return None,
            RevocationStatus::Revoked(revocation) => revocation.problem(),
            RevocationStatus::Unknown(problem) => problem.clone(),
        };
        Some(problem.with_text("subject", &certificate.subject_text()))
    }
}

/// Asks all sources.
pub fn check(request: &Request<'_>, signers: &mut impl Signers) -> RevocationStatus {
    let mut findings = ocsp::check(request, signers);
    if findings.revoked.is_none() {
        let by_crls = crl::check(request, signers);
        findings.revoked = by_crls.revoked;
        findings.is_good |= by_crls.is_good;
        by_crls.problem.into_iter().for_each(|problem| findings.note(problem));
    }
    match findings {
        Findings { revoked: Some(revocation), .. } => RevocationStatus::Revoked(revocation),
        // What a limit kept from being looked at may have told of a revocation.
        Findings { problem: Some(problem), .. } if problem.code == ProblemCode::PathBudget => {
            RevocationStatus::Unknown(problem)
        }
        Findings { is_good: true, .. } => RevocationStatus::Good,
        Findings { problem, .. } => {
            let nothing = || Problem::new(ProblemCode::RevocationUnknown);
            RevocationStatus::Unknown(problem.unwrap_or_else(nothing))
        }
    }
}

/// What one kind of sources tells.
#[derive(Debug, Default)]
struct Findings {
    revoked: Option<Revocation>,
    is_good: bool,
    /// The most specific.
    problem: Option<Problem>,
}

impl Findings {
    fn note(&mut self, problem: Problem) {
        let rank = |problem: &Problem| specificity(problem.code);
        if self.problem.as_ref().is_none_or(|known| rank(known) < rank(&problem)) {
            self.problem = Some(problem);
        }
    }
}

/// The nearer a source was to an answer, the higher.
fn specificity(code: ProblemCode) -> u8 {
    match code {
        ProblemCode::PathBudget => 13,
        ProblemCode::RevocationNotKnown => 12,
        ProblemCode::RevocationStale => 11,
        ProblemCode::RevocationNotYetValid => 10,
        ProblemCode::RevocationCriticalExtension => 9,
        ProblemCode::RevocationUnreadable => 8,
        ProblemCode::RevocationBadSignature => 7,
        ProblemCode::RevocationNonce => 6,
        ProblemCode::RevocationAlgorithm => 5,
        ProblemCode::RevocationSigner => 4,
        ProblemCode::RevocationNotCovered => 2,
        ProblemCode::RevocationResponderError => 1,
        _ => 0,
    }
}

/// A revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Since when, as the issuer says.
    pub revoked_at: Time,
    /// Why.
    pub reason: Reason,
    /// Since when the key was, or may have been, in wrong hands, or the certificate no longer right (RFC
    /// 5280, 5.3.2).
    pub invalidity_date: Option<Time>,
    /// Who says it.
    pub source: Source,
}

impl Revocation {
    /// Whether the certificate counts as revoked at a moment.
    pub fn counts_at(&self, at: Time) -> bool {
        let since = match self.invalidity_date {
            Some(date) => date.min(self.revoked_at),
            None if self.reason.is_compromise() => return true,
            None => self.revoked_at,
        };
        since <= at
    }

    /// Whether it can't be lifted again, as a hold can.
    fn lasts(&self) -> bool {
        self.reason != Reason::CertificateHold
    }

    fn problem(&self) -> Problem {
        let problem = Problem::new(ProblemCode::RevocationRevoked)
            .with("revokedAt", Detail::Time(self.revoked_at))
            .with_text("reason", self.reason.name())
            .with_text("source", self.source.name());
        match self.invalidity_date {
            Some(date) => problem.with("invalidityDate", Detail::Time(date)),
            None => problem,
        }
    }
}

/// Who tells of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the standard's names")]
pub enum Source {
    Crl,
    Ocsp,
}

impl Source {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            Source::Crl => "crl",
            Source::Ocsp => "ocsp",
        }
    }
}

/// Why a certificate is revoked.
///
/// ```text
/// CRLReason ::= ENUMERATED {
///   unspecified (0), keyCompromise (1), cACompromise (2), affiliationChanged (3), superseded (4),
///   cessationOfOperation (5), certificateHold (6), removeFromCRL (8), privilegeWithdrawn (9),
///   aACompromise (10) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the standard's names")]
pub enum Reason {
    Unspecified,
    KeyCompromise,
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    RemoveFromCrl,
    PrivilegeWithdrawn,
    AaCompromise,
}

impl Reason {
    /// From a CRLReason. One that does not exist says that the certificate is revoked, and no more.
    fn read(reason: Tlv<'_>) -> Result<Reason> {
        match (reason.tag, reason.value) {
            (tag::ENUMERATED, [number]) => Ok(match number {
                1 => Reason::KeyCompromise,
                2 => Reason::CaCompromise,
                3 => Reason::AffiliationChanged,
                4 => Reason::Superseded,
                5 => Reason::CessationOfOperation,
                6 => Reason::CertificateHold,
                8 => Reason::RemoveFromCrl,
                9 => Reason::PrivilegeWithdrawn,
                10 => Reason::AaCompromise,
                _ => Reason::Unspecified,
            }),
            _ => Err(Error::MalformedAsn1 { rule: "no CRLReason" }),
        }
    }

    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Unspecified => "unspecified",
            Reason::KeyCompromise => "key-compromise",
            Reason::CaCompromise => "ca-compromise",
            Reason::AffiliationChanged => "affiliation-changed",
            Reason::Superseded => "superseded",
            Reason::CessationOfOperation => "cessation-of-operation",
            Reason::CertificateHold => "certificate-hold",
            Reason::RemoveFromCrl => "remove-from-crl",
            Reason::PrivilegeWithdrawn => "privilege-withdrawn",
            Reason::AaCompromise => "aa-compromise",
        }
    }

    /// Whether a key may be in wrong hands.
    fn is_compromise(self) -> bool {
        matches!(self, Reason::KeyCompromise | Reason::CaCompromise | Reason::AaCompromise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revocation_counts_from_its_date_on_and_a_compromise_always() {
        let day = |day: i64| Time::from_secs(day * 86_400);
        let mut revocation = Revocation {
            revoked_at: day(10),
            reason: Reason::Superseded,
            invalidity_date: None,
            source: Source::Crl,
        };
        assert!(!revocation.counts_at(day(9)) && revocation.counts_at(day(10)));
        revocation.reason = Reason::KeyCompromise;
        assert!(revocation.counts_at(day(1)));
        revocation.invalidity_date = Some(day(5));
        assert!(!revocation.counts_at(day(4)) && revocation.counts_at(day(5)));
        // One that lies after the revocation postpones nothing.
        revocation.invalidity_date = Some(day(20));
        assert!(revocation.counts_at(day(10)));
    }
}
