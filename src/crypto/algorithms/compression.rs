//! What compresses content (RFC 3274).

use der::asn1::ObjectIdentifier;

use super::{Row, Section, Support};

/// `id-alg-zlibCompress` (RFC 3274, 2).
pub const ZLIB_COMPRESS: ObjectIdentifier = oid!("1.2.840.113549.1.9.16.3.8");

pub(super) fn rows() -> impl Iterator<Item = Row> {
    [Row {
        section: Section::Compression,
        name: "zlib".to_owned(),
        oid: ZLIB_COMPRESS,
        parameters: "",
        support: Support::Write,
        note: "written with the option `compress`; reading is bounded in size and ratio",
    }]
    .into_iter()
}
