//! SignedData (RFC 5652, 5).
//!
//! ```text
//! SignedData ::= SEQUENCE {
//!   version CMSVersion,
//!   digestAlgorithms SET OF DigestAlgorithmIdentifier,
//!   encapContentInfo SEQUENCE { eContentType OBJECT IDENTIFIER,
//!                               eContent [0] EXPLICIT OCTET STRING OPTIONAL },
//!   certificates [0] IMPLICIT CertificateSet OPTIONAL,
//!   crls [1] IMPLICIT RevocationInfoChoices OPTIONAL,
//!   signerInfos SET OF SignerInfo }
//!
//! SignerInfo ::= SEQUENCE {
//!   version CMSVersion,
//!   sid SignerIdentifier,
//!   digestAlgorithm DigestAlgorithmIdentifier,
//!   signedAttrs [0] IMPLICIT SET OF Attribute OPTIONAL,
//!   signatureAlgorithm SignatureAlgorithmIdentifier,
//!   signature OCTET STRING,
//!   unsignedAttrs [1] IMPLICIT SET OF Attribute OPTIONAL }
//! ```

use der::asn1::ObjectIdentifier;

use super::attributes::{self, Attributes};
use super::encode::{NULL, algorithm_der, oid_der, prefix, set_of};
use super::identifier::{EntityIdentifier, issuer_and_serial_number};
use crate::asn1::{Tlv, constructed, header, oids, primitive, tag};
use crate::bytes::{PIECE, Sink};
use crate::cert::{Certificate, Identity};
use crate::crypto::algorithms::{DigestAlgorithm, RSA_ENCRYPTION};
use crate::crypto::{Digester, SignatureCheck};
use crate::env::{Env, Time};
use crate::error::{Detail, Error, Limit, Problem, ProblemCode, Result};
use crate::limits::Limits;

/// A SignedData as slices of its DER.
#[derive(Debug)]
pub struct SignedData<'a> {
    /// What the content is; `id-data` for mail.
    pub content_type: ObjectIdentifier,
    /// The content, unless the signature is detached.
    pub content: Option<&'a [u8]>,
    /// The certificates that came along and can be read.
    pub certificates: Vec<Certificate>,
    /// The signers.
    pub signers: Vec<SignerInfo<'a>>,
    /// Certificates that can't be read.
    pub problems: Vec<Problem>,
}

/// A SignerInfo as slices of its DER.
#[derive(Debug)]
pub struct SignerInfo<'a> {
    identifier: EntityIdentifier<'a>,
    digest: ObjectIdentifier,
    attributes: Option<Attributes<'a>>,
    algorithm: ObjectIdentifier,
    signature: &'a [u8],
}

impl<'a> SignedData<'a> {
    pub(super) fn read(content: Tlv<'a>, limits: &Limits) -> Result<SignedData<'a>> {
        let mut reader = content.contents();
        let _version = reader.expect(tag::INTEGER)?;
        let _digests = reader.expect(tag::SET)?;
        let mut encapsulated = reader.sequence()?;
        let content_type = encapsulated.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let content = match encapsulated.optional(tag::context_constructed(0))? {
            // PKCS#7 has other types here; their octets are what is signed (RFC 5652, 5.2.1).
            Some(explicit) => {
                let mut inside = explicit.contents();
                let octets = inside.any()?.value;
                inside.finish()?;
                Some(octets)
            }
            None => None,
        };
        let (mut certificates, mut problems) = (Vec::new(), Vec::new());
        if let Some(set) = reader.optional(tag::context_constructed(0))? {
            read_certificates(set, limits, &mut certificates, &mut problems)?;
        }
        let _crls = reader.optional(tag::context_constructed(1))?;
        let mut set = reader.expect(tag::SET)?.contents();
        reader.finish()?;
        let mut signers = Vec::new();
        while !set.is_empty() {
            if signers.len() >= limits.signers {
                return Err(too_many(Limit::Signers, limits.signers));
            }
            signers.push(SignerInfo::read(set.expect(tag::SEQUENCE)?)?);
        }
        Ok(SignedData { content_type, content, certificates, signers, problems })
    }

    /// The digest algorithms of the signatures we can check, each once.
    pub fn digests(&self) -> Vec<DigestAlgorithm> {
        let mut digests: Vec<DigestAlgorithm> =
            self.signers.iter().filter_map(SignerInfo::rsa_digest).collect();
        digests.sort_by_key(|digest| digest.name());
        digests.dedup();
        digests
    }
}

/// How many certificates a signature is checked with. Careless CAs have given one number twice; a mail
/// can bring a thousand certificates that a signer seems to mean.
const MAX_CANDIDATES: usize = 16;

fn too_many(limit: Limit, allowed: usize) -> Error {
    Error::Limit { limit, required: allowed as u64 + 1, allowed: allowed as u64 }
}

fn read_certificates(
    set: Tlv<'_>,
    limits: &Limits,
    certificates: &mut Vec<Certificate>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let mut reader = set.contents();
    while !reader.is_empty() {
        let choice = reader.any()?;
        // Attribute certificates and other formats are tagged; nothing of ours is in them.
        if choice.tag != tag::SEQUENCE {
            continue;
        }
        if certificates.len() + problems.len() >= limits.certificates {
            return Err(too_many(Limit::Certificates, limits.certificates));
        }
        match Certificate::from_der(choice.raw) {
            Ok(certificate) => certificates.push(certificate),
            Err(error) => problems.push(
                Problem::new(ProblemCode::CertificateUnreadable)
                    .with_text("reason", &error.to_string()),
            ),
        }
    }
    Ok(())
}

impl<'a> SignerInfo<'a> {
    fn read(info: Tlv<'a>) -> Result<SignerInfo<'a>> {
        let mut reader = info.contents();
        let _version = reader.expect(tag::INTEGER)?;
        let identifier = EntityIdentifier::read(&mut reader)?;
        let digest = reader.sequence()?.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let attributes = reader.optional(tag::context_constructed(0))?.map(Attributes::new);
        let algorithm = reader.sequence()?.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        let signature = reader.expect(tag::OCTET_STRING)?.value;
        let _unsigned = reader.optional(tag::context_constructed(1))?;
        reader.finish()?;
        Ok(SignerInfo { identifier, digest, attributes, algorithm, signature })
    }

    /// Whose signature this claims to be.
    pub fn identifier(&self) -> &EntityIdentifier<'a> {
        &self.identifier
    }

    /// The name of the signature's algorithm, or its identifier where we have no name for it.
    pub fn algorithm_name(&self) -> String {
        match self.rsa_digest() {
            Some(digest) => format!("rsassa-pkcs1-v1_5-{}", digest.name()),
            None => self.algorithm.to_string(),
        }
    }

    /// The digest of an RSASSA-PKCS1-v1_5 signature. `rsaEncryption` leaves it to `digestAlgorithm`
    /// (RFC 3370, 3.2); the combined identifiers have to agree with it.
    fn rsa_digest(&self) -> Option<DigestAlgorithm> {
        let digest = DigestAlgorithm::by_oid(self.digest);
        if self.algorithm == RSA_ENCRYPTION {
            digest
        } else {
            let named = DigestAlgorithm::by_rsa_signature_oid(self.algorithm);
            // Old writers name the signature algorithm in both places.
            named.filter(|_| digest == named || self.digest == self.algorithm)
        }
    }

    /// Checks the signature over content of which these are the digests, with the first fitting of
    /// `candidates`. What does not hold is an answer, not an error.
    pub fn check(
        &self,
        content_type: ObjectIdentifier,
        digests: &ContentDigests,
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
        let Some(digest) = self.rsa_digest() else {
            check.problems.push(
                Problem::new(ProblemCode::SignatureUnsupportedAlgorithm)
                    .with_text("algorithm", &self.algorithm.to_string())
                    .with_text("digest", &self.digest.to_string()),
            );
            return check;
        };
        check.digest = Some(digest);
        let Some(octets) = self.signed_octets(content_type, digest, digests, &mut check) else {
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
        let mut outcome = None;
        for candidate in core::iter::once(first).chain(fitting) {
            let held = octets.iter().find(|octets| {
                let found =
                    candidate.public_key().verify_pkcs1v15(digest, &octets.digest, self.signature);
                outcome = outcome.or(found);
                found == Some(SignatureCheck::Holds)
            });
            if let Some(octets) = held {
                check.certificate = Some(candidate.clone());
                if octets.is_converted {
                    check.problems.push(Problem::new(ProblemCode::SignatureLineEnds));
                }
                return self.confirm(candidate, check);
            }
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
    fn signed_octets(
        &self,
        content_type: ObjectIdentifier,
        digest: DigestAlgorithm,
        digests: &ContentDigests,
        check: &mut SignerCheck,
    ) -> Option<Vec<SignedOctets>> {
        let malformed = |rule: &str| {
            Problem::new(ProblemCode::SignatureMalformedAttributes).with_text("rule", rule)
        };
        let Some(attributes) = &self.attributes else {
            if content_type != oids::DATA {
                // RFC 5652, 5.3: other types have to be signed with attributes.
                check.problems.push(malformed("signed attributes are missing"));
                return None;
            }
            if digests.could_be_attributes {
                check.problems.push(malformed("the content could be taken for signed attributes"));
                return None;
            }
            let octets = |found: &Vec<(DigestAlgorithm, Vec<u8>)>, is_converted| {
                let (_, digest) = found.iter().find(|(algorithm, _)| *algorithm == digest)?;
                Some(SignedOctets { digest: digest.clone(), is_converted })
            };
            return Some(
                [octets(&digests.raw, false), octets(&digests.canonical, true)]
                    .into_iter()
                    .flatten()
                    .collect(),
            );
        };
        match attributes.signing_time() {
            Ok(time) => check.signing_time = time,
            Err(error) => check.problems.push(malformed(&error.to_string())),
        }
        match attributes.content_type() {
            Ok(Some(found)) if found == content_type => {}
            Ok(Some(_)) => check.problems.push(malformed("content-type is another type's")),
            Ok(None) => check.problems.push(malformed("content-type is missing")),
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
        let has = |found: &[(DigestAlgorithm, Vec<u8>)]| {
            found.iter().any(|(algorithm, found)| *algorithm == digest && found == expected)
        };
        let is_converted = !has(&digests.raw);
        if is_converted && !has(&digests.canonical) {
            check.problems.push(Problem::new(ProblemCode::SignatureContentAltered));
            return None;
        }
        match attributes.signed_octets() {
            Ok(readings) => Some(
                readings
                    .iter()
                    .map(|octets| SignedOctets {
                        digest: Digester::digest(digest, octets),
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

struct SignedOctets {
    digest: Vec<u8>,
    is_converted: bool,
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

/// The digests of signed content.
#[derive(Clone, Debug, Default)]
pub struct ContentDigests {
    /// Over the content as it is.
    pub raw: Vec<(DigestAlgorithm, Vec<u8>)>,
    /// Over the content with its line ends made CRLF, where that differs.
    pub canonical: Vec<(DigestAlgorithm, Vec<u8>)>,
    /// Whether the content could be taken for signed attributes.
    pub could_be_attributes: bool,
}

/// Hashes content with every algorithm in one pass.
///
/// # Errors
///
/// `aborted`.
pub async fn content_digests(
    env: &mut Env,
    algorithms: &[DigestAlgorithm],
    raw: &[u8],
    canonical: Option<&[u8]>,
) -> Result<ContentDigests> {
    Ok(ContentDigests {
        raw: hash(env, algorithms, raw).await?,
        canonical: match canonical {
            Some(canonical) => hash(env, algorithms, canonical).await?,
            None => Vec::new(),
        },
        could_be_attributes: attributes::looks_like_attributes(raw)
            || canonical.is_some_and(attributes::looks_like_attributes),
    })
}

async fn hash(
    env: &mut Env,
    algorithms: &[DigestAlgorithm],
    content: &[u8],
) -> Result<Vec<(DigestAlgorithm, Vec<u8>)>> {
    let mut digesters: Vec<_> = algorithms.iter().map(|&a| (a, Digester::new(a))).collect();
    let mut done = 0;
    for piece in content.chunks(PIECE) {
        digesters.iter_mut().for_each(|(_, digester)| digester.update(piece));
        done += piece.len();
        env.tick(done as u64, content.len() as u64).await?;
    }
    Ok(digesters.into_iter().map(|(algorithm, digester)| (algorithm, digester.finish())).collect())
}

/// A SignedData that is about to be written: everything but the content is made.
#[derive(Debug)]
pub struct Signing {
    prefix: Vec<u8>,
    content_len: Option<usize>,
    suffix: Vec<u8>,
}

impl Signing {
    /// Signs content with every signer. `certificates` go along, each once.
    ///
    /// # Errors
    ///
    /// `aborted`, or what the private key answers.
    pub async fn new(
        env: &mut Env,
        content: &[u8],
        is_detached: bool,
        digest: DigestAlgorithm,
        signers: &[Identity],
        certificates: &[Certificate],
    ) -> Result<Signing> {
        let digests = hash(env, &[digest], content).await?;
        let content_digest =
            digests.first().map(|(_, digest)| digest.as_slice()).unwrap_or_default();
        let mut infos = Vec::new();
        for signer in signers {
            infos.push(signer_info(env, digest, content_digest, signer).await?);
        }
        let ders: Vec<&[u8]> = certificates.iter().map(Certificate::der).collect();
        let mut suffix = Vec::new();
        if !ders.is_empty() {
            suffix = retag(set_of(&ders), tag::context_constructed(0));
        }
        suffix.extend_from_slice(&set_of(&infos));

        let digest_algorithms = set_of(&[algorithm_der(digest.oid(), &[])]);
        let mut start = primitive(tag::INTEGER, &[1]);
        start.extend_from_slice(&digest_algorithms);
        let content_len = (!is_detached).then_some(content.len());
        start.extend_from_slice(&encapsulated(content_len));

        let length = start.len() + content_len.unwrap_or(0) + suffix.len();
        let signed_data = header(tag::SEQUENCE, length);
        let mut whole = prefix(oids::SIGNED_DATA, signed_data.len() + length);
        whole.extend_from_slice(&signed_data);
        whole.extend_from_slice(&start);
        Ok(Signing { prefix: whole, content_len, suffix })
    }

    /// Octets of the whole.
    pub fn encoded_len(&self) -> usize {
        self.prefix.len() + self.content_len.unwrap_or(0) + self.suffix.len()
    }

    /// Writes the whole; `content` is what was signed.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn write(&self, env: &mut Env, content: &[u8], sink: &mut impl Sink) -> Result<()> {
        sink.write(&self.prefix);
        if self.content_len.is_some() {
            let mut done = 0;
            for piece in content.chunks(PIECE) {
                sink.write(piece);
                done += piece.len();
                env.tick(done as u64, content.len() as u64).await?;
            }
        }
        sink.write(&self.suffix);
        Ok(())
    }
}

/// EncapsulatedContentInfo up to the content's octets.
fn encapsulated(content_len: Option<usize>) -> Vec<u8> {
    let oid = oid_der(oids::DATA);
    let Some(length) = content_len else { return constructed(tag::SEQUENCE, &[&oid]) };
    let octets = header(tag::OCTET_STRING, length);
    let explicit = header(tag::context_constructed(0), octets.len() + length);
    let mut bytes = header(tag::SEQUENCE, oid.len() + explicit.len() + octets.len() + length);
    bytes.extend_from_slice(&oid);
    bytes.extend_from_slice(&explicit);
    bytes.extend_from_slice(&octets);
    bytes
}

async fn signer_info(
    env: &mut Env,
    digest: DigestAlgorithm,
    content_digest: &[u8],
    signer: &Identity,
) -> Result<Vec<u8>> {
    let now = env.now();
    let attributes = attributes::build(digest, content_digest, now, signer.certificate())?;
    let signature = signer.key().sign_pkcs1v15(env, digest, &attributes).await?;
    Ok(constructed(
        tag::SEQUENCE,
        &[
            &primitive(tag::INTEGER, &[1]),
            &issuer_and_serial_number(signer.certificate()),
            &algorithm_der(digest.oid(), &[]),
            &retag(attributes, tag::context_constructed(0)),
            &algorithm_der(digest.rsa_signature_oid(), NULL),
            &primitive(tag::OCTET_STRING, &signature),
        ],
    ))
}

/// The same value, tagged implicitly.
fn retag(mut der: Vec<u8>, tag: u8) -> Vec<u8> {
    if let Some(first) = der.first_mut() {
        *first = tag;
    }
    der
}
