//! Mozilla's roots for e-mail. JavaScript loads the file (`www/package/mozilla-roots.json`) when a call
//! first names them; here they are read once and kept for the life of the instance.

use core::cell::RefCell;

use js_sys::Date;
use wasm_bindgen::JsValue;

use super::options::Options;
use super::values::{certificate, date, list, object};
use crate::bytes::base64;
use crate::cert::Certificate;
use crate::env::Time;
use crate::error::{Error, Result};
use crate::path::{AnchorLimits, TrustAnchor};

struct Roots {
    source: String,
    date: String,
    licence: String,
    anchors: Vec<TrustAnchor>,
}

std::thread_local! {
    static ROOTS: RefCell<Option<Roots>> = const { RefCell::new(None) };
}

/// Reads the file, given as the object it holds, and keeps the roots.
///
/// # Errors
///
/// Whatever is wrong with it: `usage/…`, `malformed/…`.
pub(super) fn load(file: &Options) -> Result<JsValue> {
    let roots = Roots {
        source: file.text("source")?,
        date: file.text("date")?,
        licence: file.text("licence")?,
        anchors: file.objects("roots")?.iter().map(anchor).collect::<Result<_>>()?,
    };
    ROOTS.set(Some(roots));
    Ok(JsValue::UNDEFINED)
}

/// The roots. Cloning shares the certificates.
///
/// # Errors
///
/// `internal/fault` before [`load`].
pub(super) fn anchors() -> Result<Vec<TrustAnchor>> {
    with(|roots| roots.anchors.clone())
}

/// `MozillaRoots`, as index.d.ts has it.
///
/// # Errors
///
/// `internal/fault` before [`load`].
pub(super) fn describe() -> Result<JsValue> {
    let anchor = |anchor: &TrustAnchor| {
        object(&[
            ("certificate", certificate(&anchor.certificate)),
            ("emailOnly", anchor.limits.email_only.into()),
            ("distrustAfter", anchor.limits.distrust_after.map_or(JsValue::UNDEFINED, date)),
        ])
    };
    with(|roots| {
        object(&[
            ("source", (&roots.source).into()),
            ("date", (&roots.date).into()),
            ("licence", (&roots.licence).into()),
            ("anchors", list(&roots.anchors, anchor)),
        ])
    })
}

/// Where the list comes from and its date, if it was loaded.
pub(super) fn origin() -> Option<(String, String)> {
    with(|roots| (roots.source.clone(), roots.date.clone())).ok()
}

fn with<T>(use_them: impl FnOnce(&Roots) -> T) -> Result<T> {
    ROOTS
        .with_borrow(|roots| roots.as_ref().map(use_them))
        .ok_or(Error::Internal { what: "the roots are not there" })
}

fn anchor(entry: &Options) -> Result<TrustAnchor> {
    let certificate =
        Certificate::from_der(&base64::decode(entry.text("certificate")?.as_bytes())?)?;
    let distrust_after =
        entry.optional_text("distrustAfter")?.map(|text| time(&text)).transpose()?;
    Ok(TrustAnchor {
        certificate,
        // The list says of these that Mozilla trusts them for e-mail, and no more.
        limits: AnchorLimits { distrust_after, email_only: true, ..AnchorLimits::default() },
    })
}

/// A moment as RFC 3339 writes it.
fn time(text: &str) -> Result<Time> {
    let millis = Date::parse(text);
    if millis.is_nan() {
        return Err(Error::UsageWrongOption { option: "distrustAfter", expected: "a moment" });
    }
    Ok(Time::from_millis(millis as i64))
}
