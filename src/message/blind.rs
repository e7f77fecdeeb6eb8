//! Blind copies that are named where they can't be taken out any more: in what is signed already, as in a
//! copy that its sender kept.

use crate::asn1::{oids, to_der};
use crate::cms::{Content, ContentInfo};
use crate::env::Env;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;
use crate::message::input::{Input, Outside};
use crate::mime::{Entity, Field, decode_body, split_signed};

/// Whether the field says who gets a blind copy.
pub(super) fn is_blind(field: &Field<'_>) -> bool {
    NAMES.iter().any(|name| field.is(name))
}

const NAMES: [&str; 2] = ["Bcc", "Resent-Bcc"];

/// Looks into all layers of a message that no key is needed for. Its own header is not asked.
///
/// # Errors
///
/// `usage/wrong-option` for such a field, or a layer that can't be read; `limit/…`, `aborted`.
pub(super) async fn refuse_blind_inside(env: &mut Env, message: &[u8]) -> Result<()> {
    let limits = *env.limits();
    let mut decompressed_left = limits.decompressed_bytes;
    let mut next = inside(env, message, &mut decompressed_left, false).await;
    for _ in 0..=limits.layers {
        let content = match next {
            Ok(None) => return Ok(()),
            Ok(Some(content)) => content,
            Err(
                error @ (Error::Limit { .. } | Error::Aborted | Error::UsageWrongOption { .. }),
            ) => return Err(error),
            Err(_) => return Err(refused("readable in what is signed already")),
        };
        next = inside(env, &content, &mut decompressed_left, true).await;
    }
    let (required, allowed) = (limits.layers as u64 + 1, limits.layers as u64);
    Err(Error::Limit { limit: Limit::Layers, required, allowed })
}

/// The next layer; `None` where there is none, or a key is needed for it.
async fn inside(
    env: &mut Env,
    message: &[u8],
    decompressed_left: &mut usize,
    is_inside: bool,
) -> Result<Option<Vec<u8>>> {
    let limits = *env.limits();
    let input = Input::read(message, &limits)?;
    if let Some(entity) = input.entity.as_ref().filter(|_| is_inside) {
        // Another reader may find fields where this one finds none.
        if !entity.is_exact() {
            return Err(NO_FIELD);
        }
        if names_blind(entity) {
            return Err(refused("without Bcc in what is signed already"));
        }
    }
    match (input.outside, input.entity) {
        (Outside::Detached { content, .. }, _) => Ok(Some(content.to_vec())),
        (Outside::Cms(cms), _) => in_cms(env, &cms, decompressed_left, &limits).await,
        (Outside::Plain, Some(entity)) => in_entity(&entity, is_inside),
        (Outside::Plain, None) => Err(NO_FIELD),
    }
}

const NO_FIELD: Error = Error::MalformedMime { rule: "a line of the header is no field" };

fn refused(expected: &'static str) -> Error {
    Error::UsageWrongOption { option: "message", expected }
}

fn names_blind(entity: &Entity<'_>) -> bool {
    entity.fields().iter().any(|field| {
        // RFC 9788, 2.2: how a field stood outside.
        let record = if field.is("HP-Outer") { field.unfolded() } else { String::new() };
        let recorded = record.split_once(':').map(|(name, _)| name.trim()).unwrap_or_default();
        is_blind(field) || NAMES.iter().any(|name| name.eq_ignore_ascii_case(recorded))
    })
}

async fn in_cms(
    env: &mut Env,
    cms: &[u8],
    decompressed_left: &mut usize,
    limits: &Limits,
) -> Result<Option<Vec<u8>>> {
    let der = to_der(cms, limits)?;
    match ContentInfo::from_der(&der)?.open(limits)? {
        Content::SignedData(signed) if signed.content_type == oids::DATA => {
            Ok(signed.content.map(<[u8]>::to_vec))
        }
        Content::SignedData(_) => Err(Error::UnsupportedStructure { structure: "This content" }),
        Content::CompressedData(compressed) => {
            let content = compressed.open(env, *decompressed_left).await?;
            *decompressed_left = decompressed_left.saturating_sub(content.len());
            Ok(Some(content))
        }
        Content::EnvelopedData(_) | Content::AuthEnvelopedData(_) => Ok(None),
    }
}

/// What no S/MIME covers: signed otherwise, or a message with the header of what is sent (RFC 8551, 3.1).
fn in_entity(entity: &Entity<'_>, is_inside: bool) -> Result<Option<Vec<u8>>> {
    let content_type = entity.content_type();
    match content_type.essence() {
        "multipart/signed" => {
            let boundary = content_type.parameter("boundary").unwrap_or_default();
            Ok(Some(split_signed(entity.body(), boundary)?.content.to_vec()))
        }
        "message/rfc822" | "message/global" if is_inside => {
            Ok(Some(decode_body(entity)?.into_owned()))
        }
        _ => Ok(None),
    }
}
