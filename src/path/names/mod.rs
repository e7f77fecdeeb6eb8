//! Name constraints (RFC 5280, 4.2.1.10, 6.1.3 (b) and (c), 6.1.4 (g)).

mod matching;

use std::borrow::Cow;
use std::iter;

use self::matching::{Match, compare};
use super::session::{Session, Spent};
use crate::cert::{Certificate, GeneralName, GeneralSubtree, NameConstraints};

/// The permitted and excluded subtrees that hold at one place of a path: those of all its issuers above.
/// A name is within the intersection of what several permit if each of them permits it, so nothing is
/// intersected.
#[derive(Default)]
pub(super) struct Subtrees<'a>(Vec<&'a NameConstraints>);

impl<'a> Subtrees<'a> {
    /// What an issuer adds.
    pub(super) fn add(&mut self, constraints: &'a NameConstraints) {
        self.0.push(constraints);
    }

    /// The first name of a certificate that lies where it must not; `Err` if that is too much to find
    /// out.
    pub(super) fn violation(
        &self,
        certificate: &Certificate,
        session: &mut Session,
    ) -> Result<Option<String>, Spent> {
        if self.0.is_empty() {
            return Ok(None);
        }
        for name in names(certificate) {
            for constraints in &self.0 {
                let subtrees = constraints.permitted.len() + constraints.excluded.len();
                session.compare_names(subtrees.saturating_mul(weight(&name)))?;
                if violates(&name, constraints) {
                    return Ok(Some(text(&name, certificate)));
                }
            }
        }
        Ok(None)
    }
}

/// All names of a certificate: its subject, its alternative names, and the addresses in the subject. RFC
/// 5280 asks for the last only where there are no alternative names; somebody may show them all the
/// same, and OpenSSL constrains them always.
fn names(certificate: &Certificate) -> impl Iterator<Item = Cow<'_, GeneralName>> {
    let subject = certificate.comparable_subject();
    let subject = (!subject.is_empty()).then(|| GeneralName::Directory(subject.clone()));
    let alternative = certificate.alternative_names().iter().map(Cow::Borrowed);
    // Found out only when all others are within: there can be many, on many paths.
    let addresses = iter::once(certificate).flat_map(Certificate::subject_addresses);
    let addresses = addresses.map(GeneralName::Rfc822);
    subject.into_iter().map(Cow::Owned).chain(alternative).chain(addresses.map(Cow::Owned))
}

/// How many usual names a name takes as long to compare as: each comparison goes through all of it.
fn weight(name: &GeneralName) -> usize {
    const USUAL: usize = 256;
    1 + match name {
        GeneralName::Rfc822(text)
        | GeneralName::SmtpUtf8Mailbox(text)
        | GeneralName::Dns(text)
        | GeneralName::Uri(text) => text.len() / USUAL,
        _ => 0,
    }
}

fn violates(name: &GeneralName, constraints: &NameConstraints) -> bool {
    let found = |subtree: &GeneralSubtree| compare(name, &subtree.base);
    let mut excluded = constraints.excluded.iter().filter_map(found);
    if excluded.any(|found| found != Match::Outside) {
        return true;
    }
    let (mut is_constrained, mut is_within) = (false, false);
    for found in constraints.permitted.iter().filter_map(found) {
        is_constrained = true;
        is_within |= found == Match::Within;
    }
    is_constrained && !is_within
}

/// The name for people.
fn text(name: &GeneralName, certificate: &Certificate) -> String {
    match name {
        GeneralName::Rfc822(text)
        | GeneralName::SmtpUtf8Mailbox(text)
        | GeneralName::Dns(text)
        | GeneralName::Uri(text) => text.clone(),
        GeneralName::Directory(_) => certificate.subject_text(),
        GeneralName::Other(kind) => kind.to_string(),
        GeneralName::X400
        | GeneralName::EdiParty
        | GeneralName::Ip(_)
        | GeneralName::RegisteredId
        | GeneralName::Unreadable(_) => format!("{:?}", name.kind()),
    }
}
