//! Object identifiers that name structures, attributes and extensions. Those of algorithms are in
//! `crypto::algorithms`.

use der::asn1::ObjectIdentifier;

macro_rules! oids {
    ($($(#[doc = $doc:literal])+ $name:ident = $oid:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($oid);)+
    };
}

oids! {
    /// `id-data` (RFC 5652, 4).
    DATA = "1.2.840.113549.1.7.1";
    /// `id-signedData` (RFC 5652, 5.1).
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    /// `id-envelopedData` (RFC 5652, 6.1).
    ENVELOPED_DATA = "1.2.840.113549.1.7.3";
    /// `id-digestedData` (RFC 5652, 7).
    DIGESTED_DATA = "1.2.840.113549.1.7.5";
    /// `id-encryptedData` (RFC 5652, 8).
    ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
    /// `id-ct-authData` (RFC 5652, 9.1).
    AUTHENTICATED_DATA = "1.2.840.113549.1.9.16.1.2";
    /// `id-ct-compressedData` (RFC 3274, 1.1).
    COMPRESSED_DATA = "1.2.840.113549.1.9.16.1.9";
    /// `id-ct-contentCollection` (RFC 4073, 2).
    CONTENT_COLLECTION = "1.2.840.113549.1.9.16.1.19";
    /// `id-ct-KP-aKeyPackage` (RFC 5958, 2): private keys.
    KEY_PACKAGE = "2.16.840.1.101.2.1.2.78.5";
    /// `id-ct-authEnvelopedData` (RFC 5083, 2.1).
    AUTH_ENVELOPED_DATA = "1.2.840.113549.1.9.16.1.23";

    /// `id-ori-kem` (RFC 9629, 3).
    KEM_RECIPIENT_INFO = "1.2.840.113549.1.9.16.13.3";

    /// `id-contentType` (RFC 5652, 11.1).
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    /// `id-messageDigest` (RFC 5652, 11.2).
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    /// `id-signingTime` (RFC 5652, 11.3).
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    /// `id-countersignature` (RFC 5652, 11.4).
    COUNTERSIGNATURE = "1.2.840.113549.1.9.6";
    /// `smimeCapabilities` (RFC 8551, 2.5.2).
    SMIME_CAPABILITIES = "1.2.840.113549.1.9.15";
    /// `id-aa-CMSAlgorithmProtection` (RFC 6211, 2).
    CMS_ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52";
    /// `id-aa-contentIdentifier` (RFC 2634, 2.7).
    CONTENT_IDENTIFIER = "1.2.840.113549.1.9.16.2.7";
    /// `id-aa-encrypKeyPref` (RFC 8551, 2.5.3).
    ENCRYPTION_KEY_PREFERENCE = "1.2.840.113549.1.9.16.2.11";
    /// `id-aa-multipleSignatures` (RFC 5752, 3).
    MULTIPLE_SIGNATURES = "1.2.840.113549.1.9.16.2.51";
    /// `id-aa-signingCertificate` (RFC 5035, 5.4.1).
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    /// `id-aa-signingCertificateV2` (RFC 5035, 3).
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

    /// `emailAddress` in a name (RFC 2985, 5.2.1).
    EMAIL_ADDRESS = "1.2.840.113549.1.9.1";
    /// `friendlyName` of a bag (RFC 2985, 5.5.1).
    FRIENDLY_NAME = "1.2.840.113549.1.9.20";
    /// `localKeyId` of a bag (RFC 2985, 5.5.2).
    LOCAL_KEY_ID = "1.2.840.113549.1.9.21";
    /// `id-on-SmtpUTF8Mailbox` (RFC 9598, 3).
    SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9";

    /// `id-ce-subjectKeyIdentifier` (RFC 5280, 4.2.1.2).
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /// `id-at-commonName` in a name (RFC 5280, appendix A.1).
    COMMON_NAME = "2.5.4.3";
    /// `id-ce-keyUsage` (RFC 5280, 4.2.1.3).
    KEY_USAGE = "2.5.29.15";
    /// `id-ce-subjectAltName` (RFC 5280, 4.2.1.6).
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// `id-ce-basicConstraints` (RFC 5280, 4.2.1.9).
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// `id-ce-nameConstraints` (RFC 5280, 4.2.1.10).
    NAME_CONSTRAINTS = "2.5.29.30";
    /// `id-ce-cRLDistributionPoints` (RFC 5280, 4.2.1.13).
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// `id-ce-certificatePolicies` (RFC 5280, 4.2.1.4).
    CERTIFICATE_POLICIES = "2.5.29.32";
    /// `anyPolicy` (RFC 5280, 4.2.1.4).
    ANY_POLICY = "2.5.29.32.0";
    /// `id-qt-cps` (RFC 5280, 4.2.1.4).
    CPS_QUALIFIER = "1.3.6.1.5.5.7.2.1";
    /// `id-qt-unotice` (RFC 5280, 4.2.1.4).
    USER_NOTICE_QUALIFIER = "1.3.6.1.5.5.7.2.2";
    /// `id-ce-policyMappings` (RFC 5280, 4.2.1.5).
    POLICY_MAPPINGS = "2.5.29.33";
    /// `id-ce-authorityKeyIdentifier` (RFC 5280, 4.2.1.1).
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    /// `id-ce-policyConstraints` (RFC 5280, 4.2.1.11).
    POLICY_CONSTRAINTS = "2.5.29.36";
    /// `id-ce-extKeyUsage` (RFC 5280, 4.2.1.12).
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// `anyExtendedKeyUsage` (RFC 5280, 4.2.1.12).
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// `id-ce-inhibitAnyPolicy` (RFC 5280, 4.2.1.14).
    INHIBIT_ANY_POLICY = "2.5.29.54";
    /// `id-kp-emailProtection` (RFC 5280, 4.2.1.12).
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    /// `id-kp-OCSPSigning` (RFC 6960, 4.2.2.2).
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    /// `id-pe-authorityInfoAccess` (RFC 5280, 4.2.2.1).
    AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// `id-pe-qcStatements` (RFC 3739, 3.2.6).
    QC_STATEMENTS = "1.3.6.1.5.5.7.1.3";
    /// `esi4-qcStatement-6` (ETSI EN 319 412-5, 4.2.3).
    QC_TYPE = "0.4.0.1862.1.6";
    /// `id-ad-caIssuers` (RFC 5280, 4.2.2.1).
    CA_ISSUERS = "1.3.6.1.5.5.7.48.2";
    /// `id-ad-ocsp` (RFC 5280, 4.2.2.1).
    OCSP = "1.3.6.1.5.5.7.48.1";

    /// `id-ce-cRLNumber` (RFC 5280, 5.2.3).
    CRL_NUMBER = "2.5.29.20";
    /// `id-ce-cRLReasons` (RFC 5280, 5.3.1).
    CRL_REASON = "2.5.29.21";
    /// `id-ce-invalidityDate` (RFC 5280, 5.3.2).
    INVALIDITY_DATE = "2.5.29.24";
    /// `id-ce-deltaCRLIndicator` (RFC 5280, 5.2.4).
    DELTA_CRL_INDICATOR = "2.5.29.27";
    /// `id-ce-issuingDistributionPoint` (RFC 5280, 5.2.5).
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// `id-ce-certificateIssuer` (RFC 5280, 5.3.3).
    CERTIFICATE_ISSUER = "2.5.29.29";
    /// `id-ce-freshestCRL` (RFC 5280, 4.2.1.15).
    FRESHEST_CRL = "2.5.29.46";
    /// `id-ce-expiredCertsOnCRL` (X.509, 9.5.2.8).
    EXPIRED_CERTS_ON_CRL = "2.5.29.60";
    /// `id-ri-ocsp-response` (RFC 5940, 2.1): an OCSPResponse among the CRLs of a SignedData.
    RI_OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2";
    /// `id-pkix-ocsp-basic` (RFC 6960, 4.2.1).
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// `id-pkix-ocsp-nonce` (RFC 9654, 2.1).
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// `id-pkix-ocsp-crl` (RFC 6960, 4.4.2).
    OCSP_CRL = "1.3.6.1.5.5.7.48.1.3";
    /// `id-pkix-ocsp-nocheck` (RFC 6960, 4.2.2.2.1).
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    /// `id-pkix-ocsp-archive-cutoff` (RFC 6960, 4.4.4).
    OCSP_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6";
    /// `id-pkix-ocsp-extended-revoke` (RFC 6960, 4.4.8).
    OCSP_EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9";
}
