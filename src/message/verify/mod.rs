//! `verify` (RFC 8551, 3.5; RFC 5652, 5.6).
//!
//! The status, by rule:
//!
//! * `failed`: a signature of the author's certificate, or of one not known, is altered or malformed.
//! * `verified`: no signature is altered, and one of the author's is intact, trusted and has nothing
//!   against it that policy forbids (a weak digest, content of another type than mail's, a signing
//!   time outside the certificate's validity or far from the message's Date, a companion that was
//!   taken away). Another of the author's may be in an algorithm we don't know (RFC 4853).
//!   Trusted is who has a good path, of which nothing is revoked. That nothing is known of a
//!   revocation is told, and forbids it by the policy `Hard` only.
//! * `unsigned`: there is no signer at all.
//! * `unverified`: everything else, with its reasons.

mod checker;
mod status;

use std::borrow::Cow;

use self::checker::Checker;
use self::status::{is_converted, report_removed, status};
use super::author::{Author, AuthorVerdict};
use super::diagnosis::{Traces, of_altered, of_unread, of_unsigned};
use super::input::{Input, Outermost, Outside, decode_in_place, outermost};
use super::problems::settle;
use super::trust::{RevocationOptions, RevocationVerdict, Trust};
use crate::asn1::to_der;
use crate::bytes::{cut, offset_in};
use crate::cert::Certificate;
use crate::cms::{Content, ContentInfo, Signature, brings_content, content_digests};
use crate::env::{Env, Time};
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::mime::{Entity, canonical, is_canonical, parse_date};
use crate::path::{Pool, TrustAnchor};

/// What `verify` needs.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions<'a> {
    /// A whole message, or bare CMS.
    pub message: &'a [u8],
    /// The signed content, for a detached signature that comes alone.
    pub content: Option<&'a [u8]>,
    /// Where paths may end; `None` if the caller has no opinion on trust.
    pub trust_anchors: Option<&'a [TrustAnchor]>,
    /// Certificates beyond those in the message.
    pub intermediates: &'a [Certificate],
    /// The author's address where the message does not say it: that of the mail around a decrypted
    /// entity.
    pub from: Option<&'a str>,
    /// When the message arrived, by a clock the caller trusts.
    pub received_at: Option<Time>,
    /// How revocation is asked for, and what may be fetched.
    pub revocation: RevocationOptions<'a>,
}

impl<'a> VerifyOptions<'a> {
    /// Of a message, and nothing else.
    pub fn new(message: &'a [u8]) -> VerifyOptions<'a> {
        VerifyOptions {
            message,
            content: None,
            trust_anchors: None,
            intermediates: &[],
            from: None,
            received_at: None,
            revocation: RevocationOptions::default(),
        }
    }
}

/// What a message's signatures are worth, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the module says what each means")]
pub enum Status {
    Verified,
    Unverified,
    Failed,
    Unsigned,
}

/// Whether the signer's certificate leads to a trust anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustVerdict {
    /// It does, and every rule holds.
    Trusted,
    /// It does not.
    Untrusted,
    /// No trust anchors were given, or the signer's certificate is not known.
    Unchecked,
}

/// Whether the signer's certificate was good at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words say it")]
pub enum Moment {
    Valid,
    Invalid,
    Unchecked,
}

/// The answer about one signature.
#[derive(Debug)]
pub struct SignatureResult {
    /// Whether content and signature belong together.
    pub integrity: Signature,
    /// Whether the signer's certificate is trusted.
    pub trust: TrustVerdict,
    /// Whether the signer is the author.
    pub author: AuthorVerdict,
    /// Whether the signer's certificate, or one above it, is revoked: when the message arrived, or now
    /// where that is not known.
    pub revocation: RevocationVerdict,
    /// The certificate when the message arrived.
    pub then: Moment,
    /// The certificate now.
    pub now: Moment,
    /// The signer's certificate.
    pub signer: Option<Certificate>,
    /// From the signer's certificate towards the anchor, as far as it leads.
    pub chain: Vec<Certificate>,
    /// The time the signer claims.
    pub signing_time: Option<Time>,
    /// The signature's algorithm.
    pub algorithm: String,
    /// What the signer says to be able to read: SMIMECapabilities in DER (RFC 8551, 2.5.2). Only of an
    /// intact signature by a trusted signer.
    pub capabilities: Option<Vec<u8>>,
    /// The certificate for which the signer wants to get encrypted mail (RFC 8551, 2.5.3), if the
    /// message brings it. Only of an intact signature by a trusted signer, and only if it is trusted too
    /// and has an address of the signer's.
    pub encryption_certificate: Option<Certificate>,
    /// Signatures over this signature (RFC 5652, 11.4). They say that somebody has seen it, and lend
    /// no status.
    pub countersignatures: Vec<SignatureResult>,
    /// The reasons.
    pub problems: Vec<Problem>,
}

/// What `verify` answers.
#[derive(Debug)]
pub struct VerifyResult<'a> {
    /// Exactly the signed octets: show these. Without a signature, the message.
    pub content: Cow<'a, [u8]>,
    /// In one word.
    pub status: Status,
    /// One for each signer.
    pub signatures: Vec<SignatureResult>,
    /// What there is to tell of the whole.
    pub problems: Vec<Problem>,
}

/// Checks the signatures of the outermost layer. A bad signature is an answer, not an error.
///
/// # Errors
///
/// `malformed/truncated` for a message that ends too early, `malformed/…` for a message or structure that
/// can't be read, `usage/missing-option` for a detached
/// signature without its content, `limit/…`, `aborted`.
pub async fn verify<'a>(env: &mut Env, options: VerifyOptions<'a>) -> Result<VerifyResult<'a>> {
    let verified = verify_inside(env, options, None).await;
    let mut verified = verified.map_err(|error| of_unread(error, options.message, env.limits()))?;
    if verified.signatures.is_empty()
        && outermost(options.message, env.limits())? == Outermost::Plain
    {
        let entity = Entity::parse(options.message, env.limits()).ok();
        let around = Around::new(entity.as_ref(), options.from);
        verified.problems.extend(of_unsigned(env, options.message, &options, &around).await?);
    }
    Ok(verified)
}

/// What the header of a mail says about the layers inside it.
#[derive(Clone)]
pub(super) struct Around {
    author: Author,
    /// The mail's Date.
    date: Option<Time>,
    traces: Traces,
}

impl Around {
    /// `from` is the caller's word, which goes before the header's.
    pub(super) fn new(entity: Option<&Entity<'_>>, from: Option<&str>) -> Around {
        Around {
            author: Author::new(entity, from),
            date: entity.and_then(date),
            traces: entity.map(Traces::read).unwrap_or_default(),
        }
    }

    /// The author's address, if there is exactly one.
    pub(super) fn author_address(&self) -> Option<&str> {
        self.author.address()
    }

    /// Who says to have handled the mail.
    pub(super) fn traces(&self) -> &Traces {
        &self.traces
    }
}

/// The same for a layer inside a mail: the header of the mail around it counts, and none of its own.
pub(super) async fn verify_inside<'a>(
    env: &mut Env,
    options: VerifyOptions<'a>,
    around: Option<&Around>,
) -> Result<VerifyResult<'a>> {
    let limits = *env.limits();
    let input = Input::read(options.message, &limits)?;
    let (detached, cms) = match input.outside {
        Outside::Plain => return Ok(unsigned(options.message)),
        Outside::Detached { content, cms } => (Some(content), cms),
        Outside::Cms(cms) => (options.content, cms),
    };
    let der = to_der(&cms, &limits)?;
    let signed = match ContentInfo::from_der(&der)?.open(&limits)? {
        Content::SignedData(signed) => signed,
        Content::EnvelopedData(_) | Content::AuthEnvelopedData(_) | Content::CompressedData(_) => {
            return Ok(unsigned(options.message));
        }
    };
    let outside = match (detached, signed.content) {
        (Some(content), _) => Some(content),
        (None, Some(_)) => None,
        (None, None) if signed.signers.is_empty() => Some(options.message),
        (None, None) => return Err(Error::UsageMissingOption { option: "content" }),
    };
    let content = outside.or(signed.content).unwrap_or_default();
    // Content beside a detached signature is what another reader might show (CVE-2018-18509).
    let has_two_contents = detached.is_some() && signed.content.is_some();
    let canonical = (!is_canonical(content)).then(|| canonical(content));
    let digests = content_digests(env, &signed.digests(), content, canonical.as_deref()).await?;

    let mut known = signed.certificates.clone();
    known.extend_from_slice(options.intermediates);
    let around = around.cloned();
    let Around { author, date, traces } =
        around.unwrap_or_else(|| Around::new(input.entity.as_ref(), options.from));
    let anchors = options.trust_anchors.unwrap_or_default().iter().cloned();
    let pool = Pool::new(anchors, known.iter().cloned());
    let mut trust = Trust::new(env, pool, &options.revocation);
    trust.embed(&signed.crls, &signed.ocsp_responses);
    let mut checker = Checker {
        now: env.now(),
        options: &options,
        may_fetch: !has_two_contents,
        known,
        trust,
        author,
        date,
        countersignatures_left: limits.signers,
    };
    let mut signatures = Vec::new();
    for signer in &signed.signers {
        // The content is done; what is left is short, unless the message makes it long.
        env.tick(content.len() as u64, content.len() as u64).await?;
        let mut result = checker.signer(env, &signed, signer, &digests).await?;
        if has_two_contents {
            result.integrity = Signature::Altered;
            result.problems.push(Problem::new(ProblemCode::SignatureEmbeddedContent));
        }
        signatures.push(result);
    }
    report_removed(&signed.signers, &mut signatures);
    for signature in &mut signatures {
        settle(&mut signature.problems);
    }
    let status = status(&signatures);
    let is_converted = is_converted(&signatures);
    let diagnosis = match outside {
        Some(content) => {
            let readings = (content, canonical.as_deref().unwrap_or(content));
            let found = (signatures.as_slice(), checker.known.as_slice());
            of_altered(env, readings, &signed, found, &traces).await?
        }
        None => Vec::new(),
    };
    let mut problems = signed.problems;
    problems.extend(diagnosis);
    let content = match (canonical, outside) {
        (Some(canonical), _) if is_converted => Cow::Owned(canonical.into_owned()),
        (_, Some(content)) => Cow::Borrowed(content),
        (_, None) => {
            let start = offset_in(&der, content).unwrap_or_default();
            let range = start..start + content.len();
            match der {
                Cow::Owned(der) => Cow::Owned(cut(der, range)),
                // DER all along: where it is in `der`, it is in `cms`.
                Cow::Borrowed(_) => match cms {
                    Cow::Owned(cms) => Cow::Owned(cut(cms, range)),
                    Cow::Borrowed(cms) => Cow::Borrowed(cms.get(range).unwrap_or_default()),
                },
            }
        }
    };
    Ok(VerifyResult { content, status, signatures, problems })
}

/// Makes less of a message that is about to be verified and of which nothing else is needed any more:
/// takes the base64 off signed content, so that it need not be copied. The answer stays the same.
///
/// # Errors
///
/// `malformed/mime` for base64 that is none.
pub fn take_off_base64(message: &mut Vec<u8>, limits: &Limits) -> Result<()> {
    decode_in_place(message, limits, brings_content)
}

fn unsigned(message: &[u8]) -> VerifyResult<'_> {
    VerifyResult {
        content: Cow::Borrowed(message),
        status: Status::Unsigned,
        signatures: Vec::new(),
        problems: Vec::new(),
    }
}

/// The moment of the one Date field.
fn date(entity: &Entity<'_>) -> Option<Time> {
    let mut dates = entity.named("Date");
    let date = dates.next()?;
    if dates.next().is_some() { None } else { parse_date(&date.unfolded()) }
}
