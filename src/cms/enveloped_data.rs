//! EnvelopedData (RFC 5652, 6), and what it shares with AuthEnvelopedData.
//!
//! ```text
//! EnvelopedData ::= SEQUENCE {
//!   version CMSVersion,
//!   originatorInfo [0] IMPLICIT OriginatorInfo OPTIONAL,
//!   recipientInfos SET OF RecipientInfo,
//!   encryptedContentInfo EncryptedContentInfo,
//!   unprotectedAttrs [1] IMPLICIT SET OF Attribute OPTIONAL }
//!
//! EncryptedContentInfo ::= SEQUENCE {
//!   contentType OBJECT IDENTIFIER,
//!   contentEncryptionAlgorithm ContentEncryptionAlgorithmIdentifier,
//!   encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL }
//! ```
//!
//! No oracle: recipients are tried on a match of their identifier only, and once the public fields are
//! read, everything that can go wrong is `decrypt/failed`, told after all work is done. A wrong key,
//! a bad PKCS#1 v1.5 padding and a bad CBC padding take one path; see [`PrivateKey::decrypt_key`].
//! Where OAEP or another kind of recipient gives no key, the content is decrypted in vain: the
//! outcome is one, and takes as long.
//!
//! [`PrivateKey::decrypt_key`]: crate::crypto::PrivateKey::decrypt_key

use std::borrow::Cow;
use std::ops::Range;

use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use super::attributes;
use super::auth_enveloped_data::Authentication;
use super::content_encryption::{
    ContentDecryption, ContentEncryption, ContentEncryptionAlgorithm, SealedContent,
};
use super::encode::{oid_der, prefix, set_of};
use super::recipient_info::{self, Attempt, Opener, Openers, RecipientInfo};
use crate::asn1::{Reader, Tlv, header, oids, primitive, tag};
use crate::bytes::{Sink, cut, offset_in};
use crate::cert::Certificate;
use crate::crypto::algorithms::{AeadCipher, ContentCipher, GcmCipher, KeyWrap};
use crate::crypto::{KeyTransport, SecretBytes};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::limits::Limits;

/// An EnvelopedData or AuthEnvelopedData as slices of its DER.
#[derive(Debug)]
pub struct EncryptedContent<'a> {
    /// The recipients.
    pub recipients: Vec<RecipientInfo<'a>>,
    /// What is encrypted; `id-data` for mail.
    pub content_type: ObjectIdentifier,
    algorithm: ContentEncryptionAlgorithm<'a>,
    /// The ciphertext, in the pieces it came in.
    pieces: Vec<&'a [u8]>,
    authentication: Option<Authentication<'a>>,
    /// The version, as far as it does not follow from the recipients; AuthEnvelopedData has but one.
    pub(super) least_version: Option<u8>,
}

impl<'a> EncryptedContent<'a> {
    pub(super) fn read_enveloped(
        content: Tlv<'a>,
        limits: &Limits,
    ) -> Result<EncryptedContent<'a>> {
        let mut reader = content.contents();
        let mut encrypted = Self::read_start(&mut reader, limits)?;
        if reader.optional(tag::context_constructed(1))?.is_some() {
            encrypted.least_version = encrypted.least_version.max(Some(2));
        }
        reader.finish()?;
        Ok(encrypted)
    }

    pub(super) fn read_auth_enveloped(
        content: Tlv<'a>,
        limits: &Limits,
    ) -> Result<EncryptedContent<'a>> {
        let mut reader = content.contents();
        let mut encrypted = Self::read_start(&mut reader, limits)?;
        encrypted.least_version = None;
        encrypted.authentication = Some(Authentication::read(reader, encrypted.content_type)?);
        Ok(encrypted)
    }

    /// What both structures begin with.
    fn read_start(reader: &mut Reader<'a>, limits: &Limits) -> Result<EncryptedContent<'a>> {
        let version = reader.expect(tag::INTEGER)?;
        let originator = reader.optional(tag::context_constructed(0))?;
        // What an originator brings along may ask for more than 2 (RFC 5652, 6.1).
        let least = originator.and_then(|_| version.value.last().copied()).unwrap_or(0);
        let recipients = RecipientInfo::read_all(reader.expect(tag::SET)?, limits)?;
        let mut info = reader.sequence()?;
        let content_type = info.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let algorithm = ContentEncryptionAlgorithm::read(&mut info)?;
        let pieces = encrypted_pieces(&mut info)?;
        info.finish()?;
        Ok(EncryptedContent {
            recipients,
            content_type,
            algorithm,
            pieces,
            authentication: None,
            least_version: Some(least),
        })
    }

    /// Whether changes to the ciphertext would be noticed.
    pub fn is_authenticated(&self) -> bool {
        let is_aead = || matches!(self.algorithm.cipher(), Some(ContentCipher::Aead(_)));
        self.authentication.is_some() || is_aead()
    }

    /// What was authenticated beside content of another type than mail, see [`Typed`]. Nobody has checked it
    /// before the content is decrypted.
    ///
    /// # Errors
    ///
    /// `malformed/cms`.
    pub fn identifier(&self) -> Result<Option<&'a [u8]>> {
        Ok(self.authentication.map(|one| one.identifier()).transpose()?.flatten())
    }

    /// The name of the content cipher, or its identifier where we have no name for it.
    pub fn cipher_name(&self) -> String {
        match self.algorithm.cipher() {
            Some(cipher) => cipher.name().to_owned(),
            None => self.algorithm.oid.to_string(),
        }
    }

    /// Asks `openers` for the keys that they have for this. `der` is what it was read from.
    ///
    /// # Errors
    ///
    /// `unsupported/…`, `malformed/cms`, `limit/recipients` if more than 32 recipients are ours,
    /// `limit/kdf-iterations`, `decrypt/no-recipient`: from public fields alone; `aborted`.
    pub async fn unlock(
        &self,
        env: &mut Env,
        openers: Openers<'_>,
        der: &[u8],
    ) -> Result<Unlocked> {
        let content = self.algorithm.decryption(self.authentication.as_ref())?;
        let key_size = content.cipher().key_size();
        let mut keys = Vec::new();
        for attempt in Attempt::all(&self.recipients, openers, env.limits())? {
            let key = attempt.content_key(env, key_size).await?;
            let (opener, legacy_wrap) = (attempt.opener, attempt.legacy_wrap());
            keys.push(ContentKey { key, opener, legacy_wrap });
        }
        let range = |piece: &&[u8]| offset_in(der, piece).map(|start| start..start + piece.len());
        let pieces = self.pieces.iter().map(range).collect::<Option<_>>();
        let pieces = pieces.ok_or(Error::Internal { what: "ciphertext from elsewhere" })?;
        Ok(Unlocked { content, keys, pieces })
    }
}

/// An EncryptedContent with the keys that may open it. It borrows nothing.
pub struct Unlocked {
    content: ContentDecryption,
    keys: Vec<ContentKey>,
    /// Where the ciphertext is.
    pieces: Vec<Range<usize>>,
}

struct ContentKey {
    key: Option<Zeroizing<Vec<u8>>>,
    opener: Opener,
    legacy_wrap: Option<KeyWrap>,
}

impl Unlocked {
    /// Decrypts by the first key that can. Where several recipients are ours and give different
    /// plaintexts, which happens by chance if the cipher has no integrity, the first that
    /// `is_plausible` is taken; if none is, it failed. `der` is what was unlocked; where it is owned,
    /// the ciphertext is decrypted where it is.
    ///
    /// # Errors
    ///
    /// `decrypt/failed` whatever failed; `aborted`.
    pub async fn decrypt(
        self,
        env: &mut Env,
        der: Cow<'_, [u8]>,
        is_plausible: impl Fn(&[u8]) -> bool,
    ) -> Result<Decrypted> {
        let Unlocked { content: decryption, keys, pieces } = self;
        let cipher = decryption.cipher();
        let mut der = Some(der);
        let mut answer: Option<Decrypted> = None;
        let (mut is_answer_plausible, mut is_ambiguous) = (false, false);
        let last = keys.len().saturating_sub(1);
        // Every attempt is made, whatever came of those before: how long this takes depends on how
        // many recipients are ours, not on which of them was right.
        for (index, ContentKey { key, opener, legacy_wrap }) in keys.into_iter().enumerate() {
            let ciphertext = match &der {
                Some(der) if index < last => joined(der, &pieces),
                _ => ciphertext(der.take().unwrap_or_default(), &pieces),
            };
            let is_key = key.is_some();
            // Where there is no key, the content is decrypted all the same, and thrown away.
            let key = key.unwrap_or_else(|| Zeroizing::new(vec![0; cipher.key_size()]));
            let opened = decryption.open(env, &key, ciphertext).await?;
            let Some(content) = opened.filter(|_| is_key) else { continue };
            // With CBC a wrong key gives content too, once in 256 times.
            let is_plausible = is_plausible(&content);
            is_ambiguous |= answer.as_ref().is_some_and(|answer| answer.content != content);
            if answer.is_none() || (is_plausible && !is_answer_plausible) {
                answer = Some(Decrypted { content, cipher, opener, legacy_wrap });
                is_answer_plausible = is_plausible;
            }
        }
        answer.filter(|_| is_answer_plausible || !is_ambiguous).ok_or(Error::DecryptFailed)
    }
}

impl Unlocked {
    /// The content-encryption key, if one of those found is right, which is tried without decrypting
    /// the content (`ContentDecryption::fits`). `der` is what was unlocked.
    ///
    /// # Errors
    ///
    /// `decrypt/failed` whatever failed; `aborted`.
    pub async fn right_key(
        &self,
        env: &mut Env,
        der: &[u8],
        is_plausible: impl Fn(&[u8]) -> bool,
    ) -> Result<SecretBytes> {
        let pieces = self.pieces(der);
        let nothing = Zeroizing::new(vec![0; self.content.cipher().key_size()]);
        let mut answer = None;
        // As in decryption, every attempt is made.
        for ContentKey { key, .. } in &self.keys {
            let tried = key.as_ref().unwrap_or(&nothing);
            let fits = self.content.fits(env, tried, &pieces, &is_plausible).await?;
            answer = answer.or(key.clone().filter(|_| fits));
        }
        answer.map(SecretBytes::from).ok_or(Error::DecryptFailed)
    }

    /// The key, if there is only one, while it is found out whether it is right. `None` for content without a
    /// tag or with the tag behind it, and for a key of another size. `pieces` are those of what was unlocked.
    ///
    /// # Errors
    ///
    /// None but faults of the key derivation.
    pub async fn key_on_trial<'a>(
        &'a self,
        pieces: &'a [&'a [u8]],
    ) -> Result<Option<KeyOnTrial<impl Future<Output = bool> + 'a>>> {
        let [ContentKey { key, .. }] = self.keys.as_slice() else { return Ok(None) };
        // Where there is no key, as much is done with nothing.
        let nothing = || Zeroizing::new(vec![0; self.content.cipher().key_size()]);
        let (tried, is_key) = (key.clone().unwrap_or_else(nothing), key.is_some());
        let is_right = self.content.begin_check(&tried, pieces).await?;
        Ok(is_right.map(|fits| KeyOnTrial {
            key: SecretBytes::from(tried),
            is_right: async move { fits.await & is_key },
        }))
    }

    /// The ciphertext in `der`, which is what was unlocked.
    pub fn pieces<'a>(&self, der: &'a [u8]) -> Vec<&'a [u8]> {
        let piece = |range: &Range<usize>| der.get(range.clone()).unwrap_or_default();
        self.pieces.iter().map(piece).collect()
    }
}

/// A content-encryption key that may still turn out to be wrong.
#[must_use = "what was made with the key has to be released"]
pub struct KeyOnTrial<F> {
    key: SecretBytes,
    is_right: F,
}

impl<F: Future<Output = bool>> KeyOnTrial<F> {
    /// The key, for what is made while it is tried.
    pub fn key(&self) -> &SecretBytes {
        &self.key
    }

    /// Gives out what was made with the key, if it is the right one.
    ///
    /// # Errors
    ///
    /// `decrypt/failed`.
    pub async fn release<T>(self, made: T) -> Result<T> {
        if self.is_right.await { Ok(made) } else { Err(Error::DecryptFailed) }
    }
}

/// The ciphertext alone, where it is if it is in one piece.
fn ciphertext(der: Cow<'_, [u8]>, pieces: &[Range<usize>]) -> Vec<u8> {
    match (der, pieces) {
        (Cow::Owned(der), [whole]) => cut(der, whole.clone()),
        (der, pieces) => joined(&der, pieces),
    }
}

fn joined(der: &[u8], pieces: &[Range<usize>]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(pieces.iter().map(Range::len).sum());
    for piece in pieces {
        bytes.extend_from_slice(der.get(piece.clone()).unwrap_or_default());
    }
    bytes
}

/// The ciphertext: `[0] IMPLICIT OCTET STRING`, in one piece or, in BER, in pieces inside a constructed
/// `[0]`. Some writers tag it explicitly, which looks like one piece.
fn encrypted_pieces<'a>(info: &mut Reader<'a>) -> Result<Vec<&'a [u8]>> {
    if let Some(whole) = info.optional(tag::context(0))? {
        return Ok(vec![whole.value]);
    }
    let Some(constructed) = info.optional(tag::context_constructed(0))? else {
        return Err(Error::MalformedCms { rule: "the encrypted content is missing" });
    };
    let (mut pieces, mut reader) = (Vec::new(), constructed.contents());
    while !reader.is_empty() {
        pieces.push(reader.expect(tag::OCTET_STRING)?.value);
    }
    Ok(pieces)
}

/// What decryption gives.
pub struct Decrypted {
    /// The plaintext.
    pub content: Vec<u8>,
    /// The cipher it was under.
    pub cipher: ContentCipher,
    /// What opened it.
    pub opener: Opener,
    /// The key wrap, if it is one that is no longer considered strong.
    pub legacy_wrap: Option<KeyWrap>,
}

impl core::fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Decrypted").field("cipher", &self.cipher).finish_non_exhaustive()
    }
}

/// What content of another type than mail has beside it, authenticated with it.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// The type.
    pub content_type: ObjectIdentifier,
    /// What it goes with.
    pub identifier: &'a [u8],
}

/// An EnvelopedData or AuthEnvelopedData that is about to be written: everything but the ciphertext is
/// made.
pub struct Encryption {
    prefix: Vec<u8>,
    content: ContentEncryption,
    content_len: usize,
}

impl Encryption {
    /// Makes a key for `content_len` octets of content and encrypts it for every recipient, for RSA
    /// keys each by its own key transport. `is_bound`: whether the key is bound to the cipher by
    /// id-alg-cek-hkdf-sha256 (RFC 9709), which every recipient has to understand.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if a recipient's key can't encrypt.
    pub fn new(
        env: &mut Env,
        cipher: ContentCipher,
        is_bound: bool,
        recipients: &[(Certificate, KeyTransport)],
        content_len: usize,
    ) -> Result<Encryption> {
        let content = ContentEncryption::new(env, cipher, is_bound);
        Encryption::of(env, oids::DATA, content, recipients, content_len)
    }

    /// The same for content that is no mail, by AES-256-GCM and bound to it.
    ///
    /// # Errors
    ///
    /// Those of [`Encryption::new`].
    pub fn of_typed(
        env: &mut Env,
        typed: Typed<'_>,
        recipients: &[(Certificate, KeyTransport)],
        content_len: usize,
    ) -> Result<Encryption> {
        let Typed { content_type, identifier } = typed;
        let cipher = ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes256));
        let content = ContentEncryption::new(env, cipher, true)
            .with_attributes(attributes::of_content(content_type, identifier))?;
        Encryption::of(env, content_type, content, recipients, content_len)
    }

    fn of(
        env: &mut Env,
        content_type: ObjectIdentifier,
        content: ContentEncryption,
        recipients: &[(Certificate, KeyTransport)],
        content_len: usize,
    ) -> Result<Encryption> {
        let (mut infos, mut version) = (Vec::new(), 0);
        for (recipient, transport) in recipients {
            let info = recipient_info::build(env, recipient, transport, content.key())?;
            // RFC 5652, 6.1 and RFC 5083, 2.1.
            if info.version != 0 && content.structure() == oids::ENVELOPED_DATA {
                version = 2;
            }
            infos.push(info.der);
        }
        let infos = set_of(&infos);
        let encrypted_len = content.encrypted_len(content_len);

        let mut info = oid_der(content_type);
        info.extend_from_slice(&content.algorithm());
        info.extend_from_slice(&header(tag::context(0), encrypted_len));
        let info_len = info.len() + encrypted_len;

        let mut start = primitive(tag::INTEGER, &[version]);
        start.extend_from_slice(&infos);
        start.extend_from_slice(&header(tag::SEQUENCE, info_len));
        let length = start.len() + info_len + content.suffix_len();

        let structure = header(tag::SEQUENCE, length);
        let mut whole = prefix(content.structure(), structure.len() + length);
        for part in [structure, start, info] {
            whole.extend_from_slice(&part);
        }
        Ok(Encryption { prefix: whole, content, content_len })
    }

    /// Encrypts what can only be encrypted as a whole, in place where it is owned. `content` has the
    /// length that was told.
    ///
    /// # Errors
    ///
    /// `aborted`, `internal/fault` for content of another length.
    pub async fn seal<'c>(self, env: &mut Env, content: Cow<'c, [u8]>) -> Result<Sealed<'c>> {
        if content.len() != self.content_len {
            return Err(Error::Internal { what: "content of another length than was told" });
        }
        let encrypted_len = self.content.encrypted_len(self.content_len);
        let encoded_len = self.prefix.len() + encrypted_len + self.content.suffix_len();
        let content = self.content.seal(env, content).await?;
        Ok(Sealed { prefix: self.prefix, content, encoded_len })
    }
}

/// An [`Encryption`] with its content.
pub struct Sealed<'c> {
    prefix: Vec<u8>,
    content: SealedContent<'c>,
    encoded_len: usize,
}

impl Sealed<'_> {
    /// Octets of the whole.
    pub fn encoded_len(&self) -> usize {
        self.encoded_len
    }

    /// Writes the whole.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn write(self, env: &mut Env, sink: &mut impl Sink) -> Result<()> {
        sink.write(&self.prefix);
        self.content.write(env, sink).await
    }
}
