//! CRLs that stay read from one call to the next.

use core::cell::RefCell;

use crate::env::Time;
use crate::path::revocation::Crl;

/// CRLs that were fetched and accepted, by their address, until a newer one is due. What is kept of one
/// is what it was read into: the index of its entries and which keys it is known to be signed with.
///
/// That a CRL stands here says nothing about a certificate: it is checked against each path again.
#[derive(Debug, Default)]
pub struct CrlShelf(RefCell<Vec<Kept>>);

#[derive(Debug)]
struct Kept {
    address: String,
    crl: Crl,
    until: Time,
}

/// Bytes of all CRLs on the shelf: the largest that is known to be in use (17 MB), and many of the
/// usual 100 kB.
const MAX_BYTES: usize = 48 << 20;

impl CrlShelf {
    /// The CRL of an address, unless a newer one is due.
    pub(super) fn get(&self, address: &str, now: Time) -> Option<Crl> {
        let mut all = self.0.borrow_mut();
        let at = all.iter().position(|kept| kept.address == address && kept.until >= now)?;
        // The last one is the one used last.
        let kept = all.remove(at);
        let crl = kept.crl.clone();
        all.push(kept);
        Some(crl)
    }

    /// Keeps a CRL in place of an older one, and drops those not used for longest.
    pub(super) fn put(&self, address: &str, crl: &Crl, until: Time) {
        let mut all = self.0.borrow_mut();
        all.retain(|kept| kept.address != address);
        all.push(Kept { address: address.to_owned(), crl: crl.clone(), until });
        let mut bytes: usize = all.iter().map(|kept| kept.crl.der().len()).sum();
        while bytes > MAX_BYTES && !all.is_empty() {
            bytes -= all.remove(0).crl.der().len();
        }
    }
}
