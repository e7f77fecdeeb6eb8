//! Recipients added and removed: what OpenSSL wrote is opened by OpenSSL with old and new keys, and all
//! but the RecipientInfos stays as it was, octet for octet.

use smime_wasm::bytes::base64;
use smime_wasm::cert::{Certificate, Identity};
use smime_wasm::env::block_on;
use smime_wasm::error::Result;
use smime_wasm::message::{
    DecryptOptions, ReaddressOptions, Readdressed, Recipient, decrypt, readdress,
};
use smime_wasm::pkcs12::{Password, import};

use crate::common::{Pki, content, env, openssl, vectors};

fn readdressed(
    message: &[u8],
    identities: &[Identity],
    add: &[&Certificate],
    remove: &[&Certificate],
) -> Result<Readdressed<Vec<u8>>> {
    let add: Vec<Recipient> = add.iter().map(|one| Recipient::from((*one).clone())).collect();
    let remove: Vec<Certificate> = remove.iter().map(|one| (*one).clone()).collect();
    let message = message.to_vec();
    let options =
        ReaddressOptions { message, identities, add: &add, remove: &remove, renew: false };
    block_on(readdress(&mut env(7), options))
}

fn changed(
    message: &[u8],
    identities: &[Identity],
    add: &[&Certificate],
    remove: &[&Certificate],
) -> Vec<u8> {
    match readdressed(message, identities, add, remove).unwrap() {
        Readdressed::Changed(message) => message,
        Readdressed::Unchanged(_) => panic!("nothing changed"),
    }
}

fn opens(message: &[u8], identity: &Identity) -> Result<Vec<u8>> {
    let identities = std::slice::from_ref(identity);
    let options = DecryptOptions { message, identities, ..Default::default() };
    block_on(decrypt(&mut env(1), options)).map(|found| found.message)
}

fn openssl_opens(message: &[u8], name: &str) -> Result<Vec<u8>, String> {
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let form = if message[0] == 0x30 { "DER" } else { "SMIME" };
    let arguments = ["cms", "-decrypt", "-inform", form, "-inkey", &key, "-recip", &certificate];
    openssl(&Pki::get().folder, &arguments, message)
}

/// The CMS of a message whose body is in base64, or bare.
fn cms(message: &[u8]) -> Vec<u8> {
    match message.windows(4).position(|window| window == b"\r\n\r\n") {
        _ if message[0] == 0x30 => message.to_vec(),
        Some(at) => base64::decode(&message[at..]).unwrap(),
        None => {
            let at = message.windows(2).position(|window| window == b"\n\n").unwrap();
            base64::decode(&message[at..]).unwrap()
        }
    }
}

/// How many octets at the end two CMS have in common.
fn common_end(a: &[u8], b: &[u8]) -> usize {
    a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

#[test]
fn openssl_opens_with_old_and_new_key_what_it_encrypted_before() {
    let pki = Pki::get();
    let alice = pki.identity("alice");
    let bob = pki.identity("bob");
    let curve = pki.reader("readdress-p256", "P-256", "keyAgreement");
    let people = [("alice", &alice), ("bob", &bob), ("readdress-p256", &curve)];
    let large = [&content()[..], &b"0123456789abcdef\r\n".repeat(20_000)].concat();
    for cipher in ["-aes128", "-aes256", "-des3", "-aes-256-gcm"] {
        for form in [&["-outform", "DER"][..], &["-outform", "DER", "-stream"], &[], &["-stream"]] {
            for ((name, old), content) in people.iter().zip([content(), large.clone(), content()]) {
                let pem = format!("{name}.pem");
                let mut arguments = vec!["cms", "-encrypt", "-binary", cipher];
                arguments.extend(form);
                arguments.extend(["-recip", &pem]);
                let message = openssl(&pki.folder, &arguments, &content).unwrap();
                let add: Vec<_> = people.iter().map(|(_, one)| one.certificate()).collect();
                let more = changed(&message, std::slice::from_ref(*old), &add, &[]);
                for (name, person) in people {
                    assert_eq!(openssl_opens(&more, name).unwrap(), content, "{arguments:?}");
                    assert_eq!(opens(&more, person).unwrap(), content);
                }
                let (before, after) = (cms(&message), cms(&more));
                assert!(common_end(&before, &after) > content.len(), "{arguments:?}");
                // And back again: the old key goes, one of the new ones has to hold.
                let by = if *name == "bob" { &curve } else { &bob };
                let fewer = changed(&more, std::slice::from_ref(by), &[], &[old.certificate()]);
                assert_eq!(opens(&fewer, old).unwrap_err().code(), "decrypt/no-recipient");
                assert_eq!(openssl_opens(&fewer, "bob").is_ok(), *name != "bob");
                assert!(openssl_opens(&fewer, name).is_err());
                assert_eq!(opens(&fewer, by).unwrap(), content);
            }
        }
    }
}

/// The header, the lines and what follows the base64 stay as they are.
#[test]
fn everything_around_the_cms_stays() {
    let pki = Pki::get();
    let (alice, bob) = (pki.identity("alice"), pki.identity("bob"));
    let mut arguments = vec!["cms", "-encrypt", "-binary", "-aes256", "-outform", "DER"];
    arguments.extend(["-recip", "alice.pem"]);
    let der = openssl(&pki.folder, &arguments, &content()).unwrap();
    let header = "X-Odd:  a\tb \nContent-Type: application/x-pkcs7-mime\nFrom: a@b.c\n\
                  content-transfer-encoding: Base64\n\n";
    let line = |width: usize, end: &str| {
        let text = base64::encode(&der);
        let text: Vec<u8> = text.into_iter().filter(|octet| !b"\r\n".contains(octet)).collect();
        let lines: Vec<_> = text.chunks(width).map(|line| String::from_utf8_lossy(line)).collect();
        lines.join(end)
    };
    for (width, end, tail) in
        [(76, "\n", "\n"), (64, "\r\n", ""), (60, "\r\n", "\r\n\r\n \r\n"), (1_000_000, "", "\n")]
    {
        let text = line(width, end);
        let message = format!("{header}{text}{tail}");
        let more =
            changed(message.as_bytes(), std::slice::from_ref(&alice), &[bob.certificate()], &[]);
        assert_eq!(opens(&more, &bob).unwrap(), content());
        let more = String::from_utf8(more).unwrap();
        let body = more.strip_prefix(header).unwrap().strip_suffix(tail).unwrap();
        let longest = body.lines().map(str::len).max().unwrap();
        assert_eq!(longest.min(width), if end.is_empty() { body.len() } else { width });
        assert!(!body.ends_with(['\n', '\r']) && body.contains('\r') == end.starts_with('\r'));
        let fewer =
            changed(more.as_bytes(), std::slice::from_ref(&alice), &[], &[bob.certificate()]);
        assert_eq!(fewer, message.as_bytes());
    }
    let padded = line(64, "\r\n");
    if padded.ends_with('=') {
        let message = format!("{header}{padded}\r\n-- \r\nSent to a list\r\n");
        let more =
            changed(message.as_bytes(), std::slice::from_ref(&alice), &[bob.certificate()], &[]);
        assert!(more.ends_with(b"\r\n-- \r\nSent to a list\r\n"));
    }
    let pem = format!("-----BEGIN CMS-----\n{}\n-----END CMS-----\n", line(64, "\n"));
    let more = changed(pem.as_bytes(), std::slice::from_ref(&alice), &[bob.certificate()], &[]);
    assert_eq!(opens(&more, &bob).unwrap(), content());
    assert!(more.ends_with(b"\n-----END CMS-----\n"));
    assert_eq!(changed(&more, &[alice], &[], &[bob.certificate()]), pem.as_bytes());
}

#[test]
fn who_is_there_already_changes_nothing() {
    let pki = Pki::get();
    let (alice, bob) = (pki.identity("alice"), pki.identity("bob"));
    let arguments = ["cms", "-encrypt", "-aes256", "alice.pem", "bob.pem"];
    let message = openssl(&pki.folder, &arguments, &content()).unwrap();
    let outcome = readdressed(&message, std::slice::from_ref(&alice), &[bob.certificate()], &[]);
    assert!(matches!(outcome.unwrap(), Readdressed::Unchanged(same) if same == message));
    let mallory = pki.certificate("mallory");
    let outcome = readdressed(&message, &[alice], &[], &[&mallory]);
    assert!(matches!(outcome.unwrap(), Readdressed::Unchanged(same) if same == message));
}

/// A password is a recipient too, and asks for another version of the structure (RFC 5652, 6.1).
#[test]
fn a_password_stays_a_recipient() {
    let pki = Pki::get();
    let (alice, bob) = (pki.identity("alice"), pki.identity("bob"));
    let mut arguments = vec!["cms", "-encrypt", "-aes256", "-outform", "DER"];
    arguments.extend(["-pwri_password", "secret", "-recip", "alice.pem"]);
    let message = openssl(&pki.folder, &arguments, &content()).unwrap();
    let more = changed(&message, std::slice::from_ref(&alice), &[bob.certificate()], &[]);
    let fewer = changed(&more, &[bob], &[], &[alice.certificate()]);
    for message in [&more, &fewer] {
        let arguments = ["cms", "-decrypt", "-inform", "DER", "-pwri_password", "secret"];
        assert!(openssl(&pki.folder, &arguments, message).is_ok());
    }
}

/// Messages that Thunderbird's tests hold.
#[test]
fn thunderbirds_messages_get_another_recipient() {
    let Some(folder) = vectors() else { return };
    let bob = Pki::get().identity("bob");
    let folder = folder.join("thunderbird");
    let mut found = 0;
    let mut files = vec![folder];
    let mut people = Vec::new();
    let mut messages = Vec::new();
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("p12") => {
                let password = Password::new(b"nss");
                if let Ok(import) = block_on(import(&mut env(1), &bytes, &password)) {
                    people.extend(import.identities);
                }
            }
            Some("eml") => messages.push((path, bytes)),
            _ => {}
        }
    }
    for (path, message) in messages {
        let options =
            DecryptOptions { message: &message, identities: &people, ..Default::default() };
        let Ok(before) = block_on(decrypt(&mut env(1), options)) else { continue };
        let more = changed(&message, &people, &[bob.certificate()], &[]);
        let after = opens(&more, &bob).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert_eq!(after, before.message, "{path:?}");
        assert_eq!(openssl_opens(&more, "bob").unwrap(), before.message, "{path:?}");
        found += 1;
    }
    assert!(found > 5, "{found}");
}
