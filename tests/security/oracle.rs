//! What went wrong inside a decryption is not told (attacks 8, 10, 11 and 12).

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use smime_wasm::asn1::{Reader, tag};
use smime_wasm::cert::{Certificate, Identity};
use smime_wasm::cms::Encryption;
use smime_wasm::crypto::algorithms::{ContentCipher, DigestAlgorithm};
use smime_wasm::crypto::{KeyTransport, OaepParameters, PrivateKey};
use smime_wasm::env::block_on;
use smime_wasm::message::{DecryptOptions, decrypt};

use crate::common::{MESSAGE, Pki, content, env, openssl};
use crate::content_encryption::every_aead;

/// What a recipient with a small key gets, so that there can be many messages. The key is the same in
/// every run, and with it every outcome.
struct Small {
    identity: Identity,
}

impl Small {
    fn get() -> &'static Small {
        static SMALL: OnceLock<Small> = OnceLock::new();
        SMALL.get_or_init(|| {
            let key = RsaPrivateKey::new(env(11).rng(), 1_024).unwrap();
            let folder = &Pki::get().folder;
            let pem = key.to_pkcs8_pem(LineEnding::LF).unwrap();
            std::fs::write(folder.join("small.key"), pem.as_bytes()).unwrap();
            let arguments = ["req", "-x509", "-key", "small.key", "-subj", "/CN=small"];
            let arguments = [&arguments[..], &["-days", "36500", "-outform", "DER"]].concat();
            let certificate = openssl(folder, &arguments, b"").unwrap();
            let certificate = Certificate::from_der(&certificate).unwrap();
            let key = PrivateKey::from_pkcs8(key.to_pkcs8_der().unwrap().as_bytes()).unwrap();
            Small { identity: Identity::new(certificate, Vec::new(), Arc::new(key)).unwrap() }
        })
    }

    fn certificate(&self) -> Certificate {
        self.identity.certificate().clone()
    }

    /// A message as we write it.
    fn message(&self, cipher: &str, transport: &KeyTransport, content: &[u8]) -> Vec<u8> {
        let recipients = [(self.certificate(), transport.clone())];
        let cipher = ContentCipher::by_name(cipher).unwrap();
        let mut env = env(1);
        let encryption =
            Encryption::new(&mut env, cipher, false, &recipients, content.len()).unwrap();
        let mut message = Vec::new();
        let sealed = block_on(encryption.seal(&mut env, content.into())).unwrap();
        block_on(sealed.write(&mut env, &mut message)).unwrap();
        message
    }

    /// A content-encryption key as somebody who means it well or not encrypts it.
    fn wrapped(&self, trial: u32, key: &[u8]) -> Vec<u8> {
        let transport = KeyTransport::Pkcs1v15;
        self.certificate().public_key().encrypt_key(&mut env_of(trial), &transport, key).unwrap()
    }

    /// The plaintext, or everything a caller sees of a failure.
    fn outcome(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let identities = std::slice::from_ref(&self.identity);
        let options = DecryptOptions { message, identities, ..Default::default() };
        block_on(decrypt(&mut env(2), options))
            .map(|found| found.message)
            .map_err(|error| format!("{} {error} {:?}", error.code(), error.details()))
    }
}

const FAILED: &str = "decrypt/failed The message could not be decrypted. []";

/// Where `part` stands in the message.
fn position(message: &[u8], part: &[u8]) -> Range<usize> {
    let start = message.windows(part.len()).position(|window| window == part).unwrap();
    start..start + part.len()
}

/// Every cipher and both key transports, with and without attributes; the key, the ciphertext, the nonce
/// or the tag is damaged, in one place or in several.
#[test]
fn every_damage_of_an_authenticated_message_has_one_outcome() {
    let small = Small::get();
    let mut tried = 0;
    for sealed in every_aead(&[]) {
        for transport in [KeyTransport::Pkcs1v15, oaep()] {
            let message = sealed.message_for(&small.certificate(), &transport, None);
            assert_eq!(small.outcome(&message), Ok(content()));
            let parts = [&sealed.nonce, &sealed.ciphertext, &sealed.tag];
            let mut places = vec![encrypted_key(&message)];
            places.extend(parts.map(|part| position(&message, part)));
            for trial in 0..160_u32 {
                let place = &places[trial as usize % places.len()];
                let noise = env_noise(trial, 1 + trial as usize % place.len());
                let mut damaged = message.clone();
                for (at, noise) in place.clone().rev().zip(&noise) {
                    damaged[at] ^= noise.max(&1);
                }
                // Both the first time and the second.
                for _ in 0..2 {
                    let found = small.outcome(&damaged);
                    assert_eq!(found, Err(FAILED.to_owned()), "{} {trial}", sealed.cipher);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 5_000, "{tried}");
}

/// With OAEP a message under CBC has one outcome too: a bad padding never gives a key.
#[test]
fn every_damage_under_oaep_has_one_outcome() {
    let small = Small::get();
    let message = small.message("aes-256-cbc", &oaep(), b"x");
    assert_eq!(small.outcome(&message), Ok(b"x".to_vec()));
    let range = encrypted_key(&message);
    for trial in 0..3_000 {
        let mut damaged = message.clone();
        match trial % 3 {
            // Any number below the modulus.
            0 => damaged[range.clone()].copy_from_slice(&below_modulus(trial, range.len())),
            // A key that is padded for another transport.
            1 => {
                let wrapped = small.wrapped(trial, &env_noise(trial, 32));
                damaged[range.clone()].copy_from_slice(&wrapped);
            }
            _ => damaged[range.start + trial as usize % range.len()] ^= 1 << (trial % 8),
        }
        assert_eq!(small.outcome(&damaged), Err(FAILED.to_owned()), "{trial}");
    }
}

#[test]
fn a_bad_message_gives_the_same_answer_each_time() {
    let small = Small::get();
    let message = small.message("aes-128-cbc", &KeyTransport::Pkcs1v15, &content());
    let range = encrypted_key(&message);
    let mut opened = 0;
    for trial in 0..2_000 {
        let mut damaged = message.clone();
        damaged[range.clone()].copy_from_slice(&below_modulus(trial, range.len()));
        let found = small.outcome(&damaged);
        assert_eq!(found, small.outcome(&damaged));
        opened += usize::from(found.is_ok());
    }
    assert!(opened > 0, "some look as if they opened");
}

/// CBC has two outcomes: bytes, once in about 256 times, and `decrypt/failed`. Whatever is wrong with
/// the padding of RSA, or with the length of the key inside, they come at the rates of a well-padded
/// wrong key: with 20,000 trials each, the chi-square statistic of two rates (one degree of freedom)
/// stays below 10.83, its critical value for p = 0.001.
#[test]
fn bad_rsa_padding_looks_like_a_wrong_key() {
    const TRIALS: u32 = 20_000;
    let small = Small::get();
    let message = small.message("aes-256-cbc", &KeyTransport::Pkcs1v15, b"x");
    let range = encrypted_key(&message);
    let opened = |encrypted_key: &(dyn Fn(u32) -> Vec<u8> + Sync)| {
        count(TRIALS, &|trial| {
            let mut changed = message.clone();
            changed[range.clone()].copy_from_slice(&encrypted_key(trial));
            match small.outcome(&changed) {
                Ok(_) => true,
                Err(told) => {
                    assert_eq!(told, FAILED);
                    false
                }
            }
        })
    };
    let wrong_key = opened(&|trial| small.wrapped(trial, &env_noise(trial, 32)));
    assert!((40..=120).contains(&wrong_key), "about one in 256: {wrong_key}");
    for (what, found) in [
        ("no padding", opened(&|trial| below_modulus(trial, range.len()))),
        ("a short key", opened(&|trial| small.wrapped(trial, &env_noise(trial, 16)))),
    ] {
        let statistic = chi_square(TRIALS, wrong_key, found);
        assert!(statistic < 10.83, "{what}: {found} for {wrong_key}, chi-square {statistic}");
    }
}

/// Pearson's statistic for two counts out of as many trials.
fn chi_square(trials: u32, a: u32, b: u32) -> f64 {
    let (trials, a, b) = (f64::from(trials), f64::from(a), f64::from(b));
    (a - b).powi(2) * 2.0 * trials / ((a + b) * (2.0 * trials - a - b))
}

#[test]
fn the_statistic_tells_rates_apart() {
    assert_eq!(chi_square(20_000, 78, 78), 0.0);
    assert!(chi_square(20_000, 78, 0) > 10.83 && chi_square(20_000, 78, 130) > 10.83);
    assert!(chi_square(20_000, 78, 90) < 10.83);
}

/// In how many trials something holds.
fn count(trials: u32, holds: &(dyn Fn(u32) -> bool + Sync)) -> u32 {
    const THREADS: u32 = 2;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|first| {
                let mine = (first..trials).step_by(THREADS as usize);
                scope.spawn(move || mine.filter(|&trial| holds(trial)).count() as u32)
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

/// Noise that is an encrypted key by its size alone.
fn below_modulus(trial: u32, length: usize) -> Vec<u8> {
    let mut noise = env_noise(trial, length);
    noise[0] = 0;
    noise
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
