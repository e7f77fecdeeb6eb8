//! Other recipients for messages that the host stores.

use wasm_bindgen::JsValue;

use super::context::Call;
use crate::cert::{Certificate, Identity};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::message::{ReaddressOptions, Readdressed, Recipient, readdress_to};
use crate::wasm::options::wrong;
use crate::wasm::output::Output;
use crate::wasm::values::bytes;

/// Where nothing changes the answer is the message with `whole`, else `undefined`: the host need not write
/// then.
pub(super) async fn readdress(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["message", "add", "remove", "renew", "whole"])?;
    let add = options.recipients("add")?;
    let certificate = |one: Recipient| one.certificate().clone();
    let remove: Vec<Certificate> =
        options.recipients("remove")?.into_iter().map(certificate).collect();
    if add.is_empty() && remove.is_empty() {
        return Err(wrong("recipients", "one certificate or more"));
    }
    let renew = options.optional_flag("renew")?.unwrap_or(false);
    let is_whole = options.optional_flag("whole")?.unwrap_or(false);
    let message = options.bytes("message")?;
    let mailer = call.mailer(env).await;
    let added: Vec<Certificate> = add.iter().map(|one| one.certificate().clone()).collect();
    mailer.refuse_distrusted(&added).await?;
    let identities = mailer.decrypting();
    let identities: Vec<Identity> = identities.into_iter().map(|(_, one)| one).collect();
    if identities.is_empty() {
        return Err(Error::IdentityLocked);
    }
    let options =
        ReaddressOptions { message, identities: &identities, add: &add, remove: &remove, renew };
    match readdress_to(env, options, Output::new).await? {
        Readdressed::Unchanged(message) if is_whole => Ok(bytes(&message)),
        Readdressed::Unchanged(_) => Ok(JsValue::UNDEFINED),
        Readdressed::Changed(output) => output.finish(),
    }
}
