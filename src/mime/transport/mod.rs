//! Content that is to be signed, as it survives transport (RFC 8551, 3.1.3; RFC 2049, 3).
//!
//! What survives already is not touched. A part is written anew, and so are the multiparts and messages
//! around it, where something on the way could change it:
//!
//! * octets beyond 7 bits, NUL, or a CR or LF that ends no line;
//! * a line over 76 characters, or one that ends in white space;
//! * a line that begins with `From ` (mailboxes) or a dot (SMTP);
//! * a label that says 8bit or binary (a relay that knows 7 bits only would convert the part).
//!
//! Text becomes quoted-printable, or base64 where that is shorter, everything else becomes base64. What
//! has been signed or encrypted before is never touched, and neither is a message/rfc822 in 7 bits, nor
//! what stands in an encoding nobody knows. If any of these has 8 bits, the whole has.

mod writer;

use self::writer::write;
use super::entity::{canonical, is_canonical, without_line_end};
use super::field_writer::{self, LONGEST};
use super::part::{Inside, Part};
use crate::error::Result;
use crate::limits::Limits;

/// The message, or the entity that is to be signed, as it survives, with its line ends as CRLF; `None` if
/// it is so already.
///
/// # Errors
///
/// `limit/mime-depth`, `limit/mime-parts`, `limit/header-fields`, `malformed/mime`.
pub fn transportable(entity: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>> {
    let part = Part::parse(entity, limits)?;
    if survives(&part) {
        return Ok((!is_canonical(entity)).then(|| canonical(entity).into_owned()));
    }
    let mut output = Vec::with_capacity(entity.len() / 2 * 3);
    write(&part, &mut output);
    Ok(Some(output))
}

/// The entity with its line ends as CRLF, where nothing on the way can change it; `None` if it is so
/// already. Only where the line ends of data would be changed with the others it is written anew as
/// above.
///
/// # Errors
///
/// Those of [`transportable`].
pub(super) fn canonical_entity(entity: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>> {
    if is_canonical(entity) {
        return Ok(None);
    }
    if has_lines_in_data(&Part::parse(entity, limits)?) {
        return transportable(entity, limits);
    }
    Ok(Some(canonical(entity).into_owned()))
}

fn has_lines_in_data(part: &Part<'_>) -> bool {
    match part.inside() {
        _ if is_sealed(part) => false,
        Inside::Leaf => is_decodable(part) && !is_canonical(part.entity().body()) && is_data(part),
        Inside::Message(message) => has_lines_in_data(message),
        Inside::Multipart(multipart) => multipart.parts.iter().any(has_lines_in_data),
    }
}

/// Characters on a line of a body at most (RFC 2045, 6.7 and 6.8).
const LINE: usize = 76;

fn survives(part: &Part<'_>) -> bool {
    let entity = part.entity();
    let is_labelled = matches!(entity.transfer_encoding().as_str(), "8bit" | "binary");
    entity.fields().iter().all(|field| field_writer::survives(field.raw()))
        && (!is_labelled || !body_becomes_7bit(part))
        && match part.inside() {
            _ if is_sealed(part) => true,
            Inside::Leaf if !is_decodable(part) => true,
            Inside::Leaf => leaf_survives(part),
            Inside::Message(message) => is_7bit(message.raw()) || survives(message),
            Inside::Multipart(multipart) => {
                let aside = [multipart.preamble, multipart.epilogue];
                !multipart.is_padded
                    && aside.iter().all(|text| body_survives(text))
                    && multipart.parts.iter().all(survives)
            }
        }
}

/// Whether somebody's signature or encryption is over it.
fn is_sealed(part: &Part<'_>) -> bool {
    matches!(part.essence(), "multipart/signed" | "multipart/encrypted")
}

/// Whether the octets behind the transfer encoding can be had.
fn is_decodable(part: &Part<'_>) -> bool {
    matches!(
        part.entity().transfer_encoding().as_str(),
        "" | "7bit" | "8bit" | "binary" | "quoted-printable" | "base64"
    ) && !part.essence().starts_with("multipart/")
}

/// Whether the body does, as the octets that it means.
fn leaf_survives(part: &Part<'_>) -> bool {
    let body = part.entity().body();
    if is_data(part) {
        // Here LF alone is an octet as any other, which would become CRLF.
        body.split_inclusive(|&octet| octet == b'\n')
            .all(|line| line_survives(line) && (line.ends_with(b"\r\n") || !line.ends_with(b"\n")))
    } else {
        body_survives(body)
    }
}

/// Whether text reaches its reader as it is. LF alone counts as a line end here.
fn body_survives(body: &[u8]) -> bool {
    body.split_inclusive(|&octet| octet == b'\n').all(line_survives)
}

fn line_survives(line: &[u8]) -> bool {
    // Some who take white space away mean all that C's isspace does.
    const BLANK: [u8; 4] = [b' ', b'\t', 0x0b, 0x0c];
    let line = without_line_end(line);
    line.len() <= LINE
        && is_7bit_line(line)
        && !line.last().is_some_and(|octet| BLANK.contains(octet))
        && !line.starts_with(b".")
        && !line.starts_with(b"From ")
}

/// Whether each octet counts. Text is lines, and where a whole message has LF for its line ends, so have
/// its parts, unless they say that they are binary or are so obviously.
fn is_data(part: &Part<'_>) -> bool {
    let body = part.entity().body();
    let header = part.raw().get(..part.raw().len() - body.len()).unwrap_or_default();
    let is_binary = || part.entity().transfer_encoding() == "binary" || body.contains(&0);
    !is_text(part) && (is_canonical(header) || is_binary())
}

/// Text with NUL in it is UTF-16 or none at all.
fn is_text(part: &Part<'_>) -> bool {
    let is_named_so = ["text/", "message/"].iter().any(|kind| part.essence().starts_with(kind));
    is_named_so && !part.entity().body().contains(&0)
}

/// RFC 2045, 2.7.
fn is_7bit(bytes: &[u8]) -> bool {
    bytes
        .split_inclusive(|&octet| octet == b'\n')
        .map(without_line_end)
        .all(|line| line.len() <= LONGEST && is_7bit_line(line))
}

fn is_7bit_line(line: &[u8]) -> bool {
    // No early exit, so that the compiler can take many octets at once.
    line.iter().fold(true, |fits, &octet| fits & (octet < 0x80) & (octet != 0) & (octet != b'\r'))
}

/// Whether nothing of the part is beyond 7 bits when it is written.
fn becomes_7bit(part: &Part<'_>) -> bool {
    let mut fields = part.entity().fields().iter();
    fields.all(|field| field_writer::transportable(field).is_ascii()) && body_becomes_7bit(part)
}

/// What its transfer encoding is about (RFC 2045, 6.1).
fn body_becomes_7bit(part: &Part<'_>) -> bool {
    match part.inside() {
        Inside::Message(message) => is_7bit(message.raw()) || becomes_7bit(message),
        Inside::Multipart(multipart) if !is_sealed(part) => {
            multipart.parts.iter().all(becomes_7bit)
        }
        Inside::Leaf | Inside::Multipart(_) => is_decodable(part) || is_7bit(part.entity().body()),
    }
}

#[cfg(test)]
mod tests;
