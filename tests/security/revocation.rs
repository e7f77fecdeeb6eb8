//! CRLs and OCSP responses that are altered, cut or huge (attacks 20 to 22): nothing makes a revoked
//! certificate good, and what is too much is told.

use smime_wasm::asn1::{algorithm_der, constructed, primitive, tag};
use smime_wasm::cert::Certificate;
use smime_wasm::crypto::SignatureCheck;
use smime_wasm::env::Time;
use smime_wasm::error::{Detail, Problem, ProblemCode};
use smime_wasm::limits::Limits;
use smime_wasm::path::revocation::{
    ChainRequest, Crl, IssuerOnly, OcspRequest, OcspResponse, Request, RevocationStatus, check,
    check_chain,
};
use smime_wasm::path::{Pool, Session};

use crate::common::{NOW, Pki, env, openssl};

/// What `openssl` says of alice, who is revoked: as a CRL, and as a response by her issuer.
fn alice_revoked() -> (Vec<u8>, Vec<u8>) {
    let pki = Pki::get();
    let (alice, ca) = (pki.certificate("alice"), pki.certificate("ca"));
    let serial: String = alice.serial_number().iter().map(|b| format!("{b:02X}")).collect();
    let index = format!("R\t991231235959Z\t240101000000Z,superseded\t{serial}\tunknown\t/CN=a\n");
    let folder = pki.folder.join("revoked");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("index.txt"), index).unwrap();
    let config = "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\n";
    std::fs::write(folder.join("ca.cnf"), config).unwrap();
    let run = |arguments: &str, input: &[u8]| {
        let arguments: Vec<_> = arguments.split(' ').collect();
        openssl(&folder, &arguments, input).unwrap()
    };
    let signer = "-cert ../ca.pem -keyfile ../ca.key";
    run(&format!("ca -config ca.cnf -gencrl -crldays 36500 {signer} -out a.pem"), b"");
    let crl = run("crl -in a.pem -outform DER", b"");
    let request = OcspRequest::new(&mut env(1), &alice, &ca);
    std::fs::write(folder.join("request"), request.der()).unwrap();
    run(
        "ocsp -index index.txt -CA ../ca.pem -rsigner ../ca.pem -rkey ../ca.key -ndays 36500 \
         -reqin request -respout response",
        b"",
    );
    (crl, std::fs::read(folder.join("response")).unwrap())
}

fn ask(crls: &[Crl], ocsp_responses: &[OcspResponse], who: &Certificate) -> RevocationStatus {
    let issuer = Pki::get().certificate("ca");
    let request = Request {
        certificate: who,
        issuer: &issuer,
        issuer_key: issuer.public_key(),
        at: NOW,
        now: NOW,
        crls,
        ocsp_responses,
        accept_weak_digests: false,
    };
    check(&request, &mut IssuerOnly)
}

/// The status of alice by something; `None` if it can't be read.
type Ask<'a> = &'a dyn Fn(Vec<u8>) -> Option<RevocationStatus>;

#[test]
fn nothing_cut_or_altered_makes_a_revoked_certificate_good() {
    let alice = Pki::get().certificate("alice");
    let (crl, response) = alice_revoked();
    let limits = Limits::default();
    let by_crl = |der: Vec<u8>| Some(ask(&[Crl::from_der(der, &limits).ok()?], &[], &alice));
    let by_ocsp =
        |der: Vec<u8>| Some(ask(&[], &[OcspResponse::from_der(&der, &limits).ok()?], &alice));
    let ways: [(&[u8], Ask<'_>); 2] = [(&crl, &by_crl), (&response, &by_ocsp)];
    for (der, ask) in ways {
        assert!(matches!(ask(der.to_vec()), Some(RevocationStatus::Revoked(_))));
        for length in 0..der.len() {
            assert_eq!(ask(der[..length].to_vec()), None);
        }
        let mut unknown = 0;
        for at in 0..der.len() {
            for change in [1, 0x80, 0xff, der[at], der[at] ^ 0x30] {
                let mut changed = der.to_vec();
                changed[at] ^= change;
                match ask(changed) {
                    Some(RevocationStatus::Good) => panic!("good with byte {at} changed"),
                    Some(RevocationStatus::Unknown(_)) => unknown += 1,
                    Some(RevocationStatus::Revoked(_)) | None => {}
                }
            }
        }
        assert!(unknown > der.len());
    }
}

/// Nor does a CRL, or a response, that says nothing against her and is not by her issuer.
#[test]
fn what_others_say_does_not_count() {
    let pki = Pki::get();
    let alice = pki.certificate("alice");
    let (crl, _) = alice_revoked();
    let limits = Limits::default();
    let empty = crl_of(b"", "mallory");
    let status = ask(&[Crl::from_der(empty, &limits).unwrap()], &[], &alice);
    let RevocationStatus::Unknown(problem) = status else { panic!("{status:?}") };
    assert_eq!(problem.code, ProblemCode::RevocationBadSignature);
    let both = [crl_of(b"", "ca"), crl].map(|der| Crl::from_der(der, &limits).unwrap());
    assert_eq!(ask(&both[..1], &[], &alice), RevocationStatus::Good);
    assert!(matches!(ask(&both, &[], &alice), RevocationStatus::Revoked(_)));
}

/// A CA may leave out a certificate that has expired, which says nothing then (RFC 5280, 5).
#[test]
fn a_crl_does_not_speak_for_those_who_had_expired() {
    let pki = Pki::get();
    let alice = pki.certificate("alice");
    let issuer = pki.certificate("ca");
    let dates = ["21300101000000Z", "21310101000000Z"];
    assert!(alice.not_after() < Time::from_secs(5_049_129_600), "in 2130");
    let listed = [
        &[0x30, 17 + alice.serial_number().len() as u8],
        primitive(tag::INTEGER, alice.serial_number()).as_slice(),
        b"\x17\x0d240101000000Z",
    ]
    .concat();
    let ask_in = |now: i64, entries: &[u8]| {
        let crl = Crl::from_der(crl_between(dates, entries, "ca"), &Limits::default()).unwrap();
        let request = Request {
            certificate: &alice,
            issuer: &issuer,
            issuer_key: issuer.public_key(),
            at: NOW,
            now: Time::from_secs(now),
            crls: &[crl],
            ocsp_responses: &[],
            accept_weak_digests: false,
        };
        match check(&request, &mut IssuerOnly) {
            RevocationStatus::Unknown(problem) => problem.code.as_str(),
            RevocationStatus::Revoked(_) => "revoked",
            RevocationStatus::Good => "good",
        }
    };
    assert_eq!(ask_in(5_060_000_000, &[]), "revocation/not-covered");
    assert_eq!(ask_in(5_060_000_000, &listed), "revoked");
    assert_eq!(ask_in(NOW.as_secs(), &[]), "revocation/not-yet-valid");
}

/// A CRL of the CA of [`Pki`] with these entries, signed with somebody's key.
fn crl_of(entries: &[u8], signer: &str) -> Vec<u8> {
    crl_between(["20391231000000Z", "20400201000000Z"], entries, signer)
}

/// The same with other dates.
fn crl_between(dates: [&str; 2], entries: &[u8], signer: &str) -> Vec<u8> {
    let pki = Pki::get();
    let algorithm = algorithm_der("1.2.840.113549.1.1.11".parse().unwrap(), &[5, 0]);
    let ca = pki.certificate("ca");
    let entries = primitive(tag::SEQUENCE, entries);
    let [this_update, next_update] =
        dates.map(|date| primitive(tag::GENERALIZED_TIME, date.as_bytes()));
    let fields: [&[u8]; 6] =
        [b"\x02\x01\x01", &algorithm, ca.subject(), &this_update, &next_update, &entries];
    let tbs = constructed(tag::SEQUENCE, &fields);
    let key = format!("{signer}.key");
    let signature = openssl(&pki.folder, &["dgst", "-sha256", "-sign", &key], &tbs).unwrap();
    let signature = primitive(tag::BIT_STRING, &[&[0], signature.as_slice()].concat());
    constructed(tag::SEQUENCE, &[&tbs, &algorithm, &signature])
}

/// A certificate of the CA for alice's key with this serial number.
fn with_serial(name: &str, serial: &str) -> Certificate {
    let arguments = format!(
        "x509 -req -in alice.csr -CA ca.pem -CAkey ca.key -days 36500 -set_serial {serial} -out {name}.pem"
    );
    let arguments: Vec<_> = arguments.split(' ').collect();
    openssl(&Pki::get().folder, &arguments, b"").unwrap();
    Pki::get().certificate(name)
}

/// 500,000 entries of 35 bytes, whose 16 octets of serial number `serial` makes.
fn large(serial: impl Fn(u64) -> [u8; 16]) -> Vec<u8> {
    let mut entries = Vec::with_capacity(17_500_000);
    for number in 0..500_000 {
        entries.extend_from_slice(&[0x30, 33, 2, 16]);
        entries.extend_from_slice(&serial(number));
        entries.extend_from_slice(b"\x17\x0d240101000000Z");
    }
    entries
}

#[test]
fn a_crl_of_17_mb_is_searched_and_one_beyond_the_limit_refused() {
    let pki = Pki::get();
    let (alice, ca) = (pki.certificate("alice"), pki.certificate("ca"));
    // Not among them, but alike; and the one that all are.
    let outsider = with_serial("outsider", "0x20000000000000000000000000000000");
    let victim = with_serial("victim", "0x11111111111111111111111111111111");
    let limits = Limits::default();
    // Random ones; alike but for the first octets; all the same.
    let random = |number: u64| {
        let high = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1 | 1 << 62;
        let low = number.wrapping_mul(0xd134_2543_de82_ef95);
        (u128::from(high) << 64 | u128::from(low)).to_be_bytes()
    };
    let alike = |number: u64| (u128::from(number | 1 << 62) << 64).to_be_bytes();
    let same = |_: u64| [0x11; 16];
    let mut total = 0;
    for (name, entries) in
        [("random", large(random)), ("alike", large(alike)), ("same", large(same))]
    {
        let der = crl_of(&entries, "ca");
        total += der.len();
        let crl = Crl::from_der(der, &limits).unwrap();
        assert_eq!(crl.verify(ca.public_key()), Some(SignatureCheck::Holds));
        // Where its entries stand is found out by the first look-up; the second relies on it.
        for _ in 0..2 {
            assert_eq!(crl.find(&alice), Ok(None));
            assert_eq!(crl.find(&outsider), Ok(None));
            assert_eq!(crl.find(&victim).unwrap().is_some(), name == "same");
        }
        assert_eq!(ask(&[crl], &[], &alice), RevocationStatus::Good);
    }
    assert!(total > 3 * 17_000_000);
    let error = Crl::from_der(vec![0; limits.crl_bytes + 1], &limits).unwrap_err();
    assert_eq!(error.code(), "limit/crl-bytes");
}

#[test]
fn a_budget_that_revocation_spends_is_named() {
    let pki = Pki::get();
    let (alice, ca) = (pki.certificate("alice"), pki.certificate("ca"));
    let (crl, response) = alice_revoked();
    let limits = Limits { path_signatures: 0, ..Limits::default() };
    let chain = [alice, ca.clone()];
    let pool = Pool::new([ca.into()], []);
    let ask = |crls: &[Crl], ocsp_responses: &[OcspResponse]| {
        let request = ChainRequest {
            chain: &chain,
            pool: &pool,
            at: NOW,
            now: NOW,
            crls,
            ocsp_responses,
            accept_weak_digests: false,
        };
        check_chain(&request, &mut Session::new(&limits)).remove(0)
    };
    let spent = Problem::new(ProblemCode::PathBudget)
        .with_text("limit", "pathSignatures")
        .with("allowed", Detail::Number(0));
    let crl = Crl::from_der(crl, &limits).unwrap();
    assert_eq!(ask(&[crl], &[]), RevocationStatus::Unknown(spent.clone()));
    let response = OcspResponse::from_der(&response, &limits).unwrap();
    assert_eq!(ask(&[], &[response]), RevocationStatus::Unknown(spent));
}
