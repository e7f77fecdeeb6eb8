//! What real certificates say of themselves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use smime_wasm::cert::{
    Attribute, Certificate, CertificateDetails, ClassSource, Identifier, NameText, pem_blocks,
};

use crate::common::vectors;
use crate::paths::read;

/// Every certificate of the vectors that can be read, by its file.
fn all(vectors: &Path) -> Vec<(PathBuf, Certificate)> {
    let mut folders = vec![vectors.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let data = std::fs::read(&path).unwrap();
            let blocks = pem_blocks(&data).into_iter().map(|block| block.bytes);
            let certificates = blocks.chain([data.clone()]);
            let certificates = certificates.flat_map(|der| Certificate::from_der(&der));
            found.extend(certificates.map(|certificate| (path.clone(), certificate)));
        }
    }
    found
}

fn names(ids: &[Identifier]) -> Vec<&'static str> {
    ids.iter().filter_map(|id| id.name).collect()
}

fn pairs(names: &[NameText]) -> Vec<(&'static str, &str)> {
    names.iter().map(|name| (name.kind, name.value.as_str())).collect()
}

#[test]
fn every_certificate_has_details_that_agree_with_it() {
    let Some(vectors) = vectors() else { return };
    let certificates = all(&vectors);
    assert!(certificates.len() > 1_000, "{}", certificates.len());
    let mut faults = BTreeMap::new();
    for (path, certificate) in &certificates {
        let details = CertificateDetails::of(certificate);
        let is_odd = path.ends_with("invalid_version.pem");
        assert_eq!((1..=3).contains(&details.version), !is_odd, "{path:?}");
        assert_eq!(details.sha1.len(), 20);
        let usages = details.extended_key_usages.as_deref().map(|usages| usages.len());
        assert_eq!(usages, certificate.extended_key_usages().map(<[_]>::len), "{path:?}");
        assert_eq!(
            details.alternative_names.len(),
            certificate.alternative_names().len(),
            "{path:?}"
        );
        let policies: Vec<_> = details.policies.iter().map(|policy| policy.id.oid).collect();
        if !certificate.policies().policies.as_deref().unwrap_or_default().is_empty() {
            assert_eq!(certificate.policies().policies.as_deref(), Some(&policies[..]), "{path:?}");
        }
        let places = details.crls.iter().map(|place| place.names.len()).sum::<usize>();
        let pointers = &certificate.revocation_pointers().distribution_points;
        let addresses = pointers.iter().filter_map(|point| point.name.as_ref());
        assert!(places >= addresses.map(|name| name.addresses().count()).sum(), "{path:?}");
        let sources: Vec<_> = certificate.addresses_and_sources().map(|(one, _)| one).collect();
        assert_eq!(sources, certificate.addresses());
        let unknown = certificate.unknown_critical_extensions().len();
        let malformed = certificate.malformed_extensions().len();
        let told = details.extensions.iter().filter(|one| one.fault.is_some()).count();
        assert!(told >= unknown.max(malformed), "{path:?}");
        for extension in details.extensions.iter().filter(|one| one.fault.is_some()) {
            *faults
                .entry((extension.id.oid.to_string(), extension.fault.map(|fault| fault.name())))
                .or_insert(0) += 1;
        }
    }
    println!("{} certificates; faults: {faults:#?}", certificates.len());
}

#[test]
fn mozillas_roots_have_names_dates_and_keys() {
    let Some(vectors) = vectors() else { return };
    let file = vectors.join("mozilla-roots/nss-builtins-2.92/email-roots.pem");
    let mut organizations = 0;
    let mut classes = BTreeMap::new();
    for root in read(&file) {
        let details = CertificateDetails::of(&root);
        assert_eq!(details.subject, details.issuer);
        let countries: Vec<_> =
            details.subject.attributes().filter(|one| one.name() == Some("countryName")).collect();
        assert!(countries.iter().all(|country| country.value.len() == 2), "{root:?}");
        organizations += usize::from(details.subject.get("organizationName").is_some());
        assert!(details.subject.attributes().all(|one| one.is_text), "{root:?}");
        assert!(!details.subject.attributes().any(Attribute::has_hidden_characters), "{root:?}");
        assert!(details.extensions.iter().all(|one| one.fault.is_none()), "{root:?}");
        // A CA's own level is nobody's.
        assert_eq!(details.validation, None);
        if let Some(class) = details.class {
            assert_eq!(class.source, ClassSource::Subject, "{root:?}");
            classes.insert(class.text, class.number);
        }
    }
    assert!(organizations > 80);
    assert_eq!(classes.get("T-TeleSec GlobalRoot Class 2"), Some(&2), "{classes:?}");
}

#[test]
fn addresses_in_utf_8_say_where_they_stand() {
    let Some(vectors) = vectors() else { return };
    let folder = vectors.join("openssl/recipes/25-test_eai_data");
    for (name, sources) in
        [("ascii_leaf", &["smtpUtf8Mailbox"][..]), ("utf8_leaf", &["smtpUtf8Mailbox"])]
    {
        let leaf = &read(&folder.join(format!("{name}.pem")))[0];
        let found: Vec<_> = leaf.addresses_and_sources().map(|(_, source)| source.name()).collect();
        assert_eq!(found, sources, "{name} {:?} {:?}", leaf.addresses(), leaf.refused_addresses());
    }
    // An otherName of another kind: a Kerberos principal.
    let kdc = CertificateDetails::of(&read(&folder.join("kdc-cert.pem"))[0]);
    let [name, ..] = &kdc.alternative_names[..] else { panic!("{kdc:?}") };
    assert_eq!((name.kind, name.oid.unwrap().to_string()), ("otherName", "1.3.6.1.5.2.2".into()));
    assert!(name.value.starts_with('#'));
}

/// RFC 9216's people have rfc822Names; those of RFC 4134, and of OpenSSL's samples, one in the subject.
#[test]
fn sample_people_have_their_addresses() {
    let Some(vectors) = vectors() else { return };
    let mut sources = BTreeMap::new();
    for (path, certificate) in all(&vectors) {
        for (_, source) in certificate.addresses_and_sources() {
            let folder = path.strip_prefix(&vectors).unwrap().components().next().unwrap();
            let folder = folder.as_os_str().to_string_lossy().into_owned();
            *sources.entry((folder, source.name())).or_insert(0) += 1;
        }
        for refused in certificate.refused_addresses() {
            println!("{path:?}: {refused:?}");
        }
    }
    println!("{sources:#?}");
    for key in [("rfc9216", "rfc822Name"), ("openssl", "subject"), ("openssl", "smtpUtf8Mailbox")] {
        assert!(sources.contains_key(&(key.0.to_owned(), key.1)), "{sources:?}");
    }
}

/// PKITS has each of these in a certificate of its own.
#[test]
fn pkits_shows_constraints_policies_and_places() {
    let Some(vectors) = vectors() else { return };
    let of = |name: &str| {
        let path = vectors.join(format!("pkits/certs/{name}.crt"));
        CertificateDetails::of(&read(&path)[0])
    };
    let details = of("nameConstraintsRFC822CA1Cert");
    let constraints = details.name_constraints.unwrap();
    assert_eq!(pairs(&constraints.permitted), [("rfc822Name", ".testcertificates.gov")]);
    assert_eq!(pairs(&constraints.excluded), []);
    let details = of("UserNoticeQualifierTest15EE");
    let [policy] = &details.policies[..] else { panic!() };
    let text = policy.notices[0].text.as_deref().unwrap();
    assert!(text.starts_with("q1:") && policy.cps.is_empty(), "{text}");
    let details = of("CPSPointerQualifierTest20EE");
    assert!(details.policies[0].cps[0].starts_with("http://"), "{:?}", details.policies);
    let details = of("InvalidonlySomeReasonsTest15EE");
    assert_eq!(details.version, 3);
    let details = of("ValidDNnameConstraintsTest1EE");
    assert_eq!(details.extended_key_usages.as_deref().map(names), None);
    let details = of("ValiddistributionPointTest1EE");
    let [place] = &details.crls[..] else { panic!() };
    assert_eq!(pairs(&place.names)[0].0, "directoryName");
    let details = of("InvalidUnknownCriticalCertificateExtensionTest2EE");
    let faults = details.extensions.iter().filter_map(|one| one.fault).map(|fault| fault.name());
    assert_eq!(faults.collect::<Vec<_>>(), ["unknown-critical"]);
}
