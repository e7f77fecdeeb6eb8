//! The database as a whole.

use wasm_bindgen::JsValue;

use super::context::Call;
use crate::env::Env;
use crate::error::Result;
use crate::wasm::values::{date, list, object, problem};

pub(super) async fn storage(env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    let storage = call.mailer(env).await.storage(env).await?;
    Ok(object(&[
        ("storeId", storage.store_id.into()),
        ("lastBackup", storage.backup.map_or(JsValue::UNDEFINED, date)),
        ("problems", list(&storage.problems, problem)),
    ]))
}
