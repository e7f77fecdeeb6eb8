//! What there is to show of the content: its texts, and its attachments as ranges of its bytes.
//!
//! Header fields, charsets and the text of HTML are read by `mail-parser`. Which parts there are is told
//! by [`Part`], so that depth and number are bounded, and large attachments are not decoded before
//! anybody asks for them. Signed and encrypted parts are named and not opened.

use std::borrow::Cow;
use std::ops::Range;

use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::html::html_to_text;
use mail_parser::{MessageParser, MimeHeaders};

use super::html::remote_references;
use crate::asn1::oids;
use crate::bytes::{base64, offset_in};
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::message::headers::{
    HeaderScheme, has_legacy_display, is_legacy_display_part, without_legacy_display,
};
use crate::message::input::{Outermost, outermost};
use crate::mime::{
    Entity, Field, Inside, Multipart, Part, decode_body, decode_quoted_printable, has_endless_words,
};

/// What there is to show, in the order of the content.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The texts, each by itself: one document must not reach into the next.
    pub bodies: Vec<Body>,
    /// Everything else, pictures that belong to an HTML text among it.
    pub attachments: Vec<AttachedPart>,
}

/// A text in one form or two.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// As plain text.
    pub text: String,
    /// Whether the plain text was made of the HTML.
    pub is_from_html: bool,
    /// As HTML, if there is one.
    pub html: Option<Html>,
}

/// A text in HTML, as somebody else wrote it.
#[derive(Debug, PartialEq, Eq)]
pub struct Html {
    /// Not cleaned of anything: scripts, styles, forms and remote content are all there.
    pub raw: String,
    /// What it would fetch or send to when shown: addresses as far as they are found, each once. A list
    /// for people; HTML does not become safe by it.
    pub remote_references: Vec<String>,
}

/// A part that is not text to be read at once.
#[derive(Debug, PartialEq, Eq)]
pub struct AttachedPart {
    /// The file name it proposes. Not safe as a path.
    pub name: Option<String>,
    /// The media type in lower case.
    pub content_type: String,
    /// The Content-ID without its angle brackets: how `cid:` in HTML names it (RFC 2392).
    pub content_id: Option<String>,
    /// Whether it is meant to be seen within the text.
    pub is_inline: bool,
    /// What it is besides a file.
    pub kind: PartKind,
    /// Its size in bytes, decoded.
    pub size: usize,
    /// Where its body is in the content, as it is encoded.
    pub range: Range<usize>,
    /// How its body is encoded.
    pub encoding: TransferEncoding,
}

/// What an attachment is besides a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// Nothing.
    File,
    /// A mail (message/rfc822), which can be opened by itself and has a status of its own.
    Message,
    /// An encrypted part. It was left as it is: to show it beside what stands around it would let whoever
    /// wrote that read it (EFAIL).
    Encrypted,
    /// A part with its signature inside.
    Signed,
    /// The signature of another part.
    Signature,
    /// A part of another S/MIME kind, or one that can't be read.
    Smime,
}

/// How a body is encoded (RFC 2045, 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferEncoding {
    /// As it is.
    Identity,
    /// RFC 2045, 6.8.
    Base64,
    /// RFC 2045, 6.7.
    QuotedPrintable,
}

/// Takes the transfer encoding off the body of an attachment.
///
/// # Errors
///
/// `malformed/mime` for base64 that is none.
pub fn decode_part(body: &[u8], encoding: TransferEncoding) -> Result<Vec<u8>> {
    match encoding {
        TransferEncoding::Identity => Ok(body.to_vec()),
        TransferEncoding::Base64 => base64::decode(body),
        TransferEncoding::QuotedPrintable => Ok(decode_quoted_printable(body)),
    }
}

/// How the content repeats its header, or is another message.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Protected {
    /// By which rules its header fields are protected.
    pub(super) scheme: HeaderScheme,
    /// It was encrypted.
    pub(super) is_encrypted: bool,
}

/// Reads the content. What repeats its protected header fields for programs that do not know of them is
/// left out (RFC 9788, 4.5.3). Parts that are signed or encrypted by themselves are told in `problems`. Content
/// with more parts than are looked at, or deeper ones, has no view.
pub(super) fn read(
    content: &[u8],
    protected: Protected,
    limits: &Limits,
    problems: &mut Vec<Problem>,
) -> Option<View> {
    let mut reader = Reader { content, protected, limits, problems, view: View::default() };
    match Part::parse(content, limits) {
        Ok(part) => match (protected.scheme, part.inside()) {
            (HeaderScheme::Rfc8551, Inside::Message(message)) => reader.part(message, true, None),
            _ => reader.part(&part, true, None),
        },
        Err(error @ Error::Limit { .. }) => {
            let limit = Detail::Text(error.code().to_owned());
            problems.push(Problem::new(ProblemCode::ViewTooComplex).with("limit", limit));
            return None;
        }
        // Content need not be MIME: then it is shown as it is.
        Err(_) => {
            let text = String::from_utf8_lossy(content).into_owned();
            reader.view.bodies.push(Body { text, ..Body::default() });
        }
    }
    Some(reader.view)
}

struct Reader<'a> {
    content: &'a [u8],
    protected: Protected,
    limits: &'a Limits,
    problems: &'a mut Vec<Problem>,
    view: View,
}

impl Reader<'_> {
    /// `group` is the text whose alternatives these are, if any.
    fn part(&mut self, part: &Part<'_>, is_whole: bool, group: Option<&mut Body>) {
        match part.inside() {
            Inside::Multipart(multipart) => self.multipart(part, multipart, is_whole, group),
            Inside::Message(_) => self.attach(part, Named::read(part)),
            Inside::Leaf => self.leaf(part, is_whole, group),
        }
    }

    fn multipart(
        &mut self,
        part: &Part<'_>,
        multipart: &Multipart<'_>,
        is_whole: bool,
        mut group: Option<&mut Body>,
    ) {
        // The whole was opened, or there is a result that tells why not.
        if part.essence() == "multipart/signed" && !is_whole {
            let is_smime = !matches!(outermost(part.raw(), self.limits), Ok(Outermost::Plain));
            if is_smime {
                self.problem(ProblemCode::LayerSignedPart);
            }
        }
        let content_type = part.entity().content_type();
        let is_repetition = |part: &Part<'_>| {
            is_whole
                && self.protected.scheme == HeaderScheme::ProtectedHeadersV1
                && is_legacy_display_part(&content_type, &part.entity().content_type())
        };
        let told: Vec<_> = multipart.parts.iter().filter(|part| !is_repetition(part)).collect();
        if part.essence() == "multipart/alternative" && group.is_none() {
            let mut body = Body::default();
            for part in told {
                self.part(part, false, Some(&mut body));
            }
            return self.push(body);
        }
        for part in told {
            self.part(part, false, group.as_deref_mut());
        }
    }

    fn leaf(&mut self, part: &Part<'_>, is_whole: bool, group: Option<&mut Body>) {
        let named = Named::read(part);
        let is_body = !named.is_attachment && (is_whole || named.name.is_none());
        match (part.essence(), group) {
            ("text/plain", Some(body)) if is_body => {
                append(&mut body.text, &self.text(part.entity()))
            }
            // Of several in one group, the last is the best (RFC 2046, 5.1.4).
            ("text/html", Some(body)) if is_body => body.html = Some(self.html(part.entity())),
            ("text/html", None) if is_body => {
                self.push(Body { html: Some(self.html(part.entity())), ..Body::default() });
            }
            ("text/plain", None) if is_body => {
                self.push(Body { text: self.text(part.entity()), ..Body::default() });
            }
            // What can't be split may still be readable.
            (essence, _) if essence.starts_with("multipart/") => {
                self.push(Body { text: self.text(part.entity()), ..Body::default() });
            }
            _ => self.attach(part, named),
        }
    }

    fn html(&self, entity: &Entity<'_>) -> Html {
        let raw = self.text(entity);
        Html { remote_references: remote_references(&raw), raw }
    }

    /// The text of a part, without what repeats the header.
    fn text(&self, entity: &Entity<'_>) -> String {
        let (text, content_type) = (text(entity), entity.content_type());
        let Protected { scheme, is_encrypted } = self.protected;
        if is_encrypted && scheme == HeaderScheme::Cipher && has_legacy_display(&content_type) {
            return without_legacy_display(&content_type, &text).into_owned();
        }
        text
    }

    /// Adds a text, with plain text in any case.
    fn push(&mut self, mut body: Body) {
        if let (true, Some(html)) = (body.text.trim().is_empty(), &body.html) {
            body.text = html_to_text(&html.raw);
            body.is_from_html = true;
        }
        if body.html.is_some() || !body.text.is_empty() {
            self.view.bodies.push(body);
        }
    }

    fn attach(&mut self, part: &Part<'_>, named: Named) {
        let kind = kind(part, self.limits);
        match kind {
            PartKind::Encrypted => self.problem(ProblemCode::LayerEncryptedPart),
            PartKind::Signed => self.problem(ProblemCode::LayerSignedPart),
            PartKind::File | PartKind::Message | PartKind::Signature | PartKind::Smime => {}
        }
        let body = part.entity().body();
        let start = offset_in(self.content, body).unwrap_or_default();
        let encoding = match part.entity().transfer_encoding().as_str() {
            "base64" => TransferEncoding::Base64,
            "quoted-printable" => TransferEncoding::QuotedPrintable,
            _ => TransferEncoding::Identity,
        };
        self.view.attachments.push(AttachedPart {
            name: named.name,
            content_type: part.essence().to_owned(),
            content_id: named.content_id,
            is_inline: named.is_inline,
            kind,
            range: start..start + body.len(),
            encoding,
            size: match encoding {
                TransferEncoding::Identity => body.len(),
                TransferEncoding::Base64 => base64::decoded_len(body),
                TransferEncoding::QuotedPrintable => decode_quoted_printable(body).len(),
            },
        });
    }

    fn problem(&mut self, code: ProblemCode) {
        if self.problems.iter().all(|problem| problem.code != code) {
            self.problems.push(Problem::new(code));
        }
    }
}

/// The file name that a part proposes, in whatever form.
pub(crate) fn attachment_name(part: &Part<'_>) -> Option<String> {
    Named::read(part).name
}

/// Octets of a part's content fields that are read for its name. The parser compares each parameter with all
/// before it.
const LONGEST_HEADER: usize = 16 << 10;

/// What the header of a part says of it.
#[derive(Default)]
struct Named {
    name: Option<String>,
    content_id: Option<String>,
    is_attachment: bool,
    is_inline: bool,
}

impl Named {
    fn read(part: &Part<'_>) -> Named {
        let fields = part.entity().fields().iter().filter(|field| field.is_content());
        let header: Vec<&[u8]> = fields.map(Field::raw).collect();
        let header = [&header.concat()[..], b"\r\n"].concat();
        if header.len() > LONGEST_HEADER || has_endless_words(&header) {
            return Named::default();
        }
        let Some(headers) = MessageParser::default().parse_headers(&header) else {
            return Named::default();
        };
        let part = headers.root_part();
        let content_id = part.content_id().map(|id| id.trim_matches(['<', '>']).to_owned());
        let disposition = part.content_disposition();
        let is_attachment = disposition.is_some_and(|value| value.is_attachment());
        let says_inline = disposition.is_some_and(|value| value.is_inline());
        Named {
            name: part.attachment_name().map(str::to_owned).filter(|name| !name.is_empty()),
            is_inline: says_inline || (content_id.is_some() && !is_attachment),
            content_id,
            is_attachment,
        }
    }
}

fn kind(part: &Part<'_>, limits: &Limits) -> PartKind {
    match part.essence() {
        "message/rfc822" | "message/global" => return PartKind::Message,
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => {
            return PartKind::Signature;
        }
        _ => {}
    }
    match outermost(part.raw(), limits) {
        Ok(Outermost::Plain) => PartKind::File,
        Ok(Outermost::Cms(Some(oids::ENVELOPED_DATA | oids::AUTH_ENVELOPED_DATA))) => {
            PartKind::Encrypted
        }
        Ok(Outermost::Cms(Some(oids::SIGNED_DATA))) => PartKind::Signed,
        Ok(Outermost::Cms(_) | Outermost::Detached) | Err(_) => PartKind::Smime,
    }
}

/// The text of a part, in whatever charset it is; what can't be read becomes replacement characters.
fn text(entity: &Entity<'_>) -> String {
    let bytes = decode_body(entity).unwrap_or(Cow::Borrowed(entity.body()));
    let content_type = entity.content_type();
    match content_type.parameter("charset").and_then(|name| charset_decoder(name.as_bytes())) {
        Some(decode) => decode(&bytes),
        None => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

fn append(text: &mut String, more: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str) -> (View, Vec<Problem>) {
        let mut problems = Vec::new();
        let view = super::read(
            content.as_bytes(),
            Protected::default(),
            &Limits::default(),
            &mut problems,
        );
        (view.unwrap(), problems)
    }

    fn texts(content: &str) -> Vec<String> {
        read(content).0.bodies.into_iter().map(|body| body.text).collect()
    }

    #[test]
    fn texts_are_read_in_their_charset_and_encoding() {
        for (content, expected) in [
            ("Content-Type: text/plain; charset=iso-8859-1\n\nGr\u{fc}\u{df}e", "Gr\u{fc}\u{df}e"),
            ("Content-Type: text/plain; charset=utf-8\n\nGr\u{fc}\u{df}e", "Gr\u{fc}\u{df}e"),
            ("Subject: no type\n\nGr\u{fc}\u{df}e", "Gr\u{fc}\u{df}e"),
            ("Content-Type: text/plain; charset=unheard-of\n\nx", "x"),
            ("Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe", "Gr\u{fc}\u{df}e"),
            ("Content-Transfer-Encoding: base64\n\nR3LDvMOfZQ==", "Gr\u{fc}\u{df}e"),
            ("Content-Transfer-Encoding: base64\n\n!no base64!", "!no base64!"),
            ("no header at all", "no header at all"),
            ("Content-Type: multipart/mixed; boundary=a\n\nno part\n", "no part\n"),
        ] {
            let bytes: Vec<u8> = match content.contains("iso-8859-1") {
                true => content.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
                false => content.into(),
            };
            let view =
                super::read(&bytes, Protected::default(), &Limits::default(), &mut Vec::new())
                    .unwrap();
            assert_eq!(view.bodies[0].text, expected, "{content}");
            assert!(view.attachments.is_empty());
        }
        assert!(texts("").iter().all(String::is_empty));
    }

    #[test]
    fn alternatives_are_one_text_and_html_is_read_as_text() {
        let alternative = "Content-Type: multipart/alternative; boundary=a\n\n--a\n\nplain\n--a\n\
            Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n\
            <p>rich <img src=cid:1@x><img src=http://a/></p>\n--b\nContent-Type: image/png\n\
            Content-ID: <1@x>\n\n\n--b--\n--a--\n";
        let (view, problems) = read(alternative);
        let [body] = &view.bodies[..] else { panic!("{view:?}") };
        assert_eq!((body.text.as_str(), body.is_from_html), ("plain", false));
        assert_eq!(body.html.as_ref().unwrap().remote_references, ["http://a/"]);
        let [picture] = &view.attachments[..] else { panic!("{view:?}") };
        assert_eq!((picture.content_id.as_deref(), picture.is_inline), (Some("1@x"), true));
        assert!(problems.is_empty());
        let (view, _) = read("Content-Type: text/html\n\n<p>a &amp; b</p><script>x</script>");
        assert_eq!((view.bodies[0].text.trim(), view.bodies[0].is_from_html), ("a & b", true));
    }

    #[test]
    fn attachments_are_where_they_are_in_the_content() {
        let content = "Content-Type: multipart/mixed; boundary=a\n\n--a\n\ntext\n--a\n\
            Content-Type: application/pdf; name*=utf-8''a%20%C3%BC.pdf\n\
            Content-Transfer-Encoding: BASE64\n\nQUJD\n--a\nContent-Type: text/plain; name=n.txt\n\n\
            note\n--a\nContent-Disposition: attachment; filename=\"=?utf-8?q?=C3=BC?=.txt\"\n\nx\n\
            --a\nContent-Type: message/rfc822\n\nSubject: s\n\ny\n--a--\n";
        let (view, _) = read(content);
        assert_eq!(view.bodies.len(), 1);
        let parts: Vec<_> = view
            .attachments
            .iter()
            .map(|part| {
                let body = &content.as_bytes()[part.range.clone()];
                let data = decode_part(body, part.encoding).unwrap();
                assert_eq!(part.size, data.len());
                (part.name.as_deref(), part.content_type.as_str(), String::from_utf8(data).unwrap())
            })
            .collect();
        assert_eq!(
            parts,
            [
                (Some("a \u{fc}.pdf"), "application/pdf", "ABC".to_owned()),
                (Some("n.txt"), "text/plain", "note".to_owned()),
                (Some("\u{fc}.txt"), "text/plain", "x".to_owned()),
                (None, "message/rfc822", "Subject: s\n\ny".to_owned()),
            ]
        );
        assert_eq!(view.attachments[3].kind, PartKind::Message);
    }

    #[test]
    fn content_too_complex_to_show_has_no_view() {
        let mut problems = Vec::new();
        let deep = "Content-Type: message/rfc822\n\n".repeat(1_000);
        assert_eq!(
            super::read(deep.as_bytes(), Protected::default(), &Limits::default(), &mut problems),
            None
        );
        assert_eq!(problems[0].code, ProblemCode::ViewTooComplex);
    }
}
