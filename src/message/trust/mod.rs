//! Whether a certificate is good at a moment, revocation included: drives `path::Search` and gives it
//! what it needs, from what is at hand and, where that is allowed, from outside.
//!
//! * Certificates of a missing issuer are fetched from where the certificate says (RFC 5280, 4.2.2.1).
//! * Revocation is asked only of paths that reach a trust anchor and hold, from the anchor down: what is
//!   at hand first, then the certificate's OCSP responders, then its CRLs (RFC 5280, 6.3; RFC 6960). Who
//!   is revoked vouches for no address below.
//! * Every address goes through [`is_fetchable`](crate::path::revocation::is_fetchable), after each
//!   redirect again. [`Limits`](crate::limits::Limits) bound the number, the size and the time.
//! * A fetched CRL or response is kept only if it may be believed: well signed, and current.

mod fetcher;
mod shelf;

use std::collections::HashMap;

pub use self::fetcher::{FetchKind, FetchRequest, Fetched, Fetcher, Fetching};
pub use self::shelf::CrlShelf;

use self::fetcher::Network;
use super::certificates::parse_certificates;
use crate::bytes::hex;
use crate::cert::{Certificate, pem_blocks};
use crate::crypto::Digester;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::env::{Env, Time};
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::path::revocation::{
    ChainRequest, Crl, NeedRevocation, OcspRequest, OcspResponse, RevocationStatus, accepts_crl,
    accepts_ocsp, check_at, crl_places,
};
use crate::path::{PolicyInputs, Pool, Purpose, Request, Search, Session, Step, Verdict};

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
    /// What is revoked is no good; where nothing is known, that is told.
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
            RevocationStatus::Unknown(_) => self == RevocationPolicy::Hard,
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
    sources: Sources<'a>,
}

impl<'a> Trust<'a> {
    pub(super) fn new(env: &Env, pool: Pool, options: &RevocationOptions<'a>) -> Trust<'a> {
        let limits = *env.limits();
        let sources = Sources {
            now: env.now(),
            limits,
            policy: options.policy(),
            session: Session::new(&limits),
            crls: options.crls.to_vec(),
            ocsp_responses: options.ocsp_responses.to_vec(),
            network: Network::new(options.fetcher, options.may_fetch, &limits),
            shelf: options.shelf,
            asked: HashMap::new(),
        };
        Trust { pool, sources }
    }

    /// Adds CRLs and OCSP responses of a message, as far as they can be read, fit the limits, and are
    /// asked for.
    pub(super) fn embed(&mut self, crls: &[&[u8]], ocsp_responses: &[&[u8]]) {
        let Sources { limits, policy, .. } = self.sources;
        if policy == RevocationPolicy::Off {
            return;
        }
        let crls = within(crls, limits.crl_bytes);
        self.sources.crls.extend(crls.flat_map(|der| Crl::from_der(der.to_vec(), &limits)));
        let responses = within(ocsp_responses, limits.ocsp_bytes);
        let responses = responses.flat_map(|der| OcspResponse::from_der(der, &limits));
        self.sources.ocsp_responses.extend(responses);
    }

    /// Looks for a path that is good, revocation included.
    pub(super) async fn decide(&mut self, env: &mut Env, question: Question<'_>) -> Decision {
        let Trust { pool, sources } = self;
        let Question { target, at, purpose, address, policies, may_fetch } = question;
        let with_revocation = sources.policy != RevocationPolicy::Off;
        let request = Request::new(target, pool, at, purpose);
        let mut search = Search::new(Request { address, policies, with_revocation, ..request });
        let mut told: Vec<(Vec<Certificate>, Vec<RevocationStatus>)> = Vec::new();
        let mut fetched = Vec::new();
        let verdict = loop {
            match search.run(&mut sources.session) {
                Step::NeedCertificates { addresses, .. } if may_fetch => {
                    let issuers = sources.issuers(&addresses).await;
                    fetched.extend_from_slice(&issuers);
                    search.supply(issuers);
                }
                Step::NeedCertificates { .. } => {}
                Step::NeedRevocation { chain } => {
                    let place = Place { pool: search.pool(), chain: &chain, at };
                    let statuses = sources.statuses(env, place, may_fetch).await;
                    let objections = sources.policy.objections(&chain, &statuses);
                    told.push((chain.clone(), statuses));
                    search.report(chain, objections);
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
        Decision { revocation: RevocationVerdict::of(&statuses), verdict, notes }
    }

    /// What there is to tell of what was fetched, or not, since this was asked last.
    pub(super) fn take_problems(&mut self) -> Vec<Problem> {
        self.sources.network.take_problems()
    }
}

/// The first of them that together have no more bytes than that.
fn within<'s>(parts: &'s [&'s [u8]], mut bytes: usize) -> impl Iterator<Item = &'s [u8]> {
    parts.iter().copied().take_while(move |part| match bytes.checked_sub(part.len()) {
        Some(left) => {
            bytes = left;
            true
        }
        None => false,
    })
}

/// A path, and the moment it is asked about.
#[derive(Clone, Copy, Debug)]
struct Place<'p> {
    pool: &'p Pool,
    chain: &'p [Certificate],
    at: Time,
}

/// What tells of revocation, and where more of it is.
#[derive(Debug)]
struct Sources<'a> {
    now: Time,
    limits: Limits,
    policy: RevocationPolicy,
    session: Session,
    crls: Vec<Crl>,
    ocsp_responses: Vec<OcspResponse>,
    network: Network<'a>,
    shelf: Option<&'a CrlShelf>,
    /// What was asked for outside in this call, by its key, and whether it was of use. Nothing is asked
    /// for twice.
    asked: HashMap<String, bool>,
}

impl Sources<'_> {
    /// Certificates of an issuer.
    async fn issuers(&mut self, addresses: &[String]) -> Vec<Certificate> {
        for address in addresses {
            if self.asked.insert(address.clone(), true).is_some() {
                continue;
            }
            let kind = FetchKind::Certificates;
            let Some(data) = self.network.get(kind, address, None).await else { continue };
            match parse_certificates(&data, &self.limits) {
                Ok(found) => return found,
                Err(_) => self.network.fail::<()>(address, "unreadable"),
            };
        }
        Vec::new()
    }

    /// The statuses of a path's certificates, in its order.
    async fn statuses(
        &mut self,
        env: &mut Env,
        place: Place<'_>,
        may_fetch: bool,
    ) -> Vec<RevocationStatus> {
        let mut statuses = Vec::new();
        for position in (0..place.chain.len().saturating_sub(1)).rev() {
            let mut status = self.status(place, position);
            if is_unknown(&status) && may_fetch && !statuses.iter().any(is_revoked) {
                status = self.look_outside(env, place, position, status).await;
            }
            statuses.push(status);
        }
        statuses.reverse();
        statuses
    }

    /// By what is at hand.
    fn status(&mut self, place: Place<'_>, position: usize) -> RevocationStatus {
        let Sources { now, session, crls, ocsp_responses, .. } = self;
        check_at(&chain_request(place, *now, crls, ocsp_responses), position, session)
            .unwrap_or(RevocationStatus::Unknown(Problem::new(ProblemCode::RevocationUnknown)))
    }

    /// By what the certificate's pointers lead to, one after the other, until something is known.
    async fn look_outside(
        &mut self,
        env: &mut Env,
        place: Place<'_>,
        position: usize,
        mut status: RevocationStatus,
    ) -> RevocationStatus {
        let pair = place.chain.get(position).zip(place.chain.get(position + 1));
        let Some((certificate, issuer)) = pair else { return status };
        let need = NeedRevocation::new(certificate, issuer);
        for address in &need.ocsp {
            let request = OcspRequest::new(env, certificate, issuer);
            self.ask_responder(place, position, address, &request).await;
            status = self.status(place, position);
            if !is_unknown(&status) {
                return status;
            }
        }
        let before = self.crls.len();
        for addresses in &need.crls {
            self.get_crl(place, position, addresses).await;
            status = self.status(place, position);
            if !is_unknown(&status) {
                break;
            }
        }
        let complete = self.crls.get(before..).unwrap_or_default();
        if complete.is_empty() || is_revoked(&status) {
            return status;
        }
        let named = complete.iter().flat_map(|crl| crl_places(crl.freshest_crl()));
        for addresses in need.delta_crls.iter().cloned().chain(named).collect::<Vec<_>>() {
            self.get_crl(place, position, &addresses).await;
        }
        self.status(place, position)
    }

    async fn ask_responder(
        &mut self,
        place: Place<'_>,
        position: usize,
        address: &str,
        request: &OcspRequest,
    ) {
        let id = Digester::digest(DigestAlgorithm::Sha256, request.certificate_id());
        let key = format!("{address}#{}", hex::encode(&id));
        if self.asked.insert(key.clone(), true).is_some() {
            return;
        }
        let kept = self.network.cached(&key).await;
        if let Some(response) = kept.and_then(|der| OcspResponse::from_der(&der, &self.limits).ok())
            && self.accepts_response(place, position, &response)
        {
            self.ocsp_responses.push(response);
            return;
        }
        let body = Some(request.der());
        let Some(der) = self.network.get(FetchKind::Ocsp, address, body).await else { return };
        let Ok(response) = OcspResponse::from_der(&der, &self.limits) else {
            self.network.fail::<()>(address, "unreadable");
            return;
        };
        let response = response.answering(request);
        if let Some(until) = response.next_update()
            && self.accepts_response(place, position, &response)
        {
            self.network.keep(&key, &der, until).await;
        }
        self.ocsp_responses.push(response);
    }

    /// Gets a CRL from the first of several addresses at which there is one to be believed.
    async fn get_crl(&mut self, place: Place<'_>, position: usize, addresses: &[String]) {
        for address in addresses {
            let is_known = match self.asked.get(address) {
                Some(known) => *known,
                None => {
                    let found = self.get_crl_at(place, position, address).await;
                    self.asked.insert(address.clone(), found);
                    found
                }
            };
            if is_known {
                return;
            }
        }
    }

    /// Whether there is one at this address that may be believed.
    async fn get_crl_at(&mut self, place: Place<'_>, position: usize, address: &str) -> bool {
        let kept = self.shelf.and_then(|shelf| shelf.get(address, self.now));
        if let Some(crl) = kept
            && self.accepts_crl(place, position, &crl)
        {
            self.crls.push(crl);
            return true;
        }
        let kept = self.network.cached(address).await;
        if let Some(crl) = kept.and_then(|data| Crl::from_der(data, &self.limits).ok())
            && self.accepts_crl(place, position, &crl)
        {
            self.put_on_shelf(address, &crl);
            self.crls.push(crl);
            return true;
        }
        let fetched = self.network.get(FetchKind::Crl, address, None).await;
        let Some(data) = fetched else { return false };
        let Ok(crl) = parse_crl(data, &self.limits) else {
            self.network.fail::<()>(address, "unreadable");
            return false;
        };
        let is_accepted = self.accepts_crl(place, position, &crl);
        if is_accepted && let Some(until) = crl.next_update() {
            self.put_on_shelf(address, &crl);
            self.network.keep(address, crl.der(), until).await;
        }
        // One that is not may still tell why.
        self.crls.push(crl);
        is_accepted
    }

    fn put_on_shelf(&self, address: &str, crl: &Crl) {
        if let (Some(shelf), Some(until)) = (self.shelf, crl.next_update()) {
            shelf.put(address, crl, until);
        }
    }

    fn accepts_crl(&mut self, place: Place<'_>, position: usize, crl: &Crl) -> bool {
        let request = chain_request(place, self.now, &self.crls, &self.ocsp_responses);
        // Who signs indirect CRLs may be asked about by the very CRL.
        let crls: Vec<Crl> = request.crls.iter().chain([crl]).cloned().collect();
        accepts_crl(&ChainRequest { crls: &crls, ..request }, position, crl, &mut self.session)
    }

    fn accepts_response(
        &mut self,
        place: Place<'_>,
        position: usize,
        response: &OcspResponse,
    ) -> bool {
        let request = chain_request(place, self.now, &self.crls, &self.ocsp_responses);
        accepts_ocsp(&request, position, response, &mut self.session)
    }
}

fn chain_request<'p>(
    place: Place<'p>,
    now: Time,
    crls: &'p [Crl],
    ocsp_responses: &'p [OcspResponse],
) -> ChainRequest<'p> {
    let Place { pool, chain, at } = place;
    ChainRequest { chain, pool, at, now, crls, ocsp_responses, accept_weak_digests: false }
}
