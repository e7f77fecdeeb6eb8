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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{constructed, primitive, tag};
    use crate::limits::Limits;

    /// A CRL of nobody, as large as asked for. Its signature is none.
    fn crl(bytes: usize) -> Crl {
        let algorithm = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
        let date = b"\x17\x0d240101000000Z";
        let tbs = constructed(tag::SEQUENCE, &[algorithm, b"\x30\x00", date]);
        let signature = primitive(tag::BIT_STRING, &vec![0; bytes]);
        let der = constructed(tag::SEQUENCE, &[&tbs, algorithm, &signature]);
        Crl::from_der(der, &Limits::default()).unwrap()
    }

    #[test]
    fn what_is_due_is_gone_and_a_newer_one_takes_its_place() {
        let (shelf, until) = (CrlShelf::default(), Time::from_secs(10));
        shelf.put("a", &crl(1), until);
        shelf.put("a", &crl(9), until);
        let found = shelf.get("a", until).unwrap();
        assert_eq!(found.der().len(), crl(9).der().len());
        assert!(shelf.get("b", until).is_none());
        assert!(shelf.get("a", Time::from_secs(11)).is_none());
    }

    #[test]
    fn what_is_not_used_makes_room() {
        let (shelf, now) = (CrlShelf::default(), Time::from_secs(0));
        let large = crl(MAX_BYTES / 3);
        for address in ["a", "b", "a", "c"] {
            if shelf.get(address, now).is_none() {
                shelf.put(address, &large, now);
            }
        }
        assert!(shelf.get("a", now).is_some() && shelf.get("b", now).is_none());
        shelf.put("d", &crl(MAX_BYTES), now);
        assert!(shelf.get("d", now).is_none() && shelf.get("c", now).is_none());
    }
}
