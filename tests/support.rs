//! docs/SUPPORT.md says what the table of algorithms says (`src/crypto/algorithms.rs`).
//!
//! `WRITE_SUPPORT=1 cargo test --test support` writes the page anew.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::fmt::Write;
use std::path::Path;

use smime_wasm::crypto::algorithms::{Row, Section, Support, rows};

const INTRODUCTION: &str = "\
# Algorithms

What this package does with each algorithm it knows. The page is generated from
`src/crypto/algorithms.rs` by `WRITE_SUPPORT=1 cargo test --test support`; the same test fails where
the two differ.

| mark | meaning |
|---|---|
| **write** | We write it, by default or on request, and read it. |
| read | We read it and have nothing to say about it. |
| read as legacy | We read it because old mail uses it, and the result says so in its `problems`. A signature with it never counts as `verified`. |
| refuse | We do not use it; the last column says why. What needs it is answered with `unsupported/algorithm`, or with a problem that names it. |

Whatever is not on this page is refused in the same way.
";

#[test]
fn the_page_says_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/SUPPORT.md");
    let page = page();
    if std::env::var_os("WRITE_SUPPORT").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let hint = "run WRITE_SUPPORT=1 cargo test --test support";
    for (number, (written, expected)) in written.lines().zip(page.lines()).enumerate() {
        assert_eq!(written, expected, "docs/SUPPORT.md, line {}: {hint}", number + 1);
    }
    assert!(written == page, "docs/SUPPORT.md has another length: {hint}");
}

fn page() -> String {
    let rows: Vec<Row> = rows().collect();
    let mut page = INTRODUCTION.to_owned();
    for section in Section::ALL {
        let mut rows = rows.iter().filter(|row| row.section == section).peekable();
        if rows.peek().is_none() {
            continue;
        }
        writeln!(page, "\n## {}\n", section.title()).unwrap();
        page +=
            "| algorithm | identifier | parameters | support | remarks |\n|---|---|---|---|---|\n";
        for Row { name, oid, parameters, support, note, .. } in rows {
            let (support, remarks) = match support {
                Support::Write => ("**write**", note),
                Support::Read => ("read", note),
                Support::ReadLegacy => ("read as legacy", note),
                Support::Refuse(reason) => ("refuse", reason),
            };
            writeln!(page, "| {name} | {oid} | {parameters} | {support} | {remarks} |").unwrap();
        }
    }
    page
}
