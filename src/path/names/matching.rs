//! Whether a name lies within a subtree, for each kind of name (RFC 5280, 4.2.1.10).

use crate::cert::{AddressMatch, GeneralName, a_labels, match_address};

/// How a name lies to a subtree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    Within,
    Outside,
    /// One of the two is malformed, of a kind that is not processed, or the name stands for several of
    /// which some may be within. Neither permitted nor clear of what is excluded.
    Unclear,
}

impl Match {
    fn of(is_within: bool) -> Match {
        if is_within { Match::Within } else { Match::Outside }
    }
}

/// Compares a name with a subtree of its kind; `None` if the subtree is of another kind.
pub(super) fn compare(name: &GeneralName, base: &GeneralName) -> Option<Match> {
    if name.kind() != base.kind() {
        return None;
    }
    Some(match (name, base) {
        (GeneralName::Other(name), GeneralName::Other(base)) if name != base => return None,
        (
            GeneralName::Rfc822(name) | GeneralName::SmtpUtf8Mailbox(name),
            GeneralName::Rfc822(base),
        ) => mailbox(name, base),
        (GeneralName::Dns(name), GeneralName::Dns(base)) => dns(name, base),
        (GeneralName::Directory(name), GeneralName::Directory(base)) => {
            Match::of(name.is_within(base))
        }
        (GeneralName::Uri(name), GeneralName::Uri(base)) => uri(name, base),
        (GeneralName::Ip(name), GeneralName::Ip(base)) => ip(name, base),
        // Kinds that are not processed, subtrees of SmtpUTF8Mailbox, which RFC 9598, 6 does not have,
        // and whatever can't be read: RFC 5280 asks to reject where both name and constraint are there.
        _ => Match::Unclear,
    })
}

/// A base is a mailbox (`a@example.com`), a host (`example.com`), or with a period in front all hosts
/// of a domain. RFC 9598, 6: an SmtpUTF8Mailbox compares as an rfc822Name does. Its host has A-labels;
/// the U-labels that RFC 8398 had are made such.
fn mailbox(name: &str, base: &str) -> Match {
    let Some((local, host)) = name.rsplit_once('@') else { return Match::Unclear };
    let Some(host) = a_labels(host) else { return Match::Unclear };
    if local.is_empty() || !is_host(&host) {
        return Match::Unclear;
    }
    if base.is_empty() {
        return Match::Within;
    }
    if base.contains('@') {
        return match match_address(name, base) {
            AddressMatch::Same => Match::Within,
            AddressMatch::CaseDiffers => Match::Unclear,
            AddressMatch::Different => Match::Outside,
        };
    }
    host_or_domain(&host, base)
}

/// A base is a host with all below it. Names with a wildcard stand for one label more.
fn dns(name: &str, base: &str) -> Match {
    if base.is_empty() {
        return Match::Within;
    }
    if !is_host(base) {
        return Match::Unclear;
    }
    if let Some(parent) = name.strip_prefix("*.") {
        return match dns(parent, base) {
            Match::Outside if is_one_label_below(base, parent) => Match::Unclear,
            found => found,
        };
    }
    if !is_host(name) {
        return Match::Unclear;
    }
    Match::of(name.eq_ignore_ascii_case(base) || label_in_front(name, base).is_some())
}

/// A base is a host, or with a period in front all hosts of a domain. The constraint is on the host
/// alone; a name without a host, or with an address for one, is rejected.
fn uri(name: &str, base: &str) -> Match {
    let Some((_scheme, rest)) = name.split_once("://") else { return Match::Unclear };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let is_address = host.split('.').all(|label| label.bytes().all(|b| b.is_ascii_digit()));
    if !is_host(host) || is_address {
        return Match::Unclear;
    }
    if base.is_empty() {
        return Match::Within;
    }
    host_or_domain(host, base)
}

/// A base is an address and a mask of the same length, one bits first (RFC 4632).
fn ip(name: &[u8], base: &[u8]) -> Match {
    if !matches!(name.len(), 4 | 16) || !matches!(base.len(), 8 | 32) {
        return Match::Unclear;
    }
    let (address, mask) = base.split_at(base.len() / 2);
    let ones: u32 = mask.iter().map(|octet| octet.count_ones()).sum();
    let leading =
        mask.iter().position(|&octet| octet != 0xff).map_or(mask.len() as u32 * 8, |at| {
            at as u32 * 8 + mask.get(at).map_or(0, |octet| octet.leading_ones())
        });
    if ones != leading {
        return Match::Unclear;
    }
    let within = address.iter().zip(mask).zip(name).all(|((a, m), n)| a & m == n & m);
    Match::of(name.len() == address.len() && within)
}

fn host_or_domain(host: &str, base: &str) -> Match {
    let is_well_formed = is_host(base.strip_prefix('.').unwrap_or(base));
    match base.strip_prefix('.') {
        _ if !is_well_formed => Match::Unclear,
        Some(domain) => Match::of(label_in_front(host, domain).is_some()),
        None => Match::of(host.eq_ignore_ascii_case(base)),
    }
}

/// Labels of ASCII letters, digits, hyphens and underscores: in certificates hosts are A-labels (RFC
/// 5280, 7.2).
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    host.split('.').all(is_label)
}

/// The labels of a host in front of a domain that it is below.
fn label_in_front<'a>(host: &'a str, domain: &str) -> Option<&'a str> {
    let (front, end) = host.split_at_checked(host.len().checked_sub(domain.len())?)?;
    front.strip_suffix('.').filter(|_| end.eq_ignore_ascii_case(domain))
}

fn is_one_label_below(host: &str, domain: &str) -> bool {
    label_in_front(host, domain).is_some_and(|front| !front.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc822(text: &str) -> GeneralName {
        GeneralName::Rfc822(text.to_owned())
    }

    #[test]
    fn mailboxes_lie_within_hosts_domains_and_themselves() {
        for (name, base, found) in [
            ("a@example.com", "example.com", Match::Within),
            ("a@EXAMPLE.com", "Example.COM", Match::Within),
            ("a@mail.example.com", "example.com", Match::Outside),
            ("a@mail.example.com", ".example.com", Match::Within),
            ("a@example.com", ".example.com", Match::Outside),
            ("a@badexample.com", ".example.com", Match::Outside),
            ("a@example.com", "a@Example.com", Match::Within),
            ("b@example.com", "a@example.com", Match::Outside),
            ("A@example.com", "a@example.com", Match::Unclear),
            ("\"a@b\"@example.com", "example.com", Match::Within),
            ("a@example.com", "", Match::Within),
            ("a", "example.com", Match::Unclear),
            ("@example.com", "example.com", Match::Unclear),
            ("a@ex\u{e4}mple.com", "example.com", Match::Outside),
            ("a@b\u{fc}cher.de", "xn--bcher-kva.de", Match::Within),
            ("a@b\u{fc}cher.de", "b\u{fc}cher.de", Match::Unclear),
            ("a@example.com\0.evil.org", "example.com", Match::Unclear),
        ] {
            assert_eq!(compare(&rfc822(name), &rfc822(base)), Some(found), "{name} in {base}");
            let utf8 = GeneralName::SmtpUtf8Mailbox(name.to_owned());
            assert_eq!(compare(&utf8, &rfc822(base)), Some(found), "{name} in {base}");
            assert_eq!(compare(&rfc822(name), &utf8), Some(Match::Unclear));
        }
        assert_eq!(compare(&rfc822("a@b.c"), &GeneralName::Dns("b.c".to_owned())), None);
    }

    #[test]
    fn hosts_lie_within_hosts_above() {
        for (name, base, found) in [
            ("example.com", "example.com", Match::Within),
            ("www.example.com", "EXAMPLE.com", Match::Within),
            ("badexample.com", "example.com", Match::Outside),
            ("com", "example.com", Match::Outside),
            ("*.example.com", "example.com", Match::Within),
            ("*.example.com", "www.example.com", Match::Unclear),
            ("*.example.com", "a.www.example.com", Match::Outside),
            (".example.com", "example.com", Match::Unclear),
            ("www.example.com", ".example.com", Match::Unclear),
            ("www.example.com", "*.example.com", Match::Unclear),
        ] {
            assert_eq!(dns(name, base), found, "{name} in {base}");
        }
    }

    #[test]
    fn of_a_uri_the_host_counts() {
        for (name, base, found) in [
            ("http://user@www.example.com:80/x", ".example.com", Match::Within),
            ("https://example.com", ".example.com", Match::Outside),
            ("https://example.com?x=.org", "example.com", Match::Within),
            ("https://evil.org/@example.com", "example.com", Match::Outside),
            ("mailto:a@example.com", "example.com", Match::Unclear),
            ("ldap://192.0.2.1/x", "example.com", Match::Unclear),
            ("ldap://[2001:db8::1]/x", "example.com", Match::Unclear),
        ] {
            assert_eq!(uri(name, base), found, "{name} in {base}");
        }
    }

    #[test]
    fn addresses_lie_within_networks() {
        let base = [192, 0, 2, 0, 255, 255, 254, 0];
        assert_eq!(ip(&[192, 0, 3, 7], &base), Match::Within);
        assert_eq!(ip(&[192, 0, 4, 7], &base), Match::Outside);
        assert_eq!(ip(&[0; 16], &base), Match::Outside);
        assert_eq!(ip(&[192, 0, 2, 0, 255, 255, 255, 0], &base), Match::Unclear);
        assert_eq!(ip(&[192, 0, 2, 1], &[192, 0, 2, 1]), Match::Unclear);
        assert_eq!(ip(&[192, 0, 2, 1], &[192, 0, 2, 0, 255, 0, 255, 0]), Match::Unclear);
        assert_eq!(ip(&[192, 0, 2, 1], &[0; 8]), Match::Within);
    }

    #[test]
    fn kinds_that_are_not_processed_are_never_clear() {
        for name in [GeneralName::X400, GeneralName::EdiParty, GeneralName::RegisteredId] {
            assert_eq!(compare(&name, &name), Some(Match::Unclear));
            assert_eq!(compare(&name, &rfc822("a@b")), None);
        }
        let other = |oid| GeneralName::Other(der::asn1::ObjectIdentifier::new_unwrap(oid));
        assert_eq!(compare(&other("1.2.3"), &other("1.2.3")), Some(Match::Unclear));
        assert_eq!(compare(&other("1.2.3"), &other("1.2.4")), None);
    }
}
