//! Reminders that an own certificate ends (FEATURES K11).

use super::{CertificateRow, CertificateState, Mailer, Setting};
use crate::env::{Env, Time};
use crate::error::{Detail, Problem, ProblemCode, Result};
use crate::store::{Backend, Known};

const MILLIS_OF_A_DAY: i64 = 24 * 60 * 60 * 1_000;

/// An own certificate that ends soon, or has ended, and has no newer one beside it.
#[derive(Clone, Debug)]
pub struct Reminder {
    /// As in the list.
    pub row: CertificateRow,
    /// Whole days until it ends; below zero once it has.
    pub days_left: i64,
    /// Which of the days the reminder is for: the nearest that has come; 0 once it has ended.
    pub stage: u64,
}

impl Reminder {
    /// In words.
    pub fn problem(&self) -> Problem {
        let certificate = &self.row.known.entry.certificate;
        let code = match self.row.state {
            CertificateState::Expired => ProblemCode::ReminderEnded,
            _ => ProblemCode::ReminderEndsSoon,
        };
        let problem = Problem::new(code)
            .with_text("subject", &certificate.subject_text())
            .with("notAfter", Detail::Time(certificate.not_after()));
        match certificate.addresses().first() {
            Some(address) => problem.with_text("address", address),
            None => problem,
        }
    }
}

impl<B: Backend> Mailer<'_, B> {
    /// What to remind the user of, at these days before a certificate ends, or at those of the settings;
    /// the most urgent first. A newer one that stands for the same addresses and serves the same uses
    /// ends the reminders.
    ///
    /// # Errors
    ///
    /// `malformed/record`, and those of [`Backend`].
    pub async fn reminders(&self, env: &mut Env, days: Option<Vec<u64>>) -> Result<Vec<Reminder>> {
        let days = match days {
            Some(days) => days,
            None => self.settings(env, None, None).await?.numbers(Setting::RemindDays),
        };
        let now = env.now();
        let entries = self.own(env).await?;
        let row = |entry| self.row(Known { entry, is_own: true }, now);
        let rows: Vec<CertificateRow> = entries.into_iter().map(row).collect();
        let mut reminders: Vec<Reminder> = Vec::new();
        for row in &rows {
            let is_over =
                matches!(row.state, CertificateState::Revoked | CertificateState::Distrusted);
            if is_over || rows.iter().any(|other| replaces(other, row)) {
                continue;
            }
            let days_left = days_until(row.known.entry.certificate.not_after(), now);
            let stage = if row.state == CertificateState::Expired {
                Some(0)
            } else {
                let has_come =
                    |days: &&u64| i64::try_from(**days).is_ok_and(|days| days_left < days);
                days.iter().filter(has_come).min().copied()
            };
            reminders.extend(stage.map(|stage| Reminder { row: row.clone(), days_left, stage }));
        }
        crate::bytes::sort_by_key(&mut reminders, |reminder| reminder.days_left);
        Ok(reminders)
    }
}

fn days_until(end: Time, now: Time) -> i64 {
    end.as_millis().saturating_sub(now.as_millis()).div_euclid(MILLIS_OF_A_DAY)
}

/// Whether an own certificate does all that another one does, and longer. With one certificate to sign and
/// one to encrypt, each is replaced by its like.
fn replaces(new: &CertificateRow, old: &CertificateRow) -> bool {
    let (new_one, old_one) = (&new.known.entry.certificate, &old.known.entry.certificate);
    let stands_for = |address: &String| {
        let mut own = new_one.addresses().iter();
        own.any(|own| {
            crate::cert::match_address(own, address) != crate::cert::AddressMatch::Different
        })
    };
    new.state == CertificateState::Valid
        && new_one.not_after() > old_one.not_after()
        && old_one.addresses().iter().all(stands_for)
        && (new_one.allows_signing() || !old_one.allows_signing())
        && (new_one.allows_encryption() || !old_one.allows_encryption())
}
