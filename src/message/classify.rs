//! `classify`: what a mail list can show of a message before anything of it is fetched or decrypted.
//!
//! The sender's word is all there is to go by. What the bytes say may be another thing: nothing here
//! lends a status.

use super::input::{file_names, is_pkcs7};
use crate::error::{Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::mime::{BodyStructure, Entity};

/// What there is of the message.
#[derive(Clone, Copy, Debug)]
pub enum Described<'a> {
    /// Its header, with or without what follows.
    Headers(&'a [u8]),
    /// An IMAP server's BODYSTRUCTURE as text (RFC 9051, 7.5.2).
    BodyStructure(&'a [u8]),
}

/// What a message seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// multipart/signed.
    Signed,
    /// EnvelopedData.
    Encrypted,
    /// AuthEnvelopedData.
    EncryptedAuthenticated,
    /// SignedData with the content inside.
    OpaqueSigned,
    /// SignedData without a signature, for its certificates.
    Certificates,
    /// CompressedData.
    Compressed,
    /// No S/MIME.
    Plain,
    /// S/MIME of a kind that only its bytes tell, or what may hide S/MIME.
    Unknown,
}

/// What `classify` answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// What the whole message seems to be.
    pub kind: MessageKind,
    /// What it may be where that is not known.
    pub may_be: Vec<MessageKind>,
    /// What its parts seem to be, other than plain: a mailing list may have put the message among others.
    pub contains: Vec<MessageKind>,
    /// The smime-type as it stands there.
    pub smime_type: Option<String>,
    /// The file name the content has.
    pub file_name: Option<String>,
    /// What is odd.
    pub problems: Vec<Problem>,
}

/// Tells what a message seems to be, by its content type, and by its file name where gateways exchanged
/// that (RFC 8551, 3.2.1 and 3.10).
///
/// # Errors
///
/// `malformed/mime`, `limit/…`.
pub fn classify(described: Described<'_>, limits: &Limits) -> Result<Classification> {
    match described {
        Described::Headers(headers) => {
            let entity = Entity::parse(headers, limits)?;
            let content_type = entity.content_type();
            let parameter = |name: &str| content_type.parameter(name).map(str::to_owned);
            let mut names = file_names(&entity);
            let names = [names.next(), names.next()];
            Ok(classified(content_type.essence(), parameter, telling(names), &[]))
        }
        Described::BodyStructure(text) => Ok(of_part(&BodyStructure::parse(text, limits)?)),
    }
}

fn of_part(part: &BodyStructure) -> Classification {
    let parameter = |name: &str| value(&part.parameters, name);
    let names = [value(&part.disposition, "filename"), parameter("name")];
    classified(&part.essence, parameter, telling(names), &part.parts)
}

/// The name that tells something, or else the first.
fn telling(names: [Option<String>; 2]) -> Option<String> {
    let [first, second] = names;
    let tells = |name: &String| by_extension(name).is_some();
    first.clone().filter(tells).or(second.clone().filter(tells)).or(first).or(second)
}

/// A parameter's value. One in pieces or with a charset (RFC 2231) is joined as it stands: only its
/// end is looked at.
fn value(parameters: &[(String, String)], wanted: &str) -> Option<String> {
    let mut pieces = parameters
        .iter()
        .filter(|(name, _)| name.split('*').next() == Some(wanted))
        .map(|(_, value)| value.as_str())
        .peekable();
    pieces.peek().is_some().then(|| pieces.collect())
}

fn classified(
    essence: &str,
    parameter: impl Fn(&str) -> Option<String>,
    file_name: Option<String>,
    parts: &[BodyStructure],
) -> Classification {
    let smime_type = parameter("smime-type");
    let mut problems = Vec::new();
    let by_name = file_name.as_deref().and_then(by_extension);
    let (kind, may_be) = match essence {
        "multipart/signed" => signed(&parameter, &mut problems),
        essence if is_pkcs7(essence) => {
            if essence.starts_with("application/x-") {
                problems.push(Problem::new(ProblemCode::MimeLegacyType).with_text("type", essence));
            }
            by_smime_type(smime_type.as_deref(), by_name, &mut problems)
        }
        "application/octet-stream" | "application/binary" if by_name.is_some() => {
            problems.push(
                Problem::new(ProblemCode::MimeTypeByFileName)
                    .with_text("type", essence)
                    .with_text("fileName", file_name.as_deref().unwrap_or_default()),
            );
            narrowed(by_name)
        }
        _ => (MessageKind::Plain, Vec::new()),
    };
    let contains = if kind == MessageKind::Plain { inside(parts) } else { Vec::new() };
    Classification { kind, may_be, contains, smime_type, file_name, problems }
}

fn signed(
    parameter: &impl Fn(&str) -> Option<String>,
    problems: &mut Vec<Problem>,
) -> (MessageKind, Vec<MessageKind>) {
    match parameter("protocol").map(|protocol| protocol.to_ascii_lowercase()).as_deref() {
        Some("application/pkcs7-signature" | "application/x-pkcs7-signature") => {
            (MessageKind::Signed, Vec::new())
        }
        Some(_) => (MessageKind::Plain, Vec::new()),
        None if parameter("micalg").is_some_and(|name| name.starts_with("pgp-")) => {
            (MessageKind::Plain, Vec::new())
        }
        None => {
            problems.push(Problem::new(ProblemCode::MimeNoProtocol));
            (MessageKind::Signed, Vec::new())
        }
    }
}

fn by_smime_type(
    smime_type: Option<&str>,
    by_name: Option<MessageKind>,
    problems: &mut Vec<Problem>,
) -> (MessageKind, Vec<MessageKind>) {
    let known = match smime_type.map(str::to_ascii_lowercase).as_deref() {
        Some("enveloped-data") => Some(MessageKind::Encrypted),
        // The second is a slip of RFC 8551's drafts that clients still write.
        Some("authenveloped-data" | "authenticated-enveloped-data") => {
            Some(MessageKind::EncryptedAuthenticated)
        }
        Some("signed-data" | "signed-receipt") => Some(MessageKind::OpaqueSigned),
        Some("certs-only") => Some(MessageKind::Certificates),
        Some("compressed-data") => Some(MessageKind::Compressed),
        _ => None,
    };
    if let Some(kind) = known {
        return (kind, Vec::new());
    }
    let problem = Problem::new(ProblemCode::MimeUnknownSmimeType);
    problems.push(match smime_type {
        Some(smime_type) => problem.with_text("smimeType", smime_type),
        None => problem,
    });
    narrowed(by_name)
}

/// What a file name narrows it down to. Only the bytes of a `.p7m` tell which of four it is.
fn narrowed(by_name: Option<MessageKind>) -> (MessageKind, Vec<MessageKind>) {
    match by_name {
        None | Some(MessageKind::Unknown) => {
            let may_be = [
                MessageKind::Encrypted,
                MessageKind::EncryptedAuthenticated,
                MessageKind::OpaqueSigned,
                MessageKind::Compressed,
            ];
            (MessageKind::Unknown, may_be.to_vec())
        }
        Some(kind) => (MessageKind::Unknown, vec![kind]),
    }
}

/// RFC 8551, 3.2.1.
fn by_extension(file_name: &str) -> Option<MessageKind> {
    let (_, extension) = file_name.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "p7m" => Some(MessageKind::Unknown),
        "p7s" => Some(MessageKind::OpaqueSigned),
        "p7c" => Some(MessageKind::Certificates),
        "p7z" => Some(MessageKind::Compressed),
        _ => None,
    }
}

/// The kinds of parts that are not plain, each once.
fn inside(parts: &[BodyStructure]) -> Vec<MessageKind> {
    let mut kinds = Vec::new();
    for part in parts {
        let part = of_part(part);
        for kind in core::iter::once(part.kind).chain(part.contains) {
            if kind != MessageKind::Plain && !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_header(header: &str) -> Classification {
        classify(Described::Headers(header.as_bytes()), &Limits::default()).unwrap()
    }

    fn by_structure(structure: &str) -> Classification {
        classify(Described::BodyStructure(structure.as_bytes()), &Limits::default()).unwrap()
    }

    fn codes(classification: &Classification) -> Vec<&str> {
        classification.problems.iter().map(|problem| problem.code.as_str()).collect()
    }

    #[test]
    fn the_smime_type_tells_the_kind() {
        for (smime_type, kind) in [
            ("enveloped-data", MessageKind::Encrypted),
            ("Enveloped-Data", MessageKind::Encrypted),
            ("authEnveloped-data", MessageKind::EncryptedAuthenticated),
            ("authenticated-enveloped-data", MessageKind::EncryptedAuthenticated),
            ("signed-data", MessageKind::OpaqueSigned),
            ("certs-only", MessageKind::Certificates),
            ("compressed-data", MessageKind::Compressed),
        ] {
            let found = by_header(&format!(
                "Content-Type: application/pkcs7-mime; smime-type=\"{smime_type}\"; name=smime.p7m\r\n"
            ));
            assert_eq!((found.kind, codes(&found)), (kind, vec![]), "{smime_type}");
            assert_eq!(found.smime_type.as_deref(), Some(smime_type));
            let found = by_structure(&format!(
                "(\"application\" \"x-pkcs7-mime\" (\"smime-type\" \"{smime_type}\") NIL NIL \"base64\" 1)"
            ));
            assert_eq!((found.kind, codes(&found)), (kind, vec!["mime/legacy-type"]));
        }
    }

    #[test]
    fn without_it_the_file_name_narrows_it_down() {
        let found = by_header(
            "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"a.P7M\"\r\n",
        );
        assert_eq!(found.kind, MessageKind::Unknown);
        assert!(
            found.may_be.contains(&MessageKind::Encrypted)
                && found.may_be.contains(&MessageKind::OpaqueSigned)
        );
        assert_eq!(codes(&found), ["mime/type-by-file-name"]);
        let found = by_structure(
            "(\"application\" \"pkcs7-mime\" NIL NIL NIL \"base64\" 1 NIL (\"attachment\" (\"filename*0\" \
             \"smi\" \"filename*1\" \"me.p7c\")))",
        );
        assert_eq!(
            (found.kind, found.may_be),
            (MessageKind::Unknown, vec![MessageKind::Certificates])
        );
        assert_eq!(found.file_name.as_deref(), Some("smime.p7c"));
        assert_eq!(
            by_header("Content-Type: application/octet-stream; name=a.zip").kind,
            MessageKind::Plain
        );
    }

    #[test]
    fn multipart_signed_is_told_apart_from_pgp() {
        let signed = "Content-Type: multipart/signed; boundary=b";
        let found = by_header(&format!("{signed}; protocol=\"application/x-pkcs7-signature\""));
        assert_eq!((found.kind, codes(&found)), (MessageKind::Signed, vec![]));
        let found = by_header(signed);
        assert_eq!((found.kind, codes(&found)), (MessageKind::Signed, vec!["mime/no-protocol"]));
        let pgp = format!("{signed}; protocol=\"application/pgp-signature\"");
        assert_eq!(by_header(&pgp).kind, MessageKind::Plain);
        assert_eq!(by_header(&format!("{signed}; micalg=pgp-sha256")).kind, MessageKind::Plain);
    }

    #[test]
    fn parts_are_told_but_not_those_of_attached_messages() {
        let signed = "((\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1)(\"application\" \"pkcs7-signature\" NIL \
             NIL NIL \"base64\" 1) \"signed\" (\"protocol\" \"application/pkcs7-signature\"))";
        let footer = "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1)";
        let found = by_structure(&format!("({signed}{footer} \"mixed\")"));
        assert_eq!((found.kind, found.contains), (MessageKind::Plain, vec![MessageKind::Signed]));
        let attached = format!("(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 1 NIL {signed} 1)");
        let found = by_structure(&format!("({footer}{attached} \"mixed\")"));
        assert_eq!((found.kind, found.contains), (MessageKind::Plain, vec![]));
    }
}
