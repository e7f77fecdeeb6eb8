//! Content with some of its ranges replaced.

use std::borrow::Cow;

use crate::bytes::{offset_in, sort_by_key};
use crate::mime::{Field, Inside, Part};

/// Ranges that are replaced at most: a text of three megabytes has as many lines.
const MOST: usize = 1 << 16;

pub(super) struct Edits<'a> {
    content: &'a [u8],
    list: Vec<(core::ops::Range<usize>, Cow<'a, [u8]>)>,
}

impl<'a> Edits<'a> {
    pub(super) fn new(content: &'a [u8]) -> Edits<'a> {
        Edits { content, list: Vec::new() }
    }

    /// Replaces `old`, a slice of the content. No octet may be replaced twice.
    pub(super) fn replace(&mut self, old: &[u8], new: impl Into<Cow<'a, [u8]>>) {
        let new = new.into();
        if let Some(start) = offset_in(self.content, old)
            && old != new.as_ref()
            && self.list.len() <= MOST
        {
            self.list.push((start..start + old.len(), new));
        }
    }

    /// Replaces the first `old` in a field's value, which is found without case.
    pub(super) fn replace_in(&mut self, field: &Field<'a>, old: &str, new: &'static str) {
        let raw = field.raw();
        let name_len = field.name().len();
        let mut windows = raw.get(name_len..).unwrap_or_default().windows(old.len());
        if let Some(at) = windows.position(|found| found.eq_ignore_ascii_case(old.as_bytes())) {
            let start = name_len + at;
            self.replace(raw.get(start..start + old.len()).unwrap_or_default(), new.as_bytes());
        }
    }

    /// `None` if nothing is replaced, or more than [`MOST`] ranges are.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        if self.list.is_empty() || self.list.len() > MOST {
            return None;
        }
        sort_by_key(&mut self.list, |(range, _)| range.start);
        let mut output = Vec::with_capacity(self.content.len());
        let mut at = 0;
        for (range, new) in &self.list {
            output.extend_from_slice(self.content.get(at..range.start)?);
            output.extend_from_slice(new);
            at = range.end;
        }
        output.extend_from_slice(self.content.get(at..)?);
        Some(output)
    }
}

/// A part and all parts inside, each before those inside it.
pub(super) fn all_parts<'p, 'a>(part: &'p Part<'a>) -> Vec<&'p Part<'a>> {
    let mut parts = vec![part];
    let mut at = 0;
    while let Some(&part) = parts.get(at) {
        match part.inside() {
            Inside::Leaf => {}
            Inside::Multipart(multipart) => parts.extend(&multipart.parts),
            Inside::Message(message) => parts.push(message),
        }
        at += 1;
    }
    parts
}

/// Whether a part is a text of its own.
pub(super) fn is_text(part: &Part<'_>) -> bool {
    part.essence().starts_with("text/") && matches!(part.inside(), Inside::Leaf)
}

/// The header of a part with its empty line.
pub(super) fn header<'a>(part: &Part<'a>) -> &'a [u8] {
    let raw = part.raw();
    raw.get(..raw.len() - part.entity().body().len()).unwrap_or_default()
}
