//! Several signatures in one message: each has a result, each signer stands for itself (RFC 4853,
//! RFC 5752), and who countersigns lends nothing (RFC 5652, 11.4).
//!
//! Only OpenSSL signs here; what it can't write is put together from pieces.

use smime_wasm::asn1::{Reader, constructed, primitive, tag};
use smime_wasm::cms::Signature;
use smime_wasm::env::block_on;
use smime_wasm::error::ProblemCode;
use smime_wasm::message::{AuthorVerdict, Status, TrustVerdict, VerifyResult, verify};

use crate::common::{Pki, content, env, openssl, openssl_sign, signed, verify_options};
use smime_wasm::message::{Form, Include};

const DATA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const SIGNED_DATA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const CONTENT_TYPE: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];
const COUNTERSIGNATURE: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 6];
const ALGORITHM_PROTECTION: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 52];
const KEY_PREFERENCE: &[u8] = &[0x06, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 11];
const MULTIPLE_SIGNATURES: &[u8] = &[0x06, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 51];
const SHA_256: &[u8] = &[0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SHA_512: &[u8] = &[0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];
const RSA_ENCRYPTION: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
/// An identifier nobody has given away.
const UNKNOWN: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 99];

fn sequence(values: &[&[u8]]) -> Vec<u8> {
    constructed(tag::SEQUENCE, values)
}

fn set(values: &[Vec<u8>]) -> Vec<u8> {
    let mut values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
    values.sort_unstable();
    constructed(tag::SET, &values)
}

fn octets(bytes: &[u8]) -> Vec<u8> {
    primitive(tag::OCTET_STRING, bytes)
}

fn attribute(oid: &[u8], values: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[oid, &set(values)])
}

fn retag(mut value: Vec<u8>, tag: u8) -> Vec<u8> {
    value[0] = tag;
    value
}

fn digest(name: &str, bytes: &[u8]) -> Vec<u8> {
    openssl(&Pki::get().folder, &["dgst", "-binary", name], bytes).unwrap()
}

/// A signature by RSA, PKCS#1 v1.5.
struct Signer<'a> {
    person: &'a str,
    /// `-sha256` or `-sha512`, and its identifier.
    digest: (&'a str, &'a [u8]),
    attributes: Vec<Vec<u8>>,
    unsigned: Vec<Vec<u8>>,
}

impl<'a> Signer<'a> {
    /// With the attributes that have to be there.
    fn new(person: &'a str, content: &[u8]) -> Signer<'a> {
        Self::with_digest(person, ("-sha256", SHA_256), content)
    }

    fn with_digest(person: &'a str, name: (&'a str, &'a [u8]), content: &[u8]) -> Signer<'a> {
        let attributes = vec![
            attribute(CONTENT_TYPE, &[DATA.to_vec()]),
            attribute(MESSAGE_DIGEST, &[octets(&digest(name.0, content))]),
        ];
        Signer { person, digest: name, attributes, unsigned: Vec::new() }
    }

    fn identifier(&self) -> Vec<u8> {
        let certificate = Pki::get().certificate(self.person);
        let serial_number = primitive(tag::INTEGER, certificate.serial_number());
        sequence(&[certificate.issuer(), &serial_number])
    }

    fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let key = format!("{}.key", self.person);
        let arguments = ["dgst", self.digest.0, "-sign", &key];
        openssl(&Pki::get().folder, &arguments, bytes).unwrap()
    }

    fn info(&self) -> Vec<u8> {
        let attributes = set(&self.attributes);
        let signature = self.sign(&attributes);
        let unsigned = match self.unsigned.as_slice() {
            [] => Vec::new(),
            unsigned => retag(set(unsigned), tag::context_constructed(1)),
        };
        sequence(&[
            &primitive(tag::INTEGER, &[1]),
            &self.identifier(),
            &sequence(&[self.digest.1]),
            &retag(attributes, tag::context_constructed(0)),
            &sequence(&[RSA_ENCRYPTION, &[5, 0]]),
            &octets(&signature),
            &unsigned,
        ])
    }
}

/// A SignedData with its content and everybody's certificates.
fn signed_data(content: &[u8], infos: &[Vec<u8>]) -> Vec<u8> {
    let pki = Pki::get();
    let certificates: Vec<Vec<u8>> = ["ca", "alice", "alice2", "bob", "mallory"]
        .iter()
        .map(|name| pki.certificate(name).der().to_vec())
        .collect();
    let explicit = |value: &[u8]| constructed(tag::context_constructed(0), &[value]);
    let data = sequence(&[
        &primitive(tag::INTEGER, &[1]),
        &set(&[sequence(&[SHA_256]), sequence(&[SHA_512])]),
        &sequence(&[DATA, &explicit(&octets(content))]),
        &retag(set(&certificates), tag::context_constructed(0)),
        &set(infos),
    ]);
    sequence(&[SIGNED_DATA, &explicit(&data)])
}

fn verified(message: &[u8]) -> VerifyResult<'static> {
    let anchors = [Pki::get().anchor()];
    let mut options = verify_options(message, &anchors);
    options.from = Some("alice@example.com");
    let result = block_on(verify(&mut env(1), options)).unwrap();
    VerifyResult { content: result.content.into_owned().into(), ..result }
}

fn codes(result: &VerifyResult<'_>) -> Vec<Vec<ProblemCode>> {
    let codes = |problems: &[smime_wasm::error::Problem]| problems.iter().map(|p| p.code).collect();
    result.signatures.iter().map(|signature| codes(&signature.problems)).collect()
}

fn replace(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    let at = bytes.windows(from.len()).rposition(|window| window == from).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to);
}

#[test]
fn one_signer_needs_one_signature_that_we_know_and_none_that_is_altered() {
    let content = content();
    let good = Signer::new("alice", &content).info();
    let mut unknown = Signer::with_digest("alice", ("-sha512", SHA_512), &content).info();
    replace(&mut unknown, RSA_ENCRYPTION, UNKNOWN);
    let mut altered = Signer::with_digest("alice", ("-sha512", SHA_512), &content).info();
    *altered.last_mut().unwrap() ^= 1;

    let result = verified(&signed_data(&content, &[good.clone(), unknown.clone()]));
    assert_eq!(result.status, Status::Verified);
    assert_eq!(result.signatures.len(), 2);
    let result = verified(&signed_data(&content, &[unknown]));
    assert_eq!(result.status, Status::Unverified);
    assert_eq!(codes(&result), [[ProblemCode::SignatureUnsupportedAlgorithm]]);
    let result = verified(&signed_data(&content, &[good, altered]));
    assert_eq!(result.status, Status::Failed);
}

#[test]
fn signatures_of_others_are_reported_and_lend_no_status() {
    let content = content();
    let [alice, bob] = ["alice", "bob"].map(|person| Signer::new(person, &content).info());
    let result = verified(&signed_data(&content, &[alice, bob.clone()]));
    assert_eq!(result.status, Status::Verified);
    let mut authors: Vec<_> = result.signatures.iter().map(|s| s.author).collect();
    authors.sort_by_key(|author| *author == AuthorVerdict::Mismatch);
    assert_eq!(authors, [AuthorVerdict::Match, AuthorVerdict::Mismatch]);
    assert_eq!(verified(&signed_data(&content, &[bob])).status, Status::Unverified);
}

#[test]
fn a_weak_signature_beside_a_strong_one_of_the_same_signer_does_no_harm() {
    let content = content();
    let sha_1: &[u8] = &[0x06, 5, 0x2b, 0x0e, 3, 2, 0x1a];
    let strong = Signer::new("alice", &content).info();
    let weak = Signer::with_digest("alice", ("-sha1", sha_1), &content).info();
    assert_eq!(verified(&signed_data(&content, &[strong, weak.clone()])).status, Status::Verified);
    assert_eq!(verified(&signed_data(&content, &[weak])).status, Status::Unverified);
}

/// RFC 5752: alice signs with two keys and says so; taking one signature away shows.
#[test]
fn a_signature_that_was_taken_away_is_missed() {
    let content = content();
    let mut first = Signer::new("alice", &content);
    let mut second = Signer::with_digest("alice2", ("-sha512", SHA_512), &content);
    let value = |other: &Signer<'_>, hash: &[u8]| {
        sequence(&[
            &sequence(&[other.digest.1]),
            &sequence(&[RSA_ENCRYPTION, &[5, 0]]),
            &sequence(&[&sequence(&[SHA_256]), &octets(hash)]),
        ])
    };
    // Each is hashed with the hash in it left empty.
    let hash = |signer: &Signer<'_>, other: &Signer<'_>| {
        let mut attributes = signer.attributes.clone();
        attributes.push(attribute(MULTIPLE_SIGNATURES, &[value(other, &[])]));
        digest("-sha256", &set(&attributes))
    };
    let (hash_of_first, hash_of_second) = (hash(&first, &second), hash(&second, &first));
    let names_second = attribute(MULTIPLE_SIGNATURES, &[value(&second, &hash_of_second)]);
    let names_first = attribute(MULTIPLE_SIGNATURES, &[value(&first, &hash_of_first)]);
    first.attributes.push(names_second);
    second.attributes.push(names_first);

    let (first, second) = (first.info(), second.info());
    let whole = verified(&signed_data(&content, &[first.clone(), second.clone()]));
    assert_eq!(whole.status, Status::Verified, "{:?}", codes(&whole));
    let bob = Signer::new("bob", &content).info();
    let with_bob = verified(&signed_data(&content, &[first.clone(), second, bob]));
    assert_eq!(with_bob.status, Status::Verified, "{:?}", codes(&with_bob));

    let alone = verified(&signed_data(&content, std::slice::from_ref(&first)));
    assert_eq!(alone.status, Status::Unverified);
    assert_eq!(alone.signatures[0].integrity, Signature::Intact);
    assert_eq!(codes(&alone), [[ProblemCode::SignatureRemoved]]);

    // Another of her signatures in its place is not the one she meant.
    let other = Signer::with_digest("alice2", ("-sha512", SHA_512), &content).info();
    let exchanged = verified(&signed_data(&content, &[first, other]));
    assert!(codes(&exchanged).concat().contains(&ProblemCode::SignatureRemoved));
}

#[test]
fn countersignatures_are_reported() {
    let content = content();
    let mut alice = Signer::new("alice", &content);
    let signature = alice.sign(&set(&alice.attributes));
    let mut countersigner = Signer::new("bob", &signature);
    countersigner.attributes.remove(0);
    let good = countersigner.info();
    let mut over_content = Signer::new("mallory", &content);
    over_content.attributes.remove(0);
    alice.unsigned = vec![attribute(COUNTERSIGNATURE, &[good, over_content.info()])];

    let result = verified(&signed_data(&content, &[alice.info()]));
    assert_eq!(result.status, Status::Verified, "{:?}", codes(&result));
    let [signature] = result.signatures.as_slice() else { panic!("one signature") };
    let signers: Vec<_> = signature
        .countersignatures
        .iter()
        .map(|c| (c.signer.as_ref().unwrap().addresses()[0].clone(), c.integrity, c.trust))
        .collect();
    assert!(signers.contains(&(
        "bob@example.net".to_owned(),
        Signature::Intact,
        TrustVerdict::Trusted
    )));
    assert!(signers.iter().any(
        |(who, integrity, _)| who == "mallory@example.com" && *integrity == Signature::Altered
    ));

    // A signature over the content is none over the signature, and the other way round.
    let typed = Signer::new("bob", &alice.sign(&set(&alice.attributes)));
    alice.unsigned = vec![attribute(COUNTERSIGNATURE, &[typed.info()])];
    let result = verified(&signed_data(&content, &[alice.info()]));
    let countersignature = &result.signatures[0].countersignatures[0];
    assert_eq!(countersignature.integrity, Signature::Altered);
    alice.unsigned = vec![attribute(COUNTERSIGNATURE, &[octets(b"none")])];
    let result = verified(&signed_data(&content, &[alice.info()]));
    assert_eq!(result.status, Status::Verified);
    assert_eq!(codes(&result), [[ProblemCode::CountersignatureUnreadable]]);
}

/// RFC 6211: without the attribute, `rsaEncryption` in place of `sha256WithRSAEncryption` says the same.
#[test]
fn protected_algorithms_cannot_be_exchanged() {
    const SHA_256_WITH_RSA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
    let message = signed(Form::Opaque, Include::Chain);
    let at = message.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let mut ours = smime_wasm::bytes::base64::decode(&message[at..]).unwrap();
    assert_eq!(verified(&ours).status, Status::Verified);
    replace(&mut ours, SHA_256_WITH_RSA, RSA_ENCRYPTION);
    let result = verified(&ours);
    assert_eq!(result.status, Status::Failed);
    assert_eq!(codes(&result), [[ProblemCode::SignatureMalformedAttributes]]);

    let content = content();
    let mut unprotected = Signer::new("alice", &content).info();
    replace(&mut unprotected, RSA_ENCRYPTION, SHA_256_WITH_RSA);
    assert_eq!(verified(&signed_data(&content, &[unprotected])).status, Status::Verified);
    let protection = |parameters: &[u8], signature: &[u8]| {
        let digest = sequence(&[SHA_256, parameters]);
        let signature = constructed(tag::context_constructed(1), &[signature, &[5, 0]]);
        attribute(ALGORITHM_PROTECTION, &[sequence(&[&digest, &signature])])
    };
    for (parameters, algorithm, expected) in [
        (&[][..], RSA_ENCRYPTION, Status::Verified),
        (&[5, 0], RSA_ENCRYPTION, Status::Verified),
        (&[], SHA_256_WITH_RSA, Status::Failed),
        (&[4, 0], RSA_ENCRYPTION, Status::Failed),
    ] {
        let mut alice = Signer::new("alice", &content);
        alice.attributes.push(protection(parameters, algorithm));
        assert_eq!(verified(&signed_data(&content, &[alice.info()])).status, expected);
    }
}

#[test]
fn what_a_signer_prefers_is_told_only_of_the_trusted() {
    let content = content();
    let bob = Signer::new("alice2", &content);
    let mut alice = Signer::new("alice", &content);
    let preference = retag(bob.identifier(), tag::context_constructed(0));
    alice.attributes.push(attribute(KEY_PREFERENCE, &[preference]));
    let message = signed_data(&content, &[alice.info()]);
    let result = verified(&message);
    let preferred = result.signatures[0].encryption_certificate.as_ref().unwrap();
    assert_eq!(*preferred, Pki::get().certificate("alice2"));
    let untrusted = block_on(verify(&mut env(1), verify_options(&message, &[]))).unwrap();
    assert!(untrusted.signatures[0].encryption_certificate.is_none());

    let message = openssl_sign(&["-nodetach", "-outform", "DER"], &content);
    let result = verified(&message);
    let capabilities = result.signatures[0].capabilities.as_deref().unwrap();
    assert!(Reader::only(capabilities, tag::SEQUENCE).is_ok());
    let untrusted = block_on(verify(&mut env(1), verify_options(&message, &[]))).unwrap();
    assert!(untrusted.signatures[0].capabilities.is_none());
}

/// A certificate as it came, but with this key, or with these addresses and nothing else to tell.
/// Nobody's signature is on it.
fn forged(person: &str, spki: Option<&[u8]>, addresses: Option<&[u8]>) -> Vec<u8> {
    const EXTENSIONS: u8 = tag::context_constructed(3);
    const ALTERNATIVE_NAMES: &[u8] = &[6, 3, 0x55, 0x1d, 0x11];
    let certificate = Pki::get().certificate(person);
    let mut parts = Reader::only(certificate.der(), tag::SEQUENCE).unwrap().contents();
    let mut fields = parts.sequence().unwrap();
    let mut tbs = Vec::new();
    while !fields.is_empty() {
        let field = fields.any().unwrap();
        tbs.push(match (field.tag, spki, addresses) {
            (EXTENSIONS, _, Some(addresses)) => {
                let names = octets(&primitive(tag::SEQUENCE, addresses));
                let extension = sequence(&[ALTERNATIVE_NAMES, &names]);
                constructed(EXTENSIONS, &[&sequence(&[&extension])])
            }
            (_, Some(spki), _) if field.raw == certificate.spki() => spki.to_vec(),
            _ => field.raw.to_vec(),
        });
    }
    let tbs: Vec<&[u8]> = tbs.iter().map(Vec::as_slice).collect();
    sequence(&[&sequence(&tbs), parts.any().unwrap().raw, parts.any().unwrap().raw])
}

/// A SignedData with its content and these certificates, in this order.
fn signed_data_with(certificates: &[Vec<u8>], content: &[u8], infos: &[Vec<u8>]) -> Vec<u8> {
    let explicit = |value: &[u8]| constructed(tag::context_constructed(0), &[value]);
    let data = sequence(&[
        &primitive(tag::INTEGER, &[1]),
        &set(&[sequence(&[SHA_256])]),
        &sequence(&[DATA, &explicit(&octets(content))]),
        &primitive(tag::context_constructed(0), &certificates.concat()),
        &set(infos),
    ]);
    sequence(&[SIGNED_DATA, &explicit(&data)])
}

/// Certificates are not signed along: whoever forwards a message can add one that says to be the one
/// the signer prefers.
#[test]
fn nobody_else_can_put_a_key_in_the_place_of_the_preferred_one() {
    let content = content();
    let pki = Pki::get();
    let [ca, alice, alice2] =
        ["ca", "alice", "alice2"].map(|name| pki.certificate(name).der().to_vec());
    let mallory = pki.certificate("mallory");
    let preferring = |person| {
        let mut signer = Signer::new("alice", &content);
        let preference = retag(Signer::new(person, &content).identifier(), 0xa0);
        signer.attributes.push(attribute(KEY_PREFERENCE, &[preference]));
        signer.info()
    };
    let preferred = |certificates: &[Vec<u8>], info: Vec<u8>| {
        let result = verified(&signed_data_with(certificates, &content, &[info]));
        assert_eq!(result.status, Status::Verified, "{:?}", codes(&result));
        result.signatures[0].encryption_certificate.clone()
    };
    let substitute = forged("alice2", Some(mallory.spki()), None);
    let found =
        preferred(&[substitute.clone(), ca.clone(), alice.clone(), alice2], preferring("alice2"));
    assert_eq!(found, Some(pki.certificate("alice2")));
    let found = preferred(&[substitute, ca.clone(), alice.clone()], preferring("alice2"));
    assert_eq!(found, None);
    // A good certificate, but nobody's who is called alice@example.com.
    let others = [ca, alice, mallory.der().to_vec()];
    assert_eq!(preferred(&others, preferring("mallory")), None);
}

/// Two certificates may have one key, and so one key identifier: `signingCertificateV2` says which is
/// meant, in whatever order they are found.
#[test]
fn of_certificates_with_one_key_the_signed_one_counts() {
    let pki = Pki::get();
    let renew = "x509 -req -in alice.csr -CA ca.pem -CAkey ca.key -set_serial 4711 -extfile pki.cnf \
                 -extensions alice -days 36000 -out renewed.pem";
    openssl(&pki.folder, &renew.split_whitespace().collect::<Vec<_>>(), b"").unwrap();
    let extra = ["-nodetach", "-outform", "DER", "-nocerts", "-keyid", "-cades"];
    let message = openssl_sign(&extra, &content());
    let [alice, renewed, ca] = ["alice", "renewed", "ca"].map(|name| pki.certificate(name));
    assert_eq!(alice.spki(), renewed.spki());
    let anchors = [pki.anchor()];
    for known in [[alice.clone(), renewed.clone(), ca.clone()], [renewed, alice.clone(), ca]] {
        let mut options = verify_options(&message, &anchors);
        options.from = Some("alice@example.com");
        options.intermediates = &known;
        let result = block_on(verify(&mut env(1), options)).unwrap();
        assert_eq!(codes(&result), [[]; 1]);
        assert_eq!(result.status, Status::Verified);
        assert_eq!(result.signatures[0].signer.as_ref(), Some(&alice));
    }
}

/// A message of a megabyte or two must not hold anybody up: addresses and names of other signatures
/// are compared in time that grows with the message. Each with each would be more than a test can wait for.
#[test]
fn many_addresses_and_many_named_signatures_are_answered() {
    let content = content();
    let mut certificates = Vec::new();
    let mut infos = Vec::new();
    for person in ["alice", "bob"] {
        let address =
            |n: u32| primitive(tag::context(1), format!("{person}{n}@example.com").as_bytes());
        let addresses: Vec<u8> = (0..20_000).flat_map(address).collect();
        certificates.push(forged(person, None, Some(&addresses)));
        let mut signer = Signer::new(person, &content);
        signer.attributes.push(attribute(MULTIPLE_SIGNATURES, &[]));
        infos.extend(vec![signer.info(); 16]);
    }
    let message = signed_data_with(&certificates, &content, &infos);
    assert_eq!(verified(&message).signatures.len(), 32);

    let mut second = Signer::new("alice", &content);
    second.attributes.push(attribute(UNKNOWN, &[octets(&vec![7; 2 << 20])]));
    let value = sequence(&[
        &sequence(&[SHA_256]),
        &sequence(&[RSA_ENCRYPTION, &[5, 0]]),
        &sequence(&[&sequence(&[SHA_256]), &octets(&digest("-sha256", &set(&second.attributes)))]),
    ]);
    let mut first = Signer::new("alice", &content);
    first.attributes.push(attribute(MULTIPLE_SIGNATURES, &vec![value; 20_000]));
    let result = verified(&signed_data(&content, &[first.info(), second.info()]));
    assert!(codes(&result).concat().contains(&ProblemCode::SignatureRemoved));
}

/// Each countersignature hashes the signature value.
#[test]
fn a_signature_value_longer_than_any_is_refused() {
    let content = content();
    let alice = Signer::new("alice", &content);
    let info = |length| {
        sequence(&[
            &primitive(tag::INTEGER, &[1]),
            &alice.identifier(),
            &sequence(&[SHA_256]),
            &sequence(&[RSA_ENCRYPTION, &[5, 0]]),
            &octets(&vec![1; length]),
        ])
    };
    assert_eq!(verified(&signed_data(&content, &[info(64 << 10)])).status, Status::Failed);
    let message = signed_data(&content, &[info((64 << 10) + 1)]);
    let error = block_on(verify(&mut env(1), verify_options(&message, &[]))).unwrap_err();
    assert_eq!(error.code(), "malformed/cms");
}
