//! The table of verbs: which options each knows, and what its result looks like.

pub(in crate::wasm) mod certificate;
mod classify;
mod draft;
mod files;
mod open;
mod protect;
mod read;
mod readdress;
pub(in crate::wasm) mod trust;
mod verify;
mod write;

pub(in crate::wasm) use self::open::result as opened_message;
pub(in crate::wasm) use self::trust::{revocation_verdict, shelf};

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::options::Options;
use super::{mailer, roots, session, slab, store};
use crate::env::Env;
use crate::error::{Error, Result};

/// Calls a verb by its name in the interface.
///
/// # Errors
///
/// The verb's own, `usage/…`, and `unsupported/feature` for verbs and options that the interface names
/// and this version does not serve.
pub(in crate::wasm) async fn call(
    verb: &str,
    env: &mut Env,
    options: Options,
    host: Object,
) -> Result<JsValue> {
    match verb {
        "importP12" => files::import_p12(env, options).await,
        "exportP12" => files::export_p12(env, options).await,
        "parseCertificates" => files::parse_certificates(env, options),
        "certificateDetails" => certificate::certificate_details(options),
        "sign" => write::sign(env, options).await,
        "encrypt" => write::encrypt(env, options).await,
        "inspect" => read::inspect(env, options).await,
        "decrypt" => read::decrypt(env, options).await,
        "decompress" => read::decompress(env, options).await,
        "verify" => verify::verify(env, options).await,
        "checkCertificate" => trust::check_certificate(env, options).await,
        "parseCrl" => trust::parse(env, options),
        "openMessage" => open::open_message(env, options).await,
        "composeMessage" => write::compose_message(env, options),
        "classify" => classify::classify(env, options),
        "summarize" => classify::summarize(env, options),
        "protectMessage" => protect::protect_message(env, options).await,
        "replyTo" => draft::reply_to(options),
        "forward" => draft::forward(options),
        "addRecipients" => readdress::add_recipients(env, options).await,
        "removeRecipients" => readdress::remove_recipients(env, options).await,
        _ if verb.starts_with("store") => store::call(verb, env, options, &host).await,
        _ if verb.starts_with("mailer") => mailer::call(verb, env, options, &host).await,
        "mozillaRoots" => {
            options.allow(&[], &[])?;
            roots::describe()
        }
        // These are sent by the package itself, never by its callers.
        "decodePart" => open::decode_part(options),
        "closeIdentity" => {
            slab::remove(options.allow(&["identity"], &[])?.handle("identity")?);
            Ok(JsValue::UNDEFINED)
        }
        "loadMozillaRoots" => roots::load(&options),
        "closeCrl" => {
            slab::remove_crl(options.allow(&["crl"], &[])?.handle("crl")?);
            Ok(JsValue::UNDEFINED)
        }
        "closeAllIdentities" => {
            slab::clear();
            session::clear();
            Ok(JsValue::UNDEFINED)
        }
        _ => Err(Error::UsageUnknownVerb { verb: verb.to_owned() }),
    }
}
