//! Changes that mail servers, mailboxes and gateways are known to make, each taken back.

use std::borrow::Cow;

use super::edits::{Edits, all_parts, header};
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

    fn leaves(&self) -> impl Iterator<Item = &Part<'a>> {
        let parts = self.part.iter().flat_map(all_parts);
        parts.filter(|part| matches!(part.inside(), Inside::Leaf))
    }
}

/// What the content was before a change; `None` if the change can't have happened to it.
type Reversal = fn(&Received<'_>) -> Option<Vec<u8>>;

/// The changes, and what each is told as. The likelier ones stand first.
pub(super) const REVERSALS: &[(ProblemCode, Reversal)] = &[
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_in_8_bit(r, &["quoted-printable"], true)),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_in_8_bit(r, &["quoted-printable"], false)),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_in_8_bit(r, ENCODINGS, true)),
    (ProblemCode::DiagnosisTransferEncoding, |r| texts_in_8_bit(r, ENCODINGS, false)),
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
    (ProblemCode::DiagnosisHeader, |r| folds(r, b"\r\n ")),
    (ProblemCode::DiagnosisHeader, |r| folds(r, b"\r\n\t")),
    (ProblemCode::DiagnosisHeader, |r| folds(r, b" ")),
    (ProblemCode::DiagnosisHeader, boundary_of_the_body),
    (ProblemCode::DiagnosisHeader, without_tag),
    (ProblemCode::DiagnosisHeader, without_extensions),
    (ProblemCode::DiagnosisHeader, |r| unquoted(r, "charset")),
    (ProblemCode::DiagnosisHeader, |r| unquoted(r, "boundary")),
];

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

/// A relay that knows 7 bits only has encoded texts, and changed what the multiparts around them say.
fn texts_in_8_bit(
    received: &Received<'_>,
    encodings: &[&str],
    is_said_around: bool,
) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    let mut has_text = false;
    for part in all_parts(received.part.as_ref()?) {
        let encoding = part.entity().transfer_encoding();
        let field = part.entity().named("Content-Transfer-Encoding").next();
        let is_text = part.essence().starts_with("text/") && matches!(part.inside(), Inside::Leaf);
        if is_text && encodings.contains(&encoding.as_str()) {
            let text = decode_body(part.entity()).ok()?;
            edits.replace_in(field?, &encoding, "8bit");
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

/// A server has taken base64 off texts. `end` is what stood behind the last line.
fn texts_in_base64(received: &Received<'_>, end: &[u8]) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for part in received.leaves().filter(|part| part.essence().starts_with("text/")) {
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
fn in_lines(encoded: &[u8], columns: usize) -> Vec<u8> {
    let is_blank = |octet: &u8| octet.is_ascii_whitespace();
    let characters: Vec<u8> = encoded.iter().copied().filter(|octet| !is_blank(octet)).collect();
    characters.chunks(columns).collect::<Vec<_>>().join(&b"\r\n"[..])
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

/// The lines without their CRLF.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    let lines = bytes.split(|&octet| octet == b'\n');
    lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// Header fields were folded in another way.
fn folds(received: &Received<'_>, fold: &'static [u8]) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for part in all_parts(received.part.as_ref()?) {
        let header = header(part);
        let starts = header.windows(3).enumerate().filter(|(_, window)| {
            window.starts_with(b"\r\n") && matches!(window.last(), Some(b' ' | b'\t'))
        });
        for (start, _) in starts {
            let rest = header.get(start + 2..).unwrap_or_default();
            let blanks = rest.iter().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
            edits.replace(header.get(start..start + 2 + blanks).unwrap_or_default(), fold);
        }
    }
    edits.finish()
}

/// The header names a boundary that does not occur, because it was written anew.
fn boundary_of_the_body(received: &Received<'_>) -> Option<Vec<u8>> {
    let part = received.part.as_ref()?;
    let content_type = part.entity().content_type();
    // RFC 2046, 5.1.1 allows 70; a long one is looked for at every place.
    let said = content_type
        .parameter("boundary")
        .filter(|boundary| (1..=250).contains(&boundary.len()))?;
    if !part.essence().starts_with("multipart/") || matches!(part.inside(), Inside::Multipart(_)) {
        return None;
    }
    let found = lines(part.entity().body()).find_map(|line| line.strip_prefix(b"--"))?;
    let raw = part.entity().named("Content-Type").next()?.raw();
    let at = raw.windows(said.len()).rposition(|window| window == said.as_bytes())?;
    let mut edits = Edits::new(received.canonical);
    edits.replace(raw.get(at..at + said.len())?, found.trim_ascii_end().to_vec());
    edits.finish()
}

/// A mailing list has put its name before the subject, inside too.
fn without_tag(received: &Received<'_>) -> Option<Vec<u8>> {
    let field = received.part.as_ref()?.entity().named("Subject").next()?;
    let raw = field.raw();
    let start = raw.iter().position(|&octet| octet == b'[')?;
    let length = raw.get(start..)?.iter().position(|&octet| octet == b']')? + 1;
    let blank = usize::from(raw.get(start + length) == Some(&b' '));
    let mut edits = Edits::new(received.canonical);
    edits.replace(raw.get(start..start + length + blank)?, &b""[..]);
    edits.finish()
}

/// Somebody has noted something in the header.
fn without_extensions(received: &Received<'_>) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for field in received.part.as_ref()?.entity().fields() {
        if field.name().get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"X-")) {
            edits.replace(field.raw(), &b""[..]);
        }
    }
    edits.finish()
}

/// The value of a parameter was put in quotes, as software does that writes every header anew.
fn unquoted(received: &Received<'_>, parameter: &str) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    let start = format!("{parameter}=\"");
    for part in all_parts(received.part.as_ref()?) {
        let Some(field) = part.entity().named("Content-Type").next() else { continue };
        let raw = field.raw();
        let mut windows = raw.windows(start.len());
        let Some(at) = windows.position(|w| w.eq_ignore_ascii_case(start.as_bytes())) else {
            continue;
        };
        let value = raw.get(at + start.len()..).unwrap_or_default();
        let Some(length) = value.iter().position(|&octet| octet == b'"') else { continue };
        let quoted = raw.get(at + start.len() - 1..at + start.len() + length + 1);
        edits.replace(quoted.unwrap_or_default(), value.get(..length).unwrap_or_default());
    }
    edits.finish()
}
