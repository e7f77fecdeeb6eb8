//! Distinguished names, attribute by attribute (RFC 5280, 4.1.2.4).

use der::asn1::ObjectIdentifier;

use super::identifiers::{Identifier, Names};
use super::text::{display_text, has_hidden_characters};
use crate::asn1::{Reader, Tlv, tag};
use crate::bytes::hex;
use crate::error::Result;

/// A name, for people to look at. Two are compared as [`ComparableName`](super::ComparableName).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistinguishedName {
    /// The relative distinguished names in the order of the encoding, each of one attribute or more.
    pub relative_names: Vec<Vec<Attribute>>,
}

/// An attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its type.
    pub oid: ObjectIdentifier,
    /// Its text; of a value that is no text, `#` and its DER in hexadecimal (RFC 4514, 2.4).
    pub value: String,
    /// Whether its value is text.
    pub is_text: bool,
}

impl DistinguishedName {
    /// From a Name in DER.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn from_der(name: &[u8]) -> Result<DistinguishedName> {
        let mut sets = Reader::only(name, tag::SEQUENCE)?.contents();
        let mut relative_names = Vec::new();
        while !sets.is_empty() {
            let mut set = sets.expect(tag::SET)?.contents();
            let mut attributes = Vec::new();
            while !set.is_empty() {
                let mut fields = set.sequence()?;
                let oid = fields.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
                attributes.push(Attribute::new(oid, fields.any()?));
                fields.finish()?;
            }
            relative_names.push(attributes);
        }
        Ok(DistinguishedName { relative_names })
    }

    /// All attributes, in order.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.relative_names.iter().flatten()
    }

    /// The text of the attribute with this name in [`Attribute::name`]; where there are several, of the
    /// most specific, which is the last.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes().filter(|one| one.is_text && one.name() == Some(name)).last();
        found.map(|attribute| attribute.value.as_str())
    }
}

impl Attribute {
    fn new(oid: ObjectIdentifier, value: Tlv<'_>) -> Attribute {
        match display_text(value) {
            Some(text) => Attribute { oid, value: text, is_text: true },
            None => {
                Attribute { oid, value: format!("#{}", hex::encode(value.raw)), is_text: false }
            }
        }
    }

    /// The name of its type in X.520 and the documents that add to it; `None` for others.
    pub fn name(&self) -> Option<&'static str> {
        Identifier::new(self.oid, TYPES).name
    }

    /// Whether it is not seen as it is: see [`has_hidden_characters`].
    pub fn has_hidden_characters(&self) -> bool {
        has_hidden_characters(&self.value)
    }
}

/// X.520; RFC 4519, 2; RFC 2985, 5; RFC 3739, 3.2.2; the EV Guidelines, 7.1.4.2.
const TYPES: Names = names! {
    "2.5.4.3" "commonName"
    "2.5.4.4" "surname"
    "2.5.4.5" "serialNumber"
    "2.5.4.6" "countryName"
    "2.5.4.7" "localityName"
    "2.5.4.8" "stateOrProvinceName"
    "2.5.4.9" "streetAddress"
    "2.5.4.10" "organizationName"
    "2.5.4.11" "organizationalUnitName"
    "2.5.4.12" "title"
    "2.5.4.13" "description"
    "2.5.4.15" "businessCategory"
    "2.5.4.16" "postalAddress"
    "2.5.4.17" "postalCode"
    "2.5.4.18" "postOfficeBox"
    "2.5.4.20" "telephoneNumber"
    "2.5.4.41" "name"
    "2.5.4.42" "givenName"
    "2.5.4.43" "initials"
    "2.5.4.44" "generationQualifier"
    "2.5.4.45" "x500UniqueIdentifier"
    "2.5.4.46" "dnQualifier"
    "2.5.4.65" "pseudonym"
    "2.5.4.97" "organizationIdentifier"
    "0.9.2342.19200300.100.1.1" "userId"
    "0.9.2342.19200300.100.1.25" "domainComponent"
    "1.2.840.113549.1.9.1" "emailAddress"
    "1.2.840.113549.1.9.2" "unstructuredName"
    "1.2.840.113549.1.9.8" "unstructuredAddress"
    "1.3.6.1.5.5.7.9.1" "dateOfBirth"
    "1.3.6.1.5.5.7.9.2" "placeOfBirth"
    "1.3.6.1.5.5.7.9.3" "gender"
    "1.3.6.1.5.5.7.9.4" "countryOfCitizenship"
    "1.3.6.1.5.5.7.9.5" "countryOfResidence"
    "1.3.6.1.4.1.311.60.2.1.1" "jurisdictionLocalityName"
    "1.3.6.1.4.1.311.60.2.1.2" "jurisdictionStateOrProvinceName"
    "1.3.6.1.4.1.311.60.2.1.3" "jurisdictionCountryName"
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{constructed, oid_der, primitive};

    #[test]
    fn relative_names_keep_their_order_and_their_attributes() {
        let attribute = |oid, tag, value: &[u8]| {
            let oid = oid_der(ObjectIdentifier::new_unwrap(oid));
            constructed(tag::SEQUENCE, &[&oid, &primitive(tag, value)])
        };
        let country = attribute("2.5.4.6", tag::PRINTABLE_STRING, b"DE");
        let name = attribute("2.5.4.3", tag::TELETEX_STRING, b"M\xfcller");
        let other = attribute("2.5.4.3", tag::UTF8_STRING, b"Last\xe2\x80\xae");
        let unknown = attribute("1.2.3", tag::OCTET_STRING, b"\x01");
        let der = constructed(
            tag::SEQUENCE,
            &[
                &constructed(tag::SET, &[&country]),
                &constructed(tag::SET, &[&name, &unknown]),
                &constructed(tag::SET, &[&other]),
            ],
        );
        let read = DistinguishedName::from_der(&der).unwrap();
        let values: Vec<_> = read.relative_names.iter().map(Vec::len).collect();
        assert_eq!(values, [1, 2, 1]);
        let names: Vec<_> = read.attributes().map(|one| (one.name(), one.value.as_str())).collect();
        assert_eq!(
            names,
            [
                (Some("countryName"), "DE"),
                (Some("commonName"), "M\u{fc}ller"),
                (None, "#040101"),
                (Some("commonName"), "Last\u{202e}"),
            ]
        );
        assert_eq!(read.get("commonName"), Some("Last\u{202e}"));
        assert_eq!(read.get("surname"), None);
        let hidden: Vec<_> = read.attributes().map(Attribute::has_hidden_characters).collect();
        assert_eq!(hidden, [false, false, false, true]);
        for length in 0..der.len() {
            assert!(DistinguishedName::from_der(&der[..length]).is_err());
        }
    }
}
