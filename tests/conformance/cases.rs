//! The cases of `cases.tsv`, natively.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use smime_wasm::bytes::base64;
use smime_wasm::cert::{Certificate, Identity, pem_blocks};
use smime_wasm::crypto::algorithms::{CbcCipher, ContentCipher};
use smime_wasm::crypto::{PrivateKey, SecretBytes};
use smime_wasm::env::block_on;
use smime_wasm::error::{Problem, Result};
use smime_wasm::message::{
    DecryptOptions, EncryptOptions, EncryptionParameters, HeaderOptions, Integrity, Layer, Openers,
    Recipient, SignOptions, Signature, SignatureParameters, Status, TrustVerdict, VerifyOptions,
    decompress, decrypt, decrypt_in_place, encrypt, inspect, parse_certificates, sign, verify,
};
use smime_wasm::path::TrustAnchor;
use smime_wasm::pkcs12::{Password, import};

use crate::common::{env_at, vectors};
use crate::table::{Case, Found, cases, left};

#[test]
fn outcomes_are_what_the_origin_says() {
    let Some(vectors) = vectors() else { return };
    let cases = cases();
    let (mut differ, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for case in &cases {
        assert!(ids.insert(case.id), "{} stands twice in cases.tsv", case.id);
        let found = match run(case, &vectors) {
            Ok(found) => found,
            Err(error) => Found::from([("error", error.code().into())]),
        };
        if let Some(what) = case.difference(&found, &vectors) {
            println!("{}: {what}", case.id);
            differ.insert(case.id);
        }
    }
    let left: BTreeSet<_> = left().into_iter().filter(|id| ids.contains(id)).collect();
    assert_eq!(differ, left);
    println!("{} cases agree, {} are left", cases.len() - left.len(), left.len());
}

/// Whatever is CMS or PFX has a case, so that nothing is forgotten.
#[test]
fn every_file_has_a_case() {
    let Some(vectors) = vectors() else { return };
    let thunderbird = std::fs::read_to_string(vectors.join("thunderbird/expected.json")).unwrap();
    let listed: BTreeSet<_> = cases().iter().map(Case::file).collect();
    let has_case = |file: &str| {
        listed.contains(file)
            || file
                .strip_prefix("thunderbird/")
                .is_some_and(|file| thunderbird.contains(&format!("\"{file}\"")))
    };
    let mut forgotten = Vec::new();
    for folder in FOLDERS {
        for path in files(&vectors.join(folder)) {
            let file = path.strip_prefix(&vectors).unwrap().to_str().unwrap();
            if !has_case(file) && is_cms(&path) {
                forgotten.push(file.to_owned());
            }
        }
    }
    assert!(forgotten.is_empty(), "{forgotten:#?}");
}

/// Whatever is in a file that is called a certificate, it is read or refused, never more.
#[test]
fn every_certificate_is_read_or_refused() {
    let Some(vectors) = vectors() else { return };
    let (mut read, mut refused) = (0, 0);
    for folder in FOLDERS.into_iter().chain(["pkits/certs"]) {
        for path in files(&vectors.join(folder)) {
            let extension = path.extension().and_then(|extension| extension.to_str());
            if !matches!(extension, Some("pem" | "crt" | "cer" | "der" | "p7b" | "p7c")) {
                continue;
            }
            match parse_certificates(&std::fs::read(&path).unwrap(), &Default::default()) {
                Ok(_) => read += 1,
                Err(error) if error.code().starts_with("internal/") => {
                    panic!("{}: {error}", path.display());
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(read > 900, "{read}");
    println!("{read} files read, {refused} refused");
}

/// Another password opens none of the PFX files, and what is damaged stays so.
#[test]
fn a_wrong_password_opens_nothing() {
    let Some(vectors) = vectors() else { return };
    let mut wrong = 0;
    for case in cases().iter().filter(|case| case.verb == "importP12") {
        let data = std::fs::read(vectors.join(case.file())).unwrap();
        let password = Password::new("no password of any of these");
        match block_on(import(&mut env_at(case.now(), 1), &data, &password)) {
            // No MAC, and nothing in it that a password opens.
            Ok(_) if case.id.ends_with("nomac_parse.p12") => {}
            Ok(_) => panic!("{} opens", case.id),
            Err(error) if error.code() == "p12/wrong-password" => wrong += 1,
            Err(error) if error.code().starts_with("internal/") => panic!("{}: {error}", case.id),
            Err(_) => {}
        }
    }
    assert!(wrong > 50, "{wrong}");
}

const FOLDERS: [&str; 10] = [
    "asn1crypto",
    "lamps-pq",
    "nss",
    "openssl",
    "oscrypto",
    "pyca",
    "rfc4134",
    "rfc9216",
    "rfc9788",
    "thunderbird",
];

fn run(case: &Case, vectors: &Path) -> Result<Found> {
    let read = |file: &str| std::fs::read(vectors.join(file)).unwrap();
    let data = read(case.file());
    let mut env = env_at(case.now(), 1);
    let limits = *env.limits();
    let password = case.argument("password").unwrap_or_default();
    match case.verb {
        "importP12" => {
            let imported = block_on(import(&mut env, &data, &Password::new(password)))?;
            for identity in &imported.identities {
                assert!(identity.key().belongs_to(identity.certificate().public_key()));
            }
            Ok(Found::from([
                ("identities", count(imported.identities.len())),
                ("certificates", count(imported.certificates.len())),
                ("problems", codes(&imported.problems)),
            ]))
        }
        "parseCertificates" => {
            let certificates = parse_certificates(&data, &limits)?;
            Ok(Found::from([("certificates", count(certificates.len()))]))
        }
        "inspect" => {
            let (mut layers, mut next) =
                (Vec::new(), Some(Box::new(block_on(inspect(&mut env, &data))?)));
            while let Some(structure) = next {
                layers.push(layer(&structure.layer));
                next = structure.inside;
            }
            Ok(Found::from([("layers", layers.join(",").into_bytes())]))
        }
        "decrypt" => {
            let identities = identities(case, vectors)?;
            decrypted(case, &data, &identities)
        }
        "verify" => verified(case, vectors, &data),
        // Round trips, with the key and certificate of the file.
        "sign" => {
            let identities = identities(case, vectors)?;
            let signer = identities.iter().find(|i| i.certificate().allows_signing());
            let options = SignOptions {
                message: message(case, vectors).into(),
                signers: &signer.cloned().into_iter().collect::<Vec<_>>(),
                protect_headers: false,
                parameters: SignatureParameters::default(),
            };
            let signed = block_on(sign(&mut env, options))?;
            verified(case, vectors, &signed)
        }
        "encrypt" => {
            let identities = identities(case, vectors)?;
            let recipients: Vec<_> = identities
                .iter()
                .map(|identity| identity.certificate().clone())
                .filter(Certificate::allows_encryption)
                .map(Recipient::from)
                .collect();
            let options = EncryptOptions {
                message: message(case, vectors).into(),
                recipients: &recipients,
                headers: HeaderOptions::OFF,
                parameters: EncryptionParameters {
                    cipher: ContentCipher::Cbc(CbcCipher::Aes256),
                    key_transport: None,
                    compress: false,
                },
            };
            let encrypted = block_on(encrypt(&mut env, options))?;
            decrypted(case, &encrypted, &identities)
        }
        "decompress" => {
            let content = block_on(decompress(&mut env, &data))?;
            Ok(Found::from([("content", content)]))
        }
        verb => panic!("{}: {verb} is no verb", case.id),
    }
}

fn decrypted(case: &Case, message: &[u8], identities: &[Identity]) -> Result<Found> {
    let passwords: Vec<_> =
        case.list("passwords").map(|word| SecretBytes::from(word.as_bytes())).collect();
    let options = DecryptOptions { message, identities, passwords: &passwords, keys: &[] };
    let opened = block_on(decrypt(&mut env_at(case.now(), 2), options));
    // A message that is decrypted where it is comes to the same.
    let openers = Openers { identities, passwords: &passwords, keys: &[] };
    let mut env = env_at(case.now(), 2);
    let in_place = block_on(decrypt_in_place(&mut env, message.to_vec(), openers));
    let in_place = in_place.map(|opened| opened.message);
    assert_eq!(in_place, opened.as_ref().map(|o| o.message.clone()).map_err(Clone::clone));
    let opened = opened?;
    let integrity = match opened.integrity {
        Integrity::Protected => "protected",
        Integrity::None => "none",
    };
    Ok(Found::from([
        ("content", opened.message),
        ("cipher", opened.cipher.name().into()),
        ("integrity", integrity.into()),
        ("problems", codes(&opened.problems)),
    ]))
}

fn verified(case: &Case, vectors: &Path, message: &[u8]) -> Result<Found> {
    let content = case.argument("content").map(|file| std::fs::read(vectors.join(file)).unwrap());
    let mut anchors = Vec::new();
    for file in case.list("anchors") {
        let data = std::fs::read(vectors.join(file)).unwrap();
        let found = parse_certificates(&data, &Default::default())?;
        anchors.extend(found.into_iter().map(TrustAnchor::from));
    }
    let options = VerifyOptions {
        content: content.as_deref(),
        trust_anchors: case.argument("anchors").map(|_| anchors.as_slice()),
        from: case.argument("from"),
        ..VerifyOptions::new(message)
    };
    let verified = block_on(verify(&mut env_at(case.now(), 3), options))?;
    let of_all = |text: fn(&smime_wasm::message::SignatureResult) -> &'static str| {
        verified.signatures.iter().map(text).collect::<Vec<_>>().join(",").into_bytes()
    };
    let problems: Vec<_> = verified.signatures.iter().flat_map(|s| s.problems.clone()).collect();
    Ok(Found::from([
        ("status", status(verified.status).into()),
        ("integrity", of_all(|signature| integrity(signature.integrity))),
        ("trust", of_all(|signature| trust(signature.trust))),
        ("problems", codes(&problems)),
        ("content", verified.content.into_owned()),
    ]))
}

/// The files of `identities`, or the case's own: PFX, or PEM or DER with a key and its certificate,
/// which may be in two files with a `+` between.
fn identities(case: &Case, vectors: &Path) -> Result<Vec<Identity>> {
    let mut identities = Vec::new();
    let own = case.argument("identities").is_none().then(|| case.file());
    for entry in case.list("identities").chain(own) {
        if entry.ends_with(".p12") {
            let data = std::fs::read(vectors.join(entry)).unwrap();
            let password = Password::new(case.argument("password").unwrap_or_default());
            identities
                .extend(block_on(import(&mut env_at(case.now(), 4), &data, &password))?.identities);
            continue;
        }
        let (mut certificate, mut key) = (None, None);
        for file in entry.split('+') {
            let data = std::fs::read(vectors.join(file)).unwrap();
            if file.ends_with(".pri") {
                key = Some(data);
            } else if file.ends_with(".cer") {
                certificate = Some(data);
            } else {
                for block in pem_blocks(&data) {
                    match block.label.as_str() {
                        "PRIVATE KEY" => key = Some(block.bytes),
                        _ => certificate = Some(block.bytes),
                    }
                }
            }
        }
        let certificate = Certificate::from_der(&certificate.unwrap())?;
        let key = Arc::new(PrivateKey::from_pkcs8(&key.unwrap())?);
        identities.push(Identity::new(certificate, Vec::new(), key)?);
    }
    Ok(identities)
}

/// What round trips are made with: a mail of the case's `from`.
fn message(case: &Case, _vectors: &Path) -> Vec<u8> {
    let from = case.argument("from").unwrap_or("nobody@example.com");
    format!("From: {from}\r\nSubject: Test\r\nContent-Type: text/plain\r\n\r\nHello, world!\r\n")
        .into()
}

fn count(number: usize) -> Vec<u8> {
    number.to_string().into()
}

fn codes(problems: &[Problem]) -> Vec<u8> {
    problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>().join(",").into()
}

fn layer(layer: &Layer) -> String {
    match layer {
        Layer::Plain { .. } => "plain".to_owned(),
        Layer::Signed { .. } => "signed".to_owned(),
        Layer::Encrypted { .. } => "encrypted".to_owned(),
        Layer::Compressed => "compressed".to_owned(),
        Layer::Other { content_type } => content_type.clone(),
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Verified => "verified",
        Status::Unverified => "unverified",
        Status::Failed => "failed",
        Status::Unsigned => "unsigned",
    }
}

fn integrity(signature: Signature) -> &'static str {
    match signature {
        Signature::Intact => "intact",
        Signature::Altered => "altered",
        Signature::Unchecked => "unchecked",
    }
}

fn trust(verdict: TrustVerdict) -> &'static str {
    match verdict {
        TrustVerdict::Trusted => "trusted",
        TrustVerdict::Untrusted => "untrusted",
        TrustVerdict::Unchecked => "unchecked",
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// By the name, or by how it begins: a ContentInfo of PKCS #7 or S/MIME, a PFX, base64, PEM, or a MIME
/// part.
fn is_cms(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    if matches!(
        extension,
        Some(
            "p12"
                | "pfx"
                | "pk12"
                | "cms"
                | "p7b"
                | "p7c"
                | "p7m"
                | "p7s"
                | "pkcs7"
                | "eml"
                | "env"
        )
    ) {
        return true;
    }
    let data = std::fs::read(path).unwrap();
    if data.trim_ascii_start().starts_with(b"MI") {
        return base64::decode(&data).is_ok_and(|cms| begins_cms(&cms));
    }
    let start = &data[..data.len().min(1_000)];
    let text = String::from_utf8_lossy(start);
    if ["-----BEGIN PKCS7", "-----BEGIN CMS", "application/pkcs7-", "application/x-pkcs7-"]
        .iter()
        .any(|word| text.contains(word))
    {
        return true;
    }
    begins_cms(start)
}

fn begins_cms(start: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = start else { return false };
    let length_octets = if *length > 0x80 { usize::from(length & 0x7f) } else { 0 };
    let contents = rest.get(length_octets..).unwrap_or_default();
    const PKCS7: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07";
    const SMIME_CT: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01";
    const PFX: &[u8] = b"\x02\x01\x03\x30";
    [PKCS7, SMIME_CT, PFX].iter().any(|prefix| contents.starts_with(prefix))
}
