//! multipart/signed (RFC 1847, 2.1), split exactly.

use crate::error::{Error, Result};

/// The two parts of a multipart/signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedParts<'a> {
    /// The signed entity, header and all, without the line end that belongs to the delimiter.
    pub content: &'a [u8],
    /// The entity that carries the signature.
    pub signature: &'a [u8],
}

/// Splits the body of a multipart/signed. What stands before the first delimiter or after the last is
/// not signed and not part of the answer.
///
/// # Errors
///
/// `malformed/mime` unless there are exactly two parts, both closed by delimiters.
pub fn split_signed<'a>(body: &'a [u8], boundary: &str) -> Result<SignedParts<'a>> {
    if boundary.is_empty() || boundary.len() > 250 {
        return Err(Error::MalformedMime { rule: "multipart/signed without a usable boundary" });
    }
    let mut parts = Vec::new();
    let mut begin = None;
    let delimiters = Delimiters { body, at: 0, boundary: boundary.as_bytes() };
    for delimiter in delimiters {
        if let Some(begin) = begin {
            parts.push(body.get(begin..delimiter.start).unwrap_or_default());
        }
        begin = Some(delimiter.end);
        if delimiter.is_last || parts.len() > 2 {
            return match parts.as_slice() {
                &[content, signature] if delimiter.is_last => {
                    Ok(SignedParts { content, signature })
                }
                _ => Err(Error::MalformedMime { rule: "multipart/signed has not two parts" }),
            };
        }
    }
    Err(Error::MalformedMime { rule: "multipart/signed is not closed" })
}

struct Delimiter {
    /// Where the line end before it begins: the part before ends here.
    start: usize,
    /// After its own line end.
    end: usize,
    is_last: bool,
}

/// Finds delimiter lines (RFC 2046, 5.1.1).
struct Delimiters<'a> {
    body: &'a [u8],
    at: usize,
    boundary: &'a [u8],
}

impl Iterator for Delimiters<'_> {
    type Item = Delimiter;

    fn next(&mut self) -> Option<Delimiter> {
        while self.at < self.body.len() {
            let begin = self.at;
            let rest = self.body.get(begin..)?;
            let length =
                rest.iter().position(|&octet| octet == b'\n').map_or(rest.len(), |at| at + 1);
            self.at = begin + length;
            let line = rest.get(..length)?;
            let Some(after) = line.strip_prefix(b"--").and_then(|l| l.strip_prefix(self.boundary))
            else {
                continue;
            };
            let (after, is_last) = match after.strip_prefix(b"--") {
                Some(after) => (after, true),
                None => (after, false),
            };
            if !after.trim_ascii().is_empty() {
                continue;
            }
            let before = self.body.get(..begin)?;
            let before = before.strip_suffix(b"\n").unwrap_or(before);
            let start = before.strip_suffix(b"\r").unwrap_or(before).len();
            return Some(Delimiter { start, end: self.at, is_last });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_end_before_the_line_end_of_the_delimiter() {
        let body = b"preamble\r\n--b\r\nA: a\r\n\r\nx\r\n\r\n--b \r\nB: b\r\n\r\ny\r\n--b--\r\nepilogue\r\n--b\r\n";
        let parts = split_signed(body, "b").unwrap();
        assert_eq!(parts.content, b"A: a\r\n\r\nx\r\n");
        assert_eq!(parts.signature, b"B: b\r\n\r\ny");
    }

    #[test]
    fn anything_but_two_closed_parts_is_refused() {
        for body in [
            &b"--b\r\n1\r\n--b--\r\n"[..],
            b"--b\r\n1\r\n--b\r\n2\r\n",
            b"--b\r\n1\r\n--b\r\n2\r\n--b\r\n3\r\n--b--",
            b"",
            b"--bb\r\n--bb--",
        ] {
            assert_eq!(split_signed(body, "b").unwrap_err().code(), "malformed/mime");
        }
    }
}
