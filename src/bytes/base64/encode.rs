//! From bytes to text, in lines.

use super::alphabet::{SKIP, encode_block, encode_group, value};
use super::put;
use crate::bytes::Sink;

/// Characters on a line (RFC 7468, 2). MIME allows 76; 64 is what every peer writes in S/MIME.
pub const LINE: usize = 64;

/// Characters and line ends that `len` bytes become.
pub const fn encoded_len(len: usize) -> usize {
    let characters = len.div_ceil(3) * 4;
    characters + characters.div_ceil(LINE) * 2
}

/// How text is broken into lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// Characters on a line, a multiple of four.
    pub(super) width: usize,
    pub(super) end: &'static str,
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
    /// Text on its way to the output, and room for more: growing with each line takes as long as
    /// encoding it.
    text: Vec<u8>,
    text_len: usize,
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
        let text = vec![0; 2 * BLOCK + 8];
        Encoder { output, lines, text, text_len: 0, held: [0; 3], held_len: 0, column: 0 }
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
                self.groups(&held);
                self.held_len = 0;
            }
        }
        let (groups, rest) = bytes.split_at(bytes.len() / 3 * 3);
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
            self.end_line();
        }
        self.flush();
    }

    /// The same, but the last line stays open.
    pub fn finish_within_line(mut self) {
        self.pad();
        self.flush();
    }

    fn pad(&mut self) {
        let [a, b, _] = self.held;
        let last = match (self.held_len, encode_group([a, 0, 0]), encode_group([a, b, 0])) {
            (1, [w, x, ..], _) => [w, x, b'=', b'='],
            (2, _, [w, x, y, _]) => [w, x, y, b'='],
            _ => return,
        };
        self.break_line();
        self.push(last);
        self.column += last.len();
    }

    /// Encodes whole groups.
    fn groups(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            self.break_line();
            let room = (self.lines.width - self.column) / 4;
            let count = room.min(bytes.len() / 3).min(BLOCK / 4);
            let (line, rest) = bytes.split_at(count * 3);
            let (blocks, groups) = line.as_chunks();
            let mut text = self.text.get_mut(self.text_len..).unwrap_or_default();
            for block in blocks {
                put(&mut text, encode_block(block));
            }
            for group in groups.as_chunks().0 {
                put(&mut text, encode_group(*group));
            }
            self.text_len += count * 4;
            self.column += count * 4;
            bytes = rest;
            if self.text_len >= BLOCK {
                self.flush();
            }
        }
    }

    /// Ends the line if it is full.
    fn break_line(&mut self) {
        if self.column >= self.lines.width {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        match *self.lines.end.as_bytes() {
            [a, b] => self.push([a, b]),
            [a] => self.push([a]),
            _ => {}
        }
        self.column = 0;
    }

    fn push<const SIZE: usize>(&mut self, octets: [u8; SIZE]) {
        put(&mut self.text.get_mut(self.text_len..).unwrap_or_default(), octets);
        self.text_len += SIZE;
    }

    fn flush(&mut self) {
        self.output.write(self.text.get(..self.text_len).unwrap_or_default());
        self.text_len = 0;
    }
}

/// Encodes bytes that are all here, in lines.
pub fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(encoded_len(bytes.len()));
    let mut encoder = Encoder::new(&mut output);
    encoder.update(bytes);
    encoder.finish();
    output
}
