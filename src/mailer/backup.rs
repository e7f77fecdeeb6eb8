//! Everything in one sealed file: to keep, and for another device (FEATURES K12).

use super::{Mailer, Session};
use crate::env::Env;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::store::{Backend, Contents, Merged, Merging, Way};

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
    /// What is unlocked now.
    pub session: Session,
}

impl<B: Backend> Mailer<'_, B> {
    /// Everything in the store as one file that the passphrase opens. Identities that are unlocked open
    /// with it too once they are restored; the others only with what opens them now. It is noted by
    /// [`Store::note_backup`](crate::store::Store::note_backup), once the file is where it is to be.
    ///
    /// # Errors
    ///
    /// `aborted`, and those of [`Backend`].
    pub async fn backup(&self, env: &mut Env, passphrase: &[u8]) -> Result<Backup> {
        let mut contents = self.store.contents(env).await?;
        let mut opened = self.session.opened();
        let mut locked = contents.add_data_keys(&opened);
        if locked > 0 {
            // What the passphrase opens here already, it opens there.
            match self.store.open_identities(env, &Way::passphrase(passphrase)).await {
                Ok(others) => {
                    opened.extend(others);
                    locked = contents.add_data_keys(&opened);
                }
                Err(Error::Aborted) => return Err(Error::Aborted),
                Err(_) => {}
            }
        }
        contents.mac_key = self.session.mac_key.clone();
        let data = contents.seal(env, passphrase).await?;
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
    pub async fn restore(
        &self,
        env: &mut Env,
        data: &[u8],
        passphrase: &[u8],
        merging: Merging,
    ) -> Result<Restored> {
        let is_new = !self.store.has_identities().await?;
        if !is_new && !self.session.can_seal() {
            return Err(Error::IdentityLocked);
        }
        let mut contents = Contents::open(env, data, passphrase).await?;
        contents.add_way(env, &Way::passphrase(passphrase)).await?;
        let mac_key = self.session.mac_key.as_ref().filter(|_| !is_new);
        let altered = match mac_key {
            Some(own) => contents.rebind(own)?,
            None => 0,
        };
        let merged = self.store.merge(env, &contents, merging).await?;
        // What comes with the file, and what of it takes the place of something that was unlocked.
        let theirs = self.store.reopen_identities(&contents.data_keys).await?;
        let mut session = Session::default();
        for one in theirs.iter().filter(|one| self.session.identity(&one.id).is_some()) {
            session.add(one.clone());
        }
        let session = self.joined(&session).await?;
        if mac_key.is_some() {
            let current = Mailer::new(self.store, self.context, session.clone());
            let mut opened = current.own_opened().await?;
            opened.extend(theirs.into_iter().filter(|one| session.identity(&one.id).is_none()));
            self.store.add_mac_key(env, &opened, mac_key).await?;
        }
        let session = Mailer::new(self.store, self.context, session).follow_shared(env).await?;
        let altered = altered + merged.unbound;
        Ok(Restored { merged, problems: counted(ProblemCode::StoreAltered, altered), session })
    }
}

/// A problem with its number, if there is one.
fn counted(code: ProblemCode, count: u64) -> Vec<Problem> {
    let problem = || Problem::new(code).with("count", Detail::Number(count));
    (count > 0).then(problem).into_iter().collect()
}
