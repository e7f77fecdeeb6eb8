//! Settings: what holds, and choosing otherwise.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::context::Call;
use crate::env::Env;
use crate::error::Result;
use crate::mailer::{Policy, SETTINGS, Scope, Setting, Settings, Value, unknown_setting};
use crate::wasm::options::{Options, to_object, wrong};
use crate::wasm::values::{list, object, problem, texts};

pub(super) async fn settings(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["account", "contact"])?;
    let (account, contact) = (options.optional_text("account")?, options.optional_text("contact")?);
    let mailer = call.mailer(env).await;
    let settings = mailer.settings(env, account.as_deref(), contact.as_deref()).await?;
    Ok(described(&settings))
}

pub(super) async fn change(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["account", "contact", "values"])?;
    let (account, contact) = (options.optional_text("account")?, options.optional_text("contact")?);
    let scope = match (&account, &contact) {
        (None, None) => Scope::All,
        (Some(account), None) => Scope::Account(account),
        (None, Some(contact)) => Scope::Contact(contact),
        (Some(_), Some(_)) => return Err(wrong("contact", "given without an account")),
    };
    let mut values = Vec::new();
    for (name, given) in entries("values", &options.required("values")?)? {
        let value = match given.is_null() {
            true => None,
            false => Some(value(&name, &given)?),
        };
        values.push((name, value));
    }
    call.mailer(env).await.change_settings(env, scope, &values).await?;
    Ok(JsValue::UNDEFINED)
}

/// The option `policy` of `openMailer`; nothing is said if it is absent.
pub(super) fn policy(options: &Options) -> Result<Policy> {
    let mut policy = Policy::default();
    let Some(given) = options.value("policy")? else { return Ok(policy) };
    for (name, said) in entries("policy", &given)? {
        let said = options.nested("policy", said)?.allow(&["value", "locked"], &[])?;
        let locked = said.optional_flag("locked")?.unwrap_or(false);
        policy.set(&name, value(&name, &said.required("value")?)?, locked)?;
    }
    Ok(policy)
}

fn described(settings: &Settings) -> JsValue {
    let values = Object::new();
    for row in SETTINGS {
        let value = settings.value(row.setting).map_or(JsValue::UNDEFINED, to_js);
        // Only a frozen object or a setter could refuse, and this one is new.
        let _ = Reflect::set(&values, &row.name.into(), &value);
    }
    let locked = settings.locked().iter().map(|setting| setting.name());
    object(&[
        ("values", values.into()),
        ("locked", texts(locked)),
        ("problems", list(&settings.problems, problem)),
    ])
}

fn entries(option: &'static str, value: &JsValue) -> Result<Vec<(String, JsValue)>> {
    let object = to_object(option, value.clone())?;
    let pair = |pair: JsValue| {
        let pair: Array = pair.unchecked_into();
        (pair.get(0).as_string().unwrap_or_default(), pair.get(1))
    };
    Ok(Object::entries(&object).iter().map(pair).collect())
}

/// What somebody chose for a setting.
fn value(name: &str, given: &JsValue) -> Result<Value> {
    let unknown = || unknown_setting(name);
    let setting = Setting::named(name).ok_or_else(unknown)?;
    let row = SETTINGS.iter().find(|row| row.setting == setting).ok_or_else(unknown)?;
    from_js(given, true).ok_or(wrong(row.name, row.kind.expected()))
}

fn from_js(value: &JsValue, may_be_list: bool) -> Option<Value> {
    if let Some(flag) = value.as_bool() {
        return Some(Value::Flag(flag));
    }
    if let Some(number) = value.as_f64() {
        let is_whole = number >= 0.0 && number.fract() == 0.0 && number < 1e15;
        return is_whole.then_some(Value::Number(number as u64));
    }
    if let Some(text) = value.as_string() {
        return Some(Value::Text(text));
    }
    let items = value.dyn_ref::<Array>().filter(|_| may_be_list)?;
    items.iter().map(|item| from_js(&item, false)).collect::<Option<_>>().map(Value::List)
}

fn to_js(value: &Value) -> JsValue {
    match value {
        Value::Flag(flag) => (*flag).into(),
        Value::Number(number) => (*number as f64).into(),
        Value::Text(text) => text.into(),
        Value::List(items) => list(items, to_js),
    }
}
