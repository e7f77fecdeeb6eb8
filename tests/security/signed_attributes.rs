//! Signed attributes are there, are right, and can't be mistaken for content (attack 14).

use smime_wasm::cms::Signature;
use smime_wasm::env::block_on;
use smime_wasm::error::ProblemCode;
use smime_wasm::message::{Status, verify};

use crate::common::{Pki, env, openssl_sign, vectors, verify_options};

/// A signature without attributes over bytes that are signed attributes of another content.
#[test]
fn content_that_could_be_attributes_needs_attributes() {
    let pki = Pki::get();
    // SET { SEQUENCE { message-digest, SET { OCTET STRING } } }
    let mut attributes = vec![0x31, 0x31, 0x30, 0x2f, 0x06, 0x09];
    attributes.extend_from_slice(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04]);
    attributes.extend_from_slice(&[0x31, 0x22, 0x04, 0x20]);
    attributes.extend_from_slice(&[0x55; 32]);
    let arguments = ["-noattr", "-nodetach", "-outform", "DER"];
    let anchors = [pki.anchor()];
    for (content, expected) in [(attributes.as_slice(), Status::Failed), (b"x", Status::Verified)] {
        let signed = openssl_sign(&arguments, content);
        let mut options = verify_options(&signed, &anchors);
        options.from = Some("alice@example.com");
        let result = block_on(verify(&mut env(1), options)).unwrap();
        assert_eq!(result.status, expected);
    }
}

/// The same where only the line ends made CRLF give the attributes.
#[test]
fn content_that_could_become_attributes_needs_attributes() {
    let pki = Pki::get();
    let mut attributes = vec![0x31, 0x31, 0x30, 0x2f, 0x06, 0x09];
    attributes.extend_from_slice(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04]);
    attributes.extend_from_slice(&[0x31, 0x22, 0x04, 0x20]);
    attributes.extend_from_slice(&[0x55; 30]);
    attributes.extend_from_slice(b"\r\n");
    let arguments = ["-noattr", "-outform", "DER"];
    let signed = openssl_sign(&arguments, &attributes);
    let mut content = attributes[..attributes.len() - 2].to_vec();
    content.push(b'\n');
    let anchors = [pki.anchor()];
    let mut options = verify_options(&signed, &anchors);
    options.from = Some("alice@example.com");
    options.content = Some(&content);
    let result = block_on(verify(&mut env(1), options)).unwrap();
    assert_eq!(result.status, Status::Failed);
}

/// A time stamp, a receipt or whatever else somebody signed is no mail (RFC 8551, 2.4.2).
#[test]
fn content_of_another_type_is_not_verified() {
    let pki = Pki::get();
    let arguments = ["-nodetach", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-outform", "DER"];
    let signed = openssl_sign(&arguments, b"Subject: x\r\n\r\n");
    let anchors = [pki.anchor()];
    let mut options = verify_options(&signed, &anchors);
    options.from = Some("alice@example.com");
    let result = block_on(verify(&mut env(1), options)).unwrap();
    assert_eq!(result.status, Status::Unverified);
    assert_eq!(result.signatures[0].integrity, Signature::Intact);
    let codes: Vec<_> = result.signatures[0].problems.iter().map(|p| p.code).collect();
    assert_eq!(codes, [ProblemCode::SignatureContentType]);
}

/// Old writers put the signature's algorithm where the digest's belongs.
#[test]
fn a_signature_algorithm_in_place_of_the_digest_is_read() {
    const SHA_256: [u8; 11] = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
    const SHA_256_WITH_RSA: [u8; 11] =
        [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
    let pki = Pki::get();
    let arguments = ["-nodetach", "-outform", "DER"];
    let mut signed = openssl_sign(&arguments, b"x");
    let at = signed.windows(11).rposition(|bytes| bytes == SHA_256).unwrap();
    signed[at..at + 11].copy_from_slice(&SHA_256_WITH_RSA);
    let is_rsa = |bytes: &[u8]| bytes[..10] == SHA_256_WITH_RSA[..10] && bytes[10] == 1;
    let at = signed.windows(11).rposition(is_rsa).unwrap();
    signed[at..at + 11].copy_from_slice(&SHA_256_WITH_RSA);
    let anchors = [pki.anchor()];
    let mut options = verify_options(&signed, &anchors);
    options.from = Some("alice@example.com");
    let result = block_on(verify(&mut env(1), options)).unwrap();
    assert_eq!(result.status, Status::Verified, "{:?}", result.signatures[0].problems);
}

/// OpenSSL's malformed messages: attributes missing, doubled or of the wrong type.
#[test]
fn malformed_attributes_do_not_verify() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("openssl/recipes/80-test_cms_data");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let data = std::fs::read(&path).unwrap();
        let anchors = [];
        let outcome = block_on(verify(&mut env(1), verify_options(&data, &anchors)));
        if name.contains("no_md_attr")
            || name.contains("no_ct_attr")
            || name.contains("ct_multiple")
        {
            let result = outcome.unwrap();
            let codes: Vec<_> = result.signatures[0].problems.iter().map(|p| p.code).collect();
            assert!(codes.contains(&ProblemCode::SignatureMalformedAttributes), "{name} {codes:?}");
            count += 1;
        } else if let Ok(result) = outcome {
            assert_ne!(result.status, Status::Verified, "{name}");
        }
    }
    assert!(count >= 3);
}
