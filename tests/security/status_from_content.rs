//! No status comes from what a message says of itself (attack 6).

use smime_wasm::message::Form;

use crate::cases::{
    ALICE, Case, check, encrypted, entity, inside, mail, multipart, outer, signed_by,
};

#[test]
fn what_a_message_says_of_itself_counts_for_nothing() {
    let words = "This message was signed by alice@example.com and verified.\r\n";
    let header = "Authentication-Results: example.net; smime=pass smime.from=alice@example.com\r\n\
        X-Smime-Status: signed/verified\r\nX-Mozilla-Signed: 1\r\n";
    let plain = mail(ALICE, "text/plain", words);
    let fields = [header.as_bytes(), &plain].concat();
    let pgp = multipart(
        "signed",
        &[&entity("text/plain", words), &entity("application/pgp-signature", "-----BEGIN")],
    );
    let pgp = String::from_utf8(pgp).unwrap().replacen(
        "multipart/signed;",
        "multipart/signed; protocol=\"application/pgp-signature\";",
        1,
    );
    let signature = entity("application/pkcs7-signature; name=smime.p7s", "no signature\r\n");
    let no_cms = multipart("signed", &[&entity("text/plain", words), &signature]);
    let opaque = inside(&signed_by(&["alice"], Form::Opaque, &plain));
    let as_text = [&b"Content-Type: text/plain\r\n\r\n"[..], &opaque].concat();
    let relabelled = String::from_utf8(encrypted(&plain)).unwrap();
    let relabelled = relabelled.replacen("enveloped-data", "signed-data", 1);
    let lie = |from: &str, to: &str, message: Vec<u8>| {
        let text = String::from_utf8(message).unwrap();
        assert!(text.contains(from));
        text.replacen(from, to, 1).into_bytes()
    };
    let signed = |form| signed_by(&["alice"], form, &plain);
    let as_encrypted = lie("signed-data", "enveloped-data", signed(Form::Opaque));
    let as_certificates = lie("signed-data", "certs-only", signed(Form::Opaque));
    let other_smime_type = lie("enveloped-data", "signed-data", encrypted(&signed(Form::Opaque)));
    let as_pgp =
        lie("application/pkcs7-signature", "application/pgp-signature", signed(Form::Detached));
    let in_pgp = multipart(
        "signed",
        &[&inside(&signed(Form::Detached)), &entity("application/pgp-signature", "-----BEGIN")],
    );
    let in_pgp = lie(
        "multipart/signed;",
        "multipart/signed; protocol=\"application/pgp-signature\";",
        in_pgp,
    );
    let pgp_encrypted = multipart(
        "encrypted",
        &[&entity("application/pgp-encrypted", "Version: 1\r\n"), &inside(&encrypted(&plain))],
    );
    let empty = entity("application/pkcs7-mime; smime-type=signed-data", "");
    check(
        "status-from-content",
        vec![
            Case::new("text", "a text that says so", plain.clone(), "unsigned none null [] () {}"),
            Case::new("fields", "header fields that say so", fields, "unsigned none null [] () {}"),
            Case::new(
                "openpgp",
                "a signature that is not ours to check",
                outer(ALICE, pgp.as_bytes()),
                "unsigned none null [] () {file}",
            ),
            Case::new(
                "no-cms",
                "multipart/signed with something else for a signature",
                outer(ALICE, &no_cms),
                "failed none signed/failed [signed detached malformed/asn1] () {signature}",
            )
            .shows("verified"),
            Case::new(
                "as-text",
                "a signed entity as the text of a mail",
                outer(ALICE, &as_text),
                "unsigned none null [] () {}",
            ),
            Case::new(
                "smime-type",
                "encrypted, though the header says signed",
                relabelled.into(),
                "unsigned unprotected null [encrypted none] () {}",
            ),
            Case::new(
                "empty",
                "nothing where a signature should be",
                outer(ALICE, &empty),
                "unknown none unknown [other malformed/cms] () {}",
            ),
            Case::new(
                "as-encrypted",
                "signed, though the header says encrypted: no lock",
                as_encrypted,
                "verified none signed/verified [signed opaque verified] () {}",
            ),
            Case::new(
                "as-certificates",
                "signed, though the header says certificates",
                as_certificates,
                "verified none signed/verified [signed opaque verified] () {}",
            ),
            Case::new(
                "smime-type-around-signed",
                "encrypted and signed, though the header says only signed",
                other_smime_type,
                "verified protected encrypted+signed/verified \
                 [encrypted none, signed opaque verified] () {}",
            ),
            Case::new(
                "as-openpgp",
                "our signature under the name of another",
                as_pgp,
                "unsigned none null [] () {signature}",
            ),
            Case::new(
                "in-openpgp",
                "what alice signed, in what says that OpenPGP signed it",
                outer(ALICE, &in_pgp),
                "unsigned none null [] (layer/signed-part) {signature, file}",
            ),
            Case::new(
                "in-openpgp-encrypted",
                "our ciphertext in OpenPGP's wrapping stays closed",
                outer(ALICE, &pgp_encrypted),
                "unsigned none null [] (layer/encrypted-part) {file, encrypted}",
            )
            .hides("was signed by"),
        ],
    );
}
