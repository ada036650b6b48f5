//! Issuing tokens: the client credentials and password grants of OAuth2 (RFC 6749 sections 4.3
//! and 4.4), as the platform's `/oauth2/access_token` does.

use chrono::Duration;
use http::StatusCode;
use percent_encoding::percent_decode_str;
use provost_drf::Problem;
use provost_store::Fault;
use provost_store::oauth::{self, Application, Token};
use provost_store::users::{self, User};
use serde::Serialize;
use serde_json::json;

use super::mint::{MintError, Subject};
use super::sign_in::Unchecked;
use super::throttle::{Client, Throttled};
use super::{basic, secret};
use crate::{App, Author, Error};

/// Kind of the change log's entry for a token that was issued.
const ISSUED: &str = "oauth.token.issued";
/// How long an expired token stays, so that its bearer is told that it expired and not that it
/// never was.
const GRACE: Duration = Duration::days(7);

/// A request for a token, as its form says it.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// `client_credentials` or `password`.
    pub grant_type: Option<String>,
    /// Name of the program, unless HTTP Basic says it.
    pub client_id: Option<String>,
    /// Secret of the program, unless HTTP Basic says it.
    pub client_secret: Option<secret::Secret>,
    /// Username or address, for the password grant.
    pub username: Option<String>,
    /// Password, for the password grant.
    pub password: Option<secret::Secret>,
    /// Scopes between blanks; none: all that may be given.
    pub scope: Option<String>,
    /// `jwt` for a JSON Web Token; anything else: an opaque one.
    pub token_type: Option<String>,
}

/// A token, as the client is given it; never logged, so it has no `Debug`.
#[derive(Clone, Serialize, schemars::JsonSchema)]
pub struct Issued {
    /// The token.
    pub access_token: String,
    /// `Bearer`, or `JWT` for a JSON Web Token.
    pub token_type: &'static str,
    /// Life of the token, in seconds.
    pub expires_in: i64,
    /// What it is good for, words with blanks between them.
    pub scope: String,
}

/// Why no token was issued: RFC 6749 section 5.2.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// A parameter is missing or makes no sense.
    InvalidRequest(&'static str),
    /// The program is unknown, or its secret is wrong.
    InvalidClient,
    /// The name or password is wrong.
    InvalidGrant,
    /// The program may not use this grant.
    UnauthorizedClient,
    /// Another grant than the two.
    UnsupportedGrantType,
    /// A scope that may not be given.
    InvalidScope,
    /// Too many guesses.
    Throttled(Throttled),
    /// The store or the key failed; the cause is logged.
    Failed(Problem),
}

impl From<Throttled> for Refusal {
    fn from(throttled: Throttled) -> Self {
        Self::Throttled(throttled)
    }
}

impl From<Unchecked> for Refusal {
    fn from(unchecked: Unchecked) -> Self {
        match unchecked {
            Unchecked::Throttled(throttled) => throttled.into(),
            Unchecked::Fault(fault) => fault.into(),
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Failed(Error::from(fault).0)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let refuse = |status, error: &str, description: Option<&str>| {
            let mut body = json!({ "error": error });
            if let (Some(description), Some(body)) = (description, body.as_object_mut()) {
                body.insert("error_description".to_owned(), description.into());
            }
            Self::body(status, body)
        };
        let bad = StatusCode::BAD_REQUEST;
        match refusal {
            Refusal::InvalidRequest(why) => refuse(bad, "invalid_request", Some(why)),
            Refusal::InvalidClient => refuse(StatusCode::UNAUTHORIZED, "invalid_client", None),
            Refusal::InvalidGrant => {
                refuse(bad, "invalid_grant", Some("Invalid credentials given."))
            }
            Refusal::UnauthorizedClient => refuse(bad, "unauthorized_client", None),
            Refusal::UnsupportedGrantType => refuse(bad, "unsupported_grant_type", None),
            Refusal::InvalidScope => refuse(bad, "invalid_scope", None),
            Refusal::Throttled(throttled) => Self::throttled(throttled.seconds),
            Refusal::Failed(problem) => problem,
        }
    }
}

enum Grant {
    ClientCredentials,
    Password,
}

impl Grant {
    /// What `oauth_applications.grant_type` says of a program that may use it.
    fn word(&self) -> &'static str {
        match self {
            Self::ClientCredentials => "client-credentials",
            Self::Password => "password",
        }
    }
}

/// Issues a token: checks the program, then the grant, then the person.
///
/// `words` are those of the `Authorization` header: HTTP Basic there names the program and goes
/// before the form.
///
/// # Errors
/// The first [`Refusal`].
pub async fn issue(
    app: &App,
    words: &[&str],
    ask: &Ask,
    client: Client,
    request_id: Option<&str>,
) -> Result<Issued, Refusal> {
    let grant = match ask.grant_type.as_deref() {
        Some("client_credentials") => Grant::ClientCredentials,
        Some("password") => Grant::Password,
        Some(_) => return Err(Refusal::UnsupportedGrantType),
        None => return Err(Refusal::InvalidRequest("Missing grant_type parameter.")),
    };
    let application = authenticate(app, words, ask, client).await?;
    if application.grant_type != grant.word() {
        return Err(Refusal::UnauthorizedClient);
    }
    let user = match grant {
        Grant::ClientCredentials => owner(app, &application).await?,
        Grant::Password => person(app, ask, client).await?,
    };
    let scope = scope(app, ask.scope.as_deref())?;
    let as_jwt = ask
        .token_type
        .as_deref()
        .is_some_and(|word| word.eq_ignore_ascii_case("jwt"));
    let issued = if as_jwt {
        signed(app, &user, &scope)?
    } else {
        opaque(app, &scope)
    };
    record(app, &application, &user, &issued, request_id).await?;
    Ok(issued)
}

/// The program that asks. A public one has no secret to show.
async fn authenticate(
    app: &App,
    words: &[&str],
    ask: &Ask,
    client: Client,
) -> Result<Application, Refusal> {
    let (id, secret) = match basic::read(words) {
        Some(login) => {
            let login = login.map_err(|_| Refusal::InvalidClient)?;
            // RFC 6749 section 2.3.1: both are form-encoded before they are put together.
            (form_decoded(&login.name), form_decoded(&login.password))
        }
        None => (
            ask.client_id
                .clone()
                .ok_or(Refusal::InvalidRequest("Missing client_id parameter."))?,
            ask.client_secret
                .as_ref()
                .map(|secret| secret.reveal().to_owned())
                .unwrap_or_default(),
        ),
    };
    let now = app.now();
    let application = oauth::application(app.store().read(), &id).await?;
    match &application {
        Some(known) if known.client_type == "public" => {}
        known => {
            let encoded = known.as_ref().map(|known| known.client_secret.as_str());
            let name = format!("client {id}");
            let sign_in = app.identities().sign_in();
            if !sign_in.check(&name, client, &secret, encoded, now).await? {
                return Err(Refusal::InvalidClient);
            }
        }
    }
    application.ok_or(Refusal::InvalidClient)
}

fn form_decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// On whose behalf a program acts by itself.
async fn owner(app: &App, application: &Application) -> Result<User, Refusal> {
    let Some(id) = application.user_id else {
        return Err(Refusal::UnauthorizedClient);
    };
    let owner = users::find(app.store().read(), id).await?;
    owner
        .filter(|owner| owner.is_active)
        .ok_or(Refusal::InvalidGrant)
}

/// The person whose name and password the program was given.
async fn person(app: &App, ask: &Ask, client: Client) -> Result<User, Refusal> {
    let (Some(name), Some(password)) = (&ask.username, &ask.password) else {
        return Err(Refusal::InvalidRequest(
            "Request is missing username or password parameter.",
        ));
    };
    app.identities()
        .sign_in()
        .user(app, name, client, password.reveal())
        .await?
        .ok_or(Refusal::InvalidGrant)
}

/// The scopes that are given, in the order they were asked for.
fn scope(app: &App, asked: Option<&str>) -> Result<Vec<String>, Refusal> {
    let allowed = &app.identities().settings().oauth.scopes;
    let asked: Vec<String> = asked
        .unwrap_or_default()
        .split_ascii_whitespace()
        .map(str::to_owned)
        .collect();
    if asked.is_empty() {
        return Ok(allowed.clone());
    }
    if asked.iter().all(|word| allowed.contains(word)) {
        Ok(asked)
    } else {
        Err(Refusal::InvalidScope)
    }
}

/// A JSON Web Token for `user`. It is not stored: its signature vouches for it.
fn signed(app: &App, user: &User, scope: &[String]) -> Result<Issued, Refusal> {
    let minter = app.identities().minter();
    let lifetime = minter.lifetime();
    let token = minter.token(&Subject::from(user), &[], scope, lifetime, app.now());
    let access_token = token.map_err(|error| match error {
        MintError::NoKey => Refusal::InvalidRequest("JSON Web Tokens are not configured."),
        MintError::Broken => Refusal::Failed(Problem::internal(error)),
    })?;
    Ok(Issued {
        access_token,
        token_type: "JWT",
        expires_in: lifetime.num_seconds(),
        scope: scope.join(" "),
    })
}

/// A random token, which means something only to whoever can look it up here.
fn opaque(app: &App, scope: &[String]) -> Issued {
    Issued {
        access_token: secret::fresh_key(),
        token_type: "Bearer",
        expires_in: app.identities().settings().oauth.lifetime_seconds.into(),
        scope: scope.join(" "),
    }
}

/// Stores the token if it is opaque, removes those long expired, and writes down that one was
/// issued.
async fn record(
    app: &App,
    application: &Application,
    user: &User,
    issued: &Issued,
    request_id: Option<&str>,
) -> Result<(), Fault> {
    let now = app.now();
    let expires_at = now + Duration::seconds(issued.expires_in);
    let tx = app.store().begin().await?;
    oauth::delete_expired(&tx, now - GRACE).await?;
    if issued.token_type == "Bearer" {
        let token = Token {
            token_hash: secret::digest(&issued.access_token),
            application_id: application.id,
            user_id: user.id,
            scope: issued.scope.clone(),
            created_at: now,
            expires_at,
        };
        oauth::create_token(&tx, &token).await?;
    }
    let author = Author {
        id: Some(user.id),
        name: user.username.clone(),
        on_behalf_of: None,
        request_id: request_id.map(str::to_owned),
    };
    let mut entry = author.entry(ISSUED, &provost_keys::stored::user(&user.username));
    entry.after = Some(json!({
        "user_id": user.id,
        "client_id": application.client_id,
        "scope": issued.scope,
        "expires_at": expires_at,
        "token_type": issued.token_type,
    }));
    app.commit(tx, &[entry]).await
}
