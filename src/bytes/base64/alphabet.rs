//! The alphabet, and groups of four characters that are three bytes.

#[cfg(target_arch = "wasm32")]
pub(super) use super::vectors::{decode_block, encode_block};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// White space.
pub(super) const SKIP: u8 = 0x40;
/// Padding.
pub(super) const PAD: u8 = 0x41;
/// What is no base64.
pub(super) const BAD: u8 = 0x42;

/// The value of every octet: 0 to 63, or one of the three above.
#[allow(clippy::indexing_slicing, reason = "evaluated at compile time, where a panic is an error")]
static VALUES: [u8; 256] = {
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

/// The value of a character.
pub(super) fn value(octet: u8) -> u8 {
    VALUES.get(usize::from(octet)).copied().unwrap_or(BAD)
}

/// The bytes of a group, if all its characters have values.
pub(super) fn decode_group(group: [u8; 4]) -> Option<[u8; 3]> {
    let [a, b, c, d] = group.map(value);
    ((a | b | c | d) < SKIP).then_some([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d])
}

/// The characters of a group.
pub(super) fn encode_group([a, b, c]: [u8; 3]) -> [u8; 4] {
    let character = |bits: u8| ALPHABET.get(usize::from(bits & 63)).copied().unwrap_or(b'=');
    [character(a >> 2), character(a << 4 | b >> 4), character(b << 2 | c >> 6), character(c)]
}

/// The bytes of four groups, if all their characters have values.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn decode_block(text: &[u8; 16]) -> Option<[u8; 12]> {
    let mut bytes = [0; 12];
    for (slot, group) in bytes.as_chunks_mut().0.iter_mut().zip(text.as_chunks().0) {
        *slot = decode_group(*group)?;
    }
    Some(bytes)
}

/// The characters of four groups.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn encode_block(bytes: &[u8; 12]) -> [u8; 16] {
    let mut text = [0; 16];
    for (slot, group) in text.as_chunks_mut().0.iter_mut().zip(bytes.as_chunks().0) {
        *slot = encode_group(*group);
    }
    text
}
