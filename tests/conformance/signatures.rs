//! Signatures that others made, in certificates and in messages.

use ml_dsa::{KeyExport, Keypair, MlDsaParams, SigningKey};
use smime_wasm::asn1::{AlgorithmIdentifier, Reader, algorithm_der, constructed, primitive, tag};
use smime_wasm::cert::{Certificate, pem_blocks};
use smime_wasm::crypto::algorithms::MlDsa;
use smime_wasm::crypto::{PublicKey, SignatureAlgorithm, SignatureCheck, Signed};

use crate::common::vectors;

const HOLDS: Option<SignatureCheck> = Some(SignatureCheck::Holds);

/// Certificate, issuer, the algorithm's name, what checking finds.
#[rustfmt::skip]
const CERTIFICATES: &[(&str, &str, &str, Option<SignatureCheck>)] = &[
    ("openssl/certs/root-ml-dsa-44-cert.pem", "openssl/certs/root-ml-dsa-44-cert.pem", "ml-dsa-44", HOLDS),
    ("openssl/certs/server-ml-dsa-44-cert.pem", "openssl/certs/root-ml-dsa-44-cert.pem", "ml-dsa-44", HOLDS),
    ("lamps-pq/cms-kyber/mldsa65RootCA.pem", "lamps-pq/cms-kyber/mldsa65RootCA.pem", "ml-dsa-65", HOLDS),
    ("lamps-pq/cms-kyber/ML-KEM-512.pem", "lamps-pq/cms-kyber/mldsa65RootCA.pem", "ml-dsa-65", HOLDS),
    ("lamps-pq/cms-kyber/ML-KEM-512.pem", "openssl/certs/root-ml-dsa-44-cert.pem", "ml-dsa-65", None),
    ("openssl/certs/root-ed25519.pem", "openssl/certs/root-ed25519.pem", "ed25519", HOLDS),
    ("openssl/certs/ee-ed25519.pem", "openssl/certs/root-ed25519.pem", "ed25519", HOLDS),
    ("openssl/certs/root-ed25519.pem", "openssl/certs/client-ed25519-cert.pem", "ed25519", Some(SignatureCheck::Fails)),
    ("openssl/certs/ca-pss-cert.pem", "openssl/certs/root-cert.pem", "rsassa-pss-sha-256", HOLDS),
    ("openssl/certs/ee-pss-cert.pem", "openssl/certs/ca-pss-cert.pem", "rsassa-pss-sha-256", HOLDS),
    ("openssl/certs/ee-pss-sha1-cert.pem", "openssl/certs/ca-cert.pem", "rsassa-pss-sha-1", HOLDS),
    ("openssl/certs/ee-pss-sha256-cert.pem", "openssl/certs/ca-cert.pem", "rsassa-pss-sha-256", HOLDS),
    // A key for PSS alone, and a signature that is not.
    ("openssl/certs/ee-pss-wrong1.5-cert.pem", "openssl/certs/ca-pss-cert.pem", "rsassa-pkcs1-v1_5-sha-256", None),
    ("openssl/certs/ee-self-signed-pss.pem", "openssl/certs/ee-self-signed-pss.pem", "rsassa-pss-sha-256", HOLDS),
    ("openssl/certs/root-ed448-cert.pem", "openssl/certs/root-ed448-cert.pem", "1.3.101.113", None),
];

#[test]
fn certificates_are_signed_by_whom_they_say() {
    let Some(folder) = vectors() else { return };
    let read = |file: &str| {
        let pem = std::fs::read(folder.join(file)).unwrap();
        Certificate::from_der(&pem_blocks(&pem)[0].bytes).unwrap()
    };
    for &(certificate, issuer, name, expected) in CERTIFICATES {
        let (subject, issuer) = (read(certificate), read(issuer));
        assert_eq!(subject.signature_name(), name, "{certificate}");
        let found = subject.signature_algorithm().and_then(|algorithm| {
            let signed = Signed::Message(subject.tbs());
            issuer.public_key().verify(algorithm, signed, subject.signature())
        });
        assert_eq!(found, expected, "{certificate}");
    }
}

#[test]
fn keys_of_every_kind_are_named() {
    let Some(folder) = vectors() else { return };
    for (file, name, bits) in [
        ("ee-ecdsa-client-chain.pem", "p-256", Some(256)),
        ("server-cecdsa-cert.pem", "p-256", Some(256)),
        ("server-ecdsa-brainpoolP256r1-cert.pem", "brainpool-p256r1", Some(256)),
        ("client-ed25519-cert.pem", "ed25519", Some(256)),
        ("ee-ed25519.pem", "x25519", Some(256)),
        ("server-dsa-cert.pem", "dsa", Some(2_048)),
        ("server-pss-restrict-cert.pem", "rsa", Some(2_048)),
        ("server-ml-dsa-44-cert.pem", "ml-dsa-44", None),
        ("client-ed448-cert.pem", "ed448", None),
    ] {
        let pem = std::fs::read(folder.join("openssl/certs").join(file)).unwrap();
        let certificate = Certificate::from_der(&pem_blocks(&pem)[0].bytes).unwrap();
        assert_eq!(certificate.public_key().describe(), (name.to_owned(), bits), "{file}");
    }
}

/// RFC 9882's examples bring no certificate; their keys are those of RFC 9881, C.1, whose seed is 0, 1,
/// 2 and so on.
#[test]
fn ml_dsa_signs_the_attributes() {
    let Some(folder) = vectors() else { return };
    let folder = folder.join("lamps-pq/cms-ml-dsa");
    for (file, parameters, key) in [
        ("mldsa44-signed-attrs.pem", MlDsa::MlDsa44, public_key::<ml_dsa::MlDsa44>()),
        ("mldsa65-signed-attrs.pem", MlDsa::MlDsa65, public_key::<ml_dsa::MlDsa65>()),
        ("mldsa87-signed-attrs.pem", MlDsa::MlDsa87, public_key::<ml_dsa::MlDsa87>()),
    ] {
        let bits = primitive(tag::BIT_STRING, &[&[0], &key[..]].concat());
        let spki = constructed(tag::SEQUENCE, &[&algorithm_der(parameters.oid(), &[]), &bits]);
        let key = PublicKey::from_spki(Reader::only(&spki, tag::SEQUENCE).unwrap()).unwrap();

        let der = pem_blocks(&std::fs::read(folder.join(file)).unwrap()).remove(0).bytes;
        let mut content_info = Reader::only(&der, tag::SEQUENCE).unwrap().contents();
        content_info.any().unwrap();
        let mut signed_data = content_info.any().unwrap().contents().sequence().unwrap();
        let infos = std::iter::from_fn(|| signed_data.any().ok()).last().unwrap();
        let mut info = infos.contents().sequence().unwrap();
        info.expect(tag::INTEGER).unwrap();
        info.any().unwrap();
        info.any().unwrap();
        let attributes = info.expect(tag::context_constructed(0)).unwrap();
        let algorithm = AlgorithmIdentifier::read(&mut info).unwrap();
        let algorithm = SignatureAlgorithm::read(&algorithm, None).unwrap();
        assert_eq!(algorithm, SignatureAlgorithm::MlDsa(parameters));
        let signature = info.expect(tag::OCTET_STRING).unwrap().value;
        let mut signed = primitive(tag::SET, attributes.value);
        assert_eq!(key.verify(&algorithm, Signed::Message(&signed), signature), HOLDS, "{file}");
        *signed.last_mut().unwrap() ^= 1;
        let altered = key.verify(&algorithm, Signed::Message(&signed), signature);
        assert_eq!(altered, Some(SignatureCheck::Fails), "{file}");
    }
}

fn public_key<P: MlDsaParams>() -> Vec<u8> {
    let seed: [u8; 32] = std::array::from_fn(|at| at as u8);
    SigningKey::<P>::from_seed(&seed.into()).verifying_key().to_bytes().to_vec()
}
