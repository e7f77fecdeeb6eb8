//! The e-mail addresses of one certificate (RFC 8550, 3; RFC 5280, 4.1.2.6 and 4.2.1.6; RFC 9598).
//!
//! An SmtpUTF8Mailbox may have U-labels, as RFC 8398 had them, and an ASCII local part, which RFC 9598
//! does not write: both compare as what they stand for.

use der::asn1::ObjectIdentifier;

use super::address::{AddressFault, check_address};
use super::general_name::{GeneralName, NameKind, RFC822_NAME};
use super::text::display_text;
use crate::asn1::{Reader, Tlv, oids, tag};

/// Where an address of a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressSource {
    /// rfc822Name, of the subject's alternative names.
    Rfc822Name,
    /// SmtpUTF8Mailbox, of these names too.
    SmtpUtf8Mailbox,
    /// emailAddress in the subject.
    Subject,
}

impl AddressSource {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            AddressSource::Rfc822Name => "rfc822Name",
            AddressSource::SmtpUtf8Mailbox => "smtpUtf8Mailbox",
            AddressSource::Subject => "subject",
        }
    }
}

/// Something in the place of an address that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAddress {
    /// What stands there. Octets that are no text are replaced.
    pub text: String,
    /// Where.
    pub source: AddressSource,
    /// Why it is none.
    pub fault: AddressFault,
}

#[derive(Debug, Default)]
pub(super) struct Addresses {
    pub(super) accepted: Vec<String>,
    /// Of those accepted, one by one.
    pub(super) sources: Vec<AddressSource>,
    pub(super) refused: Vec<RefusedAddress>,
    /// Whether names stand there that can't be read, and may have been addresses.
    has_unreadable: bool,
}

impl Addresses {
    /// Among the subject's alternative names. `value` is what `names` were read from.
    pub(super) fn of_names(names: &[GeneralName], value: &[u8]) -> Addresses {
        let mut addresses = Addresses::default();
        let mut list =
            Reader::only(value, tag::SEQUENCE).map_or(Reader::new(&[]), |s| s.contents());
        for name in names {
            let raw = list.any();
            match (name, raw) {
                (GeneralName::Rfc822(text), _) => addresses.add(text, AddressSource::Rfc822Name),
                (GeneralName::SmtpUtf8Mailbox(text), _) => {
                    addresses.add(text, AddressSource::SmtpUtf8Mailbox);
                }
                (GeneralName::Unreadable(NameKind::Mailbox), Ok(raw)) => {
                    let (octets, source) = match raw.tag {
                        RFC822_NAME => (raw.value, AddressSource::Rfc822Name),
                        _ => (mailbox_octets(raw), AddressSource::SmtpUtf8Mailbox),
                    };
                    let text = String::from_utf8_lossy(octets).into_owned();
                    addresses.refuse(text, source, AddressFault::Encoding);
                }
                (GeneralName::Unreadable(NameKind::Mailbox | NameKind::Other), _) => {
                    addresses.has_unreadable = true;
                }
                _ => {}
            }
        }
        addresses
    }

    /// Of alternative names that can't be read.
    pub(super) fn unreadable() -> Addresses {
        Addresses { has_unreadable: true, ..Addresses::default() }
    }

    /// In the subject.
    pub(super) fn of_subject(subject: &[u8]) -> Addresses {
        let mut addresses = Addresses::default();
        each_attribute(subject, |oid, value| {
            if oid != oids::EMAIL_ADDRESS {
                return;
            }
            let source = AddressSource::Subject;
            match ascii(value) {
                Some(text) => addresses.add(text, source),
                None => {
                    let text = display_text(value)
                        .unwrap_or_else(|| String::from_utf8_lossy(value.value).into_owned());
                    addresses.refuse(text, source, AddressFault::Encoding);
                }
            }
        });
        addresses
    }

    /// Whether the addresses of the subject don't count beside them.
    pub(super) fn hides_subject(&self) -> bool {
        self.has_unreadable || !self.accepted.is_empty() || !self.refused.is_empty()
    }

    fn add(&mut self, text: &str, source: AddressSource) {
        match check_address(text) {
            Ok(()) => {
                self.accepted.push(text.to_owned());
                self.sources.push(source);
            }
            Err(fault) => self.refuse(text.to_owned(), source, fault),
        }
    }

    fn refuse(&mut self, text: String, source: AddressSource, fault: AddressFault) {
        self.refused.push(RefusedAddress { text, source, fault });
    }
}

/// emailAddress is an IA5String, but others write other types. In a BMPString other octets stand for the
/// same address, and other addresses for these.
fn ascii<'a>(value: Tlv<'a>) -> Option<&'a str> {
    let is_text = matches!(
        value.tag,
        tag::IA5_STRING | tag::UTF8_STRING | tag::PRINTABLE_STRING | tag::TELETEX_STRING
    );
    core::str::from_utf8(value.value).ok().filter(|text| is_text && text.is_ascii())
}

/// What an otherName holds.
fn mailbox_octets(name: Tlv<'_>) -> &[u8] {
    let mut fields = name.contents();
    let value = fields.any().and_then(|_| fields.any());
    value.and_then(|value| value.contents().any()).map_or(&[], |string| string.value)
}

fn each_attribute<'a>(name: &'a [u8], mut take: impl FnMut(ObjectIdentifier, Tlv<'a>)) {
    let Ok(name) = Reader::only(name, tag::SEQUENCE) else { return };
    let mut sets = name.contents();
    while let Ok(set) = sets.any() {
        let mut attributes = set.contents();
        while let Ok(mut fields) = attributes.sequence() {
            if let (Ok(kind), Ok(value)) = (fields.any(), fields.any())
                && let Ok(oid) = kind.oid()
            {
                take(oid, value);
            }
        }
    }
}
