//! RecipientInfo (RFC 5652, 6.2), of which KeyTransRecipientInfo is opened and written.
//!
//! ```text
//! RecipientInfo ::= CHOICE {
//!   ktri KeyTransRecipientInfo,
//!   kari [1] KeyAgreeRecipientInfo,
//!   kekri [2] KEKRecipientInfo,
//!   pwri [3] PasswordRecipientInfo,
//!   ori [4] OtherRecipientInfo }
//!
//! KeyTransRecipientInfo ::= SEQUENCE {
//!   version CMSVersion,
//!   rid RecipientIdentifier,
//!   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
//!   encryptedKey OCTET STRING }
//! ```

use der::asn1::ObjectIdentifier;

use super::encode::{NULL, algorithm_der};
use super::identifier::{EntityIdentifier, issuer_and_serial_number};
use crate::asn1::{Reader, Tlv, constructed, primitive, tag};
use crate::cert::Certificate;
use crate::crypto::algorithms::{DigestAlgorithm, MGF1, P_SPECIFIED, RSA_ENCRYPTION, RSAES_OAEP};
use crate::crypto::{KeyTransport, OaepParameters};
use crate::env::Env;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// How one recipient gets the content-encryption key.
#[derive(Clone, Copy, Debug)]
pub struct RecipientInfo<'a> {
    /// Which of the kinds.
    pub kind: RecipientKind,
    /// Whose certificate is meant, where that is read.
    pub identifier: Option<EntityIdentifier<'a>>,
    /// The key-encryption algorithm, where that is read.
    pub algorithm: Option<ObjectIdentifier>,
    parameters: Option<Tlv<'a>>,
    encrypted_key: &'a [u8],
}

/// The alternatives of RecipientInfo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the standard's names")]
pub enum RecipientKind {
    KeyTransport,
    KeyAgreement,
    KeyEncryptionKey,
    Password,
    Other,
}

impl RecipientKind {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            RecipientKind::KeyTransport => "key-transport",
            RecipientKind::KeyAgreement => "key-agreement",
            RecipientKind::KeyEncryptionKey => "key-encryption-key",
            RecipientKind::Password => "password",
            RecipientKind::Other => "other",
        }
    }
}

impl<'a> RecipientInfo<'a> {
    /// From the SET OF RecipientInfo.
    pub(super) fn read_all(set: Tlv<'a>, limits: &Limits) -> Result<Vec<RecipientInfo<'a>>> {
        let mut reader = set.contents();
        let mut recipients = Vec::new();
        while !reader.is_empty() {
            if recipients.len() >= limits.recipients {
                return Err(Error::Limit {
                    limit: Limit::Recipients,
                    required: limits.recipients as u64 + 1,
                    allowed: limits.recipients as u64,
                });
            }
            recipients.push(Self::read(reader.any()?)?);
        }
        Ok(recipients)
    }

    fn read(info: Tlv<'a>) -> Result<RecipientInfo<'a>> {
        const KARI: u8 = tag::context_constructed(1);
        const KEKRI: u8 = tag::context_constructed(2);
        const PWRI: u8 = tag::context_constructed(3);
        const ORI: u8 = tag::context_constructed(4);
        let other = |kind| RecipientInfo {
            kind,
            identifier: None,
            algorithm: None,
            parameters: None,
            encrypted_key: &[],
        };
        match info.tag {
            tag::SEQUENCE => Self::read_ktri(info.contents()),
            KARI => Ok(other(RecipientKind::KeyAgreement)),
            KEKRI => Ok(other(RecipientKind::KeyEncryptionKey)),
            PWRI => Ok(other(RecipientKind::Password)),
            ORI => Ok(other(RecipientKind::Other)),
            _ => Err(Error::MalformedCms { rule: "an unknown kind of RecipientInfo" }),
        }
    }

    fn read_ktri(mut reader: Reader<'a>) -> Result<RecipientInfo<'a>> {
        let _version = reader.expect(tag::INTEGER)?;
        let identifier = EntityIdentifier::read(&mut reader)?;
        let mut algorithm = reader.sequence()?;
        let oid = algorithm.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let parameters = if algorithm.is_empty() { None } else { Some(algorithm.any()?) };
        let encrypted_key = reader.expect(tag::OCTET_STRING)?.value;
        reader.finish()?;
        Ok(RecipientInfo {
            kind: RecipientKind::KeyTransport,
            identifier: Some(identifier),
            algorithm: Some(oid),
            parameters,
            encrypted_key,
        })
    }

    /// Whether this certificate is meant.
    pub fn matches(&self, certificate: &Certificate) -> bool {
        self.identifier.is_some_and(|identifier| identifier.matches(certificate))
    }

    /// The encrypted content-encryption key.
    pub(super) fn encrypted_key(&self) -> &'a [u8] {
        self.encrypted_key
    }

    /// How the key was encrypted. This depends on public fields only.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm`, `malformed/asn1`.
    pub(super) fn transport(&self) -> Result<KeyTransport> {
        match self.algorithm {
            Some(RSA_ENCRYPTION) => Ok(KeyTransport::Pkcs1v15),
            Some(RSAES_OAEP) => oaep_parameters(self.parameters).map(KeyTransport::Oaep),
            Some(other) => Err(Error::UnsupportedAlgorithm {
                role: "key transport",
                algorithm: other.to_string(),
            }),
            None => Err(Error::UnsupportedStructure { structure: "this kind of RecipientInfo" }),
        }
    }

    /// The name of the key-encryption algorithm, or its identifier where we have no name for it.
    pub fn algorithm_name(&self) -> Option<String> {
        self.algorithm.map(|oid| match oid {
            RSA_ENCRYPTION => "rsaes-pkcs1-v1_5".to_owned(),
            RSAES_OAEP => "rsaes-oaep".to_owned(),
            other => other.to_string(),
        })
    }
}

/// ```text
/// RSAES-OAEP-params ::= SEQUENCE {
///   hashAlgorithm     [0] HashAlgorithm    DEFAULT sha1,
///   maskGenAlgorithm  [1] MaskGenAlgorithm DEFAULT mgf1SHA1,
///   pSourceAlgorithm  [2] PSourceAlgorithm DEFAULT pSpecifiedEmpty }
/// ```
fn oaep_parameters(parameters: Option<Tlv<'_>>) -> Result<OaepParameters> {
    let mut found = OaepParameters {
        digest: DigestAlgorithm::Sha1,
        mgf_digest: DigestAlgorithm::Sha1,
        label: Vec::new(),
    };
    let Some(parameters) = parameters.filter(|parameters| parameters.tag != tag::NULL) else {
        return Ok(found);
    };
    let mut reader = Reader::only(parameters.raw, tag::SEQUENCE)?.contents();
    if let Some(field) = reader.optional(tag::context_constructed(0))? {
        found.digest = digest(field.contents().expect(tag::SEQUENCE)?)?;
    }
    if let Some(field) = reader.optional(tag::context_constructed(1))? {
        let mut mask = field.contents().sequence()?;
        let oid = mask.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        if oid != MGF1 {
            return Err(unsupported("a mask generation function", oid));
        }
        found.mgf_digest = digest(mask.expect(tag::SEQUENCE)?)?;
    }
    if let Some(field) = reader.optional(tag::context_constructed(2))? {
        let mut source = field.contents().sequence()?;
        let oid = source.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        if oid != P_SPECIFIED {
            return Err(unsupported("the label of OAEP", oid));
        }
        found.label = source.expect(tag::OCTET_STRING)?.value.to_vec();
    }
    reader.finish()?;
    Ok(found)
}

fn digest(algorithm: Tlv<'_>) -> Result<DigestAlgorithm> {
    let oid = algorithm.contents().expect(tag::OBJECT_IDENTIFIER)?.oid()?;
    DigestAlgorithm::by_oid(oid)
        .filter(|digest| OaepParameters::DIGESTS.contains(digest))
        .ok_or_else(|| unsupported("OAEP", oid))
}

fn unsupported(role: &'static str, oid: ObjectIdentifier) -> Error {
    Error::UnsupportedAlgorithm { role, algorithm: oid.to_string() }
}

/// A KeyTransRecipientInfo for this recipient.
///
/// # Errors
///
/// `unsupported/algorithm` if its key can't encrypt.
pub(super) fn build(
    env: &mut Env,
    recipient: &Certificate,
    transport: &KeyTransport,
    content_key: &[u8],
) -> Result<Vec<u8>> {
    let encrypted = recipient.public_key().encrypt_key(env, transport, content_key)?;
    let algorithm = match transport {
        KeyTransport::Pkcs1v15 => algorithm_der(RSA_ENCRYPTION, NULL),
        KeyTransport::Oaep(parameters) => algorithm_der(RSAES_OAEP, &oaep_der(parameters)),
    };
    Ok(constructed(
        tag::SEQUENCE,
        &[
            &primitive(tag::INTEGER, &[0]),
            &issuer_and_serial_number(recipient),
            &algorithm,
            &primitive(tag::OCTET_STRING, &encrypted),
        ],
    ))
}

/// Defaults are left out, as DER demands (X.690, 11.5).
fn oaep_der(parameters: &OaepParameters) -> Vec<u8> {
    let explicit = |number, value: &[u8]| constructed(tag::context_constructed(number), &[value]);
    let mut fields = Vec::new();
    if parameters.digest != DigestAlgorithm::Sha1 {
        fields.push(explicit(0, &algorithm_der(parameters.digest.oid(), NULL)));
    }
    if parameters.mgf_digest != DigestAlgorithm::Sha1 {
        let hash = algorithm_der(parameters.mgf_digest.oid(), NULL);
        fields.push(explicit(1, &algorithm_der(MGF1, &hash)));
    }
    if !parameters.label.is_empty() {
        let label = primitive(tag::OCTET_STRING, &parameters.label);
        fields.push(explicit(2, &algorithm_der(P_SPECIFIED, &label)));
    }
    let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
    constructed(tag::SEQUENCE, &fields)
}
