//! Paths against the sets of others: what they share.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use smime_wasm::cert::{Certificate, pem_blocks};
use smime_wasm::env::Time;
use smime_wasm::path::revocation::{ChainRequest, Crl, RevocationStatus, check_chain};
use smime_wasm::path::{Request, Search, Session, Step, Verdict};

/// Midnight of a day, in UTC.
pub(crate) fn day(day: &str) -> Time {
    moment(&format!("{day}T00:00:00Z"))
}

pub(crate) fn moment(moment: &str) -> Time {
    let time: der::DateTime = moment.parse().unwrap();
    Time::from_secs(time.unix_duration().as_secs() as i64)
}

/// The certificates of a PEM file, or the one of a DER file. What can't be read is left out.
pub(crate) fn read(file: &Path) -> Vec<Certificate> {
    let bytes = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    if bytes.starts_with(&[0x30]) {
        return Certificate::from_der(&bytes).into_iter().collect();
    }
    pem_blocks(&bytes)
        .iter()
        .filter(|block| block.label.contains("CERTIFICATE"))
        .filter_map(|block| Certificate::from_der(&block.bytes).ok())
        .collect()
}

/// Searches to the end with what is there, CRLs too. `accepts` says which statuses are good enough.
pub(crate) fn search(
    request: Request<'_>,
    crls: &[Crl],
    session: &mut Session,
    accepts: impl Fn(&RevocationStatus) -> bool,
) -> Verdict {
    let mut search = Search::new(request);
    loop {
        match search.run(session) {
            Step::NeedCertificates { .. } => {}
            Step::NeedRevocation { chain } => {
                let question = ChainRequest {
                    chain: &chain,
                    pool: request.pool,
                    at: request.at,
                    now: request.at,
                    crls,
                    ocsp_responses: &[],
                    accept_weak_digests: request.accept_weak_digests,
                };
                let statuses = check_chain(&question, session);
                assert_eq!(statuses.len(), chain.len() - 1);
                let bad = statuses.iter().zip(&chain).filter(|(status, _)| !accepts(status));
                let problems = bad.filter_map(|(status, about)| status.problem(about)).collect();
                search.report(chain, problems);
            }
            Step::Done(verdict) => return verdict,
        }
    }
}

/// Compares the cases that came out otherwise than expected with the listed ones. Rows of the list are an
/// id, a class and a reason.
pub(crate) fn hold(list: &str, total: usize, differing: &BTreeMap<String, String>) {
    let listed: BTreeSet<&str> = list
        .lines()
        .filter(|row| !row.starts_with('#') && !row.is_empty())
        .map(|row| {
            let columns: Vec<_> = row.split('\t').collect();
            assert!(columns.len() == 3 && columns.iter().all(|c| !c.is_empty()), "{row}");
            columns[0]
        })
        .collect();
    println!("{} of {total} agree", total - differing.len());
    let unlisted: Vec<_> =
        differing.iter().filter(|(id, _)| !listed.contains(id.as_str())).collect();
    assert!(unlisted.is_empty(), "other outcomes than expected: {unlisted:?}");
    let agreeing: Vec<_> = listed.iter().filter(|id| !differing.contains_key(**id)).collect();
    assert!(agreeing.is_empty(), "these agree, take them off the list: {agreeing:?}");
}
