//! The platform that these tests ask about.
//!
//! Two organizations, `red` and `blue`, each with a site, an administrator (`redadmin`,
//! `blueadmin`) and learners (`ron`, `rea` and the inactive `ida`; `bob`); `root` and `stan` are a
//! superuser and staff, `lone` belongs nowhere. Red keeps its site in its own row, blue in one of
//! `tahoesite`. `main.example.com` is the main site, `empty` belongs to nobody, `both` to both.

use axum::Router;
use chrono::{DateTime, Utc};
use provost_app::settings::CourseAccess;
use provost_app::{App, Settings, mount};
use provost_drf::not_found_page;
use provost_testkit::{Client, World, Worlds};
use serde_json::Value;

/// Every user of the fixture, in the order of their keys.
pub const PEOPLE: [&str; 9] = [
    "root",
    "stan",
    "redadmin",
    "blueadmin",
    "ron",
    "rea",
    "ida",
    "bob",
    "lone",
];

const BASE: &str = "/course_access_groups/api/v1/";

/// A world with this platform in it.
pub struct Platform {
    pub world: World,
}

/// Runs a test on SQLite and, where its programs are installed, on PostgreSQL.
pub async fn each(test: impl AsyncFn(&Platform)) {
    each_with(CourseAccess::default(), test).await;
}

/// The same with settings; the main site is the first in any case.
pub async fn each_with(settings: CourseAccess, test: impl AsyncFn(&Platform)) {
    let settings = Settings {
        course_access: CourseAccess {
            main_site: Some(1),
            ..settings
        },
        ..Settings::default()
    };
    for worlds in Worlds::each().await {
        let world = worlds.world(now(), settings.clone(), routes).await;
        world.import(include_str!("world.json")).await;
        test(&Platform { world }).await;
    }
}

/// When the tests take place.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_767_355_445_123_456).unwrap()
}

/// The routes of this family, in a program that has no others.
pub fn routes(app: &App) -> Router {
    let families = vec![
        provost_groups::family(),
        provost_groups::internal(),
        provost_groups::decisions(),
        provost_groups::administration(),
    ];
    mount(families, app).fallback(not_found_page)
}

/// The full path of what stands below the base of the old API.
pub fn path(below: &str) -> String {
    format!("{BASE}{below}")
}

/// The key of a user of the fixture.
pub fn id_of(name: &str) -> i64 {
    let place = PEOPLE.iter().position(|person| *person == name).unwrap();
    i64::try_from(place).unwrap() + 1
}

impl Platform {
    /// A caller in a browser session at red's site; `anonymous` has none.
    pub async fn caller(&self, name: &str) -> Client {
        let client = match name {
            "anonymous" => self.world.nobody(),
            name => self.world.session_of(id_of(name)).await,
        };
        client.header("host", "red.example.com")
    }

    /// The same at another host.
    pub async fn caller_at(&self, name: &str, host: &str) -> Client {
        self.caller(name).await.header("host", host)
    }

    /// Asks as red's administrator for a line `METHOD path [body]` of the old API; the answer as
    /// `status body`.
    pub async fn line(&self, asked: &str) -> String {
        line(&self.caller("redadmin").await, asked).await
    }

    /// The rows of this family as they are now.
    pub async fn rows(&self) -> Vec<Value> {
        let text = self.world.export(&["course_access_groups."]).await;
        serde_json::from_str(&text).unwrap()
    }
}

/// Asks for `METHOD path [body]` of the old API; the answer as `status body`.
pub async fn line(client: &Client, asked: &str) -> String {
    let (method, rest) = asked.split_once(' ').unwrap();
    let (target, body) = rest.split_once(' ').unwrap_or((rest, ""));
    let kind = (!body.is_empty()).then_some("application/json");
    let answer = client
        .send(method, &path(target), kind, body.to_owned())
        .await;
    answer.line().trim_end().to_owned()
}
