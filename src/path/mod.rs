//! Is this certificate good? Building a path from it to a trust anchor and checking the path
//! (RFC 5280, 6.1; RFC 8550). Does no I/O and knows no CMS.
//!
//! [`check`] answers from what is at hand; a [`Search`] says besides what it needs. `validate` holds
//! RFC 5280, 6.1 in its order, `policy` the policy graph of RFC 9618, `names` the name constraints. Of a
//! path are checked: signatures, validity, name chaining, basic constraints and path lengths, key usages,
//! extended key usages along the path, certificate policies with mappings and constraints, name
//! constraints for all kinds of names, critical extensions, and what the anchor is trusted for.
//!
//! Refused: signatures over MD5 and SHA-1 below the anchor; names and constraints of kinds that are not
//! processed (x400Address, ediPartyName, registeredID, other otherNames), where both are there; more work
//! than [`Limits`](crate::limits::Limits) allow. Revocation is for the caller to find out, on the path
//! that [`Step::NeedRevocation`] names.

mod anchor;
mod names;
mod policy;
mod pool;
pub mod revocation;
mod search;
mod session;
mod trail;
mod validate;

pub use self::anchor::{AnchorLimits, TrustAnchor};
pub use self::policy::PolicyInputs;
pub use self::pool::Pool;
pub use self::search::{Search, Step, Verdict};
pub use self::session::Session;
pub use self::validate::{WorkingKey, working_keys};

use crate::cert::Certificate;
use crate::env::Time;
use crate::error::{Problem, ProblemCode};

/// What the target is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It signed mail (RFC 8550, 4.4.2).
    Signing,
    /// A content-encryption key is to be encrypted for it (RFC 8550, 4.4.2).
    Encryption,
    /// It signed a certificate revocation list (RFC 5280, 6.3.3 (f)).
    CrlSigning,
    /// It signed an OCSP response for its issuer (RFC 6960, 4.2.2.2).
    OcspSigning,
    /// None: key usages of the target and extended key usages say nothing.
    Any,
}

impl Purpose {
    /// Whether extended key usages have to include e-mail protection.
    fn is_email(self) -> bool {
        matches!(self, Purpose::Signing | Purpose::Encryption)
    }
}

/// What a certificate is checked for, and against what.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The certificate.
    pub target: &'a Certificate,
    /// Where paths may go and end.
    pub pool: &'a Pool,
    /// The moment.
    pub at: Time,
    /// The use.
    pub purpose: Purpose,
    /// The address it is used for, where one is known: anchors may be good for some only. Without it,
    /// all addresses of the target count. Whether it is one of the target's is not asked here.
    pub address: Option<&'a str>,
    /// What is asked about policies.
    pub policies: PolicyInputs<'a>,
    /// Whether signatures over MD5 and SHA-1 count. Anybody may be able to make them; for old test
    /// vectors only.
    pub accept_weak_digests: bool,
    /// Whether to stop for [`Step::NeedRevocation`].
    pub with_revocation: bool,
}

impl<'a> Request<'a> {
    /// With nothing asked about policies, no weak digests and no revocation.
    pub fn new(target: &'a Certificate, pool: &'a Pool, at: Time, purpose: Purpose) -> Request<'a> {
        Request {
            target,
            pool,
            at,
            purpose,
            address: None,
            policies: PolicyInputs::default(),
            accept_weak_digests: false,
            with_revocation: false,
        }
    }
}

/// Finds the best path in the pool. Of several, one without problems wins; else the one that gets
/// nearest.
pub fn check(request: &Request<'_>, session: &mut Session) -> Verdict {
    Search::new(*request).finish(session)
}

/// A problem that names the certificate it is about.
fn about(code: ProblemCode, certificate: &Certificate) -> Problem {
    Problem::new(code).with_text("subject", &certificate.subject_text())
}
