//! Is a path good? RFC 5280, 6.1, step by step, in its order and with its names, but for what costs most:
//! signatures (6.1.3 (a) (1)) are checked last, and only where nothing else is wrong. With them, the rules
//! of RFC 8550 for mail and what an anchor is limited to.
//!
//! 6.1.3 (a) (3), revocation, is asked of the caller ([`Step`](super::Step)). 6.1.3 (a) (4), that names
//! chain, holds of every path the search makes.

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;

use super::names::Subtrees;
use super::policy::PolicyGraph;
use super::session::{Session, Spent};
use super::{Purpose, Request, TrustAnchor, about};
use crate::asn1::oids::{ANY_POLICY, OCSP_SIGNING};
use crate::cert::Certificate;
use crate::crypto::{PublicKey, SignatureCheck};
use crate::error::{Detail, Problem, ProblemCode};

/// What came out.
pub(super) struct Validation {
    pub(super) problems: Vec<Problem>,
    /// The user-constrained policy set (6.1.6).
    pub(super) policies: Vec<ObjectIdentifier>,
}

/// Validates a path, the target first and the anchor's certificate last.
pub(super) fn validate(
    path: &[Certificate],
    anchor: &TrustAnchor,
    request: &Request<'_>,
    session: &mut Session,
) -> Result<Validation, Spent> {
    let below = path.split_last().map_or(path, |(_, below)| below);
    let mut state = State::new(below.len(), anchor, request);
    state.problems.extend(anchor.limit_problems(request));
    match below.split_first() {
        Some((target, issuers)) => {
            if anchor.limits.own_constraints {
                state.hold_anchor(&anchor.certificate);
            }
            for certificate in issuers.iter().rev() {
                state.process(certificate, false, session)?;
                state.prepare_for_next(certificate);
            }
            state.process(target, true, session)?;
            state.wrap_up(target);
        }
        // The target itself is trusted: there is no path to check, only the certificate.
        None => {
            state.own_problems(request.target);
            state.problems.extend(purpose_problems(request));
        }
    }
    if state.problems.is_empty() {
        state.problems = signature_problems(path, request, session)?;
    }
    Ok(Validation { policies: state.user_constrained(), problems: state.problems })
}

/// The variables of 6.1.2. Counters are of certificates.
struct State<'a> {
    request: &'a Request<'a>,
    problems: Vec<Problem>,
    /// (a)
    graph: PolicyGraph,
    /// (b) and (c)
    subtrees: Subtrees<'a>,
    /// (d)
    explicit_policy: u64,
    /// (e)
    inhibit_any: u64,
    /// (f)
    policy_mapping: u64,
    /// (k)
    max_path_length: u64,
    /// Who set it, and to what.
    limited_by: Option<(&'a Certificate, u64)>,
}

impl<'a> State<'a> {
    /// 6.1.2 for a path of `count` certificates below the anchor. (g) to (j), the working key, are with
    /// the signatures.
    fn new(count: usize, anchor: &'a TrustAnchor, request: &'a Request<'a>) -> State<'a> {
        let count = count as u64;
        let unless = |is_set: bool| if is_set { 0 } else { count + 1 };
        let mut subtrees = Subtrees::default();
        if anchor.limits.own_constraints
            && let Some(constraints) = anchor.certificate.name_constraints()
        {
            subtrees.add(constraints);
        }
        State {
            request,
            problems: Vec::new(),
            graph: PolicyGraph::new(),
            subtrees,
            explicit_policy: unless(request.policies.require_explicit),
            inhibit_any: unless(request.policies.inhibit_any),
            policy_mapping: unless(request.policies.inhibit_mapping),
            max_path_length: count,
            limited_by: None,
        }
    }

    /// RFC 5937, 3.2: what the anchor's certificate says of itself and of what is below. Its policies
    /// do not narrow user-initial-policy-set. One of version 1 can't say that it is a CA, and so is none:
    /// who trusts somebody's old certificate does not make a CA of them.
    fn hold_anchor(&mut self, certificate: &'a Certificate) {
        self.own_problems(certificate);
        self.issuer_problems(certificate);
        self.policy_constraints(certificate);
        self.path_length(certificate);
    }

    /// 6.1.3: certificate i of n.
    fn process(
        &mut self,
        certificate: &'a Certificate,
        is_last: bool,
        session: &mut Session,
    ) -> Result<(), Spent> {
        // (a) (2)
        self.own_problems(certificate);
        let is_self_issued = certificate.is_self_issued();
        // (b), (c)
        if (is_last || !is_self_issued)
            && let Some(name) = self.subtrees.violation(certificate, session)?
        {
            let problem = about(ProblemCode::PathNameConstraints, certificate);
            self.problems.push(problem.with_text("name", &name));
        }
        // (d), (e)
        let policies = certificate.policies();
        let listed = policies.policies.as_ref().map_or(0, Vec::len);
        session.weigh_policies(listed + policies.mappings.len())?;
        let accepts_any = self.inhibit_any > 0 || (!is_last && is_self_issued);
        self.graph.add(policies, accepts_any);
        // (f)
        if self.explicit_policy == 0 && self.graph.is_null() {
            self.push_once(about(ProblemCode::PathPolicy, certificate));
        }
        Ok(())
    }

    /// 6.1.4: from certificate i, which is an issuer, to i + 1.
    fn prepare_for_next(&mut self, certificate: &'a Certificate) {
        let policies = certificate.policies();
        // (a)
        if policies.mappings.iter().any(|&(a, b)| a == ANY_POLICY || b == ANY_POLICY) {
            self.problems
                .push(about(ProblemCode::PathPolicy, certificate).with_text("policy", "anyPolicy"));
        }
        // (b)
        self.graph.map(&policies.mappings, self.policy_mapping == 0);
        // (g)
        if let Some(constraints) = certificate.name_constraints() {
            self.subtrees.add(constraints);
        }
        // (h)
        let is_self_issued = certificate.is_self_issued();
        if !is_self_issued {
            for counter in
                [&mut self.explicit_policy, &mut self.policy_mapping, &mut self.inhibit_any]
            {
                *counter = counter.saturating_sub(1);
            }
        }
        // (i), (j)
        self.policy_constraints(certificate);
        // (l)
        if !is_self_issued {
            match self.max_path_length.checked_sub(1) {
                Some(left) => self.max_path_length = left,
                None => {
                    let (limiting, allowed) = self.limited_by.unwrap_or((certificate, 0));
                    self.push_once(
                        about(ProblemCode::PathTooLong, limiting)
                            .with("allowed", Detail::Number(allowed)),
                    );
                }
            }
        }
        // (m)
        self.path_length(certificate);
        // (k), (n)
        self.issuer_problems(certificate);
    }

    /// 6.1.5: what is left to do at the target.
    fn wrap_up(&mut self, target: &Certificate) {
        // (a), (b)
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        if target.policies().require_explicit == Some(0) {
            self.explicit_policy = 0;
        }
        // (g)
        if self.explicit_policy == 0 && self.user_constrained().is_empty() {
            self.push_once(about(ProblemCode::PathPolicy, target));
        }
        self.problems.extend(purpose_problems(self.request));
    }

    /// 6.1.5 (g)
    fn user_constrained(&self) -> Vec<ObjectIdentifier> {
        self.graph.user_constrained(self.request.policies.acceptable)
    }

    /// 6.1.3 (a) (2); 6.1.4 (o) and 6.1.5 (f); extensions that decide and can't be read.
    fn own_problems(&mut self, certificate: &Certificate) {
        self.problems.extend(own_problems(certificate, self.request));
    }

    /// 6.1.4 (k), (n); RFC 8550, 4.4.4: extended key usages limit what is below.
    fn issuer_problems(&mut self, certificate: &Certificate) {
        let is_ca = certificate.basic_constraints().is_some_and(|constraints| constraints.ca);
        if !is_ca {
            self.problems.push(about(ProblemCode::PathNotCa, certificate));
        }
        if certificate.key_usages().is_some_and(|usages| !usages.key_cert_sign) {
            self.problems.push(about(ProblemCode::PathKeyUsage, certificate));
        }
        if self.request.purpose.is_email() && !certificate.allows_email() {
            self.problems.push(about(ProblemCode::PathExtendedKeyUsage, certificate));
        }
    }

    /// 6.1.4 (i), (j)
    fn policy_constraints(&mut self, certificate: &Certificate) {
        let policies = certificate.policies();
        let limit = |counter: &mut u64, found: Option<u64>| {
            *counter = found.map_or(*counter, |found| found.min(*counter));
        };
        limit(&mut self.explicit_policy, policies.require_explicit);
        limit(&mut self.policy_mapping, policies.inhibit_mapping);
        limit(&mut self.inhibit_any, policies.inhibit_any);
    }

    /// 6.1.4 (m)
    fn path_length(&mut self, certificate: &'a Certificate) {
        let constraints = certificate.basic_constraints();
        if let Some(allowed) = constraints.and_then(|constraints| constraints.path_length)
            && u64::from(allowed) < self.max_path_length
        {
            self.max_path_length = allowed.into();
            self.limited_by = Some((certificate, allowed.into()));
        }
    }

    fn push_once(&mut self, problem: Problem) {
        if !self.problems.iter().any(|known| known.code == problem.code) {
            self.problems.push(problem);
        }
    }
}

/// Extensions of one kind that are told. Of the others there can be as many as fit a certificate.
const MAX_EXTENSIONS: usize = 8;

/// What a certificate has against itself, wherever it stands.
pub(super) fn own_problems(certificate: &Certificate, request: &Request<'_>) -> Vec<Problem> {
    let at = request.at;
    let mut problems = Vec::new();
    if certificate.not_before() > at {
        problems.push(
            about(ProblemCode::PathNotYetValid, certificate)
                .with("notBefore", Detail::Time(certificate.not_before()))
                .with("at", Detail::Time(at)),
        );
    }
    if certificate.not_after().as_secs() < at.as_secs() {
        problems.push(
            about(ProblemCode::PathExpired, certificate)
                .with("notAfter", Detail::Time(certificate.not_after()))
                .with("at", Detail::Time(at)),
        );
    }
    let extensions = [
        (ProblemCode::PathCriticalExtension, certificate.unknown_critical_extensions()),
        (ProblemCode::PathMalformedExtension, certificate.malformed_extensions()),
    ];
    for (code, oids) in extensions {
        for oid in oids.iter().take(MAX_EXTENSIONS) {
            problems.push(about(code, certificate).with_text("extension", &oid.to_string()));
        }
    }
    problems
}

/// Whether the target may be used as asked (RFC 8550, 4.4.2, 4.4.4).
pub(super) fn purpose_problems(request: &Request<'_>) -> Vec<Problem> {
    let target = request.target;
    let usages = target.key_usages();
    let (key_usage, extended_key_usage) = match request.purpose {
        Purpose::Any => (true, true),
        Purpose::Signing => (target.allows_signing(), target.allows_email()),
        Purpose::Encryption => (target.allows_encryption(), target.allows_email()),
        // RFC 5280, 6.3.3 (f)
        Purpose::CrlSigning => (usages.is_none_or(|usages| usages.crl_sign), true),
        // RFC 6960, 4.2.2.2
        Purpose::OcspSigning => (
            target.allows_signing(),
            target.extended_key_usages().is_some_and(|usages| usages.contains(&OCSP_SIGNING)),
        ),
    };
    let mut problems = Vec::new();
    if !key_usage {
        problems.push(about(ProblemCode::PathKeyUsage, target));
    }
    if !extended_key_usage {
        problems.push(about(ProblemCode::PathExtendedKeyUsage, target));
    }
    problems
}

/// 6.1.3 (a) (1) of all certificates, the target's first: a wrong issuer shows there soonest.
fn signature_problems(
    path: &[Certificate],
    request: &Request<'_>,
    session: &mut Session,
) -> Result<Vec<Problem>, Spent> {
    let keys = working_keys(path);
    for (certificate, key) in path.iter().zip(keys.iter().skip(1)) {
        let refused = || {
            vec![
                about(ProblemCode::PathAlgorithm, certificate)
                    .with_text("algorithm", &certificate.signature_name()),
            ]
        };
        let algorithm = certificate
            .signature_algorithm()
            .filter(|algorithm| algorithm.is_strong() || request.accept_weak_digests);
        let Some(algorithm) = algorithm else { return Ok(refused()) };
        match session.signature(certificate, algorithm, (&key.public_key, &key.spki))? {
            Some(SignatureCheck::Holds) => {}
            Some(SignatureCheck::Fails) => {
                return Ok(vec![about(ProblemCode::PathBadSignature, certificate)]);
            }
            None => return Ok(refused()),
        }
    }
    Ok(Vec::new())
}

/// A key as it counts on a path.
#[derive(Clone, Debug)]
pub struct WorkingKey<'a> {
    /// The key.
    pub public_key: Cow<'a, PublicKey>,
    /// Its SubjectPublicKeyInfo, with inherited parameters.
    pub spki: Cow<'a, [u8]>,
}

/// The keys of a path's certificates, in its order: working_public_key and its parameters (6.1.2 (g) to
/// (i), 6.1.4 (d) to (f)). They are the certificates' own, but for DSA keys that take their parameters
/// from the issuer's.
pub fn working_keys(path: &[Certificate]) -> Vec<WorkingKey<'_>> {
    let mut keys: Vec<WorkingKey<'_>> = Vec::with_capacity(path.len());
    for certificate in path.iter().rev() {
        let inherited =
            keys.last().and_then(|above| PublicKey::inherit(certificate.spki(), &above.spki));
        keys.push(match inherited {
            Some((key, spki)) => WorkingKey { public_key: Cow::Owned(key), spki: Cow::Owned(spki) },
            None => WorkingKey {
                public_key: Cow::Borrowed(certificate.public_key()),
                spki: Cow::Borrowed(certificate.spki()),
            },
        });
    }
    keys.reverse();
    keys
}
