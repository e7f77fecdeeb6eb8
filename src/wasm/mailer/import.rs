//! The user's own key files.

use wasm_bindgen::JsValue;

use super::context::Call;
use super::ways;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::mailer::{Import, ImportedFile, KeyFile, Mailer, Unlocking};
use crate::pkcs12::Password;
use crate::wasm::options::Options;
use crate::wasm::store::{stored_certificate, stored_identity};
use crate::wasm::values::{date, error, list, object, problem};

pub(super) async fn import_p12(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["files", "password", "seal", "unlock"])?;
    let unlocks = options.optional_flag("unlock")?.unwrap_or(true);
    options.required("files")?;
    let way = ways::seal(options, "seal").await?;
    let shared = match options.value("password")? {
        Some(_) => options.password("password")?,
        None => Password::new(b""),
    };
    let files = options.objects("files")?.into_iter().map(|file| key_file(file, &shared));
    let files = files.collect::<Result<Vec<_>>>()?;
    let epoch = call.epoch(env).await;
    let Import { files, session, opened } =
        call.mailer(env).await.import_p12(env, files, &way).await?;
    let files = ("files", list(&files, imported_file));
    if !unlocks || opened.is_empty() {
        call.keep_under(env, epoch, session).await?;
        return Ok(object(&[files]));
    }
    let mailer = Mailer::new(&call.store, &call.context, session);
    let Unlocking { session, lock, .. } = mailer.hold(env, opened, None, epoch).await?;
    call.keep(env, lock.epoch, session).await?;
    let expires = date(lock.expires);
    Ok(object(&[files, ("epoch", (lock.epoch as f64).into()), ("expires", expires)]))
}

/// `{ data, name?, password? }`. What is too large is that file's fault alone.
fn key_file(file: Options, shared: &Password) -> Result<KeyFile> {
    let file = file.allow(&["data", "name", "password"], &[])?;
    file.optional_text("name")?;
    let password = match file.value("password")? {
        Some(_) => file.password("password")?,
        None => shared.clone(),
    };
    match file.bytes("data") {
        Err(error @ Error::Limit { .. }) => Ok(KeyFile { data: Err(error), password }),
        data => Ok(KeyFile { data: Ok(data?), password }),
    }
}

fn imported_file(file: &ImportedFile) -> JsValue {
    object(&[
        (
            "identities",
            list(&file.identities, |(entry, problems)| {
                object(&[("entry", stored_identity(entry)), ("problems", list(problems, problem))])
            }),
        ),
        ("certificates", list(&file.certificates, stored_certificate)),
        ("problems", list(&file.problems, problem)),
        ("error", file.error.as_ref().map_or(JsValue::UNDEFINED, error)),
    ])
}
