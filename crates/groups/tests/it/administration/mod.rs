//! What is beyond the reference: several groups for a person, several domains for a rule, and rules
//! that are applied to whoever is there already.

mod access;
mod evaluations;
mod jobs;
mod memberships;
mod rules;

use provost_store::changes::{self, Change};
use provost_testkit::{Answer, Client};
use serde_json::{Value, json};

use crate::world::Platform;

const BASE: &str = "/api/provost/v1/course-access/organizations/";

/// The full path of what stands below the organization red.
fn red(below: &str) -> String {
    format!("{BASE}red/{below}")
}

/// What the change log holds after an entry: kinds and subjects.
async fn log_after(platform: &Platform, seq: i64) -> Vec<Change> {
    let log = changes::since(platform.world.app.store().read(), seq).await;
    let mut log = log.unwrap();
    log.retain(|change| change.kind.starts_with("course_access."));
    log
}

/// The number of the log's last entry.
async fn last_seq(platform: &Platform) -> i64 {
    let last = changes::last_seq(platform.world.app.store().read()).await;
    last.unwrap()
}

/// All rows of a listing, page after page.
async fn rows(client: &Client, below: &str) -> Vec<Value> {
    let mut next = Some(red(below));
    let mut all = Vec::new();
    while let Some(target) = next {
        let answer = client.get(&target).await;
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        let page = answer.json();
        all.extend(page["results"].as_array().unwrap().iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    all
}

/// The keys of rows.
fn ids(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

/// Active people of red, with keys from 100 on, and these mail addresses.
async fn people(platform: &Platform, emails: &[&str]) {
    let rows = emails.iter().zip(100..).flat_map(|(email, pk)| {
        let user = json!({"model": "auth.user", "pk": pk, "fields": {
            "username": format!("p{pk}"), "email": email, "is_active": true, "is_staff": false,
            "is_superuser": false, "date_joined": "2026-01-02T03:04:05Z"}});
        let belongs = json!({"model": "organizations.userorganizationmapping", "pk": pk, "fields": {
            "user": pk, "organization": 1, "is_active": true, "is_amc_admin": false}});
        [user, belongs]
    });
    let fixture: Value = rows.collect();
    platform.world.import(&fixture.to_string()).await;
}

/// Makes a rule of red; its key.
async fn rule(client: &Client, domains: &[&str], group: i64) -> i64 {
    let body = json!({"name": "rule", "domains": domains, "group": group});
    let answer = client.post(&red("rules/"), &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_i64().unwrap()
}

/// Begins an evaluation; its key.
async fn begin(client: &Client, body: &Value) -> i64 {
    let answer = client.post(&red("evaluations/"), body).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()["id"].as_i64().unwrap()
}

/// Asks until an evaluation is over; what it says then.
async fn ended(client: &Client, id: i64) -> Value {
    for _ in 0..100_000 {
        let answer = client.get(&red(&format!("evaluations/{id}/"))).await;
        let evaluation = answer.json();
        let state = evaluation["state"].as_str().unwrap_or("missing");
        if !["queued", "running"].contains(&state) {
            return evaluation;
        }
        tokio::task::yield_now().await;
    }
    panic!("evaluation {id} does not end");
}

/// What became of whom, as `user outcome rule group`.
async fn results(client: &Client, id: i64) -> Vec<String> {
    let rows = rows(client, &format!("evaluations/{id}/results/?limit=3")).await;
    let line = |row: &Value| {
        let word = |name: &str| row[name].to_string().replace('"', "");
        let user = row["user"]["username"].as_str().unwrap();
        format!(
            "{user} {} {} {}",
            word("outcome"),
            word("rule"),
            word("group")
        )
    };
    rows.iter().map(line).collect()
}

/// Status and the errors or detail of a problem.
fn problem(answer: &Answer) -> (u16, Value) {
    let body = answer.json();
    let media = answer.header("content-type").unwrap();
    assert_eq!(media, "application/problem+json", "{}", answer.text());
    let said = if body["errors"].is_null() {
        "detail"
    } else {
        "errors"
    };
    (answer.status, body[said].clone())
}
