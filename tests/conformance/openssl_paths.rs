//! OpenSSL's own certificates for path checks, `openssl-paths.tsv`: what their names and the test recipes
//! that use them say, but for purposes of TLS.

use smime_wasm::cert::Certificate;
use smime_wasm::env::Time;
use smime_wasm::limits::Limits;
use smime_wasm::path::{AnchorLimits, Pool, Purpose, Request, Session, TrustAnchor, check};

use crate::common::vectors;
use crate::paths::{day, read};

#[test]
fn openssl_paths_come_out_as_their_names_say() {
    let Some(folder) = vectors().map(|vectors| vectors.join("openssl/certs")) else { return };
    let files = |names: &str| -> Vec<Certificate> {
        let names = names.split(',').filter(|name| *name != "-");
        names.flat_map(|name| read(&folder.join(format!("{name}.pem")))).collect()
    };
    let rows = include_str!("openssl-paths.tsv").lines().filter(|row| !row.starts_with('#'));
    let mut differing = Vec::new();
    for row in rows {
        let columns: Vec<_> = row.split('\t').collect();
        let [target, anchors, intermediates, expected] = columns[..] else { panic!("{row}") };
        let found =
            outcome(&files(target)[0], &files(anchors), &files(intermediates), day("2026-06-01"));
        if found != expected {
            differing.push(format!("{row}: {found}"));
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
}

/// RFC 9598, 6: constraints on rfc822Name hold for SmtpUTF8Mailbox, be its host ASCII or not.
#[test]
fn constraints_on_addresses_hold_for_internationalised_ones() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("openssl/recipes/25-test_eai_data");
    let files = |name: &str| read(&folder.join(format!("{name}.pem")));
    for (target, chain, expected) in [
        ("ascii_leaf", "ascii_chain", "trusted"),
        ("utf8_leaf", "utf8_chain", "trusted"),
        ("utf8_leaf", "ascii_chain", "path/name-constraints"),
        ("ascii_leaf", "utf8_chain", "path/name-constraints"),
        // A root of version 1, which doesn't say that it is a CA.
        ("kdc-cert", "kdc-root-cert", "path/not-a-ca"),
    ] {
        let (target, chain) = (&files(target)[0], files(chain));
        let at = Time::from_secs(target.not_before().as_secs() + 1);
        assert_eq!(outcome(target, &chain, &[], at), expected, "{target:?} {chain:?}");
        let limits = AnchorLimits { own_constraints: false, ..AnchorLimits::default() };
        let anchors = chain
            .into_iter()
            .map(|certificate| TrustAnchor { certificate, limits: limits.clone() });
        let pool = Pool::new(anchors, []);
        let request = Request::new(target, &pool, at, Purpose::Any);
        let is_trusted = check(&request, &mut Session::new(&Limits::default())).is_trusted();
        assert!(is_trusted, "name and key alone are what RFC 5280, 6.1.1 (d) takes of an anchor");
    }
}

fn outcome(
    target: &Certificate,
    anchors: &[Certificate],
    intermediates: &[Certificate],
    at: Time,
) -> &'static str {
    let anchors = anchors.iter().cloned().map(TrustAnchor::from);
    let pool = Pool::new(anchors, intermediates.iter().cloned());
    let request = Request::new(target, &pool, at, Purpose::Any);
    let verdict = check(&request, &mut Session::new(&Limits::default()));
    verdict.problems.first().map_or("trusted", |problem| problem.code.as_str())
}
