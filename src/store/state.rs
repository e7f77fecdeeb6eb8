//! What a store knows of itself.
//!
//! ```text
//! State ::= SEQUENCE {                  -- table meta, id "store"
//!   version   INTEGER (2),
//!   id        UTF8String,               -- 128 random bits in hexadecimal, made with the database
//!   backup    INTEGER OPTIONAL }        -- when everything was last backed up; milliseconds since 1970
//! ```

use der::{Encode, Sequence};

use super::backend::{Backend, Query, Record, Table};
use super::record::{Entry, VERSION, decode, revision_after};
use super::removal;
use super::settings::SettingsRecord;
use super::shared::SharedRecord;
use super::{Store, put};
use crate::bytes::hex;
use crate::env::{Env, Time};
use crate::error::{Error, Result};

/// The key of the one record.
const STATE_ID: &str = "store";

/// What a store knows of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreState {
    /// Made with the database, and never again the same.
    pub id: String,
    /// When everything was last backed up.
    pub backup: Option<Time>,
}

#[derive(Sequence)]
struct StateValue {
    version: u64,
    id: String,
    #[asn1(optional = "true")]
    backup: Option<i64>,
}

impl<B: Backend> Store<B> {
    /// What the store knows of itself. It gets an id if it has none.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn state(&self, env: &mut Env) -> Result<StoreState> {
        let known = self.backend.read(&state_query()).await?;
        match readable(known.first())? {
            Some(state) => Ok(state),
            None => self.change_state(env, |_| {}).await,
        }
    }

    /// Notes that everything was backed up now.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn note_backup(&self, env: &mut Env) -> Result<()> {
        let now = env.now();
        self.change_state(env, |state| state.backup = Some(now)).await.map(drop)
    }

    /// How many records of tables can't be read by this version: damaged ones, and those of newer versions.
    /// They are left out of all lists and stay as they are.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn unreadable(&self, tables: &[Table]) -> Result<u64> {
        let mut unreadable = 0;
        for &table in tables {
            let records = self.backend.read(&Query::All(table)).await?;
            unreadable += records.iter().filter(|record| !is_readable(record)).count();
        }
        Ok(unreadable as u64)
    }

    /// If two tabs make the state at once, the first makes the id.
    async fn change_state(
        &self,
        env: &mut Env,
        change: impl Fn(&mut StoreState),
    ) -> Result<StoreState> {
        let fresh = hex::encode(env.random::<16>().as_ref());
        self.update(&state_query(), |records| {
            let previous = records.first();
            let known = readable(previous)?;
            let mut state = known.unwrap_or(StoreState { id: fresh.clone(), backup: None });
            change(&mut state);
            Ok((vec![put(state.to_record(previous, env.now())?, previous)], state))
        })
        .await
    }
}

fn is_readable(record: &Record) -> bool {
    match record.table {
        Table::Identities | Table::Certificates => Entry::from_record(record).is_ok(),
        Table::Settings => SettingsRecord::from_record(record).is_ok(),
        Table::Removed => removal::read(record).is_ok(),
        Table::Shared => SharedRecord::from_record(record).is_ok(),
        Table::Meta => true,
    }
}

/// A damaged state is made anew, with another id; a newer one is refused.
fn readable(record: Option<&Record>) -> Result<Option<StoreState>> {
    match record.map(StoreState::from_record).transpose() {
        Err(Error::MalformedRecord { .. }) => Ok(None),
        read => read,
    }
}

fn state_query() -> Query {
    Query::Ids(Table::Meta, vec![STATE_ID.to_owned()])
}

impl StoreState {
    fn to_record(&self, previous: Option<&Record>, now: Time) -> Result<Record> {
        let backup = self.backup.map(Time::as_millis);
        let value = StateValue { version: VERSION, id: self.id.clone(), backup };
        Ok(Record {
            table: Table::Meta,
            id: STATE_ID.to_owned(),
            revision: revision_after(previous, now),
            addresses: Vec::new(),
            listing: None,
            value: value.to_der()?,
        })
    }

    fn from_record(record: &Record) -> Result<StoreState> {
        let value: StateValue = decode(&record.value)?;
        Ok(StoreState { id: value.id, backup: value.backup.map(Time::from_millis) })
    }
}
