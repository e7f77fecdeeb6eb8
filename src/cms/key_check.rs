//! Whether a key is the right one, told without decrypting the content.

use zeroize::Zeroizing;

use super::content_encryption::{ContentDecryption, Mode, Tag, derive_key};
use crate::crypto::{CbcDecryptor, begin_aead_check};
use crate::env::Env;
use crate::error::Result;

/// How much of CBC content is looked at to tell whether a key is right: as a header begins, no wrong key
/// makes it begin.
const START: usize = 512;

impl ContentDecryption {
    /// Whether `key` is the one that encrypted `pieces`, without decrypting them. AEAD ciphers say so. With
    /// CBC the end has to be padded, and the beginning to be what `is_plausible` takes it for; both are
    /// looked at in any case.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub(super) async fn fits(
        &self,
        env: &mut Env,
        key: &[u8],
        pieces: &[&[u8]],
        is_plausible: impl Fn(&[u8]) -> bool,
    ) -> Result<bool> {
        if key.len() != self.cipher().key_size() {
            return Ok(false);
        }
        let key = &*self.derived(key)?;
        let length: usize = pieces.iter().map(|piece| piece.len()).sum();
        match &self.mode {
            Mode::Cbc { cipher, iv } => {
                let size = cipher.block_size();
                if length == 0 || !length.is_multiple_of(size) {
                    return Ok(false);
                }
                let mut start = Zeroizing::new(first(pieces, START));
                CbcDecryptor::new(*cipher, key, iv)?.update(&mut start);
                let mut end = Zeroizing::new(last(pieces, 2 * size));
                // A block before the last one is its IV; the first block's is not among the pieces.
                let at = end.len() - size;
                let before =
                    if at == 0 { iv.clone() } else { end.get(..at).unwrap_or_default().to_vec() };
                let mut decryptor = CbcDecryptor::new(*cipher, key, &before)?;
                let block = end.get_mut(at..).unwrap_or_default();
                decryptor.update(block);
                let content = decryptor.unpadded_len(block);
                if length == start.len() {
                    start.truncate(length - size + content.unwrap_or(size));
                }
                Ok(is_plausible(&start) & content.is_some())
            }
            Mode::Aead { cipher, nonce, tag, associated } => {
                env.tick(0, length as u64).await?;
                let key = Zeroizing::new(key.to_vec());
                let holds = match tag {
                    Tag::Apart(tag) => {
                        begin_aead_check(*cipher, key, nonce, associated, pieces, tag).await.await
                    }
                    Tag::Behind(tag_len) => {
                        let Some(content_len) = length.checked_sub(*tag_len) else {
                            return Ok(false);
                        };
                        let (whole, tag) = (first(pieces, content_len), last(pieces, *tag_len));
                        let pieces: [&[u8]; 1] = [&whole];
                        begin_aead_check(*cipher, key, nonce, associated, &pieces, &tag).await.await
                    }
                };
                env.tick(length as u64, length as u64).await?;
                Ok(holds)
            }
        }
    }

    /// Begins to try a key for authenticated content: the answer is found while other things are done. `None`
    /// where that takes a copy of the content, or the key is none for it.
    pub(super) async fn begin_check<'a>(
        &'a self,
        key: &[u8],
        pieces: &'a [&'a [u8]],
    ) -> Result<Option<impl Future<Output = bool> + use<'a>>> {
        let Mode::Aead { cipher, nonce, tag: Tag::Apart(tag), associated } = &self.mode else {
            return Ok(None);
        };
        if key.len() != self.cipher().key_size() {
            return Ok(None);
        }
        let key = self.derived(key)?;
        Ok(Some(begin_aead_check(*cipher, key, nonce, associated, pieces, tag).await))
    }

    /// The key that the content is under.
    fn derived(&self, key: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        match &self.bound {
            Some(algorithm) => derive_key(key, algorithm),
            None => Ok(Zeroizing::new(key.to_vec())),
        }
    }
}

/// The first `count` octets of what comes in pieces, or all.
fn first(pieces: &[&[u8]], count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for piece in pieces {
        let missing = count - bytes.len();
        bytes.extend_from_slice(piece.get(..missing.min(piece.len())).unwrap_or_default());
    }
    bytes
}

/// The last `count` octets of what comes in pieces, or all.
fn last(pieces: &[&[u8]], count: usize) -> Vec<u8> {
    let mut parts = Vec::new();
    let mut missing = count;
    for piece in pieces.iter().rev() {
        let part = piece.get(piece.len().saturating_sub(missing)..).unwrap_or_default();
        missing -= part.len();
        parts.push(part);
    }
    parts.reverse();
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_found_across_pieces() {
        let pieces: [&[u8]; 4] = [b"ab", b"", b"cde", b"f"];
        assert_eq!(first(&pieces, 3), b"abc");
        assert_eq!(first(&pieces, 9), b"abcdef");
        assert_eq!(last(&pieces, 4), b"cdef");
        assert_eq!(last(&pieces, 9), b"abcdef");
        assert_eq!((first(&pieces, 0), last(&pieces, 0)), (Vec::new(), Vec::new()));
        assert_eq!((first(&[], 2), last(&[], 2)), (Vec::new(), Vec::new()));
    }
}
