//! The walk through the layers: each order that mail has, and none without end.

use smime_wasm::cms::compress;
use smime_wasm::env::{Env, block_on};
use smime_wasm::limits::Limits;
use smime_wasm::message::{Form, OpenedLayer};

use crate::cases::{
    ALICE, CASES_NOW, Case, MALLORY, check, encrypted, encrypted_with, mail, opened, outer,
    signed_by,
};
use crate::common::env;

fn text() -> Vec<u8> {
    mail(ALICE, "text/plain", "The text.\r\n")
}

fn signed(form: Form, message: &[u8]) -> Vec<u8> {
    signed_by(&["alice"], form, message)
}

fn compressed(message: &[u8]) -> Vec<u8> {
    let start = message.windows(13).position(|w| w == b"Content-Type:").unwrap();
    let cms = block_on(compress(&mut env(1), &message[start..])).unwrap();
    let head =
        b"Content-Type: application/pkcs7-mime; smime-type=compressed-data; name=smime.p7z\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n";
    outer(ALICE, &[&head[..], &smime_wasm::bytes::base64::encode(&cms)].concat())
}

#[test]
fn every_order_of_layers_is_opened() {
    let (detached, opaque) = (signed(Form::Detached, &text()), signed(Form::Opaque, &text()));
    let as_mallory = |message: Vec<u8>| {
        let text = String::from_utf8(message).unwrap();
        text.replacen(&format!("From: {ALICE}"), &format!("From: {MALLORY}"), 1).into_bytes()
    };
    let mallory_around = |form, message| signed_by(&["mallory"], form, &as_mallory(message));
    let case = |name, comment, message: Vec<u8>, expect| {
        Case::new(name, comment, message, expect).shows("The text.")
    };
    check(
        "layers",
        vec![
            case("plain", "none", text(), "unsigned none null [] () {}"),
            case(
                "signed",
                "detached",
                detached.clone(),
                "verified none signed/verified [signed detached verified] () {}",
            ),
            case(
                "opaque",
                "opaque",
                opaque.clone(),
                "verified none signed/verified [signed opaque verified] () {}",
            ),
            case(
                "encrypted",
                "encrypted",
                encrypted_with("aes-256-gcm", &text()),
                "unsigned protected null [encrypted protected] () {}",
            ),
            case(
                "compressed",
                "compressed",
                compressed(&text()),
                "unsigned none unknown [compressed] () {}",
            ),
            case(
                "triple-wrap",
                "signed, encrypted, signed (RFC 2634, 1.1): only the inner signature counts",
                signed(Form::Detached, &encrypted(&detached)),
                "verified protected encrypted+signed/verified [signed detached verified, \
                 encrypted none, signed detached verified] (layer/outside-encryption) {}",
            ),
            case(
                "signature-outside",
                "a signature around encryption says nothing of what is inside",
                signed(Form::Opaque, &encrypted(&text())),
                "unsigned unprotected null [signed opaque verified, encrypted none] \
                 (layer/outside-encryption) {}",
            ),
            case(
                "mallory-outside",
                "mallory's signature around a mail for bob that he can't read",
                mallory_around(Form::Detached, encrypted(&opaque)),
                "unverified unprotected encrypted+signed/failed [signed detached verified, \
                 encrypted none, signed opaque unverified] (layer/outside-encryption) {}",
            ),
            case(
                "compressed-inside",
                "signed, compressed, encrypted",
                encrypted(&compressed(&opaque)),
                "verified protected encrypted+signed/verified \
                 [encrypted none, compressed, signed opaque verified] () {}",
            ),
            case(
                "compressed-outside",
                "a signature of what was compressed",
                signed(Form::Opaque, &compressed(&text())),
                "verified none signed/verified [signed opaque verified, compressed] () {}",
            ),
            case(
                "encrypted-twice",
                "encryption in encryption",
                encrypted(&encrypted_with("aes-256-gcm", &opaque)),
                "verified protected encrypted+signed/verified \
                 [encrypted none, encrypted protected, signed opaque verified] () {}",
            ),
            case(
                "signed-twice",
                "alice twice",
                signed(Form::Detached, &opaque),
                "verified none signed/verified \
                 [signed detached verified, signed opaque verified] () {}",
            ),
            case(
                "signed-twice-opaque",
                "mallory's mail of what alice signed, both to be opened before there is a text",
                mallory_around(Form::Opaque, opaque.clone()),
                "verified none signed/verified \
                 [signed opaque verified, signed opaque unverified] () {}",
            ),
            case(
                "signed-twice-detached",
                "the same with a text that some readers show as alice's",
                mallory_around(Form::Detached, detached.clone()),
                "unverified none signed/failed [signed detached verified, \
                 signed detached unverified] (layer/nested-signatures) {}",
            ),
            case(
                "signed-twice-by-other",
                "mallory's signature around alice's does not become hers",
                signed_by(&["mallory"], Form::Opaque, &opaque),
                "unverified none signed/failed \
                 [signed opaque unverified, signed opaque verified] () {}",
            ),
            Case::new(
                "below-two-signatures",
                "what is encrypted below several signatures is what they cover",
                signed(Form::Opaque, &signed(Form::Opaque, &encrypted(&text()))),
                "verified none signed/verified [signed opaque verified, signed opaque verified] \
                 (layer/encrypted-part) {encrypted}",
            )
            .hides("The text."),
        ],
    );
}

#[test]
fn layers_are_capped_together() {
    let mut message = text();
    for _ in 0..8 {
        message = signed(Form::Opaque, &message);
    }
    let deepest = opened(&mut Env::new(CASES_NOW, &[1; 32], Limits::default()), &message).unwrap();
    assert_eq!(deepest.layers.len(), 8);
    assert!(deepest.error().is_none());
    message = signed(Form::Opaque, &message);
    let deeper = opened(&mut Env::new(CASES_NOW, &[1; 32], Limits::default()), &message).unwrap();
    assert_eq!(deeper.error().unwrap().code(), "limit/layers");
    assert_eq!((deeper.status, deeper.layers.len()), (None, 9));
}

/// Each layer alone would be within the cap.
#[test]
fn what_is_decompressed_is_capped_together() {
    let noise: String =
        env(7).random_vec(300_000).iter().map(|o| char::from(b' ' + o % 64)).collect();
    let message = compressed(&compressed(&mail(ALICE, "text/plain", &noise)));
    let limits = Limits { decompressed_bytes: 400_000, ..Limits::default() };
    let found = opened(&mut Env::new(CASES_NOW, &[1; 32], limits), &message).unwrap();
    assert!(matches!(found.layers.first(), Some(OpenedLayer::Compressed)));
    assert_eq!(found.error().unwrap().code(), "limit/decompressed-bytes");
    assert!(found.content.is_none());
}
