//! Certificates: the list, one in full, import and export, trust, and reminders.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;

use super::context::Call;
use super::send::explained;
use crate::bytes::hex;
use crate::cert::{Certificate, DistinguishedName, check_address};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::mailer::{
    CertificateRow, CertificateState, CertificateView, ExportFormat, ListQuery, TrustChoice,
};
use crate::message::RevocationOptions;
use crate::pkcs12::Profile;
use crate::store::{Decision, RevocationNote, Trust};
use crate::wasm::options::{Options, wrong};
use crate::wasm::roots;
use crate::wasm::store::millis;
use crate::wasm::values::{
    bytes, certificate as certificate_data, date, list, object, problem, texts,
};
use crate::wasm::verbs::certificate::details;
use crate::wasm::verbs::trust::{REVOCATION, Revocation, revocation_verdict, trust_verdict};

/// Rows of a page, unless the caller says otherwise, and at most.
const PAGE: u64 = 100;
const LONGEST_PAGE: u64 = 1_000;

const STATES: [(&str, CertificateState); 5] = [
    ("valid", CertificateState::Valid),
    ("expired", CertificateState::Expired),
    ("not-yet", CertificateState::NotYet),
    ("revoked", CertificateState::Revoked),
    ("distrusted", CertificateState::Distrusted),
];

pub(super) async fn certificates(env: &mut Env, call: Call) -> Result<JsValue> {
    let options =
        call.options(&["filter", "address", "state", "own", "authorities", "after", "limit"])?;
    const EXPECTED: &str = "'valid', 'expired', 'not-yet', 'revoked' or 'distrusted'";
    let limit = match options.value("limit")? {
        Some(value) => millis("limit", &value)?,
        None => PAGE,
    };
    if limit == 0 || limit > LONGEST_PAGE {
        return Err(wrong("limit", "a whole number from 1 to 1000"));
    }
    let query = ListQuery {
        filter: options.optional_text("filter")?,
        address: options.optional_text("address")?,
        state: options.choice("state", EXPECTED, &STATES)?,
        own: options.optional_flag("own")?,
        authorities: options.optional_flag("authorities")?,
        after: options.optional_text("after")?,
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    };
    let page = call.mailer(env).await.certificates(env, &query).await?;
    Ok(object(&[
        ("entries", list(&page.rows, row)),
        ("after", page.after.into()),
        ("total", (page.total as f64).into()),
    ]))
}

pub(super) async fn certificate(env: &mut Env, call: Call) -> Result<JsValue> {
    let id = call.options(&["id"])?.text("id")?;
    Ok(view(&call.mailer(env).await.certificate(env, &id).await?))
}

pub(super) async fn check(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&[&["id", "online"], REVOCATION].concat())?;
    let id = options.text("id")?;
    let is_online = options.optional_flag("online")?.unwrap_or(true);
    let revocation = Revocation::read(options)?;
    let mut asked = revocation.options();
    asked.policy = asked.policy.or(Some(crate::message::RevocationPolicy::Soft));
    if !is_online {
        asked = RevocationOptions { fetcher: None, ..asked };
    }
    Ok(view(&call.mailer(env).await.check_certificate(env, &id, asked).await?))
}

pub(super) async fn import(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["data", "origin", "assign"])?;
    let data = options.bytes("data")?;
    let origin = options.optional_text("origin")?;
    let assign = match options.value("assign")? {
        Some(_) => Some(assignment(options.object("assign")?)?),
        None => None,
    };
    let mailer = call.mailer(env).await;
    let origin = origin.as_deref().unwrap_or("file");
    let imported = mailer.import_certificates(env, &data, origin, assign.as_ref()).await?;
    Ok(list(&imported, |one| {
        object(&[
            ("entry", row(&one.row)),
            ("isNew", one.is_new.into()),
            ("problems", list(&one.problems, problem)),
        ])
    }))
}

/// `{ addresses?, domains?, by? }`
fn assignment(options: Options) -> Result<TrustChoice> {
    let options = options.allow(&["addresses", "domains", "by"], &[])?;
    let choice = choice(&options, Some(Trust::Trusted))?;
    match choice.addresses.is_empty() && choice.domains.is_empty() {
        true => Err(wrong("assign", "an object with addresses or domains")),
        false => Ok(choice),
    }
}

pub(super) async fn set_trust(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["id", "trust", "addresses", "domains", "by"])?;
    let id = options.text("id")?;
    let choices = [
        ("trusted", Some(Trust::Trusted)),
        ("distrusted", Some(Trust::Distrusted)),
        ("automatic", None),
    ];
    const EXPECTED: &str = "'trusted', 'distrusted' or 'automatic'";
    let trust = options.choice("trust", EXPECTED, &choices)?;
    let trust = trust.ok_or(Error::UsageMissingOption { option: "trust" })?;
    let choice = choice(options, trust)?;
    let mailer = call.mailer(env).await;
    let known = mailer.set_trust(env, &id, &choice).await?;
    Ok(row(&mailer.row(known, env.now())))
}

fn choice(options: &Options, trust: Option<Trust>) -> Result<TrustChoice> {
    const ADDRESSES: &str = "an array of e-mail addresses";
    const DOMAINS: &str = "an array of hosts, or of domains with a period in front";
    let addresses = options.optional_texts("addresses", ADDRESSES)?.unwrap_or_default();
    let domains = options.optional_texts("domains", DOMAINS)?.unwrap_or_default();
    if addresses.iter().any(|address| check_address(address).is_err()) {
        return Err(wrong("addresses", ADDRESSES));
    }
    let is_host = |domain: &str| check_address(&format!("a@{domain}")).is_ok();
    if !domains.iter().all(|domain| is_host(domain.strip_prefix('.').unwrap_or(domain))) {
        return Err(wrong("domains", DOMAINS));
    }
    let by = options.optional_text("by")?.filter(|by| !by.is_empty());
    Ok(TrustChoice { trust, addresses, domains, by })
}

pub(super) async fn export(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["id", "format"])?;
    let formats =
        [("der", ExportFormat::Der), ("pem", ExportFormat::Pem), ("p7b", ExportFormat::P7b)];
    let format = options.choice("format", "'der', 'pem' or 'p7b'", &formats)?;
    let format = format.ok_or(Error::UsageMissingOption { option: "format" })?;
    let id = options.text("id")?;
    Ok(bytes(&call.mailer(env).await.export_certificate(env, &id, format).await?))
}

pub(super) async fn export_p12(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["id", "password", "profile"])?;
    let profiles = [
        ("modern", Profile::Modern),
        ("pbmac1", Profile::Pbmac1),
        ("compatible", Profile::Compatible),
    ];
    let profile = options.choice("profile", "'modern', 'pbmac1' or 'compatible'", &profiles)?;
    let profile = profile.unwrap_or(Profile::Modern);
    // A key never leaves without a password.
    let password = crate::pkcs12::Password::new(&options.passphrase("password")?);
    let id = options.text("id")?;
    Ok(bytes(&call.mailer(env).await.export_p12(env, &id, &password, profile).await?))
}

pub(super) async fn removal(env: &mut Env, call: Call) -> Result<JsValue> {
    let id = call.options(&["id"])?.text("id")?;
    let known = call.mailer(env).await.find(env, &id).await?;
    let certificate = &known.entry.certificate;
    let addresses = certificate.addresses().iter().chain(&known.entry.notes.assigned);
    Ok(object(&[
        ("addresses", texts(addresses)),
        ("from", date(certificate.not_before())),
        ("until", date(certificate.not_after())),
        ("firstSeen", date(known.entry.first_seen)),
        ("lastSeen", date(known.entry.last_seen)),
        ("isOwn", known.is_own.into()),
        ("keepsCertificate", known.is_own.into()),
    ]))
}

pub(super) async fn remove(env: &mut Env, call: Call) -> Result<JsValue> {
    let id = call.options(&["id"])?.text("id")?;
    call.mailer(env).await.remove_certificate(env, &id).await?;
    Ok(JsValue::UNDEFINED)
}

pub(super) async fn remove_identity(env: &mut Env, call: Call) -> Result<JsValue> {
    let id = call.options(&["id"])?.text("id")?;
    let epoch = call.epoch(env).await;
    let session = call.mailer(env).await.remove_identity(env, &id).await?;
    call.keep_under(env, epoch, session).await?;
    Ok(JsValue::UNDEFINED)
}

/// Whom is trusted from the start, and whom by hand.
pub(super) async fn trust_anchors(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&[])?;
    let given = options.value("trustAnchors")?.unwrap_or(JsValue::UNDEFINED);
    let is_mozilla = |value: &JsValue| value.as_string().as_deref() == Some("mozilla");
    let names_mozilla = is_mozilla(&given)
        || Array::is_array(&given) && Array::from(&given).iter().any(|one| is_mozilla(&one));
    let mozilla = match roots::origin().filter(|_| names_mozilla) {
        Some((source, date)) => object(&[("source", source.into()), ("date", date.into())]),
        None => JsValue::UNDEFINED,
    };
    let (rows, problems) = call.mailer(env).await.trust_anchors(env).await?;
    Ok(object(&[
        ("mozilla", mozilla),
        ("entries", list(&rows, row)),
        ("problems", list(&problems, problem)),
    ]))
}

pub(super) async fn reminders(env: &mut Env, call: Call) -> Result<JsValue> {
    let options = call.options(&["days"])?;
    let days = match options.value("days")? {
        Some(_) => {
            let days = options.list("days")?;
            Some(days.iter().map(|day| millis("days", day)).collect::<Result<Vec<_>>>()?)
        }
        None => None,
    };
    let reminders = call.mailer(env).await.reminders(env, days).await?;
    Ok(list(&reminders, |one| {
        let told = explained(&one.problem());
        let more = [
            ("entry", row(&one.row)),
            ("daysLeft", (one.days_left as f64).into()),
            ("stage", (one.stage as f64).into()),
        ];
        extend(&told, &more);
        told
    }))
}

/// A `CertificateRow`.
fn row(row: &CertificateRow) -> JsValue {
    let entry = &row.known.entry;
    let certificate = &entry.certificate;
    let state = STATES.iter().find(|(_, state)| *state == row.state).map(|(word, _)| *word);
    object(&[
        ("id", entry.id.as_str().into()),
        ("addresses", texts(certificate.addresses())),
        ("assigned", texts(&entry.notes.assigned)),
        ("name", name(certificate.subject()).into()),
        ("issuer", name(certificate.issuer()).into()),
        ("serialNumber", hex::encode(certificate.serial_number()).into()),
        ("notBefore", date(certificate.not_before())),
        ("notAfter", date(certificate.not_after())),
        ("state", state.into()),
        ("isOwn", row.known.is_own.into()),
        ("isShared", row.is_shared.into()),
        ("isAuthority", entry.is_authority().into()),
        ("accounts", texts(&row.accounts)),
        ("canSign", can(certificate, certificate.allows_signing())),
        ("canEncrypt", can(certificate, certificate.allows_encryption())),
        ("origin", entry.origin.as_deref().into()),
        ("firstSeen", date(entry.first_seen)),
        ("lastSeen", date(entry.last_seen)),
        ("decision", entry.notes.decision.as_ref().map_or(JsValue::UNDEFINED, decision)),
        ("revocation", noted_revocation(entry.notes.revocation)),
    ])
}

fn can(certificate: &Certificate, is_allowed: bool) -> JsValue {
    (is_allowed && certificate.allows_email()).into()
}

/// Whoever it is, in a few words.
fn name(dn: &[u8]) -> Option<String> {
    let name = DistinguishedName::from_der(dn).unwrap_or_default();
    let words = ["commonName", "pseudonym", "organizationName", "organizationalUnitName"];
    words.iter().find_map(|word| name.get(word)).map(str::to_owned)
}

fn decision(decision: &Decision) -> JsValue {
    let trust = match decision.trust {
        Trust::Trusted => "trusted",
        Trust::Distrusted => "distrusted",
    };
    object(&[
        ("trust", trust.into()),
        ("addresses", texts(&decision.addresses)),
        ("domains", texts(&decision.domains)),
        ("by", decision.by.as_str().into()),
        ("at", date(decision.at)),
    ])
}

fn noted_revocation(note: Option<RevocationNote>) -> JsValue {
    let Some(RevocationNote { is_revoked, at }) = note else {
        return object(&[("status", "unchecked".into())]);
    };
    let status = match is_revoked {
        Some(true) => "revoked",
        Some(false) => "good",
        None => "unknown",
    };
    object(&[("status", status.into()), ("checked", date(at))])
}

/// A `CertificateView`.
fn view(view: &CertificateView) -> JsValue {
    let CertificateView { row: shown, check } = view;
    let certificate = &shown.known.entry.certificate;
    let value = row(shown);
    let more = [
        ("certificate", certificate_data(certificate)),
        ("details", details(certificate)),
        ("chain", list(&check.chain, certificate_data)),
        ("trust", trust_verdict(check.trust)),
        ("asked", revocation_verdict(check.revocation)),
        ("problems", list(&check.problems, problem)),
    ];
    extend(&value, &more);
    value
}

fn extend(value: &JsValue, more: &[(&str, JsValue)]) {
    for (field, content) in more {
        // Only a frozen object or a setter could refuse, and this one is new.
        let _ = Reflect::set(value, &(*field).into(), content);
    }
}
