//! What mail says in each charset, written by Python, comes out of `open` as it was said.

use std::collections::BTreeMap;
use std::path::Path;

use smime_wasm::cms::Openers;
use smime_wasm::env::block_on;
use smime_wasm::message::{AttachedPart, Body, OpenOptions, OpenedMessage, VerifyOptions, open};

use crate::common::env;
use crate::damage::Numbers;
use crate::mails::mails;

/// What is not read: UTF-32 is of no use in mail; the Encoding Standard takes the next two for nothing but
/// replacement characters, because markup can hide in them (4.2), and does not know UTF-7, of which
/// `mail-parser` loses a character here and there.
const UNREADABLE: [&str; 4] = ["utf-32", "iso-2022-kr", "hz-gb-2312", "utf-7"];

#[test]
fn texts_are_read_in_every_charset() {
    let mut wrong = Vec::new();
    for (charset, words) in readable() {
        let opened = opened(mail(&format!("charsets/{charset}")));
        let bodies = opened.view.unwrap().bodies;
        if bodies[0].text.trim_end() != words {
            wrong.push((charset, bodies[0].text.clone()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn html_names_and_file_names_are_read_in_every_charset() {
    let opened = opened(mail("charsets/everywhere"));
    let view = opened.view.unwrap();
    let copies = opened.headers.fields.iter().find(|field| field.name == "Cc").unwrap();
    let mut wrong = Vec::new();
    for (charset, words) in readable() {
        let words = words.replace('\n', " ");
        let html = format!("<p>{words}</p>");
        let raw = |body: &Body| body.html.as_ref().unwrap().raw.clone();
        if !view.bodies.iter().any(|body| raw(body) == html && body.text.trim() == words) {
            wrong.push(format!("{charset}: HTML"));
        }
        let is_named = |file: &&AttachedPart| file.name.as_deref() == Some(words.as_str());
        let named = view.attachments.iter().filter(is_named).count();
        if named < 2 {
            wrong.push(format!("{charset}: {named} file names"));
        }
        if !copies.value.contains(&format!("{words} <{charset}@example.net>")) {
            wrong.push(format!("{charset}: name"));
        }
    }
    let names: Vec<_> = view.attachments.iter().map(|file| file.name.as_deref()).collect();
    assert!(wrong.is_empty(), "{wrong:#?} {} {names:?}", copies.value);
}

#[test]
fn no_octets_are_too_many_or_too_odd_for_a_charset() {
    // Openings of the sequences that most charsets have, and what can't follow them.
    let octets = b"\x1b$(BJIA\x8e\x8f\xa1\xff\x81\x30\xfe\x39+-~{}\0\n\x80\xc3\xed";
    let mut numbers = Numbers(1);
    for charset in readable().keys().map(String::as_str).chain(UNREADABLE) {
        for length in 0..300 {
            let mut mail = format!("Content-Type: text/plain; charset={charset}\n\n^").into_bytes();
            mail.extend((0..length).map(|_| octets[numbers.below(octets.len())]));
            mail.extend_from_slice(b"\nend\nend");
            let text = opened(mail).view.unwrap().bodies.pop().unwrap().text;
            // What is cut short would lack its end. Half a character before it may take some of it, and an
            // escape sequence all.
            let is_whole =
                text.ends_with("nd") || charset.starts_with("utf-") || text == "\u{fffd}";
            assert!(is_whole || charset == "iso-2022-jp", "{charset} {length} {text:?}");
        }
    }
}

/// The words of each charset, as `tests/mails/make.py` wrote them.
fn readable() -> BTreeMap<String, String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails/charsets.json");
    let mut words: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    for charset in UNREADABLE {
        assert!(words.remove(charset).is_some(), "{charset}");
    }
    words
}

fn mail(name: &str) -> Vec<u8> {
    mails().into_iter().find(|mail| mail.name == name).expect(name).raw
}

fn opened(mail: Vec<u8>) -> OpenedMessage {
    let options = OpenOptions {
        openers: Openers { identities: &[], passwords: &[], keys: &[] },
        verify: VerifyOptions::new(&[]),
        may_fetch_unprotected: false,
    };
    block_on(open(&mut env(3), mail, options)).unwrap()
}
