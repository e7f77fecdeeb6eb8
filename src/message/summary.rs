//! `summarize`: the row of a mail list, from a header alone.

use super::compose::Mailbox;
use super::headers::{HeaderField, PayloadFacts, read_headers};
use crate::env::Time;
use crate::error::Result;
use crate::limits::Limits;
use crate::mime::{Entity, parse_date};

/// What anybody can read of a message: nothing of it is checked, and what is hidden does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The authors.
    pub from: Vec<Mailbox>,
    /// Whom it went to.
    pub to: Vec<Mailbox>,
    /// Who got a copy.
    pub cc: Vec<Mailbox>,
    /// Who got a copy that the others do not know of.
    pub bcc: Vec<Mailbox>,
    /// The subject, to be shown.
    pub subject: String,
    /// When it was written, by its author's word.
    pub date: Option<Time>,
}

/// Reads a header, with or without what follows. Fields that stand twice are joined, but for a date: of that
/// the first counts.
///
/// # Errors
///
/// `malformed/mime`, `limit/…`.
pub fn summarize(header: &[u8], limits: &Limits) -> Result<Summary> {
    let entity = Entity::parse(header, limits)?;
    let headers = read_headers(Some(&entity), None, None, PayloadFacts::default(), limits);
    let named = |name: &'static str| {
        let is_it = move |field: &&HeaderField| field.name.eq_ignore_ascii_case(name);
        headers.fields.iter().filter(is_it)
    };
    let people = |name| named(name).filter_map(|field| field.addresses.clone()).flatten().collect();
    let subjects: Vec<&str> = named("Subject").map(|field| field.value.as_str()).collect();
    Ok(Summary {
        from: people("From"),
        to: people("To"),
        cc: people("Cc"),
        bcc: people("Bcc"),
        subject: subjects.join(", "),
        date: named("Date").next().and_then(|field| parse_date(&field.value)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_decoded_as_it_is_shown() {
        let header = b"From: =?utf-8?q?=C3=84nne_=22x=22?= <a@example.com>\r\n\
            To: \"b@evil.example\" <b@example.com>,\r\n c@example.com\r\n\
            Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\n =?utf-8?q?_aus?= Ulm\r\n\
            Date: Sun, 22 Nov 2026 10:00:00 +0100\r\n\r\nSubject: no\r\n";
        let row = summarize(header, &Limits::default()).unwrap();
        let one = |name: Option<&str>, address: &str| Mailbox {
            name: name.map(str::to_owned),
            address: address.to_owned(),
        };
        assert_eq!(row.from, [one(Some("\u{c4}nne \"x\""), "a@example.com")]);
        let to = [one(Some("b@evil.example"), "b@example.com"), one(None, "c@example.com")];
        assert_eq!(row.to, to);
        assert_eq!(row.subject, "Gr\u{fc}\u{df}e aus Ulm");
        assert_eq!(row.date, Some(Time::from_secs(1_795_338_000)));
        let bare = summarize(b"Date: soon\r\n\r\n", &Limits::default()).unwrap();
        assert_eq!(bare, Summary::default());
    }
}
