//! Unwrapping and wrapping of content-encryption keys: AES key wrap (RFC 3394), the Triple-DES key
//! wrap of CMS (RFC 3217, read only), and PWRI-KEK for keys from passwords (RFC 3211, 2.3, read only).
//!
//! All that can be wrong with a wrapped key is one `None`; which of the checks failed is not told.
//! Sizes are public and may be told apart by time, contents are compared in constant time.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit, consts::U16};
use aes::{Aes128, Aes192, Aes256};
use aes_kw::AesKw;
use zeroize::Zeroizing;

use super::algorithms::{CbcCipher, DigestAlgorithm, KeyWrap};
use super::cbc::CbcDecryptor;
use super::ct_eq;
use super::digest::Digester;
use crate::error::{Error, Result};

impl KeyWrap {
    /// The wrapped form of a content-encryption key.
    ///
    /// # Errors
    ///
    /// `internal/fault` for a key-encryption key of another size than the algorithm's, for content
    /// keys that AES can't wrap, and for Triple-DES, which is never written.
    pub fn wrap(self, kek: &[u8], content_key: &[u8]) -> Result<Vec<u8>> {
        match self {
            KeyWrap::Aes128 => aes_wrap::<Aes128>(kek, content_key),
            KeyWrap::Aes192 => aes_wrap::<Aes192>(kek, content_key),
            KeyWrap::Aes256 => aes_wrap::<Aes256>(kek, content_key),
            KeyWrap::TripleDes => None,
        }
        .ok_or(Error::Internal { what: "a key that can't be wrapped" })
    }

    /// The content-encryption key inside; `None` if it was not wrapped with this key.
    pub fn unwrap(self, kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            KeyWrap::Aes128 => aes_unwrap::<Aes128>(kek, wrapped),
            KeyWrap::Aes192 => aes_unwrap::<Aes192>(kek, wrapped),
            KeyWrap::Aes256 => aes_unwrap::<Aes256>(kek, wrapped),
            KeyWrap::TripleDes => triple_des_unwrap(kek, wrapped),
        }
    }
}

/// Octets of the integrity check value of both wraps.
const CHECK: usize = 8;

fn aes_wrap<C>(kek: &[u8], content_key: &[u8]) -> Option<Vec<u8>>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + KeyInit,
{
    use aes::cipher::common::InnerInit;
    let cipher = AesKw::inner_init(C::new_from_slice(kek).ok()?);
    let mut wrapped = vec![0; content_key.len() + CHECK];
    cipher.wrap_key(content_key, &mut wrapped).ok()?;
    Some(wrapped)
}

/// RFC 3394 is defined from two blocks of key on (2.2.1).
fn aes_unwrap<C>(kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: BlockCipherDecrypt + BlockSizeUser<BlockSize = U16> + KeyInit,
{
    use aes::cipher::common::InnerInit;
    let length = wrapped.len().checked_sub(CHECK).filter(|&length| length >= 16)?;
    let cipher = AesKw::inner_init(C::new_from_slice(kek).ok()?);
    let mut key = Zeroizing::new(vec![0; length]);
    cipher.unwrap_key(wrapped, &mut key).ok()?;
    Some(key)
}

/// RFC 3217, 3.2. Parity is not checked, and the key need not be one of Triple-DES: OpenSSL wraps AES
/// keys so, and the checksum is what shows whether the key is whole.
fn triple_des_unwrap(kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    const OUTER_IV: [u8; 8] = [0x4a, 0xdd, 0xa2, 0x2c, 0x79, 0xe8, 0x21, 0x05];
    if !wrapped.len().is_multiple_of(8) || wrapped.len() < 8 + 16 + CHECK {
        return None;
    }
    let mut outer = Zeroizing::new(wrapped.to_vec());
    CbcDecryptor::new(CbcCipher::TripleDes, kek, &OUTER_IV).ok()?.update(&mut outer);
    outer.reverse();
    let (iv, inner) = outer.split_at_mut_checked(8)?;
    CbcDecryptor::new(CbcCipher::TripleDes, kek, iv).ok()?.update(inner);
    let (key, checksum) = inner.split_at_checked(inner.len().checked_sub(CHECK)?)?;
    let expected = Digester::digest(DigestAlgorithm::Sha1, key);
    ct_eq(expected.get(..CHECK)?, checksum).then(|| Zeroizing::new(key.to_vec()))
}

/// PWRI-KEK (RFC 3211, 2.3.2): the key was encrypted twice in CBC mode, the second time with the last
/// block of the first as IV. Inside are its length, the complement of its first three octets, the key
/// itself and padding. A wrong password passes this check once in 2^32 times.
pub fn pwri_unwrap(
    cipher: CbcCipher,
    kek: &[u8],
    iv: &[u8],
    wrapped: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let block = cipher.block_size();
    if !wrapped.len().is_multiple_of(block) || wrapped.len() < 2 * block {
        return None;
    }
    let mut bytes = Zeroizing::new(wrapped.to_vec());
    let (_, last_but_one) = wrapped.split_at_checked(wrapped.len() - 2 * block)?;
    let (before_last, last) = last_but_one.split_at_checked(block)?;
    let mut outer_iv = Zeroizing::new(last.to_vec());
    CbcDecryptor::new(cipher, kek, before_last).ok()?.update(&mut outer_iv);
    CbcDecryptor::new(cipher, kek, &outer_iv).ok()?.update(&mut bytes);
    CbcDecryptor::new(cipher, kek, iv).ok()?.update(&mut bytes);

    let (&length, rest) = bytes.split_first()?;
    let (check, rest) = rest.split_at_checked(3)?;
    let key = rest.get(..usize::from(length))?;
    let complement: Vec<u8> = key.iter().take(3).map(|octet| !octet).collect();
    ct_eq(&complement, check).then(|| Zeroizing::new(key.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3394, 4.6.
    #[test]
    fn aes_key_wrap_follows_rfc_3394() {
        let kek: Vec<u8> = (0..32).collect();
        let key: Vec<u8> = (0..16).map(|n| n * 0x11).chain(0..16).collect();
        let wrapped = KeyWrap::Aes256.wrap(&kek, &key).unwrap();
        assert_eq!(wrapped[..8], [0x28, 0xc9, 0xf4, 0x04, 0xc4, 0xb8, 0x10, 0xf4]);
        assert_eq!(KeyWrap::Aes256.unwrap(&kek, &wrapped).unwrap().as_slice(), key);
    }

    /// Wrapped here with the crate's CBC, step by step as RFC 3217, 3.1 says.
    #[test]
    fn triple_des_key_wrap_follows_rfc_3217() {
        use super::super::cbc::CbcEncryptor;
        let (kek, key, iv) = ([7; 24], [0x2a; 24], [9; 8]);
        let mut inner = key.to_vec();
        inner.extend_from_slice(&Digester::digest(DigestAlgorithm::Sha1, &key)[..8]);
        CbcEncryptor::new(CbcCipher::TripleDes, &kek, &iv).unwrap().update(&mut inner);
        let mut outer: Vec<u8> = iv.into_iter().chain(inner).rev().collect();
        let outer_iv = [0x4a, 0xdd, 0xa2, 0x2c, 0x79, 0xe8, 0x21, 0x05];
        CbcEncryptor::new(CbcCipher::TripleDes, &kek, &outer_iv).unwrap().update(&mut outer);
        assert_eq!(outer.len(), 40);
        assert_eq!(KeyWrap::TripleDes.unwrap(&kek, &outer).unwrap().as_slice(), key);
        for at in 0..outer.len() {
            let mut damaged = outer.clone();
            damaged[at] ^= 1;
            assert_eq!(KeyWrap::TripleDes.unwrap(&kek, &damaged), None);
        }
    }

    #[test]
    fn sizes_that_no_wrap_has_are_refused() {
        for size in (0..72).filter(|size| ![24, 32, 40, 48, 56, 64].contains(size)) {
            for (wrap, kek) in [(KeyWrap::Aes128, &[1; 16][..]), (KeyWrap::TripleDes, &[1; 24])] {
                assert_eq!(wrap.unwrap(kek, &vec![3; size]), None);
            }
            assert_eq!(
                pwri_unwrap(CbcCipher::Aes128, &[1; 16], &[1; 16], &vec![3; size / 2]),
                None
            );
        }
        assert_eq!(KeyWrap::Aes128.unwrap(&[1; 15], &[3; 24]), None);
    }
}
