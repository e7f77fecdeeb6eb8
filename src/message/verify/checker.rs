//! What one signature of a message says, and its signer.

use std::collections::HashSet;

use der::asn1::ObjectIdentifier;

use super::{Moment, SignatureResult, TrustVerdict, VerifyOptions};
use crate::asn1::oids;
use crate::cert::Certificate;
use crate::cms::{
    ContentDigests, EntityIdentifier, Signature, SignedData, SignerCheck, SignerInfo,
};
use crate::crypto::PublicKey;
use crate::env::{Env, Time};
use crate::error::{Detail, Problem, ProblemCode, Result};
use crate::message::author::{Author, AuthorVerdict};
use crate::message::problems::settle;
use crate::message::trust::{Decision, Question, RevocationVerdict, Trust};
use crate::path::{PolicyInputs, Purpose};

/// How far the signing time and the Date may be apart: an hour, as Thunderbird has it. Clocks differ,
/// and some clients write the Date when a draft is begun.
const DATE_TOLERANCE_MILLIS: u64 = 3_600_000;

/// What is known while the signatures of one message are checked.
pub(super) struct Checker<'a> {
    pub(super) now: Time,
    pub(super) options: &'a VerifyOptions<'a>,
    /// Whether the message is one to ask outside for.
    pub(super) may_fetch: bool,
    /// Certificates of the message and of the caller.
    pub(super) known: Vec<Certificate>,
    /// What answers about certificates.
    pub(super) trust: Trust<'a>,
    pub(super) author: Author,
    /// The message's Date.
    pub(super) date: Option<Time>,
    /// Countersignatures are capped as signers are.
    pub(super) countersignatures_left: usize,
}

impl Checker<'_> {
    /// What a signature says, beside the others.
    pub(super) async fn signer(
        &mut self,
        env: &mut Env,
        signed: &SignedData<'_>,
        info: &SignerInfo<'_>,
        digests: &ContentDigests<'_>,
    ) -> Result<SignatureResult> {
        let mut result = self.signature(env, info, Some(signed.content_type), digests).await?;
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
            let preference = info.encryption_key_preference();
            if let Some((preferred, signer)) = preference.zip(result.signer.as_ref()) {
                result.encryption_certificate = self.preferred(env, preferred, signer).await?;
            }
        }
        self.countersignatures(env, info, &mut result).await?;
        Ok(result)
    }

    /// The certificate that a signer prefers. Certificates are not signed along, so that anybody can add
    /// one of the same number or with the same key identifier: it has to be as trusted as the signer's,
    /// and to stand for one of the same addresses.
    async fn preferred(
        &mut self,
        env: &mut Env,
        preferred: EntityIdentifier<'_>,
        signer: &Certificate,
    ) -> Result<Option<Certificate>> {
        let at = self.options.received_at.unwrap_or(self.now);
        let addresses = addresses(signer);
        let fitting = self.known.iter().filter(|certificate| preferred.matches(certificate));
        for target in fitting.filter(|certificate| stands_for_any(certificate, &addresses)) {
            let question = Question {
                target,
                at,
                purpose: Purpose::Encryption,
                address: self.author.address(),
                policies: PolicyInputs::default(),
                may_fetch: false,
            };
            if self.trust.decide(env, question).await?.is_trusted() {
                return Ok(Some(target.clone()));
            }
        }
        Ok(None)
    }

    async fn countersignatures(
        &mut self,
        env: &mut Env,
        info: &SignerInfo<'_>,
        result: &mut SignatureResult,
    ) -> Result<()> {
        let Ok(countersignatures) = info.countersignatures() else {
            result.problems.push(Problem::new(ProblemCode::CountersignatureUnreadable));
            return Ok(());
        };
        for countersignature in countersignatures {
            if self.countersignatures_left == 0 {
                return Ok(());
            }
            self.countersignatures_left -= 1;
            let digests = info.signature_digests(&countersignature);
            let mut found = self.signature(env, &countersignature, None, &digests).await?;
            settle(&mut found.problems);
            result.countersignatures.push(found);
        }
        Ok(())
    }

    /// What a signature or countersignature says by itself.
    async fn signature(
        &mut self,
        env: &mut Env,
        info: &SignerInfo<'_>,
        content_type: Option<ObjectIdentifier>,
        digests: &ContentDigests<'_>,
    ) -> Result<SignatureResult> {
        let anchors = self.options.trust_anchors.unwrap_or_default();
        let anchors = anchors.iter().map(|anchor| &anchor.certificate);
        let candidates: Vec<Certificate> = self.known.iter().chain(anchors).cloned().collect();
        let found = info.check(content_type, digests, &candidates);
        let mut result = SignatureResult {
            integrity: found.signature,
            trust: TrustVerdict::Unchecked,
            author: AuthorVerdict::Unchecked,
            revocation: RevocationVerdict::Unchecked,
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
        let Some(certificate) = &found.certificate else { return Ok(result) };
        if let Some(time) = found.signing_time
            && !certificate.is_current(time)
        {
            result.problems.push(
                Problem::new(ProblemCode::SignatureTimeOutsideValidity)
                    .with("signingTime", Detail::Time(time)),
            );
        }
        let is_signer = content_type.is_some();
        self.trust(env, certificate, is_signer, &mut result).await?;
        Ok(result)
    }

    /// Looks for a path at the two moments. The one at arrival decides where it is known.
    ///
    /// Nothing is fetched for who countersigns, nor for a signature that does not hold.
    async fn trust(
        &mut self,
        env: &mut Env,
        target: &Certificate,
        is_signer: bool,
        result: &mut SignatureResult,
    ) -> Result<()> {
        let question = Question {
            target,
            at: self.now,
            purpose: Purpose::Signing,
            address: self.author.address().filter(|_| is_signer),
            policies: PolicyInputs::default(),
            may_fetch: self.may_fetch && is_signer && result.integrity == Signature::Intact,
        };
        let moment = |decision: &Decision| match decision.is_trusted() {
            true => Moment::Valid,
            false => Moment::Invalid,
        };
        let now = self.trust.decide(env, question).await?;
        result.now = moment(&now);
        let decisive = match self.options.received_at {
            Some(at) => {
                let then = self.trust.decide(env, Question { at, ..question }).await?;
                result.then = moment(&then);
                // What was good then and has been revoked since is worth knowing.
                let since = now.verdict.problems.into_iter().filter(|problem| {
                    problem.code == ProblemCode::RevocationRevoked
                        && then.revocation != RevocationVerdict::Revoked
                });
                result.problems.extend(since.map(|problem| problem.with_text("moment", "now")));
                then
            }
            None => now,
        };
        if self.options.trust_anchors.is_some() {
            result.trust = match decisive.is_trusted() {
                true => TrustVerdict::Trusted,
                false => TrustVerdict::Untrusted,
            };
        }
        result.revocation = decisive.revocation;
        result.chain = decisive.verdict.chain;
        result.problems.extend(decisive.verdict.problems);
        result.problems.extend(decisive.notes);
        result.problems.extend(self.trust.take_problems());
        Ok(())
    }
}

/// The addresses of a certificate, of which there can be as many as fit a message.
pub(super) fn addresses(certificate: &Certificate) -> HashSet<&str> {
    certificate.addresses().iter().map(String::as_str).collect()
}

/// Whether a certificate stands for one of these addresses.
pub(super) fn stands_for_any(certificate: &Certificate, addresses: &HashSet<&str>) -> bool {
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
