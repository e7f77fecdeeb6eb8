//! `encrypt` (RFC 8551, 3.3 and 3.4).

use crate::bytes::{Sink, base64};
use crate::cert::Certificate;
use crate::cms::Encryption;
use crate::crypto::KeyTransport;
use crate::crypto::algorithms::{ContentCipher, Support};
use crate::env::Env;
use crate::error::{Error, Limit, Result};
use crate::mime::Outgoing;

/// What `encrypt` needs.
#[derive(Clone, Debug)]
pub struct EncryptOptions<'a> {
    /// A whole RFC 5322 message.
    pub message: &'a [u8],
    /// For whom. The sender is not added.
    pub recipients: &'a [Certificate],
    /// CBC writes EnvelopedData, GCM AuthEnvelopedData.
    pub cipher: ContentCipher,
    /// How the key reaches the recipients.
    pub key_transport: KeyTransport,
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
    let recipients: Vec<_> =
        recipients.into_iter().map(|r| (r, options.key_transport.clone())).collect();
    let outgoing = Outgoing::read(options.message, env.limits())?;
    let content = outgoing.content();
    let encryption = Encryption::new(env, options.cipher, false, &recipients, content.len())?;
    let smime_type = match options.cipher {
        ContentCipher::Cbc(_) => "enveloped-data",
        ContentCipher::Aead(_) => "authEnveloped-data",
    };
    let fields = format!(
        "Content-Type: application/pkcs7-mime; smime-type={smime_type};\r\n name=\"smime.p7m\"\r\n\
         Content-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"smime.p7m\"\r\n"
    );
    let cms_len = base64::encoded_len(encryption.encoded_len());
    let mut output = outgoing.start(&fields, cms_len, sink);
    let mut encoder = base64::Encoder::new(&mut output);
    encryption.write(env, content, &mut encoder).await?;
    encoder.finish();
    Ok(output)
}

/// Each recipient once.
fn checked_recipients(env: &Env, recipients: &[Certificate]) -> Result<Vec<Certificate>> {
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
    let mut checked: Vec<Certificate> = Vec::new();
    for (index, recipient) in (0..).zip(recipients) {
        let refused = |reason| Err(Error::RecipientUnusable { index, reason });
        if recipient.not_before() > env.now() {
            return refused("it is not valid yet");
        }
        if recipient.not_after() < env.now() {
            return refused("it is expired");
        }
        if !recipient.allows_encryption() {
            return refused("its key usage does not allow encryption");
        }
        if !recipient.allows_email() {
            return refused("its extended key usage does not allow e-mail");
        }
        if !checked.contains(recipient) {
            checked.push(recipient.clone());
        }
    }
    Ok(checked)
}
