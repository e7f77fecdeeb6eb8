//! The identities and CRLs that JavaScript holds handles of.

use core::cell::RefCell;
use std::collections::HashMap;

use crate::cert::Identity;
use crate::error::{Error, Result};
use crate::path::revocation::Crl;

#[derive(Default)]
struct Slab {
    identities: HashMap<u32, Identity>,
    crls: HashMap<u32, Crl>,
    /// Numbers are not used again, so that a stale handle never finds another key.
    last: u32,
}

impl Slab {
    fn next(&mut self) -> Result<u32> {
        let none_left = Error::Internal { what: "there are no more numbers for handles" };
        self.last = self.last.checked_add(1).ok_or(none_left)?;
        Ok(self.last)
    }
}

std::thread_local! {
    static SLAB: RefCell<Slab> = RefCell::default();
}

/// Keeps an identity and returns its number.
pub(super) fn insert(identity: Identity) -> Result<u32> {
    SLAB.with_borrow_mut(|slab| {
        let id = slab.next()?;
        slab.identities.insert(id, identity);
        Ok(id)
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

/// Drops all identities.
pub(super) fn clear() {
    SLAB.with_borrow_mut(|slab| slab.identities.clear());
}

/// Keeps a CRL and returns its number.
pub(super) fn insert_crl(crl: Crl) -> Result<u32> {
    SLAB.with_borrow_mut(|slab| {
        let id = slab.next()?;
        slab.crls.insert(id, crl);
        Ok(id)
    })
}

/// The CRL, with all that is remembered of it.
///
/// # Errors
///
/// `crl/closed`.
pub(super) fn get_crl(id: u32) -> Result<Crl> {
    SLAB.with_borrow(|slab| slab.crls.get(&id).cloned()).ok_or(Error::CrlClosed)
}

/// Drops the CRL.
pub(super) fn remove_crl(id: u32) {
    SLAB.with_borrow_mut(|slab| slab.crls.remove(&id));
}
