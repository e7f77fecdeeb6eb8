//! The verbs that make messages.

use wasm_bindgen::JsValue;

use crate::crypto::algorithms::{AeadCipher, CbcCipher, ContentCipher, DigestAlgorithm, GcmCipher};
use crate::crypto::{KeyTransport, OaepParameters, RsaScheme};
use crate::env::Env;
use crate::error::Result;
use crate::message::{
    self, Attachment, ComposeOptions, EncryptOptions, Form, Include, Mailbox, SignOptions,
};
use crate::wasm::options::Options;
use crate::wasm::output::Output;
use crate::wasm::values::bytes;

pub(super) async fn sign(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(
        &["message", "signers", "form", "digest", "scheme", "include", "protectHeaders"],
        &[],
    )?;
    let schemes = [("rsassa-pkcs1-v1_5", RsaScheme::Pkcs1v15), ("rsassa-pss", RsaScheme::Pss)];
    let scheme = options.choice("scheme", "'rsassa-pkcs1-v1_5' or 'rsassa-pss'", &schemes)?;
    options.only_off("protectHeaders")?;
    options.required("signers")?;
    let forms = [("detached", Form::Detached), ("opaque", Form::Opaque)];
    let digests = [
        ("sha-256", DigestAlgorithm::Sha256),
        ("sha-384", DigestAlgorithm::Sha384),
        ("sha-512", DigestAlgorithm::Sha512),
    ];
    let includes = [
        ("chain", Include::Chain),
        ("certificate", Include::Certificate),
        ("none", Include::Nothing),
    ];
    let form = options.choice("form", "'detached' or 'opaque'", &forms)?;
    let digest = options.choice("digest", "'sha-256', 'sha-384' or 'sha-512'", &digests)?;
    let include = options.choice("include", "'chain', 'certificate' or 'none'", &includes)?;
    let (message, signers) = (options.bytes("message")?, options.identities("signers")?);
    let signed = message::sign_to(
        env,
        SignOptions {
            message: &message,
            signers: &signers,
            form: form.unwrap_or_default(),
            digest,
            scheme: scheme.unwrap_or_default(),
            include: include.unwrap_or_default(),
        },
        Output::new,
    );
    signed.await?.finish()
}

pub(super) async fn encrypt(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(
        &["message", "recipients", "cipher", "keyTransport", "protectHeaders", "compress"],
        &[],
    )?;
    options.only_off("protectHeaders")?;
    options.required("recipients")?;
    let ciphers = [
        ("aes-128-cbc", ContentCipher::Cbc(CbcCipher::Aes128)),
        ("aes-256-cbc", ContentCipher::Cbc(CbcCipher::Aes256)),
        ("aes-128-gcm", ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes128))),
        ("aes-256-gcm", ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes256))),
    ];
    let expected = "'aes-128-cbc', 'aes-256-cbc', 'aes-128-gcm' or 'aes-256-gcm'";
    let cipher = options.choice("cipher", expected, &ciphers)?;
    let transports = [("rsaes-pkcs1-v1_5", false), ("rsaes-oaep", true)];
    let expected = "'rsaes-pkcs1-v1_5' or 'rsaes-oaep'";
    let is_oaep = options.choice("keyTransport", expected, &transports)?;
    let key_transport = is_oaep.map(|is_oaep| match is_oaep {
        true => KeyTransport::Oaep(OaepParameters::sha256()),
        false => KeyTransport::Pkcs1v15,
    });
    let (message, recipients) = (options.bytes("message")?, options.recipients("recipients")?);
    let encrypted = message::encrypt_to(
        env,
        EncryptOptions {
            message: message.into(),
            recipients: &recipients,
            cipher: cipher.unwrap_or(ContentCipher::Cbc(CbcCipher::Aes256)),
            key_transport,
            compress: options.optional_flag("compress")?.unwrap_or(false),
        },
        Output::new,
    );
    encrypted.await?.finish()
}

pub(super) fn compose_message(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options
        .allow(&["from", "to", "cc", "subject", "text", "html", "attachments", "headers"], &[])?;
    let attachments = options.objects("attachments")?.into_iter().map(attachment);
    let message = message::compose(
        env,
        ComposeOptions {
            from: mailbox(options.object("from")?)?,
            to: options.objects("to")?.into_iter().map(mailbox).collect::<Result<_>>()?,
            cc: options.objects("cc")?.into_iter().map(mailbox).collect::<Result<_>>()?,
            subject: options.optional_text("subject")?.unwrap_or_default(),
            text: options.optional_text("text")?,
            html: options.optional_text("html")?,
            attachments: attachments.collect::<Result<_>>()?,
            headers: options.texts_by_name("headers")?,
        },
    )?;
    Ok(bytes(&message))
}

fn mailbox(options: Options) -> Result<Mailbox> {
    let options = options.allow(&["name", "address"], &[])?;
    Ok(Mailbox { name: options.optional_text("name")?, address: options.text("address")? })
}

fn attachment(options: Options) -> Result<Attachment> {
    let options = options.allow(&["name", "type", "data", "contentId", "inline"], &[])?;
    let media_type = options.optional_text("type")?;
    let content_id = options.optional_text("contentId")?;
    Ok(Attachment {
        name: options.text("name")?,
        media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        content: options.bytes("data")?,
        is_inline: options.optional_flag("inline")?.unwrap_or(content_id.is_some()),
        content_id,
    })
}
