//! Protected header fields (RFC 9788): OpenSSL opens what we write, and we read what it wraps.

use smime_wasm::cms::{KeyEncryptionKey, Openers};
use smime_wasm::env::block_on;
use smime_wasm::limits::Limits;
use smime_wasm::message::{
    ConfidentialityPolicy, EncryptOptions, EncryptionParameters, FieldProtection, HeaderOptions,
    HeaderProtection, HeaderScheme, MessageHeaders, PayloadFacts, Recipient, SignOptions,
    SignatureParameters, Status, decrypt_in_place, encrypt, read_headers, sign, verify,
};
use smime_wasm::mime::Entity;

use crate::common::{Pki, env, openssl, verify_options};

const MESSAGE: &str = "From: Alice <alice@example.com>\r\nTo: Bob <bob@example.net>\r\n\
    Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nDate: Sun, 01 Jan 2040 01:00:00 +0100\r\n\
    Message-ID: <1@example.com>\r\nKeywords: plan\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/alternative; boundary=b\r\n\r\n\
    --b\r\nContent-Type: text/plain\r\n\r\nhello\r\n\
    --b\r\nContent-Type: text/html\r\n\r\n<body>hello</body>\r\n--b--\r\n";

/// All layers taken off, and what the header then tells.
fn opened(message: &[u8]) -> MessageHeaders {
    let pki = Pki::get();
    let limits = Limits::default();
    let identities = [pki.identity("bob")];
    let openers =
        Openers { identities: &identities, passwords: &[], keys: &[] as &[KeyEncryptionKey] };
    let decrypted = block_on(decrypt_in_place(&mut env(8), message.to_vec(), openers));
    let is_encrypted = decrypted.is_ok();
    let inside = decrypted.map_or_else(|_| message.to_vec(), |decrypted| decrypted.message);
    let anchors = [pki.anchor()];
    let mut options = verify_options(&inside, &anchors);
    options.from = Some("alice@example.com");
    let verified = block_on(verify(&mut env(9), options)).unwrap();
    let is_signed = verified.status == Status::Verified;
    let outer = Entity::parse(message, &limits).unwrap();
    let payload = Entity::parse(&verified.content, &limits).unwrap();
    let facts = PayloadFacts { is_signed, is_encrypted };
    read_headers(Some(&outer), Some(&payload), None, facts, &limits)
}

fn field(headers: &MessageHeaders, name: &str) -> (String, Option<String>, FieldProtection) {
    let field = headers.fields.iter().find(|field| field.name == name).unwrap();
    (field.value.clone(), field.outer.clone(), field.protection)
}

fn encrypted(message: &[u8], recipients: &[Recipient], headers: HeaderOptions<'_>) -> String {
    let parameters = EncryptionParameters::default();
    let options = EncryptOptions { message: message.into(), recipients, headers, parameters };
    String::from_utf8(block_on(encrypt(&mut env(2), options)).unwrap()).unwrap()
}

fn bob() -> Recipient {
    Pki::get().certificate("bob").into()
}

fn openssl_decrypts(message: &str) -> String {
    let arguments = ["cms", "-decrypt", "-inkey", "bob.key", "-recip", "bob.pem"];
    let shown = openssl(&Pki::get().folder, &arguments, message.as_bytes()).unwrap();
    String::from_utf8(shown).unwrap()
}

#[test]
fn openssl_verifies_the_fields_that_are_signed() {
    let signers = [Pki::get().identity("alice")];
    let options = SignOptions {
        message: MESSAGE.as_bytes().into(),
        signers: &signers,
        protect_headers: true,
        parameters: SignatureParameters::default(),
    };
    let signed = block_on(sign(&mut env(1), options)).unwrap();
    let arguments = ["cms", "-verify", "-CAfile", "root.pem", "-purpose", "smimesign"];
    let shown = openssl(&Pki::get().folder, &arguments, &signed).unwrap();
    let shown = String::from_utf8(shown).unwrap();
    assert!(shown.starts_with("From: Alice <alice@example.com>\r\nTo: Bob"), "{shown}");
    assert!(shown.contains("boundary=b;\r\n hp=\"clear\"\r\n\r\n--b"), "{shown}");
    let headers = opened(&signed);
    assert_eq!((headers.scheme, headers.problems.len()), (HeaderScheme::Clear, 0));
    assert!(headers.fields.iter().all(|field| field.protection == FieldProtection::Signed));
    assert_eq!(field(&headers, "Subject").0, "Gr\u{fc}\u{df}e");
}

#[test]
fn openssl_decrypts_the_fields_that_are_hidden() {
    let protection = HeaderProtection::Policy(ConfidentialityPolicy::Shy);
    let headers = HeaderOptions { protection, ..HeaderOptions::default() };
    let message = encrypted(MESSAGE.as_bytes(), &[bob()], headers);
    let (outer, _) = message.split_once("\r\n\r\n").unwrap();
    for (name, value) in [
        ("From", "alice@example.com"),
        ("To", "bob@example.net"),
        ("Subject", "[...]"),
        ("Date", "Sun, 1 Jan 2040 00:00:00 +0000"),
        ("Message-ID", "<1@example.com>"),
    ] {
        assert!(outer.contains(&format!("{name}: {value}\r\n")), "{name} in {outer}");
    }
    assert!(!outer.contains("Keywords"), "{outer}");
    let shown = openssl_decrypts(&message);
    assert!(shown.contains("\r\nHP-Outer: Subject: [...]\r\n"), "{shown}");
    assert!(shown.contains("hp=\"cipher\""), "{shown}");
    assert_eq!(shown.matches("hp-legacy-display=\"1\"").count(), 2, "{shown}");
    let headers = opened(message.as_bytes());
    assert_eq!((headers.scheme, headers.problems.len()), (HeaderScheme::Cipher, 0));
    let (value, outer, protection) = field(&headers, "Subject");
    assert_eq!((value.as_str(), outer.as_deref()), ("Gr\u{fc}\u{df}e", Some("[...]")));
    assert_eq!(protection, FieldProtection::Encrypted);
    assert_eq!(field(&headers, "From").0, "Alice <alice@example.com>");
    assert_eq!(field(&headers, "Message-ID").2, FieldProtection::None);
}

#[test]
fn the_subject_is_hidden_only_if_all_are_known_to_see_it() {
    let aware = bob().reads_protected_headers(true);
    let alice: Recipient = Pki::get().certificate("alice").into();
    let auto = HeaderOptions::default();
    let known = encrypted(MESSAGE.as_bytes(), core::slice::from_ref(&aware), auto);
    assert!(known.contains("\r\nSubject: [...]\r\n"));
    assert!(!openssl_decrypts(&known).contains("hp-legacy-display"));
    let unknown = encrypted(MESSAGE.as_bytes(), &[aware, alice], auto);
    assert!(unknown.contains("\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"), "{unknown}");
    let shown = openssl_decrypts(&unknown);
    assert!(shown.contains("hp=\"cipher\"") && !shown.contains("hp-legacy-display"), "{shown}");
    let off = encrypted(MESSAGE.as_bytes(), &[bob()], HeaderOptions::OFF);
    assert!(
        openssl_decrypts(&off)
            .starts_with("Content-Type: multipart/alternative; boundary=b\r\n\r\n")
    );
}

/// Signed and encrypted by OpenSSL, as RFC 9788's samples are.
fn wrapped(payload: &str, outer: &str) -> Vec<u8> {
    let folder = &Pki::get().folder;
    let sign =
        ["cms", "-sign", "-binary", "-nodetach", "-signer", "alice.pem", "-inkey", "alice.key"];
    let sign = [&sign[..], &["-certfile", "ca.pem"]].concat();
    let signed = openssl(folder, &sign, payload.as_bytes()).unwrap();
    let encrypt = ["cms", "-encrypt", "-binary", "-aes128", "bob.pem"];
    let encrypted = openssl(folder, &encrypt, &signed).unwrap();
    [outer.as_bytes(), &encrypted].concat()
}

const OUTER: &str = "Subject: [...]\r\nMessage-ID: <2@example>\r\nFrom: Alice <alice@example.com>\r\n\
    To: Bob <bob@example.net>\r\n";

#[test]
fn fields_in_what_openssl_wraps_have_their_states() {
    let payload = "Subject: plan\r\nMessage-ID: <2@example>\r\nFrom: Alice <alice@example.com>\r\n\
        To: Bob <bob@example.net>\r\nHP-Outer: Subject: [...]\r\nHP-Outer: Message-ID: <2@example>\r\n\
        HP-Outer: From: Alice <alice@example.com>\r\nHP-Outer: To: Bob <bob@example.net>\r\n\
        Content-Type: text/plain; charset=\"utf-8\"; hp=\"cipher\"\r\n\r\nx\r\n";
    let headers = opened(&wrapped(payload, OUTER));
    assert_eq!((headers.scheme, headers.problems.len()), (HeaderScheme::Cipher, 0));
    let both = FieldProtection::SignedAndEncrypted;
    assert_eq!(field(&headers, "Subject"), ("plan".to_owned(), Some("[...]".to_owned()), both));
    assert_eq!(field(&headers, "To").2, FieldProtection::Signed);
}

#[test]
fn the_older_schemes_are_read_in_what_openssl_wraps() {
    let v1 = "Subject: plan\r\nFrom: Alice <alice@example.com>\r\n\
        Content-Type: text/plain; protected-headers=\"v1\"\r\n\r\nx\r\n";
    let rfc8551 = "Content-Type: message/rfc822; forwarded=no\r\n\r\nSubject: plan\r\n\
        From: Alice <alice@example.com>\r\nContent-Type: text/plain\r\n\r\nx\r\n";
    for (payload, scheme) in
        [(v1, HeaderScheme::ProtectedHeadersV1), (rfc8551, HeaderScheme::Rfc8551)]
    {
        let headers = opened(&wrapped(payload, OUTER));
        assert_eq!((headers.scheme, headers.problems.len()), (scheme, 0));
        assert_eq!(field(&headers, "Subject").2, FieldProtection::SignedAndEncrypted);
        assert_eq!(field(&headers, "From").2, FieldProtection::Signed);
        assert_eq!(field(&headers, "To").2, FieldProtection::None);
    }
}
