//! Why a signed mail broke, told of mails that OpenSSL signed and that were then changed as mailing lists,
//! mail servers and gateways change them.

use smime_wasm::bytes::base64;
use smime_wasm::env::block_on;
use smime_wasm::error::{Detail, Problem};
use smime_wasm::message::{OpenOptions, Openers, Status, VerifyOptions, open, verify};

use crate::common::{Pki, env, openssl, openssl_sign, verify_options};
use crate::relay::RELAYS;

pub(crate) const TEXT: &str = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
    Gr\u{fc}\u{df}e aus K\u{f6}ln = Cologne,\r\nFrom here on it goes by train.\r\n-- \r\nAlice\r\n";

pub(crate) const MIXED: &str = "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
    --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
    Gr\u{fc}\u{df}e\r\nAlice\r\n--b\r\nContent-Type: application/octet-stream;\r\n\tname=a.bin\r\n\
    Content-Transfer-Encoding: base64\r\n\r\n\
    QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\r\nQUFB\r\n--b--\r\n";

const FLOWED: &str = "Content-Type: text/plain; format=flowed\r\n\r\nThis is a line of a paragraph that \
    goes on and on until its end is \r\nreached, and the next one begins.\r\n";

/// Signed by alice with OpenSSL; then `change` is made to what was signed.
pub(crate) fn changed(content: &str, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let message = openssl_sign(&[], content.as_bytes());
    let content = content.as_bytes();
    let start = message.windows(content.len()).position(|window| window == content).unwrap();
    [&message[..start], &change(content), &message[start + content.len()..]].concat()
}

/// The status, and what is told of why, with its details.
pub(crate) fn diagnosed(message: &[u8]) -> (Status, Vec<String>) {
    let anchors = [Pki::get().anchor()];
    let result = block_on(verify(&mut env(2), verify_options(message, &anchors))).unwrap();
    (result.status, diagnoses(&result.problems))
}

/// The same by the walk through the layers: the layers' problems, and those of the whole.
pub(crate) fn opened(message: &[u8]) -> (Option<Status>, Vec<String>) {
    let anchors = [Pki::get().anchor()];
    let identities = [Pki::get().identity("bob")];
    let options = OpenOptions {
        openers: Openers { identities: &identities, passwords: &[], keys: &[] },
        verify: VerifyOptions { trust_anchors: Some(&anchors), ..VerifyOptions::new(&[]) },
        may_fetch_unprotected: false,
    };
    let opened = block_on(open(&mut env(2), message.to_vec(), options)).unwrap();
    let mut problems = opened.problems;
    for layer in opened.layers {
        if let smime_wasm::message::OpenedLayer::Signed { problems: more, .. } = layer {
            problems.extend(more);
        }
    }
    (opened.status, diagnoses(&problems))
}

pub(crate) fn diagnoses(problems: &[Problem]) -> Vec<String> {
    let told = problems.iter().filter_map(|problem| {
        let mut line = problem.code.as_str().strip_prefix("diagnosis/")?.to_owned();
        for (name, detail) in &problem.details {
            line += &match detail {
                Detail::Flag(flag) => format!(" {name}={flag}"),
                Detail::Text(text) => format!(" {name}={text}"),
                Detail::List(list) => format!(" {name}={}", list.join("+")),
                _ => panic!("{detail:?}"),
            };
        }
        Some(line)
    });
    told.collect()
}

pub(crate) fn replaced(content: &[u8], old: &str, new: &str) -> Vec<u8> {
    let text = std::str::from_utf8(content).unwrap();
    assert!(text.contains(old), "{old}");
    text.replace(old, new).into_bytes()
}

/// RFC 2045, 6.7, as relays write it: soft line breaks at 76, and whatever is no printable ASCII escaped.
fn quoted_printable(text: &str) -> String {
    let mut output = String::new();
    for line in text.split_inclusive("\r\n") {
        let (line, end) = line.strip_suffix("\r\n").map_or((line, ""), |line| (line, "\r\n"));
        let mut column = 0;
        for (at, &octet) in line.as_bytes().iter().enumerate() {
            let is_last = at + 1 == line.len();
            let is_safe = matches!(octet, b'!'..=b'<' | b'>'..=b'~') || (octet == b' ' && !is_last);
            let piece =
                if is_safe { char::from(octet).to_string() } else { format!("={octet:02X}") };
            if column + piece.len() > 75 {
                output += "=\r\n";
                column = 0;
            }
            column += piece.len();
            output += &piece;
        }
        output += end;
    }
    output
}

/// What a relay makes of a body in 8 bits whose next hop knows 7 only (RFC 6152).
pub(crate) fn in_7_bits(content: &[u8], body: &str, is_base64: bool) -> Vec<u8> {
    let (name, encoded) = match is_base64 {
        true => ("base64", String::from_utf8(base64::encode(body.as_bytes())).unwrap()),
        false => ("quoted-printable", quoted_printable(body)),
    };
    let content = replaced(content, body, &encoded);
    let text = String::from_utf8(content).unwrap();
    // The multipart around it says 7bit from now on.
    match text.starts_with("Content-Type: multipart/") {
        true => text.replacen("8bit", "7bit", 1).replacen("8bit", name, 1).into_bytes(),
        false => text.replacen("8bit", name, 1).into_bytes(),
    }
}

pub(crate) fn body(content: &str) -> &str {
    content.split_once("\r\n\r\n").unwrap().1
}

fn relay(name: &str, message: &[u8]) -> Vec<u8> {
    RELAYS.iter().find(|(found, _)| *found == name).unwrap().1(message)
}

#[test]
fn a_change_that_can_be_taken_back_is_named_and_lifts_no_status() {
    let base64_text = format!(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        "R3LDvMOfZQ==\r\n"
    );
    let lf = TEXT.replace("\r\n", "\n");
    let tagged = format!("Subject: [list] Tea\r\n{TEXT}");
    let untagged = format!("Subject: Tea\r\n{TEXT}");
    let footer = "_______________________________________________\r\nTea mailing list\r\n\
                  https://lists.example.net/tea\r\n";
    type Change<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;
    let cases: Vec<(&str, &str, Change<'_>, &str)> = vec![
        (
            "quoted-printable",
            TEXT,
            Box::new(|c| in_7_bits(c, body(TEXT), false)),
            "transfer-encoding",
        ),
        ("base64", TEXT, Box::new(|c| in_7_bits(c, body(TEXT), true)), "transfer-encoding"),
        (
            "quoted-printable inside",
            MIXED,
            Box::new(|c| in_7_bits(c, "Gr\u{fc}\u{df}e\r\nAlice", false)),
            "transfer-encoding",
        ),
        (
            "8 bits for base64",
            &base64_text,
            Box::new(|c| {
                let c = replaced(c, "R3LDvMOfZQ==\r\n", "Gr\u{fc}\u{df}e");
                replaced(&c, "base64", "8bit")
            }),
            "transfer-encoding",
        ),
        (
            "lines of base64",
            MIXED,
            Box::new(|c| replaced(c, "QUFB\r\nQUFB\r\n", "QUFBQUFB\r\n")),
            "transfer-encoding",
        ),
        ("LF to CRLF", &lf, Box::new(|c| replaced(c, "\n", "\r\n")), "line-ends"),
        ("CR CR LF", TEXT, Box::new(|c| replaced(c, "\r\n", "\r\r\n")), "line-ends"),
        ("CR", TEXT, Box::new(|c| replaced(c, "train.\r\n", "train.\r")), "line-ends"),
        ("From", TEXT, Box::new(|c| relay("escapes From", c)), "line-starts"),
        ("dots", "A: b\r\n\r\n.x\r\n", Box::new(|c| replaced(c, ".x", "..x")), "line-starts"),
        (
            "footer line",
            TEXT,
            Box::new(|c| relay("takes white space off the ends of lines", c)),
            "white-space",
        ),
        ("blanks", TEXT, Box::new(|c| replaced(c, "Alice\r\n", "Alice  \r\n")), "white-space"),
        (
            "blank line",
            TEXT,
            Box::new(|c| replaced(c, "Alice\r\n", "Alice\r\n\r\n")),
            "white-space",
        ),
        ("no last line end", TEXT, Box::new(|c| replaced(c, "Alice\r\n", "Alice")), "white-space"),
        ("tab", MIXED, Box::new(|c| replaced(c, "\r\n\tname", "\r\n name")), "header"),
        ("fold", TEXT, Box::new(|c| replaced(c, "; charset", ";\r\n charset")), "header"),
        ("quotes", MIXED, Box::new(|c| replaced(c, "boundary=b", "boundary=\"b\"")), "header"),
        ("boundary", MIXED, Box::new(|c| replaced(c, "boundary=b", "boundary=c")), "header"),
        ("tag", &untagged, Box::new(|_| tagged.clone().into_bytes()), "header"),
        (
            "note",
            TEXT,
            Box::new(|c| [b"X-Content-Filtered-By: Mailman 2.1\r\n", c].concat()),
            "header",
        ),
        ("footer", TEXT, Box::new(|c| [c, footer.as_bytes()].concat()), "footer"),
        (
            "footer inside",
            MIXED,
            Box::new(|c| replaced(c, "Alice\r\n", &format!("Alice\r\n{footer}"))),
            "footer",
        ),
        (
            "banner",
            TEXT,
            Box::new(|c| {
                replaced(c, "Gr\u{fc}", "CAUTION: This came from outside.\r\n\r\nGr\u{fc}")
            }),
            "footer",
        ),
        (
            "part",
            MIXED,
            Box::new(|c| {
                let part = "--b\r\nContent-Type: text/plain\r\n\r\nNo virus found.\r\n--b--";
                replaced(c, "--b--", part)
            }),
            "footer",
        ),
        (
            "around",
            TEXT,
            Box::new(|c| {
                let start = b"Content-Type: multipart/mixed; boundary=f\r\n\r\n--f\r\n";
                let end = b"\r\n--f\r\nContent-Type: text/plain\r\n\r\nDisclaimer.\r\n--f--\r\n";
                [&start[..], c, end].concat()
            }),
            "footer",
        ),
    ];
    for (name, content, change, expected) in cases {
        let message = changed(content, change);
        let expected = vec![format!("{expected} isCertain=true")];
        assert_eq!(diagnosed(&message), (Status::Failed, expected.clone()), "{name}");
        assert_eq!(opened(&message), (Some(Status::Failed), expected), "{name}");
    }
}

#[test]
fn another_text_has_no_excuse() {
    let message = changed(TEXT, |content| replaced(content, "train", "plane"));
    assert_eq!(diagnosed(&message), (Status::Failed, vec![]));
    let message = changed(TEXT, |content| {
        let content = replaced(content, "train", "plane");
        in_7_bits(&content, &body(TEXT).replace("train", "plane"), false)
    });
    assert_eq!(diagnosed(&message), (Status::Failed, vec![]));
    assert_eq!(diagnosed(&openssl_sign(&[], TEXT.as_bytes())), (Status::Verified, vec![]));
}

#[test]
fn soft_lines_without_their_blanks_are_a_guess() {
    let trimmed = |c: &[u8]| relay("takes white space off the ends of lines", c);
    let message = changed(FLOWED, trimmed);
    assert_eq!(diagnosed(&message), (Status::Failed, vec!["white-space isCertain=false".into()]));
}

#[test]
fn who_may_have_changed_it_is_told_beside() {
    let message = changed(TEXT, |content| replaced(content, "train", "plane"));
    let fields = b"List-Id: Tea <tea.example.net>\r\nX-Virus-Scanned: by a.example\r\n";
    let told = ["mailing-list list=Tea <tea.example.net>", "gateway fields=X-Virus-Scanned"];
    let told: Vec<String> = told.map(str::to_owned).into();
    assert_eq!(diagnosed(&[fields, &message[..]].concat()), (Status::Failed, told.clone()));
    // Large content is not searched.
    let large = format!("Content-Type: text/plain\r\n\r\n{}", "Tea with milk.\r\n".repeat(600_000));
    let message = changed(&large, |content| [content, b"Footer\r\n"].concat());
    assert_eq!(diagnosed(&[fields, &message[..]].concat()), (Status::Failed, told));
}

/// Everything but the fields that Mailman's decorating leaves outside: Mailman 2.1 and 3 wrap what is no
/// text.
pub(crate) fn through_mailman(message: &[u8], fields: &str) -> Vec<u8> {
    let text = std::str::from_utf8(message).unwrap().replace("\r\n", "\n").replace('\n', "\r\n");
    let (outer, inner) = text.split_at(text.find("MIME-Version:").unwrap());
    let inner = inner.replacen("MIME-Version: 1.0\r\n", "", 1);
    format!(
        "{fields}{outer}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"===1==\"\r\n\r\n\
         --===1==\r\n{inner}\r\n--===1==\r\nContent-Type: text/plain; charset=\"us-ascii\"\r\n\
         Content-Disposition: inline\r\n\r\n____\r\nTea mailing list\r\n\r\n--===1==--\r\n"
    )
    .into_bytes()
}

#[test]
fn a_signed_mail_that_a_list_has_wrapped_is_told_by_itself_and_lends_no_status() {
    let fields = "List-Id: <tea.example.net>\r\n";
    let list = "mailing-list list=<tea.example.net>";
    let message = through_mailman(&openssl_sign(&[], MIXED.as_bytes()), fields);
    let intact = "wrapped isEncrypted=false isIntact=true signer=alice@example.com isAuthor=true";
    let told: Vec<String> = vec![intact.into(), list.into()];
    assert_eq!(diagnosed(&message), (Status::Unsigned, told.clone()));
    assert_eq!(opened(&message), (Some(Status::Unsigned), told));

    let message = changed(TEXT, |content| in_7_bits(content, body(TEXT), false));
    let told =
        ["wrapped isEncrypted=false isIntact=false", "transfer-encoding isCertain=true", list];
    let told: Vec<String> = told.map(str::to_owned).into();
    let message = through_mailman(&message, fields);
    assert_eq!(diagnosed(&message), (Status::Unsigned, told));

    // Without a field that says so, a text behind it is enough of a sign.
    let message = through_mailman(&openssl_sign(&[], MIXED.as_bytes()), "");
    assert_eq!(diagnosed(&message), (Status::Unsigned, vec![intact.into()]));

    let sealed = ["cms", "-encrypt", "-aes256", "-from", "alice@example.com", "bob.pem"];
    let sealed = openssl(&Pki::get().folder, &sealed, TEXT.as_bytes()).unwrap();
    let message = through_mailman(&sealed, fields);
    let told = vec!["wrapped isEncrypted=true".to_owned(), list.to_owned()];
    assert_eq!(opened(&message), (Some(Status::Unsigned), told));
}

#[test]
fn a_third_part_is_told_if_the_other_two_belong_together() {
    let message = String::from_utf8(openssl_sign(&[], MIXED.as_bytes())).unwrap();
    let close = message.trim_end().rsplit('\n').next().unwrap().trim_end_matches("--").to_owned();
    let footer = format!("{close}\r\nContent-Type: text/plain\r\n\r\nFooter\r\n{close}--");
    let message = message.replacen(&format!("{close}--"), &footer, 1);
    let told = "footer isCertain=true isIntact=true signer=alice@example.com isAuthor=true";
    assert_eq!(opened(message.as_bytes()), (Some(Status::Failed), vec![told.to_owned()]));
    let message = message.replacen("Alice", "Malice", 1);
    assert_eq!(opened(message.as_bytes()), (Some(Status::Failed), vec![]));
}

#[test]
fn a_message_that_ends_too_early_is_told() {
    let signed = openssl_sign(&[], MIXED.as_bytes());
    let opaque = openssl_sign(&["-nodetach"], MIXED.as_bytes());
    let sealed = ["cms", "-encrypt", "-aes256", "-from", "alice@example.com", "bob.pem"];
    let sealed = openssl(&Pki::get().folder, &sealed, MIXED.as_bytes()).unwrap();
    for (message, status) in [(signed, Some(Status::Failed)), (opaque, None), (sealed, None)] {
        let cut = &message[..message.len() - 200];
        assert_eq!(opened(cut), (status, vec!["truncated".to_owned()]));
        let error = block_on(verify(&mut env(2), verify_options(cut, &[])));
        let code = error.err().map(|error| error.code().to_owned());
        assert_eq!(code.as_deref(), Some("malformed/truncated"));
    }
}

/// A TNEF stream (MS-OXTNEF, 2.1.3): its signature, a key, and the attribute that names the class.
fn tnef(class: &str) -> Vec<u8> {
    let mut stream = b"\x78\x9f\x3e\x22\x01\x00\x01\x08\x80\x07\x00".to_vec();
    let class = [class.as_bytes(), b"\0"].concat();
    stream.extend_from_slice(&(class.len() as u32).to_le_bytes());
    stream.extend_from_slice(&class);
    let sum: u32 = class.iter().map(|&octet| u32::from(octet)).sum();
    stream.extend_from_slice(&(sum as u16).to_le_bytes());
    stream
}

fn attachment(fields: &str, data: &[u8]) -> Vec<u8> {
    let start = format!(
        "From: alice@example.com\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\
         Content-Type: text/plain\r\n\r\nSee below.\r\n--o\r\n{fields}\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n"
    );
    [start.as_bytes(), &base64::encode(data), b"--o--\r\n"].concat()
}

#[test]
fn what_arrives_in_another_wrapping_is_recognised() {
    let der = openssl_sign(&["-outform", "DER", "-nodetach"], TEXT.as_bytes());
    let names = "Content-Type: application/ms-tnef; name=\"winmail.dat\"";
    let binary = "Content-Type: application/octet-stream; name=ATT00001.dat";
    let bundle = "Content-Type: application/octet-stream; name=chain.p7b";
    for (message, told) in [
        (attachment(names, &tnef("IPM.Note.SMIME.MultipartSigned")), Some("winmail isSmime=true")),
        (attachment(binary, &tnef("IPM.Note")), Some("winmail isSmime=false")),
        (attachment(names, b"something else"), None),
        (attachment(binary, &der), Some("renamed type=application/octet-stream name=ATT00001.dat")),
        (
            attachment("Content-Type: application/x-data", &der),
            Some("renamed type=application/x-data"),
        ),
        (attachment(bundle, &der), None),
        (attachment(binary, b"0\x82 no CMS"), None),
    ] {
        let told: Vec<String> = told.into_iter().map(str::to_owned).collect();
        assert_eq!(diagnosed(&message), (Status::Unsigned, told.clone()));
        assert_eq!(opened(&message), (Some(Status::Unsigned), told));
    }
}

/// Reversals that looked at a line or field again for each of its octets would take hours.
#[test]
fn hostile_content_is_searched_in_proportion_to_its_length() {
    let typed = "Content-Type: text/plain; charset=utf-8";
    let encoded = "Content-Transfer-Encoding: base64";
    let long = 2 << 20;
    let hostile = [
        format!("{typed};{}x=y\r\n\r\nhello", " ".repeat(long)),
        format!("{typed}{}\r\n\r\nhello", "; ".repeat(long / 2)),
        format!("{typed}{}\r\n\r\nhello", "\r\n ".repeat(long / 3)),
        format!("{typed}\r\n\r\n{}", "a".repeat(long)),
        format!("{typed}\r\n\r\n{}", " ".repeat(long)),
        format!("{typed}\r\n\r\n{}", "\r\n".repeat(long / 2)),
        format!("{typed}\r\n\r\n{}", " a\r\n".repeat(long / 4)),
        format!("{typed}\r\n\r\n{}", "\r".repeat(long)),
        format!("{typed}\r\n\r\n{}", "\u{ff}".repeat(long / 2)),
        format!("{typed}\r\n{encoded}\r\n\r\n\r\n{}", "QUFB".repeat(long / 4)),
        format!("Content-Type: text/html\r\n\r\n{}", "<body".repeat(long / 5)),
        format!("Content-Type: text/html\r\n\r\n{}", ">".repeat(long)),
        format!(
            "Content-Type: multipart/mixed; boundary={}\r\n\r\n--{}",
            "a".repeat(250),
            "a".repeat(long)
        ),
        format!(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--",
            format!("--b\r\n{typed}\r\n\r\n\u{ff}\r\n").repeat(9_000)
        ),
    ];
    let signed = changed(TEXT, |_| b"MARK".to_vec());
    let at = signed.windows(4).position(|window| window == b"MARK").unwrap();
    for content in hostile {
        let message = [&signed[..at], content.as_bytes(), &signed[at + 4..]].concat();
        assert_eq!(opened(&message).0, Some(Status::Failed));
    }
}

/// CMS of indefinite length that goes on to its end, with a length in it that does not fit: damaged, but
/// all there, whatever transport has put behind it.
#[test]
fn a_message_that_is_damaged_but_whole_is_not_said_to_end_too_early() {
    let info = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80";
    let inner: [&[u8]; 3] = [
        b"\x30\x04\x02\x05\x01\x01",
        b"\x30\x80\x30\x02\x02\x7f\0\0",
        b"\x30\x80\x02\x01\x01\x31\x03\x30\x7f\x06\0\0",
    ];
    for inner in inner {
        for behind in [&b""[..], b"\r\n", b"\n\n", b" ", b"\0", b"\0\0\0", b"\r\n-- \r\nlist\r\n"] {
            let cms = [&info[..], inner, b"\0\0\0\0", behind].concat();
            let error = block_on(verify(&mut env(2), verify_options(&cms, &[]))).err().unwrap();
            assert_eq!(error.code(), "malformed/asn1", "{inner:x?} {behind:?}");
        }
    }
    let cut = [&info[..], inner[0]].concat();
    let error = block_on(verify(&mut env(2), verify_options(&cut, &[]))).err().unwrap();
    assert_eq!(error.code(), "malformed/truncated");
}
