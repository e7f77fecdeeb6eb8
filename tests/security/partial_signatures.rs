//! Only a signature around the whole message earns a status, and only what it covers is shown (attacks 2
//! and 3).

use smime_wasm::asn1::{constructed, oids, primitive, tag};
use smime_wasm::bytes::base64;
use smime_wasm::message::Form;

use crate::cases::{
    ALICE, Case, MALLORY, check, entity, inside, mail, multipart, outer, person, signed_by,
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
    let nothing = signed_by(&["alice"], Form::Detached, &mail(ALICE, "text/plain", ""));
    let nothing = inside(&nothing);
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
                "message",
                "nor is a mail that is nothing but a signed mail",
                outer(ALICE, &attached),
                "unsigned none null [] () {message}",
            ),
            Case::new(
                "mallory-around-message",
                "and mallory who signs it speaks for himself",
                signed_by(&["mallory"], Form::Detached, &outer(MALLORY, &attached)),
                "verified none signed/verified [signed detached verified] () {message}",
            )
            .field("none From: Mallory <mallory@example.org>"),
            Case::new(
                "empty",
                "alice's signature under nothing, and a text before it",
                outer(ALICE, &multipart("mixed", &[&foreign, &nothing])),
                unsigned,
            ),
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
    let two = |first: &str, last: &str| {
        let parameters = format!("{first}boundary=\"{boundary}\"{last}");
        let two = message.replacen(&format!("boundary=\"{boundary}\""), &parameters, 1);
        format!("{two}\r\n--other\r\n{foreign}--other\r\n{foreign}--other--\r\n").into_bytes()
    };
    let types = message.replacen(
        "Content-Type: multipart/signed",
        "Content-Type: multipart/mixed; boundary=other\r\nContent-Type: multipart/signed",
        1,
    );
    let types = format!("{types}\r\n--other\r\n{foreign}--other--\r\n").into_bytes();
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
            Case::new(
                "boundary-and-other",
                "a second boundary, for other readers",
                two("", "; boundary=other"),
                verified,
            )
            .hides("Mallory's word."),
            Case::new(
                "other-and-boundary",
                "another boundary before the right one",
                two("boundary=other; ", ""),
                "failed none signed/failed [signed detached malformed/asn1] () {}",
            ),
            Case::new(
                "two-types",
                "another Content-Type before the right one",
                types,
                "unsigned none null [] () {}",
            ),
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
    let text = entity("text/plain", "Text.\r\n");
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
                "nobody",
                "a signature without a signer",
                outer(ALICE, &opaque(&signed_data(Some(&text), &[]))),
                "unsigned none unknown [signed opaque unsigned] () {}",
            ),
            Case::new(
                "nobody-detached",
                "the same beside its content",
                outer(ALICE, &multipart("signed", &[&text, &signature(&signed_data(None, &[]))])),
                "unsigned none unknown [signed detached unsigned] () {}",
            ),
            Case::new(
                "nobody-but-certificate",
                "alice's certificate and no signature of hers",
                outer(
                    ALICE,
                    &opaque(&signed_data(Some(&text), person("alice").certificate().der())),
                ),
                "unsigned none unknown [signed opaque unsigned] () {}",
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

/// A SignedData that nobody signed.
fn signed_data(content: Option<&[u8]>, certificates: &[u8]) -> Vec<u8> {
    let oid = |oid: &[u8]| primitive(tag::OBJECT_IDENTIFIER, oid);
    let explicit = |value: &[u8]| constructed(tag::context_constructed(0), &[value]);
    let content = content.map(|content| explicit(&primitive(tag::OCTET_STRING, content)));
    let signed = constructed(
        tag::SEQUENCE,
        &[
            &primitive(tag::INTEGER, &[1]),
            &constructed(tag::SET, &[]),
            &constructed(
                tag::SEQUENCE,
                &[&oid(oids::DATA.as_bytes()), &content.unwrap_or_default()],
            ),
            &explicit(certificates),
            &constructed(tag::SET, &[]),
        ],
    );
    constructed(tag::SEQUENCE, &[&oid(oids::SIGNED_DATA.as_bytes()), &explicit(&signed)])
}

fn opaque(cms: &[u8]) -> Vec<u8> {
    in_base64("application/pkcs7-mime; smime-type=signed-data", cms)
}

fn signature(cms: &[u8]) -> Vec<u8> {
    in_base64("application/pkcs7-signature", cms)
}

fn in_base64(content_type: &str, cms: &[u8]) -> Vec<u8> {
    let header =
        format!("Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    [header.as_bytes(), &base64::encode(cms)].concat()
}
