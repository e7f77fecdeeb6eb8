//! The keys of a shared account are for who accepts it, and for nobody who reads a mail.

use super::*;
use crate::env::{Time, block_on};
use crate::limits::Limits;
use crate::message::{DecryptOptions, ReaddressOptions, Recipient, decrypt, readdress};
use crate::store::people::{erika, max};

fn env() -> Env {
    Env::new(Time::from_millis(1_800_000_000_000), &[7; 32], Limits::default())
}

/// The account of Erika, with Max as its only member.
fn shared(env: &mut Env) -> (SharedAccount, [Identity; 2]) {
    let (erika, max) = (erika(), max());
    let member = Member { name: "Max".to_owned(), certificate: max.certificate().clone() };
    let statement = Statement {
        account: "erika@example.com".to_owned(),
        epoch: 1,
        members: vec![member],
        identities: vec![SharedIdentity::from(&erika)],
    };
    let identities = core::slice::from_ref(&erika);
    let data = block_on(SharedAccount::seal(env, &erika, &statement, identities)).unwrap();
    let administrator = Some(erika.certificate());
    (block_on(SharedAccount::open(env, &data, administrator)).unwrap(), [erika, max])
}

fn decrypted(env: &mut Env, message: &[u8], member: &Identity) -> Result<()> {
    let identities = core::slice::from_ref(member);
    let options = DecryptOptions { message, identities, ..DecryptOptions::default() };
    block_on(decrypt(env, options)).map(|_| ())
}

/// The last occurrence of some bytes, replaced.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).rposition(|window| window == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[test]
fn the_keys_open_for_a_member_and_are_no_mail() {
    let mut env = env();
    let (account, [erika, max]) = shared(&mut env);
    let members = core::slice::from_ref(&max);
    let found = block_on(account.identities(&mut env, members)).unwrap();
    assert_eq!(found[0].key().pkcs8().unwrap(), erika.key().pkcs8().unwrap());

    let refused = Err(Error::DecryptNotMail);
    assert_eq!(decrypted(&mut env, &account.envelope, &max), refused);
    let add = [Recipient::from(erika.certificate().clone())];
    let message = account.envelope.clone();
    let options =
        ReaddressOptions { message, identities: members, add: &add, ..Default::default() };
    let readdressed = block_on(readdress(&mut env, options));
    assert_eq!(readdressed.map(|_| ()), refused);
}

#[test]
fn keys_relabelled_as_mail_do_not_decrypt() {
    let mut env = env();
    let (account, [_, max]) = shared(&mut env);
    // A type of the same length that nobody knows.
    let keys = oid_der(oids::KEY_PACKAGE);
    let mut other = keys.clone();
    *other.last_mut().unwrap() = 99;
    let in_one_place = replaced(&account.envelope, &keys, &other);
    assert_eq!(
        decrypted(&mut env, &in_one_place, &max),
        Err(Error::MalformedCms { rule: "the content type is not the protected one" }),
    );
    let both = replaced(&in_one_place, &keys, &other);
    assert_eq!(decrypted(&mut env, &both, &max), Err(Error::DecryptFailed));
}

#[test]
fn keys_of_another_statement_are_none_of_this_one() {
    let mut env = env();
    let (mut account, [_, max]) = shared(&mut env);
    account.digest = vec![0; 32];
    let found = block_on(account.identities(&mut env, core::slice::from_ref(&max)));
    assert_eq!(found.map(|_| ()), Err(Error::SharedNotAuthentic));
}
