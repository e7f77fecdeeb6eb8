//! `cases.tsv`: what is done with which file, and what is to come out of it. `left.tsv`: the cases that
//! come out otherwise, and why. tests/interop/conformance.test.mjs reads both too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use smime_wasm::bytes::hex;
use smime_wasm::crypto::Digester;
use smime_wasm::crypto::algorithms::DigestAlgorithm;
use smime_wasm::env::Time;

/// What came out, by name: text or bytes.
pub(crate) type Found = BTreeMap<&'static str, Vec<u8>>;

pub(crate) struct Case {
    /// The file, with `#` and a word where it has several cases.
    pub(crate) id: &'static str,
    pub(crate) verb: &'static str,
    arguments: Vec<&'static str>,
    expected: Vec<&'static str>,
}

impl Case {
    pub(crate) fn file(&self) -> &'static str {
        self.id.split('#').next().unwrap()
    }

    pub(crate) fn argument(&self, name: &str) -> Option<&'static str> {
        self.arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='))
    }

    /// The files an argument names.
    pub(crate) fn list(&self, name: &str) -> impl Iterator<Item = &'static str> {
        self.argument(name).into_iter().flat_map(|files| files.split(','))
    }

    /// The moment to answer for: a day's beginning.
    pub(crate) fn now(&self) -> Time {
        let at = self.argument("at").unwrap_or("2026-11-01");
        let time: der::DateTime = format!("{at}T00:00:00Z").parse().unwrap();
        Time::from_secs(time.unix_duration().as_secs() as i64)
    }

    /// What keeps the outcome from being the expected one, if anything does.
    pub(crate) fn difference(&self, found: &Found, vectors: &Path) -> Option<String> {
        let holds = |condition: &&&str| {
            let at = condition.find(['=', '!', '~']).unwrap();
            let (name, rest) = condition.split_at(at);
            let (operator, value) = rest.split_at(if rest.starts_with('!') { 2 } else { 1 });
            let value = match value.strip_prefix('@') {
                Some(file) => std::fs::read(vectors.join(file)).unwrap(),
                None => value.replace("\\r", "\r").replace("\\n", "\n").into_bytes(),
            };
            let hash;
            let found = match (name, found.get("content")) {
                ("sha256", Some(content)) => {
                    let digest = Digester::digest(DigestAlgorithm::Sha256, content);
                    hash = hex::encode(&digest).into_bytes();
                    Some(&hash)
                }
                _ => found.get(name),
            };
            match operator {
                "=" if value == b"any" => found.is_some(),
                "=" => found == Some(&value),
                "!=" => found != Some(&value),
                _ => found.is_some_and(|found| found.windows(value.len()).any(|w| w == value)),
            }
        };
        if let Some(error) = found.get("error").filter(|error| error.starts_with(b"internal/")) {
            return Some(String::from_utf8_lossy(error).into_owned());
        }
        let broken = self.expected.iter().find(|condition| !holds(condition))?;
        let found: Vec<_> = found
            .iter()
            .map(|(name, value)| {
                let value: String = String::from_utf8_lossy(value).chars().take(80).collect();
                format!("{name}={value}")
            })
            .collect();
        Some(format!("not {broken}, but {}", found.join("; ")))
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let split = |list: &'static str| list.split("; ").filter(|entry| !entry.is_empty()).collect();
    rows(include_str!("cases.tsv"))
        .map(|row| {
            let columns: Vec<_> = row.split('\t').collect();
            let [id, verb, arguments, expected, _reason] = columns[..] else { panic!("{row}") };
            Case { id, verb, arguments: split(arguments), expected: split(expected) }
        })
        .collect()
}

/// The ids of `left.tsv`.
pub(crate) fn left() -> BTreeSet<&'static str> {
    rows(include_str!("left.tsv")).map(|row| row.split_once('\t').unwrap().0).collect()
}

fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|row| !row.starts_with('#') && !row.is_empty())
}
