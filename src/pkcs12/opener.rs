//! Finds which encoding of a password opens a PFX, and opens its parts with it.

use zeroize::Zeroizing;

use super::mac::Mac;
use super::password::{Password, Secret};
use super::scheme::Scheme;
use crate::asn1::tag;
use crate::crypto::CbcDecryptor;
use crate::env::Env;
use crate::error::{Error, Limit, Result};

/// What all key derivations of one import may cost together: so many times the allowed iterations,
/// counted for every block of output that is derived. A file with forty keys of today's 600,000
/// iterations stays below, with two blocks for each too.
const DERIVATIONS: u64 = 8;

/// A password whose encodings are tried until something shows which is right. That one is tried first
/// from then on, so a good file costs one derivation for each of its parts.
pub(super) struct Opener {
    bmp_strings: Vec<Secret>,
    octet_strings: Vec<Secret>,
    /// The MAC or a plaintext has shown that the password is right: what fails now is damaged.
    proven: bool,
    /// Iterations so far, for every block.
    spent: u64,
}

impl Opener {
    pub(super) fn new(password: &Password) -> Opener {
        Opener {
            bmp_strings: password.bmp_strings(),
            octet_strings: password.octet_strings(),
            proven: false,
            spent: 0,
        }
    }

    /// Checks the MAC.
    ///
    /// # Errors
    ///
    /// `p12/wrong-password` if it holds for no encoding, `limit/kdf-iterations`, `malformed/p12`,
    /// `unsupported/algorithm`, `aborted`.
    pub(super) async fn check(&mut self, env: &mut Env, mac: &Mac, bytes: &[u8]) -> Result<()> {
        let takes_bmp_string = mac.parameters.takes_bmp_string();
        for index in 0..self.encodings(takes_bmp_string).len() {
            self.spend(env, mac.parameters.cost())?;
            let Some(password) = self.encodings(takes_bmp_string).get(index) else { break };
            if mac.holds(env, password, bytes).await? {
                self.encodings(takes_bmp_string).swap(0, index);
                self.proven = true;
                return Ok(());
            }
        }
        Err(Error::P12WrongPassword)
    }

    /// Decrypts a SEQUENCE.
    ///
    /// # Errors
    ///
    /// `p12/wrong-password` if no encoding fits and none did before; else `malformed/p12`.
    /// `limit/kdf-iterations`, `aborted`.
    pub(super) async fn open(
        &mut self,
        env: &mut Env,
        scheme: &Scheme,
        ciphertext: &[u8],
    ) -> Result<Secret> {
        if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(scheme.cipher.block_size()) {
            return Err(Error::MalformedP12 { rule: "a ciphertext is not whole blocks" });
        }
        let takes_bmp_string = scheme.takes_bmp_string();
        for index in 0..self.encodings(takes_bmp_string).len() {
            self.spend(env, scheme.cost())?;
            let Some(password) = self.encodings(takes_bmp_string).get(index) else { break };
            let keys = scheme.derive(env, password).await?;
            let mut decryptor = CbcDecryptor::new(scheme.cipher, &keys.key, &keys.iv)?;
            let mut plaintext = Zeroizing::new(ciphertext.to_vec());
            decryptor.update(&mut plaintext);
            let unpadded = decryptor.unpadded_len(&plaintext);
            match judge(&plaintext, unpadded, scheme.cipher.block_size()) {
                Verdict::WrongKey => {}
                Verdict::Damaged => return Err(DAMAGED),
                Verdict::Opened(len) => {
                    plaintext.truncate(len);
                    self.encodings(takes_bmp_string).swap(0, index);
                    self.proven = true;
                    return Ok(plaintext);
                }
            }
        }
        Err(if self.proven { DAMAGED } else { Error::P12WrongPassword })
    }

    fn encodings(&mut self, takes_bmp_string: bool) -> &mut Vec<Secret> {
        if takes_bmp_string { &mut self.bmp_strings } else { &mut self.octet_strings }
    }

    fn spend(&mut self, env: &Env, iterations: u64) -> Result<()> {
        let allowed = env.limits().kdf_iterations.saturating_mul(DERIVATIONS);
        self.spent = self.spent.saturating_add(iterations);
        if self.spent > allowed {
            let (limit, required) = (Limit::KdfIterations, self.spent);
            return Err(Error::Limit { limit, required, allowed });
        }
        Ok(())
    }
}

const DAMAGED: Error = Error::MalformedP12 { rule: "a part does not decrypt" };

enum Verdict {
    /// The plaintext without its padding has this length.
    Opened(usize),
    /// The key is right, the padding is not.
    Damaged,
    WrongKey,
}

/// The right key leaves a SEQUENCE that fills the plaintext up to the padding. A wrong one does so in
/// one of a hundred million cases; padding alone would fit in one of 256.
fn judge(plaintext: &[u8], unpadded: Option<usize>, block_size: usize) -> Verdict {
    let Some(declared) = declared_length(plaintext) else { return Verdict::WrongKey };
    let total = plaintext.len();
    match (declared, unpadded) {
        (Declared::Indefinite, Some(unpadded)) => Verdict::Opened(unpadded),
        (Declared::Bytes(declared), Some(unpadded)) if declared == unpadded => {
            Verdict::Opened(unpadded)
        }
        (Declared::Bytes(declared), _) if (total - block_size..total).contains(&declared) => {
            Verdict::Damaged
        }
        (Declared::Bytes(_) | Declared::Indefinite, _) => Verdict::WrongKey,
    }
}

enum Declared {
    Bytes(usize),
    Indefinite,
}

/// How long the SEQUENCE at the start says it is, with its header.
fn declared_length(bytes: &[u8]) -> Option<Declared> {
    let [tag::SEQUENCE, first, rest @ ..] = bytes else { return None };
    match first {
        0..=0x7f => Some(Declared::Bytes(2 + usize::from(*first))),
        0x80 => Some(Declared::Indefinite),
        0x81..=0x84 => {
            let octets = rest.get(..usize::from(first & 0x7f))?;
            let length = octets.iter().fold(0_u64, |sum, &octet| sum << 8 | u64::from(octet));
            usize::try_from(length).ok()?.checked_add(2 + octets.len()).map(Declared::Bytes)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_up_to_the_padding_is_open() {
        assert!(matches!(judge(&[0x30, 2, 5, 0, 4, 4, 4, 4], Some(4), 8), Verdict::Opened(4)));
        assert!(matches!(judge(&[0x30, 2, 5, 0, 9, 9, 9, 9], None, 8), Verdict::Damaged));
        assert!(matches!(judge(&[0x30, 0x80, 5, 0, 0, 0, 2, 2], Some(6), 8), Verdict::Opened(6)));
        assert!(matches!(judge(&[0x30, 9, 5, 0, 4, 4, 4, 4], Some(4), 8), Verdict::WrongKey));
        assert!(matches!(judge(&[0x31, 2, 5, 0, 4, 4, 4, 4], Some(4), 8), Verdict::WrongKey));
        assert!(matches!(judge(&[0x30, 0x84, 0xff, 0xff], Some(1), 4), Verdict::WrongKey));
    }
}
