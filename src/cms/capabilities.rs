//! SMIMECapabilities (RFC 8551, 2.5.2): what somebody's software reads, best first.
//!
//! ```text
//! SMIMECapabilities ::= SEQUENCE OF SMIMECapability
//! SMIMECapability ::= SEQUENCE {
//!   capabilityID OBJECT IDENTIFIER,
//!   parameters ANY DEFINED BY capabilityID OPTIONAL }
//! ```

use der::asn1::ObjectIdentifier;

use crate::asn1::{AlgorithmIdentifier, Reader, algorithm_der, primitive, tag};
use crate::crypto::algorithms::{
    AeadCipher, CEK_HKDF_SHA256, CbcCipher, ContentCipher, DigestAlgorithm, GcmCipher,
    KeyAgreement, KeyDerivation, KeyWrap, RSAES_OAEP, Support,
};
use crate::crypto::{KeyTransport, OaepParameters};
use crate::error::{Error, Result};

/// The capabilities of a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    identifiers: Vec<ObjectIdentifier>,
    transport: Option<KeyTransport>,
}

/// Clients write about ten.
const MOST: usize = 100;

impl Capabilities {
    /// From the SEQUENCE in DER, as the attribute and the extension of a certificate (RFC 4262) have it.
    ///
    /// # Errors
    ///
    /// `malformed/cms` for more than a hundred, `malformed/asn1`.
    pub fn from_der(der: &[u8]) -> Result<Capabilities> {
        let mut list = Reader::only(der, tag::SEQUENCE)?.contents();
        let mut capabilities = Capabilities { identifiers: Vec::new(), transport: None };
        while !list.is_empty() {
            let capability = AlgorithmIdentifier::read(&mut list)?;
            if capabilities.identifiers.len() == MOST {
                return Err(Error::MalformedCms { rule: "more than 100 SMIMECapabilities" });
            }
            capabilities.identifiers.push(capability.oid);
            if capability.oid == RSAES_OAEP && capabilities.transport.is_none() {
                // Parameters that we don't know are no reason to refuse the rest.
                let parameters = OaepParameters::read(capability.parameters).ok();
                capabilities.transport = parameters.map(KeyTransport::Oaep);
            }
        }
        Ok(capabilities)
    }

    /// Whether an algorithm is among them.
    pub fn has(&self, oid: ObjectIdentifier) -> bool {
        self.identifiers.contains(&oid)
    }

    /// The key transport for RSA keys that they ask for: OAEP, with their parameters; `None` means
    /// PKCS#1 v1.5, which everybody reads.
    pub fn key_transport(&self) -> Option<&KeyTransport> {
        self.transport.as_ref()
    }
}

/// What we say of ourselves: what we read and recommend, the strongest first.
pub(super) fn written() -> Vec<u8> {
    let ciphers = [
        ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes256)),
        ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes128)),
        ContentCipher::Cbc(CbcCipher::Aes256),
        ContentCipher::Cbc(CbcCipher::Aes128),
    ];
    let mut list = Vec::new();
    for cipher in ciphers {
        list.extend(algorithm_der(cipher.oid(), &[]));
    }
    // It goes with every cipher of the list (RFC 9709).
    list.extend(algorithm_der(CEK_HKDF_SHA256, &[]));
    list.extend(algorithm_der(RSAES_OAEP, &OaepParameters::sha256().to_der()));
    // The parameter of a key agreement is the key wrap (RFC 5753, 8; RFC 8418, 5).
    for agreement in KeyAgreement::ALL {
        for wrap in wraps(&agreement) {
            list.extend(algorithm_der(agreement.oid, &algorithm_der(wrap.oid(), &[])));
        }
    }
    primitive(tag::SEQUENCE, &list)
}

/// The key wraps that go with those key agreements that we write; with short digests both.
fn wraps(agreement: &KeyAgreement) -> &'static [KeyWrap] {
    match (agreement.support, agreement.derivation) {
        (
            Support::Write,
            KeyDerivation::X963(DigestAlgorithm::Sha256)
            | KeyDerivation::Hkdf(DigestAlgorithm::Sha256),
        ) => &[KeyWrap::Aes256, KeyWrap::Aes128],
        (Support::Write, _) => &[KeyWrap::Aes256],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::algorithms::RSA_ENCRYPTION;

    #[test]
    fn what_we_write_we_read() {
        let capabilities = Capabilities::from_der(&written()).unwrap();
        let transport = KeyTransport::Oaep(OaepParameters::sha256());
        assert_eq!(capabilities.key_transport(), Some(&transport));
        assert!(capabilities.has(CbcCipher::Aes256.oid()) && capabilities.has(RSAES_OAEP));
        assert!(capabilities.has(CEK_HKDF_SHA256) && !capabilities.has(RSA_ENCRYPTION));
    }

    /// Outlook's list of RC2 has integers for parameters.
    #[test]
    fn strange_parameters_hide_nothing() {
        let rc2 = algorithm_der(CbcCipher::Rc2 { effective_bits: 40 }.oid(), &[2, 1, 40]);
        let oaep = algorithm_der(RSAES_OAEP, &[2, 1, 1]);
        let der = primitive(tag::SEQUENCE, &[rc2, oaep].concat());
        let capabilities = Capabilities::from_der(&der).unwrap();
        assert!(capabilities.has(RSAES_OAEP));
        assert_eq!(capabilities.key_transport(), None);
    }

    #[test]
    fn a_list_without_end_is_refused() {
        let one = algorithm_der(CbcCipher::Aes256.oid(), &[]);
        for (count, fits) in [(100, true), (101, false)] {
            let der = primitive(tag::SEQUENCE, &one.repeat(count));
            assert_eq!(Capabilities::from_der(&der).is_ok(), fits);
        }
    }
}
