//! What a signature is worth.

use wasm_bindgen::JsValue;

use super::trust::{REVOCATION, Revocation, revocation_verdict, trust_verdict};
use crate::env::Env;
use crate::error::Result;
use crate::message::{
    self, AuthorVerdict, Moment, Signature, SignatureResult, Status, VerifyOptions,
};
use crate::wasm::options::Options;
use crate::wasm::values::{bytes, certificate, date, list, object, problem};

pub(super) async fn verify(env: &mut Env, options: Options) -> Result<JsValue> {
    let own = ["message", "content", "trustAnchors", "intermediates", "from", "receivedAt"];
    let options = options.allow(&[&own, REVOCATION].concat(), &[])?;
    let (mut message, content) = (options.bytes("message")?, options.optional_bytes("content")?);
    message::take_off_base64(&mut message, env.limits())?;
    let trust_anchors = match options.value("trustAnchors")? {
        Some(_) => Some(options.trust_anchors("trustAnchors")?),
        None => None,
    };
    let intermediates = options.certificates("intermediates")?;
    let from = options.optional_text("from")?;
    let revocation = Revocation::read(&options)?;
    let verified = message::verify(
        env,
        VerifyOptions {
            message: &message,
            content: content.as_deref(),
            trust_anchors: trust_anchors.as_deref(),
            intermediates: &intermediates,
            from: from.as_deref(),
            received_at: options.optional_date("receivedAt")?,
            revocation: revocation.options(),
        },
    )
    .await?;
    Ok(object(&[
        ("content", bytes(&verified.content)),
        ("status", status(verified.status)),
        ("signatures", list(&verified.signatures, signature)),
        ("problems", list(&verified.problems, problem)),
    ]))
}

pub(super) fn status(status: Status) -> JsValue {
    match status {
        Status::Verified => "verified",
        Status::Unverified => "unverified",
        Status::Failed => "failed",
        Status::Unsigned => "unsigned",
    }
    .into()
}

pub(super) fn signature(signature: &SignatureResult) -> JsValue {
    let integrity = match signature.integrity {
        Signature::Intact => "intact",
        Signature::Altered => "altered",
        Signature::Unchecked => "unchecked",
    };
    let author = match signature.author {
        AuthorVerdict::Match => "match",
        AuthorVerdict::Mismatch => "mismatch",
        AuthorVerdict::Unchecked => "unchecked",
    };
    object(&[
        ("integrity", integrity.into()),
        ("trust", trust_verdict(signature.trust)),
        ("author", author.into()),
        ("revocation", revocation_verdict(signature.revocation)),
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
