//! Key derivation from passwords: PBKDF2 (RFC 8018), the PKCS#12 function (RFC 7292, B.2), scrypt
//! (RFC 7914), Argon2id (RFC 9106). What they cost is bounded by [`Limits`](crate::limits::Limits) before work begins.
//! And from secrets that two sides share: HKDF (RFC 5869) and the function of X9.63 (SEC 1, 3.6.1).

use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::algorithms::DigestAlgorithm;
use super::digest::{Digester, Hmac};
use crate::env::Env;
use crate::error::{Error, Limit, Result};

/// Rounds between two ticks: about 2 ms in wasm.
const ROUNDS_PER_TICK: u64 = 4_096;

/// PBKDF2 with HMAC (RFC 8018, 5.2). Written out on the crate's HMAC because the crate's loop can't
/// pause: at 600,000 rounds it would hold a worker for a quarter of a second without hearing "abort".
///
/// # Errors
///
/// `limit/kdf-iterations`, `unsupported/algorithm` for MD5, `aborted`.
pub async fn pbkdf2(
    env: &mut Env,
    prf: DigestAlgorithm,
    password: &[u8],
    salt: &[u8],
    iterations: u64,
    key_size: usize,
) -> Result<Zeroizing<Vec<u8>>> {
    check_iterations(env, iterations)?;
    let mac = Hmac::new(prf, password).ok_or_else(|| Error::UnsupportedAlgorithm {
        role: "key derivation",
        algorithm: prf.name().to_owned(),
    })?;
    let blocks = key_size.div_ceil(prf.size()) as u64;
    let mut key = Zeroizing::new(Vec::with_capacity(key_size + prf.size()));
    for block in 1..=blocks {
        let mut first = salt.to_vec();
        first.extend_from_slice(&(block as u32).to_be_bytes());
        let mut u = mac.code(&first);
        let mut t = u.clone();
        let mut done = 1;
        while done < iterations {
            let rounds = ROUNDS_PER_TICK.min(iterations - done);
            mac.iterate(&mut u, &mut t, rounds);
            done += rounds;
            env.tick((block - 1) * iterations + done, blocks * iterations).await?;
        }
        key.extend_from_slice(&t);
    }
    key.truncate(key_size);
    Ok(key)
}

/// What the PKCS#12 function derives (RFC 7292, B.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pkcs12Purpose {
    /// The key of a cipher.
    EncryptionKey = 1,
    /// The initialization vector of a cipher.
    Iv = 2,
    /// The key of the MAC.
    Mac = 3,
}

/// The key derivation of PKCS#12 (RFC 7292, B.2), whose names for its numbers are used here. `password`
/// is what the RFC calls a BMPString: two bytes a character, big endian, with two zero bytes at the end
/// (none at all for one way to write the empty password). Written out for the reason given at
/// [`pbkdf2()`].
///
/// # Errors
///
/// `limit/kdf-iterations`, `malformed/p12` for no iterations, `unsupported/algorithm` for MD5,
/// `aborted`.
pub async fn pkcs12_kdf(
    env: &mut Env,
    digest: DigestAlgorithm,
    password: &[u8],
    salt: &[u8],
    purpose: Pkcs12Purpose,
    iterations: u64,
    key_size: usize,
) -> Result<Zeroizing<Vec<u8>>> {
    check_iterations(env, iterations)?;
    if digest == DigestAlgorithm::Md5 {
        let (role, algorithm) = ("key derivation", digest.name().to_owned());
        return Err(Error::UnsupportedAlgorithm { role, algorithm });
    }
    let v = digest.block_size();
    let d = vec![purpose as u8; v];
    let whole_blocks = |bytes: &[u8]| bytes.len().div_ceil(v) * v;
    let (s, p) = (whole_blocks(salt), whole_blocks(password));
    let mut i = Zeroizing::new(Vec::with_capacity(s + p));
    i.extend(salt.iter().cycle().take(s));
    i.extend(password.iter().cycle().take(p));

    let blocks = key_size.div_ceil(digest.size()) as u64;
    let mut key = Zeroizing::new(Vec::with_capacity(key_size + digest.size()));
    for block in 0..blocks {
        let mut digester = Digester::new(digest);
        digester.update(&d);
        digester.update(&i);
        let mut a = Zeroizing::new(digester.finish());
        let mut done = 1;
        while done < iterations {
            let rounds = ROUNDS_PER_TICK.min(iterations - done);
            Digester::iterate(digest, &mut a, rounds);
            done += rounds;
            env.tick(block * iterations + done, blocks * iterations).await?;
        }
        key.extend_from_slice(&a);
        let b: Zeroizing<Vec<u8>> = Zeroizing::new(a.iter().copied().cycle().take(v).collect());
        for i_j in i.chunks_mut(v) {
            add_and_one(i_j, &b);
        }
    }
    key.truncate(key_size);
    Ok(key)
}

/// `sum + addend + 1` for numbers of the same size in big endian; what overflows is lost.
fn add_and_one(sum: &mut [u8], addend: &[u8]) {
    let mut carry = 1_u16;
    for (octet, addend) in sum.iter_mut().rev().zip(addend.iter().rev()) {
        carry += u16::from(*octet) + u16::from(*addend);
        *octet = carry as u8;
        carry >>= 8;
    }
}

/// HKDF (RFC 5869): extract and expand. Without a salt it is a string of zeros, as there.
///
/// # Errors
///
/// `unsupported/algorithm` for other digests than SHA-256, SHA-384 and SHA-512, and for more than 255
/// digests of key.
pub fn hkdf(
    digest: DigestAlgorithm,
    salt: Option<&[u8]>,
    secret: &[u8],
    info: &[u8],
    key_size: usize,
) -> Result<Zeroizing<Vec<u8>>> {
    let mut key = Zeroizing::new(vec![0; key_size]);
    let expanded = match digest {
        DigestAlgorithm::Sha256 => Hkdf::<Sha256>::new(salt, secret).expand(info, &mut key),
        DigestAlgorithm::Sha384 => Hkdf::<Sha384>::new(salt, secret).expand(info, &mut key),
        DigestAlgorithm::Sha512 => Hkdf::<Sha512>::new(salt, secret).expand(info, &mut key),
        _ => Err(hkdf::InvalidLength),
    };
    expanded.map(|()| key).map_err(|_| Error::UnsupportedAlgorithm {
        role: "key derivation",
        algorithm: format!("hkdf-{}", digest.name()),
    })
}

/// The key derivation function of ANSI X9.63, as elliptic curve cryptography in CMS uses it (SEC 1,
/// 3.6.1; RFC 5753, 7.2).
pub fn x963_kdf(
    digest: DigestAlgorithm,
    secret: &[u8],
    shared_info: &[u8],
    key_size: usize,
) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(key_size + digest.size()));
    let mut counter = 1_u32;
    while key.len() < key_size {
        let mut digester = Digester::new(digest);
        digester.update(secret);
        digester.update(&counter.to_be_bytes());
        digester.update(shared_info);
        key.extend_from_slice(&Zeroizing::new(digester.finish()));
        counter += 1;
    }
    key.truncate(key_size);
    key
}

/// What scrypt spends (RFC 7914, 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScryptCost {
    /// N, a power of two.
    pub n: u64,
    /// r, the size of a block in units of 128 bytes.
    pub r: u64,
    /// p, how many times it is done.
    pub p: u64,
}

impl ScryptCost {
    /// Bytes of memory.
    fn memory(self) -> u64 {
        self.n.saturating_add(self.p).saturating_mul(self.r).saturating_mul(128)
    }

    /// What it takes, in about as many iterations of PBKDF2 with HMAC-SHA-256: 4·N·r·p times
    /// Salsa20/8, which is a bit more than half of two compressions of SHA-256.
    pub fn iterations(self) -> u64 {
        self.n.saturating_mul(self.r).saturating_mul(self.p)
    }
}

/// scrypt (RFC 7914). Runs in one piece: there is no place to pause in its memory passes.
///
/// # Errors
///
/// `limit/kdf-iterations`, `limit/kdf-memory`, `malformed/p12` if the cost is none that scrypt can
/// have, `aborted`.
pub async fn scrypt(
    env: &mut Env,
    password: &[u8],
    salt: &[u8],
    cost: ScryptCost,
    key_size: usize,
) -> Result<Zeroizing<Vec<u8>>> {
    const REFUSED: Error = Error::MalformedP12 { rule: "the cost of scrypt" };
    if !cost.n.is_power_of_two() || cost.n == 1 {
        return Err(REFUSED);
    }
    check_iterations(env, cost.iterations())?;
    let (required, allowed) = (cost.memory(), env.limits().kdf_memory as u64);
    if required > allowed {
        return Err(Error::Limit { limit: Limit::KdfMemory, required, allowed });
    }
    env.tick(0, 1).await?;
    let size = |number: u64| u32::try_from(number).map_err(|_| REFUSED);
    let params = scrypt::Params::new(cost.n.ilog2() as u8, size(cost.r)?, size(cost.p)?)
        .map_err(|_| REFUSED)?;
    let mut key = Zeroizing::new(vec![0; key_size]);
    scrypt::scrypt(password, salt, &params, &mut key).map_err(|_| REFUSED)?;
    env.tick(1, 1).await?;
    Ok(key)
}

/// What Argon2id spends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Argon2Cost {
    /// RFC 9106's second recommendation, 64 MiB and three passes, in the one lane that wasm has.
    pub const DEFAULT: Argon2Cost = Argon2Cost { memory_kib: 64 << 10, passes: 3, lanes: 1 };

    /// The most lanes that are accepted from a record.
    const LANES: u32 = 16;

    /// How much longer than by default a record may let it take.
    const FACTOR: u64 = 4;

    /// Bytes of memory.
    fn memory(self) -> u64 {
        u64::from(self.memory_kib) << 10
    }

    /// How long it takes: KiB that are passed over.
    fn work(self) -> u64 {
        u64::from(self.memory_kib).saturating_mul(u64::from(self.passes))
    }
}

/// Argon2id (RFC 9106). Runs in one piece: there is no place to pause in its memory passes. So who wrote the
/// cost, which is not authenticated before, can't make it take more than four times as long as by default.
///
/// # Errors
///
/// `limit/kdf-memory`; `malformed/record` for a cost or salt that RFC 9106 or our bounds do not allow;
/// `aborted`.
pub async fn argon2id<const N: usize>(
    env: &mut Env,
    password: &[u8],
    salt: &[u8],
    cost: Argon2Cost,
) -> Result<Zeroizing<[u8; N]>> {
    const REFUSED: Error = Error::MalformedRecord { rule: "the cost of Argon2id is out of bounds" };
    let (required, allowed) = (cost.memory(), env.limits().kdf_memory as u64);
    if required > allowed {
        return Err(Error::Limit { limit: Limit::KdfMemory, required, allowed });
    }
    let most = Argon2Cost::DEFAULT.work().saturating_mul(Argon2Cost::FACTOR);
    if cost.work() > most || cost.lanes > Argon2Cost::LANES {
        return Err(REFUSED);
    }
    env.tick(0, 1).await?;
    let params =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(N)).map_err(|_| REFUSED)?;
    let mut key = Zeroizing::new([0; N]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, key.as_mut())
        .map_err(|_| REFUSED)?;
    Ok(key)
}

fn check_iterations(env: &Env, iterations: u64) -> Result<()> {
    let allowed = env.limits().kdf_iterations;
    if iterations > allowed {
        return Err(Error::Limit { limit: Limit::KdfIterations, required: iterations, allowed });
    }
    if iterations == 0 {
        return Err(Error::MalformedP12 { rule: "the iteration count is zero" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{Time, block_on};
    use crate::limits::Limits;

    fn env() -> Env {
        Env::new(Time::from_secs(0), &[0; 32], Limits::default())
    }

    /// RFC 7914, 12, the second case.
    #[test]
    fn scrypt_follows_rfc_7914() {
        let cost = ScryptCost { n: 1024, r: 8, p: 16 };
        let key = block_on(scrypt(&mut env(), b"password", b"NaCl", cost, 64)).unwrap();
        assert_eq!(key[..8], [0xfd, 0xba, 0xbe, 0x1c, 0x9d, 0x34, 0x72, 0x00]);
    }

    #[test]
    fn scrypt_is_bounded_in_time_and_memory() {
        let outcome = |n: u64, limits: Limits| {
            let mut env = Env::new(Time::from_secs(0), &[0; 32], limits);
            let derived = block_on(scrypt(&mut env, b"", b"", ScryptCost { n, r: 8, p: 1 }, 32));
            derived.map_or_else(|error| error.code().to_owned(), |key| key.len().to_string())
        };
        let limits = Limits::default();
        assert_eq!(outcome(1 << 10, limits), "32");
        assert_eq!(outcome(1 << 20, limits), "limit/kdf-iterations");
        assert_eq!(outcome(1 << 60, limits), "limit/kdf-iterations");
        assert_eq!(outcome(1 << 19, limits), "limit/kdf-memory");
        assert_eq!(outcome(1 << 10, Limits { kdf_memory: 1 << 20, ..limits }), "limit/kdf-memory");
        assert_eq!(outcome(1_000, limits), "malformed/p12");
        assert_eq!(outcome(1, limits), "malformed/p12");
        assert_eq!(outcome(0, limits), "malformed/p12");
    }

    #[test]
    fn argon2id_is_bounded_in_time_and_memory() {
        let outcome = |memory_kib: u32, passes: u32, lanes: u32, limits: Limits| {
            let mut env = Env::new(Time::from_secs(0), &[0; 32], limits);
            let cost = Argon2Cost { memory_kib, passes, lanes };
            let derived = block_on(argon2id::<32>(&mut env, b"", &[7; 16], cost));
            derived.map_or_else(|error| error.code().to_owned(), |key| key.len().to_string())
        };
        let limits = Limits::default();
        assert_eq!(outcome(1 << 10, 1, 1, limits), "32");
        assert_eq!(outcome(1 << 10, 800, 1, limits), "malformed/record");
        assert_eq!(outcome(256 << 10, 4, 1, limits), "malformed/record");
        assert_eq!(outcome((256 << 10) + 1, 1, 1, limits), "limit/kdf-memory");
        assert_eq!(outcome(u32::MAX, u32::MAX, 1, limits), "limit/kdf-memory");
        assert_eq!(outcome(8, u32::MAX, 1, limits), "malformed/record");
        assert_eq!(outcome(1 << 10, 1, 17, limits), "malformed/record");
        assert_eq!(
            outcome(1 << 10, 1, 1, Limits { kdf_memory: 1 << 19, ..limits }),
            "limit/kdf-memory"
        );
    }

    /// RFC 6070, the cases of 1 and 4,096 iterations and the one of 25 bytes.
    #[test]
    fn pbkdf2_follows_rfc_6070() {
        let derive = |password: &[u8], salt: &[u8], iterations, size| {
            block_on(pbkdf2(&mut env(), DigestAlgorithm::Sha1, password, salt, iterations, size))
                .unwrap()
                .to_vec()
        };
        assert_eq!(derive(b"password", b"salt", 1, 20)[..4], [0x0c, 0x60, 0xc8, 0x0f]);
        assert_eq!(derive(b"password", b"salt", 4_096, 20)[..4], [0x4b, 0x00, 0x79, 0x01]);
        let long =
            derive(b"passwordPASSWORDpassword", b"saltSALTsaltSALTsaltSALTsaltSALTsalt", 4_096, 25);
        assert_eq!(long[..4], [0x3d, 0x2e, 0xec, 0x4f]);
        assert_eq!(long[21..], [0x4c, 0xf2, 0xf0, 0x70, 0x38][1..]);
    }

    /// The crate's implementation, which can't pause, says the same.
    #[test]
    fn pkcs12_kdf_agrees_with_the_crate() {
        use pkcs12::kdf::{Pkcs12KeyType, derive_key};
        let passwords = [&b"\0s\0e\0c\0r\0e\0t\0\0"[..], &[0, 0], &[], &[0xfe; 130]];
        let salts = [&[1_u8; 8][..], &[0xff; 20], &[7; 65], &[]];
        for (password, salt) in passwords.into_iter().zip(salts) {
            for (size, iterations) in [(5, 1), (24, 2), (64, 5_000), (200, 3)] {
                let derive = |digest, purpose| {
                    let mut env = env();
                    let key =
                        pkcs12_kdf(&mut env, digest, password, salt, purpose, iterations, size);
                    block_on(key).unwrap().to_vec()
                };
                let rounds = iterations as i32;
                assert_eq!(
                    derive(DigestAlgorithm::Sha1, Pkcs12Purpose::Iv),
                    derive_key::<sha1::Sha1>(password, salt, Pkcs12KeyType::Iv, rounds, size)
                );
                assert_eq!(
                    derive(DigestAlgorithm::Sha512, Pkcs12Purpose::Mac),
                    derive_key::<sha2::Sha512>(password, salt, Pkcs12KeyType::Mac, rounds, size)
                );
            }
        }
    }

    #[test]
    fn iterations_are_bounded_before_work_begins() {
        let mut env = env();
        let outcome = block_on(pbkdf2(&mut env, DigestAlgorithm::Sha256, b"p", b"s", u64::MAX, 32));
        assert!(matches!(outcome, Err(Error::Limit { limit: Limit::KdfIterations, .. })));
    }
}
