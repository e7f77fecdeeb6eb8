//! PFX files of other projects, from the folder SMIME_VECTORS names. `conformance/p12.tsv` says what
//! each of them gives; a file that is not listed fails the test.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::path::Path;

use smime_wasm::env::{Env, Time, block_on};
use smime_wasm::limits::Limits;
use smime_wasm::pkcs12::{Password, import};

#[test]
fn files_of_other_projects_open_or_fail_as_listed() {
    let Ok(vectors) = std::env::var("SMIME_VECTORS") else {
        println!("skipped: SMIME_VECTORS is not set");
        return;
    };
    let vectors = Path::new(&vectors);
    let mut listed = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in include_str!("conformance/p12.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let file = columns.next().unwrap();
        let (password, expected) = (columns.next().unwrap(), columns.next().unwrap());
        let found = outcome(&std::fs::read(vectors.join(file)).unwrap(), password);
        if found != expected {
            wrong.push(format!("{file}: {found} instead of {expected}"));
        }
        listed.insert(vectors.join(file));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let mut present = BTreeSet::new();
    find(vectors, &mut present);
    assert_eq!(present.difference(&listed).count(), 0, "{:?}", present.difference(&listed));
}

/// Another password opens none of them, and what is damaged stays so.
#[test]
fn a_wrong_password_opens_nothing() {
    let Ok(vectors) = std::env::var("SMIME_VECTORS") else {
        println!("skipped: SMIME_VECTORS is not set");
        return;
    };
    let mut wrong = 0;
    for line in include_str!("conformance/p12.tsv").lines().filter(|line| !line.starts_with('#')) {
        let file = line.split('\t').next().unwrap();
        let data = std::fs::read(Path::new(&vectors).join(file)).unwrap();
        match outcome(&data, "no password of any of these").as_str() {
            "p12/wrong-password" => wrong += 1,
            "malformed/p12" | "unsupported/algorithm" | "unsupported/structure" => {}
            found => panic!("{file}: {found}"),
        }
    }
    assert!(wrong > 50, "{wrong}");
}

/// The number of identities, or the code of the error.
fn outcome(data: &[u8], password: &str) -> String {
    let mut env = Env::new(Time::from_secs(0), &[7; 32], Limits::default());
    match block_on(import(&mut env, data, &Password::new(password))) {
        Ok(imported) => {
            for identity in &imported.identities {
                assert!(identity.key().belongs_to(identity.certificate().public_key()));
            }
            imported.identities.len().to_string()
        }
        Err(error) => error.code().to_owned(),
    }
}

fn find(folder: &Path, found: &mut BTreeSet<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            find(&path, found);
        } else if matches!(extension, Some("p12" | "pfx" | "pk12")) {
            found.insert(path);
        }
    }
}
