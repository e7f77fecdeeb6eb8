//! Whether a signer is the author: the one address of the one From against those of the certificate.

use crate::cert::{AddressMatch, Certificate, match_address};
use crate::error::{Detail, Problem, ProblemCode};
use crate::mime::{AddressList, Entity, parse_address_list};

/// Whether the signer is the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorVerdict {
    /// The one address of the one From is one of the certificate's.
    Match,
    /// It is none of them, or the message does not have exactly one author.
    Mismatch,
    /// No From is known, or the signer's certificate is not.
    Unchecked,
}

/// Who the message says wrote it.
#[derive(Clone)]
pub(super) enum Author {
    /// The one address of the one From, or the one the caller gave.
    Known { address: String, differing_sender: Option<String> },
    /// A From that stands twice or names not exactly one address, or a header that other readers may
    /// split into other fields.
    Unclear { addresses: Vec<String> },
    /// Nothing to compare with: bare CMS, or an entity without a header of its own.
    Unknown,
}

impl Author {
    pub(super) fn new(entity: Option<&Entity<'_>>, from: Option<&str>) -> Author {
        let lists = |name| -> Vec<AddressList> {
            let named = entity.into_iter().flat_map(move |entity| entity.named(name));
            named.map(|field| parse_address_list(&field.unfolded())).collect()
        };
        if let Some(address) = from {
            // The caller's word, or a whole From field of the mail around.
            return match parse_address_list(address).single() {
                Some(one) => Author::Known { address: one.to_owned(), differing_sender: None },
                None => Author::Unclear { addresses: vec![address.to_owned()] },
            };
        }
        let froms = lists("From");
        let is_exact = entity.is_none_or(Entity::is_exact);
        match froms.as_slice() {
            [] => Author::Unknown,
            [from] if is_exact && from.single().is_some() => {
                let address = from.single().unwrap_or_default().to_owned();
                let sender = lists("Sender").into_iter().flat_map(|list| list.addresses).next();
                let differing_sender = sender
                    .filter(|sender| match_address(sender, &address) == AddressMatch::Different);
                Author::Known { address, differing_sender }
            }
            lists => Author::Unclear {
                addresses: lists.iter().flat_map(|list| list.addresses.clone()).collect(),
            },
        }
    }

    /// The author's address, if there is exactly one.
    pub(super) fn address(&self) -> Option<&str> {
        match self {
            Author::Known { address, .. } => Some(address),
            Author::Unclear { .. } | Author::Unknown => None,
        }
    }

    pub(super) fn compare(
        &self,
        certificate: &Certificate,
        problems: &mut Vec<Problem>,
    ) -> AuthorVerdict {
        let (address, differing_sender) = match self {
            Author::Unknown => {
                problems.push(Problem::new(ProblemCode::AuthorUnknown));
                return AuthorVerdict::Unchecked;
            }
            Author::Unclear { addresses } => {
                problems.push(
                    Problem::new(ProblemCode::AuthorUnclear)
                        .with("from", Detail::List(addresses.clone())),
                );
                return AuthorVerdict::Mismatch;
            }
            Author::Known { address, differing_sender } => (address, differing_sender),
        };
        if let Some(sender) = differing_sender {
            problems.push(
                Problem::new(ProblemCode::AuthorSenderDiffers)
                    .with_text("from", address)
                    .with_text("sender", sender),
            );
        }
        let found: Vec<AddressMatch> =
            certificate.addresses().iter().map(|own| match_address(own, address)).collect();
        let about = |code| {
            Problem::new(code)
                .with_text("from", address)
                .with("addresses", Detail::List(certificate.addresses().to_vec()))
        };
        if found.contains(&AddressMatch::Same) {
            AuthorVerdict::Match
        } else if found.contains(&AddressMatch::CaseDiffers) {
            problems.push(about(ProblemCode::AuthorCaseDiffers));
            AuthorVerdict::Match
        } else {
            problems.push(about(ProblemCode::AuthorMismatch));
            AuthorVerdict::Mismatch
        }
    }
}
