//! Opening what is sealed, and the ways to do so.

use std::sync::Arc;

use super::mac::MacKey;
use super::mac_key::{self, KeyRing};
use super::record::{Entry, Lock};
use super::seal::Seal;
use super::way::{Way, WayEntry};
use super::{ATTEMPTS, Backend, Query, Record, Store, Table, put};
use crate::cert::{Certificate, Identity};
use crate::crypto::{PrivateKey, SecretBytes};
use crate::env::Env;
use crate::error::{Error, Result};

/// An identity that was unlocked, and the lock under which it may be used.
#[derive(Clone, Debug)]
pub struct Unlocked {
    /// Certificate, chain and private key.
    pub identity: Identity,
    /// The state of the lock. [`Store::check_lock`] tells before each use whether it still holds.
    pub lock: Lock,
}

/// What the seal of an identity gave.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The id of its record.
    pub id: String,
    /// Certificate, chain and private key.
    pub identity: Identity,
    /// What the private key is sealed by: as good as the key itself.
    pub data_key: SecretBytes,
}

impl Opened {
    pub(super) fn new(entry: Entry, key: PrivateKey, data_key: SecretBytes) -> Result<Opened> {
        let identity = Identity::new(entry.certificate, entry.chain, Arc::new(key))?;
        Ok(Opened { id: entry.id, identity, data_key })
    }
}

impl<B: Backend> Store<B> {
    /// Opens the seal of an identity, and lets it be used for `lock_after` milliseconds. That moment
    /// is one for all identities of the database: the last word counts.
    ///
    /// # Errors
    ///
    /// `store/not-found`, `store/wrong-passphrase`, `store/wrong-key`, `store/seal-broken` if the key
    /// or the certificate was altered, and those of [`Backend`].
    pub async fn unlock(
        &self,
        env: &mut Env,
        id: &str,
        way: &Way,
        lock_after: u64,
    ) -> Result<Unlocked> {
        let (_, entry, seal) = self.sealed(id).await?;
        let (data_key, _, key) = seal.open(env, &entry.certificate, way).await?;
        let Opened { identity, .. } = Opened::new(entry, key, data_key)?;
        Ok(Unlocked { identity, lock: self.begin_lock(env, lock_after, None).await? })
    }

    /// Opens all identities that the way opens. A passphrase that is easier to guess than it should be
    /// today is derived anew. The lock is the caller's to set.
    ///
    /// # Errors
    ///
    /// `store/no-identity` if there is none; if it opens none, the reason: `store/wrong-passphrase`,
    /// `store/wrong-key`, `store/seal-broken`, or `limit/…` and `malformed/record` for what its passphrase
    /// costs; `aborted`, and those of [`Backend`].
    pub async fn open_identities(&self, env: &mut Env, way: &Way) -> Result<Vec<Opened>> {
        let records = self.backend.read(&Query::All(Table::Identities)).await?;
        let (mut opened, mut raised) = (Vec::with_capacity(records.len()), Vec::new());
        let mut refused = Error::StoreNoIdentity;
        take_over(&records, way);
        for record in &records {
            let Ok((entry, Some(seal))) = Entry::from_record(record) else {
                refused = worse(refused, Error::StoreSealBroken);
                continue;
            };
            match seal.open(env, &entry.certificate, way).await {
                Ok((data_key, at, key)) => {
                    if seal.is_weak(at) {
                        let (old, certificate) = ((&data_key, at), &entry.certificate);
                        let seal = seal.rewrap(env, certificate, old, way).await?;
                        let next = entry.to_record(Table::Identities, Some(seal), Some(record))?;
                        raised.push(put(next, Some(record)));
                    }
                    opened.push(Opened::new(entry, key, data_key)?);
                }
                Err(Error::Aborted) => return Err(Error::Aborted),
                Err(error) => refused = worse(refused, error),
            }
        }
        if !raised.is_empty() {
            // It opens all the same, and the next time tries again.
            let _ = self.backend.commit(raised).await;
        }
        if opened.is_empty() { Err(refused) } else { Ok(opened) }
    }

    /// Opens identities by their data keys, of which one may have several; those that are gone or sealed
    /// anew are left out.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn reopen_identities(&self, keys: &[(String, SecretBytes)]) -> Result<Vec<Opened>> {
        let ids = keys.iter().map(|(id, _)| id.clone()).collect();
        let records = self.backend.read(&Query::Ids(Table::Identities, ids)).await?;
        let open = |record: &Record| {
            let (entry, seal) = Entry::from_record(record).ok()?;
            let seal = seal?;
            let own = keys.iter().filter(|(id, _)| *id == entry.id);
            let (data_key, key) = own.into_iter().find_map(|(_, data_key)| {
                Some((data_key, seal.open_with(&entry.certificate, data_key).ok()?))
            })?;
            Opened::new(entry, key, data_key.clone()).ok()
        };
        Ok(records.iter().filter_map(open).collect())
    }

    /// The ways to unlock each identity, by its id; none of one that is damaged.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn ways(&self) -> Result<Vec<(String, Vec<WayEntry>)>> {
        let records = self.backend.read(&Query::All(Table::Identities)).await?;
        let ways = |record: Record| {
            let seal = Entry::from_record(&record).ok().and_then(|(_, seal)| seal);
            (record.id, seal.and_then(|seal| seal.ways().ok()).unwrap_or_default())
        };
        Ok(records.into_iter().map(ways).collect())
    }

    /// Adds a way to unlock an identity, whose data key shows that it is unlocked.
    ///
    /// # Errors
    ///
    /// `store/not-found`, `store/seal-broken` also if it was sealed anew, `shared/not-own`, `store/conflict`
    /// if it was changed in the meantime, and those of [`Backend`].
    pub async fn add_way(
        &self,
        env: &mut Env,
        id: &str,
        data_key: &SecretBytes,
        way: &Way,
    ) -> Result<()> {
        let (record, entry, seal) = self.sealed(id).await?;
        if seal.is_shared() {
            return Err(Error::SharedNotOwn);
        }
        self.take_over(way).await?;
        let seal = seal.with(env, &entry.certificate, data_key, way).await?;
        self.reseal(&entry, seal, &record).await
    }

    /// Removes a way to unlock an identity.
    ///
    /// # Errors
    ///
    /// `store/not-found`, `store/last-way`, and as [`Store::add_way`].
    pub async fn remove_way(&self, id: &str, way: &str) -> Result<()> {
        let (record, entry, seal) = self.sealed(id).await?;
        self.reseal(&entry, seal.without(way)?, &record).await
    }

    /// Seals an identity by a new data key. All its ways to unlock but this one are gone. It keeps the
    /// `known` key of decisions and settings, in the same moment. The answer is what it opens with now,
    /// and that key.
    ///
    /// # Errors
    ///
    /// `store/not-found`, `store/seal-broken`, `shared/not-own`, and those of [`Backend`].
    pub async fn renew_key(
        &self,
        env: &mut Env,
        id: &str,
        identity: &Identity,
        way: &Way,
        known: Option<&MacKey>,
    ) -> Result<(Opened, Option<MacKey>)> {
        self.take_over(way).await?;
        let (seal, data_key) = Seal::new(env, identity.certificate(), identity.key(), way).await?;
        let opened = Opened { id: id.to_owned(), identity: identity.clone(), data_key };
        let fresh = MacKey::new(env);
        let queries = [Query::Ids(Table::Identities, vec![id.to_owned()]), mac_key::query()];
        let mac_key = self
            .update_all(&queries, |records| {
                let of = |table| records.iter().find(|record| record.table == table);
                let previous = of(Table::Identities).ok_or(Error::StoreNotFound)?;
                let (entry, old) = sealed(previous)?;
                if old.is_shared() {
                    return Err(Error::SharedNotOwn);
                }
                let seal = Some(seal.clone());
                let next = entry.to_record(Table::Identities, seal, Some(previous))?;
                let mut changes = vec![put(next, Some(previous))];
                let mut ring = KeyRing::read(of(Table::Meta))?;
                let mac_key = ring.admit(env, core::slice::from_ref(&opened), known, &fresh)?;
                changes.extend(ring.change(of(Table::Meta), env.clock())?);
                Ok((changes, mac_key))
            })
            .await?;
        Ok((opened, mac_key))
    }

    /// Puts a new passphrase in the place of one, for all identities that it opens, or those of these
    /// ids, at once. The answer is their ids.
    ///
    /// # Errors
    ///
    /// `store/seal-broken` and `store/newer-schema` for one of `ids` that can't be read: without them it is
    /// left as it is. `store/not-found` if there are none, as [`Store::open_identities`] if it opens none, and those of
    /// [`Backend`]. Nothing was changed then.
    pub async fn change_passphrase(
        &self,
        env: &mut Env,
        ids: Option<&[String]>,
        way: &Way,
        new_way: &Way,
    ) -> Result<Vec<String>> {
        let query = match ids {
            Some(ids) => Query::Ids(Table::Identities, ids.to_vec()),
            None => Query::All(Table::Identities),
        };
        self.take_over(new_way).await?;
        for _ in 0..ATTEMPTS {
            let records = self.backend.read(&query).await?;
            let (mut changes, mut changed) = (Vec::new(), Vec::new());
            let mut refused = match ids {
                Some(_) => Error::StoreNotFound,
                None => Error::StoreNoIdentity,
            };
            for record in &records {
                let (entry, seal) = match sealed(record) {
                    Ok(sealed) => sealed,
                    Err(error) if ids.is_some() => return Err(error),
                    Err(error) => {
                        refused = worse(refused, error);
                        continue;
                    }
                };
                let certificate: &Certificate = &entry.certificate;
                match seal.open(env, certificate, way).await {
                    Ok((data_key, at, _)) => {
                        let seal = seal.rewrap(env, certificate, (&data_key, at), new_way).await?;
                        let next = entry.to_record(Table::Identities, Some(seal), Some(record))?;
                        changes.push(put(next, Some(record)));
                        changed.push(entry.id);
                    }
                    Err(Error::Aborted) => return Err(Error::Aborted),
                    Err(error) => refused = worse(refused, error),
                }
            }
            if changes.is_empty() || ids.is_some_and(|ids| ids.len() != changes.len()) {
                return Err(refused);
            }
            match self.backend.commit(changes).await {
                Err(Error::StoreConflict) => {}
                outcome => return outcome.map(|()| changed),
            }
        }
        Err(Error::StoreConflict)
    }

    /// Lets a way share the parameters of the passphrases that are stored.
    pub(super) async fn take_over(&self, way: &Way) -> Result<()> {
        take_over(&self.backend.read(&Query::All(Table::Identities)).await?, way);
        Ok(())
    }

    async fn reseal(&self, entry: &Entry, seal: Seal, previous: &Record) -> Result<()> {
        let next = entry.to_record(Table::Identities, Some(seal), Some(previous))?;
        self.backend.commit(vec![put(next, Some(previous))]).await
    }

    async fn sealed(&self, id: &str) -> Result<(Record, Entry, Seal)> {
        let query = Query::Ids(Table::Identities, vec![id.to_owned()]);
        let record =
            self.backend.read(&query).await?.into_iter().next().ok_or(Error::StoreNotFound)?;
        let (entry, seal) = sealed(&record)?;
        Ok((record, entry, seal))
    }
}

/// Of why identities don't open what to say: that one is damaged says more than that another has another
/// passphrase.
fn worse(one: Error, other: Error) -> Error {
    let rank = |error: &Error| match error {
        Error::StoreNotFound | Error::StoreNoIdentity => 0,
        Error::StoreWrongPassphrase | Error::StoreWrongKey => 1,
        _ => 2,
    };
    if rank(&other) >= rank(&one) { other } else { one }
}

fn take_over(records: &[Record], way: &Way) {
    for (_, seal) in records.iter().filter_map(|record| sealed(record).ok()) {
        seal.passphrases().for_each(|parameters| way.take_over(parameters));
    }
}

fn sealed(record: &Record) -> Result<(Entry, Seal)> {
    match Entry::from_record(record) {
        Ok((entry, Some(seal))) => Ok((entry, seal)),
        Ok((_, None)) | Err(Error::MalformedRecord { .. }) => Err(Error::StoreSealBroken),
        Err(error) => Err(error),
    }
}
