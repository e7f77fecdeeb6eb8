//! Quoted-printable (RFC 2045, 6.7), both ways.
//!
//! `encodify`, which mail-builder brings, would write it too, but leaves lines that begin with `From `,
//! a dot or two hyphens as they are, which mailboxes, careless SMTP servers and multiparts take for
//! something else.

/// Characters on a line at most.
const LINE: usize = 76;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Decodes. What is no escape stays as it is, as the RFC advises readers.
pub fn decode(text: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|&octet| octet == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let end = line.get(content.len()..).unwrap_or_default();
        let (content, end) = match content.strip_suffix(b"\r") {
            Some(content) => (content, line.get(content.len()..).unwrap_or_default()),
            None => (content, end),
        };
        let mut rest = content.trim_ascii_end();
        let is_soft = rest.ends_with(b"=");
        rest = rest.strip_suffix(b"=").unwrap_or(rest);
        while let Some((&octet, after)) = rest.split_first() {
            match (octet, escape(after)) {
                (b'=', Some(value)) => {
                    output.push(value);
                    rest = after.get(2..).unwrap_or_default();
                }
                _ => {
                    output.push(octet);
                    rest = after;
                }
            }
        }
        if !is_soft {
            output.extend_from_slice(end);
        }
    }
    output
}

fn escape(digits: &[u8]) -> Option<u8> {
    let digit = |octet: &u8| char::from(*octet).to_digit(16);
    let (high, low) = (digit(digits.first()?)?, digit(digits.get(1)?)?);
    u8::try_from(high << 4 | low).ok()
}

/// Encodes: CRLF stays a line end, everything else that is not printable or could be taken for something
/// else is escaped. The octets come back exactly.
pub(super) fn encode(bytes: &[u8], output: &mut Vec<u8>) {
    let mut rest = bytes;
    let mut column = 0;
    while let Some((&octet, after)) = rest.split_first() {
        if rest.starts_with(b"\r\n") {
            output.extend_from_slice(b"\r\n");
            rest = rest.get(2..).unwrap_or_default();
            column = 0;
            continue;
        }
        let is_line_end = after.is_empty() || after.starts_with(b"\r\n");
        let width = if is_literal(octet, is_line_end) { 1 } else { 3 };
        // The last column is for the `=` of a soft line break, unless the line ends here anyway.
        if column + width > LINE - usize::from(!is_line_end) {
            output.extend_from_slice(b"=\r\n");
            column = 0;
        }
        if width == 1 && !(column == 0 && is_taken_for_else(rest)) {
            output.push(octet);
            column += 1;
        } else {
            push_escape(octet, output);
            column += 3;
        }
        rest = after;
    }
}

/// How many octets would be escaped wherever they stand.
pub(super) fn escapes(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|&&octet| !is_literal(octet, false) && octet != b'\r' && octet != b'\n')
        .count()
}

fn is_literal(octet: u8, is_line_end: bool) -> bool {
    match octet {
        b' ' | b'\t' => !is_line_end,
        b'=' => false,
        octet => (33..=126).contains(&octet),
    }
}

/// At the start of a line.
pub(super) fn is_taken_for_else(line: &[u8]) -> bool {
    [&b"From "[..], b".", b"--"].iter().any(|start| line.starts_with(start))
}

fn push_escape(octet: u8, output: &mut Vec<u8>) {
    output.push(b'=');
    for digit in [octet >> 4, octet & 15] {
        output.extend(HEX.get(usize::from(digit)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(bytes: &[u8]) -> String {
        let mut output = Vec::new();
        encode(bytes, &mut output);
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn reading_follows_rfc_2045() {
        assert_eq!(decode(b"a=3Db =\r\nc \r\n=e4=X\r\n="), b"a=b c\r\n\xe4=X\r\n");
    }

    #[test]
    fn what_other_software_acts_on_is_escaped() {
        assert_eq!(
            encoded(b"From a\r\n.\r\n-- \r\nb \tFrom .--\r\n"),
            "=46rom a\r\n=2E\r\n=2D-=20\r\nb \tFrom .--\r\n"
        );
        assert_eq!(encoded(b"a\nb\rc\0=\xff "), "a=0Ab=0Dc=00=3D=FF=20");
        let long = [&[b'x'; 75][..], b"From x"].concat();
        assert_eq!(encoded(&long), format!("{}=\r\n=46rom x", "x".repeat(75)));
    }

    #[test]
    fn every_octet_comes_back_from_lines_of_76() {
        for length in (0..400).step_by(7) {
            let bytes: Vec<u8> = (0..length).map(|at| (at * at % 251 + at / 3) as u8).collect();
            for bytes in [bytes, vec![b'x'; length], vec![b' '; length], b"\r\n.".repeat(length)] {
                let text = encoded(&bytes);
                assert_eq!(decode(text.as_bytes()), bytes);
                for line in text.split("\r\n") {
                    assert!(line.len() <= LINE && !line.ends_with([' ', '\t']), "{line:?}");
                    assert!(!is_taken_for_else(line.as_bytes()), "{line:?}");
                }
            }
        }
    }
}
