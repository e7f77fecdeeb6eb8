//! Text that somebody has added to signed content: footers, disclaimers, warnings, extra parts.

use super::edits::all_parts;
use super::judge::Judge;
use super::reversals::Received;
use crate::bytes::offset_in;
use crate::env::Env;
use crate::error::{ProblemCode, Result};
use crate::mime::{Inside, Part};

/// Texts that are looked at: the plain one and the HTML.
const TEXTS: usize = 2;

/// Lines at the end of a text that may be a footer, and at its beginning that may be a banner.
const LINES: usize = 100;

/// What was added, if the signature holds over what is left without it.
pub(super) async fn added(
    env: &mut Env,
    judge: &mut Judge<'_>,
    received: &Received<'_>,
) -> Result<Option<ProblemCode>> {
    let Some(part) = &received.part else { return Ok(None) };
    let content = received.canonical;
    if around_or_beside(env, judge, content, part).await? {
        return Ok(Some(ProblemCode::DiagnosisFooter));
    }
    for text in all_parts(part).into_iter().filter(|part| is_text(part)).take(TEXTS) {
        let Some(start) = offset_in(content, text.entity().body()) else { continue };
        if let Some(code) = in_text(env, judge, content, start, text.entity().body()).await? {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

fn is_text(part: &Part<'_>) -> bool {
    part.essence().starts_with("text/") && matches!(part.inside(), Inside::Leaf)
}

/// A multipart put around what was signed, or a part of its own before or behind the others.
async fn around_or_beside(
    env: &mut Env,
    judge: &mut Judge<'_>,
    content: &[u8],
    part: &Part<'_>,
) -> Result<bool> {
    let Inside::Multipart(multipart) = part.inside() else { return Ok(false) };
    let start = judge.start();
    for inside in multipart.parts.iter().take(TEXTS) {
        if judge.would_hold(env, &start, inside.raw()).await? {
            return Ok(true);
        }
    }
    let range = |part: &Part<'_>| {
        let start = offset_in(content, part.raw())?;
        Some(start..start + part.raw().len())
    };
    let without = match multipart.parts.as_slice() {
        [first, second, ..] => {
            let last = multipart.parts.iter().rev();
            let mut ends = last.filter_map(range);
            let (last, before) = (ends.next(), ends.next());
            let banner = range(first).zip(range(second)).map(|(a, b)| a.start..b.start);
            let footer = before.zip(last).map(|(a, b)| a.end..b.end);
            [footer, banner]
        }
        _ => return Ok(false),
    };
    for removed in without.into_iter().flatten() {
        let before = content.get(..removed.start).unwrap_or_default();
        let Some(beginning) = judge.add(env, start.clone(), before).await? else {
            return Ok(false);
        };
        let after = content.get(removed.end..).unwrap_or_default();
        if judge.would_hold(env, &beginning, after).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Lines at the end of a text, or at its beginning, which is at `start` in the content.
async fn in_text(
    env: &mut Env,
    judge: &mut Judge<'_>,
    content: &[u8],
    start: usize,
    text: &[u8],
) -> Result<Option<ProblemCode>> {
    let split = |at: usize| content.split_at_checked(at).unwrap_or_default();
    let Some(before) = judge.add(env, judge.start(), split(start).0).await? else {
        return Ok(None);
    };
    let ends = line_ends(text);
    let behind = split(start + text.len()).1;
    let (mut hashed, mut beginning) = (0, before.clone());
    for &end in ends.iter().skip(ends.len().saturating_sub(LINES)) {
        // The line end may belong to the delimiter that followed, or to the text.
        for end in [end.saturating_sub(2), end] {
            let more = text.get(hashed..end).unwrap_or_default();
            let Some(longer) = judge.add(env, beginning, more).await? else { return Ok(None) };
            (hashed, beginning) = (end.max(hashed), longer);
            if judge.would_hold(env, &beginning, behind).await? {
                let removed = text.get(end..).unwrap_or_default();
                return Ok(Some(match removed.trim_ascii().is_empty() {
                    true => ProblemCode::DiagnosisWhiteSpace,
                    false => ProblemCode::DiagnosisFooter,
                }));
            }
        }
    }
    for end in ends.into_iter().take(LINES) {
        if judge.would_hold(env, &before, split(start + end).1).await? {
            return Ok(Some(ProblemCode::DiagnosisFooter));
        }
    }
    Ok(None)
}

/// Where the lines of a text end, after their CRLF.
fn line_ends(text: &[u8]) -> Vec<usize> {
    let ends = text.windows(2).enumerate().filter(|(_, window)| *window == b"\r\n");
    ends.map(|(at, _)| at + 2).collect()
}
