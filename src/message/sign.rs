//! `sign` (RFC 8551, 3.5).

use std::borrow::Cow;

use super::headers::{Protection, protect};
use crate::bytes::{Sink, base64};
use crate::cert::{Certificate, Identity};
use crate::cms::{Signer, Signing};
use crate::crypto::RsaScheme;
use crate::crypto::algorithms::{DigestAlgorithm, Support};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::mime::{Outgoing, random_boundary};

/// How signature and content go together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// multipart/signed: everyone can read the content (RFC 8551, 3.5.3).
    #[default]
    Detached,
    /// application/pkcs7-mime: nothing on the way can change the content by accident (RFC 8551, 3.5.2).
    Opaque,
}

/// Which certificates go along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Include {
    /// The signers' and their issuers', without self-issued roots: nobody trusts a root because a mail
    /// brought it.
    #[default]
    Chain,
    /// The signers' only.
    Certificate,
    /// None.
    Nothing,
}

/// What `sign` needs.
#[derive(Clone, Debug)]
pub struct SignOptions<'a> {
    /// A whole RFC 5322 message. Where it is owned, what is signed takes its place in memory.
    pub message: Cow<'a, [u8]>,
    /// Whose signatures.
    pub signers: &'a [Identity],
    /// Whether header fields are signed too (RFC 9788). They stay readable outside.
    pub protect_headers: bool,
    /// How to sign.
    pub parameters: SignatureParameters<'a>,
}

/// How messages are signed.
#[derive(Clone, Copy, Debug, Default)]
pub struct SignatureParameters<'a> {
    /// Detached or opaque.
    pub form: Form,
    /// The digest of content and attributes; `None` for what suits each key. Ed25519 has no choice.
    pub digest: Option<DigestAlgorithm>,
    /// How RSA keys sign, unless they are for one scheme alone.
    pub scheme: RsaScheme,
    /// Which certificates go along.
    pub include: Include,
    /// Which certificate the signers want mail encrypted for, where their own are for signing alone (RFC
    /// 8551, 2.5.3). It goes along too.
    pub encryption_certificate: Option<&'a Certificate>,
}

/// Signs a message. Header fields that describe the content move inside with it, the others stay where
/// they are, and are signed with it in a copy where they are to be protected. The content's line ends
/// become CRLF, and what would not survive transport is encoded in 7 bits (RFC 8551, 3.1), in both forms:
/// who takes an opaque signature off may pass the content on. What was signed before is left as it is,
/// with 8 bits if it has them.
///
/// # Errors
///
/// `usage/wrong-option` without signers or for a digest that is only read, `refused/signer` for a
/// certificate that is not valid now or not for signing, or whose key can't sign so, `malformed/mime`, `limit/…`, `aborted`.
pub async fn sign(env: &mut Env, options: SignOptions<'_>) -> Result<Vec<u8>> {
    sign_to(env, options, Vec::with_capacity).await
}

/// The same, into a sink that is made once the length is known.
///
/// # Errors
///
/// Those of [`sign`].
pub async fn sign_to<S: Sink>(
    env: &mut Env,
    options: SignOptions<'_>,
    sink: impl FnOnce(usize) -> S,
) -> Result<S> {
    let SignOptions { message, signers, protect_headers, parameters } = options;
    let outgoing = if protect_headers {
        protect(message, &Protection::SIGNED, env.limits())?
    } else {
        Outgoing::read_for_transport(message, env.limits())?
    };
    sign_outgoing(env, &outgoing, signers, &parameters, sink).await
}

/// Signs the entity of a message.
pub(super) async fn sign_outgoing<S: Sink>(
    env: &mut Env,
    outgoing: &Outgoing<'_>,
    identities: &[Identity],
    parameters: &SignatureParameters<'_>,
    sink: impl FnOnce(usize) -> S,
) -> Result<S> {
    check_digest(parameters.digest)?;
    let signers = signers(env, identities, parameters)?;
    let content = outgoing.content();
    let mut certificates = included(identities, parameters.include);
    let preferred = parameters.encryption_certificate.filter(|one| !certificates.contains(one));
    certificates.extend(preferred.cloned());
    let is_detached = parameters.form == Form::Detached;
    let signing = Signing::new(env, content, is_detached, &signers, &certificates).await?;
    let cms_len = base64::encoded_len(signing.encoded_len());
    if !is_detached {
        let mut output = outgoing.start(PKCS7_MIME, cms_len, sink);
        let mut encoder = base64::Encoder::new(&mut output);
        signing.write(env, content, &mut encoder).await?;
        encoder.finish();
        return Ok(output);
    }
    let boundary = random_boundary(env, &[content]);
    // RFC 2045, 6.4: a multipart can only be what its parts are.
    let encoding = if content.is_ascii() { "" } else { "Content-Transfer-Encoding: 8bit\r\n" };
    let fields = format!(
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n \
         micalg={}; boundary=\"{boundary}\"\r\n{encoding}",
        micalg(&Signer::digests(&signers))
    );
    let before = format!("This is an S/MIME signed message.\r\n\r\n--{boundary}\r\n");
    let between = format!("\r\n--{boundary}\r\n{PKCS7_SIGNATURE}\r\n");
    let after = format!("--{boundary}--\r\n");
    let length = before.len() + content.len() + between.len() + cms_len + after.len();
    let mut output = outgoing.start(&fields, length, sink);
    output.write(before.as_bytes());
    output.write(content);
    output.write(between.as_bytes());
    let mut encoder = base64::Encoder::new(&mut output);
    signing.write(env, content, &mut encoder).await?;
    encoder.finish();
    output.write(after.as_bytes());
    Ok(output)
}

const PKCS7_MIME: &str = "Content-Type: application/pkcs7-mime; smime-type=signed-data;\r\n \
     name=\"smime.p7m\"\r\n\
     Content-Transfer-Encoding: base64\r\n\
     Content-Disposition: attachment; filename=\"smime.p7m\"\r\n";

const PKCS7_SIGNATURE: &str = "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n\
     Content-Transfer-Encoding: base64\r\n\
     Content-Disposition: attachment; filename=\"smime.p7s\"\r\n";

/// The names of the digests (RFC 8551, 3.5.3.2).
fn micalg(digests: &[DigestAlgorithm]) -> String {
    match digests {
        [digest] => digest.micalg().to_owned(),
        several => {
            let names: Vec<&str> = several.iter().map(|digest| digest.micalg()).collect();
            format!("\"{}\"", names.join(","))
        }
    }
}

fn check_digest(digest: Option<DigestAlgorithm>) -> Result<()> {
    match digest.map(DigestAlgorithm::support) {
        None | Some(Support::Write) => Ok(()),
        Some(Support::Read | Support::ReadLegacy | Support::Refuse(_)) => {
            Err(Error::UsageWrongOption {
                option: "digest",
                expected: "'sha-256', 'sha-384' or 'sha-512'",
            })
        }
    }
}

fn signers<'a>(
    env: &Env,
    identities: &'a [Identity],
    parameters: &SignatureParameters<'a>,
) -> Result<Vec<Signer<'a>>> {
    if identities.is_empty() {
        return Err(Error::UsageWrongOption {
            option: "signers",
            expected: "one identity or more",
        });
    }
    let mut signers = Vec::new();
    for (index, identity) in (0..).zip(identities) {
        let certificate = identity.certificate();
        let refused = |reason| Err(Error::SignerUnusable { index, reason });
        if certificate.not_before() > env.now() {
            return refused("it is not valid yet");
        }
        if certificate.not_after() < env.now() {
            return refused("it is expired");
        }
        if !certificate.allows_signing() {
            return refused("its key usage does not allow signatures");
        }
        if !certificate.allows_email() {
            return refused("its extended key usage does not allow e-mail");
        }
        let key = certificate.public_key();
        match key.signature_algorithm(parameters.scheme, parameters.digest) {
            Some(algorithm) => {
                let encryption_certificate = parameters.encryption_certificate;
                signers.push(Signer { identity, algorithm, encryption_certificate });
            }
            None => return refused("its key does not sign in this way"),
        }
    }
    Ok(signers)
}

fn included(signers: &[Identity], include: Include) -> Vec<Certificate> {
    let mut certificates: Vec<Certificate> = Vec::new();
    for signer in signers {
        let chain = match include {
            Include::Chain => signer.chain(),
            Include::Certificate => &[],
            Include::Nothing => continue,
        };
        let chain = chain.iter().filter(|issuer| !issuer.is_self_issued());
        for certificate in core::iter::once(signer.certificate()).chain(chain) {
            if !certificates.contains(certificate) {
                certificates.push(certificate.clone());
            }
        }
    }
    certificates
}
