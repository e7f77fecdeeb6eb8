//! Signature algorithms as messages and certificates name them.

use std::borrow::Cow;

use super::algorithms::{
    DSA, DigestAlgorithm, EC_PUBLIC_KEY, ED25519, MlDsa, RSA_ENCRYPTION, RSASSA_PSS,
};
use super::digest::Digester;
use super::rsa::PssParameters;
use crate::asn1::{AlgorithmIdentifier, NULL, algorithm_der};

/// How something is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2; RFC 5754, 3.2).
    RsaPkcs1v15(DigestAlgorithm),
    /// RSASSA-PSS (RFC 8017, 8.1; RFC 4056).
    RsaPss(PssParameters),
    /// ECDSA (FIPS 186-5, 6; RFC 5753, 2; RFC 5754, 3.3).
    Ecdsa(DigestAlgorithm),
    /// Ed25519 (RFC 8032, 5.1; RFC 8419).
    Ed25519,
    /// DSA (FIPS 186-4, 4; RFC 5754, 3.1). Only read.
    Dsa(DigestAlgorithm),
    /// ML-DSA, not pre-hashed and without a context (FIPS 204, 5.3; RFC 9882). Only read.
    MlDsa(MlDsa),
}

impl SignatureAlgorithm {
    /// From an AlgorithmIdentifier. `digest` is the one a signer names beside it: `rsaEncryption` (RFC
    /// 3370, 3.2) and, for some writers, the identifier of another kind of key leave the choice to it;
    /// the combined identifiers have to agree with it.
    /// `None` for an algorithm or parameters that we don't know.
    pub fn read(
        algorithm: &AlgorithmIdentifier<'_>,
        digest: Option<DigestAlgorithm>,
    ) -> Option<SignatureAlgorithm> {
        let agrees = |named: &DigestAlgorithm| digest.is_none_or(|digest| digest == *named);
        let oid = algorithm.oid;
        let by_oid = |named: Option<DigestAlgorithm>| named.filter(agrees);
        // Parameters come first where they say something; the others have none, or NULL.
        if oid == RSASSA_PSS {
            let parameters = PssParameters::read(algorithm.parameters).ok()?;
            return agrees(&parameters.digest).then_some(SignatureAlgorithm::RsaPss(parameters));
        }
        if oid == ED25519 {
            return algorithm.parameters.is_none().then_some(SignatureAlgorithm::Ed25519);
        }
        if let Some(parameters) = MlDsa::by_oid(oid) {
            return algorithm.parameters.is_none().then_some(SignatureAlgorithm::MlDsa(parameters));
        }
        if !algorithm.has_no_parameters() {
            return None;
        }
        match oid {
            RSA_ENCRYPTION => digest.map(SignatureAlgorithm::RsaPkcs1v15),
            EC_PUBLIC_KEY => digest.map(SignatureAlgorithm::Ecdsa),
            DSA => digest.map(SignatureAlgorithm::Dsa),
            _ => None,
        }
        .or_else(|| {
            by_oid(DigestAlgorithm::by_rsa_signature_oid(oid)).map(SignatureAlgorithm::RsaPkcs1v15)
        })
        .or_else(|| by_oid(DigestAlgorithm::by_ecdsa_oid(oid)).map(SignatureAlgorithm::Ecdsa))
        .or_else(|| by_oid(DigestAlgorithm::by_dsa_oid(oid)).map(SignatureAlgorithm::Dsa))
    }

    /// Its AlgorithmIdentifier in DER; `None` for what is only read.
    pub fn to_der(&self) -> Option<Vec<u8>> {
        Some(match self {
            SignatureAlgorithm::RsaPkcs1v15(digest) => {
                algorithm_der(digest.rsa_signature_oid(), NULL)
            }
            SignatureAlgorithm::RsaPss(parameters) => {
                algorithm_der(RSASSA_PSS, &parameters.to_der())
            }
            SignatureAlgorithm::Ecdsa(digest) => algorithm_der(digest.ecdsa_oid()?, &[]),
            SignatureAlgorithm::Ed25519 => algorithm_der(ED25519, &[]),
            SignatureAlgorithm::Dsa(_) | SignatureAlgorithm::MlDsa(_) => return None,
        })
    }

    /// Its name in the JavaScript interface, such as `rsassa-pkcs1-v1_5-sha-256`.
    pub fn name(&self) -> String {
        match self {
            SignatureAlgorithm::RsaPkcs1v15(digest) => {
                format!("rsassa-pkcs1-v1_5-{}", digest.name())
            }
            SignatureAlgorithm::RsaPss(parameters) => {
                format!("rsassa-pss-{}", parameters.digest.name())
            }
            SignatureAlgorithm::Ecdsa(digest) => format!("ecdsa-{}", digest.name()),
            SignatureAlgorithm::Ed25519 => "ed25519".to_owned(),
            SignatureAlgorithm::Dsa(digest) => format!("dsa-{}", digest.name()),
            SignatureAlgorithm::MlDsa(parameters) => parameters.name().to_owned(),
        }
    }

    /// The digest that the scheme puts in the message's place; `None` if it hashes in its own way.
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        match self {
            SignatureAlgorithm::RsaPkcs1v15(digest)
            | SignatureAlgorithm::Ecdsa(digest)
            | SignatureAlgorithm::Dsa(digest) => Some(*digest),
            SignatureAlgorithm::RsaPss(parameters) => Some(parameters.digest),
            SignatureAlgorithm::Ed25519 | SignatureAlgorithm::MlDsa(_) => None,
        }
    }

    /// Whether a signature so made may count as verified.
    pub fn is_strong(&self) -> bool {
        self.digest().is_none_or(DigestAlgorithm::is_collision_resistant)
    }
}

/// How RSA keys sign where they may sign in both ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RsaScheme {
    /// What everybody can read.
    #[default]
    Pkcs1v15,
    /// What some German industries ask for.
    Pss,
}

/// What a signature is over.
#[derive(Clone, Copy, Debug)]
pub enum Signed<'a> {
    /// The message itself, for any algorithm.
    Message(&'a [u8]),
    /// Its digest, by the algorithm's own [`digest`](SignatureAlgorithm::digest), where that is known.
    Digest(&'a [u8]),
}

impl<'a> Signed<'a> {
    pub(super) fn digest(self, algorithm: DigestAlgorithm) -> Cow<'a, [u8]> {
        match self {
            Signed::Message(message) => Cow::Owned(Digester::digest(algorithm, message)),
            Signed::Digest(digest) => Cow::Borrowed(digest),
        }
    }

    pub(super) fn message(self) -> Option<&'a [u8]> {
        match self {
            Signed::Message(message) => Some(message),
            Signed::Digest(_) => None,
        }
    }
}

/// What checking a signature found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// The signature is this key's over these bytes.
    Holds,
    /// It is not.
    Fails,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{Reader, algorithm_der, constructed, primitive, tag};

    fn read(der: &[u8], digest: Option<DigestAlgorithm>) -> Option<SignatureAlgorithm> {
        SignatureAlgorithm::read(&AlgorithmIdentifier::read(&mut Reader::new(der)).unwrap(), digest)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut names = std::collections::HashSet::new();
        for digest in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
            for algorithm in [
                SignatureAlgorithm::RsaPkcs1v15(digest),
                SignatureAlgorithm::RsaPss(PssParameters::new(digest)),
                SignatureAlgorithm::Ecdsa(digest),
            ] {
                let der = algorithm.to_der().unwrap();
                assert_eq!(read(&der, None).as_ref(), Some(&algorithm));
                assert_eq!(read(&der, Some(digest)).as_ref(), Some(&algorithm));
                assert_eq!(read(&der, Some(DigestAlgorithm::Sha1)), None);
                assert!(names.insert(algorithm.name()) && algorithm.is_strong());
            }
        }
        let ed25519 = SignatureAlgorithm::Ed25519.to_der().unwrap();
        assert_eq!(ed25519, [0x30, 5, 6, 3, 0x2b, 0x65, 0x70]);
        assert_eq!(
            read(&ed25519, Some(DigestAlgorithm::Sha512)),
            Some(SignatureAlgorithm::Ed25519)
        );
    }

    #[test]
    fn parameters_are_null_or_absent_where_they_say_nothing() {
        let sha256 = Some(DigestAlgorithm::Sha256);
        for oid in [RSA_ENCRYPTION, EC_PUBLIC_KEY, DSA] {
            for parameters in [NULL, &[]] {
                assert!(read(&algorithm_der(oid, parameters), sha256).is_some());
            }
            assert_eq!(read(&algorithm_der(oid, &[4, 0]), sha256), None);
            assert_eq!(read(&algorithm_der(oid, NULL), None), None);
        }
        for oid in [ED25519, MlDsa::MlDsa65.oid()] {
            assert!(read(&algorithm_der(oid, &[]), sha256).is_some());
            assert_eq!(read(&algorithm_der(oid, NULL), sha256), None);
        }
    }

    #[test]
    fn pss_parameters_default_to_sha_1_and_are_bounded() {
        let with = |fields: &[u8]| {
            read(&algorithm_der(RSASSA_PSS, &primitive(tag::SEQUENCE, fields)), None)
        };
        let defaults = PssParameters::new(DigestAlgorithm::Sha1);
        assert_eq!(with(&[]), Some(SignatureAlgorithm::RsaPss(defaults)));
        assert_eq!(read(&algorithm_der(RSASSA_PSS, &[]), None), with(&[]));
        assert!(!with(&[]).unwrap().is_strong());
        let field = |number, value: &[u8]| constructed(tag::context_constructed(number), &[value]);
        let sha512 = algorithm_der(DigestAlgorithm::Sha512.oid(), &[]);
        let found = with(&[field(0, &sha512), field(2, &[2, 1, 0])].concat());
        assert_eq!(
            found,
            Some(SignatureAlgorithm::RsaPss(PssParameters {
                digest: DigestAlgorithm::Sha512,
                salt_length: 0,
                ..defaults
            }))
        );
        assert!(with(&field(2, &[2, 2, 4, 0])).is_some());
        for wrong in [
            field(2, &[2, 2, 4, 1]),
            field(2, &[2, 1, 0xff]),
            field(3, &[2, 1, 2]),
            field(1, &sha512),
            field(0, &algorithm_der(RSASSA_PSS, &[])),
            [field(2, &[2, 1, 20]), field(0, &sha512)].concat(),
            field(4, &[5, 0]),
        ] {
            assert_eq!(with(&wrong), None, "{wrong:x?}");
        }
        assert!(with(&field(3, &[2, 1, 1])).is_some());
    }

    /// OpenSSL: `openssl req -x509 -newkey rsa -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32`
    #[test]
    fn pss_parameters_are_written_as_others_write_them() {
        let der = SignatureAlgorithm::RsaPss(PssParameters::new(DigestAlgorithm::Sha256)).to_der();
        let expected = "MEEGCSqGSIb3DQEBCjA0oA8wDQYJYIZIAWUDBAIBBQChHDAaBgkqhkiG9w0BAQgwDQYJYIZIAWUD\
                        BAIBBQCiAwIBIA==";
        assert_eq!(der.unwrap(), crate::bytes::base64::decode(expected.as_bytes()).unwrap());
    }
}
