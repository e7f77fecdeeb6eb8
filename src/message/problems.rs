//! Which of the problems of one signature, or certificate, are told, and in which order. This is the one
//! place where that is decided.
//!
//! 1. The same is told once.
//! 2. What a more specific one says is left out ([`is_covered`]).
//! 3. What weighs most comes first ([`weight`]). Among those of one weight the order stays as it was
//!    found; of a path, that is from what says that there is none to what is wrong with it.

use crate::bytes::sort_by_key;
use crate::error::{Problem, ProblemCode};

/// Puts them in order.
pub(super) fn settle(problems: &mut Vec<Problem>) {
    let all = core::mem::take(problems);
    for problem in &all {
        if !problems.contains(problem) && !is_covered(problem, &all) {
            problems.push(problem.clone());
        }
    }
    sort_by_key(problems, |problem| weight(problem.code));
}

/// Whether others say it better.
fn is_covered(problem: &Problem, all: &[Problem]) -> bool {
    let subject = |problem: &Problem| {
        problem
            .details
            .iter()
            .find(|(name, _)| *name == "subject")
            .map(|(_, subject)| subject.clone())
    };
    match problem.code {
        // That nothing is known, where something says why.
        ProblemCode::RevocationUnknown => all.iter().any(|other| {
            other.code != problem.code
                && other.code.is_revocation()
                && subject(other) == subject(problem)
        }),
        // What could not be fetched, where it turned out not to be needed.
        ProblemCode::FetchFailed | ProblemCode::FetchWithheld => !all.iter().any(|other| {
            matches!(other.code, ProblemCode::PathUnknownIssuer | ProblemCode::PathBadSignature)
                || (other.code.is_revocation() && other.code != ProblemCode::RevocationRevoked)
        }),
        _ => false,
    }
}

/// The smaller, the more it weighs.
fn weight(code: ProblemCode) -> u8 {
    match code {
        // The content is not what was signed.
        ProblemCode::SignatureEmbeddedContent
        | ProblemCode::SignatureContentAltered
        | ProblemCode::SignatureInvalid
        | ProblemCode::SignatureMalformedAttributes => 0,
        // It can't be told whether it is.
        ProblemCode::SignatureNoCertificate | ProblemCode::SignatureUnsupportedAlgorithm => 1,
        // The signer is no good,
        ProblemCode::RevocationRevoked => 2,
        // or is another,
        ProblemCode::AuthorMismatch
        | ProblemCode::AuthorUnclear
        | ProblemCode::CertificateAddress => 3,
        // or nobody vouches for them.
        code if code.as_str().starts_with("path/") => 4,
        // Policy forbids what holds.
        ProblemCode::SignatureWeakDigest
        | ProblemCode::SignatureContentType
        | ProblemCode::SignatureTimeOutsideValidity
        | ProblemCode::SignatureDateDiffers
        | ProblemCode::SignatureRemoved => 5,
        // Something is not known, and why.
        code if code.is_revocation() => 6,
        ProblemCode::AuthorUnknown => 6,
        ProblemCode::FetchWithheld | ProblemCode::FetchFailed => 7,
        // The rest is good to know.
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(code: ProblemCode, subject: &str) -> Problem {
        Problem::new(code).with_text("subject", subject)
    }

    fn settled(mut problems: Vec<Problem>) -> Vec<&'static str> {
        settle(&mut problems);
        problems.iter().map(|problem| problem.code.as_str()).collect()
    }

    #[test]
    fn what_weighs_most_comes_first_and_once() {
        let problems = [
            ProblemCode::SignatureWeakKey,
            ProblemCode::SignatureWeakDigest,
            ProblemCode::PathUnknownIssuer,
            ProblemCode::PathExpired,
            ProblemCode::AuthorMismatch,
            ProblemCode::PathExpired,
            ProblemCode::SignatureContentAltered,
        ];
        assert_eq!(
            settled(problems.map(Problem::new).to_vec()),
            [
                "signature/content-altered",
                "author/mismatch",
                "path/unknown-issuer",
                "path/expired",
                "signature/weak-digest",
                "signature/weak-key",
            ]
        );
    }

    #[test]
    fn why_nothing_is_known_is_told_in_place_of_that_nothing_is() {
        let unknown = |subject| about(ProblemCode::RevocationUnknown, subject);
        let stale = |subject| about(ProblemCode::RevocationStale, subject);
        assert_eq!(settled(vec![unknown("a"), stale("a")]), ["revocation/stale"]);
        // Of another certificate it says nothing.
        assert_eq!(
            settled(vec![unknown("a"), stale("b")]),
            ["revocation/unknown", "revocation/stale"]
        );
    }

    #[test]
    fn what_was_fetched_in_vain_is_told_where_it_is_missing() {
        let failed = || Problem::new(ProblemCode::FetchFailed);
        assert_eq!(settled(vec![failed()]), [""; 0]);
        assert_eq!(settled(vec![failed(), about(ProblemCode::RevocationRevoked, "a")]).len(), 1);
        for missing in [ProblemCode::RevocationUnknown, ProblemCode::PathUnknownIssuer] {
            assert_eq!(settled(vec![failed(), Problem::new(missing)])[1], "fetch/failed");
        }
    }
}
