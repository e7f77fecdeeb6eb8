//! Bytes that were not signed are never verified (attacks 1, 2 and 3).

use smime_wasm::asn1::{Reader, constructed, oids, primitive, tag};
use smime_wasm::cert::Certificate;
use smime_wasm::cms::Signature;
use smime_wasm::env::block_on;
use smime_wasm::error::ProblemCode;
use smime_wasm::message::{Form, Include, Status, VerifyResult, verify};

use crate::common::{MESSAGE, Pki, content, env, openssl, openssl_sign, signed, verify_options};

fn codes(result: &VerifyResult<'_>) -> Vec<ProblemCode> {
    let problems = result.signatures.iter().flat_map(|signature| &signature.problems);
    problems.map(|problem| problem.code).collect()
}

#[test]
fn every_change_of_the_signed_content_fails() {
    let anchors = [Pki::get().anchor()];
    let message = signed(Form::Detached, Include::Chain);
    let content = content();
    let start = message.windows(content.len()).position(|w| w == content).unwrap();
    for at in start..start + content.len() {
        let mut altered = message.clone();
        altered[at] ^= 1;
        match block_on(verify(&mut env(2), verify_options(&altered, &anchors))) {
            Ok(result) => assert_eq!(result.status, Status::Failed, "at {at}"),
            Err(error) => assert!(error.code().starts_with("malformed/"), "{error}"),
        }
    }
}

#[test]
fn an_altered_signature_fails() {
    let anchors = [Pki::get().anchor()];
    let mut der = openssl_der("-nodetach");
    let last = der.len() - 1;
    der[last] ^= 1;
    let mut options = verify_options(&der, &anchors);
    options.from = Some("alice@example.com");
    let result = block_on(verify(&mut env(2), options)).unwrap();
    assert_eq!(result.status, Status::Failed);
    assert_eq!(codes(&result), [ProblemCode::SignatureInvalid]);
}

#[test]
fn a_signer_whose_certificate_is_missing_is_said() {
    let anchors = [Pki::get().anchor()];
    let message = signed(Form::Detached, Include::Nothing);
    let result = block_on(verify(&mut env(2), verify_options(&message, &anchors))).unwrap();
    assert_eq!(result.status, Status::Unverified);
    assert_eq!(result.signatures[0].integrity, Signature::Unchecked);
    assert_eq!(codes(&result), [ProblemCode::SignatureNoCertificate]);
    let intermediates = [Pki::get().certificate("alice"), Pki::get().certificate("ca")];
    let mut options = verify_options(&message, &anchors);
    options.intermediates = &intermediates;
    assert_eq!(block_on(verify(&mut env(2), options)).unwrap().status, Status::Verified);
}

/// A mail can bring a thousand certificates of one issuer and number: each costs a check.
#[test]
fn a_signer_is_looked_for_among_sixteen_certificates() {
    let pki = Pki::get();
    let (alice, anchors) = (pki.certificate("alice"), [pki.anchor()]);
    let message = signed(Form::Detached, Include::Nothing);
    let key = alice.der().windows(alice.spki().len()).position(|w| w == alice.spki()).unwrap();
    for (twins, expected) in [(15, Status::Verified), (16, Status::Failed)] {
        let twin = |number: u8| {
            let mut der = alice.der().to_vec();
            der[key + 100] ^= number;
            Certificate::from_der(&der).unwrap()
        };
        let mut intermediates: Vec<_> = (1..=twins).map(twin).collect();
        intermediates.extend([alice.clone(), pki.certificate("ca")]);
        let mut options = verify_options(&message, &anchors);
        options.intermediates = &intermediates;
        let result = block_on(verify(&mut env(2), options)).unwrap();
        assert_eq!(result.status, expected, "{twins}");
    }
}

#[test]
fn a_message_without_a_signer_is_unsigned() {
    let pki = Pki::get();
    let certs_only = openssl(
        &pki.folder,
        &["crl2pkcs7", "-nocrl", "-certfile", "alice.pem", "-outform", "DER"],
        b"",
    );
    let anchors = [pki.anchor()];
    for message in [MESSAGE, &certs_only.unwrap()] {
        let result = block_on(verify(&mut env(2), verify_options(message, &anchors))).unwrap();
        assert_eq!(result.status, Status::Unsigned);
        assert!(result.signatures.is_empty());
    }
}

/// CVE-2018-18509: another reader might show the content inside the CMS.
#[test]
fn a_detached_signature_with_content_of_its_own_is_not_verified() {
    let anchors = [Pki::get().anchor()];
    let opaque = smime_wasm::bytes::base64::encode(&openssl_der("-nodetach"));
    let message = [
        b"From: alice@example.com\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n",
        content().as_slice(),
        b"\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\
          Content-Transfer-Encoding: base64\r\n\r\n",
        &opaque,
        b"--b--\r\n",
    ]
    .concat();
    let result = block_on(verify(&mut env(2), verify_options(&message, &anchors))).unwrap();
    assert_eq!(result.status, Status::Failed);
    assert_eq!(codes(&result)[0], ProblemCode::SignatureEmbeddedContent);
}

#[test]
fn a_signed_part_inside_other_content_earns_nothing() {
    let anchors = [Pki::get().anchor()];
    let inner = signed(Form::Detached, Include::Chain);
    let message = [
        b"From: alice@example.com\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n\
          --outer\r\nContent-Type: text/plain\r\n\r\nPay 1000\r\n--outer\r\n\
          Content-Type: message/rfc822\r\n\r\n",
        inner.as_slice(),
        b"--outer--\r\n",
    ]
    .concat();
    let result = block_on(verify(&mut env(2), verify_options(&message, &anchors))).unwrap();
    assert_eq!(result.status, Status::Unsigned);
}

#[test]
fn what_stands_around_the_signed_part_is_not_content() {
    let anchors = [Pki::get().anchor()];
    let text = String::from_utf8(signed(Form::Detached, Include::Chain)).unwrap();
    let message = text.replace("This is an S/MIME signed message.", "Pay 1000") + "\r\nPay 2000";
    let result =
        block_on(verify(&mut env(2), verify_options(message.as_bytes(), &anchors))).unwrap();
    assert_eq!(result.status, Status::Verified);
    assert_eq!(result.content.as_ref(), content());
}

#[test]
fn line_ends_may_become_lf_but_never_cr_cr_lf() {
    let anchors = [Pki::get().anchor()];
    let text = String::from_utf8(signed(Form::Detached, Include::Chain)).unwrap();
    let lf = text.replace("\r\n", "\n");
    let result = block_on(verify(&mut env(2), verify_options(lf.as_bytes(), &anchors))).unwrap();
    assert_eq!(result.status, Status::Verified);
    assert_eq!(codes(&result), [ProblemCode::SignatureLineEnds]);
    assert_eq!(result.content.as_ref(), content(), "the content is what was signed");
    let crcrlf = text.replace("\r\n", "\r\r\n");
    let outcome = block_on(verify(&mut env(2), verify_options(crcrlf.as_bytes(), &anchors)));
    assert!(!outcome.is_ok_and(|result| result.status == Status::Verified));
}

/// Somebody else's signature must not turn the author's content into another form.
#[test]
fn the_content_has_the_line_ends_that_the_author_signed() {
    let pki = Pki::get();
    let content = b"Content-Type: text/plain\n\nx\n";
    let canonical = b"Content-Type: text/plain\r\n\r\nx\r\n";
    let der = |person: &str, content: &[u8]| {
        let (pem, key) = (format!("{person}.pem"), format!("{person}.key"));
        let arguments = [
            "cms",
            "-sign",
            "-binary",
            "-outform",
            "DER",
            "-signer",
            &pem,
            "-inkey",
            &key,
            "-certfile",
            "ca.pem",
        ];
        openssl(&pki.folder, &arguments, content).unwrap()
    };
    let anchors = [pki.anchor()];
    for (alice, mallory, shown) in
        [(&content[..], &canonical[..], &content[..]), (canonical, content, canonical)]
    {
        let both = merged(&der("alice", alice), &der("mallory", mallory));
        let mut options = verify_options(&both, &anchors);
        options.content = Some(content);
        options.from = Some("alice@example.com");
        let result = block_on(verify(&mut env(1), options)).unwrap();
        assert_eq!(result.status, Status::Verified);
        assert_eq!(result.signatures.len(), 2);
        assert!(result.signatures.iter().all(|s| s.integrity == Signature::Intact));
        assert_eq!(result.content.as_ref(), shown);
    }
}

/// One SignedData with the certificates and signers of both.
fn merged(one: &[u8], other: &[u8]) -> Vec<u8> {
    let fields = |der: &[u8]| -> Vec<Vec<u8>> {
        let mut info = Reader::only(der, tag::SEQUENCE).unwrap().contents();
        info.any().unwrap();
        let mut signed = info.any().unwrap().contents().sequence().unwrap();
        (0..5).map(|_| signed.any().unwrap().raw.to_vec()).collect()
    };
    let value = |raw: &[u8]| Reader::new(raw).any().unwrap().value.to_vec();
    let (one, other) = (fields(one), fields(other));
    let join = |tag, at: usize| constructed(tag, &[&value(&one[at]), &value(&other[at])]);
    let certificates = join(tag::context_constructed(0), 3);
    let signers = join(tag::SET, 4);
    let signed = constructed(tag::SEQUENCE, &[&one[0], &one[1], &one[2], &certificates, &signers]);
    let signed_data = primitive(tag::OBJECT_IDENTIFIER, oids::SIGNED_DATA.as_bytes());
    let explicit = constructed(tag::context_constructed(0), &[&signed]);
    constructed(tag::SEQUENCE, &[&signed_data, &explicit])
}

#[test]
fn a_weak_digest_is_read_and_never_verified() {
    let anchors = [Pki::get().anchor()];
    for digest in ["sha1", "md5"] {
        let arguments = ["-md", digest];
        let message = openssl_sign(&arguments, &content());
        let result = block_on(verify(&mut env(2), verify_options(&message, &anchors))).unwrap();
        assert_eq!(result.status, Status::Unverified, "{digest}");
        assert_eq!(result.signatures[0].integrity, Signature::Intact);
        assert_eq!(codes(&result), [ProblemCode::SignatureWeakDigest]);
    }
}

fn openssl_der(form: &str) -> Vec<u8> {
    openssl_sign(&["-outform", "DER", form], &content())
}
