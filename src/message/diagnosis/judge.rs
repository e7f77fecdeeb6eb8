//! Asks the signatures that do not fit the content whether they fit something else.

use der::asn1::ObjectIdentifier;

use super::WORK;
use crate::bytes::PIECE;
use crate::cert::Certificate;
use crate::cms::{ContentDigests, HashedContent, Signature, SignedData, SignerInfo};
use crate::crypto::Digester;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::env::Env;
use crate::error::{ProblemCode, Result};
use crate::message::verify::SignatureResult;

/// Signers that are asked. More than two are rare, and each has its share of every attempt.
const SIGNERS: usize = 4;

/// What an attempt costs beside its bytes.
const ATTEMPT: usize = 1 << 10;

pub(super) struct Judge<'a> {
    content_type: ObjectIdentifier,
    signers: Vec<&'a SignerInfo<'a>>,
    certificates: &'a [Certificate],
    algorithms: Vec<DigestAlgorithm>,
    work_left: usize,
}

/// The beginning of what is hashed.
#[derive(Clone)]
pub(super) struct Beginning(Vec<(DigestAlgorithm, Digester)>);

impl<'a> Judge<'a> {
    /// `None` if the content is not what is wrong.
    pub(super) fn new(
        signed: &'a SignedData<'a>,
        results: &[SignatureResult],
        certificates: &'a [Certificate],
    ) -> Option<Judge<'a>> {
        let has_other_content = |result: &SignatureResult| {
            let mut problems = result.problems.iter();
            problems.any(|problem| problem.code == ProblemCode::SignatureContentAltered)
        };
        let signers: Vec<&SignerInfo<'_>> = signed
            .signers
            .iter()
            .zip(results)
            .filter(|(_, result)| has_other_content(result))
            .map(|(signer, _)| signer)
            .take(SIGNERS)
            .collect();
        (!signers.is_empty()).then(|| Judge {
            content_type: signed.content_type,
            signers,
            certificates,
            algorithms: signed.digests(),
            work_left: WORK,
        })
    }

    /// Whether that much may still be copied and searched, which costs an eighth of hashing it. The host
    /// may pause or end the work here.
    pub(super) async fn may_copy(&mut self, env: &mut Env, bytes: usize) -> Result<bool> {
        env.tick(bytes as u64, bytes as u64).await?;
        let left = self.work_left.checked_sub(bytes / 8 + ATTEMPT / 8);
        self.work_left = left.unwrap_or_default();
        Ok(left.is_some())
    }

    /// Leaves no more work than that.
    pub(super) fn leave(&mut self, work: usize) {
        self.work_left = self.work_left.min(work);
    }

    /// Nothing hashed yet.
    pub(super) fn start(&self) -> Beginning {
        Beginning(self.algorithms.iter().map(|&a| (a, Digester::new(a))).collect())
    }

    /// Adds bytes to a beginning. `None` if that is too much work.
    pub(super) async fn add(
        &mut self,
        env: &mut Env,
        mut beginning: Beginning,
        bytes: &[u8],
    ) -> Result<Option<Beginning>> {
        let work = bytes.len().saturating_mul(self.algorithms.len());
        let Some(left) = self.work_left.checked_sub(work.saturating_add(ATTEMPT)) else {
            self.work_left = 0;
            return Ok(None);
        };
        self.work_left = left;
        for piece in bytes.chunks(PIECE) {
            beginning.0.iter_mut().for_each(|(_, digester)| digester.update(piece));
            // The content itself is done.
            env.tick(bytes.len() as u64, bytes.len() as u64).await?;
        }
        Ok(Some(beginning))
    }

    /// Whether one of the signatures would hold over a beginning and what follows.
    pub(super) async fn would_hold(
        &mut self,
        env: &mut Env,
        beginning: &Beginning,
        rest: &[&[u8]],
    ) -> Result<bool> {
        let mut whole = beginning.clone();
        for bytes in rest {
            let Some(longer) = self.add(env, whole, bytes).await? else { return Ok(false) };
            whole = longer;
        }
        // All of these have signed attributes, so that the octets themselves are not asked for.
        let digests =
            whole.0.into_iter().map(|(algorithm, digester)| (algorithm, digester.finish()));
        let digests = ContentDigests {
            raw: HashedContent { octets: &[], digests: digests.collect() },
            canonical: None,
            could_be_attributes: false,
        };
        let holds = |signer: &&SignerInfo<'_>| {
            let check = signer.check(Some(self.content_type), &digests, self.certificates);
            check.signature == Signature::Intact
        };
        Ok(self.signers.iter().any(holds))
    }
}
