//! Whom this user trusts: whom the host trusts, and what somebody decided by hand.

use super::{AccountKind, Mac, Mailer};
use crate::cert::{AddressMatch, Certificate, a_labels, match_address};
use crate::env::Env;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::message::{
    CheckOptions, CheckResult, RevocationOptions, TrustVerdict, check_certificate,
};
use crate::path::{AnchorLimits, Purpose, TrustAnchor};
use crate::store::{Backend, Decision, Entry, Known, Trust, Withdrawal, id_of};

/// What paths are built with in one call of a mailer.
#[derive(Clone, Debug, Default)]
pub struct TrustBase {
    /// Where paths may end: the host's anchors and those that somebody trusts by hand, but none that is
    /// distrusted.
    pub anchors: Vec<TrustAnchor>,
    /// The stored certificates of authorities, but none that is distrusted.
    pub intermediates: Vec<Certificate>,
    /// `store/altered` for each decision that counts as not there.
    pub problems: Vec<Problem>,
    /// Somebody trusts something, and nothing is unlocked that could tell whether that is the user.
    pub(super) is_unchecked: bool,
    decided: Vec<Entry>,
}

/// What somebody decides.
#[derive(Clone, Debug)]
pub struct TrustChoice {
    /// `None` leaves it to the issuers.
    pub trust: Option<Trust>,
    /// For these addresses only. What somebody's certificate does not name, it is assigned to.
    pub addresses: Vec<String>,
    /// For these hosts only, and `.example.com` for those below.
    pub domains: Vec<String>,
    /// Who decides, in the host's words; by default whose the first personal account is.
    pub by: Option<String>,
}

impl<B: Backend> Mailer<'_, B> {
    /// Whom this user trusts now.
    ///
    /// # Errors
    ///
    /// `malformed/record`, and those of [`Backend`].
    pub async fn trust_base(&self) -> Result<TrustBase> {
        let mut base = TrustBase::default();
        let mut authorities = Vec::new();
        for mut entry in self.store.authorities_and_decided().await? {
            base.problems.extend(self.drop_altered(&mut entry));
            let trusts =
                entry.notes.decision.as_ref().is_some_and(|one| one.trust == Trust::Trusted);
            base.is_unchecked |=
                trusts && self.session.check_notes(&entry.id, &entry.notes) == Mac::Unchecked;
            match entry.notes.decision {
                Some(_) => base.decided.push(entry),
                None => authorities.push(entry),
            }
        }
        let hosts = self.context.trust_anchors.iter().cloned();
        base.anchors = hosts.filter(|anchor| !base.is_distrusted(&anchor.certificate)).collect();
        base.anchors.extend(base.decided.iter().filter_map(trusted_by_hand));
        let is_authority = |entry: &Entry| entry.is_authority();
        base.intermediates = authorities
            .into_iter()
            .filter(is_authority)
            .map(|entry| entry.certificate)
            .filter(|certificate| !base.is_distrusted(certificate))
            .collect();
        Ok(base)
    }

    /// A decision that somebody else made counts as not there; says so. What a certificate is assigned to
    /// is what the decision says, whatever else is noted.
    pub(super) fn drop_altered(&self, entry: &mut Entry) -> Option<Problem> {
        let Entry { id, certificate, notes, .. } = &mut *entry;
        let is_altered = self.session.check_notes(id, notes) == Mac::Broken;
        if is_altered {
            notes.decision = None;
        }
        let decision = notes.decision.as_ref();
        notes.assigned = decision.map(|one| foreign(certificate, one)).unwrap_or_default();
        if !is_altered {
            return None;
        }
        let subject = entry.certificate.subject_text();
        Some(Problem::new(self.session.broken_code()).with_text("subject", &subject))
    }

    /// Decides about a certificate, that of an authority or of somebody, or takes a decision back. It
    /// counts for mail only. `addresses` and `domains` have to be such.
    ///
    /// # Errors
    ///
    /// `identity/locked` where there are identities and none is unlocked; `usage/wrong-option` for limits
    /// of a distrust that the certificate does not name; `store/not-found`, and those of [`Backend`].
    pub async fn set_trust(&self, env: &Env, id: &str, choice: &TrustChoice) -> Result<Known> {
        self.check_may_decide().await?;
        if self.store.known(&[id.to_owned()]).await?.is_empty() {
            let anchor = self.hosts_anchor(id).ok_or(Error::StoreNotFound)?;
            let origin = Some("trust-anchors");
            self.store.add_certificates(env, std::slice::from_ref(anchor), origin).await?;
        }
        let now = env.now();
        self.store
            .decide(env, id, self.session.can_seal(), |certificate, notes| {
                let Some(trust) = choice.trust else {
                    if notes.decision.take().is_some() {
                        let mut withdrawn = Withdrawal { at: now, mac: None };
                        if self.session.can_seal() {
                            self.session.seal_withdrawal(id, &mut withdrawn)?;
                        }
                        notes.withdrawn = Some(withdrawn);
                    }
                    notes.assigned.clear();
                    return Ok(());
                };
                let mut decision = Decision {
                    trust,
                    addresses: choice.addresses.clone(),
                    domains: choice.domains.clone(),
                    by: choice.by.clone().unwrap_or_else(|| self.user()),
                    at: now,
                    mac: None,
                };
                notes.assigned = foreign(certificate, &decision);
                if trust == Trust::Distrusted
                    && (!notes.assigned.is_empty()
                        || (is_authority(certificate) && !decision.is_about_all()))
                {
                    const EXPECTED: &str = "among those that the certificate names";
                    return Err(Error::UsageWrongOption {
                        option: "addresses",
                        expected: EXPECTED,
                    });
                }
                if self.session.can_seal() {
                    self.session.seal_decision(id, &mut decision)?;
                }
                notes.decision = Some(decision);
                Ok(())
            })
            .await
    }

    /// Who uses the mailer, as far as the host said.
    fn user(&self) -> String {
        let mut accounts = self.context.accounts.iter();
        let personal = accounts.find(|one| one.kind == AccountKind::Personal);
        personal.map(|account| account.title().to_owned()).unwrap_or_default()
    }

    /// Where there are identities, only who unlocked one that binds it decides.
    pub(super) async fn check_may_decide(&self) -> Result<()> {
        match self.session.can_seal() || !self.store.has_identities().await? {
            true => Ok(()),
            false => Err(Error::IdentityLocked),
        }
    }

    /// Refuses certificates that somebody distrusts, or that are known to be revoked. The others are for
    /// who gives them to judge.
    ///
    /// # Errors
    ///
    /// `refused/recipient`, `malformed/record`, and those of [`Backend`].
    pub async fn refuse_distrusted(&self, certificates: &[Certificate]) -> Result<()> {
        let ids: Vec<String> = certificates.iter().map(id_of).collect();
        for Known { mut entry, .. } in self.store.known(&ids).await? {
            self.drop_altered(&mut entry);
            let reason = if entry.notes.decision.as_ref().is_some_and(Decision::is_against_all) {
                "somebody decided not to trust it"
            } else if entry.is_revoked() {
                "it is revoked"
            } else {
                continue;
            };
            let index = (0..).zip(&ids).find(|(_, id)| **id == entry.id);
            let index = index.map_or(0, |(index, _)| index);
            return Err(Error::RecipientUnusable { index, reason });
        }
        Ok(())
    }

    /// The certificate of an anchor of the host's.
    pub(super) fn hosts_anchor(&self, id: &str) -> Option<&Certificate> {
        let anchors = &mut self.context.trust_anchors.iter();
        let is_it = |anchor: &&TrustAnchor| id_of(&anchor.certificate) == id;
        anchors.find(is_it).map(|anchor| &anchor.certificate)
    }

    /// Whether a certificate is good now, by what the host and the user decided.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn check(
        &self,
        env: &mut Env,
        base: &TrustBase,
        entry: &Entry,
        revocation: RevocationOptions<'_>,
    ) -> Result<CheckResult> {
        let intermediates: Vec<Certificate> = entry
            .chain
            .iter()
            .filter(|certificate| !base.is_distrusted(certificate))
            .chain(&base.intermediates)
            .cloned()
            .collect();
        // An authority neither signs nor reads mail, and stands for no address.
        let purpose = match (entry.is_authority(), entry.notes.assigned.is_empty()) {
            (true, _) => Some(Purpose::Any),
            (_, false) => Some(Purpose::Encryption),
            _ => None,
        };
        let mut anchors: Vec<TrustAnchor> = match entry.is_authority() {
            true => base.anchors.iter().map(for_authorities).collect(),
            false => base.anchors.clone(),
        };
        anchors.extend(assigned_by_hand(entry));
        let options = CheckOptions {
            intermediates: &intermediates,
            revocation,
            purpose,
            ..CheckOptions::new(&entry.certificate, &anchors)
        };
        let mut checked = check_certificate(env, options).await?;
        if let Some(subject) = base.distrusted(entry, &checked) {
            checked.trust = TrustVerdict::Untrusted;
            let problem = Problem::new(ProblemCode::TrustDistrusted).with_text("subject", &subject);
            checked.problems.insert(0, problem);
        }
        if let Some(found) = entry.notes.revocation.filter(|found| found.is_revoked == Some(true))
            && !checked.problems.iter().any(|one| one.code == ProblemCode::RevocationRevoked)
        {
            checked.trust = TrustVerdict::Untrusted;
            let subject = entry.certificate.subject_text();
            let problem = Problem::new(ProblemCode::RevocationRevoked)
                .with_text("subject", &subject)
                .with("asked", Detail::Time(found.at));
            checked.problems.insert(0, problem);
        }
        if !entry.notes.assigned.is_empty() {
            let addresses = Detail::List(entry.notes.assigned.clone());
            let assigned = Problem::new(ProblemCode::CertificateAssigned);
            checked.problems.push(assigned.with("addresses", addresses));
        }
        Ok(checked)
    }
}

impl TrustBase {
    /// What somebody decided about this certificate, as far as it concerns an address.
    pub fn decision(&self, certificate: &Certificate, address: &str) -> Option<&Decision> {
        let entry = self.decided.iter().find(|entry| entry.certificate == *certificate)?;
        entry.notes.decision.as_ref().filter(|decision| decision.concerns(address))
    }

    /// The subject of the distrusted certificate that keeps this one from being trusted: itself, one of its
    /// path, or the issuer that is missing at its end.
    fn distrusted(&self, entry: &Entry, checked: &CheckResult) -> Option<String> {
        let mut path = core::iter::once(&entry.certificate).chain(&checked.chain);
        if let Some(found) = path.find(|certificate| self.is_distrusted(certificate)) {
            return Some(found.subject_text());
        }
        let end = checked.chain.last().filter(|_| checked.trust == TrustVerdict::Untrusted)?;
        let is_issuer = |one: &&Entry| {
            one.certificate.comparable_subject() == end.comparable_issuer()
                && one.notes.decision.as_ref().is_some_and(Decision::is_against_all)
        };
        self.decided.iter().find(is_issuer).map(|one| one.certificate.subject_text())
    }

    /// Whether somebody distrusts this certificate altogether.
    pub fn is_distrusted(&self, certificate: &Certificate) -> bool {
        self.decided.iter().any(|entry| {
            entry.certificate == *certificate
                && entry.notes.decision.as_ref().is_some_and(Decision::is_against_all)
        })
    }
}

impl Decision {
    /// Whether it speaks of this address.
    pub fn concerns(&self, address: &str) -> bool {
        let lower = |host: &str| a_labels(host).map(|host| host.to_ascii_lowercase());
        let host = address.rsplit_once('@').and_then(|(_, host)| lower(host));
        let is_at = |domain: &String| match (&host, lower(domain)) {
            (Some(host), Some(domain)) => match domain.starts_with('.') {
                true => host.strip_suffix(&domain).is_some_and(|below| !below.is_empty()),
                false => *host == domain,
            },
            _ => false,
        };
        let is_same = |own: &String| match_address(own, address) != AddressMatch::Different;
        self.is_about_all() || self.addresses.iter().any(is_same) || self.domains.iter().any(is_at)
    }

    fn is_against_all(&self) -> bool {
        self.trust == Trust::Distrusted && self.is_about_all()
    }
}

/// What a decision names that the certificate does not: it is assigned to these. Authorities name nobody.
fn foreign(certificate: &Certificate, decision: &Decision) -> Vec<String> {
    if is_authority(certificate) {
        return Vec::new();
    }
    let is_own = |address: &&String| {
        let mut own = certificate.addresses().iter();
        own.any(|own| match_address(own, address) != AddressMatch::Different)
    };
    let addresses = decision.addresses.iter().filter(|address| !is_own(address)).cloned();
    addresses.chain(decision.domains.iter().map(|domain| format!("@{domain}"))).collect()
}

fn is_authority(certificate: &Certificate) -> bool {
    certificate.basic_constraints().is_some_and(|basic| basic.ca)
}

/// An anchor as far as it counts for the authorities below.
fn for_authorities(anchor: &TrustAnchor) -> TrustAnchor {
    let limits = AnchorLimits { email_only: false, permitted: None, ..anchor.limits.clone() };
    TrustAnchor { certificate: anchor.certificate.clone(), limits }
}

/// What is trusted by hand is an anchor, for mail only. What is assigned is none: the decision alone says
/// for whom it is, and not what the certificate names.
fn trusted_by_hand(entry: &Entry) -> Option<TrustAnchor> {
    let decision = entry.notes.decision.as_ref().filter(|one| one.trust == Trust::Trusted)?;
    if !foreign(&entry.certificate, decision).is_empty() {
        return None;
    }
    let permitted = decision.addresses.iter().chain(&decision.domains).cloned().collect();
    let limits = AnchorLimits {
        email_only: true,
        permitted: (!decision.is_about_all()).then_some(permitted),
        ..AnchorLimits::default()
    };
    Some(TrustAnchor { certificate: entry.certificate.clone(), limits })
}

/// An assigned certificate, as far as it itself is in question.
fn assigned_by_hand(entry: &Entry) -> Option<TrustAnchor> {
    let decision = entry.notes.decision.as_ref().filter(|one| one.trust == Trust::Trusted)?;
    let limits =
        AnchorLimits { email_only: true, encryption_only: true, ..AnchorLimits::default() };
    let anchor = TrustAnchor { certificate: entry.certificate.clone(), limits };
    (!foreign(&entry.certificate, decision).is_empty()).then_some(anchor)
}
