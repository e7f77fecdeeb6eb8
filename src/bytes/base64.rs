//! Base64 (RFC 4648, 4; RFC 2045, 6.8) by table: a mail of 25 MB is decoded in a quarter of the time
//! a constant-time decoder takes, and nothing secret is ever in base64 here.

use super::{PIECE, Sink};
use crate::error::{BREAKS_OFF, Error, Result};

/// Characters on a line (RFC 7468, 2). MIME allows 76; 64 is what every peer writes in S/MIME.
pub const LINE: usize = 64;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const SKIP: u8 = 0x40;
const PAD: u8 = 0x41;
const BAD: u8 = 0x42;

/// The value of every octet: 0 to 63, or one of the three above.
#[allow(clippy::indexing_slicing, reason = "evaluated at compile time, where a panic is an error")]
const VALUES: [u8; 256] = {
    let mut values = [BAD; 256];
    let mut value = 0;
    while value < 64 {
        values[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    values[b'=' as usize] = PAD;
    values[b'\r' as usize] = SKIP;
    values[b'\n' as usize] = SKIP;
    values[b' ' as usize] = SKIP;
    values[b'\t' as usize] = SKIP;
    values
};

fn value(octet: u8) -> u8 {
    VALUES.get(usize::from(octet)).copied().unwrap_or(BAD)
}

/// Decodes. White space is skipped, padding may be missing, and what follows the padding is left off:
/// mailing lists and gateways append lines there.
///
/// # Errors
///
/// `malformed/mime` for other characters, or a single one left over.
pub fn decode(text: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut decoder = Decoder::default();
    decoder.update(text, &mut bytes)?;
    decoder.finish(&mut bytes)?;
    Ok(bytes)
}

/// Decodes the whole groups of what may break off anywhere.
///
/// # Errors
///
/// `malformed/mime` for other characters.
pub fn decode_start(text: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    Decoder::default().update(text, &mut bytes)?;
    Ok(bytes)
}

/// How many bytes [`decode`] makes of it, if it can.
pub fn decoded_len(text: &[u8]) -> usize {
    let is_before_padding = |octet: &&u8| value(**octet) != PAD;
    let characters =
        text.iter().take_while(is_before_padding).filter(|octet| value(**octet) < SKIP).count();
    characters / 4 * 3 + (characters % 4).saturating_sub(1)
}

/// The same as [`decode`] for everything in `text` from `start` on, without a second buffer of its size.
///
/// # Errors
///
/// Those of [`decode`]; what is in `text` then is of no use.
pub fn decode_in_place(text: &mut Vec<u8>, start: usize) -> Result<()> {
    let decoded = decode_within(text, start)?;
    text.truncate(decoded.end);
    Ok(())
}

/// What [`decode_within`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodedWithin {
    /// Where the bytes end.
    pub end: usize,
    /// Where the text ended that they were, with its padding: what follows was not touched.
    pub text_end: usize,
}

/// The same, but what is behind the text stays where it is.
///
/// # Errors
///
/// Those of [`decode`]; what is in `text` then is of no use.
pub fn decode_within(text: &mut [u8], start: usize) -> Result<DecodedWithin> {
    let mut decoder = Decoder::default();
    let (mut piece, mut bytes) = (Vec::with_capacity(PIECE), Vec::with_capacity(PIECE));
    let (mut read, mut written) = (start, start);
    let mut text_end = start;
    while read < text.len() && !decoder.is_over {
        piece.clear();
        let end = text.len().min(read + PIECE);
        piece.extend_from_slice(text.get(read..end).unwrap_or_default());
        let taken = decoder.update(&piece, &mut bytes)?;
        // White space at the end is not the text's.
        let blanks = piece.iter().take(taken).rev().take_while(|octet| value(**octet) == SKIP);
        match taken - blanks.count() {
            0 => {}
            length => text_end = read + length,
        }
        read = end;
        written += put(text, written, &mut bytes);
    }
    decoder.finish(&mut bytes)?;
    written += put(text, written, &mut bytes);
    // A second character of padding.
    text_end += usize::from(decoder.is_over && text.get(text_end) == Some(&b'='));
    Ok(DecodedWithin { end: written, text_end })
}

/// Moves bytes to where there is room for them, because they were more characters before.
fn put(text: &mut [u8], at: usize, bytes: &mut Vec<u8>) -> usize {
    let length = bytes.len();
    if let Some(room) = text.get_mut(at..at + length) {
        room.copy_from_slice(bytes);
    }
    bytes.clear();
    length
}

/// Decodes text that comes in pieces.
#[derive(Default)]
struct Decoder {
    bits: u32,
    /// Characters in `bits`.
    count: u32,
    /// The padding was reached.
    is_over: bool,
}

impl Decoder {
    /// Answers how many characters it took: all, or those up to the first of the padding.
    fn update(&mut self, text: &[u8], bytes: &mut Vec<u8>) -> Result<usize> {
        const BAD_CHARACTER: Error = Error::MalformedMime { rule: "a character that is no base64" };
        let mut rest = text;
        while !self.is_over {
            // Whole groups of four characters, as long as no line end comes between.
            if self.count == 0 {
                while let Some((group, after)) = rest.split_first_chunk::<4>() {
                    let [a, b, c, d] = group.map(value);
                    if (a | b | c | d) >= SKIP {
                        break;
                    }
                    let word =
                        u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
                    let [_, x, y, z] = word.to_be_bytes();
                    bytes.extend_from_slice(&[x, y, z]);
                    rest = after;
                }
            }
            let Some((&octet, after)) = rest.split_first() else { break };
            rest = after;
            match value(octet) {
                SKIP => {}
                PAD => self.is_over = true,
                BAD => return Err(BAD_CHARACTER),
                value => {
                    self.bits = self.bits << 6 | u32::from(value);
                    self.count += 1;
                    if self.count == 4 {
                        let [_, x, y, z] = self.bits.to_be_bytes();
                        bytes.extend_from_slice(&[x, y, z]);
                        (self.bits, self.count) = (0, 0);
                    }
                }
            }
        }
        Ok(text.len() - rest.len())
    }

    fn finish(&self, bytes: &mut Vec<u8>) -> Result<()> {
        match self.count {
            0 => {}
            2 => bytes.push((self.bits >> 4) as u8),
            3 => bytes.extend_from_slice(&((self.bits >> 2) as u16).to_be_bytes()),
            _ => return Err(Error::MalformedMime { rule: BREAKS_OFF }),
        }
        Ok(())
    }
}

/// Characters and line ends that `len` bytes become.
pub const fn encoded_len(len: usize) -> usize {
    let characters = len.div_ceil(3) * 4;
    characters + characters.div_ceil(LINE) * 2
}

/// How text is broken into lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// Characters on a line, a multiple of four.
    width: usize,
    end: &'static str,
}

impl Default for Lines {
    /// [`LINE`] characters, and CRLF.
    fn default() -> Lines {
        Lines { width: LINE, end: "\r\n" }
    }
}

impl Lines {
    /// As `text` is broken, judged by its first line; by default if that is empty.
    pub fn of(text: &[u8]) -> Lines {
        /// More is no line in mail (RFC 5322, 2.1.1).
        const LONGEST: usize = 1_000;
        let start = text.get(..text.len().min(LONGEST)).unwrap_or(text);
        let at = start.iter().position(|&octet| octet == b'\n');
        let goes_on = |at: &usize| {
            let mut rest = text.iter().skip(*at);
            rest.any(|octet| value(*octet) != SKIP)
        };
        let Some(at) = at.filter(goes_on) else {
            return Lines { width: usize::MAX - 3, end: "" };
        };
        let first = start.get(..at).unwrap_or_default();
        let characters = first.iter().filter(|octet| value(**octet) < SKIP).count();
        let default = Lines::default();
        let end = if first.ends_with(b"\r") { default.end } else { "\n" };
        match characters / 4 * 4 {
            0 => Lines { end, ..default },
            width => Lines { width, end },
        }
    }

    /// Characters that `len` bytes become, and the line ends between them.
    pub fn encoded_len(&self, len: usize) -> usize {
        let characters = len.div_ceil(3) * 4;
        characters + characters.div_ceil(self.width).saturating_sub(1) * self.end.len()
    }
}

/// Encodes bytes that come in pieces, in lines.
#[derive(Debug)]
pub struct Encoder<'a, S> {
    output: &'a mut S,
    lines: Lines,
    /// Text on its way to the output.
    text: Vec<u8>,
    /// Bytes that do not make a group of three yet.
    held: [u8; 3],
    held_len: usize,
    column: usize,
}

/// How much text goes to the output at once.
const BLOCK: usize = 4_096;

impl<'a, S: Sink> Encoder<'a, S> {
    /// Writes to `output`, which should have [`encoded_len`] reserved, in lines of [`LINE`] characters
    /// that end in CRLF.
    pub fn new(output: &'a mut S) -> Encoder<'a, S> {
        Encoder::with_lines(output, Lines::default())
    }

    /// The same in other lines.
    pub fn with_lines(output: &'a mut S, lines: Lines) -> Encoder<'a, S> {
        let text = Vec::with_capacity(2 * BLOCK + 8);
        Encoder { output, lines, text, held: [0; 3], held_len: 0, column: 0 }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        let mut bytes = bytes;
        while self.held_len > 0 && !bytes.is_empty() {
            let Some((&first, rest)) = bytes.split_first() else { break };
            if let Some(slot) = self.held.get_mut(self.held_len) {
                *slot = first;
            }
            self.held_len += 1;
            bytes = rest;
            if self.held_len == 3 {
                let held = self.held;
                self.groups(&[held]);
                self.held_len = 0;
            }
        }
        let (groups, rest) = bytes.as_chunks::<3>();
        self.groups(groups);
        for (slot, &byte) in self.held.iter_mut().zip(rest) {
            *slot = byte;
        }
        if !rest.is_empty() {
            self.held_len = rest.len();
        }
    }

    /// Writes what is held, with padding, and ends the last line.
    pub fn finish(mut self) {
        self.pad();
        if self.column > 0 {
            self.text.extend_from_slice(self.lines.end.as_bytes());
        }
        self.output.write(&self.text);
    }

    /// The same, but the last line stays open.
    pub fn finish_within_line(mut self) {
        self.pad();
        self.output.write(&self.text);
    }

    fn pad(&mut self) {
        let [a, b, _] = self.held;
        let last = match self.held_len {
            1 => [character(a >> 2), character(a << 4), b'=', b'='],
            2 => [character(a >> 2), character(a << 4 | b >> 4), character(b << 2), b'='],
            _ => return,
        };
        self.break_line();
        self.text.extend_from_slice(&last);
        self.column += last.len();
    }

    fn groups(&mut self, mut groups: &[[u8; 3]]) {
        while !groups.is_empty() {
            self.break_line();
            let room = (self.lines.width - self.column) / 4;
            let (line, rest) = groups.split_at(groups.len().min(room).min(BLOCK / 4));
            let start = self.text.len();
            self.text.resize(start + line.len() * 4, 0);
            let (slots, _) = self.text.get_mut(start..).unwrap_or_default().as_chunks_mut::<4>();
            for (slot, &[a, b, c]) in slots.iter_mut().zip(line) {
                *slot = [
                    character(a >> 2),
                    character(a << 4 | b >> 4),
                    character(b << 2 | c >> 6),
                    character(c),
                ];
            }
            self.column += line.len() * 4;
            groups = rest;
            if self.text.len() >= BLOCK {
                self.output.write(&self.text);
                self.text.clear();
            }
        }
    }

    /// Ends the line if it is full.
    fn break_line(&mut self) {
        if self.column >= self.lines.width {
            self.text.extend_from_slice(self.lines.end.as_bytes());
            self.column = 0;
        }
    }
}

/// The character of the low six bits.
fn character(bits: u8) -> u8 {
    ALPHABET.get(usize::from(bits & 63)).copied().unwrap_or(b'=')
}

/// Encodes bytes that are all here, in lines.
pub fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(encoded_len(bytes.len()));
    let mut encoder = Encoder::new(&mut output);
    encoder.update(bytes);
    encoder.finish();
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, 10.
    #[test]
    fn follows_rfc_4648() {
        for (plain, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            let line = if text.is_empty() { String::new() } else { format!("{text}\r\n") };
            assert_eq!(encode(plain.as_bytes()), line.as_bytes());
            assert_eq!(decode(text.as_bytes()).unwrap(), plain.as_bytes());
            assert_eq!(decode(text.trim_end_matches('=').as_bytes()).unwrap(), plain.as_bytes());
        }
    }

    #[test]
    fn pieces_of_every_size_give_one_text() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        let whole = encode(&bytes);
        assert_eq!(whole.len(), encoded_len(bytes.len()));
        for size in 1..80 {
            let mut output = Vec::new();
            let mut encoder = Encoder::new(&mut output);
            bytes.chunks(size).for_each(|piece| encoder.update(piece));
            encoder.finish();
            assert_eq!(output, whole);
        }
        assert_eq!(decode(&whole).unwrap(), bytes);
    }

    #[test]
    fn lines_stay_as_they_were() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        for (width, end) in [(76, "\n"), (64, "\r\n"), (4, "\r\n"), (usize::MAX - 3, "")] {
            let lines = Lines { width, end };
            let mut text = Vec::new();
            let mut encoder = Encoder::with_lines(&mut text, lines);
            bytes.chunks(7).for_each(|piece| encoder.update(piece));
            encoder.finish_within_line();
            assert_eq!(text.len(), lines.encoded_len(bytes.len()));
            assert_eq!(decode(&text).unwrap(), bytes);
            assert_eq!(Lines::of(&text), lines);
            let text_end = text.len();
            text.extend_from_slice(b"\n\n");
            assert_eq!(Lines::of(&text), lines);
            let decoded = decode_within(&mut text, 0).unwrap();
            assert_eq!(decoded, DecodedWithin { end: bytes.len(), text_end });
        }
    }

    #[test]
    fn in_place_gives_what_a_copy_does() {
        for length in [0, 1, 2, 3, PIECE / 4 * 3, PIECE, 3 * PIECE + 1] {
            let bytes: Vec<u8> = (0..=255).cycle().take(length).collect();
            let mut text = b"before".to_vec();
            text.extend_from_slice(&encode(&bytes));
            text.extend_from_slice(b"\r\n");
            decode_in_place(&mut text, 6).unwrap();
            assert_eq!(text, [b"before", &bytes[..]].concat());
        }
        let mut padded = b"Zg==\r\n-- \r\nThis list!".to_vec();
        decode_in_place(&mut padded, 0).unwrap();
        assert_eq!(padded, b"f");
        assert!(decode_in_place(&mut b"Zm9v!".to_vec(), 0).is_err());
        assert!(decode_in_place(&mut b"Zm9vY".to_vec(), 0).is_err());
    }

    #[test]
    fn odd_lines_and_a_footer_are_read() {
        assert_eq!(decode(b"Z m9\tv\nYmF\r\ny").unwrap(), b"foobar");
        assert_eq!(decode(b"Zg==\r\n-- \r\nThis list").unwrap(), b"f");
        assert_eq!(decode(b"Zm9v!").unwrap_err().code(), "malformed/mime");
        assert_eq!(decode(b"Zm9vY").unwrap_err().code(), "malformed/mime");
    }
}
