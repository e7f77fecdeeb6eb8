//! SignerInfo (RFC 5652, 5.3 to 5.6): reading and checking.
//!
//! ```text
//! SignerInfo ::= SEQUENCE {
//!   version CMSVersion,
//!   sid SignerIdentifier,
//!   digestAlgorithm DigestAlgorithmIdentifier,
//!   signedAttrs [0] IMPLICIT SET OF Attribute OPTIONAL,
//!   signatureAlgorithm SignatureAlgorithmIdentifier,
//!   signature OCTET STRING,
//!   unsignedAttrs [1] IMPLICIT SET OF Attribute OPTIONAL }
//! ```

use std::borrow::Cow;

use der::asn1::ObjectIdentifier;

use super::attributes::{Attributes, looks_like_attributes};
use super::content_digests::{ContentDigests, HashedContent};
use super::identifier::EntityIdentifier;
use super::multiple_signatures;
use crate::asn1::{AlgorithmIdentifier, Reader, Tlv, oids, tag};
use crate::cert::Certificate;
use crate::crypto::algorithms::{DigestAlgorithm, refused_name};
use crate::crypto::{Digester, SignatureAlgorithm, SignatureCheck, Signed};
use crate::env::Time;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};

/// A SignerInfo as slices of its DER.
#[derive(Debug)]
pub struct SignerInfo<'a> {
    identifier: EntityIdentifier<'a>,
    digest: ObjectIdentifier,
    digest_algorithm: Tlv<'a>,
    attributes: Option<Attributes<'a>>,
    algorithm: ObjectIdentifier,
    signature_algorithm: Tlv<'a>,
    scheme: Option<SignatureAlgorithm>,
    signature: &'a [u8],
    unsigned_attributes: Option<Attributes<'a>>,
}

/// How many certificates a signature is checked with. Careless CAs have given one number twice; a mail
/// can bring a thousand certificates that a signer seems to mean.
const MAX_CANDIDATES: usize = 16;

/// The same where the algorithm has no digest, so that every check goes through all that is signed, and
/// that is more than [`LONG`].
const MAX_CANDIDATES_LONG: usize = 2;

/// The longest signature value that is read. Countersignatures hash it once each; no algorithm has one
/// longer than the 50 kB of SLH-DSA.
const MAX_SIGNATURE: usize = 64 << 10;

/// Bytes that are hashed in about 10 ms.
const LONG: usize = 1 << 20;

impl<'a> SignerInfo<'a> {
    pub(super) fn read(info: Tlv<'a>) -> Result<SignerInfo<'a>> {
        let mut reader = info.contents();
        let _version = reader.expect(tag::INTEGER)?;
        let identifier = EntityIdentifier::read(&mut reader)?;
        let digest_algorithm = reader.expect(tag::SEQUENCE)?;
        let attributes = reader.optional(tag::context_constructed(0))?.map(Attributes::new);
        let signature_algorithm = reader.expect(tag::SEQUENCE)?;
        let signature = reader.expect(tag::OCTET_STRING)?.value;
        let unsigned = reader.optional(tag::context_constructed(1))?;
        reader.finish()?;
        if signature.len() > MAX_SIGNATURE {
            return Err(Error::MalformedCms { rule: "a signature value longer than any" });
        }
        let digest = digest_algorithm.contents().expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let algorithm = AlgorithmIdentifier::read(&mut Reader::new(signature_algorithm.raw))?;
        Ok(SignerInfo {
            identifier,
            digest,
            digest_algorithm,
            attributes,
            algorithm: algorithm.oid,
            signature_algorithm,
            scheme: scheme(digest, &algorithm),
            signature,
            unsigned_attributes: unsigned.map(Attributes::new),
        })
    }

    /// Whose signature this claims to be.
    pub fn identifier(&self) -> &EntityIdentifier<'a> {
        &self.identifier
    }

    /// The signed attributes.
    pub(super) fn attributes(&self) -> Option<&Attributes<'a>> {
        self.attributes.as_ref()
    }

    /// The AlgorithmIdentifiers of digest and signature.
    pub(super) fn algorithms(&self) -> (Tlv<'a>, Tlv<'a>) {
        (self.digest_algorithm, self.signature_algorithm)
    }

    /// What the signer says to be able to read: SMIMECapabilities in DER (RFC 8551, 2.5.2), unread.
    /// Only an intact signature makes it worth anything.
    pub fn capabilities(&self) -> Option<&'a [u8]> {
        self.attributes.and_then(|attributes| attributes.capabilities().ok().flatten())
    }

    /// The certificate for which the signer wants to get encrypted mail (RFC 8551, 2.5.3). Only an
    /// intact signature makes it worth anything.
    pub fn encryption_key_preference(&self) -> Option<EntityIdentifier<'a>> {
        self.attributes.and_then(|attributes| attributes.encryption_key_preference().ok().flatten())
    }

    /// Whether it has the attribute multiple-signatures, which names others (RFC 5752).
    pub fn names_others(&self) -> bool {
        let Some(attributes) = &self.attributes else { return false };
        !matches!(attributes.values(oids::MULTIPLE_SIGNATURES), Ok(None))
    }

    /// Whether all signatures that this one's multiple-signatures attribute names are among `others`,
    /// the other signatures of the same signer, and no more (RFC 5752, 4.6). True of a signature
    /// without the attribute.
    pub fn names_all(&self, others: &[&SignerInfo<'_>]) -> bool {
        multiple_signatures::names_all(self, others).unwrap_or(false)
    }

    /// The signatures over this one's signature value (RFC 5652, 11.4). [`check`](Self::check) them over
    /// [`signature_digests`](Self::signature_digests), with no content type.
    ///
    /// # Errors
    ///
    /// `malformed/…` if they can't be read.
    pub fn countersignatures(&self) -> Result<Vec<SignerInfo<'a>>> {
        let Some(attributes) = self.unsigned_attributes else { return Ok(Vec::new()) };
        attributes.countersignatures()?.into_iter().map(SignerInfo::read).collect()
    }

    /// The digest of the signature value that a countersignature is over.
    pub fn signature_digests(&self, countersignature: &SignerInfo<'_>) -> ContentDigests<'a> {
        let digest = countersignature.content_digest();
        ContentDigests {
            raw: HashedContent {
                octets: self.signature,
                digests: digest
                    .map(|a| (a, Digester::digest(a, self.signature)))
                    .into_iter()
                    .collect(),
            },
            canonical: None,
            could_be_attributes: looks_like_attributes(self.signature),
        }
    }

    /// The name of the signature's algorithm, or its identifier where we have no name for it.
    pub fn algorithm_name(&self) -> String {
        match &self.scheme {
            Some(scheme) => scheme.name(),
            None => refused_name(self.algorithm),
        }
    }

    /// What hashes the content, if we can check the signature and know it.
    pub(super) fn content_digest(&self) -> Option<DigestAlgorithm> {
        let scheme = self.scheme.as_ref()?;
        scheme.digest().or_else(|| DigestAlgorithm::by_oid(self.digest))
    }

    /// Checks the signature over content of which these are the digests, with the first fitting of
    /// `candidates`. What does not hold is an answer, not an error. A countersignature is over no typed
    /// content: it has no `content_type`.
    pub fn check(
        &self,
        content_type: Option<ObjectIdentifier>,
        digests: &ContentDigests<'_>,
        candidates: &[Certificate],
    ) -> SignerCheck {
        let mut check = SignerCheck {
            signature: Signature::Unchecked,
            certificate: None,
            signing_time: None,
            digest: DigestAlgorithm::by_oid(self.digest),
            problems: Vec::new(),
        };
        let mut fitting = candidates
            .iter()
            .filter(|candidate| self.identifier.matches(candidate))
            .take(MAX_CANDIDATES);
        let first = fitting.next();
        check.certificate = first.cloned();
        // What is signed without attributes may be signed without a digest.
        let digest = self.content_digest();
        let needs_digest = self.attributes.is_some();
        let Some(scheme) = self.scheme.as_ref().filter(|_| digest.is_some() || !needs_digest)
        else {
            check.problems.push(
                Problem::new(ProblemCode::SignatureUnsupportedAlgorithm)
                    .with_text("algorithm", &self.algorithm_name())
                    .with_text("digest", &refused_name(self.digest)),
            );
            return check;
        };
        check.digest = digest;
        let Some(octets) = self.signed_octets(content_type, scheme, digests, &mut check) else {
            check.signature = Signature::Altered;
            return check;
        };
        let Some(first) = first else {
            if check.signature != Signature::Altered {
                check.signature = Signature::Unchecked;
            }
            check.problems.push(Problem::new(ProblemCode::SignatureNoCertificate));
            return check;
        };
        // Several certificates may have one name and number (renewals by careless CAs): the signature
        // says which is meant.
        let is_long = octets.iter().any(|o| o.digest.is_none() && o.octets.len() > LONG);
        let most = if is_long { MAX_CANDIDATES_LONG } else { MAX_CANDIDATES };
        let (mut outcome, mut unnamed) = (None, None);
        for candidate in core::iter::once(first).chain(fitting).take(most) {
            let held = octets.iter().find(|octets| {
                let key = candidate.public_key();
                let found = key.verify(scheme, octets.signed(), self.signature);
                outcome = outcome.or(found);
                found == Some(SignatureCheck::Holds)
            });
            let Some(octets) = held else { continue };
            let mut found = SignerCheck { certificate: Some(candidate.clone()), ..check.clone() };
            if octets.is_converted {
                found.problems.push(Problem::new(ProblemCode::SignatureLineEnds));
            }
            let found = self.confirm(candidate, found);
            if found.signature == Signature::Intact {
                return found;
            }
            // Another certificate may have the same key, and be the one that the attributes name.
            unnamed = unnamed.or(Some(found));
        }
        if let Some(found) = unnamed {
            return found;
        }
        match outcome {
            Some(_) => {
                check.signature = Signature::Altered;
                check.problems.push(Problem::new(ProblemCode::SignatureInvalid));
            }
            None => {
                let (key, bits) = first.public_key().describe();
                check.problems.push(
                    Problem::new(ProblemCode::SignatureUnsupportedAlgorithm)
                        .with_text("key", &key)
                        .with("bits", Detail::Number(bits.unwrap_or(0).into())),
                );
            }
        }
        check
    }

    /// What the signature has to be over, in the readings that are allowed; `None` (with a problem) if
    /// the attributes or the content rule every reading out.
    fn signed_octets<'c>(
        &self,
        content_type: Option<ObjectIdentifier>,
        scheme: &SignatureAlgorithm,
        digests: &ContentDigests<'c>,
        check: &mut SignerCheck,
    ) -> Option<Vec<SignedOctets<'c>>> {
        let malformed = |rule: &str| {
            Problem::new(ProblemCode::SignatureMalformedAttributes).with_text("rule", rule)
        };
        let unsigned = self.unsigned_attributes.map(|unsigned| unsigned.has_one_to_be_signed());
        if unsigned == Some(Ok(true)) {
            check.problems.push(malformed("an unsigned attribute that has to be signed"));
            return None;
        }
        let Some(attributes) = &self.attributes else {
            if content_type.is_some_and(|content_type| content_type != oids::DATA) {
                // RFC 5652, 5.3: other types have to be signed with attributes.
                check.problems.push(malformed("signed attributes are missing"));
                return None;
            }
            if digests.could_be_attributes {
                check.problems.push(malformed("the content could be taken for signed attributes"));
                return None;
            }
            let readings = [(Some(&digests.raw), false), (digests.canonical.as_ref(), true)];
            let octets = |(content, is_converted): (Option<&HashedContent<'c>>, bool)| {
                let content = content?;
                let digest = scheme.digest().and_then(|digest| content.digest(digest));
                Some(SignedOctets {
                    octets: Cow::Borrowed(content.octets),
                    digest: digest.map(<[u8]>::to_vec),
                    is_converted,
                })
            };
            return Some(readings.into_iter().filter_map(octets).collect());
        };
        match attributes.signing_time() {
            Ok(time) => check.signing_time = time,
            Err(error) => check.problems.push(malformed(&error.to_string())),
        }
        match attributes.content_type() {
            Ok(found) if found == content_type => {}
            Ok(Some(_)) => check.problems.push(malformed("content-type is another type's")),
            Ok(None) => check.problems.push(malformed("content-type is missing")),
            Err(error) => check.problems.push(malformed(&error.to_string())),
        }
        match attributes.protects(self.digest_algorithm, self.signature_algorithm) {
            Ok(true) => {}
            Ok(false) => {
                check.problems.push(malformed("the algorithms are not the protected ones"))
            }
            Err(error) => check.problems.push(malformed(&error.to_string())),
        }
        let expected = match attributes.message_digest() {
            Ok(Some(expected)) => expected,
            Ok(None) => {
                check.problems.push(malformed("message-digest is missing"));
                return None;
            }
            Err(error) => {
                check.problems.push(malformed(&error.to_string()));
                return None;
            }
        };
        if !check.problems.is_empty() {
            return None;
        }
        let has = |content: &HashedContent<'_>| {
            let digest = check.digest.and_then(|digest| content.digest(digest));
            digest.is_some_and(|digest| digest == expected)
        };
        let is_converted = !has(&digests.raw);
        if is_converted && !digests.canonical.as_ref().is_some_and(has) {
            check.problems.push(Problem::new(ProblemCode::SignatureContentAltered));
            return None;
        }
        match attributes.signed_octets() {
            Ok(readings) => Some(
                readings
                    .into_iter()
                    .map(|octets| SignedOctets {
                        digest: scheme.digest().map(|digest| Digester::digest(digest, &octets)),
                        octets: Cow::Owned(octets),
                        is_converted,
                    })
                    .collect(),
            ),
            Err(error) => {
                check.problems.push(malformed(&error.to_string()));
                None
            }
        }
    }

    /// The signature holds; the attributes may still name another certificate (RFC 5035, 3).
    fn confirm(&self, certificate: &Certificate, mut check: SignerCheck) -> SignerCheck {
        let names = self.attributes.map_or(Ok(true), |a| a.names_certificate(certificate));
        check.signature = match names {
            Ok(true) => Signature::Intact,
            Ok(false) => {
                check.problems.push(
                    Problem::new(ProblemCode::SignatureMalformedAttributes)
                        .with_text("rule", "signingCertificate names another certificate"),
                );
                Signature::Altered
            }
            Err(Error::UnsupportedAlgorithm { algorithm, .. }) => {
                check.problems.push(
                    Problem::new(ProblemCode::SignatureUnsupportedAlgorithm)
                        .with_text("digest", &algorithm),
                );
                Signature::Unchecked
            }
            Err(error) => {
                check.problems.push(
                    Problem::new(ProblemCode::SignatureMalformedAttributes)
                        .with_text("rule", &error.to_string()),
                );
                Signature::Altered
            }
        };
        check
    }
}

/// One reading of what is signed.
struct SignedOctets<'c> {
    octets: Cow<'c, [u8]>,
    /// For the algorithms that sign a digest: computed once, whatever the number of keys to try.
    digest: Option<Vec<u8>>,
    is_converted: bool,
}

impl SignedOctets<'_> {
    fn signed(&self) -> Signed<'_> {
        match &self.digest {
            Some(digest) => Signed::Digest(digest),
            None => Signed::Message(&self.octets),
        }
    }
}

/// The signature's algorithm, if we know it and it goes with the digest beside it.
fn scheme(
    digest: ObjectIdentifier,
    algorithm: &AlgorithmIdentifier<'_>,
) -> Option<SignatureAlgorithm> {
    match DigestAlgorithm::by_oid(digest) {
        Some(digest) => SignatureAlgorithm::read(algorithm, Some(digest)),
        // Old writers name the signature algorithm in both places.
        None if digest == algorithm.oid => SignatureAlgorithm::read(algorithm, None),
        // A digest that we don't know, beside an algorithm that does not use it.
        None => {
            SignatureAlgorithm::read(algorithm, None).filter(|scheme| scheme.digest().is_none())
        }
    }
}

/// What one signature says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// It is over this content, by the certificate's key.
    Intact,
    /// It is not.
    Altered,
    /// It could not be checked.
    Unchecked,
}

/// The answer about one signer.
#[derive(Clone, Debug)]
pub struct SignerCheck {
    /// The verdict.
    pub signature: Signature,
    /// The signer's certificate, if it is known.
    pub certificate: Option<Certificate>,
    /// When the signer claims to have signed.
    pub signing_time: Option<Time>,
    /// The digest, if it is one we know.
    pub digest: Option<DigestAlgorithm>,
    /// Why not intact, or what else there is to tell.
    pub problems: Vec<Problem>,
}
