//! What is to be said about the database as a whole.

use super::Mailer;
use crate::env::{Env, Time};
use crate::error::{Detail, Problem, ProblemCode, Result};
use crate::store::{Backend, Table};

/// The state of the database.
#[derive(Clone, Debug)]
pub struct Storage {
    /// The id of the store.
    pub store_id: String,
    /// When everything was last backed up.
    pub backup: Option<Time>,
    /// What somebody should know.
    pub problems: Vec<Problem>,
}

impl<B: Backend> Mailer<'_, B> {
    /// The state of the database. Every record is read.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn storage(&self, env: &mut Env) -> Result<Storage> {
        let state = self.store.state(env).await?;
        let mut problems = Vec::new();
        let tables = [
            Table::Identities,
            Table::Certificates,
            Table::Settings,
            Table::Shared,
            Table::Removed,
        ];
        let unreadable = self.store.unreadable(&tables).await?;
        if unreadable > 0 {
            let count = Detail::Number(unreadable);
            problems.push(Problem::new(ProblemCode::StoreUnreadableRecord).with("count", count));
        }
        let identities = self.store.identities(None).await?;
        let newest = identities.iter().map(|entry| entry.first_seen).max();
        if newest > state.backup {
            problems.push(Problem::new(ProblemCode::StoreBackupDue));
        }
        Ok(Storage { store_id: state.id, backup: state.backup, problems })
    }
}
