//! zlib (RFC 1950) in pieces, with pauses.

use miniz_oxide::deflate::CompressionLevel;
use miniz_oxide::deflate::core::CompressorOxide;
use miniz_oxide::deflate::stream::deflate as deflate_piece;
use miniz_oxide::inflate::stream::{InflateState, inflate as inflate_piece};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::PIECE;
use crate::env::Env;
use crate::error::{Error, Result};

/// Decompresses; `None` if the input is damaged or cut off. Nothing is reserved for what the input may
/// become: `check` is asked before each piece whether there may be as many bytes as it is told.
///
/// # Errors
///
/// `aborted`, and those of `check`.
pub async fn inflate(
    env: &mut Env,
    input: &[u8],
    check: impl Fn(usize) -> Result<()>,
) -> Result<Option<Vec<u8>>> {
    let mut state = InflateState::new_boxed(DataFormat::Zlib);
    let (mut piece, mut output) = (vec![0; PIECE], Vec::new());
    let mut done = 0;
    loop {
        let rest = input.get(done..).unwrap_or_default();
        let result = inflate_piece(&mut state, rest, &mut piece, MZFlush::None);
        check(output.len() + result.bytes_written)?;
        output.extend_from_slice(piece.get(..result.bytes_written).unwrap_or_default());
        done += result.bytes_consumed;
        env.tick(done as u64, input.len() as u64).await?;
        match result.status {
            Ok(MZStatus::StreamEnd) => return Ok(Some(output)),
            Ok(_) if result.bytes_consumed + result.bytes_written > 0 => {}
            Ok(_) | Err(_) => return Ok(None),
        }
    }
}

/// Compresses.
///
/// # Errors
///
/// `aborted`.
pub async fn deflate(env: &mut Env, input: &[u8]) -> Result<Vec<u8>> {
    let level = CompressionLevel::DefaultLevel;
    let compressor = CompressorOxide::with_format_and_level(DataFormat::Zlib, level);
    let (mut compressor, mut piece, mut output) =
        (Box::new(compressor), vec![0; PIECE], Vec::new());
    let mut done = 0;
    loop {
        let end = input.len().min(done + PIECE);
        let flush = if end == input.len() { MZFlush::Finish } else { MZFlush::None };
        let next = input.get(done..end).unwrap_or_default();
        let result = deflate_piece(&mut compressor, next, &mut piece, flush);
        output.extend_from_slice(piece.get(..result.bytes_written).unwrap_or_default());
        done += result.bytes_consumed;
        env.tick(done as u64, input.len() as u64).await?;
        match result.status {
            Ok(MZStatus::StreamEnd) => return Ok(output),
            Ok(_) if result.bytes_consumed + result.bytes_written > 0 => {}
            Ok(_) | Err(_) => return Err(Error::Internal { what: "compression stands still" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{Time, block_on};
    use crate::limits::Limits;

    fn env() -> Env {
        Env::new(Time::from_secs(0), &[1; 32], Limits::default())
    }

    fn inflated(input: &[u8]) -> Option<Vec<u8>> {
        block_on(inflate(&mut env(), input, |_| Ok(()))).unwrap()
    }

    #[test]
    fn content_of_every_size_comes_back() {
        let noise = env().random_vec(3 * PIECE);
        for size in [0, 1, 100, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            for content in [&noise[..size], &vec![b'a'; size]] {
                let compressed = block_on(deflate(&mut env(), content)).unwrap();
                assert_eq!(inflated(&compressed).unwrap(), content, "{size}");
            }
        }
    }

    /// `python3 -c "import zlib; print(zlib.compress(b'abc' * 9, 9).hex())"`
    #[test]
    fn what_others_compressed_is_read() {
        let compressed =
            [0x78, 0xda, 0x4b, 0x4c, 0x4a, 0x4e, 0xc4, 0x81, 0x00, 0x90, 0xbd, 0x0a, 0x57];
        assert_eq!(inflated(&compressed).unwrap(), b"abc".repeat(9));
    }

    #[test]
    fn damage_and_cuts_are_noticed() {
        let content: Vec<u8> = (0..9_000_u32).flat_map(u32::to_be_bytes).collect();
        let compressed = block_on(deflate(&mut env(), &content)).unwrap();
        for end in [0, 1, 2, 10, compressed.len() / 2, compressed.len() - 4, compressed.len() - 1] {
            assert_eq!(inflated(&compressed[..end]), None, "{end}");
        }
        for at in (0..compressed.len()).step_by(7) {
            let mut damaged = compressed.clone();
            damaged[at] ^= 0x20;
            assert_eq!(inflated(&damaged), None, "{at}");
        }
    }

    #[test]
    fn growth_ends_where_it_is_told_to() {
        let bomb = block_on(deflate(&mut env(), &vec![0; 64 << 20])).unwrap();
        let allowed = 1 << 20;
        let largest = core::cell::Cell::new(0);
        let outcome = block_on(inflate(&mut env(), &bomb, |size| {
            largest.set(size);
            if size > allowed { Err(Error::Aborted) } else { Ok(()) }
        }));
        assert_eq!(outcome, Err(Error::Aborted));
        assert!(largest.get() <= allowed + PIECE);
    }
}
