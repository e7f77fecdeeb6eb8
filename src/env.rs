//! What a verb may know of the world: the time, randomness, limits, and when to pause.
//!
//! Nothing below `wasm/` reads a clock or the system's randomness by itself, so a test can pin both.

use core::fmt::Debug;
use core::future::Future;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use std::rc::Rc;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::limits::Limits;

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// From milliseconds since 1970, as JavaScript counts.
    pub const fn from_millis(millis: i64) -> Time {
        Time(millis)
    }

    /// From seconds since 1970.
    pub const fn from_secs(secs: i64) -> Time {
        Time(secs.saturating_mul(1_000))
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000)
    }
}

/// Whoever says whether private keys that were unlocked may still be used.
pub trait KeyGuard: Debug {
    /// # Errors
    ///
    /// `identity/locked`.
    fn check(&self) -> Pin<Box<dyn Future<Output = Result<()>> + '_>>;
}

/// The world as one call of one verb sees it.
#[derive(Debug)]
pub struct Env {
    now: Time,
    clock: Time,
    rng: ChaCha20Rng,
    limits: Limits,
    key_guard: Option<Rc<dyn KeyGuard>>,
    #[cfg(target_arch = "wasm32")]
    host: Option<host::Host>,
}

impl Env {
    /// `seed` must be fresh from the system's generator for every call; two calls with one seed
    /// repeat keys and nonces.
    pub fn new(now: Time, seed: &[u8; 32], limits: Limits) -> Env {
        Env {
            now,
            clock: now,
            rng: ChaCha20Rng::from_seed(*seed),
            limits,
            key_guard: None,
            #[cfg(target_arch = "wasm32")]
            host: None,
        }
    }

    /// Has `guard` asked before each use of a private key that is here.
    pub fn set_key_guard(&mut self, guard: Rc<dyn KeyGuard>) {
        self.key_guard = Some(guard);
    }

    /// Whether private keys may be used at this moment: what was unlocked when the call began may have been
    /// locked since, by another tab or by itself.
    ///
    /// # Errors
    ///
    /// `identity/locked`.
    pub async fn check_key_use(&self) -> Result<()> {
        match &self.key_guard {
            Some(guard) => guard.check().await,
            None => Ok(()),
        }
    }

    /// Connects the environment with the JavaScript that drives the job.
    #[cfg(target_arch = "wasm32")]
    pub fn set_host(&mut self, host: host::Host) {
        self.host = Some(host);
    }

    /// The moment for which this call answers.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The moment it is, also where a call is to answer for another one: for what expires by itself.
    pub fn clock(&self) -> Time {
        self.clock
    }

    /// Says what moment it is, where that is not [`Env::now`].
    pub fn set_clock(&mut self, clock: Time) {
        self.clock = clock;
    }

    /// The caps on input.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The generator of this call.
    pub fn rng(&mut self) -> &mut ChaCha20Rng {
        &mut self.rng
    }

    /// `N` random bytes that are wiped when dropped.
    pub fn random<const N: usize>(&mut self) -> Zeroizing<[u8; N]> {
        let mut bytes = Zeroizing::new([0; N]);
        self.rng.fill_bytes(bytes.as_mut());
        bytes
    }

    /// `len` random bytes that are wiped when dropped.
    pub fn random_vec(&mut self, len: usize) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(vec![0; len]);
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// Tells the host how far the work is, in bytes or iterations, and lets it pause or end it.
    /// Long loops call this every 64 KiB or few milliseconds; a call that does not pause costs about
    /// as much as a function call into JavaScript.
    pub async fn tick(&mut self, done: u64, total: u64) -> Result<()> {
        #[cfg(target_arch = "wasm32")]
        if let Some(host) = self.host.clone() {
            return host.tick(done, total).await;
        }
        let _ = (done, total);
        Ok(())
    }
}

/// Runs a future that does not wait for anything outside, which natively all of this crate's are.
///
/// # Errors
///
/// `internal/pending` if the future waits after all.
pub fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => Err(Error::Internal { what: "a native future waited" }),
    }
}

/// How the module talks to the JavaScript that drives it.
#[cfg(target_arch = "wasm32")]
pub mod host {
    use core::cell::RefCell;
    use core::future::poll_fn;
    use core::task::Poll;

    use js_sys::{Function, Promise, Reflect};
    use wasm_bindgen::{JsCast, JsValue};

    use crate::error::{Error, Result};

    /// What JavaScript gives along with a job.
    #[derive(Clone, Debug)]
    pub struct Host {
        object: JsValue,
        tick: Function,
    }

    impl Host {
        /// From the object described in ARCHITECTURE.md, "The boundary".
        ///
        /// # Errors
        ///
        /// `internal/fault` if the object has no `tick`.
        pub fn new(object: JsValue) -> Result<Host> {
            let tick = Reflect::get(&object, &"tick".into())
                .ok()
                .and_then(|value| value.dyn_into::<Function>().ok())
                .ok_or(Error::Internal { what: "the host has no tick" })?;
            Ok(Host { object, tick })
        }

        pub(super) async fn tick(&self, done: u64, total: u64) -> Result<()> {
            let (done, total) = (JsValue::from(done as f64), JsValue::from(total as f64));
            let answer =
                self.tick.call2(&self.object, &done, &total).map_err(|_| Error::Aborted)?;
            match answer.dyn_into::<Promise>() {
                Ok(promise) => settled(promise).await.map(drop).map_err(|_| Error::Aborted),
                Err(_) => Ok(()),
            }
        }
    }

    enum Slot {
        Empty,
        Waiting(Promise),
        Settled(core::result::Result<JsValue, JsValue>),
    }

    std::thread_local! {
        /// The one promise the job now being polled waits for, and later its outcome. One slot is
        /// enough: a job waits for one thing at a time, and `poll` fills and empties it.
        static SLOT: RefCell<Slot> = const { RefCell::new(Slot::Empty) };
    }

    /// Waits for a promise.
    ///
    /// # Errors
    ///
    /// The reason the promise was rejected with.
    pub async fn settled(promise: Promise) -> core::result::Result<JsValue, JsValue> {
        SLOT.set(Slot::Waiting(promise));
        poll_fn(|_| match SLOT.replace(Slot::Empty) {
            Slot::Settled(outcome) => Poll::Ready(outcome),
            waiting => {
                SLOT.set(waiting);
                Poll::Pending
            }
        })
        .await
    }

    /// For the driver: what the polled future waits for.
    pub fn take_waiting() -> Option<Promise> {
        match SLOT.replace(Slot::Empty) {
            Slot::Waiting(promise) => Some(promise),
            Slot::Empty | Slot::Settled(_) => None,
        }
    }

    /// For the driver: the outcome of what [`take_waiting`] gave, before the next poll.
    pub fn settle(outcome: core::result::Result<JsValue, JsValue>) {
        SLOT.set(Slot::Settled(outcome));
    }
}
