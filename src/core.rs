//! What S/MIME is computed with.
//!
//! A crate of its own, because it is compiled for speed and all above it for size. `smime-wasm`
//! re-exports its rooms, so that there they are named like all others.

pub mod asn1;
pub mod bytes;
pub mod cert;
pub mod crypto;
pub mod env;
pub mod error;
pub mod limits;
pub mod mime;
pub mod path;
