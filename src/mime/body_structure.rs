//! What an IMAP server tells of a message's parts: BODYSTRUCTURE (RFC 9051, 7.5.2 and 9), as text.

use super::part::check;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// A part of a message, as the server describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyStructure {
    /// The media type in lower case.
    pub essence: String,
    /// Of the content type, their names in lower case.
    pub parameters: Vec<(String, String)>,
    /// Of the content disposition, their names in lower case.
    pub disposition: Vec<(String, String)>,
    /// The parts of a multipart. What is inside a message/rfc822 is not among them: it is another
    /// message.
    pub parts: Vec<BodyStructure>,
}

impl BodyStructure {
    /// Reads the value of a FETCH response's `BODYSTRUCTURE` or `BODY` item, with or without that word
    /// before it. Quoted strings and literals are taken, extension data may be absent.
    ///
    /// # Errors
    ///
    /// `malformed/mime`, `limit/input-bytes`, `limit/mime-depth`, `limit/mime-parts`, the last also for more
    /// values than so many parts have.
    pub fn parse(text: &[u8], limits: &Limits) -> Result<BodyStructure> {
        check(Limit::InputBytes, text.len(), limits.input_bytes)?;
        let text = text.trim_ascii();
        let start = text.iter().position(|&octet| octet == b'(').ok_or(MALFORMED)?;
        let (word, text) = text.split_at(start);
        if !["", "BODY", "BODYSTRUCTURE"].iter().any(|name| {
            let word = word.trim_ascii();
            word.eq_ignore_ascii_case(name.as_bytes())
        }) {
            return Err(MALFORMED);
        }
        let mut reader = Reader { rest: text, limits, depth: 0, values: 0 };
        let value = reader.value()?;
        if reader.rest.is_empty() {
            Parts { limits, count: 0 }.body(&value)
        } else {
            Err(MALFORMED)
        }
    }
}

const MALFORMED: Error = Error::MalformedMime { rule: "the BODYSTRUCTURE can't be read" };

/// Lists within lists that are not parts: parameters in a disposition, addresses in an envelope.
const LISTS_BESIDES: usize = 4;

/// Values that are read for each part that is allowed, wherever they stand. A part has about a dozen, and
/// two for each parameter; an attached message has four for each address.
const VALUES_EACH: usize = 32;

enum Value {
    List(Vec<Value>),
    Text(String),
    Nil,
}

impl Value {
    fn list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            Value::Text(_) | Value::Nil => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::List(_) | Value::Nil => None,
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    limits: &'a Limits,
    depth: usize,
    values: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Value> {
        self.values += 1;
        check(Limit::MimeParts, self.values.div_ceil(VALUES_EACH), self.limits.mime_parts)?;
        match self.rest.first() {
            Some(b'(') => self.list(),
            Some(b'"') => self.quoted(),
            Some(b'{' | b'~') => self.literal(),
            Some(_) => self.atom(),
            None => Err(MALFORMED),
        }
    }

    fn list(&mut self) -> Result<Value> {
        self.depth += 1;
        check(Limit::MimeDepth, self.depth, self.limits.mime_depth + LISTS_BESIDES)?;
        self.skip(1);
        let mut items = Vec::new();
        loop {
            while self.rest.first() == Some(&b' ') {
                self.skip(1);
            }
            if self.rest.first() == Some(&b')') {
                self.skip(1);
                self.depth -= 1;
                return Ok(Value::List(items));
            }
            items.push(self.value()?);
        }
    }

    fn quoted(&mut self) -> Result<Value> {
        self.skip(1);
        let mut text = Vec::new();
        let mut octets = self.rest.iter();
        while let Some(&octet) = octets.next() {
            match octet {
                b'"' => {
                    self.rest = octets.as_slice();
                    return Ok(to_text(&text));
                }
                b'\\' => text.push(*octets.next().ok_or(MALFORMED)?),
                _ => text.push(octet),
            }
        }
        Err(MALFORMED)
    }

    /// `{4}` or `{4+}` and a line end, then as many octets; `~` before it where NULs may be among them.
    fn literal(&mut self) -> Result<Value> {
        let start = self.rest.strip_prefix(b"~").unwrap_or(self.rest);
        let start = start.strip_prefix(b"{").ok_or(MALFORMED)?;
        let end = start.iter().position(|&octet| octet == b'}').ok_or(MALFORMED)?;
        let (length, after) = start.split_at(end);
        let length = length.strip_suffix(b"+").unwrap_or(length);
        let length: usize = core::str::from_utf8(length)
            .ok()
            .and_then(|digits| digits.parse().ok())
            .ok_or(MALFORMED)?;
        let after = after.strip_prefix(b"}\r\n").or(after.strip_prefix(b"}\n")).ok_or(MALFORMED)?;
        let (text, rest) = after.split_at_checked(length).ok_or(MALFORMED)?;
        self.rest = rest;
        Ok(to_text(text))
    }

    /// A number, NIL, or what is missing its quotes.
    fn atom(&mut self) -> Result<Value> {
        let end = self.rest.iter().position(|octet| b" ()\"{\r\n".contains(octet));
        let (atom, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if atom.is_empty() {
            return Err(MALFORMED);
        }
        self.rest = rest;
        Ok(if atom.eq_ignore_ascii_case(b"NIL") { Value::Nil } else { to_text(atom) })
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }
}

fn to_text(octets: &[u8]) -> Value {
    Value::Text(String::from_utf8_lossy(octets).into_owned())
}

/// Makes parts of values, and counts them.
struct Parts<'a> {
    limits: &'a Limits,
    count: usize,
}

impl Parts<'_> {
    fn body(&mut self, value: &Value) -> Result<BodyStructure> {
        self.count += 1;
        check(Limit::MimeParts, self.count, self.limits.mime_parts)?;
        let items = value.list().ok_or(MALFORMED)?;
        let parts = items.iter().take_while(|item| item.list().is_some()).count();
        if parts == 0 { single(items) } else { self.multipart(items, parts) }
    }

    /// `(part)(part) "subtype" parameters disposition …`
    fn multipart(&mut self, items: &[Value], count: usize) -> Result<BodyStructure> {
        let (parts, rest) = items.split_at_checked(count).ok_or(MALFORMED)?;
        let subtype = rest.first().and_then(Value::text).ok_or(MALFORMED)?;
        Ok(BodyStructure {
            essence: format!("multipart/{}", subtype.to_ascii_lowercase()),
            parameters: parameters(rest.get(1)),
            disposition: disposition(rest.get(2)),
            parts: parts.iter().map(|part| self.body(part)).collect::<Result<_>>()?,
        })
    }
}

/// `"type" "subtype" parameters id description encoding size`, then what the type adds, then
/// `md5 disposition …`.
fn single(items: &[Value]) -> Result<BodyStructure> {
    let word = |at: usize| items.get(at).and_then(Value::text).ok_or(MALFORMED);
    let essence = format!("{}/{}", word(0)?, word(1)?).to_ascii_lowercase();
    let added = match essence.as_str() {
        // Envelope, structure and lines.
        "message/rfc822" | "message/global" => 3,
        essence if essence.starts_with("text/") => 1,
        _ => 0,
    };
    Ok(BodyStructure {
        parameters: parameters(items.get(2)),
        disposition: disposition(items.get(7 + added + 1)),
        parts: Vec::new(),
        essence,
    })
}

/// `("name" "value" …)`
fn parameters(value: Option<&Value>) -> Vec<(String, String)> {
    let pairs = value.and_then(Value::list).unwrap_or_default().chunks_exact(2);
    pairs
        .filter_map(|pair| match pair {
            [Value::Text(name), Value::Text(value)] => {
                Some((name.to_ascii_lowercase(), value.clone()))
            }
            _ => None,
        })
        .collect()
}

/// `("attachment" parameters)`
fn disposition(value: Option<&Value>) -> Vec<(String, String)> {
    parameters(value.and_then(Value::list).and_then(|items| items.get(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> BodyStructure {
        BodyStructure::parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn parts_their_parameters_and_dispositions_are_read() {
        let structure = parse(
            "BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" {5}\r\nutf-8) NIL NIL \"7BIT\" 1152 23 NIL \
             NIL NIL NIL)(\"APPLICATION\" \"PKCS7-SIGNATURE\" (\"NAME\" \"smime \\\"1\\\".p7s\") NIL NIL \
             \"BASE64\" 60 NIL (\"ATTACHMENT\" (\"FILENAME\" \"smime.p7s\")) NIL) \"SIGNED\" (\"PROTOCOL\" \
             \"application/pkcs7-signature\" \"BOUNDARY\" \"b\") NIL NIL NIL)",
        );
        assert_eq!(structure.essence, "multipart/signed");
        let protocol = ("protocol", "application/pkcs7-signature");
        assert_eq!(structure.parameters, pairs(&[protocol, ("boundary", "b")]));
        let [text, signature] = structure.parts.as_slice() else { panic!("two parts") };
        assert_eq!(text.essence, "text/plain");
        assert_eq!(text.parameters, pairs(&[("charset", "utf-8")]));
        assert_eq!(signature.essence, "application/pkcs7-signature");
        assert_eq!(signature.parameters, pairs(&[("name", "smime \"1\".p7s")]));
        assert_eq!(signature.disposition, pairs(&[("filename", "smime.p7s")]));
    }

    #[test]
    fn an_attached_message_is_one_part() {
        let structure = parse(
            "((\"text\" \"html\" NIL NIL NIL \"8bit\" 1 1)(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 900 \
             (\"date\" \"subject\" ((NIL NIL \"a\" \"b.c\")) NIL NIL NIL NIL NIL NIL \"<id>\") \
             (\"application\" \"pkcs7-mime\" (\"smime-type\" \"enveloped-data\") NIL NIL \"base64\" 800) 20 \
             NIL (\"attachment\" (\"filename\" \"a.eml\")) NIL NIL) \"mixed\")",
        );
        let [_, message] = structure.parts.as_slice() else { panic!("two parts") };
        assert_eq!(message.essence, "message/rfc822");
        assert_eq!(message.disposition, pairs(&[("filename", "a.eml")]));
        assert!(message.parts.is_empty());
    }

    #[test]
    fn what_can_not_be_read_is_refused() {
        for text in [
            "",
            "()",
            "NIL",
            "ENVELOPE (\"a\" \"b\")",
            "(\"text\" \"plain\"",
            "(\"text\" \"plain)",
            "(\"text\")",
            "(\"text\" NIL)",
            "(\"text\" {9}\r\nplain)",
            "(\"text\" {99999999999999999999}\r\nplain)",
            "(\"text\" {x}plain)",
            "(\"text\" \"plain\") (",
            "((\"text\" \"plain\"))",
            "(\"text\" \"pl\\",
        ] {
            let error = BodyStructure::parse(text.as_bytes(), &Limits::default()).unwrap_err();
            assert_eq!(error.code(), "malformed/mime", "{text}");
        }
        let deep = "(".repeat(1_000_000);
        let error = BodyStructure::parse(deep.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "limit/mime-depth");
    }

    #[test]
    fn neither_parts_nor_values_grow_without_end() {
        let limits = Limits { mime_parts: 10, ..Limits::default() };
        let parts = |count: usize| format!("({}\"mixed\")", "(\"a\" \"b\")".repeat(count));
        // Besides them there are two lists and two words.
        let parameters = |count: usize| format!("(\"a\" \"b\" ({}))", "\"c\" ".repeat(count));
        let most = 10 * VALUES_EACH - 4;
        for (allowed, refused) in [(parts(9), parts(10)), (parameters(most), parameters(most + 1))]
        {
            assert!(BodyStructure::parse(allowed.as_bytes(), &limits).is_ok());
            let error = BodyStructure::parse(refused.as_bytes(), &limits).unwrap_err();
            assert_eq!(error.code(), "limit/mime-parts");
            let Error::Limit { required, allowed, .. } = error else { panic!("a limit") };
            assert_eq!((required, allowed), (11, 10));
        }
        for endless in ["()", "NIL ", "\"\"", "{0}\r\n", "(a b) "] {
            let text = format!("({}", endless.repeat(1 << 20));
            let error = BodyStructure::parse(text.as_bytes(), &Limits::default()).unwrap_err();
            assert_eq!(error.code(), "limit/mime-parts", "{endless}");
        }
    }
}
