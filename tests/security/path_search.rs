//! No pool of certificates makes a search run away, and what is found does not depend on what else is
//! there (attack 25).

use smime_wasm::asn1::{Reader, constructed, primitive, tag};
use smime_wasm::cert::Certificate;
use smime_wasm::error::{Detail, Problem, ProblemCode};
use smime_wasm::limits::Limits;
use smime_wasm::path::{
    AnchorLimits, Pool, Purpose, Request, Search, Session, Step, TrustAnchor, Verdict, check,
};

use crate::common::{NOW, Pki};

/// A certificate's bytes with another issuer and subject, another key identifier and other extensions.
/// No signature holds.
pub(crate) struct Forged<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) serial: u32,
    /// Extension in DER, besides basic constraints.
    pub(crate) extensions: &'a [Vec<u8>],
}

impl Forged<'_> {
    pub(crate) fn certificate(&self) -> Certificate {
        let ca = Pki::get().certificate("ca");
        let mut fields = Reader::only(ca.tbs(), tag::SEQUENCE).unwrap().contents();
        let (version, _) = (fields.any().unwrap(), fields.any().unwrap());
        let algorithm = fields.any().unwrap();
        let (_, validity) = (fields.any().unwrap(), fields.any().unwrap());
        let serial = primitive(tag::INTEGER, &[&[0], &self.serial.to_be_bytes()[..]].concat());
        let is_ca = b"\x30\x0c\x06\x03\x55\x1d\x13\x04\x05\x30\x03\x01\x01\xff".to_vec();
        let extensions = [&[is_ca], self.extensions].concat().concat();
        let extensions = constructed(tag::SEQUENCE, &[&extensions]);
        // Keys differ with the serial number, so that no two are one issuer: the last octets of the
        // modulus stand before the exponent.
        let mut spki = ca.spki().to_vec();
        let at = spki.len() - 9;
        spki[at..at + 3].copy_from_slice(&self.serial.to_be_bytes()[1..]);
        let tbs = constructed(
            tag::SEQUENCE,
            &[
                version.raw,
                &serial,
                algorithm.raw,
                &name(self.issuer),
                validity.raw,
                &name(self.subject),
                &spki,
                &constructed(tag::context_constructed(3), &[&extensions]),
            ],
        );
        let signature = primitive(tag::BIT_STRING, &[&[0], ca.signature()].concat());
        let der = constructed(tag::SEQUENCE, &[&tbs, algorithm.raw, &signature]);
        Certificate::from_der(&der).unwrap()
    }
}

fn name(text: &str) -> Vec<u8> {
    let value = primitive(tag::UTF8_STRING, text.as_bytes());
    let attribute = constructed(tag::SEQUENCE, &[b"\x06\x03\x55\x04\x03", &value]);
    constructed(tag::SEQUENCE, &[&constructed(tag::SET, &[&attribute])])
}

fn forged(issuer: &str, subject: &str, serial: u32) -> Certificate {
    Forged { issuer, subject, serial, extensions: &[] }.certificate()
}

/// A search within the usual limits.
fn bounded(target: &Certificate, pool: &Pool) -> Verdict {
    let request = Request::new(target, pool, NOW, Purpose::Any);
    check(&request, &mut Session::new(&Limits::default()))
}

fn codes(verdict: &Verdict) -> Vec<ProblemCode> {
    verdict.problems.iter().map(|problem| problem.code).collect()
}

fn limit(verdict: &Verdict) -> Option<&str> {
    let details = verdict.problems.first()?.details.iter();
    details.clone().find_map(|(name, detail)| match detail {
        Detail::Text(text) if *name == "limit" => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn a_thousand_certificates_of_one_name_end_the_search_by_its_limit() {
    // Each may have issued each other, and the anchor each of them.
    let target = forged("X", "target", 0);
    let anchor = forged("X", "X", 1);
    let pool = Pool::new([anchor.into()], (2..1_002).map(|serial| forged("X", "X", serial)));
    let verdict = bounded(&target, &pool);
    assert_eq!(codes(&verdict)[0], ProblemCode::PathBudget);
    assert_eq!(limit(&verdict), Some("pathSignatures"));
}

#[test]
fn circles_that_reach_no_anchor_are_not_walked() {
    let target = forged("0", "target", 1_000);
    let ring: Vec<Certificate> = (0..300)
        .flat_map(|at| {
            let next = [at + 1, at + 2, at + 7].map(|next| (next % 300).to_string());
            next.map(|next| forged(&next, &at.to_string(), at))
        })
        .collect();
    let pool = Pool::new([TrustAnchor::from(forged("far", "far", 2_000))], ring.clone());
    assert_eq!(codes(&bounded(&target, &pool)), [ProblemCode::PathUnknownIssuer]);
    // One that reaches an anchor far away is cut off, and says so.
    let far = Pool::new([TrustAnchor::from(forged("150", "150", 2_000))], ring);
    let verdict = bounded(&target, &far);
    assert_eq!(
        (codes(&verdict), limit(&verdict)),
        (vec![ProblemCode::PathBudget], Some("pathLength"))
    );
}

#[test]
fn many_wrong_issuers_do_not_hide_the_right_one() {
    let pki = Pki::get();
    let (alice, ca) = (pki.certificate("alice"), pki.certificate("ca"));
    let crowd = (0..1_000).map(|serial| forged("Test Root", "Test Root", serial));
    let pool = Pool::new([pki.root().into()], crowd.chain([ca]));
    let verdict = bounded(&alice, &pool);
    assert!(verdict.is_trusted(), "{:?}", verdict.problems);
    assert_eq!(verdict.chain.len(), 3);
}

#[test]
fn ten_thousand_subtrees_are_compared_within_a_limit() {
    let subtrees = |count: u32| {
        let subtree = |at: u32| {
            let host = primitive(tag::context(2), format!("{at}.example").as_bytes());
            constructed(tag::SEQUENCE, &[&host])
        };
        let list: Vec<u8> = (0..count).flat_map(subtree).collect();
        let value =
            constructed(tag::SEQUENCE, &[&constructed(tag::context_constructed(0), &[&list])]);
        constructed(
            tag::SEQUENCE,
            &[b"\x06\x03\x55\x1d\x1e", &primitive(tag::OCTET_STRING, &value)],
        )
    };
    let names = |count: u32| {
        let name = |at: u32| primitive(tag::context(2), format!("{at}.example").as_bytes());
        let list: Vec<u8> = (0..count).flat_map(name).collect();
        let value = constructed(tag::SEQUENCE, &[&list]);
        constructed(
            tag::SEQUENCE,
            &[b"\x06\x03\x55\x1d\x11", &primitive(tag::OCTET_STRING, &value)],
        )
    };
    let anchor = Forged { issuer: "X", subject: "X", serial: 1, extensions: &[subtrees(10_000)] };
    let pool = Pool::new([anchor.certificate().into()], []);
    let with = |count| {
        let extensions = &[names(count)];
        bounded(&Forged { issuer: "X", subject: "t", serial: 2, extensions }.certificate(), &pool)
    };
    // All within the subtrees, so that only the signature is wrong.
    assert_eq!(codes(&with(50)), [ProblemCode::PathBadSignature]);
    let verdict = with(200);
    assert_eq!(
        (codes(&verdict), limit(&verdict)),
        (vec![ProblemCode::PathBudget], Some("pathNames"))
    );
}

/// A cheap fault of each path keeps signatures from being checked, so that nothing else ends the search.
#[test]
fn policies_are_looked_at_within_a_limit() {
    let oid = |at: u32| {
        let digits = [0x2a, 0x80 | (at >> 7) as u8 & 0x7f, at as u8 & 0x7f];
        primitive(tag::OBJECT_IDENTIFIER, &digits)
    };
    let extension = |identifier: &[u8], value: &[u8]| {
        constructed(tag::SEQUENCE, &[identifier, &primitive(tag::OCTET_STRING, value)])
    };
    let policy = |at| constructed(tag::SEQUENCE, &[&oid(at)]);
    let list: Vec<u8> = (0x80..2_080).flat_map(policy).collect();
    let policies = extension(b"\x06\x03\x55\x1d\x20", &constructed(tag::SEQUENCE, &[&list]));
    let anchor: TrustAnchor = forged("X", "X", 1).into();
    let large = Forged { issuer: "X", subject: "B", serial: 2, extensions: &[policies] };
    let not_ca = extension(b"\x06\x03\x55\x1d\x0f", b"\x03\x02\x07\x80");
    let extensions = &[not_ca];
    let crowd = (3..200)
        .map(|serial| Forged { issuer: "B", subject: "I", serial, extensions }.certificate());
    let pool = Pool::new([anchor], crowd.chain([large.certificate()]));
    let verdict = bounded(&forged("I", "target", 0), &pool);
    assert_eq!(limit(&verdict), Some("pathPolicies"), "{:?}", codes(&verdict));
}

#[test]
fn of_many_extensions_that_are_not_understood_some_are_told() {
    let extension = |at: u32| {
        let identifier =
            primitive(tag::OBJECT_IDENTIFIER, &[0x2a, 0x80 | (at >> 7) as u8, at as u8 & 0x7f]);
        constructed(tag::SEQUENCE, &[&identifier, b"\x01\x01\xff\x04\x00"])
    };
    let extensions: Vec<Vec<u8>> = (0x80..10_080).map(extension).collect();
    let target = Forged { issuer: "X", subject: "t", serial: 2, extensions: &extensions };
    let pool = Pool::new([forged("X", "X", 1).into()], []);
    let verdict = bounded(&target.certificate(), &pool);
    assert_eq!(codes(&verdict)[0], ProblemCode::PathCriticalExtension);
    assert!(verdict.problems.len() < 20, "{}", verdict.problems.len());
}

/// Each comparison goes through the whole name.
#[test]
fn a_long_name_counts_as_many() {
    let extension = |identifier: &[u8], value: &[u8]| {
        constructed(tag::SEQUENCE, &[identifier, &primitive(tag::OCTET_STRING, value)])
    };
    let host = |at: u32| primitive(tag::context(1), format!("{at}.example").as_bytes());
    let list: Vec<u8> =
        (0..5_000).flat_map(|at| constructed(tag::SEQUENCE, &[&host(at)])).collect();
    let subtrees =
        constructed(tag::SEQUENCE, &[&constructed(tag::context_constructed(1), &[&list])]);
    let subtrees = extension(b"\x06\x03\x55\x1d\x1e", &subtrees);
    let anchor = Forged { issuer: "X", subject: "X", serial: 1, extensions: &[subtrees] };
    let pool = Pool::new([anchor.certificate().into()], []);
    let with = |labels: usize| {
        let address = format!("a@{}example", "x.".repeat(labels));
        let names = constructed(tag::SEQUENCE, &[&primitive(tag::context(1), address.as_bytes())]);
        let extensions = &[extension(b"\x06\x03\x55\x1d\x11", &names)];
        bounded(&Forged { issuer: "X", subject: "t", serial: 2, extensions }.certificate(), &pool)
    };
    assert_eq!(codes(&with(100)), [ProblemCode::PathBadSignature]);
    assert_eq!(limit(&with(50_000)), Some("pathNames"));
}

#[test]
fn a_search_asks_for_what_it_misses_and_goes_on_with_it() {
    let pki = Pki::get();
    let (alice, ca) = (pki.certificate("alice"), pki.certificate("ca"));
    let pool = Pool::new([pki.root().into()], []);
    let request =
        Request { with_revocation: true, ..Request::new(&alice, &pool, NOW, Purpose::Signing) };
    let mut session = Session::new(&Limits::default());
    let mut search = Search::new(request);
    let asked = search.run(&mut session);
    assert_eq!(asked, Step::NeedCertificates { certificate: alice.clone(), addresses: Vec::new() });
    search.supply([ca.clone()]);
    let chain = vec![alice.clone(), ca, pki.root()];
    assert_eq!(search.run(&mut session), Step::NeedRevocation { chain: chain.clone() });
    search.report(chain.clone(), Vec::new());
    let Step::Done(verdict) = search.run(&mut session) else { panic!("it goes on") };
    assert!(verdict.is_trusted() && verdict.chain == chain);

    // What is not given is not asked for again, and what revocation has against a path is its problem.
    let mut search = Search::new(request);
    search.run(&mut session);
    let Step::Done(verdict) = search.run(&mut session) else { panic!("it asks again") };
    assert_eq!(codes(&verdict), [ProblemCode::PathUnknownIssuer]);
    let pool = Pool::new([pki.root().into()], [chain[1].clone()]);
    let mut search = Search::new(Request { pool: &pool, ..request });
    search.run(&mut session);
    search.report(chain, vec![Problem::new(ProblemCode::PathPolicy)]);
    // There may be another path, to which an issuer could help; there is none.
    let found = loop {
        match search.run(&mut session) {
            Step::Done(verdict) => break verdict,
            Step::NeedCertificates { .. } => {}
            Step::NeedRevocation { .. } => panic!("it asks again"),
        }
    };
    assert_eq!(codes(&found), [ProblemCode::PathPolicy]);
}

#[test]
fn an_anchor_is_trusted_as_far_as_it_is_limited() {
    let pki = Pki::get();
    let (alice, ca) = (pki.certificate("alice"), pki.certificate("ca"));
    let found = |limits: AnchorLimits, address, purpose| {
        let anchor = TrustAnchor { certificate: pki.root(), limits };
        let pool = Pool::new([anchor], [ca.clone()]);
        let request = Request { address, ..Request::new(&alice, &pool, NOW, purpose) };
        codes(&check(&request, &mut Session::new(&Limits::default())))
    };
    let limits = AnchorLimits::default;
    let only = |domain: &str| AnchorLimits { permitted: Some(vec![domain.to_owned()]), ..limits() };
    let (own, signing) = (Some("alice@example.com"), Purpose::Signing);
    assert_eq!(found(only("example.com"), own, signing), []);
    assert_eq!(found(only("example.net"), own, signing), [ProblemCode::PathAnchorAddress]);
    // Without an address all of the certificate's count; one of Alice's is at example.org.
    assert_eq!(found(only("example.com"), None, signing), [ProblemCode::PathAnchorAddress]);
    let after = |time| AnchorLimits { distrust_after: Some(time), ..limits() };
    assert_eq!(found(after(alice.not_before()), own, signing), []);
    let before = smime_wasm::env::Time::from_secs(alice.not_before().as_secs() - 1);
    assert_eq!(found(after(before), own, signing), [ProblemCode::PathAnchorDistrusted]);
    let mail = AnchorLimits { email_only: true, ..limits() };
    assert_eq!(found(mail.clone(), own, signing), []);
    assert_eq!(found(mail, own, Purpose::Any), [ProblemCode::PathAnchorPurpose]);
    // Who signs CRLs about Alice has no address, and a certificate as new as need be.
    for limits in [only("example.com"), after(before)] {
        let pool = Pool::new([TrustAnchor { certificate: pki.root(), limits }], []);
        let request = Request::new(&ca, &pool, NOW, Purpose::CrlSigning);
        assert_eq!(codes(&check(&request, &mut Session::new(&Limits::default()))), []);
    }
}
