//! The verbs that make messages.

use wasm_bindgen::JsValue;

use crate::cert::Certificate;
use crate::crypto::algorithms::{AeadCipher, CbcCipher, ContentCipher, DigestAlgorithm, GcmCipher};
use crate::crypto::{KeyTransport, OaepParameters, RsaScheme};
use crate::env::Env;
use crate::error::Result;
use crate::message::{
    self, Attachment, ComposeOptions, ConfidentialityPolicy, EncryptOptions, EncryptionParameters,
    Form, HeaderOptions, HeaderProtection, Include, Mailbox, SignOptions, SignatureParameters,
};
use crate::wasm::options::Options;
use crate::wasm::output::Output;
use crate::wasm::values::bytes;

pub(super) async fn sign(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(
        &[
            "message",
            "signers",
            "form",
            "digest",
            "scheme",
            "include",
            "encryptionCertificate",
            "protectHeaders",
        ],
        &[],
    )?;
    let protections = [("clear", true), ("off", false)];
    let protect_headers = options.choice("protectHeaders", "'clear' or 'off'", &protections)?;
    options.required("signers")?;
    let preferred = options.optional_certificate("encryptionCertificate")?;
    let parameters = signature_parameters(&options, preferred.as_ref())?;
    let (message, signers) = (options.bytes("message")?, options.identities("signers")?);
    let signed = message::sign_to(
        env,
        SignOptions {
            message: message.into(),
            signers: &signers,
            protect_headers: protect_headers.unwrap_or(true),
            parameters,
        },
        Output::new,
    );
    signed.await?.finish()
}

/// How to sign.
pub(super) fn signature_parameters<'a>(
    options: &Options,
    encryption_certificate: Option<&'a Certificate>,
) -> Result<SignatureParameters<'a>> {
    let schemes = [("rsassa-pkcs1-v1_5", RsaScheme::Pkcs1v15), ("rsassa-pss", RsaScheme::Pss)];
    let scheme = options.choice("scheme", "'rsassa-pkcs1-v1_5' or 'rsassa-pss'", &schemes)?;
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
    Ok(SignatureParameters {
        form: form.unwrap_or_default(),
        digest,
        scheme: scheme.unwrap_or_default(),
        include: include.unwrap_or_default(),
        encryption_certificate,
    })
}

pub(super) async fn encrypt(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(
        &[
            "message",
            "recipients",
            "cipher",
            "keyTransport",
            "compress",
            "protectHeaders",
            "confidentialHeaders",
            "legacyDisplay",
        ],
        &[],
    )?;
    options.required("recipients")?;
    let confidential = options.texts("confidentialHeaders")?;
    let headers = header_options(&options, &confidential)?;
    let parameters = encryption_parameters(&options)?;
    let (message, recipients) = (options.bytes("message")?, options.recipients("recipients")?);
    let encrypted = message::encrypt_to(
        env,
        EncryptOptions { message: message.into(), recipients: &recipients, headers, parameters },
        Output::new,
    );
    encrypted.await?.finish()
}

/// How to encrypt.
pub(super) fn encryption_parameters(options: &Options) -> Result<EncryptionParameters> {
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
    let compress = options.optional_flag("compress")?.unwrap_or(false);
    let default = EncryptionParameters::default();
    Ok(EncryptionParameters { cipher: cipher.unwrap_or(default.cipher), key_transport, compress })
}

/// How header fields are protected.
pub(super) fn header_options<'a>(
    options: &Options,
    confidential: &'a [String],
) -> Result<HeaderOptions<'a>> {
    let policy = HeaderProtection::Policy;
    let protections = [
        ("auto", HeaderProtection::Auto),
        ("off", HeaderProtection::Off),
        ("clear", policy(ConfidentialityPolicy::Clear)),
        ("baseline", policy(ConfidentialityPolicy::Baseline)),
        ("shy", policy(ConfidentialityPolicy::Shy)),
    ];
    let expected = "'auto', 'off', 'clear', 'baseline' or 'shy'";
    let protection = options.choice("protectHeaders", expected, &protections)?;
    Ok(HeaderOptions {
        protection: protection.unwrap_or_default(),
        confidential,
        legacy_display: options.optional_flag("legacyDisplay")?,
    })
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

/// A person.
pub(super) fn mailbox(options: Options) -> Result<Mailbox> {
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
