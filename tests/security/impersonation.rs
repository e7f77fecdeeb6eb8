//! The author is the one address of the one outermost From, whatever else is written anywhere (attacks 4
//! and 5).

use smime_wasm::message::Form;

use crate::cases::{ALICE, Case, MALLORY, check, encrypted, mail, outer, signed_by};

#[test]
fn only_the_outermost_from_names_the_author() {
    // Mallory signs, and changes the outer header afterwards, as anybody on the way can.
    let mallorys = |header: &str| {
        let message =
            signed_by(&["mallory"], Form::Detached, &mail(MALLORY, "text/plain", "x\r\n"));
        let text = String::from_utf8(message).unwrap();
        text.replacen(&format!("From: {MALLORY}\r\n"), header, 1).into_bytes()
    };
    let unverified = "unverified none signed/failed [signed detached unverified] () {}";
    let forged = |name, comment, header| Case::new(name, comment, mallorys(header), unverified);
    let encrypted_as = |from: &str, inner_from: &str, signer| {
        let entity = format!("From: {inner_from}\r\nContent-Type: text/plain\r\n\r\nText.\r\n");
        let inner = signed_by(&[signer], Form::Opaque, entity.as_bytes());
        encrypted(&outer(from, &inner))
    };
    check(
        "impersonation",
        vec![
            forged("other-address", "another address", "From: alice@example.com\r\n"),
            forged(
                "display-name",
                "an address for a name",
                "From: \"mallory@example.org\" <alice@example.com>\r\n",
            ),
            forged(
                "bare-name",
                "the same without quotes",
                "From: mallory@example.org <alice@example.com>\r\n",
            ),
            forged(
                "two-fields",
                "two From fields",
                "From: alice@example.com\r\nFrom: mallory@example.org\r\n",
            ),
            forged(
                "two-addresses",
                "two addresses in one From",
                "From: alice@example.com, mallory@example.org\r\n",
            ),
            forged(
                "sender",
                "the certificate fits only Sender",
                "From: alice@example.com\r\nSender: mallory@example.org\r\n",
            ),
            forged(
                "hidden-field",
                "a From behind a line end that not every reader knows",
                "From: mallory@example.org\r\nX: y\rFrom: alice@example.com\r\n",
            ),
            forged(
                "lookalike",
                "a letter that looks like another",
                "From: m\u{430}llory@example.org\r\n",
            ),
            Case::new(
                "unseen-character",
                "a certificate for alice's address and something nobody sees",
                signed_by(&["eve"], Form::Detached, &mail(ALICE, "text/plain", "x\r\n")),
                unverified,
            ),
            Case::new(
                "unseen-character-in-both",
                "the same in the mail",
                signed_by(
                    &["eve"],
                    Form::Detached,
                    &mail("Alice <alice@example.com\u{200b}>", "text/plain", "x\r\n"),
                ),
                unverified,
            ),
            Case::new(
                "no-from",
                "nobody to compare with",
                mallorys(""),
                "unverified none signed/failed [signed detached unverified] () {}",
            ),
            Case::new(
                "inner-from",
                "mallory signs a header with his own address inside alice's mail",
                encrypted_as(ALICE, MALLORY, "mallory"),
                "unverified unprotected encrypted+signed/failed \
                 [encrypted none, signed opaque unverified] () {}",
            ),
            Case::new(
                "alices-inside-mallorys",
                "alice's signed text in a mail of mallory's",
                encrypted_as(MALLORY, ALICE, "alice"),
                "unverified unprotected encrypted+signed/failed \
                 [encrypted none, signed opaque unverified] () {}",
            ),
        ],
    );
}
