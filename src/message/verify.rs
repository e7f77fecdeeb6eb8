//! `verify` (RFC 8551, 3.5; RFC 5652, 5.6).
//!
//! The status, by rule:
//!
//! * `failed`: a signature of the author's certificate, or of one not known, is altered or malformed.
//! * `verified`: no signature is altered, and one of the author's is intact, trusted and has nothing
//!   against it that policy forbids (a weak digest, content of another type than mail's, a signing
//!   time outside the certificate's validity or far from the message's Date).
//! * `unsigned`: there is no signer at all.
//! * `unverified`: everything else, with its reasons.

use std::borrow::Cow;

use super::input::{Input, Outside};
use crate::asn1::{oids, to_der};
use crate::cert::{AddressMatch, Certificate, match_address};
use crate::cms::{
    Content, ContentDigests, ContentInfo, Signature, SignedData, SignerCheck, SignerInfo,
    content_digests,
};
use crate::crypto::PublicKey;
use crate::env::{Env, Time};
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::mime::{AddressList, Entity, canonical, is_canonical, parse_address_list, parse_date};
use crate::path::{Purpose, Request, Session, Verdict, check};

/// What `verify` needs.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions<'a> {
    /// A whole message, or bare CMS.
    pub message: &'a [u8],
    /// The signed content, for a detached signature that comes alone.
    pub content: Option<&'a [u8]>,
    /// Where paths may end; `None` if the caller has no opinion on trust.
    pub trust_anchors: Option<&'a [Certificate]>,
    /// Certificates beyond those in the message.
    pub intermediates: &'a [Certificate],
    /// The author's address where the message does not say it: that of the mail around a decrypted
    /// entity.
    pub from: Option<&'a str>,
    /// When the message arrived, by a clock the caller trusts.
    pub received_at: Option<Time>,
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

/// Whether the signer is the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorVerdict {
    /// The one address of the one From is one of the certificate's.
    Match,
    /// It is none of them, or the message does not have exactly one author.
    Mismatch,
    /// No From is known, or the signer's certificate is not.
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
/// `malformed/…` for a message or structure that can't be read, `usage/missing-option` for a detached
/// signature without its content, `limit/…`, `aborted`.
pub async fn verify<'a>(env: &mut Env, options: VerifyOptions<'a>) -> Result<VerifyResult<'a>> {
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
        Content::EnvelopedData(_) | Content::AuthEnvelopedData(_) => {
            return Ok(unsigned(options.message));
        }
    };
    let content: Cow<'a, [u8]> = match (detached, signed.content) {
        (Some(content), _) => Cow::Borrowed(content),
        (None, Some(content)) => Cow::Owned(content.to_vec()),
        (None, None) if signed.signers.is_empty() => Cow::Borrowed(options.message),
        (None, None) => return Err(Error::UsageMissingOption { option: "content" }),
    };
    // Content beside a detached signature is what another reader might show (CVE-2018-18509).
    let has_two_contents = detached.is_some() && signed.content.is_some();
    let canonical = (!is_canonical(&content)).then(|| canonical(&content));
    let digests = content_digests(env, &signed.digests(), &content, canonical.as_deref()).await?;

    let mut known = signed.certificates.clone();
    known.extend_from_slice(options.intermediates);
    let author = Author::new(input.entity.as_ref(), options.from);
    let date = input.entity.as_ref().and_then(date);
    let session = Session::new(&limits);
    let now = env.now();
    let mut checker = Checker { now, options: &options, known, author, date, session };
    let mut signatures = Vec::new();
    for signer in &signed.signers {
        // The content is done; what is left is short, unless the message makes it long.
        env.tick(content.len() as u64, content.len() as u64).await?;
        let mut result = checker.signer(&signed, signer, &digests);
        if has_two_contents {
            result.integrity = Signature::Altered;
            result.problems.insert(0, Problem::new(ProblemCode::SignatureEmbeddedContent));
        }
        signatures.push(result);
    }
    let status = status(&signatures);
    let is_converted = is_converted(&signatures);
    let content = match canonical {
        Some(canonical) if is_converted => Cow::Owned(canonical.into_owned()),
        _ => content,
    };
    Ok(VerifyResult { content, status, signatures, problems: signed.problems })
}

/// Whether the content is to be shown with its line ends made CRLF: as it was signed by whoever lends
/// the status, else by the first whose signature is intact.
fn is_converted(signatures: &[SignatureResult]) -> bool {
    let intact = |signature: &&SignatureResult| signature.integrity == Signature::Intact;
    let shown = signatures.iter().find(|s| is_verified(s)).or(signatures.iter().find(intact));
    shown.is_some_and(|signature| {
        signature.problems.iter().any(|problem| problem.code == ProblemCode::SignatureLineEnds)
    })
}

fn unsigned(message: &[u8]) -> VerifyResult<'_> {
    VerifyResult {
        content: Cow::Borrowed(message),
        status: Status::Unsigned,
        signatures: Vec::new(),
        problems: Vec::new(),
    }
}

/// How far the signing time and the Date may be apart: an hour, as Thunderbird has it. Clocks differ,
/// and some clients write the Date when a draft is begun.
const DATE_TOLERANCE_MILLIS: u64 = 3_600_000;

/// The moment of the one Date field.
fn date(entity: &Entity<'_>) -> Option<Time> {
    let mut dates = entity.named("Date");
    let date = dates.next()?;
    if dates.next().is_some() { None } else { parse_date(&date.unfolded()) }
}

struct Checker<'a> {
    now: Time,
    options: &'a VerifyOptions<'a>,
    /// Certificates of the message and of the caller.
    known: Vec<Certificate>,
    author: Author,
    /// The message's Date.
    date: Option<Time>,
    session: Session,
}

impl Checker<'_> {
    fn signer(
        &mut self,
        signed: &SignedData<'_>,
        info: &SignerInfo<'_>,
        digests: &ContentDigests,
    ) -> SignatureResult {
        let anchors = self.options.trust_anchors.unwrap_or_default();
        let candidates: Vec<Certificate> = self.known.iter().chain(anchors).cloned().collect();
        let found = info.check(signed.content_type, digests, &candidates);
        let mut result = SignatureResult {
            integrity: found.signature,
            trust: TrustVerdict::Unchecked,
            author: AuthorVerdict::Unchecked,
            then: Moment::Unchecked,
            now: Moment::Invalid,
            signer: found.certificate.clone(),
            chain: Vec::new(),
            signing_time: found.signing_time,
            algorithm: info.algorithm_name(),
            problems: strength_problems(&found),
        };
        result.problems.splice(0..0, found.problems.iter().cloned());
        if signed.content_type != oids::DATA {
            // RFC 8551, 2.4.2: what is signed is a MIME entity, and id-data says so.
            result.problems.push(
                Problem::new(ProblemCode::SignatureContentType)
                    .with_text("contentType", &signed.content_type.to_string()),
            );
        }
        let Some(certificate) = &found.certificate else { return result };
        result.author = self.author.compare(certificate, &mut result.problems);
        if let Some(time) = found.signing_time
            && !certificate.is_current(time)
        {
            result.problems.push(
                Problem::new(ProblemCode::SignatureTimeOutsideValidity)
                    .with("signingTime", Detail::Time(time)),
            );
        }
        if let (Some(signed), Some(date)) = (found.signing_time, self.date)
            && signed.as_millis().abs_diff(date.as_millis()) > DATE_TOLERANCE_MILLIS
        {
            result.problems.push(
                Problem::new(ProblemCode::SignatureDateDiffers)
                    .with("signingTime", Detail::Time(signed))
                    .with("date", Detail::Time(date)),
            );
        }
        self.trust(certificate, anchors, &mut result);
        result
    }

    /// Looks for a path at the two moments. The one at arrival decides on trust where it is known.
    fn trust(
        &mut self,
        target: &Certificate,
        anchors: &[Certificate],
        result: &mut SignatureResult,
    ) {
        let mut at = |at| {
            let request = Request {
                target,
                intermediates: &self.known,
                anchors,
                at,
                purpose: Purpose::Signing,
            };
            check(&request, &mut self.session)
        };
        let moment = |verdict: &Verdict| {
            if verdict.is_trusted() { Moment::Valid } else { Moment::Invalid }
        };
        let now = at(self.now);
        let then = self.options.received_at.map(&mut at);
        result.now = moment(&now);
        result.then = then.as_ref().map_or(Moment::Unchecked, moment);
        let decisive = then.unwrap_or(now);
        if self.options.trust_anchors.is_some() {
            result.trust = match decisive.is_trusted() {
                true => TrustVerdict::Trusted,
                false => TrustVerdict::Untrusted,
            };
        }
        result.chain = decisive.chain;
        result.problems.extend(decisive.problems);
    }
}

fn strength_problems(found: &SignerCheck) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(digest) = found.digest.filter(|digest| !digest.is_collision_resistant()) {
        problems.push(
            Problem::new(ProblemCode::SignatureWeakDigest).with_text("digest", digest.name()),
        );
    }
    if let Some(key @ PublicKey::Rsa(_)) = found.certificate.as_ref().map(Certificate::public_key)
        && let (_, Some(bits)) = key.describe()
        && bits < 2_048
    {
        problems.push(
            Problem::new(ProblemCode::SignatureWeakKey).with("bits", Detail::Number(bits.into())),
        );
    }
    problems
}

/// Who the message says wrote it.
enum Author {
    /// The one address of the one From, or the one the caller gave.
    Known { address: String, differing_sender: Option<String> },
    /// A From that stands twice or names not exactly one address, or a header that other readers may
    /// split into other fields.
    Unclear { addresses: Vec<String> },
    /// Nothing to compare with: bare CMS, or an entity without a header of its own.
    Unknown,
}

impl Author {
    fn new(entity: Option<&Entity<'_>>, from: Option<&str>) -> Author {
        let lists = |name| -> Vec<AddressList> {
            let named = entity.into_iter().flat_map(move |entity| entity.named(name));
            named.map(|field| parse_address_list(&field.unfolded())).collect()
        };
        if let Some(address) = from {
            // The caller's word, or a whole From field of the mail around.
            return match parse_address_list(address).single() {
                Some(one) => Author::Known { address: one.to_owned(), differing_sender: None },
                None => Author::Unclear { addresses: vec![address.to_owned()] },
            };
        }
        let froms = lists("From");
        let is_exact = entity.is_none_or(Entity::is_exact);
        match froms.as_slice() {
            [] => Author::Unknown,
            [from] if is_exact && from.single().is_some() => {
                let address = from.single().unwrap_or_default().to_owned();
                let sender = lists("Sender").into_iter().flat_map(|list| list.addresses).next();
                let differing_sender = sender
                    .filter(|sender| match_address(sender, &address) == AddressMatch::Different);
                Author::Known { address, differing_sender }
            }
            lists => Author::Unclear {
                addresses: lists.iter().flat_map(|list| list.addresses.clone()).collect(),
            },
        }
    }

    fn compare(&self, certificate: &Certificate, problems: &mut Vec<Problem>) -> AuthorVerdict {
        let (address, differing_sender) = match self {
            Author::Unknown => {
                problems.push(Problem::new(ProblemCode::AuthorUnknown));
                return AuthorVerdict::Unchecked;
            }
            Author::Unclear { addresses } => {
                problems.push(
                    Problem::new(ProblemCode::AuthorUnclear)
                        .with("from", Detail::List(addresses.clone())),
                );
                return AuthorVerdict::Mismatch;
            }
            Author::Known { address, differing_sender } => (address, differing_sender),
        };
        if let Some(sender) = differing_sender {
            problems.push(
                Problem::new(ProblemCode::AuthorSenderDiffers)
                    .with_text("from", address)
                    .with_text("sender", sender),
            );
        }
        let found: Vec<AddressMatch> =
            certificate.addresses().iter().map(|own| match_address(own, address)).collect();
        let about = |code| {
            Problem::new(code)
                .with_text("from", address)
                .with("addresses", Detail::List(certificate.addresses().to_vec()))
        };
        if found.contains(&AddressMatch::Same) {
            AuthorVerdict::Match
        } else if found.contains(&AddressMatch::CaseDiffers) {
            problems.push(about(ProblemCode::AuthorCaseDiffers));
            AuthorVerdict::Match
        } else {
            problems.push(about(ProblemCode::AuthorMismatch));
            AuthorVerdict::Mismatch
        }
    }
}

fn status(signatures: &[SignatureResult]) -> Status {
    let is_altered = |signature: &&SignatureResult| signature.integrity == Signature::Altered;
    if signatures.is_empty() {
        return Status::Unsigned;
    }
    if signatures.iter().filter(is_altered).any(|s| s.author != AuthorVerdict::Mismatch) {
        return Status::Failed;
    }
    if signatures.iter().any(|signature| is_altered(&signature))
        || !signatures.iter().any(is_verified)
    {
        return Status::Unverified;
    }
    Status::Verified
}

fn is_verified(signature: &SignatureResult) -> bool {
    signature.integrity == Signature::Intact
        && signature.trust == TrustVerdict::Trusted
        && signature.author == AuthorVerdict::Match
        && !signature.problems.iter().any(is_forbidden)
}

/// What policy does not let pass for verified, though the signature holds.
fn is_forbidden(problem: &Problem) -> bool {
    matches!(
        problem.code,
        ProblemCode::SignatureWeakDigest
            | ProblemCode::SignatureContentType
            | ProblemCode::SignatureTimeOutsideValidity
            | ProblemCode::SignatureDateDiffers
    )
}
