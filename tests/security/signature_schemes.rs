//! Every signature scheme refuses what was not signed, and keys do only what they are for.

use smime_wasm::asn1::{Reader, algorithm_der, constructed, oid_der, oids, primitive, tag};
use smime_wasm::cert::Identity;
use smime_wasm::cms::{Signature, Signer, Signing};
use smime_wasm::crypto::algorithms::DigestAlgorithm;
use smime_wasm::crypto::{PssParameters, RsaScheme, SignatureAlgorithm, SignatureCheck, Signed};
use smime_wasm::env::block_on;
use smime_wasm::message::{VerifyOptions, verify};

use crate::common::people::{PEOPLE, people};
use crate::common::{Pki, env};

const CONTENT: &[u8] = b"Content-Type: text/plain\r\n\r\nPay one euro.\r\n";

/// Someone for each scheme.
fn signers() -> Vec<(Identity, SignatureAlgorithm)> {
    let others = PEOPLE.iter().map(|(name, _, issuer)| people().identity_of(name, issuer));
    let with_rsa = [
        (Pki::get().identity("alice"), RsaScheme::Pkcs1v15),
        (Pki::get().identity("alice"), RsaScheme::Pss),
    ];
    with_rsa
        .into_iter()
        .chain(others.map(|identity| (identity, RsaScheme::Pkcs1v15)))
        .map(|(identity, scheme)| {
            let key = identity.certificate().public_key();
            let algorithm = key.signature_algorithm(scheme, None).unwrap();
            (identity, algorithm)
        })
        .collect()
}

/// A SignedData in DER, without certificates.
fn signed(identity: &Identity, algorithm: &SignatureAlgorithm) -> Vec<u8> {
    let signer = Signer { identity, algorithm: algorithm.clone(), encryption_certificate: None };
    let mut env = env(1);
    let signing = block_on(Signing::new(&mut env, CONTENT, false, &[signer], &[])).unwrap();
    let mut der = Vec::new();
    block_on(signing.write(&mut env, CONTENT, &mut der)).unwrap();
    der
}

/// Whether the one signature is intact; not even a SignedData is not.
fn is_intact(der: &[u8], identity: &Identity) -> bool {
    let intermediates = [identity.certificate().clone()];
    let options = VerifyOptions { intermediates: &intermediates, ..VerifyOptions::new(der) };
    match block_on(verify(&mut env(2), options)) {
        Ok(found) => found.signatures.iter().any(|s| s.integrity == Signature::Intact),
        Err(error) => {
            assert!(error.code().starts_with("malformed/") || error.code().starts_with("usage/"));
            false
        }
    }
}

/// The octets of the SignerInfo after its version: signer, algorithms, attributes, signature.
fn signer_info(der: &[u8]) -> core::ops::Range<usize> {
    let outer = Reader::only(der, tag::SEQUENCE).unwrap();
    let mut fields = outer.contents();
    fields.any().unwrap();
    let mut signed_data = fields.any().unwrap().contents().sequence().unwrap();
    let mut last = signed_data.any().unwrap();
    while !signed_data.is_empty() {
        last = signed_data.any().unwrap();
    }
    let info = last.contents().any().unwrap();
    let mut fields = info.contents();
    fields.expect(tag::INTEGER).unwrap();
    let first = fields.any().unwrap();
    der.len() - (first.raw.as_ptr() as usize..der.as_ptr_range().end as usize).len()..der.len()
}

#[test]
fn every_scheme_refuses_altered_content_attributes_and_signatures() {
    for (identity, algorithm) in signers() {
        let der = signed(&identity, &algorithm);
        assert!(is_intact(&der, &identity), "{algorithm:?}");
        let content = der.windows(CONTENT.len()).position(|w| w == CONTENT).unwrap();
        let info = signer_info(&der);
        assert!(info.len() > 200);
        // Every third octet, and all of the end, where the signature is.
        let places = (content..content + CONTENT.len()).chain(info.step_by(3));
        for at in places.chain(der.len() - 80..der.len()) {
            for bit in [1, 0x80] {
                let mut altered = der.clone();
                altered[at] ^= bit;
                assert!(!is_intact(&altered, &identity), "{algorithm:?}: octet {at}, bit {bit}");
            }
        }
    }
}

/// A SignedData whose one signature is over the content itself.
fn signed_without_attributes(identity: &Identity, algorithm: &SignatureAlgorithm) -> Vec<u8> {
    let sequence = |values: &[&[u8]]| constructed(tag::SEQUENCE, values);
    let explicit = |value: &[u8]| constructed(tag::context_constructed(0), &[value]);
    let certificate = identity.certificate();
    let signature = block_on(identity.key().sign(&mut env(1), algorithm, CONTENT)).unwrap();
    let digest = algorithm.digest().unwrap_or(DigestAlgorithm::Sha512);
    let digest = algorithm_der(digest.oid(), &[]);
    let serial_number = primitive(tag::INTEGER, certificate.serial_number());
    let info = sequence(&[
        &[tag::INTEGER, 1, 1],
        &sequence(&[certificate.issuer(), &serial_number]),
        &digest,
        &algorithm.to_der().unwrap(),
        &primitive(tag::OCTET_STRING, &signature),
    ]);
    let content = primitive(tag::OCTET_STRING, CONTENT);
    let signed_data = sequence(&[
        &[tag::INTEGER, 1, 1],
        &constructed(tag::SET, &[&digest]),
        &sequence(&[&oid_der(oids::DATA), &explicit(&content)]),
        &constructed(tag::SET, &[&info]),
    ]);
    sequence(&[&oid_der(oids::SIGNED_DATA), &explicit(&signed_data)])
}

#[test]
fn every_scheme_signs_content_without_attributes_and_refuses_other_content() {
    for (identity, algorithm) in signers() {
        let der = signed_without_attributes(&identity, &algorithm);
        assert!(is_intact(&der, &identity), "{algorithm:?}");
        let content = der.windows(CONTENT.len()).position(|w| w == CONTENT).unwrap();
        for at in (content..content + CONTENT.len()).chain(der.len() - 60..der.len()) {
            let mut altered = der.clone();
            altered[at] ^= 1;
            assert!(!is_intact(&altered, &identity), "{algorithm:?}: octet {at}");
        }
    }
}

#[test]
fn a_signature_of_one_key_or_scheme_holds_for_no_other() {
    let signers = signers();
    let signatures: Vec<Vec<u8>> = signers
        .iter()
        .map(|(identity, algorithm)| {
            block_on(identity.key().sign(&mut env(3), algorithm, CONTENT)).unwrap()
        })
        .collect();
    for (at, (identity, _)) in signers.iter().enumerate() {
        let key = identity.certificate().public_key();
        for (with, (_, algorithm)) in signers.iter().enumerate() {
            for (of, signature) in signatures.iter().enumerate() {
                let found = key.verify(algorithm, Signed::Message(CONTENT), signature);
                let holds = found == Some(SignatureCheck::Holds);
                let is_own = signers[of].0.certificate() == identity.certificate()
                    && signers[of].1 == *algorithm;
                assert_eq!(holds, is_own, "key {at}, scheme {with}, signature {of}");
            }
        }
    }
}

#[test]
fn a_key_for_pss_does_nothing_else() {
    let pss = people().identity_of("pss", "ca-pss");
    let sha384 = people().identity_of("pss-sha-384", "ca-pss");
    let v15 = SignatureAlgorithm::RsaPkcs1v15(DigestAlgorithm::Sha256);
    let with = |digest| SignatureAlgorithm::RsaPss(PssParameters::new(digest));
    let (sha256, sha384_pss) = (with(DigestAlgorithm::Sha256), with(DigestAlgorithm::Sha384));
    for (identity, refused) in [(&pss, &v15), (&sha384, &v15), (&sha384, &sha256)] {
        let error = block_on(identity.key().sign(&mut env(4), refused, CONTENT)).unwrap_err();
        assert_eq!(error.code(), "unsupported/algorithm");
        let key = identity.certificate().public_key();
        assert_eq!(key.verify(refused, Signed::Message(CONTENT), &[0; 256]), None);
    }
    let short_salt = SignatureAlgorithm::RsaPss(PssParameters {
        salt_length: 47,
        ..PssParameters::new(DigestAlgorithm::Sha384)
    });
    let key = sha384.certificate().public_key();
    assert_eq!(key.verify(&short_salt, Signed::Message(CONTENT), &[0; 256]), None);
    let signature = block_on(sha384.key().sign(&mut env(5), &sha384_pss, CONTENT)).unwrap();
    let found = key.verify(&sha384_pss, Signed::Message(CONTENT), &signature);
    assert_eq!(found, Some(SignatureCheck::Holds));
    // Without its digest said, such a key signs with its own.
    assert_eq!(key.signature_algorithm(RsaScheme::Pkcs1v15, None), Some(sha384_pss));
    assert_eq!(key.signature_algorithm(RsaScheme::Pkcs1v15, Some(DigestAlgorithm::Sha256)), None);
}

/// Two signatures with one nonce give the key away; a nonce from nothing but randomness is one fault
/// away from that.
#[test]
fn nonces_of_ecdsa_differ_with_message_and_with_randomness() {
    let identity = people().identity_of("p-256", "ca-ed25519");
    let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    let r = |seed, message: &[u8]| {
        let signature = block_on(identity.key().sign(&mut env(seed), &algorithm, message)).unwrap();
        let mut fields = Reader::only(&signature, tag::SEQUENCE).unwrap().contents();
        fields.expect(tag::INTEGER).unwrap().value.to_vec()
    };
    assert_ne!(r(1, b"a"), r(2, b"a"));
    assert_ne!(r(1, b"a"), r(1, b"b"));
    assert_eq!(r(1, b"a"), r(1, b"a"));
}
