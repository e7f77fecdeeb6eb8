//! Bytes on their way: encodings as text, compression, and where output goes. And sorting, which all
//! rooms need.

use core::ops::Range;

pub mod base64;
pub mod hex;
mod sort;
pub mod zlib;

pub use self::sort::{sort_by, sort_by_key};

/// How much is worked on between two ticks. Digest, cipher and base64 share each piece while it is in
/// the cache.
pub const PIECE: usize = 48 << 10;

/// Takes output in pieces.
pub trait Sink {
    /// Takes the next bytes.
    fn write(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn write(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

impl<S: Sink> Sink for base64::Encoder<'_, S> {
    fn write(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

/// Where `part` begins in `whole`, of which it is a slice.
pub fn offset_in(whole: &[u8], part: &[u8]) -> Option<usize> {
    let offset = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    (offset.checked_add(part.len())? <= whole.len()).then_some(offset)
}

/// A range of large bytes, without a copy.
pub fn cut(mut bytes: Vec<u8>, range: Range<usize>) -> Vec<u8> {
    bytes.truncate(range.end);
    bytes.drain(..range.start.min(bytes.len()));
    bytes
}
