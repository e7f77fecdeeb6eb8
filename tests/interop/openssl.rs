//! The `openssl` command accepts what we write, and we open what it writes, over the grid of
//! algorithms.

use std::fs;

use smime_wasm::crypto::algorithms::{ContentCipher, DigestAlgorithm};
use smime_wasm::crypto::{KeyTransport, OaepParameters, RsaScheme};
use smime_wasm::env::block_on;
use smime_wasm::error::ProblemCode;
use smime_wasm::message::{
    AuthorVerdict, DecryptOptions, EncryptOptions, EncryptionParameters, Form, HeaderOptions,
    Include, Integrity, Moment, Opener, SignOptions, Signature, SignatureParameters, Status,
    TrustVerdict, decompress, decrypt, encrypt, sign, verify,
};

use crate::common::{MESSAGE, Pki, content, env, openssl, openssl_sign, verify_options};

const OAEP_SHA256: fn() -> KeyTransport = || {
    KeyTransport::Oaep(OaepParameters {
        digest: DigestAlgorithm::Sha256,
        mgf_digest: DigestAlgorithm::Sha256,
        label: Vec::new(),
    })
};

#[test]
fn openssl_verifies_what_we_sign() {
    let pki = Pki::get();
    let signers = [pki.identity("alice")];
    for form in [Form::Detached, Form::Opaque] {
        for digest in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
            let options = SignOptions {
                message: MESSAGE.into(),
                signers: &signers,
                protect_headers: false,
                parameters: SignatureParameters {
                    form,
                    digest: Some(digest),
                    scheme: RsaScheme::Pkcs1v15,
                    include: Include::Chain,
                    ..SignatureParameters::default()
                },
            };
            let signed = block_on(sign(&mut env(1), options)).unwrap();
            let arguments = ["cms", "-verify", "-CAfile", "root.pem", "-purpose", "smimesign"];
            let shown = openssl(&pki.folder, &arguments, &signed).unwrap();
            assert_eq!(shown, content(), "{form:?} {digest:?}");
        }
    }
}

#[test]
fn two_signers_sign_one_message() {
    let pki = Pki::get();
    let signers = [pki.identity("alice"), pki.identity("bob")];
    let options = SignOptions {
        message: MESSAGE.into(),
        signers: &signers,
        protect_headers: false,
        parameters: SignatureParameters {
            form: Form::Detached,
            digest: None,
            scheme: RsaScheme::Pkcs1v15,
            include: Include::Chain,
            ..SignatureParameters::default()
        },
    };
    let signed = block_on(sign(&mut env(1), options)).unwrap();
    openssl(&pki.folder, &["cms", "-verify", "-CAfile", "root.pem"], &signed).unwrap();
    let anchors = [pki.anchor()];
    let verified = verified(&signed, &anchors);
    assert_eq!(verified.status, Status::Verified);
    let authors: Vec<_> = verified.signatures.iter().map(|s| s.author).collect();
    assert!(authors.contains(&AuthorVerdict::Match) && authors.contains(&AuthorVerdict::Mismatch));
}

#[test]
fn openssl_decrypts_what_we_encrypt() {
    let pki = Pki::get();
    let recipients = [pki.certificate("alice").into(), pki.certificate("bob").into()];
    for cipher in ["aes-128-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm"] {
        for key_transport in [KeyTransport::Pkcs1v15, OAEP_SHA256()] {
            let options = EncryptOptions {
                message: MESSAGE.into(),
                recipients: &recipients,
                headers: HeaderOptions::OFF,
                parameters: EncryptionParameters {
                    cipher: ContentCipher::by_name(cipher).unwrap(),
                    key_transport: Some(key_transport.clone()),
                    compress: false,
                },
            };
            let encrypted = block_on(encrypt(&mut env(2), options)).unwrap();
            for person in ["alice", "bob"] {
                let (key, certificate) = (format!("{person}.key"), format!("{person}.pem"));
                let arguments = ["cms", "-decrypt", "-inkey", &key, "-recip", &certificate];
                let shown = openssl(&pki.folder, &arguments, &encrypted).unwrap();
                assert_eq!(shown, content(), "{cipher} {key_transport:?} {person}");
            }
        }
    }
}

#[test]
fn we_decrypt_what_openssl_encrypts() {
    let pki = Pki::get();
    let identities = [pki.identity("alice"), pki.identity("bob")];
    let ciphers =
        ["-aes128", "-aes192", "-aes256", "-des3", "-aes-128-gcm", "-aes-192-gcm", "-aes-256-gcm"];
    let transports: [&[&str]; 4] = [
        &[],
        &["-keyopt", "rsa_padding_mode:oaep"],
        &["-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256"],
        &[
            "-keyopt",
            "rsa_padding_mode:oaep",
            "-keyopt",
            "rsa_oaep_md:sha512",
            "-keyopt",
            "rsa_mgf1_md:sha1",
        ],
    ];
    let forms: [&[&str]; 4] =
        [&[], &["-stream"], &["-outform", "DER"], &["-stream", "-outform", "PEM"]];
    let plain = content();
    for cipher in ciphers {
        for transport in transports {
            for form in forms {
                let mut arguments = vec!["cms", "-encrypt", "-binary", cipher];
                arguments.extend_from_slice(form);
                arguments.extend_from_slice(&["-recip", "bob.pem"]);
                arguments.extend_from_slice(transport);
                let encrypted = openssl(&pki.folder, &arguments, &plain).unwrap();
                let options = DecryptOptions {
                    message: &encrypted,
                    identities: &identities,
                    ..Default::default()
                };
                let opened = block_on(decrypt(&mut env(3), options))
                    .unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
                assert_eq!(opened.message, plain, "{arguments:?}");
                assert_eq!(opened.opener, Opener::Identity(1));
                let expected =
                    if cipher.ends_with("gcm") { Integrity::Protected } else { Integrity::None };
                assert_eq!(opened.integrity, expected);
            }
        }
    }
}

#[test]
fn rc2_is_read_and_called_weak() {
    let pki = Pki::get();
    let identities = [pki.identity("bob")];
    for (option, cipher) in
        [("-rc2-40", "rc2-40-cbc"), ("-rc2-64", "rc2-64-cbc"), ("-rc2-128", "rc2-128-cbc")]
    {
        for form in [&["-outform", "DER"][..], &["-stream"]] {
            let mut arguments = vec!["cms", "-encrypt", "-binary", option];
            arguments.extend(["-provider", "legacy", "-provider", "default"]);
            arguments.extend_from_slice(form);
            arguments.push("bob.pem");
            let encrypted = openssl(&pki.folder, &arguments, &content()).unwrap();
            let options = DecryptOptions {
                message: &encrypted,
                identities: &identities,
                ..Default::default()
            };
            let opened = block_on(decrypt(&mut env(3), options)).unwrap();
            assert_eq!((opened.message, opened.cipher.name()), (content(), cipher));
            let codes: Vec<_> = opened.problems.iter().map(|problem| problem.code).collect();
            assert_eq!(codes, [ProblemCode::CipherWeak, ProblemCode::CipherNoIntegrity]);
        }
    }
}

/// `openssl cms -compress` needs an OpenSSL that was built with zlib; few are.
#[test]
fn openssl_and_we_decompress_what_the_other_compressed() {
    let pki = Pki::get();
    let compressed = match openssl(&pki.folder, &["cms", "-compress", "-binary"], &content()) {
        Ok(compressed) => compressed,
        Err(reason) if reason.contains("unsupported compression algorithm") => {
            println!("skipped: this OpenSSL has no zlib");
            return;
        }
        Err(reason) => panic!("{reason}"),
    };
    assert_eq!(block_on(decompress(&mut env(3), &compressed)).unwrap(), content());
    let ours = block_on(smime_wasm::cms::compress(&mut env(3), &content())).unwrap();
    let arguments = ["cms", "-uncompress", "-inform", "DER", "-binary"];
    assert_eq!(openssl(&pki.folder, &arguments, &ours).unwrap(), content());
}

#[test]
fn key_identifiers_and_odd_media_types_are_read() {
    let pki = Pki::get();
    let identities = [pki.identity("alice")];
    let arguments = ["cms", "-encrypt", "-keyid", "-aes256", "alice.pem"];
    let encrypted = openssl(&pki.folder, &arguments, &content()).unwrap();
    let text = String::from_utf8(encrypted).unwrap();
    let names = [
        "application/x-pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"",
        "application/octet-stream; name=\"smime.p7m\"",
        "application/octet-stream",
        "application/pkcs7-mime",
    ];
    let (header, body) = text.split_once("\n\n").unwrap();
    for name in names {
        let fields: Vec<_> = header.lines().filter(|l| !l.starts_with("Content-Type")).collect();
        let message = format!("{}\nContent-Type: {name}\n\n{body}", fields.join("\n"));
        let options = DecryptOptions {
            message: message.as_bytes(),
            identities: &identities,
            ..Default::default()
        };
        assert_eq!(block_on(decrypt(&mut env(4), options)).unwrap().message, content(), "{name}");
    }
}

#[test]
fn we_verify_what_openssl_signs() {
    let pki = Pki::get();
    let anchors = [pki.anchor()];
    let forms: [&[&str]; 6] =
        [&[], &["-nodetach"], &["-stream"], &["-nodetach", "-stream"], &["-keyid"], &["-noattr"]];
    for form in forms {
        for digest in ["sha256", "sha384", "sha512"] {
            let arguments = [&["-md", digest], form].concat();
            let signed = openssl_sign(&arguments, &content());
            let found = verified(&signed, &anchors);
            let signature = &found.signatures[0];
            assert_eq!(found.status, Status::Verified, "{arguments:?} {:?}", signature.problems);
            assert_eq!(found.content.as_ref(), content());
            assert_eq!(signature.integrity, Signature::Intact);
            assert_eq!(signature.trust, TrustVerdict::Trusted);
            assert_eq!((signature.now, signature.then), (Moment::Valid, Moment::Unchecked));
            assert_eq!(signature.chain.len(), 3);
            assert!(signature.problems.is_empty());
        }
    }
}

#[test]
fn a_detached_signature_that_comes_alone_is_checked_with_its_content() {
    let pki = Pki::get();
    let signature = openssl_sign(&["-outform", "DER"], &content());
    let (content, anchors) = (content(), [pki.anchor()]);
    let mut options = verify_options(&signature, &anchors);
    options.content = Some(&content);
    options.from = Some("alice@example.com");
    assert_eq!(block_on(verify(&mut env(5), options)).unwrap().status, Status::Verified);
    options.content = None;
    let error = block_on(verify(&mut env(5), options)).unwrap_err();
    assert_eq!(error.code(), "usage/missing-option");
}

#[test]
fn certificates_come_out_of_every_file_openssl_writes() {
    let pki = Pki::get();
    let pem = fs::read(pki.folder.join("alice.pem")).unwrap();
    let bundle = ["crl2pkcs7", "-nocrl", "-certfile", "ca.pem", "-certfile", "alice.pem"];
    // EncryptedData, which is not opened, does not hide the certificate beside it.
    let key = "000102030405060708090a0b0c0d0e0f";
    let sealed = ["cms", "-EncryptedData_encrypt", "-aes128", "-secretkey", key, "-outform", "PEM"];
    let sealed = openssl(&pki.folder, &sealed, b"x").unwrap();
    for (count, data) in [
        (1, [sealed, pem.clone()].concat()),
        (1, pem.clone()),
        (1, openssl(&pki.folder, &["x509", "-outform", "DER"], &pem).unwrap()),
        (2, openssl(&pki.folder, &bundle, b"").unwrap()),
        (2, openssl(&pki.folder, &[&bundle[..], &["-outform", "DER"]].concat(), b"").unwrap()),
    ] {
        let limits = smime_wasm::limits::Limits::default();
        let found = smime_wasm::message::parse_certificates(&data, &limits).unwrap();
        assert_eq!(found.len(), count);
        assert!(found.contains(&pki.certificate("alice")));
    }
}

fn verified<'a>(
    message: &'a [u8],
    anchors: &'a [smime_wasm::path::TrustAnchor],
) -> smime_wasm::message::VerifyResult<'a> {
    block_on(verify(&mut env(6), verify_options(message, anchors))).unwrap()
}
