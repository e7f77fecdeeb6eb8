//! `protectMessage`: who gets which copy, as OpenSSL opens them.

use smime_wasm::env::block_on;
use smime_wasm::error::{Error, Result};
use smime_wasm::message::{
    ConfidentialityPolicy, EncryptionParameters, HeaderOptions, HeaderProtection, Layer,
    ProtectOptions, Protected, Recipient, SignatureParameters, inspect, protect_message,
};

use crate::common::{Pki, env, openssl};

const MESSAGE: &str = "From: Alice <alice@example.com>\r\nTo: bob@example.net\r\n\
    Cc: a.muster@example.org\r\nBcc: mallory@example.com\r\nSubject: plan\r\nMIME-Version: 1.0\r\n\
    Content-Type: text/plain\r\n\r\nhello\r\n";

fn options<'a>() -> ProtectOptions<'a> {
    ProtectOptions {
        message: MESSAGE.as_bytes().into(),
        from: None,
        to: None,
        cc: None,
        bcc: None,
        signers: &[],
        signature: SignatureParameters::default(),
        recipients: None,
        own: None,
        also: &[],
        separately: false,
        with_clear_copy: false,
        left_out: &[],
        encryption: EncryptionParameters::default(),
        headers: HeaderOptions::default(),
        must_encrypt: false,
    }
}

fn recipients() -> Vec<Recipient> {
    ["tls", "bob", "alice2", "mallory", "alice"]
        .map(|name| Pki::get().certificate(name).into())
        .to_vec()
}

fn protect(options: ProtectOptions<'_>) -> Result<Protected<String>> {
    let protected = block_on(protect_message(&mut env(3), options, Vec::with_capacity))?;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let copies = protected.outgoing.into_iter();
    let outgoing = copies.map(|copy| smime_wasm::message::ProtectedCopy {
        envelope: copy.envelope,
        message: text(copy.message),
    });
    Ok(Protected {
        outgoing: outgoing.collect(),
        sent_copy: protected.sent_copy.map(text),
        clear_copy: None,
    })
}

fn decrypted(message: &str, name: &str) -> std::result::Result<String, String> {
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let arguments = ["cms", "-decrypt", "-inkey", &key, "-recip", &certificate];
    let shown = openssl(&Pki::get().folder, &arguments, message.as_bytes())?;
    Ok(String::from_utf8(shown).unwrap())
}

fn verified(message: &str) -> String {
    let arguments = ["cms", "-verify", "-CAfile", "root.pem", "-purpose", "smimesign"];
    let shown = openssl(&Pki::get().folder, &arguments, message.as_bytes()).unwrap();
    String::from_utf8(shown).unwrap()
}

fn recipients_of(message: &str) -> usize {
    match block_on(inspect(&mut env(4), message.as_bytes())).unwrap().layer {
        Layer::Encrypted { recipients, .. } => recipients.len(),
        other => panic!("{other:?}"),
    }
}

fn to(envelopes: &Protected<String>) -> Vec<Vec<&str>> {
    let copies = envelopes.outgoing.iter();
    copies.map(|copy| copy.envelope.to.iter().map(String::as_str).collect()).collect()
}

#[test]
fn each_blind_recipient_gets_a_copy_alone() {
    let (signers, recipients) = ([Pki::get().identity("alice")], recipients());
    let everybody =
        ProtectOptions { signers: &signers, recipients: Some(&recipients), ..options() };
    let protected = protect(everybody.clone()).unwrap();
    assert_eq!(
        to(&protected),
        [vec!["bob@example.net", "a.muster@example.org"], vec!["mallory@example.com"]]
    );
    let [open, blind] = protected.outgoing.as_slice() else { panic!("two copies") };
    let sent = protected.sent_copy.as_deref().unwrap();
    assert_eq!(open.envelope.from, "alice@example.com");
    // a.muster has one certificate that can be used, Alice's.
    assert_eq!([&open.message, &blind.message, sent].map(recipients_of), [2, 1, 1]);
    assert!(decrypted(&open.message, "mallory").is_err());
    assert!(
        decrypted(&blind.message, "bob").is_err() && decrypted(&blind.message, "alice").is_err()
    );

    let shown = verified(&decrypted(&open.message, "bob").unwrap());
    assert_eq!(shown, verified(&decrypted(&open.message, "alice").unwrap()));
    assert_eq!(shown, verified(&decrypted(&blind.message, "mallory").unwrap()));
    assert!(shown.contains("Subject: plan\r\n") && shown.contains("hp=\"cipher\""), "{shown}");
    let header = |message: &str| message.split_once("\r\n\r\n").unwrap().0.to_owned();
    for text in [shown.clone(), header(&open.message), header(&blind.message)] {
        assert!(!text.to_ascii_lowercase().contains("bcc") && !text.contains("mallory"), "{text}");
    }
    let kept = verified(&decrypted(sent, "alice").unwrap());
    assert!(kept.contains("\r\nBcc: mallory@example.com\r\n") || kept.starts_with("Bcc: mallory"));
    assert!(!header(sent).contains("mallory"), "{sent}");

    let line = |text: &str, name: &str| {
        text.lines().find(|line| line.starts_with(name)).map(str::to_owned).unwrap()
    };
    for name in ["Message-ID: <", "Date: "] {
        let values =
            [&open.message, &blind.message, sent, &shown, &kept].map(|text| line(text, name));
        assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
    }
    let bodies =
        [&open.message, &blind.message, sent].map(|text| text.split_once("\r\n\r\n").unwrap().1);
    assert!(bodies[0] != bodies[1] && bodies[1] != bodies[2]);
    assert_eq!(protect(everybody).unwrap(), protected);
}

#[test]
fn one_signed_message_serves_all() {
    let signers = [Pki::get().identity("alice")];
    let protected = protect(ProtectOptions { signers: &signers, ..options() }).unwrap();
    let all = vec!["bob@example.net", "a.muster@example.org", "mallory@example.com"];
    assert_eq!(to(&protected), [all]);
    let shown = verified(&protected.outgoing[0].message);
    assert!(shown.contains("hp=\"clear\"") && !shown.contains("Bcc"), "{shown}");
    assert!(!protected.outgoing[0].message.contains("Bcc:"));
    let kept = verified(protected.sent_copy.as_deref().unwrap());
    assert!(kept.contains("Bcc: mallory@example.com\r\n"), "{kept}");

    let off = HeaderOptions::OFF;
    let protected =
        protect(ProtectOptions { signers: &signers, headers: off, ..options() }).unwrap();
    assert_eq!(
        verified(&protected.outgoing[0].message),
        "Content-Type: text/plain\r\n\r\nhello\r\n"
    );
}

#[test]
fn what_is_hidden_stands_before_the_text_for_those_who_do_not_know() {
    let recipients = recipients();
    let own = [Pki::get().certificate("alice").into()];
    let protection = HeaderProtection::Policy(ConfidentialityPolicy::Baseline);
    let confidential = ["Message-ID".to_owned()];
    let headers =
        HeaderOptions { protection, confidential: &confidential, ..HeaderOptions::default() };
    let options =
        ProtectOptions { recipients: Some(&recipients), own: Some(&own), headers, ..options() };
    let protected = protect(options.clone()).unwrap();
    let message = &protected.outgoing[0].message;
    assert!(
        message.contains("\r\nSubject: [...]\r\n") && !message.contains("Message-ID"),
        "{message}"
    );
    let shown = decrypted(message, "bob").unwrap();
    assert!(shown.contains("\r\nSubject: plan\r\n") && shown.contains("Message-ID: <"), "{shown}");
    assert!(shown.ends_with("\r\n\r\nSubject: plan\r\n\r\nhello\r\n"), "{shown}");
    let none = protect(ProtectOptions { own: Some(&[]), ..options }).unwrap();
    assert_eq!(none.sent_copy, None);
}

#[test]
fn what_can_not_be_done_is_said() {
    let signers = [Pki::get().identity("alice")];
    let only = [Pki::get().certificate("bob").into(), Pki::get().certificate("tls").into()];
    let address = |address: &str| Some(vec![address.to_owned()]);
    let bob = || ProtectOptions {
        to: address("bob@example.net"),
        cc: address("bob@example.net"),
        bcc: Some(vec![]),
        ..options()
    };

    let missing =
        protect(ProtectOptions { signers: &signers, recipients: Some(&only), ..options() });
    let addresses = vec!["a.muster@example.org".to_owned(), "mallory@example.com".to_owned()];
    assert_eq!(
        missing.unwrap_err(),
        Error::RecipientWithoutCertificate { addresses, fields: vec![], reasons: vec![] }
    );
    let keyless = protect(ProtectOptions { recipients: Some(&only), ..bob() });
    let addresses = vec!["alice@example.com".to_owned()];
    assert_eq!(
        keyless.unwrap_err(),
        Error::RecipientWithoutCertificate { addresses, fields: vec![], reasons: vec![] }
    );
    let code = |options| protect(options).unwrap_err().code().to_owned();
    let tls = ProtectOptions { to: address("tls@example.com"), signers: &signers, ..bob() };
    assert_eq!(
        code(ProtectOptions {
            recipients: Some(&only),
            cc: None,
            bcc: None,
            message: b"From: alice@example.com\r\n\r\nx"[..].into(),
            ..tls
        }),
        "refused/recipient"
    );
    assert_eq!(code(bob()), "usage/missing-option");
    assert_eq!(
        code(ProtectOptions { must_encrypt: true, signers: &signers, ..bob() }),
        "refused/must-encrypt"
    );
    let confidential = ["Subject".to_owned()];
    let headers = HeaderOptions { confidential: &confidential, ..HeaderOptions::default() };
    assert_eq!(
        code(ProtectOptions { headers, signers: &signers, ..bob() }),
        "refused/must-encrypt"
    );
    let protection = HeaderProtection::Policy(ConfidentialityPolicy::Baseline);
    let headers = HeaderOptions { protection, ..HeaderOptions::default() };
    assert_eq!(code(ProtectOptions { headers, signers: &signers, ..bob() }), "usage/wrong-option");
    for to in ["bob@example.net\r\nRCPT TO:<x@y.z>", "Bob <bob@example.net>", "bob", ""] {
        assert_eq!(
            code(ProtectOptions { to: address(to), signers: &signers, ..bob() }),
            "usage/wrong-option"
        );
    }
    let group = b"From: alice@example.com\r\nTo: friends: bob@example.net;\r\n\r\nx";
    let group = ProtectOptions { message: group[..].into(), signers: &signers, ..options() };
    assert_eq!(code(group), "usage/wrong-option");
    let nobody = ProtectOptions {
        message: b"From: alice@example.com\r\n\r\nx"[..].into(),
        signers: &signers,
        ..options()
    };
    assert_eq!(code(nobody), "usage/missing-option");
}
