//! What a message makes its reader work on never keeps a revocation from being seen: neither what was
//! asked for in vain, nor limits that others have used up (attacks 19 to 21).

use std::sync::LazyLock;

use smime_wasm::asn1::{constructed, primitive, tag};
use smime_wasm::cert::{Certificate, ComparableName};
use smime_wasm::crypto::{PublicKey, RsaScheme};
use smime_wasm::env::{Time, block_on};
use smime_wasm::error::{Detail, Problem, ProblemCode};
use smime_wasm::limits::Limits;
use smime_wasm::message::{
    Form, Include, OpenOptions, OpenedMessage, Openers, RevocationOptions, RevocationPolicy,
    RevocationVerdict, SignOptions, SignatureParameters, Status, VerifyOptions, VerifyResult, open,
    sign, verify,
};
use smime_wasm::path::revocation::{
    Crl, OcspRequest, OcspResponse, Request, RevocationStatus, Signers, check,
};

use crate::common::pointed::{At, Books, CRL, Host, ROOT_CRL, pki};
use crate::common::{MESSAGE, NOW, env};
use crate::path_search::Forged;

/// Root and CA have CRLs, and that of the CA lists pia.
fn host(name: &str) -> Host {
    let of_root = Books::open(&format!("{name}-root"), "root", &pki().certificate("pca"), None);
    Host::new([
        (ROOT_CRL, At::Data(of_root.crl(36_500))),
        (CRL, At::Data(pia_revoked(name).crl(36_500))),
    ])
}

fn pia_revoked(name: &str) -> Books {
    Books::open(name, "pca", &pki().certificate("pia"), Some("240101000000Z,superseded"))
}

/// [`MESSAGE`] by pia and, before her, by a stranger who says that the issuer's certificate is at the
/// address of pia's CRL.
static SIGNED_WITH_STRANGER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let pki = pki();
    let config = format!(
        "[0]\nbasicConstraints=critical,CA:TRUE\n\
         [eva]\nsubjectAltName=email:alice@example.com\nauthorityInfoAccess=caIssuers;URI:{CRL}\n"
    );
    std::fs::write(pki.folder.join("eva.cnf"), config).unwrap();
    for (name, issuer) in [("0", None), ("eva", Some("0"))] {
        let extra = ["-days", "36500", "-extfile", "eva.cnf", "-extensions", name];
        pki.issue_key(name, &format!("/CN={name}"), issuer, &["rsa:2048"], &extra);
    }
    let signers = [pki.identity_of("eva", "0"), pki.identity_of("pia", "pca")];
    let (form, scheme) = (Form::Detached, RsaScheme::Pkcs1v15);
    let include = Include::Certificate;
    let options = SignOptions {
        message: MESSAGE.into(),
        signers: &signers,
        protect_headers: false,
        parameters: SignatureParameters {
            form,
            digest: None,
            scheme,
            include,
            ..SignatureParameters::default()
        },
    };
    block_on(sign(&mut env(1), options)).unwrap()
});

fn soft<'a>(
    message: &'a [u8],
    intermediates: &[Certificate],
    crls: &[Crl],
    host: &Host,
) -> VerifyResult<'a> {
    let anchors = [pki().anchor()];
    let revocation = RevocationOptions {
        policy: Some(RevocationPolicy::Soft),
        crls,
        fetcher: Some(host),
        ..Default::default()
    };
    let options = VerifyOptions {
        trust_anchors: Some(&anchors),
        intermediates,
        revocation,
        ..VerifyOptions::new(message)
    };
    let result = block_on(verify(&mut env(1), options)).unwrap();
    VerifyResult { content: result.content.into_owned().into(), ..result }
}

#[test]
fn an_address_asked_for_an_issuer_is_asked_for_a_crl_again() {
    let host = host("stranger");
    let result = soft(&SIGNED_WITH_STRANGER, &[pki().certificate("pca")], &[], &host);
    let asked = host.take_asked();
    assert_eq!(asked[0], CRL, "the stranger comes first");
    assert_eq!(asked.iter().filter(|url| *url == CRL).count(), 2);
    let revocations: Vec<_> = result.signatures.iter().map(|one| one.revocation).collect();
    assert_eq!(revocations, [RevocationVerdict::Unchecked, RevocationVerdict::Revoked]);
    assert_eq!(result.status, Status::Unverified);
}

#[test]
fn strangers_issuers_leave_requests_for_revocation() {
    let strangers = (0..16).map(|serial| {
        let address = format!("http://evil.example.com/{serial}");
        let place = primitive(tag::context(6), address.as_bytes());
        let access = [b"\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02", place.as_slice()].concat();
        let value = constructed(tag::SEQUENCE, &[&constructed(tag::SEQUENCE, &[&access])]);
        let value = primitive(tag::OCTET_STRING, &value);
        let identifier = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x01";
        let extensions = [constructed(tag::SEQUENCE, &[identifier, &value])];
        let issuer = format!("nobody {serial}");
        Forged { issuer: &issuer, subject: "0", serial, extensions: &extensions }.certificate()
    });
    let known: Vec<_> = strangers.chain([pki().certificate("pca")]).collect();
    let host = host("many-strangers");
    let result = soft(&SIGNED_WITH_STRANGER, &known, &[], &host);
    assert!(host.take_asked().iter().any(|url| url.contains("evil")), "strangers are asked for");
    assert_eq!(result.signatures[1].revocation, RevocationVerdict::Revoked);
    assert_eq!(result.status, Status::Unverified);
}

/// A CRL that many of its issuer's name may have signed, and none did, takes all checks of signatures.
#[test]
fn a_budget_that_is_spent_before_revocation_is_known_makes_nobody_trusted() {
    let mut nobodys = pia_revoked("nobodys").crl(36_500);
    *nobodys.last_mut().unwrap() ^= 1;
    let crls = [Crl::from_der(nobodys, &Limits::default()).unwrap()];
    let namesakes = (0..250).map(|serial| {
        Forged { issuer: "nobody", subject: "pca", serial, extensions: &[] }.certificate()
    });
    let known: Vec<_> = namesakes.chain([pki().certificate("pca")]).collect();
    let message = crate::common::pointed::signed("pia", "pca", Include::Chain);
    let result = soft(&message, &known, &crls, &host("budget"));
    let codes: Vec<_> = result.signatures[0].problems.iter().map(|one| one.code).collect();
    assert!(codes.contains(&ProblemCode::PathBudget), "{codes:?}");
    assert_ne!(result.status, Status::Verified);
}

/// So many checks, and then no more.
struct Few(usize);

impl Signers for Few {
    fn of_name(&mut self, _: &ComparableName) -> Vec<Certificate> {
        Vec::new()
    }

    fn validate(&mut self, _: &Certificate, _: Time) -> Result<Option<PublicKey>, Problem> {
        Ok(None)
    }

    fn take_check(&mut self) -> Result<(), Problem> {
        let spent =
            || Problem::new(ProblemCode::PathBudget).with("allowed", Detail::Number(self.0 as u64));
        self.0 = self.0.checked_sub(1).ok_or_else(spent)?;
        Ok(())
    }
}

/// A response that says "good" is not the whole truth while a CRL could not be looked at.
#[test]
fn good_is_said_only_when_all_sources_were_asked() {
    let (pia, issuer) = (pki().certificate("pia"), pki().certificate("pca"));
    let request = OcspRequest::new(&mut env(1), &pia, &issuer);
    let good = Books::open("few-good", "pca", &pia, None).response(request.der());
    let responses = [OcspResponse::from_der(&good, &Limits::default()).unwrap()];
    let limits = Limits::default();
    let revoked = pia_revoked("few-revoked").crl(36_500);
    let ask = |checks| {
        let crls = [Crl::from_der(revoked.clone(), &limits).unwrap()];
        let request = Request {
            certificate: &pia,
            issuer: &issuer,
            issuer_key: issuer.public_key(),
            at: NOW,
            now: NOW,
            crls: &crls,
            ocsp_responses: &responses,
            accept_weak_digests: false,
        };
        check(&request, &mut Few(checks))
    };
    assert!(matches!(ask(2), RevocationStatus::Revoked(_)));
    let RevocationStatus::Unknown(problem) = ask(1) else { panic!("{:?}", ask(1)) };
    assert_eq!(problem.code, ProblemCode::PathBudget);
}

fn opened(message: String) -> OpenedMessage {
    let openers = Openers { identities: &[], passwords: &[], keys: &[] };
    let options =
        OpenOptions { openers, verify: VerifyOptions::new(&[]), may_fetch_unprotected: false };
    block_on(open(&mut env(1), message.into_bytes(), options)).unwrap()
}

/// Each encoded word without an end is read to the end of its field: of a megabyte of them, for hours.
#[test]
fn encoded_words_without_an_end_keep_nobody_waiting() {
    let people = "=?aa?q?x ".repeat(100_000);
    let opened_people = opened(format!("From: a@b.c\r\nTo: {people}\r\nSubject: x\r\n\r\nx"));
    let codes: Vec<&str> =
        opened_people.headers.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert!(codes.contains(&"header/too-many-addresses"), "{codes:?}");

    opened(format!("From: a@b.c\r\nSubject: {people}\r\n\r\nx"));

    let part = format!(
        "--b\r\nContent-Type: image/png; name=\"{}\"\r\n\r\nx\r\n",
        "=?aa?q?x ".repeat(1_700)
    );
    let opened_parts = opened(format!(
        "From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n",
        part.repeat(1_000)
    ));
    assert_eq!(opened_parts.view.unwrap().attachments.len(), 1_000);
}
