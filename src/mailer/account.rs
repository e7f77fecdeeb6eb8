//! The mailboxes of a user.

use crate::cert::{AddressMatch, Certificate, match_address};

/// A mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its address, under which its settings are kept.
    pub address: String,
    /// Other addresses that it sends from.
    pub aliases: Vec<String>,
    /// Whose it is, in the host's words.
    pub name: Option<String>,
    /// Whose it is.
    pub kind: AccountKind,
}

/// Whose a mailbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// The user's alone.
    Personal,
    /// Several people's.
    Shared,
}

impl Account {
    /// Whose it is, in a few words.
    pub fn title(&self) -> &str {
        self.name.as_ref().filter(|name| !name.is_empty()).unwrap_or(&self.address)
    }

    /// Whether it sends from this address.
    pub fn has(&self, address: &str) -> bool {
        let mut addresses = core::iter::once(&self.address).chain(&self.aliases);
        addresses.any(|own| match_address(own, address) != AddressMatch::Different)
    }

    /// Whether a certificate stands for one of its addresses.
    pub fn is_named_by(&self, certificate: &Certificate) -> bool {
        certificate.addresses().iter().any(|address| self.has(address))
    }
}
