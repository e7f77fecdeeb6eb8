//! Lists of extensions, in certificates, CRLs and OCSP responses (RFC 5280, 4.1).

use std::collections::BTreeSet;

use der::asn1::ObjectIdentifier;

use crate::asn1::{Reader, Tlv, tag};
use crate::error::{Error, Result};

/// ```text
/// Extension ::= SEQUENCE {
///   extnID    OBJECT IDENTIFIER,
///   critical  BOOLEAN DEFAULT FALSE,
///   extnValue OCTET STRING }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension<'a> {
    /// `extnID`.
    pub oid: ObjectIdentifier,
    /// Whether who does not process it has to reject the whole.
    pub critical: bool,
    /// What `extnValue` holds.
    pub value: &'a [u8],
}

/// The extensions in an explicitly tagged field. None may stand twice (RFC 5280, 4.2): two readers could
/// see two different things. `twice` is the error for that.
///
/// # Errors
///
/// `malformed/asn1`, and `twice`.
pub fn extensions_of(field: Tlv<'_>, twice: Error) -> Result<Vec<Extension<'_>>> {
    let mut list = Reader::only(field.value, tag::SEQUENCE)?.contents();
    let (mut extensions, mut seen) = (Vec::new(), BTreeSet::new());
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        let oid = fields.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let critical = fields.optional(tag::BOOLEAN)?.is_some_and(|flag| flag.value != [0]);
        let value = fields.expect(tag::OCTET_STRING)?.value;
        fields.finish()?;
        if !seen.insert(oid) {
            return Err(twice);
        }
        extensions.push(Extension { oid, critical, value });
    }
    Ok(extensions)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWICE: Error = Error::MalformedAsn1 { rule: "twice" };

    fn read(list: &[u8]) -> Result<Vec<(bool, Vec<u8>)>> {
        let field = Reader::only(list, tag::context_constructed(3))?;
        let extensions = extensions_of(field, TWICE)?;
        Ok(extensions.iter().map(|one| (one.critical, one.value.to_vec())).collect())
    }

    #[test]
    fn extensions_are_critical_where_they_say_so_and_stand_once() {
        const ONE: &[u8] = b"\x30\x07\x06\x02\x2a\x03\x04\x01a";
        const OTHER: &[u8] = b"\x30\x0a\x06\x02\x2a\x04\x01\x01\xff\x04\x01b";
        let list = |extensions: &[&[u8]]| {
            use crate::asn1::constructed;
            let list = constructed(tag::SEQUENCE, extensions);
            constructed(tag::context_constructed(3), &[&list])
        };
        let both = vec![(false, b"a".to_vec()), (true, b"b".to_vec())];
        assert_eq!(read(&list(&[ONE, OTHER])), Ok(both));
        assert_eq!(read(&list(&[ONE, OTHER, ONE])), Err(TWICE));
        // A field more, and bytes after the list.
        assert!(read(&list(&[b"\x30\x09\x06\x02\x2a\x03\x04\x01a\x05\x00"])).is_err());
        assert!(read(b"\xa3\x04\x30\x00\x05\x00").is_err());
    }
}
