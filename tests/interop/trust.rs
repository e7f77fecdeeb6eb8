//! Revocation in `verify` and `check_certificate`: CRLs of `openssl ca` and responses of `openssl ocsp`, at
//! hand, in the message, and fetched.

use smime_wasm::asn1::{Reader, constructed, primitive, tag};
use smime_wasm::cert::Certificate;
use smime_wasm::env::{Env, Time, block_on};
use smime_wasm::error::ProblemCode;
use smime_wasm::limits::Limits;
use smime_wasm::message::{
    CheckOptions, CrlShelf, Include, Moment, RevocationOptions, RevocationPolicy,
    RevocationVerdict, SignatureResult, Status, TrustVerdict, VerifyOptions, check_certificate,
    parse_crl, verify,
};
use smime_wasm::path::revocation::{Crl, OcspRequest, OcspResponse};
use smime_wasm::path::{AnchorLimits, Purpose, TrustAnchor};

use crate::common::pointed::{At, Books, CRL, DELTA, Host, ISSUER, OCSP, ROOT_CRL, pki, signed};
use crate::common::{MESSAGE, NOW, env, openssl};

/// The first of 2030, and of 2036. [`NOW`] is 2040.
const BEFORE: Time = Time::from_secs(1_893_456_000);
const AFTER: Time = Time::from_secs(2_082_758_400);
/// The first of 2035.
const SUPERSEDED: &str = "350101000000Z,superseded";
const COMPROMISED: &str = "350101000000Z,keyCompromise";

fn found(
    message: &[u8],
    received_at: Option<Time>,
    revocation: RevocationOptions<'_>,
) -> (Status, SignatureResult) {
    let anchors = [pki().anchor()];
    let options = VerifyOptions {
        trust_anchors: Some(&anchors),
        from: Some("alice@example.com"),
        received_at,
        revocation,
        ..VerifyOptions::new(message)
    };
    let mut result = block_on(verify(&mut env(1), options)).unwrap();
    (result.status, result.signatures.remove(0))
}

fn codes(signature: &SignatureResult) -> Vec<&'static str> {
    signature.problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn crl(der: Vec<u8>) -> Crl {
    parse_crl(der, &Limits::default()).unwrap()
}

/// What the root and the CA say of their one certificate each.
fn crls(name: &str, revoked: Option<&str>) -> [Crl; 2] {
    let root = Books::open(&format!("{name}-root"), "root", &pki().certificate("pca"), None);
    let ca = Books::open(name, "pca", &pki().certificate("pia"), revoked);
    [crl(root.crl(36_500)), crl(ca.crl(36_500))]
}

#[test]
fn what_is_revoked_is_no_good_from_then_on() {
    let message = signed("pia", "pca", Include::Chain);
    let good = crls("good", None);
    let (status, signature) =
        found(&message, None, RevocationOptions { crls: &good, ..Default::default() });
    assert_eq!((status, signature.revocation), (Status::Verified, RevocationVerdict::Good));
    assert_eq!(codes(&signature), [""; 0]);

    let superseded = crls("superseded", Some(SUPERSEDED));
    let at_hand = RevocationOptions { crls: &superseded, ..Default::default() };
    let (status, signature) = found(&message, None, at_hand);
    assert_eq!((status, signature.revocation), (Status::Unverified, RevocationVerdict::Revoked));
    assert_eq!(signature.now, Moment::Invalid);
    assert_eq!(codes(&signature), ["revocation/revoked"]);
    let (status, signature) = found(&message, Some(AFTER), at_hand);
    assert_eq!((status, signature.then), (Status::Unverified, Moment::Invalid));
    // Received before, it was good, and that it no longer is is told.
    let (status, signature) = found(&message, Some(BEFORE), at_hand);
    assert_eq!((status, signature.revocation), (Status::Verified, RevocationVerdict::Good));
    assert_eq!((signature.then, signature.now), (Moment::Valid, Moment::Invalid));
    assert_eq!(codes(&signature), ["revocation/revoked"]);
    let off = RevocationOptions { policy: Some(RevocationPolicy::Off), ..at_hand };
    let (status, signature) = found(&message, None, off);
    assert_eq!((status, signature.revocation), (Status::Verified, RevocationVerdict::Unchecked));

    // Since when a key was in wrong hands nobody knows.
    let compromised = crls("compromised", Some(COMPROMISED));
    let at_hand = RevocationOptions { crls: &compromised, ..Default::default() };
    let (status, signature) = found(&message, Some(BEFORE), at_hand);
    assert_eq!((status, signature.revocation), (Status::Unverified, RevocationVerdict::Revoked));
    assert_eq!(signature.then, Moment::Invalid);
}

#[test]
fn what_is_not_known_counts_by_policy() {
    let message = signed("pia", "pca", Include::Chain);
    // The root's CRL alone says nothing of whom the CA has issued.
    let [root, _] = crls("half", None);
    let half = [root];
    let at_hand = RevocationOptions { crls: &half, ..Default::default() };
    let (status, signature) = found(&message, None, at_hand);
    assert_eq!((status, signature.revocation), (Status::Verified, RevocationVerdict::Unknown));
    assert_eq!(codes(&signature), ["revocation/unknown"]);
    let hard = RevocationOptions { policy: Some(RevocationPolicy::Hard), ..at_hand };
    let (status, signature) = found(&message, None, hard);
    assert_eq!((status, signature.revocation), (Status::Unverified, RevocationVerdict::Unknown));
    assert_eq!((signature.trust, signature.now), (TrustVerdict::Untrusted, Moment::Invalid));
    assert_eq!(codes(&signature), ["revocation/unknown"]);
}

fn response(name: &str, revoked: Option<&str>) -> Vec<u8> {
    let (pia, pca) = (pki().certificate("pia"), pki().certificate("pca"));
    let request = OcspRequest::new(&mut env(7), &pia, &pca);
    Books::open(name, "pca", &pia, revoked).response(request.der())
}

#[test]
fn responses_count_as_lists_do() {
    let message = signed("pia", "pca", Include::Chain);
    let [root, _] = crls("with-response", None);
    let crls = [root];
    for (name, revoked, expected) in [
        ("response-good", None, RevocationVerdict::Good),
        ("response-revoked", Some(SUPERSEDED), RevocationVerdict::Revoked),
    ] {
        let der = response(name, revoked);
        let responses = [OcspResponse::from_der(&der, &Limits::default()).unwrap()];
        let at_hand =
            RevocationOptions { crls: &crls, ocsp_responses: &responses, ..Default::default() };
        let (status, signature) = found(&message, None, at_hand);
        assert_eq!(signature.revocation, expected);
        assert_eq!(status == Status::Verified, revoked.is_none());
    }
}

/// RFC 5652, 10.2.1; RFC 5940.
#[test]
fn what_the_message_brings_counts_where_revocation_is_asked_for() {
    let plain = signed_by_openssl();
    let [root, revoked] = crls("embedded", Some(SUPERSEDED));
    let ocsp = other_revocation(&response("embedded-response", Some(SUPERSEDED)));
    let soft = RevocationOptions { policy: Some(RevocationPolicy::Soft), ..Default::default() };
    for brought in [
        [root.der(), revoked.der()].concat(),
        [root.der(), &ocsp].concat(),
        // What can't be read says nothing for or against the rest.
        [root.der(), b"\x30\x00", &other_revocation(b"\x30\x00"), revoked.der()].concat(),
    ] {
        let message = with_revocations(&plain, &brought);
        let (status, signature) = found(&message, None, soft);
        assert_eq!(
            (status, signature.revocation),
            (Status::Unverified, RevocationVerdict::Revoked)
        );
        let (status, signature) = found(&message, None, RevocationOptions::default());
        assert_eq!(
            (status, signature.revocation),
            (Status::Verified, RevocationVerdict::Unchecked)
        );
    }
}

/// A ContentInfo of SignedData with RevocationInfoChoices, which it had none of. They are not signed.
fn with_revocations(der: &[u8], choices: &[u8]) -> Vec<u8> {
    let mut info = Reader::only(der, tag::SEQUENCE).unwrap().contents();
    let content_type = info.any().unwrap();
    let mut fields = info.any().unwrap().contents().sequence().unwrap();
    let head: Vec<u8> = (0..4).flat_map(|_| fields.any().unwrap().raw.to_vec()).collect();
    let signers = fields.any().unwrap();
    let choices = primitive(tag::context_constructed(1), choices);
    let signed = constructed(tag::SEQUENCE, &[&head, &choices, signers.raw]);
    let content = constructed(tag::context_constructed(0), &[&signed]);
    constructed(tag::SEQUENCE, &[content_type.raw, &content])
}

/// A sender whose certificate is revoked has an older CRL or response that says it is good.
#[test]
fn what_the_message_brings_is_not_enough_where_more_can_be_fetched() {
    let plain = signed_by_openssl();
    let [root, list] = crls("brought", None);
    let ocsp = other_revocation(&response("brought-response", None));
    let policy = Some(RevocationPolicy::Soft);
    for brought in [[root.der(), list.der()].concat(), [root.der(), &ocsp].concat()] {
        let message = with_revocations(&plain, &brought);
        let offline = RevocationOptions { policy, ..Default::default() };
        let good = (Status::Verified, RevocationVerdict::Good);
        for received_at in [None, Some(AFTER)] {
            let ask = |revocation| {
                let (status, signature) = found(&message, received_at, revocation);
                (status, signature.revocation)
            };
            let host = host("brought-newer", Some(SUPERSEDED));
            let online = RevocationOptions { fetcher: Some(&host), ..offline };
            assert_eq!(ask(online), (Status::Unverified, RevocationVerdict::Revoked));
            assert_eq!(host.take_asked(), [ROOT_CRL, OCSP]);
            // Where nothing newer is to be had it serves.
            host.kept.take();
            assert_eq!(ask(offline), good);
            assert_eq!(ask(RevocationOptions { may_fetch: false, ..online }), good);
            assert_eq!(host.take_asked(), [""; 0]);
            let silent = Host::default();
            assert_eq!(ask(RevocationOptions { fetcher: Some(&silent), ..offline }), good);
            assert_eq!(silent.take_asked(), [ROOT_CRL, OCSP, CRL]);
            // What the caller gives is enough.
            let given = [root.clone(), list.clone()];
            assert_eq!(ask(RevocationOptions { crls: &given, ..online }), good);
            assert_eq!(host.take_asked(), [""; 0]);
        }
    }
    // A revocation is enough, whoever brings it.
    let [root, revoked] = crls("brought-revoked", Some(SUPERSEDED));
    let message = with_revocations(&plain, &[root.der(), revoked.der()].concat());
    let host = host("brought-good", None);
    let online = RevocationOptions { policy, fetcher: Some(&host), ..Default::default() };
    let (status, signature) = found(&message, None, online);
    assert_eq!((status, signature.revocation), (Status::Unverified, RevocationVerdict::Revoked));
    assert_eq!(host.take_asked(), [ROOT_CRL]);
}

/// Who signs the CRLs is known below one anchor only; the path to the other one is no way around them.
#[test]
fn what_is_revoked_on_one_path_is_so_on_every_other() {
    let folder = &pki().folder;
    let cross = "x509 -req -in pca.csr -CA evil.pem -CAkey evil.key -set_serial 77 -sha256 \
                 -days 36500 -extfile pointed.cnf -extensions pca -out pca-cross.pem";
    openssl(folder, &cross.split_whitespace().collect::<Vec<_>>(), b"").unwrap();
    let extra = ["-days", "36500", "-sha256", "-extfile", "pointed.cnf", "-extensions", "pca"];
    pki().issue_key("pca-lists", "/CN=pca", Some("root"), &["rsa:2048"], &extra);
    let [pia, pca, crossed, lists, evil] =
        ["pia", "pca", "pca-cross", "pca-lists", "evil"].map(|name| pki().certificate(name));
    let root = Books::open("crossed-root", "root", &pca, None);
    let list = Books::open("crossed", "pca-lists", &pia, Some(SUPERSEDED));
    let crls = [crl(root.crl(36_500)), crl(list.crl(36_500))];
    let anchors = [pki().anchor(), evil.into()];
    let check = |intermediates: &[Certificate], anchors| {
        let revocation = RevocationOptions { crls: &crls, ..Default::default() };
        let options =
            CheckOptions { intermediates, revocation, ..CheckOptions::new(&pia, anchors) };
        let found = block_on(check_certificate(&mut env(1), options)).unwrap();
        (found.trust, found.revocation)
    };
    let mut known = [pca, lists, crossed];
    // The other path by itself is good as far as is known.
    let unknown = (TrustVerdict::Trusted, RevocationVerdict::Unknown);
    assert_eq!(check(&known, &anchors[1..]), unknown);
    let revoked = (TrustVerdict::Untrusted, RevocationVerdict::Revoked);
    assert_eq!(check(&known, &anchors[..1]), revoked);
    assert_eq!(check(&known, &anchors), revoked);
    // Whichever of the paths comes first.
    known.reverse();
    assert_eq!(check(&known, &anchors), revoked);
}

/// A message of pia's, with the chain.
fn signed_by_openssl() -> Vec<u8> {
    let arguments =
        "cms -sign -binary -nodetach -outform DER -signer pia.pem -inkey pia.key -certfile pca.pem";
    let arguments: Vec<_> = arguments.split(' ').collect();
    openssl(&pki().folder, &arguments, MESSAGE).unwrap()
}

/// An OCSP response as RevocationInfoChoices have it.
fn other_revocation(der: &[u8]) -> Vec<u8> {
    let format = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x10\x02";
    constructed(tag::context_constructed(1), &[format, der])
}

/// A host with what there is to fetch about pia.
fn host(name: &str, revoked: Option<&str>) -> Host {
    let (pia, pca) = (pki().certificate("pia"), pki().certificate("pca"));
    let root = Books::open(&format!("{name}-root"), "root", &pca, None);
    let list = Books::open(&format!("{name}-list"), "pca", &pia, revoked);
    Host::new([
        (ROOT_CRL, At::Data(root.crl(36_500))),
        (CRL, At::Redirect("https://mirror.example.com/pca.crl".to_owned())),
        ("https://mirror.example.com/pca.crl", At::Data(list.crl(36_500))),
        (OCSP, At::Responder(Books::open(name, "pca", &pia, revoked))),
        (ISSUER, At::Data(pca.der().to_vec())),
    ])
}

#[test]
fn what_is_missing_is_fetched_once_and_kept() {
    let message = signed("pia", "pca", Include::Chain);
    for (name, revoked) in [("fetched", None), ("fetched-revoked", Some(SUPERSEDED))] {
        let (mut host, shelf) = (host(name, revoked), CrlShelf::default());
        let policy = Some(RevocationPolicy::Hard);
        let options = RevocationOptions {
            policy,
            fetcher: Some(&host),
            shelf: Some(&shelf),
            ..Default::default()
        };
        let expected = match revoked {
            None => (Status::Verified, RevocationVerdict::Good),
            Some(_) => (Status::Unverified, RevocationVerdict::Revoked),
        };
        let (status, signature) = found(&message, Some(AFTER), options);
        assert_eq!((status, signature.revocation), expected, "{:?}", signature.problems);
        // For both moments, from the root down, and the responder before the list.
        assert_eq!(host.take_asked(), [ROOT_CRL, OCSP]);
        assert_eq!(host.kept.borrow().len(), 2);
        for _ in 0..2 {
            let (status, signature) = found(&message, None, options);
            assert_eq!((status, signature.revocation), expected);
        }
        assert_eq!(host.take_asked(), [""; 0]);
        // What was kept is enough.
        host.is_offline = true;
        let bare = RevocationOptions { policy, fetcher: Some(&host), ..Default::default() };
        assert_eq!(found(&message, None, bare).0, expected.0);
        host.kept.take();
        let bare = RevocationOptions { policy, fetcher: Some(&host), ..Default::default() };
        let (_, signature) = found(&message, None, bare);
        assert_eq!(signature.revocation, RevocationVerdict::Unknown);
        assert_eq!(codes(&signature), ["revocation/unknown", "revocation/unknown"]);
        assert_eq!(host.take_asked(), [""; 0]);
    }
}

#[test]
fn where_the_responder_is_silent_the_list_tells() {
    let message = signed("pia", "pca", Include::Chain);
    let mut host = host("silent", Some(SUPERSEDED));
    host.places.remove(OCSP);
    let policy = Some(RevocationPolicy::Soft);
    let options = RevocationOptions { policy, fetcher: Some(&host), ..Default::default() };
    let (status, signature) = found(&message, None, options);
    assert_eq!((status, signature.revocation), (Status::Unverified, RevocationVerdict::Revoked));
    assert_eq!(codes(&signature), ["revocation/revoked"]);
    let mirror = "https://mirror.example.com/pca.crl";
    assert_eq!(host.take_asked(), [ROOT_CRL, OCSP, CRL, mirror]);
    assert!(host.kept.borrow().contains_key(CRL));
}

#[test]
fn a_delta_list_goes_with_the_complete_one() {
    let message = signed("della", "pca", Include::Chain);
    let (della, pca) = (pki().certificate("della"), pki().certificate("pca"));
    let root = Books::open("delta-root", "root", &pca, None);
    let complete = Books::open("delta-complete", "pca", &della, None);
    let newer = Books::open("delta-newer", "pca", &della, Some(SUPERSEDED));
    let host = Host::new([
        (ROOT_CRL, At::Data(root.crl(36_500))),
        (CRL, At::Data(complete.crl(36_500))),
        (DELTA, At::Data(newer.delta())),
    ]);
    let policy = Some(RevocationPolicy::Soft);
    let options = RevocationOptions { policy, fetcher: Some(&host), ..Default::default() };
    for asked in [&[ROOT_CRL, CRL, DELTA][..], &[]] {
        let (status, signature) = found(&message, None, options);
        let found = (status, signature.revocation);
        assert_eq!(found, (Status::Unverified, RevocationVerdict::Revoked), "{signature:?}");
        assert_eq!(host.take_asked(), asked);
    }
}

/// A CRL that was read once remembers whose signature it bears: it costs no more of the budget.
#[test]
fn a_list_is_checked_once_as_long_as_it_is_held() {
    let message = signed("pia", "pca", Include::Chain);
    let lists = crls("held", None);
    let verdict = |path_signatures| {
        let anchors = [pki().anchor()];
        let options = VerifyOptions {
            trust_anchors: Some(&anchors),
            revocation: RevocationOptions { crls: &lists, ..Default::default() },
            ..VerifyOptions::new(&message)
        };
        let limits = Limits { path_signatures, ..Limits::default() };
        let result = block_on(verify(&mut Env::new(NOW, &[1; 32], limits), options)).unwrap();
        result.signatures[0].revocation
    };
    // Two for the path, two for the CRLs.
    assert_eq!(verdict(2), RevocationVerdict::Unknown);
    assert_eq!(verdict(4), RevocationVerdict::Good);
    assert_eq!(verdict(2), RevocationVerdict::Good);
}

#[test]
fn a_missing_issuer_is_fetched_in_every_form() {
    let message = signed("pia", "pca", Include::Certificate);
    let pem = std::fs::read(pki().folder.join("pca.pem")).unwrap();
    let bundle = "crl2pkcs7 -nocrl -certfile pca.pem -outform DER";
    let bundle: Vec<_> = bundle.split(' ').collect();
    let bundle = openssl(&pki().folder, &bundle, b"").unwrap();
    for data in [pki().certificate("pca").der().to_vec(), pem, bundle] {
        let host = Host::new([(ISSUER, At::Data(data))]);
        let options = RevocationOptions { fetcher: Some(&host), ..Default::default() };
        let (status, signature) = found(&message, Some(BEFORE), options);
        assert_eq!(status, Status::Verified, "{:?}", signature.problems);
        assert_eq!(signature.chain.len(), 3);
        assert_eq!(host.take_asked(), [ISSUER]);
    }
    assert_eq!(found(&message, None, RevocationOptions::default()).0, Status::Unverified);
}

#[test]
fn one_certificate_is_checked_by_itself() {
    let (pia, pca) = (pki().certificate("pia"), pki().certificate("pca"));
    let (anchors, intermediates) = ([pki().anchor()], [pca]);
    let lists = crls("alone", Some(SUPERSEDED));
    let options =
        CheckOptions { intermediates: &intermediates, ..CheckOptions::new(&pia, &anchors) };
    let check = |options| block_on(check_certificate(&mut env(1), options));
    let good = check(options).unwrap();
    assert_eq!(
        (good.trust, good.revocation),
        (TrustVerdict::Trusted, RevocationVerdict::Unchecked)
    );
    assert_eq!((good.chain.len(), good.problems.len()), (3, 0));
    let revocation = RevocationOptions { crls: &lists, ..Default::default() };
    let revoked = check(CheckOptions { revocation, ..options }).unwrap();
    assert_eq!(revoked.trust, TrustVerdict::Untrusted);
    assert_eq!(revoked.revocation, RevocationVerdict::Revoked);
    let before = check(CheckOptions { revocation, at: Some(BEFORE), ..options }).unwrap();
    assert_eq!((before.trust, before.revocation), (TrustVerdict::Trusted, RevocationVerdict::Good));
    for (purpose, address, code) in [
        (Some(Purpose::Encryption), None, ProblemCode::PathKeyUsage),
        (None, Some("bob@example.com"), ProblemCode::CertificateAddress),
    ] {
        let found = check(CheckOptions { purpose, address, ..options }).unwrap();
        assert_eq!((found.trust, found.problems[0].code), (TrustVerdict::Untrusted, code));
    }
}

/// A single certificate that is trusted is a path of one, for the addresses it is trusted for.
#[test]
fn somebody_can_be_trusted_without_an_authority() {
    let message = signed("pia", "pca", Include::Chain);
    let trusted_for = |address: &str| {
        let permitted = Some(vec![address.to_owned()]);
        let limits = AnchorLimits { permitted, ..AnchorLimits::default() };
        let anchors = [TrustAnchor { certificate: pki().certificate("pia"), limits }];
        let options = VerifyOptions {
            trust_anchors: Some(&anchors),
            revocation: RevocationOptions {
                policy: Some(RevocationPolicy::Hard),
                ..RevocationOptions::default()
            },
            ..VerifyOptions::new(&message)
        };
        let result = block_on(verify(&mut env(1), options)).unwrap();
        (result.status, codes(&result.signatures[0]))
    };
    assert_eq!(trusted_for("alice@example.com"), (Status::Verified, vec![]));
    assert_eq!(trusted_for("bob@example.com"), (Status::Unverified, vec!["path/anchor-address"]));
}
