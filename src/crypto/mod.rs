//! The only room that names a cryptographic primitive. Every generic of the primitive crates is
//! instantiated here, behind plain types and functions.
//!
//! Private-key operations and key derivations are `async`: in a browser they may be answered by
//! SubtleCrypto, and long ones pause.

mod aead;
pub mod algorithms;
mod cbc;
mod digest;
mod kdf;
mod key_wrap;
mod rsa;
#[cfg(target_arch = "wasm32")]
mod webcrypto;

pub use self::aead::{aead_open_content, gcm_open, gcm_seal, gcm_seal_content};
pub use self::algorithms::{GCM_NONCE, GCM_TAG};
pub use self::cbc::{CbcDecryptor, CbcEncryptor, cbc_encrypt};
pub use self::digest::{Digester, Hmac};
pub use self::kdf::{Argon2Cost, Pkcs12Purpose, argon2id, hkdf, pbkdf2, pkcs12_kdf, x963_kdf};
pub use self::key_wrap::pwri_unwrap;
pub use self::rsa::{KeyTransport, OaepParameters, PrivateKey, PublicKey, SignatureCheck};

/// Whether two byte strings are equal, in time that depends on their lengths only.
pub fn ct_eq(a: &[u8], b: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(a, b).into()
}
