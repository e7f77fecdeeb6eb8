//! From the outermost layer to the content.

use std::borrow::Cow;

use super::OpenOptions;
use crate::asn1::oids;
use crate::bytes::{cut, offset_in};
use crate::cert::Certificate;
use crate::cms::{Opener, OwnedIdentifier};
use crate::crypto::algorithms::ContentCipher;
use crate::env::Env;
use crate::error::{Error, Limit, Problem, Result};
use crate::limits::Limits;
use crate::message::certificates::parse_certificates;
use crate::message::decompress::decompress_within;
use crate::message::decrypt::{Integrity, decrypt_or_name};
use crate::message::input::{Input, Outermost, Outside, decode_in_place, outermost};
use crate::message::verify::{
    Around, SignatureResult, Status, VerifyOptions, take_off_base64, verify_inside,
};

/// One layer and what came of it.
#[derive(Debug)]
pub enum OpenedLayer {
    /// Signed.
    Signed {
        /// Whether it is multipart/signed.
        is_detached: bool,
        /// What its signatures are worth by themselves.
        status: Status,
        /// One for each signer.
        signatures: Vec<SignatureResult>,
        /// What there is to tell of the whole layer.
        problems: Vec<Problem>,
    },
    /// Encrypted, and opened.
    Encrypted {
        /// Whether changes to the ciphertext would have been noticed.
        integrity: Integrity,
        /// The content cipher.
        cipher: ContentCipher,
        /// What opened it.
        opener: Opener,
        /// What else there is to tell.
        problems: Vec<Problem>,
    },
    /// Compressed.
    Compressed,
    /// SignedData with certificates and nothing else (RFC 8551, 3.8).
    Certificates(Vec<Certificate>),
    /// A layer that could not be opened: the last one.
    Unopened {
        /// What it is, as far as it can be told.
        kind: UnopenedKind,
        /// Why.
        error: Error,
        /// Whom it is for, by their certificates, where none of those who tried to decrypt is.
        recipients: Vec<OwnedIdentifier>,
    },
}

/// What a layer that could not be opened is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum UnopenedKind {
    /// multipart/signed.
    Detached,
    /// SignedData with its content.
    Opaque,
    Encrypted,
    Compressed,
    /// Another content type of CMS, or none that can be read.
    Other,
}

/// Where the walk ended.
pub(super) struct Walked {
    /// The layers, the outermost first.
    pub(super) layers: Vec<OpenedLayer>,
    /// What is inside them; `None` if it is out of reach.
    pub(super) content: Option<Vec<u8>>,
    /// What stands inside all encryption and begins with a signature, if it was to be kept.
    pub(super) signed: Option<Vec<u8>>,
}

/// Opens layers until there is none, or one that can't be opened.
pub(super) async fn walk(
    env: &mut Env,
    message: Vec<u8>,
    options: &OpenOptions<'_>,
    around: &Around,
    keeps_signed: bool,
) -> Result<Walked> {
    let limits = *env.limits();
    let (layers, recipients) = (Vec::new(), Vec::new());
    let mut walk = Walk { env, options, around, layers, recipients, keeps_signed, signed: None };
    let mut decompressed_left = limits.decompressed_bytes;
    let mut content = message;
    loop {
        let kind = match kind(&content, &limits) {
            Ok(Kind::Plain) => return Ok(walk.done(content)),
            Ok(kind) => kind,
            Err(error) => {
                // Of multipart/signed that can't be split, the text can still be shown.
                let is_detached = is_multipart_signed(&content, &limits);
                let unopened =
                    if is_detached { UnopenedKind::Detached } else { UnopenedKind::Other };
                return walk.end(unopened, error, is_detached.then_some(content));
            }
        };
        if walk.layers.len() >= limits.layers {
            let (required, allowed) = (walk.layers.len() as u64 + 1, limits.layers as u64);
            let error = Error::Limit { limit: Limit::Layers, required, allowed };
            return walk.end(kind.unopened(), error, None);
        }
        match kind {
            Kind::Plain => return Ok(walk.done(content)),
            Kind::Encrypted if walk.signatures_around() > 1 => {
                return Ok(walk.done(content));
            }
            Kind::Encrypted => match walk.decrypt(content).await {
                Ok(inside) => content = inside,
                Err(error) => return walk.end(kind.unopened(), error, None),
            },
            Kind::Compressed => match walk.decompress(content, decompressed_left).await {
                Ok(inside) => {
                    decompressed_left = decompressed_left.saturating_sub(inside.len());
                    content = inside;
                }
                Err(error) => return walk.end(kind.unopened(), error, None),
            },
            Kind::Detached => match walk.verify(&mut content, true).await {
                Ok(Some(inside)) => content = inside,
                Ok(None) => return Ok(walk.done(content)),
                Err(error) => return walk.end(kind.unopened(), error, Some(content)),
            },
            Kind::Opaque => match walk.verify(&mut content, false).await {
                Ok(Some(inside)) => content = inside,
                Ok(None) => return Ok(walk.done(content)),
                Err(error) => return walk.end(kind.unopened(), error, None),
            },
            Kind::Other => {
                let error = Error::UnsupportedStructure { structure: "This content type" };
                return walk.end(kind.unopened(), error, None);
            }
        }
    }
}

/// What a layer is by its first bytes.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    Detached,
    Opaque,
    Encrypted,
    Compressed,
    Other,
}

impl Kind {
    fn unopened(self) -> UnopenedKind {
        match self {
            Kind::Detached => UnopenedKind::Detached,
            Kind::Opaque => UnopenedKind::Opaque,
            Kind::Encrypted => UnopenedKind::Encrypted,
            Kind::Compressed => UnopenedKind::Compressed,
            Kind::Plain | Kind::Other => UnopenedKind::Other,
        }
    }
}

fn kind(content: &[u8], limits: &Limits) -> Result<Kind> {
    Ok(match outermost(content, limits)? {
        Outermost::Plain => Kind::Plain,
        Outermost::Detached => Kind::Detached,
        Outermost::Cms(Some(oids::SIGNED_DATA)) => Kind::Opaque,
        Outermost::Cms(Some(oids::ENVELOPED_DATA | oids::AUTH_ENVELOPED_DATA)) => Kind::Encrypted,
        Outermost::Cms(Some(oids::COMPRESSED_DATA)) => Kind::Compressed,
        Outermost::Cms(_) => Kind::Other,
    })
}

fn is_multipart_signed(content: &[u8], limits: &Limits) -> bool {
    crate::mime::Entity::parse(content, limits)
        .is_ok_and(|entity| entity.content_type().essence() == "multipart/signed")
}

struct Walk<'a> {
    env: &'a mut Env,
    options: &'a OpenOptions<'a>,
    around: &'a Around,
    layers: Vec<OpenedLayer>,
    recipients: Vec<OwnedIdentifier>,
    keeps_signed: bool,
    signed: Option<Vec<u8>>,
}

impl Walk<'_> {
    fn done(self, content: Vec<u8>) -> Walked {
        Walked { layers: self.layers, content: Some(content), signed: self.signed }
    }

    /// Ends it with a layer that can't be opened, unless that is not the message's fault.
    fn end(mut self, kind: UnopenedKind, error: Error, content: Option<Vec<u8>>) -> Result<Walked> {
        if is_about_the_message(&error) {
            self.layers.push(OpenedLayer::Unopened { kind, error, recipients: self.recipients });
            Ok(Walked { layers: self.layers, content, signed: self.signed })
        } else {
            Err(error)
        }
    }

    /// How many signatures stand around what is next, inside the last encryption.
    fn signatures_around(&self) -> usize {
        let inside = self.layers.iter().rev();
        inside
            .take_while(|layer| !matches!(layer, OpenedLayer::Encrypted { .. }))
            .filter(|layer| matches!(layer, OpenedLayer::Signed { .. }))
            .count()
    }

    async fn decrypt(&mut self, message: Vec<u8>) -> Result<Vec<u8>> {
        // Whatever is signed out here speaks of ciphertext.
        self.signed = None;
        let (openers, recipients) = (self.options.openers, &mut self.recipients);
        let decrypted = decrypt_or_name(self.env, message, openers, recipients).await?;
        self.layers.push(OpenedLayer::Encrypted {
            integrity: decrypted.integrity,
            cipher: decrypted.cipher,
            opener: decrypted.opener,
            problems: decrypted.problems,
        });
        Ok(decrypted.message)
    }

    async fn decompress(&mut self, mut message: Vec<u8>, allowed: usize) -> Result<Vec<u8>> {
        decode_in_place(&mut message, self.env.limits(), |_| true)?;
        let inside = decompress_within(self.env, &message, allowed).await?;
        self.layers.push(OpenedLayer::Compressed);
        Ok(inside)
    }

    /// `None` if there is nothing inside: the message only brings certificates.
    async fn verify(
        &mut self,
        message: &mut Vec<u8>,
        is_detached: bool,
    ) -> Result<Option<Vec<u8>>> {
        let limits = *self.env.limits();
        let whole = (self.keeps_signed && self.signed.is_none()).then(|| message.clone());
        take_off_base64(message, &limits)?;
        let content = if self.layers.is_empty() { self.options.verify.content } else { None };
        let mut options =
            VerifyOptions { message: message.as_slice(), content, ..self.options.verify };
        let is_unprotected = |layer: &OpenedLayer| {
            matches!(layer, OpenedLayer::Encrypted { integrity: Integrity::None, .. })
        };
        if !self.options.may_fetch_unprotected && self.layers.iter().any(is_unprotected) {
            options.revocation.may_fetch = false;
        }
        let verified = verify_inside(self.env, options, Some(self.around)).await?;
        let inside = match verified.content {
            Cow::Owned(content) => Place::Apart(content),
            Cow::Borrowed(content) => match offset_in(message, content) {
                // Without content of its own, what is answered is the message itself.
                Some(0) if content.len() == message.len() => Place::Nowhere,
                Some(start) => Place::Within(start..start + content.len()),
                None => Place::Apart(content.to_vec()),
            },
        };
        if matches!(inside, Place::Nowhere) {
            self.layers.push(OpenedLayer::Certificates(certificates(message, &limits)));
            return Ok(None);
        }
        self.signed = self.signed.take().or(whole);
        self.layers.push(OpenedLayer::Signed {
            is_detached,
            status: verified.status,
            signatures: verified.signatures,
            problems: verified.problems,
        });
        Ok(match inside {
            Place::Nowhere => None,
            Place::Apart(content) => Some(content),
            Place::Within(range) => Some(cut(core::mem::take(message), range)),
        })
    }
}

/// Where signed content is.
enum Place {
    Nowhere,
    Within(core::ops::Range<usize>),
    Apart(Vec<u8>),
}

fn certificates(message: &[u8], limits: &Limits) -> Vec<Certificate> {
    match Input::read(message, limits).map(|input| input.outside) {
        Ok(Outside::Cms(cms)) => parse_certificates(&cms, limits).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Whether the message is to blame, and not the caller, the holder of a key or this crate.
fn is_about_the_message(error: &Error) -> bool {
    match error {
        Error::MalformedAsn1 { .. }
        | Error::MalformedCms { .. }
        | Error::MalformedMime { .. }
        | Error::MalformedTruncated { .. }
        | Error::MalformedCertificate { .. }
        | Error::UnsupportedAlgorithm { .. }
        | Error::UnsupportedStructure { .. }
        | Error::Limit { .. }
        | Error::DecryptFailed
        | Error::DecryptNoRecipient { .. }
        | Error::DecryptNotEncrypted
        | Error::DecryptNotMail
        | Error::DecompressNotCompressed
        | Error::RefusedExternalKey { .. } => true,
        Error::UsageMissingOption { option } => *option == "content",
        _ => false,
    }
}
