//! Recipients are added and removed only by a key that is right, and nothing that is wrong with key or
//! content is told apart: a wrong key never destroys a mail.

use smime_wasm::asn1::{Reader, constructed, primitive, tag};
use smime_wasm::bytes::base64;
use smime_wasm::cert::{Certificate, Identity};
use smime_wasm::crypto::RsaScheme;
use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::env::block_on;
use smime_wasm::message::{
    Capabilities, DecryptOptions, EncryptOptions, EncryptionParameters, Form, HeaderOptions,
    Include, ReaddressOptions, Readdressed, Recipient, SignOptions, SignatureParameters, decrypt,
    encrypt, readdress, sign,
};

use crate::common::{MESSAGE, Pki, content, env, env_at};
use crate::content_encryption::{content_info, fields};

const CIPHERS: [&str; 4] = ["aes-128-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm"];

const FAILED: &str = "decrypt/failed The message could not be decrypted. []";

fn encrypted(message: &[u8], recipients: &[Recipient], cipher: &str) -> Vec<u8> {
    let cipher = ContentCipher::by_name(cipher).unwrap();
    let options = EncryptOptions {
        message: message.into(),
        recipients,
        headers: HeaderOptions::OFF,
        parameters: EncryptionParameters { cipher, key_transport: None, compress: false },
    };
    block_on(encrypt(&mut env(2), options)).unwrap()
}

fn for_each(people: &[&Identity]) -> Vec<Recipient> {
    people.iter().map(|one| one.certificate().clone().into()).collect()
}

/// The CMS of a message that we wrote.
fn cms_of(message: &[u8]) -> Vec<u8> {
    let body = message.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    base64::decode(&message[body..]).unwrap()
}

/// What somebody sees: the message, or everything of a failure.
fn outcome(
    message: &[u8],
    identities: &[&Identity],
    add: &[Recipient],
    remove: &[Certificate],
) -> Result<Vec<u8>, String> {
    let identities: Vec<Identity> = identities.iter().map(|one| (*one).clone()).collect();
    let message = message.to_vec();
    let options = ReaddressOptions { message, identities: &identities, add, remove, renew: false };
    match block_on(readdress(&mut env(3), options)) {
        Ok(Readdressed::Changed(message) | Readdressed::Unchanged(message)) => Ok(message),
        Err(error) => Err(format!("{} {error} {:?}", error.code(), error.details())),
    }
}

fn opens(message: &[u8], identity: &Identity) -> Result<Vec<u8>, String> {
    let identities = std::slice::from_ref(identity);
    let options = DecryptOptions { message, identities, ..Default::default() };
    let found = block_on(decrypt(&mut env(1), options));
    found.map(|found| found.message).map_err(|error| error.code().to_owned())
}

fn code(outcome: Result<Vec<u8>, String>) -> String {
    outcome.unwrap_err().split(' ').next().unwrap().to_owned()
}

/// The CMS with the one encrypted key that it has as this.
fn with_encrypted_key(cms: &[u8], change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let (content_type, mut fields) = fields(cms);
    let mut info = Reader::only(&fields[1], tag::SET).unwrap().contents().sequence().unwrap();
    let values: Vec<&[u8]> = (0..3).map(|_| info.any().unwrap().raw).collect();
    let key = primitive(tag::OCTET_STRING, &change(info.any().unwrap().value.to_vec()));
    let info = constructed(tag::SEQUENCE, &[values[0], values[1], values[2], &key]);
    fields[1] = constructed(tag::SET, &[&info]);
    content_info(&content_type, &fields)
}

#[test]
fn nothing_wrong_with_key_or_content_is_told_apart() {
    let pki = Pki::get();
    let (alice, bob) = (pki.identity("alice"), pki.identity("bob"));
    let add = for_each(&[&bob]);
    for cipher in CIPHERS {
        let cms = cms_of(&encrypted(MESSAGE, &for_each(&[&alice]), cipher));
        assert_eq!(opens(&outcome(&cms, &[&alice], &add, &[]).unwrap(), &bob), Ok(content()));
        let is_gcm = cipher.ends_with("gcm");
        let mut wrong = vec![
            with_encrypted_key(&cms, |mut key| {
                key[100] ^= 1;
                key
            }),
            // Another length than the modulus has.
            with_encrypted_key(&cms, |key| key[1..].to_vec()),
            with_encrypted_key(&cms, |key| [&[0][..], &key].concat()),
            with_encrypted_key(&cms, |_| Vec::new()),
            with_encrypted_key(&cms, |key| vec![0xff; key.len()]),
            // A key of the size of another cipher, well padded.
            with_encrypted_key(&cms, |_| {
                let key = [7; 24];
                let transport = smime_wasm::crypto::KeyTransport::Pkcs1v15;
                let public = alice.certificate().public_key();
                public.encrypt_key(&mut env(5), &transport, &key).unwrap()
            }),
        ];
        // The last octets: those of the tag, or of the last block.
        for at in 1..=16 {
            let mut altered = cms.clone();
            let end = altered.len() - at;
            altered[end] ^= 0x80;
            wrong.push(altered);
        }
        if is_gcm {
            for back in [19, 40, 200] {
                let mut altered = cms.clone();
                let at = altered.len() - back;
                altered[at] ^= 1;
                wrong.push(altered);
            }
        } else {
            // The IV, so that the first octet is no header's.
            let block = cms.len() - (content().len() / 16 + 1) * 16;
            let oid_and_iv = cms[..block].windows(2).rposition(|w| w == [4, 16]).unwrap();
            let mut altered = cms.clone();
            altered[oid_and_iv + 2] ^= 0x80;
            wrong.push(altered);
        }
        for (number, wrong) in wrong.iter().enumerate() {
            for _ in 0..2 {
                let told = outcome(wrong, &[&alice], &add, &[]);
                assert_eq!(told, Err(FAILED.to_owned()), "{cipher} {number}");
            }
        }
    }
}

/// Whoever is asked to leave is only let go when one that stays was seen to open the message.
#[test]
fn the_last_recipient_that_a_held_key_opens_is_not_removed() {
    let pki = Pki::get();
    let (alice, bob, mallory) =
        (pki.identity("alice"), pki.identity("bob"), pki.identity("mallory"));
    let leaving = [alice.certificate().clone()];
    for cipher in CIPHERS {
        let message = encrypted(MESSAGE, &for_each(&[&alice, &bob]), cipher);
        assert_eq!(code(outcome(&message, &[&alice], &[], &leaving)), "refused/last-recipient");
        assert_eq!(code(outcome(&message, &[&mallory], &[], &leaving)), "decrypt/no-recipient");
        // Somebody whose key is not held does not count, even if added just now.
        let add = for_each(&[&mallory]);
        assert_eq!(code(outcome(&message, &[&alice], &add, &leaving)), "refused/last-recipient");
        // Bob is named, but what he got opens nothing.
        let broken = {
            let cms = cms_of(&encrypted(MESSAGE, &for_each(&[&bob]), cipher));
            let cms = with_encrypted_key(&cms, |mut key| {
                key[9] ^= 1;
                key
            });
            let (_, broken) = fields(&cms);
            let whole = cms_of(&encrypted(MESSAGE, &for_each(&[&alice]), cipher));
            let (content_type, mut fields) = fields(&whole);
            let infos = |set: &[u8]| Reader::new(set).any().unwrap().value.to_vec();
            let both = [infos(&fields[1]), infos(&broken[1])].concat();
            fields[1] = primitive(tag::SET, &both);
            content_info(&content_type, &fields)
        };
        assert_eq!(
            outcome(&broken, &[&alice, &bob], &[], &leaving),
            Err(FAILED.to_owned()),
            "{cipher}"
        );
        // Roll-over: the new one of ours takes the old one's place in one step.
        let add = for_each(&[&mallory]);
        let changed = outcome(&message, &[&alice, &mallory], &add, &leaving).unwrap();
        assert_eq!(opens(&changed, &alice), Err("decrypt/no-recipient".to_owned()));
        assert_eq!(opens(&changed, &mallory), Ok(content()));
        assert_eq!(opens(&changed, &bob), Ok(content()));
    }
}

#[test]
fn a_signature_outside_is_a_reason_to_refuse() {
    let pki = Pki::get();
    let (alice, bob) = (pki.identity("alice"), pki.identity("bob"));
    let add = for_each(&[&bob]);
    let signers = [alice.clone()];
    let message = encrypted(MESSAGE, &for_each(&[&alice]), "aes-256-cbc");
    for form in [Form::Detached, Form::Opaque] {
        for (message, expected) in
            [(&message[..], "refused/outer-signature"), (MESSAGE, "decrypt/not-encrypted")]
        {
            let options = SignOptions {
                message: message.into(),
                signers: &signers,
                protect_headers: false,
                parameters: SignatureParameters {
                    form,
                    digest: None,
                    scheme: RsaScheme::Pkcs1v15,
                    include: Include::Chain,
                    ..SignatureParameters::default()
                },
            };
            let signed = block_on(sign(&mut env(1), options)).unwrap();
            assert_eq!(code(outcome(&signed, &[&alice], &add, &[])), expected);
        }
    }
    for plain in [MESSAGE, b"", b"no mail", b"\x30", b"-----BEGIN CMS-----\n"] {
        let code = code(outcome(plain, &[&alice], &add, &[]));
        let is_told = code == "decrypt/not-encrypted" || code.starts_with("malformed/");
        assert!(is_told, "{code}");
    }
}

/// Inside another encryption nothing is changed: it can't be seen.
#[test]
fn of_two_layers_the_outermost_changes() {
    let pki = Pki::get();
    let (alice, bob) = (pki.identity("alice"), pki.identity("bob"));
    let inner = encrypted(MESSAGE, &for_each(&[&alice]), "aes-256-cbc");
    let outer = encrypted(&inner, &for_each(&[&alice]), "aes-256-gcm");
    let changed = outcome(&outer, &[&alice], &for_each(&[&bob]), &[]).unwrap();
    let by_alice = opens(&changed, &alice).unwrap();
    let by_bob = opens(&changed, &bob).unwrap();
    assert_eq!(by_alice, by_bob);
    assert!(inner.ends_with(&cut_header(&by_bob)));
    assert_eq!(opens(&by_bob, &bob), Err("decrypt/no-recipient".to_owned()));
}

fn cut_header(entity: &[u8]) -> Vec<u8> {
    let at = entity.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    entity[at..].to_vec()
}

/// RFC 9709: recipients get what the key is derived from.
#[test]
fn a_key_that_is_bound_to_its_cipher_is_passed_on() {
    /// SMIMECapabilities with id-alg-cek-hkdf-sha256.
    const CEK_HKDF_SHA256: &[u8] =
        &[0x30, 15, 0x30, 13, 6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 3, 31];
    let pki = Pki::get();
    let alice = pki.identity("alice");
    let curve = pki.reader("readdress-bound", "P-256", "keyAgreement");
    let capabilities = Capabilities::from_der(CEK_HKDF_SHA256).unwrap();
    for cipher in CIPHERS {
        let aware = Recipient::new(alice.certificate().clone(), capabilities.clone());
        let message = encrypted(MESSAGE, &[aware], cipher);
        let changed = outcome(&message, &[&alice], &for_each(&[&curve]), &[]).unwrap();
        assert_eq!(opens(&changed, &curve), Ok(content()), "{cipher}");
        assert_eq!(opens(&changed, &alice), Ok(content()));
        let again = outcome(&changed, &[&curve], &[], &[alice.certificate().clone()]).unwrap();
        assert_eq!(opens(&again, &curve), Ok(content()));
    }
}

#[test]
fn nobody_is_added_who_can_not_be_encrypted_to() {
    let pki = Pki::get();
    let alice = pki.identity("alice");
    let message = encrypted(MESSAGE, &for_each(&[&alice]), "aes-256-cbc");
    let add: Vec<Recipient> = vec![
        alice.certificate().clone().into(),
        pki.certificate("bob").into(),
        pki.certificate("signonly").into(),
    ];
    let told = outcome(&message, &[&alice], &add, &[]).unwrap_err();
    assert!(told.starts_with("refused/recipient") && told.contains("Number(2)"), "{told}");
    let identities = [alice];
    let options = ReaddressOptions {
        message: message.clone(),
        identities: &identities,
        add: &add[..2],
        remove: &[],
        renew: false,
    };
    let expired = smime_wasm::env::Time::from_secs(9_999_999_999);
    let told = block_on(readdress(&mut env_at(expired, 3), options)).unwrap_err();
    assert_eq!(told.code(), "refused/recipient");
}

/// A name is no proof: whoever wrote the message may have put nonsense beside that of the archive.
#[test]
fn who_is_named_already_gets_the_key_anew_where_that_is_asked() {
    let pki = Pki::get();
    let (alice, bob) = (pki.identity("alice"), pki.identity("bob"));
    let mut message = encrypted(MESSAGE, &for_each(&[&alice, &bob]), "aes-256-gcm");
    // The end of Bob's encrypted key: he is named, and it is not the key.
    let mut der = cms_of(&message);
    let serial = bob.certificate().serial_number();
    let named = der.windows(serial.len()).position(|window| window == serial).unwrap();
    der[named + serial.len() + 60] ^= 1;
    let start = message.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    message.truncate(start);
    message.extend(base64::encode(&der));
    opens(&message, &bob).unwrap_err();

    let (identities, add) = ([alice], for_each(&[&bob]));
    let renewed = |renew| {
        let message = message.clone();
        let options =
            ReaddressOptions { message, identities: &identities, add: &add, remove: &[], renew };
        block_on(readdress(&mut env(3), options)).unwrap()
    };
    assert!(matches!(renewed(false), Readdressed::Unchanged(_)));
    let Readdressed::Changed(message) = renewed(true) else { panic!("nothing was changed") };
    for identity in [&identities[0], &bob] {
        assert_eq!(opens(&message, identity).unwrap(), content());
    }
}

/// Every cut and every altered octet has an answer that is none but a mail that opens or an error.
#[test]
fn damaged_messages_never_get_lost_in_a_panic() {
    let pki = Pki::get();
    let (alice, bob) = (pki.identity("alice"), pki.identity("bob"));
    let add = for_each(&[&bob]);
    let message = encrypted(MESSAGE, &for_each(&[&alice]), "aes-256-gcm");
    for end in (0..message.len()).step_by(31) {
        assert!(outcome(&message[..end], &[&alice], &add, &[]).is_err(), "{end}");
    }
    let cms = cms_of(&message);
    for at in (0..cms.len()).step_by(5) {
        let mut altered = cms.clone();
        altered[at] ^= 0x11;
        if let Ok(changed) = outcome(&altered, &[&alice], &add, &[]) {
            assert_eq!(opens(&changed, &bob), Ok(content()), "{at}");
        }
    }
}
