//! Puts DER values together.

/// Identifier and length octets of a value with `length` contents octets (X.690, 8.1.3, 10.1).
pub fn header(tag: u8, length: usize) -> Vec<u8> {
    let octets = length.to_be_bytes();
    let mut bytes = vec![tag];
    if length < 0x80 {
        bytes.push(length as u8);
    } else {
        let significant: Vec<u8> = octets.into_iter().skip_while(|&octet| octet == 0).collect();
        bytes.push(0x80 | significant.len() as u8);
        bytes.extend_from_slice(&significant);
    }
    bytes
}

/// A value with these contents octets.
pub fn primitive(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = header(tag, value.len());
    bytes.extend_from_slice(value);
    bytes
}

/// A value with these values inside.
pub fn constructed(tag: u8, values: &[&[u8]]) -> Vec<u8> {
    let mut bytes = header(tag, values.iter().map(|value| value.len()).sum());
    for value in values {
        bytes.extend_from_slice(value);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_their_shortest_form() {
        assert_eq!(header(4, 0x7f), [4, 0x7f]);
        assert_eq!(header(4, 0x80), [4, 0x81, 0x80]);
        assert_eq!(header(4, 0x1_0000), [4, 0x83, 1, 0, 0]);
        assert_eq!(constructed(0x30, &[&[5, 0], &primitive(4, b"a")]), [0x30, 5, 5, 0, 4, 1, b'a']);
    }
}
