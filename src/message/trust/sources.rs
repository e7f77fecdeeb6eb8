//! What tells of revocation: what is at hand, and what the pointers of certificates lead to.

use std::collections::HashMap;

use super::fetcher::{FetchKind, Network};
use super::{CrlShelf, RevocationOptions, is_revoked, is_unknown, parse_crl};
use crate::bytes::hex;
use crate::cert::Certificate;
use crate::crypto::Digester;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::env::{Env, Time};
use crate::error::{Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::message::certificates::parse_certificates;
use crate::path::revocation::{
    ChainRequest, Crl, NeedRevocation, OcspRequest, OcspResponse, RevocationStatus, accepts_crl,
    accepts_ocsp, check_at, crl_places,
};
use crate::path::{Pool, Session};

/// Addresses of one certificate's issuer that are tried. Real certificates have one or two; these are
/// the only ones that nobody vouches for.
const MAX_ISSUER_ADDRESSES: usize = 2;

/// A path, and the moment it is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) pool: &'p Pool,
    pub(super) chain: &'p [Certificate],
    pub(super) at: Time,
}

/// What tells of revocation.
#[derive(Debug, Default)]
struct Evidence {
    crls: Vec<Crl>,
    ocsp_responses: Vec<OcspResponse>,
}

impl Evidence {
    fn of(options: &RevocationOptions<'_>) -> Evidence {
        let (crls, ocsp_responses) = (options.crls.to_vec(), options.ocsp_responses.to_vec());
        Evidence { crls, ocsp_responses }
    }

    fn len(&self) -> usize {
        self.crls.len() + self.ocsp_responses.len()
    }
}

/// What tells of revocation, and where more of it is.
///
/// Who sends a message chooses what comes with it: of what the issuer has signed, what is old enough.
/// That a certificate is revoked is believed from there; that it is good ends the asking only where
/// there is nobody to ask.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    now: Time,
    limits: Limits,
    /// Of all searches of the call.
    pub(super) session: Session,
    /// All there is.
    at_hand: Evidence,
    /// The same without what came with the message.
    vouched: Evidence,
    network: Network<'a>,
    shelf: Option<&'a CrlShelf>,
    /// What was asked for outside in this call, by what it is and its key, and whether it was of use.
    /// Nothing is asked for twice; but that there is no issuer at an address says nothing of a CRL.
    asked: HashMap<(FetchKind, String), bool>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(env: &Env, options: &RevocationOptions<'a>) -> Sources<'a> {
        let limits = *env.limits();
        Sources {
            now: env.now(),
            limits,
            session: Session::new(&limits),
            at_hand: Evidence::of(options),
            vouched: Evidence::of(options),
            network: Network::new(options.fetcher, options.may_fetch, &limits),
            shelf: options.shelf,
            asked: HashMap::new(),
        }
    }

    /// Adds CRLs and OCSP responses of a message, as far as they can be read and fit the limits.
    pub(super) fn embed(&mut self, crls: &[&[u8]], ocsp_responses: &[&[u8]]) {
        let limits = self.limits;
        let crls = within(crls, limits.crl_bytes);
        self.at_hand.crls.extend(crls.flat_map(|der| Crl::from_der(der.to_vec(), &limits)));
        let responses = within(ocsp_responses, limits.ocsp_bytes);
        let responses = responses.flat_map(|der| OcspResponse::from_der(der, &limits));
        self.at_hand.ocsp_responses.extend(responses);
    }

    fn add_crl(&mut self, crl: Crl) {
        self.at_hand.crls.push(crl.clone());
        self.vouched.crls.push(crl);
    }

    fn add_response(&mut self, response: OcspResponse) {
        self.at_hand.ocsp_responses.push(response.clone());
        self.vouched.ocsp_responses.push(response);
    }

    /// What there is to tell of what was fetched, or not, since this was asked last.
    pub(super) fn take_problems(&mut self) -> Vec<Problem> {
        self.network.take_problems()
    }

    /// Certificates of an issuer.
    pub(super) async fn issuers(&mut self, addresses: &[String]) -> Vec<Certificate> {
        for address in addresses.iter().take(MAX_ISSUER_ADDRESSES) {
            let kind = FetchKind::Certificates;
            if self.asked.insert((kind, address.clone()), true).is_some() {
                continue;
            }
            let Some(data) = self.network.get(kind, address, None).await else { continue };
            match parse_certificates(&data, &self.limits) {
                Ok(found) => return found,
                Err(_) => self.network.fail::<()>(address, "unreadable"),
            };
        }
        Vec::new()
    }

    /// The statuses of a path's certificates, in its order.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub(super) async fn statuses(
        &mut self,
        env: &mut Env,
        place: Place<'_>,
        may_fetch: bool,
    ) -> Result<Vec<RevocationStatus>> {
        let mut statuses = Vec::new();
        for position in (0..place.chain.len().saturating_sub(1)).rev() {
            env.tick(1, 1).await?;
            let mut status = self.status(place, position);
            let is_asked_for = may_fetch && !statuses.iter().any(is_revoked);
            if is_asked_for && !self.is_settled(place, position, &status) {
                status = self.look_outside(env, place, position, status).await;
            }
            statuses.push(status);
        }
        statuses.reverse();
        Ok(statuses)
    }

    /// By what is at hand.
    fn status(&mut self, place: Place<'_>, position: usize) -> RevocationStatus {
        status_by(&self.at_hand, place, position, self.now, &mut self.session)
    }

    /// Whether there is nothing more to ask for.
    fn is_settled(&mut self, place: Place<'_>, position: usize, status: &RevocationStatus) -> bool {
        match status {
            RevocationStatus::Revoked(_) => true,
            RevocationStatus::Unknown(_) => false,
            RevocationStatus::Good if self.at_hand.len() == self.vouched.len() => true,
            RevocationStatus::Good if !self.network.is_open() => true,
            RevocationStatus::Good => {
                let Sources { now, session, vouched, .. } = self;
                !is_unknown(&status_by(vouched, place, position, *now, session))
            }
        }
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
            if self.is_settled(place, position, &status) {
                return status;
            }
        }
        let before = self.vouched.crls.len();
        for addresses in &need.crls {
            self.get_crl(place, position, addresses).await;
            status = self.status(place, position);
            if self.is_settled(place, position, &status) {
                break;
            }
        }
        let complete = self.vouched.crls.get(before..).unwrap_or_default();
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
        if self.asked.insert((FetchKind::Ocsp, key.clone()), true).is_some() {
            return;
        }
        let kept = self.network.cached(&key).await;
        if let Some(response) = kept.and_then(|der| OcspResponse::from_der(&der, &self.limits).ok())
            && self.accepts_response(place, position, &response)
        {
            self.add_response(response);
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
        self.add_response(response);
    }

    /// Gets a CRL from the first of several addresses at which there is one to be believed.
    async fn get_crl(&mut self, place: Place<'_>, position: usize, addresses: &[String]) {
        for address in addresses {
            let key = (FetchKind::Crl, address.clone());
            let is_known = match self.asked.get(&key) {
                Some(known) => *known,
                None => {
                    let found = self.get_crl_at(place, position, address).await;
                    self.asked.insert(key, found);
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
            self.add_crl(crl);
            return true;
        }
        let kept = self.network.cached(address).await;
        if let Some(crl) = kept.and_then(|data| Crl::from_der(data, &self.limits).ok())
            && self.accepts_crl(place, position, &crl)
        {
            self.put_on_shelf(address, &crl);
            self.add_crl(crl);
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
        self.add_crl(crl);
        is_accepted
    }

    fn put_on_shelf(&self, address: &str, crl: &Crl) {
        if let (Some(shelf), Some(until)) = (self.shelf, crl.next_update()) {
            shelf.put(address, crl, until);
        }
    }

    fn accepts_crl(&mut self, place: Place<'_>, position: usize, crl: &Crl) -> bool {
        let request = chain_request(place, self.now, &self.at_hand);
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
        let request = chain_request(place, self.now, &self.at_hand);
        accepts_ocsp(&request, position, response, &mut self.session)
    }
}

fn status_by(
    evidence: &Evidence,
    place: Place<'_>,
    position: usize,
    now: Time,
    session: &mut Session,
) -> RevocationStatus {
    check_at(&chain_request(place, now, evidence), position, session)
        .unwrap_or(RevocationStatus::Unknown(Problem::new(ProblemCode::RevocationUnknown)))
}

fn chain_request<'p>(place: Place<'p>, now: Time, evidence: &'p Evidence) -> ChainRequest<'p> {
    let Evidence { crls, ocsp_responses } = evidence;
    let Place { pool, chain, at } = place;
    ChainRequest { chain, pool, at, now, crls, ocsp_responses, accept_weak_digests: false }
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
