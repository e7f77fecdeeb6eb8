//! CRLs and OCSP responses of others, through `path::revocation` alone. Paths with CRLs are in `pkits` and
//! `limbo`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use smime_wasm::cert::{Certificate, ComparableName, pem_blocks};
use smime_wasm::crypto::{PublicKey, SignatureCheck, Signed};
use smime_wasm::env::Time;
use smime_wasm::error::ProblemCode;
use smime_wasm::limits::Limits;
use smime_wasm::path;
use smime_wasm::path::revocation::{
    Crl, IssuerOnly, OcspResponse, Request, ResponseStatus, RevocationStatus, check,
};

use crate::common::vectors;
use crate::paths::moment;

fn certificate(file: &Path) -> Certificate {
    let bytes = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    match pem_blocks(&bytes).first() {
        Some(block) => Certificate::from_der(&block.bytes).unwrap(),
        None => Certificate::from_der(&bytes).unwrap(),
    }
}

fn is_signed_by(certificate: &Certificate, key: &PublicKey) -> bool {
    let signed = Signed::Message(certificate.tbs());
    let algorithm = certificate.signature_algorithm().unwrap();
    key.verify(algorithm, signed, certificate.signature()) == Some(SignatureCheck::Holds)
}

/// `.ors` files are base64 without a label.
fn ocsp_response(file: &Path) -> OcspResponse {
    let text = std::fs::read(file).unwrap();
    let der = smime_wasm::bytes::base64::decode(&text).unwrap();
    OcspResponse::from_der(&der, &Limits::default()).unwrap()
}

#[test]
fn ocsp_responses_are_believed_as_certvalidator_does() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("certvalidator");
    let cases = std::fs::read_to_string(folder.join("expected-ocsp.json")).unwrap();
    let cases: serde_json::Value = serde_json::from_str(&cases).unwrap();
    let folder = folder.join("openssl-ocsp");
    let cases = cases["ocsp_info"].as_array().unwrap();
    assert_eq!(cases.len(), 28);
    for case in cases {
        let name = case[0].as_str().unwrap();
        let read = |file: &serde_json::Value| certificate(&folder.join(file.as_str().unwrap()));
        let mut path = vec![read(&case[3])];
        path.extend(case[2].as_array().unwrap().iter().map(read));
        path.push(read(&case[1]));
        let responses = case[4].as_array().unwrap().iter();
        let responses: Vec<_> =
            responses.map(|file| ocsp_response(&folder.join(file.as_str().unwrap()))).collect();
        let at = datetime(case[6].as_str().unwrap());
        // Where there is one response, certvalidator asks nothing of the intermediate.
        let asked = responses.len().min(path.len() - 1);
        let statuses: Vec<_> = path
            .windows(2)
            .take(asked)
            .map(|pair| {
                assert!(is_signed_by(&pair[0], pair[1].public_key()), "{name}");
                let request = Request {
                    certificate: &pair[0],
                    issuer: &pair[1],
                    issuer_key: pair[1].public_key(),
                    at,
                    now: at,
                    crls: &[],
                    ocsp_responses: &responses,
                    accept_weak_digests: true,
                };
                let weak = Request { accept_weak_digests: false, ..request };
                assert_ne!(check(&weak, &mut IssuerOnly), RevocationStatus::Good, "{name}");
                check(&request, &mut IssuerOnly)
            })
            .collect();
        let wanted = match case[8].as_str() {
            None => None,
            Some(text) if text.contains("verify OCSP response signature") => {
                Some(ProblemCode::RevocationBadSignature)
            }
            Some(text) if text.contains("certificate could not be") => {
                Some(ProblemCode::RevocationSigner)
            }
            Some(_) => Some(ProblemCode::RevocationNotCovered),
        };
        let found = statuses.iter().find_map(|status| match status {
            RevocationStatus::Unknown(problem) => Some(problem.code),
            RevocationStatus::Revoked(_) => Some(ProblemCode::RevocationRevoked),
            RevocationStatus::Good => None,
        });
        assert_eq!(found, wanted, "{name}: {statuses:?}");
    }
}

/// `datetime(2012, 10, 12, 0, 0, 0, tzinfo=timezone.utc)`
fn datetime(text: &str) -> Time {
    let numbers: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap())
        .collect();
    let [year, month, day, hour, minute, second] = numbers.try_into().unwrap();
    moment(&format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// All certificates and CRLs of PKITS.
struct Pkits {
    certificates: Vec<(String, Certificate)>,
    crls: Vec<(String, Crl)>,
}

impl Pkits {
    fn read(folder: &Path) -> Pkits {
        let certificates = files(&folder.join("certs"))
            .into_iter()
            .filter_map(|(name, bytes)| Some((name, Certificate::from_der(&bytes).ok()?)))
            .collect();
        let crls = files(&folder.join("crls"))
            .into_iter()
            .filter_map(|(name, bytes)| {
                let crl = Crl::from_der(bytes, &Limits::default()).ok();
                // Its signature has 2047 bits.
                assert_eq!(crl.is_none(), name == "badcrlsignaturecacrl", "{name}");
                Some((name, crl?))
            })
            .collect();
        Pkits { certificates, crls }
    }

    fn named(&self, name: &str) -> Option<&Certificate> {
        self.certificates.iter().find(|(known, _)| known == name).map(|(_, found)| found)
    }

    fn of_name(&self, name: &ComparableName) -> Vec<Certificate> {
        let all = self.certificates.iter().map(|(_, certificate)| certificate);
        all.filter(|certificate| certificate.comparable_subject() == name).cloned().collect()
    }
}

/// By names in lower case, without what follows a dot.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_lowercase();
    paths.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

/// Every CRL can be read, its entries too, and all but the intended are signed by a certificate of their
/// issuer.
#[test]
fn crls_of_pkits_are_signed() {
    let Some(vectors) = vectors() else { return };
    let pkits = Pkits::read(&vectors.join("pkits"));
    assert_eq!(pkits.crls.len(), 172);
    let anybody = pkits.named("goodcacert").unwrap();
    let is_unsigned = |crl: &Crl| {
        assert!(crl.find(anybody).is_ok());
        let signers = pkits.of_name(crl.issuer());
        !signers.iter().any(|signer| crl.verify(signer.public_key()) == Some(SignatureCheck::Holds))
    };
    let unsigned: BTreeSet<_> = pkits
        .crls
        .iter()
        .filter(|(_, crl)| is_unsigned(crl))
        .map(|(name, _)| name.as_str())
        .collect();
    // The key of the third has no parameters of its own.
    let intended = [
        "badcrlissuernamecacrl",
        "badsignedcacrl",
        "dsaparametersinheritedcacrl",
        "twocrlscabadcrl",
    ];
    assert_eq!(unsigned, BTreeSet::from(intended));
}

/// A real CRL of 1.2 MB.
#[test]
fn a_large_crl_is_read() {
    let Some(vectors) = vectors() else { return };
    let der = std::fs::read(vectors.join("asn1crypto/eid2011.crl")).unwrap();
    let limits = Limits { crl_bytes: der.len(), ..Limits::default() };
    let crl = Crl::from_der(der.clone(), &limits).unwrap();
    assert_eq!(crl.unknown_critical_extension(), Ok(None));
    assert!(crl.number().is_some() && crl.next_update() > Some(crl.this_update()));
    let limits = Limits { crl_bytes: der.len() - 1, ..limits };
    assert_eq!(Crl::from_der(der, &limits).unwrap_err().code(), "limit/crl-bytes");
}

/// openssl/ocsp-tests: the names are those of 80-test_ocsp.t, and what they say is what comes out. The
/// files that are left are the set-up of a server, without a response.
#[test]
fn ocsp_responses_of_openssl_are_believed_as_their_names_say() {
    use ProblemCode::{
        PathUnknownIssuer, RevocationBadSignature, RevocationNotCovered, RevocationSigner,
    };
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("openssl/ocsp-tests");
    let mut used = BTreeSet::new();
    for (name, kind, issuer_kind, wanted) in [
        ("valid", "", "", None),
        ("invalid signature on the response", "ISOP_", "", Some(RevocationBadSignature)),
        ("wrong responderID", "WRID_", "", Some(RevocationSigner)),
        ("wrong issuerNameHash", "WINH_", "", Some(RevocationNotCovered)),
        ("wrong issuerKeyHash", "WIKH_", "", Some(RevocationNotCovered)),
        ("wrong key in the responder's certificate", "WKDOSC_", "", Some(RevocationSigner)),
        ("invalid signature on it", "ISDOSC_", "", Some(RevocationSigner)),
        // CertIDs are about the target's issuer field (RFC 6960, 4.1.1): the path finds it out.
        ("wrong subject in the issuer's certificate", "", "WSNIC_", Some(PathUnknownIssuer)),
        ("wrong key in the issuer's certificate", "", "WKIC_", Some(RevocationNotCovered)),
        // Whether the issuer's certificate is good is for the path to say.
        ("invalid signature on the issuer's certificate", "", "ISIC_", None),
    ] {
        for (set, target, issuer) in [
            ("ND1", "ND1_Cert_EE", "ND1_Issuer_ICA"),
            ("ND1", "ND1_Cert_EE", "ND1_Issuer_ICA-Cross"),
            ("ND2", "ND2_Cert_ICA", "ND2_Issuer_Root"),
            ("ND3", "ND3_Cert_EE", "ND3_Issuer_Root"),
            ("D1", "D1_Cert_EE", "D1_Issuer_ICA"),
            ("D2", "D2_Cert_ICA", "D2_Issuer_Root"),
            ("D3", "D3_Cert_EE", "D3_Issuer_Root"),
        ] {
            let delegates = set.starts_with('D');
            let files = [
                format!("{kind}{set}.ors"),
                format!("{target}.pem"),
                format!("{issuer_kind}{issuer}.pem"),
            ];
            let is_there = |file: &String| folder.join(file).exists();
            if !files.iter().all(is_there) {
                let known = issuer.ends_with("-Cross") || (!delegates && kind.contains("DOSC"));
                assert!(known, "{files:?}");
                continue;
            }
            let [response, target, issuer] = &files;
            let response = ocsp_response(&folder.join(response));
            let (target, issuer) =
                (certificate(&folder.join(target)), certificate(&folder.join(issuer)));
            let before_the_next = response.next_update().unwrap().as_secs() - 60 * 60;
            let at = Time::from_secs(before_the_next.min(moment("2012-10-30T00:00:00Z").as_secs()));
            let request = Request {
                certificate: &target,
                issuer: &issuer,
                issuer_key: issuer.public_key(),
                at,
                now: at,
                crls: &[],
                ocsp_responses: &[response],
                accept_weak_digests: true,
            };
            let found = if target.comparable_issuer() == issuer.comparable_subject() {
                match check(&request, &mut IssuerOnly) {
                    RevocationStatus::Good => None,
                    RevocationStatus::Unknown(problem) => Some(problem.code),
                    RevocationStatus::Revoked(_) => Some(ProblemCode::RevocationRevoked),
                }
            } else {
                let pool = path::Pool::new([path::TrustAnchor::from(issuer.clone())], []);
                let request = path::Request::new(&target, &pool, at, path::Purpose::Any);
                let mut session = path::Session::new(&Limits::default());
                path::check(&request, &mut session).problems.first().map(|problem| problem.code)
            };
            assert_eq!(found, wanted, "{name}: {files:?}");
            used.extend(files);
        }
    }
    let present = std::fs::read_dir(&folder).unwrap();
    let left: Vec<_> = present
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|file| !used.contains(file))
        .collect();
    let left: BTreeSet<&str> = left.iter().map(String::as_str).collect();
    let expected = [
        // A root without a response of its own.
        "ND1_Cross_Root.pem",
        "ca.cnf",
        "index.txt",
        "index.txt.attr",
        "intermediate-cert.pem",
        "intermediate-csr.pem",
        "intermediate-key.pem",
        "ocsp.pem",
        "root-cert.pem",
        "root-key.pem",
        "server-cert.pem",
        "server-csr.pem",
        "server-key.pem",
        "server.pem",
    ];
    assert_eq!(left, BTreeSet::from(expected));
}

/// pyca/x509/ocsp: responses without the certificates they are about. Those that no version of RFC 6960
/// allows are refused; of the others the status can be told.
#[test]
fn ocsp_responses_of_pyca_are_read_as_their_names_say() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("pyca/x509/ocsp");
    let mut seen = 0;
    for (name, der) in files(&folder).into_iter().filter(|(name, _)| name.contains("resp")) {
        if name == "req-acceptable-responses" {
            continue;
        }
        let found = match OcspResponse::from_der(&der, &Limits::default()) {
            Ok(response) => response.status().name().to_owned(),
            Err(error) => error.code().to_owned(),
        };
        let wanted = match name.as_str() {
            "resp-invalid-version"
            | "resp-response-type-unknown-oid"
            | "resp-successful-no-response-bytes"
            | "resp-unknown-response-status" => "malformed/ocsp",
            "resp-unauthorized" => "unauthorized",
            _ => "successful",
        };
        assert_eq!(found, wanted, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 17);
}

/// asn1crypto has a response of a real CA; that of OpenSSL's recipes has no nextUpdate. 80-test_ocsp_data
/// holds no response, but the certificate and key to make one.
#[test]
fn ocsp_responses_of_others_are_read() {
    let Some(vectors) = vectors() else { return };
    let read = |file: &str| std::fs::read(vectors.join(file)).unwrap();
    let der = read("openssl/recipes/ocsp-response.der");
    let response = OcspResponse::from_der(&der, &Limits::default()).unwrap();
    assert_eq!(response.status(), ResponseStatus::Successful);
    let der = read("asn1crypto/ocsp_response");
    let response = OcspResponse::from_der(&der, &Limits::default()).unwrap();
    assert_eq!(response.next_update(), Some(moment("2015-05-29T16:24:08Z")));
    let limits = Limits { ocsp_bytes: der.len() - 1, ..Limits::default() };
    assert_eq!(OcspResponse::from_der(&der, &limits).unwrap_err().code(), "limit/ocsp-bytes");
}
