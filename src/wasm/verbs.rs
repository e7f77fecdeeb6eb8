//! The table of verbs: which options each knows, and what its result looks like.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use crate::crypto::algorithms::{AeadCipher, CbcCipher, ContentCipher, DigestAlgorithm, GcmCipher};
use crate::crypto::{KeyTransport, OaepParameters, RsaScheme};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::message::{
    self, Attachment, AuthorVerdict, ComposeOptions, EncryptOptions, Form, Include, Integrity,
    KeyEncryptionKey, Layer, Mailbox, Moment, Opener, Openers, RecipientSummary, SignOptions,
    Signature, SignatureResult, Status, Structure, TrustVerdict, VerifyOptions,
};
use crate::pkcs12::{self, Profile};

use super::options::Options;
use super::output::Output;
use super::slab;
use super::store;
use super::values::{bytes, certificate, date, identity, list, object, problem, texts};

/// Calls a verb by its name in the interface.
///
/// # Errors
///
/// The verb's own, `usage/…`, and `unsupported/feature` for verbs and options that the interface names
/// and this version does not serve.
pub(super) async fn call(
    verb: &str,
    env: &mut Env,
    options: Options,
    host: Object,
) -> Result<JsValue> {
    match verb {
        "importP12" => import_p12(env, options).await,
        "exportP12" => export_p12(env, options).await,
        "parseCertificates" => parse_certificates(env, options),
        "sign" => sign(env, options).await,
        "encrypt" => encrypt(env, options).await,
        "inspect" => inspect(env, options).await,
        "decrypt" => decrypt(env, options).await,
        "decompress" => decompress(env, options).await,
        "verify" => verify(env, options).await,
        "composeMessage" => compose_message(env, options),
        "openMessage" | "classify" | "protectMessage" | "addRecipients" | "removeRecipients" => {
            Err(Error::UnsupportedFeature { feature: verb.to_owned() })
        }
        _ if verb.starts_with("store") => store::call(verb, env, options, &host).await,
        // These two are sent by the package itself, never by its callers.
        "closeIdentity" => {
            slab::remove(options.allow(&["identity"], &[])?.handle("identity")?);
            Ok(JsValue::UNDEFINED)
        }
        "closeAllIdentities" => {
            slab::clear();
            Ok(JsValue::UNDEFINED)
        }
        _ => Err(Error::UsageUnknownVerb { verb: verb.to_owned() }),
    }
}

async fn import_p12(env: &mut Env, options: Options) -> Result<JsValue> {
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

async fn export_p12(env: &mut Env, options: Options) -> Result<JsValue> {
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

fn parse_certificates(env: &mut Env, options: Options) -> Result<JsValue> {
    let data = options.allow(&["data"], &[])?.bytes("data")?;
    Ok(list(&message::parse_certificates(&data, env.limits())?, certificate))
}

async fn sign(env: &mut Env, options: Options) -> Result<JsValue> {
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

async fn encrypt(env: &mut Env, options: Options) -> Result<JsValue> {
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

async fn inspect(env: &mut Env, options: Options) -> Result<JsValue> {
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

async fn decrypt(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(&["message", "identities", "passwords", "keys"], &[])?;
    if options.value("passwords")?.is_none() && options.value("keys")?.is_none() {
        options.required("identities")?;
    }
    let (message, identities) = (options.bytes("message")?, options.identities("identities")?);
    let passwords = options.secrets("passwords")?;
    let keys = options.objects("keys")?.into_iter().map(key_encryption_key);
    let keys = keys.collect::<Result<Vec<_>>>()?;
    let openers = Openers { identities: &identities, passwords: &passwords, keys: &keys };
    let decrypted = message::decrypt_in_place(env, message, openers).await?;
    let integrity = match decrypted.integrity {
        Integrity::Protected => "protected",
        Integrity::None => "none",
    };
    let decrypted_with = match decrypted.opener {
        Opener::Identity(index) => (index as f64).into(),
        Opener::Password(_) | Opener::Key(_) => JsValue::UNDEFINED,
    };
    Ok(object(&[
        ("message", bytes(&decrypted.message)),
        ("integrity", integrity.into()),
        ("cipher", decrypted.cipher.name().into()),
        ("decryptedWith", decrypted_with),
        ("problems", list(&decrypted.problems, problem)),
    ]))
}

fn key_encryption_key(options: Options) -> Result<KeyEncryptionKey> {
    let options = options.allow(&["id", "key"], &[])?;
    Ok(KeyEncryptionKey { id: options.bytes("id")?, key: options.secret_key("key")? })
}

async fn decompress(env: &mut Env, options: Options) -> Result<JsValue> {
    let mut message = options.allow(&["message"], &[])?.bytes("message")?;
    message::take_off_base64(&mut message, env.limits())?;
    Ok(object(&[("message", bytes(&message::decompress(env, &message).await?))]))
}

async fn verify(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(
        &["message", "content", "trustAnchors", "intermediates", "from", "receivedAt"],
        &["crls", "ocspResponses", "revocation", "fetch"],
    )?;
    let (mut message, content) = (options.bytes("message")?, options.optional_bytes("content")?);
    message::take_off_base64(&mut message, env.limits())?;
    let trust_anchors = match options.value("trustAnchors")? {
        Some(_) => Some(options.certificates("trustAnchors")?),
        None => None,
    };
    let intermediates = options.certificates("intermediates")?;
    let from = options.optional_text("from")?;
    let verified = message::verify(
        env,
        VerifyOptions {
            message: &message,
            content: content.as_deref(),
            trust_anchors: trust_anchors.as_deref(),
            intermediates: &intermediates,
            from: from.as_deref(),
            received_at: options.optional_date("receivedAt")?,
        },
    )
    .await?;
    let status = match verified.status {
        Status::Verified => "verified",
        Status::Unverified => "unverified",
        Status::Failed => "failed",
        Status::Unsigned => "unsigned",
    };
    Ok(object(&[
        ("content", bytes(&verified.content)),
        ("status", status.into()),
        ("signatures", list(&verified.signatures, signature)),
        ("problems", list(&verified.problems, problem)),
    ]))
}

fn signature(signature: &SignatureResult) -> JsValue {
    let integrity = match signature.integrity {
        Signature::Intact => "intact",
        Signature::Altered => "altered",
        Signature::Unchecked => "unchecked",
    };
    let trust = match signature.trust {
        TrustVerdict::Trusted => "trusted",
        TrustVerdict::Untrusted => "untrusted",
        TrustVerdict::Unchecked => "unchecked",
    };
    let author = match signature.author {
        AuthorVerdict::Match => "match",
        AuthorVerdict::Mismatch => "mismatch",
        AuthorVerdict::Unchecked => "unchecked",
    };
    object(&[
        ("integrity", integrity.into()),
        ("trust", trust.into()),
        ("author", author.into()),
        // No revocation lists or responses are read yet, and the answer says so.
        ("revocation", "unchecked".into()),
        ("then", moment(signature.then)),
        ("now", moment(signature.now)),
        ("signer", signature.signer.as_ref().map_or(JsValue::UNDEFINED, certificate)),
        ("chain", list(&signature.chain, certificate)),
        ("signingTime", signature.signing_time.map_or(JsValue::UNDEFINED, date)),
        ("algorithm", (&signature.algorithm).into()),
        ("capabilities", signature.capabilities.as_deref().map_or(JsValue::UNDEFINED, bytes)),
        (
            "encryptionCertificate",
            signature.encryption_certificate.as_ref().map_or(JsValue::UNDEFINED, certificate),
        ),
        ("countersignatures", list(&signature.countersignatures, self::signature)),
        ("problems", list(&signature.problems, problem)),
    ])
}

fn moment(moment: Moment) -> JsValue {
    match moment {
        Moment::Valid => "valid",
        Moment::Invalid => "invalid",
        Moment::Unchecked => "unchecked",
    }
    .into()
}

fn compose_message(env: &mut Env, options: Options) -> Result<JsValue> {
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
    let options = options.allow(&["name", "type", "data"], &[])?;
    let media_type = options.optional_text("type")?;
    Ok(Attachment {
        name: options.text("name")?,
        media_type: media_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        content: options.bytes("data")?,
    })
}
