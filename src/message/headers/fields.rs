//! The fields of one header, to be compared with those of another.

use std::collections::HashSet;

use super::text::{is_structural, name};
use crate::cert::{AddressMatch, match_address};
use crate::mime::{Entity, decode_encoded_words as decoded, parse_address_list};

/// Names and unfolded values.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) list: Vec<(String, String)>,
    /// The names in lower case, and what the values say: each is decoded once, however many there are to
    /// compare it with.
    said: HashSet<(String, String)>,
}

impl Fields {
    fn new(list: Vec<(String, String)>) -> Fields {
        let said = list.iter().map(|(name, value)| said(name, value)).collect();
        Fields { list, said }
    }

    pub(super) fn of(entity: Option<&Entity<'_>>) -> Fields {
        let fields = entity.map(Entity::fields).unwrap_or_default().iter();
        let told = fields.filter(|field| !is_structural(field));
        Fields::new(told.map(|field| (name(field), field.unfolded())).collect())
    }

    /// What the HP-Outer fields say (RFC 9788, 2.2).
    pub(super) fn recorded(&self) -> Fields {
        let records = self.list.iter().filter(|(name, _)| is_record(name));
        let split = records.filter_map(|(_, value)| value.split_once(':'));
        let pairs = split.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
        Fields::new(pairs.collect())
    }

    pub(super) fn without_records(mut self) -> Fields {
        self.list.retain(|(name, _)| !is_record(name));
        self
    }

    pub(super) fn named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        let fields = self.list.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| value.as_str())
    }

    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.said.contains(&said(name, value))
    }

    /// The same fields of this name, in whatever order.
    pub(super) fn agrees(&self, other: &Fields, name: &str) -> bool {
        self.named(name).count() == other.named(name).count()
            && self.named(name).all(|value| other.has(name, value))
    }

    /// The one address of the one From.
    pub(super) fn author(&self) -> Option<String> {
        let mut froms = self.named("From");
        let from = parse_address_list(froms.next()?);
        froms.next().is_none().then(|| from.single().map(str::to_owned)).flatten()
    }

    /// Whether the one author is who has this address.
    pub(super) fn is_by(&self, address: &str) -> bool {
        let is_one = |own: String| match_address(&own, address) != AddressMatch::Different;
        self.author().is_some_and(is_one)
    }

    /// Each name once, as it is first written.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in &self.list {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                names.push(name);
            }
        }
        names
    }
}

/// The name and what the value says, as [`is_same`](super::text::is_same) compares it.
fn said(name: &str, value: &str) -> (String, String) {
    let decoded = decoded(value);
    let words: Vec<&str> = decoded.split_whitespace().collect();
    (name.to_ascii_lowercase(), words.join(" "))
}

fn is_record(name: &str) -> bool {
    name.eq_ignore_ascii_case("HP-Outer")
}
