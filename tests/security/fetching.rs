//! What a message can make its reader ask for outside: nothing by itself, and where fetching is allowed,
//! only what a path to a trust anchor vouches for, and issuers that are missing (attacks 20 to 24).

use smime_wasm::env::{Env, block_on};
use smime_wasm::error::{Detail, Problem, ProblemCode};
use smime_wasm::limits::Limits;
use smime_wasm::message::{
    Include, RevocationOptions, RevocationPolicy, RevocationVerdict, SignatureResult, Status,
    VerifyOptions, verify,
};

use crate::common::pointed::{At, Books, CRL, Host, ISSUER, OCSP, ROOT_CRL, pki, signed};
use crate::common::{NOW, env};

/// The status, and the one signature, of a message under some options.
fn found(
    env: &mut Env,
    message: &[u8],
    revocation: RevocationOptions<'_>,
) -> (Status, SignatureResult) {
    let anchors = [pki().anchor()];
    let options =
        VerifyOptions { trust_anchors: Some(&anchors), revocation, ..VerifyOptions::new(message) };
    let mut result = block_on(verify(env, options)).unwrap();
    (result.status, result.signatures.remove(0))
}

/// Soft, with a host that may be asked.
fn soft(host: &Host) -> RevocationOptions<'_> {
    let policy = Some(RevocationPolicy::Soft);
    RevocationOptions { policy, fetcher: Some(host), ..Default::default() }
}

fn codes(signature: &SignatureResult) -> Vec<ProblemCode> {
    signature.problems.iter().map(|problem| problem.code).collect()
}

fn reason<'a>(signature: &'a SignatureResult, url: &str) -> Option<&'a str> {
    let detail = |problem: &'a Problem, name: &str| {
        problem.details.iter().find_map(|(known, detail)| match detail {
            Detail::Text(text) if *known == name => Some(text.as_str()),
            _ => None,
        })
    };
    let mut failed = signature.problems.iter().filter(|p| p.code == ProblemCode::FetchFailed);
    failed.find(|problem| detail(problem, "url") == Some(url)).and_then(|p| detail(p, "reason"))
}

#[test]
fn nothing_is_asked_for_unless_it_is_asked_for() {
    let host = Host::default();
    let whole = signed("pia", "pca", Include::Chain);
    let fetcher: Option<&dyn smime_wasm::message::Fetcher> = Some(&host);
    for policy in [None, Some(RevocationPolicy::Off)] {
        let options = RevocationOptions { policy, fetcher, ..Default::default() };
        let (status, signature) = found(&mut env(1), &whole, options);
        assert_eq!(status, Status::Verified);
        assert_eq!(signature.revocation, RevocationVerdict::Unchecked);
    }
    // Nor for a signature that does not hold.
    let mut altered = whole;
    let at = altered.windows(5).position(|bytes| bytes == b"=C3=B").unwrap();
    altered[at + 1] = b'D';
    let (status, _) = found(&mut env(1), &altered, soft(&host));
    assert_eq!(status, Status::Failed);
    assert_eq!(host.take_asked(), [""; 0]);
}

#[test]
fn what_may_not_be_fetched_is_not_and_that_is_told() {
    let host = Host::default();
    let withheld = RevocationOptions { may_fetch: false, ..soft(&host) };
    for include in [Include::Chain, Include::Certificate] {
        let (status, signature) = found(&mut env(1), &signed("pia", "pca", include), withheld);
        assert_eq!(status == Status::Verified, include == Include::Chain);
        assert!(codes(&signature).contains(&ProblemCode::FetchWithheld), "{signature:?}");
    }
    assert_eq!(host.take_asked(), [""; 0]);
}

#[test]
fn for_a_chain_that_nobody_vouches_for_only_its_issuer_is_asked_for() {
    let host = Host::default();
    for include in [Include::Chain, Include::Certificate] {
        let (status, signature) = found(&mut env(1), &signed("eve", "evil", include), soft(&host));
        assert_eq!(status, Status::Unverified);
        assert_eq!(signature.revocation, RevocationVerdict::Unchecked);
        for asked in host.take_asked() {
            assert_eq!(asked, "http://evil.example.com/ca");
        }
    }
}

#[test]
fn redirects_lead_nowhere_inside_and_end() {
    let message = signed("pia", "pca", Include::Chain);
    let redirects = |to: &str| At::Redirect(to.to_owned());
    for target in [
        "http://127.0.0.1/ca.crl",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://intranet/ca.crl",
        "file:///etc/passwd",
        "/ca.crl",
    ] {
        let host = Host::new([(ROOT_CRL, redirects(target)), (OCSP, redirects(target))]);
        let (status, signature) = found(&mut env(1), &message, soft(&host));
        assert_eq!((status, signature.revocation), (Status::Verified, RevocationVerdict::Unknown));
        assert_eq!(reason(&signature, OCSP), Some("redirect-refused"));
        assert_eq!(reason(&signature, CRL), Some("nothing-there"));
        assert_eq!(host.take_asked(), [ROOT_CRL, OCSP, CRL]);
    }
    let host = Host::new([(ROOT_CRL, redirects(ROOT_CRL))]);
    let (_, signature) = found(&mut env(1), &message, soft(&host));
    assert_eq!(reason(&signature, ROOT_CRL), Some("too-many-redirects"));
    assert_eq!(host.take_asked().iter().filter(|url| *url == ROOT_CRL).count(), 4);
}

#[test]
fn what_is_too_large_or_too_much_is_left() {
    let message = signed("pia", "pca", Include::Chain);
    let host = Host::new([(ROOT_CRL, At::TooMuch), (OCSP, At::TooMuch)]);
    let limits = Limits { crl_bytes: 10_000, ..Limits::default() };
    let mut small = Env::new(NOW, &[1; 32], limits);
    let (_, signature) = found(&mut small, &message, soft(&host));
    assert_eq!(signature.revocation, RevocationVerdict::Unknown);
    assert_eq!(reason(&signature, ROOT_CRL), Some("too-large"));
    assert_eq!(reason(&signature, OCSP), Some("too-large"));
    host.take_asked();
    let mut few = Env::new(NOW, &[1; 32], Limits { fetches: 2, ..limits });
    let (_, signature) = found(&mut few, &message, soft(&host));
    assert_eq!(host.take_asked().len(), 2);
    assert_eq!(reason(&signature, CRL), Some("limit"));
}

/// A CRL that is out of date, one that others signed, and a response about nobody: they are told, never
/// kept, and not asked for twice.
#[test]
fn what_is_not_to_be_believed_is_not_kept() {
    let pia = pki().certificate("pia");
    let message = signed("pia", "pca", Include::Chain);
    let books = Books::open("not-believed", "pca", &pia, None);
    let others = Books::open("of-others", "evil", &pki().certificate("eve"), None);
    let host = Host::new([
        (ROOT_CRL, At::Data(others.crl(36_500))),
        (OCSP, At::Responder(others)),
        (CRL, At::Data(books.crl(1))),
    ]);
    let anchors = [pki().anchor()];
    let options = VerifyOptions {
        trust_anchors: Some(&anchors),
        received_at: Some(smime_wasm::env::Time::from_secs(NOW.as_secs() - 86_400)),
        revocation: RevocationOptions { policy: Some(RevocationPolicy::Hard), ..soft(&host) },
        ..VerifyOptions::new(&message)
    };
    let result = block_on(verify(&mut env(1), options)).unwrap();
    assert_eq!(result.status, Status::Unverified);
    assert_eq!(result.signatures[0].revocation, RevocationVerdict::Unknown);
    let codes = codes(&result.signatures[0]);
    assert!(codes.contains(&ProblemCode::RevocationStale), "{codes:?}");
    assert_eq!(host.take_asked(), [ROOT_CRL, OCSP, CRL]);
    assert!(host.kept.borrow().is_empty());
}

#[test]
fn an_issuer_from_outside_is_believed_as_far_as_its_signature_goes() {
    let message = signed("pia", "pca", Include::Certificate);
    let wrong = pki().certificate("ca").der().to_vec();
    for data in [b"nonsense".to_vec(), wrong, pki().root().der().to_vec()] {
        let host = Host::new([(ISSUER, At::Data(data))]);
        let (status, signature) = found(&mut env(1), &message, soft(&host));
        assert_eq!(status, Status::Unverified);
        assert_eq!(codes(&signature)[0], ProblemCode::PathUnknownIssuer);
        assert_eq!(host.take_asked(), [ISSUER]);
    }
}
