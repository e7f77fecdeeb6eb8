//! What a reader sees of a mail, by mail-parser: to compare before and after.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

/// One line for each part, in order.
pub(crate) fn view(raw: &[u8]) -> Vec<String> {
    MessageParser::default().parse(raw).map(|message| parts(&message)).unwrap_or_default()
}

fn parts(message: &Message<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for part in &message.parts {
        let kind = part.content_type().map(|kind| {
            format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_lowercase()
        });
        // RFC 2045, 5.2.
        let kind = kind.unwrap_or_else(|| "text/plain".to_owned());
        let about = format!("{kind} {:?} {:?}", part.attachment_name(), part.content_id());
        match &part.body {
            PartType::Text(text) | PartType::Html(text) => {
                lines.push(format!("{about} {:?}", text.replace("\r\n", "\n")));
            }
            PartType::Binary(data) | PartType::InlineBinary(data) => {
                lines.push(format!("{about} {data:?}"));
            }
            PartType::Message(message) => {
                lines.push(format!("{about} {:?} {:?}", message.subject(), message.from()));
                lines.extend(parts(message));
            }
            PartType::Multipart(parts) => lines.push(format!("{about} {}", parts.len())),
        }
    }
    lines
}
