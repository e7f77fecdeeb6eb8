//! The extensions of a CRL (RFC 5280, 5.2).

use der::asn1::ObjectIdentifier;

use crate::asn1::{Reader, Tlv, oids, read_time, tag};
use crate::cert::{
    DistributionPoint, DistributionPointName, Extension, ReasonFlags, access_addresses,
    distribution_points, extensions_of,
};
use crate::env::Time;
use crate::error::{Error, Result};

#[derive(Debug, Default)]
pub(super) struct CrlExtensions {
    /// The whole value: CRLs that belong together have the same.
    pub(super) authority_key_identifier: Option<Vec<u8>>,
    pub(super) number: Option<CrlNumber>,
    pub(super) base_number: Option<CrlNumber>,
    pub(super) issuing_distribution_point: Option<IssuingDistributionPoint>,
    pub(super) freshest_crl: Vec<DistributionPoint>,
    pub(super) ca_issuers: Vec<String>,
    /// It still lists certificates that expired at this moment or later (X.509, 9.5.2.8).
    pub(super) expired_since: Option<Time>,
    pub(super) unknown_critical: Option<ObjectIdentifier>,
}

impl CrlExtensions {
    /// From `[0] EXPLICIT Extensions`.
    pub(super) fn read(field: Tlv<'_>) -> Result<CrlExtensions> {
        let mut extensions = CrlExtensions::default();
        let twice = Error::MalformedCrl { rule: "an extension stands twice" };
        for Extension { oid, critical, value } in extensions_of(field, twice)? {
            if !extensions.take(oid, value)? && critical {
                extensions.unknown_critical = Some(oid);
            }
        }
        Ok(extensions)
    }

    /// Takes an extension; says whether it is one of those processed.
    fn take(&mut self, oid: ObjectIdentifier, value: &[u8]) -> Result<bool> {
        match oid {
            oids::AUTHORITY_KEY_IDENTIFIER => self.authority_key_identifier = Some(value.to_vec()),
            oids::CRL_NUMBER => self.number = Some(CrlNumber::read(value)?),
            oids::DELTA_CRL_INDICATOR => self.base_number = Some(CrlNumber::read(value)?),
            oids::ISSUING_DISTRIBUTION_POINT => {
                self.issuing_distribution_point = Some(IssuingDistributionPoint::read(value)?);
            }
            // Hints where something is to be had: one that can't be read gives none.
            oids::FRESHEST_CRL => {
                self.freshest_crl = distribution_points(value).unwrap_or_default();
            }
            oids::AUTHORITY_INFORMATION_ACCESS => {
                self.ca_issuers = access_addresses(value, oids::CA_ISSUERS).unwrap_or_default();
            }
            oids::EXPIRED_CERTS_ON_CRL => {
                self.expired_since = Some(read_time(Reader::only(value, tag::GENERALIZED_TIME)?)?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// `CRLNumber ::= INTEGER (0..MAX)`, of up to 20 octets (RFC 5280, 5.2.3).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrlNumber {
    /// Compared first.
    length: usize,
    /// Without leading zeros.
    octets: Vec<u8>,
}

impl CrlNumber {
    fn read(value: &[u8]) -> Result<CrlNumber> {
        let octets = Reader::only(value, tag::INTEGER)?.value;
        if octets.is_empty() || octets.first().is_some_and(|first| first & 0x80 != 0) {
            return Err(Error::MalformedCrl { rule: "a CRL number is negative" });
        }
        let octets: Vec<u8> = octets.iter().copied().skip_while(|&octet| octet == 0).collect();
        Ok(CrlNumber { length: octets.len(), octets })
    }
}

/// What a CRL has (RFC 5280, 5.2.5).
///
/// ```text
/// IssuingDistributionPoint ::= SEQUENCE {
///   distributionPoint          [0] DistributionPointName OPTIONAL,
///   onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
///   onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
///   onlySomeReasons            [3] ReasonFlags OPTIONAL,
///   indirectCRL                [4] BOOLEAN DEFAULT FALSE,
///   onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    /// The certificates that point here.
    pub name: Option<DistributionPointName>,
    /// The kind of certificates.
    pub only_contains: Option<OnlyContains>,
    /// The reasons; `None` for all.
    pub only_some_reasons: Option<ReasonFlags>,
    /// Whether it has certificates of other issuers.
    pub is_indirect: bool,
}

/// A kind of certificates that a CRL has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the standard's names")]
pub enum OnlyContains {
    UserCerts,
    CaCerts,
    AttributeCerts,
}

impl IssuingDistributionPoint {
    fn read(value: &[u8]) -> Result<IssuingDistributionPoint> {
        let mut fields = Reader::only(value, tag::SEQUENCE)?.contents();
        let flag = |fields: &mut Reader<'_>, number| -> Result<bool> {
            let flag = fields.optional(tag::context(number))?;
            Ok(flag.is_some_and(|flag| flag.value != [0]))
        };
        let name = fields.optional(tag::context_constructed(0))?;
        let user = flag(&mut fields, 1)?;
        let ca = flag(&mut fields, 2)?;
        let reasons = fields.optional(tag::context(3))?;
        let is_indirect = flag(&mut fields, 4)?;
        let attribute = flag(&mut fields, 5)?;
        fields.finish()?;
        let only_contains = match (user, ca, attribute) {
            (false, false, false) => None,
            (true, false, false) => Some(OnlyContains::UserCerts),
            (false, true, false) => Some(OnlyContains::CaCerts),
            (false, false, true) => Some(OnlyContains::AttributeCerts),
            _ => return Err(Error::MalformedCrl { rule: "it has only two kinds of certificates" }),
        };
        Ok(IssuingDistributionPoint {
            name: name.map(DistributionPointName::read).transpose()?,
            only_contains,
            only_some_reasons: reasons.map(ReasonFlags::read).transpose()?,
            is_indirect,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crl_numbers_compare_as_numbers() {
        let number =
            |octets: &[u8]| CrlNumber::read(&crate::asn1::primitive(tag::INTEGER, octets)).unwrap();
        assert!(number(&[2]) < number(&[1, 0]) && number(&[1, 0]) < number(&[0, 0x80, 0, 0]));
        assert_eq!(number(&[0]), number(&[0, 0]));
        assert!(CrlNumber::read(&[2, 1, 0x80]).is_err() && CrlNumber::read(&[2, 0]).is_err());
    }

    #[test]
    fn a_scope_is_read() {
        let read =
            IssuingDistributionPoint::read(b"\x30\x0a\x81\x01\xff\x83\x02\x05\x60\x84\x01\xff");
        let scope = read.unwrap();
        assert_eq!(scope.only_contains, Some(OnlyContains::UserCerts));
        assert!(scope.is_indirect && scope.only_some_reasons.is_some() && scope.name.is_none());
        assert!(IssuingDistributionPoint::read(b"\x30\x06\x81\x01\xff\x82\x01\xff").is_err());
        assert!(IssuingDistributionPoint::read(b"\x30\x06\x82\x01\xff\x81\x01\xff").is_err());
    }
}
