//! The verbs that change for whom a message is encrypted.

use wasm_bindgen::JsValue;

use crate::cert::Certificate;
use crate::env::Env;
use crate::error::Result;
use crate::message::{ReaddressOptions, Readdressed, Recipient, readdress_to};
use crate::wasm::options::{Options, wrong};
use crate::wasm::output::Output;
use crate::wasm::values::bytes;

pub(super) async fn add_recipients(env: &mut Env, options: Options) -> Result<JsValue> {
    change(env, options, &["message", "identities", "recipients", "renew"], |recipients| {
        (recipients, Vec::new())
    })
    .await
}

pub(super) async fn remove_recipients(env: &mut Env, options: Options) -> Result<JsValue> {
    let certificate = |one: Recipient| one.certificate().clone();
    change(env, options, &["message", "identities", "recipients"], |recipients| {
        (Vec::new(), recipients.into_iter().map(certificate).collect())
    })
    .await
}

async fn change(
    env: &mut Env,
    options: Options,
    allowed: &'static [&'static str],
    sides: impl FnOnce(Vec<Recipient>) -> (Vec<Recipient>, Vec<Certificate>),
) -> Result<JsValue> {
    let options = options.allow(allowed, &[])?;
    let renew = options.optional_flag("renew")?.unwrap_or(false);
    options.required("identities")?;
    options.required("recipients")?;
    let recipients = options.recipients("recipients")?;
    if recipients.is_empty() {
        return Err(wrong("recipients", "one certificate or more"));
    }
    let identities = options.identities("identities")?;
    let (add, remove) = sides(recipients);
    let message = options.bytes("message")?;
    let options =
        ReaddressOptions { message, identities: &identities, add: &add, remove: &remove, renew };
    match readdress_to(env, options, Output::new).await? {
        Readdressed::Unchanged(message) => Ok(bytes(&message)),
        Readdressed::Changed(output) => output.finish(),
    }
}
