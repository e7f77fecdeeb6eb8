//! S/MIME 4.0 (RFC 8551) for mail modules that run in a browser.

pub mod cms;
pub mod mailer;
pub mod message;
pub mod pkcs12;
pub mod store;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use smime_core::{asn1, bytes, cert, crypto, env, error, limits, mime, path};
