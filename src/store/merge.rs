//! What becomes of one record when a backup is restored. The rules are at
//! [`Store::merge`](super::Store::merge).

use super::backend::{Change, Record, Table};
use super::backup::{Contents, Merged, Merging};
use super::mac::MacKey;
use super::mac_key::KeyRing;
use super::notes::{Notes, RevocationNote};
use super::put;
use super::record::{Entry, revision_after};
use super::removal::{self, Removals, touched};
use super::settings::SettingsRecord;
use super::shared::{SharedRecord, shared_of};
use crate::env::Time;
use crate::error::{Error, Result};

/// How one file is merged.
pub(super) struct Merge {
    now: Time,
    merging: Merging,
    removed_here: Removals,
    removed_there: Removals,
    key: Option<MacKey>,
}

impl Merge {
    /// `removed` is what the store says of that.
    pub(super) fn new(
        now: Time,
        merging: Merging,
        removed: &[Record],
        contents: &Contents,
    ) -> Merge {
        let (removed_here, removed_there) =
            (Removals::of(removed), Removals::of(&contents.records));
        let key = contents.mac_key.clone();
        Merge { now, merging, removed_here, removed_there, key }
    }

    /// What becomes of a record of the file, if anything; `previous` is the store's. What only follows
    /// from a shared account counts as not there: what is one's own takes its place.
    pub(super) fn theirs(
        &self,
        previous: Option<&Record>,
        theirs: &Record,
        merged: &mut Merged,
    ) -> Result<Option<Change>> {
        let derived = previous.filter(|record| shared_of(record).is_some());
        let previous = previous.filter(|_| derived.is_none());
        let next = match theirs.table {
            Table::Identities | Table::Certificates => match self.fate(previous, theirs) {
                Fate::Stays => entry(previous, theirs, merged),
                Fate::Returns => {
                    merged.returned += 1;
                    merged.is_ahead = true;
                    returned(theirs, self.now).map(Some)
                }
                Fate::Goes => {
                    let gone = previous.map(remove);
                    *(if gone.is_some() { &mut merged.removed } else { &mut merged.kept }) += 1;
                    return Ok(gone);
                }
            },
            Table::Settings => settings(self.now, previous, theirs, merged),
            Table::Shared => self.shared(previous, theirs, merged),
            Table::Removed => return self.removal(previous, theirs, merged),
            Table::Meta => mac_key(self.now, previous, theirs),
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
            next => Ok(next?.map(|record| match derived {
                None => put(record, previous),
                derived => put(copied(self.now, derived, &record), derived),
            })),
        }
    }

    /// What becomes of a record that the file does not have, if anything.
    pub(super) fn mine(&self, mine: &Record, merged: &mut Merged) -> Option<Change> {
        let is_entry = matches!(mine.table, Table::Identities | Table::Certificates);
        let removed = self.removed_there.at(mine.table, &mine.id).filter(|_| is_entry);
        let is_gone = self.merging == Merging::Sync
            && removed.is_some_and(|at| touched_at(mine).is_some_and(|touched| touched <= at));
        merged.removed += u64::from(is_gone);
        merged.is_ahead |= !is_gone && mine.table != Table::Meta;
        is_gone.then(|| remove(mine))
    }

    fn fate(&self, previous: Option<&Record>, theirs: &Record) -> Fate {
        let at = |removals: &Removals| removals.at(theirs.table, &theirs.id);
        let Some(removed) = at(&self.removed_here).max(at(&self.removed_there)) else {
            return Fate::Stays;
        };
        let touched = touched_at(theirs);
        if touched.max(previous.and_then(touched_at)).is_none_or(|touched| touched > removed) {
            return Fate::Stays;
        }
        match (self.merging, previous) {
            (Merging::Sync, _) => Fate::Goes,
            (Merging::Restore, None) => Fate::Returns,
            (Merging::Restore, Some(_)) => Fate::Stays,
        }
    }

    /// The later one. Who restores removes nothing, so that what stays has no record of a removal.
    fn removal(
        &self,
        previous: Option<&Record>,
        theirs: &Record,
        merged: &mut Merged,
    ) -> Result<Option<Change>> {
        let Ok(at) = removal::read(theirs) else {
            merged.unreadable += 1;
            return Ok(None);
        };
        let known = previous.and_then(|record| removal::read(record).ok());
        merged.is_ahead |= known > Some(at);
        if known >= Some(at) || self.merging == Merging::Restore {
            return Ok(None);
        }
        Ok(Some(put(copied(self.now, previous, theirs), previous)))
    }

    /// The higher epoch: a member who was removed does not come back by an older file. What somebody
    /// altered in the store gives way.
    fn shared(
        &self,
        previous: Option<&Record>,
        theirs: &Record,
        merged: &mut Merged,
    ) -> Result<Option<Record>> {
        let read = SharedRecord::from_record(theirs)?;
        let is_genuine =
            |mine: &SharedRecord| self.key.as_ref().is_none_or(|key| key.shared_holds(mine));
        let is_higher = match previous.map(SharedRecord::from_record) {
            None | Some(Err(Error::MalformedRecord { .. })) => true,
            Some(Err(Error::StoreNewerSchema { .. })) => false,
            Some(mine) => {
                let mine = Some(mine?).filter(is_genuine).map(|mine| mine.epoch);
                merged.is_ahead |= mine > Some(read.epoch);
                mine < Some(read.epoch)
            }
        };
        is_higher.then(|| read.to_record(previous, self.now)).transpose()
    }
}

/// What becomes of a record that was removed somewhere.
enum Fate {
    Stays,
    Returns,
    Goes,
}

fn touched_at(record: &Record) -> Option<Time> {
    Entry::from_record(record).ok().map(|(entry, _)| touched(&entry))
}

fn remove(record: &Record) -> Change {
    Change::Remove { table: record.table, id: record.id.clone(), expected: record.revision }
}

/// A record that comes back: later than its removal, so that it does so on all devices.
fn returned(theirs: &Record, now: Time) -> Result<Record> {
    let (mut entry, seal) = Entry::from_record(theirs)?;
    entry.last_seen = entry.last_seen.max(now);
    entry.to_record(theirs.table, seal, None)
}

/// Drops what was decided or chosen in a record of the store, unless it is bound by the key of the identities
/// that come: who removed those before may have put it there. Whether that changes the record.
pub(super) fn drop_unbound(
    record: &mut Record,
    key: Option<&MacKey>,
    now: Time,
    merged: &mut Merged,
) -> Result<bool> {
    if key.is_some_and(|key| holds(record, key)) {
        return Ok(false);
    }
    let Some(next) = undecided(record, now)? else { return Ok(false) };
    merged.unbound += 1;
    *record = Record { revision: record.revision, ..next };
    Ok(true)
}

/// Whether a change writes what somebody decided or chose.
pub(super) fn decides(change: &Change) -> bool {
    let Change::Put { record, .. } = change else { return false };
    if record.table == Table::Settings {
        return SettingsRecord::from_record(record).is_ok_and(|one| !one.values.is_empty());
    }
    Entry::from_record(record).is_ok_and(|(entry, _)| entry.notes.decision.is_some())
}

fn holds(record: &Record, key: &MacKey) -> bool {
    if record.table == Table::Settings {
        return SettingsRecord::from_record(record)
            .is_ok_and(|settings| key.settings_hold(&record.id, &settings));
    }
    Entry::from_record(record).is_ok_and(|(entry, _)| {
        entry.notes.decision.is_none_or(|decision| key.decision_holds(&record.id, &decision))
    })
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
