//! A certificate's details: all that is there is told, nothing that is not, and a hostile one harms
//! nobody.

use std::sync::OnceLock;

use smime_wasm::asn1::{Reader, constructed, oid_der, primitive, tag};
use smime_wasm::cert::{
    AddressMatch, Attribute, Certificate, CertificateDetails, ClassSource, NameText,
    has_hidden_characters, match_address,
};

use crate::common::Pki;

const CONFIG: &str = "\
[rich]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,nonRepudiation,keyAgreement,decipherOnly
extendedKeyUsage=emailProtection,clientAuth,1.2.3.4.5
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid,issuer:always
subjectAltName=@names
issuerAltName=URI:http://ca.example.com/
certificatePolicies=2.23.140.1.5.3.2,@own
crlDistributionPoints=place
freshestCRL=URI:http://ca.example.com/delta.crl
authorityInfoAccess=OCSP;URI:http://ocsp.example.com/,caIssuers;URI:http://ca.example.com/ca.cer
1.2.840.113549.1.9.15=ASN1:SEQUENCE:capabilities
1.3.6.1.5.5.7.1.3=ASN1:SEQUENCE:statements
1.2.3.4.5.6=critical,ASN1:UTF8String:what is this
1.2.3.4.5.7=ASN1:NULL
[names]
email.1=erika@example.com
email.2=e.muster@b\u{fc}cher.example@example.org
email.3=a b@example.com
otherName.1=1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:m\u{fc}ller@xn--bcher-kva.example
otherName.2=1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:evil\u{200b}@example.com
otherName.3=1.3.6.1.4.1.311.20.2.3;UTF8:erika@corp.example.com
DNS.1=host.example.com
URI.1=https://example.com/erika
IP.1=192.0.2.7
RID.1=1.2.3.4
dirName.1=directory
[directory]
C=DE
CN=Erika
[own]
policyIdentifier=1.3.6.1.4.1.99999.1
CPS.1=http://ca.example.com/cps.html
userNotice.1=@notice
[notice]
explicitText=UTF8:Klasse 2: nur die Adresse wurde gepr\u{fc}ft
organization=Example CA
noticeNumbers=1,2
[place]
fullname=URI:http://ca.example.com/ca.crl
reasons=keyCompromise,CACompromise
CRLissuer=dirName:directory
[capabilities]
1=SEQUENCE:aes
2=SEQUENCE:rc2
3=SEQUENCE:unknown
[aes]
id=OID:2.16.840.1.101.3.4.1.46
[rc2]
id=OID:1.2.840.113549.3.2
bits=INTEGER:128
[unknown]
id=OID:1.2.3.4
[statements]
1=SEQUENCE:compliance
2=SEQUENCE:type
[compliance]
id=OID:0.4.0.1862.1.1
[type]
id=OID:0.4.0.1862.1.6
types=SEQUENCE:types
[types]
1=OID:0.4.0.1862.1.6.1
[address]
subjectAltName=email:erika@example.com
[noaddress]
keyUsage=digitalSignature
[strict]
certificatePolicies=2.23.140.1.5.1.3
[two]
subjectAltName=email:erika@example.com
certificatePolicies=2.23.140.1.5.1.3,2.23.140.1.5.4.3
";

/// Makes a certificate with a section of the configuration.
fn certificate(name: &str, subject: &str, section: &str) -> Certificate {
    let pki = Pki::get();
    let file = format!("{name}.ext");
    std::fs::write(pki.folder.join(&file), CONFIG).unwrap();
    let key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let extensions = ["-extfile", &file, "-extensions", section, "-days", "30", "-sha384"];
    pki.issue_key(name, subject, Some("ca"), &key, &extensions);
    pki.certificate(name)
}

fn pairs(names: &[NameText]) -> Vec<(&'static str, &str)> {
    names.iter().map(|name| (name.kind, name.value.as_str())).collect()
}

fn rich() -> &'static Certificate {
    static RICH: OnceLock<Certificate> = OnceLock::new();
    RICH.get_or_init(make_rich)
}

fn make_rich() -> Certificate {
    let subject = "/C=DE/O=Beispiel GmbH/organizationIdentifier=NTRDE-HRB1/OU=Team 1/OU=Team 2\
                   /GN=Erika/SN=Muster\\u202e/CN=Erika Muster+serialNumber=7/emailAddress=old@example.com";
    certificate("rich", &subject.replace("\\u202e", "\u{202e}"), "rich")
}

#[test]
fn a_rich_certificate_is_told_as_openssl_was_asked_to_make_it() {
    let certificate = rich();
    let details = CertificateDetails::of(certificate);
    assert_eq!(details.version, 3);
    assert_eq!(certificate.signature_name(), "rsassa-pkcs1-v1_5-sha-384");
    assert_eq!(certificate.public_key().describe(), ("p-256".to_owned(), Some(256)));

    let sizes: Vec<_> = details.subject.relative_names.iter().map(Vec::len).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 10);
    assert_eq!(sizes.iter().filter(|&&size| size == 2).count(), 1, "{:?}", details.subject);
    let types: Vec<_> = details.subject.attributes().filter_map(Attribute::name).collect();
    assert_eq!(types[..3], ["countryName", "organizationName", "organizationIdentifier"]);
    for (name, value) in [
        ("commonName", "Erika Muster"),
        ("organizationalUnitName", "Team 2"),
        ("surname", "Muster\u{202e}"),
        ("serialNumber", "7"),
    ] {
        assert_eq!(details.subject.get(name), Some(value));
    }
    let hidden = details.subject.attributes().filter(|one| one.has_hidden_characters());
    assert_eq!(hidden.filter_map(Attribute::name).collect::<Vec<_>>(), ["surname"]);
    assert_eq!(details.issuer.get("organizationName"), Some("M\u{fc}ller"));

    let usages: Vec<_> = certificate.key_usages().unwrap().names().collect();
    assert_eq!(usages, ["digitalSignature", "nonRepudiation", "keyAgreement", "decipherOnly"]);
    let usages = details.extended_key_usages.unwrap();
    let usages: Vec<_> = usages.iter().map(|id| id.name).collect();
    assert_eq!(usages, [Some("emailProtection"), Some("clientAuth"), None]);
    assert!(details.authority_key.identifier.is_some());
    assert_eq!(pairs(&details.authority_key.issuer), [("directoryName", "CN=Test Root")]);

    let names = pairs(&details.alternative_names);
    for name in [
        ("dNSName", "host.example.com"),
        ("uniformResourceIdentifier", "https://example.com/erika"),
        ("iPAddress", "192.0.2.7"),
        ("registeredID", "1.2.3.4"),
        ("directoryName", "CN=Erika,C=DE"),
        ("otherName", "erika@corp.example.com"),
        ("smtpUtf8Mailbox", "m\u{fc}ller@xn--bcher-kva.example"),
    ] {
        assert!(names.contains(&name), "{name:?} in {names:?}");
    }

    let [reserved, own] = &details.policies[..] else { panic!("{:?}", details.policies) };
    assert_eq!(reserved.id.name, Some("cabf-smime-sponsor-validated-multipurpose"));
    assert_eq!(own.cps, ["http://ca.example.com/cps.html"]);
    assert_eq!(own.notices[0].organization.as_deref(), Some("Example CA"));
    let validation = details.validation.unwrap();
    assert_eq!(validation.level.name(), "sponsor");
    assert_eq!(validation.generation.unwrap().name(), "multipurpose");
    assert_eq!(validation.source.name(), "policy");
    let class = details.class.unwrap();
    assert_eq!((class.number, class.source), (2, ClassSource::Policy));
    assert_eq!(class.text, "Klasse 2: nur die Adresse wurde gepr\u{fc}ft");

    let [place] = &details.crls[..] else { panic!("{:?}", details.crls) };
    assert_eq!(
        pairs(&place.names),
        [("uniformResourceIdentifier", "http://ca.example.com/ca.crl")]
    );
    let reasons: Vec<_> = place.reasons.unwrap().names().collect();
    assert_eq!(reasons, ["key-compromise", "ca-compromise"]);
    assert_eq!(pairs(&place.crl_issuer), [("directoryName", "CN=Erika,C=DE")]);
    assert_eq!(pairs(&details.delta_crls[0].names)[0].1, "http://ca.example.com/delta.crl");
    assert_eq!(certificate.ca_issuers(), ["http://ca.example.com/ca.cer"]);
    assert_eq!(certificate.revocation_pointers().ocsp, ["http://ocsp.example.com/"]);

    let capabilities = details.smime_capabilities.unwrap();
    let names: Vec<_> = capabilities.iter().map(|one| one.name.as_deref()).collect();
    assert_eq!(names, [Some("aes-256-gcm"), Some("rc2-128-cbc"), None]);
    let [compliance, purpose] = &details.qc_statements[..] else { panic!() };
    assert_eq!(compliance.id.name, Some("qcCompliance"));
    assert_eq!(purpose.types[0].name, Some("esign"));

    let faults: Vec<_> =
        details.extensions.iter().filter(|extension| extension.fault.is_some()).collect();
    let [fault] = &faults[..] else { panic!("{faults:?}") };
    assert_eq!((fault.id.oid.to_string(), fault.critical), ("1.2.3.4.5.6".to_owned(), true));
    assert_eq!(fault.fault.unwrap().name(), "unknown-critical");
    assert!(details.extensions.iter().any(|one| one.id.name.is_none() && !one.critical));
}

#[test]
fn refused_addresses_are_told_apart_and_match_nothing() {
    let certificate = rich();
    let accepted: Vec<_> = certificate.addresses_and_sources().collect();
    let accepted: Vec<_> = accepted.iter().map(|(one, source)| (*one, source.name())).collect();
    assert_eq!(
        accepted,
        [
            ("erika@example.com", "rfc822Name"),
            ("m\u{fc}ller@xn--bcher-kva.example", "smtpUtf8Mailbox"),
        ]
    );
    let refused: Vec<_> = certificate
        .refused_addresses()
        .iter()
        .map(|refused| (refused.text.as_str(), refused.source.name(), refused.fault.name()))
        .collect();
    assert_eq!(
        refused,
        [
            ("e.muster@b\u{fc}cher.example@example.org", "rfc822Name", "encoding"),
            ("a b@example.com", "rfc822Name", "characters"),
            ("evil\u{200b}@example.com", "smtpUtf8Mailbox", "characters"),
        ]
    );
    assert!(has_hidden_characters(refused[2].0));
    let utf8 = &certificate.addresses()[1];
    let same = "m\u{fc}ller@b\u{fc}cher.example";
    assert_eq!(match_address(utf8, same), AddressMatch::Same);
    let other = "mu\u{308}ller@b\u{fc}cher.example";
    assert_eq!(match_address(utf8, other), AddressMatch::Different);
}

#[test]
fn the_level_is_read_from_policies_and_else_from_the_subject_with_care() {
    let subject = |name: &str| Some((name.to_owned(), None, "subject"));
    for (subject, section, expected) in [
        ("/CN=erika@example.com", "address", subject("mailbox")),
        ("/C=DE", "address", subject("mailbox")),
        ("/emailAddress=erika@example.com", "noaddress", subject("mailbox")),
        // Who is that?
        ("/CN=Erika Muster", "address", None),
        ("/CN=erika@example.com/CN=Erika Muster", "address", None),
        ("/O=Beispiel GmbH/CN=Beispiel GmbH", "address", subject("organization")),
        ("/O=Beispiel GmbH", "address", subject("organization")),
        ("/O=Beispiel GmbH/CN=Erika Muster", "address", None),
        ("/O=Beispiel GmbH/GN=Erika/SN=Muster/CN=Erika Muster", "address", subject("sponsor")),
        ("/GN=Erika/SN=Muster/CN=Erika Muster", "address", subject("individual")),
        ("/pseudonym=Mietze/CN=Mietze", "address", subject("individual")),
        ("/O=Beispiel GmbH", "noaddress", None),
        ("/O=Beispiel GmbH", "strict", Some(("mailbox".to_owned(), Some("strict"), "policy"))),
        ("/CN=erika@example.com", "two", None),
        ("/CN=erika@example.com", "root", None),
    ] {
        let certificate = match section {
            "root" => Pki::get().certificate("root"),
            _ => certificate("level", subject, section),
        };
        let found = CertificateDetails::of(&certificate).validation.map(|validation| {
            let generation = validation.generation.map(|generation| generation.name());
            (validation.level.name().to_owned(), generation, validation.source.name())
        });
        assert_eq!(found, expected, "{subject} {section}");
    }
}

/// The certificate with another TBSCertificate. Nobody checks its signature here.
fn with_tbs(der: &[u8], change: impl Fn(usize, &[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut parts = Reader::only(der, tag::SEQUENCE).unwrap().contents();
    let mut tbs = parts.any().unwrap().contents();
    let mut fields = Vec::new();
    while !tbs.is_empty() {
        fields.push(change(fields.len(), tbs.any().unwrap().raw));
    }
    let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
    let mut outer = vec![constructed(tag::SEQUENCE, &fields)];
    while !parts.is_empty() {
        outer.push(parts.any().unwrap().raw.to_vec());
    }
    let outer: Vec<&[u8]> = outer.iter().map(Vec::as_slice).collect();
    constructed(tag::SEQUENCE, &outer)
}

#[test]
fn no_cut_and_no_changed_byte_panics() {
    let der = rich().der().to_vec();
    for length in 0..der.len() {
        assert!(Certificate::from_der(&der[..length]).is_err());
    }
    let (mut read, mut told) = (0, 0);
    for position in 0..der.len() {
        for value in [0, 1, 0x30, 0x7f, 0x80, 0xff, der[position] ^ 1, der[position] ^ 0x20] {
            let mut changed = der.clone();
            changed[position] = value;
            let Ok(certificate) = Certificate::from_der(&changed) else { continue };
            read += 1;
            let details = CertificateDetails::of(&certificate);
            told += usize::from(details.extensions.iter().any(|one| one.fault.is_some()));
            assert_eq!(certificate.addresses_and_sources().count(), certificate.addresses().len());
            for address in certificate.addresses() {
                assert_eq!(match_address(address, address), AddressMatch::Same, "{address:?}");
                assert!(!address.contains(char::is_whitespace) && address.contains('@'));
            }
        }
    }
    assert!(read > 1_000 && told > 1_000, "{read} {told}");
}

/// A SET whose attributes are not sorted, as DER demands: whoever finds an address there has to hold it to
/// the constraints on names too.
#[test]
fn an_address_in_the_subject_that_counts_is_constrained() {
    let attribute = |kind: &str, tag, text: &[u8]| {
        let kind = oid_der(kind.parse().unwrap());
        constructed(tag::SEQUENCE, &[&kind, &primitive(tag, text)])
    };
    let address = attribute("1.2.840.113549.1.9.1", tag::IA5_STRING, b"evil@example.com");
    let wide = attribute("1.2.840.113549.1.9.1", tag::BMP_STRING, b"\0a\0@\0b");
    let common_name = attribute("2.5.4.3", tag::UTF8_STRING, b"x");
    let set = constructed(tag::SET, &[&wide, &address, &common_name]);
    let subject = constructed(tag::SEQUENCE, &[&set]);
    let der = with_tbs(Pki::get().certificate("alice").der(), |field, raw| match (field, raw[0]) {
        (5, _) => subject.clone(),
        (_, 0xa3) => Vec::new(),
        _ => raw.to_vec(),
    });
    let certificate = Certificate::from_der(&der).unwrap();
    assert_eq!(certificate.addresses(), ["evil@example.com"]);
    assert_eq!(certificate.subject_addresses(), ["evil@example.com", "a@b"]);
    let refused = &certificate.refused_addresses()[0];
    assert_eq!((refused.text.as_str(), refused.fault.name()), ("a@b", "encoding"));
    assert_eq!(CertificateDetails::of(&certificate).subject.relative_names[0].len(), 3);
}

const MANY: u32 = 10_000;

#[test]
fn ten_thousand_of_anything_are_told() {
    let oid = |number: u32| oid_der(format!("1.2.{number}").parse().unwrap());
    let sequence = |items: Vec<Vec<u8>>| {
        let items: Vec<&[u8]> = items.iter().map(Vec::as_slice).collect();
        constructed(tag::SEQUENCE, &items)
    };
    let all = |make: &dyn Fn(u32) -> Vec<u8>| sequence((0..MANY).map(make).collect());
    let single = |number: u32| constructed(tag::SEQUENCE, &[&oid(number)]);
    let address =
        |number: u32| primitive(tag::context(1), format!("{number}@x.example").as_bytes());
    let place = |number: u32| {
        let uri = primitive(tag::context(6), format!("http://x/{number}").as_bytes());
        let full = constructed(tag::context_constructed(0), &[&uri]);
        constructed(tag::SEQUENCE, &[&constructed(tag::context_constructed(0), &[&full])])
    };
    let extension = |identifier: &[u8], value: &[u8]| {
        constructed(tag::SEQUENCE, &[identifier, &primitive(tag::OCTET_STRING, value)])
    };
    let known =
        |identifier: &str, value: Vec<u8>| extension(&oid_der(identifier.parse().unwrap()), &value);
    let mut extensions = vec![
        known("2.5.29.17", all(&address)),
        known("2.5.29.31", all(&place)),
        known("2.5.29.32", all(&single)),
        known("2.5.29.37", all(&oid)),
        known("1.2.840.113549.1.9.15", all(&single)),
        known("1.3.6.1.5.5.7.1.3", all(&single)),
    ];
    extensions.extend((0..MANY).map(|number| extension(&oid(number), b"")));
    let extensions = sequence(extensions);
    let name = all(&|number| {
        let text = primitive(tag::UTF8_STRING, format!("Class {number}").as_bytes());
        let common_name = oid_der("2.5.4.3".parse().unwrap());
        let attribute = constructed(tag::SEQUENCE, &[&common_name, &text]);
        constructed(tag::SET, &[&attribute])
    });
    let der = with_tbs(Pki::get().certificate("alice").der(), |field, raw| match (field, raw[0]) {
        (5, _) => name.clone(),
        (_, 0xa3) => constructed(tag::context_constructed(3), &[&extensions]),
        _ => raw.to_vec(),
    });
    let certificate = Certificate::from_der(&der).unwrap();
    let details = CertificateDetails::of(&certificate);
    let many = MANY as usize;
    assert_eq!(certificate.addresses().len(), many);
    assert_eq!(details.subject.relative_names.len(), many);
    assert_eq!(details.alternative_names.len(), many);
    assert_eq!(details.crls.len(), many);
    assert_eq!(details.policies.len(), many);
    assert_eq!(details.extended_key_usages.unwrap().len(), many);
    assert_eq!(details.smime_capabilities.unwrap().len(), many);
    assert_eq!(details.qc_statements.len(), many);
    assert_eq!(details.extensions.len(), many + 6);
    // Ten classes are none.
    assert_eq!((details.class, details.validation), (None, None));
}

/// RFC 5280, 4.1.2.5 knows no moment before 1950 in UTCTime, and any year in GeneralizedTime.
#[test]
fn any_moment_of_validity_is_told() {
    let time = |kind, text: &str| primitive(kind, text.as_bytes());
    for (from, until, expected) in [
        (time(tag::UTC_TIME, "500101000000Z"), time(tag::UTC_TIME, "491231235959Z"), -631_152_000),
        (
            time(tag::GENERALIZED_TIME, "00000101000000Z"),
            time(tag::GENERALIZED_TIME, "99991231235959Z"),
            -62_167_219_200,
        ),
        (time(tag::GENERALIZED_TIME, "19691231235959Z"), time(tag::UTC_TIME, "700101000000Z"), -1),
    ] {
        let validity = constructed(tag::SEQUENCE, &[&from, &until]);
        let der = with_tbs(Pki::get().certificate("alice").der(), |field, raw| match field {
            4 => validity.clone(),
            _ => raw.to_vec(),
        });
        let certificate = Certificate::from_der(&der).unwrap();
        assert_eq!(certificate.not_before().as_secs(), expected);
        assert_eq!(CertificateDetails::of(&certificate).version, 3);
    }
}
