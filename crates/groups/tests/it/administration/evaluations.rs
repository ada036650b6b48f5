//! Evaluations: what they do, and to whom.

use chrono::TimeDelta;
use provost_app::{App, Settings};
use provost_policy::courses::Reason;
use provost_store::{Options, Store};
use serde_json::{Value, json};

use super::{begin, ended, last_seq, log_after, people, red, results, rows, rule};
use crate::world::{Platform, each, now};

const PYTHON: &str = "course-v1:Red+Py+2024";

/// People of red who are in no group; the rules are those of the fixture and two more.
async fn populate(platform: &Platform) {
    let emails = [
        "a@corp.com",
        "b@one.org",
        "c@x.y.two.org",
        "d@two.org",
        "e@elsewhere.net",
        "nothing",
        "g@",
    ];
    people(platform, &emails).await;
    let admin = platform.caller("redadmin").await;
    assert_eq!(rule(&admin, &["one.org", "*.two.org"], 1).await, 4);
    assert_eq!(
        rule(&admin, &["*.y.two.org", "two.org", "corp.com"], 2).await,
        5
    );
}

const BECAME: [&str; 10] = [
    "redadmin no_rule null null",
    "ron already_member 1 2",
    "rea no_rule null null",
    "p100 joined 1 2",
    "p101 joined 4 1",
    "p102 joined 4 1",
    "p103 joined 5 2",
    "p104 no_rule null null",
    "p105 no_domain null null",
    "p106 no_domain null null",
];

/// Memberships as `(user, group, automatic)`.
async fn held(platform: &Platform) -> Vec<(i64, i64, bool)> {
    let rows = platform.rows().await;
    let of_model = |row: &&Value| row["model"] == "course_access_groups.membership";
    let facts = rows.iter().filter(of_model).map(|row| &row["fields"]);
    let mut held: Vec<_> = facts
        .map(|facts| {
            let key = |name: &str| facts[name].as_i64().unwrap();
            (
                key("user"),
                key("group"),
                facts["automatic"].as_bool().unwrap(),
            )
        })
        .collect();
    held.sort_unstable();
    held
}

const HELD: [(i64, i64, bool); 2] = [(5, 1, true), (8, 3, false)];
const JOINED: [(i64, i64, bool); 4] = [
    (100, 2, true),
    (101, 1, true),
    (102, 1, true),
    (103, 2, true),
];

#[tokio::test]
async fn everybody_who_is_in_no_group_comes_into_that_of_the_first_rule() {
    each(async |platform| {
        populate(platform).await;
        let admin = platform.caller("redadmin").await;
        let seq = last_seq(platform).await;
        let answer = admin.post(&red("evaluations/"), &json!({})).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        let location = answer.header("location").unwrap();
        let id = answer.json()["id"].as_i64().unwrap();
        assert_eq!(location, format!("http://red.example.com{}", red(&format!("evaluations/{id}/"))));
        let expected = json!({
            "id": id, "state": "finished", "dry_run": false, "total": 10, "done": 10, "joined": 4,
            "created_at": "2026-01-02T12:04:05.123456Z", "started_at": "2026-01-02T12:04:05.123456Z",
            "finished_at": "2026-01-02T12:04:05.123456Z", "error": null,
        });
        assert_eq!(ended(&admin, id).await, expected);
        assert_eq!(admin.get(&location).await.json(), expected);
        assert_eq!(results(&admin, id).await, BECAME);
        assert_eq!(held(platform).await, [HELD.to_vec(), JOINED.to_vec()].concat());
        told(platform, seq, id).await;
        followed(platform).await;

        // Once more changes nothing, and is not in the log but for its beginning.
        let seq = last_seq(platform).await;
        let again = begin(&admin, &json!({})).await;
        assert_eq!(ended(&admin, again).await["joined"], json!(0));
        assert_eq!(log_after(platform, seq).await.len(), 1);
        assert_eq!(held(platform).await.len(), 6);
        let newest_first: Vec<_> = super::ids(&rows(&admin, "evaluations/?limit=1").await);
        assert_eq!(newest_first, [again, id]);
    })
    .await;
}

/// The log tells of the evaluation by whom and for whom, and of the memberships in one entry.
async fn told(platform: &Platform, seq: i64, id: i64) {
    let log = log_after(platform, seq).await;
    let [created, applied] = &log[..] else {
        panic!("{log:?}")
    };
    for entry in [created, applied] {
        assert_eq!(
            (entry.actor.as_str(), entry.org.as_deref()),
            ("redadmin", Some("red"))
        );
        assert_eq!(entry.subject, format!("evaluation:{id}"));
    }
    assert_eq!(created.kind, "course_access.evaluation.created");
    let facts = json!({"id": id, "dry_run": false, "total": 10});
    assert_eq!(created.after, Some(facts));
    assert_eq!(applied.kind, "course_access.evaluation.applied");
    let after = applied.after.as_ref().unwrap();
    assert_eq!(after["evaluation"], json!(id));
    let made = after["memberships"].as_array().unwrap();
    let pairs: Vec<Value> = made.iter().map(|made| json!([made[1], made[2]])).collect();
    let expected: Vec<Value> = JOINED
        .iter()
        .map(|(user, group, _)| json!([user, group]))
        .collect();
    assert_eq!(pairs, expected);
}

/// The index knows of the memberships at once, as does one that is built anew.
async fn followed(platform: &Platform) {
    let store = Store::open(&Options::at(&platform.world.url))
        .await
        .unwrap();
    let clock = platform.world.clock.clone();
    let anew = App::open(store, Settings::default(), clock).await.unwrap();
    for app in [&platform.world.app, &anew] {
        for (user, member) in [(100, false), (101, true), (102, true), (103, false)] {
            let reason = app.course_access().decide(Some(user), PYTHON).reason;
            assert_eq!(
                matches!(reason, Reason::Member { .. }),
                member,
                "{user}: {reason:?}"
            );
        }
    }
    anew.store().close().await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    each(async |platform| {
        populate(platform).await;
        let admin = platform.caller("redadmin").await;
        let (seq, before) = (last_seq(platform).await, platform.rows().await);
        let id = begin(&admin, &json!({"dry_run": true})).await;
        let evaluation = ended(&admin, id).await;
        assert_eq!(evaluation["joined"], json!(4));
        assert_eq!(evaluation["dry_run"], json!(true));
        let expected = BECAME.map(|line| line.replace(" joined", " would_join"));
        assert_eq!(results(&admin, id).await, expected);
        assert_eq!(platform.rows().await, before);
        let log = log_after(platform, seq).await;
        let kinds: Vec<&str> = log.iter().map(|change| change.kind.as_str()).collect();
        assert_eq!(kinds, ["course_access.evaluation.created"]);
    })
    .await;
}

#[tokio::test]
async fn a_person_of_several_organizations_is_left_to_people() {
    each(async |platform| {
        people(platform, &["a@corp.com"]).await;
        let second = json!([{"model": "organizations.userorganizationmapping", "pk": 500,
            "fields": {"user": 100, "organization": 2, "is_active": true, "is_amc_admin": false}}]);
        platform.world.import(&second.to_string()).await;
        let admin = platform.caller("redadmin").await;
        let id = begin(&admin, &json!({})).await;
        assert_eq!(ended(&admin, id).await["joined"], json!(0));
        assert!(
            results(&admin, id)
                .await
                .contains(&"p100 failed null null".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn the_evaluations_of_other_organizations_are_not_there() {
    each(async |platform| {
        let red_admin = platform.caller("redadmin").await;
        let id = begin(&red_admin, &json!({})).await;
        ended(&red_admin, id).await;
        let blue_admin = platform.caller("blueadmin").await;
        let blue = |below: &str| format!("{}blue/evaluations/{below}", super::BASE);
        for below in [format!("{id}/"), format!("{id}/results/"), "99/".to_owned()] {
            assert_eq!(blue_admin.get(&blue(&below)).await.status, 404, "{below}");
        }
        let listed = blue_admin.get(&blue("")).await.json();
        assert_eq!(listed["results"], json!([]));
        // Both may be at work at once.
        let later = now() + TimeDelta::seconds(1);
        platform.world.clock.set(later);
        let answer = blue_admin.post(&blue(""), &json!({})).await;
        assert_eq!(answer.status, 202);
    })
    .await;
}

#[tokio::test]
async fn whoever_left_the_organization_is_in_no_result_any_more() {
    each(async |platform| {
        let admin = platform.caller("redadmin").await;
        let id = begin(&admin, &json!({"dry_run": true})).await;
        ended(&admin, id).await;
        let below = format!("evaluations/{id}/results/");
        let people = |rows: &[Value]| -> Vec<i64> {
            rows.iter()
                .map(|row| row["user"]["id"].as_i64().unwrap())
                .collect()
        };
        assert_eq!(people(&rows(&admin, &below).await), [3, 5, 6]);
        // Rea goes over to blue.
        let moved = json!([{"model": "organizations.userorganizationmapping", "pk": 4, "fields": {
            "user": 6, "organization": 2, "is_active": true, "is_amc_admin": false}}]);
        platform.world.import(&moved.to_string()).await;
        assert_eq!(people(&rows(&admin, &below).await), [3, 5]);
    })
    .await;
}
