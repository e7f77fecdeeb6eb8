//! A password, in the encodings in which tools feed it to key derivation.

use zeroize::Zeroizing;

/// The password of a PFX. Wiped when dropped.
#[derive(Clone)]
pub struct Password(Secret);

/// Bytes that are wiped when dropped.
pub(super) type Secret = Zeroizing<Vec<u8>>;

impl Password {
    /// Text in UTF-8. Bytes that are no UTF-8 are taken as they are.
    pub fn new(password: impl AsRef<[u8]>) -> Password {
        Password(Zeroizing::new(password.as_ref().to_vec()))
    }

    /// For the key derivation of PKCS#12, the likeliest encoding first.
    pub(super) fn bmp_strings(&self) -> Vec<Secret> {
        let Ok(text) = core::str::from_utf8(&self.0) else {
            return vec![octets_as_characters(&self.0)];
        };
        let mut encodings = vec![bmp_string(text)];
        if text.is_empty() {
            // Some writers leave out the two zero octets along with the characters.
            encodings.push(Secret::default());
        }
        if !text.is_ascii() {
            // OpenSSL before 1.1 took every octet of UTF-8 for a character.
            encodings.push(octets_as_characters(&self.0));
        }
        encodings
    }

    /// For PBES2, the likeliest encoding first.
    pub(super) fn octet_strings(&self) -> Vec<Secret> {
        let mut encodings = vec![self.0.clone()];
        if let Ok(text) = core::str::from_utf8(&self.0) {
            if !text.is_ascii()
                && let Some(octets) = latin1(text)
            {
                encodings.push(octets);
            }
            // Old versions of NSS fed this to PBKDF2 too.
            encodings.push(bmp_string(text));
        }
        encodings
    }
}

impl core::fmt::Debug for Password {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Password")
    }
}

/// Two octets a character, big endian, and two zero octets at the end (RFC 7292, B.1). Characters
/// beyond the first 65,536 become surrogates, as everywhere in the field.
fn bmp_string(text: &str) -> Secret {
    let mut octets = with_capacity(2 * text.len() + 2);
    octets.extend(text.encode_utf16().chain([0]).flat_map(u16::to_be_bytes));
    octets
}

fn octets_as_characters(bytes: &[u8]) -> Secret {
    let mut octets = with_capacity(2 * bytes.len() + 2);
    octets.extend(bytes.iter().copied().chain([0]).flat_map(|byte| [0, byte]));
    octets
}

/// ISO 8859-1, `None` if the text has other characters.
fn latin1(text: &str) -> Option<Secret> {
    let mut octets = with_capacity(text.len());
    for character in text.chars() {
        octets.push(u8::try_from(character).ok()?);
    }
    Some(octets)
}

/// Never grows after this: a vector that grows leaves its old bytes behind.
fn with_capacity(capacity: usize) -> Secret {
    Zeroizing::new(Vec::with_capacity(capacity))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(encodings: Vec<Secret>) -> Vec<Vec<u8>> {
        encodings.iter().map(|encoding| encoding.to_vec()).collect()
    }

    #[test]
    fn ascii_has_one_encoding_for_pkcs12() {
        let password = Password::new("ab");
        assert_eq!(bytes(password.bmp_strings()), [[0, b'a', 0, b'b', 0, 0]]);
        assert_eq!(bytes(password.octet_strings()), [&b"ab"[..], &[0, b'a', 0, b'b', 0, 0]]);
    }

    #[test]
    fn the_empty_password_has_two() {
        assert_eq!(bytes(Password::new("").bmp_strings()), [&[0, 0][..], &[]]);
    }

    #[test]
    fn other_characters_have_the_encodings_of_other_tools() {
        let password = Password::new("ü𝄞");
        assert_eq!(
            bytes(password.bmp_strings()),
            [
                &[0, 0xfc, 0xd8, 0x34, 0xdd, 0x1e, 0, 0][..],
                &[0, 0xc3, 0, 0xbc, 0, 0xf0, 0, 0x9d, 0, 0x84, 0, 0x9e, 0, 0],
            ]
        );
        assert_eq!(bytes(Password::new("ü").octet_strings())[1], [0xfc]);
    }

    #[test]
    fn bytes_that_are_no_text_are_taken_as_they_are() {
        let password = Password::new([0xfc]);
        assert_eq!(bytes(password.bmp_strings()), [[0, 0xfc, 0, 0]]);
        assert_eq!(bytes(password.octet_strings()), [[0xfc]]);
    }

    #[test]
    fn nothing_shows_in_debug() {
        assert_eq!(format!("{:?}", Password::new("secret")), "Password");
    }
}
