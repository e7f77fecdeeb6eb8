//! A message that is about to be wrapped: what moves inside, and what stays outside.

use std::borrow::Cow;

use super::entity::{Entity, canonical};
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// A message in two: the fields that stay outside, and the entity that is signed or encrypted, with its
/// line ends as CRLF (RFC 8551, 3.1).
#[derive(Debug)]
pub struct Outgoing {
    header: Vec<u8>,
    content: Vec<u8>,
}

impl Outgoing {
    /// Takes a message apart. Fields whose names begin with `Content-` move inside (RFC 2045, 9);
    /// MIME-Version is written anew outside.
    ///
    /// # Errors
    ///
    /// `malformed/mime`, `limit/input-bytes`, `limit/header-fields`.
    pub fn read(message: &[u8], limits: &Limits) -> Result<Outgoing> {
        if message.len() > limits.input_bytes {
            return Err(Error::Limit {
                limit: Limit::InputBytes,
                required: message.len() as u64,
                allowed: limits.input_bytes as u64,
            });
        }
        let entity = Entity::parse(message, limits)?;
        let (mut header, mut content) = (Vec::new(), Vec::new());
        let inside: Vec<_> = entity.fields().iter().filter(|field| field.is_content()).collect();
        for field in entity.fields() {
            if !field.is_content() && !field.is("MIME-Version") {
                push_line(&mut header, field.raw());
            }
        }
        let body = canonical(entity.body());
        let size = inside.iter().map(|field| field.raw().len() + 2).sum::<usize>();
        content.reserve_exact(size + body.len() + 128);
        for field in &inside {
            push_line(&mut content, field.raw());
        }
        if !inside.iter().any(|field| field.is("Content-Type")) {
            content.extend_from_slice(default_type(&body));
        }
        content.extend_from_slice(b"\r\n");
        content.extend_from_slice(&body);
        Ok(Outgoing { header, content })
    }

    /// The entity to be signed or encrypted.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The outer message up to and including its empty line, with room for a body of `body_len`.
    /// `fields` are the new content fields, each with its line end.
    pub fn start(&self, fields: &str, body_len: usize) -> Vec<u8> {
        const VERSION: &[u8] = b"MIME-Version: 1.0\r\n";
        let length = self.header.len() + VERSION.len() + fields.len() + 2 + body_len;
        let mut output = Vec::with_capacity(length);
        for part in [self.header.as_slice(), VERSION, fields.as_bytes(), b"\r\n"] {
            output.extend_from_slice(part);
        }
        output
    }
}

fn push_line(output: &mut Vec<u8>, field: &[u8]) {
    let field: Cow<'_, [u8]> = canonical(field);
    output.extend_from_slice(&field);
    if !field.ends_with(b"\r\n") {
        output.extend_from_slice(b"\r\n");
    }
}

/// What RFC 2045, 5.2 assumes for a body without a type, and what is true for one in UTF-8.
fn default_type(body: &[u8]) -> &'static [u8] {
    if body.is_ascii() {
        b"Content-Type: text/plain; charset=us-ascii\r\n"
    } else {
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_fields_move_inside_and_the_others_stay() {
        let message = b"From: a@b.c\nMIME-Version: 1.0\nContent-Type: text/html;\n charset=utf-8\nTo: d\n\nx\n";
        let outgoing = Outgoing::read(message, &Limits::default()).unwrap();
        assert_eq!(outgoing.content(), b"Content-Type: text/html;\r\n charset=utf-8\r\n\r\nx\r\n");
        let start = outgoing.start("Content-Type: a/b\r\n", 0);
        assert_eq!(
            start,
            b"From: a@b.c\r\nTo: d\r\nMIME-Version: 1.0\r\nContent-Type: a/b\r\n\r\n"
        );
    }
}
