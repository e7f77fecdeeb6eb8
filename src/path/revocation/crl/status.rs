//! What CRLs say of a certificate (RFC 5280, 6.3.3).

use core::cmp::Reverse;

use super::{Crl, Entry, OnlyContains};
use crate::bytes::sort_by_key;
use crate::cert::{Certificate, ComparableName, DistributionPoint, GeneralName, ReasonFlags};
use crate::crypto::{PublicKey, SignatureCheck};
use crate::error::{Problem, ProblemCode};
use crate::path::revocation::signer::{Signers, accept_algorithm, freshness};
use crate::path::revocation::{Findings, Reason, Request, Revocation, Source};

/// Goes through the certificate's distribution points and then, as if it were one, through what its
/// issuer signs without naming one (RFC 5280, 6.3.3). Of the CRLs all that fit are looked into, not
/// only the first.
pub(in crate::path::revocation) fn check(
    request: &Request<'_>,
    signers: &mut impl Signers,
) -> Findings {
    let mut findings = Findings::default();
    let mut covered = ReasonFlags::default();
    let mut keys: Vec<Option<Result<PublicKey, Problem>>> = vec![None; request.crls.len()];
    for point in Point::all(request.certificate) {
        for (crl, key) in request.crls.iter().zip(&mut keys) {
            let reasons = match point.scope(crl, request.certificate) {
                Scope::Unrelated => continue,
                Scope::Outside(rule) => {
                    findings.note(not_covered(rule));
                    continue;
                }
                Scope::Within(reasons) => reasons,
            };
            let key = key.get_or_insert_with(|| signer(request, crl, signers));
            let outcome = match key {
                Ok(key) => look_up(request, crl, key, signers),
                Err(problem) => Err(problem.clone()),
            };
            match outcome {
                Ok(Some(revocation)) if revocation.counts_at(request.at) => {
                    findings.revoked = Some(revocation);
                    return findings;
                }
                Ok(_) => covered = covered.or(reasons),
                Err(problem) => findings.note(problem),
            }
        }
    }
    findings.is_good = covered.covers(ReasonFlags::ALL);
    if !findings.is_good && covered != ReasonFlags::default() {
        findings.note(not_covered("some reasons of revocation are not covered"));
    }
    findings
}

/// Whether a CRL, complete or delta, is to be believed at the moment of the request, whatever it has:
/// that it is signed by who may sign CRLs for the issuer of the certificate, and current.
pub(in crate::path::revocation) fn accept(
    request: &Request<'_>,
    crl: &Crl,
    signers: &mut impl Signers,
) -> Result<(), Problem> {
    freshness(request, Source::Crl, crl.this_update(), crl.next_update())?;
    signer(request, crl, signers)?;
    is_processed(crl)
}

fn not_covered(rule: &'static str) -> Problem {
    Problem::new(ProblemCode::RevocationNotCovered)
        .with_text("source", Source::Crl.name())
        .with_text("rule", rule)
}

/// A place where CRLs for a certificate are.
struct Point {
    names: Vec<GeneralName>,
    reasons: Option<ReasonFlags>,
    /// Who signs CRLs here in place of the certificate's issuer.
    crl_issuer: Vec<ComparableName>,
}

/// Distribution points that are looked at. PKITS has up to two, real certificates mostly one.
const MAX_POINTS: usize = 64;

/// What of a certificate a CRL tells.
enum Scope {
    /// It is another issuer's.
    Unrelated,
    /// It tells nothing of this certificate, because of this rule.
    Outside(&'static str),
    /// These reasons.
    Within(ReasonFlags),
}

impl Point {
    fn all(certificate: &Certificate) -> impl Iterator<Item = Point> {
        let issuer = certificate.comparable_issuer();
        let named = certificate.revocation_pointers().distribution_points.iter();
        let implicit = Point {
            names: vec![GeneralName::Directory(issuer.clone())],
            reasons: None,
            crl_issuer: Vec::new(),
        };
        named.take(MAX_POINTS).map(|point| Point::read(point, issuer)).chain([implicit])
    }

    fn read(point: &DistributionPoint, issuer: &ComparableName) -> Point {
        let directory = |name: &GeneralName| match name {
            GeneralName::Directory(name) => Some(name.clone()),
            _ => None,
        };
        let crl_issuer: Vec<_> = point.crl_issuer.iter().filter_map(directory).collect();
        let issuers = if point.crl_issuer.is_empty() {
            core::slice::from_ref(issuer)
        } else {
            crl_issuer.as_slice()
        };
        Point {
            names: match &point.name {
                Some(name) => name.names(issuers),
                // (b) (2) (i), last sentence.
                None => point.crl_issuer.clone(),
            },
            reasons: point.reasons,
            crl_issuer,
        }
    }

    /// (b), (d) and, for a set without a reason, (e).
    fn scope(&self, crl: &Crl, certificate: &Certificate) -> Scope {
        if crl.base_number().is_some() {
            // A delta CRL alone tells nothing.
            return Scope::Unrelated;
        }
        let scope = crl.issuing_distribution_point();
        // (b) (1)
        if self.crl_issuer.is_empty() {
            if crl.issuer() != certificate.comparable_issuer() {
                return Scope::Unrelated;
            }
        } else if !self.crl_issuer.contains(crl.issuer()) {
            return Scope::Unrelated;
        } else if !scope.is_some_and(|scope| scope.is_indirect) {
            return Scope::Outside("the CRL is not indirect");
        }
        let Some(scope) = scope else {
            return Scope::Within(self.reasons.unwrap_or(ReasonFlags::ALL));
        };
        // (b) (2) (i)
        if let Some(name) = &scope.name {
            let names = name.names(core::slice::from_ref(crl.issuer()));
            if !names.iter().any(|name| self.names.iter().any(|other| is_same(name, other))) {
                return Scope::Outside("the CRL is of another distribution point");
            }
        }
        // (b) (2) (ii) to (iv)
        let is_ca = certificate.basic_constraints().is_some_and(|constraints| constraints.ca);
        match scope.only_contains {
            Some(OnlyContains::UserCerts) if is_ca => {
                return Scope::Outside("the CRL is for end-entity certificates");
            }
            Some(OnlyContains::CaCerts) if !is_ca => {
                return Scope::Outside("the CRL is for CA certificates");
            }
            Some(OnlyContains::AttributeCerts) => {
                return Scope::Outside("the CRL is for attribute certificates");
            }
            Some(OnlyContains::UserCerts | OnlyContains::CaCerts) | None => {}
        }
        // (d)
        let all = ReasonFlags::ALL;
        let reasons = scope.only_some_reasons.unwrap_or(all).and(self.reasons.unwrap_or(all));
        if reasons == ReasonFlags::default() {
            return Scope::Outside("the CRL is for other reasons");
        }
        Scope::Within(reasons)
    }
}

/// Whether two names of a place are one. What can't be read is like nothing else.
fn is_same(one: &GeneralName, other: &GeneralName) -> bool {
    match one {
        GeneralName::SmtpUtf8Mailbox(_)
        | GeneralName::Rfc822(_)
        | GeneralName::Dns(_)
        | GeneralName::Directory(_)
        | GeneralName::Uri(_)
        | GeneralName::Ip(_) => one == other,
        GeneralName::Other(_)
        | GeneralName::X400
        | GeneralName::EdiParty
        | GeneralName::RegisteredId
        | GeneralName::Unreadable(_) => false,
    }
}

/// The key that signed the CRL: of the certificate's issuer, or of another certificate of the CRL's
/// issuer for which a path to the same anchor holds. (f) and (g)
fn signer(
    request: &Request<'_>,
    crl: &Crl,
    signers: &mut impl Signers,
) -> Result<PublicKey, Problem> {
    let about = |code| Problem::new(code).with_text("source", Source::Crl.name());
    accept_algorithm(request, Source::Crl, crl.signature_algorithm(), crl.signature_name())?;
    // What was signed after the moment in question was signed by who could then.
    let moment = request.at.max(crl.this_update());
    let mut problem = about(ProblemCode::RevocationSigner);
    let mut candidates = Vec::new();
    if request.issuer.comparable_subject() == crl.issuer() {
        candidates.push(request.issuer.clone());
    }
    for other in signers.of_name(crl.issuer()) {
        if !candidates.contains(&other) {
            candidates.push(other);
        }
    }
    for candidate in candidates {
        if candidate.key_usages().is_some_and(|usages| !usages.crl_sign) {
            continue;
        }
        if crl.known(&candidate).is_none() {
            signers.take_check()?;
        }
        let is_issuer = candidate == *request.issuer;
        let own = crl.verify_by(&candidate);
        if own == Some(SignatureCheck::Fails) {
            problem = about(ProblemCode::RevocationBadSignature);
            continue;
        }
        let key = match is_issuer {
            true => Some(request.issuer_key.clone()),
            false => signers.validate(&candidate, moment)?,
        };
        let Some(key) = key else { continue };
        // Its own key may have lacked parameters.
        if own.or_else(|| crl.verify(&key)) == Some(SignatureCheck::Holds) {
            return Ok(key);
        }
    }
    Err(problem)
}

/// Looks the certificate up in a complete CRL and the delta CRL that goes with it. (h) to (k)
///
/// What a CRL out of date says of a revocation still counts, unless that may have been lifted.
fn look_up(
    request: &Request<'_>,
    crl: &Crl,
    key: &PublicKey,
    signers: &mut impl Signers,
) -> Result<Option<Revocation>, Problem> {
    is_processed(crl)?;
    let delta = best_delta(request, crl, key, signers)?;
    // The two together are as new as the delta CRL (RFC 5280, 5.2.4).
    let newest = delta.unwrap_or(crl);
    let is_fresh = freshness(request, Source::Crl, newest.this_update(), newest.next_update());
    let in_delta = delta.map(|delta| find(delta, request.certificate)).transpose()?.flatten();
    let entry = match in_delta {
        // A hold was lifted, or the certificate has expired, which does not undo another reason (5.3.1).
        Some(entry) if entry.reason == Reason::RemoveFromCrl => {
            find(crl, request.certificate)?.filter(|entry| entry.reason != Reason::CertificateHold)
        }
        Some(entry) => Some(entry),
        None => find(crl, request.certificate)?,
    };
    let entry = entry.filter(|entry| entry.reason != Reason::RemoveFromCrl);
    let revocation = entry.map(|entry| Revocation {
        revoked_at: entry.revocation_date,
        reason: entry.reason,
        invalidity_date: entry.invalidity_date,
        source: Source::Crl,
    });
    let lasts = |revocation: &Revocation| revocation.counts_at(request.at) && revocation.lasts();
    if is_fresh.is_err() && !revocation.as_ref().is_some_and(lasts) {
        return is_fresh.map(|()| None);
    }
    if revocation.is_none() && !tells_of_expired(newest, request.certificate) {
        return Err(not_covered("the certificate had expired before the CRL was issued"));
    }
    Ok(revocation)
}

fn find(crl: &Crl, certificate: &Certificate) -> Result<Option<Entry>, Problem> {
    crl.find(certificate).map_err(|_| unreadable())
}

fn unreadable() -> Problem {
    Problem::new(ProblemCode::RevocationUnreadable).with_text("source", Source::Crl.name())
}

/// Whether all of the CRL can be processed that has to be.
fn is_processed(crl: &Crl) -> Result<(), Problem> {
    match crl.unknown_critical_extension() {
        Ok(None) => Ok(()),
        Ok(Some(extension)) => Err(Problem::new(ProblemCode::RevocationCriticalExtension)
            .with_text("source", Source::Crl.name())
            .with_text("extension", &extension.to_string())),
        Err(_) => Err(unreadable()),
    }
}

/// The newest delta CRL that goes with a complete one (RFC 5280, 5.2.4; 6.3.3 (c), (h)).
fn best_delta<'a>(
    request: &Request<'a>,
    crl: &Crl,
    key: &PublicKey,
    signers: &mut impl Signers,
) -> Result<Option<&'a Crl>, Problem> {
    let Some(number) = crl.number() else { return Ok(None) };
    let fits = |delta: &&Crl| {
        let (algorithm, name) = (delta.signature_algorithm(), delta.signature_name());
        delta.base_number().is_some_and(|base| base <= number)
            && delta.number().is_some_and(|delta| delta > number)
            && delta.issuer() == crl.issuer()
            && delta.issuing_distribution_point() == crl.issuing_distribution_point()
            && delta.0.extensions.authority_key_identifier
                == crl.0.extensions.authority_key_identifier
            && freshness(request, Source::Crl, delta.this_update(), delta.next_update()).is_ok()
            && accept_algorithm(request, Source::Crl, algorithm, name).is_ok()
    };
    let mut fitting: Vec<&Crl> = request.crls.iter().filter(fits).collect();
    sort_by_key(&mut fitting, |delta| Reverse(delta.number()));
    for delta in fitting {
        signers.take_check()?;
        if delta.verify(key) == Some(SignatureCheck::Holds) && is_processed(delta).is_ok() {
            return Ok(Some(delta));
        }
    }
    Ok(None)
}

/// Whether a CRL lists certificates that expired when this one did: one may leave them out that expired
/// before it was issued (RFC 5280, 5).
fn tells_of_expired(crl: &Crl, certificate: &Certificate) -> bool {
    let expiry = certificate.not_after();
    expiry >= crl.this_update()
        || crl.0.extensions.expired_since.is_some_and(|since| since <= expiry)
}
