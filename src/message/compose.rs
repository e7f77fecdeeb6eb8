//! `composeMessage`: an RFC 5322 message from its parts, by `mail-builder` under our clock and
//! randomness, so that a mailer needs no other MIME library.

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::text::Text;
use mail_builder::headers::{Header, HeaderType};
use mail_builder::mime::{BodyPart, MimePart};

use crate::bytes::hex;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::mime::{
    ContentType as ContentTypeValue, parse_address_list, random_boundary, transportable,
};

/// A person in From, To or Cc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// As it is to be shown.
    pub name: Option<String>,
    /// `local@host`.
    pub address: String,
}

/// A file that goes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its file name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// The name by which the HTML shows it, as in `<img src="cid:logo@example.com">` (RFC 2392). What has
    /// one goes along with the HTML, if there is one (RFC 2387).
    pub content_id: Option<String>,
    /// Whether it is to be shown among the text (RFC 2183, 2.1) and not as a file.
    pub is_inline: bool,
}

/// What `composeMessage` needs.
#[derive(Clone, Debug)]
pub struct ComposeOptions {
    /// The author.
    pub from: Mailbox,
    /// Recipients.
    pub to: Vec<Mailbox>,
    /// Recipients of a copy.
    pub cc: Vec<Mailbox>,
    /// The subject.
    pub subject: String,
    /// The body as text.
    pub text: Option<String>,
    /// The body as HTML.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Further header fields. `Date` and `Message-ID` take the place of ours.
    pub headers: Vec<(String, String)>,
}

/// Writes a message that survives transport as it is: in 7 bits, unless an address has more (RFC 6532),
/// or an attached message is signed in 8. With CRLF line ends, Date and Message-ID. All bytes come from
/// the options, the environment's time and its randomness.
///
/// # Errors
///
/// `usage/wrong-option` for an address that is none, a header with a line end in it, or one that the
/// other options write; `limit/…` for an attached message beyond the limits.
pub fn compose(env: &mut Env, options: ComposeOptions) -> Result<Vec<u8>> {
    check_headers(&options.headers)?;
    check_attachments(&options.attachments)?;
    if options.subject.contains(['\r', '\n']) {
        return Err(Error::UsageWrongOption { option: "subject", expected: "text on one line" });
    }
    let has = |name: &str| options.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    let (has_date, has_id) = (has("Date"), has("Message-ID"));
    let host = host(&options.from)?.to_owned();
    let mut message = MessageBuilder::new().from(mailbox("from", options.from)?);
    if !options.to.is_empty() {
        message = message.to(mailboxes("to", options.to)?);
    }
    if !options.cc.is_empty() {
        message = message.cc(mailboxes("cc", options.cc)?);
    }
    message = message.subject(options.subject);
    if !has_date {
        message = message.date(Date::new(env.now().as_secs()));
    }
    if !has_id {
        let id = format!("{}@{host}", hex::encode(env.random::<16>().as_ref()));
        message = message.message_id(MessageId::new(id));
    }
    for (name, value) in options.headers {
        let (name, value) = header(name, value);
        message = message.header(name, value);
    }
    let body = body(env, options.text, options.html, options.attachments);
    let written = message
        .body(body)
        .write_to_vec()
        .map_err(|_| Error::Internal { what: "writing a message into memory failed" })?;
    Ok(transportable(&written, env.limits())?.unwrap_or(written))
}

/// A field of the caller's. mail-builder looks for its own fields by their exact names, and would write
/// a second one from a clock.
fn header(name: String, value: String) -> (String, HeaderType<'static>) {
    let is = |other: &str| name.eq_ignore_ascii_case(other);
    // Fields with a grammar of their own; encoded words have no place in them.
    let is_structured = ["In-Reply-To", "References", "Reply-To", "Date", "Message-ID"].map(is);
    let value = match is_structured.contains(&true) {
        true => HeaderType::Raw(value.into()),
        false => HeaderType::Text(Text::new(value)),
    };
    let known = ["Date", "Message-ID"].into_iter().find(|known| is(known));
    (known.map_or(name, str::to_owned), value)
}

/// A field of people, in 7 bits unless an address has more.
pub(super) fn address_field(name: &str, people: Vec<Mailbox>) -> Result<Vec<u8>> {
    let mut field = format!("{name}: ").into_bytes();
    let length = field.len();
    mailboxes("to", people)?.write_header(&mut field, length);
    Ok(field)
}

/// The parts, each multipart with a boundary of its own from our randomness.
fn body(
    env: &mut Env,
    text: Option<String>,
    html: Option<String>,
    attachments: Vec<Attachment>,
) -> MimePart<'static> {
    let contents: Vec<&[u8]> = [&text, &html]
        .into_iter()
        .filter_map(|text| text.as_deref().map(str::as_bytes))
        .chain(attachments.iter().map(|attachment| attachment.content.as_slice()))
        .collect();
    let [alternative, related, mixed] = [(); 3].map(|()| random_boundary(env, &contents));
    let is_shown = |attachment: &Attachment| html.is_some() && attachment.content_id.is_some();
    let (shown, files): (Vec<_>, Vec<_>) = attachments.into_iter().partition(is_shown);

    let text = text.map(|text| MimePart::new("text/plain", BodyPart::Text(text.into())));
    let html = html.map(|html| {
        let html = MimePart::new("text/html", BodyPart::Text(html.into()));
        let of_html = ContentType::new("multipart/related").attribute("type", "text/html");
        multipart(of_html, related, html, shown.into_iter().map(attached))
    });
    let readable = match (text, html) {
        (Some(text), Some(html)) => {
            let kind = ContentType::new("multipart/alternative");
            multipart(kind, alternative, text, core::iter::once(html))
        }
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => MimePart::new("text/plain", BodyPart::Text("".into())),
    };
    let kind = ContentType::new("multipart/mixed");
    multipart(kind, mixed, readable, files.into_iter().map(attached))
}

/// The first part alone, unless there are others.
fn multipart(
    kind: ContentType<'static>,
    boundary: String,
    first: MimePart<'static>,
    others: impl Iterator<Item = MimePart<'static>>,
) -> MimePart<'static> {
    let mut parts = vec![first];
    parts.extend(others);
    if parts.len() == 1 {
        return parts.remove(0);
    }
    MimePart::new(kind.attribute("boundary", boundary), BodyPart::Multipart(parts))
}

fn attached(attachment: Attachment) -> MimePart<'static> {
    let Attachment { name, media_type, content, content_id, is_inline } = attachment;
    // RFC 2046, 5.2.1: a message has no transfer encoding but that of its parts.
    let is_message = is_message(&media_type);
    let encoding = if content.is_ascii() { "7bit" } else { "8bit" };
    let mut part = MimePart::new(media_type, BodyPart::Binary(content.into()));
    if is_message {
        part = part.transfer_encoding(encoding);
    }
    let disposition = if is_inline { "inline" } else { "attachment" };
    let disposition = ContentType::new(disposition).attribute("filename", name);
    part = part.header("Content-Disposition", disposition);
    match content_id {
        Some(id) => part.cid(id),
        None => part,
    }
}

fn is_message(media_type: &str) -> bool {
    ContentTypeValue::parse(media_type).is_some_and(|kind| kind.essence().starts_with("message/"))
}

fn mailboxes(option: &'static str, list: Vec<Mailbox>) -> Result<Address<'static>> {
    let list: Result<Vec<_>> = list.into_iter().map(|one| mailbox(option, one)).collect();
    Ok(Address::new_list(list?))
}

fn mailbox(option: &'static str, mailbox: Mailbox) -> Result<Address<'static>> {
    // RFC 5321, 4.5.3.1: 64 octets, the @, and 255.
    const LONGEST: usize = 320;
    let Mailbox { name, address } = mailbox;
    let is_address = parse_address_list(&address).single() == Some(&address);
    if !is_address || address.len() > LONGEST || address.contains(char::is_control) {
        return Err(Error::UsageWrongOption {
            option,
            expected: "addresses like name@example.com",
        });
    }
    if name.as_ref().is_some_and(|name| name.contains(['\r', '\n'])) {
        return Err(Error::UsageWrongOption { option, expected: "names on one line" });
    }
    Ok(Address::new_address(name, address))
}

fn host(from: &Mailbox) -> Result<&str> {
    from.address.rsplit_once('@').map(|(_, host)| host).ok_or(Error::UsageWrongOption {
        option: "from",
        expected: "an address like name@example.com",
    })
}

/// A media type and a content identifier are written as they are, so they have to be ones: ASCII, and
/// nothing that ends a line. A multipart is no file.
fn check_attachments(attachments: &[Attachment]) -> Result<()> {
    let wrong = |expected| Err(Error::UsageWrongOption { option: "attachments", expected });
    let is_media_type = |text: &str| {
        let kind = ContentTypeValue::parse(text);
        text.bytes().all(|octet| (32..=126).contains(&octet))
            && kind.is_some_and(|kind| !kind.essence().starts_with("multipart/"))
    };
    let is_id = |text: &str| {
        let is_part = |octet: u8| (33..=126).contains(&octet) && !b"<>()[]\\,;:\"".contains(&octet);
        (1..=500).contains(&text.len()) && text.bytes().all(is_part)
    };
    if !attachments.iter().all(|attachment| is_media_type(&attachment.media_type)) {
        return wrong("media types like application/pdf");
    }
    if !attachments.iter().filter_map(|attachment| attachment.content_id.as_deref()).all(is_id) {
        return wrong("content identifiers like logo@example.com, without brackets");
    }
    Ok(())
}

/// Nobody may smuggle a field in through the value of another.
fn check_headers(headers: &[(String, String)]) -> Result<()> {
    const RESERVED: [&str; 6] = ["from", "to", "cc", "bcc", "subject", "mime-version"];
    for (name, value) in headers {
        let lower = name.to_ascii_lowercase();
        let is_name =
            !name.is_empty() && name.bytes().all(|b| (33..=126).contains(&b) && b != b':');
        if !is_name || lower.starts_with("content-") || RESERVED.contains(&lower.as_str()) {
            return Err(Error::UsageWrongOption {
                option: "headers",
                expected: "field names that no other option writes",
            });
        }
        if value.contains(['\r', '\n', '\0']) {
            return Err(Error::UsageWrongOption {
                option: "headers",
                expected: "values on one line",
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Time;
    use crate::limits::Limits;

    fn options() -> ComposeOptions {
        ComposeOptions {
            from: Mailbox { name: None, address: "a@b.c".to_owned() },
            to: Vec::new(),
            cc: Vec::new(),
            subject: "x".to_owned(),
            text: Some("x".to_owned()),
            html: None,
            attachments: Vec::new(),
            headers: Vec::new(),
        }
    }

    fn write(options: ComposeOptions) -> Result<String> {
        let mut env = Env::new(Time::from_secs(0), &[0; 32], Limits::default());
        compose(&mut env, options).map(|message| String::from_utf8(message).unwrap())
    }

    fn attachment(name: &str, media_type: &str) -> Attachment {
        Attachment {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            content: b"x".to_vec(),
            content_id: None,
            is_inline: false,
        }
    }

    #[test]
    fn no_option_can_write_a_field_of_its_own() {
        assert!(write(options()).is_ok());
        let subject = ComposeOptions { subject: "x\r\nBcc: d@e.f".to_owned(), ..options() };
        assert_eq!(write(subject).unwrap_err().code(), "usage/wrong-option");
        for media_type in [
            "text/plain\r\nX-Evil: 1",
            "text/plain\nX-Evil: 1",
            "",
            "t\u{e9}xt/x",
            "multipart/mixed",
        ] {
            let attachments = vec![attachment("a", media_type)];
            let outcome = write(ComposeOptions { attachments, ..options() });
            assert_eq!(outcome.unwrap_err().code(), "usage/wrong-option", "{media_type:?}");
        }
        for id in ["a>\r\nX-Evil: 1", "<a@b.c>", "a b", ""] {
            let content_id = Some(id.to_owned());
            let attachments = vec![Attachment { content_id, ..attachment("a", "image/png") }];
            let outcome = write(ComposeOptions { attachments, ..options() });
            assert_eq!(outcome.unwrap_err().code(), "usage/wrong-option", "{id:?}");
        }
        for address in
            ["a\0@b.c", "a@b.c\r\nX-Evil: 1", "a@b.c, d@e.f", &format!("a@{}", "b".repeat(400))]
        {
            let from = Mailbox { name: None, address: address.to_owned() };
            assert_eq!(
                write(ComposeOptions { from, ..options() }).unwrap_err().code(),
                "usage/wrong-option"
            );
        }
        let attachments = vec![attachment("a\r\nX-Evil: 1", "text/plain; charset=utf-8")];
        let message = write(ComposeOptions { attachments, ..options() }).unwrap();
        assert!(!message.contains("\r\nX-Evil"), "{message}");
    }

    /// With everything that could be taken from a clock.
    fn full() -> ComposeOptions {
        let logo = Attachment {
            content_id: Some("logo@b.c".to_owned()),
            is_inline: true,
            ..attachment("logo.png", "image/png")
        };
        let message = Attachment {
            content: "Subject: s\n\n.\n0123456789 \u{fc}\n".into(),
            ..attachment("m\u{fc}ll.eml", "message/rfc822")
        };
        ComposeOptions {
            to: vec![Mailbox {
                name: Some("J\u{fc}, X".to_owned()),
                address: "\u{fc}@b.c".to_owned(),
            }],
            text: Some("From x\n.\n-- \n".to_owned()),
            html: Some("<img src='cid:logo@b.c'>".to_owned()),
            attachments: vec![logo, message],
            ..options()
        }
    }

    #[test]
    fn one_seed_and_one_time_give_the_same_bytes() {
        let first = write(full()).unwrap();
        assert_eq!(write(full()).unwrap(), first);
        assert_eq!(
            first.matches("\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000\r\n").count(),
            1,
            "{first}"
        );
        for name in ["date", "message-ID"] {
            let value = "Fri, 2 Jan 1970 00:00:00 +0000".to_owned();
            let headers = vec![(name.to_owned(), value.clone())];
            let message = write(ComposeOptions { headers, ..full() }).unwrap();
            assert_eq!(
                message.to_lowercase().matches(&format!("\r\n{}: ", name.to_lowercase())).count(),
                1
            );
            assert!(message.contains(&value), "{message}");
        }
    }

    #[test]
    fn parts_are_nested_as_readers_expect_and_survive_transport() {
        let message = write(full()).unwrap();
        let types: Vec<&str> = message
            .lines()
            .filter_map(|line| line.strip_prefix("Content-Type: "))
            .map(|value| value.split(';').next().unwrap())
            .collect();
        assert_eq!(
            types,
            [
                "multipart/mixed",
                "multipart/alternative",
                "text/plain",
                "multipart/related",
                "text/html",
                "image/png",
                "message/rfc822",
            ]
        );
        for line in [
            "=46rom x",
            "=2E",
            "=2D-=20",
            "Content-ID: <logo@b.c>",
            "Content-Disposition: inline; filename=\"logo.png\"",
            "Content-Disposition: attachment; filename*=UTF-8''m%C3%BCll.eml",
            "0123456789 =C3=BC",
            "To: =?utf-8?B?SsO8LCBY?= <\u{fc}@b.c>",
        ] {
            assert!(message.lines().any(|found| found == line), "{line} in {message}");
        }
        let without_address = message.replace("<\u{fc}@b.c>", "<u@b.c>");
        assert!(without_address.is_ascii());
        assert_eq!(transportable(without_address.as_bytes(), &Limits::default()).unwrap(), None);
    }
}
