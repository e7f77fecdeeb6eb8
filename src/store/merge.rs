//! What becomes of one record when a backup is restored. The rules are at
//! [`Store::merge`](super::Store::merge).

use super::backend::{Change, Record, Table};
use super::backup::{Contents, Merged, Merging};
use super::mac::MacKey;
use super::mac_key::KeyRing;
use super::notes::{Notes, RevocationNote};
use super::put;
use super::record::{Entry, revision_after};
use super::removal::{self, Removals, Voucher, touched};
use super::settings::SettingsRecord;
use super::shared::{SharedRecord, shared_of};
use crate::env::Time;
use crate::error::{Error, Result};

/// How one file is merged.
pub(super) struct Merge {
    now: Time,
    made_at: Time,
    merging: Merging,
    removed_here: Removals,
    removed_there: Removals,
    key: Option<MacKey>,
    /// Only the passphrase of the file vouches for what is in it.
    is_adopted: bool,
}

impl Merge {
    /// `is_new` is a store without identities, `removed` what the store says of that.
    pub(super) fn new(
        now: Time,
        merging: Merging,
        is_new: bool,
        removed: &[Record],
        contents: &Contents,
    ) -> Merge {
        let has_identities = contents.identities().next().is_some();
        let voucher = match &contents.mac_key {
            Some(key) => Voucher::Key(key),
            None if is_new && !has_identities => Voucher::Anybody,
            None => Voucher::Nobody,
        };
        let removals = |records| Removals::of(records, voucher);
        Merge {
            now,
            made_at: contents.made_at,
            merging,
            removed_here: removals(removed),
            removed_there: removals(&contents.records),
            key: contents.mac_key.clone(),
            is_adopted: !has_identities,
        }
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
                Fate::Stays => self.entry(previous, theirs, merged),
                Fate::Returns => {
                    merged.returned += 1;
                    merged.is_ahead = true;
                    self.returned(theirs).map(Some)
                }
                Fate::Goes => {
                    let gone = previous.map(remove);
                    *(if gone.is_some() { &mut merged.removed } else { &mut merged.kept }) += 1;
                    return Ok(gone);
                }
            },
            Table::Settings => self.settings(previous, theirs, merged),
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
        merged.is_ahead |= !is_gone && self.counts(mine);
        is_gone.then(|| remove(mine))
    }

    /// Whether other devices would take a record of the store.
    fn counts(&self, mine: &Record) -> bool {
        match mine.table {
            Table::Meta => false,
            Table::Removed => self.removed_here.of_note(&mine.id).is_some(),
            Table::Settings => SettingsRecord::from_record(mine)
                .is_ok_and(|settings| self.chosen_at(&mine.id, &settings).is_some()),
            Table::Identities | Table::Certificates | Table::Shared => true,
        }
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
        if removal::read(theirs).is_err() {
            merged.unreadable += 1;
            return Ok(None);
        }
        let known = self.removed_here.of_note(&theirs.id);
        let at = self.removed_there.of_note(&theirs.id);
        merged.is_ahead |= known > at;
        if known >= at || self.merging == Merging::Restore {
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

    /// A record that comes back: later than its removal, so that it does so on all devices.
    fn returned(&self, theirs: &Record) -> Result<Record> {
        let (mut entry, seal) = Entry::from_record(theirs)?;
        entry.last_seen = entry.last_seen.max(self.now);
        entry.notes = self.adopted(&entry.id, entry.notes)?;
        entry.to_record(theirs.table, seal, None)
    }

    fn entry(
        &self,
        previous: Option<&Record>,
        theirs: &Record,
        merged: &mut Merged,
    ) -> Result<Option<Record>> {
        let (mut read, seal) = Entry::from_record(theirs)?;
        match previous.map(Entry::from_record) {
            // What is damaged here is repaired by what is not.
            None | Some(Err(Error::MalformedRecord { .. })) => {
                read.notes = self.adopted(&read.id, read.notes)?;
                read.to_record(theirs.table, seal, previous).map(Some)
            }
            Some(Err(Error::StoreNewerSchema { .. })) => Ok(None),
            Some(mine) => {
                let (mine, seal) = mine?;
                let next = self.merged(mine.clone(), read.clone())?;
                merged.is_ahead |=
                    Entry { notes: self.genuine(&next.id, &next.notes), ..next.clone() } != read;
                if next == mine {
                    return Ok(None);
                }
                next.to_record(theirs.table, seal, previous).map(Some)
            }
        }
    }

    fn merged(&self, mine: Entry, theirs: Entry) -> Result<Entry> {
        let (first, second) = if theirs.last_seen > mine.last_seen {
            (theirs.origin, mine.origin)
        } else {
            (mine.origin, theirs.origin)
        };
        Ok(Entry {
            chain: if mine.chain.is_empty() { theirs.chain } else { mine.chain },
            origin: first.or(second),
            first_seen: mine.first_seen.min(theirs.first_seen),
            last_seen: mine.last_seen.max(theirs.last_seen),
            notes: self.merged_notes(&mine.id, mine.notes, theirs.notes)?,
            ..mine
        })
    }

    fn merged_notes(&self, id: &str, mine: Notes, theirs: Notes) -> Result<Notes> {
        let decided = self.decided_at(id, &mine);
        // What nobody decided about takes over the addresses that somebody assigned.
        let is_open = decided.is_none() && mine.decision.is_none() && mine.assigned.is_empty();
        let (decision, withdrawn, assigned) = if is_open || self.decided_at(id, &theirs) > decided {
            let theirs = self.adopted(id, theirs.clone())?;
            (theirs.decision, theirs.withdrawn, theirs.assigned)
        } else {
            (mine.decision, mine.withdrawn, mine.assigned)
        };
        Ok(Notes {
            decision,
            withdrawn,
            assigned,
            capabilities: later(mine.capabilities, theirs.capabilities, |(_, at)| *at),
            headers_seen: mine.headers_seen.max(theirs.headers_seen),
            revocation: later(mine.revocation, theirs.revocation, |note: &RevocationNote| note.at),
            is_unconfirmed: mine.is_unconfirmed && theirs.is_unconfirmed,
        })
    }

    fn settings(
        &self,
        previous: Option<&Record>,
        theirs: &Record,
        merged: &mut Merged,
    ) -> Result<Option<Record>> {
        let mut read = SettingsRecord::from_record(theirs)?;
        let is_taken = match previous.map(SettingsRecord::from_record) {
            None | Some(Err(Error::MalformedRecord { .. })) => true,
            Some(Err(Error::StoreNewerSchema { .. })) => false,
            Some(mine) => {
                let mine = mine?;
                let chosen = [&mine, &read].map(|one| self.chosen_at(&theirs.id, one));
                merged.is_ahead |= chosen[0] > chosen[1];
                chosen[1] > chosen[0] || (chosen[0].is_none() && mine.values.is_empty())
            }
        };
        if !is_taken {
            return Ok(None);
        }
        if let Some(key) = &self.key
            && self.is_adopted
            && !key.settings_hold(&theirs.id, &read)
        {
            read.changed = read.changed.map(|at| at.min(self.made_at));
            key.seal_settings(&theirs.id, &mut read)?;
        }
        read.to_record(&theirs.id, previous, self.now).map(Some)
    }

    /// What is taken from a file for which only its passphrase vouches: it is bound from now on, but from no
    /// later moment than that in which the file was made.
    fn adopted(&self, id: &str, mut notes: Notes) -> Result<Notes> {
        if let (Some(key), Some(decision)) = (&self.key, &mut notes.decision)
            && self.is_adopted
            && !key.decision_holds(id, decision)
        {
            decision.at = decision.at.min(self.made_at);
            key.seal_decision(id, decision)?;
        }
        Ok(notes)
    }

    /// When somebody last decided about a certificate, or withdrew that.
    fn decided_at(&self, id: &str, notes: &Notes) -> Option<Time> {
        let Notes { decision, withdrawn, .. } = self.genuine(id, notes);
        let decided = decision.map(|decision| decision.at);
        decided.max(withdrawn.map(|withdrawn| withdrawn.at))
    }

    /// When somebody chose settings; `None` if nobody did.
    fn chosen_at(&self, scope: &str, settings: &SettingsRecord) -> Option<Option<Time>> {
        let is_genuine = self.key.as_ref().is_none_or(|key| key.has_chosen(scope, settings));
        is_genuine.then_some(settings.changed)
    }

    /// Notes without what somebody decided and withdrew who has no key.
    fn genuine(&self, id: &str, notes: &Notes) -> Notes {
        let mut notes = notes.clone();
        let Some(key) = &self.key else { return notes };
        if notes.decision.as_ref().is_some_and(|one| !key.decision_holds(id, one)) {
            notes.decision = None;
            notes.assigned.clear();
        }
        notes.withdrawn = notes.withdrawn.filter(|one| key.withdrawal_holds(id, one));
        notes
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
    merged.unbound += u64::from(is_decided(record));
    *record = Record { revision: record.revision, ..next };
    Ok(true)
}

/// Whether a change writes what somebody decided or chose.
pub(super) fn decides(change: &Change) -> bool {
    matches!(change, Change::Put { record, .. } if is_decided(record))
}

/// Whether a record says what somebody decided or chose.
fn is_decided(record: &Record) -> bool {
    if record.table == Table::Settings {
        return SettingsRecord::from_record(record).is_ok_and(|one| !one.values.is_empty());
    }
    Entry::from_record(record).is_ok_and(|(entry, _)| entry.notes.decision.is_some())
}

fn holds(record: &Record, key: &MacKey) -> bool {
    if record.table == Table::Settings {
        return SettingsRecord::from_record(record)
            .is_ok_and(|settings| key.has_chosen(&record.id, &settings));
    }
    Entry::from_record(record).is_ok_and(|(Entry { notes, .. }, _)| {
        notes.decision.is_none_or(|one| key.decision_holds(&record.id, &one))
            && notes.withdrawn.is_none_or(|one| key.withdrawal_holds(&record.id, &one))
    })
}

/// A record without what somebody decided, withdrew or chose; `None` if that is nothing, or can't be read.
fn undecided(record: &Record, now: Time) -> Result<Option<Record>> {
    if record.table == Table::Settings {
        let nothing = SettingsRecord::default();
        let is_any = SettingsRecord::from_record(record).is_ok_and(|one| one != nothing);
        return is_any.then(|| nothing.to_record(&record.id, Some(record), now)).transpose();
    }
    let Ok((mut entry, seal)) = Entry::from_record(record) else { return Ok(None) };
    let Notes { decision, withdrawn, assigned, .. } = &mut entry.notes;
    if decision.is_none() && withdrawn.is_none() {
        return Ok(None);
    }
    (*decision, *withdrawn) = (None, None);
    assigned.clear();
    entry.to_record(record.table, seal, Some(record)).map(Some)
}

/// The store's key stays, unless nobody has it any more.
fn mac_key(now: Time, previous: Option<&Record>, theirs: &Record) -> Result<Option<Record>> {
    let is_taken = KeyRing::read(previous)?.is_empty() && !KeyRing::read(Some(theirs))?.is_empty();
    Ok(is_taken.then(|| copied(now, previous, theirs)))
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
