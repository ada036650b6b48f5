//! Verifying JSON Web Tokens (RFC 7519, RFC 7515).
//!
//! Invariant: a token is accepted only after its signature verified under a configured key;
//! with no key configured none is.
//! Invariant: the key decides the algorithm, not the token: HS256 is tried with the secret
//! alone, RS256 and RS512 with the public keys alone, and nothing else is known.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use parking_lot::Mutex;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::keys::{self, KeyError, PublicKey};
use super::recent::Recent;
use super::settings;

#[cfg(test)]
mod tests;

/// The claims of a verified token.
pub type Claims = Map<String, Value>;

/// The longest token looked at, in bytes.
const MAX_TOKEN: usize = 16 * 1024;
/// Verified tokens remembered by each generation of the cache: some ten megabytes at most.
const REMEMBERED: usize = 5_000;
/// The newest major version of the platform's claim layout that we understand.
const MAJOR_VERSION: u64 = 1;

/// Why a token is refused; `Display` is the `detail` of the 401.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Not three parts of base64 with JSON objects in the first two, or a time that is none.
    #[error("Error decoding token.")]
    Undecodable,
    /// `exp` has passed, beyond the leeway.
    #[error("Token has expired.")]
    Expired,
    /// A wrong signature, algorithm, issuer, audience or version, a token of the future, or
    /// `exp` or `iat` missing.
    #[error("Invalid token.")]
    Invalid,
    /// Neither `preferred_username` nor `username`.
    #[error("JWT must include a preferred_username or username claim!")]
    Nameless,
}

/// The keys, parsed once, and what a token must say.
pub struct Verifier {
    secret: Option<DecodingKey>,
    keys: Vec<PublicKey>,
    issuers: Vec<String>,
    audience: String,
    leeway: i64,
    /// Tokens whose signature verified, by the SHA-256 of the whole token.
    ///
    /// Nothing here can be stale: the keys and what a token must say never change while the
    /// process runs, and the times are held against the clock at each use.
    verified: Mutex<Recent<[u8; 32], Opened>>,
}

/// A token whose signature verified, and what is asked of it each time it is used.
#[derive(Clone)]
struct Opened {
    claims: Arc<Claims>,
    expires: Time,
    issued: Time,
    valid_from: Time,
    /// Whether issuer, audience and version are as they must be.
    is_for_us: bool,
}

/// A `NumericDate` claim.
#[derive(Clone, Copy)]
enum Time {
    Absent,
    /// Something that is no number.
    Nonsense,
    /// Whole seconds.
    At(i64),
}

impl Time {
    fn of(claims: &Claims, name: &str) -> Self {
        match present(claims, name).map(seconds) {
            None => Self::Absent,
            Some(None) => Self::Nonsense,
            Some(Some(seconds)) => Self::At(seconds),
        }
    }
}

impl Verifier {
    /// Parses the keys.
    ///
    /// # Errors
    /// A [`KeyError`] if the key set is not one, or holds an RSA key outside RFC 7518's rules.
    pub fn new(settings: &settings::Jwt) -> Result<Self, KeyError> {
        let secret = &settings.secret;
        Ok(Self {
            secret: (!secret.is_empty())
                .then(|| DecodingKey::from_secret(secret.reveal().as_bytes())),
            keys: keys::public_keys(&settings.public_jwk_set)?,
            issuers: settings.issuers.clone(),
            audience: settings.audience.clone(),
            leeway: settings.leeway_seconds.into(),
            verified: Mutex::new(Recent::new(REMEMBERED)),
        })
    }

    /// The claims of a token that is good at `now`.
    ///
    /// Checked in this order, as the platform does: form, signature, presence of `exp` and
    /// `iat`, times, issuer, audience, version.
    ///
    /// # Errors
    /// The first [`Rejection`].
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Arc<Claims>, Rejection> {
        if token.len() > MAX_TOKEN {
            return Err(Rejection::Undecodable);
        }
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let remembered = self.verified.lock().get(&digest).cloned();
        let opened = if let Some(opened) = remembered {
            opened
        } else {
            let opened = self.opened(self.open(token)?);
            self.verified.lock().insert(digest, opened.clone());
            opened
        };
        self.check_times(&opened, now.timestamp())?;
        if opened.is_for_us {
            Ok(opened.claims)
        } else {
            Err(Rejection::Invalid)
        }
    }

    fn opened(&self, claims: Claims) -> Opened {
        Opened {
            expires: Time::of(&claims, "exp"),
            issued: Time::of(&claims, "iat"),
            valid_from: Time::of(&claims, "nbf"),
            is_for_us: self.is_for_us(&claims),
            claims: Arc::new(claims),
        }
    }

    /// Takes a token apart and verifies its signature.
    fn open(&self, token: &str) -> Result<Claims, Rejection> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Rejection::Undecodable)?;
        let (header, payload) = signed.split_once('.').ok_or(Rejection::Undecodable)?;
        let header = object(header)?;
        let claims = object(payload)?;
        if URL_SAFE_NO_PAD.decode(signature).is_err() {
            return Err(Rejection::Undecodable);
        }
        // RFC 7515 section 4.1.11: extensions that must be understood; we understand none.
        if header.contains_key("crit") || !self.is_signed(&header, signed, signature) {
            return Err(Rejection::Invalid);
        }
        Ok(claims)
    }

    fn is_signed(&self, header: &Claims, signed: &str, signature: &str) -> bool {
        let under = |key: &DecodingKey, algorithm| {
            crypto::verify(signature, signed.as_bytes(), key, algorithm).unwrap_or(false)
        };
        let algorithm = match header.get("alg").and_then(Value::as_str) {
            Some("HS256") => {
                return self
                    .secret
                    .as_ref()
                    .is_some_and(|secret| under(secret, Algorithm::HS256));
            }
            Some("RS256") => Algorithm::RS256,
            Some("RS512") => Algorithm::RS512,
            _ => return false,
        };
        let id = header.get("kid").and_then(Value::as_str);
        keys::candidates(&self.keys, id)
            .any(|key| key.is_for(algorithm) && under(&key.key, algorithm))
    }

    fn check_times(&self, token: &Opened, now: i64) -> Result<(), Rejection> {
        let latest = now.saturating_add(self.leeway);
        match (token.expires, token.issued) {
            (Time::Absent, _) | (_, Time::Absent | Time::Nonsense) => {
                return Err(Rejection::Invalid);
            }
            (_, Time::At(issued)) if issued > latest => return Err(Rejection::Invalid),
            _ => {}
        }
        match token.valid_from {
            Time::Nonsense => return Err(Rejection::Undecodable),
            Time::At(from) if from > latest => return Err(Rejection::Invalid),
            _ => {}
        }
        match token.expires {
            Time::At(expires) if expires > now.saturating_sub(self.leeway) => Ok(()),
            Time::At(_) => Err(Rejection::Expired),
            _ => Err(Rejection::Undecodable),
        }
    }

    fn is_for_us(&self, claims: &Claims) -> bool {
        let issuer = claims.get("iss").and_then(Value::as_str);
        let trusted = issuer.is_some_and(|issuer| self.issuers.iter().any(|ours| ours == issuer));
        let meant = self.audience.is_empty()
            || claims.get("aud").is_some_and(|audience| match audience {
                Value::String(one) => *one == self.audience,
                Value::Array(many) => many.iter().any(|one| *one == *self.audience),
                _ => false,
            });
        trusted && meant && understood(claims)
    }
}

/// The user a token names: `preferred_username`, or `username` if that is missing or empty.
///
/// # Errors
/// [`Rejection::Nameless`] if neither holds text.
pub fn username(claims: &Claims) -> Result<&str, Rejection> {
    ["preferred_username", "username"]
        .into_iter()
        .filter_map(|claim| claims.get(claim)?.as_str())
        .find(|name| !name.is_empty())
        .ok_or(Rejection::Nameless)
}

/// When a token was issued, in whole seconds since 1970; every verified one says so.
#[must_use]
pub fn issued_at(claims: &Claims) -> Option<i64> {
    present(claims, "iat").and_then(seconds)
}

/// Whether a bearer token has the form of a JWT: three parts between dots.
#[must_use]
pub fn has_form(token: &str) -> bool {
    token.split('.').count() == 3
}

/// Whether the major `version` of the claim layout is one we know; none means 1.
fn understood(claims: &Claims) -> bool {
    match present(claims, "version") {
        None => true,
        Some(version) => version
            .as_str()
            .and_then(|version| version.split('.').next()?.parse::<u64>().ok())
            .is_some_and(|major| major <= MAJOR_VERSION),
    }
}

fn object(part: &str) -> Result<Claims, Rejection> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| Rejection::Undecodable)?;
    serde_json::from_slice(&bytes).map_err(|_| Rejection::Undecodable)
}

/// A claim that is there and not null.
fn present<'a>(claims: &'a Claims, name: &str) -> Option<&'a Value> {
    claims.get(name).filter(|value| !value.is_null())
}

/// A `NumericDate` in whole seconds; RFC 7519 section 2 allows fractions.
fn seconds(value: &Value) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and a time that far away is meant to compare as such"
    )]
    let truncate = |seconds: f64| seconds as i64;
    value.as_i64().or_else(|| value.as_f64().map(truncate))
}
