//! Base64 (RFC 4648, 4; RFC 2045, 6.8), in time that depends on what is encoded: nothing secret ever is
//! in base64 here.

mod alphabet;
mod decode;
mod encode;
#[cfg(target_arch = "wasm32")]
mod vectors;

use core::mem;

pub use self::decode::{
    DecodedWithin, decode, decode_in_place, decode_start, decode_within, decoded_len,
};
pub use self::encode::{Encoder, LINE, Lines, encode, encoded_len};

/// Writes to the beginning of the room, and leaves the rest of it.
fn put<const SIZE: usize>(room: &mut &mut [u8], bytes: [u8; SIZE]) {
    if let Some((slot, left)) = mem::take(room).split_first_chunk_mut() {
        *slot = bytes;
        *room = left;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::PIECE;

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
