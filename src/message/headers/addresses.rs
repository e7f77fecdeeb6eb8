//! The people in address fields. They are read from the field as it stands: an encoded word is part of a
//! name, whatever it says (RFC 2047, 5), and decoded afterwards.

use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

use crate::cert::without_hidden_characters;
use crate::limits::Limits;
use crate::message::compose::Mailbox;
use crate::mime::{decode_encoded_words, has_endless_words, parse_address_list};

/// The people of an unfolded value. What is no address is left out, and so are all if that can't be told in
/// linear time.
pub(in crate::message) fn mailboxes(value: &str) -> Vec<Mailbox> {
    read_mailboxes(value).unwrap_or_default()
}

fn read_mailboxes(value: &str) -> Option<Vec<Mailbox>> {
    if has_endless_words(value.as_bytes()) {
        return None;
    }
    let field = format!(" {value}\n");
    let HeaderValue::Address(addresses) = MessageStream::new(field.as_bytes()).parse_address()
    else {
        return Some(Vec::new());
    };
    let found = addresses.iter().filter_map(|one| {
        let address = one.address()?;
        let is_address = parse_address_list(address).single() == Some(address);
        let name = one.name().map(shown_name).filter(|name| !name.is_empty());
        is_address.then(|| Mailbox { name, address: address.to_owned() })
    });
    let found: Vec<Mailbox> = found.collect();
    // The author is compared by the strict reader: where that one understood all, it has the word.
    let list = parse_address_list(value);
    if list.is_exact && !found.iter().map(|one| &one.address).eq(&list.addresses) {
        let bare = |address| Mailbox { name: None, address };
        return Some(list.addresses.into_iter().map(bare).collect());
    }
    Some(found)
}

fn shown_name(name: &str) -> String {
    // What was an encoded word is decoded already, line ends and all; what stands in quotes is not.
    let name = decode_encoded_words(&without_hidden_characters(name));
    without_hidden_characters(&name).trim().to_owned()
}

/// Reads the people of one message's header, as many as [`Limits::recipients`].
pub(super) struct MailboxReader {
    addresses_left: usize,
    octets_left: usize,
}

/// Octets of address fields that are read, all together: as many recipients as are allowed, with long
/// names. Each takes up a hundred times as many while it is read.
const LONGEST: usize = 1 << 20;

impl MailboxReader {
    pub(super) fn new(limits: &Limits) -> MailboxReader {
        MailboxReader { addresses_left: limits.recipients, octets_left: LONGEST }
    }

    /// `None` if there are too many, or they take too long to read: some of them would be taken for all.
    pub(super) fn read(&mut self, value: &str) -> Option<Vec<Mailbox>> {
        let octets_left = self.octets_left.checked_sub(value.len())?;
        let found = read_mailboxes(value)?;
        self.addresses_left = self.addresses_left.checked_sub(found.len())?;
        self.octets_left = octets_left;
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Vec<(String, String)> {
        let pair = |one: Mailbox| (one.name.unwrap_or_default(), one.address);
        mailboxes(value).into_iter().map(pair).collect()
    }

    fn one(name: &str, address: &str) -> Vec<(String, String)> {
        vec![(name.to_owned(), address.to_owned())]
    }

    #[test]
    fn what_an_encoded_word_says_is_a_name_and_no_address() {
        for (value, name) in [
            ("=?utf-8?q?victim=40v.com=3E_?= <mal@evil.example>", "victim@v.com>"),
            ("=?utf-8?q?=3Cvictim=40v.com=3E=2C_?= <mal@evil.example>", "<victim@v.com>,"),
            ("=?utf-8?b?dmljdGltQHYuY29tPiwg?= <mal@evil.example>", "victim@v.com>,"),
            ("\"victim@v.com\" <mal@evil.example>", "victim@v.com"),
            ("\"<victim@v.com>,\" <mal@evil.example>", "<victim@v.com>,"),
            ("=?utf-8?q?victim=40v.com?=, mal@evil.example", ""),
        ] {
            assert_eq!(read(value), one(name, "mal@evil.example"), "{value}");
        }
        for value in ["=?utf-8?q?victim=40v.com?=", "<=?utf-8?q?victim=40v.com?=>", "victim", ""] {
            assert_eq!(read(value), [], "{value}");
        }
    }

    #[test]
    fn names_hold_nothing_that_is_not_seen() {
        assert_eq!(
            read("=?utf-8?q?A=E2=80=AEnn=00=0D=0ABcc:_x?= <a@b.c>"),
            one("Ann   Bcc: x", "a@b.c")
        );
        assert_eq!(read("\"\u{200b}\" <a@b.c>"), one("", "a@b.c"));
    }

    #[test]
    fn groups_are_their_members() {
        let found = read("friends: Ann <a@b.c>, d@e.f;, =?utf-8?q?J=C3=B6rg?= <j@e.f>");
        assert_eq!(
            found.iter().map(|(_, address)| address).collect::<Vec<_>>(),
            ["a@b.c", "d@e.f", "j@e.f"]
        );
        assert_eq!(found[2].0, "J\u{f6}rg");
    }

    /// Were each read to the end of the value, this would take hours.
    #[test]
    fn encoded_words_without_an_end_are_not_read() {
        for word in
            ["=?aa?q?x ", "=?aa?q? ", "=? ", "=?aa ", "=?aa?b?x\t", "(=?aa?q?x ", "<=?aa?q?x "]
        {
            let value = word.repeat(LONGEST / word.len());
            let mut reader = MailboxReader::new(&Limits::default());
            assert_eq!(reader.read(&value), None, "{word}");
            assert_eq!(mailboxes(&value), [], "{word}");
        }
        let names = "=?utf-8?q?=C3=BC?= =?utf-8?b?w7w=?= <a@b.c>, ".repeat(4_000);
        assert_eq!(mailboxes(&names).len(), 4_000);
        assert_eq!(read("=?utf-8?q?x <a@b.c>"), one("=?utf-8?q?x", "a@b.c"));
    }

    /// What nests, repeats or begins without an end takes time in proportion to its length.
    #[test]
    fn hostile_values_take_no_quadratic_time() {
        for piece in
            ["(", "\"", "<", ":", "a:", "a@b:", "a b ", "\\", "(a)", "\"a\" ", "a@", ",", ";"]
        {
            mailboxes(&piece.repeat(LONGEST / piece.len()));
        }
    }

    #[test]
    fn too_many_are_none() {
        let mut reader = MailboxReader::new(&Limits::default());
        assert_eq!(reader.read(&"a@b.c, ".repeat(5_001)), None);
        assert_eq!(reader.read(&"a@b.c, ".repeat(4_999)).unwrap().len(), 4_999);
        assert_eq!(reader.read("a@b.c, d@e.f"), None);
        let mut reader = MailboxReader::new(&Limits::default());
        assert_eq!(reader.read(&format!("\"{}\" <a@b.c>", "x".repeat(LONGEST))), None);
        assert_eq!(reader.read("a@b.c").unwrap().len(), 1);
    }
}
