//! The only room that names a cryptographic primitive. Every generic of the primitive crates is
//! instantiated here, behind plain types and functions.
//!
//! Private-key operations and key derivations are `async`: in a browser they may be answered by
//! SubtleCrypto, and long ones pause.

mod aead;
pub mod algorithms;
mod cbc;
mod digest;
mod dsa;
mod ec;
mod ed25519;
mod external;
mod kdf;
mod key_agreement;
mod key_wrap;
mod ml_dsa;
mod ml_kem;
mod private_key;
mod public_key;
mod rsa;
mod secret;
mod signature;
#[cfg(target_arch = "wasm32")]
mod webcrypto;
mod x25519;

pub use self::aead::{aead_open_content, begin_aead_check, gcm_open, gcm_seal, gcm_seal_content};
pub use self::algorithms::{Curve, GCM_NONCE, GCM_TAG};
pub use self::cbc::{CbcDecryptor, CbcEncryptor, cbc_encrypt};
pub use self::digest::{Digester, Hmac};
pub use self::dsa::DsaPublicKey;
pub use self::ec::EcPublicKey;
pub use self::ed25519::Ed25519PublicKey;
pub use self::external::{Answer, KeyHolder, Operation, Request};
pub use self::kdf::{
    Argon2Cost, Pkcs12Purpose, ScryptCost, argon2id, hkdf, pbkdf2, pkcs12_kdf, scrypt, x963_kdf,
};
pub use self::key_agreement::EphemeralKey;
pub use self::key_wrap::pwri_unwrap;
pub use self::ml_dsa::MlDsaPublicKey;
pub use self::ml_kem::MlKemPublicKey;
pub use self::private_key::PrivateKey;
pub use self::public_key::{KeyManagement, PublicKey};
pub use self::rsa::{KeyTransport, OaepParameters, PssParameters, RsaPublicKey, RsaUsage};
pub use self::secret::SecretBytes;
pub use self::signature::{RsaScheme, SignatureAlgorithm, SignatureCheck, Signed};
pub use self::x25519::X25519PublicKey;

/// Whether two byte strings are equal, in time that depends on their lengths only.
pub fn ct_eq(a: &[u8], b: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(a, b).into()
}
