//! CBC mode with PKCS#7 padding (RFC 5652, 6.3) over content that comes in pieces.

use aes::cipher::{
    Array, Block, BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser, InnerIvInit, KeyIvInit,
};
use aes::{Aes128, Aes192, Aes256};
use des::TdesEde3;
use rc2::Rc2;
use subtle::{Choice, ConstantTimeEq, ConstantTimeLess};
use zeroize::Zeroizing;

use super::algorithms::CbcCipher;
use crate::bytes::{PIECE, Sink};
use crate::env::Env;
use crate::error::{Error, Result};

const WRONG_SIZES: Error = Error::Internal { what: "a CBC key or IV of the wrong size" };

/// Encrypts content, pads it, and writes the ciphertext in pieces. In a browser large content goes
/// through SubtleCrypto, which is four times as fast as wasm.
///
/// # Errors
///
/// `internal/fault` if key or IV have another size than the cipher's, `aborted`.
pub async fn cbc_encrypt(
    env: &mut Env,
    cipher: CbcCipher,
    key: &[u8],
    iv: &[u8],
    content: &[u8],
    sink: &mut impl Sink,
) -> Result<()> {
    #[cfg(target_arch = "wasm32")]
    if super::webcrypto::cbc_encrypt(env, cipher, key, iv, content, sink).await? {
        return Ok(());
    }
    let mut encryptor = CbcEncryptor::new(cipher, key, iv)?;
    let (pieces, last) = content.split_at(content.len() - content.len() % PIECE);
    let mut buffer = Zeroizing::new(Vec::with_capacity(PIECE + cipher.block_size()));
    let mut done = 0;
    for piece in pieces.chunks(PIECE) {
        buffer.clear();
        buffer.extend_from_slice(piece);
        encryptor.update(&mut buffer);
        sink.write(&buffer);
        done += piece.len();
        env.tick(done as u64, content.len() as u64).await?;
    }
    buffer.clear();
    buffer.extend_from_slice(last);
    encryptor.finish(&mut buffer);
    sink.write(&buffer);
    Ok(())
}

/// Encrypts in place, piece by piece.
pub struct CbcEncryptor {
    mode: EncryptMode,
    block_size: usize,
}

enum EncryptMode {
    Aes128(cbc::Encryptor<Aes128>),
    Aes192(cbc::Encryptor<Aes192>),
    Aes256(cbc::Encryptor<Aes256>),
    TripleDes(cbc::Encryptor<TdesEde3>),
    Rc2(cbc::Encryptor<Rc2>),
}

impl CbcEncryptor {
    /// # Errors
    ///
    /// `internal/fault` if key or IV have another size than the cipher's.
    pub fn new(cipher: CbcCipher, key: &[u8], iv: &[u8]) -> Result<CbcEncryptor> {
        let mode = match cipher {
            CbcCipher::Aes128 => EncryptMode::Aes128(keyed(key, iv)?),
            CbcCipher::Aes192 => EncryptMode::Aes192(keyed(key, iv)?),
            CbcCipher::Aes256 => EncryptMode::Aes256(keyed(key, iv)?),
            CbcCipher::TripleDes => EncryptMode::TripleDes(keyed(key, iv)?),
            CbcCipher::Rc2 { effective_bits } => EncryptMode::Rc2(rc2(key, iv, effective_bits)?),
        };
        Ok(CbcEncryptor { mode, block_size: cipher.block_size() })
    }

    /// Bytes that plaintext of `len` bytes becomes: at least one byte of padding is added.
    pub fn padded_len(cipher: CbcCipher, len: usize) -> usize {
        (len / cipher.block_size() + 1) * cipher.block_size()
    }

    /// Encrypts whole blocks in place; a rest shorter than a block stays as it is.
    pub fn update(&mut self, bytes: &mut [u8]) {
        match &mut self.mode {
            EncryptMode::Aes128(mode) => encrypt(mode, bytes),
            EncryptMode::Aes192(mode) => encrypt(mode, bytes),
            EncryptMode::Aes256(mode) => encrypt(mode, bytes),
            EncryptMode::TripleDes(mode) => encrypt(mode, bytes),
            EncryptMode::Rc2(mode) => encrypt(mode, bytes),
        }
    }

    /// Pads what is left, less than a block or whole blocks and less than a block, and encrypts it.
    pub fn finish(mut self, last: &mut Vec<u8>) {
        let padding = self.block_size - last.len() % self.block_size;
        last.resize(last.len() + padding, padding as u8);
        self.update(last);
    }
}

/// Decrypts in place, piece by piece.
pub struct CbcDecryptor {
    mode: DecryptMode,
    block_size: usize,
}

enum DecryptMode {
    Aes128(cbc::Decryptor<Aes128>),
    Aes192(cbc::Decryptor<Aes192>),
    Aes256(cbc::Decryptor<Aes256>),
    TripleDes(cbc::Decryptor<TdesEde3>),
    Rc2(cbc::Decryptor<Rc2>),
}

impl CbcDecryptor {
    /// # Errors
    ///
    /// `internal/fault` if key or IV have another size than the cipher's.
    pub fn new(cipher: CbcCipher, key: &[u8], iv: &[u8]) -> Result<CbcDecryptor> {
        let mode = match cipher {
            CbcCipher::Aes128 => DecryptMode::Aes128(keyed(key, iv)?),
            CbcCipher::Aes192 => DecryptMode::Aes192(keyed(key, iv)?),
            CbcCipher::Aes256 => DecryptMode::Aes256(keyed(key, iv)?),
            CbcCipher::TripleDes => DecryptMode::TripleDes(keyed(key, iv)?),
            CbcCipher::Rc2 { effective_bits } => DecryptMode::Rc2(rc2(key, iv, effective_bits)?),
        };
        Ok(CbcDecryptor { mode, block_size: cipher.block_size() })
    }

    /// Decrypts whole blocks in place; a rest shorter than a block stays as it is.
    pub fn update(&mut self, bytes: &mut [u8]) {
        match &mut self.mode {
            DecryptMode::Aes128(mode) => decrypt(mode, bytes),
            DecryptMode::Aes192(mode) => decrypt(mode, bytes),
            DecryptMode::Aes256(mode) => decrypt(mode, bytes),
            DecryptMode::TripleDes(mode) => decrypt(mode, bytes),
            DecryptMode::Rc2(mode) => decrypt(mode, bytes),
        }
    }

    /// How many bytes of the decrypted `plaintext` are content, `None` if its end is no padding. Every
    /// byte that could be padding is looked at, whatever the others say.
    pub fn unpadded_len(&self, plaintext: &[u8]) -> Option<usize> {
        if plaintext.is_empty() || !plaintext.len().is_multiple_of(self.block_size) {
            return None;
        }
        let count = *plaintext.last()?;
        let block = plaintext.iter().rev().take(self.block_size);
        let mut good = !count.ct_eq(&0) & count.ct_lt(&(self.block_size as u8 + 1));
        for (position, byte) in (0u8..).zip(block) {
            let is_padding: Choice = position.ct_lt(&count);
            good &= byte.ct_eq(&count) | !is_padding;
        }
        bool::from(good).then(|| plaintext.len() - usize::from(count))
    }
}

fn keyed<M: KeyIvInit>(key: &[u8], iv: &[u8]) -> Result<M> {
    M::new_from_slices(key, iv).map_err(|_| WRONG_SIZES)
}

/// RC2's effective key size is not in the key (RFC 2268, 2).
fn rc2<M: InnerIvInit<Inner = Rc2>>(key: &[u8], iv: &[u8], effective_bits: u16) -> Result<M> {
    if key.is_empty() || key.len() > 128 || effective_bits == 0 || effective_bits > 1024 {
        return Err(WRONG_SIZES);
    }
    let cipher = Rc2::new_with_eff_key_len(key, usize::from(effective_bits));
    M::inner_iv_slice_init(cipher, iv).map_err(|_| WRONG_SIZES)
}

fn encrypt<M: BlockModeEncrypt + BlockSizeUser>(mode: &mut M, bytes: &mut [u8]) {
    let (blocks, _) = Array::slice_as_chunks_mut(bytes);
    mode.encrypt_blocks(blocks as &mut [Block<M>]);
}

fn decrypt<M: BlockModeDecrypt + BlockSizeUser>(mode: &mut M, bytes: &mut [u8]) {
    let (blocks, _) = Array::slice_as_chunks_mut(bytes);
    mode.decrypt_blocks(blocks as &mut [Block<M>]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST SP 800-38A, F.2.1: CBC-AES128.Encrypt, first block.
    #[test]
    fn aes_cbc_follows_sp_800_38a() {
        let key = 0x2b7e151628aed2a6abf7158809cf4f3c_u128.to_be_bytes();
        let iv = 0x000102030405060708090a0b0c0d0e0f_u128.to_be_bytes();
        let plain = 0x6bc1bee22e409f96e93d7e117393172a_u128.to_be_bytes();
        let mut bytes = plain;
        CbcEncryptor::new(CbcCipher::Aes128, &key, &iv).unwrap().update(&mut bytes);
        assert_eq!(bytes, 0x7649abac8119b246cee98e9b12e9197d_u128.to_be_bytes());
        CbcDecryptor::new(CbcCipher::Aes128, &key, &iv).unwrap().update(&mut bytes);
        assert_eq!(bytes, plain);
    }

    #[test]
    fn every_length_is_padded_and_unpadded() {
        for cipher in
            [CbcCipher::Aes256, CbcCipher::TripleDes, CbcCipher::Rc2 { effective_bits: 40 }]
        {
            let (key, iv) = (vec![7; cipher.key_size()], vec![9; cipher.block_size()]);
            for len in 0..40 {
                let plain: Vec<u8> = (0..len as u8).collect();
                let mut bytes = plain.clone();
                CbcEncryptor::new(cipher, &key, &iv).unwrap().finish(&mut bytes);
                assert_eq!(bytes.len(), CbcEncryptor::padded_len(cipher, len));
                let mut decryptor = CbcDecryptor::new(cipher, &key, &iv).unwrap();
                decryptor.update(&mut bytes);
                assert_eq!(decryptor.unpadded_len(&bytes), Some(len));
                assert_eq!(bytes[..len], plain);
            }
        }
    }

    #[test]
    fn padding_is_refused_unless_every_byte_of_it_fits() {
        let decryptor = CbcDecryptor::new(CbcCipher::Aes128, &[0; 16], &[0; 16]).unwrap();
        let mut block = [4; 16];
        assert_eq!(decryptor.unpadded_len(&block), Some(12));
        block[12] = 5;
        assert_eq!(decryptor.unpadded_len(&block), None);
        assert_eq!(decryptor.unpadded_len(&[0; 16]), None);
        assert_eq!(decryptor.unpadded_len(&[17; 16]), None);
        assert_eq!(decryptor.unpadded_len(&[16; 16]), Some(0));
        assert_eq!(decryptor.unpadded_len(&[1; 15]), None);
    }
}
