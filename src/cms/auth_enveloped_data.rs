//! AuthEnvelopedData (RFC 5083).
//!
//! ```text
//! AuthEnvelopedData ::= SEQUENCE {
//!   version CMSVersion,
//!   originatorInfo [0] IMPLICIT OriginatorInfo OPTIONAL,
//!   recipientInfos SET OF RecipientInfo,
//!   authEncryptedContentInfo EncryptedContentInfo,
//!   authAttrs [1] IMPLICIT SET OF Attribute OPTIONAL,
//!   mac OCTET STRING,
//!   unauthAttrs [2] IMPLICIT SET OF Attribute OPTIONAL }
//! ```

use der::asn1::ObjectIdentifier;

use super::attributes::Attributes;
use super::encode::set_of;
use crate::asn1::{Reader, Tlv, oids, tag};
use crate::error::{Error, Result};

/// What AuthEnvelopedData has beyond EnvelopedData.
#[derive(Clone, Copy, Debug)]
pub(super) struct Authentication<'a> {
    attributes: Option<Tlv<'a>>,
    pub(super) mac: &'a [u8],
}

impl<'a> Authentication<'a> {
    /// Reads what follows the encrypted content.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`; `malformed/cms` if the attributes do not say that the content is of
    /// `content_type`, which they may leave unsaid of `id-data` alone (RFC 5083, 2.1).
    pub(super) fn read(
        mut reader: Reader<'a>,
        content_type: ObjectIdentifier,
    ) -> Result<Authentication<'a>> {
        let attributes = reader.optional(tag::context_constructed(1))?;
        let said = attributes.map(|field| Attributes::new(field).content_type()).transpose()?;
        match said.flatten() {
            Some(said) if said != content_type => {
                return Err(Error::MalformedCms {
                    rule: "the content type is not the protected one",
                });
            }
            None if content_type != oids::DATA => {
                return Err(Error::MalformedCms { rule: "the content type is not protected" });
            }
            _ => {}
        }
        let mac = reader.expect(tag::OCTET_STRING)?.value;
        let _attributes = reader.optional(tag::context_constructed(2))?;
        reader.finish()?;
        Ok(Authentication { attributes, mac })
    }

    /// What the content is a part of or goes with, in the words of who wrote it.
    pub(super) fn identifier(&self) -> Result<Option<&'a [u8]>> {
        let attributes = self.attributes.map(Attributes::new);
        Ok(attributes.map(|one| one.content_identifier()).transpose()?.flatten())
    }

    /// The authenticated attributes as a SET OF in DER (RFC 5083, 2.2).
    pub(super) fn associated_data(&self) -> Result<Vec<u8>> {
        let Some(attributes) = self.attributes else { return Ok(Vec::new()) };
        let (mut values, mut reader) = (Vec::new(), attributes.contents());
        while !reader.is_empty() {
            values.push(reader.any()?.raw);
        }
        Ok(set_of(&values))
    }
}
