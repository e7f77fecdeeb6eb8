//! OpenSSL's own certificates for path checks, `openssl-paths.tsv`: what their names and the test recipes
//! that use them say, but for purposes of TLS.

use std::collections::BTreeSet;
use std::path::Path;

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
        files(names).flat_map(|name| read(&folder.join(name))).collect()
    };
    let mut differing = Vec::new();
    for row in rows() {
        let (at, purpose) = match row.circumstances.split_once('@') {
            Some((purpose, at)) => (day(at), purpose),
            None => (day("2026-06-01"), row.circumstances),
        };
        let purpose = match purpose {
            "any" => Purpose::Any,
            "signing" => Purpose::Signing,
            "encryption" => Purpose::Encryption,
            other => panic!("{other}"),
        };
        let found = match files(row.target).first() {
            None => "unreadable",
            Some(target) => {
                outcome(target, &files(row.anchors), &files(row.intermediates), at, purpose)
            }
        };
        if found != row.expected {
            differing.push(format!("{row:?}: {found}"));
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
}

/// Each file of the folder takes part in a row, or is listed with the reason why it can't.
#[test]
fn every_file_has_a_row() {
    let Some(folder) = vectors().map(|vectors| vectors.join("openssl/certs")) else { return };
    let present = files_in(&folder);
    let used: BTreeSet<String> = rows()
        .flat_map(|row| [row.target, row.anchors, row.intermediates])
        .flat_map(files)
        .collect();
    let left: BTreeSet<String> = include_str!("openssl-paths-left.tsv")
        .lines()
        .filter(|row| !row.starts_with('#'))
        .map(|row| {
            let columns: Vec<_> = row.split('\t').collect();
            let [file, class, reason] = columns[..] else { panic!("{row}") };
            assert!(!class.is_empty() && !reason.is_empty(), "{row}");
            file.to_owned()
        })
        .collect();
    let both: Vec<_> = used.intersection(&left).collect();
    assert!(both.is_empty(), "these take part in rows, take them off the list: {both:?}");
    let known: BTreeSet<String> = used.union(&left).cloned().collect();
    let missing: Vec<_> = present.difference(&known).collect();
    assert!(missing.is_empty(), "in no row and not listed: {missing:?}");
    let stale: Vec<_> = known.difference(&present).collect();
    assert!(stale.is_empty(), "there are no such files: {stale:?}");
}

/// A row of `openssl-paths.tsv`.
#[derive(Debug)]
struct Row {
    target: &'static str,
    /// The purpose, with `@` and a day where it is not the usual one.
    circumstances: &'static str,
    anchors: &'static str,
    intermediates: &'static str,
    expected: &'static str,
}

/// A sixth column says why the outcome is not what OpenSSL's recipes expect.
fn rows() -> impl Iterator<Item = Row> {
    let rows = include_str!("openssl-paths.tsv").lines().filter(|row| !row.starts_with('#'));
    rows.map(|row| {
        let columns: Vec<_> = row.split('\t').collect();
        let ([target, circumstances, anchors, intermediates, expected]
        | [target, circumstances, anchors, intermediates, expected, _]) = columns[..]
        else {
            panic!("{row}")
        };
        Row { target, circumstances, anchors, intermediates, expected }
    })
}

/// Of the certificates that are no `.pem`.
const EXTENSIONS: [&str; 3] = [".crt", ".msb", ".utf8"];

/// The files a column names, all without `.pem`.
fn files(names: &str) -> impl Iterator<Item = String> {
    names.split(',').filter(|name| *name != "-").map(|name| {
        match EXTENSIONS.iter().any(|end| name.ends_with(end)) {
            true => name.to_owned(),
            false => format!("{name}.pem"),
        }
    })
}

/// RFC 9598, 6: constraints on rfc822Name hold for SmtpUTF8Mailbox, be its host ASCII or not.
#[test]
fn constraints_on_addresses_hold_for_internationalised_ones() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("openssl/recipes/25-test_eai_data");
    let files = |name: &str| read(&folder.join(format!("{name}.pem")));
    let mut left = files_in(&folder);
    for (target, chain, expected) in [
        ("ascii_leaf", "ascii_chain", "trusted"),
        ("utf8_leaf", "utf8_chain", "trusted"),
        ("utf8_leaf", "ascii_chain", "path/name-constraints"),
        ("ascii_leaf", "utf8_chain", "path/name-constraints"),
        // A root of version 1, which doesn't say that it is a CA.
        ("kdc-cert", "kdc-root-cert", "path/not-a-ca"),
    ] {
        for name in [target, chain] {
            left.remove(&format!("{name}.pem"));
        }
        let (target, chain) = (&files(target)[0], files(chain));
        let at = Time::from_secs(target.not_before().as_secs() + 1);
        assert_eq!(
            outcome(target, &chain, &[], at, Purpose::Any),
            expected,
            "{target:?} {chain:?}"
        );
        let limits = AnchorLimits { own_constraints: false, ..AnchorLimits::default() };
        let anchors = chain
            .into_iter()
            .map(|certificate| TrustAnchor { certificate, limits: limits.clone() });
        let pool = Pool::new(anchors, []);
        let request = Request::new(target, &pool, at, Purpose::Any);
        let is_trusted = check(&request, &mut Session::new(&Limits::default())).is_trusted();
        assert!(is_trusted, "name and key alone are what RFC 5280, 6.1.1 (d) takes of an anchor");
    }
    // What the names in them were made of.
    assert_eq!(left, BTreeSet::from(["san.ascii".to_owned(), "san.utf8".to_owned()]));
}

fn files_in(folder: &Path) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

fn outcome(
    target: &Certificate,
    anchors: &[Certificate],
    intermediates: &[Certificate],
    at: Time,
    purpose: Purpose,
) -> &'static str {
    let anchors = anchors.iter().cloned().map(TrustAnchor::from);
    let pool = Pool::new(anchors, intermediates.iter().cloned());
    let request = Request::new(target, &pool, at, purpose);
    let verdict = check(&request, &mut Session::new(&Limits::default()));
    verdict.problems.first().map_or("trusted", |problem| problem.code.as_str())
}
