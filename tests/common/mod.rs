//! What tests share: a clock, a PKI made by OpenSSL, and ways to run it.

#![allow(dead_code, reason = "each test target uses its part")]

pub(crate) mod people;
pub(crate) mod pointed;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};

use smime_wasm::cert::{Certificate, Identity, pem_blocks};
use smime_wasm::crypto::algorithms::DigestAlgorithm;
use smime_wasm::crypto::{PrivateKey, RsaScheme};
use smime_wasm::env::{Env, Time, block_on};
use smime_wasm::limits::Limits;
use smime_wasm::message::{Form, Include, SignOptions, SignatureParameters, VerifyOptions, sign};
use smime_wasm::path::TrustAnchor;

/// 2040-01-01T00:00:00Z: OpenSSL dates certificates from the moment of the test for a hundred years.
pub(crate) const NOW: Time = Time::from_secs(2_208_988_800);

/// An environment with a pinned clock and randomness of its own for each `seed`.
pub(crate) fn env(seed: u8) -> Env {
    env_at(NOW, seed)
}

/// The same at another moment.
pub(crate) fn env_at(now: Time, seed: u8) -> Env {
    Env::new(now, &[seed; 32], Limits::default())
}

/// The folder of outside vectors; says so where it is not there.
pub(crate) fn vectors() -> Option<PathBuf> {
    let folder = std::env::var_os("SMIME_VECTORS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: SMIME_VECTORS is not set");
    }
    folder
}

/// Runs `openssl` in a folder and returns what it printed.
pub(crate) fn openssl(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, String> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the openssl command is installed");
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // It may print before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// A CA with an intermediate, and people with RSA keys under it, made once for each test process.
pub(crate) struct Pki {
    /// Where the files are: `root.pem`, `ca.pem`, and for each person `NAME.pem` and `NAME.key`.
    pub(crate) folder: PathBuf,
}

impl Pki {
    pub(crate) fn get() -> &'static Pki {
        static PKI: OnceLock<Pki> = OnceLock::new();
        PKI.get_or_init(Pki::make)
    }

    fn make() -> Pki {
        let name = format!("smime-wasm-test-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let config = "[req]\ndistinguished_name=dn\n[dn]\n\
             [root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
             [ca]\nbasicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
             [alice]\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=emailProtection\nsubjectAltName=email:alice@example.com,email:a.muster@example.org\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
             [alice2]\nsubjectAltName=email:alice@example.com\n\
             [bob]\nsubjectAltName=email:bob@example.net\nsubjectKeyIdentifier=hash\n\
             [mallory]\nsubjectAltName=email:mallory@example.com\n\
             [signonly]\nkeyUsage=critical,digitalSignature\nsubjectAltName=email:sign@example.com\n\
             [tls]\nextendedKeyUsage=serverAuth\nsubjectAltName=email:tls@example.com\n";
        std::fs::write(folder.join("pki.cnf"), config).unwrap();
        let pki = Pki { folder };
        pki.issue("root", "/CN=Test Root", None, &["-days", "36500"]);
        pki.issue("ca", "/CN=Test CA/O=M\u{fc}ller", Some("root"), &["-days", "36500"]);
        for person in ["alice", "alice2", "bob", "mallory", "signonly", "tls"] {
            pki.issue(person, &format!("/CN={person}"), Some("ca"), &["-days", "36500"]);
        }
        pki
    }

    fn issue(&self, name: &str, subject: &str, issuer: Option<&str>, extra: &[&str]) {
        let mut sign = vec!["-extfile", "pki.cnf", "-extensions", name, "-sha256"];
        sign.extend(extra);
        self.issue_key(name, subject, issuer, &["rsa:2048"], &sign);
    }

    /// Makes `NAME.key` by what `-newkey` takes, and `NAME.pem` for it.
    pub(crate) fn issue_key(
        &self,
        name: &str,
        subject: &str,
        issuer: Option<&str>,
        new_key: &[&str],
        extra: &[&str],
    ) {
        let (key, request, pem) =
            (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
        let run = |arguments: &[&str]| openssl(&self.folder, arguments, b"").unwrap();
        let mut make = vec!["req", "-new", "-nodes", "-utf8", "-subj", subject, "-config"];
        make.extend(["pki.cnf", "-keyout", &key, "-out", &request, "-newkey"]);
        make.extend(new_key);
        run(&make);
        let mut sign = vec!["x509", "-req", "-in", &request, "-out", &pem];
        let (ca, ca_key) =
            issuer.map(|i| (format!("{i}.pem"), format!("{i}.key"))).unwrap_or_default();
        match issuer {
            Some(_) => {
                sign.extend(["-CA", ca.as_str(), "-CAkey", ca_key.as_str(), "-CAcreateserial"])
            }
            None => sign.extend(["-signkey", key.as_str()]),
        }
        sign.extend(extra);
        run(&sign);
    }

    /// Somebody with a key on this curve, or an X25519 key, certified for these usages.
    pub(crate) fn reader(&self, name: &str, curve: &str, usage: &str) -> Identity {
        let run = |arguments: &str| {
            let arguments: Vec<_> = arguments.split(' ').collect();
            openssl(&self.folder, &arguments, b"").unwrap()
        };
        let extensions = format!("keyUsage=critical,{usage}\nsubjectKeyIdentifier=hash\n");
        std::fs::write(self.folder.join(format!("{name}.ext")), extensions).unwrap();
        let kind = match curve {
            "x25519" => "x25519".to_owned(),
            _ => format!("EC -pkeyopt ec_paramgen_curve:{curve} -pkeyopt ec_param_enc:named_curve"),
        };
        run(&format!("genpkey -algorithm {kind} -out {name}.key"));
        run(&format!("pkey -in {name}.key -pubout -out {name}.pub"));
        // X25519 can't sign a request, so the CA's key does for all.
        run(&format!("req -new -key ca.key -config pki.cnf -subj /CN={name} -out {name}.csr"));
        run(&format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -set_serial {} -force_pubkey {name}.pub \
             -extfile {name}.ext -days 36500 -out {name}.pem",
            1_000
                + name
                    .bytes()
                    .fold(0_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 1_000_000_007)
        ));
        self.identity(name)
    }

    pub(crate) fn certificate(&self, name: &str) -> Certificate {
        let pem = std::fs::read(self.folder.join(format!("{name}.pem"))).unwrap();
        Certificate::from_der(&pem_blocks(&pem)[0].bytes).unwrap()
    }

    pub(crate) fn identity(&self, name: &str) -> Identity {
        self.identity_of(name, "ca")
    }

    pub(crate) fn identity_of(&self, name: &str, issuer: &str) -> Identity {
        let key = std::fs::read(self.folder.join(format!("{name}.key"))).unwrap();
        let key = PrivateKey::from_pkcs8(&pem_blocks(&key)[0].bytes).unwrap();
        let chain = vec![self.certificate(issuer)];
        Identity::new(self.certificate(name), chain, Arc::new(key)).unwrap()
    }

    pub(crate) fn root(&self) -> Certificate {
        self.certificate("root")
    }

    /// The root, trusted for everything.
    pub(crate) fn anchor(&self) -> TrustAnchor {
        self.root().into()
    }
}

impl Drop for Pki {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// A message with an umlaut, an attachment and content header fields.
pub(crate) const MESSAGE: &[u8] = b"From: Alice <alice@example.com>\r\n\
To: bob@example.net\r\n\
Subject: Test\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=\"x\"\r\n\
\r\n\
--x\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\
\r\n\
Gr=C3=BC=C3=9Fe\r\n\
--x\r\n\
Content-Type: application/octet-stream; name=a.bin\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
AAECAwQFBgc=\r\n\
--x--\r\n";

/// What of [`MESSAGE`] is signed and encrypted.
pub(crate) fn content() -> Vec<u8> {
    let start = MESSAGE.windows(13).position(|w| w == b"Content-Type:").unwrap();
    MESSAGE[start..].to_vec()
}

/// Options of `verify` with anchors and nothing else.
pub(crate) fn verify_options<'a>(
    message: &'a [u8],
    anchors: &'a [TrustAnchor],
) -> VerifyOptions<'a> {
    VerifyOptions { trust_anchors: Some(anchors), ..VerifyOptions::new(message) }
}

/// What `openssl cms -sign` makes of content by alice's key, with her certificate and its issuer's.
pub(crate) fn openssl_sign(extra: &[&str], content: &[u8]) -> Vec<u8> {
    let mut arguments = vec!["cms", "-sign", "-binary", "-from", "alice@example.com"];
    arguments.extend(["-signer", "alice.pem", "-inkey", "alice.key", "-certfile", "ca.pem"]);
    arguments.extend_from_slice(extra);
    openssl(&Pki::get().folder, &arguments, content).unwrap()
}

/// [`MESSAGE`], signed by us with alice's key.
pub(crate) fn signed(form: Form, include: Include) -> Vec<u8> {
    let signers = [Pki::get().identity("alice")];
    let digest = Some(DigestAlgorithm::Sha256);
    let scheme = RsaScheme::Pkcs1v15;
    let options = SignOptions {
        message: MESSAGE.into(),
        signers: &signers,
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
