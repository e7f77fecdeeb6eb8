//! Choosing certificates: whom mail can be encrypted to, and what it is signed with.
//!
//! Of somebody's certificates those count that name the address, are for the use, are valid now, and are
//! trusted: by the anchors, or by hand. What is revoked or distrusted by hand never counts. Where there is
//! none to encrypt to, one counts that was assigned by hand to the address, and then one of its domain.
//! Where none is left, the reasons are told, of the newest certificate first.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::objection::{Use, about, objection};
use super::settings::{Setting, Settings};
use super::{Account, Context, Mailer, TrustBase};
use crate::bytes::sort_by_key;
use crate::cert::{AddressMatch, Certificate, Identity, address_key, match_address};
use crate::crypto::Operation;
use crate::env::Env;
use crate::error::{Problem, ProblemCode, Result};
use crate::message::{
    Capabilities, CertificateChecker, CheckOptions, People, Recipient, RevocationOptions,
    TrustVerdict,
};
use crate::path::Purpose;
use crate::store::{Backend, Entry, Trust, index_of};

/// Of one address, for how many certificates a path is looked for. Anybody can send more.
const MOST_PATHS: usize = 32;

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

/// By places among what is known, where the newest stands first.
type Placed<T> = Vec<(usize, T)>;

#[derive(Clone, Debug)]
struct Known {
    entry: Entry,
    own: Own,
}

/// Whether the user has the private key of a certificate. Who can write the database can claim that of any.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Own {
    No,
    /// The database says so.
    Claimed,
    /// It is unlocked, or the host has it.
    Shown,
    /// It is that of these shared accounts, whose members all have it.
    Shared(Vec<String>),
}

impl Own {
    fn is_own(&self) -> bool {
        *self != Own::No
    }

    /// Whether it can be the user's for an address: a shared account's is for that account alone, whatever
    /// else the certificate names.
    fn may_be_for(&self, address: &str) -> bool {
        let is_it = |account: &String| match_address(account, address) != AddressMatch::Different;
        match self {
            Own::No => false,
            Own::Claimed | Own::Shown => true,
            Own::Shared(accounts) => accounts.iter().any(is_it),
        }
    }

    /// Whether it is known to be the user's for an address, so that nobody else has to vouch for it.
    fn is_shown_for(&self, address: &str) -> bool {
        *self != Own::Claimed && self.may_be_for(address)
    }
}

/// A certificate that was chosen.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// It, and what is known of it.
    pub entry: Entry,
    /// It does not name the address: somebody assigned it by hand.
    pub is_assigned: bool,
    /// It is the user's, who reads with this package.
    pub is_own: bool,
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
        let reads_headers = self.is_own || notes.headers_seen.is_some();
        recipient.reads_protected_headers(reads_headers).only_for(address)
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

impl Choice {
    fn of_recipient(usable: Vec<Known>, address: &str) -> Choice {
        let chosen = usable.into_iter().map(|Known { entry, own }| Chosen {
            is_assigned: !names(&entry.certificate, address),
            is_own: own.is_shown_for(address),
            entry,
        });
        let chosen: Vec<Chosen> = chosen.collect();
        let assigned = chosen.iter().filter(|one| one.is_assigned);
        let mut problems = assigned
            .map(|one| about(ProblemCode::RecipientAssigned, &one.entry, address))
            .collect();
        once(&mut problems);
        Choice { chosen, problems }
    }

    fn of_signer(Known { entry, .. }: Known, problems: Vec<Problem>) -> Choice {
        Choice { chosen: vec![Chosen { entry, is_assigned: false, is_own: true }], problems }
    }
}

impl<'a, B: Backend> Mailer<'a, B> {
    /// What there is for these addresses. The certificates are read at one moment.
    ///
    /// # Errors
    ///
    /// `malformed/record`, `aborted`, and those of [`Backend`].
    pub async fn chooser(&self, env: &mut Env, addresses: &[String]) -> Result<Chooser<'a>> {
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
        let own = self.own_for(env, &keys).await?;
        let trust = self.trust_base().await?;
        let chains = own.iter().flat_map(|entry| entry.chain.iter());
        let chains = chains.filter(|one| !trust.is_distrusted(one)).cloned();
        let intermediates: Vec<Certificate> =
            trust.intermediates.iter().cloned().chain(chains).collect();
        let anchors = trust.anchors.iter().cloned();
        let revocation = RevocationOptions::default();
        let checker = CertificateChecker::new(env, anchors, intermediates, &revocation);
        let shared = self.accounts_of_shared(env).await?;
        let own = own.into_iter().map(|mut entry| {
            self.drop_altered(&mut entry);
            let accounts = shared.iter().find(|(id, _)| *id == entry.id);
            let own = match accounts {
                Some((_, accounts)) => Own::Shared(accounts.clone()),
                None if self.has_shown(&entry) => Own::Shown,
                None => Own::Claimed,
            };
            Known { entry, own }
        });
        let mut known: Vec<Known> = own.collect();
        for mut entry in stored {
            self.drop_altered(&mut entry);
            // What is stored twice is one's own; what was noted is noted beside the other.
            match known.iter_mut().find(|own| own.entry.id == entry.id) {
                Some(own) => own.entry.notes = entry.notes,
                None => known.push(Known { entry, own: Own::No }),
            }
        }
        let by_key = HashMap::new();
        let mut chooser = Chooser { context: self.context, trust, checker, known, by_key };
        chooser.arrange();
        Ok(chooser)
    }

    /// Whether the user has shown the private key.
    fn has_shown(&self, entry: &Entry) -> bool {
        let unlocked = self.session.identity(&entry.id);
        let shown = unlocked.or_else(|| self.context.elsewhere(&entry.id));
        shown.is_some_and(|identity| *identity.certificate() == entry.certificate)
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

impl Chooser<'_> {
    /// Whom the user trusts.
    pub(super) fn trust(&self) -> &TrustBase {
        &self.trust
    }

    /// Puts the newest first, and finds each by its addresses.
    fn arrange(&mut self) {
        sort_by_key(&mut self.known, |one| Reverse(newness(&one.entry)));
        self.by_key.clear();
        for (index, Known { entry, .. }) in self.known.iter().enumerate() {
            for address in entry.certificate.addresses().iter().chain(&entry.notes.assigned) {
                let list = self.by_key.entry(index_of(address)).or_default();
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
        let is_next = settings.word(Setting::EncryptTo) == "next-newest";
        let mut problems = Vec::new();
        for candidates in self.candidates(address) {
            let mut usable =
                self.usable(env, &candidates, address, settings, &mut problems).await?;
            if is_next && !usable.is_empty() {
                let newest = usable.remove(0);
                if usable.is_empty() {
                    let code = ProblemCode::RecipientNewestExcluded;
                    problems.insert(0, about(code, &newest.entry, address));
                    break;
                }
            }
            if !usable.is_empty() {
                return Ok(Choice::of_recipient(usable, address));
            }
        }
        if problems.is_empty() {
            let code = match People::is_address(address) {
                true => ProblemCode::RecipientNoCertificate,
                false => ProblemCode::RecipientNoAddress,
            };
            problems.push(Problem::new(code).with_text("address", address));
        }
        once(&mut problems);
        Ok(Choice { chosen: Vec::new(), problems })
    }

    /// Those of the candidates that mail can be encrypted to, the newest first, as many as the settings
    /// ask for; and why not the others.
    async fn usable(
        &mut self,
        env: &mut Env,
        candidates: &[usize],
        address: &str,
        settings: &Settings,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Known>> {
        let enough = match settings.word(Setting::EncryptTo) {
            "next-newest" => 2,
            "all" => MOST_PATHS,
            _ => 1,
        };
        let (good, mut refused) = self.sifted(env, candidates, address, Use::Encrypt);
        let mut usable = Vec::new();
        for (place, known) in good {
            let problem = match self.distrust(env, &known, address, Use::Encrypt).await? {
                None => self.not_accepted(&known, candidates, address, settings),
                problem => problem,
            };
            match problem {
                None => usable.push(known),
                Some(problem) => refused.push((place, problem)),
            }
            if usable.len() == enough {
                break;
            }
        }
        sort_by_key(&mut refused, |(place, _)| *place);
        problems.extend(refused.into_iter().map(|(_, problem)| problem));
        Ok(usable)
    }

    /// What to sign with as an address: the newest certificate of one's own that is good for it.
    /// `when_asked` takes one that nobody vouches for too, and says so.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn signer(&mut self, env: &mut Env, from: &str, when_asked: bool) -> Result<Choice> {
        let [mut named, ..] = self.candidates(from);
        named.retain(|&place| self.known.get(place).is_some_and(|known| known.own.is_own()));
        let (good, mut refused) = self.sifted(env, &named, from, Use::Sign);
        let mut untrusted = None;
        for (place, known) in good {
            match self.distrust(env, &known, from, Use::Sign).await? {
                None => return Ok(Choice::of_signer(known, Vec::new())),
                Some(problem) => {
                    untrusted = untrusted.or_else(|| Some((known, problem.clone())));
                    refused.push((place, problem));
                }
            }
        }
        if let Some((known, problem)) = untrusted.filter(|_| when_asked) {
            return Ok(Choice::of_signer(known, vec![problem]));
        }
        sort_by_key(&mut refused, |(place, _)| *place);
        let mut problems: Vec<Problem> = refused.into_iter().map(|(_, problem)| problem).collect();
        if problems.is_empty() {
            let none = Problem::new(ProblemCode::SenderNoCertificate);
            problems.push(none.with_text("address", from));
        }
        once(&mut problems);
        Ok(Choice { chosen: Vec::new(), problems })
    }

    /// Every current certificate of an account's own that mail can be encrypted to, the newest first: those
    /// whose keys the user has shown, and those that are trusted as anybody's would be.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn own(&mut self, env: &mut Env, account: &Account) -> Result<Vec<Chosen>> {
        let mut own = self.known.clone();
        own.retain(|known| known.own.is_own());
        let mut chosen = Vec::new();
        for known in own {
            let addresses = known.entry.certificate.addresses().iter();
            for address in addresses.filter(|one| account.has(one) && known.own.may_be_for(one)) {
                let objection =
                    objection(env.now(), &self.trust, &known.entry, address, Use::Encrypt);
                if objection.is_none()
                    && self.distrust(env, &known, address, Use::Encrypt).await?.is_none()
                {
                    let entry = known.entry.clone();
                    chosen.push(Chosen { entry, is_assigned: false, is_own: true });
                    break;
                }
            }
        }
        Ok(chosen)
    }

    /// Whether the key is elsewhere, where it does not sign.
    fn is_mute(&self, id: &str) -> bool {
        let elsewhere = self.context.elsewhere(id).map(Identity::key);
        elsewhere.is_some_and(|key| key.permits(Operation::Sign).is_err())
    }

    /// The places of all that may stand for an address, the newest first: those that name it, those that
    /// are assigned to it, and those that are assigned to its domain.
    fn candidates(&self, address: &str) -> [Vec<usize>; 3] {
        let Some(key) = address_key(address) else { return Default::default() };
        let found = |key: &str| self.by_key.get(key).into_iter().flatten().copied();
        let is_named = |place: &usize| {
            self.known.get(*place).is_some_and(|known| names(&known.entry.certificate, address))
        };
        let (named, assigned) = found(&key).partition(is_named);
        let domains = domains_of(&key);
        let mut of_domain: Vec<usize> = domains.iter().flat_map(|domain| found(domain)).collect();
        sort_by_key(&mut of_domain, |&place| place);
        of_domain.dedup();
        [named, assigned, of_domain]
    }

    /// The candidates that a path is to be looked for, the newest first, and why not the others. If there
    /// are too many, those that somebody decided about go first, and those that nobody ever trusted last.
    fn sifted(
        &self,
        env: &Env,
        candidates: &[usize],
        address: &str,
        wanted: Use,
    ) -> (Placed<Known>, Placed<Problem>) {
        let (mut good, mut refused) = (Vec::new(), Vec::new());
        for &place in candidates {
            let Some(known) = self.known.get(place) else { continue };
            let mute = || {
                let is_mute = wanted == Use::Sign && self.is_mute(&known.entry.id);
                is_mute.then(|| about(ProblemCode::SenderNotForSigning, &known.entry, address))
            };
            match objection(env.now(), &self.trust, &known.entry, address, wanted).or_else(mute) {
                None => good.push((place, known)),
                Some(problem) => refused.push((place, problem)),
            }
        }
        sort_by_key(&mut good, |(place, known)| {
            let Entry { certificate, notes, .. } = &known.entry;
            let is_decided = self.trust.decision(certificate, address).is_some();
            (!is_decided, notes.is_unconfirmed, *place)
        });
        good.truncate(MOST_PATHS);
        sort_by_key(&mut good, |(place, _)| *place);
        let good = good.into_iter().map(|(place, known)| (place, known.clone()));
        (good.collect(), refused)
    }

    /// Why nobody vouches for a certificate, if so.
    async fn distrust(
        &mut self,
        env: &mut Env,
        known: &Known,
        address: &str,
        wanted: Use,
    ) -> Result<Option<Problem>> {
        let Known { entry, own } = known;
        let certificate = &entry.certificate;
        let decision = self.trust.decision(certificate, address).map(|decision| decision.trust);
        let is_to_oneself =
            own.is_shown_for(address) && self.context.accounts.iter().any(|one| one.has(address));
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
        let code = wanted.code(ProblemCode::RecipientUntrusted, ProblemCode::SenderUntrusted);
        let mut problem = about(code, entry, address);
        if let Some(reason) = reasons.first() {
            problem = problem.with_text("reason", reason.code.as_str());
        }
        Ok(Some(problem))
    }

    /// Whether somebody has to accept the certificate first, because they want to see new ones, or wants an
    /// answer of its issuer, who gave none.
    fn not_accepted(
        &self,
        known: &Known,
        candidates: &[usize],
        address: &str,
        settings: &Settings,
    ) -> Option<Problem> {
        let Known { entry, own } = known;
        let decision = self.trust.decision(&entry.certificate, address);
        if own.is_shown_for(address)
            || decision.is_some_and(|decision| decision.trust == Trust::Trusted)
        {
            return None;
        }
        let is_silent = entry.notes.revocation.is_some_and(|note| note.is_revoked.is_none());
        if is_silent && !settings.flag(Setting::TrustWithoutAnswer) {
            return Some(about(ProblemCode::RecipientNoAnswer, entry, address));
        }
        // As with the signature of a mail (docs/TRUST.md): who is known needs nobody's word.
        if !entry.notes.is_unconfirmed {
            return None;
        }
        let mut others = candidates.iter().filter_map(|&place| self.known.get(place));
        let is_changed = others.any(|other| {
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

/// Whether a certificate stands for an address by itself.
pub(super) fn names(certificate: &Certificate, address: &str) -> bool {
    let mut own = certificate.addresses().iter();
    own.any(|own| match_address(own, address) != AddressMatch::Different)
}

/// What certificates may be assigned to that are for an address: its host, and the domains above.
pub(super) fn domains_of(key: &str) -> Vec<String> {
    let Some((_, host)) = key.rsplit_once('@') else { return Vec::new() };
    let above = host.match_indices('.').filter_map(|(at, _)| host.get(at..));
    core::iter::once(host).chain(above).map(|domain| format!("@{domain}")).collect()
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

#[cfg(test)]
mod tests;
