//! Certs-only SignedData (RFC 8551, 3.8): certificates on their way, and no signature.

use super::encode::{oid_der, prefix, retag, set_of};
use crate::asn1::oids::{DATA, SIGNED_DATA};
use crate::asn1::{constructed, primitive, tag};
use crate::cert::Certificate;

/// A `.p7b` in DER: SignedData of version 1 (RFC 5652, 5.1) without content, signers and digests.
pub fn certificates_only(certificates: &[Certificate]) -> Vec<u8> {
    let ders: Vec<&[u8]> = certificates.iter().map(Certificate::der).collect();
    let signed = constructed(
        tag::SEQUENCE,
        &[
            &primitive(tag::INTEGER, &[1]),
            &set_of::<Vec<u8>>(&[]),
            &constructed(tag::SEQUENCE, &[&oid_der(DATA)]),
            &retag(set_of(&ders), tag::context_constructed(0)),
            &set_of::<Vec<u8>>(&[]),
        ],
    );
    [prefix(SIGNED_DATA, signed.len()), signed].concat()
}
