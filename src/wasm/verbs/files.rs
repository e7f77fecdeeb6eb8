//! Keys and certificates in files.

use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::env::Env;
use crate::error::Result;
use crate::message;
use crate::pkcs12::{self, Profile};
use crate::wasm::options::Options;
use crate::wasm::values::{bytes, certificate, identity, list, object, problem};

pub(super) async fn import_p12(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(&["data", "password"], &[])?;
    let (data, password) = (options.bytes("data")?, options.password("password")?);
    let imported = pkcs12::import(env, &data, &password).await?;
    let identities: Result<Array> = imported.identities.into_iter().map(identity).collect();
    Ok(object(&[
        ("identities", identities?.into()),
        ("certificates", list(&imported.certificates, certificate)),
        ("problems", list(&imported.problems, problem)),
    ]))
}

pub(super) async fn export_p12(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(&["identity", "password", "profile"], &[])?;
    let profiles = [
        ("modern", Profile::Modern),
        ("pbmac1", Profile::Pbmac1),
        ("compatible", Profile::Compatible),
    ];
    let profile = options.choice("profile", "'modern', 'pbmac1' or 'compatible'", &profiles)?;
    let (identity, password) = (options.identity("identity")?, options.password("password")?);
    let profile = profile.unwrap_or(Profile::Modern);
    Ok(bytes(&pkcs12::export(env, &identity, &password, profile).await?))
}

pub(super) fn parse_certificates(env: &mut Env, options: Options) -> Result<JsValue> {
    let data = options.allow(&["data"], &[])?.bytes("data")?;
    Ok(list(&message::parse_certificates(&data, env.limits())?, certificate))
}
