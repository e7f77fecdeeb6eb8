//! What every verb of a mailer is called with.

use core::future::Future;
use core::pin::Pin;
use std::rc::Rc;

use js_sys::{Date, Object};

use super::settings;
use crate::env::{Env, KeyGuard, Time};
use crate::error::{Error, Result};
use crate::mailer::{Account, AccountKind, Context, Mailer, Session};
use crate::message::People;
use crate::store::{Held, Lock, Store};
use crate::wasm::options::{Options, wrong};
use crate::wasm::session::{self, Known, SharedKey};
use crate::wasm::store::JsBackend;

/// What the package adds to each call from what `openMailer` was given.
const CONTEXT: &[&str] = &["database", "accounts", "trustAnchors", "policy", "identities"];

/// What methods tell the module besides what they are given.
const UNSAID: &[&str] = &["cache", "fetch", "isSync", "requests", "whole"];

/// How often a call tries to keep what it unlocked, while others do too.
const ATTEMPTS: usize = 8;

/// One call of a verb.
pub(super) struct Call {
    options: Options,
    pub(super) database: String,
    pub(super) store: Store<JsBackend>,
    pub(super) context: Context,
    shared_key: Option<SharedKey>,
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
            identities: options.identities("identities")?,
        };
        Ok(Call {
            database: options.text("database")?,
            options,
            store: Store::new(JsBackend::of(host)?),
            context,
            shared_key: SharedKey::of(host),
        })
    }

    /// The verb's own options; `known` are their names.
    pub(super) fn options(&self, known: &[&str]) -> Result<&Options> {
        let (known, unsaid): (Vec<&str>, Vec<&str>) =
            known.iter().partition(|name| !UNSAID.contains(name));
        self.options.check(&known, &[CONTEXT, &unsaid].concat())?;
        Ok(&self.options)
    }

    /// The rules, with what is unlocked now. It counts as a use of that. The lock is read again before
    /// each use of a key.
    pub(super) async fn mailer(&self, env: &mut Env) -> Mailer<'_, JsBackend> {
        let (session, lock) = self.session(env).await;
        if let Some(lock) = lock.filter(|_| !session.is_empty()) {
            // Without, the lock expires sooner.
            let _ = self.store.prolong_lock(env, lock).await;
            let store = self.store.clone();
            let (began, at) = (env.clock(), Date::now());
            env.set_key_guard(Rc::new(LockGuard { store, epoch: lock.epoch, began, at }));
        }
        Mailer::new(&self.store, &self.context, session)
    }

    /// What is unlocked, and under which lock, if that can be read. Looking is no use.
    pub(super) async fn session(&self, env: &Env) -> (Session, Option<Lock>) {
        let (session, lock, _) = self.found(env).await;
        (session, lock)
    }

    /// The same with the revision of what is shared, which a page that is gone may have left.
    async fn found(&self, env: &Env) -> (Session, Option<Lock>, Option<u64>) {
        let known = session::known(&self.database);
        let Ok(Some(Held { lock, shared })) = self.store.held(env.clock()).await else {
            if let Some(known) = known {
                session::forget(&self.database, known.epoch);
            }
            return (Session::default(), None, None);
        };
        let found = shared.as_ref().map(|(revision, _)| *revision);
        let known = known.filter(|known| known.epoch == lock.epoch);
        let seen = known.as_ref().and_then(|known| known.revision);
        if let Some((revision, sealed)) = shared.filter(|(revision, _)| Some(*revision) != seen)
            && let Some(session) = self.resume(lock.epoch, &sealed).await
        {
            let (epoch, kept) = (lock.epoch, session.clone());
            let known = Known { epoch, revision: Some(revision), session: kept };
            session::keep(&self.database, known);
            return (session, Some(lock), found);
        }
        (known.map(|known| known.session).unwrap_or_default(), Some(lock), found)
    }

    /// The epoch of the lock that holds. What a call goes on with counts under the one it began under.
    pub(super) async fn epoch(&self, env: &Env) -> Option<u64> {
        self.session(env).await.1.map(|lock| lock.epoch)
    }

    /// As [`Call::keep`], if there was a lock that held.
    pub(super) async fn keep_under(
        &self,
        env: &Env,
        epoch: Option<u64>,
        session: Session,
    ) -> Result<()> {
        match epoch {
            Some(epoch) => self.keep(env, epoch, session).await,
            None => Ok(()),
        }
    }

    /// Keeps what is unlocked now, here and for the other tabs, with what calls at the same time have
    /// unlocked under the same lock.
    ///
    /// # Errors
    ///
    /// `store/conflict` if others are faster time and again, and those of the database.
    pub(super) async fn keep(&self, env: &Env, epoch: u64, session: Session) -> Result<()> {
        let mailer = Mailer::new(&self.store, &self.context, session);
        for _ in 0..ATTEMPTS {
            let (other, lock, seen) = self.found(env).await;
            if lock.is_none_or(|lock| lock.epoch != epoch) {
                return Ok(());
            }
            let before = self.known(epoch);
            let session = mailer.joined(&other).await?;
            let sealed = match &self.shared_key {
                Some(key) => key.seal(epoch, &session.to_secret()).await,
                None => None,
            };
            let revision = match sealed {
                Some(sealed) => match self.store.share(env, epoch, seen, &sealed).await {
                    Err(Error::StoreConflict) => continue,
                    shared => shared?,
                },
                None => seen,
            };
            // Another call of this page may have come first.
            if self.known(epoch).map(|known| known.session.to_secret())
                == before.map(|known| known.session.to_secret())
            {
                session::keep(&self.database, Known { epoch, revision, session });
                return Ok(());
            }
        }
        Err(Error::StoreConflict)
    }

    fn known(&self, epoch: u64) -> Option<Known> {
        session::known(&self.database).filter(|known| known.epoch == epoch)
    }

    async fn resume(&self, epoch: u64, sealed: &[u8]) -> Option<Session> {
        let secret = self.shared_key.as_ref()?.open(epoch, sealed).await?;
        let mailer = Mailer::new(&self.store, &self.context, Session::default());
        mailer.resume(&secret).await.ok()
    }
}

/// Refuses keys once the lock that a call began under is over.
#[derive(Debug)]
struct LockGuard {
    store: Store<JsBackend>,
    epoch: u64,
    /// When the call began, and what the system's clock showed then, in milliseconds.
    began: Time,
    at: f64,
}

impl KeyGuard for LockGuard {
    fn check(&self) -> Pin<Box<dyn Future<Output = Result<()>> + '_>> {
        Box::pin(async {
            let gone = (Date::now() - self.at) as i64;
            let now = Time::from_millis(self.began.as_millis().saturating_add(gone));
            self.store.check_lock(now, self.epoch).await.map(drop)
        })
    }
}

fn account(options: Options) -> Result<Account> {
    let options = options.allow(&["address", "aliases", "name", "kind"], &[])?;
    let kinds = [("personal", AccountKind::Personal), ("shared", AccountKind::Shared)];
    let (address, aliases) = (options.text("address")?, options.texts("aliases")?);
    if !core::iter::once(&address).chain(&aliases).all(|one| People::is_address(one)) {
        return Err(wrong("accounts", "mailboxes with addresses like name@example.com"));
    }
    Ok(Account {
        address,
        aliases,
        name: options.optional_text("name")?,
        kind: options
            .choice("kind", "'personal' or 'shared'", &kinds)?
            .unwrap_or(AccountKind::Personal),
    })
}
