//! What is unlocked in this instance of the module, for each database.

use core::cell::RefCell;
use std::collections::HashMap;

use crate::env::Env;
use crate::mailer::Session;
use crate::store::{Backend, Store};

std::thread_local! {
    static SESSIONS: RefCell<HashMap<String, (u64, Session)>> = RefCell::default();
}

/// Keeps what was unlocked in an epoch of the lock, beside what was unlocked in it before.
pub(super) fn keep(database: &str, epoch: u64, unlocked: Session) {
    SESSIONS.with_borrow_mut(|sessions| {
        let known = sessions.remove(database).filter(|(known, _)| *known == epoch);
        let mut session = known.map(|(_, session)| session).unwrap_or_default();
        session.add(unlocked);
        sessions.insert(database.to_owned(), (epoch, session));
    });
}

/// What is unlocked, as long as the lock says so; nothing if it can't be read.
pub(super) async fn current<B: Backend>(env: &Env, store: &Store<B>, database: &str) -> Session {
    let known = SESSIONS.with_borrow(|sessions| sessions.get(database).cloned());
    let Some((epoch, session)) = known else { return Session::default() };
    if store.check_lock(env.now(), epoch).await.is_ok() {
        return session;
    }
    SESSIONS.with_borrow_mut(|sessions| {
        // Not one that was unlocked anew in the meantime.
        if sessions.get(database).is_some_and(|(known, _)| *known == epoch) {
            sessions.remove(database);
        }
    });
    Session::default()
}

/// Forgets everything.
pub(super) fn clear() {
    SESSIONS.with_borrow_mut(HashMap::clear);
}
