//! What mail teaches about certificates.

use super::record::{Entry, id_of, revision_after};
use super::{Backend, Query, Store, Table, put};
use crate::cert::Certificate;
use crate::env::{Env, Time};
use crate::error::{Error, Result};
use crate::store::Notes;

/// A certificate beside what was learned of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// As it was before, if it was stored.
    pub before: Option<Entry>,
    /// As it is stored now.
    pub after: Entry,
}

impl<B: Backend> Store<B> {
    /// Notes what a mail that came at `seen_at` tells of certificates, all of it or nothing. For each,
    /// `change` gets what is stored, or what would be if it is not (`true`), and says whether to store it.
    /// What stays as it was is not written. It may be called again with newer entries, if another tab was
    /// faster.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn learn(
        &self,
        env: &Env,
        certificates: &[Certificate],
        seen_at: Time,
        origin: &str,
        mut change: impl FnMut(&mut Entry, bool) -> bool,
    ) -> Result<Vec<Lesson>> {
        let mut wanted: Vec<(String, &Certificate)> = Vec::with_capacity(certificates.len());
        for certificate in certificates {
            let id = id_of(certificate);
            if !wanted.iter().any(|(known, _)| *known == id) {
                wanted.push((id, certificate));
            }
        }
        let ids = wanted.iter().map(|(id, _)| id.clone()).collect();
        self.update(&Query::Ids(Table::Certificates, ids), |records| {
            let (mut changes, mut lessons) = (Vec::new(), Vec::new());
            for (id, certificate) in &wanted {
                let previous = records.iter().find(|record| record.id == *id);
                let before = match previous.map(Entry::from_record).transpose() {
                    // What can't be read any more is what adding it again repairs.
                    Err(Error::MalformedRecord { .. }) => None,
                    read => read?.map(|(entry, _)| entry),
                };
                let mut after = match &before {
                    Some(entry) => Entry {
                        first_seen: entry.first_seen.min(seen_at),
                        last_seen: entry.last_seen.max(seen_at),
                        ..entry.clone()
                    },
                    None => Entry {
                        id: id.clone(),
                        certificate: (*certificate).clone(),
                        chain: Vec::new(),
                        origin: Some(origin.to_owned()),
                        first_seen: seen_at,
                        last_seen: seen_at,
                        notes: Notes::default(),
                    },
                };
                if !change(&mut after, before.is_none()) || before.as_ref() == Some(&after) {
                    continue;
                }
                let mut record = after.to_record(Table::Certificates, None, previous)?;
                record.revision = revision_after(previous, env.now());
                changes.push(put(record, previous));
                lessons.push(Lesson { before, after });
            }
            Ok((changes, lessons))
        })
        .await
    }
}
