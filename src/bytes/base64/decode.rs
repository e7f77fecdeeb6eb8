//! From text to bytes.

use super::alphabet::{BAD, PAD, SKIP, decode_block, decode_group, value};
use super::put;
use crate::bytes::PIECE;
use crate::error::{BREAKS_OFF, Error, Result};

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
        written += move_to(text, written, &mut bytes);
    }
    decoder.finish(&mut bytes)?;
    written += move_to(text, written, &mut bytes);
    // A second character of padding.
    text_end += usize::from(decoder.is_over && text.get(text_end) == Some(&b'='));
    Ok(DecodedWithin { end: written, text_end })
}

/// Moves bytes to where there is room for them, because they were more characters before.
fn move_to(text: &mut [u8], at: usize, bytes: &mut Vec<u8>) -> usize {
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
        // Room for all of it at once: growing by every group takes longer than decoding it.
        let start = bytes.len();
        bytes.resize(start + (self.count as usize + text.len()) / 4 * 3, 0);
        let mut room = bytes.get_mut(start..).unwrap_or_default();
        let mut rest = text;
        while !self.is_over {
            if self.count == 0 {
                rest = whole_groups(rest, &mut room);
            }
            let Some((&octet, after)) = rest.split_first() else { break };
            rest = after;
            match value(octet) {
                SKIP => {
                    while let Some((&octet, after)) = rest.split_first()
                        && value(octet) == SKIP
                    {
                        rest = after;
                    }
                }
                PAD => self.is_over = true,
                BAD => return Err(BAD_CHARACTER),
                value => {
                    self.bits = self.bits << 6 | u32::from(value);
                    self.count += 1;
                    if self.count == 4 {
                        let [_, group @ ..] = self.bits.to_be_bytes();
                        put(&mut room, group);
                        (self.bits, self.count) = (0, 0);
                    }
                }
            }
        }
        let unused = room.len();
        bytes.truncate(bytes.len() - unused);
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

/// Decodes groups until a line ends, or at whatever else is none; what is left of the text.
fn whole_groups<'t>(mut text: &'t [u8], room: &mut &mut [u8]) -> &'t [u8] {
    while let Some((block, after)) = text.split_first_chunk()
        && let Some(bytes) = decode_block(block)
    {
        put(room, bytes);
        text = after;
    }
    while let Some((group, after)) = text.split_first_chunk()
        && let Some(bytes) = decode_group(*group)
    {
        put(room, bytes);
        text = after;
    }
    text
}
