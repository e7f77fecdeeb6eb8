//! `protect`: a message as it goes out, by the settings and by what there is for those who get it.

use super::Mailer;
use super::choose::names;
use super::kind::{CertificateRequest, MailKind, is_request, mail_kind};
use super::private_keys::refuse_private_keys;
use super::recipients::{Intent, Survey, Wish};
use super::settings::{Setting, Settings};
use crate::bytes::Sink;
use crate::cert::{Certificate, Identity};
use crate::crypto::algorithms::{AeadCipher, CbcCipher, ContentCipher, GcmCipher};
use crate::crypto::{KeyTransport, OaepParameters, RsaScheme};
use crate::env::Env;
use crate::error::{Detail, Error, Problem, ProblemCode, Result};
use crate::message::{
    ConfidentialityPolicy, EncryptOptions, EncryptionParameters, HeaderOptions, HeaderProtection,
    People, ProtectOptions, Protected, Recipient, SignatureParameters, encrypt, protect_message,
    send_unprotected,
};
use crate::store::Backend;

/// What the user chose for those who can't read encrypted mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// Nobody gets it encrypted: a clear copy beside encrypted ones would give the content away.
    EveryoneUnencrypted,
    /// They don't get it.
    LeaveOut,
}

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct Sending<'a> {
    /// As of [`ProtectOptions::message`].
    pub message: Vec<u8>,
    /// The sender's address; `None` for the message's From.
    pub from: Option<String>,
    /// Addresses; `None` for those of the message's To.
    pub to: Option<Vec<String>>,
    /// Addresses; `None` for those of the message's Cc.
    pub cc: Option<Vec<String>>,
    /// Addresses; `None` for those of the message's Bcc.
    pub bcc: Option<Vec<String>>,
    /// What it is; `None` to find out.
    pub kind: Option<MailKind>,
    /// What the user says about it.
    pub sign: Option<bool>,
    /// What the user says about it.
    pub encrypt: Option<bool>,
    /// As of [`ProtectOptions::must_encrypt`].
    pub must_encrypt: bool,
    /// What the user chose for those who can't read encrypted mail.
    pub without: Option<Without>,
    /// Whether each recipient gets an encrypted copy of their own.
    pub separately: bool,
    /// As of [`HeaderOptions::confidential`].
    pub confidential: &'a [String],
    /// What is hidden at least, where it is encrypted.
    pub hides: Option<ConfidentialityPolicy>,
    /// What asks for a certificate, and so can go to who has none.
    pub requests: &'a [CertificateRequest],
}

/// What goes out, and what is kept.
#[derive(Debug)]
pub struct Sent<S> {
    /// What goes out.
    pub protected: Protected<S>,
    /// What was done.
    pub intent: Intent,
    /// The certificates of the archive that it was encrypted to besides.
    pub archive: Vec<Certificate>,
    /// What it was taken for.
    pub kind: MailKind,
    /// What is to be told: whom it did not reach or how, and of the sender's certificate.
    pub problems: Vec<Problem>,
}

impl<B: Backend> Mailer<'_, B> {
    /// Signs and encrypts a message as the settings and the user say.
    ///
    /// # Errors
    ///
    /// `refused/private-key` if one is attached; `refused/no-certificate` with the addresses of those who
    /// can't read encrypted mail, if the user did not choose what to do with them; `refused/sender`,
    /// `refused/must-encrypt`, `refused/unsigned-encryption`; `refused/setting-locked` for what the
    /// administrator does not allow; `identity/locked` where the sender's key is, or where something was
    /// chosen or trusted and nothing is unlocked that could tell by whom; `usage/wrong-option` if none of
    /// the accounts sends as the sender, or to leave out people where nothing is encrypted; those of
    /// [`protect_message`], [`Mailer::survey`] and [`ArchiveKeys::all`](super::ArchiveKeys::all).
    pub async fn protect<S: Sink>(
        &self,
        env: &mut Env,
        sending: Sending<'_>,
        sink: impl Fn(usize) -> S,
    ) -> Result<Sent<S>> {
        refuse_private_keys(env, &sending.message)?;
        let kind = match sending.kind {
            None | Some(MailKind::Mail) if is_request(env, &sending.message, sending.requests)? => {
                MailKind::CertificateRequest
            }
            Some(kind) => kind,
            None => mail_kind(env, &sending.message)?,
        };
        let Sending { sign, must_encrypt, hides, .. } = sending;
        let encrypt = match (sending.encrypt, sending.without) {
            // Who is left out can't read what is encrypted.
            (None, Some(Without::LeaveOut)) => Some(true),
            (Some(false), Some(Without::LeaveOut)) => {
                let expected = "not given where nothing is encrypted";
                return Err(Error::UsageWrongOption { option: "without", expected });
            }
            (said, _) => said,
        };
        let options = options(sending.clone());
        let people = People::read(&options, env.limits())?;
        let all: Vec<String> = people.all().cloned().collect();
        let mut survey = self.survey(env, &people.from, &all, sign).await?;
        // Whoever can write to the database must not weaken what goes out.
        if survey.is_unchecked && (sign, encrypt) != (Some(false), Some(false)) {
            return Err(Error::IdentityLocked);
        }
        let wish = Wish { kind, sign, encrypt, must_encrypt };
        let mut intent = survey.intent(wish)?;
        let mut problems = survey.settings.problems.clone();
        problems.extend(survey.exemption(wish, intent));
        let mut left_out = Vec::new();
        if intent.encrypt {
            let unready = survey.unready();
            match sending.without {
                _ if unready.is_empty() => {}
                Some(Without::LeaveOut) => left_out = unready,
                Some(Without::EveryoneUnencrypted) if survey.is_ordered(kind, Setting::Encrypt) => {
                    return Err(Error::SettingLocked { setting: Setting::Encrypt.name() });
                }
                Some(Without::EveryoneUnencrypted) if !must_encrypt => {
                    intent.encrypt = false;
                    problems.push(about(ProblemCode::SendingUnencrypted, &unready));
                }
                Some(Without::EveryoneUnencrypted) => return Err(Error::MustEncrypt),
                None => return Err(survey.without_certificate(&people)),
            }
        } else {
            let hindrance = survey.hindrance(wish);
            if !hindrance.is_empty() {
                problems.push(about(ProblemCode::SendingUnencrypted, &hindrance));
            }
        }
        let nobody_left = survey.without_certificate(&people);
        survey.recipients.retain(|one| !left_out.contains(&one.address));
        if !left_out.is_empty() {
            if survey.recipients.is_empty() {
                return Err(nobody_left);
            }
            problems.push(about(ProblemCode::SendingLeftOut, &left_out));
        }
        let is_must = sign == Some(true) || survey.is_ordered(kind, Setting::AlwaysSign);
        let lapses = survey.lapses(wish, intent);
        let signers = signers(&survey, &mut intent, is_must, &mut problems)?;
        for lapse in lapses {
            if !problems.contains(&lapse) {
                problems.push(lapse);
            }
        }
        let archive = match intent.encrypt {
            true => survey.archive.all()?.to_vec(),
            false => Vec::new(),
        };
        problems.extend(intent.encrypt.then(|| survey.archive.note()).flatten());
        let confidential = options.headers.confidential;
        let headers = headers(&survey.settings, intent, confidential, hides)?;
        let options = ProtectOptions { headers, ..options };
        let protected = self.sent(env, options, &survey, intent, &signers, &left_out, sink).await?;
        Ok(Sent { protected, intent, archive, kind, problems })
    }

    /// Encrypts a draft to the account's own current certificates, so that nobody but the user reads it
    /// where drafts are kept.
    ///
    /// # Errors
    ///
    /// `refused/sender` without such a certificate; `usage/…` for a sender that is none; those of
    /// [`encrypt`] and [`Mailer::survey`].
    pub async fn protect_draft(
        &self,
        env: &mut Env,
        message: Vec<u8>,
        from: &str,
    ) -> Result<Vec<u8>> {
        let survey = self.survey(env, from, &[], Some(false)).await?;
        let recipients = survey.own_recipients()?;
        // The user's own software reads what is hidden.
        let policy = HeaderProtection::Policy(ConfidentialityPolicy::Baseline);
        let headers = HeaderOptions {
            protection: policy,
            legacy_display: Some(false),
            ..HeaderOptions::default()
        };
        let parameters = EncryptionParameters::default();
        let options = EncryptOptions {
            message: message.into(),
            recipients: &recipients,
            headers,
            parameters,
        };
        encrypt(env, options).await
    }

    #[allow(clippy::too_many_arguments, reason = "what one call has found out")]
    async fn sent<S: Sink>(
        &self,
        env: &mut Env,
        options: ProtectOptions<'_>,
        survey: &Survey<'_>,
        intent: Intent,
        signers: &[Identity],
        left_out: &[String],
        sink: impl Fn(usize) -> S,
    ) -> Result<Protected<S>> {
        let profile = Profile::of(survey);
        let mut options = ProtectOptions {
            signers,
            left_out,
            signature: SignatureParameters {
                encryption_certificate: survey.preferred(signers),
                ..profile.signature()
            },
            ..options
        };
        if !intent.encrypt {
            return match intent.sign {
                true => protect_message(env, options, sink).await,
                false => send_unprotected(env, options, sink).await,
            };
        }
        let recipients: Vec<Recipient> = survey.recipients().collect();
        let own = survey.own_recipients()?;
        let archive: Vec<Recipient> =
            survey.archive.all()?.iter().cloned().map(Recipient::from).collect();
        // Own software that says nothing of itself is this one.
        let telling = own.iter().filter(|one| one.has_capabilities());
        let readers: Vec<&Recipient> = recipients.iter().chain(&archive).chain(telling).collect();
        options.encryption = profile.encryption(&readers);
        let also: Vec<Recipient> = own.iter().cloned().chain(archive).collect();
        options.recipients = Some(&recipients);
        options.own = Some(&own);
        options.also = &also;
        options.with_clear_copy = survey.settings.word(Setting::KeepCopies) == "decrypted";
        protect_message(env, options, sink).await
    }
}

impl Survey<'_> {
    fn recipients(&self) -> impl Iterator<Item = Recipient> {
        self.recipients
            .iter()
            .flat_map(|one| one.choice.chosen.iter().map(|chosen| chosen.recipient(&one.address)))
    }

    /// What answers are to be encrypted for, where the signer's certificate is for signing alone.
    fn preferred(&self, signers: &[Identity]) -> Option<&Certificate> {
        if signers.iter().any(|signer| signer.certificate().allows_encryption()) {
            return None;
        }
        let mut own = self.own.iter().map(|own| &own.entry.certificate);
        own.find(|certificate| names(certificate, &self.from))
    }

    /// Who can't read encrypted mail, where they stand, and why.
    fn without_certificate(&self, people: &People) -> Error {
        let (mut addresses, mut fields, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
        for (one, (field, _)) in self.recipients.iter().zip(people.with_fields()) {
            if !one.is_ready() {
                addresses.push(one.address.clone());
                fields.push(field);
                let reason = one.choice.problems.first().map(|problem| problem.code);
                reasons.push(reason.unwrap_or(ProblemCode::RecipientNoCertificate).as_str());
            }
        }
        Error::RecipientWithoutCertificate { addresses, fields, reasons }
    }

    fn own_recipients(&self) -> Result<Vec<Recipient>> {
        if self.own.is_empty() {
            let reason = ProblemCode::SenderNoEncryption.as_str();
            return Err(Error::SenderUnready { address: self.from.clone(), reason });
        }
        Ok(self.own.iter().map(|own| own.recipient(&self.from)).collect())
    }
}

fn options(sending: Sending<'_>) -> ProtectOptions<'_> {
    ProtectOptions {
        message: sending.message.into(),
        from: sending.from,
        to: sending.to,
        cc: sending.cc,
        bcc: sending.bcc,
        signers: &[],
        signature: SignatureParameters::default(),
        recipients: None,
        own: None,
        also: &[],
        separately: sending.separately,
        with_clear_copy: false,
        left_out: &[],
        encryption: EncryptionParameters::default(),
        headers: HeaderOptions { confidential: sending.confidential, ..HeaderOptions::default() },
        must_encrypt: sending.must_encrypt,
    }
}

/// Who signs. A mail that should be signed and can't goes unsigned, and says so, unless the user or the
/// administrator asked for it or it is encrypted.
fn signers(
    survey: &Survey<'_>,
    intent: &mut Intent,
    is_must: bool,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Identity>> {
    if !intent.sign {
        return Ok(Vec::new());
    }
    if survey.is_locked() {
        return Err(Error::IdentityLocked);
    }
    problems.extend(survey.signer.problems.iter().cloned());
    if let Some(identity) = &survey.identity {
        return Ok(vec![identity.clone()]);
    }
    if is_must || intent.encrypt {
        let reason = survey.signer.problems.first().map(|problem| problem.code);
        let reason = reason.unwrap_or(ProblemCode::SenderNoCertificate).as_str();
        return Err(Error::SenderUnready { address: survey.from.clone(), reason });
    }
    intent.sign = false;
    let unsigned = Problem::new(ProblemCode::SendingUnsigned);
    problems.insert(0, unsigned.with_text("address", &survey.from));
    Ok(Vec::new())
}

/// How header fields are protected: as the settings say, and what answers an encrypted mail `hides` at least
/// what was hidden there.
fn headers<'c>(
    settings: &Settings,
    intent: Intent,
    confidential: &'c [String],
    hides: Option<ConfidentialityPolicy>,
) -> Result<HeaderOptions<'c>> {
    let chosen = match settings.word(Setting::ProtectHeaders) {
        "off" => HeaderProtection::Off,
        "clear" => HeaderProtection::Policy(ConfidentialityPolicy::Clear),
        "baseline" => HeaderProtection::Policy(ConfidentialityPolicy::Baseline),
        "shy" => HeaderProtection::Policy(ConfidentialityPolicy::Shy),
        _ => HeaderProtection::Auto,
    };
    let protection = match (chosen, hides.filter(|_| intent.encrypt)) {
        // What is only signed hides nothing.
        (HeaderProtection::Policy(_), _) if !intent.encrypt => HeaderProtection::Auto,
        (HeaderProtection::Policy(chosen), Some(least)) if chosen < least => {
            HeaderProtection::Policy(least)
        }
        (HeaderProtection::Auto | HeaderProtection::Off, Some(least)) => {
            HeaderProtection::Policy(least)
        }
        (chosen, _) => chosen,
    };
    if protection != chosen && intent.encrypt && settings.is_locked(Setting::ProtectHeaders) {
        return Err(Error::SettingLocked { setting: Setting::ProtectHeaders.name() });
    }
    let legacy_display = (!settings.flag(Setting::LegacyDisplay)).then_some(false);
    Ok(HeaderOptions { protection, confidential, legacy_display })
}

/// Which algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Profile {
    Default,
    EdiEnergy,
    Compatible,
}

impl Profile {
    /// What one recipient must have holds for all: they get one copy.
    fn of(survey: &Survey<'_>) -> Profile {
        let recipients = survey.recipients.iter().map(|one| &one.settings);
        let words: Vec<&str> = recipients
            .chain([&survey.settings])
            .map(|settings| settings.word(Setting::Profile))
            .collect();
        if words.contains(&"edi-energy") {
            Profile::EdiEnergy
        } else if words.contains(&"compatible") {
            Profile::Compatible
        } else {
            Profile::Default
        }
    }

    /// The German energy market wants RSASSA-PSS.
    fn signature(self) -> SignatureParameters<'static> {
        let scheme = match self {
            Profile::EdiEnergy => RsaScheme::Pss,
            Profile::Default | Profile::Compatible => RsaScheme::Pkcs1v15,
        };
        SignatureParameters { scheme, ..SignatureParameters::default() }
    }

    /// The strongest cipher that all who get a copy are known to read. Where that is not known of somebody
    /// AES-256-CBC, because all do, but for those who say that they read AES-128-CBC and not that. Never
    /// less.
    fn encryption(self, readers: &[&Recipient]) -> EncryptionParameters {
        let all = |cipher: ContentCipher| readers.iter().all(|one| one.has(cipher.oid()));
        let cbc = ContentCipher::Cbc(CbcCipher::Aes256);
        let short = ContentCipher::Cbc(CbcCipher::Aes128);
        let reads_short_alone = |one: &&Recipient| one.has(short.oid()) && !one.has(cbc.oid());
        let preferred = [
            ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes256)),
            ContentCipher::Aead(AeadCipher::Gcm(GcmCipher::Aes128)),
        ];
        let (cipher, key_transport) = match self {
            Profile::Default => {
                let strongest = preferred.into_iter().find(|&cipher| all(cipher));
                let is_short = readers.iter().any(reads_short_alone);
                (strongest.unwrap_or(if is_short { short } else { cbc }), None)
            }
            Profile::EdiEnergy => (cbc, Some(KeyTransport::Oaep(OaepParameters::sha256()))),
            Profile::Compatible => (short, Some(KeyTransport::Pkcs1v15)),
        };
        EncryptionParameters { cipher, key_transport, compress: false }
    }
}

fn about(code: ProblemCode, addresses: &[String]) -> Problem {
    Problem::new(code).with("addresses", Detail::List(addresses.to_vec()))
}
