//! S/MIME 4.0 (RFC 8551) for mail modules that run in a browser.

pub mod asn1;
pub mod bytes;
pub mod cert;
pub mod cms;
pub mod crypto;
pub mod env;
pub mod error;
pub mod limits;
pub mod mailer;
pub mod message;
pub mod mime;
pub mod path;
pub mod pkcs12;
pub mod store;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
