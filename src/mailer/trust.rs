//! Whom this user trusts: whom the host trusts, and what somebody decided by hand.

use super::Mailer;
use crate::cert::{AddressMatch, Certificate, match_address};
use crate::error::Result;
use crate::path::{AnchorLimits, TrustAnchor};
use crate::store::{Backend, Decision, Entry, Trust};

/// What paths are built with in one call of a mailer.
#[derive(Clone, Debug, Default)]
pub struct TrustBase {
    /// Where paths may end: the host's anchors and those that somebody trusts by hand, but none that is
    /// distrusted.
    pub anchors: Vec<TrustAnchor>,
    /// The stored certificates of authorities, but none that is distrusted.
    pub intermediates: Vec<Certificate>,
    decided: Vec<Entry>,
}

impl<B: Backend> Mailer<'_, B> {
    /// Whom this user trusts now.
    ///
    /// # Errors
    ///
    /// `malformed/record`, and those of [`Backend`].
    pub async fn trust_base(&self) -> Result<TrustBase> {
        let stored = self.store.authorities_and_decided().await?;
        let (decided, authorities): (Vec<Entry>, Vec<Entry>) =
            stored.into_iter().partition(|entry| entry.notes.decision.is_some());
        let mut base = TrustBase { decided, ..TrustBase::default() };
        let hosts = self.context.trust_anchors.iter().cloned();
        base.anchors = hosts.filter(|anchor| !base.is_distrusted(&anchor.certificate)).collect();
        base.anchors.extend(base.decided.iter().filter_map(trusted_by_hand));
        base.intermediates = authorities.into_iter().map(|entry| entry.certificate).collect();
        Ok(base)
    }
}

impl TrustBase {
    /// What somebody decided about this certificate, as far as it concerns an address.
    pub fn decision(&self, certificate: &Certificate, address: &str) -> Option<&Decision> {
        let entry = self.decided.iter().find(|entry| entry.certificate == *certificate)?;
        entry.notes.decision.as_ref().filter(|decision| decision.concerns(address))
    }

    fn is_distrusted(&self, certificate: &Certificate) -> bool {
        self.decided.iter().any(|entry| {
            entry.certificate == *certificate
                && entry.notes.decision.as_ref().is_some_and(Decision::is_against_all)
        })
    }
}

impl Decision {
    /// Whether it speaks of this address.
    pub fn concerns(&self, address: &str) -> bool {
        let host = address.rsplit_once('@').map(|(_, host)| host.to_ascii_lowercase());
        let is_at = |domain: &String| {
            let domain = domain.to_ascii_lowercase();
            host.as_ref().is_some_and(|host| match domain.starts_with('.') {
                true => host.strip_suffix(&domain).is_some_and(|below| !below.is_empty()),
                false => *host == domain,
            })
        };
        let is_same = |own: &String| match_address(own, address) != AddressMatch::Different;
        self.is_about_all() || self.addresses.iter().any(is_same) || self.domains.iter().any(is_at)
    }

    fn is_against_all(&self) -> bool {
        self.trust == Trust::Distrusted && self.is_about_all()
    }
}

/// What is trusted by hand is an anchor, for mail only.
fn trusted_by_hand(entry: &Entry) -> Option<TrustAnchor> {
    let decision = entry.notes.decision.as_ref().filter(|one| one.trust == Trust::Trusted)?;
    let permitted = decision.addresses.iter().chain(&decision.domains).cloned().collect();
    let limits = AnchorLimits {
        email_only: true,
        permitted: (!decision.is_about_all()).then_some(permitted),
        ..AnchorLimits::default()
    };
    Some(TrustAnchor { certificate: entry.certificate.clone(), limits })
}
