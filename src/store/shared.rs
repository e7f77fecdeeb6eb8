//! Accounts that several people share: what their administrators signed, and the identities in it that are
//! sealed for the members of this store.
//!
//! What was signed is the master. The identities are stored beside the user's own, so that they are used as
//! those are, but each is sealed by a member's own identity alone and is made anew or dropped by what was
//! signed last. So they are in no backup, and to drop them is told to no other device.

use der::asn1::OctetString;
use der::{Encode, Sequence};

use super::backend::{Backend, Query, Record, Table};
use super::record::{Entry, SHARED, VERSION, decode, index_of, revision_after};
use super::seal::Seal;
use super::unlock::Opened;
use super::{Store, put, seen};
use crate::asn1::{constructed, primitive, tag};
use crate::cert::Identity;
use crate::env::{Env, Time};
use crate::error::{Error, Result};

/// A shared account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedRecord {
    /// Its address, in the form in which addresses are found.
    pub account: String,
    /// Rises with every change, and never falls.
    pub epoch: u64,
    /// The certificate, in DER, whose signature counts.
    pub administrator: Vec<u8>,
    /// What it has signed.
    pub data: Vec<u8>,
    /// Binds all of it to the user, by a key that only the owner of an identity has.
    pub mac: Vec<u8>,
}

#[derive(Sequence)]
struct SharedValue {
    version: u64,
    epoch: u64,
    administrator: OctetString,
    data: OctetString,
    mac: OctetString,
}

impl SharedRecord {
    /// The key of an account's record.
    pub fn id_of(account: &str) -> String {
        index_of(account)
    }

    /// What the MAC is over.
    pub fn bytes(&self) -> Vec<u8> {
        let octets = |bytes: &[u8]| primitive(tag::OCTET_STRING, bytes);
        constructed(
            tag::SEQUENCE,
            &[
                &primitive(tag::UTF8_STRING, self.account.as_bytes()),
                &octets(&self.epoch.to_be_bytes()),
                &octets(&self.administrator),
                &octets(&self.data),
            ],
        )
    }

    /// As a record that follows `previous`.
    pub(super) fn to_record(&self, previous: Option<&Record>, now: Time) -> Result<Record> {
        let value = SharedValue {
            version: VERSION,
            epoch: self.epoch,
            administrator: OctetString::new(self.administrator.as_slice())?,
            data: OctetString::new(self.data.as_slice())?,
            mac: OctetString::new(self.mac.as_slice())?,
        };
        Ok(Record {
            table: Table::Shared,
            id: self.account.clone(),
            revision: revision_after(previous, now),
            addresses: Vec::new(),
            listing: None,
            value: value.to_der()?,
        })
    }

    /// From a record.
    ///
    /// # Errors
    ///
    /// `malformed/record`, `store/newer-schema`.
    pub(super) fn from_record(record: &Record) -> Result<SharedRecord> {
        let value: SharedValue = decode(&record.value)?;
        Ok(SharedRecord {
            account: record.id.clone(),
            epoch: value.epoch,
            administrator: value.administrator.into_bytes().into(),
            data: value.data.into_bytes().into(),
            mac: value.mac.into_bytes().into(),
        })
    }
}

impl<B: Backend> Store<B> {
    /// The shared accounts; those that can't be read are left out.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn shared(&self) -> Result<Vec<SharedRecord>> {
        let records = self.backend.read(&Query::All(Table::Shared)).await?;
        Ok(records.iter().filter_map(|record| SharedRecord::from_record(record).ok()).collect())
    }

    /// Stores what an administrator signed. What is stored and `is_genuine` refuses counts as not there.
    ///
    /// # Errors
    ///
    /// `shared/rolled-back` where a newer epoch is stored, or the same of other contents;
    /// `store/newer-schema`, and those of [`Backend`].
    pub async fn put_shared(
        &self,
        env: &Env,
        shared: &SharedRecord,
        is_genuine: impl Fn(&SharedRecord) -> bool,
    ) -> Result<()> {
        let query = Query::Ids(Table::Shared, vec![shared.account.clone()]);
        self.update(&query, |records| {
            let previous = records.first();
            let known = match previous.map(SharedRecord::from_record).transpose() {
                Err(Error::MalformedRecord { .. }) => None,
                read => read?.filter(&is_genuine),
            };
            if let Some(known) = known {
                if known == *shared {
                    return Ok((Vec::new(), ()));
                }
                let is_next = shared.epoch > known.epoch;
                if !is_next && (shared.epoch < known.epoch || shared.data != known.data) {
                    let (found, known) = (shared.epoch, known.epoch);
                    return Err(Error::SharedRolledBack { found, known });
                }
            }
            Ok((vec![put(shared.to_record(previous, env.now())?, previous)], ()))
        })
        .await
    }

    /// The identities of shared accounts.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn shared_identities(&self) -> Result<Vec<Entry>> {
        let records = self.backend.read(&Query::All(Table::Identities)).await?;
        Ok(records.iter().filter_map(shared_of).map(|(entry, _)| entry).collect())
    }

    /// Opens the identities of shared accounts that these members' own identities open.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn open_shared(&self, members: &[Opened]) -> Result<Vec<Opened>> {
        let records = self.backend.read(&Query::All(Table::Identities)).await?;
        let open = |(entry, seal): (Entry, Seal)| {
            let (data_key, key) = seal.open_as_member(&entry.certificate, members)?;
            Opened::new(entry, key, data_key).ok()
        };
        Ok(records.iter().filter_map(shared_of).filter_map(open).collect())
    }

    /// Stores an identity of a shared account, sealed so that these members' own identities open it. `None`
    /// where the user has imported it as their own: that stays as it is.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn add_shared_identity(
        &self,
        env: &mut Env,
        identity: &Identity,
        members: &[Opened],
    ) -> Result<Option<Opened>> {
        let certificate = identity.certificate();
        let (seal, data_key) = Seal::for_members(env, certificate, identity.key(), members)?;
        let query = Query::Ids(Table::Identities, vec![super::id_of(certificate)]);
        self.update(&query, |records| {
            let previous = records.first();
            match previous.map(Entry::from_record).transpose() {
                Ok(Some((_, Some(seal)))) if !seal.is_shared() => return Ok((Vec::new(), None)),
                Err(error @ Error::StoreNewerSchema { .. }) => return Err(error),
                _ => {}
            }
            let mut entry = seen(previous, certificate, Some(SHARED), env.now())?;
            entry.chain = identity.chain().to_vec();
            let record = entry.to_record(Table::Identities, Some(seal.clone()), previous)?;
            let (id, data_key) = (entry.id, data_key.clone());
            let opened = Opened { id, identity: identity.clone(), data_key };
            Ok((vec![put(record, previous)], Some(opened)))
        })
        .await
    }

    /// Drops identities of shared accounts with their keys. The certificates stay.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn drop_shared_identities(&self, env: &Env, dropped: &[Entry]) -> Result<()> {
        for entry in dropped {
            let is_shared = |record: &Record| shared_of(record).is_some();
            match self.remove_identity_if(env, &entry.id, true, None, is_shared).await {
                // Another tab was faster, or the user has imported it as their own.
                Err(Error::StoreNotFound) => {}
                outcome => outcome?,
            }
        }
        Ok(())
    }
}

/// What a record of a shared account's identity says.
pub(super) fn shared_of(record: &Record) -> Option<(Entry, Seal)> {
    let (entry, seal) = Entry::from_record(record).ok()?;
    seal.filter(Seal::is_shared).map(|seal| (entry, seal))
}
