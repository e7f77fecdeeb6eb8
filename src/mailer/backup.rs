//! Everything in one sealed file: to keep, and for another device (FEATURES K12).

use super::{Mac, Mailer, Session};
use crate::env::Env;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::store::{Backend, Contents, Merged, Way};

/// A backup.
#[derive(Debug)]
pub struct Backup {
    /// The file.
    pub data: Vec<u8>,
    /// What its owner should know.
    pub problems: Vec<Problem>,
}

/// What became of a backup in the store.
#[derive(Debug)]
pub struct Restored {
    /// Of its records.
    pub merged: Merged,
    /// What the user should know.
    pub problems: Vec<Problem>,
}

impl<B: Backend> Mailer<'_, B> {
    /// Everything in the store as one file that the passphrase opens. Identities that are unlocked open
    /// with it too once they are restored; the others only with what opens them now.
    ///
    /// # Errors
    ///
    /// `aborted`, and those of [`Backend`].
    pub async fn backup(&self, env: &mut Env, passphrase: &[u8]) -> Result<Backup> {
        let mut contents = self.store.contents(env).await?;
        let opened = self.session.opened().into_iter();
        contents.data_keys = opened.map(|one| (one.id, one.data_key)).collect();
        contents.mac_key = self.session.mac_key.clone();
        let is_locked = |id: &&str| self.session.identity(id).is_none();
        let locked = contents.identities().filter(is_locked).count() as u64;
        let data = contents.seal(env, passphrase).await?;
        self.store.note_backup(env).await?;
        Ok(Backup { data, problems: counted(ProblemCode::BackupLockedKeys, locked) })
    }

    /// Takes in what a backup has, all or nothing, by the rules of [`Store::merge`]. The passphrase opens
    /// the identities that come with it, if they were unlocked when the backup was made.
    ///
    /// [`Store::merge`]: crate::store::Store::merge
    ///
    /// # Errors
    ///
    /// `store/wrong-passphrase`, `malformed/backup`, `store/newer-schema`; `identity/locked` if there are
    /// identities in the store and none is unlocked: decisions and settings that come with the backup
    /// are bound to their owner. `limit/input-bytes`, `aborted`, and those of [`Backend`].
    pub async fn restore(&self, env: &mut Env, data: &[u8], passphrase: &[u8]) -> Result<Restored> {
        let is_new = self.store.ways().await?.is_empty();
        if !is_new && self.session.is_empty() {
            return Err(Error::IdentityLocked);
        }
        let mut contents = Contents::open(env, data, passphrase).await?;
        contents.add_way(env, &Way::passphrase(passphrase)).await?;
        let altered = if is_new { 0 } else { self.rebind(&mut contents)? };
        let merged = self.store.merge(env, &contents).await?;
        if !is_new {
            let mut opened = self.session.opened();
            let known = opened.len();
            let others = contents.data_keys.iter();
            let others: Vec<_> =
                others.filter(|(id, _)| self.session.identity(id).is_none()).cloned().collect();
            opened.extend(self.store.reopen_identities(&others).await?);
            if opened.len() > known {
                self.store.add_mac_key(env, &opened, self.session.mac_key.as_ref()).await?;
            }
        }
        Ok(Restored { merged, problems: counted(ProblemCode::StoreAltered, altered) })
    }

    /// Binds what a backup decides to the owner of this store. What was not bound to the owner of the
    /// backup is dropped, and counted.
    fn rebind(&self, contents: &mut Contents) -> Result<u64> {
        let mac_key = contents.mac_key.clone().or_else(|| self.session.mac_key.clone());
        let theirs = Session::new(Vec::new(), mac_key);
        contents.rebind(
            |id, decision| match theirs.check_decision(id, decision) {
                Mac::Holds => self.session.seal_decision(id, decision).map(|()| true),
                Mac::Broken | Mac::Unchecked => Ok(false),
            },
            |scope, settings| match theirs.check_settings(scope, settings) {
                Mac::Holds => self.session.seal_settings(scope, settings).map(|()| true),
                Mac::Broken | Mac::Unchecked => Ok(false),
            },
        )
    }
}

/// A problem with its number, if there is one.
fn counted(code: ProblemCode, count: u64) -> Vec<Problem> {
    let problem = || Problem::new(code).with("count", Detail::Number(count));
    (count > 0).then(problem).into_iter().collect()
}
