//! `decrypt` (RFC 8551, 3.3 and 3.4).

use std::borrow::Cow;

use super::input::{Input, Outside, decode_in_place};
use crate::asn1::{oids, to_der};
use crate::bytes::{cut, offset_in};
use crate::cert::Identity;
use crate::cms::{
    Content, ContentInfo, EncryptedContent, KeyEncryptionKey, Opener, Openers, OwnedIdentifier,
    RecipientName,
};
use crate::crypto::SecretBytes;
use crate::crypto::algorithms::{ContentCipher, Support};
use crate::env::Env;
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::mime::Entity;

/// What `decrypt` needs.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecryptOptions<'a> {
    /// A whole message, or bare CMS.
    pub message: &'a [u8],
    /// Whoever may be a recipient. Every identity that is named is tried.
    pub identities: &'a [Identity],
    /// Each is tried where a message may be opened by password.
    pub passwords: &'a [SecretBytes],
    /// Keys that the sender had too. Every key that is named is tried.
    pub keys: &'a [KeyEncryptionKey],
}

/// Whether changes to the ciphertext would have been noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrity {
    /// The cipher has authenticated the plaintext.
    Protected,
    /// It has not: somebody may have changed the message on its way (EFAIL). Show it, but let nothing
    /// outward depend on it, unless a signature inside holds.
    None,
}

/// What `decrypt` answers.
#[derive(Debug)]
pub struct DecryptResult {
    /// The decrypted MIME entity, exactly, without the fields of the message around it.
    pub message: Vec<u8>,
    /// Whether changes would have been noticed.
    pub integrity: Integrity,
    /// The content cipher.
    pub cipher: ContentCipher,
    /// What opened it: its position among the options of its kind.
    pub opener: Opener,
    /// What else there is to tell.
    pub problems: Vec<Problem>,
}

/// Takes the outermost layer, which has to be an encrypted one, off a message.
///
/// # Errors
///
/// `decrypt/not-encrypted`, `decrypt/not-mail`, `decrypt/no-recipient`, `decrypt/failed`, `unsupported/…`,
/// `malformed/…`, `limit/…`, `aborted`. Which recipient failed, and why, is not told.
pub async fn decrypt(env: &mut Env, options: DecryptOptions<'_>) -> Result<DecryptResult> {
    let DecryptOptions { message, identities, passwords, keys } = options;
    let Outside::Cms(cms) = Input::read(message, env.limits())?.outside else {
        return Err(Error::DecryptNotEncrypted);
    };
    decrypt_cms(env, cms, Openers { identities, passwords, keys }, &mut Vec::new()).await
}

/// The same for a message of which nothing else is needed any more: it is decrypted where it is.
///
/// # Errors
///
/// Those of [`decrypt`].
pub async fn decrypt_in_place(
    env: &mut Env,
    message: Vec<u8>,
    openers: Openers<'_>,
) -> Result<DecryptResult> {
    decrypt_or_name(env, message, openers, &mut Vec::new()).await
}

/// The same; where nobody who is given is a recipient, it tells who is. That is public.
pub(super) async fn decrypt_or_name(
    env: &mut Env,
    mut message: Vec<u8>,
    openers: Openers<'_>,
    recipients: &mut Vec<OwnedIdentifier>,
) -> Result<DecryptResult> {
    let limits = *env.limits();
    decode_in_place(&mut message, &limits, |_| true)?;
    let Outside::Cms(cms) = Input::read(&message, &limits)?.outside else {
        return Err(Error::DecryptNotEncrypted);
    };
    let cms = match cms {
        Cow::Owned(cms) => cms,
        Cow::Borrowed(cms) => {
            let start = offset_in(&message, cms).unwrap_or_default();
            let range = start..start + cms.len();
            cut(message, range)
        }
    };
    decrypt_cms(env, Cow::Owned(cms), openers, recipients).await
}

async fn decrypt_cms(
    env: &mut Env,
    cms: Cow<'_, [u8]>,
    openers: Openers<'_>,
    recipients: &mut Vec<OwnedIdentifier>,
) -> Result<DecryptResult> {
    let limits = *env.limits();
    let der = to_der(&cms, &limits)?;
    let (encrypted, is_enveloped) = match ContentInfo::from_der(&der)?.open(&limits)? {
        Content::EnvelopedData(encrypted) => (encrypted, true),
        Content::AuthEnvelopedData(encrypted) => (encrypted, false),
        Content::SignedData(_) | Content::CompressedData(_) => {
            return Err(Error::DecryptNotEncrypted);
        }
    };
    refuse_keys(&encrypted)?;
    let unlocked = encrypted.unlock(env, openers, &der).await;
    if let Err(Error::DecryptNoRecipient { .. }) = unlocked {
        let names = encrypted.recipients.iter().flat_map(|info| info.names());
        recipients.extend(names.filter_map(|name| match name {
            RecipientName::Entity(identifier) => Some(OwnedIdentifier::from(identifier)),
            RecipientName::Key(_) | RecipientName::Unnamed => None,
        }));
    }
    let unlocked = unlocked?;
    let made = match der {
        Cow::Owned(der) => Some(Cow::Owned(der)),
        Cow::Borrowed(_) => None,
    };
    // DER all along: where it was in `der`, it is in `cms`.
    let der = made.unwrap_or(cms);
    let opened = unlocked.decrypt(env, der, |content| begins_entity(content, &limits)).await?;
    // What weighs most first.
    let mut problems = Vec::new();
    if opened.cipher.support() == Support::ReadLegacy {
        problems
            .push(Problem::new(ProblemCode::CipherWeak).with_text("cipher", opened.cipher.name()));
    }
    if let Some(wrap) = opened.legacy_wrap {
        problems.push(Problem::new(ProblemCode::CipherWeak).with_text("cipher", wrap.name()));
    }
    let integrity = match opened.cipher {
        ContentCipher::Aead(_) => {
            if is_enveloped {
                problems.push(Problem::new(ProblemCode::CipherGcmInEnvelopedData));
            }
            Integrity::Protected
        }
        ContentCipher::Cbc(_) => {
            problems.push(Problem::new(ProblemCode::CipherNoIntegrity));
            Integrity::None
        }
    };
    Ok(DecryptResult {
        message: opened.content,
        integrity,
        cipher: opened.cipher,
        opener: opened.opener,
        problems,
    })
}

/// Refuses what holds keys: who gets hold of the envelope of a shared account could send it as a mail.
pub(super) fn refuse_keys(encrypted: &EncryptedContent<'_>) -> Result<()> {
    match encrypted.content_type {
        oids::KEY_PACKAGE => Err(Error::DecryptNotMail),
        _ => Ok(()),
    }
}

/// Whether a plaintext begins as MIME does, with a header field and no control characters in the
/// header, which the plaintext of a wrong key does not.
pub(super) fn begins_entity(content: &[u8], limits: &Limits) -> bool {
    let start = content.get(..content.len().min(8 << 10)).unwrap_or_default();
    Entity::parse(start, limits).is_ok_and(|entity| {
        let header = start.get(..start.len() - entity.body().len()).unwrap_or_default();
        let is_text = |octet: &u8| !octet.is_ascii_control() || b"\t\r\n".contains(octet);
        !entity.fields().is_empty() && header.iter().all(is_text)
    })
}
