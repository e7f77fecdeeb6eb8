//! What an HTML text would fetch or send to. For people to read, not to make HTML safe: it is found as
//! browsers read attributes and CSS, more rather than less, and without building a document.

use std::collections::HashSet;

/// No more are told: nobody reads on.
const MOST: usize = 1_000;

/// Longer addresses are cut.
const LONGEST: usize = 2_000;

/// The addresses outside the mail that showing the text would use, each once, in their order. Links that
/// somebody has to follow are none of these.
pub(super) fn remote_references(html: &str) -> Vec<String> {
    let mut found = References::default();
    found.tags(html);
    found.css(html);
    found.list
}

#[derive(Default)]
struct References {
    list: Vec<String>,
    seen: HashSet<String>,
}

impl References {
    fn tags(&mut self, html: &str) {
        for start in html.split('<').skip(1) {
            let tag_len = start.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(start.len());
            let (tag, mut rest) = start.split_at(tag_len);
            while let Some((name, value, after)) = attribute(rest) {
                rest = after;
                self.attribute(tag, name, value);
            }
        }
    }

    fn attribute(&mut self, tag: &str, name: &str, value: &str) {
        let name = name.to_ascii_lowercase();
        let value = unescaped(value);
        match name.as_str() {
            "href" if ["a", "area"].iter().any(|link| tag.eq_ignore_ascii_case(link)) => {}
            "src" | "href" | "xlink:href" | "background" | "poster" | "data" | "action"
            | "formaction" | "lowsrc" | "dynsrc" | "codebase" | "classid" | "manifest"
            | "longdesc" | "profile" => self.push(&value),
            "archive" | "ping" => value.split_ascii_whitespace().for_each(|one| self.push(one)),
            "srcset" | "imagesrcset" => {
                // Candidates are separated by commas, which addresses may contain too.
                value.split_ascii_whitespace().for_each(|one| self.push(one.trim_matches(',')));
            }
            // <meta http-equiv="refresh" content="0; url=…">
            "content" if tag.eq_ignore_ascii_case("meta") => {
                if let Some((_, url)) = split_ignoring_case(&value, "url=") {
                    self.push(url.trim_matches(['"', '\'', ' ']));
                }
            }
            "srcdoc" => {
                for one in value.split(['"', '\'', ' ', '=', '<', '>']) {
                    self.push(one);
                }
                self.css(&value);
            }
            _ => self.css(&value),
        }
    }

    /// `url(…)` and `@import "…"`, in style sheets and `style` attributes alike.
    fn css(&mut self, text: &str) {
        let text = without_css_escapes(text);
        for opening in ["url(", "@import", "image-set(", "src("] {
            let mut rest = text.as_str();
            while let Some((_, after)) = split_ignoring_case(rest, opening) {
                let value = after.trim_start();
                let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
                let value = start_of(quote.map_or(value, |quote| value.trim_start_matches(quote)));
                let end = match quote {
                    Some(quote) => value.find(quote),
                    None => value.find([')', ';', ' ', '\n', '\t', '"', '\'', '<', '(']),
                };
                let (value, _) =
                    value.split_at_checked(end.unwrap_or(value.len())).unwrap_or_default();
                self.push(value);
                // No address begins within another that is not quoted.
                rest = match quote {
                    Some(_) => after,
                    None => after.trim_start().get(value.len()..).unwrap_or_default(),
                };
            }
        }
    }

    fn push(&mut self, address: &str) {
        if self.list.len() >= MOST {
            return;
        }
        // Browsers drop line ends and tabs, and controls and blanks at both ends.
        let address: String = address
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\r' | '\n' | '\t'))
            .take(LONGEST)
            .collect();
        if is_remote(&address) && self.seen.insert(address.clone()) {
            self.list.push(address);
        }
    }
}

/// Whether an address leads outside the mail and the program that shows it.
fn is_remote(address: &str) -> bool {
    if address.starts_with(['/', '\\']) {
        return address.get(1..).is_some_and(|rest| rest.starts_with(['/', '\\']));
    }
    let Some((scheme, _)) = address.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let is_local = ["cid", "mid", "data", "about", "javascript", "mailto", "tel"]
        .iter()
        .any(|local| scheme.eq_ignore_ascii_case(local));
    is_scheme && !is_local
}

/// The next attribute of a tag: name, value, and what follows. `None` at the tag's end.
fn attribute(rest: &str) -> Option<(&str, &str, &str)> {
    let is_gap = |c: char| c.is_ascii_whitespace() || c == '/';
    let rest = rest.trim_start_matches(is_gap);
    if rest.is_empty() || rest.starts_with('>') {
        return None;
    }
    // A name may begin with `=`, but not go on with it.
    let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let end = rest.get(first..)?.find(is_end).map_or(rest.len(), |end| end + first);
    let (name, after) = rest.split_at_checked(end)?;
    let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
        return Some((name, "", after));
    };
    let value = value.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(value) = value.strip_prefix(quote) {
            return Some(match value.split_once(quote) {
                Some((value, after)) => (name, value, after),
                None => (name, value, ""),
            });
        }
    }
    let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len());
    let (value, after) = value.split_at_checked(end)?;
    Some((name, value, after))
}

/// With character references taken for what they stand for, as far as addresses need them.
fn unescaped(value: &str) -> String {
    let mut output = String::with_capacity(value.len());
    let mut pieces = value.split('&');
    output.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match character(piece) {
            Some((character, rest)) => {
                output.push(character);
                output.push_str(rest);
            }
            None => {
                output.push('&');
                output.push_str(piece);
            }
        }
    }
    output
}

/// The character that a reference after its `&` stands for, and what follows.
fn character(reference: &str) -> Option<(char, &str)> {
    const NAMED: [(&str, char); 12] = [
        ("amp", '&'),
        ("colon", ':'),
        ("sol", '/'),
        ("bsol", '\\'),
        ("period", '.'),
        ("quot", '"'),
        ("apos", '\''),
        ("lpar", '('),
        ("rpar", ')'),
        ("Tab", '\t'),
        ("NewLine", '\n'),
        ("num", '#'),
    ];
    let end = |rest: &'_ str| rest.strip_prefix(';').unwrap_or(rest).len();
    let Some(number) = reference.strip_prefix('#') else {
        let (name, character) = NAMED.iter().find(|(name, _)| reference.starts_with(name))?;
        let rest = reference.get(name.len()..)?;
        return Some((*character, rest.get(rest.len() - end(rest)..)?));
    };
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let len = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(len)?;
    let character = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
    Some((character, rest.get(rest.len() - end(rest)..)?))
}

/// CSS Syntax, 4.3.7: a backslash and up to six hexadecimal digits, or any other character.
fn without_css_escapes(css: &str) -> String {
    let mut output = String::with_capacity(css.len());
    let mut pieces = css.split('\\');
    output.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let len = piece.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let (digits, rest) = piece.split_at_checked(len).unwrap_or(("", piece));
        match u32::from_str_radix(digits, 16).ok().and_then(char::from_u32) {
            Some(character) => {
                output.push(character);
                let is_blank = rest.starts_with(|c: char| c.is_ascii_whitespace());
                output.push_str(rest.get(usize::from(is_blank)..).unwrap_or_default());
            }
            None => output.push_str(piece),
        }
    }
    output
}

/// As much of a text as an address may be long.
fn start_of(text: &str) -> &str {
    text.get(..text.floor_char_boundary(4 * LONGEST)).unwrap_or(text)
}

/// Splits at the first place where ASCII `words` stand, in whatever case.
fn split_ignoring_case<'a>(text: &'a str, words: &str) -> Option<(&'a str, &'a str)> {
    let at = text
        .as_bytes()
        .windows(words.len())
        .position(|window| window.eq_ignore_ascii_case(words.as_bytes()))?;
    Some((text.get(..at)?, text.get(at + words.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_fetched_is_found_however_it_is_written() {
        for (html, expected) in [
            ("<img src=http://a/1.png>", "http://a/1.png"),
            ("<IMG\nSRC = 'HTTP://a/1' alt=x>", "HTTP://a/1"),
            ("<img/src=\"//a/1\"/>", "//a/1"),
            ("<img src=\"ht\ntp://a/1\">", "http://a/1"),
            ("<img src=\"&#104;ttp&colon;&#x2F;/a/1\">", "http://a/1"),
            ("<img srcset=\"cid:x 1x, https://a/2 2x\">", "https://a/2"),
            ("<link rel=stylesheet href=https://a/s.css>", "https://a/s.css"),
            ("<base href=https://a/>", "https://a/"),
            ("<body background=https://a/b>", "https://a/b"),
            (
                "<form action=https://a/f><button formaction='https://a/g'>",
                "https://a/f https://a/g",
            ),
            ("<video poster=https://a/p><source src=https://a/v>", "https://a/p https://a/v"),
            ("<p style=\"background: url( 'https://a/c' )\">", "https://a/c"),
            ("<style>p{background:u\\72l(https://a/c)}</style>", "https://a/c"),
            ("<style>@import \"https://a/i.css\";</style>", "https://a/i.css"),
            ("<style>@import url(https://a/i.css)</style>", "https://a/i.css"),
            ("<meta http-equiv=refresh content='0; URL=https://a/m'>", "https://a/m"),
            ("<svg><image xlink:href=https://a/x></svg>", "https://a/x"),
            ("<img src='https://a/open", "https://a/open"),
            (
                "<object data=ftp://a/o></object><iframe srcdoc='<img src=https://a/d>'>",
                "ftp://a/o https://a/d",
            ),
            ("<img src=https://a/1><img src=https://a/1>", "https://a/1"),
            ("<input type=image src=\\\\a\\1>", "\\\\a\\1"),
        ] {
            assert_eq!(remote_references(html).join(" "), expected, "{html}");
        }
    }

    #[test]
    fn what_stays_in_the_mail_is_not_remote() {
        let html = "<a href=https://a/>x</a><img src=cid:1><img src=data:image/png;base64,AA==>\
                    <img src=logo.png><a name=https:></a><p style='color: red'>1 < 2 &amp; https://a/</p>";
        assert_eq!(remote_references(html), [""; 0]);
    }

    #[test]
    fn neither_number_nor_length_grows_without_end() {
        let many: String = (0..5_000).map(|n| format!("<img src=http://a/{n}>")).collect();
        assert_eq!(remote_references(&many).len(), MOST);
        // Were each read to its end, all these would take an hour.
        for endless in [
            "@import",
            "@import'",
            "url(",
            "url( '",
            "url('src(\"",
            "image-set( ",
            "<",
            "<a b",
            "<a b='",
            "<a style=",
            "<a srcdoc='url(",
            "<img srcset=x,",
            "&#1",
            "\\0",
        ] {
            for around in ["", "<style>", "<p style='", "<p style=\"", "<iframe srcdoc='"] {
                let html = format!("{around}{}", endless.repeat(1 << 16));
                assert_eq!(remote_references(&html), [""; 0], "{around}{endless}");
            }
        }
        let long = format!("<img src=http://{}>", "a".repeat(100_000));
        assert_eq!(remote_references(&long)[0].len(), LONGEST);
    }
}
