//! A platform with some rows of eox-tenant, and callers of every sort.
//!
//! `stan` is staff, `root` a superuser without the staff flag, `lea` and `pat` are neither, of whom
//! `pat` has the permission; `ida` is staff and inactive. Opaque tokens are called `user` if their
//! application is registered for this very site, and `user-elsewhere` if it is for another one.

use axum::Router;
use axum::extract::Request;
use chrono::{DateTime, Duration, Utc};
use provost_app::identity::mint::Subject;
use provost_app::identity::secret::digest;
use provost_app::tenants::CALL_TENANTS;
use provost_app::{App, Settings, mount};
use provost_drf::{JsonBases, at_path, not_found_page};
use provost_store::oauth::{NewApplication, Token};
use provost_store::{oauth, users};
use provost_testkit::{Client, World, Worlds};
use serde_json::Value;
use tower::ServiceExt;

/// Every user, in the order of their keys.
const PEOPLE: [&str; 5] = ["root", "stan", "lea", "ida", "pat"];

/// Runs a test on SQLite and, where its programs are installed, on PostgreSQL.
pub async fn each(test: impl AsyncFn(&World)) {
    let mut settings = Settings::default();
    settings.identity.jwt.secret = "a secret for tests".into();
    settings.identity.jwt.issuers = vec!["test".to_owned()];
    for worlds in Worlds::each().await {
        let world = worlds.world(now(), settings.clone(), routes).await;
        world.import(include_str!("world.json")).await;
        provide_tokens(&world).await;
        test(&world).await;
    }
}

/// When the tests take place.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_775_784_057, 0).unwrap()
}

fn routes(app: &App) -> Router {
    let families = vec![provost_tenants::eox_tenant(), provost_tenants::info()];
    let bases = JsonBases::of(families.iter());
    let served = mount(families, app);
    served.clone().fallback(async move |request: Request| {
        let path = request.uri().path().to_owned();
        match provost_tenants::path_without_suffix(&path) {
            Some(path) => served.oneshot(at_path(request, &path)).await.unwrap(),
            None => bases.reword(&path, not_found_page().await),
        }
    })
}

async fn provide_tokens(world: &World) {
    let tx = world.app.store().begin().await.unwrap();
    users::permit(&tx, 5, CALL_TENANTS).await.unwrap();
    for (client_id, suffix, redirect_uris) in [
        ("here", "", "https://testserver/ http://testserver/"),
        (
            "elsewhere",
            "-elsewhere",
            "http://testserver/callback\nhttp://other.example/",
        ),
    ] {
        let new = NewApplication {
            client_id: client_id.to_owned(),
            client_secret: String::new(),
            name: client_id.to_owned(),
            user_id: None,
            client_type: "confidential".to_owned(),
            grant_type: "client-credentials".to_owned(),
            created_at: now(),
            redirect_uris: redirect_uris.to_owned(),
        };
        let application_id = oauth::create_application(&tx, &new).await.unwrap();
        for (user_id, name) in (1..).zip(PEOPLE) {
            let token = |name: &str, hours| Token {
                token_hash: digest(&format!("{name}{suffix}")),
                application_id,
                user_id,
                scope: "read".to_owned(),
                created_at: now(),
                expires_at: now() + Duration::hours(hours),
            };
            oauth::create_token(&tx, &token(name, 1)).await.unwrap();
            let late = token(&format!("late-{name}"), 0);
            oauth::create_token(&tx, &late).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
}

/// A caller: `session NAME`, `jwt NAME`, `anonymous`, or else what `Authorization` says.
pub async fn caller(world: &World, how: &str) -> Client {
    match how.split_once(' ') {
        None => world.nobody(),
        Some(("session", name)) => {
            let place = PEOPLE.iter().position(|person| *person == name).unwrap();
            world.session_of(i64::try_from(place).unwrap() + 1).await
        }
        Some(("jwt", name)) => {
            let header = format!("JWT {}", jwt(world, name).await);
            world.nobody().header("authorization", &header)
        }
        Some(_) => world.nobody().header("authorization", how),
    }
}

async fn jwt(world: &World, name: &str) -> String {
    let user = users::by_username(world.app.store().read(), name).await;
    let user = user.unwrap().unwrap();
    let minter = world.app.identities().minter();
    let subject = Subject::from(&user);
    minter
        .token(&subject, &[], &[], Duration::hours(1), now())
        .unwrap()
}

/// The path of what stands below the base of the API.
pub fn path(below: &str) -> String {
    format!("/eox-tenant/api/v1/{below}")
}

/// Asks as staff for `METHOD path [body]`; the answer as `status body`.
pub async fn line(world: &World, asked: &str) -> String {
    let client = caller(world, "session stan").await;
    let (method, rest) = asked.split_once(' ').unwrap();
    let (target, body) = rest.split_once(' ').unwrap_or((rest, ""));
    let kind = (!body.is_empty()).then_some("application/json");
    let answer = client
        .send(method, &path(target), kind, body.to_owned())
        .await;
    answer.line().trim_end().to_owned()
}

/// Asks each line as staff, one after the other; each is answered with exactly what stands beside it.
pub async fn answered(world: &World, cases: &[(&str, &str)]) {
    for (asked, expected) in cases {
        assert_eq!(line(world, asked).await, *expected, "{asked}");
    }
}

/// Asks each line as staff; each is refused with what stands beside it, in any order of members, and
/// nothing changes.
pub async fn refused(cases: &[(&str, &str)]) {
    each(async |world| {
        let before = rows(world).await;
        for (asked, expected) in cases {
            assert_eq!(read(&line(world, asked).await), read(expected), "{asked}");
        }
        assert_eq!(rows(world).await, before);
    })
    .await;
}

fn read(line: &str) -> (&str, Value) {
    let (status, body) = line.split_once(' ').unwrap();
    (status, serde_json::from_str(body).unwrap())
}

/// What there is of tenants and organizations.
pub async fn rows(world: &World) -> Vec<Value> {
    let labels = ["eox_tenant.", "organizations."];
    serde_json::from_str(&world.export(&labels).await).unwrap()
}

/// The names of what has the model, in the order of their keys.
pub async fn names(world: &World, model: &str) -> Vec<String> {
    let rows = rows(world).await;
    let named = rows.iter().filter(|row| row["model"] == model);
    let named = named.map(|row| row["fields"]["name"].as_str().unwrap().to_owned());
    named.collect()
}
