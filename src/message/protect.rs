//! `protectMessage`: the copies in which a message goes out, and the one that its sender keeps.
//!
//! Who gets a blind copy gets one of their own, encrypted to them alone: a RecipientInfo in a shared
//! copy would tell the others of them (RFC 8551, 3.3 and RFC 5322, 3.6.3).

use std::borrow::Cow;

use mail_builder::headers::date::Date;

use super::blind::{is_blind, refuse_blind_inside};
use super::compose::address_field;
use super::encrypt::{EncryptionParameters, Recipient, encrypt_outgoing};
use super::headers::{HeaderOptions, HeaderProtection, Protection, mailboxes, protect};
use super::sign::{SignatureParameters, sign_outgoing};
use crate::bytes::{Sink, hex, offset_in};
use crate::cert::{AddressMatch, Identity, match_address};
use crate::env::{Env, Time};
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::mime::{Entity, Field, Outgoing, parse_address_list};

/// What `protectMessage` needs.
#[derive(Clone, Debug)]
pub struct ProtectOptions<'a> {
    /// A whole RFC 5322 message. Its Bcc fields don't go out; one that is signed already must have none
    /// inside.
    pub message: Cow<'a, [u8]>,
    /// The sender's address; `None` for the message's From.
    pub from: Option<String>,
    /// Addresses; `None` for those of the message's To.
    pub to: Option<Vec<String>>,
    /// Addresses; `None` for those of the message's Cc.
    pub cc: Option<Vec<String>>,
    /// Addresses; `None` for those of the message's Bcc.
    pub bcc: Option<Vec<String>>,
    /// Whose signatures; none if the message is only encrypted.
    pub signers: &'a [Identity],
    /// How to sign.
    pub signature: SignatureParameters<'a>,
    /// Certificates, among them at least one for each address; `None` if the message is only signed.
    /// Those for no address of this message are not used.
    pub recipients: Option<&'a [Recipient]>,
    /// The sender's own certificates, to which the copy to be kept is encrypted. `None` for those of the
    /// signers and the one they prefer; without any, there is no such copy.
    pub own: Option<&'a [Recipient]>,
    /// Who reads every encrypted copy besides: the sender, an archive.
    pub also: &'a [Recipient],
    /// Whether each recipient gets an encrypted copy of their own, not only those of Bcc.
    pub separately: bool,
    /// Whether to answer a copy that is not encrypted too.
    pub with_clear_copy: bool,
    /// Addresses of the message that don't get it. Its To and Cc don't name them either.
    pub left_out: &'a [String],
    /// How to encrypt.
    pub encryption: EncryptionParameters,
    /// How header fields are protected. In a message that is only signed all are, or none.
    pub headers: HeaderOptions<'a>,
    /// Whether the message must not go unencrypted, as the draft of an answer says.
    pub must_encrypt: bool,
}

/// What `protectMessage` answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected<S> {
    /// One copy for all in To and Cc, and one for each in Bcc. A message that is only signed goes to all
    /// in one.
    pub outgoing: Vec<ProtectedCopy<S>>,
    /// For the sender, with Bcc in its protected header. `None` where the sender has no certificate.
    pub sent_copy: Option<S>,
    /// The same before it was encrypted, to be kept where nobody else reads it: as asked for, and only
    /// where something was encrypted.
    pub clear_copy: Option<Vec<u8>>,
}

/// A message, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedCopy<S> {
    /// For SMTP (RFC 5321, 2.3.1).
    pub envelope: Envelope,
    /// The message.
    pub message: S,
}

/// Who gets a copy, and from whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The sender's address.
    pub from: String,
    /// The addresses of those who get it.
    pub to: Vec<String>,
}

/// Signs and encrypts a message for all who are to get it. Where it lacks a Date or Message-ID, all
/// copies get the same.
///
/// # Errors
///
/// `usage/missing-option` without signers and recipients, or anybody to send to; `usage/wrong-option` for
/// addresses that are none, or can't be read from the message, and for Bcc in what is signed already, or what of it
/// can't be read;
/// `refused/no-certificate` with the addresses that have none; `refused/recipient`, `refused/signer`,
/// `refused/must-encrypt`; `malformed/mime`, `limit/…`, `aborted`.
pub async fn protect_message<S: Sink>(
    env: &mut Env,
    options: ProtectOptions<'_>,
    sink: impl Fn(usize) -> S,
) -> Result<Protected<S>> {
    if options.must_encrypt && options.recipients.is_none() {
        return Err(Error::MustEncrypt);
    }
    let copies = Copies::of(env, &options, sink).await?;
    match options.recipients {
        Some(recipients) => copies.encrypted(env, recipients).await,
        None if options.signers.is_empty() => Err(Error::UsageMissingOption { option: "signers" }),
        None => copies.signed(env).await,
    }
}

/// As [`protect_message`], of what is neither signed nor encrypted: it goes to all without its Bcc.
///
/// # Errors
///
/// As [`protect_message`].
pub async fn send_unprotected<S: Sink>(
    env: &mut Env,
    options: ProtectOptions<'_>,
    sink: impl Fn(usize) -> S,
) -> Result<Protected<S>> {
    if options.must_encrypt || !options.headers.confidential.is_empty() {
        return Err(Error::MustEncrypt);
    }
    let copies = Copies::of(env, &options, sink).await?;
    let to = copies.people.all().cloned().collect();
    Ok(Protected {
        outgoing: vec![copies.copy(to, copies.written(&copies.message))],
        sent_copy: Some(copies.written(copies.kept.as_ref().unwrap_or(&copies.message))),
        clear_copy: None,
    })
}

/// Whom a message goes to: addresses, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// The sender.
    pub from: String,
    /// Of To.
    pub to: Vec<String>,
    /// Of Cc.
    pub cc: Vec<String>,
    /// Of Bcc.
    pub bcc: Vec<String>,
}

impl People {
    /// Those that a call gives, and else those that the message names.
    ///
    /// # Errors
    ///
    /// Those of [`protect_message`] that are about addresses; `malformed/mime`, `limit/…`.
    pub fn read(options: &ProtectOptions<'_>, limits: &Limits) -> Result<People> {
        People::of(&Entity::parse(&options.message, limits)?, options)
    }

    fn of(entity: &Entity<'_>, options: &ProtectOptions<'_>) -> Result<People> {
        let list = |option, given: &Option<Vec<String>>, field| match given {
            Some(given) => checked(option, given),
            None => named(option, entity, field),
        };
        let from = match &options.from {
            Some(from) => checked("from", core::slice::from_ref(from))?,
            None => named("from", entity, "From")?,
        };
        let [from] = from.as_slice() else {
            return Err(Error::UsageMissingOption { option: "from" });
        };
        let (mut to, mut cc, mut bcc) = (Vec::new(), Vec::new(), Vec::new());
        add(&mut to, list("to", &options.to, "To")?, &[]);
        add(&mut cc, list("cc", &options.cc, "Cc")?, &[&to]);
        add(&mut bcc, list("bcc", &options.bcc, "Bcc")?, &[&to, &cc]);
        for list in [&mut to, &mut cc, &mut bcc] {
            list.retain(|address| !has(options.left_out, address));
        }
        if to.is_empty() && cc.is_empty() && bcc.is_empty() {
            return Err(Error::UsageMissingOption { option: "to" });
        }
        Ok(People { from: from.clone(), to, cc, bcc })
    }

    /// Whether a text is an address, and nothing besides.
    pub fn is_address(text: &str) -> bool {
        parse_address_list(text).single() == Some(text)
    }

    /// All who get it.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.with_fields().map(|(_, address)| address)
    }

    /// All who get it, in the same order, each with the field that names them.
    pub fn with_fields(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let fields = [("to", &self.to), ("cc", &self.cc), ("bcc", &self.bcc)];
        fields.into_iter().flat_map(|(field, list)| list.iter().map(move |one| (field, one)))
    }

    /// How many stand in To and Cc.
    fn open(&self) -> usize {
        self.to.len() + self.cc.len()
    }
}

fn add(list: &mut Vec<String>, addresses: Vec<String>, others: &[&Vec<String>]) {
    for address in addresses {
        let is_known = |known: &String| match_address(known, &address) == AddressMatch::Same;
        let mut others = others.iter().flat_map(|others| others.iter());
        if !list.iter().any(is_known) && !others.any(is_known) {
            list.push(address);
        }
    }
}

fn has(list: &[String], address: &str) -> bool {
    list.iter().any(|one| match_address(one, address) != AddressMatch::Different)
}

fn checked(option: &'static str, addresses: &[String]) -> Result<Vec<String>> {
    if addresses.iter().all(|address| People::is_address(address)) {
        return Ok(addresses.to_vec());
    }
    Err(Error::UsageWrongOption { option, expected: "addresses like name@example.com" })
}

/// The addresses of a field of the message.
fn named(option: &'static str, entity: &Entity<'_>, name: &str) -> Result<Vec<String>> {
    let mut addresses = Vec::new();
    for field in entity.named(name).map(|field| field.unfolded()) {
        let list = parse_address_list(&field);
        if !list.is_exact && !field.is_empty() {
            return Err(Error::UsageWrongOption {
                option,
                expected: "given where the message's own field can't be read for certain",
            });
        }
        addresses.extend(list.addresses);
    }
    Ok(addresses)
}

/// The message without Bcc and with Date and Message-ID.
fn prepared(
    env: &mut Env,
    options: &ProtectOptions<'_>,
    entity: &Entity<'_>,
    people: &People,
) -> Result<Vec<u8>> {
    let message: &[u8] = &options.message;
    let mut added = String::new();
    let has = |name: &str| entity.named(name).next().is_some();
    if !has("Date") {
        added += &format!("Date: {}\r\n", Date::new(env.now().as_secs()).to_rfc822());
    }
    if !has("Message-ID") {
        let host = people.from.rsplit_once('@').map(|(_, host)| host).unwrap_or_default();
        added += &format!("Message-ID: <{}@{host}>\r\n", hex::encode(env.random::<16>().as_ref()));
    }
    let mut output = Vec::with_capacity(added.len() + message.len());
    output.extend_from_slice(added.as_bytes());
    for field in entity.fields() {
        // An HP-Outer outside means nothing, and may name anybody.
        if is_blind(field) || field.is("HP-Outer") {
            continue;
        }
        match without(field, options.left_out)? {
            Some(rewritten) => output.extend_from_slice(&rewritten),
            None => output.extend_from_slice(field.raw()),
        }
    }
    let header_end = entity
        .fields()
        .last()
        .and_then(|last| offset_in(message, last.raw()).map(|start| start + last.raw().len()));
    output.extend_from_slice(message.get(header_end.unwrap_or_default()..).unwrap_or_default());
    Ok(output)
}

/// A field of recipients without those that are left out; `None` for any other field, and where it names
/// none of them.
fn without(field: &Field<'_>, left_out: &[String]) -> Result<Option<Vec<u8>>> {
    let Some(name) = ["To", "Cc"].into_iter().find(|name| field.is(name)) else { return Ok(None) };
    let people = mailboxes(&field.unfolded());
    let before = people.len();
    let mut kept = people;
    kept.retain(|one| !has(left_out, &one.address));
    if kept.len() == before {
        return Ok(None);
    }
    if kept.is_empty() {
        return Ok(Some(Vec::new()));
    }
    address_field(name, kept).map(Some)
}

fn with_bcc(message: &[u8], bcc: &[String]) -> Vec<u8> {
    let field = format!("Bcc: {}\r\n", bcc.join(",\r\n "));
    [field.as_bytes(), message].concat()
}

/// One message on its way to several.
struct Copies<'o, 'a, F> {
    options: &'o ProtectOptions<'a>,
    people: People,
    /// As everybody gets it.
    message: Vec<u8>,
    /// As the sender keeps it, where that differs.
    kept: Option<Vec<u8>>,
    sink: F,
}

impl<'o, 'a, S: Sink, F: Fn(usize) -> S> Copies<'o, 'a, F> {
    async fn of(env: &mut Env, options: &'o ProtectOptions<'a>, sink: F) -> Result<Self> {
        let entity = Entity::parse(&options.message, env.limits())?;
        // Behind a line that is none, Bcc would stand in the body, and others might read it.
        if !entity.is_exact() {
            return Err(Error::MalformedMime { rule: "a line of the header is no field" });
        }
        refuse_blind_inside(env, &options.message).await?;
        let people = People::of(&entity, options)?;
        let message = prepared(env, options, &entity, &people)?;
        let kept = (!people.bcc.is_empty()).then(|| with_bcc(&message, &people.bcc));
        Ok(Copies { options, people, message, kept, sink })
    }

    async fn signed(&self, env: &mut Env) -> Result<Protected<S>> {
        let HeaderOptions { protection, confidential, .. } = self.options.headers;
        if !confidential.is_empty() {
            return Err(Error::MustEncrypt);
        }
        if let HeaderProtection::Policy(policy) = protection
            && policy.hides()
        {
            return Err(Error::UsageWrongOption {
                option: "protectHeaders",
                expected: "'auto', 'clear' or 'off' where nothing is encrypted",
            });
        }
        let protection = (protection != HeaderProtection::Off).then_some(Protection::SIGNED);
        let message = self.sign(env, &self.message, protection).await?;
        let sent_copy = match &self.kept {
            Some(kept) => {
                let protection =
                    protection.map(|protection| Protection { with_bcc: true, ..protection });
                self.written(&self.sign(env, kept, protection).await?)
            }
            None => self.written(&message),
        };
        let to = self.people.all().cloned().collect();
        let outgoing = vec![self.copy(to, self.written(&message))];
        Ok(Protected { outgoing, sent_copy: Some(sent_copy), clear_copy: None })
    }

    async fn encrypted(&self, env: &mut Env, given: &[Recipient]) -> Result<Protected<S>> {
        let now = env.now();
        let found = find(given, self.people.all(), now)?;
        let own = self.own(now)?;
        let aware = found.iter().flat_map(|(_, recipients)| recipients.iter().copied());
        let protection = self.options.headers.protection_for(aware)?;
        let is_signed = !self.options.signers.is_empty();
        let protection = protection.map(|protection| Protection { is_signed, ..protection });
        let inside = self.inside(env, &self.message, protection).await?;
        let (open, bcc) =
            found.split_at_checked(self.people.open()).unwrap_or((found.as_slice(), &[]));
        let together = if self.options.separately { 1 } else { open.len().max(1) };
        let mut outgoing = Vec::new();
        for group in open.chunks(together).chain(bcc.chunks(1)) {
            let recipients = group.iter().flat_map(|(_, recipients)| recipients.iter().copied());
            let recipients = recipients.chain(self.options.also.iter()).collect();
            let message = self.encrypt(env, &inside, recipients).await?;
            let to = group.iter().map(|(address, _)| (*address).clone()).collect();
            outgoing.push(self.copy(to, message));
        }
        let inside = match &self.kept {
            None => inside,
            Some(kept) => {
                let protection =
                    protection.map(|protection| Protection { with_bcc: true, ..protection });
                self.inside(env, kept, protection).await?
            }
        };
        let sent_copy = match own.is_empty() {
            true => None,
            false => {
                let recipients = own.iter().chain(self.options.also.iter()).collect();
                Some(self.encrypt(env, &inside, recipients).await?)
            }
        };
        let clear_copy = self.options.with_clear_copy.then(|| inside.unwrapped());
        Ok(Protected { outgoing, sent_copy, clear_copy })
    }

    /// What is encrypted, signed if it is to be, and the header that stays outside.
    async fn inside(
        &self,
        env: &mut Env,
        message: &[u8],
        protection: Option<Protection<'_>>,
    ) -> Result<Outgoing<'static>> {
        if self.options.signers.is_empty() {
            return Ok(outgoing(env, message, protection)?.into_owned());
        }
        let signed = self.sign(env, message, protection).await?;
        Outgoing::read(signed, env.limits())
    }

    async fn sign(
        &self,
        env: &mut Env,
        message: &[u8],
        protection: Option<Protection<'_>>,
    ) -> Result<Vec<u8>> {
        let outgoing = outgoing(env, message, protection)?;
        let ProtectOptions { signers, signature, .. } = self.options;
        sign_outgoing(env, &outgoing, signers, signature, Vec::with_capacity).await
    }

    /// What is written is sorted by its bytes (X.690, 11.6), so that the order of the RecipientInfos tells
    /// nothing of who stands in To and who in Cc.
    async fn encrypt(
        &self,
        env: &mut Env,
        inside: &Outgoing<'_>,
        recipients: Vec<&Recipient>,
    ) -> Result<S> {
        let parameters = &self.options.encryption;
        encrypt_outgoing(env, inside.borrowed(), recipients, parameters, &self.sink).await
    }

    /// The sender's own certificates that can be used; none only if none are wanted.
    fn own(&self, now: Time) -> Result<Vec<Recipient>> {
        let own: Vec<Recipient> = match self.options.own {
            Some([]) => return Ok(Vec::new()),
            Some(own) => own.to_vec(),
            None => {
                let signers = self.options.signers.iter().map(Identity::certificate);
                let preferred = self.options.signature.encryption_certificate;
                signers.chain(preferred).cloned().map(Recipient::from).collect()
            }
        };
        let usable: Vec<_> = own.into_iter().filter(|own| own.unusable(now).is_none()).collect();
        if usable.is_empty() {
            return Err(Error::without_certificate(vec![self.people.from.clone()]));
        }
        Ok(usable)
    }

    fn copy(&self, to: Vec<String>, message: S) -> ProtectedCopy<S> {
        ProtectedCopy { envelope: Envelope { from: self.people.from.clone(), to }, message }
    }

    fn written(&self, message: &[u8]) -> S {
        let mut output = (self.sink)(message.len());
        output.write(message);
        output
    }
}

fn outgoing<'a>(
    env: &Env,
    message: &'a [u8],
    protection: Option<Protection<'_>>,
) -> Result<Outgoing<'a>> {
    match protection {
        Some(protection) => protect(message.into(), &protection, env.limits()),
        None => Outgoing::read_for_transport(message, env.limits()),
    }
}

/// For each address the recipients whose certificates stand for it and can be used.
fn find<'r, 'p>(
    recipients: &'r [Recipient],
    addresses: impl Iterator<Item = &'p String>,
    now: Time,
) -> Result<Vec<(&'p String, Vec<&'r Recipient>)>> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for address in addresses {
        let matching = (0..).zip(recipients).filter(|(_, recipient)| recipient.stands_for(address));
        let mut usable = Vec::new();
        let mut refused = None;
        for (index, recipient) in matching {
            match recipient.unusable(now) {
                None => usable.push(recipient),
                Some(reason) => {
                    refused = refused.or(Some(Error::RecipientUnusable { index, reason }));
                }
            }
        }
        match refused {
            _ if !usable.is_empty() => found.push((address, usable)),
            Some(refused) => return Err(refused),
            None => missing.push(address.clone()),
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(Error::without_certificate(missing)) }
}
