//! Reading the configured keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::settings;

/// RSA moduli accepted, in bits: RFC 7518 section 3.3 demands 2048; above 4096 our verifier
/// refuses, since the cost grows and an attacker chooses how often it is paid.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// Why the configured keys cannot be used. Never holds key material.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// Not JSON of the form `{"keys": [...]}`.
    #[error("auth.jwt.public_jwk_set is not a JSON Web Key set: {0}")]
    Set(String),
    /// An RSA key that cannot be used.
    #[error("auth.jwt.public_jwk_set: key {index}: {reason}")]
    Public {
        /// Its place in the set, from 0.
        index: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Not an RSA private key in PEM.
    #[error("auth.jwt.private_signing_key is not an RSA private key in PEM")]
    Private,
}

/// One RSA key of the set.
pub(super) struct PublicKey {
    id: Option<String>,
    /// The one algorithm that the set allows for it; none: RS256 and RS512.
    algorithm: Option<Algorithm>,
    pub(super) key: DecodingKey,
}

impl PublicKey {
    pub(super) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithm.is_none_or(|only| only == algorithm)
    }
}

/// The keys to try for a token with this `kid`: the ones that bear it, or all if none does,
/// since not every issuer names its keys alike.
pub(super) fn candidates<'a>(
    keys: &'a [PublicKey],
    id: Option<&str>,
) -> impl Iterator<Item = &'a PublicKey> {
    let named = id.filter(|id| keys.iter().any(|key| key.id.as_deref() == Some(*id)));
    let named = named.map(str::to_owned);
    keys.iter()
        .filter(move |key| named.is_none() || key.id == named)
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

/// Parses a key set; the empty text is the empty set.
///
/// Keys that are not RSA, or that the set reserves for encryption or for another algorithm, are
/// left out: a symmetric key in a *public* set must never become a secret.
pub(super) fn public_keys(set: &str) -> Result<Vec<PublicKey>, KeyError> {
    if set.trim().is_empty() {
        return Ok(Vec::new());
    }
    let set: Set = serde_json::from_str(set).map_err(|error| KeyError::Set(position(&error)))?;
    let mut keys = Vec::new();
    for (index, key) in set.keys.iter().enumerate() {
        keys.extend(public_key(key).map_err(|reason| KeyError::Public { index, reason })?);
    }
    Ok(keys)
}

/// Where JSON went wrong, without quoting any of it.
fn position(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

fn public_key(key: &Value) -> Result<Option<PublicKey>, &'static str> {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let algorithm = match text("alg") {
        None => None,
        Some("RS256") => Some(Algorithm::RS256),
        Some("RS512") => Some(Algorithm::RS512),
        Some(_) => return Ok(None),
    };
    if text("kty") != Some("RSA") || text("use").is_some_and(|purpose| purpose != "sig") {
        return Ok(None);
    }
    let bytes = |name| {
        text(name)
            .and_then(|text| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok())
            .ok_or("`n` and `e` must be base64url text")
    };
    let (modulus, exponent) = (bytes("n")?, bytes("e")?);
    if !MODULUS_BITS.contains(&bits(&modulus)) {
        return Err("an RSA modulus must have 2048 to 4096 bits");
    }
    if !(2..=33).contains(&bits(&exponent)) || exponent.last().is_none_or(|last| last % 2 == 0) {
        return Err("an RSA exponent must be odd and fit into 33 bits");
    }
    Ok(Some(PublicKey {
        id: text("kid").map(str::to_owned),
        algorithm,
        key: DecodingKey::from_rsa_raw_components(&modulus, &exponent),
    }))
}

/// Length in bits of a big-endian number.
fn bits(number: &[u8]) -> usize {
    let significant = number.iter().skip_while(|byte| **byte == 0);
    let leading = significant
        .clone()
        .next()
        .map_or(0, |byte| byte.leading_zeros());
    significant.count() * 8 - leading as usize
}

/// The key our own tokens are signed with.
pub(super) struct SigningKey {
    pub(super) algorithm: Algorithm,
    pub(super) id: Option<String>,
    pub(super) key: EncodingKey,
}

/// The private key if there is one, else the secret, else nothing.
pub(super) fn signing_key(settings: &settings::Jwt) -> Result<Option<SigningKey>, KeyError> {
    let pem = &settings.private_signing_key;
    if !pem.is_empty() {
        let id = &settings.private_signing_key_id;
        return Ok(Some(SigningKey {
            algorithm: Algorithm::RS512,
            id: (!id.is_empty()).then(|| id.clone()),
            key: EncodingKey::from_rsa_pem(pem.reveal().as_bytes())
                .map_err(|_| KeyError::Private)?,
        }));
    }
    let secret = &settings.secret;
    Ok((!secret.is_empty()).then(|| SigningKey {
        algorithm: Algorithm::HS256,
        id: None,
        key: EncodingKey::from_secret(secret.reveal().as_bytes()),
    }))
}
