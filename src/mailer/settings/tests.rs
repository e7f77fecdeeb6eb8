use super::*;
use crate::env::{Time, block_on};
use crate::limits::Limits;
use crate::mailer::{AccountKind, Context, Session};
use crate::store::{Memory, Store};

fn env() -> Env {
    Env::new(Time::from_secs(1_800_000_000), &[7; 32], Limits::default())
}

fn context() -> Context {
    let account = |address: &str| Account {
        address: address.to_owned(),
        aliases: vec!["sales@example.com".to_owned()],
        name: None,
        kind: AccountKind::Personal,
    };
    Context { accounts: vec![account("Alice@example.com")], ..Context::default() }
}

fn chosen(name: &str, value: Value) -> (String, Option<Value>) {
    (name.to_owned(), Some(value))
}

fn word(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn every_default_is_a_value_of_its_setting() {
    for (index, row) in SETTINGS.iter().enumerate() {
        assert_eq!(row.setting as usize, index);
        assert_eq!(row.setting.name(), row.name);
        let value = row.kind.read(row.default);
        assert_eq!(
            value.as_ref().and_then(|value| row.kind.write(value)).as_deref(),
            Some(row.default)
        );
    }
}

#[test]
fn the_nearest_choice_holds_unless_the_administrator_locked_it() {
    let store = Store::new(Memory::default());
    let mut context = context();
    context.policy.set("profile", word("compatible"), false).unwrap();
    context.policy.set("harvest", word("never"), true).unwrap();
    let mailer = Mailer::new(&store, &context, Session::default());
    let mut env = env();
    let mut profile = |contact: Option<&str>| {
        let settings =
            block_on(mailer.settings(&mut env, Some("sales@EXAMPLE.com"), contact)).unwrap();
        assert_eq!(settings.word(Setting::Harvest), "never");
        assert_eq!(settings.locked(), [Setting::Harvest]);
        settings.word(Setting::Profile).to_owned()
    };
    let change = |scope, value| {
        let env = self::env();
        block_on(mailer.change_settings(&env, scope, &[chosen("profile", word(value))])).unwrap();
    };
    assert_eq!(profile(Some("bob@example.org")), "compatible");
    change(Scope::All, "default");
    assert_eq!(profile(Some("bob@example.org")), "default");
    change(Scope::Account("alice@example.com"), "edi-energy");
    assert_eq!(profile(Some("bob@example.org")), "edi-energy");
    change(Scope::Contact("BOB@example.org"), "compatible");
    assert_eq!(profile(Some("bob@Example.ORG")), "compatible");
    assert_eq!(profile(None), "edi-energy");
    let back = [("profile".to_owned(), None)];
    block_on(mailer.change_settings(&self::env(), Scope::Contact("bob@example.org"), &back))
        .unwrap();
    assert_eq!(profile(Some("bob@example.org")), "edi-energy");
}

#[test]
fn what_can_not_be_chosen_changes_nothing() {
    let store = Store::new(Memory::default());
    let mut context = context();
    context.policy.set("harvest", word("never"), true).unwrap();
    for (name, value, code) in [
        ("speed", Value::Number(9), "usage/unknown-option"),
        ("harvest", word("sometimes"), "usage/wrong-option"),
        ("harvest", Value::Flag(true), "usage/wrong-option"),
    ] {
        let error = context.policy.set(name, value, true).unwrap_err();
        assert_eq!(error.code(), code);
    }
    let mailer = Mailer::new(&store, &context, Session::default());
    let contact = Scope::Contact("bob@example.org");
    for (scope, name, value, code) in [
        (Scope::All, "harvest", word("always"), "refused/setting-locked"),
        (Scope::All, "speed", Value::Number(9), "usage/unknown-option"),
        (Scope::All, "profile", word("strong"), "usage/wrong-option"),
        (Scope::All, "lockAfter", Value::Number(1), "usage/wrong-option"),
        (Scope::All, "remindDays", Value::List(vec![Value::Number(0)]), "usage/wrong-option"),
        (Scope::All, "archiveRecipients", Value::List(vec![word("x")]), "usage/wrong-option"),
        (contact, "alwaysSign", Value::Flag(false), "usage/wrong-option"),
        (
            Scope::Account("alice@example.com"),
            "lockAfter",
            Value::Number(60_000),
            "usage/wrong-option",
        ),
        (Scope::Account("eve@example.com"), "alwaysSign", Value::Flag(false), "usage/wrong-option"),
        (Scope::Contact("bob"), "profile", word("default"), "usage/wrong-option"),
    ] {
        let values = [chosen("trustNew", Value::Flag(false)), chosen(name, value)];
        let values = if scope == contact { &values[1..] } else { &values };
        let error = block_on(mailer.change_settings(&env(), scope, values)).unwrap_err();
        assert_eq!(error.code(), code, "{name}");
    }
    let all = block_on(store.settings(&["all".to_owned()])).unwrap();
    assert!(all[0].values.is_empty());
}

#[test]
fn what_a_newer_version_chose_stays() {
    let store = Store::new(Memory::default());
    let context = context();
    let newer = |record: &mut SettingsRecord| {
        record.values.insert("telepathy".to_owned(), "on".to_owned());
        record.values.insert("profile".to_owned(), "quantum".to_owned());
        Ok(())
    };
    block_on(store.change_settings(&env(), "all", false, newer)).unwrap();
    let mailer = Mailer::new(&store, &context, Session::default());
    let values = [chosen("searchText", Value::Flag(true))];
    block_on(mailer.change_settings(&env(), Scope::All, &values)).unwrap();
    let settings = block_on(mailer.settings(&mut env(), None, None)).unwrap();
    assert_eq!(settings.word(Setting::Profile), "default");
    assert!(settings.flag(Setting::SearchText));
    let all = block_on(store.settings(&["all".to_owned()])).unwrap();
    assert_eq!(all[0].values["telepathy"], "on");
    assert_eq!(all[0].values["profile"], "quantum");
}

/// `WRITE_SETTINGS=1 cargo test --lib settings` writes the page anew.
#[test]
fn the_documented_settings_are_those_of_the_table() {
    let page = page();
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/docs/SETTINGS.md");
    if std::env::var_os("WRITE_SETTINGS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), page);
    let types = std::fs::read_to_string(format!("{root}/www/package/mailer.d.ts")).unwrap();
    for row in SETTINGS {
        assert!(types.contains(&format!("  {}: ", row.name)), "{}", row.name);
    }
}

fn page() -> String {
    let mut page = String::from(
        "# Settings\n\n\
         What `settings` of a mailer answers and `changeSettings` changes. Each can be chosen for everything;\n\
         an account or a contact may have another value where the table says so. What holds is, in this order:\n\
         what the administrator locked by the `policy` of `openMailer`, the contact's value, the account's, the\n\
         one for everything, the administrator's proposal, the default. The page is generated from\n\
         `src/mailer/settings/table.rs` by `WRITE_SETTINGS=1 cargo test --lib settings`; the same test fails\n\
         where they differ.\n\n\
         What is locked holds for each mail too. With `alwaysSign` locked, `protect` signs every mail, also\n\
         invitations, bulk and automatic mail, and none goes out where it can't. With `encrypt` locked as `always`,\n\
         everything is encrypted, or is not sent; as `when-possible`, what everybody can read. What a call says\n\
         against that is `refused/setting-locked`. To let a kind of mail go as it is, lock `protectInvitations`,\n\
         `protectBulk` or `protectAutomatic` as `false` beside it. Mail of `requestCertificate`, as long as it says\n\
         nothing else, is never encrypted by itself: who gets it has no certificate. While no key is unlocked nobody\n\
         can tell who chose what is stored: then `protect` rejects with `identity/locked`, unless nothing is chosen by\n\
         hand or it is called with `sign: false, encrypt: false`.\n\n\
         | setting | values | default | chosen for | row | what it does |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in SETTINGS {
        let values = match row.kind {
            Kind::Choice(words) => words.replace('\'', "`"),
            kind => kind.expected().to_owned(),
        };
        let default = match row.kind {
            Kind::Numbers { .. } | Kind::Certificates => {
                format!("[{}]", row.default.replace(' ', ", "))
            }
            _ => row.default.to_owned(),
        };
        let scopes = match row.scopes {
            Scopes::All => "everything",
            Scopes::Accounts => "everything, account",
            Scopes::Contacts => "everything, account, contact",
        };
        page += &format!(
            "| `{}` | {values} | `{default}` | {scopes} | {} | {} |\n",
            row.name, row.features, row.text
        );
    }
    page
}
