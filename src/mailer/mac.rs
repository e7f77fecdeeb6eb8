//! What is stored in the clear and decides about mail, decisions on certificates and settings, carries an
//! HMAC-SHA-256 (RFC 2104) by a key that only who unlocks an identity has. It does not show that a record
//! was removed, or replaced by an older one of the same purpose.

use super::Session;
use crate::asn1::{constructed, primitive, tag};
use crate::crypto::algorithms::DigestAlgorithm;
use crate::crypto::{Hmac, SecretBytes, ct_eq};
use crate::error::{Error, Result};
use crate::store::{Decision, Notes, SettingsRecord, Trust};

/// What became of something that was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mac {
    /// It is as it was.
    Holds,
    /// It was changed, or put there, by somebody without the key: it counts as not there.
    Broken,
    /// Nothing is unlocked that could tell.
    Unchecked,
}

impl Session {
    /// Whether something is unlocked that seals.
    pub fn can_seal(&self) -> bool {
        self.mac_key.is_some()
    }

    /// Seals bytes for a purpose, which says what they are and whose: `settings all`.
    ///
    /// # Errors
    ///
    /// `identity/locked` where nothing is unlocked.
    pub fn mac(&self, purpose: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        code(self.mac_key.as_ref().ok_or(Error::IdentityLocked)?, purpose, bytes)
    }

    /// Whether bytes are those that were sealed for this purpose.
    pub fn check_mac(&self, purpose: &str, bytes: &[u8], mac: Option<&[u8]>) -> Mac {
        let Some(key) = &self.mac_key else { return Mac::Unchecked };
        match (code(key, purpose, bytes), mac) {
            (Ok(expected), Some(mac)) if ct_eq(&expected, mac) => Mac::Holds,
            _ => Mac::Broken,
        }
    }

    /// Seals what somebody chose for a scope.
    ///
    /// # Errors
    ///
    /// `identity/locked`.
    pub fn seal_settings(&self, scope: &str, settings: &mut SettingsRecord) -> Result<()> {
        settings.mac = Some(self.mac(&purpose("settings", scope), &settings_bytes(settings))?);
        Ok(())
    }

    /// Whether somebody chose that for a scope.
    pub fn check_settings(&self, scope: &str, settings: &SettingsRecord) -> Mac {
        if settings.values.is_empty() && settings.mac.is_none() {
            return Mac::Holds;
        }
        let mac = settings.mac.as_deref();
        self.check_mac(&purpose("settings", scope), &settings_bytes(settings), mac)
    }

    /// Seals the decision on a certificate, by the id of its record.
    ///
    /// # Errors
    ///
    /// `identity/locked`.
    pub fn seal_decision(&self, id: &str, decision: &mut Decision) -> Result<()> {
        decision.mac = Some(self.mac(&purpose("decision", id), &decision_bytes(decision))?);
        Ok(())
    }

    /// Whether somebody decided that on a certificate.
    pub fn check_decision(&self, id: &str, decision: &Decision) -> Mac {
        self.check_mac(&purpose("decision", id), &decision_bytes(decision), decision.mac.as_deref())
    }

    /// As [`Session::check_decision`], of what is noted beside a certificate; no decision holds.
    pub fn check_notes(&self, id: &str, notes: &Notes) -> Mac {
        notes.decision.as_ref().map_or(Mac::Holds, |decision| self.check_decision(id, decision))
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

/// DER, so that no two purposes can read alike.
fn code(key: &SecretBytes, purpose: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    const FAULT: Error = Error::Internal { what: "HMAC takes keys of any length" };
    let hmac = Hmac::new(DigestAlgorithm::Sha256, key.as_bytes()).ok_or(FAULT)?;
    let bytes = primitive(tag::OCTET_STRING, bytes);
    Ok(hmac.code(&sequence([text("smime-wasm mac 1"), text(purpose), bytes])).to_vec())
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

    fn session(key: u8) -> Session {
        Session::new(Vec::new(), Some(SecretBytes::from(&[key; 32][..])))
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
        session(1).seal_decision("id", &mut sealed).unwrap();
        assert_eq!(session(1).check_decision("id", &sealed), Mac::Holds);
        assert_eq!(session(1).check_decision("other", &sealed), Mac::Broken);
        assert_eq!(session(2).check_decision("id", &sealed), Mac::Broken);
        assert_eq!(session(1).check_decision("id", &decision()), Mac::Broken);
        assert_eq!(Session::default().check_decision("id", &sealed), Mac::Unchecked);
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
            assert_eq!(session(1).check_decision("id", &altered), Mac::Broken);
        }
    }

    #[test]
    fn settings_are_bound_to_their_scope() {
        let mut settings = SettingsRecord::default();
        assert_eq!(session(1).check_settings("all", &settings), Mac::Holds, "nothing was chosen");
        settings.values.insert("alwaysSign".into(), "true".into());
        assert_eq!(session(1).check_settings("all", &settings), Mac::Broken);
        assert_eq!(
            Session::default().seal_settings("all", &mut settings),
            Err(Error::IdentityLocked)
        );
        session(1).seal_settings("all", &mut settings).unwrap();
        assert_eq!(session(1).check_settings("all", &settings), Mac::Holds);
        assert_eq!(session(1).check_settings("account:a@example.com", &settings), Mac::Broken);
        settings.values.insert("alwaysSign".into(), "false".into());
        assert_eq!(session(1).check_settings("all", &settings), Mac::Broken);
    }
}
