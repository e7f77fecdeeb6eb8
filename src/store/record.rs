//! What a record's value is: DER that begins with the version of its schema.
//!
//! ```text
//! Entry ::= SEQUENCE {                  -- tables identities and certificates
//!   version      INTEGER (2),
//!   certificate  OCTET STRING,          -- the record's id is its SHA-256 in hexadecimal
//!   chain        SEQUENCE OF OCTET STRING,
//!   origin       UTF8String OPTIONAL,
//!   firstSeen    INTEGER,               -- milliseconds since 1970
//!   lastSeen     INTEGER,
//!   seal         Seal OPTIONAL,         -- in identities only
//!   notes        [0] Notes OPTIONAL }   -- see notes.rs; since version 2
//!
//! Settings ::= SEQUENCE {               -- table settings
//!   version      INTEGER (2),
//!   values       SEQUENCE OF SEQUENCE { name UTF8String, value UTF8String },
//!   mac          OCTET STRING OPTIONAL,  -- over values and changed
//!   changed      INTEGER OPTIONAL }     -- milliseconds since 1970
//!
//! Shared ::= SEQUENCE {                 -- table shared, the id is the account's address
//!   version        INTEGER (2),
//!   epoch          INTEGER,
//!   administrator  OCTET STRING,        -- the certificate whose signature counts
//!   data           OCTET STRING,        -- what it has signed
//!   mac            OCTET STRING }
//!
//! Lock ::= SEQUENCE {                   -- table meta, id "lock"
//!   version      INTEGER (2),
//!   epoch        INTEGER,
//!   expires      INTEGER,               -- milliseconds since 1970
//!   idle         [0] INTEGER OPTIONAL } -- a use prolongs it by as many milliseconds
//!
//! SharedSession ::= SEQUENCE {          -- table meta, id "session"
//!   version      INTEGER (2),
//!   epoch        INTEGER,               -- of the lock under which it was shared
//!   sealed       OCTET STRING }         -- by a key that the tabs have and no disk
//! ```
//!
//! A value of a newer version is refused, never read in part and never overwritten.

use der::asn1::OctetString;
use der::{Decode, Encode, Sequence};

use super::backend::{Record, Table};
use super::listing::ListLine;
use super::notes::{Notes, NotesValue};
use super::seal::Seal;
use crate::asn1::{Reader, tag};
use crate::bytes::{hex, sort_by};
use crate::cert::{Certificate, a_labels, address_key};
use crate::env::Time;
use crate::error::{Error, Result};

/// The version that is written, and the newest that is read.
pub(super) const VERSION: u64 = 2;

/// The key of the one lock.
pub(super) const LOCK_ID: &str = "lock";

/// The key of what the tabs share.
pub(super) const SESSION_ID: &str = "session";

/// What is stored about a certificate, without the key that an identity has beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// SHA-256 over the certificate, in hexadecimal: one certificate is stored once.
    pub id: String,
    /// The certificate.
    pub certificate: Certificate,
    /// Of an identity: the issuers that came with it.
    pub chain: Vec<Certificate>,
    /// Where it came from, in the caller's words.
    pub origin: Option<String>,
    /// When it was first added.
    pub first_seen: Time,
    /// When it was last added.
    pub last_seen: Time,
    /// What a mail module learned of it, and what somebody decided about it.
    pub notes: Notes,
}

/// The state of the lock. A handle may be used while its epoch is the lock's and the lock has not
/// expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Differs after every locking.
    pub epoch: u64,
    /// From this moment on everything is locked.
    pub expires: Time,
    /// As many milliseconds after its last use; `None` if use does not prolong it.
    pub idle: Option<u64>,
}

/// What the tabs share while an epoch of the lock lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SharedSession {
    pub(super) epoch: u64,
    pub(super) sealed: Vec<u8>,
}

/// In the index of addresses, what is no address: authorities' certificates are found by it.
pub(super) const AUTHORITY: &str = "#authority";

/// So are those that somebody decided about.
pub(super) const DECIDED: &str = "#decided";

/// The origin of the identities of shared accounts.
pub const SHARED: &str = "shared";

/// The origin of a key that opens shared accounts and is for nothing else: no list of certificates has it.
pub const MEMBER_KEY: &str = "member-key";

/// The id of a certificate's record.
pub fn id_of(certificate: &Certificate) -> String {
    hex::encode(certificate.fingerprint())
}

/// The key under which an address or a domain (`@example.com`) is found, in whatever form its host is
/// written.
pub fn index_of(address: &str) -> String {
    let domain =
        || Some(format!("@{}", a_labels(address.strip_prefix('@')?)?).to_ascii_lowercase());
    address_key(address).or_else(domain).unwrap_or_else(|| address.to_ascii_lowercase())
}

impl Entry {
    /// Whether it is noted as revoked.
    pub fn is_revoked(&self) -> bool {
        self.notes.revocation.is_some_and(|note| note.is_revoked == Some(true))
    }

    /// Of a certificate that is not stored, looked at now.
    pub fn unstored(certificate: Certificate, now: Time) -> Entry {
        Entry {
            id: id_of(&certificate),
            certificate,
            chain: Vec::new(),
            origin: None,
            first_seen: now,
            last_seen: now,
            notes: Notes::default(),
        }
    }

    /// Whether it is a CA's.
    pub fn is_authority(&self) -> bool {
        self.certificate.basic_constraints().is_some_and(|basic| basic.ca)
    }

    /// As a record that follows `previous`.
    pub(super) fn to_record(
        &self,
        table: Table,
        seal: Option<Seal>,
        previous: Option<&Record>,
    ) -> Result<Record> {
        let octets = |certificate: &Certificate| OctetString::new(certificate.der());
        let value = EntryValue {
            version: VERSION,
            certificate: octets(&self.certificate)?,
            chain: self.chain.iter().map(octets).collect::<der::Result<_>>()?,
            origin: self.origin.clone(),
            first_seen: self.first_seen.as_millis(),
            last_seen: self.last_seen.as_millis(),
            seal,
            notes: (self.notes != Notes::default()).then(|| self.notes.to_value()).transpose()?,
        };
        Ok(Record {
            table,
            id: self.id.clone(),
            revision: revision_after(previous, self.last_seen),
            addresses: self.index(),
            listing: self.listing(table),
            value: value.to_der()?,
        })
    }

    /// Its line in the list of certificates.
    pub(super) fn listing(&self, table: Table) -> Option<String> {
        (!self.is_member_key()).then(|| ListLine::of(self, table).to_text())
    }

    /// Whether it is of a key that opens shared accounts and is for nothing else.
    pub fn is_member_key(&self) -> bool {
        self.origin.as_deref() == Some(MEMBER_KEY)
    }

    /// What it is found by.
    pub(super) fn index(&self) -> Vec<String> {
        let own = self.certificate.addresses().iter().chain(&self.notes.assigned);
        let mut addresses: Vec<_> = own.map(|address| index_of(address)).collect();
        if self.is_authority() {
            addresses.push(AUTHORITY.to_owned());
        }
        if self.notes.decision.is_some() {
            addresses.push(DECIDED.to_owned());
        }
        sort_by(&mut addresses, Ord::cmp);
        addresses.dedup();
        addresses
    }

    /// From a record, with the seal of an identity.
    ///
    /// # Errors
    ///
    /// `malformed/record`, also if the certificate is not the one that was stored;
    /// `store/newer-schema`.
    pub(super) fn from_record(record: &Record) -> Result<(Entry, Option<Seal>)> {
        let value: EntryValue = decode(&record.value)?;
        let certificate = stored_certificate(&value.certificate)?;
        let id = id_of(&certificate);
        if id != record.id {
            return Err(Error::MalformedRecord { rule: "the certificate is not its own" });
        }
        let entry = Entry {
            id,
            certificate,
            chain: value.chain.iter().map(stored_certificate).collect::<Result<_>>()?,
            origin: value.origin,
            first_seen: Time::from_millis(value.first_seen),
            last_seen: Time::from_millis(value.last_seen),
            notes: value.notes.map(Notes::from_value).transpose()?.unwrap_or_default(),
        };
        Ok((entry, value.seal))
    }
}

impl Lock {
    /// As a record that follows `previous`.
    pub(super) fn to_record(self, previous: Option<&Record>, now: Time) -> Result<Record> {
        let Lock { epoch, expires, idle } = self;
        let value = LockValue { version: VERSION, epoch, expires: expires.as_millis(), idle };
        Ok(meta(LOCK_ID, value.to_der()?, previous, now))
    }

    /// From a record.
    ///
    /// # Errors
    ///
    /// `malformed/record`, `store/newer-schema`.
    pub(super) fn from_record(record: &Record) -> Result<Lock> {
        let value: LockValue = decode(&record.value)?;
        let LockValue { version: _, epoch, expires, idle } = value;
        Ok(Lock { epoch, expires: Time::from_millis(expires), idle })
    }
}

impl SharedSession {
    /// As a record that follows `previous`.
    pub(super) fn to_record(&self, previous: Option<&Record>, now: Time) -> Result<Record> {
        let sealed = OctetString::new(self.sealed.as_slice())?;
        let value = SharedSessionValue { version: VERSION, epoch: self.epoch, sealed };
        Ok(meta(SESSION_ID, value.to_der()?, previous, now))
    }

    /// From a record.
    ///
    /// # Errors
    ///
    /// `malformed/record`, `store/newer-schema`.
    pub(super) fn from_record(record: &Record) -> Result<SharedSession> {
        let value: SharedSessionValue = decode(&record.value)?;
        Ok(SharedSession { epoch: value.epoch, sealed: value.sealed.as_bytes().to_vec() })
    }
}

fn meta(id: &str, value: Vec<u8>, previous: Option<&Record>, now: Time) -> Record {
    Record {
        table: Table::Meta,
        id: id.to_owned(),
        revision: revision_after(previous, now),
        addresses: Vec::new(),
        listing: None,
        value,
    }
}

#[derive(Sequence)]
struct EntryValue {
    version: u64,
    certificate: OctetString,
    chain: Vec<OctetString>,
    #[asn1(optional = "true")]
    origin: Option<String>,
    first_seen: i64,
    last_seen: i64,
    #[asn1(optional = "true")]
    seal: Option<Seal>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    notes: Option<NotesValue>,
}

#[derive(Sequence)]
struct LockValue {
    version: u64,
    epoch: u64,
    expires: i64,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    idle: Option<u64>,
}

#[derive(Sequence)]
struct SharedSessionValue {
    version: u64,
    epoch: u64,
    sealed: OctetString,
}

/// The first revision is the time, so that a record which was removed and added again has not the
/// revisions it had before.
pub(super) fn revision_after(previous: Option<&Record>, now: Time) -> u64 {
    match previous {
        Some(previous) => previous.revision.saturating_add(1),
        None => now.as_millis().unsigned_abs(),
    }
}

pub(super) fn decode<'a, T: Decode<'a, Error = der::Error>>(value: &'a [u8]) -> Result<T> {
    let damaged = |_| Error::MalformedRecord { rule: "its ASN.1 can't be read" };
    let version = Reader::only(value, tag::SEQUENCE)
        .and_then(|tlv| tlv.contents().expect(tag::INTEGER))
        .and_then(|tlv| tlv.uint())
        .map_err(damaged)?;
    if version > VERSION {
        return Err(Error::StoreNewerSchema { found: version, known: VERSION });
    }
    T::from_der(value).map_err(|_| Error::MalformedRecord { rule: "its ASN.1 can't be read" })
}

fn stored_certificate(der: &OctetString) -> Result<Certificate> {
    Certificate::from_der(der.as_bytes())
        .map_err(|_| Error::MalformedRecord { rule: "a certificate can't be read" })
}
