//! What a caller hands in: a whole message or bare CMS, in all the shapes real clients write.

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;

use crate::asn1::tag;
use crate::bytes::{base64, offset_in};
use crate::cert::pem_blocks;
use crate::cms::announced_content_type;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;
use crate::mime::{ContentType, Entity, decode_body, split_signed};

/// A message, opened as far as MIME goes.
#[derive(Debug)]
pub(super) struct Input<'a> {
    /// The message's header and body; `None` for bare CMS and for what is no MIME.
    pub(super) entity: Option<Entity<'a>>,
    /// What the message is on the outside.
    pub(super) outside: Outside<'a>,
}

/// The outermost layer.
#[derive(Debug)]
pub(super) enum Outside<'a> {
    /// No S/MIME.
    Plain,
    /// multipart/signed (RFC 8551, 3.5.3).
    Detached {
        /// The signed entity, exactly.
        content: &'a [u8],
        /// A ContentInfo in BER.
        cms: Cow<'a, [u8]>,
    },
    /// application/pkcs7-mime (RFC 8551, 3.2) or bare CMS.
    Cms(Cow<'a, [u8]>),
}

impl<'a> Input<'a> {
    /// # Errors
    ///
    /// `limit/input-bytes`, `malformed/mime`.
    pub(super) fn read(message: &'a [u8], limits: &Limits) -> Result<Input<'a>> {
        if message.len() > limits.input_bytes {
            return Err(Error::Limit {
                limit: Limit::InputBytes,
                required: message.len() as u64,
                allowed: limits.input_bytes as u64,
            });
        }
        if let Some(cms) = bare_cms(message)? {
            return Ok(Input { entity: None, outside: Outside::Cms(cms) });
        }
        let entity = match Entity::parse(message, limits) {
            Ok(entity) => entity,
            // Encrypted or signed content need not be MIME; it carries no S/MIME then.
            Err(Error::MalformedMime { .. }) => {
                return Ok(Input { entity: None, outside: Outside::Plain });
            }
            Err(error) => return Err(error),
        };
        let outside = outside(&entity, limits)?;
        Ok(Input { entity: Some(entity), outside })
    }
}

/// What the outermost layer of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outermost {
    /// No S/MIME.
    Plain,
    /// multipart/signed.
    Detached,
    /// CMS, and the content type its first bytes announce.
    Cms(Option<ObjectIdentifier>),
}

/// Tells it from as little of the message as possible.
///
/// # Errors
///
/// `limit/input-bytes`, `malformed/mime`, `malformed/cms`.
pub(super) fn outermost(message: &[u8], limits: &Limits) -> Result<Outermost> {
    if let Some((_, body)) = base64_of_cms(message, limits) {
        let start = decoded_start(message, body)?;
        if start.first() == Some(&tag::SEQUENCE) {
            return Ok(Outermost::Cms(announced_content_type(&start)));
        }
    }
    Ok(match Input::read(message, limits)?.outside {
        Outside::Plain => Outermost::Plain,
        Outside::Detached { .. } => Outermost::Detached,
        Outside::Cms(cms) => Outermost::Cms(announced_content_type(&cms)),
    })
}

/// Takes the base64 off the body of an application/pkcs7-mime message, in place and with its
/// Content-Transfer-Encoding as it is then, if the CMS that begins so is wanted. Of such a message
/// nothing large is copied any more when it is read. Whatever else a message is stays as it is.
///
/// # Errors
///
/// `malformed/mime` for base64 that is none; what is in `message` then is of no use.
pub(super) fn decode_in_place(
    message: &mut Vec<u8>,
    limits: &Limits,
    is_wanted: impl Fn(&[u8]) -> bool,
) -> Result<()> {
    let Some((encoding, body)) = base64_of_cms(message, limits) else { return Ok(()) };
    if !is_wanted(&decoded_start(message, body)?) {
        return Ok(());
    }
    if let Some(word) = message.get_mut(encoding..encoding + BASE64.len()) {
        word.copy_from_slice(b"binary");
    }
    base64::decode_in_place(message, body)
}

/// The first bytes of what a body in base64 encodes.
fn decoded_start(message: &[u8], body: usize) -> Result<Vec<u8>> {
    const START: usize = 4_000;
    let start = message.get(body..).unwrap_or_default();
    base64::decode_start(start.get(..start.len().min(START)).unwrap_or_default())
}

const BASE64: &str = "base64";

/// Where the word `base64` stands and where the body begins.
fn base64_of_cms(message: &[u8], limits: &Limits) -> Option<(usize, usize)> {
    if bare_cms(message).ok()?.is_some() {
        return None;
    }
    let entity = Entity::parse(message, limits).ok()?;
    let field = entity.named("Content-Transfer-Encoding").next()?;
    let is_base64 = field.unfolded().eq_ignore_ascii_case(BASE64);
    if !is_base64 || !is_pkcs7(entity.content_type().essence()) {
        return None;
    }
    let raw = field.raw();
    let word =
        raw.windows(BASE64.len()).rposition(|w| w.eq_ignore_ascii_case(BASE64.as_bytes()))?;
    Some((offset_in(message, raw)? + word, message.len() - entity.body().len()))
}

/// Whether this is CMS without a message around it.
pub(super) fn is_bare_cms(data: &[u8]) -> bool {
    !matches!(bare_cms(data), Ok(None))
}

/// DER or BER, PEM, or base64 alone: what `.p7m`, `.p7s` and `.p7b` files hold.
fn bare_cms(data: &[u8]) -> Result<Option<Cow<'_, [u8]>>> {
    match data.first() {
        Some(&tag::SEQUENCE) => Ok(Some(Cow::Borrowed(data))),
        Some(b'-') => pem(data),
        // The base64 of a SEQUENCE with a length of two or more octets, or of none.
        Some(b'M') if data.starts_with(b"MI") => Ok(base64::decode(data).ok().map(Cow::Owned)),
        _ => Ok(None),
    }
}

fn pem(data: &[u8]) -> Result<Option<Cow<'_, [u8]>>> {
    let labels = ["PKCS7", "CMS", "PKCS #7 SIGNED DATA"];
    let mut blocks = pem_blocks(data).into_iter();
    if let Some(block) = blocks.find(|block| labels.contains(&block.label.as_str())) {
        return Ok(Some(Cow::Owned(block.bytes)));
    }
    // Cut off, or no base64: that is no plain message either.
    if labels.iter().any(|label| data.starts_with(format!("-----BEGIN {label}-----").as_bytes())) {
        return Err(Error::MalformedCms { rule: "the PEM block is damaged" });
    }
    Ok(None)
}

fn outside<'a>(entity: &Entity<'a>, limits: &Limits) -> Result<Outside<'a>> {
    let content_type = entity.content_type();
    if content_type.essence() == "multipart/signed" {
        let protocol = content_type.parameter("protocol").unwrap_or_default().to_ascii_lowercase();
        if protocol == "application/pgp-signature" {
            return Ok(Outside::Plain);
        }
        let boundary = content_type.parameter("boundary").unwrap_or_default();
        let parts = split_signed(entity.body(), boundary)?;
        let signature = Entity::parse(parts.signature, limits)?;
        return Ok(Outside::Detached { content: parts.content, cms: decode_body(&signature)? });
    }
    if !may_be_cms(entity) {
        return Ok(Outside::Plain);
    }
    let body = decode_body(entity)?;
    Ok(match body.first() {
        Some(&tag::SEQUENCE) => Outside::Cms(body),
        // Some gateways write PEM or a second base64 into the part.
        _ => match bare_cms(&body)? {
            Some(cms) => Outside::Cms(Cow::Owned(cms.into_owned())),
            None if is_pkcs7(content_type.essence()) => {
                return Err(Error::MalformedCms { rule: "the part holds no ContentInfo" });
            }
            None => Outside::Plain,
        },
    })
}

pub(super) fn is_pkcs7(essence: &str) -> bool {
    matches!(
        essence,
        "application/pkcs7-mime"
            | "application/x-pkcs7-mime"
            | "application/pkcs7-signature"
            | "application/x-pkcs7-signature"
            | "application/cms"
    )
}

/// By the media type, or, for the types gateways exchange it for, by the file name.
fn may_be_cms(entity: &Entity<'_>) -> bool {
    let content_type = entity.content_type();
    if is_pkcs7(content_type.essence()) {
        return true;
    }
    if !matches!(content_type.essence(), "application/octet-stream" | "application/binary") {
        return false;
    }
    file_names(entity).any(|name| {
        let name = name.to_ascii_lowercase();
        [".p7m", ".p7s", ".p7z", ".p7c"].iter().any(|extension| name.ends_with(extension))
    })
}

/// The names that the content is to have as a file: `filename`, and the older `name`.
pub(super) fn file_names(entity: &Entity<'_>) -> impl Iterator<Item = String> {
    let disposition = entity.named("Content-Disposition").next().map(|field| field.unfolded());
    // The value is a token with parameters, like a media type without its subtype.
    let disposition = disposition.and_then(|value| ContentType::parse(&format!("a/{value}")));
    let file_name = disposition.and_then(|value| value.parameter("filename").map(str::to_owned));
    let name = entity.content_type().parameter("name").map(str::to_owned);
    [file_name, name].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_off(message: &[u8]) -> Vec<u8> {
        let mut message = message.to_vec();
        decode_in_place(&mut message, &Limits::default(), |_| true).unwrap();
        message
    }

    #[test]
    fn base64_is_taken_off_cms_alone() {
        let type_ = "Content-Type: application/pkcs7-mime; name=base64.p7m\r\n";
        let message = format!("{type_}Content-Transfer-Encoding:\r\n Base64 \r\n\r\nMAMCAQE=\r\n");
        let mut expected =
            format!("{type_}Content-Transfer-Encoding:\r\n binary \r\n\r\n").into_bytes();
        expected.extend_from_slice(b"\x30\x03\x02\x01\x01");
        assert_eq!(taken_off(message.as_bytes()), expected);
        let limits = Limits::default();
        let input = Input::read(&expected, &limits).unwrap();
        assert!(matches!(input.outside, Outside::Cms(Cow::Borrowed(b"\x30\x03\x02\x01\x01"))));
        for other in [
            "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nMAMCAQE=\r\n",
            "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: 7bit\r\n\r\nMAMCAQE=",
            "MIADAgEB",
            "",
        ] {
            assert_eq!(taken_off(other.as_bytes()), other.as_bytes());
        }
        let mut damaged = message.replace("AM", "!!").into_bytes();
        assert!(decode_in_place(&mut damaged, &limits, |_| true).is_err());
    }
}
