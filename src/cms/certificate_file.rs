//! Files of certificates: `.cer`, `.crt`, `.pem`, `.p7b`, `.p7c`.

use super::content_info::{Content, ContentInfo};
use crate::asn1::{Reader, tag, to_der};
use crate::cert::{Certificate, pem_blocks};
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// The certificates of a file, in its order: one certificate in DER, any number in PEM (RFC 7468), or
/// those in a SignedData (RFC 8551, 3.8), in DER, BER or PEM. What PEM holds besides is left out.
///
/// # Errors
///
/// `malformed/certificate` if there is none or one of them can't be read, `malformed/asn1`,
/// `malformed/cms`, `unsupported/structure` for other content types, `limit/…`.
pub fn read_certificates(file: &[u8], limits: &Limits) -> Result<Vec<Certificate>> {
    let mut certificates = Vec::new();
    let blocks = pem_blocks(file);
    if blocks.is_empty() {
        read_value(file, limits, &mut certificates)?;
    }
    for block in blocks {
        match block.label.as_str() {
            "CERTIFICATE" | "X509 CERTIFICATE" | "PKCS7" | "CMS" => {
                read_value(&block.bytes, limits, &mut certificates)?;
            }
            _ => {}
        }
    }
    if certificates.is_empty() {
        return Err(Error::MalformedCertificate { rule: "the file has none" });
    }
    Ok(certificates)
}

/// A Certificate begins with a SEQUENCE, a ContentInfo with its type.
fn read_value(ber: &[u8], limits: &Limits, certificates: &mut Vec<Certificate>) -> Result<()> {
    let der = to_der(ber, limits)?;
    let value = Reader::only(&der, tag::SEQUENCE)?;
    if value.contents().peek() == Some(tag::OBJECT_IDENTIFIER) {
        let Content::SignedData(signed_data) = ContentInfo::from_der(&der)?.open(limits)? else {
            return Err(Error::MalformedCertificate { rule: "the file is an encrypted message" });
        };
        if !signed_data.problems.is_empty() {
            return Err(Error::MalformedCertificate { rule: "one of several can't be read" });
        }
        certificates.extend(signed_data.certificates);
    } else {
        certificates.push(Certificate::from_der(&der)?);
    }
    if certificates.len() > limits.certificates {
        return Err(Error::Limit {
            limit: Limit::Certificates,
            required: certificates.len() as u64,
            allowed: limits.certificates as u64,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors(name: &str) -> Option<Vec<u8>> {
        let Ok(vectors) = std::env::var("SMIME_VECTORS") else {
            println!("skipped: SMIME_VECTORS is not set");
            return None;
        };
        Some(std::fs::read(format!("{vectors}/{name}")).unwrap())
    }

    #[test]
    fn what_holds_no_certificate_is_refused_with_a_code() {
        let limits = Limits::default();
        for (file, code) in [
            (&b""[..], "malformed/asn1"),
            (b"hello", "malformed/asn1"),
            (&[0x30, 0x00], "malformed/certificate"),
            (b"-----BEGIN RSA KEY-----\nAAAA\n-----END RSA KEY-----\n", "malformed/certificate"),
        ] {
            assert_eq!(read_certificates(file, &limits).unwrap_err().code(), code, "{file:?}");
        }
    }

    #[test]
    fn pem_files_and_bundles_keep_their_order_and_their_limit() {
        let Some(pem) = vectors("mozilla-roots/nss-builtins-2.92/email-roots.pem") else { return };
        let limits = Limits::default();
        let certificates = read_certificates(&pem, &limits).unwrap();
        assert_eq!(certificates.len(), pem_blocks(&pem).len());
        let first = read_certificates(certificates[0].der(), &limits).unwrap();
        assert_eq!(first, certificates[..1]);
        let error = read_certificates(&pem, &Limits { certificates: 3, ..limits }).unwrap_err();
        assert_eq!(error.code(), "limit/certificates");
    }

    #[test]
    fn bundles_are_read_in_pem_and_der() {
        for name in ["amazon-roots.p7b", "amazon-roots.der"] {
            let Some(file) = vectors(&format!("pyca/pkcs7/{name}")) else { return };
            let certificates = read_certificates(&file, &Limits::default()).unwrap();
            assert_eq!(certificates.len(), 2, "{name}");
        }
        let Some(file) = vectors("pyca/pkcs7/enveloped.pem") else { return };
        let error = read_certificates(&file, &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "malformed/certificate");
    }
}
