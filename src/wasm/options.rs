//! The reader of a verb's options.
//!
//! Which names a verb knows is said once, before anything is read; an unknown name, a missing one
//! and a value of the wrong type are three different errors of the caller.

use der::asn1::ObjectIdentifier;
use js_sys::{Array, Date, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

use crate::cert::{Certificate, Identity};
use crate::crypto::SecretBytes;
use crate::env::Time;
use crate::error::{Error, Limit, Result};
use crate::limits::Limits;
use crate::message::{Capabilities, Recipient, parse_crl};
use crate::path::revocation::Crl;
use crate::pkcs12::Password;

use super::{external, slab};

/// What bytes have to be; the words are for people who gave a string.
const BYTES: &str = "bytes (a Uint8Array, an ArrayBuffer or a Blob), never a string";

/// The options of one call.
pub(super) struct Options {
    object: Object,
    limits: Limits,
    /// Who is asked for the keys of external identities.
    host: Object,
}

impl Options {
    /// Reads `limits`, the one option that every verb has.
    pub(super) fn new(value: JsValue, host: Object) -> Result<Options> {
        let object = to_object("options", value)?;
        let limits = limits(&get(&object, "limits")?)?;
        Ok(Options { object, limits, host })
    }

    /// The caps of this call.
    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// Refuses every name that the verb does not know. `later` are names of the interface that this
    /// version does not serve: they are refused too, with another code.
    pub(super) fn allow(self, known: &[&str], later: &[&str]) -> Result<Options> {
        for option in keys(&self.object) {
            if later.contains(&option.as_str()) {
                return Err(Error::UnsupportedFeature { feature: option });
            }
            if option != "limits" && !known.contains(&option.as_str()) {
                return Err(unknown(option, known));
            }
        }
        Ok(self)
    }

    /// Refuses every name that is neither among these nor `common`, of which nobody needs to be told.
    pub(super) fn check(&self, known: &[&str], common: &[&str]) -> Result<()> {
        let is_known = |option: &str| {
            option == "limits" || known.contains(&option) || common.contains(&option)
        };
        match keys(&self.object).into_iter().find(|option| !is_known(option)) {
            Some(option) => Err(unknown(option, known)),
            None => Ok(()),
        }
    }

    /// The option's value, unless it is absent.
    pub(super) fn value(&self, name: &'static str) -> Result<Option<JsValue>> {
        let value = get(&self.object, name)?;
        Ok((!value.is_undefined()).then_some(value))
    }

    /// The option's value.
    pub(super) fn required(&self, name: &'static str) -> Result<JsValue> {
        self.value(name)?.ok_or(Error::UsageMissingOption { option: name })
    }

    /// Bytes, copied into the module. They are taken out of the options, so that JavaScript need not
    /// keep its copy while the call runs.
    pub(super) fn bytes(&self, name: &'static str) -> Result<Vec<u8>> {
        let bytes = self.to_bytes(name, self.required(name)?)?;
        let _ = Reflect::delete_property(&self.object, &name.into());
        Ok(bytes)
    }

    /// Bytes, if given.
    pub(super) fn optional_bytes(&self, name: &'static str) -> Result<Option<Vec<u8>>> {
        self.value(name)?.map(|value| self.to_bytes(name, value)).transpose()
    }

    /// A list of bytes; empty if absent.
    pub(super) fn list_of_bytes(&self, name: &'static str) -> Result<Vec<Vec<u8>>> {
        self.list(name)?.into_iter().map(|item| self.to_bytes(name, item)).collect()
    }

    /// The items of a list; none if absent.
    pub(super) fn list(&self, name: &'static str) -> Result<Vec<JsValue>> {
        let Some(value) = self.value(name)? else { return Ok(Vec::new()) };
        let list = value.dyn_into::<Array>().map_err(|_| wrong(name, "an array"))?;
        Ok(list.iter().collect())
    }

    /// The options inside an option.
    pub(super) fn object(&self, name: &'static str) -> Result<Options> {
        self.nested(name, self.required(name)?)
    }

    /// The options inside each item of a list; empty if absent.
    pub(super) fn objects(&self, name: &'static str) -> Result<Vec<Options>> {
        self.list(name)?.into_iter().map(|item| self.nested(name, item)).collect()
    }

    /// Texts; none if absent.
    pub(super) fn texts(&self, name: &'static str) -> Result<Vec<String>> {
        let read = |item: JsValue| item.as_string().ok_or(wrong(name, "an array of strings"));
        self.list(name)?.into_iter().map(read).collect()
    }

    /// The texts of an object by their names; empty if absent.
    pub(super) fn texts_by_name(&self, name: &'static str) -> Result<Vec<(String, String)>> {
        const EXPECTED: &str = "an object of strings";
        let Some(value) = self.value(name)? else { return Ok(Vec::new()) };
        let object = to_object(name, value).map_err(|_| wrong(name, EXPECTED))?;
        keys(&object)
            .into_iter()
            .map(|key| match get(&object, &key)?.as_string() {
                Some(text) => Ok((key, text)),
                None => Err(wrong(name, EXPECTED)),
            })
            .collect()
    }

    /// Text.
    pub(super) fn text(&self, name: &'static str) -> Result<String> {
        self.optional_text(name)?.ok_or(Error::UsageMissingOption { option: name })
    }

    /// Text, if given.
    pub(super) fn optional_text(&self, name: &'static str) -> Result<Option<String>> {
        self.value(name)?.map(|value| value.as_string().ok_or(wrong(name, "a string"))).transpose()
    }

    /// True or false, if given.
    pub(super) fn optional_flag(&self, name: &'static str) -> Result<Option<bool>> {
        self.value(name)?
            .map(|value| value.as_bool().ok_or(wrong(name, "true or false")))
            .transpose()
    }

    /// One of the words in `choices`, if given. `expected` lists them for the error.
    pub(super) fn choice<T: Copy>(
        &self,
        name: &'static str,
        expected: &'static str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        let word = value.as_string();
        choices
            .iter()
            .find(|(choice, _)| word.as_deref() == Some(choice))
            .map(|(_, meaning)| Some(*meaning))
            .ok_or(wrong(name, expected))
    }

    /// A moment, if given.
    pub(super) fn optional_date(&self, name: &'static str) -> Result<Option<Time>> {
        const EXPECTED: &str = "a valid Date";
        let Some(value) = self.value(name)? else { return Ok(None) };
        let millis = value.dyn_into::<Date>().map_err(|_| wrong(name, EXPECTED))?.get_time();
        if millis.is_nan() {
            Err(wrong(name, EXPECTED))
        } else {
            Ok(Some(Time::from_millis(millis as i64)))
        }
    }

    /// A password: text, or bytes.
    pub(super) fn password(&self, name: &'static str) -> Result<Password> {
        Ok(Password::new(&self.secret(name)?))
    }

    /// A passphrase that the caller makes up: text, or bytes, but not nothing.
    pub(super) fn passphrase(&self, name: &'static str) -> Result<Zeroizing<Vec<u8>>> {
        let secret = self.secret(name)?;
        if secret.is_empty() { Err(wrong(name, "not empty")) } else { Ok(secret) }
    }

    fn secret(&self, name: &'static str) -> Result<Zeroizing<Vec<u8>>> {
        to_secret(name, self.required(name)?)
    }

    /// Passwords, each text or bytes; none if absent.
    pub(super) fn secrets(&self, name: &'static str) -> Result<Vec<SecretBytes>> {
        let list = self.list(name)?.into_iter();
        list.map(|item| to_secret(name, item).map(SecretBytes::from)).collect()
    }

    /// A key, which is wiped as a password in bytes is.
    pub(super) fn secret_key(&self, name: &'static str) -> Result<SecretBytes> {
        let value = self.required(name)?;
        if value.is_string() {
            return Err(wrong(name, BYTES));
        }
        to_secret(name, value).map(SecretBytes::from)
    }

    /// An identity.
    pub(super) fn identity(&self, name: &'static str) -> Result<Identity> {
        self.to_identity(name, &self.required(name)?)
    }

    /// The number of a handle.
    pub(super) fn handle(&self, name: &'static str) -> Result<u32> {
        to_handle(name, &self.required(name)?)
    }

    /// A list of identities; empty if absent.
    pub(super) fn identities(&self, name: &'static str) -> Result<Vec<Identity>> {
        self.list(name)?.iter().map(|item| self.to_identity(name, item)).collect()
    }

    /// The identity behind a handle, or one whose key is elsewhere.
    fn to_identity(&self, name: &'static str, value: &JsValue) -> Result<Identity> {
        match external::identity(value, &self.host)? {
            Some(external) => Ok(external),
            None => slab::get(to_handle(name, value)?),
        }
    }

    /// The recipients of a message, each a certificate in DER, or an object of one and of
    /// SMIMECapabilities in DER; empty if absent.
    pub(super) fn recipients(&self, name: &'static str) -> Result<Vec<Recipient>> {
        let read = |item: JsValue| {
            if item.is_instance_of::<Uint8Array>() {
                return Ok(Certificate::from_der(&self.to_bytes(name, item)?)?.into());
            }
            let known = ["certificate", "capabilities", "protectedHeaders"];
            let options = self.nested(name, item)?.allow(&known, &[])?;
            let certificate = Certificate::from_der(&options.bytes("certificate")?)?;
            let recipient = match options.optional_bytes("capabilities")? {
                Some(der) => Recipient::new(certificate, Capabilities::from_der(&der)?),
                None => certificate.into(),
            };
            let reads = options.optional_flag("protectedHeaders")?.unwrap_or(false);
            Ok(recipient.reads_protected_headers(reads))
        };
        self.list(name)?.into_iter().map(read).collect()
    }

    /// A certificate in DER.
    pub(super) fn certificate(&self, name: &'static str) -> Result<Certificate> {
        Certificate::from_der(&self.to_bytes(name, self.required(name)?)?)
    }

    /// A certificate in DER, if given.
    pub(super) fn optional_certificate(&self, name: &'static str) -> Result<Option<Certificate>> {
        let der = self.value(name)?.map(|value| self.to_bytes(name, value)).transpose()?;
        der.map(|der| Certificate::from_der(&der)).transpose()
    }

    /// Certificates in DER; empty if absent.
    pub(super) fn certificates(&self, name: &'static str) -> Result<Vec<Certificate>> {
        self.list_of_bytes(name)?.iter().map(|der| Certificate::from_der(der)).collect()
    }

    /// A list of texts, if given. `expected` says of what, for the error.
    pub(super) fn optional_texts(
        &self,
        name: &'static str,
        expected: &'static str,
    ) -> Result<Option<Vec<String>>> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        let list = value.dyn_into::<Array>().map_err(|_| wrong(name, expected))?;
        let texts: Option<Vec<String>> = list.iter().map(|item| item.as_string()).collect();
        texts.map(Some).ok_or(wrong(name, expected))
    }

    /// CRLs, each in DER or PEM, or the number of a handle; empty if absent.
    pub(super) fn crls(&self, name: &'static str) -> Result<Vec<Crl>> {
        let read = |item: JsValue| match item.as_f64() {
            Some(id) => slab::get_crl(id as u32),
            None => parse_crl(self.to_bytes(name, item)?, &self.limits),
        };
        self.list(name)?.into_iter().map(read).collect()
    }

    /// Object identifiers in dotted form, if given.
    pub(super) fn optional_oids(
        &self,
        name: &'static str,
    ) -> Result<Option<Vec<ObjectIdentifier>>> {
        const EXPECTED: &str = "an array of object identifiers in dotted form";
        let read = |text: String| text.parse().map_err(|_| wrong(name, EXPECTED));
        let texts = self.optional_texts(name, EXPECTED)?;
        texts.map(|texts| texts.into_iter().map(read).collect()).transpose()
    }

    /// The host of the call.
    pub(super) fn host(&self) -> &Object {
        &self.host
    }

    /// The options inside a value, which is that of an option or one of several.
    pub(super) fn nested(&self, name: &'static str, value: JsValue) -> Result<Options> {
        let object = to_object(name, value)?;
        Ok(Options { object, limits: self.limits, host: self.host.clone() })
    }

    /// Bytes from a value, copied into the module.
    pub(super) fn to_bytes(&self, name: &'static str, value: JsValue) -> Result<Vec<u8>> {
        let bytes = value.dyn_into::<Uint8Array>().map_err(|_| wrong(name, BYTES))?;
        let length = bytes.length() as usize;
        if length > self.limits.input_bytes {
            return Err(Error::Limit {
                limit: Limit::InputBytes,
                required: length as u64,
                allowed: self.limits.input_bytes as u64,
            });
        }
        Ok(bytes.to_vec())
    }
}

/// The error for a value of the wrong type.
pub(super) fn wrong(option: &'static str, expected: &'static str) -> Error {
    Error::UsageWrongOption { option, expected }
}

/// An object whose entries are what counts: arrays, dates and bytes are none.
pub(super) fn to_object(name: &'static str, value: JsValue) -> Result<Object> {
    let is_other = Array::is_array(&value)
        || value.is_instance_of::<Date>()
        || value.is_instance_of::<Uint8Array>();
    value.dyn_into::<Object>().ok().filter(|_| !is_other).ok_or(wrong(name, "an object"))
}

/// Text or bytes. The array of bytes, which is a copy or was given away, is wiped.
fn to_secret(name: &'static str, value: JsValue) -> Result<Zeroizing<Vec<u8>>> {
    if let Some(text) = value.as_string() {
        return Ok(Zeroizing::new(text.into_bytes()));
    }
    let array =
        value.dyn_into::<Uint8Array>().map_err(|_| wrong(name, "a string, or bytes in UTF-8"))?;
    let secret = Zeroizing::new(array.to_vec());
    array.fill(0, 0, array.length());
    Ok(secret)
}

fn to_handle(name: &'static str, value: &JsValue) -> Result<u32> {
    value.as_f64().map(|id| id as u32).ok_or(wrong(name, "an Identity"))
}

fn get(object: &Object, name: &str) -> Result<JsValue> {
    Reflect::get(object, &name.into())
        .map_err(|_| Error::Internal { what: "an option could not be read" })
}

fn keys(object: &Object) -> Vec<String> {
    Object::keys(object).iter().filter_map(|key| key.as_string()).collect()
}

fn limits(given: &JsValue) -> Result<Limits> {
    let mut limits = Limits::default();
    if given.is_undefined() {
        return Ok(limits);
    }
    let given = &to_object("limits", given.clone())?;
    for name in keys(given) {
        let field = match name.as_str() {
            "inputBytes" => &mut limits.input_bytes,
            "asn1Depth" => &mut limits.asn1_depth,
            "asn1Values" => &mut limits.asn1_values,
            "mimeDepth" => &mut limits.mime_depth,
            "mimeParts" => &mut limits.mime_parts,
            "layers" => &mut limits.layers,
            "headerFields" => &mut limits.header_fields,
            "recipients" => &mut limits.recipients,
            "certificates" => &mut limits.certificates,
            "signers" => &mut limits.signers,
            "pathLength" => &mut limits.path_length,
            "pathSignatures" => &mut limits.path_signatures,
            "pathSteps" => &mut limits.path_steps,
            "pathNames" => &mut limits.path_names,
            "pathPolicies" => &mut limits.path_policies,
            "pathQuestions" => &mut limits.path_questions,
            "crlBytes" => &mut limits.crl_bytes,
            "ocspBytes" => &mut limits.ocsp_bytes,
            "revocations" => &mut limits.revocations,
            "fetches" => &mut limits.fetches,
            "fetchRedirects" => &mut limits.fetch_redirects,
            "fetchBytes" => &mut limits.fetch_bytes,
            "issuerBytes" => &mut limits.issuer_bytes,
            "kdfMemory" => &mut limits.kdf_memory,
            "decompressedBytes" => &mut limits.decompressed_bytes,
            "compressionRatio" => &mut limits.compression_ratio,
            "fetchMillis" => {
                limits.fetch_millis = whole(&get(given, &name)?)?;
                continue;
            }
            "kdfIterations" => {
                limits.kdf_iterations = whole(&get(given, &name)?)?;
                continue;
            }
            _ => return Err(unknown(format!("limits.{name}"), &[])),
        };
        // A number beyond the address space is no limit at all.
        *field = usize::try_from(whole(&get(given, &name)?)?).unwrap_or(usize::MAX);
    }
    Ok(limits)
}

fn unknown(option: String, known: &[&str]) -> Error {
    let takes = known.iter().map(|name| (*name).to_owned()).collect();
    Error::UsageUnknownOption { option, takes }
}

fn whole(value: &JsValue) -> Result<u64> {
    match value.as_f64() {
        Some(number) if number >= 0.0 && number.fract() == 0.0 => Ok(number as u64),
        _ => Err(wrong("limits", "an object of whole numbers, none negative")),
    }
}
