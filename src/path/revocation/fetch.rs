//! What to fetch to learn of a revocation, as data: this crate fetches nothing.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::cert::{Certificate, DistributionPoint};

/// What to fetch for one certificate. Addresses that are not [fetchable](is_fetchable) are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedRevocation {
    /// The certificate.
    pub certificate: Certificate,
    /// Its issuer, to whom a request for OCSP has to refer.
    pub issuer: Certificate,
    /// OCSP responders, to be asked in this order by an [`OcspRequest`](super::OcspRequest).
    pub ocsp: Vec<String>,
    /// Places of CRLs: for each distribution point several that have the same. All points may be needed,
    /// since each may have some reasons only.
    pub crls: Vec<Vec<String>>,
    /// Places of delta CRLs, in the same way.
    pub delta_crls: Vec<Vec<String>>,
}

/// Addresses of one kind, and for one place, that are used of a certificate. Real ones have one or two.
const MAX_ADDRESSES: usize = 8;

impl NeedRevocation {
    /// What the certificate says.
    pub fn new(certificate: &Certificate, issuer: &Certificate) -> NeedRevocation {
        let pointers = certificate.revocation_pointers();
        NeedRevocation {
            certificate: certificate.clone(),
            issuer: issuer.clone(),
            ocsp: fetchable(pointers.ocsp.iter().map(String::as_str)),
            crls: crl_places(&pointers.distribution_points),
            delta_crls: crl_places(&pointers.freshest_crl),
        }
    }

    /// Whether there is nowhere to ask.
    pub fn is_empty(&self) -> bool {
        self.ocsp.is_empty() && self.crls.is_empty()
    }
}

/// Places of CRLs as distribution points say, [fetchable](is_fetchable) ones only: for each point several
/// that have the same.
pub fn crl_places(points: &[DistributionPoint]) -> Vec<Vec<String>> {
    let names = points.iter().filter_map(|point| point.name.as_ref());
    let places = names.map(|name| fetchable(name.addresses()));
    places.filter(|addresses| !addresses.is_empty()).take(MAX_ADDRESSES).collect()
}

fn fetchable<'a>(addresses: impl Iterator<Item = &'a str>) -> Vec<String> {
    addresses
        .filter(|address| is_fetchable(address))
        .take(MAX_ADDRESSES)
        .map(str::to_owned)
        .collect()
}

/// Whether an address that somebody put into a certificate may be fetched at all: http or https, no user
/// information, and a host that is neither local by its name nor a literal address that is not public.
/// What names resolve to is for whoever fetches to check.
///
/// Where URLs are read in different ways the address is refused: white space, backslashes, percent signs
/// and other than ASCII letters in the host, numbers as hosts in other than their usual form.
pub fn is_fetchable(address: &str) -> bool {
    const MAX_LENGTH: usize = 2_048;
    if address.len() > MAX_LENGTH || !address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
        return false;
    }
    let Some((scheme, rest)) = address.split_once("://") else { return false };
    if !(scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")) {
        return false;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[') {
        Some(literal) => match literal.split_once(']') {
            Some((host, after)) => match (after.strip_prefix(':'), after.is_empty()) {
                (None, false) => return false,
                (port, _) => (Host::V6(host), port),
            },
            None => return false,
        },
        None => match authority.split_once(':') {
            Some((host, port)) => (Host::Name(host), Some(port)),
            None => (Host::Name(authority), None),
        },
    };
    let is_port = |port: &str| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    port.is_none_or(is_port) && host.is_public()
}

enum Host<'a> {
    Name(&'a str),
    V6(&'a str),
}

impl Host<'_> {
    fn is_public(&self) -> bool {
        match self {
            Host::V6(host) => host.parse().is_ok_and(is_public_v6),
            Host::Name(name) => is_public_name(name.strip_suffix('.').unwrap_or(name)),
        }
    }
}

/// Names that have no place in the public DNS (RFC 6761, RFC 6762, RFC 8375, and what ICANN reserved).
const LOCAL: &[&str] =
    &["localhost", "local", "internal", "home.arpa", "localdomain", "lan", "intranet"];

fn is_public_name(name: &str) -> bool {
    let labels = || name.split('.');
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    if !labels().all(is_label) || labels().count() < 2 {
        // A name of one label is one of the local network.
        return false;
    }
    let last = labels().next_back().unwrap_or_default();
    if last.starts_with(|first: char| first.is_ascii_digit()) {
        // URL parsers take it for an IPv4 address, be it octal, hexadecimal or short; this takes only
        // the form that all agree on.
        return name.parse().is_ok_and(is_public_v4);
    }
    let lower = name.to_ascii_lowercase();
    !LOCAL.iter().any(|local| {
        lower.strip_suffix(local).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// What the registry of special-purpose addresses (RFC 6890) calls globally reachable, roughly: nothing
/// that a CA would publish is left out.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match a {
        0 | 10 | 127 | 224.. => true,
        100 => b & 0xc0 == 64,
        169 => b == 254,
        172 => b & 0xf0 == 16,
        192 => b == 168 || (b == 0 && (c == 0 || c == 2)) || (b == 88 && c == 99),
        198 => b & 0xfe == 18 || (b == 51 && c == 100),
        203 => b == 0 && c == 113,
        _ => false,
    };
    !is_special
}

/// Global unicast without what wraps an IPv4 address, which is judged by that.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, _, _, _, g, h] = address.segments();
    let v4 =
        |high: u16, low: u16| is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match (a, b) {
        // NAT64 (RFC 6052) and 6to4 (RFC 3056).
        (0x64, 0xff9b) => v4(g, h),
        (0x2002, high) => v4(high, c),
        // Teredo and other protocol assignments, documentation.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x3fff, 0..=0xfff) => false,
        (0x2000..=0x3fff, _) => true,
        // Unspecified, loopback, mapped and compatible IPv4, unique local, link-local, multicast.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_may_be_fetched() {
        for address in [
            "http://crl.example.com/a.crl",
            "HTTPS://Example.COM",
            "http://ocsp.example.com:8080/?a=b%20c#d",
            "http://93.184.216.34/crl",
            "http://[2606:2800:220:1::1]:80/",
            "http://example.com./",
            "http://my_host.example.org/x@y",
            "http://100.128.0.1/",
            "http://[64:ff9b::8.8.8.8]/",
        ] {
            assert!(is_fetchable(address), "{address}");
        }
    }

    #[test]
    fn everything_else_may_not() {
        for address in [
            "",
            "ldap://example.com/cn=x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "//example.com/",
            "http:example.com",
            "http:///x",
            "http://user@example.com/",
            "http://user:pass@example.com/",
            "http://example.com\\@127.0.0.1/",
            "http://exam ple.com/",
            "http://example.com/\u{fc}",
            "http://ex%61mple.com/",
            "http://example.com:0/",
            "http://example.com:99999/",
            "http://example.com:+80/",
            "http://a..b/",
            "http://intranet/",
            "http://localhost/",
            "http://LocalHost./",
            "http://a.localhost/",
            "http://printer.local/",
            "http://router.home.arpa/",
            "http://metadata.google.internal/",
            "http://127.0.0.1/",
            "http://127.0.0.1./",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://1.2.3.256/",
            "http://10.0.0.1/",
            "http://172.31.0.1/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest/",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[fe80::1]/",
            "http://[fe80::1%25eth0]/",
            "http://[fd00::1]/",
            "http://[fec0::1]/",
            "http://[ff02::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[::7f00:1]/",
            "http://[64:ff9b::127.0.0.1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:db8::1]/",
            "http://[::1/",
            "http://[2606:2800:220:1::1]x/",
        ] {
            assert!(!is_fetchable(address), "{address}");
        }
        assert!(!is_fetchable(&format!("http://example.com/{}", "a".repeat(2_048))));
    }
}
