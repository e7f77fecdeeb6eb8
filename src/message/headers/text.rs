//! What the names and values of header fields mean to readers.

use mail_parser::parsers::MessageStream;

use crate::mime::Field;

/// Whether the field tells how the message is built, and not what it says (RFC 9787, 1.1.1).
pub(super) fn is_structural(field: &Field<'_>) -> bool {
    field.is_content() || field.is("MIME-Version")
}

/// Whether mail programs show the field (RFC 9787, 1.1.2).
pub(super) fn is_user_facing(name: &str) -> bool {
    const NAMES: [&str; 13] = [
        "Subject",
        "From",
        "To",
        "Cc",
        "Date",
        "Reply-To",
        "Followup-To",
        "Sender",
        "Resent-From",
        "Resent-To",
        "Resent-Cc",
        "Resent-Date",
        "Resent-Sender",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether the field was added on the way, so that its author could not protect it (RFC 9788, 7).
pub(super) fn is_trace(name: &str) -> bool {
    const NAMES: [&str; 6] = [
        "Received",
        "Return-Path",
        "Delivered-To",
        "DKIM-Signature",
        "Authentication-Results",
        "Received-SPF",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
        || name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("ARC-"))
}

/// The name as text; names are ASCII.
pub(super) fn name(field: &Field<'_>) -> String {
    String::from_utf8_lossy(field.name()).into_owned()
}

/// An unfolded value as it is to be shown: encoded words (RFC 2047) decoded, and nothing that could end
/// a line or steer a terminal.
pub(in crate::message) fn decoded(value: &str) -> String {
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

/// Octets that are decoded at once. The parser reads on to the end for each encoded word that has none.
const PIECE: usize = 2_000;

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

/// Whether two unfolded values say the same: relays fold, and encode words, as they like.
pub(in crate::message) fn is_same(a: &str, b: &str) -> bool {
    a == b || decoded(a).split_whitespace().eq(decoded(b).split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_without_an_end_take_no_quadratic_time() {
        // Were each read to the end of the value, this would take an hour.
        let text = "=?aa?q?x".repeat(1 << 17);
        assert_eq!(decoded(&text), text);
        let names = "=?utf-8?q?=C3=BC?= =?utf-8?q?b?= <a@b.c>, ".repeat(500);
        assert_eq!(decoded(&names), "\u{fc}b <a@b.c>, ".repeat(500).trim());
    }

    #[test]
    fn values_are_the_same_however_they_are_encoded() {
        assert_eq!(
            decoded("=?utf-8?q?Gr=C3=BC=C3=9Fe?= an =?utf-8?b?w4Q=?="),
            "Gr\u{fc}\u{df}e an \u{c4}"
        );
        assert_eq!(decoded("=?utf-8?q?a=0D=0ABcc:_x?="), "a  Bcc: x");
        assert!(is_same("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "=?utf-8?b?R3LDvMOfZQ==?="));
        assert!(is_same("a  b\tc", "a b c"));
        assert!(!is_same("ab", "a b"));
        assert_eq!(decoded(""), "");
    }
}
