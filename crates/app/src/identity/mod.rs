//! Who is asking: passwords, tokens, sessions, and how each is refused.
//!
//! Knows: every credential the platform's clients present and the exact answers to bad ones.
//! Must not know: roles, scopes, what any caller may do.
//!
//! Invariant: no JWT is accepted without a configured key.
//! Invariant: nothing that opens a door is stored or logged as such: passwords and client
//! secrets are stored as slow hashes, keys of sessions and tokens as their digests.
//! Invariant: cookie-borne credentials count for an unsafe method only with a CSRF token.

mod api_key;
mod basic;
mod bearer;
pub mod browser;
pub mod credentials;
pub mod csrf;
pub mod jwt;
mod keys;
pub mod mint;
pub mod oauth;
pub mod password;
mod principal;
mod recent;
mod schemes;
pub mod secret;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod throttle;
#[cfg(test)]
pub(crate) mod world;

use http::HeaderValue;
use provost_drf::Scheme;

pub use keys::KeyError;
pub use schemes::{authenticate, claims_in_cookies, request_id};
pub use secret::Secret;
pub use settings::Settings;

use jwt::Verifier;
use mint::Mint;
use principal::Principals;
use sign_in::SignIn;

/// The schemes of our own API: what a request says of itself counts before the session that a browser
/// adds.
pub const OWN_SCHEMES: &[Scheme] = &[
    Scheme::Jwt,
    Scheme::Bearer,
    Scheme::Basic,
    Scheme::Token,
    Scheme::Session,
];

/// The keys of one process, parsed once, and what it remembers of its callers.
pub struct Identities {
    settings: Settings,
    verifier: Verifier,
    mint: Mint,
    sign_in: SignIn,
    principals: Principals,
    /// Made once, since every request is given one whether it needs it or not.
    jwt_challenge: HeaderValue,
}

impl Identities {
    /// Parses the keys.
    ///
    /// # Errors
    /// A [`KeyError`] that names the setting and quotes nothing of it.
    pub fn new(settings: Settings) -> Result<Self, KeyError> {
        Ok(Self {
            verifier: Verifier::new(&settings.jwt)?,
            mint: Mint::new(&settings.jwt)?,
            sign_in: SignIn::new(&settings.sign_in),
            principals: Principals::new(),
            jwt_challenge: schemes::jwt_challenge(&settings.jwt.header_prefix),
            settings,
        })
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Verifies tokens.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// Mints tokens.
    #[must_use]
    pub fn minter(&self) -> &Mint {
        &self.mint
    }

    /// Checks passwords.
    #[must_use]
    pub fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    /// Forgets what is remembered of users. To be called when the change log shows that one
    /// changed, whoever changed it.
    pub fn forget_principals(&self) {
        self.principals.forget();
    }

    /// The challenge of a 401 of a family with these schemes.
    #[must_use]
    pub fn challenge(&self, schemes: &[Scheme]) -> HeaderValue {
        schemes::challenge(&self.jwt_challenge, schemes)
    }
}
