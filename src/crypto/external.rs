//! Private keys that are elsewhere: on a smartcard, in an HSM, with a server.
//!
//! Their holder is asked. A signature it gives is checked before it is used. What it gives for a
//! content-encryption key can't be checked, and whether it gives anything must not show: a key that is
//! none is replaced as with the keys that are here, by one made of the encrypted key and a secret.

use core::future::Future;
use core::pin::Pin;

use der::Encode;
use der::asn1::UintRef;
use zeroize::Zeroizing;

use super::public_key::PublicKey;
use super::rsa::{KeyTransport, Rejection};
use super::signature::{SignatureAlgorithm, SignatureCheck, Signed};
use crate::asn1::{constructed, tag};
use crate::error::{Error, Result};

/// Whoever holds a private key that is not here.
pub trait KeyHolder: Send + Sync {
    /// Whether it is there for this at all.
    fn does(&self, operation: Operation) -> bool;

    /// Asks it. `None` is for a key that does not decrypt; an error ends the call.
    fn ask<'a>(&'a self, request: Request<'a>) -> Answer<'a>;
}

/// What a holder answers, when it does.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Option<Zeroizing<Vec<u8>>>>> + 'a>>;

/// What a holder may be there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Signatures.
    Sign,
    /// Content-encryption keys, and the secrets that lead to them.
    Decrypt,
}

impl Operation {
    /// Its name in the JavaScript interface.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Sign => "sign",
            Operation::Decrypt => "decrypt",
        }
    }
}

/// What a holder is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Request<'a> {
    /// The signature over a message. For ECDSA in DER, or the two numbers side by side, as WebCrypto
    /// has them.
    Sign {
        /// How.
        algorithm: &'a SignatureAlgorithm,
        /// The signer's key.
        public_key: &'a PublicKey,
        /// What is signed; not its digest.
        message: &'a [u8],
    },
    /// The content-encryption key that was encrypted for an RSA key.
    DecryptKey {
        /// How.
        transport: &'a KeyTransport,
        /// The encrypted key.
        encrypted: &'a [u8],
    },
    /// The secret that the recipient's key and the sender's agree on: the x-coordinate of the shared
    /// point, or X25519's 32 bytes.
    Agree {
        /// The recipient's key, which tells the curve.
        public_key: &'a PublicKey,
        /// The sender's: a point as SEC 1 writes it uncompressed, or 32 bytes.
        ephemeral: &'a [u8],
    },
}

impl Request<'_> {
    /// Which operation it belongs to.
    pub fn operation(&self) -> Operation {
        match self {
            Request::Sign { .. } => Operation::Sign,
            Request::DecryptKey { .. } | Request::Agree { .. } => Operation::Decrypt,
        }
    }
}

/// A private key that is elsewhere.
pub(super) struct ExternalKey {
    holder: Box<dyn KeyHolder>,
    rejection: Rejection,
}

impl ExternalKey {
    /// `secret` is random and this key's alone.
    pub(super) fn new(holder: Box<dyn KeyHolder>, secret: &[u8; 32]) -> Result<ExternalKey> {
        Ok(ExternalKey { holder, rejection: Rejection::new(secret)? })
    }

    /// # Errors
    ///
    /// `refused/external-key` if the holder is not there for this.
    pub(super) fn permits(&self, operation: Operation) -> Result<()> {
        if self.holder.does(operation) {
            Ok(())
        } else {
            Err(Error::RefusedExternalKey { operation: operation.name() })
        }
    }

    /// `None` if the key is none for this algorithm.
    pub(super) async fn sign(
        &self,
        public_key: &PublicKey,
        algorithm: &SignatureAlgorithm,
        message: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        self.permits(Operation::Sign)?;
        let request = Request::Sign { algorithm, public_key, message };
        let answer = self.holder.ask(request).await?.unwrap_or_default();
        let check =
            |signature: &[u8]| public_key.verify(algorithm, Signed::Message(message), signature);
        let ecdsa = numbers_in_der(public_key, &answer);
        for signature in [Some(answer.to_vec()), ecdsa].into_iter().flatten() {
            match check(&signature) {
                Some(SignatureCheck::Holds) => return Ok(Some(signature)),
                Some(SignatureCheck::Fails) => {}
                None => return Ok(None),
            }
        }
        let reason = "the signature is not the certificate's";
        Err(Error::ExternalFailed { operation: Operation::Sign.name(), reason })
    }

    /// A content-encryption key: with PKCS#1 v1.5 right or pseudo-random, with OAEP right or none.
    pub(super) async fn decrypt_key(
        &self,
        transport: &KeyTransport,
        encrypted: &[u8],
        key_size: usize,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.permits(Operation::Decrypt)?;
        let found = self.holder.ask(Request::DecryptKey { transport, encrypted }).await?;
        Ok(match transport {
            KeyTransport::Pkcs1v15 => {
                Some(self.rejection.key(&found.unwrap_or_default(), encrypted, key_size))
            }
            KeyTransport::Oaep(_) => found.filter(|key| key.len() == key_size),
        })
    }

    /// The shared secret, as long as the curve's field; `None` if there is none, or it is zero (RFC
    /// 7748, 6.1).
    pub(super) async fn agree(
        &self,
        public_key: &PublicKey,
        ephemeral: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.permits(Operation::Decrypt)?;
        let found = self.holder.ask(Request::Agree { public_key, ephemeral }).await?;
        let size = match public_key {
            PublicKey::Ec(key) => key.curve().bits().div_ceil(8) as usize,
            _ => 32,
        };
        let is_zero = |secret: &[u8]| secret.iter().fold(0, |all, octet| all | octet) == 0;
        Ok(found.filter(|secret| secret.len() == size && !is_zero(secret)))
    }
}

/// `ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }` (RFC 5753, 7.2) of the two numbers, each as
/// long as the curve's order. `None` if it is not that.
fn numbers_in_der(public_key: &PublicKey, signature: &[u8]) -> Option<Vec<u8>> {
    let PublicKey::Ec(key) = public_key else { return None };
    let size = key.curve().bits().div_ceil(8) as usize;
    let (r, s) = signature.split_at_checked(size).filter(|(_, s)| s.len() == size)?;
    let number = |octets| UintRef::new(octets).and_then(|number| number.to_der()).ok();
    Some(constructed(tag::SEQUENCE, &[&number(r)?, &number(s)?]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::algorithms::DigestAlgorithm;
    use crate::crypto::{Curve, PrivateKey, PssParameters};
    use crate::env::{Env, Time, block_on};
    use crate::limits::Limits;

    fn env() -> Env {
        Env::new(Time::from_secs(0), &[7; 32], Limits::default())
    }

    /// A device that holds nothing and gives what it is told to.
    struct Device(Option<Vec<u8>>);

    impl KeyHolder for Device {
        fn does(&self, operation: Operation) -> bool {
            operation == Operation::Decrypt
        }

        fn ask<'a>(&'a self, _request: Request<'a>) -> Answer<'a> {
            Box::pin(async { Ok(self.0.clone().map(Zeroizing::new)) })
        }
    }

    fn rsa() -> PublicKey {
        let modulus = [&[0][..], &[0x81; 256]].concat();
        crate::crypto::rsa::tests::read(&modulus, &[1, 0, 1]).unwrap()
    }

    fn device(answer: Option<&[u8]>, secret: u8) -> PrivateKey {
        let holder = Box::new(Device(answer.map(<[u8]>::to_vec)));
        PrivateKey::external(rsa(), holder, &[secret; 32]).unwrap()
    }

    #[test]
    fn a_key_that_is_none_is_replaced_by_the_same_one_each_time() {
        let decrypt = |key: &PrivateKey, encrypted: &[u8]| {
            let transport = &KeyTransport::Pkcs1v15;
            block_on(key.decrypt_key(&mut env(), transport, encrypted, 32))
                .unwrap()
                .unwrap()
                .to_vec()
        };
        let encrypted = [9; 256];
        let replaced = decrypt(&device(None, 1), &encrypted);
        assert_eq!(replaced.len(), 32);
        for other in [&[][..], &[5; 31], &[5; 33]] {
            assert_eq!(decrypt(&device(Some(other), 1), &encrypted), replaced);
        }
        assert_ne!(decrypt(&device(None, 2), &encrypted), replaced);
        assert_ne!(decrypt(&device(None, 1), &[8; 256]), replaced);
        assert_eq!(decrypt(&device(Some(&[5; 32]), 1), &encrypted), [5; 32]);
    }

    #[test]
    fn what_is_not_here_is_refused_by_its_name() {
        let key = device(None, 1);
        let algorithm = SignatureAlgorithm::RsaPss(PssParameters::new(DigestAlgorithm::Sha256));
        let error = block_on(key.sign(&mut env(), &algorithm, b"")).unwrap_err();
        assert_eq!(error, Error::RefusedExternalKey { operation: "sign" });
        assert_eq!(key.pkcs8(), Err(Error::RefusedExternalKey { operation: "export" }));
        assert_eq!(key.permits(Operation::Decrypt), Ok(()));
        let public = PublicKey::RsaOutOfBounds(512);
        let error = PrivateKey::external(public, Box::new(Device(None)), &[0; 32]).unwrap_err();
        assert_eq!(error.code(), "unsupported/algorithm");
    }

    #[test]
    fn numbers_side_by_side_become_der() {
        let key = crate::crypto::ec::EcPrivateKey::generate(&mut env(), Curve::P256);
        let public = PublicKey::Ec(key.unwrap().1);
        let numbers = [&[0_u8; 31][..], &[5], &[0xff; 32]].concat();
        let der = numbers_in_der(&public, &numbers).unwrap();
        assert_eq!(der[..8], [0x30, 38, 2, 1, 5, 2, 33, 0]);
        assert_eq!(der[8..], [0xff; 32]);
        assert_eq!(numbers_in_der(&public, &numbers[1..]), None);
        assert_eq!(numbers_in_der(&rsa(), &numbers), None);
    }
}
