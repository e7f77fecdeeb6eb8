//! Live peers, both directions.

#[path = "../common/mod.rs"]
mod common;
mod openssl;
