//! Live peers, both directions.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

#[path = "../common/mod.rs"]
mod common;
mod headers;
#[path = "../support/mails.rs"]
mod mails;
mod openssl;
mod openssl_recipients;
mod output;
mod protect;
mod readdress;
#[path = "../support/relay.rs"]
mod relay;
mod revocation;
mod roundtrip;
mod signatures;
mod trust;
