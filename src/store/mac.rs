//! What is stored in the clear and decides about mail, decisions on certificates, settings and who
//! administers shared accounts, carries an HMAC-SHA-256 (RFC 2104) by a key that only who unlocks an
//! identity has (`mac_key.rs`). It does not show that a record was removed, or replaced by an older one of the same purpose.

use super::notes::{Decision, Trust};
use super::settings::SettingsRecord;
use super::shared::SharedRecord;
use crate::asn1::{constructed, primitive, tag};
use crate::crypto::algorithms::DigestAlgorithm;
use crate::crypto::{Hmac, SecretBytes, ct_eq};
use crate::env::Env;
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
        (settings.values.is_empty() && settings.mac.is_none())
            || self.fits(
                &purpose("settings", scope),
                &settings_bytes(settings),
                settings.mac.as_deref(),
            )
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
    sequence(settings.values.iter().map(|(name, value)| sequence([text(name), text(value)])))
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
        primitive(tag::INTEGER, &decision.at.as_millis().to_be_bytes()),
    ])
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
        settings.values.insert("alwaysSign".into(), "false".into());
        assert!(!key(1).settings_hold("all", &settings));
    }
}
