//! What a mail list shows before anything is opened.

use wasm_bindgen::JsValue;

use super::draft::mailbox;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::message::{self, Described, Mailbox, MessageKind};
use crate::wasm::options::Options;
use crate::wasm::values::{date, list, object, problem};

pub(super) fn classify(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(&["headers", "bodyStructure"], &[])?;
    let headers = options.optional_bytes("headers")?;
    let structure = match options.value("bodyStructure")? {
        Some(value) => match value.as_string() {
            Some(text) => Some(text.into_bytes()),
            None => options.optional_bytes("bodyStructure")?,
        },
        None => None,
    };
    let described = match (&headers, &structure) {
        (Some(headers), None) => Described::Headers(headers),
        (None, Some(structure)) => Described::BodyStructure(structure),
        (None, None) => return Err(Error::UsageMissingOption { option: "headers" }),
        (Some(_), Some(_)) => {
            return Err(Error::UsageWrongOption {
                option: "headers",
                expected: "absent where bodyStructure is given",
            });
        }
    };
    let found = message::classify(described, env.limits())?;
    let optional =
        |value: &Option<String>| value.as_deref().map_or(JsValue::UNDEFINED, JsValue::from);
    Ok(object(&[
        ("kind", kind(&found.kind)),
        ("mayBe", list(&found.may_be, kind)),
        ("contains", list(&found.contains, kind)),
        ("smimeType", optional(&found.smime_type)),
        ("fileName", optional(&found.file_name)),
        ("problems", list(&found.problems, problem)),
    ]))
}

pub(super) fn summarize(env: &mut Env, options: Options) -> Result<JsValue> {
    let options = options.allow(&["headers"], &[])?;
    let row = message::summarize(&options.bytes("headers")?, env.limits())?;
    let people = |people: &[Mailbox]| list(people, mailbox);
    Ok(object(&[
        ("from", people(&row.from)),
        ("to", people(&row.to)),
        ("cc", people(&row.cc)),
        ("bcc", people(&row.bcc)),
        ("subject", row.subject.into()),
        ("date", row.date.map_or(JsValue::UNDEFINED, date)),
    ]))
}

fn kind(kind: &MessageKind) -> JsValue {
    match kind {
        MessageKind::Signed => "signed",
        MessageKind::Encrypted => "encrypted",
        MessageKind::EncryptedAuthenticated => "encrypted-authenticated",
        MessageKind::OpaqueSigned => "opaque-signed",
        MessageKind::Certificates => "certificates",
        MessageKind::Compressed => "compressed",
        MessageKind::Plain => "plain",
        MessageKind::Unknown => "unknown",
    }
    .into()
}
