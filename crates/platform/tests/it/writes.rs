//! What every write leaves in the log: one entry for each thing that changed, and one for what
//! was refused.

use provost_testkit::Client;
use serde_json::{Value, json};

use crate::world::{PASSWORD, Platform, each, now};

const ROLES: &str = "/api/authz/v1/roles/users/";
const SESSION: &str = "/api/provost/v1/session";
const HIVE: &str = "lib:BeeU:HIVE";

/// One request and the entries that it leaves, without numbers and keys.
struct Case {
    caller: &'static str,
    method: &'static str,
    target: String,
    body: Value,
    status: u16,
    entries: Vec<Value>,
}

fn assignment(user: &str) -> Value {
    json!({"subject": format!("user^{user}"), "role": "role^library_user", "scope": format!("lib^{HIVE}")})
}

/// What `entry` says beside what the author of a request gives.
fn entry(actor: (i64, &str), what: &Value) -> Value {
    let mut entry = json!({
        "at": provost_drf::times::text(&now()), "actor_id": actor.0, "actor": actor.1,
        "on_behalf_of": null, "request_id": "r-1", "org": null, "outcome": "done",
        "before": null, "after": null,
    });
    let fields = what.as_object().unwrap().clone();
    entry.as_object_mut().unwrap().extend(fields);
    entry
}

fn given(by: (i64, &str), user: &str) -> Value {
    entry(
        by,
        &json!({
            "kind": "authz.grant.created", "subject": format!("user^{user}"), "org": "BeeU",
            "after": assignment(user),
        }),
    )
}

fn taken(by: (i64, &str), user: &str) -> Value {
    entry(
        by,
        &json!({
            "kind": "authz.grant.deleted", "subject": format!("user^{user}"), "org": "BeeU",
            "before": assignment(user),
        }),
    )
}

fn denied(by: (i64, &str), method: &str, query: Option<&str>) -> Value {
    entry(
        by,
        &json!({
            "kind": "request.denied", "subject": ROLES, "outcome": "denied",
            "after": {"method": method, "query": query},
        }),
    )
}

fn put(caller: &'static str, users: &[&str], status: u16, entries: Vec<Value>) -> Case {
    Case {
        caller,
        method: "PUT",
        target: ROLES.to_owned(),
        body: json!({"role": "library_user", "scope": HIVE, "users": users}),
        status,
        entries,
    }
}

fn delete(caller: &'static str, user: &str, status: u16, entries: Vec<Value>) -> Case {
    Case {
        caller,
        method: "DELETE",
        target: format!("{ROLES}?{}", removal(user)),
        body: json!({}),
        status,
        entries,
    }
}

fn removal(user: &str) -> String {
    format!("role=library_user&scope={HIVE}&users={user}")
}

const ROOT: (i64, &str) = (1, "root");
const ADA: (i64, &str) = (2, "ada");
const BEN: (i64, &str) = (3, "ben");

/// In this order: later requests find what earlier ones left.
fn cases() -> Vec<Case> {
    vec![
        put("ada", &["ben"], 207, vec![given(ADA, "ben")]),
        put("ada", &["ben"], 207, vec![]),
        put(
            "root",
            &["ben", "ghost", "cyd", "root"],
            207,
            vec![given(ROOT, "cyd"), given(ROOT, "root")],
        ),
        put("ada", &[], 400, vec![]),
        put("ben", &["ben"], 403, vec![denied(BEN, "PUT", None)]),
        put("anonymous", &["ben"], 401, vec![]),
        delete(
            "ben",
            "cyd",
            403,
            vec![denied(BEN, "DELETE", Some(&removal("cyd")))],
        ),
        delete(
            "ben",
            &"c".repeat(600),
            403,
            vec![denied(
                BEN,
                "DELETE",
                Some(&removal(&"c".repeat(600))[..500]),
            )],
        ),
        delete("ada", "cyd", 207, vec![taken(ADA, "cyd")]),
        delete("ada", "cyd", 207, vec![]),
        Case {
            method: "GET",
            target: "/api/authz/v1/users/".to_owned(),
            ..put("ben", &[], 403, vec![])
        },
        Case {
            method: "POST",
            target: SESSION.to_owned(),
            body: json!({"username": "ben", "password": "wrong"}),
            ..put("anonymous", &[], 401, vec![])
        },
    ]
}

/// An entry without what the database gives: its number, and the key of the row it is about.
fn bare(mut entry: Value) -> Value {
    let fields = entry.as_object_mut().unwrap();
    assert!(fields.remove("seq").unwrap().is_i64());
    for side in ["before", "after"] {
        if let Some(row) = fields[side].as_object_mut() {
            row.remove("id");
        }
    }
    entry
}

async fn check(platform: &Platform, case: &Case) {
    let what = format!("{} {} by {}", case.method, case.target, case.caller);
    let caller = platform
        .caller(case.caller)
        .await
        .header("x-request-id", "r-1");
    let before = platform.last().await;
    let answer = caller.json(case.method, &case.target, &case.body).await;
    assert_eq!(answer.status, case.status, "{what}: {}", answer.text());
    let left: Vec<Value> = platform.since(before).await.into_iter().map(bare).collect();
    assert_eq!(left, case.entries, "{what}");
}

#[tokio::test]
async fn every_write_leaves_one_entry_for_each_thing_that_it_changed() {
    each(async |platform| {
        for case in &cases() {
            check(platform, case).await;
        }
    })
    .await;
}

fn cookie(caller: &Client, answer: &provost_testkit::Answer) -> Client {
    let set = answer.headers.get_all("set-cookie").iter();
    let pairs: Vec<&str> = set
        .map(|value| value.to_str().unwrap().split(';').next().unwrap())
        .collect();
    let token = pairs
        .iter()
        .find_map(|pair| pair.strip_prefix("csrftoken="));
    caller
        .clone()
        .header("cookie", &pairs.join("; "))
        .header("x-csrftoken", token.unwrap())
}

#[tokio::test]
async fn signing_in_and_out_leaves_one_entry_each() {
    each(async |platform| {
        let nobody = platform.world.nobody().header("x-request-id", "r-1");
        let before = platform.last().await;
        let credentials = json!({"username": "ben", "password": PASSWORD});
        let entered = nobody.post(SESSION, &credentials).await;
        assert_eq!(entered.status, 200, "{}", entered.text());
        let left = cookie(&nobody, &entered).delete(SESSION).await;
        assert_eq!(left.status, 204, "{}", left.text());
        let entries = platform.since(before).await;
        let seen: Vec<Value> = entries
            .iter()
            .map(|entry| {
                json!([
                    entry["kind"],
                    entry["actor"],
                    entry["request_id"],
                    entry["subject"]
                ])
            })
            .collect();
        let expected = ["session.created", "session.deleted"]
            .map(|kind| json!([kind, "ben", "r-1", "user^ben"]));
        assert_eq!(seen, expected);
        assert!(!json!(entries).to_string().contains(PASSWORD));
    })
    .await;
}
