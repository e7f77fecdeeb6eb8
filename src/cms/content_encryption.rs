//! Content encryption: what a contentEncryptionAlgorithm says, and the content under it.
//!
//! | cipher | parameters | in | source |
//! |---|---|---|---|
//! | AES-CBC, 3DES-CBC | the IV | EnvelopedData | RFC 3565, 2.3; RFC 3370, 5.1 |
//! | RC2-CBC | RC2CBCParameter | EnvelopedData | RFC 3370, 5.2 |
//! | AES-GCM | GCMParameters | AuthEnvelopedData, see below | RFC 5084, 3.2 |
//! | AES-CCM | CCMParameters | AuthEnvelopedData | RFC 5084, 3.1 |
//! | ChaCha20-Poly1305 | the nonce | AuthEnvelopedData | RFC 8103, 2 |
//!
//! Any of them may stand inside id-alg-cek-hkdf-sha256 (RFC 9709): then the key that recipients get is
//! not the one that encrypts, but what that is derived from together with the cipher and its
//! parameters, so that nobody can pass a ciphertext of one mode off as one of another.
//!
//! AES-GCM is also read in EnvelopedData, where it does not belong: some webmails put what WebCrypto
//! gives there, the ciphertext with its tag behind. The tag is checked as anywhere else.
//!
//! Nothing here is an oracle: parameters are public and checked before a key is touched, and a key that
//! does not fit gives `None`, whatever the reason.

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use super::auth_enveloped_data::Authentication;
use super::encode::{algorithm_der, retag};
use crate::asn1::{Reader, Tlv, constructed, header, oids, primitive, tag};
use crate::bytes::{PIECE, Sink};
use crate::crypto::algorithms::{
    AeadCipher, CEK_HKDF_SHA256, CbcCipher, ContentCipher, DigestAlgorithm, RC2_CBC, unsupported,
};
use crate::crypto::{
    CbcDecryptor, CbcEncryptor, GCM_NONCE, GCM_TAG, aead_open_content, cbc_encrypt,
    gcm_seal_content, hkdf,
};
use crate::env::Env;
use crate::error::{Error, Result};

/// A ContentEncryptionAlgorithmIdentifier (RFC 5652, 10.1.4) as it stands in a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct ContentEncryptionAlgorithm<'a> {
    pub(super) oid: ObjectIdentifier,
    parameters: Option<Tlv<'a>>,
    /// Under id-alg-cek-hkdf-sha256: the encoding of the AlgorithmIdentifier that the fields above are.
    bound: Option<&'a [u8]>,
}

impl<'a> ContentEncryptionAlgorithm<'a> {
    /// Reads the next value.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<ContentEncryptionAlgorithm<'a>> {
        let (oid, parameters) = algorithm_identifier(reader.expect(tag::SEQUENCE)?)?;
        match parameters {
            Some(inner) if oid == CEK_HKDF_SHA256 && inner.tag == tag::SEQUENCE => {
                let (oid, parameters) = algorithm_identifier(inner)?;
                Ok(ContentEncryptionAlgorithm { oid, parameters, bound: Some(inner.raw) })
            }
            _ => Ok(ContentEncryptionAlgorithm { oid, parameters, bound: None }),
        }
    }

    /// The cipher, if it is one we know.
    pub(super) fn cipher(&self) -> Option<ContentCipher> {
        if self.oid == RC2_CBC {
            let (version, _) = self.rc2_parameters().ok()?;
            return CbcCipher::rc2(version).map(ContentCipher::Cbc);
        }
        ContentCipher::by_oid(self.oid)
    }

    /// What decrypts, after checking that the parameters are what the cipher and the structure need.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm`, `unsupported/structure` for a cipher that does not belong into the
    /// structure, `malformed/cms`. They depend on public fields alone.
    pub(super) fn decryption(
        &self,
        authentication: Option<&Authentication<'a>>,
    ) -> Result<ContentDecryption> {
        const MIXED: Error = Error::UnsupportedStructure {
            structure: "A cipher that does not belong into this structure",
        };
        let cipher = self.cipher().ok_or_else(|| unsupported("content encryption", self.oid))?;
        let mode = match (cipher, authentication) {
            (ContentCipher::Cbc(cipher), None) => {
                Mode::Cbc { cipher, iv: self.iv(cipher)?.to_vec() }
            }
            (ContentCipher::Aead(cipher), Some(authentication)) => {
                let (nonce, tag_len) = self.nonce(cipher)?;
                if tag_len != authentication.mac.len() {
                    return Err(UNUSABLE);
                }
                let associated = authentication.associated_data()?;
                let tag = Tag::Apart(authentication.mac.to_vec());
                Mode::Aead { cipher, nonce: nonce.to_vec(), tag, associated }
            }
            (ContentCipher::Aead(cipher @ AeadCipher::Gcm(_)), None) => {
                let (nonce, tag_len) = self.nonce(cipher)?;
                let (nonce, tag) = (nonce.to_vec(), Tag::Behind(tag_len));
                Mode::Aead { cipher, nonce, tag, associated: Vec::new() }
            }
            (ContentCipher::Cbc(_), Some(_)) | (ContentCipher::Aead(_), None) => return Err(MIXED),
        };
        Ok(ContentDecryption { mode, bound: self.bound.map(<[u8]>::to_vec) })
    }

    /// The IV of CBC, which has the size of a block.
    fn iv(&self, cipher: CbcCipher) -> Result<&'a [u8]> {
        let iv = match cipher {
            CbcCipher::Rc2 { .. } => self.rc2_parameters()?.1,
            _ => self.parameter(tag::OCTET_STRING)?.value,
        };
        if iv.len() == cipher.block_size() { Ok(iv) } else { Err(UNUSABLE) }
    }

    /// `SEQUENCE { rc2ParameterVersion INTEGER, iv OCTET STRING }`. An IV alone would mean an effective
    /// key size of 32 bits (RFC 2268, 6), which nobody is known to have written.
    fn rc2_parameters(&self) -> Result<(u64, &'a [u8])> {
        let mut reader = self.parameter(tag::SEQUENCE)?.contents();
        let version = reader.expect(tag::INTEGER)?.uint()?;
        let iv = reader.expect(tag::OCTET_STRING)?.value;
        reader.finish()?;
        Ok((version, iv))
    }

    /// The nonce and the length of the tag:
    /// `SEQUENCE { aes-nonce OCTET STRING, aes-ICVlen INTEGER DEFAULT 12 }`, or the nonce alone, which
    /// the standards give to ChaCha20-Poly1305 and PKI.js to AES-GCM.
    fn nonce(&self, cipher: AeadCipher) -> Result<(&'a [u8], usize)> {
        let (nonce, tag_len) = match self.parameter(tag::OCTET_STRING) {
            Ok(nonce) => (nonce.value, 16),
            Err(_) => {
                let mut reader = self.parameter(tag::SEQUENCE)?.contents();
                let nonce = reader.expect(tag::OCTET_STRING)?.value;
                let length = reader.optional(tag::INTEGER)?.map(|length| length.uint());
                reader.finish()?;
                (nonce, usize::try_from(length.unwrap_or(Ok(12))?).map_err(|_| UNUSABLE)?)
            }
        };
        if cipher.allows(nonce.len(), tag_len) { Ok((nonce, tag_len)) } else { Err(UNUSABLE) }
    }

    fn parameter(&self, tag: u8) -> Result<Tlv<'a>> {
        self.parameters.filter(|parameters| parameters.tag == tag).ok_or(UNUSABLE)
    }
}

const UNUSABLE: Error = Error::MalformedCms { rule: "unusable parameters of the cipher" };

/// How content is decrypted, but for the key. It borrows nothing, so that what it was read from can be
/// decrypted in place.
#[derive(Debug)]
pub(super) struct ContentDecryption {
    pub(super) mode: Mode,
    pub(super) bound: Option<Vec<u8>>,
}

#[derive(Debug)]
pub(super) enum Mode {
    Cbc { cipher: CbcCipher, iv: Vec<u8> },
    Aead { cipher: AeadCipher, nonce: Vec<u8>, tag: Tag, associated: Vec<u8> },
}

#[derive(Debug)]
pub(super) enum Tag {
    /// In a field of its own.
    Apart(Vec<u8>),
    /// This many octets at the end of the ciphertext.
    Behind(usize),
}

impl ContentDecryption {
    /// The cipher.
    pub(super) fn cipher(&self) -> ContentCipher {
        match self.mode {
            Mode::Cbc { cipher, .. } => ContentCipher::Cbc(cipher),
            Mode::Aead { cipher, .. } => ContentCipher::Aead(cipher),
        }
    }

    /// One attempt with one key; `None` if it does not fit. `content` is the ciphertext.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub(super) async fn open(
        &self,
        env: &mut Env,
        key: &[u8],
        mut content: Vec<u8>,
    ) -> Result<Option<Vec<u8>>> {
        if key.len() != self.cipher().key_size() {
            return Ok(None);
        }
        let derived =
            self.bound.as_ref().map(|algorithm| derive_key(key, algorithm)).transpose()?;
        let key = derived.as_ref().map_or(key, |derived| derived);
        let length = content.len();
        match &self.mode {
            Mode::Cbc { cipher, iv } => {
                let mut decryptor = CbcDecryptor::new(*cipher, key, iv)?;
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
            Mode::Aead { cipher, nonce, tag, associated } => {
                let behind;
                let tag = match tag {
                    Tag::Apart(tag) => tag,
                    Tag::Behind(tag_len) => {
                        let Some(end) = length.checked_sub(*tag_len) else { return Ok(None) };
                        behind = content.split_off(end);
                        &behind
                    }
                };
                env.tick(0, length as u64).await?;
                let opened =
                    aead_open_content(*cipher, key, nonce, associated, &mut content, tag).await;
                env.tick(length as u64, length as u64).await?;
                Ok(opened.is_ok().then_some(content))
            }
        }
    }
}

/// A fresh key and nonce for content that is about to be encrypted.
pub(super) struct ContentEncryption {
    cipher: ContentCipher,
    key: Zeroizing<Vec<u8>>,
    nonce: Vec<u8>,
    is_bound: bool,
    /// Attributes that are authenticated with the content, as a SET OF in DER, if there are any.
    associated: Vec<u8>,
}

impl ContentEncryption {
    /// Makes key and nonce. `is_bound`: whether the key is bound to the cipher by
    /// id-alg-cek-hkdf-sha256, which every recipient has to understand.
    pub(super) fn new(env: &mut Env, cipher: ContentCipher, is_bound: bool) -> ContentEncryption {
        let key = env.random_vec(cipher.key_size());
        let nonce = env.random_vec(match cipher {
            ContentCipher::Cbc(cipher) => cipher.block_size(),
            ContentCipher::Aead(_) => GCM_NONCE,
        });
        let associated = Vec::new();
        ContentEncryption { cipher, key, nonce: nonce.to_vec(), is_bound, associated }
    }

    /// With attributes, which AuthEnvelopedData alone has.
    ///
    /// # Errors
    ///
    /// `internal/fault` for another structure.
    pub(super) fn with_attributes(mut self, associated: Vec<u8>) -> Result<ContentEncryption> {
        self.associated = associated;
        match self.cipher {
            ContentCipher::Aead(_) => Ok(self),
            ContentCipher::Cbc(_) => Err(Error::Internal { what: "attributes without a tag" }),
        }
    }

    /// The content-encryption key, which the recipients get.
    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }

    /// The structure that the cipher belongs into.
    pub(super) fn structure(&self) -> ObjectIdentifier {
        match self.cipher {
            ContentCipher::Cbc(_) => oids::ENVELOPED_DATA,
            ContentCipher::Aead(_) => oids::AUTH_ENVELOPED_DATA,
        }
    }

    /// The ContentEncryptionAlgorithmIdentifier.
    pub(super) fn algorithm(&self) -> Vec<u8> {
        let cipher = self.cipher_algorithm();
        if self.is_bound { algorithm_der(CEK_HKDF_SHA256, &cipher) } else { cipher }
    }

    fn cipher_algorithm(&self) -> Vec<u8> {
        let nonce = primitive(tag::OCTET_STRING, &self.nonce);
        let parameters = match self.cipher {
            ContentCipher::Cbc(_) => nonce,
            ContentCipher::Aead(_) => {
                constructed(tag::SEQUENCE, &[&nonce, &primitive(tag::INTEGER, &[GCM_TAG as u8])])
            }
        };
        algorithm_der(self.cipher.oid(), &parameters)
    }

    /// Octets of the ciphertext of `content_len` octets.
    pub(super) fn encrypted_len(&self, content_len: usize) -> usize {
        match self.cipher {
            ContentCipher::Cbc(cipher) => CbcEncryptor::padded_len(cipher, content_len),
            ContentCipher::Aead(_) => content_len,
        }
    }

    /// Octets after the ciphertext: AuthEnvelopedData ends with its attributes and its mac.
    pub(super) fn suffix_len(&self) -> usize {
        match self.cipher {
            ContentCipher::Cbc(_) => 0,
            ContentCipher::Aead(_) => {
                self.associated.len() + header(tag::OCTET_STRING, GCM_TAG).len() + GCM_TAG
            }
        }
    }

    /// Does what has to be done with the content as a whole, in place where it is owned.
    ///
    /// # Errors
    ///
    /// `aborted`, `internal/fault` for a cipher that is only read.
    pub(super) async fn seal<'c>(
        self,
        env: &mut Env,
        content: Cow<'c, [u8]>,
    ) -> Result<SealedContent<'c>> {
        const FAULT: Error = Error::Internal { what: "a GCM nonce of another length" };
        let key = match self.is_bound {
            true => derive_key(&self.key, &self.cipher_algorithm())?,
            false => self.key.clone(),
        };
        match self.cipher {
            ContentCipher::Cbc(cipher) => {
                Ok(SealedContent::Cbc { cipher, key, iv: self.nonce, content })
            }
            ContentCipher::Aead(AeadCipher::Gcm(cipher)) => {
                let nonce = self.nonce.as_slice().try_into().map_err(|_| FAULT)?;
                let mut bytes = content.into_owned();
                env.tick(0, bytes.len() as u64).await?;
                let associated = &self.associated;
                let tag = gcm_seal_content(cipher, &key, nonce, associated, &mut bytes).await?;
                let attributes = retag(self.associated, tag::context_constructed(1));
                Ok(SealedContent::Gcm { ciphertext: bytes, attributes, tag })
            }
            ContentCipher::Aead(AeadCipher::Ccm(_) | AeadCipher::ChaCha20Poly1305) => {
                Err(Error::Internal { what: "a cipher that is only read" })
            }
        }
    }
}

/// Content of which the ciphertext can be written in pieces.
pub(super) enum SealedContent<'c> {
    Cbc { cipher: CbcCipher, key: Zeroizing<Vec<u8>>, iv: Vec<u8>, content: Cow<'c, [u8]> },
    Gcm { ciphertext: Vec<u8>, attributes: Vec<u8>, tag: [u8; GCM_TAG] },
}

impl SealedContent<'_> {
    /// Writes the ciphertext and what follows it.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub(super) async fn write(self, env: &mut Env, sink: &mut impl Sink) -> Result<()> {
        match self {
            SealedContent::Cbc { cipher, key, iv, content } => {
                cbc_encrypt(env, cipher, &key, &iv, &content, sink).await
            }
            SealedContent::Gcm { ciphertext, attributes, tag } => {
                let mut done = 0;
                for piece in ciphertext.chunks(PIECE) {
                    sink.write(piece);
                    done += piece.len();
                    env.tick(done as u64, ciphertext.len() as u64).await?;
                }
                sink.write(&attributes);
                sink.write(&primitive(tag::OCTET_STRING, &tag));
                Ok(())
            }
        }
    }
}

/// An AlgorithmIdentifier (RFC 5280, 4.1.1.2).
fn algorithm_identifier(sequence: Tlv<'_>) -> Result<(ObjectIdentifier, Option<Tlv<'_>>)> {
    let mut reader = sequence.contents();
    let oid = reader.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
    let parameters = if reader.is_empty() { None } else { Some(reader.any()?) };
    reader.finish()?;
    Ok((oid, parameters))
}

/// CMS_CEK_HKDF_SHA256 (RFC 9709, 2): the key that encrypts, from the one that recipients get and the
/// encoding of the cipher's AlgorithmIdentifier.
pub(super) fn derive_key(key: &[u8], algorithm: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    const SALT: &[u8] = b"The Cryptographic Message Syntax";
    hkdf(DigestAlgorithm::Sha256, Some(SALT), key, algorithm, key.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::hex;

    /// RFC 9709, appendix A: AES-128-GCM.
    #[test]
    fn keys_are_derived_as_rfc_9709_does() {
        let key = 0xc702e7d0a9e064b09ba55245fb733cf3_u128.to_be_bytes();
        let nonce =
            primitive(tag::OCTET_STRING, &0x5c79058ba2f43447639d29e2_u128.to_be_bytes()[4..]);
        let cipher = ContentCipher::by_name("aes-128-gcm").unwrap();
        let algorithm = algorithm_der(cipher.oid(), &constructed(tag::SEQUENCE, &[&nonce]));
        let derived = derive_key(&key, &algorithm).unwrap();
        assert_eq!(hex::encode(&derived), "2124ffb29fac4e0fbbc7d5d87492bff3");
    }
}
