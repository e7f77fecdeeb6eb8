//! The key that binds decisions and settings to the owner of an identity: random, and wrapped by the data
//! key of each identity.
//!
//! ```text
//! MacKey ::= SEQUENCE {                 -- table meta, id "mac-key"
//!   version  INTEGER (2),
//!   wraps    SEQUENCE OF SEQUENCE {
//!     id     UTF8String,                -- of the identity
//!     key    Sealed } }                 -- see seal.rs
//! ```

use der::{Encode, Sequence};

use super::mac::MacKey;
use super::record::{Entry, VERSION, decode, revision_after};
use super::seal::{Sealed, binding};
use super::unlock::Opened;
use super::{Backend, Change, Query, Record, Store, Table, put};
use crate::cert::Certificate;
use crate::crypto::SecretBytes;
use crate::env::{Env, Time};
use crate::error::{Error, Result};

/// The key of the one record.
pub(super) const MAC_KEY_ID: &str = "mac-key";

/// What the associated data says that is wrapped.
const PURPOSE: &str = "mac-key";

#[derive(Sequence)]
struct MacKeyValue {
    version: u64,
    wraps: Vec<MacKeyWrap>,
}

#[derive(Clone, Sequence)]
struct MacKeyWrap {
    id: String,
    key: Sealed,
}

/// The one record, and what is to become of it.
#[derive(Default)]
pub(super) struct KeyRing {
    wraps: Vec<MacKeyWrap>,
    is_changed: bool,
}

impl<B: Backend> Store<B> {
    /// The key, if one of these identities has it.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn mac_key(&self, opened: &[Opened]) -> Result<Option<MacKey>> {
        Ok(KeyRing::read(self.backend.read(&query()).await?.first())?.open(opened))
    }

    /// The key, which these identities have from now on: the `known` one, or that which one of them has. A
    /// new one is made if no identity that is stored has it; `None` if only others than these have it.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn add_mac_key(
        &self,
        env: &mut Env,
        opened: &[Opened],
        known: Option<&MacKey>,
    ) -> Result<Option<MacKey>> {
        let fresh = MacKey::new(env);
        self.update_all(&[Query::All(Table::Identities), query()], |records| {
            let of = |table| records.iter().filter(move |record| record.table == table);
            let previous = of(Table::Meta).next();
            let mut ring = KeyRing::read(previous)?;
            ring.retain(|id| {
                of(Table::Identities).any(|record| record.id == id && may_open(record))
            });
            // What was sealed anew in the meantime has the key by its new data key, or is yet to get it.
            let is_current =
                |one: &&Opened| of(Table::Identities).any(|record| is_sealed_by(record, one));
            let opened: Vec<Opened> = opened.iter().filter(is_current).cloned().collect();
            let key = ring.admit(env, &opened, known, &fresh)?;
            Ok((ring.change(previous, env.clock())?.into_iter().collect(), key))
        })
        .await
    }
}

/// Whether a record's seal may open some day. Who can write the database must not hand the key to what never
/// does.
fn may_open(record: &Record) -> bool {
    matches!(Entry::from_record(record), Ok((_, Some(_))) | Err(Error::StoreNewerSchema { .. }))
}

/// Whether an identity opens as it was opened.
fn is_sealed_by(record: &Record, opened: &Opened) -> bool {
    let Ok((entry, Some(seal))) = Entry::from_record(record) else { return false };
    entry.id == opened.id && seal.open_with(&entry.certificate, &opened.data_key).is_ok()
}

/// Finds the record.
pub(super) fn query() -> Query {
    Query::Ids(Table::Meta, vec![MAC_KEY_ID.to_owned()])
}

/// Writes the record as it is, so that whoever writes it at the same time has to look again.
pub(super) fn touched(previous: Option<&Record>, now: Time) -> Result<Change> {
    let ring = KeyRing::read(previous)?;
    ring.put(previous, now)
}

impl KeyRing {
    /// What can't be read any more opens nothing, and is made anew.
    pub(super) fn read(record: Option<&Record>) -> Result<KeyRing> {
        let wraps = match record.map(|record| decode::<MacKeyValue>(&record.value)).transpose() {
            Ok(value) => value.map(|value| value.wraps).unwrap_or_default(),
            Err(Error::MalformedRecord { .. }) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(KeyRing { wraps, is_changed: false })
    }

    /// Whether nobody has the key.
    pub(super) fn is_empty(&self) -> bool {
        self.wraps.is_empty()
    }

    /// Forgets identities.
    pub(super) fn retain(&mut self, stays: impl Fn(&str) -> bool) {
        let before = self.wraps.len();
        self.wraps.retain(|wrap| stays(&wrap.id));
        self.is_changed |= before != self.wraps.len();
    }

    /// Gives identities the `known` key, or that which one of them has, or if nobody has one the `fresh`
    /// one.
    pub(super) fn admit(
        &mut self,
        env: &mut Env,
        opened: &[Opened],
        known: Option<&MacKey>,
        fresh: &MacKey,
    ) -> Result<Option<MacKey>> {
        let before = self.wraps.len();
        // What its own identity can't open is damaged.
        self.wraps.retain(|wrap| {
            let mut own = opened.iter().filter(|one| one.id == wrap.id);
            own.all(|one| wrap.open(one.identity.certificate(), &one.data_key).is_some())
        });
        self.is_changed |= before != self.wraps.len();
        let key = match known.cloned().or_else(|| self.open(opened)) {
            Some(key) => key,
            None if self.wraps.is_empty() => fresh.clone(),
            None => return Ok(None),
        };
        for one in opened {
            if !self.wraps.iter().any(|wrap| wrap.id == one.id) {
                self.wraps.push(MacKeyWrap::new(env, one, &key)?);
                self.is_changed = true;
            }
        }
        Ok(Some(key))
    }

    /// The key, if one of these identities has it.
    pub(super) fn open(&self, opened: &[Opened]) -> Option<MacKey> {
        opened
            .iter()
            .find_map(|one| self.open_with(&one.id, one.identity.certificate(), &one.data_key))
    }

    /// The key, if this identity has it.
    pub(super) fn open_with(
        &self,
        id: &str,
        certificate: &Certificate,
        data_key: &SecretBytes,
    ) -> Option<MacKey> {
        self.wraps.iter().find(|wrap| wrap.id == id)?.open(certificate, data_key)
    }

    /// What is to be written, if anything.
    pub(super) fn change(self, previous: Option<&Record>, now: Time) -> Result<Option<Change>> {
        match self.is_changed {
            true => self.put(previous, now).map(Some),
            false => Ok(None),
        }
    }

    fn put(self, previous: Option<&Record>, now: Time) -> Result<Change> {
        let record = Record {
            table: Table::Meta,
            id: MAC_KEY_ID.to_owned(),
            revision: revision_after(previous, now),
            addresses: Vec::new(),
            listing: None,
            value: MacKeyValue { version: VERSION, wraps: self.wraps }.to_der()?,
        };
        Ok(put(record, previous))
    }
}

impl MacKeyWrap {
    fn new(env: &mut Env, opened: &Opened, key: &MacKey) -> Result<MacKeyWrap> {
        let associated = binding(opened.identity.certificate(), PURPOSE);
        let key = Sealed::new(env, &opened.data_key, &associated, key.as_bytes())?;
        Ok(MacKeyWrap { id: opened.id.clone(), key })
    }

    fn open(&self, certificate: &Certificate, data_key: &SecretBytes) -> Option<MacKey> {
        let key = self.key.open(data_key, &binding(certificate, PURPOSE))?;
        Some(SecretBytes::from(key).into())
    }
}
