//! The badge beside the sender and the lock beside the subject (FEATURES R5), each with its reasons.

use crate::crypto::PublicKey;
use crate::error::{Detail, Problem, ProblemCode};
use crate::message::{Encryption, Integrity, OpenedLayer, OpenedMessage, Opener, Status};

use crate::cert::Identity;

/// What the badge beside the sender says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Badge {
    /// Signed by the author, and all that was asked for holds.
    Verified,
    /// Signed, and something does not hold or is not known.
    NotVerified,
    /// The content, or the signature, is not what it was.
    Altered,
    /// Not signed.
    Unsigned,
    /// Nobody can tell before it is decrypted.
    Unknown,
}

/// What the lock beside the subject says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockSign {
    /// Not encrypted.
    Open,
    /// Encrypted, and nobody has changed it on its way.
    Encrypted,
    /// Encrypted, by what is no longer considered strong.
    Weak,
    /// Encrypted, and somebody may have changed it on its way.
    WithoutIntegrity,
    /// Encrypted, and it could not be opened.
    Unreadable,
    /// Encrypted for a key that is locked here.
    Locked,
}

/// A sign, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Sign<T> {
    /// Which.
    pub state: T,
    /// What weighs most first.
    pub reasons: Vec<Problem>,
}

impl Badge {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Badge::Verified => "badge/verified",
            Badge::NotVerified => "badge/not-verified",
            Badge::Altered => "badge/altered",
            Badge::Unsigned => "badge/unsigned",
            Badge::Unknown => "badge/unknown",
        }
    }
}

impl LockSign {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            LockSign::Open => "lock/none",
            LockSign::Encrypted => "lock/encrypted",
            LockSign::Weak => "lock/weak",
            LockSign::WithoutIntegrity => "lock/no-integrity",
            LockSign::Unreadable => "lock/unreadable",
            LockSign::Locked => "lock/locked",
        }
    }
}

/// The badge of a message; `distrust` is what the user's own rules say against its signer.
pub(super) fn badge(opened: &OpenedMessage, distrust: &[Problem]) -> Sign<Badge> {
    let state = match opened.status {
        Some(Status::Verified) => Badge::Verified,
        Some(Status::Unverified) => Badge::NotVerified,
        Some(Status::Failed) => Badge::Altered,
        Some(Status::Unsigned) => Badge::Unsigned,
        None => Badge::Unknown,
    };
    let mut reasons = distrust.to_vec();
    let told = opened.signatures().flat_map(|signature| &signature.problems);
    let whole = opened.problems.iter().filter(|problem| is_about_signatures(problem.code));
    for problem in told.chain(whole) {
        let is_told = |other: &Problem| {
            other == problem || (other.code == problem.code && other.details.is_empty())
        };
        match reasons.iter_mut().find(|other| is_told(other)) {
            // The same with its evidence says more.
            Some(other) => other.clone_from(problem),
            None => reasons.push(problem.clone()),
        }
    }
    Sign { state, reasons }
}

/// The lock of a message. `hindrance` says what is known of why it could not be opened.
pub(super) fn lock(
    opened: &OpenedMessage,
    identities: &[Identity],
    is_locked: bool,
    hindrance: &[Problem],
) -> Sign<LockSign> {
    let mut reasons = hindrance.to_vec();
    let (mut is_weak, mut lacks_integrity) = (false, false);
    for layer in &opened.layers {
        let OpenedLayer::Encrypted { integrity, opener, problems, .. } = layer else { continue };
        lacks_integrity |= *integrity == Integrity::None;
        let short = short_key(*opener, identities);
        is_weak |= short.is_some()
            || problems.iter().any(|problem| problem.code == ProblemCode::CipherWeak);
        reasons.extend(short);
        reasons.extend(opened.told_of(problems).cloned());
    }
    let state = match opened.encryption {
        Encryption::None => LockSign::Open,
        Encryption::Locked if is_locked => LockSign::Locked,
        Encryption::Locked => LockSign::Unreadable,
        Encryption::Protected | Encryption::Unprotected if is_weak => LockSign::Weak,
        Encryption::Unprotected if lacks_integrity => LockSign::WithoutIntegrity,
        Encryption::Protected | Encryption::Unprotected => LockSign::Encrypted,
    };
    Sign { state, reasons }
}

/// The problem that it is if the key which opened a layer is too short.
fn short_key(opener: Opener, identities: &[Identity]) -> Option<Problem> {
    let Opener::Identity(position) = opener else { return None };
    let identity = identities.get(position)?;
    let key = identity.certificate().public_key();
    match (key, key.describe()) {
        (PublicKey::Rsa(_), (_, Some(bits))) if bits < 2_048 => {
            let bits = Detail::Number(bits.into());
            Some(Problem::new(ProblemCode::CipherWeakKey).with("bits", bits))
        }
        _ => None,
    }
}

fn is_about_signatures(code: ProblemCode) -> bool {
    ["layer/", "diagnosis/", "header/from"].iter().any(|room| code.as_str().starts_with(room))
}
