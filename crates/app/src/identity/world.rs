//! A world for tests of who gets in: some people, their credentials, and a strict entrance.

use axum::response::IntoResponse as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use http::Request as Head;
use http::request::Parts;
use jsonwebtoken::{EncodingKey, Header};
use provost_drf::{Entrance, Identity, Problem, Scheme};
use provost_store::oauth::{NewApplication, Token};
use provost_store::users::NewUser;
use provost_store::{Options, Store, Tx, oauth, users};
use serde_json::{Value, json};

use super::{authenticate, secret, session, settings};
use crate::{App, Author, Clock, Settings};

/// `letmein`, cheaply.
const LETMEIN: &str = "pbkdf2_sha256$1000$seasalt$R1/GfWtwog1T8Ev9VndgDjzkiRzbFr8JpmJtL9cMmQU=";
const SECRET: &str = "test-secret-key";
pub(crate) const CSRF: &str = "0123456789abcdefghijklmnopqrstuv";
/// Where the application of all opaque tokens may send browsers back to.
const REDIRECTS: &str =
    "http://testserver/ https://lms.example.org/\nhttp://a.test/callback http://b.test";
const STRICT: Entrance = Entrance {
    schemes: &[Scheme::Basic, Scheme::Jwt, Scheme::Bearer, Scheme::Session],
    strict: true,
};

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

pub(crate) fn detail(status: u16, text: &str) -> String {
    format!("{status} {}", json!({ "detail": text }))
}

pub(crate) fn nobody() -> String {
    detail(401, "Authentication credentials were not provided.")
}

pub(crate) fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

/// A good token but for these claims, of which null takes one away.
pub(crate) fn token(change: &Value) -> String {
    let issued = now().timestamp();
    let mut claims = json!({
        "iss": "test", "iat": issued, "exp": issued + 3600, "preferred_username": "ada",
    });
    for (claim, value) in change.as_object().unwrap() {
        claims[claim] = value.clone();
    }
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&Header::default(), &claims, &key).unwrap()
}

pub(crate) struct World {
    pub(crate) app: App,
    /// Key of the application that all opaque tokens were given to.
    pub(crate) application: i64,
    /// Keys of the sessions of `ada` and `off`.
    pub(crate) sessions: [String; 2],
}

async fn make_application(tx: &Tx) -> i64 {
    let new = NewApplication {
        client_id: "client".to_owned(),
        client_secret: String::new(),
        name: "Client".to_owned(),
        user_id: None,
        client_type: "confidential".to_owned(),
        grant_type: "password".to_owned(),
        redirect_uris: REDIRECTS.to_owned(),
        created_at: now(),
    };
    oauth::create_application(tx, &new).await.unwrap()
}

async fn make_user(tx: &Tx, name: &str, is_active: bool, is_staff: bool) -> i64 {
    let new = NewUser {
        username: name.to_owned(),
        email: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        password: LETMEIN.to_owned(),
        is_active,
        is_staff,
        is_superuser: false,
        date_joined: now(),
    };
    users::create(tx, &new).await.unwrap().id
}

/// An opaque token that expires in so many hours.
async fn make_token(tx: &Tx, text: &str, application_id: i64, user_id: i64, hours: i64) {
    let token = Token {
        token_hash: secret::digest(text),
        application_id,
        user_id,
        scope: "read".to_owned(),
        created_at: now() - Duration::hours(1),
        expires_at: now() + Duration::hours(hours),
    };
    oauth::create_token(tx, &token).await.unwrap();
}

/// `ada` and `boss`, who is staff, are active; `off` is staff and inactive. Opaque tokens are called
/// by the name of their user, and `late` is one that has expired.
pub(crate) async fn world(change: impl FnOnce(&mut settings::Settings)) -> World {
    let store = Store::open(&Options::at("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();
    let tx = store.begin().await.unwrap();
    let application = make_application(&tx).await;
    let ada = make_user(&tx, "ada", true, false).await;
    let boss = make_user(&tx, "boss", true, true).await;
    let off = make_user(&tx, "off", false, true).await;
    for (text, user, hours) in [
        ("ada", ada, 1),
        ("late", ada, 0),
        ("boss", boss, 1),
        ("off", off, 1),
    ] {
        make_token(&tx, text, application, user, hours).await;
    }
    tx.commit().await.unwrap();
    let mut settings = Settings::default();
    settings.identity.jwt.secret = SECRET.into();
    settings.identity.jwt.issuers = vec!["test".to_owned()];
    change(&mut settings.identity);
    let app = App::open(store, settings, Clock::fixed(now())).await;
    let app = app.unwrap();
    let mut sessions = [String::new(), String::new()];
    for (key, user) in sessions.iter_mut().zip([ada, off]) {
        let begun = session::begin(&app, user, &Author::program("test")).await;
        *key = begun.unwrap().key;
    }
    World {
        app,
        application,
        sessions,
    }
}

pub(crate) fn head(method: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = Head::builder()
        .method(method)
        .uri("/")
        .header("host", "testserver");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

pub(crate) async fn line(problem: Problem) -> String {
    let response = problem.into_response();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    format!("{status} {}", String::from_utf8_lossy(&body))
}

impl World {
    pub(crate) async fn identity(&self, method: &str, headers: &[(&str, &str)]) -> Identity {
        let identity = authenticate(&self.app, &head(method, headers), STRICT).await;
        assert_eq!(identity.challenge, "Basic realm=\"api\"");
        identity
    }

    /// Name and scheme of whoever gets in, or what the others are told.
    pub(crate) async fn told(&self, method: &str, headers: &[(&str, &str)]) -> String {
        match self.identity(method, headers).await.outcome {
            Ok(Some(caller)) => format!("{} by {:?}", caller.username, caller.via),
            Ok(None) => line(Problem::unauthenticated()).await,
            Err(problem) => line(problem).await,
        }
    }

    pub(crate) async fn check(&self, cases: impl IntoIterator<Item = (String, String)>) {
        for (authorization, expected) in cases {
            let found = self
                .told("POST", &[("authorization", &authorization)])
                .await;
            assert_eq!(found, expected, "{authorization}");
        }
    }
}
