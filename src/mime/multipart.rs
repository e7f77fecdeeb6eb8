//! Multiparts (RFC 2046, 5.1), split exactly, and multipart/signed among them (RFC 1847, 2.1).

use crate::bytes::hex;
use crate::env::Env;
use crate::error::{Error, IS_NOT_CLOSED, Result};

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
    let split = split_multipart(body, boundary, 2);
    match split.parts.as_slice() {
        [] => Err(Error::MalformedMime { rule: "the boundary of multipart/signed does not occur" }),
        _ if !split.is_closed && !split.is_cut => Err(Error::MalformedMime { rule: IS_NOT_CLOSED }),
        &[content, signature] if split.is_closed => Ok(SignedParts { content, signature }),
        _ => Err(Error::MalformedMime { rule: "multipart/signed has not two parts" }),
    }
}

/// The body of a multipart as ranges of its bytes. Line ends that belong to delimiters are in none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split<'a> {
    /// What stands before the first delimiter; all of it where there is none.
    pub preamble: &'a [u8],
    /// The entities between delimiters. The last one reaches to the end where the multipart is not
    /// closed.
    pub parts: Vec<&'a [u8]>,
    /// What stands after the closing delimiter.
    pub epilogue: &'a [u8],
    /// The closing delimiter is there.
    pub is_closed: bool,
    /// White space follows a boundary on its line.
    pub is_padded: bool,
    /// There are more parts than were asked for, which are in none of the above.
    pub is_cut: bool,
}

/// Splits the body of a multipart into `most` parts at most. A delimiter is a line of two hyphens, the
/// boundary, two more hyphens if it is the last, and white space: nothing else is taken for one.
pub fn split_multipart<'a>(body: &'a [u8], boundary: &str, most: usize) -> Split<'a> {
    let mut split = Split::default();
    let mut begin = None;
    for delimiter in (Delimiters { body, at: 0, boundary: boundary.as_bytes() }) {
        let before = body.get(begin.unwrap_or_default()..delimiter.start).unwrap_or_default();
        match begin {
            None => split.preamble = before,
            Some(_) if split.parts.len() == most => {
                split.is_cut = true;
                return split;
            }
            Some(_) => split.parts.push(before),
        }
        begin = Some(delimiter.end);
        split.is_padded |= delimiter.is_padded;
        if delimiter.is_last {
            split.is_closed = true;
            split.epilogue = body.get(delimiter.end..).unwrap_or_default();
            return split;
        }
    }
    match begin {
        None => split.preamble = body,
        Some(_) if split.parts.len() == most => split.is_cut = true,
        Some(begin) => split.parts.push(body.get(begin..).unwrap_or_default()),
    }
    split
}

/// A boundary of 128 random bits that none of the contents has a delimiter of. `=_` is in no
/// quoted-printable and no base64 (RFC 2045, 6.7).
pub fn random_boundary(env: &mut Env, contents: &[&[u8]]) -> String {
    loop {
        let boundary = format!("=_{}", hex::encode(env.random::<16>().as_ref()));
        if !contents.iter().any(|content| has_delimiter(content, &boundary)) {
            return boundary;
        }
    }
}

/// Whether a line begins as a delimiter of this boundary does.
fn has_delimiter(bytes: &[u8], boundary: &str) -> bool {
    bytes.split(|&octet| octet == b'\n').any(|line| {
        line.strip_prefix(b"--").is_some_and(|line| line.starts_with(boundary.as_bytes()))
    })
}

struct Delimiter {
    /// Where the line end before it begins: the part before ends here.
    start: usize,
    /// After its own line end.
    end: usize,
    is_last: bool,
    is_padded: bool,
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
            let after = after.strip_suffix(b"\n").unwrap_or(after);
            let is_padded = !after.strip_suffix(b"\r").unwrap_or(after).is_empty();
            let before = self.body.get(..begin)?;
            let before = before.strip_suffix(b"\n").unwrap_or(before);
            let start = before.strip_suffix(b"\r").unwrap_or(before).len();
            return Some(Delimiter { start, end: self.at, is_last, is_padded });
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
        let split = split_multipart(body, "b", 10);
        assert_eq!((split.preamble, split.parts.len()), (&b"preamble"[..], 2));
        assert_eq!(split.epilogue, b"epilogue\r\n--b\r\n");
        assert!(split.is_closed && !split.is_cut);
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

    #[test]
    fn an_open_multipart_ends_where_the_bytes_end() {
        let split = split_multipart(b"--b\r\n1\r\n--b\r\n2\r\n", "b", 10);
        assert_eq!(split.parts, [&b"1"[..], b"2\r\n"]);
        assert!(!split.is_closed);
        assert!(split_multipart(b"--b\r\n1\r\n--b\r\n2\r\n", "b", 1).is_cut);
        assert_eq!(split_multipart(b"--c\r\n", "b", 1).preamble, b"--c\r\n");
        assert!(has_delimiter(b"x\n--b\r\n", "b") && !has_delimiter(b"x--b\r\n", "b"));
    }
}
