//! Text in certificates: how it is decoded (RFC 5280, 4.1.2.4; X.690, 8.23), and what in it deceives
//! the eye.

use crate::asn1::{Tlv, tag};

/// The text of a string type whose alphabet is known; `None` for another type, or octets that are not
/// what it says.
pub(super) fn text(value: Tlv<'_>) -> Option<String> {
    let octets = value.value;
    match value.tag {
        tag::UTF8_STRING
        | tag::PRINTABLE_STRING
        | tag::IA5_STRING
        | tag::NUMERIC_STRING
        | tag::VISIBLE_STRING => core::str::from_utf8(octets).ok().map(str::to_owned),
        tag::TELETEX_STRING if octets.is_ascii() => {
            core::str::from_utf8(octets).ok().map(str::to_owned)
        }
        tag::BMP_STRING => {
            let units: Vec<u16> = numbers::<2>(octets)?.map(|unit| unit as u16).collect();
            String::from_utf16(&units).ok()
        }
        tag::UNIVERSAL_STRING => numbers::<4>(octets)?.map(char::from_u32).collect(),
        _ => None,
    }
}

/// The same for people to look at: of a TeletexString with other letters than ASCII's, whose alphabet
/// nobody agrees on, as the ISO 8859-1 that nearly all writers meant.
pub(super) fn display_text(value: Tlv<'_>) -> Option<String> {
    text(value).or_else(|| {
        (value.tag == tag::TELETEX_STRING)
            .then(|| value.value.iter().copied().map(char::from).collect())
    })
}

/// Whether something in a text is not seen as it is: control characters, and those that show nothing or
/// change the direction of others (Unicode's `Default_Ignorable_Code_Point` and `Bidi_Control`, and the
/// separators of lines). Such a text must not be shown without a mark.
pub fn has_hidden_characters(text: &str) -> bool {
    text.chars().any(is_hidden)
}

/// Without them, but for the joiners U+200C and U+200D, which some scripts need; a space for each control
/// character.
pub fn without_hidden_characters(text: &str) -> String {
    let shown = |c: char| match c {
        '\u{200c}' | '\u{200d}' => Some(c),
        c if c.is_control() => Some(' '),
        c => (!is_hidden(c)).then_some(c),
    };
    text.chars().filter_map(shown).collect()
}

/// Whether a character is one of them.
pub(super) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Big-endian numbers of `N` octets each; `None` if some octets are over.
fn numbers<const N: usize>(octets: &[u8]) -> Option<impl Iterator<Item = u32>> {
    let (chunks, rest) = octets.as_chunks::<N>();
    let number = |chunk: &[u8; N]| chunk.iter().fold(0, |sum, &octet| sum << 8 | u32::from(octet));
    rest.is_empty().then(|| chunks.iter().map(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: u8, value: &[u8]) -> (Option<String>, Option<String>) {
        let tlv = Tlv { tag, value, raw: value };
        (text(tlv), display_text(tlv))
    }

    #[test]
    fn every_string_type_is_decoded_by_its_alphabet() {
        let same = |text: &str| (Some(text.to_owned()), Some(text.to_owned()));
        assert_eq!(read(tag::UTF8_STRING, "M\u{fc}ller".as_bytes()), same("M\u{fc}ller"));
        assert_eq!(read(tag::BMP_STRING, b"\0M\0\xfc"), same("M\u{fc}"));
        assert_eq!(read(tag::UNIVERSAL_STRING, b"\0\x01\xf4\x09"), same("\u{1f409}"));
        assert_eq!(read(tag::NUMERIC_STRING, b"12 3"), same("12 3"));
        assert_eq!(read(tag::TELETEX_STRING, b"M\xfcller"), (None, Some("M\u{fc}ller".to_owned())));
        for (tag, value) in [
            (tag::UTF8_STRING, &b"M\xfcller"[..]),
            (tag::BMP_STRING, b"\0M\0"),
            (tag::BMP_STRING, b"\xd8\0"),
            (tag::UNIVERSAL_STRING, b"\0\x11\0\0"),
            (tag::OCTET_STRING, b"a"),
        ] {
            assert_eq!(read(tag, value), (None, None), "{value:?}");
        }
    }

    #[test]
    fn what_is_not_seen_is_found() {
        assert_eq!(without_hidden_characters("a\u{202e}b\0c\u{200d}\u{feff}"), "ab c\u{200d}");
        for text in ["a\u{202e}b", "a\0", "\u{200b}", "a\nb", "\u{feff}a", "\u{e0041}", "\u{2066}"]
        {
            assert!(has_hidden_characters(text), "{text:?}");
        }
        for text in ["", "M\u{fc}ller & S\u{f6}hne", "\u{5927}\u{5b66}", "\u{1f409}", "\u{0627}"] {
            assert!(!has_hidden_characters(text), "{text:?}");
        }
    }
}
