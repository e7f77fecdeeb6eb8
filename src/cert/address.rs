//! E-mail addresses and when two are one (RFC 5321, 2.4; RFC 8550, 3).

use super::host::a_labels;

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
    let (Some((local_a, host_a)), Some((local_b, host_b))) =
        (a.rsplit_once('@'), b.rsplit_once('@'))
    else {
        return AddressMatch::Different;
    };
    let (Some(host_a), Some(host_b)) = (a_labels(host_a), a_labels(host_b)) else {
        return AddressMatch::Different;
    };
    if local_a.is_empty() || host_a.is_empty() || !host_a.eq_ignore_ascii_case(&host_b) {
        AddressMatch::Different
    } else if local_a == local_b {
        AddressMatch::Same
    } else if local_a.eq_ignore_ascii_case(local_b) {
        AddressMatch::CaseDiffers
    } else {
        AddressMatch::Different
    }
}

/// Whether an address of a certificate can be taken as one: a local part and a host, no white space,
/// no control characters.
pub fn is_clean_address(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
        && !address.chars().any(|c| c.is_whitespace() || c.is_control())
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
    }

    #[test]
    fn white_space_and_controls_are_no_address() {
        assert!(is_clean_address("a@example.com"));
        for address in ["a b@example.com", "a@example.com\0", "a@example.com\n", "a@", "@b", "a"] {
            assert!(!is_clean_address(address), "{address:?}");
        }
    }
}
