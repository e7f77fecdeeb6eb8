//! The identities that JavaScript holds handles of.

use core::cell::RefCell;
use std::collections::HashMap;

use crate::cert::Identity;
use crate::error::{Error, Result};

#[derive(Default)]
struct Slab {
    identities: HashMap<u32, Identity>,
    /// Numbers are not used again, so that a stale handle never finds another key.
    last: u32,
}

std::thread_local! {
    static SLAB: RefCell<Slab> = RefCell::default();
}

/// Keeps an identity and returns its number.
pub(super) fn insert(identity: Identity) -> Result<u32> {
    SLAB.with_borrow_mut(|slab| {
        slab.last = slab
            .last
            .checked_add(1)
            .ok_or(Error::Internal { what: "there are no more numbers for identities" })?;
        slab.identities.insert(slab.last, identity);
        Ok(slab.last)
    })
}

/// The identity, for the time of one job: closing it meanwhile does not end the job.
///
/// # Errors
///
/// `identity/closed`.
pub(super) fn get(id: u32) -> Result<Identity> {
    SLAB.with_borrow(|slab| slab.identities.get(&id).cloned()).ok_or(Error::IdentityClosed)
}

/// Drops the identity; its key is wiped when the last job with it ends.
pub(super) fn remove(id: u32) {
    SLAB.with_borrow_mut(|slab| slab.identities.remove(&id));
}

/// Drops all.
pub(super) fn clear() {
    SLAB.with_borrow_mut(|slab| slab.identities.clear());
}
