//! x509-limbo. Its cases speak of TLS servers: they are run with no key purpose and without the peer's
//! name. `limbo-left.tsv` lists those that come out otherwise, by class; one that agrees must not be listed.

use std::collections::BTreeMap;

use serde_json::Value;
use smime_wasm::cert::{Certificate, pem_blocks};
use smime_wasm::env::Time;
use smime_wasm::error::ProblemCode;
use smime_wasm::limits::Limits;
use smime_wasm::path::revocation::{Crl, RevocationStatus};
use smime_wasm::path::{Pool, Purpose, Request, Session, TrustAnchor};

use crate::common::vectors;
use crate::paths::{day, hold, moment, search};

#[test]
fn x509_limbo_agrees() {
    let Some(folder) = vectors() else { return };
    let limbo = std::fs::read(folder.join("x509-limbo/limbo.json")).unwrap();
    let limbo: Value = serde_json::from_slice(&limbo).unwrap();
    let cases = limbo["testcases"].as_array().unwrap();
    assert_eq!(cases.len(), 198);
    let mut differing = BTreeMap::new();
    for case in cases {
        let found = accepted(case);
        if found.is_ok() != (case["expected_result"] == "SUCCESS") {
            let codes = found.err().unwrap_or_default();
            differing.insert(case["id"].as_str().unwrap().to_owned(), codes.join(", "));
        }
    }
    hold(include_str!("limbo-left.tsv"), cases.len(), &differing);
}

/// Whether a path is found; if not, what is wrong with the best.
fn accepted(case: &Value) -> Result<(), Vec<String>> {
    let list = |name: &str| -> Vec<Certificate> {
        case[name].as_array().unwrap().iter().filter_map(certificate).collect()
    };
    let Some(target) = certificate(&case["peer_certificate"]) else {
        return Err(vec!["malformed/certificate".to_owned()]);
    };
    let anchors = list("trusted_certs").into_iter().map(TrustAnchor::from);
    let pool = Pool::new(anchors, list("untrusted_intermediates"));
    let mut limits = Limits::default();
    if let Some(depth) = case["max_chain_depth"].as_u64() {
        // It counts the certificates between target and anchor.
        limits.path_length = depth as usize + 1;
    }
    let crls: Vec<Crl> = case["crls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pem| pem_blocks(pem.as_str().unwrap().as_bytes()).swap_remove(0).bytes)
        .map(|der| Crl::from_der(der, &limits).unwrap())
        .collect();
    let request = Request {
        with_revocation: !crls.is_empty(),
        ..Request::new(&target, &pool, at(case), Purpose::Any)
    };
    // One case has the CRL of another issuer and is to succeed all the same.
    let accepts = |status: &RevocationStatus| match status {
        RevocationStatus::Good => true,
        RevocationStatus::Revoked(_) => false,
        RevocationStatus::Unknown(problem) => problem.code == ProblemCode::RevocationUnknown,
    };
    let verdict = search(request, &crls, &mut Session::new(&limits), accepts);
    if verdict.is_trusted() {
        return Ok(());
    }
    Err(verdict.problems.iter().map(|problem| problem.code.as_str().to_owned()).collect())
}

fn certificate(pem: &Value) -> Option<Certificate> {
    let blocks = pem_blocks(pem.as_str().unwrap().as_bytes());
    Certificate::from_der(&blocks[0].bytes).ok()
}

/// The case's moment, or one when all certificates without one are valid.
fn at(case: &Value) -> Time {
    let Some(text) = case["validation_time"].as_str() else { return day("2026-01-01") };
    let (date, rest) = text.split_at("2024-01-01T00:00:00".len());
    let millis = rest.strip_prefix('.').map_or(0, |rest| rest[..3].parse().unwrap());
    Time::from_millis(moment(&format!("{date}Z")).as_millis() + millis)
}
