//! What becomes of one record when a backup is restored. The rules are at
//! [`Store::merge`](super::Store::merge).

use super::backend::{Change, Record, Table};
use super::backup::Merged;
use super::mac::MacKey;
use super::mac_key::KeyRing;
use super::notes::{Notes, RevocationNote};
use super::own::bound;
use super::put;
use super::record::{Entry, revision_after};
use super::settings::SettingsRecord;
use super::shared::SharedRecord;
use crate::env::Time;
use crate::error::{Error, Result};

/// What is to be written for a record of the file, if anything; `previous` is the store's.
pub(super) fn change(
    now: Time,
    previous: Option<&Record>,
    theirs: &Record,
    merged: &mut Merged,
) -> Result<Option<Change>> {
    let next = match theirs.table {
        Table::Identities | Table::Certificates => entry(previous, theirs, merged),
        Table::Settings => settings(now, previous, theirs, merged),
        Table::Shared => shared(now, previous, theirs, merged),
        Table::Meta => mac_key(now, previous, theirs),
    };
    let count = match (&next, previous) {
        (Err(Error::MalformedRecord { .. } | Error::StoreNewerSchema { .. }), _) => {
            &mut merged.unreadable
        }
        (Ok(Some(_)), None) => &mut merged.added,
        (Ok(Some(_)), Some(_)) => &mut merged.updated,
        (Ok(None) | Err(_), _) => &mut merged.kept,
    };
    *count += 1;
    match next {
        Err(Error::MalformedRecord { .. } | Error::StoreNewerSchema { .. }) => Ok(None),
        next => Ok(next?.map(|record| put(record, previous))),
    }
}

/// Binds what was decided or chosen in a record of the store by the key of the identities that come; without
/// the key, drops it. Whether that changes the record.
pub(super) fn bind(
    record: &mut Record,
    key: Option<&MacKey>,
    now: Time,
    merged: &mut Merged,
) -> Result<bool> {
    let next = match key {
        Some(key) => bound(record, key, now)?,
        None => undecided(record, now)?,
    };
    let Some(next) = next else { return Ok(false) };
    merged.unbound += u64::from(key.is_none());
    *record = Record { revision: record.revision, ..next };
    Ok(true)
}

/// A record without what somebody decided or chose; `None` if that is nothing, or can't be read.
fn undecided(record: &Record, now: Time) -> Result<Option<Record>> {
    if record.table == Table::Settings {
        let chosen = SettingsRecord::from_record(record).is_ok_and(|one| !one.values.is_empty());
        let nothing = || SettingsRecord::default().to_record(&record.id, Some(record), now);
        return chosen.then(nothing).transpose();
    }
    let Ok((mut entry, seal)) = Entry::from_record(record) else { return Ok(None) };
    if entry.notes.decision.take().is_none() {
        return Ok(None);
    }
    entry.notes.assigned.clear();
    entry.to_record(record.table, seal, Some(record)).map(Some)
}

fn entry(
    previous: Option<&Record>,
    theirs: &Record,
    merged: &mut Merged,
) -> Result<Option<Record>> {
    let (read, seal) = Entry::from_record(theirs)?;
    match previous.map(Entry::from_record) {
        // What is damaged here is repaired by what is not.
        None | Some(Err(Error::MalformedRecord { .. })) => {
            read.to_record(theirs.table, seal, previous).map(Some)
        }
        Some(Err(Error::StoreNewerSchema { .. })) => Ok(None),
        Some(mine) => {
            let (mine, seal) = mine?;
            let next = merge_entries(mine.clone(), read.clone());
            merged.is_ahead |= next != read;
            if next == mine {
                return Ok(None);
            }
            next.to_record(theirs.table, seal, previous).map(Some)
        }
    }
}

fn merge_entries(mine: Entry, theirs: Entry) -> Entry {
    let (first, second) = if theirs.last_seen > mine.last_seen {
        (theirs.origin, mine.origin)
    } else {
        (mine.origin, theirs.origin)
    };
    Entry {
        chain: if mine.chain.is_empty() { theirs.chain } else { mine.chain },
        origin: first.or(second),
        first_seen: mine.first_seen.min(theirs.first_seen),
        last_seen: mine.last_seen.max(theirs.last_seen),
        notes: merge_notes(mine.notes, theirs.notes),
        ..mine
    }
}

fn merge_notes(mine: Notes, theirs: Notes) -> Notes {
    let (decided, is_theirs) = (decided_at(&mine), decided_at(&theirs) > decided_at(&mine));
    // What nobody decided about takes over the addresses that somebody assigned.
    let (decision, withdrawn, assigned) =
        if is_theirs || (decided.is_none() && mine.assigned.is_empty()) {
            (theirs.decision, theirs.withdrawn, theirs.assigned)
        } else {
            (mine.decision, mine.withdrawn, mine.assigned)
        };
    Notes {
        decision,
        withdrawn,
        assigned,
        capabilities: later(mine.capabilities, theirs.capabilities, |(_, at)| *at),
        headers_seen: mine.headers_seen.max(theirs.headers_seen),
        revocation: later(mine.revocation, theirs.revocation, |note: &RevocationNote| note.at),
        is_unconfirmed: mine.is_unconfirmed && theirs.is_unconfirmed,
    }
}

/// When somebody last decided about a certificate, or withdrew that.
fn decided_at(notes: &Notes) -> Option<Time> {
    notes.decision.as_ref().map(|decision| decision.at).max(notes.withdrawn)
}

fn settings(
    now: Time,
    previous: Option<&Record>,
    theirs: &Record,
    merged: &mut Merged,
) -> Result<Option<Record>> {
    let read = SettingsRecord::from_record(theirs)?;
    let is_later = match previous.map(SettingsRecord::from_record) {
        None | Some(Err(Error::MalformedRecord { .. })) => true,
        Some(Err(Error::StoreNewerSchema { .. })) => false,
        Some(mine) => {
            let mine = mine?;
            merged.is_ahead |= mine.changed > read.changed;
            mine.changed < read.changed
        }
    };
    is_later.then(|| read.to_record(&theirs.id, previous, now)).transpose()
}

/// The higher epoch: a member who was removed does not come back by an older file.
fn shared(
    now: Time,
    previous: Option<&Record>,
    theirs: &Record,
    merged: &mut Merged,
) -> Result<Option<Record>> {
    let read = SharedRecord::from_record(theirs)?;
    let is_higher = match previous.map(SharedRecord::from_record) {
        None | Some(Err(Error::MalformedRecord { .. })) => true,
        Some(Err(Error::StoreNewerSchema { .. })) => false,
        Some(mine) => {
            let mine = mine?;
            merged.is_ahead |= mine.epoch > read.epoch;
            mine.epoch < read.epoch
        }
    };
    is_higher.then(|| read.to_record(previous, now)).transpose()
}

/// The store's key stays, unless nobody has it any more.
fn mac_key(now: Time, previous: Option<&Record>, theirs: &Record) -> Result<Option<Record>> {
    let is_nobodys = KeyRing::read(previous)?.is_empty();
    Ok(is_nobodys.then(|| copied(now, previous, theirs)))
}

fn copied(now: Time, previous: Option<&Record>, theirs: &Record) -> Record {
    Record { revision: revision_after(previous, now), ..theirs.clone() }
}

/// Of two the later one; of the same moment, the first.
fn later<T>(mine: Option<T>, theirs: Option<T>, at: impl Fn(&T) -> Time) -> Option<T> {
    match (mine, theirs) {
        (Some(mine), Some(theirs)) => Some(if at(&theirs) > at(&mine) { theirs } else { mine }),
        (mine, theirs) => mine.or(theirs),
    }
}
