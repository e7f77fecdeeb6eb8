//! The author is the one address of the one outermost From, whatever else is written anywhere (attacks 4
//! and 5).

use smime_wasm::message::Form;

use crate::cases::{ALICE, Case, MALLORY, check, encrypted_as_it_is, mail, signed_by};

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
        let inner = mail(inner_from, "text/plain", "Text.\r\n");
        encrypted_as_it_is(from, &signed_by(&[signer], Form::Opaque, &inner))
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
            forged(
                "group",
                "a group, of which some readers show the name alone",
                "From: alice@example.com: mallory@example.org;\r\n",
            ),
            forged(
                "comment",
                "mallory's address in a comment",
                "From: alice@example.com (mallory@example.org)\r\n",
            ),
            forged(
                "route",
                "mallory's address in a route",
                "From: <@mallory@example.org:alice@example.com>\r\n",
            ),
            forged(
                "encoded-name",
                "mallory's address in an encoded name",
                "From: =?utf-8?q?mallory=40example=2Eorg?= <alice@example.com>\r\n",
            ),
            // `alice@example.com` and NUL, for readers who decode before they look for the address.
            forged(
                "encoded-address",
                "an encoded word for a local part",
                "From: =?utf-8?b?YWxpY2VAZXhhbXBsZS5jb20A?=@example.org\r\n",
            ),
            forged(
                "quoted-local-part",
                "an address for a local part",
                "From: \"mallory@example.org\"@example.com\r\n",
            ),
            forged(
                "nul",
                "a NUL, where some end",
                "From: alice@example.com\0 <mallory@example.org>\r\n",
            ),
            forged(
                "blank-before-colon",
                "two From fields, one with a blank before its colon",
                "From : alice@example.com\r\nFROM: mallory@example.org\r\n",
            ),
            Case::new(
                "no-field",
                "a From behind a line that is no field, which ends the header",
                mallorys("From: mallory@example.org\r\nno field\r\nFrom: alice@example.com\r\n"),
                "unsigned none null [] () {}",
            ),
            forged(
                "resent",
                "who has sent it once more is not the author",
                "From: alice@example.com\r\nResent-From: mallory@example.org\r\n",
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
                "blank-in-certificate",
                "a certificate for alice's address and a blank",
                signed_by(&["eve-space"], Form::Detached, &mail(ALICE, "text/plain", "x\r\n")),
                unverified,
            ),
            Case::new(
                "line-end-in-certificate",
                "a certificate for alice's address and a line end",
                signed_by(&["eve-line"], Form::Detached, &mail(ALICE, "text/plain", "x\r\n")),
                unverified,
            ),
            Case::new(
                "nul-in-certificate",
                "a certificate for alice's address, NUL and another domain",
                signed_by(&["eve-nul"], Form::Detached, &mail(ALICE, "text/plain", "x\r\n")),
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
