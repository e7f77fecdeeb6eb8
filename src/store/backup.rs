//! Everything in a store as one file, sealed by a passphrase; and how such a file becomes part of a store.
//!
//! ```text
//! Backup ::= SEQUENCE {
//!   format      UTF8String,             -- "smime-wasm backup"
//!   version     INTEGER (1),
//!   argon2id    Argon2id,               -- of the passphrase; as in seal.rs
//!   content     Sealed,                 -- Content, by the key that Argon2id (RFC 9106) gives
//!   keys        Sealed,                 -- SEQUENCE OF DataKey, by the same key
//!   checksum    OCTET STRING }          -- SHA-256 over the values above
//!
//! Content ::= SEQUENCE {
//!   storeId     UTF8String,
//!   madeAt      INTEGER,                -- milliseconds since 1970
//!   rows        SEQUENCE OF SEQUENCE { table UTF8String, id UTF8String, value OCTET STRING } }
//!
//! DataKey ::= SEQUENCE {
//!   id          UTF8String,             -- of an identity that was unlocked, or "mac-key"
//!   key         OCTET STRING }          -- what its seal opens with (seal.rs), or that key (mac_key.rs)
//! ```
//!
//! `Sealed` is AES-256-GCM as in seal.rs; its associated data is a DER SEQUENCE of "smime-wasm backup 1",
//! "content" or "keys", and the Argon2id above. The values of the rows are those of the records, so keys
//! are sealed in them as they are in the database; the data keys let the passphrase of the backup open
//! them too. As with seals the checksum protects against nobody: it tells a damaged file from a wrong
//! passphrase.
//!
//! The rules of merging are at [`Store::merge`].

use std::collections::{HashMap, HashSet};

use der::asn1::OctetString;
use der::{Decode, Encode, Sequence};
use zeroize::Zeroizing;

use super::backend::{Backend, Query, Record, Table};
use super::mac::MacKey;
use super::mac_key::{self, KeyRing, MAC_KEY_ID};
use super::merge::{self, Merge};
use super::record::{Entry, revision_after};
use super::removal;
use super::seal::Sealed;
use super::settings::SettingsRecord;
use super::shared::{SharedRecord, shared_of};
use super::unlock::Opened;
use super::way::Way;
use super::{Store, put};
use crate::asn1::{Reader, constructed, primitive, tag};
use crate::crypto::algorithms::DigestAlgorithm;
use crate::crypto::{Argon2Cost, Digester, SecretBytes, argon2id};
use crate::env::{Env, Time};
use crate::error::{Error, Limit, Result};

const FORMAT: &str = "smime-wasm backup";

/// The version that is written, and the newest that is read.
const VERSION: u64 = 1;

/// What is backed up. Of `meta` only what binds decisions and settings: no lock, and no id of a store.
const TABLES: [Table; 6] = [
    Table::Identities,
    Table::Certificates,
    Table::Settings,
    Table::Shared,
    Table::Removed,
    Table::Meta,
];

/// Records between two pauses.
const PAGE: usize = 100;

/// Everything in a store.
#[derive(Debug)]
pub struct Contents {
    /// The id of the store.
    pub store_id: String,
    /// When it was read.
    pub made_at: Time,
    /// The records, without their revisions.
    pub(super) records: Vec<Record>,
    /// The data keys of identities that were unlocked, by the ids of their records.
    pub data_keys: Vec<(String, SecretBytes)>,
    /// What decisions and settings are bound by, if an identity was unlocked.
    pub mac_key: Option<MacKey>,
}

#[derive(Sequence)]
struct BackupValue {
    format: String,
    version: u64,
    argon2id: Argon2idValue,
    content: Sealed,
    keys: Sealed,
    checksum: OctetString,
}

#[derive(Clone, Sequence)]
struct Argon2idValue {
    salt: OctetString,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

#[derive(Sequence)]
struct ContentValue {
    store_id: String,
    made_at: i64,
    rows: Vec<RowValue>,
}

#[derive(Sequence)]
struct RowValue {
    table: String,
    id: String,
    value: OctetString,
}

/// Why a file is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merging {
    /// Somebody wants back what is in it.
    Restore,
    /// Several devices are to have the same.
    Sync,
}

/// What became of a file in a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Records that were not there.
    pub added: u64,
    /// Records that were there and know more now.
    pub updated: u64,
    /// Records that stay as they were.
    pub kept: u64,
    /// Records that were removed elsewhere later.
    pub removed: u64,
    /// Of those that were not there, what had been removed here later.
    pub returned: u64,
    /// Records of the file that can't be read.
    pub unreadable: u64,
    /// What was decided and chosen in the store and was not bound to the identities that came.
    pub unbound: u64,
    /// Whether the store now knows more than the file.
    pub is_ahead: bool,
}

impl<B: Backend> Store<B> {
    /// Everything in the store. What is unlocked is the caller's to add.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn contents(&self, env: &mut Env) -> Result<Contents> {
        let store_id = self.state(env).await?.id;
        let mut records = Vec::new();
        for table in TABLES {
            records.extend(self.lasting(table).await?);
        }
        let made_at = env.now();
        Ok(Contents { store_id, made_at, records, data_keys: Vec::new(), mac_key: None })
    }

    /// Takes in what a file has, all of it or nothing. What is not there is added. What is in both is
    /// merged, and nothing that the store has gives way to something older:
    ///
    /// - private keys and chains: the store's stay;
    /// - shared accounts: the higher epoch, and of the same one the store's;
    /// - origin: of the one that was seen last; first and last seen: the earliest and the latest;
    /// - decisions, with the addresses assigned by hand: the later one, and to withdraw one is one too;
    /// - capabilities, header protection, revocation: what was learned last;
    /// - settings: those of a scope together, the ones that were changed last.
    ///
    /// Between devices, what one of them removed goes from all that did not add it again or decide about it
    /// later. Who restores an old file wants back what is in it: then nothing is removed, and what was
    /// removed in the meantime comes back as if it were added now.
    ///
    /// Records that can't be read are left as they are: those of newer versions in the store, and all in the
    /// file.
    ///
    /// Moments that decide this count only if they are bound by the key of the file, which is the store's after
    /// [`Contents::rebind`]: neither what is forged in the store nor what is forged in the file wins or removes
    /// anything. Where nobody has a key, there is nothing to tell them by. A file without identities, for
    /// which its passphrase alone vouches, adds what it has, and replaces and removes nothing.
    ///
    /// Where the file brings the first identities, what was decided and chosen in the store before stays if it
    /// is bound by their key; the rest is dropped, and counted. Who can write the database can remove the
    /// identities, and so nothing must count because there are none.
    ///
    /// # Errors
    ///
    /// `store/conflict` if other tabs are faster time and again, `aborted`, and those of [`Backend`].
    pub async fn merge(
        &self,
        env: &mut Env,
        contents: &Contents,
        merging: Merging,
    ) -> Result<Merged> {
        for _ in 0..super::ATTEMPTS {
            let mut merged = Merged::default();
            let mut changes = Vec::new();
            let is_new = !self.has_identities().await?;
            let is_first = is_new && contents.identities().next().is_some();
            let removed = self.backend.read(&query(Table::Removed)).await?;
            let merge = Merge::new(env.now(), merging, is_new, &removed, contents);
            for table in TABLES {
                let known = self.backend.read(&query(table)).await?;
                let (derived, known): (Vec<_>, Vec<_>) =
                    known.into_iter().partition(|record| shared_of(record).is_some());
                let known = known.into_iter().map(|record| (record.id.clone(), record));
                let mut known: HashMap<String, Record> = known.collect();
                let mut dropped: HashSet<String> = HashSet::new();
                for record in known.values_mut().filter(|_| is_first) {
                    if merge::drop_unbound(
                        record,
                        contents.mac_key.as_ref(),
                        env.now(),
                        &mut merged,
                    )? {
                        dropped.insert(record.id.clone());
                    }
                }
                let mut met: HashSet<&str> = HashSet::new();
                let of_table = contents.records.iter().filter(|record| record.table == table);
                for (at, record) in of_table.enumerate() {
                    if at % PAGE == 0 {
                        env.tick(at as u64, contents.records.len() as u64).await?;
                    }
                    met.insert(&record.id);
                    let mine = known.get(&record.id);
                    let mine = mine.or_else(|| derived.iter().find(|one| one.id == record.id));
                    let change = merge.theirs(mine, record, &mut merged)?;
                    if let Some(change) = &change
                        && dropped.remove(&record.id)
                    {
                        // What the file brings in its place is not lost.
                        merged.unbound -= u64::from(merge::decides(change));
                    }
                    changes.extend(change);
                }
                for record in known.values().filter(|record| !met.contains(record.id.as_str())) {
                    let change = merge.mine(record, &mut merged);
                    if change.is_some() {
                        dropped.remove(&record.id);
                    }
                    changes.extend(change);
                }
                for record in dropped.iter().filter_map(|id| known.get(id)) {
                    let revision = revision_after(Some(record), env.now());
                    changes.push(put(Record { revision, ..record.clone() }, Some(record)));
                }
            }
            if changes.is_empty() {
                return Ok(merged);
            }
            match self.backend.commit(changes).await {
                Err(Error::StoreConflict) => {}
                outcome => return outcome.map(|()| merged),
            }
        }
        Err(Error::StoreConflict)
    }

    /// The records of a table, but for what follows from others.
    async fn lasting(&self, table: Table) -> Result<Vec<Record>> {
        let mut records = self.backend.read(&query(table)).await?;
        if table == Table::Identities {
            records.retain(|record| shared_of(record).is_none());
        }
        Ok(records)
    }
}

fn query(table: Table) -> Query {
    match table {
        Table::Meta => mac_key::query(),
        table => Query::All(table),
    }
}

impl Contents {
    /// The ids of all identities.
    pub fn identities(&self) -> impl Iterator<Item = &str> {
        let own = self.records.iter().filter(|record| record.table == Table::Identities);
        own.map(|record| record.id.as_str())
    }

    /// Lets a way open the identities whose data keys there are; and opens those that it opens already, and
    /// with them what decisions and settings are bound by.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn add_way(&mut self, env: &mut Env, way: &Way) -> Result<()> {
        let meta = self.records.iter().find(|record| record.table == Table::Meta);
        let ring = KeyRing::read(meta).unwrap_or_default();
        for record in self.records.iter_mut().filter(|one| one.table == Table::Identities) {
            // One that can't be opened stays as it is.
            let Ok((entry, Some(seal))) = Entry::from_record(record) else { continue };
            seal.passphrases().for_each(|parameters| way.take_over(parameters));
            let known = self.data_keys.iter().find(|(id, _)| *id == entry.id);
            let (seal, data_key) = match seal.open(env, &entry.certificate, way).await {
                Err(Error::Aborted) => return Err(Error::Aborted),
                Ok((data_key, ..)) => (seal, data_key),
                Err(_) => {
                    let Some((_, data_key)) = known else { continue };
                    match seal.with(env, &entry.certificate, data_key, way).await {
                        Err(Error::Aborted) => return Err(Error::Aborted),
                        Err(_) => continue,
                        Ok(seal) => (seal, data_key.clone()),
                    }
                }
            };
            // Another device's secret opens nothing here, and so is no way to count on.
            let next = entry.to_record(Table::Identities, Some(seal.portable()?), None)?;
            record.value = next.value;
            if self.mac_key.is_none() {
                self.mac_key = ring.open_with(&entry.id, &entry.certificate, &data_key);
            }
            if known.is_none() {
                self.data_keys.push((entry.id, data_key));
            }
        }
        Ok(())
    }

    /// Binds what was decided about certificates, chosen in settings, and taken from administrators of shared
    /// accounts to the owner of another store. What
    /// was not bound to the owner of its own is dropped; how much that is, is the answer, but for removals,
    /// which who has unlocked nothing can't bind. Where there was no identity, nothing could be bound, and the
    /// passphrase vouches for it: [`Store::merge`] binds what it takes.
    ///
    /// # Errors
    ///
    /// None but faults of the digest.
    pub fn rebind(&mut self, own: &MacKey) -> Result<u64> {
        let is_unbound = self.identities().next().is_none();
        let theirs = self.mac_key.clone().unwrap_or_else(|| own.clone());
        let mut dropped = 0;
        let mut records = Vec::with_capacity(self.records.len());
        for mut record in core::mem::take(&mut self.records) {
            match record.table {
                Table::Identities | Table::Certificates => {
                    if let Ok((mut entry, seal)) = Entry::from_record(&record) {
                        let notes = &mut entry.notes;
                        if let Some(decision) = &mut notes.decision {
                            if theirs.decision_holds(&record.id, decision) {
                                own.seal_decision(&record.id, decision)?;
                            } else if !is_unbound {
                                notes.decision = None;
                                notes.assigned.clear();
                                dropped += 1;
                            }
                        }
                        if let Some(withdrawn) = &mut notes.withdrawn {
                            match theirs.withdrawal_holds(&record.id, withdrawn) {
                                true => own.seal_withdrawal(&record.id, withdrawn)?,
                                false => notes.withdrawn = None,
                            }
                        }
                        record.value = entry.to_record(record.table, seal, None)?.value;
                    }
                }
                Table::Settings => {
                    if let Ok(mut settings) = SettingsRecord::from_record(&record) {
                        if theirs.has_chosen(&record.id, &settings) {
                            own.seal_settings(&record.id, &mut settings)?;
                        } else if settings.values.is_empty() {
                            continue;
                        } else if !is_unbound {
                            dropped += 1;
                            continue;
                        }
                        record.value = settings.to_record(&record.id, None, self.made_at)?.value;
                    }
                }
                // The store has a key of its own.
                Table::Meta => continue,
                Table::Shared => {
                    if let Ok(mut shared) = SharedRecord::from_record(&record) {
                        if !theirs.shared_holds(&shared) {
                            dropped += 1;
                            continue;
                        }
                        own.seal_shared(&mut shared)?;
                        record.value = shared.to_record(None, self.made_at)?.value;
                    }
                }
                Table::Removed => {
                    let removal = removal::read(&record).ok();
                    let Some(removal) = removal.filter(|one| one.holds(&record.id, &theirs)) else {
                        continue;
                    };
                    record.value = removal::value(&record.id, removal.at, Some(own))?;
                }
            }
            records.push(record);
        }
        self.records = records;
        self.mac_key = Some(own.clone());
        Ok(dropped)
    }

    /// Adds the data keys of identities that are unlocked. The answer is how many identities none of
    /// them opens, such as those that were sealed anew in the meantime.
    pub fn add_data_keys(&mut self, opened: &[Opened]) -> u64 {
        let mut locked = 0;
        self.data_keys.clear();
        for record in self.records.iter().filter(|one| one.table == Table::Identities) {
            let opening = Entry::from_record(record).ok().and_then(|(entry, seal)| {
                let one = opened.iter().find(|one| one.id == entry.id)?;
                seal?.open_with(&entry.certificate, &one.data_key).ok()?;
                Some((entry.id, one.data_key.clone()))
            });
            locked += u64::from(opening.is_none());
            self.data_keys.extend(opening);
        }
        locked
    }

    /// As a file that the passphrase opens.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn seal(&self, env: &mut Env, passphrase: &[u8]) -> Result<Vec<u8>> {
        let cost = Argon2Cost::DEFAULT;
        let argon2id = Argon2idValue {
            salt: OctetString::new(env.random::<16>().as_ref())?,
            memory_kib: cost.memory_kib,
            passes: cost.passes,
            lanes: cost.lanes,
        };
        let key = SecretBytes::from(argon2id.key(env, passphrase).await?.as_slice());
        let content = self.content()?.to_der()?;
        let mut backup = BackupValue {
            format: FORMAT.to_owned(),
            version: VERSION,
            content: Sealed::new(env, &key, &argon2id.binding("content")?, &content)?,
            keys: Sealed::new(env, &key, &argon2id.binding("keys")?, &self.keys())?,
            argon2id,
            checksum: OctetString::new([])?,
        };
        backup.checksum = OctetString::new(backup.checksum()?)?;
        Ok(backup.to_der()?)
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// `store/wrong-passphrase`; `malformed/backup` if it is none, or not all of one, or was altered;
    /// `store/newer-schema`, `limit/input-bytes`, `aborted`.
    pub async fn open(env: &mut Env, data: &[u8], passphrase: &[u8]) -> Result<Contents> {
        let (required, allowed) = (data.len() as u64, env.limits().input_bytes as u64);
        if required > allowed {
            return Err(Error::Limit { limit: Limit::InputBytes, required, allowed });
        }
        let backup = BackupValue::read(data)?;
        let key = backup.argon2id.key(env, passphrase).await.map_err(as_damage)?;
        let key = SecretBytes::from(key.as_slice());
        let binding = backup.argon2id.binding("content")?;
        let content = backup.content.open(&key, &binding).ok_or(Error::StoreWrongPassphrase)?;
        let binding = backup.argon2id.binding("keys")?;
        let keys = backup.keys.open(&key, &binding).ok_or(ALTERED)?;
        let content = ContentValue::from_der(&content).map_err(|_| ALTERED)?;
        let (mac_keys, data_keys) = data_keys(&keys)
            .map_err(|_| ALTERED)?
            .into_iter()
            .partition::<Vec<_>, _>(|(id, _)| id == MAC_KEY_ID);
        Ok(Contents {
            store_id: content.store_id,
            made_at: Time::from_millis(content.made_at),
            records: content.rows.into_iter().filter_map(RowValue::into_record).collect(),
            data_keys,
            mac_key: mac_keys.into_iter().next().map(|(_, key)| key.into()),
        })
    }

    fn content(&self) -> Result<ContentValue> {
        let row = |record: &Record| {
            Ok::<_, Error>(RowValue {
                table: record.table.name().to_owned(),
                id: record.id.clone(),
                value: OctetString::new(record.value.as_slice())?,
            })
        };
        Ok(ContentValue {
            store_id: self.store_id.clone(),
            made_at: self.made_at.as_millis(),
            rows: self.records.iter().map(row).collect::<Result<_>>()?,
        })
    }

    /// `SEQUENCE OF DataKey`
    fn keys(&self) -> Zeroizing<Vec<u8>> {
        let mac_key = self.mac_key.iter().map(|key| (MAC_KEY_ID, key.as_bytes()));
        let data_keys = self.data_keys.iter().map(|(id, key)| (id.as_str(), key.as_bytes()));
        let keys: Vec<Zeroizing<Vec<u8>>> = data_keys
            .chain(mac_key)
            .map(|(id, key)| {
                let id = primitive(tag::UTF8_STRING, id.as_bytes());
                let key = Zeroizing::new(primitive(tag::OCTET_STRING, key));
                Zeroizing::new(constructed(tag::SEQUENCE, &[&id, &key]))
            })
            .collect();
        let keys: Vec<&[u8]> = keys.iter().map(|key| key.as_slice()).collect();
        Zeroizing::new(constructed(tag::SEQUENCE, &keys))
    }
}

const ALTERED: Error = Error::MalformedBackup { rule: "it was altered" };

/// What a record says of itself that can't be is damage to the file here.
fn as_damage(error: Error) -> Error {
    match error {
        Error::MalformedRecord { rule } => Error::MalformedBackup { rule },
        error => error,
    }
}

fn data_keys(der: &[u8]) -> Result<Vec<(String, SecretBytes)>> {
    let mut keys = Vec::new();
    let mut reader = Reader::only(der, tag::SEQUENCE)?.contents();
    while !reader.is_empty() {
        let mut one = reader.sequence()?;
        let id = one.expect(tag::UTF8_STRING)?.value;
        let id = String::from_utf8(id.to_vec()).map_err(|_| ALTERED)?;
        keys.push((id, SecretBytes::from(one.expect(tag::OCTET_STRING)?.value)));
        one.finish()?;
    }
    Ok(keys)
}

impl BackupValue {
    fn read(data: &[u8]) -> Result<BackupValue> {
        const NONE: Error = Error::MalformedBackup { rule: "it is no backup" };
        const NOT_ALL: Error = Error::MalformedBackup { rule: "it is not all there" };
        let mut reader = Reader::new(data);
        let whole = reader.expect(tag::SEQUENCE);
        let mut fields = match &whole {
            Ok(whole) => whole.contents(),
            // What stands first in the file is there, however much of it is missing.
            Err(_) if data.windows(FORMAT.len()).take(16).any(|part| part == FORMAT.as_bytes()) => {
                return Err(NOT_ALL);
            }
            Err(_) => return Err(NONE),
        };
        let format = fields.expect(tag::UTF8_STRING).map_err(|_| NONE)?;
        if format.value != FORMAT.as_bytes() {
            return Err(NONE);
        }
        let found = fields.expect(tag::INTEGER).and_then(|version| version.uint());
        match found.map_err(|_| ALTERED)? {
            found if found > VERSION => {
                return Err(Error::StoreNewerSchema { found, known: VERSION });
            }
            _ => {}
        }
        let backup = BackupValue::from_der(data).map_err(|_| ALTERED)?;
        match backup.checksum()? == backup.checksum.as_bytes() {
            true => Ok(backup),
            false => Err(ALTERED),
        }
    }

    fn checksum(&self) -> Result<Vec<u8>> {
        let mut digester = Digester::new(DigestAlgorithm::Sha256);
        digester.update(&self.format.to_der()?);
        digester.update(&self.version.to_der()?);
        digester.update(&self.argon2id.to_der()?);
        digester.update(&self.content.to_der()?);
        digester.update(&self.keys.to_der()?);
        Ok(digester.finish())
    }
}

impl Argon2idValue {
    async fn key(&self, env: &mut Env, passphrase: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        let Argon2idValue { memory_kib, passes, lanes, .. } = *self;
        let cost = Argon2Cost { memory_kib, passes, lanes };
        argon2id(env, passphrase, self.salt.as_bytes(), cost).await
    }

    /// The associated data of a part.
    fn binding(&self, part: &str) -> Result<Vec<u8>> {
        Ok(constructed(
            tag::SEQUENCE,
            &[
                &primitive(tag::UTF8_STRING, b"smime-wasm backup 1"),
                &primitive(tag::UTF8_STRING, part.as_bytes()),
                &self.to_der()?,
            ],
        ))
    }
}

impl RowValue {
    /// `None` for a table that this version does not know.
    fn into_record(self) -> Option<Record> {
        let table = TABLES.into_iter().find(|table| table.name() == self.table)?;
        Some(Record {
            table,
            id: self.id,
            revision: 0,
            addresses: Vec::new(),
            listing: None,
            value: self.value.as_bytes().to_vec(),
        })
    }
}
