//! `verify` (RFC 8551, 3.5; RFC 5652, 5.6).
//!
//! The status, by rule:
//!
//! * `failed`: a signature of the author's certificate, or of one not known, is altered or malformed.
//! * `verified`: no signature is altered, and one of the author's is intact, trusted and has nothing
//!   against it that policy forbids (a weak digest, content of another type than mail's, a signing
//!   time outside the certificate's validity or far from the message's Date, a companion that was
//!   taken away). Another of the author's may be in an algorithm we don't know (RFC 4853).
//! * `unsigned`: there is no signer at all.
//! * `unverified`: everything else, with its reasons.

use std::borrow::Cow;
use std::collections::HashSet;

use der::asn1::ObjectIdentifier;

use super::author::{Author, AuthorVerdict};
use super::input::{Input, Outside, decode_in_place};
use crate::asn1::{oids, to_der};
use crate::bytes::{cut, offset_in};
use crate::cert::Certificate;
use crate::cms::{
    Content, ContentDigests, ContentInfo, EntityIdentifier, Signature, SignedData, SignerCheck,
    SignerInfo, brings_content, content_digests,
};
use crate::crypto::PublicKey;
use crate::env::{Env, Time};
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::limits::Limits;
use crate::mime::{Entity, canonical, is_canonical, parse_date};
use crate::path::{Pool, Purpose, Request, Session, TrustAnchor, Verdict, check};

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
    let author = Author::new(input.entity.as_ref(), options.from);
    let date = input.entity.as_ref().and_then(date);
    let session = Session::new(&limits);
    let now = env.now();
    let countersignatures_left = limits.signers;
    let anchors = options.trust_anchors.unwrap_or_default().iter().cloned();
    let pool = Pool::new(anchors, known.iter().cloned());
    let mut checker = Checker {
        now,
        options: &options,
        known,
        pool,
        author,
        date,
        session,
        countersignatures_left,
    };
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
    report_removed(&signed.signers, &mut signatures);
    let status = status(&signatures);
    let is_converted = is_converted(&signatures);
    let problems = signed.problems;
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
    /// Where paths may go and end.
    pool: Pool,
    author: Author,
    /// The message's Date.
    date: Option<Time>,
    session: Session,
    /// Countersignatures are capped as signers are.
    countersignatures_left: usize,
}

impl Checker<'_> {
    fn signer(
        &mut self,
        signed: &SignedData<'_>,
        info: &SignerInfo<'_>,
        digests: &ContentDigests<'_>,
    ) -> SignatureResult {
        let mut result = self.signature(info, Some(signed.content_type), digests);
        if signed.content_type != oids::DATA {
            // RFC 8551, 2.4.2: what is signed is a MIME entity, and id-data says so.
            result.problems.push(
                Problem::new(ProblemCode::SignatureContentType)
                    .with_text("contentType", &signed.content_type.to_string()),
            );
        }
        if let Some(certificate) = &result.signer {
            result.author = self.author.compare(certificate, &mut result.problems);
        }
        if let (Some(signed), Some(date)) = (result.signing_time, self.date)
            && signed.as_millis().abs_diff(date.as_millis()) > DATE_TOLERANCE_MILLIS
        {
            result.problems.push(
                Problem::new(ProblemCode::SignatureDateDiffers)
                    .with("signingTime", Detail::Time(signed))
                    .with("date", Detail::Time(date)),
            );
        }
        if result.integrity == Signature::Intact && result.trust == TrustVerdict::Trusted {
            result.capabilities = info.capabilities().map(<[u8]>::to_vec);
            result.encryption_certificate = info
                .encryption_key_preference()
                .zip(result.signer.as_ref())
                .and_then(|(preferred, signer)| self.preferred(preferred, signer));
        }
        self.countersignatures(info, &mut result);
        result
    }

    /// The certificate that a signer prefers. Certificates are not signed along, so that anybody can add
    /// one of the same number or with the same key identifier: it has to be as trusted as the signer's,
    /// and to stand for one of the same addresses.
    fn preferred(
        &mut self,
        preferred: EntityIdentifier<'_>,
        signer: &Certificate,
    ) -> Option<Certificate> {
        let at = self.options.received_at.unwrap_or(self.now);
        let addresses = addresses(signer);
        let Checker { known, pool, session, .. } = self;
        let is_trusted = |target: &&Certificate| {
            check(&Request::new(target, pool, at, Purpose::Encryption), session).is_trusted()
        };
        known
            .iter()
            .filter(|certificate| preferred.matches(certificate))
            .filter(|certificate| stands_for_any(certificate, &addresses))
            .find(is_trusted)
            .cloned()
    }

    fn countersignatures(&mut self, info: &SignerInfo<'_>, result: &mut SignatureResult) {
        let Ok(countersignatures) = info.countersignatures() else {
            result.problems.push(Problem::new(ProblemCode::CountersignatureUnreadable));
            return;
        };
        for countersignature in countersignatures {
            if self.countersignatures_left == 0 {
                return;
            }
            self.countersignatures_left -= 1;
            let digests = info.signature_digests(&countersignature);
            result.countersignatures.push(self.signature(&countersignature, None, &digests));
        }
    }

    /// What a signature or countersignature says by itself.
    fn signature(
        &mut self,
        info: &SignerInfo<'_>,
        content_type: Option<ObjectIdentifier>,
        digests: &ContentDigests<'_>,
    ) -> SignatureResult {
        let anchors = self.options.trust_anchors.unwrap_or_default();
        let anchors = anchors.iter().map(|anchor| &anchor.certificate);
        let candidates: Vec<Certificate> = self.known.iter().chain(anchors).cloned().collect();
        let found = info.check(content_type, digests, &candidates);
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
            capabilities: None,
            encryption_certificate: None,
            countersignatures: Vec::new(),
            problems: strength_problems(&found),
        };
        result.problems.splice(0..0, found.problems.iter().cloned());
        let Some(certificate) = &found.certificate else { return result };
        if let Some(time) = found.signing_time
            && !certificate.is_current(time)
        {
            result.problems.push(
                Problem::new(ProblemCode::SignatureTimeOutsideValidity)
                    .with("signingTime", Detail::Time(time)),
            );
        }
        // Somebody else countersigns.
        let address = content_type.and(self.author.address().map(str::to_owned));
        self.trust(certificate, address.as_deref(), &mut result);
        result
    }

    /// Looks for a path at the two moments. The one at arrival decides on trust where it is known.
    fn trust(&mut self, target: &Certificate, address: Option<&str>, result: &mut SignatureResult) {
        let mut at = |at| {
            let request = Request::new(target, &self.pool, at, Purpose::Signing);
            let request = Request { address, ..request };
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

/// Tells where a signer who has signed with several algorithms says so and one of these signatures is
/// not there (RFC 5752). Signatures are one signer's if their certificates are one or share an address.
fn report_removed(infos: &[SignerInfo<'_>], results: &mut [SignatureResult]) {
    let mut removed = Vec::new();
    for (position, (info, result)) in infos.iter().zip(&*results).enumerate() {
        if !info.names_others() {
            continue;
        }
        let addresses = result.signer.as_ref().map(addresses).unwrap_or_default();
        let is_same_signer = |other: &SignatureResult| match (&result.signer, &other.signer) {
            (Some(own), Some(other)) => own == other || stands_for_any(other, &addresses),
            _ => false,
        };
        let others: Vec<&SignerInfo<'_>> = infos
            .iter()
            .zip(&*results)
            .enumerate()
            .filter(|(other, (_, found))| *other != position && is_same_signer(found))
            .map(|(_, (info, _))| info)
            .collect();
        if !info.names_all(&others) {
            removed.push(position);
        }
    }
    for position in removed {
        if let Some(result) = results.get_mut(position) {
            result.problems.push(Problem::new(ProblemCode::SignatureRemoved));
        }
    }
}

/// The addresses of a certificate, of which there can be as many as fit a message.
fn addresses(certificate: &Certificate) -> HashSet<&str> {
    certificate.addresses().iter().map(String::as_str).collect()
}

fn stands_for_any(certificate: &Certificate, addresses: &HashSet<&str>) -> bool {
    certificate.addresses().iter().any(|address| addresses.contains(address.as_str()))
}

fn strength_problems(found: &SignerCheck) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(digest) = found.digest.filter(|digest| !digest.is_collision_resistant()) {
        problems.push(
            Problem::new(ProblemCode::SignatureWeakDigest).with_text("digest", digest.name()),
        );
    }
    if let Some(key @ (PublicKey::Rsa(_) | PublicKey::Dsa(_))) =
        found.certificate.as_ref().map(Certificate::public_key)
        && let (_, Some(bits)) = key.describe()
        && bits < 2_048
    {
        problems.push(
            Problem::new(ProblemCode::SignatureWeakKey).with("bits", Detail::Number(bits.into())),
        );
    }
    problems
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
            | ProblemCode::SignatureRemoved
    )
}
