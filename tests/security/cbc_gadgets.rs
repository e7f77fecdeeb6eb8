//! Without authentication, blocks of a ciphertext can be changed and exchanged by whoever knows a piece of
//! its text (attack 8; EFAIL, CBC gadgets). What comes out is said to be unprotected, unless a signature
//! inside shows that nothing was changed.

use smime_wasm::message::Form;

use crate::cases::{
    ALICE, Case, check, encrypted, encrypted_with, mail, outer, signed_by, with_cms,
};

const BLOCK: usize = 16;

/// What every mail of ours begins with when it is decrypted.
const KNOWN: &[u8; BLOCK] = b"Content-Type: te";

/// Puts a text of one block, and one of garbage after it, over the blocks from `at` on: the first block
/// of the ciphertext again, behind one made so that it decrypts to the text.
fn gadget(cms: &mut [u8], length: usize, at: usize, text: &[u8; BLOCK]) {
    let start = cms.len() - length;
    let first: [u8; BLOCK] = cms[start..start + BLOCK].try_into().unwrap();
    let iv = iv(cms);
    let place = start + at * BLOCK;
    for (index, octet) in cms[place..place + BLOCK].iter_mut().enumerate() {
        *octet = iv[index] ^ KNOWN[index] ^ text[index];
    }
    cms[place + BLOCK..place + 2 * BLOCK].copy_from_slice(&first);
}

/// The IV stands behind the cipher's identifier.
fn iv(cms: &[u8]) -> [u8; BLOCK] {
    let aes_256_cbc = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a\x04\x10";
    let at = cms.windows(aes_256_cbc.len()).position(|w| w == aes_256_cbc).unwrap();
    cms[at + aes_256_cbc.len()..][..BLOCK].try_into().unwrap()
}

/// The length of the ciphertext of an entity.
fn ciphertext_len(entity: &str) -> usize {
    (entity.len() / BLOCK + 1) * BLOCK
}

#[test]
fn what_may_have_been_changed_is_said_to_be() {
    let html = format!("<p>{}</p>\r\n", "The secret is safe. ".repeat(20));
    let entity = format!("Content-Type: text/html\r\n\r\n{html}");
    let length = ciphertext_len(&entity);
    let message = encrypted(&mail(ALICE, "text/html", &html));
    let injected = with_cms(&message, |cms| gadget(cms, length, 4, b"<img src=//m.ex/"));
    let authenticated = encrypted_with("aes-256-gcm", &mail(ALICE, "text/html", &html));
    let flip = |message: &[u8]| {
        with_cms(message, |cms| {
            // A long way behind the IV: in the text.
            let iv = iv(cms);
            let at = cms.windows(BLOCK).position(|w| w == iv).unwrap();
            cms[at + 20 * BLOCK] ^= 1;
        })
    };
    let signed = |form| {
        let text = "The secret.\r\n".repeat(30);
        encrypted(&signed_by(&["alice"], form, &mail(ALICE, "text/plain", &text)))
    };
    let stripped = encrypted(&outer(
        "Mallory <mallory@example.org>",
        b"Content-Type: text/plain\r\n\r\nThe secret.\r\n",
    ));
    check(
        "cbc-gadgets",
        vec![
            Case::new(
                "untouched",
                "nothing shows that it is",
                message.clone(),
                "unsigned unprotected null [encrypted none] () {}",
            )
            .shows("The secret is safe."),
            Case::new(
                "injected",
                "an address to fetch amid the text",
                injected,
                "unsigned unprotected null [encrypted none] () {}",
            )
            .shows("<img src=//m.ex/"),
            Case::new(
                "authenticated",
                "GCM shows that nothing was changed",
                authenticated.clone(),
                "unsigned protected null [encrypted protected] () {}",
            ),
            Case::new(
                "authenticated-changed",
                "and gives nothing of what was",
                with_cms(&authenticated, |cms| {
                    let at = cms.len() - 100;
                    cms[at] ^= 1;
                }),
                "unknown locked unknown [encrypted decrypt/failed] () {}",
            )
            .hides("The secret"),
            Case::new(
                "signed",
                "a signature inside that holds shows that nothing was changed",
                signed(Form::Opaque),
                "verified protected encrypted+signed/verified \
                 [encrypted none, signed opaque verified] () {}",
            )
            .shows("The secret."),
            Case::new(
                "signed-detached",
                "in either form",
                signed(Form::Detached),
                "verified protected encrypted+signed/verified \
                 [encrypted none, signed detached verified] () {}",
            ),
            Case::new(
                "signed-changed",
                "one that does not hold shows nothing",
                flip(&signed(Form::Detached)),
                "failed unprotected encrypted+signed/failed \
                 [encrypted none, signed detached failed] () {}",
            ),
            Case::new(
                "signature-stripped",
                "nor does one that is not there",
                stripped,
                "unsigned unprotected null [encrypted none] () {}",
            ),
        ],
    );
}
