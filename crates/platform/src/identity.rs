//! The routes of identity: the platform's own, and the session of ours.
//!
//! None of them goes through the schemes of a family: they are where credentials are made, so
//! each looks for itself at what it needs, and a bad credential that it does not need is no
//! reason to refuse.

use axum::extract::State;
use chrono::{DateTime, Utc};
use provost_app::identity::browser::{Head, Private, refused};
use provost_app::identity::mint::{MintError, Subject};
use provost_app::identity::{Secret, authenticate, csrf, oauth, session};
use provost_app::{App, Error};
use provost_drf::{
    Body, Dialect, Entrance, Family, Invalid, Json, NoContent, Payload, Problem, Scheme, Text,
    Verbatim, View,
};
use schemars::JsonSchema;
use serde::Serialize;

/// The platform's routes, and `/api/provost/v1/session`.
#[must_use]
pub fn families() -> [Family<App>; 2] {
    [platform(), ours()]
}

fn platform() -> Family<App> {
    Family::at(
        "/",
        "identity",
        "Tokens and cookies, as the platform issues them",
    )
    .schemes(&[])
    .view(
        "oauth2/access_token",
        View::new()
            .post(access_token, "Issue an OAuth2 token")
            .guard(open),
    )
    .view(
        "oauth2/access_token/",
        View::new()
            .post(access_token_slashed, "Issue an OAuth2 token")
            .guard(open),
    )
    .view(
        "login_refresh",
        View::new()
            .post(login_refresh, "Renew the JWT cookies of a session")
            .guard(open),
    )
    .view(
        "csrf/api/v1/token",
        View::new().get(csrf_token, "Get a CSRF token").guard(open),
    )
    .view(
        "logout",
        View::new()
            .get(logout, "End the session and clear its cookies")
            .guard(open),
    )
}

fn ours() -> Family<App> {
    Family::at("/api/provost/v1/", "session", "Signing in and out")
        .schemes(&[])
        .dialect(Dialect::Problems)
        .view(
            "session",
            View::new()
                .get(retrieve, "Say who is signed in")
                .post(create, "Sign in with a password")
                .delete(destroy, "Sign out")
                .guard(open),
        )
}

/// Lets everybody on to the metadata and to the 405.
async fn open() {}

fn problem(error: impl Into<Error>) -> Problem {
    error.into().0
}

/// `POST /oauth2/access_token`: RFC 6749, with a form.
async fn access_token(
    State(app): State<App>,
    head: Head,
    form: Payload,
) -> Private<Json<oauth::Issued>> {
    let text = |name: &str| form.get(name)?.as_str().map(str::to_owned);
    let ask = oauth::Ask {
        grant_type: text("grant_type"),
        client_id: text("client_id"),
        client_secret: text("client_secret").map(Secret::from),
        username: text("username"),
        password: text("password").map(Secret::from),
        scope: text("scope"),
        token_type: text("token_type"),
    };
    let credentials = head.credentials();
    let words = credentials.words();
    let issued = oauth::issue(&app, &words, &ask, credentials.client(), head.request_id()).await;
    Private::new(match issued {
        Ok(issued) => Ok((Json(issued), Vec::new())),
        Err(refusal) => Err(refusal.into()),
    })
}

/// The same with a slash at the end, which the platform takes as well.
async fn access_token_slashed(
    app: State<App>,
    head: Head,
    form: Payload,
) -> Private<Json<oauth::Issued>> {
    access_token(app, head, form).await
}

/// What the platform's pages read after renewing their cookies.
#[derive(Serialize, JsonSchema)]
struct Renewed {
    /// Always true; a failure is a 401.
    success: bool,
    /// Key of the user.
    user_id: i64,
    /// The server's clock, so that a page can tell how far its own is off.
    response_epoch_seconds: i64,
    /// The same, as HTTP writes dates.
    response_http_date: String,
    /// When the token in the cookies expires, as HTTP writes dates.
    expires: String,
    /// The same, in seconds.
    expires_epoch_seconds: i64,
}

fn http_date(time: DateTime<Utc>) -> String {
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `POST /login_refresh`: a fresh JWT in two cookies for whoever has a session; 401 tells the
/// page that nobody is signed in. Needs no CSRF token: the page has none yet, and a forged
/// request renews what is there and gives its sender nothing.
async fn login_refresh(State(app): State<App>, head: Head) -> Private<Json<Renewed>> {
    Private::new(renew(&app, &head).await)
}

async fn renew(
    app: &App,
    head: &Head,
) -> Result<(Json<Renewed>, Vec<cookie::Cookie<'static>>), Problem> {
    let user = match head.credentials().session_key() {
        Some(key) => session::find(app, key).await.map_err(problem)?,
        None => None,
    };
    let user = user.ok_or_else(Problem::unauthenticated)?;
    let identities = app.identities();
    let (now, lifetime) = (app.now(), identities.minter().lifetime());
    let scopes = &identities.settings().oauth.scopes;
    let token = identities
        .minter()
        .token(&Subject::from(&user), &[], scopes, lifetime, now)
        .map_err(|error| match error {
            MintError::NoKey => Problem::malformed("JSON Web Tokens are not configured."),
            MintError::Broken => Problem::internal(error),
        })?;
    let expires = now + lifetime;
    let renewed = Renewed {
        success: true,
        user_id: user.id,
        response_epoch_seconds: now.timestamp(),
        response_http_date: http_date(now),
        expires: http_date(expires),
        expires_epoch_seconds: expires.timestamp(),
    };
    Ok((Json(renewed), head.jar(app).jwt(&token, lifetime)))
}

/// What `GET /csrf/api/v1/token` answers.
#[derive(Serialize, JsonSchema)]
struct CsrfToken {
    /// A token for the header `X-CSRFToken`.
    #[serde(rename = "csrfToken")]
    csrf_token: String,
}

/// `GET /csrf/api/v1/token`: the token that belongs to the cookie, which is set if there is none.
async fn csrf_token(State(app): State<App>, head: Head) -> Private<Json<CsrfToken>> {
    let cookie = head.credentials().cookie(csrf::COOKIE);
    let secret = cookie
        .filter(|cookie| csrf::is_token(cookie))
        .map_or_else(csrf::fresh, str::to_owned);
    let token = CsrfToken {
        csrf_token: csrf::masked(&secret).unwrap_or_default(),
    };
    let cookies = vec![head.jar(&app).csrf(secret)];
    Private::new(Ok((Json(token), cookies)))
}

/// What `GET /logout` answers.
#[derive(Serialize, JsonSchema)]
struct Out {
    /// Always true.
    success: bool,
}

/// `GET /logout`: ends the session and clears the cookies, whether there was one or not. A page
/// navigates here, so there is no CSRF token; a forged request costs somebody a sign-in.
async fn logout(State(app): State<App>, head: Head) -> Private<Json<Out>> {
    let cookies = head.sign_out(&app).await.map_err(problem);
    Private::new(cookies.map(|cookies| (Json(Out { success: true }), cookies)))
}

/// Who is signed in.
#[derive(Serialize, JsonSchema)]
struct Me {
    /// Key of the user.
    id: i64,
    /// Username.
    username: String,
    /// Address; may be empty.
    email: String,
    /// Whether the account is active.
    is_active: bool,
    /// Whether the user is staff.
    is_staff: bool,
    /// Whether the user is a superuser.
    is_superuser: bool,
}

/// `GET /api/provost/v1/session`: whoever the request's credentials stand for.
async fn retrieve(State(app): State<App>, head: Head) -> Private<Json<Me>> {
    let entrance = Entrance::by(&[Scheme::Jwt, Scheme::Session, Scheme::Bearer]);
    let identity = authenticate(&app, &head.0, entrance).await;
    let caller = identity
        .outcome
        .and_then(|caller| caller.ok_or_else(Problem::unauthenticated));
    Private::new(caller.map(|caller| {
        let me = Me {
            id: caller.id,
            username: caller.username.to_string(),
            email: caller.email.to_string(),
            is_active: caller.is_active,
            is_staff: caller.is_staff,
            is_superuser: caller.is_superuser,
        };
        (Json(me), Vec::new())
    }))
}

/// A name and a password.
#[derive(deserr::Deserr, JsonSchema)]
#[deserr(error = Invalid)]
pub struct Login {
    /// Username or address.
    username: Text<254>,
    /// Password, every character of it.
    password: Verbatim<4096>,
}

/// `POST /api/provost/v1/session`: signs in. Needs no CSRF token, since nobody is signed in
/// yet; but a page of a foreign origin may not sign its visitor in as somebody else.
async fn create(State(app): State<App>, head: Head, Body(login): Body<Login>) -> Private<Json<Me>> {
    Private::new(enter(&app, &head, &login).await)
}

async fn enter(
    app: &App,
    head: &Head,
    login: &Login,
) -> Result<(Json<Me>, Vec<cookie::Cookie<'static>>), Problem> {
    let identities = app.identities();
    head.check_origin(app)?;
    let credentials = head.credentials();
    let user = identities
        .sign_in()
        .user(app, &login.username, credentials.client(), &login.password)
        .await
        .map_err(problem)?
        .ok_or_else(|| Problem::refused_credentials("The name or the password is wrong."))?;
    let cookies = head.sign_in(app, &user).await.map_err(problem)?;
    let me = Me {
        id: user.id,
        username: user.username,
        email: user.email,
        is_active: user.is_active,
        is_staff: user.is_staff,
        is_superuser: user.is_superuser,
    };
    Ok((Json(me), cookies))
}

/// `DELETE /api/provost/v1/session`: signs out; nothing happens when nobody is signed in.
async fn destroy(State(app): State<App>, head: Head) -> Private<NoContent> {
    Private::new(leave(&app, &head).await.map(|cookies| (NoContent, cookies)))
}

async fn leave(app: &App, head: &Head) -> Result<Vec<cookie::Cookie<'static>>, Problem> {
    let credentials = head.credentials();
    if credentials.session_key().is_some() {
        credentials
            .check_csrf(app.identities().settings())
            .map_err(|refusal| refused(&refusal))?;
    }
    head.sign_out(app).await.map_err(problem)
}
