//! The user's identities: those of the store, and those whose keys are elsewhere (FEATURES C3), of which the
//! store has the certificates alone.

use super::{Account, Context, Mailer};
use crate::cert::{Certificate, Identity};
use crate::crypto::Operation;
use crate::env::Env;
use crate::error::Result;
use crate::store::{Backend, Entry, Notes, id_of};

/// The origin of certificates whose keys are elsewhere.
const ELSEWHERE: &str = "external";

impl Context {
    /// The identity of a certificate, if its key is elsewhere.
    pub fn elsewhere(&self, id: &str) -> Option<&Identity> {
        self.identities.iter().find(|identity| id_of(identity.certificate()) == id)
    }

    /// Whether there is a key elsewhere for an account.
    pub(super) fn has_key_elsewhere(&self, account: &Account) -> bool {
        let does = |one: &&Identity| one.key().permits(Operation::Decrypt).is_ok();
        let mut identities = self.identities.iter().filter(does);
        identities.any(|identity| account.is_named_by(identity.certificate()))
    }
}

impl<B: Backend> Mailer<'_, B> {
    /// All identities that are for mail, locked or not: first those of the store.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn own(&self, env: &Env) -> Result<Vec<Entry>> {
        let stored = self.store.identities(None).await?;
        self.with_elsewhere(env, stored).await
    }

    /// Those of the accounts and of some addresses, and all whose keys are elsewhere: few, also where somebody
    /// has kept the keys of many years.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub(super) async fn own_for(&self, env: &Env, addresses: &[String]) -> Result<Vec<Entry>> {
        let accounts = self.context.accounts.iter();
        let of_accounts =
            accounts.flat_map(|one| core::iter::once(&one.address).chain(&one.aliases));
        let addresses: Vec<String> = of_accounts.chain(addresses).cloned().collect();
        let stored = self.store.identities_for(&addresses).await?;
        self.with_elsewhere(env, stored).await
    }

    async fn with_elsewhere(&self, env: &Env, mut own: Vec<Entry>) -> Result<Vec<Entry>> {
        own.retain(|entry| !entry.is_member_key());
        for identity in &self.context.identities {
            let id = id_of(identity.certificate());
            if own.iter().all(|entry| entry.id != id) {
                own.push(self.entry_of(env, id, identity).await?);
            }
        }
        Ok(own)
    }

    /// What can be used now, by the ids of the certificates.
    pub fn usable(&self) -> Vec<(String, Identity)> {
        let elsewhere = self.context.identities.iter();
        let elsewhere = elsewhere.map(|one| (id_of(one.certificate()), one.clone()));
        self.session.identities.iter().cloned().chain(elsewhere).collect()
    }

    /// What can decrypt now, by the ids of the certificates.
    pub fn decrypting(&self) -> Vec<(String, Identity)> {
        let mut usable = self.usable();
        usable.retain(|(_, identity)| identity.key().permits(Operation::Decrypt).is_ok());
        usable
    }

    /// Stores the certificates of identities whose keys are elsewhere, so that they are in the list and what
    /// is noted of them has a place.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn remember_elsewhere(&self, env: &Env) -> Result<()> {
        let all = self.context.identities.iter();
        let all = all.flat_map(|one| core::iter::once(one.certificate()).chain(one.chain()));
        let all: Vec<Certificate> = all.cloned().collect();
        let ids: Vec<String> = all.iter().map(id_of).collect();
        let known = self.store.known(&ids).await?;
        let is_new = |one: &Certificate| known.iter().all(|known| known.entry.certificate != *one);
        let new: Vec<Certificate> = all.into_iter().filter(is_new).collect();
        if !new.is_empty() {
            self.store.add_certificates(env, &new, Some(ELSEWHERE)).await?;
        }
        Ok(())
    }

    async fn entry_of(&self, env: &Env, id: String, identity: &Identity) -> Result<Entry> {
        let chain = identity.chain().to_vec();
        if let Some(known) = self.store.known(core::slice::from_ref(&id)).await?.pop() {
            return Ok(Entry { chain, ..known.entry });
        }
        Ok(Entry {
            id,
            certificate: identity.certificate().clone(),
            chain,
            origin: Some(ELSEWHERE.to_owned()),
            first_seen: env.now(),
            last_seen: env.now(),
            notes: Notes::default(),
        })
    }
}
