//! GeneralNames (RFC 5280, 4.2.1.6) and constraints on them (4.2.1.10).

use der::asn1::ObjectIdentifier;

use super::ComparableName;
use crate::asn1::{Reader, Tlv, oids, tag};
use crate::error::{Error, Result};

/// A name of a subject, or the base of a subtree of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// `otherName [0]` of another type than the next.
    Other(ObjectIdentifier),
    /// `otherName [0]` of the type SmtpUTF8Mailbox (RFC 9598, 3).
    SmtpUtf8Mailbox(String),
    /// `rfc822Name [1]`
    Rfc822(String),
    /// `dNSName [2]`
    Dns(String),
    /// `x400Address [3]`, of which nothing is read.
    X400,
    /// `directoryName [4]`
    Directory(ComparableName),
    /// `ediPartyName [5]`, of which nothing is read.
    EdiParty,
    /// `uniformResourceIdentifier [6]`
    Uri(String),
    /// `iPAddress [7]`: 4 or 16 octets, as many again for a mask in constraints.
    Ip(Vec<u8>),
    /// `registeredID [8]`, of which nothing is read.
    RegisteredId,
    /// A name of this kind that can't be read.
    Unreadable(NameKind),
}

/// The kinds of names, as far as constraints tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the standard's names")]
pub enum NameKind {
    Other,
    Mailbox,
    Dns,
    X400,
    Directory,
    EdiParty,
    Uri,
    Ip,
    RegisteredId,
}

impl GeneralName {
    /// Its kind. SmtpUTF8Mailbox and rfc822Name are two forms of one (RFC 9598, 6).
    pub fn kind(&self) -> NameKind {
        match self {
            GeneralName::Other(_) => NameKind::Other,
            GeneralName::SmtpUtf8Mailbox(_) | GeneralName::Rfc822(_) => NameKind::Mailbox,
            GeneralName::Dns(_) => NameKind::Dns,
            GeneralName::X400 => NameKind::X400,
            GeneralName::Directory(_) => NameKind::Directory,
            GeneralName::EdiParty => NameKind::EdiParty,
            GeneralName::Uri(_) => NameKind::Uri,
            GeneralName::Ip(_) => NameKind::Ip,
            GeneralName::RegisteredId => NameKind::RegisteredId,
            GeneralName::Unreadable(kind) => *kind,
        }
    }

    /// From its DER. A name whose contents can't be read is [`GeneralName::Unreadable`]: it hides none
    /// of the others.
    ///
    /// # Errors
    ///
    /// `malformed/asn1` if it is of no kind.
    pub(super) fn read(name: Tlv<'_>) -> Result<GeneralName> {
        let ascii = |kind, make: fn(String) -> GeneralName| {
            let text = core::str::from_utf8(name.value).ok().filter(|text| text.is_ascii());
            text.map_or(GeneralName::Unreadable(kind), |text| make(text.to_owned()))
        };
        Ok(match name.tag {
            OTHER_NAME => other_name(name).unwrap_or(GeneralName::Unreadable(NameKind::Other)),
            RFC822_NAME => ascii(NameKind::Mailbox, GeneralName::Rfc822),
            DNS_NAME => ascii(NameKind::Dns, GeneralName::Dns),
            X400_ADDRESS => GeneralName::X400,
            DIRECTORY_NAME => {
                let directory = Reader::only(name.value, tag::SEQUENCE);
                directory
                    .and_then(ComparableName::read)
                    .map_or(GeneralName::Unreadable(NameKind::Directory), GeneralName::Directory)
            }
            EDI_PARTY_NAME => GeneralName::EdiParty,
            URI => ascii(NameKind::Uri, GeneralName::Uri),
            IP_ADDRESS => GeneralName::Ip(name.value.to_vec()),
            REGISTERED_ID => GeneralName::RegisteredId,
            _ => return Err(Error::MalformedAsn1 { rule: "no GeneralName" }),
        })
    }
}

const OTHER_NAME: u8 = tag::context_constructed(0);
pub(super) const RFC822_NAME: u8 = tag::context(1);
const DNS_NAME: u8 = tag::context(2);
const X400_ADDRESS: u8 = tag::context_constructed(3);
const DIRECTORY_NAME: u8 = tag::context_constructed(4);
const EDI_PARTY_NAME: u8 = tag::context_constructed(5);
const URI: u8 = tag::context(6);
const IP_ADDRESS: u8 = tag::context(7);
const REGISTERED_ID: u8 = tag::context(8);

/// `OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }`
fn other_name(name: Tlv<'_>) -> Result<GeneralName> {
    let mut other = name.contents();
    let kind = other.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
    let value = other.expect(tag::context_constructed(0))?;
    other.finish()?;
    if kind != oids::SMTP_UTF8_MAILBOX {
        return Ok(GeneralName::Other(kind));
    }
    let unreadable = GeneralName::Unreadable(NameKind::Mailbox);
    let Ok(mailbox) = Reader::only(value.value, tag::UTF8_STRING) else { return Ok(unreadable) };
    let text = core::str::from_utf8(mailbox.value);
    Ok(text.map_or(unreadable, |text| GeneralName::SmtpUtf8Mailbox(text.to_owned())))
}

/// `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`
///
/// # Errors
///
/// `malformed/asn1`.
pub fn general_names(value: &[u8]) -> Result<Vec<GeneralName>> {
    general_names_of(Reader::only(value, tag::SEQUENCE)?)
}

/// The same, whatever its tag.
///
/// # Errors
///
/// `malformed/asn1`.
pub(super) fn general_names_of(list: Tlv<'_>) -> Result<Vec<GeneralName>> {
    let mut names = list.contents();
    let mut found = Vec::new();
    while !names.is_empty() {
        found.push(GeneralName::read(names.any()?)?);
    }
    if found.is_empty() {
        Err(Error::MalformedAsn1 { rule: "an empty SEQUENCE" })
    } else {
        Ok(found)
    }
}

/// Where the names of all further certificates of a path have to lie (RFC 5280, 4.2.1.10).
///
/// ```text
/// NameConstraints ::= SEQUENCE {
///   permittedSubtrees [0] GeneralSubtrees OPTIONAL,
///   excludedSubtrees  [1] GeneralSubtrees OPTIONAL }
/// GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// A name of a kind that has subtrees here lies within one of them.
    pub permitted: Vec<GeneralSubtree>,
    /// No name lies within these.
    pub excluded: Vec<GeneralSubtree>,
}

/// ```text
/// GeneralSubtree ::= SEQUENCE {
///   base GeneralName,
///   minimum [0] INTEGER DEFAULT 0,
///   maximum [1] INTEGER OPTIONAL }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneralSubtree {
    /// Where it begins. With `minimum` or `maximum`, which RFC 5280 does not have, it is unreadable.
    pub base: GeneralName,
}

impl NameConstraints {
    /// From the extension's value.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub(super) fn read(value: &[u8]) -> Result<NameConstraints> {
        let mut fields = Reader::only(value, tag::SEQUENCE)?.contents();
        let permitted = fields.optional(tag::context_constructed(0))?;
        let excluded = fields.optional(tag::context_constructed(1))?;
        fields.finish()?;
        if permitted.is_none() && excluded.is_none() {
            return Err(Error::MalformedAsn1 { rule: "name constraints without a subtree" });
        }
        let subtrees = |list: Option<Tlv<'_>>| list.map(subtrees).transpose();
        Ok(NameConstraints {
            permitted: subtrees(permitted)?.unwrap_or_default(),
            excluded: subtrees(excluded)?.unwrap_or_default(),
        })
    }
}

fn subtrees(list: Tlv<'_>) -> Result<Vec<GeneralSubtree>> {
    let mut list = list.contents();
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        let base = GeneralName::read(fields.any()?)?;
        // In DER `minimum` is absent where it is 0.
        let base = if fields.is_empty() { base } else { GeneralName::Unreadable(base.kind()) };
        found.push(GeneralSubtree { base });
    }
    if found.is_empty() {
        Err(Error::MalformedAsn1 { rule: "an empty SEQUENCE" })
    } else {
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_be_read_hide_no_other() {
        let mailbox = || GeneralName::Rfc822("a@b".to_owned());
        // x400Address [3], which is no ORAddress, before rfc822Name.
        let names = general_names(b"\x30\x09\xa3\x02\x05\x00\x81\x03a@b").unwrap();
        assert_eq!(names, [GeneralName::X400, mailbox()]);
        let names = general_names(b"\x30\x0a\x81\x03\xfc@b\x81\x03a@b").unwrap();
        assert_eq!(names, [GeneralName::Unreadable(NameKind::Mailbox), mailbox()]);
        for bytes in [&b"\x30\x05\x81\x04a@b"[..], b"\x30\x00", b"\x30\x02\x04\x00"] {
            assert!(general_names(bytes).is_err());
        }
    }

    #[test]
    fn constraints_say_something() {
        assert!(NameConstraints::read(b"\x30\x00").is_err());
        assert!(NameConstraints::read(b"\x30\x02\xa0\x00").is_err());
        let read = NameConstraints::read(b"\x30\x09\xa0\x07\x30\x05\x81\x03b.c").unwrap();
        assert_eq!(read.permitted, [GeneralSubtree { base: GeneralName::Rfc822("b.c".into()) }]);
        let far =
            NameConstraints::read(b"\x30\x0c\xa1\x0a\x30\x08\x81\x03b.c\x80\x01\x01").unwrap();
        let unreadable = GeneralName::Unreadable(NameKind::Mailbox);
        assert_eq!(far.excluded, [GeneralSubtree { base: unreadable }]);
    }
}
