use std::sync::Arc;

use super::*;
use crate::cert::Identity;
use crate::crypto::{PrivateKey, SecretBytes};
use crate::env::block_on;
use crate::limits::Limits;

const NOW: i64 = 1_800_000_000_000;
const PASSPHRASE: &[u8] = b"correct horse";

/// A world of its own randomness for every call, as in a browser.
fn env_at(millis: i64) -> Env {
    use std::sync::atomic::{AtomicU8, Ordering};
    static CALLS: AtomicU8 = AtomicU8::new(0);
    let seed = [CALLS.fetch_add(1, Ordering::Relaxed); 32];
    Env::new(Time::from_millis(millis), &seed, Limits::default())
}

fn env() -> Env {
    env_at(NOW)
}

/// Erika, with another's certificate as her chain.
fn erika() -> Identity {
    let (certificate, key) = (people::erika().certificate().clone(), erika_key());
    Identity::new(certificate, vec![max()], key).unwrap()
}

fn max() -> Certificate {
    people::max().certificate().clone()
}

/// A store with Erika's identity, its database, and the identity's id.
fn store_with_erika() -> (Store<Memory>, Memory, String) {
    let memory = Memory::default();
    let store = Store::new(memory.clone());
    let entry =
        block_on(store.add_identity(&mut env(), &erika(), &way(PASSPHRASE), Some("p12"), None))
            .unwrap()
            .entry;
    (store, memory, entry.id)
}

fn way(passphrase: &[u8]) -> Way {
    Way::passphrase(passphrase)
}

fn unlock(store: &Store<Memory>, id: &str, passphrase: &[u8]) -> Result<Unlocked> {
    block_on(store.unlock(&mut env(), id, &way(passphrase), 60_000))
}

fn record(memory: &Memory, table: Table) -> Record {
    block_on(memory.read(&Query::All(table))).unwrap().remove(0)
}

/// Replaces the value of a record, as somebody with the database in his hands would.
fn tamper(memory: &Memory, record: &Record, value: Vec<u8>) {
    let expected = Some(
        block_on(memory.read(&Query::Ids(record.table, vec![record.id.clone()])))
            .unwrap()
            .remove(0)
            .revision,
    );
    let record = Record { value, ..record.clone() };
    block_on(memory.commit(vec![Change::Put { record, expected }])).unwrap();
}

#[test]
fn an_identity_comes_back_with_its_key_and_chain() {
    let (store, _, id) = store_with_erika();
    let listed = block_on(store.identities(None)).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].origin.as_deref(), Some("p12"));
    assert_eq!(listed[0].first_seen, Time::from_millis(NOW));
    let Unlocked { identity, .. } = unlock(&store, &id, PASSPHRASE).unwrap();
    assert_eq!(identity.certificate(), erika().certificate());
    assert_eq!(identity.chain(), erika().chain());
    assert_eq!(identity.key().pkcs8().unwrap(), erika().key().pkcs8().unwrap());
}

#[test]
fn no_part_of_the_key_is_stored_in_the_clear() {
    let (_, memory, _) = store_with_erika();
    let value = record(&memory, Table::Identities).value;
    // The public key's modulus is in both, so only what follows it is looked for.
    let pkcs8 = erika().key().pkcs8().unwrap().to_vec();
    for secret in pkcs8[330..].windows(16) {
        assert!(!value.windows(16).any(|window| window == secret));
    }
}

#[test]
fn two_seals_of_one_key_have_nothing_in_common() {
    let (store, memory, _) = store_with_erika();
    let first = Entry::from_record(&record(&memory, Table::Identities)).unwrap().1;
    block_on(store.add_identity(&mut env(), &erika(), &way(PASSPHRASE), None, None)).unwrap();
    let second = Entry::from_record(&record(&memory, Table::Identities)).unwrap().1;
    assert_ne!(first, second);
}

#[test]
fn a_wrong_passphrase_and_an_unknown_id_have_codes_of_their_own() {
    let (store, _, id) = store_with_erika();
    assert_eq!(unlock(&store, &id, b"wrong").unwrap_err(), Error::StoreWrongPassphrase);
    assert_eq!(unlock(&store, "none", PASSPHRASE).unwrap_err(), Error::StoreNotFound);
}

#[test]
fn every_altered_byte_of_the_seal_is_found() {
    let (store, memory, id) = store_with_erika();
    let original = record(&memory, Table::Identities);
    let seal = Entry::from_record(&original).unwrap().1.unwrap();
    let length = der::Encode::to_der(&seal).unwrap().len();
    // It stands last.
    for position in original.value.len() - length..original.value.len() {
        let mut value = original.value.clone();
        value[position] ^= 0x10;
        tamper(&memory, &original, value);
        assert_eq!(unlock(&store, &id, PASSPHRASE).unwrap_err(), Error::StoreSealBroken);
    }
}

#[test]
fn a_seal_in_the_record_of_another_certificate_does_not_open() {
    let (store, memory, id) = store_with_erika();
    let original = record(&memory, Table::Identities);
    let (entry, seal) = Entry::from_record(&original).unwrap();
    let entry = Entry { id: id_of(&max()), certificate: max(), ..entry };
    let moved = entry.to_record(Table::Identities, seal, None).unwrap();
    block_on(memory.commit(vec![put(moved.clone(), None)])).unwrap();
    // The associated data is another, for the wrap as for the key.
    assert_eq!(unlock(&store, &moved.id, PASSPHRASE).unwrap_err(), Error::StoreWrongPassphrase);
    // With the old id, the certificate is not the record's.
    tamper(&memory, &original, moved.value);
    assert_eq!(unlock(&store, &id, PASSPHRASE).unwrap_err(), Error::StoreSealBroken);
}

#[test]
fn the_passphrase_can_be_changed_and_the_old_one_opens_nothing() {
    let (store, _, id) = store_with_erika();
    let change = |old: &[u8]| {
        let new = way(b"battery staple");
        block_on(store.change_passphrase(&mut env(), None, &way(old), &new)).map(|ids| ids.len())
    };
    assert_eq!(change(b"wrong"), Err(Error::StoreWrongPassphrase));
    assert_eq!(change(PASSPHRASE), Ok(1));
    assert_eq!(unlock(&store, &id, PASSPHRASE).unwrap_err(), Error::StoreWrongPassphrase);
    let unlocked = unlock(&store, &id, b"battery staple").unwrap();
    assert_eq!(unlocked.identity.key().pkcs8().unwrap(), erika().key().pkcs8().unwrap());
}

#[test]
fn who_has_the_key_may_seal_it_anew() {
    let (store, _, id) = store_with_erika();
    let bare = Identity::new(erika().certificate().clone(), Vec::new(), erika_key()).unwrap();
    let later = block_on(store.add_identity(&mut env_at(NOW + 5), &bare, &way(b"new"), None, None))
        .unwrap()
        .entry;
    assert_eq!(later.id, id);
    assert_eq!(later.origin.as_deref(), Some("p12"));
    assert_eq!(later.chain, erika().chain(), "a chain that is known is not forgotten");
    assert_eq!(later.first_seen, Time::from_millis(NOW));
    assert_eq!(later.last_seen, Time::from_millis(NOW + 5));
    assert_eq!(unlock(&store, &id, PASSPHRASE).unwrap_err(), Error::StoreWrongPassphrase);
    assert!(unlock(&store, &id, b"new").is_ok());
}

fn erika_key() -> Arc<PrivateKey> {
    Arc::new(PrivateKey::from_pkcs8(people::erika().key().pkcs8().unwrap()).unwrap())
}

#[test]
fn a_known_certificate_is_stored_once() {
    let store = Store::new(Memory::default());
    let add = |at, certificates: &[Certificate], origin| {
        block_on(store.add_certificates(&env_at(at), certificates, origin)).unwrap()
    };
    assert_eq!(add(NOW, &[max(), max()], Some("mail")).len(), 1);
    let both = add(NOW + 1, &[erika().certificate().clone(), max()], None);
    assert_eq!(both[0].certificate, *erika().certificate());
    assert_eq!(both[1].origin.as_deref(), Some("mail"));
    assert_eq!(both[1].last_seen, Time::from_millis(NOW + 1));
    let listed = block_on(store.certificates(None)).unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].certificate, max(), "the oldest comes first");
}

#[test]
fn addresses_are_found_as_they_compare() {
    let store = Store::new(Memory::default());
    block_on(store.add_certificates(&env(), &[max()], None)).unwrap();
    let found = |address| block_on(store.certificates(Some(address))).unwrap().len();
    assert_eq!(found("max@example.com"), 1);
    assert_eq!(found("max@EXAMPLE.com"), 1);
    assert_eq!(found("Max@example.com"), 1);
    assert_eq!(found("erika@example.com"), 0);
    assert_eq!(found("example.com"), 0);
}

#[test]
fn a_record_is_removed_by_its_id_alone() {
    let (store, memory, id) = store_with_erika();
    let original = record(&memory, Table::Identities);
    tamper(&memory, &original, b"damaged".to_vec());
    assert!(block_on(store.identities(None)).unwrap().is_empty());
    assert_eq!(block_on(store.unreadable(&[Table::Identities])), Ok(1));
    assert_eq!(unlock(&store, &id, PASSPHRASE).unwrap_err(), Error::StoreSealBroken);
    let remove = || block_on(store.remove_identity(&env(), &id, false, None));
    assert_eq!(remove(), Ok(()));
    assert_eq!(remove(), Err(Error::StoreNotFound));
    assert!(block_on(store.identities(None)).unwrap().is_empty());
}

#[test]
fn a_damaged_record_is_repaired_by_adding_it_again() {
    let (store, memory, id) = store_with_erika();
    let original = record(&memory, Table::Identities);
    tamper(&memory, &original, b"damaged".to_vec());
    block_on(store.add_identity(&mut env(), &erika(), &way(PASSPHRASE), None, None)).unwrap();
    assert!(unlock(&store, &id, PASSPHRASE).is_ok());
}

#[test]
fn a_newer_record_is_refused_and_not_overwritten() {
    let (store, memory, id) = store_with_erika();
    let original = record(&memory, Table::Identities);
    let at = original.value.windows(3).position(|window| window == [2, 1, 2]).unwrap();
    let mut newer = original.value.clone();
    newer[at + 2] = 3;
    tamper(&memory, &original, newer.clone());
    let refused = Error::StoreNewerSchema { found: 3, known: 2 };
    assert_eq!(unlock(&store, &id, PASSPHRASE).unwrap_err(), refused);
    assert!(block_on(store.identities(None)).unwrap().is_empty());
    assert_eq!(block_on(store.unreadable(&[Table::Identities])), Ok(1));
    let added = block_on(store.add_identity(&mut env(), &erika(), &way(PASSPHRASE), None, None));
    assert_eq!(added.unwrap_err(), refused);
    assert_eq!(record(&memory, Table::Identities).value, newer);
}

#[test]
fn a_lock_ends_what_was_unlocked_before_for_good() {
    let (store, _, id) = store_with_erika();
    let check = |at: i64, lock: Lock| block_on(store.check_lock(Time::from_millis(at), lock.epoch));
    let first = unlock(&store, &id, PASSPHRASE).unwrap().lock;
    assert_eq!(check(NOW, first), Ok(Time::from_millis(NOW + 60_000)));
    block_on(store.lock(&mut env())).unwrap();
    assert_eq!(check(NOW, first), Err(Error::IdentityLocked));
    let second = unlock(&store, &id, PASSPHRASE).unwrap().lock;
    assert!(check(NOW, second).is_ok());
    assert_eq!(check(NOW, first), Err(Error::IdentityLocked));
}

#[test]
fn what_expired_is_not_brought_back_by_the_next_unlock() {
    let (store, _, id) = store_with_erika();
    let check = |at: i64, lock: Lock| block_on(store.check_lock(Time::from_millis(at), lock.epoch));
    let first = unlock(&store, &id, PASSPHRASE).unwrap().lock;
    assert!(check(NOW + 59_999, first).is_ok());
    assert_eq!(check(NOW + 60_000, first), Err(Error::IdentityLocked));
    let later = &mut env_at(NOW + 60_000);
    let second = block_on(store.unlock(later, &id, &way(PASSPHRASE), 1_000)).unwrap().lock;
    assert!(check(NOW + 60_500, second).is_ok());
    assert_eq!(check(NOW + 60_500, first), Err(Error::IdentityLocked));
}

#[test]
fn a_second_unlock_keeps_the_first_usable() {
    let (store, _, id) = store_with_erika();
    let first = unlock(&store, &id, PASSPHRASE).unwrap().lock;
    let second = unlock(&store, &id, PASSPHRASE).unwrap().lock;
    assert_eq!(first.epoch, second.epoch);
}

#[test]
fn a_lock_that_is_missing_or_damaged_fails_closed_and_can_be_made_anew() {
    let (store, memory, id) = store_with_erika();
    assert_eq!(block_on(store.check_lock(Time::from_millis(0), 0)), Err(Error::IdentityLocked));
    let lock = unlock(&store, &id, PASSPHRASE).unwrap().lock;
    let original = record(&memory, Table::Meta);
    tamper(&memory, &original, vec![0x30, 0]);
    let now = Time::from_millis(NOW);
    assert_eq!(block_on(store.check_lock(now, lock.epoch)), Err(Error::IdentityLocked));
    let again = unlock(&store, &id, PASSPHRASE).unwrap().lock;
    assert_ne!(again.epoch, lock.epoch);
    assert!(block_on(store.check_lock(now, again.epoch)).is_ok());
}

/// A database to which another tab writes between each reading and writing, a number of times.
struct Contended {
    memory: Memory,
    other_tab: std::cell::Cell<usize>,
}

impl Backend for Contended {
    async fn read(&self, query: &Query) -> Result<Vec<Record>> {
        self.memory.read(query).await
    }

    async fn listing(&self) -> Result<Vec<String>> {
        self.memory.listing().await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<()> {
        if let Some(left) = self.other_tab.get().checked_sub(1) {
            self.other_tab.set(left);
            let other = Store::new(self.memory.clone());
            other.add_certificates(&env_at(NOW + 7), &[max()], None).await?;
        }
        self.memory.commit(changes).await
    }
}

#[test]
fn two_tabs_that_write_at_once_lose_nothing() {
    let memory = Memory::default();
    let add = |conflicts: usize| {
        let backend = Contended { memory: memory.clone(), other_tab: conflicts.into() };
        let both = [max(), erika().certificate().clone()];
        block_on(Store::new(backend).add_certificates(&env(), &both, Some("mail")))
    };
    assert!(add(3).is_ok());
    let listed = block_on(Store::new(memory.clone()).certificates(None)).unwrap();
    assert_eq!(listed.len(), 2);
    let max = listed.iter().find(|entry| entry.certificate == max()).unwrap();
    assert_eq!(max.last_seen, Time::from_millis(NOW + 7), "the other tab's word is kept");
    assert_eq!(max.origin.as_deref(), Some("mail"));
    assert_eq!(add(ATTEMPTS), Err(Error::StoreConflict), "the attempts are bounded");
}

#[test]
fn the_list_has_a_line_for_each_certificate_also_of_rows_that_were_written_without() {
    let (store, memory, id) = store_with_erika();
    block_on(store.add_certificates(&env(), &[max()], None)).unwrap();
    let lines = |store: &Store<Memory>| -> Vec<(String, bool)> {
        let listing = block_on(store.listing()).unwrap();
        let mut lines: Vec<_> =
            listing.lines().map(|line| (line.id.to_owned(), line.is_own)).collect();
        lines.sort();
        lines
    };
    let mut expected = vec![(id.clone(), true), (record::id_of(&max()), false)];
    expected.sort();
    assert_eq!(lines(&store), expected);

    for table in [Table::Identities, Table::Certificates] {
        let written = record(&memory, table);
        let revision = written.revision + 1;
        let old = Record { listing: None, addresses: Vec::new(), revision, ..written.clone() };
        block_on(memory.commit(vec![put(old, Some(&written))])).unwrap();
    }
    assert_eq!(lines(&store), []);
    block_on(store.prepare(&env())).unwrap();
    assert_eq!(lines(&store), expected);
    assert_eq!(block_on(store.identities(Some("erika@example.com"))).unwrap().len(), 1);
    assert!(unlock(&store, &id, PASSPHRASE).is_ok(), "the values are what they were");

    let before = record(&memory, Table::Certificates);
    block_on(store.prepare(&env())).unwrap();
    assert_eq!(record(&memory, Table::Certificates), before, "once is enough");
}

#[test]
fn one_record_that_cannot_be_read_hides_no_other() {
    let memory = Memory::default();
    let store = Store::new(memory.clone());
    let both = [max(), erika().certificate().clone()];
    block_on(store.add_certificates(&env(), &both, None)).unwrap();
    let damaged = record(&memory, Table::Certificates);
    tamper(&memory, &damaged, Vec::new());
    assert_eq!(block_on(store.certificates(None)).unwrap().len(), 1);
    let addresses = ["max@example.com", "erika@example.com"].map(str::to_owned);
    assert_eq!(block_on(store.certificates_for(&addresses)).unwrap().len(), 1);
    assert_eq!(block_on(store.unreadable(&[Table::Certificates])), Ok(1));
    assert_eq!(block_on(store.unreadable(&[Table::Identities])), Ok(0));
    // It is repaired by being seen again.
    block_on(store.add_certificates(&env(), &both, None)).unwrap();
    assert_eq!(block_on(store.unreadable(&[Table::Certificates])), Ok(0));
}

#[test]
fn a_store_keeps_its_id() {
    let memory = Memory::default();
    let first = block_on(Store::new(memory.clone()).state(&mut env())).unwrap();
    let again = block_on(Store::new(memory).state(&mut env())).unwrap();
    assert_eq!((first.id.len(), &first), (32, &again));
    let other = block_on(Store::new(Memory::default()).state(&mut env())).unwrap();
    assert_ne!(first.id, other.id);
}

#[test]
fn two_tabs_that_change_settings_and_notes_at_once_lose_nothing() {
    let memory = Memory::default();
    let [here, there] = [(); 2].map(|()| Store::new(memory.clone()));
    let entry = block_on(here.add_certificates(&env(), &[max()], None)).unwrap().remove(0);
    let set = |store: &Store<Memory>, name: &str, other: &mut dyn FnMut()| {
        block_on(store.change_settings(&env(), "all", false, |settings| {
            other();
            settings.values.insert(name.to_owned(), "1".to_owned());
            Ok(())
        }))
        .unwrap();
    };
    let mut times = 2;
    set(&here, "mine", &mut || {
        // Between the reading and the writing here, the other tab has written.
        if times > 0 {
            times -= 1;
            set(&there, &format!("theirs {times}"), &mut || {});
        }
    });
    let settings = block_on(here.settings(&["all".to_owned()])).unwrap().remove(0);
    let names: Vec<&str> = settings.values.keys().map(String::as_str).collect();
    assert_eq!(names, ["mine", "theirs 0", "theirs 1"]);

    let mut is_first = true;
    block_on(here.annotate(&entry.id, |_, notes| {
        if core::mem::take(&mut is_first) {
            block_on(there.annotate(&entry.id, |_, notes| {
                notes.headers_seen = Some(Time::from_millis(NOW));
                Ok(())
            }))?;
        }
        notes.assigned = vec!["@example.com".to_owned()];
        Ok(())
    }))
    .unwrap();
    let notes = block_on(here.certificate(&entry.id)).unwrap().notes;
    assert_eq!(notes.headers_seen, Some(Time::from_millis(NOW)));
    assert_eq!(notes.assigned, ["@example.com"]);
}

#[test]
fn one_derivation_opens_all_that_a_passphrase_opens() {
    let (store, _, id) = store_with_erika();
    block_on(store.add_identity(&mut env(), &people::max(), &way(PASSPHRASE), None, None)).unwrap();
    let passphrase = way(PASSPHRASE);
    let opened = block_on(store.open_identities(&mut env(), &passphrase)).unwrap();
    assert_eq!(opened.len(), 2);
    let erika = opened.iter().find(|one| one.id == id).unwrap();
    assert_eq!(passphrase.derivations(), 1);
    // Also where the passphrases differ: the salt is the database's.
    let other = way(b"another");
    block_on(store.add_way(&mut env(), &id, &erika.data_key, &other)).unwrap();
    let reopened = block_on(store.open_identities(&mut env(), &other)).unwrap();
    assert_eq!((reopened.len(), other.derivations()), (1, 1));
}

#[test]
fn a_passphrase_that_is_easy_to_guess_is_derived_anew_when_it_opens() {
    let store = Store::new(Memory::default());
    let cheap = way(PASSPHRASE).with_memory(1 << 10);
    let id =
        block_on(store.add_identity(&mut env(), &erika(), &cheap, None, None)).unwrap().entry.id;
    let ways = || block_on(store.ways()).unwrap().remove(0).1;
    let before = ways();
    let passphrase = way(PASSPHRASE);
    assert_eq!(block_on(store.open_identities(&mut env(), &passphrase)).unwrap().len(), 1);
    assert_eq!(passphrase.derivations(), 2);
    assert_eq!(ways().len(), 1);
    assert_ne!(ways(), before);
    let again = way(PASSPHRASE);
    assert_eq!(block_on(store.open_identities(&mut env(), &again)).unwrap()[0].id, id);
    assert_eq!(again.derivations(), 1);
    assert_eq!(ways().len(), 1);
}

#[test]
fn a_passkey_and_a_device_open_what_they_sealed_and_nothing_else() {
    let (store, _, id) = store_with_erika();
    let opened = block_on(store.open_identities(&mut env(), &way(PASSPHRASE))).unwrap();
    let passkey = |id: &[u8], output| Way::passkey(id.to_vec(), &[output; 32][..]);
    let device = |secret| Way::device(&[secret; 32][..]);
    for way in [passkey(b"one", 1), device(2)] {
        block_on(store.add_way(&mut env(), &id, &opened[0].data_key, &way)).unwrap();
    }
    let open = |way: Way| block_on(store.open_identities(&mut env(), &way)).map(|all| all.len());
    assert_eq!(open(passkey(b"one", 1)), Ok(1));
    assert_eq!(open(device(2)), Ok(1));
    assert_eq!(open(passkey(b"two", 1)), Err(Error::StoreWrongKey));
    assert_eq!(open(passkey(b"one", 2)), Err(Error::StoreWrongKey));
    assert_eq!(open(device(1)), Err(Error::StoreWrongKey));
    let ways = block_on(store.ways()).unwrap().remove(0).1;
    let kinds: Vec<WayKind> = ways.iter().map(|way| way.kind).collect();
    assert_eq!(kinds, [WayKind::Passphrase, WayKind::Passkey, WayKind::Device]);
    assert_eq!(ways[1].credential.as_deref(), Some(&b"one"[..]));
    for way in &ways[1..] {
        assert_eq!(block_on(store.remove_way(&id, &way.id)), Ok(()));
    }
    assert_eq!(block_on(store.remove_way(&id, &ways[0].id)), Err(Error::StoreLastWay));
    assert_eq!(open(device(2)), Err(Error::StoreWrongKey));
}

#[test]
fn a_new_data_key_closes_all_ways_but_the_one_it_was_given() {
    let (store, _, id) = store_with_erika();
    let before = block_on(store.open_identities(&mut env(), &way(PASSPHRASE))).unwrap().remove(0);
    let identity = &before.identity;
    let (mut env, new) = (env(), way(b"new"));
    let renewed = block_on(store.renew_key(&mut env, &id, identity, &new, None)).unwrap();
    let data_key = renewed.0.data_key;
    assert_eq!(unlock(&store, &id, PASSPHRASE).unwrap_err(), Error::StoreWrongPassphrase);
    assert!(unlock(&store, &id, b"new").is_ok());
    let reopen = |key: &SecretBytes| {
        block_on(store.reopen_identities(&[(id.clone(), key.clone())])).unwrap().len()
    };
    assert_eq!((reopen(&before.data_key), reopen(&data_key)), (0, 1));
    let late = block_on(store.add_way(&mut env, &id, &before.data_key, &way(b"late")));
    assert_eq!(late, Err(Error::StoreSealBroken));
}

#[test]
fn the_key_of_decisions_is_one_for_all_identities_and_outlasts_each() {
    let (store, memory, id) = store_with_erika();
    let open =
        |passphrase: &[u8]| block_on(store.open_identities(&mut env(), &way(passphrase))).unwrap();
    let add = |opened: &[Opened], known: Option<&MacKey>| {
        let key = block_on(store.add_mac_key(&mut env(), opened, known)).unwrap();
        key.map(|key| key.as_bytes().to_vec())
    };
    let first = add(&open(PASSPHRASE), None).unwrap();
    block_on(store.add_identity(&mut env(), &people::max(), &way(b"second"), None, None)).unwrap();
    assert_eq!(add(&open(b"second"), None), None, "only the first has it");
    let both: Vec<Opened> = open(PASSPHRASE).into_iter().chain(open(b"second")).collect();
    assert_eq!(add(&both, None).as_ref(), Some(&first));
    block_on(store.remove_identity(&env(), &id, false, None)).unwrap();
    assert_eq!(add(&open(b"second"), None).as_ref(), Some(&first));
    let kept = block_on(store.mac_key(&open(b"second"))).unwrap().unwrap();
    assert_eq!(kept.as_bytes(), first);
    // Sealed anew, an identity keeps what is known.
    let second = &open(b"second")[0];
    let (own, identity) = (second.id.clone(), second.identity.clone());
    let (mut env, new) = (env(), way(b"new"));
    block_on(store.renew_key(&mut env, &own, &identity, &new, Some(&kept))).unwrap();
    assert_eq!(add(&open(b"new"), Some(&kept)).as_ref(), Some(&first));
    assert_eq!(add(&open(b"new"), None).as_ref(), Some(&first));
    // Without the record there is a new one, and nothing from before holds.
    block_on(memory.commit(vec![Change::Remove {
        table: Table::Meta,
        id: "mac-key".into(),
        expected: block_on(memory.read(&Query::Ids(Table::Meta, vec!["mac-key".into()]))).unwrap()
            [0]
        .revision,
    }]))
    .unwrap();
    assert_ne!(add(&open(b"new"), None).unwrap(), first);
}

#[test]
fn use_puts_the_lock_off_and_what_is_over_stays_so() {
    let (store, _, _) = store_with_erika();
    let lock = block_on(store.begin_lock(&mut env(), 60_000, Some(60_000))).unwrap();
    let at = |after: i64| env_at(NOW + after);
    let use_at = |after, lock| block_on(store.prolong_lock(&at(after), lock)).unwrap();
    assert_eq!(use_at(1_000, lock), lock, "too soon to be written");
    let later = use_at(30_000, lock);
    assert_eq!(later.expires, Time::from_millis(NOW + 90_000));
    assert_eq!(use_at(20_000, lock), later, "never shortened");
    assert_eq!(use_at(90_000, later), later);
    assert!(block_on(store.held(Time::from_millis(NOW + 90_000))).unwrap().is_none());
    block_on(store.lock(&mut at(40_000))).unwrap();
    let locked = use_at(50_000, later);
    assert_ne!(locked.epoch, later.epoch);
    assert!(block_on(store.held(Time::from_millis(NOW + 50_000))).unwrap().is_none());
}

#[test]
fn a_clock_that_is_put_back_locks() {
    let (store, _, _) = store_with_erika();
    let lock = block_on(store.begin_lock(&mut env(), 60_000, Some(60_000))).unwrap();
    let holds =
        |after: i64| block_on(store.check_lock(Time::from_millis(NOW + after), lock.epoch)).is_ok();
    assert!(holds(59_999));
    assert!(holds(-1_000), "clocks are put right by a little all the time");
    assert!(!holds(-3_600_000));
    // And what was over once stays so.
    let watch = |after: i64| block_on(store.watch_lock(&mut env_at(NOW + after), lock.epoch));
    assert!(watch(1_000).is_ok());
    assert_eq!(watch(60_000), Err(Error::IdentityLocked));
    assert_eq!(watch(1_000), Err(Error::IdentityLocked));
    // But not what somebody unlocked in the meantime.
    let next = block_on(store.begin_lock(&mut env(), 60_000, Some(60_000))).unwrap();
    assert_eq!(watch(1_000), Err(Error::IdentityLocked));
    assert!(block_on(store.check_lock(Time::from_millis(NOW), next.epoch)).is_ok());
}

#[test]
fn what_is_shared_ends_with_the_epoch() {
    let (store, _, _) = store_with_erika();
    let lock = block_on(store.begin_lock(&mut env(), 60_000, None)).unwrap();
    let revision = block_on(store.share(&env(), lock.epoch, None, b"sealed")).unwrap().unwrap();
    let late = |seen| block_on(store.share(&env(), lock.epoch, seen, b"sealed"));
    assert_eq!(late(None), Err(Error::StoreConflict), "another tab was faster");
    let held = || block_on(store.held(Time::from_millis(NOW))).unwrap();
    assert_eq!(held(), Some(Held { lock, shared: Some((revision, b"sealed".to_vec())) }));
    block_on(store.lock(&mut env())).unwrap();
    assert_eq!(held(), None);
    assert_eq!(block_on(store.share(&env(), lock.epoch, None, b"late")).unwrap(), None);
    let next = block_on(store.begin_lock(&mut env(), 60_000, None)).unwrap();
    assert_eq!(held(), Some(Held { lock: next, shared: None }));
}

#[test]
fn of_two_decisions_the_later_counts_and_to_withdraw_one_is_one() {
    let decided = |at: Option<i64>, withdrawn: Option<i64>| {
        let store = Store::new(Memory::default());
        let entry = block_on(store.add_certificates(&env(), &[max()], None)).unwrap().remove(0);
        block_on(store.annotate(&entry.id, |_, notes| {
            let withdrawn = withdrawn.map(Time::from_millis);
            notes.withdrawn = withdrawn.map(|at| Withdrawal { at, mac: None });
            notes.decision = at.map(|at| Decision {
                trust: Trust::Trusted,
                addresses: Vec::new(),
                domains: Vec::new(),
                by: at.to_string(),
                at: Time::from_millis(at),
                mac: None,
            });
            notes.assigned = at.map(|at| format!("@{at}.example")).into_iter().collect();
            Ok(())
        }))
        .unwrap();
        (store, entry.id)
    };
    for (mine, theirs, expected) in [
        ((Some(1), None), (Some(2), None), Some("2")),
        ((Some(2), None), (Some(1), None), Some("2")),
        ((None, None), (Some(1), None), Some("1")),
        ((Some(1), None), (None, None), Some("1")),
        ((None, Some(2)), (Some(1), None), None),
        ((Some(1), None), (None, Some(2)), None),
        ((None, Some(1)), (Some(2), None), Some("2")),
    ] {
        let (here, id) = decided(mine.0, mine.1);
        let (there, _) = decided(theirs.0, theirs.1);
        let contents = block_on(there.contents(&mut env())).unwrap();
        block_on(here.merge(&mut env(), &contents, Merging::Restore)).unwrap();
        let notes = block_on(here.certificate(&id)).unwrap().notes;
        let by = notes.decision.as_ref().map(|decision| decision.by.as_str());
        assert_eq!(by, expected, "{mine:?} {theirs:?}");
        let assigned: Vec<String> =
            expected.map(|at| format!("@{at}.example")).into_iter().collect();
        assert_eq!(notes.assigned, assigned);
        assert_eq!(
            block_on(here.merge(&mut env(), &contents, Merging::Restore)).unwrap().updated,
            0
        );
    }
}

/// A device with a certificate that was added at a moment.
fn device(added: i64) -> Store<Memory> {
    let store = Store::new(Memory::default());
    block_on(store.add_certificates(&env_at(added), &[max()], None)).unwrap();
    store
}

fn merge_at(millis: i64, to: &Store<Memory>, from: &Store<Memory>, merging: Merging) -> Merged {
    let contents = block_on(from.contents(&mut env_at(millis))).unwrap();
    block_on(to.merge(&mut env_at(millis), &contents, merging)).unwrap()
}

fn has_max(store: &Store<Memory>) -> bool {
    !block_on(store.certificates(None)).unwrap().is_empty()
}

#[test]
fn what_one_device_removed_goes_from_the_others_and_does_not_come_back() {
    for is_pulling in [true, false] {
        let (one, other) = (device(NOW), device(NOW + 1));
        block_on(one.remove_certificate(&env_at(NOW + 2), &id_of(&max()), None)).unwrap();
        let (to, from) = if is_pulling { (&one, &other) } else { (&other, &one) };
        let merged = merge_at(NOW + 3, to, from, Merging::Sync);
        assert!(!has_max(to));
        assert_eq!((merged.removed, merged.added), (u64::from(!is_pulling), 0));
        assert_eq!(merged.is_ahead, is_pulling, "who removed it has something to tell");
        let merged = merge_at(NOW + 4, from, to, Merging::Sync);
        assert!(!has_max(&one) && !has_max(&other));
        assert!(!merged.is_ahead);
        // And then there is peace.
        let merged = merge_at(NOW + 5, to, from, Merging::Sync);
        assert_eq!((merged.added, merged.updated, merged.removed), (0, 0, 0));
        assert!(!merged.is_ahead);
        assert_eq!(block_on(to.unreadable(&[Table::Removed])), Ok(0));
    }
}

#[test]
fn what_was_added_or_decided_about_after_it_was_removed_stays() {
    let decide = |store: &Store<Memory>, millis: i64| {
        let at = Time::from_millis(millis);
        let decision = || Decision {
            trust: Trust::Trusted,
            addresses: Vec::new(),
            domains: Vec::new(),
            by: String::new(),
            at,
            mac: None,
        };
        let id = id_of(&max());
        let noted = store.annotate(&id, |_, notes| {
            notes.decision = Some(decision());
            Ok(())
        });
        block_on(noted).unwrap();
    };
    type Act<'a> = &'a dyn Fn(&Store<Memory>, &Store<Memory>);
    let acts: [(bool, Act<'_>); 4] = [
        (true, &|one, _| {
            block_on(one.add_certificates(&env_at(NOW + 3), &[max()], None)).unwrap();
        }),
        (true, &|_, other| {
            block_on(other.add_certificates(&env_at(NOW + 3), &[max()], None)).unwrap();
        }),
        (true, &|_, other| decide(other, NOW + 3)),
        (false, &|_, other| decide(other, NOW + 2)),
    ];
    for (stays, act) in acts {
        for is_pulling in [true, false] {
            let (one, other) = (device(NOW), device(NOW + 1));
            block_on(one.remove_certificate(&env_at(NOW + 2), &id_of(&max()), None)).unwrap();
            act(&one, &other);
            let (to, from) = if is_pulling { (&one, &other) } else { (&other, &one) };
            merge_at(NOW + 4, to, from, Merging::Sync);
            merge_at(NOW + 5, from, to, Merging::Sync);
            assert_eq!((has_max(&one), has_max(&other)), (stays, stays));
        }
    }
}

#[test]
fn who_restores_a_backup_gets_back_what_was_removed_and_loses_nothing() {
    let (one, other) = (device(NOW), device(NOW + 1));
    let backup = block_on(one.contents(&mut env_at(NOW + 2))).unwrap();
    block_on(one.remove_certificate(&env_at(NOW + 3), &id_of(&max()), None)).unwrap();
    merge_at(NOW + 4, &other, &one, Merging::Sync);
    let restored = block_on(one.merge(&mut env_at(NOW + 5), &backup, Merging::Restore)).unwrap();
    assert_eq!((restored.added, restored.returned, restored.removed), (1, 1, 0));
    assert!(has_max(&one));
    // It comes back everywhere.
    merge_at(NOW + 6, &other, &one, Merging::Sync);
    merge_at(NOW + 7, &one, &other, Merging::Sync);
    assert!(has_max(&one) && has_max(&other));
    // A backup in which something was removed removes nothing, now or with the next sync.
    let third = device(NOW);
    block_on(other.remove_certificate(&env_at(NOW + 8), &id_of(&max()), None)).unwrap();
    let backup = block_on(other.contents(&mut env_at(NOW + 9))).unwrap();
    let restored = block_on(third.merge(&mut env_at(NOW + 10), &backup, Merging::Restore)).unwrap();
    assert_eq!((restored.removed, has_max(&third)), (0, true));
}

#[test]
fn an_identity_that_was_removed_leaves_its_certificate_on_all_devices() {
    let (one, _, id) = store_with_erika();
    let opened = block_on(one.open_identities(&mut env(), &way(PASSPHRASE))).unwrap();
    let key = block_on(one.mac_key(&opened)).unwrap();
    let merge_at = |millis, to: &Store<Memory>, from: &Store<Memory>| {
        let mut contents = block_on(from.contents(&mut env_at(millis))).unwrap();
        contents.mac_key = key.clone();
        block_on(to.merge(&mut env_at(millis), &contents, Merging::Sync)).unwrap();
    };
    let other = Store::new(Memory::default());
    merge_at(NOW + 1, &other, &one);
    assert_eq!(block_on(other.identities(None)).unwrap().len(), 1);
    block_on(one.remove_identity(&env_at(NOW + 2), &id, true, key.as_ref())).unwrap();
    for (to, from) in [(&other, &one), (&one, &other)] {
        merge_at(NOW + 3, to, from);
        assert!(block_on(to.identities(None)).unwrap().is_empty());
        let left = block_on(to.certificates(None)).unwrap();
        assert_eq!(left.iter().filter(|entry| entry.id == id).count(), 1);
    }
    // To import it again is later.
    block_on(other.add_identity(&mut env_at(NOW + 4), &erika(), &way(b"new"), None, None)).unwrap();
    merge_at(NOW + 5, &one, &other);
    assert!(unlock(&one, &id, b"new").is_ok());
}

#[test]
fn devices_with_different_things_each_have_something_to_tell() {
    let (one, other) = (device(NOW), Store::new(Memory::default()));
    block_on(other.add_certificates(&env(), &[erika().certificate().clone()], None)).unwrap();
    let merged = merge_at(NOW + 1, &one, &other, Merging::Sync);
    assert_eq!((merged.added, merged.is_ahead), (1, true));
}

/// Puts a row there as somebody with the database and no key would.
fn forge(memory: &Memory, table: Table, id: &str, value: Vec<u8>) {
    let previous = block_on(memory.read(&Query::Ids(table, vec![id.to_owned()]))).unwrap();
    let expected = previous.first().map(|record| record.revision);
    let (id, revision) = (id.to_owned(), expected.unwrap_or_default() + 1);
    let record = Record { table, id, revision, addresses: Vec::new(), listing: None, value };
    block_on(memory.commit(vec![Change::Put { record, expected }])).unwrap();
}

#[test]
fn the_key_of_decisions_is_not_left_to_what_never_opens() {
    let (store, memory, _) = store_with_erika();
    let opened = block_on(store.open_identities(&mut env(), &way(PASSPHRASE))).unwrap();
    let key = |store: &Store<Memory>| block_on(store.add_mac_key(&mut env(), &opened, None));
    let first = key(&store).unwrap().unwrap();
    let ring = block_on(memory.read(&mac_key::query())).unwrap().remove(0);
    // The only wrap is for a row that is none.
    let id = opened[0].id.as_bytes();
    let at = ring.value.windows(64).position(|part| part == id).unwrap();
    let mut value = ring.value.clone();
    value[at..at + 64].fill(b'x');
    forge(&memory, Table::Meta, "mac-key", value);
    forge(&memory, Table::Identities, &"x".repeat(64), vec![0]);
    assert!(block_on(store.mac_key(&opened)).unwrap().is_none());
    let second = key(&store).unwrap().expect("a new one, by which nothing holds");
    assert_ne!(first.as_bytes(), second.as_bytes());
}

#[test]
fn a_new_data_key_and_what_is_bound_by_it_come_at_once() {
    let (store, _, id) = store_with_erika();
    let before = block_on(store.open_identities(&mut env(), &way(PASSPHRASE))).unwrap();
    let key = block_on(store.add_mac_key(&mut env(), &before, None)).unwrap().unwrap();
    let identity = &before[0].identity;
    let renewed =
        block_on(store.renew_key(&mut env(), &id, identity, &way(b"new"), Some(&key))).unwrap().0;
    let has = |one: &Opened| {
        let found = block_on(store.mac_key(core::slice::from_ref(one))).unwrap();
        found.is_some_and(|found| found.as_bytes() == key.as_bytes())
    };
    assert!(has(&renewed));
    assert!(!has(&before[0]));
    // Another tab that knows the data key from before changes nothing.
    block_on(store.add_mac_key(&mut env(), &before, Some(&key))).unwrap();
    assert!(has(&renewed));
    assert!(!has(&before[0]));
}

#[test]
fn a_record_that_cannot_be_read_keeps_no_other_from_a_new_passphrase() {
    let (store, memory, id) = store_with_erika();
    let junk = "x".repeat(64);
    forge(&memory, Table::Identities, &junk, vec![0]);
    let change = |ids: Option<&[String]>, from: &[u8], to: &[u8]| {
        block_on(store.change_passphrase(&mut env(), ids, &way(from), &way(to)))
    };
    assert_eq!(change(None, b"wrong", b"new"), Err(Error::StoreSealBroken));
    assert_eq!(change(Some(&[junk]), PASSPHRASE, b"new"), Err(Error::StoreSealBroken));
    assert_eq!(change(None, PASSPHRASE, b"new"), Ok(vec![id.clone()]));
    assert!(unlock(&store, &id, b"new").is_ok());
}

#[test]
fn an_identity_whose_passphrase_costs_too_much_keeps_no_other_locked() {
    let store = Store::new(Memory::default());
    for (identity, memory) in [(erika(), 128 << 10), (people::max(), 1 << 10)] {
        let way = way(PASSPHRASE).with_memory(memory);
        block_on(store.add_identity(&mut env(), &identity, &way, None, None)).unwrap();
    }
    let limits = Limits { kdf_memory: 100 << 20, ..Limits::default() };
    let mut env = Env::new(Time::from_millis(NOW), &[1; 32], limits);
    let opened = block_on(store.open_identities(&mut env, &way(PASSPHRASE))).unwrap();
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].id, id_of(&max()));
}

#[test]
fn the_way_of_another_device_is_none_to_count_on() {
    let store = Store::new(Memory::default());
    let device = Way::device(&[1; 32][..]);
    block_on(store.add_identity(&mut env(), &erika(), &device, None, None)).unwrap();
    let opened = block_on(store.open_identities(&mut env(), &device)).unwrap().remove(0);
    let mut contents = block_on(store.contents(&mut env())).unwrap();
    contents.data_keys = vec![(opened.id.clone(), opened.data_key)];
    block_on(contents.add_way(&mut env(), &way(b"backup"))).unwrap();
    let other = Store::new(Memory::default());
    block_on(other.merge(&mut env(), &contents, Merging::Restore)).unwrap();
    let ways = block_on(other.ways()).unwrap().remove(0).1;
    assert_eq!(ways.iter().map(|way| way.kind).collect::<Vec<_>>(), [WayKind::Passphrase]);
    let removed = block_on(other.remove_way(&opened.id, &ways[0].id));
    assert_eq!(removed, Err(Error::StoreLastWay));
    assert!(unlock(&other, &opened.id, b"backup").is_ok());
}

/// Trusts Max as somebody would who has the database and maybe a key.
fn trust_max(store: &Store<Memory>, key: Option<&MacKey>) {
    block_on(store.add_certificates(&env(), &[max()], None)).unwrap();
    let id = id_of(&max());
    let noted = store.annotate(&id, |_, notes| {
        let mut decision = Decision {
            trust: Trust::Trusted,
            addresses: Vec::new(),
            domains: Vec::new(),
            by: String::new(),
            at: Time::from_millis(NOW),
            mac: None,
        };
        if let Some(key) = key {
            key.seal_decision(&id, &mut decision)?;
        }
        notes.decision = Some(decision);
        Ok(())
    });
    block_on(noted).unwrap();
}

#[test]
fn a_file_with_the_first_identities_makes_nothing_count_that_they_have_not_bound() {
    let (store, _, _) = store_with_erika();
    let opened = block_on(store.open_identities(&mut env(), &way(PASSPHRASE))).unwrap();
    let key = block_on(store.add_mac_key(&mut env(), &opened, None)).unwrap().unwrap();
    let mut contents = block_on(store.contents(&mut env())).unwrap();
    contents.mac_key = Some(key.clone());
    for (bound_by, unbound) in [(Some(&key), 0), (None, 1)] {
        let other = Store::new(Memory::default());
        trust_max(&other, bound_by);
        let merged = block_on(other.merge(&mut env(), &contents, Merging::Restore)).unwrap();
        assert_eq!(merged.unbound, unbound);
        let decision = block_on(other.certificate(&id_of(&max()))).unwrap().notes.decision;
        assert_eq!(decision.is_some(), unbound == 0);
    }
}

#[test]
fn what_the_first_identity_adopts_is_counted_and_from_now_on() {
    let store = Store::new(Memory::default());
    trust_max(&store, None);
    let at = |store: &Store<Memory>| {
        let notes = block_on(store.certificate(&id_of(&max()))).unwrap().notes;
        notes.decision.unwrap().at
    };
    block_on(store.annotate(&id_of(&max()), |_, notes| {
        notes.decision.as_mut().unwrap().at = Time::from_millis(NOW << 2);
        Ok(())
    }))
    .unwrap();
    let add = |identity: &Identity| {
        block_on(store.add_identity(&mut env(), identity, &way(PASSPHRASE), None, None)).unwrap()
    };
    assert_eq!(add(&erika()).adopted, 1);
    assert_eq!(at(&store), Time::from_millis(NOW));
    assert_eq!(add(&people::max()).adopted, 0);
}

#[test]
fn what_nothing_binds_is_refused_once_there_is_an_identity() {
    let memory = Memory::default();
    let [here, there] = [(); 2].map(|()| Store::new(memory.clone()));
    let id = block_on(here.add_certificates(&env(), &[max()], None)).unwrap().remove(0).id;
    let way = way(b"passphrase");
    // The identity comes between the looking and the writing of another tab.
    let add = || {
        let (mut env, erika) = (env(), erika());
        block_on(there.add_identity(&mut env, &erika, &way, None, None)).map(drop)
    };
    let mut is_first = true;
    let chosen = block_on(here.change_settings(&env(), "all", false, |settings| {
        if core::mem::take(&mut is_first) {
            add()?;
        }
        settings.values.insert("alwaysSign".to_owned(), "no".to_owned());
        Ok(())
    }));
    assert_eq!(chosen.unwrap_err(), Error::IdentityLocked);
    let decided = block_on(here.decide(&env(), &id, false, |_, notes| {
        notes.assigned = vec!["@example.com".to_owned()];
        Ok(())
    }));
    assert_eq!(decided.unwrap_err(), Error::IdentityLocked);
    assert!(block_on(here.settings(&["all".to_owned()])).unwrap().remove(0).values.is_empty());
}
