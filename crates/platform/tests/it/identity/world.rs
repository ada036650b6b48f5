//! An app on a SQLite database of its own, with a clock that tests set.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use chrono::{DateTime, Duration, Utc};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use provost_drf::{Authenticate, Caller, Dialect, Family, Json, Scheme, View};
use provost_store::changes;
use provost_store::users::{self, NewUser, User};
use provost_store::{Options, Store};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use provost_app::identity::settings::{Jwt, Secret};
use provost_app::identity::{self, settings};
use provost_app::{App, Clock, Settings};

/// `letmein`, cheaply.
pub const LETMEIN: &str = "pbkdf2_sha256$1000$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=";
/// A CSRF token.
pub const TOKEN: &str = "0123456789abcdefghijklmnopqrstuv";

pub struct World {
    pub app: App,
    pub clock: Clock,
    router: Router,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The whole `Set-Cookie` of a cookie.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let cookies = self.headers.get_all(header::SET_COOKIE);
        cookies
            .iter()
            .map(|value| value.to_str().unwrap())
            .find(|cookie| cookie.starts_with(&format!("{name}=")))
            .map(str::to_owned)
    }

    /// The value that an answer gives a cookie.
    pub fn cookie(&self, name: &str) -> String {
        let cookie = self
            .set_cookie(name)
            .unwrap_or_else(|| panic!("no cookie {name}"));
        let pair = cookie.split(';').next().unwrap();
        pair.split_once('=').unwrap().1.to_owned()
    }

    pub fn line(&self) -> (u16, Value) {
        (self.status.as_u16(), self.body.clone())
    }
}

/// Who was let in, and how.
async fn who(State(_): State<App>, caller: Caller) -> Json<Value> {
    Json(json!({
        "username": &*caller.username,
        "staff": caller.is_staff,
        "via": format!("{:?}", caller.via),
        "request": caller.request_id.as_deref(),
    }))
}

fn door(base: &'static str, schemes: &'static [Scheme]) -> Family<App> {
    Family::at(base, "door", "A door")
        .schemes(schemes)
        .dialect(Dialect::Drf)
        .view("who", View::new().get(who, "Who").post(who, "Who"))
}

/// Doors with the schemes of the platform's families, beside the routes of identity.
fn router(app: &App) -> Router {
    let inner = app.clone();
    let authenticate: Authenticate = Arc::new(move |parts, entrance| {
        let app = inner.clone();
        Box::pin(async move {
            let identity = identity::authenticate(&app, &parts, entrance).await;
            (parts, identity)
        })
    });
    let doors = [
        door("/authz/", &[Scheme::Jwt, Scheme::Session]),
        door("/session/", &[Scheme::Session, Scheme::Basic]),
        door("/jwt/", &[Scheme::Jwt, Scheme::Bearer]),
        door(
            "/groups/",
            &[
                Scheme::Basic,
                Scheme::Session,
                Scheme::Token,
                Scheme::Bearer,
            ],
        ),
    ];
    doors
        .into_iter()
        .chain(provost_platform::families())
        .fold(Router::new(), |router, family| {
            router.merge(family.into_router(app, &authenticate))
        })
        .with_state(app.clone())
}

pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

/// HS256 with a secret, and a platform's issuer.
pub fn keyed() -> settings::Settings {
    settings::Settings {
        jwt: Jwt {
            secret: Secret::from("test-secret-key"),
            issuers: vec!["https://lms.example.com/oauth2".to_owned()],
            ..Jwt::default()
        },
        sign_in: settings::SignIn {
            attempts: 3,
            ..settings::SignIn::default()
        },
        ..settings::Settings::default()
    }
}

impl World {
    pub async fn new(identity: settings::Settings) -> Self {
        let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Clock::fixed(start());
        let settings = Settings {
            identity,
            ..Settings::default()
        };
        let app = App::open(store, settings, clock.clone()).await.unwrap();
        let router = router(&app);
        Self { app, clock, router }
    }

    /// Moves the clock to so many seconds after the start.
    pub fn at(&self, seconds: i64) {
        self.clock.set(start() + Duration::seconds(seconds));
    }

    /// A user whose password is `letmein`.
    pub async fn user(&self, username: &str, change: impl FnOnce(&mut NewUser)) -> User {
        let mut new = NewUser {
            username: username.to_owned(),
            email: format!("{username}@example.com"),
            first_name: String::new(),
            last_name: String::new(),
            password: LETMEIN.to_owned(),
            is_active: true,
            is_staff: false,
            is_superuser: false,
            date_joined: start(),
        };
        change(&mut new);
        let tx = self.app.store().begin().await.unwrap();
        let user = users::create(&tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        user
    }

    /// Kinds and subjects of the change log, oldest first.
    pub async fn log(&self) -> Vec<String> {
        let log = changes::since(self.app.store().read(), 0).await.unwrap();
        log.iter()
            .map(|change| format!("{} {}", change.kind, change.subject))
            .collect()
    }

    /// Everything the change log and the tables of credentials hold, as one text.
    pub async fn written(&self) -> String {
        let log = changes::since(self.app.store().read(), 0).await.unwrap();
        format!("{log:?}")
    }

    /// Sends a request; a body is JSON if it begins with `{`, else a form.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "testserver");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_empty() {
            let json = body.starts_with('{');
            request = request.header(
                header::CONTENT_TYPE,
                if json {
                    "application/json"
                } else {
                    "application/x-www-form-urlencoded"
                },
            );
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (parts, body) = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, "").await
    }

    pub async fn post(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("POST", path, headers, "").await
    }
}
