//! Compressed content: what is compressed comes back, and nothing small becomes too much (attack 23).

use smime_wasm::asn1::{constructed, tag};
use smime_wasm::cms::compress;
use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::env::{Env, block_on};
use smime_wasm::limits::Limits;
use smime_wasm::message::{
    DecryptOptions, EncryptOptions, EncryptionParameters, Form, HeaderOptions, Include, Layer,
    decompress, decrypt, encrypt, inspect, parse_certificates, verify,
};

use crate::common::{MESSAGE, NOW, Pki, content, env, openssl, signed, verify_options};

fn compressed(content: &[u8]) -> Vec<u8> {
    block_on(compress(&mut env(1), content)).unwrap()
}

fn opened(env: &mut Env, message: &[u8]) -> Result<Vec<u8>, String> {
    block_on(decompress(env, message)).map_err(|error| error.code().to_owned())
}

fn layers(env: &mut Env, message: &[u8]) -> Result<Vec<String>, String> {
    let outermost = block_on(inspect(env, message)).map_err(|error| error.code().to_owned())?;
    let name = |layer: &Layer| match layer {
        Layer::Compressed => "compressed".to_owned(),
        Layer::Signed { .. } => "signed".to_owned(),
        Layer::Encrypted { .. } => "encrypted".to_owned(),
        Layer::Plain { content_type } => content_type.clone(),
        Layer::Other { content_type } => content_type.clone(),
    };
    let layers = std::iter::successors(Some(&outermost), |layer| layer.inside.as_deref());
    Ok(layers.map(|structure| name(&structure.layer)).collect())
}

#[test]
fn a_message_is_compressed_and_then_encrypted() {
    let recipients = [Pki::get().certificate("bob").into()];
    let identities = [Pki::get().identity("bob")];
    let signed = signed(Form::Opaque, Include::Chain);
    for (message, inside, inner) in
        [(MESSAGE, content(), "multipart/mixed"), (&signed, vec![], "signed")]
    {
        let options = EncryptOptions {
            message: message.into(),
            recipients: &recipients,
            headers: HeaderOptions::OFF,
            parameters: EncryptionParameters {
                cipher: ContentCipher::by_name("aes-256-cbc").unwrap(),
                key_transport: None,
                compress: true,
            },
        };
        let encrypted = block_on(encrypt(&mut env(1), options)).unwrap();
        let options =
            DecryptOptions { message: &encrypted, identities: &identities, ..Default::default() };
        let decrypted = block_on(decrypt(&mut env(2), options)).unwrap().message;
        assert!(
            decrypted.starts_with(
                b"Content-Type: application/pkcs7-mime; smime-type=compressed-data;\r\n"
            )
        );
        assert_eq!(layers(&mut env(3), &decrypted).unwrap()[..2], ["compressed", inner]);
        let found = opened(&mut env(3), &decrypted).unwrap();
        if inner == "signed" {
            let anchors = [Pki::get().anchor()];
            let mut options = verify_options(&found, &anchors);
            options.from = Some("alice@example.com");
            let verified = block_on(verify(&mut env(4), options)).unwrap();
            assert_eq!(verified.status, smime_wasm::message::Status::Verified);
        } else {
            assert_eq!(found, inside);
        }
    }
}

#[test]
fn what_small_content_may_become_is_bounded() {
    let bomb = compressed(&vec![0; 40 << 20]);
    assert!(bomb.len() < 50_000);
    assert_eq!(opened(&mut env(1), &bomb).unwrap_err(), "limit/compression-ratio");
    assert_eq!(layers(&mut env(1), &bomb).unwrap_err(), "limit/compression-ratio");
    let with = |compression_ratio, decompressed_bytes| {
        let limits = Limits { compression_ratio, decompressed_bytes, ..Limits::default() };
        Env::new(NOW, &[1; 32], limits)
    };
    assert_eq!(opened(&mut with(2_000, 40 << 20), &bomb).unwrap().len(), 40 << 20);
    let error = opened(&mut with(2_000, (40 << 20) - 1), &bomb).unwrap_err();
    assert_eq!(error, "limit/decompressed-bytes");
    // This much is free, whatever it was made of.
    assert_eq!(
        opened(&mut with(1, 16 << 20), &compressed(&vec![0; 16 << 20])).unwrap().len(),
        16 << 20
    );
}

/// Each layer alone would be within the cap.
#[test]
fn nested_layers_are_counted_together() {
    let noise = env(7).random_vec(600_000).to_vec();
    let inner = compressed(&noise);
    let outer = compressed(&inner);
    let limits = Limits { decompressed_bytes: 1_000_000, ..Limits::default() };
    let mut small = Env::new(NOW, &[1; 32], limits);
    assert_eq!(opened(&mut small, &outer).unwrap(), inner);
    assert_eq!(layers(&mut small, &outer).unwrap_err(), "limit/decompressed-bytes");
    assert_eq!(layers(&mut env(1), &outer).unwrap()[..2], ["compressed", "compressed"]);
    let mut deep = content();
    for _ in 0..20 {
        deep = compressed(&deep);
    }
    assert_eq!(layers(&mut env(1), &deep).unwrap_err(), "limit/mime-depth");
}

#[test]
fn damaged_and_other_content_is_an_error_of_its_own() {
    let whole = compressed(&content());
    for end in 0..whole.len() {
        let code = opened(&mut env(1), &whole[..end]).unwrap_err();
        assert!(["malformed/asn1", "decompress/not-compressed"].contains(&code.as_str()), "{code}");
    }
    for at in 70..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        assert_eq!(opened(&mut env(1), &damaged).unwrap_err(), "malformed/cms", "{at}");
    }
    assert_eq!(opened(&mut env(1), MESSAGE).unwrap_err(), "decompress/not-compressed");
    let signed = signed(Form::Opaque, Include::Chain);
    assert_eq!(opened(&mut env(1), &signed).unwrap_err(), "decompress/not-compressed");

    // The other verbs say what it is not.
    let identities = [Pki::get().identity("bob")];
    let options = DecryptOptions { message: &whole, identities: &identities, ..Default::default() };
    let error = block_on(decrypt(&mut env(1), options)).unwrap_err();
    assert_eq!(error.code(), "decrypt/not-encrypted");
    assert!(parse_certificates(&whole, &Limits::default()).is_err());
}

/// DigestedData, EncryptedData and AuthenticatedData are named, never taken for something else.
#[test]
fn structures_that_are_not_read_are_named() {
    let pki = Pki::get();
    let key = "000102030405060708090a0b0c0d0e0f";
    let sealed = ["cms", "-EncryptedData_encrypt", "-aes128", "-secretkey", key, "-outform", "DER"];
    let digested = ["cms", "-digest_create", "-md", "sha256", "-outform", "DER"];
    let made = |arguments: &[&str]| openssl(&pki.folder, arguments, &content()).unwrap();
    let oid = [6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 2];
    let authenticated = constructed(tag::SEQUENCE, &[&oid, &[0xa0, 2, tag::SEQUENCE, 0]]);
    for (message, name, oid) in [
        (made(&sealed), "EncryptedData", "1.2.840.113549.1.7.6"),
        (made(&digested), "DigestedData", "1.2.840.113549.1.7.5"),
        (authenticated, "AuthenticatedData", "1.2.840.113549.1.9.16.1.2"),
    ] {
        assert_eq!(layers(&mut env(1), &message).unwrap(), [oid]);
        let identities = [pki.identity("bob")];
        let options =
            DecryptOptions { message: &message, identities: &identities, ..Default::default() };
        let anchors = [pki.anchor()];
        for error in [
            block_on(decrypt(&mut env(1), options)).unwrap_err(),
            block_on(verify(&mut env(1), verify_options(&message, &anchors))).unwrap_err(),
            block_on(decompress(&mut env(1), &message)).unwrap_err(),
        ] {
            assert_eq!(error.code(), "unsupported/structure");
            assert_eq!(error.to_string(), format!("{name} is not supported."));
        }
    }
}
