//! Header fields as callers see them, and drafts made of them.

use wasm_bindgen::JsValue;

use super::write;
use crate::error::Result;
use crate::message::{
    self, ConfidentialityPolicy, Draft, FieldProtection, HeaderField, HeaderScheme, Mailbox,
    Original, ReplyOptions,
};
use crate::wasm::options::{Options, wrong};
use crate::wasm::values::{list, object, problem, texts};

const PROTECTIONS: [(&str, FieldProtection); 4] = [
    ("none", FieldProtection::None),
    ("signed", FieldProtection::Signed),
    ("encrypted", FieldProtection::Encrypted),
    ("signed-and-encrypted", FieldProtection::SignedAndEncrypted),
];

pub(super) fn reply_to(options: Options) -> Result<JsValue> {
    let options =
        options.allow(&["opened", "all", "own", "encrypted", "quote", "attribution"], &[])?;
    answer(&options, message::reply)
}

pub(super) fn forward(options: Options) -> Result<JsValue> {
    let options =
        options.allow(&["opened", "encrypted", "quote", "attribution", "fieldNames"], &[])?;
    answer(&options, message::forward)
}

fn answer(
    options: &Options,
    make: impl Fn(Original<'_>, &ReplyOptions) -> Draft,
) -> Result<JsValue> {
    // What else `openMessage` tells is not looked at.
    let opened = options.object("opened")?;
    let headers = opened.objects("headers")?.into_iter().map(field);
    let headers = headers.collect::<Result<Vec<_>>>()?;
    let text = opened.optional_text("text")?;
    let encryptions =
        [("none", (false, true)), ("protected", (true, true)), ("unprotected", (true, false))];
    let expected = "what openMessage tells of a message that could be opened";
    let encryption = opened.choice("encryption", expected, &encryptions)?;
    let (is_encrypted, is_authenticated) = encryption.unwrap_or((false, true));
    let is_verified = opened.optional_text("status")?.as_deref() == Some("verified");
    let original = Original {
        headers: &headers,
        text: text.as_deref(),
        is_encrypted,
        is_authenticated,
        is_verified,
    };
    let how = ReplyOptions {
        all: options.optional_flag("all")?.unwrap_or(false),
        own: options.texts("own")?,
        encrypted: options.optional_flag("encrypted")?,
        quote: options.optional_flag("quote")?,
        attribution: options.optional_text("attribution")?,
        field_names: field_names(options)?,
    };
    Ok(draft(&make(original, &how)))
}

fn field_names(options: &Options) -> Result<Vec<(String, String)>> {
    const KNOWN: [&str; 5] = ["From", "Date", "Subject", "To", "Cc"];
    if options.value("fieldNames")?.is_none() {
        return Ok(Vec::new());
    }
    let given = options.object("fieldNames")?.allow(&KNOWN, &[])?;
    let mut names = Vec::new();
    for field in KNOWN {
        let Some(name) = given.optional_text(field)? else { continue };
        if name.contains(['\r', '\n']) {
            return Err(wrong("fieldNames", "texts on one line"));
        }
        names.push((field.to_owned(), name));
    }
    Ok(names)
}

fn draft(draft: &Draft) -> JsValue {
    let headers: Vec<_> =
        draft.headers.iter().map(|(name, value)| (name.as_str(), value.into())).collect();
    let policy = draft.policy.map(|policy| match policy {
        ConfidentialityPolicy::Clear => "clear",
        ConfidentialityPolicy::Baseline => "baseline",
        ConfidentialityPolicy::Shy => "shy",
    });
    object(&[
        ("to", list(&draft.to, mailbox)),
        ("cc", list(&draft.cc, mailbox)),
        ("subject", (&draft.subject).into()),
        ("headers", object(&headers)),
        ("text", (&draft.text).into()),
        ("mustEncrypt", draft.must_encrypt.into()),
        ("protectHeaders", policy.map_or(JsValue::UNDEFINED, JsValue::from)),
        ("confidentialHeaders", texts(&draft.confidential)),
        ("problems", list(&draft.problems, problem)),
    ])
}

pub(super) fn mailbox(mailbox: &Mailbox) -> JsValue {
    let name = mailbox.name.as_deref().map_or(JsValue::UNDEFINED, JsValue::from);
    object(&[("name", name), ("address", (&mailbox.address).into())])
}

/// A header field as `openMessage` tells it.
pub(super) fn header(field: &HeaderField) -> JsValue {
    let protection = PROTECTIONS.iter().find(|(_, known)| *known == field.protection);
    let optional =
        |value: &Option<String>| value.as_deref().map_or(JsValue::UNDEFINED, JsValue::from);
    object(&[
        ("name", (&field.name).into()),
        ("value", (&field.value).into()),
        (
            "addresses",
            field.addresses.as_ref().map_or(JsValue::UNDEFINED, |all| list(all, mailbox)),
        ),
        ("inner", optional(&field.inner)),
        ("outer", optional(&field.outer)),
        ("protection", protection.map_or("none", |(word, _)| word).into()),
        ("differs", field.differs.into()),
    ])
}

/// By which rules header fields are protected.
pub(super) fn header_scheme(scheme: HeaderScheme) -> JsValue {
    match scheme {
        HeaderScheme::None => "none",
        HeaderScheme::Clear => "clear",
        HeaderScheme::Cipher => "cipher",
        HeaderScheme::ProtectedHeadersV1 => "protected-headers-v1",
        HeaderScheme::Rfc8551 => "rfc8551",
    }
    .into()
}

fn field(options: Options) -> Result<HeaderField> {
    let expected = "'none', 'signed', 'encrypted' or 'signed-and-encrypted'";
    let protection = options.choice("protection", expected, &PROTECTIONS)?;
    Ok(HeaderField {
        name: options.text("name")?,
        value: options.optional_text("value")?.unwrap_or_default(),
        addresses: match options.value("addresses")? {
            Some(_) => {
                let people = options.objects("addresses")?.into_iter().map(write::mailbox);
                Some(people.collect::<Result<_>>()?)
            }
            None => None,
        },
        inner: options.optional_text("inner")?,
        outer: options.optional_text("outer")?,
        protection: protection.unwrap_or(FieldProtection::None),
        differs: options.optional_flag("differs")?.unwrap_or(false),
    })
}
