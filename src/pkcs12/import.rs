//! Reading a PFX.

use std::sync::Arc;

use der::asn1::ObjectIdentifier;
use pkcs12::{
    PKCS_12_CERT_BAG_OID, PKCS_12_KEY_BAG_OID, PKCS_12_PKCS8_KEY_BAG_OID,
    PKCS_12_SAFE_CONTENTS_BAG_OID, PKCS_12_X509_CERT_OID,
};
use zeroize::Zeroizing;

use super::mac::Mac;
use super::opener::Opener;
use super::password::{Password, Secret};
use super::scheme::Scheme;
use crate::asn1::{Reader, Tlv, oids, tag, to_der};
use crate::cert::{Certificate, Identity, pem_blocks};
use crate::crypto::PrivateKey;
use crate::env::Env;
use crate::error::{Error, Limit, Problem, ProblemCode, Result};
use crate::limits::Limits;

/// What a PFX holds.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Every certificate whose private key is in the file, in the order of the keys. A key with
    /// several certificates gives several identities. `chain` holds what the file has of the issuers,
    /// the nearest first.
    pub identities: Vec<Identity>,
    /// The other certificates, in the order of the file.
    pub certificates: Vec<Certificate>,
    /// What was weak, and what was left out.
    pub problems: Vec<Problem>,
}

/// Reads a PFX (RFC 7292) in DER, BER or PEM.
///
/// Keys and certificates are paired by the key itself; the order of the bags, local key identifiers
/// and friendly names say nothing.
///
/// Which encoding of the password is right is decided by the MAC, or without one by the first part
/// that decrypts. From then on whatever does not decrypt is damaged.
///
/// # Errors
///
/// - `p12/wrong-password`: the MAC holds for no encoding of the password, or there is none and nothing
///   decrypts. A file that was altered inside what the MAC covers and is still well-formed looks the
///   same.
/// - `malformed/p12`: it is no PFX, or damaged.
/// - `limit/kdf-iterations`, `limit/kdf-memory`: one key derivation, or all together, would cost too
///   much; `limit/certificates` for too many bags, `limit/input-bytes`, `limit/asn1-depth`,
///   `limit/asn1-values`.
/// - `unsupported/algorithm`, `unsupported/structure`: the integrity of the file is protected in a way
///   that is not supported.
/// - `aborted`.
pub async fn import(env: &mut Env, data: &[u8], password: &Password) -> Result<Imported> {
    let mut reading = Reading {
        opener: Opener::new(password),
        keys: Vec::new(),
        certificates: Vec::new(),
        problems: Vec::new(),
        bags: 0,
        may_have_key: false,
    };
    reading.pfx(env, data).await.map_err(as_damage)?;
    reading.finish(env.limits())
}

/// Whatever is no ASN.1, or no key, in here is damage to the file.
fn as_damage(error: Error) -> Error {
    match error {
        Error::MalformedAsn1 { rule } | Error::MalformedKey { rule } => {
            Error::MalformedP12 { rule }
        }
        _ => error,
    }
}

/// An import under way.
struct Reading {
    opener: Opener,
    keys: Vec<Arc<PrivateKey>>,
    certificates: Vec<Certificate>,
    problems: Vec<Problem>,
    /// Bags and safes so far.
    bags: usize,
    /// Whether there is a private key of any kind, or a part that can't be opened and may hold one.
    may_have_key: bool,
}

/// A bag that needs the password, or is a key.
enum KeyBag<'a> {
    Plain(Tlv<'a>),
    Shrouded(Tlv<'a>),
}

impl Reading {
    /// ```text
    /// PFX ::= SEQUENCE { version INTEGER { v3(3) }, authSafe ContentInfo, macData MacData OPTIONAL }
    /// ```
    async fn pfx(&mut self, env: &mut Env, data: &[u8]) -> Result<()> {
        let (required, allowed) = (data.len(), env.limits().input_bytes);
        if required > allowed {
            return Err(limit(Limit::InputBytes, required, allowed));
        }
        let pfx = definite(&unwrap_pem(data), env.limits())?;
        let mut reader = Reader::only(&pfx, tag::SEQUENCE)?.contents();
        if reader.expect(tag::INTEGER)?.uint()? != 3 {
            return Err(Error::MalformedP12 { rule: "its version is not 3" });
        }
        let (kind, content) = content_info(&mut reader)?;
        let content = match kind {
            oids::DATA => octets(content)?,
            oids::SIGNED_DATA => {
                return Err(Error::UnsupportedStructure { structure: "public-key integrity mode" });
            }
            _ => return Err(Error::MalformedP12 { rule: "its authSafe is no data" }),
        };
        match reader.optional(tag::SEQUENCE)? {
            Some(mac) => self.opener.check(env, &Mac::read(mac)?, content).await?,
            None => self.problems.push(Problem::new(ProblemCode::P12NoMac)),
        }
        self.authenticated_safe(env, content).await
    }

    /// `AuthenticatedSafe ::= SEQUENCE OF ContentInfo`
    async fn authenticated_safe(&mut self, env: &mut Env, content: &[u8]) -> Result<()> {
        let safes = definite(content, env.limits())?;
        let mut reader = Reader::only(&safes, tag::SEQUENCE)?.contents();
        while !reader.is_empty() {
            self.count(env.limits())?;
            let (kind, content) = content_info(&mut reader)?;
            match kind {
                oids::DATA => {
                    let contents = definite(octets(content)?, env.limits())?;
                    self.safe_contents(env, &contents).await?;
                }
                oids::ENCRYPTED_DATA => self.encrypted_safe(env, content).await?,
                oids::ENVELOPED_DATA => {
                    let structure = "public-key privacy mode";
                    self.leave_out(kind, &Error::UnsupportedStructure { structure });
                }
                _ => self.skip(kind),
            }
        }
        Ok(())
    }

    /// ```text
    /// EncryptedData ::= SEQUENCE { version INTEGER, encryptedContentInfo EncryptedContentInfo, ... }
    /// EncryptedContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER,
    ///   contentEncryptionAlgorithm AlgorithmIdentifier, encryptedContent [0] IMPLICIT OCTET STRING }
    /// ```
    async fn encrypted_safe(&mut self, env: &mut Env, content: Option<Tlv<'_>>) -> Result<()> {
        let mut reader = content.ok_or(NO_CONTENT)?.contents().sequence()?;
        reader.expect(tag::INTEGER)?;
        let mut reader = reader.sequence()?;
        reader.expect(tag::OBJECT_IDENTIFIER)?;
        let scheme = match Scheme::read(reader.any()?) {
            Err(error @ Error::UnsupportedAlgorithm { .. }) => {
                self.leave_out(oids::ENCRYPTED_DATA, &error);
                return Ok(());
            }
            scheme => scheme?,
        };
        let ciphertext = encrypted_content(reader.any()?)?;
        let plaintext = self.open(env, &scheme, &ciphertext).await?;
        let contents = definite(&plaintext, env.limits())?;
        self.safe_contents(env, &contents).await
    }

    async fn safe_contents(&mut self, env: &mut Env, contents: &[u8]) -> Result<()> {
        let mut keys = Vec::new();
        self.bags(env.limits(), Reader::only(contents, tag::SEQUENCE)?.contents(), &mut keys)?;
        for key in keys {
            self.may_have_key = true;
            match key {
                KeyBag::Plain(pkcs8) => self.key(pkcs8.raw, env.limits())?,
                KeyBag::Shrouded(sealed) => self.shrouded_key(env, sealed).await?,
            }
        }
        Ok(())
    }

    /// Sorts bags, and those in nested bags, which are no deeper than the ASN.1 may be.
    ///
    /// ```text
    /// SafeBag ::= SEQUENCE { bagId OBJECT IDENTIFIER, bagValue [0] EXPLICIT ANY,
    ///   bagAttributes SET OPTIONAL }
    /// ```
    fn bags<'a>(
        &mut self,
        limits: &Limits,
        mut reader: Reader<'a>,
        keys: &mut Vec<KeyBag<'a>>,
    ) -> Result<()> {
        while !reader.is_empty() {
            self.count(limits)?;
            let mut bag = reader.sequence()?;
            let kind = bag.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
            let value = bag.expect(tag::context_constructed(0))?.contents().any()?;
            match kind {
                PKCS_12_KEY_BAG_OID => keys.push(KeyBag::Plain(value)),
                PKCS_12_PKCS8_KEY_BAG_OID => keys.push(KeyBag::Shrouded(value)),
                PKCS_12_CERT_BAG_OID => self.certificate(value)?,
                PKCS_12_SAFE_CONTENTS_BAG_OID => {
                    let inner = Reader::only(value.raw, tag::SEQUENCE)?.contents();
                    self.bags(limits, inner, keys)?;
                }
                _ => self.skip(kind),
            }
        }
        Ok(())
    }

    /// `CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] EXPLICIT OCTET STRING }`
    fn certificate(&mut self, bag: Tlv<'_>) -> Result<()> {
        let mut reader = bag.contents();
        let kind = reader.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        if kind != PKCS_12_X509_CERT_OID {
            self.skip(kind);
            return Ok(());
        }
        let value = octets(reader.optional(tag::context_constructed(0))?)?;
        match Certificate::from_der(value) {
            Ok(certificate) if self.certificates.contains(&certificate) => {}
            Ok(certificate) => self.certificates.push(certificate),
            Err(error) => {
                let problem = Problem::new(ProblemCode::CertificateUnreadable);
                let details = error.details();
                self.problems.push(Problem { details, ..problem });
            }
        }
        Ok(())
    }

    /// `EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm, encryptedData OCTET STRING }`
    /// (RFC 5958, 3)
    async fn shrouded_key(&mut self, env: &mut Env, sealed: Tlv<'_>) -> Result<()> {
        let mut reader = sealed.contents();
        let scheme = match Scheme::read(reader.any()?) {
            Err(error @ Error::UnsupportedAlgorithm { .. }) => {
                self.leave_out_key(&error);
                return Ok(());
            }
            scheme => scheme?,
        };
        let ciphertext = reader.expect(tag::OCTET_STRING)?.value;
        let pkcs8 = self.open(env, &scheme, ciphertext).await?;
        self.key(&pkcs8, env.limits())
    }

    fn key(&mut self, pkcs8: &[u8], limits: &Limits) -> Result<()> {
        match PrivateKey::from_pkcs8(&definite(pkcs8, limits)?) {
            Ok(key) if self.keys.iter().any(|known| known.is_same(&key)) => {}
            Ok(key) => self.keys.push(Arc::new(key)),
            Err(error @ Error::UnsupportedAlgorithm { .. }) => self.leave_out_key(&error),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn open(&mut self, env: &mut Env, scheme: &Scheme, ciphertext: &[u8]) -> Result<Secret> {
        let plaintext = self.opener.open(env, scheme, ciphertext).await?;
        if let Some(cipher) = scheme.weak_cipher() {
            let problem = Problem::new(ProblemCode::P12WeakCipher).with_text("cipher", cipher);
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        Ok(plaintext)
    }

    /// Counts a bag or a safe.
    fn count(&mut self, limits: &Limits) -> Result<()> {
        self.bags += 1;
        if self.bags > limits.certificates {
            return Err(limit(Limit::Certificates, self.bags, limits.certificates));
        }
        Ok(())
    }

    fn skip(&mut self, kind: ObjectIdentifier) {
        let problem = Problem::new(ProblemCode::P12BagSkipped);
        self.problems.push(problem.with_text("type", &kind.to_string()));
    }

    fn leave_out(&mut self, kind: ObjectIdentifier, error: &Error) {
        let mut problem = Problem::new(ProblemCode::P12BagSkipped);
        problem = problem.with_text("type", &kind.to_string());
        problem.details.extend(error.details());
        self.problems.push(problem);
        self.may_have_key = true;
    }

    fn leave_out_key(&mut self, error: &Error) {
        let problem = Problem::new(ProblemCode::P12UnsupportedKey);
        self.problems.push(Problem { details: error.details(), ..problem });
    }

    /// Pairs keys with certificates.
    fn finish(mut self, limits: &Limits) -> Result<Imported> {
        if !self.may_have_key {
            self.problems.push(Problem::new(ProblemCode::P12NoKey));
        }
        let mut identities: Vec<Identity> = Vec::new();
        for key in &self.keys {
            let before = identities.len();
            for certificate in &self.certificates {
                if key.belongs_to(certificate.public_key()) {
                    let chain = chain(certificate, &self.certificates, limits);
                    identities.push(Identity::new(certificate.clone(), chain, Arc::clone(key))?);
                }
            }
            if identities.len() == before {
                self.problems.push(Problem::new(ProblemCode::P12KeyWithoutCertificate));
            }
        }
        let mut certificates = self.certificates;
        certificates.retain(|certificate| {
            !identities.iter().any(|identity| identity.certificate() == certificate)
        });
        Ok(Imported { identities, certificates, problems: self.problems })
    }
}

/// The issuers of a certificate, as far as they are there, the nearest first. Issuers are known by
/// name and, where both certificates give it, by key identifier; of several the one that is valid
/// longest is taken. Whether the signatures hold is asked when a path is checked.
fn chain(leaf: &Certificate, all: &[Certificate], limits: &Limits) -> Vec<Certificate> {
    let mut chain: Vec<Certificate> = Vec::new();
    while chain.len() < limits.path_length {
        let last = chain.last().unwrap_or(leaf);
        let issuer = all
            .iter()
            .filter(|&candidate| candidate != leaf && !chain.contains(candidate))
            .filter(|candidate| is_issuer(candidate, last))
            .max_by_key(|candidate| candidate.not_after());
        if is_issuer(last, last) {
            break;
        }
        let Some(issuer) = issuer else { break };
        chain.push(issuer.clone());
    }
    chain
}

fn is_issuer(issuer: &Certificate, subject: &Certificate) -> bool {
    let keys = (subject.authority_key_identifier(), issuer.subject_key_identifier());
    issuer.subject() == subject.issuer()
        && !matches!(keys, (Some(named), Some(own)) if named != own)
}

const NO_CONTENT: Error = Error::MalformedP12 { rule: "a ContentInfo without content" };

/// `ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY OPTIONAL }`
fn content_info<'a>(reader: &mut Reader<'a>) -> Result<(ObjectIdentifier, Option<Tlv<'a>>)> {
    let mut reader = reader.sequence()?;
    let kind = reader.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
    Ok((kind, reader.optional(tag::context_constructed(0))?))
}

/// The octets of `[0] EXPLICIT OCTET STRING`.
fn octets(explicit: Option<Tlv<'_>>) -> Result<&[u8]> {
    Ok(explicit.ok_or(NO_CONTENT)?.contents().expect(tag::OCTET_STRING)?.value)
}

/// The octets of `[0] IMPLICIT OCTET STRING`. In BER it may be in pieces, which `to_der` does not
/// join: from the tag alone it can't know that this is a string.
fn encrypted_content(implicit: Tlv<'_>) -> Result<Vec<u8>> {
    if implicit.tag == tag::context(0) {
        return Ok(implicit.value.to_vec());
    }
    if implicit.tag != tag::context_constructed(0) {
        return Err(Error::MalformedP12 { rule: "an EncryptedData without content" });
    }
    let mut octets = Vec::with_capacity(implicit.value.len());
    let mut reader = implicit.contents();
    while !reader.is_empty() {
        octets.extend_from_slice(reader.expect(tag::OCTET_STRING)?.value);
    }
    Ok(octets)
}

/// The first value in `ber`, with definite lengths; wiped, since most values here are secret.
fn definite(ber: &[u8], limits: &Limits) -> Result<Secret> {
    Ok(Zeroizing::new(to_der(ber, limits)?.into_owned()))
}

/// What is in the PEM block, if it is one; else the bytes as they are.
fn unwrap_pem(data: &[u8]) -> Secret {
    let block = || pem_blocks(data).into_iter().find(|block| block.label.contains("PKCS12"));
    Zeroizing::new(match data.first() {
        Some(&tag::SEQUENCE) => data.to_vec(),
        _ => block().map_or_else(|| data.to_vec(), |block| block.bytes),
    })
}

fn limit(limit: Limit, required: usize, allowed: usize) -> Error {
    Error::Limit { limit, required: required as u64, allowed: allowed as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{constructed, primitive};
    use crate::env::{Time, block_on};
    use crate::pkcs12::{Profile, export};
    use der::Encode;
    use pkcs12::PKCS_12_CRL_BAG_OID;

    /// Made by www/app/samples/make.sh: two identities of one CA, password "demo".
    const ERIKA: &[u8] = include_bytes!("../../www/app/samples/erika.p12");
    const MAX: &[u8] = include_bytes!("../../www/app/samples/max.p12");

    fn env() -> Env {
        env_with(Limits::default())
    }

    fn env_with(limits: Limits) -> Env {
        Env::new(Time::from_secs(0), &[7; 32], limits)
    }

    fn open(data: &[u8]) -> Result<Imported> {
        open_with(data, "demo", Limits::default())
    }

    fn open_with(data: &[u8], password: &str, limits: Limits) -> Result<Imported> {
        block_on(import(&mut env_with(limits), data, &Password::new(password)))
    }

    fn code(outcome: Result<Imported>) -> String {
        outcome.map_or_else(|error| error.code().to_owned(), |_| "opens".to_owned())
    }

    fn codes(imported: &Imported) -> Vec<&'static str> {
        imported.problems.iter().map(|problem| problem.code.as_str()).collect()
    }

    fn identity(data: &[u8]) -> Identity {
        open(data).unwrap().identities.remove(0)
    }

    fn bag(kind: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
        let value = constructed(tag::context_constructed(0), &[value]);
        constructed(tag::SEQUENCE, &[&kind.to_der().unwrap(), &value])
    }

    fn key_bag(identity: &Identity) -> Vec<u8> {
        bag(PKCS_12_KEY_BAG_OID, identity.key().pkcs8().unwrap())
    }

    fn cert_bag(der: &[u8]) -> Vec<u8> {
        bag(PKCS_12_CERT_BAG_OID, &bag(PKCS_12_X509_CERT_OID, &primitive(tag::OCTET_STRING, der)))
    }

    fn data(content: &[u8]) -> Vec<u8> {
        bag(oids::DATA, &primitive(tag::OCTET_STRING, content))
    }

    /// A PFX without MAC of these safes.
    fn pfx(safes: &[Vec<u8>]) -> Vec<u8> {
        let safes = primitive(tag::SEQUENCE, &safes.concat());
        constructed(tag::SEQUENCE, &[&[2, 1, 3], &data(&safes)])
    }

    /// A PFX without MAC of one open safe with these bags.
    fn open_pfx(bags: &[Vec<u8>]) -> Vec<u8> {
        pfx(&[data(&primitive(tag::SEQUENCE, &bags.concat()))])
    }

    const PROFILES: [Profile; 3] = [Profile::Modern, Profile::Pbmac1, Profile::Compatible];

    fn written(profile: Profile) -> Vec<u8> {
        let (mut env, erika, password) = (env(), identity(ERIKA), Password::new("demo"));
        block_on(export(&mut env, &erika, &password, profile)).unwrap()
    }

    /// The safes of a PFX we wrote.
    fn safes(profile: Profile) -> Vec<Vec<u8>> {
        let written = written(profile);
        let mut reader = Reader::only(&written, tag::SEQUENCE).unwrap().contents();
        reader.any().unwrap();
        let (_, content) = content_info(&mut reader).unwrap();
        let mut reader = Reader::only(octets(content).unwrap(), tag::SEQUENCE).unwrap().contents();
        let mut safes = Vec::new();
        while !reader.is_empty() {
            safes.push(reader.any().unwrap().raw.to_vec());
        }
        safes
    }

    /// The same in BER: indefinite lengths, strings in pieces, `[0] IMPLICIT` ones too.
    fn streamed(der: &[u8]) -> Vec<u8> {
        let (mut reader, mut ber) = (Reader::new(der), Vec::new());
        while !reader.is_empty() {
            let tlv = reader.any().unwrap();
            let inside = if tlv.tag & 0x20 != 0 {
                streamed(tlv.value)
            } else if tlv.tag == tag::OCTET_STRING || tlv.tag == tag::context(0) {
                tlv.value
                    .chunks(100)
                    .flat_map(|piece| primitive(tag::OCTET_STRING, piece))
                    .collect()
            } else {
                ber.extend_from_slice(tlv.raw);
                continue;
            };
            ber.extend([tlv.tag | 0x20, 0x80]);
            ber.extend(inside);
            ber.extend([0, 0]);
        }
        ber
    }

    #[test]
    fn keys_and_certificates_are_paired_by_key_not_by_order() {
        let (erika, max) = (identity(ERIKA), identity(MAX));
        let ca = &erika.chain()[0];
        let imported = open(&open_pfx(&[
            cert_bag(ca.der()),
            key_bag(&max),
            cert_bag(erika.certificate().der()),
            cert_bag(max.certificate().der()),
            cert_bag(ca.der()),
            key_bag(&erika),
            key_bag(&max),
        ]))
        .unwrap();
        let found: Vec<_> = imported.identities.iter().map(Identity::certificate).collect();
        assert_eq!(found, [max.certificate(), erika.certificate()]);
        assert_eq!(imported.certificates, core::slice::from_ref(ca));
        for identity in &imported.identities {
            assert_eq!(identity.chain(), core::slice::from_ref(ca));
        }
        assert_eq!(codes(&imported), ["p12/no-mac"]);
    }

    #[test]
    fn what_is_left_out_is_said() {
        let (erika, max) = (identity(ERIKA), identity(MAX));
        let elliptic = [
            &[0x30, 0x17, 2, 1, 0, 0x30, 9, 6, 7][..],
            &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1],
            &[4, 7, 0x30, 5, 2, 1, 1, 4, 0],
        ]
        .concat();
        let nested = [key_bag(&erika), cert_bag(erika.certificate().der())].concat();
        let imported = open(&open_pfx(&[
            key_bag(&max),
            bag(PKCS_12_CRL_BAG_OID, &[5, 0]),
            cert_bag(b"no certificate"),
            bag(PKCS_12_KEY_BAG_OID, &elliptic),
            bag(PKCS_12_SAFE_CONTENTS_BAG_OID, &primitive(tag::SEQUENCE, &nested)),
        ]))
        .unwrap();
        assert_eq!(imported.identities.len(), 1);
        assert_eq!(
            codes(&imported),
            [
                "p12/no-mac",
                "p12/bag-skipped",
                "certificate/unreadable",
                "p12/unsupported-key",
                "p12/key-without-certificate",
            ]
        );
        let only = open(&open_pfx(&[bag(PKCS_12_KEY_BAG_OID, &elliptic)])).unwrap();
        assert_eq!(codes(&only), ["p12/no-mac", "p12/unsupported-key"]);
        let none = open(&open_pfx(&[cert_bag(max.certificate().der())])).unwrap();
        assert_eq!(codes(&none), ["p12/no-mac", "p12/no-key"]);
        assert_eq!(none.certificates, [max.certificate().clone()]);
    }

    #[test]
    fn the_mac_of_every_profile_is_checked() {
        for profile in PROFILES {
            let mut file = written(profile);
            let imported = open(&file).unwrap();
            assert_eq!(imported.identities[0].certificate(), identity(ERIKA).certificate());
            assert!(!codes(&imported).contains(&"p12/no-mac"));
            let other = open_with(&file, "other", Limits::default());
            assert_eq!(code(other), "p12/wrong-password");
            let middle = file.len() / 2;
            file[middle] ^= 1;
            assert_eq!(code(open(&file)), "p12/wrong-password");
        }
    }

    #[test]
    fn ber_opens() {
        for profile in PROFILES {
            let safes = safes(profile);
            let content = streamed(&primitive(tag::SEQUENCE, &safes.concat()));
            let whole = constructed(tag::SEQUENCE, &[&[2, 1, 3], &data(&content)]);
            assert_eq!(open(&streamed(&whole)).unwrap().identities.len(), 1);
        }
    }

    #[test]
    fn pem_opens() {
        let text = crate::bytes::base64::encode(ERIKA);
        let text = String::from_utf8(text).unwrap();
        let pem = format!("-----BEGIN PKCS12-----\r\n{text}\r\n-----END PKCS12-----\r\n");
        assert_eq!(open(pem.as_bytes()).unwrap().identities.len(), 1);
    }

    #[test]
    fn without_a_mac_the_first_part_decides_about_the_password() {
        let safes = safes(Profile::Compatible);
        let whole = pfx(&safes);
        assert_eq!(codes(&open(&whole).unwrap()), ["p12/no-mac", "p12/weak-cipher"]);
        let other = open_with(&whole, "other", Limits::default());
        assert_eq!(code(other), "p12/wrong-password");

        // What comes after a part that opened is damaged, wherever the fault is in it.
        let (start, end) = (whole.len() - 600, whole.len() - 100);
        for position in (start..end).step_by(50) {
            let mut damaged = whole.clone();
            damaged[position] ^= 1;
            assert_eq!(code(open(&damaged)), "malformed/p12", "{position}");
        }
    }

    #[test]
    fn iterations_are_bounded_one_by_one_and_together() {
        let outcome = |limits, data: &[u8]| code(open_with(data, "demo", limits));
        let limits = |kdf_iterations| Limits { kdf_iterations, ..Limits::default() };
        assert_eq!(outcome(limits(2_047), ERIKA), "limit/kdf-iterations");
        assert_eq!(outcome(limits(2_048), ERIKA), "opens");

        let safes = safes(Profile::Compatible);
        let repeated: Vec<_> = safes.iter().cycle().take(5).cloned().collect();
        // Two blocks of output for the key and one for the IV of each, with 2,048 iterations.
        assert_eq!(outcome(limits(3_839), &pfx(&repeated)), "limit/kdf-iterations");
        assert_eq!(outcome(limits(3_840), &pfx(&repeated)), "opens");
    }

    #[test]
    fn bags_are_bounded() {
        let limits = Limits { certificates: 10, ..Limits::default() };
        let whole = open_pfx(&vec![bag(PKCS_12_CRL_BAG_OID, &[5, 0]); 10]);
        assert_eq!(code(open_with(&whole, "", limits)), "limit/certificates");
    }

    #[test]
    fn an_open_file_in_an_octet_string_of_bags_does_not_nest() {
        let mut bags = Vec::new();
        for _ in 0..2_000 {
            bags = bag(PKCS_12_SAFE_CONTENTS_BAG_OID, &primitive(tag::OCTET_STRING, &bags));
        }
        assert_eq!(code(open(&open_pfx(&[bags]))), "malformed/p12");
    }

    /// Cuts and changed bytes, in a file with MAC, in one without, and in one without any encryption,
    /// where they reach every parser.
    #[test]
    fn damage_always_ends_in_a_code() {
        let (erika, ca) = (identity(ERIKA), identity(MAX).chain()[0].clone());
        let open_file =
            open_pfx(&[key_bag(&erika), cert_bag(erika.certificate().der()), cert_bag(ca.der())]);
        let limits = Limits { kdf_iterations: 3_000, ..Limits::default() };
        let mut chance = env();
        for (file, changes) in
            [(ERIKA.to_vec(), 300), (pfx(&safes(Profile::Compatible)), 300), (open_file, 2_000)]
        {
            let cuts = (0..file.len()).step_by(file.len() / 200).map(|end| file[..end].to_vec());
            let changed: Vec<_> = (0..changes)
                .map(|_| {
                    let [a, b, c, value] = *chance.random::<4>();
                    let position = u32::from_be_bytes([0, a, b, c]) as usize % file.len();
                    let mut changed = file.clone();
                    changed[position] = value;
                    changed
                })
                .collect();
            for damaged in cuts.chain(changed) {
                let outcome = code(open_with(&damaged, "demo", limits));
                assert!(
                    [
                        "opens",
                        "p12/wrong-password",
                        "malformed/p12",
                        "limit/kdf-iterations",
                        "unsupported/algorithm",
                        "unsupported/structure",
                    ]
                    .contains(&outcome.as_str()),
                    "{outcome}"
                );
            }
        }
    }

    #[test]
    fn a_key_that_stands_twice_with_other_attributes_is_one_key() {
        let erika = identity(ERIKA);
        let pkcs8 = Reader::only(erika.key().pkcs8().unwrap(), tag::SEQUENCE).unwrap();
        let attributes = constructed(tag::context_constructed(0), &[]);
        let other = constructed(tag::SEQUENCE, &[pkcs8.value, &attributes]);
        let bags = [
            key_bag(&erika),
            bag(PKCS_12_KEY_BAG_OID, &other),
            cert_bag(erika.certificate().der()),
        ];
        assert_eq!(open(&open_pfx(&bags)).unwrap().identities.len(), 1);
    }
}
