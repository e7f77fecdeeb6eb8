//! Changes that mail servers, mailboxes and gateways are known to make, each taken back.

use std::borrow::Cow;

use super::charsets::{labelled, transcoded};
use super::edits::{Edits, all_parts, is_text};
use super::headers::{
    Where, boundary_of_the_body, encoding_at, folds, names_of_old, quoted, refolded, unquoted,
    without_extensions, without_tag, without_version,
};
use crate::bytes::base64;
use crate::error::ProblemCode;
use crate::limits::Limits;
use crate::mime::{Inside, Part, canonical, decode_body};

/// Signed content as it came.
pub(super) struct Received<'a> {
    /// Octet by octet.
    pub(super) raw: &'a [u8],
    /// With its line ends made CRLF.
    pub(super) canonical: &'a [u8],
    /// The parts of the canonical form; `None` if it is no MIME.
    pub(super) part: Option<Part<'a>>,
}

impl<'a> Received<'a> {
    pub(super) fn new(raw: &'a [u8], canonical: &'a [u8], limits: &Limits) -> Received<'a> {
        Received { raw, canonical, part: Part::parse(canonical, limits).ok() }
    }

    pub(super) fn leaves(&self) -> impl Iterator<Item = &Part<'a>> {
        let parts = self.part.iter().flat_map(all_parts);
        parts.filter(|part| matches!(part.inside(), Inside::Leaf))
    }
}

/// What the content was before a change; `None` if the change can't have happened to it.
pub(super) type Reversal = fn(&Received<'_>) -> Option<Vec<u8>>;

/// The changes, and what each is told as. The likelier ones stand first.
pub(super) const LIKELY: &[(ProblemCode, Reversal)] = &[
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_unencoded(r, QUOTED, "8bit", true)),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_unencoded(r, QUOTED, "8bit", false)),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_unencoded(r, ENCODINGS, "8bit", true)),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_unencoded(r, ENCODINGS, "8bit", false)),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_unencoded(r, QUOTED, "7bit", false)),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_unencoded(r, ENCODINGS, "7bit", false)),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_in_base64(r, b"\r\n")),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_in_base64(r, b"")),
    (ProblemCode::DiagnosisTransferEncoding, |r| base64_in_lines(r, 76)),
    (ProblemCode::DiagnosisTransferEncoding, |r| base64_in_lines(r, 72)),
    (ProblemCode::DiagnosisTransferEncoding, |r| base64_in_lines(r, 64)),
    (ProblemCode::DiagnosisLineEnds, ends_in_lf),
    (ProblemCode::DiagnosisLineEnds, ends_without_stray_cr),
    (ProblemCode::DiagnosisLineStarts, |r| {
        by_lines(r, |line| match line.strip_prefix(b">From ") {
            Some(_) => line.get(1..).unwrap_or_default().into(),
            None => line.into(),
        })
    }),
    (ProblemCode::DiagnosisLineStarts, |r| {
        by_lines(r, |line| match line.starts_with(b"..") {
            true => line.get(1..).unwrap_or_default().into(),
            false => line.into(),
        })
    }),
    // RFC 3676, 4.3: the line before a person's own footer ends in white space, which is the first to go.
    (ProblemCode::DiagnosisWhiteSpace, |r| {
        by_lines(r, |line| match line {
            b"--" => b"-- ".into(),
            _ => line.into(),
        })
    }),
    (ProblemCode::DiagnosisWhiteSpace, |r| {
        by_lines(r, |line| match line {
            b"-- " => line.into(),
            _ => line.trim_ascii_end().into(),
        })
    }),
    (ProblemCode::DiagnosisWhiteSpace, |r| Some([r.canonical, b"\r\n"].concat())),
    (ProblemCode::DiagnosisHeader, |r| folds(r, Where::Everywhere, b"\r\n ")),
    (ProblemCode::DiagnosisHeader, |r| folds(r, Where::Everywhere, b"\r\n\t")),
    (ProblemCode::DiagnosisHeader, |r| folds(r, Where::Everywhere, b" ")),
    (ProblemCode::DiagnosisHeader, boundary_of_the_body),
    (ProblemCode::DiagnosisHeader, without_tag),
    (ProblemCode::DiagnosisHeader, without_extensions),
    (ProblemCode::DiagnosisHeader, |r| unquoted(r, "charset")),
    (ProblemCode::DiagnosisHeader, |r| unquoted(r, "boundary")),
];

/// The same, of those that are less likely than additions.
pub(super) const RARE: &[(ProblemCode, Reversal)] = &[
    (ProblemCode::DiagnosisTransferEncoding, without_encoding),
    (ProblemCode::DiagnosisWhiteSpace, |r| tabs(r, 8)),
    (ProblemCode::DiagnosisWhiteSpace, |r| tabs(r, 4)),
    (ProblemCode::DiagnosisWhiteSpace, tabs_at_the_start),
    (ProblemCode::DiagnosisHeader, |r| folds(r, Where::Multiparts, b"\r\n\t")),
    (ProblemCode::DiagnosisHeader, |r| folds(r, Where::Leaves, b"\r\n\t")),
    (ProblemCode::DiagnosisHeader, |r| refolded(r, b"\r\n\t")),
    (ProblemCode::DiagnosisHeader, |r| refolded(r, b"\r\n ")),
    (ProblemCode::DiagnosisHeader, without_version),
    (ProblemCode::DiagnosisHeader, |r| unquoted(r, "name")),
    (ProblemCode::DiagnosisHeader, |r| quoted(r, "charset")),
    (ProblemCode::DiagnosisHeader, |r| quoted(r, "boundary")),
    (ProblemCode::DiagnosisHeader, |r| quoted(r, "name")),
    (ProblemCode::DiagnosisHeader, |r| encoding_at(r, 0)),
    (ProblemCode::DiagnosisHeader, |r| encoding_at(r, 1)),
    (ProblemCode::DiagnosisHeader, |r| encoding_at(r, usize::MAX)),
    (ProblemCode::DiagnosisHeader, names_of_old),
    (ProblemCode::DiagnosisCharset, |r| transcoded(r, "utf-8")),
    (ProblemCode::DiagnosisCharset, |r| transcoded(r, "iso-8859-1")),
    (ProblemCode::DiagnosisCharset, |r| transcoded(r, "iso-8859-15")),
    (ProblemCode::DiagnosisCharset, |r| transcoded(r, "windows-1252")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "us-ascii")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "US-ASCII")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "utf-8")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "UTF-8")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "iso-8859-1")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "ISO-8859-1")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "iso-8859-15")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "ISO-8859-15")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "windows-1252")),
    (ProblemCode::DiagnosisCharset, |r| labelled(r, "Windows-1252")),
];

const QUOTED: &[&str] = &["quoted-printable"];
const ENCODINGS: &[&str] = &["quoted-printable", "base64"];

/// Whether the text says that white space ends its soft lines (RFC 3676, 4.1) and none does.
pub(super) fn is_flowed_without_blanks(received: &Received<'_>) -> bool {
    /// Nobody breaks a line as long as this by hand.
    const SOFT: usize = 66;
    received.leaves().any(|part| {
        let content_type = part.entity().content_type();
        let format = content_type.parameter("format").unwrap_or_default();
        let mut lines = lines(part.entity().body());
        format.eq_ignore_ascii_case("flowed")
            && lines.clone().any(|line| line.len() >= SOFT)
            && !lines.any(|line| line.ends_with(b" "))
    })
}

/// A relay has encoded texts, mostly one that knows 7 bits only, and changed what the multiparts around them
/// say.
fn texts_unencoded(
    received: &Received<'_>,
    encodings: &[&str],
    before: &'static str,
    is_said_around: bool,
) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    let mut has_text = false;
    for part in all_parts(received.part.as_ref()?) {
        let encoding = part.entity().transfer_encoding();
        let field = part.entity().named("Content-Transfer-Encoding").next();
        if is_text(part) && encodings.contains(&encoding.as_str()) {
            let text = decode_body(part.entity()).ok()?;
            edits.replace_in(field?, &encoding, before);
            edits.replace(part.entity().body(), canonical(&text).into_owned());
            if let Some(note) = part.entity().named("X-MIME-Autoconverted").next() {
                edits.replace(note.raw(), &b""[..]);
            }
            has_text = true;
        }
        let is_around = matches!(part.inside(), Inside::Multipart(_)) && encoding == "7bit";
        if is_around && is_said_around {
            edits.replace_in(field?, "7bit", "8bit");
        }
    }
    edits.finish().filter(|_| has_text)
}

/// A relay has written down that text is in 7 bits, or has encoded text of which nothing was said.
fn without_encoding(received: &Received<'_>) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for part in received.leaves().filter(|part| is_text(part)) {
        let text = decode_body(part.entity()).ok()?;
        if let Some(field) = part.entity().named("Content-Transfer-Encoding").next() {
            edits.replace(field.raw(), &b""[..]);
            edits.replace(part.entity().body(), canonical(&text).into_owned());
        }
    }
    edits.finish()
}

/// A server has taken base64 off texts. `end` is what stood behind the last line.
fn texts_in_base64(received: &Received<'_>, end: &[u8]) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for part in received.leaves().filter(|part| is_text(part)) {
        if part.entity().transfer_encoding() != "8bit" {
            continue;
        }
        let field = part.entity().named("Content-Transfer-Encoding").next()?;
        edits.replace_in(field, "8bit", "base64");
        let encoded = base64::encode(part.entity().body());
        edits.replace(part.entity().body(), [&in_lines(&encoded, 76)[..], end].concat());
    }
    edits.finish()
}

/// Base64 was written anew, in lines of another length.
fn base64_in_lines(received: &Received<'_>, columns: usize) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for part in received.leaves().filter(|part| part.entity().transfer_encoding() == "base64") {
        let body = part.entity().body();
        let end = body.get(body.trim_ascii_end().len()..).unwrap_or_default();
        edits.replace(body, [&in_lines(body, columns)[..], end].concat());
    }
    edits.finish()
}

/// Base64 in lines of as many characters, without the last line end.
pub(super) fn in_lines(encoded: &[u8], columns: usize) -> Vec<u8> {
    let mut output = Vec::with_capacity(encoded.len());
    let mut column = 0;
    for octet in encoded.iter().filter(|octet| !octet.is_ascii_whitespace()) {
        if column == columns {
            output.extend_from_slice(b"\r\n");
            column = 0;
        }
        output.push(*octet);
        column += 1;
    }
    output
}

/// What was signed had LF for line ends, against RFC 8551, 3.1.1, and every relay repairs that.
fn ends_in_lf(received: &Received<'_>) -> Option<Vec<u8>> {
    let is_changed = received.raw.windows(2).any(|window| window == b"\r\n");
    is_changed.then(|| lines(received.canonical).collect::<Vec<_>>().join(&b'\n'))
}

/// CR CR LF, or CR alone: line ends that were made twice, or only half.
fn ends_without_stray_cr(received: &Received<'_>) -> Option<Vec<u8>> {
    let mut output = Vec::with_capacity(received.canonical.len());
    let mut rest = received.canonical;
    while let Some(at) = rest.iter().position(|&octet| octet == b'\r') {
        let (before, after) = rest.split_at_checked(at)?;
        let crs = after.iter().take_while(|&&octet| octet == b'\r').count();
        let after = after.get(crs..)?;
        output.extend_from_slice(before);
        output.extend_from_slice(b"\r\n");
        rest = after.strip_prefix(b"\n").unwrap_or(after);
    }
    output.extend_from_slice(rest);
    (output != received.canonical).then_some(output)
}

/// Whatever a change of single lines makes; `None` if it changes none.
fn by_lines<'a>(
    received: &Received<'a>,
    change: impl Fn(&'a [u8]) -> Cow<'a, [u8]>,
) -> Option<Vec<u8>> {
    let lines: Vec<Cow<'_, [u8]>> = lines(received.canonical).map(change).collect();
    let output = lines.join(&b"\r\n"[..]);
    (output != received.canonical).then_some(output)
}

/// Tabs within lines were expanded to the next of the columns that are multiples of `width`. A single blank
/// is taken for one.
fn tabs(received: &Received<'_>, width: usize) -> Option<Vec<u8>> {
    by_lines(received, |line| {
        let mut output = Vec::with_capacity(line.len());
        let columns = line.iter().take_while(|octet| octet.is_ascii()).count();
        for (at, piece) in line.chunks(width).enumerate() {
            // Octets of UTF-8 are more than columns; what follows them keeps its blanks.
            let is_counted = at * width <= columns;
            if is_counted && piece.len() == width && piece.ends_with(b"  ") {
                output.extend_from_slice(piece.trim_ascii_end());
                output.push(b'\t');
            } else {
                output.extend_from_slice(piece);
            }
        }
        output.into()
    })
}

/// A tab at the start of lines became a single blank.
fn tabs_at_the_start(received: &Received<'_>) -> Option<Vec<u8>> {
    let part = received.part.as_ref()?;
    let mut edits = Edits::new(received.canonical);
    for leaf in all_parts(part).into_iter().filter(|part| is_text(part)) {
        for line in lines(leaf.entity().body()) {
            let blanks = line.iter().take_while(|&&octet| octet == b' ').count();
            edits.replace(line.get(..blanks).unwrap_or_default(), vec![b'\t'; blanks]);
        }
    }
    edits.finish()
}

/// The lines without their CRLF.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    let lines = bytes.split(|&octet| octet == b'\n');
    lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}
