//! PFX files written by other programs, and ours read by them. What is not installed is skipped with
//! a word.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use smime_wasm::asn1::{constructed, oids, primitive, tag};
use smime_wasm::cert::Identity;
use smime_wasm::env::{Env, Time, block_on};
use smime_wasm::error::{Problem, ProblemCode, Result};
use smime_wasm::limits::Limits;
use smime_wasm::pkcs12::{Imported, Password, Profile, export, import};

use der::Encode;
use der::asn1::ObjectIdentifier;

const PASSWORDS: [&str; 4] = ["secret", "", "Grün ist die Wiese", "σύνθημα 𝄞"];

#[test]
fn what_openssl_writes_opens() {
    let Some(dir) = Folder::with_identity("openssl-writes") else { return };
    let schemes = [
        "PBE-SHA1-3DES",
        "PBE-SHA1-2DES",
        "PBE-SHA1-RC2-40",
        "PBE-SHA1-RC2-128",
        "aes-128-cbc",
        "aes-192-cbc",
        "aes-256-cbc",
        "des-ede3-cbc",
        "rc2-cbc",
        "rc2-40-cbc",
        "NONE",
    ];
    let mut variants: Vec<Vec<&str>> = vec![
        vec![],
        vec!["-legacy"],
        vec!["-noiter", "-nomaciter"],
        vec!["-iter", "10000"],
        vec!["-nomac"],
        vec!["-nomac", "-legacy"],
    ];
    for scheme in schemes {
        variants.push(vec!["-legacy", "-keypbe", scheme, "-certpbe", scheme]);
        variants.push(vec!["-legacy", "-keypbe", scheme, "-certpbe", scheme, "-nomac"]);
    }
    for digest in ["sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224", "sha512-256"] {
        variants.push(vec!["-macalg", digest]);
    }
    for variant in &variants {
        for password in PASSWORDS {
            let data = dir.openssl_export(variant, password);
            let imported = open(&data, password)
                .unwrap_or_else(|error| panic!("{variant:?} {password:?}: {error:?}"));
            assert_eq!(imported.identities.len(), 1, "{variant:?}");
            let identity = &imported.identities[0];
            assert_eq!(identity.certificate().addresses(), ["erika@example.com"]);
            assert_eq!(identity.chain(), imported.certificates, "{variant:?}");
            assert_eq!(imported.certificates.len(), 1);

            let codes: Vec<_> =
                imported.problems.iter().map(|problem| problem.code.as_str()).collect();
            assert_eq!(codes.contains(&"p12/no-mac"), variant.contains(&"-nomac"), "{variant:?}");
            let is_weak = variant.iter().any(|option| {
                option.contains("DES")
                    || option.contains("des")
                    || option.to_lowercase().contains("rc2")
            }) || variant.contains(&"-legacy") && !variant.contains(&"-keypbe");
            assert_eq!(codes.contains(&"p12/weak-cipher"), is_weak, "{variant:?}");

            let is_open = variant.contains(&"NONE") && variant.contains(&"-nomac");
            let code = open(&data, "another").map_err(|error| error.code().to_owned()).err();
            assert_eq!(code.as_deref(), (!is_open).then_some("p12/wrong-password"), "{variant:?}");
        }
    }
}

#[test]
fn what_is_not_supported_says_so() {
    let Some(dir) = Folder::with_identity("openssl-unsupported") else { return };
    for digest in ["md5", "sha3-256"] {
        let data = dir.openssl_export(&["-macalg", digest], "secret");
        assert_eq!(open(&data, "secret").unwrap_err().code(), "unsupported/algorithm", "{digest}");
    }
    let pbe = ["-legacy", "-keypbe", "PBE-SHA1-RC4-128", "-certpbe", "PBE-SHA1-RC4-40"];
    let imported = open(&dir.openssl_export(&pbe, "secret"), "secret").unwrap();
    let problems: Vec<_> = imported.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(problems, ["p12/bag-skipped", "p12/unsupported-key"]);
}

#[test]
fn scrypt_is_read() {
    let Some(dir) = Folder::with_identity("openssl-scrypt") else { return };
    for password in PASSWORDS {
        let sealed = dir.pkcs8(&["-scrypt"], password);
        let imported = open(&pfx_of(&sealed), password).unwrap();
        let codes: Vec<_> = imported.problems.iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!(codes, ["p12/no-mac", "p12/key-without-certificate"]);
        let error = open(&pfx_of(&sealed), "another").unwrap_err();
        assert_eq!(error.code(), "p12/wrong-password");
    }
}

#[test]
fn files_without_a_key_say_so() {
    let Some(dir) = Folder::with_identity("openssl-no-key") else { return };
    let data = dir.openssl_export(&["-nokeys"], "secret");
    let imported = open(&data, "secret").unwrap();
    assert_eq!(imported.certificates.len(), 2);
    assert_eq!(imported.problems, [Problem::new(ProblemCode::P12NoKey)]);
    assert_eq!(open(&data, "wrong").unwrap_err().code(), "p12/wrong-password");
}

/// `openssl pkcs12` writes HMAC-SHA-256 only, `openssl pkcs8` all of them.
#[test]
fn every_prf_of_pbkdf2_is_read() {
    let Some(dir) = Folder::with_identity("openssl-prf") else { return };
    for prf in ["SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA512-224", "SHA512-256"] {
        for cipher in ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "des3"] {
            let name = format!("hmacWith{prf}");
            for password in PASSWORDS {
                let sealed = dir.pkcs8(&["-v2", cipher, "-v2prf", &name], password);
                let imported = open(&pfx_of(&sealed), password)
                    .unwrap_or_else(|error| panic!("{prf} {cipher}: {error:?}"));
                let codes: Vec<_> =
                    imported.problems.iter().map(|problem| problem.code.as_str()).collect();
                assert!(codes.contains(&"p12/key-without-certificate"), "{codes:?}");
                assert!(imported.identities.is_empty());
            }
        }
    }
}

/// OpenSSL before 1.1 took every octet of the UTF-8 for a character of the password.
#[test]
fn the_password_of_old_openssl_is_tried() {
    let Some(dir) = Folder::with_identity("openssl-old") else { return };
    let pbe = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"];
    for more in [&[][..], &["-nomac"]] {
        let data = dir.openssl_export(&[&pbe[..], more].concat(), "GrÃ¼n");
        assert_eq!(open(&data, "Grün").unwrap().identities.len(), 1);
        assert_eq!(open(&data, "Grun").unwrap_err().code(), "p12/wrong-password");
    }
}

#[test]
fn what_we_write_opens_in_openssl() {
    let Some(dir) = Folder::with_identity("openssl-reads") else { return };
    let identity = dir.identity();
    for profile in [Profile::Modern, Profile::Compatible] {
        for password in PASSWORDS {
            let file = dir.write("ours.p12", &write(&identity, password, profile));
            let openssl = |arguments: &[&str]| {
                let mut command = Command::new("openssl");
                command.args(["pkcs12", "-in"]).arg(&file).args(arguments);
                run(command.args(["-passin", &format!("pass:{password}"), "-nodes"]))
            };
            let leaf = openssl(&["-clcerts", "-nokeys"]);
            assert!(leaf.contains("friendlyName: erika@example.com"), "{leaf}");
            assert!(leaf.contains("localKeyID: "));
            assert!(leaf.contains(&dir.read("erika.pem")));
            assert!(openssl(&["-cacerts", "-nokeys"]).contains(&dir.read("ca.pem")));
            let key = dir.write("key.pem", openssl(&["-nocerts"]).as_bytes());
            let plain = run(Command::new("openssl").args(["rsa", "-in"]).arg(key));
            let original =
                run(Command::new("openssl").args(["rsa", "-in"]).arg(dir.path("erika.key")));
            assert_eq!(plain, original);

            let again = open(&std::fs::read(&file).unwrap(), password).unwrap();
            assert_eq!(again.identities.len(), 1);
            assert_eq!(again.identities[0].certificate(), identity.certificate());
            assert_eq!(again.identities[0].chain(), identity.chain());
            assert_eq!(again.problems.is_empty(), profile == Profile::Modern);
        }
    }
}

#[test]
fn what_we_write_opens_in_java() {
    let Some(dir) = Folder::with_identity("java-reads") else { return };
    if !is_installed("keytool", "-help") {
        return;
    }
    for profile in [Profile::Modern, Profile::Compatible] {
        let file = dir.write("ours.p12", &write(&dir.identity(), "secret", profile));
        let mut command = Command::new("keytool");
        command.args(["-list", "-v", "-storetype", "PKCS12", "-storepass", "secret", "-keystore"]);
        let listed = run(command.arg(file));
        assert!(listed.contains("PrivateKeyEntry"), "{listed}");
        assert!(listed.contains("erika@example.com"));
        assert!(listed.contains("Certificate[2]"), "{listed}");
    }
}

/// OpenSSL 3.0 does not read PBMAC1; what PyPI's `cryptography` bundles does.
#[test]
fn pbmac1_opens_in_cryptography() {
    let Some(dir) = Folder::with_identity("cryptography") else { return };
    let python = Command::new("python3").args(["-c", "import cryptography"]).output();
    if !python.is_ok_and(|output| output.status.success()) {
        println!("skipped: PyPI's cryptography is not installed");
        return;
    }
    for password in PASSWORDS {
        let file = dir.write("ours.p12", &write(&dir.identity(), password, Profile::Pbmac1));
        let mut command = Command::new("python3");
        command.args(["-c", READ_WITH_CRYPTOGRAPHY]).arg(&file).arg(password);
        assert_eq!(run(&mut command).trim(), "1 issuer");
    }
}

const READ_WITH_CRYPTOGRAPHY: &str = "
import sys
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
_, file, password = sys.argv
key, certificate, issuers = load_key_and_certificates(open(file, 'rb').read(), password.encode())
assert key.public_key() == certificate.public_key()
print(len(issuers), 'issuer')
";

/// GnuPG 2.2 reads neither our modern profile nor what OpenSSL 3 writes by itself.
#[test]
fn what_we_write_opens_in_gpgsm() {
    let Some(dir) = Folder::with_identity("gpgsm-reads") else { return };
    if !is_installed("gpgsm", "--version") {
        return;
    }
    let file = dir.write("ours.p12", &write(&dir.identity(), "secret", Profile::Compatible));
    let home = dir.path("gnupg");
    std::fs::create_dir(&home).unwrap();
    let passphrase = std::fs::File::open(dir.write("passphrase", b"secret\n")).unwrap();
    let mut command = Command::new("gpgsm");
    command.arg("--homedir").arg(&home).args(["--batch", "--no-tty", "--disable-dirmngr"]);
    command.args(["--pinentry-mode", "loopback", "--passphrase-fd", "0", "--import"]).arg(file);
    let output = command.stdin(passphrase).output().unwrap();
    let mut command = Command::new("gpgsm");
    let listed = run(command.arg("--homedir").arg(&home).arg("--list-secret-keys"));
    let mut command = Command::new("gpgconf");
    let _ = command.arg("--homedir").arg(&home).args(["--kill", "all"]).output();
    assert!(listed.contains("erika@example.com"), "{}", String::from_utf8_lossy(&output.stderr));
}

fn open(data: &[u8], password: &str) -> Result<Imported> {
    block_on(import(&mut env(), data, &Password::new(password)))
}

fn write(identity: &Identity, password: &str, profile: Profile) -> Vec<u8> {
    block_on(export(&mut env(), identity, &Password::new(password), profile)).unwrap()
}

fn env() -> Env {
    Env::new(Time::from_secs(0), &[7; 32], Limits::default())
}

/// A PFX without MAC around an EncryptedPrivateKeyInfo.
fn pfx_of(sealed: &[u8]) -> Vec<u8> {
    let explicit = |value: &[u8]| constructed(tag::context_constructed(0), &[value]);
    let data = |value: &[u8]| {
        let content = explicit(&primitive(tag::OCTET_STRING, value));
        constructed(tag::SEQUENCE, &[&oids::DATA.to_der().unwrap(), &content])
    };
    let kind = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2").to_der().unwrap();
    let bag = constructed(tag::SEQUENCE, &[&kind, &explicit(sealed)]);
    let safe = data(&constructed(tag::SEQUENCE, &[&bag]));
    let safes = data(&constructed(tag::SEQUENCE, &[&safe]));
    constructed(tag::SEQUENCE, &[&[2, 1, 3], &safes])
}

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    /// With a CA (`ca.pem`), a certificate it issued for erika@example.com (`erika.pem`) and its key.
    /// `None` without OpenSSL.
    fn with_identity(name: &str) -> Option<Folder> {
        if !is_installed("openssl", "version") {
            return None;
        }
        let path = std::env::temp_dir().join(format!("smime-p12-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        let dir = Folder(path);
        let openssl = |line: &str| {
            run(Command::new("openssl").args(line.split(' ')).current_dir(&dir.0));
        };
        openssl(
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=CA",
        );
        openssl(
            "req -x509 -newkey rsa:2048 -nodes -keyout erika.key -out erika.pem -days 30 \
             -subj /CN=Erika -addext subjectAltName=email:erika@example.com -CA ca.pem -CAkey ca.key",
        );
        Some(dir)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        std::fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn openssl_export(&self, options: &[&str], password: &str) -> Vec<u8> {
        let mut command = Command::new("openssl");
        command.args(["pkcs12", "-export", "-in", "erika.pem", "-inkey", "erika.key"]);
        command.args(["-certfile", "ca.pem", "-out", "theirs.p12"]).args(options);
        command.args(["-passout", &format!("pass:{password}")]);
        run(command.current_dir(&self.0));
        std::fs::read(self.path("theirs.p12")).unwrap()
    }

    fn pkcs8(&self, options: &[&str], password: &str) -> Vec<u8> {
        let mut command = Command::new("openssl");
        command.args(["pkcs8", "-topk8", "-in", "erika.key", "-outform", "DER", "-out", "sealed"]);
        command.args(options).args(["-passout", &format!("pass:{password}")]);
        run(command.current_dir(&self.0));
        std::fs::read(self.path("sealed")).unwrap()
    }

    fn identity(&self) -> Identity {
        open(&self.openssl_export(&[], "x"), "x").unwrap().identities.remove(0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn is_installed(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    let started = command.arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if started.is_err() {
        println!("skipped: {program} is not installed");
    }
    started.is_ok()
}

/// What the program prints.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}
