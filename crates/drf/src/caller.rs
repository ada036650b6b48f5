//! Who is asking, and how they proved it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::HeaderValue;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::Problem;

/// A boxed future, so that authentication can be a plain function value.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Finds out who sends a request, trying the family's schemes in order; the first that recognises
/// credentials decides. Gives the request's head back, changed or not.
pub type Authenticate =
    Arc<dyn Fn(Parts, Entrance) -> BoxFuture<'static, (Parts, Identity)> + Send + Sync>;

/// How callers come into a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// The schemes, in the order they are tried.
    pub schemes: &'static [Scheme],
    /// Whether only accounts that exist and are active are let in, whatever the scheme:
    /// no account is made for a token that names nobody, a session of an inactive account is none,
    /// and every other credential of one is answered 401 with one text. What `Authorization` says in
    /// words that belong to no scheme is then passed over and never refused.
    pub strict: bool,
}

impl Entrance {
    /// By these schemes, as each of them has it.
    #[must_use]
    pub fn by(schemes: &'static [Scheme]) -> Self {
        Self {
            schemes,
            strict: false,
        }
    }
}

/// A way to prove who one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `Authorization: JWT …` (the word is configuration).
    Jwt,
    /// The session cookie; unsafe methods need a CSRF token.
    Session,
    /// The same of active users alone, with the CSRF sentences of the platform's older releases.
    ActiveSession,
    /// The session cookie for clients that know of no CSRF token: unsafe methods must not come from
    /// another site's page, as the browser itself says. Whose account is inactive is told so.
    BareSession,
    /// `Authorization: Basic …`.
    Basic,
    /// `Authorization: Token …`.
    Token,
    /// `Authorization: Bearer …` with an OAuth2 access token.
    Bearer,
}

impl Scheme {
    /// Whether the scheme reads the session cookie.
    #[must_use]
    pub fn is_session(self) -> bool {
        matches!(
            self,
            Self::Session | Self::ActiveSession | Self::BareSession
        )
    }

    /// Whether the scheme has a challenge; without one the reference answers 403 instead of 401.
    #[must_use]
    pub fn challenges(self) -> bool {
        !self.is_session()
    }
}

/// What authentication found out.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The caller, nobody, or why the credentials are refused.
    pub outcome: Result<Option<Caller>, Problem>,
    /// Whether a session was looked at, so that the answer varies by cookie.
    pub session_consulted: bool,
    /// The challenge of a 401, e.g. `JWT realm="api"`.
    pub challenge: HeaderValue,
}

/// The scheme that recognised a caller.
pub type Via = Scheme;

/// An authenticated user. As a handler's argument: 401 without one.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    /// The user's key.
    pub id: i64,
    /// The user's name.
    pub username: Arc<str>,
    /// The user's mail address; may be empty.
    pub email: Arc<str>,
    /// Whether the account is active. Not every scheme insists on it.
    pub is_active: bool,
    /// The staff flag.
    pub is_staff: bool,
    /// The superuser flag.
    pub is_superuser: bool,
    /// How the caller proved who they are.
    pub via: Via,
    /// The claims of the token, if there was one.
    pub claims: Option<Arc<Map<String, Value>>>,
    /// The key of the OAuth2 application that an opaque token was given to.
    pub application: Option<i64>,
    /// The request's id (`X-Request-Id`), for the change log.
    pub request_id: Option<Arc<str>>,
}

impl Caller {
    /// Staff or superuser; the two are equivalent in most families.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.is_staff || self.is_superuser
    }
}

/// The caller, if there is one. As a handler's argument it never fails.
#[derive(Clone, Debug, PartialEq)]
pub struct MaybeCaller(pub Option<Caller>);

/// What the family's layer leaves in the request for the extractors.
#[derive(Clone)]
pub(crate) struct Known(pub(crate) Option<Caller>);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let known = parts.extensions.get::<Known>();
        known
            .and_then(|known| known.0.clone())
            .ok_or_else(Problem::unauthenticated)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for MaybeCaller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(
            parts
                .extensions
                .get::<Known>()
                .and_then(|known| known.0.clone()),
        ))
    }
}
