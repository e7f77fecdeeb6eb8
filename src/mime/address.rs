//! The addresses of From and Sender (RFC 5322, 3.4). Display names count for nothing here.

/// What an address field holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressList {
    /// The addr-specs in their order.
    pub addresses: Vec<String>,
    /// Whether everything in the field was understood. If not, nobody may rely on the addresses.
    pub is_exact: bool,
}

impl AddressList {
    /// The one address the field is, if it is exactly one.
    pub fn single(&self) -> Option<&str> {
        match self.addresses.as_slice() {
            [address] if self.is_exact => Some(address),
            _ => None,
        }
    }
}

/// Bytes of a field that are read at most. A From of a whole mailing list stays far below; without a
/// bound, each byte of a hostile one would take up a hundred.
const LONGEST: usize = 64 << 10;

/// Reads the addresses of a field's unfolded value. Strict: a mailbox is `addr-spec` or
/// `display-name <addr-spec>`. Groups, quoted local parts and an `@` in an unquoted display name are
/// left out as not exact: two readers could see two authors in them.
pub fn parse_address_list(value: &str) -> AddressList {
    if value.len() > LONGEST {
        return AddressList::default();
    }
    let Some(tokens) = tokens(value) else { return AddressList::default() };
    let mut list = AddressList { addresses: Vec::new(), is_exact: true };
    for mailbox in tokens.split(|token| *token == Token::Comma) {
        match mailbox_address(mailbox) {
            Some(address) => list.addresses.push(address.to_owned()),
            None => list.is_exact = false,
        }
    }
    list
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted,
    Open,
    Close,
    Comma,
    Other,
}

fn mailbox_address(tokens: &[Token]) -> Option<&str> {
    let address = match tokens {
        [Token::Word(address)] => address,
        [name @ .., Token::Open, Token::Word(address), Token::Close] => {
            let is_name = |token: &Token| match token {
                Token::Word(word) => !word.contains('@'),
                Token::Quoted => true,
                Token::Open | Token::Close | Token::Comma | Token::Other => false,
            };
            name.iter().all(is_name).then_some(address)?
        }
        _ => return None,
    };
    let (local, host) = address.split_once('@')?;
    (!local.is_empty() && !host.is_empty() && !host.contains('@')).then_some(address)
}

/// Splits into tokens; comments are no tokens. `None` if a quote or comment is not closed.
fn tokens(value: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut characters = value.chars().peekable();
    while let Some(c) = characters.next() {
        tokens.push(match c {
            '"' => {
                skip_to(&mut characters, None, '"')?;
                Token::Quoted
            }
            '(' => {
                skip_to(&mut characters, Some('('), ')')?;
                continue;
            }
            '<' => Token::Open,
            '>' => Token::Close,
            ',' => Token::Comma,
            ';' | ':' | '\\' | '[' | ']' | ')' => Token::Other,
            c if c.is_whitespace() => continue,
            c => {
                let mut word = String::from(c);
                while let Some(&c) = characters.peek() {
                    if c.is_whitespace() || "\"()<>,;:\\[]".contains(c) {
                        break;
                    }
                    word.push(c);
                    characters.next();
                }
                Token::Word(word)
            }
        });
    }
    Some(tokens)
}

/// Consumes up to the closing character that belongs to the one already read.
fn skip_to(
    characters: &mut impl Iterator<Item = char>,
    nested: Option<char>,
    close: char,
) -> Option<()> {
    let mut depth = 1_u32;
    while let Some(c) = characters.next() {
        match c {
            '\\' => drop(characters.next()?),
            c if c == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(());
                }
            }
            c if Some(c) == nested => depth += 1,
            _ => {}
        }
    }
    None
}

/// Whether the field holds addresses (RFC 5322, 3.6).
pub fn is_address_field(name: &str) -> bool {
    const NAMES: [&str; 12] = [
        "From",
        "Sender",
        "Reply-To",
        "To",
        "Cc",
        "Bcc",
        "Resent-From",
        "Resent-Sender",
        "Resent-Reply-To",
        "Resent-To",
        "Resent-Cc",
        "Resent-Bcc",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single(value: &str) -> Option<String> {
        parse_address_list(value).single().map(str::to_owned)
    }

    #[test]
    fn one_mailbox_gives_its_address() {
        for value in [
            "a@b.c",
            "<a@b.c>",
            "Ann (x \\) (y)) <a@b.c>",
            "\"x@evil.example, <y@evil.example>\" <a@b.c> (z@evil.example)",
            "=?utf-8?q?x=40y?= A. B <a@b.c>",
        ] {
            assert_eq!(single(value).as_deref(), Some("a@b.c"), "{value}");
        }
    }

    #[test]
    fn whatever_two_readers_could_see_differently_is_not_exact() {
        for value in [
            "a@b.c, d@e.f",
            "x@y.z <a@b.c>",
            "<a@b.c> <d@e.f>",
            "<a@b.c> d@e.f",
            "a@b@c",
            "\"a\"@b.c",
            "group: a@b.c;",
            "<a@b.c",
            "\"a@b.c",
            "a@b.c,",
            "<@x,@y:a@b.c>",
            "",
        ] {
            assert_eq!(single(value), None, "{value}");
        }
        assert_eq!(single(&format!("{}a@b.c", " ".repeat(LONGEST))), None);
        assert_eq!(parse_address_list("a@b.c, D <d@e.f>").addresses, ["a@b.c", "d@e.f"]);
    }
}
