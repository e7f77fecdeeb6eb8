//! AEAD ciphers (RFC 5116) as CMS uses them: AES-GCM and AES-CCM (RFC 5084), ChaCha20-Poly1305 (RFC
//! 8103), with the tag apart.

use aes::cipher::array::ArraySize;
use aes::cipher::consts::{U7, U8, U9, U10, U11, U12, U13, U14, U15, U16};
use aes::cipher::{BlockCipherEncrypt, BlockSizeUser};
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::{AeadInOut, Nonce, Tag};
use aes_gcm::{AesGcm, KeyInit, KeySizeUser};
use ccm::{Ccm, NonceSize};
use chacha20poly1305::ChaCha20Poly1305;

use super::algorithms::{AeadCipher, CcmCipher, GCM_NONCE, GCM_TAG, GcmCipher};
use crate::bytes::{PIECE, Sink};
use crate::env::Env;
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
    match cipher {
        GcmCipher::Aes128 => seal::<AesGcm<Aes128, U12>>(key, nonce, associated, bytes),
        GcmCipher::Aes192 => seal::<AesGcm<Aes192, U12>>(key, nonce, associated, bytes),
        GcmCipher::Aes256 => seal::<AesGcm<Aes256, U12>>(key, nonce, associated, bytes),
    }
}

/// Encrypts content of any size, writes the ciphertext in pieces, and returns the tag: by the browser's
/// own cryptography where it can, which does not hold up the worker.
///
/// # Errors
///
/// `internal/fault` for a key of the wrong size, `aborted`.
pub async fn gcm_encrypt(
    env: &mut Env,
    cipher: GcmCipher,
    key: &[u8],
    nonce: &[u8; GCM_NONCE],
    content: &[u8],
    sink: &mut impl Sink,
) -> Result<[u8; GCM_TAG]> {
    env.tick(0, content.len() as u64).await?;
    #[cfg(target_arch = "wasm32")]
    if let Some(tag) = super::webcrypto::gcm_encrypt(env, key, nonce, content, sink).await? {
        return Ok(tag);
    }
    let mut buffer = content.to_vec();
    let tag = gcm_seal(cipher, key, nonce, &[], &mut buffer)?;
    let mut done = 0;
    for piece in buffer.chunks(PIECE) {
        sink.write(piece);
        done += piece.len();
        env.tick(done as u64, content.len() as u64).await?;
    }
    Ok(tag)
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
        AeadCipher::Ccm(CcmCipher::Aes128) => {
            ccm_open::<Aes128>(key, nonce, associated, bytes, tag)
        }
        AeadCipher::Ccm(CcmCipher::Aes192) => {
            ccm_open::<Aes192>(key, nonce, associated, bytes, tag)
        }
        AeadCipher::Ccm(CcmCipher::Aes256) => {
            ccm_open::<Aes256>(key, nonce, associated, bytes, tag)
        }
        AeadCipher::ChaCha20Poly1305 => {
            open::<ChaCha20Poly1305>(key, nonce, associated, bytes, tag)
        }
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
    match cipher {
        GcmCipher::Aes128 => gcm_open_by::<Aes128>(key, nonce, associated, bytes, tag),
        GcmCipher::Aes192 => gcm_open_by::<Aes192>(key, nonce, associated, bytes, tag),
        GcmCipher::Aes256 => gcm_open_by::<Aes256>(key, nonce, associated, bytes, tag),
    }
}

fn gcm_open_by<C>(
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Result<()>
where
    AesGcm<C, U12, U12>: AeadInOut + KeyInit,
    AesGcm<C, U12, U13>: AeadInOut + KeyInit,
    AesGcm<C, U12, U14>: AeadInOut + KeyInit,
    AesGcm<C, U12, U15>: AeadInOut + KeyInit,
    AesGcm<C, U12, U16>: AeadInOut + KeyInit,
    AesGcm<C, U16, U16>: AeadInOut + KeyInit,
{
    match (nonce.len(), tag.len()) {
        (12, 12) => open::<AesGcm<C, U12, U12>>(key, nonce, associated, bytes, tag),
        (12, 13) => open::<AesGcm<C, U12, U13>>(key, nonce, associated, bytes, tag),
        (12, 14) => open::<AesGcm<C, U12, U14>>(key, nonce, associated, bytes, tag),
        (12, 15) => open::<AesGcm<C, U12, U15>>(key, nonce, associated, bytes, tag),
        (12, 16) => open::<AesGcm<C, U12, U16>>(key, nonce, associated, bytes, tag),
        (16, 16) => open::<AesGcm<C, U16, U16>>(key, nonce, associated, bytes, tag),
        _ => Err(Error::DecryptFailed),
    }
}

/// The length of the nonce tells how long content may be (RFC 3610, 2.1).
fn ccm_open<C>(
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Result<()>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + KeyInit,
{
    match nonce.len() {
        7 => ccm_open_any::<C, U7>(key, nonce, associated, bytes, tag),
        8 => ccm_open_any::<C, U8>(key, nonce, associated, bytes, tag),
        9 => ccm_open_any::<C, U9>(key, nonce, associated, bytes, tag),
        10 => ccm_open_any::<C, U10>(key, nonce, associated, bytes, tag),
        11 => ccm_open_any::<C, U11>(key, nonce, associated, bytes, tag),
        12 => ccm_open_any::<C, U12>(key, nonce, associated, bytes, tag),
        13 => ccm_open_any::<C, U13>(key, nonce, associated, bytes, tag),
        _ => Err(Error::DecryptFailed),
    }
}

fn ccm_open_any<C, N>(
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Result<()>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + KeyInit,
    N: ArraySize + NonceSize,
{
    match tag.len() {
        12 => open::<Ccm<C, U12, N>>(key, nonce, associated, bytes, tag),
        14 => open::<Ccm<C, U14, N>>(key, nonce, associated, bytes, tag),
        16 => open::<Ccm<C, U16, N>>(key, nonce, associated, bytes, tag),
        _ => Err(Error::DecryptFailed),
    }
}

fn seal<A: AeadInOut + KeyInit + KeySizeUser>(
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
) -> Result<[u8; GCM_TAG]> {
    const FAULT: Error = Error::Internal { what: "an AES-GCM key of the wrong size" };
    let aead = A::new_from_slice(key).map_err(|_| FAULT)?;
    let nonce = <&Nonce<A>>::try_from(nonce).map_err(|_| FAULT)?;
    let tag = aead.encrypt_inout_detached(nonce, associated, bytes.into()).map_err(|_| FAULT)?;
    tag.as_slice().try_into().map_err(|_| FAULT)
}

fn open<A: AeadInOut + KeyInit + KeySizeUser>(
    key: &[u8],
    nonce: &[u8],
    associated: &[u8],
    bytes: &mut [u8],
    tag: &[u8],
) -> Result<()> {
    let aead = A::new_from_slice(key).map_err(|_| Error::DecryptFailed)?;
    let nonce = <&Nonce<A>>::try_from(nonce).map_err(|_| Error::DecryptFailed)?;
    let tag = <&Tag<A>>::try_from(tag).map_err(|_| Error::DecryptFailed)?;
    aead.decrypt_inout_detached(nonce, associated, bytes.into(), tag)
        .map_err(|_| Error::DecryptFailed)
}
