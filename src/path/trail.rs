//! Where names lead, where no path does.

use std::collections::{HashSet, VecDeque};

use super::Pool;
use crate::bytes::sort_by_key;
use crate::cert::Certificate;

/// Where one gets from a certificate over issuers by name, anchors or not: for the chain to show where no
/// path is found, and for what could be asked for. Each name is walked once.
pub(super) struct Trail {
    /// The longest way.
    pub(super) chain: Vec<Certificate>,
    /// Certificates whose issuer is not known, the nearest first.
    pub(super) ends: Vec<Certificate>,
}

impl Trail {
    /// From a target, over at most `length` certificates without an anchor.
    pub(super) fn follow(pool: &Pool, target: &Certificate, length: usize) -> Trail {
        let mut reached = vec![(target.clone(), None, 1)];
        let mut queue = VecDeque::from([0]);
        let (mut walked, mut ends, mut longest) = (HashSet::new(), Vec::new(), 0);
        while let Some(at) = queue.pop_front() {
            let Some((certificate, _, depth)) = reached.get(at).cloned() else { continue };
            longest = at;
            if depth > length || pool.anchor(&certificate).is_some() {
                continue;
            }
            let known = pool.issuers(&certificate).iter().map(|entry| &entry.certificate);
            let mut others = known.filter(|issuer| **issuer != certificate).peekable();
            if others.peek().is_none() && !is_root(&certificate) {
                ends.push(certificate.clone());
            }
            if !walked.insert(certificate.comparable_issuer().clone()) {
                continue;
            }
            let mut issuers: Vec<&Certificate> = others.collect();
            sort_by_key(&mut issuers, |issuer| key_identifiers(&certificate, issuer));
            for issuer in issuers {
                queue.push_back(reached.len());
                reached.push((issuer.clone(), Some(at), depth + 1));
            }
        }
        let (mut chain, mut at) = (Vec::new(), Some(longest));
        while let Some((certificate, below, _)) = at.and_then(|at| reached.get(at)) {
            chain.push(certificate.clone());
            at = *below;
        }
        chain.reverse();
        Trail { chain, ends }
    }
}

/// Whether a certificate names itself as its issuer, key and all.
fn is_root(certificate: &Certificate) -> bool {
    certificate.is_self_issued() && key_identifiers(certificate, certificate) < 2
}

/// 0 if the key identifiers are one, 2 if they differ (RFC 5280, 4.2.1.1).
pub(super) fn key_identifiers(certificate: &Certificate, issuer: &Certificate) -> u8 {
    match (certificate.authority_key_identifier(), issuer.subject_key_identifier()) {
        (Some(wanted), Some(found)) if wanted == found => 0,
        (Some(_), Some(_)) => 2,
        _ => 1,
    }
}
