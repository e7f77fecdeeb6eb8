//! E-mail addresses and when two are one (RFC 5321, 2.4; RFC 8550, 3).

use super::host::a_labels;
use super::text::is_hidden;

/// How two addresses compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressMatch {
    /// The same.
    Same,
    /// The same but for the case of ASCII letters in the local part. Providers hold such addresses to
    /// be one, the standard leaves it to them.
    CaseDiffers,
    /// Two addresses.
    Different,
}

/// Compares addresses: hosts as A-labels without the case of ASCII letters, local parts exactly. Nothing
/// is folded beyond ASCII, because lookalikes live there.
pub fn match_address(a: &str, b: &str) -> AddressMatch {
    let (Some((local_a, host_a)), Some((local_b, host_b))) = (split(a), split(b)) else {
        return AddressMatch::Different;
    };
    let (Some(host_a), Some(host_b)) = (a_labels(host_a), a_labels(host_b)) else {
        return AddressMatch::Different;
    };
    if !host_a.eq_ignore_ascii_case(&host_b) {
        AddressMatch::Different
    } else if local_a == local_b {
        AddressMatch::Same
    } else if local_a.eq_ignore_ascii_case(local_b) {
        AddressMatch::CaseDiffers
    } else {
        AddressMatch::Different
    }
}

/// What two addresses have in common that [`match_address`] does not call different, to look one up among
/// many. `None` for what is different from everything.
pub fn address_key(address: &str) -> Option<String> {
    let (local, host) = split(address)?;
    Some(format!("{local}@{}", a_labels(host)?).to_ascii_lowercase())
}

/// Why something in the place of an address is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFault {
    /// Its octets are not of the type that stands there: rfc822Name and emailAddress are ASCII, an
    /// SmtpUTF8Mailbox is UTF-8.
    Encoding,
    /// White space, a control character, or one that is not seen. The joiners U+200C and U+200D may
    /// stand in it, because some scripts need them.
    Characters,
    /// It has not one local part and one host as RFC 5321, 4.1.2 and RFC 6531, 3.3 write them: nothing
    /// before or after the `@`, no `@` or more than one that is not quoted, a special character that is
    /// not quoted, or a host of other than letters, digits, hyphens and underscores.
    Form,
}

impl AddressFault {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            AddressFault::Encoding => "encoding",
            AddressFault::Characters => "characters",
            AddressFault::Form => "form",
        }
    }
}

/// Whether a text can be taken as an address.
///
/// # Errors
///
/// Why not.
pub fn check_address(address: &str) -> Result<(), AddressFault> {
    const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];
    let is_refused = |c: char| c.is_whitespace() || (is_hidden(c) && !JOINERS.contains(&c));
    if address.chars().any(is_refused) {
        return Err(AddressFault::Characters);
    }
    let (local, host) = split(address).ok_or(AddressFault::Form)?;
    let is_local = is_quoted(local) || !local.contains(SPECIALS);
    if is_local && is_host(host) { Ok(()) } else { Err(AddressFault::Form) }
}

/// What a local part can't hold unless it is quoted (RFC 5321, 4.1.2).
const SPECIALS: [char; 11] = ['(', ')', '<', '>', '[', ']', ':', ';', ',', '\\', '"'];

/// Local part and host, neither empty. An `@` in the local part has to be quoted: else one could read
/// the address in two ways.
fn split(address: &str) -> Option<(&str, &str)> {
    let (local, host) = address.rsplit_once('@')?;
    let is_one = !local.contains('@') || is_quoted(local);
    (is_one && !local.is_empty() && !host.is_empty()).then_some((local, host))
}

/// `Quoted-string` (RFC 5321, 4.1.2).
fn is_quoted(local: &str) -> bool {
    let inside = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let mut is_escaped = false;
    let is_inside = |inside: &str| {
        inside.chars().all(|c| {
            let is_bare = !is_escaped;
            is_escaped = is_bare && c == '\\';
            !(is_bare && c == '"')
        }) && !is_escaped
    };
    inside.is_some_and(is_inside)
}

/// A domain, or an address literal in brackets.
fn is_host(host: &str) -> bool {
    let literal = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(literal) = literal {
        return !literal.is_empty()
            && literal.chars().all(|c| c.is_ascii_alphanumeric() || ":.-".contains(c));
    }
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || !c.is_ascii();
    host.split('.').all(|label| !label.is_empty() && label.chars().all(is_letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_compare_without_case_and_local_parts_with_it() {
        assert_eq!(match_address("a@Example.com", "a@example.COM"), AddressMatch::Same);
        assert_eq!(match_address("A@example.com", "a@example.com"), AddressMatch::CaseDiffers);
        assert_eq!(match_address("b@example.com", "a@example.com"), AddressMatch::Different);
        assert_eq!(match_address("K@example.com", "\u{212a}@example.com"), AddressMatch::Different);
        let (u_label, a_label) = ("a@b\u{fc}cher.de", "a@XN--bcher-kva.de");
        assert_eq!(match_address(u_label, a_label), AddressMatch::Same);
        assert_eq!(match_address("a@b\u{dc}cher.de", a_label), AddressMatch::Different);
        assert_eq!(match_address("@example.com", "@example.com"), AddressMatch::Different);
        let all = [
            "a@Example.com",
            "A@example.com",
            "K@example.com",
            "\u{212a}@example.com",
            u_label,
            a_label,
            "a@b\u{dc}cher.de",
            "@example.com",
        ];
        for (a, b) in all.iter().flat_map(|a| all.iter().map(move |b| (a, b))) {
            let is_one = match_address(a, b) != AddressMatch::Different;
            assert_eq!(address_key(a).is_some() && address_key(a) == address_key(b), is_one);
        }
    }

    #[test]
    fn an_address_has_one_local_part_and_one_host() {
        for address in [
            "a@example.com",
            "a.b+c=d/e@example.com",
            "o'neil@xn--bcher-kva.de",
            "a.@host_1",
            "\"a@b\"@example.com",
            "\"a\\\"@b\"@example.com",
            "a@[192.0.2.1]",
            "a@[IPv6:2001:db8::1]",
            "m\u{fc}ller@b\u{fc}cher.de",
            "\u{645}\u{6cc}\u{200c}\u{62e}@example.com",
        ] {
            assert_eq!(check_address(address), Ok(()), "{address:?}");
            assert_eq!(match_address(address, address), AddressMatch::Same, "{address:?}");
        }
    }

    #[test]
    fn white_space_controls_and_what_is_not_seen_are_refused() {
        for address in [
            "a b@example.com",
            "a@example.com\0",
            "a@example.com\0.evil.example",
            "a@example.com\n",
            " a@example.com",
            "\"a b\"@example.com",
            "a@example.com\u{a0}",
            "a\u{85}@example.com",
            "a\u{200b}@example.com",
            "\u{feff}a@example.com",
            "moc.elpmaxe@\u{202e}a@example.com",
        ] {
            assert_eq!(check_address(address), Err(AddressFault::Characters), "{address:?}");
        }
    }

    #[test]
    fn an_address_that_can_be_read_in_two_ways_is_none_and_matches_nothing() {
        for address in ["", "a", "a@", "@b", "a@b@c", "a@example.com@evil.example", "\"a@b@c"] {
            assert_eq!(check_address(address), Err(AddressFault::Form), "{address:?}");
            assert_eq!(match_address(address, address), AddressMatch::Different, "{address:?}");
        }
        for address in [
            "<a@example.com>",
            "mailto:a@example.com",
            "a,b@example.com",
            "\"a\"b@example.com",
            "\"a\"b\"@example.com",
            "\"a\\\"@example.com",
            "a@example..com",
            "a@example.com.",
            "a@.example.com",
            "a@exam/ple.com",
            "a@[]",
            "a@[192.0.2.1",
        ] {
            assert_eq!(check_address(address), Err(AddressFault::Form), "{address:?}");
        }
    }
}
