//! Is this certificate good? Building a path from it to a trust anchor and checking the path
//! (RFC 5280, 6.1; RFC 8550). Does no I/O and knows no CMS.
//!
//! What is checked of every certificate below the anchor: signature, validity at the given moment,
//! unknown critical extensions; of every issuer also: it is a CA, may sign certificates, allows the
//! length of the path, and its extended key usages, if any, include e-mail protection. Name constraints
//! are not processed: an issuer that has them makes no trusted path. Policies limit nothing.
//! Revocation is not looked at.

use core::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::asn1::oids;
use crate::cert::Certificate;
use crate::crypto::{SignatureAlgorithm, SignatureCheck, Signed};
use crate::env::Time;
use crate::error::{Detail, Problem, ProblemCode};
use crate::limits::Limits;

/// What the target is to be used for (RFC 8550, 4.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It signed mail.
    Signing,
    /// A content-encryption key is to be encrypted for it.
    Encryption,
}

/// What a certificate is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The certificate.
    pub target: &'a Certificate,
    /// Certificates a path may go through, in any order.
    pub intermediates: &'a [Certificate],
    /// Where a path may end.
    pub anchors: &'a [Certificate],
    /// The moment.
    pub at: Time,
    /// The use.
    pub purpose: Purpose,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The path, the target first and the anchor last; where none reaches an anchor, the longest.
    pub chain: Vec<Certificate>,
    /// Why the path is no good; empty if it is.
    pub problems: Vec<Problem>,
}

impl Verdict {
    /// Whether a path without a problem leads to an anchor.
    pub fn is_trusted(&self) -> bool {
        self.problems.is_empty()
    }
}

/// What the searches of one call share: signatures that were checked, and how much work is left. Paths
/// share their upper parts, and one call asks for two moments and for many signers.
#[derive(Debug)]
pub struct Session {
    /// By the fingerprints of certificate and issuer.
    checked: HashMap<([u8; 32], [u8; 32]), Option<SignatureCheck>>,
    /// Signature checks left.
    signatures: usize,
    /// Certificates that may still be put on a path.
    steps: usize,
    path_length: usize,
}

impl Session {
    /// With all the work that is allowed still to spend.
    pub fn new(limits: &Limits) -> Session {
        Session {
            checked: HashMap::new(),
            signatures: limits.path_signatures,
            steps: limits.path_steps,
            path_length: limits.path_length,
        }
    }
}

/// Finds the best path. Of several, one without problems wins; else the one that gets furthest.
pub fn check(request: &Request<'_>, session: &mut Session) -> Verdict {
    let mut search =
        Search { request, session, best: None, longest: Vec::new(), is_exhausted: false };
    search.extend(&mut vec![request.target.clone()]);
    search.verdict()
}

struct Search<'a> {
    request: &'a Request<'a>,
    session: &'a mut Session,
    best: Option<Verdict>,
    longest: Vec<Certificate>,
    is_exhausted: bool,
}

impl Search<'_> {
    /// Tries every issuer of the last certificate of `path`. Returns whether the search is over.
    fn extend(&mut self, path: &mut Vec<Certificate>) -> bool {
        let Some(last) = path.last().cloned() else { return true };
        if self.session.steps == 0 {
            self.is_exhausted = true;
            return true;
        }
        self.session.steps -= 1;
        if path.len() > self.longest.len() {
            self.longest.clone_from(path);
        }
        if self.request.anchors.contains(&last) {
            return self.consider(path);
        }
        if path.len() > self.session.path_length || self.is_exhausted {
            return self.is_exhausted;
        }
        for issuer in self.issuers(&last) {
            if path.contains(&issuer) {
                continue;
            }
            path.push(issuer);
            let is_over = self.extend(path);
            path.pop();
            if is_over {
                return true;
            }
        }
        false
    }

    /// Certificates that may have issued this one: anchors first, those whose key identifier fits first.
    fn issuers(&self, certificate: &Certificate) -> Vec<Certificate> {
        let wanted = certificate.authority_key_identifier();
        let all = self.request.anchors.iter().chain(self.request.intermediates);
        let mut seen = HashSet::new();
        let mut issuers: Vec<Certificate> = all
            .filter(|issuer| issuer.subject() == certificate.issuer())
            .filter(|issuer| seen.insert(*issuer.fingerprint()))
            .cloned()
            .collect();
        issuers.sort_by_key(|issuer| {
            let found = issuer.subject_key_identifier();
            Reverse((wanted.is_some() && found == wanted, issuer.is_current(self.request.at)))
        });
        issuers
    }

    /// Checks a path that ends in an anchor. Returns whether nothing better can come.
    fn consider(&mut self, path: &[Certificate]) -> bool {
        let mut problems = self.rules(path);
        if problems.is_empty() {
            problems = self.signature_problems(path);
        }
        let is_better =
            self.best.as_ref().is_none_or(|best| rank(&problems) < rank(&best.problems));
        let is_good = problems.is_empty();
        if is_better {
            self.best = Some(Verdict { chain: path.to_vec(), problems });
        }
        is_good || self.is_exhausted
    }

    /// Everything but signatures: cheap, and so first.
    fn rules(&self, path: &[Certificate]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let below_anchor = path.len().saturating_sub(1);
        for (depth, certificate) in path.iter().enumerate() {
            let about = |code| about(code, certificate);
            if depth < below_anchor || path.len() == 1 {
                problems.extend(self.own_problems(certificate));
            }
            if depth == 0 {
                problems.extend(self.purpose_problems());
                continue;
            }
            // RFC 5280, 6.1.4 (k), (l), (n): the anchor's own certificate is held to them too.
            let constraints = certificate.basic_constraints();
            if !constraints.is_some_and(|constraints| constraints.ca) {
                problems.push(about(ProblemCode::PathNotCa));
            }
            // Self-issued certificates do not count (RFC 5280, 4.2.1.9).
            let between = path.iter().take(depth).skip(1).filter(|c| !c.is_self_issued()).count();
            if let Some(allowed) = constraints.and_then(|constraints| constraints.path_length)
                && between > usize::from(allowed)
            {
                problems.push(
                    about(ProblemCode::PathTooLong).with("allowed", Detail::Number(allowed.into())),
                );
            }
            if certificate.key_usages().is_some_and(|usages| !usages.key_cert_sign) {
                problems.push(about(ProblemCode::PathKeyUsage));
            }
            if !certificate.allows_email() && depth < below_anchor {
                problems.push(about(ProblemCode::PathExtendedKeyUsage));
            }
            if certificate.has_name_constraints() && depth < below_anchor {
                problems.push(about(ProblemCode::PathNameConstraints));
            }
        }
        problems
    }

    fn purpose_problems(&self) -> Vec<Problem> {
        let target = self.request.target;
        let mut problems = Vec::new();
        let is_allowed = match self.request.purpose {
            Purpose::Signing => target.allows_signing(),
            Purpose::Encryption => target.allows_encryption(),
        };
        if !is_allowed {
            problems.push(about(ProblemCode::PathKeyUsage, target));
        }
        if !target.allows_email() {
            problems.push(about(ProblemCode::PathExtendedKeyUsage, target));
        }
        problems
    }

    fn own_problems(&self, certificate: &Certificate) -> Vec<Problem> {
        let at = self.request.at;
        let mut problems = Vec::new();
        if certificate.not_before() > at {
            problems.push(
                about(ProblemCode::PathNotYetValid, certificate)
                    .with("notBefore", Detail::Time(certificate.not_before()))
                    .with("at", Detail::Time(at)),
            );
        }
        if certificate.not_after() < at {
            problems.push(
                about(ProblemCode::PathExpired, certificate)
                    .with("notAfter", Detail::Time(certificate.not_after()))
                    .with("at", Detail::Time(at)),
            );
        }
        // Name constraints have their own answer.
        for oid in certificate.unknown_critical_extensions() {
            if *oid != oids::NAME_CONSTRAINTS {
                problems.push(
                    about(ProblemCode::PathCriticalExtension, certificate)
                        .with_text("extension", &oid.to_string()),
                );
            }
        }
        problems
    }

    fn signature_problems(&mut self, path: &[Certificate]) -> Vec<Problem> {
        for pair in path.windows(2) {
            let [certificate, issuer] = pair else { continue };
            let strong =
                certificate.signature_algorithm().filter(|algorithm| algorithm.is_strong());
            let algorithm_problem = || {
                vec![
                    about(ProblemCode::PathAlgorithm, certificate)
                        .with_text("algorithm", &certificate.signature_name()),
                ]
            };
            let Some(algorithm) = strong else { return algorithm_problem() };
            match self.signature(certificate, issuer, algorithm) {
                Some(SignatureCheck::Holds) => {}
                Some(SignatureCheck::Fails) => {
                    return vec![about(ProblemCode::PathBadSignature, certificate)];
                }
                None if self.is_exhausted => return vec![Problem::new(ProblemCode::PathBudget)],
                None => return algorithm_problem(),
            }
        }
        Vec::new()
    }

    fn signature(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        algorithm: &SignatureAlgorithm,
    ) -> Option<SignatureCheck> {
        let key = (*certificate.fingerprint(), *issuer.fingerprint());
        if let Some(&known) = self.session.checked.get(&key) {
            return known;
        }
        if self.session.signatures == 0 {
            self.is_exhausted = true;
            return None;
        }
        self.session.signatures -= 1;
        let signed = Signed::Message(certificate.tbs());
        let found = issuer.public_key().verify(algorithm, signed, certificate.signature());
        self.session.checked.insert(key, found);
        found
    }

    fn verdict(self) -> Verdict {
        if let Some(best) = self.best {
            return best;
        }
        let mut problems = vec![match (self.request.anchors.is_empty(), self.longest.last()) {
            _ if self.is_exhausted => Problem::new(ProblemCode::PathBudget),
            (true, _) => Problem::new(ProblemCode::PathNoAnchors),
            (false, Some(last)) => Problem::new(ProblemCode::PathUnknownIssuer)
                .with_text("issuer", &last.issuer_text())
                .with("selfIssued", Detail::Flag(last.is_self_issued())),
            (false, None) => Problem::new(ProblemCode::PathUnknownIssuer),
        }];
        problems.extend(self.own_problems(self.request.target));
        problems.extend(self.purpose_problems());
        Verdict { chain: self.longest, problems }
    }
}

/// A problem that names the certificate it is about.
fn about(code: ProblemCode, certificate: &Certificate) -> Problem {
    Problem::new(code).with_text("subject", &certificate.subject_text())
}

/// The smaller, the nearer to a good path.
fn rank(problems: &[Problem]) -> (usize, u8) {
    let severity = |problem: &Problem| match problem.code {
        ProblemCode::PathBadSignature => 9,
        ProblemCode::PathNotCa => 8,
        ProblemCode::PathBudget => 7,
        ProblemCode::PathExpired | ProblemCode::PathNotYetValid => 1,
        _ => 5,
    };
    (problems.len(), problems.iter().map(severity).max().unwrap_or(0))
}
