//! What an administrator does with a shared account.

use super::package::stands_for;
use super::{Member, SharedAccount, SharedIdentity, SharedView, Statement};
use crate::cert::{Certificate, Identity, check_address};
use crate::env::Env;
use crate::error::{Error, Limit, Problem, ProblemCode, Result};
use crate::mailer::{Mailer, Session};
use crate::store::{Backend, SharedRecord, id_of};

/// An account that is to be shared.
#[derive(Clone, Debug)]
pub struct NewShared {
    /// Its address.
    pub account: String,
    /// The id of the identity that signs for it.
    pub administrator: String,
    /// The ids of its identities, the newest first.
    pub identities: Vec<String>,
    /// Who can use them.
    pub members: Vec<Member>,
}

/// What is to become of a shared account.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Who is to be a member; in the place of one with the same certificate.
    pub add: Vec<Member>,
    /// Who is to be none any more.
    pub remove: Vec<Certificate>,
    /// The ids of identities that take the place of those there are, which stay for old mail.
    pub identities: Vec<String>,
}

impl Change {
    /// Whether nothing is to change.
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty() && self.identities.is_empty()
    }
}

/// What came of a change.
#[derive(Clone, Debug)]
pub struct SharedChange {
    /// What the host carries to the members.
    pub data: Vec<u8>,
    /// The account as it is now.
    pub view: SharedView,
    /// What is unlocked now.
    pub session: Session,
    /// What the administrator should know.
    pub problems: Vec<Problem>,
}

impl<B: Backend> Mailer<'_, B> {
    /// Shares an account. Where it was shared before, and somebody else administered it, the members have to
    /// accept the new administrator.
    ///
    /// # Errors
    ///
    /// `identity/locked` if the administrator or an identity is not unlocked, `store/not-found` if there is none
    /// of such an id; `usage/wrong-option` for an
    /// account that is no address or of which an identity does not have the address, for an administrator
    /// among the identities, and without members or identities; `refused/recipient` for a member that can't be
    /// encrypted to now; those of [`SharedAccount::seal`] and [`Mailer::accept_shared`].
    pub async fn share(&self, env: &mut Env, new: NewShared) -> Result<SharedChange> {
        let NewShared { account, administrator, identities, members } = new;
        if check_address(&account).is_err() {
            return Err(wrong("account", "an e-mail address"));
        }
        let administrator = self.unlocked(&administrator).await?;
        let identities = self.unlocked_for(&account, &administrator, &identities).await?;
        if identities.is_empty() {
            return Err(wrong("ids", "one id or more"));
        }
        if members.is_empty() {
            return Err(wrong("members", "one member or more"));
        }
        check_new(env, &members)?;
        let id = SharedRecord::id_of(&account);
        let known = self.genuine().await?.into_iter().find(|record| record.account == id);
        let statement = Statement {
            account,
            epoch: known.map_or(0, |record| record.epoch).saturating_add(1),
            members: each_once(members),
            identities: identities.iter().map(SharedIdentity::from).collect(),
        };
        self.publish(env, &administrator, &statement, &identities).await
    }

    /// Changes members or identities, in the next epoch.
    ///
    /// # Errors
    ///
    /// `store/not-found` for an account that is not shared here, or one that is to be removed and is no
    /// member; `shared/not-administrator`, `identity/locked` if its administrator's identity or one of the
    /// account's is not unlocked, `refused/last-recipient` if nobody would be left; and those of [`Mailer::share`].
    pub async fn change_shared(
        &self,
        env: &mut Env,
        account: &str,
        change: Change,
    ) -> Result<SharedChange> {
        let Change { add, remove, identities } = change;
        let id = SharedRecord::id_of(account);
        let known = self.genuine().await?.into_iter().find(|record| record.account == id);
        let known = match known {
            Some(record) => super::read(env, &record).await?.ok_or(Error::SharedNotAuthentic)?,
            None if !self.session.can_seal() => return Err(Error::IdentityLocked),
            None => return Err(Error::StoreNotFound),
        };
        let administrator = self.unlocked(&id_of(&known.administrator)).await;
        let administrator = administrator.map_err(|error| match error {
            Error::StoreNotFound => Error::SharedNotAdministrator,
            error => error,
        })?;
        let SharedAccount {
            statement: Statement { account, epoch, mut members, identities: old },
            ..
        } = known;
        check_new(env, &add)?;
        if !remove.iter().all(|one| members.iter().any(|member| member.certificate == *one)) {
            return Err(Error::StoreNotFound);
        }
        members.retain(|member| !remove.contains(&member.certificate));
        members.extend(add);
        let members = each_once(members);
        if members.is_empty() {
            return Err(Error::RefusedLastRecipient);
        }
        check_count(env, &members)?;
        let mut all = self.unlocked_for(&account, &administrator, &identities).await?;
        for one in &old {
            if !all.iter().any(|new| *new.certificate() == one.certificate) {
                all.push(self.unlocked(&id_of(&one.certificate)).await?);
            }
        }
        let statement = Statement {
            account,
            epoch: epoch.saturating_add(1),
            members,
            identities: all.iter().map(SharedIdentity::from).collect(),
        };
        let mut changed = self.publish(env, &administrator, &statement, &all).await?;
        if !remove.is_empty() && identities.is_empty() {
            let problem = Problem::new(ProblemCode::SharedRekeySuggested);
            changed.problems.push(problem.with_text("account", &statement.account));
        }
        Ok(changed)
    }

    async fn publish(
        &self,
        env: &mut Env,
        administrator: &Identity,
        statement: &Statement,
        identities: &[Identity],
    ) -> Result<SharedChange> {
        let data = SharedAccount::seal(env, administrator, statement, identities).await?;
        let signed_by = Some(administrator.certificate());
        let accepted = self.accept_shared(env, &data, signed_by, true).await?;
        let (view, session) = (accepted.view, accepted.session);
        Ok(SharedChange { data, view, session, problems: Vec::new() })
    }

    async fn unlocked(&self, id: &str) -> Result<Identity> {
        if let Some(identity) = self.session.identity(id) {
            return Ok(identity.clone());
        }
        let known = self.store.known(&[id.to_owned()]).await?;
        match known.iter().any(|known| known.is_own) {
            true => Err(Error::IdentityLocked),
            false => Err(Error::StoreNotFound),
        }
    }

    /// The identities of an account. Its administrator is none of them: else every member would be one.
    async fn unlocked_for(
        &self,
        account: &str,
        administrator: &Identity,
        ids: &[String],
    ) -> Result<Vec<Identity>> {
        let mut identities: Vec<Identity> = Vec::with_capacity(ids.len());
        for id in ids {
            let identity = self.unlocked(id).await?;
            let certificate = identity.certificate();
            if certificate == administrator.certificate() {
                return Err(wrong("administrator", "an identity that is not shared"));
            }
            if !stands_for(certificate, account) {
                return Err(wrong("ids", "ids of identities with the account's address"));
            }
            if !identities.iter().any(|other| other.certificate() == certificate) {
                identities.push(identity);
            }
        }
        Ok(identities)
    }
}

/// Whether new members can be encrypted to. Those there are stay, also with an expired certificate: its key
/// opens what it opened before.
fn check_new(env: &Env, members: &[Member]) -> Result<()> {
    check_count(env, members)?;
    for (index, Member { certificate, .. }) in (0..).zip(members) {
        let refused = |reason| Err(Error::RecipientUnusable { index, reason });
        if certificate.not_before() > env.now() {
            return refused("it is not valid yet");
        }
        if !certificate.is_current(env.now()) {
            return refused("it is expired");
        }
        if !certificate.allows_encryption() {
            return refused("it can't be encrypted to");
        }
    }
    Ok(())
}

fn check_count(env: &Env, members: &[Member]) -> Result<()> {
    let (required, allowed) = (members.len() as u64, env.limits().recipients as u64);
    let limit = Limit::Recipients;
    if required > allowed { Err(Error::Limit { limit, required, allowed }) } else { Ok(()) }
}

/// The last word on each.
fn each_once(members: Vec<Member>) -> Vec<Member> {
    let mut once: Vec<Member> = Vec::with_capacity(members.len());
    for member in members {
        match once.iter_mut().find(|other| other.certificate == member.certificate) {
            Some(other) => *other = member,
            None => once.push(member),
        }
    }
    once
}

fn wrong(option: &'static str, expected: &'static str) -> Error {
    Error::UsageWrongOption { option, expected }
}
