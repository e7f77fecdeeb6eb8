//! `encrypt` (RFC 8551, 3.3 and 3.4).

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;

use super::decompress::compressed_entity;
use crate::bytes::{Sink, base64};
use crate::cert::Certificate;
use crate::cms::{Capabilities, Encryption};
use crate::crypto::algorithms::{CEK_HKDF_SHA256, ContentCipher, Support};
use crate::crypto::{KeyTransport, OaepParameters, PublicKey, RsaUsage};
use crate::env::Env;
use crate::error::{Error, Limit, Result};
use crate::mime::Outgoing;

/// What `encrypt` needs.
#[derive(Clone, Debug)]
pub struct EncryptOptions<'a> {
    /// A whole RFC 5322 message. Where it is owned, what is encrypted takes its place in memory.
    pub message: Cow<'a, [u8]>,
    /// For whom. The sender is not added.
    pub recipients: &'a [Recipient],
    /// CBC writes EnvelopedData, GCM AuthEnvelopedData.
    pub cipher: ContentCipher,
    /// How the content key reaches those with RSA keys. By default as their key or their capabilities
    /// say, else by PKCS#1 v1.5. Other keys leave no choice.
    pub key_transport: Option<KeyTransport>,
    /// Whether the content is compressed before it is encrypted (RFC 8551, 3.7). Not every mail program
    /// reads that.
    pub compress: bool,
}

/// Somebody to encrypt to.
#[derive(Clone, Debug)]
pub struct Recipient {
    certificate: Certificate,
    capabilities: Option<Capabilities>,
}

impl From<Certificate> for Recipient {
    /// With the capabilities that the certificate itself tells, if it does.
    fn from(certificate: Certificate) -> Recipient {
        // An extension that can't be read says nothing, and need not keep anybody from encrypting.
        let extension = certificate.smime_capabilities();
        let capabilities = extension.and_then(|der| Capabilities::from_der(der).ok());
        Recipient { certificate, capabilities }
    }
}

impl Recipient {
    /// With capabilities that the recipient told elsewhere, in a signature that was good. They take the
    /// place of the certificate's.
    pub fn new(certificate: Certificate, capabilities: Capabilities) -> Recipient {
        Recipient { certificate, capabilities: Some(capabilities) }
    }

    /// Whether the recipient's software is known to read an algorithm.
    fn has(&self, oid: ObjectIdentifier) -> bool {
        self.capabilities.as_ref().is_some_and(|capabilities| capabilities.has(oid))
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
/// where they are, readable.
///
/// # Errors
///
/// `usage/wrong-option` without recipients or for a cipher that is only read, `refused/recipient` for a
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
    if options.cipher.support() != Support::Write {
        return Err(Error::UsageWrongOption {
            option: "cipher",
            expected: "'aes-128-cbc', 'aes-256-cbc', 'aes-128-gcm' or 'aes-256-gcm'",
        });
    }
    let recipients = checked_recipients(env, options.recipients)?;
    // RFC 9709: only where nobody is left out.
    let is_bound = recipients.iter().all(|recipient| recipient.has(CEK_HKDF_SHA256));
    let recipients: Vec<_> = recipients
        .into_iter()
        .map(|recipient| {
            let asked = options.key_transport.clone();
            let transport = asked.unwrap_or_else(|| recipient.key_transport());
            (recipient.certificate.clone(), transport)
        })
        .collect();
    let mut outgoing = Outgoing::read(options.message, env.limits())?;
    let mut content = outgoing.take_content();
    if options.compress {
        content = Cow::Owned(compressed_entity(env, &content).await?);
    }
    let encryption = Encryption::new(env, options.cipher, is_bound, &recipients, content.len())?;
    let smime_type = match options.cipher {
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

/// Each recipient once.
fn checked_recipients<'a>(env: &Env, recipients: &'a [Recipient]) -> Result<Vec<&'a Recipient>> {
    let allowed = env.limits().recipients;
    if recipients.is_empty() {
        return Err(Error::UsageWrongOption {
            option: "recipients",
            expected: "one certificate or more",
        });
    }
    if recipients.len() > allowed {
        return Err(Error::Limit {
            limit: Limit::Recipients,
            required: recipients.len() as u64,
            allowed: allowed as u64,
        });
    }
    let mut checked: Vec<&Recipient> = Vec::new();
    for (index, recipient) in (0..).zip(recipients) {
        let certificate = &recipient.certificate;
        let refused = |reason| Err(Error::RecipientUnusable { index, reason });
        if certificate.not_before() > env.now() {
            return refused("it is not valid yet");
        }
        if certificate.not_after() < env.now() {
            return refused("it is expired");
        }
        // Whether a key can't be used at all is said when it is to be used, with its name.
        let is_usable = certificate.public_key().key_management().is_some();
        if is_usable && !certificate.allows_encryption() {
            return refused("its key usage does not allow encryption");
        }
        if !certificate.allows_email() {
            return refused("its extended key usage does not allow e-mail");
        }
        if !checked.iter().any(|other| other.certificate == *certificate) {
            checked.push(recipient);
        }
    }
    Ok(checked)
}
