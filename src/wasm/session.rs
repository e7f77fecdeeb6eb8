//! What is unlocked in this instance of the module, for each database, and how the tabs share it: sealed by
//! a key of the browser's that can't be read out and is stored nowhere (`host.session`, see
//! ARCHITECTURE.md, "The boundary").

use core::cell::RefCell;
use std::collections::HashMap;

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use zeroize::Zeroizing;

use crate::env::host::settled;
use crate::mailer::Session;

use super::values::bytes;

/// What is unlocked under an epoch of the lock.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) epoch: u64,
    /// Of what is shared, if that is where it is from or went to.
    pub(super) revision: Option<u64>,
    pub(super) session: Session,
}

std::thread_local! {
    static SESSIONS: RefCell<HashMap<String, Known>> = RefCell::default();
}

/// What was unlocked in a database.
pub(super) fn known(database: &str) -> Option<Known> {
    SESSIONS.with_borrow(|sessions| sessions.get(database).cloned())
}

/// Keeps what is unlocked in a database.
pub(super) fn keep(database: &str, known: Known) {
    SESSIONS.with_borrow_mut(|sessions| sessions.insert(database.to_owned(), known));
}

/// Forgets what was unlocked under an epoch, but not what was unlocked anew in the meantime.
pub(super) fn forget(database: &str, epoch: u64) {
    SESSIONS.with_borrow_mut(|sessions| {
        if sessions.get(database).is_some_and(|known| known.epoch == epoch) {
            sessions.remove(database);
        }
    });
}

/// Forgets everything.
pub(super) fn clear() {
    SESSIONS.with_borrow_mut(HashMap::clear);
}

/// The key that the tabs share.
pub(super) struct SharedKey(Object);

impl SharedKey {
    /// `None` where the page has none: then each tab is unlocked by itself.
    pub(super) fn of(host: &Object) -> Option<SharedKey> {
        Reflect::get(host, &"session".into()).ok()?.dyn_into().ok().map(SharedKey)
    }

    /// Seals a secret for an epoch of the lock.
    pub(super) async fn seal(&self, epoch: u64, secret: &[u8]) -> Option<Vec<u8>> {
        let secret = Uint8Array::from(secret);
        let sealed = self.call("seal", epoch, &secret).await;
        secret.fill(0, 0, secret.length());
        sealed.map(|sealed| sealed.to_vec())
    }

    /// `None` if it was sealed by another key, or for another epoch.
    pub(super) async fn open(&self, epoch: u64, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let opened = self.call("open", epoch, &Uint8Array::from(sealed)).await?;
        let secret = Zeroizing::new(opened.to_vec());
        opened.fill(0, 0, opened.length());
        Some(secret)
    }

    async fn call(&self, method: &str, epoch: u64, input: &Uint8Array) -> Option<Uint8Array> {
        let function: Function = Reflect::get(&self.0, &method.into()).ok()?.dyn_into().ok()?;
        let bound = bytes(format!("smime-wasm session 1 {epoch}").as_bytes());
        let promise: Promise = function.call2(&self.0, &bound, input).ok()?.dyn_into().ok()?;
        settled(promise).await.ok()?.dyn_into().ok()
    }
}
