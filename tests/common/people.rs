//! People with keys of every kind but RSA's ordinary one, and the roots that issue their certificates.

use std::sync::OnceLock;

use super::Pki;

/// People by the kind of their key: what `openssl req -newkey` takes, and who issues their certificate.
pub(crate) const PEOPLE: &[(&str, &[&str], &str)] = &[
    ("p-256", &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "ca-ed25519"),
    ("p-384", &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], "ca-p-384"),
    ("p-521", &["ec", "-pkeyopt", "ec_paramgen_curve:P-521"], "ca-pss"),
    ("brainpool-p256r1", &["ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"], "ca-p-384"),
    ("brainpool-p384r1", &["ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"], "ca-p-384"),
    ("ed25519", &["ed25519"], "ca-ed25519"),
    ("pss", &["rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"], "ca-pss"),
    (
        "pss-sha-384",
        &[
            "rsa-pss",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
            "-pkeyopt",
            "rsa_pss_keygen_md:sha384",
            "-pkeyopt",
            "rsa_pss_keygen_mgf1_md:sha384",
            "-pkeyopt",
            "rsa_pss_keygen_saltlen:48",
        ],
        "ca-pss",
    ),
];

const ROOTS: &[(&str, &[&str])] = &[
    ("ca-ed25519", &["ed25519"]),
    ("ca-p-384", &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    ("ca-pss", &["rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"]),
];

/// The PKI with these people and the roots above them.
pub(crate) fn people() -> &'static Pki {
    static PEOPLE_MADE: OnceLock<&Pki> = OnceLock::new();
    PEOPLE_MADE.get_or_init(|| {
        let pki = Pki::get();
        let mut config =
            "[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                          subjectKeyIdentifier=hash\n"
                .to_owned();
        for (name, ..) in PEOPLE {
            config += &format!(
                "[{name}]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n\
                 subjectAltName=email:{name}@example.com\nsubjectKeyIdentifier=hash\n"
            );
        }
        std::fs::write(pki.folder.join("people.cnf"), config).unwrap();
        let signed = ["-days", "36500", "-extfile", "people.cnf", "-extensions"];
        for (name, new_key) in ROOTS {
            let subject = format!("/CN={name}");
            pki.issue_key(name, &subject, None, new_key, &[&signed[..], &["root"]].concat());
        }
        for (name, new_key, issuer) in PEOPLE {
            let subject = format!("/CN={name}");
            pki.issue_key(name, &subject, Some(issuer), new_key, &[&signed[..], &[name]].concat());
        }
        pki
    })
}
