//! AuthEnvelopedData (RFC 5083) with AES-GCM (RFC 5084).
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

use super::attributes::set_of;
use super::enveloped_data::EncryptedContent;
use crate::asn1::{Tlv, tag};
use crate::crypto::GCM_NONCE;
use crate::error::{Error, Result};
use crate::limits::Limits;

/// What AuthEnvelopedData has beyond EnvelopedData.
#[derive(Clone, Copy, Debug)]
pub(super) struct Authentication<'a> {
    attributes: Option<Tlv<'a>>,
    pub(super) mac: &'a [u8],
}

impl<'a> EncryptedContent<'a> {
    pub(super) fn read_auth_enveloped(
        content: Tlv<'a>,
        limits: &Limits,
    ) -> Result<EncryptedContent<'a>> {
        let mut reader = content.contents();
        let mut encrypted = Self::read_start(&mut reader, limits)?;
        let attributes = reader.optional(tag::context_constructed(1))?;
        let mac = reader.expect(tag::OCTET_STRING)?.value;
        let _attributes = reader.optional(tag::context_constructed(2))?;
        reader.finish()?;
        encrypted.authentication = Some(Authentication { attributes, mac });
        Ok(encrypted)
    }
}

impl Authentication<'_> {
    /// The nonce of GCMParameters, after checking that the mac has the length they tell (RFC 5084, 3.2).
    ///
    /// # Errors
    ///
    /// `malformed/cms`.
    pub(super) fn nonce<'a>(&self, parameters: Option<Tlv<'a>>) -> Result<&'a [u8; GCM_NONCE]> {
        const MALFORMED: Error = Error::MalformedCms { rule: "unusable GCMParameters" };
        let mut reader =
            parameters.filter(|found| found.tag == tag::SEQUENCE).ok_or(MALFORMED)?.contents();
        let nonce = reader.expect(tag::OCTET_STRING)?.value;
        let mac_len = match reader.optional(tag::INTEGER)? {
            Some(length) => length.uint()?,
            None => 12,
        };
        reader.finish()?;
        if !(12..=16).contains(&mac_len) || mac_len != self.mac.len() as u64 {
            return Err(MALFORMED);
        }
        nonce.try_into().map_err(|_| MALFORMED)
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
