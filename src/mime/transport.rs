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

use std::borrow::Cow;

use super::entity::{Entity, canonical, is_canonical, without_line_end};
use super::field_writer::{self, LONGEST};
use super::part::{Inside, Multipart, Part};
use super::quoted_printable;
use crate::bytes::base64;
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

fn write(part: &Part<'_>, output: &mut Vec<u8>) {
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
            quoted_printable::encode(&canonical(&quoted_printable::decode(body)), output);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn written(entity: &[u8]) -> Option<String> {
        let output = transportable(entity, &Limits::default()).unwrap()?;
        // Nothing is left to do, and the octets are those of mail.
        assert_eq!(transportable(&output, &Limits::default()).unwrap(), None);
        assert!(is_canonical(&output));
        Some(String::from_utf8(output).unwrap())
    }

    fn text(body: &str) -> String {
        let entity = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{body}");
        let Some(written) = written(entity.as_bytes()) else { return body.to_owned() };
        let (header, body) = written.split_once("\r\n\r\n").unwrap();
        let (_, encoding) = header.split_once("Content-Transfer-Encoding: ").unwrap();
        format!("{encoding}: {body}")
    }

    #[test]
    fn only_what_would_change_on_the_way_is_encoded() {
        for body in ["", "x", "a = b\r\n >From .. - \r\n\r\n\tx\x1b\r\n", "-- x\r\n"] {
            assert_eq!(text(&body.replace("- \r", "-\r")), body.replace("- \r", "-\r"));
        }
        assert_eq!(text(&"x".repeat(76)), "x".repeat(76));
        for (body, encoded) in [
            ("From a\r\n", "=46rom a\r\n"),
            (".\r\n", "=2E\r\n"),
            ("a \r\nb\t", "a=20\r\nb=09"),
            ("a\rb\r\n", "a=0Db\r\n"),
            ("1234567890 \u{fc}\r\n", "1234567890 =C3=BC\r\n"),
        ] {
            assert_eq!(text(body), format!("quoted-printable: {encoded}"), "{body:?}");
        }
        let long = format!("quoted-printable: {}=\r\nxx", "x".repeat(75));
        assert_eq!(text(&"x".repeat(77)), long);
        assert_eq!(text("\u{20ac}\r\n"), "base64: 4oKsDQo=\r\n");
        // UTF-16: each octet counts, a line end is none.
        assert_eq!(text("a\0\n\0"), "base64: YQAKAA==\r\n");
        assert_eq!(written(b"A: b\n\na\nb\n").as_deref(), Some("A: b\r\n\r\na\r\nb\r\n"));
    }

    #[test]
    fn data_keeps_each_octet() {
        let field = "Content-Transfer-Encoding: binary\n";
        for (entity, expected) in [
            (
                "Content-Type: a/b\r\n\r\nx\ny",
                "Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\neAp5\r\n",
            ),
            ("Content-Type: a/b\n\nx\ny", "Content-Type: a/b\r\n\r\nx\r\ny"),
            (
                &format!("Content-Type: a/b\n{field}\nx\n\u{fc}"),
                "Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\neArDvA==\r\n",
            ),
            (
                &format!("Content-Type: a/b\n{field}\nx"),
                "Content-Type: a/b\r\nContent-Transfer-Encoding: 7bit\r\n\r\nx",
            ),
        ] {
            assert_eq!(written(entity.as_bytes()).as_deref(), Some(expected));
        }
    }

    #[test]
    fn encoded_bodies_are_brought_into_lines() {
        let base64 = |body: &str| {
            format!("Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}")
        };
        let lines = format!("{}\r\n{}==\r\n", "A".repeat(76), "A".repeat(34));
        let written_anew = written(base64(&format!("{}== \r\n", "A".repeat(110))).as_bytes());
        assert_eq!(written_anew, Some(base64(&lines)));
        let quoted = |body: &str| {
            format!(
                "Content-Type: a/b\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\n{body}"
            )
        };
        assert_eq!(
            written(quoted("a=3D=\r\n.b \r\n.c").as_bytes()),
            Some(quoted("a=3D.b\r\n=2Ec"))
        );
        assert_eq!(written(quoted("a=3D\r\n").as_bytes()), None);
    }

    #[test]
    fn multiparts_are_written_anew_around_what_is() {
        let multipart = |label: &str, preamble: &str, part: &str| {
            format!(
                "Content-Type: multipart/mixed; boundary=\"b\"\r\n{label}\r\n{preamble}--b\r\n\r\n{part}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: s \r\n\r\n.\r\n--b--\r\n"
            )
        };
        let encoded = "Content-Transfer-Encoding: quoted-printable\r\n\r\n=2E";
        let plain = multipart("", "", "x");
        assert_eq!(written(plain.as_bytes()), None);
        let found = written(
            multipart("Content-Transfer-Encoding: 8BIT\r\n", "p\u{fc}\r\n", ".").as_bytes(),
        );
        let expected = multipart("Content-Transfer-Encoding: 7bit\r\n", "", "\n")
            .replace("\r\n\r\n\n", &format!("\r\n{encoded}"));
        assert_eq!(found, Some(expected));
        // What had no end gets one, and padding goes.
        let open = written(b"Content-Type: multipart/mixed; boundary=b\n\n--b \n\nx").unwrap();
        assert!(open.ends_with("\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"), "{open}");
    }

    #[test]
    fn a_message_with_8_bits_is_written_anew_inside() {
        let message = "Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n\
            Subject: 0123456789 \u{fc}\nFrom: <\u{fc}@example.com>\n\n0123456789 \u{fc}\n";
        let output = transportable(message.as_bytes(), &Limits::default()).unwrap().unwrap();
        assert_eq!(
            String::from_utf8(output).unwrap(),
            "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
             Subject: =?utf-8?Q?0123456789_=C3=BC?=\r\nFrom: <\u{fc}@example.com>\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\r\n0123456789 =C3=BC\r\n"
        );
    }

    #[test]
    fn what_was_signed_before_is_not_touched() {
        let signed = "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\u{fc} \r\n--b\r\n\r\n.\r\n--b--\r\n";
        assert_eq!(written(signed.as_bytes()), None);
        let around = format!(
            "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\n.\r\n--a\r\n{signed}--a--\r\n"
        );
        let found = written(around.as_bytes()).unwrap();
        assert!(found.contains(signed), "{found}");
        assert!(found.contains("boundary=a\r\nContent-Transfer-Encoding: 8bit\r\n"), "{found}");
        assert!(found.contains("=2E"), "{found}");
        let unknown = "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a \r\n`\r\nend\r\n";
        assert_eq!(written(unknown.as_bytes()), None);
    }
}
