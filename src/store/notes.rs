//! What a mail module knows of a certificate beyond its bytes.
//!
//! ```text
//! Notes ::= SEQUENCE {
//!   decision      [0] Decision OPTIONAL,
//!   assigned      [1] SEQUENCE OF UTF8String OPTIONAL,  -- addresses, or "@" and a domain
//!   capabilities  [2] Capabilities OPTIONAL,
//!   headersSeen   [3] INTEGER OPTIONAL,                 -- milliseconds since 1970
//!   revocation    [4] Revocation OPTIONAL,
//!   withdrawn     [5] Withdrawal OPTIONAL,
//!   isUnconfirmed [6] BOOLEAN OPTIONAL }
//!
//! Decision ::= SEQUENCE {
//!   trust      UTF8String,              -- "trusted" or "distrusted"
//!   addresses  SEQUENCE OF UTF8String,  -- none: all that the certificate stands for
//!   domains    SEQUENCE OF UTF8String,
//!   by         UTF8String,              -- who decided, in the host's words
//!   at         INTEGER,
//!   mac        OCTET STRING OPTIONAL }
//!
//! Withdrawal ::= SEQUENCE {
//!   at         INTEGER,
//!   mac        OCTET STRING OPTIONAL }
//!
//! Capabilities ::= SEQUENCE {
//!   value      OCTET STRING,            -- SMIMECapabilities in DER
//!   at         INTEGER }                -- when the mail came that told them
//!
//! Revocation ::= SEQUENCE {
//!   status     UTF8String,              -- "good", "revoked" or "unknown"
//!   at         INTEGER }                -- when it was asked
//! ```

use der::Sequence;
use der::asn1::OctetString;

use crate::env::Time;
use crate::error::{Error, Result};

/// What is noted beside a certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// What somebody decided about it.
    pub decision: Option<Decision>,
    /// When a decision was last withdrawn. An older one in a backup does not come back.
    pub withdrawn: Option<Withdrawal>,
    /// Addresses and domains (`@example.com`) that somebody assigned it to by hand. It does not name
    /// them, so it is used for them to encrypt and for nothing else.
    pub assigned: Vec<String>,
    /// SMIMECapabilities in DER that its holder told in a signed mail, and when that mail came.
    pub capabilities: Option<(Vec<u8>, Time)>,
    /// When a mail of its holder last had header fields protected by RFC 9788.
    pub headers_seen: Option<Time>,
    /// What was last found out about its revocation.
    pub revocation: Option<RevocationNote>,
    /// It was taken from a mail by itself and not trusted then: nobody is known by it yet.
    pub is_unconfirmed: bool,
}

/// Somebody's word on a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Which.
    pub trust: Trust,
    /// For these addresses only. With no address and no domain: for all that the certificate names, and
    /// for an authority all that it certifies.
    pub addresses: Vec<String>,
    /// For addresses at these hosts only; `.example.com` means hosts below it.
    pub domains: Vec<String>,
    /// Who decided, in the host's words.
    pub by: String,
    /// When.
    pub at: Time,
    /// Binds the decision to the certificate, by a key that only the owner of an identity has.
    pub mac: Option<Vec<u8>>,
}

/// When somebody took back what they had decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: Time,
    /// Binds the moment to the certificate, by a key that only the owner of an identity has.
    pub mac: Option<Vec<u8>>,
}

/// Whether a person trusts a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Whatever its issuer is worth.
    Trusted,
    /// Whatever its issuer is worth.
    Distrusted,
}

/// What was found out about revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevocationNote {
    /// `Some(true)`: revoked; `Some(false)`: not; `None`: nobody told.
    pub is_revoked: Option<bool>,
    /// When it was asked.
    pub at: Time,
}

#[derive(Sequence)]
pub(super) struct NotesValue {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    decision: Option<DecisionValue>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    assigned: Option<Vec<String>>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    capabilities: Option<CapabilitiesValue>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    headers_seen: Option<i64>,
    #[asn1(context_specific = "4", tag_mode = "EXPLICIT", optional = "true")]
    revocation: Option<RevocationValue>,
    #[asn1(context_specific = "5", tag_mode = "EXPLICIT", optional = "true")]
    withdrawn: Option<WithdrawalValue>,
    #[asn1(context_specific = "6", tag_mode = "EXPLICIT", optional = "true")]
    is_unconfirmed: Option<bool>,
}

#[derive(Sequence)]
struct DecisionValue {
    trust: String,
    addresses: Vec<String>,
    domains: Vec<String>,
    by: String,
    at: i64,
    #[asn1(optional = "true")]
    mac: Option<OctetString>,
}

#[derive(Sequence)]
struct WithdrawalValue {
    at: i64,
    #[asn1(optional = "true")]
    mac: Option<OctetString>,
}

#[derive(Sequence)]
struct CapabilitiesValue {
    value: OctetString,
    at: i64,
}

#[derive(Sequence)]
struct RevocationValue {
    status: String,
    at: i64,
}

impl Notes {
    pub(super) fn to_value(&self) -> Result<NotesValue> {
        let capabilities = self.capabilities.as_ref().map(|(value, at)| {
            Ok::<_, Error>(CapabilitiesValue {
                value: OctetString::new(value.as_slice())?,
                at: at.as_millis(),
            })
        });
        Ok(NotesValue {
            decision: self.decision.as_ref().map(Decision::to_value).transpose()?,
            assigned: (!self.assigned.is_empty()).then(|| self.assigned.clone()),
            capabilities: capabilities.transpose()?,
            headers_seen: self.headers_seen.map(Time::as_millis),
            revocation: self.revocation.map(RevocationNote::to_value),
            withdrawn: self.withdrawn.as_ref().map(Withdrawal::to_value).transpose()?,
            is_unconfirmed: self.is_unconfirmed.then_some(true),
        })
    }

    pub(super) fn from_value(value: NotesValue) -> Result<Notes> {
        let capabilities = value
            .capabilities
            .map(|told| (told.value.as_bytes().to_vec(), Time::from_millis(told.at)));
        Ok(Notes {
            decision: value.decision.map(Decision::from_value).transpose()?,
            assigned: value.assigned.unwrap_or_default(),
            capabilities,
            headers_seen: value.headers_seen.map(Time::from_millis),
            revocation: value.revocation.map(RevocationNote::from_value).transpose()?,
            withdrawn: value.withdrawn.map(Withdrawal::from_value),
            is_unconfirmed: value.is_unconfirmed.unwrap_or(false),
        })
    }
}

impl Decision {
    /// Whether it is limited to no addresses and no domains.
    pub fn is_about_all(&self) -> bool {
        self.addresses.is_empty() && self.domains.is_empty()
    }

    fn to_value(&self) -> Result<DecisionValue> {
        Ok(DecisionValue {
            trust: match self.trust {
                Trust::Trusted => "trusted".to_owned(),
                Trust::Distrusted => "distrusted".to_owned(),
            },
            addresses: self.addresses.clone(),
            domains: self.domains.clone(),
            by: self.by.clone(),
            at: self.at.as_millis(),
            mac: self.mac.as_deref().map(OctetString::new).transpose()?,
        })
    }

    fn from_value(value: DecisionValue) -> Result<Decision> {
        Ok(Decision {
            trust: match value.trust.as_str() {
                "trusted" => Trust::Trusted,
                "distrusted" => Trust::Distrusted,
                _ => return Err(Error::MalformedRecord { rule: "an unknown decision" }),
            },
            addresses: value.addresses,
            domains: value.domains,
            by: value.by,
            at: Time::from_millis(value.at),
            mac: value.mac.map(|mac| mac.as_bytes().to_vec()),
        })
    }
}

impl Withdrawal {
    fn to_value(&self) -> Result<WithdrawalValue> {
        let mac = self.mac.as_deref().map(OctetString::new).transpose()?;
        Ok(WithdrawalValue { at: self.at.as_millis(), mac })
    }

    fn from_value(value: WithdrawalValue) -> Withdrawal {
        let mac = value.mac.map(|mac| mac.as_bytes().to_vec());
        Withdrawal { at: Time::from_millis(value.at), mac }
    }
}

impl RevocationNote {
    fn to_value(self) -> RevocationValue {
        let status = match self.is_revoked {
            Some(true) => "revoked",
            Some(false) => "good",
            None => "unknown",
        };
        RevocationValue { status: status.to_owned(), at: self.at.as_millis() }
    }

    fn from_value(value: RevocationValue) -> Result<RevocationNote> {
        let is_revoked = match value.status.as_str() {
            "revoked" => Some(true),
            "good" => Some(false),
            "unknown" => None,
            _ => return Err(Error::MalformedRecord { rule: "an unknown revocation status" }),
        };
        Ok(RevocationNote { is_revoked, at: Time::from_millis(value.at) })
    }
}
