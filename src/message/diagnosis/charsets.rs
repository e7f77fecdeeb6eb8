//! Texts that were written in another character set, or are said to be, taken back.

use mail_parser::decoders::charsets::map::charset_decoder;

use super::edits::{Edits, is_text};
use super::headers::values;
use super::reversals::Received;
use crate::bytes::sort_by_key;

/// Texts said to be in another character set: nothing but the word was changed.
pub(super) fn labelled(received: &Received<'_>, charset: &'static str) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    label(&mut edits, values(received.part.as_ref()?, "charset"), charset);
    edits.finish()
}

/// Texts were in another character set. Those that can't have been stay as they are.
pub(super) fn transcoded(received: &Received<'_>, charset: &'static str) -> Option<Vec<u8>> {
    let mut edits = Edits::new(received.canonical);
    let mut has_changed = false;
    let writer = Writer::new(charset)?;
    for part in received.leaves().filter(|part| is_text(part)) {
        let (entity, content_type) = (part.entity(), part.entity().content_type());
        let Some(now) = content_type.parameter("charset") else { continue };
        let is_plain =
            matches!(entity.transfer_encoding().as_str(), "" | "7bit" | "8bit" | "binary");
        if !is_plain || now.eq_ignore_ascii_case(charset) {
            continue;
        }
        let Some(before) = decoded(entity.body(), now).and_then(|text| writer.encoded(text)) else {
            continue;
        };
        has_changed |= before != entity.body();
        edits.replace(entity.body(), before);
        label(&mut edits, values(part, "charset"), charset);
    }
    edits.finish().filter(|_| has_changed)
}

/// Writes the word, in quotes where there are some.
fn label(edits: &mut Edits<'_>, values: Vec<&[u8]>, charset: &'static str) {
    for value in values {
        match value.starts_with(b"\"") {
            true => edits.replace(value, [b"\"", charset.as_bytes(), b"\""].concat()),
            false => edits.replace(value, charset.as_bytes()),
        }
    }
}

fn decoded(text: &[u8], charset: &str) -> Option<String> {
    match charset.eq_ignore_ascii_case("utf-8") {
        true => core::str::from_utf8(text).ok().map(str::to_owned),
        false => charset_decoder(charset.as_bytes()).map(|decode| decode(text)),
    }
}

/// Writes UTF-8, or a character set of one octet for each character, which is asked what its octets mean.
enum Writer {
    Utf8,
    /// The characters of the octets from 0x80 on, in rising order.
    Octets(Vec<(char, u8)>),
}

impl Writer {
    fn new(charset: &str) -> Option<Writer> {
        if charset.eq_ignore_ascii_case("utf-8") {
            return Some(Writer::Utf8);
        }
        let decode = charset_decoder(charset.as_bytes())?;
        let meaning = |octet| Some((decode(&[octet]).chars().next()?, octet));
        let mut high: Vec<(char, u8)> = (0x80..=0xff).filter_map(meaning).collect();
        sort_by_key(&mut high, |&(character, _)| character);
        Some(Writer::Octets(high))
    }

    fn encoded(&self, text: String) -> Option<Vec<u8>> {
        let Writer::Octets(high) = self else { return Some(text.into_bytes()) };
        let octet = |character: char| match u8::try_from(character) {
            Ok(octet) if octet.is_ascii() => Some(octet),
            _ => {
                let at = high.binary_search_by_key(&character, |&(meaning, _)| meaning).ok()?;
                high.get(at).map(|&(_, octet)| octet)
            }
        };
        text.chars().map(octet).collect()
    }
}
