//! Opening a message asks nobody anything that would tell that it decrypted, where changes to it would
//! not have been noticed (attacks 8 and 19).

use smime_wasm::crypto::algorithms::ContentCipher;
use smime_wasm::env::block_on;
use smime_wasm::message::{
    EncryptOptions, EncryptionParameters, HeaderOptions, Include, OpenOptions, OpenedMessage,
    Openers, RevocationOptions, RevocationPolicy, RevocationVerdict, Status, VerifyOptions,
    encrypt, open,
};

use crate::common::env;
use crate::common::pointed::{CRL, Host, OCSP, ROOT_CRL, pki, signed};

/// A mail that pia signed, encrypted to bob.
fn sealed(cipher: &str) -> Vec<u8> {
    let message = signed("pia", "pca", Include::Chain);
    let options = EncryptOptions {
        message: message.into(),
        recipients: &[pki().certificate("bob").into()],
        headers: HeaderOptions::OFF,
        parameters: EncryptionParameters {
            cipher: ContentCipher::by_name(cipher).unwrap(),
            key_transport: None,
            compress: false,
        },
    };
    block_on(encrypt(&mut env(1), options)).unwrap()
}

fn opened(message: Vec<u8>, host: &Host, may_fetch: bool, unprotected: bool) -> OpenedMessage {
    let (anchors, identities) = ([pki().anchor()], [pki().identity("bob")]);
    let policy = Some(RevocationPolicy::Soft);
    let fetcher = Some(host as &dyn smime_wasm::message::Fetcher);
    let revocation = RevocationOptions { policy, fetcher, may_fetch, ..Default::default() };
    let options = OpenOptions {
        openers: Openers { identities: &identities, passwords: &[], keys: &[] },
        verify: VerifyOptions {
            trust_anchors: Some(&anchors),
            revocation,
            ..VerifyOptions::new(&[])
        },
        may_fetch_unprotected: unprotected,
    };
    let opened = block_on(open(&mut env(2), message, options)).unwrap();
    assert_eq!(opened.status, Some(Status::Verified));
    let verdict = opened.signatures().next().unwrap().revocation;
    assert_eq!(verdict, RevocationVerdict::Unknown);
    opened
}

#[test]
fn nothing_is_fetched_inside_encryption_without_integrity_unless_somebody_asks_for_it() {
    let host = Host::default();
    opened(sealed("aes-256-cbc"), &host, true, false);
    assert_eq!(host.take_asked(), [""; 0]);
    opened(sealed("aes-256-cbc"), &host, false, false);
    assert_eq!(host.take_asked(), [""; 0]);
    opened(sealed("aes-256-cbc"), &host, true, true);
    assert_eq!(host.take_asked(), [ROOT_CRL, OCSP, CRL]);
}

#[test]
fn other_messages_are_fetched_for_where_that_is_allowed() {
    let host = Host::default();
    for message in [sealed("aes-256-gcm"), signed("pia", "pca", Include::Chain)] {
        opened(message.clone(), &host, true, false);
        assert_eq!(host.take_asked(), [ROOT_CRL, OCSP, CRL]);
        opened(message, &host, false, false);
        assert_eq!(host.take_asked(), [""; 0]);
    }
}

/// What stands outside was there for everybody to see before anything was decrypted.
#[test]
fn a_signature_outside_is_asked_about_and_the_one_inside_is_not() {
    use smime_wasm::crypto::RsaScheme;
    use smime_wasm::message::{Form, SignOptions, SignatureParameters, sign};

    let signers = [pki().identity_of("della", "pca")];
    let message = sealed("aes-256-cbc");
    let (form, scheme, include) = (Form::Detached, RsaScheme::Pkcs1v15, Include::Chain);
    let options = SignOptions {
        message: (&message).into(),
        signers: &signers,
        protect_headers: false,
        parameters: SignatureParameters {
            form,
            digest: None,
            scheme,
            include,
            ..SignatureParameters::default()
        },
    };
    let wrapped = block_on(sign(&mut env(3), options)).unwrap();
    let host = Host::default();
    opened(wrapped, &host, true, false);
    let asked = host.take_asked();
    assert!(asked.contains(&CRL.to_owned()) && !asked.contains(&OCSP.to_owned()), "{asked:?}");
}
