//! `composeMessage`: an RFC 5322 message from its parts, by `mail-builder` under our clock and
//! randomness, so that a mailer needs no other MIME library.

use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};

use crate::bytes::hex;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::mime::{ContentType as ContentTypeValue, parse_address_list};

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

/// Writes a message in 7 bits, with CRLF line ends, Date and Message-ID.
///
/// # Errors
///
/// `usage/wrong-option` for an address that is none, a header with a line end in it, or one that the
/// other options write.
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
        let value = match name.to_ascii_lowercase().as_str() {
            // Fields with a grammar of their own; encoded words have no place in them.
            "date" | "message-id" | "in-reply-to" | "references" | "reply-to" => {
                HeaderType::Raw(value.into())
            }
            _ => HeaderType::Text(Text::new(value)),
        };
        message = message.header(name, value);
    }
    let body = body(env, options.text, options.html, options.attachments);
    message
        .body(body)
        .write_to_vec()
        .map_err(|_| Error::Internal { what: "writing a message into memory failed" })
}

/// The parts, each multipart with a boundary of its own from our randomness.
fn body(
    env: &mut Env,
    text: Option<String>,
    html: Option<String>,
    attachments: Vec<Attachment>,
) -> MimePart<'static> {
    let text_part = |text: String| MimePart::new("text/plain", BodyPart::Text(text.into()));
    let html_part = |html: String| MimePart::new("text/html", BodyPart::Text(html.into()));
    let readable = match (text, html) {
        (Some(text), Some(html)) => {
            multipart(env, "alternative", vec![text_part(text), html_part(html)])
        }
        (None, Some(html)) => html_part(html),
        (text, None) => text_part(text.unwrap_or_default()),
    };
    if attachments.is_empty() {
        return readable;
    }
    let mut parts = vec![readable];
    parts.extend(attachments.into_iter().map(|attachment| {
        MimePart::new(attachment.media_type, BodyPart::Binary(attachment.content.into()))
            .attachment(attachment.name)
    }));
    multipart(env, "mixed", parts)
}

fn multipart(env: &mut Env, subtype: &str, parts: Vec<MimePart<'static>>) -> MimePart<'static> {
    let boundary = format!("=_{}", hex::encode(env.random::<16>().as_ref()));
    let content_type =
        ContentType::new(format!("multipart/{subtype}")).attribute("boundary", boundary);
    MimePart::new(content_type, BodyPart::Multipart(parts))
}

fn mailboxes(option: &'static str, list: Vec<Mailbox>) -> Result<Address<'static>> {
    let list: Result<Vec<_>> = list.into_iter().map(|one| mailbox(option, one)).collect();
    Ok(Address::new_list(list?))
}

fn mailbox(option: &'static str, mailbox: Mailbox) -> Result<Address<'static>> {
    let is_address = parse_address_list(&mailbox.address).single() == Some(&mailbox.address);
    if !is_address {
        return Err(Error::UsageWrongOption {
            option,
            expected: "addresses like name@example.com",
        });
    }
    if mailbox.name.as_ref().is_some_and(|name| name.contains(['\r', '\n'])) {
        return Err(Error::UsageWrongOption { option, expected: "names on one line" });
    }
    Ok(Address::new_address(mailbox.name, mailbox.address))
}

fn host(from: &Mailbox) -> Result<&str> {
    from.address.rsplit_once('@').map(|(_, host)| host).ok_or(Error::UsageWrongOption {
        option: "from",
        expected: "an address like name@example.com",
    })
}

/// A media type is written as it is, so it has to be one: ASCII, and nothing that ends a line.
fn check_attachments(attachments: &[Attachment]) -> Result<()> {
    let is_media_type = |text: &str| {
        text.bytes().all(|octet| (32..=126).contains(&octet))
            && ContentTypeValue::parse(text).is_some()
    };
    if attachments.iter().all(|attachment| is_media_type(&attachment.media_type)) {
        return Ok(());
    }
    Err(Error::UsageWrongOption {
        option: "attachments",
        expected: "media types like application/pdf",
    })
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

    #[test]
    fn no_option_can_write_a_field_of_its_own() {
        let attachment = |name: &str, media_type: &str| Attachment {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            content: b"x".to_vec(),
        };
        assert!(write(options()).is_ok());
        let subject = ComposeOptions { subject: "x\r\nBcc: d@e.f".to_owned(), ..options() };
        assert_eq!(write(subject).unwrap_err().code(), "usage/wrong-option");
        for media_type in ["text/plain\r\nX-Evil: 1", "text/plain\nX-Evil: 1", "", "t\u{e9}xt/x"] {
            let attachments = vec![attachment("a", media_type)];
            let outcome = write(ComposeOptions { attachments, ..options() });
            assert_eq!(outcome.unwrap_err().code(), "usage/wrong-option", "{media_type:?}");
        }
        let attachments = vec![attachment("a\r\nX-Evil: 1", "text/plain; charset=utf-8")];
        let message = write(ComposeOptions { attachments, ..options() }).unwrap();
        assert!(!message.contains("\r\nX-Evil"), "{message}");
    }
}
