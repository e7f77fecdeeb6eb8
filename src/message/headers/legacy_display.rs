//! Legacy Display Elements (RFC 9788, 2.1.2): what is hidden of the header, repeated where people see it
//! whose mail program does not know of header protection. Those that know leave it out.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;

use super::content_type::with_parameters;
use crate::bytes::{base64, offset_in};
use crate::error::Result;
use crate::limits::Limits;
use crate::mime::{ContentType, Entity, Inside, Part, decode_body};

/// The class of the element in HTML.
const CLASS: &str = "header-protection-legacy-display";

/// Whether a part of a message that is encrypted, and has protected fields, begins with what is to be left
/// out (RFC 9788, 4.5.3.1).
pub fn has_legacy_display(content_type: &ContentType) -> bool {
    matches!(content_type.essence(), "text/plain" | "text/html")
        && content_type.parameter("hp-legacy-display") == Some("1")
}

/// Whether a part of a multipart is nothing but such a repetition, as the older `protected-headers="v1"`
/// has it: it is not to be shown.
pub fn is_legacy_display_part(payload: &ContentType, part: &ContentType) -> bool {
    let is_v1 =
        |content_type: &ContentType| content_type.parameter("protected-headers") == Some("v1");
    payload.essence() == "multipart/mixed"
        && is_v1(payload)
        && is_v1(part)
        && matches!(part.essence(), "text/plain" | "text/rfc822-headers")
}

/// The text of a part that has such an element, without it (RFC 9788, 4.5.3.2 and 4.5.3.3).
pub fn without_legacy_display<'a>(content_type: &ContentType, text: &'a str) -> Cow<'a, str> {
    if content_type.essence() == "text/html" { without_element(text) } else { without_lines(text) }
}

/// Up to and including the first blank line.
fn without_lines(text: &str) -> Cow<'_, str> {
    let mut left = text;
    while let Some((line, after)) = left.split_once('\n') {
        left = after;
        if matches!(line, "" | "\r") {
            return Cow::Borrowed(left);
        }
    }
    // Nothing but the element, or a text that has lost it.
    Cow::Borrowed("")
}

fn without_element(html: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let (mut rest, mut begin, mut depth) = (html, 0, 0_usize);
    let mut position = 0;
    let mut found = false;
    while let Some(tag) = next_tag(rest) {
        let (start, end) = (position + tag.start, position + tag.end);
        match (tag.name, tag.is_closing) {
            ("div", false) if depth > 0 => depth += 1,
            ("div", false) if tag.has_class(CLASS) => {
                kept += html.get(begin..start).unwrap_or_default();
                (depth, found) = (1, true);
            }
            ("div", true) if depth > 0 => {
                depth -= 1;
                begin = end;
            }
            _ => {}
        }
        rest = rest.get(tag.end..).unwrap_or_default();
        position = end;
    }
    if !found {
        return Cow::Borrowed(html);
    }
    // An element that is not closed reaches to the end, as browsers have it.
    if depth == 0 {
        kept += html.get(begin..).unwrap_or_default();
    }
    Cow::Owned(kept)
}

/// A tag of HTML, as far as it takes to find elements; ranges in the text it was looked for in.
struct Tag<'a> {
    start: usize,
    end: usize,
    name: &'static str,
    is_closing: bool,
    attributes: &'a str,
}

impl Tag<'_> {
    fn has_class(&self, class: &str) -> bool {
        let lower = self.attributes.to_ascii_lowercase();
        let Some((_, value)) = lower.split_once("class") else { return false };
        let Some(value) = value.trim_start().strip_prefix('=') else { return false };
        let value = value.trim_start();
        let value = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value.split(quote).nth(1).unwrap_or_default(),
            _ => value.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default(),
        };
        value.split_ascii_whitespace().any(|one| one == class)
    }
}

/// The next `div` or `body` tag, outside of comments.
fn next_tag(html: &str) -> Option<Tag<'_>> {
    let mut at = 0;
    loop {
        let start = at + html.get(at..)?.find('<')?;
        let rest = html.get(start + 1..)?;
        if let Some(comment) = rest.strip_prefix("!--") {
            at = start + "<!--".len() + comment.find("-->")? + "-->".len();
            continue;
        }
        let (is_closing, rest) = match rest.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let name = ["div", "body"].into_iter().find(|name| {
            let found = rest.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
            let next = rest.get(name.len()..).and_then(|rest| rest.chars().next());
            found && next.is_none_or(|c| c.is_ascii_whitespace() || c == '>' || c == '/')
        });
        let Some(name) = name else {
            at = start + 1;
            continue;
        };
        let attributes = rest.get(name.len()..)?;
        let length = end_of_tag(attributes)?;
        let attributes = attributes.get(..length)?;
        let end = html.len() - rest.len() + name.len() + length + ">".len();
        return Some(Tag { start, end, name, is_closing, attributes });
    }
}

/// Where the `>` is that no quotes surround.
fn end_of_tag(attributes: &str) -> Option<usize> {
    let mut quote = None;
    attributes.char_indices().find_map(|(at, c)| {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        None
    })
}

/// The message with an element of these fields in each of its main body parts (RFC 9788, 5.2.2 to 5.2.5).
/// A part whose charset is not known stays as it is.
///
/// # Errors
///
/// `malformed/mime`, `limit/…`.
pub(super) fn insert(
    message: &[u8],
    hidden: &[(String, String)],
    limits: &Limits,
) -> Result<Vec<u8>> {
    let whole = Part::parse(message, limits)?;
    let mut bodies = Vec::new();
    collect_bodies(&whole, &mut bodies);
    let mut output = Vec::new();
    let mut end = 0;
    for part in bodies {
        let Some(start) = offset_in(message, part.raw()) else { continue };
        if let Some(replaced) = with_element(part, hidden)? {
            output.extend_from_slice(message.get(end..start).unwrap_or_default());
            output.extend_from_slice(&replaced);
            end = start + part.raw().len();
        }
    }
    output.extend_from_slice(message.get(end..).unwrap_or_default());
    Ok(output)
}

/// The main body parts (RFC 9787, 7.1): text, reached through all parts of a multipart/alternative and
/// the first of any other. What is signed or attached is left alone.
fn collect_bodies<'p, 'a>(part: &'p Part<'a>, bodies: &mut Vec<&'p Part<'a>>) {
    let disposition = part.entity().named("Content-Disposition").next();
    let is_attachment = disposition.is_some_and(|field| {
        field.unfolded().get(..10).is_some_and(|word| word.eq_ignore_ascii_case("attachment"))
    });
    match (part.inside(), part.essence()) {
        _ if is_attachment => {}
        (Inside::Leaf, "text/plain" | "text/html") => bodies.push(part),
        (Inside::Leaf | Inside::Message(_), _) => {}
        (Inside::Multipart(_), "multipart/signed" | "multipart/encrypted") => {}
        (Inside::Multipart(multipart), "multipart/alternative") => {
            multipart.parts.iter().for_each(|part| collect_bodies(part, bodies));
        }
        (Inside::Multipart(multipart), _) => {
            if let Some(first) = multipart.parts.first() {
                collect_bodies(first, bodies);
            }
        }
    }
}

/// The part, header and all, with the element at its beginning, in UTF-8.
fn with_element(part: &Part<'_>, hidden: &[(String, String)]) -> Result<Option<Vec<u8>>> {
    let entity = part.entity();
    let Some(text) = text_of(entity)? else { return Ok(None) };
    let lines: String = hidden.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let text = if part.essence() == "text/html" {
        let element =
            format!("<div class=\"{CLASS}\"><pre>{}</pre></div>", escaped(lines.trim_end()));
        let at = start_of_body(&text);
        let (head, body) = text.split_at_checked(at).unwrap_or(("", &text));
        format!("{head}{element}{body}")
    } else {
        format!("{lines}\r\n{text}")
    };
    let parameters = [("charset", "utf-8"), ("hp-legacy-display", "1")];
    let mut output = Vec::new();
    for field in entity.fields() {
        if !field.is("Content-Type") && !field.is("Content-Transfer-Encoding") {
            output.extend_from_slice(field.raw());
        }
    }
    output.extend_from_slice(with_parameters(entity, &parameters)?.as_bytes());
    let is_plain = text.is_ascii() && text.lines().all(|line| line.len() <= 76);
    let encoding = if is_plain { "7bit" } else { "base64" };
    output.extend_from_slice(format!("Content-Transfer-Encoding: {encoding}\r\n\r\n").as_bytes());
    if is_plain {
        output.extend_from_slice(text.as_bytes());
    } else {
        let mut encoder = base64::Encoder::new(&mut output);
        encoder.update(text.as_bytes());
        encoder.finish();
    }
    Ok(Some(output))
}

/// The text of a part; `None` if its charset or encoding is not known, or it is not in it.
fn text_of(entity: &Entity<'_>) -> Result<Option<String>> {
    let Ok(bytes) = decode_body(entity) else { return Ok(None) };
    let content_type = entity.content_type();
    let charset = content_type.parameter("charset").unwrap_or("us-ascii").to_ascii_lowercase();
    if let Ok(text) = core::str::from_utf8(&bytes)
        && (text.is_ascii() || matches!(charset.as_str(), "utf-8" | "utf8"))
        && !charset.starts_with("utf-7")
        && !charset.starts_with("iso-2022")
    {
        return Ok(Some(text.to_owned()));
    }
    Ok(charset_decoder(charset.as_bytes()).map(|decode| decode(&bytes)))
}

/// After the tag that begins the body; where there is none, at the beginning.
fn start_of_body(html: &str) -> usize {
    let (mut rest, mut position) = (html, 0);
    while let Some(tag) = next_tag(rest) {
        position += tag.end;
        if tag.name == "body" && !tag.is_closing {
            return position;
        }
        rest = rest.get(tag.end..).unwrap_or_default();
    }
    0
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden() -> Vec<(String, String)> {
        vec![("Subject".to_owned(), "Gr\u{fc}\u{df}e <b>".to_owned())]
    }

    fn inserted(message: &str, hidden: &[(String, String)]) -> String {
        let message = insert(message.as_bytes(), hidden, &Limits::default()).unwrap();
        String::from_utf8(message).unwrap()
    }

    fn content_type(value: &str) -> ContentType {
        ContentType::parse(value).unwrap()
    }

    #[test]
    fn text_loses_its_first_lines() {
        let plain = content_type("text/plain; hp-legacy-display=1");
        assert!(has_legacy_display(&plain));
        let shown = |text: &str| without_legacy_display(&plain, text).into_owned();
        assert_eq!(shown("Subject: a\r\nCc: b\r\n\r\nc\r\n\r\nd"), "c\r\n\r\nd");
        assert_eq!(shown("Subject: a\n\nc"), "c");
        assert_eq!(shown("\nSubject: a\n\nc"), "Subject: a\n\nc");
        assert_eq!(shown("Subject: a"), "");
        assert!(!has_legacy_display(&content_type("text/plain; hp-legacy-display=2")));
        assert!(!has_legacy_display(&content_type("text/calendar; hp-legacy-display=1")));
    }

    #[test]
    fn html_loses_the_element_of_this_class() {
        let html = content_type("text/html; hp-legacy-display=1");
        let shown = |text: &str| without_legacy_display(&html, text).into_owned();
        let element = "<DIV id=x class='a header-protection-legacy-display'><pre>Subject: a</pre>\
                       <div>b</div></DIV>";
        assert_eq!(shown(&format!("<body>{element}<p>c</p></body>")), "<body><p>c</p></body>");
        assert_eq!(shown(&format!("<!-- {element} -->x")), format!("<!-- {element} -->x"));
        for same in [
            "<div>a</div>",
            "<div class=header-protection-legacy-display-not>a</div>",
            "<div title=\"<div class=x>\">a</div>",
            "<divx class=header-protection-legacy-display>a",
            "a < b <",
        ] {
            assert_eq!(shown(same), same);
        }
        assert_eq!(shown("a<div class=header-protection-legacy-display>b"), "a");
        assert_eq!(shown(&format!("a{element}b{element}c")), "abc");
    }

    #[test]
    fn main_body_parts_get_the_element_and_others_do_not() {
        let message = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\
            Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n\
            Content-Type: text/html; charset=\"iso-8859-1\"\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><body bgcolor=3D'>'>=E4</body>\r\n--b--\r\n\
            --a\r\nContent-Type: text/plain\r\n\r\nattached\r\n--a--\r\n";
        let hidden = [("Subject".to_owned(), "a & b".to_owned())];
        assert_eq!(
            inserted(message, &hidden),
            "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\
            Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\
            Content-Type: text/plain;\r\n charset=\"utf-8\";\r\n hp-legacy-display=\"1\"\r\n\
            Content-Transfer-Encoding: 7bit\r\n\r\nSubject: a & b\r\n\r\nx\r\n--b\r\n\
            Content-Type: text/html;\r\n charset=\"utf-8\";\r\n hp-legacy-display=\"1\"\r\n\
            Content-Transfer-Encoding: base64\r\n\r\n\
            PGh0bWw+PGJvZHkgYmdjb2xvcj0nPic+PGRpdiBjbGFzcz0iaGVhZGVyLXByb3Rl\r\n\
            Y3Rpb24tbGVnYWN5LWRpc3BsYXkiPjxwcmU+U3ViamVjdDogYSAmYW1wOyBiPC9w\r\n\
            cmU+PC9kaXY+w6Q8L2JvZHk+\r\n\
            \r\n--b--\r\n\
            --a\r\nContent-Type: text/plain\r\n\r\nattached\r\n--a--\r\n"
        );
    }

    #[test]
    fn what_is_inserted_is_left_out_again() {
        for (kind, text) in [
            ("text/plain; charset=utf-8", "\u{e4}\r\n\r\nb\r\n"),
            ("text/plain", "\r\n"),
            ("text/plain; format=flowed", ""),
            ("text/html; charset=utf-8", "<html><BODY>\r\n<div>\u{e4}</div></BODY>"),
            ("text/html", "no body"),
        ] {
            let message = format!("Content-Type: {kind}\r\nSubject: x\r\n\r\n{text}");
            let message = inserted(&message, &hidden());
            let entity = Entity::parse(message.as_bytes(), &Limits::default()).unwrap();
            let content_type = entity.content_type();
            assert!(has_legacy_display(&content_type), "{message}");
            let shown = decode_body(&entity).unwrap();
            let shown = core::str::from_utf8(&shown).unwrap();
            assert!(shown.contains("Subject: Gr\u{fc}\u{df}e "), "{shown}");
            assert_eq!(without_legacy_display(&content_type, shown), text);
        }
    }

    #[test]
    fn attached_signed_and_unreadable_parts_stay_as_they_are() {
        for message in [
            "Content-Disposition: Attachment; filename=x\r\n\r\nx",
            "Content-Type: text/plain; charset=x-unknown\r\n\r\n\u{e4}",
            "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!",
            "Content-Type: text/calendar\r\n\r\nx",
            "Content-Type: multipart/signed; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a\r\n\r\ny\r\n--a--",
            "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny",
        ] {
            assert_eq!(inserted(message, &hidden()), message);
        }
    }
}
