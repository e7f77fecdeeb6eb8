//! Writing a PFX.

use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, Encode};
use pkcs5::pbes2;
use pkcs12::pbe_params::Pkcs12PbeParams;
use pkcs12::{
    DigestInfo, MacData, PKCS_12_CERT_BAG_OID, PKCS_12_PKCS8_KEY_BAG_OID, PKCS_12_X509_CERT_OID,
};
use spki::{AlgorithmIdentifier, AlgorithmIdentifierOwned};

use super::kdf::Kdf;
use super::mac::MacParameters;
use super::password::{Password, Secret};
use super::scheme::Scheme;
use crate::asn1::{Reader, constructed, oids, primitive, tag};
use crate::cert::{Certificate, Identity};
use crate::crypto::algorithms::{DigestAlgorithm, PBES2, PBMAC1, PasswordKdf, PbeScheme};
use crate::crypto::{CbcEncryptor, Digester};
use crate::env::Env;
use crate::error::{Error, Result};

/// For whom a PFX is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For software of today: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC, MAC with HMAC-SHA-256,
    /// 600,000 iterations each. The MAC costs as many because whoever guesses passwords attacks the
    /// cheapest of the three. OpenSSL from 1.0, Windows from 10 version 1709, NSS, Java from 8u301.
    Modern,
    /// As `Modern`, but the MAC is PBMAC1 (RFC 9879) with PBKDF2-HMAC-SHA-256, for those whose rules
    /// leave out PKCS#12's own key derivation. OpenSSL reads it from 3.4.
    Pbmac1,
    /// For Windows Server 2016, macOS and GnuPG 2.2: 3DES as PKCS#12 itself defines it, MAC with
    /// HMAC-SHA-1, salts of 8 bytes, 2,048 iterations. A good password is all that protects such a
    /// file.
    Compatible,
}

impl Profile {
    fn iterations(self) -> u32 {
        match self {
            Profile::Modern | Profile::Pbmac1 => 600_000,
            Profile::Compatible => 2_048,
        }
    }
}

/// Writes the identity with its chain as a PFX (RFC 7292): certificates in one encrypted safe, the
/// shrouded key in another. Key and certificate carry the same local key identifier, the SHA-1
/// fingerprint of the certificate, and a friendly name, its first address or subject.
///
/// # Errors
///
/// `refused/external-key` for a key that is elsewhere, `limit/kdf-iterations` if the limits allow less than the profile takes, `aborted`.
pub async fn export(
    env: &mut Env,
    identity: &Identity,
    password: &Password,
    profile: Profile,
) -> Result<Vec<u8>> {
    let attributes = attributes(identity.certificate())?;
    let mut bags = certificate_bag(identity.certificate(), &attributes)?;
    for issuer in identity.chain().iter().filter(|&issuer| issuer != identity.certificate()) {
        bags.extend(certificate_bag(issuer, &[])?);
    }
    let certificates = primitive(tag::SEQUENCE, &bags);
    let (algorithm, ciphertext) = encrypt(env, password, profile, &certificates).await?;
    let certificates = encrypted_data(&algorithm, &ciphertext)?;

    let (algorithm, ciphertext) = encrypt(env, password, profile, identity.key().pkcs8()?).await?;
    let shrouded =
        constructed(tag::SEQUENCE, &[&algorithm, &primitive(tag::OCTET_STRING, &ciphertext)]);
    let key = bag(PKCS_12_PKCS8_KEY_BAG_OID, &shrouded, &attributes)?;
    let keys = data(&constructed(tag::SEQUENCE, &[&key]))?;

    let safes = constructed(tag::SEQUENCE, &[&certificates, &keys]);
    let mac = mac_data(env, password, profile, &safes).await?;
    Ok(constructed(tag::SEQUENCE, &[&3_u8.to_der()?, &data(&safes)?, &mac]))
}

/// The AlgorithmIdentifier and the ciphertext.
async fn encrypt(
    env: &mut Env,
    password: &Password,
    profile: Profile,
    plaintext: &[u8],
) -> Result<(Vec<u8>, Vec<u8>)> {
    let algorithm = algorithm_identifier(env, profile)?;
    let scheme = Scheme::read(Reader::only(&algorithm, tag::SEQUENCE)?)?;
    let encodings =
        if scheme.takes_bmp_string() { password.bmp_strings() } else { password.octet_strings() };
    let keys = scheme.derive(env, likeliest(&encodings)?).await?;
    let padded = CbcEncryptor::padded_len(scheme.cipher, plaintext.len());
    let encryptor = CbcEncryptor::new(scheme.cipher, &keys.key, &keys.iv)?;
    // Reserved whole: a vector that grows leaves plaintext behind.
    let mut ciphertext = Vec::with_capacity(padded);
    ciphertext.extend_from_slice(plaintext);
    encryptor.finish(&mut ciphertext);
    Ok((algorithm, ciphertext))
}

fn algorithm_identifier(env: &mut Env, profile: Profile) -> Result<Vec<u8>> {
    const REFUSED: Error = Error::Internal { what: "parameters of PBES2" };
    match profile {
        Profile::Modern | Profile::Pbmac1 => {
            let (salt, iv) = (env.random::<16>(), env.random::<16>());
            let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(
                profile.iterations(),
                salt.as_ref(),
                *iv,
            );
            let parameters = Some(parameters.map_err(|_| REFUSED)?);
            Ok(AlgorithmIdentifier { oid: PBES2, parameters }.to_der()?)
        }
        Profile::Compatible => {
            let salt = OctetString::new(env.random::<8>().as_ref())?;
            let iterations = profile.iterations() as i32;
            let parameters = Some(Pkcs12PbeParams { salt, iterations });
            let oid = PbeScheme::ShaAnd3KeyTripleDes.oid();
            Ok(AlgorithmIdentifier { oid, parameters }.to_der()?)
        }
    }
}

async fn mac_data(
    env: &mut Env,
    password: &Password,
    profile: Profile,
    safes: &[u8],
) -> Result<Vec<u8>> {
    let (digest, salt) = match profile {
        Profile::Modern => (DigestAlgorithm::Sha256, env.random::<16>().to_vec()),
        // macOS did not read longer ones.
        Profile::Compatible => (DigestAlgorithm::Sha1, env.random::<8>().to_vec()),
        Profile::Pbmac1 => return pbmac1(env, password, safes).await,
    };
    let iterations = profile.iterations();
    let parameters =
        MacParameters::Pkcs12 { digest, salt: salt.clone(), iterations: u64::from(iterations) };
    let code = parameters.code(env, likeliest(&password.bmp_strings())?, safes).await?;
    let algorithm = AlgorithmIdentifierOwned { oid: digest.oid(), parameters: Some(Any::null()) };
    let mac_data = MacData {
        mac: DigestInfo { algorithm, digest: OctetString::new(code.as_slice())? },
        mac_salt: OctetString::new(salt)?,
        iterations: iterations as i32,
    };
    Ok(mac_data.to_der()?)
}

/// MacData with PBMAC1. Its own salt has nothing to say, and its iterations are the default (RFC
/// 9879, 5).
async fn pbmac1(env: &mut Env, password: &Password, safes: &[u8]) -> Result<Vec<u8>> {
    let (digest, salt) = (DigestAlgorithm::Sha256, env.random::<16>());
    let (iterations, key_size) = (Profile::Pbmac1.iterations(), digest.size());
    let kdf = Kdf::pbkdf2(digest, salt.to_vec(), u64::from(iterations));
    let parameters = MacParameters::Pbmac1 { digest, kdf, key_size };
    let code = parameters.code(env, likeliest(&password.octet_strings())?, safes).await?;

    let sequence = |parts: &[&[u8]]| constructed(tag::SEQUENCE, parts);
    let hmac = digest.hmac_oid().ok_or(Error::Internal { what: "HMAC-SHA-256 is missing" })?;
    let hmac = AlgorithmIdentifierOwned { oid: hmac, parameters: Some(Any::null()) }.to_der()?;
    let (iterations, key_size) = (iterations.to_der()?, (key_size as u64).to_der()?);
    let salt = primitive(tag::OCTET_STRING, salt.as_ref());
    let kdf = sequence(&[&salt, &iterations, &key_size, &hmac]);
    let kdf = sequence(&[&PasswordKdf::Pbkdf2.oid().to_der()?, &kdf]);
    let algorithm = sequence(&[&PBMAC1.to_der()?, &sequence(&[&kdf, &hmac])]);
    let mac = sequence(&[&algorithm, &primitive(tag::OCTET_STRING, &code)]);
    Ok(sequence(&[&mac, &primitive(tag::OCTET_STRING, b"NOT USED")]))
}

/// The encoding that is tried first when reading.
fn likeliest(encodings: &[Secret]) -> Result<&Secret> {
    encodings.first().ok_or(Error::Internal { what: "a password without an encoding" })
}

/// A ContentInfo of type data.
fn data(content: &[u8]) -> Result<Vec<u8>> {
    let content = primitive(tag::OCTET_STRING, content);
    content_info(oids::DATA, &content)
}

/// A ContentInfo of type encryptedData (RFC 5652, 8).
fn encrypted_data(algorithm: &[u8], ciphertext: &[u8]) -> Result<Vec<u8>> {
    let content = primitive(tag::context(0), ciphertext);
    let info = constructed(tag::SEQUENCE, &[&oids::DATA.to_der()?, algorithm, &content]);
    let version = 0_u8.to_der()?;
    content_info(oids::ENCRYPTED_DATA, &constructed(tag::SEQUENCE, &[&version, &info]))
}

fn content_info(kind: ObjectIdentifier, content: &[u8]) -> Result<Vec<u8>> {
    let content = constructed(tag::context_constructed(0), &[content]);
    Ok(constructed(tag::SEQUENCE, &[&kind.to_der()?, &content]))
}

fn certificate_bag(certificate: &Certificate, attributes: &[u8]) -> Result<Vec<u8>> {
    let value = primitive(tag::OCTET_STRING, certificate.der());
    let value = constructed(tag::context_constructed(0), &[&value]);
    let value = constructed(tag::SEQUENCE, &[&PKCS_12_X509_CERT_OID.to_der()?, &value]);
    bag(PKCS_12_CERT_BAG_OID, &value, attributes)
}

/// A SafeBag; `attributes` is empty or a SET.
fn bag(kind: ObjectIdentifier, value: &[u8], attributes: &[u8]) -> Result<Vec<u8>> {
    let value = constructed(tag::context_constructed(0), &[value]);
    Ok(constructed(tag::SEQUENCE, &[&kind.to_der()?, &value, attributes]))
}

/// friendlyName and localKeyId (RFC 2985, 5.5), in the order DER wants.
fn attributes(certificate: &Certificate) -> Result<Vec<u8>> {
    let name = certificate.addresses().first().cloned();
    let name = name.unwrap_or_else(|| certificate.subject_text());
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let fingerprint = Digester::digest(DigestAlgorithm::Sha1, certificate.der());
    let mut attributes = [
        attribute(oids::FRIENDLY_NAME, &primitive(tag::BMP_STRING, &name))?,
        attribute(oids::LOCAL_KEY_ID, &primitive(tag::OCTET_STRING, &fingerprint))?,
    ];
    attributes.sort();
    Ok(primitive(tag::SET, &attributes.concat()))
}

fn attribute(kind: ObjectIdentifier, value: &[u8]) -> Result<Vec<u8>> {
    let values = constructed(tag::SET, &[value]);
    Ok(constructed(tag::SEQUENCE, &[&kind.to_der()?, &values]))
}
