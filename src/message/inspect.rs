//! `inspect`: what a message is, from its bytes alone.

use std::borrow::Cow;
use std::pin::Pin;

use super::input::{Input, Outside};
use crate::asn1::{oids, to_der};
use crate::bytes::hex;
use crate::cms::{
    Content, ContentInfo, EncryptedContent, EntityIdentifier, RecipientInfo, RecipientName,
    SignedData,
};
use crate::env::Env;
use crate::error::{Error, Limit, Result};

/// One layer of a message.
#[derive(Debug, PartialEq, Eq)]
pub struct Structure {
    /// What it is.
    pub layer: Layer,
    /// What is inside, where that can be read without a key.
    pub inside: Option<Box<Structure>>,
}

/// What a layer is.
#[derive(Debug, PartialEq, Eq)]
pub enum Layer {
    /// No S/MIME; the media type.
    Plain {
        /// In lower case.
        content_type: String,
    },
    /// Signed, detached or opaque.
    Signed {
        /// Whether it is multipart/signed.
        is_detached: bool,
        /// The signature algorithms, one for each signer.
        algorithms: Vec<String>,
        /// How many certificates go along.
        certificates: usize,
    },
    /// Encrypted.
    Encrypted {
        /// Whether changes to the ciphertext would be noticed.
        is_authenticated: bool,
        /// The cipher's name, or its identifier where we have no name for it.
        cipher: String,
        /// For whom.
        recipients: Vec<RecipientSummary>,
    },
    /// Compressed.
    Compressed,
    /// A content type that this version does not open.
    Other {
        /// Its identifier.
        content_type: String,
    },
}

/// What a message tells of a recipient.
#[derive(Debug, PartialEq, Eq)]
pub struct RecipientSummary {
    /// `key-transport`, `key-agreement`, …
    pub kind: &'static str,
    /// The issuer's name as RFC 4514 writes it.
    pub issuer: Option<String>,
    /// In hexadecimal.
    pub serial_number: Option<String>,
    /// In hexadecimal.
    pub subject_key_identifier: Option<String>,
    /// Of a key that both sides had before, in hexadecimal.
    pub key_identifier: Option<String>,
    /// The key-encryption algorithm.
    pub algorithm: Option<String>,
}

/// Reads the layers of a message down to what is encrypted or plain.
///
/// # Errors
///
/// `malformed/…`, `limit/…`, `aborted`.
pub async fn inspect(env: &mut Env, message: &[u8]) -> Result<Structure> {
    let allowed = env.limits().decompressed_bytes;
    inspect_at(env, message, allowed, 0).await
}

/// `allowed` are the bytes that compressed content may still become.
fn inspect_at<'a>(
    env: &'a mut Env,
    message: &'a [u8],
    allowed: usize,
    depth: usize,
) -> Pin<Box<dyn Future<Output = Result<Structure>> + 'a>> {
    Box::pin(async move {
        let limits = *env.limits();
        if depth > limits.mime_depth {
            return Err(Error::Limit {
                limit: Limit::MimeDepth,
                required: depth as u64,
                allowed: limits.mime_depth as u64,
            });
        }
        let input = Input::read(message, &limits)?;
        let (detached, cms): (Option<&[u8]>, Cow<'_, [u8]>) = match input.outside {
            Outside::Plain => {
                let content_type = input.entity.map(|entity| entity.content_type());
                let content_type = content_type.unwrap_or_default().essence().to_owned();
                return Ok(Structure { layer: Layer::Plain { content_type }, inside: None });
            }
            Outside::Detached { content, cms } => (Some(content), cms),
            Outside::Cms(cms) => (None, cms),
        };
        let der = to_der(&cms, &limits)?;
        let info = ContentInfo::from_der(&der)?;
        let (layer, inside) = match info.open(&limits) {
            Ok(Content::SignedData(signed)) => {
                let content =
                    detached.or(signed.content.filter(|_| signed.content_type == oids::DATA));
                let inside = match content {
                    Some(content) => Some(inspect_at(env, content, allowed, depth + 1).await),
                    None => None,
                };
                (signed_layer(&signed, detached.is_some()), inside)
            }
            Ok(Content::EnvelopedData(encrypted) | Content::AuthEnvelopedData(encrypted)) => {
                (encrypted_layer(&encrypted), None)
            }
            Ok(Content::CompressedData(compressed)) => {
                let inside = match compressed.open(env, allowed).await {
                    Ok(content) => {
                        let allowed = allowed.saturating_sub(content.len());
                        inspect_at(env, &content, allowed, depth + 1).await
                    }
                    Err(error) => Err(error),
                };
                (Layer::Compressed, Some(inside))
            }
            Err(Error::UnsupportedStructure { .. }) => {
                (Layer::Other { content_type: info.content_type.to_string() }, None)
            }
            Err(error) => return Err(error),
        };
        // What is inside need not be MIME: then there is nothing to tell of it.
        let inside = match inside {
            Some(Err(error @ (Error::Limit { .. } | Error::Aborted))) => return Err(error),
            Some(inside) => inside.ok().map(Box::new),
            None => None,
        };
        Ok(Structure { layer, inside })
    })
}

fn signed_layer(signed: &SignedData<'_>, is_detached: bool) -> Layer {
    Layer::Signed {
        is_detached,
        algorithms: signed.signers.iter().map(|signer| signer.algorithm_name()).collect(),
        certificates: signed.certificates.len(),
    }
}

fn encrypted_layer(encrypted: &EncryptedContent<'_>) -> Layer {
    let recipients = encrypted
        .recipients
        .iter()
        .flat_map(|info| info.names().into_iter().map(|name| recipient(info, name)));
    Layer::Encrypted {
        is_authenticated: encrypted.is_authenticated(),
        cipher: encrypted.cipher_name(),
        recipients: recipients.collect(),
    }
}

fn recipient(info: &RecipientInfo<'_>, name: RecipientName<'_>) -> RecipientSummary {
    let mut summary = RecipientSummary {
        kind: info.kind(),
        issuer: None,
        serial_number: None,
        subject_key_identifier: None,
        key_identifier: None,
        algorithm: info.algorithm_name(),
    };
    match name {
        RecipientName::Entity(EntityIdentifier::IssuerAndSerialNumber {
            issuer,
            serial_number,
        }) => {
            summary.issuer = Some(crate::cert::name_text(issuer));
            summary.serial_number = Some(hex::encode(serial_number));
        }
        RecipientName::Entity(EntityIdentifier::SubjectKeyIdentifier(identifier)) => {
            summary.subject_key_identifier = Some(hex::encode(identifier));
        }
        RecipientName::Key(identifier) => summary.key_identifier = Some(hex::encode(identifier)),
        RecipientName::Unnamed => {}
    }
    summary
}
