//! Fetching through the host: `host.fetch`, `host.cacheGet` and `host.cachePut`, see ARCHITECTURE.md,
//! "The boundary". What is absent there finds nothing; what rejects does neither.

use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::env::Time;
use crate::env::host::settled;
use crate::message::{FetchRequest, Fetched, Fetcher, Fetching};

use super::values::{bytes, object};

/// The functions of one call's host.
#[derive(Debug)]
pub(super) struct JsFetcher {
    host: Object,
    fetch: Option<Function>,
    cache_get: Option<Function>,
    cache_put: Option<Function>,
}

impl JsFetcher {
    /// `None` if the host neither fetches nor keeps anything.
    pub(super) fn of(host: &Object) -> Option<JsFetcher> {
        let function = |name: &str| Reflect::get(host, &name.into()).ok()?.dyn_into().ok();
        let fetcher = JsFetcher {
            host: host.clone(),
            fetch: function("fetch"),
            cache_get: function("cacheGet"),
            cache_put: function("cachePut"),
        };
        (fetcher.fetch.is_some() || fetcher.cache_get.is_some()).then_some(fetcher)
    }

    /// What a function answers, or why it does not. `undefined` where it is not there.
    async fn call(
        &self,
        function: Option<&Function>,
        arguments: [JsValue; 3],
    ) -> Result<JsValue, JsValue> {
        let [first, second, third] = arguments;
        let Some(function) = function else { return Ok(JsValue::UNDEFINED) };
        let promise = function.call3(&self.host, &first, &second, &third)?;
        settled(promise.dyn_into::<Promise>()?).await
    }
}

impl Fetcher for JsFetcher {
    fn can_fetch(&self) -> bool {
        self.fetch.is_some()
    }

    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> Fetching<'a, Fetched> {
        Box::pin(async move {
            let arguments = [request.url.into(), to_js(&request), JsValue::UNDEFINED];
            match self.call(self.fetch.as_ref(), arguments).await {
                Ok(found) => fetched(&found).unwrap_or(Fetched::Nothing),
                Err(reason) => match reason.as_string().as_deref() {
                    Some("not-bytes") => Fetched::NotBytes,
                    Some("too-large") => Fetched::TooLarge,
                    Some("too-slow") => Fetched::TooSlow,
                    _ => Fetched::Failed,
                },
            }
        })
    }

    fn cached<'a>(&'a self, key: &'a str) -> Fetching<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let arguments = [key.into(), JsValue::UNDEFINED, JsValue::UNDEFINED];
            let found = self.call(self.cache_get.as_ref(), arguments).await.ok()?;
            Some(found.dyn_ref::<Uint8Array>()?.to_vec())
        })
    }

    fn keep<'a>(&'a self, key: &'a str, data: &'a [u8], until: Time) -> Fetching<'a, ()> {
        Box::pin(async move {
            let arguments = [key.into(), bytes(data), (until.as_millis() as f64).into()];
            // What is not kept is fetched again.
            let _ = self.call(self.cache_put.as_ref(), arguments).await;
        })
    }
}

/// `{ method, body, headers, maxBytes, timeout }`; `timeout` in milliseconds.
fn to_js(request: &FetchRequest<'_>) -> JsValue {
    let content_type = match (request.body, request.kind.content_type()) {
        (Some(_), Some(content_type)) => content_type.into(),
        _ => JsValue::UNDEFINED,
    };
    let headers = [("Accept", request.kind.accept().into()), ("Content-Type", content_type)];
    object(&[
        ("method", if request.body.is_some() { "POST" } else { "GET" }.into()),
        ("body", request.body.map_or(JsValue::UNDEFINED, bytes)),
        ("headers", object(&headers)),
        ("maxBytes", (request.max_bytes as f64).into()),
        ("timeout", (request.timeout_millis as f64).into()),
    ])
}

/// `Uint8Array | { redirect: string } | null`
fn fetched(found: &JsValue) -> Option<Fetched> {
    if let Some(data) = found.dyn_ref::<Uint8Array>() {
        return Some(Fetched::Data(data.to_vec()));
    }
    let redirect = Reflect::get(found.dyn_ref::<Object>()?, &"redirect".into()).ok()?;
    redirect.as_string().map(Fetched::Redirect)
}
