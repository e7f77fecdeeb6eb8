//! The certificates that a mail module knows: the list (FEATURES K2), one of them in full (K3), taking in
//! others' (K4), giving out one's own (K5), and removing (K6).

use super::choose::domains_of;
use super::{Mailer, Session, TrustChoice};
use crate::cert::{Certificate, address_key};
use crate::env::{Env, Time};
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::message::{
    CheckResult, RevocationOptions, RevocationVerdict, certificates_only, parse_certificates,
};
use crate::pkcs12::{self, Password, Profile};
use crate::store::{Backend, Entry, Known, ListLine, Notes, RevocationNote, SHARED, Trust, id_of};

/// What a list is asked for.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// Only those with an address or name that holds this text, in whatever case.
    pub filter: Option<String>,
    /// Only those for this address.
    pub address: Option<String>,
    /// Only those in this state.
    pub state: Option<CertificateState>,
    /// Only the user's own, or only others'.
    pub own: Option<bool>,
    /// Only those of authorities, or only others.
    pub authorities: Option<bool>,
    /// Only those that come after what an earlier page says it ends with.
    pub after: Option<String>,
    /// So many at most.
    pub limit: usize,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct CertificatePage {
    /// The certificates, by their first address or name.
    pub rows: Vec<CertificateRow>,
    /// What the next page comes after; `None` at the end.
    pub after: Option<String>,
    /// How many there are on all pages.
    pub total: usize,
}

/// A certificate as the list shows it.
#[derive(Clone, Debug)]
pub struct CertificateRow {
    /// What is stored about it.
    pub known: Known,
    /// Whether it may be used now, as far as is known without asking anybody.
    pub state: CertificateState,
    /// The addresses of the user's accounts that it stands for.
    pub accounts: Vec<String>,
    /// Whether one of these accounts is several people's, or it came with a shared account.
    pub is_shared: bool,
}

/// Whether a certificate may be used, leaving aside who issued it. What comes first here counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateState {
    /// Somebody decided against it.
    Distrusted,
    /// Its issuer took it back.
    Revoked,
    /// Its validity is over.
    Expired,
    /// Its validity did not begin.
    NotYet,
    /// None of these.
    Valid,
}

/// A certificate in full.
#[derive(Debug)]
pub struct CertificateView {
    /// As in the list.
    pub row: CertificateRow,
    /// Whether it is good now, and why.
    pub check: CheckResult,
}

/// A certificate that was taken in.
#[derive(Clone, Debug)]
pub struct ImportedCertificate {
    /// As in the list.
    pub row: CertificateRow,
    /// Whether it was not stored before.
    pub is_new: bool,
    /// What is to be said about it.
    pub problems: Vec<Problem>,
}

/// The form of a certificate that is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// DER.
    Der,
    /// PEM (RFC 7468).
    Pem,
    /// Certs-only SignedData with the chain (RFC 8551, 3.8).
    P7b,
}

impl<B: Backend> Mailer<'_, B> {
    /// A page of the list.
    ///
    /// # Errors
    ///
    /// `malformed/record`, and those of [`Backend`].
    pub async fn certificates(&self, env: &Env, query: &ListQuery) -> Result<CertificatePage> {
        let now = env.now();
        let listing = match &query.address {
            Some(address) => self.store.listing_for(&keys_of(address)).await?,
            None => self.store.listing().await?,
        };
        let filter = query.filter.as_ref().map(|text| text.to_lowercase());
        let mut lines: Vec<ListLine<'_>> = merged(listing.lines().collect());
        for line in lines.iter_mut().filter(|line| self.context.elsewhere(line.id).is_some()) {
            line.is_own = true;
        }
        lines.retain(|line| {
            filter.as_ref().is_none_or(|text| line.texts.contains(text.as_str()))
                && query.own.is_none_or(|own| own == line.is_own)
                && query.authorities.is_none_or(|authority| authority == line.is_authority)
                && query.state.is_none_or(|state| state == state_of(line, now))
        });
        let total = lines.len();
        let after = query.after.as_deref().and_then(|after| after.rsplit_once('\t'));
        if let Some(last) = after {
            lines.retain(|line| (&*line.texts, line.id) > last);
        }
        let has_more = lines.len() > query.limit;
        lines.truncate(query.limit);
        let next = lines.last().filter(|_| has_more);
        let next = next.map(|line| format!("{}\t{}", line.texts, line.id));
        let ids: Vec<String> = lines.iter().map(|line| line.id.to_owned()).collect();
        let known = self.store.known(&ids).await?;
        let rows = known.into_iter().map(|known| self.row(known, now)).collect();
        Ok(CertificatePage { rows, after: next, total })
    }

    /// One certificate, checked by what is at hand: nobody is asked.
    ///
    /// # Errors
    ///
    /// `store/not-found`, `malformed/record`, `aborted`, and those of [`Backend`].
    pub async fn certificate(&self, env: &mut Env, id: &str) -> Result<CertificateView> {
        let known = self.find(env, id).await?;
        self.view(env, known, RevocationOptions::default()).await
    }

    /// Checks a certificate with revocation, and notes what was found out. That it is revoked stays noted.
    ///
    /// # Errors
    ///
    /// As [`Mailer::certificate`].
    pub async fn check_certificate(
        &self,
        env: &mut Env,
        id: &str,
        revocation: RevocationOptions<'_>,
    ) -> Result<CertificateView> {
        let known = self.find(env, id).await?;
        let mut view = self.view(env, known, revocation).await?;
        let is_revoked = match view.check.revocation {
            RevocationVerdict::Good => Some(false),
            RevocationVerdict::Revoked => Some(true),
            RevocationVerdict::Unknown => None,
            RevocationVerdict::Unchecked => return Ok(view),
        };
        let at = env.now();
        let noted = self.store.annotate(id, |_, notes| {
            let known = notes.revocation.and_then(|note| note.is_revoked);
            if known != Some(true) && (is_revoked.is_some() || known.is_none()) {
                notes.revocation = Some(RevocationNote { is_revoked, at });
            }
            Ok(())
        });
        match noted.await {
            Ok(known) => view.row = self.row(known, at),
            // An anchor of the host's.
            Err(Error::StoreNotFound) => {}
            Err(error) => return Err(error),
        }
        Ok(view)
    }

    /// Takes in the certificates of a file, and assigns those that are no authority's to addresses and
    /// domains which they need not name: they are used to encrypt for these.
    ///
    /// # Errors
    ///
    /// `malformed/certificate`, `p12/key-file`, `limit/…`; `identity/locked` and `usage/wrong-option` as
    /// [`Mailer::set_trust`], before anything is stored; `aborted`, and those of [`Backend`].
    pub async fn import_certificates(
        &self,
        env: &mut Env,
        data: &[u8],
        origin: &str,
        assign: Option<&TrustChoice>,
    ) -> Result<Vec<ImportedCertificate>> {
        let certificates = parse_certificates(data, env.limits())?;
        if assign.is_some() {
            self.check_may_decide().await?;
        }
        let ids: Vec<String> = certificates.iter().map(id_of).collect();
        let before = self.store.known(&ids).await?;
        let entries = self.store.add_certificates(env, &certificates, Some(origin)).await?;
        // By hand is confirmation.
        for entry in entries.iter().filter(|entry| entry.notes.is_unconfirmed) {
            let confirm = |_: &Certificate, notes: &mut Notes| {
                notes.is_unconfirmed = false;
                Ok(())
            };
            self.store.annotate(&entry.id, confirm).await?;
        }
        for entry in entries.iter().filter(|entry| !entry.is_authority()) {
            if let Some(choice) = assign {
                self.set_trust(env, &entry.id, choice).await?;
            }
        }
        let mut imported = Vec::with_capacity(entries.len());
        for known in self.store.known(&ids).await? {
            let is_new = !before.iter().any(|old| old.entry.id == known.entry.id);
            let view = self.view(env, known, RevocationOptions::default()).await?;
            let Entry { certificate, notes, .. } = &view.row.known.entry;
            let mut problems = view.check.problems;
            let is_nobodys = certificate.addresses().is_empty() && notes.assigned.is_empty();
            if is_nobodys && !view.row.known.entry.is_authority() {
                let subject = certificate.subject_text();
                let problem = Problem::new(ProblemCode::CertificateNoAddress);
                problems.insert(0, problem.with_text("subject", &subject));
            }
            imported.push(ImportedCertificate { row: view.row, is_new, problems });
        }
        Ok(imported)
    }

    /// A certificate without its key, for others.
    ///
    /// # Errors
    ///
    /// As [`Mailer::certificate`].
    pub async fn export_certificate(
        &self,
        env: &mut Env,
        id: &str,
        format: ExportFormat,
    ) -> Result<Vec<u8>> {
        let known = self.find(env, id).await?;
        match format {
            ExportFormat::Der => Ok(known.entry.certificate.der().to_vec()),
            ExportFormat::Pem => Ok(pem(&known.entry.certificate)),
            ExportFormat::P7b => {
                let own = known.entry.certificate.clone();
                let brought = known.entry.chain.clone();
                let found = self.view(env, known, RevocationOptions::default()).await?.check.chain;
                let mut chain = vec![own];
                for certificate in found.into_iter().chain(brought) {
                    if !chain.contains(&certificate) {
                        chain.push(certificate);
                    }
                }
                Ok(certificates_only(&chain))
            }
        }
    }

    /// An identity with its key, sealed by a password.
    ///
    /// # Errors
    ///
    /// `identity/locked`, `store/not-found`, `refused/external-key`, `unsupported/…`, and those of
    /// [`Backend`].
    pub async fn export_p12(
        &self,
        env: &mut Env,
        id: &str,
        password: &Password,
        profile: Profile,
    ) -> Result<Vec<u8>> {
        match self.session.identity(id).or_else(|| self.context.elsewhere(id)) {
            Some(identity) => pkcs12::export(env, identity, password, profile).await,
            None if self.find(env, id).await?.is_own => Err(Error::IdentityLocked),
            None => Err(Error::StoreNotFound),
        }
    }

    /// Removes a certificate of somebody's; where there are identities, other devices believe it only of who
    /// unlocked one. What was encrypted for the user's own opens without it.
    ///
    /// # Errors
    ///
    /// `identity/locked` where somebody decided about it and nothing is unlocked; `usage/wrong-option` for
    /// that of an identity; `store/not-found`, and those of [`Backend`].
    pub async fn remove_certificate(&self, env: &Env, id: &str) -> Result<()> {
        let stored = self.store.certificate(id).await;
        if stored == Err(Error::StoreNotFound) && self.find(env, id).await?.is_own {
            const EXPECTED: &str =
                "that of somebody else's certificate, or removed by removeIdentity";
            return Err(Error::UsageWrongOption { option: "id", expected: EXPECTED });
        }
        if stored?.notes.decision.is_some() {
            self.check_may_decide().await?;
        }
        self.store.remove_certificate(env, id, self.session.mac_key.as_ref()).await
    }

    /// Removes an identity with its key; other devices believe it only of who unlocked one. Its certificate stays, so that it can be said what a mail was
    /// encrypted for. The answer is what is unlocked now: shared accounts that it opened are closed.
    ///
    /// # Errors
    ///
    /// `store/not-found`, `shared/not-own`, `aborted`, and those of [`Backend`].
    pub async fn remove_identity(&self, env: &mut Env, id: &str) -> Result<Session> {
        if self.store.shared_identities().await?.iter().any(|shared| shared.id == id) {
            return Err(Error::SharedNotOwn);
        }
        let is_member_key = self.member_key().await?.is_some_and(|key| key.id == id);
        let key = self.session.mac_key.as_ref();
        self.store.remove_identity(env, id, !is_member_key, key).await?;
        let mut left = self.session.clone();
        left.drop_identity(id);
        let mut left = Mailer::new(self.store, self.context, left).follow_shared(env).await?;
        left.mac_key = left.mac_key.filter(|_| !left.identities.is_empty());
        Ok(left)
    }

    /// A certificate that is stored, or that of an anchor of the host's.
    ///
    /// # Errors
    ///
    /// `store/not-found`, `malformed/record`, and those of [`Backend`].
    pub async fn find(&self, env: &Env, id: &str) -> Result<Known> {
        if let Some(mut known) = self.store.known(&[id.to_owned()]).await?.into_iter().next() {
            known.is_own |= self.context.elsewhere(id).is_some();
            return Ok(known);
        }
        self.hosts_anchor(id).map(|anchor| unstored(anchor, env.now())).ok_or(Error::StoreNotFound)
    }

    /// Whom paths may end at: the host's anchors and those that somebody trusts by hand, with what is to
    /// be said about decisions.
    ///
    /// # Errors
    ///
    /// `malformed/record`, and those of [`Backend`].
    pub async fn trust_anchors(&self, env: &Env) -> Result<(Vec<CertificateRow>, Vec<Problem>)> {
        let (base, now) = (self.trust_base().await?, env.now());
        let ids: Vec<String> = base.anchors.iter().map(|one| id_of(&one.certificate)).collect();
        let stored = self.store.known(&ids).await?;
        let mut stored = stored.into_iter().peekable();
        let known = base.anchors.iter().zip(&ids).map(|(anchor, id)| {
            let known = stored.next_if(|known| known.entry.id == *id);
            known.unwrap_or_else(|| unstored(&anchor.certificate, now))
        });
        Ok((known.map(|known| self.row(known, now)).collect(), base.problems))
    }

    async fn view(
        &self,
        env: &mut Env,
        mut known: Known,
        revocation: RevocationOptions<'_>,
    ) -> Result<CertificateView> {
        let base = self.trust_base().await?;
        let altered = self.drop_altered(&mut known.entry);
        let mut check = self.check(env, &base, &known.entry, revocation).await?;
        check.problems.extend(altered);
        Ok(CertificateView { row: self.row(known, env.now()), check })
    }

    /// As the list shows it. A decision that somebody else made counts as not there.
    pub fn row(&self, mut known: Known, now: Time) -> CertificateRow {
        self.drop_altered(&mut known.entry);
        known.is_own |= self.context.elsewhere(&known.entry.id).is_some();
        let certificate = &known.entry.certificate;
        let named = self.context.accounts.iter();
        let named: Vec<_> = named.filter(|account| account.is_named_by(certificate)).collect();
        let is_shared = (known.is_own && known.entry.origin.as_deref() == Some(SHARED))
            || named.iter().any(|one| one.kind == super::AccountKind::Shared);
        let accounts = named.iter().map(|account| account.address.clone()).collect();
        CertificateRow { state: state_of_entry(&known.entry, now), accounts, is_shared, known }
    }
}

/// What certificates that stand for an address, or are assigned to it or its domain, are found by.
fn keys_of(address: &str) -> Vec<String> {
    let mut keys = domains_of(&address_key(address).unwrap_or_default());
    keys.push(address.to_owned());
    keys
}

/// An anchor of the host's.
fn unstored(certificate: &Certificate, now: Time) -> Known {
    let origin = Some("trust-anchors".to_owned());
    let entry = Entry { origin, ..Entry::unstored(certificate.clone(), now) };
    Known { entry, is_own: false }
}

/// One line for each certificate, in the order of the list. One of an identity's says what it is, those
/// of both what is against it.
fn merged(mut lines: Vec<ListLine<'_>>) -> Vec<ListLine<'_>> {
    crate::bytes::sort_by(&mut lines, |a, b| (&a.texts, a.id).cmp(&(&b.texts, b.id)));
    let mut merged: Vec<ListLine<'_>> = Vec::with_capacity(lines.len());
    for line in lines {
        match merged.last_mut().filter(|last| last.id == line.id) {
            Some(last) => {
                last.is_own |= line.is_own;
                last.is_revoked |= line.is_revoked;
                last.is_distrusted |= line.is_distrusted;
            }
            None => merged.push(line),
        }
    }
    merged
}

fn state_of(line: &ListLine<'_>, now: Time) -> CertificateState {
    let (revoked, distrusted) = (line.is_revoked, line.is_distrusted);
    state(distrusted, revoked, line.not_before, line.not_after, now)
}

fn state_of_entry(entry: &Entry, now: Time) -> CertificateState {
    let Entry { certificate, notes, .. } = entry;
    let decision = notes.decision.as_ref();
    let distrusted =
        decision.is_some_and(|one| one.trust == Trust::Distrusted && one.is_about_all());
    let revoked = notes.revocation.is_some_and(|note| note.is_revoked == Some(true));
    let (from, until) = (certificate.not_before().as_secs(), certificate.not_after().as_secs());
    state(distrusted, revoked, from, until, now)
}

fn state(distrusted: bool, revoked: bool, from: i64, until: i64, now: Time) -> CertificateState {
    match (distrusted, revoked) {
        (true, _) => CertificateState::Distrusted,
        (_, true) => CertificateState::Revoked,
        _ if now.as_secs() > until => CertificateState::Expired,
        _ if now.as_secs() < from => CertificateState::NotYet,
        _ => CertificateState::Valid,
    }
}

/// RFC 7468, 5.
fn pem(certificate: &Certificate) -> Vec<u8> {
    let text = crate::bytes::base64::encode(certificate.der());
    let lines: Vec<&[u8]> = text.split(|byte| matches!(byte, b'\r' | b'\n')).collect();
    let joined: Vec<u8> = lines.concat();
    let mut pem = b"-----BEGIN CERTIFICATE-----\n".to_vec();
    for line in joined.chunks(64) {
        pem.extend_from_slice(line);
        pem.push(b'\n');
    }
    pem.extend_from_slice(b"-----END CERTIFICATE-----\n");
    pem
}
