//! What mail servers, gateways and mailboxes do to a message on its way, right or wrong.

/// A name, and what it makes of a message.
pub(crate) type Relay = (&'static str, fn(&[u8]) -> Vec<u8>);

/// Each by itself.
pub(crate) const RELAYS: &[Relay] = &[
    ("keeps mail in LF and sends it in CRLF", through_lf),
    ("keeps mail in LF and hands it over so", to_lf),
    ("folds the header anew and adds to it", fold_anew),
    ("takes white space off the ends of lines", trim_lines),
    ("escapes From", escape_from),
    ("takes a dot away that nobody added", take_dots),
    ("cuts the eighth bit", cut_8th_bit),
    ("breaks long lines", break_lines),
];

/// One after the other.
pub(crate) fn all_of_them(message: &[u8]) -> Vec<u8> {
    RELAYS.iter().fold(message.to_vec(), |message, (_, relay)| relay(&message))
}

fn to_lf(message: &[u8]) -> Vec<u8> {
    lines(message).join(&b'\n')
}

fn through_lf(message: &[u8]) -> Vec<u8> {
    by_lines(&to_lf(message), <[u8]>::to_vec)
}

fn trim_lines(message: &[u8]) -> Vec<u8> {
    by_lines(message, |line| line.trim_ascii_end().to_vec())
}

fn escape_from(message: &[u8]) -> Vec<u8> {
    by_lines(message, |line| match line.starts_with(b"From ") {
        true => [b">", line].concat(),
        false => line.to_vec(),
    })
}

fn take_dots(message: &[u8]) -> Vec<u8> {
    by_lines(message, |line| line.strip_prefix(b".").unwrap_or(line).to_vec())
}

fn cut_8th_bit(message: &[u8]) -> Vec<u8> {
    message.iter().map(|octet| octet & 0x7f).collect()
}

fn break_lines(message: &[u8]) -> Vec<u8> {
    by_lines(message, |line| line.chunks(998).collect::<Vec<_>>().join(&b"\r\n"[..]))
}

/// Unfolds every field and folds it at other places; only the header of the message itself.
fn fold_anew(message: &[u8]) -> Vec<u8> {
    let lines = lines(message);
    let end = lines.iter().position(|line| line.is_empty()).unwrap_or(lines.len());
    let (header, body) = lines.split_at(end);
    let mut fields: Vec<Vec<u8>> = Vec::new();
    for line in header {
        match fields.last_mut() {
            Some(field) if line.starts_with(b" ") || line.starts_with(b"\t") => {
                field.extend_from_slice(line);
            }
            _ => fields.push(line.to_vec()),
        }
    }
    let mut output =
        b"Received: from a.example by b.example; Thu, 1 Jan 2026 00:00:00 +0000\r\n".to_vec();
    for field in fields {
        let mut column = 0;
        for word in field.split_inclusive(|&octet| octet == b' ') {
            // A fold stands before white space.
            let (word, blank) = match word.strip_suffix(b" ") {
                Some(word) => (word, &b" "[..]),
                None => (word, &b""[..]),
            };
            output.extend_from_slice(word);
            column += word.len() + 1;
            if !blank.is_empty() && column > 30 {
                output.extend_from_slice(b"\r\n");
                column = 0;
            }
            output.extend_from_slice(blank);
        }
        output.extend_from_slice(b"\r\n");
    }
    output.extend_from_slice(&body.join(&b"\r\n"[..]));
    output
}

fn lines(message: &[u8]) -> Vec<&[u8]> {
    let lines = message.split(|&octet| octet == b'\n');
    lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect()
}

fn by_lines(message: &[u8], change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let lines: Vec<Vec<u8>> = lines(message).into_iter().map(change).collect();
    lines.join(&b"\r\n"[..])
}
