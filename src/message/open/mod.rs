//! `openMessage`: the walk through the layers of a message, and the one summary a badge and a lock need.
//!
//! A layer is opened if it is the whole of what is inside the layer before: signed (RFC 8551, 3.5),
//! encrypted (3.3, 3.4), compressed (3.6), in any order. Each has its own result. What is left in the end
//! is the content: all that is shown comes from it, and the summary speaks of nothing else.
//!
//! The rules:
//!
//! 1. *Only what covers the whole counts.* A signed or encrypted part beside others, or a signed mail
//!    that is attached, is content. It lends no status, is not opened and is never joined with what
//!    stands around it; a problem names it.
//! 2. *Only signatures inside all encryption count.* One outside says who sent the ciphertext, which
//!    anybody can do with any ciphertext.
//! 3. *The outermost signature that counts gives the status; those inside can only lower it.* One of the
//!    author's has to be verified too, one of anybody else's has to be intact. If one of them is
//!    multipart/signed, all have to be the author's: a reader that stops at the first
//!    signature, or knows no S/MIME, shows its text by itself, so that readers would differ on who is
//!    speaking.
//! 4. *The author is the one whom the outermost header names.* Headers inside count for nothing here.
//!    What is shown of protected ones is told field by field.
//! 5. *Encryption is opened directly below at most one signature.* Below several it is content that
//!    they cover, and stays as it is.
//! 6. *Only a verified signature inside lifts `integrity: 'none'`.*
//! 7. *Nothing is fetched below `integrity: 'none'`* about certificates or their revocation, unless
//!    somebody asks for it.
//! 8. *What can't be opened has no status*, but for a multipart/signed that can't be read, which has
//!    failed. What could be opened until then is told all the same.

mod html;
mod status;
mod view;
mod walk;

pub use self::status::Encryption;
pub(crate) use self::view::attachment_name;
pub use self::view::{AttachedPart, Body, Html, PartKind, TransferEncoding, View, decode_part};
pub use self::walk::{OpenedLayer, UnopenedKind};

use self::view::Protected;
use self::walk::Walked;
use super::diagnosis::{of_unopened, of_unsigned};
use super::headers::{MessageHeaders, PayloadFacts, read_headers};
use super::input::is_bare_cms;
use super::verify::{Around, SignatureResult, Status, VerifyOptions};
use crate::cms::Openers;
use crate::env::Env;
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::mime::Entity;

/// What `open` needs besides the message.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions<'a> {
    /// Whatever may decrypt.
    pub openers: Openers<'a>,
    /// How signatures are checked. `message` is not looked at, `content` is for a message that is a bare
    /// detached signature.
    pub verify: VerifyOptions<'a>,
    /// Whether something may be fetched about signers inside encryption that would not have noticed
    /// changes. Somebody has to have asked for it: it tells others that the message decrypted, and goes to
    /// places that it names.
    pub may_fetch_unprotected: bool,
}

/// What `open` answers.
#[derive(Debug)]
pub struct OpenedMessage {
    /// What the signatures that count are worth. `None`: the message could not be opened far enough to
    /// tell.
    pub status: Option<Status>,
    /// Whether the content was encrypted.
    pub encryption: Encryption,
    /// Who is compared with certificates: the one address of the one From outside, or the caller's word.
    pub author: Option<String>,
    /// The content: exactly the octets the summary speaks of. `None` if it could not be reached.
    pub content: Option<Vec<u8>>,
    /// The header fields, each with what protects it.
    pub headers: MessageHeaders,
    /// What there is to show of the content. `None` if that is too complex.
    pub view: Option<View>,
    /// Every layer, the outermost first. The last one may have failed.
    pub layers: Vec<OpenedLayer>,
    /// What there is to tell of the whole; what only concerns a layer is told there.
    pub problems: Vec<Problem>,
}

impl OpenedMessage {
    /// Why the last layer could not be opened.
    pub fn error(&self) -> Option<&Error> {
        match self.layers.last() {
            Some(OpenedLayer::Unopened { error, .. }) => Some(error),
            _ => None,
        }
    }

    /// The signatures that count, those of the outermost layer first.
    pub fn signatures(&self) -> impl Iterator<Item = &SignatureResult> {
        status::counting(&self.layers).flat_map(|layer| layer.signatures)
    }

    /// What there is to say of an encrypted layer: that nobody would have noticed changes is no news where a
    /// signature inside holds.
    pub fn told_of<'a>(&self, problems: &'a [Problem]) -> impl Iterator<Item = &'a Problem> {
        let is_made_good = self.encryption == Encryption::Protected;
        problems
            .iter()
            .filter(move |one| one.code != ProblemCode::CipherNoIntegrity || !is_made_good)
    }

    /// The status in the words of RFC 9219, 4.1; `None` is its null.
    pub fn smime_status(&self) -> Option<&'static str> {
        status::smime_status(self)
    }
}

/// Opens a message, layer by layer, as far as it goes. What keeps a layer from being opened is told with
/// the layer, and is no error here.
///
/// # Errors
///
/// `limit/input-bytes` and `limit/header-fields` for the message itself, `identity/…`, `usage/…`,
/// `aborted`.
pub async fn open(
    env: &mut Env,
    message: Vec<u8>,
    options: OpenOptions<'_>,
) -> Result<OpenedMessage> {
    open_and_keep(env, message, options, false).await.map(|(opened, _)| opened)
}

/// The same; beside it what stands inside all encryption and begins with a signature, byte for byte, so
/// that it can be checked again without a key.
///
/// # Errors
///
/// Those of [`open`].
pub async fn open_and_keep_signed(
    env: &mut Env,
    message: Vec<u8>,
    options: OpenOptions<'_>,
) -> Result<(OpenedMessage, Option<Vec<u8>>)> {
    open_and_keep(env, message, options, true).await
}

async fn open_and_keep(
    env: &mut Env,
    message: Vec<u8>,
    options: OpenOptions<'_>,
    keeps_signed: bool,
) -> Result<(OpenedMessage, Option<Vec<u8>>)> {
    let limits = *env.limits();
    let around = if is_bare_cms(&message) {
        Around::new(None, options.verify.from)
    } else {
        match Entity::parse(&message, &limits) {
            Ok(entity) => Around::new(Some(&entity), options.verify.from),
            Err(Error::MalformedMime { .. }) => Around::new(None, options.verify.from),
            Err(error) => return Err(error),
        }
    };
    let header = header_of(&message, &limits);
    let Walked { layers, content, signed } =
        walk::walk(env, message, &options, &around, keeps_signed).await?;
    // The view is read in one go: it is a moment's work beside that of the layers.
    let length = content.as_ref().map_or(0, Vec::len) as u64;
    env.tick(length, length).await?;
    let mut problems = Vec::new();
    let (status, encryption) = status::summary(&layers, &mut problems);
    let is_encrypted = matches!(encryption, Encryption::Protected | Encryption::Unprotected);
    let is_layer = |layer: &OpenedLayer| {
        matches!(layer, OpenedLayer::Signed { .. } | OpenedLayer::Encrypted { .. })
    };
    let payload = content.as_deref().filter(|_| layers.iter().any(is_layer));
    let headers = read_headers(
        Entity::parse(&header, &limits).ok().as_ref(),
        payload.and_then(|payload| Entity::parse(payload, &limits).ok()).as_ref(),
        around.author_address(),
        PayloadFacts { is_signed: status == Some(Status::Verified), is_encrypted },
        &limits,
    );
    problems.extend_from_slice(&headers.problems);
    if status == Some(Status::Unsigned)
        && let Some(content) = &content
    {
        problems.extend(of_unsigned(env, content, &options.verify, &around).await?);
    }
    if let Some(OpenedLayer::Unopened { error, .. }) = layers.last() {
        let content = content.as_deref();
        problems.extend(of_unopened(env, error, content, &options.verify, &around).await?);
    }
    let protected = Protected { scheme: headers.scheme, is_encrypted };
    let view = content
        .as_deref()
        .and_then(|content| view::read(content, protected, &limits, &mut problems));
    let author = around.author_address().map(str::to_owned);
    let opened =
        OpenedMessage { status, encryption, author, content, headers, view, layers, problems };
    Ok((opened, signed))
}

/// The message's own header, which is needed when the message is gone.
fn header_of(message: &[u8], limits: &Limits) -> Vec<u8> {
    if is_bare_cms(message) {
        return Vec::new();
    }
    let body_len =
        Entity::parse(message, limits).map_or(message.len(), |entity| entity.body().len());
    message.get(..message.len() - body_len).unwrap_or_default().to_vec()
}
