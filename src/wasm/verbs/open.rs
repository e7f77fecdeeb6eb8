//! Whole messages, layer by layer.

use wasm_bindgen::JsValue;

use super::draft::{header, header_scheme};
use super::read::{Means, decrypted_with, integrity};
use super::trust::{REVOCATION, Revocation};
use super::verify::{signature, status};
use crate::env::Env;
use crate::error::Result;
use crate::message::{
    self, AttachedPart, Body, Encryption, OpenOptions, OpenedLayer, OpenedMessage, PartKind,
    TransferEncoding, UnopenedKind, VerifyOptions, View,
};
use crate::wasm::options::Options;
use crate::wasm::values::{bytes, certificate, error, list, object, problem, texts};

pub(super) async fn open_message(env: &mut Env, options: Options) -> Result<JsValue> {
    let own = [
        "message",
        "content",
        "identities",
        "passwords",
        "keys",
        "trustAnchors",
        "intermediates",
        "from",
        "receivedAt",
    ];
    let options = options.allow(&[&own, REVOCATION].concat(), &[])?;
    let (message, content) = (options.bytes("message")?, options.optional_bytes("content")?);
    let means = Means::read(&options)?;
    let trust_anchors = match options.value("trustAnchors")? {
        Some(_) => Some(options.trust_anchors("trustAnchors")?),
        None => None,
    };
    let intermediates = options.certificates("intermediates")?;
    let from = options.optional_text("from")?;
    let revocation = Revocation::read(&options)?;
    let verify = VerifyOptions {
        content: content.as_deref(),
        trust_anchors: trust_anchors.as_deref(),
        intermediates: &intermediates,
        from: from.as_deref(),
        received_at: options.optional_date("receivedAt")?,
        revocation: revocation.options(),
        ..VerifyOptions::new(&[])
    };
    // Here it takes the caller's word, where `verify` needs none.
    let may_fetch_unprotected = options.optional_flag("mayFetch")?.unwrap_or(false);
    let options = OpenOptions { openers: means.openers(), verify, may_fetch_unprotected };
    Ok(result(&message::open(env, message, options).await?))
}

/// For an attachment of `openMessage`'s, when somebody asks for it.
pub(super) fn decode_part(options: Options) -> Result<JsValue> {
    let options = options.allow(&["data", "encoding"], &[])?;
    let encodings = [
        ("identity", TransferEncoding::Identity),
        ("base64", TransferEncoding::Base64),
        ("quoted-printable", TransferEncoding::QuotedPrintable),
    ];
    let expected = "'identity', 'base64' or 'quoted-printable'";
    let encoding = options.choice("encoding", expected, &encodings)?;
    let encoding = encoding.unwrap_or(TransferEncoding::Identity);
    Ok(bytes(&message::decode_part(&options.bytes("data")?, encoding)?))
}

pub(in crate::wasm) fn result(opened: &OpenedMessage) -> JsValue {
    let encryption = match opened.encryption {
        Encryption::None => "none",
        Encryption::Protected => "protected",
        Encryption::Unprotected => "unprotected",
        Encryption::Locked => "locked",
    };
    object(&[
        ("status", opened.status.map_or(JsValue::from("unknown"), status)),
        ("encryption", encryption.into()),
        ("smimeStatus", opened.smime_status().map_or(JsValue::NULL, JsValue::from)),
        ("content", opened.content.as_deref().map_or(JsValue::UNDEFINED, bytes)),
        ("headers", list(&opened.headers.fields, header)),
        ("headerProtection", header_scheme(opened.headers.scheme)),
        ("view", opened.view.as_ref().map_or(JsValue::UNDEFINED, view)),
        ("signatures", list(opened.signatures(), signature)),
        ("layers", list(&opened.layers, |one| layer(opened, one))),
        ("problems", list(&opened.problems, problem)),
        ("error", opened.error().map_or(JsValue::UNDEFINED, error)),
    ])
}

fn layer(opened: &OpenedMessage, layer: &OpenedLayer) -> JsValue {
    match layer {
        OpenedLayer::Signed { is_detached, status: worth, signatures, problems } => object(&[
            ("kind", "signed".into()),
            ("form", if *is_detached { "detached" } else { "opaque" }.into()),
            ("status", status(*worth)),
            ("signatures", list(signatures, signature)),
            ("problems", list(problems, problem)),
        ]),
        OpenedLayer::Encrypted { integrity: kept, cipher, opener, problems } => object(&[
            ("kind", "encrypted".into()),
            ("integrity", integrity(*kept)),
            ("cipher", cipher.name().into()),
            ("decryptedWith", decrypted_with(*opener)),
            ("problems", list(opened.told_of(problems), problem)),
        ]),
        OpenedLayer::Compressed => object(&[("kind", "compressed".into())]),
        OpenedLayer::Certificates(certificates) => object(&[
            ("kind", "certificates".into()),
            ("certificates", list(certificates, certificate)),
        ]),
        OpenedLayer::Unopened { kind, error: reason, recipients: _ } => {
            let (kind, form) = match kind {
                UnopenedKind::Detached => ("signed", JsValue::from("detached")),
                UnopenedKind::Opaque => ("signed", JsValue::from("opaque")),
                UnopenedKind::Encrypted => ("encrypted", JsValue::UNDEFINED),
                UnopenedKind::Compressed => ("compressed", JsValue::UNDEFINED),
                UnopenedKind::Other => ("other", JsValue::UNDEFINED),
            };
            object(&[("kind", kind.into()), ("form", form), ("error", error(reason))])
        }
    }
}

fn view(view: &View) -> JsValue {
    object(&[
        ("bodies", list(&view.bodies, body)),
        ("attachments", list(&view.attachments, attachment)),
    ])
}

fn body(body: &Body) -> JsValue {
    let html = body.html.as_ref().map(|html| {
        object(&[
            ("unsafe", (&html.raw).into()),
            ("remoteReferences", texts(&html.remote_references)),
        ])
    });
    object(&[
        ("text", (&body.text).into()),
        ("isFromHtml", body.is_from_html.into()),
        ("html", html.unwrap_or_default()),
    ])
}

fn attachment(part: &AttachedPart) -> JsValue {
    let kind = match part.kind {
        PartKind::File => "file",
        PartKind::Message => "message",
        PartKind::Encrypted => "encrypted",
        PartKind::Signed => "signed",
        PartKind::Signature => "signature",
        PartKind::Smime => "smime",
    };
    let encoding = match part.encoding {
        TransferEncoding::Identity => "identity",
        TransferEncoding::Base64 => "base64",
        TransferEncoding::QuotedPrintable => "quoted-printable",
    };
    object(&[
        ("name", part.name.as_deref().into()),
        ("type", (&part.content_type).into()),
        ("contentId", part.content_id.as_deref().into()),
        ("isInline", part.is_inline.into()),
        ("kind", kind.into()),
        ("size", (part.size as f64).into()),
        // For the package: the body in `content`, and how it is encoded.
        ("start", (part.range.start as f64).into()),
        ("end", (part.range.end as f64).into()),
        ("encoding", encoding.into()),
    ])
}
