//! Thunderbird's own test mails: what it calls good is verified here, what it calls bad is not.
//!
//! A mail whose outer signature is around something encrypted or signed is judged as a whole by the
//! walk through all layers, which this version does not have: `LEFT` lists these and why.

use std::path::Path;

use smime_wasm::cert::{Certificate, Identity, pem_blocks};
use smime_wasm::env::{Time, block_on};
use smime_wasm::message::{DecryptOptions, Layer, Status, VerifyOptions, decrypt, inspect, verify};
use smime_wasm::mime::Entity;
use smime_wasm::pkcs12::{Password, import};

use crate::common::{env_at, vectors};

/// 2026-11-01, within the validity of all certificates.
const NOW: Time = Time::from_secs(1_793_491_200);

const LEFT: [(&str, &str); 3] = [
    ("alice.env.", "a signature around encrypted content lends no status: the walk through layers"),
    (".dave.", "one signature around another: the walk through layers"),
    ("fran-ec_ossl", "key agreement (ECDH) is not read yet"),
];

#[test]
fn verdicts_are_thunderbirds() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("thunderbird");
    let expected = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let identities = identities(&folder);
    let pem = std::fs::read(folder.join("smime/TestCA.pem")).unwrap();
    let anchors = [Certificate::from_der(&pem_blocks(&pem)[0].bytes).unwrap()];
    let (mut checked, mut left) = (0, 0);
    for case in cases(&expected) {
        let is_left = |(pattern, _): &(&str, &str)| {
            case.file.contains(pattern) && !case.file.ends_with("/alice.env.eml")
        };
        if LEFT.iter().any(is_left) {
            left += 1;
            continue;
        }
        checked += 1;
        let message = std::fs::read(folder.join(&case.file)).unwrap();
        let found = open(&message, &identities, &anchors);
        assert_eq!(found.was_encrypted, case.encrypted, "{}", case.file);
        let is_signed = found.status != Status::Unsigned;
        assert_eq!(is_signed, case.signature_reported, "{}", case.file);
        if let Some(good) = case.signature_good {
            assert_eq!(found.status == Status::Verified, good, "{}: {:?}", case.file, found.status);
        }
        if let Some(signer) = &case.outer_signer {
            assert!(found.signers.contains(signer), "{}: {:?}", case.file, found.signers);
        }
        if let Some(text) = &case.must_contain {
            assert!(String::from_utf8_lossy(&found.content).contains(text), "{}", case.file);
        }
    }
    println!("{checked} cases agree, {left} are left");
    assert_eq!((checked, left), (30, 34));
}

struct Found {
    was_encrypted: bool,
    status: Status,
    signers: Vec<String>,
    content: Vec<u8>,
}

fn open(message: &[u8], identities: &[Identity], anchors: &[Certificate]) -> Found {
    let limits = Default::default();
    let from = Entity::parse(message, &limits)
        .ok()
        .and_then(|entity| entity.named("From").next().map(|field| field.unfolded()));
    let structure = inspect(message, &limits).unwrap();
    let was_encrypted = matches!(structure.layer, Layer::Encrypted { .. });
    let inner = if was_encrypted {
        let options = DecryptOptions { message, identities };
        block_on(decrypt(&mut env_at(NOW, 1), options)).unwrap().message
    } else {
        message.to_vec()
    };
    let options = VerifyOptions {
        message: &inner,
        content: None,
        trust_anchors: Some(anchors),
        intermediates: &[],
        from: from.as_deref(),
        received_at: None,
    };
    let verified = block_on(verify(&mut env_at(NOW, 2), options)).unwrap();
    Found {
        was_encrypted,
        status: verified.status,
        signers: verified
            .signatures
            .iter()
            .filter_map(|signature| signature.signer.as_ref())
            .flat_map(|signer| signer.addresses().iter().map(|a| a.to_ascii_lowercase()))
            .collect(),
        content: verified.content.into_owned(),
    }
}

fn identities(folder: &Path) -> Vec<Identity> {
    ["smime/Alice.p12", "smime/Bob.p12", "smime/Dave.p12", "smime-interop/Fran.p12"]
        .iter()
        .flat_map(|file| {
            let data = std::fs::read(folder.join(file)).unwrap();
            let password = Password::new("nss");
            block_on(import(&mut env_at(NOW, 3), &data, &password)).unwrap().identities
        })
        .collect()
}

struct Case {
    file: String,
    encrypted: bool,
    signature_reported: bool,
    signature_good: Option<bool>,
    outer_signer: Option<String>,
    must_contain: Option<String>,
}

/// The cases of `expected.json`, which is flat and has one field on a line.
fn cases(json: &str) -> Vec<Case> {
    let field = |case: &str, name: &str| -> Option<String> {
        let start = case.find(&format!("\"{name}\": "))? + name.len() + 4;
        let value = case[start..].lines().next()?.trim_end_matches(',');
        (value != "null").then(|| value.trim_matches('"').to_owned())
    };
    json.split("\"file\"")
        .skip(1)
        .map(|case| {
            let case = format!("\"file\"{case}");
            let flag = |name| field(&case, name).map(|value| value == "true");
            Case {
                file: field(&case, "file").unwrap(),
                encrypted: flag("encrypted").unwrap(),
                signature_reported: flag("signature_reported").unwrap(),
                signature_good: flag("signature_good"),
                outer_signer: field(&case, "outer_signer"),
                must_contain: field(&case, "must_contain"),
            }
        })
        .collect()
}
