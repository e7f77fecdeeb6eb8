//! Somebody sends the ciphertext of a mail to its reader and waits for the answer that quotes it
//! (attack 9): what was decrypted gets into no draft by itself, unless it is known who gets it back.

use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::env::block_on;
use smime_wasm::error::Detail;
use smime_wasm::message::{
    ConfidentialityPolicy, Draft, EncryptOptions, Encryption, EncryptionParameters, Form,
    HeaderOptions, HeaderProtection, OpenedMessage, Original, ReplyOptions, Status, encrypt,
    forward, reply,
};

use crate::cases::{
    ALICE, CASES_NOW, MALLORY, encrypted, encrypted_with, entity, inside, mail, multipart, opened,
    outer, person, signed_by, signed_with_header,
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

fn addresses(draft: &Draft) -> Vec<&str> {
    draft.to.iter().chain(&draft.cc).map(|one| one.address.as_str()).collect()
}

/// Why the text was left out.
fn reason(draft: &Draft) -> Option<&str> {
    let problem = draft.problems.iter().find(|p| p.code.as_str() == "draft/quote-left-out")?;
    problem.details.iter().find_map(|(name, detail)| match detail {
        Detail::Text(reason) if *name == "reason" => Some(reason.as_str()),
        _ => None,
    })
}

fn replaced(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    assert!(text.contains(from));
    text.replacen(from, to, 1).into_bytes()
}

fn bobs(all: bool) -> ReplyOptions {
    ReplyOptions { all, own: vec!["bob@example.net".to_owned()], ..ReplyOptions::default() }
}

/// In AES-256-GCM to bob, with its fields inside and the given names hidden.
fn with_hidden(message: &[u8], names: &[&str]) -> Vec<u8> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let options = EncryptOptions {
        message: message.into(),
        recipients: &[person("bob").certificate().clone().into()],
        headers: HeaderOptions {
            protection: HeaderProtection::Policy(ConfidentialityPolicy::Baseline),
            confidential: &names,
            ..HeaderOptions::OFF
        },
        parameters: EncryptionParameters {
            cipher: ContentCipher::by_name("aes-256-gcm").unwrap(),
            key_transport: None,
            compress: false,
        },
    };
    block_on(encrypt(&mut env_at(CASES_NOW, 3), options)).unwrap()
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
    assert_eq!((answer.text.as_str(), reason(&answer)), ("", Some("other-recipients")));
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

/// Signed and encrypted as Outlook does it, and somebody writes into the header outside.
#[test]
fn who_adds_himself_to_the_recipients_gets_no_text_back() {
    let message = encrypted(&signed_by(&["alice"], Form::Detached, &secret()));
    let cc = "Cc: mallory@example.org\r\nSubject: ";
    let replayed = open(&replaced(&message, "Subject: ", cc));
    assert_eq!(replayed.status, Some(Status::Verified));
    let [answer, _] = drafts(&replayed, &bobs(true));
    assert_eq!(addresses(&answer), ["alice@example.com", "mallory@example.org"]);
    assert_eq!((answer.text.as_str(), reason(&answer)), ("", Some("other-recipients")));
    // Bob may want him to have it, and Alice has it.
    let [asked, _] = drafts(&replayed, &ReplyOptions { quote: Some(true), ..bobs(true) });
    assert!(asked.text.contains(SECRET) && asked.must_encrypt);
    for (message, all) in [(&replayed, false), (&open(&message), true)] {
        let [answer, _] = drafts(message, &bobs(all));
        assert_eq!(addresses(&answer), ["alice@example.com"]);
        assert!(answer.text.contains(SECRET) && answer.problems.is_empty(), "{answer:?}");
    }
}

#[test]
fn who_is_written_into_the_to_of_ones_own_mail_gets_no_text_back() {
    let own = mail("bob@example.net", "text/plain", &format!("{SECRET}\r\n"));
    let to = "To: Bob <bob@example.net>";
    let sent = encrypted(&signed_by(&["bob"], Form::Detached, &own));
    let replayed = open(&replaced(&sent, to, "To: mallory@example.org"));
    assert_eq!(replayed.status, Some(Status::Verified));
    let [answer, _] = drafts(&replayed, &bobs(false));
    assert_eq!(addresses(&answer), ["mallory@example.org"]);
    assert_eq!((answer.text.as_str(), reason(&answer)), ("", Some("other-recipients")));
    // What is inside cannot be written into.
    let sent = encrypted(&signed_with_header("bob", &own));
    let [answer, _] = drafts(&open(&replaced(&sent, to, "To: mallory@example.org")), &bobs(false));
    assert_eq!(addresses(&answer), ["bob@example.net"]);
    assert!(answer.text.contains(SECRET));
}

/// `protected-headers="v1"` needs no From inside.
#[test]
fn who_resends_a_mail_that_hides_its_subject_alone_gets_nothing_back() {
    let message = b"Subject: The real subject\r\nContent-Type: text/plain\r\n\r\nThe secret.\r\n";
    let message = with_hidden(message, &[]);
    let header = format!("From: {MALLORY}\r\nTo: bob@example.net\r\n");
    let replayed = open(&[header.as_bytes(), &message].concat());
    assert!(text(&replayed).contains(SECRET));
    assert_eq!(replayed.encryption, Encryption::Protected);
    let [answer, _] = drafts(&replayed, &bobs(false));
    assert_eq!(addresses(&answer), ["mallory@example.org"]);
    assert!(!answer.subject.contains("real"), "{}", answer.subject);
    assert_eq!((answer.text.as_str(), reason(&answer)), ("", Some("other-sender")));
}

#[test]
fn who_resends_a_mail_learns_of_no_hidden_recipient() {
    let more = "Cc: hidden@example.net\r\nMessage-ID: <1@x>\r\nReferences: <0@x>\r\nSubject: ";
    let message = replaced(&secret(), "Subject: ", more);
    let message = with_hidden(&message, &["Cc", "References"]);
    assert!(!String::from_utf8_lossy(&message).contains("hidden@"));
    let [answer, _] = drafts(&open(&message), &bobs(true));
    assert_eq!(addresses(&answer), ["alice@example.com", "hidden@example.net"]);
    assert!(answer.text.contains(SECRET));
    let [answer, _] = drafts(&open(&to_mallory(&message, "")), &bobs(true));
    assert_eq!(addresses(&answer), ["mallory@example.org"]);
    assert_eq!((answer.headers.as_slice(), answer.text.as_str()), (&[][..], ""));
    assert!(codes(&answer).contains(&"draft/headers-left-out"));
}

/// The one who forwards says to whom.
#[test]
fn a_forward_that_is_encrypted_takes_the_text_along() {
    for message in [
        encrypted(&secret()),
        encrypted_with("aes-256-gcm", &secret()),
        encrypted(&signed_by(&["stranger"], Form::Detached, &secret())),
    ] {
        let [answer, forwarded] = drafts(&open(&message), &ReplyOptions::default());
        assert_eq!((answer.text.as_str(), reason(&answer)), ("", Some("no-integrity")));
        assert!(forwarded.text.contains(SECRET) && forwarded.must_encrypt);
        assert_eq!(codes(&forwarded), [""; 0]);
    }
}

/// A signature around somebody else's ciphertext makes it nobody's own.
#[test]
fn who_signs_a_ciphertext_in_his_own_name_gets_no_text_back() {
    let sealed = outer(MALLORY, &inside(&encrypted(&secret())));
    for form in [Form::Detached, Form::Opaque] {
        let replayed = open(&signed_by(&["mallory"], form, &sealed));
        let [answer, _] = drafts(&replayed, &bobs(false));
        assert!(!answer.text.contains(SECRET), "{answer:?}");
    }
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
