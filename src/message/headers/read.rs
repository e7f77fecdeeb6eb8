//! Reads protected fields, and tells what each is worth (RFC 9788, 4).

use std::collections::HashSet;

use super::text::{decoded, is_same, is_structural, is_user_facing, name};
use crate::cert::{AddressMatch, match_address};
use crate::error::{Detail, Problem, ProblemCode};
use crate::limits::Limits;
use crate::mime::{Entity, parse_address_list};

/// What is known of the entity that the layers of a message lead to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayloadFacts {
    /// A signature over all of it holds, and is the author's.
    pub is_signed: bool,
    /// It was encrypted.
    pub is_encrypted: bool,
}

/// By which rules a message's fields are protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeaderScheme {
    /// They are not.
    #[default]
    None,
    /// RFC 9788, `hp="clear"`.
    Clear,
    /// RFC 9788, `hp="cipher"`.
    Cipher,
    /// `protected-headers="v1"` of OpenPGP mail programs.
    ProtectedHeadersV1,
    /// RFC 8551, 3.1: the payload is a message/rfc822, and its body the message to be shown.
    Rfc8551,
}

/// What protects a field (RFC 9788, 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldProtection {
    /// Nothing does: anybody on the way may have written it.
    None,
    /// The author has signed it.
    Signed,
    /// Nobody could read it on the way.
    Encrypted,
    /// Both.
    SignedAndEncrypted,
}

/// A header field, as it is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderField {
    /// Its name as written.
    pub name: String,
    /// The value to be shown, encoded words decoded.
    pub value: String,
    /// The protected value, unfolded but else as it stands in the message.
    pub inner: Option<String>,
    /// The value outside, unfolded but else as it stands in the message.
    pub outer: Option<String>,
    /// What protects `value`.
    pub protection: FieldProtection,
    /// Whether the values inside and outside are two.
    pub differs: bool,
}

/// The header of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageHeaders {
    /// By which rules fields are protected.
    pub scheme: HeaderScheme,
    /// Protected fields in their order, then those that only stand outside.
    pub fields: Vec<HeaderField>,
    /// What there is to tell.
    pub problems: Vec<Problem>,
}

/// Reads the fields of a message. `outer` is the message's own header, `payload` the entity at the end of
/// its layers: what is signed or encrypted and is neither itself. A message without layers has none.
///
/// Whatever RFC 9788 lets programs show of the From inside: the From outside is the one that is compared
/// with certificates here, so it is the one to be shown where the two differ.
pub fn read_headers(
    outer: Option<&Entity<'_>>,
    payload: Option<&Entity<'_>>,
    facts: PayloadFacts,
    limits: &Limits,
) -> MessageHeaders {
    let wrapped = payload.and_then(|payload| wrapped(payload, limits));
    let scheme = match payload {
        Some(payload) if wrapped.is_none() => marked(payload),
        Some(_) => HeaderScheme::Rfc8551,
        None => HeaderScheme::None,
    };
    let outside = Fields::of(outer);
    let inside = match scheme {
        HeaderScheme::None => Fields::default(),
        HeaderScheme::Rfc8551 => Fields::of(wrapped.as_ref()),
        HeaderScheme::Clear | HeaderScheme::Cipher | HeaderScheme::ProtectedHeadersV1 => {
            Fields::of(payload)
        }
    };
    // RFC 9788, 4.2.1 and 4.10.2: what the author let stand outside.
    let recorded = match scheme {
        HeaderScheme::Cipher => inside.recorded(),
        HeaderScheme::Clear => inside.clone().without_records(),
        HeaderScheme::None | HeaderScheme::ProtectedHeadersV1 | HeaderScheme::Rfc8551 => {
            outside.clone()
        }
    };
    Reader { scheme, facts, outside, inside: inside.without_records(), recorded }.read()
}

/// The message inside a payload that is a message/rfc822 (RFC 9788, 4.10.1).
fn wrapped<'a>(payload: &Entity<'a>, limits: &Limits) -> Option<Entity<'a>> {
    let content_type = payload.content_type();
    let is_message = matches!(content_type.essence(), "message/rfc822" | "message/global");
    let is_forwarded =
        content_type.parameter("forwarded").is_some_and(|word| word.eq_ignore_ascii_case("yes"));
    if !is_message || is_forwarded || content_type.parameter("hp").is_some() {
        return None;
    }
    let message = Entity::parse(payload.body(), limits).ok()?;
    let inside = message.content_type();
    let is_layer = matches!(
        inside.essence(),
        "multipart/signed"
            | "multipart/encrypted"
            | "application/pkcs7-mime"
            | "application/x-pkcs7-mime"
    );
    (!is_layer && inside.parameter("hp").is_none()).then_some(message)
}

fn marked(payload: &Entity<'_>) -> HeaderScheme {
    let content_type = payload.content_type();
    let parameter = |name| content_type.parameter(name).map(str::to_ascii_lowercase);
    match (parameter("hp").as_deref(), parameter("protected-headers").as_deref()) {
        (Some("clear"), _) => HeaderScheme::Clear,
        (Some("cipher"), _) => HeaderScheme::Cipher,
        (_, Some("v1")) => HeaderScheme::ProtectedHeadersV1,
        _ => HeaderScheme::None,
    }
}

/// Names and unfolded values.
#[derive(Clone, Debug, Default)]
struct Fields {
    list: Vec<(String, String)>,
    /// The names in lower case, and what the values say: each is decoded once, however many there are to
    /// compare it with.
    said: HashSet<(String, String)>,
}

impl Fields {
    fn new(list: Vec<(String, String)>) -> Fields {
        let said = list.iter().map(|(name, value)| said(name, value)).collect();
        Fields { list, said }
    }

    fn of(entity: Option<&Entity<'_>>) -> Fields {
        let fields = entity.map(Entity::fields).unwrap_or_default().iter();
        let told = fields.filter(|field| !is_structural(field));
        Fields::new(told.map(|field| (name(field), field.unfolded())).collect())
    }

    /// What the HP-Outer fields say (RFC 9788, 2.2).
    fn recorded(&self) -> Fields {
        let records = self.list.iter().filter(|(name, _)| is_record(name));
        let split = records.filter_map(|(_, value)| value.split_once(':'));
        let pairs = split.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        Fields::new(pairs.collect())
    }

    fn without_records(mut self) -> Fields {
        self.list.retain(|(name, _)| !is_record(name));
        self
    }

    fn named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let fields = self.list.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.said.contains(&said(name, value))
    }

    /// The same fields of this name, in whatever order.
    fn agrees(&self, other: &Fields, name: &str) -> bool {
        self.named(name).count() == other.named(name).count()
            && self.named(name).all(|value| other.has(name, value))
    }

    /// The one address of the one From.
    fn author(&self) -> Option<String> {
        let mut froms = self.named("From");
        let from = parse_address_list(froms.next()?);
        froms.next().is_none().then(|| from.single().map(str::to_owned)).flatten()
    }

    /// Each name once, as it is first written.
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in &self.list {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                names.push(name);
            }
        }
        names
    }
}

/// The name and what the value says, as [`is_same`] compares it.
fn said(name: &str, value: &str) -> (String, String) {
    let decoded = decoded(value);
    let words: Vec<&str> = decoded.split_whitespace().collect();
    (name.to_ascii_lowercase(), words.join(" "))
}

fn is_record(name: &str) -> bool {
    name.eq_ignore_ascii_case("HP-Outer")
}

struct Reader {
    scheme: HeaderScheme,
    facts: PayloadFacts,
    outside: Fields,
    inside: Fields,
    recorded: Fields,
}

impl Reader {
    fn read(self) -> MessageHeaders {
        let mut problems = Vec::new();
        let has_other_author = self.has_other_author(&mut problems);
        if self.scheme != HeaderScheme::None {
            self.report_altered(&mut problems);
            self.report_only_outside(&mut problems);
        }
        let mut fields: Vec<HeaderField> = Vec::new();
        for (name, value) in &self.inside.list {
            let before = fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
            let outer = self.outside.named(name).nth(before.count());
            let is_shown = !(has_other_author && name.eq_ignore_ascii_case("From"));
            fields.push(HeaderField {
                name: name.clone(),
                value: decoded(if is_shown { value } else { outer.unwrap_or_default() }),
                inner: Some(value.clone()),
                outer: outer.map(str::to_owned),
                protection: if is_shown {
                    self.protection(name, value)
                } else {
                    FieldProtection::None
                },
                differs: outer.is_none_or(|outer| !is_same(outer, value)),
            });
        }
        for name in self.outside.names() {
            // Those beyond the ones that stand beside a protected field of their name.
            for value in self.outside.named(name).skip(self.inside.named(name).count()) {
                fields.push(HeaderField {
                    name: name.to_owned(),
                    value: decoded(value),
                    inner: None,
                    outer: Some(value.to_owned()),
                    protection: FieldProtection::None,
                    differs: self.scheme != HeaderScheme::None,
                });
            }
        }
        MessageHeaders { scheme: self.scheme, fields, problems }
    }

    /// RFC 9788, 4.3.1.
    fn protection(&self, name: &str, value: &str) -> FieldProtection {
        let is_confidential = self.facts.is_encrypted
            && self.scheme != HeaderScheme::Clear
            && !self.recorded.has(name, value);
        match (self.facts.is_signed, is_confidential) {
            (true, true) => FieldProtection::SignedAndEncrypted,
            (true, false) => FieldProtection::Signed,
            (false, true) => FieldProtection::Encrypted,
            (false, false) => FieldProtection::None,
        }
    }

    /// RFC 9788, 4.4.1.1.
    fn has_other_author(&self, problems: &mut Vec<Problem>) -> bool {
        let named = |fields: &Fields| fields.named("From").collect::<Vec<_>>().join(", ");
        let (inner, outer) = (named(&self.inside), named(&self.outside));
        // Not as decoded: an encoded name may read like further addresses, and hold none.
        let is_same = inner.split_whitespace().eq(outer.split_whitespace());
        if inner.is_empty() || outer.is_empty() || is_same {
            return false;
        }
        if let (Some(inner), Some(outer)) = (self.inside.author(), self.outside.author())
            && match_address(&inner, &outer) != AddressMatch::Different
        {
            return false;
        }
        problems.push(
            Problem::new(ProblemCode::HeaderFromMismatch)
                .with_text("inner", &decoded(&inner))
                .with_text("outer", &decoded(&outer)),
        );
        true
    }

    /// Fields that are not outside as their author let them stand there.
    fn report_altered(&self, problems: &mut Vec<Problem>) {
        let names: Vec<String> = self
            .recorded
            .names()
            .into_iter()
            .filter(|name| !self.outside.agrees(&self.recorded, name))
            .map(str::to_owned)
            .collect();
        if !names.is_empty() && !self.outside.list.is_empty() {
            let names = Detail::List(names);
            problems.push(Problem::new(ProblemCode::HeaderAltered).with("names", names));
        }
    }

    /// Fields that people see and the author did not write, or not there.
    fn report_only_outside(&self, problems: &mut Vec<Problem>) {
        let names: Vec<String> = self
            .outside
            .names()
            .into_iter()
            .filter(|name| is_user_facing(name))
            .filter(|name| self.recorded.named(name).next().is_none())
            .map(str::to_owned)
            .collect();
        if !names.is_empty() {
            let names = Detail::List(names);
            problems.push(Problem::new(ProblemCode::HeaderOnlyOutside).with("names", names));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FieldProtection::{Encrypted, None as Unprotected, Signed, SignedAndEncrypted};

    const BOTH: PayloadFacts = PayloadFacts { is_signed: true, is_encrypted: true };
    const SIGNED: PayloadFacts = PayloadFacts { is_signed: true, is_encrypted: false };
    const ENCRYPTED: PayloadFacts = PayloadFacts { is_signed: false, is_encrypted: true };

    const OUTER: &str = "Received: from x\nFrom: Ann <a@b.c>\nTo: d@e.f\nSubject: [...]\n\
        Content-Type: application/pkcs7-mime\n\n";
    const INNER: &str = "From: Ann <A@B.c>\nTo: d@e.f\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nKeywords: k\n\
        HP-Outer: From: Ann\n <A@B.c>\nHP-Outer: To: d@e.f\nhp-outer: Subject: [...]\n\
        Content-Type: text/plain; hp=\"cipher\"\n\nx";

    fn read(outer: &str, payload: &str, facts: PayloadFacts) -> MessageHeaders {
        let limits = Limits::default();
        let outer = Entity::parse(outer.as_bytes(), &limits).unwrap();
        let payload = Entity::parse(payload.as_bytes(), &limits).unwrap();
        read_headers(Some(&outer), Some(&payload), facts, &limits)
    }

    fn field(headers: &MessageHeaders, name: &str) -> (String, FieldProtection, bool) {
        let mut named = headers.fields.iter().filter(|field| field.name == name);
        let field = named.next().unwrap();
        assert!(named.next().is_none(), "{name} stands once");
        (field.value.clone(), field.protection, field.differs)
    }

    fn problems(headers: &MessageHeaders) -> Vec<String> {
        let words = |problem: &Problem| match problem.details.as_slice() {
            [(_, Detail::List(names))] => format!("{} {}", problem.code.as_str(), names.join(" ")),
            _ => problem.code.as_str().to_owned(),
        };
        headers.problems.iter().map(words).collect()
    }

    fn owned(
        value: &str,
        protection: FieldProtection,
        differs: bool,
    ) -> (String, FieldProtection, bool) {
        (value.to_owned(), protection, differs)
    }

    #[test]
    fn each_field_has_the_state_that_rfc_9788_computes() {
        for (facts, hidden, visible) in [
            (BOTH, SignedAndEncrypted, Signed),
            (ENCRYPTED, Encrypted, Unprotected),
            // Who says "cipher" in what was never encrypted has kept nothing confidential.
            (SIGNED, Signed, Signed),
            (PayloadFacts::default(), Unprotected, Unprotected),
        ] {
            let headers = read(OUTER, INNER, facts);
            assert_eq!(headers.scheme, HeaderScheme::Cipher);
            assert_eq!(field(&headers, "Subject"), owned("Gr\u{fc}\u{df}e", hidden, true));
            assert_eq!(field(&headers, "Keywords"), owned("k", hidden, true));
            assert_eq!(field(&headers, "From"), owned("Ann <A@B.c>", visible, true));
            assert_eq!(field(&headers, "To"), owned("d@e.f", visible, false));
            assert_eq!(field(&headers, "Received"), owned("from x", Unprotected, true));
            assert_eq!(problems(&headers), ["header/altered-in-transit From"]);
        }
    }

    #[test]
    fn encryption_by_somebody_else_makes_nothing_confidential() {
        let headers = read(OUTER, &INNER.replace("cipher", "clear"), BOTH);
        assert_eq!(headers.scheme, HeaderScheme::Clear);
        assert_eq!(field(&headers, "Subject"), owned("Gr\u{fc}\u{df}e", Signed, true));
        assert_eq!(problems(&headers), ["header/altered-in-transit From Subject Keywords"]);
    }

    #[test]
    fn another_from_outside_is_shown_and_told() {
        let headers = read(&OUTER.replace("a@b.c", "m@b.c"), INNER, BOTH);
        assert_eq!(field(&headers, "From"), owned("Ann <m@b.c>", Unprotected, true));
        let from = headers.fields.iter().find(|field| field.name == "From").unwrap();
        assert_eq!(from.inner.as_deref(), Some("Ann <A@B.c>"));
        assert_eq!(problems(&headers).first().map(String::as_str), Some("header/from-mismatch"));
        let two = read(OUTER, &INNER.replace("Ann <A@B.c>\nTo", "A@B.c\nFrom: m@b.c\nTo"), BOTH);
        assert!(problems(&two).contains(&"header/from-mismatch".to_owned()));
        let other_name = read(&OUTER.replace("Ann", "Mal"), INNER, BOTH);
        assert_eq!(field(&other_name, "From"), owned("Ann <A@B.c>", Signed, true));
    }

    #[test]
    fn two_addresses_are_no_name_of_one() {
        let outer = OUTER.replace("Ann <a@b.c>", "=?utf-8?q?v=40b.c=2C?= <a@b.c>");
        let headers = read(&outer, &INNER.replace("Ann <A@B.c>\nTo", "v@b.c, <a@b.c>\nTo"), BOTH);
        assert_eq!(field(&headers, "From").1, Unprotected);
        assert_eq!(problems(&headers).first().map(String::as_str), Some("header/from-mismatch"));
    }

    #[test]
    fn work_grows_with_the_header_and_not_with_its_square() {
        let many = |name: &str, end: &str| -> String {
            (0..900)
                .map(|n| format!("{name}: {}{n}{end}\n", "=?utf-8?q?a?= ".repeat(300)))
                .collect()
        };
        let outer = format!("{}\nx", many("Subject", "o"));
        let inner =
            format!("{}Content-Type: text/plain; protected-headers=v1\n\nx", many("Subject", "i"));
        // Were each compared with each by decoding both, this would take an hour.
        assert_eq!(read(&outer, &inner, BOTH).fields.len(), 900);
    }

    #[test]
    fn what_was_added_outside_is_told() {
        let headers = read(&OUTER.replace("To:", "Cc: m@b.c\nTo:"), INNER, BOTH);
        assert_eq!(field(&headers, "Cc"), owned("m@b.c", Unprotected, true));
        assert!(problems(&headers).contains(&"header/only-outside Cc".to_owned()));
        let headers = read(&OUTER.replace("To: d@e.f", "To: m@b.c\nTo: d@e.f"), INNER, BOTH);
        let tos: Vec<_> = headers.fields.iter().filter(|field| field.name == "To").collect();
        assert_eq!(tos.len(), 2);
        assert_eq!((tos[0].value.as_str(), tos[1].protection), ("d@e.f", Unprotected));
        assert!(problems(&headers).contains(&"header/altered-in-transit From To".to_owned()));
    }

    #[test]
    fn the_older_schemes_are_read_by_what_stands_outside() {
        let v1 = "Subject: secret\nFrom: a@b.c\nContent-Type: multipart/mixed; boundary=b; \
            protected-headers=v1\n\n";
        let wrapped =
            "Content-Type: message/rfc822; forwarded=no\n\nFrom: a@b.c\nSubject: secret\n\nx";
        for (payload, scheme) in
            [(v1, HeaderScheme::ProtectedHeadersV1), (wrapped, HeaderScheme::Rfc8551)]
        {
            let headers = read(OUTER, payload, BOTH);
            assert_eq!(headers.scheme, scheme);
            assert_eq!(field(&headers, "Subject"), owned("secret", SignedAndEncrypted, true));
            assert_eq!(field(&headers, "From").1, SignedAndEncrypted);
            assert_eq!(field(&headers, "To"), owned("d@e.f", Unprotected, true));
            assert_eq!(problems(&headers), Vec::<String>::new());
            let headers = read(&OUTER.replace("[...]", "secret"), payload, BOTH);
            assert_eq!(field(&headers, "Subject"), owned("secret", Signed, false));
        }
    }

    #[test]
    fn what_is_no_scheme_protects_nothing() {
        for payload in [
            "Subject: x\n\ny",
            "Subject: x\nContent-Type: text/plain; hp=maybe\n\ny",
            "Content-Type: message/rfc822; hp=clear2\n\nSubject: x\n\ny",
            "Content-Type: message/rfc822; forwarded=YES\n\nSubject: x\n\ny",
            "Content-Type: message/rfc822\n\nSubject: x\nContent-Type: multipart/signed\n\ny",
            "Content-Type: message/rfc822\n\nSubject: x\nContent-Type: text/plain; hp=clear\n\ny",
            "Content-Type: message/rfc822\n\nno field",
        ] {
            let headers = read(OUTER, payload, BOTH);
            assert_eq!(headers.scheme, HeaderScheme::None, "{payload}");
            assert_eq!(field(&headers, "Subject"), owned("[...]", Unprotected, false));
            assert!(headers.problems.is_empty());
        }
    }
}
