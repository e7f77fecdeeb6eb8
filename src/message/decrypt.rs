//! `decrypt` (RFC 8551, 3.3 and 3.4).

use super::input::{Input, Outside};
use crate::asn1::to_der;
use crate::cert::Identity;
use crate::cms::{Content, ContentInfo};
use crate::crypto::algorithms::{ContentCipher, Support};
use crate::env::Env;
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::mime::Entity;

/// What `decrypt` needs.
#[derive(Clone, Copy, Debug)]
pub struct DecryptOptions<'a> {
    /// A whole message, or bare CMS.
    pub message: &'a [u8],
    /// Whoever may be a recipient. Every identity that is named is tried.
    pub identities: &'a [Identity],
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
    /// Position of the identity that opened it.
    pub identity: usize,
    /// What else there is to tell.
    pub problems: Vec<Problem>,
}

/// Takes the outermost layer, which has to be an encrypted one, off a message.
///
/// # Errors
///
/// `decrypt/not-encrypted`, `decrypt/no-recipient`, `decrypt/failed`, `unsupported/…`, `malformed/…`,
/// `limit/…`, `aborted`. Which recipient failed, and why, is not told.
pub async fn decrypt(env: &mut Env, options: DecryptOptions<'_>) -> Result<DecryptResult> {
    let limits = *env.limits();
    let input = Input::read(options.message, &limits)?;
    let Outside::Cms(cms) = input.outside else { return Err(Error::DecryptNotEncrypted) };
    let der = to_der(&cms, &limits)?;
    let (encrypted, is_enveloped) = match ContentInfo::from_der(&der)?.open(&limits)? {
        Content::EnvelopedData(encrypted) => (encrypted, true),
        Content::AuthEnvelopedData(encrypted) => (encrypted, false),
        Content::SignedData(_) => return Err(Error::DecryptNotEncrypted),
    };
    let opened = encrypted
        .decrypt(env, options.identities, |content| begins_entity(content, &limits))
        .await?;
    let mut problems = Vec::new();
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
    if opened.cipher.support() == Support::ReadLegacy {
        problems
            .push(Problem::new(ProblemCode::CipherWeak).with_text("cipher", opened.cipher.name()));
    }
    Ok(DecryptResult {
        message: opened.content,
        integrity,
        cipher: opened.cipher,
        identity: opened.identity,
        problems,
    })
}

/// Whether a plaintext begins as MIME does, which the plaintext of a wrong key does not.
fn begins_entity(content: &[u8], limits: &Limits) -> bool {
    let start = content.get(..content.len().min(8 << 10)).unwrap_or_default();
    Entity::parse(start, limits).is_ok()
}
