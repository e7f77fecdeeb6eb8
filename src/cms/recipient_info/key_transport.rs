//! KeyTransRecipientInfo (RFC 5652, 6.2.1) with RSA PKCS#1 v1.5 (RFC 3370, 4.2.1) and OAEP (RFC 3560).
//!
//! ```text
//! KeyTransRecipientInfo ::= SEQUENCE {
//!   version CMSVersion,
//!   rid RecipientIdentifier,
//!   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
//!   encryptedKey OCTET STRING }
//! ```

use zeroize::Zeroizing;

use super::{Built, unsupported};
use crate::asn1::{AlgorithmIdentifier, NULL, Reader, algorithm_der, constructed, primitive, tag};
use crate::cert::Certificate;
use crate::cms::identifier::{EntityIdentifier, issuer_and_serial_number};
use crate::crypto::algorithms::{RSA_ENCRYPTION, RSAES_OAEP};
use crate::crypto::{KeyTransport, OaepParameters, Operation, PrivateKey, PublicKey};
use crate::env::Env;
use crate::error::Result;

#[derive(Clone, Copy, Debug)]
pub(super) struct KeyTransRecipientInfo<'a> {
    pub(super) identifier: EntityIdentifier<'a>,
    algorithm: AlgorithmIdentifier<'a>,
    encrypted_key: &'a [u8],
}

impl<'a> KeyTransRecipientInfo<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<KeyTransRecipientInfo<'a>> {
        let _version = reader.expect(tag::INTEGER)?;
        let identifier = EntityIdentifier::read(&mut reader)?;
        let algorithm = AlgorithmIdentifier::read(&mut reader)?;
        let encrypted_key = reader.expect(tag::OCTET_STRING)?.value;
        reader.finish()?;
        Ok(KeyTransRecipientInfo { identifier, algorithm, encrypted_key })
    }

    pub(super) fn algorithm_name(&self) -> String {
        match self.algorithm.oid {
            RSA_ENCRYPTION => "rsaes-pkcs1-v1_5".to_owned(),
            RSAES_OAEP => "rsaes-oaep".to_owned(),
            other => other.to_string(),
        }
    }

    /// What this key is to do.
    pub(super) fn transport<'o>(&self, key: &'o PrivateKey) -> Result<Transport<'a, 'o>> {
        let transport = match self.algorithm.oid {
            RSA_ENCRYPTION => KeyTransport::Pkcs1v15,
            RSAES_OAEP => KeyTransport::Oaep(OaepParameters::read(self.algorithm.parameters)?),
            other => return Err(unsupported("key transport", other)),
        };
        if !matches!(key.public_key(), PublicKey::Rsa(_)) {
            return Err(unsupported("key transport to this key", self.algorithm.oid));
        }
        key.permits(Operation::Decrypt)?;
        Ok(Transport { key, transport, encrypted_key: self.encrypted_key })
    }
}

pub(super) struct Transport<'a, 'o> {
    key: &'o PrivateKey,
    transport: KeyTransport,
    encrypted_key: &'a [u8],
}

impl Transport<'_, '_> {
    pub(super) async fn content_key(
        &self,
        env: &mut Env,
        key_size: usize,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.key.decrypt_key(env, &self.transport, self.encrypted_key, key_size).await
    }
}

/// # Errors
///
/// `unsupported/algorithm` if the recipient's key can't encrypt.
pub(super) fn build(
    env: &mut Env,
    recipient: &Certificate,
    transport: &KeyTransport,
    content_key: &[u8],
) -> Result<Built> {
    let encrypted = recipient.public_key().encrypt_key(env, transport, content_key)?;
    let algorithm = match transport {
        KeyTransport::Pkcs1v15 => algorithm_der(RSA_ENCRYPTION, NULL),
        KeyTransport::Oaep(parameters) => algorithm_der(RSAES_OAEP, &parameters.to_der()),
    };
    let version = 0;
    let der = constructed(
        tag::SEQUENCE,
        &[
            &primitive(tag::INTEGER, &[version]),
            &issuer_and_serial_number(recipient),
            &algorithm,
            &primitive(tag::OCTET_STRING, &encrypted),
        ],
    );
    Ok(Built { der, version })
}
