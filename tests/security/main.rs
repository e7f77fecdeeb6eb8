//! One file for each attack.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod altered_messages;
mod attribute_confusion;
mod author;
mod back_channels;
mod bcc;
mod cases;
mod cbc_gadgets;
mod certificates;
#[path = "../common/mod.rs"]
mod common;
mod compressed;
mod content_encryption;
mod damaged_input;
mod direct_exfiltration;
mod drafts;
mod embedded_content;
mod exhaustion;
mod fetching;
mod impersonation;
mod layers;
mod misplaced_ciphers;
mod oracle;
mod oracle_recipients;
mod partial_signatures;
mod path_rules;
mod path_search;
mod protected_headers;
mod readdress;
mod relabelled_cipher;
mod revocation;
mod roots;
mod shared;
mod signature_schemes;
mod signed_attributes;
mod signers;
mod splices;
mod status_from_content;
