//! The list of certificates: a line of text for each record of one, short enough to read those of ten
//! thousand certificates at once. A line finds and orders; what is shown of a certificate is read from
//! its record.
//!
//! ```text
//! texts TAB notBefore TAB notAfter TAB marks TAB id
//! ```
//!
//! `texts` are addresses and names in lower case, with spaces between them; moments are seconds since
//! 1970; marks are letters.

use std::borrow::Cow;
use std::collections::HashMap;

use der::{Encode, Sequence};

use super::backend::{Backend, Change, Query, Record, Table};
use super::notes::Trust;
use super::record::{Entry, VERSION, decode, index_of, revision_after};
use super::{Store, put};
use crate::cert::DistinguishedName;
use crate::env::Env;
use crate::error::{Error, Result};

/// How this version indexes and lists records; records that an older version wrote are brought up to it.
const INDEX: u64 = 1;

/// The key of the record that says which version of the index all records have.
const INDEX_ID: &str = "index";

/// Records that are looked at in one go.
const PAGE: usize = 500;

/// Characters of `texts`. A certificate may name hundreds of addresses.
const LONGEST: usize = 400;

/// The attributes of a subject that people look for.
const NAMES: [&str; 5] = ["commonName", "organizationName", "givenName", "surname", "pseudonym"];

const OWN: char = 'o';
const AUTHORITY: char = 'a';
const REVOKED: char = 'r';
const DISTRUSTED: char = 'd';

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListLine<'a> {
    /// Addresses and names in lower case.
    pub texts: Cow<'a, str>,
    /// Valid from this moment on, in seconds since 1970.
    pub not_before: i64,
    /// Valid up to this moment, in seconds since 1970.
    pub not_after: i64,
    /// Whether it is an identity's.
    pub is_own: bool,
    /// Whether it is a CA's.
    pub is_authority: bool,
    /// Whether it is known to be revoked.
    pub is_revoked: bool,
    /// Whether somebody distrusts it altogether.
    pub is_distrusted: bool,
    /// The record's.
    pub id: &'a str,
}

/// The lines of all certificates.
#[derive(Clone, Debug)]
pub struct Listing(Vec<String>);

impl Listing {
    /// The lines, in no order. A certificate that is an identity's too has two of them.
    pub fn lines(&self) -> impl Iterator<Item = ListLine<'_>> {
        self.0.iter().flat_map(|texts| texts.split('\n')).filter_map(ListLine::read)
    }
}

/// A certificate that is stored: as somebody's, as an identity's, or as both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What is stored about it.
    pub entry: Entry,
    /// Whether it is an identity's.
    pub is_own: bool,
}

impl Known {
    /// With what another table says of the same certificate.
    pub(super) fn of(entry: Entry, table: Table, other: Option<Known>) -> Known {
        let is_own = table == Table::Identities;
        let Some(Known { entry: other, is_own: other_is_own }) = other else {
            return Known { entry, is_own };
        };
        let mut notes = other.notes;
        notes.decision = notes.decision.or(entry.notes.decision);
        notes.withdrawn = [notes.withdrawn, entry.notes.withdrawn]
            .into_iter()
            .flatten()
            .max_by_key(|withdrawn| withdrawn.at);
        notes.is_unconfirmed &= entry.notes.is_unconfirmed;
        notes.capabilities = notes.capabilities.or(entry.notes.capabilities);
        notes.headers_seen = notes.headers_seen.or(entry.notes.headers_seen);
        notes.revocation = notes.revocation.or(entry.notes.revocation);
        if notes.assigned.is_empty() {
            notes.assigned = entry.notes.assigned;
        }
        let entry = Entry {
            chain: if entry.chain.is_empty() { other.chain } else { entry.chain },
            origin: entry.origin.or(other.origin),
            first_seen: entry.first_seen.min(other.first_seen),
            last_seen: entry.last_seen.max(other.last_seen),
            notes,
            ..entry
        };
        Known { entry, is_own: is_own || other_is_own }
    }
}

impl<B: Backend> Store<B> {
    /// The list of all certificates, identities' too, from one moment.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn listing(&self) -> Result<Listing> {
        self.backend.listing().await.map(Listing)
    }

    /// The lines of those that are for one of these addresses or domains by the index, as
    /// [`Store::certificates_for`]. The others are not read.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn listing_for(&self, addresses: &[String]) -> Result<Listing> {
        let keys: Vec<String> = addresses.iter().map(|address| index_of(address)).collect();
        let mut lines = Vec::new();
        for table in [Table::Identities, Table::Certificates] {
            let found = self.backend.read(&Query::Addresses(table, keys.clone())).await?;
            lines.extend(found.into_iter().filter_map(|record| record.listing));
        }
        Ok(Listing(lines))
    }

    /// The certificates of these ids, in their order; those that are not stored, or can't be read, are left
    /// out.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn known(&self, ids: &[String]) -> Result<Vec<Known>> {
        let mut known: HashMap<String, Known> = HashMap::with_capacity(ids.len());
        for table in [Table::Certificates, Table::Identities] {
            for record in self.backend.read(&Query::Ids(table, ids.to_vec())).await? {
                let Ok((entry, _)) = Entry::from_record(&record) else { continue };
                let other = known.remove(&record.id);
                known.insert(record.id, Known::of(entry, table, other));
            }
        }
        Ok(ids.iter().filter_map(|id| known.remove(id)).collect())
    }

    /// Finds out whether the database can be used, and once, brings what an older version wrote into the
    /// index and the list. What it writes differs in these alone, so that it may be broken off anywhere.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn prepare(&self, env: &Env) -> Result<()> {
        let query = Query::Ids(Table::Meta, vec![INDEX_ID.to_owned()]);
        let mark = self.backend.read(&query).await?;
        if mark.first().map(index_of_mark).transpose()?.is_some_and(|found| found >= INDEX) {
            return Ok(());
        }
        for table in [Table::Identities, Table::Certificates] {
            self.index(table).await?;
        }
        self.update(&query, |records| {
            let previous = records.first();
            let value = Mark { version: VERSION, index: INDEX }.to_der()?;
            let record = Record {
                table: Table::Meta,
                id: INDEX_ID.to_owned(),
                revision: revision_after(previous, env.now()),
                addresses: Vec::new(),
                listing: None,
                value,
            };
            Ok((vec![put(record, previous)], ()))
        })
        .await
    }

    async fn index(&self, table: Table) -> Result<()> {
        let mut after = String::new();
        loop {
            let query = Query::After(table, after, PAGE);
            let last = self
                .update(&query, |records| {
                    let changes: Result<Vec<Option<Change>>> =
                        records.iter().map(indexed).collect();
                    let last = records.last().map(|record| record.id.clone());
                    Ok((changes?.into_iter().flatten().collect(), last))
                })
                .await?;
            match last {
                Some(last) => after = last,
                None => return Ok(()),
            }
        }
    }
}

/// What brings a record up to date, unless it is.
fn indexed(record: &Record) -> Result<Option<Change>> {
    let entry = match Entry::from_record(record) {
        // What can't be read stays what it is.
        Err(Error::MalformedRecord { .. } | Error::StoreNewerSchema { .. }) => return Ok(None),
        read => read?.0,
    };
    let (addresses, listing) = (entry.index(), entry.listing(record.table));
    if record.addresses == addresses && record.listing == listing {
        return Ok(None);
    }
    let revision = record.revision.saturating_add(1);
    Ok(Some(put(Record { addresses, listing, revision, ..record.clone() }, Some(record))))
}

/// ```text
/// Index ::= SEQUENCE {          -- table meta, id "index"
///   version      INTEGER (2),
///   index        INTEGER }
/// ```
#[derive(Sequence)]
struct Mark {
    version: u64,
    index: u64,
}

fn index_of_mark(record: &Record) -> Result<u64> {
    match decode::<Mark>(&record.value) {
        Ok(mark) => Ok(mark.index),
        // To index once more does no harm.
        Err(Error::MalformedRecord { .. }) => Ok(0),
        Err(error) => Err(error),
    }
}

impl<'a> ListLine<'a> {
    /// The line of a record.
    pub(super) fn of(entry: &'a Entry, table: Table) -> ListLine<'a> {
        let Entry { certificate, notes, .. } = entry;
        let decision = notes.decision.as_ref();
        let is_distrusted = decision
            .is_some_and(|decision| decision.trust == Trust::Distrusted && decision.is_about_all());
        ListLine {
            texts: texts(entry).into(),
            not_before: certificate.not_before().as_secs(),
            not_after: certificate.not_after().as_secs(),
            is_own: table == Table::Identities,
            is_authority: entry.is_authority(),
            is_revoked: notes.revocation.is_some_and(|found| found.is_revoked == Some(true)),
            is_distrusted,
            id: &entry.id,
        }
    }

    /// Reads a line; `None` if it is none.
    pub fn read(line: &'a str) -> Option<ListLine<'a>> {
        let mut fields = line.split('\t');
        let texts = fields.next()?.into();
        let not_before = fields.next()?.parse().ok()?;
        let not_after = fields.next()?.parse().ok()?;
        let marks = fields.next()?;
        Some(ListLine {
            texts,
            not_before,
            not_after,
            is_own: marks.contains(OWN),
            is_authority: marks.contains(AUTHORITY),
            is_revoked: marks.contains(REVOKED),
            is_distrusted: marks.contains(DISTRUSTED),
            id: fields.next()?,
        })
    }

    pub(super) fn to_text(&self) -> String {
        let marks = [
            (self.is_own, OWN),
            (self.is_authority, AUTHORITY),
            (self.is_revoked, REVOKED),
            (self.is_distrusted, DISTRUSTED),
        ];
        let marks: String =
            marks.iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark).collect();
        let ListLine { texts, not_before, not_after, id, .. } = self;
        format!("{texts}\t{not_before}\t{not_after}\t{marks}\t{id}")
    }
}

/// The first address comes first: the list is in this order.
fn texts(entry: &Entry) -> String {
    let subject = DistinguishedName::from_der(entry.certificate.subject()).unwrap_or_default();
    let names = NAMES.iter().filter_map(|name| subject.get(name)).map(str::to_owned);
    let addresses = entry.certificate.addresses().iter().chain(&entry.notes.assigned).cloned();
    let mut texts: Vec<String> = Vec::new();
    for text in addresses.chain(names) {
        let text = text.to_lowercase();
        if !texts.contains(&text) {
            texts.push(text);
        }
        if texts.iter().map(String::len).sum::<usize>() > LONGEST {
            break;
        }
    }
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    texts.join(" ").chars().map(clean).take(LONGEST).collect()
}
