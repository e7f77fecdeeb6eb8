//! Pieces of DER that every structure of CMS is made of.

use der::asn1::ObjectIdentifier;

pub(super) use crate::asn1::{algorithm_der, oid_der};
use crate::asn1::{constructed, header, tag};
use crate::bytes::sort_by;

/// The octets of a ContentInfo before a content of `length` octets (RFC 5652, 3).
pub(super) fn prefix(content_type: ObjectIdentifier, length: usize) -> Vec<u8> {
    let oid = oid_der(content_type);
    let explicit = header(tag::context_constructed(0), length);
    let mut bytes = header(tag::SEQUENCE, oid.len() + explicit.len() + length);
    bytes.extend_from_slice(&oid);
    bytes.extend_from_slice(&explicit);
    bytes
}

/// A SET OF in DER: the encodings in ascending order (X.690, 11.6).
pub(super) fn set_of<T: AsRef<[u8]>>(values: &[T]) -> Vec<u8> {
    let mut values: Vec<&[u8]> = values.iter().map(AsRef::as_ref).collect();
    sort_by(&mut values, Ord::cmp);
    constructed(tag::SET, &values)
}

/// The same value, tagged implicitly.
pub(super) fn retag(mut der: Vec<u8>, tag: u8) -> Vec<u8> {
    if let Some(first) = der.first_mut() {
        *first = tag;
    }
    der
}
