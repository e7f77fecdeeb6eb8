//! Header protection (RFC 9788): header fields are copied to the root of what is signed or encrypted,
//! and read from there. Two older schemes are read too and never written: `protected-headers="v1"` and
//! RFC 8551's message/rfc822.

mod addresses;
mod content_type;
mod fields;
mod legacy_display;
mod options;
mod policy;
mod read;
mod text;
mod write;

pub(super) use self::addresses::mailboxes;
pub use self::legacy_display::{
    has_legacy_display, is_legacy_display_part, without_legacy_display,
};
pub(super) use self::options::Protection;
pub use self::options::{HeaderOptions, HeaderProtection};
pub use self::policy::ConfidentialityPolicy;
pub use self::read::{
    FieldProtection, HeaderField, HeaderScheme, MessageHeaders, PayloadFacts, read_headers,
};
pub(super) use self::text::{is_same, shown};
pub(super) use self::write::protect;
