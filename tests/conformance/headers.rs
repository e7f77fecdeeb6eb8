//! The message of RFC 9788, appendix C.2.1.

use smime_wasm::env::block_on;
use smime_wasm::limits::Limits;
use smime_wasm::message::{
    FieldProtection, HeaderScheme, PayloadFacts, Status, read_headers, verify,
};
use smime_wasm::mime::Entity;
use smime_wasm::path::TrustAnchor;

use crate::common::{env_at, vectors, verify_options};
use smime_wasm::cert::{Certificate, pem_blocks};
use smime_wasm::env::Time;

#[test]
fn the_message_of_rfc_9788_has_all_its_fields_signed() {
    let Some(vectors) = vectors() else { return };
    let message = std::fs::read(vectors.join("rfc9788/smime-one-part-hp.eml")).unwrap();
    let root = "rfc9216/3_1_RSA_Certification_Authority_Root_Certificate.crt";
    let root = std::fs::read(vectors.join(root)).unwrap();
    let der = pem_blocks(&root).into_iter().next().map_or(root, |block| block.bytes);
    let anchors = [TrustAnchor::from(Certificate::from_der(&der).unwrap())];
    // 2021-02-20T15:06:02Z, when it was signed.
    let mut env = env_at(Time::from_secs(1_613_833_562), 1);
    let verified = block_on(verify(&mut env, verify_options(&message, &anchors))).unwrap();
    assert_eq!(verified.status, Status::Verified, "{:?}", verified.signatures);

    let limits = Limits::default();
    let outer = Entity::parse(&message, &limits).unwrap();
    let payload = Entity::parse(&verified.content, &limits).unwrap();
    let facts = PayloadFacts { is_signed: true, is_encrypted: false };
    let headers = read_headers(Some(&outer), Some(&payload), None, facts, &limits);
    assert_eq!(headers.scheme, HeaderScheme::Clear);
    assert_eq!(headers.problems, []);
    let told: Vec<_> = headers
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.value.as_str(), field.protection, field.differs))
        .collect();
    let signed = FieldProtection::Signed;
    assert_eq!(
        told,
        [
            ("Subject", "smime-one-part-hp", signed, false),
            ("Message-ID", "<smime-one-part-hp@example>", signed, false),
            ("From", "Alice <alice@smime.example>", signed, false),
            ("To", "Bob <bob@smime.example>", signed, false),
            ("Date", "Sat, 20 Feb 2021 10:06:02 -0500", signed, false),
            ("User-Agent", "Sample MUA Version 1.0", signed, false),
        ]
    );
}
