//! Whether a certificate is good at a moment, revocation included: drives `path::Search` and gives it
//! what it needs, from what is at hand and, where that is allowed, from outside.
//!
//! * Certificates of a missing issuer are fetched from where the certificate says (RFC 5280, 4.2.2.1).
//! * Revocation is asked only of paths that reach a trust anchor and hold, from the anchor down: what is
//!   at hand first, then the certificate's OCSP responders, then its CRLs (RFC 5280, 6.3; RFC 6960). Who
//!   is revoked vouches for no address below.
//! * Every address goes through [`is_fetchable`](crate::path::revocation::is_fetchable), after each
//!   redirect again. [`Limits`] bound the number, the size and the time.
//! * A fetched CRL or response is kept only if it may be believed: well signed, and current.

mod fetcher;
mod shelf;
mod sources;

pub use self::fetcher::{FetchKind, FetchRequest, Fetched, Fetcher, Fetching};
pub use self::shelf::CrlShelf;

use std::collections::HashMap;

use self::sources::{Place, Sources};
use crate::cert::{Certificate, pem_blocks};
use crate::env::{Env, Time};
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::path::revocation::{Crl, OcspResponse, RevocationStatus};
use crate::path::{PolicyInputs, Pool, Purpose, Request, Search, Step, Verdict};

/// How revocation is asked for, and what may be fetched.
#[derive(Clone, Copy, Debug)]
pub struct RevocationOptions<'a> {
    /// How much it counts. `None` is soft where there are CRLs or OCSP responses, else off.
    pub policy: Option<RevocationPolicy>,
    /// CRLs, in any order, of anybody.
    pub crls: &'a [Crl],
    /// OCSP responses, in any order, about anything.
    pub ocsp_responses: &'a [OcspResponse],
    /// Who fetches. Without one nothing is.
    pub fetcher: Option<&'a dyn Fetcher>,
    /// Whether it may be asked at all. Not by a message that decrypted without integrity: that it was
    /// opened is nobody's business outside.
    pub may_fetch: bool,
    /// Where fetched CRLs stay from call to call.
    pub shelf: Option<&'a CrlShelf>,
}

impl Default for RevocationOptions<'_> {
    fn default() -> Self {
        RevocationOptions {
            policy: None,
            crls: &[],
            ocsp_responses: &[],
            fetcher: None,
            may_fetch: true,
            shelf: None,
        }
    }
}

impl RevocationOptions<'_> {
    fn policy(&self) -> RevocationPolicy {
        let is_given = !self.crls.is_empty() || !self.ocsp_responses.is_empty();
        let default = if is_given { RevocationPolicy::Soft } else { RevocationPolicy::Off };
        self.policy.unwrap_or(default)
    }
}

/// How much revocation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationPolicy {
    /// It is not asked for.
    Off,
    /// What is revoked is no good; where nothing is known, that is told. Where a limit kept it from being
    /// known, the certificate is no good.
    Soft,
    /// Where nothing is known, the certificate is no good either.
    Hard,
}

impl RevocationPolicy {
    /// What of a path's statuses speaks against it.
    fn objections(self, chain: &[Certificate], statuses: &[RevocationStatus]) -> Vec<Problem> {
        let counts = |status: &&RevocationStatus| match status {
            RevocationStatus::Good => false,
            RevocationStatus::Revoked(_) => true,
            // What there is was not looked at: no message may bring that about and be trusted.
            RevocationStatus::Unknown(problem) => {
                self == RevocationPolicy::Hard || problem.code == ProblemCode::PathBudget
            }
        };
        problems(chain, statuses, counts)
    }
}

/// Those of the statuses that are problems and `counts` says so of.
fn problems(
    chain: &[Certificate],
    statuses: &[RevocationStatus],
    counts: impl Fn(&&RevocationStatus) -> bool,
) -> Vec<Problem> {
    let pairs = statuses.iter().zip(chain).filter(|(status, _)| counts(status));
    pairs.filter_map(|(status, certificate)| status.problem(certificate)).collect()
}

/// What is known of the revocation of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationVerdict {
    /// No certificate of it is revoked.
    Good,
    /// One is.
    Revoked,
    /// Of one at least nothing is known, and none is known to be revoked.
    Unknown,
    /// It was not asked for, or no path was good enough to ask.
    Unchecked,
}

impl RevocationVerdict {
    fn of(statuses: &[RevocationStatus]) -> RevocationVerdict {
        let is_known = |status: &RevocationStatus| !matches!(status, RevocationStatus::Unknown(_));
        if statuses.iter().any(is_revoked) {
            RevocationVerdict::Revoked
        } else if statuses.is_empty() {
            RevocationVerdict::Unchecked
        } else if statuses.iter().all(is_known) {
            RevocationVerdict::Good
        } else {
            RevocationVerdict::Unknown
        }
    }
}

fn is_revoked(status: &RevocationStatus) -> bool {
    matches!(status, RevocationStatus::Revoked(_))
}

fn is_unknown(status: &RevocationStatus) -> bool {
    matches!(status, RevocationStatus::Unknown(_))
}

/// From DER or PEM.
///
/// # Errors
///
/// `limit/crl-bytes`, `malformed/crl`.
pub fn parse_crl(data: Vec<u8>, limits: &Limits) -> Result<Crl> {
    let block = |data: &[u8]| {
        let mut blocks = pem_blocks(data).into_iter();
        blocks.find(|block| matches!(block.label.as_str(), "X509 CRL" | "CRL"))
    };
    match data.starts_with(b"\x30") {
        true => Crl::from_der(data, limits),
        false => match block(&data) {
            Some(block) => Crl::from_der(block.bytes, limits),
            None => Err(Error::MalformedCrl { rule: "it is neither DER nor PEM" }),
        },
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) target: &'a Certificate,
    pub(super) at: Time,
    pub(super) purpose: Purpose,
    pub(super) address: Option<&'a str>,
    pub(super) policies: PolicyInputs<'a>,
    /// Whether this certificate is worth asking outside for.
    pub(super) may_fetch: bool,
}

/// The answer.
#[derive(Debug)]
pub(super) struct Decision {
    pub(super) verdict: Verdict,
    pub(super) revocation: RevocationVerdict,
    /// What is not known of the revocation of a path that is trusted all the same.
    pub(super) notes: Vec<Problem>,
}

impl Decision {
    pub(super) fn is_trusted(&self) -> bool {
        self.verdict.is_trusted()
    }
}

/// What one call knows about certificates: where paths may go, and what came to hand meanwhile.
#[derive(Debug)]
pub(super) struct Trust<'a> {
    pool: Pool,
    policy: RevocationPolicy,
    sources: Sources<'a>,
}

impl<'a> Trust<'a> {
    pub(super) fn new(env: &Env, pool: Pool, options: &RevocationOptions<'a>) -> Trust<'a> {
        Trust { pool, policy: options.policy(), sources: Sources::new(env, options) }
    }

    /// Adds issuers.
    pub(super) fn add_intermediates(&mut self, issuers: impl IntoIterator<Item = Certificate>) {
        self.pool.extend(issuers);
    }

    /// Allows as much work again as at the beginning, for another question.
    pub(super) fn refill(&mut self) {
        self.sources.session.refill();
    }

    /// Adds CRLs and OCSP responses of a message, as far as they can be read, fit the limits, and are
    /// asked for.
    pub(super) fn embed(&mut self, crls: &[&[u8]], ocsp_responses: &[&[u8]]) {
        if self.policy != RevocationPolicy::Off {
            self.sources.embed(crls, ocsp_responses);
        }
    }

    /// Looks for a path that is good, revocation included.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub(super) async fn decide(
        &mut self,
        env: &mut Env,
        question: Question<'_>,
    ) -> Result<Decision> {
        let Trust { pool, policy, sources } = self;
        let Question { target, at, purpose, address, policies, may_fetch } = question;
        let with_revocation = *policy != RevocationPolicy::Off;
        let request = Request::new(target, pool, at, purpose);
        let mut search = Search::new(Request { address, policies, with_revocation, ..request });
        let mut told: Vec<(Vec<Certificate>, Vec<RevocationStatus>)> = Vec::new();
        let mut fetched = Vec::new();
        let mut revoked = HashMap::new();
        // What is known wins: a path of which nothing is known is taken where no other is known to be good,
        // and none of its certificates is known to be revoked.
        let mut measure = match *policy {
            RevocationPolicy::Soft => RevocationPolicy::Hard,
            policy => policy,
        };
        let verdict = loop {
            // A step takes up to a few hundred signature checks.
            env.tick(1, 1).await?;
            let mut all = told.iter().flat_map(|(_, statuses)| statuses);
            let may_be_taken = measure != *policy && all.any(is_unknown);
            match search.run(&mut sources.session) {
                // A path that may be taken needs no other one from outside.
                Step::NeedCertificates { addresses, .. } if may_fetch && !may_be_taken => {
                    let issuers = sources.issuers(&addresses).await;
                    fetched.extend_from_slice(&issuers);
                    search.supply(issuers);
                }
                Step::NeedCertificates { .. } => {}
                Step::NeedRevocation { chain } => {
                    let earlier = told.iter().position(|(other, _)| *other == chain);
                    let mut statuses = match earlier.map(|position| told.swap_remove(position)) {
                        Some((_, statuses)) => statuses,
                        None => {
                            let place = Place { pool: search.pool(), chain: &chain, at };
                            sources.statuses(env, place, may_fetch).await?
                        }
                    };
                    remember_revoked(&mut revoked, &chain, &mut statuses);
                    let objections = measure.objections(&chain, &statuses);
                    told.push((chain.clone(), statuses));
                    search.report(chain, objections);
                }
                Step::Done(verdict) if !verdict.is_trusted() && may_be_taken => {
                    measure = *policy;
                    search.reconsider();
                }
                Step::Done(verdict) => break verdict,
            }
        };
        drop(search);
        if !fetched.is_empty() {
            pool.extend(fetched);
        }
        let statuses = told.into_iter().find(|(chain, _)| *chain == verdict.chain);
        let statuses = statuses.map(|(_, statuses)| statuses).unwrap_or_default();
        let notes = match verdict.is_trusted() {
            true => problems(&verdict.chain, &statuses, |status| is_unknown(status)),
            false => Vec::new(),
        };
        Ok(Decision { revocation: RevocationVerdict::of(&statuses), verdict, notes })
    }

    /// What there is to tell of what was fetched, or not, since this was asked last.
    pub(super) fn take_problems(&mut self) -> Vec<Problem> {
        self.sources.take_problems()
    }
}

/// What is revoked on one path is so on every other, even where who told of it has no path to its anchor.
fn remember_revoked(
    revoked: &mut HashMap<[u8; 32], RevocationStatus>,
    chain: &[Certificate],
    statuses: &mut [RevocationStatus],
) {
    for (certificate, status) in chain.iter().zip(statuses) {
        let fingerprint = *certificate.fingerprint();
        if is_revoked(status) {
            revoked.insert(fingerprint, status.clone());
        } else if let Some(known) = revoked.get(&fingerprint) {
            status.clone_from(known);
        }
    }
}
