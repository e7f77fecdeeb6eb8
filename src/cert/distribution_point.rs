//! Where a certificate's revocation is told: CRL distribution points (RFC 5280, 4.2.1.13 and 5.2.5) and
//! OCSP responders (4.2.2.1).

use der::asn1::ObjectIdentifier;

use super::general_name::general_names_of;
use super::{ComparableName, GeneralName};
use crate::asn1::{Reader, Tlv, constructed, oids, tag};
use crate::error::{Error, Result};

/// What the extensions of a certificate say of its revocation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevocationPointers {
    /// cRLDistributionPoints.
    pub distribution_points: Vec<DistributionPoint>,
    /// freshestCRL: where delta CRLs are (RFC 5280, 4.2.1.15).
    pub freshest_crl: Vec<DistributionPoint>,
    /// The addresses of `id-ad-ocsp`.
    pub ocsp: Vec<String>,
    /// `id-pkix-ocsp-nocheck`: an OCSP responder whose own revocation is not to be asked for (RFC 6960,
    /// 4.2.2.2.1).
    pub ocsp_no_check: bool,
}

impl RevocationPointers {
    /// Takes an extension if it is one of these.
    ///
    /// # Errors
    ///
    /// `malformed/asn1` if it can't be read.
    pub(super) fn take(&mut self, oid: ObjectIdentifier, value: &[u8]) -> Result<()> {
        match oid {
            oids::CRL_DISTRIBUTION_POINTS => self.distribution_points = distribution_points(value)?,
            oids::FRESHEST_CRL => self.freshest_crl = distribution_points(value)?,
            oids::OCSP_NO_CHECK => self.ocsp_no_check = true,
            _ => {}
        }
        Ok(())
    }
}

/// ```text
/// DistributionPoint ::= SEQUENCE {
///   distributionPoint [0] DistributionPointName OPTIONAL,
///   reasons           [1] ReasonFlags OPTIONAL,
///   cRLIssuer         [2] GeneralNames OPTIONAL }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// Where the CRL is.
    pub name: Option<DistributionPointName>,
    /// The reasons that CRL has; `None` for all.
    pub reasons: Option<ReasonFlags>,
    /// Who signs it, if not the certificate's issuer. Empty if absent.
    pub crl_issuer: Vec<GeneralName>,
}

/// `CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint`
///
/// # Errors
///
/// `malformed/asn1`.
pub fn distribution_points(value: &[u8]) -> Result<Vec<DistributionPoint>> {
    let mut list = Reader::only(value, tag::SEQUENCE)?.contents();
    let mut points = Vec::new();
    while !list.is_empty() {
        let mut fields = list.sequence()?;
        let name = fields.optional(tag::context_constructed(0))?;
        let reasons = fields.optional(tag::context(1))?;
        let crl_issuer = fields.optional(tag::context_constructed(2))?;
        fields.finish()?;
        points.push(DistributionPoint {
            name: name.map(DistributionPointName::read).transpose()?,
            reasons: reasons.map(ReasonFlags::read).transpose()?,
            crl_issuer: crl_issuer.map(general_names_of).transpose()?.unwrap_or_default(),
        });
    }
    Ok(points)
}

/// ```text
/// DistributionPointName ::= CHOICE {
///   fullName                [0] GeneralNames,
///   nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DistributionPointName {
    /// Names of one place.
    Full(Vec<GeneralName>),
    /// What stands below the name of the CRL's issuer, as a name of its own.
    Relative(ComparableName),
}

impl DistributionPointName {
    /// From `[0] DistributionPointName`.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn read(field: Tlv<'_>) -> Result<DistributionPointName> {
        let mut contents = field.contents();
        let choice = contents.any()?;
        contents.finish()?;
        match choice.tag {
            FULL_NAME => general_names_of(choice).map(DistributionPointName::Full),
            RELATIVE_NAME => {
                let set = constructed(tag::SET, &[choice.value]);
                let name = constructed(tag::SEQUENCE, &[&set]);
                let name = ComparableName::read(Reader::only(&name, tag::SEQUENCE)?)?;
                Ok(DistributionPointName::Relative(name))
            }
            _ => Err(Error::MalformedAsn1 { rule: "no DistributionPointName" }),
        }
    }

    /// The names it stands for where `issuers` sign the CRL.
    pub fn names(&self, issuers: &[ComparableName]) -> Vec<GeneralName> {
        match self {
            DistributionPointName::Full(names) => names.clone(),
            DistributionPointName::Relative(relative) => {
                issuers.iter().map(|issuer| GeneralName::Directory(issuer.join(relative))).collect()
            }
        }
    }

    /// The addresses among its names.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let names = match self {
            DistributionPointName::Full(names) => names.as_slice(),
            DistributionPointName::Relative(_) => &[],
        };
        names.iter().filter_map(|name| match name {
            GeneralName::Uri(address) => Some(address.as_str()),
            _ => None,
        })
    }
}

const FULL_NAME: u8 = tag::context_constructed(0);
const RELATIVE_NAME: u8 = tag::context_constructed(1);

/// Reasons of revocation (RFC 5280, 4.2.1.13), as a set.
///
/// ```text
/// ReasonFlags ::= BIT STRING {
///   unused (0), keyCompromise (1), cACompromise (2), affiliationChanged (3), superseded (4),
///   cessationOfOperation (5), certificateHold (6), privilegeWithdrawn (7), aACompromise (8) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReasonFlags(u16);

impl ReasonFlags {
    /// Every reason there is.
    pub const ALL: ReasonFlags = ReasonFlags(0x1fe);

    /// From the BIT STRING. Bits that stand for no reason are left out.
    ///
    /// # Errors
    ///
    /// `malformed/asn1`.
    pub fn read(bits: Tlv<'_>) -> Result<ReasonFlags> {
        let (&unused, octets) =
            bits.value.split_first().ok_or(Error::MalformedAsn1 { rule: "an empty BIT STRING" })?;
        if unused > 7 || (octets.is_empty() && unused > 0) {
            return Err(Error::MalformedAsn1 { rule: "a BIT STRING with too many unused bits" });
        }
        let mut flags = 0;
        for number in 0..9 {
            let octet = octets.get(number / 8).copied().unwrap_or(0);
            if octet & (0x80 >> (number % 8)) != 0 {
                flags |= 1 << number;
            }
        }
        Ok(ReasonFlags(flags & ReasonFlags::ALL.0))
    }

    /// The names of its reasons in the JavaScript interface.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            "key-compromise",
            "ca-compromise",
            "affiliation-changed",
            "superseded",
            "cessation-of-operation",
            "certificate-hold",
            "privilege-withdrawn",
            "aa-compromise",
        ]
        .into_iter()
        .enumerate()
        .filter_map(move |(bit, name)| (self.0 & 2 << bit != 0).then_some(name))
    }

    /// Reasons in both.
    #[must_use]
    pub fn and(self, other: ReasonFlags) -> ReasonFlags {
        ReasonFlags(self.0 & other.0)
    }

    /// Reasons in either.
    #[must_use]
    pub fn or(self, other: ReasonFlags) -> ReasonFlags {
        ReasonFlags(self.0 | other.0)
    }

    /// Whether `other` has no reason that is not here.
    pub fn covers(self, other: ReasonFlags) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The addresses that AuthorityInfoAccessSyntax has for a method (RFC 5280, 4.2.2.1).
///
/// ```text
/// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
/// AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }
/// ```
///
/// # Errors
///
/// `malformed/asn1`.
pub fn access_addresses(value: &[u8], method: ObjectIdentifier) -> Result<Vec<String>> {
    let mut list = Reader::only(value, tag::SEQUENCE)?.contents();
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut description = list.sequence()?;
        let is_wanted = description.expect(tag::OBJECT_IDENTIFIER)?.oid()? == method;
        if let GeneralName::Uri(address) = GeneralName::read(description.any()?)?
            && is_wanted
        {
            found.push(address);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(bits: &[u8]) -> Result<ReasonFlags> {
        ReasonFlags::read(Reader::only(bits, tag::BIT_STRING).unwrap())
    }

    #[test]
    fn reasons_are_bits_from_the_left() {
        assert_eq!(flags(&[3, 2, 5, 0x60]), Ok(ReasonFlags(0b110)));
        assert_eq!(flags(&[3, 3, 7, 0xff, 0x80]), Ok(ReasonFlags::ALL));
        assert_eq!(flags(&[3, 1, 0]), Ok(ReasonFlags::default()));
        for wrong in [&[3, 0][..], &[3, 1, 1], &[3, 2, 8, 0]] {
            assert!(flags(wrong).is_err());
        }
        let names: Vec<_> = ReasonFlags(0b110).names().collect();
        assert_eq!(names, ["key-compromise", "ca-compromise"]);
        assert_eq!(ReasonFlags::ALL.names().count(), 8);
        assert!(ReasonFlags::ALL.covers(ReasonFlags(2)));
        assert!(!ReasonFlags(2).covers(ReasonFlags(6)));
    }

    #[test]
    fn points_are_read_as_openssl_writes_them() {
        // crlDistributionPoints = URI:http://a/b.crl
        let der = b"\x30\x14\x30\x12\xa0\x10\xa0\x0e\x86\x0chttp://a/b.c";
        let [point] = distribution_points(der).unwrap().try_into().unwrap();
        let name = point.name.unwrap();
        assert_eq!(name.addresses().collect::<Vec<_>>(), ["http://a/b.c"]);
        assert_eq!(name.names(&[]), [GeneralName::Uri("http://a/b.c".to_owned())]);
        for length in 0..der.len() {
            assert!(distribution_points(&der[..length]).is_err());
        }
        // A name relative to the issuer: CN=x.
        let der = b"\x30\x12\x30\x10\xa0\x0e\xa1\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03abc";
        let [point] = distribution_points(der).unwrap().try_into().unwrap();
        let issuer = ComparableName::default();
        let Some(DistributionPointName::Relative(name)) = &point.name else { panic!() };
        let names = point.name.as_ref().unwrap().names(std::slice::from_ref(&issuer));
        assert_eq!(names, [GeneralName::Directory(name.clone())]);
    }
}
