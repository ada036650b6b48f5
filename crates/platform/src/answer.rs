//! Answers that carry credentials: no cache may keep them, and some set cookies.

use axum::response::{IntoResponse, Response};
use chrono::Duration;
use cookie::{Cookie, SameSite};
use http::{HeaderValue, header};
use provost_app::identity::credentials::{JWT_COOKIE, JWT_COOKIE_PAYLOAD, JWT_COOKIE_SIGNATURE};
use provost_app::identity::{csrf, session, settings};
use provost_drf::Problem;
use provost_drf::absolute::Origin;
use provost_drf::describe::{GenContext, Operation, OperationOutput, Responses};

/// How long the CSRF cookie lives: one year less a day, as Django's.
const CSRF_AGE: Duration = Duration::days(364);

/// An answer that no cache may keep, with the cookies it sets.
pub(crate) struct Private<T> {
    answer: Result<T, Problem>,
    cookies: Vec<Cookie<'static>>,
}

impl<T> Private<T> {
    /// An answer that sets these cookies, or a problem, which sets none.
    pub(crate) fn new(answer: Result<(T, Vec<Cookie<'static>>), Problem>) -> Self {
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
pub(crate) struct Jar<'a> {
    settings: &'a settings::Cookies,
    secure: bool,
}

impl<'a> Jar<'a> {
    /// Cookies are `Secure` if the client came by TLS, or if the settings say that it did.
    pub(crate) fn new(settings: &'a settings::Cookies, origin: &Origin) -> Self {
        Self {
            settings,
            secure: settings.secure || origin.as_str().starts_with("https://"),
        }
    }

    pub(crate) fn session(&self, key: String) -> Cookie<'static> {
        let age = Duration::seconds(self.settings.session_seconds.into());
        self.cookie(session::COOKIE, key, age, true)
    }

    pub(crate) fn csrf(&self, secret: String) -> Cookie<'static> {
        self.cookie(csrf::COOKIE, secret, CSRF_AGE, false)
    }

    /// A token in two cookies: scripts may read what it says, but not carry it away, since its
    /// signature is out of their reach.
    pub(crate) fn jwt(&self, token: &str, age: Duration) -> Vec<Cookie<'static>> {
        let (payload, signature) = token.rsplit_once('.').unwrap_or_default();
        vec![
            self.cookie(JWT_COOKIE_PAYLOAD, payload.to_owned(), age, false),
            self.cookie(JWT_COOKIE_SIGNATURE, signature.to_owned(), age, true),
        ]
    }

    /// Cookies that make the browser forget who is signed in.
    pub(crate) fn cleared(&self) -> Vec<Cookie<'static>> {
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
