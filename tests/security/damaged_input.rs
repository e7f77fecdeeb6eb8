//! Whatever comes in, an answer with a code comes out (attacks 13, 22 and 25).

use smime_wasm::crypto::RsaScheme;
use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::env::{Env, block_on};
use smime_wasm::limits::Limits;
use smime_wasm::message::{
    DecryptOptions, EncryptOptions, EncryptionParameters, Form, HeaderOptions, Include,
    SignOptions, SignatureParameters, Status, decompress, decrypt, encrypt, inspect,
    parse_certificates, sign, verify,
};

use crate::common::{MESSAGE, NOW, Pki, env, env_at, openssl, verify_options};

/// Real messages of every shape.
fn messages() -> Vec<Vec<u8>> {
    let pki = Pki::get();
    let signers = [pki.identity("alice")];
    let recipients = [pki.certificate("bob").into()];
    let mut messages = Vec::new();
    for form in [Form::Detached, Form::Opaque] {
        let options = SignOptions {
            message: MESSAGE.into(),
            signers: &signers,
            protect_headers: false,
            parameters: SignatureParameters {
                form,
                digest: None,
                scheme: RsaScheme::Pkcs1v15,
                include: Include::Chain,
                ..SignatureParameters::default()
            },
        };
        messages.push(block_on(sign(&mut env(1), options)).unwrap());
    }
    for cipher in ["aes-256-cbc", "aes-256-gcm"] {
        let options = EncryptOptions {
            message: MESSAGE.into(),
            recipients: &recipients,
            headers: HeaderOptions::OFF,
            parameters: EncryptionParameters {
                cipher: ContentCipher::by_name(cipher).unwrap(),
                key_transport: None,
                compress: false,
            },
        };
        messages.push(block_on(encrypt(&mut env(1), options)).unwrap());
    }
    let arguments = ["cms", "-encrypt", "-aes256", "-stream", "-outform", "DER", "bob.pem"];
    messages.push(openssl(&pki.folder, &arguments, MESSAGE).unwrap());
    let arguments = [
        "cms",
        "-sign",
        "-nodetach",
        "-stream",
        "-outform",
        "DER",
        "-signer",
        "alice.pem",
        "-inkey",
        "alice.key",
    ];
    messages.push(openssl(&pki.folder, &arguments, MESSAGE).unwrap());
    messages
}

/// Runs every verb that reads; each may answer or refuse, none may panic or verify.
fn read(message: &[u8]) {
    let pki = Pki::get();
    let (identities, anchors) = ([pki.identity("bob")], [pki.anchor()]);
    let limits = Limits::default();
    block_on(inspect(&mut env(2), message)).ok();
    block_on(decompress(&mut env(2), message)).ok();
    parse_certificates(message, &limits).ok();
    let options = DecryptOptions { message, identities: &identities, ..Default::default() };
    if let Err(error) = block_on(decrypt(&mut env(2), options)) {
        assert_ne!(error.code(), "internal/fault", "{error}");
    }
    match block_on(verify(&mut env(2), verify_options(message, &anchors))) {
        Ok(result) => assert_ne!(result.status, Status::Verified),
        Err(error) => assert_ne!(error.code(), "internal/fault", "{error}"),
    }
}

/// A generator for test data, so that every run sees the same.
struct Lcg(u64);

impl Lcg {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % below
    }
}

#[test]
fn cut_messages_are_answered() {
    for message in messages() {
        // The close delimiter is not signed: from there on a cut changes nothing.
        let end = message.len() - 60;
        for length in (0..end).step_by(37) {
            read(&message[..length]);
        }
    }
}

#[test]
fn messages_with_changed_bytes_are_answered() {
    let mut random = Lcg(1);
    for message in messages() {
        for _ in 0..150 {
            let mut changed = message.clone();
            for _ in 0..=random.next(4) {
                let at = random.next(changed.len());
                changed[at] = random.next(256) as u8;
            }
            let pki = Pki::get();
            let identities = [pki.identity("bob")];
            block_on(inspect(&mut env(2), &changed)).ok();
            parse_certificates(&changed, &Limits::default()).ok();
            let options =
                DecryptOptions { message: &changed, identities: &identities, ..Default::default() };
            if let Err(error) = block_on(decrypt(&mut env(2), options)) {
                assert_ne!(error.code(), "internal/fault", "{error}");
            }
            let anchors = [pki.anchor()];
            block_on(verify(&mut env(2), verify_options(&changed, &anchors))).ok();
        }
    }
}

#[test]
fn random_bytes_are_answered() {
    let mut random = Lcg(2);
    for length in 0..400 {
        let mut bytes: Vec<u8> = (0..length).map(|_| random.next(256) as u8).collect();
        read(&bytes);
        if let Some(first) = bytes.first_mut() {
            *first = 0x30;
        }
        read(&bytes);
    }
}

#[test]
fn the_codes_are_those_the_documentation_names() {
    let pki = Pki::get();
    let nobody = [pki.identity("mallory")];
    let messages = messages();
    let code = |message: &[u8]| {
        let options = DecryptOptions { message, identities: &nobody, ..Default::default() };
        block_on(decrypt(&mut env(2), options)).unwrap_err().code().to_owned()
    };
    assert_eq!(code(&messages[2]), "decrypt/no-recipient");
    assert_eq!(code(&messages[0]), "decrypt/not-encrypted");
    assert_eq!(code(MESSAGE), "decrypt/not-encrypted");
    assert_eq!(code(b""), "decrypt/not-encrypted");
    assert_eq!(code(&messages[4][..200]), "malformed/asn1");
    let arguments = ["cms", "-encrypt", "-aes256", "-outform", "PEM", "bob.pem"];
    let pem = openssl(&pki.folder, &arguments, MESSAGE).unwrap();
    assert_eq!(code(&pem[..pem.len() / 2]), "malformed/cms");
    let anchors = [pki.anchor()];
    let cut = &messages[0][..messages[0].len() - 100];
    let error = block_on(verify(&mut env(2), verify_options(cut, &anchors))).unwrap_err();
    assert_eq!(error.code(), "malformed/truncated");
}

#[test]
fn too_large_and_too_deep_is_said() {
    let limits = Limits { input_bytes: 10, ..Limits::default() };
    let mut env = Env::new(NOW, &[0; 32], limits);
    let options = DecryptOptions { message: MESSAGE, identities: &[], ..Default::default() };
    assert_eq!(block_on(decrypt(&mut env, options)).unwrap_err().code(), "limit/input-bytes");
    let deep = [0x30, 0x80].repeat(1_000);
    let error = block_on(inspect(&mut env_at(NOW, 2), &deep)).unwrap_err();
    assert_eq!(error.code(), "limit/asn1-depth");
}
