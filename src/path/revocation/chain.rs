//! Revocation along a path, where CRLs may be signed by others than the certificates on it.

use std::collections::HashMap;

use super::{
    Crl, OcspResponse, Request, RevocationStatus, Signers, check as check_certificate, crl, ocsp,
};
use crate::cert::{Certificate, ComparableName};
use crate::crypto::PublicKey;
use crate::env::Time;
use crate::error::{Problem, ProblemCode};
use crate::path::{self, Pool, Purpose, Search, Session, Step, Verdict, working_keys};

/// What is asked about a path that holds but for revocation.
#[derive(Clone, Copy, Debug)]
pub struct ChainRequest<'a> {
    /// The path, the target first and the anchor last, which is not asked about.
    pub chain: &'a [Certificate],
    /// Where signers of CRLs and paths to them may be.
    pub pool: &'a Pool,
    /// At this moment.
    pub at: Time,
    /// The present: nothing is issued later.
    pub now: Time,
    /// CRLs, in any order, of anybody.
    pub crls: &'a [Crl],
    /// OCSP responses, in any order, about anything.
    pub ocsp_responses: &'a [OcspResponse],
    /// Whether signatures over MD5 and SHA-1 count. For old test vectors only.
    pub accept_weak_digests: bool,
}

/// The status of every certificate of the path but the anchor, in its order.
pub fn check_chain(request: &ChainRequest<'_>, session: &mut Session) -> Vec<RevocationStatus> {
    PathSigners::with(request, session, |signers| signers.statuses(request.chain, request.at))
        .unwrap_or_default()
}

/// The status of the certificate at one position of the path. `None` for the anchor, and beyond.
pub fn check_at(
    request: &ChainRequest<'_>,
    position: usize,
    session: &mut Session,
) -> Option<RevocationStatus> {
    PathSigners::with(request, session, |signers| {
        signers.about(request.chain, position, request.at, |one, signers| {
            check_certificate(one, signers)
        })
    })?
}

/// Whether a CRL is one that may be believed now about certificates of who issued the one at a position
/// of the path, and so is worth keeping: well signed, and current.
pub fn accepts_crl(
    request: &ChainRequest<'_>,
    position: usize,
    crl: &Crl,
    session: &mut Session,
) -> bool {
    let found = PathSigners::with(request, session, |signers| {
        signers.about(request.chain, position, request.now, |one, signers| {
            crl::accept(one, crl, signers).is_ok()
        })
    });
    found.flatten().unwrap_or(false)
}

/// Whether an OCSP response tells now about the certificate at a position of the path, and so is worth
/// keeping.
pub fn accepts_ocsp(
    request: &ChainRequest<'_>,
    position: usize,
    response: &OcspResponse,
    session: &mut Session,
) -> bool {
    let found = PathSigners::with(request, session, |signers| {
        signers.about(request.chain, position, request.now, |one, signers| {
            ocsp::accept(one, response, signers).is_ok()
        })
    });
    found.flatten().unwrap_or(false)
}

/// Signers of CRLs about signers of CRLs, and so on. PKITS has one; more would be for hostile input only.
const MAX_DEPTH: usize = 4;

/// Signers of CRLs that have a path of their own.
struct PathSigners<'a> {
    request: &'a ChainRequest<'a>,
    anchor: &'a Certificate,
    session: &'a mut Session,
    /// The key of those that were asked about, by their fingerprint and the moment.
    known: HashMap<([u8; 32], Time), Result<Option<PublicKey>, Problem>>,
    /// Those whose path is being looked for.
    asking: Vec<Certificate>,
}

impl<'a> PathSigners<'a> {
    /// Asks something of a path. `None` if it is empty.
    fn with<T>(
        request: &'a ChainRequest<'a>,
        session: &'a mut Session,
        ask: impl FnOnce(&mut PathSigners<'a>) -> T,
    ) -> Option<T> {
        let anchor = request.chain.last()?;
        let (known, asking) = (HashMap::new(), Vec::new());
        Some(ask(&mut PathSigners { request, anchor, session, known, asking }))
    }

    fn statuses(&mut self, chain: &[Certificate], at: Time) -> Vec<RevocationStatus> {
        (0..chain.len())
            .filter_map(|position| self.about(chain, position, at, check_certificate))
            .collect()
    }

    /// Asks something of the certificate at a position of a path. `None` for the anchor, and beyond.
    fn about<T>(
        &mut self,
        chain: &[Certificate],
        position: usize,
        at: Time,
        ask: impl FnOnce(&Request<'_>, &mut Self) -> T,
    ) -> Option<T> {
        let (certificate, issuer) = (chain.get(position)?, chain.get(position + 1)?);
        let keys = working_keys(chain);
        let request = Request {
            certificate,
            issuer,
            issuer_key: &keys.get(position + 1)?.public_key,
            at,
            now: self.request.now,
            crls: self.request.crls,
            ocsp_responses: self.request.ocsp_responses,
            accept_weak_digests: self.request.accept_weak_digests,
        };
        Some(ask(&request, self))
    }

    /// The key of a signer with a path to the same anchor on which nothing is revoked or unknown.
    fn search(&mut self, signer: &Certificate, at: Time) -> Result<Option<PublicKey>, Problem> {
        let mut search = Search::new(path::Request {
            accept_weak_digests: self.request.accept_weak_digests,
            with_revocation: true,
            ..path::Request::new(signer, self.request.pool, at, Purpose::CrlSigning)
        });
        loop {
            match search.run(self.session) {
                Step::NeedRevocation { chain } => {
                    let problems = if chain.last() == Some(self.anchor) {
                        let statuses = self.statuses(&chain, at);
                        let pairs = statuses.iter().zip(&chain);
                        pairs.filter_map(|(status, about)| status.problem(about)).collect()
                    } else {
                        vec![Problem::new(ProblemCode::RevocationSigner)]
                    };
                    search.report(chain, problems);
                }
                Step::NeedCertificates { .. } => return Ok(None),
                Step::Done(verdict) if verdict.is_trusted() => {
                    let key = working_keys(&verdict.chain).into_iter().next();
                    return Ok(key.map(|key| key.public_key.into_owned()));
                }
                Step::Done(Verdict { problems, .. }) => {
                    let mut problems = problems.into_iter();
                    let spent = problems.find(|problem| problem.code == ProblemCode::PathBudget);
                    return spent.map_or(Ok(None), Err);
                }
            }
        }
    }
}

impl Signers for PathSigners<'_> {
    fn of_name(&mut self, name: &ComparableName) -> Vec<Certificate> {
        self.request.pool.of_name(name).cloned().collect()
    }

    fn validate(&mut self, signer: &Certificate, at: Time) -> Result<Option<PublicKey>, Problem> {
        if self.asking.contains(signer) {
            // Its CRL is about itself too, and speaks against it where it is revoked.
            return Ok(Some(signer.public_key().clone()));
        }
        if let Some(known) = self.known.get(&(*signer.fingerprint(), at)) {
            return known.clone();
        }
        if self.asking.len() == MAX_DEPTH {
            return Ok(None);
        }
        self.asking.push(signer.clone());
        let key = self.search(signer, at);
        self.asking.pop();
        // What was found while another one is taken on trust is not known for good.
        if self.asking.is_empty() {
            self.known.insert((*signer.fingerprint(), at), key.clone());
        }
        key
    }

    fn take_check(&mut self) -> Result<(), Problem> {
        self.session.take_check().map_err(|spent| self.session.problem(spent))
    }
}
