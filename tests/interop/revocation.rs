//! CRLs of `openssl ca` and responses of `openssl ocsp`.

use std::path::PathBuf;
use std::slice::from_ref;

use smime_wasm::cert::Certificate;
use smime_wasm::env::Time;
use smime_wasm::error::ProblemCode;
use smime_wasm::limits::Limits;
use smime_wasm::path::revocation::{
    Crl, IssuerOnly, NeedRevocation, OcspRequest, OcspResponse, Reason, Request, Revocation,
    RevocationStatus, Source, check,
};

use crate::common::{NOW, Pki, env, openssl};

/// A CA's books, in a folder of their own.
struct Books(PathBuf);

/// The first of 2024, and of the year before.
const REVOKED_AT: Time = Time::from_secs(1_704_067_200);
const BEFORE: Time = Time::from_secs(1_672_531_200);

impl Books {
    /// With what is said of some people: alice revoked for a reason, or nothing.
    fn open(name: &str, people: &[(&str, Option<&str>)]) -> Books {
        let folder = Pki::get().folder.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let books = Books(folder);
        books.write(people);
        books
    }

    fn write(&self, people: &[(&str, Option<&str>)]) {
        let index: String = people
            .iter()
            .map(|(name, reason)| {
                let certificate = Pki::get().certificate(name);
                let serial: String =
                    certificate.serial_number().iter().map(|b| format!("{b:02X}")).collect();
                let (state, date) = match reason {
                    Some(reason) => ("R", format!("240101000000Z,{reason}")),
                    None => ("V", String::new()),
                };
                format!("{state}\t20991231235959Z\t{date}\t{serial}\tunknown\t/CN={name}\n")
            })
            .collect();
        std::fs::write(self.0.join("index.txt"), index).unwrap();
    }

    fn run(&self, arguments: &str) -> Vec<u8> {
        let arguments: Vec<_> = arguments.split(' ').collect();
        openssl(&self.0, &arguments, b"").unwrap()
    }

    /// With these lines of extensions.
    fn crl(&self, number: u32, extensions: &str) -> Crl {
        let config = format!(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\n\
             crl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n{extensions}\n"
        );
        std::fs::write(self.0.join("ca.cnf"), config).unwrap();
        std::fs::write(self.0.join("number"), format!("{number:02X}\n")).unwrap();
        self.run(
            "ca -config ca.cnf -gencrl -crldays 36500 -cert ../ca.pem -keyfile ../ca.key -out a.pem",
        );
        let der = self.run("crl -in a.pem -outform DER");
        Crl::from_der(der, &Limits::default()).unwrap()
    }

    fn response(&self, request: &OcspRequest, signer: &str) -> OcspResponse {
        std::fs::write(self.0.join("request"), request.der()).unwrap();
        self.run(&format!(
            "ocsp -index index.txt -CA ../ca.pem -rsigner ../{signer}.pem -rkey ../{signer}.key \
             -ndays 36500 -reqin request -respout response"
        ));
        let der = std::fs::read(self.0.join("response")).unwrap();
        OcspResponse::from_der(&der, &Limits::default()).unwrap()
    }
}

fn ask_at(
    at: Time,
    crls: &[Crl],
    ocsp_responses: &[OcspResponse],
    who: &Certificate,
) -> RevocationStatus {
    let issuer = Pki::get().certificate("ca");
    let request = Request {
        certificate: who,
        issuer: &issuer,
        issuer_key: issuer.public_key(),
        at,
        now: NOW,
        crls,
        ocsp_responses,
        accept_weak_digests: false,
    };
    check(&request, &mut IssuerOnly)
}

fn revoked(reason: Reason, source: Source) -> RevocationStatus {
    let (revoked_at, invalidity_date) = (REVOKED_AT, None);
    RevocationStatus::Revoked(Revocation { revoked_at, reason, invalidity_date, source })
}

fn code(status: RevocationStatus) -> ProblemCode {
    match status {
        RevocationStatus::Unknown(problem) => problem.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn crls_of_openssl_are_believed() {
    let pki = Pki::get();
    let books = Books::open("crl", &[("alice", Some("superseded")), ("bob", None)]);
    let (alice, bob) = (pki.certificate("alice"), pki.certificate("bob"));
    let crls = [books.crl(1, "")];
    let superseded = revoked(Reason::Superseded, Source::Crl);
    assert_eq!(ask_at(NOW, &crls, &[], &alice), superseded);
    assert_eq!(ask_at(REVOKED_AT, &crls, &[], &alice), superseded);
    assert_eq!(ask_at(BEFORE, &crls, &[], &alice), RevocationStatus::Good);
    assert_eq!(ask_at(NOW, &crls, &[], &bob), RevocationStatus::Good);
    // A hundred years and more from now it is out of date, but a revocation lasts.
    let late = Time::from_secs(4_998_988_800);
    assert_eq!(ask_at(late, &crls, &[], &alice), superseded);
    assert_eq!(code(ask_at(late, &crls, &[], &bob)), ProblemCode::RevocationStale);
    assert_eq!(code(ask_at(NOW, &[], &[], &bob)), ProblemCode::RevocationUnknown);
    books.write(&[("alice", Some("keyCompromise"))]);
    let crls = [books.crl(2, "")];
    assert_eq!(ask_at(BEFORE, &crls, &[], &alice), revoked(Reason::KeyCompromise, Source::Crl));
    // Extensions that nobody knows, and a scope that leaves her out.
    let crls = [books.crl(3, "1.2.3.4=critical,DER:0500")];
    assert_eq!(code(ask_at(NOW, &crls, &[], &bob)), ProblemCode::RevocationCriticalExtension);
    let crls = [books.crl(4, "issuingDistributionPoint=critical,@i\n[i]\nonlyCA=TRUE")];
    assert_eq!(code(ask_at(NOW, &crls, &[], &bob)), ProblemCode::RevocationNotCovered);
    let some = |reasons: &str| {
        let extension =
            format!("issuingDistributionPoint=critical,@i\n[i]\nonlysomereasons={reasons}");
        books.crl(5, &extension)
    };
    let halves = [
        some("keyCompromise,CACompromise,superseded"),
        some(
            "affiliationChanged,cessationOfOperation,certificateHold,privilegeWithdrawn,AACompromise",
        ),
    ];
    assert_eq!(ask_at(NOW, &halves, &[], &bob), RevocationStatus::Good);
    for half in halves {
        assert_eq!(code(ask_at(NOW, &[half], &[], &bob)), ProblemCode::RevocationNotCovered);
    }
}

#[test]
fn what_is_to_be_fetched_is_what_the_certificate_says() {
    let pki = Pki::get();
    let extensions = "crlDistributionPoints=a,b,c\n\
        freshestCRL=URI:http://crl.example.com/delta.crl\n\
        authorityInfoAccess=OCSP;URI:http://ocsp.example.com/,OCSP;URI:http://10.0.0.1/,\
        caIssuers;URI:http://example.com/ca.cer\n\
        [a]\nfullname=URI:ldap://example.com/cn=x,URI:http://crl.example.com/a.crl,URI:https://b.example.com/a.crl\n\
        [b]\nfullname=URI:http://localhost/b.crl\n\
        [c]\nfullname=URI:http://crl.example.com/c.crl\nreasons=keyCompromise,CACompromise\n";
    std::fs::write(pki.folder.join("pointers.ext"), extensions).unwrap();
    let extra = ["-extfile", "pointers.ext", "-days", "36500", "-sha256"];
    pki.issue_key("pointers", "/CN=pointers", Some("ca"), &["rsa:2048"], &extra);
    let need = NeedRevocation::new(&pki.certificate("pointers"), &pki.certificate("ca"));
    assert_eq!(need.ocsp, ["http://ocsp.example.com/"]);
    let a = vec!["http://crl.example.com/a.crl", "https://b.example.com/a.crl"];
    assert_eq!(need.crls, [a, vec!["http://crl.example.com/c.crl"]]);
    assert_eq!(need.delta_crls, [["http://crl.example.com/delta.crl"]]);
    let nothing = NeedRevocation::new(&pki.certificate("alice"), &pki.certificate("ca"));
    assert!(nothing.is_empty() && !need.is_empty());
}

#[test]
fn a_delta_crl_lifts_a_hold_and_revokes_others() {
    let pki = Pki::get();
    let books = Books::open("delta", &[("alice", Some("certificateHold"))]);
    let (alice, bob) = (pki.certificate("alice"), pki.certificate("bob"));
    let base = books.crl(1, "");
    assert_eq!(
        ask_at(NOW, from_ref(&base), &[], &alice),
        revoked(Reason::CertificateHold, Source::Crl)
    );
    books.write(&[("alice", Some("removeFromCRL")), ("bob", Some("superseded"))]);
    let delta = books.crl(2, "2.5.29.27=critical,DER:020101");
    assert_eq!(code(ask_at(NOW, from_ref(&delta), &[], &bob)), ProblemCode::RevocationUnknown);
    let both = [delta, base.clone()];
    assert_eq!(ask_at(NOW, &both, &[], &alice), RevocationStatus::Good);
    assert_eq!(ask_at(NOW, &both, &[], &bob), revoked(Reason::Superseded, Source::Crl));
    // What is no hold ends with the certificate only, and was one while it lasted (RFC 5280, 5.3.1).
    books.write(&[("alice", Some("superseded"))]);
    let delta_of_hold = both[0].clone();
    let ended = [books.crl(1, ""), delta_of_hold];
    assert_eq!(ask_at(NOW, &ended, &[], &alice), revoked(Reason::Superseded, Source::Crl));
    // One that starts from a later CRL does not go with this one.
    let later = [books.crl(4, "2.5.29.27=critical,DER:020103"), base];
    assert_eq!(ask_at(NOW, &later, &[], &bob), RevocationStatus::Good);
}

#[test]
fn responses_of_openssl_are_believed() {
    let pki = Pki::get();
    let books = Books::open("ocsp", &[("alice", Some("superseded")), ("bob", None)]);
    let issue = |name: &str, usage: &str| {
        std::fs::write(books.0.join("responder.ext"), usage).unwrap();
        let extra = ["-extfile", "ocsp/responder.ext", "-days", "36500", "-sha256"];
        pki.issue_key(name, &format!("/CN={name}"), Some("ca"), &["rsa:2048"], &extra);
    };
    issue("responder", "extendedKeyUsage=OCSPSigning\nnoCheck=ignored\n");
    issue("impostor", "extendedKeyUsage=emailProtection\n");
    let ca = pki.certificate("ca");
    let people = ["alice", "bob", "mallory"].map(|name| pki.certificate(name));
    for signer in ["ca", "responder"] {
        let [alice, bob, mallory] = people.each_ref().map(|person| {
            let request = OcspRequest::new(&mut env(1), person, &ca);
            let responses = [books.response(&request, signer).answering(&request)];
            let others = OcspRequest::new(&mut env(2), person, &ca);
            let [response] = responses.clone();
            let replayed = [response.answering(&others)];
            assert_eq!(code(ask_at(NOW, &[], &replayed, person)), ProblemCode::RevocationNonce);
            (responses, person)
        });
        let ask = |at, (responses, person): &([_; 1], &_)| ask_at(at, &[], responses, person);
        assert_eq!(ask(NOW, &alice), revoked(Reason::Superseded, Source::Ocsp));
        assert_eq!(ask(NOW, &bob), RevocationStatus::Good);
        assert_eq!(code(ask(NOW, &mallory)), ProblemCode::RevocationNotKnown);
        // It tells nothing about others, and nothing a hundred years later.
        assert_eq!(code(ask_at(NOW, &[], &bob.0, &people[2])), ProblemCode::RevocationNotCovered);
        if signer == "ca" {
            assert_eq!(ask(BEFORE, &alice), RevocationStatus::Good);
            let late = Time::from_secs(4_998_988_800);
            assert_eq!(code(ask(late, &bob)), ProblemCode::RevocationStale);
        }
    }
    let request = OcspRequest::new(&mut env(1), &people[1], &ca);
    for signer in ["impostor", "mallory"] {
        let responses = [books.response(&request, signer)];
        assert_eq!(code(ask_at(NOW, &[], &responses, &people[1])), ProblemCode::RevocationSigner);
    }
    // A CRL speaks against what a response says.
    let good = [books.response(&request, "ca")];
    books.write(&[("bob", Some("cessationOfOperation"))]);
    let crls = [books.crl(1, "")];
    assert_eq!(
        ask_at(NOW, &crls, &good, &people[1]),
        revoked(Reason::CessationOfOperation, Source::Crl)
    );
}
