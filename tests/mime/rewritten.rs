//! Several changes at once, and what real software does that writes mails anew.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use smime_wasm::bytes::base64;
use smime_wasm::env::block_on;
use smime_wasm::message::{Status, verify};

use crate::common::{env, openssl_sign, vectors, verify_options};
use crate::diagnosis::{
    MIXED, TEXT, body, changed, diagnosed, diagnoses, in_7_bits, opened, replaced,
};

const FOOTER: &str = "____________\r\nTea mailing list\r\nhttps://lists.example.net/tea\r\n";

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
    <html><head><title>Tea</title></head>\r\n<body lang=\"de\"><p>Gr\u{fc}\u{df}e</p>\r\n\
    <p>Alice</p></body></html>\r\n";

const TABBED: &str = "Content-Type: text/plain; charset=us-ascii\r\n\r\n\
    Scones\t3 trays\r\nMilk and sugar\t1 jug\r\n\tSum:\t4\r\n";

const TABBED_IN_7_BITS: &str = "Content-Type: text/plain; charset=us-ascii\r\n\
    Content-Transfer-Encoding: 7bit\r\n\r\nSum:\t4\r\n";

const OUTLOOK: &str = "Content-Type: multipart/mixed;\r\n\tboundary=\"o\"\r\n\r\n--o\r\n\
    Content-Type: text/plain;\r\n\tcharset=\"iso-8859-1\"\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\
    Tea?\r\n--o\r\nContent-Type: text/csv;\r\n\tname=\"tea.csv\"\r\n\
    Content-Transfer-Encoding: 7bit\r\nContent-Disposition: attachment;\r\n\tfilename=\"tea.csv\"\r\n\r\n\
    pots,3\r\n--o--\r\n";

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap()).collect()
}

/// Each change of what is in the list, in turn.
type Changes<'a> = Vec<Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>>;

#[test]
fn changes_of_one_kind_or_two_are_each_named() {
    fn footed(c: &[u8]) -> Vec<u8> {
        [c, FOOTER.as_bytes()].concat()
    }
    let in_base64 = |text: &str| {
        let encoded = String::from_utf8(base64::encode(text.as_bytes())).unwrap();
        let encoded = encoded.replace(char::is_whitespace, "");
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let header = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64";
        format!("{header}\r\n\r\n{}\r\n", lines.join("\r\n"))
    };
    let encoded = in_base64(body(TEXT));
    let encoded_with_footer = in_base64(&format!("{}{FOOTER}", body(TEXT)));
    let expanded = |width: usize| {
        let mut text = String::new();
        let (mut column, mut is_body) = (0, false);
        for character in TABBED.chars() {
            is_body |= text.ends_with("\r\n\r\n");
            match character {
                '\t' if is_body => {
                    let blanks = width - column % width;
                    text += &" ".repeat(blanks);
                    column += blanks;
                }
                '\n' => {
                    text.push(character);
                    column = 0;
                }
                _ => {
                    text.push(character);
                    column += 1;
                }
            }
        }
        text.into_bytes()
    };
    let html_footer = "<hr>\r\n<p>Tea mailing list</p>\r\n";
    let cases: Vec<(&str, &str, Changes<'_>, &[&str])> = vec![
        (
            "a footer, then quoted-printable",
            TEXT,
            vec![
                Box::new(footed),
                Box::new(|c| in_7_bits(c, &format!("{}{FOOTER}", body(TEXT)), false)),
            ],
            &["footer", "transfer-encoding"],
        ),
        (
            "quoted-printable, then a footer",
            TEXT,
            vec![Box::new(|c| in_7_bits(c, body(TEXT), false)), Box::new(footed)],
            &["footer", "transfer-encoding"],
        ),
        (
            "quotes and a footer",
            TEXT,
            vec![Box::new(footed), Box::new(|c| replaced(c, "=utf-8", "=\"utf-8\""))],
            &["footer", "header"],
        ),
        (
            "folds and a part",
            MIXED,
            vec![
                Box::new(|c| replaced(c, "\r\n\tname", "\r\n name")),
                Box::new(|c| {
                    let part = "--b\r\nContent-Type: text/plain\r\n\r\nNo virus found.\r\n--b--";
                    replaced(c, "--b--", part)
                }),
            ],
            &["footer", "header"],
        ),
        (
            "From and a footer",
            TEXT,
            vec![Box::new(|c| replaced(c, "\r\nFrom ", "\r\n>From ")), Box::new(footed)],
            &["footer", "line-starts"],
        ),
        (
            "HTML",
            HTML,
            vec![Box::new(|c| replaced(c, "</body>", &format!("{html_footer}</body>")))],
            &["footer"],
        ),
        (
            "HTML, with the line before it",
            HTML,
            vec![Box::new(|c| replaced(c, "</body>", "\r\n<i>Scanned.</i></body>"))],
            &["footer"],
        ),
        (
            "HTML, at the beginning",
            HTML,
            vec![Box::new(|c| {
                replaced(c, "<p>Gr", "<table><tr><td>CAUTION</td></tr></table><p>Gr")
            })],
            &["footer"],
        ),
        (
            "HTML and quoted-printable",
            HTML,
            vec![
                Box::new(|c| replaced(c, "</body>", &format!("{html_footer}</body>"))),
                Box::new(|c| {
                    let now = String::from_utf8(c.to_vec()).unwrap();
                    in_7_bits(c, body(&now), false)
                }),
            ],
            &["footer", "transfer-encoding"],
        ),
        (
            "a footer below base64",
            &encoded,
            vec![Box::new(|_| encoded_with_footer.clone().into_bytes())],
            &["footer"],
        ),
        ("tabs of 8", TABBED, vec![Box::new(|_| expanded(8))], &["white-space"]),
        ("tabs of 4", TABBED, vec![Box::new(|_| expanded(4))], &["white-space"]),
        ("a word", TEXT, vec![Box::new(|c| replaced(c, "=utf-8", "=UTF-8"))], &["charset"]),
        (
            "another word, in quotes",
            TABBED,
            vec![Box::new(|c| replaced(c, "=us-ascii", "=\"utf-8\""))],
            &["charset", "header"],
        ),
        (
            "Latin-1",
            TEXT,
            vec![Box::new(|c| {
                let text = std::str::from_utf8(c).unwrap().replace("utf-8", "iso-8859-1");
                latin(&text)
            })],
            &["charset"],
        ),
        (
            "Latin-1 in quoted-printable",
            TEXT,
            vec![Box::new(|c| {
                let text = std::str::from_utf8(c).unwrap();
                let text = text.replace("utf-8", "iso-8859-1").replace("8bit", "quoted-printable");
                let text = text.replace("= Col", "=3D Col").replace("-- ", "--=20");
                text.replace('\u{fc}', "=FC")
                    .replace('\u{df}', "=DF")
                    .replace('\u{f6}', "=F6")
                    .into_bytes()
            })],
            &["charset", "transfer-encoding"],
        ),
        (
            "long lines",
            TABBED_IN_7_BITS,
            vec![Box::new(|c| {
                let c = replaced(c, "7bit", "quoted-printable");
                replaced(&c, "Sum:", "=53um:")
            })],
            &["transfer-encoding"],
        ),
        (
            "quoted-printable of what said nothing, and a footer",
            TABBED,
            vec![Box::new(|c| {
                let field = "us-ascii\r\nContent-Transfer-Encoding: quoted-printable\r\n";
                let c = replaced(c, "us-ascii\r\n", field);
                let c = replaced(&c, "Sum:", "=53um:");
                [&c, FOOTER.as_bytes()].concat()
            })],
            &["footer", "transfer-encoding"],
        ),
        (
            "one line for each field",
            OUTLOOK,
            vec![Box::new(|c| replaced(c, ";\r\n\t", "; "))],
            &["header"],
        ),
        (
            "without quotes",
            OUTLOOK,
            vec![Box::new(|c| replaced(c, "\"iso-8859-1\"", "iso-8859-1"))],
            &["header"],
        ),
        (
            "the encoding last",
            OUTLOOK,
            vec![Box::new(|c| {
                let (encoding, disposition) = (
                    "Content-Transfer-Encoding: 7bit\r\n",
                    "Content-Disposition: attachment;\r\n\tfilename=\"tea.csv\"\r\n",
                );
                let (before, after) =
                    (format!("{encoding}{disposition}"), format!("{disposition}{encoding}"));
                replaced(c, &before, &after)
            })],
            &["header"],
        ),
        (
            "MIME-Version",
            TEXT,
            vec![Box::new(|c| [b"MIME-Version: 1.0\r\n", c].concat())],
            &["header"],
        ),
    ];
    for (name, content, changes, expected) in cases {
        let message = changed(content, |content| {
            changes.iter().fold(content.to_vec(), |content, change| change(&content))
        });
        let expected: Vec<String> =
            expected.iter().map(|told| format!("{told} isCertain=true")).collect();
        assert_eq!(diagnosed(&message), (Status::Failed, expected.clone()), "{name}");
        assert_eq!(opened(&message), (Some(Status::Failed), expected), "{name}");
    }
}

#[test]
fn what_was_written_beside_a_footer_has_no_excuse() {
    for (old, new) in [("train", "plane"), ("Alice", "Malice"), ("K\u{f6}ln", "Bonn")] {
        let message = changed(TEXT, |content| {
            let content = replaced(content, old, new);
            let text = format!("{}{FOOTER}", body(TEXT).replace(old, new));
            in_7_bits(&[&content, FOOTER.as_bytes()].concat(), &text, false)
        });
        assert_eq!(diagnosed(&message), (Status::Failed, vec![]), "{new}");
    }
    let message = changed(HTML, |content| {
        let content = replaced(content, "<p>Alice", "<p>Malice");
        replaced(&content, "</body>", "<p>Tea mailing list</p></body>")
    });
    assert_eq!(diagnosed(&message), (Status::Failed, vec![]));
}

/// What `tests/support/rewrite.py` makes of a message; `None` where that can't run.
fn rewritten(how: &str, message: &[u8]) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = folder.join("target/peers/python/bin/python");
    let python = if own.exists() { own } else { PathBuf::from("python3") };
    let mut command = Command::new(python);
    command.arg("-B").arg(folder.join("tests/support/rewrite.py")).arg(how);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("skipped: python3 is not installed");
        return None;
    };
    child.stdin.take().unwrap().write_all(message).unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    if complaint.contains("No module named 'mailman'") {
        println!("skipped: Mailman is not installed");
        return None;
    }
    assert!(output.status.success(), "{complaint}");
    Some(output.stdout)
}

#[test]
fn what_python_writes_anew_as_text_is_named() {
    let quotes = ["header isCertain=true", "transfer-encoding isCertain=true"];
    let latin_1 = TEXT.replace("utf-8", "iso-8859-1");
    for (name, content) in [
        ("utf-8", TEXT.as_bytes().to_vec()),
        ("HTML", HTML.as_bytes().to_vec()),
        ("inside", MIXED.as_bytes().to_vec()),
        ("iso-8859-1", latin(&latin_1)),
    ] {
        let message = openssl_sign(&[], &content);
        // As octets it comes through.
        let Some(octets) = rewritten("bytes", &message) else { return };
        assert_eq!(diagnosed(&octets), (Status::Verified, vec![]), "{name}");
        let text = rewritten("text", &message).unwrap();
        let told: Vec<String> = quotes.map(str::to_owned).into();
        assert_eq!(diagnosed(&text), (Status::Failed, told), "{name}");
    }
}

#[test]
fn what_mailman_3_decorates_is_named() {
    let intact = "wrapped isEncrypted=false isIntact=true signer=alice@example.com isAuthor=true";
    let message = openssl_sign(&[], TEXT.as_bytes());
    let Some(decorated) = rewritten("mailman", &message) else { return };
    assert_eq!(diagnosed(&decorated), (Status::Unsigned, vec![intact.to_owned()]));
    let message = rewritten("text", &message).unwrap();
    let decorated = rewritten("mailman", &message).unwrap();
    let told = [
        "wrapped isEncrypted=false isIntact=false",
        "header isCertain=true",
        "transfer-encoding isCertain=true",
    ];
    let told: Vec<String> = told.map(str::to_owned).into();
    assert_eq!(diagnosed(&decorated), (Status::Unsigned, told));
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn mails_that_nobody_has_changed_on_their_way_are_given_no_cause() {
    let Some(vectors) = vectors() else { return };
    let mut told = Vec::new();
    let mut failed = 0;
    for path in files(&vectors) {
        let data = std::fs::read(&path).unwrap();
        let Ok(result) = block_on(verify(&mut env(2), verify_options(&data, &[]))) else {
            continue;
        };
        failed += usize::from(result.status == Status::Failed);
        let causes = diagnoses(&result.problems);
        // NSS's script signs encrypted mail with LF, and writes it down with CRLF.
        let name = path.file_name().unwrap().to_string_lossy();
        let is_rewritten = name.starts_with("alice.env.dsig.") && name.ends_with(".multipart.eml");
        let expected: &[&str] = if is_rewritten { &["line-ends isCertain=true"] } else { &[] };
        if causes != expected {
            told.push((path, causes));
        }
    }
    assert!(failed > 20, "{failed}");
    assert!(told.is_empty(), "{told:#?}");
}
