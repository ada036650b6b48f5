//! How browsers sign in and out: answers that carry credentials, the cookies that they set, and the
//! sessions that begin and end with them.
//!
//! Invariant: no cache may keep an answer that carries a credential.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use chrono::Duration;
use cookie::{Cookie, SameSite};
use http::request::Parts;
use http::{HeaderValue, header};
use provost_drf::absolute::Origin;
use provost_drf::describe::{GenContext, Operation, OperationInput, OperationOutput, Responses};
use provost_drf::{Caller, Problem, Scheme};
use provost_store::Fault;
use provost_store::users::User;

use super::credentials::{Credentials, JWT_COOKIE, JWT_COOKIE_PAYLOAD, JWT_COOKIE_SIGNATURE, site};
use super::principal::Principal;
use super::{csrf, request_id, session, settings};
use crate::App;

/// How long the CSRF cookie lives: one year less a day, as Django's.
const CSRF_AGE: Duration = Duration::days(364);

/// The head of a request, for routes that look at credentials themselves.
pub struct Head(pub Parts);

impl<S: Sync> FromRequestParts<S> for Head {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.clone()))
    }
}

impl OperationInput for Head {}

impl Head {
    /// What the request carries to say whose it is.
    #[must_use]
    pub fn credentials(&self) -> Credentials<'_> {
        Credentials::of(&self.0)
    }

    /// The request's id.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0)
    }

    /// Makes the cookies of the answer.
    #[must_use]
    pub fn jar<'a>(&self, app: &'a App) -> Jar<'a> {
        let settings = app.identities().settings();
        Jar::new(&settings.cookies, &Origin::of(&self.0))
    }

    /// A page of a foreign origin may not sign its visitor in as somebody else.
    ///
    /// # Errors
    /// 403 if such a page sent the request.
    pub fn check_origin(&self, app: &App) -> Result<(), Problem> {
        if !self.0.headers.contains_key(header::ORIGIN) {
            return Ok(());
        }
        let origin = Origin::of(&self.0);
        let site = site(&origin, app.identities().settings());
        csrf::check_origin(&self.0.headers, site).map_err(|refusal| refused(&refusal))
    }

    /// Begins a session of somebody who signed in, and ends the one that the request came with; the
    /// cookies of the new one.
    ///
    /// # Errors
    /// A [`Fault`] of the store.
    pub async fn sign_in(&self, app: &App, user: &User) -> Result<Vec<Cookie<'static>>, Fault> {
        if let Some(former) = self.credentials().session_key() {
            session::end(app, former, self.request_id()).await?;
        }
        let begun = session::sign_in(app, user, self.request_id()).await?;
        let jar = self.jar(app);
        Ok(vec![jar.session(begun.key), jar.csrf(csrf::fresh())])
    }

    /// Ends the session that the request came with, if there is one; cookies that forget it.
    ///
    /// # Errors
    /// A [`Fault`] of the store.
    pub async fn sign_out(&self, app: &App) -> Result<Vec<Cookie<'static>>, Fault> {
        if let Some(key) = self.credentials().session_key() {
            session::end(app, key, self.request_id()).await?;
        }
        Ok(self.jar(app).cleared())
    }
}

/// Somebody who proved by a password who they are, as a caller.
#[must_use]
pub fn caller(user: &User) -> Caller {
    Principal::from(user).caller(Scheme::Basic, None)
}

/// 403 for a request that somebody else's page may have sent.
#[must_use]
pub fn refused(refusal: &csrf::Refusal) -> Problem {
    Problem::denied_because(format!("CSRF Failed: {refusal}"))
}

/// An answer that no cache may keep, with the cookies it sets.
pub struct Private<T> {
    answer: Result<T, Problem>,
    cookies: Vec<Cookie<'static>>,
}

impl<T> Private<T> {
    /// An answer that sets these cookies, or a problem, which sets none.
    pub fn new(answer: Result<(T, Vec<Cookie<'static>>), Problem>) -> Self {
        let (answer, cookies) = match answer {
            Ok((answer, cookies)) => (Ok(answer), cookies),
            Err(problem) => (Err(problem), Vec::new()),
        };
        Self { answer, cookies }
    }
}

impl<T: IntoResponse> IntoResponse for Private<T> {
    fn into_response(self) -> Response {
        let mut response = self.answer.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        for cookie in self.cookies {
            // A cookie of ours holds letters, digits, dots and dashes, so none is left out.
            if let Ok(value) = HeaderValue::try_from(cookie.to_string()) {
                headers.append(header::SET_COOKIE, value);
            }
        }
        response
    }
}

impl<T: OperationOutput> OperationOutput for Private<T> {
    type Inner = T::Inner;

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        let mut responses = T::inferred_responses(context, operation);
        responses.extend(Problem::inferred_responses(context, operation));
        responses
    }
}

/// Makes the cookies of one answer.
pub struct Jar<'a> {
    settings: &'a settings::Cookies,
    secure: bool,
}

impl<'a> Jar<'a> {
    /// Cookies are `Secure` if the client came by TLS, or if the settings say that it did.
    #[must_use]
    pub fn new(settings: &'a settings::Cookies, origin: &Origin) -> Self {
        Self {
            settings,
            secure: settings.secure || origin.as_str().starts_with("https://"),
        }
    }

    /// The cookie of a session.
    #[must_use]
    pub fn session(&self, key: String) -> Cookie<'static> {
        let age = Duration::seconds(self.settings.session_seconds.into());
        self.cookie(session::COOKIE, key, age, true)
    }

    /// The cookie that pages repeat in a header.
    #[must_use]
    pub fn csrf(&self, secret: String) -> Cookie<'static> {
        self.cookie(csrf::COOKIE, secret, CSRF_AGE, false)
    }

    /// A token in two cookies: scripts may read what it says, but not carry it away, since its
    /// signature is out of their reach.
    #[must_use]
    pub fn jwt(&self, token: &str, age: Duration) -> Vec<Cookie<'static>> {
        let (payload, signature) = token.rsplit_once('.').unwrap_or_default();
        vec![
            self.cookie(JWT_COOKIE_PAYLOAD, payload.to_owned(), age, false),
            self.cookie(JWT_COOKIE_SIGNATURE, signature.to_owned(), age, true),
        ]
    }

    /// Cookies that make the browser forget who is signed in.
    #[must_use]
    pub fn cleared(&self) -> Vec<Cookie<'static>> {
        [
            session::COOKIE,
            JWT_COOKIE_PAYLOAD,
            JWT_COOKIE_SIGNATURE,
            JWT_COOKIE,
        ]
        .map(|name| self.cookie(name, String::new(), Duration::zero(), true))
        .to_vec()
    }

    fn cookie(
        &self,
        name: &'static str,
        value: String,
        age: Duration,
        http_only: bool,
    ) -> Cookie<'static> {
        let mut cookie = Cookie::build((name, value))
            .path("/")
            .same_site(SameSite::Lax)
            .http_only(http_only)
            .secure(self.secure)
            .max_age(cookie::time::Duration::seconds(age.num_seconds()))
            .build();
        if !self.settings.domain.is_empty() {
            cookie.set_domain(self.settings.domain.clone());
        }
        cookie
    }
}
