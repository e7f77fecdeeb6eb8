//! The ways to unlock an identity: a passphrase, a passkey, a key of this device. Each becomes a
//! key-encryption key, by parameters that stand beside what it wraps:
//!
//! ```text
//! Argon2id ::= SEQUENCE {               -- "argon2id": a passphrase (RFC 9106)
//!   salt OCTET STRING, memoryKib INTEGER, passes INTEGER, lanes INTEGER }
//!
//! Prf ::= SEQUENCE {                    -- "webauthn-prf": what a passkey's extension PRF gives
//!   salt        OCTET STRING,           -- of HKDF-SHA-256 (RFC 5869)
//!   credential  OCTET STRING }          -- the passkey's id
//!
//! Device ::= SEQUENCE {                 -- "device": a secret of this browser's profile
//!   salt        OCTET STRING }          -- of HKDF-SHA-256
//! ```
//!
//! All passphrases of a database share one salt, so that one derivation opens everything that a
//! passphrase opens. A salt only has to differ from those of other people.

use core::cell::RefCell;

use der::asn1::OctetString;
use der::{Decode, Encode, Sequence};
use zeroize::Zeroizing;

use crate::crypto::algorithms::DigestAlgorithm;
use crate::crypto::{Argon2Cost, SecretBytes, argon2id, hkdf};
use crate::env::Env;
use crate::error::{Error, Result};

/// Bytes of salt (RFC 9106, 3.1).
const SALT: usize = 16;

pub(super) type Key = Zeroizing<[u8; 32]>;

/// A way to unlock, with its secret. What was derived of it is remembered as long as it lives, which is
/// for one call.
#[derive(Debug)]
pub struct Way {
    secret: Secret,
    /// What new passphrases are derived by.
    argon2id: RefCell<Option<Vec<u8>>>,
    derived: RefCell<Vec<(Vec<u8>, SecretBytes)>>,
}

#[derive(Debug)]
enum Secret {
    Passphrase(SecretBytes),
    Passkey { credential: Vec<u8>, output: SecretBytes },
    Device(SecretBytes),
}

/// What a way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayKind {
    /// Something that somebody knows.
    Passphrase,
    /// A passkey, by its extension PRF (Web Authentication Level 3, 10.1.4).
    Passkey,
    /// Nothing but this browser's profile.
    Device,
}

/// A way that is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayEntry {
    /// Its id among those of the identity; another one when it is set up anew.
    pub id: String,
    /// What it is.
    pub kind: WayKind,
    /// Of a passkey: its id.
    pub credential: Option<Vec<u8>>,
}

#[derive(Sequence)]
struct Argon2idParameters {
    salt: OctetString,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

#[derive(Sequence)]
struct PrfParameters {
    salt: OctetString,
    credential: OctetString,
}

#[derive(Sequence)]
struct DeviceParameters {
    salt: OctetString,
}

impl WayKind {
    /// Its name in a record.
    pub(super) fn name(self) -> &'static str {
        match self {
            WayKind::Passphrase => "argon2id",
            WayKind::Passkey => "webauthn-prf",
            WayKind::Device => "device",
        }
    }

    /// By its name in a record; `None` for one of a newer version.
    pub(super) fn of(name: &str) -> Option<WayKind> {
        let all = [WayKind::Passphrase, WayKind::Passkey, WayKind::Device];
        all.into_iter().find(|kind| kind.name() == name)
    }
}

impl Way {
    /// By a passphrase.
    pub fn passphrase(secret: impl Into<SecretBytes>) -> Way {
        Way::of(Secret::Passphrase(secret.into()))
    }

    /// By a passkey: its id, and 32 bytes that its PRF gave.
    pub fn passkey(credential: Vec<u8>, output: impl Into<SecretBytes>) -> Way {
        Way::of(Secret::Passkey { credential, output: output.into() })
    }

    /// By a random secret that this browser's profile has.
    pub fn device(secret: impl Into<SecretBytes>) -> Way {
        Way::of(Secret::Device(secret.into()))
    }

    fn of(secret: Secret) -> Way {
        Way { secret, argon2id: RefCell::default(), derived: RefCell::default() }
    }

    /// What it is.
    pub fn kind(&self) -> WayKind {
        match self.secret {
            Secret::Passphrase(_) => WayKind::Passphrase,
            Secret::Passkey { .. } => WayKind::Passkey,
            Secret::Device(_) => WayKind::Device,
        }
    }

    /// Why it opens nothing.
    pub(super) fn refused(&self) -> Error {
        match self.secret {
            Secret::Passphrase(_) => Error::StoreWrongPassphrase,
            Secret::Passkey { .. } | Secret::Device(_) => Error::StoreWrongKey,
        }
    }

    /// Takes over the parameters of a passphrase that is stored, unless they are too weak or there are
    /// some: for new passphrases.
    pub(super) fn take_over(&self, parameters: &[u8]) {
        if !is_weak(parameters) && self.argon2id.borrow().is_none() {
            *self.argon2id.borrow_mut() = Some(parameters.to_vec());
        }
    }

    /// The parameters of a new wrap.
    pub(super) fn parameters(&self, env: &mut Env) -> Result<Vec<u8>> {
        let salt = OctetString::new(env.random::<SALT>().as_ref())?;
        Ok(match &self.secret {
            Secret::Passphrase(_) => {
                if let Some(parameters) = &*self.argon2id.borrow() {
                    return Ok(parameters.clone());
                }
                let Argon2Cost { memory_kib, passes, lanes } = Argon2Cost::DEFAULT;
                let parameters = Argon2idParameters { salt, memory_kib, passes, lanes }.to_der()?;
                *self.argon2id.borrow_mut() = Some(parameters.clone());
                parameters
            }
            Secret::Passkey { credential, .. } => {
                let credential = OctetString::new(credential.as_slice())?;
                PrfParameters { salt, credential }.to_der()?
            }
            Secret::Device(_) => DeviceParameters { salt }.to_der()?,
        })
    }

    /// The key-encryption key by these parameters. `None` if they are those of another passkey.
    ///
    /// # Errors
    ///
    /// `store/seal-broken` for parameters that can't be read, `malformed/record` for a cost out of
    /// bounds, `aborted`.
    pub(super) async fn key(&self, env: &mut Env, parameters: &[u8]) -> Result<Option<Key>> {
        const BROKEN: fn(der::Error) -> Error = |_| Error::StoreSealBroken;
        let (secret, salt) = match &self.secret {
            Secret::Passphrase(secret) => {
                return self.derive(env, secret, parameters).await.map(Some);
            }
            Secret::Passkey { credential, output } => {
                let parameters = PrfParameters::from_der(parameters).map_err(BROKEN)?;
                if parameters.credential.as_bytes() != credential {
                    return Ok(None);
                }
                (output, parameters.salt)
            }
            Secret::Device(secret) => {
                (secret, DeviceParameters::from_der(parameters).map_err(BROKEN)?.salt)
            }
        };
        let info = format!("smime-wasm {} 1", self.kind().name());
        let secret = secret.as_bytes();
        let (digest, salt) = (DigestAlgorithm::Sha256, Some(salt.as_bytes()));
        key_of(&hkdf(digest, salt, secret, info.as_bytes(), 32)?).map(Some)
    }

    async fn derive(
        &self,
        env: &mut Env,
        passphrase: &SecretBytes,
        parameters: &[u8],
    ) -> Result<Key> {
        let derived = self.derived.borrow().iter().find(|(by, _)| by == parameters).cloned();
        if let Some((_, key)) = derived {
            return key_of(key.as_bytes());
        }
        let (salt, cost) = argon2id_parameters(parameters).ok_or(Error::StoreSealBroken)?;
        let key: Key = argon2id(env, passphrase.as_bytes(), &salt, cost).await?;
        let kept = (parameters.to_vec(), SecretBytes::from(key.as_slice()));
        self.derived.borrow_mut().push(kept);
        Ok(key)
    }
}

#[cfg(test)]
impl Way {
    /// With Argon2id of as many KiB.
    pub(super) fn with_memory(self, memory_kib: u32) -> Way {
        let salt = OctetString::new([7; SALT]).unwrap();
        let parameters = Argon2idParameters { salt, memory_kib, passes: 1, lanes: 1 };
        *self.argon2id.borrow_mut() = Some(parameters.to_der().unwrap());
        self
    }

    /// How often something was derived of the passphrase.
    pub(super) fn derivations(&self) -> usize {
        self.derived.borrow().len()
    }
}

/// Whether a passphrase's parameters cost less than they should today.
pub(super) fn is_weak(parameters: &[u8]) -> bool {
    let Some((_, cost)) = argon2id_parameters(parameters) else { return true };
    cost.memory_kib < Argon2Cost::DEFAULT.memory_kib || cost.passes < Argon2Cost::DEFAULT.passes
}

/// Of a passkey's parameters: its id.
pub(super) fn credential(parameters: &[u8]) -> Option<Vec<u8>> {
    let parameters = PrfParameters::from_der(parameters).ok()?;
    Some(parameters.credential.as_bytes().to_vec())
}

pub(super) fn key_of(bytes: &[u8]) -> Result<Key> {
    let key = <&[u8; 32]>::try_from(bytes);
    key.map(|key| Zeroizing::new(*key)).map_err(|_| Error::StoreSealBroken)
}

fn argon2id_parameters(der: &[u8]) -> Option<(Vec<u8>, Argon2Cost)> {
    let Argon2idParameters { salt, memory_kib, passes, lanes } =
        Argon2idParameters::from_der(der).ok()?;
    Some((salt.as_bytes().to_vec(), Argon2Cost { memory_kib, passes, lanes }))
}
