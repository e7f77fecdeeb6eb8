//! When two distinguished names are one (RFC 5280, 7.1).

use super::text::text;
use crate::asn1::{Tlv, constructed, primitive, tag};
use crate::bytes::sort_by;
use crate::error::{Error, Result};

/// A Name in a form in which equal names have equal bytes: the relative distinguished names one after
/// the other, their attributes sorted, text prepared.
///
/// Of the string preparation that RFC 5280 takes from RFC 4518, transcoding (2.1), mapping and case
/// folding (2.2) and white space (2.6.1) are done. Normalisation (NFKC, 2.3) is not: it would
/// take the tables of a crate for this alone, and names that differ only there are two names for OpenSSL
/// and NSS too, so that no issuer can rely on it. Where it matters, a path is not found. A TeletexString with other
/// than ASCII letters, whose alphabet nobody agrees on, and values that are no text compare by their
/// bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComparableName(Vec<u8>);

impl ComparableName {
    /// From a Name.
    ///
    /// ```text
    /// Name ::= CHOICE { rdnSequence SEQUENCE OF RelativeDistinguishedName }
    /// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF
    ///   SEQUENCE { type OBJECT IDENTIFIER, value ANY }
    /// ```
    ///
    /// # Errors
    ///
    /// `malformed/certificate` if it is none.
    pub fn read(name: Tlv<'_>) -> Result<ComparableName> {
        relative_names(name)
            .map(|names| ComparableName(names.concat()))
            .map_err(|_| Error::MalformedCertificate { rule: "a name can't be read" })
    }

    /// The name that `relative` is below this one.
    #[must_use]
    pub fn join(&self, relative: &ComparableName) -> ComparableName {
        ComparableName([self.0.as_slice(), &relative.0].concat())
    }

    /// Whether it has no attributes at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is `base` or stands below it in the directory (RFC 5280, 4.2.1.10).
    pub fn is_within(&self, base: &ComparableName) -> bool {
        // Whole values on both sides: no prefix can end within one.
        self.0.starts_with(&base.0)
    }
}

fn relative_names(name: Tlv<'_>) -> Result<Vec<Vec<u8>>> {
    let mut sets = name.contents();
    let mut names = Vec::new();
    while !sets.is_empty() {
        let mut set = sets.expect(tag::SET)?.contents();
        let mut attributes = Vec::new();
        while !set.is_empty() {
            let mut attribute = set.sequence()?;
            let kind = attribute.expect(tag::OBJECT_IDENTIFIER)?;
            let value = attribute.any()?;
            attribute.finish()?;
            attributes.push([kind.raw, &comparable_value(value)].concat());
        }
        if attributes.is_empty() {
            return Err(Error::MalformedAsn1 { rule: "an empty SET" });
        }
        sort_by(&mut attributes, Ord::cmp);
        let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
        names.push(constructed(tag::SET, &attributes));
    }
    Ok(names)
}

fn comparable_value(value: Tlv<'_>) -> Vec<u8> {
    match text(value) {
        Some(text) => primitive(tag::UTF8_STRING, fold(&text).as_bytes()),
        None => value.raw.to_vec(),
    }
}

/// Without case, characters that show nothing, white space at the ends, and repeated white space (RFC
/// 4518, 2.2 and 2.6.1).
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let length = folded.len();
        folded.extend(word.chars().filter(|&c| !maps_to_nothing(c)).flat_map(fold_case));
        if length > 0 && folded.len() > length {
            folded.insert(length, ' ');
        }
    }
    folded
}

/// Upper case first, so that what has several lower cases gets one, and \u{df} becomes two letters (RFC
/// 3454, B.2). Only the dotless i keeps to itself there.
fn fold_case(character: char) -> impl Iterator<Item = char> {
    let upper = (character != '\u{131}').then(|| character.to_uppercase());
    let same = upper.is_none().then_some(character);
    upper.into_iter().flatten().flat_map(char::to_lowercase).chain(same)
}

/// RFC 4518, 2.2: the complete list.
fn maps_to_nothing(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'..='\u{84}'
            | '\u{86}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{1806}'
            | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2063}'
            | '\u{206a}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffc}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}'
            | '\u{e0020}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::Reader;

    type Value<'a> = (u8, &'a [u8]);

    /// A name of common names, each an attribute of a type and value as given.
    fn name(sets: &[&[Value<'_>]]) -> ComparableName {
        let sets: Vec<Vec<u8>> = sets
            .iter()
            .map(|values| {
                let attributes: Vec<Vec<u8>> = values
                    .iter()
                    .map(|(tag, value)| {
                        constructed(tag::SEQUENCE, &[&[6, 3, 85, 4, 3], &primitive(*tag, value)])
                    })
                    .collect();
                let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
                constructed(tag::SET, &attributes)
            })
            .collect();
        let sets: Vec<&[u8]> = sets.iter().map(Vec::as_slice).collect();
        let der = constructed(tag::SEQUENCE, &sets);
        ComparableName::read(Reader::only(&der, tag::SEQUENCE).unwrap()).unwrap()
    }

    #[test]
    fn case_white_space_and_string_type_make_no_difference() {
        let plain = name(&[&[(tag::PRINTABLE_STRING, b"Good CA")]]);
        for (tag, value) in [
            (tag::UTF8_STRING, &b"good  ca "[..]),
            (tag::PRINTABLE_STRING, b" GOOD CA"),
            (tag::BMP_STRING, b"\0g\0o\0o\0d\0 \0c\0a"),
            (tag::TELETEX_STRING, b"Good CA"),
        ] {
            assert_eq!(name(&[&[(tag, value)]]), plain, "{value:?}");
        }
        for (tag, value) in [
            (tag::UTF8_STRING, &b"GoodCA"[..]),
            (tag::OCTET_STRING, b"Good CA"),
            (tag::BMP_STRING, b"g"),
        ] {
            assert_ne!(name(&[&[(tag, value)]]), plain, "{value:?}");
        }
        let umlaut = name(&[&[(tag::UTF8_STRING, "M\u{dc}LLER".as_bytes())]]);
        assert_eq!(umlaut, name(&[&[(tag::UTF8_STRING, "m\u{fc}ller".as_bytes())]]));
        assert_ne!(umlaut, name(&[&[(tag::TELETEX_STRING, b"m\xfcller")]]));
    }

    #[test]
    fn text_is_prepared_as_rfc_4518_says() {
        let utf8 = |text: &str| name(&[&[(tag::UTF8_STRING, text.as_bytes())]]);
        for (one, other) in [
            ("STRASSE", "Stra\u{df}e"),
            ("\u{3a3}\u{391}\u{3a3}", "\u{3c3}\u{3b1}\u{3c2}"),
            ("Go\u{ad}od\u{200b} CA\0", "good ca"),
            ("Good \u{200f} CA", "Good CA"),
            ("\u{3000}Good\u{a0}CA\u{85}", "Good CA"),
        ] {
            assert_eq!(utf8(one), utf8(other), "{one:?}");
        }
        for (one, other) in [
            ("GoodCA", "Good CA"),
            ("i", "\u{131}"),
            ("M\u{fc}ller", "Muller"),
            // Would be one after NFKC.
            ("M\u{fc}ller", "Mu\u{308}ller"),
            ("\u{ff21}", "A"),
        ] {
            assert_ne!(utf8(one), utf8(other), "{one:?}");
        }
        let universal = name(&[&[(tag::UNIVERSAL_STRING, b"\0\0\0g")]]);
        assert_eq!(universal, name(&[&[(tag::BMP_STRING, b"\0G")]]));
    }

    #[test]
    fn a_name_lies_within_its_first_parts_only() {
        let a: &[Value<'_>] = &[(tag::UTF8_STRING, b"a")];
        let b: &[Value<'_>] = &[(tag::UTF8_STRING, b"b")];
        assert!(name(&[a, b]).is_within(&name(&[a])));
        assert!(name(&[a]).is_within(&name(&[a])) && name(&[a]).is_within(&name(&[])));
        assert!(!name(&[a]).is_within(&name(&[a, b])));
        assert!(!name(&[b, a]).is_within(&name(&[a])));
        let ab: &[Value<'_>] = &[(tag::UTF8_STRING, b"a"), (tag::UTF8_STRING, b"b")];
        let ba: &[Value<'_>] = &[(tag::UTF8_STRING, b"b"), (tag::UTF8_STRING, b"a")];
        assert_eq!(name(&[ab]), name(&[ba]));
        assert!(!name(&[ab]).is_within(&name(&[a])));
    }
}
