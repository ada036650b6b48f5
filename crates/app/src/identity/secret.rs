//! Secrets: settings that are never shown, random keys, and the digests they are stored as.

use std::fmt;

use rand::RngExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// What is shown in place of a secret.
const MASK: &str = "********";

/// A secret setting: read like any text, shown as `********` by `Debug` and by serialization,
/// so that neither logs nor `provost settings show` can give it away.
#[derive(Clone, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(transparent)]
#[schemars(extend("writeOnly" = true))]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for the code that computes with it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether no secret is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_empty() { "unset" } else { MASK })
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.is_empty() { "" } else { MASK })
    }
}

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
    use fmt::Write as _;
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
    fn a_secret_shows_itself_only_when_asked() {
        let secret = Secret::from("open sesame");
        assert_eq!(format!("{secret:?}"), "********");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"********\"");
        assert_eq!(secret.reveal(), "open sesame");
        assert_eq!(format!("{:?}", Secret::default()), "unset");
        assert_eq!(
            serde_json::from_str::<Secret>("\"x\"").unwrap().reveal(),
            "x"
        );
    }

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
