//! What was removed leaves a record of that, so that it does not come back from another device that still
//! has it.
//!
//! ```text
//! Removal ::= SEQUENCE {                -- table removed, id: the table, a space, the id of the record
//!   version  INTEGER (2),
//!   at       INTEGER,                   -- milliseconds since 1970
//!   mac      OCTET STRING OPTIONAL }    -- by the key of decisions, see mac.rs
//! ```
//!
//! It wins over what was last seen and decided about before it, and gives way to what was later: to import
//! something again needs no more than that. It stays, for devices that were not heard of for long. Where there
//! are identities, only what their owner's key binds removes anything.

use std::collections::HashMap;

use der::asn1::OctetString;
use der::{Encode, Sequence};

use super::backend::{Change, Query, Record, Table};
use super::mac::MacKey;
use super::put;
use super::record::{Entry, VERSION, decode, revision_after};
use crate::env::Time;
use crate::error::Result;

#[derive(Sequence)]
struct RemovalValue {
    version: u64,
    at: i64,
    #[asn1(optional = "true")]
    mac: Option<OctetString>,
}

/// What a record says of the removal of another.
pub(super) struct Removal {
    /// When it was.
    pub(super) at: Time,
    mac: Option<Vec<u8>>,
}

/// Whose word on removals counts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Voucher<'a> {
    /// Of who has the key.
    Key(&'a MacKey),
    /// Nobody has a key: that of who writes the database.
    Anybody,
    /// The key is not at hand.
    Nobody,
}

/// When records were removed, by the ids of the records that say so.
#[derive(Debug, Default)]
pub(super) struct Removals(HashMap<String, Time>);

impl Removals {
    /// Of records; what can't be read, or does not count, says nothing.
    pub(super) fn of<'a>(
        records: impl IntoIterator<Item = &'a Record>,
        voucher: Voucher<'_>,
    ) -> Removals {
        let records = records.into_iter().filter(|record| record.table == Table::Removed);
        let counted = |record: &Record| {
            let removal = read(record).ok()?;
            let counts = match voucher {
                Voucher::Key(key) => removal.holds(&record.id, key),
                Voucher::Anybody => true,
                Voucher::Nobody => false,
            };
            counts.then(|| (record.id.clone(), removal.at))
        };
        Removals(records.filter_map(counted).collect())
    }

    /// What a record that says so says, if it counts.
    pub(super) fn of_note(&self, id: &str) -> Option<Time> {
        self.0.get(id).copied()
    }

    /// When a record was last removed.
    pub(super) fn at(&self, table: Table, id: &str) -> Option<Time> {
        self.of_note(&note_id(table, id))
    }
}

impl Removal {
    /// Whether who has the key says so.
    pub(super) fn holds(&self, id: &str, key: &MacKey) -> bool {
        key.removal_holds(id, self.at, self.mac.as_deref())
    }
}

/// What a record says.
///
/// # Errors
///
/// `malformed/record`, `store/newer-schema`.
pub(super) fn read(record: &Record) -> Result<Removal> {
    let value: RemovalValue = decode(&record.value)?;
    let mac = value.mac.map(|mac| mac.as_bytes().to_vec());
    Ok(Removal { at: Time::from_millis(value.at), mac })
}

/// Finds the record that says that another one was removed.
pub(super) fn query(table: Table, id: &str) -> Query {
    Query::Ids(Table::Removed, vec![note_id(table, id)])
}

/// Says that a record was removed; where there is the key, bound by it.
pub(super) fn note(
    table: Table,
    id: &str,
    previous: Option<&Record>,
    at: Time,
    key: Option<&MacKey>,
) -> Result<Change> {
    let id = note_id(table, id);
    let record = Record {
        table: Table::Removed,
        revision: revision_after(previous, at),
        addresses: Vec::new(),
        listing: None,
        value: value(&id, at, key)?,
        id,
    };
    Ok(put(record, previous))
}

/// The value of the record of this id.
pub(super) fn value(id: &str, at: Time, key: Option<&MacKey>) -> Result<Vec<u8>> {
    let mac = key.map(|key| key.removal(id, at)).transpose()?;
    let mac = mac.map(OctetString::new).transpose()?;
    Ok(RemovalValue { version: VERSION, at: at.as_millis(), mac }.to_der()?)
}

/// When somebody last added something or decided about it: if it was removed later, it is gone.
pub(super) fn touched(entry: &Entry) -> Time {
    let decided = entry.notes.decision.as_ref().map(|decision| decision.at);
    entry.last_seen.max(decided.unwrap_or(entry.last_seen))
}

fn note_id(table: Table, id: &str) -> String {
    format!("{} {id}", table.name())
}
