//! Parts, written anew.

use std::borrow::Cow;

use super::{
    LINE, body_becomes_7bit, body_survives, is_7bit, is_data, is_decodable, is_sealed, is_text,
    leaf_survives, survives,
};
use crate::bytes::base64;
use crate::mime::entity::{Entity, canonical};
use crate::mime::field_writer;
use crate::mime::part::{Inside, Multipart, Part};
use crate::mime::quoted_printable;

/// Writes a part: as it is where it survives.
pub(super) fn write(part: &Part<'_>, output: &mut Vec<u8>) {
    if survives(part) {
        output.extend_from_slice(&canonical(part.raw()));
        return;
    }
    let entity = part.entity();
    match part.inside() {
        Inside::Leaf if is_decodable(part) => write_leaf(part, output),
        Inside::Message(message) if !is_7bit(message.raw()) => {
            write_header(entity, label(part), output);
            write(message, output);
        }
        Inside::Multipart(multipart) if !is_sealed(part) => {
            write_header(entity, label(part), output);
            write_multipart(multipart, output);
        }
        Inside::Leaf | Inside::Message(_) | Inside::Multipart(_) => {
            write_header(entity, label(part), output);
            output.extend_from_slice(&canonical(entity.body()));
        }
    }
}

/// What a part that holds others, or that nobody may touch, is labelled: it can only be what they are
/// (RFC 2045, 6.4).
fn label(part: &Part<'_>) -> Option<&'static str> {
    let encoding = part.entity().transfer_encoding();
    match encoding.as_str() {
        "" | "7bit" if !body_becomes_7bit(part) => Some("8bit"),
        "8bit" | "binary" if body_becomes_7bit(part) => Some("7bit"),
        _ => None,
    }
}

/// The fields and the empty line. A transfer encoding takes the place of the one that is there; `7bit`,
/// which is the default, is not added.
fn write_header(entity: &Entity<'_>, encoding: Option<&str>, output: &mut Vec<u8>) {
    const NAME: &str = "Content-Transfer-Encoding";
    let mut is_written = encoding.is_none_or(|encoding| encoding == "7bit");
    for field in entity.fields() {
        match encoding {
            Some(encoding) if field.is(NAME) => {
                output.extend_from_slice(format!("{NAME}: {encoding}\r\n").as_bytes());
                is_written = true;
            }
            _ => push_line(&field_writer::transportable(field), output),
        }
    }
    if let (false, Some(encoding)) = (is_written, encoding) {
        output.extend_from_slice(format!("{NAME}: {encoding}\r\n").as_bytes());
    }
    output.extend_from_slice(b"\r\n");
}

/// Delimiters are written anew, what stands before the first and after the last is left out where it
/// would not survive: nobody reads it (RFC 2046, 5.1.1).
fn write_multipart(multipart: &Multipart<'_>, output: &mut Vec<u8>) {
    let boundary = &multipart.boundary;
    if body_survives(multipart.preamble) && !multipart.preamble.is_empty() {
        push_line(multipart.preamble, output);
    }
    for (index, part) in multipart.parts.iter().enumerate() {
        let line_end = if index == 0 { "" } else { "\r\n" };
        output.extend_from_slice(format!("{line_end}--{boundary}\r\n").as_bytes());
        write(part, output);
    }
    output.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    if body_survives(multipart.epilogue) {
        output.extend_from_slice(&canonical(multipart.epilogue));
    }
}

fn write_leaf(part: &Part<'_>, output: &mut Vec<u8>) {
    let entity = part.entity();
    let body = entity.body();
    match entity.transfer_encoding().as_str() {
        "base64" | "quoted-printable" if leaf_survives(part) => {
            write_header(entity, None, output);
            output.extend_from_slice(&canonical(body));
        }
        "base64" => {
            write_header(entity, None, output);
            write_base64_lines(body, output);
        }
        "quoted-printable" => {
            write_header(entity, None, output);
            quoted_printable::encode(&quoted_printable::decode(&canonical(body)), output);
        }
        _ if leaf_survives(part) => {
            write_header(entity, Some("7bit"), output);
            output.extend_from_slice(&canonical(body));
        }
        _ => write_encoded(part, &octets(part), output),
    }
}

/// The octets a part means that stands there as it is.
fn octets<'a>(part: &Part<'a>) -> Cow<'a, [u8]> {
    let body = part.entity().body();
    if is_data(part) { Cow::Borrowed(body) } else { canonical(body) }
}

fn write_encoded(part: &Part<'_>, octets: &[u8], output: &mut Vec<u8>) {
    // An escape adds two characters, base64 a third of all.
    if is_text(part) && quoted_printable::escapes(octets) <= octets.len() / 6 {
        write_header(part.entity(), Some("quoted-printable"), output);
        quoted_printable::encode(octets, output);
        return;
    }
    write_header(part.entity(), Some("base64"), output);
    let mut encoder = base64::Encoder::new(output);
    encoder.update(octets);
    encoder.finish();
}

/// The characters of base64 in lines that fit. What else is there readers have to ignore (RFC 2045, 6.8).
fn write_base64_lines(body: &[u8], output: &mut Vec<u8>) {
    let is_base64 = |octet: &u8| octet.is_ascii_alphanumeric() || b"+/=".contains(octet);
    let mut column = 0;
    for &octet in body.iter().filter(|octet| is_base64(octet)) {
        if column == LINE {
            output.extend_from_slice(b"\r\n");
            column = 0;
        }
        output.push(octet);
        column += 1;
    }
    if body.ends_with(b"\n") {
        output.extend_from_slice(b"\r\n");
    }
}

fn push_line(text: &[u8], output: &mut Vec<u8>) {
    output.extend_from_slice(&canonical(text));
    if !text.ends_with(b"\n") {
        output.extend_from_slice(b"\r\n");
    }
}
