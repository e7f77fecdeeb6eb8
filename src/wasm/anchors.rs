//! Trust anchors as callers give them: certificates, or objects of a certificate and of what it is trusted
//! for, or the word that stands for Mozilla's roots.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::options::{Options, wrong};
use super::roots;
use crate::cert::{Certificate, check_address};
use crate::error::Result;
use crate::message::parse_certificates;
use crate::path::{AnchorLimits, TrustAnchor};

/// What text has to hold to be certificates.
const PEM: &str = "-----BEGIN ";

impl Options {
    /// Where paths may end; nowhere if absent.
    pub(super) fn trust_anchors(&self, name: &'static str) -> Result<Vec<TrustAnchor>> {
        const EXPECTED: &str = "'mozilla', or an array of it, of certificates (DER or PEM), and of \
                                objects of a certificate and of what it is trusted for";
        let limits = &self.limits();
        let Some(value) = self.value(name)? else { return Ok(Vec::new()) };
        if is_mozilla(&value) {
            return roots::anchors();
        }
        let list = value.dyn_into::<Array>().map_err(|_| wrong(name, EXPECTED))?;
        let mut anchors = Vec::new();
        for item in list.iter() {
            if is_mozilla(&item) {
                anchors.extend(roots::anchors()?);
            } else if let Some(pem) = item.as_string().filter(|text| text.contains(PEM)) {
                let found = parse_certificates(pem.as_bytes(), limits)?;
                anchors.extend(found.into_iter().map(TrustAnchor::from));
            } else if item.is_instance_of::<Uint8Array>() {
                let found = parse_certificates(&self.to_bytes(name, item)?, limits)?;
                anchors.extend(found.into_iter().map(TrustAnchor::from));
            } else if item.is_object() && !Array::is_array(&item) {
                anchors.push(limited(self.nested(name, item)?)?);
            } else {
                return Err(wrong(name, EXPECTED));
            }
        }
        Ok(anchors)
    }
}

fn is_mozilla(value: &JsValue) -> bool {
    value.as_string().as_deref() == Some("mozilla")
}

/// A certificate that is trusted for something only.
fn limited(options: Options) -> Result<TrustAnchor> {
    const ADDRESSES: &str = "an array of e-mail addresses";
    const DOMAINS: &str = "an array of hosts, or of domains with a period in front";
    let options = options
        .allow(&["certificate", "addresses", "domains", "emailOnly", "distrustAfter"], &[])?;
    let addresses = options.optional_texts("addresses", ADDRESSES)?;
    let domains = options.optional_texts("domains", DOMAINS)?;
    if addresses.iter().flatten().any(|address| check_address(address).is_err()) {
        return Err(wrong("addresses", ADDRESSES));
    }
    if domains.iter().flatten().any(|domain| domain.is_empty() || domain.contains('@')) {
        return Err(wrong("domains", DOMAINS));
    }
    let is_limited = addresses.is_some() || domains.is_some();
    let permitted = addresses.into_iter().chain(domains).flatten().collect();
    let limits = AnchorLimits {
        permitted: is_limited.then_some(permitted),
        distrust_after: options.optional_date("distrustAfter")?,
        email_only: options.optional_flag("emailOnly")?.unwrap_or_default(),
        ..AnchorLimits::default()
    };
    Ok(TrustAnchor { certificate: Certificate::from_der(&options.bytes("certificate")?)?, limits })
}
