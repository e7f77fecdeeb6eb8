//! The browser's SubtleCrypto for what it does faster. Whatever it lacks or refuses falls through to
//! Rust.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::algorithms::DigestAlgorithm;
use crate::env::host::settled;

/// An RSASSA-PKCS1-v1_5 signature; about twelve times as fast as wasm. `None` where there is no
/// SubtleCrypto (plain http pages) or it refuses the key.
pub(super) async fn sign_pkcs1v15(
    pkcs8: &[u8],
    digest: DigestAlgorithm,
    message: &[u8],
) -> Option<Vec<u8>> {
    let hash = match digest {
        DigestAlgorithm::Sha256 => "SHA-256",
        DigestAlgorithm::Sha384 => "SHA-384",
        DigestAlgorithm::Sha512 => "SHA-512",
        DigestAlgorithm::Md5 | DigestAlgorithm::Sha1 | DigestAlgorithm::Sha224 => return None,
    };
    let subtle = subtle()?;
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"RSASSA-PKCS1-v1_5".into()).ok()?;
    Reflect::set(&algorithm, &"hash".into(), &hash.into()).ok()?;
    let encoded = Uint8Array::from(pkcs8);
    let usages = Array::of1(&"sign".into());
    let arguments =
        [&"pkcs8".into(), encoded.as_ref(), algorithm.as_ref(), &JsValue::FALSE, usages.as_ref()];
    let key = call(&subtle, "importKey", &arguments).await;
    // The engine has copied the key by now; this copy of ours is wiped.
    encoded.fill(0, 0, encoded.length());
    let message = Uint8Array::from(message);
    let signature = call(&subtle, "sign", &[algorithm.as_ref(), &key?, message.as_ref()]).await?;
    Some(Uint8Array::new(&signature).to_vec())
}

fn subtle() -> Option<JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    Reflect::get(&crypto, &"subtle".into()).ok().filter(JsValue::is_object)
}

async fn call(subtle: &JsValue, method: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    let function: Function = Reflect::get(subtle, &method.into()).ok()?.dyn_into().ok()?;
    let arguments: Array = arguments.iter().copied().collect();
    let promise: Promise = function.apply(subtle, &arguments).ok()?.dyn_into().ok()?;
    settled(promise).await.ok()
}
