//! Somebody sends the ciphertext of a mail to its reader and waits for the answer that quotes it
//! (attack 9): what was decrypted gets into no draft by itself, unless it is known who gets it back.

use smime_wasm::message::{
    Draft, Encryption, Form, OpenedMessage, Original, ReplyOptions, Status, forward, reply,
};

use crate::cases::{
    ALICE, CASES_NOW, MALLORY, encrypted, encrypted_with, entity, inside, mail, multipart, opened,
    outer, signed_by, signed_with_header,
};
use crate::common::env_at;

const SECRET: &str = "The secret.";

fn secret() -> Vec<u8> {
    mail(ALICE, "text/plain", &format!("{SECRET}\r\n"))
}

fn open(message: &[u8]) -> OpenedMessage {
    opened(&mut env_at(CASES_NOW, 9), message).unwrap()
}

fn text(opened: &OpenedMessage) -> String {
    let bodies = opened.view.iter().flat_map(|view| &view.bodies);
    bodies.map(|body| body.text.as_str()).collect()
}

/// What an answer and a forward are made of, as the package does it.
fn drafts(opened: &OpenedMessage, options: &ReplyOptions) -> [Draft; 2] {
    let text = text(opened);
    let original = Original {
        headers: &opened.headers.fields,
        text: Some(&text),
        is_encrypted: opened.encryption != Encryption::None,
        is_authenticated: opened.encryption == Encryption::Protected,
        is_verified: opened.status == Some(Status::Verified),
    };
    [reply(original, options), forward(original, options)]
}

fn codes(draft: &Draft) -> Vec<&str> {
    draft.problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn to_mallory(message: &[u8], more: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    let from = format!("From: {ALICE}\r\n");
    assert!(text.contains(&from));
    text.replacen(&from, &format!("From: {MALLORY}\r\n{more}"), 1).into_bytes()
}

#[test]
fn a_ciphertext_in_somebody_elses_multipart_is_in_no_draft() {
    let part = inside(&encrypted(&secret()));
    let question = entity("text/plain", "What is this?\r\n");
    for subtype in ["mixed", "related", "alternative", "report"] {
        let message = outer(MALLORY, &multipart(subtype, &[&question, &part]));
        let options = ReplyOptions { quote: Some(true), ..ReplyOptions::default() };
        for draft in drafts(&open(&message), &options) {
            assert!(!draft.text.contains(SECRET), "{subtype}: {}", draft.text);
        }
    }
}

#[test]
fn who_sends_a_ciphertext_in_his_own_name_gets_no_text_back() {
    for message in [
        encrypted(&secret()),
        encrypted_with("aes-256-gcm", &secret()),
        encrypted(&signed_by(&["alice"], Form::Opaque, &secret())),
        encrypted(&signed_with_header("alice", &secret())),
        encrypted_with("aes-256-gcm", &signed_with_header("alice", &secret())),
    ] {
        let replayed = open(&to_mallory(&message, ""));
        assert!(text(&replayed).contains(SECRET));
        let [answer, _] = drafts(&replayed, &ReplyOptions::default());
        let gets_it = answer.to.iter().any(|to| to.address.contains("mallory"));
        assert!(!gets_it || !answer.text.contains(SECRET), "{answer:?}");
        assert!(!gets_it || codes(&answer).contains(&"draft/quote-left-out"));
        assert!(answer.must_encrypt);
    }
}

/// The signature speaks for From, and for what is inside.
#[test]
fn who_adds_a_reply_to_gets_no_text_back() {
    let redirect = |message: &[u8], field: &str| {
        let text = String::from_utf8(message.to_vec()).unwrap();
        open(text.replacen("Subject: ", &format!("{field}\r\nSubject: "), 1).as_bytes())
    };
    let message = encrypted(&signed_by(&["alice"], Form::Detached, &secret()));
    let replayed = redirect(&message, "Reply-To: mallory@example.org");
    assert_eq!(replayed.status, Some(Status::Verified));
    let [answer, _] = drafts(&replayed, &ReplyOptions::default());
    assert_eq!(answer.to[0].address, "mallory@example.org");
    assert_eq!((answer.text.as_str(), codes(&answer)), ("", vec!["draft/quote-left-out"]));
    // To herself she may lead it.
    let own = redirect(&message, "Reply-To: alice@EXAMPLE.com");
    let [answer, _] = drafts(&own, &ReplyOptions::default());
    assert!(answer.text.contains(SECRET) && answer.problems.is_empty());

    let message = encrypted(&signed_with_header("alice", &secret()));
    let replayed = redirect(&message, "Reply-To: mallory@example.org\r\nCc: mallory@example.org");
    assert_eq!(replayed.status, Some(Status::Verified));
    let [answer, _] = drafts(&replayed, &ReplyOptions { all: true, ..ReplyOptions::default() });
    let people: Vec<_> =
        answer.to.iter().chain(&answer.cc).map(|one| one.address.as_str()).collect();
    assert_eq!(people, ["alice@example.com", "bob@example.net"]);
    assert!(answer.text.contains(SECRET));
}

#[test]
fn no_decrypted_text_goes_out_in_the_clear_without_a_word() {
    let unencrypted = ReplyOptions { encrypted: Some(false), ..ReplyOptions::default() };
    let asked = ReplyOptions { quote: Some(true), ..unencrypted.clone() };
    for message in [
        encrypted(&secret()),
        encrypted_with("aes-256-gcm", &secret()),
        encrypted(&signed_by(&["alice"], Form::Detached, &secret())),
        encrypted(&signed_with_header("alice", &secret())),
    ] {
        let opened = open(&message);
        for draft in drafts(&opened, &unencrypted) {
            assert!(!draft.text.contains(SECRET), "{}", draft.text);
            assert!(codes(&draft).contains(&"draft/quote-left-out"));
        }
        for draft in drafts(&opened, &asked) {
            assert!(draft.text.contains(SECRET));
            assert!(codes(&draft).contains(&"draft/quotes-decrypted"));
        }
        assert!(drafts(&opened, &ReplyOptions::default()).iter().all(|draft| draft.must_encrypt));
    }
    // What was never secret may be quoted.
    let [answer, _] = drafts(&open(&secret()), &unencrypted);
    assert!(answer.text.contains(SECRET) && answer.problems.is_empty());
}
