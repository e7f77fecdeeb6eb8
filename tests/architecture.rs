//! The order of the rooms (ARCHITECTURE.md) holds: who may use whom, who may ask the system for time
//! or randomness, who may name a primitive.
//!
//! The sources are read as words, without comments, literals and whatever is compiled for tests only.

#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// Every room and what its code may name of the crate besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    (
        "wasm",
        &[
            "mailer", "message", "store", "pkcs12", "cms", "path", "mime", "cert", "crypto",
            "asn1", "bytes", "env", "error", "limits",
        ],
    ),
    (
        "mailer",
        &[
            "message", "store", "pkcs12", "cms", "path", "mime", "cert", "crypto", "asn1", "bytes",
            "env", "error", "limits",
        ],
    ),
    (
        "message",
        &["cms", "path", "mime", "cert", "crypto", "asn1", "bytes", "env", "error", "limits"],
    ),
    ("store", &["cert", "crypto", "asn1", "bytes", "env", "error", "limits"]),
    ("pkcs12", &["cert", "crypto", "asn1", "bytes", "env", "error", "limits"]),
    ("cms", &["cert", "crypto", "asn1", "bytes", "env", "error", "limits"]),
    ("path", &["cert", "crypto", "asn1", "bytes", "env", "error", "limits"]),
    ("mime", &["bytes", "env", "error", "limits"]),
    ("cert", &["crypto", "asn1", "bytes", "env", "error", "limits"]),
    ("crypto", &["asn1", "bytes", "env", "error", "limits"]),
    ("asn1", &["env", "error", "limits"]),
    ("bytes", &["env", "error", "limits"]),
    ("env", &["error", "limits"]),
    ("error", &["env", "limits"]),
    ("limits", &["error"]),
];

/// The files that list the rooms of a crate.
const CRATES: &[&str] = &["core", "lib"];

/// Only `crypto` names these crates.
const PRIMITIVES: &[&str] = &[
    "aes",
    "aes_gcm",
    "argon2",
    "cbc",
    "ccm",
    "chacha20poly1305",
    "des",
    "hmac",
    "md5",
    "pbkdf2",
    "rc2",
    "rsa",
    "sha1",
    "sha2",
];

/// Only `wasm` asks the system: below it the world is `Env`.
const SYSTEM: &[&str] = &["getrandom", "SystemTime", "Instant"];

#[test]
fn no_room_uses_one_above_it() {
    let mut broken = Vec::new();
    for file in sources() {
        broken.extend(violations(&file.path, &file.text));
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_room_has_its_place() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for file in sources() {
        let room = room_of(&file.path);
        if CRATES.contains(&room) {
            continue;
        }
        assert!(may_use(room).is_some(), "{}: room `{room}` has no row in ROOMS", file.path);
        let row = page.lines().find(|line| line.starts_with('|') && names(line, room));
        assert!(row.is_some(), "ARCHITECTURE.md has no row for room `{room}`");
    }

    fn names(row: &str, room: &str) -> bool {
        let first = row.split('|').nth(1).unwrap_or_default();
        first.contains(&format!("`{room}/`")) || first.contains(&format!("`{room}.rs`"))
    }
}

#[test]
fn the_check_finds_what_it_is_for() {
    let finds = |path: &str, text: &str| violations(path, text);
    let rule = |path: &str, text: &str| assert_eq!(finds(path, text).len(), 1, "{path}: {text}");
    rule("src/cms/x.rs", "use crate::message::Sign;");
    rule("src/cms/x.rs", "use crate::{cert::Certificate, mime::{Entity, Header}};");
    rule("src/cms/x.rs", "fn f() { crate::path::check() }");
    rule("src/store/mod.rs", "use super::pkcs12::import;");
    rule("src/mime/x.rs", "use crate::asn1::Reader;");
    rule("src/mime/x.rs", "let time = std::time::SystemTime::now();");
    rule("src/env.rs", "use std::time::Instant;");
    rule("src/cms/x.rs", "use rsa::RsaPublicKey;");
    rule("src/cms/x.rs", "fn f() { let a = sha2::Sha256::digest(b\"\\\"\"); }");
    rule("src/cms/x.rs", "#[cfg(not(test))] use crate::message::Sign;");

    let allows = |path: &str, text: &str| assert_eq!(finds(path, text), [""; 0], "{path}: {text}");
    allows("src/cms/x.rs", "// use crate::message;\n/* crate::mime /* nested */ crate::mime */");
    allows("src/cms/x.rs", "let a = (\"crate::mime\", r#\"\"crate::mime\"#, '\"', b'\\'', 'c');");
    allows("src/cms/x.rs", "fn f<'a>(x: &'a u8) {} use crate::cms::y; use super::z;");
    allows("src/cms/x.rs", "#[cfg(test)] mod tests { use crate::message::Sign; fn f() {} }");
    allows("src/cms/x.rs", "#[cfg(test)]\n#[allow(unused)]\nuse crate::{message::Sign};");
    allows("src/cms/x.rs", "use crate::crypto::{digest, rsa}; fn f() { rsa::verify() }");
    allows("src/crypto/x.rs", "use rsa::RsaPublicKey;");
    allows("src/wasm/x.rs", "getrandom::fill(&mut seed);");
}

#[test]
fn a_violation_is_told_with_its_line() {
    let told =
        violations("src/cms/x.rs", "\n/*\n*/\nuse crate::error::Error;\nuse crate::mime::A;");
    assert_eq!(told, ["src/cms/x.rs:5: `cms` may not use `mime`"]);
}

struct Source {
    /// From the root of the checkout, with slashes.
    path: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let only_tests = path.file_stem().is_some_and(|stem| stem == "tests");
            if only_tests {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
                sources.push(Source { path, text });
            }
        }
    }
    assert!(!sources.is_empty());
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// `src/cms/open.rs` is in room `cms`, `src/env.rs` is room `env`.
fn room_of(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap();
    inside.split('/').next().unwrap().trim_end_matches(".rs")
}

fn may_use(room: &str) -> Option<&'static [&'static str]> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, below)| *below)
}

/// The broken rules in one file, each with its line.
fn violations(path: &str, text: &str) -> Vec<String> {
    let room = room_of(path);
    let words = without_tests(words(text));
    let mut told = Vec::new();
    let mut tell = |line: usize, rule: String| told.push(format!("{path}:{line}: {rule}"));

    if let Some(below) = may_use(room) {
        for used in rooms_used(&words) {
            let known = may_use(used.text).is_some();
            if known && used.text != room && !below.contains(&used.text) {
                tell(used.line, format!("`{room}` may not use `{}`", used.text));
            }
        }
    }
    if room != "wasm" {
        for word in words.iter().filter(|word| SYSTEM.contains(&word.text)) {
            tell(word.line, format!("only `wasm` may use `{}`: ask Env", word.text));
        }
    }
    if room != "crypto" {
        let ours = imported_from_here(&words);
        for (i, word) in words.iter().enumerate() {
            let starts_path = at(&words, i + 1) == "::" && (i == 0 || at(&words, i - 1) != "::");
            if starts_path && PRIMITIVES.contains(&word.text) && !ours.contains(&word.text) {
                tell(word.line, format!("only `crypto` may name the crate `{}`", word.text));
            }
        }
    }
    told
}

/// The first names after `crate::` and `super::`, also those of a group in braces. A `super::` that
/// stays in the room names no room, or is allowed to.
fn rooms_used<'a>(words: &[Word<'a>]) -> Vec<Word<'a>> {
    let mut used = Vec::new();
    for (i, word) in words.iter().enumerate() {
        if !["crate", "super"].contains(&word.text) || at(words, i + 1) != "::" {
            continue;
        }
        if at(words, i + 2) != "{" {
            used.extend(words.get(i + 2));
            continue;
        }
        let mut depth = 0;
        for j in i + 2..words.len() {
            match at(words, j) {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if depth == 1 && ["{", ","].contains(&at(words, j)) {
                used.extend(words.get(j + 1));
            }
        }
    }
    used
}

/// Names that `use crate…`, `use super…`, `use self…` and `mod` bring into scope.
fn imported_from_here<'a>(words: &[Word<'a>]) -> Vec<&'a str> {
    let mut names = Vec::new();
    for i in 0..words.len() {
        let ours = ["crate", "super", "self"].contains(&at(words, i + 1));
        if at(words, i) == "mod" || (at(words, i) == "use" && ours) {
            let end = if at(words, i) == "mod" { ["{", ";"] } else { [";"; 2] };
            let statement = words.iter().skip(i).map(|word| word.text);
            names.extend(statement.take_while(|text| !end.contains(text)));
        }
    }
    names
}

fn at<'a>(words: &[Word<'a>], i: usize) -> &'a str {
    words.get(i).map_or("", |word| word.text)
}

/// An identifier, `::`, or one other character.
#[derive(Clone, Copy, Debug)]
struct Word<'a> {
    text: &'a str,
    line: usize,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (len, keep) = match first {
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), false),
            '/' if rest.starts_with("/*") => (comment_len(rest), false),
            '"' => (string_len(rest), false),
            '\'' => (quote_len(rest), false),
            ':' if rest.starts_with("::") => (2, true),
            'r' | 'b' if literal_prefix(rest) > 0 => (literal_prefix(rest), false),
            c if c.is_alphanumeric() || c == '_' => {
                (rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()), true)
            }
            c => (c.len_utf8(), !c.is_whitespace()),
        };
        let (word, after) = rest.split_at(len);
        if keep {
            words.push(Word { text: word, line });
        }
        line += word.matches('\n').count();
        rest = after;
    }
    words
}

/// Block comments nest.
fn comment_len(text: &str) -> usize {
    let mut depth = 0;
    let mut i = 0;
    while i < text.len() {
        match &text.as_bytes()[i..] {
            [b'/', b'*', ..] => (depth, i) = (depth + 1, i + 2),
            [b'*', b'/', ..] => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    text.len()
}

fn string_len(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|b| {
        let ends = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

/// A character literal, or the quote of a lifetime.
fn quote_len(text: &str) -> usize {
    let inside = &text[1..];
    if inside.starts_with('\\') {
        return inside[2..].find('\'').map_or(text.len(), |end| end + 4);
    }
    let width = inside.chars().next().map_or(0, char::len_utf8);
    if inside[width..].starts_with('\'') { width + 2 } else { 1 }
}

/// The length of a literal that starts with `r`, `b` or `br`; 0 if none does here.
fn literal_prefix(text: &str) -> usize {
    let prefix = text.find(|c| !['r', 'b'].contains(&c)).unwrap_or(text.len());
    let (prefix, rest) = text.split_at(prefix);
    match prefix {
        "b" if rest.starts_with('"') => 1 + string_len(rest),
        "b" if rest.starts_with('\'') => 1 + quote_len(rest),
        "r" | "br" => {
            let hashes = rest.bytes().take_while(|b| *b == b'#').count();
            let end = format!("\"{}", "#".repeat(hashes));
            let Some(body) = rest[hashes..].strip_prefix('"') else { return 0 };
            let body_len = body.find(&end).map_or(body.len(), |at| at + end.len());
            prefix.len() + hashes + 1 + body_len
        }
        _ => 0,
    }
}

/// Leaves out every item under `#[cfg(test)]` or `#[cfg(all(test, …))]`.
fn without_tests(words: Vec<Word<'_>>) -> Vec<Word<'_>> {
    let mut kept = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let end = attribute_end(&words, i);
        let attribute: Vec<&str> = (i..end).map(|j| at(&words, j)).collect();
        let for_tests = attribute.get(2) == Some(&"cfg")
            && attribute.contains(&"test")
            && !attribute.contains(&"not");
        if for_tests {
            i = item_end(&words, end);
        } else {
            kept.push(words[i]);
            i += 1;
        }
    }
    kept
}

/// The index after the attribute that starts at `i`, or `i` if none does.
fn attribute_end(words: &[Word<'_>], i: usize) -> usize {
    if at(words, i) != "#" || at(words, i + 1) != "[" {
        return i;
    }
    let mut depth = 0;
    for j in i + 1..words.len() {
        match at(words, j) {
            "[" => depth += 1,
            "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return j + 1;
        }
    }
    words.len()
}

/// The index after the item that starts at `i`, with its further attributes.
fn item_end(words: &[Word<'_>], mut i: usize) -> usize {
    while attribute_end(words, i) > i {
        i = attribute_end(words, i);
    }
    let mut depth = 0;
    for j in i..words.len() {
        match at(words, j) {
            "{" | "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return j + 1;
                }
            }
            ";" if depth == 0 => return j + 1,
            _ => {}
        }
    }
    words.len()
}
