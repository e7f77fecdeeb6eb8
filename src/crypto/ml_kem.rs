//! ML-KEM (FIPS 203), with keys as RFC 9935 has them. Only to read what others encrypted.

#[allow(deprecated, reason = "RFC 9935 has expanded keys, so people have them")]
use ml_kem::ExpandedKeyEncoding;
use ml_kem::kem::{Decapsulate, Decapsulator, KeyExport, KeyInit};
use ml_kem::{DecapsulationKey512, DecapsulationKey768, DecapsulationKey1024};
use zeroize::Zeroizing;

use super::algorithms::MlKem;
use super::private_key::{CONTRADICTION, PrivateKeyInfo, UNREADABLE};
use super::public_key;
use crate::asn1::{AlgorithmIdentifier, Reader, tag};
use crate::error::Result;

/// A key that others encapsulate to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MlKemPublicKey {
    parameters: MlKem,
    key: Vec<u8>,
}

impl MlKemPublicKey {
    /// Its parameter set.
    pub fn parameters(&self) -> MlKem {
        self.parameters
    }
}

/// A private key. The crate wipes it.
pub(super) enum MlKemPrivateKey {
    MlKem512(Box<DecapsulationKey512>),
    MlKem768(Box<DecapsulationKey768>),
    MlKem1024(Box<DecapsulationKey1024>),
}

impl MlKemPrivateKey {
    /// The shared secret. A damaged ciphertext gives another one; `None` only for a length that is no
    /// ciphertext's, which everybody can see.
    pub(super) fn decapsulate(&self, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            MlKemPrivateKey::MlKem512(key) => decapsulate(key.as_ref(), ciphertext),
            MlKemPrivateKey::MlKem768(key) => decapsulate(key.as_ref(), ciphertext),
            MlKemPrivateKey::MlKem1024(key) => decapsulate(key.as_ref(), ciphertext),
        }
    }
}

pub(super) fn read_public(
    parameters: MlKem,
    algorithm: &AlgorithmIdentifier<'_>,
    key: &[u8],
) -> Result<MlKemPublicKey> {
    if key.len() != parameters.public_key_size() || algorithm.parameters.is_some() {
        return Err(public_key::UNREADABLE);
    }
    Ok(MlKemPublicKey { parameters, key: key.to_vec() })
}

/// `None` for the algorithm of another kind of key.
pub(super) fn read_private(
    info: &PrivateKeyInfo<'_>,
) -> Result<Option<(MlKemPrivateKey, MlKemPublicKey)>> {
    let Some(parameters) = MlKem::by_oid(info.algorithm.oid) else { return Ok(None) };
    let form = Form::read(info.private_key).map_err(|_| UNREADABLE)?;
    let (key, public) = match parameters {
        MlKem::MlKem512 => {
            let (key, public) = form.key()?;
            (MlKemPrivateKey::MlKem512(key), public)
        }
        MlKem::MlKem768 => {
            let (key, public) = form.key()?;
            (MlKemPrivateKey::MlKem768(key), public)
        }
        MlKem::MlKem1024 => {
            let (key, public) = form.key()?;
            (MlKemPrivateKey::MlKem1024(key), public)
        }
    };
    if !info.agrees_with(&public) {
        return Err(CONTRADICTION);
    }
    Ok(Some((key, MlKemPublicKey { parameters, key: public })))
}

/// ```text
/// ML-KEM-PrivateKey ::= CHOICE {
///   seed [0] OCTET STRING (SIZE (64)),
///   expandedKey OCTET STRING,
///   both SEQUENCE { seed OCTET STRING, expandedKey OCTET STRING } }
/// ```
struct Form<'a> {
    seed: Option<&'a [u8]>,
    expanded: Option<&'a [u8]>,
}

impl<'a> Form<'a> {
    fn read(der: &'a [u8]) -> Result<Form<'a>> {
        const SEED: u8 = tag::context(0);
        let mut reader = Reader::new(der);
        let choice = reader.any()?;
        reader.finish()?;
        match choice.tag {
            SEED => Ok(Form { seed: Some(choice.value), expanded: None }),
            tag::OCTET_STRING => Ok(Form { seed: None, expanded: Some(choice.value) }),
            tag::SEQUENCE => {
                let mut both = choice.contents();
                let seed = both.expect(tag::OCTET_STRING)?.value;
                let expanded = both.expect(tag::OCTET_STRING)?.value;
                both.finish()?;
                Ok(Form { seed: Some(seed), expanded: Some(expanded) })
            }
            _ => Err(UNREADABLE),
        }
    }

    /// The key and its public half. Where both forms are there, they have to be one key.
    #[allow(deprecated, reason = "see above")]
    fn key<K>(&self) -> Result<(Box<K>, Vec<u8>)>
    where
        K: KeyInit + Decapsulator + ExpandedKeyEncoding,
    {
        let from_seed = self.seed.map(K::new_from_slice).transpose().map_err(|_| UNREADABLE)?;
        let from_expanded = match self.expanded {
            Some(bytes) => {
                let expanded = bytes.try_into().map_err(|_| UNREADABLE)?;
                Some(K::from_expanded_bytes(expanded).map_err(|_| CONTRADICTION)?)
            }
            None => None,
        };
        if let (Some(key), Some(expanded)) = (&from_seed, self.expanded)
            && Zeroizing::new(key.to_expanded_bytes().to_vec()).as_slice() != expanded
        {
            return Err(CONTRADICTION);
        }
        let key = from_seed.or(from_expanded).ok_or(UNREADABLE)?;
        let public = key.encapsulation_key().to_bytes().to_vec();
        Ok((Box::new(key), public))
    }
}

fn decapsulate<K: Decapsulate>(key: &K, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let secret = key.decapsulate_slice(ciphertext).ok()?;
    Some(Zeroizing::new(secret.to_vec()))
}
