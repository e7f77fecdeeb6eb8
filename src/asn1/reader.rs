//! A cursor over DER values that hands out slices of its input.

use der::Decode;
use der::asn1::ObjectIdentifier;

use super::tag;
use crate::error::{ENDS_EARLY, Error, Result};

/// One value: identifier, length and contents (X.690, 8.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// The contents octets.
    pub value: &'a [u8],
    /// The whole encoding.
    pub raw: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// A cursor over the values inside.
    pub fn contents(&self) -> Reader<'a> {
        Reader::new(self.value)
    }

    /// The value as one of the crates' types.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn decode<T: Decode<'a, Error = der::Error>>(&self) -> Result<T> {
        Ok(T::from_der(self.raw)?)
    }

    /// The value as an object identifier.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn oid(&self) -> Result<ObjectIdentifier> {
        self.decode()
    }

    /// The value as a small non-negative INTEGER.
    ///
    /// # Errors
    ///
    /// `malformed/asn1` if it is none, or has more than 64 bits.
    pub fn uint(&self) -> Result<u64> {
        self.decode()
    }
}

/// Reads values one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Over values that stand in a row.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    /// The one value that `bytes` is.
    ///
    /// # Errors
    ///
    /// `malformed/asn1` if it is another, or something follows it.
    pub fn only(bytes: &'a [u8], tag: u8) -> Result<Tlv<'a>> {
        let mut reader = Reader::new(bytes);
        let tlv = reader.expect(tag)?;
        reader.finish()?;
        Ok(tlv)
    }

    /// Whether all values are read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next value, whatever it is.
    ///
    /// # Errors
    ///
    /// `malformed/asn1` at the end, or if it is not encoded as DER demands.
    pub fn any(&mut self) -> Result<Tlv<'a>> {
        const SHORT: Error = Error::MalformedAsn1 { rule: ENDS_EARLY };
        let (&tag, rest) = self.rest.split_first().ok_or(SHORT)?;
        if tag & 0x1f == 0x1f {
            return Err(Error::MalformedAsn1 { rule: "a tag above 30" });
        }
        let (&first, rest) = rest.split_first().ok_or(SHORT)?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (octets, rest) =
                    rest.split_at_checked(usize::from(first & 0x7f)).ok_or(SHORT)?;
                let length = octets.iter().fold(0_u64, |sum, &octet| sum << 8 | u64::from(octet));
                if length < 0x80 || octets.first() == Some(&0) {
                    return Err(Error::MalformedAsn1 {
                        rule: "a length is not in its shortest form",
                    });
                }
                (usize::try_from(length).map_err(|_| SHORT)?, rest)
            }
            0x80 => return Err(Error::MalformedAsn1 { rule: "an indefinite length in DER" }),
            _ => return Err(Error::MalformedAsn1 { rule: "a length above 4 GiB" }),
        };
        let (value, rest) = rest.split_at_checked(length).ok_or(SHORT)?;
        let (raw, _) = self.rest.split_at_checked(self.rest.len() - rest.len()).ok_or(SHORT)?;
        self.rest = rest;
        Ok(Tlv { tag, value, raw })
    }

    /// The identifier octet of the next value.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next value, which has to have this tag.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn expect(&mut self, tag: u8) -> Result<Tlv<'a>> {
        match self.peek() {
            Some(found) if found == tag => self.any(),
            Some(_) => Err(Error::MalformedAsn1 { rule: "an unexpected tag" }),
            None => Err(Error::MalformedAsn1 { rule: ENDS_EARLY }),
        }
    }

    /// The next value if it has this tag.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>> {
        if self.peek() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// A cursor over the values in the next SEQUENCE.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn sequence(&mut self) -> Result<Reader<'a>> {
        Ok(self.expect(tag::SEQUENCE)?.contents())
    }

    /// # Errors
    ///
    /// `malformed/asn1` if values are left.
    pub fn finish(self) -> Result<()> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Error::MalformedAsn1 { rule: "bytes follow the end" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_slices_of_the_input() {
        let bytes = [0x30, 6, 2, 1, 5, 4, 1, 9];
        let mut inside = Reader::only(&bytes, tag::SEQUENCE).unwrap().contents();
        assert_eq!(inside.expect(tag::INTEGER).unwrap().uint(), Ok(5));
        assert_eq!(inside.optional(tag::NULL), Ok(None));
        assert_eq!(inside.any().unwrap().raw, [4, 1, 9]);
        assert!(inside.finish().is_ok());
    }

    #[test]
    fn what_der_forbids_is_refused() {
        for bytes in [
            &[0x04, 0x80][..],
            &[0x04, 0x81, 0x01, 0],
            &[0x04, 0x82, 0, 0x80],
            &[0x1f, 0x20, 0],
            &[4, 2, 0],
            &[4],
            &[0x04, 0x85, 1, 1, 1, 1, 1],
        ] {
            assert!(
                matches!(Reader::new(bytes).any(), Err(Error::MalformedAsn1 { .. })),
                "{bytes:x?}"
            );
        }
    }
}
