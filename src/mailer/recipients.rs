//! Who is ready for signed and encrypted mail: what a compose window shows, and what `protect` goes by.

use super::choose::{Choice, Chooser, Chosen};
use super::kind::MailKind;
use super::settings::{Setting, Settings};
use super::{Account, ArchiveKeys, Mailer};
use crate::cert::Identity;
use crate::env::Env;
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::store::Backend;

/// What there is for a mail from one address to others, all from one moment.
#[derive(Debug)]
pub struct Survey<'a> {
    /// The account that sends.
    pub account: &'a Account,
    /// The address that it sends as.
    pub from: String,
    /// What holds for the account.
    pub settings: Settings,
    /// What to sign with, and why with nothing.
    pub signer: Choice,
    /// The key to sign with, if it is unlocked.
    pub identity: Option<Identity>,
    /// The account's own current certificates to encrypt to.
    pub own: Vec<Chosen>,
    /// Those who are to get the mail, in the order of the question.
    pub recipients: Vec<Surveyed>,
    /// The archive.
    pub archive: ArchiveKeys,
    /// What was chosen or trusted counts here without anybody knowing whether the user did so: there are
    /// keys, and none is unlocked. That is good enough to be shown.
    pub is_unchecked: bool,
}

/// What there is for one who is to get a mail.
#[derive(Debug)]
pub struct Surveyed {
    /// The address.
    pub address: String,
    /// What to encrypt to, and why to nothing.
    pub choice: Choice,
    /// What holds for mail to them.
    pub settings: Settings,
}

impl Surveyed {
    /// Whether mail to them can be encrypted.
    pub fn is_ready(&self) -> bool {
        !self.choice.chosen.is_empty()
    }
}

/// What the user says about one mail.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// What it is.
    pub kind: MailKind,
    /// Whether to sign; by the settings where nobody says.
    pub sign: Option<bool>,
    /// Whether to encrypt; by the settings where nobody says.
    pub encrypt: Option<bool>,
    /// It must not go unencrypted.
    pub must_encrypt: bool,
}

/// What is to be done with one mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intent {
    /// It is signed.
    pub sign: bool,
    /// It is encrypted.
    pub encrypt: bool,
}

impl<'a, B: Backend> Mailer<'a, B> {
    /// Looks at all who take part in a mail. What is no address yet is nobody's who is ready.
    ///
    /// # Errors
    ///
    /// `usage/wrong-option` if none of the accounts sends from the address; `malformed/record`, `aborted`,
    /// and those of [`Backend`].
    pub async fn survey(
        &self,
        env: &mut Env,
        from: &str,
        addresses: &[String],
        sign: Option<bool>,
    ) -> Result<Survey<'a>> {
        let account = self.sending_account(from)?;
        let book = self.settings_book(Some(account), addresses).await?;
        let settings = book.settings(None);
        let mut chooser = self.chooser(env, addresses).await?;
        let signer = chooser.signer(env, from, sign == Some(true)).await?;
        let identity = signer.chosen.first().and_then(|chosen| self.key_of(chosen));
        let own = chooser.own(env, account).await?;
        let recipients =
            surveyed(env, &mut chooser, addresses, |address| book.settings(Some(address)));
        let recipients = recipients.await?;
        let from = from.to_owned();
        let is_unchecked = (book.is_unchecked || chooser.trust().is_unchecked)
            && self.store.has_identities().await?;
        let archive = self.archive_keys(env, &settings, chooser.trust()).await?;
        Ok(Survey {
            account,
            from,
            settings,
            signer,
            identity,
            own,
            recipients,
            archive,
            is_unchecked,
        })
    }

    fn key_of(&self, chosen: &Chosen) -> Option<Identity> {
        let id = &chosen.entry.id;
        self.context.elsewhere(id).or_else(|| self.session.identity(id)).cloned()
    }

    fn sending_account(&self, from: &str) -> Result<&'a Account> {
        let expected = "an address of one of the accounts";
        let mut accounts = self.context.accounts.iter();
        let found = accounts.find(|account| account.has(from));
        found.ok_or(Error::UsageWrongOption { option: "from", expected })
    }
}

async fn surveyed(
    env: &mut Env,
    chooser: &mut Chooser<'_>,
    addresses: &[String],
    settings: impl Fn(&str) -> Settings,
) -> Result<Vec<Surveyed>> {
    let mut all = Vec::with_capacity(addresses.len());
    for address in addresses {
        let settings = settings(address);
        let choice = chooser.recipient(env, address, &settings).await?;
        all.push(Surveyed { address: address.clone(), choice, settings });
    }
    Ok(all)
}

impl Survey<'_> {
    /// Those who can't read encrypted mail.
    pub fn unready(&self) -> Vec<String> {
        let unready = self.recipients.iter().filter(|one| !one.is_ready());
        unready.map(|one| one.address.clone()).collect()
    }

    /// Whether the sender can sign, were the key unlocked.
    pub fn can_sign(&self) -> bool {
        !self.signer.chosen.is_empty()
    }

    /// Whether the sender's key has to be unlocked to sign.
    pub fn is_locked(&self) -> bool {
        self.can_sign() && self.identity.is_none()
    }

    /// Whether the sender can encrypt: their own copy too, and with a signature where that is a must.
    pub fn can_encrypt(&self) -> bool {
        !self.own.is_empty() && (self.can_sign() || !self.settings.flag(Setting::EncryptOnlySigned))
    }

    /// What there is to say of the sender.
    pub fn sender_problems(&self) -> Vec<Problem> {
        let mut problems = self.sender_reasons();
        if self.is_locked() {
            let locked = Problem::new(ProblemCode::SenderLocked);
            problems.push(locked.with_text("address", &self.from));
        }
        problems.extend(self.archive.problems());
        problems
    }

    /// What is wrong with the sender's own certificates.
    fn sender_reasons(&self) -> Vec<Problem> {
        let mut reasons = self.signer.problems.clone();
        if self.own.is_empty() {
            let none = Problem::new(ProblemCode::SenderNoEncryption);
            reasons.push(none.with_text("address", &self.from));
        }
        reasons
    }

    /// What to do with a mail: what the user says, and else the settings.
    ///
    /// # Errors
    ///
    /// `refused/must-encrypt`, `refused/unsigned-encryption` and `refused/setting-locked` where the user
    /// says what is not allowed.
    pub fn intent(&self, wish: Wish) -> Result<Intent> {
        let only_signed = self.settings.flag(Setting::EncryptOnlySigned);
        let is_locked = |setting| self.settings.is_locked(setting);
        let by_itself = !self.is_exempt(wish.kind, Setting::Encrypt)
            && match self.settings.word(Setting::Encrypt) {
                "always" => true,
                "when-possible" => {
                    let is_unsigned = only_signed && wish.sign == Some(false);
                    let is_possible = self.can_encrypt() && self.unready().is_empty();
                    is_possible && (!is_unsigned || is_locked(Setting::Encrypt))
                }
                _ => false,
            };
        let encrypt = match wish.encrypt {
            Some(false) if wish.must_encrypt => return Err(Error::MustEncrypt),
            Some(false) if by_itself && is_locked(Setting::Encrypt) => {
                return Err(locked(Setting::Encrypt));
            }
            Some(said) => said,
            None => by_itself || wish.must_encrypt,
        };
        let always = self.settings.flag(Setting::AlwaysSign)
            && (self.can_sign() || self.settings.is_chosen(Setting::AlwaysSign))
            && !self.is_exempt(wish.kind, Setting::AlwaysSign);
        let sign = match wish.sign {
            Some(false) if always && is_locked(Setting::AlwaysSign) => {
                return Err(locked(Setting::AlwaysSign));
            }
            Some(said) => said,
            None => always || (encrypt && only_signed),
        };
        if encrypt && only_signed && !sign {
            return Err(Error::EncryptionUnsigned);
        }
        Ok(Intent { sign, encrypt })
    }

    /// Whether the administrator wants this for every mail of a kind, so that nothing said about one mail
    /// changes it.
    pub(super) fn is_ordered(&self, kind: MailKind, setting: Setting) -> bool {
        self.settings.is_locked(setting)
            && !self.is_exempt(kind, setting)
            && (self.settings.flag(setting) || self.settings.word(setting) == "always")
    }

    /// `sending/exempt` where a mail goes otherwise than the settings say, because of its kind.
    pub fn exemption(&self, wish: Wish, intent: Intent) -> Option<Problem> {
        let as_mail = self.intent(Wish { kind: MailKind::Mail, ..wish });
        let exempt = Problem::new(ProblemCode::SendingExempt);
        (as_mail != Ok(intent)).then(|| exempt.with_text("kind", wish.kind.as_str()))
    }

    /// Who keeps a mail from being encrypted that would be by itself.
    pub(super) fn hindrance(&self, wish: Wish) -> Vec<String> {
        let is_wanted = wish.encrypt.is_none()
            && self.settings.word(Setting::Encrypt) == "when-possible"
            && !self.is_exempt(wish.kind, Setting::Encrypt);
        if is_wanted && self.can_encrypt() { self.unready() } else { Vec::new() }
    }

    /// What of the settings a mail does not get because no certificate of the sender's own can be used, though
    /// there are some. Who never had one is told nothing.
    pub(super) fn lapses(&self, wish: Wish, intent: Intent) -> Vec<Problem> {
        let reasons = self.sender_reasons();
        let is_without = |one: &Problem| one.code == ProblemCode::SenderNoCertificate;
        let mut lapses = Vec::new();
        if reasons.is_empty() || reasons.iter().any(is_without) {
            return lapses;
        }
        let always = self.settings.flag(Setting::AlwaysSign)
            && !self.is_exempt(wish.kind, Setting::AlwaysSign);
        if always && wish.sign.is_none() && !intent.sign {
            let unsigned = Problem::new(ProblemCode::SendingUnsigned);
            lapses.push(unsigned.with_text("address", &self.from));
        }
        let is_unsigned =
            wish.sign == Some(false) && self.settings.flag(Setting::EncryptOnlySigned);
        let is_wanted = wish.encrypt.is_none()
            && self.settings.word(Setting::Encrypt) == "when-possible"
            && !self.is_exempt(wish.kind, Setting::Encrypt);
        let is_ready = !self.recipients.is_empty() && self.unready().is_empty();
        if is_wanted && is_ready && !is_unsigned && !intent.encrypt && !self.can_encrypt() {
            lapses.push(Problem::new(ProblemCode::SendingUnencrypted));
        }
        if !lapses.is_empty() {
            lapses.extend(reasons);
        }
        lapses
    }

    /// Whether mail of this kind goes as it is, whatever is chosen for others. What the administrator
    /// locked holds for every kind, unless the exemption is locked too.
    fn is_exempt(&self, kind: MailKind, setting: Setting) -> bool {
        let exemption = match kind {
            MailKind::Mail => return false,
            // Who is asked for a certificate has none to encrypt to.
            MailKind::CertificateRequest => return setting == Setting::Encrypt,
            MailKind::Invitation => Setting::ProtectInvitations,
            MailKind::Bulk => Setting::ProtectBulk,
            MailKind::Automatic => Setting::ProtectAutomatic,
        };
        !self.settings.flag(exemption)
            && (!self.settings.is_locked(setting) || self.settings.is_locked(exemption))
    }
}

fn locked(setting: Setting) -> Error {
    Error::SettingLocked { setting: setting.name() }
}

/// What would help against a reason, as a word for whoever shows it.
pub fn remedy(code: ProblemCode) -> Option<&'static str> {
    Some(match code {
        ProblemCode::RecipientNoCertificate
        | ProblemCode::RecipientNotForEncryption
        | ProblemCode::RecipientExpired
        | ProblemCode::RevocationRevoked => "ask-for-certificate",
        ProblemCode::RecipientNotYetValid | ProblemCode::SenderNotYetValid => "wait",
        ProblemCode::RecipientDistrusted
        | ProblemCode::RecipientUntrusted
        | ProblemCode::SenderUntrusted => "trust-certificate",
        ProblemCode::RecipientNoAnswer => "check-certificate",
        ProblemCode::RecipientNotAccepted => "accept-certificate",
        ProblemCode::RecipientNewestExcluded => "use-newest",
        ProblemCode::SenderNoCertificate
        | ProblemCode::SenderNotForSigning
        | ProblemCode::SenderExpired
        | ProblemCode::SenderDistrusted
        | ProblemCode::SenderRevoked
        | ProblemCode::SenderNoEncryption
        | ProblemCode::ReminderEndsSoon
        | ProblemCode::ReminderEnded => "import-own",
        ProblemCode::SenderLocked => "unlock",
        ProblemCode::SenderArchive => "tell-administrator",
        _ => return None,
    })
}
