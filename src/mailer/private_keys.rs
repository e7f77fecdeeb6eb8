//! Private keys among the attachments of a message that is about to go out.
//!
//! Found are PKCS#12 files by their names, media types and first bytes, private keys in PEM by their first
//! line, and the names inside ZIP files. It is a net for accidents: who wants to pass on a key can pack it.

use std::borrow::Cow;

use crate::asn1::ber_header;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::message::attachment_name;
use crate::mime::{Inside, Part, decode_body};

/// Refuses a message that has a private key among its attachments.
///
/// # Errors
///
/// `refused/private-key` with the name of the file; `malformed/mime`, `limit/…`.
pub(super) fn refuse_private_keys(env: &Env, message: &[u8]) -> Result<()> {
    match found(&Part::parse(message, env.limits())?) {
        Some(name) => Err(Error::PrivateKeyAttached { name }),
        None => Ok(()),
    }
}

fn found(part: &Part<'_>) -> Option<String> {
    match part.inside() {
        Inside::Multipart(multipart) => multipart.parts.iter().find_map(found),
        Inside::Message(message) => found(message),
        Inside::Leaf => in_leaf(part),
    }
}

fn in_leaf(part: &Part<'_>) -> Option<String> {
    let entity = part.entity();
    let name = attachment_name(part);
    let told = || name.clone().unwrap_or_else(|| part.essence().to_owned());
    let is_by_name = name.as_ref().is_some_and(|name| is_key_file(name.as_bytes()));
    if is_by_name || matches!(part.essence(), "application/pkcs12" | "application/x-pkcs12") {
        return Some(told());
    }
    let is_text = part.essence().starts_with("text/") && name.is_none();
    let body = decode_body(entity).unwrap_or_else(|_| entity.body().into());
    if is_pfx(&body) || (!is_text && has_pem_key(&in_octets(&body))) {
        return Some(told());
    }
    let inside = zip_names(&body).find(|name| is_key_file(name))?;
    Some(format!("{} ({})", told(), String::from_utf8_lossy(inside)))
}

/// Some systems drop periods and blanks at the end.
fn is_key_file(name: &[u8]) -> bool {
    let end = name.iter().rposition(|octet| !matches!(octet, b'.' | b' ' | b'\0'));
    let name = name.get(..=end.unwrap_or_default()).unwrap_or_default().to_ascii_lowercase();
    name.ends_with(b".p12") || name.ends_with(b".pfx")
}

/// Whether a PFX begins here (RFC 7292, 4): its version, and the type of what it holds, data or
/// signedData.
fn is_pfx(body: &[u8]) -> bool {
    const VERSION: &[u8] = &[2, 1, 3];
    const TYPE: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7];
    let sequence = |ber| {
        let header = ber_header(ber).ok().filter(|header| header.tag == 0x30)?;
        ber.get(header.size..)
    };
    let held = sequence(body).and_then(|pfx| sequence(pfx.strip_prefix(VERSION)?));
    let last = held.and_then(|held| held.strip_prefix(TYPE)).and_then(|rest| rest.first());
    matches!(last, Some(1 | 2))
}

/// Text without a byte order mark, and of UTF-16 what is ASCII.
fn in_octets(body: &[u8]) -> Cow<'_, [u8]> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match body {
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] | rest @ ([0, _, ..] | [_, 0, ..]) => {
            rest.iter().copied().filter(|&octet| octet != 0).collect()
        }
        _ => body.into(),
    }
}

/// Of any kind: PKCS#8, sealed or not, and those of OpenSSL and OpenSSH.
fn has_pem_key(body: &[u8]) -> bool {
    body.split(|&octet| octet == b'\n' || octet == b'\r').any(|line| {
        let label = line.trim_ascii().strip_prefix(b"-----BEGIN ");
        label.is_some_and(|label| label.ends_with(b"PRIVATE KEY-----"))
    })
}

/// The names of a ZIP file's local file headers (APPNOTE, 4.3.7), whatever stands before the first, such as
/// the program that unpacks it.
fn zip_names(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    const SIGNATURE: &[u8] = b"PK\x03\x04";
    const NAME_LENGTH: usize = 26;
    const NAME: usize = 30;
    let headers = body.windows(SIGNATURE.len()).enumerate();
    let headers = headers.filter(|(_, window)| *window == SIGNATURE);
    headers.filter_map(move |(at, _)| {
        let header = body.get(at..)?;
        let length = header.get(NAME_LENGTH..)?.first_chunk::<2>()?;
        header.get(NAME..)?.get(..usize::from(u16::from_le_bytes(*length)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::base64;
    use crate::env::Time;
    use crate::limits::Limits;

    fn name(head: &str, body: &[u8]) -> Option<String> {
        let env = Env::new(Time::from_secs(0), &[0; 32], Limits::default());
        let body = String::from_utf8(base64::encode(body)).unwrap();
        let message = format!(
            "From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\ntext\r\n\
             --x\r\n{head}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n--x--\r\n"
        );
        match refuse_private_keys(&env, message.as_bytes()) {
            Err(Error::PrivateKeyAttached { name }) => Some(name),
            outcome => {
                outcome.unwrap();
                None
            }
        }
    }

    fn zip(name: &str) -> Vec<u8> {
        let mut file = b"PK\x03\x04".to_vec();
        file.extend([0; 22]);
        file.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        file.extend([0, 0]);
        file.extend(name.as_bytes());
        file
    }

    #[test]
    fn keys_are_found_by_name_type_and_content() {
        let file = |name: &str| format!("Content-Disposition: attachment; filename=\"{name}\"");
        assert_eq!(name(&file("Alice.P12"), b"x").as_deref(), Some("Alice.P12"));
        assert_eq!(name(&file("a.pfx. "), b"x").as_deref(), Some("a.pfx. "));
        assert!(name("Content-Type: application/x-pkcs12", b"x").is_some());
        let pem = b"Bag Attributes\n-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n";
        assert_eq!(name(&file("notes.txt"), pem).as_deref(), Some("notes.txt"));
        let both = [zip("a.txt"), zip("keys/alice.pfx")].concat();
        assert_eq!(name(&file("a.zip"), &both).as_deref(), Some("a.zip (keys/alice.pfx)"));
        let program = [b"MZ unpacks itself".to_vec(), both].concat();
        assert_eq!(name(&file("a.exe"), &program).as_deref(), Some("a.exe (keys/alice.pfx)"));
    }

    #[test]
    fn keys_are_found_in_any_coding_and_under_any_name() {
        let file = "Content-Disposition: attachment; filename=\"notes\"";
        let pem = "-----BEGIN PRIVATE KEY-----\r\nAA==\r\n-----END PRIVATE KEY-----\r\n";
        let units = |octets: fn(u16) -> [u8; 2]| -> Vec<u8> {
            pem.encode_utf16().flat_map(octets).collect()
        };
        let (little, big) = (units(u16::to_le_bytes), units(u16::to_be_bytes));
        for text in [
            [b"\xef\xbb\xbf", pem.as_bytes()].concat(),
            [b"\xff\xfe", little.as_slice()].concat(),
            [b"\xfe\xff", big.as_slice()].concat(),
            little,
            big,
        ] {
            assert_eq!(name(file, &text).as_deref(), Some("notes"), "{:x?}", text.get(..4));
        }
        let kinds = [&[1, 0xa0, 0x80][..], &[2, 0xa0, 0x80]];
        for (begin, kind) in kinds.into_iter().flat_map(|kind| {
            [&[0x30, 0x80, 2, 1, 3, 0x30, 0x80][..], &[0x30, 0x82, 9, 0, 2, 1, 3, 0x30, 0x81, 200]]
                .map(|begin| (begin, kind))
        }) {
            let pfx = [begin, &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7], kind].concat();
            assert_eq!(name(file, &pfx).as_deref(), Some("notes"));
        }
    }

    #[test]
    fn what_is_no_key_goes_out() {
        let file = |name: &str| format!("Content-Disposition: attachment; filename=\"{name}\"");
        assert_eq!(name(&file("p12.txt"), b"about .p12 files"), None);
        assert_eq!(name(&file("alice.pem"), b"-----BEGIN CERTIFICATE-----\n"), None);
        assert_eq!(name(&file("a.zip"), &zip("a.txt")), None);
        assert_eq!(name(&file("a.zip"), b"PK\x03\x04 cut off"), None);
        // SignedData, as a certificate in PKCS#7 is.
        let signed = [0x30, 0x80, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2, 0xa0, 0x80];
        assert_eq!(name(&file("a.p7b"), &signed), None);
        assert_eq!(name(&file("empty"), b""), None);
    }
}
