//! What a setting can be, and how the store writes it: as words between blanks.

use crate::bytes::base64;
use crate::cert::{Certificate, pem_blocks};

/// What somebody chose.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A count, or milliseconds.
    Number(u64),
    /// A word.
    Text(String),
    /// Several.
    List(Vec<Value>),
}

/// What the values of a setting are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Flag,
    /// One of these words, which stand between quotes.
    Choice(&'static str),
    /// A whole number.
    Number {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// Whole numbers, each positive.
    Numbers {
        /// The most that each can be.
        most: u64,
    },
    /// Certificates, each by its SHA-256 in hexadecimal or as a whole.
    Certificates,
}

/// Lists are short: whoever means more means something else.
const LONGEST_LIST: usize = 20;

impl Kind {
    /// What a value has to be, in words.
    pub fn expected(self) -> &'static str {
        match self {
            Kind::Flag => "true or false",
            Kind::Choice(words) => words,
            Kind::Number { .. } => "a whole number of milliseconds, from a minute to a week",
            Kind::Numbers { .. } => "up to 20 whole numbers of days, from 1 to 366",
            Kind::Certificates => {
                "up to 20 certificates, each as SHA-256 in hexadecimal, PEM or base64"
            }
        }
    }

    /// As the store writes it; `None` for what is no such value.
    pub(super) fn write(self, value: &Value) -> Option<String> {
        match (self, value) {
            (Kind::Flag, Value::Flag(flag)) => Some(flag.to_string()),
            (Kind::Choice(_), Value::Text(word)) => self.has(word).then(|| word.clone()),
            (Kind::Number { least, most }, Value::Number(number)) => {
                (least..=most).contains(number).then(|| number.to_string())
            }
            (Kind::Numbers { most }, Value::List(list)) => joined(list, |one| match one {
                Value::Number(number) if (1..=most).contains(number) => Some(number.to_string()),
                _ => None,
            }),
            (Kind::Certificates, Value::List(list)) => joined(list, |one| match one {
                Value::Text(text) => reference(text),
                _ => None,
            }),
            _ => None,
        }
    }

    /// From what the store has; `None` for what is no such value.
    pub(super) fn read(self, text: &str) -> Option<Value> {
        let words = || text.split(' ').filter(|word| !word.is_empty());
        let value = match self {
            Kind::Flag => Value::Flag(text.parse().ok()?),
            Kind::Choice(_) => Value::Text(text.to_owned()),
            Kind::Number { .. } => Value::Number(text.parse().ok()?),
            Kind::Numbers { .. } => {
                let number = |word: &str| word.parse().ok().map(Value::Number);
                Value::List(words().map(number).collect::<Option<_>>()?)
            }
            Kind::Certificates => {
                Value::List(words().map(|word| Value::Text(word.to_owned())).collect())
            }
        };
        self.write(&value).map(|_| value)
    }

    /// Whether a word is one of the choices.
    fn has(self, word: &str) -> bool {
        match self {
            Kind::Choice(words) => words.split('\'').skip(1).step_by(2).any(|one| one == word),
            _ => false,
        }
    }
}

fn joined(list: &[Value], word: impl Fn(&Value) -> Option<String>) -> Option<String> {
    let words: Vec<String> = list.iter().map(word).collect::<Option<_>>()?;
    (words.len() <= LONGEST_LIST).then(|| words.join(" "))
}

/// A certificate, or what names one that is stored.
#[derive(Debug)]
pub(crate) enum CertificateReference {
    Id(String),
    Whole(Certificate),
}

impl CertificateReference {
    pub(super) fn read(text: &str) -> Option<CertificateReference> {
        if text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Some(CertificateReference::Id(text.to_ascii_lowercase()));
        }
        let der = match pem_blocks(text.as_bytes()).into_iter().next() {
            Some(block) => block.bytes,
            None => base64::decode(text.as_bytes()).ok()?,
        };
        Certificate::from_der(&der).ok().map(CertificateReference::Whole)
    }
}

fn reference(text: &str) -> Option<String> {
    Some(match CertificateReference::read(text)? {
        CertificateReference::Id(id) => id,
        CertificateReference::Whole(certificate) => {
            let lines = base64::encode(certificate.der());
            let digits = lines.into_iter().filter(|octet| !octet.is_ascii_whitespace());
            digits.map(char::from).collect()
        }
    })
}
