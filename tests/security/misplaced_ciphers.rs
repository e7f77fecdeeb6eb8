//! A ciphertext where it does not belong (attack 28): GCM counts in EnvelopedData with its tag alone, CBC
//! does not pass for it, and a key that is bound to its cipher (RFC 9709) opens no other.

use smime_wasm::asn1::{Reader, constructed, primitive, tag};
use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::env::block_on;
use smime_wasm::message::{
    Capabilities, EncryptOptions, EncryptionParameters, HeaderOptions, Recipient, encrypt,
};

use crate::cases::{
    ALICE, CASES_NOW, Case, check, encrypted, encrypted_with, mail, person, with_cms,
};
use crate::common::env_at;
use crate::content_encryption::{AUTH_ENVELOPED_DATA, ENVELOPED_DATA, content_info, fields};

/// 2.16.840.1.101.3.4.1.46.
const AES_256_GCM: &[u8] = &[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 46];

/// SMIMECapabilities of somebody who reads 1.2.840.113549.1.9.16.3.31.
const CEK_HKDF_SHA256: &[u8] =
    &[0x30, 15, 0x30, 13, 6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 3, 31];

/// An encrypted structure, taken apart.
struct Encrypted {
    recipients: Vec<u8>,
    content_type: Vec<u8>,
    algorithm: Vec<u8>,
    ciphertext: Vec<u8>,
    /// The tag of an AEAD.
    mac: Vec<u8>,
}

impl Encrypted {
    fn read(cms: &[u8]) -> Encrypted {
        let (_, fields) = fields(cms);
        let mut info = Reader::only(&fields[2], tag::SEQUENCE).unwrap().contents();
        let mut next = || info.any().unwrap();
        let value = |raw: &Vec<u8>| Reader::new(raw).any().unwrap().value.to_vec();
        Encrypted {
            recipients: fields[1].clone(),
            content_type: next().raw.to_vec(),
            algorithm: next().raw.to_vec(),
            ciphertext: next().value.to_vec(),
            mac: fields.get(3).map(value).unwrap_or_default(),
        }
    }

    /// The octets of the nonce or IV.
    fn nonce(&self) -> Vec<u8> {
        let mut algorithm = Reader::new(&self.algorithm).sequence().unwrap();
        algorithm.any().unwrap();
        let parameters = algorithm.any().unwrap();
        match parameters.tag {
            tag::SEQUENCE => parameters.contents().any().unwrap().value.to_vec(),
            _ => parameters.value.to_vec(),
        }
    }

    fn enveloped(&self, algorithm: &[u8], ciphertext: &[u8]) -> Vec<u8> {
        content_info(ENVELOPED_DATA, &self.fields(&[2, 1, 0], algorithm, ciphertext))
    }

    fn authenticated(&self, algorithm: &[u8], mac: &[u8]) -> Vec<u8> {
        let mut fields = self.fields(&[2, 1, 0], algorithm, &self.ciphertext);
        fields.push(primitive(tag::OCTET_STRING, mac));
        content_info(AUTH_ENVELOPED_DATA, &fields)
    }

    fn fields(&self, version: &[u8], algorithm: &[u8], ciphertext: &[u8]) -> Vec<Vec<u8>> {
        // [0] IMPLICIT OCTET STRING.
        let ciphertext = primitive(0x80, ciphertext);
        let info = [&self.content_type, algorithm, &ciphertext];
        vec![version.to_vec(), self.recipients.clone(), constructed(tag::SEQUENCE, &info)]
    }
}

/// With the CMS inside made of its parts in another way.
fn remade(mail: &[u8], change: impl Fn(&Encrypted) -> Vec<u8>) -> Vec<u8> {
    with_cms(mail, |cms| *cms = change(&Encrypted::read(cms)))
}

/// To bob, who has said that he reads keys that are bound to their cipher.
fn bound(cipher: &str, message: &[u8]) -> Vec<u8> {
    let capabilities = Capabilities::from_der(CEK_HKDF_SHA256).unwrap();
    let options = EncryptOptions {
        message: message.into(),
        recipients: &[Recipient::new(person("bob").certificate().clone(), capabilities)],
        headers: HeaderOptions::OFF,
        parameters: EncryptionParameters {
            cipher: ContentCipher::by_name(cipher).unwrap(),
            key_transport: None,
            compress: false,
        },
    };
    block_on(encrypt(&mut env_at(CASES_NOW, 7), options)).unwrap()
}

/// With the cipher itself in place of the one that binds it.
fn unbound(encrypted: &Encrypted) -> Vec<u8> {
    let mut algorithm = Reader::new(&encrypted.algorithm).sequence().unwrap();
    algorithm.any().unwrap();
    let inner = algorithm.any().unwrap().raw.to_vec();
    match encrypted.mac.is_empty() {
        true => encrypted.enveloped(&inner, &encrypted.ciphertext),
        false => encrypted.authenticated(&inner, &encrypted.mac),
    }
}

#[test]
fn a_ciphertext_is_opened_by_the_cipher_that_made_it_or_not_at_all() {
    let plain = mail(ALICE, "text/plain", &"The secret.\r\n".repeat(20));
    let gcm = encrypted_with("aes-256-gcm", &plain);
    let cbc = encrypted(&plain);
    let algorithm = |oid: &[u8], parameters: &[u8]| constructed(tag::SEQUENCE, &[oid, parameters]);
    let octets = |octets: &[u8]| primitive(tag::OCTET_STRING, octets);
    let as_gcm = remade(&cbc, |e| {
        let parameters = constructed(
            tag::SEQUENCE,
            &[&octets(&e.nonce()[..12]), &primitive(tag::INTEGER, &[16])],
        );
        e.authenticated(&algorithm(AES_256_GCM, &parameters), &[0; 16])
    });
    let with_tag = |e: &Encrypted| [&e.ciphertext[..], &e.mac].concat();
    let enveloped = remade(&gcm, |e| e.enveloped(&e.algorithm, &with_tag(e)));
    let changed = remade(&gcm, |e| {
        let mut all = with_tag(e);
        all[40] ^= 1;
        e.enveloped(&e.algorithm, &all)
    });
    let no_tag = remade(&gcm, |e| e.enveloped(&e.algorithm, &e.ciphertext));
    let short_tag = remade(&gcm, |e| {
        let length = primitive(tag::INTEGER, &[4]);
        let parameters = constructed(tag::SEQUENCE, &[&octets(&e.nonce()), &length]);
        e.authenticated(&algorithm(AES_256_GCM, &parameters), &e.mac[..4])
    });
    let failed = "unknown locked unknown [encrypted decrypt/failed] () {}";
    let opened = "unsigned protected null [encrypted protected] () {}";
    let case = |name, comment, message: Vec<u8>, expect| Case::new(name, comment, message, expect);
    let lost = |name, comment, message| case(name, comment, message, failed).hides("The secret.");
    let found = |name, comment, message| case(name, comment, message, opened).shows("The secret.");
    check(
        "misplaced-ciphers",
        vec![
            lost("cbc-as-gcm", "what CBC sealed, under the name of GCM", as_gcm),
            found("gcm-enveloped", "GCM in EnvelopedData, with its tag behind", enveloped),
            lost("gcm-enveloped-changed", "the same, changed", changed),
            lost("gcm-enveloped-no-tag", "the same without its tag", no_tag),
            case(
                "short-tag",
                "a tag of 4 octets is guessed too soon",
                short_tag,
                "unknown locked unknown [encrypted malformed/cms] () {}",
            ),
            found("bound", "a key that is bound to GCM", bound("aes-256-gcm", &plain)),
            lost("unbound", "the same, not bound", remade(&bound("aes-256-gcm", &plain), unbound)),
            case(
                "bound-cbc",
                "a key that is bound to CBC",
                bound("aes-256-cbc", &plain),
                "unsigned unprotected null [encrypted none] () {}",
            )
            .shows("The secret."),
            lost(
                "unbound-cbc",
                "the same, not bound",
                remade(&bound("aes-256-cbc", &plain), unbound),
            ),
        ],
    );
}
