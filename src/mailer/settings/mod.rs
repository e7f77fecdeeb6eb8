//! What somebody chose: the user, for everything, for an account or for somebody they write to; and the
//! administrator, for everybody, who may also keep others from choosing otherwise.
//!
//! The order is: what the administrator locked, the contact's, the account's, what is chosen for
//! everything, what the administrator proposes, the default of the table.

mod table;
mod value;

pub use self::table::{Row, SETTINGS, Scopes, Setting};
pub(super) use self::value::CertificateReference;
pub use self::value::{Kind, Value};

use std::collections::BTreeMap;

use super::mac::Mac;
use super::{Account, Mailer};
use crate::cert::address_key;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::store::{Backend, SettingsRecord};

/// What the administrator says about settings, by their place in the table.
#[derive(Clone, Debug, Default)]
pub struct Policy(BTreeMap<Setting, (Value, bool)>);

impl Policy {
    /// Proposes a value or, with `locked`, makes it the only one.
    ///
    /// # Errors
    ///
    /// `usage/unknown-option`, `usage/wrong-option`: a policy that is misread would protect nobody.
    pub fn set(&mut self, name: &str, value: Value, locked: bool) -> Result<()> {
        let row = row(name)?;
        if row.kind.write(&value).is_none() {
            return Err(wrong(row));
        }
        self.0.insert(row.setting, (value, locked));
        Ok(())
    }
}

/// What holds for one account and one contact.
#[derive(Clone, Debug)]
pub struct Settings {
    values: Vec<Value>,
    chosen: Vec<Setting>,
    locked: Vec<Setting>,
    /// `store/altered` where what somebody seems to have chosen was not chosen here, and counts for
    /// nothing.
    pub problems: Vec<Problem>,
}

impl Settings {
    /// The value of a setting.
    pub fn value(&self, setting: Setting) -> Option<&Value> {
        self.values.get(setting as usize)
    }

    /// Whether a setting is on.
    pub fn flag(&self, setting: Setting) -> bool {
        self.value(setting) == Some(&Value::Flag(true))
    }

    /// The word that was chosen; empty for a setting that has none.
    pub fn word(&self, setting: Setting) -> &str {
        match self.value(setting) {
            Some(Value::Text(word)) => word,
            _ => "",
        }
    }

    /// The number that was chosen; 0 for a setting that has none.
    pub fn number(&self, setting: Setting) -> u64 {
        match self.value(setting) {
            Some(Value::Number(number)) => *number,
            _ => 0,
        }
    }

    /// The numbers that were chosen.
    pub fn numbers(&self, setting: Setting) -> Vec<u64> {
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        };
        self.list(setting).iter().filter_map(number).collect()
    }

    /// Whether somebody chose the value, be it the administrator.
    pub fn is_chosen(&self, setting: Setting) -> bool {
        self.chosen.contains(&setting)
    }

    /// Those that only the administrator changes.
    pub fn locked(&self) -> &[Setting] {
        &self.locked
    }

    /// Whether only the administrator changes a setting.
    pub fn is_locked(&self, setting: Setting) -> bool {
        self.locked.contains(&setting)
    }

    /// The certificates that were chosen.
    pub(super) fn certificates(&self, setting: Setting) -> Vec<CertificateReference> {
        let reference = |value: &Value| match value {
            Value::Text(text) => CertificateReference::read(text),
            _ => None,
        };
        self.list(setting).iter().filter_map(reference).collect()
    }

    fn list(&self, setting: Setting) -> &[Value] {
        match self.value(setting) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    fn set_default(&mut self, setting: Setting, value: Value) {
        if !self.is_chosen(setting)
            && let Some(default) = self.values.get_mut(setting as usize)
        {
            *default = value;
        }
    }
}

/// The settings of an account as they were at one moment, for everybody it writes to.
#[derive(Clone, Debug)]
pub struct SettingsBook<'a> {
    policy: &'a Policy,
    /// For everything, and for the account.
    common: [SettingsRecord; 2],
    /// By the keys of their addresses.
    contacts: BTreeMap<String, SettingsRecord>,
    problems: Vec<Problem>,
    /// Something was chosen, and nothing is unlocked that could tell whether by the user.
    pub(super) is_unchecked: bool,
}

impl SettingsBook<'_> {
    /// What holds for a contact, or without one.
    pub fn settings(&self, contact: Option<&str>) -> Settings {
        let contact = contact.and_then(address_key).and_then(|key| self.contacts.get(&key));
        let [all, account] = &self.common;
        let scopes = [contact, Some(account), Some(all)];
        let mut settings = Settings {
            values: Vec::new(),
            chosen: Vec::new(),
            locked: Vec::new(),
            problems: self.problems.clone(),
        };
        for row in SETTINGS {
            let ordered = self.policy.0.get(&row.setting);
            if let Some((value, true)) = ordered {
                settings.locked.push(row.setting);
                settings.chosen.push(row.setting);
                settings.values.push(value.clone());
                continue;
            }
            let mut records = scopes.iter().flatten();
            // A value that this version can't read is not there.
            let stored = records.find_map(|record| row.kind.read(record.values.get(row.name)?));
            let value = stored.or(ordered.map(|(value, _)| value.clone()));
            if value.is_some() {
                settings.chosen.push(row.setting);
            }
            settings.values.push(value.unwrap_or_else(|| row.default_value()));
        }
        settings
    }
}

/// For what settings are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Everything.
    All,
    /// An account, by any of its addresses.
    Account(&'a str),
    /// Somebody who is written to.
    Contact(&'a str),
}

impl<B: Backend> Mailer<'_, B> {
    /// What holds now for an account and a contact, or without them.
    ///
    /// # Errors
    ///
    /// `usage/wrong-option` for an account that is none of the user's or a contact that is no address;
    /// `malformed/record`, and those of [`Backend`].
    pub async fn settings(
        &self,
        env: &mut Env,
        account: Option<&str>,
        contact: Option<&str>,
    ) -> Result<Settings> {
        let contacts: Vec<String> = contact.map(str::to_owned).into_iter().collect();
        if let Some(contact) = contact {
            scope_id(self, Scope::Contact(contact))?;
        }
        let account = account.map(|address| self.known_account(address)).transpose()?;
        let book = self.settings_book(account, &contacts).await?;
        let mut settings = book.settings(contact);
        if let Some(account) = account
            && !settings.is_chosen(Setting::AlwaysSign)
        {
            let can_sign = self.can_sign(env, account).await?;
            settings.set_default(Setting::AlwaysSign, Value::Flag(can_sign));
        }
        Ok(settings)
    }

    /// The settings of an account for these contacts.
    ///
    /// # Errors
    ///
    /// `malformed/record`, and those of [`Backend`].
    pub async fn settings_book(
        &self,
        account: Option<&Account>,
        contacts: &[String],
    ) -> Result<SettingsBook<'_>> {
        let keys: Vec<String> =
            contacts.iter().filter_map(|contact| address_key(contact)).collect();
        let mut scopes = vec![ALL.to_owned(), account.map(account_scope).unwrap_or_default()];
        scopes.extend(keys.iter().map(|key| format!("{CONTACT}{key}")));
        let (mut problems, mut is_unchecked) = (Vec::new(), false);
        let mut records = Vec::with_capacity(scopes.len());
        for (scope, record) in scopes.iter().zip(self.store.settings(&scopes).await?) {
            records.push(match self.session.check_settings(scope, &record) {
                Mac::Holds => record,
                Mac::Unchecked => {
                    is_unchecked |= !record.values.is_empty();
                    record
                }
                Mac::Broken => {
                    let problem = Problem::new(self.session.broken_code());
                    problems.push(problem.with_text("scope", scope));
                    SettingsRecord::default()
                }
            });
        }
        let mut records = records.into_iter();
        let common = [records.next().unwrap_or_default(), records.next().unwrap_or_default()];
        let contacts = keys.into_iter().zip(records).collect();
        Ok(SettingsBook { policy: &self.context.policy, common, contacts, problems, is_unchecked })
    }

    /// Chooses values for a scope; `None` takes a choice back. Values of settings that this version does
    /// not know stay as they are.
    ///
    /// # Errors
    ///
    /// `usage/unknown-option`, `usage/wrong-option` for values that a setting can't have or not in this
    /// scope, for an account that is none of the user's or a contact that is no address;
    /// `refused/setting-locked` for what the administrator locked; `identity/locked` where there are
    /// identities and none is unlocked. Nothing is changed then. Those of [`Backend`].
    pub async fn change_settings(
        &self,
        env: &Env,
        scope: Scope<'_>,
        values: &[(String, Option<Value>)],
    ) -> Result<()> {
        let id = scope_id(self, scope)?;
        let mut changes: Vec<(&'static str, Option<String>)> = Vec::new();
        for (name, value) in values {
            let row = row(name)?;
            if let Some((_, true)) = self.context.policy.0.get(&row.setting) {
                return Err(Error::SettingLocked { setting: row.name });
            }
            row.check_scope(scope)?;
            let text = match value {
                Some(value) => Some(row.kind.write(value).ok_or_else(|| wrong(row))?),
                None => None,
            };
            changes.push((row.name, text));
        }
        if changes.is_empty() {
            return Ok(());
        }
        self.check_may_decide().await?;
        // Before there is an identity, nobody can seal.
        let (is_sealed, now) = (self.session.can_seal(), env.now());
        let change = |record: &mut SettingsRecord| {
            // What was altered must not be sealed with the rest.
            if is_sealed && self.session.check_settings(&id, record) == Mac::Broken {
                *record = SettingsRecord::default();
            }
            for (name, text) in &changes {
                match text {
                    Some(text) => record.values.insert((*name).to_owned(), text.clone()),
                    None => record.values.remove(*name),
                };
            }
            record.changed = Some(now);
            match is_sealed {
                true => self.session.seal_settings(&id, record),
                false => Ok(()),
            }
        };
        self.store.change_settings(env, &id, is_sealed, change).await.map(drop)
    }

    /// The account that sends from an address.
    ///
    /// # Errors
    ///
    /// `usage/wrong-option` if there is none.
    pub fn known_account(&self, address: &str) -> Result<&Account> {
        let expected = "an address of one of the accounts";
        let mut accounts = self.context.accounts.iter();
        let found = accounts.find(|account| account.has(address));
        found.ok_or(Error::UsageWrongOption { option: "account", expected })
    }
}

/// Refuses a value that a setting can't have, wherever else it may be chosen.
///
/// # Errors
///
/// `usage/wrong-option`.
pub(super) fn check_value(setting: Setting, value: &Value) -> Result<()> {
    let row = row(setting.name())?;
    row.kind.write(value).map(drop).ok_or_else(|| wrong(row))
}

impl Row {
    fn check_scope(&self, scope: Scope<'_>) -> Result<()> {
        let (is_allowed, expected) = match self.scopes {
            Scopes::All => (scope == Scope::All, "chosen for everything"),
            Scopes::Accounts => {
                (!matches!(scope, Scope::Contact(_)), "chosen for everything or for an account")
            }
            Scopes::Contacts => (true, ""),
        };
        match is_allowed {
            true => Ok(()),
            false => Err(Error::UsageWrongOption { option: self.name, expected }),
        }
    }
}

const ALL: &str = "all";
const CONTACT: &str = "contact:";

fn account_scope(account: &Account) -> String {
    format!("account:{}", address_key(&account.address).unwrap_or_default())
}

/// The id of a scope's record.
fn scope_id<B: Backend>(mailer: &Mailer<'_, B>, scope: Scope<'_>) -> Result<String> {
    match scope {
        Scope::All => Ok(ALL.to_owned()),
        Scope::Account(address) => mailer.known_account(address).map(account_scope),
        Scope::Contact(address) => match address_key(address) {
            Some(key) => Ok(format!("{CONTACT}{key}")),
            None => {
                let expected = "an address like name@example.com";
                Err(Error::UsageWrongOption { option: "contact", expected })
            }
        },
    }
}

fn row(name: &str) -> Result<&'static Row> {
    SETTINGS.iter().find(|row| row.name == name).ok_or_else(|| unknown_setting(name))
}

/// What is said of a name that no setting has.
pub fn unknown_setting(name: &str) -> Error {
    let takes = SETTINGS.iter().map(|row| row.name.to_owned()).collect();
    Error::UsageUnknownOption { option: name.to_owned(), takes }
}

fn wrong(row: &Row) -> Error {
    Error::UsageWrongOption { option: row.name, expected: row.kind.expected() }
}

#[cfg(test)]
mod tests;
