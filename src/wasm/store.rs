//! The verbs of the store, and the database they work on: the object `host.backend`.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

use crate::crypto::SecretBytes;
use crate::env::Env;
use crate::env::host::settled;
use crate::error::{Error, Result};
use crate::store::{Backend, Change, Entry, Query, Record, Store, Table, Unlocked, Way};

use super::options::{Options, wrong};
use super::values::{bytes, certificate, date, identity, list, object, texts};

/// How long an identity stays unlocked unless the caller says otherwise: a quarter of an hour.
const LOCK_AFTER: u64 = 15 * 60 * 1_000;

/// Calls a verb. Each also has the option `database`, which is read where the backend is opened.
pub(super) async fn call(
    verb: &str,
    env: &mut Env,
    options: Options,
    host: &Object,
) -> Result<JsValue> {
    let allow = |options: Options, known: &[&str]| {
        options.check(known, &["database"])?;
        Ok::<_, Error>(options)
    };
    let store = Store::new(JsBackend::of(host)?);
    match verb {
        // Finds out whether there is a database that can be used.
        "storeOpen" => {
            allow(options, &[])?;
            store.check().await?;
            Ok(JsValue::UNDEFINED)
        }
        "storeUnreadable" => {
            allow(options, &[])?;
            Ok((store.unreadable(&[Table::Identities, Table::Certificates]).await? as f64).into())
        }
        "storeAddIdentity" => {
            let options = allow(options, &["identity", "passphrase", "origin"])?;
            let identity = options.identity("identity")?;
            let way = Way::passphrase(options.passphrase("passphrase")?);
            let origin = options.optional_text("origin")?;
            let added = store.add_identity(env, &identity, &way, origin.as_deref(), None).await?;
            Ok(stored_identity(&added.entry))
        }
        "storeAddCertificates" => {
            let options = allow(options, &["certificates", "origin"])?;
            options.required("certificates")?;
            let certificates = options.certificates("certificates")?;
            let origin = options.optional_text("origin")?;
            let entries = store.add_certificates(env, &certificates, origin.as_deref()).await?;
            Ok(list(&entries, stored_certificate))
        }
        "storeIdentities" => {
            let address = allow(options, &["address"])?.optional_text("address")?;
            Ok(list(&store.identities(address.as_deref()).await?, stored_identity))
        }
        "storeCertificates" => {
            let address = allow(options, &["address"])?.optional_text("address")?;
            Ok(list(&store.certificates(address.as_deref()).await?, stored_certificate))
        }
        "storeUnlock" => {
            let options = allow(options, &["id", "passphrase", "lockAfter"])?;
            let (id, way) = (id(&options)?, Way::passphrase(options.passphrase("passphrase")?));
            let lock_after = match options.value("lockAfter")? {
                Some(value) => millis("lockAfter", &value)?,
                None => LOCK_AFTER,
            };
            let unlocked = store.unlock(env, &id, &way, lock_after).await?;
            let Unlocked { identity: opened, lock } = unlocked;
            Ok(object(&[
                ("identity", identity(opened)?),
                ("epoch", (lock.epoch as f64).into()),
                ("expires", (lock.expires.as_millis() as f64).into()),
            ]))
        }
        "storeChangePassphrase" => {
            let options = allow(options, &["id", "passphrase", "newPassphrase"])?;
            let (id, way) = (id(&options)?, Way::passphrase(options.passphrase("passphrase")?));
            let new_way = Way::passphrase(options.passphrase("newPassphrase")?);
            store.change_passphrase(env, Some(&[id]), &way, &new_way).await?;
            Ok(JsValue::UNDEFINED)
        }
        "storeLock" => {
            allow(options, &[])?;
            store.lock(env).await?;
            Ok(JsValue::UNDEFINED)
        }
        // Until when what was unlocked in this epoch may be used.
        "storeCheckLock" => {
            let epoch = millis("epoch", &allow(options, &["epoch"])?.required("epoch")?)?;
            let expires = store.watch_lock(env, epoch).await?;
            Ok((expires.as_millis() as f64).into())
        }
        "storeRemoveIdentity" => {
            store.remove_identity(env, &id(&allow(options, &["id"])?)?, false, None).await?;
            Ok(JsValue::UNDEFINED)
        }
        "storeRemoveCertificate" => {
            store.remove_certificate(env, &id(&allow(options, &["id"])?)?, None).await?;
            Ok(JsValue::UNDEFINED)
        }
        _ => Err(Error::UsageUnknownVerb { verb: verb.to_owned() }),
    }
}

fn id(options: &Options) -> Result<String> {
    options.optional_text("id")?.ok_or(Error::UsageMissingOption { option: "id" })
}

pub(super) fn millis(name: &'static str, value: &JsValue) -> Result<u64> {
    match value.as_f64() {
        Some(number) if number >= 0.0 && number.fract() == 0.0 => Ok(number as u64),
        _ => Err(wrong(name, "a whole number, not negative")),
    }
}

/// A `StoredIdentity`.
pub(super) fn stored_identity(entry: &Entry) -> JsValue {
    stored(entry, list(&entry.chain, certificate))
}

/// A `StoredCertificate`.
pub(super) fn stored_certificate(entry: &Entry) -> JsValue {
    stored(entry, JsValue::UNDEFINED)
}

fn stored(entry: &Entry, chain: JsValue) -> JsValue {
    object(&[
        ("id", entry.id.as_str().into()),
        ("certificate", certificate(&entry.certificate)),
        ("chain", chain),
        ("addresses", texts(entry.certificate.addresses())),
        ("origin", entry.origin.as_deref().map_or(JsValue::UNDEFINED, JsValue::from)),
        ("firstSeen", date(entry.first_seen)),
        ("lastSeen", date(entry.last_seen)),
    ])
}

/// The database, as `www/package/indexeddb.js` serves it: `read(query)` and `commit(changes)`, whose
/// promises are rejected with a `code` and a `message`.
#[derive(Clone, Debug)]
pub(super) struct JsBackend {
    object: JsValue,
}

impl JsBackend {
    pub(super) fn of(host: &Object) -> Result<JsBackend> {
        let object = get(host, "backend");
        if object.is_object() {
            Ok(JsBackend { object })
        } else {
            Err(Error::Internal { what: "the host has no backend" })
        }
    }

    /// A secret of this browser's profile, which is made if it may be.
    ///
    /// # Errors
    ///
    /// As those of the database.
    pub(super) async fn device_secret(&self, may_make: bool) -> Result<Option<SecretBytes>> {
        let found = self.call("deviceSecret", &may_make.into()).await?;
        let Ok(array) = found.dyn_into::<Uint8Array>() else { return Ok(None) };
        let secret = SecretBytes::from(Zeroizing::new(array.to_vec()));
        array.fill(0, 0, array.length());
        Ok(Some(secret))
    }

    async fn call(&self, method: &str, argument: &JsValue) -> Result<JsValue> {
        const FAULT: Error = Error::Internal { what: "the backend lacks a method" };
        let function = get(&self.object, method).dyn_into::<Function>().map_err(|_| FAULT)?;
        let promise = function.call1(&self.object, argument).map_err(|_| FAULT)?;
        let promise = promise.dyn_into::<Promise>().map_err(|_| FAULT)?;
        settled(promise).await.map_err(|reason| rejected(&reason))
    }
}

impl Backend for JsBackend {
    async fn read(&self, query: &Query) -> Result<Vec<Record>> {
        let (table, condition) = match query {
            Query::All(table) => (*table, ("all", true.into())),
            Query::Ids(table, ids) => (*table, ("ids", texts(ids))),
            Query::Addresses(table, addresses) => (*table, ("addresses", texts(addresses))),
            Query::After(table, id, count) => {
                let condition = object(&[("id", id.into()), ("count", (*count as f64).into())]);
                (*table, ("after", condition))
            }
        };
        let query = object(&[("table", table.name().into()), condition]);
        let records = self.call("read", &query).await?.dyn_into::<Array>();
        let records = records.map_err(|_| Error::Internal { what: "the backend gave no list" })?;
        Ok(records.iter().map(|row| record(table, &row)).collect())
    }

    async fn listing(&self) -> Result<Vec<String>> {
        let lists = self.call("listing", &JsValue::UNDEFINED).await?.dyn_into::<Array>();
        let lists = lists.map_err(|_| Error::Internal { what: "the backend gave no list" })?;
        Ok(lists.iter().filter_map(|lines| lines.as_string()).collect())
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<()> {
        let changes = list(changes, |change| match change {
            Change::Put { record, expected } => object(&[
                ("table", record.table.name().into()),
                ("id", record.id.as_str().into()),
                ("expected", expected.map_or(JsValue::UNDEFINED, revision)),
                ("row", row(&record)),
            ]),
            Change::Remove { table, id, expected } => object(&[
                ("table", table.name().into()),
                ("id", id.into()),
                ("expected", revision(expected)),
            ]),
        });
        self.call("commit", &changes).await.map(drop)
    }
}

/// Milliseconds since 1970 plus some changes: far below 2^53.
fn revision(revision: u64) -> JsValue {
    (revision as f64).into()
}

fn row(record: &Record) -> JsValue {
    object(&[
        ("id", record.id.as_str().into()),
        ("revision", revision(record.revision)),
        ("addresses", texts(&record.addresses)),
        ("listing", record.listing.as_deref().map_or(JsValue::UNDEFINED, JsValue::from)),
        ("value", bytes(&record.value)),
    ])
}

/// Whatever a row lacks is damage, which shows when the record is decoded: the other rows can be read.
fn record(table: Table, row: &JsValue) -> Record {
    let addresses = get(row, "addresses").dyn_into::<Array>().unwrap_or_default();
    let value = get(row, "value").dyn_into::<Uint8Array>();
    Record {
        table,
        id: get(row, "id").as_string().unwrap_or_default(),
        revision: get(row, "revision").as_f64().unwrap_or_default() as u64,
        addresses: addresses.iter().filter_map(|address| address.as_string()).collect(),
        listing: get(row, "listing").as_string(),
        value: value.map(|value| value.to_vec()).unwrap_or_default(),
    }
}

/// What the backend's promise was rejected with.
fn rejected(reason: &JsValue) -> Error {
    let text = |name| get(reason, name).as_string();
    let number = |name| get(&get(reason, "details"), name).as_f64().unwrap_or_default() as u64;
    match text("code").as_deref() {
        Some("store/conflict") => Error::StoreConflict,
        Some("store/newer-schema") => {
            Error::StoreNewerSchema { found: number("found"), known: number("known") }
        }
        Some(code) => Error::StoreBackend {
            code: code.to_owned(),
            message: text("message").unwrap_or_default(),
        },
        None => Error::Internal { what: "the backend failed without a code" },
    }
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
