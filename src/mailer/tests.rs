//! What is unlocked and what is stored stay together, whoever comes between.

use std::sync::Arc;

use super::*;
use crate::env::{Env, Time, block_on};
use crate::error::{Error, ProblemCode, Result};
use crate::limits::Limits;
use crate::store::people::{erika, max};
use crate::store::{self, Memory, Merging, Query, Record, Trust, Way, Withdrawal, id_of};

const NOW: i64 = 1_800_000_000_000;

fn env() -> Env {
    env_at(NOW)
}

fn env_at(millis: i64) -> Env {
    use std::sync::atomic::{AtomicU8, Ordering};
    static CALLS: AtomicU8 = AtomicU8::new(100);
    let seed = [CALLS.fetch_add(1, Ordering::Relaxed); 32];
    Env::new(Time::from_millis(millis), &seed, Limits::default())
}

fn id(identity: &Identity) -> String {
    id_of(identity.certificate())
}

/// A database whose process is killed after some writes.
#[derive(Clone, Default)]
struct Mortal {
    memory: Memory,
    writes_left: Arc<std::sync::Mutex<Option<u32>>>,
}

impl Backend for Mortal {
    async fn read(&self, query: &Query) -> Result<Vec<Record>> {
        self.memory.read(query).await
    }

    async fn listing(&self) -> Result<Vec<String>> {
        self.memory.listing().await
    }

    async fn commit(&self, changes: Vec<store::Change>) -> Result<()> {
        if let Some(left) = self.writes_left.lock().unwrap().as_mut() {
            *left = left.checked_sub(1).ok_or(Error::Aborted)?;
        }
        self.memory.commit(changes).await
    }
}

/// A user with these identities, each with a passphrase.
struct User {
    database: Mortal,
    store: Store<Mortal>,
    context: Context,
    session: Session,
}

impl User {
    fn new() -> User {
        let database = Mortal::default();
        let store = Store::new(database.clone());
        User { database, store, context: Context::default(), session: Session::default() }
    }

    fn with(identities: &[(Identity, &[u8])]) -> User {
        let mut user = User::new();
        for (identity, passphrase) in identities {
            let known = user.session.mac_key.clone();
            let (mut env, way) = (env(), Way::passphrase(*passphrase));
            let added = user.store.add_identity(&mut env, identity, &way, None, known.as_ref());
            block_on(added).unwrap();
            user.unlock(passphrase).unwrap();
        }
        user
    }

    fn mailer(&self) -> Mailer<'_, Mortal> {
        Mailer::new(&self.store, &self.context, self.session.clone())
    }

    fn unlock(&mut self, passphrase: &[u8]) -> Result<()> {
        let way = Way::passphrase(passphrase);
        self.session =
            block_on(self.mailer().unlock(&mut env(), &way, None, self.epoch()))?.session;
        Ok(())
    }

    fn epoch(&self) -> Option<u64> {
        block_on(self.store.held(Time::from_millis(NOW))).unwrap().map(|held| held.lock.epoch)
    }

    fn backup(&self) -> Backup {
        block_on(self.mailer().backup(&mut env(), b"backup")).unwrap()
    }

    fn restore(&mut self, backup: &Backup, merging: Merging) -> Result<Restored> {
        let (mailer, mut env) = (self.mailer(), env());
        let restored = mailer.restore(&mut env, &backup.data, b"backup", merging);
        let restored = block_on(restored)?;
        self.session = restored.session.clone();
        Ok(restored)
    }

    /// Their other device.
    fn device(&self) -> User {
        let mut other = User::new();
        other.restore(&self.backup(), Merging::Sync).unwrap();
        other.unlock(b"backup").unwrap();
        other
    }

    /// Decides about Max, and chooses whether everything is signed.
    fn choose(&self, millis: i64, trust: Option<Trust>, always_sign: bool) {
        let env = env_at(millis);
        block_on(self.store.add_certificates(&env, &[max().certificate().clone()], None)).unwrap();
        let choice = TrustChoice {
            trust,
            addresses: Vec::new(),
            domains: Vec::new(),
            by: Some("me".to_owned()),
        };
        block_on(self.mailer().set_trust(&env, &id(&max()), &choice)).unwrap();
        let values = [("alwaysSign".to_owned(), Some(settings::Value::Flag(always_sign)))];
        let chosen = settings::Scope::All;
        block_on(self.mailer().change_settings(&env, chosen, &values)).unwrap();
    }

    /// What of that counts.
    fn chosen(&self) -> (Option<Trust>, bool) {
        let settings = block_on(self.mailer().settings(&mut env(), None, None)).unwrap();
        let base = block_on(self.mailer().trust_base()).unwrap();
        assert!(settings.problems.is_empty() && base.problems.is_empty());
        let decision = base.decision(max().certificate(), "max@example.com");
        (decision.map(|one| one.trust), settings.flag(settings::Setting::AlwaysSign))
    }

    fn has(&self, identity: &Identity) -> (bool, bool) {
        let of = |entries: Result<Vec<store::Entry>>| {
            entries.unwrap().iter().any(|entry| entry.id == id(identity))
        };
        let own = of(block_on(self.store.identities(None)));
        (own, of(block_on(self.store.certificates(None))))
    }

    fn mac_key(&self) -> Vec<u8> {
        self.session.mac("test", b"").unwrap()
    }

    /// Has an identity of a shared account, which the first of the user's own opens.
    fn share(&mut self, identity: &Identity) {
        let (mut env, own) = (env(), self.session.opened());
        let shared = self.store.add_shared_identity(&mut env, identity, &own);
        self.session.add(block_on(shared).unwrap().unwrap());
    }
}

#[test]
fn what_is_a_shared_identity_here_and_ones_own_in_a_backup_becomes_ones_own() {
    for merging in [Merging::Restore, Merging::Sync] {
        let backup = User::with(&[(erika(), b"erika")]).backup();
        let mut user = User::with(&[(max(), b"max")]);
        user.share(&erika());
        let restored = user.restore(&backup, merging).unwrap();
        assert_eq!(restored.merged.added, 1);
        assert!(block_on(user.store.shared_identities()).unwrap().is_empty());
        assert!(user.session.identity(&id(&erika())).is_some(), "it stays unlocked");
        assert_eq!(user.backup().problems, []);
        user.session = Session::default();
        for passphrase in [&b"erika"[..], b"backup"] {
            user.unlock(passphrase).unwrap();
        }
        assert_eq!(user.restore(&backup, merging).unwrap().merged.added, 0);
    }
}

#[test]
fn who_leaves_a_shared_account_loses_no_identity_of_their_own_elsewhere() {
    let mut phone = User::with(&[(max(), b"max")]);
    phone.share(&erika());
    let shared = block_on(phone.store.shared_identities()).unwrap();
    block_on(phone.store.drop_shared_identities(&env(), &shared)).unwrap();
    phone.session.drop_identity(&id(&erika()));
    let mut desk = User::with(&[(erika(), b"erika")]);
    let restored = desk.restore(&phone.backup(), Merging::Sync).unwrap();
    assert_eq!(restored.merged.removed, 0);
    assert!(desk.session.identity(&id(&erika())).is_some());
}

#[test]
fn a_new_key_keeps_what_is_bound_whenever_the_process_is_killed() {
    for writes in 0..4 {
        let mut user = User::with(&[(erika(), b"old")]);
        let before = user.mac_key();
        *user.database.writes_left.lock().unwrap() = Some(writes);
        let way = Way::passphrase(&b"new"[..]);
        let _ = block_on(user.mailer().renew_key(&mut env(), &id(&erika()), &way));
        *user.database.writes_left.lock().unwrap() = None;
        user.session = Session::default();
        assert!(user.unlock(b"old").or_else(|_| user.unlock(b"new")).is_ok());
        assert_eq!(user.mac_key(), before, "killed after {writes} writes");
    }
}

#[test]
fn a_backup_says_which_keys_its_passphrase_does_not_open() {
    let user = User::with(&[(erika(), b"erika")]);
    assert_eq!(user.backup().problems, []);
    // Sealed anew behind the back of this tab.
    let way = Way::passphrase(&b"other"[..]);
    let known = user.session.mac_key.as_ref();
    block_on(user.store.add_identity(&mut env(), &erika(), &way, None, known)).unwrap();
    let problems = user.backup().problems;
    assert_eq!(
        problems.iter().map(|one| one.code).collect::<Vec<_>>(),
        [ProblemCode::BackupLockedKeys]
    );
}

#[test]
fn a_shared_account_that_somebody_altered_is_repaired_by_a_backup() {
    let record = |user: &User, epoch| {
        let mut record = store::SharedRecord {
            account: "team@example.com".into(),
            epoch,
            administrator: b"administrator".to_vec(),
            data: b"data".to_vec(),
            mac: Vec::new(),
        };
        user.session.seal_shared(&mut record).unwrap();
        record
    };
    let mut user = User::with(&[(erika(), b"erika")]);
    let genuine = record(&user, 3);
    block_on(user.store.put_shared(&env(), &genuine, |_| true)).unwrap();
    let backup = user.backup();
    let forged = store::SharedRecord { mac: vec![0; 32], ..record(&user, 1 << 50) };
    block_on(user.store.put_shared(&env(), &forged, |_| true)).unwrap();
    for merging in [Merging::Restore, Merging::Sync] {
        let restored = user.restore(&backup, merging).unwrap();
        assert_eq!(block_on(user.store.shared()).unwrap(), std::slice::from_ref(&genuine));
        assert!(!restored.merged.is_ahead);
    }
    // What nobody altered gives way to nothing older.
    let later = record(&user, 4);
    block_on(user.store.put_shared(&env(), &later, |_| true)).unwrap();
    user.restore(&backup, Merging::Restore).unwrap();
    assert_eq!(block_on(user.store.shared()).unwrap(), [later]);
}

#[test]
fn of_two_calls_at_once_neither_undoes_what_the_other_did() {
    let mut user = User::with(&[(erika(), b"erika"), (max(), b"max")]);
    let all = user.session.clone();
    let (mut one, mut other) = (all.clone(), all.clone());
    one.drop_identity(&id(&erika()));
    other.drop_identity(&id(&max()));
    let joined = |user: &User, other: &Session| block_on(user.mailer().joined(other)).unwrap();
    user.session = one;
    assert_eq!(joined(&user, &other).identities.len(), 2);
    assert!(joined(&user, &other).can_seal());
    // What was sealed anew is known by its new key, whoever comes last.
    user.session = all.clone();
    let way = Way::passphrase(&b"new"[..]);
    let renewed = block_on(user.mailer().renew_key(&mut env(), &id(&erika()), &way)).unwrap();
    for (mine, theirs) in [(&all, &renewed), (&renewed, &all)] {
        user.session = mine.clone();
        let key = |session: &Session| session.data_key(&id(&erika())).unwrap().as_bytes().to_vec();
        assert_eq!(key(&joined(&user, theirs)), key(&renewed));
    }
    // And what was removed does not come back.
    block_on(user.store.remove_identity(&env(), &id(&erika()), false, None)).unwrap();
    assert!(joined(&user, &all).identity(&id(&erika())).is_none());
}

#[test]
fn what_was_locked_while_a_passphrase_was_derived_stays_locked() {
    let mut user = User::with(&[(erika(), b"erika"), (max(), b"max")]);
    let before = user.epoch();
    let way = || Way::passphrase(&b"max"[..]);
    let unlock = |user: &User, epoch| {
        let (mailer, mut env, way) = (user.mailer(), env(), way());
        block_on(mailer.unlock(&mut env, &way, None, epoch)).unwrap().session.identities.len()
    };
    assert_eq!(unlock(&user, before), 2);
    // Another tab locks, and unlocks something.
    block_on(user.store.lock(&mut env())).unwrap();
    block_on(user.store.begin_lock(&mut env(), 60_000, Some(60_000))).unwrap();
    assert_eq!(unlock(&user, before), 1);
    user.session = Session::default();
    assert_eq!(unlock(&user, user.epoch()), 1);
}

#[test]
fn r3_nothing_is_encrypted_to_whose_issuer_gave_no_answer_if_the_user_wants_one() {
    let mut user = User::with(&[(erika(), b"erika")]);
    let address = "erika@example.com".to_owned();
    let kind = AccountKind::Personal;
    user.context.accounts.push(Account { address, aliases: Vec::new(), name: None, kind });
    user.context.trust_anchors.push(max().certificate().clone().into());
    let (mut env, theirs) = (env(), [max().certificate().clone()]);
    block_on(user.store.add_certificates(&env, &theirs, None)).unwrap();
    let mut reasons = |user: &User| -> Vec<ProblemCode> {
        let all = ["max@example.com".to_owned()];
        let survey = block_on(user.mailer().survey(&mut env, "erika@example.com", &all, None));
        let survey = survey.unwrap();
        survey.recipients[0].choice.problems.iter().map(|problem| problem.code).collect()
    };
    let answered = |user: &User, is_revoked| {
        let at = Time::from_millis(NOW);
        block_on(user.store.annotate(&id(&max()), |_, notes| {
            notes.revocation = Some(store::RevocationNote { is_revoked, at });
            Ok(())
        }))
        .unwrap();
    };
    answered(&user, None);
    assert_eq!(reasons(&user), []);
    user.context.policy.set("trustWithoutAnswer", Value::Flag(false), false).unwrap();
    assert_eq!(reasons(&user), [ProblemCode::RecipientNoAnswer]);
    assert_eq!(remedy(ProblemCode::RecipientNoAnswer), Some("check-certificate"));
    answered(&user, Some(false));
    assert_eq!(reasons(&user), []);
}

#[test]
fn what_another_tab_still_has_of_an_old_key_spoils_nothing() {
    let mut user = User::with(&[(erika(), b"old")]);
    let (before, stale) = (user.mac_key(), user.session.opened());
    let way = Way::passphrase(&b"new"[..]);
    block_on(user.mailer().renew_key(&mut env(), &id(&erika()), &way)).unwrap();
    block_on(user.store.add_mac_key(&mut env(), &stale, None)).unwrap();
    user.session = Session::default();
    user.unlock(b"new").unwrap();
    assert_eq!(user.mac_key(), before);
}

#[test]
fn moments_that_somebody_forged_win_over_nothing() {
    const LATE: Time = Time::from_millis(NOW << 2);
    let mut phone = User::with(&[(erika(), b"erika")]);
    phone.choose(NOW, None, false);
    let mut desk = phone.device();
    phone.choose(NOW + 1, Some(Trust::Distrusted), true);
    // Who has the database of one device makes what is older look later.
    block_on(desk.store.change_settings(&env(), "all", true, |settings| {
        settings.changed = Some(LATE);
        Ok(())
    }))
    .unwrap();
    block_on(desk.store.annotate(&id(&max()), |_, notes| {
        notes.withdrawn = Some(Withdrawal { at: LATE, mac: None });
        Ok(())
    }))
    .unwrap();
    let genuine = (Some(Trust::Distrusted), true);
    for merging in [Merging::Restore, Merging::Sync] {
        phone.restore(&desk.backup(), merging).unwrap();
        assert_eq!(phone.chosen(), genuine);
    }
    // Not on that device either, which then has nothing to tell.
    assert!(!desk.restore(&phone.backup(), Merging::Sync).unwrap().merged.is_ahead);
    assert_eq!(desk.chosen(), genuine);
    // What the user withdraws is withdrawn everywhere.
    desk.choose(NOW + 2, None, false);
    assert_eq!(phone.restore(&desk.backup(), Merging::Sync).unwrap().problems, []);
    assert_eq!(phone.chosen(), (None, false));
}

#[test]
fn removals_that_somebody_forged_remove_nothing() {
    let mut phone = User::with(&[(erika(), b"erika")]);
    phone.choose(NOW, Some(Trust::Distrusted), true);
    let mut desk = phone.device();
    let later = env_at(NOW << 2);
    block_on(desk.store.remove_certificate(&later, &id(&max()), None)).unwrap();
    block_on(desk.store.remove_identity(&later, &id(&erika()), false, None)).unwrap();
    assert_eq!(phone.restore(&desk.backup(), Merging::Sync).unwrap().merged.removed, 0);
    let whole = [(true, false), (false, true)];
    let all = |user: &User| [user.has(&erika()), user.has(&max())];
    assert_eq!(all(&phone), whole);
    desk.restore(&phone.backup(), Merging::Sync).unwrap();
    assert_eq!(all(&desk), whole);
    desk.unlock(b"backup").unwrap();
    assert!(!desk.restore(&phone.backup(), Merging::Sync).unwrap().merged.is_ahead);
    // What the user removes goes from all devices.
    let removed = env_at(NOW + 1);
    block_on(phone.mailer().remove_certificate(&removed, &id(&max()))).unwrap();
    assert_eq!(desk.restore(&phone.backup(), Merging::Sync).unwrap().merged.removed, 1);
    assert_eq!(phone.restore(&desk.backup(), Merging::Sync).unwrap().merged.added, 0);
    assert_eq!([phone.has(&max()), desk.has(&max())], [(false, false); 2]);
}

#[test]
fn a_file_without_identities_adds_what_was_chosen_and_replaces_nothing() {
    let other = User::new();
    other.choose(NOW << 2, Some(Trust::Trusted), false);
    let file = other.backup();
    let mut user = User::with(&[(erika(), b"erika")]);
    user.restore(&file, Merging::Sync).unwrap();
    assert_eq!(user.chosen(), (Some(Trust::Trusted), false));
    let entry = block_on(user.store.certificate(&id(&max()))).unwrap();
    assert!(entry.notes.decision.unwrap().at <= Time::from_millis(NOW), "when the file was made");
    user.choose(NOW + 1, Some(Trust::Distrusted), true);
    for merging in [Merging::Restore, Merging::Sync] {
        user.restore(&file, merging).unwrap();
        assert_eq!(user.chosen(), (Some(Trust::Distrusted), true));
    }
}
