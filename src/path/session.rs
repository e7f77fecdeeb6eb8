//! What the searches of one call share.

use std::collections::HashMap;

use crate::cert::Certificate;
use crate::crypto::{PublicKey, SignatureAlgorithm, SignatureCheck, Signed};
use crate::error::{Detail, Problem, ProblemCode};
use crate::limits::Limits;

/// Signatures that were checked, and how much work is left. Paths share their upper parts, and one call
/// asks for two moments and for many signers.
#[derive(Debug)]
pub struct Session {
    /// By the certificate's fingerprint and the SubjectPublicKeyInfo of the issuer's key.
    checked: HashMap<([u8; 32], Vec<u8>), Option<SignatureCheck>>,
    limits: Limits,
    signatures: usize,
    steps: usize,
    names: usize,
    policies: usize,
    questions: usize,
}

/// A budget that is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spent {
    Signatures,
    Steps,
    Names,
    Policies,
    Length,
}

impl Session {
    /// With all the work that is allowed still to do.
    pub fn new(limits: &Limits) -> Session {
        Session {
            checked: HashMap::new(),
            limits: *limits,
            signatures: limits.path_signatures,
            steps: limits.path_steps,
            names: limits.path_names,
            policies: limits.path_policies,
            questions: limits.path_questions,
        }
    }

    /// Allows as much work again. The signatures that were checked stay known.
    pub fn refill(&mut self) {
        let checked = core::mem::take(&mut self.checked);
        *self = Session { checked, ..Session::new(&self.limits) };
    }

    /// Certificates of a path, without the anchor.
    pub(super) fn path_length(&self) -> usize {
        self.limits.path_length
    }

    /// Takes one certificate on a path.
    pub(super) fn step(&mut self) -> Result<(), Spent> {
        take(&mut self.steps, 1).ok_or(Spent::Steps)
    }

    /// Takes comparisons of names with subtrees.
    pub(super) fn compare_names(&mut self, count: usize) -> Result<(), Spent> {
        take(&mut self.names, count).ok_or(Spent::Names)
    }

    /// Takes policies and mappings of a certificate.
    pub(super) fn weigh_policies(&mut self, count: usize) -> Result<(), Spent> {
        take(&mut self.policies, count).ok_or(Spent::Policies)
    }

    /// Takes one question for certificates; says whether it may be asked.
    pub(super) fn may_ask(&mut self) -> bool {
        take(&mut self.questions, 1).is_some()
    }

    /// Whether it is known that this key did not sign the certificate.
    pub(super) fn is_refuted(&self, certificate: &Certificate, issuer: &[u8]) -> bool {
        let key = (*certificate.fingerprint(), issuer.to_vec());
        self.checked.get(&key) == Some(&Some(SignatureCheck::Fails))
    }

    /// Checks the signature of a certificate with the key of its issuer, whose SubjectPublicKeyInfo is
    /// `spki`. `None` if no such signature can be checked.
    pub(super) fn signature(
        &mut self,
        certificate: &Certificate,
        algorithm: &SignatureAlgorithm,
        (key, spki): (&PublicKey, &[u8]),
    ) -> Result<Option<SignatureCheck>, Spent> {
        let pair = (*certificate.fingerprint(), spki.to_vec());
        if let Some(&known) = self.checked.get(&pair) {
            return Ok(known);
        }
        take(&mut self.signatures, 1).ok_or(Spent::Signatures)?;
        let signed = Signed::Message(certificate.tbs());
        let found = key.verify(algorithm, signed, certificate.signature());
        self.checked.insert(pair, found);
        Ok(found)
    }

    /// Takes one check of another signature than a certificate's.
    pub(super) fn take_check(&mut self) -> Result<(), Spent> {
        take(&mut self.signatures, 1).ok_or(Spent::Signatures)
    }

    /// The problem that a spent budget is.
    pub(super) fn problem(&self, spent: Spent) -> Problem {
        let (limit, allowed) = match spent {
            Spent::Signatures => ("pathSignatures", self.limits.path_signatures),
            Spent::Steps => ("pathSteps", self.limits.path_steps),
            Spent::Names => ("pathNames", self.limits.path_names),
            Spent::Policies => ("pathPolicies", self.limits.path_policies),
            Spent::Length => ("pathLength", self.limits.path_length),
        };
        Problem::new(ProblemCode::PathBudget)
            .with_text("limit", limit)
            .with("allowed", Detail::Number(allowed as u64))
    }
}

fn take(left: &mut usize, count: usize) -> Option<()> {
    *left = left.checked_sub(count)?;
    Some(())
}
