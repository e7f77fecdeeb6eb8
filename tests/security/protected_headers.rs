//! Header fields inside say who may answer and what is shown, and lend no status (attack 5; RFC 9788,
//! 10.1).

use smime_wasm::env::block_on;
use smime_wasm::error::ProblemCode;
use smime_wasm::message::{
    EncryptOptions, EncryptionParameters, FieldProtection, Form, HeaderField, HeaderOptions,
    HeaderScheme, OpenOptions, OpenedMessage, Openers, Original, ReplyOptions, SignOptions,
    SignatureParameters, Status, VerifyOptions, encrypt, open, reply, sign,
};

use crate::cases::{
    ALICE, Case, MALLORY, check, encrypted_as_it_is, entity, mail, multipart, outer, signed_by,
    signed_with_header,
};
use crate::common::{Pki, env};

fn opened(message: Vec<u8>) -> OpenedMessage {
    opened_from(message, None)
}

fn opened_from(message: Vec<u8>, from: Option<&str>) -> OpenedMessage {
    let pki = Pki::get();
    let (anchors, identities) = ([pki.anchor()], [pki.identity("bob")]);
    let options = OpenOptions {
        openers: Openers { identities: &identities, passwords: &[], keys: &[] },
        verify: VerifyOptions { trust_anchors: Some(&anchors), from, ..VerifyOptions::new(&[]) },
        may_fetch_unprotected: false,
    };
    block_on(open(&mut env(2), message, options)).unwrap()
}

/// Signed by somebody, with what stands in the message inside, and in its header outside.
fn signed(by: &str, message: &str, protect_headers: bool) -> Vec<u8> {
    let signers = [Pki::get().identity(by)];
    let parameters = SignatureParameters { form: Form::Opaque, ..SignatureParameters::default() };
    let message = message.as_bytes().into();
    let options = SignOptions { message, signers: &signers, protect_headers, parameters };
    block_on(sign(&mut env(1), options)).unwrap()
}

fn encrypted(message: &[u8]) -> Vec<u8> {
    let recipients = [Pki::get().certificate("bob").into()];
    let parameters = EncryptionParameters::default();
    let headers = HeaderOptions::OFF;
    let options =
        EncryptOptions { message: message.into(), recipients: &recipients, headers, parameters };
    block_on(encrypt(&mut env(1), options)).unwrap()
}

fn replaced(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    assert!(text.contains(from));
    text.replacen(from, to, 1).into_bytes()
}

fn named<'a>(opened: &'a OpenedMessage, name: &str) -> &'a HeaderField {
    opened.headers.fields.iter().find(|field| field.name == name).unwrap()
}

fn codes(opened: &OpenedMessage) -> Vec<ProblemCode> {
    opened.problems.iter().map(|problem| problem.code).collect()
}

fn text(opened: &OpenedMessage) -> String {
    let bodies = &opened.view.as_ref().unwrap().bodies;
    bodies.iter().map(|body| body.text.as_str()).collect()
}

const MESSAGE: &str = "From: Alice <alice@example.com>\r\nTo: bob@example.net\r\nSubject: plan\r\n\
    Content-Type: text/plain\r\n\r\nhello\r\n";

#[test]
fn what_was_signed_is_shown_and_changes_outside_are_told() {
    let message = signed("alice", MESSAGE, true);
    let whole = opened(message.clone());
    assert_eq!((whole.status, codes(&whole)), (Some(Status::Verified), vec![]));
    assert!(whole.headers.fields.iter().all(|f| f.protection == FieldProtection::Signed));
    let altered = opened(replaced(&message, "Subject: plan", "Cc: m@example.com\r\nSubject: pay"));
    assert_eq!(altered.status, Some(Status::Verified));
    assert_eq!(codes(&altered), [ProblemCode::HeaderAltered, ProblemCode::HeaderOnlyOutside]);
    let subject = named(&altered, "Subject");
    assert_eq!((subject.value.as_str(), subject.protection), ("plan", FieldProtection::Signed));
    assert_eq!(named(&altered, "Cc").protection, FieldProtection::None);
}

#[test]
fn a_from_inside_makes_nobody_the_author() {
    let message = signed("mallory", MESSAGE, true);
    let outside = replaced(&message, "Alice <alice@example.com>", "mallory@example.com");
    let spoofed = opened(outside);
    // Mallory signed, as the From outside says: what she signs about Alice is not believed.
    assert_eq!(spoofed.status, Some(Status::Verified));
    assert_eq!(spoofed.problems[0].code, ProblemCode::HeaderFromMismatch);
    let from = named(&spoofed, "From");
    assert_eq!(
        (from.value.as_str(), from.protection),
        ("mallory@example.com", FieldProtection::None)
    );
    assert_eq!(opened(message).status, Some(Status::Unverified));

    let alices = signed("alice", MESSAGE, true);
    let relabelled = opened(replaced(&alices, "Alice <alice@example.com>", "mallory@example.com"));
    assert_eq!(relabelled.status, Some(Status::Unverified));
    assert_eq!(named(&relabelled, "From").value, "mallory@example.com");
    assert!(relabelled.headers.fields.iter().all(|f| f.protection == FieldProtection::None));
}

#[test]
fn a_from_of_somebody_else_than_the_callers_author_is_not_signed() {
    let from = Some("alice@example.com");
    let bobs = MESSAGE.replace("Alice <alice@", "Bob <bob@");
    let whole = signed("alice", &bobs, true);
    let inside = replaced(&whole, "Bob <bob@example.com>", "alice@example.com");
    let outside = replaced(&signed("alice", MESSAGE, true), "Alice <alice@", "Bob <bob@");
    let (not_author, mismatch) =
        (ProblemCode::HeaderFromNotAuthor, ProblemCode::HeaderFromMismatch);
    for (message, shown, protection, problem) in [
        (whole, "Bob <bob@example.com>", FieldProtection::None, not_author),
        (inside, "alice@example.com", FieldProtection::None, mismatch),
        (outside, "Alice <alice@example.com>", FieldProtection::Signed, not_author),
        (signed("alice", &bobs, false), "Bob <bob@example.com>", FieldProtection::None, not_author),
    ] {
        let opened = opened_from(message, from);
        assert_eq!(opened.status, Some(Status::Verified));
        let field = named(&opened, "From");
        assert_eq!((field.value.as_str(), field.protection), (shown, protection));
        assert_eq!(opened.problems[0].code, problem, "{shown}");
    }
}

/// A name in an encoded word may hold what ends an address in a decoded one.
#[test]
fn an_encoded_name_is_nobodys_address() {
    let name = "=?utf-8?q?alice=40example.com=3E=2C_?= <mallory@example.com>";
    let message = signed("mallory", &MESSAGE.replace("Alice <alice@example.com>", name), true);
    let opened = opened(message);
    assert_eq!(opened.status, Some(Status::Verified));
    let from = named(&opened, "From");
    assert!(from.value.starts_with("alice@example.com>,"));
    let people = from.addresses.as_deref().unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].address, "mallory@example.com");
}

#[test]
fn only_the_root_of_what_is_protected_has_fields() {
    let part = "Subject: pay\r\nFrom: alice@example.com\r\nContent-Type: text/plain; hp=\"clear\"\r\n\r\nx";
    for message in [
        format!(
            "{}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{part}\r\n--b--\r\n",
            "From: alice@example.com\r\n"
        ),
        format!("From: alice@example.com\r\n{part}"),
    ] {
        let plain = opened(message.clone().into_bytes());
        assert_eq!(plain.headers.scheme, HeaderScheme::None);
        let message = message.replace("text/plain; hp=\"clear\"", "text/plain");
        let inside = opened(signed("alice", &message, false));
        assert_eq!(inside.headers.scheme, HeaderScheme::None);
    }
}

/// In a browser too.
#[test]
fn only_what_rfc_9788_protects_stands_over_what_is_outside() {
    let text = |from| mail(from, "text/plain", "Text.\r\n");
    let alices = signed_with_header("alice", &text(ALICE));
    let mallorys = signed_with_header("mallory", &text(ALICE));
    let outside = |message: &[u8], from: &str, to: &str| replaced(message, from, to);
    let from = format!("From: {ALICE}\r\n");
    let from_mallory = format!("From: {MALLORY}\r\n");
    let inner = |content_type: &str| {
        let header = format!("Subject: Inside\r\nContent-Type: {content_type}\r\n\r\nText.\r\n");
        signed_by(
            &["alice"],
            Form::Detached,
            &outer(ALICE, &multipart("mixed", &[header.as_bytes()])),
        )
    };
    check(
        "protected-headers",
        vec![
            Case::new(
                "same",
                "alice's header, inside and outside",
                alices.clone(),
                "verified none signed/verified [signed detached verified] () {}",
            )
            .field("signed Subject: Case"),
            Case::new(
                "other-subject",
                "another subject outside",
                outside(&alices, "Subject: Case", "Subject: Pay"),
                "verified none signed/verified [signed detached verified] (header/altered-in-transit) {}",
            )
            .field("signed Subject: Case"),
            Case::new(
                "added",
                "a field outside that alice did not write",
                outside(&alices, "Subject: Case", "Reply-To: mallory@example.org\r\nSubject: Case"),
                "verified none signed/verified [signed detached verified] (header/only-outside) {}",
            )
            .field("none Reply-To: mallory@example.org"),
            Case::new(
                "from-inside",
                "mallory signs alice's From: his is the one that counts",
                outside(&mallorys, &from, &from_mallory),
                "verified none signed/verified [signed detached verified] \
                 (header/altered-in-transit, header/from-mismatch) {}",
            )
            .field("none From: Mallory <mallory@example.org>"),
            Case::new(
                "from-both",
                "mallory signs as alice",
                mallorys.clone(),
                "unverified none signed/failed [signed detached unverified] () {}",
            )
            .field("none Subject: Case"),
            Case::new(
                "changed",
                "fields inside what is altered are nobody's",
                outside(&alices, "Text.", "Test."),
                "failed none signed/failed [signed detached failed] () {}",
            )
            .field("none Subject: Case"),
            Case::new(
                "of-a-part",
                "fields of a part of what is signed",
                inner("text/plain; hp=\"clear\""),
                "verified none signed/verified [signed detached verified] () {}",
            )
            .field("none Subject: Case"),
            Case::new(
                "unsigned",
                "what is marked, and neither signed nor encrypted",
                outer(ALICE, &entity("text/plain; hp=\"clear\"", "Text.\r\n")),
                "unsigned none null [] () {}",
            )
            .field("none Subject: Case"),
            Case::new(
                "encrypted",
                "what anybody can have encrypted is not signed",
                sealed_inside("text/plain; hp=\"cipher\""),
                "unsigned unprotected null [encrypted none] (header/only-outside) {}",
            )
            .field("encrypted Subject: Inside"),
            Case::new(
                "unmarked",
                "fields inside that nothing marks",
                sealed_inside("text/plain"),
                "unsigned unprotected null [encrypted none] () {}",
            )
            .field("none Subject: Case"),
            Case::new(
                "marked-with-another-word",
                "nor anything known",
                sealed_inside("text/plain; hp=\"yes\""),
                "unsigned unprotected null [encrypted none] () {}",
            )
            .field("none Subject: Case"),
        ],
    );
}

/// Encrypted to bob, with a header inside as anybody may write it.
fn sealed_inside(content_type: &str) -> Vec<u8> {
    let inside = format!(
        "Content-Type: {content_type}\r\nFrom: {ALICE}\r\nSubject: Inside\r\n\r\nText.\r\n"
    );
    encrypted_as_it_is(ALICE, inside.as_bytes())
}

/// Words that only one kind of mail program shows would be a place to hide some.
#[test]
fn what_repeats_the_header_is_left_out_of_encrypted_messages_alone() {
    let inside = "Subject: plan\r\nFrom: alice@example.com\r\nHP-Outer: Subject: [...]\r\n\
        HP-Outer: From: alice@example.com\r\n\
        Content-Type: text/plain; hp=\"cipher\"; hp-legacy-display=\"1\"\r\n\r\n\
        Subject: plan\r\n\r\nhello\r\n";
    let outside = "From: alice@example.com\r\nSubject: [...]\r\n";
    let wrapped = |inside: &str| {
        let folder = &Pki::get().folder;
        let sign = [
            "cms",
            "-sign",
            "-binary",
            "-nodetach",
            "-signer",
            "alice.pem",
            "-inkey",
            "alice.key",
            "-certfile",
            "ca.pem",
        ];
        crate::common::openssl(folder, &sign, inside.as_bytes()).unwrap()
    };
    let signed = wrapped(inside);
    let sealed = encrypted(&[outside.as_bytes(), &signed].concat());
    let both = opened(sealed);
    assert_eq!((both.status, both.headers.scheme), (Some(Status::Verified), HeaderScheme::Cipher));
    assert_eq!(named(&both, "Subject").protection, FieldProtection::SignedAndEncrypted);
    assert_eq!(text(&both), "hello\r\n");
    let only_signed = opened([outside.as_bytes(), &signed].concat());
    assert_eq!(text(&only_signed), "Subject: plan\r\n\r\nhello\r\n");
    assert_eq!(named(&only_signed, "Subject").protection, FieldProtection::Signed);

    let older = "Content-Type: multipart/mixed; boundary=b; protected-headers=\"v1\"\r\nSubject: plan\r\n\r\n\
        --b\r\nContent-Type: text/rfc822-headers; protected-headers=\"v1\"\r\n\r\nSubject: plan\r\n\
        --b\r\n\r\nhello\r\n--b--\r\n";
    let older = opened(encrypted(&[outside.as_bytes(), &wrapped(older)].concat()));
    assert_eq!(older.headers.scheme, HeaderScheme::ProtectedHeadersV1);
    assert_eq!((text(&older).trim_end(), older.view.unwrap().attachments.len()), ("hello", 0));
    let rfc8551 =
        "Content-Type: message/rfc822; forwarded=no\r\n\r\nSubject: plan\r\n\r\nhello\r\n";
    let rfc8551 = opened(encrypted(&[outside.as_bytes(), &wrapped(rfc8551)].concat()));
    assert_eq!(
        (rfc8551.headers.scheme, text(&rfc8551)),
        (HeaderScheme::Rfc8551, "hello\r\n".to_owned())
    );
}

/// Mallory sends Bob's copy of a message once more, with herself in the Cc outside, and waits for an
/// answer to all (RFC 9788, 6.2).
#[test]
fn who_adds_himself_outside_gets_no_answer() {
    let message = encrypted(&signed("alice", MESSAGE, true));
    let replayed = opened(replaced(
        &message,
        "Subject",
        "Cc: mallory@example.com\r\nReply-To: mallory@example.com\r\nSubject",
    ));
    assert_eq!(replayed.status, Some(Status::Verified));
    assert!(codes(&replayed).contains(&ProblemCode::HeaderOnlyOutside));
    let original = Original {
        headers: &replayed.headers.fields,
        text: Some("hello"),
        is_encrypted: true,
        is_authenticated: false,
        is_verified: true,
    };
    let options = ReplyOptions { all: true, ..ReplyOptions::default() };
    let draft = reply(original, &options);
    let people = draft.to.iter().chain(&draft.cc).map(|one| one.address.as_str());
    assert_eq!(people.collect::<Vec<_>>(), ["alice@example.com", "bob@example.net"]);
}
