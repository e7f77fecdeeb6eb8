//! Writes a message's fields into what is signed or encrypted (RFC 9788, 5.2.1).

use std::borrow::Cow;

use super::content_type::with_parameters;
use super::legacy_display;
use super::options::Protection;
use super::policy::Outside;
use super::text::{is_structural, is_trace, is_user_facing, name};
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::mime::{
    ContentType, Entity, Field, Outgoing, canonical, check_length, decode_encoded_words as decoded,
    is_canonical, transportable,
};

/// Takes a message apart into the fields that stay outside and the entity to be signed or encrypted,
/// into whose header they are copied. Structural fields, those that were added on the way, and Bcc are
/// not. A message without any others is left as it is, and one that is signed or encrypted already too:
/// its author has protected its fields, or nobody can any more. So is one whose Content-Type can't be
/// read, since nobody would see there that fields are protected.
///
/// # Errors
///
/// `malformed/mime`, `limit/…`; `usage/wrong-option` if something is to be hidden in a message that is
/// signed or encrypted already, or a confidential field is a structural one.
pub(in crate::message) fn protect<'a>(
    message: Cow<'a, [u8]>,
    protection: &Protection<'_>,
    limits: &Limits,
) -> Result<Outgoing<'a>> {
    check_names(protection.confidential)?;
    check_length(message.len(), limits)?;
    let entity = Entity::parse(&message, limits)?;
    let field = entity.named("Content-Type").next();
    let is_unreadable = field.is_some_and(|field| ContentType::parse(&field.unfolded()).is_none());
    if is_unreadable || is_cryptographic(entity.content_type().essence()) {
        if protection.hides() {
            return Err(Error::UsageWrongOption {
                option: "protectHeaders",
                expected: "'auto', 'clear' or 'off' for a message that is signed or encrypted already, \
                           or whose Content-Type can't be read",
            });
        }
        return unprotected(message, protection, limits);
    }
    let changed = if protection.is_signed { transportable(&message, limits)? } else { None };
    let message = changed.map_or(message, Cow::Owned);
    let entity = Entity::parse(&message, limits)?;
    let header = Header::of(&entity, protection);
    if header.inside.is_empty() {
        return unprotected(message, protection, limits);
    }
    let message = if protection.legacy_display && !header.hidden.is_empty() {
        Cow::Owned(legacy_display::insert(&message, &header.hidden, limits)?)
    } else {
        message
    };
    let entity = Entity::parse(&message, limits)?;
    let value = if protection.policy.is_some() { "cipher" } else { "clear" };
    let mut payload = header.inside;
    payload.extend_from_slice(with_parameters(&entity, &[("hp", value)])?.as_bytes());
    let contents = entity.fields().iter().filter(|field| field.is_content());
    for field in contents.filter(|field| !field.is("Content-Type")) {
        push_field(&mut payload, &name(field), &value_of(field));
    }
    payload.extend_from_slice(b"\r\n");
    let body_len = entity.body().len();
    Ok(Outgoing::new(header.outside, with_header(message, body_len, payload)))
}

fn unprotected<'a>(
    message: Cow<'a, [u8]>,
    protection: &Protection<'_>,
    limits: &Limits,
) -> Result<Outgoing<'a>> {
    if protection.is_signed {
        Outgoing::read_for_transport(message, limits)
    } else {
        Outgoing::read(message, limits)
    }
}

/// Signed, encrypted or both: what is inside can't be changed, or not without breaking it.
fn is_cryptographic(essence: &str) -> bool {
    matches!(
        essence,
        "multipart/signed"
            | "multipart/encrypted"
            | "application/pkcs7-mime"
            | "application/x-pkcs7-mime"
            | "application/cms"
    )
}

fn check_names(names: &[String]) -> Result<()> {
    let is_name = |name: &String| {
        let lower = name.to_ascii_lowercase();
        !name.is_empty() && !lower.starts_with("content-") && lower != "mime-version"
    };
    if names.iter().all(is_name) {
        return Ok(());
    }
    Err(Error::UsageWrongOption {
        option: "confidentialHeaders",
        expected: "names of header fields that do not describe the content",
    })
}

/// The header of a message, sorted.
#[derive(Default)]
struct Header {
    /// The fields that stay or become readable.
    outside: Vec<u8>,
    /// The fields that are protected, and HP-Outer.
    inside: Vec<u8>,
    /// The names and values of fields that people see, and outside not or not as they are.
    hidden: Vec<(String, String)>,
}

impl Header {
    fn of(entity: &Entity<'_>, protection: &Protection<'_>) -> Header {
        let mut header = Header::default();
        let mut recorded = Vec::new();
        for field in entity.fields() {
            // HP-Outer means something inside only, and is written anew.
            if is_structural(field) || field.is("HP-Outer") {
                continue;
            }
            let (name, is_bcc) = (name(field), field.is("Bcc") || field.is("Resent-Bcc"));
            if is_trace(&name) || (is_bcc && !protection.with_bcc) {
                push_raw(&mut header.outside, field);
                continue;
            }
            push_field(&mut header.inside, &name, &value_of(field));
            let Some(policy) = protection.policy else {
                push_raw(&mut header.outside, field);
                continue;
            };
            let is_named = |name: &str| {
                protection.confidential.iter().any(|other| other.eq_ignore_ascii_case(name))
            };
            // Outlook repeats the Subject in Thread-Topic.
            let repeats_subject = field.is("Thread-Topic") && is_named("Subject");
            let is_confidential = is_bcc || repeats_subject || is_named(&name);
            let value = field.unfolded();
            let outside = policy.outside(&name, &value, is_confidential);
            if outside != Outside::Same && is_user_facing(&name) {
                header.hidden.push((name.clone(), decoded(&value)));
            }
            match outside {
                Outside::Same => {
                    push_raw(&mut header.outside, field);
                    push_field(&mut recorded, &format!("HP-Outer: {name}"), &value_of(field));
                }
                Outside::Other(value) => {
                    push_field(&mut header.outside, &name, value.as_bytes());
                    push_field(&mut recorded, &format!("HP-Outer: {name}"), value.as_bytes());
                }
                Outside::Absent => {}
            }
        }
        header.inside.append(&mut recorded);
        header
    }
}

/// The value as it is folded, without the white space around it.
fn value_of<'a>(field: &Field<'a>) -> Cow<'a, [u8]> {
    canonical(field.value().trim_ascii())
}

/// A field that stays where it is keeps its bytes.
fn push_raw(output: &mut Vec<u8>, field: &Field<'_>) {
    let raw = canonical(field.raw());
    output.extend_from_slice(&raw);
    if !raw.ends_with(b"\r\n") {
        output.extend_from_slice(b"\r\n");
    }
}

/// A field that is signed must not depend on white space at the ends of lines, which relays take off.
fn push_field(output: &mut Vec<u8>, name: &str, value: &[u8]) {
    output.extend_from_slice(name.as_bytes());
    output.push(b':');
    for (at, line) in value.split(|&octet| octet == b'\n').enumerate() {
        let line = line.trim_ascii_end();
        if !line.is_empty() {
            output.extend_from_slice(if at == 0 { b" " } else { b"\r\n" });
            output.extend_from_slice(line);
        }
    }
    output.extend_from_slice(b"\r\n");
}

/// The message with this header, empty line and all, in the place of its own, and every line ending in
/// CRLF. Owned bytes are changed where they are.
fn with_header(message: Cow<'_, [u8]>, body_len: usize, header: Vec<u8>) -> Cow<'static, [u8]> {
    let start = message.len() - body_len;
    let body = message.get(start..).unwrap_or_default();
    if !is_canonical(body) {
        let body = canonical(body);
        let mut content = Vec::with_capacity(header.len() + body.len());
        content.extend_from_slice(&header);
        content.extend_from_slice(&body);
        return Cow::Owned(content);
    }
    match message {
        Cow::Borrowed(_) => Cow::Owned([header.as_slice(), body].concat()),
        Cow::Owned(mut message) => {
            message.reserve_exact(header.len().saturating_sub(start));
            message.splice(..start, header);
            Cow::Owned(message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::policy::ConfidentialityPolicy;
    use super::*;

    const MESSAGE: &str = "Received: from a\r\nFrom: =?utf-8?q?J=C3=B6rg?= <a@b.c>\nTo: d@e.f \n\
        Bcc: g@h.i\nSubject: Re: secret\n plan\nKeywords: k\nMIME-Version: 1.0\n\
        Content-Type: text/plain; charset=utf-8\nX-Empty:\nContent-Transfer-Encoding: 8bit\n\nx\n";

    fn protected(message: &str, protection: &Protection<'_>) -> (String, String) {
        let limits = Limits::default();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let outgoing = protect(message.as_bytes().into(), protection, &limits).unwrap();
        let owned = protect(message.as_bytes().to_vec().into(), protection, &limits).unwrap();
        assert_eq!(outgoing.content(), owned.content());
        (text(&outgoing.start("", 0, Vec::with_capacity)), text(outgoing.content()))
    }

    #[test]
    fn a_signed_message_has_its_fields_inside_and_outside() {
        let (outside, inside) = protected(MESSAGE, &Protection::SIGNED);
        assert_eq!(
            outside,
            "Received: from a\r\nFrom: =?utf-8?q?J=C3=B6rg?= <a@b.c>\r\nTo: d@e.f\r\nBcc: g@h.i\r\n\
             Subject: Re: secret\r\n plan\r\nKeywords: k\r\nX-Empty:\r\nMIME-Version: 1.0\r\n\r\n"
        );
        assert_eq!(
            inside,
            "From: =?utf-8?q?J=C3=B6rg?= <a@b.c>\r\nTo: d@e.f\r\nSubject: Re: secret\r\n plan\r\n\
             Keywords: k\r\nX-Empty:\r\nContent-Type: text/plain; charset=utf-8;\r\n hp=\"clear\"\r\n\
             Content-Transfer-Encoding: 7bit\r\n\r\nx\r\n"
        );
    }

    #[test]
    fn an_encrypted_message_records_what_stands_outside() {
        let protection = Protection {
            is_signed: false,
            policy: Some(ConfidentialityPolicy::Baseline),
            confidential: &["x-empty".to_owned()],
            legacy_display: true,
            with_bcc: true,
        };
        let (outside, inside) = protected(MESSAGE, &protection);
        assert_eq!(
            outside,
            "Received: from a\r\nFrom: =?utf-8?q?J=C3=B6rg?= <a@b.c>\r\nTo: d@e.f \r\nSubject: [...]\r\n\
             MIME-Version: 1.0\r\n\r\n"
        );
        assert_eq!(
            inside,
            "From: =?utf-8?q?J=C3=B6rg?= <a@b.c>\r\nTo: d@e.f\r\nBcc: g@h.i\r\n\
             Subject: Re: secret\r\n plan\r\nKeywords: k\r\nX-Empty:\r\n\
             HP-Outer: From: =?utf-8?q?J=C3=B6rg?= <a@b.c>\r\nHP-Outer: To: d@e.f\r\n\
             HP-Outer: Subject: [...]\r\n\
             Content-Type: text/plain;\r\n charset=\"utf-8\";\r\n hp-legacy-display=\"1\";\r\n \
             hp=\"cipher\"\r\nContent-Transfer-Encoding: 7bit\r\n\r\nSubject: Re: secret plan\r\n\r\nx\r\n"
        );
    }

    #[test]
    fn what_repeats_a_confidential_subject_is_confidential() {
        let message =
            "Subject: Re: secret\r\nThread-Topic: secret\r\nThread-Index: AQH\r\n\r\nx\r\n";
        let subject = ["subject".to_owned()];
        let none: &[String] = &[];
        for (policy, confidential) in
            [(ConfidentialityPolicy::Baseline, none), (ConfidentialityPolicy::Clear, &subject)]
        {
            let policy = Some(policy);
            let protection =
                Protection { is_signed: false, policy, confidential, ..Protection::SIGNED };
            let (outside, inside) = protected(message, &protection);
            assert!(!outside.contains("secret") && outside.contains("Thread-Index: AQH\r\n"));
            assert!(inside.contains("\r\nThread-Topic: secret\r\n"));
            assert!(!inside.contains("HP-Outer: Thread-Topic"));
        }
    }

    #[test]
    fn what_is_signed_or_encrypted_already_is_left_alone() {
        let signed = "From: a@b.c\r\nContent-Type: multipart/signed\r\n\r\nx\r\n";
        let (_, inside) = protected(signed, &Protection::SIGNED);
        assert_eq!(inside, "Content-Type: multipart/signed\r\n\r\nx\r\n");
        let policy = Some(ConfidentialityPolicy::Shy);
        let protection = Protection { policy, ..Protection::SIGNED };
        let outcome = protect(signed.as_bytes().into(), &protection, &Limits::default());
        assert_eq!(outcome.unwrap_err().code(), "usage/wrong-option");
        let (_, inside) = protected("Content-Type: text/html\r\n\r\nx\r\n", &Protection::SIGNED);
        assert_eq!(inside, "Content-Type: text/html\r\n\r\nx\r\n");
        let unreadable = "From: a@b.c\r\nContent-Type: ?\r\n\r\nx\r\n";
        let (_, inside) = protected(unreadable, &Protection::SIGNED);
        assert_eq!(inside, "Content-Type: ?\r\n\r\nx\r\n");
        for name in ["", "Content-Type", "mime-version"] {
            let confidential = [name.to_owned()];
            let protection = Protection { confidential: &confidential, ..Protection::SIGNED };
            let outcome = protect(MESSAGE.as_bytes().into(), &protection, &Limits::default());
            assert_eq!(outcome.unwrap_err().code(), "usage/wrong-option");
        }
    }
}
