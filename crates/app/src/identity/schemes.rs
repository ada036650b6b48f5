//! Finding out who sends a request.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use http::HeaderValue;
use http::request::Parts;
use provost_drf::{Caller, Entrance, Identity, Problem, Scheme};
use provost_store::users;

use super::credentials::Credentials;
use super::principal::{self, Principal};
use super::{api_key, basic, bearer, jwt, session};
use crate::{App, Error};

/// Tries the schemes in order; the first that recognises credentials decides, whether it accepts
/// or refuses them. One that finds none of its own leaves the request to the next.
///
/// Two kinds of cookie-borne credentials are not refused but passed over: a JWT in cookies that
/// is bad or comes without a CSRF token (so that the session decides, as on the platform), and a
/// session that has ended.
pub async fn authenticate(app: &App, parts: &Parts, entrance: Entrance) -> Identity {
    let request = Request {
        app,
        credentials: Credentials::of(parts),
        entrance,
        now: app.now(),
    };
    let mut identity = Identity {
        outcome: Ok(None),
        session_consulted: false,
        challenge: app.identities().challenge(entrance.schemes),
    };
    for &scheme in entrance.schemes {
        identity.session_consulted |= match scheme {
            scheme if scheme.is_session() => true,
            Scheme::Jwt => request.credentials.uses_jwt_cookie(),
            _ => false,
        };
        match request.attempt(scheme).await {
            Ok(None) => {}
            decided => {
                identity.outcome = decided;
                break;
            }
        }
    }
    if let Ok(Some(caller)) = &mut identity.outcome {
        caller.request_id = request_id(parts).map(Into::into);
    }
    identity
}

/// The claims of the JWT in the request's cookies, if it is good now; who sent the request is
/// another question. Rules about roles in a token read them for callers who came otherwise.
///
/// # Errors
/// Why the token in the cookies is not accepted.
pub fn claims_in_cookies(
    app: &App,
    parts: &Parts,
) -> Result<Option<Arc<jwt::Claims>>, jwt::Rejection> {
    let token = Credentials::of(parts).jwt_cookie();
    token
        .map(|token| app.identities().verifier().verify(&token, app.now()))
        .transpose()
}

/// The id that the outermost layer gave the request.
#[must_use]
pub fn request_id(parts: &Parts) -> Option<&str> {
    parts.headers.get("x-request-id")?.to_str().ok()
}

type Outcome = Result<Option<Caller>, Problem>;

struct Request<'a> {
    app: &'a App,
    credentials: Credentials<'a>,
    entrance: Entrance,
    now: DateTime<Utc>,
}

impl Request<'_> {
    async fn attempt(&self, scheme: Scheme) -> Outcome {
        match scheme {
            Scheme::Jwt => self.by_jwt().await,
            Scheme::Session | Scheme::ActiveSession | Scheme::BareSession => {
                self.by_session(scheme).await
            }
            Scheme::Basic => self.by_basic().await,
            Scheme::Bearer => self.by_bearer().await,
            Scheme::Token => self.by_key().await,
        }
    }

    async fn by_jwt(&self) -> Outcome {
        let words = self.credentials.words();
        if let [word, token] = *words.as_slice()
            && self.reads_jwt_after(word, token)
        {
            return self.by_token(token, Scheme::Jwt).await.map(Some);
        }
        let cookies = &self.app.identities().settings().jwt.cookies;
        if !words.is_empty() || !cookies || !self.credentials.uses_jwt_cookie() {
            return Ok(None);
        }
        let Some(token) = self.credentials.jwt_cookie() else {
            return Ok(None);
        };
        Ok(self.by_jwt_cookie(token).await)
    }

    /// Whether `word` announces a JWT. `Bearer` may announce an opaque token as well, which is
    /// left to the scheme of that kind if there is one.
    fn reads_jwt_after(&self, word: &str, token: &str) -> bool {
        let settings = &self.app.identities().settings().jwt;
        let bearer = word.eq_ignore_ascii_case("bearer");
        if word.eq_ignore_ascii_case(&settings.header_prefix) {
            return !bearer
                || jwt::has_form(token)
                || !self.entrance.schemes.contains(&Scheme::Bearer);
        }
        bearer && settings.also_bearer && jwt::has_form(token)
    }

    async fn by_token(&self, token: &str, via: Scheme) -> Result<Caller, Problem> {
        let verified = self.app.identities().verifier().verify(token, self.now);
        let claims = verified.map_err(principal::refused)?;
        let bearer = principal::Bearer {
            name: jwt::username(&claims).map_err(principal::refused)?,
            claims: &claims,
            request_id: request_id(self.credentials.parts),
            now: self.now,
            may_be_new: !self.entrance.strict,
        };
        match bearer.principal(self.app).await? {
            None if self.entrance.strict => Err(principal::refused(jwt::Rejection::Invalid)),
            None => Err(principal::unknown(bearer.name)),
            Some(found) if self.entrance.strict && !found.is_active() => Err(inactive()),
            Some(found) => Ok(found.caller(via, Some(Arc::clone(&claims)))),
        }
    }

    async fn by_jwt_cookie(&self, token: Cow<'_, str>) -> Option<Caller> {
        if let Err(refusal) = self
            .credentials
            .check_csrf(self.app.identities().settings())
        {
            tracing::debug!(%refusal, "a JWT in cookies is passed over");
            return None;
        }
        match self.by_token(&token, Scheme::Jwt).await {
            Ok(caller) => Some(caller),
            Err(problem) => {
                tracing::debug!(?problem, "a JWT in cookies is passed over");
                None
            }
        }
    }

    /// Inactive users keep their sessions: the platform lets them in here and leaves it to each
    /// view to ask for more. Families that let in active users alone take them for nobody.
    async fn by_session(&self, scheme: Scheme) -> Outcome {
        let Some(key) = self.credentials.session_key() else {
            return Ok(None);
        };
        let found = session::find(self.app, key).await;
        let older = scheme == Scheme::ActiveSession;
        let user = found.map_err(|fault| Error::from(fault).0)?;
        if scheme == Scheme::BareSession && user.as_ref().is_some_and(|user| !user.is_active) {
            return Err(inactive());
        }
        let active_only = older || self.entrance.strict;
        let Some(user) = user.filter(|user| user.is_active || !active_only) else {
            return Ok(None);
        };
        let settings = self.app.identities().settings();
        let checked = if scheme == Scheme::BareSession {
            self.credentials.check_site(settings)
        } else {
            self.credentials.check_csrf(settings)
        };
        if let Err(refusal) = checked {
            let reason = if older {
                refusal.older_text()
            } else {
                refusal.to_string()
            };
            return Err(Problem::denied_because(format!("CSRF Failed: {reason}")));
        }
        Ok(Some(Principal::from(&user).caller(Scheme::Session, None)))
    }

    async fn by_key(&self) -> Outcome {
        let words = self.credentials.words();
        let Some(key) = api_key::read(&words) else {
            return Ok(None);
        };
        let key = key?;
        let found = api_key::find(self.app, key).await;
        let user = found.map_err(|fault| Error::from(fault).0)??;
        Ok(Some(Principal::from(&user).caller(Scheme::Token, None)))
    }

    async fn by_basic(&self) -> Outcome {
        let Some(login) = basic::read(&self.credentials.words()) else {
            return Ok(None);
        };
        let login =
            login.map_err(|malformed| Problem::refused_credentials(malformed.to_string()))?;
        let found = users::by_username(self.app.store().read(), &login.name).await;
        let user = found.map_err(|fault| Error::from(fault).0)?;
        let encoded = user.as_ref().map(|user| user.password.as_str());
        let client = self.credentials.client();
        let sign_in = self.app.identities().sign_in();
        let fits = sign_in
            .check(&login.name, client, &login.password, encoded, self.now)
            .await
            .map_err(|throttled| Problem::throttled(throttled.seconds))?;
        match user.filter(|_| fits) {
            Some(user) if user.is_active => {
                Ok(Some(Principal::from(&user).caller(Scheme::Basic, None)))
            }
            Some(_) if self.tells_of_inactive_users() => Err(inactive()),
            _ => Err(Problem::refused_credentials(basic::WRONG)),
        }
    }

    /// Whether whoever knows the password of an inactive account is told that it is inactive.
    fn tells_of_inactive_users(&self) -> bool {
        self.entrance.strict || self.app.identities().settings().sign_in.inactive_users
    }

    async fn by_bearer(&self) -> Outcome {
        let words = self.credentials.words();
        let announced = words.first().is_some_and(|word| bearer::announces(word));
        if self.entrance.strict && !announced {
            return Ok(None);
        }
        let Some(token) = bearer::read(&words) else {
            return Ok(None);
        };
        let token = token?;
        if jwt::has_form(token) {
            return self.by_token(token, Scheme::Bearer).await.map(Some);
        }
        let found = bearer::find(self.app, token, self.now).await;
        match found.map_err(|fault| Error::from(fault).0)? {
            Err(bearer::Refusal::Inactive(_)) if self.entrance.strict => Err(inactive()),
            Err(refusal) => Err(refusal.into()),
            Ok((user, application)) => Ok(Some(Caller {
                application: Some(application),
                ..Principal::from(&user).caller(Scheme::Bearer, None)
            })),
        }
    }
}

/// 401 for an inactive account, where that may be told.
fn inactive() -> Problem {
    Problem::refused_credentials(basic::INACTIVE)
}

/// What a 401 says to a client whose credentials could have been of these schemes: the first
/// one's word. A family without schemes of its own is not asked by HTTP Basic, which would make
/// browsers ask for a password.
pub(super) fn challenge(jwt: &HeaderValue, schemes: &[Scheme]) -> HeaderValue {
    match schemes.first() {
        Some(Scheme::Jwt | Scheme::Session | Scheme::ActiveSession) | None => jwt.clone(),
        Some(Scheme::BareSession) => HeaderValue::from_static("Session"),
        Some(Scheme::Token) => HeaderValue::from_static("Token"),
        Some(Scheme::Bearer) => HeaderValue::from_static("Bearer realm=\"api\""),
        Some(Scheme::Basic) => HeaderValue::from_static("Basic realm=\"api\""),
    }
}

/// The challenge of JWTs, with the word that the settings put before them.
pub(super) fn jwt_challenge(word: &str) -> HeaderValue {
    HeaderValue::try_from(format!("{word} realm=\"api\""))
        .unwrap_or_else(|_| HeaderValue::from_static("JWT realm=\"api\""))
}
