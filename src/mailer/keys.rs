//! Unlocking.

use super::{Mailer, Session};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::store::{Backend, Lock, Unlocked};

impl<B: Backend> Mailer<'_, B> {
    /// Unlocks every identity that the passphrase opens, for `lock_after` milliseconds.
    ///
    /// # Errors
    ///
    /// `store/wrong-passphrase` if it opens none, `store/not-found` if there is none, and those of
    /// [`Backend`].
    pub async fn unlock(
        &self,
        env: &mut Env,
        passphrase: &[u8],
        lock_after: u64,
    ) -> Result<(Session, Lock)> {
        let mut session = Session::default();
        let mut last = Err(Error::StoreNotFound);
        for entry in self.store.identities(None).await? {
            match self.store.unlock(env, &entry.id, passphrase, lock_after).await {
                Ok(Unlocked { identity, lock }) => {
                    let identities = vec![(entry.id, identity)];
                    session.add(Session { identities, ..Session::default() });
                    last = Ok(lock);
                }
                Err(error @ Error::StoreWrongPassphrase) => last = last.or(Err(error)),
                Err(error) => return Err(error),
            }
        }
        last.map(|lock| (session, lock))
    }
}
