//! Certificates and sealed private keys, kept in a database.
//!
//! The formats of the records are defined here and nowhere else; a [`Backend`] moves them without
//! looking inside. Nothing is removed because it expired, was replaced or revoked: old mail stays
//! readable. Only [`Store::remove_identity`] and [`Store::remove_certificate`] remove, here and, through
//! [`Store::merge`], on the user's other devices.
//!
//! Several tabs may write at once. A change is computed from a snapshot and committed only if the
//! records it was computed from are still what they were; else it is computed anew.

mod backend;
mod backup;
mod learn;
mod listing;
mod lock;
mod mac;
mod mac_key;
mod memory;
mod merge;
mod notes;
mod own;
mod record;
mod removal;
mod seal;
mod settings;
mod shared;
mod state;
mod unlock;
mod way;

pub use self::backend::{Backend, Change, Query, Record, Table};
pub use self::backup::{Contents, Merged, Merging};
pub use self::learn::Lesson;
pub use self::listing::{Known, ListLine, Listing};
pub use self::lock::Held;
pub use self::mac::MacKey;
pub use self::memory::Memory;
pub use self::notes::{Decision, Notes, RevocationNote, Trust, Withdrawal};
pub use self::own::Added;
pub use self::record::{Entry, Lock, MEMBER_KEY, SHARED, id_of, index_of};
pub use self::settings::SettingsRecord;
pub use self::shared::SharedRecord;
pub use self::state::StoreState;
pub use self::unlock::{Opened, Unlocked};
pub use self::way::{Way, WayEntry, WayKind};

use std::collections::HashSet;

use self::record::{AUTHORITY, DECIDED};
use crate::bytes::sort_by;
use crate::cert::{AddressMatch, Certificate, match_address};
use crate::env::{Env, Time};
use crate::error::{Error, Result};

/// How often a change is computed anew. Each time somebody else's change went through, so this is
/// reached only where tabs do nothing but write the same record.
const ATTEMPTS: usize = 50;

/// The operations on one database.
#[derive(Clone, Debug)]
pub struct Store<B> {
    backend: B,
}

impl<B: Backend> Store<B> {
    /// Over a database.
    pub fn new(backend: B) -> Store<B> {
        Store { backend }
    }

    /// Whether the database can be used.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn check(&self) -> Result<()> {
        self.backend.read(&Query::Ids(Table::Meta, Vec::new())).await.map(drop)
    }

    /// Stores certificates; those that are stored already are noted to have been seen again. An
    /// `origin` replaces the one before. The answer has the order of the question, each once.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn add_certificates(
        &self,
        env: &Env,
        certificates: &[Certificate],
        origin: Option<&str>,
    ) -> Result<Vec<Entry>> {
        let wanted = by_id(certificates);
        let ids = wanted.iter().map(|(id, _)| id.clone()).collect();
        self.update(&Query::Ids(Table::Certificates, ids), |records| {
            let mut changes = Vec::with_capacity(wanted.len());
            let mut entries = Vec::with_capacity(wanted.len());
            for (id, certificate) in &wanted {
                let previous = records.iter().find(|record| record.id == *id);
                let entry = seen(previous, certificate, origin, env.now())?;
                let record = entry.to_record(Table::Certificates, None, previous)?;
                changes.push(put(record, previous));
                entries.push(entry);
            }
            Ok((changes, entries))
        })
        .await
    }

    /// The identities, or those for an address, in the order they were added. An address that
    /// differs in the case of ASCII letters is found too. Records that can't be read are left out, here
    /// and in all lists ([`Store::unreadable`] counts them).
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn identities(&self, address: Option<&str>) -> Result<Vec<Entry>> {
        self.entries(Table::Identities, address).await
    }

    /// The certificates, or those for an address, as [`Store::identities`].
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn certificates(&self, address: Option<&str>) -> Result<Vec<Entry>> {
        self.entries(Table::Certificates, address).await
    }

    /// The certificates for any of these addresses (or domains: `@example.com`) by the index alone, all
    /// from one moment and in no order. Whether an address matches is for the caller to decide.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn certificates_for(&self, addresses: &[String]) -> Result<Vec<Entry>> {
        self.indexed(Table::Certificates, addresses).await
    }

    /// The identities for any of these addresses, as [`Store::certificates_for`].
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn identities_for(&self, addresses: &[String]) -> Result<Vec<Entry>> {
        self.indexed(Table::Identities, addresses).await
    }

    /// The certificates of authorities, and those that somebody decided about, identities' too.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn authorities_and_decided(&self) -> Result<Vec<Entry>> {
        let mut entries =
            self.certificates_for(&[AUTHORITY.to_owned(), DECIDED.to_owned()]).await?;
        let own = Query::Addresses(Table::Identities, vec![DECIDED.to_owned()]);
        entries.extend(readable(&self.backend.read(&own).await?));
        Ok(entries)
    }

    /// A certificate by its id.
    ///
    /// # Errors
    ///
    /// `store/not-found`, `malformed/record`, and those of [`Backend`].
    pub async fn certificate(&self, id: &str) -> Result<Entry> {
        let records =
            self.backend.read(&Query::Ids(Table::Certificates, vec![id.to_owned()])).await?;
        Entry::from_record(records.first().ok_or(Error::StoreNotFound)?).map(|(entry, _)| entry)
    }

    /// Changes the notes of a certificate; where it is an identity's, its notes too. The function may be
    /// called again with newer notes, if another tab was faster.
    ///
    /// # Errors
    ///
    /// `store/not-found`, the function's, and those of [`Backend`].
    pub async fn annotate(
        &self,
        id: &str,
        mut change: impl FnMut(&Certificate, &mut Notes) -> Result<()>,
    ) -> Result<Known> {
        let queries = [Table::Certificates, Table::Identities]
            .map(|table| Query::Ids(table, vec![id.to_owned()]));
        self.update_all(&queries, |records| annotated(records, &mut change)).await
    }

    /// The same with what somebody decided, where it `is_bound`, or where there is no identity to bind it.
    ///
    /// # Errors
    ///
    /// Those of [`Store::annotate`]; `identity/locked` for what is not bound where there are identities.
    pub async fn decide(
        &self,
        env: &Env,
        id: &str,
        is_bound: bool,
        mut change: impl FnMut(&Certificate, &mut Notes) -> Result<()>,
    ) -> Result<Known> {
        if is_bound {
            return self.annotate(id, change).await;
        }
        let query = Query::Ids(Table::Certificates, vec![id.to_owned()]);
        self.update_unbound(env, query, |records| annotated(records, &mut change)).await
    }

    /// The settings of scopes, in their order; those of a scope nobody chose anything for are empty, and so
    /// are those that can't be read.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn settings(&self, scopes: &[String]) -> Result<Vec<SettingsRecord>> {
        let records = self.backend.read(&Query::Ids(Table::Settings, scopes.to_vec())).await?;
        let of = |scope: &String| {
            let record = records.iter().find(|record| record.id == *scope)?;
            SettingsRecord::from_record(record).ok()
        };
        Ok(scopes.iter().map(|scope| of(scope).unwrap_or_default()).collect())
    }

    /// The scopes that somebody chose something for.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn scopes(&self) -> Result<Vec<String>> {
        let records = self.backend.read(&Query::All(Table::Settings)).await?;
        Ok(records.into_iter().map(|record| record.id).collect())
    }

    /// Changes the settings of a scope, which the function binds where `is_bound`; it says when, too. It may
    /// be called again with newer settings, if another tab was faster.
    ///
    /// # Errors
    ///
    /// The function's, `identity/locked` for what is not bound where there are identities, and those of
    /// [`Backend`].
    pub async fn change_settings(
        &self,
        env: &Env,
        scope: &str,
        is_bound: bool,
        mut change: impl FnMut(&mut SettingsRecord) -> Result<()>,
    ) -> Result<SettingsRecord> {
        let query = Query::Ids(Table::Settings, vec![scope.to_owned()]);
        let changed = |records: &[Record]| {
            let previous = records.first();
            let mut settings = match previous.map(SettingsRecord::from_record).transpose() {
                // What can't be read any more is what choosing again repairs.
                Err(Error::MalformedRecord { .. }) => SettingsRecord::default(),
                read => read?.unwrap_or_default(),
            };
            change(&mut settings)?;
            let record = settings.to_record(scope, previous, env.now())?;
            Ok((vec![put(record, previous)], settings))
        };
        match is_bound {
            true => self.update(&query, changed).await,
            false => self.update_unbound(env, query, changed).await,
        }
    }

    /// Removes a certificate, and notes that. Other devices believe it, if it is bound by their owner's `key`.
    ///
    /// # Errors
    ///
    /// `store/not-found`, and those of [`Backend`].
    pub async fn remove_certificate(
        &self,
        env: &Env,
        id: &str,
        key: Option<&MacKey>,
    ) -> Result<()> {
        let table = Table::Certificates;
        let queries = [Query::Ids(table, vec![id.to_owned()]), removal::query(table, id)];
        self.update_all(&queries, |records| {
            let of = |table| records.iter().find(|record| record.table == table);
            let expected = of(table).ok_or(Error::StoreNotFound)?.revision;
            let noted = removal::note(table, id, of(Table::Removed), env.now(), key)?;
            Ok((vec![Change::Remove { table, id: id.to_owned(), expected }, noted], ()))
        })
        .await
    }

    async fn entries(&self, table: Table, address: Option<&str>) -> Result<Vec<Entry>> {
        let records = match address {
            Some(address) => {
                self.backend.read(&Query::Addresses(table, vec![index_of(address)])).await?
            }
            None => self.backend.read(&Query::All(table)).await?,
        };
        let mut entries = readable(&records);
        if let Some(wanted) = address {
            entries.retain(|entry| {
                let mut found = entry.certificate.addresses().iter();
                found.any(|address| match_address(address, wanted) != AddressMatch::Different)
            });
        }
        sort_by(&mut entries, |a, b| (a.first_seen, &a.id).cmp(&(b.first_seen, &b.id)));
        Ok(entries)
    }

    async fn indexed(&self, table: Table, addresses: &[String]) -> Result<Vec<Entry>> {
        let addresses = addresses.iter().map(|address| index_of(address)).collect();
        Ok(readable(&self.backend.read(&Query::Addresses(table, addresses)).await?))
    }

    /// Commits what `change` makes of a snapshot; again with a new one if another tab was faster.
    async fn update<T>(
        &self,
        query: &Query,
        change: impl FnMut(&[Record]) -> Result<(Vec<Change>, T)>,
    ) -> Result<T> {
        self.update_all(core::slice::from_ref(query), change).await
    }

    /// As [`Store::update`], for what nothing binds because there is no identity yet. The first identity binds
    /// all that it finds: both write the record of the key, so that nothing is written between its looking
    /// and its coming.
    ///
    /// # Errors
    ///
    /// `identity/locked` where there is an identity.
    async fn update_unbound<T>(
        &self,
        env: &Env,
        query: Query,
        mut change: impl FnMut(&[Record]) -> Result<(Vec<Change>, T)>,
    ) -> Result<T> {
        // The key's record is read first: an identity that comes after that has written it.
        self.update_all(&[query, mac_key::query(), own::first()], |records| {
            let is_meant =
                |record: &Record| !matches!(record.table, Table::Identities | Table::Meta);
            let (meant, others) = records.split_at(records.partition_point(is_meant));
            if others.iter().any(|record| record.table == Table::Identities) {
                return Err(Error::IdentityLocked);
            }
            let (mut changes, answer) = change(meant)?;
            if !changes.is_empty() {
                let previous = others.iter().find(|record| record.table == Table::Meta);
                changes.push(mac_key::touched(previous, env.clock())?);
            }
            Ok((changes, answer))
        })
        .await
    }

    /// As [`Store::update`], with the records of several queries in their order.
    async fn update_all<T>(
        &self,
        queries: &[Query],
        mut change: impl FnMut(&[Record]) -> Result<(Vec<Change>, T)>,
    ) -> Result<T> {
        for _ in 0..ATTEMPTS {
            let mut records = Vec::new();
            for query in queries {
                records.extend(self.backend.read(query).await?);
            }
            let (changes, answer) = change(&records)?;
            if changes.is_empty() {
                return Ok(answer);
            }
            match self.backend.commit(changes).await {
                Err(Error::StoreConflict) => {}
                outcome => return outcome.map(|()| answer),
            }
        }
        Err(Error::StoreConflict)
    }
}

/// What a function makes of the notes in records of one certificate, and what is known of it then.
fn annotated(
    records: &[Record],
    change: &mut impl FnMut(&Certificate, &mut Notes) -> Result<()>,
) -> Result<(Vec<Change>, Known)> {
    let mut changes = Vec::new();
    let mut known: Option<Known> = None;
    for record in records {
        let (mut entry, seal) = Entry::from_record(record)?;
        let before = entry.notes.clone();
        change(&entry.certificate, &mut entry.notes)?;
        if entry.notes != before {
            changes.push(put(entry.to_record(record.table, seal, Some(record))?, Some(record)));
        }
        known = Some(Known::of(entry, record.table, known));
    }
    known.map(|known| (changes, known)).ok_or(Error::StoreNotFound)
}

/// The entries of those records that can be read: one that can't be must not hide the others.
fn readable(records: &[Record]) -> Vec<Entry> {
    records
        .iter()
        .filter_map(|record| Entry::from_record(record).ok())
        .map(|(entry, _)| entry)
        .collect()
}

/// An entry for a certificate that is seen now; what is known of it from before is kept.
fn seen(
    previous: Option<&Record>,
    certificate: &Certificate,
    origin: Option<&str>,
    now: Time,
) -> Result<Entry> {
    let origin = origin.map(str::to_owned);
    Ok(match known(previous)? {
        Some(known) => Entry {
            origin: origin.or(known.origin),
            first_seen: known.first_seen.min(now),
            last_seen: known.last_seen.max(now),
            ..known
        },
        None => Entry {
            id: id_of(certificate),
            certificate: certificate.clone(),
            chain: Vec::new(),
            origin,
            first_seen: now,
            last_seen: now,
            notes: Notes::default(),
        },
    })
}

/// What is stored already. What can't be read any more is what adding it again repairs.
fn known(previous: Option<&Record>) -> Result<Option<Entry>> {
    match previous.map(Entry::from_record).transpose() {
        Err(Error::MalformedRecord { .. }) => Ok(None),
        read => Ok(read?.map(|(entry, _)| entry)),
    }
}

/// Certificates by the ids of their records, each once.
fn by_id(certificates: &[Certificate]) -> Vec<(String, &Certificate)> {
    let mut ids = HashSet::with_capacity(certificates.len());
    let all = certificates.iter().map(|certificate| (id_of(certificate), certificate));
    all.filter(|(id, _)| ids.insert(id.clone())).collect()
}

fn put(record: Record, previous: Option<&Record>) -> Change {
    Change::Put { record, expected: previous.map(|record| record.revision) }
}

#[cfg(test)]
pub(crate) mod people;
#[cfg(test)]
mod tests;
