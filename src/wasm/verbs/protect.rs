//! The copies in which a message goes out.

use wasm_bindgen::JsValue;

use super::write::{encryption_parameters, header_options, mailbox, signature_parameters};
use crate::env::Env;
use crate::error::Result;
use crate::message::{self, ProtectOptions, ProtectedCopy};
use crate::wasm::options::Options;
use crate::wasm::output::Output;
use crate::wasm::values::{list, object, texts};

pub(super) async fn protect_message(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(
        &[
            "message",
            "from",
            "to",
            "cc",
            "bcc",
            "signers",
            "form",
            "digest",
            "scheme",
            "include",
            "encryptionCertificate",
            "recipients",
            "own",
            "cipher",
            "keyTransport",
            "compress",
            "protectHeaders",
            "confidentialHeaders",
            "legacyDisplay",
            "mustEncrypt",
        ],
        &[],
    )?;
    let confidential = options.texts("confidentialHeaders")?;
    let headers = header_options(&options, &confidential)?;
    let preferred = options.optional_certificate("encryptionCertificate")?;
    let signature = signature_parameters(&options, preferred.as_ref())?;
    let encryption = encryption_parameters(&options)?;
    let from = match options.value("from")? {
        Some(_) => Some(mailbox(options.object("from")?)?.address),
        None => None,
    };
    let (to, cc, bcc) =
        (addresses(&options, "to")?, addresses(&options, "cc")?, addresses(&options, "bcc")?);
    let given = |name| match options.value(name)? {
        Some(_) => options.recipients(name).map(Some),
        None => Ok(None),
    };
    let (recipients, own) = (given("recipients")?, given("own")?);
    let (message, signers) = (options.bytes("message")?, options.identities("signers")?);
    let protected = message::protect_message(
        env,
        ProtectOptions {
            message: message.into(),
            from,
            to,
            cc,
            bcc,
            signers: &signers,
            signature,
            recipients: recipients.as_deref(),
            own: own.as_deref(),
            also: &[],
            separately: false,
            with_clear_copy: false,
            left_out: &[],
            encryption,
            headers,
            must_encrypt: options.optional_flag("mustEncrypt")?.unwrap_or(false),
        },
        Output::new,
    )
    .await?;
    let outgoing: Result<Vec<JsValue>> = protected.outgoing.into_iter().map(copy).collect();
    let sent_copy = protected.sent_copy.map(Output::finish).transpose()?;
    Ok(object(&[
        ("outgoing", list(outgoing?, |copy| copy)),
        ("sentCopy", sent_copy.unwrap_or(JsValue::UNDEFINED)),
    ]))
}

fn copy(copy: ProtectedCopy<Output>) -> Result<JsValue> {
    let envelope = object(&[("from", copy.envelope.from.into()), ("to", texts(&copy.envelope.to))]);
    Ok(object(&[("envelope", envelope), ("message", copy.message.finish()?)]))
}

fn addresses(options: &Options, name: &'static str) -> Result<Option<Vec<String>>> {
    if options.value(name)?.is_none() {
        return Ok(None);
    }
    let mailboxes = options.objects(name)?.into_iter().map(mailbox);
    mailboxes.map(|one| one.map(|one| one.address)).collect::<Result<_>>().map(Some)
}
