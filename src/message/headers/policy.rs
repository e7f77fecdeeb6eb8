//! Header Confidentiality Policies (RFC 9788, 3): what of an encrypted message's header is readable
//! outside.

use mail_builder::headers::date::Date;

use super::text::is_same;
use crate::mime::{parse_address_list, parse_date};

/// Which fields of an encrypted message only stand inside, or otherwise outside. Each hides at least what
/// the one before hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfidentialityPolicy {
    /// None: every field stands outside as it is (RFC 9788's hcp_no_confidentiality).
    Clear,
    /// What people write: the Subject becomes `[...]`, Keywords and Comments are left out
    /// (hcp_baseline); and so is Thread-Topic, which the RFC does not know, and Outlook repeats the Subject
    /// in.
    Baseline,
    /// The names of people and the sender's time zone too (hcp_shy).
    Shy,
}

/// What becomes of a field outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outside {
    /// It is the same.
    Same,
    /// It has this value.
    Other(String),
    /// It is left out.
    Absent,
}

impl ConfidentialityPolicy {
    /// Whether it hides anything.
    pub(in crate::message) fn hides(self) -> bool {
        self > ConfidentialityPolicy::Clear
    }

    /// What becomes of a field with this unfolded value. `is_confidential` says that it must not be
    /// readable outside whatever the policy: then it is left out, but for what mail can't do without.
    pub(super) fn outside(self, name: &str, value: &str, is_confidential: bool) -> Outside {
        let other = match name.to_ascii_lowercase().as_str() {
            _ if self == ConfidentialityPolicy::Clear && !is_confidential => return Outside::Same,
            "subject" => "[...]".to_owned(),
            "keywords" | "comments" | "thread-topic" => return Outside::Absent,
            _ if self == ConfidentialityPolicy::Baseline && !is_confidential => {
                return Outside::Same;
            }
            // Where From, To or Cc can't be read for certain, RFC 9788 leaves them as they are.
            "from" => bare_addresses(value),
            "to" | "cc" if !is_confidential => bare_addresses(value),
            "date" => parse_date(value)
                .map_or_else(|| value.to_owned(), |date| Date::new(date.as_secs()).to_rfc822()),
            _ if is_confidential => return Outside::Absent,
            _ => return Outside::Same,
        };
        if is_same(&other, value) { Outside::Same } else { Outside::Other(other) }
    }
}

/// The addresses without the names of their owners, each on a line of its own, so that no line becomes
/// too long. Such with characters beyond ASCII stay as they are (RFC 6532).
fn bare_addresses(value: &str) -> String {
    let list = parse_address_list(value);
    if list.is_exact { list.addresses.join(",\r\n ") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConfidentialityPolicy::{Baseline, Clear, Shy};

    fn outside(policy: ConfidentialityPolicy, name: &str, value: &str) -> Outside {
        policy.outside(name, value, false)
    }

    fn other(value: &str) -> Outside {
        Outside::Other(value.to_owned())
    }

    #[test]
    fn baseline_hides_what_people_write() {
        assert_eq!(outside(Clear, "Subject", "x"), Outside::Same);
        for policy in [Baseline, Shy] {
            assert_eq!(outside(policy, "SUBJECT", "x"), other("[...]"));
            assert_eq!(outside(policy, "Subject", "[...]"), Outside::Same);
            assert_eq!(outside(policy, "Keywords", "x"), Outside::Absent);
            assert_eq!(outside(policy, "Comments", "x"), Outside::Absent);
            assert_eq!(outside(policy, "Thread-Topic", "x"), Outside::Absent);
            assert_eq!(outside(policy, "Thread-Index", "AQH"), Outside::Same);
            assert_eq!(outside(policy, "Message-ID", "<x@y>"), Outside::Same);
        }
        assert_eq!(outside(Baseline, "From", "A <a@b.c>"), Outside::Same);
    }

    #[test]
    fn shy_hides_names_and_the_time_zone() {
        assert_eq!(outside(Shy, "From", "A <a@b.c>"), other("a@b.c"));
        assert_eq!(outside(Shy, "From", "a@b.c"), Outside::Same);
        assert_eq!(outside(Shy, "To", "\"A, B\" <a@b.c>, d@e.f"), other("a@b.c,\r\n d@e.f"));
        assert_eq!(outside(Shy, "Cc", "friends: a@b.c;"), Outside::Same);
        assert_eq!(outside(Shy, "Reply-To", "A <a@b.c>"), Outside::Same);
        let date = "Fri, 21 Jan 2022 20:40:48 -0500";
        assert_eq!(outside(Shy, "Date", date), other("Sat, 22 Jan 2022 01:40:48 +0000"));
        assert_eq!(outside(Shy, "Date", "Sat, 22 Jan 2022 01:40:48 +0000"), Outside::Same);
        assert_eq!(outside(Shy, "Date", "soon"), Outside::Same);
    }

    #[test]
    fn what_is_confidential_is_left_out_but_for_what_mail_needs() {
        let outside = |name, value| Clear.outside(name, value, true);
        assert_eq!(outside("In-Reply-To", "<a@b>"), Outside::Absent);
        assert_eq!(outside("Cc", "a@b.c"), Outside::Absent);
        assert_eq!(outside("Subject", "x"), other("[...]"));
        assert_eq!(outside("From", "A <a@b.c>"), other("a@b.c"));
        assert_eq!(
            outside("Date", "Fri, 21 Jan 2022 20:40:48 -0500"),
            other("Sat, 22 Jan 2022 01:40:48 +0000")
        );
    }
}
