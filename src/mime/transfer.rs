//! Content-Transfer-Encoding (RFC 2045, 6).

use std::borrow::Cow;

use super::entity::Entity;
use crate::bytes::base64;
use crate::error::{Error, Result};

/// The body with its transfer encoding taken off.
///
/// # Errors
///
/// `malformed/mime` for base64 that is none, `unsupported/structure` for an unknown encoding.
pub fn decode_body<'a>(entity: &Entity<'a>) -> Result<Cow<'a, [u8]>> {
    match entity.transfer_encoding().as_str() {
        "" | "7bit" | "8bit" | "binary" => Ok(Cow::Borrowed(entity.body())),
        "base64" => base64::decode(entity.body()).map(Cow::Owned),
        "quoted-printable" => Ok(Cow::Owned(quoted_printable(entity.body()))),
        _ => Err(Error::UnsupportedStructure { structure: "this Content-Transfer-Encoding" }),
    }
}

/// RFC 2045, 6.7. What is no escape stays as it is, as the RFC advises readers.
fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|&octet| octet == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let end = line.get(content.len()..).unwrap_or_default();
        let (content, end) = match content.strip_suffix(b"\r") {
            Some(content) => (content, line.get(content.len()..).unwrap_or_default()),
            None => (content, end),
        };
        let mut rest = content.trim_ascii_end();
        let is_soft = rest.ends_with(b"=");
        rest = rest.strip_suffix(b"=").unwrap_or(rest);
        while let Some((&octet, after)) = rest.split_first() {
            match (octet, escape(after)) {
                (b'=', Some(value)) => {
                    output.push(value);
                    rest = after.get(2..).unwrap_or_default();
                }
                _ => {
                    output.push(octet);
                    rest = after;
                }
            }
        }
        if !is_soft {
            output.extend_from_slice(end);
        }
    }
    output
}

fn escape(digits: &[u8]) -> Option<u8> {
    let digit = |octet: &u8| char::from(*octet).to_digit(16);
    let (high, low) = (digit(digits.first()?)?, digit(digits.get(1)?)?);
    u8::try_from(high << 4 | low).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_follows_rfc_2045() {
        assert_eq!(quoted_printable(b"a=3Db =\r\nc \r\n=e4=X\r\n="), b"a=b c\r\n\xe4=X\r\n");
    }
}
