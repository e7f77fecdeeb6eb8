//! A signed mail that was changed is never verified, unless all that was signed is still there, exactly.

use smime_wasm::env::block_on;
use smime_wasm::message::{Form, Status, verify};
use smime_wasm::path::TrustAnchor;

use crate::common::{env, verify_options};
use crate::mails::mails;
use crate::roundtrip::{alice, signed};

/// Numbers that look random and are the same each time (Knuth's MMIX generator).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end.max(1)
    }
}

struct Signed {
    name: String,
    message: Vec<u8>,
    content: Vec<u8>,
}

/// Mails of the collection, signed, and the anchors.
fn all_signed(form: Form, step: usize) -> (Vec<Signed>, [TrustAnchor; 1]) {
    let (alice, anchors) = alice();
    let one = |mail: crate::mails::Mail| {
        let message = signed(&mail.raw, &alice, form);
        let content = outcome(&message, &anchors).unwrap().1;
        Signed { name: mail.name, message, content }
    };
    (mails().into_iter().step_by(step).map(one).collect(), anchors)
}

/// Status and content; `None` for an error, which has a code.
fn outcome(message: &[u8], anchors: &[TrustAnchor]) -> Option<(Status, Vec<u8>)> {
    let result = block_on(verify(&mut env(2), verify_options(message, anchors)));
    result.ok().map(|result| (result.status, result.content.into_owned()))
}

fn find(message: &[u8], content: &[u8]) -> usize {
    message.windows(content.len()).position(|window| window == content).unwrap()
}

#[test]
fn any_octet_that_is_changed_inside_signed_content_gives_failed() {
    let (mails, anchors) = all_signed(Form::Detached, 1);
    let mut numbers = Numbers(1);
    for (index, mail) in mails.iter().enumerate() {
        let start = find(&mail.message, &mail.content);
        // Every octet of some, a few of each.
        let places: Vec<usize> = match index {
            0 | 100 => (0..mail.content.len()).collect(),
            _ => (0..6).map(|_| numbers.below(mail.content.len())).collect(),
        };
        for place in places {
            let mut message = mail.message.clone();
            message[start + place] ^= 1 << numbers.below(8);
            let found = outcome(&message, &anchors).map(|(status, _)| status);
            assert_eq!(found, Some(Status::Failed), "{} at {place}", mail.name);
        }
    }
}

#[test]
fn no_cut_leaves_a_mail_verified() {
    for form in [Form::Detached, Form::Opaque] {
        let (mails, anchors) = all_signed(form, 9);
        let mut numbers = Numbers(2);
        for mail in &mails {
            let end = match form {
                Form::Detached => mail.message.len() - b"--\r\n".len(),
                // The last line of base64 may lack its padding.
                Form::Opaque => mail.message.len() - b"==\r\n".len(),
            };
            for _ in 0..40 {
                let place = numbers.below(end);
                let found = outcome(&mail.message[..place], &anchors).map(|(status, _)| status);
                assert_ne!(found, Some(Status::Verified), "{} cut at {place}", mail.name);
            }
        }
    }
}

#[test]
fn no_splice_is_verified_that_has_other_content() {
    for form in [Form::Detached, Form::Opaque] {
        let (mails, anchors) = all_signed(form, 5);
        let mut numbers = Numbers(3);
        for mail in &mails {
            for _ in 0..30 {
                let message = spliced(&mail.message, &mails, &mut numbers);
                if let Some((Status::Verified, content)) = outcome(&message, &anchors) {
                    let is_whole = mails.iter().any(|other| other.content == content);
                    assert!(is_whole, "{}: {}", mail.name, String::from_utf8_lossy(&message));
                }
            }
        }
    }
}

/// With a piece taken out, put in from another mail, or said twice.
fn spliced(message: &[u8], others: &[Signed], numbers: &mut Numbers) -> Vec<u8> {
    let mut range = |length: usize| {
        let start = numbers.below(length);
        start..start + numbers.below((length - start).min(200))
    };
    let place = range(message.len());
    let again = range(message.len());
    let other = &others[numbers.below(others.len())].message;
    let start = numbers.below(other.len());
    let piece = &other[start..(start + numbers.below(400)).min(other.len())];
    match numbers.below(4) {
        0 => [&message[..place.start], &message[place.end..]].concat(),
        1 => [&message[..place.start], piece, &message[place.start..]].concat(),
        2 => [&message[..place.start], piece, &message[place.end..]].concat(),
        _ => [&message[..place.start], &message[again], &message[place.start..]].concat(),
    }
}

#[test]
fn a_signature_is_good_for_its_own_content_alone() {
    let (mails, anchors) = all_signed(Form::Detached, 7);
    for pair in mails.windows(2) {
        let [one, other] = pair else { unreachable!() };
        if one.content == other.content {
            continue;
        }
        let start = find(&one.message, &one.content);
        let (before, after) = one.message.split_at(start);
        let after = &after[one.content.len()..];
        let message = [before, &other.content, after].concat();
        let found = outcome(&message, &anchors).map(|(status, _)| status);
        assert_eq!(found, Some(Status::Failed), "{} with {}", one.name, other.name);
    }
}
