//! [`Job`]: one call of one verb, driven by JavaScript.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};

use crate::env::host::{Host, settle, take_waiting};
use crate::env::{Env, Time};
use crate::error::{Error, Result};

use super::options::Options;
use super::values::{error, object};
use super::verbs;

type Running = Pin<Box<dyn Future<Output = Result<JsValue>>>>;

/// One call of one verb. `poll` advances it; freeing it is how it is cancelled.
#[wasm_bindgen]
pub struct Job {
    state: State,
}

enum State {
    /// Nothing has run yet, so that whatever goes wrong is told by `poll`.
    New {
        verb: String,
        options: JsValue,
        host: JsValue,
    },
    Running(Running),
    Over,
}

#[wasm_bindgen]
impl Job {
    /// Takes the arguments as they are; the first `poll` reads them.
    #[wasm_bindgen(constructor)]
    pub fn new(verb: String, options: JsValue, host: JsValue) -> Job {
        Job { state: State::New { verb, options, host } }
    }

    /// Advances the call and answers with a `Step`. The first time without arguments; after a step
    /// `waiting` with `true` and the value its promise was fulfilled with, or `false` and the reason
    /// it was rejected with.
    pub fn poll(&mut self, settled: Option<bool>, value: JsValue) -> JsValue {
        let mut future: Running = match core::mem::replace(&mut self.state, State::Over) {
            State::New { verb, options, host } => Box::pin(start(verb, options, host)),
            State::Running(future) => future,
            State::Over => return failed(&Error::Internal { what: "a job polled after its end" }),
        };
        if let Some(fulfilled) = settled {
            settle(if fulfilled { Ok(value) } else { Err(value) });
        }
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(value)) => object(&[("state", "done".into()), ("value", value)]),
            Poll::Ready(Err(error)) => failed(&error),
            Poll::Pending => match take_waiting() {
                Some(promise) => {
                    self.state = State::Running(future);
                    object(&[("state", "waiting".into()), ("promise", promise.into())])
                }
                None => failed(&Error::Internal { what: "a job waits for nothing" }),
            },
        }
    }
}

async fn start(verb: String, options: JsValue, host: JsValue) -> Result<JsValue> {
    let host_object: Object = host.clone().unchecked_into();
    let options = Options::new(options, host_object.clone())?;
    let now = Reflect::get(&host, &"now".into()).ok().and_then(|now| now.as_f64());
    let now = now.ok_or(Error::Internal { what: "the host has no clock" })?;
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut())
        .map_err(|_| Error::Internal { what: "the system gives no randomness" })?;
    let mut env = Env::new(Time::from_millis(now as i64), &seed, options.limits());
    let clock = Reflect::get(&host, &"clock".into()).ok().and_then(|clock| clock.as_f64());
    env.set_clock(Time::from_millis(clock.unwrap_or(now) as i64));
    env.set_host(Host::new(host)?);
    verbs::call(&verb, &mut env, options, host_object).await
}

fn failed(reason: &Error) -> JsValue {
    object(&[("state", "failed".into()), ("error", error(reason))])
}
