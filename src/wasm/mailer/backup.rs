//! Backups, and what several devices have in common.

use wasm_bindgen::JsValue;

use super::context::Call;
use crate::env::Env;
use crate::error::Result;
use crate::store::Merging;
use crate::wasm::values::{bytes, list, object, problem};

pub(super) async fn backup(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["passphrase", "isSync"])?;
    let passphrase = options.passphrase("passphrase")?;
    let is_sync = options.optional_flag("isSync")? == Some(true);
    let backup = call.mailer(env).await.backup(env, &passphrase).await?;
    if !is_sync {
        call.store.note_backup(env).await?;
    }
    Ok(object(&[("data", bytes(&backup.data)), ("problems", list(&backup.problems, problem))]))
}

/// Notes that the other devices have it: a backup for a sync is none until then.
pub(super) async fn synced(env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    call.store.note_backup(env).await?;
    Ok(JsValue::UNDEFINED)
}

pub(super) async fn restore(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["data", "passphrase", "isSync"])?;
    let passphrase = options.passphrase("passphrase")?;
    let data = options.bytes("data")?;
    let merging = match options.optional_flag("isSync")? {
        Some(true) => Merging::Sync,
        _ => Merging::Restore,
    };
    let epoch = call.epoch(env).await;
    let restored = call.mailer(env).await.restore(env, &data, &passphrase, merging).await?;
    call.keep_under(env, epoch, restored.session).await?;
    let count = |count: u64| JsValue::from(count as f64);
    Ok(object(&[
        ("added", count(restored.merged.added)),
        ("updated", count(restored.merged.updated)),
        ("kept", count(restored.merged.kept)),
        ("removed", count(restored.merged.removed)),
        ("returned", count(restored.merged.returned)),
        ("unreadable", count(restored.merged.unreadable)),
        ("isAhead", restored.merged.is_ahead.into()),
        ("problems", list(&restored.problems, problem)),
    ]))
}
