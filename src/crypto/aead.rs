//! AEAD ciphers (RFC 5116) as CMS uses them: AES-GCM and AES-CCM (RFC 5084), ChaCha20-Poly1305 (RFC
//! 8103), with the tag apart.

use aes::cipher::array::ArraySize;
use aes::cipher::consts::{U7, U8, U9, U10, U11, U12, U13, U14, U15, U16};
use aes::cipher::{BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::{AeadInOut, Nonce, Tag};
use aes_gcm::{AesGcm, KeyInit};
use ccm::{Ccm, NonceSize};
use chacha20poly1305::ChaCha20Poly1305;
use zeroize::Zeroizing;

use super::algorithms::{AeadCipher, GCM_NONCE, GCM_TAG, GcmCipher};
use crate::error::{Error, Result};

/// Encrypts in place and returns the tag.
///
/// # Errors
///
/// `internal/fault` for a key of the wrong size.
pub fn gcm_seal(
    cipher: GcmCipher,
    key: &[u8],
    nonce: &[u8; GCM_NONCE],
    associated: &[u8],
    bytes: &mut [u8],
) -> Result<[u8; GCM_TAG]> {
    const FAULT: Error = Error::Internal { what: "an AES-GCM key of the wrong size" };
    let aes = Aes::new(key, cipher.key_size()).ok_or(FAULT)?;
    let tag = AesGcm::<Aes, U12>::from(aes)
        .encrypt_inout_detached(nonce.into(), associated, bytes.into())
        .map_err(|_| FAULT)?;
    Ok(tag.into())
}

/// As [`gcm_seal`], for content of any size: by the browser's own cryptography where it can, which does
/// not hold up the worker.
///
/// # Errors
///
/// As [`gcm_seal`].
pub async fn gcm_seal_content(
    cipher: GcmCipher,
    key: &[u8],
    nonce: &[u8; GCM_NONCE],
    associated: &[u8],
    bytes: &mut [u8],
) -> Result<[u8; GCM_TAG]> {
    #[cfg(target_arch = "wasm32")]
    if let Some(tag) = super::webcrypto::gcm_seal(key, nonce, associated, bytes).await {
        return Ok(tag);
    }
    gcm_seal(cipher, key, nonce, associated, bytes)
}

/// Decrypts content of any size in place, by any cipher, if it [allows](AeadCipher::allows) nonces and
/// tags of these lengths: by the browser's own cryptography where it can.
///
/// # Errors
///
/// `decrypt/failed` for every reason alike; what is in `bytes` is no plaintext then.
pub async fn aead_open_content(
    cipher: AeadCipher,
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Result<()> {
    match cipher {
        AeadCipher::Gcm(cipher) => {
            #[cfg(target_arch = "wasm32")]
            if let Some(holds) =
                super::webcrypto::gcm_open(key, nonce, associated, bytes, tag).await
            {
                return if holds { Ok(()) } else { Err(Error::DecryptFailed) };
            }
            gcm_open_any(cipher, key, nonce, associated, bytes, tag)
        }
        AeadCipher::Ccm(cipher) => {
            let aes = Aes::new(key, cipher.key_size()).ok_or(Error::DecryptFailed)?;
            ccm_open(aes, nonce, associated, bytes, tag)
        }
        AeadCipher::ChaCha20Poly1305 => {
            let aead = ChaCha20Poly1305::new_from_slice(key).map_err(|_| Error::DecryptFailed)?;
            open(&aead, nonce, associated, bytes, tag)
        }
    }
}

/// Begins to find out whether the tag holds for content that comes in these pieces. What the browser's own
/// cryptography does of it goes on while the answer is not waited for. No plaintext is kept.
pub async fn begin_aead_check<'a>(
    cipher: AeadCipher,
    key: Zeroizing<Vec<u8>>,
    nonce: &'a [u8],
    associated: &'a [u8],
    pieces: &'a [&'a [u8]],
    tag: &'a [u8],
) -> impl Future<Output = bool> + 'a {
    #[cfg(target_arch = "wasm32")]
    let elsewhere = match cipher {
        AeadCipher::Gcm(_) => {
            super::webcrypto::begin_gcm_check(&key, nonce, associated, pieces, tag).await
        }
        AeadCipher::Ccm(_) | AeadCipher::ChaCha20Poly1305 => None,
    };
    async move {
        #[cfg(target_arch = "wasm32")]
        if let Some(elsewhere) = elsewhere
            && let Some(holds) = elsewhere.holds().await
        {
            return holds;
        }
        let mut bytes = Zeroizing::new(pieces.concat());
        aead_open_content(cipher, &key, nonce, associated, &mut bytes, tag).await.is_ok()
    }
}

/// Decrypts in place, with a tag of 12 to 16 bytes (RFC 5084, 3.2). No plaintext is made unless the
/// tag holds.
///
/// # Errors
///
/// `decrypt/failed` for every reason alike.
pub fn gcm_open(
    cipher: GcmCipher,
    key: &[u8],
    nonce: &[u8; GCM_NONCE],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Result<()> {
    gcm_open_any(cipher, key, nonce, associated, bytes, tag)
}

fn gcm_open_any(
    cipher: GcmCipher,
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Result<()> {
    let aes = Aes::new(key, cipher.key_size()).ok_or(Error::DecryptFailed)?;
    match (nonce.len(), tag.len()) {
        (12, 12) => open(&AesGcm::<_, U12, U12>::from(aes), nonce, associated, bytes, tag),
        (12, 13) => open(&AesGcm::<_, U12, U13>::from(aes), nonce, associated, bytes, tag),
        (12, 14) => open(&AesGcm::<_, U12, U14>::from(aes), nonce, associated, bytes, tag),
        (12, 15) => open(&AesGcm::<_, U12, U15>::from(aes), nonce, associated, bytes, tag),
        (12, 16) => open(&AesGcm::<_, U12, U16>::from(aes), nonce, associated, bytes, tag),
        (16, 16) => open(&AesGcm::<_, U16, U16>::from(aes), nonce, associated, bytes, tag),
        _ => Err(Error::DecryptFailed),
    }
}

/// The length of the nonce tells how long content may be (RFC 3610, 2.1).
fn ccm_open(aes: Aes, nonce: &[u8], associated: &[u8], bytes: &mut [u8], tag: &[u8]) -> Result<()> {
    match nonce.len() {
        7 => ccm_open_by::<U7>(aes, nonce, associated, bytes, tag),
        8 => ccm_open_by::<U8>(aes, nonce, associated, bytes, tag),
        9 => ccm_open_by::<U9>(aes, nonce, associated, bytes, tag),
        10 => ccm_open_by::<U10>(aes, nonce, associated, bytes, tag),
        11 => ccm_open_by::<U11>(aes, nonce, associated, bytes, tag),
        12 => ccm_open_by::<U12>(aes, nonce, associated, bytes, tag),
        13 => ccm_open_by::<U13>(aes, nonce, associated, bytes, tag),
        _ => Err(Error::DecryptFailed),
    }
}

fn ccm_open_by<N: ArraySize + NonceSize>(
    aes: Aes,
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Result<()> {
    match tag.len() {
        12 => open(&Ccm::<_, U12, N>::from(aes), nonce, associated, bytes, tag),
        14 => open(&Ccm::<_, U14, N>::from(aes), nonce, associated, bytes, tag),
        16 => open(&Ccm::<_, U16, N>::from(aes), nonce, associated, bytes, tag),
        _ => Err(Error::DecryptFailed),
    }
}

fn open<A: AeadInOut>(
    aead: &A,
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Result<()> {
    let nonce = <&Nonce<A>>::try_from(nonce).map_err(|_| Error::DecryptFailed)?;
    let tag = <&Tag<A>>::try_from(tag).map_err(|_| Error::DecryptFailed)?;
    aead.decrypt_inout_detached(nonce, associated, bytes.into(), tag)
        .map_err(|_| Error::DecryptFailed)
}

/// AES with a key of any size. As one type, so that the modes, of which there is one for each pair of
/// lengths of nonce and tag, are in the module once and not three times.
enum Aes {
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Aes256),
}

impl Aes {
    /// `None` unless the key has this size, and it is one of AES's.
    fn new(key: &[u8], key_size: usize) -> Option<Aes> {
        match key_size {
            16 => Aes128::new_from_slice(key).ok().map(Aes::Aes128),
            24 => Aes192::new_from_slice(key).ok().map(Aes::Aes192),
            32 => Aes256::new_from_slice(key).ok().map(Aes::Aes256),
            _ => None,
        }
    }
}

impl BlockSizeUser for Aes {
    type BlockSize = U16;
}

impl BlockCipherEncrypt for Aes {
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = U16>) {
        match self {
            Aes::Aes128(aes) => aes.encrypt_with_backend(f),
            Aes::Aes192(aes) => aes.encrypt_with_backend(f),
            Aes::Aes256(aes) => aes.encrypt_with_backend(f),
        }
    }
}
