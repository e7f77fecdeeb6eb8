//! A detached signature that brings content of its own (attack 1, CVE-2018-18509): another reader might
//! show that.

use smime_wasm::bytes::base64;
use smime_wasm::message::Form;

use crate::cases::{ALICE, Case, check, entity, mail, multipart, outer, signed_by};

#[test]
fn a_detached_signature_with_content_of_its_own_fails() {
    let pay = "Pay Alice.\r\n";
    let opaque = signed_by(&["alice"], Form::Opaque, &mail(ALICE, "text/plain", pay));
    let body = opaque.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let cms = base64::decode(&opaque[body..]).unwrap();
    let around = |content: &[u8]| {
        let head = b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\
            Content-Transfer-Encoding: base64\r\n\r\n";
        let signature = [&head[..], &base64::encode(&cms)].concat();
        let parts = multipart("signed", &[content, &signature]);
        let parts = String::from_utf8(parts).unwrap().replacen(
            "multipart/signed;",
            "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256;",
            1,
        );
        outer(ALICE, parts.as_bytes())
    };
    check(
        "embedded-content",
        vec![
            Case::new(
                "other",
                "the content that goes along is what alice signed, the content shown is not",
                around(&entity("text/plain", "Pay Mallory.\r\n")),
                "failed none signed/failed [signed detached failed] () {}",
            )
            .shows("Pay Mallory.")
            .hides("Pay Alice."),
            Case::new(
                "same",
                "even the same content does not belong there",
                around(&entity("text/plain", pay)),
                "failed none signed/failed [signed detached failed] () {}",
            )
            .shows("Pay Alice."),
        ],
    );
}
