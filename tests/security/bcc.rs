//! Nobody learns from a copy who else got a blind one (attack 26): no field, RecipientInfo, key or
//! identifier of one audience is in the message of another, however Bcc is written.

use std::collections::BTreeSet;

use smime_wasm::asn1::Reader;
use smime_wasm::bytes::base64;
use smime_wasm::cert::Identity;
use smime_wasm::cms::compress;
use smime_wasm::env::block_on;
use smime_wasm::error::Result;
use smime_wasm::message::{
    ConfidentialityPolicy, EncryptionParameters, Form, HeaderOptions, HeaderProtection, Layer,
    OpenOptions, OpenedMessage, Openers, ProtectOptions, Protected, Recipient, SignatureParameters,
    VerifyOptions, inspect, open, protect_message,
};

use crate::common::{Pki, env, openssl};

/// Mallory gets a blind copy. Whatever names her holds this word.
const BLIND: &str = "mallory";

const PROTECTIONS: [HeaderProtection; 4] = [
    HeaderProtection::Off,
    HeaderProtection::Auto,
    HeaderProtection::Policy(ConfidentialityPolicy::Baseline),
    HeaderProtection::Policy(ConfidentialityPolicy::Shy),
];

/// With fields between others of a header.
fn message(fields: &str) -> String {
    format!(
        "From: alice@example.com\r\nTo: bob@example.net\r\n{fields}Subject: plan\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    )
}

/// Alice sends it, to bob in To and mallory in Bcc unless the message says otherwise.
struct Sending {
    message: String,
    bcc: Option<Vec<String>>,
    signers: Vec<Identity>,
    protection: HeaderProtection,
    seed: u8,
}

impl Sending {
    fn new(message: String) -> Sending {
        let signers = vec![Pki::get().identity("alice")];
        Sending { message, bcc: None, signers, protection: HeaderProtection::Auto, seed: 3 }
    }

    fn protect(&self) -> Result<Protected<Vec<u8>>> {
        let pki = Pki::get();
        let recipients: Vec<Recipient> =
            ["mallory", "alice", "bob"].map(|name| pki.certificate(name).into()).to_vec();
        let own = [pki.certificate("alice").into()];
        let options = ProtectOptions {
            message: self.message.as_bytes().into(),
            from: None,
            to: None,
            cc: None,
            bcc: self.bcc.clone(),
            signers: &self.signers,
            signature: SignatureParameters { form: Form::Detached, ..Default::default() },
            recipients: Some(&recipients),
            own: Some(&own),
            also: &[],
            separately: false,
            with_clear_copy: false,
            left_out: &[],
            encryption: EncryptionParameters::default(),
            headers: HeaderOptions { protection: self.protection, ..HeaderOptions::default() },
            must_encrypt: true,
        };
        block_on(protect_message(&mut env(self.seed), options, Vec::with_capacity))
    }
}

/// As OpenSSL decrypts it.
fn decrypted(message: &[u8], name: &str) -> Option<Vec<u8>> {
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let arguments = ["cms", "-decrypt", "-inkey", &key, "-recip", &certificate];
    openssl(&Pki::get().folder, &arguments, message).ok()
}

/// The CMS of a mail that is encrypted.
fn cms(message: &[u8]) -> Vec<u8> {
    let body = message.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    base64::decode(&message[body..]).unwrap()
}

fn names_the_blind(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    text.contains(BLIND) || text.contains("bcc:") || text.contains("bcc :")
}

fn recipients_of(message: &[u8]) -> usize {
    match block_on(inspect(&mut env(4), message)).unwrap().layer {
        Layer::Encrypted { recipients, .. } => recipients.len(),
        other => panic!("{other:?}"),
    }
}

fn opened(message: &[u8], name: &str) -> OpenedMessage {
    let pki = Pki::get();
    let (anchors, identities) = ([pki.anchor()], [pki.identity(name)]);
    let options = OpenOptions {
        openers: Openers { identities: &identities, passwords: &[], keys: &[] },
        verify: VerifyOptions { trust_anchors: Some(&anchors), ..VerifyOptions::new(&[]) },
        may_fetch_unprotected: false,
    };
    block_on(open(&mut env(5), message.to_vec(), options)).unwrap()
}

/// Neither the copy of bob's nor that of mallory's names her, sealed or opened, and each is for one.
fn check(what: &str, sending: &Sending) {
    let protected = sending.protect().unwrap_or_else(|error| panic!("{what}: {error}"));
    let [for_bob, for_mallory] = protected.outgoing.as_slice() else {
        panic!("{what}: two copies")
    };
    assert_eq!(for_bob.envelope.to, ["bob@example.net"], "{what}");
    assert_eq!(for_mallory.envelope.to, ["mallory@example.com"], "{what}");
    for (copy, reader, others) in
        [(for_bob, "bob", ["mallory", "alice"]), (for_mallory, "mallory", ["bob", "alice"])]
    {
        assert_eq!(recipients_of(&copy.message), 1, "{what}");
        assert!(others.iter().all(|name| decrypted(&copy.message, name).is_none()), "{what}");
        let inside = decrypted(&copy.message, reader).unwrap();
        for bytes in [&copy.message, &cms(&copy.message), &inside] {
            assert!(!names_the_blind(bytes), "{what}: {}", String::from_utf8_lossy(bytes));
        }
    }
    let kept = protected.sent_copy.unwrap();
    assert_eq!(recipients_of(&kept), 1, "{what}");
    let header = opened(&kept, "alice").headers.fields;
    let bcc = header.iter().find(|field| field.name == "Bcc").unwrap();
    assert_eq!(bcc.value, "mallory@example.com", "{what}");
}

#[test]
fn no_copy_names_who_gets_a_blind_one_however_bcc_is_written() {
    let given = || Some(vec!["mallory@example.com".to_owned()]);
    for (fields, bcc) in [
        ("Bcc: mallory@example.com\r\n", None),
        ("bCC : Mallory <mallory@example.com>\r\n", None),
        ("BCC:\r\n\tmallory@example.com\r\n", None),
        (
            "Bcc: \"bob@example.net\"\r\n (mallory)\r\n <mallory@example.com>,\r\n mallory@EXAMPLE.com\r\n",
            None,
        ),
        ("Bcc: mallory@example.com\r\nX: y\r\nbcc: mallory@example.com\r\nBcc:\r\n", None),
        ("Bcc: mallory@example.com\n", None),
        // Bob stands in To already.
        ("Bcc: bob@example.net, mallory@example.com\r\n", None),
        ("", given()),
        ("Bcc: friends: mallory@example.com;\r\n", given()),
        ("Resent-Bcc: mallory@example.com\r\nRESENT-BCC : mallory@example.com\r\n", given()),
        ("HP-Outer: Bcc: mallory@example.com\r\n", given()),
    ] {
        for protection in PROTECTIONS {
            let sending = Sending { bcc: bcc.clone(), protection, ..Sending::new(message(fields)) };
            check(&format!("{fields:?} {protection:?}"), &sending);
            check(&format!("{fields:?} {protection:?}"), &Sending { signers: vec![], ..sending });
        }
    }
    let first = Sending::new(format!("Bcc: mallory@example.com\r\n{}", message("")));
    check("in front", &first);
    let last = message("").replace("\r\n\r\n", "\r\nBcc: mallory@example.com\r\n\r\n");
    check("at the end", &Sending::new(last));
}

/// Another reader goes on with the next line, and takes what stands there for a field or for text.
#[test]
fn a_header_in_which_bcc_could_hide_is_refused() {
    for fields in [
        "no field\r\nBcc: mallory@example.com\r\n",
        "X: a\rBcc: mallory@example.com\r\n",
        "X: a\0Bcc: mallory@example.com\r\n",
        "B cc: mallory@example.com\r\n",
        "\u{200b}Bcc: mallory@example.com\r\n",
        ": x\r\nBcc: mallory@example.com\r\n",
    ] {
        let error = Sending::new(message(fields)).protect().unwrap_err();
        assert_eq!(error.code(), "malformed/mime", "{fields:?}");
    }
}

/// As in the copy that the sender keeps, which somebody decrypts and sends once more.
#[test]
fn bcc_in_what_is_signed_already_is_refused() {
    let kept = Sending::new(message("Bcc: mallory@example.com\r\n")).protect().unwrap().sent_copy;
    let inside = String::from_utf8(decrypted(&kept.unwrap(), "alice").unwrap()).unwrap();
    assert!(names_the_blind(inside.as_bytes()));
    refused("a sent copy", &inside);
}

/// Whatever form the signature has, and however many there are.
#[test]
fn bcc_in_any_layer_of_what_is_signed_already_is_refused() {
    let bcc = "Bcc: mallory@example.com\r\n";
    let attached = format!("Content-Type: message/rfc822\r\n\r\n{}", message(bcc));
    let deep = format!("Content-Type: message/rfc822\r\n\r\n{attached}");
    for entity in [message(bcc), message("HP-Outer: Bcc: mallory@example.com\r\n"), attached, deep]
    {
        for forms in [&["-nodetach"][..], &[""], &["", ""], &["-nodetach", ""], &["", "-nodetach"]]
        {
            refused(&format!("{forms:?} {entity}"), &signed(forms, &entity));
        }
        let cms = block_on(compress(&mut env(4), entity.as_bytes())).unwrap();
        let compressed = format!(
            "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            String::from_utf8(base64::encode(&cms)).unwrap()
        );
        refused("compressed", &signed(&[""], &compressed));
    }
}

#[test]
fn what_is_signed_already_and_can_not_be_read_is_refused() {
    let type_ = "MIME-Version: 1.0\r\nContent-Type: ";
    for inside in [
        format!("{type_}multipart/signed; boundary=b\r\n\r\nno part\r\n"),
        format!("{type_}multipart/signed; protocol=\"application/pgp-signature\"\r\n\r\n"),
        format!("{type_}application/pkcs7-mime\r\n\r\nno CMS"),
        signed(&["-nodetach"], "no field\r\nBcc: mallory@example.com\r\n"),
        signed(&["-nodetach"], "X: y\r\nno field\r\nBcc: mallory@example.com\r\n"),
    ] {
        refused("unreadable", &inside);
    }
    let deep = Sending::new(from_alice(&signed(&["-nodetach"; 9], &message(""))));
    assert_eq!(deep.protect().unwrap_err().code(), "limit/layers");
}

fn from_alice(entity: &str) -> String {
    format!("From: alice@example.com\r\nTo: bob@example.net\r\n{entity}")
}

/// `entity` signed by alice, once for each form.
fn signed(forms: &[&str], entity: &str) -> String {
    forms.iter().fold(entity.to_owned(), |inside, form| {
        let signer = ["cms", "-sign", "-binary", "-signer", "alice.pem", "-inkey", "alice.key"];
        let arguments: Vec<&str> =
            signer.into_iter().chain(Some(*form).filter(|form| !form.is_empty())).collect();
        let signed = openssl(&Pki::get().folder, &arguments, inside.as_bytes()).unwrap();
        String::from_utf8(signed).unwrap()
    })
}

/// Whether Bcc is given or not.
fn refused(what: &str, inside: &str) {
    let again = from_alice(inside);
    for bcc in [None, Some(vec!["mallory@example.com".to_owned()])] {
        let error = Sending { bcc, ..Sending::new(again.clone()) }.protect().map(drop).unwrap_err();
        assert_eq!(error.code(), "usage/wrong-option", "{what}");
    }
}

#[test]
fn what_is_signed_already_without_bcc_is_sent() {
    let attached = format!("Content-Type: message/rfc822\r\n\r\n{}", message(""));
    for entity in [message(""), attached] {
        for forms in [&["-nodetach"][..], &[""], &["", ""], &["-nodetach", ""], &["", "-nodetach"]]
        {
            let again = from_alice(&signed(forms, &entity));
            let bcc = Some(vec!["mallory@example.com".to_owned()]);
            check(&format!("{forms:?}"), &Sending { bcc, ..Sending::new(again) });
        }
    }
}

/// The only RSA recipient's content-encryption key, as OpenSSL decrypts it, and the IV.
fn key_and_iv(message: &[u8], name: &str) -> (Vec<u8>, Vec<u8>) {
    let der = cms(message);
    let mut info = Reader::new(&der).sequence().unwrap();
    info.any().unwrap();
    let mut enveloped = info.any().unwrap().contents().sequence().unwrap();
    enveloped.any().unwrap();
    let mut recipient = enveloped.any().unwrap().contents().sequence().unwrap();
    let encrypted_key = (0..4).map(|_| recipient.any().unwrap()).last().unwrap().value;
    let mut content = enveloped.sequence().unwrap();
    content.any().unwrap();
    let mut algorithm = content.sequence().unwrap();
    algorithm.any().unwrap();
    let iv = algorithm.any().unwrap().value.to_vec();
    let key = format!("{name}.key");
    let arguments = ["pkeyutl", "-decrypt", "-inkey", &key];
    (openssl(&Pki::get().folder, &arguments, encrypted_key).unwrap(), iv)
}

#[test]
fn every_copy_has_a_key_of_its_own_and_one_message_id() {
    let sending = Sending::new(message("Bcc: mallory@example.com\r\n"));
    let protected = sending.protect().unwrap();
    let [for_bob, for_mallory] = protected.outgoing.as_slice() else { panic!("two copies") };
    let kept = protected.sent_copy.unwrap();
    let copies = [(&for_bob.message, "bob"), (&for_mallory.message, "mallory"), (&kept, "alice")];
    let (keys, ivs): (BTreeSet<_>, BTreeSet<_>) =
        copies.iter().map(|(copy, name)| key_and_iv(copy, name)).unzip();
    assert_eq!((keys.len(), ivs.len()), (3, 3));
    assert!(keys.iter().all(|key| key.len() == 32) && ivs.iter().all(|iv| iv.len() == 16));
    let fields = copies.iter().map(|(copy, name)| opened(copy, name).headers.fields);
    let ids: Vec<Vec<String>> = fields
        .map(|fields| {
            let named = fields.into_iter().filter(|field| field.name == "Message-ID");
            named.flat_map(|field| [field.inner.unwrap(), field.outer.unwrap()]).collect()
        })
        .collect();
    assert_eq!(ids[0].len(), 2);
    assert!(ids.iter().flatten().all(|id| *id == ids[0][0]), "{ids:?}");
}

/// Their order would tell who stands in To and who in Cc, or who was added last.
#[test]
fn recipient_infos_stand_in_an_order_that_tells_nothing() {
    let serial = |name| Pki::get().certificate(name).serial_number().to_vec();
    let (bob, alice) = (serial("bob"), serial("alice"));
    let people = ["bob@example.net", "alice@example.com"];
    let mut orders = BTreeSet::new();
    for (seed, [to, cc]) in [people, [people[1], people[0]]].into_iter().cycle().take(8).enumerate()
    {
        let message = format!(
            "From: alice@example.com\r\nTo: {to}\r\nCc: {cc}\r\nBcc: mallory@example.com\r\n\r\nx"
        );
        let sending = Sending { seed: seed as u8, ..Sending::new(message) };
        let der = cms(&sending.protect().unwrap().outgoing[0].message);
        let at = |serial: &[u8]| der.windows(serial.len()).position(|w| w == serial).unwrap();
        orders.insert(at(&bob) < at(&alice));
    }
    assert_eq!(orders.len(), 1);
}
