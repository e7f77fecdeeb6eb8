//! What speaks against a certificate before a path is looked for.

use super::TrustBase;
use crate::env::Time;
use crate::error::{Detail, Problem, ProblemCode};
use crate::store::{Entry, Trust};

/// What a certificate is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Encrypt,
    Sign,
}

impl Use {
    /// The code that is about the sender's own certificate where one is to sign with it.
    pub(super) fn code(self, of_recipient: ProblemCode, of_sender: ProblemCode) -> ProblemCode {
        match self {
            Use::Encrypt => of_recipient,
            Use::Sign => of_sender,
        }
    }
}

/// Why a certificate is no good for an address, whoever issued it.
pub(super) fn objection(
    now: Time,
    trust: &TrustBase,
    entry: &Entry,
    address: &str,
    wanted: Use,
) -> Option<Problem> {
    let certificate = &entry.certificate;
    let is_for_it = certificate.allows_email()
        && match wanted {
            Use::Encrypt => certificate.allows_encryption(),
            Use::Sign => certificate.allows_signing(),
        };
    let decision = trust.decision(certificate, address);
    let code = if decision.is_some_and(|decision| decision.trust == Trust::Distrusted) {
        wanted.code(ProblemCode::RecipientDistrusted, ProblemCode::SenderDistrusted)
    } else if entry.is_revoked() {
        wanted.code(ProblemCode::RevocationRevoked, ProblemCode::SenderRevoked)
    } else if !is_for_it {
        wanted.code(ProblemCode::RecipientNotForEncryption, ProblemCode::SenderNotForSigning)
    } else if certificate.not_before() > now {
        wanted.code(ProblemCode::RecipientNotYetValid, ProblemCode::SenderNotYetValid)
    } else if certificate.not_after() < now {
        wanted.code(ProblemCode::RecipientExpired, ProblemCode::SenderExpired)
    } else {
        return None;
    };
    Some(about(code, entry, address))
}

/// A problem with a certificate, for somebody.
pub(super) fn about(code: ProblemCode, entry: &Entry, address: &str) -> Problem {
    let certificate = &entry.certificate;
    Problem::new(code)
        .with_text("address", address)
        .with_text("subject", &certificate.subject_text())
        .with_text("id", &entry.id)
        .with("notBefore", Detail::Time(certificate.not_before()))
        .with("notAfter", Detail::Time(certificate.not_after()))
}
