//! Certificate revocation lists (RFC 5280, 5).
//!
//! A CRL stays the bytes that it is: large ones have half a million entries. Its frame is read at once,
//! its entries when the first certificate is looked up.

mod entries;
mod extensions;
mod status;

use core::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use der::asn1::ObjectIdentifier;

pub use self::entries::Entry;
pub(super) use self::entries::minimal;
pub use self::extensions::{CrlNumber, IssuingDistributionPoint, OnlyContains};
pub(super) use self::status::{accept, check};

use self::entries::Index;
use self::extensions::CrlExtensions;
use crate::asn1::{AlgorithmIdentifier, Reader, Tlv, read_time, tag};
use crate::cert::{Certificate, ComparableName, DistributionPoint, SignatureValue, name_text};
use crate::crypto::{Digester, PublicKey, SignatureAlgorithm, SignatureCheck, Signed};
use crate::env::Time;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// Keys that are remembered of one CRL: its issuer's, and some that were none.
const MAX_REMEMBERED: usize = 8;

/// A CRL. Cloning shares it.
///
/// ```text
/// CertificateList ::= SEQUENCE {
///   tbsCertList        TBSCertList,
///   signatureAlgorithm AlgorithmIdentifier,
///   signatureValue     BIT STRING }
/// ```
#[derive(Clone)]
pub struct Crl(Arc<Fields>);

struct Fields {
    der: Vec<u8>,
    /// Where in `der` TBSCertList is.
    tbs: Range<usize>,
    /// Where in `der` the entries are.
    entries: Range<usize>,
    signature: SignatureValue,
    issuer: ComparableName,
    /// The issuer's Name in DER.
    issuer_name: Range<usize>,
    this_update: Time,
    next_update: Option<Time>,
    extensions: CrlExtensions,
    digest: OnceLock<Vec<u8>>,
    /// What came of checks with certificates' own keys, by SubjectPublicKeyInfo.
    checked: Mutex<Vec<(Vec<u8>, Option<SignatureCheck>)>>,
    index: OnceLock<Result<Index>>,
}

impl Crl {
    /// From DER, which it keeps.
    ///
    /// # Errors
    ///
    /// `limit/crl-bytes`, `malformed/crl`.
    pub fn from_der(der: Vec<u8>, limits: &Limits) -> Result<Crl> {
        let (required, allowed) = (der.len() as u64, limits.crl_bytes as u64);
        if required > allowed {
            return Err(Error::Limit { limit: Limit::CrlBytes, required, allowed });
        }
        read(der).map(|fields| Crl(Arc::new(fields))).map_err(|error| match error {
            Error::MalformedCrl { .. } => error,
            _ => Error::MalformedCrl { rule: "its ASN.1 can't be read" },
        })
    }

    /// The encoding as it was received.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The name of its issuer.
    pub fn issuer(&self) -> &ComparableName {
        &self.0.issuer
    }

    /// The name of its issuer as RFC 4514 writes it.
    pub fn issuer_text(&self) -> String {
        name_text(self.0.der.get(self.0.issuer_name.clone()).unwrap_or_default())
    }

    /// When it was issued.
    pub fn this_update(&self) -> Time {
        self.0.this_update
    }

    /// By when there will be a newer one; conforming CRLs say it.
    pub fn next_update(&self) -> Option<Time> {
        self.0.next_update
    }

    /// Its number among the CRLs of its issuer and scope (RFC 5280, 5.2.3).
    pub fn number(&self) -> Option<&CrlNumber> {
        self.0.extensions.number.as_ref()
    }

    /// For a delta CRL, the number of the CRL that it starts from (RFC 5280, 5.2.4).
    pub fn base_number(&self) -> Option<&CrlNumber> {
        self.0.extensions.base_number.as_ref()
    }

    /// Its scope, if it does not have all certificates of its issuer (RFC 5280, 5.2.5).
    pub fn issuing_distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.0.extensions.issuing_distribution_point.as_ref()
    }

    /// Where delta CRLs for it are (RFC 5280, 5.2.6).
    pub fn freshest_crl(&self) -> &[DistributionPoint] {
        &self.0.extensions.freshest_crl
    }

    /// Where certificates of its issuer are (RFC 5280, 5.2.7).
    pub fn ca_issuers(&self) -> &[String] {
        &self.0.extensions.ca_issuers
    }

    /// The name of the algorithm it is signed with, or its identifier where we have no name for it.
    pub fn signature_name(&self) -> String {
        self.0.signature.name()
    }

    /// The algorithm it is signed with; `None` if we don't know it.
    pub fn signature_algorithm(&self) -> Option<&SignatureAlgorithm> {
        self.0.signature.algorithm()
    }

    /// Checks its signature. What is signed is hashed once. `None` if this key can't check with the
    /// CRL's algorithm.
    pub fn verify(&self, key: &PublicKey) -> Option<SignatureCheck> {
        let Fields { der, tbs, signature, digest, .. } = &*self.0;
        let algorithm = signature.algorithm()?;
        let tbs = der.get(tbs.clone())?;
        let signed = match algorithm.digest() {
            Some(name) => Signed::Digest(digest.get_or_init(|| Digester::digest(name, tbs))),
            None => Signed::Message(tbs),
        };
        key.verify(algorithm, signed, signature.octets())
    }

    /// Checks its signature with a certificate's own key, and remembers the answer for as long as the CRL
    /// lives. `None` if this key can't check with the CRL's algorithm.
    pub fn verify_by(&self, signer: &Certificate) -> Option<SignatureCheck> {
        if let Some(known) = self.known(signer) {
            return known;
        }
        let found = self.verify(signer.public_key());
        let mut checked = self.0.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if checked.len() < MAX_REMEMBERED {
            checked.push((signer.spki().to_vec(), found));
        }
        found
    }

    /// The answer of [`verify_by`](Self::verify_by), if it is remembered.
    pub(super) fn known(&self, signer: &Certificate) -> Option<Option<SignatureCheck>> {
        let checked = self.0.checked.lock().unwrap_or_else(PoisonError::into_inner);
        checked.iter().find(|(spki, _)| spki == signer.spki()).map(|(_, found)| *found)
    }

    /// What it says of a certificate; `None` if it is not listed. Whether the CRL is to be believed, or
    /// has such certificates at all, is not asked here.
    ///
    /// # Errors
    ///
    /// `malformed/crl` if its entries, or the one in question, can't be read.
    pub fn find(&self, certificate: &Certificate) -> Result<Option<Entry>> {
        let issuer = certificate.comparable_issuer();
        let found =
            self.index()?.find(self.entries(), &self.0.issuer, issuer, certificate.serial_number());
        found.map_err(|_| Error::MalformedCrl { rule: "an entry can't be read" })
    }

    /// A critical extension of it or of one of its entries that is not processed: it is not to be used
    /// (RFC 5280, 5.2 and 5.3).
    ///
    /// # Errors
    ///
    /// `malformed/crl` if its entries can't be read.
    pub fn unknown_critical_extension(&self) -> Result<Option<ObjectIdentifier>> {
        Ok(self.0.extensions.unknown_critical.or(self.index()?.unknown_critical))
    }

    fn entries(&self) -> &[u8] {
        self.0.der.get(self.0.entries.clone()).unwrap_or_default()
    }

    fn index(&self) -> Result<&Index> {
        let index = self.0.index.get_or_init(|| Index::build(self.entries()));
        index.as_ref().map_err(|_| Error::MalformedCrl { rule: "its entries can't be read" })
    }
}

impl core::fmt::Debug for Crl {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Crl")
            .field("bytes", &self.0.der.len())
            .field("this_update", &self.0.this_update)
            .finish_non_exhaustive()
    }
}

/// ```text
/// TBSCertList ::= SEQUENCE {
///   version             INTEGER { v2(1) } OPTIONAL,
///   signature           AlgorithmIdentifier,
///   issuer              Name,
///   thisUpdate          Time,
///   nextUpdate          Time OPTIONAL,
///   revokedCertificates SEQUENCE OF … OPTIONAL,
///   crlExtensions       [0] EXPLICIT Extensions OPTIONAL }
/// ```
fn read(der: Vec<u8>) -> Result<Fields> {
    let mut outer = Reader::only(&der, tag::SEQUENCE)?.contents();
    let tbs = outer.expect(tag::SEQUENCE)?;
    let algorithm = AlgorithmIdentifier::read(&mut outer)?;
    let signature = SignatureValue::read(&algorithm, outer.expect(tag::BIT_STRING)?)?;
    outer.finish()?;

    let mut fields = tbs.contents();
    let version = fields.optional(tag::INTEGER)?.map(|version| version.uint()).transpose()?;
    if version.is_some_and(|version| version != 1) {
        return Err(Error::MalformedCrl { rule: "it is of an unknown version" });
    }
    if AlgorithmIdentifier::read(&mut fields)? != algorithm {
        // RFC 5280, 5.1.1.2: else the signed one could be exchanged.
        return Err(Error::MalformedCrl { rule: "it names two signature algorithms" });
    }
    let name = fields.expect(tag::SEQUENCE)?;
    let issuer = ComparableName::read(name)?;
    let this_update = read_time(fields.any()?)?;
    let next_update = match fields.peek() {
        Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(read_time(fields.any()?)?),
        _ => None,
    };
    let entries = fields.optional(tag::SEQUENCE)?;
    let extensions = fields.optional(tag::context_constructed(0))?;
    fields.finish()?;
    if version.is_none() && extensions.is_some() {
        return Err(Error::MalformedCrl { rule: "one of version 1 has extensions" });
    }
    let extensions = extensions.map(CrlExtensions::read).transpose()?.unwrap_or_default();
    let range = |part: &[u8]| position(&der, part);
    Ok(Fields {
        tbs: range(tbs.raw),
        entries: entries.map_or(0..0, |entries: Tlv<'_>| range(entries.value)),
        signature,
        issuer,
        issuer_name: range(name.raw),
        this_update,
        next_update,
        extensions,
        digest: OnceLock::new(),
        checked: Mutex::default(),
        index: OnceLock::new(),
        der,
    })
}

/// Where in `whole` its slice `part` is.
fn position(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr().wrapping_sub(whole.as_ptr().addr());
    start..start.saturating_add(part.len())
}
