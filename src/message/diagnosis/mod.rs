//! Why a mail broke on its way, where that can be told: so that a person learns more than that a
//! signature does not fit.
//!
//! Nothing here changes a status. What is told of altered content is tried: the change is taken back, and
//! told if the signature holds over what comes out. What is told of the mail as a whole is read from its
//! header and its parts, and is a guess.
//!
//! The work is bounded: nothing is tried with content above [`LONGEST`], and no more than [`WORK`] bytes are
//! hashed.

mod added;
mod edits;
mod judge;
mod parts;
mod reversals;
mod traces;

use self::added::added;
use self::judge::Judge;
pub(super) use self::parts::{of_unopened, of_unsigned};
use self::reversals::{REVERSALS, Received, is_flowed_without_blanks};
pub(super) use self::traces::Traces;
use super::verify::SignatureResult;
use crate::cert::Certificate;
use crate::cms::SignedData;
use crate::env::Env;
use crate::error::{Detail, Problem, ProblemCode, Result};

/// The longest content that is searched. What relays and lists break is text, and each attempt is a copy.
const LONGEST: usize = 8 << 20;

/// Bytes that are hashed for one layer: a quarter of a second in wasm.
const WORK: usize = 64 << 20;

/// What has become of the content of a detached signature: `raw` as it came, `canonical` with its line ends
/// made CRLF.
///
/// # Errors
///
/// `aborted`.
pub(super) async fn of_altered(
    env: &mut Env,
    (raw, canonical): (&[u8], &[u8]),
    signed: &SignedData<'_>,
    (signatures, certificates): (&[SignatureResult], &[Certificate]),
    traces: &Traces,
) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let Some(mut judge) = Judge::new(signed, signatures, certificates) else { return Ok(problems) };
    if canonical.len() <= LONGEST {
        let limits = *env.limits();
        problems.extend(change(env, &mut judge, &Received::new(raw, canonical, &limits)).await?);
    }
    problems.extend(traces.problems());
    Ok(problems)
}

/// The one change that makes the signature hold when it is taken back.
async fn change(
    env: &mut Env,
    judge: &mut Judge<'_>,
    received: &Received<'_>,
) -> Result<Option<Problem>> {
    let proven = |code| Problem::new(code).with("isCertain", Detail::Flag(true));
    for (code, reversal) in REVERSALS {
        if let Some(before) = reversal(received)
            && judge.would_hold(env, &judge.start(), &before).await?
        {
            return Ok(Some(proven(*code)));
        }
    }
    if let Some(code) = added(env, judge, received).await? {
        return Ok(Some(proven(code)));
    }
    Ok(is_flowed_without_blanks(received).then(|| {
        Problem::new(ProblemCode::DiagnosisWhiteSpace).with("isCertain", Detail::Flag(false))
    }))
}
