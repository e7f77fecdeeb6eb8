//! A whole message as a tree of exact ranges (RFC 2046). Nothing is repaired: a multipart whose parts
//! can't be told apart is a leaf, and what is read of it is its bytes.

use super::entity::Entity;
use super::multipart::split_multipart;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// A part of a message, or the whole.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    raw: &'a [u8],
    entity: Entity<'a>,
    essence: String,
    inside: Inside<'a>,
}

/// What is inside a part.
#[derive(Clone, Debug)]
pub enum Inside<'a> {
    /// No parts: text, a file, a multipart without delimiters.
    Leaf,
    /// The parts of a multipart.
    Multipart(Multipart<'a>),
    /// The message that a message/rfc822 or message/global is, unless a transfer encoding hides it.
    Message(Box<Part<'a>>),
}

/// The body of a multipart.
#[derive(Clone, Debug)]
pub struct Multipart<'a> {
    /// As the content type says it.
    pub boundary: String,
    /// Before the first delimiter.
    pub preamble: &'a [u8],
    /// Between delimiters.
    pub parts: Vec<Part<'a>>,
    /// After the closing delimiter.
    pub epilogue: &'a [u8],
    /// Whether the closing delimiter is there. If not, other readers may see other parts.
    pub is_closed: bool,
    /// Whether white space follows a boundary on its line.
    pub is_padded: bool,
}

impl<'a> Part<'a> {
    /// Reads a message and all that is inside. Encoded and encrypted content is not opened.
    ///
    /// # Errors
    ///
    /// `limit/mime-depth`, `limit/mime-parts`, `limit/header-fields`; `malformed/mime` for a message
    /// that begins with no header field.
    pub fn parse(raw: &'a [u8], limits: &Limits) -> Result<Part<'a>> {
        let entity = Entity::parse(raw, limits)?;
        Reader { limits, parts: 0 }.part(raw, entity, TEXT, 0)
    }

    /// Header and body, exactly.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Header and body, apart.
    pub fn entity(&self) -> &Entity<'a> {
        &self.entity
    }

    /// The media type in lower case, with the defaults of where the part stands.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// What is inside.
    pub fn inside(&self) -> &Inside<'a> {
        &self.inside
    }
}

/// RFC 2045, 5.2 and RFC 2046, 5.1.5: what a part without a type is.
const TEXT: &str = "text/plain";
const MESSAGE: &str = "message/rfc822";

struct Reader<'l> {
    limits: &'l Limits,
    parts: usize,
}

impl Reader<'_> {
    fn part<'a>(
        &mut self,
        raw: &'a [u8],
        entity: Entity<'a>,
        default: &str,
        depth: usize,
    ) -> Result<Part<'a>> {
        check(Limit::MimeDepth, depth, self.limits.mime_depth)?;
        self.parts += 1;
        check(Limit::MimeParts, self.parts, self.limits.mime_parts)?;
        let content_type = entity.content_type();
        let has_type = entity.named("Content-Type").next().is_some();
        let essence = if has_type { content_type.essence() } else { default }.to_owned();
        let inside = if essence.starts_with("multipart/") {
            let boundary = content_type.parameter("boundary").unwrap_or_default();
            self.multipart(&entity, &essence, boundary, depth)?
        } else if matches!(essence.as_str(), MESSAGE | "message/global") && is_identity(&entity) {
            let message = self.nested(entity.body(), TEXT, depth)?;
            Inside::Message(Box::new(message))
        } else {
            Inside::Leaf
        };
        Ok(Part { raw, entity, essence, inside })
    }

    fn multipart<'a>(
        &mut self,
        entity: &Entity<'a>,
        essence: &str,
        boundary: &str,
        depth: usize,
    ) -> Result<Inside<'a>> {
        if boundary.is_empty() {
            return Ok(Inside::Leaf);
        }
        let most = self.limits.mime_parts.saturating_sub(self.parts);
        let split = split_multipart(entity.body(), boundary, most);
        if split.is_cut {
            check(Limit::MimeParts, self.limits.mime_parts + 1, self.limits.mime_parts)?;
        }
        if split.parts.is_empty() {
            return Ok(Inside::Leaf);
        }
        let default = if essence == "multipart/digest" { MESSAGE } else { TEXT };
        let parts = split.parts.iter().map(|raw| self.nested(raw, default, depth));
        Ok(Inside::Multipart(Multipart {
            boundary: boundary.to_owned(),
            preamble: split.preamble,
            parts: parts.collect::<Result<_>>()?,
            epilogue: split.epilogue,
            is_closed: split.is_closed,
            is_padded: split.is_padded,
        }))
    }

    /// A part inside another. One that begins with no field is all body.
    fn nested<'a>(&mut self, raw: &'a [u8], default: &str, depth: usize) -> Result<Part<'a>> {
        let entity = match Entity::parse(raw, self.limits) {
            Ok(entity) => entity,
            Err(Error::MalformedMime { .. }) => Entity::bare(raw),
            Err(error) => return Err(error),
        };
        self.part(raw, entity, default, depth + 1)
    }
}

/// Whether the body stands there as it is (RFC 2045, 6.2).
fn is_identity(entity: &Entity<'_>) -> bool {
    matches!(entity.transfer_encoding().as_str(), "" | "7bit" | "8bit" | "binary")
}

pub(super) fn check(limit: Limit, required: usize, allowed: usize) -> Result<()> {
    if required <= allowed {
        return Ok(());
    }
    Err(Error::Limit { limit, required: required as u64, allowed: allowed as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(part: &Part<'_>) -> String {
        match part.inside() {
            Inside::Leaf => {
                format!("{} {:?}", part.essence(), String::from_utf8_lossy(part.entity().body()))
            }
            Inside::Message(message) => format!("{} [{}]", part.essence(), outline(message)),
            Inside::Multipart(multipart) => {
                let parts: Vec<_> = multipart.parts.iter().map(outline).collect();
                let end = if multipart.is_closed { "" } else { ", open" };
                format!("{} [{}{end}]", part.essence(), parts.join(", "))
            }
        }
    }

    fn read(raw: &str) -> String {
        Part::parse(raw.as_bytes(), &Limits::default()).map_or_else(
            |error| error.code().to_owned(),
            |part| {
                assert_eq!(part.raw(), raw.as_bytes());
                outline(&part)
            },
        )
    }

    #[test]
    fn parts_and_messages_are_found_at_their_places() {
        let message = "Content-Type: multipart/mixed; boundary=a\n\npre\n--a\n\nx\n--a \n\
             Content-Type: message/rfc822\n\nContent-Type: multipart/digest; boundary=b\n\n\
             --b\n\nSubject: s\n\ny\n--b\nno field\n--b--\n\n--a\nContent-Type: text/html\n\nz\n\
             --a--\npost";
        assert_eq!(
            read(message),
            "multipart/mixed [text/plain \"x\", message/rfc822 [multipart/digest [\
             message/rfc822 [text/plain \"y\"], message/rfc822 [text/plain \"no field\"]]], \
             text/html \"z\"]"
        );
    }

    #[test]
    fn what_can_not_be_split_is_a_leaf() {
        assert_eq!(read("Content-Type: multipart/mixed\n\n--a\n"), "multipart/mixed \"--a\\n\"");
        assert_eq!(
            read("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx"),
            "multipart/mixed [text/plain \"x\", open]"
        );
        let encoded = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nAA==";
        assert_eq!(read(encoded), "message/rfc822 \"AA==\"");
    }

    #[test]
    fn depth_and_count_are_capped() {
        let deep = "Content-Type: message/rfc822\n\n".repeat(17);
        assert_eq!(read(&deep), "limit/mime-depth");
        let many = format!("Content-Type: multipart/x; boundary=a\n\n{}", "--a\n".repeat(10_001));
        assert_eq!(read(&many), "limit/mime-parts");
    }
}
