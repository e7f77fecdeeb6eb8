//! The search for the best path, as a state machine: it never waits for anything, it says what it needs.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::ControlFlow;

use der::asn1::ObjectIdentifier;

use super::pool::{Entry, Pool};
use super::session::{Session, Spent};
use super::trail::{Trail, key_identifiers};
use super::validate::{own_problems, purpose_problems, validate};
use super::{Request, TrustAnchor, about};
use crate::bytes::sort_by_key;
use crate::cert::Certificate;
use crate::error::{Detail, Problem, ProblemCode};

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The path, the target first and the anchor last; where none reaches an anchor, as far as it gets.
    pub chain: Vec<Certificate>,
    /// Why the path is no good, what weighs most first; empty if it is good.
    pub problems: Vec<Problem>,
    /// The policies the path is good for (RFC 5280, 6.1.6): those of the user-initial-policy-set that
    /// hold, in the terms of the anchor; `anyPolicy` alone if all do.
    pub policies: Vec<ObjectIdentifier>,
}

impl Verdict {
    /// Whether a path without a problem leads to an anchor.
    pub fn is_trusted(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Where a search stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// No good path yet. Certificates of the issuer could help: give them by [`Search::supply`], or not,
    /// and run on.
    NeedCertificates {
        /// The certificate whose issuer is missing, or did not sign it.
        certificate: Certificate,
        /// Where that certificate says its issuer's are (`id-ad-caIssuers`). Its issuer did not vouch
        /// for these addresses yet.
        addresses: Vec<String>,
    },
    /// A path that is good as far as this room knows. Tell by [`Search::report`] what revocation has
    /// against it, and run on. Only where the request asks for it.
    NeedRevocation {
        /// The path, the target first and the anchor last.
        chain: Vec<Certificate>,
    },
    /// The end.
    Done(Verdict),
}

/// A search. Ask for its next step until it is done.
#[derive(Debug)]
pub struct Search<'a> {
    request: Request<'a>,
    pool: Cow<'a, Pool>,
    /// The best path to an anchor so far.
    best: Option<Verdict>,
    /// What ended the search before all paths were tried.
    spent: Option<Spent>,
    is_explored: bool,
    /// Certificates whose signature none of the known issuers made.
    unsigned: Vec<Certificate>,
    /// Those that were asked for already.
    asked: HashSet<[u8; 32]>,
    /// What revocation said about paths.
    reported: Vec<(Vec<Certificate>, Vec<Problem>)>,
}

impl<'a> Search<'a> {
    /// Of what a request asks.
    pub fn new(request: Request<'a>) -> Search<'a> {
        Search {
            request,
            pool: Cow::Borrowed(request.pool),
            best: None,
            spent: None,
            is_explored: false,
            unsigned: Vec::new(),
            asked: HashSet::new(),
            reported: Vec::new(),
        }
    }

    /// Goes on until something is needed.
    pub fn run(&mut self, session: &mut Session) -> Step {
        self.explore(session);
        if let Some(best) = self.good() {
            let is_reported = self.reported.iter().any(|(chain, _)| *chain == best.chain);
            if self.request.with_revocation && !is_reported {
                return Step::NeedRevocation { chain: best.chain.clone() };
            }
            return Step::Done(best.clone());
        }
        let trail = Trail::follow(&self.pool, self.request.target, session.path_length());
        if let Some(certificate) = self.question(&trail, session) {
            self.asked.insert(*certificate.fingerprint());
            let addresses = certificate.ca_issuers().to_vec();
            return Step::NeedCertificates { certificate, addresses };
        }
        Step::Done(self.failure(trail, session))
    }

    /// Where its paths may go by now, with what was supplied.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Goes to the end with what is there.
    pub(super) fn finish(mut self, session: &mut Session) -> Verdict {
        self.explore(session);
        match self.good() {
            Some(best) => best.clone(),
            None => {
                let trail = Trail::follow(&self.pool, self.request.target, session.path_length());
                self.failure(trail, session)
            }
        }
    }

    fn good(&self) -> Option<&Verdict> {
        self.best.as_ref().filter(|best| best.is_trusted())
    }

    /// Gives certificates that may have been asked for.
    pub fn supply(&mut self, certificates: impl IntoIterator<Item = Certificate>) {
        if self.pool.to_mut().extend(certificates) {
            self.restart();
        }
    }

    /// Tells what revocation has against a path: nothing, if `problems` is empty. Else the search goes on
    /// for another one.
    pub fn report(&mut self, chain: Vec<Certificate>, problems: Vec<Problem>) {
        if !problems.is_empty() {
            self.restart();
        }
        self.reported.push((chain, problems));
    }

    /// Forgets what was told of paths, so that they are asked about again and judged anew.
    pub fn reconsider(&mut self) {
        self.reported.clear();
        self.restart();
    }

    /// From the beginning, with what is known by now: signatures are not checked again.
    fn restart(&mut self) {
        self.best = None;
        self.spent = None;
        self.unsigned.clear();
        self.is_explored = false;
    }

    /// Tries paths until one is good or there are none left, once for all that is known.
    fn explore(&mut self, session: &mut Session) {
        if self.is_explored {
            return;
        }
        self.is_explored = true;
        let mut path = vec![self.request.target.clone()];
        let _ = self.extend(&mut path, session);
    }

    /// Tries the last certificate of `path` as the end, then all its issuers. Breaks when the search is
    /// over.
    fn extend(&mut self, path: &mut Vec<Certificate>, session: &mut Session) -> ControlFlow<()> {
        let Some(last) = path.last().cloned() else { return ControlFlow::Break(()) };
        if let Err(spent) = session.step() {
            return self.stop(spent);
        }
        if let Some(anchor) = self.pool.anchor(&last).cloned() {
            self.consider(path, &anchor, session)?;
        }
        for issuer in self.candidates(&last, path, session) {
            // A path tried meanwhile may have shown that this one's lower part does not hold.
            if refuted(path, session).is_some() {
                break;
            }
            if session.is_refuted(&last, issuer.spki()) {
                self.keep_refuted(path, issuer);
                continue;
            }
            path.push(issuer);
            let flow = self.extend(path, session);
            path.pop();
            flow?;
        }
        ControlFlow::Continue(())
    }

    /// Issuers by name from which an anchor can be reached, the most promising first: as the key
    /// identifiers say, which are no more than a hint, then the nearest to an anchor, then those that
    /// are valid.
    fn candidates(
        &mut self,
        certificate: &Certificate,
        path: &[Certificate],
        session: &Session,
    ) -> Vec<Certificate> {
        // `path_length` counts without the anchor.
        let room = session.path_length().saturating_sub(path.len());
        let mut found: Vec<(usize, &Entry)> = Vec::new();
        for entry in self.pool.issuers(certificate) {
            let Some(distance) = entry.distance else { continue };
            if distance > room {
                self.spent.get_or_insert(Spent::Length);
            } else if !path.iter().any(|known| is_same_issuer(known, &entry.certificate)) {
                found.push((distance, entry));
            }
        }
        sort_by_key(&mut found, |(distance, entry)| {
            let issuer = &entry.certificate;
            let is_current = issuer.is_current(self.request.at);
            (key_identifiers(certificate, issuer), *distance, Reverse(is_current))
        });
        found.into_iter().map(|(_, entry)| entry.certificate.clone()).collect()
    }

    /// Validates a path that ends in an anchor. Breaks if nothing better can come.
    fn consider(
        &mut self,
        path: &[Certificate],
        anchor: &TrustAnchor,
        session: &mut Session,
    ) -> ControlFlow<()> {
        let validation = match validate(path, anchor, &self.request, session) {
            Ok(validation) => validation,
            Err(spent) => return self.stop(spent),
        };
        let mut problems = validation.problems;
        if problems.is_empty()
            && let Some((_, found)) = self.reported.iter().find(|(chain, _)| chain == path)
        {
            problems.clone_from(found);
        }
        if problems.iter().any(|problem| problem.code == ProblemCode::PathBadSignature) {
            self.unsigned.extend(refuted(path, session).cloned());
        }
        let is_good = problems.is_empty();
        self.keep(Verdict { chain: path.to_vec(), problems, policies: validation.policies });
        if is_good { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// An issuer that is known not to have signed the last certificate of a path.
    fn keep_refuted(&mut self, path: &[Certificate], issuer: Certificate) {
        let Some(last) = path.last() else { return };
        let problems = vec![about(ProblemCode::PathBadSignature, last)];
        self.unsigned.push(last.clone());
        let chain = path.iter().cloned().chain([issuer]).collect();
        self.keep(Verdict { chain, problems, policies: Vec::new() });
    }

    fn keep(&mut self, verdict: Verdict) {
        let is_better =
            self.best.as_ref().is_none_or(|best| rank(&verdict.problems) < rank(&best.problems));
        if is_better {
            self.best = Some(verdict);
        }
    }

    fn stop(&mut self, spent: Spent) -> ControlFlow<()> {
        self.spent = Some(spent);
        ControlFlow::Break(())
    }

    /// The next certificate to ask for. Where the target is no good by itself, or no work is left, no
    /// issuer can help.
    fn question(&self, trail: &Trail, session: &mut Session) -> Option<Certificate> {
        if !own_problems(self.request.target, &self.request).is_empty()
            || !purpose_problems(&self.request).is_empty()
            || self.pool.has_no_anchors()
            || self.spent.is_some_and(|spent| spent != Spent::Length)
        {
            return None;
        }
        let mut candidates = trail.ends.iter().chain(&self.unsigned);
        let next = candidates.find(|candidate| !self.asked.contains(candidate.fingerprint()))?;
        session.may_ask().then(|| next.clone())
    }

    /// The verdict where no path is good.
    fn failure(&self, trail: Trail, session: &Session) -> Verdict {
        // What would have come is not known: a wrong issuer, which is all that was found, says nothing.
        // A path that was found, though, is told even if others would have been too long.
        let is_wrong = |problem: &Problem| problem.code == ProblemCode::PathBadSignature;
        let has_path = self.best.as_ref().is_some_and(|best| !best.problems.iter().any(is_wrong));
        let spent = self.spent.filter(|spent| *spent != Spent::Length || !has_path);
        let spent = spent.map(|spent| session.problem(spent));
        let mut verdict = match &self.best {
            Some(best) => best.clone(),
            None => {
                let end = trail.chain.last();
                let mut problems = vec![match (self.pool.has_no_anchors(), end) {
                    (true, _) => Problem::new(ProblemCode::PathNoAnchors),
                    (false, Some(end)) => Problem::new(ProblemCode::PathUnknownIssuer)
                        .with_text("issuer", &end.issuer_text())
                        .with("selfIssued", Detail::Flag(end.is_self_issued())),
                    (false, None) => Problem::new(ProblemCode::PathUnknownIssuer),
                }];
                if spent.is_some() {
                    problems.clear();
                }
                problems.extend(own_problems(self.request.target, &self.request));
                problems.extend(purpose_problems(&self.request));
                Verdict { chain: trail.chain, problems, policies: Vec::new() }
            }
        };
        if let Some(spent) = spent {
            verdict.problems.retain(|problem| !is_wrong(problem));
            verdict.problems.push(spent);
        }
        sort_by_key(&mut verdict.problems, |problem| Reverse(severity(problem)));
        verdict
    }
}

/// The first certificate of a path that is known not to be signed by the next.
fn refuted<'a>(path: &'a [Certificate], session: &Session) -> Option<&'a Certificate> {
    path.windows(2).find_map(|pair| match pair {
        [certificate, issuer] if session.is_refuted(certificate, issuer.spki()) => {
            Some(certificate)
        }
        _ => None,
    })
}

/// RFC 4158, 2.4.2: a path that goes through one issuer twice only adds to what can go wrong.
fn is_same_issuer(a: &Certificate, b: &Certificate) -> bool {
    // Keys first: many certificates of one long name would take long to tell apart by that.
    a.spki() == b.spki() && a.comparable_subject() == b.comparable_subject()
}

/// The smaller, the nearer to a good path: the worst problem decides, then how many there are.
fn rank(problems: &[Problem]) -> (u8, usize) {
    (problems.iter().map(severity).max().unwrap_or(0), problems.len())
}

/// How much a problem weighs. What says that this is not the path weighs more than what is wrong with
/// the path, so that of several paths the one whose problem is most to the point is told.
fn severity(problem: &Problem) -> u8 {
    match problem.code {
        ProblemCode::PathBudget => 10,
        ProblemCode::PathBadSignature => 9,
        ProblemCode::PathUnknownIssuer | ProblemCode::PathNoAnchors => 8,
        ProblemCode::PathNotCa => 7,
        ProblemCode::PathTooLong | ProblemCode::PathKeyUsage => 6,
        ProblemCode::PathExpired | ProblemCode::PathNotYetValid => 2,
        // Asked only of paths that are good otherwise. A revocation is never left out for what is not
        // known of another path.
        ProblemCode::RevocationRevoked => 0,
        code if code.is_revocation() => 1,
        ProblemCode::PathAnchorPurpose
        | ProblemCode::PathAnchorAddress
        | ProblemCode::PathAnchorDistrusted => 4,
        _ => 5,
    }
}
