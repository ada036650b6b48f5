//! What identity is told: section `auth` of the settings file.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

pub use super::secret::Secret;

/// Credentials, keys, sessions and their limits.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// JSON Web Tokens: which are accepted, and how ours are minted.
    pub jwt: Jwt,
    /// The cookies that this service sets.
    pub cookies: Cookies,
    /// Protection of cookie-borne credentials against forged requests.
    pub csrf: Csrf,
    /// Checks of passwords and client secrets.
    pub sign_in: SignIn,
    /// Tokens issued by `POST /oauth2/access_token`.
    pub oauth: Oauth,
}

/// JSON Web Tokens. Without `secret` and without `public_jwk_set` none is accepted.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Jwt {
    /// Secret of HS256 tokens; empty: none is accepted or minted.
    pub secret: Secret,
    /// JSON Web Key set (RFC 7517), as JSON text, of the RSA keys whose RS256 and RS512 tokens
    /// are accepted; empty: none. Keys of other kinds are left out.
    pub public_jwk_set: String,
    /// RSA private key in PEM with which our own tokens are signed (RS512) instead of with
    /// `secret`. Put its public half into `public_jwk_set`, or this service refuses its own
    /// tokens.
    pub private_signing_key: Secret,
    /// Key id (`kid`) written into tokens signed with `private_signing_key`.
    pub private_signing_key_id: String,
    /// Values of `iss` that are accepted (a list, or words between commas); the first is
    /// written into our own tokens. Empty: no token is accepted.
    #[serde(deserialize_with = "words")]
    pub issuers: Vec<String>,
    /// Value that `aud` must hold, and that our own tokens carry; empty: not looked at.
    pub audience: String,
    /// Seconds by which clocks may differ, on each side.
    pub leeway_seconds: u32,
    /// The word before the token in `Authorization`, and in the challenge of a 401.
    pub header_prefix: String,
    /// Whether the word `Bearer` may stand before a JWT as well.
    pub also_bearer: bool,
    /// Whether the cookies `edx-jwt-cookie` (whole, or split in two) sign in a request that
    /// says `USE-JWT-COOKIE: true`.
    pub cookies: bool,
    /// Whether a token for a user who does not exist creates the user; one from before the
    /// user was deleted never does.
    pub create_users: bool,
    /// Claims that are copied to the user when they differ (a list, or words between commas).
    /// The platform's own services copy none.
    #[serde(deserialize_with = "claims")]
    pub copied_claims: Vec<CopiedClaim>,
    /// Life of a token we mint, in seconds.
    pub lifetime_seconds: u32,
}

/// A claim that may be copied to the user it names.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CopiedClaim {
    /// `administrator`, to the user's staff flag.
    Administrator,
    /// `email`, to the user's address.
    Email,
}

impl Default for Jwt {
    fn default() -> Self {
        Self {
            secret: Secret::default(),
            public_jwk_set: String::new(),
            private_signing_key: Secret::default(),
            private_signing_key_id: String::new(),
            issuers: vec!["provost".to_owned()],
            audience: String::new(),
            leeway_seconds: 1,
            header_prefix: "JWT".to_owned(),
            also_bearer: true,
            cookies: true,
            create_users: true,
            copied_claims: Vec::new(),
            lifetime_seconds: 3_600,
        }
    }
}

/// The cookies that this service sets.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cookies {
    /// Life of a session, in seconds.
    pub session_seconds: u32,
    /// `Domain` of every cookie, to share a sign-in between host names; empty: this host only.
    pub domain: String,
    /// Whether cookies are marked `Secure` although the request itself came without TLS, as
    /// behind a proxy that does not say so.
    pub secure: bool,
}

impl Default for Cookies {
    fn default() -> Self {
        Self {
            session_seconds: 14 * 24 * 3_600,
            domain: String::new(),
            secure: false,
        }
    }
}

/// Protection of cookie-borne credentials against forged requests.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Csrf {
    /// Origins besides the request's own whose pages may send unsafe requests, such as
    /// `https://apps.example.com` or `https://*.example.com` (a list, or words between commas).
    #[serde(deserialize_with = "words")]
    pub trusted_origins: Vec<String>,
}

/// Checks of passwords and client secrets.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// Failures that one name may have from one address within the window.
    pub attempts: u32,
    /// Failures that one address may have within the window, whatever the name.
    pub address_attempts: u32,
    /// Length of the window, in seconds.
    pub window_seconds: u32,
    /// Checks that run at the same time; each may take a hundred megabytes.
    pub parallel: u32,
    /// Whether inactive users may sign in with their password. A platform that allows it tells
    /// them so (`User inactive or deleted.`) where activity is asked for.
    pub inactive_users: bool,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            attempts: 10,
            address_attempts: 100,
            window_seconds: 300,
            parallel: 2,
            inactive_users: false,
        }
    }
}

impl SignIn {
    /// The window as a duration.
    #[must_use]
    pub fn window(&self) -> Duration {
        Duration::from_secs(self.window_seconds.into())
    }
}

/// Tokens issued by `POST /oauth2/access_token`.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Oauth {
    /// Life of an opaque token, in seconds.
    pub lifetime_seconds: u32,
    /// Scopes that may be asked for, and that are given when none is asked for (a list, or
    /// words between commas).
    #[serde(deserialize_with = "words")]
    pub scopes: Vec<String>,
}

impl Default for Oauth {
    fn default() -> Self {
        Self {
            lifetime_seconds: 36_000,
            scopes: ["read", "write", "email", "profile"]
                .map(str::to_owned)
                .to_vec(),
        }
    }
}

/// A list as a settings file writes it, or the words of one text as the environment does.
#[derive(Deserialize)]
#[serde(untagged)]
enum ListOrText {
    List(Vec<String>),
    Text(String),
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match ListOrText::deserialize(deserializer)? {
        ListOrText::List(words) => words,
        ListOrText::Text(text) => text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

fn claims<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<CopiedClaim>, D::Error> {
    use serde::de::IntoDeserializer as _;
    words(deserializer)?
        .into_iter()
        .map(|word| CopiedClaim::deserialize(word.into_deserializer()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_from_lists_and_from_words() {
        let listed: Jwt =
            serde_json::from_str(r#"{"issuers": ["a", "b"], "copied_claims": ["email"]}"#).unwrap();
        let worded: Jwt =
            serde_json::from_str(r#"{"issuers": "a, b,", "copied_claims": "email"}"#).unwrap();
        assert_eq!(listed.issuers, ["a", "b"]);
        assert_eq!(worded.issuers, listed.issuers);
        assert_eq!(worded.copied_claims, [CopiedClaim::Email]);
        assert!(serde_json::from_str::<Jwt>(r#"{"copied_claims": "roles"}"#).is_err());
    }

    #[test]
    fn unknown_keys_are_refused_and_secrets_are_masked() {
        assert!(serde_json::from_str::<Settings>(r#"{"jwt": {"secrets": "x"}}"#).is_err());
        let settings: Settings =
            serde_json::from_str(r#"{"jwt": {"secret": "open sesame"}}"#).unwrap();
        let shown = format!("{settings:?}{}", serde_json::to_string(&settings).unwrap());
        assert!(!shown.contains("sesame"), "{shown}");
    }
}
