use super::*;
use crate::env::{Time, block_on};
use crate::limits::Limits;
use crate::mailer::{AccountKind, Mac, Session, TrustChoice};
use crate::store::people::{erika, max};
use crate::store::{Memory, SettingsRecord, Store, Way};

fn env() -> Env {
    Env::new(Time::from_secs(1_800_000_000), &[7; 32], Limits::default())
}

fn context() -> Context {
    let account = Account {
        address: "erika@example.com".to_owned(),
        aliases: vec!["max@example.com".to_owned()],
        name: None,
        kind: AccountKind::Personal,
    };
    Context { accounts: vec![account], ..Context::default() }
}

/// A store with Erika's identity and one that somebody else put there, who has no key of hers.
fn store() -> Store<Memory> {
    let store = Store::new(Memory::default());
    for (identity, passphrase) in [(erika(), &b"own"[..]), (max(), b"foreign")] {
        let way = Way::passphrase(passphrase);
        block_on(store.add_identity(&mut env(), &identity, &way, None, None)).unwrap();
    }
    store
}

fn own(mailer: &Mailer<'_, Memory>) -> Vec<Certificate> {
    let account = &mailer.context.accounts[0];
    let mut chooser = block_on(mailer.chooser(&mut env(), &[])).unwrap();
    let own = block_on(chooser.own(&mut env(), account)).unwrap();
    own.into_iter().map(|chosen| chosen.entry.certificate).collect()
}

#[test]
fn to_oneself_is_to_keys_that_the_user_has_shown_or_trusts() {
    let (store, context) = (store(), context());
    let locked = Mailer::new(&store, &context, Session::default());
    assert_eq!(own(&locked), []);
    let unlocked = block_on(locked.unlock(&mut env(), &Way::passphrase(&b"own"[..]), None, None));
    let mailer = Mailer::new(&store, &context, unlocked.unwrap().session);
    assert_eq!(own(&mailer), [erika().certificate().clone()]);
    let choice = TrustChoice {
        trust: Some(Trust::Trusted),
        addresses: Vec::new(),
        domains: Vec::new(),
        by: None,
    };
    let id = crate::store::id_of(max().certificate());
    block_on(mailer.set_trust(&env(), &id, &choice)).unwrap();
    assert_eq!(own(&mailer).len(), 2);
}

#[test]
fn nothing_is_encrypted_to_oneself_by_an_identity_of_no_shared_account_of_that_address() {
    let (store, context) = (Store::new(Memory::default()), context());
    let way = Way::passphrase(&b"own"[..]);
    let added = block_on(store.add_identity(&mut env(), &erika(), &way, None, None)).unwrap();
    let mut opened = vec![added.opened];
    let (mut env, identity) = (env(), max());
    let shared = store.add_shared_identity(&mut env, &identity, &opened);
    let shared = block_on(shared).unwrap();
    opened.extend(shared);
    let mailer = Mailer::new(&store, &context, Session::new(opened, added.mac_key));
    assert_eq!(own(&mailer), [erika().certificate().clone()]);
}

#[test]
fn a_shared_identity_is_for_the_address_of_its_account_alone() {
    let shared = Own::Shared(vec!["team@example.com".to_owned()]);
    assert!(shared.is_shown_for("Team@EXAMPLE.com"));
    assert!(!shared.may_be_for("ben@example.com"));
    assert!(!Own::Shared(Vec::new()).may_be_for("team@example.com"));
    assert!(Own::Claimed.may_be_for("ben@example.com"));
    assert!(!Own::Claimed.is_shown_for("ben@example.com"));
}

#[test]
fn what_is_unlocked_without_the_key_of_decisions_takes_nothing_for_unchanged() {
    let opened = store();
    let way = Way::passphrase(&b"foreign"[..]);
    let opened = block_on(opened.open_identities(&mut env(), &way)).unwrap();
    let mut chosen = SettingsRecord::default();
    chosen.values.insert("alwaysSign".to_owned(), "false".to_owned());
    let without = Session::new(opened, None);
    assert_eq!(without.check_settings("all", &chosen), Mac::Broken);
    assert_eq!(without.broken_code(), ProblemCode::StoreUnbound);
    assert_eq!(Session::default().check_settings("all", &chosen), Mac::Unchecked);
}
