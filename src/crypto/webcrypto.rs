//! The browser's SubtleCrypto for what it does faster. Whatever it lacks or refuses falls through to
//! Rust.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::algorithms::{CbcCipher, DigestAlgorithm, GCM_TAG};
use super::{PssParameters, SignatureAlgorithm};
use crate::bytes::Sink;
use crate::env::Env;
use crate::env::host::settled;
use crate::error::{Error, Result};

/// An RSA signature; about twelve times as fast as wasm. `None` where there is no SubtleCrypto (plain
/// http pages) or it refuses the key, as all do that are for PSS alone.
pub(super) async fn sign_rsa(
    pkcs8: &[u8],
    algorithm: &SignatureAlgorithm,
    message: &[u8],
) -> Option<Vec<u8>> {
    let (name, digest) = match algorithm {
        SignatureAlgorithm::RsaPkcs1v15(digest) => ("RSASSA-PKCS1-v1_5", *digest),
        SignatureAlgorithm::RsaPss(parameters)
            if *parameters == PssParameters::new(parameters.digest) =>
        {
            ("RSA-PSS", parameters.digest)
        }
        _ => return None,
    };
    let hash = match digest {
        DigestAlgorithm::Sha256 => "SHA-256",
        DigestAlgorithm::Sha384 => "SHA-384",
        DigestAlgorithm::Sha512 => "SHA-512",
        _ => return None,
    };
    let subtle = subtle()?;
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &name.into()).ok()?;
    Reflect::set(&algorithm, &"hash".into(), &hash.into()).ok()?;
    Reflect::set(&algorithm, &"saltLength".into(), &(digest.size() as f64).into()).ok()?;
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

/// Below this the way to SubtleCrypto and back costs more than it saves.
const CBC_FROM: usize = 256 << 10;

/// What goes over at once: some 3 ms of work, so that progress and cancel stay smooth, and little
/// memory.
const CBC_PIECE: usize = 512 << 10;

/// Encrypts content in pieces, each with the last block of the one before as its IV, which is what CBC
/// does anyway; the padding that SubtleCrypto adds to every piece is kept of the last alone. `false` if
/// nothing was written: there is no SubtleCrypto, it refuses (Chromium has no AES-192), or the content
/// is small.
pub(super) async fn cbc_encrypt(
    env: &mut Env,
    cipher: CbcCipher,
    key: &[u8],
    iv: &[u8],
    content: &[u8],
    sink: &mut impl Sink,
) -> Result<bool> {
    let is_aes = matches!(cipher, CbcCipher::Aes128 | CbcCipher::Aes256);
    if !is_aes || content.len() < CBC_FROM {
        return Ok(false);
    }
    let Some((subtle, key)) = import_key("AES-CBC", "encrypt", key).await else { return Ok(false) };
    let (mut iv, mut done) = (iv.to_vec(), 0);
    for piece in content.chunks(CBC_PIECE) {
        let Some(mut encrypted) = encrypt_cbc_piece(&subtle, &key, &iv, piece).await else {
            if done == 0 {
                return Ok(false);
            }
            return Err(Error::Internal { what: "SubtleCrypto encrypts no more" });
        };
        done += piece.len();
        if done < content.len() {
            encrypted.truncate(piece.len());
            iv = encrypted.get(piece.len() - iv.len()..).unwrap_or_default().to_vec();
        }
        sink.write(&encrypted);
        env.tick(done as u64, content.len() as u64).await?;
    }
    Ok(true)
}

/// Below this the way to SubtleCrypto and back costs more than it saves.
const GCM_FROM: usize = 256 << 10;

/// AES-GCM encryption in place, which gives the tag. It can't be done in pieces, so besides being faster
/// this keeps the worker free to hear "abort". `None` if nothing was done.
pub(super) async fn gcm_seal(
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
) -> Option<[u8; GCM_TAG]> {
    if bytes.len() < GCM_FROM {
        return None;
    }
    let input = Uint8Array::from(&*bytes);
    let sealed = begin_gcm("encrypt", key, nonce, associated, GCM_TAG, &input).await?;
    let sealed = Uint8Array::new(&settled(sealed).await.ok()?);
    let length = u32::try_from(bytes.len()).ok()?;
    let mut tag = [0; GCM_TAG];
    let written = sealed.subarray(length, sealed.length());
    if written.length() as usize != GCM_TAG {
        return None;
    }
    written.copy_to(&mut tag);
    sealed.subarray(0, length).copy_to(bytes);
    Some(tag)
}

/// AES-GCM decryption in place: whether the tag holds. `None` if nothing was done: there is no
/// SubtleCrypto, it refuses, or the content is small.
pub(super) async fn gcm_open(
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Option<bool> {
    // SubtleCrypto would also take tags that are too short to protect anything.
    if bytes.len() < GCM_FROM || !(12..=GCM_TAG).contains(&tag.len()) {
        return None;
    }
    let opened = begin_gcm_open(key, nonce, associated, &[bytes], tag).await?.plaintext().await?;
    if let Some(opened) = &opened {
        opened.copy_to(bytes);
    }
    Some(opened.is_some())
}

/// A decryption that SubtleCrypto has begun.
pub(super) struct GcmOpening {
    promise: Promise,
    length: u32,
}

impl GcmOpening {
    /// Whether the tag holds. `None` if that did not come out. The plaintext, which SubtleCrypto makes in any
    /// case, is wiped.
    pub(super) async fn holds(self) -> Option<bool> {
        let opened = self.plaintext().await?;
        if let Some(opened) = &opened {
            opened.fill(0, 0, opened.length());
        }
        Some(opened.is_some())
    }

    /// The plaintext, `Some(None)` if the tag does not hold.
    async fn plaintext(self) -> Option<Option<Uint8Array>> {
        match settled(self.promise).await.map(|opened| Uint8Array::new(&opened)) {
            Ok(opened) if opened.length() == self.length => Some(Some(opened)),
            Ok(_) => None,
            // Web Cryptography API, 29.4.2: what a tag that does not hold gives, and nothing else does
            // that gets as far as here.
            Err(reason) => {
                let name = Reflect::get(&reason, &"name".into()).ok()?.as_string()?;
                (name == "OperationError").then_some(None)
            }
        }
    }
}

/// Begins to find out whether the tag holds for a ciphertext in these pieces. `None` as of [`gcm_open`].
pub(super) async fn begin_gcm_check(
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    pieces: &[&[u8]],
    tag: &[u8],
) -> Option<GcmOpening> {
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    if length < GCM_FROM || !(12..=GCM_TAG).contains(&tag.len()) {
        return None;
    }
    begin_gcm_open(key, nonce, associated, pieces, tag).await
}

async fn begin_gcm_open(
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    pieces: &[&[u8]],
    tag: &[u8],
) -> Option<GcmOpening> {
    let length = u32::try_from(pieces.iter().map(|piece| piece.len()).sum::<usize>()).ok()?;
    let whole = length.checked_add(u32::try_from(tag.len()).ok()?)?;
    let input = Uint8Array::new_with_length(whole);
    let mut at = 0;
    for piece in pieces.iter().chain([&tag]) {
        let end = at + piece.len() as u32;
        input.subarray(at, end).copy_from(piece);
        at = end;
    }
    let promise = begin_gcm("decrypt", key, nonce, associated, tag.len(), &input).await?;
    // A rejection that nobody waits for yet, or any more, would end a process in Node.
    let _ = Promise::all_settled(&Array::of1(&promise));
    Some(GcmOpening { promise, length })
}

/// SubtleCrypto has its copy of `input` when this returns.
async fn begin_gcm(
    method: &str,
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    tag_size: usize,
    input: &Uint8Array,
) -> Option<Promise> {
    let (subtle, key) = import_key("AES-GCM", method, key).await?;
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"AES-GCM".into()).ok()?;
    Reflect::set(&algorithm, &"iv".into(), &Uint8Array::from(nonce)).ok()?;
    Reflect::set(&algorithm, &"additionalData".into(), &Uint8Array::from(associated)).ok()?;
    Reflect::set(&algorithm, &"tagLength".into(), &((tag_size * 8) as f64).into()).ok()?;
    begin(&subtle, method, &[algorithm.as_ref(), &key, input.as_ref()])
}

async fn import_key(algorithm: &str, usage: &str, key: &[u8]) -> Option<(JsValue, JsValue)> {
    let subtle = subtle()?;
    let encoded = Uint8Array::from(key);
    let usages = Array::of1(&usage.into());
    let arguments =
        [&"raw".into(), encoded.as_ref(), &algorithm.into(), &JsValue::FALSE, usages.as_ref()];
    let key = call(&subtle, "importKey", &arguments).await;
    encoded.fill(0, 0, encoded.length());
    Some((subtle, key?))
}

async fn encrypt_cbc_piece(
    subtle: &JsValue,
    key: &JsValue,
    iv: &[u8],
    piece: &[u8],
) -> Option<Vec<u8>> {
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"AES-CBC".into()).ok()?;
    Reflect::set(&algorithm, &"iv".into(), &Uint8Array::from(iv)).ok()?;
    let piece = Uint8Array::from(piece);
    let encrypted = call(subtle, "encrypt", &[algorithm.as_ref(), key, piece.as_ref()]).await?;
    Some(Uint8Array::new(&encrypted).to_vec())
}

fn subtle() -> Option<JsValue> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    Reflect::get(&crypto, &"subtle".into()).ok().filter(JsValue::is_object)
}

async fn call(subtle: &JsValue, method: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    settled(begin(subtle, method, arguments)?).await.ok()
}

/// Calls a method of SubtleCrypto; `None` if it can't be called.
fn begin(subtle: &JsValue, method: &str, arguments: &[&JsValue]) -> Option<Promise> {
    let function: Function = Reflect::get(subtle, &method.into()).ok()?.dyn_into().ok()?;
    let arguments: Array = arguments.iter().copied().collect();
    function.apply(subtle, &arguments).ok()?.dyn_into().ok()
}
