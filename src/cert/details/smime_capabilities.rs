//! SMIMECapabilities in a certificate (RFC 4262; RFC 8551, 2.5.2), by name.

use std::collections::BTreeMap;

use der::asn1::ObjectIdentifier;

use crate::asn1::{AlgorithmIdentifier, Reader, tag};
use crate::cert::identifiers::{Identifier, Names};
use crate::crypto::algorithms::{CbcCipher, ContentCipher, RC2_CBC, rows};
use crate::error::Result;

/// One of the capabilities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapabilityDetails {
    /// `capabilityID`
    pub oid: ObjectIdentifier,
    /// The algorithm's name, as elsewhere in the interface; `None` if we know none.
    pub name: Option<String>,
}

pub(super) fn smime_capabilities(value: &[u8]) -> Result<Vec<CapabilityDetails>> {
    let mut names = BTreeMap::new();
    for row in rows() {
        names.entry(row.oid).or_insert(row.name);
    }
    let mut list = Reader::only(value, tag::SEQUENCE)?.contents();
    let mut found = Vec::new();
    while !list.is_empty() {
        let capability = AlgorithmIdentifier::read(&mut list)?;
        let name = match capability.oid {
            RC2_CBC => rc2_name(&capability),
            oid => names
                .get(&oid)
                .cloned()
                .or_else(|| Identifier::new(oid, PREFERENCES).name.map(str::to_owned)),
        };
        found.push(CapabilityDetails { oid: capability.oid, name });
    }
    Ok(found)
}

/// The parameter of RC2 is its effective key size in bits (RFC 8551, 2.7.1 and B).
fn rc2_name(capability: &AlgorithmIdentifier<'_>) -> Option<String> {
    let bits = capability.parameters.and_then(|parameters| parameters.uint().ok())?;
    let is_it = |cipher: &ContentCipher| matches!(cipher, ContentCipher::Cbc(CbcCipher::Rc2 { effective_bits }) if u64::from(*effective_bits) == bits);
    ContentCipher::ALL.into_iter().find(is_it).map(|cipher| cipher.name().to_owned())
}

/// Capabilities that are no algorithms (RFC 8551, 2.5.2 and appendix A; RFC 5751, appendix B).
const PREFERENCES: Names = names! {
    "1.2.840.113549.1.9.15.1" "preferSignedData"
    "1.2.840.113549.1.9.15.2" "canNotDecryptAny"
    "1.2.840.113549.1.9.16.11.1" "preferBinaryInside"
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{algorithm_der, primitive};
    use crate::crypto::algorithms::{RSA_ENCRYPTION, RSAES_OAEP};

    #[test]
    fn capabilities_have_the_names_of_the_table() {
        let rc2 = |bits| algorithm_der(RC2_CBC, &[2, 1, bits]);
        let unknown = ObjectIdentifier::new_unwrap("1.2.3");
        let prefers = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.15.1");
        let list = [
            algorithm_der(CbcCipher::Aes256.oid(), &[]),
            algorithm_der(RSAES_OAEP, &[]),
            algorithm_der(RSA_ENCRYPTION, &[]),
            rc2(40),
            rc2(41),
            algorithm_der(prefers, &[]),
            algorithm_der(unknown, &[]),
        ];
        let read = smime_capabilities(&primitive(tag::SEQUENCE, &list.concat())).unwrap();
        let names: Vec<_> = read.iter().map(|one| one.name.as_deref()).collect();
        assert_eq!(
            names,
            [
                Some("aes-256-cbc"),
                Some("rsaes-oaep"),
                Some("rsaes-pkcs1-v1_5"),
                Some("rc2-40-cbc"),
                None,
                Some("preferSignedData"),
                None,
            ]
        );
        assert_eq!(read.last().unwrap().oid, unknown);
    }
}
