//! `addRecipients` and `removeRecipients`: other people can open an encrypted message, without its content
//! being decrypted.
//!
//! Only the RecipientInfos change (`cms/readdressing.rs`). All else stays octet for octet: the header, the
//! ciphertext, the attributes, what follows the message. Base64 has to be written anew from the
//! RecipientInfos on, in the lines it was in.
//!
//! The content-encryption key is tried before it is passed on, so that a wrong key never ends up as the
//! only one: authenticated content by its tag, CBC by the padding at the end and a header field at the
//! beginning. Content under CBC that does not begin as mail does is not readdressed for that reason.

use std::ops::Range;

use super::decrypt::{begins_entity, refuse_keys};
use super::encrypt::{Recipient, checked_recipients};
use super::input::{Outermost, is_bare_cms, outermost};
use super::inspect::{Layer, Structure, inspect};
use crate::asn1::{oids, tag, to_der};
use crate::bytes::{PIECE, Sink, base64};
use crate::cert::{Certificate, Identity};
use crate::cms::{
    AnnouncedRecipients, Content, ContentInfo, Openers, OwnedIdentifier, Readdressing,
    RecipientInfo, RecipientName,
};
use crate::env::Env;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;
use crate::mime::Entity;

/// What `readdress` needs.
#[derive(Clone, Debug, Default)]
pub struct ReaddressOptions<'a> {
    /// A whole message, or bare CMS, of which the outermost layer is encrypted.
    pub message: Vec<u8>,
    /// Whoever may open it.
    pub identities: &'a [Identity],
    /// Who shall be able to.
    pub add: &'a [Recipient],
    /// Who shall not be named any more. What they know already, they know.
    pub remove: &'a [Certificate],
    /// Whether those to be added who are named already get the key anew. That they are named shows nothing:
    /// whoever wrote the message may have put nonsense beside the name.
    pub renew: bool,
}

/// What `readdress` answers.
#[derive(Debug)]
pub enum Readdressed<S> {
    /// Everybody to be added was there already, and nobody to be removed: the message as it was.
    Unchanged(Vec<u8>),
    /// The message for its new recipients.
    Changed(S),
}

/// Adds and removes recipients of an encrypted message.
///
/// # Errors
///
/// `decrypt/not-encrypted`, `decrypt/not-mail`, `decrypt/no-recipient`, `decrypt/failed` whatever is wrong with
/// the key or the content, `refused/outer-signature`, `refused/last-recipient` where none of `identities` would open the
/// message any more, `refused/recipient` for a certificate that is not valid now or not for encryption,
/// `unsupported/…`, `malformed/…`, `limit/…`, `aborted`.
pub async fn readdress(
    env: &mut Env,
    options: ReaddressOptions<'_>,
) -> Result<Readdressed<Vec<u8>>> {
    readdress_to(env, options, Vec::with_capacity).await
}

/// The same, into a sink that is made once the length is known.
///
/// # Errors
///
/// Those of [`readdress`].
pub async fn readdress_to<S: Sink>(
    env: &mut Env,
    options: ReaddressOptions<'_>,
    sink: impl FnOnce(usize) -> S,
) -> Result<Readdressed<S>> {
    let ReaddressOptions { mut message, identities, add, remove, renew } = options;
    let renewed = add.iter().filter(|_| renew).map(|one| one.certificate().clone());
    let remove: Vec<Certificate> = remove.iter().cloned().chain(renewed).collect();
    let limits = *env.limits();
    check_outside(env, &message).await?;
    let place = Place::find(&message, &limits)?;
    let announced = place.recipients(&message, &limits)?;
    if !changes(&announced.list(&limits)?, add, &remove) {
        return Ok(Readdressed::Unchanged(message));
    }

    let place = place.decode(&mut message)?;
    let cms = message.get(place.cms.clone()).unwrap_or_default();
    let der = to_der(cms, &limits)?;
    let mut encrypted = match ContentInfo::from_der(&der)?.open(&limits)? {
        Content::EnvelopedData(encrypted) | Content::AuthEnvelopedData(encrypted) => encrypted,
        Content::SignedData(_) | Content::CompressedData(_) => {
            return Err(Error::DecryptNotEncrypted);
        }
    };
    refuse_keys(&encrypted)?;
    let is_ours = |info: &RecipientInfo<'_>| {
        identities.iter().any(|identity| info.is_for(identity.certificate()))
    };
    let is_named = encrypted.recipients.iter().any(is_ours);
    let readdressing = Readdressing::new(&encrypted.recipients, &remove)?;
    let is_missing = |(_, one): &(u64, &Recipient)| {
        !readdressing.staying.iter().any(|info| info.is_for(one.certificate()))
    };
    let missing = checked_recipients(env, (0..).zip(add).filter(is_missing))?;
    let names: usize = readdressing.staying.iter().map(|info| info.names().len()).sum();
    check_count(names + missing.len(), &limits)?;

    // Whoever leaves is not asked for the key, unless a new recipient is one of us: one that opens the
    // message has to be left.
    let adds_us = missing
        .iter()
        .any(|one| identities.iter().any(|identity| identity.certificate() == one.certificate()));
    if readdressing.is_removed && !adds_us {
        if is_named && !readdressing.staying.iter().any(is_ours) {
            return Err(Error::RefusedLastRecipient);
        }
        encrypted.recipients = readdressing.staying.clone();
    }
    let openers = Openers { identities, passwords: &[], keys: &[] };
    let unlocked = encrypted.unlock(env, openers, &der).await?;
    let pieces = unlocked.pieces(&der);
    let on_trial = match cms.len() <= MEANWHILE {
        true => unlocked.key_on_trial(&pieces).await?,
        false => None,
    };
    let right;
    let content_key = match &on_trial {
        Some(on_trial) => on_trial.key(),
        None => {
            let is_plausible = |content: &[u8]| begins_entity(content, &limits);
            right = unlocked.right_key(env, &der, is_plausible).await?;
            &right
        }
    };
    let added: Vec<_> = missing.iter().map(|one| one.addressee()).collect();
    let (beginning, end) = readdressing.beginning(env, cms, &encrypted, &added, content_key)?;
    let stays = cms.get(end..).unwrap_or_default();
    let written = place.write(env, &message, &beginning, stays, sink).await?;
    let written = match on_trial {
        Some(on_trial) => on_trial.release(written).await?,
        None => written,
    };
    Ok(Readdressed::Changed(written))
}

/// Up to this size the message is written while the tag is still being checked, which takes memory for both.
const MEANWHILE: usize = 8 << 20;

/// Whom the outermost layer of a message is encrypted for; `None` for somebody who has no certificate.
///
/// # Errors
///
/// `decrypt/not-encrypted`, `refused/outer-signature`, `unsupported/…`, `malformed/…`, `limit/…`, `aborted`.
pub async fn named_recipients(
    env: &mut Env,
    message: &[u8],
) -> Result<Vec<Option<OwnedIdentifier>>> {
    let limits = *env.limits();
    check_outside(env, message).await?;
    let announced = Place::find(message, &limits)?.recipients(message, &limits)?;
    let infos = announced.list(&limits)?;
    let names = infos.iter().flat_map(RecipientInfo::names);
    let named = names.map(|name| match name {
        RecipientName::Entity(identifier) => Some(OwnedIdentifier::from(identifier)),
        RecipientName::Key(_) | RecipientName::Unnamed => None,
    });
    Ok(named.collect())
}

/// Whether there is anything to do.
fn changes(infos: &[RecipientInfo<'_>], add: &[Recipient], remove: &[Certificate]) -> bool {
    let is_for = |certificate: &Certificate| infos.iter().any(|info| info.is_for(certificate));
    !add.iter().all(|one| is_for(one.certificate())) || remove.iter().any(is_for)
}

/// Refuses what is not encrypted on the outside.
async fn check_outside(env: &mut Env, message: &[u8]) -> Result<()> {
    match outermost(message, env.limits())? {
        Outermost::Cms(Some(oids::ENVELOPED_DATA | oids::AUTH_ENVELOPED_DATA)) => Ok(()),
        Outermost::Detached | Outermost::Cms(Some(oids::SIGNED_DATA)) => {
            let outside = inspect(env, message).await?;
            let mut layers =
                core::iter::successors(Some(&outside), |layer| layer.inside.as_deref());
            let is_encrypted = |layer: &Structure| matches!(layer.layer, Layer::Encrypted { .. });
            match layers.any(is_encrypted) {
                true => Err(Error::RefusedOuterSignature),
                false => Err(Error::DecryptNotEncrypted),
            }
        }
        Outermost::Plain | Outermost::Cms(Some(_)) => Err(Error::DecryptNotEncrypted),
        Outermost::Cms(None) => Err(Error::MalformedCms { rule: "it is no ContentInfo" }),
    }
}

fn check_count(recipients: usize, limits: &Limits) -> Result<()> {
    if recipients <= limits.recipients {
        return Ok(());
    }
    Err(Error::Limit {
        limit: Limit::Recipients,
        required: recipients as u64,
        allowed: limits.recipients as u64,
    })
}

/// Where the CMS is in a message, and how it is written there.
#[derive(Clone, Debug)]
struct Place {
    cms: Range<usize>,
    /// How it is broken into lines, if it is in base64.
    base64: Option<base64::Lines>,
    /// Where what follows the CMS begins.
    tail: usize,
}

const TWICE: Error = Error::UnsupportedStructure { structure: "CMS that is encoded twice" };

impl Place {
    /// # Errors
    ///
    /// `unsupported/structure` for CMS that is encoded twice or as nobody does.
    fn find(message: &[u8], limits: &Limits) -> Result<Place> {
        if is_bare_cms(message) {
            return Place::bare(message, 0);
        }
        let entity = Entity::parse(message, limits)?;
        let body = message.len() - entity.body().len();
        match entity.transfer_encoding().as_str() {
            "" | "7bit" | "8bit" | "binary" => Place::bare(message, body),
            "base64" => Ok(Place::text(message, body..message.len())),
            _ => Err(Error::UnsupportedStructure { structure: "this Content-Transfer-Encoding" }),
        }
    }

    /// Of CMS without a message around it: in binary, in PEM, or in base64.
    fn bare(message: &[u8], start: usize) -> Result<Place> {
        const PEM: &[u8] = b"-----BEGIN ";
        let body = message.get(start..).unwrap_or_default();
        match body.first() {
            Some(&tag::SEQUENCE) => {
                Ok(Place { cms: start..message.len(), base64: None, tail: message.len() })
            }
            Some(b'M') => Ok(Place::text(message, start..message.len())),
            _ => {
                let begin = body.windows(PEM.len()).position(|window| window == PEM);
                let begin = begin.and_then(|at| {
                    let line = body.get(at..)?;
                    Some(start + at + line.iter().position(|&octet| octet == b'\n')? + 1)
                });
                let begin = begin.ok_or(TWICE)?;
                let text = message.get(begin..).unwrap_or_default();
                let length = text.iter().position(|&octet| octet == b'-').unwrap_or(text.len());
                Ok(Place::text(message, begin..begin + length))
            }
        }
    }

    fn text(message: &[u8], cms: Range<usize>) -> Place {
        let text = message.get(cms.clone()).unwrap_or_default();
        Place { base64: Some(base64::Lines::of(text)), tail: cms.end, cms }
    }

    /// Reads the recipients, from as little of the message as they need.
    fn recipients(&self, message: &[u8], limits: &Limits) -> Result<AnnouncedRecipients> {
        const START: usize = 32 << 10;
        let cms = message.get(self.cms.clone()).unwrap_or_default();
        if self.base64.is_none() {
            return AnnouncedRecipients::read(cms, limits).map_err(malformed);
        }
        let start = base64::decode_start(cms.get(..cms.len().min(START)).unwrap_or_default())?;
        if start.first() != Some(&tag::SEQUENCE) {
            return Err(TWICE);
        }
        AnnouncedRecipients::read(&start, limits).or_else(|_| {
            AnnouncedRecipients::read(&base64::decode_start(cms)?, limits).map_err(malformed)
        })
    }

    /// Takes base64 off, in place.
    fn decode(mut self, message: &mut [u8]) -> Result<Place> {
        if self.base64.is_some() {
            let text = message.get_mut(..self.cms.end).unwrap_or_default();
            let decoded = base64::decode_within(text, self.cms.start)?;
            self.cms.end = decoded.end;
            self.tail = decoded.text_end;
        }
        Ok(self)
    }

    /// The message with `beginning` and `stays` as its CMS.
    async fn write<S: Sink>(
        &self,
        env: &mut Env,
        message: &[u8],
        beginning: &[u8],
        stays: &[u8],
        sink: impl FnOnce(usize) -> S,
    ) -> Result<S> {
        let header = message.get(..self.cms.start).unwrap_or_default();
        let tail = message.get(self.tail..).unwrap_or_default();
        let length = beginning.len() + stays.len();
        let written = self.base64.map_or(length, |lines| lines.encoded_len(length));
        let mut output = sink(header.len() + written + tail.len());
        output.write(header);
        match self.base64 {
            None => write_pieces(env, &mut output, beginning, stays).await?,
            Some(lines) => {
                let mut encoder = base64::Encoder::with_lines(&mut output, lines);
                write_pieces(env, &mut encoder, beginning, stays).await?;
                encoder.finish_within_line();
            }
        }
        output.write(tail);
        Ok(output)
    }
}

async fn write_pieces(
    env: &mut Env,
    output: &mut impl Sink,
    beginning: &[u8],
    stays: &[u8],
) -> Result<()> {
    output.write(beginning);
    let mut done = 0;
    for piece in stays.chunks(PIECE) {
        output.write(piece);
        done += piece.len();
        env.tick(done as u64, stays.len() as u64).await?;
    }
    Ok(())
}

fn malformed(error: Error) -> Error {
    match error {
        Error::MalformedAsn1 { rule } => Error::MalformedCms { rule },
        error => error,
    }
}
