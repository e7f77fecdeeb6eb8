//! `archive` and `checkArchived` (FEATURES R6): a decrypted copy beside the original, and the evidence that
//! lets a signature be checked again when nobody answers any more.
//!
//! ```text
//! Evidence ::= SEQUENCE {
//!   version        INTEGER (1),
//!   header         OCTET STRING,   -- the mail's own fields, but those of its content
//!   entity         OCTET STRING,   -- what stood inside all encryption and begins with a signature, byte
//!                                  -- for byte; header and entity together are a mail anybody can verify
//!   author         UTF8String OPTIONAL,
//!   receivedAt     [0] EXPLICIT INTEGER OPTIONAL,  -- milliseconds since 1970
//!   checkedAt      INTEGER,
//!   certificates   SEQUENCE OF OCTET STRING,       -- of the paths that were found
//!   crls           SEQUENCE OF OCTET STRING,
//!   ocspResponses  SEQUENCE OF OCTET STRING,
//!   mac            [1] EXPLICIT OCTET STRING OPTIONAL }  -- over the rest, by the key of mac.rs
//! ```
//!
//! The times are the host's word. Only the MAC, where a key was unlocked, shows that they are what they
//! were.

use core::cell::RefCell;

use der::asn1::OctetString;
use der::{Decode, Encode, Sequence};

use super::badge::{self, Badge, Sign};
use super::open::{OpenMail, OpenedMail};
use super::{Mac, Mailer, Setting};
use crate::bytes::base64;
use crate::cert::Certificate;
use crate::env::{Env, Time};
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::message::{
    self, Encryption, FetchRequest, Fetched, Fetcher, Fetching, OpenOptions, OpenedLayer,
    OpenedMessage, Openers, RevocationOptions, RevocationPolicy, SignatureResult, VerifyOptions,
    parse_certificates, parse_crl,
};
use crate::mime::{Entity, Field};
use crate::path::revocation::{OcspResponse, ResponseStatus};
use crate::store::Backend;

const VERSION: u64 = 1;
const PURPOSE: &str = "evidence";

/// What `archive` answers.
#[derive(Debug)]
pub struct Archived {
    /// As `open` answers.
    pub opened: OpenedMail,
    /// The mail without its encryption, in its own header; `None` if it was not encrypted, or where the
    /// settings want no decrypted copies.
    pub message: Option<Vec<u8>>,
    /// The evidence of its signature, if it has one that can be read.
    pub evidence: Option<Vec<u8>>,
}

/// What `checkArchived` answers.
#[derive(Debug)]
pub struct CheckedArchive {
    /// As `open` answers, by what is in the evidence alone.
    pub message: OpenedMessage,
    /// The badge beside the sender.
    pub badge: Sign<Badge>,
    /// When the mail arrived, by the evidence.
    pub received_at: Option<Time>,
    /// When the evidence was taken.
    pub checked_at: Time,
    /// Whether the evidence is as it was taken here.
    pub mac: Mac,
}

impl<B: Backend> Mailer<'_, B> {
    /// Opens a mail as [`Mailer::open`] does, and makes what there is to archive of it.
    ///
    /// # Errors
    ///
    /// `identity/locked` where a key that is locked would open it, else why it could not be decrypted;
    /// those of [`Mailer::open`].
    pub async fn archive(
        &self,
        env: &mut Env,
        message: Vec<u8>,
        mail: OpenMail<'_>,
    ) -> Result<Archived> {
        let limits = *env.limits();
        let header = header(&message, &limits);
        let recorder = mail.fetcher.map(Recorder::new);
        let fetcher = recorder.as_ref().map(|recorder| recorder as &dyn Fetcher);
        // What stays on the shelf would not be seen again.
        let mail = OpenMail { fetcher, shelf: None, ..mail };
        let (opened, signed) = self.open_and_keep_signed(env, message, mail).await?;
        if opened.message.encryption == Encryption::Locked {
            let error = opened.message.error().cloned().unwrap_or(Error::DecryptFailed);
            return Err(if opened.locked.is_empty() { error } else { Error::IdentityLocked });
        }
        let account = mail.account.map(|address| self.known_account(address)).transpose()?;
        let settings = self.reading(account).await?.settings;
        let gives_copy = opened.message.encryption != Encryption::None
            && settings.word(Setting::KeepCopies) == "decrypted";
        let inside = signed.as_deref().or(opened.message.content.as_deref());
        let copy = inside
            .filter(|_| gives_copy)
            .map(|inside| decrypted(&header, inside, &opened.message, &limits));
        let evidence = match signed {
            Some(entity) => {
                let found = recorder.as_ref().map(|all| all.found(&limits)).unwrap_or_default();
                let evidence = Evidence::new(env, &header, entity, &opened.message, &mail, found)?;
                Some(self.sealed(evidence)?)
            }
            None => None,
        };
        Ok(Archived { opened, message: copy, evidence })
    }

    /// Checks archived evidence again, for the moment when the mail arrived, and asks nobody.
    ///
    /// # Errors
    ///
    /// `malformed/evidence`, those of [`message::open`], and of [`Backend`].
    pub async fn check_archived(&self, env: &mut Env, evidence: &[u8]) -> Result<CheckedArchive> {
        let limits = *env.limits();
        let evidence = Evidence::read(evidence)?;
        let base = self.trust_base().await?;
        let bytes = |list: &[OctetString]| -> Vec<Vec<u8>> {
            list.iter().map(|one| one.as_bytes().to_vec()).collect()
        };
        let mut intermediates = base.intermediates.clone();
        for der in bytes(&evidence.certificates) {
            let certificate = Certificate::from_der(&der).map_err(|_| UNREADABLE)?;
            intermediates.extend(Some(certificate).filter(|one| !base.is_distrusted(one)));
        }
        let crls = bytes(&evidence.crls).into_iter().map(|der| parse_crl(der, &limits));
        let crls = crls.collect::<Result<Vec<_>>>().map_err(|_| UNREADABLE)?;
        let responses = bytes(&evidence.ocsp_responses);
        let responses = responses.iter().map(|der| OcspResponse::from_der(der, &limits));
        let ocsp_responses = responses.collect::<Result<Vec<_>>>().map_err(|_| UNREADABLE)?;
        let checked_at = Time::from_millis(evidence.checked_at);
        let received_at = evidence.received_at.map(Time::from_millis);
        let is_told = !crls.is_empty() || !ocsp_responses.is_empty();
        let verify = VerifyOptions {
            trust_anchors: Some(&base.anchors),
            intermediates: &intermediates,
            from: evidence.author.as_deref(),
            received_at: Some(received_at.unwrap_or(checked_at)),
            revocation: RevocationOptions {
                policy: Some(if is_told { RevocationPolicy::Soft } else { RevocationPolicy::Off }),
                crls: &crls,
                ocsp_responses: &ocsp_responses,
                may_fetch: false,
                ..RevocationOptions::default()
            },
            ..VerifyOptions::new(&[])
        };
        let openers = Openers::default();
        let options = OpenOptions { openers, verify, may_fetch_unprotected: false };
        let mut message = message::open(env, evidence.message(), options).await?;
        let distrust = self.distrusted(&mut message, &base);
        let mac = evidence.mac.as_ref().map(OctetString::as_bytes);
        let mac = self.session.check_mac(PURPOSE, &evidence.unsealed()?, mac);
        Ok(CheckedArchive {
            badge: badge::badge(&message, &distrust),
            message,
            received_at,
            checked_at,
            mac,
        })
    }

    /// With a MAC where a key is unlocked.
    fn sealed(&self, evidence: Evidence) -> Result<Vec<u8>> {
        let mac = match self.session.mac(PURPOSE, &evidence.unsealed()?) {
            Ok(mac) => Some(OctetString::new(mac)?),
            Err(Error::IdentityLocked) => None,
            Err(error) => return Err(error),
        };
        Ok(Evidence { mac, ..evidence }.to_der()?)
    }
}

const UNREADABLE: Error = Error::MalformedEvidence { rule: "its ASN.1 can't be read" };

#[derive(Clone, Sequence)]
struct Evidence {
    version: u64,
    header: OctetString,
    entity: OctetString,
    #[asn1(optional = "true")]
    author: Option<String>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    received_at: Option<i64>,
    checked_at: i64,
    certificates: Vec<OctetString>,
    crls: Vec<OctetString>,
    ocsp_responses: Vec<OctetString>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mac: Option<OctetString>,
}

impl Evidence {
    fn new(
        env: &Env,
        header: &[OwnedField],
        entity: Vec<u8>,
        opened: &OpenedMessage,
        mail: &OpenMail<'_>,
        found: Found,
    ) -> Result<Evidence> {
        let signatures: Vec<&SignatureResult> = opened.signatures().collect();
        let mut certificates: Vec<Certificate> = Vec::new();
        let of_paths = signatures.iter().flat_map(|one| one.signer.iter().chain(&one.chain));
        for certificate in of_paths.chain(&found.certificates) {
            if !certificates.contains(certificate) {
                certificates.push(certificate.clone());
            }
        }
        let ders = certificates.iter().map(|certificate| certificate.der().to_vec()).collect();
        // A header that names nobody, or several, says the less the more of it is kept. What was signed as
        // it came has its header already.
        let is_within = matches!(opened.layers.first(), Some(OpenedLayer::Signed { .. }));
        let fields = header.iter().filter(|_| opened.author.is_some() && !is_within);
        let header: Vec<u8> = fields.flat_map(|field| field.raw.iter().copied()).collect();
        Ok(Evidence {
            version: VERSION,
            header: OctetString::new(header)?,
            entity: OctetString::new(entity)?,
            author: opened.author.clone(),
            received_at: mail.received_at.map(Time::as_millis),
            checked_at: env.now().as_millis(),
            certificates: octets(ders)?,
            crls: octets(found.crls)?,
            ocsp_responses: octets(found.ocsp_responses)?,
            mac: None,
        })
    }

    fn read(der: &[u8]) -> Result<Evidence> {
        let evidence = Evidence::from_der(der).map_err(|_| UNREADABLE)?;
        match evidence.version {
            VERSION => Ok(evidence),
            _ => Err(Error::MalformedEvidence { rule: "it has a version that is not known" }),
        }
    }

    /// What the MAC covers.
    fn unsealed(&self) -> Result<Vec<u8>> {
        Ok(Evidence { mac: None, ..self.clone() }.to_der()?)
    }

    /// Header and entity as one mail; bare CMS has no header.
    fn message(&self) -> Vec<u8> {
        let entity = self.entity.as_bytes();
        match entity.first() {
            Some(b'\x30' | b'-') | None => entity.to_vec(),
            Some(_) => [self.header.as_bytes(), entity].concat(),
        }
    }
}

fn octets(list: Vec<Vec<u8>>) -> Result<Vec<OctetString>> {
    Ok(list.into_iter().map(OctetString::new).collect::<der::Result<_>>()?)
}

/// A field of a mail that is gone.
struct OwnedField {
    name: String,
    raw: Vec<u8>,
}

/// The fields of a mail's own header, but those of its content.
fn header(message: &[u8], limits: &Limits) -> Vec<OwnedField> {
    let Ok(entity) = Entity::parse(message, limits) else { return Vec::new() };
    let fields = entity.fields().iter().filter(|field| !field.is_content());
    let owned = fields.map(|field| OwnedField {
        name: String::from_utf8_lossy(field.name()).into_owned(),
        raw: field.raw().to_vec(),
    });
    owned.collect()
}

/// The mail without its encryption: what was inside, in the mail's own header with the values that were
/// protected inside. The From stays the one outside, which is the one that counts.
fn decrypted(
    outer: &[OwnedField],
    inside: &[u8],
    opened: &OpenedMessage,
    limits: &Limits,
) -> Vec<u8> {
    let wrapped = bare_as_entity(inside);
    let inside = wrapped.as_deref().unwrap_or(inside);
    let entity = Entity::parse(inside, limits).ok();
    let inner = entity.as_ref().map(Entity::fields).unwrap_or_default();
    let protected = |name: &str| {
        let mut fields = opened.headers.fields.iter();
        let field = fields.find(|field| field.name.eq_ignore_ascii_case(name))?;
        field.inner.as_ref()
    };
    let mut copy = Vec::with_capacity(inside.len());
    let mut has_from = false;
    for OwnedField { name, raw } in outer {
        let is_from = name.eq_ignore_ascii_case("From");
        has_from |= is_from;
        match protected(name) {
            _ if is_from => copy.extend_from_slice(raw),
            _ if inner.iter().any(|field| field.is(name)) => {}
            Some(value) => copy.extend_from_slice(format!("{name}: {value}\r\n").as_bytes()),
            None => copy.extend_from_slice(raw),
        }
    }
    // HP-Outer tells of a header that is no longer there (RFC 9788, 2.2).
    let is_left_out = |field: &Field<'_>| field.is("HP-Outer") || (field.is("From") && has_from);
    for field in inner.iter().filter(|field| !is_left_out(field)) {
        copy.extend_from_slice(field.raw());
    }
    copy.extend_from_slice(b"\r\n");
    // What is no MIME is text, as it is.
    copy.extend_from_slice(entity.as_ref().map_or(inside, Entity::body));
    copy
}

/// Bare CMS needs a header to stand in a mail (RFC 8551, 3.2).
fn bare_as_entity(inside: &[u8]) -> Option<Vec<u8>> {
    (inside.first() == Some(&b'\x30')).then(|| {
        let header = "MIME-Version: 1.0\r\n\
                      Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n\
                      Content-Transfer-Encoding: base64\r\n\r\n";
        [header.as_bytes(), &base64::encode(inside)].concat()
    })
}

/// What a fetcher gave, and what it had.
#[derive(Debug)]
struct Recorder<'a> {
    fetcher: &'a dyn Fetcher,
    seen: RefCell<Vec<Vec<u8>>>,
}

/// What of it is of use to check a signature again.
#[derive(Debug, Default)]
struct Found {
    certificates: Vec<Certificate>,
    crls: Vec<Vec<u8>>,
    ocsp_responses: Vec<Vec<u8>>,
}

impl<'a> Recorder<'a> {
    fn new(fetcher: &'a dyn Fetcher) -> Recorder<'a> {
        Recorder { fetcher, seen: RefCell::default() }
    }

    fn found(&self, limits: &Limits) -> Found {
        let mut found = Found::default();
        for data in self.seen.take() {
            let response = OcspResponse::from_der(&data, limits);
            if response.is_ok_and(|one| one.status() == ResponseStatus::Successful) {
                found.ocsp_responses.push(data);
            } else if let Ok(crl) = parse_crl(data.clone(), limits) {
                found.crls.push(crl.der().to_vec());
            } else if let Ok(certificates) = parse_certificates(&data, limits) {
                found.certificates.extend(certificates);
            }
        }
        found
    }
}

impl Fetcher for Recorder<'_> {
    fn can_fetch(&self) -> bool {
        self.fetcher.can_fetch()
    }

    fn fetch<'a>(&'a self, request: FetchRequest<'a>) -> Fetching<'a, Fetched> {
        Box::pin(async move {
            let fetched = self.fetcher.fetch(request).await;
            if let Fetched::Data(data) = &fetched {
                self.seen.borrow_mut().push(data.clone());
            }
            fetched
        })
    }

    fn cached<'a>(&'a self, key: &'a str) -> Fetching<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let kept = self.fetcher.cached(key).await;
            self.seen.borrow_mut().extend(kept.clone());
            kept
        })
    }

    fn keep<'a>(&'a self, key: &'a str, data: &'a [u8], until: Time) -> Fetching<'a, ()> {
        self.fetcher.keep(key, data, until)
    }
}
