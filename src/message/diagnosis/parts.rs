//! Signed and encrypted mail that arrives as a part of another, under another name, or not whole.

use std::borrow::Cow;

use super::edits::all_parts;
use crate::asn1::{is_whole, oids};
use crate::bytes::{base64, offset_in};
use crate::cms::{Signature, announced_content_type};
use crate::env::Env;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::message::author::AuthorVerdict;
use crate::message::input::{Input, Outermost, Outside, file_names, is_pkcs7, outermost};
use crate::message::verify::{Around, TrustVerdict, VerifyOptions, VerifyResult, verify_inside};
use crate::mime::{Entity, Inside, Part, decode_body, split_multipart};

/// What may have become of a mail without a signature around the whole.
///
/// # Errors
///
/// `aborted`.
pub(in crate::message) async fn of_unsigned(
    env: &mut Env,
    content: &[u8],
    options: &VerifyOptions<'_>,
    around: &Around,
) -> Result<Vec<Problem>> {
    let limits = *env.limits();
    let Ok(part) = Part::parse(content, &limits) else { return Ok(Vec::new()) };
    let mut problems = Vec::new();
    if let Some((inside, is_encrypted)) = wrapped(&part, around, &limits) {
        let mut problem = Problem::new(ProblemCode::DiagnosisWrapped)
            .with("isEncrypted", Detail::Flag(is_encrypted));
        if let Some(verified) = verified(env, inside.raw(), options, around).await? {
            problem = with_worth(problem, &verified);
            problems.extend(verified.problems);
        }
        problems.insert(0, problem);
        // Both may have found them.
        for trace in around.traces().problems() {
            if !problems.contains(&trace) {
                problems.push(trace);
            }
        }
    }
    let leaves = all_parts(&part).into_iter().filter(|part| matches!(part.inside(), Inside::Leaf));
    for leaf in leaves {
        problems.extend(winmail(leaf).or_else(|| renamed(leaf, &limits)));
    }
    Ok(problems)
}

/// What may be the matter with a layer that could not be opened. `content` is there if it is a
/// multipart/signed.
///
/// # Errors
///
/// `aborted`.
pub(in crate::message) async fn of_unopened(
    env: &mut Env,
    error: &Error,
    content: Option<&[u8]>,
    options: &VerifyOptions<'_>,
    around: &Around,
) -> Result<Vec<Problem>> {
    if error.is_truncated() && !content.is_some_and(is_closed) {
        return Ok(vec![Problem::new(ProblemCode::DiagnosisTruncated)]);
    }
    for message in content.map(without_third_part).unwrap_or_default() {
        let Some(verified) = verified(env, &message, options, around).await? else { continue };
        if verified.signatures.iter().any(|one| one.integrity == Signature::Intact) {
            let problem =
                Problem::new(ProblemCode::DiagnosisFooter).with("isCertain", Detail::Flag(true));
            let mut problems = vec![with_worth(problem, &verified)];
            problems.extend(around.traces().problems());
            return Ok(problems);
        }
    }
    Ok(Vec::new())
}

/// Why a message could not be read, in the words that fit one which is not all there.
pub(in crate::message) fn of_unread(error: Error, message: &[u8], limits: &Limits) -> Error {
    match error {
        Error::MalformedMime { rule } if error.is_truncated() && !is_closed(message) => {
            Error::MalformedTruncated { rule }
        }
        Error::MalformedAsn1 { rule } if error.is_truncated() && is_cut(message, limits) => {
            Error::MalformedTruncated { rule }
        }
        error => error,
    }
}

/// Whether a message ends within CMS that comes alone.
fn is_cut(message: &[u8], limits: &Limits) -> bool {
    let Ok(Input { outside: Outside::Cms(cms), .. }) = Input::read(message, limits) else {
        return false;
    };
    // Where a length inside leads beyond its end, the octets that end all indefinite lengths are still last.
    let ends_as_ber = cms.get(1) == Some(&0x80) && cms.trim_ascii_end().ends_with(b"\0\0");
    announced_content_type(&cms).is_some() && !ends_as_ber && !is_whole(&cms)
}

/// The one signed or encrypted part of a multipart/mixed, and whether it is encrypted, if it seems to be
/// what somebody has sent and the rest what was put around it: by a mailing list, as a text behind it, or
/// as texts that say nothing.
fn wrapped<'p, 'a>(
    part: &'p Part<'a>,
    around: &Around,
    limits: &Limits,
) -> Option<(&'p Part<'a>, bool)> {
    let Inside::Multipart(multipart) = part.inside() else { return None };
    if part.essence() != "multipart/mixed" {
        return None;
    }
    let kind = |part: &Part<'_>| match outermost(part.raw(), limits).ok()? {
        Outermost::Detached | Outermost::Cms(Some(oids::SIGNED_DATA)) => Some(false),
        Outermost::Cms(Some(oids::ENVELOPED_DATA | oids::AUTH_ENVELOPED_DATA)) => Some(true),
        Outermost::Plain | Outermost::Cms(_) => None,
    };
    let mut smime = multipart
        .parts
        .iter()
        .enumerate()
        .filter_map(|(at, part)| kind(part).map(|is_encrypted| (at, part, is_encrypted)));
    let (at, inside, is_encrypted) = smime.next()?;
    if smime.next().is_some() {
        return None;
    }
    let mut others =
        multipart.parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| part);
    let is_text = |part: &Part<'_>| part.essence() == "text/plain" || part.essence() == "text/html";
    let is_blank = |part: &Part<'_>| {
        let text = decode_body(part.entity()).unwrap_or_default();
        is_text(part) && text.trim_ascii().is_empty() && !part.entity().body().is_empty()
            || part.entity().body().trim_ascii().is_empty()
    };
    let is_footed = at == 0 && !is_encrypted && others.clone().all(is_text);
    let is_meant = around.traces().is_from_list() || is_footed || others.all(is_blank);
    is_meant.then_some((inside, is_encrypted))
}

/// What the signatures of a part are worth by themselves; `None` if that can't be told. Nothing is fetched
/// for it.
async fn verified<'a>(
    env: &mut Env,
    message: &'a [u8],
    options: &VerifyOptions<'a>,
    around: &Around,
) -> Result<Option<VerifyResult<'a>>> {
    let mut options = VerifyOptions { message, content: None, ..*options };
    options.revocation.may_fetch = false;
    match verify_inside(env, options, Some(around)).await {
        Ok(verified) => Ok(Some(verified).filter(|verified| !verified.signatures.is_empty())),
        Err(error @ Error::Aborted) => Err(error),
        Err(_) => Ok(None),
    }
}

/// Tells whether the part is whole by itself, and whose it is if that is sure.
fn with_worth(problem: Problem, verified: &VerifyResult<'_>) -> Problem {
    let signatures = &verified.signatures;
    let is_intact = signatures.iter().all(|one| one.integrity == Signature::Intact);
    let problem = problem.with("isIntact", Detail::Flag(is_intact));
    let trusted = signatures.iter().find(|one| one.trust == TrustVerdict::Trusted);
    let Some((trusted, signer)) =
        trusted.filter(|_| is_intact).and_then(|one| Some((one, one.signer.as_ref()?)))
    else {
        return problem;
    };
    let is_author = trusted.author == AuthorVerdict::Match;
    problem
        .with("signer", Detail::Text(signer.addresses().first().cloned().unwrap_or_default()))
        .with("isAuthor", Detail::Flag(is_author))
}

/// Whether it is a multipart/signed that goes on to its closing delimiter: then it is the signature in it that is not whole.
fn is_closed(content: &[u8]) -> bool {
    Entity::parse(content, &Limits::default()).is_ok_and(|entity| {
        let content_type = entity.content_type();
        let boundary = content_type.parameter("boundary").unwrap_or_default();
        content_type.essence() == "multipart/signed"
            && split_multipart(entity.body(), boundary, 2).is_closed
    })
}

/// A multipart/signed of three parts without its last, and without its first.
fn without_third_part(content: &[u8]) -> Vec<Vec<u8>> {
    let Ok(entity) = Entity::parse(content, &Limits::default()) else { return Vec::new() };
    let content_type = entity.content_type();
    let boundary = content_type.parameter("boundary").unwrap_or_default();
    let split = split_multipart(entity.body(), boundary, 3);
    let [first, second, third] = split.parts.as_slice() else { return Vec::new() };
    let range = |part: &[u8]| offset_in(content, part).map(|start| (start, start + part.len()));
    let (Some(first), Some(second), Some(third)) = (range(first), range(second), range(third))
    else {
        return Vec::new();
    };
    let without = |start: usize, end: usize| {
        [content.get(..start).unwrap_or_default(), content.get(end..).unwrap_or_default()].concat()
    };
    vec![without(second.1, third.1), without(first.0, second.0)]
}

/// TNEF, which Outlook wraps all of a mail in (MS-OXTNEF, 2.1.3.1).
fn winmail(leaf: &Part<'_>) -> Option<Problem> {
    /// 0x223E9F78, the least octet first.
    const SIGNATURE: &[u8] = b"\x78\x9f\x3e\x22";
    /// The class of a message that was signed or encrypted (MS-OXOSMIME, 2.1.1).
    const CLASS: &[u8] = b"IPM.Note.SMIME";
    let is_named = file_names(leaf.entity()).any(|name| name.eq_ignore_ascii_case("winmail.dat"));
    let is_typed = matches!(leaf.essence(), "application/ms-tnef" | "application/vnd.ms-tnef");
    let start = start_of_body(leaf);
    if !(start.starts_with(SIGNATURE) || (start.is_empty() && (is_named || is_typed))) {
        return None;
    }
    let is_smime = start.windows(CLASS.len()).any(|window| window == CLASS);
    Some(Problem::new(ProblemCode::DiagnosisWinmail).with("isSmime", Detail::Flag(is_smime)))
}

/// Signed or encrypted data under a name and type that say nothing of it.
fn renamed(leaf: &Part<'_>, limits: &Limits) -> Option<Problem> {
    let is_said = is_pkcs7(leaf.essence()) || leaf.essence().contains("pkcs7");
    if is_said || leaf.essence().starts_with("text/") {
        return None;
    }
    let announced = announced_content_type(&start_of_body(leaf))?;
    let names: Vec<String> = file_names(leaf.entity()).collect();
    let is_bundle = names.iter().any(|name| {
        let name = name.to_ascii_lowercase();
        [".p7b", ".p7c", ".spc"].iter().any(|extension| name.ends_with(extension))
    });
    let is_mail =
        matches!(announced, oids::SIGNED_DATA | oids::ENVELOPED_DATA | oids::AUTH_ENVELOPED_DATA);
    let is_plain = matches!(outermost(leaf.raw(), limits), Ok(Outermost::Plain));
    if !is_mail || is_bundle || !is_plain {
        return None;
    }
    let problem = Problem::new(ProblemCode::DiagnosisRenamed).with_text("type", leaf.essence());
    Some(match names.into_iter().next() {
        Some(name) => problem.with("name", Detail::Text(name)),
        None => problem,
    })
}

/// The first octets of a part's body, decoded.
fn start_of_body<'a>(leaf: &Part<'a>) -> Cow<'a, [u8]> {
    const START: usize = 4_000;
    let body = leaf.entity().body();
    let start = body.get(..body.len().min(START)).unwrap_or_default();
    match leaf.entity().transfer_encoding().as_str() {
        "base64" => base64::decode_start(start).map(Cow::Owned).unwrap_or_default(),
        _ => Cow::Borrowed(start),
    }
}
