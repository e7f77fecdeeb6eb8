//! Drafts of answers and forwards (RFC 9788, 6; RFC 9787, 5.4): nothing that was confidential goes out
//! in the clear without saying so.

use std::collections::HashSet;

use super::compose::Mailbox;
use super::headers::{
    ConfidentialityPolicy, FieldProtection, HeaderField, is_same, mailboxes, shown,
};
use crate::cert::{address_key, has_hidden_characters};
use crate::error::{Detail, Problem, ProblemCode};

/// The message that is answered or forwarded.
#[derive(Clone, Copy, Debug)]
pub struct Original<'a> {
    /// Its header, as `openMessage` tells it.
    pub headers: &'a [HeaderField],
    /// The text that was shown of it.
    pub text: Option<&'a str>,
    /// Whether it was encrypted.
    pub is_encrypted: bool,
    /// Whether its cipher shows that nobody changed it on the way. The header outside may be another.
    pub is_authenticated: bool,
    /// Whether its status is verified: who stands in From has written it.
    pub is_verified: bool,
}

/// What the draft is to be.
#[derive(Clone, Debug, Default)]
pub struct ReplyOptions {
    /// Whether it goes to all that the message went to.
    pub all: bool,
    /// The addresses of the one who answers.
    pub own: Vec<String>,
    /// Whether it will be encrypted; `None` as the message was.
    pub encrypted: Option<bool>,
    /// Whether the text is quoted; `None` unless that could give away what was encrypted.
    pub quote: Option<bool>,
    /// A line before what is quoted.
    pub attribution: Option<String>,
    /// What fields are called in the text of a forward, by their names; as they are if not here.
    pub field_names: Vec<(String, String)>,
}

/// What `composeMessage` and `protectMessage` take.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Recipients.
    pub to: Vec<Mailbox>,
    /// Recipients of a copy.
    pub cc: Vec<Mailbox>,
    /// The subject.
    pub subject: String,
    /// In-Reply-To and References.
    pub headers: Vec<(String, String)>,
    /// What is quoted.
    pub text: String,
    /// Whether it must not go unencrypted.
    pub must_encrypt: bool,
    /// Whether it goes to another than the protected header says has written the message.
    is_to_another: bool,
    /// At least this has to hold for its header.
    pub policy: Option<ConfidentialityPolicy>,
    /// Fields that must not be readable outside.
    pub confidential: Vec<String>,
    /// What was left out, or should be said.
    pub problems: Vec<Problem>,
}

/// The draft of an answer. Of a message with protected fields only these are used (RFC 9788, 6.2): who
/// adds himself to the Cc outside gets no answer. The From is the one that is shown. Where that is not
/// the protected one, or nothing vouches for it, somebody may have sent the message again under his own
/// name to get its text back, so nothing that was encrypted is in an answer to him. Where no field is
/// protected, anybody may have added people to it: they get no text unless `quote` says so.
pub fn reply(original: Original<'_>, options: &ReplyOptions) -> Draft {
    let header = Header::of(original);
    let mut draft = Draft::new(original, options);
    let own = Known::of(options.own.iter().map(String::as_str));
    let from = header.mailboxes("From");
    let reply_to = header.mailboxes("Reply-To");
    draft.to = if !reply_to.is_empty() {
        draft.hide(&header, "Reply-To", "To");
        reply_to
    } else if !from.is_empty() && from.iter().all(|mailbox| own.has(mailbox)) {
        // An answer to oneself goes to whom the message went to.
        draft.hide(&header, "To", "To");
        header.mailboxes("To")
    } else {
        draft.hide(&header, "From", "To");
        draft.is_to_another = header.shows_other_from(original.is_verified);
        from
    };
    if options.all {
        let mut known = Known::of(draft.to.iter().map(|mailbox| mailbox.address.as_str()));
        for name in ["To", "Cc"] {
            let others = header.mailboxes(name).into_iter();
            draft.cc.extend(others.filter(|mailbox| !own.has(mailbox) && known.add(mailbox)));
            draft.hide(&header, name, "Cc");
        }
    }
    draft.subject = prefixed("Re", &draft.subject(&header));
    draft.thread(&header);
    let doubt = header.doubt(original, &draft, &own);
    draft.quote(original, options, doubt, |text| {
        text.lines().map(|line| format!("> {line}\r\n")).collect()
    });
    draft.finish()
}

/// The draft of a forward with the text inline. Who forwards says to whom: no header does, so the text is
/// left out only where it would go unencrypted.
pub fn forward(original: Original<'_>, options: &ReplyOptions) -> Draft {
    let header = Header::of(original);
    let mut draft = Draft::new(original, options);
    draft.subject = prefixed("Fwd", &draft.subject(&header));
    draft.quote(original, options, None, |text| {
        let told = ["From", "Date", "Subject", "To", "Cc"].into_iter();
        let known_as = |field: &str| options.field_names.iter().find(|(name, _)| name == field);
        let lines = told.filter_map(|field| {
            let name = known_as(field).map_or(field, |(_, shown)| shown);
            Some(format!("{name}: {}\r\n", header.shown(field)?))
        });
        format!("{}\r\n{text}", lines.collect::<String>())
    });
    draft.finish()
}

/// The fields that count.
struct Header<'a> {
    fields: &'a [HeaderField],
    /// Some are protected, and the others are not the author's.
    is_protected: bool,
}

impl<'a> Header<'a> {
    fn of(original: Original<'a>) -> Header<'a> {
        let fields = original.headers;
        Header { fields, is_protected: fields.iter().any(|field| field.inner.is_some()) }
    }

    fn field(&self, name: &str) -> Option<&'a HeaderField> {
        let mut named = self.fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
        named.find(|field| !self.is_protected || field.inner.is_some() || name == "From")
    }

    /// As it stands in the message.
    fn raw(&self, name: &str) -> Option<&'a str> {
        let field = self.field(name)?;
        field.inner.as_deref().or(field.outer.as_deref())
    }

    fn shown(&self, name: &str) -> Option<String> {
        self.field(name).map(|field| field.value.clone())
    }

    fn mailboxes(&self, name: &str) -> Vec<Mailbox> {
        self.field(name).and_then(|field| field.addresses.clone()).unwrap_or_default()
    }

    /// Whether the From that is shown names others than the protected one; or whether it is none of the
    /// protected fields, and no signature speaks for it.
    fn shows_other_from(&self, is_verified: bool) -> bool {
        let inner = self.field("From").and_then(|field| field.inner.as_deref());
        match inner {
            Some(inner) => !is_same_people(&mailboxes(inner), &self.mailboxes("From")),
            None => self.is_protected && !is_verified,
        }
    }

    /// Why those who get the answer may not know the text yet, if they may not: somebody may have put
    /// words of another message into this one, sent it once more in his own name, or added people to it.
    fn doubt(&self, original: Original<'_>, draft: &Draft, own: &Known) -> Option<&'static str> {
        if draft.is_to_another {
            return Some("other-sender");
        }
        let is_whole = original.is_verified || (original.is_authenticated && self.is_protected);
        if !is_whole {
            return Some("no-integrity");
        }
        // The signature speaks for From alone, and it or the cipher for what is inside.
        let is_vouched_for =
            |name: &&str| (original.is_verified && *name == "From") || self.has_inner(name);
        let vouched_for = ["From", "Reply-To", "To", "Cc"].into_iter().filter(is_vouched_for);
        let people: Vec<Mailbox> = vouched_for.flat_map(|name| self.mailboxes(name)).collect();
        let known = Known::of(people.iter().map(|mailbox| mailbox.address.as_str()));
        let mut recipients = draft.to.iter().chain(&draft.cc);
        let is_known = |mailbox: &Mailbox| own.has(mailbox) || known.has(mailbox);
        (!recipients.all(is_known)).then_some("other-recipients")
    }

    fn has_inner(&self, name: &str) -> bool {
        self.field(name).is_some_and(|field| field.inner.is_some())
    }

    /// Whether nobody could read the field on the way; and if so, whether another value stood outside.
    fn is_confidential(&self, name: &str) -> Option<bool> {
        let field = self.field(name)?;
        match field.protection {
            FieldProtection::Encrypted | FieldProtection::SignedAndEncrypted => {
                Some(field.outer.is_some())
            }
            FieldProtection::None | FieldProtection::Signed => None,
        }
    }
}

impl Draft {
    fn new(original: Original<'_>, options: &ReplyOptions) -> Draft {
        Draft {
            to: Vec::new(),
            cc: Vec::new(),
            subject: String::new(),
            headers: Vec::new(),
            text: String::new(),
            must_encrypt: options.encrypted.unwrap_or(original.is_encrypted),
            is_to_another: false,
            policy: None,
            confidential: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// What is made from a confidential field `source` is confidential in `name` too: names of people, or
    /// all of it where nothing stood outside.
    fn hide(&mut self, header: &Header<'_>, source: &str, name: &str) {
        match header.is_confidential(source) {
            Some(true) if header.has_same_addresses(source) => {
                self.at_least(ConfidentialityPolicy::Shy);
            }
            Some(_) if !self.confidential.iter().any(|known| known == name) => {
                self.confidential.push(name.to_owned());
            }
            Some(_) | None => {}
        }
    }

    fn at_least(&mut self, policy: ConfidentialityPolicy) {
        self.policy = self.policy.max(Some(policy));
    }

    /// The subject, which is not repeated in the clear.
    fn subject(&mut self, header: &Header<'_>) -> String {
        let subject = header.shown("Subject").unwrap_or_default();
        if header.is_confidential("Subject").is_none() {
            return subject;
        }
        if self.may_hold_secrets() {
            self.at_least(ConfidentialityPolicy::Baseline);
            return subject;
        }
        let outer = header.field("Subject").and_then(|field| field.outer.as_deref());
        self.left_out("Subject");
        outer.map(shown).unwrap_or_default()
    }

    /// In-Reply-To and References (RFC 5322, 3.6.4).
    fn thread(&mut self, header: &Header<'_>) {
        let Some(id) = header.raw("Message-ID").and_then(|value| identifiers(value).next()) else {
            return;
        };
        let before = header.raw("References").or_else(|| header.raw("In-Reply-To"));
        let before = before.map(identifiers).into_iter().flatten();
        let references: Vec<&str> = before.chain([id]).collect();
        let sources = ["Message-ID", "References", "In-Reply-To"];
        let is_confidential = |name: &&str| header.is_confidential(name).is_some();
        if sources.iter().any(is_confidential) {
            self.confidential.extend(["In-Reply-To".to_owned(), "References".to_owned()]);
        }
        self.headers.push(("In-Reply-To".to_owned(), id.to_owned()));
        self.headers.push(("References".to_owned(), references.join(" ")));
    }

    fn quote(
        &mut self,
        original: Original<'_>,
        options: &ReplyOptions,
        doubt: Option<&'static str>,
        quoted: impl Fn(&str) -> String,
    ) {
        let Some(text) = original.text else { return };
        let reason = match doubt {
            _ if !original.is_encrypted => None,
            Some("other-sender") => doubt,
            _ if !self.must_encrypt => Some("unencrypted"),
            _ => doubt,
        };
        if !options.quote.unwrap_or(reason.is_none()) {
            if let Some(reason) = reason {
                let problem = Problem::new(ProblemCode::DraftQuoteLeftOut);
                self.problems.push(problem.with_text("reason", reason));
            }
            return;
        }
        if original.is_encrypted && !self.must_encrypt {
            self.problems.push(Problem::new(ProblemCode::DraftQuotesDecrypted));
        }
        if let Some(attribution) = &options.attribution {
            self.text = format!("{attribution}\r\n");
        }
        self.text += &quoted(text);
    }

    fn may_hold_secrets(&self) -> bool {
        self.must_encrypt && !self.is_to_another
    }

    /// Where it may go unencrypted, or to another than the author, nothing stays in it that was
    /// confidential.
    fn finish(mut self) -> Draft {
        if self.may_hold_secrets() {
            return self;
        }
        if self.policy == Some(ConfidentialityPolicy::Shy) {
            self.to.iter_mut().chain(&mut self.cc).for_each(|mailbox| mailbox.name = None);
        }
        for name in core::mem::take(&mut self.confidential) {
            match name.as_str() {
                "To" => self.to.clear(),
                "Cc" => self.cc.clear(),
                name => self.headers.retain(|(other, _)| other != name),
            }
            self.left_out(&name);
        }
        self.policy = None;
        self
    }

    fn left_out(&mut self, name: &str) {
        let names = Detail::List(vec![name.to_owned()]);
        self.problems.push(Problem::new(ProblemCode::DraftHeadersLeftOut).with("names", names));
    }
}

impl Header<'_> {
    /// Whether a field that differs outside has the same addresses there: only names were hidden.
    fn has_same_addresses(&self, name: &str) -> bool {
        let Some(field) = self.field(name) else { return false };
        let people = |value: &Option<String>| value.as_deref().map(mailboxes).unwrap_or_default();
        is_same_people(&people(&field.inner), &people(&field.outer))
    }
}

fn is_same_people(a: &[Mailbox], b: &[Mailbox]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(&a.address, &b.address))
}

/// The identifiers of a value (RFC 5322, 3.6.4). What can't be written again is left out.
fn identifiers(value: &str) -> impl Iterator<Item = &str> {
    // A line holds 998 octets (RFC 5322, 2.1.1).
    const LONGEST: usize = 900;
    let ends = value.split_inclusive('>').filter_map(|piece| piece.rfind('<').zip(Some(piece)));
    ends.filter_map(|(start, piece)| piece.get(start..)).filter(|id| {
        let is_whole = (3..=LONGEST).contains(&id.len()) && id.ends_with('>');
        is_whole && !id.contains(char::is_whitespace) && !has_hidden_characters(id)
    })
}

/// Addresses to be looked up, as [`match_address`](crate::cert::match_address) compares them.
#[derive(Default)]
struct Known(HashSet<String>);

impl Known {
    fn of<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Known {
        Known(addresses.into_iter().filter_map(address_key).collect())
    }

    fn has(&self, mailbox: &Mailbox) -> bool {
        address_key(&mailbox.address).is_some_and(|key| self.0.contains(&key))
    }

    /// Whether it is new.
    fn add(&mut self, mailbox: &Mailbox) -> bool {
        address_key(&mailbox.address).is_none_or(|key| self.0.insert(key))
    }
}

/// With `Re: ` or `Fwd: ` before it, once.
fn prefixed(prefix: &str, subject: &str) -> String {
    let start = format!("{prefix}: ");
    let has_prefix = subject
        .get(..start.len())
        .or(Some(subject))
        .is_some_and(|word| word.trim_end().eq_ignore_ascii_case(start.trim_end()));
    if has_prefix { subject.to_owned() } else { format!("{start}{subject}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(
        name: &str,
        inner: Option<&str>,
        outer: Option<&str>,
        protection: FieldProtection,
    ) -> HeaderField {
        let shown = inner.or(outer).unwrap_or_default();
        HeaderField {
            name: name.to_owned(),
            value: super::shown(shown),
            addresses: matches!(name, "From" | "Reply-To" | "To" | "Cc").then(|| mailboxes(shown)),
            inner: inner.map(str::to_owned),
            outer: outer.map(str::to_owned),
            protection,
            differs: inner != outer,
        }
    }

    fn confidential() -> Vec<HeaderField> {
        use FieldProtection::{None as Unprotected, Signed, SignedAndEncrypted};
        vec![
            field("From", Some("Ann <a@b.c>"), Some("Ann <a@b.c>"), Signed),
            field("To", Some("me@b.c, \"D, E\" <d@e.f>"), Some("me@b.c,d@e.f"), SignedAndEncrypted),
            field("Cc", None, Some("mallory@b.c"), Unprotected),
            field(
                "Subject",
                Some("=?utf-8?q?Gr=C3=BC=C3=9Fe?="),
                Some("[...]"),
                SignedAndEncrypted,
            ),
            field("Message-ID", Some("<2@x>"), Some("<2@x>"), Signed),
            field("References", Some("<1@x>"), None, SignedAndEncrypted),
        ]
    }

    fn original(headers: &[HeaderField]) -> Original<'_> {
        let text = Some("secret\r\nplan");
        Original { headers, text, is_encrypted: true, is_authenticated: true, is_verified: true }
    }

    fn options() -> ReplyOptions {
        ReplyOptions { all: true, own: vec!["ME@B.c".to_owned()], ..ReplyOptions::default() }
    }

    fn addresses(list: &[Mailbox]) -> Vec<(&str, &str)> {
        list.iter().map(|one| (one.name.as_deref().unwrap_or(""), one.address.as_str())).collect()
    }

    fn codes(draft: &Draft) -> Vec<&str> {
        draft.problems.iter().map(|problem| problem.code.as_str()).collect()
    }

    #[test]
    fn an_encrypted_answer_keeps_confidential_what_was() {
        let headers = confidential();
        let draft = reply(original(&headers), &options());
        assert_eq!(addresses(&draft.to), [("Ann", "a@b.c")]);
        // Not Mallory, who only stands outside, and not who answers.
        assert_eq!(addresses(&draft.cc), [("D, E", "d@e.f")]);
        assert_eq!(draft.subject, "Re: Gr\u{fc}\u{df}e");
        assert_eq!(draft.text, "> secret\r\n> plan\r\n");
        assert!(draft.must_encrypt);
        assert_eq!(draft.policy, Some(ConfidentialityPolicy::Shy));
        assert_eq!(draft.confidential, ["In-Reply-To", "References"]);
        assert_eq!(draft.headers[1], ("References".to_owned(), "<1@x> <2@x>".to_owned()));
        assert_eq!(codes(&draft), Vec::<&str>::new());
        let draft = forward(original(&headers), &options());
        assert_eq!(draft.subject, "Fwd: Gr\u{fc}\u{df}e");
        assert!(draft.text.ends_with(
            "Subject: Gr\u{fc}\u{df}e\r\nTo: me@b.c, \"D, E\" <d@e.f>\r\n\r\nsecret\r\nplan"
        ));
        assert!(draft.must_encrypt && draft.to.is_empty() && draft.headers.is_empty());
        assert_eq!(draft.policy, Some(ConfidentialityPolicy::Baseline));
    }

    #[test]
    fn an_unencrypted_answer_gives_nothing_away() {
        let headers = confidential();
        let plain = ReplyOptions { encrypted: Some(false), ..options() };
        let draft = reply(original(&headers), &plain);
        assert_eq!(addresses(&draft.to), [("", "a@b.c")]);
        assert_eq!(addresses(&draft.cc), [("", "d@e.f")]);
        assert_eq!((draft.subject.as_str(), draft.text.as_str()), ("Re: [...]", ""));
        assert!(!draft.must_encrypt && draft.headers.is_empty() && draft.confidential.is_empty());
        assert_eq!(draft.policy, None);
        let left_out = "draft/headers-left-out";
        assert_eq!(codes(&draft), [left_out, "draft/quote-left-out", left_out, left_out]);
        let asked = ReplyOptions { quote: Some(true), ..plain };
        let draft = reply(original(&headers), &asked);
        assert_eq!(draft.text, "> secret\r\n> plan\r\n");
        assert!(codes(&draft).contains(&"draft/quotes-decrypted"));
    }

    #[test]
    fn text_that_somebody_may_have_changed_is_quoted_when_asked_for() {
        let headers = confidential();
        let (is_authenticated, is_verified) = (false, false);
        let changed = Original { is_authenticated, is_verified, ..original(&headers) };
        let draft = reply(changed, &options());
        assert_eq!((draft.text.as_str(), codes(&draft)), ("", vec!["draft/quote-left-out"]));
        let draft = reply(changed, &ReplyOptions { quote: Some(true), ..options() });
        assert_eq!(draft.text, "> secret\r\n> plan\r\n");
    }

    #[test]
    fn an_answer_goes_to_whom_is_shown_and_gives_others_nothing() {
        let mut headers = confidential();
        let mallory = "M <m@x.y>";
        headers[0] = HeaderField {
            value: mallory.to_owned(),
            addresses: Some(mailboxes(mallory)),
            outer: Some(mallory.to_owned()),
            protection: FieldProtection::None,
            ..headers[0].clone()
        };
        let draft = reply(original(&headers), &ReplyOptions::default());
        assert_eq!(addresses(&draft.to), [("M", "m@x.y")]);
        assert_eq!((draft.subject.as_str(), draft.text.as_str()), ("Re: [...]", ""));
        let left_out = "draft/headers-left-out";
        assert_eq!(codes(&draft), [left_out, "draft/quote-left-out", left_out, left_out]);
        assert_eq!(draft.headers, []);
        let forwarded = forward(original(&headers), &ReplyOptions::default());
        assert!(forwarded.text.starts_with("From: M <m@x.y>\r\n"), "{}", forwarded.text);
        let field_names = vec![("From".to_owned(), "Von".to_owned())];
        let german = ReplyOptions { field_names, ..ReplyOptions::default() };
        let forwarded = forward(original(&headers), &german);
        assert!(forwarded.text.starts_with("Von: M <m@x.y>\r\n"), "{}", forwarded.text);
        // Whom the author wants to be asked, is.
        let signed = FieldProtection::Signed;
        headers.push(field("Reply-To", Some("r@b.c"), Some("r@b.c"), signed));
        let draft = reply(original(&headers), &ReplyOptions::default());
        assert_eq!(addresses(&draft.to), [("", "r@b.c")]);
        assert_eq!(draft.text, "> secret\r\n> plan\r\n");
        // Where only the subject is protected, there is but one From.
        let outside = field("From", None, Some("Ann <a@b.c>"), FieldProtection::None);
        let headers = [headers[3].clone(), outside];
        let draft = reply(original(&headers), &ReplyOptions::default());
        assert_eq!(addresses(&draft.to), [("Ann", "a@b.c")]);
    }

    #[test]
    fn identifiers_that_can_not_be_written_are_left_out() {
        let outside = |name, value| field(name, None, Some(value), FieldProtection::None);
        let long = format!("<{}@x>", "y".repeat(2_000));
        let references =
            format!("<1@x> junk <a\0b@x> <a b@x> {long} <<2@x> <\u{202e}@x> <>3@x> <4@x");
        let answer = |id| {
            let headers = [outside("Message-ID", id), outside("References", &references)];
            reply(original(&headers), &ReplyOptions::default()).headers
        };
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            answer("(x) <5@x>"),
            [field("In-Reply-To", "<5@x>"), field("References", "<1@x> <2@x> <5@x>")]
        );
        for id in ["<a\0b@x>", "<a b@x>", "<>", "5@x", &long, ""] {
            assert_eq!(answer(id), [], "{id:?}");
        }
    }

    #[test]
    fn work_grows_with_the_recipients_and_not_with_their_square() {
        let list: Vec<String> = (0..100_000).map(|n| format!("a{n}@b.c")).collect();
        let list = list.join(", ");
        let both = [
            field("To", None, Some(&list), FieldProtection::None),
            field("Cc", None, Some(&list.to_uppercase()), FieldProtection::None),
        ];
        let own = (1_000..2_000).map(|n| format!("A{n}@B.C")).collect();
        // Were each compared with each, this would take an hour.
        let draft = reply(original(&both), &ReplyOptions { all: true, own, ..Default::default() });
        assert_eq!(draft.cc.len(), 99_000);
    }

    #[test]
    fn a_plain_message_is_answered_as_ever() {
        let outside = |name, value| field(name, None, Some(value), FieldProtection::None);
        let headers = [
            outside("From", "Ann <a@b.c>"),
            outside("Reply-To", "List <l@b.c>"),
            outside("To", "friends: me@b.c, Bob <b@b.c>;"),
            outside("Subject", "RE: x"),
            outside("Message-ID", "<2@x>"),
            outside("In-Reply-To", "<1@x>"),
        ];
        let (is_encrypted, is_verified) = (false, false);
        let plain = Original { is_encrypted, is_verified, ..original(&headers) };
        let attribution = Some("Ann wrote:".to_owned());
        let draft = reply(plain, &ReplyOptions { attribution, ..options() });
        assert_eq!(addresses(&draft.to), [("List", "l@b.c")]);
        assert_eq!(addresses(&draft.cc), [("Bob", "b@b.c")]);
        assert_eq!(draft.subject, "RE: x");
        assert_eq!(draft.text, "Ann wrote:\r\n> secret\r\n> plan\r\n");
        assert!(!draft.must_encrypt && draft.problems.is_empty());
        let own = ReplyOptions { own: vec!["a@b.c".to_owned()], ..ReplyOptions::default() };
        let [from, _, rest @ ..] = &headers;
        let sent: Vec<HeaderField> = core::iter::once(from).chain(rest).cloned().collect();
        let draft = reply(Original { headers: &sent, ..plain }, &own);
        assert_eq!(addresses(&draft.to), [("", "me@b.c"), ("Bob", "b@b.c")]);
    }
}
