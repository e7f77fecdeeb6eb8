//! The certificates of a company's archive, to which encrypted mail goes besides (FEATURES R8).

use super::objection::{Use, objection};
use super::settings::{CertificateReference, Setting, Settings};
use super::{Mailer, TrustBase};
use crate::cert::Certificate;
use crate::env::Env;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::store::{Backend, Entry, id_of};

/// The archive, as far as it takes part in what is sent.
#[derive(Clone, Debug, Default)]
pub struct ArchiveKeys {
    /// Those to encrypt to.
    pub certificates: Vec<Certificate>,
    /// Those that can't be used: without them mail would be lost to the archive, so none is encrypted.
    pub unusable: Vec<UnusableKey>,
}

/// A certificate of the archive that can't be used.
#[derive(Clone, Debug)]
pub struct UnusableKey {
    /// Its subject, or its id if it is not there.
    pub subject: String,
    /// Why: the code of a problem.
    pub reason: &'static str,
}

impl ArchiveKeys {
    /// What the sender is told, before anything is sent.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        self.unusable.iter().map(|one| {
            let problem = Problem::new(ProblemCode::SenderArchive);
            problem.with_text("subject", &one.subject).with_text("reason", one.reason)
        })
    }

    /// Who else reads what is encrypted, if there is an archive.
    pub fn note(&self) -> Option<Problem> {
        let names: Vec<String> = self.certificates.iter().map(Certificate::subject_text).collect();
        let archived = Problem::new(ProblemCode::SendingArchived);
        (!names.is_empty()).then(|| archived.with("certificates", Detail::List(names)))
    }

    /// Those to encrypt to.
    ///
    /// # Errors
    ///
    /// `refused/archive` if one can't be used.
    pub fn all(&self) -> Result<&[Certificate]> {
        match self.unusable.first() {
            None => Ok(&self.certificates),
            Some(UnusableKey { subject, reason }) => {
                Err(Error::ArchiveUnready { subject: subject.clone(), reason })
            }
        }
    }
}

impl<B: Backend> Mailer<'_, B> {
    /// The certificates of the archive that the settings name. Who chose them vouches for them; they must
    /// be current and for encryption, and neither revoked nor distrusted.
    ///
    /// # Errors
    ///
    /// Those of [`Backend`].
    pub async fn archive_keys(
        &self,
        env: &Env,
        settings: &Settings,
        trust: &TrustBase,
    ) -> Result<ArchiveKeys> {
        let mut keys = ArchiveKeys::default();
        for reference in settings.certificates(Setting::ArchiveRecipients) {
            let (id, given) = match reference {
                CertificateReference::Id(id) => (id, None),
                CertificateReference::Whole(certificate) => {
                    (id_of(&certificate), Some(certificate))
                }
            };
            let stored =
                self.store.known(std::slice::from_ref(&id)).await?.pop().map(|known| known.entry);
            let unstored = || given.map(|certificate| Entry::unstored(certificate, env.now()));
            let Some(entry) = stored.or_else(unstored) else {
                let reason = Error::StoreNotFound.code();
                keys.unusable.push(UnusableKey { subject: id, reason });
                continue;
            };
            let address = entry.certificate.addresses().first().cloned().unwrap_or_default();
            match objection(env.now(), trust, &entry, &address, Use::Encrypt) {
                None => keys.certificates.push(entry.certificate),
                Some(problem) => keys.unusable.push(UnusableKey {
                    subject: entry.certificate.subject_text(),
                    reason: problem.code.as_str(),
                }),
            }
        }
        Ok(keys)
    }
}
