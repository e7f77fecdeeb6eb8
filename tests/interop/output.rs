//! What we write where nothing is asked for, as OpenSSL sees it: DER, base64 in 64 columns, the names of
//! RFC 8551, signed attributes, the chain, and recipients by issuer and serial number.

use smime_wasm::asn1::{Reader, tag, to_der};
use smime_wasm::bytes::base64;
use smime_wasm::cert::Certificate;
use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::env::block_on;
use smime_wasm::limits::Limits;
use smime_wasm::message::{
    EncryptOptions, EncryptionParameters, Form, HeaderOptions, Include, Recipient, encrypt,
};

use crate::common::{MESSAGE, Pki, env, openssl, signed};

/// The base64 of the last MIME part, after checking that its lines are as they should be.
fn cms_of(message: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(message).unwrap();
    let body = text.rsplit("\r\n\r\n").next().unwrap();
    let body = body.split("\r\n--").next().unwrap();
    let lines: Vec<&str> = body.lines().collect();
    let (last, whole) = lines.split_last().unwrap();
    assert!(whole.iter().all(|line| line.len() == 64), "{body}");
    assert!((1..=64).contains(&last.len()), "{body}");
    let cms = base64::decode(body.as_bytes()).unwrap();
    // DER is read where it is: nothing is left to normalise.
    let der = to_der(&cms, &Limits::default()).unwrap();
    assert!(matches!(der, std::borrow::Cow::Borrowed(same) if same == cms));
    assert_eq!(Reader::only(&cms, tag::SEQUENCE).unwrap().raw.len(), cms.len());
    cms
}

fn printed(cms: &[u8]) -> String {
    let arguments = ["cms", "-cmsout", "-print", "-inform", "DER"];
    let bytes = openssl(&Pki::get().folder, &arguments, cms).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn signatures_are_written_as_every_client_reads_them() {
    for form in [Form::Detached, Form::Opaque] {
        let message = signed(form, Include::Chain);
        let text = String::from_utf8_lossy(&message).into_owned();
        let fields: &[&str] = match form {
            Form::Detached => &[
                "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";",
                "micalg=sha-256;",
                "Content-Type: application/pkcs7-signature;",
            ],
            Form::Opaque => &["Content-Type: application/pkcs7-mime; smime-type=signed-data;"],
        };
        for field in fields {
            assert!(text.contains(field), "{field} in {text}");
        }
        let printed = printed(&cms_of(&message));
        for fact in [
            "d.issuerAndSerialNumber",
            "sha256WithRSAEncryption",
            "object: contentType",
            "object: messageDigest",
            "object: signingTime",
            "object: S/MIME Capabilities",
            "object: id-smime-aa-signingCertificateV2",
            "1.2.840.113549.1.9.52",
        ] {
            assert!(printed.contains(fact), "{fact} in {printed}");
        }
        // Alice and her issuer, not the root.
        assert_eq!(printed.matches("d.certificate:").count(), 2, "{printed}");
    }
}

#[test]
fn recipients_are_written_as_every_client_reads_them() {
    let certificates: [Certificate; 2] = ["alice", "bob"].map(|name| Pki::get().certificate(name));
    let recipients = certificates.map(Recipient::from);
    for (cipher, smime_type, printed_name) in [
        ("aes-256-cbc", "enveloped-data", "aes-256-cbc"),
        ("aes-256-gcm", "authEnveloped-data", "aes-256-gcm"),
    ] {
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
        let message = block_on(encrypt(&mut env(1), options)).unwrap();
        let text = String::from_utf8_lossy(&message).into_owned();
        let field = format!("Content-Type: application/pkcs7-mime; smime-type={smime_type};");
        assert!(text.contains(&field), "{text}");
        let printed = printed(&cms_of(&message));
        assert_eq!(printed.matches("d.issuerAndSerialNumber").count(), 2, "{printed}");
        assert_eq!(printed.matches("algorithm: rsaEncryption").count(), 2, "{printed}");
        assert!(printed.contains(printed_name), "{printed}");
    }
}
