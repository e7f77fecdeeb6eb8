//! Taking in the user's own key files (FEATURES K1).

use super::{Mailer, Session, TrustBase};
use crate::cert::{Certificate, Identity};
use crate::env::{Env, Time};
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::message::{CheckOptions, TrustVerdict, check_certificate};
use crate::pkcs12::{self, Imported, Password};
use crate::store::{Backend, Entry, MacKey, Opened, Way};

/// A file to import: its bytes, or why there are none.
#[derive(Debug)]
pub struct KeyFile {
    /// Bytes of a PFX (RFC 7292).
    pub data: Result<Vec<u8>>,
    /// What opens it.
    pub password: Password,
}

/// What became of files.
#[derive(Debug)]
pub struct Import {
    /// Of each.
    pub files: Vec<ImportedFile>,
    /// What is unlocked now: what was before, as it is sealed now.
    pub session: Session,
    /// What was imported, as it was opened.
    pub opened: Vec<Opened>,
}

/// What became of one file.
#[derive(Debug, Default)]
pub struct ImportedFile {
    /// The identities that are stored now, each with what is to be said about it.
    pub identities: Vec<(Entry, Vec<Problem>)>,
    /// The other certificates of the file, which are stored too.
    pub certificates: Vec<Entry>,
    /// What was weak, and what was left out.
    pub problems: Vec<Problem>,
    /// Why not everything of it, or nothing, is stored.
    pub error: Option<Error>,
}

impl<B: Backend> Mailer<'_, B> {
    /// Stores the identities of files, their keys sealed so that the way opens them, and the certificates that came
    /// with them. Each file has a result of its own: one that can't be read does not keep the others
    /// out. What is stored already is sealed anew, and stays unlocked if it was.
    ///
    /// # Errors
    ///
    /// `aborted`; what was stored before stays. All else is the error of a file.
    pub async fn import_p12(
        &self,
        env: &mut Env,
        files: Vec<KeyFile>,
        way: &Way,
    ) -> Result<Import> {
        let base = self.trust_base().await?;
        let (mut results, total) = (Vec::with_capacity(files.len()), files.len() as u64);
        let mut session = self.session.clone();
        let mut mac_key = session.mac_key.clone();
        let mut opened: Vec<Opened> = Vec::new();
        for (file, done) in files.into_iter().zip(0..) {
            env.tick(done, total).await?;
            let mut result = ImportedFile::default();
            let state = (&mut session, &mut mac_key, &mut opened);
            match self.import_file(env, file, way, &base, state, &mut result).await {
                Err(Error::Aborted) => return Err(Error::Aborted),
                outcome => result.error = outcome.err(),
            }
            results.push(result);
        }
        Ok(Import { files: results, session, opened })
    }

    async fn import_file(
        &self,
        env: &mut Env,
        file: KeyFile,
        way: &Way,
        base: &TrustBase,
        (session, mac_key, opened): (&mut Session, &mut Option<MacKey>, &mut Vec<Opened>),
        result: &mut ImportedFile,
    ) -> Result<()> {
        let imported = pkcs12::import(env, &file.data?, &file.password).await?;
        let Imported { identities, certificates, problems } = imported;
        result.problems = problems;
        // First what the keys may need: if this is the last that happens, it is no half of anything.
        let issuers = identities.iter().flat_map(|identity| identity.chain());
        let issuers: Vec<Certificate> = issuers.chain(&certificates).cloned().collect();
        result.certificates = self.store.add_certificates(env, &issuers, Some("p12")).await?;
        for identity in &identities {
            let known = mac_key.as_ref();
            let added = self.store.add_identity(env, identity, way, Some("p12"), known).await?;
            *mac_key = added.mac_key.or(mac_key.take());
            if session.identity(&added.opened.id).is_some() {
                session.drop_identity(&added.opened.id);
                session.add(added.opened.clone());
            }
            opened.retain(|before| before.id != added.opened.id);
            opened.push(added.opened);
            let mut problems = self.own_problems(env, identity, base).await?;
            if added.adopted > 0 {
                let count = Detail::Number(added.adopted);
                problems.push(Problem::new(ProblemCode::StoreAdopted).with("count", count));
            }
            result.identities.push((added.entry, problems));
        }
        Ok(())
    }

    /// What is to be said about an identity of the user's when it comes in.
    ///
    /// # Errors
    ///
    /// `aborted`.
    async fn own_problems(
        &self,
        env: &mut Env,
        identity: &Identity,
        base: &TrustBase,
    ) -> Result<Vec<Problem>> {
        let certificate = identity.certificate();
        let mut problems = Vec::new();
        if !self.context.accounts.iter().any(|account| account.is_named_by(certificate)) {
            let addresses = Detail::List(certificate.addresses().to_vec());
            problems.push(Problem::new(ProblemCode::ImportNoAccount).with("addresses", addresses));
        }
        if !self.is_trusted(env, certificate, identity.chain(), base).await? {
            let issuer = certificate.issuer_text();
            problems.push(Problem::new(ProblemCode::ImportUntrusted).with_text("issuer", &issuer));
        }
        if certificate.not_after() < env.now() {
            let ended = Detail::Time(certificate.not_after());
            problems.push(Problem::new(ProblemCode::ImportExpired).with("notAfter", ended));
        }
        Ok(problems)
    }

    /// Whether a path leads from the certificate to an anchor, or did so while it was valid.
    ///
    /// # Errors
    ///
    /// `aborted`.
    pub async fn is_trusted(
        &self,
        env: &mut Env,
        certificate: &Certificate,
        chain: &[Certificate],
        base: &TrustBase,
    ) -> Result<bool> {
        let last_second = Time::from_secs(certificate.not_after().as_secs().saturating_sub(1));
        let at = env.now().min(last_second).max(certificate.not_before());
        let brought = chain.iter().filter(|one| !base.is_distrusted(one));
        let intermediates: Vec<Certificate> = brought.chain(&base.intermediates).cloned().collect();
        let options = CheckOptions {
            intermediates: &intermediates,
            at: Some(at),
            ..CheckOptions::new(certificate, &base.anchors)
        };
        Ok(check_certificate(env, options).await?.trust == TrustVerdict::Trusted)
    }
}
