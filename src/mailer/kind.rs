//! What kind of mail a message is, as far as it matters for protecting it.

use crate::env::Env;
use crate::error::Result;
use crate::mime::{Entity, Inside, Part, decode_body};

/// What a mail is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailKind {
    /// From somebody to somebody.
    #[default]
    Mail,
    /// A meeting invitation, or an answer to one (RFC 6047).
    Invitation,
    /// To many.
    Bulk,
    /// Written by no one (RFC 3834).
    Automatic,
    /// It asks for a certificate, and says nothing else.
    CertificateRequest,
}

/// The words of a mail that asks for a certificate.
#[derive(Clone, Debug)]
pub struct CertificateRequest {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

impl MailKind {
    /// As the interface calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            MailKind::Mail => "mail",
            MailKind::Invitation => "invitation",
            MailKind::Bulk => "bulk",
            MailKind::Automatic => "automatic",
            MailKind::CertificateRequest => "certificate-request",
        }
    }
}

/// Recognises the kind by what the message says of itself: a `text/calendar` with a method that is the
/// message or an alternative to its text, `Auto-Submitted`, and the fields of mailing lists.
///
/// # Errors
///
/// `malformed/mime`, `limit/…`.
pub fn mail_kind(env: &Env, message: &[u8]) -> Result<MailKind> {
    let part = Part::parse(message, env.limits())?;
    if is_invitation(&part, true) {
        return Ok(MailKind::Invitation);
    }
    let entity = part.entity();
    let is_automatic = entity.named("Auto-Submitted").any(|field| {
        let value = field.unfolded();
        let word = value.split([';', ' ', '(']).next().unwrap_or_default();
        !word.is_empty() && !word.eq_ignore_ascii_case("no")
    });
    if is_automatic {
        return Ok(MailKind::Automatic);
    }
    Ok(if is_bulk(entity) { MailKind::Bulk } else { MailKind::Mail })
}

/// Whether a message says what one of these says, in subject and text, and nothing else: it is no secret then.
///
/// # Errors
///
/// `malformed/mime`, `limit/…`.
pub(super) fn is_request(
    env: &Env,
    message: &[u8],
    requests: &[CertificateRequest],
) -> Result<bool> {
    let part = Part::parse(message, env.limits())?;
    let entity = part.entity();
    if !matches!(part.inside(), Inside::Leaf) || part.essence() != "text/plain" {
        return Ok(false);
    }
    let is_same = |a: &str, b: &str| a.split_whitespace().eq(b.split_whitespace());
    let subjects: Vec<String> = entity.named("Subject").map(|field| field.decoded()).collect();
    let [subject] = subjects.as_slice() else { return Ok(false) };
    let Some(request) = requests.iter().find(|one| is_same(subject, &one.subject)) else {
        return Ok(false);
    };
    let body = decode_body(entity).unwrap_or_default();
    Ok(is_same(&String::from_utf8_lossy(&body), &request.text))
}

/// Who attaches or forwards an invitation invites nobody.
fn is_invitation(part: &Part<'_>, is_text: bool) -> bool {
    match part.inside() {
        Inside::Multipart(multipart) => {
            let are_texts = part.essence() == "multipart/alternative";
            multipart.parts.iter().any(|inner| is_invitation(inner, are_texts))
        }
        Inside::Message(_) => false,
        Inside::Leaf => {
            is_text
                && part.essence() == "text/calendar"
                && part.entity().content_type().parameter("method").is_some()
                && !is_attachment(part.entity())
        }
    }
}

fn is_attachment(entity: &Entity<'_>) -> bool {
    entity.named("Content-Disposition").any(|field| {
        let value = field.unfolded();
        let word = value.split([';', ' ', '(']).next().unwrap_or_default();
        word.trim().eq_ignore_ascii_case("attachment")
    })
}

fn is_bulk(entity: &Entity<'_>) -> bool {
    let is_list =
        ["List-Id", "List-Unsubscribe"].iter().any(|name| entity.named(name).next().is_some());
    is_list
        || entity.named("Precedence").any(|field| {
            let value = field.unfolded();
            ["bulk", "list", "junk"].iter().any(|word| value.trim().eq_ignore_ascii_case(word))
        })
}
