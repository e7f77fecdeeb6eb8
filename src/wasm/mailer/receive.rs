//! Reading mail: what is opened, accepted, archived and checked again.

use wasm_bindgen::JsValue;

use super::context::Call;
use crate::cert::Identity;
use crate::env::{Env, Time};
use crate::error::Result;
use crate::mailer::{
    Addressee, Archived, CheckedArchive, Learned, Mac, Offer, OpenMail, OpenedMail, Sign,
};
use crate::message::Fetcher;
use crate::wasm::fetch::JsFetcher;
use crate::wasm::options::Options;
use crate::wasm::store::stored_identity;
use crate::wasm::values::{bytes, certificate, date, list, object, problem, texts};
use crate::wasm::verbs::{opened_message, revocation_verdict, shelf};

/// What `open` and `archive` know.
const MAIL: &[&str] = &[
    "message",
    "content",
    "account",
    "from",
    "receivedAt",
    "direction",
    "mayFetch",
    "fetch",
    "cache",
];

/// The options of one mail, and who fetches for it.
struct Mail {
    message: Vec<u8>,
    content: Option<Vec<u8>>,
    account: Option<String>,
    from: Option<String>,
    received_at: Option<Time>,
    is_sent: bool,
    may_fetch: Option<bool>,
    fetcher: Option<JsFetcher>,
}

impl Mail {
    fn read(options: &Options) -> Result<Mail> {
        let directions = [("received", false), ("sent", true)];
        Ok(Mail {
            message: options.bytes("message")?,
            content: options.optional_bytes("content")?,
            account: options.optional_text("account")?,
            from: options.optional_text("from")?,
            received_at: options.optional_date("receivedAt")?,
            is_sent: options
                .choice("direction", "'received' or 'sent'", &directions)?
                .unwrap_or(false),
            may_fetch: options.optional_flag("mayFetch")?,
            fetcher: JsFetcher::of(options.host()),
        })
    }

    fn options(&self) -> OpenMail<'_> {
        OpenMail {
            content: self.content.as_deref(),
            account: self.account.as_deref(),
            from: self.from.as_deref(),
            received_at: self.received_at,
            is_sent: self.is_sent,
            may_fetch: self.may_fetch,
            fetcher: self.fetcher.as_ref().map(|fetcher| fetcher as &dyn Fetcher),
            shelf: None,
        }
    }
}

pub(super) async fn open(env: &mut Env, call: Call) -> Result<JsValue> {
    let mut mail = Mail::read(call.options(MAIL)?)?;
    let message = core::mem::take(&mut mail.message);
    let mailer = call.mailer(env).await;
    let shelf = shelf();
    let options = OpenMail { shelf: Some(&shelf), ..mail.options() };
    let opened = mailer.open(env, message, options).await?;
    Ok(opened_mail(&opened, &mailer.decrypting(), env.now()))
}

pub(super) async fn archive(env: &mut Env, call: Call) -> Result<JsValue> {
    let mut mail = Mail::read(call.options(MAIL)?)?;
    let message = core::mem::take(&mut mail.message);
    let mailer = call.mailer(env).await;
    let Archived { opened, message, evidence } =
        mailer.archive(env, message, mail.options()).await?;
    let optional = |data: &Option<Vec<u8>>| data.as_deref().map_or(JsValue::UNDEFINED, bytes);
    Ok(object(&[
        ("opened", opened_mail(&opened, &mailer.decrypting(), env.now())),
        ("visibility", "private".into()),
        ("direction", if mail.is_sent { "sent" } else { "received" }.into()),
        ("message", optional(&message)),
        ("evidence", optional(&evidence)),
    ]))
}

pub(super) async fn check_archived(env: &mut Env, call: Call) -> Result<JsValue> {
    let evidence = call.options(&["evidence"])?.bytes("evidence")?;
    let mailer = call.mailer(env).await;
    let CheckedArchive { message, badge, received_at, checked_at, mac } =
        mailer.check_archived(env, &evidence).await?;
    let is_genuine = match mac {
        Mac::Holds => JsValue::TRUE,
        Mac::Broken => JsValue::FALSE,
        Mac::Unchecked => JsValue::UNDEFINED,
    };
    Ok(object(&[
        ("message", opened_message(&message)),
        ("badge", sign(badge.state.code(), &badge)),
        ("receivedAt", received_at.map_or(JsValue::UNDEFINED, date)),
        ("checkedAt", date(checked_at)),
        ("isGenuine", is_genuine),
    ]))
}

pub(super) async fn accept_certificate(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["id", "certificate", "issuers", "address"])?;
    if let Some(id) = options.optional_text("id")? {
        let learned = call.mailer(env).await.confirm_certificate(&id).await?;
        return Ok(list(&learned, learned_value));
    }
    options.required("certificate")?;
    let target = options.certificate("certificate")?;
    let issuers = options.certificates("issuers")?;
    let address = options.text("address")?;
    let mailer = call.mailer(env).await;
    let learned = mailer.accept_certificate(env, &target, &issuers, &address).await?;
    Ok(list(&learned, learned_value))
}

fn opened_mail(opened: &OpenedMail, identities: &[(String, Identity)], now: Time) -> JsValue {
    let ids = identities.iter().map(|(id, _)| id);
    let revocation = opened
        .revocation
        .map(|verdict| object(&[("revocation", revocation_verdict(verdict)), ("at", date(now))]));
    object(&[
        ("message", opened_message(&opened.message)),
        ("identities", texts(ids)),
        ("badge", sign(opened.badge.state.code(), &opened.badge)),
        ("lock", sign(opened.lock.state.code(), &opened.lock)),
        ("locked", list(&opened.locked, stored_identity)),
        ("recipients", list(&opened.recipients, addressee)),
        ("validation", revocation.unwrap_or_default()),
        ("learned", list(&opened.learned, learned_value)),
        ("offered", list(&opened.offered, offer)),
        ("readdressed", opened.readdressed.as_deref().map_or(JsValue::UNDEFINED, bytes)),
        ("searchText", opened.search_text.as_deref().map_or(JsValue::UNDEFINED, JsValue::from)),
    ])
}

fn sign<T>(code: &str, sign: &Sign<T>) -> JsValue {
    object(&[("code", code.into()), ("reasons", list(&sign.reasons, problem))])
}

fn addressee(one: &Addressee) -> JsValue {
    let optional =
        |value: &Option<String>| value.as_deref().map_or(JsValue::UNDEFINED, JsValue::from);
    object(&[
        ("issuer", optional(&one.issuer)),
        ("serialNumber", optional(&one.serial_number)),
        ("subjectKeyIdentifier", optional(&one.subject_key_identifier)),
        ("certificate", one.certificate.as_ref().map_or(JsValue::UNDEFINED, certificate)),
        ("isOwn", one.is_own.into()),
    ])
}

fn learned_value(learned: &Learned) -> JsValue {
    object(&[
        ("id", learned.id.as_str().into()),
        ("certificate", certificate(&learned.certificate)),
        ("news", texts(learned.news.iter().map(|news| news.name()))),
    ])
}

fn offer(offer: &Offer) -> JsValue {
    object(&[
        ("certificate", certificate(&offer.certificate)),
        ("issuers", list(&offer.issuers, certificate)),
        ("address", offer.address.as_str().into()),
        ("isChanged", offer.is_changed.into()),
        ("reasons", list(&offer.reasons, problem)),
    ])
}
