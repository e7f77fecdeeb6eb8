//! Content-Transfer-Encoding (RFC 2045, 6).

use std::borrow::Cow;

use super::entity::Entity;
use super::quoted_printable;
use crate::bytes::base64;
use crate::error::{Error, Result};

/// The body with its transfer encoding taken off.
///
/// # Errors
///
/// `malformed/mime` for base64 that is none, `unsupported/structure` for an unknown encoding.
pub fn decode_body<'a>(entity: &Entity<'a>) -> Result<Cow<'a, [u8]>> {
    match entity.transfer_encoding().as_str() {
        "" | "7bit" | "8bit" | "binary" => Ok(Cow::Borrowed(entity.body())),
        "base64" => base64::decode(entity.body()).map(Cow::Owned),
        "quoted-printable" => Ok(Cow::Owned(quoted_printable::decode(entity.body()))),
        _ => Err(Error::UnsupportedStructure { structure: "this Content-Transfer-Encoding" }),
    }
}
