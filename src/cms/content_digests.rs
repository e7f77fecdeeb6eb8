//! Signed content and its digests (RFC 5652, 5.4).

use super::attributes::looks_like_attributes;
use crate::bytes::PIECE;
use crate::crypto::Digester;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::env::Env;
use crate::error::Result;

/// Every reading of signed content, and its digests.
#[derive(Clone, Debug)]
pub struct ContentDigests<'c> {
    /// The content as it is.
    pub raw: HashedContent<'c>,
    /// The content with its line ends made CRLF, where that differs.
    pub canonical: Option<HashedContent<'c>>,
    /// Whether the content could be taken for signed attributes.
    pub could_be_attributes: bool,
}

/// One reading of the content.
#[derive(Clone, Debug)]
pub struct HashedContent<'c> {
    /// Some algorithms sign the octets themselves.
    pub octets: &'c [u8],
    /// Their digests.
    pub digests: Vec<(DigestAlgorithm, Vec<u8>)>,
}

impl<'c> HashedContent<'c> {
    async fn new(
        env: &mut Env,
        algorithms: &[DigestAlgorithm],
        octets: &'c [u8],
    ) -> Result<HashedContent<'c>> {
        Ok(HashedContent { octets, digests: hash(env, algorithms, octets).await? })
    }

    pub(super) fn digest(&self, wanted: DigestAlgorithm) -> Option<&[u8]> {
        let found = self.digests.iter().find(|(algorithm, _)| *algorithm == wanted);
        found.map(|(_, digest)| digest.as_slice())
    }
}

/// Hashes content with every algorithm in one pass.
///
/// # Errors
///
/// `aborted`.
pub async fn content_digests<'c>(
    env: &mut Env,
    algorithms: &[DigestAlgorithm],
    raw: &'c [u8],
    canonical: Option<&'c [u8]>,
) -> Result<ContentDigests<'c>> {
    let could_be_attributes =
        looks_like_attributes(raw) || canonical.is_some_and(looks_like_attributes);
    let raw = HashedContent::new(env, algorithms, raw).await?;
    let canonical = match canonical {
        Some(canonical) => Some(HashedContent::new(env, algorithms, canonical).await?),
        None => None,
    };
    Ok(ContentDigests { raw, canonical, could_be_attributes })
}

pub(super) async fn hash(
    env: &mut Env,
    algorithms: &[DigestAlgorithm],
    content: &[u8],
) -> Result<Vec<(DigestAlgorithm, Vec<u8>)>> {
    let mut digesters: Vec<_> = algorithms.iter().map(|&a| (a, Digester::new(a))).collect();
    let mut done = 0;
    for piece in content.chunks(PIECE) {
        digesters.iter_mut().for_each(|(_, digester)| digester.update(piece));
        done += piece.len();
        env.tick(done as u64, content.len() as u64).await?;
    }
    Ok(digesters.into_iter().map(|(algorithm, digester)| (algorithm, digester.finish())).collect())
}
