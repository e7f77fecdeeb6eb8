//! BER to DER (X.690): indefinite lengths, lengths in long forms, and strings in pieces.
//!
//! Streaming writers (OpenSSL `-stream`, NSS, Java, Outlook) send content in pieces of a few kilobytes
//! within indefinite lengths. The pass walks the input once to measure and once to write, copies the
//! content once, and leaves input that is DER in this respect untouched. It normalises lengths and
//! strings only: the order of sets and the encoding of numbers stay as they are, since something may
//! be signed over them.

use std::borrow::Cow;

use super::tag;
use super::writer::header;
use crate::error::{ENDS_EARLY, Error, Limit, Result};
use crate::limits::Limits;

/// The bytes of the first value in `ber`, with definite lengths and strings in one piece. Whatever
/// follows the value is left off: transport adds line ends and padding there.
///
/// # Errors
///
/// `malformed/asn1`, `limit/asn1-depth`, `limit/asn1-values`.
pub fn to_der<'a>(ber: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>> {
    let mut measure = Measure { input: ber, nodes: Vec::new(), changed: false, limits };
    let end = measure.value(0, 0)?;
    let Measure { nodes, changed, .. } = measure;
    let whole = ber.get(..end).ok_or(SHORT)?;
    if !changed {
        return Ok(Cow::Borrowed(whole));
    }
    let size = nodes.first().map_or(0, |node| node.encoded_len());
    let mut output = Vec::with_capacity(size);
    write(ber, &nodes, &mut output)?;
    Ok(Cow::Owned(output))
}

/// Whether the first value in `ber` goes on to its end. What is of definite length is not looked into.
pub fn is_whole(ber: &[u8]) -> bool {
    let (mut rest, mut open) = (ber, 0_usize);
    loop {
        let end = match rest.strip_prefix(&END_OF_CONTENTS) {
            Some(after) if open > 0 => {
                open -= 1;
                Some(after)
            }
            _ => match Head::read(rest, 0) {
                Ok(Head { length: None, contents, .. }) => {
                    open += 1;
                    rest.get(contents..)
                }
                Ok(Head { length: Some(length), contents, .. }) => {
                    contents.checked_add(length).and_then(|end| rest.get(end..))
                }
                Err(_) => None,
            },
        };
        match end {
            Some(_) if open == 0 => return true,
            Some(after) => rest = after,
            None => return false,
        }
    }
}

const END_OF_CONTENTS: [u8; 2] = [0, 0];

const SHORT: Error = Error::MalformedAsn1 { rule: ENDS_EARLY };

/// One value of the input, in the order of the input.
struct Node {
    /// Identifier octet in the output.
    tag: u8,
    /// Contents in the input, for a primitive value.
    start: usize,
    end: usize,
    /// Contents octets in the output.
    length: usize,
    kind: Kind,
    /// Position after the last value inside this one.
    next: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primitive,
    Constructed,
    /// A string in pieces; what is inside it is joined.
    Joined,
}

impl Node {
    fn encoded_len(&self) -> usize {
        header(self.tag, self.length).len() + self.length
    }
}

struct Measure<'a> {
    input: &'a [u8],
    nodes: Vec<Node>,
    changed: bool,
    limits: &'a Limits,
}

impl Measure<'_> {
    /// Measures the value at `at` and returns where it ends.
    fn value(&mut self, at: usize, depth: usize) -> Result<usize> {
        if depth > self.limits.asn1_depth {
            return Err(limit(Limit::Asn1Depth, depth, self.limits.asn1_depth));
        }
        if self.nodes.len() >= self.limits.asn1_values {
            return Err(limit(Limit::Asn1Values, self.nodes.len() + 1, self.limits.asn1_values));
        }
        let head = self.head(at)?;
        let index = self.nodes.len();
        let is_joined = head.tag == tag::OCTET_STRING | CONSTRUCTED
            || head.tag == tag::BIT_STRING | CONSTRUCTED;
        let kind = match (is_joined, head.tag & CONSTRUCTED != 0) {
            (true, _) => Kind::Joined,
            (false, true) => Kind::Constructed,
            (false, false) => Kind::Primitive,
        };
        let tag = if is_joined { head.tag & !CONSTRUCTED } else { head.tag };
        self.nodes.push(Node {
            tag,
            start: head.contents,
            end: head.contents,
            length: 0,
            kind,
            next: 0,
        });
        let end = match (kind, head.length) {
            (Kind::Primitive, Some(length)) => {
                let end = head.contents.checked_add(length).filter(|&end| end <= self.input.len());
                let end = end.ok_or(SHORT)?;
                self.set(index, |node| (node.end, node.length) = (end, length));
                end
            }
            (Kind::Primitive, None) => {
                return Err(Error::MalformedAsn1 {
                    rule: "a primitive value of indefinite length",
                });
            }
            (_, length) => self.inside(index, head.contents, length, depth)?,
        };
        let next = self.nodes.len();
        self.set(index, |node| node.next = next);
        Ok(end)
    }

    /// Measures the values inside a constructed one and returns where it ends.
    fn inside(
        &mut self,
        index: usize,
        start: usize,
        length: Option<usize>,
        depth: usize,
    ) -> Result<usize> {
        let stop = match length {
            Some(length) => Some(
                start.checked_add(length).filter(|&end| end <= self.input.len()).ok_or(SHORT)?,
            ),
            None => None,
        };
        let parent =
            self.nodes.get(index).map_or((0, Kind::Constructed), |node| (node.tag, node.kind));
        if parent.1 == Kind::Joined || length.is_none() {
            self.changed = true;
        }
        let (mut at, mut total) = (start, 0_usize);
        loop {
            match stop {
                Some(stop) if at == stop => break,
                Some(stop) if at > stop => {
                    return Err(Error::MalformedAsn1 {
                        rule: "a value is longer than the one around it",
                    });
                }
                None if self.input.get(at..at + 2) == Some(&[0, 0]) => {
                    at += 2;
                    break;
                }
                _ => {}
            }
            let child = self.nodes.len();
            at = self.value(at, depth + 1)?;
            let Some(node) = self.nodes.get(child) else { return Err(SHORT) };
            total += match parent {
                (tag, Kind::Joined) if node.tag != tag => {
                    return Err(Error::MalformedAsn1 {
                        rule: "a string with pieces of another type",
                    });
                }
                // Each piece of a BIT STRING begins with its count of unused bits, which only the
                // last may set (X.690, 8.6.4); the joined string has one such octet.
                (tag::BIT_STRING, Kind::Joined) if node.length == 0 => {
                    return Err(Error::MalformedAsn1 { rule: "an empty BIT STRING" });
                }
                (tag::BIT_STRING, Kind::Joined) => node.length - 1,
                (_, Kind::Joined) => node.length,
                (_, Kind::Constructed | Kind::Primitive) => node.encoded_len(),
            };
        }
        if parent == (tag::BIT_STRING, Kind::Joined) {
            total += 1;
        }
        self.set(index, |node| node.length = total);
        Ok(at)
    }

    fn set(&mut self, index: usize, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(index) {
            change(node);
        }
    }

    fn head(&mut self, at: usize) -> Result<Head> {
        let head = Head::read(self.input, at)?;
        self.changed |= head.is_long;
        Ok(head)
    }
}

const CONSTRUCTED: u8 = 0x20;

struct Head {
    tag: u8,
    /// `None` is the indefinite form.
    length: Option<usize>,
    contents: usize,
    /// The length takes more octets than it needs.
    is_long: bool,
}

impl Head {
    fn read(input: &[u8], at: usize) -> Result<Head> {
        let tag = *input.get(at).ok_or(SHORT)?;
        if tag & 0x1f == 0x1f {
            return Err(Error::MalformedAsn1 { rule: "a tag above 30" });
        }
        if tag == 0 {
            return Err(Error::MalformedAsn1 { rule: "an end of contents where nothing ends" });
        }
        let first = *input.get(at + 1).ok_or(SHORT)?;
        let contents = at + 2;
        let short = |length| Head { tag, length, contents, is_long: false };
        match first {
            0..=0x7f => Ok(short(Some(usize::from(first)))),
            0x80 => Ok(short(None)),
            _ => {
                let count = usize::from(first & 0x7f);
                let octets = input.get(contents..contents + count).ok_or(SHORT)?;
                let length = octets.iter().try_fold(0_usize, |sum, &octet| {
                    Some(sum.checked_mul(256)? + usize::from(octet))
                });
                let length = length.ok_or(SHORT)?;
                let is_long = octets.first() == Some(&0) || length < 0x80;
                Ok(Head { tag, length: Some(length), contents: contents + count, is_long })
            }
        }
    }
}

/// The identifier and length octets of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BerHeader {
    /// The identifier octet.
    pub tag: u8,
    /// Contents octets; `None` is the indefinite form.
    pub length: Option<usize>,
    /// How many octets these are.
    pub size: usize,
}

/// Reads identifier and length of the value that `ber` begins with.
///
/// # Errors
///
/// `malformed/asn1`.
pub fn ber_header(ber: &[u8]) -> Result<BerHeader> {
    let Head { tag, length, contents, .. } = Head::read(ber, 0)?;
    Ok(BerHeader { tag, length, size: contents })
}

/// Octets of the value that `ber` begins with.
///
/// # Errors
///
/// Those of [`to_der`].
pub fn ber_len(ber: &[u8], limits: &Limits) -> Result<usize> {
    Measure { input: ber, nodes: Vec::new(), changed: false, limits }.value(0, 0)
}

fn limit(limit: Limit, required: usize, allowed: usize) -> Error {
    Error::Limit { limit, required: required as u64, allowed: allowed as u64 }
}

/// Writes all nodes. They stand in the order of the output, so one loop does it.
fn write(input: &[u8], nodes: &[Node], output: &mut Vec<u8>) -> Result<()> {
    let mut index = 0;
    while let Some(node) = nodes.get(index) {
        output.extend_from_slice(&header(node.tag, node.length));
        match node.kind {
            Kind::Primitive => {
                output.extend_from_slice(input.get(node.start..node.end).ok_or(SHORT)?)
            }
            Kind::Constructed => {}
            Kind::Joined => {
                let pieces = nodes.get(index + 1..node.next).ok_or(SHORT)?;
                join(input, node.tag, pieces, output)?;
                index = node.next;
                continue;
            }
        }
        index += 1;
    }
    Ok(())
}

/// Writes the contents of a string in pieces. Pieces may be in pieces themselves; only the primitive
/// ones carry bytes.
fn join(input: &[u8], tag: u8, pieces: &[Node], output: &mut Vec<u8>) -> Result<()> {
    let skip = usize::from(tag == tag::BIT_STRING);
    let mut unused_bits = 0;
    let unused_at = output.len();
    output.resize(unused_at + skip, 0);
    for piece in pieces.iter().filter(|piece| piece.kind == Kind::Primitive) {
        if unused_bits != 0 {
            return Err(Error::MalformedAsn1 { rule: "unused bits within a BIT STRING" });
        }
        if skip == 1 {
            unused_bits = *input.get(piece.start).ok_or(SHORT)?;
        }
        output.extend_from_slice(input.get(piece.start + skip..piece.end).ok_or(SHORT)?);
    }
    if let Some(octet) = output.get_mut(unused_at..unused_at + skip) {
        octet.fill(unused_bits);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(ber: &[u8]) -> Result<Vec<u8>> {
        to_der(ber, &Limits::default()).map(Cow::into_owned)
    }

    #[test]
    fn der_is_borrowed() {
        let bytes = [0x30, 3, 2, 1, 5];
        assert!(matches!(to_der(&bytes, &Limits::default()), Ok(Cow::Borrowed(_))));
        assert_eq!(der(&[0x30, 3, 2, 1, 5, 13, 10]), Ok(bytes.to_vec()));
    }

    #[test]
    fn indefinite_lengths_and_pieces_are_joined() {
        let ber =
            [0x30, 0x80, 0x24, 0x80, 4, 1, b'a', 0x24, 4, 4, 2, b'b', b'c', 0, 0, 2, 1, 5, 0, 0];
        assert_eq!(der(&ber), Ok(vec![0x30, 8, 4, 3, b'a', b'b', b'c', 2, 1, 5]));
    }

    #[test]
    fn long_lengths_are_shortened() {
        assert_eq!(der(&[0x30, 0x82, 0, 3, 2, 0x81, 0]), Ok(vec![0x30, 2, 2, 0]));
    }

    #[test]
    fn bit_strings_keep_one_octet_of_unused_bits() {
        let ber = [0x23, 0x80, 3, 2, 0, 0xaa, 3, 2, 4, 0xb0, 0, 0];
        assert_eq!(der(&ber), Ok(vec![3, 3, 4, 0xaa, 0xb0]));
    }

    /// A value of indefinite length.
    fn endless(tag: u8, contents: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], contents, &[0, 0]].concat()
    }

    #[test]
    fn encrypted_content_comes_in_every_shape() {
        let pieces =
            [&[4, 2, b'a', b'b'][..], &[0x24, 5, 4, 1, b'c', 4, 0], &[4, 1, b'd']].concat();
        // [0] IMPLICIT keeps its pieces, which are one piece each then; [0] EXPLICIT has one.
        let implicit = [&[0xa0, 10, 4, 2, b'a', b'b', 4, 1, b'c', 4, 1, b'd'][..]].concat();
        assert_eq!(der(&endless(0xa0, &pieces)), Ok(implicit.clone()));
        assert_eq!(der(&[&[0xa0, pieces.len() as u8], &pieces[..]].concat()), Ok(implicit));
        let explicit = [0xa0, 6, 4, 4, b'a', b'b', b'c', b'd'];
        assert_eq!(der(&endless(0xa0, &endless(0x24, &pieces))), Ok(explicit.to_vec()));
    }

    #[test]
    fn only_the_last_piece_of_a_bit_string_has_unused_bits() {
        let malformed = |ber: &[u8]| matches!(der(ber), Err(Error::MalformedAsn1 { .. }));
        assert!(malformed(&[0x23, 0x80, 3, 2, 4, 0xa0, 3, 2, 0, 0xb0, 0, 0]));
        assert!(malformed(&[0x23, 0x80, 3, 0, 0, 0]));
        assert!(malformed(&[0x23, 0x80, 4, 1, 0, 0, 0]));
        let nested =
            endless(0x23, &[&endless(0x23, &[3, 2, 0, 0xaa])[..], &[3, 2, 4, 0xb0]].concat());
        assert_eq!(der(&nested), Ok(vec![3, 3, 4, 0xaa, 0xb0]));
        assert_eq!(der(&[0x23, 0x80, 0, 0]), Ok(vec![3, 1, 0]));
    }

    #[test]
    fn an_end_of_contents_ends_something() {
        for ber in [&[0, 0][..], &[0x30, 2, 0, 0], &[0x30, 0x80, 0, 1, 5, 0, 0]] {
            assert!(matches!(der(ber), Err(Error::MalformedAsn1 { .. })), "{ber:x?}");
        }
    }

    /// A string of `width` pieces, each of which is such a string itself, `depth` times over.
    fn nested_string(depth: usize, width: usize) -> Vec<u8> {
        (0..depth).fold(vec![4, 1, b'x'], |piece, _| endless(0x24, &piece.repeat(width)))
    }

    /// The work is as much as there are values, each measured once and written once, however they are
    /// nested: exactly as many as are allowed pass, and what comes out is reserved at once.
    #[test]
    fn every_value_is_counted_once_and_the_content_copied_once() {
        for (depth, width) in [(1, 50_000), (12, 2), (5, 8), (30, 1)] {
            let ber = nested_string(depth, width);
            let leaves = width.pow(depth as u32);
            let values = (0..=depth as u32).map(|level| width.pow(level)).sum();
            let limits = Limits { asn1_values: values, ..Limits::default() };
            let Ok(Cow::Owned(found)) = to_der(&ber, &limits) else { panic!("it is BER") };
            assert!(found.ends_with(&vec![b'x'; leaves]));
            assert_eq!(found.len(), header(4, leaves).len() + leaves);
            assert_eq!(found.capacity(), found.len());
            let fewer = Limits { asn1_values: values - 1, ..limits };
            let refused = to_der(&ber, &fewer);
            assert!(matches!(refused, Err(Error::Limit { limit: Limit::Asn1Values, .. })));
        }
    }

    /// Nested deeper than anything real, or with more pieces than fit a message: refused before the
    /// work is done.
    #[test]
    fn bombs_of_nested_strings_are_refused() {
        let deep = nested_string(33, 1);
        assert!(matches!(der(&deep), Err(Error::Limit { limit: Limit::Asn1Depth, .. })));
        // Each `24 80` opens another one: two bytes a level, never closed.
        let open = [0x24, 0x80].repeat(1 << 20);
        assert!(matches!(der(&open), Err(Error::Limit { limit: Limit::Asn1Depth, .. })));
        let empty = endless(0x24, &[4, 0].repeat(1 << 20));
        assert!(matches!(der(&empty), Err(Error::Limit { limit: Limit::Asn1Values, .. })));
        // A length that claims more than there is reserves nothing.
        let claim = [0x24, 0x84, 0xff, 0xff, 0xff, 0xf0, 4, 1, b'x'];
        assert!(matches!(der(&claim), Err(Error::MalformedAsn1 { .. })));
    }

    #[test]
    fn depth_and_count_are_bounded() {
        let deep = [0x30, 0x80].repeat(100);
        assert!(matches!(der(&deep), Err(Error::Limit { limit: Limit::Asn1Depth, .. })));
        let many = [&[0x30, 0x80][..], &[5, 0].repeat(20)].concat();
        let limits = Limits { asn1_values: 10, ..Limits::default() };
        assert!(matches!(
            to_der(&many, &limits),
            Err(Error::Limit { limit: Limit::Asn1Values, .. })
        ));
    }

    #[test]
    fn every_cut_is_an_error() {
        let ber = [0x30, 0x80, 0x24, 0x80, 4, 1, b'a', 4, 2, b'b', b'c', 0, 0, 2, 1, 5, 0, 0];
        for end in 0..ber.len() {
            assert!(matches!(der(&ber[..end]), Err(Error::MalformedAsn1 { .. })), "{end}");
        }
    }
}
