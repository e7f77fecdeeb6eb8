//! A key for members who have no certificate: it opens shared accounts and is for nothing else.

use std::sync::Arc;

use crate::cert::{Identity, self_signed};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::mailer::Mailer;
use crate::store::{Backend, Entry, MEMBER_KEY, Way};

impl<B: Backend> Mailer<'_, B> {
    /// The user's key for shared accounts, if they have one.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn member_key(&self) -> Result<Option<Entry>> {
        let mut own = self.store.identities(None).await?;
        own.retain(Entry::is_member_key);
        Ok(own.pop())
    }

    /// Makes the user's key for shared accounts, sealed so that `way` opens it; there is one at most. `name`
    /// tells the administrator whose it is.
    ///
    /// # Errors
    ///
    /// `shared/member-key-exists` if there is one, and those of [`Backend`].
    pub async fn create_member_key(&self, env: &mut Env, name: &str, way: &Way) -> Result<Entry> {
        if self.member_key().await?.is_some() {
            return Err(Error::SharedMemberKeyExists);
        }
        let (certificate, key) = self_signed(env, name).await?;
        let identity = Identity::new(certificate, Vec::new(), Arc::new(key))?;
        let known = self.session.mac_key.as_ref();
        Ok(self.store.add_identity(env, &identity, way, Some(MEMBER_KEY), known).await?.entry)
    }
}
