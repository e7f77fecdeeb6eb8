//! Text that somebody has added to signed content: footers, disclaimers, warnings, extra parts.

use super::edits::{all_parts, is_text};
use super::judge::{Beginning, Judge};
use super::reversals::{Received, in_lines};
use crate::bytes::{base64, offset_in};
use crate::env::Env;
use crate::error::{ProblemCode, Result};
use crate::mime::{Inside, Part};

/// Texts that are looked at: the plain one and the HTML.
const TEXTS: usize = 2;

/// How far from the tags of a body something is looked for, in octets.
const NEAR: usize = 64 << 10;

/// What was added, if the signature holds over what is left without it. At the end of a text as many `lines`
/// may be a footer, and at its beginning a banner.
pub(super) async fn added(
    env: &mut Env,
    judge: &mut Judge<'_>,
    received: &Received<'_>,
    lines: usize,
) -> Result<Option<ProblemCode>> {
    let Some(part) = &received.part else { return Ok(None) };
    let content = received.canonical;
    if around_or_beside(env, judge, content, part).await? {
        return Ok(Some(ProblemCode::DiagnosisFooter));
    }
    for text in all_parts(part).into_iter().filter(|part| is_text(part)).take(TEXTS) {
        let Some(start) = offset_in(content, text.entity().body()) else { continue };
        if !judge.may_copy(env, text.entity().body().len()).await? {
            break;
        }
        let place = (content, start);
        let found = match text.entity().transfer_encoding().as_str() {
            "base64" => in_base64(env, judge, place, text, lines).await?,
            _ => in_text(env, judge, place, text, lines).await?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
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
        if judge.would_hold(env, &start, &[inside.raw()]).await? {
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
        if judge.would_hold(env, &beginning, &[after]).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Lines at the end of a text, or at its beginning, which is at `start` in the content; in HTML, also what
/// stands at the end of its body, or at the beginning.
async fn in_text(
    env: &mut Env,
    judge: &mut Judge<'_>,
    (content, start): (&[u8], usize),
    part: &Part<'_>,
    lines: usize,
) -> Result<Option<ProblemCode>> {
    let text = part.entity().body();
    let (before, rest) = content.split_at_checked(start).unwrap_or_default();
    let Some(before) = judge.add(env, judge.start(), before).await? else { return Ok(None) };
    let around = (&before, rest.get(text.len()..).unwrap_or_default());
    for removal in Removal::all(text, part.essence() == "text/html", lines) {
        if let Some(code) = removal.found(env, judge, around, text).await? {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// The same in the text that base64 encodes, which somebody has encoded anew.
async fn in_base64(
    env: &mut Env,
    judge: &mut Judge<'_>,
    (content, start): (&[u8], usize),
    part: &Part<'_>,
    lines: usize,
) -> Result<Option<ProblemCode>> {
    let encoded = part.entity().body();
    let Ok(text) = base64::decode(encoded) else { return Ok(None) };
    let columns = encoded.iter().position(|octet| octet.is_ascii_whitespace());
    let end = encoded.get(encoded.trim_ascii_end().len()..).unwrap_or_default();
    let (before, rest) = content.split_at_checked(start).unwrap_or_default();
    let Some(before) = judge.add(env, judge.start(), before).await? else { return Ok(None) };
    let behind = rest.get(encoded.len()..).unwrap_or_default();
    let removals = Removal::all(&text, part.essence() == "text/html", lines);
    for (start, resumed) in removals.iter().flat_map(Removal::ranges) {
        if !judge.may_copy(env, text.len()).await? {
            break;
        }
        let halves = [text.get(..start), text.get(resumed..)].map(Option::unwrap_or_default);
        let kept = base64::encode(&halves.concat());
        let kept = in_lines(&kept, columns.unwrap_or(usize::MAX).max(1));
        if judge.would_hold(env, &before, &[&kept, end, behind]).await? {
            return Ok(Some(told_as(text.get(start..resumed).unwrap_or_default())));
        }
    }
    Ok(None)
}

/// Ranges of a text that may have been added, all of which end or begin at one place.
enum Removal {
    /// From one of these places, in rising order, to the place.
    Footer(Vec<usize>, usize),
    /// From the place to one of these.
    Banner(usize, Vec<usize>),
}

impl Removal {
    fn all(text: &[u8], is_html: bool, lines: usize) -> Vec<Removal> {
        let ends = line_ends(text);
        let last = ends.iter().skip(ends.len().saturating_sub(lines));
        // The line end may belong to the delimiter that followed, or to the text.
        let starts = last.flat_map(|&end| [end - 2, end]).collect();
        let mut removals = vec![
            Removal::Footer(starts, text.len()),
            Removal::Banner(0, ends.iter().copied().take(lines).collect()),
        ];
        if is_html {
            let lower = text.to_ascii_lowercase();
            let closing = [&b"</body"[..], b"</html"].into_iter().filter_map(|tag| {
                let place = lower.windows(tag.len()).rposition(|window| window == tag)?;
                let (inside, _) = text.split_at_checked(place)?;
                let far = place.saturating_sub(NEAR);
                let near = seams(inside.get(far..).unwrap_or_default()).into_iter();
                let mut starts: Vec<usize> = near.map(|start| far + start).collect();
                starts.retain(|&start| start < place);
                let last = starts.split_off(starts.len().saturating_sub(2 * lines));
                Some(Removal::Footer(last, place))
            });
            removals.extend(closing);
            let open = lower.windows(5).position(|window| window == b"<body");
            let end = open.and_then(|open| {
                let rest = text.get(open..)?;
                Some(open + rest.iter().position(|&octet| octet == b'>')? + 1)
            });
            removals.extend(end.map(|place| {
                let inside = text.get(place..).unwrap_or_default();
                let near = seams(inside.get(..NEAR).unwrap_or(inside)).into_iter();
                Removal::Banner(place, near.take(lines).map(|end| place + end).collect())
            }));
        }
        removals
    }

    /// What of the text stays, as the end of its first half and the beginning of the second.
    fn ranges(&self) -> Vec<(usize, usize)> {
        match self {
            Removal::Footer(starts, end) => starts.iter().map(|&start| (start, *end)).collect(),
            Removal::Banner(start, ends) => ends.iter().map(|&end| (*start, end)).collect(),
        }
    }

    /// Tries them within what stands around the text.
    async fn found(
        &self,
        env: &mut Env,
        judge: &mut Judge<'_>,
        (before, behind): (&Beginning, &[u8]),
        text: &[u8],
    ) -> Result<Option<ProblemCode>> {
        let (mut hashed, mut beginning) = (0, before.clone());
        for (start, end) in self.ranges() {
            let more = text.get(hashed..start).unwrap_or_default();
            let Some(longer) = judge.add(env, beginning, more).await? else { return Ok(None) };
            (hashed, beginning) = (start.max(hashed), longer);
            let rest = text.get(end..).unwrap_or_default();
            if judge.would_hold(env, &beginning, &[rest, behind]).await? {
                return Ok(Some(told_as(text.get(start..end).unwrap_or_default())));
            }
        }
        Ok(None)
    }
}

/// What was added, by what it is.
fn told_as(added: &[u8]) -> ProblemCode {
    match added.trim_ascii().is_empty() {
        true => ProblemCode::DiagnosisWhiteSpace,
        false => ProblemCode::DiagnosisFooter,
    }
}

/// Where something may begin or end in HTML: behind tags and lines, and before line ends.
fn seams(html: &[u8]) -> Vec<usize> {
    let mut seams = vec![0];
    for (at, octet) in html.iter().enumerate() {
        match octet {
            b'>' | b'\n' => seams.push(at + 1),
            b'\r' => seams.push(at),
            _ => {}
        }
    }
    seams.dedup();
    seams
}

/// Where the lines of a text end, after their CRLF.
fn line_ends(text: &[u8]) -> Vec<usize> {
    let ends = text.windows(2).enumerate().filter(|(_, window)| *window == b"\r\n");
    ends.map(|(at, _)| at + 2).collect()
}
