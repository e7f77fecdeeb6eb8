//! The `openssl` command and we agree on signatures of every kind of key, in messages and in
//! certificates.

use smime_wasm::cert::{Identity, pem_blocks};
use smime_wasm::crypto::algorithms::DigestAlgorithm;
use smime_wasm::crypto::{PrivateKey, RsaScheme};
use smime_wasm::env::block_on;
use smime_wasm::message::{
    Form, Include, SignOptions, Signature, SignatureParameters, Status, TrustVerdict, sign, verify,
};
use smime_wasm::path::TrustAnchor;
use smime_wasm::pkcs12::{self, Password, Profile};

use crate::common::people::{PEOPLE, people};
use crate::common::{MESSAGE, content, env, openssl, verify_options};

fn signed(signers: &[Identity], digest: Option<DigestAlgorithm>, scheme: RsaScheme) -> Vec<u8> {
    let message = String::from_utf8(MESSAGE.to_vec()).unwrap();
    let from = signers[0].certificate().addresses()[0].clone();
    let message = message.replace("alice@example.com", &from).into_bytes();
    let (form, include) = (Form::Detached, Include::Chain);
    let options = SignOptions {
        message: (&message).into(),
        signers,
        protect_headers: false,
        parameters: SignatureParameters {
            form,
            digest,
            scheme,
            include,
            ..SignatureParameters::default()
        },
    };
    block_on(sign(&mut env(1), options)).unwrap()
}

/// The names of the algorithms of a message that holds in every respect.
fn verified(message: &[u8], roots: &[&str]) -> Vec<String> {
    let anchors: Vec<TrustAnchor> =
        roots.iter().map(|root| people().certificate(root).into()).collect();
    let found = block_on(verify(&mut env(2), verify_options(message, &anchors))).unwrap();
    for signature in &found.signatures {
        assert_eq!(signature.integrity, Signature::Intact, "{:?}", signature.problems);
        assert_eq!(signature.trust, TrustVerdict::Trusted, "{:?}", signature.problems);
    }
    assert_eq!(found.status, Status::Verified, "{:?}", found.signatures);
    found.signatures.into_iter().map(|signature| signature.algorithm).collect()
}

#[test]
fn openssl_verifies_what_every_kind_of_key_signs() {
    let expected = [
        ("p-256", "ecdsa-sha-256"),
        ("p-384", "ecdsa-sha-384"),
        ("p-521", "ecdsa-sha-512"),
        ("brainpool-p256r1", "ecdsa-sha-256"),
        ("brainpool-p384r1", "ecdsa-sha-384"),
        ("pss", "rsassa-pss-sha-256"),
        ("pss-sha-384", "rsassa-pss-sha-384"),
    ];
    for (name, algorithm) in expected {
        let (_, _, issuer) = PEOPLE.iter().find(|person| person.0 == name).unwrap();
        let signer = people().identity_of(name, issuer);
        let message = signed(&[signer], None, RsaScheme::Pkcs1v15);
        assert_eq!(verified(&message, &[issuer]), [algorithm]);
        let ca = format!("{issuer}.pem");
        let arguments = ["cms", "-verify", "-CAfile", &ca, "-purpose", "smimesign"];
        let shown = openssl(&people().folder, &arguments, &message)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(shown, content(), "{name}");
    }
}

#[test]
fn openssl_verifies_every_digest_with_pss_and_ecdsa() {
    let rsa = people().identity("alice");
    let ec = people().identity_of("p-521", "ca-pss");
    for digest in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
        for (signer, root, name) in [(&rsa, "root", "rsassa-pss"), (&ec, "ca-pss", "ecdsa")] {
            let message = signed(std::slice::from_ref(signer), Some(digest), RsaScheme::Pss);
            assert_eq!(verified(&message, &[root]), [format!("{name}-{}", digest.name())]);
            let root = format!("{root}.pem");
            openssl(&people().folder, &["cms", "-verify", "-CAfile", &root], &message).unwrap();
        }
    }
}

/// OpenSSL 3.0 does not know Ed25519 in CMS (RFC 8419): we verify what we sign, over the certificate
/// that OpenSSL made, and openssl checks the bare signature.
#[test]
fn ed25519_signs_with_sha_512_and_no_parameters() {
    let signer = people().identity_of("ed25519", "ca-ed25519");
    let signers = std::slice::from_ref(&signer);
    let message = signed(signers, Some(DigestAlgorithm::Sha256), RsaScheme::Pkcs1v15);
    assert_eq!(verified(&message, &["ca-ed25519"]), ["ed25519"]);
    let text = String::from_utf8_lossy(&message).into_owned();
    assert!(text.contains("micalg=sha-512;"), "{text}");
    let folder = &people().folder;
    let algorithm = smime_wasm::crypto::SignatureAlgorithm::Ed25519;
    let signature = block_on(signer.key().sign(&mut env(1), &algorithm, b"message")).unwrap();
    std::fs::write(folder.join("ed25519.sig"), signature).unwrap();
    std::fs::write(folder.join("ed25519.msg"), b"message").unwrap();
    let arguments = ["pkeyutl", "-verify", "-rawin", "-certin", "-inkey", "ed25519.pem"];
    let files = ["-in", "ed25519.msg", "-sigfile", "ed25519.sig"];
    openssl(folder, &[&arguments[..], &files].concat(), b"").unwrap();
}

#[test]
fn signers_of_every_kind_sign_one_message() {
    let signers: Vec<Identity> =
        PEOPLE.iter().map(|(name, _, issuer)| people().identity_of(name, issuer)).collect();
    let message = signed(&signers, None, RsaScheme::Pkcs1v15);
    let text = String::from_utf8_lossy(&message).into_owned();
    assert!(text.contains("micalg=\"sha-256,sha-384,sha-512\";"), "{text}");
    let algorithms = verified(&message, &["ca-ed25519", "ca-p-384", "ca-pss"]);
    assert_eq!(algorithms.len(), PEOPLE.len());
    // The three digests are announced once each.
    let printed = openssl(&people().folder, &["cms", "-cmsout", "-print"], &message).unwrap();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let announced = printed.split("encapContentInfo").next().unwrap();
    assert_eq!(announced.matches("algorithm: sha").count(), 3, "{announced}");
}

#[test]
fn we_verify_what_openssl_signs() {
    const PSS: &[&str] = &["-keyopt", "rsa_padding_mode:pss"];
    let mut rows: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for digest in ["sha224", "sha256", "sha384", "sha512"] {
        for person in ["p-256", "p-384", "p-521", "brainpool-p256r1", "brainpool-p384r1"] {
            rows.push((person, digest, Vec::new()));
        }
        rows.push(("alice", digest, Vec::new()));
        rows.push(("alice", digest, PSS.to_vec()));
        rows.push(("pss", digest, PSS.to_vec()));
    }
    // OpenSSL 3.0 signs messages with SHA-3 in this way only.
    for digest in ["sha3-224", "sha3-256", "sha3-384", "sha3-512"] {
        rows.push(("alice", digest, Vec::new()));
    }
    for (mgf, salt) in [
        ("rsa_mgf1_md:sha1", "rsa_pss_saltlen:20"),
        ("rsa_mgf1_md:sha512", "rsa_pss_saltlen:max"),
        ("rsa_mgf1_md:sha256", "rsa_pss_saltlen:0"),
    ] {
        rows.push(("alice", "sha256", [PSS, &["-keyopt", mgf, "-keyopt", salt]].concat()));
    }
    for (person, digest, options) in rows {
        for attributes in [&[][..], &["-noattr"]] {
            let (certificate, key) = (format!("{person}.pem"), format!("{person}.key"));
            let from = format!("{person}@example.com");
            let mut arguments = vec!["cms", "-sign", "-binary", "-nodetach", "-md", digest];
            arguments.extend(["-from", &from, "-signer", &certificate, "-inkey", &key]);
            arguments.extend(["-certfile", "ca.pem"]);
            arguments.extend_from_slice(&options);
            arguments.extend_from_slice(attributes);
            let message = openssl(&people().folder, &arguments, &content())
                .unwrap_or_else(|error| panic!("{person} {digest}: {error}"));
            let roots = ["root", "ca-ed25519", "ca-p-384", "ca-pss"];
            let found = verified(&message, &roots);
            let name = DigestAlgorithm::ALL
                .iter()
                .map(|d| d.name())
                .find(|name| name.replace("sha-", "sha") == digest);
            assert!(found[0].ends_with(name.unwrap()), "{person} {digest} {found:?}");
        }
    }
}

#[test]
fn keys_of_every_kind_go_through_a_pfx() {
    for (name, _, issuer) in PEOPLE {
        let identity = people().identity_of(name, issuer);
        let password = Password::new("secret");
        let pfx =
            block_on(pkcs12::export(&mut env(3), &identity, &password, Profile::Modern)).unwrap();
        let arguments = ["pkcs12", "-nodes", "-nocerts", "-passin", "pass:secret"];
        let pem = openssl(&people().folder, &arguments, &pfx).unwrap();
        let again = PrivateKey::from_pkcs8(&pem_blocks(&pem)[0].bytes).unwrap();
        assert!(again.is_same(identity.key()), "{name}");

        let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
        let arguments =
            ["pkcs12", "-export", "-passout", "pass:secret", "-inkey", &key, "-in", &certificate];
        let pfx = openssl(&people().folder, &arguments, b"").unwrap();
        let imported = block_on(pkcs12::import(&mut env(4), &pfx, &password)).unwrap();
        assert_eq!(imported.identities.len(), 1, "{name}");
        assert!(imported.identities[0].key().is_same(identity.key()), "{name}");
    }
}
