//! When two distinguished names are one (RFC 5280, 7.1).

use crate::asn1::{Tlv, constructed, primitive, tag};
use crate::error::{Error, Result};

/// A Name in a form in which equal names have equal bytes: the relative distinguished names one after
/// the other, their attributes sorted, text in UTF-8 without case and with single spaces.
///
/// Of the string preparation that RFC 5280 takes from RFC 4518, case folding and white space are
/// done, normalisation (NFKC) is not: names that differ only there are two names, as they are for
/// OpenSSL and NSS. A TeletexString with other than ASCII letters, whose alphabet nobody agrees on, and
/// values that are no text compare by their bytes.
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
        attributes.sort_unstable();
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

/// The text of a DirectoryString (RFC 5280, 4.1.2.4) or an IA5String.
fn text(value: Tlv<'_>) -> Option<String> {
    let octets = value.value;
    match value.tag {
        tag::UTF8_STRING | tag::PRINTABLE_STRING | tag::IA5_STRING => {
            core::str::from_utf8(octets).ok().map(str::to_owned)
        }
        tag::TELETEX_STRING if octets.is_ascii() => {
            core::str::from_utf8(octets).ok().map(str::to_owned)
        }
        tag::BMP_STRING => {
            let units: Vec<u16> = octets
                .chunks_exact(2)
                .map(|unit| unit.iter().fold(0, |sum, &octet| sum << 8 | u16::from(octet)))
                .collect();
            octets.len().is_multiple_of(2).then(|| String::from_utf16(&units).ok()).flatten()
        }
        _ => None,
    }
}

/// Without case, white space at the ends, and repeated white space (RFC 4518, 2.2, 2.6.1).
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
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
