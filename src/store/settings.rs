//! What somebody chose, as names and values. What they mean is the mail module's business; names that
//! this version does not know are kept for those that do.

use std::collections::BTreeMap;

use der::asn1::OctetString;
use der::{Encode, Sequence};

use super::backend::{Record, Table};
use super::record::{VERSION, decode, revision_after};
use crate::env::Time;
use crate::error::Result;

/// The values of one scope, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsRecord {
    /// The values, each in a text form of its setting's.
    pub values: BTreeMap<String, String>,
    /// Binds the values and the moment to the scope, by a key that only the owner of an identity has.
    pub mac: Option<Vec<u8>>,
    /// When they were last changed.
    pub changed: Option<Time>,
}

#[derive(Sequence)]
struct SettingsValue {
    version: u64,
    values: Vec<Pair>,
    #[asn1(optional = "true")]
    mac: Option<OctetString>,
    #[asn1(optional = "true")]
    changed: Option<i64>,
}

#[derive(Sequence)]
struct Pair {
    name: String,
    value: String,
}

impl SettingsRecord {
    /// As a record of a scope, which follows `previous`.
    pub(super) fn to_record(
        &self,
        scope: &str,
        previous: Option<&Record>,
        now: Time,
    ) -> Result<Record> {
        let pair =
            |(name, value): (&String, &String)| Pair { name: name.clone(), value: value.clone() };
        let value = SettingsValue {
            version: VERSION,
            values: self.values.iter().map(pair).collect(),
            mac: self.mac.as_deref().map(OctetString::new).transpose()?,
            changed: self.changed.map(Time::as_millis),
        };
        Ok(Record {
            table: Table::Settings,
            id: scope.to_owned(),
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
    pub(super) fn from_record(record: &Record) -> Result<SettingsRecord> {
        let value: SettingsValue = decode(&record.value)?;
        Ok(SettingsRecord {
            values: value.values.into_iter().map(|Pair { name, value }| (name, value)).collect(),
            mac: value.mac.map(|mac| mac.as_bytes().to_vec()),
            changed: value.changed.map(Time::from_millis),
        })
    }
}
