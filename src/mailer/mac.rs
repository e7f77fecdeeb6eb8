//! What is unlocked binds decisions and settings to the owner, and tells what was altered
//! (`store/mac.rs`).

use super::Session;
use crate::error::{Error, ProblemCode, Result};
use crate::store::{Decision, MacKey, Notes, SettingsRecord, SharedRecord, Withdrawal};

/// What became of something that was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mac {
    /// It is as it was.
    Holds,
    /// It was changed, or put there, by somebody without the key, or what is unlocked has no key to tell: it
    /// counts as not there.
    Broken,
    /// Nothing is unlocked that could tell.
    Unchecked,
}

impl Session {
    /// Whether something is unlocked that seals.
    pub fn can_seal(&self) -> bool {
        self.mac_key.is_some()
    }

    /// As [`MacKey::code`].
    ///
    /// # Errors
    ///
    /// `identity/locked` where nothing is unlocked.
    pub fn mac(&self, purpose: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        self.key()?.code(purpose, bytes)
    }

    /// Whether bytes are those that were sealed for this purpose.
    pub fn check_mac(&self, purpose: &str, bytes: &[u8], mac: Option<&[u8]>) -> Mac {
        self.told(|key| key.fits(purpose, bytes, mac))
    }

    /// As [`MacKey::seal_settings`].
    ///
    /// # Errors
    ///
    /// `identity/locked`.
    pub fn seal_settings(&self, scope: &str, settings: &mut SettingsRecord) -> Result<()> {
        self.key()?.seal_settings(scope, settings)
    }

    /// Whether somebody chose that for a scope.
    pub fn check_settings(&self, scope: &str, settings: &SettingsRecord) -> Mac {
        self.told(|key| key.settings_hold(scope, settings))
    }

    /// As [`MacKey::seal_decision`].
    ///
    /// # Errors
    ///
    /// `identity/locked`.
    pub fn seal_decision(&self, id: &str, decision: &mut Decision) -> Result<()> {
        self.key()?.seal_decision(id, decision)
    }

    /// As [`MacKey::seal_withdrawal`].
    ///
    /// # Errors
    ///
    /// `identity/locked`.
    pub fn seal_withdrawal(&self, id: &str, withdrawn: &mut Withdrawal) -> Result<()> {
        self.key()?.seal_withdrawal(id, withdrawn)
    }

    /// Whether somebody decided what is noted beside a certificate; no decision holds.
    pub fn check_notes(&self, id: &str, notes: &Notes) -> Mac {
        let Some(decision) = &notes.decision else { return Mac::Holds };
        self.told(|key| key.decision_holds(id, decision))
    }

    /// As [`MacKey::seal_shared`].
    ///
    /// # Errors
    ///
    /// `identity/locked`.
    pub fn seal_shared(&self, shared: &mut SharedRecord) -> Result<()> {
        self.key()?.seal_shared(shared)
    }

    /// Whether the user took that from the administrator of a shared account.
    pub fn check_shared(&self, shared: &SharedRecord) -> Mac {
        self.told(|key| key.shared_holds(shared))
    }

    /// What is to be said where something is broken: whether it was altered, or only another identity can tell.
    pub(super) fn broken_code(&self) -> ProblemCode {
        match self.can_seal() {
            true => ProblemCode::StoreAltered,
            false => ProblemCode::StoreUnbound,
        }
    }

    fn key(&self) -> Result<&MacKey> {
        self.mac_key.as_ref().ok_or(Error::IdentityLocked)
    }

    fn told(&self, holds: impl FnOnce(&MacKey) -> bool) -> Mac {
        match self.mac_key.as_ref().map(holds) {
            Some(true) => Mac::Holds,
            Some(false) => Mac::Broken,
            // Who can write the database can see to it that nobody has the key.
            None if !self.is_empty() => Mac::Broken,
            None => Mac::Unchecked,
        }
    }
}
