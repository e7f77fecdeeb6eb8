//! Keys in vCards: the property KEY of vCard 2.1, 3.0 (RFC 2426, 3.7.2) and 4.0 (RFC 6350, 6.8.1).
//!
//! Taken is what is in the card itself, as base64 or as a `data:` URI (RFC 2397). Addresses elsewhere are
//! not fetched, and keys of other kinds (OpenPGP) are left out.

use crate::bytes::base64;

/// Whether this is a vCard.
pub(super) fn is_vcard(data: &[u8]) -> bool {
    const BEGIN: &[u8] = b"BEGIN:VCARD";
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data).trim_ascii_start();
    data.get(..BEGIN.len()).is_some_and(|start| start.eq_ignore_ascii_case(BEGIN))
}

/// The values of all KEY properties that may hold certificates.
pub(super) fn keys(data: &[u8]) -> Vec<Vec<u8>> {
    unfold(data).iter().filter_map(|line| key(line)).collect()
}

/// Content lines without their folds (RFC 6350, 3.2). In version 2.1 base64 may go on in lines that are
/// not indented, up to an empty one.
fn unfold(data: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(data);
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let is_bare = goes_on && !line.contains(':') && !line.trim().is_empty();
        match lines.last_mut() {
            Some(last) if is_bare || line.starts_with([' ', '\t']) => last.push_str(line.trim()),
            _ => {
                let start = line.to_ascii_uppercase();
                goes_on = start.contains("BASE64") || start.contains("ENCODING=B");
                lines.push(line.to_owned());
            }
        }
    }
    lines
}

fn key(line: &str) -> Option<Vec<u8>> {
    let (head, value) = split_value(line)?;
    let mut words = head.split(';');
    // A group may stand before the name: `item1.KEY`.
    let name = words.next()?.rsplit('.').next()?;
    let parameters: Vec<String> = words.map(str::to_ascii_uppercase).collect();
    let is_other = parameters.iter().any(|one| one.contains("PGP"));
    if !name.eq_ignore_ascii_case("KEY") || is_other {
        return None;
    }
    match value.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("data:") => data_uri(value.get(5..)?),
        _ if value.contains("://") => None,
        _ => base64::decode(without_escapes(value).as_bytes()).ok(),
    }
}

/// The name with its parameters, and the value. A colon may stand in a parameter in quotes.
fn split_value(line: &str) -> Option<(&str, &str)> {
    let mut is_quoted = false;
    let end = line.char_indices().find(|(_, c)| {
        is_quoted ^= *c == '"';
        *c == ':' && !is_quoted
    });
    let (at, _) = end?;
    Some((line.get(..at)?, line.get(at + 1..)?))
}

/// RFC 2397, after `data:`.
fn data_uri(uri: &str) -> Option<Vec<u8>> {
    let uri = without_escapes(uri);
    let (media_type, data) = uri.split_once(',')?;
    let media_type = media_type.to_ascii_lowercase();
    if media_type.contains("pgp") || !media_type.ends_with(";base64") {
        return None;
    }
    base64::decode(data.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=").as_bytes()).ok()
}

/// RFC 6350, 3.4: some write `\,` and `\;` in any value.
fn without_escapes(value: &str) -> String {
    value.trim().replace("\\,", ",").replace("\\;", ";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_all_versions_and_encodings() {
        for card in [
            "BEGIN:VCARD\r\nVERSION:2.1\r\nKEY;X509;ENCODING=BASE64:\r\n AQID\r\n BAUG\r\n\r\nEND:VCARD\r\n",
            "BEGIN:VCARD\nVERSION:2.1\nKEY;X509;ENCODING=BASE64:AQID\nBAUG\n\nEND:VCARD\n",
            "begin:vcard\r\nVERSION:3.0\r\nitem1.KEY;TYPE=X509;ENCODING=b:AQIDB\r\n\tAUG\r\nEND:VCARD\r\n",
            "\u{feff}BEGIN:VCARD\r\nVERSION:4.0\r\nKEY;MEDIATYPE=\"a:b\":data:application/pkix-cert;base64\\,\r\n AQIDBAUG\r\nEND:VCARD",
        ] {
            assert!(is_vcard(card.as_bytes()), "{card}");
            assert_eq!(keys(card.as_bytes()), [[1, 2, 3, 4, 5, 6]], "{card}");
        }
    }

    #[test]
    fn what_is_elsewhere_or_of_another_kind_is_left_out() {
        for line in [
            "KEY;TYPE=PGP;ENCODING=b:AQID",
            "KEY:data:application/pgp-keys;base64,AQID",
            "KEY;VALUE=uri:https://example.com/key.cer",
            "KEY;ENCODING=b:***",
            "PHOTO;ENCODING=b:AQID",
            "KEY",
        ] {
            let card = format!("BEGIN:VCARD\r\n{line}\r\nEND:VCARD\r\n");
            assert_eq!(keys(card.as_bytes()), Vec::<Vec<u8>>::new(), "{line}");
        }
        assert!(!is_vcard(b"-----BEGIN CERTIFICATE-----"));
    }
}
