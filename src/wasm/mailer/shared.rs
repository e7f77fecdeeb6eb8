//! Shared accounts.

use wasm_bindgen::JsValue;

use super::context::Call;
use super::ways;
use crate::env::Env;
use crate::error::Result;
use crate::mailer::{Change, Member, NewShared, SharedChange, SharedView};
use crate::store::{Entry, id_of};
use crate::wasm::options::{Options, wrong};
use crate::wasm::values::{bytes, certificate, list, object, problem};

/// Characters of the name in a certificate (RFC 5280, appendix A.1, ub-common-name).
const LONGEST_NAME: usize = 64;

/// Characters of what a host calls somebody.
const LONGEST_CALL: usize = 200;

/// Whose a key for shared accounts is, where the host does not say.
const MEMBER: &str = "Member key";

pub(super) async fn inspect(env: &mut Env, call: Call) -> Result<JsValue> {
    let data = call.options(&["data"])?.bytes("data")?;
    Ok(view(&call.mailer(env).await.inspect_shared(env, &data).await?))
}

pub(super) async fn accept(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["data", "administrator", "isNewAdministrator"])?;
    let data = options.bytes("data")?;
    let administrator = match options.value("administrator")? {
        Some(_) => Some(options.certificate("administrator")?),
        None => None,
    };
    let is_new = options.optional_flag("isNewAdministrator")?.unwrap_or(false);
    if is_new && administrator.is_none() {
        return Err(wrong("isNewAdministrator", "given with an administrator"));
    }
    let epoch = call.epoch(env).await;
    let mailer = call.mailer(env).await;
    let accepted = mailer.accept_shared(env, &data, administrator.as_ref(), is_new).await?;
    call.keep_under(env, epoch, accepted.session).await?;
    Ok(view(&accepted.view))
}

pub(super) async fn list_accounts(env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    let (accounts, problems) = call.mailer(env).await.shared_accounts(env).await?;
    Ok(object(&[("entries", list(&accounts, view)), ("problems", list(&problems, problem))]))
}

pub(super) async fn share(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["account", "administrator", "ids", "members"])?;
    options.required("ids")?;
    options.required("members")?;
    let new = NewShared {
        account: options.text("account")?,
        administrator: options.text("administrator")?,
        identities: options.texts("ids")?,
        members: members(options, "members")?,
    };
    let epoch = call.epoch(env).await;
    let changed = call.mailer(env).await.share(env, new).await?;
    published(env, &call, epoch, changed).await
}

pub(super) async fn add_members(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["account", "members"])?;
    options.required("members")?;
    let change = Change { add: members(options, "members")?, ..Change::default() };
    changed(env, &call, options, change, "members").await
}

pub(super) async fn remove_members(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["account", "members"])?;
    options.required("members")?;
    let change = Change { remove: options.certificates("members")?, ..Change::default() };
    changed(env, &call, options, change, "members").await
}

pub(super) async fn replace_identities(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["account", "ids"])?;
    options.required("ids")?;
    let change = Change { identities: options.texts("ids")?, ..Change::default() };
    changed(env, &call, options, change, "ids").await
}

/// `name` is the option that says what is to change.
async fn changed(
    env: &mut Env,
    call: &Call,
    options: &Options,
    change: Change,
    name: &'static str,
) -> Result<JsValue> {
    let account = options.text("account")?;
    if change.is_empty() {
        return Err(wrong(name, "an array that is not empty"));
    }
    let epoch = call.epoch(env).await;
    let changed = call.mailer(env).await.change_shared(env, &account, change).await?;
    published(env, call, epoch, changed).await
}

pub(super) async fn member_key(env: &mut Env, call: Call) -> Result<JsValue> {
    call.options(&[])?;
    let found = call.mailer(env).await.member_key().await?;
    Ok(found.as_ref().map_or(JsValue::UNDEFINED, key))
}

pub(super) async fn create_member_key(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["name", "seal"])?;
    let name = options.optional_text("name")?;
    let name = name.as_deref().unwrap_or(MEMBER);
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(wrong("name", "a text of 1 to 64 characters"));
    }
    let way = ways::seal(options, "seal").await?;
    Ok(key(&call.mailer(env).await.create_member_key(env, name, &way).await?))
}

async fn published(
    env: &Env,
    call: &Call,
    epoch: Option<u64>,
    changed: SharedChange,
) -> Result<JsValue> {
    call.keep_under(env, epoch, changed.session).await?;
    Ok(object(&[
        ("data", bytes(&changed.data)),
        ("account", view(&changed.view)),
        ("problems", list(&changed.problems, problem)),
    ]))
}

fn members(options: &Options, name: &'static str) -> Result<Vec<Member>> {
    let member = |member: Options| {
        let member = member.allow(&["name", "certificate"], &[])?;
        let certificate = member.certificate("certificate")?;
        let name = member.optional_text("name")?.unwrap_or_default();
        match name.chars().count() <= LONGEST_CALL {
            true => Ok(Member { name, certificate }),
            false => Err(wrong("name", "a text of at most 200 characters")),
        }
    };
    options.objects(name)?.into_iter().map(member).collect()
}

fn view(view: &SharedView) -> JsValue {
    let statement = &view.account.statement;
    let members = list(&statement.members, |member| {
        object(&[
            ("name", member.name.as_str().into()),
            ("certificate", certificate(&member.certificate)),
        ])
    });
    let identities = list(&statement.identities, |identity| {
        let id = id_of(&identity.certificate);
        object(&[("id", id.into()), ("certificate", certificate(&identity.certificate))])
    });
    object(&[
        ("account", statement.account.as_str().into()),
        ("epoch", (statement.epoch as f64).into()),
        ("administrator", certificate(&view.account.administrator)),
        ("members", members),
        ("identities", identities),
        ("isMember", view.is_member.into()),
        ("isAdministrator", view.is_administrator.into()),
        ("problems", list(&view.problems, problem)),
    ])
}

fn key(entry: &Entry) -> JsValue {
    object(&[("id", entry.id.as_str().into()), ("certificate", certificate(&entry.certificate))])
}
