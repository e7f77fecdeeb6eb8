//! One header field, and the structured value of Content-Type (RFC 2045, 5.1).

use mail_parser::decoders::charsets::map::charset_decoder;

use super::encoded_words::decode_encoded_words;
use crate::env::Time;

/// A header field as it stands in the message.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    raw: &'a [u8],
    name: &'a [u8],
    value: &'a [u8],
}

impl<'a> Field<'a> {
    pub(super) fn parse(raw: &'a [u8]) -> Option<Field<'a>> {
        let colon = raw.iter().position(|&octet| octet == b':')?;
        let (name, rest) = raw.split_at(colon);
        // RFC 5322, 4.5 allows white space before the colon in old mail.
        let name = name.trim_ascii_end();
        let is_name = !name.is_empty() && name.iter().all(|octet| (33..=126).contains(octet));
        is_name.then(|| Field { raw, name, value: rest.get(1..).unwrap_or_default() })
    }

    /// The whole field with its line ends.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The name as written.
    pub fn name(&self) -> &'a [u8] {
        self.name
    }

    /// What stands after the colon, with its line ends.
    pub fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Whether the field has this name, which compares without case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Whether it describes the content, and so moves inside with it (RFC 2045, 9).
    pub fn is_content(&self) -> bool {
        self.name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"Content-"))
    }

    /// The value as it is to be shown: on one line, encoded words decoded (RFC 2047). Octets that are no
    /// UTF-8 are read as Windows-1252, which is what most mail with raw octets in its header means.
    pub fn decoded(&self) -> String {
        decode_encoded_words(&self.line())
    }

    /// The value on one line, as characters, without controls.
    pub(super) fn line(&self) -> String {
        let text = match core::str::from_utf8(self.value) {
            Ok(text) => text.to_owned(),
            Err(_) => match charset_decoder(b"windows-1252") {
                Some(decode) => decode(self.value),
                None => String::from_utf8_lossy(self.value).into_owned(),
            },
        };
        let folded = text.replace("\r\n", "").replace('\n', "");
        without_controls(&folded).trim().to_owned()
    }

    /// The value on one line; octets that are no UTF-8 become replacement characters.
    pub fn unfolded(&self) -> String {
        let text = String::from_utf8_lossy(self.value);
        let mut line = String::with_capacity(text.len());
        for character in text.chars().filter(|&c| c != '\r' && c != '\n') {
            line.push(character);
        }
        line.trim().to_owned()
    }
}

/// With a space for each control character, which no field may hold.
pub(super) fn without_controls(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The moment a Date field names (RFC 5322, 3.3); `None` if it names none.
pub fn parse_date(value: &str) -> Option<Time> {
    let date = mail_parser::DateTime::parse_rfc822(value).filter(|date| date.is_valid())?;
    Some(Time::from_secs(date.to_timestamp()))
}

/// A media type with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType {
    essence: String,
    parameters: Vec<(String, String)>,
}

impl Default for ContentType {
    fn default() -> ContentType {
        ContentType { essence: "text/plain".to_owned(), parameters: Vec::new() }
    }
}

impl ContentType {
    /// From the value of the field. Parameters that can't be read are left out.
    pub fn parse(value: &str) -> Option<ContentType> {
        let mut scanner = Scanner { rest: value };
        let kind = scanner.token()?.to_ascii_lowercase();
        scanner.skip('/').then_some(())?;
        let subtype = scanner.token()?.to_ascii_lowercase();
        let mut parameters = Vec::new();
        while scanner.next_parameter() {
            let Some(name) = scanner.token() else { continue };
            let name = name.to_ascii_lowercase();
            if scanner.skip('=')
                && let Some(value) = scanner.value()
            {
                parameters.push((name, value));
            }
        }
        Some(ContentType { essence: format!("{kind}/{subtype}"), parameters })
    }

    /// Type and subtype in lower case: `multipart/signed`.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// The parameters in their order, their names in lower case.
    pub fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// The first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Tokens, quoted strings and comments (RFC 2045, 5.1; RFC 5322, 3.2).
struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with('(') {
                return;
            }
            let (mut depth, mut escaped) = (0_u32, false);
            let end = self.rest.char_indices().find_map(|(at, c)| {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                (depth == 0).then_some(at + 1)
            });
            self.rest = end.and_then(|end| self.rest.get(end..)).unwrap_or_default();
        }
    }

    fn skip(&mut self, wanted: char) -> bool {
        self.blanks();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn token(&mut self) -> Option<&'a str> {
        self.blanks();
        let special =
            |c: char| c.is_whitespace() || c.is_control() || "()<>@,;:\\\"/[]?=".contains(c);
        let end = self.rest.find(special).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!token.is_empty()).then_some(token)
    }

    /// A quoted string, or whatever stands before the next semicolon or blank: real mail leaves quotes
    /// out around boundaries that need them.
    fn value(&mut self) -> Option<String> {
        self.blanks();
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let end =
                self.rest.find(|c: char| c == ';' || c.is_whitespace()).unwrap_or(self.rest.len());
            let (value, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest;
            return (!value.is_empty()).then(|| value.to_owned());
        };
        let (mut value, mut escaped) = (String::new(), false);
        for (at, c) in quoted.char_indices() {
            match c {
                _ if escaped => {
                    value.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    self.rest = quoted.get(at + 1..).unwrap_or_default();
                    return Some(value);
                }
                _ => value.push(c),
            }
        }
        self.rest = "";
        None
    }

    /// Moves behind the next semicolon; `false` at the end.
    fn next_parameter(&mut self) -> bool {
        self.blanks();
        match self.rest.find(';') {
            Some(at) => {
                self.rest = self.rest.get(at + 1..).unwrap_or_default();
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_for_people() {
        for (raw, shown) in [
            (
                &b"A: =?utf-8?q?Gr=C3=BC=C3=9Fe_?=\r\n =?iso-8859-1?B?YXVz?= =?x-odd?q?_hier?=\r\n"
                    [..],
                "Gr\u{fc}\u{df}e aus hier",
            ),
            (b"A: Gr\xc3\xbc\xc3\x9fe\r\n", "Gr\u{fc}\u{df}e"),
            (b"A: Gr\xfc\xdfe \x80\r\n", "Gr\u{fc}\u{df}e \u{20ac}"),
            (b"A: =?utf-8?q?broken\r\n\t line\0\rend\r\n", "=?utf-8?q?broken  line  end"),
            (b"A:\r\n", ""),
        ] {
            assert_eq!(Field::parse(raw).unwrap().decoded(), shown, "{raw:?}");
        }
    }

    #[test]
    fn dates_are_moments() {
        let moment = parse_date("Mon, 26 Jan 2026 14:38:03 +0100 (CET)");
        assert_eq!(moment, Some(Time::from_secs(1_769_434_683)));
        assert_eq!(parse_date("yesterday"), None);
    }

    #[test]
    fn content_types_are_read_as_mail_writes_them() {
        let value = "Multipart/Signed (x;y); protocol=\"application/pkcs7-signature\"; ;\tmicalg=sha-256;\
                     boundary=--=_a/b; note=\"a\\\"; b\"";
        let content_type = ContentType::parse(value).unwrap();
        assert_eq!(content_type.essence(), "multipart/signed");
        assert_eq!(content_type.parameter("protocol"), Some("application/pkcs7-signature"));
        assert_eq!(content_type.parameter("micalg"), Some("sha-256"));
        assert_eq!(content_type.parameter("boundary"), Some("--=_a/b"));
        assert_eq!(content_type.parameter("note"), Some("a\"; b"));
        assert_eq!(ContentType::parse("text"), None);
    }
}
