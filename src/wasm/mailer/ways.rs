//! The ways to unlock, as options say them and results tell them.

use wasm_bindgen::JsValue;

use crate::error::{Error, Result};
use crate::store::{Way, WayEntry, WayKind};
use crate::wasm::options::{Options, wrong};
use crate::wasm::store::JsBackend;
use crate::wasm::values::{bytes, object};

/// The names of the options, of which there is one.
pub(super) const WAYS: &[&str] = &["passphrase", "passkey", "device"];

/// What a `Seal` says, under a name. A device that has no key yet gets one.
pub(super) async fn seal(options: &Options, name: &'static str) -> Result<Way> {
    let seal = options.object(name)?;
    seal.check(WAYS, &[])?;
    read(&seal, true).await
}

/// The one way among options.
///
/// # Errors
///
/// `store/wrong-key` for a device without a key, unless one may be made.
pub(super) async fn read(options: &Options, may_make: bool) -> Result<Way> {
    let passphrase = options.value("passphrase")?.is_some();
    let passkey = options.value("passkey")?.is_some();
    let device = options.optional_flag("device")?.unwrap_or(false);
    match (passphrase, passkey, device) {
        (true, false, false) => Ok(Way::passphrase(options.passphrase("passphrase")?)),
        (false, true, false) => {
            // The package has asked the authenticator; what it makes of the option is told here.
            let passkey = options.object("passkey")?;
            passkey.check(&["credential", "output"], &[])?;
            let (credential, output) =
                (passkey.bytes("credential")?, passkey.secret_key("output")?);
            match output.as_bytes().len() {
                32 => Ok(Way::passkey(credential, output)),
                _ => Err(wrong("passkey", "one that gives 32 bytes")),
            }
        }
        (false, false, true) => {
            let backend = JsBackend::of(options.host())?;
            let secret = backend.device_secret(may_make).await?;
            secret.map(Way::device).ok_or(Error::StoreWrongKey)
        }
        (false, false, false) => Err(Error::UsageMissingOption { option: "passphrase" }),
        _ => Err(wrong("passphrase", "the only one, or a passkey, or the device")),
    }
}

/// A `Way`.
pub(super) fn way(entry: &WayEntry) -> JsValue {
    let kind = match entry.kind {
        WayKind::Passphrase => "passphrase",
        WayKind::Passkey => "passkey",
        WayKind::Device => "device",
    };
    let credential = entry.credential.as_deref().map_or(JsValue::UNDEFINED, bytes);
    object(&[("id", entry.id.as_str().into()), ("kind", kind.into()), ("credential", credential)])
}
