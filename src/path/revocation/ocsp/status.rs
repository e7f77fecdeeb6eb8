//! What OCSP responses say of a certificate (RFC 6960, 3.2 and 4.2.2).

use super::response::{Basic, CertStatus, OcspResponse, SingleResponse};
use crate::asn1::oids;
use crate::cert::Certificate;
use crate::crypto::{SignatureCheck, Signed};
use crate::error::{Problem, ProblemCode};
use crate::path::revocation::signer::{IssuerOnly, Signers, accept_algorithm, freshness};
use crate::path::revocation::{Findings, Request, Revocation, Source, crl};

/// Asks all responses.
pub(in crate::path::revocation) fn check(
    request: &Request<'_>,
    signers: &mut impl Signers,
) -> Findings {
    let mut findings = Findings::default();
    for response in request.ocsp_responses {
        match answer(request, response, signers) {
            Ok(Some(revocation)) if revocation.counts_at(request.at) => {
                findings.revoked = Some(revocation);
                return findings;
            }
            Ok(_) => findings.is_good = true,
            Err(problem) => findings.note(problem),
        }
    }
    findings
}

/// Whether a response is to be believed at the moment of the request, and tells of the certificate.
pub(in crate::path::revocation) fn accept(
    request: &Request<'_>,
    response: &OcspResponse,
    signers: &mut impl Signers,
) -> Result<(), Problem> {
    answer(request, response, signers).map(drop)
}

fn about(code: ProblemCode) -> Problem {
    Problem::new(code).with_text("source", Source::Ocsp.name())
}

/// `None` if the response says that the certificate is good.
fn answer(
    request: &Request<'_>,
    response: &OcspResponse,
    signers: &mut impl Signers,
) -> Result<Option<Revocation>, Problem> {
    let basic = response.outcome.as_ref().as_ref().map_err(|status| {
        about(ProblemCode::RevocationResponderError).with_text("status", status.name())
    })?;
    let mut singles = basic
        .responses
        .iter()
        .filter(|single| single.id.is_of(request.certificate, request.issuer))
        .peekable();
    if singles.peek().is_none() {
        return Err(about(ProblemCode::RevocationNotCovered)
            .with_text("rule", "the response is about another certificate"));
    }
    refuse_critical(basic.unknown_critical)?;
    if let (Some(expected), Some(nonce)) = (&response.expected_nonce, &basic.nonce)
        && nonce != expected
    {
        return Err(about(ProblemCode::RevocationNonce));
    }
    check_signature(request, basic, signers)?;
    // Of several about one certificate a revocation counts first, and one that helps nobody not at all.
    let mut outcome = Err(about(ProblemCode::RevocationNotKnown));
    for single in singles {
        match single_answer(request, single) {
            Ok(Some(revocation)) => return Ok(Some(revocation)),
            other if outcome.is_err() => outcome = other,
            _ => {}
        }
    }
    outcome
}

fn single_answer(
    request: &Request<'_>,
    single: &SingleResponse,
) -> Result<Option<Revocation>, Problem> {
    refuse_critical(single.unknown_critical)?;
    let is_fresh = freshness(request, Source::Ocsp, single.this_update, single.next_update);
    let revocation = match single.status {
        CertStatus::Revoked { at, reason } => Some(Revocation {
            revoked_at: at,
            reason,
            invalidity_date: single.invalidity_date,
            source: Source::Ocsp,
        }),
        CertStatus::Good => None,
        CertStatus::Unknown => return Err(about(ProblemCode::RevocationNotKnown)),
    };
    let lasts = |revocation: &Revocation| revocation.counts_at(request.at) && revocation.lasts();
    if is_fresh.is_err() && !revocation.as_ref().is_some_and(lasts) {
        return is_fresh.map(|()| None);
    }
    // Responders may forget certificates that have expired (RFC 6960, 4.4.4).
    let expiry = request.certificate.not_after();
    let knows_it = expiry >= single.this_update
        || single.archive_cutoff.is_some_and(|cutoff| cutoff <= expiry);
    if revocation.is_none() && !knows_it {
        return Err(about(ProblemCode::RevocationNotCovered)
            .with_text("rule", "the certificate had expired before the response was made"));
    }
    Ok(revocation)
}

fn refuse_critical(extension: Option<der::asn1::ObjectIdentifier>) -> Result<(), Problem> {
    match extension {
        None => Ok(()),
        Some(extension) => Err(about(ProblemCode::RevocationCriticalExtension)
            .with_text("extension", &extension.to_string())),
    }
}

/// The signature has to be the issuer's, or that of a responder to whom the issuer delegated it (RFC
/// 6960, 4.2.2.2).
fn check_signature(
    request: &Request<'_>,
    basic: &Basic,
    signers: &mut impl Signers,
) -> Result<(), Problem> {
    let (algorithm, name) = (basic.signature.algorithm(), basic.signature.name());
    accept_algorithm(request, Source::Ocsp, algorithm, name)?;
    let mut problem = about(ProblemCode::RevocationSigner);
    if basic.responder.is_of(request.issuer) {
        signers.take_check()?;
        if basic.verify(request.issuer_key) == Some(SignatureCheck::Holds) {
            return Ok(());
        }
        problem = about(ProblemCode::RevocationBadSignature);
    }
    for responder in &basic.certificates {
        if responder == request.issuer || !basic.responder.is_of(responder) {
            continue;
        }
        if let Err(rule) = may_respond(request, basic, responder) {
            problem = about(ProblemCode::RevocationSigner).with_text("rule", rule);
            continue;
        }
        // Of the responder's certificate, and of the response.
        signers.take_check()?;
        signers.take_check()?;
        if !is_issued_by(request, responder) {
            problem = about(ProblemCode::RevocationSigner)
                .with_text("rule", "the issuer did not issue the responder's certificate");
            continue;
        }
        if basic.verify(responder.public_key()) != Some(SignatureCheck::Holds) {
            problem = about(ProblemCode::RevocationBadSignature);
            continue;
        }
        if is_revoked(request, responder) {
            problem = about(ProblemCode::RevocationSigner)
                .with_text("rule", "the responder's certificate is revoked");
            continue;
        }
        return Ok(());
    }
    Err(problem)
}

/// Everything but signatures that a delegated responder's certificate has to fulfil.
fn may_respond(
    request: &Request<'_>,
    basic: &Basic,
    responder: &Certificate,
) -> Result<(), &'static str> {
    let usages = responder.extended_key_usages().unwrap_or_default();
    if !usages.contains(&oids::OCSP_SIGNING) {
        return Err("the responder's certificate is not for OCSP");
    }
    if !responder.allows_signing() {
        return Err("the responder's certificate is not for signatures");
    }
    if responder.comparable_issuer() != request.issuer.comparable_subject() {
        return Err("the responder's certificate has another issuer");
    }
    // What was made after the moment in question was made by who could then.
    if !responder.is_current(request.at.max(basic.produced_at)) {
        return Err("the responder's certificate is not current");
    }
    if !responder.unknown_critical_extensions().is_empty() {
        return Err("the responder's certificate has a critical extension that is not understood");
    }
    Ok(())
}

fn is_issued_by(request: &Request<'_>, responder: &Certificate) -> bool {
    let Some(algorithm) = responder.signature_algorithm() else { return false };
    let signed = Signed::Message(responder.tbs());
    (algorithm.is_strong() || request.accept_weak_digests)
        && request.issuer_key.verify(algorithm, signed, responder.signature())
            == Some(SignatureCheck::Holds)
}

/// Whether CRLs at hand, which the issuer itself signed, say so. Without `id-pkix-ocsp-nocheck` they are
/// to be asked; where they don't know, local policy decides (RFC 6960, 4.2.2.2.1), and ours is to go on,
/// as it is everybody's.
fn is_revoked(request: &Request<'_>, responder: &Certificate) -> bool {
    if responder.revocation_pointers().ocsp_no_check {
        return false;
    }
    let about_responder = Request { certificate: responder, ..*request };
    crl::check(&about_responder, &mut IssuerOnly).revoked.is_some()
}
