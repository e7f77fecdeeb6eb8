//! What is stored in the clear and decides about mail, decisions on certificates, settings and who
//! administers shared accounts, carries an HMAC-SHA-256 (RFC 2104) by a key that only who unlocks an
//! identity has (`mac_key.rs`). So do the moments by which that wins over what other devices have, and
//! notes of removals. It does not show that a record was removed, or replaced by an older one of the same
//! purpose.

use super::notes::{Decision, Trust, Withdrawal};
use super::settings::SettingsRecord;
use super::shared::SharedRecord;
use crate::asn1::{constructed, primitive, tag};
use crate::crypto::algorithms::DigestAlgorithm;
use crate::crypto::{Hmac, SecretBytes, ct_eq};
use crate::env::{Env, Time};
use crate::error::{Error, Result};

/// Binds decisions and settings to the owner of the identities. Clones share the key.
#[derive(Clone, Debug)]
pub struct MacKey(SecretBytes);

impl From<SecretBytes> for MacKey {
    fn from(key: SecretBytes) -> MacKey {
        MacKey(key)
    }
}

impl MacKey {
    /// A random one.
    pub(super) fn new(env: &mut Env) -> MacKey {
        MacKey(SecretBytes::from(env.random::<32>().as_slice()))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Binds bytes to a purpose, which says what they are and whose: `settings all`.
    ///
    /// # Errors
    ///
    /// None but faults of the digest.
    pub fn code(&self, purpose: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        const FAULT: Error = Error::Internal { what: "HMAC takes keys of any length" };
        let hmac = Hmac::new(DigestAlgorithm::Sha256, self.as_bytes()).ok_or(FAULT)?;
        let bytes = primitive(tag::OCTET_STRING, bytes);
        // DER, so that no two purposes can read alike.
        Ok(hmac.code(&sequence([text("smime-wasm mac 1"), text(purpose), bytes])).to_vec())
    }

    /// Whether bytes are those that were bound to this purpose.
    pub fn fits(&self, purpose: &str, bytes: &[u8], mac: Option<&[u8]>) -> bool {
        match (self.code(purpose, bytes), mac) {
            (Ok(expected), Some(mac)) => ct_eq(&expected, mac),
            _ => false,
        }
    }

    /// Binds what somebody chose to its scope.
    ///
    /// # Errors
    ///
    /// As [`MacKey::code`].
    pub fn seal_settings(&self, scope: &str, settings: &mut SettingsRecord) -> Result<()> {
        settings.mac = Some(self.code(&purpose("settings", scope), &settings_bytes(settings))?);
        Ok(())
    }

    /// Whether somebody with the key chose that for a scope. Nothing chosen needs nobody.
    pub fn settings_hold(&self, scope: &str, settings: &SettingsRecord) -> bool {
        (settings.values.is_empty() && settings.mac.is_none()) || self.has_chosen(scope, settings)
    }

    /// The same, where nothing chosen needs somebody too: who took everything back.
    pub(super) fn has_chosen(&self, scope: &str, settings: &SettingsRecord) -> bool {
        let bytes = settings_bytes(settings);
        self.fits(&purpose("settings", scope), &bytes, settings.mac.as_deref())
    }

    /// Binds the decision on a certificate to the id of its record.
    ///
    /// # Errors
    ///
    /// As [`MacKey::code`].
    pub fn seal_decision(&self, id: &str, decision: &mut Decision) -> Result<()> {
        decision.mac = Some(self.code(&purpose("decision", id), &decision_bytes(decision))?);
        Ok(())
    }

    /// Whether somebody with the key decided that on a certificate.
    pub fn decision_holds(&self, id: &str, decision: &Decision) -> bool {
        self.fits(&purpose("decision", id), &decision_bytes(decision), decision.mac.as_deref())
    }

    /// Binds when a decision was withdrawn to the id of the certificate's record.
    ///
    /// # Errors
    ///
    /// As [`MacKey::code`].
    pub fn seal_withdrawal(&self, id: &str, withdrawn: &mut Withdrawal) -> Result<()> {
        withdrawn.mac = Some(self.code(&purpose("withdrawn", id), &moment(withdrawn.at))?);
        Ok(())
    }

    /// Whether somebody with the key withdrew a decision on a certificate then.
    pub fn withdrawal_holds(&self, id: &str, withdrawn: &Withdrawal) -> bool {
        self.fits(&purpose("withdrawn", id), &moment(withdrawn.at), withdrawn.mac.as_deref())
    }

    /// What binds when a record was removed to the id of the record that says so.
    pub(super) fn removal(&self, id: &str, at: Time) -> Result<Vec<u8>> {
        self.code(&purpose("removed", id), &moment(at))
    }

    /// Whether somebody with the key removed a record then.
    pub(super) fn removal_holds(&self, id: &str, at: Time, mac: Option<&[u8]>) -> bool {
        self.fits(&purpose("removed", id), &moment(at), mac)
    }

    /// Binds what was taken from the administrator of a shared account.
    ///
    /// # Errors
    ///
    /// As [`MacKey::code`].
    pub fn seal_shared(&self, shared: &mut SharedRecord) -> Result<()> {
        shared.mac = self.code(&purpose("shared", &shared.account), &shared.bytes())?;
        Ok(())
    }

    /// Whether somebody with the key took that from the administrator of a shared account.
    pub fn shared_holds(&self, shared: &SharedRecord) -> bool {
        self.fits(&purpose("shared", &shared.account), &shared.bytes(), Some(&shared.mac))
    }
}

fn purpose(kind: &str, of: &str) -> String {
    format!("{kind} {of}")
}

fn settings_bytes(settings: &SettingsRecord) -> Vec<u8> {
    let values = settings.values.iter().map(|(name, value)| sequence([text(name), text(value)]));
    sequence(core::iter::once(sequence(values)).chain(settings.changed.map(moment)))
}

fn decision_bytes(decision: &Decision) -> Vec<u8> {
    let trust = match decision.trust {
        Trust::Trusted => "trusted",
        Trust::Distrusted => "distrusted",
    };
    let texts = |list: &[String]| sequence(list.iter().map(|one| text(one)));
    sequence([
        text(trust),
        texts(&decision.addresses),
        texts(&decision.domains),
        text(&decision.by),
        moment(decision.at),
    ])
}

fn moment(at: Time) -> Vec<u8> {
    primitive(tag::INTEGER, &at.as_millis().to_be_bytes())
}

fn text(words: &str) -> Vec<u8> {
    primitive(tag::UTF8_STRING, words.as_bytes())
}

fn sequence(values: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let values: Vec<Vec<u8>> = values.into_iter().collect();
    constructed(tag::SEQUENCE, &values.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Time;

    fn key(key: u8) -> MacKey {
        SecretBytes::from(&[key; 32][..]).into()
    }

    fn decision() -> Decision {
        Decision {
            trust: Trust::Trusted,
            addresses: vec!["bob@example.com".into()],
            domains: Vec::new(),
            by: "alice".into(),
            at: Time::from_secs(1),
            mac: None,
        }
    }

    #[test]
    fn a_decision_is_bound_to_its_certificate_and_all_that_it_says() {
        let mut sealed = decision();
        key(1).seal_decision("id", &mut sealed).unwrap();
        assert!(key(1).decision_holds("id", &sealed));
        assert!(!key(1).decision_holds("other", &sealed));
        assert!(!key(2).decision_holds("id", &sealed));
        assert!(!key(1).decision_holds("id", &decision()));
        let changes: [fn(&mut Decision); 5] = [
            |one| one.trust = Trust::Distrusted,
            |one| one.addresses.push("eve@example.com".into()),
            |one| one.domains = core::mem::take(&mut one.addresses),
            |one| one.by.clear(),
            |one| one.at = Time::from_secs(2),
        ];
        for change in changes {
            let mut altered = sealed.clone();
            change(&mut altered);
            assert!(!key(1).decision_holds("id", &altered));
        }
    }

    #[test]
    fn settings_are_bound_to_their_scope() {
        let mut settings = SettingsRecord::default();
        assert!(key(1).settings_hold("all", &settings), "nothing was chosen");
        settings.values.insert("alwaysSign".into(), "true".into());
        assert!(!key(1).settings_hold("all", &settings));
        key(1).seal_settings("all", &mut settings).unwrap();
        assert!(key(1).settings_hold("all", &settings));
        assert!(!key(1).settings_hold("account:a@example.com", &settings));
        let mut altered = settings.clone();
        altered.values.insert("alwaysSign".into(), "false".into());
        assert!(!key(1).settings_hold("all", &altered));
        let later = SettingsRecord { changed: Some(Time::from_secs(1)), ..settings };
        assert!(!key(1).settings_hold("all", &later));
    }

    #[test]
    fn moments_are_bound_to_what_they_are_about() {
        let at = Time::from_secs(1);
        let mut withdrawn = Withdrawal { at, mac: None };
        key(1).seal_withdrawal("id", &mut withdrawn).unwrap();
        assert!(key(1).withdrawal_holds("id", &withdrawn));
        assert!(!key(1).withdrawal_holds("other", &withdrawn));
        assert!(!key(2).withdrawal_holds("id", &withdrawn));
        let mac = withdrawn.mac.as_deref();
        assert!(!key(1).removal_holds("id", at, mac), "to withdraw is not to remove");
        let later = Withdrawal { at: Time::from_secs(2), ..withdrawn.clone() };
        assert!(!key(1).withdrawal_holds("id", &later));
        let mac = key(1).removal("certificates id", at).unwrap();
        assert!(key(1).removal_holds("certificates id", at, Some(&mac)));
        assert!(!key(1).removal_holds("identities id", at, Some(&mac)));
        assert!(!key(1).removal_holds("certificates id", at, None));
    }
}
