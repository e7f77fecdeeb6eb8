//! What the signatures of a message come to together.

use super::checker::{addresses, stands_for_any};
use super::{SignatureResult, Status, TrustVerdict};
use crate::cms::{Signature, SignerInfo};
use crate::error::{Problem, ProblemCode};
use crate::message::AuthorVerdict;

/// In one word, by the rules that `verify` begins with.
pub(super) fn status(signatures: &[SignatureResult]) -> Status {
    let is_altered = |signature: &&SignatureResult| signature.integrity == Signature::Altered;
    if signatures.is_empty() {
        return Status::Unsigned;
    }
    if signatures.iter().filter(is_altered).any(|s| s.author != AuthorVerdict::Mismatch) {
        return Status::Failed;
    }
    if signatures.iter().any(|signature| is_altered(&signature))
        || !signatures.iter().any(is_verified)
    {
        return Status::Unverified;
    }
    Status::Verified
}

fn is_verified(signature: &SignatureResult) -> bool {
    signature.integrity == Signature::Intact
        && signature.trust == TrustVerdict::Trusted
        && signature.author == AuthorVerdict::Match
        && !signature.problems.iter().any(is_forbidden)
}

/// What policy does not let pass for verified, though the signature holds.
fn is_forbidden(problem: &Problem) -> bool {
    matches!(
        problem.code,
        ProblemCode::SignatureWeakDigest
            | ProblemCode::SignatureContentType
            | ProblemCode::SignatureTimeOutsideValidity
            | ProblemCode::SignatureDateDiffers
            | ProblemCode::SignatureRemoved
    )
}

/// Whether the content is to be shown with its line ends made CRLF: as it was signed by whoever lends
/// the status, else by the first whose signature is intact.
pub(super) fn is_converted(signatures: &[SignatureResult]) -> bool {
    let intact = |signature: &&SignatureResult| signature.integrity == Signature::Intact;
    let shown = signatures.iter().find(|s| is_verified(s)).or(signatures.iter().find(intact));
    shown.is_some_and(|signature| {
        signature.problems.iter().any(|problem| problem.code == ProblemCode::SignatureLineEnds)
    })
}

/// Tells where a signer who has signed with several algorithms says so and one of these signatures is
/// not there (RFC 5752). Signatures are one signer's if their certificates are one or share an address.
pub(super) fn report_removed(infos: &[SignerInfo<'_>], results: &mut [SignatureResult]) {
    let mut removed = Vec::new();
    for (position, (info, result)) in infos.iter().zip(&*results).enumerate() {
        if !info.names_others() {
            continue;
        }
        let addresses = result.signer.as_ref().map(addresses).unwrap_or_default();
        let is_same_signer = |other: &SignatureResult| match (&result.signer, &other.signer) {
            (Some(own), Some(other)) => own == other || stands_for_any(other, &addresses),
            _ => false,
        };
        let others: Vec<&SignerInfo<'_>> = infos
            .iter()
            .zip(&*results)
            .enumerate()
            .filter(|(other, (_, found))| *other != position && is_same_signer(found))
            .map(|(_, (info, _))| info)
            .collect();
        if !info.names_all(&others) {
            removed.push(position);
        }
    }
    for position in removed {
        if let Some(result) = results.get_mut(position) {
            result.problems.push(Problem::new(ProblemCode::SignatureRemoved));
        }
    }
}
