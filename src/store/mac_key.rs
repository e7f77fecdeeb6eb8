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

use super::record::{VERSION, decode, revision_after};
use super::seal::{Sealed, binding};
use super::unlock::Opened;
use super::{Backend, Query, Record, Store, Table, put};
use crate::crypto::SecretBytes;
use crate::env::Env;
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

impl<B: Backend> Store<B> {
    /// The key, if one of these identities has it.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn mac_key(&self, opened: &[Opened]) -> Result<Option<SecretBytes>> {
        Ok(open(&wraps(&self.backend.read(&query()).await?)?, opened))
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
        known: Option<&SecretBytes>,
    ) -> Result<Option<SecretBytes>> {
        let stored: Vec<String> = self.ways().await?.into_iter().map(|(id, _)| id).collect();
        let fresh = SecretBytes::from(env.random::<32>().as_slice());
        self.update(&query(), |records| {
            let mut wraps = wraps(records)?;
            let before = wraps.len();
            wraps.retain(|wrap| {
                let mut own = opened.iter().filter(|one| one.id == wrap.id);
                // What its own identity can't open is damaged.
                stored.contains(&wrap.id) && own.all(|one| wrap.open(one).is_some())
            });
            let key = match known.cloned().or_else(|| open(&wraps, opened)) {
                Some(key) => key,
                None if wraps.is_empty() => fresh.clone(),
                None => return Ok((Vec::new(), None)),
            };
            let mut is_changed = before != wraps.len();
            for one in opened {
                if !wraps.iter().any(|wrap| wrap.id == one.id) {
                    wraps.push(MacKeyWrap::new(env, one, &key)?);
                    is_changed = true;
                }
            }
            if !is_changed {
                return Ok((Vec::new(), Some(key)));
            }
            let previous = records.first();
            let record = Record {
                table: Table::Meta,
                id: MAC_KEY_ID.to_owned(),
                revision: revision_after(previous, env.clock()),
                addresses: Vec::new(),
                listing: None,
                value: MacKeyValue { version: VERSION, wraps }.to_der()?,
            };
            Ok((vec![put(record, previous)], Some(key)))
        })
        .await
    }
}

impl MacKeyWrap {
    fn new(env: &mut Env, opened: &Opened, key: &SecretBytes) -> Result<MacKeyWrap> {
        let associated = binding(opened.identity.certificate(), PURPOSE);
        let key = Sealed::new(env, &opened.data_key, &associated, key.as_bytes())?;
        Ok(MacKeyWrap { id: opened.id.clone(), key })
    }

    fn open(&self, opened: &Opened) -> Option<SecretBytes> {
        let associated = binding(opened.identity.certificate(), PURPOSE);
        self.key.open(&opened.data_key, &associated).map(SecretBytes::from)
    }
}

fn query() -> Query {
    Query::Ids(Table::Meta, vec![MAC_KEY_ID.to_owned()])
}

fn wraps(records: &[Record]) -> Result<Vec<MacKeyWrap>> {
    match records.first().map(|record| decode::<MacKeyValue>(&record.value)).transpose() {
        Ok(value) => Ok(value.map(|value| value.wraps).unwrap_or_default()),
        Err(Error::MalformedRecord { .. }) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn open(wraps: &[MacKeyWrap], opened: &[Opened]) -> Option<SecretBytes> {
    let pairs = wraps.iter().filter_map(|wrap| {
        let one = opened.iter().find(|one| one.id == wrap.id)?;
        wrap.open(one)
    });
    pairs.into_iter().next()
}
