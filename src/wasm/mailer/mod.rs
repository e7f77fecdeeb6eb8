//! The verbs of a mailer. Each also has the options that `openMailer` was called with.

mod backup;
mod certificates;
mod context;
mod import;
mod keys;
mod readdress;
mod receive;
mod send;
mod settings;
mod shared;
mod storage;
mod ways;

use js_sys::Object;
use wasm_bindgen::JsValue;

use self::context::Call;
use super::options::Options;
use crate::env::Env;
use crate::error::{Error, Result};

/// Calls a verb by its name between the package and the module.
pub(super) async fn call(
    verb: &str,
    env: &mut Env,
    options: Options,
    host: &Object,
) -> Result<JsValue> {
    let call = Call::new(options, host)?;
    match verb {
        "mailerOpen" => keys::open(env, call).await,
        "mailerStorage" => storage::storage(env, call).await,
        "mailerBackup" => backup::backup(env, call).await,
        "mailerSynced" => backup::synced(env, call).await,
        "mailerRestore" => backup::restore(env, call).await,
        "mailerImportP12" => import::import_p12(env, call).await,
        "mailerUnlock" => keys::unlock(env, call).await,
        "mailerLockState" => keys::lock_state(env, call).await,
        "mailerReceive" => receive::open(env, call).await,
        "mailerArchive" => receive::archive(env, call).await,
        "mailerCheckArchived" => receive::check_archived(env, call).await,
        "mailerAcceptCertificate" => receive::accept_certificate(env, call).await,
        "mailerCertificates" => certificates::certificates(env, call).await,
        "mailerCertificate" => certificates::certificate(env, call).await,
        "mailerCheckCertificate" => certificates::check(env, call).await,
        "mailerImportCertificates" => certificates::import(env, call).await,
        "mailerSetTrust" => certificates::set_trust(env, call).await,
        "mailerExportCertificate" => certificates::export(env, call).await,
        "mailerExportP12" => certificates::export_p12(env, call).await,
        "mailerRemoval" => certificates::removal(env, call).await,
        "mailerRemoveCertificate" => certificates::remove(env, call).await,
        "mailerRemoveIdentity" => certificates::remove_identity(env, call).await,
        "mailerTrustAnchors" => certificates::trust_anchors(env, call).await,
        "mailerReminders" => certificates::reminders(env, call).await,
        "mailerPasskeys" => keys::passkeys(env, call).await,
        "mailerIdentities" => keys::identities(env, call).await,
        "mailerRecipients" => send::recipients(env, call).await,
        "mailerProtect" => send::protect(env, call).await,
        "mailerProtectDraft" => send::protect_draft(env, call).await,
        "mailerSettings" => settings::settings(env, call).await,
        "mailerChangeSettings" => settings::change(env, call).await,
        "mailerChangePassphrase" => keys::change_passphrase(env, call).await,
        "mailerAddUnlock" => keys::add_unlock(env, call).await,
        "mailerRemoveUnlock" => keys::remove_unlock(env, call).await,
        "mailerRenewKey" => keys::renew_key(env, call).await,
        "mailerReaddress" => readdress::readdress(env, call).await,
        "mailerInspectShared" => shared::inspect(env, call).await,
        "mailerAcceptShared" => shared::accept(env, call).await,
        "mailerSharedAccounts" => shared::list_accounts(env, call).await,
        "mailerShare" => shared::share(env, call).await,
        "mailerAddMembers" => shared::add_members(env, call).await,
        "mailerRemoveMembers" => shared::remove_members(env, call).await,
        "mailerReplaceIdentities" => shared::replace_identities(env, call).await,
        "mailerMemberKey" => shared::member_key(env, call).await,
        "mailerCreateMemberKey" => shared::create_member_key(env, call).await,
        _ => Err(Error::UsageUnknownVerb { verb: verb.to_owned() }),
    }
}
