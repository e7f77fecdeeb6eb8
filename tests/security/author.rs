//! The one address of the one From is compared with the certificate's addresses (attacks 4 and 5).

use smime_wasm::env::block_on;
use smime_wasm::error::ProblemCode;
use smime_wasm::message::{AuthorVerdict, Form, Include, Status, verify};

use crate::common::{Pki, env, signed, verify_options};

/// Signs with alice's key and replaces the From field afterwards, as anyone on the way can.
fn verdict(from: &str) -> (Status, AuthorVerdict, Vec<ProblemCode>) {
    let anchors = [Pki::get().anchor()];
    let text = String::from_utf8(signed(Form::Detached, Include::Chain)).unwrap();
    let text = text.replace("From: Alice <alice@example.com>\r\n", from);
    let options = verify_options(text.as_bytes(), &anchors);
    let result = block_on(verify(&mut env(2), options)).unwrap();
    let signature = &result.signatures[0];
    let codes = signature.problems.iter().map(|problem| problem.code).collect();
    (result.status, signature.author, codes)
}

#[test]
fn each_address_of_the_certificate_is_the_author() {
    for from in ["alice@example.com", "Bob <alice@EXAMPLE.com>", "a.muster@example.org"] {
        let (status, author, codes) = verdict(&format!("From: {from}\r\n"));
        assert_eq!((status, author), (Status::Verified, AuthorVerdict::Match), "{from}");
        assert!(codes.is_empty());
    }
}

#[test]
fn another_case_in_the_local_part_matches_with_a_note() {
    let (status, author, codes) = verdict("From: Alice@example.com\r\n");
    assert_eq!((status, author), (Status::Verified, AuthorVerdict::Match));
    assert_eq!(codes, [ProblemCode::AuthorCaseDiffers]);
}

#[test]
fn whatever_is_not_exactly_one_matching_author_is_a_mismatch() {
    for from in [
        "From: bob@example.net\r\n",
        "From: \"alice@example.com\" <bob@example.net>\r\n",
        "From: alice@example.com <bob@example.net>\r\n",
        "From: alice@example.com, bob@example.net\r\n",
        "From: alice@example.com\r\nFrom: alice@example.com\r\n",
        "From: alice@example.com\r\nFrom: bob@example.net\r\n",
        "From: \r\n",
        "From: alice@example.com.evil.example\r\n",
        "From: alice@example.com\u{200b}\r\n",
        "From: bob@example.net\r\nSender: alice@example.com\r\n",
    ] {
        let (status, author, codes) = verdict(from);
        assert_eq!((status, author), (Status::Unverified, AuthorVerdict::Mismatch), "{from}");
        assert!(!codes.is_empty());
    }
}

#[test]
fn a_differing_sender_is_a_note() {
    let (status, _, codes) = verdict("From: alice@example.com\r\nSender: list@example.net\r\n");
    assert_eq!(status, Status::Verified);
    assert_eq!(codes, [ProblemCode::AuthorSenderDiffers]);
}

#[test]
fn no_from_at_all_is_not_an_author() {
    let (status, author, codes) = verdict("");
    assert_eq!((status, author), (Status::Unverified, AuthorVerdict::Unchecked));
    assert_eq!(codes, [ProblemCode::AuthorUnknown]);
}

/// Some readers go on after a line that is no field, take a lone CR for a line end, or allow blanks
/// before the colon: they would show another author than the one who is compared.
#[test]
fn a_header_that_two_readers_could_split_differently_has_no_clear_author() {
    let anchors = [Pki::get().anchor()];
    let text = String::from_utf8(signed(Form::Detached, Include::Chain)).unwrap();
    let (header, body) = text.split_once("\r\n\r\n").unwrap();
    for message in [
        format!("{header}\r\nno field\r\nFrom: bob@example.net\r\n\r\n{body}"),
        format!("{header}\r\nX: y\rFrom: bob@example.net\r\n\r\n{body}"),
        format!("{header}\r\nX: y\0From: bob@example.net\r\n\r\n{body}"),
        format!("From : bob@example.net\r\n{text}"),
    ] {
        let options = verify_options(message.as_bytes(), &anchors);
        let result = block_on(verify(&mut env(2), options)).unwrap();
        let signature = &result.signatures[0];
        assert_eq!(result.status, Status::Unverified, "{message}");
        assert_eq!(signature.problems[0].code, ProblemCode::AuthorUnclear);
    }
}
