//! What the header of a mail tells of its way.

use crate::error::{Detail, Problem, ProblemCode};
use crate::mime::{Entity, Field};

/// Longer names of lists are cut.
const LONGEST: usize = 200;

/// Fields of programs that write into mails: disclaimers, signatures, warnings, marks of scanners.
const GATEWAYS: &[&str] = &[
    "X-Antivirus",
    "X-Virus-Scanned",
    "X-CodeTwo-MessageID",
    "X-CodeTwoProcessed",
    "X-ExclaimerHostedSignatures-MessageProcessed",
    "X-ExclaimerProxyLatency",
    "X-Exclaimer-MessageId",
    "X-Proofpoint-Virus-Version",
    "X-MailScanner",
    "X-Mimecast-Spam-Score",
    "X-Sophos-Email",
    "X-Disclaimer",
    "X-MS-Exchange-ExternalInOutlook",
    "X-Content-Filtered-By",
    "X-MIME-Autoconverted",
];

/// Who says to have handled the mail.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traces {
    /// The name of a mailing list, as far as there is one.
    list: Option<String>,
    /// The fields by which gateways are known.
    gateways: Vec<String>,
}

impl Traces {
    pub(crate) fn read(entity: &Entity<'_>) -> Traces {
        // RFC 2919, RFC 2369; newsletters have List-Unsubscribe alone, and are not changed on their way.
        let list_fields = ["List-Id", "List-Post", "X-Mailman-Version", "X-BeenThere"];
        let list = list_fields.iter().find_map(|name| entity.named(name).next());
        let has_field = |name: &&&str| entity.named(name).next().is_some();
        Traces {
            list: list.map(|field: &Field<'_>| field.unfolded().chars().take(LONGEST).collect()),
            gateways: GATEWAYS.iter().filter(has_field).map(|&name| name.to_owned()).collect(),
        }
    }

    /// Whether a mailing list has handled it.
    pub(super) fn is_from_list(&self) -> bool {
        self.list.is_some()
    }

    /// Who may have changed a mail that was changed.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(list) = &self.list {
            problems.push(Problem::new(ProblemCode::DiagnosisMailingList).with_text("list", list));
        }
        if !self.gateways.is_empty() {
            let fields = Detail::List(self.gateways.clone());
            problems.push(Problem::new(ProblemCode::DiagnosisGateway).with("fields", fields));
        }
        problems
    }
}
