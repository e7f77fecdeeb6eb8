//! AlgorithmIdentifier (RFC 5280, 4.1.1.2).
//!
//! ```text
//! AlgorithmIdentifier ::= SEQUENCE {
//!   algorithm OBJECT IDENTIFIER,
//!   parameters ANY DEFINED BY algorithm OPTIONAL }
//! ```

use der::asn1::ObjectIdentifier;

use super::{Reader, Tlv, constructed, primitive, tag};
use crate::error::Result;

/// NULL in DER: the parameters of RSA's identifiers (RFC 3370, 3.2).
pub const NULL: &[u8] = &[tag::NULL, 0];

/// An AlgorithmIdentifier as received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmIdentifier<'a> {
    /// Which algorithm.
    pub oid: ObjectIdentifier,
    /// Its parameters, whatever they are.
    pub parameters: Option<Tlv<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    /// The next value.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn read(reader: &mut Reader<'a>) -> Result<AlgorithmIdentifier<'a>> {
        Self::read_fields(reader.sequence()?)
    }

    /// From the values inside, where the whole is tagged implicitly.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn read_fields(mut fields: Reader<'a>) -> Result<AlgorithmIdentifier<'a>> {
        let oid = fields.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let parameters = if fields.is_empty() { None } else { Some(fields.any()?) };
        fields.finish()?;
        Ok(AlgorithmIdentifier { oid, parameters })
    }

    /// Whether the parameters are NULL or absent, which many writers mix up.
    pub fn has_no_parameters(&self) -> bool {
        self.parameters.is_none_or(|parameters| parameters.raw == NULL)
    }
}

/// An AlgorithmIdentifier in DER.
pub fn algorithm_der(oid: ObjectIdentifier, parameters: &[u8]) -> Vec<u8> {
    constructed(tag::SEQUENCE, &[&oid_der(oid), parameters])
}

/// An OBJECT IDENTIFIER in DER.
pub fn oid_der(oid: ObjectIdentifier) -> Vec<u8> {
    primitive(tag::OBJECT_IDENTIFIER, oid.as_bytes())
}
