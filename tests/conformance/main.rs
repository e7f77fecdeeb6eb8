//! Outside vectors, from the folder that SMIME_VECTORS names.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod cases;
mod certificates;
#[path = "../common/mod.rs"]
mod common;
mod headers;
mod limbo;
mod openssl_paths;
mod paths;
mod pkits;
mod revocation;
mod signatures;
mod table;
mod thunderbird;
mod wycheproof;
mod wycheproof_content;
mod wycheproof_recipients;
mod wycheproof_secrets;
mod wycheproof_signatures;
