//! The entries of a CRL (RFC 5280, 5.1.2.6 and 5.3), found by serial number.
//!
//! ```text
//! revokedCertificates SEQUENCE OF SEQUENCE {
//!   userCertificate    CertificateSerialNumber,
//!   revocationDate     Time,
//!   crlEntryExtensions Extensions OPTIONAL }
//! ```
//!
//! Nothing is made of an entry until it is asked for. One pass over the bytes checks the structure of
//! all entries and notes where each stands; a table by hash then finds one in no time. Whatever the
//! serial numbers are, building takes time in proportion to the bytes.

use der::asn1::ObjectIdentifier;

use crate::asn1::{Reader, Tlv, oids, read_time, tag};
use crate::cert::{ComparableName, GeneralName, general_names};
use crate::env::Time;
use crate::error::{Error, Result};
use crate::path::revocation::Reason;

/// What a CRL says of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// revocationDate.
    pub revocation_date: Time,
    /// reasonCode; unspecified if absent (RFC 5280, 5.3.1).
    pub reason: Reason,
    /// invalidityDate.
    pub invalidity_date: Option<Time>,
}

/// Where the entries are.
#[derive(Debug)]
pub(super) struct Index {
    /// For each bucket, the position in `offsets` where it begins; and, last, where the last one ends.
    starts: Vec<u32>,
    /// Where entries begin, those of one bucket together, in the order of the CRL.
    offsets: Vec<u32>,
    /// Bits of the hash that choose the bucket.
    bits: u32,
    /// Where entries begin that name the issuer of their certificate, and so of those after them (RFC
    /// 5280, 5.3.3).
    issuer_changes: Vec<u32>,
    /// A critical entry extension that is not processed. The whole CRL is not to be used then (5.3).
    pub(super) unknown_critical: Option<ObjectIdentifier>,
}

impl Index {
    /// Of the contents of `revokedCertificates`.
    ///
    /// # Errors
    ///
    /// `malformed/crl`, `malformed/asn1`.
    pub(super) fn build(entries: &[u8]) -> Result<Index> {
        // Half the bytes of an entry with an 8-octet serial number and no extensions: one more
        // allocation at most.
        let mut found: Vec<(u32, u32)> = Vec::with_capacity(entries.len() / 32);
        let (mut issuer_changes, mut unknown_critical) = (Vec::new(), None);
        let mut list = Reader::new(entries);
        let mut offset = 0_usize;
        while !list.is_empty() {
            let entry = list.expect(tag::SEQUENCE)?;
            let at = u32::try_from(offset).map_err(|_| TOO_LARGE)?;
            let fields = Fields::read(entry)?;
            found.push((hash(fields.serial), at));
            if let Some(extensions) = fields.extensions {
                let mut extensions = extensions.contents();
                while !extensions.is_empty() {
                    let extension = Extension::read(&mut extensions)?;
                    if extension.oid == oids::CERTIFICATE_ISSUER.as_bytes() {
                        issuer_changes.push(at);
                    } else if extension.critical && !extension.is_known() {
                        unknown_critical = Some(extension.identifier()?);
                    }
                }
            }
            offset += entry.raw.len();
        }
        let (bits, starts, offsets) = buckets(&found);
        Ok(Index { starts, offsets, bits, issuer_changes, unknown_critical })
    }

    /// The first entry for the certificate of this issuer and serial number. `entries` are those the
    /// index was built of; `crl_issuer` is the issuer of their certificates unless they name another.
    ///
    /// # Errors
    ///
    /// `malformed/crl`, `malformed/asn1` if an entry with that serial number can't be read.
    pub(super) fn find(
        &self,
        entries: &[u8],
        crl_issuer: &ComparableName,
        issuer: &ComparableName,
        serial_number: &[u8],
    ) -> Result<Option<Entry>> {
        for &offset in self.bucket(hash(serial_number)) {
            let fields = Fields::at(entries, offset)?;
            if minimal(fields.serial) == minimal(serial_number)
                && self.is_issued_by(entries, offset, crl_issuer, issuer)?
            {
                return Entry::read(&fields).map(Some);
            }
        }
        Ok(None)
    }

    fn bucket(&self, hash: u32) -> &[u32] {
        let bucket = bucket_of(hash, self.bits);
        let bound = |bucket: usize| self.starts.get(bucket).map(|&start| start as usize);
        match (bound(bucket), bound(bucket + 1)) {
            (Some(start), Some(end)) => self.offsets.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Whether the certificate of the entry is this issuer's: the one named last, up to the entry.
    fn is_issued_by(
        &self,
        entries: &[u8],
        offset: u32,
        crl_issuer: &ComparableName,
        issuer: &ComparableName,
    ) -> Result<bool> {
        let before = self.issuer_changes.partition_point(|&change| change <= offset);
        let change = before.checked_sub(1).and_then(|last| self.issuer_changes.get(last));
        let Some(&change) = change else { return Ok(crl_issuer == issuer) };
        let mut extensions = match Fields::at(entries, change)?.extensions {
            Some(extensions) => extensions.contents(),
            None => return Ok(false),
        };
        while !extensions.is_empty() {
            let extension = Extension::read(&mut extensions)?;
            if extension.oid == oids::CERTIFICATE_ISSUER.as_bytes() {
                let names = general_names(extension.value)?;
                let is_issuer = |name: &GeneralName| matches!(name, GeneralName::Directory(name) if name == issuer);
                return Ok(names.iter().any(is_issuer));
            }
        }
        Ok(false)
    }
}

const TOO_LARGE: Error = Error::MalformedCrl { rule: "it has 4 GiB or more" };

/// The parts of an entry.
struct Fields<'a> {
    serial: &'a [u8],
    date: Tlv<'a>,
    extensions: Option<Tlv<'a>>,
}

impl<'a> Fields<'a> {
    fn read(entry: Tlv<'a>) -> Result<Fields<'a>> {
        let mut fields = entry.contents();
        let serial = fields.expect(tag::INTEGER)?.value;
        let date = fields.any()?;
        let extensions = fields.optional(tag::SEQUENCE)?;
        fields.finish()?;
        if serial.is_empty() || !matches!(date.tag, tag::UTC_TIME | tag::GENERALIZED_TIME) {
            return Err(Error::MalformedCrl { rule: "an entry can't be read" });
        }
        Ok(Fields { serial, date, extensions })
    }

    fn at(entries: &'a [u8], offset: u32) -> Result<Fields<'a>> {
        let entry = entries.get(offset as usize..).unwrap_or_default();
        Fields::read(Reader::new(entry).expect(tag::SEQUENCE)?)
    }
}

/// `SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`
struct Extension<'a> {
    /// The contents octets of its identifier: a CRL of many entries has many.
    oid: &'a [u8],
    critical: bool,
    value: &'a [u8],
}

impl<'a> Extension<'a> {
    fn read(list: &mut Reader<'a>) -> Result<Extension<'a>> {
        let mut fields = list.sequence()?;
        let oid = fields.expect(tag::OBJECT_IDENTIFIER)?.value;
        let critical = fields.optional(tag::BOOLEAN)?.is_some_and(|flag| flag.value != [0]);
        let value = fields.expect(tag::OCTET_STRING)?.value;
        fields.finish()?;
        Ok(Extension { oid, critical, value })
    }

    fn is_known(&self) -> bool {
        [oids::CRL_REASON, oids::INVALIDITY_DATE].iter().any(|known| known.as_bytes() == self.oid)
    }

    fn identifier(&self) -> Result<ObjectIdentifier> {
        let refused = Error::MalformedCrl { rule: "an extension's identifier can't be read" };
        ObjectIdentifier::from_bytes(self.oid).map_err(|_| refused)
    }
}

impl Entry {
    fn read(fields: &Fields<'_>) -> Result<Entry> {
        let mut entry = Entry {
            revocation_date: read_time(fields.date)?,
            reason: Reason::Unspecified,
            invalidity_date: None,
        };
        if let Some(extensions) = fields.extensions {
            let mut extensions = extensions.contents();
            while !extensions.is_empty() {
                let extension = Extension::read(&mut extensions)?;
                if extension.oid == oids::CRL_REASON.as_bytes() {
                    entry.reason = Reason::read(Reader::only(extension.value, tag::ENUMERATED)?)?;
                } else if extension.oid == oids::INVALIDITY_DATE.as_bytes() {
                    let date = Reader::only(extension.value, tag::GENERALIZED_TIME)?;
                    entry.invalidity_date = Some(read_time(date)?);
                }
            }
        }
        Ok(entry)
    }
}

/// Sorts entries into buckets by counting: how many bits choose the bucket, where buckets start, and
/// what is in them.
fn buckets(found: &[(u32, u32)]) -> (u32, Vec<u32>, Vec<u32>) {
    // Eight entries or so in each: more buckets than fit into a cache take twice the time to fill.
    let bits = (found.len() / 8 + 1).next_power_of_two().trailing_zeros();
    let mut starts = vec![0_u32; (1 << bits) + 1];
    for (hash, _) in found {
        if let Some(count) = starts.get_mut(bucket_of(*hash, bits) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    // Each bucket is filled from its end, so that `starts` are starts again when all are in.
    let mut offsets = vec![0; found.len()];
    let mut ends = starts.split_off(1);
    for (hash, offset) in found.iter().rev() {
        if let Some(end) = ends.get_mut(bucket_of(*hash, bits)) {
            *end -= 1;
            if let Some(slot) = offsets.get_mut(*end as usize) {
                *slot = *offset;
            }
        }
    }
    ends.push(sum);
    (bits, ends, offsets)
}

fn bucket_of(hash: u32, bits: u32) -> usize {
    // The upper bits are the good ones of a product.
    (u64::from(hash) >> (32 - bits)) as usize
}

/// Of all octets, eight at a time. Whoever wants to can make numbers with one hash; they take longer to
/// tell apart then, but not to sort.
fn hash(serial_number: &[u8]) -> u32 {
    let mut hash = 0_u64;
    for chunk in minimal(serial_number).rchunks(8) {
        let number = chunk.iter().fold(0_u64, |number, &octet| number << 8 | u64::from(octet));
        hash = (hash.rotate_left(23) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    (hash >> 32) as u32
}

/// An INTEGER without octets that DER forbids: some certificates have them, and CRLs then may not.
pub(in crate::path::revocation) fn minimal(mut integer: &[u8]) -> &[u8] {
    while let Some((first, rest)) = integer.split_first()
        && let Some(next) = rest.first()
        && matches!((first, next & 0x80), (0, 0) | (0xff, 0x80))
    {
        integer = rest;
    }
    integer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{constructed, primitive};

    const DATE: &[u8] = b"\x17\x0d240101000000Z";

    fn entry(serial: &[u8], more: &[u8]) -> Vec<u8> {
        constructed(tag::SEQUENCE, &[&primitive(tag::INTEGER, serial), DATE, more])
    }

    fn find(entries: &[u8], serial: &[u8]) -> Option<Entry> {
        let name = ComparableName::default();
        Index::build(entries).unwrap().find(entries, &name, &name, serial).unwrap()
    }

    #[test]
    fn every_entry_is_found_and_no_other() {
        for count in [0_u32, 1, 2, 3, 1_000] {
            let entries: Vec<u8> =
                (0..count).flat_map(|n| entry(&(n * 7 + 1).to_be_bytes(), &[])).collect();
            let name = ComparableName::default();
            let index = Index::build(&entries).unwrap();
            for n in 0..count * 7 + 7 {
                let found = index.find(&entries, &name, &name, &n.to_be_bytes()).unwrap();
                assert_eq!(found.is_some(), n % 7 == 1 && n < count * 7, "{n} of {count}");
            }
        }
    }

    #[test]
    fn serial_numbers_are_numbers() {
        let entries = [entry(&[0x12], &[]), entry(&[0xff, 0x80], &[]), entry(&[0], &[])].concat();
        for serial in [&[0x12][..], &[0, 0x12], &[0x80], &[0xff, 0xff, 0x80], &[0, 0]] {
            assert!(find(&entries, serial).is_some(), "{serial:x?}");
        }
        for serial in [&[0x92][..], &[0, 0x80], &[0xff], &[1, 0x12], &[]] {
            assert_eq!(find(&entries, serial), None, "{serial:x?}");
        }
    }

    #[test]
    fn entries_tell_reason_and_date() {
        let extensions = b"\x30\x26\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x01\
            \x30\x18\x06\x03\x55\x1d\x18\x04\x11\x18\x0f20231231000000Z";
        let found = find(&entry(&[5], extensions), &[5]).unwrap();
        assert_eq!(found.reason, Reason::KeyCompromise);
        assert_eq!(found.revocation_date, Time::from_secs(1_704_067_200));
        assert_eq!(found.invalidity_date, Some(Time::from_secs(1_703_980_800)));
        assert_eq!(find(&entry(&[5], &[]), &[5]).unwrap().reason, Reason::Unspecified);
    }

    #[test]
    fn a_critical_extension_that_is_unknown_is_told() {
        let unknown = b"\x30\x0c\x30\x0a\x06\x02\x2a\x03\x01\x01\xff\x04\x01\x00";
        let entries = [entry(&[1], &[]), entry(&[2], unknown)].concat();
        let index = Index::build(&entries).unwrap();
        assert_eq!(index.unknown_critical.unwrap().to_string(), "1.2.3");
        let known = b"\x30\x0f\x30\x0d\x06\x03\x55\x1d\x15\x01\x01\xff\x04\x03\x0a\x01\x01";
        assert_eq!(Index::build(&entry(&[1], known)).unwrap().unknown_critical, None);
    }

    #[test]
    fn entries_that_are_none_are_refused() {
        let whole = entry(&[1], b"\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x01");
        assert!(Index::build(&whole).is_ok());
        for length in 1..whole.len() {
            assert!(Index::build(&whole[..length]).is_err());
        }
        for wrong in [&entry(&[], &[])[..], &entry(&[1], &[5, 0]), &[0x30, 0], &[5, 0]] {
            assert!(Index::build(wrong).is_err(), "{wrong:x?}");
        }
    }
}
