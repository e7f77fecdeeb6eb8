//! GeneralNames as people read them (RFC 5280, 4.2.1.6), and the extensions that are made of them.

use std::net::{Ipv4Addr, Ipv6Addr};

use der::asn1::ObjectIdentifier;

use crate::asn1::{Reader, Tlv, constructed, oids, tag};
use crate::bytes::hex;
use crate::cert::text::display_text;
use crate::cert::{ReasonFlags, name_text};
use crate::error::{Error, Result};

/// A GeneralName.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameText {
    /// Its kind, in the standard's word.
    pub kind: &'static str,
    /// Its text; of what has none, `#` and its DER in hexadecimal. A directoryName is written by RFC
    /// 4514, an iPAddress in constraints has its mask behind a slash.
    pub value: String,
    /// The type of an otherName.
    pub oid: Option<ObjectIdentifier>,
}

impl NameText {
    fn read(name: Tlv<'_>) -> Result<NameText> {
        let lossy = || String::from_utf8_lossy(name.value).into_owned();
        let raw = || format!("#{}", hex::encode(name.raw));
        const CONSTRUCTED: u8 = 0x20;
        let (kind, value) = match name.tag & !CONSTRUCTED {
            0x80 => return Ok(other_name(name).unwrap_or(named("otherName", raw()))),
            0x81 => ("rfc822Name", lossy()),
            0x82 => ("dNSName", lossy()),
            0x83 => ("x400Address", raw()),
            0x84 => (
                "directoryName",
                Some(name_text(name.value)).filter(|t| !t.is_empty()).unwrap_or_else(raw),
            ),
            0x85 => ("ediPartyName", raw()),
            0x86 => ("uniformResourceIdentifier", lossy()),
            0x87 => ("iPAddress", ip_address(name.value).unwrap_or_else(raw)),
            0x88 => {
                let oid = ObjectIdentifier::from_bytes(name.value);
                ("registeredID", oid.map_or_else(|_| raw(), |oid| oid.to_string()))
            }
            _ => return Err(Error::MalformedAsn1 { rule: "no GeneralName" }),
        };
        Ok(named(kind, value))
    }
}

fn named(kind: &'static str, value: String) -> NameText {
    NameText { kind, value, oid: None }
}

fn other_name(name: Tlv<'_>) -> Option<NameText> {
    let mut fields = name.contents();
    let oid = fields.expect(tag::OBJECT_IDENTIFIER).and_then(|oid| oid.oid()).ok()?;
    let value = fields.expect(tag::context_constructed(0)).ok()?;
    let text = value.contents().any().ok().and_then(display_text);
    let value = text.unwrap_or_else(|| format!("#{}", hex::encode(value.value)));
    Some(match oid {
        oids::SMTP_UTF8_MAILBOX => named("smtpUtf8Mailbox", value),
        _ => NameText { kind: "otherName", value, oid: Some(oid) },
    })
}

fn ip_address(octets: &[u8]) -> Option<String> {
    let one = |octets: &[u8]| {
        let v4 = <[u8; 4]>::try_from(octets).map(|octets| Ipv4Addr::from(octets).to_string());
        v4.or_else(|_| {
            <[u8; 16]>::try_from(octets).map(|octets| Ipv6Addr::from(octets).to_string())
        })
    };
    match octets.len() {
        8 | 32 => {
            let (address, mask) = octets.split_at_checked(octets.len() / 2)?;
            Some(format!("{}/{}", one(address).ok()?, one(mask).ok()?))
        }
        _ => one(octets).ok(),
    }
}

/// `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`
pub(super) fn names_in(value: &[u8]) -> Result<Vec<NameText>> {
    names(Reader::only(value, tag::SEQUENCE)?)
}

/// The same, whatever its tag.
pub(super) fn names(list: Tlv<'_>) -> Result<Vec<NameText>> {
    let mut list = list.contents();
    let mut found = Vec::new();
    while !list.is_empty() {
        found.push(NameText::read(list.any()?)?);
    }
    Ok(found)
}

/// A DistributionPoint (RFC 5280, 4.2.1.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlPlace {
    /// Where the CRL is; several names are of one place.
    pub names: Vec<NameText>,
    /// The reasons that CRL has; `None` for all.
    pub reasons: Option<ReasonFlags>,
    /// Who signs it, if not the certificate's issuer.
    pub crl_issuer: Vec<NameText>,
}

pub(super) fn crl_places(value: &[u8]) -> Result<Vec<CrlPlace>> {
    let mut list = Reader::only(value, tag::SEQUENCE)?.contents();
    let mut places = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        let name = fields.optional(tag::context_constructed(0))?;
        let reasons = fields.optional(tag::context(1))?;
        let crl_issuer = fields.optional(tag::context_constructed(2))?;
        fields.finish()?;
        places.push(CrlPlace {
            names: name.map(place_names).transpose()?.unwrap_or_default(),
            reasons: reasons.map(ReasonFlags::read).transpose()?,
            crl_issuer: crl_issuer.map(names).transpose()?.unwrap_or_default(),
        });
    }
    Ok(places)
}

/// Of a DistributionPointName. One that stands below the CRL issuer's name is written without that.
fn place_names(field: Tlv<'_>) -> Result<Vec<NameText>> {
    let choice = field.contents().any()?;
    match choice.tag {
        FULL_NAME => names(choice),
        RELATIVE_NAME => {
            let set = constructed(tag::SET, &[choice.value]);
            let text = name_text(&constructed(tag::SEQUENCE, &[&set]));
            Ok(vec![named("nameRelativeToCRLIssuer", text)])
        }
        _ => Err(Error::MalformedAsn1 { rule: "no DistributionPointName" }),
    }
}

const FULL_NAME: u8 = tag::context_constructed(0);
const RELATIVE_NAME: u8 = tag::context_constructed(1);

/// NameConstraints (RFC 5280, 4.2.1.10).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConstrainedNames {
    /// A name of a kind that is here lies within one of these.
    pub permitted: Vec<NameText>,
    /// No name lies within these.
    pub excluded: Vec<NameText>,
}

impl ConstrainedNames {
    pub(super) fn read(value: &[u8]) -> Result<ConstrainedNames> {
        let mut fields = Reader::only(value, tag::SEQUENCE)?.contents();
        let permitted = fields.optional(tag::context_constructed(0))?;
        let excluded = fields.optional(tag::context_constructed(1))?;
        fields.finish()?;
        Ok(ConstrainedNames {
            permitted: permitted.map(bases).transpose()?.unwrap_or_default(),
            excluded: excluded.map(bases).transpose()?.unwrap_or_default(),
        })
    }
}

fn bases(list: Tlv<'_>) -> Result<Vec<NameText>> {
    let mut list = list.contents();
    let mut found = Vec::new();
    while !list.is_empty() {
        found.push(NameText::read(list.sequence()?.any()?)?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(der: &[u8]) -> (&'static str, String, Option<String>) {
        let name = NameText::read(Reader::new(der).any().unwrap()).unwrap();
        (name.kind, name.value, name.oid.map(|oid| oid.to_string()))
    }

    #[test]
    fn every_kind_of_name_has_its_text() {
        let text = |kind, value: &str| (kind, value.to_owned(), None);
        assert_eq!(read(b"\x81\x03a@b"), text("rfc822Name", "a@b"));
        assert_eq!(read(b"\x82\x03b.c"), text("dNSName", "b.c"));
        assert_eq!(read(b"\x83\x01a"), text("x400Address", "#830161"));
        assert_eq!(
            read(b"\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"),
            text("directoryName", "CN=x")
        );
        assert_eq!(read(b"\xa4\x02\x05\x00"), text("directoryName", "#a4020500"));
        assert_eq!(read(b"\x86\x03u:x"), text("uniformResourceIdentifier", "u:x"));
        assert_eq!(read(b"\x87\x04\xc0\0\x02\x01"), text("iPAddress", "192.0.2.1"));
        let subnet = b"\x87\x08\xc0\0\x02\0\xff\xff\xff\0";
        assert_eq!(read(subnet), text("iPAddress", "192.0.2.0/255.255.255.0"));
        assert_eq!(read(b"\x87\x03\x01\x02\x03"), text("iPAddress", "#8703010203"));
        assert_eq!(read(b"\x88\x02\x2a\x03"), text("registeredID", "1.2.3"));
        let (kind, value, oid) = read(b"\xa0\x09\x06\x02\x2a\x03\xa0\x03\x0c\x01x");
        assert_eq!((kind, value.as_str(), oid.as_deref()), ("otherName", "x", Some("1.2.3")));
        let (_, value, _) = read(b"\xa0\x08\x06\x02\x2a\x03\xa0\x02\x05\x00");
        assert_eq!(value, "#0500");
        assert!(NameText::read(Reader::new(b"\x89\x00").any().unwrap()).is_err());
    }
}
