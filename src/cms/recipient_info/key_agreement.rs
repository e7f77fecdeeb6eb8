//! KeyAgreeRecipientInfo (RFC 5652, 6.2.2) with elliptic curves (RFC 5753) and X25519 (RFC 8418).
//!
//! ```text
//! KeyAgreeRecipientInfo ::= SEQUENCE {
//!   version CMSVersion,
//!   originator [0] EXPLICIT OriginatorIdentifierOrKey,
//!   ukm [1] EXPLICIT UserKeyingMaterial OPTIONAL,
//!   keyEncryptionAlgorithm KeyEncryptionAlgorithmIdentifier,
//!   recipientEncryptedKeys SEQUENCE OF RecipientEncryptedKey }
//!
//! OriginatorIdentifierOrKey ::= CHOICE {
//!   issuerAndSerialNumber IssuerAndSerialNumber,
//!   subjectKeyIdentifier [0] SubjectKeyIdentifier,
//!   originatorKey [1] OriginatorPublicKey }
//!
//! OriginatorPublicKey ::= SEQUENCE { algorithm AlgorithmIdentifier, publicKey BIT STRING }
//! RecipientEncryptedKey ::= SEQUENCE { rid KeyAgreeRecipientIdentifier, encryptedKey OCTET STRING }
//! ```
//!
//! A static key of the originator is refused: the methods of RFC 5753, 3.1.1 take an ephemeral one.

use zeroize::Zeroizing;

use super::{Built, key_wrap, skip_key_attributes, unsupported};
use crate::asn1::{AlgorithmIdentifier, Reader, Tlv, algorithm_der, constructed, primitive, tag};
use crate::cert::Certificate;
use crate::cms::identifier::{EntityIdentifier, issuer_and_serial_number};
use crate::crypto::algorithms::{Curve, DigestAlgorithm, KeyAgreement, KeyDerivation, KeyWrap};
use crate::crypto::{Operation, PrivateKey, PublicKey, hkdf, x963_kdf};
use crate::env::Env;
use crate::error::{Error, Result};

#[derive(Clone, Debug)]
pub(super) struct KeyAgreeRecipientInfo<'a> {
    originator: Originator<'a>,
    ukm: Option<&'a [u8]>,
    algorithm: AlgorithmIdentifier<'a>,
    pub(super) recipients: Vec<RecipientEncryptedKey<'a>>,
}

#[derive(Clone, Copy, Debug)]
enum Originator<'a> {
    /// An ephemeral key: its algorithm and its octets.
    Key(AlgorithmIdentifier<'a>, &'a [u8]),
    /// A key of the originator's certificate.
    Static,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct RecipientEncryptedKey<'a> {
    pub(super) identifier: EntityIdentifier<'a>,
    encrypted_key: &'a [u8],
}

impl<'a> KeyAgreeRecipientInfo<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<KeyAgreeRecipientInfo<'a>> {
        let _version = reader.expect(tag::INTEGER)?;
        let originator = reader.expect(tag::context_constructed(0))?;
        let originator = Originator::read(originator.contents().any()?)?;
        let ukm = reader.optional(tag::context_constructed(1))?;
        let ukm = ukm.map(|ukm| ukm.contents().expect(tag::OCTET_STRING)).transpose()?;
        let algorithm = AlgorithmIdentifier::read(&mut reader)?;
        let mut list = reader.sequence()?;
        reader.finish()?;
        let mut recipients = Vec::new();
        while !list.is_empty() {
            recipients.push(RecipientEncryptedKey::read(list.sequence()?)?);
        }
        Ok(KeyAgreeRecipientInfo {
            originator,
            ukm: ukm.map(|ukm| ukm.value),
            algorithm,
            recipients,
        })
    }

    pub(super) fn identifiers(&self) -> impl Iterator<Item = EntityIdentifier<'a>> {
        self.recipients.iter().map(|recipient| recipient.identifier)
    }

    /// For some of the recipients: those at whose position `staying` is true.
    pub(super) fn only(&self, staying: &[bool]) -> KeyAgreeRecipientInfo<'a> {
        let mut info = self.clone();
        let mut staying = staying.iter();
        info.recipients.retain(|_| staying.next() == Some(&true));
        info
    }

    pub(super) fn algorithm_name(&self) -> String {
        let oid = self.algorithm.oid;
        KeyAgreement::by_oid(oid).map_or_else(|| oid.to_string(), |found| found.name.to_owned())
    }

    /// What this key is to do for one of the recipients.
    pub(super) fn agreement<'o>(
        &self,
        recipient: &RecipientEncryptedKey<'a>,
        key: &'o PrivateKey,
    ) -> Result<Agreement<'a, 'o>> {
        let oid = self.algorithm.oid;
        let scheme = KeyAgreement::by_oid(oid).ok_or_else(|| unsupported("key agreement", oid))?;
        let Some(parameters) = self.algorithm.parameters else {
            return Err(Error::MalformedCms { rule: "a key agreement without a key wrap" });
        };
        let wrap = key_wrap(AlgorithmIdentifier::read(&mut Reader::new(parameters.raw))?)?;
        let Originator::Key(algorithm, public_key) = self.originator else {
            let structure = "a static key of the originator";
            return Err(Error::UnsupportedStructure { structure });
        };
        if !matches!(key.public_key(), PublicKey::Ec(_) | PublicKey::X25519(_)) {
            return Err(unsupported("key agreement with this key", oid));
        }
        key.permits(Operation::Decrypt)?;
        Ok(Agreement {
            key,
            algorithm,
            public_key,
            derivation: scheme.derivation,
            wrap,
            key_info: parameters.raw,
            ukm: self.ukm,
            encrypted_key: recipient.encrypted_key,
        })
    }
}

/// The encoding `der` for some of the recipients: those at whose position `staying` is true.
///
/// # Errors
///
/// `malformed/asn1`.
pub(super) fn without(der: &[u8], staying: &[bool]) -> Result<Vec<u8>> {
    let info = Reader::new(der).any()?;
    let mut reader = info.contents();
    let mut fields = Vec::new();
    while !reader.is_empty() {
        fields.push(reader.any()?);
    }
    // The recipients stand last.
    let mut list = fields.pop().map(|list| list.contents()).unwrap_or(Reader::new(&[]));
    let mut kept = Vec::new();
    for stays in staying {
        let recipient = list.any()?;
        if *stays {
            kept.push(recipient.raw);
        }
    }
    let list = constructed(tag::SEQUENCE, &kept);
    let mut values: Vec<&[u8]> = fields.iter().map(|field| field.raw).collect();
    values.push(&list);
    Ok(constructed(info.tag, &values))
}

impl<'a> Originator<'a> {
    fn read(choice: Tlv<'a>) -> Result<Originator<'a>> {
        const SKI: u8 = tag::context(0);
        const KEY: u8 = tag::context_constructed(1);
        match choice.tag {
            tag::SEQUENCE | SKI => Ok(Originator::Static),
            KEY => {
                let mut reader = choice.contents();
                let algorithm = AlgorithmIdentifier::read(&mut reader)?;
                let bits = reader.expect(tag::BIT_STRING)?.value;
                reader.finish()?;
                match bits.split_first() {
                    Some((0, octets)) => Ok(Originator::Key(algorithm, octets)),
                    _ => Err(Error::MalformedCms { rule: "an originator's key is not octets" }),
                }
            }
            _ => Err(Error::MalformedCms { rule: "an unknown way to name the originator" }),
        }
    }
}

impl<'a> RecipientEncryptedKey<'a> {
    /// ```text
    /// KeyAgreeRecipientIdentifier ::= CHOICE {
    ///   issuerAndSerialNumber IssuerAndSerialNumber,
    ///   rKeyId [0] IMPLICIT RecipientKeyIdentifier }
    /// RecipientKeyIdentifier ::= SEQUENCE {
    ///   subjectKeyIdentifier SubjectKeyIdentifier,
    ///   date GeneralizedTime OPTIONAL,
    ///   other OtherKeyAttribute OPTIONAL }
    /// ```
    fn read(mut reader: Reader<'a>) -> Result<RecipientEncryptedKey<'a>> {
        let identifier = match reader.optional(tag::context_constructed(0))? {
            Some(key_identifier) => {
                let mut fields = key_identifier.contents();
                let identifier = fields.expect(tag::OCTET_STRING)?.value;
                skip_key_attributes(fields)?;
                EntityIdentifier::SubjectKeyIdentifier(identifier)
            }
            None => EntityIdentifier::read(&mut reader)?,
        };
        let encrypted_key = reader.expect(tag::OCTET_STRING)?.value;
        reader.finish()?;
        Ok(RecipientEncryptedKey { identifier, encrypted_key })
    }
}

pub(super) struct Agreement<'a, 'o> {
    key: &'o PrivateKey,
    algorithm: AlgorithmIdentifier<'a>,
    public_key: &'a [u8],
    derivation: KeyDerivation,
    pub(super) wrap: KeyWrap,
    key_info: &'a [u8],
    ukm: Option<&'a [u8]>,
    encrypted_key: &'a [u8],
}

impl Agreement<'_, '_> {
    /// A point that is not on our curve, a secret of zeros and a key that does not unwrap are the same
    /// failure.
    pub(super) async fn content_key(&self, env: &mut Env) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(secret) = self.key.agree(env, &self.algorithm, self.public_key).await? else {
            return Ok(None);
        };
        let shared_info = shared_info(self.key_info, self.wrap, self.ukm);
        let mut found = None;
        // RFC 8418, 2.2 makes the user keying material the salt of HKDF. Bouncy Castle leaves it out.
        let salts = [self.ukm, None];
        let salts = salts.iter().take(if self.ukm.is_some() { 2 } else { 1 });
        for salt in salts {
            let size = self.wrap.key_size();
            let kek = derive(self.derivation, *salt, &secret, &shared_info, size)?;
            found = found.or(self.wrap.unwrap(&kek, self.encrypted_key));
        }
        Ok(found)
    }
}

fn derive(
    derivation: KeyDerivation,
    salt: Option<&[u8]>,
    secret: &[u8],
    shared_info: &[u8],
    size: usize,
) -> Result<Zeroizing<Vec<u8>>> {
    match derivation {
        KeyDerivation::X963(digest) => Ok(x963_kdf(digest, secret, shared_info, size)),
        KeyDerivation::Hkdf(digest) => hkdf(digest, salt, secret, shared_info, size),
    }
}

/// RFC 5753, 7.2, with the key wrap as it was written.
///
/// ```text
/// ECC-CMS-SharedInfo ::= SEQUENCE {
///   keyInfo AlgorithmIdentifier,
///   entityUInfo [0] EXPLICIT OCTET STRING OPTIONAL,
///   suppPubInfo [2] EXPLICIT OCTET STRING }
/// ```
fn shared_info(key_info: &[u8], wrap: KeyWrap, ukm: Option<&[u8]>) -> Vec<u8> {
    let explicit = |number, octets: &[u8]| {
        constructed(tag::context_constructed(number), &[&primitive(tag::OCTET_STRING, octets)])
    };
    let ukm = ukm.map(|ukm| explicit(0, ukm)).unwrap_or_default();
    let bits = (wrap.key_size() as u32 * 8).to_be_bytes();
    constructed(tag::SEQUENCE, &[key_info, &ukm, &explicit(2, &bits)])
}

/// Agrees with an ephemeral key for this recipient alone: who else gets the message is nobody's
/// business, and every client reads it. The digest fits the strength of the curve (RFC 5753, 7.1.4
/// and 9); X25519 takes HKDF with SHA-256 (RFC 8418, 3).
///
/// # Errors
///
/// `unsupported/algorithm` for a key that can't agree, or a point of small order.
pub(super) fn build(env: &mut Env, recipient: &Certificate, content_key: &[u8]) -> Result<Built> {
    const FAULT: Error = Error::Internal { what: "a key agreement that we don't write" };
    let key = recipient.public_key();
    let derivation = match key {
        PublicKey::Ec(key) => KeyDerivation::X963(match key.curve() {
            Curve::P256 | Curve::BrainpoolP256r1 => DigestAlgorithm::Sha256,
            Curve::P384 | Curve::BrainpoolP384r1 => DigestAlgorithm::Sha384,
            Curve::P521 => DigestAlgorithm::Sha512,
        }),
        _ => KeyDerivation::Hkdf(DigestAlgorithm::Sha256),
    };
    let scheme = KeyAgreement::written_with(derivation).ok_or(FAULT)?;
    let wrap = KeyWrap::for_content_key(content_key.len());
    // RFC 3394, 2: whole blocks, two or more. RC2 has shorter keys.
    if content_key.len() < 16 || !content_key.len().is_multiple_of(8) {
        return Err(unsupported("a key of this size", wrap.oid()));
    }
    let key_info = algorithm_der(wrap.oid(), &[]);
    let (ephemeral, secret) = key.agree(env)?;
    let shared_info = shared_info(&key_info, wrap, None);
    let kek = derive(derivation, None, &secret, &shared_info, wrap.key_size())?;
    let encrypted_key = wrap.wrap(&kek, content_key)?;

    let mut bits = vec![0];
    bits.extend_from_slice(&ephemeral.octets);
    let originator_key = constructed(
        tag::context_constructed(1),
        &[&algorithm_der(ephemeral.algorithm, &[]), &primitive(tag::BIT_STRING, &bits)],
    );
    let encrypted_key = constructed(
        tag::SEQUENCE,
        &[&issuer_and_serial_number(recipient), &primitive(tag::OCTET_STRING, &encrypted_key)],
    );
    let version = 3;
    let der = constructed(
        tag::context_constructed(1),
        &[
            &primitive(tag::INTEGER, &[version]),
            &constructed(tag::context_constructed(0), &[&originator_key]),
            &algorithm_der(scheme.oid, &key_info),
            &constructed(tag::SEQUENCE, &[&encrypted_key]),
        ],
    );
    Ok(Built { der, version })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::algorithms::X25519;
    use crate::env::{Time, block_on};
    use crate::limits::Limits;

    const CONTENT_KEY: [u8; 32] = [0x2a; 32];

    fn env() -> Env {
        Env::new(Time::from_secs(0), &[3; 32], Limits::default())
    }

    /// The only thing that differs between these keys is their first octet.
    fn key(number: u8) -> PrivateKey {
        let mut seed = [7; 32];
        seed[0] = number << 3;
        let seed = primitive(tag::OCTET_STRING, &primitive(tag::OCTET_STRING, &seed));
        let version = primitive(tag::INTEGER, &[0]);
        let algorithm = algorithm_der(X25519, &[]);
        let pkcs8 = constructed(tag::SEQUENCE, &[&version, &algorithm, &seed]);
        PrivateKey::from_pkcs8(&pkcs8).unwrap()
    }

    /// A KeyAgreeRecipientInfo for the owner of `key`, who stands second in it.
    fn info(key: &PrivateKey, ukm: Option<&[u8]>, salt: Option<&[u8]>) -> Vec<u8> {
        let wrap = KeyWrap::Aes256;
        let key_info = algorithm_der(wrap.oid(), &[]);
        let scheme = KeyAgreement::written_with(KeyDerivation::Hkdf(DigestAlgorithm::Sha256));
        let scheme = scheme.unwrap();
        let (ephemeral, secret) = key.public_key().agree(&mut env()).unwrap();
        let shared_info = shared_info(&key_info, wrap, ukm);
        let kek = derive(scheme.derivation, salt, &secret, &shared_info, 32).unwrap();
        let bits = [&[0][..], &ephemeral.octets].concat();
        let originator = constructed(
            tag::context_constructed(1),
            &[&algorithm_der(ephemeral.algorithm, &[]), &primitive(tag::BIT_STRING, &bits)],
        );
        let ukm = ukm.map(|ukm| {
            constructed(tag::context_constructed(1), &[&primitive(tag::OCTET_STRING, ukm)])
        });
        let recipient = |name: &[u8], key: &[u8]| {
            let date = primitive(tag::GENERALIZED_TIME, b"20400101000000Z");
            let name = [primitive(tag::OCTET_STRING, name), date].concat();
            let name = primitive(tag::context_constructed(0), &name);
            constructed(tag::SEQUENCE, &[&name, &primitive(tag::OCTET_STRING, key)])
        };
        let wrapped = wrap.wrap(&kek, &CONTENT_KEY).unwrap();
        let recipients = [recipient(b"first", &[9; 40]), recipient(b"second", &wrapped)].concat();
        [
            primitive(tag::INTEGER, &[3]),
            constructed(tag::context_constructed(0), &[&originator]),
            ukm.unwrap_or_default(),
            algorithm_der(scheme.oid, &key_info),
            primitive(tag::SEQUENCE, &recipients),
        ]
        .concat()
    }

    fn opened(info: &[u8], key: &PrivateKey, position: usize) -> Option<Vec<u8>> {
        let info = KeyAgreeRecipientInfo::read(Reader::new(info)).unwrap();
        let agreement = info.agreement(&info.recipients[position], key).unwrap();
        block_on(agreement.content_key(&mut env())).unwrap().map(|key| key.to_vec())
    }

    /// As RFC 8418, 2.2 has it, and as Bouncy Castle does it.
    #[test]
    fn keying_material_is_read_as_salt_and_without() {
        let ukm = &b"material"[..];
        for (ukm, salt) in [(None, None), (Some(ukm), Some(ukm)), (Some(ukm), None)] {
            let info = info(&key(1), ukm, salt);
            assert_eq!(opened(&info, &key(1), 1).unwrap(), CONTENT_KEY);
            assert_eq!(opened(&info, &key(1), 0), None);
            assert_eq!(opened(&info, &key(2), 1), None);
        }
        assert_eq!(opened(&info(&key(1), Some(ukm), Some(b"other")), &key(1), 1), None);
    }

    #[test]
    fn each_recipient_has_a_name() {
        let info = info(&key(1), None, None);
        let info = KeyAgreeRecipientInfo::read(Reader::new(&info)).unwrap();
        let names: Vec<_> = info.identifiers().collect();
        let expected = [b"first".as_slice(), b"second"];
        assert_eq!(names, expected.map(EntityIdentifier::SubjectKeyIdentifier));
    }
}
