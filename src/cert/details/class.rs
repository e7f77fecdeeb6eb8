//! The "class" that some issuers put certificates in. Each means something else by it, so that only what
//! stands in the certificate is told, and where.

use std::collections::BTreeMap;

use super::policies::PolicyDetails;
use crate::cert::DistinguishedName;

/// A class, as it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateClass {
    /// Its number.
    pub number: u8,
    /// Where it was read.
    pub source: ClassSource,
    /// In which words.
    pub text: String,
}

/// Where a class is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassSource {
    /// A policy whose identifier stands for it, or a qualifier of a policy.
    Policy,
    /// The subject.
    Subject,
}

impl ClassSource {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            ClassSource::Policy => "policy",
            ClassSource::Subject => "subject",
        }
    }
}

impl CertificateClass {
    /// The class that the policies name, else the subject. A source that names two says nothing.
    pub(super) fn find(
        policies: &[PolicyDetails],
        subject: &DistinguishedName,
    ) -> Option<CertificateClass> {
        [
            (ClassSource::Policy, only_class(policies.iter().flat_map(policy_texts))),
            (ClassSource::Subject, only_class(name_texts(subject))),
        ]
        .into_iter()
        .find_map(|(source, found)| {
            found.map(|(number, text)| CertificateClass { number, source, text })
        })
    }
}

/// The name of the policy, where we know one, and its qualifiers.
fn policy_texts(policy: &PolicyDetails) -> impl Iterator<Item = &str> {
    let cps = policy.cps.iter().map(String::as_str);
    let notices = policy.notices.iter().filter_map(|notice| notice.text.as_deref());
    policy.id.name.into_iter().chain(cps).chain(notices)
}

fn name_texts(name: &DistinguishedName) -> impl Iterator<Item = &str> {
    const KINDS: [&str; 4] =
        ["commonName", "organizationName", "organizationalUnitName", "description"];
    let is_one = |name: &str| KINDS.contains(&name);
    let attributes = name.attributes().filter(move |one| one.name().is_some_and(is_one));
    attributes.map(|one| one.value.as_str())
}

fn only_class<'a>(texts: impl Iterator<Item = &'a str>) -> Option<(u8, String)> {
    let mut found = BTreeMap::new();
    for text in texts {
        for number in classes(text) {
            found.entry(number).or_insert(text);
        }
    }
    let (&number, &text) = found.first_key_value().filter(|_| found.len() == 1)?;
    Some((number, text.to_owned()))
}

/// The numbers behind the word "class" or "Klasse", as in "Class 2", "CLASS-2" and "klasse2".
fn classes(text: &str) -> impl Iterator<Item = u8> {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut is_class = false;
    core::iter::from_fn(move || {
        for word in words.by_ref() {
            let number = after_class(word).or(is_class.then_some(word)).and_then(digit);
            is_class = after_class(word) == Some("");
            if number.is_some() {
                return number;
            }
        }
        None
    })
}

/// What follows the word at the beginning of this one.
fn after_class(word: &str) -> Option<&str> {
    ["class", "klasse"].into_iter().find_map(|name| {
        let (start, rest) = word.split_at_checked(name.len())?;
        start.eq_ignore_ascii_case(name).then_some(rest)
    })
}

fn digit(word: &str) -> Option<u8> {
    match word.as_bytes() {
        [digit @ b'0'..=b'9'] => Some(digit - b'0'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(texts: &[&str]) -> Option<u8> {
        only_class(texts.iter().copied()).map(|(number, _)| number)
    }

    #[test]
    fn a_class_is_a_number_behind_the_word() {
        for text in ["Class 2 CA", "KLASSE 2", "vtn-class-2", "My Class2 CA", "x/klasse2.html"] {
            assert_eq!(only(&[text]), Some(2), "{text}");
        }
        for text in
            ["", "Class", "World Class CA 2", "Class A 2", "Class 22", "2 class", "Classy 2"]
        {
            assert_eq!(only(&[text]), None, "{text}");
        }
    }

    #[test]
    fn two_classes_say_nothing() {
        assert_eq!(only(&["Class 2", "klasse 2"]), Some(2));
        assert_eq!(only(&["Class 2", "Class 3"]), None);
        assert_eq!(only(&["Class 1, Class 2"]), None);
        assert_eq!(only(&["class class 2"]), Some(2));
    }
}
