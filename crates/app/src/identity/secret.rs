//! Secrets: random keys, and the digests they are stored as.

use std::fmt::Write as _;

pub use provost_keys::Secret;
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};

/// A fresh key of 256 bits as 64 hexadecimal digits, for a cookie or a bearer token.
#[must_use]
pub fn fresh_key() -> String {
    hex(&rand::random::<[u8; 32]>())
}

/// `length` random letters and digits of ASCII: the alphabet of Django's salts and CSRF
/// tokens.
#[must_use]
pub fn letters_and_digits(length: usize) -> String {
    rand::rng()
        .sample_iter(rand::distr::Alphanumeric)
        .take(length)
        .map(char::from)
        .collect()
}

/// The form in which a bearer key is stored and looked up: SHA-256, hexadecimal. The keys are
/// random and 256 bits long, so that no salt and no slow hash is needed.
#[must_use]
pub fn digest(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_fresh_and_stored_as_their_digest() {
        let (one, other) = (fresh_key(), fresh_key());
        assert_ne!(one, other);
        assert_eq!(one.len(), 64);
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn letters_and_digits_are_only_that() {
        let text = letters_and_digits(200);
        assert_eq!(text.len(), 200);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
