//! Mozilla's roots, which are a file of the package: nothing is in it but what its list says, and a root
//! that is phased out vouches for nothing new.

use std::path::Path;

use serde_json::Value;
use smime_wasm::bytes::{base64, hex};
use smime_wasm::cert::Certificate;
use smime_wasm::env::{Time, block_on};
use smime_wasm::error::ProblemCode;
use smime_wasm::message::{TrustVerdict, verify};
use smime_wasm::path::{AnchorLimits, TrustAnchor};

use crate::common::{Pki, content, env, openssl_sign, verify_options};

#[test]
fn every_root_is_a_ca_with_the_fingerprint_it_is_listed_by() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/package/mozilla-roots.json");
    let list: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(list["licence"], "MPL-2.0");
    let roots = list["roots"].as_array().unwrap();
    // NSS 2.92 has 88. Far fewer would be half a list.
    assert!(roots.len() > 70, "{}", roots.len());
    let mut fingerprints = std::collections::HashSet::new();
    for root in roots {
        let text = |name: &str| root[name].as_str().unwrap();
        let der = base64::decode(text("certificate").as_bytes()).unwrap();
        let certificate = Certificate::from_der(&der).unwrap();
        assert_eq!(hex::encode(certificate.fingerprint()), text("fingerprint"), "{certificate:?}");
        assert!(certificate.basic_constraints().unwrap().ca, "{certificate:?}");
        assert!(certificate.is_self_issued(), "{certificate:?}");
        assert!(fingerprints.insert(text("fingerprint")), "{certificate:?} stands twice");
    }
}

#[test]
fn what_was_issued_after_a_root_was_distrusted_is_not_trusted() {
    let pki = Pki::get();
    let message = openssl_sign(&[], &content());
    let issued = pki.certificate("alice").not_before();
    let verified = |distrust_after| {
        let limits = AnchorLimits { distrust_after: Some(distrust_after), ..Default::default() };
        let anchors = [TrustAnchor { certificate: pki.root(), limits }];
        let mut found = block_on(verify(&mut env(1), verify_options(&message, &anchors))).unwrap();
        found.signatures.remove(0)
    };
    // The root and the CA are older than the moment or not; it is Alice's certificate that counts.
    assert_eq!(verified(issued).trust, TrustVerdict::Trusted);
    let signature = verified(Time::from_secs(issued.as_secs() - 1));
    assert_eq!(signature.trust, TrustVerdict::Untrusted);
    let codes: Vec<ProblemCode> = signature.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [ProblemCode::PathAnchorDistrusted]);
}
