//! Identities: what there is, what is unlocked, and the ways to unlock.

use wasm_bindgen::JsValue;

use super::context::Call;
use super::ways::{self, WAYS, way};
use crate::crypto::Operation;
use crate::env::Env;
use crate::error::Result;
use crate::mailer::{Mailer, Session, Unlocking};
use crate::store::{Known, Way};
use crate::wasm::options::Options;
use crate::wasm::store::{millis, stored_identity};
use crate::wasm::values::{bytes, date, list, object, texts};

/// Finds out whether there is a database that can be used, and brings it up to date.
pub(super) async fn open(env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    call.store.prepare(env).await?;
    Mailer::new(&call.store, &call.context, Session::default()).remember_elsewhere(env).await?;
    let state = call.store.state(env).await?;
    Ok(object(&[("storeId", state.id.into())]))
}

pub(super) async fn unlock(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&[WAYS, &["lockAfter"]].concat())?;
    let lock_after =
        options.value("lockAfter")?.map(|value| millis("lockAfter", &value)).transpose()?;
    let way = ways::read(options, false).await?;
    let epoch = call.epoch(env).await;
    let mailer = call.mailer(env).await;
    let Unlocking { session, unlocked, lock } = mailer.unlock(env, &way, lock_after, epoch).await?;
    call.keep(env, lock.epoch, session).await?;
    Ok(object(&[
        ("unlocked", texts(&unlocked)),
        ("epoch", (lock.epoch as f64).into()),
        ("expires", date(lock.expires)),
    ]))
}

/// Whether something is unlocked here, and until when.
pub(super) async fn lock_state(env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    let (session, lock) = call.session(env).await;
    let Some(lock) = lock.filter(|_| !session.is_empty()) else {
        return Ok(object(&[("isLocked", true.into())]));
    };
    Ok(object(&[
        ("isLocked", false.into()),
        ("expires", date(lock.expires)),
        ("epoch", (lock.epoch as f64).into()),
    ]))
}

pub(super) async fn identities(env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    let (session, _) = call.session(env).await;
    let mailer = Mailer::new(&call.store, &call.context, session);
    let (entries, ways) = (mailer.own(env).await?, call.store.ways().await?);
    Ok(list(&entries, |entry| {
        let elsewhere = call.context.elsewhere(&entry.id);
        let does = |operation| elsewhere.is_none_or(|one| one.key().permits(operation).is_ok());
        let certificate = &entry.certificate;
        let row = mailer.row(Known { entry: entry.clone(), is_own: true }, env.now());
        let own = ways.iter().filter(|(id, _)| *id == entry.id).flat_map(|(_, ways)| ways);
        object(&[
            ("entry", stored_identity(entry)),
            (
                "isUnlocked",
                (elsewhere.is_some() || mailer.session.identity(&entry.id).is_some()).into(),
            ),
            ("isShared", row.is_shared.into()),
            ("accounts", texts(&row.accounts)),
            ("isExternal", elsewhere.is_some().into()),
            ("canSign", (certificate.allows_signing() && does(Operation::Sign)).into()),
            ("canDecrypt", (certificate.allows_encryption() && does(Operation::Decrypt)).into()),
            ("ways", list(own, way)),
        ])
    }))
}

/// The ids of the passkeys that open something, also a key for shared accounts.
pub(super) async fn passkeys(_env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    let ways = call.store.ways().await?;
    let credentials = ways.iter().flat_map(|(_, ways)| ways);
    Ok(list(credentials.filter_map(|way| way.credential.as_deref()), bytes))
}

pub(super) async fn change_passphrase(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["passphrase", "newPassphrase", "ids"])?;
    let old = Way::passphrase(options.passphrase("passphrase")?);
    let new = Way::passphrase(options.passphrase("newPassphrase")?);
    let ids = options.optional_texts("ids", "an array of ids")?;
    let mailer = call.mailer(env).await;
    let changed = mailer.change_passphrase(env, ids.as_deref(), &old, &new).await?;
    Ok(object(&[("changed", texts(&changed))]))
}

pub(super) async fn add_unlock(env: &mut Env, call: Call) -> Result<JsValue> {
    let (id, way) = sealing(call.options(&["id", "seal"])?).await?;
    call.mailer(env).await.add_unlock(env, &id, &way).await?;
    Ok(JsValue::UNDEFINED)
}

pub(super) async fn remove_unlock(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["id", "way"])?;
    let (id, way) = (options.text("id")?, options.text("way")?);
    call.mailer(env).await.remove_unlock(&id, &way).await?;
    Ok(JsValue::UNDEFINED)
}

pub(super) async fn renew_key(env: &mut Env, call: Call) -> Result<JsValue> {
    let (id, way) = sealing(call.options(&["id", "seal"])?).await?;
    let epoch = call.epoch(env).await;
    let session = call.mailer(env).await.renew_key(env, &id, &way).await?;
    call.keep_under(env, epoch, session).await?;
    Ok(JsValue::UNDEFINED)
}

async fn sealing(options: &Options) -> Result<(String, Way)> {
    Ok((options.text("id")?, ways::seal(options, "seal").await?))
}
