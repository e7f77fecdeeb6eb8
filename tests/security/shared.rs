//! Whoever carries what an administrator signed can keep it back, and nothing else: neither an older state
//! nor another administrator's, nothing of another account or epoch, and no other key, is ever taken for it.

use smime_wasm::asn1::{Reader, constructed, oids, tag};
use smime_wasm::cert::{Certificate, Identity};
use smime_wasm::cms::{Content, ContentInfo, Signer, Signing};
use smime_wasm::crypto::{RsaScheme, SecretBytes};
use smime_wasm::env::block_on;
use smime_wasm::error::{Error, Result};
use smime_wasm::limits::Limits;
use smime_wasm::mailer::{
    Change, Context, Mailer, Member, NewShared, Session, SharedAccount, SharedIdentity, Statement,
};
use smime_wasm::message::{Form, Include, SignOptions, SignatureParameters, sign};
use smime_wasm::store::{
    Backend, Change as Written, MacKey, Memory, Merging, Query, SharedRecord, Store, Table, Way,
    id_of,
};

use crate::common::{Pki, env};

/// The account's address is in the certificates of `alice` and `alice2`.
const ACCOUNT: &str = "alice@example.com";

/// Who administers it, a member, and somebody who is neither.
const CHIEF: &str = "bob";
const MEMBER: &str = "tls";
const EVE: &str = "mallory";

struct User {
    memory: Memory,
    store: Store<Memory>,
    context: Context,
    session: Session,
    mac_key: Option<MacKey>,
}

impl User {
    fn with(names: &[&str]) -> User {
        let memory = Memory::default();
        let store = Store::new(memory.clone());
        let (context, session) = (Context::default(), Session::default());
        let mut user = User { memory, store, context, session, mac_key: None };
        for name in names {
            let identity = Pki::get().identity(name);
            let (mut env, way, key) = (env(1), way(), user.mac_key.take());
            let added = user.store.add_identity(&mut env, &identity, &way, None, key.as_ref());
            let added = block_on(added).unwrap();
            user.mac_key = added.mac_key;
        }
        user.unlock();
        user
    }

    fn mailer(&self) -> Mailer<'_, Memory> {
        Mailer::new(&self.store, &self.context, self.session.clone())
    }

    fn unlock(&mut self) {
        self.session = Session::default();
        let unlocking = block_on(self.mailer().unlock(&mut env(2), &way(), None, None)).unwrap();
        self.session = unlocking.session;
    }

    fn accept(&mut self, data: &[u8], by: Option<&str>) -> Result<Statement> {
        let by = by.map(certificate);
        let (mailer, mut env) = (self.mailer(), env(3));
        let accepted = mailer.accept_shared(&mut env, data, by.as_ref(), false);
        let accepted = block_on(accepted)?;
        self.session = accepted.session;
        Ok(accepted.view.account.statement)
    }

    fn share(&mut self, members: &[&str]) -> Vec<u8> {
        let new = NewShared {
            account: ACCOUNT.to_owned(),
            administrator: id_of(&certificate(CHIEF)),
            identities: vec![id_of(&certificate("alice"))],
            members: members.iter().map(|name| member(name)).collect(),
        };
        let shared = block_on(self.mailer().share(&mut env(4), new)).unwrap();
        self.session = shared.session;
        shared.data
    }

    fn change(&mut self, change: Change) -> Vec<u8> {
        let (mailer, mut env) = (self.mailer(), env(5));
        let changed = block_on(mailer.change_shared(&mut env, ACCOUNT, change)).unwrap();
        self.session = changed.session;
        changed.data
    }

    /// Epochs of what counts here, and how many records do not.
    fn accounts(&self) -> (Vec<u64>, usize) {
        let (views, problems) = block_on(self.mailer().shared_accounts(&mut env(6))).unwrap();
        (views.iter().map(|view| view.account.statement.epoch).collect(), problems.len())
    }

    /// Whether the account's key is unlocked, and whether it is stored.
    fn has(&self, name: &str) -> (bool, bool) {
        let id = id_of(&certificate(name));
        let stored = block_on(self.store.shared_identities()).unwrap();
        (self.session.identity(&id).is_some(), stored.iter().any(|entry| entry.id == id))
    }
}

fn way() -> Way {
    Way::device(SecretBytes::from(&[7; 32][..]))
}

fn certificate(name: &str) -> Certificate {
    Pki::get().certificate(name)
}

fn identity(name: &str) -> Identity {
    Pki::get().identity(name)
}

fn member(name: &str) -> Member {
    Member { name: name.to_owned(), certificate: certificate(name) }
}

fn statement(epoch: u64, members: &[&str], identities: &[&str]) -> Statement {
    Statement {
        account: ACCOUNT.to_owned(),
        epoch,
        members: members.iter().map(|name| member(name)).collect(),
        identities: identities.iter().map(|name| SharedIdentity::from(&identity(name))).collect(),
    }
}

fn sealed(by: &str, statement: &Statement, keys: &[&str]) -> Vec<u8> {
    let keys: Vec<Identity> = keys.iter().map(|name| identity(name)).collect();
    block_on(SharedAccount::seal(&mut env(7), &identity(by), statement, &keys)).unwrap()
}

/// What is signed: the statement and the envelope, each whole.
fn content(data: &[u8]) -> [Vec<u8>; 2] {
    let limits = Limits::default();
    let Content::SignedData(signed) = ContentInfo::from_der(data).unwrap().open(&limits).unwrap()
    else {
        panic!("no SignedData")
    };
    let mut values = Reader::only(signed.content.unwrap(), tag::SEQUENCE).unwrap().contents();
    [values.any().unwrap().raw.to_vec(), values.any().unwrap().raw.to_vec()]
}

/// The administrator's own signature over a statement and an envelope that are not of one piece.
fn signed(by: &[&str], [said, envelope]: [&[u8]; 2], is_mail: bool) -> Vec<u8> {
    let content = constructed(tag::SEQUENCE, &[said, envelope]);
    let identities: Vec<Identity> = by.iter().map(|name| identity(name)).collect();
    let certificates: Vec<Certificate> =
        identities.iter().map(|one| one.certificate().clone()).collect();
    let signer = |identity| {
        let key = Identity::certificate(identity).public_key();
        let algorithm = key.signature_algorithm(RsaScheme::Pkcs1v15, None).unwrap();
        Signer { identity, algorithm, encryption_certificate: None }
    };
    let signers: Vec<Signer<'_>> = identities.iter().map(signer).collect();
    let content_type = if is_mail { oids::DATA } else { oids::CONTENT_COLLECTION };
    let mut env = env(8);
    let signing = Signing::of(&mut env, content_type, &content, false, &signers, &certificates);
    let signing = block_on(signing).unwrap();
    let mut data: Vec<u8> = Vec::new();
    block_on(signing.write(&mut env, &content, &mut data)).unwrap();
    data
}

fn code<T>(outcome: Result<T>) -> String {
    outcome.err().map_or_else(|| "taken".to_owned(), |error| error.code().to_owned())
}

#[test]
fn an_epoch_that_was_followed_by_another_does_not_come_back() {
    let (mut chief, mut user) = (User::with(&[CHIEF, "alice"]), User::with(&[MEMBER]));
    let first = chief.share(&[CHIEF, MEMBER]);
    let second = chief.change(Change { add: vec![member(EVE)], ..Change::default() });
    user.accept(&first, Some(CHIEF)).unwrap();
    assert_eq!(user.has("alice"), (true, true));
    assert_eq!(user.accept(&second, None).unwrap().epoch, 2);
    assert_eq!(user.accept(&second, None).unwrap().epoch, 2, "again the same");
    let known = Error::SharedRolledBack { found: 1, known: 2 };
    assert_eq!(user.accept(&first, None).unwrap_err(), known);
    assert_eq!(user.accept(&first, Some(CHIEF)).unwrap_err(), known);
    let fork = sealed(CHIEF, &statement(2, &[CHIEF, MEMBER], &["alice"]), &["alice"]);
    assert_eq!(code(user.accept(&fork, None)), "shared/rolled-back");
    assert_eq!(user.accounts(), (vec![2], 0));
    assert_eq!(user.has("alice"), (true, true));
}

#[test]
fn only_its_administrator_speaks_for_an_account() {
    let (mut chief, mut user) = (User::with(&[CHIEF, "alice"]), User::with(&[MEMBER]));
    let first = chief.share(&[CHIEF, MEMBER]);
    assert_eq!(code(user.accept(&first, None)), "shared/unknown-administrator");
    assert_eq!(code(user.accept(&first, Some(EVE))), "shared/not-authentic");
    assert_eq!(user.accounts(), (vec![], 0));
    user.accept(&first, Some(CHIEF)).unwrap();

    let theirs = sealed(EVE, &statement(9, &[EVE, MEMBER], &["alice2"]), &["alice2"]);
    assert_eq!(code(user.accept(&theirs, None)), "shared/not-authentic");
    assert_eq!(code(user.accept(&theirs, Some(CHIEF))), "shared/not-authentic");
    assert_eq!(code(user.accept(&theirs, Some(EVE))), "shared/other-administrator");
    let both = content(&theirs);
    let both = signed(&[EVE, CHIEF], [&both[0], &both[1]], false);
    assert_eq!(code(user.accept(&both, None)), "shared/not-authentic", "one signature counts");
    assert_eq!(user.accounts(), (vec![1], 0));
    assert_eq!(user.has("alice2"), (false, false));
}

#[test]
fn who_administers_one_account_says_nothing_of_another() {
    let (mut chief, mut user) = (User::with(&[CHIEF, "alice"]), User::with(&[MEMBER]));
    user.accept(&chief.share(&[CHIEF, MEMBER]), Some(CHIEF)).unwrap();
    let other = Statement {
        account: "a.muster@example.org".to_owned(),
        ..statement(5, &[MEMBER], &["alice"])
    };
    let other = sealed(CHIEF, &other, &["alice"]);
    assert_eq!(code(user.accept(&other, None)), "shared/unknown-administrator");
    assert_eq!(user.accounts(), (vec![1], 0));
}

#[test]
fn an_envelope_belongs_to_its_statement_alone() {
    let mut user = User::with(&[MEMBER]);
    let first = sealed(CHIEF, &statement(1, &[CHIEF, MEMBER], &["alice"]), &["alice"]);
    let second = sealed(CHIEF, &statement(2, &[CHIEF, MEMBER], &["alice"]), &["alice"]);
    let account = Statement {
        account: "a.muster@example.org".to_owned(),
        ..statement(2, &[CHIEF, MEMBER], &["alice"])
    };
    let account = sealed(CHIEF, &account, &["alice"]);
    let members = sealed(CHIEF, &statement(2, &[CHIEF, MEMBER, EVE], &["alice"]), &["alice"]);
    let [said, own] = content(&second);
    for other in [&first, &account, &members] {
        let [_, envelope] = content(other);
        // By somebody who only moves bytes, and by the administrator who was made to sign it.
        if own.len() == envelope.len() {
            let moved = replaced(&second, &own, &envelope);
            assert_eq!(code(user.accept(&moved, Some(CHIEF))), "shared/not-authentic");
        }
        let mixed = signed(&[CHIEF], [&said, &envelope], false);
        assert_eq!(code(user.accept(&mixed, Some(CHIEF))), "shared/not-authentic");
    }
    assert_eq!(user.accounts(), (vec![], 0));
    let own = signed(&[CHIEF], [&said, &own], false);
    user.accept(&own, Some(CHIEF)).unwrap();
}

#[test]
fn a_signature_over_a_mail_is_none_over_an_account() {
    let mut user = User::with(&[MEMBER]);
    let data = sealed(CHIEF, &statement(1, &[CHIEF, MEMBER], &["alice"]), &["alice"]);
    let [said, envelope] = content(&data);
    let as_mail = signed(&[CHIEF], [&said, &envelope], true);
    assert_eq!(code(user.accept(&as_mail, Some(CHIEF))), "shared/not-authentic");
    // What a server may get signed: a message of its own making.
    let message = [b"Content-Type: application/octet-stream\r\n\r\n", data.as_slice()].concat();
    let options = SignOptions {
        message: message.into(),
        signers: &[identity(CHIEF)],
        protect_headers: false,
        parameters: SignatureParameters {
            form: Form::Opaque,
            include: Include::Chain,
            ..SignatureParameters::default()
        },
    };
    let mail = block_on(sign(&mut env(9), options)).unwrap();
    let body = mail.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let cms = smime_wasm::bytes::base64::decode(&mail[body..]).unwrap();
    for given in [&mail, &cms] {
        let refused = code(user.accept(given, Some(CHIEF)));
        assert!(refused == "shared/not-authentic" || refused == "malformed/shared-account");
    }
    assert_eq!(user.accounts(), (vec![], 0));
}

#[test]
fn another_key_in_the_place_of_one_is_refused() {
    let mut user = User::with(&[MEMBER]);
    let said = statement(1, &[CHIEF, MEMBER], &["alice"]);
    let other = sealed(CHIEF, &said, &["alice2"]);
    assert_eq!(code(user.accept(&other, Some(CHIEF))), "shared/not-authentic");
    let more = sealed(CHIEF, &said, &["alice", "alice2"]);
    assert_eq!(code(user.accept(&more, Some(CHIEF))), "shared/not-authentic");
    let foreign = statement(1, &[CHIEF, MEMBER], &[EVE]);
    let foreign = sealed(CHIEF, &foreign, &[EVE]);
    assert_eq!(code(user.accept(&foreign, Some(CHIEF))), "malformed/shared-account");
    assert_eq!(user.accounts(), (vec![], 0));
    assert_eq!(user.has("alice"), (false, false));
}

/// Whatever byte is changed: it is refused, or says what was signed.
#[test]
fn no_altered_byte_changes_what_is_said() {
    let said = statement(3, &[CHIEF, MEMBER], &["alice"]);
    let data = sealed(CHIEF, &said, &["alice"]);
    let chief = certificate(CHIEF);
    for at in (0..data.len()).step_by(3) {
        let mut altered = data.clone();
        altered[at] ^= 1;
        match block_on(SharedAccount::open(&mut env(1), &altered, Some(&chief))) {
            Ok(account) => assert_eq!(account.statement, said, "byte {at}"),
            Err(error) => assert_ne!(error.code(), "internal/fault", "byte {at}"),
        }
        if at % 60 == 0 {
            let mut env = env(1);
            let cut = block_on(SharedAccount::open(&mut env, &data[..at], Some(&chief)));
            assert_eq!(code(cut), "malformed/shared-account");
        }
    }
}

#[test]
fn who_is_no_member_any_more_loses_the_key_and_does_not_get_it_back() {
    let (mut chief, mut user) = (User::with(&[CHIEF, "alice"]), User::with(&[MEMBER]));
    let first = chief.share(&[CHIEF, MEMBER]);
    user.accept(&first, Some(CHIEF)).unwrap();
    assert_eq!(user.has("alice"), (true, true));
    let own = Query::Ids(Table::Identities, vec![id_of(&certificate("alice"))]);
    let kept = block_on(user.memory.read(&own)).unwrap().remove(0);
    let backup = block_on(user.mailer().backup(&mut env(1), b"backup")).unwrap();

    let second = chief.change(Change { remove: vec![certificate(MEMBER)], ..Change::default() });
    user.accept(&second, None).unwrap();
    assert_eq!(user.has("alice"), (false, false));
    assert_eq!(code(user.accept(&first, None)), "shared/rolled-back");
    // Somebody who has the database puts the old record back.
    block_on(user.memory.commit(vec![Written::Put { record: kept, expected: None }])).unwrap();
    user.unlock();
    assert_eq!(user.has("alice"), (false, false));
    // An old backup knows an older epoch.
    block_on(user.mailer().restore(&mut env(2), &backup.data, b"backup", Merging::Restore))
        .unwrap();
    user.unlock();
    assert_eq!((user.accounts(), user.has("alice")), ((vec![2], 0), (false, false)));
}

#[test]
fn what_somebody_writes_into_the_database_does_not_count() {
    let (mut chief, mut user) = (User::with(&[CHIEF, "alice"]), User::with(&[MEMBER]));
    let first = chief.share(&[CHIEF, MEMBER]);
    user.accept(&first, Some(CHIEF)).unwrap();
    let genuine = block_on(user.store.shared()).unwrap().remove(0);
    let theirs = sealed(EVE, &statement(9, &[EVE, MEMBER], &["alice2"]), &["alice2"]);
    let forged = SharedRecord {
        epoch: 9,
        administrator: certificate(EVE).der().to_vec(),
        data: theirs.clone(),
        ..genuine.clone()
    };
    block_on(user.store.put_shared(&env(1), &forged, |_| true)).unwrap();
    user.unlock();
    assert_eq!(user.accounts(), (vec![], 1), "and it is said");
    assert_eq!(user.has("alice2"), (false, false));
    assert_eq!(code(user.accept(&theirs, None)), "shared/unknown-administrator");
    // Accepting again repairs it, though the forged epoch is higher.
    user.accept(&first, Some(CHIEF)).unwrap();
    assert_eq!((user.accounts(), user.has("alice")), ((vec![1], 0), (true, true)));
    // A pin alone is not moved either.
    let moved =
        SharedRecord { administrator: certificate(EVE).der().to_vec(), epoch: 2, ..genuine };
    block_on(user.store.put_shared(&env(1), &moved, |_| true)).unwrap();
    assert_eq!(user.accounts(), (vec![], 1));
}

/// The same bytes with a part of them exchanged for one of the same length.
fn replaced(data: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    assert_ne!(old, new);
    let at = data.windows(old.len()).position(|window| window == old).unwrap();
    [&data[..at], new, &data[at + old.len()..]].concat()
}
