//! Every mail of the collection, signed by us, means what it meant, is fit for transport, and verifies
//! whatever a relay does to it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use smime_wasm::cert::Identity;
use smime_wasm::crypto::RsaScheme;
use smime_wasm::env::block_on;
use smime_wasm::limits::Limits;
use smime_wasm::message::{Form, Include, SignOptions, SignatureParameters, Status, sign, verify};
use smime_wasm::mime::{Inside, Part, transportable};
use smime_wasm::path::TrustAnchor;

use crate::common::people::people;
use crate::common::{env, verify_options};
use crate::mails::{Mail, mails};
use crate::relay::{RELAYS, all_of_them};
use crate::view::view;

/// What can't be written in 7 bits: an address outside ASCII in a forwarded mail.
const EIGHT_BIT: &[&str] = &["messages/smtputf8"];

/// Alice, with a key that signs fast.
pub(crate) fn alice() -> (Identity, [TrustAnchor; 1]) {
    static MADE: OnceLock<(Identity, [TrustAnchor; 1])> = OnceLock::new();
    MADE.get_or_init(make_alice).clone()
}

fn make_alice() -> (Identity, [TrustAnchor; 1]) {
    let pki = people();
    let extensions = "keyUsage=critical,digitalSignature\nsubjectAltName=email:alice@example.com\n";
    std::fs::write(pki.folder.join("fast-alice.ext"), extensions).unwrap();
    let new_key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let signed = ["-days", "36500", "-extfile", "fast-alice.ext"];
    pki.issue_key("fast-alice", "/CN=Alice", Some("ca-ed25519"), &new_key, &signed);
    (pki.identity_of("fast-alice", "ca-ed25519"), [pki.certificate("ca-ed25519").into()])
}

pub(crate) fn signed(message: &[u8], signer: &Identity, form: Form) -> Vec<u8> {
    let signers = [signer.clone()];
    let options = SignOptions {
        message: message.into(),
        signers: &signers,
        protect_headers: false,
        parameters: SignatureParameters {
            form,
            digest: None,
            scheme: RsaScheme::Pkcs1v15,
            include: Include::Certificate,
            ..SignatureParameters::default()
        },
    };
    block_on(sign(&mut env(1), options)).unwrap()
}

/// What was signed, of a message that has to be verified.
fn verified(message: &[u8], anchors: &[TrustAnchor]) -> Result<Vec<u8>, String> {
    let result = block_on(verify(&mut env(2), verify_options(message, anchors)));
    let result = result.map_err(|error| error.to_string())?;
    match result.status {
        Status::Verified => Ok(result.content.into_owned()),
        status => Err(format!("{status:?} {:?}", result.signatures)),
    }
}

#[test]
fn the_collection_is_large_and_sorted() {
    let mails = mails();
    let folders: BTreeSet<&str> =
        mails.iter().map(|mail| mail.name.split_once('/').unwrap().0).collect();
    assert!(mails.len() >= 150, "{}", mails.len());
    assert!(folders.len() >= 15, "{folders:?}");
}

#[test]
fn every_mail_is_verified_behind_every_relay() {
    let (alice, anchors) = alice();
    let mut broken = Vec::new();
    for Mail { name, raw } in mails() {
        let may_cut = !EIGHT_BIT.contains(&name.as_str());
        let detached = signed(&raw, &alice, Form::Detached);
        let content = verified(&detached, &anchors).unwrap_or_else(|e| panic!("{name}: {e}"));
        for (relay, pass) in RELAYS {
            let found = verified(&pass(&detached), &anchors);
            let is_broken = found.as_ref() != Ok(&content);
            if is_broken && (may_cut || *relay != "cuts the eighth bit") {
                broken.push(format!("{name} {relay}: {found:?}"));
            }
        }
        let opaque = signed(&raw, &alice, Form::Opaque);
        for (message, way) in [(&detached, "detached"), (&opaque, "opaque")] {
            let found = verified(&all_of_them(message), &anchors);
            if found.as_ref() != Ok(&content) && (may_cut || way == "opaque") {
                broken.push(format!("{name} {way} behind all: {found:?}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn signing_does_not_change_what_a_mail_means() {
    let (alice, anchors) = alice();
    // mail-parser takes for a delimiter what only begins as one, or stands in the middle of a line, and
    // loses its place (an assertion in debug builds) after a mail in a mail in a multipart.
    const MISREAD: [&str; 3] = ["long-lines/boundary", "nested/prefix", "messages/in-a-mail"];
    for Mail { name, raw } in mails() {
        if MISREAD.contains(&name.as_str()) {
            continue;
        }
        let mut before = view(&raw);
        // It reads octets in a header as UTF-8 alone, we as Windows-1252 if they are none.
        if name == "8-bit/file-name-latin" {
            before.iter_mut().for_each(|part| *part = part.replace('\u{fffd}', "\u{dc}"));
        }
        let content = verified(&signed(&raw, &alice, Form::Detached), &anchors).unwrap();
        assert_eq!(view(&content), before, "{name}:\n{}", String::from_utf8_lossy(&content));
    }
}

#[test]
fn what_is_signed_is_fit_for_transport() {
    let (alice, anchors) = alice();
    let limits = Limits::default();
    for Mail { name, raw } in mails() {
        if EIGHT_BIT.contains(&name.as_str()) {
            continue;
        }
        let content = verified(&signed(&raw, &alice, Form::Detached), &anchors).unwrap();
        let text = String::from_utf8(content).unwrap();
        assert!(text.is_ascii() && !text.contains('\0'), "{name}");
        for line in text.split("\r\n") {
            assert!(!line.contains(['\r', '\n']), "{name}: {line:?}");
            assert!(!line.ends_with([' ', '\t']), "{name}: {line:?}");
            assert!(!line.starts_with("From ") && !line.starts_with('.'), "{name}: {line:?}");
            assert!(line.len() <= 998, "{name}: {line:?}");
        }
        check_widths(&Part::parse(text.as_bytes(), &limits).unwrap(), &name);
        assert_eq!(transportable(text.as_bytes(), &limits).unwrap(), None, "{name}");
    }
}

fn check_widths(part: &Part<'_>, name: &str) {
    match part.inside() {
        Inside::Leaf => {
            let body = std::str::from_utf8(part.entity().body()).unwrap();
            assert!(body.split("\r\n").all(|line| line.len() <= 76), "{name}: {body}");
        }
        Inside::Message(message) => check_widths(message, name),
        Inside::Multipart(multipart) => multipart.parts.iter().for_each(|p| check_widths(p, name)),
    }
}

/// A mail that needs nothing is signed as it stands.
#[test]
fn what_survives_is_not_touched() {
    let (alice, anchors) = alice();
    let names = [
        "line-ends/crlf",
        "nested/usual",
        "calendar/request",
        "attachments/thirty",
        "messages/plain",
    ];
    for mail in mails().iter().filter(|mail| names.contains(&mail.name.as_str())) {
        let content = verified(&signed(&mail.raw, &alice, Form::Detached), &anchors).unwrap();
        let start = mail.raw.windows(13).position(|w| w == b"Content-Type:").unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&content), text(&mail.raw[start..]), "{}", mail.name);
    }
}
