//! Where paths may go and where they may end, by name.

use std::collections::VecDeque;
use std::ops::Range;

use super::TrustAnchor;
use crate::bytes::{sort_by, sort_by_key};
use crate::cert::{Certificate, ComparableName};

/// Trust anchors and the certificates a path may go through, sorted by subject. One pool serves all
/// the searches of a call.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    anchors: Vec<TrustAnchor>,
    entries: Vec<Entry>,
}

/// A certificate that may issue others.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) certificate: Certificate,
    /// Position among the anchors, if it is one.
    anchor: Option<usize>,
    /// Certificates between it and the nearest anchor by names alone; `None` if there is no way.
    pub(super) distance: Option<usize>,
}

impl Pool {
    /// From certificates in any order. A certificate that is both is an anchor; of two anchors with
    /// one certificate, the first counts.
    pub fn new(
        anchors: impl IntoIterator<Item = TrustAnchor>,
        intermediates: impl IntoIterator<Item = Certificate>,
    ) -> Pool {
        let anchors: Vec<TrustAnchor> = anchors.into_iter().collect();
        let as_anchors = anchors.iter().enumerate().map(|(position, anchor)| Entry {
            certificate: anchor.certificate.clone(),
            anchor: Some(position),
            distance: None,
        });
        let mut pool = Pool { entries: as_anchors.collect(), anchors };
        pool.extend(intermediates);
        pool
    }

    /// Adds certificates; says whether one of them is new.
    pub fn extend(&mut self, intermediates: impl IntoIterator<Item = Certificate>) -> bool {
        let before = self.entries.len();
        self.entries.extend(intermediates.into_iter().map(|certificate| Entry {
            certificate,
            anchor: None,
            distance: None,
        }));
        sort_by(&mut self.entries, |a, b| {
            let key = |entry: &Entry| (*entry.certificate.fingerprint(), entry.anchor.is_none());
            let subjects = subject(a).cmp(subject(b));
            subjects.then_with(|| key(a).cmp(&key(b)).then(a.anchor.cmp(&b.anchor)))
        });
        self.entries.dedup_by(|a, b| a.certificate == b.certificate);
        self.measure();
        self.entries.len() > before
    }

    /// Whether there is no anchor at all.
    pub fn has_no_anchors(&self) -> bool {
        self.anchors.is_empty()
    }

    /// The anchor whose certificate this is.
    pub fn anchor(&self, certificate: &Certificate) -> Option<&TrustAnchor> {
        let named = self.entries.get(self.named(certificate.comparable_subject()))?;
        let entry = named.iter().find(|entry| entry.certificate == *certificate)?;
        self.anchors.get(entry.anchor?)
    }

    /// All of this name, anchors too.
    pub(super) fn of_name(&self, name: &ComparableName) -> impl Iterator<Item = &Certificate> {
        let named = self.entries.get(self.named(name)).unwrap_or_default();
        named.iter().map(|entry| &entry.certificate)
    }

    /// All that have the name of this certificate's issuer.
    pub(super) fn issuers(&self, certificate: &Certificate) -> &[Entry] {
        self.entries.get(self.named(certificate.comparable_issuer())).unwrap_or_default()
    }

    fn named(&self, name: &ComparableName) -> Range<usize> {
        let start = self.entries.partition_point(|entry| subject(entry) < name);
        start..self.entries.partition_point(|entry| subject(entry) <= name)
    }

    /// Finds how far each is from an anchor: a walk down from all of them at once.
    fn measure(&mut self) {
        fn issuer(entries: &[Entry], at: usize) -> Option<&ComparableName> {
            entries.get(at).map(|entry| entry.certificate.comparable_issuer())
        }
        let mut by_issuer: Vec<usize> = (0..self.entries.len()).collect();
        sort_by_key(&mut by_issuer, |&at| issuer(&self.entries, at));
        let mut queue = VecDeque::new();
        for (at, entry) in self.entries.iter_mut().enumerate() {
            entry.distance = entry.anchor.map(|_| 0);
            if entry.anchor.is_some() {
                queue.push_back(at);
            }
        }
        while let Some(at) = queue.pop_front() {
            let Some(above) = self.entries.get(at) else { continue };
            let (name, distance) = (subject(above).clone(), above.distance);
            let start = by_issuer.partition_point(|&at| issuer(&self.entries, at) < Some(&name));
            // What is measured is taken out, so that one name is walked once.
            let mut end = start;
            while let Some(entry) = by_issuer.get(end).and_then(|&at| self.entries.get_mut(at))
                && *entry.certificate.comparable_issuer() == name
            {
                if entry.distance.is_none() {
                    entry.distance = distance.map(|distance| distance + 1);
                    queue.extend(by_issuer.get(end));
                }
                end += 1;
            }
            by_issuer.drain(start..end);
        }
    }
}

fn subject(entry: &Entry) -> &ComparableName {
    entry.certificate.comparable_subject()
}
