//! RecipientInfo (RFC 5652, 6.2): how each recipient gets the content-encryption key. One file for each
//! kind.
//!
//! ```text
//! RecipientInfo ::= CHOICE {
//!   ktri KeyTransRecipientInfo,
//!   kari [1] KeyAgreeRecipientInfo,
//!   kekri [2] KEKRecipientInfo,
//!   pwri [3] PasswordRecipientInfo,
//!   ori [4] OtherRecipientInfo }
//! ```
//!
//! No oracle: what is unsupported or malformed is told from public fields alone, before any key is
//! used. From there on nothing fails: RSA PKCS#1 v1.5 always gives a key (see
//! [`PrivateKey::decrypt_key`]), everything else a key or nothing, and for nothing the caller does
//! the same work in vain.
//!
//! [`PrivateKey::decrypt_key`]: crate::crypto::PrivateKey::decrypt_key

mod kem;
mod key_agreement;
mod key_encryption_key;
mod key_transport;
mod password;

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;
use zeroize::Zeroizing;

use self::kem::{Decapsulation, KemRecipientInfo};
use self::key_agreement::{Agreement, KeyAgreeRecipientInfo};
pub use self::key_encryption_key::KeyEncryptionKey;
use self::key_encryption_key::{KekRecipientInfo, Unwrapping};
use self::key_transport::{KeyTransRecipientInfo, Transport};
use self::password::{Derivation, PasswordRecipientInfo};
use super::identifier::EntityIdentifier;
use crate::asn1::{AlgorithmIdentifier, Reader, Tlv, tag};
use crate::cert::{Certificate, Identity};
use crate::crypto::algorithms::{KeyWrap, Support, unsupported};
use crate::crypto::{KeyTransport, PublicKey, SecretBytes};
use crate::env::Env;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// How one recipient, or with key agreement several, get the content-encryption key.
#[derive(Clone, Debug)]
pub struct RecipientInfo<'a> {
    kind: Kind<'a>,
    der: Cow<'a, [u8]>,
}

#[derive(Clone, Debug)]
enum Kind<'a> {
    KeyTransport(KeyTransRecipientInfo<'a>),
    KeyAgreement(KeyAgreeRecipientInfo<'a>),
    KeyEncryptionKey(KekRecipientInfo<'a>),
    Password(PasswordRecipientInfo<'a>),
    Kem(KemRecipientInfo<'a>),
    /// Of a kind that may come, or with a mistake in it, which is nothing to whom it does not name.
    Unreadable(Error),
    Other,
}

/// Whom a RecipientInfo names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecipientName<'a> {
    /// The owner of a certificate.
    Entity(EntityIdentifier<'a>),
    /// Whoever has the key-encryption key of this identifier.
    Key(&'a [u8]),
    /// Nobody: whoever knows the password, or a kind we can't read.
    Unnamed,
}

/// Whatever may open a message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Openers<'a> {
    /// Used for the recipients that name them.
    pub identities: &'a [Identity],
    /// Each is tried on every recipient that is a password.
    pub passwords: &'a [SecretBytes],
    /// Used for the recipients that name them.
    pub keys: &'a [KeyEncryptionKey],
}

/// What opened a message: its position among the [`Openers`] of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    /// An identity.
    Identity(usize),
    /// A password.
    Password(usize),
    /// A key-encryption key.
    Key(usize),
}

impl<'a> RecipientInfo<'a> {
    /// From the SET OF RecipientInfo.
    ///
    /// # Errors
    ///
    /// `limit/recipients`, `malformed/asn1`. One that can't be read is one that opens nothing.
    pub(super) fn read_all(set: Tlv<'a>, limits: &Limits) -> Result<Vec<RecipientInfo<'a>>> {
        let mut reader = set.contents();
        let (mut infos, mut recipients) = (Vec::new(), 0);
        while !reader.is_empty() {
            let tlv = reader.any()?;
            let kind = Kind::read(tlv).unwrap_or_else(unreadable);
            let info = RecipientInfo { kind, der: tlv.raw.into() };
            recipients += info.names().len();
            if recipients > limits.recipients {
                return Err(Error::Limit {
                    limit: Limit::Recipients,
                    required: recipients as u64,
                    allowed: limits.recipients as u64,
                });
            }
            infos.push(info);
        }
        Ok(infos)
    }

    /// The name of its kind in the JavaScript interface.
    pub fn kind(&self) -> &'static str {
        match &self.kind {
            Kind::KeyTransport(_) => "key-transport",
            Kind::KeyAgreement(_) => "key-agreement",
            Kind::KeyEncryptionKey(_) => "key-encryption-key",
            Kind::Password(_) => "password",
            Kind::Kem(_) => "kem",
            Kind::Unreadable(_) | Kind::Other => "other",
        }
    }

    /// Whom it is for; several only with key agreement.
    pub fn names(&self) -> Vec<RecipientName<'a>> {
        match &self.kind {
            Kind::KeyTransport(info) => vec![RecipientName::Entity(info.identifier)],
            Kind::KeyAgreement(info) => info.identifiers().map(RecipientName::Entity).collect(),
            Kind::KeyEncryptionKey(info) => vec![RecipientName::Key(info.identifier)],
            Kind::Kem(info) => vec![RecipientName::Entity(info.identifier)],
            Kind::Password(_) | Kind::Unreadable(_) | Kind::Other => vec![RecipientName::Unnamed],
        }
    }

    /// The name of the key-encryption algorithm, or its identifier where we have no name for it.
    pub fn algorithm_name(&self) -> Option<String> {
        match &self.kind {
            Kind::KeyTransport(info) => Some(info.algorithm_name()),
            Kind::KeyAgreement(info) => Some(info.algorithm_name()),
            Kind::KeyEncryptionKey(info) => Some(wrap_name(info.algorithm.oid)),
            Kind::Password(info) => Some(info.algorithm_name()),
            Kind::Kem(info) => Some(info.algorithm_name()),
            Kind::Unreadable(_) | Kind::Other => None,
        }
    }

    /// Whether the owner of this certificate is meant.
    pub fn is_for(&self, certificate: &Certificate) -> bool {
        self.names().iter().any(|name| is_name_of(name, certificate))
    }

    /// The same without these recipients; `None` if nobody is left.
    pub(super) fn without(&self, leaving: &[Certificate]) -> Result<Option<RecipientInfo<'a>>> {
        let stays = |name: &RecipientName<'_>| !leaving.iter().any(|one| is_name_of(name, one));
        let staying: Vec<bool> = self.names().iter().map(stays).collect();
        if !staying.contains(&true) {
            return Ok(None);
        }
        match &self.kind {
            Kind::KeyAgreement(info) if staying.contains(&false) => {
                let der = key_agreement::without(&self.der, &staying)?.into();
                Ok(Some(RecipientInfo { kind: Kind::KeyAgreement(info.only(&staying)), der }))
            }
            _ => Ok(Some(self.clone())),
        }
    }

    /// Its encoding.
    pub(super) fn der(&self) -> &[u8] {
        &self.der
    }

    /// The version that an EnvelopedData with it has at least (RFC 5652, 6.1).
    pub(super) fn least_version(&self) -> u8 {
        const PWRI: u8 = tag::context_constructed(3);
        const ORI: u8 = tag::context_constructed(4);
        const VERSION_0: [u8; 3] = [tag::INTEGER, 1, 0];
        match Reader::new(&self.der).any() {
            Ok(info) if info.tag == PWRI || info.tag == ORI => 3,
            Ok(info) if info.tag == tag::SEQUENCE && info.value.starts_with(&VERSION_0) => 0,
            _ => 2,
        }
    }

    /// Adds what `openers` can try here. Where one is meant but can't be used, `refused` says why.
    fn attempts<'o>(
        &self,
        openers: Openers<'o>,
        attempts: &mut Vec<Attempt<'a, 'o>>,
        refused: &mut Option<Error>,
    ) {
        let mut take = |opener, unlocking: Result<Unlocking<'a, 'o>>| match unlocking {
            Ok(unlocking) => attempts.push(Attempt { opener, unlocking }),
            Err(error) => *refused = Some(error),
        };
        match &self.kind {
            Kind::KeyTransport(info) => {
                for (index, identity) in named(openers.identities, info.identifier) {
                    let found = info.transport(identity.key()).map(Unlocking::Transport);
                    take(Opener::Identity(index), found);
                }
            }
            Kind::KeyAgreement(info) => {
                for recipient in &info.recipients {
                    for (index, identity) in named(openers.identities, recipient.identifier) {
                        let found = info.agreement(recipient, identity.key());
                        take(Opener::Identity(index), found.map(Unlocking::Agreement));
                    }
                }
            }
            Kind::KeyEncryptionKey(info) => {
                let keys = openers.keys.iter().enumerate();
                for (index, key) in keys.filter(|(_, key)| key.id == info.identifier) {
                    take(Opener::Key(index), info.unwrapping(key).map(Unlocking::Unwrapping));
                }
            }
            Kind::Password(info) => {
                for (index, password) in openers.passwords.iter().enumerate() {
                    let found = info.derivation(password).map(Unlocking::Derivation);
                    take(Opener::Password(index), found);
                }
            }
            Kind::Kem(info) => {
                for (index, identity) in named(openers.identities, info.identifier) {
                    let found = info.decapsulation(identity.key()).map(Unlocking::Decapsulation);
                    take(Opener::Identity(index), found);
                }
            }
            Kind::Unreadable(error) => {
                refused.get_or_insert_with(|| error.clone());
            }
            Kind::Other => {}
        }
    }
}

impl<'a> Kind<'a> {
    fn read(info: Tlv<'a>) -> Result<Kind<'a>> {
        const KARI: u8 = tag::context_constructed(1);
        const KEKRI: u8 = tag::context_constructed(2);
        const PWRI: u8 = tag::context_constructed(3);
        const ORI: u8 = tag::context_constructed(4);
        let fields = info.contents();
        Ok(match info.tag {
            tag::SEQUENCE => Kind::KeyTransport(KeyTransRecipientInfo::read(fields)?),
            KARI => Kind::KeyAgreement(KeyAgreeRecipientInfo::read(fields)?),
            KEKRI => Kind::KeyEncryptionKey(KekRecipientInfo::read(fields)?),
            PWRI => Kind::Password(PasswordRecipientInfo::read(fields)?),
            ORI => KemRecipientInfo::read(fields)?.map_or(Kind::Other, Kind::Kem),
            _ => return Err(Error::MalformedCms { rule: "an unknown kind of RecipientInfo" }),
        })
    }
}

fn is_name_of(name: &RecipientName<'_>, certificate: &Certificate) -> bool {
    matches!(name, RecipientName::Entity(identifier) if identifier.matches(certificate))
}

fn unreadable<'a>(error: Error) -> Kind<'a> {
    Kind::Unreadable(match error {
        Error::MalformedAsn1 { rule } => Error::MalformedCms { rule },
        error => error,
    })
}

/// The identities that an identifier means, with their positions.
fn named<'o>(
    identities: &'o [Identity],
    identifier: EntityIdentifier<'_>,
) -> impl Iterator<Item = (usize, &'o Identity)> {
    identities
        .iter()
        .enumerate()
        .filter(move |(_, identity)| identifier.matches(identity.certificate()))
}

/// A recipient that is ours, with what may open it. Nothing about it is unsupported any more.
pub(super) struct Attempt<'a, 'o> {
    pub(super) opener: Opener,
    unlocking: Unlocking<'a, 'o>,
}

enum Unlocking<'a, 'o> {
    Transport(Transport<'a, 'o>),
    Agreement(Agreement<'a, 'o>),
    Unwrapping(Unwrapping<'a, 'o>),
    Derivation(Derivation<'a, 'o>),
    Decapsulation(Decapsulation<'a, 'o>),
}

/// How many recipients of one message may be ours. Each costs a private-key operation and a decryption
/// of the whole content; nobody is named by so many certificates at once.
const MAX_ATTEMPTS: usize = 32;

/// How many times the work of the most expensive key derivation all passwords together may take. With
/// 600,000 iterations each, and AES-256 by SHA-1, that is twenty.
const MAX_DERIVATIONS: u64 = 4;

impl<'a, 'o> Attempt<'a, 'o> {
    /// All that `openers` can try, chosen by public fields alone.
    ///
    /// # Errors
    ///
    /// `limit/recipients` and `limit/kdf-iterations` if there is more to try than anybody needs; where
    /// there is nothing to try, why not: `unsupported/…`, `malformed/…`, or `decrypt/no-recipient`.
    pub(super) fn all(
        infos: &[RecipientInfo<'a>],
        openers: Openers<'o>,
        limits: &Limits,
    ) -> Result<Vec<Attempt<'a, 'o>>> {
        let (mut attempts, mut refused) = (Vec::new(), None);
        for info in infos {
            info.attempts(openers, &mut attempts, &mut refused);
        }
        if attempts.len() > MAX_ATTEMPTS {
            return Err(Error::Limit {
                limit: Limit::Recipients,
                required: attempts.len() as u64,
                allowed: MAX_ATTEMPTS as u64,
            });
        }
        let iterations = attempts.iter().map(Attempt::iterations).fold(0, u64::saturating_add);
        let allowed = limits.kdf_iterations.saturating_mul(MAX_DERIVATIONS);
        if iterations > allowed {
            return Err(Error::Limit {
                limit: Limit::KdfIterations,
                required: iterations,
                allowed,
            });
        }
        if attempts.is_empty() {
            let recipients = infos.iter().map(|info| info.names().len() as u64).sum();
            return Err(refused.unwrap_or(Error::DecryptNoRecipient { recipients }));
        }
        Ok(attempts)
    }

    /// What it takes to derive a key from a password.
    fn iterations(&self) -> u64 {
        match &self.unlocking {
            Unlocking::Derivation(derivation) => derivation.iterations(),
            _ => 0,
        }
    }

    /// The key wrap, if it is one that the result has to tell of.
    pub(super) fn legacy_wrap(&self) -> Option<KeyWrap> {
        match &self.unlocking {
            Unlocking::Agreement(agreement) => Some(agreement.wrap),
            Unlocking::Unwrapping(unwrapping) => Some(unwrapping.wrap),
            Unlocking::Decapsulation(decapsulation) => Some(decapsulation.wrap),
            Unlocking::Transport(_) | Unlocking::Derivation(_) => None,
        }
        .filter(|wrap| wrap.support() == Support::ReadLegacy)
    }

    /// The content-encryption key of `key_size` bytes. `None` where the check of the key itself
    /// fails; RSA PKCS#1 v1.5 has none.
    ///
    /// # Errors
    ///
    /// `limit/kdf-iterations`, `aborted`: nothing that depends on a key.
    pub(super) async fn content_key(
        &self,
        env: &mut Env,
        key_size: usize,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let key = match &self.unlocking {
            Unlocking::Transport(transport) => transport.content_key(env, key_size).await?,
            Unlocking::Agreement(agreement) => agreement.content_key(env).await?,
            Unlocking::Unwrapping(unwrapping) => unwrapping.content_key(),
            Unlocking::Derivation(derivation) => derivation.content_key(env).await?,
            Unlocking::Decapsulation(decapsulation) => decapsulation.content_key(env).await?,
        };
        Ok(key.filter(|key| key.len() == key_size))
    }
}

/// A RecipientInfo that was made, and the version it has (RFC 5652, 6.2).
pub(super) struct Built {
    pub(super) der: Vec<u8>,
    pub(super) version: u8,
}

/// A RecipientInfo for this recipient: key agreement or key transport, as its key wants it.
///
/// # Errors
///
/// `unsupported/algorithm` if nothing can be encrypted to its key.
pub(super) fn build(
    env: &mut Env,
    recipient: &Certificate,
    transport: &KeyTransport,
    content_key: &[u8],
) -> Result<Built> {
    match recipient.public_key() {
        PublicKey::Ec(_) | PublicKey::X25519(_) => {
            key_agreement::build(env, recipient, content_key)
        }
        _ => key_transport::build(env, recipient, transport, content_key),
    }
}

/// The key wrap that an algorithm is.
fn key_wrap(algorithm: AlgorithmIdentifier<'_>) -> Result<KeyWrap> {
    KeyWrap::by_oid(algorithm.oid).ok_or_else(|| unsupported("key wrap", algorithm.oid))
}

fn wrap_name(oid: ObjectIdentifier) -> String {
    KeyWrap::by_oid(oid).map_or_else(|| oid.to_string(), |wrap| wrap.name().to_owned())
}

/// Reads past optional values that name nobody to us: a date and other attributes of a key.
fn skip_key_attributes(mut reader: Reader<'_>) -> Result<()> {
    let _date = reader.optional(tag::GENERALIZED_TIME)?;
    let _other = reader.optional(tag::SEQUENCE)?;
    reader.finish()
}
