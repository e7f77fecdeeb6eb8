//! Object identifiers and the names that standards give them.

use der::asn1::ObjectIdentifier;

/// An object identifier, for people to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// In numbers.
    pub oid: ObjectIdentifier,
    /// Its name; `None` if we know none.
    pub name: Option<&'static str>,
}

/// Identifiers and their names.
pub(super) type Names = &'static [(ObjectIdentifier, &'static str)];

impl Identifier {
    pub(super) fn new(oid: ObjectIdentifier, names: Names) -> Identifier {
        let found = names.iter().find(|(known, _)| *known == oid);
        Identifier { oid, name: found.map(|(_, name)| *name) }
    }
}

/// A table of identifiers and names, checked while the crate is compiled.
macro_rules! names {
    ($($oid:literal $name:literal)+) => {
        &[$((const { der::asn1::ObjectIdentifier::new_unwrap($oid) }, $name)),+]
    };
}
