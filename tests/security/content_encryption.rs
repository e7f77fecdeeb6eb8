//! Content ciphers: what is read, and that nothing of it is read without its tag, its lengths and its
//! place being right (attacks 12 and 28).

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::{AeadInOut, KeyInit, Nonce};
use ccm::Ccm;
use ccm::consts::{U7, U8, U10, U12, U13, U14, U16};
use chacha20poly1305::ChaCha20Poly1305;
use smime_wasm::asn1::{Reader, constructed, primitive, tag};
use smime_wasm::cert::Certificate;
use smime_wasm::cms::Encryption;
use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::crypto::{KeyTransport, SecretBytes};
use smime_wasm::env::block_on;
use smime_wasm::error::ProblemCode;
use smime_wasm::message::{DecryptOptions, DecryptResult, Integrity, Layer, decrypt, inspect};

use crate::common::{Pki, content, env};

const KEY: [u8; 32] = [0x5a; 32];
const NONCE: [u8; 16] = [0xa5; 16];

#[test]
fn every_aead_is_read_with_the_lengths_that_protect() {
    for attributes in [None, Some(attribute(DATA))] {
        let associated = attributes.as_ref().map(|attributes| set(attributes));
        for sealed in every_aead(&associated.unwrap_or_default()) {
            let message = sealed.message(attributes.as_deref());
            let opened = open(&message).unwrap_or_else(|code| panic!("{}: {code}", sealed.cipher));
            assert_eq!(opened.message, content(), "{}", sealed.cipher);
            assert_eq!(opened.cipher.name(), sealed.cipher);
            assert_eq!(opened.integrity, Integrity::Protected);
            assert_eq!(opened.problems, []);
        }
    }
}

#[test]
fn no_aead_is_read_when_anything_it_covers_was_changed() {
    for sealed in every_aead(&[]) {
        let damaged = |change: &dyn Fn(&mut Sealed)| {
            let mut other = sealed.clone();
            change(&mut other);
            other
        };
        for changed in [
            damaged(&|other| other.ciphertext[7] ^= 1),
            damaged(&|other| other.tag[0] ^= 1),
            damaged(&|other| *other.tag.last_mut().unwrap() ^= 0x80),
            damaged(&|other| other.nonce[3] ^= 1),
            damaged(&|other| other.key[0] ^= 1),
            damaged(&|other| other.ciphertext.truncate(100)),
        ] {
            let outcome = open(&changed.message(None));
            assert_eq!(outcome.unwrap_err(), "decrypt/failed", "{}", sealed.cipher);
        }
        // Attributes that were not sealed along.
        let message = sealed.message(Some(&attribute(DATA)));
        assert_eq!(open(&message).unwrap_err(), "decrypt/failed", "{}", sealed.cipher);
    }
}

#[test]
fn lengths_that_protect_too_little_are_refused() {
    let gcm = seal::<AesGcm<Aes256, U12>>("aes-256-gcm", 12, &[]);
    for tag_len in [4, 8, 11, 17] {
        let mut short = gcm.clone();
        short.tag.resize(tag_len, 0);
        assert_eq!(open(&short.message(None)).unwrap_err(), "malformed/cms", "{tag_len}");
    }
    for nonce_len in [0, 1, 8, 11, 13, 15, 17, 300] {
        let mut odd = gcm.clone();
        odd.nonce.resize(nonce_len, 0);
        assert_eq!(open(&odd.message(None)).unwrap_err(), "malformed/cms", "{nonce_len}");
    }
    let short = seal::<Ccm<Aes128, U10, U12>>("aes-128-ccm", 12, &[]);
    assert_eq!(open(&short.message(None)).unwrap_err(), "malformed/cms");
    let ccm = seal::<Ccm<Aes128, U16, U12>>("aes-128-ccm", 12, &[]);
    for nonce_len in [6, 14] {
        let mut odd = ccm.clone();
        odd.nonce.resize(nonce_len, 0);
        assert_eq!(open(&odd.message(None)).unwrap_err(), "malformed/cms", "{nonce_len}");
    }
    // The tag is not of the length that the parameters tell.
    let mut shorter = gcm;
    shorter.parameters = Some(gcm_parameters(&shorter.nonce, 16));
    shorter.tag.truncate(12);
    assert_eq!(open(&shorter.message(None)).unwrap_err(), "malformed/cms");
}

/// RFC 5083, 2.1.
#[test]
fn authenticated_attributes_have_to_name_the_content_type() {
    let sealed = |associated: &[u8]| seal::<AesGcm<Aes128, U12>>("aes-128-gcm", 12, associated);
    let other = attribute(SIGNED_DATA);
    let wrong = sealed(&set(&other));
    assert_eq!(open(&wrong.message(Some(&other))).unwrap_err(), "malformed/cms");
    let right = Sealed { content_type: SIGNED_DATA, ..wrong };
    assert!(open(&right.message(Some(&other))).is_ok());
    // Only `id-data` may go without.
    let unprotected = Sealed { content_type: SIGNED_DATA, ..sealed(&[]) };
    assert_eq!(open(&unprotected.message(None)).unwrap_err(), "malformed/cms");
    let twice = [attribute(DATA), attribute(DATA)].concat();
    let twofold = sealed(&set(&twice));
    assert_eq!(open(&twofold.message(Some(&twice))).unwrap_err(), "malformed/cms");
}

#[test]
fn gcm_in_enveloped_data_is_read_with_its_tag_behind() {
    let gcm = seal::<AesGcm<Aes256, U12>>("aes-256-gcm", 12, &[]);
    // PKI.js: an IV of 16 bytes, alone.
    let mut alone = seal::<AesGcm<Aes128, U16>>("aes-128-gcm", 16, &[]);
    alone.parameters = Some(primitive(tag::OCTET_STRING, &alone.nonce));
    for sealed in [gcm, alone] {
        let message = sealed.enveloped();
        let opened = open(&message).unwrap();
        assert_eq!(opened.message, content());
        assert_eq!(opened.integrity, Integrity::Protected);
        let codes: Vec<_> = opened.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [ProblemCode::CipherGcmInEnvelopedData]);
        let structure = block_on(inspect(&mut env(5), &message)).unwrap();
        assert!(matches!(structure.layer, Layer::Encrypted { is_authenticated: true, .. }));

        let end = message.len() - 1;
        for at in [end, end - 15, end - 16, end - 40] {
            let mut damaged = message.clone();
            damaged[at] ^= 1;
            assert_eq!(open(&damaged).unwrap_err(), "decrypt/failed");
        }
        let mut short = sealed.clone();
        short.ciphertext.clear();
        short.tag.truncate(15);
        assert_eq!(open(&short.enveloped()).unwrap_err(), "decrypt/failed");
    }
}

#[test]
fn no_other_cipher_is_read_where_it_does_not_belong() {
    let chacha = seal::<ChaCha20Poly1305>("chacha20-poly1305", 12, &[]);
    assert_eq!(open(&chacha.enveloped()).unwrap_err(), "unsupported/structure");
    let ccm = seal::<Ccm<Aes256, U16, U12>>("aes-256-ccm", 12, &[]);
    assert_eq!(open(&ccm.enveloped()).unwrap_err(), "unsupported/structure");
    let mut cbc = ccm;
    cbc.cipher = "aes-256-cbc";
    cbc.parameters = Some(primitive(tag::OCTET_STRING, &[0; 16]));
    assert_eq!(open(&cbc.message(None)).unwrap_err(), "unsupported/structure");
}

/// originatorInfo, unprotectedAttrs, unauthAttrs.
#[test]
fn what_else_may_stand_in_the_structures_is_tolerated() {
    let sealed = seal::<AesGcm<Aes256, U12>>("aes-256-gcm", 12, &[]);
    let beside = |message: &[u8], unprotected: u8| {
        rebuilt(message, &|fields| {
            fields.insert(1, primitive(tag::context_constructed(0), &[]));
            fields.push(primitive(tag::context_constructed(unprotected), &attribute(DATA)));
        })
    };
    assert_eq!(open(&beside(&sealed.enveloped(), 1)).unwrap().message, content());
    assert_eq!(open(&beside(&sealed.message(None), 2)).unwrap().message, content());
}

/// Streaming writers send the ciphertext in pieces, pieces in pieces, and some tag it explicitly.
/// RFC 5652, 6.2 leaves room for kinds to come, and clients make mistakes: what somebody else gets must
/// not keep bob from his mail.
#[test]
fn recipients_that_cannot_be_read_do_no_harm_to_the_others() {
    let sealed = seal::<AesGcm<Aes256, U12>>("aes-256-gcm", 12, &[]);
    for odd in [
        &[0xa9, 0][..],
        &[0x05, 0],
        &[0x30, 3, 2, 1, 0],
        &[0xa1, 3, 2, 1, 3],
        &[0xa2, 0],
        &[0xa3, 2, 5, 0],
        &[0xa4, 2, 6, 0],
    ] {
        let with_odd = |is_alone: bool| {
            rebuilt(&sealed.message(None), &|fields| {
                let bobs = Reader::only(&fields[1], tag::SET).unwrap().value.to_vec();
                let bobs = if is_alone { Vec::new() } else { bobs };
                fields[1] = constructed(tag::SET, &[odd, &bobs]);
            })
        };
        let opened = open(&with_odd(false)).unwrap_or_else(|code| panic!("{odd:x?}: {code}"));
        assert_eq!(opened.message, content());
        assert_eq!(open(&with_odd(true)).unwrap_err(), "malformed/cms", "{odd:x?}");
    }
}

/// Each password is tried on each recipient that is one: what all of that takes is bounded together.
#[test]
fn passwords_are_not_tried_for_minutes() {
    const PBKDF2: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
    const PWRI_KEK: &[u8] = &[6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 3, 9];
    const AES_128_CBC: &[u8] = &[6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 2];
    let sequence = |values: &[&[u8]]| constructed(tag::SEQUENCE, values);
    let octets = |length| primitive(tag::OCTET_STRING, &vec![7; length]);
    // 6,000,000 iterations, which is as much as one may take.
    let cost = sequence(&[&octets(8), &[2, 3, 0x5b, 0x8d, 0x80]]);
    let recipient = constructed(
        tag::context_constructed(3),
        &[
            &[2, 1, 0],
            &constructed(tag::context_constructed(0), &[PBKDF2, &cost]),
            &sequence(&[PWRI_KEK, &sequence(&[AES_128_CBC, &octets(16)])]),
            &octets(32),
        ],
    );
    let sealed = seal::<AesGcm<Aes256, U12>>("aes-256-gcm", 12, &[]);
    let message = rebuilt(&sealed.message(None), &|fields| {
        fields[1] = set(&recipient.repeat(4));
    });
    let passwords: Vec<_> = (0..8_u8).map(|n| SecretBytes::from(&[n][..])).collect();
    let passwords = passwords.as_slice();
    let options = DecryptOptions { message: &message, passwords, ..Default::default() };
    let error = block_on(decrypt(&mut env(5), options)).unwrap_err();
    assert_eq!(error.code(), "limit/kdf-iterations");
}

#[test]
fn encrypted_content_is_read_in_every_shape() {
    let sealed = seal::<AesGcm<Aes256, U12>>("aes-256-gcm", 12, &[]);
    let endless = |tag: u8, contents: &[u8]| [&[tag, 0x80], contents, &[0, 0]].concat();
    let (start, end) = sealed.ciphertext.split_at(100);
    let (middle, end) = end.split_at(33);
    let octets = |bytes: &[u8]| primitive(tag::OCTET_STRING, bytes);
    let nested = endless(0x24, &[octets(middle), octets(&[]), octets(end)].concat());
    let pieces = [octets(start), nested].concat();
    let whole = octets(&sealed.ciphertext);
    for encrypted in [
        primitive(tag::context_constructed(0), &pieces),
        endless(0xa0, &pieces),
        primitive(tag::context_constructed(0), &whole),
        endless(0xa0, &whole),
        endless(0xa0, &endless(0x24, &pieces)),
        endless(0xa0, &primitive(0x24, &pieces)),
    ] {
        let message = rebuilt(&sealed.message(None), &|fields| {
            let mut info = Reader::only(&fields[2], tag::SEQUENCE).unwrap().contents();
            let kept = [info.any().unwrap().raw, info.any().unwrap().raw].concat();
            fields[2] = endless(tag::SEQUENCE, &[kept, encrypted.clone()].concat());
        });
        assert_eq!(open(&message).unwrap().message, content());
    }
}

/// A key for another cipher than the one that is named.
#[test]
fn a_key_of_another_length_opens_nothing() {
    let mut sealed = seal::<AesGcm<Aes256, U12>>("aes-256-gcm", 12, &[]);
    for key_len in [0, 1, 16, 31, 33, 64] {
        sealed.key.resize(key_len, 0x5a);
        assert_eq!(open(&sealed.message(None)).unwrap_err(), "decrypt/failed", "{key_len}");
        let outcome = |message: &[u8]| open(message).map(|opened| opened.message);
        let mut cbc = sealed.clone();
        cbc.cipher = "aes-256-cbc";
        cbc.parameters = Some(primitive(tag::OCTET_STRING, &[0; 16]));
        cbc.ciphertext.truncate(64);
        cbc.tag.clear();
        let message = cbc.enveloped();
        assert_eq!(outcome(&message), outcome(&message), "the same each time");
    }
}

/// RFC 9709: the key is bound to the cipher and its parameters.
#[test]
fn a_bound_key_opens_its_own_cipher_only() {
    let pki = Pki::get();
    for name in ["aes-128-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm"] {
        let cipher = ContentCipher::by_name(name).unwrap();
        let recipients = [(pki.certificate("bob"), KeyTransport::Pkcs1v15)];
        let mut env = env(3);
        let encryption =
            Encryption::new(&mut env, cipher, true, &recipients, content().len()).unwrap();
        let mut message = Vec::new();
        let sealed = block_on(encryption.seal(&mut env, content().into())).unwrap();
        block_on(sealed.write(&mut env, &mut message)).unwrap();
        let opened = open(&message).unwrap();
        assert_eq!((opened.message, opened.cipher), (content(), cipher));
        let Layer::Encrypted { cipher, .. } = block_on(inspect(&mut env, &message)).unwrap().layer
        else {
            panic!("encrypted")
        };
        assert_eq!(cipher, name);
        // Without the binding the key is another one.
        let unbound = unbound(&message);
        assert!(open(&unbound).map_or(true, |opened| opened.message != content()), "{name}");
    }
}

/// The same message with the cipher's AlgorithmIdentifier in place of the one that binds it.
fn unbound(message: &[u8]) -> Vec<u8> {
    rebuilt(message, &|fields| {
        let mut info = Reader::only(&fields[2], tag::SEQUENCE).unwrap().contents();
        let content_type = info.any().unwrap();
        let mut algorithm = info.sequence().unwrap();
        algorithm.any().unwrap();
        let inner = algorithm.any().unwrap();
        let encrypted = info.any().unwrap();
        fields[2] = constructed(tag::SEQUENCE, &[content_type.raw, inner.raw, encrypted.raw]);
    })
}

/// A ContentInfo with other fields of its structure.
fn rebuilt(message: &[u8], change: &dyn Fn(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let (content_type, mut fields) = fields(message);
    change(&mut fields);
    content_info(&content_type, &fields)
}

/// The content type of a ContentInfo, and the fields of its structure.
pub(crate) fn fields(message: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut info = Reader::only(message, tag::SEQUENCE).unwrap().contents();
    let content_type = info.any().unwrap();
    let mut structure = info.any().unwrap().contents().sequence().unwrap();
    let mut fields = Vec::new();
    while !structure.is_empty() {
        fields.push(structure.any().unwrap().raw.to_vec());
    }
    (content_type.raw.to_vec(), fields)
}

pub(crate) fn content_info(content_type: &[u8], fields: &[Vec<u8>]) -> Vec<u8> {
    let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
    let structure = constructed(tag::SEQUENCE, &fields);
    let explicit = constructed(tag::context_constructed(0), &[&structure]);
    constructed(tag::SEQUENCE, &[content_type, &explicit])
}

/// 1.2.840.113549.1.7.1 to .3, and 1.2.840.113549.1.9.16.1.23.
const DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const SIGNED_DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
pub(crate) const ENVELOPED_DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3];
pub(crate) const AUTH_ENVELOPED_DATA: &[u8] =
    &[6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 23];
/// 1.2.840.113549.1.9.3.
const CONTENT_TYPE: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3];

fn attribute(content_type: &[u8]) -> Vec<u8> {
    constructed(tag::SEQUENCE, &[CONTENT_TYPE, &constructed(tag::SET, &[content_type])])
}

fn set(contents: &[u8]) -> Vec<u8> {
    primitive(tag::SET, contents)
}

/// Content under an AEAD cipher, and what a message needs besides.
#[derive(Clone)]
pub(crate) struct Sealed {
    pub(crate) cipher: &'static str,
    content_type: &'static [u8],
    /// Where they are not what nonce and tag make them.
    parameters: Option<Vec<u8>>,
    key: Vec<u8>,
    pub(crate) nonce: Vec<u8>,
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) tag: Vec<u8>,
}

pub(crate) fn every_aead(associated: &[u8]) -> Vec<Sealed> {
    vec![
        seal::<AesGcm<Aes128, U12>>("aes-128-gcm", 12, associated),
        seal::<AesGcm<Aes192, U12, U12>>("aes-192-gcm", 12, associated),
        seal::<AesGcm<Aes256, U12, U13>>("aes-256-gcm", 12, associated),
        seal::<AesGcm<Aes256, U12, U14>>("aes-256-gcm", 12, associated),
        seal::<AesGcm<Aes256, U16, U16>>("aes-256-gcm", 16, associated),
        seal::<Ccm<Aes128, U12, U7>>("aes-128-ccm", 7, associated),
        seal::<Ccm<Aes192, U14, U8>>("aes-192-ccm", 8, associated),
        seal::<Ccm<Aes256, U16, U13>>("aes-256-ccm", 13, associated),
        seal::<Ccm<Aes256, U16, U12>>("aes-256-ccm", 12, associated),
        seal::<ChaCha20Poly1305>("chacha20-poly1305", 12, associated),
    ]
}

fn seal<A: AeadInOut + KeyInit>(
    cipher: &'static str,
    nonce_len: usize,
    associated: &[u8],
) -> Sealed {
    let key = KEY[..ContentCipher::by_name(cipher).unwrap().key_size()].to_vec();
    let nonce = NONCE[..nonce_len].to_vec();
    let mut ciphertext = content();
    let aead = A::new_from_slice(&key).unwrap();
    let tag = aead
        .encrypt_inout_detached(
            <&Nonce<A>>::try_from(nonce.as_slice()).unwrap(),
            associated,
            ciphertext.as_mut_slice().into(),
        )
        .unwrap()
        .to_vec();
    Sealed { cipher, content_type: DATA, parameters: None, key, nonce, ciphertext, tag }
}

fn parameters(cipher: &str, nonce: &[u8], tag_len: usize) -> Vec<u8> {
    match cipher {
        "chacha20-poly1305" => primitive(tag::OCTET_STRING, nonce),
        _ => gcm_parameters(nonce, tag_len),
    }
}

/// The default length of the tag, 12, is left out.
fn gcm_parameters(nonce: &[u8], tag_len: usize) -> Vec<u8> {
    let nonce = primitive(tag::OCTET_STRING, nonce);
    match tag_len {
        12 => constructed(tag::SEQUENCE, &[&nonce]),
        _ => constructed(tag::SEQUENCE, &[&nonce, &primitive(tag::INTEGER, &[tag_len as u8])]),
    }
}

impl Sealed {
    /// In AuthEnvelopedData for bob, with the contents of authAttrs.
    fn message(&self, attributes: Option<&[u8]>) -> Vec<u8> {
        self.message_for(&bob(), &KeyTransport::Pkcs1v15, attributes)
    }

    /// The same for somebody else.
    pub(crate) fn message_for(
        &self,
        recipient: &Certificate,
        transport: &KeyTransport,
        attributes: Option<&[u8]>,
    ) -> Vec<u8> {
        let info = self.encrypted_content_info(&self.ciphertext);
        let recipients = self.recipients(recipient, transport);
        let mut fields = vec![primitive(tag::INTEGER, &[0]), recipients, info];
        fields.extend(attributes.map(|a| primitive(tag::context_constructed(1), a)));
        fields.push(primitive(tag::OCTET_STRING, &self.tag));
        content_info(AUTH_ENVELOPED_DATA, &fields)
    }

    /// In EnvelopedData for bob, with the tag behind the ciphertext.
    fn enveloped(&self) -> Vec<u8> {
        let info = self.encrypted_content_info(&[self.ciphertext.as_slice(), &self.tag].concat());
        let recipients = self.recipients(&bob(), &KeyTransport::Pkcs1v15);
        content_info(ENVELOPED_DATA, &[primitive(tag::INTEGER, &[0]), recipients, info])
    }

    fn encrypted_content_info(&self, ciphertext: &[u8]) -> Vec<u8> {
        let oid = ContentCipher::by_name(self.cipher).unwrap().oid();
        let oid = primitive(tag::OBJECT_IDENTIFIER, oid.as_bytes());
        let usual = || parameters(self.cipher, &self.nonce, self.tag.len());
        let parameters = self.parameters.clone().unwrap_or_else(usual);
        let algorithm = constructed(tag::SEQUENCE, &[&oid, &parameters]);
        let ciphertext = primitive(tag::context(0), ciphertext);
        constructed(tag::SEQUENCE, &[self.content_type, &algorithm, &ciphertext])
    }

    /// The KeyTransRecipientInfo of a message of ours, with another key in it.
    fn recipients(&self, recipient: &Certificate, transport: &KeyTransport) -> Vec<u8> {
        let cipher = ContentCipher::by_name("aes-128-cbc").unwrap();
        let ours = [(recipient.clone(), transport.clone())];
        let mut env = env(4);
        let encryption = Encryption::new(&mut env, cipher, false, &ours, 0).unwrap();
        let mut message = Vec::new();
        let sealed = block_on(encryption.seal(&mut env, Vec::new().into())).unwrap();
        block_on(sealed.write(&mut env, &mut message)).unwrap();
        let mut info = Reader::only(&message, tag::SEQUENCE).unwrap().contents();
        info.any().unwrap();
        let mut structure = info.any().unwrap().contents().sequence().unwrap();
        structure.any().unwrap();
        let mut info = structure.expect(tag::SET).unwrap().contents().sequence().unwrap();
        let mut fields: Vec<&[u8]> = (0..3).map(|_| info.any().unwrap().raw).collect();
        let key = recipient.public_key().encrypt_key(&mut env, transport, &self.key).unwrap();
        let key = primitive(tag::OCTET_STRING, &key);
        fields.push(&key);
        constructed(tag::SET, &[&constructed(tag::SEQUENCE, &fields)])
    }
}

fn bob() -> Certificate {
    Pki::get().certificate("bob")
}

/// What bob reads, or the code of the error.
fn open(message: &[u8]) -> Result<DecryptResult, String> {
    let identities = [Pki::get().identity("bob")];
    let options = DecryptOptions { message, identities: &identities, ..Default::default() };
    block_on(decrypt(&mut env(5), options)).map_err(|error| error.code().to_owned())
}
