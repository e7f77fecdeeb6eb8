//! A message whose ciphertext was authenticated is labelled as CBC, so that nothing is checked any more and
//! what comes out tells of the key (attack 28; RFC 9709, 1). Garbage is never shown.

use smime_wasm::asn1::{Reader, Tlv, constructed, oid_der, oids, primitive, tag};
use smime_wasm::message::Form;

use crate::cases::{ALICE, Case, check, encrypted_with, mail, signed_by, with_cms};

/// id-aes256-CBC.
const AES_256_CBC: &[u8] = b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a";

/// EnvelopedData of what is AuthEnvelopedData, with whole blocks of its ciphertext.
fn as_cbc(cms: &mut Vec<u8>) {
    let parts = |value: &Tlv<'_>| {
        let (mut reader, mut parts) = (value.contents(), Vec::new());
        while !reader.is_empty() {
            parts.push(reader.any().unwrap().raw.to_vec());
        }
        parts
    };
    let only = |der: &[u8], tag| parts(&Reader::only(der, tag).unwrap());
    let info = only(cms, tag::SEQUENCE);
    let content = only(&info[1], tag::context_constructed(0));
    let data = only(&content[0], tag::SEQUENCE);
    let encrypted = only(&data[2], tag::SEQUENCE);
    let ciphertext = Reader::new(&encrypted[2]).any().unwrap().value;
    let blocks = &ciphertext[..ciphertext.len() / 16 * 16];
    let cipher =
        constructed(tag::SEQUENCE, &[AES_256_CBC, &primitive(tag::OCTET_STRING, &[7; 16])]);
    let encrypted = constructed(tag::SEQUENCE, &[&encrypted[0], &cipher, &primitive(0x80, blocks)]);
    let version = primitive(tag::INTEGER, &[2]);
    let data = constructed(tag::SEQUENCE, &[&version, &data[1], &encrypted]);
    let content = constructed(tag::context_constructed(0), &[&data]);
    *cms = constructed(tag::SEQUENCE, &[&oid_der(oids::ENVELOPED_DATA), &content]);
}

#[test]
fn garbage_of_a_relabelled_cipher_is_not_shown() {
    let text = mail(ALICE, "text/plain", &"The secret.\r\n".repeat(40));
    let authenticated = encrypted_with("aes-256-gcm", &text);
    let signed = encrypted_with("aes-256-gcm", &signed_by(&["alice"], Form::Detached, &text));
    let failed = "unknown locked unknown [encrypted decrypt/failed] () {}";
    check(
        "relabelled-cipher",
        vec![
            Case::new(
                "as-it-is",
                "the same message before",
                authenticated.clone(),
                "unsigned protected null [encrypted protected] () {}",
            )
            .shows("The secret."),
            Case::new("gcm-as-cbc", "relabelled", with_cms(&authenticated, as_cbc), failed)
                .hides("secret"),
            Case::new("signed", "with a signature inside", with_cms(&signed, as_cbc), failed)
                .hides("secret"),
        ],
    );
}
