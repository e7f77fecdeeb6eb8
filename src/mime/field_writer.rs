//! Header fields as they survive transport: in 7 bits, without white space at the end of a line, no
//! line over 998 characters, and folded at 78 where they are written anew (RFC 5322, 2.1.1 and 2.2.3).
//!
//! Text becomes encoded words (RFC 2047), parameters become extended ones (RFC 2231). The rest has no
//! encoding: an address outside ASCII stays as it is (RFC 6532), and so does an identifier.

use std::borrow::Cow;

use mail_builder::headers::Header;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType as Parameters;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address as ReadAddress};

use super::address::{is_address_field, parse_address_list};
use super::encoded_words::has_endless_words;
use super::entity::without_line_end;
use super::field::{ContentType, Field, without_controls};

/// Octets on a line at most (RFC 5322, 2.1.1).
pub(super) const LONGEST: usize = 998;

const PARAMETERS: &[&str] = &["Content-Type", "Content-Disposition"];

/// Fields for people. Those not named here may have a grammar in which encoded words mean nothing.
const TEXTS: &[&str] = &[
    "Subject",
    "Comments",
    "Keywords",
    "Content-Description",
    "Organization",
    "User-Agent",
    "Thread-Topic",
    "List-Id",
];

/// Whether the field reaches its reader as it is.
pub(super) fn survives(raw: &[u8]) -> bool {
    raw.split_inclusive(|&octet| octet == b'\n').map(without_line_end).all(|line| {
        let is_printable = |octet: &u8| (32..=126).contains(octet) || *octet == b'\t';
        line.len() <= LONGEST
            && line.iter().all(is_printable)
            && !line.ends_with(b" ")
            && !line.ends_with(b"\t")
    })
}

/// The field with its line end, as it is where it survives.
pub(super) fn transportable<'a>(field: &Field<'a>) -> Cow<'a, [u8]> {
    if survives(field.raw()) {
        return Cow::Borrowed(field.raw());
    }
    let line = field.line();
    let mut output = field.name().to_vec();
    if line.is_empty() {
        output.extend_from_slice(b":\r\n");
        return Cow::Owned(output);
    }
    output.extend_from_slice(b": ");
    let column = output.len();
    match encoded(field, &line, column) {
        Some(value) => output.extend_from_slice(&value),
        None => Raw::new(line).write_header(&mut output, column),
    }
    Cow::Owned(output)
}

/// The value in an encoding of its own, if it needs one and its kind has one.
fn encoded(field: &Field<'_>, line: &str, column: usize) -> Option<Vec<u8>> {
    let is_one_of = |names: &[&str]| names.iter().any(|name| field.is(name));
    let has_long_word = line.split(' ').any(|word| word.len() > LONGEST / 2);
    let mut value = Vec::new();
    if is_one_of(PARAMETERS) && (!line.is_ascii() || has_long_word) {
        parameters(line)?.write_header(&mut value, column);
        // Other readers have to find the same parts in it.
        let boundary = |text: &str| {
            let content_type = ContentType::parse(text);
            content_type.and_then(|found| found.parameter("boundary").map(str::to_owned))
        };
        let written = String::from_utf8_lossy(&value).replace("\r\n", "");
        (boundary(&written) == boundary(line)).then_some(value)
    } else if str::from_utf8(field.name()).is_ok_and(is_address_field) && !line.is_ascii() {
        addresses(line)?.write_header(&mut value, column);
        let written = String::from_utf8_lossy(&value).replace("\r\n", "");
        (parse_address_list(&written) == parse_address_list(line)).then_some(value)
    } else if (is_one_of(TEXTS) || is_extension(field)) && !line.is_ascii() {
        Text::new(field.decoded()).write_header(&mut value, column);
        Some(value)
    } else {
        None
    }
}

fn is_extension(field: &Field<'_>) -> bool {
    field.name().get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"X-"))
}

fn parameters(line: &str) -> Option<Parameters<'static>> {
    if has_endless_words(line.as_bytes()) {
        return None;
    }
    let line = format!("{line}\n");
    let read = MessageStream::new(line.as_bytes()).parse_content_type().into_content_type()?;
    let essence = match read.c_subtype {
        Some(subtype) => format!("{}/{subtype}", read.c_type),
        None => read.c_type.into_owned(),
    };
    let attributes = read.attributes.unwrap_or_default().into_iter();
    Some(attributes.fold(Parameters::new(essence), |written, attribute| {
        written.attribute(attribute.name.into_owned(), attribute.value.into_owned())
    }))
}

fn addresses(line: &str) -> Option<Address<'static>> {
    if has_endless_words(line.as_bytes()) {
        return None;
    }
    let line = format!("{line}\n");
    let list = |list: Vec<Addr<'_>>| -> Vec<Address<'static>> {
        let one = |one: Addr<'_>| {
            let name = one.name.map(|name| without_controls(&name));
            Some(Address::new_address(name, without_controls(&one.address?)))
        };
        list.into_iter().filter_map(one).collect()
    };
    let read = MessageStream::new(line.as_bytes()).parse_address().into_address()?;
    Some(Address::new_list(match read {
        ReadAddress::List(addresses) => list(addresses),
        ReadAddress::Group(groups) => {
            let group = |group: mail_parser::Group<'_>| match group.name {
                Some(name) => {
                    vec![Address::new_group(Some(without_controls(&name)), list(group.addresses))]
                }
                None => list(group.addresses),
            };
            groups.into_iter().flat_map(group).collect()
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(raw: &[u8]) -> String {
        let field = Field::parse(raw).unwrap();
        String::from_utf8(transportable(&field).into_owned()).unwrap()
    }

    #[test]
    fn each_kind_of_field_has_its_encoding() {
        for (raw, expected) in [
            ("Subject: Ein sch\u{f6}ner Tag\r\n", "Subject: =?utf-8?Q?Ein_sch=C3=B6ner_Tag?=\r\n"),
            (
                "From: J\u{fc}rgen Mustermann <j@example.com>, a@example.com\r\n",
                "From: =?utf-8?Q?J=C3=BCrgen_Mustermann?= <j@example.com>, <a@example.com>\r\n",
            ),
            (
                "Content-Disposition: attachment;\r\n filename=\"\u{fc}.pdf\"\r\n",
                "Content-Disposition: attachment; filename*=UTF-8''%C3%BC.pdf\r\n",
            ),
            // No encoding takes an address.
            ("To: <j\u{fc}rgen@example.com>\r\n", "To: <j\u{fc}rgen@example.com>\r\n"),
            ("Message-ID: <\u{fc}@example.com>\r\n", "Message-ID: <\u{fc}@example.com>\r\n"),
            ("Subject: \r\n", "Subject:\r\n"),
            ("A: b \r\n\tc\t\r\n", "A: b  c\r\n"),
            ("A: b\r\n\tc \"d\r\n", "A: b\r\n\tc \"d\r\n"),
        ] {
            assert_eq!(written(raw.as_bytes()), expected, "{raw:?}");
        }
        assert_eq!(written(b"Subject: \xfc\r\n"), "Subject: =?utf-8?B?w7w=?=\r\n");
    }

    #[test]
    fn work_grows_with_the_field_and_not_with_its_square() {
        // Were each word, or name, compared with or searched for in all that follows, this would take an
        // hour.
        let subject = format!("Subject: {}\u{fc}\r\n", "=?aa?q?x".repeat(1 << 17));
        assert!(survives(written(subject.as_bytes()).as_bytes()));
        let people: Vec<String> = (0..100_000).map(|n| format!("\u{fc} <a{n}@b.c>")).collect();
        let to = written(format!("To: {}\r\n", people.join(", ")).as_bytes());
        assert!(survives(to.as_bytes()));
        assert_eq!(to.matches('@').count(), 100_000);
    }

    #[test]
    fn no_line_is_too_long() {
        let name = "x".repeat(1_500);
        for field in [
            format!("Content-Type: a/b; name=\"{name}\"; boundary=\"c d\"\r\n"),
            format!("References: {}\r\n", "<0123456789@example.com> ".repeat(100)),
            format!("Subject: {}\r\n", "\u{20ac}".repeat(500)),
        ] {
            let written = written(field.as_bytes());
            assert!(written.split("\r\n").all(|line| line.len() <= 78), "{written}");
            assert!(survives(written.as_bytes()), "{written}");
        }
    }
}
