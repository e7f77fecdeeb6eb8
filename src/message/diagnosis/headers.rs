//! Header fields within signed content that were written anew, each way taken back.

use super::edits::{Edits, all_parts, header};
use super::reversals::{Received, lines};
use crate::mime::{Field, Inside, Part};

/// The parts whose headers are looked at.
#[derive(Clone, Copy)]
pub(super) enum Where {
    Everywhere,
    Multiparts,
    Leaves,
}

impl Where {
    fn holds(self, part: &Part<'_>) -> bool {
        let is_multipart = matches!(part.inside(), Inside::Multipart(_));
        match self {
            Where::Everywhere => true,
            Where::Multiparts => is_multipart,
            Where::Leaves => !is_multipart,
        }
    }
}

/// Header fields were folded in another way.
pub(super) fn folds(received: &Received<'_>, parts: Where, fold: &'static [u8]) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    let all = all_parts(received.part.as_ref()?).into_iter();
    for part in all.filter(|part| parts.holds(part)) {
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

/// The parameters of each media type and disposition stood on lines of their own.
pub(super) fn refolded(received: &Received<'_>, fold: &'static [u8]) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for part in all_parts(received.part.as_ref()?) {
        for field in part.entity().fields().iter().filter(|field| has_parameters(field)) {
            let raw = field.raw();
            let mut is_quoted = false;
            for (at, octet) in raw.iter().enumerate() {
                is_quoted ^= *octet == b'"';
                if *octet != b';' || is_quoted {
                    continue;
                }
                let rest = raw.get(at + 1..).unwrap_or_default();
                let blanks = rest.iter().take_while(|octet| octet.is_ascii_whitespace()).count();
                if blanks < rest.len() {
                    // An empty range has no place of its own, so the semicolon goes along.
                    let old = raw.get(at..at + 1 + blanks).unwrap_or_default();
                    edits.replace(old, [b";", fold].concat());
                }
            }
        }
    }
    edits.finish()
}

fn has_parameters(field: &Field<'_>) -> bool {
    field.is("Content-Type") || field.is("Content-Disposition")
}

/// Content-Transfer-Encoding stood elsewhere among the fields of the parts that have one.
pub(super) fn encoding_at(received: &Received<'_>, place: usize) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for part in all_parts(received.part.as_ref()?) {
        let fields = part.entity().fields();
        let is_encoding = |field: &Field<'_>| field.is("Content-Transfer-Encoding");
        let Some(at) = fields.iter().position(is_encoding) else { continue };
        let place = place.min(fields.len() - 1);
        let mut raw: Vec<&[u8]> = fields.iter().map(Field::raw).collect();
        let field = raw.remove(at);
        raw.insert(place, field);
        for (old, new) in fields.iter().zip(raw) {
            edits.replace(old.raw(), new);
        }
    }
    edits.finish()
}

/// The second words of names were in lower case, as some programs still write them.
pub(super) fn names_of_old(received: &Received<'_>) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for part in all_parts(received.part.as_ref()?) {
        for field in part.entity().fields() {
            let name = field.name();
            let (first, rest) = name.split_at_checked(1).unwrap_or_default();
            edits.replace(name, [first, &rest.to_ascii_lowercase()].concat());
        }
    }
    edits.finish()
}

/// MIME-Version was added to what is inside a message.
pub(super) fn without_version(received: &Received<'_>) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for part in all_parts(received.part.as_ref()?) {
        if let Some(field) = part.entity().named("MIME-Version").next() {
            edits.replace(field.raw(), &b""[..]);
        }
    }
    edits.finish()
}

/// The header names a boundary that does not occur, because it was written anew.
pub(super) fn boundary_of_the_body(received: &Received<'_>) -> Option<Vec<u8>> {
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
pub(super) fn without_tag(received: &Received<'_>) -> Option<Vec<u8>> {
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
pub(super) fn without_extensions(received: &Received<'_>) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for field in received.part.as_ref()?.entity().fields() {
        if field.name().get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"X-")) {
            edits.replace(field.raw(), &b""[..]);
        }
    }
    edits.finish()
}

/// The value of a parameter was put in quotes, as software does that writes every header anew.
pub(super) fn unquoted(received: &Received<'_>, parameter: &str) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for value in values(received.part.as_ref()?, parameter) {
        if let Some(bare) = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")) {
            edits.replace(value, bare);
        }
    }
    edits.finish()
}

/// The quotes around the value of a parameter were left out.
pub(super) fn quoted(received: &Received<'_>, parameter: &str) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    for value in values(received.part.as_ref()?, parameter) {
        if !value.starts_with(b"\"") {
            edits.replace(value, [b"\"", value, b"\""].concat());
        }
    }
    edits.finish()
}

/// The values of a parameter as they are written, in all headers; of `name`, those of `filename` too.
pub(super) fn values<'a>(part: &Part<'a>, parameter: &str) -> Vec<&'a [u8]> {
    let start = format!("{parameter}=");
    let mut values = Vec::new();
    for part in all_parts(part) {
        for field in part.entity().fields().iter().filter(|field| has_parameters(field)) {
            let raw = field.raw();
            let mut windows = raw.windows(start.len());
            let Some(at) = windows.position(|w| w.eq_ignore_ascii_case(start.as_bytes())) else {
                continue;
            };
            let value = raw.get(at + start.len()..).unwrap_or_default();
            let length = match value.strip_prefix(b"\"") {
                Some(inside) => inside.iter().position(|&octet| octet == b'"').map(|at| at + 2),
                None => value.iter().position(|octet| b";\r\n \t".contains(octet)),
            };
            values.extend(length.and_then(|length| value.get(..length)).filter(|v| !v.is_empty()));
        }
    }
    values
}
