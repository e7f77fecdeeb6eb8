//! S/MIME 4.0 (RFC 8551) for mail modules that run in a browser.

pub mod env;
pub mod error;
pub mod limits;
