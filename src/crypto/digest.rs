//! Hash functions and HMAC (RFC 2104) over bytes that come in pieces.

use hmac::{KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::digest::{Digest, Update};
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};
use zeroize::Zeroizing;

use super::algorithms::DigestAlgorithm;

/// A hash in progress.
#[derive(Clone)]
pub struct Digester(State);

#[derive(Clone)]
enum State {
    Md5(Md5),
    Sha1(Sha1),
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    Sha512_224(Sha512_224),
    Sha512_256(Sha512_256),
    Sha3_224(Sha3_224),
    Sha3_256(Sha3_256),
    Sha3_384(Sha3_384),
    Sha3_512(Sha3_512),
}

impl Digester {
    /// Starts a hash.
    pub fn new(algorithm: DigestAlgorithm) -> Digester {
        Digester(match algorithm {
            DigestAlgorithm::Md5 => State::Md5(Md5::new()),
            DigestAlgorithm::Sha1 => State::Sha1(Sha1::new()),
            DigestAlgorithm::Sha224 => State::Sha224(Sha224::new()),
            DigestAlgorithm::Sha256 => State::Sha256(Sha256::new()),
            DigestAlgorithm::Sha384 => State::Sha384(Sha384::new()),
            DigestAlgorithm::Sha512 => State::Sha512(Sha512::new()),
            DigestAlgorithm::Sha512_224 => State::Sha512_224(Sha512_224::new()),
            DigestAlgorithm::Sha512_256 => State::Sha512_256(Sha512_256::new()),
            DigestAlgorithm::Sha3_224 => State::Sha3_224(Sha3_224::new()),
            DigestAlgorithm::Sha3_256 => State::Sha3_256(Sha3_256::new()),
            DigestAlgorithm::Sha3_384 => State::Sha3_384(Sha3_384::new()),
            DigestAlgorithm::Sha3_512 => State::Sha3_512(Sha3_512::new()),
        })
    }

    /// The digest of bytes that are all here.
    pub fn digest(algorithm: DigestAlgorithm, bytes: &[u8]) -> Vec<u8> {
        let mut digester = Digester::new(algorithm);
        digester.update(bytes);
        digester.finish()
    }

    /// Hashes a digest `rounds` times over, in place and without an allocation.
    pub(super) fn iterate(algorithm: DigestAlgorithm, value: &mut [u8], rounds: u64) {
        fn iterate<D: Digest>(value: &mut [u8], rounds: u64) {
            for _ in 0..rounds {
                let next = D::digest(&*value);
                value.copy_from_slice(&next);
            }
        }
        match algorithm {
            DigestAlgorithm::Md5 => iterate::<Md5>(value, rounds),
            DigestAlgorithm::Sha1 => iterate::<Sha1>(value, rounds),
            DigestAlgorithm::Sha224 => iterate::<Sha224>(value, rounds),
            DigestAlgorithm::Sha256 => iterate::<Sha256>(value, rounds),
            DigestAlgorithm::Sha384 => iterate::<Sha384>(value, rounds),
            DigestAlgorithm::Sha512 => iterate::<Sha512>(value, rounds),
            DigestAlgorithm::Sha512_224 => iterate::<Sha512_224>(value, rounds),
            DigestAlgorithm::Sha512_256 => iterate::<Sha512_256>(value, rounds),
            DigestAlgorithm::Sha3_224 => iterate::<Sha3_224>(value, rounds),
            DigestAlgorithm::Sha3_256 => iterate::<Sha3_256>(value, rounds),
            DigestAlgorithm::Sha3_384 => iterate::<Sha3_384>(value, rounds),
            DigestAlgorithm::Sha3_512 => iterate::<Sha3_512>(value, rounds),
        }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Md5(hash) => Update::update(hash, bytes),
            State::Sha1(hash) => Update::update(hash, bytes),
            State::Sha224(hash) => Update::update(hash, bytes),
            State::Sha256(hash) => Update::update(hash, bytes),
            State::Sha384(hash) => Update::update(hash, bytes),
            State::Sha512(hash) => Update::update(hash, bytes),
            State::Sha512_224(hash) => Update::update(hash, bytes),
            State::Sha512_256(hash) => Update::update(hash, bytes),
            State::Sha3_224(hash) => Update::update(hash, bytes),
            State::Sha3_256(hash) => Update::update(hash, bytes),
            State::Sha3_384(hash) => Update::update(hash, bytes),
            State::Sha3_512(hash) => Update::update(hash, bytes),
        }
    }

    /// The digest of all that was taken.
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            State::Md5(hash) => hash.finalize().to_vec(),
            State::Sha1(hash) => hash.finalize().to_vec(),
            State::Sha224(hash) => hash.finalize().to_vec(),
            State::Sha256(hash) => hash.finalize().to_vec(),
            State::Sha384(hash) => hash.finalize().to_vec(),
            State::Sha512(hash) => hash.finalize().to_vec(),
            State::Sha512_224(hash) => hash.finalize().to_vec(),
            State::Sha512_256(hash) => hash.finalize().to_vec(),
            State::Sha3_224(hash) => hash.finalize().to_vec(),
            State::Sha3_256(hash) => hash.finalize().to_vec(),
            State::Sha3_384(hash) => hash.finalize().to_vec(),
            State::Sha3_512(hash) => hash.finalize().to_vec(),
        }
    }
}

/// A keyed hash that can be used many times. MD5 and SHA-3 are not among them: nothing asks for them.
#[derive(Clone)]
pub struct Hmac(Keyed);

#[derive(Clone)]
enum Keyed {
    Sha1(hmac::Hmac<Sha1>),
    Sha224(hmac::Hmac<Sha224>),
    Sha256(hmac::Hmac<Sha256>),
    Sha384(hmac::Hmac<Sha384>),
    Sha512(hmac::Hmac<Sha512>),
    Sha512_224(hmac::Hmac<Sha512_224>),
    Sha512_256(hmac::Hmac<Sha512_256>),
}

/// A key of any length, which is what HMAC takes.
fn keyed<M: KeyInit>(key: &[u8]) -> Option<M> {
    M::new_from_slice(key).ok()
}

impl Hmac {
    /// Takes the key; `None` for MD5 and SHA-3.
    pub fn new(algorithm: DigestAlgorithm, key: &[u8]) -> Option<Hmac> {
        Some(Hmac(match algorithm {
            DigestAlgorithm::Md5
            | DigestAlgorithm::Sha3_224
            | DigestAlgorithm::Sha3_256
            | DigestAlgorithm::Sha3_384
            | DigestAlgorithm::Sha3_512 => return None,
            DigestAlgorithm::Sha1 => Keyed::Sha1(keyed(key)?),
            DigestAlgorithm::Sha224 => Keyed::Sha224(keyed(key)?),
            DigestAlgorithm::Sha256 => Keyed::Sha256(keyed(key)?),
            DigestAlgorithm::Sha384 => Keyed::Sha384(keyed(key)?),
            DigestAlgorithm::Sha512 => Keyed::Sha512(keyed(key)?),
            DigestAlgorithm::Sha512_224 => Keyed::Sha512_224(keyed(key)?),
            DigestAlgorithm::Sha512_256 => Keyed::Sha512_256(keyed(key)?),
        }))
    }

    /// The authentication code of `bytes`.
    pub fn code(&self, bytes: &[u8]) -> Zeroizing<Vec<u8>> {
        fn code<M: Mac + Clone>(mac: &M, bytes: &[u8]) -> Zeroizing<Vec<u8>> {
            let mut mac = mac.clone();
            mac.update(bytes);
            Zeroizing::new(mac.finalize().into_bytes().to_vec())
        }
        match &self.0 {
            Keyed::Sha1(mac) => code(mac, bytes),
            Keyed::Sha224(mac) => code(mac, bytes),
            Keyed::Sha256(mac) => code(mac, bytes),
            Keyed::Sha384(mac) => code(mac, bytes),
            Keyed::Sha512(mac) => code(mac, bytes),
            Keyed::Sha512_224(mac) => code(mac, bytes),
            Keyed::Sha512_256(mac) => code(mac, bytes),
        }
    }

    /// PBKDF2's inner loop (RFC 8018, 5.2): `rounds` times U = HMAC(U), T ^= U, without an allocation.
    pub(super) fn iterate(&self, u: &mut [u8], t: &mut [u8], rounds: u64) {
        fn iterate<M: Mac + Clone>(mac: &M, u: &mut [u8], t: &mut [u8], rounds: u64) {
            for _ in 0..rounds {
                let mut next = mac.clone();
                next.update(u);
                u.copy_from_slice(&next.finalize().into_bytes());
                for (sum, byte) in t.iter_mut().zip(u.iter()) {
                    *sum ^= byte;
                }
            }
        }
        match &self.0 {
            Keyed::Sha1(mac) => iterate(mac, u, t, rounds),
            Keyed::Sha224(mac) => iterate(mac, u, t, rounds),
            Keyed::Sha256(mac) => iterate(mac, u, t, rounds),
            Keyed::Sha384(mac) => iterate(mac, u, t, rounds),
            Keyed::Sha512(mac) => iterate(mac, u, t, rounds),
            Keyed::Sha512_224(mac) => iterate(mac, u, t, rounds),
            Keyed::Sha512_256(mac) => iterate(mac, u, t, rounds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn hmac_follows_rfc_4231() {
        let mac = Hmac::new(DigestAlgorithm::Sha256, b"Jefe").unwrap();
        assert_eq!(
            mac.code(b"what do ya want for nothing?")[..8],
            [0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e]
        );
    }
}
