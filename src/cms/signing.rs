//! Writing SignedData (RFC 5652, 5).

use der::asn1::ObjectIdentifier;

use super::attributes;
use super::content_digests::hash;
use super::encode::{algorithm_der, oid_der, prefix, retag, set_of};
use super::identifier::issuer_and_serial_number;
use crate::asn1::{constructed, header, oids, primitive, tag};
use crate::bytes::{PIECE, Sink, sort_by_key};
use crate::cert::{Certificate, Identity};
use crate::crypto::SignatureAlgorithm;
use crate::crypto::algorithms::DigestAlgorithm;
use crate::env::Env;
use crate::error::{Error, Result};

/// Who signs, and how.
#[derive(Clone, Debug)]
pub struct Signer<'a> {
    /// Whose key and certificate.
    pub identity: &'a Identity,
    /// What the key does.
    pub algorithm: SignatureAlgorithm,
    /// Which certificate the signer wants mail encrypted for, if it is not the identity's.
    pub encryption_certificate: Option<&'a Certificate>,
}

impl Signer<'_> {
    /// What hashes the content: what the algorithm hashes with, and SHA-512 for Ed25519 (RFC 8419,
    /// 3.1).
    pub fn digest(&self) -> DigestAlgorithm {
        self.algorithm.digest().unwrap_or(DigestAlgorithm::Sha512)
    }

    /// What hashes the content for these, each once.
    pub fn digests(signers: &[Signer<'_>]) -> Vec<DigestAlgorithm> {
        let mut digests: Vec<DigestAlgorithm> = signers.iter().map(Signer::digest).collect();
        sort_by_key(&mut digests, |digest| digest.name());
        digests.dedup();
        digests
    }
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
        signers: &[Signer<'_>],
        certificates: &[Certificate],
    ) -> Result<Signing> {
        Signing::of(env, oids::DATA, content, is_detached, signers, certificates).await
    }

    /// The same for content that is no mail (RFC 5652, 5.2.1).
    ///
    /// # Errors
    ///
    /// Those of [`Signing::new`].
    pub async fn of(
        env: &mut Env,
        content_type: ObjectIdentifier,
        content: &[u8],
        is_detached: bool,
        signers: &[Signer<'_>],
        certificates: &[Certificate],
    ) -> Result<Signing> {
        let digests = hash(env, &Signer::digests(signers), content).await?;
        let mut infos = Vec::new();
        for signer in signers {
            let digest = digests.iter().find(|(algorithm, _)| *algorithm == signer.digest());
            let (_, digest) = digest.ok_or(Error::Internal { what: "a digest is missing" })?;
            infos.push(signer_info(env, content_type, signer, digest).await?);
        }
        let ders: Vec<&[u8]> = certificates.iter().map(Certificate::der).collect();
        let mut suffix = Vec::new();
        if !ders.is_empty() {
            suffix = retag(set_of(&ders), tag::context_constructed(0));
        }
        suffix.extend_from_slice(&set_of(&infos));

        let digest_algorithms: Vec<Vec<u8>> =
            digests.iter().map(|(digest, _)| algorithm_der(digest.oid(), &[])).collect();
        // RFC 5652, 5.1.
        let version = if content_type == oids::DATA { 1 } else { 3 };
        let mut start = primitive(tag::INTEGER, &[version]);
        start.extend_from_slice(&set_of(&digest_algorithms));
        let content_len = (!is_detached).then_some(content.len());
        start.extend_from_slice(&encapsulated(content_type, content_len));

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
fn encapsulated(content_type: ObjectIdentifier, content_len: Option<usize>) -> Vec<u8> {
    let oid = oid_der(content_type);
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
    content_type: ObjectIdentifier,
    signer: &Signer<'_>,
    content_digest: &[u8],
) -> Result<Vec<u8>> {
    let now = env.now();
    let Signer { identity, algorithm, encryption_certificate } = signer;
    let digest = signer.digest();
    let digest_algorithm = algorithm_der(digest.oid(), &[]);
    let signature_algorithm =
        algorithm.to_der().ok_or(Error::Internal { what: "an algorithm that is only read" })?;
    let algorithms = [digest_algorithm.as_slice(), &signature_algorithm];
    let certificate = identity.certificate();
    let attributes = attributes::build(
        content_type,
        digest,
        algorithms,
        content_digest,
        now,
        [certificate, encryption_certificate.unwrap_or(certificate)],
    )?;
    let signature = identity.key().sign(env, algorithm, &attributes).await?;
    Ok(constructed(
        tag::SEQUENCE,
        &[
            &primitive(tag::INTEGER, &[1]),
            &issuer_and_serial_number(certificate),
            &digest_algorithm,
            &retag(attributes, tag::context_constructed(0)),
            &signature_algorithm,
            &primitive(tag::OCTET_STRING, &signature),
        ],
    ))
}
