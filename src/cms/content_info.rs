//! ContentInfo (RFC 5652, 3).
//!
//! ```text
//! ContentInfo ::= SEQUENCE {
//!   contentType ContentType,
//!   content [0] EXPLICIT ANY DEFINED BY contentType }
//! ```

use der::asn1::ObjectIdentifier;

use super::compressed_data::CompressedData;
use super::enveloped_data::EncryptedContent;
use super::signed_data::SignedData;
use crate::asn1::{Reader, Tlv, oids, tag};
use crate::error::{Error, Result};
use crate::limits::Limits;

/// A ContentInfo in DER.
#[derive(Clone, Copy, Debug)]
pub struct ContentInfo<'a> {
    /// What the content is.
    pub content_type: ObjectIdentifier,
    content: Tlv<'a>,
}

/// The content types this crate opens.
#[derive(Debug)]
pub enum Content<'a> {
    /// RFC 5652, 5.
    SignedData(SignedData<'a>),
    /// RFC 5652, 6.
    EnvelopedData(EncryptedContent<'a>),
    /// RFC 5083.
    AuthEnvelopedData(EncryptedContent<'a>),
    /// RFC 3274.
    CompressedData(CompressedData<'a>),
}

impl<'a> ContentInfo<'a> {
    /// From DER (see [`to_der`](crate::asn1::to_der)).
    ///
    /// # Errors
    ///
    /// `malformed/cms`.
    pub fn from_der(der: &'a [u8]) -> Result<ContentInfo<'a>> {
        read(der).map_err(|_| Error::MalformedCms { rule: "it is no ContentInfo" })
    }

    /// The content itself.
    ///
    /// # Errors
    ///
    /// `unsupported/structure` for content types this crate does not open, `malformed/cms`, `limit/…`.
    pub fn open(&self, limits: &Limits) -> Result<Content<'a>> {
        let opened = match self.content_type {
            oids::SIGNED_DATA => SignedData::read(self.content, limits).map(Content::SignedData),
            oids::ENVELOPED_DATA => {
                EncryptedContent::read_enveloped(self.content, limits).map(Content::EnvelopedData)
            }
            oids::AUTH_ENVELOPED_DATA => {
                EncryptedContent::read_auth_enveloped(self.content, limits)
                    .map(Content::AuthEnvelopedData)
            }
            oids::COMPRESSED_DATA => {
                CompressedData::read(self.content).map(Content::CompressedData)
            }
            other => {
                return Err(Error::UnsupportedStructure { structure: structure_name(other) });
            }
        };
        opened.map_err(|error| match error {
            Error::MalformedAsn1 { rule } => Error::MalformedCms { rule },
            error => error,
        })
    }
}

/// The content type of the ContentInfo that begins so, in BER; `None` where the beginning does not tell.
pub fn announced_content_type(start: &[u8]) -> Option<ObjectIdentifier> {
    // The identifier and the length, which may be indefinite.
    let (&length, rest) = start.strip_prefix(&[tag::SEQUENCE])?.split_first()?;
    let contents = rest.get(usize::from(length.saturating_sub(0x80))..)?;
    Reader::new(contents).expect(tag::OBJECT_IDENTIFIER).ok()?.oid().ok()
}

fn read(der: &[u8]) -> Result<ContentInfo<'_>> {
    let mut reader = Reader::only(der, tag::SEQUENCE)?.contents();
    let content_type = reader.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
    let content = reader.expect(tag::context_constructed(0))?.contents().any()?;
    reader.finish()?;
    Ok(ContentInfo { content_type, content })
}

fn structure_name(oid: ObjectIdentifier) -> &'static str {
    match oid {
        oids::DIGESTED_DATA => "DigestedData",
        oids::ENCRYPTED_DATA => "EncryptedData",
        oids::AUTHENTICATED_DATA => "AuthenticatedData",
        oids::DATA => "Data outside of other content",
        _ => "This content type",
    }
}
