//! The rules of a mail module: whose certificates there are, whom one may encrypt to, and what to say
//! when not.
//!
//! A [`Mailer`] is what one call needs: the store, what the host said when it opened the mailer, and the
//! identities that are unlocked. It remembers nothing itself, so that calls may run side by side and a
//! worker may be replaced between two of them.

mod acceptance;
mod account;
mod archive;
mod archive_keys;
mod backup;
mod badge;
mod certificates;
mod choose;
mod harvest;
mod import;
mod keys;
mod kind;
mod mac;
mod objection;
mod open;
mod own;
mod private_keys;
mod protect;
mod recipients;
mod reminders;
mod session;
mod settings;
mod shared;
mod storage;
#[cfg(test)]
mod tests;
mod trust;

pub use self::acceptance::{Acquaintance, Harvest, Rules};
pub use self::account::{Account, AccountKind};
pub use self::archive::{Archived, CheckedArchive};
pub use self::archive_keys::{ArchiveKeys, UnusableKey};
pub use self::backup::{Backup, Restored};
pub use self::badge::{Badge, LockSign, Sign};
pub use self::certificates::{
    CertificatePage, CertificateRow, CertificateState, CertificateView, ExportFormat,
    ImportedCertificate, ListQuery,
};
pub use self::choose::{Choice, Chooser, Chosen};
pub use self::harvest::{Learned, News, Offer};
pub use self::import::{Import, ImportedFile, KeyFile};
pub use self::keys::Unlocking;
pub use self::kind::{CertificateRequest, MailKind, mail_kind};
pub use self::mac::Mac;
pub use self::open::{Addressee, OpenMail, OpenedMail};
pub use self::protect::{Sending, Sent, Without};
pub use self::recipients::{Intent, Survey, Surveyed, Wish, remedy};
pub use self::reminders::Reminder;
pub use self::session::Session;
pub use self::settings::{
    Kind, Policy, Row, SETTINGS, Scope, Scopes, Setting, Settings, SettingsBook, Value,
    unknown_setting,
};
pub use self::shared::{
    AcceptedShared, Change, Member, NewShared, SharedAccount, SharedChange, SharedIdentity,
    SharedView, Statement,
};
pub use self::storage::Storage;
pub use self::trust::{TrustBase, TrustChoice};

use crate::cert::Identity;
use crate::path::TrustAnchor;
use crate::store::{Backend, Store};

/// What the host said when it opened the mailer.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The addresses of the user.
    pub accounts: Vec<Account>,
    /// Whom the host trusts; what the user trusts besides is in the store.
    pub trust_anchors: Vec<TrustAnchor>,
    /// What the administrator says about settings.
    pub policy: Policy,
    /// The user's identities whose keys are elsewhere (C3).
    pub identities: Vec<Identity>,
}

/// One call of a mail module.
#[derive(Debug)]
pub struct Mailer<'a, B> {
    /// What is stored.
    pub store: &'a Store<B>,
    /// What the host said.
    pub context: &'a Context,
    /// What is unlocked.
    pub session: Session,
}

impl<'a, B: Backend> Mailer<'a, B> {
    /// For one call.
    pub fn new(store: &'a Store<B>, context: &'a Context, session: Session) -> Mailer<'a, B> {
        Mailer { store, context, session }
    }
}
