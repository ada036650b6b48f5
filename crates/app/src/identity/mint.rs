//! Minting JSON Web Tokens in the platform's claim layout, version 1.2.0.

use std::borrow::Cow;

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::Header;
use provost_store::users::User;
use serde::Serialize;

use super::keys::{self, KeyError, SigningKey};
use super::settings;

/// Version of the claim layout.
const VERSION: &str = "1.2.0";

/// Whom a token is for.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// Key of the user.
    pub id: i64,
    /// Username.
    pub username: &'a str,
    /// Address.
    pub email: &'a str,
    /// Full name as shown to people.
    pub name: Cow<'a, str>,
    /// Whether the user is staff: claim `administrator`.
    pub is_staff: bool,
    /// Whether the user is a superuser: claim `superuser`.
    pub is_superuser: bool,
}

impl<'a> From<&'a User> for Subject<'a> {
    /// A user without first and last name is shown by the username.
    fn from(user: &'a User) -> Self {
        let names = [user.first_name.as_str(), user.last_name.as_str()];
        let name = match names {
            ["", ""] => Cow::Borrowed(user.username.as_str()),
            ["", one] | [one, ""] => Cow::Borrowed(one),
            both => Cow::Owned(both.join(" ")),
        };
        Self {
            id: user.id,
            username: &user.username,
            email: &user.email,
            name,
            is_staff: user.is_staff,
            is_superuser: user.is_superuser,
        }
    }
}

/// Why no token was minted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MintError {
    /// Neither a secret nor a private key is configured, or no issuer.
    #[error("no key or no issuer is configured to mint tokens with (auth.jwt)")]
    NoKey,
    /// The private key does not sign.
    #[error("the configured private key does not sign")]
    Broken,
}

#[derive(Serialize)]
struct Layout<'a> {
    iss: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    aud: &'a str,
    exp: i64,
    iat: i64,
    preferred_username: &'a str,
    user_id: i64,
    email: &'a str,
    name: &'a str,
    administrator: bool,
    superuser: bool,
    scopes: &'a [String],
    version: &'static str,
    roles: &'a [String],
}

/// The signing key, parsed once, and what our tokens say of their origin.
pub struct Mint {
    key: Option<SigningKey>,
    issuer: Option<String>,
    audience: String,
    lifetime: Duration,
}

impl Mint {
    /// Parses the signing key.
    ///
    /// # Errors
    /// [`KeyError::Private`] if there is one that cannot be read.
    pub fn new(settings: &settings::Jwt) -> Result<Self, KeyError> {
        Ok(Self {
            key: keys::signing_key(settings)?,
            issuer: settings.issuers.first().cloned(),
            audience: settings.audience.clone(),
            lifetime: Duration::seconds(settings.lifetime_seconds.into()),
        })
    }

    /// How long a token lives unless its maker says otherwise.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// Mints a token. `roles` are system roles with their context, `role:context`.
    ///
    /// # Errors
    /// [`MintError::NoKey`] where nothing is configured to sign with.
    pub fn token(
        &self,
        subject: &Subject<'_>,
        roles: &[String],
        scopes: &[String],
        lifetime: Duration,
        now: DateTime<Utc>,
    ) -> Result<String, MintError> {
        let key = self.key.as_ref().ok_or(MintError::NoKey)?;
        let layout = Layout {
            iss: self.issuer.as_deref().ok_or(MintError::NoKey)?,
            aud: &self.audience,
            exp: now.timestamp().saturating_add(lifetime.num_seconds()),
            iat: now.timestamp(),
            preferred_username: subject.username,
            user_id: subject.id,
            email: subject.email,
            name: &subject.name,
            administrator: subject.is_staff,
            superuser: subject.is_superuser,
            scopes,
            version: VERSION,
            roles,
        };
        let header = Header {
            kid: key.id.clone(),
            ..Header::new(key.algorithm)
        };
        jsonwebtoken::encode(&header, &layout, &key.key).map_err(|_| MintError::Broken)
    }
}
