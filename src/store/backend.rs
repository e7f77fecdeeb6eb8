//! What the store needs of a database: a snapshot, and compare-and-set.

use crate::error::Result;

/// The tables of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Certificates with their sealed private keys.
    Identities,
    /// Certificates of others, and of authorities.
    Certificates,
    /// What somebody chose: for all accounts, for one, for one partner.
    Settings,
    /// Keys that several people share, each sealed to all of them.
    Shared,
    /// That something was removed, and when.
    Removed,
    /// What concerns the database as a whole: the lock.
    Meta,
}

impl Table {
    /// The name of the table in a database.
    pub fn name(self) -> &'static str {
        match self {
            Table::Identities => "identities",
            Table::Certificates => "certificates",
            Table::Settings => "settings",
            Table::Shared => "shared",
            Table::Removed => "removed",
            Table::Meta => "meta",
        }
    }
}

/// One row. A database reads the key and the index; the value is for this room alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it lies.
    pub table: Table,
    /// Its key in the table.
    pub id: String,
    /// Differs after every change.
    pub revision: u64,
    /// The index: e-mail addresses with ASCII letters in lower case. They find candidates; whether
    /// an address matches is decided afterwards. What begins with `@` is a domain, what begins with `#` a
    /// kind of certificate.
    pub addresses: Vec<String>,
    /// The record's line in the list of certificates (`listing.rs`); it goes into the list and out of it
    /// with the record. Without a line feed.
    pub listing: Option<String>,
    /// DER, see `record.rs`.
    pub value: Vec<u8>,
}

/// Which records to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// All of a table.
    All(Table),
    /// Those of these that exist.
    Ids(Table, Vec<String>),
    /// Those with one of these addresses in their index, each once.
    Addresses(Table, Vec<String>),
    /// Of a table the first of those whose ids come after one, in the order of their ids.
    After(Table, String, usize),
}

/// One change of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Writes a record.
    Put {
        /// The record as it shall be.
        record: Record,
        /// The revision it replaces; `None` if there must not be one yet.
        expected: Option<u64>,
    },
    /// Removes a record.
    Remove {
        /// Where it lies.
        table: Table,
        /// Its key in the table.
        id: String,
        /// The revision it removes.
        expected: u64,
    },
}

/// A database. Handles of one database may be used by several tabs at once.
#[allow(async_fn_in_trait, reason = "dispatched statically, and nothing here is Send in wasm")]
pub trait Backend {
    /// The records as they were at one moment, in any order.
    ///
    /// # Errors
    ///
    /// `store/newer-schema`, or [`StoreBackend`](crate::error::Error::StoreBackend).
    async fn read(&self, query: &Query) -> Result<Vec<Record>>;

    /// The lines of all records that have one, as they were at one moment: texts of lines with line feeds
    /// between them, in any order.
    ///
    /// # Errors
    ///
    /// As [`Backend::read`].
    async fn listing(&self) -> Result<Vec<String>>;

    /// Makes all of the changes or none of them, and answers when they are durable.
    ///
    /// # Errors
    ///
    /// `store/conflict` if a revision is not the expected one; `store/newer-schema`, or
    /// [`StoreBackend`](crate::error::Error::StoreBackend). Nothing was changed then.
    async fn commit(&self, changes: Vec<Change>) -> Result<()>;
}
