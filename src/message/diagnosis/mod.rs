//! Why a mail broke on its way, where that can be told: so that a person learns more than that a
//! signature does not fit.
//!
//! Nothing here changes a status. What is told of altered content is tried: a change, or two one after the
//! other, is taken back, and told if the signature holds over what comes out. What is told of the mail as a whole is read from its
//! header and its parts, and is a guess.
//!
//! The work is bounded: nothing is tried with content above [`LONGEST`], and no more than [`WORK`] bytes are
//! hashed.

mod added;
mod charsets;
mod edits;
mod headers;
mod judge;
mod parts;
mod reversals;
mod traces;

use self::added::added;
use self::judge::Judge;
pub(super) use self::parts::{of_unopened, of_unread, of_unsigned};
use self::reversals::{LIKELY, RARE, Received, Reversal, is_flowed_without_blanks};
pub(super) use self::traces::Traces;
use super::verify::SignatureResult;
use crate::cert::Certificate;
use crate::cms::SignedData;
use crate::env::Env;
use crate::error::{Detail, Problem, ProblemCode, Result};
use crate::mime::is_canonical;

/// The longest content that is searched. What relays and lists break is text, and each attempt is a copy.
const LONGEST: usize = 8 << 20;

/// Bytes that are hashed for one layer: a quarter of a second in wasm.
const WORK: usize = 64 << 20;

/// Bytes of these for two changes at once, where no single one was found.
const WORK_FOR_TWO: usize = 32 << 20;

/// Lines at each end of a text that may have been added.
const LINES: usize = 100;

/// The same, where something else was changed too.
const LINES_OF_TWO: usize = 30;

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
        problems.extend(changes(env, &mut judge, &Received::new(raw, canonical, &limits)).await?);
    }
    problems.extend(traces.problems());
    Ok(problems)
}

/// The changes, one or two, that make the signature hold when they are taken back.
async fn changes(
    env: &mut Env,
    judge: &mut Judge<'_>,
    received: &Received<'_>,
) -> Result<Vec<Problem>> {
    let proven = |code| Problem::new(code).with("isCertain", Detail::Flag(true));
    if let Some(code) = change(env, judge, received, LINES).await? {
        return Ok(vec![proven(code)]);
    }
    // What was done last is taken back first. What was added can be found below whatever else was done.
    judge.leave(WORK_FOR_TWO);
    let limits = *env.limits();
    for (last, reversal) in LIKELY.iter().chain(RARE) {
        if !judge.may_copy(env, received.canonical.len()).await? {
            break;
        }
        let Some(between) = reversal(received).filter(|between| is_canonical(between)) else {
            continue;
        };
        let between = Received::new(&between, &between, &limits);
        if let Some(first) = change(env, judge, &between, LINES_OF_TWO).await? {
            let mut codes = vec![first, *last];
            codes.dedup();
            return Ok(codes.into_iter().map(proven).collect());
        }
    }
    Ok(match is_flowed_without_blanks(received) {
        true => vec![
            Problem::new(ProblemCode::DiagnosisWhiteSpace).with("isCertain", Detail::Flag(false)),
        ],
        false => Vec::new(),
    })
}

/// The one change that makes the signature hold when it is taken back.
async fn change(
    env: &mut Env,
    judge: &mut Judge<'_>,
    received: &Received<'_>,
    lines: usize,
) -> Result<Option<ProblemCode>> {
    if let Some(code) = reversed(env, judge, received, LIKELY).await? {
        return Ok(Some(code));
    }
    if let Some(code) = added(env, judge, received, lines).await? {
        return Ok(Some(code));
    }
    reversed(env, judge, received, RARE).await
}

async fn reversed(
    env: &mut Env,
    judge: &mut Judge<'_>,
    received: &Received<'_>,
    reversals: &[(ProblemCode, Reversal)],
) -> Result<Option<ProblemCode>> {
    for (code, reversal) in reversals {
        if !judge.may_copy(env, received.canonical.len()).await? {
            break;
        }
        if let Some(before) = reversal(received)
            && judge.would_hold(env, &judge.start(), &[&before]).await?
        {
            return Ok(Some(*code));
        }
    }
    Ok(None)
}
