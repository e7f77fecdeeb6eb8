use super::*;

fn written(entity: &[u8]) -> Option<String> {
    let output = transportable(entity, &Limits::default()).unwrap()?;
    // Nothing is left to do, and the octets are those of mail.
    assert_eq!(transportable(&output, &Limits::default()).unwrap(), None);
    assert!(is_canonical(&output));
    Some(String::from_utf8(output).unwrap())
}

fn text(body: &str) -> String {
    let entity = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{body}");
    let Some(written) = written(entity.as_bytes()) else { return body.to_owned() };
    let (header, body) = written.split_once("\r\n\r\n").unwrap();
    let (_, encoding) = header.split_once("Content-Transfer-Encoding: ").unwrap();
    format!("{encoding}: {body}")
}

#[test]
fn only_what_would_change_on_the_way_is_encoded() {
    for body in ["", "x", "a = b\r\n >From .. - \r\n\r\n\tx\x1b\r\n", "-- x\r\n"] {
        assert_eq!(text(&body.replace("- \r", "-\r")), body.replace("- \r", "-\r"));
    }
    assert_eq!(text(&"x".repeat(76)), "x".repeat(76));
    for (body, encoded) in [
        ("From a\r\n", "=46rom a\r\n"),
        (".\r\n", "=2E\r\n"),
        ("a \r\nb\t", "a=20\r\nb=09"),
        ("a\rb\r\n", "a=0Db\r\n"),
        ("1234567890 \u{fc}\r\n", "1234567890 =C3=BC\r\n"),
    ] {
        assert_eq!(text(body), format!("quoted-printable: {encoded}"), "{body:?}");
    }
    let long = format!("quoted-printable: {}=\r\nxx", "x".repeat(75));
    assert_eq!(text(&"x".repeat(77)), long);
    assert_eq!(text("\u{20ac}\r\n"), "base64: 4oKsDQo=\r\n");
    // UTF-16: each octet counts, a line end is none.
    assert_eq!(text("a\0\n\0"), "base64: YQAKAA==\r\n");
    assert_eq!(written(b"A: b\n\na\nb\n").as_deref(), Some("A: b\r\n\r\na\r\nb\r\n"));
}

#[test]
fn data_keeps_each_octet() {
    let field = "Content-Transfer-Encoding: binary\n";
    for (entity, expected) in [
        (
            "Content-Type: a/b\r\n\r\nx\ny",
            "Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\neAp5\r\n",
        ),
        ("Content-Type: a/b\n\nx\ny", "Content-Type: a/b\r\n\r\nx\r\ny"),
        (
            &format!("Content-Type: a/b\n{field}\nx\n\u{fc}"),
            "Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\neArDvA==\r\n",
        ),
        (
            &format!("Content-Type: a/b\n{field}\nx"),
            "Content-Type: a/b\r\nContent-Transfer-Encoding: 7bit\r\n\r\nx",
        ),
    ] {
        assert_eq!(written(entity.as_bytes()).as_deref(), Some(expected));
    }
}

#[test]
fn encoded_bodies_are_brought_into_lines() {
    let base64 = |body: &str| {
        format!("Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}")
    };
    let lines = format!("{}\r\n{}==\r\n", "A".repeat(76), "A".repeat(34));
    let written_anew = written(base64(&format!("{}== \r\n", "A".repeat(110))).as_bytes());
    assert_eq!(written_anew, Some(base64(&lines)));
    let quoted = |body: &str| {
        format!("Content-Type: a/b\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\n{body}")
    };
    assert_eq!(written(quoted("a=3D=\r\n.b \r\n.c").as_bytes()), Some(quoted("a=3D.b\r\n=2Ec")));
    assert_eq!(written(quoted("a=3D\r\n").as_bytes()), None);
    // Escaped line ends are data, the others are lines.
    let written_anew = written(quoted("a=0Ab=0D=0A \nc").as_bytes());
    assert_eq!(written_anew, Some(quoted("a=0Ab\r\n\r\nc")));
}

#[test]
fn multiparts_are_written_anew_around_what_is() {
    let multipart = |label: &str, preamble: &str, part: &str| {
        format!(
            "Content-Type: multipart/mixed; boundary=\"b\"\r\n{label}\r\n{preamble}--b\r\n\r\n{part}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: s \r\n\r\n.\r\n--b--\r\n"
        )
    };
    let encoded = "Content-Transfer-Encoding: quoted-printable\r\n\r\n=2E";
    let plain = multipart("", "", "x");
    assert_eq!(written(plain.as_bytes()), None);
    let found =
        written(multipart("Content-Transfer-Encoding: 8BIT\r\n", "p\u{fc}\r\n", ".").as_bytes());
    let expected = multipart("Content-Transfer-Encoding: 7bit\r\n", "", "\n")
        .replace("\r\n\r\n\n", &format!("\r\n{encoded}"));
    assert_eq!(found, Some(expected));
    // What had no end gets one, and padding goes.
    let open = written(b"Content-Type: multipart/mixed; boundary=b\n\n--b \n\nx").unwrap();
    assert!(open.ends_with("\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"), "{open}");
}

#[test]
fn a_message_with_8_bits_is_written_anew_inside() {
    let message = "Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\n\
        Subject: 0123456789 \u{fc}\nFrom: <\u{fc}@example.com>\n\n0123456789 \u{fc}\n";
    let output = transportable(message.as_bytes(), &Limits::default()).unwrap().unwrap();
    assert_eq!(
        String::from_utf8(output).unwrap(),
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         Subject: =?utf-8?Q?0123456789_=C3=BC?=\r\nFrom: <\u{fc}@example.com>\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n0123456789 =C3=BC\r\n"
    );
}

#[test]
fn what_was_signed_before_is_not_touched() {
    let signed = "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\u{fc} \r\n--b\r\n\r\n.\r\n--b--\r\n";
    assert_eq!(written(signed.as_bytes()), None);
    let around = format!(
        "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\n.\r\n--a\r\n{signed}--a--\r\n"
    );
    let found = written(around.as_bytes()).unwrap();
    assert!(found.contains(signed), "{found}");
    assert!(found.contains("boundary=a\r\nContent-Transfer-Encoding: 8bit\r\n"), "{found}");
    assert!(found.contains("=2E"), "{found}");
    let unknown = "Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a \r\n`\r\nend\r\n";
    assert_eq!(written(unknown.as_bytes()), None);
}
