//! What went wrong inside a decryption is not told (attacks 8, 10, 11 and 12).

use smime_wasm::asn1::{Reader, tag};
use smime_wasm::crypto::algorithms::{ContentCipher, DigestAlgorithm};
use smime_wasm::crypto::{KeyTransport, OaepParameters, PublicKey};
use smime_wasm::env::block_on;
use smime_wasm::message::{DecryptOptions, EncryptOptions, decrypt, encrypt};

use crate::common::{MESSAGE, Pki, env, openssl};

fn encrypted(cipher: &str, key_transport: KeyTransport) -> Vec<u8> {
    let recipients = [Pki::get().certificate("bob").into()];
    let key_transport = Some(key_transport);
    let cipher = ContentCipher::by_name(cipher).unwrap();
    let options = EncryptOptions {
        message: MESSAGE,
        recipients: &recipients,
        cipher,
        key_transport,
        compress: false,
    };
    let message = block_on(encrypt(&mut env(1), options)).unwrap();
    let body = message.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    smime_wasm::bytes::base64::decode(&message[body..]).unwrap()
}

/// The encrypted content-encryption key of the one recipient, as a range of the DER.
fn encrypted_key(der: &[u8]) -> std::ops::Range<usize> {
    let mut info = Reader::only(der, tag::SEQUENCE).unwrap().contents();
    info.any().unwrap();
    let mut enveloped = info.any().unwrap().contents().sequence().unwrap();
    enveloped.any().unwrap();
    let mut recipient = enveloped.expect(tag::SET).unwrap().contents().sequence().unwrap();
    for _ in 0..3 {
        recipient.any().unwrap();
    }
    let key = recipient.expect(tag::OCTET_STRING).unwrap().value;
    let start = key.as_ptr() as usize - der.as_ptr() as usize;
    start..start + key.len()
}

fn outcome(der: &[u8]) -> Result<Vec<u8>, String> {
    let identities = [Pki::get().identity("bob")];
    let options = DecryptOptions { message: der, identities: &identities, ..Default::default() };
    match block_on(decrypt(&mut env(2), options)) {
        Ok(result) => Ok(result.message),
        Err(error) => {
            assert!(error.details().is_empty());
            Err(error.code().to_owned())
        }
    }
}

fn oaep() -> KeyTransport {
    KeyTransport::Oaep(OaepParameters {
        digest: DigestAlgorithm::Sha256,
        mgf_digest: DigestAlgorithm::Sha256,
        label: Vec::new(),
    })
}

#[test]
fn every_damage_of_an_authenticated_message_has_one_outcome() {
    for transport in [KeyTransport::Pkcs1v15, oaep()] {
        let der = encrypted("aes-256-gcm", transport);
        let key = encrypted_key(&der);
        let ciphertext = der.len() - 18 - 50;
        let places = (key.start..key.end)
            .step_by(7)
            .chain(ciphertext..der.len() - 18)
            .chain(der.len() - 16..der.len());
        for at in places {
            let mut damaged = der.clone();
            damaged[at] ^= 0x10;
            assert_eq!(outcome(&damaged), Err("decrypt/failed".to_owned()), "at {at}");
        }
    }
}

#[test]
fn a_bad_message_gives_the_same_answer_each_time() {
    for transport in [KeyTransport::Pkcs1v15, oaep()] {
        let der = encrypted("aes-128-cbc", transport);
        let key = encrypted_key(&der);
        for at in key.clone().step_by(5) {
            let mut damaged = der.clone();
            damaged[at] ^= 0x10;
            assert_eq!(outcome(&damaged), outcome(&damaged));
        }
    }
}

/// CBC has two outcomes. Bad RSA padding has to have them at the rates of a wrong key: about one in 256
/// ends in what looks like padding. With 2,000 trials each, the chi-square statistic of the two rates
/// stays below 10.8 (p = 0.001) unless one can be told from the other.
#[test]
fn bad_rsa_padding_looks_like_a_wrong_key() {
    let der = encrypted("aes-256-cbc", KeyTransport::Pkcs1v15);
    let range = encrypted_key(&der);
    let bob = Pki::get().certificate("bob");
    let trials = 2_000_u32;
    let mut opened = [0_u32; 2];
    for trial in 0..trials {
        // Bytes that are no valid padding for this key.
        let mut damaged = der.clone();
        let noise = env_noise(trial, range.len());
        damaged[range.clone()].copy_from_slice(&noise);
        damaged[range.start] = 0;
        opened[0] += u32::from(outcome(&damaged).is_ok());
        // A well-padded key that is the wrong one.
        let mut wrong = der.clone();
        let PublicKey::Rsa(_) = bob.public_key() else { panic!("an RSA key") };
        let mut env = env_of(trial);
        let key = env.random::<32>();
        let wrapped =
            bob.public_key().encrypt_key(&mut env, &KeyTransport::Pkcs1v15, key.as_ref()).unwrap();
        wrong[range.clone()].copy_from_slice(&wrapped);
        opened[1] += u32::from(outcome(&wrong).is_ok());
    }
    let total = f64::from(opened[0] + opened[1]);
    let difference = f64::from(opened[0]) - f64::from(opened[1]);
    assert!(total > 4.0, "both outcomes occur: {opened:?}");
    assert!(difference * difference / total < 10.8, "{opened:?} of {trials}");
}

fn env_of(trial: u32) -> smime_wasm::env::Env {
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&trial.to_be_bytes());
    smime_wasm::env::Env::new(crate::common::NOW, &seed, Default::default())
}

fn env_noise(trial: u32, length: usize) -> Vec<u8> {
    env_of(trial ^ 0x8000_0000).random_vec(length).to_vec()
}

/// Whoever is named twice gets the content, whether it is MIME or not.
#[test]
fn content_that_is_no_mime_is_decrypted_for_a_recipient_who_is_named_twice() {
    let pki = Pki::get();
    let arguments =
        ["cms", "-encrypt", "-binary", "-aes256", "-outform", "DER", "bob.pem", "bob.pem"];
    let der = openssl(&pki.folder, &arguments, b"\0\x01").unwrap();
    assert_eq!(outcome(&der), Ok(b"\0\x01".to_vec()));
}

/// A message may not make us use a private key as often as it likes.
#[test]
fn a_recipient_who_is_named_a_hundred_times_is_refused() {
    let pki = Pki::get();
    let mut arguments = vec!["cms", "-encrypt", "-binary", "-aes256", "-outform", "DER"];
    arguments.extend(["bob.pem"; 100]);
    let der = openssl(&pki.folder, &arguments, MESSAGE).unwrap();
    let identities = [pki.identity("bob")];
    let options = DecryptOptions { message: &der, identities: &identities, ..Default::default() };
    let error = block_on(decrypt(&mut env(2), options)).unwrap_err();
    assert_eq!(error.code(), "limit/recipients");
}

/// With CBC a wrong key gives something once in 256 times. Of two plaintexts the one that begins like
/// MIME is the message; if neither does, nobody can tell, and nothing is shown.
#[test]
fn of_two_plaintexts_the_one_that_is_mime_is_taken() {
    let is_failed = |outcome: &Result<_, String>| outcome.is_err();
    assert!(with_one_wrong_key(MESSAGE).take(600).all(|found| found == Ok(MESSAGE.to_vec())));
    let found = with_one_wrong_key(b"\0\x01").take(5_000).find(is_failed);
    assert_eq!(found, Some(Err("decrypt/failed".to_owned())));
}

/// What comes of a message for someone named twice, the first time with one wrong key after another.
fn with_one_wrong_key(content: &[u8]) -> impl Iterator<Item = Result<Vec<u8>, String>> {
    let pki = Pki::get();
    let arguments =
        ["cms", "-encrypt", "-binary", "-aes256", "-outform", "DER", "bob.pem", "bob.pem"];
    let der = openssl(&pki.folder, &arguments, content).unwrap();
    let bob = pki.certificate("bob");
    (0..).map(move |trial| {
        let (mut env, key) = (env_of(trial), env_noise(trial, 32));
        let wrong = bob.public_key().encrypt_key(&mut env, &KeyTransport::Pkcs1v15, &key).unwrap();
        let mut message = der.clone();
        message[encrypted_key(&der)].copy_from_slice(&wrong);
        outcome(&message)
    })
}
