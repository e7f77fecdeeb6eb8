//! Only a signature around the whole message earns a status, and only what it covers is shown (attacks 2
//! and 3).

use smime_wasm::message::Form;

use crate::cases::{
    ALICE, Case, MALLORY, check, entity, inside, mail, multipart, outer, signed_by,
};

const SIGNED: &str = "Alice's word.\r\n";

fn alices(form: Form) -> Vec<u8> {
    signed_by(&["alice"], form, &mail(ALICE, "text/plain", SIGNED))
}

#[test]
fn a_signed_part_beside_others_lends_no_status() {
    let detached = inside(&alices(Form::Detached));
    let opaque = inside(&alices(Form::Opaque));
    let foreign = entity("text/plain", "Mallory's word.\r\n");
    let attached = [b"Content-Type: message/rfc822\r\n\r\n", &alices(Form::Detached)[..]].concat();
    let unsigned = "unsigned none null [] (layer/signed-part) {signature}";
    let wrapped = "unsigned none null [] (diagnosis/wrapped, layer/signed-part) {signature}";
    check(
        "partial-signatures",
        vec![
            Case::new(
                "before",
                "a text in front of what alice signed",
                outer(ALICE, &multipart("mixed", &[&foreign, &detached])),
                unsigned,
            ),
            Case::new(
                "after",
                "a footer, as mailing lists add it",
                outer(ALICE, &multipart("mixed", &[&detached, &foreign])),
                wrapped,
            ),
            Case::new(
                "alternative",
                "another text instead of what alice signed",
                outer(ALICE, &multipart("alternative", &[&detached, &foreign])),
                unsigned,
            ),
            Case::new(
                "related",
                "what alice signed as something that belongs to another text",
                outer(ALICE, &multipart("related", &[&foreign, &detached])),
                unsigned,
            ),
            Case::new(
                "opaque",
                "the same with an opaque signature, which stays closed",
                outer(ALICE, &multipart("mixed", &[&foreign, &opaque])),
                "unsigned none null [] (layer/signed-part) {signed}",
            )
            .hides("Alice's word."),
            Case::new(
                "single",
                "a multipart of one part is not that part",
                outer(ALICE, &multipart("mixed", &[&detached])),
                wrapped,
            ),
            Case::new(
                "attached",
                "a signed mail that is attached has a status of its own",
                outer(ALICE, &multipart("mixed", &[&foreign, &attached])),
                "unsigned none null [] () {message}",
            )
            .hides("Alice's word."),
            Case::new(
                "forwarded",
                "a signed mail that is all of another mail",
                outer(MALLORY, &attached),
                "unsigned none null [] () {message}",
            )
            .hides("Alice's word."),
            Case::new(
                "mallory-around",
                "mallory signs a mail with a part that alice signed: his is the status",
                signed_by(
                    &["mallory"],
                    Form::Detached,
                    &outer(MALLORY, &multipart("mixed", &[&foreign, &detached])),
                ),
                "verified none signed/verified [signed detached verified] (layer/signed-part) {signature}",
            ),
            Case::new(
                "mallory-as-alice",
                "the same with alice's address: hers is not",
                signed_by(
                    &["mallory"],
                    Form::Detached,
                    &outer(ALICE, &multipart("mixed", &[&foreign, &detached])),
                ),
                "unverified none signed/failed [signed detached unverified] (layer/signed-part) {signature}",
            ),
        ],
    );
}

#[test]
fn what_stands_around_the_signed_octets_is_not_shown() {
    let message = String::from_utf8(alices(Form::Detached)).unwrap();
    let boundary = message.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
    let delimiter = format!("--{boundary}\r\n");
    let close = format!("--{boundary}--");
    let foreign = "Content-Type: text/plain\r\n\r\nMallory's word.\r\n";
    let verified = "verified none signed/verified [signed detached verified] () {}";
    let lost = "failed none signed/failed [signed detached malformed/mime] () {}";
    let cut = "failed none signed/failed [signed detached malformed/mime] (diagnosis/truncated) \
               {signature}";
    let more = "failed none signed/failed [signed detached malformed/mime] (diagnosis/footer) \
                {signature}";
    let preamble = message.replacen(&delimiter, &format!("Mallory's word.\r\n{delimiter}"), 1);
    let epilogue = format!("{message}\r\nMallory's word.\r\n");
    let three = message.replacen(&close, &format!("--{boundary}\r\n{foreign}{close}"), 1);
    let first = message.replacen(&delimiter, &format!("{delimiter}{foreign}{delimiter}"), 1);
    let open = message.replacen(&close, "", 1);
    let other = message.replacen("boundary=\"", "boundary=\"other-", 1);
    check(
        "around-signed",
        vec![
            Case::new("preamble", "in front of the first part", preamble.into(), verified)
                .shows("Alice's word.")
                .hides("Mallory's word."),
            Case::new("epilogue", "behind the last part", epilogue.into(), verified)
                .shows("Alice's word.")
                .hides("Mallory's word."),
            Case::new("third-part", "a part behind the signature", three.into(), more),
            Case::new("first-part", "a part in front of the signed one", first.into(), more),
            Case::new("not-closed", "other readers may see other parts", open.into(), cut),
            Case::new("no-parts", "a boundary that does not occur", other.into(), lost),
        ],
    );
}

#[test]
fn no_signer_is_no_signature_and_others_lend_no_status() {
    let both = |names: &[&str], from| {
        signed_by(names, Form::Detached, &mail(from, "text/plain", "Text.\r\n"))
    };
    let altered = |names, from| {
        let message = String::from_utf8(both(names, from)).unwrap();
        message.replacen("Text.", "Test.", 1).into_bytes()
    };
    check(
        "signers",
        vec![
            Case::new(
                "author-and-other",
                "mallory may sign too",
                both(&["alice", "mallory"], ALICE),
                "verified none signed/verified [signed detached verified] () {}",
            ),
            Case::new(
                "other",
                "mallory alone may not",
                both(&["mallory"], ALICE),
                "unverified none signed/failed [signed detached unverified] () {}",
            ),
            Case::new(
                "stranger",
                "alice's address in a certificate from an unknown root",
                both(&["stranger"], ALICE),
                "unverified none signed/failed [signed detached unverified] () {}",
            ),
            Case::new(
                "altered",
                "a bad signature of alice's beside one of mallory's",
                altered(&["alice", "mallory"], ALICE),
                "failed none signed/failed [signed detached failed] () {}",
            ),
            Case::new(
                "altered-other",
                "a bad signature of somebody else",
                altered(&["mallory"], ALICE),
                "unverified none signed/failed [signed detached unverified] () {}",
            ),
        ],
    );
}
