//! CompressedData (RFC 3274) with zlib, the one algorithm there is.
//!
//! ```text
//! CompressedData ::= SEQUENCE {
//!   version CMSVersion,       -- 0
//!   compressionAlgorithm CompressionAlgorithmIdentifier,
//!   encapContentInfo EncapsulatedContentInfo }
//! ```

use super::encode::{algorithm_der, oid_der, prefix};
use crate::asn1::{Reader, Tlv, header, oids, primitive, tag};
use crate::bytes::zlib;
use crate::crypto::algorithms::{ZLIB_COMPRESS, unsupported};
use crate::env::Env;
use crate::error::{Error, Limit, Result};

/// A CompressedData as slices of its DER.
#[derive(Clone, Copy, Debug)]
pub struct CompressedData<'a> {
    compressed: &'a [u8],
}

impl<'a> CompressedData<'a> {
    /// # Errors
    ///
    /// `unsupported/algorithm`, `unsupported/structure` for content that is not `id-data`,
    /// `malformed/…`.
    pub(super) fn read(content: Tlv<'a>) -> Result<CompressedData<'a>> {
        let mut reader = content.contents();
        let _version = reader.expect(tag::INTEGER)?;
        let algorithm = reader.sequence()?.expect(tag::OBJECT_IDENTIFIER)?.oid()?;
        if algorithm != ZLIB_COMPRESS {
            return Err(unsupported("compression", algorithm));
        }
        let mut info = reader.sequence()?;
        reader.finish()?;
        if info.expect(tag::OBJECT_IDENTIFIER)?.oid()? != oids::DATA {
            let structure = "CompressedData of something else than data";
            return Err(Error::UnsupportedStructure { structure });
        }
        let explicit = info.expect(tag::context_constructed(0))?;
        info.finish()?;
        let compressed = Reader::only(explicit.value, tag::OCTET_STRING)?.value;
        Ok(CompressedData { compressed })
    }

    /// Decompresses into at most `allowed` octets, or what [`Limits`](crate::limits::Limits) allow if
    /// that is less.
    ///
    /// # Errors
    ///
    /// `malformed/cms`, `limit/decompressed-bytes`, `limit/compression-ratio`, `aborted`.
    pub async fn open(&self, env: &mut Env, allowed: usize) -> Result<Vec<u8>> {
        let limits = *env.limits();
        let allowed = allowed.min(limits.decompressed_bytes);
        let allowed_by_ratio =
            self.compressed.len().saturating_mul(limits.compression_ratio).max(FREE_OF_RATIO);
        let check = |size| {
            for (limit, allowed) in
                [(Limit::DecompressedBytes, allowed), (Limit::CompressionRatio, allowed_by_ratio)]
            {
                if size > allowed {
                    let (required, allowed) = (size as u64, allowed as u64);
                    return Err(Error::Limit { limit, required, allowed });
                }
            }
            Ok(())
        };
        let content = zlib::inflate(env, self.compressed, check).await?;
        content.ok_or(Error::MalformedCms { rule: "the compressed content is damaged" })
    }
}

/// This much harms nobody, however little it was compressed into.
const FREE_OF_RATIO: usize = 16 << 20;

/// A ContentInfo with this content compressed.
///
/// # Errors
///
/// `aborted`.
pub async fn compress(env: &mut Env, content: &[u8]) -> Result<Vec<u8>> {
    let compressed = zlib::deflate(env, content).await?;
    let octets = header(tag::OCTET_STRING, compressed.len());
    let explicit_len = octets.len() + compressed.len();
    let content_type = oid_der(oids::DATA);
    let explicit = header(tag::context_constructed(0), explicit_len);
    let info_len = content_type.len() + explicit.len() + explicit_len;
    let info = header(tag::SEQUENCE, info_len);
    let version = primitive(tag::INTEGER, &[0]);
    let algorithm = algorithm_der(ZLIB_COMPRESS, &[]);
    let length = version.len() + algorithm.len() + info.len() + info_len;
    let structure = header(tag::SEQUENCE, length);
    let mut whole = prefix(oids::COMPRESSED_DATA, structure.len() + length);
    whole.reserve_exact(structure.len() + length);
    for part in [structure, version, algorithm, info, content_type, explicit, octets] {
        whole.extend_from_slice(&part);
    }
    whole.extend_from_slice(&compressed);
    Ok(whole)
}
