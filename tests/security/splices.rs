//! Whatever is cut out of messages, changed in them or joined from them: nothing is verified but exactly
//! what was signed, and nothing makes the module panic (attacks 3 and 13).

use smime_wasm::env::Env;
use smime_wasm::limits::Limits;
use smime_wasm::message::{Form, OpenedMessage, Status};

use crate::cases::{
    ALICE, CASES_NOW, encrypted, encrypted_with, mail, opened, signed_by, with_cms,
};

fn open(message: &[u8]) -> Option<OpenedMessage> {
    opened(&mut Env::new(CASES_NOW, &[1; 32], Limits::default()), message).ok()
}

/// Messages of every form, each with another text.
fn messages() -> Vec<Vec<u8>> {
    let text = |text: &str| mail(ALICE, "text/plain", &format!("{text}\r\n"));
    let signed = |form, words: &str| signed_by(&["alice"], form, &text(words));
    vec![
        signed(Form::Detached, "The first text."),
        signed(Form::Opaque, "The second text."),
        encrypted(&signed(Form::Detached, "The third text.")),
        encrypted_with("aes-256-gcm", &signed(Form::Opaque, "The fourth text.")),
    ]
}

/// What alice signed.
fn contents(messages: &[Vec<u8>]) -> Vec<Vec<u8>> {
    messages.iter().map(|message| open(message).unwrap().content.unwrap()).collect()
}

#[test]
fn only_what_was_signed_is_verified_whatever_is_cut_or_joined() {
    let messages = messages();
    let contents = contents(&messages);
    let mut verified = 0;
    let mut check = |message: &[u8]| {
        if let Some(opened) = open(message)
            && opened.status == Some(Status::Verified)
        {
            verified += 1;
            assert!(contents.contains(&opened.content.unwrap()));
        }
    };
    for (number, message) in messages.iter().enumerate() {
        for cut in (0..message.len()).step_by(13) {
            check(&message[..cut]);
            check(&message[cut..]);
            check(&[&message[..cut], &message[(cut + 40).min(message.len())..]].concat());
            let other = &messages[(number + 1) % messages.len()];
            let at = cut * other.len() / message.len();
            check(&[&message[..cut], &other[at..]].concat());
            check(&[&other[..at], &message[cut..]].concat());
            check(&[&message[..cut], other, &message[cut..]].concat());
        }
    }
    // Some cuts only touch what nobody signs.
    assert!(verified > 0);
}

#[test]
fn no_changed_octet_is_verified() {
    let messages = messages();
    let contents = contents(&messages);
    for message in &messages {
        for at in (0..message.len()).step_by(3) {
            let mut changed = message.clone();
            changed[at] ^= 1 << (at % 7);
            if let Some(opened) = open(&changed)
                && opened.status == Some(Status::Verified)
            {
                assert!(contents.contains(&opened.content.unwrap()), "at {at}");
            }
        }
    }
}

#[test]
fn a_change_within_signed_content_fails() {
    let message = &messages()[0];
    let text = b"The first text.";
    let at = message.windows(text.len()).position(|w| w == text).unwrap();
    for at in at..at + text.len() {
        let mut changed = message.clone();
        changed[at] ^= 1;
        assert_eq!(open(&changed).unwrap().status, Some(Status::Failed));
    }
}

#[test]
fn a_change_within_the_content_of_an_opaque_signature_fails() {
    let message = &messages()[1];
    let mut octets = Vec::new();
    with_cms(message, |cms| {
        let text = b"The second text.";
        let at = cms.windows(text.len()).position(|w| w == text).unwrap();
        octets.extend(at..at + text.len());
    });
    for at in octets {
        let changed = with_cms(message, |cms| cms[at] ^= 1);
        assert_eq!(open(&changed).unwrap().status, Some(Status::Failed));
    }
}
