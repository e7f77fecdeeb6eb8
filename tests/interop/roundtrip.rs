//! OpenSSL verifies every mail of the collection that we sign, as we wrote it and behind relays, and
//! gives out what was signed.

use smime_wasm::crypto::RsaScheme;
use smime_wasm::env::block_on;
use smime_wasm::message::{Form, Include, SignOptions, SignatureParameters, Status, sign, verify};

use crate::common::{Pki, env, openssl, verify_options};
use crate::mails::{Mail, mails};
use crate::relay::all_of_them;

/// An address outside ASCII in a signed header can't be written in 7 bits, and a relay cuts the eighth.
const EIGHT_BIT: &[&str] =
    &["messages/smtputf8", "addresses/smtputf8", "addresses/smtputf8-encoded-name"];

#[test]
fn openssl_verifies_every_mail_that_we_sign() {
    let pki = Pki::get();
    let (signers, anchors) = ([pki.identity("alice")], [pki.anchor()]);
    let mut wrong = Vec::new();
    for Mail { name, raw } in mails() {
        for form in [Form::Detached, Form::Opaque] {
            let options = SignOptions {
                message: (&raw).into(),
                signers: &signers,
                protect_headers: true,
                parameters: SignatureParameters {
                    form,
                    digest: None,
                    scheme: RsaScheme::Pkcs1v15,
                    include: Include::Chain,
                    ..SignatureParameters::default()
                },
            };
            let signed = block_on(sign(&mut env(1), options)).unwrap();
            let ours = block_on(verify(&mut env(1), verify_options(&signed, &anchors))).unwrap();
            assert_eq!(ours.status, Status::Verified, "{name}");
            let arguments = ["cms", "-verify", "-CAfile", "root.pem", "-purpose", "smimesign"];
            let theirs = |message: &[u8]| openssl(&pki.folder, &arguments, message);
            if theirs(&signed).as_deref() != Ok(&ours.content) {
                wrong.push(format!("{name} {form:?}"));
            }
            let is_cut = form == Form::Detached && EIGHT_BIT.contains(&name.as_str());
            if !is_cut && theirs(&all_of_them(&signed)).as_deref() != Ok(&ours.content) {
                wrong.push(format!("{name} {form:?} behind relays"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
