//! A database that lasts as long as the process.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::backend::{Backend, Change, Query, Record, Table};
use crate::error::{Error, Result};

/// A [`Backend`] in memory. Clones share the records, as tabs share a database.
#[derive(Clone, Debug, Default)]
pub struct Memory(Rc<RefCell<Records>>);

type Records = BTreeMap<(Table, String), Record>;

impl Backend for Memory {
    async fn read(&self, query: &Query) -> Result<Vec<Record>> {
        let records = self.0.borrow();
        Ok(match query {
            Query::All(table) => of(&records, *table).cloned().collect(),
            Query::Ids(table, ids) => {
                ids.iter().filter_map(|id| records.get(&(*table, id.clone())).cloned()).collect()
            }
            Query::Addresses(table, addresses) => of(&records, *table)
                .filter(|record| record.addresses.iter().any(|one| addresses.contains(one)))
                .cloned()
                .collect(),
            Query::After(table, id, count) => of(&records, *table)
                .filter(|record| record.id > *id)
                .take(*count)
                .cloned()
                .collect(),
        })
    }

    async fn listing(&self) -> Result<Vec<String>> {
        Ok(self.0.borrow().values().filter_map(|record| record.listing.clone()).collect())
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<()> {
        let mut records = self.0.borrow_mut();
        for change in &changes {
            let (table, id, expected) = match change {
                Change::Put { record, expected } => (record.table, &record.id, *expected),
                Change::Remove { table, id, expected } => (*table, id, Some(*expected)),
            };
            if records.get(&(table, id.clone())).map(|record| record.revision) != expected {
                return Err(Error::StoreConflict);
            }
        }
        for change in changes {
            match change {
                Change::Put { record, .. } => {
                    records.insert((record.table, record.id.clone()), record);
                }
                Change::Remove { table, id, .. } => {
                    records.remove(&(table, id));
                }
            }
        }
        Ok(())
    }
}

fn of(records: &Records, table: Table) -> impl Iterator<Item = &Record> {
    records.values().filter(move |record| record.table == table)
}
