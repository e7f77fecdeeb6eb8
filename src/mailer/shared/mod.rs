//! Shared accounts (FEATURES K7): identities that several people use, of which no server ever sees the key.
//!
//! The host carries what the administrator signed from one member to the next, and says who they are. Whoever
//! opens it holds to the administrator's certificate from the first time on, and an epoch that was seen is
//! never followed by an older one. So a server can keep a change back, but it can neither put another
//! identity in the place of one nor bring a member back. docs/SHARED.md tells what that does not cover.

mod change;
mod member_key;
mod package;

pub use self::change::{Change, NewShared, SharedChange};
pub use self::package::{Member, SharedAccount, SharedIdentity, Statement};

use std::collections::HashSet;

use super::mac::Mac;
use super::{Mailer, Session};
use crate::bytes::hex;
use crate::cert::{Certificate, Identity};
use crate::env::Env;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::store::{Backend, Entry, Opened, SharedRecord, id_of};

/// A shared account as one user sees it.
#[derive(Clone, Debug)]
pub struct SharedView {
    /// What its administrator signed.
    pub account: SharedAccount,
    /// Whether the user is a member.
    pub is_member: bool,
    /// Whether the user administers it.
    pub is_administrator: bool,
    /// What is to be said about it.
    pub problems: Vec<Problem>,
}

/// What came of something that was taken from an administrator.
#[derive(Clone, Debug)]
pub struct AcceptedShared {
    /// The account as it is now.
    pub view: SharedView,
    /// What is unlocked now.
    pub session: Session,
}

impl<B: Backend> Mailer<'_, B> {
    /// What somebody says of a shared account, whoever it is: to be shown before it is accepted for the first
    /// time. Nothing is stored.
    ///
    /// # Errors
    ///
    /// Those of [`SharedAccount::open`], and of [`Backend`].
    pub async fn inspect_shared(&self, env: &mut Env, data: &[u8]) -> Result<SharedView> {
        let account = SharedAccount::open(env, data, None).await?;
        self.shared_view(account).await
    }

    /// Takes what came from the administrator of an account. The first time somebody has to say who that is;
    /// from then on it stays the same, unless `is_new_administrator`. The identities are there from now on,
    /// if an unlocked identity is a member's, and those of accounts that the user has left are dropped.
    ///
    /// # Errors
    ///
    /// `identity/locked` where nothing is unlocked; `shared/unknown-administrator` the first time if nobody is
    /// given, `shared/other-administrator` for another than is known; `shared/rolled-back` for an epoch
    /// that was followed by another; those of [`SharedAccount::open`] and [`SharedAccount::identities`],
    /// and of [`Backend`]. Nothing was changed then.
    pub async fn accept_shared(
        &self,
        env: &mut Env,
        data: &[u8],
        administrator: Option<&Certificate>,
        is_new_administrator: bool,
    ) -> Result<AcceptedShared> {
        if !self.session.can_seal() {
            return Err(Error::IdentityLocked);
        }
        let claimed = SharedAccount::open(env, data, None).await;
        let claimed = match (claimed, administrator) {
            // What came along need not be the signer's certificate, where one is given.
            (Err(Error::SharedNotAuthentic), Some(administrator)) => {
                SharedAccount::open(env, data, Some(administrator)).await?
            }
            (claimed, _) => claimed?,
        };
        let id = SharedRecord::id_of(&claimed.statement.account);
        let known = self.genuine().await?.into_iter().find(|record| record.account == id);
        let pinned =
            known.map(|record| Certificate::from_der(&record.administrator)).transpose()?;
        let trusted = match (&pinned, administrator) {
            (None, None) => return Err(Error::SharedUnknownAdministrator),
            (Some(pinned), Some(given)) if pinned != given && !is_new_administrator => {
                let fingerprint = |one: &Certificate| hex::encode(one.fingerprint());
                let (found, known) = (fingerprint(given), fingerprint(pinned));
                return Err(Error::SharedOtherAdministrator { found, known });
            }
            (_, Some(given)) => given,
            (Some(pinned), None) => pinned,
        };
        let account = SharedAccount::open(env, data, Some(trusted)).await?;
        // Before anything is stored: what can't be opened by its own member is no change to take.
        let members = members_of(&account, &self.own_opened().await?);
        if !members.is_empty() {
            account.identities(env, &identities(&members)).await?;
        }
        let mut record = SharedRecord {
            account: id,
            epoch: account.statement.epoch,
            administrator: account.administrator.der().to_vec(),
            data: data.to_vec(),
            mac: Vec::new(),
        };
        self.session.seal_shared(&mut record)?;
        let is_genuine = |record: &SharedRecord| self.session.check_shared(record) == Mac::Holds;
        self.store.put_shared(env, &record, is_genuine).await?;
        let session = self.follow_shared(env).await?;
        Ok(AcceptedShared { view: self.shared_view(account).await?, session })
    }

    /// The shared accounts there are, by their addresses. What was altered in the database is left out, and
    /// said.
    ///
    /// # Errors
    ///
    /// `aborted`, and those of [`Backend`].
    pub async fn shared_accounts(&self, env: &mut Env) -> Result<(Vec<SharedView>, Vec<Problem>)> {
        let records = self.store.shared().await?;
        let mut views = Vec::with_capacity(records.len());
        let mut altered = 0;
        for record in records {
            let is_broken = self.session.check_shared(&record) == Mac::Broken;
            match read(env, &record).await? {
                Some(account) if !is_broken => views.push(self.shared_view(account).await?),
                _ => altered += 1,
            }
        }
        let problem =
            || Problem::new(self.session.broken_code()).with("count", Detail::Number(altered));
        Ok((views, (altered > 0).then(problem).into_iter().collect()))
    }

    /// What is unlocked once the shared accounts are followed: the identities of those that an unlocked
    /// identity is a member of are stored and unlocked, and those of others are dropped. What can't be
    /// opened is left out.
    ///
    /// # Errors
    ///
    /// `aborted`, and those of [`Backend`].
    pub async fn follow_shared(&self, env: &mut Env) -> Result<Session> {
        let mut session = self.session.clone();
        if !session.can_seal() {
            return Ok(session);
        }
        let stored = self.store.shared_identities().await?;
        let mut accounts = Vec::new();
        for record in self.genuine().await? {
            accounts.extend(read(env, &record).await?);
        }
        let own = self.own_certificates(&stored).await?;
        accounts.retain(|account| own.iter().any(|one| account.statement.has_member(one)));
        let published = accounts.iter().flat_map(|account| &account.statement.identities);
        let granted: HashSet<String> = published.map(|one| id_of(&one.certificate)).collect();
        let (kept, dropped): (Vec<Entry>, Vec<Entry>) =
            stored.into_iter().partition(|entry| granted.contains(&entry.id));
        self.store.drop_shared_identities(env, &dropped).await?;
        dropped.iter().for_each(|entry| session.drop_identity(&entry.id));

        let mut members = session.opened();
        members.retain(|one| !kept.iter().any(|entry| entry.id == one.id));
        for opened in self.store.open_shared(&members).await? {
            session.drop_identity(&opened.id);
            session.add(opened);
        }
        for account in &accounts {
            let members = members_of(account, &members);
            let published = account.statement.identities.iter();
            let mut ids = published.map(|one| id_of(&one.certificate));
            if members.is_empty() || ids.all(|id| session.identity(&id).is_some()) {
                continue;
            }
            let identities = match account.identities(env, &identities(&members)).await {
                Err(Error::Aborted) => return Err(Error::Aborted),
                Err(_) => continue,
                Ok(identities) => identities,
            };
            for identity in identities {
                if session.identity(&id_of(identity.certificate())).is_none()
                    && let Some(opened) =
                        self.store.add_shared_identity(env, &identity, &members).await?
                {
                    session.add(opened);
                }
            }
        }
        Ok(session)
    }

    /// As the user sees an account.
    async fn shared_view(&self, account: SharedAccount) -> Result<SharedView> {
        let own = self.own_certificates(&self.store.shared_identities().await?).await?;
        let is_member = own.iter().any(|one| account.statement.has_member(one));
        let is_administrator = own.contains(&account.administrator);
        let problem = || {
            Problem::new(ProblemCode::SharedNotMember)
                .with_text("account", &account.statement.account)
        };
        let problems = (!is_member).then(problem).into_iter().collect();
        Ok(SharedView { account, is_member, is_administrator, problems })
    }

    /// The ids of the shared accounts' identities, each with the addresses of the accounts that have it.
    ///
    /// # Errors
    ///
    /// `aborted`, and those of [`Backend`].
    pub(super) async fn accounts_of_shared(
        &self,
        env: &mut Env,
    ) -> Result<Vec<(String, Vec<String>)>> {
        let stored = self.store.shared_identities().await?;
        let mut of: Vec<_> = stored.into_iter().map(|entry| (entry.id, Vec::new())).collect();
        if of.is_empty() {
            return Ok(of);
        }
        for record in self.genuine().await? {
            let Some(SharedAccount { statement, .. }) = read(env, &record).await? else { continue };
            for (id, accounts) in &mut of {
                if statement.identities.iter().any(|one| id_of(&one.certificate) == *id) {
                    accounts.push(statement.account.clone());
                }
            }
        }
        Ok(of)
    }

    /// What the user took from administrators and nobody altered.
    async fn genuine(&self) -> Result<Vec<SharedRecord>> {
        let mut records = self.store.shared().await?;
        records.retain(|record| self.session.check_shared(record) == Mac::Holds);
        Ok(records)
    }

    /// The certificates of the user's own identities, locked or not; `shared` are those of accounts.
    async fn own_certificates(&self, shared: &[Entry]) -> Result<Vec<Certificate>> {
        let mut own = self.store.identities(None).await?;
        own.retain(|entry| !shared.iter().any(|other| other.id == entry.id));
        Ok(own.into_iter().map(|entry| entry.certificate).collect())
    }

    /// What is unlocked, but for the identities of shared accounts.
    pub(super) async fn own_opened(&self) -> Result<Vec<Opened>> {
        let shared = self.store.shared_identities().await?;
        let mut own = self.session.opened();
        own.retain(|one| !shared.iter().any(|other| other.id == one.id));
        Ok(own)
    }
}

fn members_of(account: &SharedAccount, own: &[Opened]) -> Vec<Opened> {
    let is_member = |one: &&Opened| account.statement.has_member(one.identity.certificate());
    own.iter().filter(is_member).cloned().collect()
}

fn identities(opened: &[Opened]) -> Vec<Identity> {
    opened.iter().map(|one| one.identity.clone()).collect()
}

/// `None` if it is not what its administrator signed for this account.
async fn read(env: &mut Env, record: &SharedRecord) -> Result<Option<SharedAccount>> {
    let Ok(administrator) = Certificate::from_der(&record.administrator) else { return Ok(None) };
    match SharedAccount::open(env, &record.data, Some(&administrator)).await {
        Err(Error::Aborted) => Err(Error::Aborted),
        Ok(account) => {
            let is_its_own = SharedRecord::id_of(&account.statement.account) == record.account
                && account.statement.epoch == record.epoch;
            Ok(Some(account).filter(|_| is_its_own))
        }
        Err(_) => Ok(None),
    }
}
