//! Own identities: unlocking them, and the ways to do so.

use super::settings::{Setting, Value, check_value};
use super::{Mailer, Session};
use crate::bytes::sort_by;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::store::{Backend, Lock, Opened, Way};

/// What unlocking gave.
#[derive(Clone, Debug)]
pub struct Unlocking {
    /// All that is unlocked now.
    pub session: Session,
    /// The ids of what this way opened, and of the shared accounts' identities that this opened in turn.
    pub unlocked: Vec<String>,
    /// The lock under which it may be used.
    pub lock: Lock,
}

impl<B: Backend> Mailer<'_, B> {
    /// Unlocks every identity that the way opens, until nothing was used for `lock_after` milliseconds: by
    /// default, and at most where the administrator locked it, what the setting says. What was unlocked
    /// before stays so, if the lock still is that of the `epoch` under which it was read, and is locked in
    /// the same moment.
    ///
    /// # Errors
    ///
    /// `usage/wrong-option` for what the setting can't be; `store/no-identity` if there is none; if it
    /// opens none `store/wrong-passphrase`, `store/wrong-key` or `store/seal-broken`; and those of
    /// [`Backend`].
    pub async fn unlock(
        &self,
        env: &mut Env,
        way: &Way,
        lock_after: Option<u64>,
        epoch: Option<u64>,
    ) -> Result<Unlocking> {
        if let Some(wish) = lock_after {
            check_value(Setting::LockAfter, &Value::Number(wish))?;
        }
        let opened = self.store.open_identities(env, way).await?;
        self.hold(env, opened, lock_after, epoch).await
    }

    /// The same for identities that are open already, as those that were just imported.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn hold(
        &self,
        env: &mut Env,
        opened: Vec<Opened>,
        lock_after: Option<u64>,
        epoch: Option<u64>,
    ) -> Result<Unlocking> {
        let mut unlocked: Vec<String> = opened.iter().map(|one| one.id.clone()).collect();
        let mut all = self.own_opened().await?;
        all.retain(|known| !unlocked.contains(&known.id));
        all.extend(opened.iter().cloned());
        sort_by(&mut all, |a, b| a.id.cmp(&b.id));
        let mac_key = self.store.add_mac_key(env, &all, None).await?;
        let session = Session::new(all, mac_key.clone());

        // Read by who can tell whether somebody altered it.
        let settings = Mailer::new(self.store, self.context, session.clone());
        let settings = settings.settings(env, None, None).await?;
        let most = settings.number(Setting::LockAfter);
        let is_locked = settings.locked().contains(&Setting::LockAfter);
        let lock_after =
            lock_after.map_or(most, |wish| if is_locked { wish.min(most) } else { wish });
        let lock = self.store.begin_lock(env, lock_after, Some(lock_after)).await?;
        // What was unlocked under a lock that is over stays locked.
        let session =
            if epoch == Some(lock.epoch) { session } else { Session::new(opened.clone(), mac_key) };
        let session = Mailer::new(self.store, self.context, session).follow_shared(env).await?;
        let shared = self.store.open_shared(&opened).await?;
        unlocked.extend(shared.into_iter().map(|one| one.id));
        Ok(Unlocking { session, unlocked, lock })
    }

    /// Goes on with what another tab, or a worker that is gone, had unlocked: `secret` is what
    /// [`Session::to_secret`] gave there. What it opens no more is left out.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn resume(&self, secret: &[u8]) -> Result<Session> {
        let opened = self.store.reopen_identities(&Session::data_keys_in(secret)).await?;
        let mac_key = self.store.mac_key(&opened).await?;
        Ok(Session::new(opened, mac_key))
    }

    /// What is unlocked, without the identities that were removed or sealed anew.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn stored_session(&self) -> Result<Session> {
        self.joined(&Session::default()).await
    }

    /// The same, with what another call under the same lock had unlocked: of two that run at once neither
    /// undoes what the other did.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn joined(&self, other: &Session) -> Result<Session> {
        let keys = [self.session.data_keys(), other.data_keys()].concat();
        let opened = self.store.reopen_identities(&keys).await?;
        let mac_key = self.session.mac_key.as_ref().or(other.mac_key.as_ref()).cloned();
        let mac_key = mac_key.filter(|_| !opened.is_empty());
        Ok(Session::new(opened, mac_key))
    }

    /// Puts a new passphrase in the place of one, for all identities that it opens, or those of these
    /// ids. The answer is their ids.
    ///
    /// # Errors
    ///
    /// As [`Store::change_passphrase`](crate::store::Store::change_passphrase).
    pub async fn change_passphrase(
        &self,
        env: &mut Env,
        ids: Option<&[String]>,
        way: &Way,
        new_way: &Way,
    ) -> Result<Vec<String>> {
        self.store.change_passphrase(env, ids, way, new_way).await
    }

    /// Adds a way to unlock an identity.
    ///
    /// # Errors
    ///
    /// `identity/locked`, and as [`Store::add_way`](crate::store::Store::add_way).
    pub async fn add_unlock(&self, env: &mut Env, id: &str, way: &Way) -> Result<()> {
        let data_key = self.session.data_key(id).ok_or(Error::IdentityLocked)?;
        self.store.add_way(env, id, data_key, way).await
    }

    /// Removes a way to unlock an identity, by the way's id.
    ///
    /// # Errors
    ///
    /// `identity/locked`, `store/last-way`, and as
    /// [`Store::remove_way`](crate::store::Store::remove_way).
    pub async fn remove_unlock(&self, id: &str, way: &str) -> Result<()> {
        self.session.data_key(id).ok_or(Error::IdentityLocked)?;
        self.store.remove_way(id, way).await
    }

    /// Seals an identity by a new data key and by this way alone, for when somebody knew the passphrase
    /// and had the database. The answer is what is unlocked now.
    ///
    /// # Errors
    ///
    /// `identity/locked`, and as [`Store::renew_key`](crate::store::Store::renew_key).
    pub async fn renew_key(&self, env: &mut Env, id: &str, way: &Way) -> Result<Session> {
        let identity = self.session.identity(id).ok_or(Error::IdentityLocked)?;
        let known = self.session.mac_key.as_ref();
        let (opened, mac_key) = self.store.renew_key(env, id, identity, way, known).await?;
        let mut all = self.own_opened().await?;
        all.retain(|known| known.id != id);
        all.push(opened);
        let session = Session::new(all, mac_key.or(known.cloned()));
        // What it opened as a member was sealed by the key before.
        Mailer::new(self.store, self.context, session).follow_shared(env).await
    }
}
