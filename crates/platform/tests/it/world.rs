//! The platform that these tests write to: four people, a library, two roles.

use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use provost_app::identity::password;
use provost_app::{App, Settings, mount};
use provost_drf::not_found_page;
use provost_store::changes::{self, Entry};
use provost_testkit::{Client, World, Worlds};
use serde_json::{Value, json};

/// Every user, in the order of their keys; the first is staff.
const PEOPLE: [&str; 4] = ["root", "ada", "ben", "cyd"];
pub const PASSWORD: &str = "correct horse";
pub const CHANGES: &str = "/api/provost/v1/changes";

/// A world with this platform in it, and staff who reads its log.
pub struct Platform {
    pub world: World,
    pub root: Client,
}

/// Runs a test on SQLite and, where its programs are installed, on PostgreSQL.
pub async fn each(test: impl AsyncFn(&Platform)) {
    for worlds in Worlds::each().await {
        let world = worlds.world(now(), Settings::default(), routes).await;
        world.import(&fixture().to_string()).await;
        let root = world.session_of(1).await;
        test(&Platform { world, root }).await;
    }
}

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_767_355_445_123_456).unwrap()
}

fn routes(app: &App) -> Router {
    let mut families = vec![provost_authz::family()];
    families.extend(provost_platform::families());
    mount(families, app).fallback(not_found_page)
}

fn fixture() -> Value {
    let encoded = password::hash(PASSWORD).unwrap();
    let mut rows: Vec<Value> = (1..)
        .zip(PEOPLE)
        .map(|(pk, name)| {
            let staff = name == "root";
            json!({"model": "auth.user", "pk": pk, "fields": {
                "username": name, "password": encoded, "is_active": true, "is_staff": staff,
                "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z",
            }})
        })
        .collect();
    rows.push(
        json!({"model": "organizations.organization", "pk": 1, "fields": {
            "created": "2026-01-02T03:04:05Z", "modified": "2026-01-02T03:04:05Z",
            "name": "Bee University", "short_name": "BeeU", "active": true,
        }}),
    );
    rows.push(
        json!({"model": "content_libraries.contentlibrary", "pk": 1, "fields": {
            "org": 1, "slug": "HIVE",
        }}),
    );
    let manage = "act^content_libraries.manage_library_team";
    let view = "act^content_libraries.view_library";
    let rules = [
        ["p", "role^library_admin", manage, "lib^*", "allow"],
        ["p", "role^library_user", view, "lib^*", "allow"],
        [
            "g",
            "user^ada",
            "role^library_admin",
            "lib^lib:BeeU:HIVE",
            "",
        ],
    ];
    rows.extend((1..).zip(rules).map(|(pk, [ptype, v0, v1, v2, v3])| {
        json!({"model": "casbin_adapter.casbinrule", "pk": pk, "fields": {
            "ptype": ptype, "v0": v0, "v1": v1, "v2": v2, "v3": v3,
        }})
    }));
    rows.into()
}

impl Platform {
    /// A caller in a browser session; `anonymous` has none.
    pub async fn caller(&self, name: &str) -> Client {
        match PEOPLE.iter().position(|person| *person == name) {
            Some(at) => self.world.session_of(i64::try_from(at).unwrap() + 1).await,
            None => self.world.nobody(),
        }
    }

    /// The number of the last entry.
    pub async fn last(&self) -> i64 {
        changes::last_seq(self.world.app.store().read())
            .await
            .unwrap()
    }

    /// Puts entries into the log, the first a second after the last one's time.
    pub async fn write(&self, entries: &[Entry]) {
        let app = &self.world.app;
        self.world.clock.set(app.now() + TimeDelta::seconds(1));
        let tx = app.store().begin().await.unwrap();
        app.commit(tx, entries).await.unwrap();
    }

    /// The entries after number `seq`, oldest first, as an export gives them.
    pub async fn since(&self, seq: i64) -> Vec<Value> {
        lines(&self.root, &format!("after={seq}")).await
    }
}

/// The lines of an export.
pub async fn lines(caller: &Client, query: &str) -> Vec<Value> {
    let answer = caller.get(&format!("{CHANGES}/export?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    assert_eq!(
        answer.header("content-type").as_deref(),
        Some("application/x-ndjson")
    );
    let text = answer.text();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The numbers of entries.
pub fn seqs(entries: &[Value]) -> Vec<i64> {
    entries
        .iter()
        .map(|entry| entry["seq"].as_i64().unwrap())
        .collect()
}
