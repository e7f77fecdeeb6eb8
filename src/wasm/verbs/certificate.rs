//! What a certificate says, for people to look at.

use wasm_bindgen::JsValue;

use crate::bytes::hex;
use crate::cert::{
    Attribute, AuthorityKey, Certificate, CertificateDetails, CrlPlace, DistinguishedName,
    ExtensionDetails, Identifier, NameText, PolicyDetails, QcStatement, UserNotice,
    has_hidden_characters,
};
use crate::error::Result;
use crate::wasm::options::Options;
use crate::wasm::values::{date, list, object, texts};

const ABSENT: JsValue = JsValue::UNDEFINED;

pub(super) fn certificate_details(options: Options) -> Result<JsValue> {
    let der = options.allow(&["certificate"], &[])?.bytes("certificate")?;
    Ok(details(&Certificate::from_der(&der)?))
}

/// A `CertificateDetails`.
pub(in crate::wasm) fn details(certificate: &Certificate) -> JsValue {
    let details = CertificateDetails::of(certificate);
    let pointers = certificate.revocation_pointers();
    object(&[
        ("version", (details.version as f64).into()),
        ("serialNumber", hex::encode(certificate.serial_number()).into()),
        ("subject", name(&details.subject)),
        ("issuer", name(&details.issuer)),
        ("addresses", addresses(certificate)),
        ("refusedAddresses", refused_addresses(certificate)),
        ("alternativeNames", list(&details.alternative_names, name_text)),
        ("notBefore", date(certificate.not_before())),
        ("notAfter", date(certificate.not_after())),
        ("publicKey", public_key(certificate)),
        ("signatureAlgorithm", certificate.signature_name().into()),
        ("fingerprints", fingerprints(certificate, &details)),
        ("keyUsages", certificate.key_usages().map_or(ABSENT, |usages| texts(usages.names()))),
        (
            "extendedKeyUsages",
            details.extended_key_usages.as_ref().map_or(ABSENT, |list_| list(list_, identifier)),
        ),
        ("basicConstraints", basic_constraints(certificate)),
        ("subjectKeyIdentifier", optional_hex(certificate.subject_key_identifier())),
        ("authorityKeyIdentifier", authority_key(&details.authority_key)),
        ("policies", list(&details.policies, policy)),
        ("validation", validation(&details)),
        ("class", class(&details)),
        ("capabilities", capabilities(&details)),
        ("caIssuers", texts(certificate.ca_issuers())),
        ("ocsp", texts(&pointers.ocsp)),
        ("crls", list(&details.crls, crl_place)),
        ("deltaCrls", list(&details.delta_crls, crl_place)),
        ("nameConstraints", name_constraints(&details)),
        ("qcStatements", list(&details.qc_statements, qc_statement)),
        ("extensions", list(&details.extensions, extension)),
    ])
}

/// The names under which the interface has single attributes.
const FIELDS: [(&str, &str); 14] = [
    ("commonName", "commonName"),
    ("organization", "organizationName"),
    ("organizationalUnit", "organizationalUnitName"),
    ("organizationIdentifier", "organizationIdentifier"),
    ("givenName", "givenName"),
    ("surname", "surname"),
    ("pseudonym", "pseudonym"),
    ("title", "title"),
    ("emailAddress", "emailAddress"),
    ("serialNumber", "serialNumber"),
    ("locality", "localityName"),
    ("state", "stateOrProvinceName"),
    ("country", "countryName"),
    ("userId", "userId"),
];

fn name(name: &DistinguishedName) -> JsValue {
    let relative_names = list(&name.relative_names, |attributes| list(attributes, attribute));
    let mut entries = vec![("relativeNames", relative_names)];
    for (field, kind) in FIELDS {
        entries.push((field, name.get(kind).map_or(ABSENT, JsValue::from)));
    }
    object(&entries)
}

fn attribute(attribute: &Attribute) -> JsValue {
    let kind = attribute.name().map_or_else(|| attribute.oid.to_string(), str::to_owned);
    object(&[
        ("type", kind.into()),
        ("value", (&attribute.value).into()),
        ("hidden", hidden(&attribute.value)),
    ])
}

/// True where a text holds characters that are not seen, else absent.
fn hidden(text: &str) -> JsValue {
    if has_hidden_characters(text) { JsValue::TRUE } else { ABSENT }
}

fn addresses(certificate: &Certificate) -> JsValue {
    list(certificate.addresses_and_sources(), |(address, source)| {
        object(&[("address", address.into()), ("source", source.name().into())])
    })
}

fn refused_addresses(certificate: &Certificate) -> JsValue {
    list(certificate.refused_addresses(), |refused| {
        object(&[
            ("text", (&refused.text).into()),
            ("source", refused.source.name().into()),
            ("reason", refused.fault.name().into()),
        ])
    })
}

fn public_key(certificate: &Certificate) -> JsValue {
    let (algorithm, bits) = certificate.public_key().describe();
    object(&[("algorithm", algorithm.into()), ("bits", bits.into())])
}

fn fingerprints(certificate: &Certificate, details: &CertificateDetails) -> JsValue {
    object(&[
        ("sha256", hex::encode(certificate.fingerprint()).into()),
        ("sha1", hex::encode(&details.sha1).into()),
    ])
}

fn optional_hex(octets: Option<&[u8]>) -> JsValue {
    octets.map_or(ABSENT, |octets| hex::encode(octets).into())
}

fn identifier(id: &Identifier) -> JsValue {
    object(&[("oid", id.oid.to_string().into()), ("name", id.name.into())])
}

fn basic_constraints(certificate: &Certificate) -> JsValue {
    certificate.basic_constraints().map_or(ABSENT, |basic| {
        object(&[("isCa", basic.ca.into()), ("pathLength", basic.path_length.into())])
    })
}

fn authority_key(key: &AuthorityKey) -> JsValue {
    if *key == AuthorityKey::default() {
        return ABSENT;
    }
    object(&[
        ("keyIdentifier", optional_hex(key.identifier.as_deref())),
        ("issuer", list(&key.issuer, name_text)),
        ("serialNumber", optional_hex(key.serial_number.as_deref())),
    ])
}

fn name_text(name: &NameText) -> JsValue {
    object(&[
        ("type", name.kind.into()),
        ("value", (&name.value).into()),
        ("oid", name.oid.map(|oid| oid.to_string()).into()),
        ("hidden", hidden(&name.value)),
    ])
}

fn policy(policy: &PolicyDetails) -> JsValue {
    object(&[
        ("oid", policy.id.oid.to_string().into()),
        ("name", policy.id.name.into()),
        ("cps", texts(&policy.cps)),
        ("notices", list(&policy.notices, notice)),
    ])
}

fn notice(notice: &UserNotice) -> JsValue {
    let texts = [notice.text.as_deref(), notice.organization.as_deref()];
    let is_hidden = texts.into_iter().flatten().any(has_hidden_characters);
    object(&[
        ("text", notice.text.as_deref().into()),
        ("organization", notice.organization.as_deref().into()),
        ("hidden", if is_hidden { JsValue::TRUE } else { ABSENT }),
    ])
}

fn validation(details: &CertificateDetails) -> JsValue {
    details.validation.map_or(ABSENT, |validation| {
        object(&[
            ("type", validation.level.name().into()),
            ("generation", validation.generation.map(|generation| generation.name()).into()),
            ("source", validation.source.name().into()),
        ])
    })
}

fn class(details: &CertificateDetails) -> JsValue {
    details.class.as_ref().map_or(ABSENT, |class| {
        object(&[
            ("number", class.number.into()),
            ("source", class.source.name().into()),
            ("text", (&class.text).into()),
        ])
    })
}

fn capabilities(details: &CertificateDetails) -> JsValue {
    details.smime_capabilities.as_ref().map_or(ABSENT, |capabilities| {
        list(capabilities, |capability| {
            let oid = capability.oid.to_string();
            object(&[("oid", oid.into()), ("name", capability.name.as_deref().into())])
        })
    })
}

fn crl_place(place: &CrlPlace) -> JsValue {
    object(&[
        ("names", list(&place.names, name_text)),
        ("reasons", place.reasons.map_or(ABSENT, |reasons| texts(reasons.names()))),
        ("crlIssuer", list(&place.crl_issuer, name_text)),
    ])
}

fn name_constraints(details: &CertificateDetails) -> JsValue {
    details.name_constraints.as_ref().map_or(ABSENT, |names| {
        object(&[
            ("permitted", list(&names.permitted, name_text)),
            ("excluded", list(&names.excluded, name_text)),
        ])
    })
}

fn qc_statement(statement: &QcStatement) -> JsValue {
    object(&[
        ("oid", statement.id.oid.to_string().into()),
        ("name", statement.id.name.into()),
        ("types", list(&statement.types, identifier)),
    ])
}

fn extension(extension: &ExtensionDetails) -> JsValue {
    object(&[
        ("oid", extension.id.oid.to_string().into()),
        ("name", extension.id.name.into()),
        ("critical", extension.critical.into()),
        ("fault", extension.fault.map(|fault| fault.name()).into()),
    ])
}
