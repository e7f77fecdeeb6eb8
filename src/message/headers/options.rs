//! What callers say about the protection of header fields.

use super::super::encrypt::Recipient;
use super::policy::ConfidentialityPolicy;
use crate::error::{Error, Result};

/// Whether and how an encrypted message's fields are protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeaderProtection {
    /// They only stand outside.
    Off,
    /// They are protected. Outside [`ConfidentialityPolicy::Baseline`] holds if every recipient is known
    /// to read RFC 9788, else [`ConfidentialityPolicy::Clear`]: who does not read it would see `[...]`
    /// in the list of messages, and every answer to it.
    #[default]
    Auto,
    /// They are protected, and outside this policy holds.
    Policy(ConfidentialityPolicy),
}

/// How an encrypted message's fields are protected.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeaderOptions<'a> {
    /// Whether, and what may be read outside.
    pub protection: HeaderProtection,
    /// Names of further fields that must not be readable outside: those that were confidential in the
    /// message that is answered (RFC 9788, 6.1).
    pub confidential: &'a [String],
    /// Whether what is hidden also stands at the beginning of the text, for readers who do not know
    /// RFC 9788 and would not see it otherwise. By default unless every recipient is known to know it.
    pub legacy_display: Option<bool>,
}

impl HeaderOptions<'_> {
    /// Fields only stand outside.
    pub const OFF: HeaderOptions<'static> = HeaderOptions {
        protection: HeaderProtection::Off,
        confidential: &[],
        legacy_display: None,
    };

    /// What is to be done with a message to these recipients; `None` if nothing.
    pub(in crate::message) fn protection_for<'r>(
        &self,
        recipients: impl IntoIterator<Item = &'r Recipient>,
    ) -> Result<Option<Protection<'_>>> {
        let mut recipients = recipients.into_iter();
        let all_are_aware = recipients.all(Recipient::is_aware);
        let policy = match self.protection {
            HeaderProtection::Off if self.confidential.is_empty() => return Ok(None),
            HeaderProtection::Off => {
                return Err(Error::UsageWrongOption {
                    option: "protectHeaders",
                    expected: "another than 'off' where header fields are confidential",
                });
            }
            HeaderProtection::Auto if all_are_aware => ConfidentialityPolicy::Baseline,
            HeaderProtection::Auto => ConfidentialityPolicy::Clear,
            HeaderProtection::Policy(policy) => policy,
        };
        Ok(Some(Protection {
            is_signed: false,
            policy: Some(policy),
            confidential: self.confidential,
            legacy_display: self.legacy_display.unwrap_or(!all_are_aware),
            with_bcc: false,
        }))
    }
}

/// What is to be done with one message.
#[derive(Clone, Copy, Debug)]
pub(in crate::message) struct Protection<'a> {
    /// Whether it is to be signed, and so has to survive transport.
    pub(in crate::message) is_signed: bool,
    /// What stands outside of a message that is encrypted; `None` if it is only signed.
    pub(in crate::message) policy: Option<ConfidentialityPolicy>,
    /// See [`HeaderOptions::confidential`].
    pub(in crate::message) confidential: &'a [String],
    /// See [`HeaderOptions::legacy_display`].
    pub(in crate::message) legacy_display: bool,
    /// Whether Bcc is protected too: in the sender's own copy, and nowhere else.
    pub(in crate::message) with_bcc: bool,
}

impl Protection<'_> {
    /// For a message that is only signed.
    pub(in crate::message) const SIGNED: Protection<'static> = Protection {
        is_signed: true,
        policy: None,
        confidential: &[],
        legacy_display: false,
        with_bcc: false,
    };

    /// Whether something is to be hidden.
    pub(super) fn hides(&self) -> bool {
        !self.confidential.is_empty() || self.policy.is_some_and(ConfidentialityPolicy::hides)
    }
}
