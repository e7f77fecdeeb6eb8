//! Thunderbird's own test mails: what it calls good is verified here, what it calls bad is not.
//!
//! `left.tsv` lists the mails about which this version does not agree yet, and why; one that agrees
//! must not be listed.

use std::collections::BTreeSet;
use std::path::Path;

use smime_wasm::cert::{Certificate, Identity, pem_blocks};
use smime_wasm::env::{Time, block_on};
use smime_wasm::error::Result;
use smime_wasm::message::{Encryption, OpenOptions, Openers, Status, VerifyOptions, open};
use smime_wasm::path::TrustAnchor;
use smime_wasm::pkcs12::{Password, import};

use crate::common::{env_at, vectors};
use crate::table::left;

/// 2026-11-01, within the validity of all certificates.
const NOW: Time = Time::from_secs(1_793_491_200);

#[test]
fn verdicts_are_thunderbirds() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("thunderbird");
    let expected = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let identities = identities(&folder);
    let pem = std::fs::read(folder.join("smime/TestCA.pem")).unwrap();
    let anchor = Certificate::from_der(&pem_blocks(&pem)[0].bytes).unwrap();
    let anchors = [anchor.into()];
    let mut differ = BTreeSet::new();
    let cases = cases(&expected);
    for case in &cases {
        let message = std::fs::read(folder.join(&case.file)).unwrap();
        let found = opened(&message, &identities, &anchors);
        if let Some(what) = found.map_or_else(|e| Some(e.to_string()), |f| case.difference(&f)) {
            println!("{}: {what}", case.file);
            differ.insert(case.file.as_str());
        }
    }
    let files: BTreeSet<_> = cases.iter().map(|case| case.file.as_str()).collect();
    let left: BTreeSet<_> = left()
        .iter()
        .filter_map(|id| id.strip_prefix("thunderbird/"))
        .filter(|file| files.contains(file))
        .collect();
    assert_eq!(differ, left);
    println!("{} cases agree, {} are left", cases.len() - left.len(), left.len());
}

struct Found {
    was_encrypted: bool,
    status: Status,
    signers: Vec<String>,
    content: Vec<u8>,
}

fn opened(message: &[u8], identities: &[Identity], anchors: &[TrustAnchor]) -> Result<Found> {
    let verify = VerifyOptions { trust_anchors: Some(anchors), ..VerifyOptions::new(&[]) };
    let openers = Openers { identities, passwords: &[], keys: &[] };
    let options = OpenOptions { openers, verify, may_fetch_unprotected: false };
    let opened = block_on(open(&mut env_at(NOW, 1), message.to_vec(), options))?;
    if let Some(error) = opened.error() {
        return Err(error.clone());
    }
    Ok(Found {
        was_encrypted: opened.encryption != Encryption::None,
        status: opened.status.unwrap(),
        signers: opened
            .signatures()
            .filter_map(|signature| signature.signer.as_ref())
            .flat_map(|signer| signer.addresses().iter().map(|a| a.to_ascii_lowercase()))
            .collect(),
        content: opened.content.unwrap_or_default(),
    })
}

fn identities(folder: &Path) -> Vec<Identity> {
    let interop = ["smime-interop/Fran.p12", "smime-interop/Fran-ec.p12"];
    ["smime/Alice.p12", "smime/Bob.p12", "smime/Dave.p12"]
        .iter()
        .chain(&interop)
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

impl Case {
    /// What keeps the finding from being what Thunderbird expects, if anything does.
    fn difference(&self, found: &Found) -> Option<String> {
        let signed = found.status != Status::Unsigned;
        let good = self.signature_good.unwrap_or(found.status == Status::Verified);
        let signer = self.outer_signer.as_ref();
        let text = self.must_contain.as_deref().unwrap_or_default();
        let checks = [
            ("encrypted", found.was_encrypted == self.encrypted),
            ("signature_reported", signed == self.signature_reported),
            ("signature_good", (found.status == Status::Verified) == good),
            ("outer_signer", signer.is_none_or(|signer| found.signers.contains(signer))),
            ("must_contain", String::from_utf8_lossy(&found.content).contains(text)),
        ];
        checks.iter().find(|(_, agrees)| !agrees).map(|(what, _)| (*what).to_owned())
    }
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
