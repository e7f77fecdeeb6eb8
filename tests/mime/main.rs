//! Mails of every kind, signed, on their way, and damaged.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod charsets;
#[path = "../common/mod.rs"]
mod common;
mod damage;
mod diagnosis;
mod generated;
#[path = "../support/mails.rs"]
mod mails;
#[path = "../support/relay.rs"]
mod relay;
mod rewritten;
mod roundtrip;
mod view;
