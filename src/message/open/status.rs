//! The summary: what a badge and a lock say of a message (the rules are those of the module above).

use super::OpenedMessage;
use super::walk::{OpenedLayer, UnopenedKind};
use crate::cms::Signature;
use crate::error::{Problem, ProblemCode};
use crate::message::author::AuthorVerdict;
use crate::message::decrypt::Integrity;
use crate::message::verify::{SignatureResult, Status, TrustVerdict};

/// Whether the content was encrypted, as a lock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// It was not, or only parts of it were.
    None,
    /// It was, and nobody has changed it on its way.
    Protected,
    /// It was, and somebody may have changed it on its way (EFAIL). Do nothing outward because of it.
    Unprotected,
    /// It is, and could not be opened.
    Locked,
}

/// Status and encryption by the layers; what they have to tell of the whole goes to `problems`.
pub(super) fn summary(
    layers: &[OpenedLayer],
    problems: &mut Vec<Problem>,
) -> (Option<Status>, Encryption) {
    let status = status(layers, problems);
    if outside_encryption(layers).next().is_some() {
        problems.push(Problem::new(ProblemCode::LayerOutsideEncryption));
    }
    (status, encryption(layers, status))
}

/// A layer of signatures.
#[derive(Clone, Copy)]
pub(super) struct Signed<'a> {
    is_detached: bool,
    status: Status,
    pub(super) signatures: &'a [SignatureResult],
}

/// The layers of signatures that count, the outermost first.
pub(super) fn counting(layers: &[OpenedLayer]) -> impl Iterator<Item = Signed<'_>> {
    layers.get(inside_encryption(layers)..).unwrap_or_default().iter().filter_map(signed)
}

fn outside_encryption(layers: &[OpenedLayer]) -> impl Iterator<Item = Signed<'_>> {
    layers.get(..inside_encryption(layers)).unwrap_or_default().iter().filter_map(signed)
}

/// The position of the first layer inside all encryption, whether it could be opened or not.
fn inside_encryption(layers: &[OpenedLayer]) -> usize {
    layers.iter().rposition(is_encrypted).map_or(0, |last| last + 1)
}

fn is_encrypted(layer: &OpenedLayer) -> bool {
    matches!(
        layer,
        OpenedLayer::Encrypted { .. } | OpenedLayer::Unopened { kind: UnopenedKind::Encrypted, .. }
    )
}

fn signed(layer: &OpenedLayer) -> Option<Signed<'_>> {
    match layer {
        // Without a signer there is no signature, whatever the type says.
        OpenedLayer::Signed { is_detached, status, signatures, .. } if !signatures.is_empty() => {
            Some(Signed { is_detached: *is_detached, status: *status, signatures })
        }
        _ => None,
    }
}

fn status(layers: &[OpenedLayer], problems: &mut Vec<Problem>) -> Option<Status> {
    match layers.last() {
        Some(OpenedLayer::Unopened { kind: UnopenedKind::Detached, .. }) => {
            return Some(Status::Failed);
        }
        Some(OpenedLayer::Unopened { .. }) => return None,
        _ => {}
    }
    let mut counting = counting(layers);
    let Some(outermost) = counting.next() else { return Some(Status::Unsigned) };
    let inner: Vec<Signed<'_>> = counting.collect();
    if outermost.status == Status::Failed || inner.iter().any(|s| s.status == Status::Failed) {
        return Some(Status::Failed);
    }
    let is_detached = outermost.is_detached || inner.iter().any(|layer| layer.is_detached);
    let agrees = |layer: &Signed<'_>| {
        layer.status == Status::Verified || (is_anothers(layer) && !is_detached)
    };
    if outermost.status == Status::Verified && !inner.iter().all(agrees) {
        problems.push(Problem::new(ProblemCode::LayerNestedSignatures));
        return Some(Status::Unverified);
    }
    Some(outermost.status)
}

/// Whether every signature is intact and by somebody who is known and not the author.
fn is_anothers(layer: &Signed<'_>) -> bool {
    layer.signatures.iter().all(|signature| {
        signature.integrity == Signature::Intact && signature.author == AuthorVerdict::Mismatch
    })
}

fn encryption(layers: &[OpenedLayer], status: Option<Status>) -> Encryption {
    let mut encrypted = layers.iter().filter(|layer| is_encrypted(layer)).peekable();
    if encrypted.peek().is_none() {
        return Encryption::None;
    }
    let mut is_protected = true;
    for layer in encrypted {
        match layer {
            OpenedLayer::Encrypted { integrity, .. } => {
                is_protected &= *integrity == Integrity::Protected;
            }
            _ => return Encryption::Locked,
        }
    }
    match is_protected || status == Some(Status::Verified) {
        true => Encryption::Protected,
        false => Encryption::Unprotected,
    }
}

pub(super) fn smime_status(message: &OpenedMessage) -> Option<&'static str> {
    let is_encrypted = message.encryption != Encryption::None;
    let is_smime = !message.layers.is_empty();
    match (message.status, is_encrypted) {
        (Some(Status::Verified), false) => Some("signed/verified"),
        (Some(Status::Verified), true) => Some("encrypted+signed/verified"),
        (Some(Status::Unverified), _) if is_unchecked(message) => Some("signed"),
        (Some(Status::Failed | Status::Unverified), false) => Some("signed/failed"),
        (Some(Status::Failed | Status::Unverified), true) => Some("encrypted+signed/failed"),
        (Some(Status::Unsigned), true) => None,
        // Certificates alone, or compressed content.
        (Some(Status::Unsigned), false) => is_smime.then_some("unknown"),
        (None, _) => Some("unknown"),
    }
}

/// Whether nothing is wrong but that nobody has said whom to trust.
fn is_unchecked(message: &OpenedMessage) -> bool {
    message.signatures().all(|signature| {
        signature.integrity == Signature::Intact
            && signature.trust == TrustVerdict::Unchecked
            && signature.author != AuthorVerdict::Mismatch
    })
}
