//! What ran, how long it took, and whether it passed.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Runs groups of checks one after the other and goes on when one fails.
#[derive(Default)]
pub(crate) struct Report {
    groups: Vec<(&'static str, Duration, Result<()>)>,
}

impl Report {
    /// Runs one group and tells whether it passed.
    pub(crate) fn group(&mut self, name: &'static str, run: impl FnOnce() -> Result<()>) -> bool {
        println!("\n==== {name}");
        let start = Instant::now();
        let outcome = run();
        let time = start.elapsed();
        if let Err(error) = &outcome {
            println!("{error:#}");
        }
        println!("==== {name}: {}, {:.1} s", word(&outcome), time.as_secs_f64());
        let passed = outcome.is_ok();
        self.groups.push((name, time, outcome));
        passed
    }

    /// Prints the summary.
    ///
    /// # Errors
    ///
    /// If a group failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!();
        for (name, time, outcome) in &self.groups {
            println!("{:>7.1} s  {:6}  {name}", time.as_secs_f64(), word(outcome));
        }
        let total: Duration = self.groups.iter().map(|(_, time, _)| time).sum();
        println!("{:>7.1} s", total.as_secs_f64());
        match self.groups.iter().filter(|(_, _, outcome)| outcome.is_err()).count() {
            0 => Ok(()),
            failed => bail!("{failed} of {} groups failed", self.groups.len()),
        }
    }
}

fn word(outcome: &Result<()>) -> &'static str {
    if outcome.is_ok() { "passed" } else { "FAILED" }
}
