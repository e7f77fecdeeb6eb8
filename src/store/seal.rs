//! How a private key rests: its PKCS#8 sealed by a random key of its own, the data key, and that
//! wrapped once for each way to unlock.
//!
//! ```text
//! Seal ::= SEQUENCE {
//!   key       Sealed,                   -- the PKCS#8, sealed by the data key
//!   wraps     SEQUENCE OF Wrap,
//!   checksum  OCTET STRING }            -- SHA-256 over the two above
//!
//! Wrap ::= SEQUENCE {
//!   kind        UTF8String,             -- "argon2id": a passphrase
//!   parameters  OCTET STRING,           -- of its kind: Argon2id
//!   dataKey     Sealed }                -- the data key, sealed by what unlocks
//!
//! Argon2id ::= SEQUENCE { salt OCTET STRING, memoryKib INTEGER, passes INTEGER, lanes INTEGER }
//!
//! Sealed ::= SEQUENCE { nonce OCTET STRING, bytes OCTET STRING }   -- AES-256-GCM, the tag last
//! ```
//!
//! The associated data binds both to the record: purpose, fingerprint of the certificate (the
//! record's id), SHA-256 of its SubjectPublicKeyInfo; for a wrap its kind and parameters too. A sealed
//! key moved to another record does not open.
//!
//! The checksum protects against nobody. It tells an altered record from a wrong passphrase, which
//! the tag of the wrapped data key alone can't.

use der::asn1::OctetString;
use der::{Decode, Encode, Sequence};
use zeroize::Zeroizing;

use crate::asn1::{constructed, primitive, tag};
use crate::cert::Certificate;
use crate::crypto::algorithms::{DigestAlgorithm, GcmCipher};
use crate::crypto::{
    Argon2Cost, Digester, GCM_NONCE, GCM_TAG, PrivateKey, argon2id, gcm_open, gcm_seal,
};
use crate::env::Env;
use crate::error::{Error, Result};

/// A sealed private key. It holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Seal {
    key: Sealed,
    wraps: Vec<Wrap>,
    checksum: OctetString,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Wrap {
    kind: String,
    parameters: OctetString,
    data_key: Sealed,
}

#[derive(Sequence)]
struct Argon2idParameters {
    salt: OctetString,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct Sealed {
    nonce: OctetString,
    bytes: OctetString,
}

/// The kind of a wrap by a passphrase.
const PASSPHRASE: &str = "argon2id";

/// Bytes of salt (RFC 9106, 3.1).
const SALT: usize = 16;

type Key = Zeroizing<[u8; 32]>;

impl Seal {
    /// Seals the key that belongs to `certificate`.
    pub(super) async fn new(
        env: &mut Env,
        certificate: &Certificate,
        key: &PrivateKey,
        passphrase: &[u8],
    ) -> Result<Seal> {
        let data_key: Key = env.random();
        let sealed = Sealed::new(env, &data_key, &binding(certificate, "key"), key.pkcs8()?)?;
        let wrap = Wrap::new(env, certificate, &data_key, passphrase).await?;
        Seal::of(sealed, vec![wrap])
    }

    /// The private key.
    ///
    /// # Errors
    ///
    /// `store/wrong-passphrase`, `store/seal-broken`.
    pub(super) async fn open(
        &self,
        env: &mut Env,
        certificate: &Certificate,
        passphrase: &[u8],
    ) -> Result<PrivateKey> {
        let data_key = self.data_key(env, certificate, passphrase).await?;
        let pkcs8 =
            self.key.open(&data_key, &binding(certificate, "key")).ok_or(Error::StoreSealBroken)?;
        PrivateKey::from_pkcs8(&pkcs8)
    }

    /// The same sealed key with another passphrase. Wraps of other kinds stay as they are.
    ///
    /// # Errors
    ///
    /// `store/wrong-passphrase`, `store/seal-broken`.
    pub(super) async fn rewrap(
        &self,
        env: &mut Env,
        certificate: &Certificate,
        passphrase: &[u8],
        new_passphrase: &[u8],
    ) -> Result<Seal> {
        let data_key = self.data_key(env, certificate, passphrase).await?;
        // Not one that opens nothing: a second fault must not hide the first.
        self.key.open(&data_key, &binding(certificate, "key")).ok_or(Error::StoreSealBroken)?;
        let mut wraps = self.wraps.clone();
        wraps.retain(|wrap| wrap.kind != PASSPHRASE);
        wraps.push(Wrap::new(env, certificate, &data_key, new_passphrase).await?);
        Seal::of(self.key.clone(), wraps)
    }

    fn of(key: Sealed, wraps: Vec<Wrap>) -> Result<Seal> {
        let checksum = OctetString::new(checksum(&key, &wraps)?)?;
        Ok(Seal { key, wraps, checksum })
    }

    async fn data_key(
        &self,
        env: &mut Env,
        certificate: &Certificate,
        passphrase: &[u8],
    ) -> Result<Key> {
        if checksum(&self.key, &self.wraps)? != self.checksum.as_bytes() {
            return Err(Error::StoreSealBroken);
        }
        for wrap in self.wraps.iter().filter(|wrap| wrap.kind == PASSPHRASE) {
            if let Some(data_key) = wrap.open(env, certificate, passphrase).await? {
                return Ok(data_key);
            }
        }
        Err(Error::StoreWrongPassphrase)
    }
}

impl Wrap {
    async fn new(
        env: &mut Env,
        certificate: &Certificate,
        data_key: &Key,
        passphrase: &[u8],
    ) -> Result<Wrap> {
        let salt: Zeroizing<[u8; SALT]> = env.random();
        let cost = Argon2Cost::DEFAULT;
        let key = argon2id(env, passphrase, salt.as_ref(), cost).await?;
        let parameters = Argon2idParameters {
            salt: OctetString::new(salt.as_ref())?,
            memory_kib: cost.memory_kib,
            passes: cost.passes,
            lanes: cost.lanes,
        };
        let parameters = parameters.to_der()?;
        let associated = wrap_binding(certificate, PASSPHRASE, &parameters);
        Ok(Wrap {
            kind: PASSPHRASE.to_owned(),
            parameters: OctetString::new(parameters)?,
            data_key: Sealed::new(env, &key, &associated, data_key.as_ref())?,
        })
    }

    /// `None` if the passphrase is another.
    async fn open(
        &self,
        env: &mut Env,
        certificate: &Certificate,
        passphrase: &[u8],
    ) -> Result<Option<Key>> {
        let parameters = self.parameters.as_bytes();
        let Argon2idParameters { salt, memory_kib, passes, lanes } =
            Argon2idParameters::from_der(parameters).map_err(|_| Error::StoreSealBroken)?;
        let cost = Argon2Cost { memory_kib, passes, lanes };
        let key: Key = argon2id(env, passphrase, salt.as_bytes(), cost).await?;
        let associated = wrap_binding(certificate, &self.kind, parameters);
        let Some(opened) = self.data_key.open(&key, &associated) else { return Ok(None) };
        let data_key = <&[u8; 32]>::try_from(opened.as_slice());
        data_key.map(|key| Some(Zeroizing::new(*key))).map_err(|_| Error::StoreSealBroken)
    }
}

impl Sealed {
    fn new(env: &mut Env, key: &Key, associated: &[u8], secret: &[u8]) -> Result<Sealed> {
        let nonce: Zeroizing<[u8; GCM_NONCE]> = env.random();
        // Room for the tag from the start: to grow would leave the secret behind in freed memory.
        let mut bytes = Zeroizing::new(Vec::with_capacity(secret.len() + GCM_TAG));
        bytes.extend_from_slice(secret);
        let tag = gcm_seal(GcmCipher::Aes256, key.as_ref(), &nonce, associated, &mut bytes)?;
        bytes.extend_from_slice(&tag);
        Ok(Sealed {
            nonce: OctetString::new(nonce.as_ref())?,
            bytes: OctetString::new(bytes.as_slice())?,
        })
    }

    /// `None` if the key is another, or something was altered.
    fn open(&self, key: &Key, associated: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let nonce = self.nonce.as_bytes().try_into().ok()?;
        let sealed = self.bytes.as_bytes();
        let (bytes, tag) = sealed.split_at_checked(sealed.len().checked_sub(GCM_TAG)?)?;
        let mut bytes = Zeroizing::new(bytes.to_vec());
        gcm_open(GcmCipher::Aes256, key.as_ref(), nonce, associated, &mut bytes, tag).ok()?;
        Some(bytes)
    }
}

fn checksum(key: &Sealed, wraps: &Vec<Wrap>) -> Result<Vec<u8>> {
    let mut digester = Digester::new(DigestAlgorithm::Sha256);
    digester.update(&key.to_der()?);
    digester.update(&wraps.to_der()?);
    Ok(digester.finish())
}

/// The associated data. DER, so that no two purposes can read alike.
fn binding(certificate: &Certificate, purpose: &str) -> Vec<u8> {
    let spki = Digester::digest(DigestAlgorithm::Sha256, certificate.spki());
    constructed(
        tag::SEQUENCE,
        &[
            &primitive(tag::UTF8_STRING, b"smime-wasm seal 1"),
            &primitive(tag::UTF8_STRING, purpose.as_bytes()),
            &primitive(tag::OCTET_STRING, certificate.fingerprint()),
            &primitive(tag::OCTET_STRING, &spki),
        ],
    )
}

fn wrap_binding(certificate: &Certificate, kind: &str, parameters: &[u8]) -> Vec<u8> {
    constructed(
        tag::SEQUENCE,
        &[
            &binding(certificate, "wrap"),
            &primitive(tag::UTF8_STRING, kind.as_bytes()),
            &primitive(tag::OCTET_STRING, parameters),
        ],
    )
}
