//! What every verb of a mailer is called with.

use js_sys::Object;

use super::settings;
use crate::env::Env;
use crate::error::Result;
use crate::mailer::{Account, AccountKind, Context, Mailer};
use crate::store::Store;
use crate::wasm::options::Options;
use crate::wasm::session;
use crate::wasm::store::JsBackend;

/// What the package adds to each call from what `openMailer` was given.
const CONTEXT: &[&str] = &["database", "accounts", "trustAnchors", "policy"];

/// One call of a verb.
pub(super) struct Call {
    options: Options,
    pub(super) database: String,
    pub(super) store: Store<JsBackend>,
    pub(super) context: Context,
}

impl Call {
    pub(super) fn new(options: Options, host: &Object) -> Result<Call> {
        let context = Context {
            accounts: options
                .objects("accounts")?
                .into_iter()
                .map(account)
                .collect::<Result<_>>()?,
            trust_anchors: options.trust_anchors("trustAnchors")?,
            policy: settings::policy(&options)?,
        };
        Ok(Call {
            database: options.text("database")?,
            options,
            store: Store::new(JsBackend::of(host)?),
            context,
        })
    }

    /// The verb's own options; `known` are their names.
    pub(super) fn options(&self, known: &[&str]) -> Result<&Options> {
        self.options.check(&[CONTEXT, known].concat())?;
        Ok(&self.options)
    }

    /// The rules, with what is unlocked now.
    pub(super) async fn mailer(&self, env: &Env) -> Mailer<'_, JsBackend> {
        let session = session::current(env, &self.store, &self.database).await;
        Mailer::new(&self.store, &self.context, session)
    }
}

fn account(options: Options) -> Result<Account> {
    let options = options.allow(&["address", "aliases", "name", "kind"], &[])?;
    let kinds = [("personal", AccountKind::Personal), ("shared", AccountKind::Shared)];
    Ok(Account {
        address: options.text("address")?,
        aliases: options.texts("aliases")?,
        kind: options
            .choice("kind", "'personal' or 'shared'", &kinds)?
            .unwrap_or(AccountKind::Personal),
    })
}
