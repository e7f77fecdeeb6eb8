//! The table of verbs: which options each knows, and what its result looks like.

use js_sys::Object;
use wasm_bindgen::JsValue;

use crate::env::Env;
use crate::error::{Error, Result};

use super::options::Options;
use super::slab;

/// Calls a verb by its name in the interface.
pub(super) async fn call(
    verb: &str,
    env: &mut Env,
    options: Options,
    host: Object,
) -> Result<JsValue> {
    let _ = (&env, &options, &host);
    match verb {
        // Sent by the package itself, never by its callers.
        "closeIdentity" => {
            slab::remove(options.allow(&["identity"], &[])?.handle("identity")?);
            Ok(JsValue::UNDEFINED)
        }
        "closeAllIdentities" => {
            slab::clear();
            Ok(JsValue::UNDEFINED)
        }
        "openMessage" | "classify" | "protectMessage" | "addRecipients" | "removeRecipients" => {
            Err(Error::UnsupportedFeature { feature: verb.to_owned() })
        }
        _ => Err(Error::UsageUnknownVerb { verb: verb.to_owned() }),
    }
}
