//! KEKRecipientInfo (RFC 5652, 6.2.3): a key that both sides had before.
//!
//! ```text
//! KEKRecipientInfo ::= SEQUENCE {
//!   version CMSVersion,
//!   kekid KEKIdentifier,
//!   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
//!   encryptedKey OCTET STRING }
//!
//! KEKIdentifier ::= SEQUENCE {
//!   keyIdentifier OCTET STRING,
//!   date GeneralizedTime OPTIONAL,
//!   other OtherKeyAttribute OPTIONAL }
//! ```

use zeroize::Zeroizing;

use super::{key_wrap, skip_key_attributes};
use crate::asn1::{AlgorithmIdentifier, Reader, tag};
use crate::crypto::SecretBytes;
use crate::crypto::algorithms::KeyWrap;
use crate::error::Result;

/// A key-encryption key and the identifier that messages name it by.
#[derive(Debug)]
pub struct KeyEncryptionKey {
    /// What KEKIdentifier says.
    pub id: Vec<u8>,
    /// Of the size that the key wrap takes.
    pub key: SecretBytes,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct KekRecipientInfo<'a> {
    pub(super) identifier: &'a [u8],
    pub(super) algorithm: AlgorithmIdentifier<'a>,
    encrypted_key: &'a [u8],
}

impl<'a> KekRecipientInfo<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<KekRecipientInfo<'a>> {
        let _version = reader.expect(tag::INTEGER)?;
        let mut fields = reader.sequence()?;
        let identifier = fields.expect(tag::OCTET_STRING)?.value;
        skip_key_attributes(fields)?;
        let algorithm = AlgorithmIdentifier::read(&mut reader)?;
        let encrypted_key = reader.expect(tag::OCTET_STRING)?.value;
        reader.finish()?;
        Ok(KekRecipientInfo { identifier, algorithm, encrypted_key })
    }

    pub(super) fn unwrapping<'o>(&self, key: &'o KeyEncryptionKey) -> Result<Unwrapping<'a, 'o>> {
        let wrap = key_wrap(self.algorithm)?;
        Ok(Unwrapping { wrap, key: &key.key, encrypted_key: self.encrypted_key })
    }
}

pub(super) struct Unwrapping<'a, 'o> {
    pub(super) wrap: KeyWrap,
    key: &'o SecretBytes,
    encrypted_key: &'a [u8],
}

impl Unwrapping<'_, '_> {
    pub(super) fn content_key(&self) -> Option<Zeroizing<Vec<u8>>> {
        self.wrap.unwrap(self.key.as_bytes(), self.encrypted_key)
    }
}
