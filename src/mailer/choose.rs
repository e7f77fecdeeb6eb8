//! Choosing certificates: whom mail can be encrypted to, and what it is signed with.
//!
//! Of somebody's certificates those count that name the address (or were assigned to it by hand, to
//! encrypt and for nothing else), are for the use, are valid now, and are trusted: by the anchors, or by
//! hand. What is revoked or distrusted by hand never counts. Where none is left, the reasons are told, of
//! the newest certificate first.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::settings::{Setting, Settings};
use super::{Account, Context, Mailer, TrustBase};
use crate::bytes::sort_by_key;
use crate::cert::{AddressMatch, Certificate, Identity, address_key, match_address};
use crate::crypto::Operation;
use crate::env::Env;
use crate::error::{Detail, Problem, ProblemCode, Result};
use crate::message::{
    Capabilities, CertificateChecker, CheckOptions, Recipient, RevocationOptions, TrustVerdict,
};
use crate::path::Purpose;
use crate::store::{Backend, Entry, Trust};

/// Of one address, how many certificates are looked at, the newest. Anybody can send more.
const MOST_CANDIDATES: usize = 32;

/// What certificates there are for some addresses, all from one moment, and whom the user trusts.
#[derive(Debug)]
pub struct Chooser<'a> {
    context: &'a Context,
    trust: TrustBase,
    checker: CertificateChecker<'static>,
    known: Vec<Known>,
    /// By the keys of their addresses; a domain begins with `@`.
    by_key: HashMap<String, Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Known {
    entry: Entry,
    /// The user has its private key.
    is_own: bool,
}

/// A certificate that was chosen.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// It, and what is known of it.
    pub entry: Entry,
    /// It does not name the address: somebody assigned it by hand.
    pub is_assigned: bool,
}

impl Chosen {
    /// As somebody to encrypt to, with what is known of their software.
    pub fn recipient(&self, address: &str) -> Recipient {
        let Entry { certificate, notes, .. } = &self.entry;
        let told =
            notes.capabilities.as_ref().and_then(|(der, _)| Capabilities::from_der(der).ok());
        let recipient = match told {
            Some(capabilities) => Recipient::new(certificate.clone(), capabilities),
            None => certificate.clone().into(),
        };
        let recipient = recipient.reads_protected_headers(notes.headers_seen.is_some());
        match self.is_assigned {
            true => recipient.assigned_to(&[address.to_owned()]),
            false => recipient,
        }
    }
}

/// What was chosen for one address.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Nothing, where there is a reason.
    pub chosen: Vec<Chosen>,
    /// Why nothing was chosen, or what is to be said of what was.
    pub problems: Vec<Problem>,
}

impl<'a, B: Backend> Mailer<'a, B> {
    /// What there is for these addresses. The certificates are read at one moment.
    ///
    /// # Errors
    ///
    /// `malformed/record`, and those of [`Backend`].
    pub async fn chooser(&self, env: &Env, addresses: &[String]) -> Result<Chooser<'a>> {
        let mut keys: Vec<String> = Vec::new();
        for address in addresses {
            let written = address.to_ascii_lowercase();
            let key = address_key(address).unwrap_or_default();
            keys.extend(domains_of(&key));
            keys.extend([written, key].into_iter().filter(|key| !key.is_empty()));
        }
        sort_by_key(&mut keys, |key| key.clone());
        keys.dedup();
        let stored = match keys.is_empty() {
            true => Vec::new(),
            false => self.store.certificates_for(&keys).await?,
        };
        let own = self.own(env).await?;
        let trust = self.trust_base().await?;
        let chains = own.iter().flat_map(|entry| entry.chain.iter());
        let chains = chains.filter(|one| !trust.is_distrusted(one)).cloned();
        let intermediates: Vec<Certificate> =
            trust.intermediates.iter().cloned().chain(chains).collect();
        let anchors = trust.anchors.iter().cloned();
        let revocation = RevocationOptions::default();
        let checker = CertificateChecker::new(env, anchors, intermediates, &revocation);
        let own = own.into_iter().map(|mut entry| {
            self.drop_altered(&mut entry);
            Known { entry, is_own: true }
        });
        let mut known: Vec<Known> = own.collect();
        for mut entry in stored {
            self.drop_altered(&mut entry);
            // What is stored twice is one's own; what was noted is noted beside the other.
            match known.iter_mut().find(|own| own.entry.id == entry.id) {
                Some(own) => own.entry.notes = entry.notes,
                None => known.push(Known { entry, is_own: false }),
            }
        }
        let by_key = HashMap::new();
        let mut chooser = Chooser { context: self.context, trust, checker, known, by_key };
        chooser.arrange();
        Ok(chooser)
    }

    /// Whether there is a certificate that an account can sign with by itself.
    ///
    /// # Errors
    ///
    /// `malformed/record`, `aborted`, and those of [`Backend`].
    pub async fn can_sign(&self, env: &mut Env, account: &Account) -> Result<bool> {
        let mut chooser = self.chooser(env, &[]).await?;
        for address in core::iter::once(&account.address).chain(&account.aliases) {
            if !chooser.signer(env, address, false).await?.chosen.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What a certificate is wanted for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Encrypt,
    Sign,
}

impl Chooser<'_> {
    /// Puts the newest first, and finds each by its addresses.
    fn arrange(&mut self) {
        sort_by_key(&mut self.known, |one| Reverse(newness(&one.entry)));
        self.by_key.clear();
        for (index, Known { entry, .. }) in self.known.iter().enumerate() {
            for address in entry.certificate.addresses().iter().chain(&entry.notes.assigned) {
                let list = self.by_key.entry(key_of(address)).or_default();
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
    }

    /// What to encrypt to for an address, by the settings that hold for it.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn recipient(
        &mut self,
        env: &mut Env,
        address: &str,
        settings: &Settings,
    ) -> Result<Choice> {
        let candidates = self.candidates(address);
        if candidates.is_empty() {
            let none = Problem::new(ProblemCode::RecipientNoCertificate);
            return Ok(Choice {
                chosen: Vec::new(),
                problems: vec![none.with_text("address", address)],
            });
        }
        let wanted = settings.word(Setting::EncryptTo);
        let enough = match wanted {
            "next-newest" => 2,
            "all" => MOST_CANDIDATES,
            _ => 1,
        };
        let (mut usable, mut problems) = (Vec::new(), Vec::new());
        for known in &candidates {
            if usable.len() == enough {
                break;
            }
            let refused = match self.objection(env, known, address, Use::Encrypt).await? {
                None => self.not_accepted(known, &candidates, address, settings),
                refused => refused,
            };
            match refused {
                None => usable.push(known.clone()),
                Some(problem) => problems.push(problem),
            }
        }
        if wanted == "next-newest" && !usable.is_empty() {
            let newest = usable.remove(0);
            if usable.is_empty() {
                problems
                    .insert(0, about(ProblemCode::RecipientNewestExcluded, &newest.entry, address));
            }
        }
        let chosen: Vec<Chosen> = usable
            .into_iter()
            .map(|Known { entry, .. }| Chosen {
                is_assigned: !names(&entry.certificate, address),
                entry,
            })
            .collect();
        if !chosen.is_empty() {
            problems.clear();
            let assigned = chosen.iter().filter(|one| one.is_assigned);
            problems.extend(
                assigned.map(|one| about(ProblemCode::RecipientAssigned, &one.entry, address)),
            );
        }
        once(&mut problems);
        Ok(Choice { chosen, problems })
    }

    /// What to sign with as an address: the newest certificate of one's own that is good for it.
    /// `when_asked` takes one that nobody vouches for too, and says so.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn signer(&mut self, env: &mut Env, from: &str, when_asked: bool) -> Result<Choice> {
        let mut candidates = self.candidates(from);
        candidates.retain(|known| known.is_own && names(&known.entry.certificate, from));
        let (mut problems, mut untrusted) = (Vec::new(), None);
        for known in candidates {
            match self.objection(env, &known, from, Use::Sign).await? {
                None => {
                    let chosen = Chosen { entry: known.entry, is_assigned: false };
                    return Ok(Choice { chosen: vec![chosen], problems: Vec::new() });
                }
                Some(problem) => {
                    if problem.code == ProblemCode::SenderUntrusted && untrusted.is_none() {
                        untrusted = Some((known.entry, problem.clone()));
                    }
                    problems.push(problem);
                }
            }
        }
        if let Some((entry, problem)) = untrusted.filter(|_| when_asked) {
            let chosen = vec![Chosen { entry, is_assigned: false }];
            return Ok(Choice { chosen, problems: vec![problem] });
        }
        if problems.is_empty() {
            let none = Problem::new(ProblemCode::SenderNoCertificate);
            problems.push(none.with_text("address", from));
        }
        once(&mut problems);
        Ok(Choice { chosen: Vec::new(), problems })
    }

    /// Every current certificate of an account's own that mail can be encrypted to, the newest first.
    pub fn own(&self, env: &Env, account: &Account) -> Vec<Chosen> {
        let own = self.known.iter().filter(|known| {
            let certificate = &known.entry.certificate;
            known.is_own
                && account.is_named_by(certificate)
                && certificate.is_current(env.now())
                && certificate.allows_encryption()
                && certificate.allows_email()
                && !is_revoked(&known.entry)
        });
        own.map(|known| Chosen { entry: known.entry.clone(), is_assigned: false }).collect()
    }

    /// Whether the key is elsewhere, where it does not sign.
    fn is_mute(&self, id: &str) -> bool {
        let elsewhere = self.context.elsewhere(id).map(Identity::key);
        elsewhere.is_some_and(|key| key.permits(Operation::Sign).is_err())
    }

    /// All that may stand for an address, the newest first.
    fn candidates(&self, address: &str) -> Vec<Known> {
        let Some(key) = address_key(address) else { return Vec::new() };
        let found = |key: &str| self.by_key.get(key).into_iter().flatten().copied();
        let domains = domains_of(&key);
        let of_domains = domains.iter().flat_map(|domain| found(domain));
        let mut places: Vec<usize> = found(&key).chain(of_domains).collect();
        sort_by_key(&mut places, |&place| place);
        places.dedup();
        let known = places.into_iter().filter_map(|place| self.known.get(place));
        known.take(MOST_CANDIDATES).cloned().collect()
    }

    /// Why a certificate can't be used.
    async fn objection(
        &mut self,
        env: &mut Env,
        known: &Known,
        address: &str,
        wanted: Use,
    ) -> Result<Option<Problem>> {
        let Known { entry, is_own } = known;
        let certificate = &entry.certificate;
        let decision = self.trust.decision(certificate, address).map(|decision| decision.trust);
        let told = |code| Ok(Some(about(code, entry, address)));
        if decision == Some(Trust::Distrusted) {
            return told(ProblemCode::RecipientDistrusted);
        }
        if is_revoked(entry) {
            return told(ProblemCode::RevocationRevoked);
        }
        let allows = match wanted {
            Use::Encrypt => certificate.allows_encryption(),
            Use::Sign => certificate.allows_signing() && !self.is_mute(&entry.id),
        };
        if !allows || !certificate.allows_email() {
            return told(match wanted {
                Use::Encrypt => ProblemCode::RecipientNotForEncryption,
                Use::Sign => ProblemCode::SenderNotForSigning,
            });
        }
        if certificate.not_before() > env.now() {
            return told(match wanted {
                Use::Encrypt => ProblemCode::RecipientNotYetValid,
                Use::Sign => ProblemCode::SenderNotYetValid,
            });
        }
        if certificate.not_after() < env.now() {
            return told(match wanted {
                Use::Encrypt => ProblemCode::RecipientExpired,
                Use::Sign => ProblemCode::SenderExpired,
            });
        }
        let is_to_oneself = *is_own && self.context.accounts.iter().any(|one| one.has(address));
        if decision == Some(Trust::Trusted) || (wanted == Use::Encrypt && is_to_oneself) {
            return Ok(None);
        }
        // What is assigned does not name the address: only who assigned it vouches for it.
        let mut reasons = Vec::new();
        if names(certificate, address) {
            let mut options = CheckOptions::new(certificate, &[]);
            options.address = Some(address);
            options.purpose = Some(match wanted {
                Use::Encrypt => Purpose::Encryption,
                Use::Sign => Purpose::Signing,
            });
            let checked = self.checker.check(env, &options).await?;
            if checked.trust == TrustVerdict::Trusted {
                return Ok(None);
            }
            reasons = checked.problems;
        }
        let code = match wanted {
            Use::Encrypt => ProblemCode::RecipientUntrusted,
            Use::Sign => ProblemCode::SenderUntrusted,
        };
        let mut problem = about(code, entry, address);
        if let Some(reason) = reasons.first() {
            problem = problem.with_text("reason", reason.code.as_str());
        }
        Ok(Some(problem))
    }

    /// Whether somebody has to accept the certificate first, because they want to see new ones.
    fn not_accepted(
        &self,
        known: &Known,
        candidates: &[Known],
        address: &str,
        settings: &Settings,
    ) -> Option<Problem> {
        let Known { entry, is_own } = known;
        let decision = self.trust.decision(&entry.certificate, address);
        if *is_own || decision.is_some_and(|decision| decision.trust == Trust::Trusted) {
            return None;
        }
        // As with the signature of a mail (docs/TRUST.md): who is known needs nobody's word.
        if !entry.notes.is_unconfirmed {
            return None;
        }
        let is_changed = candidates.iter().any(|other| {
            let Entry { certificate, notes, .. } = &other.entry;
            !notes.is_unconfirmed && names(certificate, address) && certificate.allows_encryption()
        });
        let is_accepted = settings.flag(Setting::TrustNew)
            && (settings.flag(Setting::TrustNewOfKnown) || !is_changed);
        (!is_accepted).then(|| about(ProblemCode::RecipientNotAccepted, entry, address))
    }
}

/// The larger, the newer.
fn newness(entry: &Entry) -> (i64, i64, String) {
    let certificate = &entry.certificate;
    (certificate.not_before().as_millis(), certificate.not_after().as_millis(), entry.id.clone())
}

fn is_revoked(entry: &Entry) -> bool {
    entry.notes.revocation.is_some_and(|note| note.is_revoked == Some(true))
}

/// Whether a certificate stands for an address by itself.
pub(super) fn names(certificate: &Certificate, address: &str) -> bool {
    let mut own = certificate.addresses().iter();
    own.any(|own| match_address(own, address) != AddressMatch::Different)
}

fn key_of(address: &str) -> String {
    match address.starts_with('@') {
        true => address.to_ascii_lowercase(),
        false => address_key(address).unwrap_or_default(),
    }
}

/// What certificates may be assigned to that are for an address: its host, and the domains above.
pub(super) fn domains_of(key: &str) -> Vec<String> {
    let Some((_, host)) = key.rsplit_once('@') else { return Vec::new() };
    let above = host.match_indices('.').filter_map(|(at, _)| host.get(at..));
    core::iter::once(host).chain(above).map(|domain| format!("@{domain}")).collect()
}

/// A problem with a certificate, for somebody.
fn about(code: ProblemCode, entry: &Entry, address: &str) -> Problem {
    let certificate = &entry.certificate;
    Problem::new(code)
        .with_text("address", address)
        .with_text("subject", &certificate.subject_text())
        .with_text("id", &entry.id)
        .with("notBefore", Detail::Time(certificate.not_before()))
        .with("notAfter", Detail::Time(certificate.not_after()))
}

/// Of one kind only the first, which is the newest certificate's.
fn once(problems: &mut Vec<Problem>) {
    let mut codes = Vec::new();
    problems.retain(|problem| {
        let is_new = !codes.contains(&problem.code);
        codes.push(problem.code);
        is_new
    });
}
