//! Certificates that are made here and that nobody vouches for.

use core::time::Duration;

use der::Encode;
use x509_cert::time::Time as X509Time;

use super::Certificate;
use crate::asn1::{algorithm_der, constructed, oid_der, oids, primitive, tag};
use crate::crypto::algorithms::{Curve, DigestAlgorithm, EC_PUBLIC_KEY};
use crate::crypto::{EcPublicKey, PrivateKey, PublicKey, SignatureAlgorithm};
use crate::env::{Env, Time};
use crate::error::{Error, Result};

/// Whoever gets the certificate may have a clock that is behind.
const SKEW_SECONDS: i64 = 24 * 60 * 60;

/// RFC 5280, 4.1.2.5: valid until it is not used any more.
const NO_END: &[u8] = b"99991231235959Z";

/// A new P-256 key for key agreement and nothing else, with a certificate (RFC 5280, 4.1) that it has signed
/// itself. It names no address, so it stands for no mail.
///
/// # Errors
///
/// `usage/wrong-option` for a clock outside of the years 1970 to 9999.
pub async fn self_signed(env: &mut Env, common_name: &str) -> Result<(Certificate, PrivateKey)> {
    const FAULT: Error = Error::Internal { what: "a key that was made here is of another kind" };
    let key = PrivateKey::generate(env, Curve::P256)?;
    let PublicKey::Ec(public) = key.public_key() else { return Err(FAULT) };
    let ecdsa = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
    let algorithm = ecdsa.to_der().ok_or(FAULT)?;
    let name = name(common_name);
    let tbs = constructed(
        tag::SEQUENCE,
        &[
            &constructed(tag::context_constructed(0), &[&primitive(tag::INTEGER, &[2])]),
            &serial_number(env),
            &algorithm,
            &name,
            &validity(env.now())?,
            &name,
            &spki(public),
            &extensions(),
        ],
    );
    let signature = key.sign(env, &ecdsa, &tbs).await?;
    let der = constructed(tag::SEQUENCE, &[&tbs, &algorithm, &bits(0, &signature)]);
    Ok((Certificate::from_der(&der)?, key))
}

/// Random, positive, and of 16 octets.
fn serial_number(env: &mut Env) -> Vec<u8> {
    let mut number = *env.random::<16>();
    if let Some(first) = number.first_mut() {
        *first = *first & 0x3f | 0x40;
    }
    primitive(tag::INTEGER, &number)
}

fn name(common_name: &str) -> Vec<u8> {
    let text = primitive(tag::UTF8_STRING, common_name.as_bytes());
    let attribute = constructed(tag::SEQUENCE, &[&oid_der(oids::COMMON_NAME), &text]);
    constructed(tag::SEQUENCE, &[&constructed(tag::SET, &[&attribute])])
}

fn validity(now: Time) -> Result<Vec<u8>> {
    const OUTSIDE: Error =
        Error::UsageWrongOption { option: "now", expected: "a date in 1970-9999" };
    let from = u64::try_from(now.as_secs().saturating_sub(SKEW_SECONDS)).map_err(|_| OUTSIDE)?;
    let from = der::DateTime::from_unix_duration(Duration::from_secs(from)).map_err(|_| OUTSIDE)?;
    let from = X509Time::from(from).to_der()?;
    Ok(constructed(tag::SEQUENCE, &[&from, &primitive(tag::GENERALIZED_TIME, NO_END)]))
}

/// RFC 5480, 2.
fn spki(public: &EcPublicKey) -> Vec<u8> {
    let algorithm = algorithm_der(EC_PUBLIC_KEY, &oid_der(public.curve().oid()));
    constructed(tag::SEQUENCE, &[&algorithm, &bits(0, public.point())])
}

/// The critical extension `keyUsage` with `keyAgreement` (RFC 5280, 4.2.1.3).
fn extensions() -> Vec<u8> {
    const TRUE: &[u8] = &[tag::BOOLEAN, 1, 0xff];
    let usage = primitive(tag::OCTET_STRING, &bits(3, &[0x08]));
    let extension = constructed(tag::SEQUENCE, &[&oid_der(oids::KEY_USAGE), TRUE, &usage]);
    let all = constructed(tag::SEQUENCE, &[&extension]);
    constructed(tag::context_constructed(3), &[&all])
}

fn bits(unused: u8, octets: &[u8]) -> Vec<u8> {
    primitive(tag::BIT_STRING, &[&[unused], octets].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::block_on;
    use crate::limits::Limits;

    #[test]
    fn it_is_for_key_agreement_alone_and_stands_for_nobody() {
        let mut env = Env::new(Time::from_secs(1_800_000_000), &[1; 32], Limits::default());
        let (certificate, key) = block_on(self_signed(&mut env, "Jörg")).unwrap();
        assert!(key.belongs_to(certificate.public_key()));
        assert!(certificate.allows_encryption() && !certificate.allows_signing());
        assert!(certificate.addresses().is_empty() && certificate.is_self_issued());
        assert!(certificate.is_current(env.now()));
        assert_eq!(certificate.subject_text(), "CN=Jörg");
        let algorithm = certificate.signature_algorithm().unwrap();
        let signed = crate::crypto::Signed::Message(certificate.tbs());
        let held = certificate.public_key().verify(algorithm, signed, certificate.signature());
        assert_eq!(held, Some(crate::crypto::SignatureCheck::Holds));
        let again = PrivateKey::from_pkcs8(key.pkcs8().unwrap()).unwrap();
        assert!(again.is_same(&key));
    }
}
