//! Sending: who is ready, and the copies in which a message goes out.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::context::Call;
use crate::env::Env;
use crate::error::{Problem, Result};
use crate::mailer::{
    CertificateRequest, Choice, Chosen, MailKind, Sending, Survey, Surveyed, Wish, Without, remedy,
};
use crate::message::{ConfidentialityPolicy, People, ProtectedCopy};
use crate::wasm::options::{Options, wrong};
use crate::wasm::output::Output;
use crate::wasm::values::{bytes, certificate, list, object, problem, texts};

const KINDS: &[(&str, MailKind)] = &[
    ("mail", MailKind::Mail),
    ("invitation", MailKind::Invitation),
    ("bulk", MailKind::Bulk),
    ("automatic", MailKind::Automatic),
];

const POLICIES: &[(&str, ConfidentialityPolicy)] =
    &[("baseline", ConfidentialityPolicy::Baseline), ("shy", ConfidentialityPolicy::Shy)];

pub(super) async fn recipients(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["from", "to", "cc", "bcc", "kind", "identities"])?;
    let from = address("from", &options.required("from")?, options)?;
    let mut fields = Vec::new();
    for field in ["to", "cc", "bcc"] {
        let found = addresses(options, field, written)?.unwrap_or_default();
        fields.extend(found.into_iter().map(|address| (field, address)));
    }
    let kind = kind(options)?.unwrap_or_default();
    let all: Vec<String> = fields.iter().map(|(_, address)| address.clone()).collect();
    let mailer = call.mailer(env).await;
    let survey = mailer.survey(env, &from, &all, None).await?;
    let wish = Wish { kind, ..Wish::default() };
    let intent = survey.intent(wish)?;
    let exemption = survey.exemption(wish, intent);
    let surveyed = fields.iter().zip(&survey.recipients);
    let everybody = survey.unready().is_empty() && !all.is_empty();
    Ok(object(&[
        ("sender", sender(&survey)),
        ("recipients", list(surveyed, |((field, _), one)| recipient(field, one))),
        ("canSign", survey.can_sign().into()),
        ("canEncrypt", (survey.can_encrypt() && everybody && survey.archive.all().is_ok()).into()),
        ("sign", intent.sign.into()),
        ("encrypt", (intent.encrypt && !all.is_empty()).into()),
        ("archive", list(&survey.archive.certificates, certificate)),
        (
            "problems",
            list(
                survey.settings.problems.iter().chain(&exemption).chain(&survey.archive.note()),
                problem,
            ),
        ),
    ]))
}

pub(super) async fn protect(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&[
        "message",
        "from",
        "to",
        "cc",
        "bcc",
        "kind",
        "sign",
        "encrypt",
        "without",
        "separately",
        "mustEncrypt",
        "confidentialHeaders",
        "protectHeaders",
        "identities",
        "requests",
    ])?;
    let withouts =
        [("everyone-unencrypted", Without::EveryoneUnencrypted), ("leave-out", Without::LeaveOut)];
    let expected = "'everyone-unencrypted' or 'leave-out'";
    let from = options.value("from")?.map(|value| address("from", &value, options)).transpose()?;
    let confidential = options.texts("confidentialHeaders")?;
    let requests = options.objects("requests")?.into_iter().map(request);
    let requests = requests.collect::<Result<Vec<_>>>()?;
    let sending = Sending {
        from,
        to: addresses(options, "to", address)?,
        cc: addresses(options, "cc", address)?,
        bcc: addresses(options, "bcc", address)?,
        kind: kind(options)?,
        sign: options.optional_flag("sign")?,
        encrypt: options.optional_flag("encrypt")?,
        must_encrypt: options.optional_flag("mustEncrypt")?.unwrap_or(false),
        without: options.choice("without", expected, &withouts)?,
        separately: options.optional_flag("separately")?.unwrap_or(false),
        confidential: &confidential,
        hides: options.choice("protectHeaders", "'baseline' or 'shy'", POLICIES)?,
        requests: &requests,
        message: options.bytes("message")?,
    };
    let sent = call.mailer(env).await.protect(env, sending, Output::new).await?;
    let outgoing: Result<Vec<JsValue>> = sent.protected.outgoing.into_iter().map(copy).collect();
    let sent_copy = sent.protected.sent_copy.map(Output::finish).transpose()?;
    let archived = sent
        .protected
        .clear_copy
        .map(|message| object(&[("message", bytes(&message)), ("visibility", "private".into())]));
    Ok(object(&[
        ("outgoing", list(outgoing?, |copy| copy)),
        ("sentCopy", sent_copy.unwrap_or(JsValue::UNDEFINED)),
        ("archiveCopy", archived.unwrap_or(JsValue::UNDEFINED)),
        ("isSigned", sent.intent.sign.into()),
        ("isEncrypted", sent.intent.encrypt.into()),
        ("archive", list(&sent.archive, certificate)),
        ("kind", sent.kind.as_str().into()),
        ("problems", list(&sent.problems, problem)),
    ]))
}

pub(super) async fn protect_draft(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["message", "from"])?;
    let from = address("from", &options.required("from")?, options)?;
    let message = options.bytes("message")?;
    let draft = call.mailer(env).await.protect_draft(env, message, &from).await?;
    Ok(bytes(&draft))
}

fn sender(survey: &Survey<'_>) -> JsValue {
    let signer = survey.signer.chosen.first();
    object(&[
        ("address", survey.from.as_str().into()),
        ("account", survey.account.address.as_str().into()),
        ("signer", signer.map_or(JsValue::UNDEFINED, chosen)),
        ("isLocked", survey.is_locked().into()),
        ("own", list(&survey.own, chosen)),
        ("problems", list(&survey.sender_problems(), explained)),
    ])
}

fn recipient(field: &str, one: &Surveyed) -> JsValue {
    let Choice { chosen: certificates, problems } = &one.choice;
    object(&[
        ("address", one.address.as_str().into()),
        ("field", field.into()),
        ("isReady", one.is_ready().into()),
        ("certificates", list(certificates, chosen)),
        ("problems", list(problems, explained)),
    ])
}

fn chosen(chosen: &Chosen) -> JsValue {
    object(&[
        ("id", chosen.entry.id.as_str().into()),
        ("certificate", certificate(&chosen.entry.certificate)),
        ("isAssigned", chosen.is_assigned.into()),
    ])
}

/// A problem, and what would help.
pub(super) fn explained(one: &Problem) -> JsValue {
    let told = problem(one);
    if let Some(help) = remedy(one.code) {
        // Only a frozen object or a setter could refuse, and this one is new.
        let _ = Reflect::set(&told, &"help".into(), &help.into());
    }
    told
}

fn copy(copy: ProtectedCopy<Output>) -> Result<JsValue> {
    let envelope = object(&[("from", copy.envelope.from.into()), ("to", texts(&copy.envelope.to))]);
    Ok(object(&[("envelope", envelope), ("message", copy.message.finish()?)]))
}

/// What the package's own mail says that asks for a certificate.
fn request(options: Options) -> Result<CertificateRequest> {
    let options = options.allow(&["subject", "text"], &[])?;
    Ok(CertificateRequest { subject: options.text("subject")?, text: options.text("text")? })
}

fn kind(options: &Options) -> Result<Option<MailKind>> {
    options.choice("kind", "'mail', 'invitation', 'bulk' or 'automatic'", KINDS)
}

/// An address as text, or of an object with a name beside it.
fn address(name: &'static str, value: &JsValue, options: &Options) -> Result<String> {
    let address = written(name, value, options)?;
    match People::is_address(&address) {
        true => Ok(address),
        false => Err(wrong(name, "addresses like name@example.com")),
    }
}

/// The same while somebody types: it may be none yet.
fn written(name: &'static str, value: &JsValue, options: &Options) -> Result<String> {
    let address = match value.as_string() {
        Some(address) => address,
        None => options
            .nested(name, value.clone())?
            .allow(&["name", "address"], &[])?
            .text("address")?,
    };
    Ok(address.trim().to_owned())
}

fn addresses(
    options: &Options,
    name: &'static str,
    read: impl Fn(&'static str, &JsValue, &Options) -> Result<String>,
) -> Result<Option<Vec<String>>> {
    if options.value(name)?.is_none() {
        return Ok(None);
    }
    let items = options.list(name)?;
    items.iter().map(|item| read(name, item, options)).collect::<Result<_>>().map(Some)
}
