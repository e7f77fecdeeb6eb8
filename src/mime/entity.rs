//! Header and body of an entity (RFC 5322, 2.1; RFC 2045, 2.4).

use std::borrow::Cow;

use super::field::{ContentType, Field};
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// An entity as ranges of its bytes.
#[derive(Clone, Debug)]
pub struct Entity<'a> {
    fields: Vec<Field<'a>>,
    body: &'a [u8],
    /// Every line of the header is a field or continues one, and ends as lines end.
    is_exact: bool,
}

impl<'a> Entity<'a> {
    /// Splits at the first empty line. A message that ends within its header has an empty body. A line
    /// that is no field and no continuation ends the header too: what follows is body, as if the empty
    /// line stood before it, so that nothing can hide from the reader of either.
    ///
    /// # Errors
    ///
    /// `limit/header-fields`, `malformed/mime` if not even a first field can be found.
    pub fn parse(raw: &'a [u8], limits: &Limits) -> Result<Entity<'a>> {
        let mut fields = Vec::new();
        let mut rest = raw;
        // mbox files and some exports begin with a line that is no field.
        if rest.starts_with(b"From ") && Field::parse(line(rest).0).is_none() {
            rest = line(rest).1;
        }
        let start = rest;
        let is_exact = |rest: &[u8]| {
            let header = start.get(..start.len() - rest.len()).unwrap_or_default();
            !has_lone_controls(header)
        };
        while !rest.is_empty() {
            let (first, after) = line(rest);
            if first.is_empty() {
                let is_exact = is_exact(rest);
                return Ok(Entity { fields, body: after, is_exact });
            }
            let mut end = after;
            while end.first().is_some_and(|&octet| octet == b' ' || octet == b'\t') {
                end = line(end).1;
            }
            let raw_field = rest.get(..rest.len() - end.len()).unwrap_or_default();
            let Some(field) = Field::parse(raw_field) else {
                if fields.is_empty() {
                    return Err(Error::MalformedMime { rule: "it begins with no header field" });
                }
                return Ok(Entity { fields, body: rest, is_exact: false });
            };
            if fields.len() >= limits.header_fields {
                return Err(Error::Limit {
                    limit: Limit::HeaderFields,
                    required: fields.len() as u64 + 1,
                    allowed: limits.header_fields as u64,
                });
            }
            fields.push(field);
            rest = end;
        }
        let is_exact = is_exact(rest);
        Ok(Entity { fields, body: rest, is_exact })
    }

    /// Bytes that have no header.
    pub(super) fn bare(body: &'a [u8]) -> Entity<'a> {
        Entity { fields: Vec::new(), body, is_exact: false }
    }

    /// The header fields in their order.
    pub fn fields(&self) -> &[Field<'a>] {
        &self.fields
    }

    /// Everything after the empty line.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Whether every reader splits the header into these fields: its lines are fields or continue
    /// one, and no CR outside a line end and no NUL is among them.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// The fields of this name.
    pub fn named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Field<'a>> {
        self.fields.iter().filter(move |field| field.is(name))
    }

    /// The name of the transfer encoding in lower case; empty where there is none, which means 7bit
    /// (RFC 2045, 6.1).
    pub fn transfer_encoding(&self) -> String {
        let field = self.named("Content-Transfer-Encoding").next();
        let value = field.map(Field::unfolded).unwrap_or_default();
        value.split(['(', ';', ' ', '\t']).next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The content type; `text/plain` where there is none or it can't be read (RFC 2045, 5.2).
    pub fn content_type(&self) -> ContentType {
        self.named("Content-Type")
            .next()
            .and_then(|field| ContentType::parse(&field.unfolded()))
            .unwrap_or_default()
    }
}

/// The first line without its end, and what follows.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|&octet| octet == b'\n') {
        Some(at) => {
            let (first, rest) = bytes.split_at(at);
            (first.strip_suffix(b"\r").unwrap_or(first), rest.get(1..).unwrap_or_default())
        }
        None => (bytes, &[]),
    }
}

/// A line without the CRLF or LF that ends it. A CR that no LF follows ends nothing.
pub(super) fn without_line_end(line: &[u8]) -> &[u8] {
    match line.strip_suffix(b"\n") {
        Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
        None => line,
    }
}

/// Whether there is a NUL, or a CR that no LF follows.
fn has_lone_controls(bytes: &[u8]) -> bool {
    let mut previous = b'\n';
    let is_lone = |octet: u8| {
        let found = octet == 0 || (previous == b'\r' && octet != b'\n');
        previous = octet;
        found
    };
    bytes.iter().copied().any(is_lone)
}

/// Whether every line ends in CRLF.
pub fn is_canonical(bytes: &[u8]) -> bool {
    let mut previous = 0;
    bytes.iter().all(|&octet| {
        let fits = octet != b'\n' || previous == b'\r';
        previous = octet;
        fits
    })
}

/// With every LF that follows no CR made CRLF (RFC 8551, 3.1.1). A lone CR stays: it is no line end.
pub fn canonical(bytes: &[u8]) -> Cow<'_, [u8]> {
    if is_canonical(bytes) {
        return Cow::Borrowed(bytes);
    }
    let added = bytes.iter().filter(|&&octet| octet == b'\n').count();
    let mut output = Vec::with_capacity(bytes.len() + added);
    for piece in bytes.split_inclusive(|&octet| octet == b'\n') {
        match piece.strip_suffix(b"\n") {
            Some(text) if !text.ends_with(b"\r") => {
                output.extend_from_slice(text);
                output.extend_from_slice(b"\r\n");
            }
            _ => output.extend_from_slice(piece),
        }
    }
    Cow::Owned(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(raw: &[u8]) -> Entity<'_> {
        Entity::parse(raw, &Limits::default()).unwrap()
    }

    #[test]
    fn header_and_body_are_split_in_both_kinds_of_line_ends() {
        for raw in [&b"A: b\r\n c\r\nD: e\r\n\r\nbody\r\n"[..], b"A: b\n c\nD: e\n\nbody\r\n"] {
            let entity = parse(raw);
            assert_eq!(entity.fields().len(), 2);
            assert_eq!(entity.fields()[0].unfolded(), "b c");
            assert_eq!(entity.body(), b"body\r\n");
        }
        assert!(parse(b"A: b\r\n").body().is_empty());
        assert!(parse(b"A: b\r\n\r\n\0\r").is_exact());
        for raw in [&b"A: b\rC: d\r\n\r\n"[..], b"A: b\r\r\n\r\n", b"A: \0\n\n", b"A: b\nc\n\n"] {
            assert!(!parse(raw).is_exact());
        }
        // A line of an mbox file is left off, a field with blanks before its colon is not.
        assert_eq!(parse(b"From a@b.c Thu Jan  1 00:00:00 2026\nA: b\n\n").fields().len(), 1);
        assert_eq!(parse(b"From : a@b.c\nA: b\n\n").fields().len(), 2);
        assert_eq!(parse(b"A: b\r\nno field\r\n\r\nx").body(), b"no field\r\n\r\nx");
        assert!(Entity::parse(b"no field\r\n", &Limits::default()).is_err());
    }

    #[test]
    fn only_a_lone_lf_is_made_crlf() {
        assert_eq!(canonical(b"a\nb\r\nc\r\r\nd\re").as_ref(), b"a\r\nb\r\nc\r\r\nd\re");
        assert!(matches!(canonical(b"a\r\nb\r"), Cow::Borrowed(_)));
    }
}
