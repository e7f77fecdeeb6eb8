//! A recipient whose key does not come out of the message fails in one way, whatever is damaged and
//! whatever the cipher (attacks 11, 12 and 30): key agreement, keys known to both, passwords, ML-KEM.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use smime_wasm::asn1::{Reader, Tlv, tag};
use smime_wasm::cert::{Certificate, Identity, pem_blocks};
use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::crypto::{PrivateKey, SecretBytes};
use smime_wasm::env::{Env, block_on};
use smime_wasm::limits::Limits;
use smime_wasm::message::{
    DecryptOptions, EncryptOptions, EncryptionParameters, HeaderOptions, KeyEncryptionKey, decrypt,
    encrypt,
};

use crate::common::{MESSAGE, NOW, Pki, content, env, openssl, vectors};

/// Everything a caller sees of a failure.
fn outcome(options: DecryptOptions<'_>, seed: u8) -> Result<Vec<u8>, String> {
    block_on(decrypt(&mut env(seed), options))
        .map(|found| found.message)
        .map_err(|error| format!("{} {error} {:?}", error.code(), error.details()))
}

const FAILED: &str = "decrypt/failed The message could not be decrypted. []";

/// Changes every octet of these ranges in several ways, and demands one outcome, twice.
fn hold(
    der: &[u8],
    plain: &[u8],
    ranges: &[Range<usize>],
    changes: &[u8],
    openers: DecryptOptions<'_>,
) -> usize {
    let whole = DecryptOptions { message: der, ..openers };
    assert_eq!(outcome(whole, 1).unwrap(), plain);
    let mut seen = BTreeSet::new();
    let mut tried = 0;
    for at in ranges.iter().cloned().flatten() {
        for change in changes {
            let mut damaged = der.to_vec();
            damaged[at] ^= change;
            let options = DecryptOptions { message: &damaged, ..openers };
            let found = outcome(options, 1);
            assert_eq!(found, outcome(options, 2), "at {at}");
            seen.insert(found);
            tried += 2;
        }
    }
    assert_eq!(seen, BTreeSet::from([Err(FAILED.to_owned())]), "{tried} messages");
    tried
}

/// The one RecipientInfo of a message.
fn recipient(der: &[u8]) -> Tlv<'_> {
    let mut info = Reader::only(der, tag::SEQUENCE).unwrap().contents();
    info.any().unwrap();
    let mut enveloped = info.any().unwrap().contents().sequence().unwrap();
    enveloped.any().unwrap();
    enveloped.expect(tag::SET).unwrap().contents().any().unwrap()
}

/// Where the contents of all values are that have this tag, however deep.
fn all(der: &[u8], within: Tlv<'_>, wanted: u8) -> Vec<Range<usize>> {
    let (mut reader, mut found) = (within.contents(), Vec::new());
    while let Ok(value) = reader.any() {
        if value.tag == wanted {
            let start = value.value.as_ptr() as usize - der.as_ptr() as usize;
            found.push(start..start + value.value.len());
        } else if value.tag & 0x20 != 0 {
            found.extend(all(der, value, wanted));
        }
    }
    found
}

/// The originator's key, without the number of unused bits.
fn point(der: &[u8]) -> Range<usize> {
    let bits = all(der, recipient(der), tag::BIT_STRING).remove(0);
    bits.start + 1..bits.end
}

/// The wrapped key, which every kind of recipient ends with.
fn wrapped(der: &[u8]) -> Range<usize> {
    all(der, recipient(der), tag::OCTET_STRING).pop().unwrap()
}

fn encrypted(recipient: &Identity, cipher: &str) -> Vec<u8> {
    let recipients = [recipient.certificate().clone().into()];
    let cipher = ContentCipher::by_name(cipher).unwrap();
    let options = EncryptOptions {
        message: MESSAGE.into(),
        recipients: &recipients,
        headers: HeaderOptions::OFF,
        parameters: EncryptionParameters { cipher, key_transport: None, compress: false },
    };
    let message = block_on(encrypt(&mut env(1), options)).unwrap();
    let body = message.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    smime_wasm::bytes::base64::decode(&message[body..]).unwrap()
}

/// The originator's key, its form and its parity included, and the wrapped key.
#[test]
fn damaged_key_agreement_has_one_outcome() {
    let mut tried = 0;
    for (name, curve) in
        [("oracle-p256", "P-256"), ("oracle-bp256", "brainpoolP256r1"), ("oracle-x", "x25519")]
    {
        let identities = [Pki::get().reader(name, curve, "keyAgreement")];
        for cipher in ["aes-256-cbc", "aes-128-gcm"] {
            let der = encrypted(&identities[0], cipher);
            let ranges = [point(&der), wrapped(&der)];
            let openers = DecryptOptions { identities: &identities, ..Default::default() };
            // The highest bit of the last octet is no part of an X25519 key (RFC 7748, 5).
            tried += hold(&der, &content(), &ranges, &[0x01, 0x06, 0x20, 0x40], openers);
        }
    }
    assert!(tried > 2_000, "{tried}");
}

/// Points that are on no curve or not on ours, and those that make the secret zero.
#[test]
fn bad_points_are_no_other_failure() {
    let pki = Pki::get();
    let elliptic = [pki.reader("points-p256", "P-256", "keyAgreement")];
    let montgomery = [pki.reader("points-x", "x25519", "keyAgreement")];
    let zero = [0; 32];
    let mut one = zero;
    one[0] = 1;
    let order_eight = [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4,
        0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49,
        0xb8, 0x00,
    ];
    let origin = [&[4][..], &[0; 64]].concat();
    let no_point = [&[4][..], &[7; 64]].concat();
    let cases: [(&[Identity], &[u8]); 5] = [
        (&elliptic, &origin),
        (&elliptic, &no_point),
        (&montgomery, &zero),
        (&montgomery, &one),
        (&montgomery, &order_eight),
    ];
    for (identities, octets) in cases {
        let mut der = encrypted(&identities[0], "aes-256-cbc");
        let point = point(&der);
        der[point].copy_from_slice(octets);
        let options = DecryptOptions { message: &der, identities, ..Default::default() };
        assert_eq!(outcome(options, 1), Err(FAILED.to_owned()), "{octets:x?}");
    }
}

#[test]
fn damaged_keys_that_both_had_have_one_outcome() {
    let mut tried = 0;
    for (size, cipher) in [(16, "-aes128"), (24, "-aes192"), (32, "-aes256"), (32, "-aes-256-gcm")]
    {
        let key = "5a".repeat(size);
        let mut arguments = vec!["cms", "-encrypt", "-binary", "-outform", "DER", cipher];
        arguments.extend(["-secretkey", &key, "-secretkeyid", "07"]);
        let der = openssl(&Pki::get().folder, &arguments, &content()).unwrap();
        let keys = [KeyEncryptionKey { id: vec![7], key: vec![0x5a; size].as_slice().into() }];
        let openers = DecryptOptions { keys: &keys, ..Default::default() };
        let changes: Vec<u8> = (0..8).map(|bit| 1 << bit).collect();
        tried += hold(&der, &content(), &[wrapped(&der)], &changes, openers);
    }
    assert!(tried > 2_000, "{tried}");
}

/// With AES every damage reaches the first block, where the check is. With 3DES a damaged second block
/// of four gives a wrong key that looks right (RFC 3211, 2.3), and CBC then has its two outcomes.
#[test]
fn damaged_passwords_have_one_outcome() {
    let mut tried = 0;
    for cipher in ["-aes128", "-aes192", "-aes256"] {
        let mut arguments = vec!["cms", "-encrypt", "-binary", "-outform", "DER", cipher];
        arguments.extend(["-pwri_password", "secret"]);
        let der = openssl(&Pki::get().folder, &arguments, &content()).unwrap();
        let passwords = [SecretBytes::from(&b"secret"[..])];
        let openers = DecryptOptions { passwords: &passwords, ..Default::default() };
        let changes: Vec<u8> = (0..8).map(|bit| 1 << bit).collect();
        tried += hold(&der, &content(), &[wrapped(&der)], &changes, openers);
        let wrong: Vec<_> = (0..20_u8).map(|n| SecretBytes::from(&[n][..])).collect();
        let options = DecryptOptions { message: &der, passwords: &wrong, ..Default::default() };
        assert_eq!(outcome(options, 1), Err(FAILED.to_owned()));
    }
    assert!(tried > 1_500, "{tried}");
}

/// The encapsulated secret and the wrapped key of a message that others made.
#[test]
fn damaged_key_encapsulation_has_one_outcome() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("lamps-pq/cms-kyber");
    let pem = |file: &str| {
        let text = std::fs::read(folder.join(file)).unwrap();
        pem_blocks(&text).remove(0).bytes
    };
    let certificate = Certificate::from_der(&pem("ML-KEM-512.pem")).unwrap();
    let key = PrivateKey::from_pkcs8(&pem("ML-KEM-512-seed.priv")).unwrap();
    let identities = [Identity::new(certificate, Vec::new(), Arc::new(key)).unwrap()];
    let der = pem("ML-KEM-512.cms");
    let strings = all(&der, recipient(&der), tag::OCTET_STRING);
    let ranges = strings.into_iter().filter(|range| range.len() == 768 || *range == wrapped(&der));
    let ranges: Vec<_> = ranges.collect();
    assert_eq!(ranges.len(), 2);
    let openers = DecryptOptions { identities: &identities, ..Default::default() };
    let plain = std::fs::read(folder.join("plaintext.txt")).unwrap();
    hold(&der, &plain, &ranges, &[0x01, 0x80], openers);
}

/// Whatever octet is changed in a message for every kind of recipient, there is an answer with a code.
#[test]
fn damage_anywhere_gives_a_code() {
    let pki = Pki::get();
    let key = "5a".repeat(16);
    pki.reader("anywhere", "P-256", "keyAgreement");
    let mut arguments = vec!["cms", "-encrypt", "-binary", "-outform", "DER", "-aes256"];
    arguments.extend(["-pwri_password", "secret", "-secretkey", &key, "-secretkeyid", "07"]);
    arguments.extend(["bob.pem", "anywhere.pem"]);
    let der = openssl(&pki.folder, &arguments, &content()).unwrap();
    let identities = [pki.identity("anywhere")];
    let passwords = [SecretBytes::from(&b"secret"[..])];
    let keys = [KeyEncryptionKey { id: vec![7], key: [0x5a; 16][..].into() }];
    // A damaged count of iterations is not to take the time it asks for.
    let limits = Limits { kdf_iterations: 10_000, ..Limits::default() };
    for at in 0..der.len() {
        for change in [0x01, 0x40, 0xff] {
            let mut message = der.clone();
            message[at] ^= change;
            let mut env = Env::new(NOW, &[9; 32], limits);
            let options = DecryptOptions {
                message: &message,
                identities: &identities,
                passwords: &passwords,
                keys: &keys,
            };
            if let Err(error) = block_on(decrypt(&mut env, options)) {
                assert!(!error.code().starts_with("internal/"), "{at} {error}");
            }
        }
    }
}

/// RFC 5652, 6.1: 0 where all recipients are the oldest kind, else 2; RFC 5083, 2.1: always 0.
#[test]
fn versions_are_what_the_recipients_need() {
    let pki = Pki::get();
    let rsa = pki.identity("bob");
    let elliptic = pki.reader("version", "P-256", "keyAgreement");
    for (reader, cipher, version) in [
        (&rsa, "aes-256-cbc", 0),
        (&elliptic, "aes-256-cbc", 2),
        (&rsa, "aes-256-gcm", 0),
        (&elliptic, "aes-256-gcm", 0),
    ] {
        let der = encrypted(reader, cipher);
        let mut info = Reader::only(&der, tag::SEQUENCE).unwrap().contents();
        info.any().unwrap();
        let mut enveloped = info.any().unwrap().contents().sequence().unwrap();
        assert_eq!(enveloped.any().unwrap().uint(), Ok(version), "{cipher}");
    }
}
