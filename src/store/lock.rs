//! The lock of a database, and what its tabs share until it locks.
//!
//! The lock is read before each use of a private key, and whatever keeps it from being read, the key is
//! not used.

use super::record::{LOCK_ID, Lock, SESSION_ID, SharedSession};
use super::{Backend, Change, Query, Record, Store, Table, put};
use crate::env::{Env, Time};
use crate::error::{Error, Result};

/// Milliseconds by which a clock may be put right without locking anything; more where the lock is for long.
const CLOCK_STEP: u64 = 1000;

/// What a page needs to go on with what another one unlocked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The lock, which holds.
    pub lock: Lock,
    /// What is shared under it, and the revision of that.
    pub shared: Option<(u64, Vec<u8>)>,
}

impl<B: Backend> Store<B> {
    /// Lets what is unlocked now, and what was before, be used for `lock_after` milliseconds; with `idle`
    /// for as long after each use.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn begin_lock(
        &self,
        env: &mut Env,
        lock_after: u64,
        idle: Option<u64>,
    ) -> Result<Lock> {
        let (fresh, now) = (random_epoch(env), env.clock());
        let expires = after(now, lock_after);
        self.update_lock(now, |lock| match lock {
            Some(lock) if lock.holds(now) => Some(Lock { expires, idle, ..lock }),
            // What was unlocked before the lock expired has to stay locked.
            _ => Some(Lock { epoch: fresh, expires, idle }),
        })
        .await
    }

    /// Notes a use of what is unlocked. It is written only now and then: a use in vain costs nothing.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`]; then the lock expires as if nothing had been used.
    pub async fn prolong_lock(&self, env: &Env, lock: Lock) -> Result<Lock> {
        let Some(idle) = lock.idle else { return Ok(lock) };
        let (now, expires) = (env.clock(), after(env.clock(), idle));
        let gain = expires.as_millis().saturating_sub(lock.expires.as_millis());
        if gain.unsigned_abs() <= idle / 16 || gain < 0 {
            return Ok(lock);
        }
        self.update_lock(now, |current| {
            let holds = current.filter(|one| one.epoch == lock.epoch && one.holds(now))?;
            (holds.expires < expires).then_some(Lock { expires, ..holds })
        })
        .await
    }

    /// Locks everything that is unlocked, in all tabs.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn lock(&self, env: &mut Env) -> Result<()> {
        let (epoch, now) = (random_epoch(env), env.clock());
        self.update(&query(), |records| {
            let previous = find(records, LOCK_ID);
            let lock = Lock { epoch, expires: now, idle: None };
            let mut changes = vec![put(lock.to_record(previous, now)?, previous)];
            if let Some(Record { id, revision, .. }) = find(records, SESSION_ID) {
                let (table, id) = (Table::Meta, id.clone());
                changes.push(Change::Remove { table, id, expected: *revision });
            }
            Ok((changes, ()))
        })
        .await
    }

    /// Whether what was unlocked in this epoch may be used, and until when.
    ///
    /// # Errors
    ///
    /// `identity/locked`, also if the lock can't be read.
    pub async fn check_lock(&self, now: Time, epoch: u64) -> Result<Time> {
        match self.held(now).await {
            Ok(Some(Held { lock, .. })) if lock.epoch == epoch => Ok(lock.expires),
            _ => Err(Error::IdentityLocked),
        }
    }

    /// Until when what was unlocked in this epoch may be used, as [`Store::check_lock`]. Once it may not, it
    /// never may again, wherever the clock is put.
    ///
    /// # Errors
    ///
    /// `identity/locked`, also if the lock can't be read.
    pub async fn watch_lock(&self, env: &mut Env, epoch: u64) -> Result<Time> {
        let checked = self.check_lock(env.clock(), epoch).await;
        if checked.is_err() {
            let (fresh, now) = (random_epoch(env), env.clock());
            // If it can't be written, it is refused by the clock, as before.
            let _ = self
                .update_lock(now, |lock| {
                    let over = lock.filter(|lock| lock.epoch == epoch && !lock.holds(now))?;
                    Some(Lock { epoch: fresh, expires: now, ..over })
                })
                .await;
        }
        checked
    }

    /// The lock, if it holds, and what is shared under it.
    ///
    /// # Errors
    ///
    /// `malformed/record`, and those of [`Backend`].
    pub async fn held(&self, now: Time) -> Result<Option<Held>> {
        let records = self.backend.read(&query()).await?;
        let Some(lock) = find(&records, LOCK_ID).map(Lock::from_record).transpose()? else {
            return Ok(None);
        };
        if !lock.holds(now) {
            return Ok(None);
        }
        let shared = find(&records, SESSION_ID).and_then(|record| {
            let shared = SharedSession::from_record(record).ok()?;
            (shared.epoch == lock.epoch).then_some((record.revision, shared.sealed))
        });
        Ok(Some(Held { lock, shared }))
    }

    /// Leaves something for other tabs, sealed by a key that is stored nowhere, in the place of what was
    /// `seen`. The answer is its revision; `None` if the epoch is over.
    ///
    /// # Errors
    ///
    /// `store/conflict` if under this epoch another revision is there than was seen, and those of
    /// [`Backend`].
    pub async fn share(
        &self,
        env: &Env,
        epoch: u64,
        seen: Option<u64>,
        sealed: &[u8],
    ) -> Result<Option<u64>> {
        let now = env.clock();
        self.update(&query(), |records| {
            let lock = find(records, LOCK_ID).map(Lock::from_record).transpose()?;
            if !lock.is_some_and(|lock| lock.epoch == epoch && lock.holds(now)) {
                return Ok((Vec::new(), None));
            }
            let previous = find(records, SESSION_ID);
            let other = previous.filter(|record| Some(record.revision) != seen);
            let other = other.and_then(|record| SharedSession::from_record(record).ok());
            if other.is_some_and(|other| other.epoch == epoch) {
                return Err(Error::StoreConflict);
            }
            let shared = SharedSession { epoch, sealed: sealed.to_vec() };
            let record = shared.to_record(previous, now)?;
            let revision = record.revision;
            Ok((vec![put(record, previous)], Some(revision)))
        })
        .await
    }

    /// Commits what `change` makes of the lock; nothing if it makes nothing.
    async fn update_lock(
        &self,
        now: Time,
        change: impl Fn(Option<Lock>) -> Option<Lock>,
    ) -> Result<Lock> {
        self.update(&Query::Ids(Table::Meta, vec![LOCK_ID.to_owned()]), |records| {
            let previous = records.first();
            let lock = match previous.map(Lock::from_record).transpose() {
                // A damaged lock opens nothing, and is no reason never to unlock again.
                Err(Error::MalformedRecord { .. }) => None,
                read => read?,
            };
            match (change(lock), lock) {
                (Some(next), _) => Ok((vec![put(next.to_record(previous, now)?, previous)], next)),
                (None, Some(lock)) => Ok((Vec::new(), lock)),
                (None, None) => Err(Error::IdentityLocked),
            }
        })
        .await
    }
}

impl Lock {
    /// Whether what it locks may be used. Each use allows another `idle` milliseconds at most: where more
    /// are left, the clock was put back, and nobody knows for how long nothing was used.
    fn holds(&self, now: Time) -> bool {
        let left = self.expires.as_millis().saturating_sub(now.as_millis());
        let most = self.idle.map(|idle| idle.saturating_add(CLOCK_STEP.max(idle / 16)));
        left > 0 && most.is_none_or(|most| left.unsigned_abs() <= most)
    }
}

fn query() -> Query {
    Query::Ids(Table::Meta, vec![LOCK_ID.to_owned(), SESSION_ID.to_owned()])
}

fn find<'a>(records: &'a [Record], id: &str) -> Option<&'a Record> {
    records.iter().find(|record| record.id == id)
}

fn after(now: Time, millis: u64) -> Time {
    let millis = i64::try_from(millis).unwrap_or(i64::MAX);
    Time::from_millis(now.as_millis().saturating_add(millis))
}

/// 48 bits: they pass through JavaScript unharmed, and never meet twice. Counting instead would give
/// a database that was deleted and made again the epochs of the old one.
fn random_epoch(env: &mut Env) -> u64 {
    env.random::<6>().iter().fold(0, |epoch, &byte| epoch << 8 | u64::from(byte))
}
