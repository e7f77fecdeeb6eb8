//! Whether the certificate of a signed mail is trusted, and whether it is kept: the tables of
//! docs/TRUST.md.

use crate::error::{Problem, ProblemCode};
use crate::message::RevocationVerdict;
use crate::store::Trust;

/// Which certificates are taken from signed mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harvest {
    /// All that are new.
    Always,
    /// Those that are trusted; the others are offered.
    Valid,
    /// None; all that are new are offered.
    Ask,
    /// None.
    Never,
}

/// What somebody chose about new certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Which are taken from mail.
    pub harvest: Harvest,
    /// Whether those of people who have none yet are trusted by themselves.
    pub trusts_new: bool,
    /// Whether those of people who have another one are.
    pub trusts_new_of_known: bool,
    /// Whether those are of which an issuer was asked and gave no answer.
    pub trusts_without_answer: bool,
}

/// Whether a certificate is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acquaintance {
    /// It is, and was trusted or accepted.
    Known,
    /// Neither it nor another one of this use for this address.
    New,
    /// Another one is.
    Changed,
}

/// What is known of a certificate that has signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// What somebody decided about it or about an authority above it.
    pub(super) decision: Option<Trust>,
    /// What its issuers said of it; `Unchecked` if they were not asked.
    pub(super) revocation: RevocationVerdict,
    /// Whether a path to a trust anchor holds.
    pub(super) has_path: bool,
    /// Whether it is known here.
    pub(super) acquaintance: Acquaintance,
}

/// Why a certificate is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Distrust {
    Revoked,
    Distrusted,
    /// Its path's problems say why.
    Path,
    NoAnswer,
    New,
    Changed,
}

impl Distrust {
    /// The problem, where no other one says it.
    pub(super) fn problem(self) -> Option<Problem> {
        let code = match self {
            Distrust::Path => return None,
            Distrust::Revoked => ProblemCode::RevocationRevoked,
            Distrust::Distrusted => ProblemCode::TrustDistrusted,
            Distrust::NoAnswer => ProblemCode::TrustNoAnswer,
            Distrust::New => ProblemCode::TrustNewCertificate,
            Distrust::Changed => ProblemCode::TrustChangedCertificate,
        };
        Some(Problem::new(code))
    }

    /// Whether nobody needs to be asked about it.
    fn is_final(self) -> bool {
        matches!(self, Distrust::Revoked | Distrust::Distrusted)
    }
}

/// What becomes of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    Kept,
    Offered,
    Nothing,
}

impl Rules {
    /// The first table: why a certificate is not trusted, if it is not.
    pub(super) fn judge(&self, facts: Facts) -> Option<Distrust> {
        if facts.revocation == RevocationVerdict::Revoked {
            return Some(Distrust::Revoked);
        }
        if facts.decision == Some(Trust::Distrusted) {
            return Some(Distrust::Distrusted);
        }
        if !facts.has_path {
            return Some(Distrust::Path);
        }
        if facts.decision == Some(Trust::Trusted) {
            return None;
        }
        if facts.revocation == RevocationVerdict::Unknown && !self.trusts_without_answer {
            return Some(Distrust::NoAnswer);
        }
        match facts.acquaintance {
            Acquaintance::Known => None,
            Acquaintance::New => (!self.trusts_new).then_some(Distrust::New),
            Acquaintance::Changed => {
                (!self.trusts_new || !self.trusts_new_of_known).then_some(Distrust::Changed)
            }
        }
    }

    /// The second table. `is_crowded`: as many as are kept without being trusted are stored for one of its
    /// addresses.
    pub(super) fn keeping(
        &self,
        acquaintance: Acquaintance,
        is_crowded: bool,
        distrust: Option<Distrust>,
    ) -> Keeping {
        if distrust.is_some_and(Distrust::is_final) {
            return Keeping::Nothing;
        }
        match (acquaintance, self.harvest) {
            (Acquaintance::Known, _) | (Acquaintance::New, Harvest::Never) => Keeping::Nothing,
            (Acquaintance::Changed, _) | (Acquaintance::New, Harvest::Ask) => Keeping::Offered,
            (Acquaintance::New, Harvest::Valid) if distrust.is_some() => Keeping::Offered,
            (Acquaintance::New, Harvest::Always) if distrust.is_some() && is_crowded => {
                Keeping::Offered
            }
            (Acquaintance::New, Harvest::Valid | Harvest::Always) => Keeping::Kept,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = include_str!("../../docs/TRUST.md");

    /// The rows of the table under a heading, in words.
    fn rows(heading: &str) -> Vec<Vec<&'static str>> {
        let (_, section) = DOCUMENT.split_once(heading).unwrap();
        let lines = section.lines().skip_while(|line| !line.starts_with('|'));
        let cells = |line: &'static str| -> Vec<&'static str> {
            let line = line.trim().trim_start_matches('|').trim_end_matches('|');
            line.split('|').map(str::trim).collect()
        };
        lines.take_while(|line| line.starts_with('|')).skip(2).map(cells).collect()
    }

    /// The last cells of the first row that fits, and its position.
    fn first<'t>(table: &'t [Vec<&'t str>], facts: &[&str]) -> (usize, &'t [&'t str]) {
        let fits = |row: &Vec<&str>| {
            row.iter().zip(facts).all(|(cell, fact)| *cell == "*" || cell == fact)
        };
        let at = table.iter().position(fits).unwrap_or_else(|| panic!("no row for {facts:?}"));
        (at, &table[at][facts.len()..])
    }

    const ACQUAINTANCES: [(&str, Acquaintance); 3] = [
        ("known", Acquaintance::Known),
        ("new", Acquaintance::New),
        ("changed", Acquaintance::Changed),
    ];
    const YES_NO: [(&str, bool); 2] = [("yes", true), ("no", false)];

    #[test]
    fn r3_every_combination_of_trust_is_as_the_document_says() {
        let table = rows("## Is it trusted?");
        let decisions = [
            ("-", None),
            ("trusted", Some(Trust::Trusted)),
            ("distrusted", Some(Trust::Distrusted)),
        ];
        let answers = [
            ("good", RevocationVerdict::Good),
            ("revoked", RevocationVerdict::Revoked),
            ("no-answer", RevocationVerdict::Unknown),
            ("not-asked", RevocationVerdict::Unchecked),
        ];
        let mut used = vec![false; table.len()];
        let mut combinations = 0;
        for (by_hand, decision) in decisions {
            for (answer, revocation) in answers {
                for (path, has_path) in YES_NO {
                    for (certificate, acquaintance) in ACQUAINTANCES {
                        for (new, trusts_new) in YES_NO {
                            for (of_known, trusts_new_of_known) in YES_NO {
                                for (without, trusts_without_answer) in YES_NO {
                                    let rules = Rules {
                                        harvest: Harvest::Valid,
                                        trusts_new,
                                        trusts_new_of_known,
                                        trusts_without_answer,
                                    };
                                    let facts =
                                        Facts { decision, revocation, has_path, acquaintance };
                                    let words = [
                                        by_hand,
                                        answer,
                                        path,
                                        certificate,
                                        new,
                                        of_known,
                                        without,
                                    ];
                                    let (at, [trusted, reason]) = first(&table, &words) else {
                                        panic!("a row has other columns");
                                    };
                                    let distrust = rules.judge(facts);
                                    assert_eq!(distrust.is_none(), *trusted == "yes", "{words:?}");
                                    let code = match distrust {
                                        None => String::new(),
                                        Some(distrust) => match distrust.problem() {
                                            Some(problem) => format!("`{}`", problem.code.as_str()),
                                            None => "`path/…`".to_owned(),
                                        },
                                    };
                                    assert_eq!(code, *reason, "{words:?}");
                                    used[at] = true;
                                    combinations += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(combinations, 576);
        assert!(used.iter().all(|used| *used), "rows that never count: {used:?}");
    }

    #[test]
    fn r2_every_combination_of_keeping_is_as_the_document_says() {
        let table = rows("## Is it kept?");
        let settings = [
            ("always", Harvest::Always),
            ("valid", Harvest::Valid),
            ("ask", Harvest::Ask),
            ("never", Harvest::Never),
        ];
        let mut used = vec![false; table.len()];
        for (setting, harvest) in settings {
            for (certificate, acquaintance) in ACQUAINTANCES {
                let rules = Rules {
                    harvest,
                    trusts_new: true,
                    trusts_new_of_known: true,
                    trusts_without_answer: true,
                };
                for distrust in [
                    None,
                    Some(Distrust::Path),
                    Some(Distrust::NoAnswer),
                    Some(Distrust::New),
                    Some(Distrust::Changed),
                ] {
                    let trusted = if distrust.is_none() { "yes" } else { "no" };
                    for (crowded, is_crowded) in YES_NO {
                        let words = [setting, certificate, crowded, trusted];
                        let (at, columns) = first(&table, &words);
                        used[at] = true;
                        let expected = match columns {
                            ["kept"] => Keeping::Kept,
                            ["offered"] => Keeping::Offered,
                            ["nothing"] => Keeping::Nothing,
                            other => panic!("{other:?}"),
                        };
                        let found = rules.keeping(acquaintance, is_crowded, distrust);
                        assert_eq!(found, expected, "{words:?}");
                    }
                }
                for distrust in [Distrust::Revoked, Distrust::Distrusted] {
                    let found = rules.keeping(acquaintance, false, Some(distrust));
                    assert_eq!(found, Keeping::Nothing, "{setting} {certificate}");
                }
            }
        }
        assert!(used.iter().all(|used| *used), "rows that never count: {used:?}");
    }
}
