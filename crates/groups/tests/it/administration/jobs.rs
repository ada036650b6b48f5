//! Evaluations as jobs: one at a time, told apart from repeated requests, and not in the way.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use provost_store::course_access::evaluations::{self, NewEvaluation};
use provost_testkit::Client;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{begin, ended, last_seq, log_after, people, problem, red, results, rule};
use crate::world::{Platform, each, now};

/// An evaluation of red that somebody else is at.
async fn foreign_job(platform: &Platform, runs: bool) -> i64 {
    let new = NewEvaluation {
        organization: 1,
        dry_run: false,
        total: 3,
        request: None,
    };
    let tx = platform.world.app.store().begin().await.unwrap();
    let id = evaluations::create(&tx, &new, now()).await.unwrap();
    if runs {
        assert!(evaluations::begin(&tx, id, now()).await.unwrap());
    }
    tx.commit().await.unwrap();
    id
}

async fn state(client: &Client, id: i64) -> Value {
    let answer = client.get(&red(&format!("evaluations/{id}/"))).await;
    answer.json()["state"].clone()
}

#[tokio::test]
async fn a_second_evaluation_waits_for_the_first_unless_that_is_silent_for_a_minute() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let minute = now() + TimeDelta::seconds(60);
        for (runs, word) in [(false, "queued"), (true, "running")] {
            platform.world.clock.set(now());
            let first = foreign_job(platform, runs).await;
            let seq = last_seq(platform).await;
            assert_eq!(state(&admin, first).await, json!(word));
            platform
                .world
                .clock
                .set(minute - TimeDelta::microseconds(1));
            let answer = admin.post(&red("evaluations/"), &json!({})).await;
            let text = format!("Evaluation {first} is at work.");
            assert_eq!(problem(&answer), (409, json!(text)));
            assert_eq!(log_after(platform, seq).await, []);
            platform.world.clock.set(minute);
            assert_eq!(state(&admin, first).await, json!("interrupted"));
            let second = begin(&admin, &json!({})).await;
            assert_eq!(ended(&admin, second).await["state"], json!("finished"));
            // Whoever is still at it after all is told to stop.
            let tx = platform.world.app.store().begin().await.unwrap();
            assert!(
                !evaluations::advance(&tx, first, (1, 1), minute)
                    .await
                    .unwrap()
            );
            evaluations::finish(&tx, first, minute).await.unwrap();
            tx.commit().await.unwrap();
            platform.world.clock.set(now());
            assert_eq!(state(&admin, first).await, json!("interrupted"));
        }
    })
    .await;
}

#[tokio::test]
async fn the_same_request_again_is_the_same_evaluation() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let keyed = admin.clone().header("idempotency-key", "8e03978e");
        let first = begin(&keyed, &json!({"dry_run": true})).await;
        ended(&admin, first).await;
        let seq = last_seq(platform).await;
        assert_eq!(begin(&keyed, &json!({"dry_run": true})).await, first);
        let stan = platform.caller("stan").await;
        let stan = stan.header("idempotency-key", "8e03978e");
        assert_eq!(begin(&stan, &json!({"dry_run": true})).await, first);
        let answer = keyed
            .post(&red("evaluations/"), &json!({"dry_run": false}))
            .await;
        let text = "This Idempotency-Key was used with another body.";
        assert_eq!(problem(&answer), (422, json!(text)));
        assert_eq!(log_after(platform, seq).await, []);
        let blue = format!("{}blue/evaluations/", super::BASE);
        let answer = stan.post(&blue, &json!({"dry_run": false})).await;
        assert_eq!(answer.status, 202, "a key is the organization's own");
        let other = admin.clone().header("idempotency-key", "another");
        assert_ne!(begin(&other, &json!({"dry_run": true})).await, first);
        for key in ["", "é", &"k".repeat(256)] {
            let answer = admin.clone().header("idempotency-key", key);
            let answer = answer.post(&red("evaluations/"), &json!({})).await;
            assert_eq!(answer.status, 400, "{key:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_at_once_begin_one_evaluation() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let mut requests = JoinSet::new();
        for _ in 0..8 {
            let keyed = admin.clone().header("idempotency-key", "once");
            requests.spawn(async move { begin(&keyed, &json!({})).await });
        }
        let mut begun = requests.join_all().await;
        begun.dedup();
        assert_eq!(begun.len(), 1, "{begun:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_joins_meanwhile_is_neither_doubled_nor_lost() {
    const PEOPLE: usize = 300;
    each(async |platform| {
        people(platform, &["x@new.com"; PEOPLE]).await;
        let admin = platform.caller("redadmin").await;
        rule(&admin, &["new.com"], 2).await;
        let mut joins = JoinSet::new();
        let mut evaluation = 0;
        for pk in 100..400 {
            if pk == 200 {
                evaluation = begin(&admin, &json!({})).await;
            }
            let admin = admin.clone();
            joins.spawn(async move {
                let body = json!({"user": format!("p{pk}"), "group": 2});
                let answer = admin.post(&red("memberships/"), &body).await;
                (format!("p{pk}"), answer.status)
            });
        }
        let joined: BTreeMap<String, u16> = joins.join_all().await.into_iter().collect();
        assert_eq!(ended(&admin, evaluation).await["state"], json!("finished"));
        for line in results(&admin, evaluation).await {
            let mut words = line.split(' ');
            let (name, outcome) = (words.next().unwrap(), words.next().unwrap());
            let Some(status) = joined.get(name) else {
                continue;
            };
            let expected = match status {
                201 => "already_member",
                409 => "joined",
                _ => "nothing else",
            };
            assert_eq!(outcome, expected, "{name}: {status}");
        }
        let rows = platform.rows().await;
        let of_group = |row: &&Value| {
            row["model"] == "course_access_groups.membership" && row["fields"]["group"] == 2
        };
        assert_eq!(rows.iter().filter(of_group).count(), PEOPLE);
    })
    .await;
}

#[tokio::test]
async fn a_program_that_ends_does_not_wait_for_an_evaluation() {
    each(async |platform| {
        people(platform, &["x@corp.com"; 300]).await;
        let admin = platform.caller("redadmin").await;
        begin(&admin, &json!({})).await;
        let closing = platform.world.app.store().close();
        let closed = tokio::time::timeout(Duration::from_secs(20), closing).await;
        assert!(closed.is_ok());
    })
    .await;
}
