//! What CRLs and OCSP responses have in common: they are signed, and they age.

use crate::asn1::Tlv;
use crate::cert::{Certificate, ComparableName};
use crate::crypto::{PublicKey, SignatureAlgorithm};
use crate::env::Time;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::path::revocation::{Request, Source};

/// Who else may have signed a CRL than the issuer of the certificate in question. Paths are looked for
/// by whoever asks.
pub trait Signers {
    /// Certificates of this name, wherever they come from. Nothing is believed of them yet.
    fn of_name(&mut self, name: &ComparableName) -> Vec<Certificate>;

    /// The key of one of them, if a path leads from it to the anchor of the path in question, and is
    /// good at this moment (RFC 5280, 6.3.3 (f)). Its own revocation counts too; where it is told by
    /// a CRL of its own, as it is asked for here, that does not stand in its way. `Err` if a limit keeps
    /// that from being known.
    fn validate(&mut self, signer: &Certificate, at: Time) -> Result<Option<PublicKey>, Problem>;

    /// Takes one signature check from the budget of the call, or tells that none is left.
    fn take_check(&mut self) -> Result<(), Problem>;
}

/// Nobody else.
#[derive(Clone, Copy, Debug)]
pub struct IssuerOnly;

impl Signers for IssuerOnly {
    fn of_name(&mut self, _name: &ComparableName) -> Vec<Certificate> {
        Vec::new()
    }

    fn validate(&mut self, _: &Certificate, _: Time) -> Result<Option<PublicKey>, Problem> {
        Ok(None)
    }

    fn take_check(&mut self) -> Result<(), Problem> {
        Ok(())
    }
}

/// How far clocks may differ: five minutes, as for most who check OCSP.
const TOLERANCE: i64 = 5 * 60 * 1_000;
/// How long something counts that does not say when a newer one will be there. Conforming CRLs and
/// responses for many (RFC 5019, 2.2.4) say it; from others a day is usual.
const MAX_AGE: i64 = 24 * 60 * 60 * 1_000;

/// Whether something issued at `this_update`, and to be renewed by `next_update`, tells about the moment
/// of the request. What was issued later than that moment does too.
pub(super) fn freshness(
    request: &Request<'_>,
    source: Source,
    this_update: Time,
    next_update: Option<Time>,
) -> Result<(), Problem> {
    let about = |code| {
        Problem::new(code)
            .with_text("source", source.name())
            .with("thisUpdate", Detail::Time(this_update))
            .with("at", Detail::Time(request.at))
    };
    if later(request.now, TOLERANCE) < this_update {
        return Err(about(ProblemCode::RevocationNotYetValid));
    }
    let end = next_update.unwrap_or(later(this_update, MAX_AGE));
    if later(end, TOLERANCE) < request.at {
        return Err(about(ProblemCode::RevocationStale).with("nextUpdate", Detail::Time(end)));
    }
    Ok(())
}

fn later(time: Time, by: i64) -> Time {
    Time::from_millis(time.as_millis().saturating_add(by))
}

/// Whether signatures with this algorithm count.
pub(super) fn accept_algorithm(
    request: &Request<'_>,
    source: Source,
    algorithm: Option<&SignatureAlgorithm>,
    name: String,
) -> Result<(), Problem> {
    let is_accepted =
        |algorithm: &SignatureAlgorithm| algorithm.is_strong() || request.accept_weak_digests;
    if algorithm.is_some_and(is_accepted) {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::RevocationAlgorithm)
        .with_text("source", source.name())
        .with_text("algorithm", &name))
}

/// The octets of a BIT STRING that is whole octets.
pub(super) fn bit_string(tlv: Tlv<'_>) -> Result<&[u8]> {
    match tlv.value.split_first() {
        Some((0, octets)) => Ok(octets),
        _ => Err(Error::MalformedAsn1 { rule: "a BIT STRING is not whole octets" }),
    }
}
