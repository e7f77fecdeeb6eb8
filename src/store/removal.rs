//! What was removed leaves a record of that, so that it does not come back from another device that still
//! has it.
//!
//! ```text
//! Removal ::= SEQUENCE {                -- table removed, id: the table, a space, the id of the record
//!   version  INTEGER (2),
//!   at       INTEGER }                  -- milliseconds since 1970
//! ```
//!
//! It wins over what was last seen and decided about before it, and gives way to what was later: to import
//! something again needs no more than that. It stays, for devices that were not heard of for long.

use std::collections::HashMap;

use der::{Encode, Sequence};

use super::backend::{Change, Query, Record, Table};
use super::put;
use super::record::{Entry, VERSION, decode, revision_after};
use crate::env::Time;
use crate::error::Result;

#[derive(Sequence)]
struct RemovalValue {
    version: u64,
    at: i64,
}

/// When records were removed, by the ids of the records that say so.
#[derive(Debug, Default)]
pub(super) struct Removals(HashMap<String, Time>);

impl Removals {
    /// Of records; what can't be read says nothing.
    pub(super) fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Removals {
        let records = records.into_iter().filter(|record| record.table == Table::Removed);
        Removals(records.filter_map(|one| Some((one.id.clone(), read(one).ok()?))).collect())
    }

    /// When a record was last removed.
    pub(super) fn at(&self, table: Table, id: &str) -> Option<Time> {
        self.0.get(&key(table, id)).copied()
    }
}

/// When something was removed.
///
/// # Errors
///
/// `malformed/record`, `store/newer-schema`.
pub(super) fn read(record: &Record) -> Result<Time> {
    decode::<RemovalValue>(&record.value).map(|value| Time::from_millis(value.at))
}

/// Finds the record that says that another one was removed.
pub(super) fn query(table: Table, id: &str) -> Query {
    Query::Ids(Table::Removed, vec![key(table, id)])
}

/// Says that a record was removed.
pub(super) fn note(table: Table, id: &str, previous: Option<&Record>, at: Time) -> Result<Change> {
    let record = Record {
        table: Table::Removed,
        id: key(table, id),
        revision: revision_after(previous, at),
        addresses: Vec::new(),
        listing: None,
        value: RemovalValue { version: VERSION, at: at.as_millis() }.to_der()?,
    };
    Ok(put(record, previous))
}

/// When somebody last added something or decided about it: if it was removed later, it is gone.
pub(super) fn touched(entry: &Entry) -> Time {
    let decided = entry.notes.decision.as_ref().map(|decision| decision.at);
    entry.last_seen.max(decided.unwrap_or(entry.last_seen))
}

fn key(table: Table, id: &str) -> String {
    format!("{} {id}", table.name())
}
