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
//!   kind        UTF8String,             -- see way.rs, as the parameters
//!   parameters  OCTET STRING,
//!   dataKey     Sealed }                -- the data key, sealed by what unlocks
//!
//! Sealed ::= SEQUENCE { nonce OCTET STRING, bytes OCTET STRING }   -- AES-256-GCM, the tag last
//! ```
//!
//! The associated data binds both to the record: purpose, fingerprint of the certificate (the
//! record's id), SHA-256 of its SubjectPublicKeyInfo; for a wrap its kind and parameters too. A sealed
//! key moved to another record does not open.
//!
//! The key of a shared account's identity is wrapped by what the members' own identities are sealed by
//! (kind "member", the parameters are the id of the member's identity).
//!
//! The checksum protects against nobody. It tells an altered record from a wrong passphrase, which
//! the tag of the wrapped data key alone can't.

use der::asn1::OctetString;
use der::{Encode, Sequence};
use zeroize::Zeroizing;

use super::unlock::Opened;
use super::way::{Key, Way, WayEntry, WayKind, credential, is_weak, key_of};
use crate::asn1::{constructed, primitive, tag};
use crate::bytes::hex;
use crate::cert::Certificate;
use crate::crypto::algorithms::{DigestAlgorithm, GcmCipher};
use crate::crypto::{Digester, GCM_NONCE, GCM_TAG, PrivateKey, SecretBytes, gcm_open, gcm_seal};
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

/// Something that a key of 32 bytes has sealed.
#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
pub(super) struct Sealed {
    nonce: OctetString,
    bytes: OctetString,
}

/// Characters of a way's id.
const ID: usize = 16;

/// The kind of a wrap that a member's own identity opens. It is no way that somebody sets up.
const MEMBER: &str = "member";

impl Seal {
    /// Seals the key that belongs to `certificate` by a new data key, and gives that too.
    pub(super) async fn new(
        env: &mut Env,
        certificate: &Certificate,
        key: &PrivateKey,
        way: &Way,
    ) -> Result<(Seal, SecretBytes)> {
        let data_key = SecretBytes::from(env.random::<32>().as_slice());
        let associated = binding(certificate, "key");
        let sealed = Sealed::new(env, &data_key, &associated, key.pkcs8()?)?;
        let wrap = Wrap::new(env, certificate, &data_key, way).await?;
        Ok((Seal::of(sealed, vec![wrap])?, data_key))
    }

    /// Seals the key of a shared account's identity, so that each of these members' own identities opens it.
    pub(super) fn for_members(
        env: &mut Env,
        certificate: &Certificate,
        key: &PrivateKey,
        members: &[Opened],
    ) -> Result<(Seal, SecretBytes)> {
        let data_key = SecretBytes::from(env.random::<32>().as_slice());
        let sealed = Sealed::new(env, &data_key, &binding(certificate, "key"), key.pkcs8()?)?;
        let mut wraps = Vec::with_capacity(members.len());
        for member in members {
            let parameters = member.id.as_bytes();
            let associated = wrap_binding(certificate, MEMBER, parameters);
            wraps.push(Wrap {
                kind: MEMBER.to_owned(),
                parameters: OctetString::new(parameters)?,
                data_key: Sealed::new(env, &member.data_key, &associated, data_key.as_bytes())?,
            });
        }
        Ok((Seal::of(sealed, wraps)?, data_key))
    }

    /// Whether it is of a shared account's identity.
    pub(super) fn is_shared(&self) -> bool {
        self.wraps.iter().any(|wrap| wrap.kind == MEMBER)
    }

    /// The data key and the private key, by one of these members' own identities.
    pub(super) fn open_as_member(
        &self,
        certificate: &Certificate,
        members: &[Opened],
    ) -> Option<(SecretBytes, PrivateKey)> {
        let own = self.wraps.iter().filter(|wrap| wrap.kind == MEMBER);
        own.into_iter().find_map(|wrap| {
            let parameters = wrap.parameters.as_bytes();
            let member = members.iter().find(|member| member.id.as_bytes() == parameters)?;
            let associated = wrap_binding(certificate, MEMBER, parameters);
            let data_key = wrap.data_key.open(&member.data_key, &associated)?;
            let data_key = SecretBytes::from(data_key);
            let key = self.open_with(certificate, &data_key).ok()?;
            Some((data_key, key))
        })
    }

    /// The data key, by which of the wraps it was opened, and the private key.
    ///
    /// # Errors
    ///
    /// `store/wrong-passphrase`, `store/wrong-key`, `store/seal-broken`.
    pub(super) async fn open(
        &self,
        env: &mut Env,
        certificate: &Certificate,
        way: &Way,
    ) -> Result<(SecretBytes, usize, PrivateKey)> {
        self.check()?;
        for (at, wrap) in self.wraps.iter().enumerate() {
            if let Some(data_key) = wrap.open(env, certificate, way).await? {
                let key = self.open_with(certificate, &data_key)?;
                return Ok((data_key, at, key));
            }
        }
        Err(way.refused())
    }

    /// The private key, by the data key.
    ///
    /// # Errors
    ///
    /// `store/seal-broken`.
    pub(super) fn open_with(
        &self,
        certificate: &Certificate,
        data_key: &SecretBytes,
    ) -> Result<PrivateKey> {
        let pkcs8 = self.key.open(data_key, &binding(certificate, "key"));
        PrivateKey::from_pkcs8(&pkcs8.ok_or(Error::StoreSealBroken)?)
    }

    /// The same with another wrap in the place of one.
    pub(super) async fn rewrap(
        &self,
        env: &mut Env,
        certificate: &Certificate,
        (data_key, at): (&SecretBytes, usize),
        way: &Way,
    ) -> Result<Seal> {
        let new = Wrap::new(env, certificate, data_key, way).await?;
        let wraps = self.wraps.iter().enumerate();
        let wraps = wraps.map(|(i, wrap)| if i == at { new.clone() } else { wrap.clone() });
        Seal::of(self.key.clone(), wraps.collect())
    }

    /// The same with another way to unlock.
    ///
    /// # Errors
    ///
    /// `store/seal-broken` if the data key is not this seal's.
    pub(super) async fn with(
        &self,
        env: &mut Env,
        certificate: &Certificate,
        data_key: &SecretBytes,
        way: &Way,
    ) -> Result<Seal> {
        self.check()?;
        self.open_with(certificate, data_key)?;
        let mut wraps = self.wraps.clone();
        wraps.push(Wrap::new(env, certificate, data_key, way).await?);
        Seal::of(self.key.clone(), wraps)
    }

    /// The same without one way.
    ///
    /// # Errors
    ///
    /// `store/not-found`, `store/last-way`, `store/seal-broken`.
    pub(super) fn without(&self, id: &str) -> Result<Seal> {
        self.check()?;
        let mut wraps = self.wraps.clone();
        wraps.retain(|wrap| !wrap.id().is_ok_and(|own| own == id));
        if wraps.len() == self.wraps.len() {
            return Err(Error::StoreNotFound);
        }
        // What this version does not know it can't count on.
        if !wraps.iter().any(|wrap| WayKind::of(&wrap.kind).is_some()) {
            return Err(Error::StoreLastWay);
        }
        Seal::of(self.key.clone(), wraps)
    }

    /// The same for other devices: without the ways of this one, unless there are no others.
    ///
    /// # Errors
    ///
    /// None but faults of the encoder.
    pub(super) fn portable(&self) -> Result<Seal> {
        let mut wraps = self.wraps.clone();
        wraps.retain(|wrap| WayKind::of(&wrap.kind) != Some(WayKind::Device));
        let is_way = |wrap: &Wrap| WayKind::of(&wrap.kind).is_some();
        match self.check().is_ok() && wraps.iter().any(is_way) {
            true => Seal::of(self.key.clone(), wraps),
            false => Ok(self.clone()),
        }
    }

    /// The ways to unlock it.
    ///
    /// # Errors
    ///
    /// None but faults of the encoder.
    pub(super) fn ways(&self) -> Result<Vec<WayEntry>> {
        let known = self.wraps.iter().filter_map(|wrap| Some((wrap, WayKind::of(&wrap.kind)?)));
        known
            .map(|(wrap, kind)| {
                let credential = match kind {
                    WayKind::Passkey => credential(wrap.parameters.as_bytes()),
                    WayKind::Passphrase | WayKind::Device => None,
                };
                Ok(WayEntry { id: wrap.id()?, kind, credential })
            })
            .collect()
    }

    /// The parameters by which its passphrases are derived.
    pub(super) fn passphrases(&self) -> impl Iterator<Item = &[u8]> {
        let passphrases = self.wraps.iter().filter(|wrap| wrap.kind == WayKind::Passphrase.name());
        passphrases.map(|wrap| wrap.parameters.as_bytes())
    }

    /// Whether a wrap costs who guesses less than it should today.
    pub(super) fn is_weak(&self, at: usize) -> bool {
        self.wraps.get(at).is_some_and(|wrap| {
            wrap.kind == WayKind::Passphrase.name() && is_weak(wrap.parameters.as_bytes())
        })
    }

    fn of(key: Sealed, wraps: Vec<Wrap>) -> Result<Seal> {
        let checksum = OctetString::new(checksum(&key, &wraps)?)?;
        Ok(Seal { key, wraps, checksum })
    }

    fn check(&self) -> Result<()> {
        if checksum(&self.key, &self.wraps)? == self.checksum.as_bytes() {
            Ok(())
        } else {
            Err(Error::StoreSealBroken)
        }
    }
}

impl Wrap {
    async fn new(
        env: &mut Env,
        certificate: &Certificate,
        data_key: &SecretBytes,
        way: &Way,
    ) -> Result<Wrap> {
        let (kind, parameters) = (way.kind().name(), way.parameters(env)?);
        let key = way.key(env, &parameters).await?.ok_or(Error::StoreSealBroken)?;
        let associated = wrap_binding(certificate, kind, &parameters);
        Ok(Wrap {
            kind: kind.to_owned(),
            parameters: OctetString::new(parameters)?,
            data_key: Sealed::by(env, &key, &associated, data_key.as_bytes())?,
        })
    }

    /// `None` if it is another way's.
    async fn open(
        &self,
        env: &mut Env,
        certificate: &Certificate,
        way: &Way,
    ) -> Result<Option<SecretBytes>> {
        if self.kind != way.kind().name() {
            return Ok(None);
        }
        let parameters = self.parameters.as_bytes();
        let Some(key) = way.key(env, parameters).await? else { return Ok(None) };
        let associated = wrap_binding(certificate, &self.kind, parameters);
        Ok(self.data_key.open_by(&key, &associated).map(SecretBytes::from))
    }

    /// Two wraps never have the same nonce.
    fn id(&self) -> Result<String> {
        let mut id = hex::encode(&Digester::digest(DigestAlgorithm::Sha256, &self.to_der()?));
        id.truncate(ID);
        Ok(id)
    }
}

impl Sealed {
    /// Seals a secret by a data key.
    pub(super) fn new(
        env: &mut Env,
        data_key: &SecretBytes,
        associated: &[u8],
        secret: &[u8],
    ) -> Result<Sealed> {
        Sealed::by(env, &key_of(data_key.as_bytes())?, associated, secret)
    }

    /// `None` if the data key is another, or something was altered.
    pub(super) fn open(
        &self,
        data_key: &SecretBytes,
        associated: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        self.open_by(&key_of(data_key.as_bytes()).ok()?, associated)
    }

    fn by(env: &mut Env, key: &Key, associated: &[u8], secret: &[u8]) -> Result<Sealed> {
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

    fn open_by(&self, key: &Key, associated: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
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
pub(super) fn binding(certificate: &Certificate, purpose: &str) -> Vec<u8> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{Time, block_on};
    use crate::limits::Limits;

    #[test]
    fn what_this_version_does_not_know_is_no_way_to_count_on() {
        let mut env = Env::new(Time::from_secs(0), &[1; 32], Limits::default());
        let certificate = include_bytes!("testdata/erika.certificate.der");
        let certificate = Certificate::from_der(certificate).unwrap();
        let key = PrivateKey::from_pkcs8(include_bytes!("testdata/erika.pkcs8.der")).unwrap();
        let device = Way::device(&[1; 32][..]);
        let seal = block_on(Seal::new(&mut env, &certificate, &key, &device)).unwrap().0;
        for kind in ["of a newer version", MEMBER] {
            let mut wraps = seal.wraps.clone();
            wraps.push(Wrap { kind: kind.to_owned(), ..wraps[0].clone() });
            let seal = Seal::of(seal.key.clone(), wraps).unwrap();
            let ways = seal.ways().unwrap();
            assert_eq!(ways.len(), 1);
            assert_eq!(seal.without(&ways[0].id), Err(Error::StoreLastWay));
            assert_eq!(seal.portable().unwrap(), seal, "there is no other way");
        }
    }
}
