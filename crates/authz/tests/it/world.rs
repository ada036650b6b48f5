//! The platform that these tests ask about: nine people, two organizations with a library and a
//! course each, one that is closed, and the shipped roles.

use axum::Router;
use chrono::{DateTime, Utc};
use provost_app::{App, Author, Settings, mount};
use provost_drf::not_found_page;
use provost_policy::catalogue;
use provost_testkit::{Answer, Client, World, Worlds};
use serde_json::json;

/// Every user of the fixture, in the order of their keys.
pub const PEOPLE: [&str; 9] = [
    "root", "stan", "ada", "ben", "cyd", "dov", "idle", "Eve", "nobody",
];

/// Who holds what, in the order in which it was given.
const HELD: [(&str, &str, &str); 8] = [
    ("ada", "library_admin", "lib:BeeU:HIVE"),
    ("ben", "library_user", "lib:BeeU:HIVE"),
    ("ben", "library_author", "lib:BeeU:HIVE"),
    ("cyd", "course_admin", "course-v1:BeeU+B1+R1"),
    ("dov", "course_auditor", "course-v1:BeeU+*"),
    ("idle", "library_user", "lib:BeeU:HIVE"),
    ("Eve", "course_editor", "course-v1:*"),
    ("dov", "library_contributor", "lib:AntC:*"),
];

const BASE: &str = "/api/authz/v1/";

/// A world with this platform in it.
pub struct Platform {
    pub world: World,
}

/// Runs a test on SQLite and, where its programs are installed, on PostgreSQL: on the platform
/// with its roles.
pub async fn each(test: impl AsyncFn(&Platform)) {
    each_with(Settings::default(), async |platform| {
        platform.give_roles().await;
        test(platform).await;
    })
    .await;
}

/// The same with settings, and with nobody holding any role.
pub async fn each_with(settings: Settings, test: impl AsyncFn(&Platform)) {
    for worlds in Worlds::each().await {
        let world = worlds.world(now(), settings.clone(), routes).await;
        world.import(include_str!("world.json")).await;
        let author = Author::program("test");
        provost_authz::policy::load(&world.app, &author, &catalogue::shipped(), false)
            .await
            .unwrap();
        test(&Platform { world }).await;
    }
}

/// When the tests take place.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_767_355_445_123_456).unwrap()
}

/// The routes of both families, in a program that has no others.
pub fn routes(app: &App) -> Router {
    mount(
        vec![provost_authz::family(), provost_authz::decisions()],
        app,
    )
    .fallback(not_found_page)
}

/// The full path of what stands below the base.
pub fn path(below: &str) -> String {
    format!("{BASE}{below}")
}

/// The key of a user of the fixture.
pub fn id_of(name: &str) -> i64 {
    let place = PEOPLE.iter().position(|person| *person == name).unwrap();
    i64::try_from(place).unwrap() + 1
}

impl Platform {
    /// A caller in a browser session; `anonymous` has none.
    pub async fn caller(&self, name: &str) -> Client {
        match name {
            "anonymous" => self.world.nobody(),
            name => self.world.session_of(id_of(name)).await,
        }
    }

    /// Gives one role through the API, by somebody who may give any.
    pub async fn give(&self, user: &str, role: &str, scope: &str) -> Answer {
        let body = json!({"role": role, "scope": scope, "users": [user]});
        self.caller("root")
            .await
            .put(&path("roles/users/"), &body)
            .await
    }

    async fn give_roles(&self) {
        for (user, role, scope) in HELD {
            let answer = self.give(user, role, scope).await;
            assert_eq!(answer.json()["completed"][0]["status"], "role_added");
        }
    }

    /// Whether the API says that a caller may do something somewhere.
    pub async fn may(&self, name: &str, action: &str, scope: &str) -> bool {
        let question = json!([{"action": action, "scope": scope}]);
        let asked = path("permissions/validate/me");
        let answer = self.caller(name).await.post(&asked, &question).await;
        answer.json()[0]["allowed"].as_bool().unwrap()
    }
}
