//! Encoded words (RFC 2047) in header fields.

use mail_parser::parsers::MessageStream;

/// Octets that are decoded at once. The parser reads on to the end for each encoded word that has none.
const PIECE: usize = 2_000;

/// An unfolded value as it is to be shown: encoded words decoded, and nothing that could end a line or
/// steer a terminal. What it says must not be parsed any more: an encoded word may hold any character
/// that means something in a field.
pub fn decode_encoded_words(value: &str) -> String {
    let mut shown = String::new();
    let mut rest = value;
    while !rest.is_empty() {
        let (piece, after) = piece_of(rest);
        // Its parser wants the end of the field.
        let field = format!(" {piece}\n");
        let text = MessageStream::new(field.as_bytes()).parse_unstructured();
        let text = text.into_text().unwrap_or_default();
        shown.extend(text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }));
        if after.starts_with(' ') {
            shown.push(' ');
        }
        rest = after;
    }
    shown.trim().to_owned()
}

/// Whether so many encoded words of a value have no end nearby that the parser, which reads on for each of
/// them, would take more than linear time.
pub fn has_endless_words(value: &[u8]) -> bool {
    /// What is read more than once at most: so often all of it, and as much beyond.
    const OFTEN: usize = 4;
    const SPARE: usize = 64 << 10;
    let mut left = value.len().saturating_mul(OFTEN).saturating_add(SPARE);
    let starts = value.windows(2).enumerate().filter(|(_, window)| *window == b"=?");
    starts.map(|(start, _)| value.get(start + 2..).unwrap_or_default()).any(|rest| {
        let read = word_len(rest).unwrap_or(rest.len());
        let is_too_much = read > left;
        left = left.saturating_sub(read);
        is_too_much
    })
}

/// How far an encoded word goes at most, behind its `=?`; `None` if it has no end.
fn word_len(rest: &[u8]) -> Option<usize> {
    let charset = rest.iter().position(|&octet| octet == b'?')?;
    // The encoding is one letter, with a question mark behind it.
    let text = charset + 3;
    let end = rest.get(text..)?.windows(2).position(|window| window == b"?=")?;
    Some(text + end + 2)
}

/// The beginning of a value, up to a blank that no two encoded words share, and the rest.
fn piece_of(value: &str) -> (&str, &str) {
    if value.len() <= PIECE {
        return (value, "");
    }
    let start = value.get(..value.floor_char_boundary(PIECE)).unwrap_or(value);
    let blanks = || start.match_indices(' ').map(|(at, _)| at).filter(|&at| at > 0).rev();
    let is_between =
        |at: usize| start.get(..at).is_some_and(|before| before.trim_end().ends_with("?="));
    let end = blanks().find(|&at| !is_between(at)).or(blanks().next()).unwrap_or(start.len());
    value.split_at_checked(end).unwrap_or((value, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_without_an_end_take_no_quadratic_time() {
        // Were each read to the end of the value, this would take an hour.
        let text = "=?aa?q?x".repeat(1 << 17);
        assert_eq!(decode_encoded_words(&text), text);
        let names = "=?utf-8?q?=C3=BC?= =?utf-8?q?b?= <a@b.c>, ".repeat(500);
        assert_eq!(decode_encoded_words(&names), "\u{fc}b <a@b.c>, ".repeat(500).trim());
    }

    #[test]
    fn nothing_that_was_encoded_ends_a_line() {
        assert_eq!(
            decode_encoded_words("=?utf-8?q?Gr=C3=BC=C3=9Fe?= an =?utf-8?b?w4Q=?="),
            "Gr\u{fc}\u{df}e an \u{c4}"
        );
        assert_eq!(decode_encoded_words("=?utf-8?q?a=0D=0ABcc:_x?="), "a  Bcc: x");
        assert_eq!(decode_encoded_words(""), "");
    }
}
