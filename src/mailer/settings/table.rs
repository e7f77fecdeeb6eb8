//! The one table of settings.

use super::value::{Kind, Value};

/// For what a setting can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scopes {
    /// For everything alone.
    All,
    /// For everything, and for an account otherwise.
    Accounts,
    /// For everything, and for an account or somebody written to otherwise.
    Contacts,
}

/// One setting.
#[derive(Debug)]
pub struct Row {
    /// Which.
    pub setting: Setting,
    /// Its name in the interface and in the store.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Its value where nobody chose one, as the store writes it.
    pub default: &'static str,
    /// For what it can be chosen.
    pub scopes: Scopes,
    /// The rows of FEATURES that it serves.
    pub features: &'static str,
    /// What it does, for the people who set it.
    pub text: &'static str,
}

impl Row {
    /// The value where nobody chose one.
    pub(super) fn default_value(&self) -> Value {
        self.kind.read(self.default).unwrap_or(Value::List(Vec::new()))
    }
}

macro_rules! settings {
    ($($setting:ident $name:literal, $kind:expr, $default:literal, $scopes:ident, $features:literal, $text:literal;)+) => {
        /// What can be chosen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each is documented by the text of its row")]
        pub enum Setting {
            $($setting,)+
        }

        /// Every setting, in the order of [`Setting`].
        pub const SETTINGS: &[Row] = &[$(Row {
            setting: Setting::$setting,
            name: $name,
            kind: $kind,
            default: $default,
            scopes: Scopes::$scopes,
            features: $features,
            text: $text,
        },)+];

        impl Setting {
            /// Its name in the interface.
            pub fn name(self) -> &'static str {
                match self {
                    $(Setting::$setting => $name,)+
                }
            }
        }
    };
}

settings! {
    // Sending
    AlwaysSign "alwaysSign", Kind::Flag, "true", Accounts, "S1",
        "Sign every mail. Where nobody chose, it is on as soon as the account has a valid certificate of its own.";
    Encrypt "encrypt", Kind::Choice("'on-request', 'when-possible' or 'always'"), "when-possible", Accounts, "S2, S3",
        "Whether a mail is encrypted where nobody says so: never, if everybody who gets it has a usable certificate, or in any case. In any case means that somebody has to choose where it is not possible.";
    EncryptOnlySigned "encryptOnlySigned", Kind::Flag, "true", Accounts, "S6",
        "Encrypt only what is signed too.";
    ProtectInvitations "protectInvitations", Kind::Flag, "false", Accounts, "S1",
        "Sign and encrypt meeting invitations and answers to them by itself, as other mail. Many calendars can't read those.";
    ProtectBulk "protectBulk", Kind::Flag, "false", Accounts, "S1",
        "Sign and encrypt bulk mail by itself, as other mail.";
    ProtectAutomatic "protectAutomatic", Kind::Flag, "false", Accounts, "S1",
        "Sign and encrypt automatic mail by itself, as other mail.";
    EncryptTo "encryptTo", Kind::Choice("'newest', 'next-newest' or 'all'"), "newest", Contacts, "S7",
        "Which of somebody's usable certificates to encrypt to: the newest, the one before the newest, or all.";
    Profile "profile", Kind::Choice("'default', 'edi-energy' or 'compatible'"), "default", Contacts, "S8",
        "Which algorithms: the strongest that all are known to read, those that the German energy market prescribes, or those that old software reads.";
    ProtectHeaders "protectHeaders", Kind::Choice("'auto', 'off', 'clear', 'baseline' or 'shy'"), "auto", Accounts, "S9",
        "Sign subject, date and addresses too (RFC 9788), and which of them to hide in encrypted mail. 'auto' hides the subject where everybody is known to read that.";
    LegacyDisplay "legacyDisplay", Kind::Flag, "true", Accounts, "S9",
        "Repeat hidden subjects at the beginning of the text, where somebody may not see them otherwise.";
    // Receiving
    OnlineValidation "onlineValidation", Kind::Flag, "false", Accounts, "R4",
        "Ask the issuers whether certificates are revoked. Without the `fetch` of `openMailer` nobody is asked.";
    TrustWithoutAnswer "trustWithoutAnswer", Kind::Flag, "true", Accounts, "R3",
        "Trust certificates, of signed mail and to encrypt to, where the issuer was asked and nobody answered. What is revoked is never trusted.";
    TrustNew "trustNew", Kind::Flag, "true", Accounts, "R3",
        "Trust certificates of known authorities by themselves. Otherwise each has to be accepted by hand.";
    TrustNewOfKnown "trustNewOfKnown", Kind::Flag, "true", Accounts, "R3",
        "Trust another certificate of somebody who has one already. Otherwise it has to be accepted by hand.";
    Harvest "harvest", Kind::Choice("'always', 'valid', 'ask' or 'never'"), "valid", Accounts, "R2",
        "Which certificates to take from signed mail: all, those that are trusted and have not changed, those that somebody accepts, or none.";
    KeepCopies "keepCopies", Kind::Choice("'encrypted' or 'decrypted'"), "encrypted", Accounts, "R6",
        "Keep mail as it was sent alone, or a decrypted copy beside it: without, neither sending nor archiving gives one.";
    SearchText "searchText", Kind::Flag, "false", Accounts, "R11",
        "Give the text of encrypted mail to the search index.";
    // In a company
    ArchiveRecipients "archiveRecipients", Kind::Certificates, "", Accounts, "R8",
        "Certificates that every encrypted mail is encrypted to besides, as who writes is told: the fingerprints of stored ones, or certificates in PEM or base64.";
    ArchiveOnOpening "archiveOnOpening", Kind::Flag, "false", Accounts, "R8",
        "Add the archive to encrypted mail that arrived for one person alone, besides its sender, when it is opened first.";
    // Keys
    LockAfter "lockAfter", Kind::Number { least: 60_000, most: 604_800_000 }, "900000", All, "R1",
        "After how many milliseconds keys lock themselves.";
    RemindDays "remindDays", Kind::Numbers { most: 366 }, "30 7", All, "K11",
        "How many days before a certificate of one's own ends to remind of it.";
}

impl Setting {
    /// The setting of a name.
    pub fn named(name: &str) -> Option<Setting> {
        SETTINGS.iter().find(|row| row.name == name).map(|row| row.setting)
    }
}
