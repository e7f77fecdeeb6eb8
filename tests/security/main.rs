//! One file for each attack.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod altered_messages;
mod author;
mod certificates;
#[path = "../common/mod.rs"]
mod common;
mod compressed;
mod content_encryption;
mod damaged_input;
mod exhaustion;
mod fetching;
mod oracle;
mod oracle_recipients;
mod path_rules;
mod path_search;
mod revocation;
mod roots;
mod signature_schemes;
mod signed_attributes;
mod signers;
