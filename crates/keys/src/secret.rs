//! Credentials that the program is told.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

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
}
