//! Reads protected fields, and tells what each is worth (RFC 9788, 4).

use super::addresses::MailboxReader;
use super::fields::Fields;
use super::text::{is_same, is_user_facing, shown};
use crate::error::{Detail, Problem, ProblemCode};
use crate::limits::Limits;
use crate::message::compose::Mailbox;
use crate::mime::{Entity, is_address_field};

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
    /// The value to be shown: encoded words decoded, and no hidden characters. Not to be parsed: the words
    /// may hold anything.
    pub value: String,
    /// The people in `value`, read before anything was decoded. `None` for a field of another kind.
    pub addresses: Option<Vec<Mailbox>>,
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
/// Whatever RFC 9788 lets programs show of the From inside: `author` is who is compared with certificates
/// here, by the From outside or the caller's word. Only a From that names nobody else is the author's; where
/// the one inside does not, the one outside is shown.
pub fn read_headers(
    outer: Option<&Entity<'_>>,
    payload: Option<&Entity<'_>>,
    author: Option<&str>,
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
    let author = author.map(str::to_owned);
    let inside = inside.without_records();
    Reader { scheme, author, facts, outside, inside, recorded }.read(limits)
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

fn from_mismatch(inner: &str, outer: &str) -> Problem {
    Problem::new(ProblemCode::HeaderFromMismatch)
        .with_text("inner", &shown(inner))
        .with_text("outer", &shown(outer))
}

/// Reads the people of the fields that are shown.
struct People {
    reader: MailboxReader,
    /// Names of fields with too many.
    unread: Vec<String>,
}

impl People {
    fn of(&mut self, name: &str, value: &str) -> Option<Vec<Mailbox>> {
        let found = is_address_field(name).then(|| self.reader.read(value))?;
        if found.is_none() && !self.unread.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            self.unread.push(name.to_owned());
        }
        Some(found.unwrap_or_default())
    }
}

struct Reader {
    scheme: HeaderScheme,
    author: Option<String>,
    facts: PayloadFacts,
    outside: Fields,
    inside: Fields,
    recorded: Fields,
}

impl Reader {
    fn read(self, limits: &Limits) -> MessageHeaders {
        let mut problems = Vec::new();
        let is_inner_from_authors = self.is_inner_from_authors(&mut problems);
        if self.scheme != HeaderScheme::None {
            self.report_altered(&mut problems);
            self.report_only_outside(&mut problems);
        }
        let mut people = People { reader: MailboxReader::new(limits), unread: Vec::new() };
        let mut fields: Vec<HeaderField> = Vec::new();
        for (name, value) in &self.inside.list {
            let before = fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
            let outer = self.outside.named(name).nth(before.count());
            let is_authors = is_inner_from_authors || !name.eq_ignore_ascii_case("From");
            let counts = match is_authors || self.outside.named(name).next().is_none() {
                true => value,
                false => outer.unwrap_or_default(),
            };
            fields.push(HeaderField {
                name: name.clone(),
                value: shown(counts),
                addresses: people.of(name, counts),
                inner: Some(value.clone()),
                outer: outer.map(str::to_owned),
                protection: match is_authors {
                    true => self.protection(name, value),
                    false => FieldProtection::None,
                },
                differs: outer.is_none_or(|outer| !is_same(outer, value)),
            });
        }
        for name in self.outside.names() {
            // Those beyond the ones that stand beside a protected field of their name.
            for value in self.outside.named(name).skip(self.inside.named(name).count()) {
                fields.push(HeaderField {
                    name: name.to_owned(),
                    value: shown(value),
                    addresses: people.of(name, value),
                    inner: None,
                    outer: Some(value.to_owned()),
                    protection: FieldProtection::None,
                    differs: self.scheme != HeaderScheme::None,
                });
            }
        }
        if !people.unread.is_empty() {
            let names = Detail::List(people.unread);
            problems.push(Problem::new(ProblemCode::HeaderTooManyAddresses).with("names", names));
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

    /// RFC 9788, 4.4.1.1, and by whom the signature has to be.
    fn is_inner_from_authors(&self, problems: &mut Vec<Problem>) -> bool {
        let joined = |fields: &Fields| fields.named("From").collect::<Vec<_>>().join(", ");
        let (inner, outer) = (joined(&self.inside), joined(&self.outside));
        let agrees = inner.is_empty() || outer.is_empty() || {
            // Not as decoded: an encoded name may read like further addresses, and hold none.
            let is_same = inner.split_whitespace().eq(outer.split_whitespace());
            is_same || self.outside.author().is_some_and(|outer| self.inside.is_by(&outer))
        };
        let Some(author) = &self.author else {
            if !agrees {
                problems.push(from_mismatch(&inner, &outer));
            }
            return agrees;
        };
        let is_inner = self.inside.is_by(author);
        let others: Vec<String> = [(&inner, is_inner), (&outer, self.outside.is_by(author))]
            .into_iter()
            .filter(|(from, is_authors)| !from.is_empty() && !is_authors)
            .map(|(from, _)| shown(from))
            .collect();
        if !agrees && !is_inner {
            problems.push(from_mismatch(&inner, &outer));
        }
        // The author is whom the From outside names, unless the caller says otherwise.
        if self.outside.author().as_ref() != Some(author) && !others.is_empty() {
            problems.push(
                Problem::new(ProblemCode::HeaderFromNotAuthor)
                    .with("from", Detail::List(others))
                    .with_text("author", author),
            );
        }
        is_inner
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
        read_by(None, outer, payload, facts)
    }

    fn read_by(
        author: Option<&str>,
        outer: &str,
        payload: &str,
        facts: PayloadFacts,
    ) -> MessageHeaders {
        let limits = Limits::default();
        let outer = Entity::parse(outer.as_bytes(), &limits).unwrap();
        let payload = Entity::parse(payload.as_bytes(), &limits).unwrap();
        read_headers(Some(&outer), Some(&payload), author, facts, &limits)
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
    fn only_a_from_that_names_the_author_is_the_authors() {
        let mallorys = (OUTER.replace("a@b.c", "m@b.c"), INNER.replace("A@B.c", "m@b.c"));
        let from = |headers: &MessageHeaders| {
            let (value, protection, _) = field(headers, "From");
            let is_told = |problem: &Problem| problem.code == ProblemCode::HeaderFromNotAuthor;
            (value, protection, headers.problems.iter().any(is_told))
        };
        let author = Some("a@b.c");
        for (outer, inner, value, protection, is_told) in [
            (OUTER, INNER, "Ann <A@B.c>", Signed, false),
            // Both name somebody else than the caller.
            (&mallorys.0, &mallorys.1, "Ann <m@b.c>", Unprotected, true),
            (OUTER, &mallorys.1, "Ann <a@b.c>", Unprotected, false),
            // A list has put itself outside, and the caller knows the author.
            (&mallorys.0, INNER, "Ann <A@B.c>", Signed, true),
            ("Subject: [...]\n\n", &mallorys.1, "Ann <m@b.c>", Unprotected, true),
            ("Subject: [...]\n\n", INNER, "Ann <A@B.c>", Signed, false),
            (&mallorys.0, "Subject: x\n\ny", "Ann <m@b.c>", Unprotected, true),
        ] {
            let headers = read_by(author, outer, inner, BOTH);
            assert_eq!(from(&headers), (value.to_owned(), protection, is_told), "{outer} {inner}");
        }
        // Without the caller's word, whom the From outside names.
        let headers = read_by(Some("m@b.c"), &mallorys.0, &mallorys.1, BOTH);
        assert_eq!(from(&headers), ("Ann <m@b.c>".to_owned(), Signed, false));
    }

    #[test]
    fn people_are_read_before_encoded_words_are_decoded() {
        let inner = INNER.replace("d@e.f", "=?utf-8?q?v=40v.com=3E=2C_?= <d@e.f>");
        let headers = read(OUTER, &inner, BOTH);
        let to = headers.fields.iter().find(|field| field.name == "To").unwrap();
        assert_eq!(to.value, "v@v.com>,  <d@e.f>");
        let people = to.addresses.as_deref().unwrap();
        assert_eq!((people.len(), people[0].address.as_str()), (1, "d@e.f"));
        let subject = headers.fields.iter().find(|field| field.name == "Subject").unwrap();
        assert_eq!(subject.addresses, None);
        let many = inner.replace("To:", &format!("Cc: {}\nTo:", "a@b.c, ".repeat(5_001)));
        let headers = read(OUTER, &many, BOTH);
        let cc = headers.fields.iter().find(|field| field.name == "Cc").unwrap();
        assert_eq!(cc.addresses.as_deref(), Some(&[][..]));
        assert!(problems(&headers).contains(&"header/too-many-addresses Cc".to_owned()));
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
