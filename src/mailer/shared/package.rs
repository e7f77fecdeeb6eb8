//! What the administrator of a shared account signs, and what is sealed in it.
//!
//! SignedData (RFC 5652, 5) with one signer, whose content is a ContentCollection (RFC 4073): a statement,
//! and an AuthEnvelopedData (RFC 5083) with the keys for all members. No mail that is signed has such a
//! content type, which is itself signed, so that no signature over a mail can be taken for one of these. Nor can
//! the keys be taken for the content of a mail: their content type is authenticated with them, and `decrypt`
//! refuses it. Beside it stands which statement they belong to.
//!
//! ```text
//! ContentCollection ::= SEQUENCE {
//!   statement   ContentInfo,            -- id-data: Statement
//!   envelope    ContentInfo }           -- id-ct-authEnvelopedData, AES-256-GCM: AsymmetricKeyPackage
//!
//! Statement ::= SEQUENCE {
//!   format      UTF8String,             -- "smime-wasm shared account"
//!   version     INTEGER (1),
//!   account     UTF8String,             -- the address
//!   epoch       INTEGER,
//!   members     SEQUENCE OF SEQUENCE { name UTF8String, certificate OCTET STRING },
//!   identities  SEQUENCE OF SEQUENCE {
//!     certificate OCTET STRING,
//!     chain       SEQUENCE OF OCTET STRING } }
//!
//! AsymmetricKeyPackage ::= SEQUENCE OF OneAsymmetricKey   -- RFC 5958, in the order of the identities
//!
//! authAttrs of the envelope:
//!   contentType        id-ct-KP-aKeyPackage
//!   contentIdentifier  OCTET STRING     -- SHA-256 over the Statement
//! ```

use std::borrow::Cow;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::asn1::{Reader, Tlv, constructed, oid_der, oids, primitive, tag, to_der};
use crate::cert::{AddressMatch, Certificate, Identity, check_address, match_address};
use crate::cms::{
    Content, ContentInfo, Encryption, Openers, Signature, SignedData, Signer, Signing, Typed,
    content_digests,
};
use crate::crypto::algorithms::{DigestAlgorithm, Support};
use crate::crypto::{
    Digester, KeyTransport, OaepParameters, PrivateKey, RsaScheme, SecretBytes, ct_eq,
};
use crate::env::Env;
use crate::error::{Error, Result};

const FORMAT: &[u8] = b"smime-wasm shared account";

/// The version that is written, and the newest that is read.
const VERSION: u64 = 1;

const NEWER: &str = "A shared account of a newer version";

/// What JavaScript counts to.
const LAST_EPOCH: u64 = (1 << 53) - 1;

/// A shared account, as its administrator signed it.
#[derive(Clone, Debug)]
pub struct SharedAccount {
    /// What was signed.
    pub statement: Statement,
    /// Who has signed.
    pub administrator: Certificate,
    /// SHA-256 over the statement in DER.
    digest: Vec<u8>,
    /// The keys, for the members.
    envelope: Vec<u8>,
}

/// What the administrator says of a shared account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its address.
    pub account: String,
    /// Rises with every change.
    pub epoch: u64,
    /// Who can use its identities.
    pub members: Vec<Member>,
    /// Its identities, the newest first.
    pub identities: Vec<SharedIdentity>,
}

/// Somebody who can use a shared account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who, as the host calls them.
    pub name: String,
    /// Whose key opens the identities.
    pub certificate: Certificate,
}

/// What all may know of an identity of a shared account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedIdentity {
    /// The certificate.
    pub certificate: Certificate,
    /// Its issuers.
    pub chain: Vec<Certificate>,
}

impl From<&Identity> for SharedIdentity {
    fn from(identity: &Identity) -> SharedIdentity {
        let (certificate, chain) = (identity.certificate().clone(), identity.chain().to_vec());
        SharedIdentity { certificate, chain }
    }
}

impl SharedAccount {
    /// Signs a statement, with the keys of its identities, in their order, for its members.
    ///
    /// # Errors
    ///
    /// `refused/signer` if the administrator's certificate is not valid now or not for signing;
    /// `refused/external-key` for an identity whose key is elsewhere; `unsupported/algorithm` for a member
    /// whose key can't be encrypted to, `aborted`.
    pub async fn seal(
        env: &mut Env,
        administrator: &Identity,
        statement: &Statement,
        identities: &[Identity],
    ) -> Result<Vec<u8>> {
        let signer = signer(env, administrator)?;
        let said = statement.to_der();
        let keys = keys_der(identities)?;
        let transport = || KeyTransport::Oaep(OaepParameters::sha256());
        let recipients: Vec<_> = statement
            .members
            .iter()
            .map(|member| (member.certificate.clone(), transport()))
            .collect();
        let digest = Digester::digest(DigestAlgorithm::Sha256, &said);
        let typed = Typed { content_type: oids::KEY_PACKAGE, identifier: &digest };
        let encryption = Encryption::of_typed(env, typed, &recipients, keys.len())?;
        let sealed = encryption.seal(env, Cow::Borrowed(&keys)).await?;
        let mut envelope = Vec::with_capacity(sealed.encoded_len());
        sealed.write(env, &mut envelope).await?;

        let explicit = primitive(tag::OCTET_STRING, &said);
        let explicit = constructed(tag::context_constructed(0), &[&explicit]);
        let said = constructed(tag::SEQUENCE, &[&oid_der(oids::DATA), &explicit]);
        let content = constructed(tag::SEQUENCE, &[&said, &envelope]);
        let (signers, certificates) = ([signer], [administrator.certificate().clone()]);
        let collection = oids::CONTENT_COLLECTION;
        let signing =
            Signing::of(env, collection, &content, false, &signers, &certificates).await?;
        let mut data = Vec::with_capacity(signing.encoded_len());
        signing.write(env, &content, &mut data).await?;
        Ok(data)
    }

    /// Reads what [`SharedAccount::seal`] made, if this administrator signed it; without one, if the owner
    /// of the certificate that came along did.
    ///
    /// # Errors
    ///
    /// `shared/not-authentic` if another signed it, or it was altered; `malformed/shared-account`,
    /// `limit/…`, `aborted`.
    pub async fn open(
        env: &mut Env,
        data: &[u8],
        administrator: Option<&Certificate>,
    ) -> Result<SharedAccount> {
        let limits = *env.limits();
        let der = to_der(data, &limits).map_err(unreadable)?;
        let signed = match ContentInfo::from_der(&der).and_then(|info| info.open(&limits)) {
            Ok(Content::SignedData(signed)) => signed,
            Err(error @ Error::Limit { .. }) => return Err(error),
            Ok(_) | Err(_) => return Err(UNREADABLE),
        };
        let content = signed.content.ok_or(UNREADABLE)?;
        let administrator = signer_of(env, &signed, content, administrator).await?;
        let (said, envelope) = collection(content).map_err(unreadable)?;
        let statement = Statement::from_der(said).map_err(unreadable)?;
        if statement.members.len() > limits.recipients {
            return Err(Error::MalformedShared { rule: "it has too many members" });
        }
        let digest = Digester::digest(DigestAlgorithm::Sha256, said);
        Ok(SharedAccount { statement, administrator, digest, envelope: envelope.to_vec() })
    }

    /// The identities, by the key of a member.
    ///
    /// # Errors
    ///
    /// `decrypt/no-recipient` if none of `members` is one, `decrypt/failed`; `shared/not-authentic` for keys
    /// of another statement or other certificates; `malformed/shared-account`, `aborted`.
    pub async fn identities(&self, env: &mut Env, members: &[Identity]) -> Result<Vec<Identity>> {
        let limits = *env.limits();
        let opened = ContentInfo::from_der(&self.envelope).and_then(|info| info.open(&limits));
        let encrypted = match opened.map_err(unreadable)? {
            Content::AuthEnvelopedData(keys) if keys.content_type == oids::KEY_PACKAGE => keys,
            _ => return Err(UNREADABLE),
        };
        let openers = Openers { identities: members, ..Openers::default() };
        let unlocked = encrypted.unlock(env, openers, &self.envelope).await?;
        let opened = unlocked.decrypt(env, Cow::Borrowed(&self.envelope), |_| true).await?;
        let keys = SecretBytes::from(Zeroizing::new(opened.content));
        let keys = keys_of(keys.as_bytes()).map_err(unreadable)?;
        let digest = encrypted.identifier().map_err(unreadable)?.unwrap_or_default();
        let published = &self.statement.identities;
        if !ct_eq(digest, &self.digest) || keys.len() != published.len() {
            return Err(Error::SharedNotAuthentic);
        }
        let identity = |(SharedIdentity { certificate, chain }, key): (&SharedIdentity, &[u8])| {
            let key = Arc::new(PrivateKey::from_pkcs8(key).map_err(unreadable)?);
            Identity::new(certificate.clone(), chain.clone(), key)
                .map_err(|_| Error::SharedNotAuthentic)
        };
        published.iter().zip(keys).map(identity).collect()
    }
}

impl Statement {
    fn to_der(&self) -> Vec<u8> {
        let members = self.members.iter().map(|member| {
            sequence([
                primitive(tag::UTF8_STRING, member.name.as_bytes()),
                octets(member.certificate.der()),
            ])
        });
        let identities = self.identities.iter().map(|identity| {
            let chain = identity.chain.iter().map(|issuer| octets(issuer.der()));
            sequence([octets(identity.certificate.der()), sequence(chain)])
        });
        sequence([
            primitive(tag::UTF8_STRING, FORMAT),
            number(VERSION),
            primitive(tag::UTF8_STRING, self.account.as_bytes()),
            number(self.epoch),
            sequence(members),
            sequence(identities),
        ])
    }

    fn from_der(der: &[u8]) -> Result<Statement> {
        let mut reader = Reader::only(der, tag::SEQUENCE)?.contents();
        if reader.expect(tag::UTF8_STRING)?.value != FORMAT {
            return Err(UNREADABLE);
        }
        if reader.expect(tag::INTEGER)?.uint()? > VERSION {
            return Err(Error::UnsupportedFeature { feature: NEWER.to_owned() });
        }
        let account = text(reader.expect(tag::UTF8_STRING)?)?;
        let epoch = reader.expect(tag::INTEGER)?.uint()?;
        let members = list(reader.expect(tag::SEQUENCE)?, |mut fields| {
            let name = text(fields.expect(tag::UTF8_STRING)?)?;
            let certificate = certificate(fields.expect(tag::OCTET_STRING)?)?;
            fields.finish()?;
            Ok(Member { name, certificate })
        })?;
        let identities = list(reader.expect(tag::SEQUENCE)?, |mut fields| {
            let own = certificate(fields.expect(tag::OCTET_STRING)?)?;
            let mut chain = Vec::new();
            let mut issuers = fields.sequence()?;
            while !issuers.is_empty() {
                chain.push(certificate(issuers.expect(tag::OCTET_STRING)?)?);
            }
            fields.finish()?;
            Ok(SharedIdentity { certificate: own, chain })
        })?;
        reader.finish()?;
        let statement = Statement { account, epoch, members, identities };
        statement.check().map(|()| statement)
    }

    /// Whether it says what one can hold to.
    fn check(&self) -> Result<()> {
        let rule = if check_address(&self.account).is_err() {
            "its account is no address"
        } else if self.epoch == 0 || self.epoch > LAST_EPOCH {
            "its epoch is out of bounds"
        } else if self.members.is_empty() {
            "it has no members"
        } else if self.identities.is_empty() {
            "it has no identities"
        } else if !self.identities.iter().all(|one| stands_for(&one.certificate, &self.account)) {
            "an identity does not name its address"
        } else {
            return Ok(());
        };
        Err(Error::MalformedShared { rule })
    }

    /// Whether somebody is a member.
    pub fn has_member(&self, certificate: &Certificate) -> bool {
        self.members.iter().any(|member| member.certificate == *certificate)
    }
}

/// Whether a certificate names the address of a shared account.
pub(super) fn stands_for(certificate: &Certificate, account: &str) -> bool {
    let mut addresses = certificate.addresses().iter();
    addresses.any(|address| match_address(address, account) != AddressMatch::Different)
}

const UNREADABLE: Error = Error::MalformedShared { rule: "it is no shared account" };

fn unreadable(error: Error) -> Error {
    match error {
        Error::MalformedShared { .. }
        | Error::UnsupportedFeature { .. }
        | Error::Limit { .. }
        | Error::Aborted => error,
        _ => UNREADABLE,
    }
}

fn signer<'a>(env: &Env, administrator: &'a Identity) -> Result<Signer<'a>> {
    let certificate = administrator.certificate();
    let refused = |reason| Err(Error::SignerUnusable { index: 0, reason });
    if certificate.not_before() > env.now() {
        return refused("it is not valid yet");
    }
    if !certificate.is_current(env.now()) {
        return refused("it is expired");
    }
    if !certificate.allows_signing() {
        return refused("its key usage does not allow signatures");
    }
    match certificate.public_key().signature_algorithm(RsaScheme::Pkcs1v15, None) {
        Some(algorithm) => {
            Ok(Signer { identity: administrator, algorithm, encryption_certificate: None })
        }
        None => refused("its key does not sign in this way"),
    }
}

/// Whose one signature it is.
async fn signer_of(
    env: &mut Env,
    signed: &SignedData<'_>,
    content: &[u8],
    administrator: Option<&Certificate>,
) -> Result<Certificate> {
    let candidates = match administrator {
        Some(administrator) => core::slice::from_ref(administrator),
        None => &signed.certificates,
    };
    let digests = content_digests(env, &signed.digests(), content, None).await?;
    let [signer] = signed.signers.as_slice() else { return Err(Error::SharedNotAuthentic) };
    if signed.content_type != oids::CONTENT_COLLECTION {
        return Err(Error::SharedNotAuthentic);
    }
    let check = signer.check(Some(oids::CONTENT_COLLECTION), &digests, candidates);
    let is_strong = check.digest.is_some_and(|digest| digest.support() == Support::Write);
    match check.certificate {
        Some(certificate) if check.signature == Signature::Intact && is_strong => Ok(certificate),
        _ => Err(Error::SharedNotAuthentic),
    }
}

/// The statement and the envelope.
fn collection(content: &[u8]) -> Result<(&[u8], &[u8])> {
    let mut reader = Reader::only(content, tag::SEQUENCE)?.contents();
    let mut said = reader.sequence()?;
    if said.expect(tag::OBJECT_IDENTIFIER)?.oid()? != oids::DATA {
        return Err(UNREADABLE);
    }
    let mut explicit = said.expect(tag::context_constructed(0))?.contents();
    let statement = explicit.expect(tag::OCTET_STRING)?.value;
    explicit.finish()?;
    said.finish()?;
    let envelope = reader.expect(tag::SEQUENCE)?.raw;
    reader.finish()?;
    match ContentInfo::from_der(envelope)?.content_type {
        oids::AUTH_ENVELOPED_DATA => Ok((statement, envelope)),
        _ => Err(UNREADABLE),
    }
}

fn keys_der(identities: &[Identity]) -> Result<Zeroizing<Vec<u8>>> {
    let keys = identities.iter().map(|identity| identity.key().pkcs8());
    Ok(Zeroizing::new(constructed(tag::SEQUENCE, &keys.collect::<Result<Vec<_>>>()?)))
}

fn keys_of(der: &[u8]) -> Result<Vec<&[u8]>> {
    let (mut keys, mut list) = (Vec::new(), Reader::only(der, tag::SEQUENCE)?.contents());
    while !list.is_empty() {
        keys.push(list.expect(tag::SEQUENCE)?.raw);
    }
    Ok(keys)
}

fn octets(bytes: &[u8]) -> Vec<u8> {
    primitive(tag::OCTET_STRING, bytes)
}

fn sequence(values: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let values: Vec<Vec<u8>> = values.into_iter().collect();
    constructed(tag::SEQUENCE, &values.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// An INTEGER in DER, not negative.
fn number(value: u64) -> Vec<u8> {
    let octets = value.to_be_bytes();
    let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
    let shortest = octets.get(zeros.min(octets.len() - 1)..).unwrap_or_default();
    let sign: &[u8] = if shortest.first().is_some_and(|&first| first >= 0x80) { &[0] } else { &[] };
    primitive(tag::INTEGER, &[sign, shortest].concat())
}

fn text(value: Tlv<'_>) -> Result<String> {
    String::from_utf8(value.value.to_vec()).map_err(|_| UNREADABLE)
}

fn certificate(octets: Tlv<'_>) -> Result<Certificate> {
    Certificate::from_der(octets.value)
}

fn list<'a, T>(sequence: Tlv<'a>, read: impl Fn(Reader<'a>) -> Result<T>) -> Result<Vec<T>> {
    let (mut items, mut reader) = (Vec::new(), sequence.contents());
    while !reader.is_empty() {
        items.push(read(reader.sequence()?)?);
    }
    Ok(items)
}

#[cfg(test)]
mod tests;
