//! `decompress`, and the entity that `encrypt` compresses into (RFC 8551, 3.7).

use super::input::{Input, Outside};
use crate::asn1::to_der;
use crate::bytes::base64;
use crate::cms::{Content, ContentInfo, compress};
use crate::env::Env;
use crate::error::{Error, Result};

/// Takes the outermost layer, which has to be a compressed one, off a message: a whole one, or bare CMS.
/// The answer is the entity inside, exactly, without the fields of the message around it.
///
/// # Errors
///
/// `decompress/not-compressed`, `unsupported/…`, `malformed/…`, `limit/decompressed-bytes`,
/// `limit/compression-ratio`, `limit/…`, `aborted`.
pub async fn decompress(env: &mut Env, message: &[u8]) -> Result<Vec<u8>> {
    let allowed = env.limits().decompressed_bytes;
    decompress_within(env, message, allowed).await
}

/// The same where only `allowed` bytes may come out, because other layers made some before.
pub(super) async fn decompress_within(
    env: &mut Env,
    message: &[u8],
    allowed: usize,
) -> Result<Vec<u8>> {
    let limits = *env.limits();
    let input = Input::read(message, &limits)?;
    let Outside::Cms(cms) = input.outside else { return Err(Error::DecompressNotCompressed) };
    let der = to_der(&cms, &limits)?;
    match ContentInfo::from_der(&der)?.open(&limits)? {
        Content::CompressedData(compressed) => compressed.open(env, allowed).await,
        Content::SignedData(_) | Content::EnvelopedData(_) | Content::AuthEnvelopedData(_) => {
            Err(Error::DecompressNotCompressed)
        }
    }
}

/// An entity, compressed, as an entity.
pub(super) async fn compressed_entity(env: &mut Env, content: &[u8]) -> Result<Vec<u8>> {
    const FIELDS: &[u8] = b"Content-Type: application/pkcs7-mime; smime-type=compressed-data;\r\n \
        name=\"smime.p7z\"\r\n\
        Content-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment; filename=\"smime.p7z\"\r\n\r\n";
    let cms = compress(env, content).await?;
    let mut entity = Vec::with_capacity(FIELDS.len() + base64::encoded_len(cms.len()));
    entity.extend_from_slice(FIELDS);
    let mut encoder = base64::Encoder::new(&mut entity);
    encoder.update(&cms);
    encoder.finish();
    Ok(entity)
}
