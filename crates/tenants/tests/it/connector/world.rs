//! A platform that pushes to an LMS of this process.

use std::time::Duration;

use axum::Router;
use chrono::{DateTime, Utc};
use provost_app::{App, Clock, Settings, mount};
use provost_drf::not_found_page;
use provost_store::{Options, Store};
use provost_tenants::connector::{self, Connector, Ordered, Reconciled, Status};
use provost_testkit::{Client, World, Worlds};
use provost_upstream::lms;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::fake::Fake;

/// How long something may take that takes no time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A platform and its LMS.
pub struct Pair {
    pub world: World,
    pub lms: Fake,
}

/// Runs a test on SQLite and, where its programs are installed, on PostgreSQL.
pub async fn each(test: impl AsyncFn(&Pair)) {
    for worlds in Worlds::each().await {
        test(&pair(&worlds).await).await;
    }
}

pub async fn pair(worlds: &Worlds) -> Pair {
    let world = worlds.world(now(), Settings::default(), routes).await;
    world.import(include_str!("../api/people.json")).await;
    let lms = Fake::start().await;
    Pair { world, lms }
}

/// When the tests take place.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_775_784_057, 0).unwrap()
}

fn routes(app: &App) -> Router {
    mount(vec![provost_tenants::eox_tenant()], app).fallback(not_found_page)
}

/// The settings of a connector to an LMS.
pub fn settings(lms: &Fake) -> lms::Settings {
    lms::Settings {
        base_url: lms.url.clone(),
        access_token: "token".into(),
        timeout_seconds: 1,
        retry_first_milliseconds: 1,
        retry_longest_seconds: 1,
        ..lms::Settings::default()
    }
}

/// A connector that runs.
pub struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    pub fn start(app: &App, name: &str, settings: &lms::Settings) -> Self {
        let (stop, stopped) = watch::channel(false);
        let every = Duration::from_millis(2);
        let holder = name.to_owned();
        let connector = Connector::new(app.clone(), settings, holder, every, stopped, |_| {});
        let task = tokio::spawn(connector.unwrap().run());
        Self { stop, task }
    }

    /// Stops it in good order.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .unwrap()
            .unwrap();
    }

    /// Ends it wherever it is.
    pub async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

/// Waits for something that is about to happen.
pub async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

impl Pair {
    /// The LMS is told everything, by a connector that runs until then.
    pub async fn push(&self) {
        let running = Running::start(&self.world.app, "first", &settings(&self.lms));
        self.pushed().await;
        running.stop().await;
        assert_eq!(self.status().await.holder, None);
    }

    /// Everything has been pushed.
    pub async fn pushed(&self) {
        until("everything is pushed", async || {
            self.status().await.backlog == 0
        })
        .await;
    }

    pub async fn status(&self) -> Status {
        connector::status(&self.world.app).await.unwrap()
    }

    pub async fn reconcile(&self, is_dry_run: bool, prunes: bool) -> Reconciled {
        let ordered = ordered(is_dry_run, prunes);
        let done = connector::order(&self.world.app, &settings(&self.lms), &ordered).await;
        done.unwrap()
    }

    /// A second process on the same database.
    pub async fn second_app(&self) -> App {
        let store = Store::open(&Options::at(&self.world.url)).await.unwrap();
        let clock = Clock::fixed(self.world.clock.now());
        App::open(store, Settings::default(), clock).await.unwrap()
    }

    /// Asks as staff; the answer's body.
    pub async fn ask(&self, method: &str, target: &str, body: &Value) -> Value {
        let client = self.staff().await;
        let target = format!("/eox-tenant/api/v1/{target}");
        let answer = client.json(method, &target, body).await;
        assert!(answer.status < 300, "{method} {target}: {}", answer.line());
        answer.json()
    }

    async fn staff(&self) -> Client {
        self.world.session_of(2).await
    }

    /// Makes a configuration; its key.
    pub async fn config(&self, external_key: &str) -> i64 {
        self.made(
            "configs/",
            &config(external_key, json!({"NAME": external_key})),
        )
        .await
    }

    /// Makes a route; its key.
    pub async fn route(&self, domain: &str, config: i64) -> i64 {
        self.made("routes/", &json!({"domain": domain, "config": config}))
            .await
    }

    pub async fn made(&self, target: &str, body: &Value) -> i64 {
        self.ask("POST", target, body).await["id"].as_i64().unwrap()
    }

    /// Asserts that the LMS has what is here, and nothing else, whatever the keys.
    pub async fn assert_same(&self) {
        let mut here = Vec::new();
        let mut there = Vec::new();
        for collection in ["configs", "routes", "microsites"] {
            let target = format!("/eox-tenant/api/v1/{collection}/");
            let list = self.staff().await.get(&target).await.json();
            here.push(list.as_array().unwrap().clone());
            there.push(self.lms.all(collection));
        }
        assert_eq!(told(&here), told(&there));
    }
}

pub fn ordered(is_dry_run: bool, prunes: bool) -> Ordered {
    Ordered {
        holder: "somebody".to_owned(),
        is_dry_run,
        prunes,
    }
}

/// The body of a configuration.
pub fn config(external_key: &str, lms_configs: Value) -> Value {
    let mut body = json!({"studio_configs": {}, "theming_configs": {}, "meta": {}, "external_key": external_key});
    body["lms_configs"] = lms_configs;
    body
}

/// Configurations, routes and microsites without their keys, in an order of their own.
fn told(lists: &[Vec<Value>]) -> Vec<String> {
    let key_of = |id: &Value| {
        let config = lists[0].iter().find(|config| config["id"] == *id);
        config.unwrap()["external_key"].clone()
    };
    let mut told = Vec::new();
    for row in lists.iter().flatten() {
        let mut row = row.clone();
        if !row["config"].is_null() {
            row["config"] = key_of(&row["config"]);
        }
        let members = row.as_object_mut().unwrap();
        members.retain(|name, _| name != "id" && name != "organizations");
        members.sort_keys();
        told.push(row.to_string());
    }
    told.sort();
    told
}
