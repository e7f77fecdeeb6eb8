//! Own identities: storing one, and removing one.

use super::mac::MacKey;
use super::mac_key::{self, KeyRing};
use super::record::{DECIDED, Entry, id_of};
use super::removal;
use super::seal::Seal;
use super::settings::SettingsRecord;
use super::shared::shared_of;
use super::unlock::Opened;
use super::way::Way;
use super::{Backend, Change, Known, Query, Record, Store, Table, put, seen};
use crate::cert::Identity;
use crate::env::{Env, Time};
use crate::error::{Error, Result};

/// Where a certificate came from whose key was removed.
const FORMERLY_OWN: &str = "own";

/// An identity that was stored.
#[derive(Debug)]
pub struct Added {
    /// What is stored about it.
    pub entry: Entry,
    /// It as its seal would open.
    pub opened: Opened,
    /// What decisions and settings are bound by; `None` if only others have it.
    pub mac_key: Option<MacKey>,
    /// How many records of what was decided and chosen without any identity are bound from now on.
    pub adopted: u64,
}

impl<B: Backend> Store<B> {
    /// Whether there is any identity, be it damaged.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn has_identities(&self) -> Result<bool> {
        Ok(!self.backend.read(&first()).await?.is_empty())
    }

    /// Stores an identity, its key sealed so that `way` opens it. One that is stored already is sealed
    /// anew: who has the key needs no old passphrase. An `origin` replaces the one before. The identity
    /// gets the `known` key of decisions and settings. If it is the first, that is a new one, and what was
    /// decided and chosen without any identity is bound by it in the same moment. Later nothing is, lest
    /// to remove the key make everything count that somebody altered.
    ///
    /// # Errors
    ///
    /// `refused/external-key`, and those of [`Backend`].
    pub async fn add_identity(
        &self,
        env: &mut Env,
        identity: &Identity,
        way: &Way,
        origin: Option<&str>,
        known: Option<&MacKey>,
    ) -> Result<Added> {
        let certificate = identity.certificate();
        self.take_over(way).await?;
        let (seal, data_key) = Seal::new(env, certificate, identity.key(), way).await?;
        let opened = Opened { id: id_of(certificate), identity: identity.clone(), data_key };
        let fresh = MacKey::new(env);
        let queries = [
            Query::Ids(Table::Identities, vec![opened.id.clone()]),
            first(),
            mac_key::query(),
            Query::Addresses(Table::Certificates, vec![DECIDED.to_owned()]),
            Query::All(Table::Settings),
        ];
        let (entry, mac_key, adopted) = self
            .update_all(&queries, |records| {
                let of = |table| records.iter().filter(move |record| record.table == table);
                let is_first = of(Table::Identities).next().is_none();
                let previous = of(Table::Identities).find(|record| record.id == opened.id);
                let mut entry = seen(previous, certificate, origin, env.now())?;
                if !identity.chain().is_empty() {
                    entry.chain = identity.chain().to_vec();
                }
                let record = entry.to_record(Table::Identities, Some(seal.clone()), previous)?;
                let mut changes = vec![put(record, previous)];

                let previous = of(Table::Meta).next();
                let mut ring = KeyRing::read(previous)?;
                ring.retain(|_| !is_first);
                let known = known.filter(|_| !is_first);
                let mac_key = ring.admit(env, core::slice::from_ref(&opened), known, &fresh)?;
                changes.extend(ring.change(previous, env.clock())?);
                let mut adopted = 0;
                if let Some(key) = mac_key.as_ref().filter(|_| is_first) {
                    for record in of(Table::Certificates).chain(of(Table::Settings)) {
                        let bound = bound(record, key, env.now())?;
                        adopted += u64::from(bound.is_some());
                        changes.extend(bound.map(|next| put(next, Some(record))));
                    }
                }
                Ok((changes, (entry, mac_key, adopted)))
            })
            .await?;
        Ok(Added { entry, opened, mac_key, adopted })
    }

    /// Removes an identity and its private key. With `keeps_certificate` its certificate stays as one of
    /// somebody's, with all that is known of it. Other devices are told, and believe it if it is bound by
    /// their owner's `key`; but not of what only follows from a shared account: there it may be one's own.
    ///
    /// # Errors
    ///
    /// `store/not-found`, and those of [`Backend`].
    pub async fn remove_identity(
        &self,
        env: &Env,
        id: &str,
        keeps_certificate: bool,
        key: Option<&MacKey>,
    ) -> Result<()> {
        self.remove_identity_if(env, id, keeps_certificate, key, |_| true).await
    }

    /// The same, if the record is what it was taken for.
    pub(super) async fn remove_identity_if(
        &self,
        env: &Env,
        id: &str,
        keeps_certificate: bool,
        key: Option<&MacKey>,
        is_meant: impl Fn(&Record) -> bool,
    ) -> Result<()> {
        let of = |table| Query::Ids(table, vec![id.to_owned()]);
        let queries = [
            of(Table::Identities),
            of(Table::Certificates),
            mac_key::query(),
            removal::query(Table::Identities, id),
        ];
        self.update_all(&queries, |records| {
            let of = |table| records.iter().find(|record| record.table == table);
            let own = of(Table::Identities).filter(|record| is_meant(record));
            let own = own.ok_or(Error::StoreNotFound)?;
            let (table, expected) = (Table::Identities, own.revision);
            let mut changes = vec![Change::Remove { table, id: own.id.clone(), expected }];
            if shared_of(own).is_none() {
                changes.push(removal::note(table, id, of(Table::Removed), env.now(), key)?);
            }
            if keeps_certificate && let Ok((entry, _)) = Entry::from_record(own) {
                let previous = of(Table::Certificates);
                let other = previous.and_then(|record| Entry::from_record(record).ok());
                let other = other.map(|(entry, _)| Known { entry, is_own: false });
                let mut entry = Known::of(entry, Table::Identities, other).entry;
                entry.origin = Some(FORMERLY_OWN.to_owned());
                // It is added here now, should it have been removed before.
                entry.last_seen = entry.last_seen.max(env.now());
                changes.push(put(entry.to_record(Table::Certificates, None, previous)?, previous));
            }
            let previous = of(Table::Meta);
            let mut ring = KeyRing::read(previous)?;
            ring.retain(|other| other != id);
            changes.extend(ring.change(previous, env.clock())?);
            Ok((changes, ()))
        })
        .await
    }
}

/// The first identity, if there is one.
pub(super) fn first() -> Query {
    Query::After(Table::Identities, String::new(), 1)
}

/// A record with what somebody decided or chose in it bound; `None` if that is nothing, or can't be read. It is
/// from now at the latest, lest it win over what is chosen later. That something was withdrawn is not bound:
/// who wrote that would take decisions from other devices.
fn bound(record: &Record, key: &MacKey, now: Time) -> Result<Option<Record>> {
    if record.table == Table::Settings {
        let Ok(mut settings) = SettingsRecord::from_record(record) else { return Ok(None) };
        if settings.values.is_empty() {
            return Ok(None);
        }
        settings.changed = settings.changed.map(|at| at.min(now));
        key.seal_settings(&record.id, &mut settings)?;
        return settings.to_record(&record.id, Some(record), now).map(Some);
    }
    let Ok((mut entry, seal)) = Entry::from_record(record) else { return Ok(None) };
    let Some(decision) = &mut entry.notes.decision else { return Ok(None) };
    decision.at = decision.at.min(now);
    key.seal_decision(&record.id, decision)?;
    entry.to_record(record.table, seal, Some(record)).map(Some)
}
