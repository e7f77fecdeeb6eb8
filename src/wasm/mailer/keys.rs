//! Identities: what there is, and what is unlocked.

use wasm_bindgen::JsValue;

use super::context::Call;
use crate::env::Env;
use crate::error::Result;
use crate::wasm::session;
use crate::wasm::store::{LOCK_AFTER, millis, stored_identity};
use crate::wasm::values::{list, object, texts};

/// Finds out whether there is a database that can be used, and brings it up to date.
pub(super) async fn open(env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    call.store.prepare(env).await?;
    let state = call.store.state(env).await?;
    Ok(object(&[("storeId", state.id.into())]))
}

pub(super) async fn unlock(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["passphrase", "lockAfter"])?;
    let secret = options.passphrase("passphrase")?;
    let lock_after = match options.value("lockAfter")? {
        Some(value) => millis("lockAfter", &value)?,
        None => LOCK_AFTER,
    };
    let (unlocked, lock) = call.mailer(env).await.unlock(env, &secret, lock_after).await?;
    let ids: Vec<String> = unlocked.identities.iter().map(|(id, _)| id.clone()).collect();
    session::keep(&call.database, lock.epoch, unlocked);
    Ok(object(&[
        ("unlocked", texts(&ids)),
        ("epoch", (lock.epoch as f64).into()),
        ("expires", (lock.expires.as_millis() as f64).into()),
    ]))
}

pub(super) async fn identities(env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    let mailer = call.mailer(env).await;
    let entries = mailer.store.identities(None).await?;
    Ok(list(&entries, |entry| {
        let is_unlocked = mailer.session.identity(&entry.id).is_some();
        object(&[("entry", stored_identity(entry)), ("isUnlocked", is_unlocked.into())])
    }))
}
