//! Who is ready for signed and encrypted mail: what a compose window shows, and what `protect` goes by.

use super::choose::{Choice, Chooser, Chosen};
use super::kind::MailKind;
use super::settings::{Setting, Settings};
use super::{Account, Mailer};
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
    /// Looks at all who take part in a mail.
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
        let own = chooser.own(env, account);
        let recipients =
            surveyed(env, &mut chooser, addresses, |address| book.settings(Some(address)));
        let recipients = recipients.await?;
        let from = from.to_owned();
        Ok(Survey { account, from, settings, signer, identity, own, recipients })
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
        let mut problems = self.signer.problems.clone();
        let about = |code| Problem::new(code).with_text("address", &self.from);
        if self.is_locked() {
            problems.push(about(ProblemCode::SenderLocked));
        }
        if self.own.is_empty() {
            problems.push(about(ProblemCode::SenderNoEncryption));
        }
        problems
    }

    /// What to do with a mail: what the user says, and else the settings.
    ///
    /// # Errors
    ///
    /// `refused/must-encrypt` and `refused/unsigned-encryption` where the user says what is not allowed.
    pub fn intent(&self, wish: Wish) -> Result<Intent> {
        let only_signed = self.settings.flag(Setting::EncryptOnlySigned);
        let is_exempt = self.is_exempt(wish.kind);
        let is_possible = self.can_encrypt() && self.unready().is_empty();
        let encrypt = match (wish.encrypt, self.settings.word(Setting::Encrypt)) {
            (Some(false), _) if wish.must_encrypt => return Err(Error::MustEncrypt),
            (Some(said), _) => said,
            (None, _) if wish.must_encrypt => true,
            (None, _) if is_exempt => false,
            (None, "always") => true,
            (None, "when-possible") => is_possible && !(only_signed && wish.sign == Some(false)),
            (None, _) => false,
        };
        let always = self.settings.flag(Setting::AlwaysSign)
            && (self.can_sign() || self.settings.is_chosen(Setting::AlwaysSign));
        let sign = match wish.sign {
            Some(said) => said,
            None => (always && !is_exempt) || (encrypt && only_signed),
        };
        if encrypt && only_signed && !sign {
            return Err(Error::EncryptionUnsigned);
        }
        Ok(Intent { sign, encrypt })
    }

    /// Whether mail of this kind goes as it is unless somebody says otherwise.
    fn is_exempt(&self, kind: MailKind) -> bool {
        let setting = match kind {
            MailKind::Mail => return false,
            MailKind::Invitation => Setting::ProtectInvitations,
            MailKind::Bulk => Setting::ProtectBulk,
            MailKind::Automatic => Setting::ProtectAutomatic,
        };
        !self.settings.flag(setting)
    }
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
        ProblemCode::RecipientNotAccepted => "accept-certificate",
        ProblemCode::RecipientNewestExcluded => "use-newest",
        ProblemCode::SenderNoCertificate
        | ProblemCode::SenderNotForSigning
        | ProblemCode::SenderExpired
        | ProblemCode::SenderNoEncryption => "import-own",
        ProblemCode::SenderLocked => "unlock",
        _ => return None,
    })
}
