//! Encodings of bytes as text.

pub mod base64;
pub mod hex;
