//! Identities whose private keys are elsewhere. They come with a call as plain objects, see
//! ARCHITECTURE.md, "The boundary"; their holders are asked through `host.ask`.

use std::sync::Arc;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

use crate::cert::{Certificate, Identity};
use crate::crypto::{
    Answer, KeyHolder, KeyTransport, Operation, PrivateKey, PublicKey, Request, SignatureAlgorithm,
};
use crate::env::host::settled;
use crate::error::{Error, Result};

use super::values::{bytes, object};

/// An identity from what `values.js` makes of one that is external. `None` for anything else.
pub(super) fn identity(value: &JsValue, host: &Object) -> Result<Option<Identity>> {
    const BROKEN: Error = Error::Internal { what: "an external identity could not be read" };
    let get = |object: &Object, name: &str| Reflect::get(object, &name.into()).map_err(|_| BROKEN);
    let der = |value: JsValue| value.dyn_into::<Uint8Array>().map_err(|_| BROKEN);
    let Some(value) = value.dyn_ref::<Object>() else { return Ok(None) };
    let number = get(value, "external")?;
    if number.is_undefined() {
        return Ok(None);
    }
    let certificate = Certificate::from_der(&der(get(value, "certificate")?)?.to_vec())?;
    let chain: Array = get(value, "chain")?.dyn_into().map_err(|_| BROKEN)?;
    let chain = chain
        .iter()
        .map(|issuer| Certificate::from_der(&der(issuer)?.to_vec()))
        .collect::<Result<_>>()?;
    let secret: Zeroizing<Vec<u8>> = Zeroizing::new(der(get(value, "secret")?)?.to_vec());
    let secret = secret.first_chunk().ok_or(BROKEN)?;
    let does = |operation: Operation| get(value, operation.name()).map(|does| does.is_truthy());
    let holder = JsHolder {
        ask: get(host, "ask")?.dyn_into().map_err(|_| BROKEN)?,
        host: host.clone().into(),
        number,
        signs: does(Operation::Sign)?,
        decrypts: does(Operation::Decrypt)?,
    };
    let key = PrivateKey::external(certificate.public_key().clone(), Box::new(holder), secret)?;
    Identity::new(certificate, chain, Arc::new(key)).map(Some)
}

/// Callbacks on the other side of the boundary.
struct JsHolder {
    ask: Function,
    host: JsValue,
    /// Which of the call's external identities.
    number: JsValue,
    signs: bool,
    decrypts: bool,
}

impl KeyHolder for JsHolder {
    fn does(&self, operation: Operation) -> bool {
        match operation {
            Operation::Sign => self.signs,
            Operation::Decrypt => self.decrypts,
        }
    }

    fn ask<'a>(&'a self, request: Request<'a>) -> Answer<'a> {
        Box::pin(self.answer(request))
    }
}

impl JsHolder {
    async fn answer(&self, request: Request<'_>) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let operation = request.operation().name();
        let failed = |reason| Error::ExternalFailed { operation, reason };
        let promise: Promise = self
            .ask
            .call3(&self.host, &self.number, &operation.into(), &to_js(&request))
            .ok()
            .and_then(|promise| promise.dyn_into().ok())
            .ok_or(Error::Internal { what: "the host can't be asked" })?;
        let answer = settled(promise).await.map_err(|_| failed("its callback failed"))?;
        if answer.is_null() {
            return Ok(None);
        }
        let answer: Uint8Array =
            answer.dyn_into().map_err(|_| failed("its callback gave no bytes"))?;
        let found = Zeroizing::new(answer.to_vec());
        answer.fill(0, 0, answer.length());
        Ok(Some(found))
    }
}

/// What a callback gets, but for `signal`.
fn to_js(request: &Request<'_>) -> JsValue {
    match request {
        Request::Sign { algorithm, public_key, message } => object(&[
            ("algorithm", signature_algorithm(algorithm, public_key)),
            ("data", bytes(message)),
        ]),
        Request::DecryptKey { transport, encrypted } => {
            object(&[("algorithm", key_transport(transport)), ("encryptedKey", bytes(encrypted))])
        }
        Request::Agree { public_key, ephemeral } => {
            let algorithm = match public_key {
                PublicKey::X25519(_) => object(&[("name", "x25519".into())]),
                _ => object(&[("name", "ecdh".into()), ("curve", public_key.describe().0.into())]),
            };
            object(&[("algorithm", algorithm), ("publicKey", bytes(ephemeral))])
        }
    }
}

fn signature_algorithm(algorithm: &SignatureAlgorithm, public_key: &PublicKey) -> JsValue {
    let name = match algorithm {
        SignatureAlgorithm::RsaPkcs1v15(_) => "rsassa-pkcs1-v1_5".to_owned(),
        SignatureAlgorithm::RsaPss(_) => "rsassa-pss".to_owned(),
        SignatureAlgorithm::Ecdsa(_) => "ecdsa".to_owned(),
        other => other.name(),
    };
    let curve = match public_key {
        PublicKey::Ec(key) => key.curve().name().into(),
        _ => JsValue::UNDEFINED,
    };
    let (mgf_digest, salt_length) = match algorithm {
        SignatureAlgorithm::RsaPss(parameters) => {
            (parameters.mgf_digest.name().into(), (parameters.salt_length as f64).into())
        }
        _ => (JsValue::UNDEFINED, JsValue::UNDEFINED),
    };
    object(&[
        ("name", name.into()),
        ("digest", algorithm.digest().map_or(JsValue::UNDEFINED, |digest| digest.name().into())),
        ("mgfDigest", mgf_digest),
        ("saltLength", salt_length),
        ("curve", curve),
    ])
}

fn key_transport(transport: &KeyTransport) -> JsValue {
    match transport {
        KeyTransport::Pkcs1v15 => object(&[("name", "rsaes-pkcs1-v1_5".into())]),
        KeyTransport::Oaep(parameters) => object(&[
            ("name", "rsaes-oaep".into()),
            ("digest", parameters.digest.name().into()),
            ("mgfDigest", parameters.mgf_digest.name().into()),
            ("label", bytes(&parameters.label)),
        ]),
    }
}
