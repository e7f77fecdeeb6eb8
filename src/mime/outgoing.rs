//! A message that is about to be wrapped: what moves inside, and what stays outside.

use std::borrow::Cow;

use super::entity::{Entity, canonical};
use super::field::Field;
use super::field_writer;
use super::transport::{canonical_entity, transportable};
use crate::bytes::{Sink, cut, offset_in};
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// A message in two: the fields that stay outside, and the entity that is signed or encrypted, with its
/// line ends as CRLF (RFC 8551, 3.1).
#[derive(Debug)]
pub struct Outgoing<'a> {
    header: Vec<u8>,
    content: Cow<'a, [u8]>,
}

impl<'a> Outgoing<'a> {
    /// From the fields that stay outside, each with its line end, and the entity.
    pub fn new(header: Vec<u8>, content: Cow<'a, [u8]>) -> Outgoing<'a> {
        Outgoing { header, content }
    }

    /// Takes a message apart that nothing on the way can change, because it is encrypted. Fields whose
    /// names begin with `Content-` move inside (RFC 2045, 9); MIME-Version is written anew outside.
    /// Where the content's fields stand last, as most writers have it, and every line ends in CRLF, the
    /// content is not copied.
    ///
    /// # Errors
    ///
    /// `malformed/mime`, `limit/input-bytes`, `limit/header-fields`; `limit/mime-depth` and
    /// `limit/mime-parts` where line ends are not CRLF.
    pub fn read(message: impl Into<Cow<'a, [u8]>>, limits: &Limits) -> Result<Outgoing<'a>> {
        let mut outgoing = take_apart(message.into(), limits, |field| field.raw().into())?;
        if let Some(content) = canonical_entity(&outgoing.content, limits)? {
            outgoing.content = Cow::Owned(content);
        }
        Ok(outgoing)
    }

    /// The same for a message that is sent as it is: whatever in it would not survive transport is
    /// encoded, see `transport/`. What survives is not touched, nor copied.
    ///
    /// # Errors
    ///
    /// `malformed/mime`, `limit/input-bytes`, `limit/header-fields`, `limit/mime-depth`,
    /// `limit/mime-parts`.
    pub fn read_for_transport(
        message: impl Into<Cow<'a, [u8]>>,
        limits: &Limits,
    ) -> Result<Outgoing<'a>> {
        let mut outgoing = take_apart(message.into(), limits, field_writer::transportable)?;
        if let Some(content) = transportable(&outgoing.content, limits)? {
            outgoing.content = Cow::Owned(content);
        }
        Ok(outgoing)
    }

    /// The same, of which the content may be taken.
    pub fn borrowed(&self) -> Outgoing<'_> {
        Outgoing { header: self.header.clone(), content: Cow::Borrowed(&self.content) }
    }

    /// The same, for as long as it takes.
    pub fn into_owned(self) -> Outgoing<'static> {
        Outgoing { header: self.header, content: Cow::Owned(self.content.into_owned()) }
    }

    /// The entity to be signed or encrypted.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The entity to be encrypted, which is not needed any more.
    pub fn take_content(&mut self) -> Cow<'a, [u8]> {
        core::mem::take(&mut self.content)
    }

    /// The message again, with nothing around its content.
    pub fn unwrapped(&self) -> Vec<u8> {
        [self.header.as_slice(), b"MIME-Version: 1.0\r\n", &self.content].concat()
    }

    /// Begins the outer message, up to and including its empty line. `fields` are the new content
    /// fields, each with its line end; `sink` is told how long the whole will be with a body of
    /// `body_len`.
    pub fn start<S: Sink>(
        &self,
        fields: &str,
        body_len: usize,
        sink: impl FnOnce(usize) -> S,
    ) -> S {
        let parts = [self.header.as_slice(), b"MIME-Version: 1.0\r\n", fields.as_bytes(), b"\r\n"];
        let header_len: usize = parts.iter().map(|part| part.len()).sum();
        let mut output = sink(header_len + body_len);
        parts.iter().for_each(|part| output.write(part));
        output
    }
}

fn take_apart<'a>(
    message: Cow<'a, [u8]>,
    limits: &Limits,
    written: impl for<'f> Fn(&Field<'f>) -> Cow<'f, [u8]>,
) -> Result<Outgoing<'a>> {
    check_length(message.len(), limits)?;
    let entity = Entity::parse(&message, limits)?;
    let mut header = Vec::new();
    for field in entity.fields() {
        if !field.is_content() && !field.is("MIME-Version") {
            push_line(&mut header, &written(field));
        }
    }
    let content = match start_of_content(&message, &entity) {
        None => Cow::Owned(joined(&entity)),
        Some(start) => match message {
            Cow::Borrowed(message) => Cow::Borrowed(message.get(start..).unwrap_or_default()),
            Cow::Owned(message) => {
                let end = message.len();
                Cow::Owned(cut(message, start..end))
            }
        },
    };
    Ok(Outgoing { header, content })
}

/// # Errors
///
/// `limit/input-bytes` for a message of this length, if it is too long.
pub fn check_length(length: usize, limits: &Limits) -> Result<()> {
    if length <= limits.input_bytes {
        return Ok(());
    }
    Err(Error::Limit {
        limit: Limit::InputBytes,
        required: length as u64,
        allowed: limits.input_bytes as u64,
    })
}

/// Where the message's first content field begins, if what follows is the content already.
fn start_of_content(message: &[u8], entity: &Entity<'_>) -> Option<usize> {
    let inside = entity.fields().iter().position(|field| field.is_content())?;
    let inside = entity.fields().get(inside..)?;
    let has_type = inside.iter().any(|field| field.is("Content-Type"));
    if !has_type || !inside.iter().all(|field| field.is_content()) {
        return None;
    }
    let start = offset_in(message, inside.first()?.raw())?;
    let header_len: usize = inside.iter().map(|field| field.raw().len()).sum();
    let rest = message.get(start + header_len..)?;
    // What comes after the fields is not always an empty line.
    let is_header = [&b"\r\n"[..], b"\n"]
        .iter()
        .any(|end| rest.strip_prefix(*end).is_some_and(|body| body.len() == entity.body().len()));
    is_header.then_some(start)
}

/// The content fields, the empty line and the body.
fn joined(entity: &Entity<'_>) -> Vec<u8> {
    let inside: Vec<_> = entity.fields().iter().filter(|field| field.is_content()).collect();
    let size = inside.iter().map(|field| field.raw().len() + 2).sum::<usize>();
    let mut content = Vec::new();
    content.reserve_exact(size + entity.body().len() + 128);
    for field in &inside {
        content.extend_from_slice(field.raw());
        if !field.raw().ends_with(b"\n") {
            content.extend_from_slice(b"\r\n");
        }
    }
    let has = |name| inside.iter().any(|field| field.is(name));
    if !has("Content-Type") {
        content.extend_from_slice(default_type(entity.body()));
        if !entity.body().is_ascii() && !has("Content-Transfer-Encoding") {
            content.extend_from_slice(b"Content-Transfer-Encoding: 8bit\r\n");
        }
    }
    content.extend_from_slice(b"\r\n");
    content.extend_from_slice(entity.body());
    content
}

fn push_line(output: &mut Vec<u8>, field: &[u8]) {
    let field: Cow<'_, [u8]> = canonical(field);
    output.extend_from_slice(&field);
    if !field.ends_with(b"\r\n") {
        output.extend_from_slice(b"\r\n");
    }
}

/// What RFC 2045, 5.2 assumes for a body without a type, what is true for one in UTF-8, and what says
/// nothing of any other (RFC 1428).
fn default_type(body: &[u8]) -> &'static [u8] {
    match core::str::from_utf8(body) {
        Ok(text) if text.is_ascii() => b"Content-Type: text/plain; charset=us-ascii\r\n",
        Ok(_) => b"Content-Type: text/plain; charset=utf-8\r\n",
        Err(_) => b"Content-Type: text/plain; charset=unknown-8bit\r\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_fields_move_inside_and_the_others_stay() {
        let message = b"From: a@b.c\nMIME-Version: 1.0\nContent-Type: text/html;\n charset=utf-8\nTo: d\n\nx\n";
        let outgoing = Outgoing::read(&message[..], &Limits::default()).unwrap();
        assert_eq!(outgoing.content(), b"Content-Type: text/html;\r\n charset=utf-8\r\n\r\nx\r\n");
        let data = b"Content-Type: a/b\r\nContent-Transfer-Encoding: binary\r\n\r\nx\ny";
        let encoded = Outgoing::read(&data[..], &Limits::default()).unwrap();
        assert!(encoded.content().ends_with(b"Encoding: base64\r\n\r\neAp5\r\n"));
        let start = outgoing.start("Content-Type: a/b\r\n", 0, Vec::with_capacity);
        assert_eq!(
            start,
            b"From: a@b.c\r\nTo: d\r\nMIME-Version: 1.0\r\nContent-Type: a/b\r\n\r\n"
        );
    }

    #[test]
    fn content_that_stands_together_is_not_copied() {
        let limits = Limits::default();
        let content = &b"Content-Type: a/b;\r\n c=d\r\nContent-ID: <e>\r\n\r\nx\r\n"[..];
        let message = [b"From: a@b.c\r\n", content].concat();
        let outgoing = Outgoing::read(&message[..], &limits).unwrap();
        assert!(matches!(outgoing.content, Cow::Borrowed(found) if found == content));
        assert_eq!(Outgoing::read(message, &limits).unwrap().content(), content);
        for message in [
            &b"Content-Type: a/b\r\nFrom: a@b.c\r\n\r\nx\r\n"[..],
            b"From: a@b.c\r\nContent-Type: a/b\n\r\nx\r\n",
            b"From: a@b.c\r\nContent-Type: a/b\r\n\nx\r\n",
            b"From: a@b.c\r\nContent-Type: a/b\r\n\r\nx\n",
            b"From: a@b.c\r\nContent-Type: a/b\r\n\r\r\nx\r\n",
            b"From: a@b.c\r\nContent-Type: a/b\r\nx\r\n",
            b"From: a@b.c\r\nContent-Type: a/b\r\n",
        ] {
            let outgoing = Outgoing::read(message, &limits).unwrap();
            assert!(matches!(outgoing.content, Cow::Owned(_)), "{message:?}");
        }
    }
}
