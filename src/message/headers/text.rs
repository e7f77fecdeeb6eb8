//! What the names and values of header fields mean to readers.

use crate::cert::without_hidden_characters;
use crate::mime::{Field, decode_encoded_words as decoded};

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

/// An unfolded value as people see it: encoded words decoded, and nothing in it that changes the direction
/// of what stands beside it, or is not seen.
pub(in crate::message) fn shown(value: &str) -> String {
    without_hidden_characters(&decoded(value)).trim().to_owned()
}

/// Whether two unfolded values say the same: relays fold, and encode words, as they like.
pub(in crate::message) fn is_same(a: &str, b: &str) -> bool {
    a == b || decoded(a).split_whitespace().eq(decoded(b).split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_not_shown() {
        let value = "=?utf-8?q?a=E2=80=AEcod=2Eexe?= \u{2066}b\u{200b}\u{feff}";
        assert_eq!(shown(value), "acod.exe b");
        // Some scripts need these.
        assert_eq!(shown("\u{645}\u{200c}\u{200d}\u{645}"), "\u{645}\u{200c}\u{200d}\u{645}");
    }

    #[test]
    fn values_are_the_same_however_they_are_encoded() {
        assert!(is_same("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "=?utf-8?b?R3LDvMOfZQ==?="));
        assert!(is_same("a  b\tc", "a b c"));
        assert!(!is_same("ab", "a b"));
    }
}
