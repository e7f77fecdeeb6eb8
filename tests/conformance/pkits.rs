//! NIST's Public Key Interoperability Test Suite, with the policy inputs and the policy sets that it
//! expects. `pkits-left.tsv` lists the cases that come out otherwise; one that agrees must not be listed.

use std::collections::BTreeMap;
use std::path::Path;

use der::asn1::ObjectIdentifier;
use serde_json::Value;
use smime_wasm::asn1::oids::ANY_POLICY;
use smime_wasm::cert::Certificate;
use smime_wasm::limits::Limits;
use smime_wasm::path::revocation::{Crl, RevocationStatus};
use smime_wasm::path::{PolicyInputs, Pool, Purpose, Request, Session, Verdict};

use crate::common::vectors;
use crate::paths::{day, hold, read, search};

#[test]
fn pkits_agrees() {
    let Some(folder) = vectors().map(|vectors| vectors.join("pkits")) else { return };
    let expected = std::fs::read(folder.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let certificates = certificates(&folder);
    let anchor = certificates["trustanchorrootcertificate"].clone().unwrap();
    let pool = Pool::new([anchor.into()], certificates.values().flatten().cloned());
    let crls = crls(&folder);
    let cases = expected["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 247);
    let mut differing = BTreeMap::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let difference = match &certificates[&target(case)] {
            Some(target) => difference(case, target, &pool, &crls),
            None => (case["expected"] == "accept").then(|| "malformed/certificate".to_owned()),
        };
        if let Some(difference) = difference {
            differing.insert(id.to_owned(), difference);
        }
    }
    hold(include_str!("pkits-left.tsv"), cases.len(), &differing);
}

fn difference(case: &Value, target: &Certificate, pool: &Pool, crls: &[Crl]) -> Option<String> {
    let arguments = case["policy_args"].as_str().unwrap();
    let mut words = arguments.split(' ');
    let mut acceptable = Vec::new();
    let mut policies = PolicyInputs::default();
    while let Some(word) = words.next() {
        match word {
            "-policy" => acceptable.push(policy(words.next().unwrap())),
            "-explicit_policy" => policies.require_explicit = true,
            "-inhibit_map" => policies.inhibit_mapping = true,
            "-inhibit_any" => policies.inhibit_any = true,
            other => panic!("{other}"),
        }
    }
    let request = Request {
        // Two certificates are signed by DSA with SHA-1.
        accept_weak_digests: true,
        policies: PolicyInputs { acceptable: Some(&acceptable), ..policies },
        with_revocation: true,
        ..Request::new(target, pool, day("2020-01-01"), Purpose::Any)
    };
    let must_be_good = |status: &RevocationStatus| *status == RevocationStatus::Good;
    let run = |request: &Request<'_>| {
        search(*request, crls, &mut Session::new(&Limits::default()), must_be_good)
    };
    let verdict = run(&request);
    let is_expected = case["expected"] == "accept";
    if verdict.is_trusted() != is_expected {
        return Some(format!("not {}: {:?}", case["expected"], codes(&verdict)));
    }
    if let (true, Some(user)) = (is_expected, case["user_set"].as_str()) {
        if verdict.policies != set(user) {
            return Some(format!("not {user}: {:?}", verdict.policies));
        }
        let authority = case["authority_set"].as_str().unwrap();
        let any = Request { policies, ..request };
        if run(&any).policies != set(authority) {
            return Some(format!("not {authority}"));
        }
    }
    None
}

fn codes(verdict: &Verdict) -> Vec<&'static str> {
    verdict.problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn policy(text: &str) -> ObjectIdentifier {
    match text {
        "anyPolicy" | "X509v3 Any Policy" => ANY_POLICY,
        other => other.parse().unwrap(),
    }
}

fn set(text: &str) -> Vec<ObjectIdentifier> {
    match text {
        "<empty>" => Vec::new(),
        list => list.split(':').map(policy).collect(),
    }
}

/// All certificates, by the file's name in lower case; `None` for one that can't be read.
fn certificates(folder: &Path) -> BTreeMap<String, Option<Certificate>> {
    let files = std::fs::read_dir(folder.join("certs")).unwrap();
    files
        .map(|file| file.unwrap().path())
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_lowercase();
            (name, read(&file).pop())
        })
        .collect()
}

/// All CRLs; one has a signature that is not whole octets, and can't be read.
fn crls(folder: &Path) -> Vec<Crl> {
    let files = std::fs::read_dir(folder.join("crls")).unwrap();
    let der = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
    der.filter_map(|der| Crl::from_der(der, &Limits::default()).ok()).collect()
}

/// The end-entity certificate of a case, which is named as the test is; some serve several tests or have
/// names of their own.
fn target(case: &Value) -> String {
    let title = case["title"].as_str().unwrap();
    let name = match title {
        "Valid Signatures Test1" | "All Certificates Same Policy Test1" => {
            "ValidCertificatePathTest1"
        }
        "Invalid Name Chaining EE Test1" => "InvalidNameChainingTest1",
        "Valid Name Chaining UIDs Test6" => "ValidNameUIDsTest6",
        "Missing CRL Test1" => "InvalidMissingCRLTest1",
        other => other,
    };
    let name = name.replace([' ', '-'], "");
    let name = match title {
        _ if name.contains("SelfIssuedDNname") => name.replace("SelfIssued", ""),
        _ if name.contains("onlyContains") => name.replace("CRLTest", "Test"),
        _ => name,
    };
    format!("{name}ee").to_lowercase()
}
