//! Results, errors and problems as plain JavaScript values.

use js_sys::{Array, Date, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;

use crate::bytes::hex;
use crate::cert::{Certificate, Identity};
use crate::env::Time;
use crate::error::{Detail, Details, Error, Problem, Result};

use super::slab;

/// A plain object. A value `undefined` leaves its name out.
pub(super) fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        if !value.is_undefined() {
            // Only a frozen object or a setter could refuse, and this one is new.
            let _ = Reflect::set(&object, &(*name).into(), value);
        }
    }
    object.into()
}

/// An array.
pub(super) fn list<T>(items: impl IntoIterator<Item = T>, value: impl Fn(T) -> JsValue) -> JsValue {
    items.into_iter().map(value).collect::<Array>().into()
}

/// An array of strings.
pub(super) fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> JsValue {
    list(items, |item| item.as_ref().into())
}

/// The bytes, copied out of the module.
pub(super) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// A `Date`.
pub(super) fn date(time: Time) -> JsValue {
    Date::new(&(time.as_millis() as f64).into()).into()
}

/// A `CertificateData`.
pub(super) fn certificate(certificate: &Certificate) -> JsValue {
    let (algorithm, bits) = certificate.public_key().describe();
    object(&[
        ("der", bytes(certificate.der())),
        ("subject", certificate.subject_text().into()),
        ("issuer", certificate.issuer_text().into()),
        ("serialNumber", hex::encode(certificate.serial_number()).into()),
        ("fingerprint", hex::encode(certificate.fingerprint()).into()),
        ("addresses", texts(certificate.addresses())),
        ("notBefore", date(certificate.not_before())),
        ("notAfter", date(certificate.not_after())),
        ("publicKey", object(&[("algorithm", algorithm.into()), ("bits", bits.into())])),
        ("canSign", (certificate.allows_email() && certificate.allows_signing()).into()),
        ("canEncrypt", (certificate.allows_email() && certificate.allows_encryption()).into()),
        ("isCa", certificate.basic_constraints().is_some_and(|basic| basic.ca).into()),
    ])
}

/// An identity that is now in the slab.
pub(super) fn identity(identity: Identity) -> Result<JsValue> {
    let (own, chain) = (certificate(identity.certificate()), list(identity.chain(), certificate));
    let id = slab::insert(identity)?;
    Ok(object(&[("id", id.into()), ("certificate", own), ("chain", chain)]))
}

/// A `Problem`.
pub(super) fn problem(problem: &Problem) -> JsValue {
    object(&[("code", problem.code.as_str().into()), ("details", details(&problem.details))])
}

/// What `SmimeError` is made from.
pub(super) fn error(error: &Error) -> JsValue {
    object(&[
        ("code", error.code().into()),
        ("message", error.to_string().into()),
        ("details", details(&error.details())),
    ])
}

fn details(details: &Details) -> JsValue {
    let object = Object::new();
    for (name, detail) in details {
        let value = match detail {
            Detail::Text(words) => words.into(),
            // Counts and sizes stay far below 2^53.
            Detail::Number(number) => (*number as f64).into(),
            Detail::Time(time) => date(*time),
            Detail::List(words) => texts(words),
            Detail::Flag(flag) => (*flag).into(),
        };
        let _ = Reflect::set(&object, &(*name).into(), &value);
    }
    object.into()
}
