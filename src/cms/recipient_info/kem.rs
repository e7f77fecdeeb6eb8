//! KEMRecipientInfo (RFC 9629) with ML-KEM (RFC 9936). Read only.
//!
//! ```text
//! OtherRecipientInfo ::= SEQUENCE { oriType OBJECT IDENTIFIER, oriValue ANY DEFINED BY oriType }
//!
//! KEMRecipientInfo ::= SEQUENCE {
//!   version CMSVersion,
//!   rid RecipientIdentifier,
//!   kem KEMAlgorithmIdentifier,
//!   kemct OCTET STRING,
//!   kdf KeyDerivationAlgorithmIdentifier,
//!   kekLength INTEGER (1..65535),
//!   ukm [0] EXPLICIT UserKeyingMaterial OPTIONAL,
//!   wrap KeyEncryptionAlgorithmIdentifier,
//!   encryptedKey EncryptedKey }
//! ```

use zeroize::Zeroizing;

use super::{key_wrap, unsupported};
use crate::asn1::{AlgorithmIdentifier, Reader, Tlv, constructed, oids, tag};
use crate::cms::identifier::EntityIdentifier;
use crate::crypto::algorithms::{DigestAlgorithm, HKDF, KeyWrap, MlKem};
use crate::crypto::{PrivateKey, PublicKey, hkdf};
use crate::env::Env;
use crate::error::{Error, Result};

#[derive(Clone, Copy, Debug)]
pub(super) struct KemRecipientInfo<'a> {
    pub(super) identifier: EntityIdentifier<'a>,
    kem: AlgorithmIdentifier<'a>,
    ciphertext: &'a [u8],
    kdf: AlgorithmIdentifier<'a>,
    kek_length: Tlv<'a>,
    ukm: Option<Tlv<'a>>,
    wrap: Tlv<'a>,
    encrypted_key: &'a [u8],
}

impl<'a> KemRecipientInfo<'a> {
    /// From the fields of OtherRecipientInfo; `None` if it is of another type.
    pub(super) fn read(mut other: Reader<'a>) -> Result<Option<KemRecipientInfo<'a>>> {
        if other.expect(tag::OBJECT_IDENTIFIER)?.oid()? != oids::KEM_RECIPIENT_INFO {
            return Ok(None);
        }
        let mut reader = other.sequence()?;
        other.finish()?;
        let _version = reader.expect(tag::INTEGER)?;
        let info = KemRecipientInfo {
            identifier: EntityIdentifier::read(&mut reader)?,
            kem: AlgorithmIdentifier::read(&mut reader)?,
            ciphertext: reader.expect(tag::OCTET_STRING)?.value,
            kdf: AlgorithmIdentifier::read(&mut reader)?,
            kek_length: reader.expect(tag::INTEGER)?,
            ukm: reader.optional(tag::context_constructed(0))?,
            wrap: reader.expect(tag::SEQUENCE)?,
            encrypted_key: reader.expect(tag::OCTET_STRING)?.value,
        };
        reader.finish()?;
        Ok(Some(info))
    }

    pub(super) fn algorithm_name(&self) -> String {
        let oid = self.kem.oid;
        MlKem::by_oid(oid).map_or_else(|| oid.to_string(), |kem| kem.name().to_owned())
    }

    pub(super) fn decapsulation<'o>(&self, key: &'o PrivateKey) -> Result<Decapsulation<'a, 'o>> {
        let kem = MlKem::by_oid(self.kem.oid)
            .ok_or_else(|| unsupported("key encapsulation", self.kem.oid))?;
        if !matches!(key.public_key(), PublicKey::MlKem(own) if own.parameters() == kem) {
            return Err(unsupported("key encapsulation to this key", self.kem.oid));
        }
        let (_, digest) = HKDF
            .into_iter()
            .find(|(oid, _)| *oid == self.kdf.oid)
            .ok_or_else(|| unsupported("key derivation", self.kdf.oid))?;
        let wrap = key_wrap(AlgorithmIdentifier::read(&mut Reader::new(self.wrap.raw))?)?;
        if self.kek_length.uint()? != wrap.key_size() as u64 {
            return Err(Error::MalformedCms { rule: "a key-encryption key of another length" });
        }
        Ok(Decapsulation { key, info: *self, digest, wrap })
    }

    /// RFC 9629, 5:
    ///
    /// ```text
    /// CMSORIforKEMOtherInfo ::= SEQUENCE {
    ///   wrap KeyEncryptionAlgorithmIdentifier,
    ///   kekLength INTEGER (1..65535),
    ///   ukm [0] EXPLICIT UserKeyingMaterial OPTIONAL }
    /// ```
    fn other_info(&self) -> Vec<u8> {
        let ukm = self.ukm.map(|ukm| ukm.raw).unwrap_or_default();
        constructed(tag::SEQUENCE, &[self.wrap.raw, self.kek_length.raw, ukm])
    }
}

pub(super) struct Decapsulation<'a, 'o> {
    key: &'o PrivateKey,
    info: KemRecipientInfo<'a>,
    digest: DigestAlgorithm,
    pub(super) wrap: KeyWrap,
}

impl Decapsulation<'_, '_> {
    /// ML-KEM rejects implicitly: a damaged ciphertext gives another secret, and the key does not
    /// unwrap.
    pub(super) async fn content_key(&self, env: &mut Env) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(secret) = self.key.decapsulate(env, self.info.ciphertext).await? else {
            return Ok(None);
        };
        let other_info = self.info.other_info();
        let kek = hkdf(self.digest, None, &secret, &other_info, self.wrap.key_size())?;
        Ok(self.wrap.unwrap(&kek, self.info.encrypted_key))
    }
}
