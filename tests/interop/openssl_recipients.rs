//! Every kind of recipient that OpenSSL has, both directions.

use smime_wasm::bytes::hex;
use smime_wasm::cert::Identity;
use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::crypto::{RsaScheme, SecretBytes};
use smime_wasm::env::block_on;
use smime_wasm::error::Result;
use smime_wasm::message::{
    Capabilities, DecryptOptions, DecryptResult, EncryptOptions, EncryptionParameters, Form,
    HeaderOptions, Include, KeyEncryptionKey, Layer, Opener, Recipient, SignOptions,
    SignatureParameters, decrypt, encrypt, inspect, sign, verify,
};

use crate::common::{MESSAGE, Pki, content, env, openssl, verify_options};

const CURVES: [&str; 5] = ["P-256", "P-384", "P-521", "brainpoolP256r1", "brainpoolP384r1"];

fn opened(message: &[u8], identities: &[Identity]) -> Result<DecryptResult> {
    let options = DecryptOptions { message, identities, ..Default::default() };
    block_on(decrypt(&mut env(1), options))
}

fn encrypted(recipients: &[Recipient], cipher: &str) -> Result<Vec<u8>> {
    let cipher = ContentCipher::by_name(cipher).unwrap();
    let options = EncryptOptions {
        message: MESSAGE.into(),
        recipients,
        headers: HeaderOptions::OFF,
        parameters: EncryptionParameters { cipher, key_transport: None, compress: false },
    };
    block_on(encrypt(&mut env(2), options))
}

fn inspected(message: &[u8]) -> Layer {
    block_on(inspect(&mut env(3), message)).unwrap().layer
}

#[test]
fn we_agree_on_keys_as_openssl_does() {
    let folder = &Pki::get().folder;
    for curve in CURVES {
        let name = format!("reader-{curve}");
        let identities = [Pki::get().reader(&name, curve, "keyAgreement")];
        let pem = format!("{name}.pem");
        for digest in ["sha1", "sha224", "sha256", "sha384", "sha512"] {
            for wrap in ["-aes128-wrap", "-aes192-wrap", "-aes256-wrap", "-des3-wrap"] {
                let digest = format!("ecdh_kdf_md:{digest}");
                let mode = if wrap == "-aes128-wrap" { "1" } else { "0" };
                let mode = format!("ecdh_cofactor_mode:{mode}");
                let mut arguments = vec!["cms", "-encrypt", "-binary", "-aes256", wrap];
                arguments.extend(["-recip", &pem, "-keyopt", &digest, "-keyopt", &mode]);
                let message = openssl(folder, &arguments, &content()).unwrap();
                let found = opened(&message, &identities)
                    .unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
                assert_eq!(found.message, content(), "{arguments:?}");
                let is_weak = found.problems.iter().any(|p| p.code.as_str() == "cipher/weak");
                assert_eq!(is_weak, wrap == "-des3-wrap");
            }
        }
    }
}

#[test]
fn openssl_agrees_on_keys_as_we_do() {
    let folder = &Pki::get().folder;
    for curve in CURVES {
        let name = format!("writer-{curve}");
        let recipients =
            [Pki::get().reader(&name, curve, "keyAgreement").certificate().clone().into()];
        for cipher in ["aes-128-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm"] {
            let message = encrypted(&recipients, cipher).unwrap();
            let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
            let arguments = ["cms", "-decrypt", "-inkey", &key, "-recip", &certificate];
            let shown = openssl(folder, &arguments, &message).unwrap();
            assert_eq!(shown, content(), "{curve} {cipher}");
        }
    }
}

#[test]
fn we_read_what_we_write_for_everybody() {
    let pki = Pki::get();
    let people = [
        pki.identity("alice"),
        Pki::get().reader("all-p256", "P-256", "keyAgreement"),
        Pki::get().reader("all-x25519", "x25519", "keyAgreement"),
        Pki::get().reader("all-bp384", "brainpoolP384r1", "keyAgreement,digitalSignature"),
    ];
    let recipients: Vec<Recipient> =
        people.iter().map(|identity| identity.certificate().clone().into()).collect();
    for cipher in ["aes-128-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm"] {
        let message = encrypted(&recipients, cipher).unwrap();
        for person in &people {
            let identities = [pki.identity("bob"), person.clone()];
            let found = opened(&message, &identities).unwrap();
            assert_eq!((found.message, found.opener), (content(), Opener::Identity(1)));
        }
        assert_eq!(opened(&message, &people).unwrap().message, content());
        let Layer::Encrypted { recipients, .. } = inspected(&message) else {
            panic!("it is encrypted");
        };
        let mut kinds: Vec<_> = recipients.iter().map(|recipient| recipient.kind).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["key-agreement", "key-agreement", "key-agreement", "key-transport"]);
        assert!(recipients.iter().all(|recipient| recipient.serial_number.is_some()));
    }
}

/// OpenSSL 3.0 has no X25519 in CMS. So its single steps are put together here as RFC 8418, 2.2 says.
#[test]
fn the_steps_of_x25519_lead_openssl_to_our_content_key() {
    let pki = Pki::get();
    let reader = pki.reader("steps", "x25519", "keyAgreement");
    let message = encrypted(&[reader.certificate().clone().into()], "aes-256-cbc").unwrap();
    let body = message.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    let der = smime_wasm::bytes::base64::decode(&message[body..]).unwrap();
    let after = |start: &[u8], length: usize| {
        let at = der.windows(start.len()).position(|window| window == start).unwrap();
        der[at + start.len()..][..length].to_vec()
    };
    let run = |arguments: &str, input: &[u8]| {
        let arguments: Vec<_> = arguments.split(' ').collect();
        openssl(&pki.folder, &arguments, input).unwrap()
    };
    // OriginatorPublicKey, and the end of RecipientEncryptedKey.
    let algorithm = b"\x30\x05\x06\x03\x2b\x65\x6e";
    let ephemeral = after(&[&algorithm[..], b"\x03\x21\x00"].concat(), 32);
    let wrapped = after(b"\x04\x28", 40);
    let spki = [b"\x30\x2a", &algorithm[..], b"\x03\x21\x00", &ephemeral].concat();
    std::fs::write(pki.folder.join("steps-peer.der"), spki).unwrap();
    let derive = "pkeyutl -derive -inkey steps.key -peerform DER -peerkey steps-peer.der";
    let secret = hex::encode(&run(derive, b""));
    // ECC-CMS-SharedInfo: AES-256 key wrap, 256 bits.
    let info = "3015300b060960864801650304012da206040400000100";
    let kdf = format!(
        "kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexkey:{secret} -kdfopt hexinfo:{info} -binary HKDF"
    );
    let kek = hex::encode(&run(&kdf, b""));
    let unwrap = format!("enc -d -id-aes256-wrap -K {kek} -iv a6a6a6a6a6a6a6a6");
    let key = hex::encode(&run(&unwrap, &wrapped));
    // EncryptedContentInfo: AES-256-CBC with its IV, then the ciphertext in one piece.
    let iv = after(b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a\x04\x10", 16);
    let length = (content().len() / 16 + 1) * 16;
    let decrypt = format!("enc -d -aes-256-cbc -K {key} -iv {}", hex::encode(&iv));
    assert_eq!(run(&decrypt, &der[der.len() - length..]), content());
}

#[test]
fn recipients_are_found_by_key_identifier_and_among_others() {
    let folder = &Pki::get().folder;
    let reader = Pki::get().reader("keyid-reader", "P-256", "keyAgreement");
    let _other = Pki::get().reader("keyid-other", "P-384", "keyAgreement");
    let arguments = ["cms", "-encrypt", "-binary", "-keyid", "-aes128", "keyid-other.pem"];
    let message =
        openssl(folder, &[&arguments[..], &["keyid-reader.pem"]].concat(), &content()).unwrap();
    assert_eq!(opened(&message, &[reader]).unwrap().message, content());
}

#[test]
fn passwords_open_what_they_lock() {
    let folder = &Pki::get().folder;
    for cipher in ["-aes128", "-aes192", "-aes256", "-des3"] {
        let arguments = ["cms", "-encrypt", "-binary", cipher, "-pwri_password", "g\u{fc}lden"];
        let message = openssl(folder, &arguments, &content()).unwrap();
        let open = |passwords: &[&str]| {
            let passwords: Vec<_> =
                passwords.iter().map(|word| SecretBytes::from(word.as_bytes())).collect();
            let passwords = passwords.as_slice();
            let options = DecryptOptions { message: &message, passwords, ..Default::default() };
            block_on(decrypt(&mut env(3), options))
        };
        let found = open(&["wrong", "g\u{fc}lden", ""]).unwrap();
        assert_eq!((found.message, found.opener), (content(), Opener::Password(1)), "{cipher}");
        assert_eq!(open(&["wrong"]).unwrap_err().code(), "decrypt/failed");
        assert_eq!(open(&[]).unwrap_err().code(), "decrypt/no-recipient");
        assert_eq!(open(&["wrong"; 33]).unwrap_err().code(), "limit/recipients");
    }
}

#[test]
fn keys_that_both_had_before_open_what_they_lock() {
    let folder = &Pki::get().folder;
    for size in [16, 24, 32] {
        let (key, id) = ("5a".repeat(size), "0102ff");
        let arguments = ["cms", "-encrypt", "-binary", "-aes256", "-secretkey", &key];
        let arguments = [&arguments[..], &["-secretkeyid", id]].concat();
        let message = openssl(folder, &arguments, &content()).unwrap();
        let open = |id: &[u8], key: &[u8]| {
            let keys = [KeyEncryptionKey { id: id.to_vec(), key: key.into() }];
            let options = DecryptOptions { message: &message, keys: &keys, ..Default::default() };
            block_on(decrypt(&mut env(3), options))
        };
        let found = open(&[1, 2, 0xff], &vec![0x5a; size]).unwrap();
        assert_eq!((found.message, found.opener), (content(), Opener::Key(0)));
        let failed = |found: Result<DecryptResult>| found.unwrap_err().code().to_owned();
        assert_eq!(failed(open(&[1, 2, 0xff], &vec![0x5b; size])), "decrypt/failed");
        assert_eq!(failed(open(&[1, 2, 0xff], &[0x5a; 5])), "decrypt/failed");
        assert_eq!(failed(open(&[1, 2], &vec![0x5a; size])), "decrypt/no-recipient");
    }
}

/// Wherever one message may be opened, every way in works by itself.
#[test]
fn one_message_for_every_kind_of_recipient() {
    let pki = Pki::get();
    let elliptic = Pki::get().reader("kinds", "P-521", "keyAgreement");
    let key = "5a".repeat(16);
    let mut arguments = vec!["cms", "-encrypt", "-binary", "-aes256", "-pwri_password", "secret"];
    arguments.extend(["-secretkey", &key, "-secretkeyid", "07", "bob.pem", "kinds.pem"]);
    let message = openssl(&pki.folder, &arguments, &content()).unwrap();
    let identities = [elliptic, pki.identity("bob")];
    for identity in &identities {
        let found = opened(&message, std::slice::from_ref(identity)).unwrap();
        assert_eq!(found.message, content());
    }
    let passwords = [SecretBytes::from(&b"secret"[..])];
    let keys = [KeyEncryptionKey { id: vec![7], key: [0x5a; 16][..].into() }];
    let (message, identities) = (&message, &identities);
    for options in [
        DecryptOptions { message, passwords: &passwords, ..Default::default() },
        DecryptOptions { message, keys: &keys, ..Default::default() },
        DecryptOptions { message, identities, passwords: &passwords, keys: &keys },
    ] {
        assert_eq!(block_on(decrypt(&mut env(4), options)).unwrap().message, content());
    }
    let Layer::Encrypted { recipients, .. } = inspected(message) else {
        panic!("it is encrypted");
    };
    let mut kinds: Vec<_> = recipients
        .iter()
        .map(|recipient| (recipient.kind, recipient.key_identifier.as_deref()))
        .collect();
    kinds.sort_unstable();
    let expected = [
        ("key-agreement", None),
        ("key-encryption-key", Some("07")),
        ("key-transport", None),
        ("password", None),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn a_key_that_is_not_for_encryption_is_refused() {
    for (name, curve) in [("signs-p256", "P-256"), ("signs-x25519", "x25519")] {
        let signer = Pki::get().reader(name, curve, "digitalSignature,keyEncipherment");
        let recipients = [signer.certificate().clone().into()];
        let error = encrypted(&recipients, "aes-256-cbc").unwrap_err();
        assert_eq!(error.code(), "refused/recipient");
    }
}

/// The identifier of CMS_CEK_HKDF_SHA256 (RFC 9709), in DER.
const BOUND: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x03\x1f";

/// What somebody's good signature says of their software decides how we encrypt to them; of several
/// recipients each gets their own key transport, and the key is bound to the cipher if all can read it.
#[test]
fn capabilities_decide_how_the_key_is_sent() {
    let pki = Pki::get();
    let bob = [pki.identity("bob")];
    let options = SignOptions {
        message: MESSAGE.into(),
        signers: &bob,
        protect_headers: false,
        parameters: SignatureParameters {
            form: Form::Opaque,
            digest: None,
            scheme: RsaScheme::Pkcs1v15,
            include: Include::Chain,
            ..SignatureParameters::default()
        },
    };
    let signed = block_on(sign(&mut env(5), options)).unwrap();
    let anchors = [pki.anchor()];
    let verified = block_on(verify(&mut env(6), verify_options(&signed, &anchors))).unwrap();
    let told = verified.signatures[0].capabilities.as_deref().unwrap();
    let capable = Recipient::new(pki.certificate("bob"), Capabilities::from_der(told).unwrap());
    let plain = Recipient::from(pki.certificate("alice"));
    let both = [pki.identity("alice"), pki.identity("bob")];
    for (recipients, transports, is_bound) in [
        (vec![capable.clone()], vec!["rsaes-oaep"], true),
        (vec![capable, plain.clone()], vec!["rsaes-oaep", "rsaes-pkcs1-v1_5"], false),
        (vec![plain], vec!["rsaes-pkcs1-v1_5"], false),
    ] {
        let message = encrypted(&recipients, "aes-256-cbc").unwrap();
        assert_eq!(opened(&message, &both).unwrap().message, content());
        let body = message.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
        let der = smime_wasm::bytes::base64::decode(&message[body..]).unwrap();
        assert_eq!(der.windows(BOUND.len()).any(|window| window == BOUND), is_bound);
        let Layer::Encrypted { recipients, .. } = inspected(&message) else {
            panic!("it is encrypted");
        };
        let mut found: Vec<_> = recipients.into_iter().filter_map(|r| r.algorithm).collect();
        found.sort_unstable();
        assert_eq!(found, transports);
    }
}

/// The capabilities of a certificate count where no others are known (RFC 4262).
#[test]
fn openssl_reads_oaep_that_a_certificate_asks_for() {
    let pki = Pki::get();
    let extension = "1.2.840.113549.1.9.15=DER:300d300b06092a864886f70d010107\n";
    std::fs::write(pki.folder.join("capable.ext"), extension).unwrap();
    let arguments = "req -new -key bob.key -config pki.cnf -subj /CN=capable -out capable.csr";
    openssl(&pki.folder, &arguments.split(' ').collect::<Vec<_>>(), b"").unwrap();
    let arguments = "x509 -req -in capable.csr -CA ca.pem -CAkey ca.key -set_serial 4711 \
         -extfile capable.ext -days 36500 -out capable.pem";
    openssl(&pki.folder, &arguments.split_whitespace().collect::<Vec<_>>(), b"").unwrap();
    let message = encrypted(&[pki.certificate("capable").into()], "aes-256-cbc").unwrap();
    let arguments = ["cms", "-decrypt", "-inkey", "bob.key", "-recip", "capable.pem"];
    assert_eq!(openssl(&pki.folder, &arguments, &message).unwrap(), content());
    let Layer::Encrypted { recipients, .. } = inspected(&message) else {
        panic!("it is encrypted");
    };
    assert_eq!(recipients[0].algorithm.as_deref(), Some("rsaes-oaep"));
}
