//! A platform without tenants: `stan` is staff, `lea` a learner, `ida` inactive staff.

use axum::Router;
use chrono::{DateTime, Utc};
use provost_app::{App, Settings, mount};
use provost_drf::not_found_page;
use provost_store::changes::{self, Change};
use provost_testkit::{Answer, Client, World, Worlds};
use serde_json::{Value, json};

/// Runs a test on SQLite and, where its programs are installed, on PostgreSQL.
pub async fn each(test: impl AsyncFn(&World)) {
    for worlds in Worlds::each().await {
        test(&world(&worlds).await).await;
    }
}

/// A world with these people.
pub async fn world(worlds: &Worlds) -> World {
    let world = worlds.world(now(), Settings::default(), routes).await;
    world.import(include_str!("../api/people.json")).await;
    world
}

/// When the tests take place.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_775_784_057, 0).unwrap()
}

fn routes(app: &App) -> Router {
    let families = vec![
        provost_tenants::family(),
        provost_tenants::administration(),
        provost_tenants::known_host(),
    ];
    mount(families, app).fallback(not_found_page)
}

/// Staff, in a browser session.
pub async fn staff(world: &World) -> Client {
    world.session_of(2).await
}

/// The path of what stands below the base of our own API.
pub fn own(below: &str) -> String {
    format!("/api/provost/v1/{below}")
}

/// Applies a file; the answer's body.
pub async fn applied(client: &Client, body: &Value) -> Value {
    let answer = client.post(&own("tenants:apply"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// What a file would do.
pub async fn planned(client: &Client, body: &Value) -> Value {
    let answer = client.post(&own("tenants:plan"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The tenants as a file.
pub async fn exported(client: &Client) -> Value {
    let answer = client.get(&own("tenants:export")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Asserts that there is nothing to do for a file that names all tenants.
pub async fn assert_settled(client: &Client, file: &Value, about: &str) {
    let mut ask = file.clone();
    ask["prune"] = json!(true);
    let plan = planned(client, &ask).await;
    let todo = ["create", "change", "remove"].map(|part| plan[part].clone());
    assert_eq!(todo, [json!([]), json!([]), json!([])], "{about}: {file}");
}

/// How many tenants a plan creates, changes, removes, keeps and leaves as they are.
pub fn counts(plan: &Value) -> [u64; 5] {
    let length = |part: &str| u64::try_from(plan[part].as_array().unwrap().len()).unwrap();
    [
        length("create"),
        length("change"),
        length("remove"),
        length("kept"),
        plan["unchanged"].as_u64().unwrap(),
    ]
}

/// The number of the log's last entry.
pub async fn last_seq(world: &World) -> i64 {
    changes::last_seq(world.app.store().read()).await.unwrap()
}

/// What the change log holds after an entry.
pub async fn log_after(world: &World, seq: i64) -> Vec<Change> {
    let log = changes::since(world.app.store().read(), seq).await;
    log.unwrap()
}

/// Entries, as `kind subject`.
pub fn kinds(log: &[Change]) -> Vec<String> {
    let line = |change: &Change| format!("{} {}", change.kind, change.subject);
    log.iter().map(line).collect()
}

/// The tenants as the provisioning API lists them, `id name: domains`.
pub async fn listed(client: &Client) -> Vec<String> {
    let list = client.get("/api/tenant/v1/list").await.json();
    let line = |tenant: &Value| {
        let domains = tenant["domains"].as_array().unwrap().iter();
        let domains: Vec<&str> = domains.map(|domain| domain.as_str().unwrap()).collect();
        let name = tenant["tenant_name"].as_str().unwrap();
        format!("{} {name}: {}", tenant["tenant_id"], domains.join(" "))
    };
    list["tenants"]
        .as_array()
        .unwrap()
        .iter()
        .map(line)
        .collect()
}

/// Status and the errors or the detail of a problem.
pub fn problem(answer: &Answer) -> (u16, Value) {
    let media = answer.header("content-type").unwrap_or_default();
    assert_eq!(media, "application/problem+json", "{}", answer.text());
    let body = answer.json();
    let said = if body["errors"].is_null() {
        "detail"
    } else {
        "errors"
    };
    (answer.status, body[said].clone())
}
