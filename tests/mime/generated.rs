//! What is written is read again as it was meant: parse(write(x)) = x, over messages made up by numbers.

use mail_parser::{MessageParser, MimeHeaders, PartType};
use smime_wasm::bytes::base64;
use smime_wasm::env::{Env, Time};
use smime_wasm::limits::Limits;
use smime_wasm::message::{Attachment, ComposeOptions, Mailbox, compose};
use smime_wasm::mime::{Inside, Part, decode_body, transportable};

use crate::damage::Numbers;

/// Bits of text of which lines are made: all that transport could change, and more.
const PIECES: &[&str] = &[
    "a",
    " ",
    "  ",
    "\t",
    ".",
    "From ",
    "--",
    "=",
    "=20",
    "=\r\n",
    "\r\n",
    "\r\n\r\n",
    "--=_0",
    "--=_1--",
    "-- ",
    "\u{fc}",
    "\u{20ac}",
    "\u{1f642}",
    "the quick brown fox ",
    "?",
    "=?utf-8?q?x?=",
    "\"",
    "\\",
    "<p>",
    ">From ",
];

fn text(numbers: &mut Numbers, pieces: usize) -> String {
    (0..numbers.below(pieces)).map(|_| PIECES[numbers.below(PIECES.len())]).collect()
}

fn data(numbers: &mut Numbers) -> Vec<u8> {
    (0..numbers.below(300)).map(|_| numbers.below(256) as u8).collect()
}

fn line(numbers: &mut Numbers) -> String {
    // mail-parser reads the white space at which a field is folded as one space.
    text(numbers, 20).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A part, and what is in its leaves.
fn part(numbers: &mut Numbers, depth: usize, leaves: &mut Vec<Vec<u8>>) -> Vec<u8> {
    if depth < 3 && numbers.below(3) > 0 {
        let boundary = format!("=_{depth}x");
        let mut out =
            format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n").into_bytes();
        for _ in 0..=numbers.below(3) {
            out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            out.extend(part(numbers, depth + 1, leaves));
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        return out;
    }
    let (header, body, leaf) = leaf(numbers);
    leaves.push(leaf);
    [format!("Content-Type: {header}\r\n\r\n").as_bytes(), &body].concat()
}

/// Header and body of a leaf, and the octets that it means.
fn leaf(numbers: &mut Numbers) -> (&'static str, Vec<u8>, Vec<u8>) {
    let as_it_is = |header, body: Vec<u8>| (header, body.clone(), body);
    match numbers.below(5) {
        0 => as_it_is("text/plain; charset=utf-8", text(numbers, 60).into_bytes()),
        1 => as_it_is("a/b\r\nContent-Transfer-Encoding: binary", data(numbers)),
        2 => as_it_is(
            "text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit",
            text(numbers, 400).into_bytes(),
        ),
        // On one line, with white space at its end.
        3 => {
            let data = data(numbers);
            let body: String = data.iter().map(|octet| format!("={octet:02x}")).collect();
            let header = "a/b\r\nContent-Transfer-Encoding: quoted-printable";
            (header, format!("{body} \t").into_bytes(), data)
        }
        _ => {
            let data = data(numbers);
            let mut body = base64::encode(&data);
            body.retain(|octet| !octet.is_ascii_whitespace());
            ("a/b\r\nContent-Transfer-Encoding: base64", body, data)
        }
    }
}

fn leaves_of(part: &Part<'_>, found: &mut Vec<Vec<u8>>) {
    match part.inside() {
        Inside::Leaf => found.push(decode_body(part.entity()).unwrap().into_owned()),
        Inside::Message(message) => leaves_of(message, found),
        Inside::Multipart(multipart) => {
            multipart.parts.iter().for_each(|part| leaves_of(part, found))
        }
    }
}

#[test]
fn what_is_written_for_transport_is_read_as_it_was() {
    let (mut numbers, limits) = (Numbers(4), Limits::default());
    for round in 0..1_500 {
        let mut expected = Vec::new();
        let raw = part(&mut numbers, 0, &mut expected);
        let written = transportable(&raw, &limits).unwrap();
        let written = written.as_deref().unwrap_or(&raw);
        let mut found = Vec::new();
        leaves_of(&Part::parse(written, &limits).unwrap(), &mut found);
        assert_eq!(found, expected, "{round}: {}", String::from_utf8_lossy(&raw));
        assert_eq!(transportable(written, &limits).unwrap(), None, "{round}");
        assert!(written.is_ascii());
        for line in written.split(|&octet| octet == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            assert!(line.len() <= 78 && !line.ends_with(b" ") && !line.starts_with(b"From "));
        }
    }
}

#[test]
fn what_is_composed_is_read_as_it_was() {
    let mut numbers = Numbers(5);
    for round in 0..400 {
        let mut env = Env::new(Time::from_secs(0), &[round as u8; 32], Limits::default());
        let file = |numbers: &mut Numbers| Attachment {
            // mail-parser does not read what is escaped behind a fold.
            name: format!("{}.bin", line(numbers)).replace("=?", "x").replace(['"', '\\'], "x"),
            media_type: "application/octet-stream".to_owned(),
            content: data(numbers),
            content_id: None,
            is_inline: false,
        };
        let options = ComposeOptions {
            from: Mailbox { name: Some("A".to_owned()), address: "a@example.com".to_owned() },
            to: vec![Mailbox { name: None, address: "b@example.com".to_owned() }],
            cc: Vec::new(),
            subject: line(&mut numbers).replace("=?", "x"),
            text: Some(text(&mut numbers, 100)),
            html: (numbers.below(2) == 0).then(|| text(&mut numbers, 100)),
            attachments: (0..numbers.below(4)).map(|_| file(&mut numbers)).collect(),
            headers: Vec::new(),
        };
        let raw = compose(&mut env, options.clone()).unwrap();
        let message = MessageParser::default().parse(&raw).unwrap();
        let context = || format!("{round}: {}", String::from_utf8_lossy(&raw));
        assert_eq!(message.subject().unwrap_or_default(), options.subject, "{}", context());
        let body =
            |text: Option<std::borrow::Cow<'_, str>>| text.map(|text| text.replace("\r\n", "\n"));
        let meant = |text: &Option<String>| text.as_ref().map(|text| text.replace("\r\n", "\n"));
        assert_eq!(body(message.body_text(0)), meant(&options.text), "{}", context());
        if options.html.is_some() {
            assert_eq!(body(message.body_html(0)), meant(&options.html), "{}", context());
        }
        let found: Vec<(String, Vec<u8>)> = message
            .attachments()
            .map(|part| {
                let PartType::Binary(data) = &part.body else { panic!("{}", context()) };
                (part.attachment_name().unwrap().to_owned(), data.to_vec())
            })
            .collect();
        let expected: Vec<_> =
            options.attachments.into_iter().map(|a| (a.name, a.content)).collect();
        assert_eq!(found, expected, "{}", context());
    }
}
