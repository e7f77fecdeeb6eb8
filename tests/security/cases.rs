//! Messages that are opened whole, each with what is to come of it. They are made here, attack by attack,
//! and lie in `tests/cases/`, from where tests/interop/cases.test.mjs opens the same in Node and in
//! Chromium. `WRITE_CASES=1 cargo test --test security` writes them anew.
//!
//! A file begins with lines `name: value` up to an empty line; the message follows. `expect` is what
//! [`Outcome::line`] makes of the answer, `shows` and `hides` are text that has or has not to be there to
//! read, `fetches` an address that would be fetched, `field` a header field with what protects it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use smime_wasm::bytes::base64;
use smime_wasm::cert::{Certificate, Identity, pem_blocks};
use smime_wasm::crypto::RsaScheme;
use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::env::{Env, Time, block_on};
use smime_wasm::message::{
    EncryptOptions, Encryption, EncryptionParameters, FieldProtection, Form, HeaderField,
    HeaderOptions, Include, Integrity, OpenOptions, OpenedLayer, OpenedMessage, Openers, PartKind,
    SignOptions, SignatureParameters, Status, UnopenedKind, VerifyOptions, encrypt, open, sign,
};
use smime_wasm::path::TrustAnchor;
use smime_wasm::pkcs12::{Password, import};

use crate::common::{Pki, env_at, openssl};

/// 2030-06-01T12:00:00Z.
pub(crate) const CASES_NOW: Time = Time::from_secs(1_906_545_600);

pub(crate) const ALICE: &str = "Alice <alice@example.com>";
pub(crate) const MALLORY: &str = "Mallory <mallory@example.org>";

/// A message and what is to come of it.
pub(crate) struct Case {
    name: &'static str,
    comment: &'static str,
    message: Vec<u8>,
    expect: &'static str,
    shows: Vec<&'static str>,
    hides: Vec<&'static str>,
    fetches: Vec<&'static str>,
    fields: Vec<&'static str>,
}

impl Case {
    pub(crate) fn new(
        name: &'static str,
        comment: &'static str,
        message: Vec<u8>,
        expect: &'static str,
    ) -> Case {
        let (shows, hides, fetches, fields) = Default::default();
        Case { name, comment, message, expect, shows, hides, fetches, fields }
    }

    pub(crate) fn shows(mut self, text: &'static str) -> Case {
        self.shows.push(text);
        self
    }

    pub(crate) fn hides(mut self, text: &'static str) -> Case {
        self.hides.push(text);
        self
    }

    pub(crate) fn fetches(mut self, address: &'static str) -> Case {
        self.fetches.push(address);
        self
    }

    pub(crate) fn field(mut self, field: &'static str) -> Case {
        self.fields.push(field);
        self
    }

    fn file(&self) -> Vec<u8> {
        let mut head = format!("comment: {}\nexpect: {}\n", self.comment, self.expect);
        for (name, values) in [
            ("shows", &self.shows),
            ("hides", &self.hides),
            ("fetches", &self.fetches),
            ("field", &self.fields),
        ] {
            values.iter().for_each(|value| head += &format!("{name}: {value}\n"));
        }
        [head.as_bytes(), b"\n", &self.message].concat()
    }
}

/// Opens the messages of one attack, as they are made and as they lie in `tests/cases/`.
pub(crate) fn check(attack: &str, cases: Vec<Case>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(attack);
    if std::env::var_os("WRITE_CASES").is_some() {
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(&folder).unwrap();
        for case in &cases {
            std::fs::write(folder.join(format!("{}.case", case.name)), case.file()).unwrap();
        }
    }
    let mut wrong = Vec::new();
    for case in &cases {
        wrong.extend(difference(case.name, &case.file()));
    }
    let mut names: Vec<_> = cases.iter().map(|case| format!("{}.case", case.name)).collect();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        wrong.extend(difference(&name, &std::fs::read(&path).unwrap()));
        files.push(name);
    }
    names.sort();
    files.sort();
    assert_eq!(files, names, "WRITE_CASES=1 cargo test --test security");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What keeps the outcome of a case from being the expected one, if anything does.
fn difference(name: &str, file: &[u8]) -> Option<String> {
    let end = file.windows(2).position(|w| w == b"\n\n").unwrap();
    let (head, message) = (std::str::from_utf8(&file[..end]).unwrap(), &file[end + 2..]);
    let found = Outcome::of(message);
    for line in head.lines() {
        let (key, value) = line.split_once(": ").unwrap();
        let holds = match key {
            "comment" => true,
            "expect" => found.line == value,
            "shows" => found.text.contains(value),
            "hides" => !found.text.contains(value),
            "fetches" => found.fetches.iter().any(|address| address == value),
            "field" => found.fields.iter().any(|field| field == value),
            _ => panic!("{name}: {key}"),
        };
        if !holds {
            let Outcome { line: outcome, text, fields, .. } = found;
            return Some(format!("{name}: not {line}\n  but {outcome}\n  {text:?}\n  {fields:?}"));
        }
    }
    None
}

/// What came of a message.
pub(crate) struct Outcome {
    /// Status, encryption, RFC 9219's word, layers, problems and attachments.
    pub(crate) line: String,
    /// All there is to read, HTML as it is written.
    text: String,
    fetches: Vec<String>,
    /// What protects each header field, its name and its value.
    fields: Vec<String>,
}

impl Outcome {
    pub(crate) fn of(message: &[u8]) -> Outcome {
        match opened(&mut env_at(CASES_NOW, 9), message) {
            Ok(opened) => Outcome::read(&opened),
            Err(line) => {
                let (text, fetches, fields) = Default::default();
                Outcome { line, text, fetches, fields }
            }
        }
    }

    fn read(opened: &OpenedMessage) -> Outcome {
        let encryption = match opened.encryption {
            Encryption::None => "none",
            Encryption::Protected => "protected",
            Encryption::Unprotected => "unprotected",
            Encryption::Locked => "locked",
        };
        let layers: Vec<_> = opened.layers.iter().map(layer).collect();
        let mut problems: Vec<_> = opened.problems.iter().map(|p| p.code.as_str()).collect();
        problems.sort_unstable();
        let view = opened.view.iter();
        let attachments: Vec<_> =
            view.clone().flat_map(|view| &view.attachments).map(|part| kind(part.kind)).collect();
        let bodies: Vec<_> = view.flat_map(|view| &view.bodies).collect();
        let html = |body: &&smime_wasm::message::Body| body.html.as_ref().map(|h| h.raw.clone());
        Outcome {
            line: format!(
                "{} {encryption} {} [{}] ({}) {{{}}}",
                opened.status.map_or("unknown", status),
                opened.smime_status().unwrap_or("null"),
                layers.join(", "),
                problems.join(", "),
                attachments.join(", "),
            ),
            text: bodies
                .iter()
                .flat_map(|body| [body.text.clone(), html(body).unwrap_or_default()])
                .collect(),
            fetches: bodies
                .iter()
                .filter_map(|body| body.html.as_ref())
                .flat_map(|html| html.remote_references.clone())
                .collect(),
            fields: opened.headers.fields.iter().map(field).collect(),
        }
    }
}

/// Opens with bob's key, trusting the root of the cases.
pub(crate) fn opened(env: &mut Env, message: &[u8]) -> Result<OpenedMessage, String> {
    let anchors = [root()];
    let identities = [person("bob")];
    let options = OpenOptions {
        openers: Openers { identities: &identities, passwords: &[], keys: &[] },
        verify: VerifyOptions { trust_anchors: Some(&anchors), ..VerifyOptions::new(&[]) },
        may_fetch_unprotected: false,
    };
    block_on(open(env, message.to_vec(), options)).map_err(|error| error.code().to_owned())
}

fn layer(layer: &OpenedLayer) -> String {
    let form = |is_detached| if is_detached { "detached" } else { "opaque" };
    match layer {
        OpenedLayer::Signed { is_detached, status: worth, .. } => {
            format!("signed {} {}", form(*is_detached), status(*worth))
        }
        OpenedLayer::Encrypted { integrity: Integrity::Protected, .. } => {
            "encrypted protected".to_owned()
        }
        OpenedLayer::Encrypted { integrity: Integrity::None, .. } => "encrypted none".to_owned(),
        OpenedLayer::Compressed => "compressed".to_owned(),
        OpenedLayer::Certificates(certificates) => format!("certificates {}", certificates.len()),
        OpenedLayer::Unopened { kind, error, .. } => {
            let kind = match kind {
                UnopenedKind::Detached => "signed detached",
                UnopenedKind::Opaque => "signed opaque",
                UnopenedKind::Encrypted => "encrypted",
                UnopenedKind::Compressed => "compressed",
                UnopenedKind::Other => "other",
            };
            format!("{kind} {}", error.code())
        }
    }
}

fn field(field: &HeaderField) -> String {
    let protection = match field.protection {
        FieldProtection::None => "none",
        FieldProtection::Signed => "signed",
        FieldProtection::Encrypted => "encrypted",
        FieldProtection::SignedAndEncrypted => "signed-and-encrypted",
    };
    format!("{protection} {}: {}", field.name, field.value)
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Verified => "verified",
        Status::Unverified => "unverified",
        Status::Failed => "failed",
        Status::Unsigned => "unsigned",
    }
}

fn kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::File => "file",
        PartKind::Message => "message",
        PartKind::Encrypted => "encrypted",
        PartKind::Signed => "signed",
        PartKind::Signature => "signature",
        PartKind::Smime => "smime",
    }
}

fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/people");
    std::fs::read(folder.join(name)).unwrap()
}

fn root() -> TrustAnchor {
    Certificate::from_der(&pem_blocks(&file("root.pem"))[0].bytes).unwrap().into()
}

/// One of the people of `tests/cases/people`.
pub(crate) fn person(name: &str) -> Identity {
    static PEOPLE: OnceLock<Vec<(&str, Identity)>> = OnceLock::new();
    let people = PEOPLE.get_or_init(|| {
        let read = |name| {
            let (data, password) = (file(&format!("{name}.p12")), Password::new("cases"));
            let imported = block_on(import(&mut env_at(CASES_NOW, 1), &data, &password)).unwrap();
            (name, imported.identities.into_iter().next().unwrap())
        };
        ["alice", "bob", "mallory", "eve", "eve-space", "eve-line", "eve-nul", "stranger"]
            .map(read)
            .into()
    });
    people.iter().find(|(found, _)| *found == name).unwrap().1.clone()
}

/// A mail to bob with a body of one type.
pub(crate) fn mail(from: &str, content_type: &str, body: &str) -> Vec<u8> {
    outer(from, &entity(content_type, body))
}

/// The header of a mail to bob around an entity.
pub(crate) fn outer(from: &str, entity: &[u8]) -> Vec<u8> {
    let header = format!(
        "From: {from}\r\nTo: Bob <bob@example.net>\r\nSubject: Case\r\n\
         Date: Sat, 01 Jun 2030 12:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    );
    [header.as_bytes(), entity].concat()
}

/// Content fields and a body.
pub(crate) fn entity(content_type: &str, body: &str) -> Vec<u8> {
    format!("Content-Type: {content_type}\r\n\r\n{body}").into_bytes()
}

/// A multipart of whole entities.
pub(crate) fn multipart(subtype: &str, parts: &[&[u8]]) -> Vec<u8> {
    let boundary = format!("case-{subtype}");
    let mut entity =
        format!("Content-Type: multipart/{subtype}; boundary={boundary}\r\n\r\n").into_bytes();
    for part in parts {
        entity.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        entity.extend_from_slice(part);
        entity.extend_from_slice(b"\r\n");
    }
    entity.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    entity
}

/// What of a mail is not header fields of its own.
pub(crate) fn inside(mail: &[u8]) -> Vec<u8> {
    let start = mail.windows(13).position(|w| w == b"Content-Type:").unwrap();
    mail[start..].to_vec()
}

pub(crate) fn signed_by(names: &[&str], form: Form, message: &[u8]) -> Vec<u8> {
    signed_with(names, form, false, message)
}

/// With the header fields inside too (RFC 9788).
pub(crate) fn signed_with_header(name: &str, message: &[u8]) -> Vec<u8> {
    signed_with(&[name], Form::Detached, true, message)
}

fn signed_with(names: &[&str], form: Form, protect_headers: bool, message: &[u8]) -> Vec<u8> {
    let signers: Vec<_> = names.iter().map(|name| person(name)).collect();
    let (digest, scheme, include) = (None, RsaScheme::Pkcs1v15, Include::Chain);
    let options = SignOptions {
        message: message.into(),
        signers: &signers,
        protect_headers,
        parameters: SignatureParameters {
            form,
            digest,
            scheme,
            include,
            ..SignatureParameters::default()
        },
    };
    block_on(sign(&mut env_of(message), options)).unwrap()
}

/// Encrypted to bob, by default as we do: with CBC.
pub(crate) fn encrypted(message: &[u8]) -> Vec<u8> {
    encrypted_with("aes-256-cbc", message)
}

pub(crate) fn encrypted_with(cipher: &str, message: &[u8]) -> Vec<u8> {
    let options = EncryptOptions {
        message: message.into(),
        recipients: &[person("bob").certificate().clone().into()],
        headers: HeaderOptions::OFF,
        parameters: EncryptionParameters {
            cipher: ContentCipher::by_name(cipher).unwrap(),
            key_transport: None,
            compress: false,
        },
    };
    block_on(encrypt(&mut env_of(message), options)).unwrap()
}

/// Encrypted to bob by OpenSSL, which takes no field out of the header: whatever stands there is inside.
pub(crate) fn encrypted_as_it_is(from: &str, inside: &[u8]) -> Vec<u8> {
    let folder = &Pki::get().folder;
    let certificate = base64::encode(person("bob").certificate().der());
    let pem = [
        b"-----BEGIN CERTIFICATE-----\r\n",
        certificate.as_slice(),
        b"-----END CERTIFICATE-----\r\n",
    ];
    std::fs::write(folder.join("bob-of-cases.pem"), pem.concat()).unwrap();
    let arguments =
        ["cms", "-encrypt", "-binary", "-aes256", "-outform", "DER", "bob-of-cases.pem"];
    let cms = base64::encode(&openssl(folder, &arguments, inside).unwrap());
    let header = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n";
    outer(from, &[&header[..], &cms].concat())
}

/// Another one for each message, or the boundaries inside each other would be the same.
fn env_of(message: &[u8]) -> Env {
    env_at(CASES_NOW, message.iter().fold(0, |sum: u8, octet| sum.wrapping_mul(31) ^ octet))
}

/// The CMS of a mail in base64, changed.
pub(crate) fn with_cms(mail: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let body = mail.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let mut cms = base64::decode(&mail[body..]).unwrap();
    change(&mut cms);
    [&mail[..body], &base64::encode(&cms)[..]].concat()
}
