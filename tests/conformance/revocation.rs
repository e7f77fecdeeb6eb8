//! CRLs and OCSP responses of others, through `path::revocation` alone. Paths with CRLs are in `pkits` and
//! `limbo`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use smime_wasm::cert::{Certificate, ComparableName, pem_blocks};
use smime_wasm::crypto::{PublicKey, SignatureCheck, Signed};
use smime_wasm::env::Time;
use smime_wasm::error::ProblemCode;
use smime_wasm::limits::Limits;
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

/// openssl/ocsp-tests are those of certvalidator; asn1crypto has a response of a real CA.
#[test]
fn ocsp_responses_of_others_are_read() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("openssl/ocsp-tests");
    let mut count = 0;
    for (name, bytes) in files(&folder) {
        if let Ok(der) = smime_wasm::bytes::base64::decode(&bytes)
            && let Ok(response) = OcspResponse::from_der(&der, &Limits::default())
        {
            assert_eq!(response.status(), ResponseStatus::Successful, "{name}");
            count += 1;
        }
    }
    assert_eq!(count, 36);
    let der = std::fs::read(vectors.join("asn1crypto/ocsp_response")).unwrap();
    let response = OcspResponse::from_der(&der, &Limits::default()).unwrap();
    assert_eq!(response.next_update(), Some(moment("2015-05-29T16:24:08Z")));
    let limits = Limits { ocsp_bytes: der.len() - 1, ..Limits::default() };
    assert_eq!(OcspResponse::from_der(&der, &limits).unwrap_err().code(), "limit/ocsp-bytes");
}
