//! Whether a certificate is good, and what tells of revocation.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::env::Env;
use crate::error::Result;
use crate::message::{
    self, CheckOptions, CrlShelf, Fetcher, RevocationOptions, RevocationPolicy, RevocationVerdict,
    TrustVerdict, parse_crl,
};
use crate::path::revocation::{Crl, OcspResponse};
use crate::path::{PolicyInputs, Purpose};
use crate::wasm::fetch::JsFetcher;
use crate::wasm::options::Options;
use crate::wasm::slab;
use crate::wasm::values::{certificate, date, list, object, problem, texts};

std::thread_local! {
    /// Of this instance of the module.
    static SHELF: Rc<CrlShelf> = Rc::default();
}

/// Where fetched CRLs stay.
pub(in crate::wasm) fn shelf() -> Rc<CrlShelf> {
    SHELF.with(Rc::clone)
}

/// The options of [`Revocation`]. The functions `fetch` and `cache` are the host's: here they only say
/// that they are there.
pub(in crate::wasm) const REVOCATION: &[&str] =
    &["crls", "ocspResponses", "revocation", "fetch", "cache", "mayFetch"];

/// What a call gives about revocation.
pub(in crate::wasm) struct Revocation {
    policy: Option<RevocationPolicy>,
    crls: Vec<Crl>,
    ocsp_responses: Vec<OcspResponse>,
    fetcher: Option<JsFetcher>,
    may_fetch: bool,
    shelf: Rc<CrlShelf>,
}

impl Revocation {
    pub(in crate::wasm) fn read(options: &Options) -> Result<Revocation> {
        let policies = [
            ("off", RevocationPolicy::Off),
            ("soft", RevocationPolicy::Soft),
            ("hard", RevocationPolicy::Hard),
        ];
        let limits = options.limits();
        let responses = options.list_of_bytes("ocspResponses")?;
        let responses = responses.iter().map(|der| OcspResponse::from_der(der, &limits));
        Ok(Revocation {
            policy: options.choice("revocation", "'off', 'soft' or 'hard'", &policies)?,
            crls: options.crls("crls")?,
            ocsp_responses: responses.collect::<Result<_>>()?,
            fetcher: JsFetcher::of(options.host()),
            may_fetch: options.optional_flag("mayFetch")?.unwrap_or(true),
            shelf: shelf(),
        })
    }

    pub(in crate::wasm) fn options(&self) -> RevocationOptions<'_> {
        RevocationOptions {
            policy: self.policy,
            crls: &self.crls,
            ocsp_responses: &self.ocsp_responses,
            fetcher: self.fetcher.as_ref().map(|fetcher| fetcher as &dyn Fetcher),
            may_fetch: self.may_fetch,
            shelf: Some(&self.shelf),
        }
    }
}

pub(super) async fn check_certificate(env: &mut Env, options: Options) -> Result<JsValue> {
    let own =
        ["certificate", "trustAnchors", "intermediates", "purpose", "address", "at", "policies"];
    let options = options.allow(&[&own, REVOCATION].concat(), &[])?;
    options.required("trustAnchors")?;
    let target = options.certificate("certificate")?;
    let trust_anchors = options.trust_anchors("trustAnchors")?;
    let intermediates = options.certificates("intermediates")?;
    let purposes =
        [("signing", Purpose::Signing), ("encryption", Purpose::Encryption), ("any", Purpose::Any)];
    let address = options.optional_text("address")?;
    let policies = match options.value("policies")? {
        Some(_) => Some(options.object("policies")?),
        None => None,
    };
    let policies = policies.map(Policies::read).transpose()?.unwrap_or_default();
    let revocation = Revocation::read(&options)?;
    let checked = message::check_certificate(
        env,
        CheckOptions {
            certificate: &target,
            trust_anchors: &trust_anchors,
            intermediates: &intermediates,
            purpose: options.choice("purpose", "'signing', 'encryption' or 'any'", &purposes)?,
            address: address.as_deref(),
            at: options.optional_date("at")?,
            policies: policies.inputs(),
            revocation: revocation.options(),
        },
    )
    .await?;
    Ok(object(&[
        ("trust", trust_verdict(checked.trust)),
        ("revocation", revocation_verdict(checked.revocation)),
        ("chain", list(&checked.chain, certificate)),
        ("policies", texts(checked.policies.iter().map(ToString::to_string))),
        ("problems", list(&checked.problems, problem)),
    ]))
}

/// `{ initial, requireExplicit, inhibitMapping, inhibitAny }`
#[derive(Default)]
struct Policies {
    initial: Option<Vec<der::asn1::ObjectIdentifier>>,
    require_explicit: bool,
    inhibit_mapping: bool,
    inhibit_any: bool,
}

impl Policies {
    fn read(options: Options) -> Result<Policies> {
        let known = ["initial", "requireExplicit", "inhibitMapping", "inhibitAny"];
        let options = options.allow(&known, &[])?;
        let flag = |name| options.optional_flag(name).map(Option::unwrap_or_default);
        Ok(Policies {
            initial: options.optional_oids("initial")?,
            require_explicit: flag("requireExplicit")?,
            inhibit_mapping: flag("inhibitMapping")?,
            inhibit_any: flag("inhibitAny")?,
        })
    }

    fn inputs(&self) -> PolicyInputs<'_> {
        PolicyInputs {
            acceptable: self.initial.as_deref(),
            require_explicit: self.require_explicit,
            inhibit_mapping: self.inhibit_mapping,
            inhibit_any: self.inhibit_any,
        }
    }
}

pub(super) fn parse(env: &mut Env, options: Options) -> Result<JsValue> {
    let data = options.allow(&["data"], &[])?.bytes("data")?;
    let crl = parse_crl(data, env.limits())?;
    let crl = object(&[
        ("issuer", crl.issuer_text().into()),
        ("thisUpdate", date(crl.this_update())),
        ("nextUpdate", crl.next_update().map_or(JsValue::UNDEFINED, date)),
        ("id", slab::insert_crl(crl)?.into()),
    ]);
    Ok(object(&[("crl", crl)]))
}

pub(in crate::wasm) fn trust_verdict(verdict: TrustVerdict) -> JsValue {
    match verdict {
        TrustVerdict::Trusted => "trusted",
        TrustVerdict::Untrusted => "untrusted",
        TrustVerdict::Unchecked => "unchecked",
    }
    .into()
}

pub(in crate::wasm) fn revocation_verdict(verdict: RevocationVerdict) -> JsValue {
    match verdict {
        RevocationVerdict::Good => "good",
        RevocationVerdict::Revoked => "revoked",
        RevocationVerdict::Unknown => "unknown",
        RevocationVerdict::Unchecked => "unchecked",
    }
    .into()
}
