//! What tells of revocation: what is at hand, and what the pointers of certificates lead to.

use std::collections::HashMap;

use super::fetcher::{FetchKind, Network};
use super::{CrlShelf, RevocationOptions, is_revoked, is_unknown, parse_crl};
use crate::bytes::hex;
use crate::cert::Certificate;
use crate::crypto::Digester;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::env::{Env, Time};
use crate::error::{Problem, ProblemCode};
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

/// What tells of revocation, and where more of it is.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    now: Time,
    limits: Limits,
    /// Of all searches of the call.
    pub(super) session: Session,
    crls: Vec<Crl>,
    ocsp_responses: Vec<OcspResponse>,
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
            crls: options.crls.to_vec(),
            ocsp_responses: options.ocsp_responses.to_vec(),
            network: Network::new(options.fetcher, options.may_fetch, &limits),
            shelf: options.shelf,
            asked: HashMap::new(),
        }
    }

    /// Adds CRLs and OCSP responses of a message, as far as they can be read and fit the limits.
    pub(super) fn embed(&mut self, crls: &[&[u8]], ocsp_responses: &[&[u8]]) {
        let limits = self.limits;
        let crls = within(crls, limits.crl_bytes);
        self.crls.extend(crls.flat_map(|der| Crl::from_der(der.to_vec(), &limits)));
        let responses = within(ocsp_responses, limits.ocsp_bytes);
        let responses = responses.flat_map(|der| OcspResponse::from_der(der, &limits));
        self.ocsp_responses.extend(responses);
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
    pub(super) async fn statuses(
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
        if self.asked.insert((FetchKind::Ocsp, key.clone()), true).is_some() {
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
