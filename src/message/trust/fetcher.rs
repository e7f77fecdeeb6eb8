//! Fetching, by whoever can: this crate does no I/O.

use core::future::Future;
use core::pin::Pin;

use crate::bytes::sort_by;
use crate::env::Time;
use crate::error::{Detail, Problem, ProblemCode};
use crate::limits::Limits;
use crate::path::revocation::is_fetchable;

/// Who fetches for this crate, and keeps what was fetched. What goes wrong there is nothing found.
pub trait Fetcher: core::fmt::Debug {
    /// Whether it fetches at all, or only has what was kept.
    fn can_fetch(&self) -> bool {
        true
    }

    /// Asks for what is at an address. A redirect is answered, never followed: the new address has to
    /// be looked at first.
    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> Fetching<'a, Fetched>;

    /// What was kept by this key, if it still is.
    fn cached<'a>(&'a self, key: &'a str) -> Fetching<'a, Option<Vec<u8>>>;

    /// Keeps data, which anybody may know, until a moment.
    fn keep<'a>(&'a self, key: &'a str, data: &'a [u8], until: Time) -> Fetching<'a, ()>;
}

/// What a fetcher answers, when it does.
pub type Fetching<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What to fetch.
#[derive(Clone, Copy, Debug)]
pub struct FetchRequest<'a> {
    /// Http or https, at a host that is public as far as the address says.
    pub url: &'a str,
    /// What it is.
    pub kind: FetchKind,
    /// What to send by POST; without it, it is a GET.
    pub body: Option<&'a [u8]>,
    /// More bytes are of no use.
    pub max_bytes: usize,
    /// When to give up.
    pub timeout_millis: u64,
}

/// What is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FetchKind {
    /// A CRL (RFC 5280, 4.2.1.13).
    Crl,
    /// An OCSP response (RFC 6960, A.1).
    Ocsp,
    /// Certificates of an issuer (RFC 5280, 4.2.2.1).
    Certificates,
}

impl FetchKind {
    /// The Accept header field.
    pub fn accept(self) -> &'static str {
        match self {
            FetchKind::Crl => "application/pkix-crl, */*",
            FetchKind::Ocsp => "application/ocsp-response",
            FetchKind::Certificates => "application/pkix-cert, application/pkcs7-mime, */*",
        }
    }

    /// The Content-Type header field of what is sent.
    pub fn content_type(self) -> Option<&'static str> {
        match self {
            FetchKind::Ocsp => Some("application/ocsp-request"),
            FetchKind::Crl | FetchKind::Certificates => None,
        }
    }

    fn max_bytes(self, limits: &Limits) -> usize {
        match self {
            FetchKind::Crl => limits.crl_bytes,
            FetchKind::Ocsp => limits.ocsp_bytes,
            FetchKind::Certificates => limits.issuer_bytes,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// It.
    Data(Vec<u8>),
    /// It is elsewhere, at this absolute address.
    Redirect(String),
    /// Nothing, or nobody answered.
    Nothing,
    /// Nothing, because whoever fetches failed.
    Failed,
    /// Neither data nor an address: whoever fetches is mistaken.
    NotBytes,
    /// More than is of use.
    TooLarge,
    /// Nobody answered in time.
    TooSlow,
}

/// The outside as one call may use it.
#[derive(Debug)]
pub(super) struct Network<'a> {
    fetcher: Option<&'a dyn Fetcher>,
    may_fetch: bool,
    limits: Limits,
    fetches: usize,
    bytes: usize,
    /// Addresses that would have been asked.
    withheld: Vec<String>,
    /// Problems of those that were.
    failures: Vec<Problem>,
}

impl<'a> Network<'a> {
    pub(super) fn new(
        fetcher: Option<&'a dyn Fetcher>,
        may_fetch: bool,
        limits: &Limits,
    ) -> Network<'a> {
        Network {
            fetcher,
            may_fetch,
            limits: *limits,
            fetches: limits.fetches,
            bytes: limits.fetch_bytes,
            withheld: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Whether there is anybody to ask, or what was kept.
    pub(super) fn is_open(&self) -> bool {
        self.fetcher.is_some()
    }

    /// What is at an address, over redirects.
    pub(super) async fn get(
        &mut self,
        kind: FetchKind,
        url: &str,
        body: Option<&[u8]>,
    ) -> Option<Vec<u8>> {
        let fetcher = self.fetcher.filter(|fetcher| fetcher.can_fetch())?;
        if !is_fetchable(url) {
            return None;
        }
        if !self.may_fetch {
            self.withheld.push(url.to_owned());
            return None;
        }
        let mut address = url.to_owned();
        for _ in 0..=self.limits.fetch_redirects {
            if !is_fetchable(&address) {
                return self.fail(url, "redirect-refused");
            }
            let max_bytes = kind.max_bytes(&self.limits).min(self.bytes);
            if self.fetches <= self.kept_back(kind) || max_bytes == 0 {
                return self.fail(url, "limit");
            }
            self.fetches -= 1;
            let timeout_millis = self.limits.fetch_millis;
            let request = FetchRequest { url: &address, kind, body, max_bytes, timeout_millis };
            match fetcher.fetch(request).await {
                Fetched::Data(data) if data.len() > max_bytes => {
                    return self.fail(url, "too-large");
                }
                Fetched::Data(data) => {
                    self.bytes -= data.len();
                    return Some(data);
                }
                Fetched::Redirect(next) => address = next,
                Fetched::Nothing => return self.fail(url, "nothing-there"),
                Fetched::Failed => return self.fail(url, "failed"),
                Fetched::NotBytes => return self.fail(url, "not-bytes"),
                Fetched::TooLarge => return self.fail(url, "too-large"),
                Fetched::TooSlow => return self.fail(url, "too-slow"),
            }
        }
        self.fail(url, "too-many-redirects")
    }

    /// Requests that are not for this. Anybody can name addresses of issuers; half of the requests are
    /// kept for revocation, so that nobody uses up those that would have told of theirs.
    fn kept_back(&self, kind: FetchKind) -> usize {
        match kind {
            FetchKind::Certificates => self.limits.fetches / 2,
            FetchKind::Crl | FetchKind::Ocsp => 0,
        }
    }

    /// Takes note of an address whose answer is of no use.
    pub(super) fn fail<T>(&mut self, url: &str, reason: &'static str) -> Option<T> {
        self.failures.push(
            Problem::new(ProblemCode::FetchFailed)
                .with_text("url", url)
                .with_text("reason", reason),
        );
        None
    }

    pub(super) async fn cached(&self, key: &str) -> Option<Vec<u8>> {
        self.fetcher?.cached(key).await
    }

    pub(super) async fn keep(&self, key: &str, data: &[u8], until: Time) {
        if let Some(fetcher) = self.fetcher {
            fetcher.keep(key, data, until).await;
        }
    }

    /// What there is to tell since the last time this was asked.
    pub(super) fn take_problems(&mut self) -> Vec<Problem> {
        let mut problems = core::mem::take(&mut self.failures);
        let mut withheld = core::mem::take(&mut self.withheld);
        if !withheld.is_empty() {
            sort_by(&mut withheld, Ord::cmp);
            withheld.dedup();
            let withheld_problem = Problem::new(ProblemCode::FetchWithheld);
            problems.push(withheld_problem.with("urls", Detail::List(withheld)));
        }
        problems
    }
}
