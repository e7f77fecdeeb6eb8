//! What is unlocked.

use crate::cert::Identity;
use crate::crypto::SecretBytes;

/// The identities that are unlocked, under one epoch of the lock
/// ([`Store::check_lock`](crate::store::Store::check_lock)). Clones share the keys.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Identities by the ids of their records.
    pub identities: Vec<(String, Identity)>,
    /// Seals decisions and settings, see `mac.rs`; there is one where an identity is unlocked.
    pub(super) mac_key: Option<SecretBytes>,
}

impl Session {
    /// The identity of a record.
    pub fn identity(&self, id: &str) -> Option<&Identity> {
        self.identities.iter().find(|(known, _)| known == id).map(|(_, identity)| identity)
    }

    /// Adds what was unlocked besides.
    pub fn add(&mut self, unlocked: Session) {
        for (id, identity) in unlocked.identities {
            self.identities.retain(|(known, _)| *known != id);
            self.identities.push((id, identity));
        }
    }

    /// All of them.
    pub fn all(&self) -> Vec<Identity> {
        self.identities.iter().map(|(_, identity)| identity.clone()).collect()
    }
}
