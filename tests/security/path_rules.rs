//! Not everything that signs a certificate is a CA (attack 16), and no search runs away (attack 25).

use smime_wasm::cert::Certificate;
use smime_wasm::error::ProblemCode;
use smime_wasm::limits::Limits;
use smime_wasm::path::{Pool, Purpose, Request, Search, Session, Step, Verdict, check};

use crate::common::{NOW, Pki, openssl};

fn verdict(
    target: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
) -> Verdict {
    let pool = pool(intermediates, anchors);
    let request = Request::new(target, &pool, NOW, Purpose::Signing);
    check(&request, &mut Session::new(&Limits::default()))
}

fn pool(intermediates: &[Certificate], anchors: &[Certificate]) -> Pool {
    Pool::new(anchors.iter().cloned().map(Into::into), intermediates.iter().cloned())
}

fn codes(verdict: &Verdict) -> Vec<ProblemCode> {
    verdict.problems.iter().map(|problem| problem.code).collect()
}

/// A certificate issued with these extensions by the holder of any key.
fn issue(name: &str, subject: &str, issuer: &str, extensions: &str) -> Certificate {
    let pki = Pki::get();
    std::fs::write(pki.folder.join(format!("{name}.cnf")), format!("[x]\n{extensions}\n")).unwrap();
    let (key, request, pem) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
    let (ca, ca_key, cnf) =
        (format!("{issuer}.pem"), format!("{issuer}.key"), format!("{name}.cnf"));
    let run = |arguments: &[&str]| openssl(&pki.folder, arguments, b"").unwrap();
    run(&[
        "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-config", "pki.cnf",
        "-keyout", &key, "-out", &request,
    ]);
    run(&[
        "x509",
        "-req",
        "-in",
        &request,
        "-CA",
        &ca,
        "-CAkey",
        &ca_key,
        "-set_serial",
        "77",
        "-days",
        "36500",
        "-extfile",
        &cnf,
        "-extensions",
        "x",
        "-out",
        &pem,
    ]);
    pki.certificate(name)
}

#[test]
fn a_good_path_is_found_from_any_order() {
    let pki = Pki::get();
    let pool = [pki.certificate("bob"), pki.certificate("ca"), pki.certificate("mallory")];
    let found = verdict(&pki.certificate("alice"), &pool, &[pki.root()]);
    assert!(found.is_trusted(), "{:?}", found.problems);
    assert_eq!(found.chain.len(), 3);
}

#[test]
fn the_end_of_a_path_that_leads_nowhere_is_named() {
    let pki = Pki::get();
    let alice = pki.certificate("alice");
    assert_eq!(codes(&verdict(&alice, &[], &[pki.root()])), [ProblemCode::PathUnknownIssuer]);
    let found = verdict(&alice, &[pki.certificate("ca")], &[]);
    assert_eq!(codes(&found), [ProblemCode::PathNoAnchors]);
    assert_eq!(found.chain.len(), 2);
}

#[test]
fn who_is_no_ca_issues_nothing() {
    let pki = Pki::get();
    let forged = issue("forged", "/CN=boss", "alice", "subjectAltName=email:boss@example.com");
    let pool = [pki.certificate("alice"), pki.certificate("ca")];
    let found = verdict(&forged, &pool, &[pki.root()]);
    assert!(codes(&found).contains(&ProblemCode::PathNotCa), "{:?}", found.problems);
}

#[test]
fn a_path_length_is_kept() {
    let pki = Pki::get();
    let sub = issue("sub", "/CN=Sub CA", "ca", "basicConstraints=critical,CA:TRUE");
    let leaf = issue("leaf", "/CN=leaf", "sub", "subjectAltName=email:leaf@example.com");
    let found = verdict(&leaf, &[sub, pki.certificate("ca")], &[pki.root()]);
    assert_eq!(codes(&found), [ProblemCode::PathTooLong]);
}

#[test]
fn a_forged_signature_is_found() {
    let pki = Pki::get();
    let mut der = pki.certificate("alice").der().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    let forged = Certificate::from_der(&der).unwrap();
    let found = verdict(&forged, &[pki.certificate("ca")], &[pki.root()]);
    assert_eq!(codes(&found), [ProblemCode::PathBadSignature]);
}

#[test]
fn the_use_has_to_be_allowed() {
    let pki = Pki::get();
    let pool = [pki.certificate("ca")];
    let tls = verdict(&pki.certificate("tls"), &pool, &[pki.root()]);
    assert_eq!(codes(&tls), [ProblemCode::PathExtendedKeyUsage]);
    let critical = issue("critical", "/CN=critical", "ca", "1.2.3.4=critical,ASN1:NULL");
    let found = verdict(&critical, &pool, &[pki.root()]);
    assert_eq!(codes(&found), [ProblemCode::PathCriticalExtension]);
    let constrained = issue(
        "constrained",
        "/CN=Constrained CA",
        "root",
        "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;email:example.org",
    );
    let outside = issue("outside", "/CN=o", "constrained", "subjectAltName=email:o@example.com");
    let found = verdict(&outside, &[constrained], &[pki.root()]);
    assert_eq!(codes(&found), [ProblemCode::PathNameConstraints]);
}

#[test]
fn validity_is_that_of_the_moment_asked_for() {
    let pki = Pki::get();
    let target = pki.certificate("alice");
    let pool = pool(&[pki.certificate("ca")], &[pki.root()]);
    for (at, code) in [
        (target.not_before().as_secs() - 1, ProblemCode::PathNotYetValid),
        (target.not_after().as_secs() + 1, ProblemCode::PathExpired),
    ] {
        let at = smime_wasm::env::Time::from_secs(at);
        let request = Request::new(&target, &pool, at, Purpose::Signing);
        let found = check(&request, &mut Session::new(&Limits::default()));
        assert!(codes(&found).contains(&code), "{:?}", found.problems);
    }
}

#[test]
fn many_certificates_of_one_name_end_the_search() {
    let pki = Pki::get();
    let (alice, ca) = (pki.certificate("alice"), pki.certificate("ca"));
    // Each is another certificate of the CA's name, with a signature that does not hold.
    let forged: Vec<Certificate> = (0..300_u16)
        .map(|number| {
            let mut der = ca.der().to_vec();
            let end = der.len();
            der[end - 2..].copy_from_slice(&number.to_be_bytes());
            Certificate::from_der(&der).unwrap()
        })
        .collect();
    let pool = pool(&forged, &[pki.root()]);
    let request = Request::new(&alice, &pool, NOW, Purpose::Signing);
    for limits in [
        Limits { path_signatures: 100, ..Limits::default() },
        Limits { path_steps: 50, ..Limits::default() },
    ] {
        let mut session = Session::new(&limits);
        assert!(!check(&request, &mut session).is_trusted());
        // What is spent is spent for the whole call.
        let again = Request { target: &pki.certificate("bob"), ..request };
        assert_eq!(codes(&check(&again, &mut session)), [ProblemCode::PathBudget]);
        let limits = Limits { path_signatures: 10_000, path_steps: 10_000, ..limits };
        let patient = check(&request, &mut Session::new(&limits));
        assert_eq!(codes(&patient), [ProblemCode::PathBadSignature]);
    }
}

#[test]
fn of_several_paths_the_one_nearest_to_a_good_one_is_told() {
    let pki = Pki::get();
    let (alice, ca) = (pki.certificate("alice"), pki.certificate("ca"));
    // The same name and key identifier, and a signature that does not hold.
    let mut der = ca.der().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    let forged = Certificate::from_der(&der).unwrap();
    let late = smime_wasm::env::Time::from_secs(alice.not_after().as_secs() + 1);
    for intermediates in [[forged.clone(), ca.clone()], [ca, forged]] {
        let pool = pool(&intermediates, &[pki.root()]);
        let found = |at| {
            let request = Request::new(&alice, &pool, at, Purpose::Signing);
            check(&request, &mut Session::new(&Limits::default()))
        };
        assert!(found(NOW).is_trusted());
        let expired = found(late);
        assert!(!expired.is_trusted());
        assert!(codes(&expired).iter().all(|code| *code == ProblemCode::PathExpired));
        assert_eq!(expired.chain.len(), 3);
    }
}

#[test]
fn what_an_anchor_says_of_itself_counts() {
    let pki = Pki::get();
    issue(
        "school",
        "/CN=School CA",
        "root",
        "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;email:school.example",
    );
    let pupil = |address: &str| {
        let name = format!("pupil-{}", address.len());
        issue(&name, "/CN=pupil", "school", &format!("subjectAltName=email:{address}"))
    };
    let anchors = [pki.certificate("school")];
    assert!(verdict(&pupil("a@school.example"), &[], &anchors).is_trusted());
    let outside = verdict(&pupil("boss@example.com.example"), &[], &anchors);
    assert_eq!(codes(&outside), [ProblemCode::PathNameConstraints]);
    // A person's certificate, trusted as it is, makes no CA of the person.
    let alice = pki.certificate("alice");
    assert!(verdict(&alice, &[], std::slice::from_ref(&alice)).is_trusted());
    let forged = issue("friend", "/CN=friend", "alice", "subjectAltName=email:friend@example.com");
    assert!(codes(&verdict(&forged, &[], &[alice])).contains(&ProblemCode::PathNotCa));
}

#[test]
fn a_search_says_where_the_issuer_is_to_be_had() {
    let pki = Pki::get();
    let target = issue(
        "far",
        "/CN=far",
        "ca",
        "subjectAltName=email:far@example.com\nauthorityKeyIdentifier=keyid\nauthorityInfoAccess=caIssuers;URI:http://example.com/ca.cer,OCSP;URI:http://example.com/ocsp",
    );
    let pool = pool(&[], &[pki.root()]);
    let mut search = Search::new(Request::new(&target, &pool, NOW, Purpose::Signing));
    let step = search.run(&mut Session::new(&Limits::default()));
    let addresses = vec!["http://example.com/ca.cer".to_owned()];
    assert_eq!(step, Step::NeedCertificates { certificate: target.clone(), addresses });
}
