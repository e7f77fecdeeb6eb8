//! What mail teaches about certificates.

use super::record::{Entry, revision_after};
use super::{Backend, Query, Store, Table, by_id, known, put, seen};
use crate::cert::Certificate;
use crate::env::{Env, Time};
use crate::error::Result;

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
        let wanted = by_id(certificates);
        let ids = wanted.iter().map(|(id, _)| id.clone()).collect();
        self.update(&Query::Ids(Table::Certificates, ids), |records| {
            let (mut changes, mut lessons) = (Vec::new(), Vec::new());
            for (id, certificate) in &wanted {
                let previous = records.iter().find(|record| record.id == *id);
                let before = known(previous)?;
                let of_new = before.is_none().then_some(origin);
                let mut after = seen(previous, certificate, of_new, seen_at)?;
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
