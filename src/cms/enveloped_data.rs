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
//! a bad RSA padding and a bad CBC padding take one path; see [`PrivateKey::decrypt_key`].
//!
//! [`PrivateKey::decrypt_key`]: crate::crypto::PrivateKey::decrypt_key

use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use super::auth_enveloped_data::Authentication;
use super::encode::{algorithm_der, oid_der, prefix, set_of};
use super::recipient_info::{self, RecipientInfo};
use crate::asn1::{Reader, Tlv, constructed, header, oids, primitive, tag};
use crate::bytes::{PIECE, Sink};
use crate::cert::{Certificate, Identity};
use crate::crypto::algorithms::{ContentCipher, GcmCipher};
use crate::crypto::{
    CbcDecryptor, CbcEncryptor, GCM_NONCE, GCM_TAG, KeyTransport, cbc_encrypt, gcm_open_content,
    gcm_seal_content,
};
use crate::env::Env;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// An EnvelopedData or AuthEnvelopedData as slices of its DER.
#[derive(Debug)]
pub struct EncryptedContent<'a> {
    /// The recipients.
    pub recipients: Vec<RecipientInfo<'a>>,
    /// What is encrypted; `id-data` for mail.
    pub content_type: ObjectIdentifier,
    /// The content-encryption algorithm.
    pub algorithm: ObjectIdentifier,
    pub(super) parameters: Option<Tlv<'a>>,
    /// The ciphertext, in the pieces it came in.
    pub(super) pieces: Vec<&'a [u8]>,
    pub(super) authentication: Option<Authentication<'a>>,
}

impl<'a> EncryptedContent<'a> {
    pub(super) fn read_enveloped(
        content: Tlv<'a>,
        limits: &Limits,
    ) -> Result<EncryptedContent<'a>> {
        let mut reader = content.contents();
        let encrypted = Self::read_start(&mut reader, limits)?;
        let _attributes = reader.optional(tag::context_constructed(1))?;
        reader.finish()?;
        Ok(encrypted)
    }

    pub(super) fn read_auth_enveloped(
        content: Tlv<'a>,
        limits: &Limits,
    ) -> Result<EncryptedContent<'a>> {
        let mut reader = content.contents();
        let mut encrypted = Self::read_start(&mut reader, limits)?;
        encrypted.authentication = Some(Authentication::read(reader)?);
        Ok(encrypted)
    }

    /// What both structures begin with.
    fn read_start(reader: &mut Reader<'a>, limits: &Limits) -> Result<EncryptedContent<'a>> {
        let _version = reader.expect(tag::INTEGER)?;
        let _originator = reader.optional(tag::context_constructed(0))?;
        let recipients = RecipientInfo::read_all(reader.expect(tag::SET)?, limits)?;
        let mut info = reader.sequence()?;
        let content_type = info.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let mut algorithm = info.sequence()?;
        let oid = algorithm.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let parameters = if algorithm.is_empty() { None } else { Some(algorithm.any()?) };
        let pieces = encrypted_pieces(&mut info)?;
        info.finish()?;
        Ok(EncryptedContent {
            recipients,
            content_type,
            algorithm: oid,
            parameters,
            pieces,
            authentication: None,
        })
    }

    /// The content cipher, if it is one we know.
    pub fn cipher(&self) -> Option<ContentCipher> {
        ContentCipher::by_oid(self.algorithm)
    }

    /// Decrypts for the first identity that can. Where several recipients are ours and give different
    /// plaintexts, which happens by chance if the cipher has no integrity, the first that
    /// `is_plausible` is taken; if none is, it failed.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm`, `malformed/cms`, `limit/recipients` if more than 32 recipients are
    /// ours, `decrypt/no-recipient`: from public fields alone;
    /// `decrypt/failed` for everything else.
    pub async fn decrypt(
        &self,
        env: &mut Env,
        identities: &[Identity],
        is_plausible: impl Fn(&[u8]) -> bool,
    ) -> Result<Decrypted> {
        let cipher = self.supported_cipher()?;
        let mut attempts = Vec::new();
        let mut refused = None;
        for recipient in &self.recipients {
            for (index, identity) in identities.iter().enumerate() {
                if recipient.matches(identity.certificate()) {
                    match recipient.transport() {
                        Ok(transport) => attempts.push((recipient, transport, index, identity)),
                        Err(error) => refused = Some(error),
                    }
                }
            }
        }
        let allowed = MAX_ATTEMPTS;
        if attempts.len() > allowed {
            let required = attempts.len() as u64;
            let limit = Limit::Recipients;
            return Err(Error::Limit { limit, required, allowed: allowed as u64 });
        }
        if attempts.is_empty() {
            return Err(refused.unwrap_or(Error::DecryptNoRecipient {
                recipients: self.recipients.len() as u64,
            }));
        }
        let mut answer: Option<Decrypted> = None;
        let (mut is_answer_plausible, mut is_ambiguous) = (false, false);
        // Every attempt is made, whatever came of those before: how long this takes depends on how
        // many recipients are ours, not on which of them was right.
        for (recipient, transport, identity_index, identity) in attempts {
            let encrypted_key = recipient.encrypted_key();
            let key =
                identity.key().decrypt_key(env, &transport, encrypted_key, cipher.key_size()).await;
            let opened = self.open(env, cipher, &key).await?;
            let Some(content) = opened else { continue };
            // With CBC a wrong key gives content too, once in 256 times.
            let is_plausible = is_plausible(&content);
            is_ambiguous |= answer.as_ref().is_some_and(|answer| answer.content != content);
            if answer.is_none() || (is_plausible && !is_answer_plausible) {
                answer = Some(Decrypted { content, cipher, identity: identity_index });
                is_answer_plausible = is_plausible;
            }
        }
        answer.filter(|_| is_answer_plausible || !is_ambiguous).ok_or(Error::DecryptFailed)
    }

    /// The cipher, after checking that its parameters are what the structure and the cipher need.
    fn supported_cipher(&self) -> Result<ContentCipher> {
        const MIXED: Error = Error::UnsupportedStructure {
            structure: "A cipher that does not belong into this structure",
        };
        let cipher = self.cipher().ok_or_else(|| Error::UnsupportedAlgorithm {
            role: "content encryption",
            algorithm: self.algorithm.to_string(),
        })?;
        match (cipher, &self.authentication) {
            (ContentCipher::Cbc(cbc), None) => {
                self.iv(cbc.block_size())?;
            }
            (ContentCipher::Gcm(_), Some(authentication)) => {
                authentication.nonce(self.parameters)?;
            }
            (ContentCipher::Cbc(_), Some(_)) | (ContentCipher::Gcm(_), None) => return Err(MIXED),
        }
        Ok(cipher)
    }

    /// The IV of CBC: the parameter is an OCTET STRING of a block (RFC 3565, 2.3; RFC 3370, 5.1).
    fn iv(&self, block_size: usize) -> Result<&'a [u8]> {
        self.parameters
            .filter(|parameters| parameters.tag == tag::OCTET_STRING)
            .map(|parameters| parameters.value)
            .filter(|iv| iv.len() == block_size)
            .ok_or(Error::MalformedCms { rule: "the cipher has no IV of its block size" })
    }

    /// One attempt with one key; `None` if it does not fit.
    async fn open(
        &self,
        env: &mut Env,
        cipher: ContentCipher,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        let length = self.pieces.iter().map(|piece| piece.len()).sum();
        let mut content = Vec::with_capacity(length);
        self.pieces.iter().for_each(|piece| content.extend_from_slice(piece));
        match cipher {
            ContentCipher::Cbc(cbc) => {
                let mut decryptor = CbcDecryptor::new(cbc, key, self.iv(cbc.block_size())?)?;
                let mut done = 0;
                for piece in content.chunks_mut(PIECE) {
                    decryptor.update(piece);
                    done += piece.len();
                    env.tick(done as u64, length as u64).await?;
                }
                Ok(decryptor.unpadded_len(&content).map(|length| {
                    content.truncate(length);
                    content
                }))
            }
            ContentCipher::Gcm(gcm) => {
                let Some(authentication) = &self.authentication else { return Ok(None) };
                let nonce = authentication.nonce(self.parameters)?;
                let associated = authentication.associated_data()?;
                env.tick(0, length as u64).await?;
                let tag = authentication.mac;
                let opened =
                    gcm_open_content(gcm, key, nonce, &associated, &mut content, tag).await;
                env.tick(length as u64, length as u64).await?;
                Ok(opened.is_ok().then_some(content))
            }
        }
    }
}

/// How many recipients of one message may be ours. Each costs a private-key operation and a decryption
/// of the whole content; nobody is named by so many certificates at once.
const MAX_ATTEMPTS: usize = 32;

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
    /// Position of the identity that opened it.
    pub identity: usize,
}

impl core::fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Decrypted").field("cipher", &self.cipher).finish_non_exhaustive()
    }
}

/// An EnvelopedData or AuthEnvelopedData that is about to be written: everything but the ciphertext is
/// made.
pub struct Encryption {
    prefix: Vec<u8>,
    cipher: ContentCipher,
    key: Zeroizing<Vec<u8>>,
    nonce: Zeroizing<Vec<u8>>,
    content_len: usize,
}

impl Encryption {
    /// Makes a key for `content_len` octets of content and encrypts it for every recipient, each by its
    /// own key transport.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if a recipient's key can't encrypt.
    pub fn new(
        env: &mut Env,
        cipher: ContentCipher,
        recipients: &[(Certificate, KeyTransport)],
        content_len: usize,
    ) -> Result<Encryption> {
        let key = env.random_vec(cipher.key_size());
        let mut infos = Vec::new();
        for (recipient, transport) in recipients {
            infos.push(recipient_info::build(env, recipient, transport, &key)?);
        }
        let infos = set_of(&infos);
        let (content_type, nonce_len) = match cipher {
            ContentCipher::Cbc(cbc) => (oids::ENVELOPED_DATA, cbc.block_size()),
            ContentCipher::Gcm(_) => (oids::AUTH_ENVELOPED_DATA, GCM_NONCE),
        };
        let nonce = env.random_vec(nonce_len);
        let encrypted_len = encrypted_len(cipher, content_len);
        let algorithm = algorithm_der(cipher.oid(), &parameters(cipher, &nonce));

        let mut info = oid_der(oids::DATA);
        info.extend_from_slice(&algorithm);
        info.extend_from_slice(&header(tag::context(0), encrypted_len));
        let info_len = info.len() + encrypted_len;

        let mut start = primitive(tag::INTEGER, &[0]);
        start.extend_from_slice(&infos);
        start.extend_from_slice(&header(tag::SEQUENCE, info_len));
        let length = start.len() + info_len + suffix_len(cipher);

        let structure = header(tag::SEQUENCE, length);
        let mut whole = prefix(content_type, structure.len() + length);
        for part in [structure, start, info] {
            whole.extend_from_slice(&part);
        }
        Ok(Encryption { prefix: whole, cipher, key, nonce, content_len })
    }

    /// Octets of the whole.
    pub fn encoded_len(&self) -> usize {
        self.prefix.len() + encrypted_len(self.cipher, self.content_len) + suffix_len(self.cipher)
    }

    /// Encrypts `content`, which has the length that was told, and writes the whole.
    ///
    /// # Errors
    ///
    /// `aborted`, `internal/fault` for content of another length.
    pub async fn write(self, env: &mut Env, content: &[u8], sink: &mut impl Sink) -> Result<()> {
        if content.len() != self.content_len {
            return Err(Error::Internal { what: "content of another length than was told" });
        }
        sink.write(&self.prefix);
        match self.cipher {
            ContentCipher::Cbc(cipher) => {
                cbc_encrypt(env, cipher, &self.key, &self.nonce, content, sink).await
            }
            ContentCipher::Gcm(cipher) => self.write_gcm(env, cipher, content, sink).await,
        }
    }

    async fn write_gcm(
        &self,
        env: &mut Env,
        cipher: GcmCipher,
        content: &[u8],
        sink: &mut impl Sink,
    ) -> Result<()> {
        const FAULT: Error = Error::Internal { what: "a GCM nonce of another length" };
        let nonce = self.nonce.as_slice().try_into().map_err(|_| FAULT)?;
        let mut buffer = content.to_vec();
        env.tick(0, content.len() as u64).await?;
        let tag = gcm_seal_content(cipher, &self.key, nonce, &[], &mut buffer).await?;
        let mut done = 0;
        for piece in buffer.chunks(PIECE) {
            sink.write(piece);
            done += piece.len();
            env.tick(done as u64, content.len() as u64).await?;
        }
        sink.write(&primitive(tag::OCTET_STRING, &tag));
        Ok(())
    }
}

fn encrypted_len(cipher: ContentCipher, content_len: usize) -> usize {
    match cipher {
        ContentCipher::Cbc(cipher) => CbcEncryptor::padded_len(cipher, content_len),
        ContentCipher::Gcm(_) => content_len,
    }
}

/// AuthEnvelopedData ends with its mac.
fn suffix_len(cipher: ContentCipher) -> usize {
    match cipher {
        ContentCipher::Cbc(_) => 0,
        ContentCipher::Gcm(_) => header(tag::OCTET_STRING, GCM_TAG).len() + GCM_TAG,
    }
}

/// CBC takes its IV (RFC 3565, 2.3), GCM its GCMParameters (RFC 5084, 3.2):
/// SEQUENCE { aes-nonce OCTET STRING, aes-ICVlen INTEGER (12..16) DEFAULT 12 }.
fn parameters(cipher: ContentCipher, nonce: &[u8]) -> Vec<u8> {
    let nonce = primitive(tag::OCTET_STRING, nonce);
    match cipher {
        ContentCipher::Cbc(_) => nonce,
        ContentCipher::Gcm(_) => {
            constructed(tag::SEQUENCE, &[&nonce, &primitive(tag::INTEGER, &[GCM_TAG as u8])])
        }
    }
}
