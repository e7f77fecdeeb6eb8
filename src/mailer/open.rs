//! `open`: a mail with every key there is, by the user's rules (FEATURES R1–R5, R7, R9, R11).

use super::acceptance::{Harvest, Rules};
use super::badge::{self, Badge, LockSign, Sign};
use super::harvest::{Arrival, Harvested, Judged, Learned, Offer};
use super::{Account, AccountKind, Mailer, Setting, Settings};
use crate::bytes::hex;
use crate::cert::{Certificate, Identity, name_text};
use crate::env::{Env, Time};
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::message::{
    self, AuthorVerdict, CrlShelf, Encryption, Fetcher, Integrity, OpenOptions, OpenedLayer,
    OpenedMessage, Openers, OwnedIdentifier, ReaddressOptions, Readdressed, Recipient,
    RevocationOptions, RevocationPolicy, RevocationVerdict, SignatureResult, Status, VerifyOptions,
    named_recipients, readdress,
};
use crate::store::{Backend, Entry};

/// What `open` needs besides the message.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenMail<'a> {
    /// The content, for a message that is a bare detached signature.
    pub content: Option<&'a [u8]>,
    /// The account that it came to or was sent from.
    pub account: Option<&'a str>,
    /// The author's address, where the message does not say it.
    pub from: Option<&'a str>,
    /// When it arrived, by a clock the host trusts.
    pub received_at: Option<Time>,
    /// Whether one of the user's accounts sent it. Nothing is learned from it then.
    pub is_sent: bool,
    /// `Some(false)`: nothing is asked outside nor kept because of it. `Some(true)`: somebody has asked for
    /// it, also where changes would not have been noticed.
    pub may_fetch: Option<bool>,
    /// Who fetches.
    pub fetcher: Option<&'a dyn Fetcher>,
    /// Where fetched CRLs stay from call to call.
    pub shelf: Option<&'a CrlShelf>,
}

/// What `open` answers.
#[derive(Debug)]
pub struct OpenedMail {
    /// The layers, the content, and what there is to show. Its status and problems tell of the user's rules
    /// too.
    pub message: OpenedMessage,
    /// The badge beside the sender.
    pub badge: Sign<Badge>,
    /// The lock beside the subject.
    pub lock: Sign<LockSign>,
    /// The identities that are locked and would open it.
    pub locked: Vec<Entry>,
    /// Whom it is encrypted for, where none of the keys here is meant.
    pub recipients: Vec<Addressee>,
    /// What came of asking the issuers, if they were asked.
    pub revocation: Option<RevocationVerdict>,
    /// What the store learned.
    pub learned: Vec<Learned>,
    /// Certificates to accept.
    pub offered: Vec<Offer>,
    /// The text for a search index, where the settings want it and the mail was encrypted.
    pub search_text: Option<String>,
    /// The mail with the archive among those who can read it, where the settings want it and it was not.
    pub readdressed: Option<Vec<u8>>,
}

/// A certificate that a message is encrypted for, as it is named there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The issuer's name as RFC 4514 writes it.
    pub issuer: Option<String>,
    /// In hexadecimal.
    pub serial_number: Option<String>,
    /// In hexadecimal.
    pub subject_key_identifier: Option<String>,
    /// The certificate, if it is stored.
    pub certificate: Option<Certificate>,
    /// Whether it was the user's, and its key is here no more.
    pub is_own: bool,
}

impl<B: Backend> Mailer<'_, B> {
    /// Opens a mail with every key that is unlocked, also those of expired, replaced and revoked
    /// certificates, and learns from it what the settings allow.
    ///
    /// # Errors
    ///
    /// `usage/wrong-option` for an account that is none; those of [`message::open`] and of [`Backend`].
    pub async fn open(
        &self,
        env: &mut Env,
        message: Vec<u8>,
        mail: OpenMail<'_>,
    ) -> Result<OpenedMail> {
        self.open_and_keep_signed(env, message, mail).await.map(|(opened, _)| opened)
    }

    /// The same; beside it what stands inside all encryption and begins with a signature.
    pub(super) async fn open_and_keep_signed(
        &self,
        env: &mut Env,
        message: Vec<u8>,
        mail: OpenMail<'_>,
    ) -> Result<(OpenedMail, Option<Vec<u8>>)> {
        let account = mail.account.map(|address| self.known_account(address)).transpose()?;
        let reading = self.reading(account).await?;
        let base = self.trust_base().await?;
        let decrypting = self.decrypting();
        let identities: Vec<Identity> = decrypting.iter().map(|(_, one)| one.clone()).collect();
        let policy =
            if reading.validates_online { RevocationPolicy::Soft } else { RevocationPolicy::Off };
        let verify = VerifyOptions {
            content: mail.content,
            trust_anchors: Some(&base.anchors),
            intermediates: &base.intermediates,
            from: mail.from,
            received_at: mail.received_at,
            revocation: RevocationOptions {
                policy: Some(policy),
                fetcher: mail.fetcher.filter(|_| reading.validates_online),
                may_fetch: mail.may_fetch.unwrap_or(true),
                shelf: mail.shelf,
                ..RevocationOptions::default()
            },
            ..VerifyOptions::new(&[])
        };
        let options = OpenOptions {
            openers: Openers { identities: &identities, ..Openers::default() },
            verify,
            may_fetch_unprotected: mail.may_fetch == Some(true),
        };
        let may_change = !mail.is_sent && mail.may_fetch != Some(false);
        let for_archive = (reading.archives && may_change).then(|| message.clone());
        let (mut opened, signed) = message::open_and_keep_signed(env, message, options).await?;

        let is_own = |author: &String| self.context.accounts.iter().any(|one| one.has(author));
        let arrival = Arrival {
            at: mail.received_at,
            // Anybody may put mail where sent mail is kept.
            is_sent: mail.is_sent && opened.author.as_ref().is_some_and(is_own),
            may_keep: mail.may_fetch != Some(false),
        };
        let judged = self.judge(env, &opened, &base, &reading.rules, arrival).await?;
        let distrust: Vec<Problem> = judged.iter().filter_map(Judged::objection).collect();
        apply(&mut opened, &distrust);
        let harvested = self.harvest(env, &opened, &judged, &reading.rules, arrival).await;
        let Harvested { learned, offered, problems } = match harvested {
            // A mail can be read where nothing more can be stored.
            Err(error @ (Error::StoreBackend { .. } | Error::StoreConflict)) => {
                let not_learned = Problem::new(ProblemCode::StoreNotLearned);
                opened.problems.push(not_learned.with_text("reason", error.code()));
                Harvested::default()
            }
            harvested => harvested?,
        };
        opened.problems.extend(problems);

        let (locked, recipients) = self.missing_keys(&opened).await?;
        if !locked.is_empty()
            && let Some(OpenedLayer::Unopened { error, .. }) = opened.layers.last_mut()
        {
            *error = Error::IdentityLocked;
        }
        let hindrance = self.hindrance(&opened, account, &locked, &recipients).await?;
        opened.problems.extend_from_slice(&hindrance);
        let is_open = matches!(opened.encryption, Encryption::Protected | Encryption::Unprotected);
        let readdressed = match for_archive.filter(|_| is_open) {
            Some(message) => self.for_archive(env, message, &reading.settings, &mut opened).await?,
            None => None,
        };
        let of_author = |one: &&SignatureResult| one.author == AuthorVerdict::Match;
        let decisive = opened.signatures().find(of_author).or_else(|| opened.signatures().next());
        let revocation = decisive.map(|signature| signature.revocation);
        let opened = OpenedMail {
            badge: badge::badge(&opened, &distrust),
            lock: badge::lock(&opened, &identities, !locked.is_empty(), &hindrance),
            locked,
            recipients,
            revocation: revocation.filter(|_| reading.validates_online),
            learned,
            offered,
            search_text: search_text(&opened).filter(|_| reading.gives_search_text),
            readdressed,
            message: opened,
        };
        Ok((opened, signed))
    }

    /// Adds the archive to those who can read a mail for the user alone, unless it is named already
    /// (FEATURES R8), and tells so.
    async fn for_archive(
        &self,
        env: &mut Env,
        message: Vec<u8>,
        settings: &Settings,
        opened: &mut OpenedMessage,
    ) -> Result<Option<Vec<u8>>> {
        let trust = self.trust_base().await?;
        let keys = self.archive_keys(env, settings, &trust).await?;
        let added = match keys.all() {
            Ok(archive) => self.with_archive(env, message, archive, opened).await,
            Err(error) => Err(error),
        };
        let (message, told) = match added {
            Ok(Archiving::Unchanged) => return Ok(None),
            Ok(Archiving::Added(message)) => {
                let names = keys.certificates.iter().map(Certificate::subject_text).collect();
                let added = Problem::new(ProblemCode::ArchiveAdded);
                (Some(message), added.with("certificates", Detail::List(names)))
            }
            Ok(Archiving::NotAdded(reason)) => {
                (None, Problem::new(ProblemCode::ArchiveNotAdded).with_text("reason", reason))
            }
            Err(Error::Aborted) => return Err(Error::Aborted),
            Err(error) => {
                (None, Problem::new(ProblemCode::ArchiveNotAdded).with_text("reason", error.code()))
            }
        };
        opened.problems.push(told);
        Ok(message)
    }

    async fn with_archive(
        &self,
        env: &mut Env,
        message: Vec<u8>,
        archive: &[Certificate],
        opened: &OpenedMessage,
    ) -> Result<Archiving> {
        let named = named_recipients(env, &message).await?;
        let is_for = |one: &Certificate| named.iter().flatten().any(|name| name.matches(one));
        if archive.iter().all(is_for) {
            return Ok(Archiving::Unchanged);
        }
        // To write it back tells the host that it could be decrypted, which nobody may learn of what was
        // changed on its way.
        if opened.encryption != Encryption::Protected {
            return Ok(Archiving::NotAdded("no-integrity"));
        }
        // Who sent it has a copy of their own.
        let mut known: Vec<Certificate> = archive.to_vec();
        known.extend(self.own(env).await?.into_iter().map(|entry| entry.certificate));
        known.extend(opened.signatures().filter_map(|signature| signature.signer.clone()));
        let author: Vec<String> = opened.author.iter().cloned().collect();
        let senders = self.store.certificates_for(&author).await?;
        known.extend(senders.into_iter().map(|entry| entry.certificate));
        let is_known = |name: &Option<OwnedIdentifier>| {
            name.as_ref().is_some_and(|name| known.iter().any(|one| name.matches(one)))
        };
        if !named.iter().all(is_known) {
            return Ok(Archiving::NotAdded("for-others"));
        }
        let add: Vec<Recipient> = archive.iter().cloned().map(Recipient::from).collect();
        let decrypting = self.decrypting();
        let identities: Vec<Identity> = decrypting.into_iter().map(|(_, one)| one).collect();
        let options = ReaddressOptions {
            message,
            identities: &identities,
            add: &add,
            remove: &[],
            renew: false,
        };
        Ok(match readdress(env, options).await? {
            Readdressed::Unchanged(_) => Archiving::Unchanged,
            Readdressed::Changed(message) => Archiving::Added(message),
        })
    }

    /// Whose key would open the layer that nobody could open: the identities that are locked, else all that
    /// it names.
    async fn missing_keys(&self, opened: &OpenedMessage) -> Result<(Vec<Entry>, Vec<Addressee>)> {
        let named = match opened.layers.last() {
            Some(OpenedLayer::Unopened { recipients, .. }) if !recipients.is_empty() => recipients,
            _ => return Ok((Vec::new(), Vec::new())),
        };
        let mut locked = self.store.identities(None).await?;
        locked.retain(|entry| {
            self.session.identity(&entry.id).is_none()
                && self.context.elsewhere(&entry.id).is_none()
                && named.iter().any(|name| name.matches(&entry.certificate))
        });
        if !locked.is_empty() {
            return Ok((locked, Vec::new()));
        }
        let accounts = self.context.accounts.iter();
        let own: Vec<String> = accounts
            .flat_map(|account| core::iter::once(&account.address).chain(&account.aliases))
            .cloned()
            .collect();
        let mut kept = self.store.certificates_for(&own).await?;
        kept.retain(|entry| self.context.elsewhere(&entry.id).is_none());
        let addressee = |name: &OwnedIdentifier| {
            let certificate = kept.iter().find(|entry| name.matches(&entry.certificate));
            Addressee::new(name, certificate.map(|entry| entry.certificate.clone()))
        };
        Ok((Vec::new(), named.iter().map(addressee).collect()))
    }

    /// What is known of why the mail could not be decrypted.
    async fn hindrance(
        &self,
        opened: &OpenedMessage,
        account: Option<&Account>,
        locked: &[Entry],
        recipients: &[Addressee],
    ) -> Result<Vec<Problem>> {
        let mut problems = Vec::new();
        for entry in locked {
            problems.push(about(ProblemCode::DecryptKeyLocked, &entry.certificate));
        }
        for certificate in recipients.iter().filter_map(|one| one.certificate.as_ref()) {
            problems.push(about(ProblemCode::DecryptKeyRemoved, certificate));
        }
        if !recipients.is_empty() && problems.is_empty() {
            let names = recipients.iter().map(Addressee::to_text).collect();
            problems.push(
                Problem::new(ProblemCode::DecryptForCertificates)
                    .with("certificates", Detail::List(names)),
            );
        }
        if let Some(account) = account
            && account.kind == AccountKind::Shared
            && opened.encryption == Encryption::Locked
            && locked.is_empty()
            && !self.has_identity(account).await?
        {
            problems.push(
                Problem::new(ProblemCode::DecryptSharedWithoutKey)
                    .with_text("account", &account.address),
            );
        }
        Ok(problems)
    }

    /// What holds for an account.
    pub(super) async fn reading(&self, account: Option<&Account>) -> Result<Reading> {
        let settings = self.settings_book(account, &[]).await?.settings(None);
        Ok(Reading {
            rules: Rules {
                harvest: match settings.word(Setting::Harvest) {
                    "always" => Harvest::Always,
                    "ask" => Harvest::Ask,
                    "never" => Harvest::Never,
                    _ => Harvest::Valid,
                },
                trusts_new: settings.flag(Setting::TrustNew),
                trusts_new_of_known: settings.flag(Setting::TrustNewOfKnown),
                trusts_without_answer: settings.flag(Setting::TrustWithoutAnswer),
            },
            validates_online: settings.flag(Setting::OnlineValidation),
            gives_search_text: settings.flag(Setting::SearchText),
            archives: settings.flag(Setting::ArchiveOnOpening),
            settings,
        })
    }

    async fn has_identity(&self, account: &Account) -> Result<bool> {
        let identities = self.store.identities(None).await?;
        Ok(self.context.has_key_elsewhere(account)
            || identities.iter().any(|entry| account.is_named_by(&entry.certificate)))
    }
}

/// What came of adding the archive to a mail.
enum Archiving {
    /// It is named already.
    Unchanged,
    /// The mail with it.
    Added(Vec<u8>),
    /// Why not.
    NotAdded(&'static str),
}

/// What somebody chose about reading mail.
pub(super) struct Reading {
    pub(super) rules: Rules,
    pub(super) validates_online: bool,
    pub(super) gives_search_text: bool,
    pub(super) archives: bool,
    pub(super) settings: Settings,
}

impl Addressee {
    fn new(name: &OwnedIdentifier, certificate: Option<Certificate>) -> Addressee {
        let (issuer, serial_number, identifier) = match name {
            OwnedIdentifier::IssuerAndSerialNumber { issuer, serial_number } => {
                (Some(name_text(issuer)), Some(hex::encode(serial_number)), None)
            }
            OwnedIdentifier::SubjectKeyIdentifier(identifier) => {
                (None, None, Some(hex::encode(identifier)))
            }
        };
        Addressee {
            issuer,
            serial_number,
            subject_key_identifier: identifier,
            is_own: certificate.is_some(),
            certificate,
        }
    }

    /// As a detail of a problem.
    fn to_text(&self) -> String {
        match (&self.issuer, &self.serial_number, &self.subject_key_identifier) {
            (Some(issuer), Some(number), _) => format!("{number} ({issuer})"),
            (_, _, identifier) => identifier.clone().unwrap_or_default(),
        }
    }
}

/// Lets the user's rules speak: what they say against a signer makes a verified mail one that is not.
pub(super) fn apply(opened: &mut OpenedMessage, distrust: &[Problem]) {
    if opened.status == Some(Status::Verified) && !distrust.is_empty() {
        opened.status = Some(Status::Unverified);
        let lacks_integrity = |layer: &OpenedLayer| {
            matches!(layer, OpenedLayer::Encrypted { integrity: Integrity::None, .. })
        };
        if opened.layers.iter().any(lacks_integrity) {
            opened.encryption = Encryption::Unprotected;
        }
        opened.problems.extend_from_slice(distrust);
    }
}

/// Subject and text, if the mail was encrypted.
fn search_text(opened: &OpenedMessage) -> Option<String> {
    if !matches!(opened.encryption, Encryption::Protected | Encryption::Unprotected) {
        return None;
    }
    let view = opened.view.as_ref()?;
    let is_subject = |name: &str| name.eq_ignore_ascii_case("Subject");
    let fields = &opened.headers.fields;
    let subject = fields.iter().find(|field| is_subject(&field.name)).map(|field| &field.value);
    let texts = view.bodies.iter().map(|body| &body.text);
    let names = view.attachments.iter().filter_map(|attachment| attachment.name.as_ref());
    let parts: Vec<&str> =
        subject.into_iter().chain(texts).chain(names).map(String::as_str).collect();
    Some(parts.join("\n"))
}

fn about(code: ProblemCode, certificate: &Certificate) -> Problem {
    Problem::new(code)
        .with_text("subject", &certificate.subject_text())
        .with_text("issuer", &certificate.issuer_text())
        .with_text("serialNumber", &hex::encode(certificate.serial_number()))
        .with("notAfter", Detail::Time(certificate.not_after()))
}
