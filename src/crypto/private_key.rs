//! Private keys of every kind (RFC 5958).

use zeroize::Zeroizing;

use super::algorithms::{Curve, EC_PUBLIC_KEY, ED25519, X25519, refused_name};
use super::ec::{self, EcPrivateKey};
use super::ed25519::{self, Ed25519PrivateKey};
use super::external::{ExternalKey, KeyHolder, Operation};
use super::ml_kem::{self, MlKemPrivateKey};
use super::public_key::PublicKey;
use super::rsa::{self, KeyTransport, RsaPrivateKey};
use super::signature::SignatureAlgorithm;
use super::x25519::{self, X25519PrivateKey};
use crate::asn1::{AlgorithmIdentifier, Reader, tag};
use crate::env::Env;
use crate::error::{Error, Result};

/// A private key. It keeps its PKCS#8 beside the numbers, for sealing and export; a key that is
/// elsewhere has none.
pub struct PrivateKey {
    secret: Secret,
    public: PublicKey,
    pkcs8: Option<Zeroizing<Vec<u8>>>,
}

/// The numbers.
pub(super) enum Secret {
    Rsa(Box<RsaPrivateKey>),
    Ec(EcPrivateKey),
    Ed25519(Ed25519PrivateKey),
    X25519(X25519PrivateKey),
    MlKem(MlKemPrivateKey),
    External(ExternalKey),
}

pub(super) const UNREADABLE: Error = Error::MalformedKey { rule: "its ASN.1 can't be read" };
pub(super) const CONTRADICTION: Error =
    Error::MalformedKey { rule: "its numbers do not belong together" };

pub(super) fn unsupported(algorithm: String) -> Error {
    Error::UnsupportedAlgorithm { role: "a private key", algorithm }
}

impl core::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// From PKCS#8 in DER, with or without the public key that RFC 5958 added.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` for a key of a kind, on a curve or of a size that we can't use,
    /// `malformed/key` for one that can't be read or whose numbers do not belong together.
    pub fn from_pkcs8(der: &[u8]) -> Result<PrivateKey> {
        let info = PrivateKeyInfo::read(der).map_err(|_| UNREADABLE)?;
        let (secret, public) = match info.algorithm.oid {
            EC_PUBLIC_KEY => {
                let (secret, public) = ec::read_private(&info)?;
                (Secret::Ec(secret), PublicKey::Ec(public))
            }
            ED25519 => {
                let (secret, public) = ed25519::read_private(&info)?;
                (Secret::Ed25519(secret), PublicKey::Ed25519(public))
            }
            X25519 => {
                let (secret, public) = x25519::read_private(&info)?;
                (Secret::X25519(secret), PublicKey::X25519(public))
            }
            other => {
                if let Some((secret, public)) = rsa::read_private(&info)? {
                    (Secret::Rsa(Box::new(secret)), PublicKey::Rsa(public))
                } else if let Some((secret, public)) = ml_kem::read_private(&info)? {
                    (Secret::MlKem(secret), PublicKey::MlKem(public))
                } else {
                    return Err(unsupported(refused_name(other)));
                }
            }
        };
        Ok(PrivateKey { secret, public, pkcs8: Some(Zeroizing::new(der.to_vec())) })
    }

    /// A new key on a curve.
    ///
    /// # Errors
    ///
    /// None but faults of the curve's crate.
    pub fn generate(env: &mut Env, curve: Curve) -> Result<PrivateKey> {
        let (key, public) = EcPrivateKey::generate(env, curve).ok_or(CONTRADICTION)?;
        let pkcs8 = Some(key.to_pkcs8(&public));
        Ok(PrivateKey { secret: Secret::Ec(key), public: PublicKey::Ec(public), pkcs8 })
    }

    /// A key that `holder` has, by its public half. `secret` is random and this key's alone: what
    /// takes the place of a content-encryption key that can't be decrypted is made of it.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` for a public key of a kind or size that is not used this way.
    pub fn external(
        public: PublicKey,
        holder: Box<dyn KeyHolder>,
        secret: &[u8; 32],
    ) -> Result<PrivateKey> {
        use PublicKey::{Ec, Ed25519, Rsa, X25519};
        if !matches!(public, Rsa(_) | Ec(_) | Ed25519(_) | X25519(_)) {
            return Err(public.cannot("a private key"));
        }
        let secret = Secret::External(ExternalKey::new(holder, secret)?);
        Ok(PrivateKey { secret, public, pkcs8: None })
    }

    /// Whether this key can be used so, as far as it depends on who holds it.
    ///
    /// # Errors
    ///
    /// `refused/external-key`.
    pub fn permits(&self, operation: Operation) -> Result<()> {
        match &self.secret {
            Secret::External(key) => key.permits(operation),
            _ => Ok(()),
        }
    }

    /// The PKCS#8 this key was made from.
    ///
    /// # Errors
    ///
    /// `refused/external-key`.
    pub fn pkcs8(&self) -> Result<&[u8]> {
        let pkcs8 = self.pkcs8.as_deref();
        pkcs8.map(Vec::as_slice).ok_or(Error::RefusedExternalKey { operation: "export" })
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Whether the key may be used at this moment; one that is elsewhere has its own lock.
    pub(super) async fn check_use(&self, env: &Env) -> Result<()> {
        match &self.secret {
            Secret::External(_) => Ok(()),
            _ => env.check_key_use().await,
        }
    }

    pub(super) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Whether `other` is the same key, whatever else its PKCS#8 says.
    pub fn is_same(&self, other: &PrivateKey) -> bool {
        self.belongs_to(&other.public)
    }

    /// Whether this is the private half of `public`.
    pub fn belongs_to(&self, public: &PublicKey) -> bool {
        self.public.is_same(public)
    }

    /// Signs `message`. RSA is blinded; ECDSA takes its nonce from the key, the message and
    /// randomness together (RFC 6979, 3.6).
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if this key can't sign so, `identity/locked`, `refused/external-key`,
    /// `identity/external-failed`.
    pub async fn sign(
        &self,
        env: &mut Env,
        algorithm: &SignatureAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>> {
        self.check_use(env).await?;
        #[cfg(target_arch = "wasm32")]
        if let Secret::Rsa(_) = &self.secret
            && let Some(signature) =
                super::webcrypto::sign_rsa(self.pkcs8()?, algorithm, message).await
        {
            return Ok(signature);
        }
        let signature = match (&self.secret, algorithm) {
            (Secret::Rsa(key), SignatureAlgorithm::RsaPkcs1v15(digest)) => {
                key.sign_pkcs1v15(env, *digest, message)
            }
            (Secret::Rsa(key), SignatureAlgorithm::RsaPss(parameters)) => {
                key.sign_pss(env, parameters, message)
            }
            (Secret::Ec(key), SignatureAlgorithm::Ecdsa(digest)) => key.sign(env, *digest, message),
            (Secret::Ed25519(key), SignatureAlgorithm::Ed25519) => Some(key.sign(message)),
            (Secret::External(key), _) => key.sign(&self.public, algorithm, message).await?,
            _ => None,
        };
        signature.ok_or_else(|| self.public.cannot("a signature"))
    }

    /// The content-encryption key of `key_size` bytes that was encrypted for this key.
    ///
    /// With PKCS#1 v1.5 there is always an answer, right or pseudo-random, so that bad padding surfaces
    /// where a wrong key does: when the content does not decrypt. With OAEP a bad padding or length is
    /// `None`.
    ///
    /// # Errors
    ///
    /// `unsupported/algorithm` if this is no RSA key, which depends on public facts only;
    /// `identity/locked`, `refused/external-key`, `identity/external-failed`.
    pub async fn decrypt_key(
        &self,
        env: &mut Env,
        transport: &KeyTransport,
        encrypted: &[u8],
        key_size: usize,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.check_use(env).await?;
        match &self.secret {
            Secret::Rsa(key) => Ok(key.decrypt_key(env, transport, encrypted, key_size)),
            Secret::External(key) if matches!(self.public, PublicKey::Rsa(_)) => {
                key.decrypt_key(transport, encrypted, key_size).await
            }
            _ => Err(self.public.cannot("key transport")),
        }
    }
}

/// A PrivateKeyInfo as slices of its DER.
///
/// ```text
/// OneAsymmetricKey ::= SEQUENCE {
///   version INTEGER,
///   privateKeyAlgorithm AlgorithmIdentifier,
///   privateKey OCTET STRING,
///   attributes [0] IMPLICIT Attributes OPTIONAL,
///   publicKey [1] IMPLICIT BIT STRING OPTIONAL }
/// ```
pub(super) struct PrivateKeyInfo<'a> {
    pub(super) algorithm: AlgorithmIdentifier<'a>,
    pub(super) private_key: &'a [u8],
    /// The octets of the BIT STRING, its first included.
    pub(super) public_key: Option<&'a [u8]>,
}

impl<'a> PrivateKeyInfo<'a> {
    fn read(der: &'a [u8]) -> Result<PrivateKeyInfo<'a>> {
        let mut reader = Reader::only(der, tag::SEQUENCE)?.contents();
        if reader.expect(tag::INTEGER)?.uint()? > 1 {
            return Err(UNREADABLE);
        }
        let algorithm = AlgorithmIdentifier::read(&mut reader)?;
        let private_key = reader.expect(tag::OCTET_STRING)?.value;
        let _attributes = reader.optional(tag::context_constructed(0))?;
        let public_key = reader.optional(tag::context(1))?.map(|bits| bits.value);
        reader.finish()?;
        Ok(PrivateKeyInfo { algorithm, private_key, public_key })
    }

    /// Whether the public key beside the private one, if there is one, is this.
    pub(super) fn agrees_with(&self, public_key: &[u8]) -> bool {
        self.public_key.is_none_or(|found| found.split_first() == Some((&0, public_key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{algorithm_der, constructed, oid_der, primitive};
    use crate::bytes::base64;
    use crate::crypto::algorithms::{Curve, RSA_ENCRYPTION, RSASSA_PSS};
    use crate::crypto::ec::EcPublicKey;

    fn decoded(text: &str) -> Vec<u8> {
        base64::decode(text.as_bytes()).unwrap()
    }

    fn code(der: &[u8]) -> String {
        PrivateKey::from_pkcs8(der).unwrap_err().code().to_owned()
    }

    /// RFC 8410, 10.1 and 10.3.
    #[test]
    fn ed25519_keys_are_read_with_and_without_their_public_half() {
        let short = decoded("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC");
        let long = decoded(
            "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\
             oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB\
             Z9w7lshQhqowtrbLDFw4rXAxZuE=",
        );
        let public = decoded("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");
        let public = PublicKey::from_spki(Reader::only(&public, tag::SEQUENCE).unwrap()).unwrap();
        for der in [&short, &long] {
            assert!(PrivateKey::from_pkcs8(der).unwrap().belongs_to(&public));
        }
        let mut wrong = long.clone();
        *wrong.last_mut().unwrap() ^= 1;
        assert_eq!(code(&wrong), "malformed/key");
        assert_eq!(code(&short[..short.len() - 1]), "malformed/key");
    }

    /// PKCS#8 around an ECPrivateKey with these fields after the number one.
    fn ec(parameters: &[u8], scalar: &[u8], curve: Option<Curve>, point: Option<&[u8]>) -> Vec<u8> {
        let named =
            curve.map(|curve| constructed(tag::context_constructed(0), &[&oid_der(curve.oid())]));
        let point = point.map(|point| {
            let bits = primitive(tag::BIT_STRING, &[&[0], point].concat());
            constructed(tag::context_constructed(1), &[&bits])
        });
        let key = constructed(
            tag::SEQUENCE,
            &[
                &[tag::INTEGER, 1, 1],
                &primitive(tag::OCTET_STRING, scalar),
                &named.unwrap_or_default(),
                &point.unwrap_or_default(),
            ],
        );
        constructed(
            tag::SEQUENCE,
            &[
                &[tag::INTEGER, 1, 0],
                &algorithm_der(EC_PUBLIC_KEY, parameters),
                &primitive(tag::OCTET_STRING, &key),
            ],
        )
    }

    #[test]
    fn elliptic_curve_keys_are_read_with_and_without_what_can_be_left_out() {
        // RFC 6979, A.2.5.
        let scalar = decoded("ya+p2EW6dRZrXCFXZ7HWk05Qw9s26JsSe4piKxIPZyE=");
        let (x, y) = (
            decoded("YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y="),
            decoded("eQP+EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk="),
        );
        let named = oid_der(Curve::P256.oid());
        let key = PrivateKey::from_pkcs8(&ec(&named, &scalar, None, None)).unwrap();
        let PublicKey::Ec(public) = key.public_key() else { panic!("no curve") };
        let point = [&[4], &x[..], &y].concat();
        assert_eq!(public.point(), point);
        for (curve, point) in [
            (Some(Curve::P256), None),
            (None, Some(point.as_slice())),
            (Some(Curve::P256), Some(point.as_slice())),
        ] {
            let read = PrivateKey::from_pkcs8(&ec(&named, &scalar, curve, point)).unwrap();
            assert!(read.is_same(&key));
        }
        // Some writers leave out zeros in front.
        let mut small = [0; 32];
        small[31] = 5;
        let long = PrivateKey::from_pkcs8(&ec(&named, &small, None, None)).unwrap();
        let short = PrivateKey::from_pkcs8(&ec(&named, &small[4..], None, None)).unwrap();
        assert!(long.is_same(&short) && !long.is_same(&key));

        let other = EcPublicKey::from_sec1(Curve::P256, &point).unwrap();
        assert_eq!(&other, public);
        let PublicKey::Ec(other) = long.public_key() else { panic!("no curve") };
        for contradiction in [
            ec(&named, &scalar, Some(Curve::P384), None),
            ec(&named, &scalar, None, Some(other.point())),
            ec(&named, &[0; 32], None, None),
            ec(&named, &[0xff; 32], None, None),
            ec(&named, &[1; 33], None, None),
        ] {
            assert_eq!(code(&contradiction), "malformed/key");
        }
    }

    #[test]
    fn curves_that_are_not_ours_or_not_named_are_refused() {
        let brainpool_p512r1 = [0x06, 9, 0x2b, 0x24, 3, 3, 2, 8, 1, 1, 0x0d];
        let error = PrivateKey::from_pkcs8(&ec(&brainpool_p512r1, &[1; 64], None, None));
        let error = error.unwrap_err();
        assert_eq!(error.code(), "unsupported/algorithm");
        assert!(error.to_string().contains("brainpool-p512r1"), "{error}");
        let written_out = constructed(tag::SEQUENCE, &[&[tag::INTEGER, 1, 1]]);
        assert_eq!(code(&ec(&written_out, &[1; 32], None, None)), "unsupported/algorithm");
        assert_eq!(code(&ec(&[], &[1; 32], None, None)), "unsupported/algorithm");
    }

    #[test]
    fn a_key_of_an_unknown_kind_or_version_is_refused() {
        let of = |version, algorithm: &[u8]| {
            let octets = primitive(tag::OCTET_STRING, &[1, 2, 3]);
            constructed(tag::SEQUENCE, &[&[tag::INTEGER, 1, version], algorithm, &octets])
        };
        let ed448 = [0x30, 5, 0x06, 3, 0x2b, 0x65, 0x71];
        let error = PrivateKey::from_pkcs8(&of(0, &ed448)).unwrap_err();
        assert!(error.to_string().contains("ed448"), "{error}");
        for oid in [RSA_ENCRYPTION, RSASSA_PSS] {
            assert_eq!(code(&of(0, &algorithm_der(oid, &[]))), "malformed/key");
            assert_eq!(code(&of(2, &algorithm_der(oid, &[]))), "malformed/key");
        }
    }
}
