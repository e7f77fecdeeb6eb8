//! What a signed mail teaches (FEATURES R2, R3): certificates, of its author and of the authorities above,
//! and what the author's software reads. Nothing is learned from mail that was altered, nor by itself from
//! mail that could have been; nor for another address than the author's.

use super::acceptance::{Acquaintance, Distrust, Facts, Harvest, Keeping, Rules};
use super::open::apply;
use super::{Mailer, TrustBase};
use crate::cert::{AddressMatch, Certificate, match_address};
use crate::env::{Env, Time};
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::message::{
    AuthorVerdict, Encryption, HeaderScheme, OpenedMessage, RevocationVerdict, Signature,
    SignatureResult, Status, TrustVerdict,
};
use crate::store::{Backend, Entry, Lesson, Notes, RevocationNote, Trust};

/// Where a certificate came from that was taken from mail.
const ORIGIN: &str = "mail";

/// A certificate of more addresses is never taken by itself: nobody could say whose it is.
const MOST_ADDRESSES: usize = 100;

/// Of one address, how many certificates are kept that nobody trusts: anybody can make more.
const MOST_UNCONFIRMED: usize = 5;

/// What mail has taught.
#[derive(Debug, Default)]
pub(super) struct Harvested {
    /// What is known now.
    pub(super) learned: Vec<Learned>,
    /// Certificates to accept.
    pub(super) offered: Vec<Offer>,
    /// What there is to say of what was not kept.
    pub(super) problems: Vec<Problem>,
}

/// What was learned of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// Its id in the store.
    pub id: String,
    /// The certificate.
    pub certificate: Certificate,
    /// What.
    pub news: Vec<News>,
}

/// What can be learned of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// There it is.
    Certificate,
    /// It was kept before it was trusted, and now is.
    Confirmed,
    /// What its holder's software reads.
    Capabilities,
    /// That its holder's software protects header fields.
    Headers,
    /// Whether it is revoked.
    Revocation,
}

impl News {
    /// The word in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            News::Certificate => "certificate",
            News::Confirmed => "confirmed",
            News::Capabilities => "capabilities",
            News::Headers => "headers",
            News::Revocation => "revocation",
        }
    }
}

/// A certificate that was not kept, for somebody to accept.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The certificate.
    pub certificate: Certificate,
    /// Certificates of the authorities above it.
    pub issuers: Vec<Certificate>,
    /// The author's address, for which it stands.
    pub address: String,
    /// Whether another one is known for the address.
    pub is_changed: bool,
    /// Why it was not kept by itself, if it is not trusted.
    pub reasons: Vec<Problem>,
}

/// A certificate that has signed as the author, and what the rules say of it.
pub(super) struct Judged {
    certificate: Certificate,
    /// It has signed; else a signer prefers to get mail for it.
    is_signer: bool,
    issuers: Vec<Certificate>,
    has_path: bool,
    acquaintance: Acquaintance,
    /// How many others are kept for its addresses that nobody trusts.
    unconfirmed: usize,
    distrust: Option<Distrust>,
    problems: Vec<Problem>,
    revocation: RevocationVerdict,
    capabilities: Option<Vec<u8>>,
    signing_time: Option<Time>,
}

impl Judged {
    /// What the user's rules say against the signature.
    pub(super) fn objection(&self) -> Option<Problem> {
        self.rule().filter(|_| self.is_signer)
    }
}

/// How a mail came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    /// When, by the host's word.
    pub(super) at: Option<Time>,
    /// Whether one of the user's accounts sent it.
    pub(super) is_sent: bool,
    /// Whether it may be learned from without asking anybody.
    pub(super) may_keep: bool,
}

impl Arrival {
    /// The moment for which certificates were checked.
    fn checked_at(&self, now: Time) -> Time {
        self.at.map_or(now, |at| at.min(now))
    }
}

impl<B: Backend> Mailer<'_, B> {
    /// Lets what somebody decided against signers, or authorities above them, speak.
    pub(super) fn distrusted(&self, opened: &mut OpenedMessage, base: &TrustBase) -> Vec<Problem> {
        let Some(address) = opened.author.clone() else { return Vec::new() };
        let is_distrusted = |signature: &&SignatureResult| {
            let signer = signature.signer.as_ref();
            signer.and_then(|signer| decision(base, signer, &signature.chain, &address))
                == Some(Trust::Distrusted)
        };
        let by_author = opened.signatures().filter(|one| one.author == AuthorVerdict::Match);
        let distrust: Vec<Problem> = by_author
            .filter(is_distrusted)
            .filter_map(|_| Distrust::Distrusted.problem())
            .collect();
        apply(opened, &distrust);
        distrust
    }

    /// What the rules say of each certificate that has signed as the author.
    pub(super) async fn judge(
        &self,
        env: &Env,
        opened: &OpenedMessage,
        base: &TrustBase,
        rules: &Rules,
        arrival: Arrival,
    ) -> Result<Vec<Judged>> {
        let Some(address) = opened.author.as_deref() else { return Ok(Vec::new()) };
        let of_author: Vec<(&Certificate, &SignatureResult)> = opened
            .signatures()
            .filter(|signature| signature.integrity == Signature::Intact)
            .filter(|signature| signature.author == AuthorVerdict::Match)
            .filter_map(|signature| Some((signature.signer.as_ref()?, signature)))
            .collect();
        if of_author.is_empty() {
            return Ok(Vec::new());
        }
        let preferred = of_author.iter().filter_map(|(_, one)| one.encryption_certificate.as_ref());
        let certificates = of_author.iter().map(|(certificate, _)| *certificate).chain(preferred);
        let addresses =
            certificates.flat_map(|certificate| certificate.addresses().iter().cloned());
        let addresses: Vec<String> = addresses.take(MOST_ADDRESSES).collect();
        let known = self.known_of(&addresses).await?;
        let mut judged: Vec<Judged> = Vec::new();
        for (certificate, signature) in of_author {
            let entry = known.iter().find(|entry| entry.certificate == *certificate);
            let facts = Facts {
                decision: decision(base, certificate, &signature.chain, address),
                revocation: revocation(signature, entry, arrival.at.unwrap_or(env.now())),
                has_path: signature.trust == TrustVerdict::Trusted,
                acquaintance: match arrival.is_sent {
                    true => Acquaintance::Known,
                    false => acquaintance(certificate, &known),
                },
            };
            let issuers = || signature.chain.iter().skip(1).cloned().collect();
            judged.push(Judged {
                certificate: certificate.clone(),
                is_signer: true,
                issuers: issuers(),
                has_path: facts.has_path,
                acquaintance: facts.acquaintance,
                unconfirmed: unconfirmed(certificate, &known),
                distrust: rules.judge(facts),
                problems: signature.problems.clone(),
                revocation: news_of_revocation(signature),
                capabilities: signature.capabilities.clone(),
                signing_time: signature.signing_time,
            });
            let preferred = signature.encryption_certificate.as_ref();
            let Some(preferred) = preferred.filter(|one| stands_for(one, address)) else {
                continue;
            };
            if judged.iter().all(|other| other.certificate != *preferred) {
                // It was found to be as trusted as the signer, who has signed that it is preferred.
                let acquaintance = acquaintance(preferred, &known);
                let decision = decision(base, preferred, &[], address);
                let facts = Facts { decision, acquaintance, ..facts };
                judged.push(Judged {
                    certificate: preferred.clone(),
                    is_signer: false,
                    issuers: issuers(),
                    has_path: facts.has_path,
                    acquaintance,
                    unconfirmed: unconfirmed(preferred, &known),
                    distrust: rules.judge(facts),
                    problems: Vec::new(),
                    revocation: RevocationVerdict::Unchecked,
                    capabilities: signature.capabilities.clone(),
                    signing_time: signature.signing_time,
                });
            }
        }
        Ok(judged)
    }

    /// Keeps what is to be kept.
    pub(super) async fn harvest(
        &self,
        env: &Env,
        opened: &OpenedMessage,
        judged: &[Judged],
        rules: &Rules,
        arrival: Arrival,
    ) -> Result<Harvested> {
        let may_learn = matches!(opened.status, Some(Status::Verified | Status::Unverified));
        let (Some(address), true, false) = (&opened.author, may_learn, arrival.is_sent) else {
            return Ok(Harvested::default());
        };
        let may_keep = arrival.may_keep && opened.encryption != Encryption::Unprotected;
        let mut harvested = Harvested::default();
        let mut kept: Vec<&Judged> = Vec::new();
        for one in judged {
            let kept_here = kept.iter().filter(|kept| kept.distrust.is_some()).count();
            let is_crowded = one.unconfirmed + kept_here >= MOST_UNCONFIRMED;
            let keeping = |is_crowded| rules.keeping(one.acquaintance, is_crowded, one.distrust);
            let is_left_out = may_keep && keeping(is_crowded) != keeping(false);
            if is_left_out {
                let too_many = Problem::new(ProblemCode::StoreTooManyCertificates);
                harvested.problems.push(too_many.with_text("address", address));
            }
            match keeping(is_crowded) {
                Keeping::Kept if may_keep => kept.push(one),
                // Nobody can use it any more.
                Keeping::Kept | Keeping::Offered if one.certificate.not_after() < env.now() => {}
                Keeping::Kept | Keeping::Offered => harvested.offered.push(Offer {
                    certificate: one.certificate.clone(),
                    issuers: one.issuers.clone(),
                    address: address.clone(),
                    is_changed: one.acquaintance == Acquaintance::Changed,
                    reasons: one.reasons(),
                }),
                Keeping::Nothing => {}
            }
        }
        if !may_keep {
            return Ok(harvested);
        }
        let seen_at = arrival.at.unwrap_or(env.now());
        // Those above a certificate that is not trusted could be anybody's.
        let trusted = judged.iter().filter(|one| one.distrust.is_none() && rules.keeps_any());
        let authorities = trusted
            .flat_map(|one| one.issuers.iter().filter(|issuer| is_intermediate(issuer)).cloned());
        let of_author = judged.iter().map(|one| one.certificate.clone());
        let certificates: Vec<Certificate> = of_author.chain(authorities).collect();
        let uses_rfc9788 =
            matches!(opened.headers.scheme, HeaderScheme::Clear | HeaderScheme::Cipher);
        let is_verified = opened.status == Some(Status::Verified);
        let lessons = self
            .store
            .learn(env, &certificates, seen_at, ORIGIN, |entry, is_new| {
                let Some(one) = judged.iter().find(|one| one.certificate == entry.certificate)
                else {
                    return true;
                };
                let is_kept = kept.iter().any(|other| core::ptr::eq(*other, one));
                if is_new && !is_kept {
                    return false;
                }
                if is_kept {
                    entry.notes.is_unconfirmed = one.distrust.is_some();
                }
                let at = one.signing_time.map_or(seen_at, |claimed| claimed.min(seen_at));
                note_revocation(&mut entry.notes, one.revocation, arrival.checked_at(env.now()));
                if is_verified && one.distrust.is_none() {
                    if let Some(told) = &one.capabilities
                        && entry.notes.capabilities.as_ref().is_none_or(|(_, known)| *known < at)
                    {
                        entry.notes.capabilities = Some((told.clone(), at));
                    }
                    if uses_rfc9788 && entry.notes.headers_seen.is_none_or(|known| known < at) {
                        entry.notes.headers_seen = Some(at);
                    }
                }
                true
            })
            .await?;
        harvested.learned = lessons.into_iter().filter_map(learned).collect();
        Ok(harvested)
    }

    /// Keeps a certificate because somebody said so, with the certificates of authorities above it.
    ///
    /// # Errors
    ///
    /// `usage/wrong-option` if it does not stand for the address; those of [`Backend`].
    pub async fn accept_certificate(
        &self,
        env: &Env,
        certificate: &Certificate,
        issuers: &[Certificate],
        address: &str,
    ) -> Result<Vec<Learned>> {
        if !stands_for(certificate, address) {
            let expected = "one of the addresses of the certificate";
            return Err(Error::UsageWrongOption { option: "address", expected });
        }
        let issuers = issuers.iter().filter(|issuer| is_intermediate(issuer)).cloned();
        let certificates: Vec<Certificate> =
            core::iter::once(certificate.clone()).chain(issuers).collect();
        let lessons = self
            .store
            .learn(env, &certificates, env.now(), ORIGIN, |entry, _| {
                entry.notes.is_unconfirmed = false;
                true
            })
            .await?;
        Ok(lessons.into_iter().filter_map(learned).collect())
    }

    /// Accepts a certificate that was kept without being trusted, by its id.
    ///
    /// # Errors
    ///
    /// `store/not-found`, and those of [`Backend`].
    pub async fn confirm_certificate(&self, id: &str) -> Result<Vec<Learned>> {
        let mut news = Vec::new();
        let confirm = |_: &Certificate, notes: &mut Notes| {
            if core::mem::take(&mut notes.is_unconfirmed) {
                news = vec![News::Confirmed];
            }
            Ok(())
        };
        let certificate = self.store.annotate(id, confirm).await?.entry.certificate;
        let learned = Learned { id: id.to_owned(), certificate, news };
        Ok(Some(learned).filter(|learned| !learned.news.is_empty()).into_iter().collect())
    }

    /// Everything stored that stands for one of the addresses, identities of one's own among it.
    async fn known_of(&self, addresses: &[String]) -> Result<Vec<Entry>> {
        let mut known = self.store.certificates_for(addresses).await?;
        known.extend(self.store.identities(None).await?);
        known.retain(|entry| addresses.iter().any(|one| stands_for(&entry.certificate, one)));
        Ok(known)
    }
}

impl Judged {
    fn rule(&self) -> Option<Problem> {
        self.distrust.and_then(Distrust::problem)
    }

    /// Why it was not kept: the rule, and what speaks against its path.
    fn reasons(&self) -> Vec<Problem> {
        let path =
            self.problems.iter().filter(|problem| problem.code.as_str().starts_with("path/"));
        self.rule().into_iter().chain(path.filter(|_| !self.has_path).cloned()).collect()
    }
}

impl Rules {
    fn keeps_any(&self) -> bool {
        self.harvest != Harvest::Never
    }
}

/// What became known of the signer's revocation: for the moment when the mail arrived, and that it was
/// revoked since.
fn news_of_revocation(signature: &SignatureResult) -> RevocationVerdict {
    let is_revoked = |problem: &Problem| problem.code == ProblemCode::RevocationRevoked;
    match signature.problems.iter().any(is_revoked) {
        true => RevocationVerdict::Revoked,
        false => signature.revocation,
    }
}

/// `at` is the moment that it holds for. What is revoked stays so, and what is said of an earlier moment, or
/// that nobody answers, takes nothing back.
fn note_revocation(notes: &mut Notes, found: RevocationVerdict, at: Time) {
    let is_revoked = match found {
        RevocationVerdict::Unchecked => return,
        RevocationVerdict::Good => Some(false),
        RevocationVerdict::Revoked => Some(true),
        RevocationVerdict::Unknown => None,
    };
    let is_news = match notes.revocation {
        None => true,
        Some(RevocationNote { is_revoked: Some(true), .. }) => false,
        Some(RevocationNote { is_revoked: known, at: asked }) => {
            is_revoked == Some(true) || (is_revoked.is_some() && (known.is_none() || asked < at))
        }
    };
    if is_news {
        notes.revocation = Some(RevocationNote { is_revoked, at });
    }
}

fn learned(lesson: Lesson) -> Option<Learned> {
    let Lesson { before, after } = lesson;
    let old = before.as_ref().map(|entry| entry.notes.clone()).unwrap_or_default();
    let notes = &after.notes;
    let news = [
        (before.is_none(), News::Certificate),
        (old.is_unconfirmed && !notes.is_unconfirmed, News::Confirmed),
        (old.capabilities != notes.capabilities, News::Capabilities),
        (old.headers_seen != notes.headers_seen, News::Headers),
        (old.revocation != notes.revocation, News::Revocation),
    ];
    let news: Vec<News> =
        news.into_iter().filter(|(is_so, _)| *is_so).map(|(_, news)| news).collect();
    (!news.is_empty()).then(|| Learned { id: after.id, certificate: after.certificate, news })
}

/// What somebody decided; that an authority above is distrusted counts too.
fn decision(
    base: &TrustBase,
    certificate: &Certificate,
    chain: &[Certificate],
    address: &str,
) -> Option<Trust> {
    let of = |one: &Certificate| base.decision(one, address).map(|decision| decision.trust);
    let is_distrusted = |one: &Certificate| of(one) == Some(Trust::Distrusted);
    match chain.iter().any(is_distrusted) {
        true => Some(Trust::Distrusted),
        false => of(certificate),
    }
}

/// What was found out now, or what is known from before the mail came.
fn revocation(
    signature: &SignatureResult,
    entry: Option<&Entry>,
    arrived: Time,
) -> RevocationVerdict {
    let note = entry.and_then(|entry| entry.notes.revocation);
    match signature.revocation {
        RevocationVerdict::Unchecked | RevocationVerdict::Unknown
            if note.is_some_and(|note| note.is_revoked == Some(true) && note.at <= arrived) =>
        {
            RevocationVerdict::Revoked
        }
        found => found,
    }
}

/// A certificate is new only if it is for all its addresses: who comes with somebody else's address too takes
/// nobody's place by that.
fn acquaintance(certificate: &Certificate, known: &[Entry]) -> Acquaintance {
    let addresses = certificate.addresses();
    let shares_address = |entry: &&Entry| {
        addresses.iter().take(MOST_ADDRESSES).any(|address| stands_for(&entry.certificate, address))
    };
    let confirmed =
        || known.iter().filter(|entry| !entry.notes.is_unconfirmed).filter(shares_address);
    let shares_use = |entry: &Entry| {
        let other = &entry.certificate;
        (certificate.allows_signing() && other.allows_signing())
            || (certificate.allows_encryption() && other.allows_encryption())
    };
    if confirmed().any(|entry| entry.certificate == *certificate) {
        Acquaintance::Known
    } else if confirmed().any(shares_use) || addresses.len() > MOST_ADDRESSES {
        Acquaintance::Changed
    } else {
        Acquaintance::New
    }
}

/// How many others are kept for the addresses of a certificate that nobody trusts; none count where it is stored
/// itself.
fn unconfirmed(certificate: &Certificate, known: &[Entry]) -> usize {
    if known.iter().any(|entry| entry.certificate == *certificate) {
        return 0;
    }
    let addresses = certificate.addresses();
    let is_other = |entry: &&Entry| {
        entry.notes.is_unconfirmed
            && entry.notes.decision.is_none()
            && addresses.iter().any(|address| stands_for(&entry.certificate, address))
    };
    known.iter().filter(is_other).count()
}

fn stands_for(certificate: &Certificate, address: &str) -> bool {
    let mut own = certificate.addresses().iter();
    own.any(|own| match_address(own, address) != AddressMatch::Different)
}

/// An authority that somebody else vouches for. Anchors come from elsewhere.
fn is_intermediate(certificate: &Certificate) -> bool {
    certificate.basic_constraints().is_some_and(|basic| basic.ca)
        && certificate.issuer() != certificate.subject()
}
