//! What is unlocked.

use zeroize::Zeroizing;

use crate::cert::Identity;
use crate::crypto::SecretBytes;
use crate::store::{MacKey, Opened};

/// The identities that are unlocked, under one epoch of the lock
/// ([`Store::check_lock`](crate::store::Store::check_lock)). Clones share the keys.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Identities by the ids of their records.
    pub identities: Vec<(String, Identity)>,
    /// What each is sealed by.
    data_keys: Vec<(String, SecretBytes)>,
    /// Seals decisions and settings, see `mac.rs`; there is one where an identity is unlocked.
    pub(super) mac_key: Option<MacKey>,
}

/// Characters of an identity's id, and bytes of its data key.
const ID: usize = 64;
const KEY: usize = 32;

impl Session {
    /// With these identities and the key that binds decisions and settings.
    pub fn new(opened: Vec<Opened>, mac_key: Option<MacKey>) -> Session {
        let mut session = Session { mac_key, ..Session::default() };
        opened.into_iter().for_each(|one| session.add(one));
        session
    }

    /// Adds an identity.
    pub(super) fn add(&mut self, Opened { id, identity, data_key }: Opened) {
        self.data_keys.push((id.clone(), data_key));
        self.identities.push((id, identity));
    }

    /// Drops an identity.
    pub(super) fn drop_identity(&mut self, id: &str) {
        self.data_keys.retain(|(known, _)| known != id);
        self.identities.retain(|(known, _)| known != id);
    }

    /// The identity of a record.
    pub fn identity(&self, id: &str) -> Option<&Identity> {
        self.identities.iter().find(|(known, _)| known == id).map(|(_, identity)| identity)
    }

    /// What the identities are sealed by, by their ids.
    pub(super) fn data_keys(&self) -> &[(String, SecretBytes)] {
        &self.data_keys
    }

    /// What an identity is sealed by.
    pub(super) fn data_key(&self, id: &str) -> Option<&SecretBytes> {
        self.data_keys.iter().find(|(known, _)| known == id).map(|(_, key)| key)
    }

    /// All of them.
    pub fn all(&self) -> Vec<Identity> {
        self.identities.iter().map(|(_, identity)| identity.clone()).collect()
    }

    /// Whether nothing is unlocked.
    pub fn is_empty(&self) -> bool {
        self.identities.is_empty()
    }

    /// All of them as they were opened.
    pub(super) fn opened(&self) -> Vec<Opened> {
        let opened = self.identities.iter().zip(&self.data_keys);
        opened
            .map(|((id, identity), (_, data_key))| Opened {
                id: id.clone(),
                identity: identity.clone(),
                data_key: data_key.clone(),
            })
            .collect()
    }

    /// The ids and data keys: enough to open everything again. It is as good as the keys themselves.
    pub fn to_secret(&self) -> Zeroizing<Vec<u8>> {
        let mut secret = Zeroizing::new(Vec::with_capacity(self.data_keys.len() * (ID + KEY)));
        for (id, key) in &self.data_keys {
            secret.extend_from_slice(id.as_bytes());
            secret.extend_from_slice(key.as_bytes());
        }
        secret
    }

    /// The ids and data keys in a secret; none if it is no such secret.
    pub(super) fn data_keys_in(secret: &[u8]) -> Vec<(String, SecretBytes)> {
        let pair = |pair: &[u8]| {
            let (id, key) = pair.split_at_checked(ID)?;
            let id = core::str::from_utf8(id).ok()?.to_owned();
            (key.len() == KEY).then(|| (id, SecretBytes::from(key)))
        };
        secret.chunks(ID + KEY).map(pair).collect::<Option<_>>().unwrap_or_default()
    }
}
