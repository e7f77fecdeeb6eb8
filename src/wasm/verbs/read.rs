//! The verbs that open messages.

use wasm_bindgen::JsValue;

use crate::cert::Identity;
use crate::crypto::SecretBytes;
use crate::env::Env;
use crate::error::Result;
use crate::message::{
    self, Integrity, KeyEncryptionKey, Layer, Opener, Openers, RecipientSummary, Structure,
};
use crate::wasm::options::Options;
use crate::wasm::values::{bytes, list, object, problem, texts};

pub(super) async fn inspect(env: &mut Env, options: Options) -> Result<JsValue> {
    let message = options.allow(&["message"], &[])?.bytes("message")?;
    let outermost = message::inspect(env, &message).await?;
    let layers = core::iter::successors(Some(&outermost), |layer| layer.inside.as_deref());
    Ok(object(&[("layers", list(layers, layer))]))
}

fn layer(structure: &Structure) -> JsValue {
    match &structure.layer {
        Layer::Plain { content_type } => {
            object(&[("kind", "plain".into()), ("contentType", content_type.into())])
        }
        Layer::Signed { is_detached, algorithms, certificates } => object(&[
            ("kind", "signed".into()),
            ("form", if *is_detached { "detached" } else { "opaque" }.into()),
            ("algorithms", texts(algorithms)),
            ("certificates", (*certificates as f64).into()),
        ]),
        Layer::Encrypted { is_authenticated, cipher, recipients } => object(&[
            ("kind", "encrypted".into()),
            ("integrity", if *is_authenticated { "protected" } else { "none" }.into()),
            ("cipher", cipher.into()),
            ("recipients", list(recipients, recipient)),
        ]),
        Layer::Compressed => object(&[("kind", "compressed".into())]),
        Layer::Other { content_type } => {
            object(&[("kind", "other".into()), ("contentType", content_type.into())])
        }
    }
}

fn recipient(recipient: &RecipientSummary) -> JsValue {
    object(&[
        ("kind", recipient.kind.into()),
        ("issuer", recipient.issuer.as_deref().into()),
        ("serialNumber", recipient.serial_number.as_deref().into()),
        ("subjectKeyIdentifier", recipient.subject_key_identifier.as_deref().into()),
        ("keyIdentifier", recipient.key_identifier.as_deref().into()),
        ("algorithm", recipient.algorithm.as_deref().into()),
    ])
}

pub(super) async fn decrypt(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(&["message", "identities", "passwords", "keys"], &[])?;
    if options.value("passwords")?.is_none() && options.value("keys")?.is_none() {
        options.required("identities")?;
    }
    let (message, means) = (options.bytes("message")?, Means::read(&options)?);
    let decrypted = message::decrypt_in_place(env, message, means.openers()).await?;
    Ok(object(&[
        ("message", bytes(&decrypted.message)),
        ("integrity", integrity(decrypted.integrity)),
        ("cipher", decrypted.cipher.name().into()),
        ("decryptedWith", decrypted_with(decrypted.opener)),
        ("problems", list(&decrypted.problems, problem)),
    ]))
}

/// What a caller gives to decrypt with.
pub(super) struct Means {
    identities: Vec<Identity>,
    passwords: Vec<SecretBytes>,
    keys: Vec<KeyEncryptionKey>,
}

impl Means {
    pub(super) fn read(options: &Options) -> Result<Means> {
        let keys = options.objects("keys")?.into_iter().map(key_encryption_key);
        Ok(Means {
            keys: keys.collect::<Result<_>>()?,
            identities: options.identities("identities")?,
            passwords: options.secrets("passwords")?,
        })
    }

    pub(super) fn openers(&self) -> Openers<'_> {
        let Means { identities, passwords, keys } = self;
        Openers { identities, passwords, keys }
    }
}

pub(super) fn integrity(integrity: Integrity) -> JsValue {
    match integrity {
        Integrity::Protected => "protected",
        Integrity::None => "none",
    }
    .into()
}

/// The position of an identity among those given.
pub(super) fn decrypted_with(opener: Opener) -> JsValue {
    match opener {
        Opener::Identity(index) => (index as f64).into(),
        Opener::Password(_) | Opener::Key(_) => JsValue::UNDEFINED,
    }
}

fn key_encryption_key(options: Options) -> Result<KeyEncryptionKey> {
    let options = options.allow(&["id", "key"], &[])?;
    Ok(KeyEncryptionKey { id: options.bytes("id")?, key: options.secret_key("key")? })
}

pub(super) async fn decompress(env: &mut Env, options: Options) -> Result<JsValue> {
    let mut message = options.allow(&["message"], &[])?.bytes("message")?;
    message::take_off_base64(&mut message, env.limits())?;
    Ok(object(&[("message", bytes(&message::decompress(env, &message).await?))]))
}
