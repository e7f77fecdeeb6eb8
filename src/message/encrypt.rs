//! `encrypt` (RFC 8551, 3.3 and 3.4).

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;

use super::decompress::compressed_entity;
use super::headers::{HeaderOptions, protect};
use crate::bytes::{Sink, base64};
use crate::cert::{AddressMatch, Certificate, match_address};
use crate::cms::{Capabilities, Encryption};
use crate::crypto::algorithms::{CEK_HKDF_SHA256, CbcCipher, ContentCipher, Support};
use crate::crypto::{KeyTransport, OaepParameters, PublicKey, RsaUsage};
use crate::env::{Env, Time};
use crate::error::{Error, Limit, Result};
use crate::mime::Outgoing;

/// What `encrypt` needs.
#[derive(Clone, Debug)]
pub struct EncryptOptions<'a> {
    /// A whole RFC 5322 message. Where it is owned, what is encrypted takes its place in memory.
    pub message: Cow<'a, [u8]>,
    /// For whom. The sender is not added.
    pub recipients: &'a [Recipient],
    /// Whether header fields are protected, and which are not to be readable outside.
    pub headers: HeaderOptions<'a>,
    /// How to encrypt.
    pub parameters: EncryptionParameters,
}

/// How messages are encrypted.
#[derive(Clone, Debug)]
pub struct EncryptionParameters {
    /// CBC writes EnvelopedData, GCM AuthEnvelopedData.
    pub cipher: ContentCipher,
    /// How the content key reaches those with RSA keys. By default as their key or their capabilities
    /// say, else by PKCS#1 v1.5. Other keys leave no choice.
    pub key_transport: Option<KeyTransport>,
    /// Whether the content is compressed before it is encrypted (RFC 8551, 3.7). Not every mail program
    /// reads that.
    pub compress: bool,
}

impl Default for EncryptionParameters {
    /// AES-256-CBC, because Outlook can't read GCM.
    fn default() -> EncryptionParameters {
        let cipher = ContentCipher::Cbc(CbcCipher::Aes256);
        EncryptionParameters { cipher, key_transport: None, compress: false }
    }
}

/// Somebody to encrypt to.
#[derive(Clone, Debug)]
pub struct Recipient {
    certificate: Certificate,
    capabilities: Option<Capabilities>,
    reads_protected_headers: bool,
    assigned: Vec<String>,
    only_for: Option<String>,
}

impl From<Certificate> for Recipient {
    /// With the capabilities that the certificate itself tells, if it does.
    fn from(certificate: Certificate) -> Recipient {
        // An extension that can't be read says nothing, and need not keep anybody from encrypting.
        let extension = certificate.smime_capabilities();
        let capabilities = extension.and_then(|der| Capabilities::from_der(der).ok());
        Recipient {
            certificate,
            capabilities,
            reads_protected_headers: false,
            assigned: Vec::new(),
            only_for: None,
        }
    }
}

impl Recipient {
    /// With capabilities that the recipient told elsewhere, in a signature that was good. They take the
    /// place of the certificate's.
    pub fn new(certificate: Certificate, capabilities: Capabilities) -> Recipient {
        Recipient { capabilities: Some(capabilities), ..certificate.into() }
    }

    /// For addresses that the certificate does not name, by somebody's word: a gateway reads their mail.
    #[must_use]
    pub fn assigned_to(mut self, addresses: &[String]) -> Recipient {
        self.assigned.extend_from_slice(addresses);
        self
    }

    /// For this address alone, whatever others the certificate names: it was chosen for this one.
    #[must_use]
    pub fn only_for(mut self, address: &str) -> Recipient {
        self.only_for = Some(address.to_owned());
        self
    }

    /// Whether the recipient's software is known to read RFC 9788: because mail of theirs is written so,
    /// say. No certificate and no capability tells it.
    #[must_use]
    pub fn reads_protected_headers(mut self, reads: bool) -> Recipient {
        self.reads_protected_headers = reads;
        self
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Whether mail to an address can be encrypted so.
    pub(super) fn stands_for(&self, address: &str) -> bool {
        if let Some(only) = &self.only_for {
            return only == address;
        }
        let mut own = self.certificate.addresses().iter().chain(&self.assigned);
        own.any(|own| match_address(own, address) != AddressMatch::Different)
    }

    /// Whether the recipient's software is known to read RFC 9788.
    pub(super) fn is_aware(&self) -> bool {
        self.reads_protected_headers
    }

    /// Why nobody can encrypt to the certificate at this moment, if so.
    pub(super) fn unusable(&self, now: Time) -> Option<&'static str> {
        let certificate = &self.certificate;
        if certificate.not_before() > now {
            return Some("it is not valid yet");
        }
        if certificate.not_after() < now {
            return Some("it is expired");
        }
        // Whether a key can't be used at all is said when it is to be used, with its name.
        let is_usable = certificate.public_key().key_management().is_some();
        if is_usable && !certificate.allows_encryption() {
            return Some("its key usage does not allow encryption");
        }
        if !certificate.allows_email() {
            return Some("its extended key usage does not allow e-mail");
        }
        None
    }

    /// Whether it is known what the recipient's software reads.
    pub fn has_capabilities(&self) -> bool {
        self.capabilities.is_some()
    }

    /// Whether the recipient's software is known to read an algorithm.
    pub fn has(&self, oid: ObjectIdentifier) -> bool {
        self.capabilities.as_ref().is_some_and(|capabilities| capabilities.has(oid))
    }

    /// Whom the key is encrypted for, and, if that is by an RSA key, how.
    pub(super) fn addressee(&self) -> (Certificate, KeyTransport) {
        (self.certificate.clone(), self.key_transport())
    }

    fn key_transport(&self) -> KeyTransport {
        if let PublicKey::Rsa(key) = self.certificate.public_key()
            && let RsaUsage::Oaep(parameters) = key.usage()
        {
            let parameters = parameters.clone().unwrap_or_else(OaepParameters::sha256);
            return KeyTransport::Oaep(parameters);
        }
        let capabilities = self.capabilities.as_ref();
        let asked = capabilities.and_then(|capabilities| capabilities.key_transport());
        asked.cloned().unwrap_or(KeyTransport::Pkcs1v15)
    }
}

/// Encrypts a message. Header fields that describe the content move inside with it, the others stay
/// where they are, readable, but for what [`HeaderOptions`] says.
///
/// # Errors
///
/// `usage/wrong-option` without recipients, for a cipher that is only read, or for fields that can't be
/// hidden any more, `refused/recipient` for a
/// certificate that is not valid now or not for encryption, `unsupported/algorithm` for a key that
/// can't encrypt, `malformed/mime`, `limit/…`, `aborted`.
pub async fn encrypt(env: &mut Env, options: EncryptOptions<'_>) -> Result<Vec<u8>> {
    encrypt_to(env, options, Vec::with_capacity).await
}

/// The same, into a sink that is made once the length is known.
///
/// # Errors
///
/// Those of [`encrypt`].
pub async fn encrypt_to<S: Sink>(
    env: &mut Env,
    options: EncryptOptions<'_>,
    sink: impl FnOnce(usize) -> S,
) -> Result<S> {
    let EncryptOptions { message, recipients, headers, parameters } = options;
    let outgoing = match headers.protection_for(recipients)? {
        Some(protection) => protect(message, &protection, env.limits())?,
        None => Outgoing::read(message, env.limits())?,
    };
    encrypt_outgoing(env, outgoing, recipients, &parameters, sink).await
}

/// Encrypts the entity of a message.
pub(super) async fn encrypt_outgoing<'a, S: Sink>(
    env: &mut Env,
    mut outgoing: Outgoing<'_>,
    recipients: impl IntoIterator<Item = &'a Recipient>,
    parameters: &EncryptionParameters,
    sink: impl FnOnce(usize) -> S,
) -> Result<S> {
    let cipher = parameters.cipher;
    if cipher.support() != Support::Write {
        return Err(Error::UsageWrongOption {
            option: "cipher",
            expected: "'aes-128-cbc', 'aes-256-cbc', 'aes-128-gcm' or 'aes-256-gcm'",
        });
    }
    let recipients = checked_recipients(env, (0..).zip(recipients))?;
    if recipients.is_empty() {
        return Err(Error::UsageWrongOption {
            option: "recipients",
            expected: "one certificate or more",
        });
    }
    // RFC 9709: only where nobody is left out.
    let is_bound = recipients.iter().all(|recipient| recipient.has(CEK_HKDF_SHA256));
    let recipients: Vec<_> = recipients
        .into_iter()
        .map(|recipient| {
            let (certificate, transport) = recipient.addressee();
            (certificate, parameters.key_transport.clone().unwrap_or(transport))
        })
        .collect();
    let mut content = outgoing.take_content();
    if parameters.compress {
        content = Cow::Owned(compressed_entity(env, &content).await?);
    }
    let encryption = Encryption::new(env, cipher, is_bound, &recipients, content.len())?;
    let smime_type = match cipher {
        ContentCipher::Cbc(_) => "enveloped-data",
        ContentCipher::Aead(_) => "authEnveloped-data",
    };
    let fields = format!(
        "Content-Type: application/pkcs7-mime; smime-type={smime_type};\r\n name=\"smime.p7m\"\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"smime.p7m\"\r\n"
    );
    let sealed = encryption.seal(env, content).await?;
    let cms_len = base64::encoded_len(sealed.encoded_len());
    let mut output = outgoing.start(&fields, cms_len, sink);
    let mut encoder = base64::Encoder::new(&mut output);
    sealed.write(env, &mut encoder).await?;
    encoder.finish();
    Ok(output)
}

/// Each recipient once, of those that were given at these positions.
///
/// # Errors
///
/// `refused/recipient`, `limit/recipients`.
pub(super) fn checked_recipients<'a>(
    env: &Env,
    recipients: impl IntoIterator<Item = (u64, &'a Recipient)>,
) -> Result<Vec<&'a Recipient>> {
    let recipients: Vec<_> = recipients.into_iter().collect();
    let allowed = env.limits().recipients;
    if recipients.len() > allowed {
        return Err(Error::Limit {
            limit: Limit::Recipients,
            required: recipients.len() as u64,
            allowed: allowed as u64,
        });
    }
    let mut checked: Vec<&Recipient> = Vec::new();
    for (index, recipient) in recipients {
        if let Some(reason) = recipient.unusable(env.now()) {
            return Err(Error::RecipientUnusable { index, reason });
        }
        if !checked.iter().any(|other| other.certificate == recipient.certificate) {
            checked.push(recipient);
        }
    }
    Ok(checked)
}
