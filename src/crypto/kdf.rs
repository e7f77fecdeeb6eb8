//! Key derivation from passwords: PBKDF2 (RFC 8018), the PKCS#12 function (RFC 7292, B.2), Argon2id
//! (RFC 9106). Iteration counts are bounded by [`Limits`](crate::limits::Limits) before work begins.

use argon2::{Algorithm, Argon2, Params, Version};
use pkcs12::kdf::{Pkcs12KeyType, derive_key};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::algorithms::DigestAlgorithm;
use super::digest::Hmac;
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
    EncryptionKey,
    /// The initialization vector of a cipher.
    Iv,
    /// The key of the MAC.
    Mac,
}

/// The key derivation of PKCS#12 (RFC 7292, B.2). `password` is what the RFC calls a BMPString: two
/// bytes a character, big endian, with two zero bytes at the end (none at all for one way to write
/// the empty password).
///
/// # Errors
///
/// `limit/kdf-iterations`, `malformed/p12` for no iterations, `unsupported/algorithm` for MD5.
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
    env.tick(0, iterations).await?;
    let rounds = i32::try_from(iterations)
        .map_err(|_| Error::MalformedP12 { rule: "the iteration count has more than 31 bits" })?;
    let kind = || match purpose {
        Pkcs12Purpose::EncryptionKey => Pkcs12KeyType::EncryptionKey,
        Pkcs12Purpose::Iv => Pkcs12KeyType::Iv,
        Pkcs12Purpose::Mac => Pkcs12KeyType::Mac,
    };
    Ok(Zeroizing::new(match digest {
        DigestAlgorithm::Sha1 => derive_key::<Sha1>(password, salt, kind(), rounds, key_size),
        DigestAlgorithm::Sha224 => derive_key::<Sha224>(password, salt, kind(), rounds, key_size),
        DigestAlgorithm::Sha256 => derive_key::<Sha256>(password, salt, kind(), rounds, key_size),
        DigestAlgorithm::Sha384 => derive_key::<Sha384>(password, salt, kind(), rounds, key_size),
        DigestAlgorithm::Sha512 => derive_key::<Sha512>(password, salt, kind(), rounds, key_size),
        DigestAlgorithm::Md5 => {
            return Err(Error::UnsupportedAlgorithm {
                role: "key derivation",
                algorithm: digest.name().to_owned(),
            });
        }
    }))
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

    /// The most that is accepted from a record: 1 GiB, 16 passes.
    const MAX: Argon2Cost = Argon2Cost { memory_kib: 1 << 20, passes: 16, lanes: 16 };
}

/// Argon2id (RFC 9106). Runs in one piece: there is no place to pause in its memory passes.
///
/// # Errors
///
/// `malformed/record` for a cost or salt that RFC 9106 or our bounds do not allow.
pub async fn argon2id<const N: usize>(
    env: &mut Env,
    password: &[u8],
    salt: &[u8],
    cost: Argon2Cost,
) -> Result<Zeroizing<[u8; N]>> {
    const REFUSED: Error = Error::MalformedRecord { rule: "the cost of Argon2id is out of bounds" };
    let max = Argon2Cost::MAX;
    if cost.memory_kib > max.memory_kib || cost.passes > max.passes || cost.lanes > max.lanes {
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

    #[test]
    fn iterations_are_bounded_before_work_begins() {
        let mut env = env();
        let outcome = block_on(pbkdf2(&mut env, DigestAlgorithm::Sha256, b"p", b"s", u64::MAX, 32));
        assert!(matches!(outcome, Err(Error::Limit { limit: Limit::KdfIterations, .. })));
    }
}
