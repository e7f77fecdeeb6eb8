//! `parseCertificates`: certificates in every file they come in.

use super::vcard;
use crate::asn1::{Reader, Tlv, tag, to_der};
use crate::cert::{Certificate, pem_blocks};
use crate::cms::{Content, ContentInfo};
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;

/// Reads DER, PEM with any number of blocks, `.p7b` / `.p7c` (certs-only SignedData, RFC 8551, 3.8) and
/// the KEY of vCards, each certificate once, in the order of the file. One that can't be read is left out if others can.
///
/// # Errors
///
/// `malformed/certificate` if there is none that can be read, `p12/key-file` of a PFX, `limit/…`.
pub fn parse_certificates(data: &[u8], limits: &Limits) -> Result<Vec<Certificate>> {
    let mut found = Found { certificates: Vec::new(), error: None, limits };
    if vcard::is_vcard(data) {
        for key in vcard::keys(data) {
            found.read(&key)?;
        }
    } else {
        found.read(data)?;
    }
    if found.certificates.is_empty() {
        return Err(found.error.unwrap_or(Error::MalformedCertificate { rule: "there is none" }));
    }
    Ok(found.certificates)
}

struct Found<'a> {
    certificates: Vec<Certificate>,
    error: Option<Error>,
    limits: &'a Limits,
}

impl Found<'_> {
    /// DER, or PEM.
    fn read(&mut self, data: &[u8]) -> Result<()> {
        let blocks = pem_blocks(data);
        if blocks.is_empty() {
            return self.take(data);
        }
        for block in &blocks {
            match block.label.as_str() {
                "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" | "PKCS7" | "CMS" => {
                    self.take(&block.bytes)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        let Ok(der) = to_der(bytes, self.limits) else {
            self.error = Some(Error::MalformedCertificate { rule: "its ASN.1 can't be read" });
            return Ok(());
        };
        if let Ok(info) = ContentInfo::from_der(&der) {
            match info.open(self.limits) {
                Ok(Content::SignedData(signed)) => {
                    for certificate in signed.certificates {
                        self.push(certificate)?;
                    }
                }
                Ok(
                    Content::EnvelopedData(_)
                    | Content::AuthEnvelopedData(_)
                    | Content::CompressedData(_),
                ) => {}
                Err(error @ Error::Limit { .. }) => return Err(error),
                Err(error) => self.error = Some(error),
            }
            return Ok(());
        }
        match Certificate::from_der(&der) {
            Ok(certificate) => self.push(certificate)?,
            Err(_) if is_pfx(&der) => self.error = Some(Error::P12KeyFile),
            Err(error) => self.error = Some(error),
        }
        Ok(())
    }

    fn push(&mut self, certificate: Certificate) -> Result<()> {
        let allowed = self.limits.certificates;
        if self.certificates.len() >= allowed {
            return Err(Error::Limit {
                limit: Limit::Certificates,
                required: allowed as u64 + 1,
                allowed: allowed as u64,
            });
        }
        if !self.certificates.contains(&certificate) {
            self.certificates.push(certificate);
        }
        Ok(())
    }
}

/// Whether it begins as a PFX does (RFC 7292, 4): with version 3, then a ContentInfo. People take one file for the
/// other.
fn is_pfx(der: &[u8]) -> bool {
    let begins_so = |pfx: Tlv<'_>| {
        let mut fields = pfx.contents();
        let version = fields.expect(tag::INTEGER)?.uint()?;
        fields.sequence()?.expect(tag::OBJECT_IDENTIFIER)?;
        Ok(version == 3)
    };
    Reader::only(der, tag::SEQUENCE).and_then(begins_so).unwrap_or(false)
}
